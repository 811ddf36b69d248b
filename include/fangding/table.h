/*
 * The one table: typed columns with units, a state for every cell, contributors where needed.
 *
 * Every engine takes and returns tables; printing, grouping, sorting, joining and pivoting belong
 * to the table.  One column has one kind and one unit.  A column is immutable and shared once it
 * has been finished (reference counted, also across threads); a table under construction owns
 * columns that are still writable.
 */
#ifndef FANGDING_TABLE_H
#define FANGDING_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fangding/decimal.h"
#include "fangding/period.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_kind {
    FD_DEC = 1,    /* exact decimal: int64 mantissas, one scale per column */
    FD_QUOT = 2,   /* exact quotient */
    FD_EST = 3,    /* estimate, double; NaN never stands for a missing value */
    FD_DATE = 4,   /* fd_date */
    FD_PERIOD = 5, /* fd_period */
    FD_TEXT = 6,   /* dictionary index */
    FD_BOOL = 7,   /* 0 or 1 */
    FD_CODE = 8    /* dictionary index; the dictionary holds codes of `classification` */
} fd_kind;

/* Texts of a column, each once. Index 0 .. count-1. Reference counted, append only. */
typedef struct fd_dict fd_dict;
FD_API fd_dict *fd_dict_new(void);
FD_API fd_dict *fd_dict_ref(fd_dict *dict);
FD_API void fd_dict_unref(fd_dict *dict);
FD_API uint32_t fd_dict_add(fd_dict *dict, const char *text, size_t length);
FD_API bool fd_dict_find(const fd_dict *dict, const char *text, size_t length, uint32_t *index);
FD_API const char *fd_dict_text(const fd_dict *dict, uint32_t index);
FD_API size_t fd_dict_count(const fd_dict *dict);

/*
 * One column.  Cell i is HAS when bit i of `has` is set and `doubt` is not; DOUBT when both are
 * set; NA when `na` is set; otherwise MISSING.  The value of a cell without `has` is 0 and means
 * nothing. Fields are open so that engines can run over them; only the owner of a fresh column
 * writes them.
 */
typedef struct fd_column {
    int refs;             /* atomic */
    const char *id;       /* machine name */
    const char *title[2]; /* Chinese, English; may equal id */
    fd_kind kind;
    const char *unit;           /* as printed, "" when none */
    const char *classification; /* FD_CODE: its id; else NULL */
    int8_t scale;               /* FD_DEC: mantissa × 10^-scale */
    int8_t digits; /* fraction digits on screen; -1: as stored (DEC) or 6 significant (EST). BOOL: 0
                      prints numbers, 1 and 0, which a byte a cell is enough for */
    size_t n;
    union {
        int64_t *dec;
        fd_quot *quot;
        double *est;
        int32_t *day;   /* FD_DATE and FD_PERIOD */
        uint32_t *text; /* FD_TEXT and FD_CODE */
        uint8_t *boolean;
        void *any;
    } v;
    fd_dict *dict;
    uint64_t *has, *doubt, *na; /* FD_BITS_WORDS(n) words; doubt and na may be NULL: none */
    /* Contributors of a result cell, or NULL: how many enterprises it sums, and the largest two in
     * the column's own unit and scale (DEC) or as doubles (EST, QUOT use est_top). */
    uint32_t *contributors;
    double *top1, *top2;
    size_t capacity;
    const struct fd_na_words *na_words; /* what cells that are NA print; NULL: the state's name on
                                           screen, nothing in CSV. Borrowed, static. */
    const struct fd_na_words *words; /* TEXT: what words for programs print on screen, ended by one
                                        without machine; NULL: as they are. Borrowed, static. */
} fd_column;

/* A word for programs and what it says on screen: why a result cell does not exist, "infeasible"
 * (不可行), or a verdict. */
typedef struct fd_na_words {
    const char *machine;
    const char *screen[2];
} fd_na_words;

