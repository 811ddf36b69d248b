/*
 * maturity city, maturity answer: self-assessments kept in the city as records.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/collect.h"
#include "app/leg1.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "app/works.h"
#include "base/map.h"
#include "base/str.h"
#include "fangding/maturity_plan.h"
#include "io/csvtable.h"
#include "table/jsonw.h"

enum { LEAST = 3 }; /* firms with a level, below which a group is not shown */

static const char question_columns[] =
    "item|direction_zh|direction_en|title_zh|title_en|weight|evidence_zh|l1_zh|l2_zh|l3_zh|l4_zh|"
    "l5_zh|l1_en|l2_en|l3_en|l4_en|l5_en";

typedef struct city_claims {
    fd_call *call;
    fd_table *questions; /* texts */
    fd_table *claims;    /* what the engine takes, and direction */
    fd_map *items;       /* item → row of questions */
    fd_maturity_options options;
    const char *weight_item;
    fd_period weight_period;
    const fd_frame *frame;
    size_t foreign; /* answers to questions nobody asks, or of firms nobody knows */
} city_claims;

/* ---- the questionnaire ---- */

static int read_questions(fd_table **out, fd_map **items, fd_call *call)
{
    const char *file = fd_works_param(call, "questions");
    int err = file ? fd_csv_table(out, file, NULL, 0, SIZE_MAX)
                   : fd_works_asset(out, "definitions/maturity.csv", question_columns);

    if (err < 0)
        return err;
    if (fd_table_find(*out, "item") < 0 || fd_table_find(*out, "weight") < 0) {
        fd_table_free(*out);
        *out = NULL;
        return fd_error_set(FD_EFORMAT, "题库要有 item 和 weight 列",
                            "a questionnaire has the columns item and weight");
    }
    *items = fd_map_new();
    for (size_t r = 0; r < (*out)->rows; r++)
        fd_map_set(*items, fd_view_of(fd_table_text(*out, "item", r)), r);
    return 0;
}

/* ---- claims with weight and group ---- */

static void dispose(city_claims *c)
{
    fd_table_free(c->questions);
    fd_table_free(c->claims);
    fd_map_free(c->items);
}

static int begin_claims(city_claims *c)
{
    static const fd_column_spec specs[] = {
        { "id", "企业", "Enterprise", FD_TEXT, NULL, 0 },
        { "item", "题号", "Item", FD_TEXT, NULL, 0 },
        { "level", "等级", "Level", FD_EST, NULL, 0 },
        { "evidence", "凭据", "Evidence", FD_TEXT, NULL, 0 },
        { "expires", "有效期至", "Expires", FD_TEXT, NULL, 0 },
        { "item_weight", "题权重", "Item weight", FD_EST, NULL, 0 },
        { "group", "分组", "Group", FD_TEXT, NULL, 0 },
        { "output", "产值", "Output", FD_EST, NULL, 0 },
        { "direction", "方向", "Direction", FD_TEXT, NULL, 0 },
    };

    c->claims = fd_table_new("claims", "自评", "Claims");
    fd_table_add_columns(c->claims, specs, sizeof specs / sizeof *specs);
    return 0;
}

/* A day of a record as text, "" where there is none. */
static const char *day_of(char buf[16], const fd_table *records, const char *field, size_t row)
{
    const int at = fd_table_find(records, field);
    const fd_column *c = at < 0 ? NULL : records->columns[at];

    buf[0] = '\0';
    if (c && c->kind == FD_DATE && fd_column_state(c, row) == FD_HAS)
        fd_date_format(c->v.day[row], buf, 16);
    else if (c && c->kind == FD_TEXT)
        snprintf(buf, 16, "%s", fd_column_text_or(c, row, ""));
    return buf;
}

