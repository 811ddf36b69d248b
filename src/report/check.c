/*
 * Does a document still say what the city file says?
 *
 * A control's tag is looked up in the same paper composed today; a figure that today's paper does
 * not have (another month, a list that has changed) is evaluated from its tag when it is a plain
 * indicator; else it is reported as unknown.  What was printed stands in the control's title, so an
 * edited figure is told from an outdated one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/internal.h"

/* "fd:WHAT@PERIOD/k:CODE|a" */
typedef struct parsed_tag {
    char what[FD_DOCX_TAG_MAX * 4 + 1], code[FD_DOCX_TAG_MAX * 4 + 1];
    fd_period period;
    char kind;
    bool is_absolute;
} parsed_tag;

static bool parse_tag(parsed_tag *out, const char *tag)
{
    fd_view rest = fd_view_of(tag);
    ptrdiff_t at, slash;

    memset(out, 0, sizeof *out);
    if (!fd_view_starts(rest, "fd:") || rest.len > sizeof out->what - 1)
        return false;
    rest.ptr += 3;
    rest.len -= 3;
    if (fd_view_ends(rest, "|a")) {
        out->is_absolute = true;
        rest.len -= 2;
    }
    if ((slash = fd_view_find(rest, "/")) >= 0) {
        fd_view place = { rest.ptr + slash + 1, rest.len - (size_t)slash - 1 };

        if (place.len < 3 || place.ptr[1] != ':')
            return false;
        out->kind = place.ptr[0];
        snprintf(out->code, sizeof out->code, "%.*s", (int)place.len - 2, place.ptr + 2);
        rest.len = (size_t)slash;
    }
    if ((at = fd_view_find(rest, "@")) >= 0) {
        if (fd_period_parse(&out->period, rest.ptr + at + 1, rest.len - (size_t)at - 1) < 0) {
            fd_error_clear();
            return false;
        }
        rest.len = (size_t)at;
    }
    snprintf(out->what, sizeof out->what, "%.*s", (int)rest.len, rest.ptr);
    return true;
}

static const char *kind_of(char letter)
{
    static const char *const kinds[] = { "enterprise", "county", "division", "project" };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i][0] == letter)
            return kinds[i];
    return NULL;
}

/* County and chain begin with the same letter: the code's frame decides. */
static const char *kind_of_code(fd_composer *m, const parsed_tag *t)
{
    if (t->kind == 'c')
        return fd_report__index(m, "county", t->code) >= 0  ? "county"
               : fd_report__index(m, "chain", t->code) >= 0 ? "chain"
                                                            : NULL;
    return kind_of(t->kind);
}

fd_today fd_report__today(const char **text, const char **name, fd_composer *m, const char *tag)
{
    const fd_indicator *indicator;
    const char *kind = NULL, *code = NULL;
    parsed_tag t;
    fd_value v;

    *text = *name = "";
    for (size_t i = 0; i < m->paper->figures.count; i++)
        if (strcmp(m->paper->figures.items[i].tag, tag) == 0) {
            *text = m->paper->figures.items[i].text;
            *name = m->paper->figures.items[i].name;
            return FD_TODAY_KNOWN;
        }
    if (!parse_tag(&t, tag) || !(indicator = fd_program_indicator(m->c->program, t.what)))
        return FD_TODAY_UNKNOWN;
    *name = indicator->name;
    if (t.code[0]) {
        code = t.code;
        if (!(kind = kind_of_code(m, &t)))
            return FD_TODAY_UNKNOWN;
    }
    if (fd_report__indicator(&v, m, indicator, t.period, kind, code) < 0) {
        fd_error_clear();
        return FD_TODAY_UNKNOWN;
    }
    *name = v.name;
    if (!fd_report__has(&v))
        return FD_TODAY_MISSING;
    *text = fd_report__text(m, &v, t.is_absolute);
    return FD_TODAY_KNOWN;
}

