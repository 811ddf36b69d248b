/*
 * chain-scale: a chain against its promised scale, the pace it asks for, the path its projects
 * make, its five works and the promises that name it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/figure.h"
#include "app/leg1.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "app/works.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "fangding/arena.h"
#include "fangding/measure.h"

enum { MOST_YEARS = 12 };

typedef struct page {
    fd_call *call;
    fd_works_input in;
    const char *chain, *name, *group;
    const char *about; /* a word that names of firms and projects must hold, or NULL */
    fd_table *card;
    double now, target;
    bool has_now, has_target;
    int year, years[MOST_YEARS];
    size_t year_count;
    fd_scale_projects projects;
    double growth;
} page;

static void line(page *p, const char *zh, const char *en, const char *value)
{
    size_t row;

    if (!value || !*value)
        return;
    row = fd_table_add_row(p->card);
    fd_column_set_text(p->card->columns[0], row, zh);
    fd_column_set_text(p->card->columns[1], row, en);
    fd_column_set_text(p->card->columns[2], row, value);
}

static int number_of(double *out, const fd_call *call, const char *param)
{
    const char *text = fd_call_text(call, param);

    if (text)
        *out = strtod(text, NULL); /* checked as a number before the verb runs */
    return 0;
}

/* ---- what the chain is ----------------------------------------------------------------------- */

static int attribute(const char **out, page *p, const char *id)
{
    fd_source *s = p->call->city->source;
    fd_column *column = NULL;
    const fd_frame *frame;
    int err = s->ops->frame(s, "chain", &frame);

    *out = NULL;
    if (err >= 0)
        err = s->ops->attribute(s, "chain", id, FD_DATE_MAX, &column);
    for (size_t i = 0; err >= 0 && i < frame->n; i++)
        if (strcmp(frame->codes[i], p->chain) == 0 && fd_column_text(column, i))
            *out = fd_arena_strdup(p->call->arena, fd_column_text(column, i));
    fd_column_unref(column);
    return err < 0 ? err : 0;
}

/* The part of a firm that belongs to the chain: "E3:0.6;L3:0.4", "E3". */
static double weight_in(const char *chains, const char *code)
{
    fd_view rest = fd_view_of(chains), part;

    while (rest.len && fd_view_split(&rest, ';', &part)) {
        ptrdiff_t colon = fd_view_find(part, ":");
        fd_view own = colon < 0 ? part : (fd_view){ part.ptr, (size_t)colon };

        if (fd_view_is(fd_view_trim(own), code))
            return colon < 0 ? 1 : strtod(part.ptr + colon + 1, NULL);
    }
    return 0;
}

/* Dispatch revenue of the chain's firms whose names hold the word: a branch with a path of its own,
 * e.g. rehabilitation within medicine. */
static int measure_about(page *p)
{
    fd_source *s = p->call->city->source;
    fd_column *chain = NULL, *revenue = NULL;
    const fd_frame *firms;
    int month = fd_period_number_of(p->in.options.period), err;
    size_t count = 0, silent = 0;
    double sum = 0;
    char text[240];

    if ((err = s->ops->frame(s, "enterprise", &firms)) < 0 ||
        (err = s->ops->attribute(s, "enterprise", "chain", p->in.today, &chain)) < 0 ||
        (err = s->ops->column(s, "enterprise", "dispatch_revenue", p->in.options.period, FD_CURRENT,
                              &revenue)) < 0)
        goto done;
    for (size_t i = 0; i < firms->n; i++) {
        double weight = weight_in(fd_column_text(chain, i), p->chain);
        fd_number n = fd_column_number(revenue, i);

        if (weight <= 0 || !strstr(firms->names[i], p->about))
            continue;
        if (n.state != FD_HAS) {
            silent++;
            continue;
        }
        sum += weight * fd_number_to_double(n) / 10000; /* 万元 → 亿元 */
        count++;
    }
    if (count) {
        p->now = sum * 12 / month;
        p->has_now = true;
        snprintf(text, sizeof text,
                 "%.1f 亿元(名称含「%s」的 %zu 户调度营业收入%s;另有 %zu 户没有调度数,不计)",
                 p->now, p->about, count, month < 12 ? ",累计折年" : "", silent);
        line(p, "规模", "Scale", text);
    }
    fd_table_add_note(p->card,
                      "这里按企业名称里的词认企业、按链的权重计;chain block 按环节认企业,"
                      "两个规模不是一个口径,不能互相印证",
                      "here an enterprise counts by a word in its name and its weight in the "
                      "chain; chain block counts by nodes: another definition, and neither scale "
                      "checks the other");
done:
    fd_column_unref(chain);
    fd_column_unref(revenue);
    return err < 0 ? err : 0;
}