/* Evidence is a file and the day it bears; one without the other is none. */
static void put_evidence(fd_table *t, size_t at, const fd_table *records, size_t row)
{
    const char *file = fd_table_text(records, "evidence", row);
    char dated[16], expires[16];

    if (file[0] && day_of(dated, records, "dated", row)[0])
        fd_column_set_text(t->columns[3], at, file);
    if (day_of(expires, records, "expires", row)[0])
        fd_column_set_text(t->columns[4], at, expires);
}

static int weights(fd_column **out, city_claims *c)
{
    fd_source *source = c->call->city->source;
    const char *wanted = fd_call_text(c->call, "weight"), *origin = NULL;
    const fd_item *item;
    int err;

    *out = NULL;
    if ((err = fd_item_find(&item, c->call->city->program, wanted ? wanted : "dispatch_output")) <
        0)
        return err;
    c->weight_item = item->name;
    c->weight_period = FD_PERIOD_NONE;
    {
        const fd_period *periods;
        size_t count;

        if ((err = source->ops->periods(source, item->id, FD_CURRENT, &periods, &count)) < 0)
            return err;
        for (size_t i = 0; i < count; i++) /* the newest that ends by the day */
            if (fd_period_end(periods[i]) <= c->options.at &&
                (c->weight_period == FD_PERIOD_NONE ||
                 fd_period_end(periods[i]) >= fd_period_end(c->weight_period)))
                c->weight_period = periods[i];
    }
    if (c->weight_period == FD_PERIOD_NONE)
        return 0;
    if ((err = source->ops->marks(source, item->id, c->weight_period, FD_CURRENT, NULL, &origin)) <
        0)
        return err;
    if (!fd_role_sees(c->call->role, origin))
        return fd_error_set(FD_EDENIED, "%s 来自企业统计原始资料,不能做权数(统计法)",
                            "%s is from statistical returns and cannot be a weight here",
                            item->name);
    return source->ops->column(source, "enterprise", item->id, c->weight_period, FD_CURRENT, out);
}

/* Codes of frame rows; names lead there too. */
static fd_map *firm_index(const fd_frame *frame)
{
    fd_map *map = fd_map_new();

    for (size_t i = 0; i < frame->n; i++) {
        if (frame->names[i] && frame->names[i][0])
            fd_map_set(map, fd_view_of(frame->names[i]), i);
        fd_map_set(map, fd_view_of(frame->codes[i]), i);
    }
    return map;
}

static int read_claims(city_claims *c)
{
    fd_source *source = c->call->city->source;
    const char *by = fd_call_text(c->call, "by");
    const fd_date on = c->options.at;
    fd_column *group = NULL, *weight = NULL;
    fd_table *records = NULL;
    fd_map *firms = NULL;
    int err, level;

    if ((err = source->ops->records(source, "maturity_claim", on, &records)) < 0 ||
        (err = source->ops->frame(source, "enterprise", &c->frame)) < 0 ||
        (err = source->ops->attribute(source, "enterprise", by ? by : "county", on, &group)) < 0 ||
        (err = weights(&weight, c)) < 0)
        goto done;
    begin_claims(c);
    firms = firm_index(c->frame);
    level = fd_table_find(records, "level");
    for (size_t r = 0; r < records->rows; r++) {
        const char *item = fd_table_text(records, "item", r);
        uint64_t firm, question;
        size_t at;

        if (strcmp(fd_table_text(records, "state", r), "已答") != 0)
            continue;
        if (!fd_map_get(firms, fd_view_of(fd_table_text(records, "firm", r)), &firm) ||
            !fd_map_get(c->items, fd_view_of(item), &question)) {
            c->foreign++;
            continue;
        }
        at = fd_table_add_row(c->claims);
        fd_column_set_text(c->claims->columns[0], at, c->frame->codes[firm]);
        fd_column_set_text(c->claims->columns[1], at, item);
        if (level >= 0 && fd_column_state(records->columns[level], r) == FD_HAS)
            fd_column_set_est(c->claims->columns[2], at,
                              fd_number_to_double(fd_column_number(records->columns[level], r)));
        put_evidence(c->claims, at, records, r);
        fd_column_set_est(c->claims->columns[5], at,
                          strtod(fd_table_text(c->questions, "weight", (size_t)question), NULL));
        fd_column_set_text(c->claims->columns[6], at, fd_column_text_or(group, firm, "?"));
        if (weight &&
            (fd_column_state(weight, firm) == FD_HAS ||
             fd_column_state(weight, firm) == FD_DOUBT)) /* in doubt: carries its number */
            fd_column_set_est(c->claims->columns[7], at,
                              fd_number_to_double(fd_column_number(weight, firm)));
        fd_column_set_text(c->claims->columns[8], at,
                           fd_table_text(c->questions,
                                         c->call->lang == FD_EN ? "direction_en" : "direction_zh",
                                         (size_t)question));
    }
    if (!c->claims->rows) {
        err = fd_error_set(FD_ENOTFOUND, "还没有自评记录", "there is no self-assessment yet");
        fd_error_hint("导入 成熟度自评 表,或 fangding maturity answer 企业 题号 等级",
                      "import a table of claims, or fangding maturity answer FIRM ITEM LEVEL");
    }
done:
    fd_map_free(firms);
    fd_column_unref(group);
    fd_column_unref(weight);
    fd_table_free(records);
    return err < 0 ? err : 0;
}

