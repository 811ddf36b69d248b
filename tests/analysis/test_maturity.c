/* Maturity: what counts as known, means by hand, roll-up, refusals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/panel_table.h"
#include "fangding/error.h"
#include "fangding/maturity.h"

#define HEAD "id,item,evidence,expires,chain,level,item_weight,output\n"

static int run(fd_maturity *out, const char *lines, fd_date at)
{
    fd_table *in = table_of_lines(lines, 5);
    fd_maturity_options o = FD_MATURITY_OPTIONS_INIT;
    int err;

    o.at = at;
    err = fd_maturity_run(out, in, &o);
    fd_table_free(in);
    return err;
}

/* A: 设备 4 (weight 1) and 管理 2 (weight 3) known, 数据 without evidence (weight 1): level
 * (4 + 6) / 4 = 2.5, coverage 4/5. B: everything expired. */
static const char *const lines = HEAD "A,设备,证书1,2025-06-30,x,4,1,300\n"
                                      "A,管理,证书2,2025-01-20,x,2,3,300\n"
                                      "A,数据,,2026-01-01,x,5,1,300\n"
                                      "B,设备,证书3,2025-01-19,x,3,1,100\n"
                                      "C,设备,证书4,2025-12-31,y,3,1,100\n"
                                      "C,管理,证书5,,y,3,3,100\n"
                                      "C,数据,证书6,2025-12-31,y,,1,100\n";

static void test_by_hand(void **state)
{
    fd_maturity r;

    (void)state;
    assert_int_equal(run(&r, lines, fd_date_make(2025, 1, 20)), 0);
    assert_near(number_at(r.units, 0, "level"), 2.5, 1e-15);
    assert_near(number_at(r.units, 0, "coverage"), 0.8, 1e-15);
    assert_near(number_at(r.units, 0, "level_low"), 2, 1e-15);
    assert_near(number_at(r.units, 0, "level_high"), 3, 1e-15);
    assert_near(number_at(r.units, 0, "next"), 3, 0);
    assert_near(number_at(r.units, 0, "gap"), 0.5, 1e-15);
    assert_string_equal(text_at(r.units, 0, "weakest"), "管理");
    assert_true(isnan(number_at(r.units, 1, "level"))); /* unknown, not 0 */
    assert_near(number_at(r.units, 1, "coverage"), 0, 0);
    assert_near(number_at(r.units, 2, "level"), 3, 0);
    assert_near(number_at(r.units, 2, "coverage"), 0.2, 1e-15);
    assert_string_equal(text_at(r.claims, 2, "state"), "no evidence");
    assert_string_equal(text_at(r.claims, 3, "state"), "expired");
    assert_string_equal(text_at(r.claims, 5, "state"), "no date");
    assert_string_equal(text_at(r.claims, 6, "state"), "no level");
    fd_maturity_dispose(&r);
}

/* Groups: x has A alone with a level; all: (300 × 2.5 + 100 × 3) / 400. */
static void test_roll_up(void **state)
{
    fd_maturity r;

    (void)state;
    assert_int_equal(run(&r, lines, fd_date_make(2025, 1, 20)), 0);
    assert_int_equal(r.groups->rows, 3);
    assert_near(number_at(r.groups, 0, "level"), 2.5, 1e-15);
    assert_near(number_at(r.groups, 0, "coverage"), 300 * 0.8 / 400, 1e-15);
    assert_near(number_at(r.groups, 0, "known_units"), 1, 0);
    assert_near(number_at(r.groups, 2, "level"), (300 * 2.5 + 100 * 3) / 400, 1e-15);
    assert_near(number_at(r.groups, 2, "l2"), 1, 0);
    assert_near(number_at(r.groups, 2, "l3"), 1, 0);
    assert_near(number_at(r.groups, 2, "l0"), 0, 0);
    fd_maturity_dispose(&r);
}

/* As time goes by evidence expires: coverage falls, the level of what is left stays what it was. */
static void test_expiry_lowers_coverage(void **state)
{
    static const char *const same = HEAD "A,a,e,2025-03-01,x,3,1,1\nA,b,e,2025-06-01,x,3,1,1\n"
                                         "A,c,e,2025-09-01,x,3,1,1\n";
    double before = 2;

    (void)state;
    for (int month = 2; month <= 10; month++) {
        fd_maturity r;
        double coverage;

        assert_int_equal(run(&r, same, fd_date_make(2025, month, 15)), 0);
        coverage = number_at(r.units, 0, "coverage");
        assert_true(coverage <= before);
        if (coverage > 0)
            assert_near(number_at(r.units, 0, "level"), 3, 0);
        else
            assert_true(isnan(number_at(r.units, 0, "level")));
        before = coverage;
        fd_maturity_dispose(&r);
    }
    assert_near(before, 0, 0);
}

typedef struct bad_case {
    const char *lines;
    int err;
    const char *says;
} bad_case;

static void test_bad_input(void **state)
{
    static const bad_case cases[] = {
        { HEAD, FD_EINVAL, "no row" },
        { HEAD "A,a,e,2025-03-01,x,6,1,1\n", FD_EINVAL, "row 2" },
        { HEAD "A,a,e,2025-03-01,x,-1,1,1\n", FD_EINVAL, "row 2" },
        { HEAD "A,a,e,soon,x,3,1,1\n", FD_EINVAL, "no date" },
        { HEAD "A,a,e,2025-03-01,x,3,1,1\nA,a,e,2025-03-01,x,3,1,1\n", FD_EINVAL, "twice" },
        { HEAD "A,a,e,2025-03-01,x,3,1,1\nA,b,e,2025-03-01,y,3,1,1\n", FD_EINVAL, "row 3" },
        { HEAD ",a,e,2025-03-01,x,3,1,1\n", FD_EINVAL, "no id" },
        { HEAD "A,a,e,2025-03-01,x,3,-1,1\n", FD_EINVAL, "item_weight" },
        { "id,item,evidence,expires,chain\nA,a,e,2025-03-01,x\n", FD_ENOTFOUND, "level" },
    };
    fd_maturity r;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (run(&r, cases[i].lines, fd_date_make(2025, 1, 20)) != cases[i].err ||
            !strstr(fd_error_last()->message[FD_EN], cases[i].says))
            fail_msg("%zu: %s", i, fd_error_last()->message[FD_EN]);
    assert_int_equal(run(&r, lines, FD_DATE_NONE), FD_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_roll_up),
        cmocka_unit_test(test_expiry_lowers_coverage),
        cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
