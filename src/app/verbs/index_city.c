/*
 * index city, index freeze, index couple: declared indices on the city.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/collect.h"
#include "app/index_city.h"
#include "app/registry.h"
#include "base/str.h"
#include "fangding/index_story.h"
#include "table/jsonw.h"

static int year_of(int *out, fd_call *call, const char *param)
{
    fd_period p = FD_PERIOD_NONE;
    int err = fd_call_period(call, param, &p);

    if (err < 0 || p == FD_PERIOD_NONE)
        return err;
    if (fd_period_kind_of(p) != FD_YEAR)
        return fd_error_set(FD_EINVAL, "--%s 应是一年", "--%s is a year", param);
    *out = fd_period_year_of(p);
    return 0;
}

static int read_ask(fd_index_ask *ask, fd_call *call, int *at)
{
    static const char *const methods[] = { "fixed", "entropy", "topsis" };
    const char *method = fd_call_text(call, "method");
    int err;

    *at = 0;
    if ((err = year_of(at, call, "at")) < 0 || (err = year_of(&ask->from, call, "from")) < 0 ||
        (err = year_of(&ask->to, call, "to")) < 0)
        return err;
    if (*at) {
        ask->to = *at;
        ask->from = *at - 1; /* the year before, for what changed */
    }
    if (ask->from && ask->to && ask->from > ask->to)
        return fd_error_set(FD_EINVAL, "--from 应早于 --to", "--from comes before --to");
    for (int k = 0; method && k < 3; k++)
        if (strcmp(method, methods[k]) == 0) {
            ask->method = (fd_index_method)k;
            ask->has_method = true;
        }
    ask->unfrozen = fd_call_flag(call, "unfrozen");
    return 0;
}

/* ---- the list of indices ---- */

static int list_indices(fd_call *call, fd_result *result)
{
    static const fd_column_spec specs[] = {
        { "id", "指数", "Index", FD_TEXT, NULL, 0 },
        { "name", "名称", "Name", FD_TEXT, NULL, 0 },
        { "edition", "版本", "Edition", FD_DEC, NULL, 0 },
        { "plan", "规划期", "Plan", FD_TEXT, NULL, 0 },
        { "method", "定权", "Weights", FD_TEXT, NULL, 0 },
        { "indicators", "指标数", "Indicators", FD_DEC, NULL, 0 },
        { "frozen", "冻结", "Frozen", FD_TEXT, NULL, 0 },
    };
    static const char *const methods[] = { "固定", "熵权", "熵权TOPSIS" };
    fd_table *t = fd_table_new("indices", "指数", "Indices");
    const fd_decl *decl;
    int err = 0;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; err >= 0 && (decl = fd_program_decl(call->city->program, FD_DECL_INDEX, i));
         i++) {
        fd_index_frozen frozen = { 0 };
        fd_index_decl d;
        char plan[32], kept[64];
        size_t row, leaves = 0;

        if ((err = fd_index_decl_read(&d, call, decl->alias)) >= 0 &&
            (err = fd_index_frozen_read(&frozen, call, d.id, d.plan_from)) >= 0) {
            row = fd_table_add_row(t);
            for (size_t r = 0; r < d.tree->rows; r++)
                leaves +=
                    fd_program_indicator(call->city->program,
                                         fd_column_text_or(d.tree->columns[0], r, "")) != NULL;
            snprintf(plan, sizeof plan, "%d..%d", d.plan_from, d.plan_to);
            snprintf(kept, sizeof kept, "版本 %d", frozen.edition);
            fd_column_set_text(t->columns[0], row, d.id);
            fd_column_set_text(t->columns[1], row, d.name);
            fd_column_set_dec(t->columns[2], row, d.edition);
            if (d.plan_from)
                fd_column_set_text(t->columns[3], row, plan);
            fd_column_set_text(t->columns[4], row, methods[d.method]);
            fd_column_set_dec(t->columns[5], row, (int64_t)leaves);
            if (frozen.there)
                fd_column_set_text(t->columns[6], row, kept);
        }
        fd_index_frozen_dispose(&frozen);
        fd_index_decl_dispose(&d);
    }
    if (err < 0)
        fd_table_free(t);
    else
        fd_result_add(result, t);
    return err;
}

