/*
 * The files, read back and computed again from what they say: the aggregates that the example
 * claims must come out, for two seeds, with arithmetic of this file alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <unistd.h>

#include "fangding/example.h"
#include "fangding/uscc.h"
#include "grid.h"
#include "remove_all.h"

typedef struct world {
    char folder[2][256];
    grid list[2]; /* the registers */
} world;

/* cmocka compares floats only. */
#define assert_near(a, b, epsilon) assert_true(fabs((double)(a) - (double)(b)) <= (epsilon))

static const uint64_t seeds[2] = { 1, 20240707 };

static const char *const divisions_high[] = { "25", "26", "30", "31", "32", "44" };

/* A folder (or file) name for mkdtemp in the folder for temporary files. */
static char *template_of(char *out, size_t size)
{
    const char *base = getenv("TMPDIR");

    snprintf(out, size, "%s/fangding-example-XXXXXX", base ? base : P_tmpdir);
    return out;
}

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);

    for (int i = 0; i < 2; i++) {
        fd_example_options options = FD_EXAMPLE_OPTIONS_INIT;

        if (!mkdtemp(template_of(w->folder[i], sizeof w->folder[i])))
            return -1;
        options.seed = seeds[i];
        if (fd_example_write(w->folder[i], &options) < 0) {
            fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
            return -1;
        }
        grid_read(&w->list[i], w->folder[i], "名录/企业名录.xlsx", "统一社会信用代码");
    }
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;

    for (int i = 0; i < 2; i++) {
        grid_free(&w->list[i]);
        remove_all(w->folder[i]);
    }
    free(w);
    return 0;
}

/* The formula of the accounts, over the cells of a row; 千元. */
static double value_added(const grid *g, size_t row, const char *which)
{
    static const struct {
        const char *head;
        int sign;
    } terms[] = { { "其中：本年折旧211", 1 },
                  { "税金及附加309", 1 },
                  { "应交增值税（本年累计发生额）402", 1 },
                  { "应付职工薪酬（本年贷方累计发生额）401", 1 },
                  { "营业利润323", 1 },
                  { "资产减值损失320", -1 },
                  { "信用减值损失", -1 },
                  { "投资收益322", -1 },
                  { "公允价值变动收益321", -1 },
                  { "资产处置收益", -1 },
                  { "其他收益", -1 },
                  { "净敞口套期收益", -1 } };
    double sum = 0;
    char head[128];

    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        snprintf(head, sizeof head, "%s;%s", terms[i].head, which);
        sum += terms[i].sign * grid_number(g, row, head);
    }
    return sum;
}

static double round4(double x)
{
    return floor(x * 10000 + 0.5) / 10000;
}

typedef struct year_sums {
    size_t firms;
    double va, sei, high, traditional, output, revenue; /* 万元 */
    double base_va, base_sei;                           /* as reported for the year before */
    double real_va, real_sei;                           /* at that year's prices */
    double cumulative_va, cumulative_sei;               /* at prices of 2020 */
} year_sums;

/* Price index of a division and year, as a ratio. */
static double price(const grid *ppi, const char *division, int year)
{
    char text[16];

    snprintf(text, sizeof text, "%d", year);
    for (size_t i = 0; i < ppi->rows; i++)
        if (!strcmp(grid_text(ppi, i, "行业代码"), division) &&
            !strcmp(grid_text(ppi, i, "时期"), text))
            return grid_number(ppi, i, "工业生产者出厂价格指数(上年同期=100)") / 100;
    fail_msg("no price of %s in %d", division, year);
    return 1;
}

