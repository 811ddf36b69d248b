/*
 * A verb asked over the network: from parameters as text to a checked call, and from its result to
 * the bytes of an answer.
 */
#ifndef FD_HTTP_ASK_H
#define FD_HTTP_ASK_H

#include "http/request.h"

struct fd_server;

typedef struct fd_ask {
    const fd_verb *verb;
    fd_call call;
    fd_format format;
    bool is_json, bom;
    int64_t limit; /* rows of each table; -1 all */
    size_t from;
    char *output_folder; /* where OUTPUT parameters point; NULL when there are none */
    char *key;           /* everything the answer depends on but the snapshot */
    bool pinned;         /* the client named a snapshot */
} fd_ask;

/** The verb of the route's {path*}: "ding/check" is "ding check". FD_ENOTFOUND also for a verb that
 * only the command line has. */
int fd_ask_verb(const fd_verb **out, const fd_request *r);
/** Has the verb a parameter of this type? */
bool fd_verb_takes(const fd_verb *verb, fd_param_type type);
/** Does the verb only read, at once, without a file that it must have? Then GET asks it. */
bool fd_verb_may_get(const fd_verb *verb);
/** Is POST for it: what GET may not ask, and what files may come along with? */
bool fd_verb_may_post(const fd_verb *verb);
/** May anybody use the verb over the network? */
bool fd_verb_is_remote(const fd_verb *verb);

/** From the query string. FD_EINVAL names an unknown parameter and the nearest known one. */
int fd_ask_from_query(fd_ask *out, fd_request *r);
/** From a JSON object or a multipart body. Files become the values of PATH parameters; a PATH given
 * as text is refused: no file of the server is ever read by name. An OUTPUT parameter is a file
 * name or nothing; whatever the verb writes goes into a folder of the request's. */
int fd_ask_from_body(fd_ask *out, fd_request *r);
/** From parameters that were kept, a JSON object, for a verb without files. */
int fd_ask_from_kept(fd_ask *out, fd_request *r, const fd_verb *verb, const char *json);

/** The members of an answer's JSON object (without braces). */
void fd_answer_write(fd_jsonw *w, const fd_ask *ask, const fd_city *city, const fd_result *result);
/** The answer in the format asked for. *type receives its media type. */
int fd_answer_bytes(fd_buf *out, const char **type, const fd_ask *ask, const fd_city *city,
                    const fd_result *result, const char *scratch_folder);

#endif
