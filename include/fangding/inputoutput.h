/*
 * Input–output analysis of one table: coefficients, inverses, linkages, multipliers, extraction,
 * prices, shocks, structural paths, footprints.
 *
 * Pure: matrices in, tables out; no file, clock or city.  Rows sell, columns buy, everywhere:
 *   A_ij = Z_ij / x_j,  B_ij = Z_ij / x_i,  L = (I - A)^-1,  G = (I - B)^-1,  x = L f,  x' = v' G
 * (Miller and Blair, Input–Output Analysis, 3rd ed. 2022, doi:10.1017/9781108676212; programs that
 * print the transpose of G exist).  A sector without output has a zero column in A and a zero row
 * in B, coefficients 0, and no ratios.  Negative entries (stocks, net taxes) are kept as they are.
 * The same input gives the same bytes on any number of threads.
 *
 * How to use it and to say it: docs/methods/input-output.md.
 */
#ifndef FANGDING_INPUTOUTPUT_H
#define FANGDING_INPUTOUTPUT_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

struct fd_labelled;
struct fd_pool;

/*
 * What there is of a table, matrices with codes (src/table/labelled.h); what there is not is NULL.
 * Sectors are the rows of z; the others may name them in another order.
 *
 * Non-competitive: z holds domestic goods, z_import imported ones, y and y_import final demand of
 * each.  Competitive: z and y hold both, imports the imports by sector (n × 1 or 1 × n); then
 *   M_i = IM_i / (x_i + IM_i - EX_i),  Z_d = (I - M) Z,  Y_d = (I - M) (Y - EX) + EX
 * are made first: exports are not reduced by imports.
 */
typedef struct fd_io_tables {
    struct fd_labelled *z, *z_import; /* n × n */
    struct fd_labelled *y, *y_import; /* n × categories */
    struct fd_labelled *output;       /* n × 1 or 1 × n; NULL: row sums of z and y */
    struct fd_labelled *imports;      /* n × 1 or 1 × n; makes the table competitive */
    struct fd_labelled *value_added;  /* parts × n; NULL: what the columns leave */
    struct fd_labelled *employment;   /* n × 1, or kinds × n */
} fd_io_tables;

typedef struct fd_io_options {
    int version;
    const char *value_added; /* the row of value_added that holds its total; NULL: all rows sum */
    const char *labour;      /* its row of labour income; NULL: VA001 where there is one */
    const char *tax;         /* its row of net taxes; NULL: VA002 where there is one */
    const char *import_row;  /* its row of imported inputs, for tables without z_import */
    const char *consumption; /* column of y that households spend; NULL: TC where there is one */
    const char *exports;     /* column of y; NULL: EX */
    const char *employment;  /* row of employment; NULL: the only one */
    double most_imbalance;   /* refuse above this share of output; negative: never refuse */
    size_t dense_order;      /* invert up to this many sectors, iterate above */
    struct fd_pool *pool;    /* or NULL */
} fd_io_options;
#define FD_IO_OPTIONS_INIT                                                                         \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0.01, 2500, NULL                              \
    }

typedef struct fd_io fd_io;

/**
 * Check a table and make ready. Takes over all of `tables` (also on failure; the entries are set to
 * NULL). Nothing is inverted yet.
 *
 * @return FD_EINVAL a code that is missing on one side, a sector without output that buys, a
 *         number that is not finite, an option that names nothing; FD_ECONFLICT rows or columns
 *         out of balance by more than options->most_imbalance, naming the worst; FD_EINFEASIBLE
 *         spectral radius of A at or above 1
 *
 * O(n^2 (1 + categories)) time, one copy of n × n beside z when inverted.
 */
FD_API int fd_io_new(fd_io **out, fd_io_tables *tables, const fd_io_options *options);
FD_API void fd_io_free(fd_io *io); /* NULL is fine */

