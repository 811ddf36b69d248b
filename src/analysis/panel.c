#include "analysis/panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"

static bool is_text(const fd_column *c)
{
    return c->kind == FD_TEXT || c->kind == FD_CODE;
}

static bool is_number(const fd_column *c)
{
    return c->kind == FD_EST || c->kind == FD_DEC || c->kind == FD_QUOT;
}

/* ---- columns ---- */

static int no_column(const char *name)
{
    return fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", name);
}

/* A column that was read as text: say which cell made it one. */
static int no_numbers(const fd_column *c)
{
    fd_error_set(FD_EINVAL, "列 %s 不是数", "column %s holds no numbers", c->id);
    for (size_t r = 0; is_text(c) && r < c->n; r++) {
        const char *text = fd_column_text(c, r);
        char *end;

        if (!text || (strtod(text, &end), *end == '\0' && end != text))
            continue;
        fd_error_detail("第 %zu 行是“%s”", "row %zu holds \"%s\"", r + 2, text);
        return fd_error_at((fd_place){ NULL, NULL, (long)r + 2, 0 });
    }
    return FD_EINVAL;
}

/* The columns named, or those with the prefix; appended to p->columns. */
static int take_columns(fd_panel *p, size_t *count, const fd_table *in, const char *const *names,
                        size_t name_count, const char *prefix)
{
    size_t at = p->dims;

    for (size_t k = 0; k < (name_count ? name_count : in->column_count); k++) {
        const fd_column *c;

        if (name_count) {
            int found = fd_table_find(in, names[k]);

            if (found < 0)
                return no_column(names[k]);
            c = in->columns[found];
        } else {
            c = in->columns[k];
            if (strncmp(c->id, prefix, strlen(prefix)) != 0)
                continue;
        }
        if (!is_number(c))
            return no_numbers(c);
        for (size_t j = 0; j < at; j++)
            if (p->columns[j] == c)
                return fd_error_set(FD_EINVAL, "列 %s 用了两次", "column %s is used twice", c->id);
        if (at == FD_PANEL_MOST)
            return fd_error_set(FD_EINVAL, "投入和产出最多 %d 列",
                                "at most %d columns of inputs and outputs", FD_PANEL_MOST);
        p->columns[at++] = c;
    }
    *count = at - p->dims;
    p->dims = at;
    return 0;
}

/* Radial scores know no bad outputs: such columns are left alone. */
static int find_columns(fd_panel *p, const fd_table *in, const fd_panel_columns *c,
                        fd_panel_rule rule)
{
    int err;

    p->columns = fd_alloc(FD_PANEL_MOST * sizeof(void *));
    if ((err = take_columns(p, &p->inputs, in, c->inputs, c->input_count, "in_")) < 0 ||
        (err = take_columns(p, &p->outputs, in, c->outputs, c->output_count, "out_")) < 0 ||
        (rule == FD_PANEL_DIRECTED &&
         (err = take_columns(p, &p->bads, in, c->bads, c->bad_count, "bad_")) < 0))
        return err;
    if (p->inputs && p->outputs)
        return 0;
    if (p->inputs)
        fd_error_set(FD_ENOTFOUND, "没有产出列", "there is no column of outputs");
    else
        fd_error_set(FD_ENOTFOUND, "没有投入列", "there is no column of inputs");
    return fd_error_hint("列名以 in_、out_ 开头,或用 --inputs、--outputs 指定",
                         "name columns in_…, out_…, or give --inputs and --outputs");
}

