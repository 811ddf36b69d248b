/*
 * What every verb `io …` takes: a folder of tables, or files by name.
 */
#ifndef FD_APP_VERBS_IO_LOAD_H
#define FD_APP_VERBS_IO_LOAD_H

#include "fangding/inputoutput.h"
#include "fangding/verbs.h"
#include "table/labelled.h"

#define FD_IO_PARAM(name_, type_, value_, zh_, en_)                                                \
    {                                                                                              \
        name_, type_, false, false, false, value_, zh_, en_, NULL                                  \
    }
#define FD_IO_FILE(name_, zh_, en_)         FD_IO_PARAM(name_, FD_P_PATH, "FILE", zh_, en_)
#define FD_IO_TEXT(name_, value_, zh_, en_) FD_IO_PARAM(name_, FD_P_TEXT, value_, zh_, en_)
/* In the order in which the help shows them. */
#define FD_IO_PARAMS                                                                               \
    FD_IO_PARAM(                                                                                   \
        "dir", FD_P_PATH, "FOLDER",                                                                \
        "表所在的文件夹(默认当前文件夹):Z、Y、output、value_added …(.csv、.csv.gz、.xlsx)",        \
        "folder of the tables (the current one): Z, Y, output, value_added … (.csv, .csv.gz, "   \
        ".xlsx)"),                                                                                 \
        FD_IO_TEXT("table", "NAME", "程序自带的表:cn2020 全国2020年42部门",                        \
                   "a table that is built in: cn2020, China 2020, 42 sectors"),                    \
        FD_IO_PARAM("names", FD_P_FLAG, NULL, "代码旁加部门名称(sectors.csv)",                     \
                    "names of the sectors beside their codes (sectors.csv)"),                      \
        FD_IO_FILE("z", "中间使用表(给了它就不再找文件夹)",                                        \
                   "intermediate use (then no folder is searched)"),                               \
        FD_IO_FILE("y", "最终使用表", "final demand"),                                             \
        FD_IO_FILE("z-import", "进口品中间使用表", "intermediate use of imported goods"),          \
        FD_IO_FILE("y-import", "进口品最终使用表", "final demand for imported goods"),             \
        FD_IO_FILE("x", "总产出", "output"),                                                       \
        FD_IO_FILE("imports", "进口(竞争型表)", "imports (competitive tables)"),                   \
        FD_IO_FILE("va", "增加值各项", "parts of value added"),                                    \
        FD_IO_FILE("employment", "就业", "employment"),                                            \
        FD_IO_TEXT("va-row", "ROW", "增加值合计所在的行(默认各行相加)",                            \
                   "row of total value added (all rows sum)"),                                     \
        FD_IO_TEXT("labour", "ROW", "劳动报酬所在的行(默认 VA001)",                                \
                   "row of labour income (VA001)"),                                                \
        FD_IO_TEXT("tax", "ROW", "生产税净额所在的行(默认 VA002)", "row of net taxes (VA002)"),    \
        FD_IO_TEXT("import-row", "ROW", "增加值表里进口投入所在的行",                              \
                   "row of imported inputs in value added"),                                       \
        FD_IO_TEXT("consumption", "COLUMN", "居民消费列(默认 TC)", "column of consumption (TC)"),  \
        FD_IO_TEXT("exports", "COLUMN", "出口列(默认 EX)", "column of exports (EX)"),              \
        FD_IO_TEXT("employment-row", "ROW", "就业表用哪一行或列", "row or column of employment"),  \
        FD_IO_TEXT("imbalance", "PERCENT", "容许的不平衡(默认 1;any 不限)",                        \
                   "imbalance accepted (1; any)")

#define FD_IO_VERB(symbol_, name_, zh_, en_, params_, examples_, run_)                             \
    const fd_verb symbol_ = { .name = name_,                                                       \
                              .zh = zh_,                                                           \
                              .en = en_,                                                           \
                              .purpose = FD_PLANNING,                                              \
                              .is_job = true,                                                      \
                              .params = params_,                                                   \
                              .param_count = sizeof params_ / sizeof *params_,                     \
                              .examples = examples_,                                               \
                              .run = run_ }

/** Find, read and check the tables. Release with fd_io_free(); the pool of options is the caller's.
 */
int fd_io_load(fd_io **out, const fd_call *call, struct fd_pool *pool);
/** Add a table to the result, with the names of sectors beside their codes when --names is given.
 * Takes the table over. */
int fd_io_answer(fd_result *result, const fd_call *call, fd_table *table);
/** A matrix named by a PATH parameter; *out is NULL when it was not given. */
int fd_io_load_matrix(fd_labelled **out, const fd_call *call, const char *param);
void fd_io_drop_matrix(fd_labelled *m);
/** A matrix of a built-in table, such as cn2020, Z_domestic; fd_io_drop_matrix() releases it.
 * FD_ENOTFOUND without one. */
int fd_io_load_built_in(fd_labelled **out, const fd_call *call, const char *table,
                        const char *name);
/** A number given as a parameter of type NUMBER. */
double fd_io_number(const fd_call *call, const char *param, double otherwise);

#endif
