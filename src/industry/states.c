/*
 * What each of the five works looks like in each cell, in a few words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/industry.h"
#include "fangding/works.h"
#include "industry/matrix.h"
#include "industry/works.h"

typedef struct project_sums {
    size_t count, signed_, building, producing;
    int worst; /* by severity() */
    fd_quot done, plan;
    bool unknown; /* a done or plan is missing */
} project_sums;

static int severity(const char *light)
{
    return strcmp(light, "red") == 0      ? 3
           : strcmp(light, "yellow") == 0 ? 2
           : strcmp(light, "green") == 0  ? 1
                                          : 0;
}

static const char *light_of(int severity)
{
    static const char *const names[] = { "grey", "green", "yellow", "red" };

    return names[severity];
}

static bool text_is(const fd_table *t, const char *column, size_t row, const char *text)
{
    const char *found = fd_column_text(t->columns[fd_table_find(t, column)], row);

    return found && strcmp(found, text) == 0;
}

static int add_amount(fd_quot *sum, bool *unknown, const fd_table *t, const char *column,
                      size_t row)
{
    fd_number n = fd_column_number(t->columns[fd_table_find(t, column)], row);

    if (n.state != FD_HAS) {
        *unknown = true;
        return 0;
    }
    return fd_quot_add(sum, *sum, n.exact);
}

/* The projects of a cell, renovation or the others. */
static int sum_projects(project_sums *out, const fd_table *projects, const char *chain,
                        const char *county, bool renovation)
{
    int light = fd_table_find(projects, "light"), err;

    *out = (project_sums){ .done = fd_quot_from_int(0), .plan = fd_quot_from_int(0) };
    for (size_t r = 0; r < projects->rows; r++) {
        int s;

        if (!text_is(projects, "chain", r, chain) || !text_is(projects, "county", r, county) ||
            text_is(projects, "type", r, "技改") != renovation)
            continue;
        out->count++;
        out->signed_ += text_is(projects, "stage", r, "签约");
        out->building +=
            text_is(projects, "stage", r, "开工") || text_is(projects, "stage", r, "在建");
        out->producing +=
            text_is(projects, "stage", r, "投产") || text_is(projects, "stage", r, "达效");
        s = severity(fd_column_text(projects->columns[light], r));
        out->worst = s > out->worst ? s : out->worst;
        if ((err = add_amount(&out->done, &out->unknown, projects, "done", r)) < 0 ||
            (err = add_amount(&out->plan, &out->unknown, projects, "plan", r)) < 0)
            return err;
    }
    return 0;
}

typedef struct state {
    const char *state, *light;
    int64_t count; /* -1: none to give */
    char zh[200], en[200];
} state;

/* 6项 完成42%/序时50%, with the light of the sums by the same rule as a single project's. */
static int renovation_state(state *out, const fd_table *projects, const char *chain,
                            const char *county, fd_quot schedule)
{
    project_sums sums;
    fd_verdict verdict;
    fd_quot percent;
    char done[32], due[32];
    int err;

    if ((err = sum_projects(&sums, projects, chain, county, true)) < 0)
        return err;
    out->count = (int64_t)sums.count;
    if (!sums.count) {
        snprintf(out->zh, sizeof out->zh, "没有在库项目");
        snprintf(out->en, sizeof out->en, "no project");
        return 0;
    }
    if ((err = fd_light_progress(&verdict, FD_LIGHT_YINCHUAN,
                                 sums.unknown ? fd_number_missing() : fd_number_exact(sums.done),
                                 sums.unknown ? fd_number_missing() : fd_number_exact(sums.plan),
                                 schedule)) < 0)
        return err;
    out->light = fd_color_name(verdict.color, FD_EN);
    if (verdict.color == FD_GREY) {
        snprintf(out->zh, sizeof out->zh, "%zu项 完成数不明", sums.count);
        snprintf(out->en, sizeof out->en, "%zu projects, progress unknown", sums.count);
        return 0;
    }
    if ((err = fd_quot_div(&percent, sums.done, sums.plan)) < 0 ||
        (err = fd_quot_mul(&percent, percent, fd_quot_from_int(100))) < 0)
        return err;
    fd_quot_format(percent, 0, FD_ROUND_HALF_EVEN, done, sizeof done);
    fd_quot_format(schedule, 0, FD_ROUND_HALF_EVEN, due, sizeof due);
    snprintf(out->zh, sizeof out->zh, "%zu项 完成%s%%/序时%s%%", sums.count, done, due);
    snprintf(out->en, sizeof out->en, "%zu projects, done %s%% of %s%% due", sums.count, done, due);
    return 0;
}

