/*
 * Columns of the file → columns of the form, with period, basis and unit.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "returns/sheet.h"

/* ---- unit
 * ------------------------------------------------------------------------------------------------
 */

static bool convertible(const fd_unit *from, const fd_unit *to)
{
    fd_quot factor;
    bool ok = fd_unit_factor(&factor, from, to) == 0;

    if (!ok)
        fd_error_clear();
    return ok;
}

static const fd_unit *form_unit(const fd_form *form, const fd_unit *to, int year)
{
    const fd_unit *found = NULL;
    int best = -1;

    for (size_t i = 0; i < form->unit_count; i++)
        if (form->units[i].from_year > best &&
            (form->units[i].from_year == 0 || form->units[i].from_year <= year) &&
            convertible(form->units[i].unit, to)) {
            best = form->units[i].from_year;
            found = form->units[i].unit;
        }
    return found;
}

/* The unit above the header. False, with a fault of the file, when it says two that would do
 * (万元、千元) or one that nobody declared (美元): the form's own is not put in its place. */
static bool unit_above(fd_reader_state *s, const fd_sheet *sheet, fd_bound *b)
{
    const fd_unit *money = fd_program_unit(s->form->program, "元");

    for (size_t i = 0; i < s->line_unit_count; i++) {
        const fd_unit *unit = s->line_units[i];
        fd_quot factor;

        if (!convertible(unit, b->c->item->unit))
            continue;
        if (b->unit && (fd_unit_factor(&factor, unit, b->unit) < 0 ||
                        fd_quot_compare(factor, fd_quot_from_int(1)) != 0)) {
            fd_returns__file_fault(s, "unit", sheet, 0, b->header,
                                   "表上方写了 %s 又写了 %s,不知道「%s」是哪一种",
                                   "the lines above name %s and %s: which of them is %s in?",
                                   b->unit->name, unit->name, b->header);
            return false;
        }
        b->unit = unit;
    }
    if (b->unit || b->c->count || !s->line_unknown ||
        (strstr(s->line_unknown, "元") ? money && !convertible(money, b->c->item->unit)
                                       : s->line_unit_count > 0))
        return true;
    fd_returns__file_fault(s, "unit", sheet, 0, b->header,
                           "表上方写的单位「%s」不认识,不知道「%s」按什么单位读",
                           "the unit %s above the header is unknown: in what is %s?",
                           s->line_unknown, b->header);
    return false;
}

/* In brackets, in the row below, above the header, in the form: the first that fits the item. */
static bool choose_unit(fd_reader_state *s, const fd_sheet *sheet, fd_bound *b, const fd_header *h,
                        fd_view unit_cell)
{
    const fd_item *item = b->c->item;
    char name[48];

    if (!b->unit && unit_cell.len && unit_cell.len < sizeof name) {
        memcpy(name, unit_cell.ptr, unit_cell.len);
        name[unit_cell.len] = '\0';
        b->unit = fd_program_unit(s->form->program, name);
    }
    if (h && h->unit)
        b->unit = h->unit;
    b->unit_in_header = b->unit != NULL;
    if (b->unit && !convertible(b->unit, item->unit)) {
        fd_returns__file_fault(s, "unit", sheet, 0, b->header,
                               "「%s」的单位 %s 与数据项的单位 %s 不是一类",
                               "%s: unit %s cannot be converted to %s", b->header, b->unit->name,
                               item->unit->name);
        return false;
    }
    if (!b->unit && !unit_above(s, sheet, b))
        return false;
    if (!b->unit)
        b->unit = b->c->unit;
    b->unit_assumed = !b->unit;
    if (!b->unit)
        b->unit = form_unit(s->form, item->unit, s->year);
    if (!b->unit)
        b->unit = item->unit;
    return fd_number_plan_make(&b->plan, s->form->program, b->unit, item->unit, item->scale,
                               b->c->dash >= 0 ? b->c->dash : s->form->dash) == 0;
}

/* ---- period and basis
 * --------------------------------------------------------------------------------------- */

