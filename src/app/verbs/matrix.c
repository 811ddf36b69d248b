/*
 * matrix, cell, peers, promises: leg 1 as the pages show it.
 */
#include <stdlib.h>
#include <string.h>

#include "app/figure.h"
#include "app/leg1.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "base/str.h"

static void hand_over(fd_result *result, fd_table **table)
{
    if (*table)
        fd_result_add(result, *table);
    *table = NULL;
}

static int run_matrix(fd_call *call, fd_result *result)
{
    fd_period month;
    fd_matrix m;
    int err;

    if ((err = fd_leg1_month(call, &month)) < 0 || (err = fd_leg1_matrix(call, &m, month)) < 0)
        return err;
    if (month != FD_PERIOD_NONE) {
        char zh[64], en[64];

        fd_period_title(month, FD_ZH, zh, sizeof zh);
        fd_period_title(month, FD_EN, en, sizeof en);
        fd_table_add_note(m.cells, zh, en);
    }
    hand_over(result, &m.chains);
    hand_over(result, &m.counties);
    hand_over(result, &m.works);
    hand_over(result, &m.cells);
    hand_over(result, &m.states);
    fd_matrix_dispose(&m);
    return 0;
}

static const fd_verb_param at_params[] = {
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "哪个月(累计);不写取最新",
      "which month (cumulative); the newest by default", NULL },
};
static const char *const matrix_examples[] = { "matrix --city out/huanzhou.fangding",
                                               "matrix --at 2024-01..11 --format json --city "
                                               "out/huanzhou.fangding",
                                               NULL };
const fd_verb fd_verb_matrix = {
    .name = "matrix",
    .zh = "重点产业链群矩阵 12×5×9:主导、营收、增速、五项工作的灯",
    .en = "the matrix of chains × works × counties: leads, revenue, growth, lights of five works",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = at_params,
    .param_count = 1,
    .examples = matrix_examples,
    .run = run_matrix,
};

/* ---- one cell -------------------------------------------------------------------------------- */

static bool cell_is(const fd_table *t, size_t row, const char *chain, const char *county)
{
    const char *a = fd_column_text(t->columns[fd_table_find(t, "chain")], row),
               *b = fd_column_text(t->columns[fd_table_find(t, "county")], row);

    return a && b && (!chain || strcmp(a, chain) == 0) && (!county || strcmp(b, county) == 0);
}

/* Rows of one chain and, when given, one county. */
static int only(fd_table **out, const fd_table *in, const char *chain, const char *county)
{
    bool *keep = fd_alloc(in->rows + 1);
    int err;

    for (size_t r = 0; r < in->rows; r++)
        keep[r] = cell_is(in, r, chain, county);
    err = fd_table_filter(out, in, keep);
    free(keep);
    return err;
}

/* Weight of a chain in "U2:0.6;E3:0.4"; "U2" alone weighs 1. False when the chain is not in it. */
static bool weight_of(fd_decimal *out, const char *text, const char *chain)
{
    fd_view rest = fd_view_of(text), part;

    while (rest.len && fd_view_split(&rest, ';', &part)) {
        ptrdiff_t colon = fd_view_find(part, ":");
        fd_view code = colon < 0 ? part : (fd_view){ part.ptr, (size_t)colon };

        if (!fd_view_is(code, chain))
            continue;
        *out = (fd_decimal){ 1, 0 };
        if (colon >= 0 &&
            fd_decimal_parse(out, part.ptr + colon + 1, part.len - (size_t)colon - 1) < 0)
            fd_error_clear();
        return true;
    }
    return false;
}

enum { F_CHAIN, F_COUNTY, F_STATE, F_REASON, F_ABOVE, F_COUNT };