/* 签3 开2 投1, with the worst light of them. */
static int project_state(state *out, const fd_table *projects, const char *chain,
                         const char *county)
{
    project_sums sums;
    int err = sum_projects(&sums, projects, chain, county, false);

    if (err < 0)
        return err;
    out->count = (int64_t)sums.count;
    if (!sums.count) {
        snprintf(out->zh, sizeof out->zh, "没有在库项目");
        snprintf(out->en, sizeof out->en, "no project");
        return 0;
    }
    out->light = light_of(sums.worst);
    snprintf(out->zh, sizeof out->zh, "签%zu 开%zu 投%zu", sums.signed_, sums.building,
             sums.producing);
    snprintf(out->en, sizeof out->en, "%zu signed, %zu building, %zu producing", sums.signed_,
             sums.building, sums.producing);
    return 0;
}

/* ---- registers ------------------------------------------------------------------------------- */

typedef struct registers {
    fd_leads leads;
    fd_table *platforms, *services;
    bool has_leads, has_platforms, has_services; /* is the register kept at all? */
} registers;

static int read_registers(registers *out, fd_source *source, const fd_matrix_options *o)
{
    fd_date today = o->period == FD_PERIOD_NONE ? FD_DATE_MAX : fd_period_end(o->period);
    fd_works_options options = FD_WORKS_OPTIONS_INIT;
    fd_table *leads = NULL, *services = NULL;
    int err;

    memset(out, 0, sizeof *out);
    options.rules = o->rules;
    options.preset = "template";
    if ((err = source->ops->records(source, "lead", today, &leads)) < 0 ||
        (err = source->ops->records(source, "platform", today, &out->platforms)) < 0 ||
        (err = source->ops->records(source, "service", today, &services)) < 0 ||
        (err = fd_leads_make(&out->leads, leads, today, &options)) < 0 ||
        (err = fd_services_sum(&out->services, services, today, &options)) < 0)
        goto done;
    out->has_leads = leads->rows > 0;
    out->has_platforms = out->platforms->rows > 0;
    out->has_services = services->rows > 0;
done:
    fd_table_free(leads);
    fd_table_free(services);
    return err < 0 ? err : 0;
}

static void free_registers(registers *r)
{
    fd_leads_dispose(&r->leads);
    fd_table_free(r->platforms);
    fd_table_free(r->services);
}

static bool in_cell(const fd_table *t, size_t row, const char *chain, const char *county)
{
    return strcmp(fd_works__text_or(t, row, "chain", ""), chain) == 0 &&
           strcmp(fd_works__text_or(t, row, "county", ""), county) == 0;
}

/* 在谈4 超时1 落地1, with the worst light of those still open. */
static void lead_state(state *out, const registers *g, const char *chain, const char *county)
{
    const fd_table *t = g->leads.items;
    int open = 0, talking = 0, late = 0, landed = 0, worst = -1;

    if (!g->has_leads) {
        out->state = "缺报";
        snprintf(out->zh, sizeof out->zh, "资料不全");
        snprintf(out->en, sizeof out->en, "not enough data");
        return;
    }
    for (size_t r = 0; r < t->rows; r++) {
        const char *stage = fd_works__text_or(t, r, "state", ""),
                   *light = fd_works__text(t, r, "light");
        int s = light ? severity(light) : -1;

        if (!in_cell(t, r, chain, county))
            continue;
        landed += strcmp(stage, "落地") == 0;
        if (strcmp(stage, "落地") == 0 || strcmp(stage, "流失") == 0)
            continue;
        open++;
        talking += strcmp(stage, "在谈") == 0 || strcmp(stage, "对接") == 0;
        late += s >= severity("yellow");
        worst = s > worst ? s : worst;
    }
    out->count = open;
    if (!open && !landed) {
        snprintf(out->zh, sizeof out->zh, "没有线索");
        snprintf(out->en, sizeof out->en, "no lead");
        return;
    }
    if (open && worst >= 0)
        out->light = light_of(worst);
    snprintf(out->zh, sizeof out->zh, "在谈%d 超时%d 落地%d", talking, late, landed);
    snprintf(out->en, sizeof out->en, "%d negotiated, %d late, %d landed", talking, late, landed);
}

