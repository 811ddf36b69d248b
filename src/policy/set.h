/*
 * What the parts of the policy engine share: columns as policies read them, the graph of values and
 * truths, and the walk over one row.
 */
#ifndef FD_POLICY_SET_H
#define FD_POLICY_SET_H

#include "base/bits.h"
#include "base/map.h"
#include "base/vec.h"
#include "fangding/policy.h"

#define FD_POLICY_BLOCK 2048 /* rows per block: a multiple of 64 that keeps operands in cache */
#define FD_POLICY_WORDS (FD_POLICY_BLOCK / 64)
#define FD_POLICY_CHUNK (32 * FD_POLICY_BLOCK) /* rows per task of the pool */
#define FD_POLICY_BITS  126 /* an exact operation must stay below this many bits */

/* ---- columns (columns.c) ---- */

typedef enum fd_leaf_form {
    FD_LEAF_PLAIN = 0,
    FD_LEAF_DAYS, /* a date attribute: days since 1970 */
    FD_LEAF_TEXT, /* an attribute: dictionary indexes */
    FD_LEAF_SUM,  /* of `parts` */
    FD_LEAF_MAX,
    FD_LEAF_ORDER /* of two dates, −1 0 1 */
} fd_leaf_form;

/* A column as policies read it: whole numbers with their states. */
typedef struct fd_leaf {
    fd_leaf_form form;
    const fd_item *item;
    fd_policy_field field; /* PLAIN, DAYS, TEXT */
    fd_column *column;     /* reference held; NULL when v is our own */
    const int64_t *v;      /* PLAIN, SUM, MAX, DAYS */
    int64_t *own;
    const uint32_t *text;
    const uint64_t *known; /* has and not in doubt */
    const uint64_t *na;    /* NULL: none */
    uint64_t *own_known;
    bool all_known;
    uint64_t bound; /* no |v| is larger */
    int8_t scale;
    int32_t divisor;  /* 月均: the figure is v ÷ divisor */
    const int *parts; /* SUM, MAX: leaves */
    size_t part_count;
    const char *origin;      /* of the column: "power" …, or NULL */
    const fd_complete *list; /* 全名单 by which who has no entry is known; or NULL */
    const uint64_t *by_list; /* with `list`: whose state is known by it alone */
} fd_leaf;

/* ---- the graph (compile.c) ---- */

typedef enum fd_node_op {
    FD_N_LEAF,
    FD_N_CONST,
    FD_N_ADD, /* a·ka + b·kb; b −1: a·ka */
    FD_N_MUL,
    FD_N_ABS,
    FD_N_MAX,
    FD_N_MIN,
    FD_N_SELECT, /* c ? a : b */
    FD_N_ROUND,  /* a·ka ÷ (b·kb), b −1 is 1, to a whole number; 不适用 where b is 0 */
    /* truths */
    FD_T_CONST,   /* constant 0 false, 1 unknown, 2 true */
    FD_T_COMPARE, /* a·ka ? b·kb, turned round where c < 0, 不适用 where c = 0 */
    FD_T_BANDS,   /* a·table_a[j] ? b·table_b[j], j the band of leaf c */
    FD_T_LOOKUP,  /* table[text] */
    FD_T_AND,
    FD_T_OR,
    FD_T_NOT
} fd_node_op;

typedef struct fd_node {
    fd_node_op op;
    int a, b, c; /* nodes; LEAF: a is the leaf; −1 none */
    int64_t ka, kb;
    fd_expr_kind relation;
    fd_rounding rounding;
    fd_na_rule na;
    fd_i128 constant;
    fd_state constant_state;
    size_t count;                     /* BANDS: edges; LOOKUP: entries */
    const int64_t *edges;             /* BANDS: ascending, c ≤ edge (or < when `open`) */
    const int64_t *table_a, *table_b; /* BANDS: count + 1 */
    bool open;
    const uint8_t *table; /* LOOKUP: 0 1 2, per entry */
    fd_u128 bound;        /* of a value */
    bool wide;            /* a value or product needs 128 bits */
    bool is_truth;
    bool root;       /* a condition: its truth is kept for all rows */
    bool done;       /* … and is up to date */
    uint64_t *t, *u; /* root: true, unknown */
    uint32_t seen;   /* scratch of the planner */
    int uses, reg;
} fd_node;

/* One policy in one edition, compiled. */
typedef struct fd_slot {
    fd_policy_slot pub;
    int *roots;
    fd_period year; /* of the key date */
    fd_period base; /* 期间, or FD_PERIOD_NONE */
} fd_slot;

struct fd_policy_set {
    const fd_program *program;
    fd_source *source;
    struct fd_pool *pool;
    fd_arena *arena;
    const fd_frame *frame;
    fd_date on;
    size_t words;
    fd_vec(fd_leaf *) leaves;
    fd_map *leaf_index;
    fd_map *place_index;
    fd_vec(fd_node *) nodes;
    fd_map *node_index; /* the node's bytes → index + 1 */
    fd_vec(fd_slot *) slots;
    fd_policy_slot *pub; /* array handed out */
    fd_vec(fd_policy_setting) settings;
    size_t conditions;
    bool ran;
};

/* Where an expression stands while it is read. */
typedef struct fd_policy_context {
    fd_policy_set *set;
    const fd_slot *slot;
    fd_period at; /* NONE: without brackets */
    fd_basis basis;
    int depth; /* indicators inside indicators */
} fd_policy_context;

fd_policy_context fd_policy__context(fd_policy_set *set, const fd_slot *slot);
/** The context inside [ ]. */
fd_policy_context fd_policy__shift(const fd_policy_context *c, const fd_expr *at);
/** The context of the k-th closed year before the key date (近N年). */
fd_policy_context fd_policy__year(const fd_policy_context *c, int k);

/** The leaf of an item in a context; *out its index. */
int fd_policy__leaf(int *out, const fd_policy_context *c, const fd_expr *name);
/** The leaf of 近N年(item), 月均(item), 最大月(item); −1 when the argument is no item (the caller
 * then expands it). */
int fd_policy__window(int *out, const fd_policy_context *c, const fd_expr *call);
/** Take a leaf over under a key. @return its index */
int fd_policy__keep_leaf(fd_policy_set *set, const char *key, fd_leaf *leaf);
void fd_policy__leaf_free(fd_leaf *leaf);
/** A note below a table for each complete list that decided for somebody. */
void fd_policy__note_lists(fd_table *t, const fd_policy_set *set);
/** The factor from a leaf's whole numbers to base units. */
int fd_policy__leaf_factor(fd_quot *out, const fd_leaf *leaf);

int fd_policy__compile(fd_policy_set *set, fd_slot *slot);
int fd_policy__run(fd_policy_set *set);
/** The value of a parameter in a slot: settings first. False when the edition has none. */
bool fd_policy__param(const fd_policy_set *set, const fd_slot *slot, const fd_policy_param *param,
                      fd_decimal *out);
fd_slot *fd_policy__slot(const fd_policy_set *set, const fd_policy_slot *pub);

/** Truth of text against one node of 属于 or =, by entry: shared by vectors and walks. */
int fd_policy__text_truth(fd_truth *out, const fd_policy_set *set, const fd_expr *e,
                          const char *text);

#endif
