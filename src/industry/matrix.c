/*
 * The matrix of chains × works × counties: axes, figures of the cells, lead cells.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/industry.h"
#include "industry/matrix.h"

enum { DISCLOSE_FROM = 3, MOST_LEADS = 3, LEAST_LEADS = 2 };

static const char *const outside = "OUT";

size_t fd_matrix__at(const fd_matrix_grid *g, size_t chain, size_t county)
{
    return chain * (g->counties->n + 1) + county;
}

/* One figure of every cell and total, from fd_measure() with zero, one or two dimensions. */
static int fill(fd_matrix_grid *g, fd_number *values, const fd_program *program, fd_source *source,
                const char *id, fd_period period)
{
    static const char *const dims[4][2] = {
        { "chain", "county" }, { "chain", NULL }, { "county", NULL }, { NULL, NULL }
    };
    const fd_indicator *indicator = fd_program_indicator(program, id);
    int err = 0;

    for (size_t i = 0; i < g->size; i++)
        values[i] = fd_number_missing();
    if (!indicator || period == FD_PERIOD_NONE)
        return 0;
    for (size_t way = 0; way < 4 && err >= 0; way++) {
        fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
        fd_table *t = NULL;

        options.by = dims[way];
        options.by_count = way == 0 ? 2 : way == 3 ? 0 : 1;
        if ((err = fd_measure(&t, program, source, &indicator, 1, &period, 1, &options)) < 0)
            return err;
        err = fd_matrix__scatter(g, values, t, way == 0 || way == 1, way == 0 || way == 2);
        fd_table_free(t);
    }
    return err;
}

int fd_matrix__scatter(const fd_matrix_grid *g, fd_number *values, const fd_table *t, bool by_chain,
                       bool by_county)
{
    int chain_at = fd_table_find(t, "chain"), county_at = fd_table_find(t, "county"),
        value_at = fd_table_find(t, "value");

    if (value_at < 0 || (by_chain && chain_at < 0) || (by_county && county_at < 0))
        return 0;
    for (size_t r = 0; r < t->rows; r++) {
        size_t chain = g->chains->n, county = g->counties->n;

        if (by_chain)
            chain = fd_frame_find(g->chains, fd_column_text(t->columns[chain_at], r));
        if (by_county)
            county = fd_frame_find(g->counties, fd_column_text(t->columns[county_at], r));
        if (chain > g->chains->n || county > g->counties->n)
            continue;
        values[fd_matrix__at(g, chain, county)] = fd_column_number(t->columns[value_at], r);
    }
    return 0;
}

static bool has(fd_number n)
{
    return (n.state == FD_HAS || n.state == FD_DOUBT) && !n.is_estimate;
}

/* Fewer than three, counted with weights. */
static bool is_small(fd_number firms)
{
    return !has(firms) || fd_quot_compare(firms.exact, fd_quot_from_int(DISCLOSE_FROM)) < 0;
}

static bool is_outside(const fd_matrix_grid *g, size_t chain)
{
    return strcmp(g->chains->codes[chain], outside) == 0;
}

/* cell × city compared with chain's total × county's total: the location quotient against 1. */
static int concentrated(bool *out, const fd_matrix_grid *g, size_t chain, size_t county)
{
    const fd_number *r = g->revenue;
    fd_number cell = r[fd_matrix__at(g, chain, county)],
              all = r[fd_matrix__at(g, g->chains->n, g->counties->n)],
              of_chain = r[fd_matrix__at(g, chain, g->counties->n)],
              of_county = r[fd_matrix__at(g, g->chains->n, county)];
    fd_quot left, right;
    int err;

    *out = false;
    if (!has(cell) || !has(all) || !has(of_chain) || !has(of_county))
        return 0;
    if ((err = fd_quot_mul(&left, cell.exact, all.exact)) < 0 ||
        (err = fd_quot_mul(&right, of_chain.exact, of_county.exact)) < 0)
        return err;
    *out = fd_quot_compare(left, right) >= 0;
    return 0;
}

