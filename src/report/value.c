/*
 * Figures: from a reference in a template to a number rounded as it prints.
 *
 *   reference = name [ "-" ( "上期" | "上年" | year ) ] [ "@" ( "上期" | "上年" | "月" | "年" |
 * year ) ] [ "/市" ]
 *
 * A difference is taken between the printed values, so that a reader who subtracts two figures of
 * the paper gets the third.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "report/internal.h"

typedef struct period_list {
    fd_period *items;
    size_t count;
} period_list;

bool fd_report__has(const fd_value *v)
{
    return v->state == FD_HAS || v->state == FD_DOUBT;
}

const char *fd_report__unit(const char *unit)
{
    return strcmp(unit, "百分点") == 0 ? "个百分点" : unit;
}

void fd_report__mark(fd_composer *m, const char *marks)
{
    fd_view rest = fd_view_of(marks), piece;

    while (fd_view_split(&rest, ';', &piece)) {
        piece = fd_view_trim(piece);
        if (piece.len)
            fd_map_set(m->marks, piece, 1);
    }
}

void fd_report__round(fd_value *value, fd_number number, int digits)
{
    char text[64];

    value->state = number.state;
    if (number.state != FD_HAS && number.state != FD_DOUBT) {
        value->reason = number.state == FD_NA ? "不适用" : "缺报";
        return;
    }
    if (number.is_estimate) {
        snprintf(text, sizeof text, "%.*f", digits, number.estimate);
        if (fd_decimal_parse(&value->shown, text, strlen(text)) >= 0)
            return;
    } else if (fd_quot_round(&value->shown, number.exact, digits, FD_ROUND_HALF_EVEN) >= 0) {
        return;
    }
    fd_error_clear();
    value->state = FD_MISSING;
    value->reason = "数字过大，印不出来";
}

const char *fd_report__tag(fd_composer *m, const char *what, fd_period period, const char *kind,
                           const char *code)
{
    char at[32] = "";
    fd_buf tag = FD_BUF_INIT;
    const char *kept = NULL;

    if (period != FD_PERIOD_NONE)
        fd_period_format(period, at, sizeof at);
    fd_buf_printf(&tag, "fd:%s%s%s", what, at[0] ? "@" : "", at);
    if (code)
        fd_buf_printf(&tag, "/%c:%s", kind ? kind[0] : 'x', code);
    for (size_t i = 0; i < tag.len; i++) /* tags are listed with blanks between them */
        if (tag.ptr[i] == ' ')
            tag.ptr[i] = '_';
    if (tag.len <= FD_DOCX_TAG_MAX)
        kept = fd_arena_strdup(m->arena, fd_buf_text(&tag));
    fd_buf_dispose(&tag);
    return kept;
}

const char *fd_report__text(fd_composer *m, const fd_value *value, bool absolute)
{
    fd_decimal d = value->shown;
    char text[48];

    if (!fd_report__has(value))
        return "—";
    if (d.mantissa < 0 && absolute)
        d.mantissa = -d.mantissa;
    fd_decimal_format(d, text, sizeof text);
    return fd_arena_strdup(m->arena, text);
}

fd_docx_span fd_report__span(fd_composer *m, const fd_value *value, bool absolute)
{
    fd_docx_span span = { fd_report__text(m, value, absolute), NULL, NULL, 0 };

    if (!fd_report__has(value))
        return span;
    fd_report__mark(m, value->marks ? value->marks : "");
    if (!value->tag) {
        m->paper->unbound++;
        return span;
    }
    span.tag = value->tag;
    if (absolute && value->shown.mantissa < 0) /* the sign is in the words */
        span.tag = strlen(value->tag) + 2 <= FD_DOCX_TAG_MAX
                       ? fd_arena_printf(m->arena, "%s|a", value->tag)
                       : value->tag;
    span.title = fd_arena_printf(m->arena, "%s|快照%lld%s", span.text, (long long)m->c->snapshot,
                                 value->series == FD_SERIES_VERIFIED    ? "|核定"
                                 : value->series == FD_SERIES_OWN       ? "|测算"
                                 : value->series == FD_SERIES_PUBLISHED ? "|公开发表"
                                                                        : "");
    if (fd_map_set(m->tags, fd_view_of(span.tag), 1)) {
        fd_paper_figure figure = { span.tag, span.text, value->name ? value->name : "" };

        fd_vec_push(&m->paper->figures, figure);
    }
    return span;
}

