/* Units: factors, dimensions, composition, exactness. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ding/load.h"
#include "ding/program.h"

static const struct {
    const char *from, *to;
    int64_t num, den; /* den 0: they do not convert */
} factors[] = {
    { "亿元", "万元", 10000, 1 },
    { "千元", "万元", 1, 10 },
    { "亩", "m²", 2000, 3 },
    { "公顷", "亩", 15, 1 },
    { "平方公里", "亩", 1500, 1 },
    { "万千瓦时", "kWh", 10000, 1 },
    { "亿千瓦时", "万千瓦时", 10000, 1 },
    { "GW", "万千瓦", 100, 1 },
    { "吨", "t", 1, 1 },
    { "万tce", "tce", 10000, 1 },
    { "%", "系数", 1, 100 },
    { "指数", "%", 1, 1 },
    { "‰", "%", 1, 10 },
    { "年", "月", 12, 1 },
    { "家", "户", 1, 1 },
    { "万套", "个", 10000, 1 },
    { "小时", "日", 1, 24 },
    { "万人次", "人次", 10000, 1 },
    { "元", "人", 0, 0 },
    { "tce", "kWh", 0, 0 },
    { "户", "项", 0, 0 },
    { "千瓦", "kWh", 0, 0 },
    { "工作日", "日", 0, 0 },
    { "人次", "人", 0, 0 },
};

static void conversions(void **state)
{
    loaded l;

    (void)state;
    load(&l, NULL, NULL);
    assert_int_equal(l.err, 0);
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        const fd_unit *from = fd_program_unit(l.program, factors[i].from);
        const fd_unit *to = fd_program_unit(l.program, factors[i].to);
        fd_quot f;

        if (!from || !to)
            fail_msg("%s or %s is unknown", factors[i].from, factors[i].to);
        if (!factors[i].den) {
            assert_int_equal(fd_unit_factor(&f, from, to), FD_EUNIT);
            continue;
        }
        assert_int_equal(fd_unit_factor(&f, from, to), 0);
        assert_true(f.num == factors[i].num && f.den == factors[i].den);
    }
    unload(&l);
}

static void composed(void **state)
{
    static const char *const names[] = { "万元/人", "tce/万元", "kWh/m²·日", "1/户", "元·日" };
    static const char *const bad[] = { "", "/", "元/", "/元", "圆/人", "元//人" };
    fd_arena *arena = fd_arena_new();
    loaded l;
    fd_quot f;

    (void)state;
    load(&l, NULL, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const fd_unit *u = fd_unit__named(l.program, arena, names[i]);

        assert_non_null(u);
        assert_string_equal(u->name, names[i]);
        assert_null(u->decl);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(fd_unit__named(l.program, arena, bad[i]));
    assert_int_equal(fd_unit_factor(&f, fd_unit__named(l.program, arena, "万元/人"),
                                    fd_unit__named(l.program, arena, "元/万人")),
                     0);
    assert_true(f.num == 100000000 && f.den == 1);
    assert_int_equal(fd_unit_factor(&f, fd_unit__named(l.program, arena, "元/日"),
                                    fd_unit__named(l.program, arena, "元·日")),
                     FD_EUNIT);
    unload(&l);
    fd_arena_free(arena);
}

static void decimals_convert_exactly_or_not(void **state)
{
    loaded l;
    fd_decimal d;

    (void)state;
    load(&l, NULL, NULL);
    assert_true(fd_unit__convert_decimal(&d, (fd_decimal){ 25, 1 },
                                         fd_program_unit(l.program, "亿元"),
                                         fd_program_unit(l.program, "万元")));
    assert_int_equal(fd_decimal_compare(d, (fd_decimal){ 25000, 0 }), 0);
    assert_true(fd_unit__convert_decimal(&d, (fd_decimal){ 1, 0 }, fd_program_unit(l.program, "元"),
                                         fd_program_unit(l.program, "亿元")));
    assert_int_equal(fd_decimal_compare(d, (fd_decimal){ 1, 8 }), 0);
    assert_false(fd_unit__convert_decimal(&d, (fd_decimal){ 1, 0 },
                                          fd_program_unit(l.program, "m²"),
                                          fd_program_unit(l.program, "亩")) &&
                 fd_decimal_compare(d, (fd_decimal){ 15, 4 }) != 0);
    assert_false(fd_unit__convert_decimal(&d, (fd_decimal){ 1, 0 },
                                          fd_program_unit(l.program, "亩"),
                                          fd_program_unit(l.program, "m²")));
    assert_int_equal(fd_error_last()->code, 0);
    unload(&l);
}

static void special_units(void **state)
{
    loaded l;

    (void)state;
    load(&l, NULL, NULL);
    assert_true(fd_program_unit(l.program, "百分点")->is_points);
    assert_false(fd_program_unit(l.program, "%")->is_points);
    assert_true(fd_program_unit(l.program, "元")->is_base);
    assert_false(fd_program_unit(l.program, "万元")->is_base);
    assert_true(fd_unit__is_plain(fd_program_unit(l.program, "系数")));
    assert_ptr_equal(fd_program_unit(l.program, "吨标准煤"), fd_program_unit(l.program, "tce"));
    assert_ptr_equal(fd_program_unit(l.program, "％"), fd_program_unit(l.program, "%"));
    assert_null(fd_program_unit(l.program, "光年"));
    unload(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions),
        cmocka_unit_test(composed),
        cmocka_unit_test(decimals_convert_exactly_or_not),
        cmocka_unit_test(special_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