static void sum_year(year_sums *s, const world *w, int which, int year)
{
    const char *folder = w->folder[which];
    const grid *list = &w->list[which];
    double deflator[47], at_2020[47];
    char name[128];
    grid accounts, emerging, old, ppi;

    memset(s, 0, sizeof *s);
    snprintf(name, sizeof name, "年报/%d年财务状况B103-1.xlsx", year);
    grid_read(&accounts, folder, name, "统一社会信用代码");
    snprintf(name, sizeof name, "年报/%d年战略性新兴产业B104-4.csv", year);
    grid_read(&emerging, folder, name, "统一社会信用代码");
    snprintf(name, sizeof name, "年报/%d年产业分类认定表.xlsx", year);
    grid_read(&old, folder, name, "统一社会信用代码");
    grid_read(&ppi, folder, "年报/行业价格指数.csv", "行业代码");
    assert_int_equal(accounts.rows, emerging.rows);
    assert_int_equal(emerging.info.encoding, FD_ENCODING_GB18030);
    for (int d = 6; d < 47; d++) {
        deflator[d] = at_2020[d] = 0;
    }
    for (size_t i = 0; i < accounts.rows; i++) {
        const char *code = grid_text(&accounts, i, "统一社会信用代码");
        long e = grid_find(&emerging, code), o = grid_find(&old, code), r = grid_find(list, code);
        double va = value_added(&accounts, i, "本年") / 10, output, sei;
        char division[3];
        int d;

        assert_true(e >= 0 && o >= 0 && r >= 0);
        memcpy(division, grid_text(list, (size_t)r, "行业代码"), 2);
        division[2] = 0;
        d = atoi(division);
        if (deflator[d] == 0 && year > 2018) {
            deflator[d] = price(&ppi, division, year);
            at_2020[d] = 1;
            for (int y = 2021; y <= year; y++)
                at_2020[d] *= price(&ppi, division, y);
        }
        output = grid_number(&emerging, (size_t)e, "工业总产值;本年");
        sei = round4(va * grid_number(&emerging, (size_t)e, "战略性新兴产业总产值;本年") / output);
        s->firms++;
        s->va += va;
        s->sei += sei;
        s->output += output / 10;
        s->revenue += grid_number(&accounts, i, "营业收入301;本年") / 10;
        s->traditional += va * grid_number(&old, (size_t)o, "传统产业产值(万元)") / (output / 10);
        for (size_t h = 0; h < 6; h++)
            if (!strcmp(division, divisions_high[h]))
                s->high += va;
        if (year > 2018) {
            double base = value_added(&accounts, i, "上年") / 10,
                   last = grid_number(&emerging, (size_t)e, "工业总产值;上年");

            s->base_va += base;
            if (last > 0)
                s->base_sei += round4(
                    base * grid_number(&emerging, (size_t)e, "战略性新兴产业总产值;上年") / last);
            s->real_va += va / deflator[d];
            s->real_sei += sei / deflator[d];
            s->cumulative_va += va / at_2020[d];
            s->cumulative_sei += sei / at_2020[d];
        }
    }
    grid_free(&accounts);
    grid_free(&emerging);
    grid_free(&old);
    grid_free(&ppi);
}

static void test_published_aggregates(void **state)
{
    static const size_t firms[] = { 1137, 1146, 1152, 1162, 1168, 1175, 1180 };
    const world *w = *state;

    for (int which = 0; which < 2; which++) {
        year_sums s[7];
        double growth = 1, total_growth = 1;

        for (int y = 0; y < 7; y++) {
            sum_year(&s[y], w, which, 2018 + y);
            assert_int_equal(s[y].firms, firms[y]);
            /* Two classes that are no complements: 99.7 % together. */
            assert_near((s[y].sei + s[y].traditional) / s[y].va, 0.997, 0.00004);
            if (y > 0) {
                /* What is reported for the year before adds up to what was reported then. */
                assert_near(s[y].base_va, s[y - 1].va, 0.01);
                assert_near(s[y].base_sei, s[y - 1].sei, 0.2);
            }
            if (y > 2) {
                growth *= s[y].real_sei / s[y].base_sei;
                total_growth *= s[y].real_va / s[y].base_va;
            }
        }
        assert_near(100 * s[0].sei / s[0].va, 4.1, 0.004);
        assert_near(100 * s[2].sei / s[2].va, 10.45, 0.005);
        assert_near(100 * s[6].sei / s[6].va, 13.9, 0.00001);
        assert_near(s[6].va, 6400000, 0.001);
        assert_near(s[6].sei, 889600, 0.001);
        assert_near(s[6].revenue, 26600000, 0.001);
        assert_near(100 * s[6].traditional / s[6].va, 85.8, 0.004);
        assert_near(100 * s[2].high / s[2].va, 67.0, 0.004);
        assert_near(100 * s[6].high / s[6].va, 55.5, 0.004);
        /* Chained year by year, and deflated at once: 10.5 % and 42.6 % either way. */
        assert_near(100 * (pow(growth, 0.25) - 1), 10.5, 0.01);
        assert_near(100 * (pow(s[6].cumulative_sei / s[2].sei, 0.25) - 1), 10.5, 0.01);
        assert_near(100 * (s[6].cumulative_sei - s[2].sei) / (s[6].cumulative_va - s[2].va), 42.6,
                    0.02);
        assert_near(100 * s[2].sei / s[2].va * (growth - 1) / (total_growth - 1), 42.6, 0.02);
        /* 4.07 is what the bureau's own figure for 2024 says. */
        assert_near(100 * (s[6].real_va / s[6].base_va - 1), 4.07, 0.005);
    }
}

