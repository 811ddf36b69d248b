/*
 * The chain graph: a toy whose answers are known, needs as people write them, who occupies what,
 * and what must not matter.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "fangding/arena.h"
#include "fangding/chainmap.h"
#include "fangding/error.h"
#include "load_program.h"
#include "chain_build.h"

#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

/* A cart of a frame and either motor or pedal; the frame of steel, steel of ore and coke. */
static const char nodes[] =
    "chain,chain_name,node,name,stage,importance:n,needs,industries,products,outside\n"
    "cart,手推车,ore,矿石,上游,2,,0810,,海外\n"
    "cart,手推车,coke,焦炭,up,1,,2521,,\n"
    "cart,手推车,steel,钢,中游,4,矿石 且 焦炭,3120,,\n"
    "cart,手推车,motor,电机,mid,1,,3812,电机|马达,\n"
    "cart,手推车,pedal,脚踏,mid,1,,3770,,\n"
    "cart,手推车,cart,整车,down,5,steel 且 (motor 或 pedal),377,,\n";

/* Nobody digs ore; four coke, one of them stopped; one steelworks; two make motors. */
static const char firms[] =
    "enterprise,name,territory,industry,capacity:n,active:n,leading:n\n"
    "C1,一焦,甲县,2521,80,1,\nC2,二焦,甲县,2521,10,1,\nC3,三焦,乙县,2521,10,,\n"
    "C4,四焦,乙县,2521,900,0,\nS1,钢厂,甲县,3120,5,1,1\nM1,东电机,乙县,3812,1,1,1\n"
    "M2,西马达,丙县,3812,1,1,0\nM3,变压器,丙县,3812,1,1,0\nV1,车厂,甲县,3771,9,1,0\n"
    "P1,踏厂,甲县,3770,9,0,\n";

static fd_chains *toy(const char *more)
{
    fd_table *n = table_from(nodes), *f = table_from(firms);
    fd_chains *c = NULL;

    assert_int_equal(fd_chains_read(&c, n, "nodes.csv"), 0);
    assert_int_equal(fd_chains_occupy(c, f, "firms.csv"), 0);
    fd_table_free(f);
    if (more) {
        f = table_from(more);
        assert_int_equal(fd_chains_occupy(c, f, "more.csv"), 0);
        fd_table_free(f);
    }
    fd_table_free(n);
    return c;
}

static const char *word(const fd_table *t, const char *key, const char *column)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[fd_table_find(t, "node")], r), key) == 0)
            return fd_column_text_or(t->columns[fd_table_find(t, column)], r, "");
    fail_msg("no node %s", key);
    return "";
}

static double figure(const fd_table *t, size_t row, const char *column)
{
    return fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, column)], row));
}

static const struct {
    const char *node, *light, *gap;
    int firms, active, counties, lost;
} lights[] = {
    { "ore", "red", "break", 0, 0, 0, 1 },      { "coke", "yellow", "concentrated", 4, 3, 2, 1 },
    { "steel", "yellow", "choke", 1, 1, 1, 1 }, { "motor", "green", "", 2, 2, 2, 0 },
    { "pedal", "red", "stopped", 1, 0, 0, 0 },  { "cart", "yellow", "choke", 2, 1, 1, 1 },
};

