/* Then and now: which answers differ, and what is named as the cause. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fangding/policy.h"
#include "load_program.h"

static const char text[] = "数据 甲数 / a\n  对象 企业  单位 万元  小数 0  性质 流量\n"
                           "数据 乙数 / b\n  对象 企业  单位 万元  小数 0  性质 流量\n"
                           "政策 试 / p\n  类型 奖补  置信 C  对象 企业  按 申请日\n"
                           "  文号 示例\n  示例\n  有效 2020-01-01 起\n"
                           "  条件 够大 甲数[上年] ≥ 100 万元  〔一〕\n"
                           "  资助 10 % × 乙数[上年]  〔二〕\n  封顶 30 万元\n"
                           "  公平竞争审查 示例\n";
static const char *const codes[] = { "子", "丑", "寅", "卯" };

/* One side: the figures a and b of the first n enterprises; -1 is missing. */
typedef struct world {
    fd_facts *facts;
    loaded l;
    fd_policy_set *set;
} world;

static void open_world(world *w, const char *source, size_t n, const int64_t (*figures)[2])
{
    fd_policy_options options = FD_POLICY_OPTIONS_INIT;
    const fd_policy *p;
    static const char *const ids[] = { "a", "b" }, *const files[] = { "units.ding", NULL };

    w->l = load_program(files, source);
    w->facts = fd_facts_new();
    fd_facts_subjects(w->facts, n, codes, NULL);
    for (size_t k = 0; k < 2; k++) {
        fd_column *c = fd_column_new(ids[k], FD_DEC, "万元", 0, n);

        for (size_t i = 0; i < n; i++)
            if (figures[i][k] >= 0)
                fd_column_set_dec(c, i, figures[i][k]);
        fd_facts_add(w->facts, ids[k], fd_period_year(2025), FD_CURRENT, c);
    }
    options.on = fd_date_make(2026, 6, 30);
    p = fd_program_policy(w->l.program, "p");
    assert_non_null(p);
    assert_int_equal(
        fd_policy_set_new(&w->set, w->l.program, fd_facts_source(w->facts), &p, 1, &options), 0);
    assert_int_equal(fd_policy_set_run(w->set), 0);
}

static void close_world(world *w)
{
    fd_policy_set_free(w->set);
    fd_facts_free(w->facts);
    load_free(&w->l);
}

static const char *cell(const fd_table *t, size_t row, const char *column)
{
    return fd_column_text_or(t->columns[fd_table_find(t, column)], row, "");
}

static void names_what_differs(void **state)
{
    static const int64_t then[][2] = { { 100, 50 }, { 120, 80 }, { 90, 10 } };
    static const int64_t now[][2] = { { 100, 50 }, { 120, 90 }, { -1, 10 }, { 200, 500 } };
    world a, b;
    fd_table *t = fd_policy_changes_table();

    (void)state;
    open_world(&a, text, 3, then);
    open_world(&b, text, 4, now);
    assert_int_equal(fd_policy_changes(t, a.set, b.set, NULL), 0);
    assert_int_equal(t->rows, 3);
    /* another amount: the figure behind it */
    assert_string_equal(cell(t, 0, "enterprise"), "丑");
    assert_string_equal(cell(t, 0, "cause"), "数据");
    assert_string_equal(cell(t, 0, "detail"), "乙数[2025] 80 → 90 万元");
    assert_true(t->columns[5]->v.dec[0] == 8000000 && t->columns[6]->v.dec[0] == 9000000);
    /* a figure withdrawn: no longer "no", but incomplete */
    assert_string_equal(cell(t, 1, "then"), "不符合");
    assert_string_equal(cell(t, 1, "now"), "待补");
    assert_non_null(strstr(cell(t, 1, "detail"), "条件「够大」"));
    assert_non_null(strstr(cell(t, 1, "detail"), "90 → 缺报"));
    assert_string_equal(cell(t, 2, "cause"), "企业新增");
    fd_table_free(t);
    t = fd_policy_changes_table();
    assert_int_equal(fd_policy_changes(t, b.set, b.set, NULL), 0);
    assert_int_equal(t->rows, 0);
    assert_int_equal(fd_policy_changes(t, NULL, b.set, "卯"), 0);
    assert_int_equal(t->rows, 1);
    assert_string_equal(cell(t, 0, "cause"), "政策新增");
    fd_table_free(t);
    close_world(&a);
    close_world(&b);
}

static void tells_text_from_figures(void **state)
{
    static const int64_t figures[][2] = { { 100, 50 }, { 120, 800 } };
    char stricter[sizeof text];
    world a, b;
    fd_table *t = fd_policy_changes_table();

    (void)state;
    memcpy(stricter, text, sizeof text);
    memcpy(strstr(stricter, "≥ 100"), "≥ 110", sizeof "≥ 110" - 1);
    open_world(&a, text, 2, figures);
    open_world(&b, stricter, 2, figures);
    assert_int_equal(fd_policy_changes(t, a.set, b.set, NULL), 0);
    assert_int_equal(t->rows, 1);
    assert_string_equal(cell(t, 0, "cause"), "政策修订");
    assert_string_equal(cell(t, 0, "detail"), "条件「够大」");
    fd_table_free(t);
    close_world(&a);
    close_world(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_differs),
        cmocka_unit_test(tells_text_from_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
