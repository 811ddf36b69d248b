/*
 * Declarations without expressions: data items, parameters, record types; and reading figures from
 * an argument.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ding/program.h"

/* ---- reading an argument ---- */

void fd_reading_start(fd_reading *r, fd_loader *l, const fd_decl *decl, const fd_clause *clause)
{
    fd_view text = fd_view_of(clause->text);

    *r = (fd_reading){ .loader = l, .decl = decl, .clause = clause };
    r->piece = (fd_piece){ text, text, clause->argument.line, clause->argument.column };
    fd_lexer_init(&r->lexer, &r->piece, 1);
    fd_reading_next(r);
}

void fd_reading_next(fd_reading *r)
{
    r->token = fd_lexer_next(&r->lexer);
}

bool fd_reading_symbol(fd_reading *r, char symbol)
{
    if (r->token.kind != FD_TOKEN_SYMBOL || r->token.symbol != symbol)
        return false;
    fd_reading_next(r);
    return true;
}

bool fd_reading_word(fd_reading *r, const char *zh, const char *en)
{
    if (r->token.kind != FD_TOKEN_NAME || r->token.bracketed ||
        !(fd_view_is(r->token.text, zh) || fd_view_is(r->token.text, en)))
        return false;
    fd_reading_next(r);
    return true;
}

/* 年 may be glued to what follows: 2018年4.1% lexes as 2018, 年4.1, %. */
static void skip_year_word(fd_reading *r)
{
    size_t mark = strlen("年");

    if (r->token.kind != FD_TOKEN_NAME || r->token.bracketed ||
        !fd_view_starts(r->token.text, "年"))
        return;
    r->lexer.at = (size_t)(r->token.text.ptr - r->piece.text.ptr) + mark;
    r->lexer.column = r->token.span.column + 1;
    fd_reading_next(r);
}

bool fd_reading_year(fd_reading *r, int *year)
{
    char *digits;
    long value;

    if (r->token.kind != FD_TOKEN_NUMBER || r->token.text.len > 12)
        return false;
    digits = fd_ding__half(r->loader->p->arena, r->token.text);
    value = strtol(digits, NULL, 10);
    if (strspn(digits, "0123456789") != strlen(digits) || value < 1900 || value > 2200)
        return false;
    *year = (int)value;
    fd_reading_next(r);
    skip_year_word(r);
    return true;
}

fd_error *fd_reading_fault(fd_reading *r, const char *rule, const char *zh, const char *en)
{
    const char *texts[2] = { zh, en };
    const fd_span *at = r->token.kind == FD_TOKEN_END ? &r->clause->argument : &r->token.span;
    fd_error *e = fd_program__find(r->loader->diags, FD_FAULT, rule, r->decl, at, "%s", "%s", "");

    for (int lang = 0; lang < 2; lang++)
        strncat(e->message[lang], texts[lang],
                sizeof e->message[lang] - strlen(e->message[lang]) - 1);
    return e;
}

bool fd_reading_amount(fd_reading *r, fd_decimal *out, const fd_unit *wanted)
{
    bool negative = fd_reading_symbol(r, '-');
    const fd_unit *unit = NULL;
    const char *name = NULL;
    char *digits;

    if (r->token.kind != FD_TOKEN_NUMBER)
        return false;
    digits = fd_ding__half(r->loader->p->arena, r->token.text);
    if (fd_decimal_parse(out, digits, strlen(digits)) < 0) {
        fd_error_clear();
        return false;
    }
    if (negative)
        out->mantissa = -out->mantissa;
    fd_reading_next(r);
    if (r->token.kind == FD_TOKEN_SYMBOL && r->token.symbol == '%') {
        name = "%";
    } else if (r->token.kind == FD_TOKEN_NAME) {
        name = fd_ding__half(r->loader->p->arena, r->token.text);
        if (!r->token.bracketed && !fd_program_unit(r->loader->p, name))
            return true; /* some other word; the caller knows */
    }
    if (!name)
        return true;
    unit = fd_unit__named(r->loader->p, r->loader->p->arena, name);
    if (!unit || !wanted || !fd_unit__same_dims(unit, wanted) ||
        unit->is_points != wanted->is_points) {
        fd_error *e = fd_reading_fault(r, "unit", "单位不合", "the unit does not fit");

        if (wanted && wanted->name[0])
            fd_error_set_hint(e, "应能换算成 %s", "it must convert to %s", wanted->name);
    } else if (!fd_unit__convert_decimal(out, *out, unit, wanted)) {
        fd_reading_fault(r, "unit", "换算后不是有限小数", "converted, it is no finite decimal");
    }
    fd_reading_next(r);
    return true;
}

