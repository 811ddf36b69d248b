/*
 * The cascade of one firm's failure through the network of suppliers and buyers, for each firm: the
 * tables, the two directions (cascade_flow.c spreads along them), and replaceability.
 *
 * Every failure is computed by itself from a clean state, so threads change nothing.  Firms are
 * taken in the order of the downstream nodes that they fall into: those of one node share a
 * cascade.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/arena.h"
#include "industry/bom.h"
#include "industry/cascade_flow.h"
#include "table/labelled.h"

typedef struct link {
    uint32_t supplier, buyer;
    double volume;
} link;

typedef struct network {
    size_t firms, sectors;
    fd_map *firm_at;
    uint32_t *sector; /* by firm; sectors are those of the firms and of `essential` */
    double *final, *out, total;
    uint8_t *essential; /* sector of input × sector of buyer */
    fd_vec(link) links;
    fd_flow raw;                   /* downstream, a node per firm: for replaceability */
    fd_flow down, up;              /* contracted */
    uint32_t *down_node, *up_node; /* by firm */
    fd_gather buyers;              /* of `up` */
    uint32_t *order;               /* firms by down_node */
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

/* Links by buyer, sector and supplier, so that sums do not depend on the order of the rows. */
static link *sort_links(const network *n)
{
    const size_t count = n->links.count;
    size_t *order = fd_alloc(count * sizeof *order + 1);
    link *sorted = fd_alloc(count * sizeof *sorted + 1);

    for (size_t k = 0; k < count; k++)
        order[k] = k;
    qsort_r(order, count, sizeof *order, compare_links, (void *)(uintptr_t)n);
    for (size_t k = 0; k < count; k++)
        sorted[k] = n->links.items[order[k]];
    free(order);
    return sorted;
}

/* Groups of each buyer: one for each essential sector (share of the sector's volume), one for the
 * rest (share of the volume of all inputs). */
static void build_down(fd_flow *f, const network *n, const link *links, size_t count)
{
    uint32_t *group = fd_alloc(count * sizeof *group + 1);
    double *volume = fd_alloc(count * sizeof *volume + 1);
    double *inputs = fd_alloc(n->firms * sizeof *inputs + 1);
    uint8_t *is_rest = fd_alloc(count + 1), *has_essential = fd_alloc(n->firms + 1);
    size_t *at = fd_alloc((n->firms + 1) * sizeof *at);

    fd_flow_alloc(f, n->firms, count, count);
    for (size_t k = 0, rest = SIZE_MAX, last = SIZE_MAX; k < count; k++) {
        const link *x = &links[k];
        const size_t sector = n->sector[x->supplier];
        const bool fresh = k == 0 || links[k - 1].buyer != x->buyer;
        const bool needed = n->essential[sector * n->sectors + n->sector[x->buyer]];
        size_t *g = needed ? &last : &rest;

        if (fresh)
            rest = SIZE_MAX;
        if (needed && (fresh || n->sector[links[k - 1].supplier] != sector))
            last = SIZE_MAX;
        if (*g == SIZE_MAX) {
            *g = f->groups++;
            f->owner[*g] = x->buyer;
            is_rest[*g] = !needed;
        }
        has_essential[x->buyer] |= needed;
        group[k] = (uint32_t)*g;
        volume[*g] += x->volume;
        inputs[x->buyer] += x->volume;
        f->start[x->supplier + 1]++;
    }
    for (size_t i = 0; i < n->firms; i++)
        f->start[i + 1] += f->start[i];
    memcpy(at, f->start, n->firms * sizeof *at);
    for (size_t k = 0; k < count; k++) {
        const uint32_t g = group[k], buyer = links[k].buyer;

        f->arcs[at[links[k].supplier]++] =
            (fd_arc){ g, links[k].volume / (is_rest[g] ? inputs[buyer] : volume[g]) };
        f->full[g] = !is_rest[g] || !has_essential[buyer];
    }
    free(group);
    free(volume);
    free(inputs);
    free(is_rest);
    free(has_essential);
    free(at);
}