static int find_keys(const fd_column **id, const fd_column **time, fd_panel *p, const fd_table *in,
                     const fd_panel_columns *c, bool needs_time)
{
    int at = fd_table_find(in, c->id ? c->id : "id");

    *id = *time = NULL;
    if (at < 0 && c->id)
        return no_column(c->id);
    if (at >= 0)
        *id = in->columns[at];
    at = fd_table_find(in, c->time ? c->time : "t");
    if (at < 0 && (c->time || needs_time)) {
        int err = no_column(c->time ? c->time : "t");

        return c->time ? err
                       : fd_error_hint("时期列名应为 t,或用 --time 指定",
                                       "name the column of periods t, or give --time");
    }
    if (at >= 0)
        *time = in->columns[at];
    for (size_t k = 0; !*id && k < in->column_count; k++)
        if (is_text(in->columns[k]) && in->columns[k] != *time)
            *id = in->columns[k];
    p->id_name = fd_strdup(*id ? (*id)->id : "id");
    p->time_name = *time ? fd_strdup((*time)->id) : NULL;
    return 0;
}

/* ---- rows ---- */

static int bad_value(const fd_panel *p, const fd_table *in, size_t row, size_t k, double value,
                     fd_panel_rule rule)
{
    const fd_column *c = p->columns[k];
    long at = 0;

    while ((size_t)at < in->column_count && in->columns[at] != c)
        at++;
    if (rule == FD_PANEL_POSITIVE || k < p->inputs)
        fd_error_set(FD_EINVAL, "第 %zu 行 %s 列的值是 %g,应大于零",
                     "row %zu, column %s: the value is %g and should be above zero", row + 2, c->id,
                     value);
    else
        fd_error_set(FD_EINVAL, "第 %zu 行 %s 列的值是 %g,不应小于零",
                     "row %zu, column %s: the value is %g and should not be below zero", row + 2,
                     c->id, value);
    if (rule == FD_PANEL_POSITIVE)
        fd_error_detail("径向效率是按比例伸缩,零和负数没有这样的比例",
                        "a radial score shrinks or stretches in proportion; zero and negative "
                        "numbers have none");
    fd_error_hint("改用大于零的指标,或去掉这一行",
                  "use a measure above zero, or leave the row out");
    return fd_error_at((fd_place){ NULL, NULL, (long)row + 2, at + 1 });
}

static char *key_text(const fd_column *c, size_t row)
{
    char text[64];

    if (is_text(c))
        return fd_strdup(fd_column_text(c, row));
    if (c->kind == FD_EST)
        snprintf(text, sizeof text, "%.15g", c->v.est[row]);
    else
        fd_column_format(c, row, FD_ZH, text, sizeof text);
    return fd_strdup(text);
}

/* @return 1 when the row was taken, 0 when something is missing */
static int read_row(fd_panel *p, const fd_table *in, size_t row, const fd_column *id,
                    const fd_column *time, fd_panel_rule rule)
{
    double *v = p->v + p->n * p->dims, output = 0;
    char number[32];

    if ((id && fd_column_state(id, row) != FD_HAS) ||
        (time && fd_column_state(time, row) != FD_HAS))
        return 0;
    for (size_t k = 0; k < p->dims; k++) {
        if (fd_column_state(p->columns[k], row) != FD_HAS)
            return 0;
        v[k] = fd_number_to_double(fd_column_number(p->columns[k], row));
    }
    for (size_t k = 0; k < p->dims; k++) {
        const bool strict = rule == FD_PANEL_POSITIVE || k < p->inputs;

        if (!isfinite(v[k]) || v[k] < 0 || (strict && v[k] == 0))
            return bad_value(p, in, row, k, v[k], rule);
        if (k >= p->inputs && k < p->inputs + p->outputs)
            output += v[k];
    }
    if (output == 0)
        return bad_value(p, in, row, p->inputs, 0, FD_PANEL_POSITIVE);
    p->row[p->n] = row;
    snprintf(number, sizeof number, "%zu", row + 1);
    p->id[p->n] = id ? key_text(id, row) : fd_strdup(number);
    p->n++;
    return 1;
}

typedef struct named {
    const char *text;
    double number;
    uint32_t at;
} named;

static int by_text(const void *a, const void *b)
{
    return strcmp(((const named *)a)->text, ((const named *)b)->text);
}

static int by_value(const void *a, const void *b)
{
    const double x = ((const named *)a)->number, y = ((const named *)b)->number;

    return x < y ? -1 : x > y ? 1 : by_text(a, b);
}

