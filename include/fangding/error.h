/*
 * Errors: a code for the program, a message, a detail and a hint for the person.
 *
 * A function that can fail returns 0 or a negative fd_code and describes the failure in a
 * thread-local record.  Every text exists in Chinese and English; both formats of one call take
 * the same arguments in the same order.  The record is valid until the next failure in the same
 * thread.
 */
#ifndef FANGDING_ERROR_H
#define FANGDING_ERROR_H

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define FD_API __attribute__((visibility("default")))
#define FD_PRINTF2(zh, en, first)                                                                  \
    __attribute__((format(printf, zh, first))) __attribute__((format(printf, en, first)))
#define FD_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define FD_NOT_NULL           __attribute__((returns_nonnull))
#else
#define FD_API
#define FD_PRINTF2(zh, en, first)
#define FD_PRINTF(fmt, first)
#define FD_NOT_NULL
#endif

/* Languages a text exists in; also the index into every pair of texts. */
typedef enum fd_lang { FD_ZH = 0, FD_EN = 1 } fd_lang;

typedef enum fd_code {
    FD_OK = 0,
    FD_ERROR = -1,        /* nothing more precise applies */
    FD_EINVAL = -2,       /* an argument is outside its range */
    FD_ENOTFOUND = -3,    /* no such file, subject, item, definition */
    FD_EEXISTS = -4,      /* it is there already */
    FD_EFORMAT = -5,      /* a file is not of the format it claims */
    FD_EPARSE = -6,       /* a text does not follow its grammar */
    FD_EUNIT = -7,        /* units or dimensions do not fit */
    FD_EOVERFLOW = -8,    /* an exact result needs more than its width */
    FD_EIO = -9,          /* reading or writing failed */
    FD_ENOSPC = -10,      /* the disk is full; nothing was lost */
    FD_EBUSY = -11,       /* somebody else holds the write lock */
    FD_ELIMIT = -12,      /* a cap against hostile input was reached */
    FD_EDENIED = -13,     /* the role or purpose does not allow it */
    FD_ECONFLICT = -14,   /* it contradicts what is stored */
    FD_ECANCELLED = -15,  /* stopped on request */
    FD_ENOCONV = -16,     /* an iteration did not converge */
    FD_EINFEASIBLE = -17, /* no solution exists */
    FD_ENOMEM = -18       /* a large, checked allocation failed */
} fd_code;

/* Where in an input something was found; unknown parts are NULL or 0 (rows and columns from 1). */
typedef struct fd_place {
    const char *file;
    const char *sheet;
    long row;
    long column;
} fd_place;

typedef struct fd_error {
    int code;
    char message[2][512];
    char detail[2][1024];
    char hint[2][512];
    char file[512];
    char sheet[128];
    long row;
    long column;
} fd_error;

/**
 * Record a failure: message in both languages; detail, hint and place are cleared.
 *
 * @return code, so that `return fd_error_set(...)` reads naturally
 */
FD_API int fd_error_set(int code, const char *zh, const char *en, ...) FD_PRINTF2(2, 3, 4);

/** Add what was found and what was expected to the last failure. @return its code */
FD_API int fd_error_detail(const char *zh, const char *en, ...) FD_PRINTF2(1, 2, 3);

/** Add what the person can do to the last failure. @return its code */
FD_API int fd_error_hint(const char *zh, const char *en, ...) FD_PRINTF2(1, 2, 3);

/** Add the place to the last failure (fields that are NULL or 0 leave what is there). @return its
 * code */
FD_API int fd_error_at(fd_place place);

/** The last failure of this thread; code is 0 when there was none. Never NULL. */
FD_API const fd_error *fd_error_last(void);

/** Forget the last failure of this thread. */
FD_API void fd_error_clear(void);

/** The stable short name of a code, e.g. "parse"; "unknown" for any other number. */
FD_API const char *fd_code_name(int code);

/**
 * Print a failure as people read it: place and message, detail, hint, one line each.
 *
 * @param buf   receives at most size bytes, always terminated
 * @return the length that the whole text needs, without the terminator
 */
FD_API size_t fd_error_format(const fd_error *e, fd_lang lang, char *buf, size_t size);

#ifdef __cplusplus
}
#endif

/* The static analyser reads one file at a time: it would believe that a failure may be recorded
 * with 0, and follow paths on which nothing was filled in. */
#ifdef __clang_analyzer__
#define fd_error_set(...)    ((void)fd_error_set(__VA_ARGS__), -1)
#define fd_error_detail(...) ((void)fd_error_detail(__VA_ARGS__), -1)
#define fd_error_hint(...)   ((void)fd_error_hint(__VA_ARGS__), -1)
#define fd_error_at(...)     ((void)fd_error_at(__VA_ARGS__), -1)
#endif
#endif
