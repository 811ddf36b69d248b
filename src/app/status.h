/*
 * The one screen: where we stand, why, what the target asks for, who acts this week, can we trust
 * it.
 */
#ifndef FD_APP_STATUS_H
#define FD_APP_STATUS_H

#include "base/str.h"
#include "fangding/measure.h"
#include "fangding/verbs.h"

/* What the sections are made of. */
typedef struct fd_status {
    fd_city *city;
    fd_lang lang;
    fd_period month; /* newest cumulative period with dispatch returns, or NONE */
    fd_buf text;     /* the screen */
    struct {
        bool counted;
        size_t expected, reported, doubtful;
        size_t unlisted;          /* reported, though nobody expects it */
        struct fd_map *by_county; /* county name → missing */
    } returns;                    /* dispatch returns of that month, once somebody asked */
    fd_period stand;              /* of the first figure of "where we stand": others say theirs */
    fd_table *figures; /* section, indicator, label, value, unit, period, marks, published,
                          published_period, published_marks, published_source */
} fd_status;

/** Compose the screen and its table of figures. Release with fd_status_dispose(). */
int fd_status_compose(fd_status *out, fd_city *city, fd_lang lang);
void fd_status_dispose(fd_status *status);

/* The sections, each in its place; internal to status*.c. */
int fd_status__figures(fd_status *s);
int fd_status__target(fd_status *s);
int fd_status__actions(fd_status *s);
int fd_status__trust(fd_status *s);
/** A section's heading: Chinese left, English beside it. */
void fd_status__heading(fd_status *s, const char *zh, const char *en);
/** The shape of a light: ● green, ▲ yellow, ■ red, ○ grey. */
const char *fd_status__shape(fd_color color);
/** Text padded to terminal columns. */
void fd_status__pad(fd_buf *out, const char *text, size_t columns);

#endif
