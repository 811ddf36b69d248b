/*
 * The example city 洹州市: a fictional city whose returns are generated from a seed, as files in
 * the form in which they really arrive, and which add up to the aggregates of its parameter tables
 * (examples/huanzhou).  The same arguments give the same numbers on every machine.
 */
#ifndef FANGDING_EXAMPLE_H
#define FANGDING_EXAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fangding/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Above-scale enterprises of the calibrated city at the end of 2024. */
#define FD_EXAMPLE_ENTERPRISES 1180

/** Told how far the work is (0 to 1) now and then; a result other than 0 stops it. */
typedef int (*fd_example_progress)(double done, void *payload);

/* Every field 0 means the default. */
typedef struct fd_example_options {
    int version;
    uint64_t seed;      /* default 1 */
    size_t enterprises; /* above-scale at the end of 2024, 400 to 1,000,000; default 1,180. Money
                           scales with it, so that shares and growth stay. */
    int months;         /* how many monthly folders, counted back from 2024-12; default all 22 */
    bool light;         /* register, the annual returns of 2023 and 2024 on value added, monthly
                           returns; all as CSV: for benches */
    fd_example_progress progress; /* or NULL */
    void *payload;
} fd_example_options;

#define FD_EXAMPLE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        1, 0, 0, 0, false, NULL, NULL                                                              \
    }

/**
 * Write the city's files below `folder`, which is made when it is not there (its parent must
 * be).  Files of the same name are replaced; others stay.  Sub-folders: 名录 年报 登记 要素与事件
 * 月报/YYYY-MM 承诺;
 * `.预置差错.csv` lists the honest errors that were put in, for tests.
 *
 * @param options  or NULL for the defaults
 * @return 0; FD_EINVAL (an option), FD_ENOTFOUND, FD_ENOSPC, FD_EIO, FD_ECANCELLED (progress said
 *         so; files written until then remain)
 */
FD_API int fd_example_write(const char *folder, const fd_example_options *options);

/**
 * Write one CSV for import benches: UTF-8, LF, a header row, then `rows` rows of a valid credit
 * code (each once) and `numeric_columns` amounts in 千元 with at most one fraction digit.
 *
 * @param rows             1 to 10,000,000
 * @param numeric_columns  1 to 40: names of B103-1 in its order
 * @return 0, FD_EINVAL, FD_ENOTFOUND, FD_ENOSPC, FD_EIO
 */
FD_API int fd_example_bench_csv(const char *path, size_t rows, size_t numeric_columns,
                                uint64_t seed);

#ifdef __cplusplus
}
#endif
#endif
