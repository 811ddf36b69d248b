/* Collecting: who is asked, what is filled in, what is refused, how late somebody is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/collect.h"
#include "app/definitions.h"
#include "base/diag.h"
#include "base/str.h"
#include "fangding/uscc.h"
#include "io/file.h"
#include "io/rows.h"
#include "remove_all.h"

enum { FIRMS = 6 };

typedef struct world {
    char folder[128], path[160];
    fd_city *city;
    char codes[FIRMS][FD_USCC_LENGTH + 1];
    int32_t ids[FIRMS];
} world;

/* A target upon the very figure that is asked for. */
static const char own_target[] = "目标 调度产值目标 / dispatch_target\n"
                                 "  指标 dispatch_output_total\n"
                                 "  基线 2024 年 471146 万元    依据 某文\n"
                                 "  到期 2025 年 ≥ 471147 万元    依据 某文\n";

static fd_date on(const char *text)
{
    fd_date date;

    assert_int_equal(fd_date_parse(&date, text, strlen(text)), 0);
    return date;
}

/* Output of January and February 2024, and of the year: what was reported before. */
static void put_past(fd_batch *batch, world *w, fd_period period, int64_t factor)
{
    fd_source_file file = { "去年的表.csv", "00", 1, "UTF-8", "dispatch", "甲县" };
    int64_t dec[FIRMS];
    int32_t rows[FIRMS];
    fd_segment s = { .kind = "enterprise",
                     .item = "dispatch_output",
                     .period = period,
                     .basis = FD_CURRENT,
                     .column = "产值",
                     .origin = "dispatch",
                     .permitted_use = "administration",
                     .marks = "",
                     .value_kind = FD_DEC,
                     .scale = 4,
                     .unit = "万元",
                     .n = FIRMS,
                     .subjects = w->ids,
                     .dec = dec,
                     .rows = rows };
    char digest[65];

    snprintf(digest, sizeof digest, "%d", period);
    file.digest = digest;
    assert_int_equal(fd_batch_source(batch, &file, &s.source), 0);
    for (int i = 0; i < FIRMS; i++) {
        dec[i] = (1000 + i) * factor * 10000;
        rows[i] = i + 2;
    }
    assert_int_equal(fd_batch_segment(batch, &s), 0);
}

/* 甲县: firms 0–3, 乙县: 4 and 5. Chains L1 (0, 1, 4) and E2 (the rest) with their owners. Firm 3
 * does not owe the form. */
