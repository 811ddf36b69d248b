/*
 * A form laid out for a period, and the workbook written from it.
 */
#include "returns/template.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "io/xlsxw.h"
#include "returns/header.h"

enum {
    HEADER_ROW = 5,
    SPARE_ROWS = 50, /* for new subjects, where the form enters them */
    NAME_WIDTH = 30,
    CODE_WIDTH = 22
};

struct fd_template {
    fd_arena *arena;
    const fd_form *form;
    fd_period period, before;
    fd_vec(fd_template_column) columns;
};

/* ---- periods
 * ------------------------------------------------------------------------------------------------
 */

int fd_template_period(fd_period *out, const fd_form *form, fd_period period)
{
    fd_period_kind kind = period ? fd_period_kind_of(period) : (fd_period_kind)0;
    int year = period ? fd_period_year_of(period) : 0,
        number = period ? fd_period_number_of(period) : 0;

    *out = FD_PERIOD_NONE;
    switch (form->when) {
    case FD_WHEN_NONE:
        return 0;
    case FD_WHEN_YEAR:
        if (kind == FD_YEAR)
            *out = period;
        break;
    case FD_WHEN_CUMULATIVE:
        if (kind == FD_CUMULATIVE || kind == FD_MONTH)
            *out = fd_period_cumulative(year, number);
        break;
    case FD_WHEN_MONTH:
        if (kind == FD_MONTH)
            *out = period;
        break;
    default:
        return fd_error_set(FD_EINVAL, "「%s」每行自带期间,不能发表收",
                            "rows of %s name their own period; it cannot be sent out", form->name);
    }
    if (*out)
        return 0;
    return fd_error_set(FD_EINVAL, "期间与「%s」的期间种类(%s)不合",
                        "the period does not fit %s (%s)", form->name,
                        form->when == FD_WHEN_YEAR         ? "年 year"
                        : form->when == FD_WHEN_CUMULATIVE ? "累计 2025-01..02"
                                                           : "月 2025-02");
}

/* Of one column: the form's, unless the column limits it. */
static fd_when when_of(const fd_form *form, const fd_form_column *c)
{
    return form->when == FD_WHEN_YEAR || c->when == FD_WHEN_ANY ? form->when : c->when;
}

static fd_period period_as(fd_when when, fd_period period)
{
    int year = fd_period_year_of(period), number = fd_period_number_of(period);

    if (when == FD_WHEN_MONTH)
        return fd_period_month(year, number);
    if (when == FD_WHEN_CUMULATIVE)
        return fd_period_cumulative(year, number);
    return fd_period_year(year);
}

/* ---- columns
 * ------------------------------------------------------------------------------------------------
 */

/* Does this folded header mean c and nothing else in the form? */
static bool only_means(const fd_form *form, const char *folded, const fd_form_column *c)
{
    fd_view name = fd_view_of(folded);

    for (uint32_t e = fd_form__first(form, name); e; e = fd_form__next(form, e)) {
        const fd_form_column *other = fd_form__column_of(form, e);

        if (other != c && !other->variant && (other->role != c->role || other->item != c->item))
            return false;
    }
    return true;
}

/* A folded header as somebody wrote it: the item's names, or a word of the declaration. */
static const char *as_written(fd_arena *arena, const fd_form *form, const fd_form_column *c,
                              const char *folded)
{
    const fd_decl *decl = form->decl;

    for (size_t i = 0; c->item && i <= c->item->other_count; i++) {
        const char *name = i ? c->item->other_names[i - 1] : c->item->name;

        if (strcmp(folded, fd_returns__fold(arena, name, strlen(name))) == 0)
            return name;
    }
    for (size_t i = 0; i < decl->clause_count; i++)
        for (size_t k = 0;
             strcmp(decl->clauses[i].keyword, "列") == 0 && k < decl->clauses[i].word_count; k++) {
            const char *word = decl->clauses[i].words[k];

            if (strcmp(folded, fd_returns__fold(arena, word, strlen(word))) == 0)
                return word;
        }
    return folded;
}

