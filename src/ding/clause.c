#include "ding/clause.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* ---- lines ---- */

static void skip_blanks(fd_line *line)
{
    unsigned columns;
    size_t n;

    while ((n = fd_ding__blank((fd_view){ line->whole.ptr + line->at, line->whole.len - line->at },
                               &columns)) > 0) {
        line->at += n;
        line->column++;
        line->indent += columns;
    }
}

void fd_line_open(fd_line *line, fd_view whole, uint32_t number)
{
    *line = (fd_line){ whole, 0, number, 1, 0 };
    skip_blanks(line);
}

bool fd_line_done(const fd_line *line)
{
    return line->at >= line->whole.len;
}

/* U+FF03 is the full-width number sign. */
bool fd_line_is_comment(const fd_line *line)
{
    fd_view rest = { line->whole.ptr + line->at, line->whole.len - line->at };

    return fd_view_starts(rest, "#") || fd_view_starts(rest, "\xEF\xBC\x83");
}

static fd_view word_at(fd_view whole, size_t at)
{
    size_t end = at;
    unsigned columns;

    while (end < whole.len &&
           !fd_ding__blank((fd_view){ whole.ptr + end, whole.len - end }, &columns))
        (void)fd_utf8_next(whole.ptr, whole.len, &end);
    return (fd_view){ whole.ptr + at, end - at };
}

fd_view fd_line_word(const fd_line *line)
{
    return word_at(line->whole, line->at);
}

fd_view fd_line_wrapped_word(const fd_line *line)
{
    fd_view rest = { line->whole.ptr + line->at, line->whole.len - line->at };
    ptrdiff_t end;

    if (!fd_view_starts(rest, "「") || (end = fd_view_find(rest, "」")) < 0)
        return fd_line_word(line);
    return (fd_view){ rest.ptr, (size_t)end + strlen("」") };
}

void fd_line_pass(fd_line *line, size_t n)
{
    line->column += fd_ding__code_points((fd_view){ line->whole.ptr + line->at, n });
    line->at += n;
}

void fd_line_skip(fd_line *line, size_t n)
{
    unsigned indent = line->indent;

    fd_line_pass(line, n);
    skip_blanks(line);
    line->indent = indent;
}

fd_error *fd_reader__fault(fd_reader *r, const char *rule, const fd_line *line, uint32_t column,
                           fd_view found, const char *zh, const char *en, ...)
{
    fd_span span = { line->number, column, fd_ding__code_points(found) };
    fd_error *e =
        fd_ding__finding(r->diags, FD_FAULT, rule, r->file, span, line->whole, "%s", "%s", "");
    va_list args, again;

    r->faulty = true;
    va_start(args, en);
    va_copy(again, args);
    vsnprintf(e->message[FD_ZH], sizeof e->message[FD_ZH], zh, args);
    vsnprintf(e->message[FD_EN], sizeof e->message[FD_EN], en, again);
    va_end(again);
    va_end(args);
    return e;
}

/* ---- scanning ---- */

/* Where the text of a clause is being collected from. */
typedef struct scan {
    fd_line *line;
    fd_draft *draft;
    size_t start; /* of the present run */
    uint32_t start_column;
    bool in_cite;
    bool is_expression;
    int depth;
} scan;

static bool is_expression(const fd_clause_rule *rule)
{
    return rule && (rule->shape == FD_SHAPE_NUMBER || rule->shape == FD_SHAPE_TRUTH ||
                    rule->shape == FD_SHAPE_MISSING || rule->shape == FD_SHAPE_LIGHT ||
                    rule->shape == FD_SHAPE_LIGHTS || rule->shape == FD_SHAPE_NAMED_TRUTH ||
                    rule->shape == FD_SHAPE_NAMED_NUMBER || rule->shape == FD_SHAPE_GRANT);
}

static void add_cite(fd_draft *d, fd_view text)
{
    text = fd_view_trim(text);
    if (d->cite.len && text.len)
        fd_buf_puts(&d->cite, ";");
    fd_buf_view(&d->cite, text);
    d->cited = true;
}

/* What was collected up to `end` becomes a piece of the argument or of the citation. */
static void flush(scan *s, size_t end)
{
    fd_view text = { s->line->whole.ptr + s->start, end - s->start };
    fd_view trimmed = fd_view_trim(text);

    if (s->in_cite) {
        add_cite(s->draft, text);
    } else if (trimmed.len) {
        fd_view before = { text.ptr, (size_t)(trimmed.ptr - text.ptr) };
        fd_piece piece = { trimmed, s->line->whole, s->line->number,
                           s->start_column + fd_ding__code_points(before) };

        fd_vec_push(&s->draft->pieces, piece);
    }
}