/* ---- index city ---- */

/* In cells: the command that opens the number down to the cell of the return. */
static void add_commands(fd_table *cells, bool by_county)
{
    const int code = fd_table_find(cells, "code"), year = fd_table_find(cells, "year");
    fd_column *why = fd_table_add_new(cells, "command", "再往下", "Next", FD_TEXT, "", 0);
    char text[300];

    for (size_t r = 0; r < cells->rows; r++) {
        const char *unit = fd_column_text_or(cells->columns[0], r, "");

        snprintf(text, sizeof text, "fangding why %s --at %s%s%s",
                 fd_column_text_or(cells->columns[code], r, ""),
                 fd_column_text_or(cells->columns[year], r, ""), by_county ? " --county " : "",
                 by_county ? unit : "");
        fd_column_set_text(why, r, text);
    }
}

/* Rows of the county asked for. */
static int keep_unit(fd_table **t, fd_call *call)
{
    const char *wanted = fd_call_text(call, "county");
    fd_table *kept = NULL;
    bool *keep;
    int err;

    if (!wanted || !*t)
        return 0;
    keep = fd_alloc((*t)->rows + 1);
    for (size_t r = 0; r < (*t)->rows; r++)
        keep[r] = strcmp(fd_column_text_or((*t)->columns[0], r, ""), wanted) == 0 ||
                  strcmp(fd_column_text_or((*t)->columns[1], r, ""), wanted) == 0;
    if ((err = fd_table_filter(&kept, *t, keep)) >= 0 && kept->rows == 0) {
        fd_table_free(kept);
        err = fd_error_set(FD_ENOTFOUND, "没有这个县区:%s", "no such county: %s", wanted);
    }
    if (err >= 0) {
        fd_table_free(*t);
        *t = kept;
    }
    free(keep);
    return err < 0 ? err : 0;
}

/* "缺:人均算力(缺报) …" for each row of scores that lacks something. */
static void add_insufficient(fd_table *t, const fd_index_city *c, fd_call *call)
{
    fd_column *column =
        fd_table_add_new(t, "insufficient", "数据不足", "Insufficient data", FD_TEXT, "", 0);
    const int year = fd_table_find(t, "year");

    for (size_t r = 0; r < t->rows; r++) {
        fd_buf text = FD_BUF_INIT;

        for (size_t g = 0; g < c->gaps->rows; g++)
            if (strcmp(fd_column_text_or(c->gaps->columns[0], g, ""),
                       fd_column_text_or(t->columns[0], r, "")) == 0 &&
                strcmp(fd_column_text_or(c->gaps->columns[1], g, ""),
                       fd_column_text_or(t->columns[year], r, "")) == 0)
                fd_buf_printf(&text, "%s%s(%s)", text.len ? " " : "缺 ",
                              fd_index_city_name(c, call,
                                                 fd_column_text_or(c->gaps->columns[2], g, "")),
                              fd_column_text_or(c->gaps->columns[3], g, ""));
        if (text.len)
            fd_column_set_text(column, r, fd_buf_text(&text));
        fd_buf_dispose(&text);
    }
}

static double number_of(const fd_table *t, const char *column, size_t row)
{
    const int at = fd_table_find(t, column);

    return at >= 0 && fd_column_state(t->columns[at], row) == FD_HAS
               ? fd_number_to_double(fd_column_number(t->columns[at], row))
               : NAN;
}

static size_t row_at(const fd_table *t, const char *unit, const char *year)
{
    const int at = fd_table_find(t, "year");

    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text_or(t->columns[0], r, ""), unit) == 0 &&
            strcmp(fd_column_text_or(t->columns[at], r, ""), year) == 0)
            return r;
    return SIZE_MAX;
}

