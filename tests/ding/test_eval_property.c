/*
 * The evaluator against a naive one on random data, and the laws that must hold whatever the data.
 *
 * Data: two columns of random states, small figures or figures near 2^62, a county (sometimes
 * none), a chain (sometimes two in parts).  The seed is fixed; each round prints nothing unless it
 * fails.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "base/pool.h"
#include "ding/eval/eval.h"
#include "load_program.h"
#include "mock_source.h"

static const char items[] =
    "数据 甲 / a\n  对象 企业    单位 万元    小数 4    性质 流量    不适用 可\n"
    "数据 乙 / b\n  对象 企业    单位 万元    小数 4    性质 流量    不适用 可\n"
    "数据 乙千 / bk\n  对象 企业    单位 千元    小数 4    性质 流量    不适用 可\n"
    "数据 县区 / county\n  对象 企业    类型 代码    性质 属性\n"
    "数据 产业链 / chain\n  对象 企业    类型 文本    性质 属性\n";
static const char *const files[] = { "units.ding", NULL };

typedef struct row {
    fd_state as, bs;
    int64_t a, b;
    int county; /* -1 none */
    int chain;  /* 0, 1; 2 = 0.6 and 0.4 */
} row;

static uint64_t seed = 20241231;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static fd_state random_state(int gaps)
{
    uint64_t r = next_random() % 100;

    if (!gaps)
        return FD_HAS;
    return r < 4 ? FD_MISSING : r < 8 ? FD_NA : r < 11 ? FD_DOUBT : FD_HAS;
}

static int64_t random_value(int huge)
{
    int64_t v = huge ? (int64_t)(next_random() >> 2) : (int64_t)(next_random() % 2000000);

    return next_random() % 3 == 0 ? -v : v;
}

static void fill(row *rows, size_t n, int gaps, int huge)
{
    for (size_t i = 0; i < n; i++) {
        rows[i] = (row){ random_state(gaps), random_state(gaps),       random_value(huge),
                         random_value(huge), (int)(next_random() % 4), (int)(next_random() % 3) };
        if (gaps && next_random() % 40 == 0)
            rows[i].county = -1;
        if (next_random() % 10 == 0)
            rows[i].a = 0;
    }
}

static void put(fd_column *c, size_t i, fd_state state, int64_t value)
{
    if (state == FD_HAS || state == FD_DOUBT)
        fd_column_set_dec(c, i, value);
    if (state != FD_HAS)
        fd_column_set_state(c, i, state);
}

static fd_source *source_of(const row *rows, size_t n)
{
    static const char *const chains[] = { "L1", "L2", "L1:0.6;L2:0.4" };
    static const char *const counties[] = { "1", "2", "3", "4" };
    fd_source *s = mock_source_new();
    const char **county = fd_alloc((n + 1) * sizeof *county),
               **chain = fd_alloc((n + 1) * sizeof *chain);
    fd_column *a = fd_column_new("a", FD_DEC, "", 4, n), *b = fd_column_new("b", FD_DEC, "", 4, n);
    fd_column *bk = fd_column_new("bk", FD_DEC, "", 4, n);

    mock_frame(s, "enterprise", n, NULL, NULL);
    for (size_t i = 0; i < n; i++) {
        put(a, i, rows[i].as, rows[i].a);
        put(b, i, rows[i].bs, rows[i].b);
        put(bk, i, rows[i].bs, rows[i].b % 100000000 * 10);
        county[i] = rows[i].county < 0 ? "" : counties[rows[i].county];
        chain[i] = chains[rows[i].chain];
    }
    mock_column(s, "enterprise", "a", "2024", FD_CURRENT, a);
    mock_column(s, "enterprise", "b", "2024", FD_CURRENT, b);
    mock_column(s, "enterprise", "bk", "2024", FD_CURRENT, bk);
    mock_attribute(s, "enterprise", "county", county);
    mock_attribute(s, "enterprise", "chain", chain);
    free(county);
    free(chain);
    return s;
}

/* ---- the naive evaluator: one row after the other, one group ---- */

typedef fd_i128 i128;

typedef enum filter { ALL, A_ABOVE_B, COUNTY_1, CHAIN_L1, BOTH } filter;

/* Truth and weight (in tenths) of a filter for one row. */
static fd_truth naive_filter(const row *r, filter f, int *tenths)
{
    fd_truth above = r->as != FD_HAS || r->bs != FD_HAS ? FD_UNKNOWN
                     : r->a > r->b                      ? FD_TRUE
                                                        : FD_FALSE;
    fd_truth county = r->county < 0 ? FD_UNKNOWN : r->county == 0 ? FD_TRUE : FD_FALSE;

    *tenths = 10;
    switch (f) {
    case ALL:
        return FD_TRUE;
    case A_ABOVE_B:
        return above;
    case COUNTY_1:
        return county;
    case CHAIN_L1:
        *tenths = r->chain == 0 ? 10 : r->chain == 1 ? 0 : 6;
        return *tenths ? FD_TRUE : FD_FALSE;
    default:
        return above < county ? above : county;
    }
}

