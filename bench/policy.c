/*
 * How fast policies run over many enterprises: policy [ENTERPRISES [ROUNDS]]
 *
 * A source in memory: 1,000,000 enterprises, 30 columns with 3 % gaps, and one policy of 20
 * conditions of the published mix: ratios against a line, three-year sums in bands, plain bounds,
 * counts, dates, words, alternatives.  Rates are conditions × rows a second of one core.  The
 * second case is 200,000 enterprises × 300 policies × 10 conditions on two cores, then one changed
 * threshold.  The third writes the table of answers with failing conditions, gaps and missing
 * fields.  Counts are printed, so that the work cannot be left out.  With --csv FILE the first
 * case's data is written for a peer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/diag.h"
#include "base/pool.h"
#include "base/str.h"
#include "fangding/policy.h"

static const char items[] =
    "单位 元 / yuan\n  量纲 元\n单位 万元 / wan\n  等于 10000 元\n单位 亿元 / yi\n  等于 100000000 "
    "元\n"
    "单位 % / percent\n  等于 0.01\n单位 人 / person\n  量纲 人\n单位 项 / matter\n  量纲 项\n"
    "单位 分 / score\n  量纲 分\n单位 月 / month_unit\n  量纲 月\n单位 年 / year_unit\n  等于 12 "
    "月\n"
    "数据 研发 / rd\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 收入 / rev\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 主营 / main_rev\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 境内研发 / rd_home\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 高新收入 / ht\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 负债 / debt\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 资产 / assets\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 融资 / equity\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 能耗 / energy\n  对象 企业  单位 万元  小数 4  性质 流量\n"
    "数据 科技人员 / tech\n  对象 企业  单位 人  小数 0  性质 流量\n"
    "数据 职工 / staff\n  对象 企业  单位 人  小数 0  性质 流量\n"
    "数据 专利 / ip\n  对象 企业  单位 项  小数 0  性质 流量\n"
    "数据 得分 / points\n  对象 企业  单位 分  小数 2  性质 流量\n"
    "数据 年限 / niche\n  对象 企业  单位 年  小数 1  性质 流量\n"
    "数据 成立 / founded\n  对象 企业  类型 日期  性质 属性\n"
    "数据 失信 / bad\n  对象 企业  类型 是否  性质 属性\n"
    "数据 行业码 / sector\n  对象 企业  类型 文本  性质 属性\n";

static const char head[] =
    "  类型 资质  置信 B  对象 企业  按 申请日\n  文号 x\n  有效 2000-01-01 起\n";

static const char mix[] =
    "  条件 c01 成立 + 1 年 ≤ 申请日 〔1〕\n"
    "  条件 c02 科技人员[上年] ÷ 职工[上年] ≥ 10 % 〔1〕\n"
    "  条件 c03 近3年(研发) ÷ 近3年(收入) ≥ 查表 收入[上年] 不超过 5000 万元 5 % 不超过 2 亿元 4 % "
    "其余 3 % 〔1〕\n"
    "  条件 c04 近3年(境内研发) ÷ 近3年(研发) ≥ 60 % 〔1〕\n"
    "  条件 c05 高新收入[上年] ÷ 收入[上年] ≥ 60 % 〔1〕\n"
    "  条件 c06 得分[上年] > 70 分 〔1〕\n"
    "  条件 c07 非 失信 〔1〕\n"
    "  条件 c08 主营[上年] ÷ 收入[上年] ≥ 70 % 〔1〕\n"
    "  条件 c09 负债[上年] ÷ 资产[上年] ≤ 70 % 〔1〕\n"
    "  条件 c10 研发[-1] ÷ 收入[-1] ≥ 3 % 〔1〕\n"
    "  条件 c11 研发[-2] ÷ 收入[-2] ≥ 3 % 〔1〕\n"
    "  条件 c12 专利[上年] ≥ 2 项 〔1〕\n"
    "  条件 c13 年限[上年] ≥ 3 年 〔1〕\n"
    "  条件 c14 收入[-1] ≥ 105 % × 收入[-2] 〔1〕\n"
    "  条件 c15 近2年(研发) ≥ 1200 万元 〔1〕\n"
    "  条件 c16 收入[上年] ≥ 1000 万元 或 近2年(融资) ≥ 2000 万元 〔1〕\n"
    "  条件 c17 职工[上年] ≤ 500 人 〔1〕\n"
    "  条件 c18 资产[上年] ≤ 2 亿元 〔1〕\n"
    "  条件 c19 行业码 不属于 {16,51,52} 〔1〕\n"
    "  条件 c20 能耗[上年] ≥ 查表 收入[上年] 不满 1 亿元 100 万元 其余 500 万元 〔1〕\n";

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t seed = 88172645463325252u;
static uint64_t roll(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % n;
}

static int by_time(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void die(const char *what)
{
    fprintf(stderr, "%s: %s %s\n", what, fd_error_last()->message[FD_EN],
            fd_error_last()->detail[FD_EN]);
    exit(1);
}

static fd_program *load(fd_script **script, const char *text)
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_program *p = NULL;

    if (fd_script_parse(script, text, strlen(text), "bench.ding", &diags) < 0 ||
        fd_program_load(&p, (const fd_script *const *)script, 1, &diags) < 0) {
        fprintf(stderr, "%s\n", diags.list.items[0]->error.message[FD_EN]);
        exit(1);
    }
    fd_diags_dispose(&diags);
    return p;
}

/* ---- the enterprises ---- */