/* The largest chain of a county that is not yet a lead and, when asked, concentrated there. */
static int next_lead(size_t *out, const fd_matrix_grid *g, size_t county, bool need_concentration)
{
    int err;

    *out = g->chains->n;
    for (size_t c = 0; c < g->chains->n; c++) {
        size_t at = fd_matrix__at(g, c, county);
        bool fits = true;

        if (g->lead[at] || is_outside(g, c) || is_small(g->firms[at]) || !has(g->revenue[at]))
            continue;
        if (need_concentration && (err = concentrated(&fits, g, c, county)) < 0)
            return err;
        if (fits && (*out == g->chains->n ||
                     fd_quot_compare(g->revenue[at].exact,
                                     g->revenue[fd_matrix__at(g, *out, county)].exact) > 0))
            *out = c;
    }
    return 0;
}

static int compute_leads(fd_matrix_grid *g)
{
    int err;

    for (size_t county = 0; county < g->counties->n; county++) {
        size_t taken = 0, chain;

        for (int concentration = 1; concentration >= 0; concentration--)
            while (taken < (concentration ? MOST_LEADS : LEAST_LEADS)) {
                if ((err = next_lead(&chain, g, county, concentration)) < 0)
                    return err;
                if (chain == g->chains->n)
                    break;
                g->lead[fd_matrix__at(g, chain, county)] = true;
                taken++;
            }
    }
    return 0;
}

/* Records lead_cell that hold at that day. */
static int recorded_leads(bool *out, fd_matrix_grid *g, fd_source *source, fd_date at)
{
    fd_lead_cells declared;
    int err = fd_lead_cells_make(&declared, source, at);

    if (err < 0)
        return err;
    for (size_t i = 0; i < declared.cells->rows; i++) {
        size_t county = fd_frame_find(g->counties, fd_column_text(declared.cells->columns[1], i));
        size_t chain = fd_frame_find(g->chains, fd_column_text(declared.cells->columns[3], i));

        char **owner = &g->owner[fd_matrix__at(g, chain, county)];

        g->lead[fd_matrix__at(g, chain, county)] = true;
        if (!*owner && fd_column_text(declared.cells->columns[5], i))
            *owner = fd_strdup(fd_column_text(declared.cells->columns[5], i));
        *out = true;
    }
    fd_lead_cells_dispose(&declared);
    return 0;
}

/* "U2;E3" of every county; false when no county declares any. */
static int declared_leads(bool *out, fd_matrix_grid *g, fd_source *source, fd_date at)
{
    fd_column *column = NULL;
    int err;

    *out = false;
    if ((err = recorded_leads(out, g, source, at)) < 0 || *out)
        return err;
    err = source->ops->attribute(source, "county", "lead_chains", at, &column);
    for (size_t county = 0; err >= 0 && county < g->counties->n; county++) {
        fd_view rest = fd_view_of(fd_column_text(column, county)), part;

        while (rest.len && fd_view_split(&rest, ';', &part)) {
            part = fd_view_trim(part);
            for (size_t c = 0; c < g->chains->n; c++)
                if (fd_view_is(part, g->chains->codes[c])) {
                    g->lead[fd_matrix__at(g, c, county)] = true;
                    *out = true;
                }
        }
    }
    fd_column_unref(column);
    return err;
}

/* The enterprise with the largest dispatch revenue of every cell. */
static int find_leaders(fd_matrix_grid *g, fd_source *source, fd_period period)
{
    fd_column *chain = NULL, *county = NULL, *revenue = NULL;
    const fd_frame *firms;
    int64_t *most = fd_alloc(g->size * sizeof *most);
    fd_date at = fd_period_end(period);
    int err;

    if ((err = source->ops->frame(source, "enterprise", &firms)) < 0 ||
        (err = source->ops->attribute(source, "enterprise", "chain", at, &chain)) < 0 ||
        (err = source->ops->attribute(source, "enterprise", "county", at, &county)) < 0 ||
        (err = source->ops->column(source, "enterprise", "dispatch_revenue", period, FD_CURRENT,
                                   &revenue)) < 0)
        goto done;
    for (size_t i = 0; i < firms->n; i++) {
        fd_view rest = fd_view_of(fd_column_text(chain, i)), part;
        size_t place = fd_frame_find(g->counties, fd_column_text(county, i));

        if (place > g->counties->n || fd_column_state(revenue, i) != FD_HAS)
            continue;
        while (rest.len && fd_view_split(&rest, ';', &part)) {
            ptrdiff_t colon = fd_view_find(part, ":");
            fd_view code = colon < 0 ? part : (fd_view){ part.ptr, (size_t)colon };

            for (size_t c = 0; c < g->chains->n; c++) {
                size_t cell = fd_matrix__at(g, c, place);

                if (!fd_view_is(code, g->chains->codes[c]) || revenue->v.dec[i] <= most[cell])
                    continue;
                most[cell] = revenue->v.dec[i];
                g->leader[cell] = firms->names[i];
            }
        }
    }
done:
    free(most);
    fd_column_unref(chain);
    fd_column_unref(county);
    fd_column_unref(revenue);
    return err < 0 ? err : 0;
}

