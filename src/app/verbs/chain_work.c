/*
 * chain leaders, meetings, four, steps; futures: what is done about the chains of a city.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "app/assets.h"
#include "app/chains.h"
#include "app/collect.h"
#include "app/leg1.h"
#include "app/registry.h"
#include "app/works.h"
#include "fangding/chainwork.h"
#include "io/csvtable.h"

static int chosen(const char **code, const fd_chains *chains, fd_call *call)
{
    const char *text = fd_call_text(call, "chain");

    *code = NULL;
    if (text && !(*code = fd_city_chain(chains, call, text)))
        return fd_error_last()->code;
    return 0;
}

static int may_see(const fd_call *call)
{
    if (fd_leg1_sees_names(call))
        return 0;
    return fd_error_set(FD_EDENIED, "登记册本角色不可见",
                        "the registers are not visible to this role");
}

/* ---- leaders --------------------------------------------------------------------------------- */

static int run_leaders(fd_call *call, fd_result *result)
{
    static const char *const names[] = { "leaders", "sourcing" };
    static const char *const few[] = { "chain_name",      "name",       "basis",        "revenue",
                                       "purchases",       "local_rate", "foreign_rate", "suppliers",
                                       "local_suppliers", "pull" };
    static const char *const some[] = { "node",           "name", "elsewhere", "local_rate",
                                        "candidate_name", "kind", "score",     "reason" };
    fd_table *roles = NULL, *leaders = NULL, *sourcing = NULL, **tables[] = { &leaders, &sourcing };
    const char *code, *wanted = fd_call_text(call, "out");
    fd_chains *chains = NULL;
    size_t known = 0;
    int64_t limit = 3;
    int err;

    if ((err = may_see(call)) < 0 || (err = fd_call_integer(call, "top", &limit)) < 0 ||
        (err = fd_city_chains(&chains, call)) < 0 || (err = chosen(&code, chains, call)) < 0 ||
        (err = fd_city_chain_records(&roles, call, "chain_role", "roles")) < 0 ||
        (err = fd_chains_leaders(&leaders, chains, roles, code)) < 0 ||
        (err = fd_chains_sourcing(&sourcing, chains, roles, code, limit > 0 ? (size_t)limit : 0)) <
            0)
        goto done;
    for (size_t r = 0; r < leaders->rows; r++)
        known +=
            fd_column_state(leaders->columns[fd_table_find(leaders, "local_rate")], r) == FD_HAS;
    fd_result_say(result, "链主 %zu 家,%zu 家申报了采购;外购环节和本地备选:--out sourcing",
                  "%zu leaders, %zu with purchases; what they buy elsewhere: --out sourcing",
                  leaders->rows, known);
    fd_city_chains_note(call, leaders);
    if (!wanted || strcmp(wanted, "leaders") == 0)
        fd_city_chain_screen(result, leaders, few, sizeof few / sizeof *few);
    else
        fd_city_chain_screen(result, sourcing, some, sizeof some / sizeof *some);
    err = fd_result_pick(result, wanted, tables, names, 2);
done:
    fd_table_free(roles);
    fd_table_free(leaders);
    fd_table_free(sourcing);
    fd_chains_free(chains);
    return err;
}

#define CHAIN(positional)                                                                          \
    {                                                                                              \
        "chain", FD_P_TEXT, positional, false, false, "CHAIN", "链:名称、代码或部分名称",          \
            "a chain by name, code or part of the name", NULL                                      \
    }
#define GRAPH                                                                                      \
    {                                                                                              \
        "graph", FD_P_PATH, false, false, false, "FILE", "图谱 CSV(默认用城市里的链声明)",         \
            "graph as CSV (the city's declarations)", NULL                                         \
    }
#define DATA                                                                                       \
    {                                                                                              \
        "data", FD_P_PATH, false, false, false, "FILE",                                            \
            "企业平面文件,代替城市文件:enterprise, node, capacity, active(配 --graph)",            \
            "enterprises as a plain file in place of a city: enterprise, node, capacity, active "  \
            "(with --graph)",                                                                      \
            NULL                                                                                   \
    }
#define FILE_OF(name, zh, en)                                                                      \
    {                                                                                              \
        name, FD_P_PATH, false, false, false, "FILE", zh, en, NULL                                 \
    }
#define PURCHASES                                                                                  \
    FILE_OF("purchases", "采购 CSV:buyer, node, supplier, place, amount(默认用采购申报)",          \
            "purchases as CSV: buyer, node, supplier, place, amount (the register)")