static void move_to(scan *s, size_t at)
{
    fd_line *l = s->line;

    l->column += fd_ding__code_points((fd_view){ l->whole.ptr + l->at, at - l->at });
    l->at = at;
}

static void restart(scan *s)
{
    s->start = s->line->at;
    s->start_column = s->line->column;
}

/* The offset behind the bracket that closes the one at `open`, counting nested ones; 0 when none
 * does. */
static size_t closing(fd_view whole, size_t open, const char *opener, const char *closer)
{
    size_t at = open, depth = 0, n = strlen(opener), m = strlen(closer);

    while (at < whole.len) {
        if (whole.len - at >= m && memcmp(whole.ptr + at, closer, m) == 0) {
            at += m;
            if (--depth == 0)
                return at;
        } else if (whole.len - at >= n && memcmp(whole.ptr + at, opener, n) == 0) {
            at += n;
            depth++;
        } else {
            at++;
        }
    }
    return 0;
}

/* 〔2026〕 glued to the word before it belongs to a document number: 豫工信联运行〔2026〕5号. */
static bool is_document_year(fd_view whole, size_t open, size_t end)
{
    unsigned columns;
    size_t before = open;

    if (end - open != 2 * strlen("〔") + 4 || before == 0)
        return false;
    for (size_t i = open + strlen("〔"); i < open + strlen("〔") + 4; i++)
        if (whole.ptr[i] < '0' || whole.ptr[i] > '9')
            return false;
    do
        before--;
    while (before && ((unsigned char)whole.ptr[before] & 0xC0) == 0x80);
    return fd_ding__blank((fd_view){ whole.ptr + before, open - before }, &columns) == 0;
}

/* 〔…〕: out of the argument, into the citation. */
static void take_citation(fd_reader *r, scan *s)
{
    fd_line *l = s->line;
    size_t open = l->at, end = closing(l->whole, open, "〔", "〕");
    size_t mark = strlen("〔");

    if (end && (s->in_cite || is_document_year(l->whole, open, end))) {
        move_to(s, end);
        return;
    }
    if (!end) {
        fd_reader__fault(r, "cite", l, l->column, FD_VIEW("〔"), "〔 没有闭合", "〔 is not closed");
        end = l->whole.len + mark;
    }
    flush(s, open);
    if (!s->in_cite)
        add_cite(s->draft, (fd_view){ l->whole.ptr + open + mark, end - open - 2 * mark });
    move_to(s, end > l->whole.len ? l->whole.len : end);
    restart(s);
}

/* 「…」, and in expressions quoted text: nothing inside is a comment, citation or keyword. */
static void skip_quoted(fd_reader *r, scan *s, const char *opener, const char *closer)
{
    fd_line *l = s->line;
    size_t from = l->at + strlen(opener);
    ptrdiff_t end = fd_view_find((fd_view){ l->whole.ptr + from, l->whole.len - from }, closer);

    if (end < 0) {
        fd_reader__fault(r, "bracket", l, l->column, fd_view_of(opener), "%s 没有闭合",
                         "%s is not closed", opener);
        move_to(s, l->whole.len);
        return;
    }
    move_to(s, from + (size_t)end + strlen(closer));
}

/* Behind two or more blanks: a citation, the next clause (true), or just more text. */
static bool behind_blanks(fd_reader *r, scan *s, size_t before, bool header)
{
    fd_line *l = s->line;
    fd_view word = fd_line_word(l);
    const fd_clause_rule *rule = fd_grammar_clause(r->kind, word);
    bool whole = !s->draft->rule ? !header : (s->draft->rule->flags & FD_CLAUSE_WHOLE) != 0;

    if (!rule)
        return false;
    if (!header && strcmp(rule->zh, "依据") == 0) {
        if (s->draft->rule && strcmp(s->draft->rule->zh, "依据") == 0)
            return false;
        flush(s, before);
        move_to(s, l->at + word.len);
        s->in_cite = true;
        s->depth = 0;
        restart(s);
        return false;
    }
    if (whole || s->depth > 0)
        return false;
    flush(s, before);
    return true;
}

