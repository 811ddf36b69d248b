#include "base/diag.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_LIMIT 1000

void fd_diags_dispose(fd_diags *d)
{
    for (size_t i = 0; i < d->list.count; i++)
        free(d->list.items[i]);
    fd_vec_dispose(&d->list);
    d->faults = d->warnings = 0;
}

static void vfill(char *out, size_t size, const char *format, va_list args)
{
    va_list copy;

    va_copy(copy, args);
    vsnprintf(out, size, format, copy);
    va_end(copy);
}

/* A record to fill: kept in the list, or past the limit the last one's successor, overwritten each
 * time. */
static fd_diag *next_record(fd_diags *d, fd_severity severity, const char *rule)
{
    size_t limit = d->limit ? d->limit : DEFAULT_LIMIT;
    fd_diag *record;

    d->faults += severity == FD_FAULT;
    d->warnings += severity == FD_WARNING;
    if (d->list.count <= limit) {
        record = fd_alloc(sizeof *record);
        fd_vec_push(&d->list, record);
    } else {
        record = d->list.items[d->list.count - 1];
        memset(record, 0, sizeof *record);
    }
    record->severity = severity;
    record->rule = rule;
    return record;
}

fd_error *fd_diags_add(fd_diags *d, fd_severity severity, const char *rule, fd_place place,
                       const char *zh, const char *en, ...)
{
    fd_diag *record = next_record(d, severity, rule);
    fd_error *e = &record->error;
    va_list args;

    e->code = FD_EPARSE;
    va_start(args, en);
    vfill(e->message[FD_ZH], sizeof e->message[FD_ZH], zh, args);
    vfill(e->message[FD_EN], sizeof e->message[FD_EN], en, args);
    va_end(args);
    snprintf(e->file, sizeof e->file, "%s", place.file ? place.file : "");
    snprintf(e->sheet, sizeof e->sheet, "%s", place.sheet ? place.sheet : "");
    e->row = place.row;
    e->column = place.column;
    return e;
}

void fd_diags_take_last(fd_diags *d, fd_severity severity, const char *rule)
{
    next_record(d, severity, rule)->error = *fd_error_last();
    fd_error_clear();
}

void fd_error_set_detail(fd_error *e, const char *zh, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    vfill(e->detail[FD_ZH], sizeof e->detail[FD_ZH], zh, args);
    vfill(e->detail[FD_EN], sizeof e->detail[FD_EN], en, args);
    va_end(args);
}

void fd_error_set_hint(fd_error *e, const char *zh, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    vfill(e->hint[FD_ZH], sizeof e->hint[FD_ZH], zh, args);
    vfill(e->hint[FD_EN], sizeof e->hint[FD_EN], en, args);
    va_end(args);
}