#define ROLES                                                                                      \
    FILE_OF("roles", "分工 CSV:chain, role, who, firm, cadence, started(默认用登记册)",            \
            "roles as CSV: chain, role, who, firm, cadence, started (the register)")
#define TODAY                                                                                      \
    {                                                                                              \
        "today", FD_P_TEXT, false, false, false, "DATE", "算到哪一天;不写取城市最新月末",          \
            "count days to here; the end of the city's newest month by default", NULL              \
    }
#define COUNT(list) (sizeof(list) / sizeof *(list))

static const fd_verb_param leaders_params[] = {
    CHAIN(true),
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 leaders)",
      "which table (leaders)", "leaders|sourcing" },
    { "top", FD_P_INTEGER, false, false, false, "N", "每个外购环节最多几家备选(默认 3)",
      "at most so many candidates a node (3)", NULL },
    PURCHASES,
    ROLES,
    GRAPH,
    DATA,
};
static const char *const leaders_examples[] = {
    "chain leaders --city out/huanzhou.fangding",
    "chain leaders 无人机 --out sourcing --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_chain_leaders = {
    .name = "chain leaders",
    .zh = "链主:本地配套率、境外依赖、对本地供应商的拉动,外购环节的本地备选",
    .en = "chain leaders: local sourcing, dependence on abroad, pull on suppliers, candidates here",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = leaders_params,
    .param_count = COUNT(leaders_params),
    .examples = leaders_examples,
    .run = run_leaders,
};

/* ---- meetings -------------------------------------------------------------------------------- */

/* The State Council's arrangement, as shipped. */
static int read_calendar(fd_calendar **out)
{
    fd_calendar *calendar = fd_calendar_new();
    fd_rows *rows = NULL;
    const fd_row *row;
    int err = fd_asset_rows(&rows, "definitions/workdays.csv"), more = 0;

    while (err >= 0 && (more = fd_rows_next(rows, &row)) > 0) {
        char text[32], kind[32];
        const char *at = fd_asset_cell(row, 0, text, sizeof text);
        fd_date date;

        if ((err = fd_date_parse(&date, at, strlen(at))) >= 0)
            fd_calendar_set(calendar, date,
                            strcmp(fd_asset_cell(row, 1, kind, sizeof kind), "holiday") != 0);
    }
    fd_rows_close(rows);
    if (err >= 0)
        err = more;
    if (err < 0)
        fd_calendar_free(calendar);
    else
        *out = calendar;
    return err;
}

/* Rows whose chain is, by code or name, the one asked for, and, when asked, that are late. */
static int narrow(fd_table **out, const fd_table *t, fd_call *call)
{
    const char *text = fd_call_text(call, "chain"), *name = text;
    const bool overdue = fd_call_flag(call, "overdue");
    bool *keep = fd_alloc(t->rows + 1);
    int err;

    if (text && call->city)
        name = fd_source_name(call->city->source, "chain", text);
    for (size_t r = 0; r < t->rows; r++) {
        const char *state = fd_column_text(t->columns[fd_table_find(t, "state")], r);

        keep[r] = (!name || strstr(fd_column_text(t->columns[0], r), name)) &&
                  (!overdue || strcmp(state, "overdue") == 0);
    }
    err = fd_table_filter(out, t, keep);
    for (size_t k = 0; err >= 0 && k < t->note_count; k++)
        if ((*out)->note_count < t->note_count)
            fd_table_add_note(*out, t->notes[FD_ZH][k], t->notes[FD_EN][k]);
    free(keep);
    return err;
}

static int run_meetings(fd_call *call, fd_result *result)
{
    fd_meeting_options options = FD_MEETING_OPTIONS_INIT;
    fd_table *roles = NULL, *meetings = NULL, *all = NULL, *t = NULL;
    fd_calendar *calendar = NULL;
    static const char *const few[] = { "chain", "role", "who",   "cadence", "last",
                                       "due",   "days", "light", "why" };
    size_t late = 0, soon = 0;
    int64_t remind = options.remind;
    int err;

    if ((err = may_see(call)) < 0 || (err = fd_call_integer(call, "remind", &remind)) < 0 ||
        (err = fd_leg1_day(&options.today, call)) < 0 || (err = read_calendar(&calendar)) < 0 ||
        (err = fd_city_chain_records(&roles, call, "chain_role", "data")) < 0 ||
        (err = fd_city_chain_records(&meetings, call, "meeting", "meetings")) < 0)
        goto done;
    options.calendar = calendar;
    options.remind = remind < 0 ? 0 : remind > 366 ? 366 : (int)remind;
    if ((err = fd_meetings_make(&all, roles, meetings, &options)) < 0 ||
        (err = narrow(&t, all, call)) < 0)
        goto done;
    for (size_t r = 0; r < t->rows; r++) {
        const char *state = fd_column_text(t->columns[fd_table_find(t, "state")], r);

        late += strcmp(state, "overdue") == 0;
        soon += strcmp(state, "soon") == 0;
    }
    fd_result_say(result, "例会 %zu 项:超期 %zu 项,%d 天内到期 %zu 项",
                  "%zu regular meetings: %zu late, due within %d days: %zu", t->rows, late,
                  options.remind, soon);
    fd_city_chain_screen(result, t, few, sizeof few / sizeof *few);
    fd_result_add(result, t);
    t = NULL;
done:
    fd_calendar_free(calendar);
    fd_table_free(roles);
    fd_table_free(meetings);
    fd_table_free(all);
    fd_table_free(t);
    return err;
}

