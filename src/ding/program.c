/*
 * Collecting declarations, resolving 替代, look-ups.
 */
#include "ding/program.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

const fd_clause *fd_decl__clause(const fd_decl *decl, const char *keyword)
{
    for (size_t i = 0; i < decl->clause_count; i++)
        if (strcmp(decl->clauses[i].keyword, keyword) == 0)
            return &decl->clauses[i];
    return NULL;
}

const char *fd_decl__word(const fd_decl *decl, const char *keyword)
{
    const fd_clause *clause = fd_decl__clause(decl, keyword);

    return clause && clause->word_count ? clause->words[0] : NULL;
}

const char **fd_decl__words(fd_arena *arena, const fd_decl *decl, const char *keyword,
                            size_t *count)
{
    const char **out;
    size_t n = 0;

    for (size_t i = 0; i < decl->clause_count; i++)
        if (strcmp(decl->clauses[i].keyword, keyword) == 0)
            n += decl->clauses[i].word_count;
    out = fd_arena_alloc(arena, (n + 1) * sizeof *out);
    n = 0;
    for (size_t i = 0; i < decl->clause_count; i++)
        if (strcmp(decl->clauses[i].keyword, keyword) == 0)
            for (size_t w = 0; w < decl->clauses[i].word_count; w++)
                out[n++] = decl->clauses[i].words[w];
    *count = n;
    return out;
}

/* The physical line of a declaration's text. */
static fd_view source_line(const fd_decl *decl, uint32_t number)
{
    fd_view rest = fd_view_of(decl->text), line = { "", 0 };

    if (!decl->text || number < decl->span.line)
        return FD_VIEW("");
    for (uint32_t i = decl->span.line; i <= number; i++)
        if (!fd_view_split(&rest, '\n', &line))
            return FD_VIEW("");
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

fd_error *fd_program__find(fd_diags *diags, fd_severity severity, const char *rule,
                           const fd_decl *decl, const fd_span *span, const char *zh, const char *en,
                           ...)
{
    fd_span whole = decl->span;
    const fd_kind_rule *kind = fd_grammar_kind_of(decl->kind);
    bool full = diags->list.count > (diags->limit ? diags->limit : 1000);
    char text[2][400];
    fd_error *e;
    va_list args, again;

    if (span)
        whole = *span;
    e = fd_ding__finding(diags, severity, rule, decl->file, whole,
                         full ? FD_VIEW("") : source_line(decl, whole.line), "%s", "%s", "");
    va_start(args, en);
    va_copy(again, args);
    vsnprintf(text[FD_ZH], sizeof text[FD_ZH], zh, args);
    vsnprintf(text[FD_EN], sizeof text[FD_EN], en, again);
    va_end(again);
    va_end(args);
    snprintf(e->message[FD_ZH], sizeof e->message[FD_ZH], "%s「%.60s」:%s", kind->zh, decl->name,
             text[FD_ZH]);
    snprintf(e->message[FD_EN], sizeof e->message[FD_EN], "%s %.60s: %s", kind->en, decl->alias,
             text[FD_EN]);
    return e;
}

void fd_program__suggest(const fd_program *p, const fd_diags *diags, fd_error *e, unsigned kinds,
                         const char *name)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;

    if (strlen(name) > 200 || diags->list.count > 200)
        return; /* a search over all names, for the first findings only */
    for (int k = 1; k < FD_DECL_COUNT; k++) {
        const char *near;
        size_t distance;

        if (!(kinds & 1u << k) || !p->names[k].count)
            continue;
        near = fd_nearest(name, p->names[k].items, p->names[k].count);
        if (!near)
            continue;
        distance = fd_utf8_distance(fd_view_of(name), fd_view_of(near), 100);
        if (distance < best_distance) {
            best = near;
            best_distance = distance;
        }
    }
    if (best)
        fd_error_set_hint(e, "是不是「%s」?", "did you mean %s?", best);
}

/* ---- collecting ---- */

/* Kinds whose names meet in expressions share one space of names. */
static const fd_decl_kind named_in_expressions[] = { FD_DECL_ITEM, FD_DECL_INDICATOR, FD_DECL_PARAM,
                                                     FD_DECL_CLASS };

