/*
 * Every shipped indicator on a city that has subjects and not one figure: nothing fails, nothing is
 * zero where it should be missing, and why still walks.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fangding/measure.h"
#include "load_program.h"
#include "mock_source.h"

static const char *const files[] = {
    "units.ding",  "data.ding", "classes.ding", "indicators.ding", "targets.ding",
    "lights.ding", NULL
};

static fd_source *empty_city(void)
{
    static const char *const kinds[] = { "enterprise", "county", "division", "project", "chain" };
    fd_source *s = mock_source_new();

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        mock_frame(s, kinds[i], 2, NULL, NULL);
    mock_frame(s, "city", 1, NULL, NULL);
    mock_attribute(s, "enterprise", "county", (const char *[]){ "K1", "K2" });
    mock_attribute(s, "enterprise", "above_scale", (const char *[]){ "是", "是" });
    mock_attribute(s, "project", "project_county", (const char *[]){ "K1", "K2" });
    return s;
}

static void test_all(void **state)
{
    loaded l = load_program(files, NULL);
    fd_source *s = empty_city();
    fd_period periods[] = { fd_period_year(2024), fd_period_cumulative(2024, 12) };
    const char *by[] = { "county" };
    const fd_decl *d;

    (void)state;
    for (size_t i = 0; (d = fd_program_decl(l.program, FD_DECL_INDICATOR, i)); i++) {
        const fd_indicator *x = fd_program_indicator(l.program, d->alias);

        for (size_t dims = 0; dims < 2; dims++) {
            fd_measure_options o = FD_MEASURE_OPTIONS_INIT;
            const fd_column *value;
            fd_table *t;

            o.by = by;
            o.by_count = dims;
            if (fd_measure(&t, l.program, s, &x, 1, periods, 2, &o) < 0)
                fail_msg("%s: %s", d->alias, fd_error_last()->message[FD_EN]);
            value = t->columns[fd_table_find(t, "value")];
            for (size_t row = 0; row < t->rows; row++)
                if (fd_column_state(value, row) == FD_HAS && strcmp(d->alias, "firm_count") != 0 &&
                    strstr(d->alias, "coverage") == NULL)
                    fail_msg("%s has a value although nothing was reported", d->alias);
            fd_table_free(t);
        }
        for (size_t p = 0; p < 2; p++) {
            fd_why_options o = FD_WHY_OPTIONS_INIT;
            fd_table *t;

            if (fd_measure_why(&t, l.program, s, x, periods[p], &o) < 0)
                fail_msg("why %s: %s", d->alias, fd_error_last()->message[FD_EN]);
            assert_true(t->rows >= 1);
            fd_table_free(t);
        }
    }
    mock_source_free(s);
    load_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_all) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