/* ---- items ---- */

static bool read_int(const char *word, int least, int most, int *out)
{
    char *end;
    long value = strtol(word, &end, 10);

    if (end == word || *end || value < least || value > most)
        return false;
    *out = (int)value;
    return true;
}

static fd_kind value_kind(const char *word)
{
    static const struct {
        const char *zh;
        fd_kind kind;
    } kinds[] = { { "数", FD_DEC },
                  { "文本", FD_TEXT },
                  { "代码", FD_CODE },
                  { "日期", FD_DATE },
                  { "是否", FD_BOOL } };

    for (size_t i = 0; word && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(word, kinds[i].zh) == 0)
            return kinds[i].kind;
    return FD_DEC;
}

static fd_nature nature_of(const char *word)
{
    static const char *const names[] = { "流量", "存量", "比率", "属性" };

    for (int i = 0; word && i < 4; i++)
        if (strcmp(word, names[i]) == 0)
            return (fd_nature)(FD_FLOW + i);
    return FD_FLOW;
}

const char *fd_subject_kind_id(const char *word)
{
    const fd_word *w = word ? fd_grammar_word(fd_grammar_subjects(), fd_view_of(word)) : NULL;

    return w ? w->en : NULL;
}

bool fd_subject_kind_is_listed(const char *id)
{
    return strcmp(id, "enterprise") == 0 || strcmp(id, "project") == 0;
}

static fd_item *read_item(fd_loader *l, const fd_decl *decl)
{
    fd_program *p = l->p;
    fd_item *item = fd_arena_alloc(p->arena, sizeof *item);
    const fd_clause *decimals = fd_decl__clause(decl, "小数");
    const char *na = fd_decl__word(decl, "不适用");
    int scale = 0;

    item->decl = decl;
    item->id = decl->alias;
    item->name = decl->name;
    item->kind = fd_subject_kind_id(fd_decl__word(decl, "对象"));
    item->kind = item->kind ? item->kind : "enterprise";
    item->nature = nature_of(fd_decl__word(decl, "性质"));
    item->value_kind = value_kind(fd_decl__word(decl, "类型"));
    item->unit = fd_unit__of_clause(l, decl, "单位");
    if (item->value_kind == FD_DEC && !fd_decl__clause(decl, "单位") && !decl->broken)
        fd_program__find(l->diags, FD_FAULT, "unit", decl, NULL, "数值要写 单位",
                         "a number needs a unit");
    if (decimals && (decimals->word_count != 1 || !read_int(decimals->words[0], 0, 9, &scale)))
        fd_program__find(l->diags, FD_FAULT, "decimals", decl, &decimals->argument,
                         "小数 应为 0 到 9", "decimals: 0 to 9");
    item->scale = (int8_t)scale;
    item->may_be_na = na && strcmp(na, "可") == 0;
    item->classification = fd_decl__word(decl, "分类");
    if (item->classification && !fd_program_find_decl(p, FD_DECL_CLASS, item->classification))
        fd_program__find(l->diags, FD_WARNING, "class", decl,
                         &fd_decl__clause(decl, "分类")->argument, "没有声明分类「%s」",
                         "class %s is not declared", item->classification);
    item->by = fd_decl__word(decl, "按");
    item->other_names = fd_decl__words(p->arena, decl, "别名", &item->other_count);
    item->codes = fd_decl__words(p->arena, decl, "代码", &item->code_count);
    return item;
}