fd_value fd_report__count(fd_composer *m, size_t count, const char *unit, const char *name,
                          const char *key, fd_period period)
{
    fd_value v;

    memset(&v, 0, sizeof v);
    v.state = FD_HAS;
    v.shown.mantissa = (int64_t)count;
    v.unit = unit;
    v.period = period;
    v.marks = "";
    v.name = name;
    v.tag = fd_report__tag(m, key, period, m->c->place_kind, m->c->place_code);
    return v;
}

ptrdiff_t fd_report__index(fd_composer *m, const char *kind, const char *code)
{
    const fd_frame *frame;
    size_t at;

    if (m->c->source->ops->frame(m->c->source, kind, &frame) < 0)
        return -1;
    at = fd_frame_find(frame, code);
    return at == SIZE_MAX ? -1 : (ptrdiff_t)at;
}

const char *fd_report__subject(fd_composer *m, const char *kind, const char *code)
{
    return fd_source_name(m->c->source, kind, code);
}

/* ---- periods ---- */

static bool holds(const fd_indicator *i, fd_period_kind kind)
{
    for (size_t k = 0; k < i->period_count; k++)
        if (i->periods[k] == kind)
            return true;
    return false;
}

static int known_periods(const period_list **out, fd_composer *m, const fd_indicator *i)
{
    period_list *list;
    uint64_t found;
    int err;

    if (fd_map_get(m->periods, fd_view_of(i->id), &found)) {
        *out = (const period_list *)(uintptr_t)found;
        return 0;
    }
    list = fd_alloc(sizeof *list);
    if ((err = fd_measure_periods(&list->items, &list->count, m->c->program, m->c->source, i)) <
        0) {
        free(list);
        return err;
    }
    fd_map_set(m->periods, fd_view_of(i->id), (uint64_t)(uintptr_t)list);
    *out = list;
    return 0;
}

static bool is_known(const period_list *list, fd_period period)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == period)
            return true;
    return false;
}

/* The year that a span closes, else the one before. */
static fd_period closed_year(fd_period at)
{
    int year = fd_period_year_of(at);
    bool is_whole = fd_period_kind_of(at) == FD_YEAR ||
                    (fd_period_kind_of(at) == FD_CUMULATIVE && fd_period_number_of(at) == 12);

    return fd_period_year(is_whole ? year : year - 1);
}

static fd_period month_of(fd_period at)
{
    int month = fd_period_kind_of(at) == FD_CUMULATIVE ? fd_period_number_of(at) : 12;

    return fd_period_month(fd_period_year_of(at), month);
}

static fd_period last_published(fd_composer *m, const char *id)
{
    const fd_period *periods;
    size_t count = 0;

    if (m->c->source->ops->periods(m->c->source, id, FD_PUBLISHED, &periods, &count) < 0)
        fd_error_clear();
    return count ? periods[count - 1] : FD_PERIOD_NONE;
}

fd_period fd_report__period(fd_composer *m, const fd_indicator *indicator)
{
    fd_period at = m->c->at, candidates[3];
    const period_list *known;
    size_t count = 0;

    if (at == FD_PERIOD_NONE) {
        if (known_periods(&known, m, indicator) < 0 || !known->count) {
            fd_error_clear();
            return last_published(m, indicator->id);
        }
        return known->items[known->count - 1];
    }
    if (holds(indicator, fd_period_kind_of(at)))
        candidates[count++] = at;
    if (holds(indicator, FD_MONTH) && fd_period_kind_of(at) == FD_CUMULATIVE)
        candidates[count++] = month_of(at);
    if (holds(indicator, FD_YEAR))
        candidates[count++] = closed_year(at);
    if (!count)
        return at;
    if (known_periods(&known, m, indicator) < 0) {
        fd_error_clear();
        return candidates[0];
    }
    for (size_t i = 0; i < count; i++)
        if (is_known(known, candidates[i]))
            return candidates[i];
    return candidates[0];
}

