/*
 * Corrections pass the checks of the forms that their cell belongs to.
 */
#ifndef FD_APP_RECHECK_H
#define FD_APP_RECHECK_H

#include "app/subjects.h"
#include "fangding/verbs.h"

/**
 * Judge a correction as a return with this figure would be judged.
 *
 * Every form is asked that has the item for this kind, period and basis and, where the cell is
 * stored, is of the origin that it came from.  A fault refuses: FD_EINVAL names the form, what is
 * wrong and what would be right.  What is worth a look stands in *warnings (form, rule, column,
 * message, found, expected; NULL when there is nothing), to be shown beside the answer.
 */
int fd_recheck_correction(fd_table **warnings, fd_call *call, const fd_subject *subject,
                          const fd_overlay *correction, int scale);

#endif
