/*
 * Lists of what an engine above answers: 推算 NAME 列 ID,ID=标题… [画 ID,…] [每 N].
 *
 * The paper knows nothing of engines: the context hands tables over by name (图谱 缺口 四链 路径).
 * Every number of such a table is bound: its tag names the engine, the column and the row (the
 * node's code, the period, or the row's number where it has neither), and a check asks the engine
 * again.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/internal.h"

int fd_report__engine(const fd_table **out, fd_composer *m, const char *name)
{
    uint64_t known;
    fd_table *t = NULL;
    int err = 0;

    *out = NULL;
    if (!m->engines)
        m->engines = fd_map_new();
    if (!fd_map_get(m->engines, fd_view_of(name), &known)) {
        if (m->c->engine && (err = m->c->engine(m->c->payload, &t, name, m->c->place_code)) < 0)
            return err;
        known = (uint64_t)(uintptr_t)t;
        fd_map_set(m->engines, fd_view_of(name), known);
    }
    *out = (const fd_table *)(uintptr_t)known;
    return 0;
}

const char *fd_report__node_name(fd_composer *m, const char *code)
{
    const fd_table *map;
    int chain, node, name;

    if (!code[0] || fd_report__engine(&map, m, "图谱") < 0 || !map) {
        fd_error_clear();
        return code;
    }
    chain = fd_table_find(map, "chain");
    node = fd_table_find(map, "node");
    name = fd_table_find(map, "name");
    for (size_t r = 0; chain >= 0 && node >= 0 && name >= 0 && r < map->rows; r++) {
        const char *c = fd_column_text_or(map->columns[chain], r, ""),
                   *n = fd_column_text_or(map->columns[node], r, "");
        size_t length = strlen(c);

        if (strcmp(code, n) == 0 || (strncmp(code, c, length) == 0 && code[length] == '.' &&
                                     strcmp(code + length + 1, n) == 0))
            return fd_arena_strdup(m->arena, fd_column_text_or(map->columns[name], r, code));
    }
    return code;
}

/* Words of the engines' codes, as a paper prints them. */
const char *fd_report__code_word(const char *column, const char *code)
{
    static const struct {
        const char *column, *code, *word;
    } words[] = {
        { "light", "red", "■红" },       { "light", "yellow", "▲黄" },
        { "light", "green", "●绿" },     { "light", "grey", "○灰" },
        { "light", "unknown", "○灰" },   { "gap", "break", "断点" },
        { "gap", "stopped", "停产" },    { "gap", "choke", "堵点" },
        { "gap", "single", "单一来源" }, { "gap", "concentrated", "过于集中" },
        { "gap", "unknown", "不知道" },  { "stage", "up", "上游" },
        { "stage", "mid", "中游" },      { "stage", "down", "下游" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].column, column) == 0 && strcmp(words[i].code, code) == 0)
            return words[i].word;
    return code;
}

static bool is_text(const fd_column *c)
{
    return c->kind == FD_TEXT || c->kind == FD_CODE;
}

/* 列 ID or ID=标题: the columns of the list and where they stand in the table. */
static int take_columns(size_t at[16], size_t *count, fd_composer *m, fd_list *list,
                        const fd_table *t, fd_view fields)
{
    fd_view field;

    *count = 0;
    while (fields.len && *count < 16 && fd_view_split(&fields, ',', &field)) {
        ptrdiff_t equal = fd_view_find(field, "=");
        fd_view id = equal >= 0 ? (fd_view){ field.ptr, (size_t)equal } : field;
        int found = fd_table_find(t, fd_report__copy(m, id));
        const fd_column *c;
        const char *title;

        if (found < 0)
            return fd_error_set(FD_ENOTFOUND, "推算的表里没有这一列:%.*s",
                                "the engine's table has no column %.*s", (int)id.len, id.ptr);
        c = t->columns[found];
        title = equal >= 0 ? fd_report__copy(m, (fd_view){ field.ptr + equal + 1,
                                                           field.len - (size_t)equal - 1 })
                : c->unit && c->unit[0]
                    ? fd_arena_printf(m->arena, "%s（%s）", c->title[FD_ZH], c->unit)
                    : fd_arena_strdup(m->arena, c->title[FD_ZH]);
        fd_report__column(list, title,
                          fd_view_is(id, "next") || fd_view_is(id, "action") ||
                                  fd_view_is(id, "why")
                              ? 3.2
                          : fd_view_is(id, "name") || fd_view_is(id, "lead") ? 1.6
                                                                             : 1.0,
                          is_text(c) ? FD_DOCX_LEFT : FD_DOCX_RIGHT);
        at[(*count)++] = (size_t)found;
    }
    return 0;
}

/* Rows of nodes only: the four chains have one of the whole chain, too. */
static bool is_node(const fd_table *t, size_t row)
{
    int node = fd_table_find(t, "node");

    return node < 0 || fd_column_state(t->columns[node], row) == FD_HAS;
}