bool fd_clause__scan(fd_reader *r, fd_line *line, fd_draft *draft, bool header)
{
    scan s = { .line = line, .draft = draft, .is_expression = is_expression(draft->rule) };
    bool after_blank = true;

    restart(&s);
    while (!fd_line_done(line)) {
        fd_view rest = { line->whole.ptr + line->at, line->whole.len - line->at };
        size_t before = line->at;
        unsigned columns, total = 0;
        uint32_t first = line->column;
        size_t n;

        while (
            (n = fd_ding__blank((fd_view){ line->whole.ptr + line->at, line->whole.len - line->at },
                                &columns)) > 0) {
            line->at += n;
            line->column++;
            total += columns;
        }
        if (line->column > first) {
            after_blank = true;
            if (total >= 2 && !fd_line_done(line) && behind_blanks(r, &s, before, header))
                return true;
            continue;
        }
        if (after_blank && fd_line_is_comment(line)) {
            flush(&s, line->at);
            if (draft->comment.len)
                fd_buf_putc(&draft->comment, ' ');
            fd_buf_view(&draft->comment,
                        fd_view_trim((fd_view){ rest.ptr + (rest.ptr[0] == '#' ? 1 : 3),
                                                rest.len - (rest.ptr[0] == '#' ? 1 : 3) }));
            move_to(&s, line->whole.len);
            return false;
        }
        if (fd_view_starts(rest, "「")) {
            skip_quoted(r, &s, "「", "」");
        } else if (s.is_expression && !s.in_cite && rest.ptr[0] == '"') {
            skip_quoted(r, &s, "\"", "\"");
        } else if (s.is_expression && !s.in_cite && fd_view_starts(rest, "“")) {
            skip_quoted(r, &s, "“", "”");
        } else if (fd_view_starts(rest, "〔")) {
            take_citation(r, &s);
            after_blank = s.start == line->at; /* what follows begins anew */
            continue;
        } else {
            size_t next = line->at;
            uint32_t c;

            if (fd_view_starts(rest, "〕"))
                fd_reader__fault(r, "cite", line, line->column, FD_VIEW("〕"), "〕 前面没有 〔",
                                 "〕 without a 〔 before it");
            c = fd_utf8_next(line->whole.ptr, line->whole.len, &next);

            if (s.is_expression)
                s.depth += (c == '(' || c == 0xFF08) - (c == ')' || c == 0xFF09);
            line->at = next;
            line->column++;
        }
        after_blank = false;
    }
    flush(&s, line->whole.len);
    return false;
}

/* ---- finishing ---- */

/* 「name」 or "name" alone is the name. */
static fd_view unwrap(fd_view w)
{
    static const char *const pairs[][2] = { { "「", "」" }, { "\"", "\"" }, { "“", "”" } };

    for (size_t i = 0; i < 3; i++) {
        size_t a = strlen(pairs[i][0]), b = strlen(pairs[i][1]);

        if (w.len >= a + b && fd_view_starts(w, pairs[i][0]) && fd_view_ends(w, pairs[i][1]) &&
            fd_view_find((fd_view){ w.ptr + a, w.len - a }, pairs[i][1]) ==
                (ptrdiff_t)(w.len - a - b))
            return (fd_view){ w.ptr + a, w.len - a - b };
    }
    return w;
}

/* １２．５ and Ｃ２５１１ are 12.5 and C2511: a word all of ASCII in either width, never part of a
 * name. */
static const char *narrow(fd_reader *r, fd_view word)
{
    char *out = fd_arena_strndup(r->arena, word.ptr, word.len);
    size_t n = 0;

    for (size_t i = 0; i < word.len;) {
        uint32_t c = fd_utf8_next(word.ptr, word.len, &i);

        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        else if (c >= 0x80)
            return fd_arena_strndup(r->arena, word.ptr, word.len);
        out[n++] = (char)c; /* never longer than what it stands for */
    }
    out[n] = '\0';
    return out;
}