static bool in_expressions(fd_decl_kind kind)
{
    for (size_t i = 0; i < 4; i++)
        if (named_in_expressions[i] == kind)
            return true;
    return false;
}

/* The declaration that has this id or name already, in the kind's space of names. */
static const fd_decl *find_earlier(const fd_program *p, fd_decl_kind kind, const char *name)
{
    uint64_t at;

    for (int k = 1; k < FD_DECL_COUNT; k++)
        if ((k == (int)kind || (in_expressions(kind) && in_expressions((fd_decl_kind)k))) &&
            fd_map_get(p->index[k], fd_view_of(name), &at) && at)
            return p->decls[k].items[at - 1];
    return NULL;
}

static void add_name(fd_program *p, fd_decl_kind kind, const char *name, size_t position)
{
    if (fd_map_set(p->index[kind], fd_view_of(name), position))
        fd_vec_push(&p->names[kind], name);
}

static bool check_free(fd_loader *l, const fd_decl *decl, const char *name, const fd_decl *except)
{
    const fd_decl *before = find_earlier(l->p, decl->kind, name);
    fd_error *e;

    if (!before || before == except)
        return true;
    e = fd_program__find(l->diags, FD_FAULT, "twice", decl, NULL, "「%s」已经在 %s 第 %u 行声明过",
                         "\"%s\" is already declared in %s line %u", name, before->file,
                         before->span.line);
    if (before->kind == decl->kind)
        fd_error_set_hint(e, "要改写它,加一行「替代 %s」",
                          "to override it, add a line: replaces %s", before->alias);
    else
        fd_error_set_hint(
            e, "数据、指标、参数、分类的名称在算式里相遇,不能相同",
            "items, indicators, parameters and classes meet in expressions: names must differ");
    return false;
}

static void add_decl(fd_loader *l, const fd_decl *decl)
{
    fd_program *p = l->p;

    if (!check_free(l, decl, decl->alias, NULL) ||
        (decl->name != decl->alias && !check_free(l, decl, decl->name, NULL)))
        return;
    fd_vec_push(&p->decls[decl->kind], decl);
    add_name(p, decl->kind, decl->alias, p->decls[decl->kind].count);
    add_name(p, decl->kind, decl->name, p->decls[decl->kind].count);
}

/* A replacement takes the position of what it replaces; the old id and names keep leading there. */
static void replace_decl(fd_loader *l, const fd_decl *decl, fd_map *replaced)
{
    fd_program *p = l->p;
    const fd_clause *clause = fd_decl__clause(decl, "替代");
    const fd_decl *old;
    char key[32];
    uint64_t at;
    fd_error *e;

    if (!fd_map_get(p->index[decl->kind], fd_view_of(decl->replaces), &at) || !at) {
        /* It stands in for an earlier text of its own, which the city file no longer shows. */
        if (strcmp(decl->replaces, decl->alias) == 0 || strcmp(decl->replaces, decl->name) == 0) {
            add_decl(l, decl);
            return;
        }
        e = fd_program__find(l->diags, FD_FAULT, "replaces", decl,
                             clause ? &clause->argument : NULL, "没有可替代的 %s",
                             "there is no %s to replace", decl->replaces);
        fd_program__suggest(p, l->diags, e, 1u << decl->kind, decl->replaces);
        return;
    }
    old = p->decls[decl->kind].items[at - 1];
    snprintf(key, sizeof key, "%d:%llu", decl->kind, (unsigned long long)at);
    if (!fd_map_set(replaced, fd_view_of(key), 1)) {
        fd_program__find(l->diags, FD_FAULT, "replaces", decl, clause ? &clause->argument : NULL,
                         "%s 已被 %s 第 %u 行替代", "%s is already replaced in %s line %u",
                         decl->replaces, old->file, old->span.line);
        return;
    }
    if (!check_free(l, decl, decl->alias, old) || !check_free(l, decl, decl->name, old))
        return;
    p->decls[decl->kind].items[at - 1] = decl;
    add_name(p, decl->kind, decl->alias, (size_t)at);
    add_name(p, decl->kind, decl->name, (size_t)at);
}

/* Folded forms (full-width, case, blanks) and other names find a declaration too, where they are
 * not taken. */