static void test_chains(void **state)
{
    static const struct {
        const char *id;
        size_t firms;
        double revenue, va, sei;
    } chains[] = {
        { "L1", 150, 9600000, 1780000, 36000 }, { "L2", 70, 1250000, 290000, 52000 },
        { "L3", 140, 1500000, 390000, 117000 }, { "U1", 85, 2300000, 520000, 31000 },
        { "U2", 170, 2400000, 560000, 6000 },   { "U3", 130, 900000, 230000, 0 },
        { "U4", 140, 1400000, 360000, 5000 },   { "E1", 35, 420000, 100000, 60000 },
        { "E2", 35, 620000, 190000, 160000 },   { "E3", 55, 620000, 220000, 176000 },
        { "E4", 65, 640000, 300000, 240000 },   { "OUT", 105, 4950000, 1460000, 6600 },
    };
    const world *w = *state;

    for (int which = 0; which < 2; which++) {
        const grid *list = &w->list[which];
        size_t count[12] = { 0 }, drones = 0;
        double revenue[12] = { 0 }, va[12] = { 0 }, sei[12] = { 0 }, drone_output = 0;
        grid accounts, emerging;

        grid_read(&accounts, w->folder[which], "年报/2024年财务状况B103-1.xlsx",
                  "统一社会信用代码");
        grid_read(&emerging, w->folder[which], "年报/2024年战略性新兴产业B104-4.csv",
                  "统一社会信用代码");
        for (size_t i = 0; i < accounts.rows; i++) {
            const char *code = grid_text(&accounts, i, "统一社会信用代码");
            size_t e = (size_t)grid_find(&emerging, code), r = (size_t)grid_find(list, code), c = 0;
            double own = value_added(&accounts, i, "本年") / 10,
                   output = grid_number(&emerging, e, "工业总产值;本年");

            while (c < 12 && strcmp(chains[c].id, grid_text(list, r, "产业链")) != 0)
                c++;
            assert_true(c < 12);
            count[c]++;
            revenue[c] += grid_number(&accounts, i, "营业收入301;本年") / 10;
            va[c] += own;
            sei[c] += round4(own * grid_number(&emerging, e, "战略性新兴产业总产值;本年") / output);
            if (!strcmp(grid_text(list, r, "行业代码"), "3963")) {
                drones++;
                drone_output += output / 10;
            }
        }
        for (size_t c = 0; c < 12; c++) {
            assert_int_equal(count[c], chains[c].firms);
            assert_near(revenue[c], chains[c].revenue, 0.001);
            assert_near(va[c], chains[c].va, 0.001);
            assert_near(sei[c], chains[c].sei, 0.001);
        }
        assert_int_equal(drones, 12);
        assert_near(drone_output, 180000, 0.001);
        grid_free(&accounts);
        grid_free(&emerging);
    }
}

