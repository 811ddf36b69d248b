/*
 * renovations, leads, platforms, services, parks: the registers of the works; record move: the one
 * way of a record from state to state.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/collect.h"
#include "app/leg1.h"
#include "app/radar.h"
#include "app/registry.h"
#include "app/works.h"
#include "base/str.h"
#include "fangding/chainwork.h"
#include "table/jsonw.h"

static void hand_over(fd_result *result, fd_table **table)
{
    if (*table)
        fd_result_add(result, *table);
    *table = NULL;
}

static int may_see(const fd_call *call)
{
    if (fd_leg1_sees_names(call))
        return 0;
    return fd_error_set(FD_EDENIED, "登记册本角色不可见",
                        "the registers are not visible to this role");
}

/* Rules and the day for a register; the ledger itself is not asked for. */
typedef struct register_input {
    fd_works_options options;
    fd_table *rules, *records;
    fd_date today;
} register_input;

static int open_register(register_input *in, fd_call *call, const char *type)
{
    const char *today = fd_works_param(call, "today");
    int err;

    memset(in, 0, sizeof *in);
    in->options = (fd_works_options)FD_WORKS_OPTIONS_INIT;
    in->options.preset = "template";
    in->today = FD_DATE_NONE;
    if ((err = may_see(call)) < 0 || (err = fd_works_rules(&in->rules, call)) < 0 ||
        (err = fd_works_records(&in->records, call, type, "data")) < 0 ||
        (err = fd_works_code(&in->options.chain, call, "chain", "chain")) < 0 ||
        (err = fd_works_code(&in->options.county, call, "county", "county")) < 0)
        return err;
    in->options.rules = in->rules;
    if (!today && call->city && !fd_works_param(call, "data")) {
        fd_period month;

        /* The city's own clock: the newest month that was reported. */
        if ((err = fd_leg1_month(call, &month)) < 0)
            return err;
        if (month != FD_PERIOD_NONE)
            in->today = fd_period_end(month);
    }
    return in->today != FD_DATE_NONE ? 0 : fd_collect_today(&in->today, today);
}

static void close_register(register_input *in)
{
    fd_table_free(in->rules);
    fd_table_free(in->records);
}

#define COMMON_PARAMS                                                                              \
    { "chain", FD_P_TEXT, false, false, false, "CHAIN", "只列这条链", "only this chain", NULL },   \
        { "county",       FD_P_TEXT,          false, false, false, "COUNTY",                       \
          "只列这个县区", "only this county", NULL },                                              \
    {                                                                                              \
        "data", FD_P_PATH, false, false, false, "FILE",                                            \
            "用平面文件代替城市文件(id、state、since 和字段)",                                     \
            "a plain file in place of a city (id, state, since and fields)", NULL                  \
    }
#define DAY_PARAMS                                                                                 \
    { "today",                                                                                     \
      FD_P_TEXT,                                                                                   \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "DATE",                                                                                      \
      "算到哪一天;不写取城市最新月末",                                                             \
      "count days to here; the end of the city's newest month by default",                         \
      NULL },                                                                                      \
    {                                                                                              \
        "rules", FD_P_PATH, false, false, false, "FILE",                                           \
            "自己的亮灯口径表(形式同 definitions/project_rules.csv)",                              \
            "a table of rules of your own (as definitions/project_rules.csv)", NULL                \
    }

/* ---- renovations ----------------------------------------------------------------------------- */

/* Rows of the chain and county asked for. */
static int narrow(fd_table **out, const fd_table *in, const fd_works_options *o)
{
    bool *keep = fd_alloc(in->rows + 1);
    int chain = fd_table_find(in, "chain"), county = fd_table_find(in, "county"), err;

    for (size_t r = 0; r < in->rows; r++)
        keep[r] =
            (!o->chain || (chain >= 0 && in->columns[chain]->kind == FD_TEXT &&
                           strcmp(fd_column_text_or(in->columns[chain], r, ""), o->chain) == 0)) &&
            (!o->county || (county >= 0 && in->columns[county]->kind == FD_TEXT &&
                            strcmp(fd_column_text_or(in->columns[county], r, ""), o->county) == 0));
    err = fd_table_filter(out, in, keep);
    free(keep);
    return err;
}

