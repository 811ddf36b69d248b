#include "app/radar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/policy_desk.h"
#include "app/subjects.h"

/* 万元: above scale begins here (国统字〔2010〕87号). */
static const double LINE = 2000;

typedef struct radar {
    fd_call *call;
    fd_source *source;
    const fd_table *parcels;
    const char *park, *county;
    fd_table *t;
} radar;

static void put(radar *x, const char *kind, const char *code, const char *name, bool in_park,
                double made, const char *zh, const char *en)
{
    const size_t row = fd_table_add_row(x->t);

    fd_column_set_text(x->t->columns[0], row, kind);
    fd_column_set_text(x->t->columns[1], row, code);
    fd_column_set_text(x->t->columns[2], row, name ? name : code);
    fd_column_set_bool(x->t->columns[3], row, in_park);
    if (!isnan(made)) {
        fd_column_set_est(x->t->columns[4], row, made);
        fd_column_set_est(x->t->columns[5], row, fmax(0, LINE - made));
    }
    fd_column_set_text(x->t->columns[6], row, zh);
    fd_column_set_text(x->t->columns[7], row, en);
}

static bool has_parcel(const radar *x, const char *field, const char *code, const char *name)
{
    for (size_t r = 0; r < x->parcels->rows; r++) {
        const char *of = fd_table_text(x->parcels, field, r);

        if (*of && (strcmp(of, code) == 0 || (name && strcmp(of, name) == 0)))
            return true;
    }
    return false;
}

/* Codes of the above-scale attribute by enterprise; false where it is not known to be 是. */
static bool is_above(const fd_frame *firms, const fd_column *above, const char *code)
{
    const size_t at = code ? fd_frame_find(firms, code) : firms->n;

    return at < firms->n && strcmp(fd_column_text_or(above, at, ""), "是") == 0;
}

static int add_projects(radar *x, const fd_frame *firms, const fd_column *above)
{
    enum { COUNTY, STAGE, FIRM, SITE, TEXTS };
    static const char *const ids[TEXTS] = { "project_county", "project_stage", "project_firm",
                                            "project_site" };
    fd_source *s = x->source;
    const fd_period period = fd_latest_period(s, "project_made", FD_CURRENT, FD_CUMULATIVE);
    const int months = period == FD_PERIOD_NONE ? 12 : fd_period_number_of(period);
    fd_column *a[TEXTS] = { 0 }, *made = NULL;
    const fd_frame *frame;
    int err;

    if ((err = s->ops->frame(s, "project", &frame)) < 0)
        goto done;
    for (int i = 0; i < TEXTS; i++)
        if ((err = s->ops->attribute(s, "project", ids[i], FD_DATE_MAX, &a[i])) < 0)
            goto done;
    if (period != FD_PERIOD_NONE &&
        (err = s->ops->column(s, "project", "project_made", period, FD_CURRENT, &made)) < 0)
        goto done;
    for (size_t i = 0; i < frame->n; i++) {
        const char *stage = fd_column_text_or(a[STAGE], i, ""), *firm = fd_column_text(a[FIRM], i);
        const fd_number n = made ? fd_column_number(made, i) : fd_number_missing();
        const double yearly =
            n.state == FD_HAS ? fd_number_to_double(n) * 12 / (months > 0 ? months : 12) : NAN;
        char zh[160], en[200];

        if (strcmp(fd_column_text_or(a[COUNTY], i, ""), x->county) != 0 ||
            (strcmp(stage, "投产") != 0 && strcmp(stage, "达效") != 0) ||
            is_above(firms, above, firm))
            continue;
        snprintf(zh, sizeof zh, "%s,未入规%s", stage,
                 isnan(yearly)    ? ";没有报累计产值"
                 : yearly >= LINE ? ";产值到线,核对主营业务收入"
                                  : "");
        snprintf(en, sizeof en, "produces (%s), not listed%s", stage,
                 isnan(yearly)    ? "; no output reported"
                 : yearly >= LINE ? "; output passes the line: check main revenue"
                                  : "");
        put(x, "项目", frame->codes[i], frame->names[i],
            has_parcel(x, "project", frame->codes[i], frame->names[i]) ||
                (*x->park && strstr(fd_column_text_or(a[SITE], i, ""), x->park) != NULL),
            yearly, zh, en);
    }
done:
    for (int i = 0; i < TEXTS; i++)
        fd_column_unref(a[i]);
    fd_column_unref(made);
    return err < 0 ? err : 0;
}

