/*
 * home: what is read every morning. Nine tiles, three lists, lead cells, what changed, can we trust
 * it; tables only, the page and the terminal show the same figures.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/figure.h"
#include "app/leg1.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "app/target.h"
#include "app/works.h"
#include "base/map.h"

static fd_table *text_table(const char *id, const char *zh, const char *en,
                            const char *const (*columns)[3], size_t count)
{
    fd_table *t = fd_table_new(id, zh, en);

    for (size_t c = 0; c < count; c++)
        fd_table_add_new(t, columns[c][0], columns[c][1], columns[c][2], FD_TEXT, "", 0);
    return t;
}

static void put(fd_table *t, size_t row, const char *column, const char *text)
{
    if (text && text[0])
        fd_column_set_text(t->columns[fd_table_find(t, column)], row, text);
}

/* ---- tiles ----------------------------------------------------------------------------------- */

static const char *const tile_columns[][3] = {
    { "tile", "块", "Tile" },
    { "indicator", "指标", "Indicator" },
    { "label", "名称", "Label" },
    { "label_en", "Label", "Label (en)" },
    { "value", "值", "Value" },
    { "unit", "单位", "Unit" },
    { "at", "期间代码", "Period id" },
    { "period", "期间", "Period" },
    { "basis", "口径", "Basis" },
    { "before", "上年", "Year before" },
    { "before_period", "上年期间", "Period of the year before" },
    { "change", "变化", "Change" },
    { "target", "目标", "Target" },
    { "path", "路径", "Path" },
    { "light", "灯", "Light" },
    { "reason", "理由", "Reason (zh)" },
    { "reason_en", "Reason", "Reason" },
    { "marks", "标记", "Marks" },
};

/* The difference of two exact figures, signed: +0.98. */
static void put_change(fd_table *t, size_t row, const fd_indicator *indicator, const fd_figure *now,
                       const fd_figure *before)
{
    fd_quot change;
    char text[48], signed_text[52];

    if (now->number.is_estimate || before->number.is_estimate) {
        double d = fd_number_to_double(now->number) - fd_number_to_double(before->number);

        snprintf(signed_text, sizeof signed_text, "%+.*f",
                 indicator->digits >= 0 ? indicator->digits : 2, d);
        put(t, row, "change", signed_text);
        return;
    }
    if (fd_quot_sub(&change, now->number.exact, before->number.exact) < 0) {
        fd_error_clear();
        return;
    }
    fd_quot_format(change, indicator->digits >= 0 ? indicator->digits : 2, FD_ROUND_HALF_EVEN, text,
                   sizeof text);
    snprintf(signed_text, sizeof signed_text, "%s%s", change.num > 0 ? "+" : "", text);
    put(t, row, "change", signed_text);
}

/* Where the target's path is and which light that gives. */
static void put_target(fd_table *t, size_t row, fd_call *call, const char *id)
{
    const fd_target *target = id[0] ? fd_program_target(call->city->program, id) : NULL;
    fd_target_options options = FD_TARGET_OPTIONS_INIT;
    fd_target_result r;
    char text[64];

    if (!target)
        return;
    if (fd_target_facts(&options, call->city, target) < 0 ||
        fd_target_report(&r, call->city->program, call->city->source, target, &options) < 0) {
        fd_error_clear();
        return;
    }
    put(t, row, "target", target->id);
    if (r.path.state == FD_HAS) {
        if (r.path.is_estimate)
            snprintf(text, sizeof text, "%.2f", r.path.estimate);
        else
            fd_quot_format(r.path.exact, 2, FD_ROUND_HALF_EVEN, text, sizeof text);
        put(t, row, "path", text);
    }
    put(t, row, "light", fd_color_name(r.verdict.color, FD_EN));
    put(t, row, "reason", r.verdict.reason[FD_ZH]);
    put(t, row, "reason_en", r.verdict.reason[FD_EN]);
    fd_target_result_dispose(&r);
}

static void put_figure(fd_table *tiles, size_t row, const fd_figure *f)
{
    char period[48];

    fd_period_format(f->period, period, sizeof period);
    put(tiles, row, "value", f->value);
    put(tiles, row, "at", period);
    put(tiles, row, "period", f->period_title);
    put(tiles, row, "marks", f->marks);
}

