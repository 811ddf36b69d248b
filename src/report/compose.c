/*
 * A definition, line by line, into a paper.
 *
 * Each line is a keyword, a blank and the rest; docs/papers.md is the manual.  The composer goes
 * through the text once: phrases and lists must stand above what uses them.  A heading waits until
 * something stands below it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "report/composing.h"

#define MAX_ID 20 /* characters: "_fd_", the id, "_" and 12 digits fit a bookmark of 40 */

void fd_report__composer_init(fd_composer *m, const fd_paper_context *c, fd_paper *paper,
                              const char *name)
{
    memset(m, 0, sizeof *m);
    m->own = *c;
    m->c = &m->own;
    if (c->at != FD_PERIOD_NONE && fd_period_kind_of(c->at) == FD_CUMULATIVE &&
        fd_period_number_of(c->at) == 2)
        m->own.source = m->joined = fd_report__joined(c->source, c->program);
    m->paper = paper;
    m->arena = paper->arena;
    m->name = name;
    m->tables = fd_map_new();
    m->periods = fd_map_new();
    m->marks = fd_map_new();
    m->tags = fd_map_new();
    fd_report__mark(m, c->marks ? c->marks : "");
}

void fd_report__composer_dispose(fd_composer *m)
{
    fd_report__joined_free(m->joined);
    for (size_t i = 0; i < fd_map_count(m->tables); i++)
        fd_table_free((fd_table *)(uintptr_t)fd_map_value(m->tables, i));
    for (size_t i = 0; i < fd_map_count(m->periods); i++) {
        void *list = (void *)(uintptr_t)fd_map_value(m->periods, i);

        free(*(void **)list); /* the first member of a period list is its array */
        free(list);
    }
    for (size_t i = 0; m->engines && i < fd_map_count(m->engines); i++)
        fd_table_free((fd_table *)(uintptr_t)fd_map_value(m->engines, i));
    fd_map_free(m->engines);
    fd_map_free(m->tables);
    fd_map_free(m->periods);
    fd_map_free(m->marks);
    fd_map_free(m->tags);
    for (size_t i = 0; i < m->phrases.count; i++)
        fd_vec_dispose(&m->phrases.items[i]->cases);
    fd_vec_dispose(&m->phrases);
    for (size_t i = 0; i < m->lists.count; i++) {
        fd_vec_dispose(&m->lists.items[i]->columns);
        fd_vec_dispose(&m->lists.items[i]->rows);
        fd_vec_dispose(&m->lists.items[i]->notes);
        fd_vec_dispose(&m->lists.items[i]->series_names);
        fd_vec_dispose(&m->lists.items[i]->series_values);
    }
    fd_vec_dispose(&m->lists);
}

/* Name the place of a failure: the file and line of the definition. */
int fd_composing__at_line(const composing *k, int err)
{
    fd_place place = { k->m.name, NULL, k->line, 0 };

    if (err == FD_EPARSE && fd_error_last()->code != FD_EPARSE)
        fd_error_set(FD_EPARSE, "文稿定义的这一行看不懂",
                     "this line of the paper is not understood");
    fd_error_at(place);
    return err;
}

void fd_report__paragraph(fd_paper *paper, fd_docx_style style, const char *id, const char *text)
{
    fd_paper_block b;
    fd_docx_span span = { fd_arena_strdup(paper->arena, text), NULL, NULL, 0 };

    memset(&b, 0, sizeof b);
    b.kind = FD_BLOCK_PARAGRAPH;
    b.id = id;
    b.style = style;
    fd_vec_push(&b.spans, span);
    fd_vec_push(&paper->blocks, b);
}

/* The first # of a text becomes a number. */
static const char *with_number(fd_composer *m, const char *text, const char *number)
{
    const char *at = strchr(text, '#');

    return at ? fd_arena_printf(m->arena, "%.*s%s%s", (int)(at - text), text, number, at + 1)
              : text;
}