/* The promise that speaks of the branch, in 亿元: its scale and year. */
static int promise_about(page *p)
{
    fd_source *s = p->call->city->source;
    fd_table *t = NULL;
    int err = s->ops->records(s, "promise", FD_DATE_MAX, &t);

    for (size_t r = 0; err >= 0 && r < t->rows; r++) {
        const char *target = fd_table_text(t, "target", r), *due = fd_table_text(t, "due", r);
        char text[700];

        if (strcmp(fd_table_text(t, "unit", r), "亿元") != 0 ||
            !strstr(fd_table_text(t, "title", r), p->about))
            continue;
        target += strcspn(target, "0123456789");
        if (!p->has_target && strtod(target, NULL) > 0) {
            p->target = strtod(target, NULL);
            p->has_target = true;
        }
        if (p->year_count < MOST_YEARS && atoi(due) > p->year)
            p->years[p->year_count++] = atoi(due);
        snprintf(text, sizeof text, "%s 亿元,%s年(「%s」;%s)", target, due,
                 fd_table_text(t, "sentence", r), fd_table_text(t, "reference", r));
        line(p, "目标", "Target", text);
        break;
    }
    fd_table_free(t);
    return err < 0 ? err : 0;
}

/* Dispatch revenue of the chain, 亿元 a year; a part of the year is made annual and said so. */
static int measure_now(page *p)
{
    static const char *const by[] = { "chain" };
    const fd_indicator *indicator =
        fd_program_indicator(p->call->city->program, "dispatch_revenue_total");
    fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
    int month = fd_period_number_of(p->in.options.period), err;
    char text[160];
    fd_table *t = NULL;

    if (!indicator)
        return 0;
    options.by = by;
    options.by_count = 1;
    if ((err = fd_measure(&t, p->call->city->program, p->call->city->source, &indicator, 1,
                          &p->in.options.period, 1, &options)) < 0)
        return err;
    for (size_t r = 0; r < t->rows; r++) {
        fd_number n = fd_column_number(t->columns[fd_table_find(t, "value")], r);

        if (strcmp(fd_column_text_or(t->columns[fd_table_find(t, "chain")], r, ""), p->chain) !=
                0 ||
            n.state != FD_HAS)
            continue;
        p->now = fd_number_to_double(n) * 12 / month;
        p->has_now = true;
    }
    fd_table_free(t);
    if (p->has_now) {
        snprintf(text, sizeof text, "%.1f 亿元(口径:重点企业调度营业收入%s)", p->now,
                 month < 12 ? ",累计折年" : "");
        line(p, "规模", "Scale", text);
    }
    return 0;
}

/* The enterprise with the largest dispatch revenue of the chain. */
static int find_leader(page *p)
{
    fd_source *s = p->call->city->source;
    fd_column *chain = NULL, *revenue = NULL;
    const fd_frame *firms;
    const char *leader = NULL;
    int64_t most = 0;
    int err;

    if ((err = s->ops->frame(s, "enterprise", &firms)) < 0 ||
        (err = s->ops->attribute(s, "enterprise", "chain", p->in.today, &chain)) < 0 ||
        (err = s->ops->column(s, "enterprise", "dispatch_revenue", p->in.options.period, FD_CURRENT,
                              &revenue)) < 0)
        goto done;
    for (size_t i = 0; i < firms->n; i++) {
        fd_view rest = fd_view_of(fd_column_text(chain, i)), part;

        while (rest.len && fd_view_split(&rest, ';', &part)) {
            ptrdiff_t colon = fd_view_find(part, ":");
            fd_view code = colon < 0 ? part : (fd_view){ part.ptr, (size_t)colon };

            if (fd_view_is(code, p->chain) && fd_column_state(revenue, i) == FD_HAS &&
                revenue->v.dec[i] > most) {
                most = revenue->v.dec[i];
                leader = firms->names[i];
            }
        }
    }
    line(p, "最大企业(按调度营收)", "Largest enterprise", leader);
done:
    fd_column_unref(chain);
    fd_column_unref(revenue);
    return err < 0 ? err : 0;
}

