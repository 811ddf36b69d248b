/*
 * Tables, charts, numbered items and quotations of a paper.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/rows.h"
#include "report/composing.h"

/* "标题 | LIST [前 N]" */
static int cut_list(fd_list **list, fd_view *title, size_t *most, composing *k, fd_view rest)
{
    ptrdiff_t bar = fd_view_find(rest, "|");
    fd_view words, name;

    *list = NULL;
    *title = (fd_view){ "", 0 };
    if (bar < 0)
        return fd_composing__fail(k, "要写「标题 | 名单」", "expected \"title | list\"");
    *title = fd_view_trim((fd_view){ rest.ptr, (size_t)bar });
    words = (fd_view){ rest.ptr + bar + 1, rest.len - (size_t)bar - 1 };
    name = fd_composing__word(&words);
    if (!(*list = fd_report__find_list(&k->m, name)))
        return fd_composing__fail(k, "没有这个名单;名单要写在上面",
                                  "no such list; it must stand above");
    *most = SIZE_MAX;
    if (fd_view_is(fd_composing__word(&words), "前"))
        *most = (size_t)atoi(words.len ? words.ptr : "0");
    return 0;
}

static void put_missing_list(composing *k, const char *title, const fd_list *list)
{
    if (strchr(title, '#')) /* it has no number */
        title = strchr(title, '#') + 1 + strspn(strchr(title, '#') + 1, " ");
    fd_paper_missing missing = { title, list->name, list->reason };

    fd_vec_push(&k->m.paper->missing, missing);
}

int fd_composing__table(composing *k, fd_view rest)
{
    fd_view id = fd_composing__word(&rest), title_text = { "", 0 };
    const char *title;
    fd_list *list;
    fd_paper_block b;
    size_t most;
    bool missing;
    int err;

    if ((err = fd_composing__id(k, id)) < 0 ||
        (err = cut_list(&list, &title_text, &most, k, rest)) < 0 ||
        (err = fd_composing__text(&title, &missing, k, title_text)) < 0)
        return err;
    assert(list);
    if (!list->rows.count) {
        if (list->reason)
            put_missing_list(k, title[0] ? title : fd_report__copy(&k->m, id), list);
        return 0;
    }
    fd_composing__settle(k);
    title = fd_composing__number(k, title);
    if (title[0])
        fd_report__paragraph(k->m.paper, FD_DOCX_CAPTION,
                             fd_arena_printf(k->m.arena, "c%.*s", (int)id.len, id.ptr), title);
    memset(&b, 0, sizeof b);
    b.kind = FD_BLOCK_TABLE;
    b.id = fd_report__copy(&k->m, id);
    for (size_t c = 0; c < list->columns.count; c++) {
        fd_docx_column column = { list->columns.items[c].weight, list->columns.items[c].align };

        fd_vec_push(&b.columns, column);
        fd_vec_push(&b.cells, fd_report__plain(&k->m, list->columns.items[c].title));
    }
    for (size_t r = 0; r < list->rows.count && r < most; r++)
        for (size_t c = 0; c < list->columns.count; c++)
            fd_vec_push(&b.cells, list->rows.items[r].cells[c]);
    fd_vec_push(&k->m.paper->blocks, b);
    fd_vec_push(&k->notes, ((table_note){ k->m.paper->blocks.count, list }));
    /* Its text is known when every mark has been met: finish() fills it. */
    fd_report__paragraph(k->m.paper, FD_DOCX_NOTE,
                         fd_arena_printf(k->m.arena, "n%.*s", (int)id.len, id.ptr), "");
    return 0;
}

/* 图谱 and 创新图: a picture of the chain, from the tables that the engines gave. */
static int put_picture(composing *k, fd_view id, const fd_list *list, const char *title,
                       bool innovation)
{
    fd_composer *m = &k->m;
    const fd_table *map = list->engine, *four = NULL;
    fd_paper_block b;
    int err;

    if (innovation && (four = map) != NULL && (err = fd_report__engine(&map, m, "图谱")) < 0)
        return err;
    memset(&b, 0, sizeof b);
    b.kind = FD_BLOCK_PICTURE;
    if (!map || (innovation && !four) ||
        !fd_report__chain_picture(&b.picture, m->arena, map, four, title)) {
        if (list->reason)
            put_missing_list(k, title, list);
        return 0;
    }
    fd_composing__settle(k);
    title = fd_composing__number(k, title);
    fd_report__paragraph(m->paper, FD_DOCX_CAPTION,
                         fd_arena_printf(m->arena, "c%.*s", (int)id.len, id.ptr), title);
    fd_vec_push(&m->paper->blocks, b);
    return 0;
}

static const char *category(fd_composer *m, const fd_list_row *row)
{
    fd_period p = row->value.period;

    if (p != FD_PERIOD_NONE && strstr(row->name, "年") && strstr(row->name, "月"))
        return fd_arena_printf(m->arena, "%d-%02d", fd_period_year_of(p), fd_period_number_of(p));
    return row->name;
}