static const fd_verb_param meetings_params[] = {
    CHAIN(true),
    { "overdue", FD_P_FLAG, false, false, false, NULL, "只列超期", "only what is late", NULL },
    { "remind", FD_P_INTEGER, false, false, false, "DAYS", "提前几天提醒(默认 10)",
      "remind so many days before (10)", NULL },
    TODAY,
    FILE_OF("meetings", "会议 CSV:chain, role, held, state(默认用登记册)",
            "meetings as CSV: chain, role, held, state (the register)"),
    FILE_OF("data", "分工 CSV,代替城市文件:chain, role, who, cadence, started(配 --meetings)",
            "roles as a plain file in place of a city: chain, role, who, cadence, started (with "
            "--meetings)"),
};
static const char *const meetings_examples[] = {
    "chain meetings --overdue --city out/huanzhou.fangding",
    "chain meetings 无人机 --today 2025-03-20 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_chain_meetings = {
    .name = "chain meetings",
    .zh = "链长制会议:月、季、半年例会,该哪天开,提醒和超期",
    .en = "meetings of the chains: monthly, quarterly, half-yearly; when due, reminders, late ones",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = meetings_params,
    .param_count = COUNT(meetings_params),
    .examples = meetings_examples,
    .run = run_meetings,
};

/* ---- four chains ----------------------------------------------------------------------------- */

/* The register of links and, from the lists of titles, the enterprises that hold one: innovation
 * where they stand. */
static int read_links(fd_table **out, fd_call *call)
{
    static const fd_column_spec specs[] = {
        { "state", "", "", FD_TEXT, "", 0 }, { "node", "", "", FD_TEXT, "", 0 },
        { "firm", "", "", FD_TEXT, "", 0 },  { "link", "", "", FD_TEXT, "", 0 },
        { "count", "", "", FD_EST, "", 0 },
    };
    static const char *const titles[] = { "is_hte", "is_srdi", "is_giant" };
    fd_table *in = NULL, *t = fd_table_new("links", "", "");
    fd_column *a[3] = { 0 };
    const fd_frame *frame;
    int err = fd_works_records(&in, call, "node_link", "links");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; err >= 0 && r < in->rows; r++) {
        const size_t row = fd_table_add_row(t);

        for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
            const int at = fd_table_find(in, specs[k].id);

            if (at < 0 || fd_column_state(in->columns[at], r) != FD_HAS)
                continue;
            if (specs[k].kind == FD_EST && in->columns[at]->kind != FD_TEXT)
                fd_column_set_est(t->columns[k], row,
                                  fd_number_to_double(fd_column_number(in->columns[at], r)));
            else if (specs[k].kind == FD_TEXT)
                fd_column_set_text(t->columns[k], row, fd_column_text_or(in->columns[at], r, ""));
        }
    }
    if (err < 0 || !call->city || fd_works_param(call, "links"))
        goto done;
    if ((err = call->city->source->ops->frame(call->city->source, "enterprise", &frame)) < 0)
        goto done;
    for (size_t k = 0; k < 3; k++)
        if (fd_program_item(call->city->program, titles[k]) &&
            (err = call->city->source->ops->attribute(call->city->source, "enterprise", titles[k],
                                                      FD_DATE_MAX, &a[k])) < 0)
            goto done;
    for (size_t i = 0; i < frame->n; i++) {
        bool holds = false;
        size_t row;

        for (size_t k = 0; k < 3; k++)
            holds = holds || (a[k] && fd_text_truth(fd_column_text(a[k], i)) == FD_TRUE);
        if (!holds)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[2], row, frame->codes[i]);
        fd_column_set_text(t->columns[3], row, "创新");
    }
done:
    for (size_t k = 0; k < 3; k++)
        fd_column_unref(a[k]);
    fd_table_free(in);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err < 0 ? err : 0;
}