/* Periods in ascending order; p->period points to them. text NULL: one period without a name. */
static void order_periods(fd_panel *p, char **text)
{
    fd_map *seen;
    bool numbers = true;
    named *names;
    uint32_t *rank;
    size_t count;

    if (!text) {
        p->periods = fd_alloc(sizeof *p->periods);
        p->periods[0] = fd_strdup("");
        p->period_count = 1;
        return;
    }
    seen = fd_map_new();
    for (size_t u = 0; u < p->n; u++)
        p->period[u] = (uint32_t)fd_map_intern(seen, fd_view_of(text[u]), fd_map_count(seen));
    count = fd_map_count(seen);
    names = fd_alloc((count + 1) * sizeof *names);
    rank = fd_alloc((count + 1) * sizeof *rank);
    for (size_t k = 0; k < count; k++) {
        char *end;

        names[k].text = fd_map_key(seen, k).ptr;
        names[k].number = strtod(names[k].text, &end);
        names[k].at = (uint32_t)k;
        numbers = numbers && *end == '\0' && end != names[k].text && isfinite(names[k].number);
    }
    qsort(names, count, sizeof *names, numbers ? by_value : by_text);
    p->periods = fd_alloc((count + 1) * sizeof *p->periods);
    p->period_count = count;
    for (size_t k = 0; k < count; k++) {
        p->periods[k] = fd_strdup(names[k].text);
        rank[names[k].at] = (uint32_t)k;
    }
    for (size_t u = 0; u < p->n; u++)
        p->period[u] = rank[p->period[u]];
    free(rank);
    free(names);
    fd_map_free(seen);
}

static int refuse_twice(const fd_panel *p)
{
    fd_map *seen = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    int err = 0;

    for (size_t u = 0; u < p->n && err == 0; u++) {
        fd_buf_clear(&key);
        fd_buf_printf(&key, "%u %s", (unsigned)p->period[u], p->id[u]);
        if (fd_map_set(seen, (fd_view){ fd_buf_text(&key), key.len }, u))
            continue;
        fd_error_set(FD_EINVAL, "第 %zu 行:%s%s%s 出现两次", "row %zu: %s%s%s stands twice",
                     p->row[u] + 2, p->id[u], p->time_name ? " " : "",
                     p->time_name ? p->periods[p->period[u]] : "");
        fd_error_hint("面板数据用 --time 指定时期列", "give --time for data of several periods");
        err = fd_error_at((fd_place){ NULL, NULL, (long)p->row[u] + 2, 0 });
    }
    fd_buf_dispose(&key);
    fd_map_free(seen);
    return err;
}

static int read_rows(fd_panel *p, const fd_table *in, const fd_column *id, const fd_column *time,
                     fd_panel_rule rule)
{
    char **text = time ? fd_alloc((in->rows + 1) * sizeof *text) : NULL;
    int err = 0;

    p->v = fd_alloc((in->rows + 1) * p->dims * sizeof *p->v);
    p->row = fd_alloc((in->rows + 1) * sizeof *p->row);
    p->id = fd_alloc((in->rows + 1) * sizeof *p->id);
    p->period = fd_alloc((in->rows + 1) * sizeof *p->period);
    for (size_t r = 0; r < in->rows && err >= 0; r++) {
        err = read_row(p, in, r, id, time, rule);
        if (err > 0 && time)
            text[p->n - 1] = key_text(time, r);
        else if (err == 0)
            p->left_out++;
    }
    if (err >= 0 && p->n == 0)
        err = fd_error_set(FD_EINVAL, "没有一行数据齐全", "there is no row without gaps");
    if (err >= 0) {
        order_periods(p, text);
        err = id ? refuse_twice(p) : 0; /* rows that are only numbered differ */
    }
    for (size_t u = 0; text && u < p->n; u++)
        free(text[u]);
    free(text);
    return err < 0 ? err : 0;
}

