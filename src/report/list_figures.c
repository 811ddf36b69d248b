/*
 * Lists of figures: growth taken apart, indicators by part, indicators side by side, series.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ding/eval/eval.h"
#include "report/internal.h"

static int limit_of(const fd_list_words *w)
{
    fd_view text = fd_report__option(w, "前");

    return text.len ? atoi(text.ptr) : 0;
}

static bool is_listed(fd_view words, const char *word)
{
    fd_view piece;

    while (fd_view_split(&words, ',', &piece))
        if (fd_view_is(fd_view_trim(piece), word))
            return true;
    return false;
}

static int find_indicator(const fd_indicator **out, fd_composer *m, fd_view name)
{
    char text[160];
    const char *const *names;
    const char *nearest;
    size_t count;

    snprintf(text, sizeof text, "%.*s", (int)name.len, name.ptr);
    if ((*out = fd_program_indicator(m->c->program, text)))
        return 0;
    fd_error_set(FD_ENOTFOUND, "没有这个指标:%s", "no such indicator: %s", text);
    names = fd_program_names(m->c->program, FD_DECL_INDICATOR, &count);
    if ((nearest = fd_nearest(text, names, count)))
        fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
    return FD_ENOTFOUND;
}

static const char *kind_of(fd_composer *m, fd_view word)
{
    static const char *const kinds[][2] = { { "县区", "county" },
                                            { "产业链", "chain" },
                                            { "行业大类", "division" },
                                            { "企业", "enterprise" },
                                            { "项目", "project" } };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fd_view_is(word, kinds[i][0]))
            return kinds[i][1];
    return fd_report__copy(m, word);
}

static const char *title_of(const char *kind)
{
    return strcmp(kind, "county") == 0       ? "县（市、区）"
           : strcmp(kind, "chain") == 0      ? "产业链"
           : strcmp(kind, "division") == 0   ? "行业"
           : strcmp(kind, "enterprise") == 0 ? "企业"
           : strcmp(kind, "project") == 0    ? "项目"
                                             : kind;
}

/* ---- 拉动 ITEM 按 DIM [升|降] [前 N] [除 CODE,…]: growth taken apart ---- */

static int take_apart(fd_table **out, fd_composer *m, const fd_item *item, const char *by)
{
    fd_growth_options options = FD_GROWTH_OPTIONS_INIT;
    char weight[128];

    options.to = m->c->at;
    options.by = by;
    options.reported_only = true;
    if (item->nature == FD_RATIO) {
        snprintf(weight, sizeof weight, "%.*s_weight", (int)strcspn(item->id, "_"), item->id);
        options.mode = FD_GROWTH_RATES;
        options.weight = fd_program_item(m->c->program, weight);
    }
    return fd_growth(out, m->c->program, m->c->source, item, NULL, &options);
}

static fd_value growth_value(fd_composer *m, const fd_table *t, size_t row, const char *column,
                             const fd_item *item, const char *by, const char *code,
                             const char *part, int digits)
{
    int at = fd_table_find(t, column);
    char what[160];
    fd_value v;

    memset(&v, 0, sizeof v);
    v.state = FD_MISSING;
    v.reason = "没有数据";
    v.unit = strcmp(column, "pull") == 0 ? "百分点" : "%";
    v.period = m->c->at;
    v.marks = "";
    v.series = item->nature == FD_RATIO ? FD_SERIES_VERIFIED : FD_SERIES_PLAIN;
    v.name = fd_arena_printf(m->arena, "%s %s%s", part, item->name,
                             strcmp(column, "pull") == 0     ? "拉动"
                             : strcmp(column, "growth") == 0 ? "增速"
                                                             : "基期比重");
    snprintf(what, sizeof what, "%s.%s", item->id, column);
    v.tag = fd_report__tag(m, what, m->c->at, by, code);
    if (at >= 0)
        fd_report__round(&v, fd_column_number(t->columns[at], row), digits);
    return v;
}