/* Headings whose section has something after all; only now are they numbered. */
void fd_composing__settle(composing *k)
{
    for (size_t i = 0; i < k->waiting.count; i++) {
        fd_docx_span *span = &k->waiting.items[i].spans.items[0];

        if (k->waiting.items[i].style == FD_DOCX_HEADING1) {
            k->sections++;
            k->subsections = 0;
        } else {
            k->subsections++;
        }
        span->text =
            with_number(&k->m, span->text,
                        fd_report__ordinal(&k->m, k->waiting.items[i].style == FD_DOCX_HEADING1
                                                      ? k->sections
                                                      : k->subsections));
        fd_vec_push(&k->m.paper->blocks, k->waiting.items[i]);
    }
    k->waiting.count = 0;
}

/* "附表# 停产企业": what is written gets the next number of its kind. */
const char *fd_composing__number(composing *k, const char *title)
{
    const char *at = strchr(title, '#');
    fd_view kind = { title, at ? (size_t)(at - title) : 0 };
    char number[16];

    if (!at)
        return title;
    fd_map_set(k->counters, kind, fd_map_intern(k->counters, kind, 0) + 1);
    snprintf(number, sizeof number, "%d", (int)fd_map_intern(k->counters, kind, 0));
    return with_number(&k->m, title, number);
}

