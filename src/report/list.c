/*
 * Lists: 名单 NAME KIND words.  What the kinds share, and the table of kinds.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/internal.h"

static const struct {
    const char *kind;
    int (*make)(fd_composer *m, fd_list *list, const fd_list_words *w);
} kinds[] = {
    { "拉动", fd_report__list_growth },     { "分项", fd_report__list_parts },
    { "指标", fd_report__list_indicators }, { "逐期", fd_report__list_series },
    { "分组", fd_report__list_groups },     { "项目", fd_report__list_projects },
    { "缺报", fd_report__list_late },       { "记录", fd_report__list_records },
    { "变动", fd_report__list_changes },    { "状态变动", fd_report__list_states },
    { "档案", fd_report__list_profile },    { "逐月", fd_report__list_months },
    { "事项", fd_report__list_matters },    { "追问", fd_report__list_questions },
    { "推算", fd_report__list_engine },
};

fd_view fd_report__option(const fd_list_words *w, const char *keyword)
{
    for (size_t i = 0; i + 1 < w->count; i++)
        if (fd_view_is(w->words[i], keyword))
            return w->words[i + 1];
    return (fd_view){ "", 0 };
}

bool fd_report__has_word(const fd_list_words *w, const char *word)
{
    for (size_t i = 0; i < w->count; i++)
        if (fd_view_is(w->words[i], word))
            return true;
    return false;
}

const char *fd_report__copy(fd_composer *m, fd_view text)
{
    return fd_arena_strndup(m->arena, text.ptr ? text.ptr : "", text.len);
}

fd_docx_span fd_report__plain(fd_composer *m, const char *text)
{
    fd_docx_span span = { text ? fd_arena_strdup(m->arena, text) : "", NULL, NULL, 0 };

    return span;
}

void fd_report__column(fd_list *list, const char *title, double weight, fd_docx_align align)
{
    fd_list_column column = { title, weight, align };

    fd_vec_push(&list->columns, column);
}

void fd_report__note(fd_list *list, const char *text)
{
    for (size_t i = 0; i < list->notes.count; i++)
        if (strcmp(list->notes.items[i], text) == 0)
            return;
    fd_vec_push(&list->notes, text);
}

fd_docx_span *fd_report__row(fd_composer *m, fd_list *list, const char *name, const fd_value *value)
{
    fd_docx_span *cells = fd_arena_alloc(m->arena, (list->columns.count + 1) * sizeof *cells);
    fd_list_row row = { name ? fd_arena_strdup(m->arena, name) : "", { 0 }, cells };

    for (size_t i = 0; i < list->columns.count; i++)
        cells[i].text = "";
    if (value)
        row.value = *value;
    else
        row.value.state = FD_MISSING;
    fd_vec_push(&list->rows, row);
    return cells;
}

fd_list *fd_report__find_list(const fd_composer *m, fd_view name)
{
    for (size_t i = 0; i < m->lists.count; i++)
        if (fd_view_is(name, m->lists.items[i]->name))
            return m->lists.items[i];
    return NULL;
}

/* Words at blanks; what stands in 「」 is one word, without the brackets. */
static void cut(fd_list_words *w, fd_view text)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    const size_t bracket = strlen("「");

    w->count = 0;
    while (at < end && w->count < sizeof w->words / sizeof *w->words) {
        const char *from, *to;

        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        if (at >= end)
            break;
        from = to = at;
        if ((size_t)(end - at) > bracket && memcmp(at, "「", bracket) == 0) {
            from = at + bracket;
            to = memmem(from, (size_t)(end - from), "」", bracket);
            if (!to)
                to = end;
            at = to < end ? to + bracket : end;
        } else {
            while (at < end && *at != ' ' && *at != '\t')
                at++;
            to = at;
        }
        w->words[w->count++] = (fd_view){ from, (size_t)(to - from) };
    }
}

int fd_report__list(fd_composer *m, const char *name, fd_view description)
{
    fd_list *list = fd_arena_alloc(m->arena, sizeof *list);
    fd_list_words words;

    list->name = name;
    list->chart_unit = "";
    list->chart_digits = 1;
    list->total = NAN;
    fd_vec_push(&m->lists, list);
    cut(&words, description);
    for (size_t i = 0; words.count && i < sizeof kinds / sizeof *kinds; i++)
        if (fd_view_is(words.words[0], kinds[i].kind))
            return kinds[i].make(m, list, &words);
    return fd_error_set(FD_EPARSE, "没有这种名单:%.*s", "no such kind of list: %.*s",
                        words.count ? (int)words.words[0].len : 0,
                        words.count ? words.words[0].ptr : "");
}