static void innovation_state(state *out, fd_number coverage, const registers *g, const char *chain,
                             const char *county)
{
    bool known = coverage.state == FD_HAS || coverage.state == FD_DOUBT;
    int platforms = 0;
    char text[48];

    if (!known && !g->has_platforms) {
        out->state = "缺报";
        snprintf(out->zh, sizeof out->zh, "资料不全");
        snprintf(out->en, sizeof out->en, "not enough data");
        return;
    }
    for (size_t r = 0; r < g->platforms->rows; r++)
        platforms += in_cell(g->platforms, r, chain, county) &&
                     strcmp(fd_works__text_or(g->platforms, r, "state", ""), "运行") == 0;
    if (!known)
        snprintf(text, sizeof text, "?");
    else if (coverage.is_estimate)
        snprintf(text, sizeof text, "%.0f%%", coverage.estimate);
    else {
        char digits[40];

        fd_quot_format(coverage.exact, 0, FD_ROUND_HALF_EVEN, digits, sizeof digits);
        snprintf(text, sizeof text, "%s%%", digits);
    }
    if (g->has_platforms) {
        out->count = platforms;
        snprintf(out->zh, sizeof out->zh, "平台%d 研发覆盖%s", platforms, text);
        snprintf(out->en, sizeof out->en, "%d platforms, R&D coverage %s", platforms, text);
    } else {
        snprintf(out->zh, sizeof out->zh, "研发覆盖%s", text);
        snprintf(out->en, sizeof out->en, "R&D coverage %s", text);
    }
}

static void count_text(char *buf, size_t size, fd_number n)
{
    bool whole = n.state == FD_HAS && !n.is_estimate && n.exact.den == 1;

    if (n.state != FD_HAS || n.is_estimate)
        snprintf(buf, size, "?");
    else
        fd_quot_format(n.exact, whole ? 0 : 1, FD_ROUND_HALF_EVEN, buf, size);
}

/* 未结7 超期1 停产0 减产2: the register's figures with their light, then those of dispatch. */
static void service_state(state *out, fd_number stopped, fd_number slowed, const registers *g,
                          const char *chain, const char *county)
{
    char a[24], b[24], zh[96] = "", en[96] = "";
    bool dispatch = stopped.state == FD_HAS || slowed.state == FD_HAS;

    if (!dispatch && !g->has_services) {
        out->state = "缺报";
        snprintf(out->zh, sizeof out->zh, "资料不全");
        snprintf(out->en, sizeof out->en, "not enough data");
        return;
    }
    if (g->has_services) {
        fd_number open = fd_number_exact(fd_quot_from_int(0)), overdue = open;

        out->count = 0;
        for (size_t r = 0; r < g->services->rows; r++)
            if (in_cell(g->services, r, chain, county)) {
                open = fd_works__number(g->services, r, "open");
                overdue = fd_works__number(g->services, r, "overdue");
                out->light = fd_works__text(g->services, r, "light");
                out->count = open.state == FD_HAS && !open.is_estimate && open.exact.den == 1
                                 ? (int64_t)open.exact.num
                                 : -1;
            }
        count_text(a, sizeof a, open);
        count_text(b, sizeof b, overdue);
        snprintf(zh, sizeof zh, "未结%s 超期%s%s", a, b, dispatch ? " " : "");
        snprintf(en, sizeof en, "%s open, %s overdue%s", a, b, dispatch ? ", " : "");
    }
    count_text(a, sizeof a, stopped);
    count_text(b, sizeof b, slowed);
    if (dispatch) {
        snprintf(out->zh, sizeof out->zh, "%s停产%s 减产%s", zh, a, b);
        snprintf(out->en, sizeof out->en, "%s%s stopped, %s slowed", en, a, b);
    } else {
        snprintf(out->zh, sizeof out->zh, "%s", zh);
        snprintf(out->en, sizeof out->en, "%s", en);
    }
}