/* ---- indicators ---- */

static bool says_own(const fd_indicator *i)
{
    for (size_t k = 0; k < i->decl->clause_count; k++)
        if (strcmp(i->decl->clauses[k].keyword, "测算") == 0 ||
            (strcmp(i->decl->clauses[k].keyword, "口径") == 0 && i->decl->clauses[k].text &&
             strcmp(i->decl->clauses[k].text, "测算") == 0))
            return true;
    return false;
}

/* Does an expression rest on an indicator that is an own estimate? The definitions have no circles;
 * the depth guards against absurd ones. */
static bool rests_on_own(const fd_expr *e, int depth)
{
    if (!e || depth > 64)
        return false;
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR) {
        const fd_indicator *i = e->target;

        return says_own(i) || rests_on_own(i->formula, depth + 1) ||
               rests_on_own(i->total, depth + 1);
    }
    for (size_t k = 0; k < e->child_count; k++)
        if (rests_on_own(e->children[k], depth + 1))
            return true;
    return rests_on_own(e->where, depth + 1);
}

fd_series_kind fd_report__series(const fd_indicator *i)
{
    if (i->verified)
        return FD_SERIES_VERIFIED;
    return says_own(i) || rests_on_own(i->formula, 0) || rests_on_own(i->total, 0)
               ? FD_SERIES_OWN
               : FD_SERIES_PLAIN;
}

static const char *marks_of(fd_composer *m, const fd_table *t)
{
    const char *head = "数据标记:";

    for (size_t i = 0; i < t->note_count; i++)
        if (strncmp(t->notes[FD_ZH][i], head, strlen(head)) == 0)
            return fd_arena_strdup(m->arena, t->notes[FD_ZH][i] + strlen(head));
    return "";
}

int fd_report__measured(const fd_table **out, fd_composer *m, const fd_indicator *indicator,
                        fd_period period, const char *kind, const char *where)
{
    fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
    fd_buf key = FD_BUF_INIT;
    fd_expr *condition = NULL;
    fd_table *t = NULL;
    uint64_t found;
    int err = 0;

    *out = NULL;
    fd_buf_printf(&key, "%s@%d/%s?%s", indicator->id, (int)period, kind, where ? where : "");
    if (fd_map_get(m->tables, fd_view_of(fd_buf_text(&key)), &found)) {
        *out = (const fd_table *)(uintptr_t)found;
        goto done;
    }
    if (where && (err = fd_expr_parse(&condition, m->c->program, m->arena, where, true)) < 0)
        goto done;
    options.by = &kind;
    options.by_count = 1;
    options.where = condition;
    if ((err = fd_measure(&t, m->c->program, m->c->source, &indicator, 1, &period, 1, &options)) <
        0)
        goto done;
    fd_map_set(m->tables, fd_view_of(fd_buf_text(&key)), (uint64_t)(uintptr_t)t);
    *out = t;
done:
    fd_buf_dispose(&key);
    return err < 0 ? err : 0;
}

static void describe(fd_value *v, fd_composer *m, const fd_indicator *i, fd_period period,
                     const char *kind, const char *code)
{
    char title[48] = "";

    if (period != FD_PERIOD_NONE)
        fd_period_title(period, FD_ZH, title, sizeof title);
    v->name = fd_arena_printf(m->arena, "%s%s%s%s", title, title[0] ? " " : "",
                              code ? fd_report__subject(m, kind, code) : "", i->name);
    v->unit = i->unit ? i->unit->name : "";
    v->period = period;
    v->series = fd_report__series(i);
    v->marks = "";
    v->tag = fd_report__tag(m, i->id, period, code ? kind : NULL, code);
}