/* The sign of a part's pull before it is rounded. */
static int sign_of(const fd_table *t, size_t row)
{
    fd_number pull = fd_column_number(t->columns[fd_table_find(t, "pull")], row);
    double value = fd_number_to_double(pull);

    return pull.state != FD_HAS && pull.state != FD_DOUBT ? 0 : (value > 0) - (value < 0);
}

/* By the code of the part, which ends the tag. */
static int compare_tags(const void *a, const void *b)
{
    const char *x = ((const fd_list_row *)a)->value.tag, *y = ((const fd_list_row *)b)->value.tag;

    return strcmp(x ? x : "", y ? y : "");
}

int fd_report__list_growth(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    fd_view name = w->count > 1 ? w->words[1] : (fd_view){ "", 0 };
    const char *by = kind_of(m, fd_report__option(w, "按")), *marks = NULL;
    bool up = fd_report__has_word(w, "升"), down = fd_report__has_word(w, "降");
    int most = limit_of(w), err, part_at, name_at;
    fd_view without = fd_report__option(w, "除");
    char id[128];
    const fd_item *item;
    fd_table *t = NULL;
    double *pulls;
    size_t parts;

    snprintf(id, sizeof id, "%.*s", (int)name.len, name.ptr);
    if (!(item = fd_program_item(m->c->program, id)))
        return fd_error_set(FD_ENOTFOUND, "没有这个数据项:%s", "no such data item: %s", id);
    fd_report__column(list, title_of(by), 3.2, FD_DOCX_LEFT);
    fd_report__column(list, "基期比重（%）", 1.2, FD_DOCX_RIGHT);
    fd_report__column(list, "增速（%）", 1, FD_DOCX_RIGHT);
    fd_report__column(list, "拉动（百分点）", 1.3, FD_DOCX_RIGHT);
    list->chart_unit = "百分点";
    list->chart_digits = 2;
    if (m->c->at == FD_PERIOD_NONE) {
        list->reason = "没有数据";
        return 0;
    }
    if ((err = take_apart(&t, m, item, by)) < 0) {
        if (err != FD_ENOTFOUND)
            return err;
        fd_error_clear();
        list->reason = "没有数据";
        return 0;
    }
    part_at = fd_table_find(t, "part");
    name_at = fd_table_find(t, "part_name");
    parts = t->rows >= 2 ? t->rows - 2 : 0; /* the residual and the total close the table */
    for (size_t k = 0; k < parts; k++) {
        size_t r = down && !up ? parts - 1 - k : k;
        const char *code = fd_column_text(t->columns[part_at], r),
                   *part = name_at >= 0 ? fd_column_text(t->columns[name_at], r) : NULL;
        fd_value share, growth, pull;
        int sign;
        fd_docx_span *cells;

        part = part ? part : code;
        if (!code || is_listed(without, code) || (most && list->rows.count >= (size_t)most))
            continue;
        sign = sign_of(t, r);
        pull = growth_value(m, t, r, "pull", item, by, code, part, 2);
        if (!fd_report__has(&pull) || (up && !down && sign <= 0) || (down && !up && sign >= 0))
            continue;
        growth = growth_value(m, t, r, "growth", item, by, code, part, 1);
        share = growth_value(m, t, r, "base_share", item, by, code, part, 1);
        cells = fd_report__row(m, list, part, &pull);
        cells[0] = fd_report__plain(m, part);
        if (!most) { /* only a table binds its cells; a sentence binds what it prints */
            cells[1] = fd_report__span(m, &share, false);
            cells[2] = fd_report__span(m, &growth, false);
            cells[3] = fd_report__span(m, &pull, false);
        }
    }
    if (t->rows >= 2) {
        int at = fd_table_find(t, "pull");
        fd_number total = fd_column_number(t->columns[at], t->rows - 1);

        if (total.state == FD_HAS || total.state == FD_DOUBT)
            list->total = fd_number_to_double(total);
    }
    fd_report__note(
        list, item->nature == FD_RATIO
                  ? "拉动 = 基期权重 × 增速，增速与权重为统计部门核定，各项相加与总增速的差为余差"
                  : "拉动 = 增量 ÷ 全体基期，现价，只合计已报的企业，基期为与本期同报的上年同期数");
    if (fd_report__has_word(w, "代码序") && list->rows.count)
        qsort(list->rows.items, list->rows.count, sizeof *list->rows.items, compare_tags);
    if (m->c->source->ops->marks(m->c->source, item->id, m->c->at,
                                 item->nature == FD_RATIO ? FD_VERIFIED : FD_CURRENT, &marks,
                                 NULL) >= 0 &&
        marks)
        fd_report__mark(m, marks);
    pulls = fd_arena_alloc(m->arena, (list->rows.count + 1) * sizeof *pulls);
    for (size_t i = 0; i < list->rows.count; i++)
        pulls[i] = fd_number_to_double(
            fd_number_exact(fd_quot_from_decimal(list->rows.items[i].value.shown)));
    fd_vec_push(&list->series_names, "拉动");
    fd_vec_push(&list->series_values, pulls);
    fd_table_free(t);
    return 0;
}