static bool choose_period(fd_reader_state *s, const fd_sheet *sheet, fd_bound *b)
{
    const fd_form *form = s->form;
    fd_when when = b->c->when != FD_WHEN_ANY     ? b->c->when
                   : b->time.when != FD_WHEN_ANY ? b->time.when
                                                 : form->when;
    int basis = b->c->basis;

    if (basis == FD_BASIS_ANY)
        basis = b->time.basis == FD_COMPARATIVE ? FD_COMPARATIVE
                : form->basis != FD_BASIS_ANY   ? form->basis
                                                : FD_CURRENT;
    if (form->when == FD_WHEN_YEAR)
        when = FD_WHEN_YEAR;
    if (b->time.year && b->time.year == s->year - 1 && b->c->basis == FD_BASIS_ANY)
        basis = FD_COMPARATIVE;
    else if (b->time.year && s->year && b->time.year != s->year) {
        fd_returns__file_fault(s, "period", sheet, 0, b->header,
                               "列「%s」写的是 %d 年,报表是 %d 年",
                               "column %s is of %d, the return of %d", b->header, b->time.year,
                               s->year);
        return false;
    }
    if (b->time.month && s->month && b->time.month != s->month && form->when != FD_WHEN_YEAR) {
        fd_returns__file_fault(s, "period", sheet, 0, b->header,
                               "列「%s」写的是 %d 月,报表是 %d 月",
                               "column %s is of month %d, the return of month %d", b->header,
                               b->time.month, s->month);
        return false;
    }
    b->basis = (fd_basis)basis;
    switch (when) {
    case FD_WHEN_YEAR:
        b->period = fd_period_year(s->year);
        break;
    case FD_WHEN_CUMULATIVE:
        b->period = fd_period_cumulative(s->year, s->month);
        break;
    case FD_WHEN_MONTH:
        b->period = fd_period_month(s->year, s->month);
        break;
    default:
        b->period = FD_PERIOD_NONE;
        break;
    }
    return true;
}

/* ---- binding
 * ---------------------------------------------------------------------------------------------------
 */

static bool add_bound(fd_reader_state *s, fd_sheet *sheet, const fd_form_column *c, size_t at,
                      const fd_header *h, fd_header_time time, fd_view unit_cell)
{
    fd_bound b = { .c = c, .at = at, .header = h ? h->text : c->item->name, .time = time };

    if (!choose_period(s, sheet, &b) || !choose_unit(s, sheet, &b, h, unit_cell))
        return false;
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        const fd_bound *other = &sheet->bounds.items[i];

        if (other->c->item == c->item && other->period == b.period && other->basis == b.basis &&
            (other->c->variant == NULL) == (c->variant == NULL)) {
            fd_returns__file_fault(
                s, "ambiguous", sheet, 0, b.header,
                "列「%s」和「%s」都像「%s」,不猜;请改表头或用 --map 指明",
                "columns %s and %s both look like %s; nothing is guessed, use --map", other->header,
                b.header, c->item->name);
            return false;
        }
    }
    fd_vec_push(&sheet->bounds, b);
    return true;
}

/* Texts and roles: of several that would do, the one that the form names first. */
static void add_text(fd_reader_state *s, fd_sheet *sheet, const fd_form_column *c, size_t at,
                     size_t rank, const fd_header *h)
{
    fd_bound_text t = { c, at, rank, h->text };

    for (size_t i = 0; i < sheet->texts.count; i++) {
        fd_bound_text *other = &sheet->texts.items[i];

        if (other->c != c)
            continue;
        fd_returns__findf(s, FD_NOTE, "column", sheet, 0, h->text,
                          "列「%s」和「%s」说的是同一件事,取「%s」",
                          "columns %s and %s say the same; %s is used", other->header, h->text,
                          rank < other->rank ? h->text : other->header);
        if (rank < other->rank)
            *other = t;
        return;
    }
    fd_vec_push(&sheet->texts, t);
}

static void add_role(fd_reader_state *s, fd_sheet *sheet, const fd_form_column *c, size_t at,
                     const fd_header *h)
{
    if (c->role == FD_COL_PART) { /* an account and its meter: together they tell rows apart */
        fd_vec_push(&sheet->parts, at);
        return;
    }
    if (sheet->roles[c->role]) {
        fd_returns__findf(s, FD_NOTE, "column", sheet, 0, h->text, "列「%s」重复,用前一列",
                          "column %s comes twice; the first is used", h->text);
        return;
    }
    sheet->roles[c->role] = at + 1;
}