static int run_renovations(fd_call *call, fd_result *result)
{
    const char *by = fd_call_text(call, "by");
    fd_table *kept = NULL;
    fd_renovations r;
    register_input in;
    int err = open_register(&in, call, "renovation");

    memset(&r, 0, sizeof r);
    if (err >= 0 && (err = narrow(&kept, in.records, &in.options)) >= 0 &&
        (err = fd_renovations_make(&r, kept, by ? by : "county")) >= 0) {
        hand_over(result, &r.sums);
        hand_over(result, &r.items);
    }
    fd_renovations_dispose(&r);
    fd_table_free(kept);
    close_register(&in);
    return err;
}

static const fd_verb_param renovations_params[] = {
    { "by", FD_P_CHOICE, false, false, false, "BY", "按什么汇总(默认 county)", "group by (county)",
      "county|chain|kind" },
    COMMON_PARAMS,
};
static const char *const renovations_examples[] = {
    "renovations --by chain --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_renovations = {
    .name = "renovations",
    .zh = "技改登记:改造前后的产值、单耗、合格率、成熟度,按县区、链、内容汇总",
    .en = "renovations: output, energy, quality, maturity before and after; by county, chain, kind",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = renovations_params,
    .param_count = sizeof renovations_params / sizeof *renovations_params,
    .examples = renovations_examples,
    .run = run_renovations,
};

/* ---- leads ----------------------------------------------------------------------------------- */

static int run_leads(fd_call *call, fd_result *result)
{
    register_input in;
    fd_leads leads;
    int err = open_register(&in, call, "lead");

    memset(&leads, 0, sizeof leads);
    if (err >= 0 && (err = fd_leads_make(&leads, in.records, in.today, &in.options)) >= 0) {
        size_t late = 0;
        int at = fd_table_find(leads.items, "overdue");

        for (size_t r = 0; r < leads.items->rows; r++)
            late += fd_column_state(leads.items->columns[at], r) == FD_HAS;
        fd_result_say(result, "线索 %zu 条,约定回复超期 %zu 条,没有对上缺口的 %zu 条不计",
                      "%zu leads, %zu with a late answer; %zu without a gap do not count",
                      leads.items->rows, late, leads.unassigned->rows);
        hand_over(result, &leads.funnel);
        hand_over(result, &leads.items);
        hand_over(result, &leads.unassigned);
    }
    fd_leads_dispose(&leads);
    close_register(&in);
    return err;
}

static const fd_verb_param leads_params[] = { COMMON_PARAMS, DAY_PARAMS };
static const char *const leads_examples[] = { "leads --city out/huanzhou.fangding",
                                              "leads --chain 食品制造 --county 汤源县 --city "
                                              "out/huanzhou.fangding",
                                              NULL };
const fd_verb fd_verb_leads = {
    .name = "leads",
    .zh = "招商漏斗:阶段、在阶段天数、超期、转化率;每条线索对上一个链上缺口",
    .en = "leads: funnel, days in stage, overdue answers, conversions; each names a gap of a chain",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = leads_params,
    .param_count = sizeof leads_params / sizeof *leads_params,
    .examples = leads_examples,
    .run = run_leads,
};

/* ---- platforms and services -------------------------------------------------------------------
 */

static int run_platforms(fd_call *call, fd_result *result)
{
    static const char *const key[] = { "chain", "county", "state" };
    const fd_agg_spec count = { "id", FD_AGG_COUNT, "count" };
    fd_table *kept = NULL, *sums = NULL;
    register_input in;
    int err = open_register(&in, call, "platform");

    if (err >= 0 && (err = narrow(&kept, in.records, &in.options)) >= 0) {
        /* An empty register has no columns to group by. */
        if (kept->rows && fd_table_find(kept, "chain") >= 0 && fd_table_find(kept, "county") >= 0)
            err = fd_table_group(&sums, kept, key, 3, &count, 1);
        if (err >= 0) {
            hand_over(result, &sums);
            hand_over(result, &kept);
        }
    }
    fd_table_free(kept);
    fd_table_free(sums);
    close_register(&in);
    return err;
}