static fd_table *new_cells(void)
{
    static const struct {
        const char *id, *zh, *en, *unit;
        int8_t digits;
    } figures[] = { { "firms", "企业", "Firms", "户", 1 },
                    { "revenue", "调度营收", "Dispatch revenue", "亿元", 2 },
                    { "growth", "增速", "Growth", "%", 1 },
                    { "share", "占本县区", "Share of the county", "%", 1 },
                    { "lq", "区位商", "Location quotient", "", 2 },
                    { "stopped", "停产", "Stopped", "户", 1 },
                    { "slowed", "减产", "Slowed", "户", 1 } };
    fd_table *t = fd_table_new("cells", "链 × 县区", "Chains by counties");

    fd_table_add_new(t, "chain", "链代码", "Chain", FD_TEXT, "", 0);
    fd_table_add_new(t, "county", "县区代码", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "lead", "主导", "Lead", FD_BOOL, "", 0);
    for (size_t c = 0; c < sizeof figures / sizeof *figures; c++)
        fd_table_add_new(t, figures[c].id, figures[c].zh, figures[c].en, FD_QUOT, figures[c].unit,
                         0)
            ->digits = figures[c].digits;
    fd_table_add_new(t, "leader", "最大企业", "Largest enterprise", FD_TEXT, "", 0);
    fd_table_add_new(t, "owner", "牵头单位", "Lead office", FD_TEXT, "", 0);
    return t;
}

/* a ÷ b × scale into a cell; nothing when either is not there or b is 0. */
static int set_ratio(fd_column *out, size_t row, fd_number a, fd_number b, int64_t scale)
{
    fd_quot value;
    int err;

    if (!has(a) || !has(b) || fd_quot_compare(b.exact, fd_quot_from_int(0)) == 0)
        return 0;
    if ((err = fd_quot_div(&value, a.exact, b.exact)) < 0 ||
        (err = fd_quot_mul(&value, value, fd_quot_from_int(scale))) < 0)
        return err;
    fd_column_set_quot(out, row, value);
    return 0;
}

static int put_cell(fd_table *t, const fd_matrix_grid *g, size_t chain, size_t county)
{
    size_t at = fd_matrix__at(g, chain, county), row = fd_table_add_row(t),
           of_county = fd_matrix__at(g, g->chains->n, county),
           of_chain = fd_matrix__at(g, chain, g->counties->n),
           city = fd_matrix__at(g, g->chains->n, g->counties->n);
    bool inner = chain < g->chains->n && county < g->counties->n;
    int err;

    fd_column_set_text(t->columns[0], row, chain < g->chains->n ? g->chains->codes[chain] : "");
    fd_column_set_text(t->columns[1], row,
                       county < g->counties->n ? g->counties->codes[county] : "");
    fd_column_set_bool(t->columns[2], row, inner && g->lead[at]);
    if (has(g->firms[at]) && fd_quot_compare(g->firms[at].exact, fd_quot_from_int(0)) > 0) {
        fd_column_set_number(t->columns[3], row, g->firms[at]);
    } else {
        /* Nobody is there: nothing could be missing. */
        fd_column_set_quot(t->columns[3], row, fd_quot_from_int(0));
        for (size_t c = 4; c < 10; c++)
            fd_column_set_state(t->columns[c], row, FD_NA);
        return 0;
    }
    fd_column_set_number(t->columns[8], row, g->stopped[at]);
    fd_column_set_number(t->columns[9], row, g->slowed[at]);
    if (inner && is_small(g->firms[at]))
        return 0;
    fd_column_set_number(t->columns[4], row, g->revenue[at]);
    fd_column_set_number(t->columns[5], row, g->growth[at]);
    if ((err = set_ratio(t->columns[6], row, g->revenue[at], g->revenue[of_county], 100)) < 0)
        return err;
    if (!inner)
        return 0;
    if (g->leader[at])
        fd_column_set_text(t->columns[10], row, g->leader[at]);
    if (g->owner[at])
        fd_column_set_text(t->columns[11], row, g->owner[at]);
    if (has(g->revenue[at]) && has(g->revenue[of_county]) && has(g->revenue[of_chain]) &&
        has(g->revenue[city])) {
        fd_quot here, everywhere;

        if ((err = fd_quot_div(&here, g->revenue[at].exact, g->revenue[of_county].exact)) < 0 ||
            (err = fd_quot_div(&everywhere, g->revenue[of_chain].exact, g->revenue[city].exact)) <
                0 ||
            (err = fd_quot_div(&here, here, everywhere)) < 0)
            return err;
        fd_column_set_quot(t->columns[7], row, here);
    }
    return 0;
}

