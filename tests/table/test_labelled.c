/* A matrix with names: what it reads, refuses and gives back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "fangding/error.h"
#include "table/labelled.h"

static fd_table *square(void)
{
    static const char *const codes[] = { "01", "02" };
    fd_table *t = fd_table_new("z", "流量", "flows");
    fd_column *code = fd_column_new("code", FD_TEXT, "", 0, 2);

    for (size_t r = 0; r < 2; r++)
        fd_column_set_text(code, r, codes[r]);
    fd_table_add(t, code);
    for (size_t j = 0; j < 2; j++) {
        fd_column *c = fd_table_add_new(t, codes[j], codes[j], codes[j], FD_EST, "", 12);

        for (size_t r = 0; r < 2; r++)
            fd_column_set_est(c, r, (double)(10 * r + j));
    }
    return t;
}

static void reads_and_gives_back(void **state)
{
    fd_table *t = square(), *again;
    fd_labelled m;

    (void)state;
    assert_int_equal(fd_labelled_read(&m, t), 0);
    assert_int_equal(m.rows, 2);
    assert_string_equal(m.row[1], "02");
    assert_string_equal(m.corner, "code");
    assert_true(m.v[1 * 2 + 1] == 11);
    assert_int_equal(fd_labelled_find(m.column, m.columns, "02"), 1);
    assert_int_equal(fd_labelled_find(m.column, m.columns, "03"), -1);
    again = fd_labelled_table(&m, "z", "流量", "flows");
    assert_string_equal(again->columns[2]->id, "02");
    assert_true(again->columns[1]->v.est[1] == 10);
    fd_table_free(again);
    fd_labelled_dispose(&m);
    fd_table_free(t);
}

static void refuses_what_is_missing_or_said_twice(void **state)
{
    fd_table *t = square();
    fd_labelled m;

    (void)state;
    fd_column_set_state(t->columns[2], 0, FD_MISSING);
    assert_int_equal(fd_labelled_read(&m, t), FD_EINVAL);
    fd_column_set_est(t->columns[2], 0, 1);
    fd_column_set_text(t->columns[0], 1, "01");
    assert_int_equal(fd_labelled_read(&m, t), FD_EINVAL);
    fd_column_set_state(t->columns[0], 1, FD_MISSING);
    assert_int_equal(fd_labelled_read(&m, t), FD_EINVAL);
    fd_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_gives_back),
        cmocka_unit_test(refuses_what_is_missing_or_said_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