static void unknown(fd_reader_state *s, const fd_sheet *sheet, const fd_header *h,
                    const fd_match *m)
{
    const char *names[512], *nearest;
    size_t n = 0;

    if (m->aside) {
        fd_returns__findf(
            s, FD_WARNING, "column", sheet, 0, h->text,
            "列「%s」里的「%s」不认识,可能是另一个数,不收;确认后用 --map 指明",
            "column %s: %s may make it another figure; left out, use --map to confirm", h->text,
            m->aside);
        return;
    }
    if (m->by_code) {
        fd_returns__findf(
            s, FD_WARNING, "column", sheet, 0, h->text,
            "不认识的列「%s」:代码 %s 是「%s」,名称对不上,不收;确认后用 --map 指明",
            "unknown column %s: code %s is %s but the name differs; left out, use --map to confirm",
            h->text, h->code, m->by_code->name);
        return;
    }
    for (size_t i = 0; i < s->form->column_count && n < 512; i++)
        for (size_t k = 0; k < s->form->columns[i].name_count && n < 512; k++)
            names[n++] = s->form->columns[i].names[k];
    nearest = h->count ? fd_nearest(h->candidates[h->count - 1].name, names, n) : NULL;
    fd_returns__find(s, FD_NOTE, "column", sheet, 0, h->text, "不认识的列,不收",
                     "unknown column; left out", h->text, nearest, nearest);
}

static void bind_column(fd_reader_state *s, fd_sheet *sheet, const fd_header *h, size_t at,
                        fd_view unit_cell)
{
    const char *target = NULL;
    fd_match m;

    if (s->handler->mapping && s->handler->mapping(s->handler->payload, s->form->id,
                                                   s->result->sender, h->folded, &target) <= 0)
        target = NULL;
    fd_header_match(&m, s->arena, s->forms, s->form, h, target, s->year);
    switch (m.how) {
    case FD_MATCH_NONE:
        unknown(s, sheet, h, &m);
        return;
    case FD_MATCH_IGNORED:
        return;
    case FD_MATCH_AMBIGUOUS:
        fd_returns__file_fault(s, "ambiguous", sheet, 0, h->text,
                               "列「%s」可以是 %s,不猜;请改表头或用 --map 指明",
                               "column %s could be %s; nothing is guessed, use --map", h->text,
                               m.others);
        return;
    case FD_MATCH_CONFLICT:
        fd_returns__file_fault(s, "code-conflict", sheet, 0, h->text,
                               "列「%s」:名称是「%s」,代码 %s 却是「%s」",
                               "column %s: the name says %s, code %s says %s", h->text,
                               m.by_name->name, h->code, m.by_code->name);
        return;
    case FD_MATCH_CODE:
        fd_returns__findf(s, FD_WARNING, "column", sheet, 0, h->text,
                          "列「%s」按代码 %s 认作「%s」", "column %s is taken by its code %s as %s",
                          h->text, h->code, m.columns[0]->item->name);
        break;
    case FD_MATCH_NAME:
    case FD_MATCH_REMEMBERED:
        break;
    }
    for (size_t i = 0; i < m.count && !s->file_fault; i++) {
        const fd_form_column *c = m.columns[i];

        if (c->role == FD_COL_ITEM)
            (void)add_bound(s, sheet, c, at, h, m.time, unit_cell);
        else if (c->role == FD_COL_ATTRIBUTE || c->role == FD_COL_FIELD)
            add_text(s, sheet, c, at, m.rank, h);
        else
            add_role(s, sheet, c, at, h);
    }
}

/* Laid on every group of columns with one period and basis that has all its items. */
static void bind_checks(fd_reader_state *s, fd_sheet *sheet)
{
    for (size_t k = 0; k < s->form->check_count; k++) {
        const fd_check *check = &s->form->checks[k];

        if (check->kind != FD_CHECK_RELATION || check->term_count > 8)
            continue;
        for (size_t i = 0; i < sheet->bounds.count; i++) {
            const fd_bound *lead = &sheet->bounds.items[i];
            fd_bound_check bound = { check, { i }, 1 };

            if (lead->c->item != check->terms[0].item || lead->c->variant)
                continue;
            for (size_t t = 1; t < check->term_count; t++)
                for (size_t j = 0; j < sheet->bounds.count; j++) {
                    const fd_bound *other = &sheet->bounds.items[j];

                    if (other->c->item == check->terms[t].item && !other->c->variant &&
                        other->period == lead->period && other->basis == lead->basis) {
                        bound.columns[bound.count++] = j;
                        break;
                    }
                }
            if (bound.count == check->term_count)
                fd_vec_push(&sheet->checks, bound);
        }
    }
}

/*
 * 营业收入;本年(亿元) beside 营业收入;上年: the unit stands once and is meant for both. Only where
 * nothing in the file gives the second column one, and the first says something else than the form
 * assumes.
 */
