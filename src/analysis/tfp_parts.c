/*
 * The aggregate's growth as what its units did: Foster–Haltiwanger–Krizan and Melitz–Polanec.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/tfp.h"
#include "fangding/arena.h"
#include "table/put.h"

enum { WITHIN, BETWEEN, CROSS, ENTRY, EXIT, PARTS };

/* One unit in one pair of periods: shares of the period's weight and ln TFP; NaN level: not there.
 */
typedef struct member {
    double w0, p0, w1, p1;
    bool unknown;
    double fhk[PARTS], mp[PARTS];
} member;

typedef struct pair {
    member *unit; /* by unit of the panel */
    size_t units;
    double level0, level1; /* the aggregate */
    size_t continuing, entrants, exits;
    double sum[2][PARTS]; /* fhk, mp */
    bool mp_known;        /* somebody with weight stayed */
} pair;

static bool before(const member *m)
{
    return !isnan(m->p0);
}

static bool after(const member *m)
{
    return !isnan(m->p1);
}

static int compare_times(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The periods of the panel, ascending, each once. @return how many */
static size_t distinct_times(int64_t **out, const fd_prodpanel *p)
{
    int64_t *t = fd_alloc((p->n + 1) * sizeof *t);
    size_t count = 0;

    memcpy(t, p->time, p->n * sizeof *t);
    qsort(t, p->n, sizeof *t, compare_times);
    for (size_t i = 0; i < p->n; i++)
        if (count == 0 || t[count - 1] != t[i])
            t[count++] = t[i];
    *out = t;
    return count;
}

/* Put the rows of one period on one side of the pair. A row without level or weight makes its unit
 * unknown: a return that is missing is neither an exit nor an entry. */
static int place(pair *x, const fd_prodpanel *p, const double *level, const double *weight,
                 int64_t time, bool second, const char **label)
{
    for (size_t u = 0; u < p->units; u++) {
        member *m = &x->unit[u];
        double *w = second ? &m->w1 : &m->w0, *l = second ? &m->p1 : &m->p0;

        *w = 0;
        *l = NAN;
        m->unknown &= second;
        for (size_t i = p->start[u]; i < p->start[u + 1]; i++) {
            if (p->time[i] != time)
                continue;
            *label = p->label[i];
            m->unknown |= isnan(level[i]) || isnan(weight[i]);
            if (weight[i] < 0)
                return fd_error_set(FD_EINVAL, "第 %zu 行的权数是负的:%g",
                                    "row %zu: the weight is negative: %g", fd_prodpanel_line(p, i),
                                    weight[i]);
            *w = weight[i];
            *l = level[i];
        }
    }
    return 0;
}

/* Weights as shares of their period, over the units that are known on both sides. */
static int share_weights(pair *x, const char *from, const char *to)
{
    double total0 = 0, total1 = 0;

    for (size_t u = 0; u < x->units; u++) {
        member *m = &x->unit[u];

        if (m->unknown) {
            m->w0 = m->w1 = 0;
            m->p0 = m->p1 = NAN;
        }
        total0 += m->w0;
        total1 += m->w1;
    }
    if (!(total0 > 0) || !(total1 > 0))
        return fd_error_set(FD_EINVAL, "%s 的权数合计不大于 0:没有可加权的单位",
                            "the weights of %s do not have a positive sum", total0 > 0 ? to : from);
    for (size_t u = 0; u < x->units; u++) {
        x->unit[u].w0 /= total0;
        x->unit[u].w1 /= total1;
    }
    return 0;
}

/* Foster, Haltiwanger, Krizan: shares and levels against the aggregate of the first period. */
static void split_fhk(pair *x)
{
    for (size_t u = 0; u < x->units; u++) {
        member *m = &x->unit[u];

        if (before(m) && after(m)) {
            m->fhk[WITHIN] = m->w0 * (m->p1 - m->p0);
            m->fhk[BETWEEN] = (m->w1 - m->w0) * (m->p0 - x->level0);
            m->fhk[CROSS] = (m->w1 - m->w0) * (m->p1 - m->p0);
        } else if (after(m)) {
            m->fhk[ENTRY] = m->w1 * (m->p1 - x->level0);
        } else if (before(m)) {
            m->fhk[EXIT] = -m->w0 * (m->p0 - x->level0);
        }
    }
}

/* Melitz, Polanec: plain mean and covariance of those who stayed; the others against those who
 * stayed, in the same period. */
static void split_mp(pair *x)
{
    const double n = (double)x->continuing;
    double w0 = 0, w1 = 0, sum0 = 0, sum1 = 0, mean0 = 0, mean1 = 0;

    for (size_t u = 0; u < x->units; u++) {
        const member *m = &x->unit[u];

        if (!before(m) || !after(m))
            continue;
        w0 += m->w0;
        w1 += m->w1;
        sum0 += m->w0 * m->p0;
        sum1 += m->w1 * m->p1;
        mean0 += m->p0 / n;
        mean1 += m->p1 / n;
    }
    x->mp_known = w0 > 0 && w1 > 0;
    if (!x->mp_known)
        return;
    for (size_t u = 0; u < x->units; u++) {
        member *m = &x->unit[u];

        if (before(m) && after(m)) {
            m->mp[WITHIN] = (m->p1 - m->p0) / n;
            m->mp[BETWEEN] =
                (m->w1 / w1 - 1 / n) * (m->p1 - mean1) - (m->w0 / w0 - 1 / n) * (m->p0 - mean0);
        } else if (after(m)) {
            m->mp[ENTRY] = m->w1 * (m->p1 - sum1 / w1);
        } else if (before(m)) {
            m->mp[EXIT] = m->w0 * (sum0 / w0 - m->p0);
        }
    }
}

static void split(pair *x)
{
    x->level0 = x->level1 = 0;
    x->continuing = x->entrants = x->exits = 0;
    memset(x->sum, 0, sizeof x->sum);
    for (size_t u = 0; u < x->units; u++) {
        member *m = &x->unit[u];

        memset(m->fhk, 0, sizeof m->fhk);
        memset(m->mp, 0, sizeof m->mp);
        x->level0 += before(m) ? m->w0 * m->p0 : 0;
        x->level1 += after(m) ? m->w1 * m->p1 : 0;
        x->continuing += before(m) && after(m);
        x->entrants += !before(m) && after(m);
        x->exits += before(m) && !after(m);
    }
    split_fhk(x);
    split_mp(x);
    for (size_t u = 0; u < x->units; u++)
        for (int k = 0; k < PARTS; k++) {
            x->sum[0][k] += x->unit[u].fhk[k];
            x->sum[1][k] += x->unit[u].mp[k];
        }
}

static void put_aggregate(fd_table *t, const pair *x, const char *t0, const char *t1)
{
    static const char *const methods[] = { "fhk", "mp" };

    for (int method = 0; method < 2; method++) {
        const double *part = x->sum[method], change = x->level1 - x->level0;
        const size_t row = fd_table_add_row(t);
        double total = 0;

        fd_column_set_text(t->columns[0], row, methods[method]);
        fd_column_set_text(t->columns[1], row, t0);
        fd_column_set_text(t->columns[2], row, t1);
        fd_table__put_est(t, 3, row, x->level0);
        fd_table__put_est(t, 4, row, x->level1);
        fd_table__put_est(t, 5, row, change);
        for (size_t k = 0; k < PARTS; k++) {
            total += part[k];
            if (method == 1 && k == CROSS)
                fd_column_set_state(t->columns[6 + k], row, FD_NA);
            else if (method == 0 || x->mp_known)
                fd_table__put_est(t, 6 + k, row, part[k]);
        }
        if (method == 0 || x->mp_known)
            fd_table__put_est(t, 11, row, change - total);
        fd_table__put_est(t, 12, row, (double)x->continuing);
        fd_table__put_est(t, 13, row, (double)x->entrants);
        fd_table__put_est(t, 14, row, (double)x->exits);
    }
}

static void put_firms(fd_table *t, const pair *x, const fd_prodpanel *p, const char *t0,
                      const char *t1)
{
    static const int shown[] = { WITHIN, BETWEEN, ENTRY, EXIT };

    for (size_t u = 0; u < x->units; u++) {
        const member *m = &x->unit[u];
        double total = 0;
        size_t row;

        if (!before(m) && !after(m))
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, p->unit[u]);
        fd_column_set_text(t->columns[1], row, t0);
        fd_column_set_text(t->columns[2], row, t1);
        fd_column_set_text(t->columns[3], row,
                           before(m) ? after(m) ? "continuing" : "exit" : "entry");
        for (size_t k = 0; k < PARTS; k++) {
            fd_table__put_est(t, 4 + k, row, m->fhk[k]);
            total += m->fhk[k];
        }
        fd_table__put_est(t, 9, row, total);
        if (!x->mp_known)
            continue;
        total = 0;
        for (size_t k = 0; k < 4; k++) {
            fd_table__put_est(t, 10 + k, row, m->mp[shown[k]]);
            total += m->mp[shown[k]];
        }
        fd_table__put_est(t, 14, row, total);
    }
}