/* Who leads, by how much it moved and what moved it, how firm the rank is; how many lack data. */
static void say(fd_result *result, const fd_index_city *c, fd_call *call, int year)
{
    const fd_table *s = c->index.scores;
    fd_table *steps = NULL;
    char now[16], before[16], moved[2][300] = { "", "" };
    size_t leader = SIZE_MAX, lacking = 0, firm;

    snprintf(now, sizeof now, "%d", year);
    snprintf(before, sizeof before, "%d", year - 1);
    for (size_t r = 0; r < s->rows; r++) {
        if (strcmp(fd_column_text_or(s->columns[1], r, ""), now) != 0)
            continue;
        lacking += isnan(number_of(s, "score", r)) ? 1 : 0;
        if (number_of(s, "rank", r) == 1 && leader == SIZE_MAX)
            leader = r;
    }
    if (leader == SIZE_MAX) {
        fd_result_say(result, "会上可说:%s %d 年数据不足,没有一个单位能算出得分;缺的不当 0。",
                      "To say: insufficient data for any score of %s in %d; what is missing is "
                      "not 0.",
                      c->decl.name, year);
        return;
    }
    if (fd_index_steps(&steps, c->index.cells, true) >= 0) {
        const size_t first = row_at(steps, fd_column_text_or(s->columns[0], leader, ""), now);
        const size_t past = row_at(s, fd_column_text_or(s->columns[0], leader, ""), before);

        if (first != SIZE_MAX && past != SIZE_MAX && !isnan(number_of(steps, "move", first))) {
            const char *code = fd_column_text_or(steps->columns[2], first, "");
            const double by = number_of(s, "score", leader) - number_of(s, "score", past);

            snprintf(moved[FD_ZH], sizeof moved[FD_ZH], ",比上年 %+.3f,变动最大的是%.120s(%+.3f)",
                     by, fd_index_city_name(c, call, code), number_of(steps, "move", first));
            snprintf(moved[FD_EN], sizeof moved[FD_EN],
                     ", %+.3f on the year, the largest move from %.120s (%+.3f)", by, code,
                     number_of(steps, "move", first));
        }
    }
    fd_table_free(steps);
    firm = row_at(c->index.sensitivity, fd_column_text_or(s->columns[0], leader, ""), now);
    fd_result_say(result,
                  "会上可说:%d 年%s最高(%.3f)%s;每个权重上下动两成,名次在 %.0f—%.0f;%zu "
                  "个单位数据不足,不当 0。",
                  "To say: in %d %s leads (%.3f)%s; any weight moved by a fifth leaves its rank in "
                  "%.0f-%.0f; %zu units lack data, which is not 0.",
                  year,
                  fd_source_name(call->city->source, c->decl.by_county ? "county" : "city",
                                 fd_column_text_or(s->columns[0], leader, "")),
                  number_of(s, "score", leader), moved[call->lang],
                  firm == SIZE_MAX ? NAN : number_of(c->index.sensitivity, "rank_best", firm),
                  firm == SIZE_MAX ? NAN : number_of(c->index.sensitivity, "rank_worst", firm),
                  lacking);
}

/* All but what is said to users of plain files. */
static void copy_notes(fd_table *to, const fd_table *from)
{
    for (size_t i = 0; i < from->note_count; i++)
        if (!strstr(from->notes[FD_ZH][i], "--weights"))
            fd_table_add_note(to, from->notes[FD_ZH][i], from->notes[FD_EN][i]);
}

/* Values as measured keep their digits; scores and shares are shown to three. */
static void show_digits(fd_table *t)
{
    for (size_t c = 0; c < t->column_count; c++)
        if (t->columns[c]->kind == FD_EST && strcmp(t->columns[c]->id, "value") != 0 &&
            strcmp(t->columns[c]->id, "low") != 0 && strcmp(t->columns[c]->id, "high") != 0)
            t->columns[c]->digits = strncmp(t->columns[c]->id, "rank", 4) == 0 ? 0 : 3;
}