/* The promise for the chain's group in definitions/scale_targets.csv. */
static int read_target(page *p)
{
    fd_table *t = NULL;
    int err = fd_works_asset(&t, "definitions/scale_targets.csv",
                             "group|target|unit|years|source|status");

    for (size_t r = 0; err >= 0 && p->group && r < t->rows; r++) {
        fd_view rest, part;
        char text[600];

        if (strcmp(fd_column_text_or(t->columns[0], r, ""), p->group) != 0)
            continue;
        if (!p->has_target) {
            p->target = strtod(fd_column_text_or(t->columns[1], r, "0"), NULL);
            p->has_target = p->target > 0;
        }
        rest = fd_view_of(fd_column_text_or(t->columns[3], r, ""));
        while (p->year_count < MOST_YEARS && fd_view_split(&rest, ';', &part))
            p->years[p->year_count++] = atoi(part.ptr);
        snprintf(text, sizeof text, "%g %s(%s;%s)", p->target,
                 fd_column_text_or(t->columns[2], r, ""), fd_column_text_or(t->columns[4], r, ""),
                 fd_column_text_or(t->columns[5], r, ""));
        line(p, "目标", "Target", text);
    }
    fd_table_free(t);
    return err < 0 ? err : 0;
}

/* ---- projects -------------------------------------------------------------------------------- */

/* "HZ2023010=6": so many months later than planned. */
static int slip_of(int *out, page *p, const char *code)
{
    const char **list;
    size_t count = fd_call_list(p->call, "slip", &list);

    *out = 0;
    for (size_t i = 0; i < count; i++) {
        const char *equal = strchr(list[i], '=');

        if (!equal || strspn(equal + 1, "-0123456789") != strlen(equal + 1) || !equal[1])
            return fd_error_set(FD_EINVAL, "推迟要写 项目代码=月数:%s", "a slip is CODE=MONTHS: %s",
                                list[i]);
        if (strlen(code) == (size_t)(equal - list[i]) &&
            strncmp(code, list[i], (size_t)(equal - list[i])) == 0)
            *out = atoi(equal + 1);
    }
    return 0;
}

static bool is_project(const void *payload, const char *name, const char *firm, const char *chain)
{
    const page *p = payload;

    (void)firm;
    return chain && strcmp(chain, p->chain) == 0 && (!p->about || (name && strstr(name, p->about)));
}

/* A slip of a project that is not on the path would change nothing, and say nothing. */
static int check_slips(page *p)
{
    const char **list, **codes = fd_alloc((p->projects.count + 1) * sizeof *codes);
    const size_t count = fd_call_list(p->call, "slip", &list);
    int err = 0;

    for (size_t k = 0; k < p->projects.count; k++)
        codes[k] = p->projects.items[k].code;
    for (size_t i = 0; i < count && err >= 0; i++) {
        const char *equal = strchr(list[i], '=');
        char *code = strndup(list[i], equal ? (size_t)(equal - list[i]) : strlen(list[i]));
        const char *nearest = fd_nearest(code, codes, p->projects.count);

        for (size_t k = 0; k < p->projects.count && code; k++)
            if (strcmp(codes[k], code) == 0) {
                free(code);
                code = NULL;
            }
        if (code) {
            err = fd_error_set(FD_ENOTFOUND, "算进路径的项目里没有 %s",
                               "no project on the path is called %s", code);
            if (nearest)
                fd_error_hint("是不是 %s?", "did you mean %s?", nearest);
        }
        free(code);
    }
    free(codes);
    return err;
}

static int read_projects(page *p)
{
    int err = fd_works_projects(&p->projects, &p->in, is_project, p);

    for (size_t i = 0; i < p->projects.count && err >= 0; i++)
        err = slip_of(&p->projects.items[i].slip, p, p->projects.items[i].code);
    return err < 0 ? err : check_slips(p);
}