typedef struct answer {
    fd_state state;
    i128 sum; /* in tenths of the mantissa */
    uint32_t n;
} answer;

/* 合计(甲) or 合计 已报(甲) under a filter. */
static answer naive_sum(const row *rows, size_t n, filter f, bool reported)
{
    answer out = { FD_HAS, 0, 0 };
    bool missing = false, doubt = false, na = false;

    for (size_t i = 0; i < n; i++) {
        int tenths;
        fd_truth t = naive_filter(&rows[i], f, &tenths);
        fd_state s = rows[i].as;

        if (t == FD_FALSE)
            continue;
        if (t == FD_UNKNOWN) {
            missing = missing || !(s == FD_NA || (s == FD_HAS && rows[i].a == 0));
            continue;
        }
        if (s == FD_NA) {
            na = true;
            continue;
        }
        if (s == FD_MISSING) {
            missing = true;
            continue;
        }
        doubt = doubt || s == FD_DOUBT;
        out.sum += (i128)rows[i].a * tenths;
        out.n++;
    }
    if (missing && (!reported || out.n == 0))
        out.state = FD_MISSING;
    else if (out.n == 0 && na)
        out.state = FD_NA;
    else if (doubt)
        out.state = FD_DOUBT;
    return out;
}

typedef struct bed {
    loaded defs;
    fd_arena *arena;
    fd_source *source;
    fd_eval *eval;
} bed;

static void open_bed(bed *t, const row *rows, size_t n, fd_pool *pool)
{
    t->defs = load_program(files, items);
    t->arena = fd_arena_new();
    t->source = source_of(rows, n);
    assert_int_equal(fd_eval_new(&t->eval, t->defs.program, t->source, pool), 0);
}

static void close_bed(bed *t)
{
    fd_eval_free(t->eval);
    mock_source_free(t->source);
    fd_arena_free(t->arena);
    load_free(&t->defs);
}

static fd_eval_result ask(bed *t, const char *text, const char *by, fd_grouping **grouping)
{
    fd_eval_query q = { .period = fd_period_year(2024), .kind = "enterprise" };
    fd_eval_result r = { 0 };
    fd_grouping *own = NULL;
    fd_expr *e = NULL;

    assert_int_equal(fd_expr_parse(&e, t->defs.program, t->arena, text, false), 0);
    q.unit = fd_program_unit(t->defs.program, "万元");
    if (by)
        assert_int_equal(fd_grouping_new(&own, t->eval, &by, 1), 0);
    q.grouping = own;
    if (fd_eval_expr(&r, t->eval, e, &q) < 0)
        fail_msg("%s: %s", text, fd_error_last()->message[FD_EN]);
    if (grouping)
        *grouping = own;
    else
        fd_grouping_free(own);
    return r;
}

static void check_same(const char *text, const fd_number *got, const answer *wanted)
{
    fd_quot q;

    if (got->state != wanted->state)
        fail_msg("%s: state %s, not %s", text, fd_state_name(got->state, FD_EN),
                 fd_state_name(wanted->state, FD_EN));
    if (got->state == FD_MISSING || got->state == FD_NA)
        return;
    assert_int_equal(fd_quot_make(&q, wanted->sum, 100000), 0); /* tenths of 10^-4 */
    if (fd_quot_compare(got->exact, q) != 0)
        fail_msg("%s: another sum", text);
}

static const struct {
    const char *text;
    filter f;
    bool reported;
} asked[] = {
    { "合计(甲)", ALL, false },
    { "合计 已报(甲)", ALL, true },
    { "合计(甲, 条件 甲 > 乙)", A_ABOVE_B, false },
    { "合计 已报(甲, 条件 甲 > 乙)", A_ABOVE_B, true },
    { "合计(甲, 条件 县区 = 1)", COUNTY_1, false },
    { "合计 已报(甲, 条件 县区 = 1)", COUNTY_1, true },
    { "合计 已报(甲, 条件 产业链 = L1)", CHAIN_L1, true },
    { "合计(甲, 条件 甲 > 乙 且 县区 = 1)", BOTH, false },
    { "合计 已报(甲, 条件 甲 > 乙 且 县区 = 1)", BOTH, true },
};

