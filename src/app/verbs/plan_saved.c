/*
 * plan save, plan scenarios, plan compare, plan drop: scenarios with a name, an author and a date,
 * kept in the city file as records.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/collect.h"
#include "app/plan_load.h"
#include "app/plan_warm.h"
#include "app/registry.h"
#include "base/str.h"
#include "io/csvtable.h"
#include "table/jsonw.h"

enum { NAME_MOST = 120, NOTE_MOST = 2000, COMPARED_MOST = 6 };

/* ---- a file of changes ---- */

static const char *cell(const fd_table *t, const char *column, size_t row, const char *otherwise)
{
    const char *text = fd_table_text(t, column, row);

    return *text ? text : otherwise;
}

/* limit, scope, year, value: as plan template writes limits; the limit "slip" moves the project
 * that the scope names by so many months. */
static int read_changes(fd_buf *set, fd_buf *slip, const char *path)
{
    static const char *const text[] = {
        "limit", "scope", "year", "value", "unit", "name", "name_en"
    };
    fd_table *t = NULL;
    int err = fd_csv_table(&t, path, text, sizeof text / sizeof *text, 0);

    if (err < 0)
        return err;
    if (fd_table_find(t, "limit") < 0 || fd_table_find(t, "value") < 0) {
        err = fd_error_set(FD_EFORMAT, "情景文件要有 limit 和 value 两列",
                           "a file of changes has the columns limit and value");
        fd_error_hint("形式同 plan template 的 limits.csv;limit 写 slip 时 scope 写项目、value "
                      "写月数",
                      "as limits.csv of plan template; for limit slip, scope is a project and "
                      "value its months");
    }
    for (size_t r = 0; err >= 0 && r < t->rows; r++) {
        const char *limit = cell(t, "limit", r, ""), *scope = cell(t, "scope", r, "*"),
                   *year = cell(t, "year", r, "*"), *value = cell(t, "value", r, "");
        bool is_slip = strcmp(limit, "slip") == 0;
        fd_buf *out = is_slip ? slip : set;
        char *end;

        strtod(value, &end);
        if (!*value) /* an empty one changes nothing */
            continue;
        if (!*limit || *end || strpbrk(limit, ",=@+-") || strpbrk(scope, ",=+"))
            err =
                fd_error_set(FD_EFORMAT, "情景文件第 %zu 行看不懂:%s = %s",
                             "row %zu of the file is not understood: %s = %s", r + 2, limit, value);
        else if (is_slip)
            fd_buf_printf(out, "%s%s=%s", out->len ? "," : "", scope, value);
        else if (strcmp(year, "*") == 0)
            fd_buf_printf(out, "%s%s%s%s=%s", out->len ? "," : "", limit,
                          strcmp(scope, "*") ? "@" : "", strcmp(scope, "*") ? scope : "", value);
        else if (strcmp(scope, "*") == 0)
            fd_buf_printf(out, "%s%s@%s=%s", out->len ? "," : "", limit, year, value);
        else
            fd_buf_printf(out, "%s%s@%s@%s=%s", out->len ? "," : "", limit, scope, year, value);
    }
    fd_table_free(t);
    return err;
}

/* ---- plan save ---- */

static void add(fd_buf *out, const char *text)
{
    if (text && *text)
        fd_buf_printf(out, "%s%s", out->len ? "," : "", text);
}

static void put(fd_jsonw *w, const char *key, const char *value)
{
    fd_jsonw_key(w, key);
    fd_jsonw_string(w, value ? value : "");
}

/* Names stand in lists, addresses and file names. */
static int check_name(const char *name)
{
    if (!*name || strlen(name) > NAME_MOST || strpbrk(name, ",\"'<>/\\\n\r\t"))
        return fd_error_set(FD_EINVAL, "情景名要 1 到 %d 个字节,不含逗号、引号、斜杠",
                            "a name has 1 to %d bytes, without comma, quote or slash", NAME_MOST);
    return 0;
}

/* Author or administrator; whoever holds the file itself may do all. */
static bool is_theirs(const fd_call *call, const fd_plan_scenario *s)
{
    return !call->scope || call->role == FD_ROLE_ADMINISTRATOR ||
           (call->actor && strcmp(call->actor, s->author) == 0);
}

