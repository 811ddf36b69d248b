/*
 * One cell with another figure, laid out as a return and read as one: the same checks, the same
 * words, no second set of rules.
 */
#include "returns/recheck.h"

#include <stdlib.h>

#include "base/bits.h"
#include "returns/form.h"
#include "returns/template.h"

enum { MOST_ROWS = 5000 };

/* A column of figures as it is laid out. */
typedef struct laid {
    const fd_form_column *c;
    const char *header;
} laid;

typedef struct rechecking {
    const fd_forms *forms;
    const fd_form *form;
    const fd_returns_handler *look;
    const fd_recheck *cell;
    fd_arena *arena;
    fd_vec(laid) columns;
    size_t item_length;  /* of cell->item, without its variant */
    const char *variant; /* of cell->item; NULL when the form has none */
    fd_map *seen;        /* findings of the first reading */
    bool second;
} rechecking;

/* ---- which columns
 * --------------------------------------------------------------------------------------- */

static fd_when when_of_period(fd_period period)
{
    switch (fd_period_kind_of(period)) {
    case FD_YEAR:
        return FD_WHEN_YEAR;
    case FD_CUMULATIVE:
        return FD_WHEN_CUMULATIVE;
    case FD_MONTH:
        return FD_WHEN_MONTH;
    default:
        return FD_WHEN_NONE;
    }
}

static int basis_of(const fd_form *form, const fd_form_column *c)
{
    return c->basis != FD_BASIS_ANY      ? c->basis
           : form->basis != FD_BASIS_ANY ? form->basis
                                         : (int)FD_CURRENT;
}

static bool is_items(const rechecking *r, const fd_form_column *c)
{
    return strlen(c->id) == r->item_length && strncmp(c->id, r->cell->item, r->item_length) == 0;
}

/* Does the column hold figures of the cell's own period and basis? */
static bool takes_part(const rechecking *r, const fd_form_column *c)
{
    const fd_when want = when_of_period(r->cell->period);

    return c->role == FD_COL_ITEM && !c->count && !c->variant &&
           basis_of(r->form, c) == (int)r->cell->basis &&
           (r->form->when == FD_WHEN_YEAR ? want == FD_WHEN_YEAR
                                          : c->when == FD_WHEN_ANY || c->when == want);
}

/* 工业总产值(万元);本月: with unit and period, so that nothing is left to be told. */
static const char *header_of(rechecking *r, const fd_form_column *c)
{
    const fd_when want = when_of_period(r->cell->period);
    const fd_unit *unit = r->form->is_long ? NULL : c->item->unit;
    const char *suffix = r->form->when == want || c->when != FD_WHEN_ANY ? ""
                         : want == FD_WHEN_MONTH                         ? ";本月"
                                                                         : ";1—本月";
    bool named = unit && unit->name[0];

    return fd_arena_printf(r->arena, "%s%s%s%s%s", fd_form__header(r->arena, r->form, c),
                           named ? "(" : "", named ? unit->name : "", named ? ")" : "", suffix);
}

/* Rows may name a variant; those that name their own item, period or place are no layout. */
static bool can_lay_out(const fd_form *form)
{
    for (size_t i = 0; i < form->column_count; i++)
        switch (form->columns[i].role) {
        case FD_COL_PERIOD:
        case FD_COL_INDICATOR:
        case FD_COL_VALUE:
        case FD_COL_SCOPE:
            return false;
        default:
            break;
        }
    return !form->record && (!form->is_long || form->list);
}

static bool lay_columns(rechecking *r)
{
    bool found = false;

    for (size_t i = 0; i < r->form->column_count; i++) {
        const fd_form_column *c = &r->form->columns[i];
        bool twice = false;

        if (!takes_part(r, c))
            continue;
        for (size_t k = 0; k < r->columns.count; k++)
            twice |= r->columns.items[k].c->item == c->item;
        if (twice)
            continue;
        found |= is_items(r, c);
        fd_vec_push(&r->columns, ((laid){ c, header_of(r, c) }));
    }
    return found && (r->variant != NULL) == r->form->is_long;
}

/* ---- the text
 * ------------------------------------------------------------------------------------------------
 */

static void put_cell(fd_buf *out, const char *text)
{
    fd_buf_puts(out, out->len && out->ptr[out->len - 1] != '\n' ? ",\"" : "\"");
    for (; *text; text++) {
        if (*text == '"')
            fd_buf_putc(out, '"');
        fd_buf_putc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
    }
    fd_buf_putc(out, '"');
}

/* Columns that carry no figures but must be there: what stands in them does not change. */
static bool is_needed(const fd_form_column *c)
{
    return c->role == FD_COL_CODE || c->role == FD_COL_NAME || c->role == FD_COL_VARIANT ||
           (c->required && c->role == FD_COL_ATTRIBUTE);
}