void fd_load__items(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_ITEM].count;

    l->p->typed[FD_DECL_ITEM] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        l->p->typed[FD_DECL_ITEM][i] = read_item(l, l->p->decls[FD_DECL_ITEM].items[i]);
}

/* ---- parameters ---- */

/* 值 30 %; 值 2022-06-01 起 70 %; 值 70 % 自 2022-06-01: several with ; between them. */
static bool read_value(fd_reading *r, fd_param *param, fd_date *from)
{
    fd_reading ahead = *r;
    int year = 0;

    *from = FD_DATE_NONE;
    if (r->token.kind == FD_TOKEN_DATE) {
        if (fd_date_parse(from, r->token.text.ptr, r->token.text.len) < 0)
            return false;
        fd_reading_next(r);
        if (!fd_reading_word(r, "起", "on"))
            return false;
    } else if (fd_reading_year(&ahead, &year) && fd_reading_word(&ahead, "起", "on")) {
        *r = ahead;
        *from = fd_date_make(year, 1, 1);
    }
    if (!fd_reading_amount(r, &param->values[param->count], param->unit))
        return false;
    if (*from == FD_DATE_NONE && fd_reading_word(r, "自", "from")) {
        if (r->token.kind == FD_TOKEN_DATE &&
            fd_date_parse(from, r->token.text.ptr, r->token.text.len) == 0)
            fd_reading_next(r);
        else if (fd_reading_year(r, &year))
            *from = fd_date_make(year, 1, 1);
        else
            return false;
    }
    return true;
}

static fd_param *read_param(fd_loader *l, const fd_decl *decl)
{
    fd_param *param = fd_arena_alloc(l->p->arena, sizeof *param);
    size_t room = 0;

    param->decl = decl;
    param->id = decl->alias;
    param->name = decl->name;
    param->unit = fd_unit__of_clause(l, decl, "单位");
    for (size_t i = 0; i < decl->clause_count; i++)
        for (const char *t = decl->clauses[i].text;
             strcmp(decl->clauses[i].keyword, "值") == 0 && t; t = NULL)
            for (room++; *t; t++)
                room += *t == ';' || strncmp(t, "\xEF\xBC\x9B", 3) == 0; /* ; */
    param->values = fd_arena_alloc(l->p->arena, (room + 1) * sizeof *param->values);
    param->from = fd_arena_alloc(l->p->arena, (room + 1) * sizeof *param->from);
    for (size_t i = 0; i < decl->clause_count; i++) {
        fd_reading r;
        bool ok = true;

        if (strcmp(decl->clauses[i].keyword, "值") != 0)
            continue;
        fd_reading_start(&r, l, decl, &decl->clauses[i]);
        do {
            fd_date from;

            if (r.token.kind == FD_TOKEN_END && param->count)
                break;
            if (!read_value(&r, param, &from)) {
                fd_error_clear();
                fd_reading_fault(&r, "value", "值 应写 数 单位,或 日期 起 数 单位",
                                 "value: NUMBER UNIT, or DATE on NUMBER UNIT");
                ok = false;
                break;
            }
            if (param->count && from <= param->from[param->count - 1]) {
                fd_reading_fault(&r, "order", "日期应从早到晚,不重复", "dates must ascend");
                ok = false;
                break;
            }
            param->from[param->count++] = from;
        } while (fd_reading_symbol(&r, ';'));
        if (ok && r.token.kind != FD_TOKEN_END)
            fd_reading_fault(&r, "value", "后面这一段看不懂", "what follows is not understood");
    }
    if (!param->count && !decl->broken)
        fd_program__find(l->diags, FD_FAULT, "value", decl, NULL, "参数没有值",
                         "a parameter without a value");
    return param;
}

void fd_load__params(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_PARAM].count;

    l->p->typed[FD_DECL_PARAM] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        l->p->typed[FD_DECL_PARAM][i] = read_param(l, l->p->decls[FD_DECL_PARAM].items[i]);
}

/* ---- record types ---- */

static int find_state(const fd_record_type *type, fd_view name)
{
    for (size_t i = 0; i < type->state_count; i++)
        if (fd_view_is(name, type->states[i]))
            return (int)i;
    return -1;
}

