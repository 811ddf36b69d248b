/*
 * What the engines' verbs share: a plain file of units and the options that name its columns, for
 * dea, malmquist and green-tfp; the end of every `X city`.
 */
#ifndef FD_APP_VERBS_PANEL_H
#define FD_APP_VERBS_PANEL_H

#include "app/city_panel.h"
#include "fangding/dea.h"
#include "fangding/verbs.h"

/** Read --inputs, --outputs, --id, --time (and --bads where the verb has it) and the file; the
 * caller frees *out. Names live in the call's arena. */
int fd_verb_panel(fd_table **out, fd_panel_columns *columns, fd_call *call);
/** --orient in,out; both when not given. */
int fd_verb_orientations(fd_call *call, bool *input, bool *output);
/** Add the file's name to a failure that names a row. @return err */
int fd_verb_panel_error(fd_call *call, int err);

/**
 * The city's table for dea, malmquist and green-tfp: in_*, out_* and bad_* from --inputs, --outputs
 * and --bads (items, indicators or arithmetic; net fixed assets and staff, value added). Outputs in
 * money are taken at prices of the first period unless --deflator none.
 *
 * @param otherwise  dimension when --by is not given
 * @param least      periods that are needed
 * @param newest     the newest period alone unless --from or --to is given
 */
int fd_verb_city_panel(fd_table **out, fd_city_panel *p, const char *otherwise, size_t least,
                       bool newest);

/** What an engine's verb says about a table, from a file or from the city; `options` are its own.
 */
typedef int fd_verb_answer(fd_call *call, fd_result *result, const fd_table *in, void *options);

/**
 * The end of `X city`: `--out data` hands the table over as the answer; else `answer` is called and
 * the notes of the table (coverage, what was left out, marks) go under its first table.
 *
 * @param in        taken over
 * @param answered  set: the engine ran and the result holds its tables; may be NULL
 * @return what answer() returns
 */
int fd_verb_city_answer(bool *answered, fd_call *call, fd_result *result, fd_table *in,
                        fd_verb_answer *answer, void *options);

/**
 * The city's counties and what they make, for complexity and opportunities: columns county, BY
 * (code and name), t and value, in one period, --at or the newest.
 *
 * Cells without a figure, that may not be shown or are not above zero are not there, with notes;
 * the engine takes them for nothing, so the notes are part of the answer.
 *
 * @param p   set up with its call
 * @param by  division, industry or chain
 * @return FD_EINVAL the quantity is no sum; what reading returns
 */
int fd_verb_city_products(fd_table **out, fd_city_panel *p, const char *by);

#define FD_CITY_PANEL_PARAMS                                                                       \
    { "inputs",                                                                                    \
      FD_P_LIST,                                                                                   \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "IDS",                                                                                       \
      "投入:指标、数据项或算式(名=算式)(默认 net_fixed_assets,staff_sum)",                         \
      "inputs: indicators, items or arithmetic, name=… (net_fixed_assets,staff_sum)",              \
      NULL },                                                                                      \
        { "outputs",                                                                               \
          FD_P_LIST,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "IDS",                                                                                   \
          "产出(默认 value_added_total)",                                                          \
          "outputs (value_added_total)",                                                           \
          NULL },                                                                                  \
        { "by",                                                                                    \
          FD_P_TEXT,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "DIM",                                                                                   \
          "单位:county、division、industry、chain、size、enterprise(默认 division)",               \
          "units: county, division, industry, chain, size, enterprise (division)",                 \
          NULL },                                                                                  \
        { "deflator",                                                                              \
          FD_P_TEXT,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "ITEM",                                                                                  \
          "金额产出按哪个分行业价格指数折成首期价格(默认 ppi);none 不折",                          \
          "price index by division that takes prices out of outputs in money (ppi); none",         \
          NULL },                                                                                  \
        FD_CITY_PERIOD_PARAMS

#define FD_CITY_DETAIL_ZH                                                                                          \
    "数据项没有现成指标的,按规上企业合计;算式例:'cost=营业成本 + "                         \
    "管理费用'。缺报、按保密规则不显示、"                                                         \
    "不大于零的行不计入并注明。--out data 给出引擎吃的那张表:存成文件再用不带 city " \
    "的同名命令,结果逐位相同。"
#define FD_CITY_DETAIL_EN                                                                          \
    "Items without an indicator are summed over enterprises above scale; arithmetic: "             \
    "'cost=营业成本 + 管理费用'. "                                                         \
    "Rows with gaps, protected cells or numbers not above zero are left out, with notes. --out "   \
    "data "                                                                                        \
    "is the engine's own table: as a file it gives the same answer to the last digit."

#endif