/* ---- 分项 ID,… 按 DIM [当 「COND」] [属性 A,…] [高|低] [前 N] [除 CODE,…] ---- */

typedef struct part {
    const char *code, *name;
    fd_value value; /* of the first indicator */
} part;

typedef fd_vec(part) part_list;

static int compare_high(const void *a, const void *b)
{
    const part *x = a, *y = b;
    bool hx = fd_report__has(&x->value), hy = fd_report__has(&y->value);

    if (!hx || !hy)
        return hx ? -1 : hy ? 1 : strcmp(x->code, y->code);
    if (fd_decimal_compare(x->value.shown, y->value.shown) != 0)
        return fd_decimal_compare(y->value.shown, x->value.shown);
    return strcmp(x->code, y->code);
}

static int compare_low(const void *a, const void *b)
{
    const part *x = a, *y = b;

    if (!fd_report__has(&x->value) || !fd_report__has(&y->value) ||
        fd_decimal_compare(x->value.shown, y->value.shown) == 0)
        return compare_high(a, b);
    return -compare_high(a, b);
}

static fd_value cell_value(fd_composer *m, const fd_indicator *i, fd_period period,
                           const char *kind, const fd_table *t, size_t row, const char *code,
                           const char *name)
{
    fd_value v;
    int at = fd_table_find(t, "value"), n_at = fd_table_find(t, "n");

    memset(&v, 0, sizeof v);
    v.unit = i->unit ? i->unit->name : "";
    v.period = period;
    v.marks = "";
    v.series = fd_report__series(i);
    v.name = fd_arena_printf(m->arena, "%s %s", name, i->name);
    v.tag = fd_report__tag(m, i->id, period, kind, code);
    fd_report__round(&v, fd_column_number(t->columns[at], row), i->digits >= 0 ? i->digits : 2);
    /* The sum of one or two enterprises is theirs: it does not stand in a paper that travels. */
    if (strcmp(i->kind, "enterprise") == 0 && strcmp(kind, "enterprise") != 0 && n_at >= 0) {
        double n = fd_number_to_double(fd_column_number(t->columns[n_at], row));

        if (n > 0 && n < 3) {
            v.state = FD_MISSING;
            v.reason = "少于 3 户，不显示";
        }
    }
    return v;
}

static ptrdiff_t row_of(const fd_table *t, const char *kind, const char *code)
{
    int at = fd_table_find(t, kind);

    for (size_t r = 0; at >= 0 && r < t->rows; r++)
        if (fd_column_text(t->columns[at], r) &&
            strcmp(fd_column_text(t->columns[at], r), code) == 0)
            return (ptrdiff_t)r;
    return -1;
}

/* The paper's place as a further condition on enterprises and projects. */
static const char *with_place(fd_composer *m, const char *kind, const char *where)
{
    const char *item = m->c->place_kind, *place = NULL;

    if (item && strcmp(item, kind) != 0 &&
        (strcmp(item, "county") == 0 || strcmp(item, "chain") == 0))
        place =
            fd_arena_printf(m->arena, "%s%s = \"%s\"",
                            strcmp(kind, "project") == 0 ? "project_" : "", item, m->c->place_code);
    if (!place)
        return where;
    return where ? fd_arena_printf(m->arena, "(%s) 且 (%s)", where, place) : place;
}