static void test_against_naive(void **state)
{
    static const size_t sizes[] = { 1, 7, 63, 64, 65, 2047, 2048, 2049, 6000 };

    (void)state;
    for (size_t round = 0; round < 4 * sizeof sizes / sizeof *sizes; round++) {
        size_t n = sizes[round / 4];
        row *rows = fd_alloc(n * sizeof *rows);
        bed t;

        fill(rows, n, round % 2, round % 4 >= 2);
        open_bed(&t, rows, n, NULL);
        for (size_t k = 0; k < sizeof asked / sizeof *asked; k++) {
            fd_eval_result r = ask(&t, asked[k].text, NULL, NULL);
            answer wanted = naive_sum(rows, n, asked[k].f, asked[k].reported);

            check_same(asked[k].text, &r.cells[0].value, &wanted);
            if (asked[k].f == ALL)
                assert_int_equal(r.cells[0].n, wanted.n);
            fd_eval_result_dispose(&r);
        }
        close_bed(&t);
        free(rows);
    }
}

/* The parts add up to the whole, by county and by chains that share their firms. */
static void test_parts_add_up(void **state)
{
    enum { N = 5000 };
    static row rows[N];
    bed t;

    (void)state;
    fill(rows, N, 1, 1);
    open_bed(&t, rows, N, NULL);
    for (int dim = 0; dim < 2; dim++) {
        fd_eval_result whole = ask(&t, "合计 已报(甲)", NULL, NULL);
        fd_eval_result parts = ask(&t, "合计 已报(甲)", dim ? "chain" : "county", NULL);
        fd_quot total = { 0, 1 };
        uint32_t n = 0;

        for (size_t g = 0; g < parts.count; g++) {
            assert_int_equal(fd_quot_add(&total, total, parts.cells[g].value.exact), 0);
            n += parts.cells[g].n;
        }
        assert_int_equal(fd_quot_compare(total, whole.cells[0].value.exact), 0);
        if (!dim)
            assert_int_equal(n, whole.cells[0].n);
        fd_eval_result_dispose(&whole);
        fd_eval_result_dispose(&parts);
    }
    close_bed(&t);
}

static const char *const many[] = { "合计 已报(甲 + 乙)",
                                    "合计 已报(甲) ÷ 合计 已报(乙)",
                                    "平均(甲, 条件 甲 > 乙)",
                                    "合计 已报(四舍五入(甲 ÷ 3, 2 位))",
                                    "最大(甲)",
                                    "合计 已报(甲, 条件 产业链 = L1)" };

/* Neither the order of the rows nor the number of threads changes a byte. */
static void test_order_and_threads(void **state)
{
    enum { N = 300000 };
    row *rows = fd_alloc(N * sizeof *rows);
    fd_pool *pool = fd_pool_new(4);
    bed one, four, mixed;

    (void)state;
    fill(rows, N, 1, 0);
    open_bed(&one, rows, N, NULL);
    open_bed(&four, rows, N, pool);
    for (size_t i = N - 1; i > 0; i--) {
        size_t k = next_random() % (i + 1);
        row x = rows[i];

        rows[i] = rows[k];
        rows[k] = x;
    }
    open_bed(&mixed, rows, N, pool);
    for (size_t k = 0; k < sizeof many / sizeof *many; k++) {
        fd_eval_result a = ask(&one, many[k], NULL, NULL), b = ask(&four, many[k], NULL, NULL);
        fd_eval_result c = ask(&mixed, many[k], NULL, NULL);

        assert_memory_equal(&a.cells[0].value, &b.cells[0].value, sizeof a.cells[0].value);
        assert_int_equal(a.cells[0].value.state, c.cells[0].value.state);
        assert_true(a.cells[0].value.exact.num == c.cells[0].value.exact.num);
        assert_true(a.cells[0].value.exact.den == c.cells[0].value.exact.den);
        assert_true(a.cells[0].top1 == b.cells[0].top1 && a.cells[0].top2 == c.cells[0].top2);
        fd_eval_result_dispose(&a);
        fd_eval_result_dispose(&b);
        fd_eval_result_dispose(&c);
    }
    close_bed(&one);
    close_bed(&four);
    close_bed(&mixed);
    fd_pool_free(pool);
    free(rows);
}

/* 千元 or 万元: the same ratio. */
static void test_units(void **state)
{
    enum { N = 1000 };
    static row rows[N];
    bed t;
    fd_eval_result a, b;

    (void)state;
    fill(rows, N, 1, 0);
    open_bed(&t, rows, N, NULL);
    a = ask(&t, "合计 已报(甲) ÷ 合计 已报(乙)", NULL, NULL);
    b = ask(&t, "合计 已报(甲) ÷ 合计 已报(乙千)", NULL, NULL);
    assert_int_equal(fd_quot_compare(a.cells[0].value.exact, b.cells[0].value.exact), 0);
    fd_eval_result_dispose(&a);
    fd_eval_result_dispose(&b);
    close_bed(&t);
}

