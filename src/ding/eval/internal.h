/*
 * What the parts of the evaluator share: cached columns, selections, row programs.
 */
#ifndef FD_DING_EVAL_INTERNAL_H
#define FD_DING_EVAL_INTERNAL_H

#include <assert.h>

#include "base/bits.h"
#include "base/map.h"
#include "base/vec.h"
#include "ding/eval/eval.h"
#include "ding/eval/kernel.h"

#define FD_BLOCK_ROWS                                                                              \
    2048 /* rows per block: a multiple of 64 that keeps a few operands in cache                    \
          */
#define FD_BLOCK_WORDS (FD_BLOCK_ROWS / 64)
#define FD_CHUNK_ROWS  (64 * FD_BLOCK_ROWS) /* rows per task of the pool */

/* Weights of partial membership are counts of 10^-12; two factors of six digits multiply exactly.
 */
#define FD_WEIGHT_ONE INT64_C(1000000000000)

/* ---- columns (eval_column.c) ---- */

typedef struct fd_eval_column {
    const fd_frame *frame;
    fd_column *column;   /* reference held */
    uint64_t *block_max; /* DEC: largest |mantissa| per block */
    bool all_has, any_doubt, any_na, any;
} fd_eval_column;

struct fd_eval_selection;

struct fd_eval {
    const fd_program *program;
    fd_source *source;
    struct fd_pool *pool;
    fd_map *index; /* key → position in columns */
    fd_map *forms; /* item → its form's id (a pointer into the program), 0 for none */
    fd_vec(fd_eval_column *) columns;
    size_t bytes;
    fd_vec(struct fd_eval_selection *) selections;
    uint64_t next_grouping; /* identity of groupings in selection keys */
    int depth;              /* of indicators that name indicators */
    bool used_stored, used_reported;
};

int fd_eval__frame(fd_eval *e, const char *kind, const fd_frame **out);
/** A column of facts, kept until trimmed. */
int fd_eval__column(fd_eval *e, const char *kind, const char *item, fd_period period,
                    fd_basis basis, const fd_eval_column **out);
/** A dated attribute (TEXT), among them the derived ones: division, group, code. */
int fd_eval__attribute(fd_eval *e, const char *kind, const char *attribute, fd_date date,
                       const fd_eval_column **out);
/** The id under which a name's facts are stored: "energy_used:33" for an item that is kept by kinds
 * of energy. */
const char *fd_eval__item_id(fd_arena *arena, const fd_expr *name);
/** Facts of counties or divisions (kind) laid out along another frame by each subject's own county
 * or division. */
int fd_eval__gathered(fd_eval *e, const char *frame_kind, const char *kind, const char *item,
                      fd_period period, fd_basis basis, const fd_eval_column **out);
/** Keep a column under a key; takes the reference over. */
const fd_eval_column *fd_eval__keep(fd_eval *e, const char *key, const fd_frame *frame,
                                    fd_column *column);
const fd_eval_column *fd_eval__find(const fd_eval *e, const char *key);

/* "L1:0.6;E2:0.4" → codes and weights; a plain text is one code of weight one. FD_EPARSE, FD_EINVAL
 * (digits). */
typedef struct fd_eval_part {
    const char *code; /* in the arena */
    int64_t weight;
} fd_eval_part;
int fd_eval__parts(fd_eval_part **out, size_t *count, fd_arena *arena, const char *text);
/** The share (10^-6) of a class that a code has on a day by its longest prefix rule; unknown when
 * an incomplete list does not name it. */
int fd_eval__class_share(int64_t *share, bool *unknown, const fd_class *class, const char *code,
                         fd_date at);

/* ---- row programs (eval_row.c, eval_run.c) ---- */

typedef struct fd_row_node fd_row_node;