/* Codes of branches in the columns lagging and missing by their names. */
static void name_branches(fd_table *t, const fd_index_city *c, fd_call *call)
{
    static const char *const columns[] = { "lagging", "missing" };

    for (size_t k = 0; k < 2; k++) {
        const int at = fd_table_find(t, columns[k]);

        for (size_t r = 0; at >= 0 && r < t->rows; r++) {
            fd_view rest = fd_view_of(fd_column_text_or(t->columns[at], r, "")), word;
            fd_buf names = FD_BUF_INIT;

            while (rest.len && fd_view_split(&rest, ' ', &word))
                fd_buf_printf(
                    &names, "%s%s", names.len ? " " : "",
                    fd_index_city_name(c, call, fd_arena_strndup(call->arena, word.ptr, word.len)));
            if (names.len)
                fd_column_set_text(t->columns[at], r, fd_buf_text(&names));
            fd_buf_dispose(&names);
        }
    }
}

/* Who leads with the combination counted in, which branch lags most often. */
static void say_balance(fd_result *result, const fd_table *t, int year)
{
    const int lagging = fd_table_find(t, "lagging");
    const char *often = "-";
    size_t leader = SIZE_MAX, most = 0, lacking = 0;

    for (size_t r = 0; r < t->rows; r++) {
        const char *lag = fd_column_text_or(t->columns[lagging], r, "");
        size_t same = 0;

        lacking += isnan(number_of(t, "combined", r)) ? 1 : 0;
        if (number_of(t, "rank", r) == 1 && leader == SIZE_MAX)
            leader = r;
        for (size_t s = 0; s < t->rows && lag[0]; s++)
            same += strcmp(fd_column_text_or(t->columns[lagging], s, ""), lag) == 0;
        if (same > most) {
            most = same;
            often = lag;
        }
    }
    if (leader == SIZE_MAX) {
        fd_result_say(result, "会上可说:%d 年数据不足,没有一个单位各支都算得出;缺的不当 0。",
                      "To say: in %d no unit has all branches; what is missing is not 0.", year);
        return;
    }
    fd_result_say(
        result,
        "会上可说:%d 年%s最高(含组合 %.3f,不平衡 %.3f);短板最多的是%s(%zu 个单位);%zu "
        "个单位数据不足,不当 0。",
        "To say: in %d %s leads (%.3f with the combination, imbalance %.3f); %s lags most "
        "often (%zu units); %zu units lack data, which is not 0.",
        year, fd_column_text_or(t->columns[1], leader, "?"), number_of(t, "combined", leader),
        number_of(t, "imbalance", leader), often, most, lacking);
}

static int make_table(fd_table **out, fd_index_city *c, const char *wanted)
{
    int err = 0;

    *out = NULL;
    if (strcmp(wanted, "waterfall") == 0)
        err = fd_index_steps(out, c->index.cells, false);
    else if (strcmp(wanted, "change") == 0)
        err = fd_index_steps(out, c->index.cells, true);
    else if (strcmp(wanted, "balance") == 0 && c->index.weights &&
             c->decl.method != FD_INDEX_TOPSIS)
        err = fd_index_balance(out, &c->index, c->decl.combination);
    else if (strcmp(wanted, "balance") == 0)
        err = fd_error_set(FD_EINVAL, "TOPSIS 没有各支得分", "topsis has no scores of branches");
    else {
        fd_table **from = strcmp(wanted, "cells") == 0         ? &c->index.cells
                          : strcmp(wanted, "weights") == 0     ? &c->index.weights
                          : strcmp(wanted, "sensitivity") == 0 ? &c->index.sensitivity
                          : strcmp(wanted, "gaps") == 0        ? &c->gaps
                                                               : &c->index.scores;

        *out = *from;
        *from = NULL;
    }
    return err;
}

static void name_weights(fd_table *t, const fd_index_city *c, fd_call *call)
{
    fd_column *name = fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);

    for (size_t r = 0; r < t->rows; r++)
        fd_column_set_text(name, r,
                           fd_index_city_name(c, call, fd_column_text_or(t->columns[0], r, "")));
}

