/*
 * A panel for productivity: read, sort, refuse what is ambiguous.
 */
#include "analysis/prodpanel.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"
#include "fangding/period.h"

typedef struct entry {
    size_t unit, row;
    int64_t time;
} entry;

static int compare_entries(const void *a, const void *b)
{
    const entry *x = a, *y = b;

    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static const fd_column *named(const fd_table *in, const char *name)
{
    const int at = fd_table_find(in, name);

    if (at >= 0)
        return in->columns[at];
    fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", name);
    return NULL;
}

static const fd_column *time_column(const fd_table *in, const char *name)
{
    static const char *const usual[] = { "t", "year", "time", "period", "年份", "期间" };

    if (name)
        return named(in, name);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (fd_table_find(in, usual[i]) >= 0)
            return in->columns[fd_table_find(in, usual[i])];
    return in->column_count > 1 ? in->columns[1] : named(in, "t");
}

/* A cell as text: a year may have been read as a number. False when the cell is empty. */
static bool cell_text(char **out, const fd_column *c, size_t row)
{
    char text[64];

    if (fd_column_state(c, row) != FD_HAS)
        return false;
    if (c->kind == FD_TEXT || c->kind == FD_CODE) {
        *out = fd_strdup(fd_column_text(c, row));
        return true;
    }
    if (c->kind == FD_EST)
        snprintf(text, sizeof text, "%.15g", c->v.est[row]);
    else
        fd_column_format(c, row, FD_ZH, text, sizeof text);
    *out = fd_strdup(text);
    return true;
}

/* Periods of one kind counted from an arbitrary origin, so that the next one is one more. Days
 * count calendar days. */
static int64_t ordinal(fd_period p)
{
    const int64_t year = fd_period_year_of(p), number = fd_period_number_of(p);

    switch (fd_period_kind_of(p)) {
    case FD_QUARTER:
        return year * 4 + number;
    case FD_MONTH:
    case FD_CUMULATIVE:
        return year * 12 + number;
    case FD_DAY:
        return fd_period_start(p);
    case FD_YEAR:
        break;
    }
    return year;
}

static bool times_are_periods(entry *e, char *const *label, size_t n)
{
    fd_period_kind kind = FD_YEAR;

    for (size_t i = 0; i < n; i++) {
        fd_period p;

        if (fd_period_parse(&p, label[i], strlen(label[i])) < 0)
            return false;
        if (i == 0)
            kind = fd_period_kind_of(p);
        if (fd_period_kind_of(p) != kind)
            return false;
        e[i].time = ordinal(p);
    }
    return true;
}

static int times_are_integers(entry *e, char *const *label, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *end;

        errno = 0;
        e[i].time = strtoll(label[i], &end, 10);
        if (errno || end == label[i] || *end)
            return fd_error_set(FD_EINVAL,
                                "第 %zu 行的时间“%s”既不是期间也不是整数,或与别的行不是同一种期间",
                                "row %zu: the time '%s' is neither a period of the kind of the "
                                "others nor an integer",
                                i + 2, label[i]);
    }
    return 0;
}

static int read_units(fd_prodpanel *p, entry *e, const fd_column *id)
{
    fd_map *map = fd_map_new();
    int err = 0;

    for (size_t r = 0; r < p->n && err == 0; r++) {
        char *text;

        if (!cell_text(&text, id, r)) {
            err = fd_error_set(FD_EINVAL, "第 %zu 行的列 %s 是空的:不知道是哪个单位",
                               "row %zu: column %s is empty, the unit is not known", r + 2, id->id);
            break;
        }
        e[r].row = r;
        e[r].unit = (size_t)fd_map_intern(map, fd_view_of(text), fd_map_count(map));
        free(text);
    }
    p->units = err < 0 ? 0 : fd_map_count(map);
    p->unit = fd_alloc((p->units + 1) * sizeof *p->unit);
    for (size_t u = 0; u < p->units; u++)
        p->unit[u] = fd_strdup(fd_map_key(map, u).ptr);
    fd_map_free(map);
    return err;
}

static int read_times(fd_prodpanel *p, entry *e, char **label, const fd_column *time)
{
    for (size_t r = 0; r < p->n; r++)
        if (!time)
            label[r] = fd_strdup("");
        else if (!cell_text(&label[r], time, r))
            return fd_error_set(FD_EINVAL, "第 %zu 行的列 %s 是空的:不知道是哪一期",
                                "row %zu: column %s is empty, the period is not known", r + 2,
                                time->id);
    if (!time)
        return 0;
    if (times_are_periods(e, label, p->n))
        return 0;
    fd_error_clear();
    return times_are_integers(e, label, p->n);
}

