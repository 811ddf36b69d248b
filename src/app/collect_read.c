/*
 * One returned file, read with the ordinary reader and without writing: whom it is about, what is
 * refused, why it is left out.
 */
#include <stdlib.h>

#include "app/collect.h"
#include "base/diag.h"

typedef struct peeking {
    fd_collect_peek *peek;
    fd_import_city *look;
} peeking;

static int on_find(void *payload, const char *kind, const char *code, size_t length, int32_t *id)
{
    return fd_import_city_find(((peeking *)payload)->look, kind, code, length, id);
}

static int on_find_name(void *payload, const char *kind, const char *name, int32_t *id,
                        const char **code)
{
    return fd_import_city_find_name(((peeking *)payload)->look, kind, name, id, code);
}

static int on_describe(void *payload, const char *kind, int32_t id, const char **code,
                       const char **name)
{
    return fd_import_city_describe(((peeking *)payload)->look, kind, id, code, name);
}

static int on_only(void *payload, const char *kind, int32_t *id)
{
    return fd_import_city_only(((peeking *)payload)->look, kind, id);
}

static int on_each(void *payload, const char *kind,
                   void (*visit)(void *inner, const char *code, const char *name), void *inner)
{
    return fd_import_city_each(((peeking *)payload)->look, kind, visit, inner);
}

static int on_mapping(void *payload, const char *form, const char *sender, const char *header,
                      const char **target)
{
    return fd_import_city_mapping(((peeking *)payload)->look, form, sender, header, target);
}

static int on_values(void *payload, const char *kind, const char *item, fd_period period,
                     fd_basis basis, fd_returns_values *out)
{
    return fd_import_city_values(((peeking *)payload)->look, kind, item, period, basis, out);
}

static int on_attribute(void *payload, int32_t subject, const char *attribute, const char **value)
{
    return fd_import_city_attribute(((peeking *)payload)->look, subject, attribute, value);
}

/* The import itself reports every finding; here only why a whole file cannot count. */
static void on_finding(void *payload, const fd_finding *f)
{
    fd_collect_peek *peek = ((peeking *)payload)->peek;

    if (f->severity < FD_FAULT || f->row > 0 || peek->fault[FD_ZH].len)
        return;
    fd_buf_puts(&peek->fault[FD_ZH], f->message[FD_ZH]);
    fd_buf_puts(&peek->fault[FD_EN], f->message[FD_EN]);
}

static int on_begin(void *payload, const fd_returns_result *result)
{
    (void)payload;
    (void)result;
    return 0;
}

/* A subject that the register does not know gets a number that nobody has. */
static int on_subject(void *payload, const char *kind, const char *code, const char *name,
                      int32_t *id)
{
    return fd_import_city_enter(((peeking *)payload)->look, kind, code, name, id);
}

static void note(fd_map **set, fd_view key)
{
    if (!*set)
        *set = fd_map_new();
    fd_map_set(*set, key, 1);
}

static int on_segment(void *payload, const fd_returns_segment *s)
{
    fd_collect_peek *peek = ((peeking *)payload)->peek;
    const char *colon = strchr(s->item, ':');
    bool any = false;

    for (size_t i = 0; i < s->n; i++) {
        fd_collect_row r = { s->subjects[i], s->rows ? s->rows[i] : 0, false };

        r.figure =
            s->basis != FD_COMPARATIVE && (!s->states || s->states[i] != (uint8_t)FD_MISSING);
        any |= r.figure;
        fd_vec_push(&peek->rows, r);
    }
    if (any)
        note(&peek->items,
             colon ? (fd_view){ s->item, (size_t)(colon - s->item) } : fd_view_of(s->item));
    if (any && colon)
        note(&peek->variants, fd_view_of(colon + 1));
    return 0;
}

static int on_put_attribute(void *payload, int32_t subject, const char *attribute, fd_date from,
                            const char *value)
{
    fd_collect_peek *peek = ((peeking *)payload)->peek;

    (void)attribute;
    (void)from;
    (void)value;
    fd_vec_push(&peek->rows, ((fd_collect_row){ subject, 0, false }));
    return 0;
}

static int on_record(void *payload, const char *type, const char *key, const char *state,
                     fd_date date, const char *fields)
{
    (void)payload;
    (void)type;
    (void)key;
    (void)state;
    (void)date;
    (void)fields;
    return 0;
}

static int by_subject(const void *a, const void *b)
{
    const fd_collect_row *x = a, *y = b;

    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void unite(fd_collect_peek *peek)
{
    size_t n = 0;

    if (peek->rows.count > 1)
        qsort(peek->rows.items, peek->rows.count, sizeof *peek->rows.items, by_subject);
    for (size_t i = 0; i < peek->rows.count; i++) {
        const fd_collect_row *r = &peek->rows.items[i];

        if (n && peek->rows.items[n - 1].subject == r->subject) {
            peek->rows.items[n - 1].figure |= r->figure;
            if (r->row > 0)
                peek->rows.items[n - 1].row = r->row;
        } else {
            peek->rows.items[n++] = *r;
        }
    }
    peek->rows.count = n;
}

int fd_collect_peek_file(fd_collect_peek *out, fd_collect *c, fd_import_city *look,
                         const char *path, const fd_form *form, fd_period period,
                         const char *sender, bool confirm_units)
{
    peeking p = { out, look };
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    fd_returns_handler handler = { &p,           on_find,
                                   on_find_name, on_describe,
                                   on_only,      on_each,
                                   on_mapping,   on_values,
                                   on_attribute, on_finding,
                                   on_begin,     on_subject,
                                   on_segment,   on_put_attribute,
                                   on_record,    NULL,
                                   NULL,         NULL,
                                   NULL,         NULL };
    int err;

    memset(out, 0, sizeof *out);
    look->kind = fd_form_subject(form);
    options.form = fd_form_id(form);
    options.period = period;
    options.sender = sender;
    options.confirm_units = confirm_units;
    if ((err = fd_returns_read(&out->result, path, c->forms, &options, &handler)) < 0)
        return err;
    unite(out);
    return 0;
}

void fd_collect_peek_dispose(fd_collect_peek *peek)
{
    fd_returns_free(peek->result);
    fd_vec_dispose(&peek->rows);
    fd_map_free(peek->variants);
    fd_map_free(peek->items);
    fd_buf_dispose(&peek->fault[FD_ZH]);
    fd_buf_dispose(&peek->fault[FD_EN]);
    memset(peek, 0, sizeof *peek);
}
