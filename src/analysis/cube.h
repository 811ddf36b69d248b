/*
 * Regions × years × industries with a reference: what specialise, shift-share and structure read.
 */
#ifndef FD_ANALYSIS_CUBE_H
#define FD_ANALYSIS_CUBE_H

#include "fangding/regional.h"

typedef struct fd_cube {
    char **region, **industry, **year; /* years ascending, the others as they first appear */
    size_t regions, industries, years;
    double *v;            /* regions × years × industries */
    bool *unknown;        /* likewise: reported empty */
    bool *there;          /* regions × years: has rows */
    double *reference;    /* years × industries */
    bool *ref_unknown;    /* likewise */
    ptrdiff_t nation;     /* the region that is the reference, or -1: the sum of all */
    bool *shown;          /* regions in the results */
    size_t shown_count;   /* of them */
    bool has_region;      /* results have a column of regions */
    const char *name[3];  /* columns of region, industry, year: borrowed, or NULL */
    size_t absent, added; /* combinations without row, rows added to another */
    bool found_nation;    /* the reference was found, not named */
} fd_cube;

/** Read a table of either form; errors as fd_specialise(). Release with fd_cube_dispose(). */
int fd_cube_read(fd_cube *out, const fd_table *in, const fd_regional_options *options);
void fd_cube_dispose(fd_cube *cube);

static inline const double *fd_cube_at(const fd_cube *c, size_t region, size_t year)
{
    return c->v + (region * c->years + year) * c->industries;
}

/** Is each industry of a region (or, with region = -1, of the reference) known in a year? */
bool fd_cube_known(const fd_cube *c, ptrdiff_t region, size_t year);
/** Say below a table what the reference is, and what was missing. */
void fd_cube_note(fd_table *out, const fd_cube *c);
/** A new table with text columns in front: each name that is not NULL. */
fd_table *fd_cube_table(const char *id, const char *zh, const char *en, const char *const *names,
                        size_t count);
/** Append a row with the texts of its leading columns; NULL entries have no column. @return it */
size_t fd_cube_row(fd_table *t, const char *const *leading, size_t count);

/** The column that is called as times are (year, 年份, t …), or -1. */
int fd_cube_time_column(const fd_table *in);
/** Times in order, for qsort of texts: whole numbers by size, whatever else by bytes. */
int fd_cube_compare_times(const char *a, const char *b);
/** sum of the values */
double fd_cube_sum(const double *v, size_t n);

/* Change of structure between two vectors of values. */
typedef struct fd_shift {
    double lilien_avg, lilien_end, moore_cos, moore_deg, nav;
    size_t left_out; /* industries without log growth */
} fd_shift;
/** False when one of the totals is 0. */
bool fd_cube_shift(fd_shift *out, const double *e0, const double *e1, size_t n);

#endif