int fd_panel_read(fd_panel *out, const fd_table *in, const fd_panel_columns *columns,
                  fd_panel_rule rule, bool needs_time)
{
    const fd_column *id, *time;
    int err;

    memset(out, 0, sizeof *out);
    if (in->rows > UINT32_MAX - 1)
        return fd_error_set(FD_ELIMIT, "行数太多", "there are too many rows");
    if ((err = find_columns(out, in, columns, rule)) < 0 ||
        (err = find_keys(&id, &time, out, in, columns, needs_time)) < 0 ||
        (err = read_rows(out, in, id, time, rule)) < 0)
        fd_panel_dispose(out);
    return err;
}

void fd_panel_dispose(fd_panel *p)
{
    for (size_t u = 0; p->id && u < p->n; u++)
        free(p->id[u]);
    for (size_t k = 0; p->periods && k < p->period_count; k++)
        free(p->periods[k]);
    free(p->columns);
    free(p->v);
    free(p->row);
    free(p->id);
    free(p->id_name);
    free(p->time_name);
    free(p->period);
    free(p->periods);
    memset(p, 0, sizeof *p);
}

/* ---- what the engines ask ---- */

size_t fd_panel_units(uint32_t **out, const fd_panel *p, size_t period)
{
    size_t count = 0;

    *out = fd_alloc((p->n + 1) * sizeof **out);
    for (size_t u = 0; u < p->n; u++)
        if (p->period[u] == period)
            (*out)[count++] = (uint32_t)u;
    return count;
}

double *fd_panel_scaled(const fd_panel *p, const uint32_t *units, size_t count, bool with_bads)
{
    const size_t dims = with_bads ? p->dims : p->inputs + p->outputs;
    double *out = fd_alloc((p->n * dims + 1) * sizeof *out);

    if (!units)
        count = p->n;
    for (size_t k = 0; k < dims; k++) {
        const bool good = k >= p->inputs && k < p->inputs + p->outputs;
        double most = 0, sum = 0;

        for (size_t u = 0; u < count; u++)
            most = fmax(most, p->v[(units ? units[u] : u) * p->dims + k]);
        most = most > 0 ? most : 1;
        for (size_t u = 0; u < count; u++) /* over the largest first: no overflow */
            sum += p->v[(units ? units[u] : u) * p->dims + k] / most;
        sum = sum > 0 ? sum / (double)count : 1;
        for (size_t u = 0; u < p->n; u++)
            out[u * dims + k] = (good ? -1 : 1) * (p->v[u * p->dims + k] / most / sum);
    }
    return out;
}

static void put_names(fd_buf *out, const fd_panel *p, size_t from, size_t to)
{
    for (size_t k = from; k < to; k++)
        fd_buf_printf(out, "%s%s", k > from ? ", " : "", p->columns[k]->id);
}

void fd_panel_note(fd_table *t, const fd_panel *p)
{
    fd_buf zh = FD_BUF_INIT, en = FD_BUF_INIT;
    const size_t good = p->inputs + p->outputs;

    fd_buf_puts(&zh, "投入:");
    put_names(&zh, p, 0, p->inputs);
    fd_buf_puts(&zh, ";产出:");
    put_names(&zh, p, p->inputs, good);
    fd_buf_puts(&en, "inputs: ");
    put_names(&en, p, 0, p->inputs);
    fd_buf_puts(&en, "; outputs: ");
    put_names(&en, p, p->inputs, good);
    if (p->bads) {
        fd_buf_puts(&zh, ";非期望产出:");
        put_names(&zh, p, good, p->dims);
        fd_buf_puts(&en, "; bad outputs: ");
        put_names(&en, p, good, p->dims);
    }
    fd_table_add_note(t, fd_buf_text(&zh), fd_buf_text(&en));
    if (p->left_out) {
        fd_buf_clear(&zh);
        fd_buf_clear(&en);
        fd_buf_printf(&zh, "%zu 行有缺报,未计入", p->left_out);
        fd_buf_printf(&en, "%zu rows left out: something is missing in them", p->left_out);
        fd_table_add_note(t, fd_buf_text(&zh), fd_buf_text(&en));
    }
    fd_buf_dispose(&zh);
    fd_buf_dispose(&en);
}

