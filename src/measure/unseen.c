/*
 * Which figures rest on returns the asker may not see.
 */
#include <stdio.h>
#include <string.h>

#include "measure/arith.h"
#include "measure/internal.h"

enum { DEEPEST = 32 }; /* indicators inside indicators */

typedef struct look {
    fd_source *source;
    fd_period period;
    const fd_why_options *options;
    bool found;
    int nested;
} look;

static int look_at(void *payload, const fd_expr *name, const fd_expr *at)
{
    look *l = payload;
    const fd_item *item = name->target;
    fd_origin origin = { 0 };
    char id[160] = "";

    (void)at;
    if (l->found)
        return 0;
    if (name->symbol == FD_SYM_INDICATOR && l->nested < DEEPEST) {
        const fd_indicator *i = name->target;
        int err;

        l->nested++;
        if ((err = fd_expr_each_name(i->formula, look_at, l)) >= 0)
            err = fd_expr_each_name(i->total, look_at, l);
        l->nested--;
        return err;
    }
    if (name->symbol != FD_SYM_ITEM || item->nature == FD_ATTRIBUTE ||
        strcmp(item->kind, "enterprise") != 0)
        return 0;
    if (name->variant)
        snprintf(id, sizeof id, "%s:%s", item->id, name->variant);
    if (l->source->ops->marks(l->source, name->variant ? id : item->id, l->period, FD_CURRENT, NULL,
                              &origin.origin) < 0) {
        fd_error_clear(); /* never stored: nothing to see */
        return 0;
    }
    l->found = origin.origin && origin.origin[0] &&
               !l->options->visible(l->options->payload, &origin, item->id);
    return 0;
}

bool fd_measure__unseen(const fd_expr *e, fd_source *source, fd_period period,
                        const fd_why_options *options)
{
    look l = { source, period, options, false, 0 };

    return fd_expr_each_name(e, look_at, &l) < 0 || l.found;
}
