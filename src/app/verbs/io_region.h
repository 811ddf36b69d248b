/*
 * A region's table from the nation's, however the numbers arrive: from files or from the city.
 */
#ifndef FD_APP_VERBS_IO_REGION_H
#define FD_APP_VERBS_IO_REGION_H

#include "fangding/verbs.h"
#include "table/labelled.h"

typedef struct fd_io_region {
    fd_labelled a;                 /* the nation's input coefficients, n × n */
    double *x, *nation;            /* output of the region and of the nation, n, one unit */
    double *slq, *r, *multipliers; /* work: n, n × n, n */
    size_t n;
} fd_io_region;

/** Room for the work; a, x and nation are the caller's to fill (x and nation from fd_alloc()). */
void fd_io_region_init(fd_io_region *g, size_t n);
void fd_io_region_dispose(fd_io_region *g);

/** What --out, --method, --delta, --runs, --sd and --seed ask for, as the result's first table.
 * FD_EINVAL as fd_region_slq(), with the sector. */
int fd_io_region_answer(fd_result *result, const fd_call *call, fd_io_region *g);

#define FD_IO_REGION_METHOD                                                                        \
    { "method",                                                                                    \
      FD_P_CHOICE,                                                                                 \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "METHOD",                                                                                    \
      "方法(默认 flq)",                                                                            \
      "method (flq)",                                                                              \
      "slq|cilq_diag1|cilq_diagslq|flq|aflq" },                                                    \
    {                                                                                              \
        "delta", FD_P_LIST, false, false, false, "D,…", "δ:系数表用第一个(默认 0.25),乘数表全用",  \
            "delta: the first for coefficients (0.25), all for multipliers", NULL                  \
    }
#define FD_IO_REGION_SAMPLE                                                                         \
    {                                                                                               \
        "runs", FD_P_INTEGER, false, false, false, "N", "抽样次数(默认 200)", "samples (200)", NULL \
    },                                                                                              \
        { "sd",                                                                                     \
          FD_P_NUMBER,                                                                              \
          false,                                                                                    \
          false,                                                                                    \
          false,                                                                                    \
          "SD",                                                                                     \
          "系数的对数标准差(默认 0.1)",                                                             \
          "log standard deviation of a coefficient (0.1)",                                          \
          NULL },                                                                                   \
    {                                                                                               \
        "seed", FD_P_INTEGER, false, false, false, "N", "种子(默认 1)", "seed (1)", NULL            \
    }

#endif
