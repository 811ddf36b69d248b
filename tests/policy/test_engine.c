/*
 * Random policies over random enterprises: the vectors against the walk, Kleene's laws, the order
 * of conditions, completions of gaps, the smallest set that is missing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "fangding/policy.h"
#include "load_program.h"

#define ROWS  200
#define ITEMS 4

static uint64_t seed = 88172645463325252u;

static unsigned roll(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 11) % n;
}

static const char base[] = "数据 甲数 / a\n  对象 企业  单位 万元  小数 0  性质 流量\n"
                           "数据 乙数 / b\n  对象 企业  单位 万元  小数 1  性质 流量  不适用 可\n"
                           "数据 丙数 / c\n  对象 企业  单位 万元  小数 0  性质 流量\n"
                           "数据 丁数 / d\n  对象 企业  单位 元  小数 2  性质 流量\n"
                           "数据 旗 / flag\n  对象 企业  类型 是否  性质 属性\n"
                           "数据 词 / word\n  对象 企业  类型 文本  性质 属性\n"
                           "数据 生日 / founded\n  对象 企业  类型 日期  性质 属性\n";

static const char *const names[ITEMS] = { "甲数", "乙数", "丙数", "丁数" };

/* ---- random conditions ---- */

/* The lists of 旗 and 生日 are declared complete: who has no entry is no gap, but 否, or 不适用. */
static bool closed;
static bool branches; /* may the conditions choose between figures by other figures? */

static void number(fd_buf *out, int depth)
{
    switch (depth > 2 ? roll(2) : roll(branches ? 8 : 4)) {
    case 0:
        fd_buf_puts(out, names[roll(ITEMS)]);
        break;
    case 1:
        fd_buf_printf(out, "%s[上年]", names[roll(ITEMS)]);
        break;
    case 2:
        fd_buf_puts(out, "(");
        number(out, depth + 1);
        fd_buf_puts(out, roll(2) ? " + " : " − ");
        number(out, depth + 1);
        fd_buf_puts(out, ")");
        break;
    case 3:
        fd_buf_printf(out, "近2年(%s)", names[roll(ITEMS)]);
        break;
    case 4:
        fd_buf_puts(out, roll(2) ? "最大(" : "最小(");
        fd_buf_printf(out, "%s,%s)", names[roll(ITEMS)], names[roll(ITEMS)]);
        break;
    case 5:
        fd_buf_printf(out, "(%s > 3 万元 → %s;其余 %u 万元)", names[roll(ITEMS)],
                      names[roll(ITEMS)], roll(5));
        break;
    case 6:
        fd_buf_printf(out, "绝对值(%s)", names[roll(ITEMS)]);
        break;
    default:
        fd_buf_printf(out, "%u 万元", roll(6));
        break;
    }
}

static const char *relation(void)
{
    static const char *const all[] = { "≥", ">", "≤", "<", "=", "≠" };

    return all[roll(6)];
}

static void truth(fd_buf *out, int depth)
{
    unsigned kind = depth > 2 ? roll(5) : roll(10);

    if (!branches && (kind == 2 || kind == 6))
        kind = 1;
    switch (kind) {
    case 0:
        number(out, 1);
        fd_buf_printf(out, " %s ", relation());
        number(out, 1);
        break;
    case 1:
        fd_buf_printf(out, "%s ÷ %s %s %u %%", names[roll(ITEMS)], names[roll(ITEMS)], relation(),
                      roll(200));
        break;
    case 2:
        fd_buf_printf(out, "%s ÷ %s ≥ 查表 %s 不超过 2 万元 %u %% 不超过 4 万元 %u %% 其余 %u %%",
                      names[roll(ITEMS)], names[roll(ITEMS)], names[roll(ITEMS)], roll(150),
                      roll(150), roll(150));
        break;
    case 3:
        fd_buf_puts(out, roll(2) ? "旗" : "词 属于 {红,绿}");
        break;
    case 4:
        if (roll(2))
            fd_buf_printf(out, roll(2) ? "生日 + %u 工作日 %s 申请日" : "申请日 − %u 日 %s 生日",
                          roll(1000) + 1, relation());
        else
            fd_buf_printf(out, roll(2) ? "生日 + %u 年 ≤ 申请日" : "生日 ≥ 20%02u-06-15",
                          roll(20) + 1);
        break;
    case 5:
        fd_buf_puts(out, "非 (");
        truth(out, depth + 1);
        fd_buf_puts(out, ")");
        break;
    case 6:
        fd_buf_printf(out, "%s < 查表 %s 达到 4 万元 %u 万元 超过 1 万元 %u 万元 其余 %u 万元",
                      names[roll(ITEMS)], names[roll(ITEMS)], roll(6), roll(6), roll(6));
        break;
    case 7: {
        unsigned n = 2 + roll(3);

        fd_buf_printf(out, "至少(%u 项", 1 + roll(n));
        for (unsigned i = 0; i < n; i++) {
            fd_buf_puts(out, ",");
            truth(out, depth + 1);
        }
        fd_buf_puts(out, ")");
        break;
    }
    default:
        fd_buf_puts(out, "(");
        truth(out, depth + 1);
        fd_buf_puts(out, roll(2) ? " 且 " : " 或 ");
        truth(out, depth + 1);
        fd_buf_puts(out, ")");
        break;
    }
}