static void test_map(void **state)
{
    fd_chains *c = toy(NULL);
    fd_table *t = NULL;
    char *drawn;

    (void)state;
    assert_int_equal(fd_chains_map(&t, c, "手推"), 0);
    assert_int_equal(t->rows, 6);
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++) {
        assert_string_equal(word(t, lights[i].node, "light"), lights[i].light);
        assert_string_equal(word(t, lights[i].node, "gap"), lights[i].gap);
        assert_string_equal(fd_column_text(t->columns[2], i), lights[i].node);
        assert_near(figure(t, i, "firms"), lights[i].firms, 0);
        assert_near(figure(t, i, "active"), lights[i].active, 0);
        assert_near(figure(t, i, "counties"), lights[i].counties, 0);
        assert_near(figure(t, i, "finals_lost"), lights[i].lost, 0);
    }
    assert_near(figure(t, 1, "hhi"), 0.66, 1e-12); /* 80, 10, 10 */
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "hhi")], 3), FD_MISSING);
    assert_non_null(strstr(word(t, "steel", "why"), "矿石"));
    assert_null(strstr(word(t, "steel", "why"), "焦炭"));
    assert_string_equal(word(t, "steel", "ways"), "ore;coke");
    assert_string_equal(word(t, "cart", "ways"), "steel;motor|steel;pedal");
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "ways")], 0), FD_NA);
    drawn = fd_chains_draw(t, FD_ZH);
    assert_non_null(strstr(drawn, "■ ┄矿石┄ 0家"));
    assert_non_null(strstr(drawn, "● 电机 2家"));
    free(drawn);
    fd_table_free(t);
    fd_chains_free(c);
}

/* From upstream to downstream, the larger first; who said nothing of being active is 缺报. */
static void test_members(void **state)
{
    static const struct {
        const char *node, *code;
        int active, leading; /* -1: 缺报 */
    } all[] = {
        { "coke", "C4", 0, -1 },  { "coke", "C1", 1, -1 },  { "coke", "C2", 1, -1 },
        { "coke", "C3", -1, -1 }, { "steel", "S1", 1, 1 },  { "motor", "M1", 1, 1 },
        { "motor", "M2", 1, 0 },  { "pedal", "P1", 0, -1 }, { "cart", "P1", 0, -1 },
        { "cart", "V1", 1, 0 },
    };
    fd_chains *c = toy(NULL);
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_chains_members(&t, c, "手推", NULL), 0);
    assert_int_equal(t->rows, sizeof all / sizeof *all);
    for (size_t r = 0; r < t->rows; r++) {
        const int said[] = { all[r].active, all[r].leading };

        assert_string_equal(fd_column_text(t->columns[1], r), all[r].node);
        assert_string_equal(fd_column_text(t->columns[3], r), all[r].code);
        for (size_t k = 0; k < 2; k++) {
            const fd_column *column = t->columns[6 + k];

            assert_int_equal(fd_column_state(column, r), said[k] < 0 ? FD_MISSING : FD_HAS);
            if (said[k] >= 0)
                assert_int_equal(column->v.boolean[r], said[k]);
        }
    }
    fd_table_free(t);
    assert_int_equal(fd_chains_members(&t, c, "cart", "电机"), 0);
    assert_int_equal(t->rows, 2);
    assert_string_equal(fd_column_text(t->columns[3], 0), "M1");
    fd_table_free(t);
    assert_int_equal(fd_chains_members(&t, c, "cart", "翅膀"), FD_ENOTFOUND);
    assert_int_equal(fd_chains_members(&t, c, "马车", NULL), FD_ENOTFOUND);
    fd_chains_free(c);
}

/* Weights 2 1 4 1 1 5 = 14; occupied: coke, steel, motor, cart = 11.  Security: 1 (1 - 0.66) + 0
 * (steel alone) + 1 (1 - 0.5/2) + 0 (cart alone) = 1.09.  Leading known of steel 1, motor 0.5, cart
 * 0: (4 + 0.5 + 0) / 10. */
static void test_indices(void **state)
{
    fd_chains *c = toy(NULL);
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_chains_indices(&t, c), 0);
    assert_near(figure(t, 0, "completeness"), 100 * 11.0 / 14, 1e-9);
    assert_near(figure(t, 0, "completeness_count"), 100 * 4.0 / 6, 1e-9);
    assert_near(figure(t, 0, "security"), 100 * 1.09 / 14, 1e-9);
    assert_near(figure(t, 0, "advancedness"), 45, 1e-9);
    assert_near(figure(t, 0, "reds"), 2, 0);
    assert_near(figure(t, 0, "yellows"), 3, 0);
    fd_table_free(t);
    fd_chains_free(c);
}