static int run_four(fd_call *call, fd_result *result)
{
    fd_table *links = NULL, *leads = NULL, *t = NULL;
    fd_chains *chains = NULL;
    const char *code;
    size_t holes = 0, unknown = 0;
    static const char *const few[] = { "chain",    "name",       "innovation", "innovation_n",
                                       "industry", "industry_n", "talent",     "talent_n",
                                       "finance",  "finance_n",  "action" };
    int err;

    if ((err = fd_city_chains(&chains, call)) < 0 || (err = chosen(&code, chains, call)) < 0 ||
        (err = read_links(&links, call)) < 0 ||
        (fd_leg1_sees_names(call) && (err = fd_works_records(&leads, call, "lead", "leads")) < 0) ||
        (err = fd_chains_four(&t, chains, links, leads, code)) < 0)
        goto done;
    for (size_t r = 0; r < t->rows; r++)
        for (size_t k = 3; fd_column_state(t->columns[1], r) == FD_HAS && k < 7; k++) {
            holes += strcmp(fd_column_text_or(t->columns[k], r, ""), "无") == 0;
            unknown += strcmp(fd_column_text_or(t->columns[k], r, ""), "未知") == 0;
        }
    fd_result_say(result, "四链:%zu 格没有,%zu 格不知道;没有的各有下一步",
                  "four chains: %zu cells without, %zu unknown; each has its next step", holes,
                  unknown);
    fd_city_chains_note(call, t);
    fd_city_chain_screen(result, t, few, sizeof few / sizeof *few);
    fd_result_add(result, t);
done:
    fd_table_free(links);
    fd_table_free(leads);
    fd_chains_free(chains);
    return err;
}

static const fd_verb_param four_params[] = {
    CHAIN(true),
    FILE_OF("links", "四链 CSV:node(或 firm), link, count, state(默认用登记册和资质名单)",
            "links as CSV: node (or firm), link, count, state (the registers)"),
    FILE_OF("leads", "招商线索 CSV:id, state, since, gap(默认用登记册)",
            "leads as CSV: id, state, since, gap (the register)"),
    GRAPH,
    DATA,
};
static const char *const four_examples[] = { "chain four 无人机 --city out/huanzhou.fangding",
                                             NULL };
const fd_verb fd_verb_chain_four = {
    .name = "chain four",
    .zh = "四链融合:每个环节的创新、产业、人才、资金,有、无、未知和下一步",
    .en = "innovation, industry, talent and finance of every node: there, not there, unknown",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = four_params,
    .param_count = COUNT(four_params),
    .examples = four_examples,
    .run = run_four,
};

/* ---- steps ----------------------------------------------------------------------------------- */

/* Rows of a chain in a table that has a column chain. */
static int of_chain(fd_table **out, const fd_table *t, const char *code, const char *name)
{
    const int at = fd_table_find(t, "chain");
    bool *keep = fd_alloc(t->rows + 1);
    int err;

    for (size_t r = 0; r < t->rows; r++) {
        const char *text = at < 0 ? NULL : fd_column_text_or(t->columns[at], r, "");

        keep[r] = !text || !code || strcmp(text, code) == 0 || (name && strcmp(text, name) == 0);
    }
    err = fd_table_filter(out, t, keep);
    free(keep);
    return err;
}

static int read_steps(fd_table **out, fd_call *call)
{
    const char *file = fd_call_text(call, "steps");

    if (file)
        return fd_csv_table(out, file, NULL, 0, SIZE_MAX);
    return fd_works_asset(out, "definitions/chain_steps.csv",
                          "chain|step|name_zh|name_en|importance|nodes|status");
}

/* The name that the graph gives a chain; in the call's arena. */
static const char *chain_name(fd_call *call, const char *code)
{
    fd_table *t = NULL;
    const char *name = NULL;

    if (!call->city || fd_chains_declared(&t, call->city->program) < 0) {
        fd_error_clear();
        return NULL;
    }
    for (size_t r = 0; r < t->rows && !name; r++)
        if (strcmp(fd_column_text_or(t->columns[0], r, ""), code) == 0)
            name = fd_arena_strdup(
                call->arena, fd_column_text_or(t->columns[fd_table_find(t, "chain_name")], r, ""));
    fd_table_free(t);
    return name;
}

static void say_steps(fd_result *result, const fd_table *summary)
{
    fd_result_say(result, "园区 %lld 道工序有 %lld 道在产,缺:%s",
                  "%lld steps, %lld in the park; missing: %s",
                  (long long)summary->columns[1]->v.dec[0],
                  (long long)summary->columns[2]->v.dec[0],
                  fd_column_text_or(summary->columns[5], 0, "—"));
}

