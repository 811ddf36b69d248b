/* Enterprises that move: county and industry change on the day that the register names, and what
 * is asked of an earlier day is answered as it was. */
#include "import_world.h"

#include "fangding/measure.h"

#define REGISTER "统一社会信用代码,企业名称,县区代码,行业代码,规上起"

static void put_city(const world *w)
{
    put(w, "县区名录.csv", "代码,名称\n990501,甲县\n990502,乙县\n");
    put(w, "企业名录.csv",
        REGISTER "\n%1,东风钢铁有限公司,990501,3110,2020-01-01\n"
                 "%2,西岭水泥有限公司,990502,3011,2020-01-01\n");
    put(w, "2024-05/调度表.csv",
        "统一社会信用代码,工业总产值(万元);1—本月\n%1,1000000\n%2,70000\n");
    put(w, "2024-06/调度表.csv",
        "统一社会信用代码,工业总产值(万元);1—本月\n%1,1200000\n%2,80000\n");
}

static void import_with(world *w, fd_date since, size_t accepted, size_t rejected)
{
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;

    options.rejects = "";
    options.since = since;
    import(w, &report, &options);
    if (report.accepted != accepted || report.rejected != rejected)
        fail_msg("%zu taken, %zu refused", report.accepted, report.rejected);
    fd_import_report_dispose(&report);
}

/* The county's output of January to a month, in 亿元. */
static int64_t output_of(const world *w, fd_source *source, const char *county, int month)
{
    const fd_indicator *indicator = fd_program_indicator(w->program, "dispatch_output_total");
    const fd_period period = fd_period_cumulative(2024, month);
    const char *const by[] = { "county" };
    fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
    int64_t value = 0;
    fd_table *t = NULL;

    options.by = by;
    options.by_count = 1;
    assert_non_null(indicator);
    assert_int_equal(fd_measure(&t, w->program, source, &indicator, 1, &period, 1, &options), 0);
    for (size_t r = 0; r < t->rows; r++) {
        const fd_column *c = t->columns[fd_table_find(t, "value")];
        char text[64];
        fd_decimal d;

        if (strcmp(fd_table_text(t, "county", r), county) != 0 ||
            fd_column_state(c, r) == FD_MISSING)
            continue;
        fd_column_format(c, r, FD_EN, text, sizeof text);
        assert_int_equal(fd_decimal_parse(&d, text, strlen(text)), 0);
        assert_int_equal(fd_decimal_parse_scaled(&value, text, strlen(text), 0), 0);
    }
    fd_table_free(t);
    return value;
}

typedef struct expected_value {
    const char *attribute;
    int year, month, day;
    const char *value;
} expected_value;

static void expect_values(fd_source *source, const expected_value *list, size_t n)
{
    const fd_frame *frame;

    assert_int_equal(source->ops->frame(source, "enterprise", &frame), 0);
    for (size_t i = 0; i < n; i++) {
        const expected_value *e = &list[i];
        fd_column *c;

        assert_int_equal(source->ops->attribute(source, "enterprise", e->attribute,
                                                fd_date_make(e->year, e->month, e->day), &c),
                         0);
        if (strcmp(fd_column_text_or(c, fd_frame_find(frame, uscc(1)), ""), e->value) != 0)
            fail_msg("%s on %d-%d-%d: %s", e->attribute, e->year, e->month, e->day,
                     fd_column_text_or(c, fd_frame_find(frame, uscc(1)), ""));
        fd_column_unref(c);
    }
}

static void a_firm_moves_on_the_day_that_is_written(void **state)
{
    static const expected_value moved[] = {
        { "county", 2024, 5, 31, "990501" },  { "county", 2024, 6, 1, "990502" },
        { "county", 2024, 12, 31, "990502" }, { "industry", 2024, 5, 31, "3110" },
        { "industry", 2024, 6, 1, "3130" },   { "above_scale", 2024, 6, 1, "是" },
    };
    world *w = *state;
    fd_reader *reader;

    put_city(w);
    import_with(w, FD_DATE_NONE, 8, 0);
    put(w, "企业名录_变更.csv",
        REGISTER ",变更日期\n"
                 "%1,东风钢铁有限公司,990502,3130,,2024-06-01\n"
                 "%2,西岭水泥有限公司,990502,3011,,\n");
    import_with(w, FD_DATE_NONE, 2, 0);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    expect_values(fd_reader_source(reader), moved, sizeof moved / sizeof *moved);
    assert_int_equal(output_of(w, fd_reader_source(reader), "990501", 5), 100);
    assert_int_equal(output_of(w, fd_reader_source(reader), "990502", 5), 7);
    assert_int_equal(output_of(w, fd_reader_source(reader), "990501", 6), 0);
    assert_int_equal(output_of(w, fd_reader_source(reader), "990502", 6), 128);
    fd_reader_close(reader);
}

/* Dated too late at first, sent again with the right day; and one whose day cannot be read. */
static void a_day_can_be_put_right(void **state)
{
    static const expected_value moved[] = {
        { "county", 2024, 3, 31, "990501" },
        { "county", 2024, 4, 1, "990502" },
        { "county", 2024, 12, 31, "990502" },
    };
    world *w = *state;
    fd_reader *reader;

    put_city(w);
    import_with(w, FD_DATE_NONE, 8, 0);
    put(w, "企业名录_变更.csv", REGISTER ",变更日期\n%1,东风钢铁有限公司,990502,,,2024-06-01\n");
    import_with(w, FD_DATE_NONE, 1, 0);
    put(w, "企业名录_变更.csv",
        REGISTER ",变更日期\n%1,东风钢铁有限公司,990502,,,2024年4月\n"
                 "%2,西岭水泥有限公司,990501,,,不久\n");
    import_with(w, FD_DATE_NONE, 1, 1);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    expect_values(fd_reader_source(reader), moved, sizeof moved / sizeof *moved);
    fd_reader_close(reader);
}

/* A register without such a column, and the day given with the call. */
static void a_day_for_the_whole_file(void **state)
{
    static const expected_value moved[] = {
        { "county", 2024, 6, 30, "990501" },
        { "county", 2024, 7, 1, "990502" },
        { "industry", 2024, 7, 1, "3110" },
    };
    world *w = *state;
    fd_reader *reader;

    put_city(w);
    import_with(w, FD_DATE_NONE, 8, 0);
    put(w, "企业名录_变更.csv",
        REGISTER "\n%1,东风钢铁有限公司,乙县,3110,2020-01-01\n"
                 "%3,新厂,甲县,2011,2024-08-01\n");
    import_with(w, fd_date_make(2024, 7, 1), 2, 0);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    expect_values(fd_reader_source(reader), moved, sizeof moved / sizeof *moved);
    fd_reader_close(reader);
}

int main(void)
{
#define CITY(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
    const struct CMUnitTest tests[] = { CITY(a_firm_moves_on_the_day_that_is_written),
                                        CITY(a_day_can_be_put_right),
                                        CITY(a_day_for_the_whole_file) };
#undef CITY

    return cmocka_run_group_tests_name("app: moves", tests, NULL, NULL);
}