static void test_register(void **state)
{
    static const char *const leaders[] = { "洹西钢铁", "洹北轧钢",   "鼎北车桥", "翼鼎无人机",
                                           "鼎南化学", "汤源面业",   "洹东童装", "林虑水泥",
                                           "洹东光电", "鼎材电子布", "内河康复", "滑台风电",
                                           "漳阳煤焦" };
    const world *w = *state;

    for (int which = 0; which < 2; which++) {
        const grid *list = &w->list[which];
        bool division[47] = { false };
        size_t entered = 0, left = 0, live = 0, divisions = 0, found = 0, twice = 0, wind = 0;
        fd_map *names = fd_map_new();

        for (size_t i = 0; i < list->rows; i++) {
            const char *from = grid_text(list, i, "规上起"), *to = grid_text(list, i, "规上止"),
                       *name = grid_text(list, i, "企业名称"),
                       *industry = grid_text(list, i, "行业代码");

            assert_int_equal(fd_uscc_check(grid_text(list, i, "统一社会信用代码"), NULL),
                             FD_USCC_OK);
            assert_non_null(strstr(name, "(示例)"));
            entered += !strcmp(from, "2024-01-01");
            left += !strcmp(to, "2023-12-31");
            twice += !fd_map_set(names, fd_view_of(name), 1);
            for (size_t k = 0; k < 13; k++)
                found += !strncmp(name, leaders[k], strlen(leaders[k])) &&
                         !strcmp(name + strlen(leaders[k]), "有限公司(示例)");
            if (*to)
                continue;
            live++;
            wind += !strcmp(industry, "4415");
            division[(industry[0] - '0') * 10 + industry[1] - '0'] = true;
        }
        for (int d = 6; d < 47; d++)
            divisions += division[d];
        assert_int_equal(fd_map_count(list->index), list->rows); /* no code twice */
        assert_int_equal(live, 1180);
        assert_int_equal(entered, 14);
        assert_int_equal(left, 9);
        assert_int_equal(divisions, 36);
        assert_int_equal(found, 13);
        assert_int_equal(twice, 1);
        assert_true(wind > 0); /* emerging and high-energy at once */
        fd_map_free(names);
    }
}

static void read_dispatch(grid *g, const char *folder, const char *month, const char *county)
{
    char name[128], path[512];

    snprintf(name, sizeof name, "月报/%s/重点企业调度表_%s.xlsx", month, county);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (access(path, R_OK) != 0)
        snprintf(name, sizeof name, "月报/%s/重点企业调度表_%s.csv", month, county);
    grid_read(g, folder, name, "统一社会信用代码");
}

static const char *const counties[] = { "洹东区", "洹西区", "鼎南区", "鼎北区", "漳阳县",
                                        "汤源县", "滑台县", "内河县", "林虑市" };

static void test_december(void **state)
{
    const world *w = *state;

    for (int which = 0; which < 2; which++) {
        size_t reported = 0, stopped = 0, slow = 0, down = 0, idle = 0, incomplete = 0, tenfold = 0,
               reasons[5] = { 0 };
        static const char *const names[] = { "限产", "无订单", "检修", "破产", "搬迁" };
        fd_map *used = fd_map_new();
        grid power;

        grid_read(&power, w->folder[which], "月报/2024-12/分户电量.csv", "户号");
        for (size_t i = 0; i < power.rows; i++) {
            fd_view code = fd_view_of(grid_text(&power, i, "统一社会信用代码"));
            uint64_t before = fd_map_intern(used, code, 0);

            fd_map_set(used, code, before + (uint64_t)grid_number(&power, i, "本月电量(千瓦时)"));
        }
        assert_int_equal(fd_map_count(used), 1180);
        assert_true(power.rows > 1800); /* several accounts per firm */
        for (int c = 0; c < 9; c++) {
            size_t expected = 0;
            grid g, before;

            read_dispatch(&g, w->folder[which], "2024-12", counties[c]);
            read_dispatch(&before, w->folder[which], "2024-11", counties[c]);
            for (size_t i = 0; i < w->list[which].rows; i++)
                expected += !strcmp(grid_text(&w->list[which], i, "县区"), counties[c]) &&
                            !*grid_text(&w->list[which], i, "规上止");
            incomplete += g.rows < expected;
            reported += g.rows;
            for (size_t i = 0; i < g.rows; i++) {
                const char *run = grid_text(&g, i, "生产经营状态"),
                           *reason = grid_text(&g, i, "停减产原因"),
                           *code = grid_text(&g, i, "统一社会信用代码");
                double now = grid_number(&g, i, "工业总产值(万元);1—本月累计"),
                       last = grid_number(&g, i, "工业总产值(万元);上年同期累计"),
                       month = grid_number(&g, i, "工业总产值(万元);本月"),
                       orders = grid_number(&g, i, "在手订单(万元)");
                long b = grid_find(&before, code);
                uint64_t kwh = 0;

                fd_map_get(used, fd_view_of(code), &kwh);
                if (!strcmp(run, "停产")) {
                    stopped++;
                    assert_true(month == 0);
                    assert_true(kwh > 0);
                    for (size_t k = 0; k < 5; k++)
                        reasons[k] += !strcmp(reason, names[k]);
                }
                slow += !strcmp(run, "减产");
                down += now < 0.8 * last;
                idle += month > 0 && kwh == 0;
                assert_true(b >= 0);
                tenfold += orders > 5 * grid_number(&before, (size_t)b, "在手订单(万元)");
                assert_true((*reason == 0) == !strcmp(run, "正常"));
            }
            grid_free(&g);
            grid_free(&before);
        }
        assert_int_equal(reported, 1171);
        assert_int_equal(incomplete, 3);
        assert_int_equal(stopped, 11);
        assert_int_equal(slow, 37);
        assert_int_equal(down, 37);
        assert_int_equal(reasons[0], 4);
        assert_int_equal(reasons[1], 3);
        assert_int_equal(reasons[2], 2);
        assert_int_equal(reasons[3], 1);
        assert_int_equal(reasons[4], 1);
        assert_int_equal(idle, 8);
        assert_int_equal(tenfold, 4);
        grid_free(&power);
        fd_map_free(used);
    }
}