/* What was published about the whole city stands in where nothing can be computed. */
static int published(fd_value *out, fd_composer *m, const char *id, fd_period period, int digits)
{
    fd_source *s = m->c->source;
    fd_column *column = NULL;
    const fd_frame *frame;
    fd_origin origin = { 0 };
    fd_number number;
    int err;

    if ((err = s->ops->frame(s, "city", &frame)) < 0 || !frame->n)
        return err;
    if ((err = s->ops->column(s, "city", id, period, FD_PUBLISHED, &column)) < 0)
        return err;
    number = fd_column_number(column, 0);
    if (number.state == FD_HAS || number.state == FD_DOUBT) {
        fd_report__round(out, number, digits);
        out->series = FD_SERIES_PUBLISHED;
        out->marks = out->source = "";
        if (s->ops->origin(s, "city", id, period, FD_PUBLISHED, frame->ids[0], &origin) >= 0) {
            out->marks = fd_arena_strdup(m->arena, origin.marks ? origin.marks : "");
            out->source = fd_arena_strdup(m->arena, origin.basis_of_law ? origin.basis_of_law : "");
        }
        fd_error_clear();
    }
    fd_column_unref(column);
    return 0;
}

int fd_report__indicator(fd_value *out, fd_composer *m, const fd_indicator *i, fd_period period,
                         const char *kind, const char *code)
{
    int digits = i->digits >= 0 ? i->digits : 2, err, value_at, code_at;
    const fd_table *t;
    fd_measured one;

    memset(out, 0, sizeof *out);
    out->state = FD_MISSING;
    out->reason = "没有数据";
    describe(out, m, i, period, kind, code);
    if (period == FD_PERIOD_NONE)
        return 0;
    if (!code) {
        if ((err = fd_measure_one(&one, m->c->program, m->c->source, i, period, NULL)) < 0)
            return err;
        fd_report__round(out, one.value, digits);
        out->marks = fd_arena_strdup(m->arena, one.marks);
        return fd_report__has(out) ? 0 : published(out, m, i->id, period, digits);
    }
    if (m->c->may_show && !m->c->may_show(m->c->payload, i, kind)) {
        out->reason = "依据企业统计原始资料，本角色不可见（统计法）";
        return 0;
    }
    if ((err = fd_report__measured(&t, m, i, period, kind, NULL)) < 0)
        return err;
    value_at = fd_table_find(t, "value");
    code_at = fd_table_find(t, kind);
    for (size_t r = 0; value_at >= 0 && code_at >= 0 && r < t->rows; r++)
        if (fd_column_text(t->columns[code_at], r) &&
            strcmp(fd_column_text(t->columns[code_at], r), code) == 0) {
            fd_report__round(out, fd_column_number(t->columns[value_at], r), digits);
            out->marks = marks_of(m, t);
        }
    return 0;
}

/* A data item of one subject (the paper's enterprise, or the city), converted to nothing: in its
 * own unit. */
