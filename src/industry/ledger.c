/*
 * The ledger of projects at the end of a month: investment against the time that has passed, the
 * start of work, and output against the feasibility study.
 */
#include "industry/ledger.h"

#include <stdio.h>
#include <string.h>

#include "measure/arith.h"

static const char *const attribute_ids[FD_LA_COUNT] = {
    "project_county", "project_chain",  "project_type",    "project_stage",
    "planned_start",  "planned_finish", "project_owner",   "project_reason",
    "project_firm",   "project_site",   "project_approval"
};
static const char *const item_ids[FD_LI_COUNT] = { "project_done",  "project_plan_year",
                                                   "project_total", "project_output",
                                                   "project_tax",   "project_made",
                                                   "project_paid" };
static const char *const stages[FD_STAGES][2] = { { "谋划", "planned" },   { "签约", "signed" },
                                                  { "开工", "started" },   { "在建", "building" },
                                                  { "投产", "producing" }, { "达效", "effective" },
                                                  { "入规", "listed" } };
enum { STARTED = 2, PRODUCING = 4, EFFECTIVE = 5 };

int fd_project_stage(const char *name)
{
    for (int i = 0; name && i < FD_STAGES; i++)
        if (strcmp(name, stages[i][0]) == 0 || strcmp(name, stages[i][1]) == 0)
            return i;
    return -1;
}

const char *fd_project_stage_name(int stage, fd_lang lang)
{
    return stage < 0 || stage >= FD_STAGES ? "" : stages[stage][lang];
}

/* ---- reading --------------------------------------------------------------------------------- */

static int read_item(fd_column **out, fd_source *s, const char *item, fd_period period)
{
    return s->ops->column(s, "project", item, period, FD_CURRENT, out);
}

/* Growth of the projects that have a year before, %. */
static int average_growth(fd_ledger *l)
{
    fd_quot now = fd_quot_from_int(0), before = fd_quot_from_int(0);
    int err;

    l->average = fd_number_missing();
    for (size_t p = 0; p < l->frame->n; p++) {
        fd_number a = fd_ledger__item(l, FD_LI_DONE, p), b = fd_column_number(l->done_before, p);

        if (a.state != FD_HAS || b.state != FD_HAS || a.is_estimate || b.is_estimate ||
            b.exact.num <= 0)
            continue;
        if ((err = fd_quot_add(&now, now, a.exact)) < 0 ||
            (err = fd_quot_add(&before, before, b.exact)) < 0)
            return err;
    }
    if (before.num <= 0)
        return 0;
    if ((err = fd_quot_div(&now, now, before)) < 0 ||
        (err = fd_quot_sub(&now, now, fd_quot_from_int(1))) < 0 ||
        (err = fd_quot_mul(&now, now, fd_quot_from_int(100))) < 0)
        return err;
    l->average = fd_number_exact(now);
    return 0;
}

int fd_ledger__load(fd_ledger *out, fd_source *source, fd_period period)
{
    int err, month = fd_period_number_of(period), year = fd_period_year_of(period);

    memset(out, 0, sizeof *out);
    out->period = period;
    out->at = fd_period_end(period);
    if (fd_period_kind_of(period) != FD_CUMULATIVE)
        return fd_error_set(FD_EINVAL, "项目台账要写累计期间,例如 2024-01..12",
                            "the ledger of projects is cumulative: 2024-01..12");
    if ((err = source->ops->frame(source, "project", &out->frame)) < 0)
        return err;
    for (int a = 0; a < FD_LA_COUNT; a++)
        if ((err = source->ops->attribute(source, "project", attribute_ids[a], out->at,
                                          &out->a[a])) < 0)
            return err;
    for (int i = 0; i < FD_LI_COUNT; i++)
        if ((err = read_item(&out->i[i], source, item_ids[i], period)) < 0)
            return err;
    if (month > 3) {
        fd_period before = fd_period_cumulative(year, month - 3);

        if ((err = read_item(&out->made_before, source, "project_made", before)) < 0 ||
            (err = read_item(&out->paid_before, source, "project_paid", before)) < 0)
            return err;
    }
    if ((err = read_item(&out->done_before, source, "project_done",
                         fd_period_cumulative(year - 1, month))) < 0 ||
        (err = read_item(&out->done_year_before, source, "project_done",
                         fd_period_cumulative(year - 1, 12))) < 0)
        return err;
    return average_growth(out);
}

void fd_ledger__dispose(fd_ledger *l)
{
    for (int a = 0; a < FD_LA_COUNT; a++)
        fd_column_unref(l->a[a]);
    for (int i = 0; i < FD_LI_COUNT; i++)
        fd_column_unref(l->i[i]);
    fd_column_unref(l->made_before);
    fd_column_unref(l->paid_before);
    fd_column_unref(l->done_before);
    fd_column_unref(l->done_year_before);
    memset(l, 0, sizeof *l);
}

