/*
 * A correction judged as a return is: what would the checks of a form say of one cell with another
 * figure, everything else as it is stored?
 */
#ifndef FD_RETURNS_RECHECK_H
#define FD_RETURNS_RECHECK_H

#include "fangding/returns.h"

/* The cell. Texts are the caller's. */
typedef struct fd_recheck {
    int32_t subject;
    const char *code, *name; /* of the subject; name may be NULL */
    const char *item;        /* with its variant: "energy_used:33" */
    fd_period period;
    fd_basis basis;
    fd_state state;
    fd_decimal value; /* in the item's own unit; FD_HAS and FD_DOUBT only */
} fd_recheck;

/**
 * Lay the form out with what is stored of the subject in this period (of all subjects where the
 * form checks a column's sum), read it with the ordinary reader once as it stands and once with the
 * new figure, and hand to look->finding what only the second reading says: a fault means that a
 * return with this figure would go back.  Nothing is written and no other sink is called.
 *
 * @param look  look-ups and finding; `mapping` is not asked
 * @return 1 judged; 0 the form has no such cell: another period, basis or item, or its rows name
 *         their own item; negative when a look-up failed
 */
int fd_returns_recheck(const fd_forms *forms, const fd_form *form, const fd_returns_handler *look,
                       const fd_recheck *cell);

#endif