static void put_header(fd_buf *out, rechecking *r)
{
    for (size_t i = 0; i < r->form->column_count; i++)
        if (is_needed(&r->form->columns[i]))
            put_cell(out, fd_form__header(r->arena, r->form, &r->form->columns[i]));
    for (size_t i = 0; i < r->columns.count; i++)
        put_cell(out, r->columns.items[i].header);
    fd_buf_putc(out, '\n');
}

static void put_value(fd_buf *out, fd_state state, fd_decimal value)
{
    char text[64];
    size_t n;

    if (state == FD_NA || state == FD_MISSING) {
        put_cell(out, state == FD_NA ? "不适用" : "");
        return;
    }
    n = fd_decimal_format(value, text, sizeof text);
    if (state == FD_DOUBT)
        snprintf(text + n, sizeof text - n, "(待核)");
    put_cell(out, text);
}

/* What is stored of one cell; MISSING when nothing is. */
static int stored(rechecking *r, const char *item, int32_t subject, fd_state *state,
                  fd_decimal *value)
{
    fd_returns_values v = { 0 };
    int err = r->look->values ? r->look->values(r->look->payload, r->form->kind, item,
                                                r->cell->period, r->cell->basis, &v)
                              : 0;
    size_t low = 0, high = v.n;

    *state = FD_MISSING;
    if (err <= 0)
        return err;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (v.subjects[mid] < subject)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < v.n && v.subjects[low] == subject) {
        *state = v.states ? (fd_state)v.states[low] : FD_HAS;
        *value = (fd_decimal){ v.dec[low], v.scale };
    }
    return 0;
}

/* One row: of a subject, or of one of its variants. A row of which nothing is known is left out. */
static int put_row(fd_buf *out, rechecking *r, int32_t subject, const char *code, const char *name,
                   const char *variant)
{
    const size_t start = out->len;
    bool own = subject == r->cell->subject &&
               (!variant || (r->variant && strcmp(variant, r->variant) == 0)),
         any = own;

    for (size_t i = 0; i < r->form->column_count; i++) {
        const fd_form_column *c = &r->form->columns[i];

        if (is_needed(c))
            put_cell(out, c->role == FD_COL_CODE      ? code
                          : c->role == FD_COL_NAME    ? name ? name : ""
                          : c->role == FD_COL_VARIANT ? variant ? variant : ""
                                                      : "");
    }
    for (size_t i = 0; i < r->columns.count; i++) {
        const fd_form_column *c = r->columns.items[i].c;
        fd_state state = FD_MISSING;
        fd_decimal value = { 0, 0 };
        const char *item = variant ? fd_arena_printf(r->arena, "%s:%s", c->id, variant) : c->id;
        int err;

        if (own && r->second && is_items(r, c)) {
            state = r->cell->state;
            value = r->cell->value;
        } else if ((err = stored(r, item, subject, &state, &value)) < 0) {
            return err;
        }
        any |= state != FD_MISSING;
        put_value(out, state, value);
    }
    fd_buf_putc(out, '\n');
    if (!any)
        out->len = start;
    return 0;
}

static bool checks_sums(const fd_form *form)
{
    for (size_t i = 0; i < form->check_count; i++)
        if (form->checks[i].kind == FD_CHECK_TOTAL)
            return true;
    return false;
}

/* Everybody of whom a figure of the form is stored, beside the cell's own subject. */
static int put_everybody(fd_buf *out, rechecking *r)
{
    fd_map *done = fd_map_new();
    int err = put_row(out, r, r->cell->subject, r->cell->code, r->cell->name, NULL);

    fd_map_set(done, fd_view_of(r->cell->code), 1);
    for (size_t i = 0; i < r->columns.count && err >= 0; i++) {
        fd_returns_values v = { 0 };
        const char *code, *name;
        int32_t *ids;
        size_t n;

        if (!r->look->values || !r->look->describe ||
            (err = r->look->values(r->look->payload, r->form->kind, r->columns.items[i].c->id,
                                   r->cell->period, r->cell->basis, &v)) <= 0)
            continue;
        n = v.n < MOST_ROWS ? v.n : MOST_ROWS;
        ids = fd_arena_alloc(r->arena, (n + 1) * sizeof *ids); /* the look-up's own do not last */
        memcpy(ids, v.subjects, n * sizeof *ids);
        for (size_t k = 0; k < n && err >= 0; k++)
            if (r->look->describe(r->look->payload, r->form->kind, ids[k], &code, &name) > 0 &&
                fd_map_set(done, fd_view_of(code), 1))
                err = put_row(out, r, ids[k], code, name, NULL);
    }
    fd_map_free(done);
    return err < 0 ? err : 0;
}