static void make_tables(fd_tfp *out, const fd_prodpanel *p)
{
    static const fd_column_spec aggregate[] = {
        { "method", "方法", "Method", FD_TEXT, NULL, 0 },
        { "t0", "起", "From", FD_TEXT, NULL, 0 },
        { "t1", "止", "To", FD_TEXT, NULL, 0 },
        { "level0", "期初水平", "Level before", FD_EST, NULL, 0 },
        { "level1", "期末水平", "Level after", FD_EST, NULL, 0 },
        { "change", "变动", "Change", FD_EST, NULL, 0 },
        { "within", "企业内", "Within", FD_EST, NULL, 0 },
        { "between", "企业间", "Between", FD_EST, NULL, 0 },
        { "cross", "交互", "Cross", FD_EST, NULL, 0 },
        { "entry", "进入", "Entry", FD_EST, NULL, 0 },
        { "exit", "退出", "Exit", FD_EST, NULL, 0 },
        { "residual", "残差", "Residual", FD_EST, NULL, 0 },
        { "continuing", "持续(家)", "Continuing", FD_EST, NULL, 0 },
        { "entrants", "进入(家)", "Entrants", FD_EST, NULL, 0 },
        { "exits", "退出(家)", "Exits", FD_EST, NULL, 0 },
    };
    static const fd_column_spec firms[] = {
        { "t0", "起", "From", FD_TEXT, NULL, 0 },
        { "t1", "止", "To", FD_TEXT, NULL, 0 },
        { "status", "状态", "Status", FD_TEXT, NULL, 0 },
        { "fhk_within", "FHK 企业内", "FHK within", FD_EST, NULL, 0 },
        { "fhk_between", "FHK 企业间", "FHK between", FD_EST, NULL, 0 },
        { "fhk_cross", "FHK 交互", "FHK cross", FD_EST, NULL, 0 },
        { "fhk_entry", "FHK 进入", "FHK entry", FD_EST, NULL, 0 },
        { "fhk_exit", "FHK 退出", "FHK exit", FD_EST, NULL, 0 },
        { "fhk_total", "FHK 合计", "FHK total", FD_EST, NULL, 0 },
        { "mp_within", "MP 企业内", "MP within", FD_EST, NULL, 0 },
        { "mp_between", "MP 企业间", "MP between", FD_EST, NULL, 0 },
        { "mp_entry", "MP 进入", "MP entry", FD_EST, NULL, 0 },
        { "mp_exit", "MP 退出", "MP exit", FD_EST, NULL, 0 },
        { "mp_total", "MP 合计", "MP total", FD_EST, NULL, 0 },
    };

    out->aggregate =
        fd_table_new("aggregate", "总体生产率变动的分解", "Aggregate productivity growth");
    fd_table_add_columns(out->aggregate, aggregate, sizeof aggregate / sizeof *aggregate);
    fd_table_add_note(
        out->aggregate,
        "fhk:Foster–Haltiwanger–Krizan(2001);mp:Melitz–Polanec(2015);对数点,各项相加等于变动",
        "fhk: Foster, Haltiwanger, Krizan (2001); mp: Melitz, Polanec (2015); log points, "
        "parts add to the change");
    out->firms = fd_table_new("firms", "各企业对总体生产率变动的贡献", "Contribution of each firm");
    fd_table_add_new(out->firms, p->id_name, p->id_name, p->id_name, FD_TEXT, "", 0);
    fd_table_add_columns(out->firms, firms, sizeof firms / sizeof *firms);
}