static int open_claims(city_claims *c, fd_call *call)
{
    const char *today = fd_call_text(call, "today");
    fd_period month = FD_PERIOD_NONE;
    int err;

    memset(c, 0, sizeof *c);
    c->call = call;
    c->options = (fd_maturity_options)FD_MATURITY_OPTIONS_INIT;
    c->options.weight = "output";
    c->options.by = "group";
    if (call->role == FD_ROLE_VIEWER)
        return fd_error_set(FD_EDENIED, "自评本角色不可见",
                            "self-assessments are not visible to this role");
    /* The city's own clock unless a day is given: the end of the newest month reported. */
    if (!today && (err = fd_leg1_month(call, &month)) < 0)
        return err;
    if (month != FD_PERIOD_NONE)
        c->options.at = fd_period_end(month);
    else if ((err = fd_collect_today(&c->options.at, today)) < 0)
        return err;
    if ((err = read_questions(&c->questions, &c->items, call)) < 0)
        return err;
    return read_claims(c);
}

/* ---- answers ---- */

static const char *firm_name(const city_claims *c, const char *code)
{
    return fd_source_name(c->call->city->source, "enterprise", code);
}

static void add_names(fd_table *t, const city_claims *c, const char *kind)
{
    fd_column *name = fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);

    for (size_t r = 0; r < t->rows; r++) {
        const char *code = fd_column_text_or(t->columns[0], r, "");

        fd_column_set_text(name, r,
                           strcmp(code, "合计") == 0
                               ? "全市" /* the group says that it is the total */
                           : strcmp(kind, "enterprise") == 0
                               ? firm_name(c, code)
                               : fd_source_name(c->call->city->source, kind, code));
    }
    memmove(t->columns + 2, t->columns + 1, (t->column_count - 2) * sizeof *t->columns);
    t->columns[1] = name;
}

static void hide(fd_table *t, size_t row, size_t from, const char *why)
{
    const size_t mark = t->column_count - 1;

    for (size_t k = from; k < mark; k++)
        if (strcmp(t->columns[k]->id, "units") != 0 &&
            strcmp(t->columns[k]->id, "known_units") != 0)
            fd_column_set_state(t->columns[k], row, FD_MISSING);
    fd_column_set_text(t->columns[mark], row, why);
}

/* Groups of fewer than three firms with a level are not shown, and never one group alone: the
 * total would give it away.  `key`: groups of one direction stand together. */
