/*
 * Where engines get large data from: subjects and immutable columns. A CSV implements it as well as
 * a city file.
 */
#ifndef FANGDING_SOURCE_H
#define FANGDING_SOURCE_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_basis {
    FD_CURRENT = 0,     /* 本期 */
    FD_COMPARATIVE = 1, /* 上年同期, as reported with the current return */
    FD_VERIFIED = 2,    /* 核定: handed out by the statistical bureau */
    FD_PUBLISHED = 3    /* 公开发表: from a published text, with its source */
} fd_basis;

FD_API const char *fd_basis_name(fd_basis basis, fd_lang lang);
FD_API int fd_basis_parse(fd_basis *out, const char *text);

/* The subjects of one kind ("enterprise", "county", "division", "city", "chain", "project", …), by
 * ascending id. Columns of that kind have the same length and order. Owned by the source, valid as
 * long as it. */
typedef struct fd_frame {
    const char *kind;
    size_t n;
    const int32_t *ids;
    const char *const *codes; /* unified social credit code, GB/T 2260, … */
    const char *const *names;
} fd_frame;

/** Position of a code, SIZE_MAX when it is none of them (or NULL). Linear: loops over all subjects
 * build a map. */
FD_API size_t fd_frame_find(const fd_frame *frame, const char *code);
/** Position of an id, SIZE_MAX when the frame has no such subject. O(1) when the ids have no gaps,
 * else O(log n). */
FD_API size_t fd_frame_position(const fd_frame *frame, int32_t id);
/** The name of a code, the code itself when it has none; NULL for NULL. */
FD_API const char *fd_frame_name(const fd_frame *frame, const char *code);

/* Where one number came from. Texts belong to the source. */
typedef struct fd_origin {
    const char *file;    /* name as received */
    const char *sheet;   /* NULL for CSV */
    const char *column;  /* header text as received */
    long row;            /* from 1, as the sender sees it; 0 unknown */
    const char *origin;  /* "statistical", "dispatch", "power", "project", "administrative",
                            "published", "authorised" */
    const char *written; /* the cell as it stood in the file, NULL when nobody knows; until the
                            source is asked for the next origin */
    const char *basis_of_law;
    const char *permitted_use; /* "statistics" or "administration" … */
    const char *marks;         /* "示例", "unverified", both, or "" */
    const char *digest;        /* of the file */
    int64_t snapshot;
    bool corrected; /* an overlay: `reason` and `by` say why and who */
    const char *reason;
    const char *by;
} fd_origin;

typedef struct fd_source fd_source;

typedef struct fd_source_ops {
    /** All subjects of a kind; an unknown kind gives an empty frame. */
    int (*frame)(fd_source *source, const char *kind, const fd_frame **out);
    /** Facts, aligned with the frame of `kind`. All MISSING when nothing was stored. The caller
     * unrefs. */
    int (*column)(fd_source *source, const char *kind, const char *item, fd_period period,
                  fd_basis basis, fd_column **out);
    /** A dated attribute on a day (TEXT), aligned with the frame of `kind`. The caller unrefs.
     *  An attribute that has several weighted values (a firm on two chains) gives the text
     * "A:0.6;B:0.4". */
    int (*attribute)(fd_source *source, const char *kind, const char *attribute, fd_date date,
                     fd_column **out);
    /** Where a number came from; FD_ENOTFOUND when it was never stored. */
    int (*origin)(fd_source *source, const char *kind, const char *item, fd_period period,
                  fd_basis basis, int32_t subject, fd_origin *out);
    /** Periods for which an item holds any value, ascending; *periods belongs to the source until
     * its next call. */
    int (*periods)(fd_source *source, const char *item, fd_basis basis, const fd_period **periods,
                   size_t *count);
    /** Marks and origin class of a whole column: "" or "示例;unverified" …; origin as in fd_origin.
     * NULL out allowed. */
    int (*marks)(fd_source *source, const char *item, fd_period period, fd_basis basis,
                 const char **marks, const char **origin);
    /** Records of a type as a table (id, state, since, fields …); an empty table when there are
     * none. Caller frees. */
    int (*records)(fd_source *source, const char *type, fd_date at, fd_table **out);
} fd_source_ops;

struct fd_source {
    const fd_source_ops *ops;
};

/** fd_frame_name() of a subject of a kind; its code when the kind cannot be read. */
FD_API const char *fd_source_name(fd_source *source, const char *kind, const char *code);

#ifdef __cplusplus
}
#endif
#endif