static int write_record(int64_t *snapshot, fd_call *call, const char *name, const char *state,
                        fd_date day, const char *json)
{
    fd_batch_info info = { call->verb->name, call->actor, name, NULL };
    fd_batch *batch;
    int err;

    if (!fd_program_record(call->city->program, "scenario")) {
        fd_error_set(FD_ENOTFOUND, "这个城市文件的定义里没有「规划情景」记录",
                     "the definitions of this city file have no records of scenarios");
        return fd_error_hint("先用新版程序重新 define definitions/records.ding",
                             "define definitions/records.ding of this program first");
    }
    if ((err = fd_batch_begin(&batch, call->city->store, &info)) < 0)
        return err;
    if ((err = fd_batch_record(batch, "scenario", name, state, day, json, call->actor)) < 0) {
        fd_batch_abandon(batch);
        return err;
    }
    return fd_batch_publish(batch, snapshot);
}

static int run_save(fd_call *call, fd_result *result)
{
    const char *name = fd_call_text(call, "name"), *file = fd_call_text(call, "file"),
               *note = fd_call_text(call, "note"), *year = fd_call_text(call, "year");
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan_changes changes = { NULL, 0, NULL, 0 };
    fd_plan_scenario before;
    fd_plan_summary s;
    fd_plan_loan loan = { NULL, NULL, NULL };
    fd_buf set = FD_BUF_INIT, slip = FD_BUF_INIT, json = FD_BUF_INIT;
    fd_table *t = NULL;
    char today[16], number[48];
    int64_t snapshot;
    fd_date day;
    fd_jsonw w;
    int err;

    if ((err = fd_plan_may_see(call)) < 0 || (err = check_name(name)) < 0)
        return err;
    if (note && strlen(note) > NOTE_MOST)
        return fd_error_set(FD_EINVAL, "说明太长", "the note is too long");
    if (fd_plan_scenario_find(&before, call, name) >= 0 && !is_theirs(call, &before))
        return fd_error_set(FD_EEXISTS, "「%s」是 %s 保存的,换个名字", "%s was saved by %s", name,
                            before.author);
    fd_error_clear();
    if ((file && (err = read_changes(&set, &slip, file)) < 0) ||
        (err = fd_collect_today(&day, NULL)) < 0 ||
        (err = fd_plan_call_options(&options, call)) < 0)
        goto done;
    add(&set, fd_call_text(call, "set"));
    add(&slip, fd_call_text(call, "slip"));
    if (year) { /* the year of the target is part of the scenario */
        fd_plan_summary now;

        if ((err = fd_plan_borrow(&loan, call, "")) < 0)
            goto done;
        err = fd_plan_desk_reach(&t, &now, loan.desk, NULL, &options);
        fd_plan_give_back(&loan);
        if (err < 0)
            goto done;
        fd_table_free(t);
        t = NULL;
        snprintf(number, sizeof number, "share@%s=%g", year, now.target);
        if (!strstr(fd_buf_text(&set), "share"))
            add(&set, number);
    }
    if ((err = fd_plan_borrow(&loan, call, "")) < 0)
        goto done;
    {
        /* Through the same reader as later: what is saved can be read. */
        const char *given[2] = { call->values[fd_call_index(call, "set")],
                                 call->values[fd_call_index(call, "slip")] };

        call->values[fd_call_index(call, "set")] = fd_arena_strdup(call->arena, fd_buf_text(&set));
        call->values[fd_call_index(call, "slip")] =
            fd_arena_strdup(call->arena, fd_buf_text(&slip));
        err = fd_plan_call_changes(&changes, call);
        call->values[fd_call_index(call, "set")] = given[0];
        call->values[fd_call_index(call, "slip")] = given[1];
    }
    if (err < 0 || (err = fd_plan_desk_reach(&t, &s, loan.desk, &changes, &options)) < 0)
        goto done;
    fd_date_format(day, today, sizeof today);
    fd_jsonw_init(&w, &json);
    fd_jsonw_object(&w);
    put(&w, "name", name);
    put(&w, "author", call->actor);
    put(&w, "saved", today);
    put(&w, "note", note);
    put(&w, "set", fd_buf_text(&set));
    put(&w, "slip", fd_buf_text(&slip));
    snprintf(number, sizeof number, "%g%%", s.target);
    put(&w, "target", number);
    snprintf(number, sizeof number, "%d年", s.year);
    put(&w, "year", number);
    snprintf(number, sizeof number, "%.4g%%", s.largest_share);
    put(&w, "largest", number);
    put(&w, "reached", s.date);
    snprintf(number, sizeof number, "快照%lld", (long long)fd_reader_snapshot(call->city->reader));
    put(&w, "snapshot", number);
    fd_jsonw_end_object(&w);
    if ((err = write_record(&snapshot, call, name, "保存", day, fd_buf_text(&json))) < 0)
        goto done;
    fd_result_add(result, t);
    t = NULL;
    fd_result_say(result, "已保存情景「%1$s」(快照 %2$lld):%3$d 年最多 %4$.4g%%(线性松弛)",
                  "saved the scenario %1$s (snapshot %2$lld): %4$.4g %% at most in %3$d (linear "
                  "relaxation)",
                  name, (long long)snapshot, s.year, s.largest_share);
done:
    fd_plan_give_back(&loan);
    fd_table_free(t);
    fd_buf_dispose(&set);
    fd_buf_dispose(&slip);
    fd_buf_dispose(&json);
    return err;
}

