/*
 * Columns as the evaluator reads them: fetched once, with block maxima, kept until trimmed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ding/eval/internal.h"

int fd_eval_new(fd_eval **out, const fd_program *program, fd_source *source, struct fd_pool *pool)
{
    fd_eval *e = fd_alloc(sizeof *e);

    e->program = program;
    e->source = source;
    e->pool = pool;
    e->index = fd_map_new();
    e->forms = fd_map_new();
    e->next_grouping = 1;
    *out = e;
    return 0;
}

static void forget_columns(fd_eval *e)
{
    for (size_t i = 0; i < e->columns.count; i++) {
        fd_column_unref(e->columns.items[i]->column);
        free(e->columns.items[i]->block_max);
        free(e->columns.items[i]);
    }
    e->columns.count = 0;
    e->bytes = 0;
    fd_map_free(e->index);
    e->index = fd_map_new();
}

static void forget_selections(fd_eval *e)
{
    for (size_t i = 0; i < e->selections.count; i++)
        fd_eval__selection_free(e->selections.items[i]);
    e->selections.count = 0;
}

void fd_eval_trim(fd_eval *e, size_t bytes)
{
    forget_selections(e);
    if (e->bytes > bytes)
        forget_columns(e);
}

void fd_eval_free(fd_eval *e)
{
    if (!e)
        return;
    forget_selections(e);
    forget_columns(e);
    fd_vec_dispose(&e->columns);
    fd_vec_dispose(&e->selections);
    fd_map_free(e->index);
    fd_map_free(e->forms);
    free(e);
}

int fd_eval__frame(fd_eval *e, const char *kind, const fd_frame **out)
{
    return e->source->ops->frame(e->source, kind, out);
}

const fd_eval_column *fd_eval__find(const fd_eval *e, const char *key)
{
    uint64_t at;

    return fd_map_get(e->index, fd_view_of(key), &at) ? e->columns.items[at] : NULL;
}

const char *fd_eval__item_id(fd_arena *arena, const fd_expr *name)
{
    const fd_item *item = name->target;

    return name->variant ? fd_arena_printf(arena, "%s:%s", item->id, name->variant) : item->id;
}

/* A row without a value must hold 0, for sums run over all rows. A source that leaves something
 * else there gets a clean copy made. */
static fd_column *cleaned(fd_column *c)
{
    bool clean = true;
    fd_column *copy;

    for (size_t i = 0; i < c->n && clean; i++)
        clean = c->v.dec[i] == 0 || fd_bits_get(c->has, i);
    if (clean)
        return c;
    copy = fd_column_new(c->id, FD_DEC, c->unit, c->scale, c->n);
    for (size_t i = 0; i < c->n; i++) {
        fd_state state = fd_column_state(c, i);

        if (state == FD_HAS || state == FD_DOUBT)
            fd_column_set_dec(copy, i, c->v.dec[i]);
        if (state != FD_HAS)
            fd_column_set_state(copy, i, state);
    }
    fd_column_unref(c);
    return copy;
}

static bool any_bit(const uint64_t *bits, size_t n)
{
    for (size_t w = 0; bits && w < FD_BITS_WORDS(n); w++)
        if (bits[w])
            return true;
    return false;
}

const fd_eval_column *fd_eval__keep(fd_eval *e, const char *key, const fd_frame *frame,
                                    fd_column *column)
{
    fd_eval_column *c = fd_alloc(sizeof *c);
    size_t blocks = (column->n + FD_BLOCK_ROWS - 1) / FD_BLOCK_ROWS;

    c->frame = frame;
    c->all_has = fd_bits_count(column->has, column->n) == column->n;
    if (column->kind == FD_DEC) {
        if (!c->all_has)
            column = cleaned(column);
        c->block_max = fd_alloc((blocks + 1) * sizeof *c->block_max);
        for (size_t b = 0; b < blocks; b++) {
            size_t start = b * FD_BLOCK_ROWS;
            size_t n = column->n - start < FD_BLOCK_ROWS ? column->n - start : FD_BLOCK_ROWS;

            c->block_max[b] = fd_kernel__max(column->v.dec + start, n);
        }
    }
    c->column = column;
    c->any = any_bit(column->has, column->n);
    c->any_doubt = any_bit(column->doubt, column->n);
    c->any_na = any_bit(column->na, column->n);
    e->bytes += column->n * 9 + 512;
    fd_map_set(e->index, fd_view_of(key), e->columns.count);
    fd_vec_push(&e->columns, c);
    return c;
}