static void add_other(fd_program *p, fd_decl_kind kind, const char *name, size_t position,
                      bool may_clash)
{
    uint64_t at;

    if (!fd_map_get(p->index[kind], fd_view_of(name), &at))
        fd_map_set(p->index[kind], fd_view_of(name), position);
    else if (may_clash && at != position && at <= p->decls[kind].count && at) {
        const fd_decl *holder = p->decls[kind].items[at - 1];

        if (strcmp(holder->name, name) != 0 && strcmp(holder->alias, name) != 0)
            fd_map_set(p->index[kind], fd_view_of(name), 0);
    }
}

static void add_folded(fd_program *p, fd_decl_kind kind, const char *name, size_t position)
{
    fd_buf folded = FD_BUF_INIT;

    fd_utf8_fold(&folded, fd_view_of(name));
    add_other(p, kind, fd_buf_text(&folded), position, false);
    fd_buf_dispose(&folded);
}

static void add_other_names(fd_program *p)
{
    for (int k = 1; k < FD_DECL_COUNT; k++)
        for (size_t i = 0; i < p->decls[k].count; i++) {
            add_folded(p, (fd_decl_kind)k, p->decls[k].items[i]->name, i + 1);
            add_folded(p, (fd_decl_kind)k, p->decls[k].items[i]->alias, i + 1);
        }
    for (int k = 1; k < FD_DECL_COUNT; k++)
        for (size_t i = 0; i < p->decls[k].count; i++) {
            size_t count;
            const char **words = fd_decl__words(p->arena, p->decls[k].items[i], "别名", &count);

            for (size_t w = 0; w < count; w++)
                add_other(p, (fd_decl_kind)k, words[w], i + 1, true);
        }
}

/* What every declaration must have, whatever its kind. */
static bool has_citation(const fd_decl *decl, const fd_clause *clause)
{
    return (clause->cite && clause->cite[0]) || fd_decl__clause(decl, "依据") != NULL;
}

static void check_valid(fd_loader *l, const fd_decl *decl, const fd_clause *clause)
{
    fd_date dates[2] = { FD_DATE_NONE, FD_DATE_NONE };
    size_t n = 0;

    for (size_t w = 0; w < clause->word_count; w++) {
        const char *word = clause->words[w];

        if (word[0] < '0' || word[0] > '9')
            continue;
        if (n == 2 || fd_date_parse(&dates[n++], word, strlen(word)) < 0) {
            fd_error_clear();
            fd_program__find(l->diags, FD_FAULT, "date", decl, &clause->argument, "不是日期:%s",
                             "not a date: %s", word);
            return;
        }
    }
    if (n == 0)
        fd_program__find(l->diags, FD_FAULT, "date", decl, &clause->span,
                         "有效 应写 日期 起,或 日期 至 日期", "valid: DATE on, or DATE to DATE");
    else if (n == 2 && dates[1] < dates[0])
        fd_program__find(l->diags, FD_FAULT, "date", decl, &clause->argument, "起止日期颠倒",
                         "the dates are reversed");
}

static void check_shape(fd_loader *l, const fd_decl *decl)
{
    const fd_clause_rule *rule;
    const fd_clause *valid = fd_decl__clause(decl, "有效");

    for (size_t i = 0; (rule = fd_grammar_clause_at(i)) != NULL; i++)
        if ((rule->flags & FD_CLAUSE_NEEDED) && (rule->kinds & 1u << decl->kind) && !decl->broken &&
            !fd_decl__clause(decl, rule->zh))
            fd_program__find(l->diags, FD_FAULT, "absent", decl, NULL, "缺少子句「%s」%.0s",
                             "%.0sclause %s is missing", rule->zh, rule->en);
    for (size_t i = 0; i < decl->clause_count; i++) {
        rule = fd_grammar_clause(decl->kind, fd_view_of(decl->clauses[i].keyword));
        if (rule && (rule->flags & FD_CLAUSE_CITED) && !has_citation(decl, &decl->clauses[i]))
            fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "cite", decl,
                                               &decl->clauses[i].span, "「%s」要有出处%.0s",
                                               "%.0s%s needs a citation", rule->zh, rule->en),
                              "在行末写〔出处〕,或空两格写 依据 出处",
                              "write 〔source〕, or two blanks and: cite SOURCE");
    }
    if (valid)
        check_valid(l, decl, valid);
    if (fd_decl__clause(decl, "替代") && !decl->replaces)
        fd_program__find(l->diags, FD_FAULT, "replaces", decl, NULL, "替代 后面写一个代号或名称",
                         "replaces takes one id or name");
}