typedef struct written {
    char *conditions[6];
    size_t count;
} written;

static written write_conditions(void)
{
    written w = { .count = 1 + roll(5) };

    for (size_t i = 0; i < w.count; i++) {
        fd_buf b = FD_BUF_INIT;

        fd_buf_printf(&b, "  %s 条%zu ", i == 4 ? "直通" : "条件", i);
        if (i == 4)
            fd_buf_puts(&b, "免 条0 ");
        /* under 非 no two conditions can be refused as contradicting each other */
        fd_buf_puts(&b, "非 (");
        truth(&b, 0);
        fd_buf_puts(&b, ")");
        fd_buf_puts(&b, "  〔一〕\n");
        w.conditions[i] = fd_buf_take(&b);
    }
    return w;
}

static loaded compile(const written *w, bool backwards, const char *na)
{
    static const char *const files[] = { "units.ding", NULL };
    fd_buf b = FD_BUF_INIT;
    loaded l;

    fd_buf_puts(&b, base);
    if (closed)
        fd_buf_puts(&b, "全名单 名 / lists\n  项 旗 生日\n  有效 2026-06-30 起\n  依据 示例\n");
    fd_buf_printf(&b,
                  "政策 试 / p\n  类型 资质  置信 B  对象 企业  按 申请日\n  文号 x\n  有效 "
                  "2000-01-01 起\n  不适用 %s\n",
                  na);
    for (size_t i = 0; i < w->count; i++) {
        size_t at = backwards && w->count < 5 ? w->count - 1 - i : i;

        fd_buf_puts(&b, w->conditions[at]);
    }
    l = load_program(files, fd_buf_text(&b));
    fd_buf_dispose(&b);
    return l;
}

/* ---- random enterprises ---- */

typedef struct cell {
    fd_state state;
    int64_t value;
} cell;

typedef struct world {
    cell figures[ITEMS][3][ROWS]; /* by years back */
    const char *flag[ROWS], *word[ROWS];
    char founded[ROWS][16];
} world;

static cell random_cell(bool full)
{
    cell c = { FD_HAS, (int64_t)roll(8) - 1 };
    unsigned r = full ? 9 : roll(10);

    c.state = r < 2 ? FD_MISSING : r == 2 ? FD_DOUBT : FD_HAS;
    return c;
}

static void random_world(world *w)
{
    static const char *const flags[] = { "是", "否", NULL };
    static const char *const words[] = { "红", "蓝", "绿", NULL };

    for (size_t i = 0; i < ITEMS; i++)
        for (int y = 0; y < 3; y++)
            for (size_t r = 0; r < ROWS; r++) {
                w->figures[i][y][r] = random_cell(false);
                if (i == 1 && roll(8) == 0)
                    w->figures[i][y][r].state = FD_NA;
            }
    for (size_t r = 0; r < ROWS; r++) {
        w->flag[r] = flags[roll(3)];
        w->word[r] = words[roll(4)];
        w->founded[r][0] = '\0';
        if (roll(4))
            snprintf(w->founded[r], sizeof w->founded[r], "20%02u-%02u-%02u", roll(26),
                     roll(12) + 1, roll(28) + 1);
    }
}

/* Every gap filled at random. */
static void fill(world *w)
{
    static const char *const words[] = { "红", "蓝", "绿" };

    for (size_t i = 0; i < ITEMS; i++)
        for (int y = 0; y < 3; y++)
            for (size_t r = 0; r < ROWS; r++)
                if (w->figures[i][y][r].state != FD_NA && w->figures[i][y][r].state != FD_HAS)
                    w->figures[i][y][r] = random_cell(true);
    for (size_t r = 0; r < ROWS; r++) {
        if (!closed)
            w->flag[r] = w->flag[r] ? w->flag[r] : roll(2) ? "是" : "否";
        w->word[r] = w->word[r] ? w->word[r] : words[roll(3)];
        if (!w->founded[r][0] && !closed)
            snprintf(w->founded[r], sizeof w->founded[r], "20%02u-%02u-%02u", roll(26),
                     roll(12) + 1, roll(28) + 1);
    }
}