int fd_composing__id(const composing *k, fd_view id)
{
    size_t at = 0, count = 0;

    while (at < id.len) {
        uint32_t c = fd_utf8_next(id.ptr, id.len, &at);

        count++;
        if (c < 0x80 && !((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')))
            return fd_composing__fail(k, "标识只用字母、数字和汉字",
                                      "an id has letters, digits and ideographs only");
    }
    if (!count || count > MAX_ID)
        return fd_composing__fail(k, "标识应为 1 至 20 个字", "an id has 1 to 20 characters");
    return 0;
}

/* "ID rest" */
fd_view fd_composing__word(fd_view *rest)
{
    size_t n = 0;
    fd_view word;

    *rest = fd_view_trim(*rest);
    while (n < rest->len && rest->ptr[n] != ' ' && rest->ptr[n] != '\t')
        n++;
    word = (fd_view){ rest->ptr, n };
    *rest = fd_view_trim((fd_view){ rest->ptr + n, rest->len - n });
    return word;
}

/* ---- sentences ---- */

/* "。" or ";" at the end moves behind what is inserted. */
static void put_mark(fd_sentence *s, fd_composer *m, const char *mark)
{
    static const char *const ends[] = { "。", "；", ";", "，", "," };
    fd_docx_span *last = s->spans.count ? &s->spans.items[s->spans.count - 1] : NULL;
    fd_view text = last ? fd_view_of(last->text) : (fd_view){ "", 0 };

    for (size_t i = 0; last && !last->tag && i < sizeof ends / sizeof *ends; i++)
        if (fd_view_ends(text, ends[i])) {
            last->text = fd_arena_printf(m->arena, "%.*s%s%s", (int)(text.len - strlen(ends[i])),
                                         text.ptr, mark, ends[i]);
            return;
        }
    fd_vec_push(&s->spans, fd_report__plain(m, mark));
}

/* 核定 and 测算: once at the end when every figure of the sentence is of one kind, else behind each
 * figure that is marked. */
static void put_marks(fd_sentence *s, fd_composer *m)
{
    static const char *const names[] = { "", "核定", "测算，内部参考", "公开发表" };
    const char *doubt = s->is_doubtful ? "含待核数" : "";
    fd_series_kind one = s->figures.count ? s->figures.items[0].series : FD_SERIES_PLAIN;
    bool is_mixed = false, said_own = false;

    for (size_t i = 0; i < s->figures.count; i++)
        is_mixed |= s->figures.items[i].series != one;
    for (size_t i = s->figures.count; is_mixed && i > 0; i--) {
        const fd_sentence_figure *f = &s->figures.items[i - 1];
        const char *name = f->series == FD_SERIES_OWN && said_own ? "测算" : names[f->series];
        fd_docx_span mark = fd_report__plain(m, fd_arena_printf(m->arena, "（%s）", name));

        if (f->series == FD_SERIES_PLAIN)
            continue;
        said_own |= f->series == FD_SERIES_OWN;
        fd_vec_push(&s->spans, mark);
        memmove(s->spans.items + f->after + 1, s->spans.items + f->after,
                (s->spans.count - 1 - f->after) * sizeof mark);
        s->spans.items[f->after] = mark;
    }
    if (is_mixed)
        one = FD_SERIES_PLAIN;
    if (names[one][0] || doubt[0])
        put_mark(s, m,
                 fd_arena_printf(m->arena, "（%s%s%s）", names[one],
                                 names[one][0] && doubt[0] ? "；" : "", doubt));
}

static void end_paragraph(composing *k)
{
    fd_paper_block b;

    if (k->paragraph && k->spans.count) {
        fd_composing__settle(k);
        memset(&b, 0, sizeof b);
        b.kind = FD_BLOCK_PARAGRAPH;
        b.id = k->paragraph;
        b.style = FD_DOCX_BODY;
        for (size_t i = 0; i < k->spans.count; i++)
            fd_vec_push(&b.spans, k->spans.items[i]);
        fd_vec_push(&k->m.paper->blocks, b);
    }
    k->paragraph = NULL;
    k->spans.count = 0;
}

/* The beginning of a template as people know the sentence: its words, … for each figure. */
static const char *beginning(fd_composer *m, fd_view text)
{
    fd_buf words = FD_BUF_INIT;
    const char *kept;
    bool is_inside = false;
    size_t fits;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '{') {
            is_inside = true;
            fd_buf_puts(&words, "…");
        } else if (text.ptr[i] == '}') {
            is_inside = false;
        } else if (!is_inside) {
            fd_buf_putc(&words, text.ptr[i]);
        }
    }
    fits = fd_utf8_fit((fd_view){ fd_buf_text(&words), words.len }, 40);
    kept = fd_arena_printf(m->arena, "%.*s%s", (int)fits, fd_buf_text(&words),
                           fits < words.len ? "…" : "");
    fd_buf_dispose(&words);
    return kept;
}

static int do_sentence(composing *k, fd_view rest)
{
    fd_composer *m = &k->m;
    fd_sentence s;
    int err, ordinal;

    if (!k->paragraph)
        return fd_composing__fail(k, "「句」要写在「段」下面",
                                  "a sentence belongs below a paragraph");
    k->missing_before = m->paper->missing.count;
    ordinal = m->ordinal;
    if ((err = fd_report__fill(&s, m, rest)) < 0) {
        fd_report__sentence_dispose(&s);
        return fd_composing__at_line(k, err);
    }
    k->was_missing = s.is_missing;
    for (size_t i = k->missing_before; i < m->paper->missing.count; i++)
        m->paper->missing.items[i].sentence = beginning(m, rest);
    if (s.is_missing)
        m->ordinal = ordinal;
    if (!s.is_missing) {
        put_marks(&s, m);
        for (size_t i = 0; i < s.spans.count; i++)
            fd_vec_push(&k->spans, s.spans.items[i]);
    }
    fd_report__sentence_dispose(&s);
    return 0;
}

/* 另: in place of the sentence above when a list of it is empty. Never when data is missing: that
 * nobody reported is not that nobody stopped. */
static int do_otherwise(composing *k, fd_view rest)
{
    if (!k->was_missing || k->m.paper->missing.count > k->missing_before)
        return 0;
    return do_sentence(k, rest);
}

/* 缺: in place of the sentence above when data is missing; says so itself, so the gap is not listed
 * again. */
static int do_instead(composing *k, fd_view rest)
{
    if (!k->was_missing || k->m.paper->missing.count == k->missing_before)
        return 0;
    k->m.paper->missing.count = k->missing_before;
    return do_sentence(k, rest);
}

/* 若 LIST sentence: only when the list has something. */
static int do_if(composing *k, fd_view rest)
{
    fd_view name = fd_composing__word(&rest);
    const fd_list *list = fd_report__find_list(&k->m, name);

    if (!list)
        return fd_composing__fail(k, "没有这个名单;名单要写在上面",
                                  "no such list; it must stand above");
    if (list->rows.count)
        return do_sentence(k, rest);
    k->was_missing = true;
    k->missing_before = k->m.paper->missing.count;
    if (list->reason) {
        fd_paper_missing missing = { beginning(&k->m, rest), list->name, list->reason };

        fd_vec_push(&k->m.paper->missing, missing);
    }
    return 0;
}

/* Plain text of a template, for titles and headings; *missing when it lacks something. */
int fd_composing__text(const char **out, bool *missing, composing *k, fd_view text)
{
    size_t before = k->m.paper->missing.count;
    fd_buf buf = FD_BUF_INIT;
    fd_sentence s;
    int err = fd_report__fill(&s, &k->m, text);

    for (size_t i = before; i < k->m.paper->missing.count; i++)
        k->m.paper->missing.items[i].sentence = beginning(&k->m, text);
    fd_docx_spans_text(&buf, s.spans.items, s.spans.count);
    *out = fd_arena_strdup(k->m.arena, fd_buf_text(&buf));
    *missing = s.is_missing;
    fd_buf_dispose(&buf);
    fd_report__sentence_dispose(&s);
    return err < 0 ? fd_composing__at_line(k, err) : 0;
}

/* ---- keywords ---- */

static int do_title(composing *k, fd_view rest)
{
    const char *text;
    bool missing;
    int err = fd_composing__text(&text, &missing, k, rest);

    if (err < 0)
        return err;
    k->m.paper->title = text;
    fd_report__paragraph(k->m.paper, FD_DOCX_TITLE, "title", text);
    return 0;
}

static void unsettle(composing *k)
{
    for (size_t i = 0; i < k->waiting.count; i++)
        fd_report__block_dispose(&k->waiting.items[i]);
    k->waiting.count = 0;
}

static int do_line(composing *k, fd_docx_style style, const char *id, fd_view rest)
{
    const char *text;
    bool missing;
    int err;

    if ((err = fd_composing__text(&text, &missing, k, rest)) < 0 || missing)
        return err;
    unsettle(k); /* a signature or a note is not what a section is for */
    fd_report__paragraph(k->m.paper, style, id, text);
    return 0;
}

static int do_subtitle(composing *k, fd_view rest)
{
    return do_line(k, FD_DOCX_SUBTITLE, "subtitle", rest);
}

static int do_sign(composing *k, fd_view rest)
{
    return do_line(k, FD_DOCX_SIGNATURE, fd_arena_printf(k->m.arena, "sign%ld", k->line), rest);
}

static int do_note(composing *k, fd_view rest)
{
    return do_line(k, FD_DOCX_NOTE, fd_arena_printf(k->m.arena, "note%ld", k->line), rest);
}

static int do_heading(composing *k, fd_docx_style style, fd_view rest)
{
    fd_paper_block b;
    const char *text;
    bool missing;
    int err;

    k->headings++;
    if ((err = fd_composing__text(&text, &missing, k, rest)) < 0 || missing)
        return err;
    /* A heading above another of its own or a higher level heads nothing. */
    while (k->waiting.count && (style == FD_DOCX_HEADING1 ||
                                k->waiting.items[k->waiting.count - 1].style == FD_DOCX_HEADING2)) {
        fd_report__block_dispose(&k->waiting.items[k->waiting.count - 1]);
        k->waiting.count--;
    }
    memset(&b, 0, sizeof b);
    b.kind = FD_BLOCK_PARAGRAPH;
    b.id = fd_arena_printf(k->m.arena, "h%d", k->headings);
    b.style = style;
    fd_vec_push(&b.spans, fd_report__plain(&k->m, text));
    fd_vec_push(&k->waiting, b);
    return 0;
}

static int do_section(composing *k, fd_view rest)
{
    k->m.ordinal = 0;
    return do_heading(k, FD_DOCX_HEADING1, rest);
}

static int do_subsection(composing *k, fd_view rest)
{
    return do_heading(k, FD_DOCX_HEADING2, rest);
}

static int do_paragraph(composing *k, fd_view rest)
{
    fd_view id = fd_composing__word(&rest);
    int err = fd_composing__id(k, id);

    if (err < 0)
        return err;
    k->paragraph = fd_report__copy(&k->m, id);
    k->was_missing = false;
    return rest.len ? do_sentence(k, rest) : 0;
}

static int do_phrase(composing *k, fd_view rest)
{
    fd_phrase *p = fd_arena_alloc(k->m.arena, sizeof *p);

    p->name = fd_report__copy(&k->m, fd_composing__word(&rest));
    fd_vec_push(&k->m.phrases, p);
    k->phrase = p;
    return 0;
}

static int do_list(composing *k, fd_view rest)
{
    fd_view name = fd_composing__word(&rest);
    int err = fd_report__list(&k->m, fd_report__copy(&k->m, name), rest);

    return err < 0 ? fd_composing__at_line(k, err) : 0;
}

static int do_break(composing *k, fd_view rest)
{
    fd_paper_block b;

    (void)rest;
    memset(&b, 0, sizeof b);
    b.kind = FD_BLOCK_BREAK;
    if (k->m.paper->blocks.count)
        fd_vec_push(&k->m.paper->blocks, b);
    return 0;
}

/* 紧凑: smaller type, for what has to fit on one page. */
static int do_compact(composing *k, fd_view rest)
{
    (void)rest;
    k->m.paper->is_compact = true;
    return 0;
}

static const struct {
    const char *word;
    int (*run)(composing *k, fd_view rest);
    bool keeps_paragraph;
} keywords[] = {
    { "题", do_title, false },
    { "副题", do_subtitle, false },
    { "落款", do_sign, false },
    { "节", do_section, false },
    { "目", do_subsection, false },
    { "段", do_paragraph, false },
    { "句", do_sentence, true },
    { "另", do_otherwise, true },
    { "缺", do_instead, true },
    { "用语", do_phrase, false },
    { "若", do_if, true },
    { "名单", do_list, false },
    { "表", fd_composing__table, false },
    { "图", fd_composing__chart, false },
    { "条", fd_composing__items, false },
    { "引", fd_composing__quotation, false },
    { "注", do_note, false },
    { "换页", do_break, false },
    { "紧凑", do_compact, false },
};

static int do_one(composing *k, fd_view line)
{
    fd_view rest = line, word;

    word = fd_composing__word(&rest);
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (!fd_view_is(word, keywords[i].word))
            continue;
        if (!keywords[i].keeps_paragraph)
            end_paragraph(k);
        k->phrase = NULL;
        return keywords[i].run(k, rest);
    }
    if (k->phrase && fd_report__phrase_case(&k->m, k->phrase, line) >= 0)
        return 0;
    return fd_composing__fail(k, "文稿定义的这一行看不懂",
                              "this line of the paper is not understood");
}

