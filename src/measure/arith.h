/*
 * Arithmetic of single numbers with states, for results after the vectors are done.
 */
#ifndef FD_MEASURE_ARITH_H
#define FD_MEASURE_ARITH_H

#include "fangding/ding.h"

/** a op b for '+', '-', '*', '/': the strongest state; x ÷ 0 is 不适用; exact unless an operand is
 * an estimate or the exact result would need more than 128 bits (then an estimate). */
fd_number fd_number_apply(fd_number a, char op, fd_number b);
/** A whole number. */
fd_number fd_number_int(int64_t v);
/** -1, 0, 1; only for numbers that have values. */
int fd_number_compare(fd_number a, fd_number b);
bool fd_number_has(fd_number v);
/** Text with `digits` fraction digits (GB/T 8170), or the state's name. buf of 80 bytes. */
const char *fd_number_text(fd_number v, int digits, fd_lang lang, char *buf, size_t size);
/** Fill a column (QUOT or EST) cell with any number or state. */
void fd_column_put(fd_column *column, size_t row, fd_number v);

/** Visit every name in an expression (also in conditions); stops at the first negative answer. */
int fd_expr_each_name(const fd_expr *e,
                      int (*visit)(void *payload, const fd_expr *name, const fd_expr *at),
                      void *payload);

#endif