static int run_city(fd_call *call, fd_result *result)
{
    const char *wanted = fd_call_text(call, "out");
    fd_index_ask ask = { .name = fd_call_text(call, "name") };
    fd_index_city c;
    fd_table *t = NULL, *notes = NULL;
    int at, err, year;

    if (!ask.name)
        return list_indices(call, result);
    if ((err = read_ask(&ask, call, &at)) < 0)
        return err;
    if ((err = fd_index_city_run(&c, call, &ask)) < 0)
        goto done;
    year = at ? at : ask.from ? 0 : ask.to ? ask.to : c.to;
    wanted = wanted ? wanted : c.decl.combination > 0 ? "balance" : "scores";
    if (strcmp(wanted, "balance") != 0)
        say(result, &c, call, year ? year : c.to);
    notes = fd_table_new("notes", "", "");
    copy_notes(notes, c.index.scores);
    if ((err = make_table(&t, &c, wanted)) < 0)
        goto done;
    if (strcmp(wanted, "weights") == 0) {
        name_weights(t, &c, call);
    } else {
        if (strcmp(wanted, "scores") == 0 || strcmp(wanted, "balance") == 0)
            add_insufficient(t, &c, call);
        fd_index_city_names(t, &c, call);
        name_branches(t, &c, call);
        if ((err = fd_index_city_year(&t, year)) < 0)
            goto done;
        if (strcmp(wanted, "balance") == 0)
            say_balance(result, t, year ? year : c.to);
        if ((err = keep_unit(&t, call)) < 0)
            goto done;
        if (strcmp(wanted, "cells") == 0)
            add_commands(t, c.decl.by_county);
    }
    show_digits(t);
    copy_notes(t, notes);
    if (c.gaps && c.gaps->rows)
        fd_table_add_note(t, "缺一格就没有得分,不当 0;--out gaps 列出缺什么、为什么",
                          "a missing cell leaves no score and is not 0; --out gaps lists them");
    fd_table_add_note(t,
                      "县区之间宜看自己的变化(--out change);名次之差小于敏感性的幅度时不要排座次",
                      "compare a county with its own past (--out change); do not rank closer than "
                      "the sensitivity allows");
    fd_result_add(result, t);
    t = NULL;
done:
    fd_table_free(t);
    fd_table_free(notes);
    fd_index_city_dispose(&c);
    return err < 0 ? err : 0;
}

#define YEAR_PARAMS                                                                                \
    { "at",                                                                                        \
      FD_P_PERIOD,                                                                                 \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "YEAR",                                                                                      \
      "看哪一年(默认最新)",                                                                        \
      "the year shown (the newest)",                                                               \
      NULL },                                                                                      \
        { "from",                                                                                  \
          FD_P_PERIOD,                                                                             \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "YEAR",                                                                                  \
          "从哪一年:各年都列出",                                                                   \
          "from this year: all years are shown",                                                   \
          NULL },                                                                                  \
        { "to", FD_P_PERIOD, false, false, false, "YEAR", "到哪一年", "to this year", NULL },      \
        { "method",                                                                                \
          FD_P_CHOICE,                                                                             \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "METHOD",                                                                                \
          "换一种定权试算(默认按声明;规划期内冻结的照冻结)",                                       \
          "try other weights (as declared)",                                                       \
          "fixed|entropy|topsis" },                                                                \
    {                                                                                              \
        "unfrozen", FD_P_FLAG, false, false, false, NULL, "不用冻结的权重试算,不作数",             \
            "try without the frozen weights", NULL                                                 \
    }