static fd_table *project_table(const page *p)
{
    static const fd_column_spec specs[] = {
        { "code", "项目代码", "Project", FD_TEXT, NULL, 0 },
        { "name", "项目", "Name", FD_TEXT, NULL, 0 },
        { "produces", "计划投产", "Planned production", FD_DATE, NULL, 0 },
        { "slip", "推迟", "Slip", FD_DEC, "月", 0 },
        { "output", "达产年产值", "Output when reached", FD_EST, "亿元", 0 },
    };
    fd_table *t = fd_table_new("projects", "算进路径的项目", "Projects of the path");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[4]->digits = 2;
    for (size_t i = 0; i < p->projects.count; i++) {
        const fd_scale_project *x = &p->projects.items[i];
        size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, x->code);
        fd_column_set_text(t->columns[1], row, x->name);
        fd_column_set_day(t->columns[2], row, x->produces);
        fd_column_set_dec(t->columns[3], row, x->slip);
        fd_column_set_est(t->columns[4], row, x->output);
    }
    return t;
}

/* ---- the five works and the promises ----------------------------------------------------------
 */

static void hand_over(fd_result *result, fd_table **table)
{
    if (*table)
        fd_result_add(result, *table);
    *table = NULL;
}

/* States of the works in the counties where the chain leads. */
static int add_works(page *p, fd_result *result)
{
    fd_table *kept = NULL;
    bool *keep = NULL;
    fd_matrix m;
    int err = fd_leg1_matrix(p->call, &m, p->in.options.period);

    if (err < 0)
        return err;
    keep = fd_alloc(m.states->rows + 1);
    for (size_t r = 0; r < m.states->rows; r++) {
        const char *chain = fd_column_text_or(m.states->columns[0], r, ""),
                   *county = fd_column_text_or(m.states->columns[1], r, "");

        if (strcmp(chain, p->chain) != 0)
            continue;
        for (size_t c = 0; c < m.cells->rows && !keep[r]; c++)
            keep[r] = strcmp(fd_column_text_or(m.cells->columns[0], c, ""), chain) == 0 &&
                      strcmp(fd_column_text_or(m.cells->columns[1], c, ""), county) == 0 &&
                      m.cells->columns[2]->v.boolean[c];
    }
    if ((err = fd_table_filter(&kept, m.states, keep)) >= 0) {
        fd_table_add_note(kept, "只列该链为主导的县区", "counties in which the chain leads");
        hand_over(result, &kept);
    }
    free(keep);
    fd_matrix_dispose(&m);
    return err < 0 ? err : 0;
}

/* When the path passes each tenth of the target that is still ahead, and what has begun to produce
 * by then: the milestones that a meeting asks about. */
