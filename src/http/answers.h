/*
 * Answers that were given before, by everything they depend on: snapshot, definitions, verb,
 * parameters, role, scope, language, format.
 */
#ifndef FD_HTTP_ANSWERS_H
#define FD_HTTP_ANSWERS_H

#include "http/request.h"

typedef struct fd_answers fd_answers;

typedef struct fd_answer {
    fd_blob *blob; /* one reference */
    const char *type;
    char *subjects; /* enterprises shown, or NULL */
} fd_answer;

fd_answers *fd_answers_new(size_t cap);
void fd_answers_free(fd_answers *answers);
/** @return true and a copy (references of its own, release with fd_answer_dispose) */
bool fd_answers_get(fd_answers *answers, const char *key, fd_answer *out);
/** Copies. */
void fd_answers_put(fd_answers *answers, const char *key, const fd_answer *answer);
void fd_answer_dispose(fd_answer *answer);

#endif