/* ---- plan drop ---- */

static int run_drop(fd_call *call, fd_result *result)
{
    const char *name = fd_call_text(call, "name");
    fd_plan_scenario s;
    int64_t snapshot;
    fd_date day;
    int err;

    if ((err = fd_plan_scenario_find(&s, call, name)) < 0 ||
        (err = fd_collect_today(&day, NULL)) < 0)
        return err;
    if (!is_theirs(call, &s))
        return fd_error_set(FD_EDENIED, "「%s」是 %s 保存的,只有本人或管理员能删",
                            "%s was saved by %s: only they or an administrator may delete it", name,
                            s.author);
    if ((err = write_record(&snapshot, call, name, "删除", day, "{}")) >= 0)
        fd_result_say(result, "已删除情景「%s」(快照 %lld;历史仍在)",
                      "deleted the scenario %s (snapshot %lld; its history stays)", name,
                      (long long)snapshot);
    return err;
}

/* ---- plan scenarios ---- */

static int run_scenarios(fd_call *call, fd_result *result)
{
    static const fd_column_spec specs[] = {
        { "name", "情景", "Scenario", FD_TEXT, NULL, 0 },
        { "author", "谁保存的", "Author", FD_TEXT, NULL, 0 },
        { "saved", "保存日期", "Saved", FD_TEXT, NULL, 0 },
        { "set", "改了什么", "Changes", FD_TEXT, NULL, 0 },
        { "slip", "推迟", "Slips", FD_TEXT, NULL, 0 },
        { "target", "目标", "Target", FD_TEXT, NULL, 0 },
        { "year", "目标年", "Year", FD_TEXT, NULL, 0 },
        { "largest", "当时最大占比", "Largest share then", FD_TEXT, NULL, 0 },
        { "reached", "当时最早达到", "First reached then", FD_TEXT, NULL, 0 },
        { "snapshot", "数据版本", "Data", FD_TEXT, NULL, 0 },
        { "note", "说明", "Note", FD_TEXT, NULL, 0 },
        { "mine", "可删", "May delete", FD_BOOL, NULL, 0 },
    };
    fd_table *t = fd_table_new("scenarios", "保存的情景", "Saved scenarios");
    fd_plan_scenario *list;
    size_t count;
    int err = fd_plan_scenarios(&list, &count, call);

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; err >= 0 && i < count; i++) {
        const fd_plan_scenario *s = &list[i];
        const char *const texts[] = { s->name, s->author,   s->saved, s->set,
                                      s->slip, s->target,   s->year,  s->largest,
                                      s->date, s->snapshot, s->note };
        size_t row = fd_table_add_row(t);

        for (size_t c = 0; c < sizeof texts / sizeof *texts; c++)
            if (*texts[c])
                fd_column_set_text(t->columns[c], row, texts[c]);
        fd_column_set_bool(t->columns[11], row, is_theirs(call, s));
    }
    if (err < 0) {
        fd_table_free(t);
        return err;
    }
    fd_table_add_note(t, "「当时」的数是保存那一刻的城市数据算的;plan compare 用今天的数据重算。",
                      "Figures \"then\" are of the day of saving; plan compare computes with the "
                      "data of today.");
    fd_result_add(result, t);
    return 0;
}