const char *fd_form__header(fd_arena *arena, const fd_form *form, const fd_form_column *c)
{
    const char *own = c->item ? fd_returns__fold(arena, c->item->name, strlen(c->item->name)) : "";

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < c->name_count; i++)
            if ((pass == 1 || strcmp(c->names[i], own) == 0) && only_means(form, c->names[i], c))
                return as_written(arena, form, c, c->names[i]);
    return c->name_count ? as_written(arena, form, c, c->names[0]) : c->id;
}

static const char *suffix_of(const fd_template *t, const fd_form_column *c, fd_basis basis)
{
    bool flow = c->item && c->item->nature == FD_FLOW;

    if (basis == FD_COMPARATIVE)
        return t->form->when == FD_WHEN_CUMULATIVE ? ";上年同期累计" : ";上年同期";
    if (c->when == FD_WHEN_MONTH)
        return ";本月";
    if (t->form->when == FD_WHEN_CUMULATIVE && flow)
        return ";1—本月累计";
    return "";
}

/* Units as the form has them where that is exact in both directions, else the item's own. */
static void choose_unit(fd_template *t, fd_template_column *out, const fd_form_column *c)
{
    const fd_form *form = t->form;
    fd_quot factor;
    int best = -1, year = t->period ? fd_period_year_of(t->period) : 9999,
        digits = (unsigned char)c->item->scale;

    out->from = out->unit = c->item->unit;
    out->digits = digits;
    if (!out->from)
        return;
    if (c->unit && fd_unit_factor(&factor, out->from, c->unit) == 0)
        out->unit = c->unit;
    for (size_t i = 0; !c->unit && i < form->unit_count; i++)
        if (form->units[i].from_year > best && form->units[i].from_year <= year &&
            fd_unit_factor(&factor, out->from, form->units[i].unit) == 0) {
            best = form->units[i].from_year;
            out->unit = form->units[i].unit;
        }
    fd_error_clear();
    if (out->unit != out->from && fd_unit_factor(&factor, out->from, out->unit) == 0) {
        for (fd_i128 n = factor.num; n >= 10 && digits > 0; n /= 10)
            digits--;
        for (fd_i128 n = factor.den; n >= 10 && digits < 18; n /= 10)
            digits++;
        out->digits = digits;
    }
}

/* Words to choose from, each result once. */
static void take_words(fd_template *t, fd_template_column *out, const fd_form_column *c)
{
    if (!c->word_count)
        return;
    out->words = fd_arena_alloc(t->arena, c->word_count * sizeof *out->words);
    for (size_t i = 0; i < c->word_count; i++) {
        bool there = false;

        for (size_t k = 0; k < out->word_count; k++)
            there |= strcmp(out->words[k], c->words[i].to) == 0;
        if (!there)
            out->words[out->word_count++] = c->words[i].to;
    }
}

static bool nonnegative(const fd_form *form, const fd_form_column *c)
{
    for (size_t i = 0; i < form->check_count; i++)
        for (size_t k = 0;
             form->checks[i].kind == FD_CHECK_NONNEGATIVE &&
             form->checks[i].effect == FD_EFFECT_REJECT && k < form->checks[i].term_count;
             k++)
            if (form->checks[i].terms[k].item == c->item)
                return true;
    return false;
}

/* ---- variants ---- */

static bool by_variant(const fd_form *form)
{
    bool variants = false;

    for (size_t i = 0; i < form->column_count; i++)
        switch (form->columns[i].role) {
        case FD_COL_PERIOD:
        case FD_COL_INDICATOR:
        case FD_COL_VALUE:
        case FD_COL_SCOPE:
            return false;
        case FD_COL_VARIANT:
            variants = form->list != NULL;
            break;
        default:
            break;
        }
    return variants;
}

size_t fd_template_variants(const fd_template *t)
{
    return t->form->is_long ? t->form->list->count : 0;
}

const char *fd_template_variant(const fd_template *t, size_t i)
{
    return t->form->list->entries[i].code;
}

bool fd_template_variant_always(const fd_template *t, size_t i)
{
    for (size_t k = 0; k < t->form->column_count; k++)
        if (t->form->columns[k].variant &&
            strcmp(t->form->columns[k].variant, fd_template_variant(t, i)) == 0)
            return true;
    return false;
}

