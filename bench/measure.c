/*
 * How fast indicators run over many enterprises: measure [ENTERPRISES [ROUNDS]]
 *
 * A source in memory holds ENTERPRISES (1,000,000) subjects with revenue, cost, R&D, county and
 * chain. After one warm-up each case runs ROUNDS (15) times on one thread; the median is printed as
 * million operand cells a second (rows × columns read).  Sums include the two largest contributors.
 * The sum itself is printed, so that the work cannot be left out.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/diag.h"
#include "base/str.h"
#include "ding/eval/eval.h"
#include "ding/eval/kernel.h"
#include "fangding/measure.h"

static const char definitions[] =
    "单位 户 / household\n  量纲 户\n"
    "单位 元 / yuan\n  量纲 元\n单位 万元 / wan_yuan\n  等于 10000 元\n单位 % / percent\n  等于 "
    "0.01\n"
    "数据 收入 / rev\n  对象 企业    单位 万元    小数 4    性质 流量\n"
    "数据 成本 / cost\n  对象 企业    单位 万元    小数 4    性质 流量\n"
    "数据 研发 / rd\n  对象 企业    单位 万元    小数 4    性质 流量\n"
    "数据 县区 / county\n  对象 企业    类型 代码    性质 属性\n"
    "数据 产业链 / chain\n  对象 企业    类型 文本    性质 属性\n";

typedef struct memory_source {
    fd_source base;
    fd_frame frame;
    fd_column *rev, *cost, *rd, *county, *chain;
} memory_source;

static int give_frame(fd_source *s, const char *kind, const fd_frame **out)
{
    static const fd_frame none = { "", 0, NULL, NULL, NULL };

    *out = strcmp(kind, "enterprise") == 0 ? &((memory_source *)s)->frame : &none;
    return 0;
}

static int give_column(fd_source *s, const char *kind, const char *item, fd_period period,
                       fd_basis basis, fd_column **out)
{
    memory_source *m = (memory_source *)s;

    (void)kind, (void)period, (void)basis;
    *out = fd_column_ref(strcmp(item, "rev") == 0    ? m->rev
                         : strcmp(item, "cost") == 0 ? m->cost
                                                     : m->rd);
    return 0;
}

static int give_attribute(fd_source *s, const char *kind, const char *attribute, fd_date date,
                          fd_column **out)
{
    memory_source *m = (memory_source *)s;

    (void)kind, (void)date;
    *out = strcmp(attribute, "county") == 0  ? fd_column_ref(m->county)
           : strcmp(attribute, "chain") == 0 ? fd_column_ref(m->chain)
                                             : fd_column_new(attribute, FD_TEXT, "", 0, m->frame.n);
    return 0;
}

static int give_marks(fd_source *s, const char *item, fd_period period, fd_basis basis,
                      const char **marks, const char **origin)
{
    (void)s, (void)item, (void)period, (void)basis;
    if (marks)
        *marks = "";
    if (origin)
        *origin = "";
    return 0;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 24;
}

static fd_column *numbers(const char *id, size_t n, uint64_t seed, int missing_in)
{
    fd_column *c = fd_column_new(id, FD_DEC, "万元", 4, n);

    for (size_t i = 0; i < n; i++) {
        uint64_t r = next_random(&seed);

        if (missing_in && r % (uint64_t)missing_in == 0)
            continue;
        fd_column_set_dec(c, i, (int64_t)(r % 1000000000u));
    }
    return c;
}

static fd_column *codes(const char *id, size_t n, uint64_t seed, unsigned kinds, const char *prefix)
{
    fd_column *c = fd_column_new(id, FD_TEXT, "", 0, n);
    char text[32];

    for (size_t i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%s%02u", prefix, (unsigned)(next_random(&seed) % kinds));
        fd_column_set_text(c, i, text);
    }
    return c;
}

static void generate(memory_source *m, size_t n)
{
    static const fd_source_ops ops = {
        .frame = give_frame, .column = give_column, .attribute = give_attribute, .marks = give_marks
    };
    int32_t *ids = fd_alloc((n + 1) * sizeof *ids);
    const char **texts = fd_alloc((n + 1) * sizeof *texts);

    for (size_t i = 0; i < n; i++) {
        ids[i] = (int32_t)i + 1;
        texts[i] = "";
    }
    m->base.ops = &ops;
    m->frame = (fd_frame){ "enterprise", n, ids, texts, texts };
    m->rev = numbers("rev", n, 1, 0);
    m->cost = numbers("cost", n, 2, 0);
    m->rd = numbers("rd", n, 3, 100);
    m->county = codes("county", n, 4, 9, "9905");
    m->chain = codes("chain", n, 5, 12, "L");
}

static void dispose(memory_source *m)
{
    fd_column_unref(m->rev);
    fd_column_unref(m->cost);
    fd_column_unref(m->rd);
    fd_column_unref(m->county);
    fd_column_unref(m->chain);
    free((void *)(uintptr_t)m->frame.ids);
    free((void *)(uintptr_t)m->frame.codes);
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

typedef struct bench_case {
    const char *name, *expr;
    size_t operands; /* columns read per row */
    size_t by_count;
    const char *by[2];
} bench_case;

