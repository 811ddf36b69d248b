#include "app/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/chains.h"
#include "app/figure.h"
#include "app/policy_desk.h"
#include "app/subjects.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"

/* NEED_FACTS: a published figure is all there is. */
typedef enum need_state { NEED_ABSENT, NEED_DECLARED, NEED_FACTS, NEED_MET } need_state;

/* What the needs of one row come to. */
typedef struct needs {
    size_t absent, declared, met;
    size_t published, own; /* by published figures only, by data or records of the city */
    size_t computed;       /* of `own`: figures computed, registers with records */
    char shown[160];       /* the command that lists the first register with records, or "" */
} needs;

/* Needs are cut at blanks, so a verb of two words is written with '_': paper_firm. */
static need_state verb_state(const char *name)
{
    char words[128];
    need_state state;

    snprintf(words, sizeof words, "%s", name);
    for (char *c = words; *c; c++)
        if (*c == '_')
            *c = ' ';
    state = fd_verb_find(name) || fd_verb_find(words) ? NEED_MET : NEED_ABSENT;
    fd_error_clear();
    return state;
}

static need_state item_state(fd_city *city, const char *id)
{
    static const fd_basis bases[] = { FD_CURRENT, FD_VERIFIED };
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
    return fd_latest_period(city->source, id, FD_PUBLISHED, (fd_period_kind)0) == FD_PERIOD_NONE
               ? NEED_DECLARED
               : NEED_FACTS;
}

static bool row_speaks_of(const fd_table *t, size_t row, const char *text)
{
    for (size_t c = 0; c < t->column_count; c++)
        if (t->columns[c]->kind == FD_TEXT && fd_column_text(t->columns[c], row) &&
            strstr(fd_column_text(t->columns[c], row), text))
            return true;
    return false;
}

/* Records of a type; "promise~康复" are those that speak of 康复. */
static need_state record_state(fd_city *city, char *id, size_t *count)
{
    const fd_record_type *type;
    char *about = strchr(id, '~');
    fd_table *t = NULL;

    *count = 0;
    if (about)
        *about++ = '\0';
    if (!(type = fd_program_record(city->program, id)))
        return NEED_ABSENT;
    if (city->source->ops->records(city->source, type->id, FD_DATE_MAX, &t) < 0)
        fd_error_clear();
    for (size_t r = 0; t && r < t->rows; r++)
        *count += !about || row_speaks_of(t, r, about);
    fd_table_free(t);
    return *count ? NEED_MET : NEED_DECLARED;
}

/* 13.9 %(2024年), marked when it is the published one. */
static void put_figure(fd_buf *out, const fd_figure *f, bool published)
{
    if (!out->len)
        fd_buf_printf(out, "%s%s%s%s(%s)", f->value, strcmp(f->unit, "%") == 0 ? "" : " ", f->unit,
                      published ? "【公】" : "", f->period_title);
}

static need_state published_state(fd_city *city, const char *id, fd_lang lang, fd_buf *figure)
{
    fd_figure f;

    if (fd_figure_published(&f, city, id, FD_PERIOD_NONE, lang) < 0)
        fd_error_clear();
    if (!f.has_value)
        return NEED_DECLARED;
    put_figure(figure, &f, true);
    return NEED_FACTS;
}

static need_state indicator_state(fd_city *city, const fd_indicator *indicator, fd_lang lang,
                                  fd_buf *figure)
{
    fd_figure f;

    if (!indicator)
        return NEED_ABSENT;
    if (fd_figure_latest(&f, city, indicator, lang) < 0) {
        fd_error_clear();
        f.has_value = false;
    }
    if (!f.has_value)
        return published_state(city, indicator->id, lang, figure);
    put_figure(figure, &f, false);
    return NEED_MET;
}

/* A declared chain: computed when an enterprise stands on one of its nodes; the figure is how
 * complete it is. "chain:*" is any of them. */
