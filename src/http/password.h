/*
 * Passwords (argon2id) and names of users.
 */
#ifndef FD_HTTP_PASSWORD_H
#define FD_HTTP_PASSWORD_H

#include <stdbool.h>

enum { FD_PASSWORD_MIN = 10, FD_PASSWORD_MAX = 256 };

/** Hash a new password into out[160]. FD_EINVAL when it is shorter than FD_PASSWORD_MIN
 * characters, holds the login, or is one character repeated. Takes about a sixth of a second. */
int fd_password_set(char out[160], const char *password, const char *login);
/** kept NULL: a user that does not exist; takes as long and is false. */
bool fd_password_holds(const char *kept, const char *password);
/** Letters, digits, CJK, '.', '_', '-', '@'; at most 63 bytes. */
int fd_login_check(const char *login);

#endif