typedef enum fd_row_op {
    FD_ROW_COLUMN,
    FD_ROW_CONST,
    FD_ROW_ADD,
    FD_ROW_MUL,
    FD_ROW_ABS,
    FD_ROW_MAX,
    FD_ROW_MIN,
    FD_ROW_SELECT,
    FD_ROW_ROUND, /* a·ka / (b·kb), b may be NULL, rounded to a whole number */
    FD_ROW_GUARD, /* a, but 不适用 where b is 0 */
    FD_ROW_REAL,  /* exact to double: a / b × real */
    FD_ROW_REAL_ADD,
    FD_ROW_REAL_MUL,
    FD_ROW_REAL_DIV,
    FD_ROW_REAL_SQRT,
    FD_ROW_REAL_ABS,
    FD_ROW_REAL_MAX,
    FD_ROW_REAL_MIN,
    FD_ROW_REAL_ROUND,
    FD_ROW_REAL_NEG,
    /* truths */
    FD_ROW_COMPARE, /* a·ka ? b·kb; c: its sign turns the comparison round */
    FD_ROW_REAL_COMPARE,
    FD_ROW_LOOKUP,
    FD_ROW_AND,
    FD_ROW_OR,
    FD_ROW_NOT,
    FD_ROW_ALWAYS
} fd_row_op;

struct fd_row_node {
    fd_row_op op;
    fd_row_node *a, *b, *c;
    int64_t ka, kb;
    double real;
    const fd_eval_column *column;
    fd_i128 constant;
    fd_state constant_state;
    fd_expr_kind relation;
    fd_rounding rounding;
    /* LOOKUP: per dictionary entry 0 false, 1 unknown, 2 true; and with partial membership its
     * weight */
    uint8_t *truth;
    int64_t *weight;          /* NULL when no entry is partial */
    uint8_t without, doubted; /* truth of a subject that has no such attribute; one in doubt */
    int slots;                /* registers needed */
};

/* A compiled value: num / den × factor (exact), or a double in base units. */
typedef struct fd_row_value {
    fd_row_node *num, *den; /* den NULL = 1 */
    fd_quot factor;
    bool is_estimate;
} fd_row_value;

typedef struct fd_row_context {
    fd_eval *eval;
    fd_arena *arena;
    const char *kind;
    const fd_frame *frame;
    fd_period period;
    fd_basis basis;
    bool closed; /* an attribute without entry compares as "not" (populations) */
} fd_row_context;

/** A node of two operands in the context's arena, with factors of 1. */
fd_row_node *fd_row__node(const fd_row_context *c, fd_row_op op, fd_row_node *a, fd_row_node *b);
int fd_row__compile(fd_row_value *out, const fd_row_context *c, const fd_expr *e);
/** An indicator's formula with its rules for missing data. */
int fd_row__compile_indicator(fd_row_value *out, const fd_row_context *c, const fd_indicator *i);
int fd_row__compile_truth(fd_row_node **out, const fd_row_context *c, const fd_expr *e);
/** x ÷ (index / 100), the index being that of each subject's own division: an estimate. */
int fd_row__deflate(fd_row_value *value, const fd_row_context *c, const fd_item *index);
/** Whole ka, kb and f with fa = ka·f, fb = kb·f. FD_EOVERFLOW. */
int fd_row__common_factor(fd_quot fa, fd_quot fb, int64_t *ka, int64_t *kb, fd_quot *f);
/** Whether some attribute condition in it is met in part by some subject. */
bool fd_row__is_partial(const fd_row_node *n);
/** Count the registers a node needs; before it is run. @return them */
int fd_row__finish(fd_row_node *node);

typedef enum fd_row_form { FD_ROW_I64, FD_ROW_I128, FD_ROW_F64, FD_ROW_TRUTH } fd_row_form;

/* A block of values. has NULL: all; doubt, na NULL: none. A row without `has` holds 0. */
typedef struct fd_row_block {
    fd_row_form form;
    const int64_t *v;
    const fd_i128 *w;
    const double *d;
    const uint64_t *has, *doubt, *na;
    const uint64_t *t, *u; /* true, unknown */
    fd_u128 bound;         /* no |value| is larger */
} fd_row_block;

typedef struct fd_row_machine fd_row_machine; /* registers of one thread */
fd_row_machine *fd_row_machine_new(int slots);
void fd_row_machine_free(fd_row_machine *m);
/** Evaluate a node for rows start .. start+count-1 (start a multiple of FD_BLOCK_ROWS, count at
 * most that).
 */
int fd_row__run(fd_row_block *out, fd_row_machine *m, const fd_row_node *node, size_t start,
                size_t count);