typedef enum fd_io_matrix {
    FD_IO_A,        /* direct input coefficients 直接消耗系数 */
    FD_IO_A_IMPORT, /* of imported goods */
    FD_IO_A_TOTAL,  /* competitive: of both */
    FD_IO_B,        /* allocation coefficients 分配系数 */
    FD_IO_L,        /* Leontief inverse 完全需要系数 */
    FD_IO_L_TOTAL,  /* competitive: (I - A)^-1 with imports inside */
    FD_IO_COMPLETE, /* L - I 完全消耗系数 */
    FD_IO_G,        /* Ghosh inverse 完全供给系数 */
    FD_IO_G_USE,    /* Ghosh inverse with B_ij = Z_ij / (row sum of Z and Y) */
    FD_IO_X         /* code, x */
} fd_io_matrix;
/** One of the matrices as a table: code, then a column for each sector. */
FD_API int fd_io_matrix_table(fd_table **out, fd_io *io, fd_io_matrix which);

/** All pairs of sectors: i, j, L, G (competitive: i, j, L_competitive, L_importadj). n^2 rows. */
FD_API int fd_io_cells(fd_table **out, fd_io *io);

/**
 * One row for each sector, every measure there are data for.
 *
 *   power_of_dispersion 影响力系数 U_j = n colsum_j(L) / sum(L); sensitivity_of_dispersion
 * 感应度系数 the same with row sums of L; ghosh_forward_norm with row sums of G (Rasmussen 1956;
 * Dietzenbacher 1997, doi:10.1111/0022-4146.00073, on why G); cv_*: coefficient of variation, n -
 * 1; key_*: both at or above 1; *_multiplier w' L; *_type1_ratio w' L / w; type II with one
 * household row (labour income / x) and column (consumption / total labour income), `trunc` without
 * and `total` with the household row; hem_*: fd_io_extract(); x_leontief = L f. A competitive table
 * gives the measures of both its inverses instead.
 *
 * @param columns  NULL: all; else count entries "name" or "as=name"; besides the ids of the table
 *                 "leontief.CODE" and "ghosh.CODE" name one column of an inverse
 */
FD_API int fd_io_sectors(fd_table **out, fd_io *io, const char *const *columns, size_t count);

/** Per sector: what one unit of final demand calls forth: output, value added, income, employment,
 * tax, import; type I and II; identity value added + import. Without an inverse for large tables.
 */
FD_API int fd_io_multipliers(fd_table **out, fd_io *io);

typedef enum fd_io_removal { FD_IO_FULL, FD_IO_BACKWARD, FD_IO_FORWARD } fd_io_removal;
/**
 * Hypothetical extraction in closed form from one inverse (Dietzenbacher and van der Linden 1997,
 * doi:10.1111/0022-4146.00063; Miller and Lahr 2001), all with x = L f:
 *   full      row, column and final demand of k vanish: x_k colsum_k(L) / L_kk
 *   backward  column k of A vanishes:                   x_k (colsum_k(L) - 1) / L_kk
 *   forward   row k of A vanishes:                      colsum_k(L) (x_k - f_k) / L_kk
 *   a share a of them: the same by Sherman, Morrison and Woodbury with the scaled row and column.
 * Columns: code, full, backward, forward (losses of output, k's own included), and full_va,
 * full_employment where known (rows of L weighted).
 */
FD_API int fd_io_extract(fd_table **out, fd_io *io, double share);
/**
 * A group of sectors at once: x_rest - L_rK L_KK^-1 x_K. Rows: sectors (code, output_loss,
 * va_loss, employment_loss, output; the group's own rows 0), or regions (country,
 * output_loss_others, output).
 *
 * @param members  codes of sectors, or names of regions (the codes' part before '.' or '_')
 */
FD_API int fd_io_extract_group(fd_table **out, fd_io *io, const char *const *members, size_t count,
                               bool by_region);

/**
 * Prices p' = v' L + p_m' A_m L, v value added per output: code, base_price, the change when import
 * prices rise by `percent`, when labour costs do, and for every named row of value added.
 * `accounts` (NULL: none; rows × n, e.g. tonnes) with `levy` per unit: change by a levy on them.
 */
