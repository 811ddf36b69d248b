/*
 * Lines → declarations.
 *
 * A declaration begins in column one with its kind.  An indented line below it holds one clause, or
 * several when two or more blanks stand between them and a clause keyword of that kind follows.  A
 * line indented deeper than the clause above, whose first word is no clause keyword, goes on with
 * that clause, or is a child of it where the grammar says so.
 */
#include <limits.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "ding/clause.h"

#define SIZE_CAP    ((size_t)16 << 20)
#define CHILD_DEPTH 16

typedef struct file_parser {
    fd_reader reader;
    fd_view rest;
    fd_line line;
    bool has_line;
    fd_buf comments; /* comment lines not yet given to anything */
    fd_draft *first, *last;
    size_t count;
    const fd_clause_rule *seen[64]; /* rules that may stand once and do */
    size_t seen_count;
    bool broken;
    bool in_header;
} file_parser;

static bool next_line(file_parser *p)
{
    fd_view whole;
    uint32_t number = p->line.number + 1;

    if (!fd_view_split(&p->rest, '\n', &whole))
        return p->has_line = false;
    if (whole.len && whole.ptr[whole.len - 1] == '\r')
        whole.len--;
    fd_line_open(&p->line, whole, number);
    return p->has_line = true;
}

static const char *take_comments(file_parser *p)
{
    const char *out = NULL;

    if (p->comments.len)
        out = fd_arena_strndup(p->reader.arena, fd_buf_text(&p->comments), p->comments.len);
    fd_buf_clear(&p->comments);
    return out;
}

static void keep_comment(file_parser *p)
{
    fd_view rest = { p->line.whole.ptr + p->line.at, p->line.whole.len - p->line.at };
    size_t mark = rest.ptr[0] == '#' ? 1 : 3;

    if (p->comments.len)
        fd_buf_putc(&p->comments, '\n');
    fd_buf_putc(&p->comments, '#');
    rest = (fd_view){ rest.ptr + mark, rest.len - mark };
    while (rest.len && (rest.ptr[rest.len - 1] == ' ' || rest.ptr[rest.len - 1] == '\t'))
        rest.len--;
    fd_buf_view(&p->comments, rest);
}

/* ---- clauses ---- */

static fd_draft *add_draft(file_parser *p, fd_draft *parent, const fd_clause_rule *rule,
                           fd_view keyword)
{
    fd_draft *d = fd_arena_alloc(p->reader.arena, sizeof *d);

    d->rule = rule;
    d->clause.keyword =
        rule ? rule->zh : fd_arena_strndup(p->reader.arena, keyword.ptr, keyword.len);
    d->clause.span = (fd_span){ p->line.number, p->line.column, fd_ding__code_points(keyword) };
    d->clause.above = take_comments(p);
    d->whole = p->line.whole;
    d->indent = p->in_header
                    ? UINT_MAX
                    : p->line.indent; /* nothing goes on with a clause of the header line */
    d->parent = parent;
    if (parent) {
        if (parent->last)
            parent->last->next = d;
        else
            parent->first = d;
        parent->last = d;
        parent->children++;
    } else {
        if (p->last)
            p->last->next = d;
        else
            p->first = d;
        p->last = d;
        p->count++;
    }
    p->reader.clauses++;
    return d;
}

static void unknown_clause(file_parser *p, fd_view word)
{
    const char *names[128];
    size_t count = fd_grammar_clause_names(p->reader.kind, names, 128);
    const fd_kind_rule *kind = fd_grammar_kind_of(p->reader.kind);
    fd_error *e =
        fd_reader__fault(&p->reader, "clause", &p->line, p->line.column, word,
                         "%s%.0s里没有子句「%.*s」", "%.0s%s has no clause \"%.*s\"", kind->zh,
                         kind->en, (int)(word.len > 60 ? 60 : word.len), word.ptr);
    char *name = fd_arena_strndup(p->reader.arena, word.ptr, word.len > 60 ? 60 : word.len);
    const char *nearest = fd_nearest(name, names, count);
    fd_buf own[2] = { FD_BUF_INIT, FD_BUF_INIT };

    if (nearest) {
        fd_error_set_hint(e, "是不是「%s」?", "did you mean %s?", nearest);
    } else {
        for (size_t i = 0; i < count; i++)
            fd_buf_printf(&own[i % 2], " %s", names[i]);
        fd_error_set_hint(
            e, "这里的子句有:%s%.0s。几个子句写在一行要空两格以上;接着上一行写,就多缩进一些",
            "%.0sits clauses are:%s; two or more blanks stand between clauses, and a line that "
            "goes "
            "on is indented deeper",
            fd_buf_text(&own[FD_ZH]), fd_buf_text(&own[FD_EN]));
    }
    fd_buf_dispose(&own[FD_ZH]);
    fd_buf_dispose(&own[FD_EN]);
    p->broken = true;
}

