/*
 * Arithmetic over the columns of a table as a user types it: "gdp/pop", "co2/sum:co2".
 */
#ifndef FD_ANALYSIS_FORMULA_H
#define FD_ANALYSIS_FORMULA_H

#include "base/str.h"
#include "fangding/error.h"

typedef enum fd_formula_kind {
    FD_FORMULA_NUMBER,
    FD_FORMULA_COLUMN,
    FD_FORMULA_SUM, /* of a column, `by` and `over` as fd_lmdi_options says */
    FD_FORMULA_ADD,
    FD_FORMULA_SUBTRACT,
    FD_FORMULA_MULTIPLY,
    FD_FORMULA_DIVIDE
} fd_formula_kind;

#define FD_FORMULA_KEYS 4

typedef struct fd_formula_step {
    fd_formula_kind kind;
    double number;
    char *column;                /* COLUMN and SUM */
    char *keys[FD_FORMULA_KEYS]; /* SUM: columns after `by` or `over` */
    size_t key_count;
    bool over;
} fd_formula_step;

/* Steps in the order of a stack machine. */
typedef struct fd_formula {
    fd_formula_step *steps;
    size_t count, capacity;
    size_t depth; /* of the stack */
} fd_formula;

/** FD_EPARSE with the place in the text, FD_ELIMIT when nested too deeply. Whether columns exist
 * is not looked at. Release with fd_formula_dispose(), also after an error. */
int fd_formula_parse(fd_formula *out, fd_view text);
void fd_formula_dispose(fd_formula *f);

#endif
