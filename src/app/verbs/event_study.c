/*
 * event-study, event-study city: what changed after events, beside firms alike.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/protect.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "fangding/event_study.h"
#include "io/csvtable.h"

enum { LEAST = 3 };

static int read_options(fd_event_options *o, fd_call *call)
{
    int64_t window = o->window, neighbours = (int64_t)o->neighbours, draws = (int64_t)o->draws,
            seed = (int64_t)o->seed;
    const char *caliper = fd_call_text(call, "caliper");
    int err;

    if ((err = fd_call_integer(call, "window", &window)) < 0 ||
        (err = fd_call_integer(call, "neighbours", &neighbours)) < 0 ||
        (err = fd_call_integer(call, "draws", &draws)) < 0 ||
        (err = fd_call_integer(call, "seed", &seed)) < 0)
        return err;
    if (caliper && (!fd_csv_number(&o->caliper, caliper, strlen(caliper)) || !(o->caliper > 0)))
        return fd_error_set(FD_EINVAL, "--caliper 应大于 0:%s", "--caliper is above 0: %s",
                            caliper);
    o->window = window < 0 || window > 1000 ? 0 : (int)window;
    o->neighbours = neighbours < 0 ? 0 : (size_t)neighbours;
    o->draws = draws < 0 ? SIZE_MAX : (size_t)draws;
    o->seed = (uint64_t)seed;
    o->level = fd_call_flag(call, "level");
    return 0;
}

static double number_at(const fd_table *t, const char *column, size_t row)
{
    const int at = fd_table_find(t, column);

    return at >= 0 && fd_column_state(t->columns[at], row) == FD_HAS
               ? fd_number_to_double(fd_column_number(t->columns[at], row))
               : NAN;
}

/* One sentence about all kinds together. Without a comparison it says so, and nothing more; with
 * one it speaks of a difference, never of a cause. */
static void say(fd_result *result, const fd_table *t, const char *what, bool level)
{
    const size_t r = t->rows - 1;
    const char *verdict = fd_column_text_or(t->columns[11], r, "");
    const double did = level ? number_at(t, "did", r) : number_at(t, "percent", r);
    const char *unit = level ? "" : "%";

    if (strcmp(verdict, "no_comparison") == 0)
        fd_result_say(result,
                      "会上可说:%.0f 件事件没有可比企业,只看得到前后变化,不说明是事件带来的(%s)。",
                      "To say: %.0f events have nobody alike: before and after are all there is, "
                      "which does not tell what brought it about (%s).",
                      number_at(t, "events", r), what);
    else if (strcmp(verdict, "placebo_fails") == 0)
        fd_result_say(result, "会上可说:事件之前两边就不一样(安慰剂 p = %.3f),这次比较不成立(%s)。",
                      "To say: both sides differed before the events already (placebo p = %.3f): "
                      "the comparison does not hold (%s).",
                      number_at(t, "placebo_p", r), what);
    else if (strcmp(verdict, "even") == 0)
        fd_result_say(
            result,
            "会上可说:%.0f 件事件之后,%s与可比企业相比看不出差别(%+.1f%s,置换检验 p = %.3f)。",
            "To say: after %.0f events %s shows no difference from firms alike (%+.1f%s, "
            "permutation p = %.3f).",
            number_at(t, "matched", r), what, did, unit, number_at(t, "p", r));
    else
        fd_result_say(
            result,
            "会上可说:%.0f 件事件之后,%s与可比企业相比相差 %+.1f%s(置换检验 p = %.3f,安慰剂 "
            "%+.3f);这是差别,不是因果。",
            "To say: after %.0f events %s differs from firms alike by %+.1f%s (permutation "
            "p = %.3f, placebo %+.3f): a difference, no proof of cause.",
            number_at(t, "matched", r), what, did, unit, number_at(t, "p", r),
            number_at(t, "placebo", r));
}

static int pick(fd_result *result, fd_event_study *all, const char *wanted)
{
    static const char *const names[] = { "summary", "events", "path" };
    fd_table **const tables[] = { &all->summary, &all->events, &all->path };

    return fd_result_pick(result, wanted, tables, names, 3);
}

/* ---- on plain files ---- */

/* The events' file read as texts; rows of other kinds than the one asked for go. */
static int keep_kind(fd_table **events, const char *kind)
{
    const int at = fd_table_find(*events, "kind");
    fd_table *kept = NULL;
    bool *keep;
    int err;

    if (!kind)
        return 0;
    keep = fd_alloc((*events)->rows + 1);
    for (size_t r = 0; r < (*events)->rows; r++)
        keep[r] = at >= 0 && strcmp(fd_column_text_or((*events)->columns[at], r, ""), kind) == 0;
    if ((err = fd_table_filter(&kept, *events, keep)) >= 0) {
        fd_table_free(*events);
        *events = kept;
    }
    free(keep);
    return err;
}