/* A clause that may stand once stands once. */
static void check_twice(file_parser *p, const fd_clause_rule *rule)
{
    if (!rule || (rule->flags & FD_CLAUSE_REPEATED))
        return;
    for (size_t i = 0; i < p->seen_count; i++)
        if (p->seen[i] == rule) {
            fd_reader__fault(&p->reader, "twice", &p->line, p->line.column, fd_line_word(&p->line),
                             "子句「%s」写了两次", "clause %s stands twice", rule->zh);
            p->broken = true;
            return;
        }
    if (p->seen_count < sizeof p->seen / sizeof *p->seen)
        p->seen[p->seen_count++] = rule;
}

static fd_view unwrap(fd_view word)
{
    size_t mark = strlen("「");

    if (word.len >= 2 * mark && fd_view_starts(word, "「") && fd_view_ends(word, "」"))
        return (fd_view){ word.ptr + mark, word.len - 2 * mark };
    return word;
}

/* The clauses from the line's place to its end. */
static void read_clauses(file_parser *p)
{
    bool more = true;

    while (more && !fd_line_done(&p->line)) {
        bool open = fd_grammar_kind_of(p->reader.kind)->open;
        fd_view word = open ? fd_line_wrapped_word(&p->line) : fd_line_word(&p->line),
                name = unwrap(word);
        const fd_clause_rule *rule = fd_grammar_clause(p->reader.kind, name);
        fd_draft *d;

        if (!rule && !open) {
            unknown_clause(p, word);
            return;
        }
        check_twice(p, rule);
        d = add_draft(p, NULL, rule, name);
        if (rule &&
            rule->shape == FD_SHAPE_FLAG) /* the blanks behind it may lead to the next clause */
            fd_line_pass(&p->line, word.len);
        else
            fd_line_skip(&p->line, word.len);
        more = fd_clause__scan(&p->reader, &p->line, d, false);
    }
}

static bool takes_children(const fd_draft *d)
{
    return !d->rule || (d->rule->flags & FD_CLAUSE_CHILDREN);
}

/* A deeper line below a clause that has children: under the nearest line above that is less
 * indented. */
static void read_child(file_parser *p)
{
    fd_draft *parent = p->last;
    fd_view word = fd_line_wrapped_word(&p->line);
    fd_draft *d;
    int depth = 1;

    while (parent->last && parent->last->indent < p->line.indent && depth < CHILD_DEPTH) {
        parent = parent->last;
        depth++;
    }
    d = add_draft(p, parent, NULL, unwrap(word));
    fd_line_skip(&p->line, word.len);
    (void)fd_clause__scan(&p->reader, &p->line, d, false);
}

/* An indented line. */
static void read_line(file_parser *p)
{
    const fd_clause_rule *rule = fd_grammar_clause(p->reader.kind, fd_line_word(&p->line));

    if (p->last && p->line.indent > p->last->indent) {
        if (takes_children(p->last)) {
            read_child(p);
            return;
        }
        if (!rule) {
            if (fd_clause__scan(&p->reader, &p->line, p->last, false))
                read_clauses(p);
            return;
        }
    }
    read_clauses(p);
}

/* ---- declarations ---- */

static bool is_alias(fd_view v)
{
    for (size_t i = 0; i < v.len; i++) {
        char c = v.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '.'))
            return false;
    }
    return v.len > 0;
}

/* The place of the slash between name and alias: the last one between blanks; except in units,
 * whose names may hold one, also one that an ASCII id follows. -1 without. */
