/*
 * The unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters with two check
 * digits.
 *
 * Characters 1 to 17 are drawn from 31 symbols, 0-9 and A-Z without I O S V Z; the 18th checks them
 * (mod 31).  Characters 9 to 17 are the organisation code (GB 11714): eight characters and their
 * own check character (mod 11).  Some codes issued in early pilots are legal although the mod-31
 * check fails; callers warn and do not reject.
 */
#ifndef FANGDING_USCC_H
#define FANGDING_USCC_H

#include "fangding/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FD_USCC_LENGTH 18

typedef enum fd_uscc_result {
    FD_USCC_OK = 0,
    FD_USCC_LENGTH_WRONG,    /* not 18 characters */
    FD_USCC_CHARACTER_WRONG, /* a character that is not among the 31 (lower case included: fold
                                first) */
    FD_USCC_ORG_WRONG,  /* the organisation code's own check fails; the mod-31 check may fail too */
    FD_USCC_CHECK_WRONG /* only the mod-31 check fails: a typing error, or an early pilot. Warn. */
} fd_uscc_result;

/**
 * Check one code, as it stands (no blanks, upper case).
 *
 * @param code  terminated text, NULL counts as empty
 * @param bad   receives the position (from 1) of the first wrong character for CHARACTER_WRONG, 17
 * for ORG_WRONG, 18 for CHECK_WRONG, else 0; NULL allowed
 */
FD_API fd_uscc_result fd_uscc_check(const char *code, int *bad);

/** One sentence about a result, for people. FD_USCC_OK gives "". */
FD_API const char *fd_uscc_text(fd_uscc_result result, fd_lang lang);

/**
 * Complete a code: `prefix` is the first 16 characters (registering authority, class, six digits of
 * region, eight of the organisation); the organisation's check character and the last one are
 * computed.
 *
 * @param[out] out  18 characters and a terminator
 * @return FD_EINVAL when the prefix is not 16 characters of the 31
 */
FD_API int fd_uscc_make(char out[FD_USCC_LENGTH + 1], const char *prefix);

#ifdef __cplusplus
}
#endif
#endif
