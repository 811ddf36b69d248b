/*
 * io …: input–output tables. Matrices, sectors, multipliers, extraction, balance.
 */
#include <string.h>

#include "app/registry.h"
#include "app/verbs/io_load.h"
#include "base/pool.h"

/* One table of an engine function, named by --out. */
typedef struct choice {
    const char *name;
    fd_io_matrix matrix;
} choice;

static int run_matrix(fd_call *call, fd_result *result, const choice *choices, size_t count)
{
    const char *wanted = fd_call_text(call, "out");
    fd_table *t = NULL;
    fd_io *io;
    size_t k = 0;
    int err;

    while (wanted && k < count && strcmp(choices[k].name, wanted) != 0)
        k++;
    if ((err = fd_io_load(&io, call, NULL)) < 0)
        return err;
    err = k < count ? fd_io_matrix_table(&t, io, choices[k].matrix) : fd_io_cells(&t, io);
    if (err >= 0)
        err = fd_io_answer(result, call, t);
    fd_io_free(io);
    return err;
}

static int run_coefficients(fd_call *call, fd_result *result)
{
    static const choice choices[] = { { "A", FD_IO_A },
                                      { "A_import", FD_IO_A_IMPORT },
                                      { "A_total", FD_IO_A_TOTAL },
                                      { "B", FD_IO_B },
                                      { "x", FD_IO_X } };
    const int err = run_matrix(call, result, choices, sizeof choices / sizeof *choices);

    if (err >= 0)
        fd_result_say(result, "直接消耗系数:每产出 1 元,直接用掉各部门多少元",
                      "input coefficients: what one unit of output directly uses of each sector");
    return err;
}

static int run_leontief(fd_call *call, fd_result *result)
{
    static const choice choices[] = { { "L", FD_IO_L },
                                      { "complete", FD_IO_COMPLETE },
                                      { "L_total", FD_IO_L_TOTAL } };
    const int err = run_matrix(call, result, choices, sizeof choices / sizeof *choices);

    if (err >= 0)
        fd_result_say(result, "完全需要系数:最终多用 1 元,各部门一共要多产多少元",
                      "Leontief inverse: what one unit of final demand makes each sector produce");
    return err;
}

static int run_ghosh(fd_call *call, fd_result *result)
{
    static const choice choices[] = { { "G", FD_IO_G },
                                      { "G_use", FD_IO_G_USE },
                                      { "B", FD_IO_B } };
    const int err = run_matrix(call, result, choices, sizeof choices / sizeof *choices);

    if (err >= 0)
        fd_result_say(result, "完全供给系数:某部门的供给沿着销路传到谁那里",
                      "Ghosh inverse: where a sector's supply goes along its sales");
    return err;
}

/* Names of the sectors above a cut, for the sentence. */
static size_t count_key(const fd_table *t, const char *column)
{
    const int at = fd_table_find(t, column);
    size_t count = 0;

    for (size_t r = 0; at >= 0 && r < t->rows; r++)
        count += strcmp(fd_column_text_or(t->columns[at], r, ""), "key") == 0;
    return count;
}

static int run_sectors(fd_call *call, fd_result *result)
{
    const char **columns;
    const size_t count = fd_call_list(call, "columns", &columns);
    fd_table *t = NULL;
    fd_io *io;
    int err;

    if ((err = fd_io_load(&io, call, NULL)) < 0)
        return err;
    if ((err = fd_io_sectors(&t, io, columns, count)) >= 0) {
        if (fd_table_find(t, "key_leontief") >= 0)
            fd_result_say(result, "%zu 个部门里 %zu 个是关键部门(影响力系数和感应度系数都不小于 1)",
                          "of %zu sectors %zu are key: both linkages at or above 1", t->rows,
                          count_key(t, "key_leontief"));
        err = fd_io_answer(result, call, t);
    }
    fd_io_free(io);
    return err;
}

static int run_multipliers(fd_call *call, fd_result *result)
{
    fd_pool *pool = fd_pool_new(0);
    fd_table *t = NULL;
    fd_io *io;
    int err;

    if ((err = fd_io_load(&io, call, pool)) >= 0 && (err = fd_io_multipliers(&t, io)) >= 0) {
        err = fd_io_answer(result, call, t);
        fd_result_say(result, "乘数:最终需求每增 1 元,带动产出、增加值、收入、就业、税、进口各多少",
                      "multipliers: what one more unit of final demand calls forth");
    }
    fd_io_free(io);
    fd_pool_free(pool);
    return err;
}

static int run_extract(fd_call *call, fd_result *result)
{
    const char **members;
    const size_t count = fd_call_list(call, "sectors", &members);
    fd_table *t = NULL;
    fd_io *io;
    int err;

    if ((err = fd_io_load(&io, call, NULL)) < 0)
        return err;
    if (count)
        err = fd_io_extract_group(&t, io, members, count, fd_call_flag(call, "by-region"));
    else
        err = fd_io_extract(&t, io, fd_io_number(call, "share", 100) / 100);
    if (err >= 0) {
        err = fd_io_answer(result, call, t);
        fd_result_say(result, "如果没有这个部门,全表会少多少:这是上限,不算替代和进口",
                      "what the table loses without the sector: an upper bound, no substitution");
    }
    fd_io_free(io);
    return err;
}