static ptrdiff_t find_slash(fd_view text, fd_decl_kind kind)
{
    for (size_t i = text.len; i-- > 0;) {
        bool spaced;

        if (text.ptr[i] != '/')
            continue;
        spaced = i > 0 && i + 1 < text.len && text.ptr[i - 1] == ' ' && text.ptr[i + 1] == ' ';
        if (spaced || (kind != FD_DECL_UNIT &&
                       is_alias(fd_view_trim((fd_view){ text.ptr + i + 1, text.len - i - 1 }))))
            return (ptrdiff_t)i;
    }
    return -1;
}

/* A full-width slash between blanks before an ASCII id is the slash of 名称 / alias. */
static fd_view narrow_slash(fd_reader *r, fd_view name)
{
    static const char wide[] = "\xEF\xBC\x8F", gap[] = "\xE3\x80\x80";
    ptrdiff_t at = fd_view_find(name, wide);
    fd_view before, after;
    fd_buf id = FD_BUF_INIT;
    fd_view out = name;

    if (at < 0)
        return name;
    before = (fd_view){ name.ptr, (size_t)at };
    after = (fd_view){ name.ptr + at + 3, name.len - (size_t)at - 3 };
    if ((fd_view_ends(before, " ") || fd_view_ends(before, gap)) &&
        (fd_view_starts(after, " ") || fd_view_starts(after, gap))) {
        for (size_t i = 0; i < after.len;) {
            uint32_t c = fd_utf8_next(after.ptr, after.len, &i);

            if (c == 0x3000)
                c = ' ';
            else if (c >= 0xFF01 && c <= 0xFF5E)
                c -= 0xFEE0;
            fd_buf_putc(&id, c < 0x80 ? (char)c : '?');
        }
        if (is_alias(fd_view_trim((fd_view){ id.ptr, id.len }))) {
            char *text = fd_arena_printf(r->arena, "%.*s /%s", (int)fd_view_trim(before).len,
                                         fd_view_trim(before).ptr, fd_buf_text(&id));

            out = fd_view_of(text);
        }
    }
    fd_buf_dispose(&id);
    return out;
}

/* 名称 / alias, then perhaps clauses on the same line. */
static bool read_header(file_parser *p, fd_decl *decl)
{
    fd_draft header = { 0 };
    fd_line start = p->line;
    fd_view name, alias = { NULL, 0 };
    bool more = fd_clause__scan(&p->reader, &p->line, &header, true), ok = false;
    ptrdiff_t slash;

    name = header.pieces.count ? header.pieces.items[0].text : FD_VIEW("");
    name = narrow_slash(&p->reader, name);
    slash = find_slash(name, decl->kind);
    if (slash >= 0) {
        alias = fd_view_trim((fd_view){ name.ptr + slash + 1, name.len - (size_t)slash - 1 });
        name = fd_view_trim((fd_view){ name.ptr, (size_t)slash });
    }
    name = unwrap(name);
    if (!name.len || name.len > 240)
        fd_reader__fault(&p->reader, "name", &start, start.column, FD_VIEW(" "),
                         "缺少名称,或名称太长", "a name is missing, or too long");
    else if (fd_view_find(name, "「") >= 0 || fd_view_find(name, "」") >= 0 ||
             fd_view_find(name, "〔") >= 0 || fd_view_find(name, "〕") >= 0 || header.cited)
        fd_reader__fault(&p->reader, "name", &start, start.column, name, "名称里不能有「」〔〕",
                         "a name may not hold 「」 or 〔〕");
    else if (slash >= 0 && (!is_alias(alias) || alias.len > 120))
        fd_reader__fault(
            &p->reader, "alias", &start, start.column, name,
            "代号「%.*s」只能用英文字母、数字、下划线和点",
            "the id \"%.*s\" may have ASCII letters, digits, underscores and dots only",
            (int)(alias.len > 60 ? 60 : alias.len), alias.ptr);
    else
        ok = true;
    if (header.comment.len) {
        if (p->comments.len)
            fd_buf_putc(&p->comments, '\n');
        fd_buf_printf(&p->comments, "# %s", fd_buf_text(&header.comment));
    }
    decl->comment = take_comments(p);
    if (ok) {
        decl->name = fd_arena_strndup(p->reader.arena, name.ptr, name.len);
        decl->alias =
            alias.len ? fd_arena_strndup(p->reader.arena, alias.ptr, alias.len) : decl->name;
    }
    fd_vec_dispose(&header.pieces);
    fd_buf_dispose(&header.cite);
    fd_buf_dispose(&header.comment);
    p->in_header = true;
    if (ok && more)
        read_clauses(p);
    p->in_header = false;
    return ok;
}