FD_API int fd_io_price(fd_table **out, fd_io *io, double percent, const char *const *parts,
                       size_t part_count, struct fd_labelled *accounts, double levy);

typedef struct fd_io_shock {
    const char *sector;
    double amount;
} fd_io_shock;
/**
 * Demand for a sector's goods rises: effects is one row for each step of each shock, and of
 * "all" when there are several (direct: the demand itself; indirect: L f - f; induced: through
 * household income, type II), sectors one row for each sector with dx_CODE, dva_CODE, demp_CODE of
 * type I. Each may be NULL.
 */
FD_API int fd_io_shocks(fd_table **effects, fd_table **sectors, fd_io *io,
                        const fd_io_shock *shocks, size_t count);

/** Who lives on whose demand: code, then a column for each category of final demand: diag(w) L Y.
 * @param factor  output, va, income, employment, tax or import */
FD_API int fd_io_demand(fd_table **out, fd_io *io, const char *factor);

typedef struct fd_io_path_options {
    const char *const *targets; /* sectors whose final demand begins the paths; count 0: all */
    size_t target_count;
    const char *category; /* a column of y; NULL: all of them */
    const char *factor;   /* as fd_io_demand(); NULL: va */
    size_t count;         /* paths wanted */
    size_t links;         /* most links of a path; 0: no limit */
} fd_io_path_options;
/**
 * Structural paths w_i a_ih .. a_jk f_k, the largest first: rank, path "i>h>k", value,
 * share_of_total (of the targets' w' L f). Best first with the remaining multiplier as an upper
 * bound, so that the list is exact (Lin and Polenske 1998 on paths; the bound is admissible because
 * |w|' (I + |A| + ..) counts every continuation). Ties by the path's text.
 */
FD_API int fd_io_paths(fd_table **out, fd_io *io, const fd_io_path_options *options);

typedef struct fd_io_footprint {
    fd_table *intensity;   /* S: account, a column for each sector */
    fd_table *multiplier;  /* M = S L */
    fd_table *by_product;  /* D_cba: what the consumption of region r of product s needs, r.s */
    fd_table *consumption; /* by region, with households' own */
    fd_table *production;  /* D_pba */
    fd_table *imports;     /* D_imp: of what a region consumes, what arises elsewhere */
    fd_table *exports;     /* D_exp */
    fd_table *by_demand;   /* account, a column for each category of final demand */
    fd_table *origin;      /* of the first account: region of origin × region of final demand */
} fd_io_footprint;
/**
 * Accounts of sectors (emissions, energy, value added) by producers and by consumers (Miller and
 * Blair ch. 10 and 13; the names are pymrio's). Households' own are added to regions only.
 *
 * @param accounts    rows × n; NULL: value added
 * @param households  rows × columns of y, or NULL
 */
FD_API int fd_io_footprints(fd_io_footprint *out, fd_io *io, struct fd_labelled *accounts,
                            struct fd_labelled *households);
FD_API void fd_io_footprint_dispose(fd_io_footprint *result);

/**
 * Accounts of a single region, one row each: account, production (their sum by sector), exports and
 * domestic_use (e' L of each part of final demand, domestic technology), imports_intermediate and
 * imports_final (what imports cause elsewhere, by the same-technology assumption: e' (I - A -
 * A_m)^-1 of A_m L y and of y_m; without z_import these are missing), households (their own),
 * consumption = domestic_use + the imports that do not leave again + households.
 */
FD_API int fd_io_carbon(fd_table **out, fd_io *io, struct fd_labelled *accounts,
                        struct fd_labelled *households);

/** Rows and columns by imbalance, the worst first: code, side, table, stated, difference, share. */
FD_API int fd_io_balance(fd_table **out, const fd_io *io);
/** The largest imbalance as a share of output; its sector and side in words for a sentence. */
FD_API double fd_io_worst(const fd_io *io, const char **code, bool *is_column);

FD_API size_t fd_io_order(const fd_io *io);
FD_API bool fd_io_is_competitive(const fd_io *io);

#ifdef __cplusplus
}
#endif
#endif