static int run_balance(fd_call *call, fd_result *result)
{
    bool is_column;
    const char *code;
    fd_table *t = NULL;
    fd_call unlimited = *call;
    fd_io *io;
    double worst;
    int err;

    /* The report is for tables that are not balanced, too. */
    unlimited.values = fd_arena_alloc(call->arena, call->verb->param_count * sizeof *call->values);
    memcpy(unlimited.values, call->values, call->verb->param_count * sizeof *call->values);
    unlimited.values[fd_call_index(call, "imbalance")] = "any";
    if ((err = fd_io_load(&io, &unlimited, NULL)) < 0)
        return err;
    if ((err = fd_io_balance(&t, io)) >= 0) {
        worst = fd_io_worst(io, &code, &is_column);
        err = fd_io_answer(result, call, t);
        if (is_column)
            fd_result_say(result, "差得最多:部门 %s 的列,%.4f%%", "worst: the column of %s, %.4f%%",
                          code, worst * 100);
        else
            fd_result_say(result, "差得最多:部门 %s 的行,%.4f%%", "worst: the row of %s, %.4f%%",
                          code, worst * 100);
        result->exit_code = worst > fd_io_number(call, "imbalance", 1) / 100;
    }
    fd_io_free(io);
    return err;
}

/* ---- declarations ---- */

#define OUT(choices_, zh_, en_)                                                                    \
    {                                                                                              \
        "out", FD_P_CHOICE, false, false, false, "NAME", zh_, en_, choices_                        \
    }

static const fd_verb_param coefficients_params[] = {
    OUT("A|A_import|A_total|B|x", "要哪张表(默认 A)", "which table (A)"), FD_IO_PARAMS
};
static const char *const coefficients_examples[] = { "io coefficients --dir 投入产出表 --out B",
                                                     NULL };
FD_IO_VERB(fd_verb_io_coefficients, "io coefficients",
           "投入产出:直接消耗系数、进口消耗系数、分配系数", "input–output coefficients A, B",
           coefficients_params, coefficients_examples, run_coefficients);

static const fd_verb_param leontief_params[] = {
    OUT("L|complete|L_total|cells", "要哪张表(默认 L;complete 完全消耗系数;cells 逐格)",
        "which table (L; complete = L - I; cells = one row each)"),
    FD_IO_PARAMS
};
static const char *const leontief_examples[] = { "io leontief --dir 投入产出表 --out complete",
                                                 NULL };
FD_IO_VERB(fd_verb_io_leontief, "io leontief", "投入产出:完全需要系数、完全消耗系数(列昂惕夫逆)",
           "Leontief inverse and complete coefficients", leontief_params, leontief_examples,
           run_leontief);

static const fd_verb_param ghosh_params[] = { OUT("G|G_use|B", "要哪张表(默认 G;G_use 除以总使用)",
                                                  "which table (G; G_use by total use)"),
                                              FD_IO_PARAMS };
static const char *const ghosh_examples[] = { "io ghosh --dir 投入产出表", NULL };
FD_IO_VERB(fd_verb_io_ghosh, "io ghosh", "投入产出:完全供给系数(高什逆)", "Ghosh inverse",
           ghosh_params, ghosh_examples, run_ghosh);

static const fd_verb_param sectors_params[] = {
    { "columns", FD_P_LIST, false, false, false, "COLUMNS",
      "只要这些列:列名,或 新名=列名;leontief.部门、ghosh.部门 是逆矩阵的一列",
      "only these columns: name or new=name; leontief.CODE, ghosh.CODE for one column of an "
      "inverse",
      NULL },
    FD_IO_PARAMS
};
static const char *const sectors_examples[] = {
    "io sectors --dir 投入产出表",
    "io sectors --dir 投入产出表 --columns code,power_of_dispersion,sensitivity_of_dispersion "
    "--format csv",
    NULL
};
FD_IO_VERB(fd_verb_io_sectors, "io sectors",
           "投入产出:各部门影响力系数、感应度系数、关键部门、乘数、上下游度",
           "input–output sectors: linkages, key sectors, multipliers, position", sectors_params,
           sectors_examples, run_sectors);

static const fd_verb_param multipliers_params[] = { FD_IO_PARAMS };
static const char *const multipliers_examples[] = { "io multipliers --dir 投入产出表", NULL };
FD_IO_VERB(fd_verb_io_multipliers, "io multipliers",
           "投入产出:产出、增加值、收入、就业、税、进口乘数,核对增加值+进口=1",
           "multipliers of output, value added, income, employment, tax, import",
           multipliers_params, multipliers_examples, run_multipliers);

static const fd_verb_param extract_params[] = {
    { "sectors", FD_P_LIST, false, false, false, "CODES",
      "一起提取这些部门或地区(默认逐个提取每个部门)",
      "take these sectors or regions out together (default: each sector by itself)", NULL },
    { "share", FD_P_NUMBER, false, false, false, "PERCENT", "提取的百分比(默认 100)",
      "percentage taken out (100)", NULL },
    { "by-region", FD_P_FLAG, false, false, false, NULL, "成组提取的结果按地区汇总",
      "sum the losses by region", NULL },
    FD_IO_PARAMS
};
static const char *const extract_examples[] = { "io extract --dir 投入产出表",
                                                "io extract --dir 投入产出表 --share 30",
                                                "io extract --dir 投入产出表 --sectors 农业,工业",
                                                NULL };
FD_IO_VERB(fd_verb_io_extract, "io extract", "投入产出:假设提取,没有这个部门会损失多少",
           "hypothetical extraction: what is lost without a sector", extract_params,
           extract_examples, run_extract);

static const fd_verb_param balance_params[] = { FD_IO_PARAMS };
static const char *const balance_examples[] = { "io balance --dir 投入产出表", NULL };
FD_IO_VERB(fd_verb_io_balance, "io balance", "投入产出:平衡检查,差得最多的行和列",
           "input–output balance: the worst rows and columns", balance_params, balance_examples,
           run_balance);
