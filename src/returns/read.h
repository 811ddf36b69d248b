/*
 * One file being read, as the parts of the reader share it.
 */
#ifndef FD_RETURNS_READ_H
#define FD_RETURNS_READ_H

#include "base/bits.h"
#include "base/codes.h"
#include "base/written.h"
#include "io/rows.h"
#include "returns/header.h"

enum { FD_RETURNS_HEAD_ROWS = 40 };

/* How the cells of one column become numbers: exactly, and without a division per cell. */
typedef struct fd_number_plan {
    int scale;      /* of the result */
    int scale_in;   /* parse at this scale and the mantissa is the result's; -1: the slow way */
    fd_quot factor; /* value = cell × factor */
    const fd_unit *from, *to;
    int dash; /* fd_state for "-" */
    const fd_program *program;
} fd_number_plan;

/* What came of one cell. */
typedef struct fd_cell_value {
    fd_state state;
    int64_t dec;
    uint8_t written;      /* fd_written, against plan.scale_in; SPELLED: the cell's own text */
    const char *fault[2]; /* why it cannot be read; NULL when it can */
    const char *expected[2];
} fd_cell_value;

/** Plan for cells in `from` (NULL: as `to`) that are stored in `to` with `scale` digits. FD_EUNIT
 * when they differ in dimension. */
int fd_number_plan_make(fd_number_plan *out, const fd_program *program, const fd_unit *from,
                        const fd_unit *to, int scale, int dash);
/** Plain digits, perhaps a sign and a point: what nearly every cell is. False for anything else.
 * *written receives how it stands there. */
static inline bool fd_number_fast(const char *p, size_t length, int scale, int64_t *out,
                                  uint8_t *written)
{
    uint64_t value = 0;
    size_t i = 0, start, point = length - 1;
    int fraction = -1;
    bool negative = false;

    if (length == 0 || length > 18)
        return false;
    if (p[0] == '-') {
        negative = true;
        i = 1;
    }
    start = i;
    for (; i < length; i++) {
        unsigned digit = (unsigned)(unsigned char)p[i] - '0';

        if (digit > 9) {
            if (p[i] != '.' || fraction >= 0 || i == start)
                return false;
            fraction = 0;
            point = i;
            continue;
        }
        if (fraction >= 0) {
            if (fraction == scale) {
                if (digit)
                    return false; /* a digit too many: the slow way says so */
                continue;
            }
            fraction++;
        }
        value = value * 10 + digit;
    }
    if (i == start || p[length - 1] == '.')
        return false;
    for (int k = fraction < 0 ? 0 : fraction; k < scale; k++)
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    if (value > INT64_MAX)
        return false;
    *written =
        (p[start] == '0' && start + 1 < length && p[start + 1] != '.') || (negative && value == 0)
            ? FD_WRITTEN_SPELLED
            : (uint8_t)(FD_WRITTEN_PLAIN + (length - 1 - point));
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}
/** Read one cell. Blank is 缺报; words such as 不适用, 待核, "12.5(待核)" give states; a unit or %
 * behind the number counts. */
void fd_number_read(fd_cell_value *out, const fd_number_plan *plan, const fd_cell *cell);

/* A column of numbers of one sheet. */
/* The column that a returned file has more than the sender's: not read when it comes back. */
#define FD_RETURNS_REASON "退回原因"

typedef struct fd_bound {
    const fd_form_column *c;
    size_t at; /* index in the row; SIZE_MAX: 计数 */
    const char *header;
    fd_header_time time;
    fd_period period; /* 0: each row says */
    fd_basis basis;
    const fd_unit *unit;
    bool unit_in_header, unit_assumed; /* its header says it; nothing in the file does */
    fd_number_plan plan;
    size_t checks_from; /* nothing stored to compare with: skip */
    /* values of the chunk */
    int64_t *dec;
    uint8_t *states;
    uint8_t *written;     /* fd_written */
    const char **spelled; /* texts where it says SPELLED; NULL until there is one */
    bool mixed;           /* some state is not HAS */
    size_t values;
    /* of the 合计行 */
    bool has_total;
    int64_t total;
    long total_row;
} fd_bound;

