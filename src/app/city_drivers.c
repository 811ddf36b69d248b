#include "app/city_drivers.h"

#include <stdlib.h>
#include <string.h>

#include "app/city_panel.h"
#include "base/str.h"

/* The city, then its parts: region, year, new, whole. */
static int read_shares(fd_table **out, fd_call *call, bool parts)
{
    fd_city_panel p = { .call = call, .keys = { "region" }, .time = "year", .above_zero = false };
    const char *part = fd_call_text(call, "new"), *whole = fd_call_text(call, "value");
    int err;

    if ((err = fd_city_by(&p, "county", 2)) < 0)
        return err;
    p.by_count = parts && p.by_count ? 1 : 0;
    if ((err = fd_city_add(&p, "new", part ? part : "sei_value_added_total", FD_CITY_PLAIN)) < 0 ||
        (err = fd_city_add(&p, "whole", whole ? whole : "value_added_total", FD_CITY_PLAIN)) < 0 ||
        (err = fd_city_find_periods(&p, 2)) < 0)
        return err;
    return fd_city_read(out, &p);
}

static void add_span(fd_table *t, const fd_table *in, size_t a, size_t b)
{
    const double y0 = in->columns[3]->v.est[a], y1 = in->columns[3]->v.est[b];
    const char *t0 = fd_column_text_or(in->columns[1], a, "");
    const char *t1 = fd_column_text_or(in->columns[1], b, "");
    const size_t row = fd_table_add_row(t);
    const int years = atoi(t1) - atoi(t0);
    double share[2];

    fd_column_set_text(t->columns[0], row, fd_column_text_or(in->columns[0], a, ""));
    fd_column_set_text(t->columns[1], row, t0);
    fd_column_set_text(t->columns[2], row, t1);
    if (!(y0 > 0) || !(y1 > 0))
        return;
    share[0] = 100 * in->columns[2]->v.est[a] / y0;
    share[1] = 100 * in->columns[2]->v.est[b] / y1;
    fd_column_set_est(t->columns[3], row, share[0]);
    fd_column_set_est(t->columns[4], row, share[1]);
    fd_column_set_est(t->columns[5], row, share[1] - share[0]);
    if (years > 0)
        fd_column_set_est(t->columns[6], row, (share[1] - share[0]) / years);
}

static bool same_region(const fd_table *in, size_t a, size_t b)
{
    return strcmp(fd_column_text_or(in->columns[0], a, ""),
                  fd_column_text_or(in->columns[0], b, "")) == 0;
}

/* Rows of a region stand together, by period. */
static void add_spans(fd_table *t, const fd_table *in, bool ends, bool steps)
{
    for (size_t r = 0; r < in->rows;) {
        size_t end = r;

        while (end + 1 < in->rows && same_region(in, r, end + 1))
            end++;
        if (ends && end > r)
            add_span(t, in, r, end);
        for (size_t k = r; steps && k < end; k++)
            add_span(t, in, k, k + 1);
        r = end + 1;
    }
}

static void copy_notes(fd_table *to, const fd_table *from)
{
    for (size_t k = 0; k < from->note_count; k++)
        fd_table_add_note(to, from->notes[0][k], from->notes[1][k]);
}

int fd_city_drivers(fd_call *call, fd_result *result)
{
    static const fd_column_spec columns[] = {
        { "region", "地区", "Region", FD_TEXT, "", 0 },
        { "t0", "期初", "From", FD_TEXT, "", 0 },
        { "t1", "期末", "To", FD_TEXT, "", 0 },
        { "share0", "期初新动能占比", "Share of the new, start", FD_EST, "%", 0 },
        { "share1", "期末新动能占比", "Share of the new, end", FD_EST, "%", 0 },
        { "points", "转移", "Moved", FD_EST, "百分点", 0 },
        { "points_per_year", "每年转移", "Moved a year", FD_EST, "百分点", 0 },
    };
    const char *spans = fd_call_text(call, "spans");
    const bool steps = spans && strcmp(spans, "ends") != 0;
    const bool ends = !spans || strcmp(spans, "steps") != 0;
    fd_table *t =
        fd_table_new("drivers", "新旧动能份额转移", "Shares moving from old to new drivers");
    fd_table *in[2] = { NULL, NULL };
    int err;

    fd_table_add_columns(t, columns, sizeof columns / sizeof *columns);
    for (int k = 0; k < 2; k++) {
        if ((err = read_shares(&in[k], call, k == 1)) < 0)
            goto done;
        if (k == 0 || fd_table_find(in[k], "region") >= 0)
            add_spans(t, in[k], ends, steps);
        copy_notes(t, in[k]);
    }
    fd_table_add_note(
        t, "旧动能占比是其余部分,变动相反;占比按现价,变化用百分点",
        "the old drivers have the rest and move the other way; current prices, points");
    if (t->rows && fd_column_state(t->columns[6], 0) == FD_HAS)
        fd_result_say(
            result,
            "会上可说:%s—%s 全市新动能占比由 %.1f%% 到 %.1f%%,每年从旧动能转来 %.2f 个百分点。",
            "To say: from %s to %s the share of new drivers went from %.1f%% to %.1f%%, "
            "%.2f points a year from the old.",
            fd_column_text_or(t->columns[1], 0, ""), fd_column_text_or(t->columns[2], 0, ""),
            t->columns[3]->v.est[0], t->columns[4]->v.est[0], t->columns[6]->v.est[0]);
    fd_result_add(result, t);
    t = NULL;
done:
    fd_table_free(t);
    fd_table_free(in[0]);
    fd_table_free(in[1]);
    return err < 0 ? err : 0;
}
