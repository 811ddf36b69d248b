/*
 * Free MPS: what each section means, what is refused and where, and that writing and reading give
 * the same program.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solve/mps.h"

static fd_model *read_good(const char *text)
{
    fd_model *model = NULL;

    assert_int_equal(fd_mps_read(&model, text, strlen(text), "t.mps"), 0);
    assert_non_null(model);
    return model;
}

static const char everything[] =
    "* a comment\n"
    "NAME all\n"
    "OBJSENSE\n    MAX\n"
    "ROWS\n N cost\n N other\n L l1\n G g1\n E e1\n E e2\n L l2\n"
    "COLUMNS\n"
    " x cost 1 l1 2\n x g1 3\n"
    " M1 'MARKER' 'INTORG'\n"
    " y e1 1 e2 -1.5e-3\n y other 7\n"
    " M2 'MARKER' 'INTEND'\n"
    " z l2 1\n u l2 1\n v l2 1\n w l2 1\n b l2 1\n n l2 1\n"
    "RHS\n RHS cost -5 l1 10\n RHS g1 1 e1 4\n RHS e2 6\n OTHER l1 99\n"
    "RANGES\n RNG l1 3 g1 2\n RNG e1 2 e2 -1\n"
    "BOUNDS\n UP BND x 8\n LI BND y 2\n UI BND y 9\n FR BND z\n MI BND u\n"
    " FX BND v -3\n PL BND w\n BV BND b\n UP BND n -2\n"
    "ENDATA\n";

static void sections_mean_what_they_say(void **state)
{
    static const struct {
        const char *name;
        double lower, upper;
    } rows[] = { { "l1", 7, 10 },
                 { "g1", 1, 3 },
                 { "e1", 4, 6 },
                 { "e2", 5, 6 },
                 { "l2", -HUGE_VAL, 0 } },
      columns[] = { { "x", 0, 8 },
                    { "y", 2, 9 },
                    { "z", -HUGE_VAL, HUGE_VAL },
                    { "u", -HUGE_VAL, HUGE_VAL },
                    { "v", -3, -3 },
                    { "w", 0, HUGE_VAL },
                    { "b", 0, 1 },
                    { "n", -HUGE_VAL, -2 } };
    fd_model *m = read_good(everything);

    (void)state;
    assert_true(m->maximize);
    assert_string_equal(m->name, "all");
    assert_true(m->constant == 5);
    assert_int_equal(m->row_count, 5);
    assert_int_equal(m->column_count, 8);
    for (size_t r = 0; r < 5; r++) {
        assert_string_equal(m->rows[r].name, rows[r].name);
        assert_true(m->rows[r].lower == rows[r].lower && m->rows[r].upper == rows[r].upper);
    }
    for (size_t c = 0; c < 8; c++) {
        assert_string_equal(m->columns[c].name, columns[c].name);
        assert_true(m->columns[c].lower == columns[c].lower &&
                    m->columns[c].upper == columns[c].upper);
    }
    assert_true(m->columns[1].integer && m->columns[6].integer && !m->columns[0].integer);
    assert_int_equal(m->integers, 2);
    assert_true(*fd_model_at(m, 3, 1) == -1.5e-3);
    assert_null(fd_model_at(m, 0, 1));
    fd_model_free(m);
}

static void assert_same(const fd_model *a, const fd_model *b)
{
    assert_int_equal(a->row_count, b->row_count);
    assert_int_equal(a->column_count, b->column_count);
    assert_int_equal(a->entry_count, b->entry_count);
    assert_int_equal(a->maximize, b->maximize);
    assert_true(a->constant == b->constant);
    for (size_t r = 0; r < a->row_count; r++) {
        assert_string_equal(a->rows[r].name, b->rows[r].name);
        assert_true(a->rows[r].lower == b->rows[r].lower && a->rows[r].upper == b->rows[r].upper);
    }
    for (size_t c = 0; c < a->column_count; c++) {
        assert_string_equal(a->columns[c].name, b->columns[c].name);
        assert_true(a->columns[c].objective == b->columns[c].objective);
        assert_true(a->columns[c].lower == b->columns[c].lower &&
                    a->columns[c].upper == b->columns[c].upper);
        assert_int_equal(a->columns[c].integer, b->columns[c].integer);
    }
    for (size_t i = 0; i < a->entry_count; i++) {
        assert_int_equal(a->entries[i].row, b->entries[i].row);
        assert_int_equal(a->entries[i].column, b->entries[i].column);
        assert_true(a->entries[i].value == b->entries[i].value);
    }
}

static void writing_and_reading_give_the_same(void **state)
{
    fd_model *first = read_good(everything), *second;
    fd_buf text = FD_BUF_INIT;

    (void)state;
    assert_int_equal(fd_mps_write(&text, first), 0);
    second = read_good(fd_buf_text(&text));
    assert_same(first, second);
    fd_model_free(first);
    fd_model_free(second);
    fd_buf_dispose(&text);
}

static void no_number_loses_a_bit(void **state)
{
    static const double values[] = { 1.0 / 3, 2e-300, 1.7976931348623157e308, 0.1,
                                     -123456789.123456789 };
    fd_model *m = fd_model_new("bits"), *back;
    fd_buf text = FD_BUF_INIT;
    size_t row, column;

    (void)state;
    assert_int_equal(fd_model_add_row(m, &row, "r", -1.0 / 7, 1.0 / 7), 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char name[8];

        snprintf(name, sizeof name, "c%zu", i);
        assert_int_equal(fd_model_add_column(m, &column, name, values[i] / 2, -1.0 / 9, 1.0 / 11,
                                             i % 2 == 0),
                         0);
        fd_model_put(m, row, column, values[i]);
    }
    assert_int_equal(fd_model_finish(m), 0);
    assert_int_equal(fd_mps_write(&text, m), 0);
    back = read_good(fd_buf_text(&text));
    for (size_t i = 0; i < m->entry_count; i++)
        assert_true(back->entries[i].value == m->entries[i].value);
    for (size_t c = 0; c < m->column_count; c++)
        assert_true(back->columns[c].lower == -1.0 / 9 && back->columns[c].upper == 1.0 / 11);
    fd_model_free(m);
    fd_model_free(back);
    fd_buf_dispose(&text);
}

#define HEAD "NAME t\nROWS\n N o\n L r\nCOLUMNS\n"

static void what_is_wrong_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        int code;
        long line;
    } cases[] = {
        { "", FD_EPARSE, 0 },
        { "hello\n", FD_EPARSE, 1 },
        { "NAME t\nROWS\n Q r\n", FD_EPARSE, 3 },
        { "NAME t\nROWS\n L r\n L r\n", FD_EEXISTS, 4 },
        { "NAME t\nROWS\n L r one\n", FD_EPARSE, 3 },
        { HEAD " x r\n", FD_EPARSE, 6 },
        { HEAD " my x r 1\n", FD_EPARSE, 6 },
        { HEAD " x nowhere 1\n", FD_EPARSE, 6 },
        { HEAD " x r 1e\n", FD_EPARSE, 6 },
        { HEAD " x r nan\n", FD_EPARSE, 6 },
        { HEAD " x r 1\n y r 1\n x o 1\n", FD_EEXISTS, 8 },
        { HEAD " x r 1 r 2\nENDATA\n", FD_EEXISTS, 6 },
        { HEAD " x r 1\n x o 2\n x r 3\nENDATA\n", FD_EEXISTS, 8 },
        { HEAD " x o 1 o 2\nENDATA\n", FD_EEXISTS, 6 },
        { HEAD " x r 1\nRHS\n B r 1\n B r 2\nENDATA\n", FD_EEXISTS, 9 },
        { HEAD " x r 1\nRANGES\n B r 1\n B r 2\nENDATA\n", FD_EEXISTS, 9 },
        { HEAD " x r 1\nRHS\n RHS q 1\n", FD_EPARSE, 8 },
        { HEAD " x r 1\nBOUNDS\n UP BND q 1\n", FD_EPARSE, 8 },
        { HEAD " x r 1\nBOUNDS\n SC BND x 1\n", FD_EPARSE, 8 },
        { HEAD " x r 1\nBOUNDS\n UP x\n", FD_EPARSE, 8 },
        { HEAD " x r 1\nQUADOBJ\n x x 1\n", FD_EPARSE, 7 },
        { HEAD " x r 1\nROWS\n", FD_EPARSE, 7 },
        { HEAD " x r 1\n", FD_EPARSE, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_model *m = NULL;
        int err = fd_mps_read(&m, cases[i].text, strlen(cases[i].text), "t.mps");

        if (err != cases[i].code)
            fail_msg("case %zu: %d", i, err);
        assert_null(m);
        assert_string_equal(fd_error_last()->file, "t.mps");
        if (cases[i].line && fd_error_last()->row != cases[i].line)
            fail_msg("case %zu: line %ld", i, fd_error_last()->row);
    }
}

/* $ begins a remark, or a name; a line without the name of a set belongs to the one that is read.
 */