static int wrong_length(const char *what)
{
    return fd_error_set(FD_ECONFLICT, "来源给的列「%s」和主体个数不一致",
                        "the source's column %s does not fit its frame", what);
}

int fd_eval__column(fd_eval *e, const char *kind, const char *item, fd_period period,
                    fd_basis basis, const fd_eval_column **out)
{
    fd_column *column = NULL;
    const fd_frame *frame;
    char key[256];
    int err;

    snprintf(key, sizeof key, "c|%s|%s|%d|%d", kind, item, (int)period, (int)basis);
    if ((*out = fd_eval__find(e, key)))
        return 0;
    if ((err = fd_eval__frame(e, kind, &frame)) < 0 ||
        (err = e->source->ops->column(e->source, kind, item, period, basis, &column)) < 0)
        return err;
    if (column->n != frame->n) {
        fd_column_unref(column);
        return wrong_length(item);
    }
    if (column->kind != FD_DEC) {
        fd_column_unref(column);
        return fd_error_set(FD_EINVAL, "「%s」不是数,不能计算", "%s is no number", item);
    }
    *out = fd_eval__keep(e, key, frame, column);
    return 0;
}

/* The first characters of the industry code, or the subject's own code. */
static int derived_attribute(fd_eval *e, const char *kind, const char *attribute, fd_date date,
                             fd_column **out)
{
    size_t digits = strcmp(attribute, "division") == 0 ? 2
                    : strcmp(attribute, "group") == 0  ? 3
                                                       : 0;
    const fd_eval_column *industry = NULL;
    const fd_frame *frame;
    fd_column *c;
    int err;

    if ((err = fd_eval__frame(e, kind, &frame)) < 0 ||
        (digits && (err = fd_eval__attribute(e, kind, "industry", date, &industry)) < 0))
        return err;
    c = fd_column_new(attribute, FD_TEXT, "", 0, frame->n);
    for (size_t i = 0; i < frame->n; i++) {
        const char *text = digits ? fd_column_text(industry->column, i) : frame->codes[i];
        char cut[8];

        if (!text)
            continue;
        if (digits) {
            snprintf(cut, sizeof cut, "%.*s", (int)digits, text);
            text = cut;
        }
        fd_column_set_text(c, i, text);
    }
    *out = c;
    return 0;
}

int fd_eval__attribute(fd_eval *e, const char *kind, const char *attribute, fd_date date,
                       const fd_eval_column **out)
{
    fd_column *column = NULL;
    const fd_frame *frame;
    char key[256];
    int err;

    snprintf(key, sizeof key, "a|%s|%s|%d", kind, attribute, (int)date);
    if ((*out = fd_eval__find(e, key)))
        return 0;
    if ((err = fd_eval__frame(e, kind, &frame)) < 0)
        return err;
    if (strcmp(attribute, "division") == 0 || strcmp(attribute, "group") == 0 ||
        strcmp(attribute, "code") == 0)
        err = derived_attribute(e, kind, attribute, date, &column);
    else
        err = e->source->ops->attribute(e->source, kind, attribute, date, &column);
    if (err < 0)
        return err;
    if (column->n != frame->n || (column->kind != FD_TEXT && column->kind != FD_CODE)) {
        fd_column_unref(column);
        return wrong_length(attribute);
    }
    *out = fd_eval__keep(e, key, frame, column);
    return 0;
}