static int open_world(void **state)
{
    world *w = calloc(1, sizeof *w);
    const char *base = getenv("TMPDIR");
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_batch_info info = { "new", "test", "", "2025-01-01T00:00:00Z" };
    fd_diags diags = FD_DIAGS_INIT;
    fd_store *store;
    fd_batch *batch;
    int64_t snapshot;
    int32_t id;

    snprintf(w->folder, sizeof w->folder, "%.80s/fdcollectXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->path, sizeof w->path, "%s/city.fangding", w->folder);
    options.create = true;
    assert_int_equal(fd_store_open_sqlite(&store, w->path, &options), 0);
    assert_int_equal(fd_batch_begin(&batch, store, &info), 0);
    assert_int_equal(fd_definitions_ship(batch, &diags), 0);
    assert_int_equal(
        fd_definitions_add(batch, own_target, strlen(own_target), "own.ding", false, &diags), 0);
    assert_int_equal(fd_batch_meta(batch, "city", "某市"), 0);
    assert_int_equal(fd_batch_subject(batch, "county", "990501", "甲县", &id), 0);
    assert_int_equal(fd_batch_subject(batch, "county", "990502", "乙县", &id), 0);
    assert_int_equal(fd_batch_subject(batch, "chain", "L1", "钢铁链", &id), 0);
    assert_int_equal(fd_batch_attribute(batch, id, "chain_owner", FD_DATE_NONE, "工信局"), 0);
    assert_int_equal(fd_batch_subject(batch, "chain", "E2", "能源链", &id), 0);
    assert_int_equal(fd_batch_attribute(batch, id, "chain_owner", FD_DATE_NONE, "发改委"), 0);
    for (int i = 0; i < FIRMS; i++) {
        char prefix[18], name[32];

        snprintf(prefix, sizeof prefix, "91990500MA%06d", i + 1);
        snprintf(name, sizeof name, "第%d厂", i + 1);
        assert_int_equal(fd_uscc_make(w->codes[i], prefix), 0);
        assert_int_equal(fd_batch_subject(batch, "enterprise", w->codes[i], name, &w->ids[i]), 0);
#define ATTRIBUTE(name, value)                                                                     \
    assert_int_equal(fd_batch_attribute(batch, w->ids[i], name, on("2020-01-01"), value), 0)
        ATTRIBUTE("county", i < 4 ? "990501" : "990502");
        ATTRIBUTE("chain", i == 0 ? "E2:0.3;L1:0.7" : i == 1 || i == 4 ? "L1" : "E2");
        ATTRIBUTE("contact", "张某");
        ATTRIBUTE("phone", "0372-0000000");
        if (i != 3)
            ATTRIBUTE("expects:dispatch", "是");
#undef ATTRIBUTE
    }
    put_past(batch, w, fd_period_cumulative(2024, 2), 1);
    put_past(batch, w, fd_period_cumulative(2024, 12), 7);
    assert_int_equal(fd_batch_publish(batch, &snapshot), 0);
    fd_store_close(store);
    fd_diags_dispose(&diags);
    assert_int_equal(fd_city_open(&w->city, w->path, 0, true), 0);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    world *w = *state;

    fd_city_free(w->city);
    remove_all(w->folder);
    free(w);
    return 0;
}

static char *in_folder(const world *w, const char *name)
{
    fd_buf path = FD_BUF_INIT;

    fd_buf_printf(&path, "%s/%s", w->folder, name);
    return fd_buf_take(&path);
}

static fd_collect_open_options opening(const char *by, const char *folder)
{
    return (fd_collect_open_options){ .form = "dispatch",
                                      .by = by,
                                      .folder = folder,
                                      .period = fd_period_cumulative(2025, 2),
                                      .due = on("2025-03-10"),
                                      .today = on("2025-02-20"),
                                      .actor = "test" };
}

static int open_with(world *w, const fd_collect_open_options *options, fd_role role,
                     fd_result *result)
{
    fd_collect c;
    int err = fd_collect_load(&c, w->city, role);

    if (err >= 0)
        err = fd_collect_open(result, &c, options);
    fd_collect_dispose(&c);
    if (err >= 0)
        assert_int_equal(fd_city_refresh(w->city), 0);
    return err;
}

static const char *cell(const fd_result *r, size_t table, const char *column, size_t row)
{
    const fd_table *t = r->tables[table];
    int at = fd_table_find(t, column);
    static char text[4][256];
    static int next;
    char *out = text[next++ % 4];

    assert_true(at >= 0 && row < t->rows);
    fd_column_format(t->columns[at], row, FD_EN, out, 256);
    return out;
}

/* ---- who is asked ---- */

static void senders_by_each_way(void **state)
{
    static const struct {
        const char *by;
        size_t count;
        const char *codes[5];
        const char *expected[5];
    } cases[] = {
        { "county", 2, { "990501", "990502" }, { "3", "2" } },
        { "department", 2, { "发改委", "工信局" }, { "2", "3" } },
        { "enterprise", 5, { NULL }, { "1", "1", "1", "1", "1" } },
    };
    world *w = *state;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        fd_collect c;
        fd_collect_scope scope;

        assert_int_equal(fd_collect_load(&c, w->city, FD_ROLE_INDUSTRY), 0);
        assert_int_equal(fd_collect_scope_of(&scope, &c, fd_forms_find(c.forms, "dispatch"),
                                             fd_period_cumulative(2025, 2), cases[k].by),
                         0);
        assert_int_equal(scope.senders.count, cases[k].count);
        assert_int_equal(scope.unplaced, 0);
        for (size_t i = 0; i < cases[k].count; i++) {
            if (cases[k].codes[i])
                assert_string_equal(scope.senders.items[i].code, cases[k].codes[i]);
            assert_int_equal(scope.senders.items[i].expected, atoi(cases[k].expected[i]));
        }
        assert_int_equal(scope.sender_of[3], -1); /* does not owe the form */
        fd_collect_scope_dispose(&scope);
        fd_collect_dispose(&c);
    }
}

