/*
 * January and February together.
 *
 * The bureau has no figures of January alone, and February alone swings with the Spring Festival:
 * the paper of these two months reads what came in by month (electricity) as the sum of both.  This
 * source gives such sums; everything else it passes on.  A sum exists for a subject whose months
 * are all there; with one missing it is missing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "report/internal.h"

typedef struct joined {
    fd_source source;
    fd_source *inner;
    const fd_program *program;
    fd_vec(fd_period) list; /* the answer of the last periods() */
} joined;

static fd_source *inner_of(fd_source *s)
{
    return ((joined *)s)->inner;
}

static int join_frame(fd_source *s, const char *kind, const fd_frame **out)
{
    return inner_of(s)->ops->frame(inner_of(s), kind, out);
}

static int join_attribute(fd_source *s, const char *kind, const char *attribute, fd_date date,
                          fd_column **out)
{
    return inner_of(s)->ops->attribute(inner_of(s), kind, attribute, date, out);
}

static int join_origin(fd_source *s, const char *kind, const char *item, fd_period period,
                       fd_basis basis, int32_t subject, fd_origin *out)
{
    return inner_of(s)->ops->origin(inner_of(s), kind, item, period, basis, subject, out);
}

static int join_records(fd_source *s, const char *type, fd_date at, fd_table **out)
{
    return inner_of(s)->ops->records(inner_of(s), type, at, out);
}

static bool is_flow(const joined *j, const char *item)
{
    const fd_item *i = fd_program_item(j->program, item);

    return i && i->nature == FD_FLOW;
}

static bool is_empty(const fd_column *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (fd_column_state(c, i) != FD_MISSING)
            return false;
    return true;
}

/* sum += month, cell by cell; months of other kinds or scales leave nothing. */
static void add_month(fd_column *sum, const fd_column *month, bool first)
{
    for (size_t i = 0; i < sum->n; i++) {
        fd_state was = first ? FD_HAS : fd_column_state(sum, i), is = fd_column_state(month, i);
        int64_t total = first ? 0 : sum->v.dec[i];

        if (month->kind != FD_DEC || month->scale != sum->scale ||
            ((is == FD_HAS || is == FD_DOUBT) &&
             __builtin_add_overflow(total, month->v.dec[i], &total)))
            is = FD_MISSING;
        if (fd_state_combine(was, is) == FD_HAS || fd_state_combine(was, is) == FD_DOUBT)
            fd_column_set_dec(sum, i, total);
        fd_column_set_state(sum, i, fd_state_combine(was, is));
    }
}

static int join_column(fd_source *s, const char *kind, const char *item, fd_period period,
                       fd_basis basis, fd_column **out)
{
    joined *j = (joined *)s;
    fd_column *sum = NULL;
    int err = j->inner->ops->column(j->inner, kind, item, period, basis, out);

    if (err < 0 || fd_period_kind_of(period) != FD_CUMULATIVE || !is_flow(j, item) ||
        !is_empty(*out))
        return err;
    for (int m = 1; m <= fd_period_number_of(period) && err >= 0; m++) {
        fd_column *month = NULL;

        err = j->inner->ops->column(j->inner, kind, item,
                                    fd_period_month(fd_period_year_of(period), m), basis, &month);
        if (err >= 0 && !sum)
            sum = fd_column_new(item, FD_DEC, month->unit, month->scale, month->n);
        if (err >= 0)
            add_month(sum, month, m == 1);
        fd_column_unref(month);
    }
    if (err < 0 || !sum || is_empty(sum)) {
        fd_column_unref(sum);
        return err;
    }
    fd_column_unref(*out);
    *out = sum;
    return 0;
}

static bool has(const fd_period *list, size_t count, fd_period period)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == period)
            return true;
    return false;
}

/* The years whose January to some month are all there get that span, too. */
static int join_periods(fd_source *s, const char *item, fd_basis basis, const fd_period **periods,
                        size_t *count)
{
    joined *j = (joined *)s;
    int err = j->inner->ops->periods(j->inner, item, basis, periods, count);

    if (err < 0 || !is_flow(j, item))
        return err;
    j->list.count = 0;
    for (size_t i = 0; i < *count; i++)
        fd_vec_push(&j->list, (*periods)[i]);
    for (size_t i = 0; i < *count; i++) {
        fd_period month = (*periods)[i], span;
        int year = fd_period_year_of(month), last = fd_period_number_of(month);
        bool whole = fd_period_kind_of(month) == FD_MONTH && last > 1;

        for (int k = 1; k < last && whole; k++)
            whole = has(*periods, *count, fd_period_month(year, k));
        span = fd_period_cumulative(year, last);
        if (whole && !has(j->list.items, j->list.count, span))
            fd_vec_push(&j->list, span);
    }
    *periods = j->list.items;
    *count = j->list.count;
    return 0;
}

static int join_marks(fd_source *s, const char *item, fd_period period, fd_basis basis,
                      const char **marks, const char **origin)
{
    joined *j = (joined *)s;
    const char *of = NULL;
    int err = j->inner->ops->marks(j->inner, item, period, basis, &of, origin);

    if (err >= 0 && (!of || !of[0]) && fd_period_kind_of(period) == FD_CUMULATIVE &&
        is_flow(j, item))
        err = j->inner->ops->marks(
            j->inner, item, fd_period_month(fd_period_year_of(period), fd_period_number_of(period)),
            basis, &of, origin);
    if (marks)
        *marks = of;
    return err;
}

fd_source *fd_report__joined(fd_source *inner, const fd_program *program)
{
    static const fd_source_ops ops = { join_frame,   join_column, join_attribute, join_origin,
                                       join_periods, join_marks,  join_records };
    joined *j = fd_alloc(sizeof *j);

    j->source.ops = &ops;
    j->inner = inner;
    j->program = program;
    return &j->source;
}

void fd_report__joined_free(fd_source *source)
{
    joined *j = (joined *)source;

    if (!j)
        return;
    fd_vec_dispose(&j->list);
    free(j);
}
