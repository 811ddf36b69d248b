/*
 * What every verb `io …` takes: a folder of tables, or files by name.
 */
#ifndef FD_APP_VERBS_IO_LOAD_H
#define FD_APP_VERBS_IO_LOAD_H

#include "fangding/inputoutput.h"
#include "fangding/verbs.h"
#include "table/labelled.h"

#define FD_IO_PARAMS                                                                                  \
    { "dir",                                                                                          \
      FD_P_PATH,                                                                                      \
      false,                                                                                          \
      false,                                                                                          \
      false,                                                                                          \
      "FOLDER",                                                                                       \
      "表所在的文件夹(默认当前文件夹):Z、Y、output、value_added …(.csv、.csv.gz、.xlsx)",             \
      "folder of the tables (the current one): Z, Y, output, value_added … (.csv, .csv.gz, "        \
      ".xlsx)",                                                                                       \
      NULL },                                                                                         \
        { "z",                                                                                        \
          FD_P_PATH,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "FILE",                                                                                     \
          "中间使用表(给了它就不再找文件夹)",                                                         \
          "intermediate use (then no folder is searched)",                                            \
          NULL },                                                                                     \
        { "y", FD_P_PATH, false, false, false, "FILE", "最终使用表", "final demand", NULL },          \
        { "z-import",                                                                                 \
          FD_P_PATH,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "FILE",                                                                                     \
          "进口品中间使用表",                                                                         \
          "intermediate use of imported goods",                                                       \
          NULL },                                                                                     \
        { "y-import",                                                                                 \
          FD_P_PATH,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "FILE",                                                                                     \
          "进口品最终使用表",                                                                         \
          "final demand for imported goods",                                                          \
          NULL },                                                                                     \
        { "x", FD_P_PATH, false, false, false, "FILE", "总产出", "output", NULL },                    \
        { "imports",                                                                                  \
          FD_P_PATH,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "FILE",                                                                                     \
          "进口(竞争型表)",                                                                           \
          "imports (competitive tables)",                                                             \
          NULL },                                                                                     \
        { "va", FD_P_PATH, false, false, false, "FILE", "增加值各项", "parts of value added", NULL }, \
        { "employment", FD_P_PATH, false, false, false, "FILE", "就业", "employment", NULL },         \
        { "va-row",                                                                                   \
          FD_P_TEXT,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "ROW",                                                                                      \
          "增加值合计所在的行(默认各行相加)",                                                         \
          "row of total value added (all rows sum)",                                                  \
          NULL },                                                                                     \
        { "labour",                                                                                   \
          FD_P_TEXT,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "ROW",                                                                                      \
          "劳动报酬所在的行(默认 VA001)",                                                             \
          "row of labour income (VA001)",                                                             \
          NULL },                                                                                     \
        { "tax",                                                                                      \
          FD_P_TEXT,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "ROW",                                                                                      \
          "生产税净额所在的行(默认 VA002)",                                                           \
          "row of net taxes (VA002)",                                                                 \
          NULL },                                                                                     \
        { "import-row",                                                                               \
          FD_P_TEXT,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "ROW",                                                                                      \
          "增加值表里进口投入所在的行",                                                               \
          "row of imported inputs in value added",                                                    \
          NULL },                                                                                     \
        { "consumption",                                                                              \
          FD_P_TEXT,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "COLUMN",                                                                                   \
          "居民消费列(默认 TC)",                                                                      \
          "column of consumption (TC)",                                                               \
          NULL },                                                                                     \
        { "exports",                                                                                  \
          FD_P_TEXT,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "COLUMN",                                                                                   \
          "出口列(默认 EX)",                                                                          \
          "column of exports (EX)",                                                                   \
          NULL },                                                                                     \
        { "employment-row",                                                                           \
          FD_P_TEXT,                                                                                  \
          false,                                                                                      \
          false,                                                                                      \
          false,                                                                                      \
          "ROW",                                                                                      \
          "就业表用哪一行或列",                                                                       \
          "row or column of employment",                                                              \
          NULL },                                                                                     \
    {                                                                                                 \
        "imbalance", FD_P_TEXT, false, false, false, "PERCENT", "容许的不平衡(默认 1;any 不限)",      \
            "imbalance accepted (1; any)", NULL                                                       \
    }

/** Find, read and check the tables. Release with fd_io_free(); the pool of options is the caller's.
 */
int fd_io_load(fd_io **out, const fd_call *call, struct fd_pool *pool);
/** A matrix named by a PATH parameter; *out is NULL when it was not given. */
int fd_io_load_matrix(fd_labelled **out, const fd_call *call, const char *param);
void fd_io_drop_matrix(fd_labelled *m);
/** A number given as a parameter of type NUMBER. */
double fd_io_number(const fd_call *call, const char *param, double otherwise);

#endif