/* Sort, find where units begin, refuse the same unit and period twice. Labels go over. */
static int arrange(fd_prodpanel *p, entry *e, char **label)
{
    qsort(e, p->n, sizeof *e, compare_entries);
    p->start = fd_alloc((p->units + 1) * sizeof *p->start);
    p->time = fd_alloc(p->n * sizeof *p->time);
    p->label = fd_alloc(p->n * sizeof *p->label);
    p->row = fd_alloc(p->n * sizeof *p->row);
    for (size_t i = 0; i < p->n; i++) {
        p->time[i] = e[i].time;
        p->row[i] = e[i].row;
        p->label[i] = label[e[i].row];
        label[e[i].row] = NULL;
        p->start[e[i].unit + 1] = i + 1;
    }
    for (size_t i = 1; i < p->n; i++)
        if (e[i].unit == e[i - 1].unit && e[i].time == e[i - 1].time)
            return fd_error_set(FD_EINVAL, "%s%s%s 有两行:第 %zu 行和第 %zu 行",
                                "%s%s%s stands twice: rows %zu and %zu", p->unit[e[i].unit],
                                p->label[i][0] ? " " : "", p->label[i], e[i - 1].row + 2,
                                e[i].row + 2);
    return 0;
}

static int read_numbers(fd_prodpanel *p, const fd_table *in, const char *const *columns)
{
    p->v = fd_alloc((p->columns * p->n + 1) * sizeof *p->v);
    for (size_t k = 0; k < p->columns; k++) {
        const fd_column *c = named(in, columns[k]);

        if (!c)
            return FD_ENOTFOUND;
        if (c->kind != FD_EST && c->kind != FD_DEC && c->kind != FD_QUOT)
            return fd_error_set(FD_EINVAL, "列 %s 不是数", "column %s holds no numbers", c->id);
        for (size_t i = 0; i < p->n; i++)
            p->v[k * p->n + i] = fd_column_state(c, p->row[i]) == FD_HAS
                                     ? fd_number_to_double(fd_column_number(c, p->row[i]))
                                     : NAN;
    }
    return 0;
}

int fd_prodpanel_read(fd_prodpanel *p, const fd_table *in, const char *id, const char *time,
                      const char *const *columns, size_t count)
{
    const fd_column *unit = id                 ? named(in, id)
                            : in->column_count ? in->columns[0]
                                               : named(in, "id");
    const bool timeless = time && !time[0];
    const fd_column *when = unit && !timeless ? time_column(in, time) : NULL;
    entry *e = NULL;
    char **label = NULL;
    int err;

    memset(p, 0, sizeof *p);
    if (!unit || (!when && !timeless))
        return FD_ENOTFOUND;
    if (in->rows == 0)
        return fd_error_set(FD_EINVAL, "表里没有数据行", "the table has no row of data");
    p->n = in->rows;
    p->columns = count;
    p->id_name = fd_strdup(unit->id);
    p->time_name = fd_strdup(when ? when->id : "");
    e = fd_alloc(p->n * sizeof *e);
    label = fd_alloc(p->n * sizeof *label);
    if ((err = read_units(p, e, unit)) >= 0 && (err = read_times(p, e, label, when)) >= 0 &&
        (err = arrange(p, e, label)) >= 0)
        err = read_numbers(p, in, columns);
    for (size_t r = 0; r < in->rows; r++)
        free(label[r]);
    free(label);
    free(e);
    if (err < 0)
        fd_prodpanel_dispose(p);
    return err;
}

void fd_prodpanel_dispose(fd_prodpanel *p)
{
    for (size_t u = 0; u < p->units; u++)
        free(p->unit[u]);
    for (size_t i = 0; p->label && i < p->n; i++)
        free(p->label[i]);
    free(p->unit);
    free(p->label);
    free(p->start);
    free(p->time);
    free(p->row);
    free(p->v);
    free(p->id_name);
    free(p->time_name);
    memset(p, 0, sizeof *p);
}

const double *fd_prodpanel_column(const fd_prodpanel *p, size_t k)
{
    return p->v + k * p->n;
}

size_t fd_prodpanel_line(const fd_prodpanel *p, size_t i)
{
    return p->row[i] + 2;
}