static int put_cells(fd_table **out, const fd_matrix_grid *g, bool declared)
{
    fd_table *t = new_cells();
    size_t leads = 0;
    int err = 0;

    for (size_t chain = 0; chain <= g->chains->n && err >= 0; chain++)
        for (size_t county = 0; county <= g->counties->n && err >= 0; county++) {
            err = put_cell(t, g, chain, county);
            leads += g->lead[fd_matrix__at(g, chain, county)];
        }
    if (declared)
        fd_table_add_note(t, "主导:按登记", "lead: as declared");
    else
        fd_table_add_note(t,
                          "主导未登记,按调度营收推定:区位商不低于 1 的链中营收前三,每县区 2—3 条",
                          "leads are not declared; computed from dispatch revenue: the three "
                          "largest chains with a location quotient of at least 1, two or three "
                          "per county");
    if (declared && (leads < 18 || leads > 27))
        fd_table_add_note(t, "登记的主导格数不在 18—27 之间",
                          "the number of declared leads is not between 18 and 27");
    fd_table_add_note(t, "跨链企业按权重分摊;少于三户的格不给营收和增速",
                      "a firm on two chains counts by weight; no revenue or growth for fewer than "
                      "three firms");
    if (err < 0) {
        fd_table_free(t);
        return err;
    }
    *out = t;
    return 0;
}

static int put_axes(fd_matrix *out, const fd_matrix_grid *g, fd_source *source, fd_date at,
                    const fd_matrix_options *options)
{
    fd_column *group = NULL, *owner = NULL;
    int err;

    out->chains = fd_table_new("chains", "产业链", "Chains");
    fd_table_add_new(out->chains, "code", "代码", "Code", FD_TEXT, "", 0);
    fd_table_add_new(out->chains, "name", "产业链", "Chain", FD_TEXT, "", 0);
    fd_table_add_new(out->chains, "group", "类别", "Group", FD_TEXT, "", 0);
    fd_table_add_new(out->chains, "owner", "牵头单位", "Lead office", FD_TEXT, "", 0);
    out->counties = fd_table_new("counties", "县区", "Counties");
    fd_table_add_new(out->counties, "code", "代码", "Code", FD_TEXT, "", 0);
    fd_table_add_new(out->counties, "name", "县区", "County", FD_TEXT, "", 0);
    out->works = fd_table_new("works", "工作", "Works");
    fd_table_add_new(out->works, "id", "编号", "Id", FD_TEXT, "", 0);
    fd_table_add_new(out->works, "name", "工作", "Work", FD_TEXT, "", 0);
    fd_table_add_new(out->works, "name_en", "Work", "Work", FD_TEXT, "", 0);
    if ((err = source->ops->attribute(source, "chain", "chain_group", at, &group)) < 0 ||
        (err = source->ops->attribute(source, "chain", "chain_owner", at, &owner)) < 0)
        goto done;
    for (size_t i = 0; i < g->chains->n; i++) {
        size_t row = fd_table_add_row(out->chains);
        const char *texts[] = { g->chains->codes[i],
                                g->chains->names[i] ? g->chains->names[i] : g->chains->codes[i],
                                fd_column_text(group, i), fd_column_text(owner, i) };

        for (size_t c = 0; c < 4; c++)
            if (texts[c])
                fd_column_set_text(out->chains->columns[c], row, texts[c]);
    }
    for (size_t i = 0; i < g->counties->n; i++) {
        size_t row = fd_table_add_row(out->counties);

        fd_column_set_text(out->counties->columns[0], row, g->counties->codes[i]);
        fd_column_set_text(out->counties->columns[1], row,
                           g->counties->names[i] ? g->counties->names[i] : g->counties->codes[i]);
    }
    for (size_t i = 0; i < options->work_count; i++) {
        size_t row = fd_table_add_row(out->works);

        fd_column_set_text(out->works->columns[0], row, options->works[i].id);
        fd_column_set_text(out->works->columns[1], row, options->works[i].name[FD_ZH]);
        fd_column_set_text(out->works->columns[2], row, options->works[i].name[FD_EN]);
    }
done:
    fd_column_unref(group);
    fd_column_unref(owner);
    return err < 0 ? err : 0;
}

