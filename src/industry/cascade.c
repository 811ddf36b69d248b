/*
 * The cascade of one firm's failure through the network of suppliers and buyers, for each firm.
 *
 * The links of a buyer are gathered by sector of the supplier into groups (one group for all
 * non-essential sectors).  A group keeps what it has lost; when the shortfall of a supplier grows,
 * the growth is added to the groups of its buyers, and only buyers so touched are looked at again.
 * All operators are monotone, hence the limit is the same as that of synchronous sweeps over all
 * firms.  Every failure is computed by itself from a clean state, so threads change nothing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/arena.h"
#include "fangding/chain.h"
#include "table/labelled.h"

typedef struct link {
    uint32_t supplier, buyer;
    double volume;
} link;

/* What one link means to the other end: `share` of a group's volume, or of a firm's sales. */
typedef struct arc {
    uint32_t to; /* a group of the buyer; or the supplier */
    double share;
} arc;

typedef struct network {
    size_t firms, sectors, groups;
    fd_map *firm_at;
    uint32_t *sector; /* by firm; sectors are those of the firms and of `essential` */
    double *final, *out, total;
    uint8_t *essential; /* sector of input × sector of buyer */
    fd_vec(link) links;
    size_t *down_start; /* by supplier, firms + 1 */
    arc *down;          /* to groups of buyers */
    size_t *up_start;   /* by buyer */
    arc *up;            /* to suppliers; share of their out-strength */
    uint32_t *group_firm;
} network;

/* ---- reading ---- */

typedef struct source {
    const fd_table *t;
    const char *name;
} source;

static int at(const source *s, size_t row, int column)
{
    return fd_error_at((fd_place){ s->name, NULL, (long)row + 2, (long)column + 1 });
}

static int find(int *out, const source *s, const char *id)
{
    *out = fd_table_find(s->t, id);
    if (*out >= 0)
        return 0;
    fd_error_set(FD_ENOTFOUND, "缺少列 %s", "there is no column %s", id);
    return fd_error_at((fd_place){ s->name, NULL, 1, 0 });
}

static int read_number(double *out, const source *s, int column, size_t row)
{
    const fd_column *c = s->t->columns[column];
    const fd_state state = fd_column_state(c, row);
    const char *text = "";
    char *end = NULL;

    if (c->kind == FD_TEXT || c->kind == FD_CODE) {
        text = fd_column_text_or(c, row, "");
        *out = strtod(text, &end);
        if (end != text && !*end && isfinite(*out) && *out >= 0)
            return 0;
    } else if (state != FD_MISSING && state != FD_NA) {
        *out = fd_number_to_double(fd_column_number(c, row));
        if (*out >= 0)
            return 0;
        fd_error_set(FD_EINVAL, "列 %s 不能是负数:%g", "column %s may not be negative: %g", c->id,
                     *out);
        return at(s, row, column);
    }
    fd_error_set(FD_EINVAL, "列 %s 应是不小于零的数,见到 %s",
                 "column %s should hold a number of at least zero, found %s", c->id, text);
    return at(s, row, column);
}

static int read_text(const char **out, const source *s, int column, size_t row)
{
    const fd_column *c = s->t->columns[column];

    *out = c->kind == FD_TEXT || c->kind == FD_CODE ? fd_column_text_or(c, row, "") : "";
    if (**out)
        return 0;
    fd_error_set(FD_EINVAL, "列 %s 没有代码", "column %s holds no code", c->id);
    return at(s, row, column);
}