static int share_units(fd_reader_state *s, fd_sheet *sheet)
{
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        fd_bound *b = &sheet->bounds.items[i];
        const fd_bound *from = NULL;
        bool agree = true;
        int err;

        if (!b->unit_assumed || b->at == SIZE_MAX)
            continue;
        for (size_t k = 0; k < sheet->bounds.count; k++) {
            const fd_bound *other = &sheet->bounds.items[k];

            if (other->c->item != b->c->item || !other->unit_in_header)
                continue;
            agree &= !from || from->unit == other->unit;
            from = from ? from : other;
        }
        if (!from || !agree || from->unit == b->unit)
            continue;
        fd_returns__findf(s, FD_WARNING, "unit", sheet, 0, b->header,
                          "「%s」没有写单位,与「%s」同用 %s",
                          "%s has no unit of its own: as %s, in %s", b->header, from->header,
                          from->unit->name);
        b->unit = from->unit;
        if ((err = fd_number_plan_make(&b->plan, s->form->program, b->unit, b->c->item->unit,
                                       b->c->item->scale,
                                       b->c->dash >= 0 ? b->c->dash : s->form->dash)) < 0)
            return err;
    }
    return 0;
}

static void check_required(fd_reader_state *s, const fd_sheet *sheet)
{
    const fd_form *form = s->form;

    for (size_t i = 0; i < form->column_count; i++) {
        const fd_form_column *c = &form->columns[i];
        bool there =
            c->role != FD_COL_ITEM && c->role != FD_COL_ATTRIBUTE && c->role != FD_COL_FIELD
                ? sheet->roles[c->role] > 0
                : false;

        if (!c->required)
            continue;
        for (size_t k = 0; k < sheet->bounds.count; k++)
            there |= sheet->bounds.items[k].c == c;
        for (size_t k = 0; k < sheet->texts.count; k++)
            there |= sheet->texts.items[k].c == c;
        if (!there)
            fd_returns__file_fault(s, "header", sheet, 0, NULL, "缺少必填的列「%s」",
                                   "a required column is missing: %s",
                                   c->name_count ? c->names[0] : c->id);
    }
    if (!form->only && !form->record && !sheet->roles[FD_COL_CODE] && !sheet->roles[FD_COL_NAME])
        fd_returns__file_fault(s, "header", sheet, 0, NULL,
                               "没有代码列也没有名称列,不知道每行说的是谁",
                               "neither a code nor a name column: whom is a row about?");
    if (sheet->roles[FD_COL_INDICATOR] && !sheet->roles[FD_COL_VALUE])
        fd_returns__file_fault(s, "header", sheet, 0, NULL, "有指标列而没有数值列",
                               "a column of indicators but none of values");
    if (form->when == FD_WHEN_ROW && !sheet->roles[FD_COL_PERIOD])
        fd_returns__file_fault(s, "header", sheet, 0, NULL, "缺少期间列",
                               "the column of periods is missing");
}

void fd_sheet__bind(fd_reader_state *s, fd_sheet *sheet, const fd_head *head, size_t first,
                    size_t height, size_t unit_row, bool merged)
{
    for (size_t c = 0; c < sheet->width && !s->file_fault; c++) {
        fd_view levels[3], unit_cell = { "", 0 };
        size_t n = fd_head__levels(head, first, height, c, merged, levels);
        fd_header h;

        if (n && fd_view_is(fd_view_trim(levels[n - 1]), FD_RETURNS_REASON))
            sheet->reason = c + 1;
        if (!n || sheet->reason == c + 1)
            continue;
        if (unit_row < head->count && c < head->rows[unit_row].count)
            unit_cell = fd_view_trim(head->rows[unit_row].cells[c].text);
        fd_header_read(&h, s->arena, s->form->program, levels, n);
        fd_map_set(sheet->headers, levels[n - 1], 1);
        bind_column(s, sheet, &h, c, unit_cell);
    }
    for (size_t i = 0; i < s->form->column_count && !s->file_fault; i++) {
        const fd_form_column *c = &s->form->columns[i];

        if (c->count && c->role == FD_COL_ITEM)
            (void)add_bound(s, sheet, c, SIZE_MAX, NULL,
                            (fd_header_time){ FD_WHEN_ANY, FD_BASIS_ANY, 0, 0 },
                            (fd_view){ "", 0 });
    }
    if (s->file_fault)
        return;
    if (share_units(s, sheet) < 0)
        fd_returns__file_fault(s, "unit", sheet, 0, NULL, "单位换算不了",
                               "a unit cannot be converted");
    check_required(s, sheet);
    bind_checks(s, sheet);
}