static void add_transition(fd_loader *l, fd_record_type *type, size_t *room, int from, int to)
{
    if (type->transition_count == *room) {
        struct fd_transition *larger;

        *room = *room ? *room * 2 : 8;
        larger = fd_arena_alloc(l->p->arena, *room * sizeof *larger);
        if (type->transition_count)
            memcpy(larger, type->transitions, type->transition_count * sizeof *larger);
        type->transitions = larger;
    }
    type->transitions[type->transition_count++] = (struct fd_transition){ from, to };
}

/* 转移 登记 → 受理 → 办理;办理 → 登记: every step of every run. 新建 → 登记 says how a record
 * begins. */
static void read_moves(fd_loader *l, fd_record_type *type, const fd_clause *clause, size_t *room)
{
    fd_reading r;

    fd_reading_start(&r, l, type->decl, clause);
    do {
        int before = -2, at;

        do {
            bool is_new = fd_reading_word(&r, "新建", "new");

            at = is_new ? -1 : r.token.kind == FD_TOKEN_NAME ? find_state(type, r.token.text) : -2;
            if (!is_new && at < 0) {
                fd_reading_fault(&r, "state", "没有这个状态", "there is no such state");
                return;
            }
            if (!is_new)
                fd_reading_next(&r);
            if (is_new && before != -2) {
                fd_reading_fault(&r, "state", "新建 只能在最前", "new stands first only");
                return;
            }
            if (before != -2)
                add_transition(l, type, room, before, at);
            before = at;
        } while (fd_reading_symbol(&r, 'A'));
    } while (fd_reading_symbol(&r, ';') && r.token.kind != FD_TOKEN_END);
    if (r.token.kind != FD_TOKEN_END)
        fd_reading_fault(&r, "state", "应写 状态 → 状态;状态 → 状态",
                         "write: STATE -> STATE; STATE -> STATE");
}

/* 名称 / id 类型 [小数 n] [单位 u] [必填]: the words of a 字段 line, or of a line below it. */
static void read_field(fd_loader *l, fd_record_type *type, const fd_clause *c, bool child)
{
    struct fd_field *field = &type->fields[type->field_count];
    const char *words[16], *slash;
    size_t n = 0, w = 1;

    if (child)
        words[n++] = c->keyword;
    for (size_t i = 0; i < c->word_count && n < 16; i++)
        words[n++] = c->words[i];
    if (n == 0)
        return;
    type->field_count++;
    field->kind = FD_TEXT;
    slash = strchr(words[0], '/');
    if (slash && slash[1]) {
        field->name = fd_arena_strndup(l->p->arena, words[0], (size_t)(slash - words[0]));
        field->id = slash + 1;
    } else {
        field->name = field->id = words[0];
        if (n >= 3 && strcmp(words[1], "/") == 0) {
            field->id = words[2];
            w = 3;
        }
    }
    for (; w < n; w++) {
        int scale;

        if (strcmp(words[w], "必填") == 0 || strcmp(words[w], "required") == 0) {
            field->required = true;
        } else if (strcmp(words[w], "文本") == 0 || strcmp(words[w], "text") == 0) {
            field->kind = FD_TEXT;
        } else if (strcmp(words[w], "代码") == 0 || strcmp(words[w], "code") == 0) {
            field->kind = FD_CODE;
        } else if (strcmp(words[w], "日期") == 0 || strcmp(words[w], "date") == 0) {
            field->kind = FD_DATE;
        } else if (strcmp(words[w], "是否") == 0 || strcmp(words[w], "boolean") == 0) {
            field->kind = FD_BOOL;
        } else if (strcmp(words[w], "数") == 0 || strcmp(words[w], "数值") == 0 ||
                   strcmp(words[w], "number") == 0) {
            field->kind = FD_DEC;
        } else if ((strcmp(words[w], "小数") == 0 || strcmp(words[w], "decimals") == 0) &&
                   w + 1 < n && read_int(words[w + 1], 0, 9, &scale)) {
            field->scale = (int8_t)scale;
            w++;
        } else if (strcmp(words[w], "单位") == 0 || strcmp(words[w], "unit") == 0) {
            continue;
        } else if (!(field->unit = fd_unit__named(l->p, l->p->arena, words[w]))) {
            fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "field", type->decl, &c->span,
                                               "字段「%.60s」里看不懂:%.60s",
                                               "field %.60s: not understood: %.60s", field->name,
                                               words[w]),
                              "字段写 名称 / id 类型 单位 必填;类型为 数、文本、代码、日期、是否",
                              "a field is NAME / id TYPE UNIT required; types: number, text, code, "
                              "date, boolean");
        } else {
            field->kind = FD_DEC;
        }
    }
}