static int read_firms(network *n, fd_map *sectors, const source *s, int *out_column)
{
    int code, sector, final, err;

    if ((err = find(&code, s, "firm")) < 0 || (err = find(&sector, s, "sector")) < 0 ||
        (err = find(&final, s, "final_sales")) < 0)
        return err;
    *out_column = fd_table_find(s->t, "out_strength");
    n->firms = s->t->rows;
    n->sector = fd_alloc(n->firms * sizeof *n->sector + 1);
    n->final = fd_alloc(n->firms * sizeof *n->final + 1);
    n->out = fd_alloc(n->firms * sizeof *n->out + 1);
    for (size_t i = 0; i < n->firms; i++) {
        const char *text;

        if ((err = read_text(&text, s, code, i)) < 0)
            return err;
        if (!fd_map_set(n->firm_at, fd_view_of(text), i)) {
            fd_error_set(FD_EINVAL, "企业 %s 出现两次", "firm %s stands twice", text);
            return at(s, i, code);
        }
        if ((err = read_text(&text, s, sector, i)) < 0 ||
            (err = read_number(&n->final[i], s, final, i)) < 0 ||
            (*out_column >= 0 && (err = read_number(&n->out[i], s, *out_column, i)) < 0))
            return err;
        n->sector[i] = (uint32_t)fd_map_intern(sectors, fd_view_of(text), fd_map_count(sectors));
    }
    n->sectors = fd_map_count(sectors);
    return 0;
}

static int read_links(network *n, const source *s, bool add_up)
{
    int columns[3], err = 0;
    static const char *const names[] = { "supplier", "buyer", "volume" };

    for (int k = 0; k < 3; k++)
        if ((err = find(&columns[k], s, names[k])) < 0)
            return err;
    for (size_t r = 0; r < s->t->rows; r++) {
        uint64_t end[2] = { 0 };
        link x;

        for (int k = 0; k < 2; k++) {
            const char *code;

            if ((err = read_text(&code, s, columns[k], r)) < 0)
                return err;
            if (fd_map_get(n->firm_at, fd_view_of(code), &end[k]))
                continue;
            fd_error_set(FD_EINVAL, "没有这家企业:%s", "there is no such firm: %s", code);
            return at(s, r, columns[k]);
        }
        if ((err = read_number(&x.volume, s, columns[2], r)) < 0)
            return err;
        x.supplier = (uint32_t)end[0];
        x.buyer = (uint32_t)end[1];
        if (add_up)
            n->out[x.supplier] += x.volume;
        if (x.volume > 0)
            fd_vec_push(&n->links, x);
    }
    for (size_t i = 0; i < n->firms; i++) {
        n->out[i] += add_up ? n->final[i] : 0;
        n->total += n->out[i];
    }
    return 0;
}

/* Every sector that sells must have a row and every one that buys a column: not stated is not
 * "not essential". */
static int read_essential(network *n, const fd_map *sectors, const source *s)
{
    fd_labelled m;
    uint32_t *row = fd_alloc(n->sectors * sizeof *row + 1);
    uint32_t *column = fd_alloc(n->sectors * sizeof *column + 1);
    int err = fd_labelled_read(&m, s->t);

    if (err < 0) {
        free(row);
        free(column);
        return fd_error_at((fd_place){ s->name, NULL, 0, 0 });
    }
    n->essential = fd_alloc(n->sectors * n->sectors + 1);
    for (size_t k = 0; k < n->sectors && err >= 0; k++) {
        const char *code = fd_map_key(sectors, k).ptr;
        const ptrdiff_t r = fd_labelled_find(m.row, m.rows, code);
        const ptrdiff_t c = fd_labelled_find(m.column, m.columns, code);

        row[k] = (uint32_t)r;
        column[k] = (uint32_t)c;
        if (r < 0 || c < 0) {
            err = fd_error_set(FD_EINVAL, "必需投入表没有部门 %s 的%s",
                               "the table of essential inputs has no sector %s among its %s", code,
                               r < 0 ? "行 rows" : "列 columns");
            fd_error_at((fd_place){ s->name, NULL, 0, 0 });
        }
    }
    for (size_t k = 0; k < n->sectors && err >= 0; k++)
        for (size_t p = 0; p < n->sectors; p++)
            n->essential[k * n->sectors + p] = m.v[row[k] * m.columns + column[p]] > 0;
    fd_labelled_dispose(&m);
    free(row);
    free(column);
    return err;
}