static void protect_groups(fd_table *t, size_t from, const char *key)
{
    const int at = fd_table_find(t, "known_units"), part = key ? fd_table_find(t, key) : -1;
    bool any = false, *done = fd_alloc(t->rows + 1);

    fd_table_add_new(t, "suppressed", "披露", "Disclosure", FD_TEXT, "", 0);
    for (size_t r = 0; r < t->rows; r++) {
        size_t hidden = 0, next = SIZE_MAX;

        for (size_t s = r; s < t->rows && !done[r]; s++) {
            const double n = t->columns[at]->v.est[s];

            if (part >= 0 && strcmp(fd_column_text_or(t->columns[part], s, ""),
                                    fd_column_text_or(t->columns[part], r, "")) != 0)
                continue;
            if (s > r)
                done[s] = true;
            if (strcmp(fd_column_text_or(t->columns[0], s, ""), "合计") == 0) {
                if (n < LEAST)
                    hide(t, s, from, "primary");
                continue;
            }
            if (n < LEAST) {
                hidden += n > 0;
                hide(t, s, from, "primary");
            } else if (next == SIZE_MAX || n < t->columns[at]->v.est[next]) {
                next = s;
            }
        }
        if (hidden == 1 && next != SIZE_MAX)
            hide(t, next, from, "secondary");
        any = any || hidden;
    }
    free(done);
    if (any)
        fd_table_add_note(t, "有等级的不足 3 户的组不显示,并多隐去一组",
                          "groups of fewer than three firms with a level are not shown, and one "
                          "more");
}

/* Groups × directions: the radar. Each direction by itself, so that its coverage is its own. */
static int directions(fd_table **out, city_claims *c)
{
    static const fd_column_spec specs[] = {
        { "group", "分组", "Group", FD_TEXT, NULL, 0 },
        { "direction", "方向", "Direction", FD_TEXT, NULL, 0 },
        { "level", "等级(加权)", "Level (weighted)", FD_EST, NULL, 0 },
        { "coverage", "有凭据的比重", "Coverage", FD_EST, NULL, 0 },
        { "units", "单位数", "Units", FD_EST, NULL, 0 },
        { "known_units", "有等级的", "With a level", FD_EST, NULL, 0 },
    };
    fd_map *seen = fd_map_new();
    bool *keep = fd_alloc(c->claims->rows + 1);
    fd_table *t = fd_table_new("directions", "各方向成熟度", "Maturity by direction");
    int err = 0;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; r < c->claims->rows; r++)
        fd_map_intern(seen, fd_view_of(fd_table_text(c->claims, "direction", r)),
                      fd_map_count(seen));
    for (size_t d = 0; d < fd_map_count(seen) && err >= 0; d++) {
        fd_table *part = NULL;
        fd_maturity m;

        for (size_t r = 0; r < c->claims->rows; r++)
            keep[r] =
                strcmp(fd_table_text(c->claims, "direction", r), fd_map_key(seen, d).ptr) == 0;
        if ((err = fd_table_filter(&part, c->claims, keep)) < 0)
            break;
        if ((err = fd_maturity_run(&m, part, &c->options)) >= 0) {
            for (size_t g = 0; g < m.groups->rows; g++) {
                const size_t at = fd_table_add_row(t);

                fd_column_set_text(t->columns[0], at,
                                   fd_column_text_or(m.groups->columns[0], g, ""));
                fd_column_set_text(t->columns[1], at, fd_map_key(seen, d).ptr);
                for (size_t k = 1; k < 5; k++)
                    if (fd_column_state(m.groups->columns[k], g) == FD_HAS)
                        fd_column_set_est(t->columns[k + 1], at, m.groups->columns[k]->v.est[g]);
            }
            fd_maturity_dispose(&m);
        }
        fd_table_free(part);
    }
    free(keep);
    fd_map_free(seen);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* The words of the questionnaire in place of Z2+1: what the next level of an item asks for. */
