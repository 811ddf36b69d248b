/*
 * Input–output analysis of tables that are hardly tables, and of some that are none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/io_build.h"

static void sector_without_output(void **state)
{
    static const double z[] = { 20, 30, 0, 10, 40, 0, 0, 0, 0 }, y[] = { 50, 50, 0 };
    fd_io_tables t = { .z = matrix(3, 3, z, "s", "s"), .y = matrix(3, 1, y, "s", "f") };
    fd_io *io = open_tables(&t, NULL);
    fd_table *s, *g, *h;

    (void)state;
    assert_int_equal(fd_io_sectors(&s, io, NULL, 0), 0);
    near(cell(s, "output_multiplier", 2), 1, 0);
    near(cell(s, "va_multiplier", 2), 0, 0);
    near(cell(s, "hem_full", 2), 0, 0);
    assert_int_equal(fd_column_state(s->columns[fd_table_find(s, "va_type1_ratio")], 2),
                     FD_MISSING);
    assert_int_equal(fd_io_matrix_table(&g, io, FD_IO_G), 0);
    near(cell(g, "s3", 2), 1, 0);
    near(cell(g, "s1", 2), 0, 0);
    assert_int_equal(fd_io_extract(&h, io, 1), 0);
    near(cell(h, "full", 2), 0, 0);
    fd_table_free(s);
    fd_table_free(g);
    fd_table_free(h);
    fd_io_free(io);
}

static void one_sector(void **state)
{
    static const double z[] = { 40 }, y[] = { 60 };
    fd_io_tables t = { .z = matrix(1, 1, z, "s", "s"), .y = matrix(1, 1, y, "s", "f") };
    fd_io *io = open_tables(&t, NULL);
    fd_io_path_options o = { .factor = "output", .count = 3 };
    fd_table *s, *h, *p;

    (void)state;
    assert_int_equal(fd_io_sectors(&s, io, NULL, 0), 0);
    near(cell(s, "output_multiplier", 0), 1 / 0.6, 1e-15);
    near(cell(s, "power_of_dispersion", 0), 1, 1e-15);
    assert_int_equal(fd_column_state(s->columns[fd_table_find(s, "cv_backward")], 0), FD_MISSING);
    assert_int_equal(fd_io_extract(&h, io, 1), 0);
    near(cell(h, "full", 0), 100, 1e-13); /* nothing is left */
    assert_int_equal(fd_io_paths(&p, io, &o), 0);
    near(cell(p, "value", 0), 60, 1e-15);
    near(cell(p, "value", 2), 60 * 0.16, 1e-14);
    fd_table_free(s);
    fd_table_free(h);
    fd_table_free(p);
    fd_io_free(io);
}

/* Two economies in one table do not meet. */
static void disconnected(void **state)
{
    static const double z[] = { 10, 20, 0, 0, 30, 10, 0, 0, 0, 0, 5, 15, 0, 0, 25, 5 };
    static const double y[] = { 70, 60, 80, 70 };
    fd_io_tables t = { .z = matrix(4, 4, z, "s", "s"), .y = matrix(4, 1, y, "s", "f") };
    fd_io *io = open_tables(&t, NULL);
    fd_table *l, *h;

    (void)state;
    assert_int_equal(fd_io_matrix_table(&l, io, FD_IO_L), 0);
    for (size_t i = 0; i < 2; i++) {
        near(cell(l, "s3", i), 0, 0);
        near(cell(l, "s1", i + 2), 0, 0);
    }
    assert_int_equal(fd_io_extract_group(&h, io, (const char *const[]){ "s1", "s2" }, 2, false), 0);
    near(cell(h, "output_loss", 2), 0, 1e-14);
    fd_table_free(l);
    fd_table_free(h);
    fd_io_free(io);
}

static void refused(fd_io_tables *t, int code, const char *word_in_it)
{
    const fd_io_options options = FD_IO_OPTIONS_INIT;
    fd_io *io = (fd_io *)(uintptr_t)1;

    assert_int_equal(fd_io_new(&io, t, &options), code);
    assert_null(io);
    if (!strstr(fd_error_last()->message[FD_EN], word_in_it))
        fail_msg("%s", fd_error_last()->message[FD_EN]);
}

static void bad_tables(void **state)
{
    static const double z[] = { 20, 30, 10, 40 }, y[] = { 50, 50 }, x[] = { 100, 100 };
    static const double more[] = { 60, 70, 70, 80 }, less[] = { -20, -30 };
    static const double off[] = { 100, 103 }, none[] = { 100, 0 }, short_va[] = { 70, 20 };
    static const double nan_y[] = { 50, NAN };
    fd_io_tables t;

    (void)state;
    t = (fd_io_tables){ .z = matrix(2, 2, z, "s", "s"), .y = matrix(2, 1, y, "q", "f") };
    refused(&t, FD_EINVAL, "s1");
    t = (fd_io_tables){ .z = matrix(2, 2, z, "s", "s") };
    refused(&t, FD_EINVAL, "output is not known");
    t = (fd_io_tables){ .z = matrix(2, 2, z, "s", "s"), .y = matrix(2, 1, nan_y, "s", "f") };
    refused(&t, FD_EINVAL, "not finite");
    t = (fd_io_tables){ .z = matrix(2, 2, z, "s", "s"),
                        .y = matrix(2, 1, y, "s", "f"),
                        .output = matrix(2, 1, off, "s", "x") };
    refused(&t, FD_ECONFLICT, "row of sector s2");
    t = (fd_io_tables){ .z = matrix(2, 2, z, "s", "s"),
                        .output = matrix(2, 1, x, "s", "x"),
                        .value_added = matrix(1, 2, short_va, "VA", "s") };
    refused(&t, FD_ECONFLICT, "column of sector s2");
    t = (fd_io_tables){ .z = matrix(2, 2, z, "s", "s"), .output = matrix(2, 1, none, "s", "x") };
    refused(&t, FD_EINVAL, "s2 has no output");
    t = (fd_io_tables){ .z = matrix(2, 2, more, "s", "s"), .y = matrix(2, 1, less, "s", "f") };
    refused(&t, FD_EINFEASIBLE, "spectral radius");
    {
        /* Also where nothing would be inverted. */
        fd_io_options large = FD_IO_OPTIONS_INIT;
        fd_io *io;

        large.dense_order = 0;
        t = (fd_io_tables){ .z = matrix(2, 2, more, "s", "s"), .y = matrix(2, 1, less, "s", "f") };
        assert_int_equal(fd_io_new(&io, &t, &large), FD_EINFEASIBLE);
    }
    t = (fd_io_tables){ 0 };
    refused(&t, FD_EINVAL, "empty");
}

/* A column that spends more than it makes is a warning while the whole is still productive. */
static void spends_all(void **state)
{
    static const double z[] = { 0, 110, 1, 0 }, y[] = { 90, 99 };
    fd_io_tables t = { .z = matrix(2, 2, z, "s", "s"), .y = matrix(2, 1, y, "s", "f") };
    fd_io *io = open_tables(&t, NULL);
    fd_table *l;
    bool warned = false;

    (void)state;
    assert_true(io->column_sum_high);
    assert_int_equal(fd_io_matrix_table(&l, io, FD_IO_L), 0);
    for (size_t i = 0; i < l->note_count; i++)
        warned |= strstr(l->notes[FD_EN][i], "column sum") != NULL;
    assert_true(warned);
    fd_table_free(l);
    fd_io_free(io);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sector_without_output),
        cmocka_unit_test(one_sector),
        cmocka_unit_test(disconnected),
        cmocka_unit_test(bad_tables),
        cmocka_unit_test(spends_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