static int run_steps(fd_call *call, fd_result *result)
{
    static const char *const names[] = { "summary", "steps" };
    fd_table *declared = NULL, *steps = NULL, *all = NULL, *firms = NULL,
             **tables[] = { NULL, NULL };
    const char *code = NULL, *name = NULL, *wanted = fd_call_text(call, "out");
    fd_steps_input in = { .park = fd_call_text(call, "park") };
    fd_chains *chains = NULL;
    fd_steps out;
    int err;

    memset(&out, 0, sizeof out);
    if ((err = read_steps(&declared, call)) < 0 ||
        (err = fd_city_chain_records(&all, call, "park_step", "data")) < 0)
        goto done;
    if (!fd_works_param(call, "data")) {
        const char *text = fd_call_text(call, "chain");

        if ((err = fd_city_chains(&chains, call)) < 0 ||
            !(code = fd_city_chain(chains, call, text ? text : "uav"))) {
            err = err < 0 ? err : fd_error_last()->code;
            goto done;
        }
        name = chain_name(call, code);
    } else {
        code = fd_call_text(call, "chain");
    }
    if ((err = of_chain(&steps, declared, code, name)) < 0 ||
        (err = of_chain(&firms, all, code, name)) < 0)
        goto done;
    if (!steps->rows) {
        err = fd_error_set(FD_ENOTFOUND, "这条链没有写工序", "no steps are written for the chain");
        fd_error_hint("definitions/chain_steps.csv,或 --steps 自己的表",
                      "definitions/chain_steps.csv, or --steps with a table of your own");
        goto done;
    }
    in.steps = steps;
    in.firms = firms;
    in.chains = chains;
    in.chain = code;
    if ((err = fd_steps_make(&out, &in)) < 0)
        goto done;
    say_steps(result, out.summary);
    if (!wanted) {
        fd_result_add(result, out.summary);
        fd_result_add(result, out.steps);
        out.summary = out.steps = NULL;
        goto done;
    }
    tables[0] = &out.summary;
    tables[1] = &out.steps;
    err = fd_result_pick(result, wanted, tables, names, 2);
done:
    fd_steps_dispose(&out);
    fd_table_free(declared);
    fd_table_free(steps);
    fd_table_free(all);
    fd_table_free(firms);
    fd_chains_free(chains);
    return err;
}

static const fd_verb_param steps_params[] = {
    CHAIN(true),
    { "park", FD_P_TEXT, false, false, false, "PARK", "哪个园区(编号);不写算所有园区",
      "which park (code); all of them by default", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "只要一张表", "only one table",
      "summary|steps" },
    FILE_OF("steps", "工序 CSV:step, name_zh, name_en, nodes(默认 definitions/chain_steps.csv)",
            "steps as CSV: step, name_zh, name_en, nodes (definitions/chain_steps.csv)"),
    FILE_OF("data", "企业平面文件,代替城市文件:step, firm, park, active(配 --steps)",
            "enterprises as a plain file in place of a city: step, firm, park, active (with "
            "--steps)"),
};
static const char *const steps_examples[] = {
    "chain steps 无人机 --park KF03 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_chain_steps = {
    .name = "chain steps",
    .zh = "不出园区:研发、动力、飞控、电池、零部件、总装、检测、培训、服务各道工序,"
          "覆盖率和本地配套率",
    .en = "inside the park: which steps of the work have a maker, coverage, local sourcing",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = steps_params,
    .param_count = COUNT(steps_params),
    .examples = steps_examples,
    .run = run_steps,
};

/* ---- futures --------------------------------------------------------------------------------- */

static int run_futures(fd_call *call, fd_result *result)
{
    fd_table *records = NULL, *t = NULL;
    int err;

    if ((err = fd_works_records(&records, call, "future", "data")) >= 0 &&
        (err = fd_futures_make(&t, records)) >= 0)
        fd_result_add(result, t);
    fd_table_free(records);
    return err;
}

static const fd_verb_param futures_params[] = {
    FILE_OF("data", "平面文件,代替城市文件:field, state, trl, pilots, orders, policy",
            "a plain file in place of a city: field, state, trl, pilots, orders, policy"),
};
static const char *const futures_examples[] = { "futures --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_futures = {
    .name = "futures",
    .zh = "未来产业观察:成熟度、试点、首单、政策;数小不公开",
    .en = "future industries: readiness, pilots, first orders, policies; small sums are not shown",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = futures_params,
    .param_count = COUNT(futures_params),
    .examples = futures_examples,
    .run = run_futures,
};