/* Attribute of a subject, as people read it: a county's or chain's name for its code. */
static const char *attribute_text(fd_composer *m, const char *kind, const char *attribute,
                                  const char *code)
{
    fd_date day = m->c->at != FD_PERIOD_NONE ? fd_period_end(m->c->at) : m->c->today;
    ptrdiff_t at = fd_report__index(m, kind, code);
    fd_column *c = NULL;
    const char *text = "";

    if (at < 0 || m->c->source->ops->attribute(m->c->source, kind, attribute, day, &c) < 0) {
        fd_error_clear();
        return "";
    }
    if ((size_t)at < c->n && fd_column_text(c, (size_t)at))
        text = fd_arena_strdup(m->arena, fd_column_text(c, (size_t)at));
    fd_column_unref(c);
    if (strstr(attribute, "county"))
        return fd_report__subject(m, "county", text);
    if (strstr(attribute, "chain"))
        return fd_report__subject(m, "chain", text);
    return text;
}

static const char *item_title(fd_composer *m, fd_view id)
{
    char text[128];
    const fd_item *item;

    snprintf(text, sizeof text, "%.*s", (int)id.len, id.ptr);
    item = fd_program_item(m->c->program, text);
    return item ? item->name : fd_report__copy(m, id);
}

/* Any number of a kind of subjects: something for the evaluator to run over. */
static const fd_item *number_of(fd_composer *m, const char *kind)
{
    const fd_decl *decl;

    for (size_t i = 0; (decl = fd_program_decl(m->c->program, FD_DECL_ITEM, i)); i++) {
        const fd_item *item = fd_program_item(m->c->program, decl->alias);

        if (item && strcmp(item->kind, kind) == 0 && item->nature != FD_ATTRIBUTE && !item->by)
            return item;
    }
    return NULL;
}

/* Which subjects a condition holds for; NULL when there is no condition. The caller frees. */
static int members_of(double **out, fd_composer *m, const char *kind, const char *where)
{
    fd_eval_query query = { 0 };
    const fd_frame *frame;
    const fd_item *item;
    fd_number *values = NULL;
    fd_eval *eval = NULL;
    fd_expr *row, *condition;
    int err;

    *out = NULL;
    if (!where)
        return 0;
    if (!(item = number_of(m, kind)))
        return fd_error_set(FD_ENOTFOUND, "没有「%s」的数据项", "no data item of kind %s", kind);
    if ((err = m->c->source->ops->frame(m->c->source, kind, &frame)) < 0 ||
        (err = fd_expr_parse(&row, m->c->program, m->arena,
                             fd_arena_printf(m->arena, "%s > 0", item->id), true)) < 0 ||
        (err = fd_expr_parse(&condition, m->c->program, m->arena, where, true)) < 0 ||
        (err = fd_eval_new(&eval, m->c->program, m->c->source, NULL)) < 0)
        return err;
    query.period = m->c->at;
    query.kind = kind;
    query.where = condition;
    values = fd_alloc((frame->n + 1) * sizeof *values); /* not needed; the weights are */
    *out = fd_alloc((frame->n + 1) * sizeof **out);
    err = fd_eval_rows(values, *out, eval, row->children[0], &query);
    fd_eval_free(eval);
    free(values);
    return err < 0 ? err : 0;
}