/* A list of drafts as an array of clauses. Recursion is bounded by CHILD_DEPTH. */
static fd_clause *finish_list(file_parser *p, fd_draft *first, size_t count, size_t *kept)
{
    fd_clause *out = fd_arena_alloc(p->reader.arena, (count + 1) * sizeof *out);

    *kept = 0;
    for (fd_draft *d = first; d; d = d->next) {
        size_t children = 0;
        fd_clause *list = d->children ? finish_list(p, d->first, d->children, &children) : NULL;

        if (!fd_clause__finish(&p->reader, d)) {
            p->broken = true;
            continue;
        }
        if (list) {
            d->clause.children = list;
            d->clause.child_count = children;
        }
        out[(*kept)++] = d->clause;
    }
    return out;
}

static void finish(file_parser *p, fd_decl *decl)
{
    decl->clauses = finish_list(p, p->first, p->count, &decl->clause_count);
    for (size_t i = 0; i < decl->clause_count; i++)
        if (strcmp(decl->clauses[i].keyword, "替代") == 0 && decl->clauses[i].word_count == 1)
            decl->replaces = decl->clauses[i].words[0];
    decl->broken = p->broken || p->reader.faulty;
}

static bool find_kind(file_parser *p, fd_decl *decl)
{
    fd_view word = fd_line_word(&p->line);
    const fd_kind_rule *kind = fd_grammar_kind(word);
    const char *names[32], *nearest;
    fd_error *e;

    if (kind) {
        decl->kind = p->reader.kind = kind->kind;
        return true;
    }
    e = fd_reader__fault(&p->reader, "kind", &p->line, p->line.column, word, "不认识的声明「%.*s」",
                         "unknown declaration \"%.*s\"", (int)(word.len > 60 ? 60 : word.len),
                         word.ptr);
    nearest = fd_nearest(fd_arena_strndup(p->reader.arena, word.ptr, word.len > 60 ? 60 : word.len),
                         names, fd_grammar_kind_names(names, 32));
    if (nearest)
        fd_error_set_hint(e, "是不是「%s」?", "did you mean %s?", nearest);
    else
        fd_error_set_hint(
            e,
            "顶格的行应以 "
            "数据、单位、分类、指标、目标、参数、灯、记录、报表、链、发布表、政策、梯度 开头",
            "a line without indent begins with data, unit, class, indicator, target, param, "
            "light, record, form, chain, cube, policy or ladder");
    return false;
}

/* One declaration, from its header line to the line before the next. False when it has no usable
 * header. */
static bool parse_declaration(file_parser *p, fd_decl *decl)
{
    const char *start = p->line.whole.ptr, *end = start + p->line.whole.len;
    bool ok;

    p->first = p->last = NULL;
    p->count = p->seen_count = 0;
    p->broken = p->reader.faulty = false;
    decl->file = p->reader.file;
    decl->span = (fd_span){ p->line.number, 1, fd_ding__code_points(p->line.whole) };
    ok = find_kind(p, decl);
    if (ok) {
        fd_line_skip(&p->line, fd_line_word(&p->line).len);
        ok = read_header(p, decl);
    } else {
        (void)take_comments(p);
    }
    while (next_line(p)) {
        if (fd_line_done(&p->line))
            continue;
        if (fd_line_is_comment(&p->line)) {
            keep_comment(p);
            continue;
        }
        if (p->line.indent == 0)
            break;
        end = p->line.whole.ptr + p->line.whole.len;
        if (ok && p->reader.clauses < FD_SCRIPT_CLAUSES)
            read_line(p);
        else
            (void)take_comments(p);
    }
    finish(p, decl);
    decl->text = fd_arena_strndup(p->reader.arena, start, (size_t)(end - start));
    return ok;
}