/* 凭据 签约 signed_on contract: fields that must be there before the state is entered. */
static void read_gate(fd_loader *l, fd_record_type *type, const fd_clause *c)
{
    int state = c->word_count ? find_state(type, fd_view_of(c->words[0])) : -1;

    if (state < 0 || c->word_count < 2) {
        fd_program__find(l->diags, FD_FAULT, "state", type->decl, &c->span, "凭据要写 状态 字段…",
                         "write: evidence STATE FIELD …");
        return;
    }
    for (size_t w = 1; w < c->word_count; w++) {
        size_t f = 0;

        while (f < type->field_count && strcmp(type->fields[f].id, c->words[w]) != 0 &&
               strcmp(type->fields[f].name, c->words[w]) != 0)
            f++;
        if (f == type->field_count) {
            fd_program__find(l->diags, FD_FAULT, "field", type->decl, &c->span,
                             "凭据里没有这个字段:%.60s", "no such field for evidence: %.60s",
                             c->words[w]);
            continue;
        }
        type->gates[type->gate_count++] = (struct fd_gate){ state, f };
    }
}

static fd_record_type *read_record(fd_loader *l, const fd_decl *decl)
{
    fd_arena *arena = l->p->arena;
    fd_record_type *type = fd_arena_alloc(arena, sizeof *type);
    size_t room = 0, states, fields = 1, gates = 1;
    const char **words = fd_decl__words(arena, decl, "状态", &states);
    bool has_start = false;

    type->decl = decl;
    type->id = decl->alias;
    type->name = decl->name;
    type->states = fd_arena_alloc(arena, (states + 1) * sizeof *type->states);
    for (size_t i = 0; i < states; i++)
        if (strcmp(words[i], "→") != 0 && strcmp(words[i], "->") != 0)
            type->states[type->state_count++] = words[i];
    if (!type->state_count && !decl->broken)
        fd_program__find(l->diags, FD_FAULT, "state", decl, NULL, "记录要有 状态",
                         "a record type needs states");
    for (size_t i = 0; i < decl->clause_count; i++)
        fields += 1 + decl->clauses[i].child_count;
    type->fields = fd_arena_alloc(arena, fields * sizeof *type->fields);
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];

        if (strcmp(c->keyword, "转移") == 0)
            read_moves(l, type, c, &room);
        if (strcmp(c->keyword, "字段") == 0) {
            read_field(l, type, c, false);
            for (size_t k = 0; k < c->child_count; k++)
                read_field(l, type, &c->children[k], true);
        }
    }
    for (size_t i = 0; i < decl->clause_count; i++)
        if (strcmp(decl->clauses[i].keyword, "凭据") == 0)
            gates += decl->clauses[i].word_count;
    type->gates = fd_arena_alloc(arena, gates * sizeof *type->gates);
    for (size_t i = 0; i < decl->clause_count; i++)
        if (strcmp(decl->clauses[i].keyword, "凭据") == 0)
            read_gate(l, type, &decl->clauses[i]);
    for (size_t i = 0; i < type->transition_count; i++)
        has_start = has_start || type->transitions[i].from == -1;
    if (!has_start && type->state_count)
        add_transition(l, type, &room, -1, 0); /* a record begins in the first state */
    return type;
}

void fd_load__records(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_RECORD].count;

    l->p->typed[FD_DECL_RECORD] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        l->p->typed[FD_DECL_RECORD][i] = read_record(l, l->p->decls[FD_DECL_RECORD].items[i]);
}