static const fd_verb_param platforms_params[] = { COMMON_PARAMS };
static const char *const platforms_examples[] = { "platforms --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_platforms = {
    .name = "platforms",
    .zh = "创新平台登记:级别、依托单位,按链和县区计数",
    .en = "the register of innovation platforms, counted by chain and county",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = platforms_params,
    .param_count = sizeof platforms_params / sizeof *platforms_params,
    .examples = platforms_examples,
    .run = run_platforms,
};

static int run_services(fd_call *call, fd_result *result)
{
    fd_table *t = NULL;
    register_input in;
    int err = open_register(&in, call, "service");

    if (err >= 0 && (err = fd_services_sum(&t, in.records, in.today, &in.options)) >= 0)
        hand_over(result, &t);
    close_register(&in);
    return err;
}

static const char *const services_examples[] = { "services --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_services = {
    .name = "services",
    .zh = "助企事项:未结、超期、办结、企业确认,按链和县区",
    .en = "services for enterprises: open, overdue, solved, confirmed by the firm",
    .purpose = FD_SERVICE,
    .needs_city = true,
    .params = leads_params,
    .param_count = sizeof leads_params / sizeof *leads_params,
    .examples = services_examples,
    .run = run_services,
};

/* ---- parks ----------------------------------------------------------------------------------- */

/* Where each parcel was read, from the history of its record; a caller who sees some rows only is
 * told no sources. */
static void add_sources(fd_call *call, fd_table *parcels)
{
    const int id = fd_table_find(parcels, "id");
    fd_column *source;

    if (!call->city || fd_works_param(call, "parcels") || id < 0 || fd_call_is_limited(call))
        return;
    source = fd_table_add_new(parcels, "source", "来源", "Source", FD_TEXT, "", 0);
    fd_column_resize(source, parcels->rows);
    for (size_t r = 0; r < parcels->rows; r++) {
        fd_table *history = NULL;
        int by;

        if (fd_reader_record_history(call->city->reader, "parcel",
                                     fd_column_text_or(parcels->columns[id], r, ""), &history) < 0)
            fd_error_clear();
        by = history ? fd_table_find(history, "by") : -1;
        if (by >= 0 && history->rows && fd_column_text(history->columns[by], history->rows - 1))
            fd_column_set_text(source, r, fd_column_text(history->columns[by], history->rows - 1));
        fd_table_free(history);
    }
}