/* Ore by declaration: everything upstream is local now. */
static void test_declared_occupant(void **state)
{
    fd_chains *c = toy("enterprise,name,node\nO1,矿山,cart.ore\nO2,另一矿山,矿石\n");
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_chains_map(&t, c, "cart"), 0);
    assert_string_equal(word(t, "ore", "light"), "green");
    assert_string_equal(word(t, "steel", "gap"), "single");
    assert_string_equal(word(t, "cart", "gap"), "single");
    fd_table_free(t);
    assert_int_equal(fd_chains_gaps(&t, c, NULL), 0);
    assert_string_equal(fd_column_text(t->columns[2], 0), "pedal"); /* the only red one */
    assert_string_equal(fd_column_text(t->columns[2], 1), "cart");  /* 5 × 2 before 4 × 2 */
    fd_table_free(t);
    fd_chains_free(c);
}

static void test_overlap(void **state)
{
    fd_chains *c = toy(NULL);
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_chains_overlap(&t, c, NULL), 0);
    assert_int_equal(t->rows, 2);
    assert_string_equal(word(t, "coke", "where"), "甲县 2、乙县 2");
    assert_string_equal(word(t, "motor", "where"), "乙县 1、丙县 1");
    fd_table_free(t);
    fd_chains_free(c);
}

/* For motors: those who make them; then the transformer works, of the same class; the carter next
 * door. Then where to look outside, for ore. */
static void test_candidates(void **state)
{
    fd_chains *c = toy(NULL);
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_chains_candidates(&t, c, "cart.motor", 10), 0);
    assert_int_equal(t->rows, 4);
    assert_string_equal(fd_column_text(t->columns[1], 0), "M1");
    assert_string_equal(fd_column_text(t->columns[0], 0), "strengthen");
    assert_string_equal(fd_column_text(t->columns[1], 2), "M3");
    assert_string_equal(fd_column_text(t->columns[0], 2), "fill");
    assert_near(figure(t, 2, "score"), 0.5, 1e-12);
    assert_string_equal(fd_column_text(t->columns[1], 3), "V1");
    assert_string_equal(fd_column_text(t->columns[0], 3), "extend");
    assert_near(figure(t, 3, "score"), 0.2, 1e-12);
    fd_table_free(t);
    assert_int_equal(fd_chains_candidates(&t, c, "矿石", 1), 0);
    assert_string_equal(fd_column_text(t->columns[0], t->rows - 1), "outside");
    assert_string_equal(fd_column_text(t->columns[2], t->rows - 1), "海外");
    fd_table_free(t);
    assert_int_equal(fd_chains_candidates(&t, c, "wings", 1), FD_ENOTFOUND);
    fd_chains_free(c);
}

/* Adding enterprises one by one never lowers completeness; their order does not matter. */
static void test_monotone_and_order(void **state)
{
    fd_table *n = table_from(nodes), *all = table_from(firms);
    double before = 0;
    char *texts[2];

    (void)state;
    for (size_t rows = 0; rows <= all->rows; rows++) {
        bool keep[16] = { false };
        fd_chains *c = NULL;
        fd_table *part = NULL, *t = NULL;

        for (size_t k = 0; k < rows; k++)
            keep[k] = true;
        assert_int_equal(fd_table_filter(&part, all, keep), 0);
        assert_int_equal(fd_chains_read(&c, n, NULL), 0);
        assert_int_equal(fd_chains_occupy(c, part, NULL), 0);
        assert_int_equal(fd_chains_indices(&t, c), 0);
        assert_true(figure(t, 0, "completeness") >= before);
        before = figure(t, 0, "completeness");
        fd_table_free(part);
        fd_table_free(t);
        fd_chains_free(c);
    }
    for (int k = 0; k < 2; k++) {
        fd_table *f = shuffled(all, (uint64_t)k + 3), *t = NULL;
        fd_chains *c = NULL;

        assert_int_equal(fd_chains_read(&c, n, NULL), 0);
        assert_int_equal(fd_chains_occupy(c, f, NULL), 0);
        assert_int_equal(fd_chains_map(&t, c, "cart"), 0);
        texts[k] = printed(t);
        fd_table_free(t);
        fd_table_free(f);
        fd_chains_free(c);
    }
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
    fd_table_free(n);
    fd_table_free(all);
}