static void gather(part_list *parts, fd_composer *m, const fd_indicator *i, fd_period period,
                   const char *kind, const fd_table *t, const fd_list_words *w,
                   const double *members, bool where_given)
{
    int code_at = fd_table_find(t, kind), n_at = fd_table_find(t, "n");
    fd_view without = fd_report__option(w, "除");
    bool is_ranked = fd_report__has_word(w, "高") || fd_report__has_word(w, "低");

    for (size_t r = 0; code_at >= 0 && r < t->rows; r++) {
        const char *code = fd_column_text(t->columns[code_at], r);
        part p;

        if (!code || !code[0] || is_listed(without, code))
            continue;
        if (n_at >= 0 && !members && where_given &&
            !(fd_number_to_double(fd_column_number(t->columns[n_at], r)) > 0))
            continue; /* nobody there meets the condition */
        if (members) {
            ptrdiff_t at = fd_report__index(m, kind, code);

            if (at < 0 || !(members[at] > 0)) /* unknown is not listed either */
                continue;
        }
        p.code = fd_arena_strdup(m->arena, code);
        p.name = fd_report__subject(m, kind, p.code);
        p.value = cell_value(m, i, period, kind, t, r, p.code, p.name);
        if (is_ranked && !fd_report__has(&p.value))
            continue;
        fd_vec_push(parts, p);
    }
    if (parts->count && fd_report__has_word(w, "高"))
        qsort(parts->items, parts->count, sizeof *parts->items, compare_high);
    if (parts->count && fd_report__has_word(w, "低"))
        qsort(parts->items, parts->count, sizeof *parts->items, compare_low);
}

/* Notes that tell coverage and the like; "数据标记" goes to the marks of the paper. What speaks of
 * a coverage column, or of sums where each row is one subject, does not fit a paper's table. */
static void take_notes(fd_composer *m, fd_list *list, const fd_table *t, bool by_subject)
{
    const char *head = "数据标记:", *coverage = ",覆盖率见表";

    for (size_t i = 0; i < t->note_count; i++) {
        const char *note = t->notes[FD_ZH][i], *cut = strstr(note, coverage);

        if (strncmp(note, head, strlen(head)) == 0)
            fd_report__mark(m, note + strlen(head));
        else if (by_subject)
            continue;
        else if (cut)
            fd_report__note(list, fd_arena_printf(m->arena, "%.*s%s", (int)(cut - note), note,
                                                  cut + strlen(coverage)));
        else
            fd_report__note(list, fd_arena_strdup(m->arena, note));
    }
}

int fd_report__list_parts(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    enum { MOST = 6 };
    const char *kind = kind_of(m, fd_report__option(w, "按"));
    fd_view ids = w->count > 1 ? w->words[1] : (fd_view){ "", 0 }, id,
            attributes = fd_report__option(w, "属性"), rest, condition = fd_report__option(w, "当");
    const char *where = with_place(m, kind, condition.len ? fd_report__copy(m, condition) : NULL);
    const fd_indicator *indicators[MOST];
    const fd_table *tables[MOST];
    fd_period periods[MOST];
    size_t count = 0, most = (size_t)limit_of(w), column;
    bool by_subject = strcmp(kind, "enterprise") == 0 || strcmp(kind, "project") == 0;
    part_list parts = { 0 };
    double *members = NULL;
    bool has_any = false;
    int err = 0;

    fd_report__column(list, title_of(kind), 3, FD_DOCX_LEFT);
    for (rest = attributes; rest.len && fd_view_split(&rest, ',', &id);)
        fd_report__column(list, item_title(m, id), 1.2, FD_DOCX_CENTER);
    while (fd_view_split(&ids, ',', &id) && count < MOST) {
        if ((err = find_indicator(&indicators[count], m, id)) < 0)
            return err;
        periods[count] = fd_report__period(m, indicators[count]);
        fd_report__column(list,
                          fd_arena_printf(m->arena, "%s(%s)", indicators[count]->name,
                                          indicators[count]->unit ? indicators[count]->unit->name
                                                                  : ""),
                          1.3, FD_DOCX_RIGHT);
        if (periods[count] == FD_PERIOD_NONE) {
            list->reason = "没有数据";
            return 0;
        }
        if (m->c->may_show && !m->c->may_show(m->c->payload, indicators[count], kind)) {
            list->reason = "依据企业统计原始资料，本角色不可见（统计法）";
            return 0;
        }
        if ((err = fd_report__measured(&tables[count], m, indicators[count], periods[count], kind,
                                       by_subject ? NULL : where)) < 0)
            return err;
        take_notes(m, list, tables[count], by_subject);
        count++;
    }
    if (!count)
        return fd_error_set(FD_EPARSE, "分项要写指标", "a list of parts names an indicator");
    if ((err = members_of(&members, m, kind, by_subject ? where : NULL)) < 0) {
        free(members);
        return err;
    }
    gather(&parts, m, indicators[0], periods[0], kind, tables[0], w, members, where != NULL);
    free(members);
    for (size_t p = 0; p < parts.count && (!most || p < most); p++) {
        fd_docx_span *cells = fd_report__row(m, list, parts.items[p].name, &parts.items[p].value);

        cells[0] = fd_report__plain(m, parts.items[p].name);
        column = 1;
        for (rest = attributes; rest.len && fd_view_split(&rest, ',', &id);)
            cells[column++] = fd_report__plain(m, attribute_text(m, kind, fd_report__copy(m, id),
                                                                 parts.items[p].code));
        for (size_t i = 0; i < count; i++, column++) {
            ptrdiff_t r = row_of(tables[i], kind, parts.items[p].code);
            fd_value v;

            if (r < 0) {
                cells[column] = fd_report__plain(m, "—");
                continue;
            }
            v = cell_value(m, indicators[i], periods[i], kind, tables[i], (size_t)r,
                           parts.items[p].code, parts.items[p].name);
            cells[column] = fd_report__span(m, &v, false);
            has_any |= fd_report__has(&v) || (v.reason && strstr(v.reason, "少于 3 户"));
            if (v.reason && strstr(v.reason, "少于 3 户")) {
                cells[column] = fd_report__plain(m, "…");
                fd_report__note(list, "「…」为少于 3 户，不显示");
            }
        }
    }
    if (!has_any && (list->rows.count || !by_subject)) {
        list->rows.count = 0;
        list->reason = "没有数据";
    }
    fd_vec_dispose(&parts);
    return 0;
}