static void add_words(fd_table *t, const city_claims *c)
{
    fd_column *words = fd_table_add_new(t, "todo", "先做什么", "What to do", FD_TEXT, "", 0);
    const int items = fd_table_find(t, "items"), advice = fd_table_find(t, "advice");
    const bool english = c->call->lang == FD_EN;

    for (size_t r = 0; r < t->rows; r++) {
        fd_view rest = fd_view_of(fd_column_text_or(t->columns[items], r, "")), part;
        const char *what = fd_column_text_or(t->columns[advice], r, "");
        fd_buf text = FD_BUF_INIT;

        while (rest.len && fd_view_split(&rest, ' ', &part)) {
            const ptrdiff_t plus = fd_view_find(part, "+");
            char item[64], column[16];
            uint64_t question;
            double level = NAN;

            snprintf(item, sizeof item, "%.*s", (int)plus, part.ptr);
            for (size_t k = 0; k < c->claims->rows; k++)
                if (strcmp(fd_table_text(c->claims, "id", k),
                           fd_column_text_or(t->columns[0], r, "")) == 0 &&
                    strcmp(fd_table_text(c->claims, "item", k), item) == 0 &&
                    fd_column_state(c->claims->columns[2], k) == FD_HAS)
                    level = c->claims->columns[2]->v.est[k];
            if (!fd_map_get(c->items, fd_view_of(item), &question) || isnan(level))
                continue;
            snprintf(column, sizeof column, "l%d_%s", (int)floor(level) + 1, english ? "en" : "zh");
            fd_buf_printf(&text, "%s%s %s", text.len ? ";" : "",
                          fd_table_text(c->questions, english ? "title_en" : "title_zh",
                                        (size_t)question),
                          fd_table_text(c->questions, column, (size_t)question));
        }
        if (strcmp(what, "evidence") == 0)
            fd_buf_puts(&text, english ? "evidence first: nothing is known"
                                       : "先补凭据:没有一题有有效凭据");
        if (text.len)
            fd_column_set_text(words, r, fd_buf_text(&text));
        fd_buf_dispose(&text);
    }
}

static void note_claims(fd_table *t, const city_claims *c)
{
    char zh[400], en[400], period[32] = "-";

    if (c->weight_period != FD_PERIOD_NONE)
        fd_period_format(c->weight_period, period, sizeof period);
    snprintf(zh, sizeof zh, "按%s(%s)加权;没有权数的企业不进加权平均,只计户数", c->weight_item,
             period);
    snprintf(en, sizeof en, "weighted by %s (%s); firms without it are counted, not averaged",
             c->weight_item, period);
    fd_table_add_note(t, zh, en);
    fd_table_add_note(t, "自评不是评定;题库是示例,未核实(unverified),可用 --questions 换",
                      "a self-assessment is no audit; the questionnaire is an example, unverified, "
                      "see --questions");
    if (c->foreign) {
        snprintf(zh, sizeof zh, "%zu 条自评的题号或企业不认得,未计", c->foreign);
        snprintf(en, sizeof en, "%zu claims of unknown items or firms are left out", c->foreign);
        fd_table_add_note(t, zh, en);
    }
}

static void show_digits(fd_table *t)
{
    for (size_t k = 0; k < t->column_count; k++)
        if (t->columns[k]->kind == FD_EST)
            t->columns[k]->digits = strncmp(t->columns[k]->id, "level", 5) == 0 ||
                                            strcmp(t->columns[k]->id, "gap") == 0 ||
                                            strcmp(t->columns[k]->id, "coverage") == 0
                                        ? 2
                                        : 0;
}