int fd_composing__chart(composing *k, fd_view rest)
{
    fd_view id = fd_composing__word(&rest), kind = fd_composing__word(&rest), title_text;
    fd_composer *m = &k->m;
    const char *title, **categories;
    fd_docx_series *series;
    fd_paper_block b;
    fd_list *list;
    size_t most, n, extra;
    bool missing, is_waterfall = fd_view_is(kind, "瀑布");
    int err;

    if ((err = fd_composing__id(k, id)) < 0 ||
        (err = cut_list(&list, &title_text, &most, k, rest)) < 0 ||
        (err = fd_composing__text(&title, &missing, k, title_text)) < 0)
        return err;
    assert(list);
    if (fd_view_is(kind, "图谱") || fd_view_is(kind, "创新图"))
        return put_picture(k, id, list, title, fd_view_is(kind, "创新图"));
    if (!list->series_names.count || !list->rows.count) {
        if (list->reason)
            put_missing_list(k, title, list);
        return 0;
    }
    n = list->rows.count < most ? list->rows.count : most;
    extra = is_waterfall && isfinite(list->total) ? 2 : 0;
    memset(&b, 0, sizeof b);
    b.kind = FD_BLOCK_CHART;
    b.chart.kind = is_waterfall               ? FD_DOCX_WATERFALL
                   : fd_view_is(kind, "条形") ? FD_DOCX_BARS
                                              : FD_DOCX_LINE;
    b.chart.title = title;
    b.chart.unit = list->chart_unit;
    b.chart.digits = list->chart_digits;
    categories = fd_arena_alloc(m->arena, (n + extra + 1) * sizeof *categories);
    series = fd_arena_alloc(m->arena, list->series_names.count * sizeof *series);
    for (size_t i = 0; i < n; i++)
        categories[i] = category(m, &list->rows.items[i]);
    for (size_t s = 0; s < list->series_names.count; s++) {
        double *values = fd_arena_alloc(m->arena, (n + extra + 1) * sizeof *values), sum = 0;

        for (size_t i = 0; i < n; i++) {
            values[i] = list->series_values.items[s][i];
            sum += isfinite(values[i]) ? values[i] : 0;
        }
        if (extra) {
            categories[n] = "其他";
            categories[n + 1] = "合计";
            values[n] = list->total - sum;
            values[n + 1] = list->total;
        }
        series[s] = (fd_docx_series){ list->series_names.items[s], values };
    }
    b.chart.categories = categories;
    b.chart.category_count = n + extra;
    b.chart.series = series;
    b.chart.series_count = list->series_names.count;
    fd_composing__settle(k);
    b.chart.title = title = fd_composing__number(k, title);
    fd_report__paragraph(m->paper, FD_DOCX_CAPTION,
                         fd_arena_printf(m->arena, "c%.*s", (int)id.len, id.ptr), title);
    fd_vec_push(&m->paper->blocks, b);
    return 0;
}

/* 条 NAME: every row of a list as a numbered paragraph. */
int fd_composing__items(composing *k, fd_view rest)
{
    fd_list *list = fd_report__find_list(&k->m, fd_view_trim(rest));

    if (!list)
        return fd_composing__fail(k, "没有这个名单;名单要写在上面",
                                  "no such list; it must stand above");
    if (!list->rows.count && list->reason)
        put_missing_list(k, list->name, list);
    for (size_t i = 0; i < list->rows.count; i++) {
        fd_composing__settle(k);
        fd_report__paragraph(
            k->m.paper, FD_DOCX_BODY, fd_arena_printf(k->m.arena, "q%ld%s%zu", k->line, "x", i + 1),
            fd_arena_printf(k->m.arena, "%zu. %s", i + 1, list->rows.items[i].name));
    }
    return 0;
}

/* 引 ID: a sentence from the library, verbatim, with its source. */
int fd_composing__quotation(composing *k, fd_view rest)
{
    fd_view id = fd_view_trim(rest);
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows = NULL;
    const fd_row *row;
    bool found = false;
    int err = 0;

    if (k->m.c->quotations.len &&
        (err = fd_rows_open_memory(&rows, k->m.c->quotations.ptr, k->m.c->quotations.len,
                                   "quotations.csv", &options)) < 0)
        return err;
    while (rows && !found && (err = fd_rows_next(rows, &row)) > 0)
        if (row->count >= 3 && fd_view_equal(row->cells[0].text, id)) {
            const char *text = fd_arena_printf(k->m.arena, "“%.*s”(%.*s)",
                                               (int)row->cells[1].text.len, row->cells[1].text.ptr,
                                               (int)row->cells[2].text.len, row->cells[2].text.ptr);

            fd_composing__settle(k);
            fd_report__paragraph(k->m.paper, FD_DOCX_BODY,
                                 fd_arena_printf(k->m.arena, "quote%ld", k->line), text);
            found = true;
        }
    fd_rows_close(rows);
    if (!found && err >= 0) {
        fd_paper_missing missing = { "引文", fd_report__copy(&k->m, id), "引文库里没有这一条" };

        fd_vec_push(&k->m.paper->missing, missing);
    }
    return err < 0 ? err : 0;
}