static fd_facts *facts_of(const world *w)
{
    static const char *const ids[] = { "a", "b", "c", "d" };
    static const int8_t scales[] = { 0, 1, 0, 2 };
    static const int64_t factors[] = { 1, 10, 1, 1000000 }; /* 万元 → each item's last digit */
    const char *codes[ROWS];
    char text[ROWS][8];
    fd_facts *f = fd_facts_new();
    fd_column *c;

    for (size_t r = 0; r < ROWS; r++) {
        snprintf(text[r], sizeof text[r], "%zu", r);
        codes[r] = text[r];
    }
    fd_facts_subjects(f, ROWS, codes, NULL);
    for (size_t i = 0; i < ITEMS; i++)
        for (int y = 0; y < 3; y++) {
            c = fd_column_new(ids[i], FD_DEC, "", scales[i], ROWS);
            for (size_t r = 0; r < ROWS; r++) {
                const cell *x = &w->figures[i][y][r];

                if (x->state == FD_HAS || x->state == FD_DOUBT)
                    fd_column_set_dec(c, r, x->value * factors[i]);
                if (x->state != FD_HAS)
                    fd_column_set_state(c, r, x->state);
            }
            fd_facts_add(f, ids[i], fd_period_year(2026 - y), FD_CURRENT, c);
        }
    for (int k = 0; k < 3; k++) {
        static const char *const attributes[] = { "flag", "word", "founded" };

        c = fd_column_new(attributes[k], FD_TEXT, "", 0, ROWS);
        for (size_t r = 0; r < ROWS; r++) {
            const char *v = k == 0             ? w->flag[r]
                            : k == 1           ? w->word[r]
                            : w->founded[r][0] ? w->founded[r]
                                               : NULL;

            if (v)
                fd_column_set_text(c, r, v);
        }
        fd_facts_attribute(f, attributes[k], c);
    }
    return f;
}

/* ---- the laws ---- */

static fd_policy_set *answer(const loaded *l, fd_facts *f, const fd_policy **p)
{
    fd_policy_options o = FD_POLICY_OPTIONS_INIT;
    fd_policy_set *set = NULL;
    int err;

    *p = fd_program_policy(l->program, "p");
    o.on = fd_date_make(2026, 6, 30);
    err = fd_policy_set_new(&set, l->program, fd_facts_source(f), p, 1, &o);
    if (err < 0)
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_ZH]);
    assert_int_equal(err, 0);
    assert_int_equal(fd_policy_set_run(set), 0);
    return set;
}

static void check_walk(fd_policy_set *set, const written *w)
{
    const fd_policy_slot *slot;
    size_t n;

    slot = fd_policy_set_slots(set, &n);
    assert_int_equal(n, 1);
    for (size_t part = 0; part < slot->part_count; part++)
        for (size_t row = 0; row < ROWS; row++) {
            fd_truth t;

            assert_int_equal(fd_policy_walk_truth(&t, set, slot, part, row), 0);
            if (t != fd_policy_truth(set, slot, part, row))
                fprintf(stderr, "row %zu: %s", row, w->conditions[part]);
            assert_int_equal(t, fd_policy_truth(set, slot, part, row));
        }
}

/* Fill the missing set but one field: the answer stays short of 符合 as long as that one is open.
 */
static void check_minimal(fd_policy_set *set, const loaded *l, const world *w)
{
    static const char *const ids[] = { "a", "b", "c", "d" };
    size_t count;
    const fd_policy_slot *slot = fd_policy_set_slots(set, &count);

    for (size_t row = 0; row < ROWS; row += 7) {
        fd_policy_field *fields;
        size_t n;

        if (fd_policy_result(set, slot, row) != FD_NEEDS)
            continue;
        assert_int_equal(fd_policy_missing(&fields, &n, set, slot, row), 0);
        assert_true(n > 0);
        for (size_t leave = 0; leave < n; leave++) {
            world filled = *w;
            const fd_policy *p;
            fd_policy_set *again;
            fd_facts *f;

            assert_false(closed && (strcmp(fields[leave].item->id, "flag") == 0 ||
                                    strcmp(fields[leave].item->id, "founded") == 0));
            for (size_t k = 0; k < n; k++) {
                const char *id = fields[k].item->id;

                if (k == leave)
                    continue;
                for (size_t i = 0; i < ITEMS; i++)
                    if (strcmp(id, ids[i]) == 0)
                        filled.figures[i][2026 - fd_period_year_of(fields[k].period)][row] =
                            random_cell(true);
                if (strcmp(id, "flag") == 0)
                    filled.flag[row] = roll(2) ? "是" : "否";
                if (strcmp(id, "word") == 0)
                    filled.word[row] = roll(2) ? "红" : "蓝";
                if (strcmp(id, "founded") == 0)
                    strcpy(filled.founded[row], "2010-05-05");
            }
            f = facts_of(&filled);
            again = answer(l, f, &p);
            assert_int_not_equal(fd_policy_result(again, fd_policy_set_slots(again, &count), row),
                                 FD_MEETS);
            fd_policy_set_free(again);
            fd_facts_free(f);
        }
        free(fields);
    }
}

