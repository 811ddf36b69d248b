/*
 * Who may ask a server: users, sessions, tokens, keys of requests already answered.
 *
 * They live beside the city file, in "<city>.users", and never in it: a city file may be copied to
 * a colleague, its passwords may not.  Secrets are kept as hashes only.  Times are seconds since
 * 1970, given by the caller.  Every call may come from any thread.
 */
#ifndef FANGDING_ACCOUNTS_H
#define FANGDING_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "fangding/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_accounts fd_accounts;

typedef struct fd_user {
    int64_t id;
    char login[64];
    char name[128];
    char role[32]; /* as fd_role_name() in English */
    char county[64];
    char enterprise[64];
    char password[160]; /* argon2id, as text */
    bool disabled;
    int failed; /* wrong passwords since the last right one */
    int64_t locked_until;
    int64_t created;
    int64_t version; /* grows with every change */
} fd_user;

typedef struct fd_session {
    char hash[65]; /* of the id in the cookie */
    int64_t user;
    char csrf[65];
    int64_t created, seen;
} fd_session;

typedef struct fd_token {
    int64_t id;
    int64_t user;
    char hash[65];
    char name[128];
    bool read_only;
    int64_t created, expires; /* expires 0: never */
    int64_t used;             /* 0: never yet */
} fd_token;

/** Open or create (mode 0600). path ":memory:" is kept nowhere. FD_EFORMAT, FD_EIO. */
FD_API int fd_accounts_open(fd_accounts **out, const char *path);
FD_API void fd_accounts_close(fd_accounts *accounts);

FD_API int fd_user_count(fd_accounts *accounts, int64_t *count);
/** Fills user->id. FD_EEXISTS when the login is taken (letter case aside). */
FD_API int fd_user_add(fd_accounts *accounts, fd_user *user);
/** The first user of a file without any: FD_EEXISTS when there is one already. */
FD_API int fd_user_add_first(fd_accounts *accounts, fd_user *user);
/** FD_ENOTFOUND. */
FD_API int fd_user_by_login(fd_accounts *accounts, const char *login, fd_user *out);
FD_API int fd_user_by_id(fd_accounts *accounts, int64_t id, fd_user *out);
/** Everything but id, login and created; version grows by one. FD_ECONFLICT when user->version is
 * no longer what is stored. */
FD_API int fd_user_update(fd_accounts *accounts, fd_user *user);
/** Count a wrong password (locks until `until` from the `after`-th on) or, right, forget them.
 * *locked_until receives what is stored. */
FD_API int fd_user_note_sign_in(fd_accounts *accounts, int64_t id, bool right, int after,
                                int64_t until, int64_t *locked_until);
/** With sessions and tokens. */
FD_API int fd_user_remove(fd_accounts *accounts, int64_t id);
/** In order of login. A negative return of `each` ends it and is given back. */
FD_API int fd_user_list(fd_accounts *accounts, int (*each)(void *payload, const fd_user *user),
                        void *payload);

FD_API int fd_session_add(fd_accounts *accounts, const fd_session *session);
/** The session and its user in one look. FD_ENOTFOUND when there is none, it was idle since before
 * `idle_before`, began before `born_before`, or its user is disabled. */
FD_API int fd_session_get(fd_accounts *accounts, const char *hash, int64_t idle_before,
                          int64_t born_before, fd_session *session, fd_user *user);
FD_API int fd_session_touch(fd_accounts *accounts, const char *hash, int64_t now);
FD_API int fd_session_remove(fd_accounts *accounts, const char *hash);
/** All of a user but `except` (NULL: none is kept). */
FD_API int fd_session_remove_user(fd_accounts *accounts, int64_t user, const char *except);
FD_API int fd_session_count(fd_accounts *accounts, int64_t *count);

FD_API int fd_token_add(fd_accounts *accounts, fd_token *token);
/** FD_ENOTFOUND when unknown, expired at `now`, or of a disabled user. */
FD_API int fd_token_get(fd_accounts *accounts, const char *hash, int64_t now, fd_token *token,
                        fd_user *user);
FD_API int fd_token_remove(fd_accounts *accounts, int64_t id, int64_t user);
/** Of a user, newest first. */
FD_API int fd_token_list(fd_accounts *accounts, int64_t user,
                         int (*each)(void *payload, const fd_token *token), void *payload);

/** A key that a client gives with a request that writes. *status is 0 when the key is new (it is
 * now taken, and fd_key_finish() or fd_key_forget() must follow), -1 while the first request with
 * it is at work, else the status of its answer, whose body (free() it) and location follow.
 * FD_ECONFLICT when the key was used for another request. */
FD_API int fd_key_begin(fd_accounts *accounts, int64_t user, const char *key, const char *request,
                        int64_t now, int *status, char **body, char location[128]);
FD_API int fd_key_finish(fd_accounts *accounts, int64_t user, const char *key, int status,
                         const char *body, size_t length, const char *location);
FD_API int fd_key_forget(fd_accounts *accounts, int64_t user, const char *key);

/* A change that one person asked for and another has to confirm (docs/decisions/0004). Never
 * removed. */
typedef struct fd_proposal {
    int64_t id;
    int64_t user; /* who asked */
    char login[64];
    char verb[64];
    char *body;       /* its parameters as a JSON object; free() it */
    int64_t snapshot; /* of the city when it was asked */
    int64_t created, expires;
    char state[16]; /* waiting, confirmed, refused, withdrawn */
    char decider[64];
    int64_t decided; /* 0: not yet */
    char reason[512];
} fd_proposal;

/** Fills id. */
FD_API int fd_proposal_add(fd_accounts *accounts, fd_proposal *proposal);
/** FD_ENOTFOUND. free(out->body). */
FD_API int fd_proposal_get(fd_accounts *accounts, int64_t id, fd_proposal *out);
/** The newest 200, newest first. A negative return of `each` ends it and is given back. */
FD_API int fd_proposal_list(fd_accounts *accounts,
                            int (*each)(void *payload, const fd_proposal *proposal), void *payload);
/** Decide one that waits: "confirmed" or "refused" by anybody but who asked, "withdrawn" by who
 * asked. One statement: of two who decide at once one does. FD_ECONFLICT when it was decided, is
 * over time at `now`, or is not for this user. */
FD_API int fd_proposal_decide(fd_accounts *accounts, int64_t id, int64_t now, const char *state,
                              int64_t user, const char *login, const char *reason);

/** Remove what is over: sessions as in fd_session_get(), tokens expired, keys older than
 * `keys_before`. */
FD_API int fd_accounts_sweep(fd_accounts *accounts, int64_t now, int64_t idle_before,
                             int64_t born_before, int64_t keys_before);

#ifdef __cplusplus
}
#endif
#endif
