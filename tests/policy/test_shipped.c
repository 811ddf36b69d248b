/* Every shipped policy: its samples, a clause on every condition, letters kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fangding/policy.h"
#include "load_program.h"

static const char *const files[] = { "units.ding",
                                     "data.ding",
                                     "classes.ding",
                                     "policies/items.ding",
                                     "policies/titles.ding",
                                     "policies/giant.ding",
                                     "policies/thresholds.ding",
                                     "policies/local.ding",
                                     NULL };

static void test_samples(void **state)
{
    loaded l = load_program(files, NULL);
    const fd_decl *decl;
    size_t ran = 0;

    (void)state;
    for (size_t i = 0; (decl = fd_program_decl(l.program, FD_DECL_POLICY, i)); i++) {
        const fd_policy *p = fd_program_policy(l.program, decl->alias);
        fd_table *t = NULL;
        size_t failed;

        assert_int_equal(fd_policy_samples(&t, &failed, l.program, p), 0);
        for (size_t r = 0; r < t->rows; r++)
            assert_string_equal(fd_column_text(t->columns[3], r), fd_column_text(t->columns[2], r));
        ran += t->rows;
        fd_table_free(t);
    }
    assert_true(ran >= 53);
    load_free(&l);
}

static void test_citations(void **state)
{
    loaded l = load_program(files, NULL);
    const fd_decl *decl;

    (void)state;
    for (size_t i = 0; (decl = fd_program_decl(l.program, FD_DECL_POLICY, i)); i++) {
        const fd_policy *p = fd_program_policy(l.program, decl->alias);

        for (size_t k = 0; k < p->part_count; k++) {
            assert_true(p->parts[k].cite || p->parts[k].kind == FD_PART_VALUE);
            assert_true(p->parts[k].confidence >= 'A' && p->parts[k].confidence <= 'D');
        }
        assert_true(!p->is_template || (!p->grant && p->unverified));
    }
    assert_true(fd_program_policy(l.program, "sme_tech")->unverified); /* its direct pass is D */
    assert_false(fd_program_policy(l.program, "hte")->unverified);
    load_free(&l);
}

/* 32号 11(五): firms on the line, to the yuan, in three bands. */
static void test_on_the_line(void **state)
{
    static const struct {
        int64_t sales, rd; /* 万元 with four digits, three equal years */
        bool meets;
    } rows[] = {
        { 50000000, 2500000, true },  { 50000000, 2499999, false },  { 50000001, 2000001, true },
        { 50000001, 2000000, false }, { 200000000, 8000000, true },  { 200000000, 7999999, false },
        { 200000001, 6000001, true }, { 200000001, 6000000, false },
    };
    static const size_t n = sizeof rows / sizeof *rows;
    loaded l = load_program(files, NULL);
    const fd_policy *p = fd_program_policy(l.program, "hte");
    fd_policy_options o = FD_POLICY_OPTIONS_INIT;
    const char *codes[8] = { "1", "2", "3", "4", "5", "6", "7", "8" };
    fd_facts *f = fd_facts_new();
    fd_policy_set *set;
    const fd_policy_slot *slot;
    size_t count, part = 0;

    (void)state;
    fd_facts_subjects(f, n, codes, NULL);
    for (int y = 2023; y <= 2025; y++) {
        fd_column *sales = fd_column_new("revenue", FD_DEC, "万元", 4, n);
        fd_column *rd = fd_column_new("rd_expense", FD_DEC, "万元", 4, n);

        for (size_t r = 0; r < n; r++) {
            fd_column_set_dec(sales, r, rows[r].sales);
            fd_column_set_dec(rd, r, rows[r].rd);
        }
        fd_facts_add(f, "revenue", fd_period_year(y), FD_CURRENT, sales);
        fd_facts_add(f, "rd_expense", fd_period_year(y), FD_CURRENT, rd);
    }
    o.on = fd_date_make(2026, 6, 30);
    assert_int_equal(fd_policy_set_new(&set, l.program, fd_facts_source(f), &p, 1, &o), 0);
    assert_int_equal(fd_policy_set_run(set), 0);
    slot = fd_policy_set_slots(set, &count);
    while (strcmp(p->parts[part].name, "研发强度") != 0)
        part++;
    for (size_t r = 0; r < n; r++)
        assert_int_equal(fd_policy_truth(set, slot, part, r), rows[r].meets ? FD_TRUE : FD_FALSE);
    fd_policy_set_free(set);
    fd_facts_free(f);
    load_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_citations),
        cmocka_unit_test(test_on_the_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
