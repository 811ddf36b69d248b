/*
 * What the files of input–output analysis share.
 */
#ifndef FD_ANALYSIS_IO_H
#define FD_ANALYSIS_IO_H

#include "fangding/inputoutput.h"
#include "solve/linear.h"
#include "table/labelled.h"

struct fd_io {
    size_t n;
    fd_io_options options;
    bool competitive;
    /* Owned, in the order of z's rows; NULL where unknown. Competitive tables are split into
     * domestic and imported goods when they are taken in; z_total keeps what was given. */
    fd_labelled *z, *z_import, *y, *y_import, *value_added;
    double *z_total;                    /* n × n, competitive only */
    double *import_ratio;               /* n, competitive only */
    double *x;                          /* n */
    double *f;                          /* n: row sums of y; NULL without y */
    double *va, *labour, *tax, *import; /* n, amounts */
    double *employment;                 /* n */
    double *consumption;                /* n: the column of y, or NULL */
    double *row_gap, *column_gap;       /* n: stated minus found; NULL where not to be known */
    double *a;                          /* n × n */
    double *l;                          /* n × n, once inverted */
    double *l_total;                    /* n × n, competitive, once asked */
    double *colsum, *rowsum;            /* of l, once inverted */
    fd_sparse by_row, by_column;        /* of A and its transpose, when iterating */
    fd_linear_report report;            /* of the worst iteration */
    double worst, mean_output;
    size_t worst_at;
    bool worst_is_column, column_sum_high, employment_unnamed;
};

/** 1 / x, or 0 for a sector without output. */
double fd_io__per_output(const fd_io *io, size_t i, double amount);
double fd_io__size(const fd_io *io, size_t i);
int fd_io__invert(fd_io *io);       /* l, colsum, rowsum; once */
int fd_io__invert_total(fd_io *io); /* l_total; once */
/** x = (I - A)^-1 b, or with A', n × k row-major: by the inverse, or by iteration for tables above
 * options.dense_order. */
int fd_io__apply(fd_io *io, bool transposed, const double *b, double *x, size_t k);
/** The transpose of A, rows compressed: suppliers of each sector. */
int fd_io__suppliers(fd_io *io);
/** Amount by sector of a factor: output, va, income, employment, tax, import. FD_ENOTFOUND with
 * what is missing. Borrowed, but for output (*own). */
int fd_io__factor(const fd_io *io, const char *name, const double **amount);
/** A table whose notes say orientation and what was found about balance. */
fd_table *fd_io__table(const fd_io *io, const char *id, const char *zh, const char *en);
void fd_io__notes(const fd_io *io, fd_table *table);
fd_column *fd_io__codes(fd_table *table, char *const *codes, size_t n, const char *id);
void fd_io__numbers(fd_table *table, const char *id, const char *zh, const char *en,
                    const double *v, size_t step);
ptrdiff_t fd_io__sector(const fd_io *io, const char *code); /* -1 with the error set */
/** m's rows (or columns) put into the order of the sectors: FD_EINVAL names a code without match.
 */
int fd_io__order_columns(const fd_io *io, fd_labelled *m, const char *what);
/** Names of regions: the part of each code before its first '.', else '_'; all codes must have one.
 * at[i] is the region of code i. @return FD_EINVAL there are none */
typedef struct fd_io_regions {
    char **name;
    size_t count;
} fd_io_regions;
int fd_io__regions(fd_io_regions *regions, size_t *at, char *const *codes, size_t n);
void fd_io__regions_dispose(fd_io_regions *regions);
/** Best paths over a matrix of suppliers; what fd_io_paths() prints. */
typedef struct fd_io_path {
    double value;
    size_t length;     /* sectors */
    uint32_t *sectors; /* from the source to the target */
} fd_io_path;
/** The `count` largest |w_i a .. f_k|; *found entries, each with its own sectors: free both.
 * `bound` is the multiplier |w|' (I - |A|)^-1, used when links is 0. */
int fd_io__search(fd_io_path **out, size_t *found, const fd_sparse *suppliers, const double *w,
                  const double *f, const double *bound, size_t count, size_t links,
                  char *const *codes);
void fd_io__paths_free(fd_io_path *paths, size_t count);

#endif