FD_API fd_column *fd_column_new(const char *id, fd_kind kind, const char *unit, int scale,
                                size_t n); /* all MISSING */
/** A column of estimates over an array from fd_alloc(), which it takes over: nothing is copied,
 * every cell has a value. For results too large to be there twice. */
FD_API fd_column *fd_column_new_over(const char *id, const char *unit, int digits, double *values,
                                     size_t n);
FD_API fd_column *fd_column_ref(fd_column *column);
FD_API void fd_column_unref(fd_column *column); /* NULL is fine */
FD_API void fd_column_set_title(fd_column *column, const char *zh, const char *en);
FD_API void fd_column_resize(fd_column *column, size_t n); /* new cells MISSING */
FD_API fd_state fd_column_state(const fd_column *column, size_t row);
FD_API void fd_column_set_state(fd_column *column, size_t row, fd_state state);
FD_API void fd_column_set_dec(fd_column *column, size_t row,
                              int64_t mantissa); /* also marks HAS; so do all setters */
FD_API void fd_column_set_quot(fd_column *column, size_t row, fd_quot value);
FD_API void fd_column_set_est(fd_column *column, size_t row, double value);
FD_API void fd_column_set_day(fd_column *column, size_t row, int32_t value);
FD_API void fd_column_set_text(fd_column *column, size_t row, const char *text);
FD_API void fd_column_set_bool(fd_column *column, size_t row, bool value);
/** The text of a cell, or `fallback` where it has none: no value, no such row, no column (NULL). */
FD_API const char *fd_column_text_or(const fd_column *column, size_t row, const char *fallback);
/** Store a number of any exactness in a column of kind QUOT or EST (exact into EST converts). */
FD_API void fd_column_set_number(fd_column *column, size_t row, fd_number value);
FD_API fd_number fd_column_number(const fd_column *column, size_t row); /* DEC, QUOT, EST, BOOL */
FD_API const char *fd_column_text(const fd_column *column,
                                  size_t row); /* TEXT, CODE; NULL unless it has a value */
/** What a text of the column prints on screen: itself, or what `words` say for it. */
FD_API const char *fd_column_screen(const fd_column *column, const char *text, fd_lang lang);
FD_API void fd_column_set_contributors(fd_column *column, size_t row, uint32_t n, double top1,
                                       double top2);
/** The cell as it prints, without unit; state names for cells without value. @return length */
FD_API size_t fd_column_format(const fd_column *column, size_t row, fd_lang lang, char *buf,
                               size_t size);

typedef struct fd_table {
    char *id;
    char *title[2];
    size_t rows;
    size_t column_count;
    fd_column **columns;
    size_t note_count; /* 口径, 示例, 未核实 …: printed below the table in every format that has
                          room */
    char **notes[2];
    int parent_column,
        order_column; /* trees: indexes of the columns, else -1; column 0 is then the id */
    size_t column_capacity, note_capacity;
} fd_table;

FD_API fd_table *fd_table_new(const char *id, const char *title_zh, const char *title_en);
FD_API void fd_table_free(fd_table *table);
/** Take over one reference of a column whose n equals the table's rows (the first column sets
 * them). @return its index */
FD_API size_t fd_table_add(fd_table *table, fd_column *column);
/** New column of the table's length, all MISSING; borrowed. */
FD_API fd_column *fd_table_add_new(fd_table *table, const char *id, const char *zh, const char *en,
                                   fd_kind kind, const char *unit, int scale);
/** What fd_table_add_new() takes, for a table that is declared as a list. */
typedef struct fd_column_spec {
    const char *id, *zh, *en;
    fd_kind kind;
    const char *unit; /* NULL: none */
    int scale;
} fd_column_spec;
FD_API void fd_table_add_columns(fd_table *table, const fd_column_spec *specs, size_t count);
/** Append a row of MISSING cells. @return its index */
FD_API size_t fd_table_add_row(fd_table *table);
FD_API void fd_table_add_note(fd_table *table, const char *zh,
                              const char *en); /* the same note once only */
