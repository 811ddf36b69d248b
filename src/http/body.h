/*
 * A request's JSON object, member by member, with the words for what is missing or wrong.
 */
#ifndef FD_HTTP_BODY_H
#define FD_HTTP_BODY_H

#include "http/request.h"
#include "io/json.h"

/** Parse the body as an object; json_decref() releases. FD_EPARSE, FD_EINVAL. */
int fd_body_object(json_t **out, fd_request *r);
/** A text member of 1 … max bytes without control characters, copied into out[max + 1].
 * FD_EINVAL when it is wrong; when absent: FD_EINVAL if required, else out keeps its value. */
int fd_body_text(const json_t *object, const char *name, bool required, char *out, size_t max);
/** A boolean member; out keeps its value when absent. */
int fd_body_bool(const json_t *object, const char *name, bool *out);
int fd_body_integer(const json_t *object, const char *name, int64_t *out);
/** FD_EINVAL for a member that is not among `known` (NULL ends). */
int fd_body_only(const json_t *object, const char *const *known);

#endif