/* When an answer with gaps is decided, every way of filling the gaps gives the same answer. */
static void test_completions(void **state)
{
    size_t decided = 0;

    (void)state;
    for (int round = 0; round < 60; round++) {
        enum { N = 6 };
        row rows[N], full[N];
        fd_number value[sizeof asked / sizeof *asked];
        bed t;

        fill(rows, N, 1, 0);
        for (size_t i = 0; i < N; i++) {
            rows[i].as = rows[i].as == FD_DOUBT ? FD_HAS : rows[i].as;
            rows[i].county = next_random() % 4 == 0 ? -1 : rows[i].county;
        }
        open_bed(&t, rows, N, NULL);
        for (size_t k = 0; k < sizeof asked / sizeof *asked; k++) {
            fd_eval_result r = ask(&t, asked[k].text, NULL, NULL);

            value[k] = r.cells[0].value;
            fd_eval_result_dispose(&r);
        }
        close_bed(&t);
        for (int filling = 0; filling < 4; filling++) {
            memcpy(full, rows, sizeof full);
            for (size_t i = 0; i < N; i++) {
                if (full[i].as == FD_MISSING) {
                    full[i].as = FD_HAS;
                    full[i].a = random_value(0);
                }
                if (full[i].bs == FD_MISSING || full[i].bs == FD_DOUBT) {
                    full[i].bs = FD_HAS;
                    full[i].b = random_value(0);
                }
                if (full[i].county < 0)
                    full[i].county = (int)(next_random() % 4);
            }
            open_bed(&t, full, N, NULL);
            for (size_t k = 0; k < sizeof asked / sizeof *asked; k++) {
                fd_eval_result r;

                if (asked[k].reported || value[k].state != FD_HAS)
                    continue;
                r = ask(&t, asked[k].text, NULL, NULL);
                assert_int_equal(r.cells[0].value.state, FD_HAS);
                assert_int_equal(fd_quot_compare(r.cells[0].value.exact, value[k].exact), 0);
                decided++;
                fd_eval_result_dispose(&r);
            }
            close_bed(&t);
        }
    }
    assert_true(decided > 100);
}

/* De Morgan, double negation, and the excluded middle does not hold for unknowns. */
static void test_kleene(void **state)
{
    static const char *const pairs[][2] = {
        { "计数(非 (甲 > 乙 且 县区 = 1))", "计数(非 甲 > 乙 或 非 县区 = 1)" },
        { "计数(非 (甲 > 乙 或 县区 = 1))", "计数(非 甲 > 乙 且 非 县区 = 1)" },
        { "计数(非 非 甲 > 乙)", "计数(甲 > 乙)" },
        { "计数(甲 ≠ 乙)", "计数(非 甲 = 乙)" },
        { "计数(甲 ≤ 乙)", "计数(非 甲 > 乙)" },
        { "计数(县区 = 1 且 (甲 > 乙 或 县区 = 2))",
          "计数(县区 = 1 且 甲 > 乙 或 县区 = 1 且 县区 = 2)" },
    };
    enum { N = 3000 };
    static row rows[N];
    bed t;

    (void)state;
    for (int gaps = 0; gaps < 2; gaps++) {
        fill(rows, N, gaps, 0);
        open_bed(&t, rows, N, NULL);
        for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
            fd_eval_query q = { .period = fd_period_year(2024),
                                .kind = "enterprise",
                                .reported_only = true };
            fd_expr *e[2];
            fd_eval_result r[2];

            for (int side = 0; side < 2; side++) {
                if (fd_expr_parse(&e[side], t.defs.program, t.arena, pairs[k][side], false) < 0)
                    fail_msg("%s: %s", pairs[k][side], fd_error_last()->message[FD_EN]);
                assert_int_equal(fd_eval_expr(&r[side], t.eval, e[side], &q), 0);
            }
            assert_int_equal(r[0].cells[0].value.state, FD_HAS);
            assert_int_equal(fd_quot_compare(r[0].cells[0].value.exact, r[1].cells[0].value.exact),
                             0);
            /* as many unknown on both sides */
            assert_int_equal(r[0].cells[0].missing, r[1].cells[0].missing);
            if (!gaps)
                assert_int_equal(r[0].cells[0].missing, 0);
            fd_eval_result_dispose(&r[0]);
            fd_eval_result_dispose(&r[1]);
        }
        close_bed(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_naive),     cmocka_unit_test(test_parts_add_up),
        cmocka_unit_test(test_order_and_threads), cmocka_unit_test(test_units),
        cmocka_unit_test(test_completions),       cmocka_unit_test(test_kleene),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