static int run_parks(fd_call *call, fd_result *result)
{
    const char *wanted = fd_call_text(call, "park");
    fd_table *parks = NULL, *parcels = NULL, *kept = NULL, *mine = NULL;
    fd_parks all;
    bool *keep = NULL;
    int err = may_see(call), id;

    memset(&all, 0, sizeof all);
    if (err < 0 || (err = fd_works_records(&parks, call, "park", "data")) < 0 ||
        (err = fd_works_records(&parcels, call, "parcel", "parcels")) < 0)
        goto done;
    id = fd_table_find(parks, "id");
    keep = fd_alloc(parks->rows + parcels->rows + 1);
    for (size_t r = 0; r < parks->rows; r++) {
        const char *code = id < 0 ? "" : fd_column_text_or(parks->columns[id], r, "");
        int name = fd_table_find(parks, "name");

        keep[r] = !wanted || strcmp(code, wanted) == 0 ||
                  (name >= 0 && parks->columns[name]->kind == FD_TEXT &&
                   strstr(fd_column_text_or(parks->columns[name], r, ""), wanted));
    }
    if ((err = fd_table_filter(&kept, parks, keep)) < 0)
        goto done;
    if (wanted && !kept->rows) {
        err = fd_error_set(FD_ENOTFOUND, "没有园区 %s", "there is no park %s", wanted);
        goto done;
    }
    if (wanted) {
        int park = fd_table_find(parcels, "park");

        for (size_t r = 0; r < parcels->rows; r++) {
            keep[r] = false;
            for (size_t p = 0; park >= 0 && p < kept->rows && !keep[r]; p++)
                keep[r] = strcmp(fd_column_text_or(parcels->columns[park], r, ""),
                                 fd_column_text_or(kept->columns[id], p, "")) == 0;
        }
        if ((err = fd_table_filter(&mine, parcels, keep)) < 0)
            goto done;
    }
    if ((err = fd_parks_make(&all, kept, mine ? mine : parcels)) < 0)
        goto done;
    result->exit_code = 0;
    for (size_t r = 0; r < all.findings->rows; r++)
        if (strcmp(fd_column_text_or(all.findings->columns[0], r, ""), "fault") == 0)
            result->exit_code = 1;
    if (fd_call_flag(call, "why")) {
        fd_table *why = NULL;

        if (!wanted || kept->rows != 1) {
            err = fd_error_set(FD_EINVAL, "--why 要写一个园区", "--why goes with one park");
            goto done;
        }
        assert(mine);
        add_sources(call, mine);
        if ((err = fd_parks_why(&why, mine, fd_column_text_or(kept->columns[id], 0, ""))) < 0)
            goto done;
        fd_result_add(result, why);
        why = NULL;
        if (call->city && !fd_works_param(call, "data") &&
            (err = fd_radar_candidates(&why, call, mine, fd_table_text(kept, "name", 0),
                                       fd_table_text(kept, "county", 0))) >= 0)
            fd_result_add(result, why);
        goto done;
    }
    hand_over(result, &all.parks);
    if (all.findings->rows)
        hand_over(result, &all.findings);
    if (wanted || fd_call_flag(call, "rows"))
        hand_over(result, &all.parcels);
done:
    fd_parks_dispose(&all);
    free(keep);
    fd_table_free(parks);
    fd_table_free(parcels);
    fd_table_free(kept);
    fd_table_free(mine);
    return err < 0 ? err : 0;
}

static const fd_verb_param parks_params[] = {
    { "park", FD_P_TEXT, true, false, false, "PARK", "一个园区(编号或名称):连同地块",
      "one park (code or name), with its parcels", NULL },
    { "rows", FD_P_FLAG, false, false, false, NULL, "列出地块(来源行)",
      "list the parcels it rests on", NULL },
    { "why", FD_P_FLAG, false, false, false, NULL,
      "每个数怎么算的、用了哪些地块、读自哪个文件哪一行;谁可能入规",
      "how each figure is made, of which parcels, read in which file and row; who may come above "
      "scale",
      NULL },
    { "data", FD_P_PATH, false, false, false, "FILE", "园区名录的平面文件",
      "the register of parks as a plain file", NULL },
    { "parcels", FD_P_PATH, false, false, false, "FILE", "地块的平面文件",
      "the parcels as a plain file", NULL },
};
static const char *const parks_examples[] = { "parks --city out/huanzhou.fangding",
                                              "parks KF03 --city out/huanzhou.fangding",
                                              "parks KF03 --why --city out/huanzhou.fangding",
                                              NULL };
const fd_verb fd_verb_parks = {
    .name = "parks",
    .zh = "园区:供地、占用、空置、亩均产值和税收,来源地块",
    .en = "parks: land supplied, occupancy, vacancy, output and tax per mu, the parcels behind it",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = parks_params,
    .param_count = sizeof parks_params / sizeof *parks_params,
    .examples = parks_examples,
    .run = run_parks,
};

/* ---- record move ----------------------------------------------------------------------------- */

typedef struct evidence {
    const fd_table *stored;
    size_t row;               /* SIZE_MAX: new */
    const char *const *given; /* field=value */
    size_t count;
    const fd_record_type *type;
} evidence;