/* Control characters other than tab and line ends have no place in a definition and confuse
 * terminals. */
static bool has_control(const char *text, size_t length, size_t *bad)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F ||
            (c == '\r' && i + 1 < length && text[i + 1] != '\n')) {
            *bad = i;
            return true;
        }
    }
    return false;
}

/* What is no text of ours is refused before the first line. */
static fd_view admit(file_parser *p, const char *text, size_t length)
{
    size_t bad = 0;
    bool foreign;
    fd_place place = { p->reader.file, NULL, 0, 0 };

    if (length > SIZE_CAP) {
        fd_diags_add(p->reader.diags, FD_FAULT, "size", place, "定义文件超过 16 MiB",
                     "a definition file is larger than 16 MiB")
            ->code = FD_ELIMIT;
        return FD_VIEW("");
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    foreign = !fd_utf8_valid(text, length, &bad);
    if (foreign || has_control(text, length, &bad)) {
        fd_error *e;
        size_t start = 0;

        place.row = 1;
        for (size_t i = 0; i < bad; i++)
            if (text[i] == '\n') {
                place.row++;
                start = i + 1;
            }
        for (size_t i = start; i < bad; (void)fd_utf8_next(text, length, &i))
            place.column++;
        place.column++;
        e = fd_diags_add(p->reader.diags, FD_FAULT, "encoding", place,
                         "定义文件应为 UTF-8 编码的文本,没有控制字符",
                         "a definition file is text in UTF-8 without control characters");
        if (foreign)
            fd_error_set_hint(e, "多半是 GBK(ANSI)编码:在记事本里另存为,编码选 UTF-8",
                              "probably GBK: save it again with the encoding UTF-8");
        return FD_VIEW("");
    }
    return (fd_view){ fd_arena_strndup(p->reader.arena, text, length), length };
}

int fd_script_parse(fd_script **out, const char *text, size_t length, const char *file,
                    fd_diags *diags)
{
    fd_script *script = fd_alloc(sizeof *script);
    file_parser p = { .reader = { .diags = diags } };
    fd_vec(fd_decl) decls = { 0 };
    size_t faults = diags->faults;

    *out = script;
    script->arena = p.reader.arena = fd_arena_new();
    p.reader.file = fd_arena_strdup(script->arena, file ? file : "");
    p.rest = admit(&p, text, length);
    next_line(&p);
    while (p.has_line) {
        fd_decl decl = { 0 };

        if (fd_line_done(&p.line) || fd_line_is_comment(&p.line)) {
            if (!fd_line_done(&p.line))
                keep_comment(&p);
            next_line(&p);
        } else if (p.line.indent > 0) {
            fd_reader__fault(&p.reader, "indent", &p.line, p.line.column, FD_VIEW(" "),
                             "缩进的行上面没有声明",
                             "an indented line without a declaration above");
            next_line(&p);
        } else if (decls.count >= FD_SCRIPT_DECLS || p.reader.clauses >= FD_SCRIPT_CLAUSES) {
            fd_reader__fault(&p.reader, "size", &p.line, 1, FD_VIEW(" "),
                             "一个文件里的声明或子句太多",
                             "too many declarations or clauses in one file")
                ->code = FD_ELIMIT;
            break;
        } else if (parse_declaration(&p, &decl)) {
            fd_vec_push(&decls, decl);
        }
    }
    script->comment = take_comments(&p);
    script->count = decls.count;
    script->decls = fd_arena_alloc(script->arena, (decls.count + 1) * sizeof *script->decls);
    if (decls.count)
        memcpy(script->decls, decls.items, decls.count * sizeof *script->decls);
    fd_vec_dispose(&decls);
    fd_buf_dispose(&p.comments);
    if (diags->faults > faults)
        return fd_error_set(FD_EPARSE, "%s 有 %zu 处错误", "%s has %zu faults", p.reader.file,
                            diags->faults - faults);
    return 0;
}

void fd_script_free(fd_script *script)
{
    if (!script)
        return;
    fd_arena_free(script->arena);
    free(script);
}