static int compare_links(const void *left, const void *right, void *payload)
{
    const network *n = payload;
    const link *a = &n->links.items[*(const size_t *)left],
               *b = &n->links.items[*(const size_t *)right];

    if (a->buyer != b->buyer)
        return a->buyer < b->buyer ? -1 : 1;
    if (n->sector[a->supplier] != n->sector[b->supplier])
        return n->sector[a->supplier] < n->sector[b->supplier] ? -1 : 1;
    if (a->supplier != b->supplier)
        return a->supplier < b->supplier ? -1 : 1;
    return a->volume < b->volume ? -1 : a->volume > b->volume;
}

/* Groups of each buyer: one for each essential sector (share of the sector's volume), one for the
 * rest (share of the volume of all inputs).  Sorted, so that sums do not depend on the order of the
 * rows. */
static void build_arcs(network *n)
{
    const size_t count = n->links.count;
    size_t *order = fd_alloc(count * sizeof *order + 1);
    uint32_t *group = fd_alloc(count * sizeof *group + 1);
    double *volume = fd_alloc((count + n->firms) * sizeof *volume + 1);
    double *inputs = fd_alloc(n->firms * sizeof *inputs + 1);
    uint8_t *is_rest = fd_alloc(count + n->firms + 1);
    size_t *down_at, *up_at;

    for (size_t k = 0; k < count; k++)
        order[k] = k;
    qsort_r(order, count, sizeof *order, compare_links, n);
    n->group_firm = fd_alloc((count + n->firms) * sizeof *n->group_firm + 1);
    n->down_start = fd_alloc((n->firms + 1) * sizeof *n->down_start);
    n->up_start = fd_alloc((n->firms + 1) * sizeof *n->up_start);
    for (size_t k = 0, rest = SIZE_MAX, last = SIZE_MAX; k < count; k++) {
        const link *x = &n->links.items[order[k]];
        const size_t sector = n->sector[x->supplier];
        const bool fresh = k == 0 || n->links.items[order[k - 1]].buyer != x->buyer;
        size_t *g = n->essential[sector * n->sectors + n->sector[x->buyer]] ? &last : &rest;

        if (fresh)
            rest = SIZE_MAX;
        if (g == &last && (fresh || n->sector[n->links.items[order[k - 1]].supplier] != sector))
            last = SIZE_MAX;
        if (*g == SIZE_MAX) {
            *g = n->groups++;
            n->group_firm[*g] = x->buyer;
            is_rest[*g] = g == &rest;
        }
        group[k] = (uint32_t)*g;
        volume[*g] += x->volume;
        inputs[x->buyer] += x->volume;
        n->down_start[x->supplier + 1]++;
        n->up_start[x->buyer + 1]++;
    }
    for (size_t i = 0; i < n->firms; i++) {
        n->down_start[i + 1] += n->down_start[i];
        n->up_start[i + 1] += n->up_start[i];
    }
    n->down = fd_alloc(count * sizeof *n->down + 1);
    n->up = fd_alloc(count * sizeof *n->up + 1);
    down_at = fd_alloc((n->firms + 1) * sizeof *down_at);
    up_at = fd_alloc((n->firms + 1) * sizeof *up_at);
    memcpy(down_at, n->down_start, n->firms * sizeof *down_at);
    memcpy(up_at, n->up_start, n->firms * sizeof *up_at);
    for (size_t k = 0; k < count; k++) {
        const link *x = &n->links.items[order[k]];
        const uint32_t g = group[k];

        n->down[down_at[x->supplier]++] =
            (arc){ g, x->volume / (is_rest[g] ? inputs[x->buyer] : volume[g]) };
        n->up[up_at[x->buyer]++] = (arc){ x->supplier, x->volume / n->out[x->supplier] };
    }
    free(order);
    free(group);
    free(volume);
    free(inputs);
    free(is_rest);
    free(down_at);
    free(up_at);
}