/* Enterprises of the cell with their dispatch figures; nothing of statistical origin. */
static int firms_of(fd_table **out, fd_call *call, const char *chain, const char *county,
                    fd_period month)
{
    static const char *const ids[F_COUNT] = { "chain", "county", "run_state", "stop_reason",
                                              "above_scale" };
    fd_source *source = call->city->source;
    fd_column *a[F_COUNT] = { 0 }, *now = NULL, *before = NULL;
    const fd_frame *frame;
    fd_table *t = fd_table_new("firms", "企业", "Enterprises");
    fd_date at = month == FD_PERIOD_NONE ? FD_DATE_MAX : fd_period_end(month);
    int err;

    fd_table_add_new(t, "code", "代码", "Code", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "企业", "Enterprise", FD_TEXT, "", 0);
    fd_table_add_new(t, "county", "县区", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "weight", "权重", "Weight", FD_DEC, "", 4)->digits = 2;
    fd_table_add_new(t, "revenue", "调度营收", "Dispatch revenue", FD_QUOT, "万元", 0)->digits = 0;
    fd_table_add_new(t, "growth", "增速", "Growth", FD_QUOT, "%", 0)->digits = 1;
    fd_table_add_new(t, "state", "生产状态", "State", FD_TEXT, "", 0);
    fd_table_add_new(t, "reason", "原因", "Reason", FD_TEXT, "", 0);
    if ((err = source->ops->frame(source, "enterprise", &frame)) < 0)
        goto done;
    for (size_t i = 0; i < F_COUNT; i++)
        if ((err = source->ops->attribute(source, "enterprise", ids[i], at, &a[i])) < 0)
            goto done;
    if ((err = source->ops->column(source, "enterprise", "dispatch_revenue", month, FD_CURRENT,
                                   &now)) < 0 ||
        (err = source->ops->column(source, "enterprise", "dispatch_revenue", month, FD_COMPARATIVE,
                                   &before)) < 0)
        goto done;
    for (size_t i = 0; i < frame->n; i++) {
        const char *place = fd_column_text(a[F_COUNTY], i), *above = fd_column_text(a[F_ABOVE], i),
                   *text;
        fd_decimal weight;
        fd_number x, y;
        size_t row;

        if (!fd_column_text(a[F_CHAIN], i) ||
            !weight_of(&weight, fd_column_text(a[F_CHAIN], i), chain) ||
            (county && (!place || strcmp(place, county) != 0)) || fd_text_truth(above) != FD_TRUE)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, frame->codes[i]);
        fd_column_set_text(t->columns[1], row, frame->names[i] ? frame->names[i] : frame->codes[i]);
        fd_column_set_text(t->columns[2], row, fd_source_name(source, "county", place));
        if ((err = fd_decimal_rescale(&weight, weight, 4)) < 0)
            goto done;
        fd_column_set_dec(t->columns[3], row, weight.mantissa);
        x = fd_column_number(now, i);
        y = fd_column_number(before, i);
        fd_column_set_number(t->columns[4], row, x);
        if (x.state == FD_HAS && y.state == FD_HAS && y.exact.num > 0) {
            fd_quot g;

            if ((err = fd_quot_div(&g, x.exact, y.exact)) < 0 ||
                (err = fd_quot_sub(&g, g, fd_quot_from_int(1))) < 0 ||
                (err = fd_quot_mul(&g, g, fd_quot_from_int(100))) < 0)
                goto done;
            fd_column_set_quot(t->columns[5], row, g);
        }
        if ((text = fd_column_text(a[F_STATE], i)))
            fd_column_set_text(t->columns[6], row, text);
        if ((text = fd_column_text(a[F_REASON], i)))
            fd_column_set_text(t->columns[7], row, text);
    }
    fd_table_add_note(t, "调度表数字,不是统计报表",
                      "figures of dispatch returns, not of statistics");
    *out = t;
    t = NULL;
done:
    for (size_t i = 0; i < F_COUNT; i++)
        fd_column_unref(a[i]);
    fd_column_unref(now);
    fd_column_unref(before);
    fd_table_free(t);
    return err < 0 ? err : 0;
}

static int run_cell(fd_call *call, fd_result *result)
{
    fd_source *source = call->city->source;
    fd_table *t = NULL, *projects = NULL;
    fd_subject chain, county = { 0 };
    fd_period month;
    fd_matrix m;
    int err;

    memset(&m, 0, sizeof m);
    if ((err = fd_subject_find(&chain, source, fd_call_text(call, "chain"))) < 0 ||
        (fd_call_text(call, "county") &&
         (err = fd_subject_find(&county, source, fd_call_text(call, "county"))) < 0))
        return err;
    if (strcmp(chain.kind, "chain") != 0 || (county.code && strcmp(county.kind, "county") != 0))
        return fd_error_set(FD_EINVAL, "要写产业链,再写县区:%s", "a chain, then a county: %s",
                            fd_call_text(call, "chain"));
    if ((err = fd_leg1_month(call, &month)) < 0 || (err = fd_leg1_matrix(call, &m, month)) < 0)
        return err;
    hand_over(result, &m.chains);
    hand_over(result, &m.counties);
    hand_over(result, &m.works);
    if ((err = only(&t, m.cells, chain.code, county.code)) < 0)
        goto done;
    hand_over(result, &t);
    if ((err = only(&t, m.states, chain.code, county.code)) < 0)
        goto done;
    hand_over(result, &t);
    if (month != FD_PERIOD_NONE && fd_leg1_sees_names(call)) {
        if ((err = fd_projects(&projects, source, month, FD_LIGHT_YINCHUAN)) < 0 ||
            (err = only(&t, projects, chain.code, county.code)) < 0)
            goto done;
        hand_over(result, &t);
        if ((err = firms_of(&t, call, chain.code, county.code, month)) < 0)
            goto done;
        hand_over(result, &t);
    }
    if ((err = fd_leg1_promises(&t, call, chain.code, county.code)) < 0)
        goto done;
    hand_over(result, &t);
done:
    fd_table_free(projects);
    fd_matrix_dispose(&m);
    return err < 0 ? err : 0;
}