static int run_case(const bench_case *b, const fd_program *program, fd_eval *eval, size_t n,
                    int rounds)
{
    fd_arena *arena = fd_arena_new();
    double *times = fd_alloc((size_t)rounds * sizeof *times), total = 0;
    fd_eval_query q = { .period = fd_period_year(2024) };
    fd_grouping *grouping = NULL;
    fd_expr *e;
    int err;

    if ((err = fd_expr_parse(&e, program, arena, b->expr, false)) < 0 ||
        (b->by_count && (err = fd_grouping_new(&grouping, eval, b->by, b->by_count)) < 0))
        goto done;
    q.grouping = grouping;
    for (int i = -1; i < rounds; i++) {
        fd_eval_result r = { 0 };
        double start = now_s();

        if ((err = fd_eval_expr(&r, eval, e, &q)) < 0)
            goto done;
        if (i >= 0)
            times[i] = now_s() - start;
        total = 0;
        for (size_t g = 0; g < r.count; g++)
            total += fd_number_to_double(r.cells[g].value);
        fd_eval_result_dispose(&r);
    }
    qsort(times, (size_t)rounds, sizeof *times, by_value);
    printf("%-44s %8.1f M cells/s   (%.3f ms, result %.6g)\n", b->name,
           (double)(n * b->operands) / times[rounds / 2] / 1e6, times[rounds / 2] * 1e3, total);
done:
    if (err < 0)
        fprintf(stderr, "%s: %s\n", b->name, fd_error_last()->message[FD_EN]);
    fd_grouping_free(grouping);
    free(times);
    fd_arena_free(arena);
    return err;
}

/* The inner loops alone, for comparison. */
static void run_kernels(const memory_source *m, size_t n, int rounds)
{
    double *times = fd_alloc((size_t)rounds * sizeof *times);
    int64_t sum = 0;
    fd_top top = { 0, 0 };

    for (int i = 0; i < rounds; i++) {
        double start = now_s();

        top = (fd_top){ 0, 0 };
        sum = fd_kernel__sum(m->rev->v.dec, n, &top);
        times[i] = now_s() - start;
    }
    qsort(times, (size_t)rounds, sizeof *times, by_value);
    printf("%-44s %8.1f M cells/s   (sum %lld, largest %llu)\n", "inner loop: sum and two largest",
           (double)n / times[rounds / 2] / 1e6, (long long)sum, (unsigned long long)top.first);
    for (int i = 0; i < rounds; i++) {
        double start = now_s();

        sum = 0;
        for (size_t k = 0; k < n; k++)
            sum += m->rev->v.dec[k];
        times[i] = now_s() - start;
        __asm__ volatile("" : : "r"(sum));
    }
    qsort(times, (size_t)rounds, sizeof *times, by_value);
    printf("%-44s %8.1f M cells/s\n", "plain loop: sum alone", (double)n / times[rounds / 2] / 1e6);
    free(times);
}

/* 50 indicators × 12 chains × 9 counties × 84 months over a city of 1,180 enterprises: the whole
 * cube. */