/* A column of texts: attribute, field. */
typedef struct fd_bound_text {
    const fd_form_column *c;
    size_t at, rank;
    const char *header;
} fd_bound_text;

typedef struct fd_row_text { /* an attribute or field of one row, made ready */
    uint32_t row;            /* index in the chunk */
    uint32_t column;         /* index in texts[] */
    const char *value;       /* NULL: ends */
    fd_date date;            /* 起, 止: the day; else FD_DATE_NONE */
} fd_row_text;

typedef struct fd_row_record { /* what a record's row says beside its fields */
    const char *key, *state;
    fd_date date;
    long row;
} fd_row_record;

/* A relation check laid on columns of one period and basis. */
typedef struct fd_bound_check {
    const fd_check *check;
    size_t columns[8];
    size_t count;
} fd_bound_check;

typedef struct fd_sheet {
    const char *name;
    size_t index;
    long header_from, header_to;     /* row numbers; header_to includes unit and code rows */
    long label_row;                  /* the last row of names */
    size_t width;                    /* cells of the header */
    size_t roles[FD_COL_IGNORE + 1]; /* index in the row + 1 of CODE, NAME, PERIOD … */
    fd_vec(size_t) parts;            /* indexes in the row of 分户 columns */
    size_t reason; /* index in the row + 1 of 退回原因: the file went back once; else 0 */
    fd_vec(fd_bound) bounds;
    fd_vec(fd_bound_text) texts;
    fd_vec(fd_bound_check) checks;
    fd_map *headers;   /* folded header texts: rows that repeat the header are passed over */
    size_t hidden;     /* rows about subjects that a filter or a hand hides; they count */
    long first_hidden; /* the first of them */
    bool scanned;      /* its repeated subjects are known */
    /* rows of the chunk */
    size_t n, capacity;
    int32_t *subjects; /* < 0: -(1 + position in `fresh`) */
    int32_t *rows;
    uint8_t *rejected;
    const char **names; /* registers only: the name of each row's subject */
    fd_vec(fd_row_text) row_texts;
    fd_vec(fd_row_record) records; /* one for each row of a form of records */
    fd_arena *row_arena;           /* texts of the chunk */
} fd_sheet;

/* Values of forms whose rows name item, variant or period. */
typedef struct fd_bucket_cell {
    int32_t subject;
    uint32_t ordinal; /* of the row in the file */
    int64_t dec;
    uint8_t state, written;
    uint32_t spelled; /* index in the reader's `spelled` */
} fd_bucket_cell;

typedef struct fd_bucket {
    const char *kind, *item, *unit, *law, *marks, *sheet, *column;
    fd_period period;
    fd_basis basis;
    int8_t scale, written_scale;
    fd_vec(fd_bucket_cell) cells;
} fd_bucket;

typedef struct fd_ordinal {
    int32_t number;
    uint16_t sheet;
    bool rejected;
} fd_ordinal;

/* Σ amount × factor of one subject, against its total row. */
typedef struct fd_variant_sum {
    fd_i128 sum;
    bool unknown; /* an amount or factor is missing */
    bool seen;
    uint32_t bucket, cell; /* of the total row's value */
    int64_t total;
} fd_variant_sum;

/* A row that was taken, in forms that add up. */
typedef struct fd_added_row {
    int32_t subject;
    uint32_t sheet;
    long row;
} fd_added_row;

/* The first row of an account, in forms that add up. */
typedef struct fd_account_row {
    const fd_sheet *sheet;
    long row;
    const int64_t *dec; /* by bound of its sheet */
    const uint8_t *states;
} fd_account_row;

typedef struct fd_reject {
    size_t sheet;
    long row;
    size_t column; /* index + 1 of the faulty cell, 0 unknown */
    const char *reason[2];
} fd_reject;