/* ---- what is filled in ---- */

/* Every cell of a workbook's visible sheet, one line a row, '|' between. */
static char *dump(const char *path)
{
    fd_buf out = FD_BUF_INIT;
    fd_rows *rows = NULL;
    const fd_row *row;

    assert_int_equal(fd_rows_open(&rows, path, NULL), 0);
    while (fd_rows_next(rows, &row) > 0) {
        for (size_t c = 0; c < row->count; c++)
            fd_buf_printf(&out, "|%.*s", (int)row->cells[c].text.len, row->cells[c].text.ptr);
        fd_buf_puts(&out, "|\n");
    }
    fd_rows_close(rows);
    return fd_buf_take(&out);
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("not found: %s\nin:\n%s", part, text);
}

static void known_figures_are_there_and_no_target_is(void **state)
{
    world *w = *state;
    char *folder = in_folder(w, "out"),
         *path = in_folder(w, "out/重点企业调度表_甲县_2025年1—2月.xlsx"), *text;
    fd_collect_open_options o = opening("county", folder);
    fd_result result = { 0 };
    const fd_decl *decl;
    size_t targets = 0;
    bool own = false;

    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), 0);
    assert_int_equal(result.tables[0]->rows, 2);
    assert_string_equal(cell(&result, 0, "name", 0), "甲县");
    assert_string_equal(cell(&result, 0, "expected", 0), "3");
    text = dump(path);
    has(text, "填报单位:甲县    2025年1—2月");
    has(text, "上期参考:调度产值(2024年1—12月)");
    /* entry empty, 7,000 of last year's twelve months beside it, 1,000 of the same two months. */
    has(text, "|第1厂|||||"
              "|7000|1000|");
    has(text, "|第3厂|||||"
              "|7014|1002|");
    assert_null(strstr(text, "第4厂")); /* does not owe it */
    assert_null(strstr(text, "第5厂")); /* of the other county */
    for (size_t i = 0; (decl = fd_program_decl(w->city->program, FD_DECL_TARGET, i)); i++) {
        const fd_target *t = fd_program_target(w->city->program, decl->alias);
        char value[64], needle[80];

        fd_decimal_format(t->value, value, sizeof value);
        snprintf(needle, sizeof needle, "|%s|", value);
        own |= strcmp(decl->alias, "dispatch_target") == 0;
        assert_null(strstr(text, needle));
        assert_null(strstr(text, decl->name));
        targets++;
    }
    assert_true(targets > 1 && own);
    assert_null(strstr(text, "47114"));
    assert_null(strstr(text, "47.114"));
    free(text);
    free(path);
    free(folder);
    fd_result_dispose(&result);
}

/* ---- who may, and when ---- */

static void refusals(void **state)
{
    world *w = *state;
    char *folder = in_folder(w, "out");
    fd_collect_open_options o = opening("county", folder);
    fd_result result = { 0 };

    assert_int_equal(open_with(w, &o, FD_ROLE_VIEWER, &result), FD_EDENIED);
    o.form = "没有的表";
    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), FD_ENOTFOUND);
    o.form = "b103_1"; /* a statistical return */
    o.period = fd_period_year(2024);
    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), FD_EDENIED);
    assert_int_equal(open_with(w, &o, FD_ROLE_STATISTICS, &result), 0);
    o = opening("county", folder);
    o.due = on("2025-02-19");
    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), FD_EINVAL);
    o.due = on("2025-03-10");
    o.period = fd_period_year(2025);
    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), FD_EINVAL);
    o.period = fd_period_month(2025, 2); /* means January to February */
    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), 0);
    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), FD_EEXISTS);
    o.reissue = true;
    o.by = "enterprise";
    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), FD_ECONFLICT);
    o.by = "county";
    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &result), 0);
    free(folder);
    fd_result_dispose(&result);
}