static const struct {
    const char *item;
    int64_t low, high;
    int8_t scale;
    int years;
} figures[] = { { "rd", 500000, 30000000, 4, 3 },
                { "rev", 5000000, 500000000, 4, 3 },
                { "rd_home", 400000, 25000000, 4, 3 },
                { "main_rev", 4000000, 450000000, 4, 1 },
                { "ht", 3000000, 400000000, 4, 1 },
                { "debt", 3000000, 400000000, 4, 1 },
                { "assets", 5000000, 500000000, 4, 1 },
                { "equity", 0, 30000000, 4, 2 },
                { "energy", 500000, 20000000, 4, 1 },
                { "tech", 0, 200, 0, 1 },
                { "staff", 20, 1000, 0, 1 },
                { "ip", 0, 8, 0, 1 },
                { "points", 4000, 10000, 2, 1 },
                { "niche", 0, 120, 1, 1 } };

static fd_facts *enterprises(size_t n, FILE *csv)
{
    fd_facts *f = fd_facts_new();
    const char **codes = malloc(n * sizeof *codes);
    char *text = malloc(n * 12);
    fd_column *all[64];
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        snprintf(text + i * 12, 12, "%09u", (unsigned)(i % 1000000000));
        codes[i] = text + i * 12;
    }
    fd_facts_subjects(f, n, codes, NULL);
    free(codes);
    free(text);
    for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
        for (int y = 1; y <= figures[k].years; y++) {
            fd_column *c = fd_column_new(figures[k].item, FD_DEC, "", figures[k].scale, n);

            for (size_t i = 0; i < n; i++)
                if (roll(100) >= 3)
                    fd_column_set_dec(c, i,
                                      figures[k].low + (int64_t)roll((uint64_t)(figures[k].high -
                                                                                figures[k].low)));
            fd_facts_add(f, figures[k].item, fd_period_year(2026 - y), FD_CURRENT,
                         fd_column_ref(c));
            all[count++] = c;
        }
    for (int k = 0; k < 3; k++) {
        static const char *const ids[] = { "founded", "bad", "sector" };
        fd_column *c = fd_column_new(ids[k], FD_TEXT, "", 0, n);
        char buf[16];

        for (size_t i = 0; i < n; i++) {
            if (roll(100) < 3)
                continue;
            if (k == 0)
                snprintf(buf, sizeof buf, "20%02u-%02u-%02u", (unsigned)roll(26),
                         (unsigned)roll(12) + 1, (unsigned)roll(28) + 1);
            else
                snprintf(buf, sizeof buf, "%s",
                         k == 1     ? (roll(30) ? "否" : "是")
                         : roll(20) ? "33"
                                    : "51");
            fd_column_set_text(c, i, buf);
        }
        fd_facts_attribute(f, ids[k], fd_column_ref(c));
        all[count++] = c;
    }
    if (csv) {
        size_t at = 0;

        for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
            for (int y = 1; y <= figures[k].years; y++)
                fprintf(csv, "%s%s%d", at++ ? "," : "", figures[k].item, y);
        fprintf(csv, ",founded,bad,sector\n");
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < count; k++) {
                const fd_column *c = all[k];

                if (k)
                    fputc(',', csv);
                if (fd_column_state(c, i) == FD_HAS && c->kind == FD_DEC)
                    fprintf(csv, "%lld", (long long)c->v.dec[i]);
                else if (fd_column_state(c, i) == FD_HAS)
                    fputs(fd_column_text(c, i), csv);
                if (k + 1 == count)
                    fputc('\n', csv);
            }
    }
    for (size_t k = 0; k < count; k++)
        fd_column_unref(all[k]);
    return f;
}