FD_API int fd_table_find(const fd_table *table, const char *column_id); /* -1 when absent */
/** The text of a cell by the id of its column; "" where it has none: no such column or row, another
 * kind, no value. Borrowed. */
FD_API const char *fd_table_text(const fd_table *table, const char *column_id, size_t row);

/* Operations: each returns a new table; the input is unchanged. */
typedef enum fd_agg {
    FD_AGG_SUM,
    FD_AGG_COUNT,
    FD_AGG_MEAN,
    FD_AGG_MIN,
    FD_AGG_MAX,
    FD_AGG_FIRST
} fd_agg;
typedef struct fd_agg_spec {
    const char *column; /* source column id */
    fd_agg op;
    const char *as; /* result column id; NULL = the source's */
} fd_agg_spec;
typedef struct fd_sort_key {
    const char *column;
    bool descending;
} fd_sort_key;

/** Group by key columns in order of first appearance. SUM and MEAN become MISSING when a member is
 * MISSING, skip NA, and carry DOUBT. SUM of DEC is exact (FD_EOVERFLOW past 64 bits); MEAN of DEC
 * is QUOT. */
FD_API int fd_table_group(fd_table **out, const fd_table *in, const char *const *keys,
                          size_t key_count, const fd_agg_spec *specs, size_t spec_count);
/** Stable; cells without value last; text by bytes. */
FD_API int fd_table_sort(fd_table **out, const fd_table *in, const fd_sort_key *keys,
                         size_t key_count);
/** Left join on equal key columns of the same kind; unmatched cells MISSING; FD_ECONFLICT when a
 * right key repeats. */
FD_API int fd_table_join(fd_table **out, const fd_table *left, const fd_table *right,
                         const char *const *keys, size_t key_count);
/** Long to wide: one row per distinct `rows` value, one column per distinct `columns` value, cell =
 * value. FD_ECONFLICT when two rows fall into one cell. */
FD_API int fd_table_pivot(fd_table **out, const fd_table *in, const char *rows, const char *columns,
                          const char *value);
/** Rows for which keep[i] is true, in order. */
FD_API int fd_table_filter(fd_table **out, const fd_table *in, const bool *keep);

typedef enum fd_format {
    FD_FORMAT_TABLE,
    FD_FORMAT_CSV,
    FD_FORMAT_JSON,
    FD_FORMAT_MD,
    FD_FORMAT_XLSX
} fd_format;
FD_API int fd_format_parse(fd_format *out, const char *name);

typedef struct fd_print_options {
    fd_format format;
    fd_lang lang;
    int width;      /* terminal columns; 0 = 100 */
    bool color;     /* colours beside the shapes ● ▲ ■, never instead */
    bool ascii_ids; /* header row of ids instead of titles (CSV and JSON always use ids) */
    bool bom;       /* CSV: start with a BOM, for Excel */
} fd_print_options;
#define FD_PRINT_OPTIONS_INIT                                                                      \
    {                                                                                              \
        FD_FORMAT_TABLE, FD_ZH, 0, false, false, false                                             \
    }

/** Print to a stream. CSV: exact decimals in full, quotients to 12 significant digits (exact when
 * finite and shorter), estimates shortest round trip up to 17 digits, states as empty cells. XLSX
 * needs fd_table_write_xlsx. */
FD_API int fd_table_print(const fd_table *table, FILE *stream, const fd_print_options *options);
/** A tree table (parent_column >= 0) as indented text with ├ └ lines. `label` and the other columns
 * follow. */
FD_API int fd_table_print_tree(const fd_table *table, FILE *stream,
                               const fd_print_options *options);
/** One sheet per table. */
FD_API int fd_table_write_xlsx(const fd_table *const *tables, size_t count, const char *path,
                               fd_lang lang);

#ifdef __cplusplus
}
#endif
#endif
