/*
 * One cell of what a command answers, as the figure of a row of the trace.
 */
#include <stdio.h>
#include <string.h>

#include "app/line.h"
#include "app/trace.h"

/* "score[max]@county+year", cut into its parts; which and labels are "" when not given. */
typedef struct spec {
    const char *column, *which, *labels;
} spec;

static spec parse(fd_arena *arena, const char *text)
{
    char *column = fd_arena_strdup(arena, text), *at = strchr(column, '@');
    char *open = strchr(column, '['), *close = open ? strchr(open, ']') : NULL;
    spec s = { column, close ? open + 1 : "", at ? at + 1 : "" };

    if (at)
        *at = '\0';
    if (close)
        *open = *close = '\0';
    return s;
}

static const fd_column *column_of(const fd_table *t, const char *id)
{
    const int at = fd_table_find(t, id);

    return at < 0 ? NULL : t->columns[at];
}

/* Is the cell's text, as a screen shows it, the one wanted? */
static bool cell_is(const fd_column *c, size_t row, const char *wanted)
{
    char text[256];

    (void)fd_column_format(c, row, FD_ZH, text, sizeof text);
    return strcmp(text, wanted) == 0;
}

/* The row that is asked for and has a value; SIZE_MAX: none. */
static size_t row_of(fd_arena *arena, const fd_table *t, const fd_column *c, const char *which)
{
    const char *equals = strchr(which, '=');
    const fd_column *key =
        equals ? column_of(t, fd_arena_strndup(arena, which, (size_t)(equals - which))) : NULL;
    const int sign = strcmp(which, "min") == 0 ? -1 : strcmp(which, "max") == 0 ? 1 : 0;
    size_t found = SIZE_MAX;
    double best = 0;

    for (size_t r = 0; r < t->rows; r++) {
        double value = 0;

        if (fd_column_state(c, r) != FD_HAS || (equals && (!key || !cell_is(key, r, equals + 1))))
            continue;
        if (!sign)
            return r;
        value = sign * fd_number_to_double(fd_column_number(c, r));
        if (found == SIZE_MAX || value > best) {
            found = r;
            best = value;
        }
    }
    return found;
}

/* 0.791(洹东区,2024) */
static void put(fd_buf *out, const fd_table *t, const fd_column *c, size_t row, const char *labels,
                fd_lang lang)
{
    fd_view rest = fd_view_of(labels), part;
    char text[512];
    size_t count = 0;

    (void)fd_column_format(c, row, lang, text, sizeof text);
    if (c->kind == FD_TEXT)
        text[strcspn(text, "(")] = '\0'; /* what stands in brackets explains the figure */
    fd_buf_printf(out, "%s%s%s", text, *c->unit && strcmp(c->unit, "%") != 0 ? " " : "", c->unit);
    while (fd_view_split(&rest, '+', &part)) {
        char id[64];
        const fd_column *label;

        snprintf(id, sizeof id, "%.*s", (int)part.len, part.ptr);
        if (!(label = column_of(t, id)))
            continue;
        (void)fd_column_format(label, row, lang, text, sizeof text);
        fd_buf_printf(out, "%s%s", count++ ? "," : "(", text);
    }
    if (count)
        fd_buf_putc(out, ')');
}

bool fd_trace__answer(fd_buf *figure, const fd_call *caller, const char *command, const char *text)
{
    fd_call call = *caller;
    fd_result result = { 0 };
    bool found = false;
    spec s;

    call.arena = fd_arena_new();
    call.audit = NULL; /* one figure of a region names no enterprise */
    s = parse(call.arena, text);
    if (fd_call_line(&call, command) >= 0 && call.verb->effect == FD_READ &&
        (!call.scope || fd_role_may(call.role, call.verb)) && fd_call_check(&call) >= 0 &&
        call.verb->run(&call, &result) >= 0)
        for (size_t k = 0; k < result.table_count && !found; k++) {
            const fd_table *t = result.tables[k];
            const fd_column *c = column_of(t, s.column);
            const size_t row = c ? row_of(call.arena, t, c, s.which) : SIZE_MAX;

            found = row != SIZE_MAX;
            if (found && !figure->len)
                put(figure, t, c, row, s.labels, call.lang);
        }
    fd_error_clear();
    fd_result_dispose(&result);
    fd_arena_free(call.arena);
    return found;
}