static const fd_verb_param city_params[] = {
    { "name", FD_P_TEXT, true, false, false, "INDEX", "哪个指数;不写就列出全部",
      "which index; all are listed without it", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 scores;有组合项的是 balance)",
      "which table (scores; balance where there is a combination)",
      "scores|cells|waterfall|change|balance|weights|sensitivity|gaps" },
    { "county", FD_P_TEXT, false, false, false, "C", "只列一个县区", "one county only", NULL },
    YEAR_PARAMS,
};
static const char *const city_examples[] = {
    "index city --city out/huanzhou.fangding",
    "index city new_quality --at 2024 --city out/huanzhou.fangding",
    "index city new_quality --out change --at 2024 --county 洹东区 --city out/huanzhou.fangding",
    "index city three_factors --city out/huanzhou.fangding",
    NULL,
};
const fd_verb fd_verb_index_city = {
    .name = "index city",
    .zh = "本市的综合指数:声明的指标树按县区和年份算,逐格溯源,为什么变、名次稳不稳、数据够不够",
    .en = "composite indices of the city: declared trees by county and year, every cell traced, "
          "what moved, how firm",
    .detail_zh = "指标树在 鼎言 里声明(指数),叶子是指标。权重在规划期里用 index freeze "
                 "冻结后,期内一律用冻结的;熵权得分只在同一批里可比。缺一格就是数据不足,不当 0。",
    .detail_en =
        "Trees are declared (指数 index), their leaves are indicators. Weights frozen with "
        "index freeze hold for the plan period; entropy scores are comparable only inside "
        "one batch. A missing cell is insufficient data, never 0.",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .is_job = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};

/* ---- index freeze ---- */

/* Lines of CSV, separated by semicolons. */
static char *csv_of(const fd_table *t)
{
    fd_print_options options = FD_PRINT_OPTIONS_INIT;
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);

    options.format = FD_FORMAT_CSV;
    if (!stream)
        return NULL;
    fd_table_print(t, stream, &options);
    fclose(stream);
    for (char *c = text; c && *c; c++) /* one line: a record prints as a row */
        if (*c == '\n')
            *c = ';';
    return text;
}

/* May this edition be frozen beside what is in force? */
static int may_freeze(const fd_index_city *c, const fd_index_frozen *old, const char *reason)
{
    if (!c->decl.plan_from)
        return fd_error_set(FD_EINVAL, "指数「%s」没有声明规划期,不能冻结",
                            "index %s declares no plan period to freeze for", c->decl.name);
    if (!old->there)
        return 0;
    if (c->decl.edition <= old->edition) {
        fd_error_set(FD_ECONFLICT, "规划期 %s 里已冻结版本 %d(%s):期内不能再取新权重",
                     "frozen for %s already, edition %d (%s): no new weights inside the period",
                     old->plan, old->edition, old->since);
        return fd_error_hint("确要改,把声明里的 版本 加一,再用 --reason 写明理由",
                             "to change it raise 版本 in the declaration and give a --reason");
    }
    if (!reason || !reason[0])
        return fd_error_set(FD_EINVAL, "规划期内改权重要写 --reason",
                            "changing weights inside a plan period needs a --reason");
    return 0;
}

static char *fields_of(const fd_index_city *c, const char *tree, const char *reason)
{
    static const char *const methods[] = { "固定", "熵权", "熵权TOPSIS" };
    fd_buf json = FD_BUF_INIT;
    char text[64];
    fd_jsonw w;

    fd_jsonw_init(&w, &json);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "index");
    fd_jsonw_string(&w, c->decl.id);
    fd_jsonw_key(&w, "edition");
    snprintf(text, sizeof text, "%d", c->decl.edition);
    fd_jsonw_raw(&w, text);
    fd_jsonw_key(&w, "plan");
    snprintf(text, sizeof text, "%d..%d", c->decl.plan_from, c->decl.plan_to);
    fd_jsonw_string(&w, text);
    fd_jsonw_key(&w, "method");
    fd_jsonw_string(&w, methods[c->decl.method]);
    fd_jsonw_key(&w, "batch");
    snprintf(text, sizeof text, "%d—%d年 %zu 个单位", c->from, c->to, c->units);
    fd_jsonw_string(&w, text);
    fd_jsonw_key(&w, "reason");
    fd_jsonw_string(&w, reason ? reason : "");
    fd_jsonw_key(&w, "tree");
    fd_jsonw_string(&w, tree);
    fd_jsonw_end_object(&w);
    return fd_buf_take(&json);
}