int fd_program_load_with(fd_program **out, const fd_script *const *scripts, size_t count,
                         const fd_load_options *options, fd_diags *diags)
{
    static const fd_load_options defaults = FD_LOAD_OPTIONS_INIT;
    fd_program *p = fd_alloc(sizeof *p);
    fd_loader l = { p, diags, options ? options : &defaults };
    fd_map *replaced = fd_map_new();
    size_t faults = diags->faults, broken = 0;
    int err;

    *out = NULL;
    p->arena = fd_arena_new();
    for (int k = 0; k < FD_DECL_COUNT; k++)
        p->index[k] = fd_map_new();
    /* Replacements last, whatever the order of files. */
    for (size_t s = 0; s < count; s++)
        for (size_t d = 0; d < scripts[s]->count; d++)
            if (!scripts[s]->decls[d].replaces)
                add_decl(&l, &scripts[s]->decls[d]);
    for (size_t s = 0; s < count; s++)
        for (size_t d = 0; d < scripts[s]->count; d++)
            if (scripts[s]->decls[d].replaces)
                replace_decl(&l, &scripts[s]->decls[d], replaced);
    fd_map_free(replaced);
    add_other_names(p);
    for (int k = 1; k < FD_DECL_COUNT; k++)
        for (size_t i = 0; i < p->decls[k].count; i++)
            check_shape(&l, p->decls[k].items[i]);
    fd_load__units(&l);
    fd_load__items(&l);
    fd_load__complete(&l);
    fd_load__params(&l);
    fd_load__classes(&l);
    fd_load__records(&l);
    fd_load__indicators(&l);
    fd_load__lights(&l);
    fd_load__targets(&l);
    if (l.options->read_calendar && p->decls[FD_DECL_POLICY].count) {
        p->calendar = fd_calendar_new();
        if ((err = l.options->read_calendar(l.options->payload, p->calendar)) < 0) {
            fd_program_free(p);
            return err;
        }
    }
    fd_load__policies(&l);
    fd_load__ladders(&l);
    fd_load__indices(&l);
    for (size_t i = 0; i < count; i++)
        for (size_t d = 0; d < scripts[i]->count; d++)
            broken += scripts[i]->decls[d].broken;
    if (diags->faults > faults || broken) {
        fd_program_free(p);
        return fd_error_set(FD_EPARSE, "定义有 %zu 处错误", "the definitions have %zu faults",
                            diags->faults - faults + broken);
    }
    *out = p;
    return 0;
}

int fd_program_load(fd_program **out, const fd_script *const *scripts, size_t count,
                    fd_diags *diags)
{
    return fd_program_load_with(out, scripts, count, NULL, diags);
}

void fd_program_free(fd_program *p)
{
    if (!p)
        return;
    for (int k = 0; k < FD_DECL_COUNT; k++) {
        fd_vec_dispose(&p->decls[k]);
        fd_vec_dispose(&p->names[k]);
        fd_map_free(p->index[k]);
    }
    fd_vec_dispose(&p->dimensions);
    fd_calendar_free(p->calendar);
    fd_arena_free(p->arena);
    free(p);
}

/* ---- look-ups ---- */

/* Position + 1 of a name of this kind, 0 when it is unknown or ambiguous. */
static size_t position(const fd_program *p, fd_decl_kind kind, fd_view name)
{
    fd_buf folded = FD_BUF_INIT;
    uint64_t at = 0;

    if (name.len == 0 || name.len > 400)
        return 0;
    if (!fd_map_get(p->index[kind], name, &at)) {
        fd_utf8_fold(&folded, name);
        if (!fd_map_get(p->index[kind], (fd_view){ fd_buf_text(&folded), folded.len }, &at))
            at = 0;
        fd_buf_dispose(&folded);
    }
    return (size_t)at;
}

