/*
 * io city: the input coefficients of the city's own industry, from the nation's table and
 * the city's output by division.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/registry.h"
#include "app/verbs/io_load.h"
#include "app/verbs/io_region.h"
#include "app/verbs/panel.h"
#include "base/map.h"
#include "fangding/ding.h"
#include "io/rows.h"

/* The nation's table that is built in, and its year. */
static const char table_name[] = "cn2020";
enum { TABLE_YEAR = 2020, MOST_SECTORS = 64 };

/* Sectors of the table that divisions of industry make up, in order. */
typedef struct sectors {
    fd_map *of_division; /* code of a division → position */
    const char *code[MOST_SECTORS], *label[MOST_SECTORS];
    size_t n;
} sectors;

static int read_sectors(sectors *s, const fd_call *call)
{
    const char *path = fd_arena_printf(call->arena, "definitions/io/%s/divisions.csv", table_name);
    const size_t name = call->lang == FD_EN ? 3 : 2;
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows = NULL;
    const fd_row *row;
    fd_view bytes;
    int err;

    s->of_division = fd_map_new();
    if (!fd_asset_find(path, &bytes))
        return fd_error_set(FD_ENOTFOUND, "程序里没有 %s", "%s is not built in", path);
    if ((err = fd_rows_open_memory(&rows, bytes.ptr, bytes.len, path, &options)) < 0)
        return err;
    err = fd_rows_next(rows, &row); /* the header */
    while (err > 0 && (err = fd_rows_next(rows, &row)) > 0) {
        const fd_view code = row->count > name ? row->cells[1].text : (fd_view){ "", 0 };

        if (!s->n || !fd_view_is(code, s->code[s->n - 1])) {
            if (!code.len || s->n == MOST_SECTORS) {
                err = fd_error_set(FD_EFORMAT, "%s 的行不对", "%s holds a bad row", path);
                break;
            }
            s->code[s->n] = fd_arena_strndup(call->arena, code.ptr, code.len);
            s->label[s->n++] =
                fd_arena_printf(call->arena, "%.*s %.*s", (int)code.len, code.ptr,
                                (int)row->cells[name].text.len, row->cells[name].text.ptr);
        }
        (void)fd_map_set(s->of_division, row->cells[0].text, s->n - 1);
    }
    fd_rows_close(rows);
    return err < 0 ? err : 0;
}

/* The nation's coefficients among these sectors, and their output. */
static int read_nation(fd_io_region *g, const sectors *s, const fd_call *call, bool with_imports)
{
    static const char *const names[] = { "Z_domestic", "Z_import" };
    fd_labelled *x = NULL, *z = NULL;
    size_t at[MOST_SECTORS];
    int err;

    fd_io_region_init(g, s->n);
    fd_labelled_init(&g->a, s->n, s->n);
    g->a.corner = fd_strdup("code");
    g->x = fd_alloc(s->n * sizeof *g->x);
    g->nation = fd_alloc(s->n * sizeof *g->nation);
    if ((err = fd_io_load_built_in(&x, call, table_name, "output")) < 0)
        return err;
    for (size_t i = 0; i < s->n && err >= 0; i++) {
        const ptrdiff_t found = fd_labelled_find(x->row, x->rows, s->code[i]);

        if (found < 0) {
            err = fd_error_set(FD_ENOTFOUND, "%s 没有部门 %s", "%s has no sector %s", table_name,
                               s->code[i]);
            break;
        }
        at[i] = (size_t)found;
        g->nation[i] = x->v[at[i] * x->columns];
        g->a.row[i] = fd_strdup(s->label[i]);
        g->a.column[i] = fd_strdup(s->label[i]);
    }
    fd_io_drop_matrix(x);
    for (size_t k = 0; err >= 0 && k < (with_imports ? 2 : 1); k++) {
        if ((err = fd_io_load_built_in(&z, call, table_name, names[k])) < 0)
            break;
        for (size_t i = 0; i < s->n; i++)
            for (size_t j = 0; j < s->n; j++)
                g->a.v[i * s->n + j] += z->v[at[i] * z->columns + at[j]] / g->nation[j];
        fd_io_drop_matrix(z);
    }
    return err;
}