static const char head[] = "chain,node,name,stage,importance:n,needs\n";
static const struct {
    const char *label, *rows;
    int code;
    long row, column;
} bad[] = {
    { "unknown need", "x,a,甲,up,1,\nx,b,乙,down,1,甲 且 丙\n", FD_EINVAL, 3, 6 },
    { "open bracket", "x,a,甲,up,1,\nx,b,乙,down,1,(甲 或 a\n", FD_EPARSE, 3, 6 },
    { "nothing after and", "x,a,甲,up,1,\nx,b,乙,down,1,甲 且\n", FD_EPARSE, 3, 6 },
    { "two in a row", "x,a,甲,up,1,\nx,b,乙,down,1,甲 a\n", FD_EPARSE, 3, 6 },
    { "twice", "x,a,甲,up,1,\nx,a,乙,down,1,\n", FD_EINVAL, 3, 2 },
    { "no stage", "x,a,甲,side,1,\n", FD_EINVAL, 2, 4 },
    { "importance", "x,a,甲,up,-1,\n", FD_EINVAL, 2, 5 },
    { "importance 0", "x,a,甲,up,0,\n", FD_EINVAL, 2, 5 },
    { "itself", "x,a,甲,up,1,甲\n", FD_EINVAL, 2, 6 },
    { "round", "x,a,甲,up,1,乙\nx,b,乙,down,1,甲\n", FD_EINVAL, 3, 6 },
};

static void test_bad_graphs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fd_buf b = FD_BUF_INIT;
        fd_chains *c = NULL;
        fd_table *t;
        const fd_error *e = fd_error_last();
        int err;

        fd_buf_puts(&b, head);
        fd_buf_puts(&b, bad[i].rows);
        t = table_from(fd_buf_text(&b));
        err = fd_chains_read(&c, t, "g.csv");
        if (err != bad[i].code || e->row != bad[i].row || e->column != bad[i].column ||
            strcmp(e->file, "g.csv") != 0)
            fail_msg("%s: %d row %ld column %ld: %s", bad[i].label, err, e->row, e->column,
                     e->message[FD_EN]);
        fd_table_free(t);
        fd_buf_dispose(&b);
    }
}

