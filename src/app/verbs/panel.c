#include "app/verbs/panel.h"

#include <string.h>

#include "fangding/ding.h"
#include "io/csvtable.h"

static bool declares(const fd_call *call, const char *name)
{
    for (size_t k = 0; k < call->verb->param_count; k++)
        if (strcmp(call->verb->params[k].name, name) == 0)
            return true;
    return false;
}

int fd_verb_panel(fd_table **out, fd_panel_columns *columns, fd_call *call)
{
    const char *text[2], **words = NULL;

    columns->input_count = fd_call_list(call, "inputs", &words);
    columns->inputs = words;
    columns->output_count = fd_call_list(call, "outputs", &words);
    columns->outputs = words;
    columns->bad_count = declares(call, "bads") ? fd_call_list(call, "bads", &words) : 0;
    columns->bads = columns->bad_count ? words : NULL;
    columns->id = fd_call_text(call, "id");
    columns->time = fd_call_text(call, "time");
    text[0] = columns->id ? columns->id : "id";
    text[1] = columns->time ? columns->time : "t";
    return fd_csv_table(out, fd_call_text(call, "file"), text, 2, 0);
}

int fd_verb_orientations(fd_call *call, bool *input, bool *output)
{
    const char **words;
    size_t count = fd_call_list(call, "orient", &words);

    *input = *output = count == 0;
    for (size_t k = 0; k < count; k++) {
        const bool in = strcmp(words[k], "in") == 0;

        if (!in && strcmp(words[k], "out") != 0)
            return fd_error_set(FD_EINVAL, "--orient 不认识 %s;可用 in、out",
                                "--orient does not know %s; there are in, out", words[k]);
        *(in ? input : output) = true;
    }
    return 0;
}

int fd_verb_panel_error(fd_call *call, int err)
{
    if (err < 0 && fd_error_last()->row > 0)
        (void)fd_error_at((fd_place){ fd_call_text(call, "file"), NULL, 0, 0 });
    return err;
}

int fd_verb_city_panel(fd_table **out, fd_city_panel *p, const char *otherwise, size_t least,
                       bool newest)
{
    const char *deflator = fd_call_text(p->call, "deflator");
    size_t inputs;
    int err;

    p->deflator = deflator ? deflator : "ppi";
    if ((err = fd_city_by(p, otherwise, 1)) < 0 ||
        (err = fd_city_add_list(p, "inputs",
                                p->defaults[0] ? p->defaults[0] : "net_fixed_assets,staff_sum",
                                "in_")) < 0)
        return err;
    inputs = p->count;
    if ((err = fd_city_add_list(p, "outputs", "value_added_total", "out_")) < 0)
        return err;
    for (size_t q = inputs; q < p->count && strcmp(p->deflator, "none") != 0; q++)
        if (fd_city_is_money(&p->quantities[q]))
            p->quantities[q].use = FD_CITY_REAL;
    if (declares(p->call, "bads") &&
        (err = fd_city_add_list(p, "bads", p->defaults[1], "bad_")) < 0)
        return err;
    if ((err = fd_city_find_periods(p, least)) < 0)
        return err;
    if (newest && !fd_call_text(p->call, "from") && !fd_call_text(p->call, "to")) {
        p->periods[0] = p->periods[p->period_count - 1];
        p->period_count = 1;
    }
    return fd_city_read(out, p);
}

int fd_verb_city_answer(bool *answered, fd_call *call, fd_result *result, fd_table *in,
                        fd_verb_answer *answer, void *options)
{
    const bool engine = !fd_city_gives_data(result, call, &in);
    int err = 0;

    if (engine && (err = answer(call, result, in, options)) >= 0)
        fd_city_note(result, in);
    if (answered)
        *answered = engine && err >= 0;
    fd_table_free(in);
    return err;
}

int fd_verb_city_products(fd_table **out, fd_city_panel *p, const char *by)
{
    const char *value = fd_call_text(p->call, "value");
    int err;

    p->by[0] = "county";
    p->by[1] = by;
    p->by_count = 2;
    p->keys[0] = "county";
    p->keys[1] = by;
    p->above_zero = true;
    if ((err = fd_city_add(p, "value", value ? value : "dispatch_output_total", FD_CITY_PLAIN)) < 0)
        return err;
    if (!p->quantities[0].adds)
        return fd_error_set(FD_EINVAL, "「%s」不是合计数,不能算比较优势",
                            "%s is no sum: it has no comparative advantage",
                            p->quantities[0].indicator->name);
    if ((err = fd_city_find_periods(p, 1)) < 0)
        return err;
    p->periods[0] = p->periods[p->period_count - 1];
    p->period_count = 1;
    return fd_city_read(out, p);
}