/* The field that "field=value" names, by id or name; NULL when there is none. */
static const struct fd_field *field_of(const fd_record_type *type, const char *pair)
{
    const char *equal = strchr(pair, '=');
    fd_view name = { pair, equal ? (size_t)(equal - pair) : 0 };

    for (size_t f = 0; f < type->field_count; f++)
        if (fd_view_is(name, type->fields[f].id) || fd_view_is(name, type->fields[f].name))
            return &type->fields[f];
    return NULL;
}

static bool has_evidence(void *payload, const char *field)
{
    const evidence *e = payload;
    int at;

    for (size_t i = 0; i < e->count; i++) {
        const struct fd_field *f = field_of(e->type, e->given[i]);

        if (f && strcmp(f->id, field) == 0 && strchr(e->given[i], '=')[1])
            return true;
    }
    at = e->row == SIZE_MAX ? -1 : fd_table_find(e->stored, field);
    return at >= 0 && fd_column_state(e->stored->columns[at], e->row) == FD_HAS;
}

/* The fields given as a JSON object; FD_EINVAL for one that is none or of another type. */
static int fields_json(fd_buf *json, const evidence *e)
{
    fd_jsonw w;

    fd_jsonw_init(&w, json);
    fd_jsonw_object(&w);
    for (size_t i = 0; i < e->count; i++) {
        const struct fd_field *f = field_of(e->type, e->given[i]);
        const char *value = strchr(e->given[i], '=');
        fd_decimal number;
        fd_date day;

        if (!f || !value)
            return fd_error_set(FD_EINVAL, "记录「%s」没有字段:%s",
                                "records of %s have no field: %s", e->type->name, e->given[i]);
        value++;
        if (f->kind == FD_DATE && fd_date_parse(&day, value, strlen(value)) < 0)
            return fd_error_set(FD_EINVAL, "%s 要写日期:%s", "%s is a date: %s", f->name, value);
        if (f->kind == FD_DEC && fd_decimal_parse(&number, value, strlen(value)) < 0)
            return fd_error_set(FD_EINVAL, "%s 要写数:%s", "%s is a number: %s", f->name, value);
        fd_jsonw_key(&w, f->id);
        if (f->kind == FD_DEC) {
            char text[48];

            fd_decimal_format(number, text, sizeof text);
            fd_jsonw_raw(&w, text);
        } else {
            fd_jsonw_string(&w, value);
        }
    }
    fd_jsonw_end_object(&w);
    return 0;
}

/* A lead names the gap it closes: a node of the city's graph. */
static int check_gap(fd_call *call, const evidence *e)
{
    fd_chains *chains = NULL;
    fd_table *nodes = NULL;
    int err = 0;

    for (size_t i = 0; i < e->count && err >= 0; i++) {
        const struct fd_field *f = field_of(e->type, e->given[i]);

        if (!f || strcmp(f->id, "gap") != 0)
            continue;
        if ((err = fd_chains_declared(&nodes, call->city->program)) >= 0 &&
            (err = fd_chains_read(&chains, nodes, NULL)) >= 0)
            err = fd_chains_check_gap(chains, strchr(e->given[i], '=') + 1);
        fd_table_free(nodes);
        fd_chains_free(chains);
        nodes = NULL;
        chains = NULL;
    }
    return err;
}