static need_state chain_state(fd_city *city, const char *code, fd_lang lang, fd_buf *figure)
{
    static const fd_verb none = { .name = "trace" };
    fd_call call = { .verb = &none, .city = city };
    fd_chains *chains = NULL;
    fd_table *t = NULL;
    need_state state = NEED_ABSENT;
    double best = -1;

    if (fd_city_chains(&chains, &call) < 0 || fd_chains_indices(&t, chains) < 0)
        fd_error_clear();
    for (size_t r = 0; t && r < t->rows; r++) {
        const fd_number n = fd_column_number(t->columns[fd_table_find(t, "completeness")], r),
                        occupied = fd_column_number(t->columns[fd_table_find(t, "occupied")], r);

        if (strcmp(code, "*") != 0 && strcmp(code, fd_column_text_or(t->columns[0], r, "")) != 0)
            continue;
        if (state < NEED_DECLARED)
            state = NEED_DECLARED;
        if (n.state != FD_HAS || !(fd_number_to_double(occupied) > 0))
            continue;
        state = NEED_MET;
        if (fd_number_to_double(n) > best)
            best = fd_number_to_double(n);
    }
    if (best >= 0 && !figure->len)
        fd_buf_printf(figure, lang == FD_ZH ? "完整性 %s%.1f%%" : "completeness %s%.1f %%",
                      strcmp(code, "*") == 0 ? lang == FD_ZH ? "最高 " : "up to " : "", best);
    fd_table_free(t);
    fd_chains_free(chains);
    return state;
}

/* Policies over the city's enterprises: computed when one of them has an answer that missing
 * figures cannot change. The figure: enterprises that meet a policy, and policies in force. */
static need_state policies_state(fd_city *city, fd_lang lang, fd_buf *figure)
{
    fd_call call = {
        .verb = fd_verb_find("policy check"), .city = city, .lang = lang, .arena = fd_arena_new()
    };
    fd_policy_desk desk = { 0 };
    const fd_policy_slot *slots;
    size_t count = 0, meets = 0, decided = 0, rows = 0;
    need_state state = NEED_ABSENT;

    call.values = fd_arena_alloc(call.arena, (call.verb->param_count + 1) *
                                                 sizeof *call.values); /* none given */
    if (fd_policy_desk_open(&desk, &call) >= 0 && fd_policy_desk_run(&desk, NULL) >= 0) {
        slots = fd_policy_set_slots(desk.set, &count);
        rows = fd_policy_set_frame(desk.set)->n;
        state = count ? NEED_DECLARED : NEED_ABSENT;
        for (size_t row = 0; row < rows; row++) {
            bool met = false;

            for (size_t i = 0; i < count; i++) {
                const fd_outcome outcome = fd_policy_result(desk.set, &slots[i], row);

                met = met || outcome == FD_MEETS;
                decided += outcome == FD_MEETS || outcome == FD_FAILS;
            }
            meets += met;
        }
    }
    if (decided) {
        state = NEED_MET;
        if (!figure->len)
            fd_buf_printf(figure,
                          lang == FD_ZH ? "%zu 家符合(%zu 项)" : "%zu firms meet (%zu policies)",
                          meets, count);
    }
    fd_policy_desk_close(&desk);
    fd_arena_free(call.arena);
    fd_error_clear();
    return state;
}