static int run_plain(fd_call *call, fd_result *result)
{
    static const char *const texts[] = { "id", "time", "kind" };
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    const char *panel_texts[] = { fd_call_text(call, "id"), fd_call_text(call, "time"),
                                  fd_call_text(call, "stratum"), "industry", "division" };
    const char *what;
    fd_table *panel = NULL, *events = NULL;
    fd_event_study all;
    int err;

    o.id = panel_texts[0];
    o.time = panel_texts[1];
    o.stratum = panel_texts[2];
    o.value = fd_call_text(call, "value");
    o.size = fd_call_text(call, "size");
    what = o.value ? o.value : "value";
    if ((err = read_options(&o, call)) < 0 ||
        (err = fd_csv_table(&panel, fd_call_text(call, "file"), panel_texts, 5, o.id ? 0 : 1)) <
            0 ||
        (err = fd_csv_table(&events, fd_call_text(call, "events"), texts, 3, 0)) < 0 ||
        (err = keep_kind(&events, fd_call_text(call, "kind"))) < 0)
        goto done;
    if ((err = fd_event_study_run(&all, panel, events, &o)) >= 0) {
        say(result, all.summary, what, o.level);
        err = pick(result, &all, fd_call_text(call, "out"));
        fd_event_study_dispose(&all);
    }
done:
    fd_table_free(panel);
    fd_table_free(events);
    return err;
}

#define STUDY_PARAMS                                                                                \
    { "out",                                                                                        \
      FD_P_CHOICE,                                                                                  \
      false,                                                                                        \
      false,                                                                                        \
      false,                                                                                        \
      "NAME",                                                                                       \
      "要哪张表(默认 summary)",                                                                     \
      "which table (summary)",                                                                      \
      "summary|events|path" },                                                                      \
        { "kind", FD_P_TEXT, false, false, false, "KIND", "只看一类事件", "one kind of event only", \
          NULL },                                                                                   \
        { "window",                                                                                 \
          FD_P_INTEGER,                                                                             \
          false,                                                                                    \
          false,                                                                                    \
          false,                                                                                    \
          "N",                                                                                      \
          "前后各几期(默认 3)",                                                                     \
          "periods before and after (3)",                                                           \
          NULL },                                                                                   \
        { "neighbours",           FD_P_INTEGER,         false, false, false, "K",                   \
          "可比企业几户(默认 5)", "how many alike (5)", NULL },                                     \
        { "caliper",                                                                                \
          FD_P_NUMBER,                                                                              \
          false,                                                                                    \
          false,                                                                                    \
          false,                                                                                    \
          "D",                                                                                      \
          "对数规模最多相差多少(默认 1)",                                                           \
          "largest distance in log size (1)",                                                       \
          NULL },                                                                                   \
        { "draws",                                                                                  \
          FD_P_INTEGER,                                                                             \
          false,                                                                                    \
          false,                                                                                    \
          false,                                                                                    \
          "R",                                                                                      \
          "置换检验抽几次(默认 999)",                                                               \
          "draws of the permutation test (999)",                                                    \
          NULL },                                                                                   \
        { "seed", FD_P_INTEGER, false, false, false, "S", "种子(默认 1)", "seed (1)", NULL },       \
    {                                                                                               \
        "level", FD_P_FLAG, false, false, false, NULL, "比差额,不比对数(默认比对数)",               \
            "differences of values, not of logarithms", NULL                                        \
    }