static fd_table *milestones(const fd_table *path)
{
    static const fd_column_spec specs[] = {
        { "milestone", "里程碑", "Milestone", FD_TEXT, NULL, 0 },
        { "period", "期间", "Period", FD_PERIOD, NULL, 0 },
        { "scale", "规模(年率)", "Scale", FD_EST, "亿元", 0 },
        { "projects", "到那时投产", "Producing by then", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("milestones", "里程碑", "Milestones");
    int total = fd_table_find(path, "total"), part = fd_table_find(path, "share"),
        period = fd_table_find(path, "period"), begun = fd_table_find(path, "producing");
    fd_buf so_far = FD_BUF_INIT;
    int next = 10;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[2]->digits = 1;
    for (size_t r = 0; total >= 0 && part >= 0 && period >= 0 && r < path->rows && next <= 100;
         r++) {
        double percent = fd_number_to_double(fd_column_number(path->columns[part], r));
        const char *names = begun < 0 ? "" : fd_column_text_or(path->columns[begun], r, "");

        if (*names)
            fd_buf_printf(&so_far, "%s%s", so_far.len ? "、" : "", names);
        while (r == 0 && percent >= next) /* behind already */
            next += 10;
        while (percent >= next && next <= 100) {
            size_t row = fd_table_add_row(t);
            char text[64];

            snprintf(text, sizeof text, "到目标的 %d%%", next);
            fd_column_set_text(t->columns[0], row, text);
            fd_column_set_day(t->columns[1], row, path->columns[period]->v.day[r]);
            fd_column_set_est(t->columns[2], row,
                              fd_number_to_double(fd_column_number(path->columns[total], r)));
            if (so_far.len)
                fd_column_set_text(t->columns[3], row, fd_buf_text(&so_far));
            next += 10;
        }
    }
    fd_buf_dispose(&so_far);
    if (next <= 100)
        fd_table_add_note(t, "其余里程碑在十年内到不了:要么再引项目,要么现有企业增长更快(--growth)",
                          "the other milestones are not passed within ten years: more projects, or "
                          "faster growth of what exists (--growth)");
    return t;
}

static int run_scale(page *p, fd_result *result)
{
    fd_scale_input input = { p->now,    p->year,       p->target,         p->growth,
                             p->years,  p->year_count, p->projects.items, p->projects.count,
                             p->in.ramp };
    fd_table *projects, *steps;
    fd_scale scale;
    char zh[96], en[96];
    int err = fd_scale_make(&scale, &input);

    if (err < 0)
        return err;
    if (scale.reached) {
        snprintf(zh, sizeof zh, "%d 年第 %d 季度达到", scale.reached / 4, scale.reached % 4 + 1);
        snprintf(en, sizeof en, "reached in quarter %d of %d", scale.reached % 4 + 1,
                 scale.reached / 4);
    } else {
        snprintf(zh, sizeof zh, "十年内到不了");
        snprintf(en, sizeof en, "not reached in ten years");
    }
    fd_result_say(result,
                  "现有 %.1f 亿元,目标 %g 亿元,在库项目 %zu 个;现有部分年增 %g%%(假设)时 %s",
                  "%.1f now, target %g (亿元), %zu projects; what exists growing %g%% a year (an "
                  "assumption): %s",
                  p->now, p->target, p->projects.count, p->growth,
                  p->call->lang == FD_ZH ? zh : en);
    projects = project_table(p);
    hand_over(result, &scale.pace);
    steps = p->about ? milestones(scale.path) : NULL;
    hand_over(result, &scale.path);
    hand_over(result, &steps);
    hand_over(result, &projects);
    fd_scale_dispose(&scale);
    return 0;
}

static int from_city(page *p, fd_result *result)
{
    const char *owner;
    fd_work *works;
    size_t count;
    int err;

    (void)result;
    if ((err = attribute(&p->group, p, "chain_group")) < 0 ||
        (err = attribute(&owner, p, "chain_owner")) < 0)
        return err;
    line(p, "产业链", "Chain", p->name);
    line(p, "类别", "Group", p->group);
    line(p, "牵头单位", "Lead office", owner);
    if (p->about) { /* a branch is told by its own firms, promise and projects alone */
        line(p, "其中", "Branch", p->about);
        return (err = measure_about(p)) < 0 ? err : promise_about(p);
    }
    if ((err = measure_now(p)) < 0 || (err = read_target(p)) < 0 || (err = find_leader(p)) < 0 ||
        (err = fd_leg1_works(p->call, &works, &count)) < 0)
        return err;
    for (size_t i = 0; i < count; i++) {
        fd_figure f;

        /* The chain that is not industry (文化旅游) is told by its own figures, never by value
         * added. */
        if (!works[i].not_for[0] || strcmp(works[i].not_for, p->name) != 0)
            continue;
        line(p, "口径", "Basis", "用自己的指标,不并入工业增加值");
        if (fd_figure_published(&f, p->call->city, "visitors", FD_PERIOD_NONE, p->call->lang) >=
                0 &&
            f.has_value) {
            char text[200];

            snprintf(text, sizeof text, "%s%s(%s)", f.value, f.unit, f.period_title);
            line(p, "接待游客", "Visitors", text);
        }
        fd_error_clear();
        break;
    }
    return 0;
}

static int run(fd_call *call, fd_result *result)
{
    const bool plain = fd_call_text(call, "data") != NULL;
    page p = { .call = call };
    fd_table *promises = NULL;
    int64_t year = 0;
    int err;

    if ((err = fd_works_open(&p.in, call)) < 0)
        goto done;
    p.card = fd_table_new("chain", "产业链", "Chain");
    fd_table_add_new(p.card, "field", "栏目", "Field (zh)", FD_TEXT, "", 0);
    fd_table_add_new(p.card, "field_en", "Field", "Field", FD_TEXT, "", 0);
    fd_table_add_new(p.card, "value", "内容", "Value", FD_TEXT, "", 0);
    p.chain = p.in.options.chain;
    p.about = fd_call_text(call, "about");
    p.name = plain ? p.chain : fd_source_name(call->city->source, "chain", p.chain);
    p.year = fd_period_year_of(p.in.options.period);
    p.has_target = fd_call_text(call, "target") != NULL;
    if ((err = number_of(&p.target, call, "target")) < 0 ||
        (err = number_of(&p.growth, call, "growth")) < 0 ||
        (err = fd_call_integer(call, "by", &year)) < 0)
        goto done;
    if (year)
        p.years[p.year_count++] = (int)year;
    if (!plain && (err = from_city(&p, result)) < 0)
        goto done;
    if (fd_call_text(call, "now")) {
        p.has_now = true;
        if ((err = number_of(&p.now, call, "now")) < 0)
            goto done;
    }
    if ((err = read_projects(&p)) < 0)
        goto done;
    hand_over(result, &p.card);
    if (p.has_now && p.has_target) {
        if ((err = run_scale(&p, result)) < 0)
            goto done;
    } else {
        fd_result_say(result, "%s:%s不明,不测算", "%s: %s is not known, nothing is computed",
                      p.name,
                      p.has_now             ? call->lang == FD_ZH ? "目标" : "the target"
                      : call->lang == FD_ZH ? "现有规模"
                                            : "the present scale");
    }
    if (plain || p.about)
        goto done;
    if ((err = add_works(&p, result)) < 0 ||
        (err = fd_leg1_promises(&promises, call, p.chain, NULL)) < 0)
        goto done;
    hand_over(result, &promises);
done:
    fd_table_free(p.card);
    fd_vec_dispose(&p.projects);
    fd_works_close(&p.in);
    return err < 0 ? err : 0;
}

static const fd_verb_param params[] = {
    { "chain", FD_P_TEXT, true, true, false, "CHAIN", "产业链代码或名称", "chain, code or name",
      NULL },
    { "growth", FD_P_NUMBER, false, false, false, "G", "现有部分年增速假设,%(默认 0)",
      "assumed growth of what exists, % a year (0)", NULL },
    { "target", FD_P_NUMBER, false, false, false, "X", "目标规模,亿元(默认按类别 1000 或 100)",
      "target, 亿元 (by group 1000 or 100)", NULL },
    { "about", FD_P_TEXT, false, false, false, "WORD",
      "只算名称里有这个词的企业和项目,对照说到它的承诺(如 康复)",
      "only firms and projects with this word in their names, against the promise that speaks of "
      "it",
      NULL },
    { "by", FD_P_INTEGER, false, false, false, "YEAR", "再算一个目标年", "one more year", NULL },
    { "slip", FD_P_LIST, false, false, false, "CODE=MONTHS,…", "项目推迟几个月",
      "projects that come so many months later", NULL },
    { "now", FD_P_NUMBER, false, false, false, "X", "现有规模,亿元(平面文件必写)",
      "present scale, 亿元 (with a plain file)", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "哪个月(累计);不写取最新",
      "which month (cumulative); the newest by default", NULL },
    { "data", FD_P_PATH, false, false, false, "FILE", "项目台账的平面文件,代替城市文件",
      "the ledger as a plain file in place of a city", NULL },
};
static const char *const examples[] = {
    "chain-scale 新材料 --growth 8 --city out/huanzhou.fangding",
    "chain-scale E2 --growth 8 --slip HZ2023039=12 --city out/huanzhou.fangding",
    "chain-scale E3 --about 康复 --growth 10 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_chain_scale = {
    .name = "chain-scale",
    .zh = "一条链对照千亿、百亿目标:所需速度、项目爬坡路径、五项工作、承诺",
    .en = "a chain against its promised scale: pace needed, path of its projects, works, promises",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .examples = examples,
    .run = run,
};
