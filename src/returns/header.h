/*
 * What a header says: name, unit, code, which period, which basis.
 *
 * 「其中：本年折旧211;本年」, 「工业总产值(万元)」 above 「1—本月累计」 and
 * 「研究开发人员合计1(人)」 are taken apart step by step; every step gives a candidate for the
 * name, the fullest first, so that a name that itself contains 本年 or brackets is found before
 * anything is cut off it.
 */
#ifndef FD_RETURNS_HEADER_H
#define FD_RETURNS_HEADER_H

#include "base/str.h"
#include "returns/form.h"

enum { FD_HEADER_LEVELS = 3, FD_HEADER_CANDIDATES = 16 };

/* What words around a name say. */
typedef struct fd_header_time {
    fd_when when;
    int basis;       /* FD_BASIS_ANY when not said */
    int year, month; /* written out: 1—5月; else 0 */
} fd_header_time;

typedef struct fd_header_candidate {
    const char *name; /* folded */
    fd_header_time time;
    const char *aside; /* what was left aside and may change the meaning: 计划, 年初; or NULL */
} fd_header_candidate;

typedef struct fd_header {
    const char *text;   /* as received, levels joined by '/' */
    const char *folded; /* the same folded: the key of a remembered mapping */
    fd_header_candidate candidates[FD_HEADER_CANDIDATES];
    size_t count;
    const fd_unit *unit; /* in brackets, or NULL */
    const char *code;    /* digits at the name's end or front, or NULL */
    fd_header_time time; /* of everything taken together */
} fd_header;

/** Take one header apart. `levels` are the cells of its column from top to bottom, equal neighbours
 * once. Texts live in the arena. */
void fd_header_read(fd_header *out, fd_arena *arena, const fd_program *program,
                    const fd_view *levels, size_t count);

/* Headers of a template's columns beside an entry begin so: they show what was reported before and
 * are never read back. */
#define FD_HEADER_BESIDE "上期参考"

/** A phrase such as 1—本月累计, 上年同期, 本年 as a whole (folded). False when it is none. */
bool fd_header_time_phrase(fd_header_time *out, fd_view text);

/* How a column of the file was recognised. */
typedef enum fd_match_how {
    FD_MATCH_NONE = 0,
    FD_MATCH_NAME,
    FD_MATCH_CODE,
    FD_MATCH_REMEMBERED,
    FD_MATCH_AMBIGUOUS, /* several columns of the form would do */
    FD_MATCH_CONFLICT,  /* name and code say different things */
    FD_MATCH_IGNORED
} fd_match_how;

typedef struct fd_match {
    fd_match_how how;
    const fd_form_column
        *columns[4]; /* one, or more when all but one are for certain variants only */
    size_t count;
    size_t rank; /* which of the column's header alternatives it was */
    fd_header_time time;
    const fd_item *by_name; /* CONFLICT */
    const fd_item
        *by_code;       /* CONFLICT; also a code that was not followed because the names differ */
    const char *others; /* AMBIGUOUS: names of the columns that would do */
    const char *aside;  /* NONE: a column of figures would do, but for these words; or NULL */
} fd_match;

/**
 * Which column of the form a header means: a remembered mapping first (`target`, or NULL), then the
 * name, then the code.
 *
 * @param year  of the return, for codes that hold from an edition on; 0 unknown
 */
void fd_header_match(fd_match *out, fd_arena *arena, const fd_forms *forms, const fd_form *form,
                     const fd_header *header, const char *target, int year);

/** Years and months that a text speaks of: 2024年1—5月, 2024-05, 202405. False when it names no
 * year or several. */
bool fd_returns__text_period(fd_view text, int *year, int *month);

#endif