const char *fd_template_item(fd_arena *arena, const fd_template *t, const fd_template_column *c,
                             size_t variant)
{
    const char *code = fd_template_variant(t, variant);

    return c->at_variant && strcmp(c->at_variant, code) == 0
               ? c->item_there
               : fd_arena_printf(arena, "%s:%s", c->item, code);
}

/* The column of one variant alone that shares a header with this one. */
static void find_there(const fd_template *t, fd_template_column *e, const fd_form_column *c)
{
    for (size_t i = 0; i < t->form->column_count; i++) {
        const fd_form_column *other = &t->form->columns[i];

        for (size_t k = 0; other->variant && k < other->name_count; k++)
            for (size_t n = 0; n < c->name_count; n++)
                if (strcmp(other->names[k], c->names[n]) == 0) {
                    e->at_variant = other->variant;
                    e->item_there = other->id;
                    return;
                }
    }
}

static void add_item(fd_template *t, const fd_form_column *c, fd_basis basis)
{
    fd_template_column e = { .role = FD_TEMPLATE_ENTRY,
                             .item = c->id,
                             .basis = basis,
                             .kind = FD_DEC,
                             .nonnegative = nonnegative(t->form, c) },
                       beside;
    fd_when when = when_of(t->form, c);
    const char *name = fd_form__header(t->arena, t->form, c);
    char title[64];

    e.period = when == FD_WHEN_NONE || !t->period ? FD_PERIOD_NONE : period_as(when, t->period);
    choose_unit(t, &e, c);
    if (t->form->is_long) {
        e.from = e.unit = NULL; /* each row has the unit of its variant */
        find_there(t, &e, c);
    }
    e.header =
        fd_arena_printf(t->arena, "%s%s%s%s%s", name, e.unit ? "(" : "", e.unit ? e.unit->name : "",
                        e.unit ? ")" : "", suffix_of(t, c, basis));
    fd_vec_push(&t->columns, e);
    if (basis == FD_COMPARATIVE || !t->before)
        return;
    beside = e;
    beside.role = FD_TEMPLATE_BESIDE;
    beside.period = period_as(when, t->before);
    fd_period_title(beside.period, FD_ZH, title, sizeof title);
    beside.header = fd_arena_printf(t->arena, FD_HEADER_BESIDE ":%s(%s)", name, title);
    fd_vec_push(&t->columns, beside);
}

static void add_attribute(fd_template *t, const fd_form_column *c)
{
    fd_template_column e = { .role = FD_TEMPLATE_ENTRY,
                             .item = c->from || c->to ? "" : c->id,
                             .is_attribute = true,
                             .period = t->period,
                             .to_kind = c->to_kind,
                             .kind = c->from || c->to ? FD_DATE : c->kind },
                       beside;
    const char *name = fd_form__header(t->arena, t->form, c);
    char title[64];

    e.header = name;
    take_words(t, &e, c);
    fd_vec_push(&t->columns, e);
    if (!t->before || !e.item[0])
        return;
    beside = e;
    beside.role = FD_TEMPLATE_BESIDE;
    beside.period = t->before;
    fd_period_title(beside.period, FD_ZH, title, sizeof title);
    beside.header = fd_arena_printf(t->arena, FD_HEADER_BESIDE ":%s(%s)", name, title);
    fd_vec_push(&t->columns, beside);
}

static void add_subject(fd_template *t, fd_role_of role, fd_template_role as)
{
    for (size_t i = 0; i < t->form->column_count; i++)
        if (t->form->columns[i].role == role) {
            fd_template_column e = { .role = as, .item = "", .kind = FD_TEXT };

            e.header = fd_form__header(t->arena, t->form, &t->form->columns[i]);
            fd_vec_push(&t->columns, e);
            return;
        }
}