static fd_policy_set *make(fd_program *p, fd_facts *f, const fd_policy **policies, size_t count,
                           fd_pool *pool)
{
    fd_policy_options o = FD_POLICY_OPTIONS_INIT;
    fd_policy_set *set;

    o.on = fd_date_make(2026, 6, 30);
    o.pool = pool;
    if (fd_policy_set_new(&set, p, fd_facts_source(f), policies, count, &o) < 0)
        die("compile");
    return set;
}

/* ---- cases ---- */

static void twenty(size_t n, int rounds, FILE *csv)
{
    fd_buf text = FD_BUF_INIT;
    fd_script *script;
    fd_program *p;
    fd_facts *f = enterprises(n, csv);
    const fd_policy *policy;
    double *bind = malloc((size_t)rounds * sizeof *bind),
           *run = malloc((size_t)rounds * sizeof *run);
    size_t results[5] = { 0 }, count;
    fd_policy_set *set = NULL;

    fd_buf_printf(&text, "%s政策 试 / p\n%s%s", items, head, mix);
    p = load(&script, fd_buf_text(&text));
    policy = fd_program_policy(p, "p");
    for (int r = 0; r < rounds; r++) {
        double a = now(), b;

        fd_policy_set_free(set);
        a = now();
        set = make(p, f, &policy, 1, NULL);
        b = now();
        if (fd_policy_set_run(set) < 0)
            die("run");
        bind[r] = b - a;
        run[r] = now() - b;
    }
    for (size_t i = 0; i < n; i++)
        results[fd_policy_result(set, fd_policy_set_slots(set, &count), i)]++;
    qsort(bind, (size_t)rounds, sizeof *bind, by_time);
    qsort(run, (size_t)rounds, sizeof *run, by_time);
    printf(
        "%zu x 20 conditions: run %.1f ms = %.0f M conditions x rows a core-second (aim 300, 600); "
        "compile and sums %.1f ms, both %.0f M\n",
        n, run[rounds / 2] * 1e3, (double)n * 20 / run[rounds / 2] / 1e6, bind[rounds / 2] * 1e3,
        (double)n * 20 / (run[rounds / 2] + bind[rounds / 2]) / 1e6);
    printf("  no %zu, incomplete %zu, yes %zu\n", results[FD_FAILS], results[FD_NEEDS],
           results[FD_MEETS]);
    {
        size_t lines = 0;
        fd_buf out = FD_BUF_INIT;
        double a = now();

        for (size_t i = 0; i < n; i++) {
            fd_buf_clear(&out);
            if (fd_policy_reasons(&out, set, fd_policy_set_slots(set, &count), i) < 0)
                die("reasons");
            for (size_t k = 0; k < out.len; k++)
                lines += out.ptr[k] == '\n';
        }
        printf("explanations: %zu lines, %.2f M lines a second (aim 3)\n", lines,
               (double)lines / (now() - a) / 1e6);
        fd_buf_dispose(&out);
    }
    {
        fd_policy_check_options o = FD_POLICY_CHECK_INIT;
        fd_table *t;
        double a = now();

        if (n <= 200000 || getenv("FD_BENCH_TABLE")) {
            if (fd_policy_check(&t, set, &o) < 0)
                die("check");
            printf("table of answers: %.2f M rows a second\n", (double)t->rows / (now() - a) / 1e6);
            fd_table_free(t);
        }
    }
    fd_policy_set_free(set);
    fd_program_free(p);
    fd_script_free(script);
    fd_facts_free(f);
    fd_buf_dispose(&text);
    free(bind);
    free(run);
}