const char *fd_ledger__attribute(const fd_ledger *l, int attribute, size_t project)
{
    const char *text = fd_column_text(l->a[attribute], project);

    return text && *text ? text : NULL;
}

fd_number fd_ledger__item(const fd_ledger *l, int item, size_t project)
{
    return fd_column_number(l->i[item], project);
}

/* ---- lights ---------------------------------------------------------------------------------- */

static bool known(fd_number n)
{
    return n.state == FD_HAS && !n.is_estimate;
}

/* a ÷ b × 100, missing when it cannot be. */
static fd_number percent_of(fd_number a, fd_number b)
{
    if (!known(a) || !known(b) || b.exact.num <= 0)
        return fd_number_missing();
    return fd_number_apply(fd_number_apply(a, '/', b), '*', fd_number_int(100));
}

static fd_number growth_of(fd_number now, fd_number before)
{
    fd_number p = percent_of(now, before);

    return known(p) ? fd_number_apply(p, '-', fd_number_int(100)) : p;
}

static fd_number minus(fd_number a, fd_number b)
{
    return known(a) && known(b) ? fd_number_apply(a, '-', b) : fd_number_missing();
}

static void grey(fd_verdict *v, const char *zh, const char *en)
{
    v->color = FD_GREY;
    snprintf(v->reason[FD_ZH], sizeof v->reason[FD_ZH], "灰:%s", zh);
    snprintf(v->reason[FD_EN], sizeof v->reason[FD_EN], "grey: %s", en);
}

/* 黄:累计完成 42%,序时 67%,落后 25 个百分点(规则:银川预设) */
static void say_progress(fd_verdict *v, fd_number percent, fd_number schedule, fd_number behind,
                         const fd_table *rules, size_t row)
{
    bool late = fd_number_compare(behind, fd_number_int(0)) > 0;
    char p[80], s[80], b[80], zh[160], en[160];

    fd_works__short(percent, p, sizeof p);
    fd_works__short(schedule, s, sizeof s);
    fd_works__short(late ? behind : fd_number_apply(fd_number_int(0), '-', behind), b, sizeof b);
    fd_works__rule_text(rules, row, FD_ZH, zh, sizeof zh);
    fd_works__rule_text(rules, row, FD_EN, en, sizeof en);
    snprintf(v->reason[FD_ZH], sizeof v->reason[FD_ZH],
             "%s:累计完成 %s%%,序时 %s%%,%s %s 个百分点%s", fd_color_name(v->color, FD_ZH), p, s,
             late ? "落后" : "超序时", b, zh);
    snprintf(v->reason[FD_EN], sizeof v->reason[FD_EN], "%s: %s%% done, %s%% due, %s points %s %s",
             fd_color_name(v->color, FD_EN), p, s, b, late ? "behind" : "ahead", en);
}

static void say_growth(fd_verdict *v, fd_number growth, fd_number plan, fd_number average,
                       const fd_table *rules, size_t row)
{
    char g[80], p[80], a[80], zh[160], en[160];

    fd_works__short(growth, g, sizeof g);
    known(plan) ? (void)fd_works__short(plan, p, sizeof p) : (void)snprintf(p, sizeof p, "?");
    known(average) ? (void)fd_works__short(average, a, sizeof a) : (void)snprintf(a, sizeof a, "?");
    fd_works__rule_text(rules, row, FD_ZH, zh, sizeof zh);
    fd_works__rule_text(rules, row, FD_EN, en, sizeof en);
    snprintf(v->reason[FD_ZH], sizeof v->reason[FD_ZH], "%s:投资增长 %s%%,计划 %s%%,平均 %s%%%s",
             fd_color_name(v->color, FD_ZH), g, p, a, zh);
    snprintf(v->reason[FD_EN], sizeof v->reason[FD_EN],
             "%s: investment grew %s%%, planned %s%%, on average %s%% %s",
             fd_color_name(v->color, FD_EN), g, p, a, en);
}