static const void *typed(const fd_program *p, fd_decl_kind kind, const char *name)
{
    size_t at = name && p->typed[kind] ? position(p, kind, fd_view_of(name)) : 0;

    return at ? p->typed[kind][at - 1] : NULL;
}

const fd_item *fd_program_item(const fd_program *p, const char *name)
{
    const fd_item *item = typed(p, FD_DECL_ITEM, name);
    const char *colon = name && !item ? strrchr(name, ':') : NULL;
    size_t at;

    /* A member of a family, 能源消费量:33, is read by the family's declaration. */
    if (colon && colon > name && colon[1] && p->typed[FD_DECL_ITEM] &&
        (at = position(p, FD_DECL_ITEM, (fd_view){ name, (size_t)(colon - name) })) != 0) {
        item = p->typed[FD_DECL_ITEM][at - 1];
        item = item->by ? item : NULL;
    }
    return item;
}

const fd_unit *fd_program_unit(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_UNIT, name);
}

const fd_class *fd_program_class(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_CLASS, name);
}

const fd_indicator *fd_program_indicator(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_INDICATOR, name);
}

const fd_target *fd_program_target(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_TARGET, name);
}

const fd_param *fd_program_param(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_PARAM, name);
}

const fd_light *fd_program_light(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_LIGHT, name);
}

const fd_record_type *fd_program_record(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_RECORD, name);
}

const fd_policy *fd_program_policy(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_POLICY, name);
}

const fd_ladder *fd_program_ladder(const fd_program *p, const char *name)
{
    return typed(p, FD_DECL_LADDER, name);
}

const fd_decl *fd_program_decl(const fd_program *p, fd_decl_kind kind, size_t i)
{
    if (kind < 1 || kind >= FD_DECL_COUNT)
        return NULL;
    return i < p->decls[kind].count ? p->decls[kind].items[i] : NULL;
}

const fd_decl *fd_program_find_decl(const fd_program *p, fd_decl_kind kind, const char *name)
{
    size_t at = name && kind >= 1 && kind < FD_DECL_COUNT ? position(p, kind, fd_view_of(name)) : 0;

    return at ? p->decls[kind].items[at - 1] : NULL;
}

const char *const *fd_program_names(const fd_program *p, fd_decl_kind kind, size_t *count)
{
    *count = 0;
    if (kind < 1 || kind >= FD_DECL_COUNT)
        return NULL;
    *count = p->names[kind].count;
    return p->names[kind].items;
}

/* ---- a condition typed by a user ---- */

int fd_expr_parse(fd_expr **out, const fd_program *p, fd_arena *arena, const char *text,
                  bool is_condition)
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_view whole = fd_view_of(text);
    fd_piece piece = { whole, whole, 1, 1 };
    fd_decl shell = {
        .kind = FD_DECL_INDICATOR, .name = "--where", .alias = "--where", .file = "", .text = text
    };
    fd_check check = { p, arena, &shell, &diags, NULL, NULL };
    fd_clause clause = { 0 };
    size_t bad;
    int err = 0;

    *out = NULL;
    shell.span = (fd_span){ 1, 1, 1 };
    if (whole.len > 65536 || !fd_utf8_valid(text, whole.len, &bad))
        return fd_error_set(FD_EPARSE, "条件太长,或不是 UTF-8",
                            "the condition is too long, or not UTF-8");
    if (fd_expr__parse(&clause, is_condition ? FD_SHAPE_TRUTH : FD_SHAPE_NUMBER, arena, &piece, 1,
                       "", &diags) &&
        fd_expr__check(&check, clause.expr, fd_expr__frame(p, clause.expr), is_condition)) {
        if (clause.expr->type.is_truth == is_condition)
            *out = clause.expr;
        else
            err = fd_error_set(FD_EPARSE, is_condition ? "应为条件:%s" : "应为数:%s",
                               is_condition ? "a condition is expected: %s"
                                            : "a number is expected: %s",
                               text);
    } else {
        fd_error__restore(&diags.list.items[0]->error);
        err = diags.list.items[0]->error.code;
    }
    fd_diags_dispose(&diags);
    return err;
}