/* ---- one cascade ---- */

/* State of a cascade; `lost` and `level` are clean between cascades. */
typedef struct cascade {
    const network *n;
    double stop;
    double *level;    /* by firm: hd or hu */
    double *best;     /* by firm: min(hd, hu) */
    double *lost;     /* by group (down) or by firm (up): share that is gone */
    double *passed;   /* by firm: shortfall that its buyers (suppliers) have been told of */
    double *supply;   /* by sector: sum of out × hd */
    uint8_t *waiting; /* by firm */
    uint32_t *front, *next;
    size_t front_count, next_count;
    uint32_t *ever; /* firms below 1 */
    size_t ever_count;
} cascade;

static void cascade_init(cascade *c, const network *n, double stop)
{
    const size_t wide = n->groups > n->firms ? n->groups : n->firms;

    memset(c, 0, sizeof *c);
    c->n = n;
    c->stop = stop;
    c->level = fd_alloc(n->firms * sizeof *c->level + 1);
    c->best = fd_alloc(n->firms * sizeof *c->best + 1);
    c->lost = fd_alloc(wide * sizeof *c->lost + 1);
    c->passed = fd_alloc(n->firms * sizeof *c->passed + 1);
    c->supply = fd_alloc(n->sectors * sizeof *c->supply + 1);
    c->waiting = fd_alloc(n->firms + 1);
    c->front = fd_alloc(n->firms * sizeof *c->front + 1);
    c->next = fd_alloc(n->firms * sizeof *c->next + 1);
    c->ever = fd_alloc(n->firms * sizeof *c->ever + 1);
}

static void cascade_dispose(cascade *c)
{
    free(c->level);
    free(c->best);
    free(c->lost);
    free(c->passed);
    free(c->supply);
    free(c->waiting);
    free(c->front);
    free(c->next);
    free(c->ever);
}

static void start(cascade *c, uint32_t firm)
{
    const network *n = c->n;
    const size_t wide = n->groups > n->firms ? n->groups : n->firms;

    for (size_t i = 0; i < n->firms; i++)
        c->level[i] = 1;
    memset(c->lost, 0, wide * sizeof *c->lost);
    memset(c->passed, 0, n->firms * sizeof *c->passed);
    memset(c->waiting, 0, n->firms);
    c->level[firm] = 0;
    c->front[0] = c->ever[0] = firm;
    c->front_count = c->ever_count = 1;
    c->next_count = 0;
}

/* Lower a firm's level; it will pass the news on in the next round. */
static inline void lower(cascade *c, uint32_t firm, double level)
{
    if (level < 0)
        level = 0;
    if (!(level < c->level[firm] - c->stop))
        return;
    if (c->level[firm] >= 1) /* not among those below 1 as yet */
        c->ever[c->ever_count++] = firm;
    c->level[firm] = level;
    if (!c->waiting[firm]) {
        c->waiting[firm] = 1;
        c->next[c->next_count++] = firm;
    }
}

static void turn(cascade *c)
{
    uint32_t *was = c->front;

    c->front = c->next;
    c->front_count = c->next_count;
    c->next = was;
    c->next_count = 0;
    for (size_t k = 0; k < c->front_count; k++)
        c->waiting[c->front[k]] = 0;
}

/* Tell the buyers how much more of this firm's supply is gone. */
static inline void pass_down(cascade *c, uint32_t firm, double shortfall)
{
    const network *n = c->n;
    const double more = shortfall - c->passed[firm];

    if (!(more > 0))
        return;
    c->passed[firm] = shortfall;
    for (size_t k = n->down_start[firm]; k < n->down_start[firm + 1]; k++) {
        const arc *a = &n->down[k];

        c->lost[a->to] += a->share * more;
        lower(c, n->group_firm[a->to], 1 - c->lost[a->to]);
    }
}