static int item_value(fd_value *out, fd_composer *m, const fd_item *item, fd_period period,
                      const char *kind, const char *code)
{
    fd_source *source = m->c->source;
    const char *marks = NULL, *origin = NULL;
    fd_column *column = NULL;
    char title[48] = "";
    ptrdiff_t at;
    int err;

    memset(out, 0, sizeof *out);
    out->state = FD_MISSING;
    out->reason = "没有数据";
    out->unit = item->unit ? item->unit->name : "";
    out->period = period;
    out->marks = "";
    if (period != FD_PERIOD_NONE)
        fd_period_title(period, FD_ZH, title, sizeof title);
    out->name = fd_arena_printf(m->arena, "%s %s", title, item->name);
    out->tag = fd_report__tag(m, item->id, period, kind, code);
    if (strcmp(item->kind, kind ? kind : "city") != 0 || item->nature == FD_ATTRIBUTE ||
        period == FD_PERIOD_NONE)
        return 0;
    if ((err = source->ops->marks(source, item->id, period, FD_CURRENT, &marks, &origin)) < 0)
        return err;
    if (kind && m->c->may_see && !m->c->may_see(m->c->payload, origin)) {
        out->reason = "企业统计原始资料，本角色不可见（统计法）";
        return 0;
    }
    at = code ? fd_report__index(m, kind, code) : 0;
    if (at < 0 ||
        (err = source->ops->column(source, item->kind, item->id, period, FD_CURRENT, &column)) < 0)
        return at < 0 ? 0 : err;
    if ((size_t)at < column->n)
        fd_report__round(out, fd_column_number(column, (size_t)at),
                         item->scale < 2 ? item->scale : 2);
    out->marks = fd_arena_strdup(m->arena, marks ? marks : "");
    fd_column_unref(column);
    return 0;
}

/* ---- references ---- */

static bool cut_suffix(fd_view *text, const char *suffix)
{
    if (!fd_view_ends(*text, suffix))
        return false;
    text->len -= strlen(suffix);
    return true;
}

static bool cut_year(fd_view *text, char before, int *year)
{
    const char *end = text->ptr + text->len;

    if (text->len < 6 || end[-5] != before)
        return false;
    *year = 0;
    for (int k = 4; k > 0; k--) {
        if (end[-k] < '0' || end[-k] > '9')
            return false;
        *year = *year * 10 + (end[-k] - '0');
    }
    text->len -= 5;
    return true;
}

typedef struct reference {
    char name[160];
    enum { NO_DIFFERENCE, FROM_PREVIOUS, FROM_YEAR_BEFORE, FROM_YEAR } difference;
    enum { AT_PAPER, AT_PREVIOUS, AT_YEAR_BEFORE, AT_MONTH, AT_CLOSED_YEAR, AT_YEAR } at;
    int from_year, at_year;
    bool is_city;
} reference;

static void parse_reference(reference *r, fd_view text)
{
    memset(r, 0, sizeof *r);
    text = fd_view_trim(text);
    r->is_city = cut_suffix(&text, "/市");
    if (cut_suffix(&text, "@上期"))
        r->at = AT_PREVIOUS;
    else if (cut_suffix(&text, "@上年"))
        r->at = AT_YEAR_BEFORE;
    else if (cut_suffix(&text, "@月"))
        r->at = AT_MONTH;
    else if (cut_suffix(&text, "@年"))
        r->at = AT_CLOSED_YEAR;
    else if (cut_year(&text, '@', &r->at_year))
        r->at = AT_YEAR;
    if (cut_suffix(&text, "-上期"))
        r->difference = FROM_PREVIOUS;
    else if (cut_suffix(&text, "-上年"))
        r->difference = FROM_YEAR_BEFORE;
    else if (cut_year(&text, '-', &r->from_year))
        r->difference = FROM_YEAR;
    snprintf(r->name, sizeof r->name, "%.*s", (int)text.len, text.ptr);
}

static fd_period reference_period(const reference *r, fd_composer *m, fd_period usual)
{
    fd_period at = m->c->at != FD_PERIOD_NONE ? m->c->at : usual;

    if (usual == FD_PERIOD_NONE)
        return usual;
    switch (r->at) {
    case AT_PAPER:
        return usual;
    case AT_PREVIOUS:
        return fd_period_step(usual, -1);
    case AT_YEAR_BEFORE:
        return fd_period_years_before(usual, 1);
    case AT_MONTH:
        return month_of(at);
    case AT_CLOSED_YEAR:
        return closed_year(at);
    case AT_YEAR:
        return fd_period_year(r->at_year);
    }
    return usual;
}