/* The same item at the same period and basis stands once, however many columns would take it. */
static bool has_entry(const fd_template *t, const fd_form_column *c, fd_basis basis)
{
    for (size_t i = 0; i < t->columns.count; i++) {
        const fd_template_column *e = &t->columns.items[i];

        if (e->role == FD_TEMPLATE_ENTRY && e->basis == basis && strcmp(e->item, c->id) == 0 &&
            e->period == (t->period ? period_as(when_of(t->form, c), t->period) : FD_PERIOD_NONE))
            return true;
    }
    return false;
}

static void add_column(fd_template *t, const fd_form_column *c)
{
    fd_basis basis = c->basis != FD_BASIS_ANY         ? (fd_basis)c->basis
                     : t->form->basis != FD_BASIS_ANY ? (fd_basis)t->form->basis
                                                      : FD_CURRENT;

    if (c->count || c->variant)
        return;
    if (c->role == FD_COL_ATTRIBUTE) {
        add_attribute(t, c);
    } else if (c->role == FD_COL_ITEM && !has_entry(t, c, basis)) {
        add_item(t, c, basis);
        /* Growth uses the matched set: a flow of a monthly form comes with that of a year ago. */
        if (c->basis == FD_BASIS_ANY && basis == FD_CURRENT && c->item->nature == FD_FLOW &&
            (t->form->when == FD_WHEN_CUMULATIVE || t->form->when == FD_WHEN_MONTH))
            add_item(t, c, FD_COMPARATIVE);
    }
}

int fd_template_new(fd_template **out, const fd_form *form, fd_period period, fd_period before)
{
    fd_template *t;
    fd_period fits;
    int err;

    *out = NULL;
    if (form->record || (form->is_long && !by_variant(form)))
        return fd_error_set(FD_EINVAL, "「%s」每行自带指标或期间,或是登记册,不能做成模板",
                            "rows of %s name their own item or period, or are records: no template",
                            form->name);
    if ((err = fd_template_period(&fits, form, period)) < 0)
        return err;
    t = fd_alloc(sizeof *t);
    t->arena = fd_arena_new();
    t->form = form;
    t->period = fits;
    t->before = fits ? before : FD_PERIOD_NONE;
    add_subject(t, FD_COL_CODE, FD_TEMPLATE_CODE);
    if (form->by_name || form->creates)
        add_subject(t, FD_COL_NAME, FD_TEMPLATE_NAME);
    if (form->is_long) {
        add_subject(t, FD_COL_VARIANT, FD_TEMPLATE_VARIANT);
        add_subject(t, FD_COL_VARIANT_NAME, FD_TEMPLATE_VARIANT_NAME);
        add_subject(t, FD_COL_UNIT, FD_TEMPLATE_UNIT);
    }
    for (size_t i = 0; i < form->column_count; i++)
        add_column(t, &form->columns[i]);
    *out = t;
    return 0;
}

void fd_template_free(fd_template *t)
{
    if (!t)
        return;
    fd_vec_dispose(&t->columns);
    fd_arena_free(t->arena);
    free(t);
}

size_t fd_template_count(const fd_template *t)
{
    return t->columns.count;
}

const fd_template_column *fd_template_at(const fd_template *t, size_t i)
{
    return &t->columns.items[i];
}

/* ---- writing
 * ------------------------------------------------------------------------------------------------
 */

typedef struct writing {
    const fd_template *t;
    fd_xlsxw *w;
    const fd_template_row *rows;
    size_t n;
    fd_template_lookup lookup;
    void *payload;
    char **sources; /* by column: the one source of all its cells, NULL none yet */
    bool *several;
} writing;

/* value × factor with as few digits as it needs. FD_EOVERFLOW when 18 do not suffice. */
static int convert(fd_decimal *out, fd_decimal value, const fd_template_column *c)
{
    fd_quot q = fd_quot_from_decimal(value), factor;
    int err;

    if (c->from && c->unit && c->from != c->unit) {
        if ((err = fd_unit_factor(&factor, c->from, c->unit)) < 0 ||
            (err = fd_quot_mul(&q, q, factor)) < 0)
            return err;
    }
    for (int scale = 0; scale <= 18; scale++) {
        if ((err = fd_quot_round(out, q, scale, FD_ROUND_DOWN)) < 0)
            return err;
        if (fd_quot_compare(fd_quot_from_decimal(*out), q) == 0)
            return 0;
    }
    return fd_error_set(FD_EOVERFLOW, "换算不能除尽", "the conversion is not finite");
}