static void test_months_add_up(void **state)
{
    const world *w = *state;
    grid annual, last, before;

    grid_read(&annual, w->folder[0], "年报/2024年战略性新兴产业B104-4.csv", "统一社会信用代码");
    grid_read(&last, w->folder[0], "月报/2024-12/工业产销B204-1.csv", "统一社会信用代码");
    grid_read(&before, w->folder[0], "月报/2024-11/工业产销B204-1.csv", "统一社会信用代码");
    assert_int_equal(last.rows, 1180);
    for (size_t i = 0; i < last.rows; i++) {
        const char *code = grid_text(&last, i, "统一社会信用代码");
        size_t a = (size_t)grid_find(&annual, code), b = (size_t)grid_find(&before, code);

        assert_near(grid_number(&last, i, "工业总产值（当年价格）01;1-本月"),
                    grid_number(&annual, a, "工业总产值;本年"), 0.01);
        assert_near(grid_number(&last, i, "工业总产值（当年价格）01;上年同期"),
                    grid_number(&annual, a, "工业总产值;上年"), 0.01);
        assert_near(grid_number(&last, i, "工业总产值（当年价格）01;1-本月") -
                        grid_number(&last, i, "工业总产值（当年价格）01;本月"),
                    grid_number(&before, b, "工业总产值（当年价格）01;1-本月"), 0.01);
    }
    grid_free(&annual);
    grid_free(&last);
    grid_free(&before);
}

static void test_awkward_files(void **state)
{
    const world *w = *state;
    double jump = 0;
    size_t matched = 0;
    char path[512];
    grid g, before;

    grid_read(&g, w->folder[0], "月报/2024-08/重点企业调度表_滑台县.csv", "统一社会信用代码");
    assert_int_equal(g.info.encoding, FD_ENCODING_GB18030);
    assert_int_equal(g.damaged, 1);
    grid_free(&g);
    read_dispatch(&g, w->folder[0], "2024-10", "内河县");
    read_dispatch(&before, w->folder[0], "2024-09", "内河县");
    for (size_t i = 0; i < g.rows; i++) {
        long b = grid_find(&before, grid_text(&g, i, "统一社会信用代码"));

        jump += grid_number(&g, i, "工业总产值(万元);1—本月累计") /
                grid_number(&before, (size_t)b, "工业总产值(万元);1—本月累计");
        matched++;
    }
    assert_true(jump / (double)matched > 9 && jump / (double)matched < 13);
    grid_free(&g);
    grid_free(&before);
    /* No January but in the electricity. */
    snprintf(path, sizeof path, "%s/月报/2024-01/分户电量.csv", w->folder[0]);
    assert_int_equal(access(path, R_OK), 0);
    snprintf(path, sizeof path, "%s/月报/2024-01/重点企业调度表_洹东区.xlsx", w->folder[0]);
    assert_int_not_equal(access(path, R_OK), 0);
    read_dispatch(&g, w->folder[0], "2024-02", "洹西区");
    for (size_t i = 0; i < g.columns; i++)
        assert_null(strstr(g.heads[i], ";本月"));
    grid_free(&g);
}