/* One group for each supplier: its sales to others, as shares of all that it makes. */
static void build_up(fd_flow *f, const network *n, const link *links, size_t count)
{
    double *sales = fd_alloc(n->firms * sizeof *sales + 1);

    fd_flow_alloc(f, n->firms, n->firms, count);
    f->groups = n->firms;
    for (size_t k = 0; k < count; k++) { /* sorted by buyer: arcs are in place */
        f->start[links[k].buyer + 1]++;
        f->arcs[k] = (fd_arc){ links[k].supplier, links[k].volume / n->out[links[k].supplier] };
        sales[links[k].supplier] += links[k].volume;
    }
    for (size_t i = 0; i < n->firms; i++) {
        f->start[i + 1] += f->start[i];
        f->owner[i] = (uint32_t)i;
        f->full[i] =
            n->final[i] == 0 && sales[i] > 0 && fabs(sales[i] - n->out[i]) <= 1e-12 * n->out[i];
    }
    free(sales);
}

/* ---- one cascade ---- */

typedef struct cascade {
    const network *n;
    fd_spread spread;
    double *down, *up; /* by firm: hd and hu */
    double *supply;    /* by sector: sum of out × hd */
    double *lanes;     /* by upstream node, of several failures: what is lost */
} cascade;

static void cascade_init(cascade *c, const network *n, double stop)
{
    size_t groups = n->raw.groups > n->up.groups ? n->raw.groups : n->up.groups;

    c->n = n;
    fd_spread_init(&c->spread, n->firms, groups, stop);
    c->down = fd_alloc(n->firms * sizeof *c->down + 1);
    c->up = fd_alloc(n->firms * sizeof *c->up + 1);
    c->supply = fd_alloc(n->sectors * sizeof *c->supply + 1);
    c->lanes = fd_alloc(n->up.nodes * FD_LANES * sizeof *c->lanes + 1);
}

static void cascade_dispose(cascade *c)
{
    fd_spread_dispose(&c->spread);
    free(c->down);
    free(c->up);
    free(c->supply);
    free(c->lanes);
}

/* What is left downstream of every firm when those of one node are lost. */
static void run_down(cascade *c, uint32_t node)
{
    fd_spread_run(&c->spread, &c->n->down, node);
    for (size_t i = 0; i < c->n->firms; i++)
        c->down[i] = c->spread.level[c->n->down_node[i]];
}

/* Downstream, with what others of the sector can take over.  A fall anywhere in a sector raises the
 * shortfall of all its firms below 1, so each round goes through all of those; there is no set that
 * is lost altogether to begin with, but few rounds. */
static void run_replaceable(cascade *c, uint32_t firm)
{
    const network *n = c->n;
    fd_spread *s = &c->spread;

    fd_spread_start(s, &n->raw, firm);
    while (s->front_count) {
        const size_t count = s->ever_count; /* those who fall in this round pass on in the next */

        memset(c->supply, 0, n->sectors * sizeof *c->supply);
        for (size_t i = 0; i < n->firms; i++)
            c->supply[n->sector[i]] += n->out[i] * s->level[i];
        for (size_t k = 0; k < count; k++) {
            const uint32_t j = s->ever[k];
            const double supply = c->supply[n->sector[j]];
            const double part = n->out[j] < supply ? n->out[j] / supply : 1;
            const double shortfall = part * (1 - s->level[j]);

            if (shortfall - s->passed[j] > s->stop)
                fd_spread_pass(s, &n->raw, j, shortfall);
        }
        fd_spread_turn(s);
    }
}

/* ---- all of them ---- */

typedef struct everyone {
    const network *n;
    const fd_cascade_options *o;
    double *esri, *down, *up, *replaced; /* by firm */
} everyone;

/* The share of output that has stopped, by the lesser of two levels (or one). */
static double stopped(const network *n, const double *a, const double *b)
{
    double sum = 0;

    for (size_t i = 0; i < n->firms; i++)
        sum += n->out[i] * (1 - (b && b[i] < a[i] ? b[i] : a[i]));
    return sum / n->total; /* NaN, unknown, where nobody makes anything */
}

