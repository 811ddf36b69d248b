/*
 * Rules of lights as a table, and the small readers that the works share.
 */
#include <stdio.h>
#include <string.h>

#include "industry/works.h"
#include "measure/arith.h"

/* ---- cells ----------------------------------------------------------------------------------- */

static const fd_column *column_of(const fd_table *t, const char *column)
{
    int at = t ? fd_table_find(t, column) : -1;

    return at < 0 ? NULL : t->columns[at];
}

const char *fd_works__text(const fd_table *t, size_t row, const char *column)
{
    const fd_column *c = column_of(t, column);
    const char *text;

    if (!c || (c->kind != FD_TEXT && c->kind != FD_CODE))
        return NULL;
    text = fd_column_text(c, row);
    return text && *text ? text : NULL;
}

const char *fd_works__text_or(const fd_table *t, size_t row, const char *column,
                              const char *fallback)
{
    const char *text = fd_works__text(t, row, column);

    return text ? text : fallback;
}

fd_number fd_works__number(const fd_table *t, size_t row, const char *column)
{
    const fd_column *c = column_of(t, column);
    const char *text;
    fd_decimal d;

    if (!c)
        return fd_number_missing();
    if (c->kind != FD_TEXT && c->kind != FD_CODE)
        return c->kind == FD_DEC || c->kind == FD_QUOT || c->kind == FD_EST
                   ? fd_column_number(c, row)
                   : fd_number_missing();
    text = fd_column_text(c, row);
    if (!text || !*text)
        return fd_number_missing();
    if (strcmp(text, "不适用") == 0)
        return fd_number_na();
    if (fd_decimal_parse(&d, text, strlen(text)) < 0) {
        fd_error_clear();
        return fd_number_missing();
    }
    return fd_number_exact(fd_quot_from_decimal(d));
}

fd_date fd_works__day_of(const char *text)
{
    fd_period period;
    fd_date day;

    if (!text || !*text)
        return FD_DATE_NONE;
    if (fd_date_parse(&day, text, strlen(text)) >= 0)
        return day;
    fd_error_clear();
    if (fd_period_parse(&period, text, strlen(text)) >= 0)
        return fd_period_end(period);
    fd_error_clear();
    return FD_DATE_NONE;
}

fd_date fd_works__date(const fd_table *t, size_t row, const char *column)
{
    const fd_column *c = column_of(t, column);

    if (!c)
        return FD_DATE_NONE;
    if (c->kind == FD_DATE)
        return fd_column_state(c, row) == FD_HAS ? c->v.day[row] : FD_DATE_NONE;
    return fd_works__day_of(fd_works__text(t, row, column));
}

size_t fd_works__find(const fd_table *t, const char *column, const char *text)
{
    for (size_t r = 0; t && text && r < t->rows; r++) {
        const char *found = fd_works__text(t, r, column);

        if (found && strcmp(found, text) == 0)
            return r;
    }
    return SIZE_MAX;
}

const char *fd_works__short(fd_number v, char *buf, size_t size)
{
    size_t n;

    (void)fd_number_text(v, 1, FD_ZH, buf, size);
    n = strlen(buf);
    if (n > 2 && strcmp(buf + n - 2, ".0") == 0)
        buf[n - 2] = '\0';
    return buf;
}

int fd_works__severity(fd_color color)
{
    return color == FD_RED ? 3 : color == FD_YELLOW ? 2 : color == FD_GREY ? 1 : 0;
}

int fd_works__months(fd_date from, fd_date to)
{
    int y1, m1, d1, y2, m2, d2;

    fd_date_split(from, &y1, &m1, &d1);
    fd_date_split(to, &y2, &m2, &d2);
    return (y2 - y1) * 12 + m2 - m1;
}