static void dollars_and_sets(void **state)
{
    static const char text[] =
        "NAME t\nROWS $ the rows\n N o\n L $r\n G s\nCOLUMNS\n $x $r 1 s 2 $ both\n y s 1 $ one\n"
        "RHS\n B $r 4\n s 1\n other s 9\nBOUNDS\n UP B $x 7\n UP y 5\nENDATA\n";
    fd_model *m = NULL;

    (void)state;
    assert_int_equal(fd_mps_read(&m, text, strlen(text), "t.mps"), 0);
    assert_true(m->rows[0].upper == 4 && m->rows[1].lower == 1);
    assert_true(m->columns[0].upper == 7 && m->columns[1].upper == 5);
    assert_int_equal(m->entry_count, 3);
    fd_model_free(m);
}

static void names_with_blanks_are_not_written(void **state)
{
    fd_model *m = fd_model_new("t");
    fd_buf text = FD_BUF_INIT;

    (void)state;
    assert_int_equal(fd_model_add_row(m, NULL, "a row", 0, 1), 0);
    assert_int_equal(fd_model_finish(m), 0);
    assert_int_equal(fd_mps_write(&text, m), FD_EINVAL);
    fd_model_free(m);
    fd_buf_dispose(&text);
}

/* Any prefix of a good file, and any file with one byte changed, is read or refused. */
static void damaged_files_never_crash(void **state)
{
    size_t length = strlen(everything);
    char *copy = malloc(length + 1);

    (void)state;
    for (size_t n = 0; n < length; n++) {
        fd_model *m = NULL;

        if (fd_mps_read(&m, everything, n, NULL) == 0)
            fd_model_free(m);
        memcpy(copy, everything, length + 1);
        copy[n] = (char)("\0 \n-9'Zx"[n % 8]);
        if (fd_mps_read(&m, copy, length, NULL) == 0)
            fd_model_free(m);
    }
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_mean_what_they_say),
        cmocka_unit_test(writing_and_reading_give_the_same),
        cmocka_unit_test(no_number_loses_a_bit),
        cmocka_unit_test(what_is_wrong_is_refused_with_its_line),
        cmocka_unit_test(dollars_and_sets),
        cmocka_unit_test(names_with_blanks_are_not_written),
        cmocka_unit_test(damaged_files_never_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