static void three_hundred(size_t n)
{
    static const char *const columns[] = { "研发",     "收入", "主营", "境内研发",
                                           "高新收入", "负债", "资产", "能耗" };
    fd_buf text = FD_BUF_INIT;
    fd_script *script;
    fd_program *p;
    fd_facts *f = enterprises(n, NULL);
    const fd_policy *all[300];
    fd_pool *pool = fd_pool_new(2);
    fd_policy_set *set;
    double a, b;
    size_t met = 0, nodes, conditions, count;

    fd_buf_puts(&text, items);
    for (int k = 0; k < 300; k++) {
        fd_buf_printf(&text, "政策 策%d / p%d\n%s  参数 线 %d 万元\n", k, k, head, 100 + k);
        for (int c = 0; c < 10; c++)
            switch (c % 4) {
            case 0:
                fd_buf_printf(&text, "  条件 c%d %s[上年] ≥ %d 万元 〔1〕\n", c, columns[roll(8)],
                              (int)roll(3000));
                break;
            case 1:
                fd_buf_printf(&text, "  条件 c%d %s[上年] ÷ %s[上年] ≥ %d.%d %% 〔1〕\n", c,
                              columns[roll(8)], columns[roll(8)], (int)roll(60), (int)roll(10));
                break;
            case 2:
                fd_buf_printf(&text,
                              "  条件 c%d 近3年(研发) ÷ 近3年(收入) ≥ 查表 收入[上年] 不超过 %d "
                              "万元 5 %% 其余 3 %% 〔1〕\n",
                              c, 1000 + (int)roll(9000));
                break;
            default:
                fd_buf_printf(&text,
                              c == 3 ? "  条件 c%d 研发[上年] ≥ 线 〔1〕\n"
                                     : "  条件 c%d 职工[上年] ≤ %d 人 〔1〕\n",
                              c, (int)roll(900) + 50);
                break;
            }
    }
    p = load(&script, fd_buf_text(&text));
    for (int k = 0; k < 300; k++)
        all[k] = fd_program_policy(p, fd_program_decl(p, FD_DECL_POLICY, (size_t)k)->alias);
    a = now();
    set = make(p, f, all, 300, pool);
    if (fd_policy_set_run(set) < 0)
        die("run");
    b = now();
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < 300; s++)
            met += fd_policy_result(set, &fd_policy_set_slots(set, &count)[s], i) == FD_MEETS;
    fd_policy_set_size(set, &nodes, &conditions);
    printf("%zu x 300 policies x 10 conditions, two threads: %.2f s (aim 2), %zu nodes, %zu yes\n",
           n, b - a, nodes, met);
    {
        fd_policy_setting s = { all[7], &all[7]->params[0], { 555, 0 } };

        a = now();
        if (fd_policy_set_change(set, &s) < 0 || fd_policy_set_run(set) < 0)
            die("change");
        printf("a changed threshold: %.4f s (aim 0.1)\n", now() - a);
    }
    fd_policy_set_free(set);
    fd_pool_free(pool);
    fd_program_free(p);
    fd_script_free(script);
    fd_facts_free(f);
    fd_buf_dispose(&text);
}

int main(int argc, char **argv)
{
    FILE *csv = argc > 2 && strcmp(argv[1], "--csv") == 0 ? fopen(argv[2], "w") : NULL;
    size_t n = !csv && argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    int rounds = !csv && argc > 2 ? atoi(argv[2]) : 9;

    twenty(n, rounds, csv);
    if (csv)
        return fclose(csv);
    three_hundred(n / 5);
    return 0;
}