static const fd_verb_param plain_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "一行一个单位一期:id、time、value、industry",
      "a row for each unit and period: id, time, value, industry", NULL },
    { "events", FD_P_PATH, false, true, false, "FILE", "事件:id、time、kind",
      "the events: id, time, kind", NULL },
    { "id", FD_P_TEXT, false, false, false, "COLUMN", "单位列", "column of units", NULL },
    { "time", FD_P_TEXT, false, false, false, "COLUMN", "期间列", "column of periods", NULL },
    { "value", FD_P_TEXT, false, false, false, "COLUMN", "比什么(默认 value)",
      "what is compared (value)", NULL },
    { "stratum", FD_P_TEXT, false, false, false, "COLUMN",
      "只和同一类的比(默认 industry 或 division)", "match exactly on this (industry, division)",
      NULL },
    { "size", FD_P_TEXT, false, false, false, "COLUMN", "规模列(默认事件前的平均值)",
      "column of size (the mean before the event)", NULL },
    STUDY_PARAMS,
};
static const char *const plain_examples[] = {
    "event-study firms-years.csv --events events.csv --window 3",
    "event-study firms-years.csv --events events.csv --out path",
    NULL,
};
const fd_verb fd_verb_event_study = {
    .name = "event-study",
    .zh = "事件之后怎样:前后对比,减去同行业同规模可比企业的变化;安慰剂与置换检验",
    .en = "after events: before and after, less the change of firms alike; placebo, permutation "
          "test",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = plain_params,
    .param_count = sizeof plain_params / sizeof *plain_params,
    .examples = plain_examples,
    .run = run_plain,
};

/* ---- on the city ---- */

/* How often a metric is known: by months, by quarters out of cumulative figures, by years. */
typedef enum time_axis { MONTHS, QUARTERS, YEARS } time_axis;

typedef struct metric {
    const fd_item *item;
    time_axis axis;
    fd_period *periods;
    size_t count;
} metric;

static int read_metric(metric *m, fd_call *call)
{
    const char *wanted = fd_call_text(call, "metric"), *origin = NULL;
    fd_source *source = call->city->source;
    const fd_period *periods;
    size_t count;
    bool months = false, cumulative = false;
    int err;

    if ((err = fd_item_find(&m->item, call->city->program, wanted ? wanted : "power")) < 0 ||
        (err = source->ops->periods(source, m->item->id, FD_CURRENT, &periods, &count)) < 0)
        return err;
    if (!count || strcmp(m->item->kind, "enterprise") != 0 || m->item->nature == FD_ATTRIBUTE)
        return fd_error_set(FD_ENOTFOUND, "「%s」没有企业的数可比",
                            "%s has no figures of enterprises", m->item->name);
    m->periods = fd_alloc(count * sizeof *m->periods);
    memcpy(m->periods, periods, count * sizeof *m->periods);
    m->count = count;
    for (size_t i = 0; i < count; i++) {
        months = months || fd_period_kind_of(m->periods[i]) == FD_MONTH;
        cumulative = cumulative || fd_period_kind_of(m->periods[i]) == FD_CUMULATIVE;
    }
    m->axis = months ? MONTHS : cumulative ? QUARTERS : YEARS;
    if ((err = source->ops->marks(source, m->item->id, m->periods[count - 1], FD_CURRENT, NULL,
                                  &origin)) < 0)
        return err;
    if (!fd_role_sees(call->role, origin))
        return fd_error_set(FD_EDENIED, "%s 来自企业统计原始资料,不能逐户比较(统计法)",
                            "%s is from statistical returns and is not compared firm by firm",
                            m->item->name);
    return 0;
}

static void label_of(char *buf, size_t size, time_axis axis, int year, int month)
{
    if (axis == MONTHS)
        snprintf(buf, size, "%04d-%02d", year, month);
    else if (axis == QUARTERS)
        snprintf(buf, size, "%04dQ%d", year, (month + 2) / 3);
    else
        snprintf(buf, size, "%04d", year);
}

static bool has_period(const metric *m, fd_period p)
{
    for (size_t i = 0; i < m->count; i++)
        if (fd_period_compare(m->periods[i], p) == 0)
            return true;
    return false;
}

static int column_at(fd_column **out, const metric *m, fd_call *call, const char *text)
{
    fd_source *source = call->city->source;
    fd_period p;

    *out = NULL;
    if (fd_period_parse(&p, text, strlen(text)) < 0 || !has_period(m, p))
        return 0;
    return source->ops->column(source, "enterprise", m->item->id, p, FD_CURRENT, out);
}

static double value_at(const fd_column *c, size_t row)
{
    const fd_state state = c ? fd_column_state(c, row) : FD_MISSING;

    return state == FD_HAS ? fd_number_to_double(fd_column_number(c, row)) : NAN;
}