/* One need added to those of its row; the first figure found is the row's. */
static void add_need(needs *n, const fd_call *call, fd_view text, const char *command,
                     fd_buf *figure)
{
    fd_city *city = call->city;
    const fd_lang lang = call->lang;
    char id[128];
    ptrdiff_t colon = fd_view_find(text, ":");
    fd_view kind = { text.ptr, colon < 0 ? 0 : (size_t)colon };
    need_state state = NEED_ABSENT;
    bool counts = true; /* as facts: verbs and classes are no data */

    snprintf(id, sizeof id, "%.*s", (int)(text.len - (size_t)(colon + 1)), text.ptr + colon + 1);
    if (fd_view_is(kind, "verb")) {
        state = verb_state(id);
        counts = false;
    } else if (fd_view_is(kind, "class")) {
        state = fd_program_class(city->program, id) ? NEED_MET : NEED_ABSENT;
        counts = false;
    } else if (fd_view_is(kind, "item")) {
        state = item_state(city, id);
        if (state > NEED_DECLARED)
            (void)published_state(city, id, lang, figure);
    } else if (fd_view_is(kind, "record")) {
        size_t count;

        state = record_state(city, id, &count);
        n->computed += count > 0;
        if (count && !n->shown[0])
            snprintf(n->shown, sizeof n->shown, "records %s", id);
        if (count && !figure->len)
            fd_buf_printf(figure, lang == FD_ZH ? "%zu 条" : "%zu records", count);
    } else if (fd_view_is(kind, "chain")) {
        state = chain_state(city, id, lang, figure);
        n->computed += state == NEED_MET;
    } else if (fd_view_is(kind, "policies")) {
        state = policies_state(city, lang, figure);
        n->computed += state == NEED_MET;
    } else if (fd_view_is(kind, "answer")) {
        state = fd_trace__answer(figure, call, command, id) ? NEED_MET : NEED_DECLARED;
        n->computed += state == NEED_MET;
    } else if (fd_view_is(kind, "indicator")) {
        state = indicator_state(city, fd_program_indicator(city->program, id), lang, figure);
        n->computed += state == NEED_MET;
    } else if (fd_view_is(kind, "target")) {
        const fd_target *target = fd_program_target(city->program, id);

        state = target ? indicator_state(city, target->indicator, lang, figure) : NEED_ABSENT;
        n->computed += state == NEED_MET;
    }
    n->absent += state == NEED_ABSENT;
    n->declared += state == NEED_DECLARED && counts;
    n->published += state == NEED_FACTS;
    n->own += state == NEED_MET && counts;
    n->met += state == NEED_MET;
}

enum { COMPUTED, DATA, TEMPLATE, NOT_YET, STATES };

static const char *const state_names[STATES][2] = { { "●算出", "● computed" },
                                                    { "◐有数据", "◐ has data" },
                                                    { "○模板", "○ template" },
                                                    { "·未做", "· not yet" } };

static int state_of(const needs *n, size_t count)
{
    if (count && n->met == count && n->computed)
        return COMPUTED;
    /* A method that is there and waits for the city's file is a template, too. */
    return n->own || n->published                      ? DATA
           : n->declared || (count && n->met == count) ? TEMPLATE
                                                       : NOT_YET;
}

/* The verb of a command is its first word, or its first two. */
static bool verb_exists(fd_view command)
{
    char name[128];

    for (size_t end = 0, words = 0; end <= command.len && words < 2; end++) {
        if (end < command.len && command.ptr[end] != ' ')
            continue;
        words++;
        snprintf(name, sizeof name, "%.*s", (int)end, command.ptr);
        if (verb_state(name) == NEED_MET)
            return true;
    }
    return false;
}

/* The command that shows something in this city: the row's own when there is data of the city's,
 * the list of published figures when these are all there is, a register or list even when it is
 * empty. */
static fd_view command_of(int state, const needs *n, fd_view own)
{
    const fd_view none = { "", 0 };

    if (state == NOT_YET)
        return none;
    if (!verb_exists(own)) /* the row's own verb is to come: its register can be read already */
        return fd_view_of(n->shown);
    if (state == TEMPLATE)
        return fd_view_starts(own, "records ") || fd_view_starts(own, "show ") ? own : none;
    return n->own ? own : fd_view_of("show figures");
}

/* ●算出 14:A8、A13 … ; of the last two states the number alone. */
static void add_counts(fd_table *t, const int *states)
{
    for (int state = 0; state < STATES; state++) {
        fd_buf zh = FD_BUF_INIT, en = FD_BUF_INIT;
        size_t count = 0;

        for (size_t r = 0; r < t->rows; r++)
            count += states[r] == state;
        fd_buf_printf(&zh, "%s %zu 件", state_names[state][FD_ZH], count);
        fd_buf_printf(&en, "%s: %zu", state_names[state][FD_EN], count);
        for (size_t r = 0, k = 0; state <= DATA && r < t->rows; r++)
            if (states[r] == state) {
                const char *id = fd_column_text(t->columns[0], r);

                fd_buf_printf(&zh, "%s%s", k ? " " : ":", id);
                fd_buf_printf(&en, "%s%s", k++ ? " " : ": ", id);
            }
        fd_table_add_note(t, fd_buf_text(&zh), fd_buf_text(&en));
        fd_buf_dispose(&zh);
        fd_buf_dispose(&en);
    }
}

static void set_view(fd_column *column, size_t row, fd_view text)
{
    fd_buf out = FD_BUF_INIT;

    fd_buf_view(&out, text);
    fd_column_set_text(column, row, fd_buf_text(&out));
    fd_buf_dispose(&out);
}

