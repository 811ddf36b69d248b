/* Filling tables: what is not known leaves its cell missing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "table/put.h"

static void test_put(void **state)
{
    static const double values[] = { 1.5, 0, NAN, INFINITY, -INFINITY };
    const fd_number numbers[] = { fd_number_exact((fd_quot){ .num = 7, .den = 1 }),
                                  fd_number_estimate(7), fd_number_missing(), fd_number_na(),
                                  fd_number_missing() };
    fd_table *t = fd_table_new("t", "t", "t");

    (void)state;
    fd_table_add_new(t, "v", "v", "v", FD_EST, "", 0);
    fd_table_add_new(t, "n", "n", "n", FD_QUOT, "", 0);
    fd_table_add_new(t, "s", "s", "s", FD_TEXT, "", 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const size_t row = fd_table_add_row(t);

        fd_table__put_est(t, 0, row, values[i]);
        fd_table__put_exact(t, "n", row, numbers[i]);
        fd_table__put_text(t, "s", row, i == 0 ? "a" : i == 1 ? "" : NULL);
        assert_int_equal(fd_column_state(t->columns[0], row), i < 2 ? FD_HAS : FD_MISSING);
        assert_int_equal(fd_column_state(t->columns[1], row), i < 1 ? FD_HAS : FD_MISSING);
        assert_int_equal(fd_column_state(t->columns[2], row), i < 1 ? FD_HAS : FD_MISSING);
    }
    fd_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_put) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