/* ---- 指标 ID,…: rows are indicators; this period, the one before, the year before ---- */

int fd_report__list_indicators(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    fd_view ids = w->count > 1 ? w->words[1] : (fd_view){ "", 0 }, id;
    static const char *const series[] = { "", "核定", "测算", "公开" };
    bool has_any = false;
    int err;

    fd_report__column(list, "指标", 3.4, FD_DOCX_LEFT);
    fd_report__column(list, "期间", 2.3, FD_DOCX_CENTER);
    fd_report__column(list, "单位", 1, FD_DOCX_CENTER);
    fd_report__column(list, "本期", 1, FD_DOCX_RIGHT);
    fd_report__column(list, "上期", 1, FD_DOCX_RIGHT);
    fd_report__column(list, "上年同期", 1.1, FD_DOCX_RIGHT);
    fd_report__column(list, "口径", 0.8, FD_DOCX_CENTER);
    while (fd_view_split(&ids, ',', &id)) {
        const char *kind = m->c->place_kind, *code = m->c->place_code;
        const fd_indicator *indicator;
        fd_value now, previous, before;
        fd_docx_span *cells;
        char title[48] = "";
        fd_period period;
        bool is_city = fd_view_ends(id, "/市");

        if (is_city)
            id.len -= strlen("/市");
        if ((err = find_indicator(&indicator, m, id)) < 0)
            return err;
        if (is_city)
            kind = code = NULL;
        period = fd_report__period(m, indicator);
        if ((err = fd_report__indicator(&now, m, indicator, period, kind, code)) < 0)
            return err;
        if (period == FD_PERIOD_NONE) {
            previous = before = now;
        } else if ((err = fd_report__indicator(&previous, m, indicator, fd_period_step(period, -1),
                                               kind, code)) < 0 ||
                   (err = fd_report__indicator(&before, m, indicator,
                                               fd_period_years_before(period, 1), kind, code)) <
                       0) {
            return err;
        }
        if (fd_period_kind_of(period) == FD_YEAR)
            previous.state = FD_NA; /* the year before stands in its own column */
        if (period != FD_PERIOD_NONE)
            fd_period_title(period, FD_ZH, title, sizeof title);
        cells = fd_report__row(m, list, indicator->name, &now);
        cells[0] =
            fd_report__plain(m, is_city ? fd_arena_printf(m->arena, "全市%s", indicator->name)
                                        : indicator->name);
        cells[1] = fd_report__plain(m, title);
        cells[2] = fd_report__plain(m, now.unit);
        cells[3] = fd_report__span(m, &now, false);
        cells[4] = fd_report__span(m, &previous, false);
        cells[5] = fd_report__span(m, &before, false);
        cells[6] = fd_report__plain(m, series[now.series]);
        has_any |= fd_report__has(&now) || fd_report__has(&previous) || fd_report__has(&before);
        if (now.source && now.source[0])
            fd_report__note(list, fd_arena_printf(m->arena, "公开发表的数出自%s", now.source));
        if (now.series == FD_SERIES_OWN)
            fd_report__note(list, "口径为「测算」的供内部参考，对外以统计部门公布为准");
    }
    if (!has_any) {
        list->rows.count = 0;
        list->reason = "没有数据";
    }
    return 0;
}