/* ---- the end ---- */

static const char *marks_text(const fd_composer *m)
{
    uint64_t any;
    bool invented = fd_map_get(m->marks, FD_VIEW("示例"), &any),
         unverified = fd_map_get(m->marks, FD_VIEW("unverified"), &any);

    if (invented)
        return unverified ? "示例：含虚构数据和未核实数据，不得引用" : "示例：含虚构数据，不得引用";
    return unverified ? "含未核实数据，引用前请核实" : "";
}

static void put_mark_line(composing *k)
{
    fd_paper *paper = k->m.paper;
    size_t at = 0;
    fd_paper_block b;

    if (!paper->mark[0])
        return;
    while (at < paper->blocks.count && (paper->blocks.items[at].style == FD_DOCX_TITLE ||
                                        paper->blocks.items[at].style == FD_DOCX_SUBTITLE))
        at++;
    fd_report__paragraph(paper, FD_DOCX_MARK, "mark",
                         fd_arena_printf(paper->arena, "（%s）", paper->mark));
    b = paper->blocks.items[paper->blocks.count - 1];
    memmove(paper->blocks.items + at + 1, paper->blocks.items + at,
            (paper->blocks.count - 1 - at) * sizeof b);
    paper->blocks.items[at] = b;
}

static void fill_notes(composing *k)
{
    for (size_t i = 0; i < k->notes.count; i++) {
        const table_note *n = &k->notes.items[i];
        fd_buf text = FD_BUF_INIT;

        for (size_t j = 0; j < n->list->notes.count; j++)
            fd_buf_printf(&text, "%s%s", text.len ? "；" : "", n->list->notes.items[j]);
        if (k->m.paper->mark[0] && !k->m.paper->is_compact)
            fd_buf_printf(&text, "%s%s", text.len ? "。" : "", k->m.paper->mark);
        if (text.len)
            k->m.paper->blocks.items[n->block].spans.items[0].text =
                fd_arena_printf(k->m.arena, "注：%s。", fd_buf_text(&text));
        fd_buf_dispose(&text);
    }
    /* Notes that stayed empty go. */
    for (size_t i = k->m.paper->blocks.count; i > 0; i--) {
        fd_paper_block *b = &k->m.paper->blocks.items[i - 1];

        if (b->kind == FD_BLOCK_PARAGRAPH && b->spans.count == 1 && !b->spans.items[0].text[0]) {
            fd_report__block_dispose(b);
            memmove(b, b + 1, (k->m.paper->blocks.count - i) * sizeof *b);
            k->m.paper->blocks.count--;
        }
    }
}

