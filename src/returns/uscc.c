/*
 * GB 32100-2015.  The mod-31 check: sum of value × 3^i mod 31 over positions i = 0 … 16, check
 * value (31 - sum mod 31) mod 31.  The mod-11 check of GB 11714: weights 3 7 9 10 5 8 4 2 over the
 * eight characters, check 11 - sum mod 11, where 10 is written X and 11 is written 0.
 */
#include "fangding/uscc.h"

#include <string.h>

enum { ORG_FIRST = 8, ORG_LENGTH = 8, ORG_CHECK = 16 };

static const char symbols[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
static const char org_symbols[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Position of c among the symbols, or -1. */
static int value_of(const char *table, char c)
{
    const char *at = c ? strchr(table, c) : NULL;

    return at ? (int)(at - table) : -1;
}

static char org_check(const char *eight)
{
    static const int weights[ORG_LENGTH] = { 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0, check;

    for (int i = 0; i < ORG_LENGTH; i++)
        sum += weights[i] * value_of(org_symbols, eight[i]);
    check = 11 - sum % 11;
    return check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
}

static char last_check(const char *code)
{
    int sum = 0, weight = 1;

    for (int i = 0; i < FD_USCC_LENGTH - 1; i++) {
        sum += weight * value_of(symbols, code[i]);
        weight = weight * 3 % 31;
    }
    return symbols[(31 - sum % 31) % 31];
}

static int first_wrong(const char *code, int length)
{
    for (int i = 0; i < length; i++)
        if (value_of(symbols, code[i]) < 0)
            return i + 1;
    return 0;
}

fd_uscc_result fd_uscc_check(const char *code, int *bad)
{
    int at = 0;
    fd_uscc_result result = FD_USCC_OK;

    if (!code || strlen(code) != FD_USCC_LENGTH) {
        result = FD_USCC_LENGTH_WRONG;
    } else if ((at = first_wrong(code, FD_USCC_LENGTH)) > 0) {
        result = FD_USCC_CHARACTER_WRONG;
    } else if (org_check(code + ORG_FIRST) != code[ORG_CHECK]) {
        at = ORG_CHECK + 1;
        result = FD_USCC_ORG_WRONG;
    } else if (last_check(code) != code[FD_USCC_LENGTH - 1]) {
        at = FD_USCC_LENGTH;
        result = FD_USCC_CHECK_WRONG;
    }
    if (bad)
        *bad = at;
    return result;
}

const char *fd_uscc_text(fd_uscc_result result, fd_lang lang)
{
    static const char *const texts[][2] = {
        [FD_USCC_OK] = { "", "" },
        [FD_USCC_LENGTH_WRONG] = { "统一社会信用代码应为18位",
                                   "a unified social credit code has 18 characters" },
        [FD_USCC_CHARACTER_WRONG] = { "统一社会信用代码含有不允许的字符("
                                      "只用数字和除I、O、S、V、Z外的大写字母)",
                                      "a character is not allowed in a unified social credit code "
                                      "(digits and"
                                      " capitals without I, O, S, V, Z)" },
        [FD_USCC_ORG_WRONG] = { "第9至17位组织机构代码的校验码不符",
                                "the check character of the organisation code (9 to 17) does not "
                                "fit" },
        [FD_USCC_CHECK_WRONG] = { "末位校验码不符(早期试点发放的代码可能如此,请核对)",
                                  "the last check character does not fit (early pilot codes may be "
                                  "so; compare with"
                                  " the licence)" },
    };

    if ((size_t)result >= sizeof texts / sizeof texts[0])
        return "?";
    return texts[result][lang == FD_EN];
}

int fd_uscc_make(char out[FD_USCC_LENGTH + 1], const char *prefix)
{
    const int wrong = prefix && strlen(prefix) == ORG_CHECK ? first_wrong(prefix, ORG_CHECK) : -1;

    if (wrong != 0)
        return fd_error_set(FD_EINVAL, "“%s”不是统一社会信用代码的前16位",
                            "\"%s\" is not the first 16 characters of a unified social credit code",
                            prefix ? prefix : "");
    memcpy(out, prefix, ORG_CHECK);
    out[ORG_CHECK] = org_check(prefix + ORG_FIRST);
    out[FD_USCC_LENGTH - 1] = last_check(out);
    out[FD_USCC_LENGTH] = '\0';
    return 0;
}