static inline fd_i128 fd_row__at(const fd_row_block *b, size_t i)
{
    assert(b->form == FD_ROW_I64 ? b->v != NULL : b->w != NULL);
    return b->form == FD_ROW_I64 ? b->v[i] : b->w[i];
}

/* ---- selections (eval_select.c) ---- */

/* A row that counts in part, or in several groups. */
typedef struct fd_eval_extra {
    uint32_t row, group;
    int64_t weight;
} fd_eval_extra;

#define FD_EXPECT_FORMS 12

/* Who is in, and in which group. */
typedef struct fd_eval_selection {
    char *key;
    const fd_frame *frame;
    size_t groups;   /* group indexes below this; `groups` itself stands for "left out" */
    bool everything; /* every row, one group, weight one: nothing to look up */
    uint64_t *in; /* rows that count fully (one group): for masked sums; NULL with `everything` */
    uint32_t *group;      /* per row, `groups` = left out; NULL when one group */
    fd_eval_extra *extra; /* by row */
    size_t extra_count;
    fd_eval_extra *unknown; /* rows whose condition is unknown, with the group they might be in */
    size_t unknown_count;
    uint32_t *plain;   /* rows per group that count fully */
    uint32_t *members; /* rows of the population per group, whatever `where` says */
    /* due returns: per form, which rows owe it and how many per group */
    struct fd_eval_due {
        char form[48];
        bool known;
        uint64_t *rows;
        uint32_t *count;
    } due[FD_EXPECT_FORMS];
    size_t due_count;
} fd_eval_selection;

/** kind's rows for a query's grouping, population and where plus up to two further conditions (or
 * NULL), at a period. Kept in the cache. *out is NULL when the kind has no such dimensions, or
 * `where` is about other subjects. */
int fd_eval__select(fd_eval *e, const char *kind, const fd_eval_query *q, fd_period period,
                    const fd_expr *further, const fd_expr *also, fd_eval_selection **out);
void fd_eval__selection_free(fd_eval_selection *s);
/** Rows that owe a form, counted per group of the selection. */
int fd_eval__due(fd_eval *e, const char *kind, fd_eval_selection *s, fd_date date, const char *form,
                 const struct fd_eval_due **out);

/* ---- groups (eval_grouping.c) ---- */

/** Group memberships of every row of a kind on a date: rows in several groups or in part go to
 * `extra`.  group[] has one entry per row: a group index, or UINT32_MAX when the row has several.
 * *applies is false when this kind of subject has no such dimension. */
int fd_grouping__assign(fd_grouping *g, fd_eval *e, const char *kind, fd_date date, uint32_t *group,
                        fd_eval_extra **extra, size_t *extra_count, bool *applies);
uint64_t fd_grouping__id(const fd_grouping *g);
/** The kind whose subject a group is (one dimension that is a kind of subject), with that subject's
 * code; else NULL. */
const char *fd_grouping__subject(const fd_grouping *g, size_t group, const char **code);

/* ---- aggregates (eval_aggregate.c) ---- */

/* One group's sum. value = (sum + parts / 10^12) × factor of the row program, or real. */
typedef struct fd_eval_sum_cell {
    fd_i128 sum, parts;
    double real;
    fd_i128 least, most; /* 最小 最大 */
    double real_least, real_most;
    bool any; /* some member has a value */
    uint32_t n, na, missing, doubt;
    uint32_t unknown;      /* members that may or may not count, and matter */
    uint32_t plain_gone;   /* plain rows without a value */
    uint32_t weight_whole; /* plain rows with one: for means */
    fd_i128 weight;        /* weights of the others with one, 10^-12 */
    double top1, top2;     /* in units of the row program's mantissa (base units for estimates) */
    uint32_t reported;
} fd_eval_sum_cell;

typedef struct fd_eval_sums {
    fd_eval_sum_cell *cells; /* selection->groups of them; caller frees */
    fd_quot factor;
    bool is_estimate;
} fd_eval_sums;

typedef enum fd_eval_want { FD_WANT_SUM, FD_WANT_EXTREMES } fd_eval_want;

/** Sum (or extremes) of a value per group. A quotient per row is summed as an estimate. */
int fd_eval__aggregate(fd_eval_sums *out, fd_eval *e, const fd_row_value *value,
                       fd_eval_selection *s, const struct fd_eval_due *due, fd_eval_want want);

#endif