/* Columns that say what a row is about. */
static bool is_given(const fd_template_column *c)
{
    return c->role != FD_TEMPLATE_ENTRY && c->role != FD_TEMPLATE_BESIDE;
}

static fd_xlsxw_style style_of(const fd_template_column *c, bool known)
{
    return c->role == FD_TEMPLATE_BESIDE  ? FD_XLSXW_GREY
           : c->role != FD_TEMPLATE_ENTRY ? FD_XLSXW_PLAIN
           : known                        ? FD_XLSXW_KNOWN
                                          : FD_XLSXW_ENTRY;
}

static int put_empty(writing *s, const fd_template_column *c, long row, long column)
{
    return fd_xlsxw_blank(s->w, row, column,
                          c->kind == FD_DATE                    ? -2
                          : c->kind == FD_DEC && c->digits == 0 ? 0
                                                                : -1,
                          style_of(c, false));
}

static int put_value(writing *s, const fd_template_column *c, const fd_template_value *v, long row,
                     long column)
{
    fd_xlsxw_style style = style_of(c, true);
    fd_decimal shown;
    fd_date date;

    if (v->state == FD_NA)
        return fd_xlsxw_text(s->w, row, column, FD_VIEW("不适用"), style);
    if (c->kind == FD_DEC && !c->is_attribute) {
        if (convert(&shown, v->number, c) < 0) {
            fd_error_clear();
            return put_empty(s, c, row, column);
        }
        return fd_xlsxw_number(s->w, row, column, shown, style);
    }
    if (c->kind == FD_DATE && fd_date_parse(&date, v->text, strlen(v->text)) == 0)
        return fd_xlsxw_date(s->w, row, column, date, style);
    return fd_xlsxw_text(s->w, row, column, fd_view_of(v->text), style);
}

/* One source for a whole column is said once, at its header; several are said cell by cell. */
static int look(writing *s, size_t at, size_t row, fd_template_value *v)
{
    const fd_template_column *c = &s->t->columns.items[at];

    memset(v, 0, sizeof *v);
    v->state = FD_MISSING;
    if (is_given(c) || !c->item[0])
        return 0;
    return s->lookup(s->payload, c, row, v);
}

static int find_sources(writing *s)
{
    fd_template_value v;
    int err = 0;

    for (size_t c = 0; c < s->t->columns.count; c++)
        for (size_t r = 0; s->t->columns.items[c].role == FD_TEMPLATE_ENTRY && r < s->n; r++) {
            if ((err = look(s, c, r, &v)) < 0)
                return err;
            if (err == 0 || !v.source || !*v.source)
                continue;
            if (!s->sources[c])
                s->sources[c] = fd_strdup(v.source);
            else if (strcmp(s->sources[c], v.source) != 0)
                s->several[c] = true;
        }
    return 0;
}

static const char *given(const writing *s, const fd_template_column *c, const fd_template_row *row)
{
    const fd_code_list *list = s->t->form->list;

    switch (c->role) {
    case FD_TEMPLATE_CODE:
        return row->code;
    case FD_TEMPLATE_NAME:
        return row->name;
    case FD_TEMPLATE_VARIANT:
        return list->entries[row->variant].code;
    case FD_TEMPLATE_VARIANT_NAME:
        return list->entries[row->variant].name;
    default:
        return list->entries[row->variant].unit;
    }
}

