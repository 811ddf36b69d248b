/*
 * The verbs io …: which files they find, the table that is built in, names, balance, and what a
 * server does not read.
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
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "fangding/arena.h"
#include "fangding/verbs.h"

#define FILES 6
static const char *const files[FILES] = { "Z_domestic.csv.gz", "Y_domestic.csv",  "output.csv",
                                          "sectors.csv",       "value_added.csv", "imports.csv" };
static char folder[128], home[1024];

static void put(const char *name, const char *text)
{
    FILE *f = fopen(name, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
}

/* Invented; the second row is 2 % short of its output. */
static int setup(void **state)
{
    static const char z[] = "code,01,02\n01,20,30\n02,10,38\n";
    const char *base = getenv("TMPDIR");
    gzFile packed;

    (void)state;
    assert_non_null(getcwd(home, sizeof home));
    snprintf(folder, sizeof folder, "%.80s/fdioXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    packed = gzopen(files[0], "wb");
    assert_int_equal(gzwrite(packed, z, sizeof z - 1), sizeof z - 1);
    assert_int_equal(gzclose(packed), Z_OK);
    put(files[1], "code,TC,EX\n02,40,10\n01,30,20\n"); /* another order */
    put(files[2], "code,x\n01,100\n02,100\n");
    put(files[3], "code,name_en,name_zh\n01,Farms,农业\n02,Works,工业\n");
    put(files[4], "code,01,02\nVA001,70,32\n");
    put(files[5], "code,IM\n01,50\n02,50\n"); /* not to be taken out of a domestic table */
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++)
        (void)unlink(files[i]);
    assert_int_equal(chdir(home), 0);
    return rmdir(folder);
}

/* Run "io NAME" with pairs of parameter and value, the last of which is NULL. */
static int ask(fd_result *result, const fd_scope *scope, const char *name, ...)
{
    const fd_verb *verb = fd_verb_find(name);
    fd_arena *arena = fd_arena_new();
    fd_call call = { .verb = verb, .arena = arena, .role = FD_ROLE_INDUSTRY, .scope = scope };
    const char *param;
    va_list args;
    int err;

    assert_non_null(verb);
    memset(result, 0, sizeof *result);
    call.values = fd_arena_alloc(arena, verb->param_count * sizeof *call.values);
    va_start(args, name);
    while ((param = va_arg(args, const char *)))
        call.values[fd_call_index(&call, param)] = va_arg(args, const char *);
    va_end(args);
    err = fd_call_run(&call, result);
    fd_arena_free(arena);
    return err;
}

static double cell(const fd_result *r, const char *column, size_t row)
{
    const int at = fd_table_find(r->tables[0], column);

    assert_true(at >= 0);
    return r->tables[0]->columns[at]->v.est[row];
}

static void balance(void **state)
{
    fd_result r;

    (void)state;
    assert_int_equal(ask(&r, NULL, "io leontief", NULL), FD_ECONFLICT);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "row of sector 02"));
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io leontief", "imbalance", "2.5", NULL), 0);
    assert_true(fabs(cell(&r, "01", 0) - 0.62 / (0.8 * 0.62 - 0.03)) < 1e-14);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io leontief", "imbalance", "much", NULL), FD_EINVAL);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io balance", NULL), 0);
    assert_int_equal(r.exit_code, 1);
    assert_string_equal(fd_column_text(r.tables[0]->columns[0], 0), "02");
    assert_true(fabs(cell(&r, "difference", 0) - 2) < 1e-12);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io balance", "imbalance", "5", NULL), 0);
    assert_int_equal(r.exit_code, 0);
    fd_result_dispose(&r);
}

static void names(void **state)
{
    fd_result r;

    (void)state;
    assert_int_equal(
        ask(&r, NULL, "io multipliers", "imbalance", "any", "names", "1", "dir", folder, NULL), 0);
    assert_string_equal(r.tables[0]->columns[1]->id, "name");
    assert_string_equal(fd_column_text(r.tables[0]->columns[1], 1), "工业");
    fd_result_dispose(&r);
}

/* China 2020 as it is built in: it balances, and its identities hold. */
static void built_in(void **state)
{
    double power = 0;
    fd_result r;

    (void)state;
    assert_int_equal(ask(&r, NULL, "io multipliers", "table", "cn2020", NULL), 0);
    assert_int_equal(r.tables[0]->rows, 42);
    for (size_t i = 0; i < 42; i++)
        assert_true(fabs(cell(&r, "va_plus_import", i) - 1) < 1e-7);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io sectors", "table", "cn2020", "names", "1", NULL), 0);
    for (size_t i = 0; i < 42; i++) {
        assert_non_null(fd_column_text(r.tables[0]->columns[1], i));
        power += cell(&r, "power_of_dispersion", i) / 42;
    }
    assert_true(fabs(power - 1) < 1e-12);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io balance", "table", "cn2020", NULL), 0);
    assert_int_equal(r.exit_code, 0);
    assert_true(fabs(cell(&r, "weight", 0)) < 1e-6);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io sectors", "table", "../../trace", NULL), FD_ENOTFOUND);
    fd_result_dispose(&r);
}

/* Whoever asks a server gets no folder of the server's. */
static void a_server_reads_no_folder(void **state)
{
    const fd_scope scope = { NULL, NULL };
    fd_result r;

    (void)state;
    assert_int_equal(ask(&r, &scope, "io leontief", "imbalance", "any", NULL), FD_ENOTFOUND);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, &scope, "io leontief", "table", "cn2020", NULL), 0);
    fd_result_dispose(&r);
}

static void wrong_words(void **state)
{
    static const char *const shocks[] = { "01", "=5", "01=", "01=x", "99=1", "01=1,01=2" };
    fd_result r;

    (void)state;
    for (size_t i = 0; i < sizeof shocks / sizeof *shocks; i++) {
        assert_true(ask(&r, NULL, "io shock", "imbalance", "any", "by", shocks[i], NULL) < 0);
        fd_result_dispose(&r);
    }
    assert_int_equal(ask(&r, NULL, "io extract", "imbalance", "any", "share", "0", NULL),
                     FD_EINVAL);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io demand", "imbalance", "any", "factor", "tax", NULL),
                     FD_ENOTFOUND);
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io footprint", "imbalance", "any", "out", "origin", NULL),
                     FD_ENOTFOUND); /* the codes name no regions */
    fd_result_dispose(&r);
    assert_int_equal(ask(&r, NULL, "io paths", "imbalance", "any", "links", "65", NULL), FD_EINVAL);
    fd_result_dispose(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(balance),     cmocka_unit_test(names),
        cmocka_unit_test(built_in),    cmocka_unit_test(a_server_reads_no_folder),
        cmocka_unit_test(wrong_words),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