int fd_eval__gathered(fd_eval *e, const char *frame_kind, const char *kind, const char *item,
                      fd_period period, fd_basis basis, const fd_eval_column **out)
{
    const fd_eval_column *own, *facts;
    const fd_frame *frame, *other;
    fd_map *rows = NULL;
    fd_column *c;
    char key[256];
    int err;

    snprintf(key, sizeof key, "g|%s|%s|%s|%d|%d", frame_kind, kind, item, (int)period, (int)basis);
    if ((*out = fd_eval__find(e, key)))
        return 0;
    if ((err = fd_eval__frame(e, frame_kind, &frame)) < 0 ||
        (err = fd_eval__frame(e, kind, &other)) < 0 ||
        (err = fd_eval__column(e, kind, item, period, basis, &facts)) < 0 ||
        (err = fd_eval__attribute(e, frame_kind, kind, fd_period_end(period), &own)) < 0)
        return err;
    /* Aggregates of counties and divisions are handed out by the bureau: when nothing stands under
     * the current basis, it stands under the verified one. */
    if (!facts->any && basis == FD_CURRENT &&
        (err = fd_eval__column(e, kind, item, period, FD_VERIFIED, &facts)) < 0)
        return err;
    rows = fd_map_new();
    for (size_t i = 0; i < other->n; i++)
        (void)fd_map_set(rows, fd_view_of(other->codes[i]), i);
    c = fd_column_new(item, FD_DEC, facts->column->unit, facts->column->scale, frame->n);
    for (size_t i = 0; i < frame->n; i++) {
        const char *code = fd_column_text(own->column, i);
        uint64_t at;
        fd_state state;

        if (!code || !fd_map_get(rows, fd_view_of(code), &at))
            continue;
        state = fd_column_state(facts->column, at);
        if (state == FD_HAS || state == FD_DOUBT)
            fd_column_set_dec(c, i, facts->column->v.dec[at]);
        if (state != FD_HAS)
            fd_column_set_state(c, i, state);
    }
    fd_map_free(rows);
    *out = fd_eval__keep(e, key, frame, c);
    return 0;
}

int fd_eval__parts(fd_eval_part **out, size_t *count, fd_arena *arena, const char *text)
{
    fd_view rest = fd_view_of(text), piece;
    fd_vec(fd_eval_part) parts = { 0 };
    int err = 0;

    if (!strchr(text, ':')) {
        *out = fd_arena_alloc(arena, sizeof **out);
        **out = (fd_eval_part){ fd_arena_strdup(arena, text), FD_WEIGHT_ONE };
        *count = 1;
        return 0;
    }
    while (fd_view_split(&rest, ';', &piece)) {
        fd_view code;
        int64_t weight;

        piece = fd_view_trim(piece);
        if (piece.len == 0)
            continue;
        if (!fd_view_split(&piece, ':', &code) ||
            (err = fd_decimal_parse_scaled(&weight, piece.ptr, piece.len, 6)) < 0 || weight < 0 ||
            weight > 1000000) {
            err = fd_error_set(FD_EPARSE,
                               "归属「%s」应写成 编号:比例;编号:比例,比例 0 到 1,最多六位小数",
                               "membership “%s” should read CODE:SHARE;CODE:SHARE with shares from "
                               "0 to 1 of at most six digits",
                               text);
            goto done;
        }
        code = fd_view_trim(code);
        if (weight > 0)
            fd_vec_push(&parts, ((fd_eval_part){ fd_arena_strndup(arena, code.ptr, code.len),
                                                 weight * (FD_WEIGHT_ONE / 1000000) }));
    }
    *out = fd_arena_alloc(arena, (parts.count + 1) * sizeof **out);
    if (parts.count)
        memcpy(*out, parts.items, parts.count * sizeof **out);
    *count = parts.count;
done:
    fd_vec_dispose(&parts);
    return err < 0 ? err : 0;
}