static int write_freeze(fd_call *call, const fd_index_city *c, const fd_index_frozen *old,
                        const char *fields, fd_date on, int64_t *snapshot)
{
    fd_batch_info info = { "index freeze", call->actor, c->decl.id, NULL };
    fd_batch *batch = NULL;
    char key[160];
    int err;

    snprintf(key, sizeof key, "%.120s@%d", c->decl.id, c->decl.edition);
    if ((err = fd_batch_begin(&batch, call->city->store, &info)) < 0)
        return err;
    if ((old->there && (err = fd_batch_record(batch, "index_weights", old->key, "停用", on, "{}",
                                              call->actor)) < 0) ||
        (err = fd_batch_record(batch, "index_weights", key, "生效", on, fields, call->actor)) < 0) {
        fd_batch_abandon(batch);
        return err;
    }
    return fd_batch_publish(batch, snapshot);
}

static int run_freeze(fd_call *call, fd_result *result)
{
    fd_index_ask ask = { .name = fd_call_text(call, "name"), .unfrozen = true };
    const char *reason = fd_call_text(call, "reason");
    fd_index_frozen old = { 0 };
    char *tree = NULL, *fields = NULL;
    fd_index_city c;
    int64_t snapshot;
    fd_date on;
    int err;

    if ((err = fd_collect_today(&on, fd_call_text(call, "today"))) < 0)
        return err;
    if ((err = fd_index_city_run(&c, call, &ask)) < 0 ||
        (err = fd_index_frozen_read(&old, call, c.decl.id, c.decl.plan_from)) < 0 ||
        (err = may_freeze(&c, &old, reason)) < 0)
        goto done;
    tree = csv_of(c.index.weights);
    fields = tree ? fields_of(&c, tree, reason) : NULL;
    if (!fields) {
        err = fd_error_set(FD_EIO, "写不出权重表", "the weights cannot be written");
        goto done;
    }
    if ((err = write_freeze(call, &c, &old, fields, on, &snapshot)) < 0)
        goto done;
    fd_result_say(result, "%s 版本 %d 的权重已为 %d—%d 年冻结(取自 %d—%d 年的数据),快照 %lld",
                  "weights of %s, edition %d, are frozen for %d-%d (from data of %d-%d), snapshot "
                  "%lld",
                  c.decl.name, c.decl.edition, c.decl.plan_from, c.decl.plan_to, c.from, c.to,
                  (long long)snapshot);
    name_weights(c.index.weights, &c, call);
    fd_result_add(result, c.index.weights);
    c.index.weights = NULL;
done:
    free(tree);
    free(fields);
    fd_index_frozen_dispose(&old);
    fd_index_city_dispose(&c);
    return err < 0 ? err : 0;
}

static const fd_verb_param freeze_params[] = {
    { "name", FD_P_TEXT, true, true, false, "INDEX", "哪个指数", "which index", NULL },
    { "reason", FD_P_TEXT, false, false, false, "TEXT", "规划期内换版本的理由",
      "why a new edition inside the plan period", NULL },
    { "today", FD_P_TEXT, false, false, false, "DAY", "哪一天(默认今天)", "the day (today)", NULL },
};
static const char *const freeze_examples[] = {
    "index freeze new_quality --today 2025-01-20 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_index_freeze = {
    .name = "index freeze",
    .zh = "为规划期冻结一个指数的权重和上下限;期内再改要新版本和理由",
    .en = "freeze an index's weights and bounds for its plan period; a change needs an edition and "
          "a reason",
    .effect = FD_WRITE,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = freeze_params,
    .param_count = sizeof freeze_params / sizeof *freeze_params,
    .examples = freeze_examples,
    .run = run_freeze,
};

/* ---- index couple ---- */