static int run_cube(int rounds)
{
    enum { INDICATORS = 50, MONTHS = 84 };
    static const char *const formulas[] = { "合计(收入) ÷ 合计(成本)", "合计(收入)",
                                            "合计 已报(研发) ÷ 合计(收入)", "增速(收入)",
                                            "计数(收入 > 成本) × 1 户" };
    static const char *const units[] = { "%", "万元", "%", "%", "户" };
    const fd_indicator *list[INDICATORS];
    const char *by[] = { "chain", "county" };
    fd_measure_options o = FD_MEASURE_OPTIONS_INIT;
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *scripts[2] = { NULL };
    fd_program *program = NULL;
    fd_period periods[MONTHS];
    fd_table *tables[INDICATORS];
    fd_buf text = FD_BUF_INIT;
    double *times = fd_alloc((size_t)rounds * sizeof *times);
    memory_source m = { 0 };
    size_t rows = 0;
    int err;

    generate(&m, 1180);
    for (int i = 0; i < INDICATORS; i++)
        fd_buf_printf(&text,
                      "指标 指标%d / i%d\n  对象 企业    期间 月    单位 %s\n  汇总 %s\n"
                      "  缺数 任一缺报 → 已报\n  来源 试验\n  显示 保留 2 位\n",
                      i, i, units[i % 5], formulas[i % 5]);
    if ((err = fd_script_parse(&scripts[0], definitions, strlen(definitions), "bench", &diags)) <
            0 ||
        (err = fd_script_parse(&scripts[1], fd_buf_text(&text), text.len, "bench", &diags)) < 0 ||
        (err = fd_program_load(&program, (const fd_script *const *)scripts, 2, &diags)) < 0)
        goto done;
    for (int i = 0; i < INDICATORS; i++) {
        char id[16];

        snprintf(id, sizeof id, "i%d", i);
        list[i] = fd_program_indicator(program, id);
    }
    for (int i = 0; i < MONTHS; i++)
        periods[i] = fd_period_month(2018 + i / 12, i % 12 + 1);
    o.by = by;
    o.by_count = 2;
    for (int i = 0; i < rounds; i++) {
        double start = now_s();

        if ((err = fd_measure(tables, program, &m.base, list, INDICATORS, periods, MONTHS, &o)) < 0)
            goto done;
        times[i] = now_s() - start;
        rows = 0;
        for (int k = 0; k < INDICATORS; k++) {
            rows += tables[k]->rows;
            fd_table_free(tables[k]);
        }
    }
    qsort(times, (size_t)rounds, sizeof *times, by_value);
    printf("%-44s %8.1f ms   (%zu rows)\n", "cube: 50 indicators × 12 × 9 × 84 months",
           times[rounds / 2] * 1e3, rows);
done:
    if (err < 0) {
        for (size_t i = 0; i < diags.list.count; i++)
            fprintf(stderr, "%s\n", diags.list.items[i]->error.message[FD_EN]);
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
    }
    fd_program_free(program);
    fd_script_free(scripts[0]);
    fd_script_free(scripts[1]);
    fd_diags_dispose(&diags);
    fd_buf_dispose(&text);
    dispose(&m);
    free(times);
    return err;
}

int main(int argc, char **argv)
{
    static const bench_case cases[] = {
        { "合计(收入)", "合计(收入)", 1, 0, { NULL, NULL } },
        { "合计 已报(研发), 1 % missing", "合计 已报(研发)", 1, 0, { NULL, NULL } },
        { "合计(收入) ÷ 合计(成本)", "合计(收入) ÷ 合计(成本)", 2, 0, { NULL, NULL } },
        { "合计(收入 - 成本)", "合计(收入 - 成本)", 2, 0, { NULL, NULL } },
        { "合计(收入, 条件 收入 > 成本), who is kept",
          "合计(收入, 条件 收入 > 成本)",
          1,
          0,
          { NULL, NULL } },
        { "合计(四舍五入(收入 × 研发 ÷ 成本, 4 位))",
          "合计 已报(四舍五入(收入 × 研发 ÷ 成本, 4 位))",
          3,
          0,
          { NULL, NULL } },
        { "合计(收入) by 9 counties", "合计(收入)", 1, 1, { "county", NULL } },
        { "合计(收入) ÷ 合计(成本) by 9", "合计(收入) ÷ 合计(成本)", 2, 1, { "county", NULL } },
        { "合计(收入) by 12 chains × 9 counties", "合计(收入)", 1, 2, { "chain", "county" } },
        { "合计(收入) ÷ 合计(成本) by 12 × 9",
          "合计(收入) ÷ 合计(成本)",
          2,
          2,
          { "chain", "county" } },
    };
    size_t n = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 1000000;
    int rounds = argc > 2 ? atoi(argv[2]) : 15, err;
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *script = NULL;
    fd_program *program = NULL;
    fd_eval *eval = NULL;
    memory_source m = { 0 };

    if (n < 1 || rounds < 1)
        return 2;
    generate(&m, n);
    if ((err = fd_script_parse(&script, definitions, strlen(definitions), "bench", &diags)) < 0 ||
        (err = fd_program_load(&program, (const fd_script *const *)&script, 1, &diags)) < 0 ||
        (err = fd_eval_new(&eval, program, &m.base, NULL)) < 0) {
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
        return 1;
    }
    printf("%zu enterprises, median of %d, one thread\n", n, rounds);
    run_kernels(&m, n, rounds);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (run_case(&cases[i], program, eval, n, rounds) < 0)
            return 1;
    fd_eval_free(eval);
    fd_program_free(program);
    fd_script_free(script);
    fd_diags_dispose(&diags);
    dispose(&m);
    return run_cube(rounds < 5 ? rounds : 5) < 0;
}
