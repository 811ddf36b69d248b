/*
 * Event study: windows, nearest neighbours, difference in differences, placebo, permutation.
 */
#include "fangding/event_study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/prodpanel.h"
#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"
#include "fangding/error.h"
#include "table/put.h"

enum { MATCHED, NO_PEER, NO_DATA, UNKNOWN, OVERLAP };

/* What the words for programs print on screen: four characters, so that no terminal cuts them. */
static const fd_na_words verdicts[] = {
    { "no_comparison", { "没有可比", "no_comparison" } },
    { "placebo_fails", { "事前已异", "placebo_fails" } },
    { "even", { "没有差别", "even" } },
    { "higher", { "高于可比", "higher" } },
    { "lower", { "低于可比", "lower" } },
    { NULL, { NULL, NULL } },
};
static const fd_na_words states[] = {
    { "matched", { "有可比", "matched" } },   { "no_peer", { "没有可比", "no_peer" } },
    { "no_data", { "数不够", "no_data" } },   { "unknown", { "查无此户", "unknown" } },
    { "overlap", { "前后重叠", "overlap" } }, { NULL, { NULL, NULL } },
};
static const char *const state_names[] = { "matched", "no_peer", "no_data", "unknown", "overlap" };

/* Changes of one unit around one day. */
typedef struct change {
    size_t unit;
    double size;          /* log */
    double before, after; /* means of y */
    double moved, placebo;
} change;

typedef struct event {
    const char *id, *label, *kind;
    size_t unit, row;
    int64_t time;
    int state;
    change own;
    double peer_moved, did, placebo;
    size_t peers;
    size_t *alike;               /* units, nearest first */
    double *pool, *pool_placebo; /* did of every unit of the pool, as if the event were its own */
    size_t pool_count;
} event;

typedef struct work {
    const fd_event_options *o;
    fd_prodpanel panel;
    const char **stratum; /* by unit, "" for none */
    double *y;            /* units × periods, NaN missing */
    double *size;         /* the same, of the size column; NULL: the value */
    int64_t first;
    size_t periods;
    bool *treated;
    event *event;
    size_t count;
} work;

/* ---- reading ---- */

static const char *first_there(const fd_table *t, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fd_table_find(t, names[i]) >= 0)
            return names[i];
    return NULL;
}

static int read_panel(work *w, const fd_table *t)
{
    static const char *const strata[] = { "industry", "division", "行业" };
    const char *columns[2] = { w->o->value ? w->o->value : "value", w->o->size };
    const char *by = w->o->stratum ? w->o->stratum : first_there(t, strata, 3);
    const int at = by ? fd_table_find(t, by) : -1;
    int64_t last;
    int err;

    if (w->o->stratum && at < 0)
        return fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", by);
    if ((err = fd_prodpanel_read(&w->panel, t, w->o->id, w->o->time, columns, w->o->size ? 2 : 1)) <
        0)
        return err;
    w->first = last = w->panel.time[0];
    for (size_t i = 0; i < w->panel.n; i++) {
        w->first = w->panel.time[i] < w->first ? w->panel.time[i] : w->first;
        last = w->panel.time[i] > last ? w->panel.time[i] : last;
    }
    if (last - w->first > 100000)
        return fd_error_set(FD_EINVAL, "期间跨度太大", "the periods span too long");
    w->periods = (size_t)(last - w->first) + 1;
    w->y = fd_alloc((w->panel.units * w->periods + 1) * sizeof *w->y);
    w->size = w->o->size ? fd_alloc((w->panel.units * w->periods + 1) * sizeof *w->size) : NULL;
    w->stratum = fd_alloc((w->panel.units + 1) * sizeof *w->stratum);
    w->treated = fd_alloc((w->panel.units + 1) * sizeof *w->treated);
    for (size_t i = 0; i < w->panel.units * w->periods; i++) {
        w->y[i] = NAN;
        if (w->size)
            w->size[i] = NAN;
    }
    for (size_t u = 0; u < w->panel.units; u++) {
        w->stratum[u] = "";
        for (size_t i = w->panel.start[u]; i < w->panel.start[u + 1]; i++) {
            const size_t k = u * w->periods + (size_t)(w->panel.time[i] - w->first);
            const double v = fd_prodpanel_column(&w->panel, 0)[i];

            w->y[k] = w->o->level ? v : v > 0 ? log(v) : NAN;
            if (w->size)
                w->size[k] = fd_prodpanel_column(&w->panel, 1)[i];
            if (at >= 0)
                w->stratum[u] = fd_column_text_or(t->columns[at], w->panel.row[i], "");
        }
    }
    return 0;
}