static void run_down(cascade *c, uint32_t firm)
{
    start(c, firm);
    while (c->front_count) {
        for (size_t k = 0; k < c->front_count; k++)
            pass_down(c, c->front[k], 1 - c->level[c->front[k]]);
        turn(c);
    }
}

/* As run_down(), with what others of the sector can take over.  A fall anywhere in a sector raises
 * the shortfall of all its firms below 1, so each round goes through all of those. */
static void run_down_replaceable(cascade *c, uint32_t firm)
{
    const network *n = c->n;

    start(c, firm);
    while (c->front_count) {
        size_t count = c->ever_count; /* those who fall in this round pass on in the next */

        for (size_t k = 0; k < n->sectors; k++)
            c->supply[k] = 0;
        for (size_t i = 0; i < n->firms; i++)
            c->supply[n->sector[i]] += n->out[i] * c->level[i];
        for (size_t k = 0; k < count; k++) {
            const uint32_t j = c->ever[k];
            const double supply = c->supply[n->sector[j]];
            const double part = n->out[j] < supply ? n->out[j] / supply : 1;
            const double shortfall = part * (1 - c->level[j]);

            if (shortfall - c->passed[j] > c->stop)
                pass_down(c, j, shortfall);
        }
        turn(c);
    }
}

static void run_up(cascade *c, uint32_t firm)
{
    const network *n = c->n;

    start(c, firm);
    while (c->front_count) {
        for (size_t f = 0; f < c->front_count; f++) {
            const uint32_t i = c->front[f];
            const double more = 1 - c->level[i] - c->passed[i];

            if (!(more > 0))
                continue;
            c->passed[i] += more;
            for (size_t k = n->up_start[i]; k < n->up_start[i + 1]; k++) {
                const arc *a = &n->up[k];

                c->lost[a->to] += a->share * more;
                lower(c, a->to, 1 - c->lost[a->to]);
            }
        }
        turn(c);
    }
}

/* ---- all of them ---- */

enum { BLOCK = 16 };

typedef struct everyone {
    const network *n;
    const fd_cascade_options *o;
    double *esri, *down, *up, *replaced; /* by firm */
} everyone;

/* The share of output that has stopped. */
static double stopped(const cascade *c, const double *level)
{
    double sum = 0;

    for (size_t i = 0; i < c->n->firms; i++)
        sum += c->n->out[i] * (1 - level[i]);
    return c->n->total > 0 ? sum / c->n->total : 0;
}

static void take_least(cascade *c)
{
    for (size_t i = 0; i < c->n->firms; i++)
        c->best[i] = c->level[i] < c->best[i] ? c->level[i] : c->best[i];
}

static int run_block(void *payload, size_t block)
{
    const everyone *e = payload;
    const size_t to = (block + 1) * BLOCK < e->n->firms ? (block + 1) * BLOCK : e->n->firms;
    cascade c;

    cascade_init(&c, e->n, e->o->stop);
    for (size_t i = block * BLOCK; i < to; i++) {
        run_up(&c, (uint32_t)i);
        e->up[i] = stopped(&c, c.level);
        memcpy(c.best, c.level, e->n->firms * sizeof *c.best);
        run_down(&c, (uint32_t)i);
        e->down[i] = stopped(&c, c.level);
        if (e->replaced) {
            double *up = fd_alloc(e->n->firms * sizeof *up + 1);

            memcpy(up, c.best, e->n->firms * sizeof *up);
            take_least(&c);
            e->esri[i] = stopped(&c, c.best);
            memcpy(c.best, up, e->n->firms * sizeof *up);
            free(up);
            run_down_replaceable(&c, (uint32_t)i);
            take_least(&c);
            e->replaced[i] = stopped(&c, c.best);
        } else {
            take_least(&c);
            e->esri[i] = stopped(&c, c.best);
        }
    }
    cascade_dispose(&c);
    return 0;
}

static void network_dispose(network *n)
{
    fd_map_free(n->firm_at);
    fd_vec_dispose(&n->links);
    free(n->sector);
    free(n->final);
    free(n->out);
    free(n->essential);
    free(n->down_start);
    free(n->down);
    free(n->up_start);
    free(n->up);
    free(n->group_firm);
}