bool fd_works__ramp(fd_quot *out, const fd_table *curve, int months)
{
    fd_quot before = fd_quot_from_int(0), share;
    int64_t from = 0;

    *out = before;
    if (!curve || !curve->rows || months < 0)
        return false;
    for (size_t r = 0; r < curve->rows; r++) {
        fd_number m = fd_works__number(curve, r, "months"),
                  p = fd_works__number(curve, r, "percent");
        int64_t at;

        if (m.state != FD_HAS || p.state != FD_HAS || m.is_estimate || p.is_estimate ||
            m.exact.den != 1)
            return false;
        at = (int64_t)m.exact.num;
        if (months <= at) {
            if (at == from || months == at) {
                *out = p.exact;
                return true;
            }
            if (fd_quot_make(&share, months - from, at - from) < 0 ||
                fd_quot_sub(out, p.exact, before) < 0 || fd_quot_mul(out, *out, share) < 0 ||
                fd_quot_add(out, *out, before) < 0)
                return false;
            return true;
        }
        before = p.exact;
        from = at;
    }
    *out = before;
    return true;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static bool is(const fd_table *t, size_t row, const char *column, const char *text)
{
    return strcmp(fd_works__text_or(t, row, column, ""), text) == 0;
}

bool fd_rules_has(const fd_table *book, const char *preset, const char *kind)
{
    for (size_t r = 0; book && r < book->rows; r++)
        if (is(book, r, "preset", preset) && is(book, r, "kind", kind))
            return true;
    return false;
}

int fd_rules_preset(const char **out, const fd_table *book, const char *name)
{
    fd_buf list = FD_BUF_INIT;

    *out = NULL;
    for (size_t r = 0; r < book->rows && !*out; r++)
        if (is(book, r, "preset", name) || is(book, r, "name_zh", name) ||
            is(book, r, "name_en", name))
            *out = fd_works__text(book, r, "preset");
    if (*out)
        return 0;
    for (size_t r = 0; r < book->rows; r++)
        if (r == 0 || strcmp(fd_works__text_or(book, r, "preset", ""),
                             fd_works__text_or(book, r - 1, "preset", "")) != 0)
            fd_buf_printf(&list, "%s%s", list.len ? " " : "",
                          fd_works__text_or(book, r, "name_zh", "?"));
    (void)fd_error_set(FD_ENOTFOUND, "没有叫「%s」的灯规则", "there is no light rule called %s",
                       name);
    (void)fd_error_hint("可用:%s", "there are: %s", fd_buf_text(&list));
    fd_buf_dispose(&list);
    return FD_ENOTFOUND;
}

static int bad_row(size_t row, const char *column, const char *found)
{
    return fd_error_set(FD_EFORMAT, "灯规则表第 %zu 行 %s 看不懂:%s",
                        "row %zu of the rules: %s is not understood: %s", row + 2, column,
                        found ? found : "");
}

/* Does `value relation threshold` hold? */
static int holds(bool *out, const fd_table *book, size_t row, fd_quot value)
{
    const char *relation = fd_works__text_or(book, row, "relation", "");
    fd_number threshold = fd_works__number(book, row, "threshold");
    int order;

    if (threshold.state != FD_HAS || threshold.is_estimate)
        return bad_row(row, "threshold", fd_works__text(book, row, "threshold"));
    order = fd_quot_compare(value, threshold.exact);
    if (strcmp(relation, ">") == 0)
        *out = order > 0;
    else if (strcmp(relation, ">=") == 0 || strcmp(relation, "≥") == 0)
        *out = order >= 0;
    else if (strcmp(relation, "<") == 0)
        *out = order < 0;
    else if (strcmp(relation, "<=") == 0 || strcmp(relation, "≤") == 0)
        *out = order <= 0;
    else if (strcmp(relation, "=") == 0)
        *out = order == 0;
    else
        return bad_row(row, "relation", relation);
    return 0;
}

static int color_of(fd_color *out, const fd_table *book, size_t row)
{
    const char *text = fd_works__text_or(book, row, "color", "");

    for (int c = 0; c < 4; c++)
        if (strcmp(text, fd_color_name((fd_color)c, FD_EN)) == 0 ||
            strcmp(text, fd_color_name((fd_color)c, FD_ZH)) == 0) {
            *out = (fd_color)c;
            return 0;
        }
    return bad_row(row, "color", text);
}

int fd_rules_judge(fd_color *color, size_t *row, const fd_table *book, const char *preset,
                   const char *kind, const fd_rule_measure *measures, size_t count)
{
    bool any = false;
    int err;

    *color = FD_GREY;
    *row = SIZE_MAX;
    for (size_t r = 0; r < book->rows; r++) {
        const char *name = fd_works__text(book, r, "measure");
        const fd_rule_measure *m = NULL;
        bool does = true;

        if (!is(book, r, "preset", preset) || !is(book, r, "kind", kind))
            continue;
        any = true;
        if (name) {
            for (size_t i = 0; i < count && !m; i++)
                if (strcmp(measures[i].id, name) == 0)
                    m = &measures[i];
            if (!m)
                return bad_row(r, "measure", name);
            if (m->value.state != FD_HAS)
                return 0; /* it might have been this row */
            if (m->value.is_estimate)
                return fd_error_set(FD_EINVAL, "亮灯要用精确数,估计值先写明修约",
                                    "a light takes exact numbers: round an estimate first");
            if ((err = holds(&does, book, r, m->value.exact)) < 0)
                return err;
        }
        if (!does)
            continue;
        *row = r;
        return color_of(color, book, r);
    }
    if (!any)
        return fd_error_set(FD_ENOTFOUND, "灯规则「%s」没有 %s 一类", "the rules of %s have no %s",
                            preset, kind);
    return 0;
}

void fd_works__rule_text(const fd_table *book, size_t row, fd_lang lang, char *buf, size_t size)
{
    const char *measure = row == SIZE_MAX ? NULL : fd_works__text(book, row, "measure");
    const char *name = row == SIZE_MAX ? "" : fd_works__text_or(book, row, "name_zh", "");
    const char *name_en = row == SIZE_MAX ? "" : fd_works__text_or(book, row, "name_en", "");

    (void)measure;
    if (row == SIZE_MAX)
        buf[0] = '\0';
    else if (lang == FD_ZH)
        snprintf(buf, size, "(规则:%s预设)", name);
    else
        snprintf(buf, size, "(rule: %s)", name_en);
}

void fd_works__note_rules(fd_table *t, const fd_table *book, const char *preset)
{
    for (size_t r = 0; book && r < book->rows; r++) {
        char zh[512], en[256];

        if (!is(book, r, "preset", preset) ||
            !strstr(fd_works__text_or(book, r, "status", ""), "unverified"))
            continue;
        snprintf(zh, sizeof zh, "亮灯口径 %s:%s;未核实(unverified),可用 --rules 换成本地办法",
                 fd_works__text_or(book, r, "name_zh", preset),
                 fd_works__text_or(book, r, "source", "来源未写"));
        snprintf(en, sizeof en,
                 "lights by the rule of %s: unverified; --rules takes a table of your own",
                 fd_works__text_or(book, r, "name_en", preset));
        fd_table_add_note(t, zh, en);
        return;
    }
}