static void test_random(void **state)
{
    static const char *const rules[] = { "不符合", "符合", "跳过" };
    static world w, filled;

    (void)state;
    for (int round = 0; round < 60; round++) {
        written conditions =
            (closed = round % 4 == 2, branches = round % 6 != 0, write_conditions());
        const char *na = rules[round % 3];
        loaded l = compile(&conditions, false, na), turned = compile(&conditions, true, na);
        fd_policy_set *set, *other, *done;
        const fd_policy_slot *a, *b, *c;
        fd_facts *f, *g;
        const fd_policy *p;
        size_t n;

        random_world(&w);
        f = facts_of(&w);
        set = answer(&l, f, &p);
        a = fd_policy_set_slots(set, &n);
        check_walk(set, &conditions);
        other = answer(&turned, f, &p);
        b = fd_policy_set_slots(other, &n);
        for (size_t row = 0; row < ROWS; row++)
            assert_int_equal(fd_policy_result(set, a, row), fd_policy_result(other, b, row));
        for (int k = 0; k < 3; k++) {
            filled = w;
            fill(&filled);
            g = facts_of(&filled);
            done = answer(&l, g, &p);
            c = fd_policy_set_slots(done, &n);
            for (size_t row = 0; row < ROWS; row++) {
                fd_outcome before = fd_policy_result(set, a, row);

                if (before == FD_MEETS || before == FD_FAILS)
                    assert_int_equal(before, fd_policy_result(done, c, row));
            }
            fd_policy_set_free(done);
            fd_facts_free(g);
        }
        if (round % 6 == 0)
            check_minimal(set, &l, &w);
        fd_policy_set_free(set);
        fd_policy_set_free(other);
        fd_facts_free(f);
        load_free(&l);
        load_free(&turned);
        for (size_t i = 0; i < conditions.count; i++)
            free(conditions.conditions[i]);
    }
}

/* A changed parameter: the next run gives what a new set gives. */
static void test_change(void **state)
{
    static const char *const files[] = { "units.ding", NULL };
    static world w;
    fd_buf b = FD_BUF_INIT;
    const fd_policy *p;
    fd_policy_set *set;
    const fd_policy_slot *slot;
    fd_facts *f;
    loaded l;
    size_t n, met[2] = { 0, 0 };

    (void)state;
    fd_buf_puts(&b, base);
    fd_buf_puts(&b,
                "政策 试 / p\n  类型 资质  置信 B  对象 企业\n  文号 x\n  有效 2000-01-01 起\n"
                "  参数 线 3 万元\n  条件 一 甲数 ≥ 线 〔一〕\n  条件 二 丙数 ≥ 0 万元 〔一〕\n");
    l = load_program(files, fd_buf_text(&b));
    random_world(&w);
    f = facts_of(&w);
    set = answer(&l, f, &p);
    for (int k = 0; k < 2; k++) {
        fd_policy_setting s = { p, &p->params[0], { 50, 1 } }; /* 5.0 */

        slot = fd_policy_set_slots(set, &n);
        for (size_t r = 0; r < ROWS; r++) {
            bool known = w.figures[0][0][r].state == FD_HAS && w.figures[2][0][r].state == FD_HAS;
            bool meets =
                known && w.figures[0][0][r].value >= (k ? 5 : 3) && w.figures[2][0][r].value >= 0;

            assert_int_equal(fd_policy_result(set, slot, r) == FD_MEETS, meets);
            met[k] += meets;
        }
        assert_int_equal(fd_policy_set_change(set, &s), 0);
        assert_int_equal(fd_policy_set_run(set), 0);
    }
    assert_true(met[0] > met[1]);
    fd_policy_set_free(set);
    fd_facts_free(f);
    load_free(&l);
    fd_buf_dispose(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