/* Cut at blanks, commas and semicolons outside 「」, quotes and parentheses. */
static void cut_words(fd_reader *r, fd_clause *clause)
{
    fd_vec(fd_view) words = { 0 };
    fd_view v = fd_view_of(clause->text);
    size_t at = 0, start = 0;
    int depth = 0;
    bool bracketed = false, quoted = false;

    for (;;) {
        size_t here = at;
        uint32_t c = at < v.len ? fd_utf8_next(v.ptr, v.len, &at) : 0;
        uint32_t half = c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
        bool inside = bracketed || quoted || depth > 0;

        if (c == 0 || (!inside && (half == ' ' || half == '\t' || c == 0x3000 || c == 0xA0 ||
                                   half == ',' || half == ';' || c == 0x3001))) {
            if (here > start) {
                fd_view word = { v.ptr + start, here - start };

                fd_vec_push(&words, word);
            }
            start = at;
            if (c == 0)
                break;
            continue;
        }
        if (half == '"' && !bracketed)
            quoted = !quoted;
        bracketed = c == 0x300C || (bracketed && c != 0x300D);
        if (!bracketed && !quoted)
            depth += (half == '(') - (half == ')' && depth > 0);
    }
    clause->word_count = words.count;
    clause->words = fd_arena_alloc(r->arena, (words.count + 1) * sizeof *clause->words);
    for (size_t i = 0; i < words.count; i++) {
        fd_view w = unwrap(words.items[i]);

        clause->words[i] = narrow(r, w);
    }
    fd_vec_dispose(&words);
}

/* Each word by its canonical form. */
static bool choose_words(fd_reader *r, fd_draft *d)
{
    fd_clause *c = &d->clause;
    fd_buf choices = FD_BUF_INIT;
    bool ok = true;

    for (const fd_word *w = d->rule->words; w->zh; w++)
        if (w == d->rule->words || strcmp(w[-1].en, w->en) != 0)
            fd_buf_printf(&choices, "%s%s(%s)", choices.len ? "、" : "", w->zh, w->en);
    for (size_t i = 0; i < c->word_count && ok; i++) {
        const fd_word *w = fd_grammar_word(d->rule->words, fd_view_of(c->words[i]));

        if (w) {
            c->words[i] = w->zh;
            continue;
        }
        fd_error_set_hint(fd_ding__finding(r->diags, FD_FAULT, "word", r->file, c->argument,
                                           d->whole, "%s 不能写「%.60s」",
                                           "%s may not be \"%.60s\"",
                                           fd_arena_strdup(r->arena, c->keyword), c->words[i]),
                          "应为 %s", "one of %s", fd_buf_text(&choices));
        ok = false;
    }
    if (ok && (c->word_count == 0 || ((d->rule->flags & FD_CLAUSE_ONE) && c->word_count != 1))) {
        fd_error_set_hint(fd_ding__finding(r->diags, FD_FAULT, "word", r->file, c->span, d->whole,
                                           "%s 要写一个词", "%s takes one word", c->keyword),
                          "应为 %s", "one of %s", fd_buf_text(&choices));
        ok = false;
    }
    fd_buf_dispose(&choices);
    return ok;
}

bool fd_clause__finish(fd_reader *r, fd_draft *d)
{
    fd_clause *c = &d->clause;
    fd_buf text = FD_BUF_INIT;
    bool ok = true;

    for (size_t i = 0; i < d->pieces.count; i++) {
        if (i)
            fd_buf_putc(&text, ' ');
        fd_buf_view(&text, d->pieces.items[i].text);
    }
    c->text = fd_arena_strndup(r->arena, fd_buf_text(&text), text.len);
    fd_buf_dispose(&text);
    c->argument = c->span;
    if (d->pieces.count)
        c->argument = (fd_span){ d->pieces.items[0].line, d->pieces.items[0].column,
                                 fd_ding__code_points(d->pieces.items[0].text) };
    if (d->cited)
        c->cite = fd_arena_strndup(r->arena, fd_buf_text(&d->cite), d->cite.len);
    if (d->comment.len)
        c->comment = fd_arena_strndup(r->arena, fd_buf_text(&d->comment), d->comment.len);
    cut_words(r, c);
    if (is_expression(d->rule)) {
        /* with no argument the fault is placed at the keyword */
        fd_piece none = { { "", 0 }, d->whole, c->span.line, c->span.column };

        ok = fd_expr__parse(c, d->rule->shape, r->arena, d->pieces.count ? d->pieces.items : &none,
                            d->pieces.count ? d->pieces.count : 1, r->file, r->diags);
    }
    if (d->rule && d->rule->shape == FD_SHAPE_VOCABULARY)
        ok = choose_words(r, d);
    if (d->rule && d->rule->shape == FD_SHAPE_NAMED_TEXT)
        c->name = c->word_count ? c->words[0] : "";
    fd_vec_dispose(&d->pieces);
    fd_buf_dispose(&d->cite);
    fd_buf_dispose(&d->comment);
    return ok;
}