static fd_period base_period(const reference *r, fd_period period)
{
    switch (r->difference) {
    case FROM_PREVIOUS:
        return fd_period_step(period, -1);
    case FROM_YEAR_BEFORE:
        return fd_period_years_before(period, 1);
    case FROM_YEAR:
        return fd_period_year(r->from_year);
    case NO_DIFFERENCE:
        break;
    }
    return period;
}

/* One minus the other, both as printed. */
static void subtract(fd_value *v, fd_composer *m, const fd_value *before)
{
    int scale = v->shown.scale > before->shown.scale ? v->shown.scale : before->shown.scale;
    fd_decimal a, b;
    char from[48];

    if (!fd_report__has(v))
        return;
    if (!fd_report__has(before)) {
        v->state = before->state;
        v->reason =
            fd_arena_printf(m->arena, "没有对比的数（%s：%s）", before->name, before->reason);
        return;
    }
    if (fd_decimal_rescale(&a, v->shown, scale) < 0 ||
        fd_decimal_rescale(&b, before->shown, scale) < 0) {
        fd_error_clear();
        v->state = FD_MISSING;
        v->reason = "数字过大，减不了";
        return;
    }
    v->level = a;
    v->base = b;
    v->is_difference = true;
    v->shown = (fd_decimal){ a.mantissa - b.mantissa, (int8_t)scale };
    if (strcmp(v->unit, "%") == 0)
        v->unit = "百分点";
    if (before->state == FD_DOUBT)
        v->state = FD_DOUBT;
    fd_period_title(before->period, FD_ZH, from, sizeof from);
    v->name = fd_arena_printf(m->arena, "%s 较%s", v->name, from);
}

int fd_report__value(fd_value *out, fd_composer *m, fd_view text)
{
    const fd_indicator *indicator;
    const fd_item *item;
    const char *kind = m->c->place_kind, *code = m->c->place_code;
    fd_value before;
    fd_period period;
    reference r;
    int err;

    memset(out, 0, sizeof *out);
    parse_reference(&r, text);
    if (r.is_city)
        kind = code = NULL;
    indicator = fd_program_indicator(m->c->program, r.name);
    item = indicator ? NULL : fd_program_item(m->c->program, r.name);
    if (!indicator && !item) {
        const char *const *names;
        const char *nearest;
        size_t count;

        fd_error_set(FD_ENOTFOUND, "文稿用到的「%s」不是指标,也不是数据项",
                     "\"%s\" in the paper is neither an indicator nor a data item", r.name);
        names = fd_program_names(m->c->program, FD_DECL_INDICATOR, &count);
        if ((nearest = fd_nearest(r.name, names, count)))
            fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
        return FD_ENOTFOUND;
    }
    if (item) {
        const fd_period *periods = NULL;
        size_t count = 0;

        if ((err = m->c->source->ops->periods(m->c->source, item->id, FD_CURRENT, &periods,
                                              &count)) < 0)
            return err;
        period = m->c->at != FD_PERIOD_NONE ? m->c->at
                 : count                    ? periods[count - 1]
                                            : FD_PERIOD_NONE;
        return item_value(out, m, item, reference_period(&r, m, period), kind, code);
    }
    period = reference_period(&r, m, fd_report__period(m, indicator));
    if ((err = fd_report__indicator(out, m, indicator, period, kind, code)) < 0)
        return err;
    if (r.difference == NO_DIFFERENCE || period == FD_PERIOD_NONE)
        return 0;
    if ((err = fd_report__indicator(&before, m, indicator, base_period(&r, period), kind, code)) <
        0)
        return err;
    subtract(out, m, &before);
    if (out->is_difference) {
        char from[24];
        fd_buf what = FD_BUF_INIT;

        fd_period_format(before.period, from, sizeof from);
        fd_buf_printf(&what, "%s-%s", indicator->id, from);
        out->tag = fd_report__tag(m, fd_buf_text(&what), period, code ? kind : NULL, code);
        fd_buf_dispose(&what);
    }
    return 0;
}