static int only_firm(fd_table **t, fd_call *call)
{
    const char *wanted = fd_call_text(call, "firm");
    fd_table *kept = NULL;
    fd_subject firm;
    bool *keep;
    int err;

    if (!wanted)
        return 0;
    if ((err = fd_subject_find(&firm, call->city->source, wanted)) < 0)
        return err;
    keep = fd_alloc((*t)->rows + 1);
    for (size_t r = 0; r < (*t)->rows; r++)
        keep[r] = strcmp(fd_column_text_or((*t)->columns[0], r, ""), firm.code) == 0;
    if ((err = fd_table_filter(&kept, *t, keep)) >= 0) {
        fd_table_free(*t);
        *t = kept;
    }
    free(keep);
    return err;
}

static int run_city(fd_call *call, fd_result *result)
{
    const char *wanted = fd_call_text(call, "out"), *by = fd_call_text(call, "by");
    fd_maturity all = { 0 };
    fd_table *t = NULL;
    city_claims c;
    int err;

    wanted = wanted ? wanted : "groups";
    if (strcmp(wanted, "questions") == 0) {
        fd_map *items = NULL;

        if ((err = read_questions(&t, &items, call)) >= 0)
            fd_result_add(result, t);
        fd_map_free(items);
        return err;
    }
    if ((err = open_claims(&c, call)) < 0 ||
        (err = fd_maturity_run(&all, c.claims, &c.options)) < 0)
        goto done;
    if (all.groups->rows && fd_column_state(all.groups->columns[1], all.groups->rows - 1) == FD_HAS)
        fd_result_say(result,
                      "会上可说:%.0f 户自评,有凭据的部分按产值加权平均 %.1f 级,覆盖 "
                      "%.0f%%;其余不知道,不是 0 级。",
                      "To say: of %.0f firms' own claims, weighted by output, the level is %.1f "
                      "over %.0f%% of it; the rest is unknown, not level 0.",
                      all.groups->columns[3]->v.est[all.groups->rows - 1],
                      all.groups->columns[1]->v.est[all.groups->rows - 1],
                      100 * all.groups->columns[2]->v.est[all.groups->rows - 1]);
    if (strcmp(wanted, "directions") == 0) {
        if ((err = directions(&t, &c)) < 0)
            goto done;
        add_names(t, &c, by ? by : "county");
        protect_groups(t, 3, "direction");
    } else if (strcmp(wanted, "priority") == 0) {
        if ((err = fd_maturity_priority(&t, c.claims, &c.options)) < 0 ||
            (err = only_firm(&t, call)) < 0)
            goto done;
        add_words(t, &c);
        add_names(t, &c, "enterprise");
    } else if (strcmp(wanted, "groups") == 0) {
        t = all.groups;
        all.groups = NULL;
        add_names(t, &c, by ? by : "county");
        protect_groups(t, 2, NULL);
    } else {
        t = strcmp(wanted, "claims") == 0 ? all.claims : all.units;
        *(t == all.claims ? &all.claims : &all.units) = NULL;
        if ((err = only_firm(&t, call)) < 0)
            goto done;
        add_names(t, &c, "enterprise");
    }
    show_digits(t);
    note_claims(t, &c);
    fd_result_add(result, t);
    t = NULL;
done:
    fd_table_free(t);
    fd_maturity_dispose(&all);
    dispose(&c);
    return err < 0 ? err : 0;
}