/* ---- plan compare ---- */

typedef struct comparing {
    fd_plan_scenario list[COMPARED_MOST + 1]; /* the first: as it stands */
    size_t count;
    fd_table *limits[COMPARED_MOST + 1], *projects[COMPARED_MOST + 1], *reach[COMPARED_MOST + 1];
    fd_plan_summary summary[COMPARED_MOST + 1];
} comparing;

static int solve_all(comparing *c, fd_call *call)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan_loan loan;
    int err = fd_plan_borrow(&loan, call, "");

    options.seconds = 10;
    for (size_t i = 0; i < c->count && err >= 0; i++) {
        const fd_plan_changes *changes = &c->list[i].changes;

        if ((err = fd_plan_desk_limits(&c->limits[i], loan.desk, changes)) >= 0 &&
            (err = fd_plan_desk_projects(&c->projects[i], loan.desk, changes)) >= 0)
            err = fd_plan_desk_reach(&c->reach[i], &c->summary[i], loan.desk, changes, &options);
        if (err == FD_EINFEASIBLE && i) { /* a scenario may be impossible: the others stand */
            fd_error_clear();
            c->summary[i].largest_share = NAN;
            c->summary[i].moment = NAN;
            err = 0;
        }
    }
    fd_plan_give_back(&loan);
    return err;
}

/* A column per scenario, named s0, s1 … and titled as it is called. */
static void add_scenarios(fd_table *t, const comparing *c, const char *unit)
{
    for (size_t i = 0; i < c->count; i++) {
        char id[32];

        snprintf(id, sizeof id, "s%zu", i);
        fd_table_add_new(t, id, i ? c->list[i].name : "不改", i ? c->list[i].name : "As it stands",
                         FD_EST, unit, 0);
    }
}

static size_t row_of(const fd_table *t, const char *const keys[3], const char *const columns[3])
{
    for (size_t r = 0; t && r < t->rows; r++) {
        bool same = true;

        for (int k = 0; k < 3 && same && columns[k]; k++)
            same = strcmp(cell(t, columns[k], r, ""), keys[k]) == 0;
        if (same)
            return r;
    }
    return SIZE_MAX;
}

static double number_at(const fd_table *t, const char *column, size_t row)
{
    return row == SIZE_MAX
               ? NAN
               : fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, column)], row));
}

/* One line where the scenarios are not all alike. */
static void add_difference(fd_table *t, const comparing *c, fd_table *const *tables,
                           const char *column, const char *const keys[3],
                           const char *const columns[3], const char *name, const char *unit)
{
    double values[COMPARED_MOST + 1];
    bool differs = false;
    size_t row;

    for (size_t i = 0; i < c->count; i++) {
        values[i] = number_at(tables[i], column, row_of(tables[i], keys, columns));
        differs =
            differs || (isnan(values[i]) != isnan(values[0])) || fabs(values[i] - values[0]) > 1e-9;
    }
    if (!differs)
        return;
    row = fd_table_add_row(t);
    fd_column_set_text(t->columns[0], row, name);
    fd_column_set_text(t->columns[1], row, unit);
    for (size_t i = 0; i < c->count; i++)
        if (!isnan(values[i]))
            fd_column_set_est(t->columns[2 + i], row, values[i]);
}

static fd_table *differences(const comparing *c)
{
    static const char *const limit[] = { "limit", "scope", "year" };
    static const char *const project[] = { "id", NULL, NULL };
    fd_table *t = fd_table_new("differences", "不同在哪", "Where they differ");

    fd_table_add_new(t, "what", "项", "What", FD_TEXT, "", 0);
    fd_table_add_new(t, "unit", "单位", "Unit", FD_TEXT, "", 0);
    add_scenarios(t, c, "");
    /* A limit that only one scenario has is found when its own table is walked. */
    for (size_t i = 0; i < c->count; i++)
        for (size_t r = 0; c->limits[i] && r < c->limits[i]->rows; r++) {
            const char *const keys[] = { cell(c->limits[i], "limit", r, ""),
                                         cell(c->limits[i], "scope", r, ""),
                                         cell(c->limits[i], "year", r, "") };
            bool known = false;
            char name[400];

            for (size_t k = 0; k < i && !known; k++)
                known = row_of(c->limits[k], keys, limit) != SIZE_MAX;
            if (known)
                continue;
            snprintf(name, sizeof name, "%s%s%s%s%s", cell(c->limits[i], "name", r, ""),
                     strcmp(keys[1], "*") ? " " : "", strcmp(keys[1], "*") ? keys[1] : "",
                     strcmp(keys[2], "*") ? " " : "", strcmp(keys[2], "*") ? keys[2] : "");
            add_difference(t, c, c->limits, "value", keys, limit, name,
                           cell(c->limits[i], "unit", r, ""));
        }
    for (size_t r = 0; c->projects[0] && r < c->projects[0]->rows; r++) {
        const char *const keys[] = { cell(c->projects[0], "id", r, ""), "", "" };
        char name[400];

        snprintf(name, sizeof name, "推迟 %s %s", keys[0], cell(c->projects[0], "name", r, ""));
        add_difference(t, c, c->projects, "slip", keys, project, name, "月");
    }
    return t;
}