/* Who may not see what an indicator is computed from sees what was published of it. */
static int put_published(fd_table *tiles, size_t row, fd_call *call, const fd_indicator *indicator)
{
    fd_figure f;

    if (fd_figure_published(&f, call->city, indicator->id, FD_PERIOD_NONE, call->lang) < 0) {
        fd_error_clear();
        return 0;
    }
    if (!f.has_value)
        return 0;
    put_figure(tiles, row, &f);
    put(tiles, row, "unit", f.unit);
    put(tiles, row, "basis", "published");
    return 0;
}

static int put_tile(fd_table *tiles, fd_table *points, fd_call *call, const fd_row *cells)
{
    const fd_indicator *indicator;
    size_t row = fd_table_add_row(tiles), count = 0;
    fd_period *periods = NULL;
    char buf[6][96];
    fd_figure now, before;
    int err = 0;

    for (size_t c = 0; c < 6; c++)
        fd_asset_cell(cells, c, buf[c], sizeof buf[c]);
    put(tiles, row, "tile", buf[0]);
    put(tiles, row, "label", buf[2]);
    put(tiles, row, "label_en", buf[3]);
    indicator = buf[1][0] ? fd_program_indicator(call->city->program, buf[1]) : NULL;
    if (!indicator)
        return 0;
    put(tiles, row, "indicator", indicator->id);
    put(tiles, row, "unit", indicator->unit ? indicator->unit->name : "");
    put(tiles, row, "basis", indicator->verified ? "verified" : "estimated");
    if (fd_figure_latest(&now, call->city, indicator, call->lang) < 0) {
        fd_error_clear();
        return 0;
    }
    if (!now.has_value)
        return put_published(tiles, row, call, indicator);
    put_figure(tiles, row, &now);
    if (fd_figure_at(&before, call->city, indicator, fd_period_years_before(now.period, 1),
                     call->lang) < 0)
        fd_error_clear();
    else if (before.has_value) {
        put(tiles, row, "before", before.value);
        put(tiles, row, "before_period", before.period_title);
        put_change(tiles, row, indicator, &now, &before);
    }
    put_target(tiles, row, call, buf[4]);
    /* The line of the tile: the periods of the same kind, at most the last fourteen. */
    if ((err = fd_measure_periods(&periods, &count, call->city->program, call->city->source,
                                  indicator)) < 0)
        goto done;
    for (size_t i = count > 30 ? count - 30 : 0; i < count; i++) {
        fd_figure f;
        size_t p;

        if (fd_period_kind_of(periods[i]) != fd_period_kind_of(now.period))
            continue;
        if (fd_figure_at(&f, call->city, indicator, periods[i], call->lang) < 0) {
            fd_error_clear();
            continue;
        }
        if (!f.has_value)
            continue;
        p = fd_table_add_row(points);
        fd_column_set_text(points->columns[0], p, indicator->id);
        fd_column_set_day(points->columns[1], p, periods[i]);
        fd_column_set_est(points->columns[2], p, fd_number_to_double(f.number));
    }
done:
    free(periods);
    return err < 0 ? err : 0;
}

