/*
 * What the verbs about papers share: comparing a document with the city file today.
 */
#ifndef FD_APP_PAPERS_H
#define FD_APP_PAPERS_H

#include "fangding/verbs.h"
#include "report/paper.h"

/**
 * Compose the paper that a document is, as it would be today, and compare figure by figure.
 *
 * @param[out] out    as fd_paper_check(); the caller frees
 * @param name        of the document, for messages
 * @param definition  file of the paper's definition, or NULL for the shipped one
 * @return FD_EFORMAT (no paper of this program), FD_EDENIED (the role drafts no papers), what
 *         composing gives
 */
int fd_papers_compare(fd_table **out, size_t *checked, size_t *different, fd_call *call,
                      const fd_docx_doc *document, const char *name, const char *definition);
/** The outcome as an answer: takes `differences` over; the exit code is 1 when there are some. */
void fd_papers_say(fd_call *call, fd_result *result, fd_table *differences, size_t checked,
                   size_t different);

#endif
