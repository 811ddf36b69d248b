/*
 * Free MPS, the format in which every solver takes a linear program.
 */
#ifndef FD_SOLVE_MPS_H
#define FD_SOLVE_MPS_H

#include "solve/model.h"

/**
 * Read a program: sections NAME, OBJSENSE, ROWS, COLUMNS, RHS, RANGES, BOUNDS, ENDATA; words
 * separated by blanks or tabs; lines that begin with * are comments.  Fixed MPS without blanks in
 * names reads the same way.
 *
 * The first N row is the objective; others are left out.  A right-hand side of the objective is
 * minus its constant.  Names of right-hand-side, range and bound sets may be missing; of several
 * sets of a kind the first is read, with the lines that name none.  $ begins a remark where no
 * declared name begins so.  Bounds UP LO FX FR MI PL BV LI UI; an upper bound below 0
 * without a lower one makes the lower one minus infinity; whole-number columns (MARKER) without
 * bounds are [0, infinity).  Ranges: L [rhs-|R|, rhs], G [rhs, rhs+|R|], E with R < 0 [rhs+R, rhs],
 * else [rhs, rhs+R].
 *
 * @param file  for messages only; may be NULL
 * @return FD_EPARSE with the line: an unknown section or type, a name that is not declared, a
 *         number that is none, a name with blanks; FD_EEXISTS a name or place twice; FD_ELIMIT more
 *         than 2^31-2 rows, columns or coefficients; *out is NULL then. The model is finished.
 */
int fd_mps_read(fd_model **out, const char *text, size_t length, const char *file);

/**
 * Write a finished model as free MPS: numbers with the shortest digits that read back as the same
 * double, so that write and read give the same program.
 *
 * @return FD_EINVAL a name with blanks or other characters the format cannot hold
 */
int fd_mps_write(fd_buf *out, const fd_model *model);

#endif