static int put_tiles(fd_call *call, fd_result *result)
{
    fd_table *tiles = text_table("tiles", "九块", "Nine tiles", tile_columns,
                                 sizeof tile_columns / sizeof *tile_columns);
    fd_table *points = fd_table_new("points", "走势", "Courses");
    fd_rows *rows = NULL;
    const fd_row *row;
    int err;

    fd_table_add_new(points, "indicator", "指标", "Indicator", FD_TEXT, "", 0);
    fd_table_add_new(points, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(points, "value", "值", "Value", FD_EST, "", 0);
    fd_result_add(result, tiles);
    fd_result_add(result, points);
    if ((err = fd_asset_rows(&rows, "definitions/home.csv")) < 0)
        return err;
    while ((err = fd_rows_next(rows, &row)) > 0)
        if ((err = put_tile(tiles, points, call, row)) < 0)
            break;
    fd_rows_close(rows);
    return err < 0 ? err : 0;
}

/* ---- dispatch returns: who is missing, who stopped, can we trust it ---------------------------
 */

enum { E_EXPECTS, E_COUNTY, E_CHAIN, E_STATE, E_REASON, E_OLD_STATE, E_OLD_EXPECTS, ENTRIES };

typedef struct dispatch {
    const fd_frame *frame;
    fd_column *a[ENTRIES];
    fd_column *items[4];
} dispatch;

static void dispatch_dispose(dispatch *d)
{
    for (size_t i = 0; i < ENTRIES; i++)
        fd_column_unref(d->a[i]);
    for (size_t i = 0; i < 4; i++)
        fd_column_unref(d->items[i]);
}

static int dispatch_read(dispatch *d, fd_source *source, fd_period month, fd_period before)
{
    static const char *const ids[ENTRIES] = { "expects:dispatch", "county",      "chain",
                                              "run_state",        "stop_reason", "run_state",
                                              "expects:dispatch" };
    static const char *const items[4] = { "dispatch_output", "dispatch_revenue", "dispatch_staff",
                                          "orders" };
    int err;

    memset(d, 0, sizeof *d);
    if ((err = source->ops->frame(source, "enterprise", &d->frame)) < 0)
        return err;
    for (size_t i = 0; i < ENTRIES; i++)
        if ((err = source->ops->attribute(source, "enterprise", ids[i],
                                          fd_period_end(i >= E_OLD_STATE ? before : month),
                                          &d->a[i])) < 0)
            return err;
    for (size_t i = 0; i < 4; i++)
        if ((err = source->ops->column(source, "enterprise", items[i], month, FD_CURRENT,
                                       &d->items[i])) < 0)
            return err;
    return 0;
}

static bool is(const fd_column *c, size_t row, const char *text)
{
    const char *found = fd_column_text(c, row);

    return found && strcmp(found, text) == 0;
}

static void put_firm(fd_table *t, size_t row, fd_call *call, const dispatch *d, size_t i)
{
    fd_source *source = call->city->source;
    const char *chain = fd_column_text(d->a[E_CHAIN], i),
               *county = fd_column_text(d->a[E_COUNTY], i);

    put(t, row, "code", d->frame->codes[i]);
    put(t, row, "name", d->frame->names[i] ? d->frame->names[i] : d->frame->codes[i]);
    put(t, row, "county", county);
    put(t, row, "county_name", fd_source_name(source, "county", county));
    if (fd_table_find(t, "chain_name") >= 0)
        put(t, row, "chain_name", fd_source_name(source, "chain", chain));
}

static const char *const chase_columns[][3] = {
    { "code", "代码", "Code" },
    { "name", "企业", "Enterprise" },
    { "county", "县区代码", "County code" },
    { "county_name", "县区", "County" },
};
static const char *const stopped_columns[][3] = {
    { "code", "代码", "Code" },
    { "name", "企业", "Enterprise" },
    { "county", "县区代码", "County code" },
    { "county_name", "县区", "County" },
    { "chain_name", "产业链", "Chain" },
    { "state", "状态", "State" },
    { "reason", "原因", "Reason" },
    { "is_new", "新增", "New" },
};
static const char *const change_columns[][3] = {
    { "kind", "类别", "Kind" },        { "subject_kind", "对象类别", "Kind of subject" },
    { "code", "代码", "Code" },        { "name", "名称", "Name" },
    { "text", "变化", "Change (zh)" }, { "text_en", "Change", "Change" },
};

static void put_change_line(fd_table *t, const char *kind, const char *subject_kind,
                            const char *code, const char *name, const char *zh, const char *en)
{
    size_t row = fd_table_add_row(t);
    const char *texts[] = { kind, subject_kind, code, name, zh, en };

    for (size_t c = 0; c < 6; c++)
        fd_column_set_text(t->columns[c], row, texts[c] ? texts[c] : "");
}

static void put_state_changes(fd_table *changes, const dispatch *d)
{
    for (size_t i = 0; i < d->frame->n; i++) {
        bool was = is(d->a[E_OLD_STATE], i, "停产"), now = is(d->a[E_STATE], i, "停产");
        const char *reason = fd_column_text(d->a[E_REASON], i);
        char zh[160];

        if (!fd_column_text(d->a[E_OLD_STATE], i) || !fd_column_text(d->a[E_STATE], i) ||
            was == now)
            continue;
        snprintf(zh, sizeof zh, "%s%s%s", now ? "新停产" : "复产", now && reason ? ":" : "",
                 now && reason ? reason : "");
        put_change_line(changes, now ? "stopped" : "resumed", "enterprise", d->frame->codes[i],
                        d->frame->names[i], zh, now ? "has stopped" : "is running again");
    }
}

/* Projects that changed stage or light between two months. */
static int put_project_changes(fd_table *changes, fd_source *source, fd_period month,
                               fd_period before)
{
    fd_table *now = NULL, *old = NULL;
    fd_map *rows = fd_map_new();
    int err;

    if ((err = fd_projects(&now, source, month, FD_LIGHT_YINCHUAN)) < 0 ||
        (err = fd_projects(&old, source, before, FD_LIGHT_YINCHUAN)) < 0)
        goto done;
    for (size_t r = 0; r < old->rows; r++)
        fd_map_set(rows, fd_view_of(fd_column_text(old->columns[0], r)), r);
    for (size_t r = 0; r < now->rows; r++) {
        int stage = fd_table_find(now, "stage"), light = fd_table_find(now, "light");
        const char *code = fd_column_text(now->columns[0], r),
                   *name = fd_column_text(now->columns[1], r), *a, *b;
        char zh[160], en[160];
        uint64_t at;

        if (!fd_map_get(rows, fd_view_of(code), &at)) {
            put_change_line(changes, "project", "project", code, name, "新入库项目", "new project");
            continue;
        }
        a = fd_column_text(old->columns[stage], at);
        b = fd_column_text(now->columns[stage], r);
        if (a && b && strcmp(a, b) != 0) {
            snprintf(zh, sizeof zh, "%s → %s", a, b);
            put_change_line(changes, "project", "project", code, name, zh, zh);
        }
        a = fd_column_text(old->columns[light], at);
        b = fd_column_text(now->columns[light], r);
        if (a && b && strcmp(a, b) != 0) {
            snprintf(en, sizeof en, "light %s → %s", a, b);
            put_change_line(changes, "light", "project", code, name, en, en);
        }
    }
done:
    fd_map_free(rows);
    fd_table_free(now);
    fd_table_free(old);
    return err < 0 ? err : 0;
}

static int put_dispatch(fd_call *call, fd_result *result, fd_period month)
{
    fd_source *source = call->city->source;
    fd_period before = fd_period_number_of(month) > 1 ? fd_period_step(month, -1) : month;
    fd_table *chase = text_table("chase", "今日催", "To chase", chase_columns, 4);
    fd_table *stopped = text_table("stopped", "停减产", "Stopped or slowed", stopped_columns, 8);
    fd_table *changes = text_table("changes", "较上月变化", "Since last month", change_columns, 6);
    fd_table *trust = fd_table_new("trust", "数据可信吗", "Can we trust it");
    int64_t due = 0, in = 0, doubt = 0;
    dispatch d;
    char text[48];
    size_t row;
    int err = dispatch_read(&d, source, month, before);

    fd_result_add(result, chase);
    fd_result_add(result, stopped);
    fd_result_add(result, changes);
    fd_result_add(result, trust);
    if (err < 0)
        goto done;
    for (size_t i = 0; i < d.frame->n; i++) {
        const char *state = fd_column_text(d.a[E_STATE], i);
        bool reported = false, doubtful = false;

        if (!fd_column_text(d.a[E_EXPECTS], i))
            continue;
        for (size_t k = 0; k < 4; k++) {
            fd_state s = fd_column_state(d.items[k], i);

            reported |= s != FD_MISSING;
            doubtful |= s == FD_DOUBT;
        }
        due++;
        in += reported;
        doubt += doubtful;
        if (!reported)
            put_firm(chase, fd_table_add_row(chase), call, &d, i);
        else if (state && (strcmp(state, "停产") == 0 || strcmp(state, "减产") == 0)) {
            const char *old = fd_column_text(d.a[E_OLD_STATE], i);

            row = fd_table_add_row(stopped);
            put_firm(stopped, row, call, &d, i);
            put(stopped, row, "state", state);
            put(stopped, row, "reason", fd_column_text(d.a[E_REASON], i));
            if (old && strcmp(old, state) != 0)
                put(stopped, row, "is_new", "new");
        }
    }
    put_state_changes(changes, &d);
    if ((err = put_project_changes(changes, source, month, before)) < 0)
        goto done;
    fd_table_add_new(trust, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(trust, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(trust, "due", "应报", "Due", FD_DEC, "户", 0);
    fd_table_add_new(trust, "in", "已报", "In", FD_DEC, "户", 0);
    fd_table_add_new(trust, "missing", "缺", "Missing", FD_DEC, "户", 0);
    fd_table_add_new(trust, "doubt", "待核", "In doubt", FD_DEC, "户", 0);
    row = fd_table_add_row(trust);
    fd_column_set_text(trust->columns[0], row, "dispatch");
    fd_column_set_day(trust->columns[1], row, month);
    fd_column_set_dec(trust->columns[2], row, due);
    fd_column_set_dec(trust->columns[3], row, in);
    fd_column_set_dec(trust->columns[4], row, due - in);
    fd_column_set_dec(trust->columns[5], row, doubt);
    fd_period_format(before, text, sizeof text);
    fd_table_add_note(changes, text, text);
done:
    dispatch_dispose(&d);
    return err < 0 ? err : 0;
}

/* Red and yellow projects, and those past their finish. */
static int put_late(fd_call *call, fd_result *result, fd_period month)
{
    fd_table *projects = NULL, *late = NULL;
    int64_t counts[4] = { 0 };
    bool *keep = NULL;
    int light, days, err;

    if ((err = fd_projects(&projects, call->city->source, month, FD_LIGHT_YINCHUAN)) < 0)
        return err;
    light = fd_table_find(projects, "light");
    days = fd_table_find(projects, "days");
    keep = fd_alloc(projects->rows + 1);
    for (size_t r = 0; r < projects->rows; r++) {
        const char *color = fd_column_text(projects->columns[light], r);
        bool bad = strcmp(color, "red") == 0 || strcmp(color, "yellow") == 0;

        keep[r] = bad || fd_column_state(projects->columns[days], r) == FD_HAS;
        counts[strcmp(color, "green") == 0    ? FD_GREEN
               : strcmp(color, "yellow") == 0 ? FD_YELLOW
               : strcmp(color, "red") == 0    ? FD_RED
                                              : FD_GREY]++;
    }
    if ((err = fd_table_filter(&late, projects, keep)) >= 0) {
        fd_table *lights =
            fd_table_new("lights", "项目投资进度灯", "Lights of projects by investment");

        free(late->id);
        late->id = fd_strdup("late");
        fd_result_add(result, late);
        fd_table_add_new(lights, "light", "灯", "Light", FD_TEXT, "", 0);
        fd_table_add_new(lights, "count", "个数", "Count", FD_DEC, "个", 0);
        for (int c = FD_GREEN; c <= FD_GREY; c++) {
            size_t row = fd_table_add_row(lights);

            fd_column_set_text(lights->columns[0], row, fd_color_name((fd_color)c, FD_EN));
            fd_column_set_dec(lights->columns[1], row, counts[c]);
        }
        fd_result_add(result, lights);
    }
    free(keep);
    fd_table_free(projects);
    return err < 0 ? err : 0;
}

/* Lead cells with their works; the rest of the matrix is another page. */
static int put_leads(fd_call *call, fd_result *result, fd_period month)
{
    fd_table *cells = NULL, *states = NULL;
    bool *keep = NULL, *keep_states = NULL;
    fd_map *leads = fd_map_new();
    fd_matrix m;
    int err;

    if ((err = fd_leg1_matrix(call, &m, month)) < 0)
        goto done;
    keep = fd_alloc(m.cells->rows + 1);
    keep_states = fd_alloc(m.states->rows + 1);
    for (size_t r = 0; r < m.cells->rows; r++) {
        fd_number lead = fd_column_number(m.cells->columns[2], r);
        char key[128];

        keep[r] = lead.state == FD_HAS && lead.exact.num != 0;
        if (!keep[r])
            continue;
        snprintf(key, sizeof key, "%s/%s", fd_column_text(m.cells->columns[0], r),
                 fd_column_text(m.cells->columns[1], r));
        fd_map_set(leads, fd_view_of(key), r);
    }
    for (size_t r = 0; r < m.states->rows; r++) {
        char key[128];
        uint64_t at;

        snprintf(key, sizeof key, "%s/%s", fd_column_text(m.states->columns[0], r),
                 fd_column_text(m.states->columns[1], r));
        keep_states[r] = fd_map_get(leads, fd_view_of(key), &at);
    }
    if ((err = fd_table_filter(&cells, m.cells, keep)) < 0 ||
        (err = fd_table_filter(&states, m.states, keep_states)) < 0)
        goto done;
    fd_result_add(result, cells);
    fd_result_add(result, states);
    fd_result_add(result, m.chains);
    fd_result_add(result, m.counties);
    fd_result_add(result, m.works);
    cells = states = m.chains = m.counties = m.works = NULL;
done:
    free(keep);
    free(keep_states);
    fd_map_free(leads);
    fd_table_free(cells);
    fd_table_free(states);
    fd_matrix_dispose(&m);
    return err < 0 ? err : 0;
}

/* The tile of what enterprises ask for: open ones as its value, overdue and confirmed ones beside
 * it.  A city without the register leaves the tile empty. */
static int put_tickets(fd_call *call, fd_table *tiles, fd_period month)
{
    static const char *const ids[] = { "open", "overdue", "solved", "confirmed" };
    fd_works_options options = FD_WORKS_OPTIONS_INIT;
    fd_table *records = NULL, *sums = NULL, *rules = NULL;
    char value[24], zh[128], en[160], at[24];
    int64_t n[4] = { 0 };
    size_t row = 0;
    int err;

    while (row < tiles->rows &&
           strcmp(fd_column_text_or(tiles->columns[0], row, ""), "tickets") != 0)
        row++;
    options.preset = "template";
    if (row == tiles->rows || month == FD_PERIOD_NONE || (err = fd_works_rules(&rules, call)) < 0)
        return row == tiles->rows || month == FD_PERIOD_NONE ? 0 : err;
    options.rules = rules;
    if ((err = fd_works_records(&records, call, "service", NULL)) < 0 || !records ||
        !records->rows ||
        (err = fd_services_sum(&sums, records, fd_period_end(month), &options)) < 0)
        goto done;
    for (size_t r = 0; r < sums->rows; r++)
        for (size_t i = 0; i < 4; i++) {
            fd_decimal d;
            fd_number part = fd_column_number(sums->columns[fd_table_find(sums, ids[i])], r);

            if (part.state == FD_HAS && !part.is_estimate &&
                fd_quot_round(&d, part.exact, 0, FD_ROUND_HALF_EVEN) >= 0)
                n[i] += d.mantissa;
        }
    snprintf(value, sizeof value, "%lld", (long long)n[0]);
    snprintf(zh, sizeof zh, "%s:未结%lld件,超期%lld;办结%lld,企业确认%lld", n[1] ? "红" : "绿",
             (long long)n[0], (long long)n[1], (long long)n[2], (long long)n[3]);
    snprintf(en, sizeof en, "%s: %lld open, %lld overdue; %lld solved, %lld confirmed by the firm",
             n[1] ? "red" : "green", (long long)n[0], (long long)n[1], (long long)n[2],
             (long long)n[3]);
    fd_period_title(month, FD_ZH, at, sizeof at);
    put(tiles, row, "value", value);
    put(tiles, row, "unit", "件");
    put(tiles, row, "basis", "estimated");
    put(tiles, row, "light", n[1] ? "red" : "green");
    put(tiles, row, "reason", zh);
    put(tiles, row, "reason_en", en);
    put(tiles, row, "period", at);
done:
    fd_table_free(records);
    fd_table_free(sums);
    fd_table_free(rules);
    return err < 0 ? err : 0;
}

static int run_home(fd_call *call, fd_result *result)
{
    fd_source *source = call->city->source;
    fd_period month = fd_latest_period(source, "dispatch_output", FD_CURRENT, FD_CUMULATIVE);
    fd_period ledger = fd_latest_period(source, "project_done", FD_CURRENT, FD_CUMULATIVE);
    int err;

    if ((err = put_tiles(call, result)) < 0)
        return err;
    /* A table that is not there is not visible to the role; an empty one would say that nobody is
     * missing and nothing has stopped. */
    if (!fd_leg1_sees_names(call))
        return 0;
    if ((err = put_tickets(call, result->tables[0], month)) < 0)
        return err;
    if ((month != FD_PERIOD_NONE && (err = put_dispatch(call, result, month)) < 0) ||
        (ledger != FD_PERIOD_NONE && (err = put_late(call, result, ledger)) < 0))
        return err;
    return month == FD_PERIOD_NONE ? 0 : put_leads(call, result, month);
}

static const char *const home_examples[] = { "home --city out/huanzhou.fangding --format json",
                                             NULL };
const fd_verb fd_verb_home = {
    .name = "home",
    .zh = "每天早上看的:九块、催报、滞后、停减产、主导格、较上月变化",
    .en = "what is read every morning: nine tiles, chase list, late, stopped, lead cells, changes",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .examples = home_examples,
    .run = run_home,
};