fd_column *fd_panel_column(fd_table *t, const char *id, const char *zh, const char *en)
{
    return fd_table_add_new(t, id, zh, en, FD_EST, "", 12);
}

/* ---- pairs of periods ---- */

typedef struct keyed {
    const char *id;
    uint32_t period;
    fd_panel_pair pair;
} keyed;

static int by_period_and_id(const void *a, const void *b)
{
    const keyed *x = a, *y = b;

    if (x->period != y->period)
        return x->period < y->period ? -1 : 1;
    return strcmp(x->id, y->id);
}

int fd_panel_pairs(fd_panel_pair **out, size_t *count, const fd_panel *p)
{
    fd_map *seen;
    fd_buf key = FD_BUF_INIT;
    keyed *all;

    if (p->period_count < 2)
        return fd_error_set(FD_EINVAL, "只有一个时期,没有变化可算",
                            "there is one period only, and so no change");
    seen = fd_map_new();
    all = fd_alloc((p->n + 1) * sizeof *all);
    *count = 0;
    for (size_t u = 0; u < p->n; u++) {
        fd_buf_clear(&key);
        fd_buf_printf(&key, "%u %s", (unsigned)p->period[u], p->id[u]);
        (void)fd_map_set(seen, (fd_view){ fd_buf_text(&key), key.len }, u);
    }
    for (size_t u = 0; u < p->n; u++) {
        uint64_t after;

        fd_buf_clear(&key);
        fd_buf_printf(&key, "%u %s", (unsigned)p->period[u] + 1, p->id[u]);
        if (fd_map_get(seen, (fd_view){ fd_buf_text(&key), key.len }, &after))
            all[(*count)++] = (keyed){ p->id[u], p->period[u], { (uint32_t)u, (uint32_t)after } };
    }
    qsort(all, *count, sizeof *all, by_period_and_id);
    *out = fd_alloc((*count + 1) * sizeof **out);
    for (size_t k = 0; k < *count; k++)
        (*out)[k] = all[k].pair;
    free(all);
    fd_buf_dispose(&key);
    fd_map_free(seen);
    return 0;
}

static void note_unbalanced(fd_table *t, const fd_panel *p, size_t pairs)
{
    size_t most = 0;
    char zh[256], en[256];

    for (size_t u = 0; u < p->n; u++)
        most += p->period[u] + 1 < p->period_count;
    if (pairs == most && p->n == most / (p->period_count - 1) * p->period_count)
        return;
    snprintf(zh, sizeof zh,
             "非平衡面板:%zu 个时期共 %zu 行,相邻两期都有的 %zu 对;各期前沿用当期全部单位",
             p->period_count, p->n, pairs);
    snprintf(en, sizeof en,
             "unbalanced: %zu rows in %zu periods, %zu pairs of neighbouring periods; each "
             "frontier is that of all units of its period",
             p->n, p->period_count, pairs);
    fd_table_add_note(t, zh, en);
}

fd_table *fd_panel_pair_table(const fd_panel *p, const fd_panel_pair *pairs, size_t count,
                              const char *id, const char *zh, const char *en)
{
    fd_table *t = fd_table_new(id, zh, en);

    fd_table_add(t, fd_column_new(p->id_name, FD_TEXT, "", 0, count));
    fd_column_set_title(t->columns[0], "单位", "unit");
    fd_table_add_new(t, "t0", "前期", "from", FD_TEXT, "", 0);
    fd_table_add_new(t, "t1", "后期", "to", FD_TEXT, "", 0);
    for (size_t k = 0; k < count; k++) {
        fd_column_set_text(t->columns[0], k, p->id[pairs[k].before]);
        fd_column_set_text(t->columns[1], k, p->periods[p->period[pairs[k].before]]);
        fd_column_set_text(t->columns[2], k, p->periods[p->period[pairs[k].after]]);
    }
    fd_panel_note(t, p);
    note_unbalanced(t, p, count);
    return t;
}
