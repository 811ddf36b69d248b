#include "app/trace.h"

#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/figure.h"
#include "app/subjects.h"
#include "base/str.h"

typedef enum need_state { NEED_ABSENT, NEED_DECLARED, NEED_MET } need_state;

static need_state verb_state(const char *name)
{
    need_state state = fd_verb_find(name) ? NEED_MET : NEED_ABSENT;

    fd_error_clear();
    return state;
}

static need_state item_state(fd_city *city, const char *id)
{
    static const fd_basis bases[] = { FD_CURRENT, FD_VERIFIED, FD_PUBLISHED };
    const fd_item *item = fd_program_item(city->program, id);
    const char *attribute;

    if (!item)
        return NEED_ABSENT;
    attribute = item->nature == FD_ATTRIBUTE ? item->id : NULL;
    if (attribute) {
        const fd_frame *frame;
        fd_column *column = NULL;
        need_state state = NEED_DECLARED;

        if (city->source->ops->frame(city->source, item->kind, &frame) < 0 || frame->n == 0 ||
            city->source->ops->attribute(city->source, item->kind, attribute, FD_DATE_MAX,
                                         &column) < 0)
            return NEED_DECLARED;
        for (size_t i = 0; i < column->n && state != NEED_MET; i++)
            if (fd_column_state(column, i) == FD_HAS)
                state = NEED_MET;
        fd_column_unref(column);
        return state;
    }
    for (size_t b = 0; b < sizeof bases / sizeof *bases; b++)
        if (fd_latest_period(city->source, id, bases[b], (fd_period_kind)0) != FD_PERIOD_NONE)
            return NEED_MET;
    return NEED_DECLARED;
}

static need_state record_state(fd_city *city, const char *id, size_t *count)
{
    const fd_record_type *type = fd_program_record(city->program, id);
    fd_table *t = NULL;

    *count = 0;
    if (!type)
        return NEED_ABSENT;
    if (city->source->ops->records(city->source, type->id, FD_DATE_MAX, &t) >= 0 && t)
        *count = t->rows;
    fd_table_free(t);
    return *count ? NEED_MET : NEED_DECLARED;
}

/* The state of one need; a figure is written when the need has one and none was written before. */
static need_state need(fd_city *city, fd_lang lang, fd_view text, fd_buf *figure)
{
    char id[128];
    ptrdiff_t colon = fd_view_find(text, ":");
    fd_view kind = { text.ptr, colon < 0 ? 0 : (size_t)colon };
    need_state state = NEED_ABSENT;
    size_t count;

    snprintf(id, sizeof id, "%.*s", (int)(text.len - (size_t)(colon + 1)), text.ptr + colon + 1);
    if (fd_view_is(kind, "verb"))
        return verb_state(id);
    if (fd_view_is(kind, "class"))
        return fd_program_class(city->program, id) ? NEED_MET : NEED_ABSENT;
    if (fd_view_is(kind, "item"))
        return item_state(city, id);
    if (fd_view_is(kind, "record")) {
        state = record_state(city, id, &count);
        if (count && !figure->len)
            fd_buf_printf(figure, lang == FD_ZH ? "%zu 条" : "%zu records", count);
        return state;
    }
    if (fd_view_is(kind, "indicator") || fd_view_is(kind, "target")) {
        fd_figure f;

        if (fd_view_is(kind, "target")) {
            const fd_target *target = fd_program_target(city->program, id);

            if (!target)
                return NEED_ABSENT;
            fd_figure_latest(&f, city, target->indicator, lang);
        } else {
            const fd_indicator *indicator = fd_program_indicator(city->program, id);

            if (!indicator)
                return NEED_ABSENT;
            fd_figure_latest(&f, city, indicator, lang);
        }
        if (!f.has_value)
            return NEED_DECLARED;
        if (!figure->len)
            fd_buf_printf(figure, "%s %s (%s)", f.value, f.unit, f.period_title);
        return NEED_MET;
    }
    return NEED_ABSENT;
}

static const char *state_name(size_t absent, size_t declared, size_t met_facts, fd_lang lang)
{
    static const char *const names[4][2] = { { "●算出", "computed" },
                                             { "◐有数据", "has data" },
                                             { "○模板", "template" },
                                             { "·未做", "not yet" } };

    if (!absent && !declared)
        return names[0][lang];
    if (met_facts)
        return names[1][lang];
    return names[absent ? 3 : 2][lang];
}

int fd_trace(fd_table **out, fd_city *city, fd_lang lang)
{
    fd_table *t = fd_table_new("trace", "文章 105 件事", "The article's 105 things");
    fd_column *c[7];
    fd_rows *rows = NULL;
    const fd_row *row;
    int err;

    c[0] = fd_table_add_new(t, "id", "编号", "Id", FD_TEXT, "", 0);
    c[1] = fd_table_add_new(t, "group", "部分", "Part", FD_TEXT, "", 0);
    c[2] = fd_table_add_new(t, "phrase", "原文", "Phrase", FD_TEXT, "", 0);
    c[3] = fd_table_add_new(t, "title", "要做的事", "What must work", FD_TEXT, "", 0);
    c[4] = fd_table_add_new(t, "state", "状态", "State", FD_TEXT, "", 0);
    c[5] = fd_table_add_new(t, "figure", "数", "Figure", FD_TEXT, "", 0);
    c[6] = fd_table_add_new(t, "command", "看它的命令", "Command", FD_TEXT, "", 0);
    if ((err = fd_asset_rows(&rows, "definitions/trace.csv")) < 0)
        goto done;
    while ((err = fd_rows_next(rows, &row)) > 0) {
        size_t absent = 0, declared = 0, met_facts = 0, r;
        fd_buf figure = FD_BUF_INIT, command = FD_BUF_INIT;
        fd_view rest, part;

        if (row->count < 7)
            continue;
        for (rest = row->cells[5].text; fd_view_split(&rest, ' ', &part);) {
            need_state state = need(city, lang, part, &figure);

            absent += state == NEED_ABSENT;
            declared += state == NEED_DECLARED;
            met_facts += state == NEED_MET && !fd_view_starts(part, "verb:") &&
                         !fd_view_starts(part, "class:");
        }
        r = fd_table_add_row(t);
        for (int k = 0; k < 3; k++) {
            fd_buf_clear(&command);
            fd_buf_view(&command, row->cells[k].text);
            fd_column_set_text(c[k], r, fd_buf_text(&command));
        }
        fd_buf_clear(&command);
        fd_buf_view(&command, row->cells[lang == FD_ZH ? 3 : 4].text);
        fd_column_set_text(c[3], r, fd_buf_text(&command));
        fd_column_set_text(c[4], r, state_name(absent, declared, met_facts, lang));
        if (figure.len)
            fd_column_set_text(c[5], r, fd_buf_text(&figure));
        fd_buf_clear(&command);
        if (!absent || met_facts) {
            fd_buf_puts(&command, "fangding ");
            fd_buf_view(&command, row->cells[6].text);
            fd_column_set_text(c[6], r, fd_buf_text(&command));
        }
        fd_buf_dispose(&figure);
        fd_buf_dispose(&command);
    }
done:
    fd_rows_close(rows);
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    return err < 0 ? err : 0;
}