static fd_table *shares(const comparing *c)
{
    fd_table *t = fd_table_new("shares", "各年最大占比", "Largest share by year");

    fd_table_add_new(t, "year", "年", "Year", FD_TEXT, "", 0);
    add_scenarios(t, c, "%");
    for (size_t r = 0; r < c->reach[0]->rows; r++) {
        size_t row = fd_table_add_row(t);
        double year = number_at(c->reach[0], "year", r);
        char text[16];

        snprintf(text, sizeof text, "%.0f", year);
        fd_column_set_text(t->columns[0], row, text);
        for (size_t i = 0; i < c->count; i++)
            for (size_t k = 0; c->reach[i] && k < c->reach[i]->rows; k++)
                if (number_at(c->reach[i], "year", k) == year)
                    fd_column_set_est(t->columns[1 + i], row,
                                      number_at(c->reach[i], "largest_share", k));
    }
    fd_table_add_note(t, "线性松弛,按今天的城市数据;空:那样就没有可行的方案。",
                      "Linear relaxation, with the data of today; empty: no plan is feasible.");
    return t;
}

static fd_table *outcomes(const comparing *c)
{
    static const fd_column_spec specs[] = {
        { "scenario", "情景", "Scenario", FD_TEXT, NULL, 0 },
        { "author", "谁保存的", "Author", FD_TEXT, NULL, 0 },
        { "saved", "保存日期", "Saved", FD_TEXT, NULL, 0 },
        { "year", "目标年", "Year", FD_TEXT, NULL, 0 },
        { "target", "目标", "Target", FD_EST, "%", 0 },
        { "largest_share", "最大占比", "Largest share", FD_EST, "%", 0 },
        { "reachable", "做得到", "Reachable", FD_BOOL, NULL, 0 },
        { "date", "最早达到", "First reached", FD_TEXT, NULL, 0 },
        { "change", "比不改多", "More than as it stands", FD_EST, "百分点", 0 },
        { "later", "比不改推后", "Later than as it stands", FD_EST, "月", 1 },
    };
    fd_table *t = fd_table_new("outcomes", "结果并列", "Side by side");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[9]->digits = 1;
    for (size_t i = 0; i < c->count; i++) {
        const fd_plan_summary *s = &c->summary[i];
        size_t row = fd_table_add_row(t);
        char year[16];

        fd_column_set_text(t->columns[0], row, i ? c->list[i].name : "不改");
        if (i) {
            fd_column_set_text(t->columns[1], row, c->list[i].author);
            fd_column_set_text(t->columns[2], row, c->list[i].saved);
        }
        if (isnan(s->largest_share))
            continue;
        snprintf(year, sizeof year, "%d", s->year);
        fd_column_set_text(t->columns[3], row, year);
        fd_column_set_est(t->columns[4], row, s->target);
        fd_column_set_est(t->columns[5], row, s->largest_share);
        fd_column_set_bool(t->columns[6], row, s->reachable);
        if (s->date[0])
            fd_column_set_text(t->columns[7], row, s->date);
        if (i && s->year == c->summary[0].year)
            fd_column_set_est(t->columns[8], row, s->largest_share - c->summary[0].largest_share);
        if (i && s->target == c->summary[0].target && s->date[0] && c->summary[0].date[0])
            fd_column_set_est(t->columns[9], row, 12 * (s->moment - c->summary[0].moment));
    }
    return t;
}

