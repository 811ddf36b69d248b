#include "app/leg1.h"

#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/collect.h"
#include "app/protect.h"
#include "app/subjects.h"
#include "app/works.h"
#include "base/vec.h"

int fd_leg1_works(fd_call *call, fd_work **out, size_t *count)
{
    fd_vec(fd_work) works = { 0 };
    fd_rows *rows = NULL;
    const fd_row *row;
    int err;

    if ((err = fd_asset_rows(&rows, "definitions/works.csv")) < 0)
        return err;
    while ((err = fd_rows_next(rows, &row)) > 0) {
        char buf[96];
        const char *cells[4];

        for (size_t c = 0; c < 4; c++)
            cells[c] = fd_arena_strdup(call->arena, fd_asset_cell(row, c, buf, sizeof buf));
        fd_vec_push(&works, ((fd_work){ cells[0], { cells[1], cells[2] }, cells[3] }));
    }
    fd_rows_close(rows);
    *count = works.count;
    *out = fd_arena_alloc(call->arena, (works.count + 1) * sizeof **out);
    if (works.count)
        memcpy(*out, works.items, works.count * sizeof **out);
    fd_vec_dispose(&works);
    return err < 0 ? err : 0;
}

int fd_leg1_month(fd_call *call, fd_period *out)
{
    *out = FD_PERIOD_NONE;
    for (size_t i = 0; i < call->verb->param_count; i++)
        if (strcmp(call->verb->params[i].name, "at") == 0 && call->values[i])
            return fd_call_period(call, "at", out);
    *out = fd_latest_period(call->city->source, "dispatch_output", FD_CURRENT, FD_CUMULATIVE);
    if (*out == FD_PERIOD_NONE)
        *out = fd_latest_period(call->city->source, "project_done", FD_CURRENT, FD_CUMULATIVE);
    return 0;
}

int fd_leg1_day(fd_date *out, fd_call *call)
{
    const char *today = fd_call_text(call, "today");
    fd_period month = FD_PERIOD_NONE;
    int err;

    if (!today && call->city && (err = fd_leg1_month(call, &month)) < 0)
        return err;
    if (month == FD_PERIOD_NONE)
        return fd_collect_today(out, today);
    *out = fd_period_end(month);
    return 0;
}

/* R&D coverage by chain and county of the newest year that has any; NULL when there is none. */
static int measure_innovation(fd_call *call, fd_table **out)
{
    static const char *const by[] = { "chain", "county" };
    const fd_indicator *indicator = fd_program_indicator(call->city->program, "rd_coverage");
    fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
    fd_period year;
    int err;

    *out = NULL;
    if (!indicator)
        return 0;
    year = fd_latest_period(call->city->source, "rd_total", FD_CURRENT, FD_YEAR);
    if (year == FD_PERIOD_NONE)
        return 0;
    options.by = by;
    options.by_count = 2;
    if ((err = fd_measure(out, call->city->program, call->city->source, &indicator, 1, &year, 1,
                          &options)) < 0)
        return err;
    return fd_protect(out, call, indicator, 2, false);
}

int fd_leg1_matrix(fd_call *call, fd_matrix *out, fd_period month)
{
    fd_matrix_options options = FD_MATRIX_OPTIONS_INIT;
    fd_table *innovation = NULL, *rules = NULL;
    fd_work *works;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_leg1_works(call, &works, &options.work_count)) < 0 ||
        (err = fd_works_rules(&rules, call)) < 0 ||
        (err = measure_innovation(call, &innovation)) < 0)
        goto done;
    options.works = works;
    options.rules = rules;
    options.period = month;
    options.year =
        month == FD_PERIOD_NONE ? FD_PERIOD_NONE : fd_period_year(fd_period_year_of(month));
    options.innovation = innovation;
    options.name_leaders = fd_leg1_sees_names(call);
    err = fd_matrix_compute(out, call->city->program, call->city->source, &options);
done:
    fd_table_free(innovation);
    fd_table_free(rules);
    return err;
}

bool fd_leg1_sees_names(const fd_call *call)
{
    return call->role != FD_ROLE_VIEWER;
}

/* Is this place in a text part of the longer name of another chain (新能源 in 新能源汽车及零部件)?
 */
static bool inside_another(const char *text, const char *at, const char *name,
                           const fd_frame *chains)
{
    for (size_t i = 0; i < chains->n; i++) {
        const char *longer = chains->names[i], *in = longer ? strstr(longer, name) : NULL;
        size_t before;

        if (!in || strlen(longer) == strlen(name))
            continue;
        before = (size_t)(in - longer);
        if ((size_t)(at - text) >= before && strncmp(at - before, longer, strlen(longer)) == 0)
            return true;
    }
    return false;
}

static bool mentions(const fd_table *t, size_t row, const char *name, const fd_frame *chains)
{
    if (!name)
        return false;
    for (size_t c = 0; c < t->column_count; c++) {
        const char *text =
            t->columns[c]->kind == FD_TEXT ? fd_column_text(t->columns[c], row) : NULL;

        for (const char *at = text ? strstr(text, name) : NULL; at; at = strstr(at + 1, name))
            if (!inside_another(text, at, name, chains))
                return true;
    }
    return false;
}

int fd_leg1_promises(fd_table **out, fd_call *call, const char *chain, const char *county)
{
    const char *names[2] = { chain ? fd_source_name(call->city->source, "chain", chain) : NULL,
                             county ? fd_source_name(call->city->source, "county", county) : NULL };
    const fd_frame *chains;
    fd_table *all = NULL;
    bool *keep;
    int err;

    *out = NULL;
    if (!fd_program_record(call->city->program, "promise"))
        return 0;
    if ((err = call->city->source->ops->frame(call->city->source, "chain", &chains)) < 0 ||
        (err = call->city->source->ops->records(call->city->source, "promise", FD_DATE_MAX, &all)) <
            0)
        return err;
    keep = fd_alloc(all->rows + 1);
    for (size_t r = 0; r < all->rows; r++)
        keep[r] = mentions(all, r, names[0], chains) || mentions(all, r, names[1], chains);
    err = fd_table_filter(out, all, keep);
    free(keep);
    fd_table_free(all);
    return err;
}