/* out_strength must cover what the links and final sales add up to, or a buyer's share of it would
 * pass 1. */
static int check_out(const network *n, const source *firms, int out_column)
{
    double *sum = fd_alloc(n->firms * sizeof *sum + 1);
    int err = 0;

    for (size_t k = 0; k < n->links.count; k++)
        sum[n->links.items[k].supplier] += n->links.items[k].volume;
    for (size_t i = 0; i < n->firms && err >= 0; i++)
        if (sum[i] + n->final[i] > n->out[i] * (1 + 1e-6) + 1e-9) {
            fd_error_set(FD_EINVAL, "out_strength %g 小于销售之和 %g",
                         "out_strength %g is less than the sum of sales %g", n->out[i],
                         sum[i] + n->final[i]);
            err = at(firms, i, out_column);
        }
    free(sum);
    return err;
}

static fd_table *make_table(const everyone *e, const fd_table *firms)
{
    const fd_column_spec specs[] = {
        { "firm", "企业", "Firm", FD_TEXT, "", 0 },
        { "esri", "系统性风险", "Systemic risk", FD_EST, "", 0 },
        { "esri_down_only", "只向下游", "Downstream only", FD_EST, "", 0 },
        { "esri_up_only", "只向上游", "Upstream only", FD_EST, "", 0 },
        { "esri_with_replaceability", "可替代时", "With replaceability", FD_EST, "", 0 },
    };
    fd_table *t = fd_table_new("esri", "一家停产带停多少", "What stops when one firm stops");
    const fd_column *codes = firms->columns[fd_table_find(firms, "firm")];

    fd_table_add_columns(t, specs, e->replaced ? 5 : 4);
    for (size_t i = 0; i < e->n->firms; i++) {
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, fd_column_text_or(codes, i, ""));
        fd_column_set_est(t->columns[1], row, e->esri[i]);
        fd_column_set_est(t->columns[2], row, e->down[i]);
        fd_column_set_est(t->columns[3], row, e->up[i]);
        if (e->replaced)
            fd_column_set_est(t->columns[4], row, e->replaced[i]);
    }
    fd_table_add_note(t, "占全部产出(含最终销售)的比重,含停产企业自身;1 表示全停",
                      "share of all output (final sales included), the failed firm's own included");
    return t;
}

int fd_cascade_run(fd_table **out, const fd_table *firms, const fd_table *links,
                   const fd_table *essential, const fd_cascade_options *options)
{
    const fd_cascade_options defaults = FD_CASCADE_OPTIONS_INIT;
    const fd_cascade_options *o = options ? options : &defaults;
    const source f = { firms, o->firms_name }, l = { links, o->links_name },
                 s = { essential, o->essential_name };
    network n = { .firm_at = fd_map_new() };
    everyone e = { .n = &n, .o = o };
    fd_map *sectors = fd_map_new();
    double *results = NULL;
    int out_column = -1, err;

    if ((err = read_firms(&n, sectors, &f, &out_column)) < 0 ||
        (err = read_links(&n, &l, out_column < 0)) < 0 ||
        (err = read_essential(&n, sectors, &s)) < 0 ||
        (out_column >= 0 && (err = check_out(&n, &f, out_column)) < 0))
        goto done;
    build_arcs(&n);
    results = fd_alloc(4 * n.firms * sizeof *results + 1);
    e.esri = results;
    e.down = results + n.firms;
    e.up = results + 2 * n.firms;
    e.replaced = o->replaceability ? results + 3 * n.firms : NULL;
    if ((err = fd_pool_run(o->pool, (n.firms + BLOCK - 1) / BLOCK, run_block, &e)) >= 0)
        *out = make_table(&e, firms);
done:
    fd_map_free(sectors);
    network_dispose(&n);
    free(results);
    return err;
}