/* The city's output by sector, in the table's 万元: divisions are added up. */
static int add_up(fd_io_region *g, const sectors *s, const fd_table *in, const fd_unit *unit,
                  const fd_unit *base)
{
    const double scale = (double)unit->factor.num / (double)unit->factor.den /
                         ((double)base->factor.num / (double)base->factor.den);

    for (size_t r = 0; r < in->rows; r++) {
        const char *label = fd_column_text_or(in->columns[0], r, "");
        uint64_t at;

        if (!fd_map_get(s->of_division, (fd_view){ label, strcspn(label, " ") }, &at))
            return fd_error_set(FD_ENOTFOUND, "全国表里没有行业大类 %s",
                                "the nation's table has no %s", label);
        g->x[at] += in->columns[2]->v.est[r] * scale;
    }
    return 0;
}

static fd_table *output_table(const fd_io_region *g, const double *v, const char *id)
{
    static const fd_column_spec specs[] = { { "code", "部门", "Sector", FD_TEXT, NULL, 0 },
                                            { "x", "产出", "Output", FD_EST, "万元", 12 } };
    fd_table *t = fd_table_new(id, "各部门产出", "Output by sector");

    fd_table_add_columns(t, specs, 2);
    for (size_t i = 0; i < g->n; i++) {
        (void)fd_table_add_row(t);
        fd_column_set_text(t->columns[0], i, g->a.row[i]);
        fd_column_set_est(t->columns[1], i, v[i]);
    }
    return t;
}

static void note_basis(fd_table *t, const fd_io_region *g, const char *period, bool with_imports)
{
    double x = 0, nation = 0;
    char zh[400], en[400];

    for (size_t i = 0; i < g->n; i++) {
        x += g->x[i];
        nation += g->nation[i];
    }
    snprintf(zh, sizeof zh,
             "全国2020年42部门表(%s)的工业 %zu 个部门;本市 %s 规上工业产出占全国工业 %.3g%%。只有"
             "工业内部的联系:农业、建筑、服务业不在里面,不显示或缺报的大类当作没有,乘数偏小",
             with_imports ? "含进口的系数,表示技术" : "境内系数,只算国内买的", g->n, period,
             100 * x / nation);
    snprintf(en, sizeof en,
             "the %zu industrial sectors of China's table of 2020 (%s); the city's output in %s is "
             "%.3g %% of them. Links inside industry alone: farming, building and services are not "
             "in it, so multipliers are low; divisions not shown or not reported count as absent",
             g->n, with_imports ? "with imports: technology" : "domestic: bought at home", period,
             100 * x / nation);
    fd_table_add_note(t, zh, en);
    fd_table_add_note(t, "区位商法的地区表是推算,不是调查:方法和 δ 之间的差别见 --out multipliers",
                      "quotients make an estimate, not a survey: --out multipliers shows what "
                      "methods and deltas are worth");
}

typedef struct asked {
    fd_io_region g;
    bool with_imports;
} asked;

static int answer(fd_call *call, fd_result *result, const fd_table *in, void *payload)
{
    asked *ask = payload;
    const char *wanted = fd_call_text(call, "out");
    int err = 0;

    if (wanted && strcmp(wanted, "national") == 0)
        fd_result_add(result, fd_labelled_table(&ask->g.a, "national", "全国直接消耗系数",
                                                "National coefficients"));
    else if (wanted && strcmp(wanted, "national-output") == 0)
        fd_result_add(result, output_table(&ask->g, ask->g.nation, "national-output"));
    else if (wanted && strcmp(wanted, "region-output") == 0)
        fd_result_add(result, output_table(&ask->g, ask->g.x, "region-output"));
    else
        err = fd_io_region_answer(result, call, &ask->g);
    if (err >= 0)
        note_basis(result->tables[0], &ask->g, fd_column_text_or(in->columns[1], 0, ""),
                   ask->with_imports);
    return err;
}