static void grid_dispose(fd_matrix_grid *g)
{
    free(g->firms);
    free(g->revenue);
    free(g->growth);
    free(g->stopped);
    free(g->slowed);
    free(g->innovation);
    free(g->lead);
    free(g->leader);
    for (size_t i = 0; g->owner && i < g->size; i++)
        free(g->owner[i]);
    free(g->owner);
}

static int grid_init(fd_matrix_grid *g, fd_source *source)
{
    int err;

    memset(g, 0, sizeof *g);
    if ((err = source->ops->frame(source, "chain", &g->chains)) < 0 ||
        (err = source->ops->frame(source, "county", &g->counties)) < 0)
        return err;
    g->size = (g->chains->n + 1) * (g->counties->n + 1);
    g->firms = fd_alloc(g->size * sizeof *g->firms);
    g->revenue = fd_alloc(g->size * sizeof *g->revenue);
    g->growth = fd_alloc(g->size * sizeof *g->growth);
    g->stopped = fd_alloc(g->size * sizeof *g->stopped);
    g->slowed = fd_alloc(g->size * sizeof *g->slowed);
    g->innovation = fd_alloc(g->size * sizeof *g->innovation);
    g->lead = fd_alloc(g->size * sizeof *g->lead);
    g->leader = fd_alloc(g->size * sizeof *g->leader);
    g->owner = fd_alloc(g->size * sizeof *g->owner);
    return 0;
}

int fd_matrix_compute(fd_matrix *out, const fd_program *program, fd_source *source,
                      const fd_matrix_options *options)
{
    fd_matrix_grid g;
    fd_date at = options->period == FD_PERIOD_NONE ? FD_DATE_MAX : fd_period_end(options->period);
    bool declared = false;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = grid_init(&g, source)) < 0)
        return err;
    if ((err = fill(&g, g.firms, program, source, "firm_count", options->year)) < 0 ||
        (err = fill(&g, g.revenue, program, source, "dispatch_revenue_total", options->period)) <
            0 ||
        (err = fill(&g, g.growth, program, source, "dispatch_revenue_growth", options->period)) <
            0 ||
        (err = fill(&g, g.stopped, program, source, "stopped_count", options->period)) < 0 ||
        (err = fill(&g, g.slowed, program, source, "slowed_count", options->period)) < 0)
        goto done;
    for (size_t i = 0; i < g.size; i++)
        g.innovation[i] = fd_number_missing();
    if (options->innovation)
        fd_matrix__scatter(&g, g.innovation, options->innovation, true, true);
    if ((err = declared_leads(&declared, &g, source, at)) < 0 ||
        (!declared && (err = compute_leads(&g)) < 0) ||
        (options->name_leaders && options->period != FD_PERIOD_NONE &&
         (err = find_leaders(&g, source, options->period)) < 0) ||
        (err = put_axes(out, &g, source, at, options)) < 0 ||
        (err = put_cells(&out->cells, &g, declared)) < 0)
        goto done;
    err = fd_matrix__states(&out->states, &g, source, options);
done:
    grid_dispose(&g);
    if (err < 0)
        fd_matrix_dispose(out);
    return err < 0 ? err : 0;
}

void fd_matrix_dispose(fd_matrix *matrix)
{
    fd_table_free(matrix->chains);
    fd_table_free(matrix->counties);
    fd_table_free(matrix->works);
    fd_table_free(matrix->cells);
    fd_table_free(matrix->states);
    memset(matrix, 0, sizeof *matrix);
}