/* Full-width brackets, and and or, names or codes; 且 before 或. */
static void test_needs_as_written(void **state)
{
    static const struct {
        const char *needs, *offered;
        bool local;
    } cases[] = {
        { "甲 或 乙 且 丙", "甲", true },   { "甲 或 乙 且 丙", "乙", false },
        { "(甲 或 乙)且 丙", "甲", false }, { "(甲 或 乙)且 丙", "甲;丙", true },
        { "a and (b or c)", "a;b", true },  { "a and (b or c)", "b;c", false },
        { "((甲))", "甲", true },           { "", "", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_buf b = FD_BUF_INIT, f = FD_BUF_INIT;
        fd_table *n, *e, *t = NULL;
        fd_chains *c = NULL;

        fd_buf_printf(&b, "%sx,a,甲,up,1,\nx,b,乙,up,1,\nx,c,丙,up,1,\nx,z,终,down,1,%s\n", head,
                      cases[i].needs);
        fd_buf_printf(&f, "enterprise,node\nE,z;%s\nF,z\n", cases[i].offered);
        n = table_from(fd_buf_text(&b));
        e = table_from(fd_buf_text(&f));
        assert_int_equal(fd_chains_read(&c, n, NULL), 0);
        assert_int_equal(fd_chains_occupy(c, e, NULL), 0);
        assert_int_equal(fd_chains_map(&t, c, "x"), 0);
        assert_string_equal(word(t, "z", "gap"), cases[i].local ? "" : "choke");
        fd_table_free(n);
        fd_table_free(e);
        fd_table_free(t);
        fd_chains_free(c);
        fd_buf_dispose(&b);
        fd_buf_dispose(&f);
    }
}

/* A list of industry says nothing of hotels, until it names one. */
static void test_outside_industry(void **state)
{
    static const struct {
        const char *firms, *light, *gap;
        int unknown;
    } cases[] = {
        { "enterprise,industry\nA,3120\nB,3120\n", "grey", "unknown", 1 },
        { "enterprise,industry\nA,3120\nB,3120\nC,6210\n", "red", "break", 0 },
        { "enterprise,industry\nA,3120\nB,3120\nC,6110\nD,6110\n", "green", "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_table *n = table_from("chain,node,stage,needs,industries\nx,hotel,up,,611\n"
                                 "x,steel,down,hotel,3120\n"),
                 *f = table_from(cases[i].firms), *t = NULL;
        fd_chains *c = NULL;

        assert_int_equal(fd_chains_read(&c, n, NULL), 0);
        assert_int_equal(fd_chains_occupy(c, f, NULL), 0);
        assert_int_equal(fd_chains_map(&t, c, "x"), 0);
        assert_string_equal(word(t, "hotel", "light"), cases[i].light);
        assert_string_equal(word(t, "hotel", "gap"), cases[i].gap);
        assert_string_equal(word(t, "steel", "gap"),
                            strcmp(cases[i].gap, "break") == 0 ? "choke" : "");
        fd_table_free(t);
        assert_int_equal(fd_chains_indices(&t, c), 0);
        assert_near(figure(t, 0, "unknown"), cases[i].unknown, 0);
        assert_near(figure(t, 0, "completeness"), cases[i].light[0] == 'r' ? 50 : 100, 1e-9);
        fd_table_free(t);
        fd_chains_free(c);
        fd_table_free(n);
        fd_table_free(f);
    }
}

/* The shipped seeds: twelve chains and four boards, each readable, none without an end product. */
static void test_seeds(void **state)
{
    static const char *const files[] = { "chains/leading.ding", "chains/traditional.ding",
                                         "chains/emerging.ding", "chains/boards.ding", NULL };
    loaded l =
        load_program(files, "链 试 / try\n  环节 甲 / a    上游\n  环节 乙    下游    重要 2\n"
                            "    需要 甲\n    产品 车,船\n");
    fd_table *n = NULL, *t = NULL;
    fd_chains *c = NULL;

    (void)state;
    assert_int_equal(fd_chains_declared(&n, l.program), 0);
    assert_string_equal(fd_column_text(n->columns[fd_table_find(n, "note")], 0),
                        "种子:公开常识,待本地专班核对");
    assert_int_equal(fd_chains_read(&c, n, NULL), 0);
    assert_int_equal(fd_chains_indices(&t, c), 0);
    assert_int_equal(t->rows, 17);
    for (size_t r = 0; r < t->rows; r++) {
        if (fd_column_state(t->columns[fd_table_find(t, "completeness")], r) == FD_HAS)
            assert_near(figure(t, r, "completeness"), 0, 0);
        assert_true(figure(t, r, "nodes") >= 2);
    }
    assert_string_equal(fd_chains_find(c, "无人机"), "uav");
    assert_null(fd_chains_find(c, "蒸汽机"));
    fd_table_free(n);
    fd_table_free(t);
    fd_chains_free(c);
    load_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_indices),
        cmocka_unit_test(test_declared_occupant),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_monotone_and_order),
        cmocka_unit_test(test_bad_graphs),
        cmocka_unit_test(test_needs_as_written),
        cmocka_unit_test(test_outside_industry),
        cmocka_unit_test(test_seeds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