int fd_ledger__investment(fd_ledger_light *out, const fd_ledger *l, size_t project,
                          const fd_works_options *o)
{
    fd_number done = fd_ledger__item(l, FD_LI_DONE, project),
              plan = fd_ledger__item(l, FD_LI_PLAN, project),
              before = fd_column_number(l->done_before, project),
              whole = fd_column_number(l->done_year_before, project);
    fd_number schedule = fd_number_exact(fd_light_time_share(l->period));
    fd_number percent = percent_of(done, plan), behind = minus(schedule, percent),
              reached = percent_of(percent, schedule), growth = growth_of(done, before),
              planned = growth_of(plan, whole);
    const fd_rule_measure measures[] = { { "behind", behind },
                                         { "reached", reached },
                                         { "done", percent },
                                         { "growth", growth },
                                         { "behind_plan", minus(planned, growth) },
                                         { "behind_average", minus(l->average, growth) } };
    size_t row;
    int err;

    out->applies = true;
    if (!o->rules)
        return fd_light_progress(&out->v, o->builtin, done, plan, schedule.exact);
    memset(&out->v, 0, sizeof out->v);
    if ((err = fd_rules_judge(&out->v.color, &row, o->rules, o->preset, "investment", measures,
                              sizeof measures / sizeof *measures)) < 0)
        return err;
    if (row == SIZE_MAX) {
        if (done.state != FD_HAS || plan.state != FD_HAS)
            grey(&out->v, "完成数或计划数缺报或待核", "done or plan is missing or in doubt");
        else if (!known(percent))
            grey(&out->v, "没有年度计划", "there is no plan for the year");
        else
            grey(&out->v, "没有上年同期投资可比", "there is no investment a year before");
        return 0;
    }
    if (strncmp(fd_works__text_or(o->rules, row, "measure", "growth"), "growth", 6) == 0 ||
        strncmp(fd_works__text_or(o->rules, row, "measure", ""), "behind_", 7) == 0) {
        /* The row without a measure closes either family; which one, its preset's first row says.
         */
        bool by_growth = fd_works__text(o->rules, row, "measure") != NULL;

        for (size_t r = 0; r < o->rules->rows && !by_growth; r++)
            by_growth = strcmp(fd_works__text_or(o->rules, r, "preset", ""), o->preset) == 0 &&
                        strcmp(fd_works__text_or(o->rules, r, "kind", ""), "investment") == 0 &&
                        strcmp(fd_works__text_or(o->rules, r, "measure", ""), "growth") == 0;
        if (by_growth) {
            say_growth(&out->v, growth, planned, l->average, o->rules, row);
            return 0;
        }
    }
    if (known(percent))
        say_progress(&out->v, percent, schedule, behind, o->rules, row);
    else
        grey(&out->v, "没有年度计划", "there is no plan for the year");
    return 0;
}

/* The preset whose rules of a kind count; NULL when nobody has any. */
static const char *preset_for(const fd_works_options *o, const char *kind)
{
    if (!o->rules)
        return NULL;
    if (fd_rules_has(o->rules, o->preset, kind))
        return o->preset;
    return fd_rules_has(o->rules, "template", kind) ? "template" : NULL;
}

int fd_ledger__start(fd_ledger_light *out, const fd_ledger *l, size_t project,
                     const fd_works_options *o)
{
    int stage = fd_project_stage(fd_ledger__attribute(l, FD_LA_STAGE, project)), late, err;
    fd_date planned = fd_works__day_of(fd_ledger__attribute(l, FD_LA_START, project));
    const char *preset = preset_for(o, "start");
    fd_rule_measure measure = { "months_late", fd_number_missing() };
    char day[16], zh[160], en[160];
    size_t row;

    memset(out, 0, sizeof *out);
    if (!preset || stage < 0 || stage >= STARTED)
        return 0;
    out->applies = true;
    if (planned == FD_DATE_NONE) {
        grey(&out->v, "没有计划开工日", "no planned start");
        return 0;
    }
    late = fd_works__months(planned, l->at);
    measure.value = fd_number_int(late);
    if ((err = fd_rules_judge(&out->v.color, &row, o->rules, preset, "start", &measure, 1)) < 0)
        return err;
    fd_date_format(planned, day, sizeof day);
    fd_works__rule_text(o->rules, row, FD_ZH, zh, sizeof zh);
    fd_works__rule_text(o->rules, row, FD_EN, en, sizeof en);
    if (late < 0) {
        snprintf(out->v.reason[FD_ZH], sizeof out->v.reason[FD_ZH], "%s:计划 %s 开工,未到%s",
                 fd_color_name(out->v.color, FD_ZH), day, zh);
        snprintf(out->v.reason[FD_EN], sizeof out->v.reason[FD_EN],
                 "%s: the start is planned for %s %s", fd_color_name(out->v.color, FD_EN), day, en);
    } else {
        snprintf(out->v.reason[FD_ZH], sizeof out->v.reason[FD_ZH],
                 "%s:应于 %s 开工,尚未开工,已过 %d 个月%s", fd_color_name(out->v.color, FD_ZH), day,
                 late, zh);
        snprintf(out->v.reason[FD_EN], sizeof out->v.reason[FD_EN],
                 "%s: the start was due %s, %d months ago %s", fd_color_name(out->v.color, FD_EN),
                 day, late, en);
    }
    return 0;
}

/* Output of the last months made annual: those since production that lie in the year, three at
 * most. */