int fd_tfp__decompose(fd_tfp *out, const fd_prodpanel *p, const double *level, const double *weight)
{
    pair x = { NULL, p->units, 0, 0, 0, 0, 0, { { 0 } }, false };
    int64_t *time = NULL;
    const char *from = "", *to = "";
    size_t count = distinct_times(&time, p), unknown = 0;
    int err = 0;

    x.unit = fd_alloc((p->units + 1) * sizeof *x.unit);
    if (count < 2)
        err = fd_error_set(FD_EINVAL, "只有 %zu 期:变动至少要两期",
                           "only %zu period: a change needs two", count);
    else
        make_tables(out, p);
    for (size_t k = 1; k < count && err >= 0; k++) {
        if ((err = place(&x, p, level, weight, time[k - 1], false, &from)) < 0 ||
            (err = place(&x, p, level, weight, time[k], true, &to)) < 0 ||
            (err = share_weights(&x, from, to)) < 0)
            break;
        for (size_t u = 0; u < p->units; u++)
            unknown += x.unit[u].unknown;
        split(&x);
        put_aggregate(out->aggregate, &x, from, to);
        put_firms(out->firms, &x, p, from, to);
    }
    if (unknown && err >= 0) {
        char zh[160], en[160];

        snprintf(zh, sizeof zh, "%zu 家次缺水平或权数,该两期未计入:缺报不是退出", unknown);
        snprintf(
            en, sizeof en,
            "%zu units lack a level or weight in a pair and stand aside there: missing is no exit",
            unknown);
        fd_table_add_note(out->aggregate, zh, en);
    }
    free(time);
    free(x.unit);
    return err;
}