/* One period of the axis: its column, and for a quarter the one to be taken off. */
static int add_period(fd_table *t, const metric *m, fd_call *call, const fd_frame *frame,
                      const fd_column *industry, int year, int month)
{
    fd_column *now = NULL, *before = NULL;
    char text[32], label[16];
    int err;

    label_of(label, sizeof label, m->axis, year, month);
    if (m->axis == MONTHS)
        snprintf(text, sizeof text, "%04d-%02d", year, month);
    else if (m->axis == QUARTERS)
        snprintf(text, sizeof text, "%04d-01..%02d", year, month);
    else
        snprintf(text, sizeof text, "%04d", year);
    if ((err = column_at(&now, m, call, text)) < 0)
        return err;
    if (now && m->axis == QUARTERS && month > 3) {
        snprintf(text, sizeof text, "%04d-01..%02d", year, month - 3);
        err = column_at(&before, m, call, text);
    }
    for (size_t i = 0; err >= 0 && now && i < frame->n; i++) {
        const double v =
            value_at(now, i) -
            (m->axis == QUARTERS && month > 3 ? before ? value_at(before, i) : NAN : 0);
        const char *code = fd_column_text_or(industry, i, "");
        char division[3] = "";
        size_t row;

        if (!isfinite(v))
            continue;
        row = fd_table_add_row(t);
        snprintf(division, sizeof division, "%.2s", code);
        fd_column_set_text(t->columns[0], row, frame->codes[i]);
        fd_column_set_text(t->columns[1], row, label);
        fd_column_set_est(t->columns[2], row, v);
        fd_column_set_text(t->columns[3], row, division);
    }
    fd_column_unref(now);
    fd_column_unref(before);
    return err;
}

static int city_panel(fd_table **out, const metric *m, fd_call *call)
{
    fd_source *source = call->city->source;
    const int step = m->axis == MONTHS ? 1 : m->axis == QUARTERS ? 3 : 12;
    const int from = fd_period_year_of(m->periods[0]),
              to = fd_period_year_of(m->periods[m->count - 1]);
    fd_table *t = fd_table_new("panel", "各期的数", "Panel");
    const fd_frame *frame;
    fd_column *industry = NULL;
    int err;

    fd_table_add_new(t, "id", "企业", "Enterprise", FD_TEXT, "", 0);
    fd_table_add_new(t, "time", "期间", "Period", FD_TEXT, "", 0);
    fd_table_add_new(t, "value", m->item->name, m->item->id, FD_EST, "", 0);
    fd_table_add_new(t, "industry", "行业大类", "Division", FD_TEXT, "", 0);
    if ((err = source->ops->frame(source, "enterprise", &frame)) >= 0)
        err = source->ops->attribute(source, "enterprise", "industry", FD_DATE_MAX, &industry);
    for (int year = from; err >= 0 && year <= to; year++)
        for (int month = step; month <= 12 && err >= 0; month += step)
            err = add_period(t, m, call, frame, industry, year, month);
    fd_column_unref(industry);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* Verified events of the ledger, by code of the firm. */
static int city_events(fd_table **out, const metric *m, fd_call *call)
{
    fd_source *source = call->city->source;
    const char *kind = fd_call_text(call, "kind");
    fd_table *records = NULL, *t;
    int err = source->ops->records(source, "event", FD_DATE_MAX, &records);

    if (err < 0)
        return err;
    t = fd_table_new("ledger", "事件", "Events");
    fd_table_add_new(t, "id", "企业", "Enterprise", FD_TEXT, "", 0);
    fd_table_add_new(t, "time", "期间", "Period", FD_TEXT, "", 0);
    fd_table_add_new(t, "kind", "类别", "Kind", FD_TEXT, "", 0);
    for (size_t r = 0; r < records->rows; r++) {
        const int at = fd_table_find(records, "happened");
        const fd_column *c = at < 0 ? NULL : records->columns[at];
        const char *day = fd_table_text(records, "happened", r),
                   *firm = fd_table_text(records, "firm", r);
        char text[16], label[16];
        fd_subject found;
        fd_date on;
        size_t row;

        if (c && c->kind == FD_DATE && fd_column_state(c, r) == FD_HAS) {
            fd_date_format(c->v.day[r], text, sizeof text);
            day = text;
        }
        if (strcmp(fd_table_text(records, "state", r), "核实") != 0 ||
            (kind && strcmp(fd_table_text(records, "kind", r), kind) != 0) ||
            fd_date_parse(&on, day, strlen(day)) < 0)
            continue;
        if (fd_subject_find(&found, source, firm) >= 0)
            firm = found.code;
        fd_date_format(on, text, sizeof text);
        label_of(label, sizeof label, m->axis, atoi(text), atoi(text + 5));
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, firm);
        fd_column_set_text(t->columns[1], row, label);
        fd_column_set_text(t->columns[2], row, fd_table_text(records, "kind", r));
    }
    fd_error_clear();
    fd_table_free(records);
    if (!t->rows) {
        fd_table_free(t);
        fd_error_set(FD_ENOTFOUND, "事件台账里没有核实的事件", "the ledger has no verified event");
        return fd_error_hint("导入 事件台账,或 fangding record move event 编号 核实 …",
                             "import a ledger, or fangding record move event KEY 核实 …");
    }
    *out = t;
    return 0;
}