/* Of the newest year shown: how many lie in each grade, who lags most often. */
static void say_couple(fd_result *result, const fd_table *t, const fd_index_city *c, int year)
{
    const int grade = fd_table_find(t, "d"), lag = fd_table_find(t, "lagging");
    size_t rows = 0, known = 0, good = 0, first = 0, second = 0;

    for (size_t r = 0; r < t->rows; r++) {
        const char *who = fd_column_text_or(t->columns[lag], r, "");

        rows++;
        if (fd_column_state(t->columns[grade], r) != FD_HAS)
            continue;
        known++;
        good += t->columns[grade]->v.est[r] >= 0.5 - 1e-9;
        first += strcmp(who, c[0].decl.name) == 0;
        second += strcmp(who, c[1].decl.name) == 0;
    }
    fd_result_say(
        result,
        "会上可说:%d 年 %zu 行里 %zu 行算得出协调度(修正式),%zu 行在勉强协调以上;滞后的:%s %zu,%s "
        "%zu。",
        "To say: up to %d, %zu rows, %zu with a degree (corrected), %zu at least barely "
        "coordinated; lagging: %s %zu, %s %zu.",
        year, rows, known, good, c[0].decl.name, first, c[1].decl.name, second);
}

static int run_couple(fd_call *call, fd_result *result)
{
    fd_index_ask ask = { 0 };
    fd_index_city c[2];
    const char *names[2];
    fd_table *t = NULL;
    int at, err, year;

    memset(c, 0, sizeof c);
    if ((err = read_ask(&ask, call, &at)) < 0)
        return err;
    for (int k = 0; k < 2 && err >= 0; k++) {
        ask.name = fd_call_text(call, k ? "b" : "a");
        err = fd_index_city_run(&c[k], call, &ask);
        names[k] = c[k].decl.name;
    }
    if (err < 0)
        goto done;
    if (c[0].decl.by_county != c[1].decl.by_county) {
        err =
            fd_error_set(FD_EINVAL, "两个指数的维度不同", "the indices have different dimensions");
        goto done;
    }
    if ((err = fd_index_pair(&t, c[0].index.scores, c[1].index.scores, names)) < 0)
        goto done;
    fd_index_city_names(t, &c[0], call);
    year = at ? at : ask.from ? 0 : c[0].to < c[1].to ? c[0].to : c[1].to;
    if ((err = fd_index_city_year(&t, year)) < 0)
        goto done;
    say_couple(result, t, c, year ? year : c[0].to);
    fd_table_add_note(
        t,
        "D = √(C·T),T 是两个得分的平均;按 0.1 一档分十级;相差不到 0.05 说同步;一方数据不足就没有 D",
        "D = sqrt(C T), T the mean of both; ten grades by tenths; a gap below 0.05 is "
        "even; no D where one side lacks data");
    fd_table_add_note(t, "经典式集中在 1 附近,等级请用修正式(王淑佳等 2021)",
                      "the classic form crowds near 1: use the corrected grade (Wang et al. 2021)");
    show_digits(t);
    for (int k = 0; k < 2; k++)
        copy_notes(t, c[k].index.scores);
    fd_result_add(result, t);
    t = NULL;
done:
    fd_table_free(t);
    for (int k = 0; k < 2; k++)
        fd_index_city_dispose(&c[k]);
    return err < 0 ? err : 0;
}

static const fd_verb_param couple_params[] = {
    { "a", FD_P_TEXT, true, true, false, "INDEX", "一个指数", "one index", NULL },
    { "b", FD_P_TEXT, true, true, false, "INDEX", "另一个指数", "the other index", NULL },
    YEAR_PARAMS,
};
static const char *const couple_examples[] = {
    "index couple new_quality modern_system --city out/huanzhou.fangding",
    "index couple new_quality modern_system --from 2021 --to 2024 --city out/huanzhou.fangding",
    NULL,
};
const fd_verb fd_verb_index_couple = {
    .name = "index couple",
    .zh = "两个体系的耦合协调:同一县区同一年的两个指数,经典式与修正式,十级,哪一方滞后",
    .en = "two systems together: coupling coordination of two indices, classic and corrected, "
          "which one lags",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .is_job = true,
    .params = couple_params,
    .param_count = sizeof couple_params / sizeof *couple_params,
    .examples = couple_examples,
    .run = run_couple,
};