/* As it prints; the fourth quarter, where a level of a year's end stands, as 2027年末. */
static void format(char *out, size_t size, const fd_column *c, size_t row)
{
    size_t length;

    fd_column_format(c, row, FD_ZH, out, size);
    length = strlen(out);
    if (strcmp(c->id, "period") == 0 && length == 6 && strcmp(out + 4, "Q4") == 0)
        memcpy(out + 4, "年末", sizeof "年末");
}

/* What a row is called from draft to draft. */
static const char *row_key(fd_composer *m, const fd_table *t, size_t row)
{
    static const char *const ids[] = { "node", "period" };

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        int at = fd_table_find(t, ids[i]);
        char text[128];

        if (at < 0 || fd_column_state(t->columns[at], row) != FD_HAS)
            continue;
        fd_column_format(t->columns[at], row, FD_ZH, text, sizeof text);
        return fd_arena_strdup(m->arena, text);
    }
    return fd_arena_printf(m->arena, "%zu", row + 1);
}

/* A number as it prints, bound to its place in the engine's table. */
static fd_docx_span bound(fd_composer *m, const char *engine, const fd_table *t,
                          const fd_column *column, size_t row, const char *text)
{
    const char *key = row_key(m, t, row);
    fd_value v;

    memset(&v, 0, sizeof v);
    if (fd_decimal_parse(&v.shown, text, strlen(text)) < 0) {
        fd_error_clear();
        return fd_report__plain(m, text);
    }
    v.state = fd_column_state(column, row);
    v.marks = "";
    v.unit = column->unit ? column->unit : "";
    v.name = fd_arena_printf(m->arena, "%s:%s %s", engine, fd_report__node_name(m, key),
                             column->title[FD_ZH]);
    v.tag = fd_report__tag(m, fd_arena_printf(m->arena, "e.%s.%s", engine, column->id),
                           FD_PERIOD_NONE, "x", key);
    return fd_report__span(m, &v, false);
}

static void put_row(fd_composer *m, fd_list *list, const char *engine, const fd_table *t,
                    size_t row, const size_t *at, size_t count)
{
    fd_docx_span *cells;
    char text[2048];

    format(text, sizeof text, t->columns[count ? at[0] : 0], row);
    cells = fd_report__row(m, list, text, NULL);
    for (size_t c = 0; c < count; c++) {
        const fd_column *column = t->columns[at[c]];

        text[0] = '\0';
        if (fd_column_state(column, row) == FD_MISSING || fd_column_state(column, row) == FD_NA)
            memcpy(text, "—", sizeof "—");
        else
            format(text, sizeof text, column, row);
        cells[c] = is_text(column) || column->kind == FD_DATE || column->kind == FD_BOOL ||
                           strcmp(column->id, "period") == 0
                       ? fd_report__plain(m, fd_report__code_word(column->id, text))
                       : bound(m, engine, t, column, row, text);
    }
}

int fd_report__list_engine(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    const char *name = w->count > 1 ? fd_report__copy(m, w->words[1]) : "";
    fd_view every = fd_report__option(w, "每"), drawn = fd_report__option(w, "画"), id;
    size_t step = every.len ? (size_t)atoi(fd_report__copy(m, every)) : 1, at[16], count;
    const fd_table *t;
    int err = fd_report__engine(&t, m, name);

    if (err < 0)
        return err;
    list->engine = t;
    if (!t || !t->rows) {
        list->reason = "城市文件里没有这条链的图谱或目标";
        return 0;
    }
    if ((err = take_columns(at, &count, m, list, t, fd_report__option(w, "列"))) < 0)
        return err;
    if (step < 1)
        step = 1;
    for (size_t r = step - 1; r < t->rows; r += step)
        if (is_node(t, r))
            put_row(m, list, name, t, r, at, count);
    while (drawn.len && fd_view_split(&drawn, ',', &id)) {
        ptrdiff_t equal = fd_view_find(id, "=");
        int column =
            fd_table_find(t,
                          fd_report__copy(m, equal >= 0 ? (fd_view){ id.ptr, (size_t)equal } : id));
        double *values = fd_arena_alloc(m->arena, (list->rows.count + 1) * sizeof *values);
        size_t n = 0;

        if (column < 0)
            return fd_error_set(FD_ENOTFOUND, "推算的表里没有这一列:%.*s",
                                "the engine's table has no column %.*s", (int)id.len, id.ptr);
        for (size_t r = step - 1; r < t->rows && n < list->rows.count; r += step)
            if (is_node(t, r))
                values[n++] = fd_number_to_double(fd_column_number(t->columns[column], r));
        fd_vec_push(&list->series_names,
                    equal >= 0 ? fd_report__copy(m, (fd_view){ id.ptr + equal + 1,
                                                               id.len - (size_t)equal - 1 })
                               : fd_arena_strdup(m->arena, t->columns[column]->title[FD_ZH]));
        fd_vec_push(&list->series_values, values);
        list->chart_unit =
            fd_arena_strdup(m->arena, t->columns[column]->unit ? t->columns[column]->unit : "");
    }
    for (size_t i = 0; i < t->note_count; i++)
        fd_report__note(list, fd_arena_strdup(m->arena, t->notes[FD_ZH][i]));
    return 0;
}