/* The value as printed: the title up to the first bar. */
static fd_view printed(const fd_docx_span *span)
{
    fd_view title = fd_view_of(span->title ? span->title : "");
    ptrdiff_t bar = fd_view_find(title, "|");

    if (bar >= 0)
        title.len = (size_t)bar;
    return title;
}

typedef struct checking {
    fd_table *table;
    fd_composer m;
    size_t checked, different;
    int64_t paragraph;
} checking;

static void check_span(checking *k, const fd_docx_span *span)
{
    const char *today, *name, *state;
    fd_view was;
    fd_buf text = FD_BUF_INIT;
    fd_today known;
    size_t row;

    if (!span->tag || strncmp(span->tag, "fd:", 3) != 0)
        return;
    k->checked++;
    known = fd_report__today(&today, &name, &k->m, span->tag);
    was = printed(span);
    if (known == FD_TODAY_KNOWN && strcmp(today, span->text) == 0)
        return;
    if (known == FD_TODAY_KNOWN)
        state = fd_view_is(was, span->text) ? "城市文件已变" : "作者改过，与城市文件不同";
    else
        state = known == FD_TODAY_MISSING ? "城市文件今天没有这个数" : "今天的文稿不再有这个数";
    k->different++;
    row = fd_table_add_row(k->table);
    fd_buf_view(&text, was);
    fd_column_set_dec(k->table->columns[0], row, k->paragraph);
    fd_column_set_text(k->table->columns[1], row, name[0] ? name : span->tag);
    fd_column_set_text(k->table->columns[2], row, span->tag);
    fd_column_set_text(k->table->columns[3], row, span->text);
    fd_column_set_text(k->table->columns[4], row, fd_buf_text(&text));
    fd_column_set_text(k->table->columns[5], row, today);
    fd_column_set_text(k->table->columns[6], row, state);
    fd_buf_dispose(&text);
}

int fd_paper_check(fd_table **out, size_t *checked, size_t *different, const fd_paper *paper,
                   const fd_paper_context *context, const fd_docx_doc *document)
{
    static const char *const columns[][3] = { { "figure", "数", "Figure" },
                                              { "tag", "标签", "Tag" },
                                              { "document", "文稿里", "In the paper" },
                                              { "printed", "印出时", "When printed" },
                                              { "city", "城市文件今天", "City file today" },
                                              { "state", "情况", "Finding" } };
    fd_paper *scratch = fd_alloc(sizeof *scratch);
    checking k;

    memset(&k, 0, sizeof k);
    k.table = fd_table_new("paper-check", "文稿核对", "Check of a paper");
    fd_table_add_new(k.table, "paragraph", "段", "Paragraph", FD_DEC, "", 0);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        fd_table_add_new(k.table, columns[i][0], columns[i][1], columns[i][2], FD_TEXT, "", 0);
    /* Evaluating needs an arena and registers figures: neither may be the paper's. */
    scratch->arena = fd_arena_new();
    fd_report__composer_init(&k.m, context, scratch, "");
    for (size_t i = 0; i < paper->figures.count; i++)
        fd_vec_push(&scratch->figures, paper->figures.items[i]);
    for (size_t i = 0; i < document->blocks.count; i++) {
        const fd_docx_block *b = &document->blocks.items[i];

        k.paragraph = (int64_t)i + 1;
        for (size_t s = 0; s < b->spans.count; s++)
            check_span(&k, &b->spans.items[s]);
        for (size_t r = 0; r < b->rows.count; r++)
            for (size_t c = 0; c < b->rows.items[r].cells.count; c++)
                for (size_t s = 0; s < b->rows.items[r].cells.items[c].spans.count; s++)
                    check_span(&k, &b->rows.items[r].cells.items[c].spans.items[s]);
    }
    fd_report__composer_dispose(&k.m);
    fd_paper_free(scratch);
    *checked = k.checked;
    *different = k.different;
    *out = k.table;
    return 0;
}