static void moves(void **state)
{
    static const struct {
        const char *type, *from, *to;
        int code;
    } cases[] = {
        { FD_COLLECT_ITEM_TYPE, "已发", "已收", 0 },
        { FD_COLLECT_ITEM_TYPE, "已发", "已清", 0 },
        { FD_COLLECT_ITEM_TYPE, "已发", "退回", 0 },
        { FD_COLLECT_ITEM_TYPE, "已收", "已收", 0 },
        { FD_COLLECT_ITEM_TYPE, "已清", "退回", 0 },
        { FD_COLLECT_ITEM_TYPE, "退回", "已发", 0 },
        { FD_COLLECT_ITEM_TYPE, "已清", "已发", FD_ECONFLICT }, /* never asked again */
        { FD_COLLECT_ITEM_TYPE, "", "已发", 0 },
        { FD_COLLECT_ITEM_TYPE, "", "已清", FD_ECONFLICT },
        { FD_COLLECT_ITEM_TYPE, "已发", "丢了", FD_ECONFLICT },
        { FD_COLLECT_TYPE, "在收", "收齐", 0 },
        { FD_COLLECT_TYPE, "收齐", "在收", 0 },
    };
    world *w = *state;
    fd_collect c;

    assert_int_equal(fd_collect_load(&c, w->city, FD_ROLE_INDUSTRY), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fd_collect_move(&c, cases[i].type, cases[i].from, cases[i].to) != cases[i].code)
            fail_msg("%s: %s to %s", cases[i].type, cases[i].from, cases[i].to);
    fd_collect_dispose(&c);
}

static void working_days_late(void **state)
{
    static const struct {
        const char *due, *today;
        int days;
    } cases[] = {
        { "2025-03-10", "2025-03-10", 0 },
        { "2025-03-10", "2025-03-01", 0 },
        { "2025-03-07", "2025-03-09", 0 }, /* Friday to Sunday */
        { "2025-03-07", "2025-03-10", 1 },
        { "2025-04-30", "2025-05-06", 1 }, /* 1 to 5 May are holidays */
        { "2025-01-24", "2025-02-05", 3 }, /* Sunday 26 and Monday 27 January are worked, then the
                                              Spring Festival to 4 February */
    };
    world *w = *state;
    fd_collect c;
    int days;

    assert_int_equal(fd_collect_load(&c, w->city, FD_ROLE_INDUSTRY), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(fd_collect_days_late(&days, &c, on(cases[i].due), on(cases[i].today)), 0);
        if (days != cases[i].days)
            fail_msg("%s to %s: %d", cases[i].due, cases[i].today, days);
    }
    assert_int_equal(fd_collect_days_late(&days, &c, on("2031-03-10"), on("2031-03-12")),
                     FD_ENOTFOUND); /* nobody has decided those holidays */
    fd_collect_dispose(&c);
}

/* ---- what comes back ---- */

static const char header[] = "统一社会信用代码,名称,调度产值(万元);1—本月累计\n";

static void write_return(const world *w, const char *name, const char *line, const int *firms,
                         size_t count, const char *value)
{
    char *path = in_folder(w, name);
    fd_buf text = FD_BUF_INIT;

    fd_buf_printf(&text, "重点企业调度表,,\n%s%s%s", line ? line : "", line ? ",,\n" : "", header);
    for (size_t i = 0; i < count; i++)
        fd_buf_printf(&text, "%s,第%d厂,%s\n", w->codes[firms[i]], firms[i] + 1, value);
    assert_int_equal(fd_file_write(path, fd_buf_text(&text), text.len), 0);
    fd_buf_dispose(&text);
    free(path);
}

/* The line of the template that was sent to a county, from the template itself. */
static char *line_of(const world *w, const char *file)
{
    char *path = in_folder(w, file);
    fd_template_mark m;
    fd_buf line = FD_BUF_INIT;

    assert_int_equal(fd_template_mark_read(&m, path), 1);
    fd_buf_puts(&line, "收表编号:");
    fd_template__line(&line, &m);
    free(path);
    return fd_buf_take(&line);
}

