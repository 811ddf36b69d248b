#include "base/str.h"
#include "app/chains.h"

#include <stdio.h>
#include <string.h>

#include "app/leg1.h"
#include "app/subjects.h"
#include "app/works.h"
#include "fangding/chainwork.h"
#include "io/csvtable.h"

enum { A_COUNTY, A_INDUSTRY, A_STATE, A_ABOVE, A_LEADING, A_COUNT };

static const fd_column_spec specs[] = {
    { "enterprise", "企业", "Enterprise", FD_TEXT, "", 0 },
    { "name", "名称", "Name", FD_TEXT, "", 0 },
    { "territory", "县区", "County", FD_TEXT, "", 0 },
    { "industry", "行业", "Industry", FD_TEXT, "", 0 },
    { "capacity", "规模", "Size", FD_EST, "", 0 },
    { "active", "在产", "Active", FD_EST, "", 0 },
    { "leading", "领先", "Leading", FD_EST, "", 0 },
};

/* Registered enterprises, those off the list of above-scale ones left out where there is a list. */
static int registered(fd_table **out, fd_call *call)
{
    static const char *const ids[A_COUNT] = { "county", "industry", "run_state", "above_scale",
                                              "leading" };
    fd_source *source = call->city->source;
    fd_period month = fd_latest_period(source, "dispatch_revenue", FD_CURRENT, FD_CUMULATIVE);
    const fd_date at = month == FD_PERIOD_NONE ? FD_DATE_MAX : fd_period_end(month);
    fd_table *t = fd_table_new("enterprises", "企业", "Enterprises");
    fd_column *a[A_COUNT] = { 0 }, *size = NULL;
    const fd_frame *frame;
    int err;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    if ((err = source->ops->frame(source, "enterprise", &frame)) < 0)
        goto done;
    for (size_t k = 0; k < A_COUNT; k++)
        /* A city file of before has no such attribute: nobody was assessed. */
        if (k == A_LEADING && !fd_program_item(call->city->program, ids[k]))
            continue;
        else if ((err = source->ops->attribute(source, "enterprise", ids[k], at, &a[k])) < 0)
            goto done;
    if (month != FD_PERIOD_NONE &&
        (err = source->ops->column(source, "enterprise", "dispatch_revenue", month, FD_CURRENT,
                                   &size)) < 0)
        goto done;
    for (size_t i = 0; i < frame->n; i++) {
        const char *state = fd_column_text(a[A_STATE], i), *above = fd_column_text(a[A_ABOVE], i);
        size_t row;

        if (above && fd_text_truth(above) != FD_TRUE)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, frame->codes[i]);
        fd_column_set_text(t->columns[1], row, frame->names[i] ? frame->names[i] : "");
        if (fd_column_text(a[A_COUNTY], i))
            fd_column_set_text(t->columns[2], row,
                               fd_source_name(source, "county", fd_column_text(a[A_COUNTY], i)));
        fd_column_set_text(t->columns[3], row, fd_column_text_or(a[A_INDUSTRY], i, ""));
        if (size && fd_column_state(size, i) == FD_HAS &&
            fd_number_to_double(fd_column_number(size, i)) >= 0)
            fd_column_set_est(t->columns[4], row, fd_number_to_double(fd_column_number(size, i)));
        if (state)
            fd_column_set_est(t->columns[5], row, strcmp(state, "停产") != 0);
        if (a[A_LEADING] && fd_column_text(a[A_LEADING], i))
            fd_column_set_est(t->columns[6], row,
                              fd_text_truth(fd_column_text(a[A_LEADING], i)) == FD_TRUE);
    }
done:
    for (size_t k = 0; k < A_COUNT; k++)
        fd_column_unref(a[k]);
    fd_column_unref(size);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

static int read_plain(fd_table **out, const char *path)
{
    static const char *const text[] = { "chain",      "chain_name", "node",     "name",    "stage",
                                        "needs",      "industries", "products", "outside", "note",
                                        "enterprise", "territory",  "industry" };

    return fd_csv_table(out, path, text, sizeof text / sizeof *text, 0);
}

/* Chains are told by the codes of the city's list, too. */
static void name_chains(fd_table *t, fd_call *call)
{
    const int at = fd_table_find(t, "chain");

    for (size_t r = 0; call->city && at >= 0 && r < t->rows; r++) {
        const char *text = t->columns[at]->kind == FD_TEXT || t->columns[at]->kind == FD_CODE
                               ? fd_column_text(t->columns[at], r)
                               : NULL;
        const char *name = text ? fd_source_name(call->city->source, "chain", text) : NULL;

        if (name && t->columns[at]->kind == FD_TEXT && strcmp(name, text) != 0)
            fd_column_set_text(t->columns[at], r, name);
    }
}

