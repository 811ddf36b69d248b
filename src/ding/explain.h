/*
 * Sentences for a reader without training, in one language.
 */
#ifndef FD_DING_EXPLAIN_H
#define FD_DING_EXPLAIN_H

#include "base/str.h"
#include "ding/program.h"

typedef struct fd_teller {
    const fd_program *program;
    fd_buf out;
    fd_lang lang;
} fd_teller;

static inline const char *fd_teller__either(const fd_teller *t, const char *zh, const char *en)
{
    return t->lang == FD_ZH ? zh : en;
}

static inline void fd_teller__say(fd_teller *t, const char *zh, const char *en)
{
    fd_buf_puts(&t->out, fd_teller__either(t, zh, en));
}

/** An expression in words, as written: it need not have been checked. `depth`: how deep it stands
 * in a larger one; what stands below eight is printed as formula. */
void fd_teller__tell(fd_teller *t, const fd_expr *e, int depth);

#endif