static void import(world *w, const char *name, bool replace, fd_result *result)
{
    char *path = in_folder(w, name);
    fd_collect_import_options o = { .folder = path,
                                    .replace = replace,
                                    .today = on("2025-03-01"),
                                    .confirm_units = true,
                                    .actor = "test" };
    fd_collect c;

    memset(result, 0, sizeof *result);
    assert_int_equal(fd_collect_load(&c, w->city, FD_ROLE_INDUSTRY), 0);
    if (fd_collect_import(result, &c, &o) < 0)
        fail_msg("%s: %s", name, fd_error_last()->message[FD_EN]);
    fd_collect_dispose(&c);
    assert_int_equal(fd_city_refresh(w->city), 0);
    free(path);
}

/* One file alone: its outcome and, when refused, the rule that says why. */
static void outcome(world *w, const char *name, const char *state, const char *rule)
{
    fd_result r;

    import(w, name, false, &r);
    if (strcmp(cell(&r, 0, "state", 0), state) != 0)
        fail_msg("%s: %s, not %s (%s)", name, cell(&r, 0, "state", 0), state,
                 cell(&r, 0, "reason", 0));
    if (rule) {
        const fd_table *t = r.tables[1];

        assert_string_equal(cell(&r, 1, "rule", t->rows - 1), rule);
        assert_int_equal(r.exit_code, 1);
    }
    fd_result_dispose(&r);
}

static void returns_of_every_kind(void **state)
{
    static const int of_a[] = { 0, 1, 2 }, of_b[] = { 4, 5 }, mixed[] = { 0, 1, 4 }, some[] = { 0 };
    world *w = *state;
    char *folder = in_folder(w, "out"), *line, *bad;
    fd_collect_open_options o = opening("county", folder);
    fd_result r = { 0 };
    fd_table *records = NULL;

    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &r), 0);
    line = line_of(w, "out/重点企业调度表_甲县_2025年1—2月.xlsx");
    bad = fd_strdup(line);
    bad[strlen(bad) - 1] = bad[strlen(bad) - 1] == '0' ? '1' : '0';

    write_return(w, "a.csv", bad, of_a, 3, "100");
    outcome(w, "a.csv", "拒收", "fingerprint"); /* the line was changed */
    write_return(w, "乙县.csv", line, of_a, 3, "100");
    outcome(w, "乙县.csv", "拒收", "wrong-sender"); /* 甲县's, named for 乙县 */
    write_return(w, "b.csv", line, mixed, 3, "100");
    outcome(w, "b.csv", "拒收", "wrong-sender"); /* a row of 乙县 in it */
    write_return(w, "重点企业调度表_乙县.csv", NULL, of_a, 3, "100");
    outcome(w, "重点企业调度表_乙县.csv", "拒收", "wrong-sender");
    write_return(w, "重点企业调度表_甲县_2024年1—11月.csv", NULL, of_a, 3, "100");
    outcome(w, "重点企业调度表_甲县_2024年1—11月.csv", "拒收", "wrong-period");
    write_return(w, "重点企业调度表_丙县.csv", NULL, of_a, 3, "100");
    outcome(w, "重点企业调度表_丙县.csv", "拒收", "unknown-sender");
    /* Nothing of all this has left a trace. */
    assert_int_equal(w->city->source->ops->records(w->city->source, FD_COLLECT_ITEM_TYPE,
                                                   FD_DATE_MAX, &records),
                     0);
    for (size_t i = 0; i < records->rows; i++)
        assert_string_equal(fd_column_text(records->columns[fd_table_find(records, "state")], i),
                            "已发");
    fd_table_free(records);

    write_return(w, "c.csv", line, some, 1, "100");
    outcome(w, "c.csv", "已收", NULL); /* two of three are missing */
    write_return(w, "d.csv", line, of_a, 3, "110");
    outcome(w, "d.csv", "拒收", "two-versions");
    {
        fd_result again;

        import(w, "d.csv", true, &again);
        assert_string_equal(cell(&again, 0, "state", 0), "已清");
        fd_result_dispose(&again);
    }
    outcome(w, "d.csv", "同前", NULL);
    write_return(w, "乙县 二月.csv", NULL, of_b, 2, "不是数");
    outcome(w, "乙县 二月.csv", "退回", NULL); /* every row refused */
    write_return(w, "乙县 更正.csv", NULL, of_b, 2, "90");
    outcome(w, "乙县 更正.csv", "已清", NULL); /* what went back may come again */
    {
        fd_collect c;
        fd_result s = { 0 };

        assert_int_equal(fd_collect_load(&c, w->city, FD_ROLE_INDUSTRY), 0);
        assert_int_equal(fd_collect_status(&s, &c, NULL, FD_PERIOD_NONE, on("2025-03-12")), 0);
        assert_string_equal(cell(&s, 0, "state", 0), "收齐");
        assert_string_equal(cell(&s, 0, "cleared", 0), "2");
        assert_string_equal(cell(&s, 0, "reported", 0), "5");
        assert_string_equal(cell(&s, 0, "missing", 0), "0");
        fd_result_dispose(&s);
        fd_collect_dispose(&c);
    }
    /* The correction's figures are those that count. */
    {
        fd_column *column = NULL;

        assert_int_equal(
            w->city->source->ops->column(w->city->source, "enterprise", "dispatch_output",
                                         fd_period_cumulative(2025, 2), FD_CURRENT, &column),
            0);
        assert_int_equal(column->v.dec[0], 1100000);
        assert_int_equal(column->v.dec[4], 900000);
        assert_int_equal(fd_column_state(column, 3), FD_MISSING);
        fd_column_unref(column);
    }
    free(line);
    free(bad);
    free(folder);
    fd_result_dispose(&r);
}