typedef struct fd_reader_state {
    fd_returns_result *result;
    fd_arena *arena;
    const char *path, *file_name;
    const void *data; /* memory, or NULL */
    size_t size;
    const fd_forms *forms;
    const fd_form *form;
    const fd_returns_options *options;
    const fd_returns_handler *handler;
    size_t chunk_rows;
    fd_rows *rows;
    int year, month;              /* of the return */
    const fd_unit *line_units[8]; /* units named above the header */
    size_t line_unit_count;
    const char *line_unknown; /* a unit above the header that nobody declared; or NULL */
    fd_vec(fd_sheet *) sheets;
    fd_codes *fresh; /* codes of subjects not known yet, with their ids once entered; in a large
                        file those of the rows that wait */
    fd_vec(fd_ordinal) ordinals;
    fd_vec(fd_bucket) buckets;
    fd_map *bucket_index;
    size_t bucket_cells;
    fd_vec(const char *) spelled; /* of bucket cells */
    fd_map
        *sums; /* subject → sheet << 32 | slot, in forms that add up; variant sums in long ones */
    fd_map *accounts; /* forms that add up: subject and 分户 → index of account_rows */
    fd_vec(fd_account_row) account_rows;
    fd_vec(fd_added_row) added;
    fd_map *incomplete; /* forms that add up: subjects of which a row was refused */
    fd_vec(fd_variant_sum) variant_sums;
    fd_vec(fd_reject) rejects;
    bool large;               /* handing out chunk by chunk */
    fd_bitset repeated;       /* then: subjects with more rows than one, known ones */
    fd_codes *repeated_fresh; /* the others */
    fd_bitset before;         /* subjects with a row in a sheet that has left */
    bool begun;
    bool file_fault; /* nothing is to be handed out */
    size_t footnotes;
    fd_map *finding_counts; /* rule → how many */
    const char *hint[2];    /* for the next finding; NULL: its rule says enough */
    uint64_t bytes_read;
    fd_buf scratch, code, name;
} fd_reader_state;

typedef struct fd_sheet_head {
    size_t index, width;
    long header_to, label_row;
} fd_sheet_head;

struct fd_returns_inner {
    fd_arena *arena;
    char *path;
    const void *data;
    size_t size;
    fd_vec(fd_reject) rejects;
    fd_vec(fd_sheet_head) heads;
};

/* ---- findings (finding.c) ---- */

/** Report. `zh` and `en` are whole sentences. Counts faults and warnings; beyond 200 of a rule only
 * counts. */
void fd_returns__find(fd_reader_state *s, fd_severity severity, const char *rule,
                      const fd_sheet *sheet, long row, const char *column, const char *zh,
                      const char *en, const char *found, const char *expected_zh,
                      const char *expected_en);
/** The same with a formatted pair of sentences; arguments as in fd_error_set. */
void fd_returns__findf(fd_reader_state *s, fd_severity severity, const char *rule,
                       const fd_sheet *sheet, long row, const char *column, const char *zh,
                       const char *en, ...) FD_PRINTF2(7, 8, 9);
/** A fault that concerns the whole file: nothing will be handed out. */
void fd_returns__file_fault(fd_reader_state *s, const char *rule, const fd_sheet *sheet, long row,
                            const char *column, const char *zh, const char *en, ...)
    FD_PRINTF2(6, 7, 8);
/** Refuse a row: a finding and a line for the returned file. column is an index + 1 or 0. */
void fd_returns__reject(fd_reader_state *s, const char *rule, const fd_sheet *sheet, long row,
                        size_t column, const char *header, const char *found,
                        const char *expected_zh, const char *expected_en, const char *zh,
                        const char *en, ...) FD_PRINTF2(10, 11, 12);

/* ---- header of a sheet (sheet.c) ---- */

typedef struct fd_head { /* the first rows of a sheet, copied */
    fd_row rows[FD_RETURNS_HEAD_ROWS];
    size_t count;
} fd_head;

