#include "solve/lsq.h"

#include <lapacke.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "fangding/arena.h"
#include "fangding/error.h"

/* There when LAPACK is OpenBLAS, which else starts a thread for each processor, adds in an order
 * that depends on their number, and fights with ours. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));

static void use_one_thread(void)
{
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
}

/* @return false when something is not finite */
static bool scale_columns(double *length, double *a, const double *b, size_t n, size_t p)
{
    bool finite = true;

    for (size_t j = 0; j < p; j++) {
        double sum = 0, *column = a + j * n;

        for (size_t i = 0; i < n; i++)
            sum += column[i] * column[i];
        finite &= isfinite(sum) != 0;
        length[j] = sum > 0 ? sqrt(sum) : 1;
        for (size_t i = 0; i < n; i++)
            column[i] /= length[j];
    }
    for (size_t i = 0; i < n; i++)
        finite &= isfinite(b[i]) != 0;
    return finite;
}

int fd_lsq_solve(double *x, double *a, double *b, size_t n, size_t p)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    lapack_int *pivot = NULL, rank = 0, info;
    double *length = NULL;
    int err = 0;

    if (p == 0 || n < p)
        return fd_error_set(FD_EINVAL, "%zu 行定不了 %zu 个系数",
                            "%zu rows do not determine %zu coefficients", n, p);
    pthread_once(&once, use_one_thread);
    length = fd_alloc(p * sizeof *length);
    pivot = fd_alloc(p * sizeof *pivot);
    if (!scale_columns(length, a, b, n, p)) {
        err = fd_error_set(FD_EINVAL, "回归里有不是有限的数",
                           "a number in the regression is not finite");
        goto done;
    }
    info = LAPACKE_dgelsy(LAPACK_COL_MAJOR, (lapack_int)n, (lapack_int)p, 1, a, (lapack_int)n, b,
                          (lapack_int)n, pivot, 1e-11, &rank);
    if (info != 0)
        err = fd_error_set(FD_ENOCONV, "最小二乘失败(LAPACK %d)",
                           "least squares failed (LAPACK %d)", (int)info);
    else if ((size_t)rank < p)
        err = fd_error_set(FD_EINVAL, "解释变量线性相关:%zu 个里只有 %d 个独立",
                           "the regressors depend on each other: of %zu only %d are independent", p,
                           (int)rank);
    for (size_t j = 0; j < p; j++)
        x[j] = b[j] / length[j];
done:
    free(length);
    free(pivot);
    return err;
}