static int state_of(state *out, const fd_matrix_grid *g, const fd_table *projects,
                    const fd_work *work, size_t chain, size_t county, fd_quot schedule,
                    const registers *r)
{
    size_t at = fd_matrix__at(g, chain, county);
    const char *chain_code = g->chains->codes[chain], *county_code = g->counties->codes[county];

    *out = (state){ .count = -1 };
    if (work->not_for[0] && g->chains->names[chain] &&
        strcmp(g->chains->names[chain], work->not_for) == 0) {
        out->state = "不适用";
        snprintf(out->zh, sizeof out->zh, "不适用");
        snprintf(out->en, sizeof out->en, "does not apply");
        return 0;
    }
    if (strcmp(work->id, "W1") == 0)
        return renovation_state(out, projects, chain_code, county_code, schedule);
    if (strcmp(work->id, "W2") == 0)
        return project_state(out, projects, chain_code, county_code);
    if (strcmp(work->id, "W3") == 0)
        lead_state(out, r, chain_code, county_code);
    else if (strcmp(work->id, "W4") == 0)
        innovation_state(out, g->innovation[at], r, chain_code, county_code);
    else if (strcmp(work->id, "W5") == 0)
        service_state(out, g->stopped[at], g->slowed[at], r, chain_code, county_code);
    else {
        out->state = "缺报";
        snprintf(out->zh, sizeof out->zh, "资料不全");
        snprintf(out->en, sizeof out->en, "not enough data");
    }
    return 0;
}

static fd_table *new_states(void)
{
    static const char *const texts[][3] = {
        { "chain", "链代码", "Chain" }, { "county", "县区代码", "County" },
        { "work", "工作", "Work" },     { "state", "状态", "State" },
        { "light", "灯", "Light" },
    };
    fd_table *t = fd_table_new("states", "工作进展", "State of the works");

    for (size_t c = 0; c < sizeof texts / sizeof *texts; c++)
        fd_table_add_new(t, texts[c][0], texts[c][1], texts[c][2], FD_TEXT, "", 0);
    fd_table_add_new(t, "count", "件数", "Items", FD_DEC, "件", 0);
    fd_table_add_new(t, "text", "进展", "Progress (zh)", FD_TEXT, "", 0);
    fd_table_add_new(t, "text_en", "Progress", "Progress", FD_TEXT, "", 0);
    return t;
}

int fd_matrix__states(fd_table **out, const fd_matrix_grid *g, fd_source *source,
                      const fd_matrix_options *options)
{
    fd_table *projects = NULL, *t = new_states();
    fd_quot schedule = fd_quot_from_int(0);
    registers kept;
    int err = read_registers(&kept, source, options);

    if (err < 0) {
        free_registers(&kept);
        fd_table_free(t);
        return err;
    }
    if (options->period != FD_PERIOD_NONE) {
        schedule = fd_light_time_share(options->period);
        err = fd_projects(&projects, source, options->period, FD_LIGHT_YINCHUAN);
    } else {
        projects = fd_table_new("projects", "项目", "Projects");
    }
    for (size_t chain = 0; chain < g->chains->n; chain++)
        for (size_t county = 0; county < g->counties->n; county++)
            for (size_t w = 0; w < options->work_count && err >= 0; w++) {
                state s;
                size_t row;

                if ((err = state_of(&s, g, projects, &options->works[w], chain, county, schedule,
                                    &kept)) < 0)
                    break;
                row = fd_table_add_row(t);
                fd_column_set_text(t->columns[0], row, g->chains->codes[chain]);
                fd_column_set_text(t->columns[1], row, g->counties->codes[county]);
                fd_column_set_text(t->columns[2], row, options->works[w].id);
                if (s.state)
                    fd_column_set_text(t->columns[3], row, s.state);
                if (s.light)
                    fd_column_set_text(t->columns[4], row, s.light);
                if (s.count >= 0)
                    fd_column_set_dec(t->columns[5], row, s.count);
                fd_column_set_text(t->columns[6], row, s.zh);
                fd_column_set_text(t->columns[7], row, s.en);
            }
    fd_table_free(projects);
    free_registers(&kept);
    if (err < 0) {
        fd_table_free(t);
        return err;
    }
    *out = t;
    return 0;
}