static int run_move(fd_call *call, fd_result *result)
{
    fd_batch_info info = { "record move", call->actor, fd_call_text(call, "key"), NULL };
    const fd_record_type *type = fd_program_record(call->city->program, fd_call_text(call, "type"));
    const char *key = fd_call_text(call, "key"), *state = fd_call_text(call, "state"), *from = NULL;
    evidence e = { NULL, SIZE_MAX, call->rest, call->rest_count, type };
    fd_table *stored = NULL;
    fd_batch *batch = NULL;
    fd_buf json = FD_BUF_INIT;
    fd_date on;
    int64_t snapshot;
    int err, id;

    if (!type)
        return fd_error_set(FD_ENOTFOUND, "没有这种记录:%s", "no such record type: %s",
                            fd_call_text(call, "type"));
    if (strcmp(type->id, "scenario") == 0) /* theirs who saved it, which only those verbs ask */
        return fd_error_set(FD_EDENIED, "规划情景用 plan save、plan drop",
                            "scenarios of the plan go by plan save and plan drop");
    if ((err = fd_collect_today(&on, fd_call_text(call, "on"))) < 0 ||
        (err = fields_json(&json, &e)) < 0 ||
        (strcmp(type->id, "lead") == 0 && (err = check_gap(call, &e)) < 0) ||
        (err = call->city->source->ops->records(call->city->source, type->id, FD_DATE_MAX,
                                                &stored)) < 0)
        goto done;
    e.stored = stored;
    id = fd_table_find(stored, "id");
    for (size_t r = 0; id >= 0 && r < stored->rows && e.row == SIZE_MAX; r++)
        if (strcmp(fd_column_text_or(stored->columns[id], r, ""), key) == 0)
            e.row = r;
    if (e.row != SIZE_MAX) {
        const fd_column *since = stored->columns[fd_table_find(stored, "since")];

        from = fd_column_text(stored->columns[fd_table_find(stored, "state")], e.row);
        if (fd_column_state(since, e.row) == FD_HAS && on < since->v.day[e.row]) {
            err = fd_error_set(FD_EINVAL, "日期早于现状态的起始日",
                               "the day lies before the present state began");
            goto done;
        }
    }
    if ((err = fd_record_move(type, from, state, has_evidence, &e)) < 0)
        goto done;
    if ((err = fd_batch_begin(&batch, call->city->store, &info)) < 0)
        goto done;
    if ((err = fd_batch_record(batch, type->id, key, state, on, fd_buf_text(&json), call->actor)) <
        0) {
        fd_batch_abandon(batch);
        goto done;
    }
    fd_batch_detail(batch, fd_arena_printf(call->arena, "%s: %s → %s", key,
                                           from && *from ? from : "new", state));
    if ((err = fd_batch_publish(batch, &snapshot)) >= 0)
        fd_result_say(result, "%s:%s → %s,快照 %lld", "%s: %s → %s, snapshot %lld", key,
                      from && *from ? from : "新建", state, (long long)snapshot);
done:
    fd_buf_dispose(&json);
    fd_table_free(stored);
    return err < 0 ? err : 0;
}

static const fd_verb_param move_params[] = {
    { "type", FD_P_TEXT, true, true, false, "TYPE", "记录类型,例如 project、lead",
      "record type, e.g. project, lead", NULL },
    { "key", FD_P_TEXT, true, true, false, "KEY", "编号", "key", NULL },
    { "state", FD_P_TEXT, true, true, false, "STATE", "转到哪个状态", "the state to go to", NULL },
    { "field", FD_P_TEXT, true, false, true, "FIELD=VALUE", "凭据和其他字段",
      "evidence and other fields", NULL },
    { "on", FD_P_TEXT, false, false, false, "DATE", "哪一天(默认今天)", "the day (today)", NULL },
};
static const char *const move_examples[] = {
    "record move lead ZS900 线索 gap=uav.sensors chain=L3 name=示例线索 --on 2024-12-20 --city "
    "out/huanzhou.fangding",
    "record move project HZ2023036 投产 produced_on=2025-01-20 acceptance=示例验1号 --on "
    "2025-01-20 "
    "--city out/huanzhou.fangding",
    NULL
};
const fd_verb fd_verb_record_move = {
    .name = "record move",
    .zh = "一条记录转到下一个状态:没有声明的转移不许,缺凭据的关口不许跳",
    .en = "move a record to a state: declared moves only, no gate without its evidence",
    .effect = FD_WRITE,
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = move_params,
    .param_count = sizeof move_params / sizeof *move_params,
    .examples = move_examples,
    .run = run_move,
};