/** Find form (when not known), header, columns, period. 1 when the sheet can be read, 0 when it is
 * passed over (or the file is at fault: s->file_fault). */
int fd_sheet_open(fd_sheet **out, fd_reader_state *s, const fd_head *head, size_t *data_from);
void fd_sheet_free(fd_sheet *sheet);

/* ---- rows (row.c) ---- */

/** Take one row of data. 0 or a failure of a look-up. */
int fd_row_take(fd_reader_state *s, fd_sheet *sheet, const fd_row *row);
typedef enum fd_row_about {
    FD_ROW_SUBJECT = 1, /* *id */
    FD_ROW_REFUSED,     /* said why, when asked to report */
    FD_ROW_PASSED,      /* a footnote, a header that repeats, a blank */
    FD_ROW_TOTAL        /* 合计 */
} fd_row_about;
/** Who a row is about. A negative code when a look-up failed. */
int fd_row_subject(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, bool report,
                   int32_t *id);
/** Make room for one more row. */
void fd_sheet_grow(fd_sheet *sheet);

/* ---- rows that add up (account.c) ---- */

/** Has this account been there already? The same figures again are a duplicate: said, and the row
 * goes back (*again). Other figures are said with both rows and the row's cells put in doubt: it
 * may be a second meter, it may be a second report. */
void fd_account_check(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, size_t n,
                      bool *again);
/** Add slot n to the subject's first row, wherever that is. *is_first: it is the one. False when
 * it cannot be (said). */
bool fd_account_add(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, size_t n,
                    bool *is_first);

/** A row of this subject was refused: its sum is not known. */
void fd_account_lost(fd_reader_state *s, int32_t subject);
/** Rows of a subject of which another went back go back too: the corrected file must hold all of
 * them, else its sum would be that of one. */
void fd_account_finish(fd_reader_state *s);

/* ---- long rows (long.c) ---- */

int fd_row_take_long(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, int32_t subject,
                     uint32_t ordinal, bool *refused);
/** A row of this subject was refused: its rows no longer make up its total. */
void fd_long_refused(fd_reader_state *s, int32_t subject);
int fd_long_finish(fd_reader_state *s);
int fd_long_emit(fd_reader_state *s);

/* ---- texts (text.c) ---- */

/** Key, state and day of a record. Refuses a row without a key. */
void fd_row_record_head(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, bool *refused);
/** Gates of the record: refuses a row whose state lacks evidence on its way. After fd_row_texts().
 */
int fd_row_record_move(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, uint32_t index,
                       bool *refused);
/** Fields that name something the caller knows: refuses a row that names what there is not. After
 * fd_row_texts(). */
int fd_row_record_fields(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, uint32_t index,
                         bool *refused);
/** Attributes and fields of a row into sheet->row_texts. False when one is at fault (reported). */
int fd_row_texts(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, uint32_t index,
                 bool *refused);

/* ---- checks (check.c) ---- */

/** Relations and signs within the row at chunk index `at`. False when the row is refused. */
bool fd_check_row(fd_reader_state *s, fd_sheet *sheet, size_t at, long number);
/** Everything that looks beyond a row: units, jumps, companions, totals. May set s->file_fault. */
int fd_check_sheet(fd_reader_state *s, fd_sheet *sheet);
/** Names in a register that nearly equal another's (names.c). */
int fd_check_names(fd_reader_state *s);

/* ---- handing out (emit.c) ---- */

/** Subjects twice in one file: all their rows are refused. */
int fd_emit_duplicates(fd_reader_state *s);
/** Form and period into the result, as far as they are known. */
void fd_returns__describe(fd_reader_state *s);
int fd_emit_begin(fd_reader_state *s);
/** Segments, attributes and records of the sheet's chunk; then the chunk is empty again. */
int fd_emit_sheet(fd_reader_state *s, fd_sheet *sheet);
/** The real id of a row's subject, entering it when it is new. */
int fd_emit_subject(fd_reader_state *s, int32_t provisional, const char *name, int32_t *id);

#endif