static const fd_verb_param cell_params[] = {
    { "chain", FD_P_TEXT, true, true, false, "CHAIN", "产业链代码或名称", "chain", NULL },
    { "county", FD_P_TEXT, true, false, false, "COUNTY", "县区代码或名称;不写给整条链",
      "county; the whole chain by default", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "哪个月(累计);不写取最新",
      "which month (cumulative); the newest by default", NULL },
};
static const char *const cell_examples[] = { "cell 食品制造 汤源县 --city out/huanzhou.fangding",
                                             "cell U2 --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_cell = {
    .name = "cell",
    .zh = "矩阵的一格:五项工作、项目、企业、承诺",
    .en = "one cell of the matrix: five works, projects, enterprises, promises",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = cell_params,
    .param_count = sizeof cell_params / sizeof *cell_params,
    .examples = cell_examples,
    .run = run_cell,
};

/* ---- peers ----------------------------------------------------------------------------------- */

static int run_peers(fd_call *call, fd_result *result)
{
    fd_source *source = call->city->source;
    fd_column *rate = NULL, *weight = NULL, *before = NULL;
    fd_period month = FD_PERIOD_NONE;
    const fd_frame *counties;
    fd_table *t = NULL;
    fd_peer *peers = NULL;
    char zh[96], en[96];
    int err;

    if ((err = fd_call_period(call, "at", &month)) < 0)
        return err;
    if (month == FD_PERIOD_NONE)
        month = fd_latest_period(source, "county_growth", FD_VERIFIED, (fd_period_kind)0);
    if (month == FD_PERIOD_NONE)
        return fd_error_set(FD_ENOTFOUND, "没有分县区增速", "there is no growth by county");
    if ((err = source->ops->frame(source, "county", &counties)) < 0 ||
        (err = source->ops->column(source, "county", "county_growth", month, FD_VERIFIED, &rate)) <
            0 ||
        (err = source->ops->column(source, "county", "county_weight", month, FD_VERIFIED,
                                   &weight)) < 0 ||
        (err = source->ops->column(source, "county", "county_growth",
                                   fd_period_years_before(month, 1), FD_VERIFIED, &before)) < 0)
        goto done;
    peers = fd_alloc((counties->n + 1) * sizeof *peers);
    for (size_t i = 0; i < counties->n; i++)
        peers[i] = (fd_peer){ counties->codes[i], counties->names[i], fd_column_number(weight, i),
                              fd_column_number(rate, i), fd_column_number(before, i) };
    if ((err = fd_peers(&t, peers, counties->n)) < 0)
        goto done;
    fd_period_title(month, FD_ZH, zh, sizeof zh);
    fd_period_title(month, FD_EN, en, sizeof en);
    fd_table_add_note(t, zh, en);
    fd_result_add(result, t);
done:
    free(peers);
    fd_column_unref(rate);
    fd_column_unref(weight);
    fd_column_unref(before);
    return err < 0 ? err : 0;
}

static const char *const peers_examples[] = { "peers --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_peers = {
    .name = "peers",
    .zh = "县区同组比较:核定增速、改善、拉动、组内位次",
    .en = "counties beside their peers: verified growth, improvement, pull, rank in the group",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = at_params,
    .param_count = 1,
    .examples = peers_examples,
    .run = run_peers,
};

/* ---- promises -------------------------------------------------------------------------------- */

/* The register of promises, each with the indicator that its metric names and where it stands. */
static int run_promises(fd_call *call, fd_result *result)
{
    fd_table *t = NULL;
    fd_column *indicator, *now, *unit, *period;
    int metric, err;

    if (!fd_program_record(call->city->program, "promise"))
        return fd_error_set(FD_ENOTFOUND, "没有承诺登记册", "there is no register of promises");
    if ((err = call->city->source->ops->records(call->city->source, "promise", FD_DATE_MAX, &t)) <
        0)
        return err;
    metric = fd_table_find(t, "metric");
    indicator = fd_table_add_new(t, "indicator", "对应指标", "Indicator", FD_TEXT, "", 0);
    now = fd_table_add_new(t, "now", "现值", "Now", FD_TEXT, "", 0);
    unit = fd_table_add_new(t, "now_unit", "现值单位", "Unit of now", FD_TEXT, "", 0);
    period = fd_table_add_new(t, "now_period", "现值期间", "Period of now", FD_TEXT, "", 0);
    for (size_t r = 0; metric >= 0 && r < t->rows; r++) {
        const char *name = fd_column_text(t->columns[metric], r);
        const fd_indicator *found = name ? fd_program_indicator(call->city->program, name) : NULL;
        fd_figure f;

        if (!found)
            continue;
        fd_column_set_text(indicator, r, found->id);
        if (fd_figure_latest(&f, call->city, found, call->lang) < 0) {
            fd_error_clear();
            continue;
        }
        if (!f.has_value)
            continue;
        fd_column_set_text(now, r, f.value);
        fd_column_set_text(unit, r, f.unit);
        fd_column_set_text(period, r, f.period_title);
    }
    fd_result_add(result, t);
    return 0;
}

static const char *const promises_examples[] = { "promises --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_promises = {
    .name = "promises",
    .zh = "承诺:原句、出处、目标,对上的指标和现值;对不上的也列出",
    .en = "promises: sentence, source, target, the indicator they name and where it stands",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .examples = promises_examples,
    .run = run_promises,
};