static int put_rows(fd_buf *out, rechecking *r)
{
    const fd_recheck *cell = r->cell;
    int err = 0;

    if (!r->form->is_long)
        return checks_sums(r->form) ? put_everybody(out, r)
                                    : put_row(out, r, cell->subject, cell->code, cell->name, NULL);
    for (size_t i = 0; i < r->form->list->count && err >= 0; i++)
        err =
            put_row(out, r, cell->subject, cell->code, cell->name, r->form->list->entries[i].code);
    return err;
}

/* ---- reading it
 * ---------------------------------------------------------------------------------------------- */

/* What stands in the second reading only is what the new figure brings. */
static void on_finding(void *payload, const fd_finding *f)
{
    rechecking *r = payload;
    const char *key =
        fd_arena_printf(r->arena, "%d|%s|%ld|%s|%s|%s|%s", f->severity, f->rule, f->row, f->column,
                        f->message[FD_EN], f->found, f->expected[FD_EN]);

    if (fd_map_set(r->seen, fd_view_of(key), 1) && r->second && f->severity > FD_NOTE &&
        r->look->finding)
        r->look->finding(r->look->payload, f);
}

/* The look-ups' payload is the caller's; only findings come here. */
typedef struct relay {
    rechecking *r;
    const fd_returns_handler *look;
} relay;

static int on_find(void *p, const char *kind, const char *code, size_t length, int32_t *id)
{
    const fd_returns_handler *h = ((relay *)p)->look;

    return h->find ? h->find(h->payload, kind, code, length, id) : 0;
}

static int on_find_name(void *p, const char *kind, const char *name, int32_t *id, const char **code)
{
    const fd_returns_handler *h = ((relay *)p)->look;

    return h->find_name ? h->find_name(h->payload, kind, name, id, code) : 0;
}

static int on_describe(void *p, const char *kind, int32_t id, const char **code, const char **name)
{
    const fd_returns_handler *h = ((relay *)p)->look;

    return h->describe ? h->describe(h->payload, kind, id, code, name) : 0;
}

static int on_only(void *p, const char *kind, int32_t *id)
{
    const fd_returns_handler *h = ((relay *)p)->look;

    return h->only ? h->only(h->payload, kind, id) : 0;
}

static int on_values(void *p, const char *kind, const char *item, fd_period period, fd_basis basis,
                     fd_returns_values *out)
{
    const fd_returns_handler *h = ((relay *)p)->look;

    return h->values ? h->values(h->payload, kind, item, period, basis, out) : 0;
}

static void on_relayed(void *p, const fd_finding *f)
{
    on_finding(((relay *)p)->r, f);
}

static int read_once(rechecking *r, fd_period period, bool *readable)
{
    relay p = { r, r->look };
    const fd_returns_handler handler = { .payload = &p,
                                         .find = on_find,
                                         .find_name = on_find_name,
                                         .describe = on_describe,
                                         .only = on_only,
                                         .values = on_values,
                                         .finding = on_relayed };
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    fd_returns_result *result = NULL;
    fd_buf text = FD_BUF_INIT;
    int err;

    options.form = r->form->id;
    options.period = period;
    options.sender = "";
    options.confirm_units = true; /* one row tells nothing of a whole column's unit */
    put_header(&text, r);
    if ((err = put_rows(&text, r)) >= 0)
        err = fd_returns_read_memory(&result, text.ptr, text.len, r->form->name, r->forms, &options,
                                     &handler);
    *readable = err >= 0 && result->state == FD_RETURNS_TAKEN;
    fd_returns_free(result);
    fd_buf_dispose(&text);
    return err < 0 ? err : 0;
}

int fd_returns_recheck(const fd_forms *forms, const fd_form *form, const fd_returns_handler *look,
                       const fd_recheck *cell)
{
    const char *colon = strchr(cell->item, ':');
    rechecking r = { .forms = forms, .form = form, .look = look, .cell = cell };
    fd_period period = FD_PERIOD_NONE;
    bool readable = false;
    int err = 0;

    if (form->when == FD_WHEN_ROW || form->when == FD_WHEN_NONE || !can_lay_out(form))
        return 0;
    if (fd_template_period(&period, form, cell->period) < 0) {
        fd_error_clear();
        return 0;
    }
    r.arena = fd_arena_new();
    r.seen = fd_map_new();
    r.item_length = colon ? (size_t)(colon - cell->item) : strlen(cell->item);
    r.variant = colon ? colon + 1 : NULL;
    if (!lay_columns(&r))
        goto done;
    if ((err = read_once(&r, period, &readable)) < 0)
        goto done;
    r.second = true;
    if ((err = read_once(&r, period, &readable)) >= 0)
        err = 1;
done:
    fd_vec_dispose(&r.columns);
    fd_map_free(r.seen);
    fd_arena_free(r.arena);
    return err;
}
