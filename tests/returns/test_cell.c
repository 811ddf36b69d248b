/* Cells become exact numbers and states, or say why not. */
#include "returns/city.h"

#include "returns/read.h"

static void cells_are_exact(void **state)
{
    static const struct {
        const char *from, *to, *text;
        int scale;
        fd_state state;
        int64_t dec;
        bool fault;
    } cases[] = {
        { "千元", "万元", "12345.6", 4, FD_HAS, 12345600, false },
        { "千元", "万元", "-0.001", 4, FD_HAS, -1, false },
        { "千元", "万元", "0.0001", 4, FD_MISSING, 0, true }, /* would need a fifth digit */
        { "万元", "万元", "12.5", 4, FD_HAS, 125000, false },
        { "万元", "万元", "12.50000", 4, FD_HAS, 125000, false },
        { "万元", "万元", "12.50001", 4, FD_MISSING, 0, true },
        { "亿元", "万元", "1.23456789", 4, FD_HAS, 123456789, false },
        { "元", "万元", "100", 4, FD_HAS, 100, false },
        { "千瓦时", "万千瓦时", "1234", 4, FD_HAS, 1234, false },
        { "亩", "m2", "3", 0, FD_HAS, 2000, false }, /* 2000/3 is no power of ten */
        { "亩", "m2", "1", 0, FD_MISSING, 0, true },
        { "万元", "万元", "1,234,567.8", 4, FD_HAS, 12345678000, false },
        { "万元", "万元", "１２．５", 4, FD_HAS, 125000, false },
        { "万元", "万元", " 12.5 ", 4, FD_HAS, 125000, false },
        { "万元", "万元", "1.5E3", 4, FD_HAS, 15000000, false },
        { "万元", "万元", "12.5亿元", 4, FD_HAS, 1250000000, false },
        { "万元", "万元", "12.5人", 4, FD_MISSING, 0, true },
        { "%", "%", "5.3%", 2, FD_HAS, 530, false },
        { "%", "%", "5.3", 2, FD_HAS, 530, false },
        { "万元", "万元", "", 4, FD_MISSING, 0, false },
        { "万元", "万元", "缺报", 4, FD_MISSING, 0, false },
        { "万元", "万元", "—", 4, FD_NA, 0, false },
        { "万元", "万元", "／", 4, FD_NA, 0, false },
        { "万元", "万元", "不适用", 4, FD_NA, 0, false },
        { "万元", "万元", "12.5(待核)", 4, FD_DOUBT, 125000, false },
        { "万元", "万元", "12.5（待核）", 4, FD_DOUBT, 125000, false },
        { "万元", "万元", "待核", 4, FD_MISSING, 0, true },
        { "万元", "万元", "12.5?", 4, FD_DOUBT, 125000, false },
        { "万元", "万元", "约12", 4, FD_MISSING, 0, true },
        { "万元", "万元", "12.5百万元", 4, FD_HAS, 12500000, false },
        { "万元", "万元", "12.5百万", 4, FD_MISSING, 0, true }, /* no unit that was declared */
        { "万元", "万元", "100左右", 4, FD_MISSING, 0, true },
        { "万元", "万元", "100(估)", 4, FD_MISSING, 0, true },
        { "万元", "万元", "100*", 4, FD_MISSING, 0, true },
        { "万元", "万元", "(100)", 4, FD_MISSING, 0, true }, /* −100, or a remark? */
        { "万元", "万元", "（1,234.5）", 4, FD_MISSING, 0, true },
        { "万元", "万元", "1 234", 4, FD_MISSING, 0, true },
        { "万元", "万元", "一百", 4, FD_MISSING, 0, true },
        { "万元", "万元", "12.", 4, FD_HAS, 120000, false },
        { "万元", "万元", "1.2.3", 4, FD_MISSING, 0, true },
        { "万元", "万元", "99999999999999999999", 4, FD_MISSING, 0, true },
        { "万元", "万元", "922337203685477.5807", 4, FD_MISSING, 0, true }, /* 19 digits */
        { "万元", "万元", "99999999999999.9999", 4, FD_HAS, 999999999999999999, false },
    };
    city *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_cell cell = { .text = fd_view_of(cases[i].text), .kind = FD_CELL_TEXT };
        fd_number_plan plan;
        fd_cell_value v;

        assert_int_equal(
            fd_number_plan_make(&plan, c->program, fd_program_unit(c->program, cases[i].from),
                                fd_program_unit(c->program, cases[i].to), cases[i].scale, FD_NA),
            0);
        fd_number_read(&v, &plan, &cell);
        if ((v.fault[FD_ZH] != NULL) != cases[i].fault)
            fail_msg("'%s': %s", cases[i].text, v.fault[FD_EN] ? v.fault[FD_EN] : "taken");
        if (!cases[i].fault && (v.state != cases[i].state || v.dec != cases[i].dec))
            fail_msg("'%s': state %d, %lld", cases[i].text, (int)v.state, (long long)v.dec);
    }
}

static void the_fast_way_agrees_with_the_slow(void **state)
{
    static const char *const texts[] = { "0",     "-0",    "7",       "-7.25",  "0.1",
                                         "00.10", "123.4", "1234567", "-99.99", "100000000000" };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int scale = 0; scale <= 6; scale++) {
            int64_t fast = 0, slow = 0;
            uint8_t written = FD_WRITTEN_UNKNOWN;
            bool quick = fd_number_fast(texts[i], strlen(texts[i]), scale, &fast, &written);
            int err = fd_decimal_parse_scaled(&slow, texts[i], strlen(texts[i]), scale);

            assert_int_equal(quick, err == 0);
            if (quick) {
                assert_true(fast == slow);
                assert_int_equal(written, fd_written_of(fd_view_of(texts[i]), fast, scale));
            }
        }
}

static void units_that_do_not_fit_are_refused(void **state)
{
    city *c = *state;
    fd_number_plan plan;

    assert_int_equal(fd_number_plan_make(&plan, c->program, fd_program_unit(c->program, "人"),
                                         fd_program_unit(c->program, "万元"), 4, FD_MISSING),
                     FD_EUNIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_exact),
        cmocka_unit_test(the_fast_way_agrees_with_the_slow),
        cmocka_unit_test(units_that_do_not_fit_are_refused),
    };

    return cmocka_run_group_tests_name("returns: cells", tests, city_open, city_close);
}