static const fd_verb_param city_params[] = {
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 groups)",
      "which table (groups)", "groups|directions|units|claims|priority|questions" },
    { "by", FD_P_CHOICE, false, false, false, "BY", "按什么汇总(默认 county)", "group by (county)",
      "county|chain" },
    { "firm", FD_P_TEXT, false, false, false, "FIRM", "只看一家(units、claims、priority)",
      "one firm only (units, claims, priority)", NULL },
    { "today", FD_P_TEXT, false, false, false, "DAY", "以这一天为准(默认城市最新月末)",
      "as of this day (the end of the city's newest month)", NULL },
    { "weight", FD_P_TEXT, false, false, false, "ITEM", "汇总的权数(默认调度产值)",
      "weight in the roll-up (dispatch_output)", NULL },
    { "questions", FD_P_PATH, false, false, false, "FILE",
      "自己的题库(形式同 definitions/maturity.csv)",
      "a questionnaire of your own (as definitions/maturity.csv)", NULL },
};
static const char *const city_examples[] = {
    "maturity city --by chain --city out/huanzhou.fangding",
    "maturity city --out directions --city out/huanzhou.fangding",
    "maturity city --out priority --city out/huanzhou.fangding",
    NULL,
};
const fd_verb fd_verb_maturity_city = {
    .name = "maturity city",
    .zh = "本市企业成熟度自评:按县区、产业链加权汇总,四个方向,差哪几步,先帮谁",
    .en = "maturity of the city's firms by their own claims: roll-up, directions, gaps, priorities",
    .purpose = FD_SERVICE,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};

/* ---- maturity answer ---- */

typedef struct answer {
    const char *level, *evidence;
    fd_date dated, expires;
} answer;

static int read_day(fd_date *out, fd_call *call, const char *param)
{
    const char *text = fd_call_text(call, param);

    *out = FD_DATE_NONE;
    if (!text || fd_date_parse(out, text, strlen(text)) >= 0)
        return 0;
    return fd_error_set(FD_EINVAL, "--%s 应是日期:%s", "--%s is a date: %s", param, text);
}

static int read_answer(answer *a, fd_call *call, fd_date today)
{
    double level;
    int err;

    a->level = fd_call_text(call, "level");
    a->evidence = fd_call_text(call, "evidence");
    if (!fd_csv_number(&level, a->level, strlen(a->level)) || level < 0 || level > 5 ||
        level * 2 != floor(level * 2))
        return fd_error_set(FD_EINVAL, "等级应是 0 到 5,可以有半级:%s",
                            "a level is 0 to 5, halves allowed: %s", a->level);
    if ((err = read_day(&a->dated, call, "dated")) < 0 ||
        (err = read_day(&a->expires, call, "expires")) < 0)
        return err;
    if ((a->dated != FD_DATE_NONE && a->dated > today) ||
        (a->dated != FD_DATE_NONE && a->expires != FD_DATE_NONE && a->expires < a->dated))
        return fd_error_set(FD_EINVAL, "凭据日期不能在今天之后,也不能晚于有效期",
                            "evidence is dated neither after today nor after it expires");
    if (a->evidence && (a->dated == FD_DATE_NONE || a->expires == FD_DATE_NONE))
        return fd_error_set(FD_EINVAL, "有凭据就要写 --dated 和 --expires",
                            "evidence needs --dated and --expires");
    return 0;
}

static void put_day(fd_jsonw *w, const char *key, fd_date day)
{
    char text[16] = "";

    if (day != FD_DATE_NONE)
        fd_date_format(day, text, sizeof text);
    fd_jsonw_key(w, key);
    fd_jsonw_string(w, text);
}

static int write_answer(fd_call *call, const char *key, const char *firm, const char *item,
                        const answer *a, fd_date today, int64_t *snapshot)
{
    fd_batch_info info = { "maturity answer", call->actor, key, NULL };
    fd_buf json = FD_BUF_INIT;
    fd_batch *batch = NULL;
    fd_jsonw w;
    int err;

    fd_jsonw_init(&w, &json);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "firm");
    fd_jsonw_string(&w, firm);
    fd_jsonw_key(&w, "item");
    fd_jsonw_string(&w, item);
    fd_jsonw_key(&w, "level");
    fd_jsonw_raw(&w, a->level);
    fd_jsonw_key(&w, "evidence");
    fd_jsonw_string(&w, a->evidence ? a->evidence : "");
    put_day(&w, "dated", a->dated);
    put_day(&w, "expires", a->expires);
    fd_jsonw_end_object(&w);
    if ((err = fd_batch_begin(&batch, call->city->store, &info)) >= 0) {
        if ((err = fd_batch_record(batch, "maturity_claim", key, "已答", today, fd_buf_text(&json),
                                   call->actor)) < 0)
            fd_batch_abandon(batch);
        else
            err = fd_batch_publish(batch, snapshot);
    }
    fd_buf_dispose(&json);
    return err;
}