static void test_energy(void **state)
{
    const world *w = *state;
    size_t unbalanced = 0, stocks = 0, users = 0;
    double tce = 0;
    grid g;

    grid_read(&g, w->folder[0], "年报/2024年能源205-1.xlsx", "统一社会信用代码");
    for (size_t i = 0; i < g.rows; i++) {
        double used = grid_number(&g, i, "消费量合计"),
               parts = grid_number(&g, i, "工业生产消费") + grid_number(&g, i, "非工业生产消费"),
               closing =
                   grid_number(&g, i, "期初库存量") + grid_number(&g, i, "购进量实物量") - used;

        unbalanced += fabs(used - parts) > 0.005;
        stocks += fabs(closing - grid_number(&g, i, "期末库存量")) > 0.005;
        if (strcmp(grid_text(&g, i, "代码"), "40") != 0) {
            tce += used * grid_number(&g, i, "采用折标系数");
            continue;
        }
        users++;
        assert_near(used, tce, 0.011 * used / 100 + 0.05);
        tce = 0;
    }
    assert_int_equal(users, 120);
    assert_int_equal(unbalanced, 1);
    assert_int_equal(stocks, 0);
    grid_free(&g);
}

static void test_verified_growth(void **state)
{
    static const char *const files[] = { "分县区增加值增速", "分行业增加值增速" };
    static const char *const keys[] = { "县区", "行业名称" };
    const world *w = *state;
    grid city;

    grid_read(&city, w->folder[1], "年报/全市主要指标.csv", "指标");
    for (int year = 2023; year <= 2024; year++)
        for (int month = 2; month <= 12; month++)
            for (int f = 0; f < 2; f++) {
                char name[128], period[32];
                double weights = 0, growth = 0, expected = NAN;
                grid g;

                snprintf(name, sizeof name, "月报/%d-%02d/%s.xlsx", year, month, files[f]);
                snprintf(period, sizeof period, "%d-01..%02d", year, month);
                grid_read(&g, w->folder[1], name, keys[f]);
                for (size_t i = 0; i < g.rows; i++) {
                    weights += grid_number(&g, i, "权重(%)");
                    growth += grid_number(&g, i, "权重(%)") * grid_number(&g, i, "增速(%)") / 100;
                }
                for (size_t i = 0; i < city.rows; i++)
                    if (!strcmp(grid_text(&city, i, "指标"), "规上工业增加值增速") &&
                        !strcmp(grid_text(&city, i, "年份"), period))
                        expected = grid_number(&city, i, "数值");
                assert_int_equal(g.rows, f ? 36 : 9);
                assert_near(weights, 100, 1e-6);
                assert_near(growth, expected, 0.005);
                grid_free(&g);
            }
    grid_free(&city);
}

/* 1.32 % and 2.07 %: R&D of the city over its product. */
static void test_city_figures(void **state)
{
    static const struct {
        const char *year;
        double percent;
    } cases[] = { { "2020", 1.32 }, { "2024", 2.07 } };
    const world *w = *state;
    grid g;

    grid_read(&g, w->folder[0], "年报/全市主要指标.csv", "指标");
    for (size_t c = 0; c < 2; c++) {
        double gdp = 0, rd = 0;

        for (size_t i = 0; i < g.rows; i++)
            if (!strcmp(grid_text(&g, i, "年份"), cases[c].year)) {
                if (!strcmp(grid_text(&g, i, "指标"), "地区生产总值"))
                    gdp = grid_number(&g, i, "数值");
                if (!strcmp(grid_text(&g, i, "指标"), "全社会研发经费"))
                    rd = grid_number(&g, i, "数值");
            }
        assert_near(100 * rd / gdp, cases[c].percent, 0.00001);
    }
    grid_free(&g);
}

static void test_projects(void **state)
{
    const world *w = *state;
    size_t behind = 0, late = 0;
    grid g;

    grid_read(&g, w->folder[0], "月报/2024-12/重点项目台账.xlsx", "项目编号");
    assert_in_range(g.rows, 40, 60);
    for (size_t i = 0; i < g.rows; i++) {
        behind += grid_number(&g, i, "本年累计完成投资(万元)") <
                  0.9 * grid_number(&g, i, "年度计划投资(万元)");
        /* Forty days before the end of December, still being built, and a chain office to answer.
         */
        late += !strcmp(grid_text(&g, i, "计划投产"), "2024-11-21") &&
                !strcmp(grid_text(&g, i, "项目阶段"), "在建") &&
                strstr(grid_text(&g, i, "责任单位"), "链长办") != NULL;
    }
    assert_in_range(behind, 8, 16);
    assert_int_equal(late, 1);
    grid_free(&g);
}