static int run_compare(fd_call *call, fd_result *result)
{
    const char **names;
    size_t count = fd_call_list(call, "names", &names);
    comparing c = { .list = { { .name = "" } }, .count = 1 };
    int err = 0;

    if (count < 1 || count > COMPARED_MOST)
        return fd_error_set(FD_EINVAL, "一次并列 1 到 %d 个情景", "compare 1 to %d scenarios",
                            COMPARED_MOST);
    for (size_t i = 0; i < count && err >= 0; i++)
        err = fd_plan_scenario_find(&c.list[c.count++], call, names[i]);
    if (err >= 0 && (err = solve_all(&c, call)) >= 0) {
        fd_result_add(result, outcomes(&c));
        fd_result_add(result, differences(&c));
        fd_result_add(result, shares(&c));
    }
    for (size_t i = 0; i <= COMPARED_MOST; i++) {
        fd_table_free(c.limits[i]);
        fd_table_free(c.projects[i]);
        fd_table_free(c.reach[i]);
    }
    return err;
}

/* ---- declarations ---- */

static const fd_verb_param save_params[] = {
    { "name", FD_P_TEXT, true, true, false, "NAME", "情景的名字", "name of the scenario", NULL },
    { "set", FD_P_LIST, false, false, false, "CHANGE[,…]", "改限制,同 plan --set",
      "changes of limits, as plan --set", NULL },
    { "slip", FD_P_LIST, false, false, false, "ID=MONTHS[,…]", "项目推迟几个月,同 plan --slip",
      "late projects, as plan --slip", NULL },
    { "year", FD_P_INTEGER, false, false, false, "YEAR", "目标年", "year of the target", NULL },
    { "file", FD_P_PATH, false, false, false, "FILE",
      "情景文件(limit、scope、year、value;CSV 或 XLSX;limit 写 slip 时是项目推迟)",
      "a file of changes (limit, scope, year, value; limit slip moves a project)", NULL },
    { "note", FD_P_TEXT, false, false, false, "TEXT", "说明", "a note", NULL },
};
static const char *const save_examples[] = {
    "plan save 投资多两成 --set finance+20% --note 示例 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_plan_save = {
    .name = "plan save",
    .zh = "把一个情景存进城市文件:名字、谁、哪天、改了什么、当时的答案",
    .en = "keep a scenario in the city file: name, author, day, changes, the answer of that day",
    .effect = FD_WRITE,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = save_params,
    .param_count = sizeof save_params / sizeof *save_params,
    .examples = save_examples,
    .run = run_save,
};

static const char *const scenarios_examples[] = { "plan scenarios --city out/huanzhou.fangding",
                                                  NULL };
const fd_verb fd_verb_plan_scenarios = {
    .name = "plan scenarios",
    .zh = "保存过的情景",
    .en = "the scenarios that were saved",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .examples = scenarios_examples,
    .run = run_scenarios,
};

static const fd_verb_param compare_params[] = {
    { "names", FD_P_LIST, true, true, false, "NAME[,…]", "哪几个情景,逗号隔开(最多 6 个)",
      "which scenarios, separated by commas (6 at most)", NULL },
};
static const char *const compare_examples[] = {
    "plan compare 投资多两成 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_plan_compare = {
    .name = "plan compare",
    .zh = "保存的情景并列:结果、不同在哪、各年最大占比(线性松弛)",
    .en = "saved scenarios side by side: outcome, differences, largest share by year (relaxation)",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = compare_params,
    .param_count = sizeof compare_params / sizeof *compare_params,
    .examples = compare_examples,
    .run = run_compare,
};

static const fd_verb_param drop_params[] = {
    { "name", FD_P_TEXT, true, true, false, "NAME", "情景的名字", "name of the scenario", NULL },
};
static const char *const drop_examples[] = { "plan drop 试一试 --city out/huanzhou.fangding",
                                             NULL };
const fd_verb fd_verb_plan_drop = {
    .name = "plan drop",
    .zh = "删除一个保存的情景(只有本人或管理员;历史仍在)",
    .en = "delete a saved scenario (its author or an administrator; the history stays)",
    .effect = FD_WRITE,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = drop_params,
    .param_count = sizeof drop_params / sizeof *drop_params,
    .examples = drop_examples,
    .run = run_drop,
};