/* Enterprises below scale that the policy says may pass. */
static int add_enterprises(radar *x, const fd_frame *firms, const fd_column *above)
{
    fd_call call = *x->call;
    fd_policy_desk desk = { 0 };
    fd_column *county = NULL;
    const fd_policy *policy;
    const fd_policy_slot *slot;
    const fd_frame *frame;
    int err;

    call.verb = fd_verb_find("policy check"); /* its parameters, none given */
    call.values = fd_arena_alloc(call.arena, (call.verb->param_count + 1) * sizeof *call.values);
    if ((err = fd_policy_desk_open(&desk, &call)) < 0 ||
        (err = fd_policy_desk_find(&policy, &desk, "above_scale_radar")) < 0) {
        if (err == FD_ENOTFOUND) { /* definitions of before */
            fd_error_clear();
            err = 0;
        }
        goto done;
    }
    desk.policies[0] = policy;
    desk.policy_count = 1;
    if ((err = fd_policy_desk_run(&desk, NULL)) < 0 ||
        (err = x->source->ops->attribute(x->source, "enterprise", "county", FD_DATE_MAX, &county)) <
            0)
        goto done;
    frame = fd_policy_set_frame(desk.set);
    slot = fd_policy_set_slot(desk.set, policy, -1);
    for (size_t i = 0; slot && i < frame->n; i++) {
        const fd_outcome outcome = fd_policy_result(desk.set, slot, i);
        const size_t at = fd_frame_find(firms, frame->codes[i]);

        if (at >= firms->n || (outcome != FD_MEETS && outcome != FD_NEEDS) ||
            is_above(firms, above, frame->codes[i]) ||
            strcmp(fd_column_text_or(county, at, ""), x->county) != 0)
            continue;
        put(x, "企业", frame->codes[i], frame->names[i],
            has_parcel(x, "firm", frame->codes[i], frame->names[i]), NAN,
            outcome == FD_MEETS ? "主营业务收入到线,未在规上名录" : "不在规上名录,主营业务收入未知",
            outcome == FD_MEETS ? "main revenue passes the line, not listed"
                                : "not listed, main revenue unknown");
    }
done:
    fd_column_unref(county);
    fd_policy_desk_close(&desk);
    return err < 0 ? err : 0;
}

int fd_radar_candidates(fd_table **out, fd_call *call, const fd_table *parcels, const char *park,
                        const char *county)
{
    static const fd_column_spec specs[] = {
        { "kind", "类别", "Kind", FD_TEXT, "", 0 },
        { "code", "编号", "Code", FD_TEXT, "", 0 },
        { "name", "名称", "Name", FD_TEXT, "", 0 },
        { "in_park", "在园区", "In the park", FD_BOOL, "", 0 },
        { "made", "年产值(累计折年)", "Output a year", FD_EST, "万元", 0 },
        { "short", "离线还差", "Short of the line", FD_EST, "万元", 0 },
        { "basis", "依据", "Ground (Chinese)", FD_TEXT, "", 0 },
        { "basis_en", "英文依据", "Ground", FD_TEXT, "", 0 },
    };
    static const fd_sort_key order[] = { { "in_park", true }, { "short", false } };
    radar x = { call,    call->city->source,
                parcels, park,
                county,  fd_table_new("radar", "入规雷达", "Who may come above scale") };
    fd_column *above = NULL;
    const fd_frame *firms;
    int err;

    fd_table_add_columns(x.t, specs, sizeof specs / sizeof *specs);
    x.t->columns[4]->digits = x.t->columns[5]->digits = 0;
    if ((err = x.source->ops->frame(x.source, "enterprise", &firms)) < 0 ||
        (err = x.source->ops->attribute(x.source, "enterprise", "above_scale", FD_DATE_MAX,
                                        &above)) < 0 ||
        (err = add_projects(&x, firms, above)) < 0 || (err = add_enterprises(&x, firms, above)) < 0)
        goto done;
    if ((err = fd_table_sort(out, x.t, order, 2)) < 0)
        goto done;
    fd_table_add_note(
        *out,
        "本县区已投产未入规的项目和规下企业,在园区的排前;线是上年主营业务收入 2000 万元,这里用产值,"
        "不等于收入;达到申报条件可能性,是否入规由统计部门审核",
        "projects of the county that produce and enterprises below scale, those in the park first; "
        "the line is 2,000 万元 of main revenue last year, output stands in for it; whether one is "
        "listed the statistics bureau decides");
done:
    fd_column_unref(above);
    fd_table_free(x.t);
    return err < 0 ? err : 0;
}
