/*
 * Matrices with codes out of files, also packed ones, and files that want more than they are.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "fangding/arena.h"
#include "io/csvmatrix.h"
#include "io/csvtable.h"
#include "io/gzip.h"
#include "io/rows.h"

static char path[128];

static int setup(void **state)
{
    const char *base = getenv("TMPDIR");
    int fd;

    (void)state;
    snprintf(path, sizeof path, "%.80s/fdmatrixXXXXXX", base ? base : P_tmpdir);
    fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    return unlink(path);
}

static void put(const char *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static size_t pack(unsigned char *to, size_t room, const char *text, size_t n)
{
    z_stream z = { 0 };

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)text;
    z.avail_in = (uInt)n;
    z.next_out = to;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(deflateEnd(&z), Z_OK);
    return room - z.avail_out;
}

static const char good[] = "code,01,02\n01, 1.5,-2e3\n02,0,1234567890123456789012\n03,.5,7\n";

static void check_good(void)
{
    fd_labelled m;

    assert_int_equal(fd_csv_matrix(&m, path), 0);
    assert_int_equal(m.rows, 3);
    assert_int_equal(m.columns, 2);
    assert_string_equal(m.corner, "code");
    assert_string_equal(m.row[2], "03");
    assert_string_equal(m.column[1], "02");
    assert_true(m.v[0] == 1.5 && m.v[1] == -2000 && m.v[3] == 1234567890123456789012.0 &&
                m.v[4] == 0.5);
    fd_labelled_dispose(&m);
}

static void plain_and_packed(void **state)
{
    unsigned char packed[512];
    size_t first, n = sizeof good - 1;
    fd_labelled m;

    (void)state;
    put(good, n);
    check_good();
    n = pack(packed, sizeof packed, good, n);
    put((char *)packed, n);
    check_good();
    assert_int_equal(fd_csv_matrix_memory(&m, packed, n, "packed"), 0);
    assert_true(m.rows == 3 && m.v[1] == -2000);
    fd_labelled_dispose(&m);
    assert_int_equal(fd_csv_matrix_memory(&m, packed, n - 4, "packed"), FD_EFORMAT);
    /* Two members, one after the other, are one file. */
    first = pack(packed, sizeof packed, good, 20);
    n = first + pack(packed + first, sizeof packed - first, good + 20, sizeof good - 21);
    put((char *)packed, n);
    check_good();
}

static void broken(void **state)
{
    static const struct {
        const char *text;
        int code;
        long row, column;
    } cases[] = {
        { "", FD_EFORMAT, 0, 0 },
        { "code,a,b\nx,1\n", FD_EFORMAT, 2, 0 },
        { "code,a,b\nx,1,2,3\n", FD_EFORMAT, 2, 0 },
        { "code,a,b\nx,1,\n", FD_EFORMAT, 2, 3 },
        { "code,a,b\nx,1,y\n", FD_EFORMAT, 2, 3 },
        { "code,a,b\nx,1,inf\n", FD_EFORMAT, 2, 3 },
        { "code,a,b\nx,1,1e999\n", FD_EFORMAT, 2, 3 },
        { "code,a,a\nx,1,2\n", FD_EFORMAT, 1, 3 },
        { "code,a,\nx,1,2\n", FD_EFORMAT, 1, 3 },
        { "code,a\nx,1\nx,2\n", FD_EFORMAT, 3, 1 },
        { "code,a\nx,1\n ,2\n", FD_EFORMAT, 3, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_labelled m;

        put(cases[i].text, strlen(cases[i].text));
        assert_int_equal(fd_csv_matrix(&m, path), cases[i].code);
        assert_null(m.v);
        if (cases[i].row)
            assert_int_equal(fd_error_last()->row, cases[i].row);
        if (cases[i].column)
            assert_int_equal(fd_error_last()->column, cases[i].column);
    }
    assert_int_equal(fd_csv_matrix(&(fd_labelled){ 0 }, "no such file"), FD_ENOTFOUND);
}

/* Files that are cut short, changed, or unpack into far more than they are. */
static void packed_badly(void **state)
{
    const size_t much = (size_t)32 << 20;
    unsigned char packed[65536];
    char *zeros = fd_alloc(much);
    fd_rows_options o = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows;
    size_t n;

    (void)state;
    n = pack(packed, sizeof packed, good, sizeof good - 1);
    put((char *)packed, n - 9);
    assert_int_equal(fd_csv_matrix(&(fd_labelled){ 0 }, path), FD_EFORMAT);
    packed[n / 2] ^= 0x55;
    put((char *)packed, n);
    assert_int_equal(fd_csv_matrix(&(fd_labelled){ 0 }, path), FD_EFORMAT);
    put((char *)packed, 3);
    assert_int_equal(fd_csv_matrix(&(fd_labelled){ 0 }, path), FD_EFORMAT);
    memset(zeros, '0', much);
    n = pack(packed, sizeof packed, zeros, much);
    put((char *)packed, n);
    assert_int_equal(fd_rows_open(&rows, path, &o), FD_ELIMIT); /* 1 : 1,000 */
    o.max_ratio = 100000;
    o.max_inflated = 1 << 20;
    assert_int_equal(fd_rows_open(&rows, path, &o), FD_ELIMIT);
    free(zeros);
}

/* The short way of reading a number gives what strtod gives. */
static void numbers(void **state)
{
    static const char *const texts[] = { "0",
                                         "-0",
                                         "1",
                                         "+7",
                                         "3.14159265358979",
                                         ".5",
                                         "5.",
                                         "1112669180",
                                         "2.40559698e-05",
                                         "0.000131078234",
                                         "9007199254740993",
                                         "9007199254740992",
                                         "0.1",
                                         "123456789012345678",
                                         "1234567890123456789",
                                         "0.123456789012345678",
                                         "8.41000000000000014",
                                         "1e22",
                                         "72057594037927945",
                                         "0.3000000000000000444" };
    static const char *const wrong[] = { "",     "-",   ".",   "+.", "1.2.3", "1,5",
                                         "0x10", "nan", "--1", "1e", "1 2" };
    uint64_t seed = 3;
    char text[64];
    double v;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const double expected = strtod(texts[i], NULL);

        assert_true(fd_csv_number(&v, texts[i], strlen(texts[i])));
        assert_memory_equal(&v, &expected, sizeof v);
    }
    for (size_t i = 0; i < 20000; i++) {
        double expected;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        snprintf(text, sizeof text, "%s%.*f", seed & 1 ? "-" : "", (int)(seed >> 8 & 15),
                 (double)(seed >> 20) / (double)(1u << (seed >> 12 & 31)));
        expected = strtod(text, NULL);
        assert_true(fd_csv_number(&v, text, strlen(text)));
        assert_memory_equal(&v, &expected, sizeof v);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(fd_csv_number(&v, wrong[i], strlen(wrong[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_and_packed),
        cmocka_unit_test(broken),
        cmocka_unit_test(packed_badly),
        cmocka_unit_test(numbers),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
