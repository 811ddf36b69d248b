/*
 * What the files of the expression checker share.
 */
#ifndef FD_DING_CHECK_EXPR_H
#define FD_DING_CHECK_EXPR_H

#include "ding/program.h"

/** What a name means inside a policy: its key date, a parameter, a part named before; UNRESOLVED
 * for none of them. */
fd_symbol_kind fd_policy__look_up(const fd_policy *policy, const char *name, const void **target);

static inline int fd_check__larger(int a, int b)
{
    return a > b ? a : b;
}

/** Set the types of a tree. False after a finding. */
bool fd_check__expr(fd_check *c, fd_expr *e, const char *frame, bool vector);
/** The same for a call. */
bool fd_check__call(fd_check *c, fd_expr *e, const char *frame, bool vector);

/** A finding at a node. @return the record, for a hint */
fd_error *fd_check__complain(fd_check *c, const fd_expr *e, const char *rule, const char *zh,
                             const char *en);
/** What a name means, with nothing reported; FD_SYM_UNRESOLVED for none. */
fd_symbol_kind fd_check__look_up(const fd_program *p, const char *name, const void **target);
/** Level, state and exactness of two operands together. out may be one of them. */
void fd_check__merge(fd_type *out, const fd_type *a, const fd_type *b);
/** Are all children numbers? */
bool fd_check__both_numbers(fd_check *c, const fd_expr *e);
/** Make both sides comparable: b, or a literal a, is converted. */
bool fd_check__same_units(fd_check *c, fd_expr *e, fd_expr *a, fd_expr *b);
/** The child's value is wanted in `to`. */
bool fd_check__convert(fd_check *c, fd_expr *child, const fd_unit *to);
/** Refuse what may exceed FD_BITS_MOST. */
bool fd_check__width(fd_check *c, fd_expr *e);
/** Widths of a child as its parent meets it, after conversion. */
int fd_check__numerator(const fd_expr *e);
int fd_check__denominator(const fd_expr *e);
/** A number as written, perhaps with a minus; written without a unit; written as 0. */
bool fd_check__is_literal(const fd_expr *e);
bool fd_check__is_bare(const fd_expr *e);
bool fd_check__is_zero(const fd_expr *e);
/** A literal and its unit. */
bool fd_check__number(fd_check *c, fd_expr *e);
/** + − × ÷ and signs over operands that are checked. */
bool fd_check__arithmetic(fd_check *c, fd_expr *e);
/** A unit's name for a sentence. */
const char *fd_check__unit_name(const fd_unit *u);
const char *fd_check__unit_name_en(const fd_unit *u);
/** Do bands run one way, without gap or overlap?  A finding otherwise. */
bool fd_check__bands(fd_check *c, fd_expr *e);
/** 累进: the cases become a sum of rate × (part of the left side in the band). */
bool fd_check__spread(fd_check *c, fd_expr *e);
/** NAME[period]. */
bool fd_check__at(fd_check *c, fd_expr *e, const char *frame, bool vector);
/** A date plus or minus whole years or months. */
bool fd_check__date_sum(fd_check *c, fd_expr *e);
/** Bits that 10^digits needs; 0 for digits <= 0. */
int fd_check__bits_of_scale(int digits);

#endif
