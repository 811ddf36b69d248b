/*
 * Vectors over groups, as the group level of the evaluator computes with them.
 */
#ifndef FD_DING_EVAL_GROUP_H
#define FD_DING_EVAL_GROUP_H

#include "ding/eval/internal.h"

typedef struct fd_gcell {
    fd_state state;
    bool is_estimate;
    fd_i128 num, den; /* × the vector's factor; den > 0, not reduced */
    double real;      /* estimates: base units */
    /* what it rests on */
    bool has_info;
    uint32_t n, reported, expected, members, missing;
    double share1, share2; /* of the largest two in the most concentrated operand */
} fd_gcell;

typedef struct fd_gvec {
    fd_gcell *cells; /* one per group of the context */
    fd_quot factor;
} fd_gvec;

/* Where and for whom something is evaluated. Vectors live in the arena. */
typedef struct fd_gctx {
    fd_eval *eval;
    fd_arena *arena;
    const fd_eval_query *q;
    fd_period period;
    fd_basis basis;
    size_t groups;
    bool reported_only; /* the indicator's 缺数 rule: every aggregate counts as 已报 */
} fd_gctx;

/** All 不适用. */
fd_gvec *fd_gvec_new(const fd_gctx *x);
int fd_gvec_constant(fd_gvec **out, const fd_gctx *x, fd_decimal d, const fd_unit *unit);
/** a op b for ADD, SUB, MUL, DIV. */
int fd_gvec_operate(fd_gvec **out, const fd_gctx *x, fd_expr_kind op, const fd_gvec *a,
                    const fd_gvec *b);
/** A cell as double in base units; only for cells with a value. */
double fd_gcell_real(const fd_gvec *v, size_t g);
void fd_gctx_shift(fd_gctx *x, const fd_expr *at);

int fd_geval(fd_gvec **out, const fd_gctx *x, const fd_expr *e);
int fd_geval_indicator(fd_gvec **out, const fd_gctx *x, const fd_indicator *i);

/* eval_call.c */
/** 合计, 平均, 计数, 增速 … */
int fd_geval_aggregate(fd_gvec **out, const fd_gctx *x, const fd_expr *call);
/** A row expression summed per group, under a further condition. */
int fd_geval_sum(fd_gvec **out, const fd_gctx *x, const fd_expr *row, const fd_expr *where,
                 bool reported_only);
/** An indicator's formula where every group is one subject of its own kind. */
int fd_geval_rows(fd_gvec **out, const fd_gctx *x, const fd_indicator *i);

#endif