static void anothers_template(void **state)
{
    static const char *const names[] = { "城/甲县.xlsx", "改/甲县.xlsx", "期/甲县.xlsx" };
    static const char *const rules[] = { "wrong-city", "form-changed", "wrong-period" };
    world *w = *state;
    char *folder = in_folder(w, "out");
    fd_collect_open_options o = opening("county", folder);
    fd_result r = { 0 };
    fd_collect c;

    assert_int_equal(open_with(w, &o, FD_ROLE_INDUSTRY, &r), 0);
    assert_int_equal(fd_collect_load(&c, w->city, FD_ROLE_INDUSTRY), 0);
    for (int i = 0; i < 3; i++) {
        const fd_form *form = fd_forms_find(c.forms, "dispatch");
        fd_template_mark m = { .form = "dispatch",
                               .by = "county",
                               .sender = "990501",
                               .sender_name = "甲县",
                               .issue = 1,
                               .period = fd_period_cumulative(2025, i == 2 ? 3 : 2) };
        char *path = in_folder(w, names[i]), *slash = strrchr(path, '/');
        fd_template *t = NULL;

        *slash = '\0';
        assert_int_equal(mkdir(path, 0777), 0);
        *slash = '/';
        snprintf(m.city, sizeof m.city, "%s", i == 0 ? "别的市" : "某市");
        assert_int_equal(fd_template_form_hash(m.form_hash, form), 0);
        if (i == 1)
            m.form_hash[0] = m.form_hash[0] == '0' ? '1' : '0';
        assert_int_equal(fd_template_new(&t, form, m.period, FD_PERIOD_NONE), 0);
        assert_int_equal(fd_template_write(t, path, &m, NULL, NULL, 0, NULL, NULL), 0);
        fd_template_free(t);
        free(path);
    }
    fd_collect_dispose(&c);
    for (int i = 0; i < 3; i++)
        outcome(w, names[i], "拒收", rules[i]);
    fd_result_dispose(&r);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(senders_by_each_way, open_world, close_world),
        cmocka_unit_test_setup_teardown(known_figures_are_there_and_no_target_is, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(refusals, open_world, close_world),
        cmocka_unit_test_setup_teardown(moves, open_world, close_world),
        cmocka_unit_test_setup_teardown(working_days_late, open_world, close_world),
        cmocka_unit_test_setup_teardown(returns_of_every_kind, open_world, close_world),
        cmocka_unit_test_setup_teardown(anothers_template, open_world, close_world),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