/* Kinds of fewer than three matched events are not shown. */
static void protect(fd_table *t)
{
    size_t hidden = 0;

    for (size_t r = 0; r < t->rows; r++) {
        const double n = number_at(t, "matched", r);

        if (!(n > 0 && n < LEAST))
            continue;
        for (size_t c = 4; c < t->column_count; c++)
            fd_column_set_state(t->columns[c], r, FD_MISSING);
        hidden++;
    }
    if (hidden)
        fd_table_add_note(t, "有可比企业的不足 3 件的类别不显示",
                          "kinds with fewer than three matched events are not shown");
}

static void add_names(fd_table *t, fd_call *call)
{
    fd_column *name = fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);

    for (size_t r = 0; r < t->rows; r++)
        fd_column_set_text(name, r,
                           fd_source_name(call->city->source, "enterprise",
                                          fd_column_text_or(t->columns[0], r, "")));
    memmove(t->columns + 2, t->columns + 1, (t->column_count - 2) * sizeof *t->columns);
    t->columns[1] = name;
}

static bool one_of(const char *id, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(id, names[i]) == 0)
            return true;
    return false;
}

static void show_digits(fd_table *t)
{
    static const char *const counts[] = { "events", "with_data", "matched", "peers", "k", "n" };
    static const char *const values[] = { "before", "after" };

    for (size_t c = 0; c < t->column_count; c++)
        if (t->columns[c]->kind == FD_EST) {
            const char *id = t->columns[c]->id;

            t->columns[c]->digits = strcmp(id, "percent") == 0 ? 1
                                    : one_of(id, values, 2)    ? 2
                                    : one_of(id, counts, 6)    ? 0
                                                               : 3;
        }
}

static int run_city(fd_call *call, fd_result *result)
{
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    fd_table *panel = NULL, *events = NULL;
    const char *units[] = { "月", "季", "年" };
    metric m = { 0 };
    fd_event_study all;
    char zh[200], en[200];
    int err;

    if (fd_call_is_limited(call) || call->role == FD_ROLE_VIEWER)
        return fd_error_set(FD_EDENIED, "要和全市可比企业比,本角色只看一部分",
                            "firms alike of the whole city are needed, this role sees a part");
    if ((err = read_options(&o, call)) < 0 || (err = read_metric(&m, call)) < 0 ||
        (err = city_events(&events, &m, call)) < 0 || (err = city_panel(&panel, &m, call)) < 0)
        goto done;
    if ((err = fd_event_study_run(&all, panel, events, &o)) < 0)
        goto done;
    if (number_at(all.summary, "matched", all.summary->rows - 1) >= LEAST ||
        number_at(all.summary, "matched", all.summary->rows - 1) == 0)
        say(result, all.summary, m.item->name, o.level);
    protect(all.summary);
    add_names(all.events, call);
    snprintf(zh, sizeof zh, "指标:%s,按%s;事件取台账里已核实的", m.item->name, units[m.axis]);
    snprintf(en, sizeof en, "metric: %s; events are the verified ones of the ledger", m.item->id);
    fd_table_add_note(all.summary, zh, en);
    fd_table_add_note(all.events, zh, en);
    show_digits(all.summary);
    show_digits(all.events);
    show_digits(all.path);
    err = pick(result, &all, fd_call_text(call, "out"));
    fd_event_study_dispose(&all);
done:
    free(m.periods);
    fd_table_free(panel);
    fd_table_free(events);
    return err;
}

static const fd_verb_param city_params[] = {
    { "metric", FD_P_TEXT, false, false, false, "ITEM", "比哪个数据项(默认 用电量;累计数拆成季)",
      "data item compared (power; cumulative ones by quarter)", NULL },
    STUDY_PARAMS,
};
static const char *const city_examples[] = {
    "event-study city --city out/huanzhou.fangding",
    "event-study city --metric dispatch_output --window 2 --out events --city "
    "out/huanzhou.fangding",
    NULL,
};
const fd_verb fd_verb_event_study_city = {
    .name = "event-study city",
    .zh = "事件台账里的突破、要素配置、转型升级之后,企业与可比企业相比有什么变化",
    .en = "after the events of the ledger: what changed, beside firms alike",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .is_job = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
