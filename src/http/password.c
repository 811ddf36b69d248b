#include "http/password.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Of a password nobody knows: an unknown user costs what a known one does. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

int fd_password_set(char out[160], const char *password, const char *login)
{
    size_t characters = 0, different = 0, length = strlen(password);

    for (size_t i = 0; i < length; characters++) {
        size_t from = i;

        fd_utf8_next(password, length, &i);
        different += from && memcmp(password, password + from, i - from) != 0;
    }
    if (characters < FD_PASSWORD_MIN || !different || strstr(password, login)) {
        fd_error_set(FD_EINVAL, "密码太弱", "the password is too weak");
        return fd_error_hint("至少 %d 个字符,不含用户名",
                             "at least %d characters, without the user name", FD_PASSWORD_MIN);
    }
    memset(out, 0, 160);
    if (crypto_pwhash_str(out, password, length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return fd_error_set(FD_ENOMEM, "内存不够,密码没有设置",
                            "out of memory, the password was not set");
    return 0;
}

bool fd_password_holds(const char *kept, const char *password)
{
    return crypto_pwhash_str_verify(kept ? kept : nobody, password, strlen(password)) == 0 && kept;
}

int fd_login_check(const char *login)
{
    size_t length = strlen(login), i = 0;
    bool good = length && length < 64;

    while (good && i < length) {
        uint32_t c = fd_utf8_next(login, length, &i);

        good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '_' || c == '-' || c == '@' || (c >= 0x4e00 && c <= 0x9fff);
    }
    if (good)
        return 0;
    fd_error_set(FD_EINVAL, "用户名不合规则", "not a name for a user");
    return fd_error_hint("用字母、数字、汉字和 . _ - @", "use letters, digits, and . _ - @");
}
