/*
 * The names of a basis, as people write them and as files keep them.
 */
#include <string.h>

#include "fangding/source.h"

static const char *const names[][2] = {
    [FD_CURRENT] = { "本期", "current" },
    [FD_COMPARATIVE] = { "上年同期", "comparative" },
    [FD_VERIFIED] = { "核定", "verified" },
    [FD_PUBLISHED] = { "公开发表", "published" },
};

/** The name of a basis: 本期/current, 上年同期/comparative, 核定/verified, 公开发表/published. "?"
 * for any other. */
const char *fd_basis_name(fd_basis basis, fd_lang lang)
{
    if ((size_t)basis >= sizeof names / sizeof names[0])
        return "?";
    return names[basis][lang == FD_EN];
}

/** Read either name; 上年, 公开 are accepted too. FD_EPARSE otherwise. */
int fd_basis_parse(fd_basis *out, const char *text)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i][0]) == 0 || strcmp(text, names[i][1]) == 0) {
            *out = (fd_basis)i;
            return 0;
        }
    }
    if (strcmp(text, "上年") == 0) {
        *out = FD_COMPARATIVE;
        return 0;
    }
    if (strcmp(text, "公开") == 0) {
        *out = FD_PUBLISHED;
        return 0;
    }
    return fd_error_set(FD_EPARSE, "“%s”不是口径(本期、上年同期、核定、公开发表)",
                        "\"%s\" is no basis (current, comparative, verified, published)", text);
}