/* An event's place on the panel's axis; INT64_MIN when the panel has no such period. */
static int64_t time_of(const fd_map *labels, const char *label)
{
    uint64_t at;

    return fd_map_get(labels, fd_view_of(label), &at) ? (int64_t)at : INT64_MIN;
}

static int earlier(const void *a, const void *b)
{
    const event *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void read_events(work *w, const fd_table *t)
{
    fd_map *units = fd_map_new(), *labels = fd_map_new();

    w->event = fd_alloc((t->rows + 1) * sizeof *w->event);
    w->count = t->rows;
    for (size_t i = 0; i < w->panel.n; i++)
        fd_map_set(labels, fd_view_of(w->panel.label[i]), (uint64_t)w->panel.time[i]);
    for (size_t u = 0; u < w->panel.units; u++)
        fd_map_set(units, fd_view_of(w->panel.unit[u]), u);
    for (size_t r = 0; r < t->rows; r++) {
        event *e = &w->event[r];
        uint64_t unit;

        *e = (event){ .id = fd_table_text(t, "id", r),
                      .label = fd_table_text(t, "time", r),
                      .kind = fd_table_text(t, "kind", r),
                      .row = r,
                      .did = NAN,
                      .placebo = NAN,
                      .peer_moved = NAN };
        e->own = (change){ 0, NAN, NAN, NAN, NAN, NAN };
        e->time = time_of(labels, e->label);
        e->state = NO_DATA;
        if (!fd_map_get(units, fd_view_of(e->id), &unit)) {
            e->state = UNKNOWN;
            continue;
        }
        e->unit = (size_t)unit;
        w->treated[unit] = true;
    }
    fd_map_free(units);
    fd_map_free(labels);
    qsort(w->event, w->count, sizeof *w->event, earlier);
    for (size_t a = 0; a < w->count; a++) /* the first of two that overlap is kept */
        for (size_t b = 0; b < a && w->event[a].state == NO_DATA; b++)
            if (w->event[b].state == NO_DATA && w->event[b].unit == w->event[a].unit &&
                w->event[a].time != INT64_MIN && w->event[b].time != INT64_MIN &&
                w->event[a].time - w->event[b].time <= w->o->window)
                w->event[a].state = OVERLAP;
}

/* ---- windows ---- */

/* Mean of a unit's numbers from time a to b; NaN with fewer than half of them. */
static double mean_between(const work *w, const double *y, size_t unit, int64_t a, int64_t b)
{
    double sum = 0;
    int64_t n = 0;

    for (int64_t t = a; t <= b; t++) {
        const int64_t k = t - w->first;

        if (k < 0 || k >= (int64_t)w->periods)
            continue;
        if (isfinite(y[unit * w->periods + (size_t)k])) {
            sum += y[unit * w->periods + (size_t)k];
            n++;
        }
    }
    return n > 0 && 2 * n >= b - a + 1 ? sum / (double)n : NAN;
}

/* @return false when a side is too thin, or size is not known */
static bool change_of(change *c, const work *w, size_t unit, int64_t at)
{
    const int64_t win = w->o->window, half = win / 2;

    c->unit = unit;
    c->before = mean_between(w, w->y, unit, at - win, at - 1);
    c->after = mean_between(w, w->y, unit, at + 1, at + win);
    c->moved = c->after - c->before;
    c->placebo = mean_between(w, w->y, unit, at - half, at - 1) -
                 mean_between(w, w->y, unit, at - win, at - half - 1);
    c->size = w->size       ? log(mean_between(w, w->size, unit, at - win, at - 1))
              : w->o->level ? log(fabs(c->before))
                            : c->before;
    return isfinite(c->moved) && isfinite(c->size);
}

/* ---- neighbours ---- */

static int by_size(const void *a, const void *b)
{
    const change *x = a, *y = b;

    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

/* The nearest of the sorted pool to its member `at`, within the caliper. @return how many */
static size_t nearest(size_t *out, const work *w, const change *pool, size_t n, size_t at)
{
    size_t left = at, right = at + 1, count = 0;

    while (count < w->o->neighbours) {
        const double down = left > 0 ? pool[at].size - pool[left - 1].size : INFINITY,
                     up = right < n ? pool[right].size - pool[at].size : INFINITY;

        if (fmin(down, up) > w->o->caliper)
            break;
        out[count++] = down <= up ? --left : right++;
    }
    return count;
}

/* Its change less that of its neighbours; NaN without any. */
static double did_of(double *placebo, double *peer, size_t *near, size_t *count, const work *w,
                     const change *pool, size_t n, size_t at)
{
    double sum = 0, before = 0;
    size_t with = 0;

    *placebo = *peer = NAN;
    *count = nearest(near, w, pool, n, at);
    if (!*count)
        return NAN;
    for (size_t k = 0; k < *count; k++) {
        sum += pool[near[k]].moved;
        if (isfinite(pool[near[k]].placebo)) {
            before += pool[near[k]].placebo;
            with++;
        }
    }
    *peer = sum / (double)*count;
    if (with)
        *placebo = pool[at].placebo - before / (double)with;
    return pool[at].moved - *peer;
}

static void match(event *e, work *w, change *pool, size_t *near)
{
    size_t n = 0, count;

    if (e->state != NO_DATA || e->time == INT64_MIN || !change_of(&e->own, w, e->unit, e->time))
        return;
    e->state = NO_PEER;
    pool[n++] = e->own;
    for (size_t u = 0; u < w->panel.units; u++)
        if (!w->treated[u] && strcmp(w->stratum[u], w->stratum[e->unit]) == 0 &&
            change_of(&pool[n], w, u, e->time))
            n++;
    qsort(pool, n, sizeof *pool, by_size);
    e->pool = fd_alloc((n + 1) * sizeof *e->pool);
    e->pool_placebo = fd_alloc((n + 1) * sizeof *e->pool_placebo);
    for (size_t i = 0; i < n; i++) {
        double placebo, peer, did = did_of(&placebo, &peer, near, &count, w, pool, n, i);

        if (isnan(did))
            continue;
        if (pool[i].unit == e->unit) {
            e->state = MATCHED;
            e->did = did;
            e->placebo = placebo;
            e->peer_moved = peer;
            e->peers = count;
            e->alike = fd_alloc((count + 1) * sizeof *e->alike);
            for (size_t k = 0; k < count; k++)
                e->alike[k] = pool[near[k]].unit;
        }
        e->pool[e->pool_count] = did;
        e->pool_placebo[e->pool_count++] = placebo;
    }
}

/* ---- a kind ---- */

/* splitmix64's output: a number of the draw, the event and the seed alone (Steele, Lea, Flood 2014,
 * doi:10.1145/2714064.2660195). */
static uint64_t mixed(uint64_t seed, uint64_t draw, uint64_t event_row)
{
    uint64_t x = seed * 0x9E3779B97F4A7C15u + draw * 0xD1B54A32D192ED03u +
                 (event_row + 1) * 0x8CB92BA72F3D8DD7u;

    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

typedef struct kind_result {
    size_t events, with_data, matched, with_placebo;
    double before_after, comparison, did, placebo, p, placebo_p;
} kind_result;

static bool is_of(const event *e, const char *kind)
{
    return !kind || strcmp(e->kind, kind) == 0;
}

static void add_up(kind_result *r, const work *w, const char *kind)
{
    double all = 0, matched = 0, peer = 0, placebo = 0;

    memset(r, 0, sizeof *r);
    for (size_t i = 0; i < w->count; i++) {
        const event *e = &w->event[i];

        if (!is_of(e, kind))
            continue;
        r->events++;
        if (e->state != MATCHED && e->state != NO_PEER)
            continue;
        r->with_data++;
        all += e->own.moved;
        if (e->state != MATCHED)
            continue;
        r->matched++;
        matched += e->did;
        peer += e->peer_moved;
        if (isfinite(e->placebo)) {
            placebo += e->placebo;
            r->with_placebo++;
        }
    }
    r->before_after = all / (double)r->with_data;
    r->did = matched / (double)r->matched;
    r->comparison = peer / (double)r->matched;
    r->placebo = placebo / (double)r->with_placebo;
    r->p = r->placebo_p = NAN;
}

static void permute(kind_result *r, const work *w, const char *kind)
{
    size_t beyond = 0, beyond_placebo = 0;

    if (!r->matched || !w->o->draws)
        return;
    for (size_t d = 0; d < w->o->draws; d++) {
        double sum = 0, placebo = 0;
        size_t with = 0;

        for (size_t i = 0; i < w->count; i++) {
            const event *e = &w->event[i];
            size_t k;

            if (!is_of(e, kind) || e->state != MATCHED)
                continue;
            k = (size_t)(mixed(w->o->seed, d, e->row) % e->pool_count);
            sum += e->pool[k];
            if (isfinite(e->pool_placebo[k])) {
                placebo += e->pool_placebo[k];
                with++;
            }
        }
        beyond += fabs(sum / (double)r->matched) >= fabs(r->did) - 1e-12;
        beyond_placebo += with && fabs(placebo / (double)with) >= fabs(r->placebo) - 1e-12;
    }
    r->p = (double)(beyond + 1) / (double)(w->o->draws + 1);
    if (r->with_placebo)
        r->placebo_p = (double)(beyond_placebo + 1) / (double)(w->o->draws + 1);
}

static const char *verdict_of(const kind_result *r)
{
    if (!r->matched)
        return "no_comparison";
    if (r->placebo_p < 0.1)
        return "placebo_fails";
    if (!(r->p < 0.1))
        return "even";
    return r->did > 0 ? "higher" : "lower";
}

/* ---- tables ---- */

static void put_kind(fd_table *t, const work *w, const char *kind)
{
    const size_t at = fd_table_add_row(t);
    kind_result r;

    add_up(&r, w, kind);
    permute(&r, w, kind);
    fd_column_set_text(t->columns[0], at, kind ? kind : "合计");
    fd_table__put_est(t, 1, at, (double)r.events);
    fd_table__put_est(t, 2, at, (double)r.with_data);
    fd_table__put_est(t, 3, at, (double)r.matched);
    fd_table__put_est(t, 4, at, r.before_after);
    fd_table__put_est(t, 5, at, r.comparison);
    fd_table__put_est(t, 6, at, r.did);
    if (!w->o->level)
        fd_table__put_est(t, 7, at, 100 * (exp(r.did) - 1));
    fd_table__put_est(t, 8, at, r.p);
    fd_table__put_est(t, 9, at, r.placebo);
    fd_table__put_est(t, 10, at, r.placebo_p);
    fd_column_set_text(t->columns[11], at, verdict_of(&r));
}

static void put_summary(fd_event_study *out, const work *w)
{
    static const fd_column_spec specs[] = {
        { "kind", "类别", "Kind", FD_TEXT, NULL, 0 },
        { "events", "事件", "Events", FD_EST, NULL, 0 },
        { "with_data", "有数", "With data", FD_EST, NULL, 0 },
        { "matched", "有可比", "Matched", FD_EST, NULL, 0 },
        { "before_after", "前后变化", "Before to after", FD_EST, NULL, 0 },
        { "comparison", "可比变化", "Those alike", FD_EST, NULL, 0 },
        { "did", "双重差分", "Difference in differences", FD_EST, NULL, 0 },
        { "percent", "折合", "As a rate", FD_EST, "%", 0 },
        { "p", "置换检验 p", "Permutation p", FD_EST, NULL, 0 },
        { "placebo", "安慰剂", "Placebo", FD_EST, NULL, 0 },
        { "placebo_p", "安慰剂 p", "Placebo p", FD_EST, NULL, 0 },
        { "verdict", "结论", "Verdict", FD_TEXT, NULL, 0 },
    };
    fd_table *t = out->summary = fd_table_new("summary", "事件之后", "After the events");
    fd_map *kinds = fd_map_new();

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[11]->words = verdicts;
    for (size_t i = 0; i < w->count; i++)
        if (w->event[i].kind[0])
            fd_map_intern(kinds, fd_view_of(w->event[i].kind), fd_map_count(kinds));
    for (size_t k = 0; k < fd_map_count(kinds) && fd_map_count(kinds) > 1; k++)
        put_kind(t, w, fd_map_key(kinds, k).ptr);
    put_kind(t, w, NULL);
    fd_map_free(kinds);
}

static void put_events(fd_event_study *out, const work *w)
{
    static const fd_column_spec specs[] = {
        { "id", "单位", "Unit", FD_TEXT, NULL, 0 },
        { "time", "期间", "Period", FD_TEXT, NULL, 0 },
        { "kind", "类别", "Kind", FD_TEXT, NULL, 0 },
        { "before", "之前", "Before", FD_EST, NULL, 0 },
        { "after", "之后", "After", FD_EST, NULL, 0 },
        { "change", "变化", "Change", FD_EST, NULL, 0 },
        { "peers", "可比户数", "Alike", FD_EST, NULL, 0 },
        { "peer_change", "可比企业变化", "Change of those alike", FD_EST, NULL, 0 },
        { "did", "差", "Difference", FD_EST, NULL, 0 },
        { "alike", "可比企业", "Which", FD_TEXT, NULL, 0 },
        { "state", "状态", "State", FD_TEXT, NULL, 0 },
    };
    fd_table *t = out->events = fd_table_new("events", "逐件:之后有什么变化", "Event by event");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[10]->words = states;
    for (size_t i = 0; i < w->count; i++) {
        const event *e = &w->event[i];
        const size_t at = fd_table_add_row(t);
        fd_buf alike = FD_BUF_INIT;

        fd_column_set_text(t->columns[0], at, e->id);
        fd_column_set_text(t->columns[1], at, e->label);
        fd_column_set_text(t->columns[2], at, e->kind);
        fd_table__put_est(t, 3, at, w->o->level ? e->own.before : exp(e->own.before));
        fd_table__put_est(t, 4, at, w->o->level ? e->own.after : exp(e->own.after));
        fd_table__put_est(t, 5, at, e->own.moved);
        fd_table__put_est(t, 6, at, (double)e->peers);
        fd_table__put_est(t, 7, at, e->peer_moved);
        fd_table__put_est(t, 8, at, e->did);
        for (size_t k = 0; k < e->peers; k++)
            fd_buf_printf(&alike, "%s%s", k ? " " : "", w->panel.unit[e->alike[k]]);
        if (alike.len)
            fd_column_set_text(t->columns[9], at, fd_buf_text(&alike));
        fd_column_set_text(t->columns[10], at, state_names[e->state]);
        fd_buf_dispose(&alike);
    }
}

static double y_at(const work *w, size_t unit, int64_t time)
{
    const int64_t k = time - w->first;

    return k < 0 || k >= (int64_t)w->periods ? NAN : w->y[unit * w->periods + (size_t)k];
}

/* Of an event k periods after it: its own distance from its mean before, less that of its peers. */
static double path_at(const work *w, const event *e, int64_t k)
{
    double sum = 0;
    size_t n = 0;

    for (size_t p = 0; p < e->peers; p++) {
        const double d = y_at(w, e->alike[p], e->time + k) -
                         mean_between(w, w->y, e->alike[p], e->time - w->o->window, e->time - 1);

        if (isfinite(d)) {
            sum += d;
            n++;
        }
    }
    return n ? y_at(w, e->unit, e->time + k) - e->own.before - sum / (double)n : NAN;
}

static void put_path(fd_event_study *out, const work *w)
{
    static const fd_column_spec specs[] = {
        { "k", "距事件", "Periods since", FD_EST, NULL, 0 },
        { "did", "差", "Difference", FD_EST, NULL, 0 },
        { "n", "件", "Events", FD_EST, NULL, 0 },
    };
    fd_table *t = out->path = fd_table_new("path", "事件前后的路径", "Around the events");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (int64_t k = -w->o->window; k <= w->o->window; k++) {
        const size_t at = fd_table_add_row(t);
        double sum = 0;
        size_t n = 0;

        for (size_t i = 0; i < w->count; i++) {
            const double d = w->event[i].state == MATCHED ? path_at(w, &w->event[i], k) : NAN;

            sum += isfinite(d) ? d : 0;
            n += isfinite(d) ? 1 : 0;
        }
        fd_table__put_est(t, 0, at, (double)k);
        fd_table__put_est(t, 1, at, sum / (double)n);
        fd_table__put_est(t, 2, at, (double)n);
    }
}

static void add_notes(fd_event_study *out, const work *w)
{
    size_t by[5] = { 0 };
    char zh[500], en[500];
    fd_table *const tables[] = { out->summary, out->events, out->path };

    for (size_t i = 0; i < w->count; i++)
        by[w->event[i].state]++;
    snprintf(
        zh, sizeof zh,
        "前后各 %d 期,事件当期不算;可比:同行业、没有事件、规模最近的 %zu 户(对数规模相差不超过 "
        "%g);%zu 件有可比,%zu 件没有可比,%zu 件数据不足,%zu 件单位不认得,%zu 件与前一件太近",
        w->o->window, w->o->neighbours, w->o->caliper, by[MATCHED], by[NO_PEER], by[NO_DATA],
        by[UNKNOWN], by[OVERLAP]);
    snprintf(en, sizeof en,
             "%d periods before and after, the event's own left out; alike: same industry, no "
             "event, the %zu nearest in size (log distance up to %g); %zu matched, %zu without "
             "peers, %zu without data, %zu unknown, %zu too near an earlier one",
             w->o->window, w->o->neighbours, w->o->caliper, by[MATCHED], by[NO_PEER], by[NO_DATA],
             by[UNKNOWN], by[OVERLAP]);
    for (size_t k = 0; k < 3; k++)
        fd_table_add_note(tables[k], zh, en);
    fd_table_add_note(
        out->summary,
        "比的是之后的差别,不是因果:没有被观察到的原因可能两边不同;没有可比企业的只说前后变化",
        "a difference afterwards, no proof of cause: what is not observed may differ; "
        "without peers only before and after are told");
}

/* ---- the whole ---- */

static int check(const fd_event_options *o, const fd_table *events)
{
    if (o->window < 2 || o->window > 100)
        return fd_error_set(FD_EINVAL, "窗口应在 2 到 100 期", "the window takes 2 to 100 periods");
    if (o->neighbours < 1 || o->neighbours > 1000 || o->draws > 1000000 || !(o->caliper > 0))
        return fd_error_set(FD_EINVAL, "近邻应在 1 到 1000,抽取不多于 1000000,卡尺大于 0",
                            "neighbours 1 to 1000, draws up to 1,000,000, a caliper above 0");
    if (fd_table_find(events, "id") < 0 || fd_table_find(events, "time") < 0)
        return fd_error_set(FD_ENOTFOUND, "事件表要有 id 和 time 列",
                            "the events have the columns id and time");
    for (size_t c = 0; c < events->column_count; c++) {
        const char *id = events->columns[c]->id;

        if ((strcmp(id, "id") == 0 || strcmp(id, "time") == 0 || strcmp(id, "kind") == 0) &&
            events->columns[c]->kind != FD_TEXT && events->columns[c]->kind != FD_CODE)
            return fd_error_set(FD_EINVAL, "事件表的 %s 列应是文字",
                                "column %s of the events should be texts", id);
    }
    return events->rows ? 0 : fd_error_set(FD_EINVAL, "没有事件", "there is no event");
}

int fd_event_study_run(fd_event_study *out, const fd_table *panel, const fd_table *events,
                       const fd_event_options *options)
{
    const fd_event_options defaults = FD_EVENT_OPTIONS_INIT;
    work w = { .o = options ? options : &defaults };
    change *pool = NULL;
    size_t *near = NULL;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = check(w.o, events)) < 0 || (err = read_panel(&w, panel)) < 0)
        goto done;
    read_events(&w, events);
    pool = fd_alloc((w.panel.units + 2) * sizeof *pool);
    near = fd_alloc((w.o->neighbours + 1) * sizeof *near);
    for (size_t i = 0; i < w.count; i++)
        match(&w.event[i], &w, pool, near);
    put_summary(out, &w);
    put_events(out, &w);
    put_path(out, &w);
    add_notes(out, &w);
done:
    for (size_t i = 0; i < w.count; i++) {
        free(w.event[i].alike);
        free(w.event[i].pool);
        free(w.event[i].pool_placebo);
    }
    free(w.event);
    free(pool);
    free(near);
    free(w.y);
    free(w.size);
    free((void *)w.stratum);
    free(w.treated);
    fd_prodpanel_dispose(&w.panel);
    return err < 0 ? err : 0;
}

void fd_event_study_dispose(fd_event_study *r)
{
    fd_table_free(r->summary);
    fd_table_free(r->events);
    fd_table_free(r->path);
    memset(r, 0, sizeof *r);
}