static bool same_bytes(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    int c = 0, d = 0;

    if (x && y)
        do {
            c = getc(x);
            d = getc(y);
        } while (c == d && c != EOF);
    if (x)
        fclose(x);
    if (y)
        fclose(y);
    return x && y && c == d;
}

static void test_same_seed_same_bytes(void **state)
{
    static const char *const files[] = { "月报/2024-12/工业产销B204-1.csv",
                                         "月报/2024-12/分户电量.csv",
                                         "年报/2024年战略性新兴产业B104-4.csv",
                                         "年报/行业价格指数.csv",
                                         "月报/2024-12/重点企业调度表_滑台县.csv",
                                         "月报/2024-12/分县区增加值增速.xlsx",
                                         ".预置差错.csv" };
    const world *w = *state;
    fd_example_options options = FD_EXAMPLE_OPTIONS_INIT;
    char folder[256], a[512], b[512];

    assert_non_null(mkdtemp(template_of(folder, sizeof folder)));
    options.seed = seeds[0];
    options.months = 1;
    assert_int_equal(fd_example_write(folder, &options), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(a, sizeof a, "%s/%s", w->folder[0], files[i]);
        snprintf(b, sizeof b, "%s/%s", folder, files[i]);
        if (i + 1 < sizeof files / sizeof *files) /* that list covers the months written */
            assert_true(same_bytes(a, b));
        snprintf(a, sizeof a, "%s/%s", w->folder[1], files[i]);
        if (i != 3) /* prices belong to the plan, not to the seed */
            assert_false(same_bytes(a, b));
    }
    remove_all(folder);
}

static int stop_at_once(double done, void *payload)
{
    *(double *)payload = done;
    return 1;
}

static void test_options(void **state)
{
    char folder[256], path[512];
    fd_example_options o = FD_EXAMPLE_OPTIONS_INIT;
    double done = -1;
    grid g;

    (void)state;
    assert_non_null(mkdtemp(template_of(folder, sizeof folder)));
    o.enterprises = 20;
    assert_int_equal(fd_example_write(folder, &o), FD_EINVAL);
    o.enterprises = 200000; /* needs light */
    assert_int_equal(fd_example_write(folder, &o), FD_EINVAL);
    o = (fd_example_options)FD_EXAMPLE_OPTIONS_INIT;
    o.months = 23;
    assert_int_equal(fd_example_write(folder, &o), FD_EINVAL);
    o.months = 1;
    o.progress = stop_at_once;
    o.payload = &done;
    assert_int_equal(fd_example_write(folder, &o), FD_ECANCELLED);
    assert_true(done > 0 && done < 1);
    snprintf(path, sizeof path, "%s/nowhere/else", folder);
    o.progress = NULL;
    assert_int_equal(fd_example_write(path, &o), FD_ENOTFOUND);
    o.enterprises = 3000;
    o.light = true;
    assert_int_equal(fd_example_write(folder, &o), 0);
    grid_read(&g, folder, "年报/2024年财务状况B103-1.csv", "统一社会信用代码");
    assert_int_equal(g.rows, 3000);
    grid_free(&g);
    remove_all(folder);
}

static void test_bench_csv(void **state)
{
    char path[256];
    int fd = mkstemp(template_of(path, sizeof path));
    grid g;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(fd_example_bench_csv(path, 500, 20, 7), 0);
    grid_read(&g, "", path + 1, "统一社会信用代码");
    assert_int_equal(g.rows, 500);
    assert_int_equal(g.columns, 21);
    assert_int_equal(fd_map_count(g.index), 500);
    for (size_t i = 0; i < g.rows; i++)
        assert_int_equal(fd_uscc_check(g.cells[i * g.columns], NULL), FD_USCC_OK);
    grid_free(&g);
    assert_int_equal(fd_example_bench_csv(path, 0, 20, 7), FD_EINVAL);
    assert_int_equal(fd_example_bench_csv(path, 10, 41, 7), FD_EINVAL);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_aggregates),
        cmocka_unit_test(test_chains),
        cmocka_unit_test(test_register),
        cmocka_unit_test(test_december),
        cmocka_unit_test(test_months_add_up),
        cmocka_unit_test(test_awkward_files),
        cmocka_unit_test(test_energy),
        cmocka_unit_test(test_verified_growth),
        cmocka_unit_test(test_city_figures),
        cmocka_unit_test(test_projects),
        cmocka_unit_test(test_same_seed_same_bytes),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_bench_csv),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