int fd_city_chain_records(fd_table **out, fd_call *call, const char *type, const char *param)
{
    int err = fd_works_records(out, call, type, param);

    if (err >= 0)
        name_chains(*out, call);
    return err;
}

/* Purchases say who buys of whom: they are added up for those who may see names. */
static int supply(fd_chains *chains, fd_call *call)
{
    fd_table *t = NULL;
    int err;

    if (!fd_leg1_sees_names(call))
        return 0;
    if ((err = fd_works_records(&t, call, "purchase", "purchases")) >= 0)
        err = fd_chains_supply(chains, t, fd_works_param(call, "purchases"));
    fd_table_free(t);
    return err;
}

/* Nodes and enterprises from plain files alone. */
static int plain_chains(fd_chains **out, fd_call *call)
{
    const char *graph = fd_works_param(call, "graph"), *data = fd_works_param(call, "data");
    fd_table *nodes = NULL, *firms = NULL;
    fd_chains *chains = NULL;
    int err;

    if (!graph)
        return fd_error_set(FD_EINVAL, "用平面文件时要写 --graph", "plain files need --graph");
    if ((err = read_plain(&nodes, graph)) < 0 ||
        (err = fd_chains_read(&chains, nodes, graph)) < 0 || (err = read_plain(&firms, data)) < 0 ||
        (err = fd_chains_occupy(chains, firms, data)) < 0 || (err = supply(chains, call)) < 0)
        goto done;
done:
    fd_table_free(nodes);
    fd_table_free(firms);
    if (err < 0)
        fd_chains_free(chains);
    else
        *out = chains;
    return err;
}

int fd_city_chains(fd_chains **out, fd_call *call)
{
    const char *graph = fd_works_param(call, "graph"), *more = fd_works_param(call, "enterprises");
    fd_table *nodes = NULL, *firms = NULL, *own = NULL;
    fd_chains *chains = NULL;
    int err;

    if (fd_works_param(call, "data"))
        return plain_chains(out, call);
    if ((err = graph ? read_plain(&nodes, graph)
                     : fd_chains_declared(&nodes, call->city->program)) < 0 ||
        (err = fd_chains_read(&chains, nodes, graph)) < 0 || (err = registered(&firms, call)) < 0 ||
        (err = fd_chains_occupy(chains, firms, NULL)) < 0)
        goto done;
    if (more && (err = read_plain(&own, more)) >= 0)
        err = fd_chains_occupy(chains, own, more);
    if (err >= 0)
        err = supply(chains, call);
done:
    fd_table_free(nodes);
    fd_table_free(firms);
    fd_table_free(own);
    if (err < 0)
        fd_chains_free(chains);
    else
        *out = chains;
    return err;
}

void fd_city_chains_note(const fd_call *call, fd_table *table)
{
    if (fd_call_is_limited(call))
        fd_table_add_note(table, "只含您看得到的企业:断点可能在别处有企业",
                          "only enterprises that you may see: a break may be filled elsewhere");
}

const char *fd_city_chain(const fd_chains *chains, fd_call *call, const char *text)
{
    return fd_chains_find(chains,
                          call->city ? fd_source_name(call->city->source, "chain", text) : text);
}

void fd_city_chain_screen(fd_result *result, const fd_table *t, const char *const *ids,
                          size_t count)
{
    for (int lang = 0; lang < 2; lang++) {
        fd_table *few = fd_table_new(t->id, t->title[FD_ZH], t->title[FD_EN]);
        fd_print_options options = FD_PRINT_OPTIONS_INIT;
        size_t size = 0;
        FILE *stream;

        for (size_t k = 0; k < count; k++) {
            const char *id = ids[k];

            if (strcmp(id, "why") == 0 && lang == FD_EN)
                id = "why_en";
            if (strcmp(id, "reason") == 0 && lang == FD_EN)
                id = "reason_en";
            if (strcmp(id, "next") == 0 && lang == FD_EN)
                id = "next_en";
            if (strcmp(id, "action") == 0 && lang == FD_EN)
                id = "action_en";
            if (strcmp(id, "missing") == 0 && lang == FD_EN)
                id = "missing_en";
            fd_table_add(few, fd_column_ref(t->columns[fd_table_find(t, id)]));
        }
        for (size_t k = 0; k < t->note_count; k++)
            fd_table_add_note(few, t->notes[FD_ZH][k], t->notes[FD_EN][k]);
        options.lang = (fd_lang)lang;
        options.width = 140;
        if ((stream = open_memstream(&result->screen[lang], &size))) {
            fd_table_print(few, stream, &options);
            fclose(stream);
        }
        fd_table_free(few);
    }
}