/* ---- 逐期 ID,… 近 N: rows are periods ---- */

int fd_report__list_series(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    enum { MOST = 4 };
    fd_view ids = w->count > 1 ? w->words[1] : (fd_view){ "", 0 }, id,
            near = fd_report__option(w, "近");
    const fd_indicator *indicators[MOST];
    size_t count = 0;
    int steps = near.len ? atoi(near.ptr) : 12, err;
    double *values[MOST];
    fd_period last;

    fd_report__column(list, "期间", 1.6, FD_DOCX_LEFT);
    while (fd_view_split(&ids, ',', &id) && count < MOST) {
        if ((err = find_indicator(&indicators[count], m, id)) < 0)
            return err;
        fd_report__column(list,
                          fd_arena_printf(m->arena, "%s(%s)", indicators[count]->name,
                                          indicators[count]->unit ? indicators[count]->unit->name
                                                                  : ""),
                          2, FD_DOCX_RIGHT);
        count++;
    }
    if (!count || steps < 1 || steps > 60)
        return fd_error_set(FD_EPARSE, "逐期要写指标和 近 N", "a series names indicators and 近 N");
    last = fd_report__period(m, indicators[0]);
    if (last == FD_PERIOD_NONE) {
        list->reason = "没有数据";
        return 0;
    }
    list->chart_unit = indicators[0]->unit ? indicators[0]->unit->name : "";
    for (size_t i = 0; i < count; i++)
        values[i] = fd_arena_alloc(m->arena, (size_t)steps * sizeof **values);
    for (int k = 0; k < steps; k++) {
        fd_period period = fd_period_step(last, k + 1 - steps);
        fd_docx_span *cells;
        char title[48];
        bool any = false;
        fd_value v[MOST];

        fd_period_title(period, FD_ZH, title, sizeof title);
        for (size_t i = 0; i < count; i++) {
            if ((err = fd_report__indicator(&v[i], m, indicators[i], period, m->c->place_kind,
                                            m->c->place_code)) < 0)
                return err;
            any |= fd_report__has(&v[i]);
        }
        if (!any && !list->rows.count) /* nothing that early */
            continue;
        cells = fd_report__row(m, list, title, &v[0]);
        cells[0] = fd_report__plain(m, title);
        for (size_t i = 0; i < count; i++) {
            cells[i + 1] = fd_report__span(m, &v[i], false);
            values[i][list->rows.count - 1] =
                fd_report__has(&v[i])
                    ? fd_number_to_double(fd_number_exact(fd_quot_from_decimal(v[i].shown)))
                    : NAN;
        }
    }
    if (!list->rows.count)
        list->reason = "没有数据";
    for (size_t i = 0; i < count; i++) {
        fd_vec_push(&list->series_names, indicators[i]->name);
        fd_vec_push(&list->series_values, values[i]);
    }
    return 0;
}
