/*
 * Inside of the ledger: what the source holds of every project at the end of a month.
 */
#ifndef FD_INDUSTRY_LEDGER_H
#define FD_INDUSTRY_LEDGER_H

#include "industry/works.h"

enum {
    FD_LA_COUNTY,
    FD_LA_CHAIN,
    FD_LA_TYPE,
    FD_LA_STAGE,
    FD_LA_START,
    FD_LA_FINISH,
    FD_LA_OWNER,
    FD_LA_REASON,
    FD_LA_FIRM,
    FD_LA_SITE,
    FD_LA_APPROVAL,
    FD_LA_COUNT
};
enum {
    FD_LI_DONE,
    FD_LI_PLAN,
    FD_LI_TOTAL,
    FD_LI_OUTPUT, /* of the feasibility study, a year */
    FD_LI_TAX,
    FD_LI_MADE, /* reached, cumulative in the year */
    FD_LI_PAID,
    FD_LI_COUNT
};

typedef struct fd_ledger {
    const fd_frame *frame;
    fd_period period;
    fd_date at;
    fd_column *a[FD_LA_COUNT], *i[FD_LI_COUNT];
    fd_column *made_before, *paid_before; /* three months earlier in the year; NULL: none to ask */
    fd_column *done_before, *done_year_before; /* the same months a year ago, the whole year ago */
    fd_number average;                         /* growth of the whole ledger, % */
} fd_ledger;

/** Read the columns of a cumulative month. Dispose of it also after a failure. */
int fd_ledger__load(fd_ledger *out, fd_source *source, fd_period period);
void fd_ledger__dispose(fd_ledger *l);
const char *fd_ledger__attribute(const fd_ledger *l, int attribute, size_t project);
fd_number fd_ledger__item(const fd_ledger *l, int item, size_t project);

/** The three lights of a project. A kind that the preset has no rules for falls back on those of
 * `template`; without any, or when the kind does not concern the project, applies is false. */
typedef struct fd_ledger_light {
    bool applies;
    fd_verdict v;
} fd_ledger_light;
int fd_ledger__investment(fd_ledger_light *out, const fd_ledger *l, size_t project,
                          const fd_works_options *o);
int fd_ledger__start(fd_ledger_light *out, const fd_ledger *l, size_t project,
                     const fd_works_options *o);
/** `produced` FD_DATE_NONE: unknown. */
int fd_ledger__ramp(fd_ledger_light *out, fd_ramp_row *row, const fd_ledger *l, size_t project,
                    fd_date produced, const fd_works_options *o);

#endif