/* Divisions in one period: --at, else the year of the nation's table, else the newest. */
static int read_city(fd_table **out, fd_city_panel *p)
{
    const char *value = fd_call_text(p->call, "value");
    size_t use;
    int err;

    p->by[0] = "division";
    p->by_count = 1;
    p->above_zero = true;
    if ((err = fd_city_add(p, "x", value ? value : "annual_output", FD_CITY_PLAIN)) < 0)
        return err;
    if (!fd_city_is_money(&p->quantities[0]))
        return fd_error_set(FD_EINVAL, "「%s」不是产出:要以元、万元或亿元计的合计数",
                            "%s is no output: a sum in money is needed",
                            p->quantities[0].indicator->name);
    if ((err = fd_city_find_periods(p, 1)) < 0)
        return err;
    use = p->period_count - 1;
    for (size_t k = 0; k < p->period_count && !fd_call_text(p->call, "at"); k++)
        if (p->periods[k] == fd_period_year(TABLE_YEAR))
            use = k;
    p->periods[0] = p->periods[use];
    p->period_count = 1;
    return fd_city_read(out, p);
}

static int run_city(fd_call *call, fd_result *result)
{
    const fd_unit *base = fd_program_unit(call->city->program, "万元");
    fd_city_panel p = { .call = call };
    sectors s = { NULL, { NULL }, { NULL }, 0 };
    asked ask = { .with_imports = fd_call_flag(call, "with-imports") };
    fd_table *in = NULL;
    int err;

    if (!base)
        err = fd_error_set(FD_ENOTFOUND, "没有单位 万元", "there is no unit 万元");
    else if ((err = read_city(&in, &p)) >= 0 && (err = read_sectors(&s, call)) >= 0 &&
             (err = read_nation(&ask.g, &s, call, ask.with_imports)) >= 0 &&
             (err = add_up(&ask.g, &s, in, p.quantities[0].indicator->unit, base)) >= 0) {
        err = fd_verb_city_answer(NULL, call, result, in, answer, &ask);
        in = NULL;
    }
    fd_table_free(in);
    fd_map_free(s.of_division);
    fd_io_region_dispose(&ask.g);
    return err;
}

static const fd_verb_param city_params[] = {
    { "value", FD_P_TEXT, false, false, false, "ID",
      "产出:指标或数据项(默认 annual_output 工业总产值)",
      "output: indicator or item (annual_output)", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "期间(默认 2020,与全国表同年;没有就最新)",
      "period (2020, that of the nation's table, else the newest)", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME",
      "要哪张表(默认 coefficients);national、national-output、region-output 是 io region 吃的三张",
      "which table (coefficients); national, national-output and region-output are what io region "
      "takes",
      "coefficients|slq|multipliers|spread|national|national-output|region-output|data" },
    FD_IO_REGION_METHOD,
    { "with-imports", FD_P_FLAG, false, false, false, NULL, "用含进口的系数(技术),默认境内系数",
      "coefficients with imports (technology), not domestic ones", NULL },
    FD_IO_REGION_SAMPLE,
};
static const char *const city_examples[] = {
    "io city --out multipliers --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_io_city = {
    .name = "io city",
    .zh = "本市工业的投入产出:由全国2020年表和本市各行业产出推算系数与乘数",
    .en = "input–output of the city's industry: coefficients and multipliers from China's table of "
          "2020 and the city's output",
    .detail_zh = "行业大类按国民经济行业分类归到全国表的工业部门。--out national、national-output、"
                 "region-output 存成文件,io region 用它们给出逐位相同的结果。",
    .detail_en =
        "Divisions of GB/T 4754 make up the industrial sectors of the nation's table. With "
        "the tables national, national-output and region-output as files, io region gives "
        "the same answer to the last digit.",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
