/* Who owes which return: every statistical form has its rule, and the rule follows the register. */
#include "import_world.h"

#include "fangding/measure.h"
#include "fangding/returns.h"

static bool is_owed(const fd_forms *forms, const char *id)
{
    for (size_t i = 0; i < fd_forms_count(forms); i++) {
        size_t count;
        const char *const *owed = fd_form_expects(fd_forms_at(forms, i), &count);

        for (size_t k = 0; k < count; k++)
            if (strcmp(owed[k], id) == 0)
                return true;
    }
    return false;
}

static void load_forms(fd_forms **forms, const world *w)
{
    fd_forms_options options = FD_FORMS_OPTIONS_INIT;
    fd_diags diags = FD_DIAGS_INIT;

    options.read_list = fd_import_read_list;
    assert_int_equal(fd_forms_load(forms, w->program, &options, &diags), 0);
    fd_diags_dispose(&diags);
}

/* What enterprises return by law is asked of those within its scope, not of everybody. */
static void each_statistical_form_says_who_owes_it(void **state)
{
    fd_forms *forms;
    size_t seen = 0;

    load_forms(&forms, *state);
    for (size_t i = 0; i < fd_forms_count(forms); i++) {
        const fd_form *form = fd_forms_at(forms, i);

        if (strcmp(fd_form_subject(form), "enterprise") != 0 ||
            strcmp(fd_form_origin(form), "statistical") != 0)
            continue;
        seen++;
        if (!is_owed(forms, fd_form_id(form)))
            fail_msg("nobody owes %s", fd_form_id(form));
    }
    assert_true(seen >= 8);
    fd_forms_free(forms);
}

static void put_register(const world *w)
{
    put(w, "县区名录.csv", "代码,名称\n990501,甲县\n");
    put(w, "企业名录.csv",
        "统一社会信用代码,企业名称,县区代码,规上起,规上止\n"
        "%1,规上厂,990501,2020-01-01,\n"
        "%2,小厂,990501,,\n"
        "%3,退出厂,990501,2019-01-01,2023-12-31\n");
}

/* Above scale: owes; below: does not; left at the end of 2023: owed until then. */
static void the_register_says_from_when_to_when(void **state)
{
    static const char *const forms[] = { "f205_1", "f107_1", "f107_2", "b203", "b103_1" };
    static const struct {
        int year;
        bool owes[3];
    } cases[] = { { 2018, { 0, 0, 0 } },
                  { 2019, { 0, 0, 1 } },
                  { 2020, { 1, 0, 1 } },
                  { 2023, { 1, 0, 1 } },
                  { 2024, { 1, 0, 0 } } };
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_reader *reader;
    fd_source *source;
    const fd_frame *frame;
    world *w = *state;

    put_register(w);
    options.timestamp = "2025-01-15T00:00:00Z";
    import(w, &report, &options);
    fd_import_report_dispose(&report);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    source = fd_reader_source(reader);
    assert_int_equal(source->ops->frame(source, "enterprise", &frame), 0);
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
            char attribute[64];
            fd_column *c;

            snprintf(attribute, sizeof attribute, "expects:%s", forms[f]);
            assert_int_equal(source->ops->attribute(source, "enterprise", attribute,
                                                    fd_date_make(cases[k].year, 12, 31), &c),
                             0);
            for (int i = 0; i < 3; i++) {
                const size_t at = fd_frame_find(frame, uscc(i + 1));

                if ((fd_text_truth(fd_column_text(c, at)) == FD_TRUE) != cases[k].owes[i])
                    fail_msg("%s %d firm %d", forms[f], cases[k].year, i);
            }
            fd_column_unref(c);
        }
    fd_reader_close(reader);
}

/* Firms that stopped are counted among those that the dispatch table is sent to. */
static void only_those_asked_are_counted(void **state)
{
    static const struct {
        const char *id;
        uint32_t n, expected;
    } cases[] = { { "stopped_count", 1, 1 }, { "slowed_count", 0, 1 } };
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_reader *reader;
    world *w = *state;

    put_register(w);
    put(w, "2024-05/调度表.csv",
        "统一社会信用代码,生产经营状态,工业总产值(万元);本月\n%1,停产,0\n");
    options.timestamp = "2025-01-15T00:00:00Z";
    import(w, &report, &options);
    assert_int_equal(report.rejected, 0);
    fd_import_report_dispose(&report);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_measured m;

        assert_int_equal(fd_measure_one(&m, w->program, fd_reader_source(reader),
                                        fd_program_indicator(w->program, cases[i].id),
                                        fd_period_cumulative(2024, 5), NULL),
                         0);
        assert_int_equal(m.n, cases[i].n);
        assert_int_equal(m.expected, cases[i].expected);
        assert_int_equal(m.reported, 1);
    }
    fd_reader_close(reader);
}

int main(void)
{
#define CITY(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
    const struct CMUnitTest tests[] = { CITY(each_statistical_form_says_who_owes_it),
                                        CITY(the_register_says_from_when_to_when),
                                        CITY(only_those_asked_are_counted) };
#undef CITY

    return cmocka_run_group_tests(tests, NULL, NULL);
}