static int run_block(void *payload, size_t block)
{
    const everyone *e = payload;
    const network *n = e->n;
    const size_t from = block * FD_LANES;
    const size_t count = from + FD_LANES < n->firms ? FD_LANES : n->firms - from;
    uint32_t up_nodes[FD_LANES];
    cascade c;

    cascade_init(&c, n, e->o->stop);
    for (size_t k = 0; k < count; k++)
        up_nodes[k] = n->up_node[n->order[from + k]];
    fd_spread_together(c.lanes, &c.spread, &n->up, &n->buyers, up_nodes, count);
    for (size_t k = 0; k < count; k++) {
        const uint32_t i = n->order[from + k];
        const bool again = k && n->down_node[i] == n->down_node[n->order[from + k - 1]];

        for (size_t j = 0; j < n->firms; j++)
            c.up[j] = 1 - c.lanes[(size_t)n->up_node[j] * FD_LANES + k];
        if (!again)
            run_down(&c, n->down_node[i]);
        e->up[i] = stopped(n, c.up, NULL);
        e->down[i] = stopped(n, c.down, NULL);
        e->esri[i] = stopped(n, c.down, c.up);
        if (e->replaced) {
            run_replaceable(&c, i);
            e->replaced[i] = stopped(n, c.spread.level, c.up);
        }
    }
    cascade_dispose(&c);
    return 0;
}

/* Both directions from the links, contracted, and the order of the firms. */
static void build(network *n)
{
    link *sorted = sort_links(n);
    fd_flow up = { 0 };
    fd_csr by_node;

    build_down(&n->raw, n, sorted, n->links.count);
    build_up(&up, n, sorted, n->links.count);
    n->down_node = fd_alloc(n->firms * sizeof *n->down_node + 1);
    n->up_node = fd_alloc(n->firms * sizeof *n->up_node + 1);
    fd_flow_contract(&n->down, n->down_node, &n->raw);
    fd_flow_contract(&n->up, n->up_node, &up);
    fd_gather_init(&n->buyers, &n->up);
    fd_csr_build(&by_node, n->down.nodes, n->down_node, NULL, n->firms);
    n->order = by_node.list;
    free(by_node.start);
    fd_flow_dispose(&up);
    free(sorted);
}

static void network_dispose(network *n)
{
    fd_map_free(n->firm_at);
    fd_vec_dispose(&n->links);
    free(n->sector);
    free(n->final);
    free(n->out);
    free(n->essential);
    fd_flow_dispose(&n->raw);
    fd_flow_dispose(&n->down);
    fd_flow_dispose(&n->up);
    fd_gather_dispose(&n->buyers);
    free(n->down_node);
    free(n->up_node);
    free(n->order);
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
        if (sum[i] + n->final[i] > n->out[i] * 1.01 + 1e-9) {
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
        if (!(e->n->total > 0))
            continue;
        fd_column_set_est(t->columns[1], row, e->esri[i]);
        fd_column_set_est(t->columns[2], row, e->down[i]);
        fd_column_set_est(t->columns[3], row, e->up[i]);
        if (e->replaced)
            fd_column_set_est(t->columns[4], row, e->replaced[i]);
    }
    if (e->n->firms && !(e->n->total > 0))
        fd_table_add_note(t, "没有一家有产出:比重不明", "nobody makes anything: no shares");
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
    build(&n);
    results = fd_alloc(4 * n.firms * sizeof *results + 1);
    e.esri = results;
    e.down = results + n.firms;
    e.up = results + 2 * n.firms;
    e.replaced = o->replaceability ? results + 3 * n.firms : NULL;
    if ((err = fd_pool_run(o->pool, (n.firms + FD_LANES - 1) / FD_LANES, run_block, &e)) >= 0)
        *out = make_table(&e, firms);
done:
    fd_map_free(sectors);
    network_dispose(&n);
    free(results);
    return err;
}