/* What could not be written, one line each; the same gap once. */
static void put_gaps(composing *k)
{
    fd_paper *paper = k->m.paper;
    size_t written = 0;

    for (size_t i = 0; i < paper->missing.count; i++) {
        const fd_paper_missing *g = &paper->missing.items[i];
        bool seen = false;

        for (size_t j = 0; j < i; j++)
            seen |= strcmp(paper->missing.items[j].sentence, g->sentence) == 0 &&
                    strcmp(paper->missing.items[j].figure, g->figure) == 0;
        if (seen)
            continue;
        if (!written++)
            fd_report__paragraph(paper, FD_DOCX_NOTE, "gap",
                                 "缺数据（下列语句或图表因缺数没有写，不以零代替）：");
        fd_report__paragraph(paper, FD_DOCX_NOTE, fd_arena_printf(paper->arena, "gap%zu", written),
                             fd_arena_printf(paper->arena, "%zu. 「%s」缺 %s：%s", written,
                                             g->sentence, g->figure,
                                             g->reason ? g->reason : "没有数据"));
    }
}

static void composing_dispose(composing *k)
{
    unsettle(k);
    fd_vec_dispose(&k->waiting);
    fd_vec_dispose(&k->spans);
    fd_vec_dispose(&k->notes);
    fd_map_free(k->counters);
    fd_report__composer_dispose(&k->m);
}

int fd_paper_compose(fd_paper **out, const fd_paper_context *context, fd_view text,
                     const char *name)
{
    fd_paper *paper = fd_alloc(sizeof *paper);
    fd_view rest = text, line;
    composing k;
    int err = 0;

    paper->arena = fd_arena_new();
    paper->title = paper->mark = "";
    memset(&k, 0, sizeof k);
    fd_report__composer_init(&k.m, context, paper, name);
    k.counters = fd_map_new();
    while (err >= 0 && fd_view_split(&rest, '\n', &line)) {
        k.line++;
        line = fd_view_trim(line);
        if (line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (line.len && line.ptr[0] != '#')
            err = do_one(&k, line);
    }
    if (err < 0)
        goto done;
    end_paragraph(&k);
    paper->mark = marks_text(&k.m);
    fill_notes(&k);
    put_mark_line(&k);
    put_gaps(&k);
done:
    composing_dispose(&k);
    if (err < 0) {
        fd_paper_free(paper);
        paper = NULL;
    }
    *out = paper;
    return err < 0 ? err : 0;
}