static fd_number annual(fd_number now, fd_number before, int month, int since)
{
    int span = since < month ? since : month;

    if (!known(now) || span <= 0)
        return fd_number_missing();
    if (span > 3 && !known(before))
        return fd_number_missing();
    if (span > 3) {
        now = fd_number_apply(now, '-', before);
        span = 3;
    }
    return fd_number_apply(fd_number_apply(now, '*', fd_number_int(12)), '/', fd_number_int(span));
}

int fd_ledger__ramp(fd_ledger_light *out, fd_ramp_row *ramp, const fd_ledger *l, size_t project,
                    fd_date produced, const fd_works_options *o)
{
    int stage = fd_project_stage(fd_ledger__attribute(l, FD_LA_STAGE, project)), err;
    int month = fd_period_number_of(l->period), since;
    const char *preset = preset_for(o, "ramp");
    fd_rule_measure measure = { "ramp_reached", fd_number_missing() };
    fd_quot expected;
    char p[80], e[80], zh[160], en[160];
    size_t row;

    memset(out, 0, sizeof *out);
    ramp->made = fd_ledger__item(l, FD_LI_MADE, project);
    ramp->annual = ramp->percent = ramp->tax_percent = fd_number_missing();
    if (stage < PRODUCING)
        return 0;
    out->applies = preset != NULL;
    if (produced == FD_DATE_NONE || produced > l->at) {
        grey(&out->v, "投产日期没有凭据", "no evidence of the day of production");
        return 0;
    }
    since = fd_works__months(produced, l->at);
    ramp->annual =
        annual(ramp->made,
               l->made_before ? fd_column_number(l->made_before, project) : fd_number_missing(),
               month, since);
    ramp->percent = percent_of(ramp->annual, fd_ledger__item(l, FD_LI_OUTPUT, project));
    ramp->tax_percent = percent_of(annual(fd_ledger__item(l, FD_LI_PAID, project),
                                          l->paid_before ? fd_column_number(l->paid_before, project)
                                                         : fd_number_missing(),
                                          month, since),
                                   fd_ledger__item(l, FD_LI_TAX, project));
    if (!preset)
        return 0;
    if (!known(ramp->percent)) {
        grey(&out->v, since == 0 ? "投产当月,尚无可比产值" : "产值或可研产值缺报",
             since == 0 ? "in the month of production" : "output or feasible output is missing");
        return 0;
    }
    if (!fd_works__ramp(&expected, o->ramp, since)) {
        grey(&out->v, "没有爬坡曲线", "there is no ramp curve");
        return 0;
    }
    measure.value = percent_of(ramp->percent, fd_number_exact(expected));
    if ((err = fd_rules_judge(&out->v.color, &row, o->rules, preset, "ramp", &measure, 1)) < 0)
        return err;
    fd_works__short(ramp->percent, p, sizeof p);
    fd_works__short(fd_number_exact(expected), e, sizeof e);
    fd_works__rule_text(o->rules, row, FD_ZH, zh, sizeof zh);
    fd_works__rule_text(o->rules, row, FD_EN, en, sizeof en);
    snprintf(out->v.reason[FD_ZH], sizeof out->v.reason[FD_ZH],
             "%s:投产 %d 个月,达产率 %s%%,爬坡曲线 %s%%%s", fd_color_name(out->v.color, FD_ZH),
             since, p, e, zh);
    snprintf(out->v.reason[FD_EN], sizeof out->v.reason[FD_EN],
             "%s: %d months in production, %s%% of the study's output, the curve says %s%% %s",
             fd_color_name(out->v.color, FD_EN), since, p, e, en);
    return 0;
}

/* ---- evidence -------------------------------------------------------------------------------- */

void fd_works__gates(fd_gate_row *out, const fd_table *gates, const char *code)
{
    static const char *const fields[FD_STAGES][2] = {
        { "planned_on", "approval" },    { "signed_on", "contract" },
        { "started_on", "permit" },      { "building_on", "invest_no" },
        { "produced_on", "acceptance" }, { "effective_on", "ramp_proof" },
        { "listed_on", "listing" },
    };
    size_t row = fd_works__find(gates, "id", code);

    memset(out, 0, sizeof *out);
    out->proved = -1;
    for (int s = 0; s < FD_STAGES; s++)
        out->on[s] = FD_DATE_NONE;
    if (row == SIZE_MAX)
        return;
    out->has = true;
    for (int s = 0; s < FD_STAGES; s++) {
        const char *text = fd_works__text(gates, row, fields[s][1]);

        out->on[s] = fd_works__date(gates, row, fields[s][0]);
        snprintf(out->evidence[s], sizeof out->evidence[s], "%s", text ? text : "");
        out->evident[s] = text && out->on[s] != FD_DATE_NONE;
    }
    while (out->proved + 1 < FD_STAGES && out->evident[out->proved + 1])
        out->proved++;
}