static int run_answer(fd_call *call, fd_result *result)
{
    const char *item = fd_call_text(call, "item");
    fd_table *questions = NULL;
    fd_map *items = NULL;
    fd_subject firm;
    answer a;
    char key[200];
    uint64_t row;
    int64_t snapshot;
    fd_date today;
    int err;

    if ((err = fd_collect_today(&today, fd_call_text(call, "today"))) < 0 ||
        (err = fd_subject_find(&firm, call->city->source, fd_call_text(call, "firm"))) < 0 ||
        (err = read_answer(&a, call, today)) < 0 ||
        (err = read_questions(&questions, &items, call)) < 0)
        goto done;
    if (strcmp(firm.kind, "enterprise") != 0) {
        err = fd_error_set(FD_EINVAL, "「%s」不是企业", "%s is no enterprise", firm.code);
        goto done;
    }
    if (!fd_map_get(items, fd_view_of(item), &row)) {
        err = fd_error_set(FD_ENOTFOUND, "题库里没有这一题:%s", "no such question: %s", item);
        fd_error_hint("fangding maturity city --out questions 列出题目",
                      "fangding maturity city --out questions lists them");
        goto done;
    }
    snprintf(key, sizeof key, "%.60s:%.60s", firm.code, item);
    if ((err = write_answer(call, key, firm.code, item, &a, today, &snapshot)) >= 0)
        fd_result_say(result, "%s %s 记为 %s 级%s,快照 %lld", "%s %s: level %s%s, snapshot %lld",
                      firm.name ? firm.name : firm.code, item, a.level,
                      a.evidence            ? ""
                      : call->lang == FD_EN ? ", without evidence: it does not count yet"
                                            : ",没有凭据,暂不计入",
                      (long long)snapshot);
done:
    fd_table_free(questions);
    fd_map_free(items);
    return err < 0 ? err : 0;
}

static const fd_verb_param answer_params[] = {
    { "firm", FD_P_TEXT, true, true, false, "FIRM", "企业", "the enterprise", NULL },
    { "item", FD_P_TEXT, true, true, false, "ITEM", "题号", "the question", NULL },
    { "level", FD_P_TEXT, true, true, false, "LEVEL", "等级 0 到 5", "level 0 to 5", NULL },
    { "evidence", FD_P_TEXT, false, false, false, "TEXT", "凭据:文件名、合同号、证书号",
      "evidence: a file's name, a contract's or certificate's number", NULL },
    { "dated", FD_P_TEXT, false, false, false, "DAY", "凭据日期", "the day it bears", NULL },
    { "expires", FD_P_TEXT, false, false, false, "DAY", "有效期至", "good until", NULL },
    { "today", FD_P_TEXT, false, false, false, "DAY", "哪一天(默认今天)", "the day (today)", NULL },
};
static const char *const answer_examples[] = {
    "maturity answer 洹西钢铁 Z2 3 --evidence 示例验收单.pdf --dated 2024-11-01 --expires "
    "2026-10-31 "
    "--today 2024-12-31 --city out/huanzhou.fangding",
    NULL
};
const fd_verb fd_verb_maturity_answer = {
    .name = "maturity answer",
    .zh = "回答一题成熟度自评:等级、凭据、凭据日期、有效期;企业只能答自己的",
    .en = "answer one question of the self-assessment: level, evidence, its day, good until",
    .effect = FD_WRITE,
    .purpose = FD_SERVICE,
    .needs_city = true,
    .params = answer_params,
    .param_count = sizeof answer_params / sizeof *answer_params,
    .examples = answer_examples,
    .run = run_answer,
};