static int put_row(writing *s, size_t r, long row)
{
    int err = 0;

    for (size_t c = 0; c < s->t->columns.count && err >= 0; c++) {
        const fd_template_column *column = &s->t->columns.items[c];
        long at = (long)c + 1;
        fd_template_value v;

        if (is_given(column)) {
            const char *text = r >= s->n ? NULL : given(s, column, &s->rows[r]);

            err = text ? fd_xlsxw_text(s->w, row, at, fd_view_of(text), FD_XLSXW_PLAIN)
                       : fd_xlsxw_blank(s->w, row, at, -1, FD_XLSXW_ENTRY);
            continue;
        }
        err = r < s->n ? look(s, c, r, &v) : 0;
        if (err > 0 && (v.state == FD_HAS || v.state == FD_NA || v.state == FD_DOUBT))
            err = put_value(s, column, &v, row, at);
        else if (err >= 0 && (err = put_empty(s, column, row, at)) >= 0)
            continue;
        if (err >= 0 && column->role == FD_TEMPLATE_ENTRY && s->several[c] && v.source && *v.source)
            err = fd_xlsxw_note(s->w, row, at, v.source);
    }
    return err;
}

static int put_header(writing *s, const fd_template_mark *mark, const char *marks)
{
    const fd_form *form = s->t->form;
    long last = (long)s->t->columns.count;
    char title[64] = "", due[16] = "";
    fd_buf line = FD_BUF_INIT;
    int err;

    if (s->t->period)
        fd_period_title(s->t->period, FD_ZH, title, sizeof title);
    fd_date_format(mark->due, due, sizeof due);
    fd_buf_printf(&line, "%s%s%s%s", form->name, marks && *marks ? "(" : "",
                  marks && *marks ? marks : "", marks && *marks ? ")" : "");
    err = fd_xlsxw_merge(s->w, 1, 1, 1, last < 2 ? last : 2, fd_view_of(fd_buf_text(&line)),
                         FD_XLSXW_TITLE);
    /* The period alone in its line: it is read from here, and the due day must not compete. */
    fd_buf_clear(&line);
    fd_buf_printf(&line, "填报单位:%s    %s", mark->sender_name, title);
    if (err >= 0)
        err = fd_xlsxw_text(s->w, 2, 1, fd_view_of(fd_buf_text(&line)), FD_XLSXW_PLAIN);
    fd_buf_clear(&line);
    fd_buf_printf(&line,
                  "截止:%s    白格填写,黄格已知、有变才改,灰格只供参考;没有数就空着,不要填 0", due);
    if (err >= 0)
        err = fd_xlsxw_text(s->w, 3, 1, fd_view_of(fd_buf_text(&line)), FD_XLSXW_PLAIN);
    fd_buf_clear(&line);
    fd_buf_puts(&line, "收表编号:");
    fd_template__line(&line, mark);
    if (err >= 0)
        err = fd_xlsxw_text(s->w, 4, 1, fd_view_of(fd_buf_text(&line)), FD_XLSXW_PLAIN);
    if (err >= 0)
        err = fd_xlsxw_height(s->w, HEADER_ROW, 40);
    for (size_t c = 0; c < s->t->columns.count && err >= 0; c++) {
        const fd_template_column *column = &s->t->columns.items[c];
        size_t wide = fd_utf8_columns(fd_view_of(column->header));

        err = fd_xlsxw_text(s->w, HEADER_ROW, (long)c + 1, fd_view_of(column->header),
                            column->role == FD_TEMPLATE_BESIDE ? FD_XLSXW_GREY : FD_XLSXW_HEADER);
        if (err >= 0 && s->sources[c] && !s->several[c])
            err = fd_xlsxw_note(s->w, HEADER_ROW, (long)c + 1, s->sources[c]);
        if (err >= 0)
            err = fd_xlsxw_width(s->w, (long)c + 1,
                                 column->role == FD_TEMPLATE_CODE           ? CODE_WIDTH
                                 : column->role == FD_TEMPLATE_NAME         ? NAME_WIDTH
                                 : column->role == FD_TEMPLATE_VARIANT_NAME ? 16
                                 : wide > 20                                ? 18
                                 : wide < 10                                ? 10
                                                                            : (double)wide + 2);
    }
    fd_buf_dispose(&line);
    return err;
}

