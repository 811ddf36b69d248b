#include "app/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/subjects.h"
#include "fangding/measure.h"

/* The number with the indicator's display digits, by GB/T 8170. */
static void format_value(fd_figure *f, const fd_indicator *indicator)
{
    int digits = indicator->digits >= 0 ? indicator->digits : 2;

    if (f->number.is_estimate)
        snprintf(f->value, sizeof f->value, "%.*f", digits, f->number.estimate);
    else
        fd_quot_format(f->number.exact, digits, FD_ROUND_HALF_EVEN, f->value, sizeof f->value);
}

int fd_figure_at(fd_figure *out, fd_city *city, const fd_indicator *indicator, fd_period period,
                 fd_lang lang)
{
    fd_measured measured;
    int err;

    memset(out, 0, sizeof *out);
    out->period = period;
    fd_period_title(period, lang, out->period_title, sizeof out->period_title);
    snprintf(out->unit, sizeof out->unit, "%s", indicator->unit ? indicator->unit->name : "");
    if ((err = fd_measure_one(&measured, city->program, city->source, indicator, period, NULL)) < 0)
        return err;
    out->number = measured.value;
    out->has_value = measured.value.state == FD_HAS || measured.value.state == FD_DOUBT;
    snprintf(out->marks, sizeof out->marks, "%s", measured.marks);
    if (out->has_value)
        format_value(out, indicator);
    else
        snprintf(out->value, sizeof out->value, "%s", fd_state_name(measured.value.state, lang));
    return 0;
}

int fd_figure_latest(fd_figure *out, fd_city *city, const fd_indicator *indicator, fd_lang lang)
{
    fd_period *periods = NULL;
    size_t count = 0;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_measure_periods(&periods, &count, city->program, city->source, indicator)) < 0)
        return err;
    for (size_t i = count; i > 0 && err >= 0 && !out->has_value; i--)
        err = fd_figure_at(out, city, indicator, periods[i - 1], lang);
    free(periods);
    return err;
}

/* ---- published ---- */

/* As published: the stored decimals without the zeros that only the column's scale adds. */
static void plain_value(fd_figure *f, const fd_column *column)
{
    size_t n;

    fd_quot_format(f->number.exact, column->scale, FD_ROUND_HALF_EVEN, f->value, sizeof f->value);
    n = strlen(f->value);
    if (!strchr(f->value, '.'))
        return;
    while (f->value[n - 1] == '0')
        n--;
    f->value[f->value[n - 1] == '.' ? n - 1 : n] = '\0';
}

/* One subject's published figure; has_value stays false when there is none. */
static int published_at(fd_figure *out, fd_city *city, const char *kind, size_t index,
                        const char *id, fd_period period, fd_lang lang, fd_origin *origin)
{
    fd_source *source = city->source;
    fd_column *column = NULL;
    const fd_frame *frame;
    int err;

    out->period = period;
    fd_period_title(period, lang, out->period_title, sizeof out->period_title);
    if ((err = source->ops->frame(source, kind, &frame)) < 0 || index >= frame->n ||
        (err = source->ops->column(source, kind, id, period, FD_PUBLISHED, &column)) < 0)
        return err;
    out->number = fd_column_number(column, index);
    out->has_value = out->number.state == FD_HAS || out->number.state == FD_DOUBT;
    if (out->has_value && !out->number.is_estimate) {
        plain_value(out, column);
        snprintf(out->unit, sizeof out->unit, "%s", column->unit);
        if (source->ops->origin(source, kind, id, period, FD_PUBLISHED, frame->ids[index],
                                origin) >= 0) {
            out->source = origin->basis_of_law;
            snprintf(out->marks, sizeof out->marks, "%s", origin->marks ? origin->marks : "");
        } else {
            fd_error_clear();
        }
    }
    fd_column_unref(column);
    return 0;
}

int fd_figure_published(fd_figure *out, fd_city *city, const char *id, fd_period period,
                        fd_lang lang)
{
    fd_origin origin = { 0 };

    memset(out, 0, sizeof *out);
    if (period == FD_PERIOD_NONE)
        period = fd_latest_period(city->source, id, FD_PUBLISHED, (fd_period_kind)0);
    return period == FD_PERIOD_NONE ? 0
                                    : published_at(out, city, "city", 0, id, period, lang, &origin);
}

static int add_published(fd_table *t, fd_city *city, const char *kind, const char *id,
                         fd_period period, fd_lang lang)
{
    const fd_item *item = fd_program_item(city->program, id);
    const fd_indicator *indicator = item ? NULL : fd_program_indicator(city->program, id);
    const char *name = item ? item->name : indicator ? indicator->name : id;
    const fd_frame *frame;
    int err = city->source->ops->frame(city->source, kind, &frame);

    for (size_t i = 0; err >= 0 && i < frame->n; i++) {
        fd_origin origin = { 0 };
        fd_figure f = { 0 };
        size_t row;

        if ((err = published_at(&f, city, kind, i, id, period, lang, &origin)) < 0 || !f.has_value)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, id);
        fd_column_set_text(t->columns[1], row, name);
        fd_column_set_text(t->columns[2], row, f.period_title);
        fd_column_set_text(t->columns[3], row, frame->names[i] ? frame->names[i] : "");
        fd_column_set_text(t->columns[4], row, f.value);
        fd_column_set_text(t->columns[5], row, f.unit);
        fd_column_set_text(t->columns[6], row, f.marks);
        fd_column_set_text(t->columns[7], row, f.source ? f.source : "");
        fd_column_set_text(t->columns[8], row, origin.file ? origin.file : "");
        if (origin.row > 0)
            fd_column_set_dec(t->columns[9], row, origin.row);
    }
    return err < 0 ? err : 0;
}

int fd_figures_published(fd_table **out, fd_city *city, const char *id, fd_lang lang)
{
    static const char *const columns[][3] = {
        { "id", "别名", "Id" },         { "name", "名称", "Name" },
        { "period", "期间", "Period" }, { "place", "范围", "Place" },
        { "value", "值", "Value" },     { "unit", "单位", "Unit" },
        { "marks", "标记", "Marks" },   { "source", "出处", "Source" },
        { "file", "文件", "File" }
    };
    fd_table *t = fd_table_new("published", "公开数字", "Published figures"), *items = NULL;
    int err, c_item, c_kind, c_period, c_basis;

    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        fd_table_add_new(t, columns[c][0], columns[c][1], columns[c][2], FD_TEXT, "", 0);
    fd_table_add_new(t, "row", "行", "Row", FD_DEC, "", 0);
    if ((err = fd_reader_items(city->reader, &items)) < 0)
        goto done;
    c_item = fd_table_find(items, "item");
    c_kind = fd_table_find(items, "kind");
    c_period = fd_table_find(items, "period");
    c_basis = fd_table_find(items, "basis");
    for (size_t i = 0; i < items->rows && err >= 0; i++) {
        const char *item = fd_column_text(items->columns[c_item], i);

        if (strcmp(fd_column_text(items->columns[c_basis], i), "published") == 0 &&
            (!id || strcmp(item, id) == 0))
            err = add_published(t, city, fd_column_text(items->columns[c_kind], i), item,
                                items->columns[c_period]->v.day[i], lang);
    }
done:
    fd_table_free(items);
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    return err < 0 ? err : 0;
}