/* One line of trace.csv. @return its state */
static int add_row(fd_table *t, const fd_call *call, const fd_row *row)
{
    const fd_lang lang = call->lang;
    fd_view rest = row->cells[5].text, command = row->cells[6].text, part;
    fd_buf figure = FD_BUF_INIT, line = FD_BUF_INIT;
    needs n = { 0 };
    size_t count = 0, r = fd_table_add_row(t);
    int state;

    fd_buf_view(&line, command);
    for (; fd_view_split(&rest, ' ', &part); count++)
        add_need(&n, call, part, fd_buf_text(&line), &figure);
    fd_buf_clear(&line);
    state = state_of(&n, count);
    for (size_t k = 0; k < 3; k++)
        set_view(t->columns[k], r, row->cells[k].text);
    set_view(t->columns[3], r, row->cells[lang == FD_ZH ? 3 : 4].text);
    fd_column_set_text(t->columns[4], r, state_names[state][lang]);
    if (figure.len)
        fd_column_set_text(t->columns[5], r, fd_buf_text(&figure));
    command = command_of(state, &n, command);
    if (command.len) {
        fd_buf_puts(&line, "fangding ");
        fd_buf_view(&line, command);
        fd_column_set_text(t->columns[6], r, fd_buf_text(&line));
    }
    fd_buf_dispose(&figure);
    fd_buf_dispose(&line);
    return state;
}

int fd_trace(fd_table **out, const fd_call *call)
{
    static const char *const columns[][3] = { { "id", "编号", "Id" },
                                              { "group", "部分", "Part" },
                                              { "phrase", "原文", "Phrase" },
                                              { "title", "要做的事", "What must work" },
                                              { "state", "状态", "State" },
                                              { "figure", "数", "Figure" },
                                              { "command", "看它的命令", "Command" } };
    fd_table *t = fd_table_new("trace", "文章 105 件事", "The article's 105 things");
    fd_vec(int) states = { 0 };
    fd_rows *rows = NULL;
    const fd_row *row;
    int err;

    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        fd_table_add_new(t, columns[c][0], columns[c][1], columns[c][2], FD_TEXT, "", 0);
    if ((err = fd_asset_rows(&rows, "definitions/trace.csv")) < 0)
        goto done;
    while ((err = fd_rows_next(rows, &row)) > 0)
        if (row->count >= 7)
            fd_vec_push(&states, add_row(t, call, row));
    add_counts(t, states.items);
done:
    fd_rows_close(rows);
    fd_vec_dispose(&states);
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    return err < 0 ? err : 0;
}

static void put_cell(fd_buf *out, const fd_table *t, size_t column, size_t row, size_t width)
{
    const char *text = fd_column_text(t->columns[column], row);
    size_t columns = fd_utf8_columns(fd_view_of(text ? text : ""));

    fd_buf_puts(out, text ? text : "");
    fd_buf_repeat(out, " ", columns < width ? width - columns : 1);
}

char *fd_trace_screen(const fd_table *t, fd_lang lang)
{
    fd_buf out = FD_BUF_INIT;
    const char *part = "";

    for (size_t r = 0; r < t->rows; r++) {
        const char *own = fd_column_text(t->columns[1], r);
        const char *command = fd_column_text(t->columns[6], r);

        if (strcmp(own, part) != 0)
            fd_buf_printf(&out, "%s\n", own);
        part = own;
        fd_buf_puts(&out, "  ");
        put_cell(&out, t, 4, r, lang == FD_ZH ? 9 : 12);
        put_cell(&out, t, 0, r, 5);
        put_cell(&out, t, 3, r, lang == FD_ZH ? 46 : 70);
        if (command || fd_column_text(t->columns[5], r)) {
            put_cell(&out, t, 5, r, 28);
            fd_buf_puts(&out, command ? command : "");
        }
        while (out.len && out.ptr[out.len - 1] == ' ')
            out.len--;
        fd_buf_putc(&out, '\n');
    }
    for (size_t i = 0; i < t->note_count; i++)
        fd_buf_printf(&out, "%s\n", t->notes[lang][i]);
    return fd_buf_take(&out);
}