static int put_checks(writing *s, long first, long last)
{
    int err = 0;

    for (size_t c = 0; c < s->t->columns.count && err >= 0 && last >= first; c++) {
        const fd_template_column *column = &s->t->columns.items[c];

        if (column->role != FD_TEMPLATE_ENTRY)
            continue;
        if (column->word_count)
            err = fd_xlsxw_accept_words(s->w, first, last, (long)c + 1, column->words,
                                        column->word_count, "请从下拉中选",
                                        "只收下拉里的词;没有数就空着");
        else if (column->kind == FD_DEC && !column->is_attribute)
            err = fd_xlsxw_accept_number(s->w, first, last, (long)c + 1, column->nonnegative,
                                         "应当是数",
                                         column->nonnegative
                                             ? "应当是不小于 0 的数;确无此项可写「不适用」"
                                             : "应当是数;确无此项可写「不适用」");
    }
    return err;
}

static int put_fingerprint(fd_xlsxw *w, const fd_template_mark *mark)
{
    char period[24] = "", due[16] = "", issue[16];
    const char *pairs[][2] = { { "fangding", "template 1" }, { "city", mark->city },
                               { "form", mark->form },       { "form_hash", mark->form_hash },
                               { "period", period },         { "by", mark->by },
                               { "sender", mark->sender },   { "sender_name", mark->sender_name },
                               { "issue", issue },           { "due", due },
                               { "seal", mark->seal },       { "variants", mark->variants } };
    int err = fd_xlsxw_sheet(w, FD_TEMPLATE_SHEET);

    if (mark->period)
        fd_period_format(mark->period, period, sizeof period);
    if (mark->due != FD_DATE_NONE)
        fd_date_format(mark->due, due, sizeof due);
    snprintf(issue, sizeof issue, "%d", mark->issue);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && err >= 0; i++) {
        if (strcmp(pairs[i][0], "variants") == 0 && !mark->variants[0])
            continue;
        err = fd_xlsxw_text(w, (long)i + 1, 1, fd_view_of(pairs[i][0]), FD_XLSXW_PLAIN);
        if (err >= 0)
            err = fd_xlsxw_text(w, (long)i + 1, 2, fd_view_of(pairs[i][1]), FD_XLSXW_PLAIN);
    }
    return err < 0 ? err : fd_xlsxw_hide(w);
}

int fd_template_write(const fd_template *t, const char *path, const fd_template_mark *mark,
                      const char *marks, const fd_template_row *rows, size_t n,
                      fd_template_lookup lookup, void *payload)
{
    writing s = { .t = t, .rows = rows, .n = n, .lookup = lookup, .payload = payload };
    fd_template_mark sealed = *mark;
    size_t total = n + (t->form->creates || t->form->is_long ? SPARE_ROWS : 0);
    long frozen = 0;
    int err;

    fd_template_seal(sealed.seal, &sealed);
    s.sources = fd_alloc((t->columns.count + 1) * sizeof *s.sources);
    s.several = fd_alloc((t->columns.count + 1) * sizeof *s.several);
    if ((err = find_sources(&s)) < 0 || (err = fd_xlsxw_new(&s.w, path)) < 0)
        goto done;
    if ((err = fd_xlsxw_sheet(s.w, t->form->name)) < 0 ||
        (err = put_header(&s, &sealed, marks)) < 0)
        goto done;
    for (size_t r = 0; r < total && err >= 0; r++)
        err = put_row(&s, r, HEADER_ROW + 1 + (long)r);
    while ((size_t)frozen < t->columns.count && is_given(&t->columns.items[frozen]))
        frozen++;
    if (err < 0 || (err = put_checks(&s, HEADER_ROW + 1, HEADER_ROW + (long)total)) < 0 ||
        (err = fd_xlsxw_freeze_at(s.w, HEADER_ROW, frozen)) < 0 ||
        (err = fd_xlsxw_print_wide(s.w, HEADER_ROW)) < 0 || (err = fd_xlsxw_protect(s.w)) < 0 ||
        (err = put_fingerprint(s.w, &sealed)) < 0)
        goto done;
    err = fd_xlsxw_finish(s.w);
    s.w = NULL;
done:
    fd_xlsxw_abandon(s.w);
    for (size_t c = 0; c < t->columns.count; c++)
        free(s.sources[c]);
    free(s.sources);
    free(s.several);
    return err < 0 ? err : 0;
}
