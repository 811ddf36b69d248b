/*
 * Lists about one enterprise: profile, months, open matters, questions worth asking.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/internal.h"

static ptrdiff_t firm(fd_composer *m)
{
    return m->c->place_kind && strcmp(m->c->place_kind, "enterprise") == 0
               ? fd_report__index(m, "enterprise", m->c->place_code)
               : -1;
}

static const char *attribute(fd_composer *m, const char *name)
{
    fd_date day = m->c->at != FD_PERIOD_NONE ? fd_period_end(m->c->at) : m->c->today;
    ptrdiff_t at = firm(m);
    fd_column *c = NULL;
    const char *text = "";

    if (at < 0 || m->c->source->ops->attribute(m->c->source, "enterprise", name, day, &c) < 0) {
        fd_error_clear();
        return "";
    }
    if ((size_t)at < c->n && fd_column_text(c, (size_t)at))
        text = fd_arena_strdup(m->arena, fd_column_text(c, (size_t)at));
    fd_column_unref(c);
    return text;
}

/* A code as a name: county, chain (with shares), division of the industry. */
static const char *readable(fd_composer *m, const char *name, const char *text)
{
    if (!text[0])
        return "未登记";
    if (strcmp(name, "county") == 0)
        return fd_report__subject(m, "county", text);
    if (strcmp(name, "industry") == 0 && strlen(text) >= 2) {
        const char *division = fd_arena_strndup(m->arena, text, 2);

        return fd_arena_printf(m->arena, "%s(%s)", fd_report__subject(m, "division", division),
                               text);
    }
    if (strcmp(name, "chain") == 0) {
        fd_view rest = fd_view_of(text), piece;
        fd_buf out = FD_BUF_INIT;
        const char *whole;

        while (fd_view_split(&rest, ';', &piece)) {
            ptrdiff_t colon = fd_view_find(piece, ":");
            fd_view code = { piece.ptr, colon < 0 ? piece.len : (size_t)colon };

            fd_buf_printf(&out, "%s%s", out.len ? "、" : "",
                          fd_report__subject(m, "chain", fd_report__copy(m, code)));
        }
        whole = fd_arena_strdup(m->arena, fd_buf_text(&out));
        fd_buf_dispose(&out);
        return whole;
    }
    return text;
}

/* ---- 档案 ATTRIBUTE,…: two columns ---- */

int fd_report__list_profile(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    fd_view names = w->count > 1 ? w->words[1] : (fd_view){ "", 0 }, name;
    fd_docx_span *cells = NULL;
    size_t column = 0;

    for (int i = 0; i < 2; i++) {
        fd_report__column(list, "项目", 1.6, FD_DOCX_LEFT);
        fd_report__column(list, "内容", 2, FD_DOCX_LEFT);
    }
    if (firm(m) < 0) {
        list->reason = "没有这户企业";
        return 0;
    }
    while (fd_view_split(&names, ',', &name)) {
        const char *id = fd_report__copy(m, name);
        const fd_item *item = fd_program_item(m->c->program, id);
        const char *text =
            strcmp(id, "uscc") == 0 ? m->c->place_code : readable(m, id, attribute(m, id));

        if (column % 4 == 0)
            cells = fd_report__row(m, list, item ? item->name : id, NULL);
        cells[column++ % 4] = fd_report__plain(m, item ? item->name : id);
        cells[column++ % 4] = fd_report__plain(m, text);
    }
    return 0;
}

/* ---- 逐月 ITEM,… 近 N: the firm's own figures by period ---- */

const char *fd_report__stale(fd_composer *m, fd_period period)
{
    fd_date end = fd_period_end(period);
    int days = m->c->stale_days ? m->c->stale_days : 30;
    char text[16];

    if (m->c->today - end <= days)
        return "";
    fd_date_format(end, text, sizeof text);
    return fd_arena_printf(m->arena, "陈旧（%s）", text);
}

static int compare_periods(const void *a, const void *b)
{
    return fd_period_compare(*(const fd_period *)a, *(const fd_period *)b);
}

/* The last `near` periods, up to the paper's, for which the item holds anything; months before
 * spans. */
static size_t last_periods(fd_period *out, size_t near, fd_composer *m, const char *item)
{
    const fd_period *periods;
    fd_period *all;
    size_t count, n = 0, from;
    bool has_months = false;

    if (m->c->source->ops->periods(m->c->source, item, FD_CURRENT, &periods, &count) < 0) {
        fd_error_clear();
        return 0;
    }
    all = fd_alloc((count + 1) * sizeof *all);
    for (size_t i = 0; i < count; i++)
        has_months |= fd_period_kind_of(periods[i]) == FD_MONTH;
    for (size_t i = 0; i < count; i++) {
        fd_period_kind kind = fd_period_kind_of(periods[i]);

        if ((kind == FD_MONTH ||
             (kind == FD_CUMULATIVE && (!has_months || fd_period_number_of(periods[i]) == 2))) &&
            (m->c->at == FD_PERIOD_NONE || fd_period_end(periods[i]) <= fd_period_end(m->c->at)))
            all[n++] = periods[i];
    }
    if (n)
        qsort(all, n, sizeof *all, compare_periods);
    from = n > near ? n - near : 0;
    memcpy(out, all + from, (n - from) * sizeof *out);
    free(all);
    return n - from;
}

typedef struct firm_cell {
    fd_number now, before;
    bool is_hidden;
} firm_cell;

static int read_cell(firm_cell *out, fd_composer *m, const fd_item *item, fd_period period)
{
    fd_source *s = m->c->source;
    const char *origin = NULL, *marks = NULL;
    ptrdiff_t at = firm(m);
    fd_column *c = NULL;
    int err;

    out->now = out->before = fd_number_missing();
    out->is_hidden = false;
    if ((err = s->ops->marks(s, item->id, period, FD_CURRENT, &marks, &origin)) < 0)
        return err;
    if (m->c->may_see && !m->c->may_see(m->c->payload, origin)) {
        out->is_hidden = true;
        return 0;
    }
    fd_report__mark(m, marks ? marks : "");
    if ((err = s->ops->column(s, "enterprise", item->id, period, FD_CURRENT, &c)) < 0)
        return err;
    if (at >= 0 && (size_t)at < c->n)
        out->now = fd_column_number(c, (size_t)at);
    fd_column_unref(c);
    c = NULL;
    if ((err = s->ops->column(s, "enterprise", item->id, period, FD_COMPARATIVE, &c)) < 0)
        return err;
    if (at >= 0 && (size_t)at < c->n)
        out->before = fd_column_number(c, (size_t)at);
    fd_column_unref(c);
    c = NULL;
    if (out->before.state != FD_MISSING)
        return 0;
    /* No comparative figure came with the return: last year's stored one. */
    if ((err = s->ops->column(s, "enterprise", item->id, fd_period_years_before(period, 1),
                              FD_CURRENT, &c)) < 0)
        return err;
    if (at >= 0 && (size_t)at < c->n)
        out->before = fd_column_number(c, (size_t)at);
    fd_column_unref(c);
    return 0;
}

static fd_value cell_value(fd_composer *m, const fd_item *item, fd_period period, fd_number number,
                           const char *suffix, const char *unit, int digits)
{
    char title[48];
    fd_value v;

    memset(&v, 0, sizeof v);
    fd_period_title(period, FD_ZH, title, sizeof title);
    v.unit = unit;
    v.period = period;
    v.marks = "";
    v.name = fd_arena_printf(m->arena, "%s %s%s", title, item->name, suffix[0] ? "增速" : "");
    v.tag = fd_report__tag(m, fd_arena_printf(m->arena, "%s%s", item->id, suffix), period,
                           "enterprise", m->c->place_code);
    fd_report__round(&v, number, digits);
    return v;
}

static fd_number growth_of(const firm_cell *cell)
{
    fd_number n = fd_number_missing();
    fd_quot q;

    if ((cell->now.state != FD_HAS && cell->now.state != FD_DOUBT) ||
        (cell->before.state != FD_HAS && cell->before.state != FD_DOUBT) || cell->now.is_estimate ||
        cell->before.is_estimate || cell->before.exact.num <= 0)
        return n;
    if (fd_quot_div(&q, cell->now.exact, cell->before.exact) < 0 ||
        fd_quot_sub(&q, q, fd_quot_from_int(1)) < 0 ||
        fd_quot_mul(&q, q, fd_quot_from_int(100)) < 0) {
        fd_error_clear();
        return n;
    }
    n = fd_number_exact(q);
    n.state = fd_state_combine(cell->now.state, cell->before.state);
    return n;
}

/* One item's figure and growth in a row. *stale: the mark of the row. */
static int put_month(fd_docx_span *cells, const char **mark, fd_value *growth, fd_composer *m,
                     fd_list *list, const fd_item *item, fd_period period)
{
    const char *unit = item->unit ? item->unit->name : "";
    firm_cell cell;
    fd_value now;
    int err;

    if ((err = read_cell(&cell, m, item, period)) < 0)
        return err;
    if (cell.is_hidden) {
        cells[0] = cells[1] = fd_report__plain(m, "不可见");
        fd_report__note(list, "企业统计原始资料，本角色不可见（统计法）");
        return 0;
    }
    now = cell_value(m, item, period, cell.now, "", unit, item->scale < 1 ? 0 : 1);
    *growth = cell_value(m, item, period, growth_of(&cell), ".growth", "%", 1);
    cells[0] = fd_report__span(m, &now, false);
    cells[1] = fd_report__span(m, growth, false);
    if (now.state == FD_DOUBT)
        *mark = "待核";
    return 0;
}

int fd_report__list_months(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    enum { MOST = 3 };
    fd_view ids = w->count > 1 ? w->words[1] : (fd_view){ "", 0 }, id,
            near = fd_report__option(w, "近");
    size_t most = near.len ? (size_t)atoi(near.ptr) : 12, count, items = 0;
    const fd_item *item[MOST];
    fd_period periods[60];
    int err;

    fd_report__column(list, "期间", 1.7, FD_DOCX_LEFT);
    while (fd_view_split(&ids, ',', &id) && items < MOST) {
        const char *name = fd_report__copy(m, id);

        if (!(item[items] = fd_program_item(m->c->program, name)))
            return fd_error_set(FD_ENOTFOUND, "没有这个数据项:%s", "no such data item: %s", name);
        fd_report__column(list,
                          fd_arena_printf(m->arena, "%s(%s)", item[items]->name,
                                          item[items]->unit ? item[items]->unit->name : ""),
                          1.7, FD_DOCX_RIGHT);
        fd_report__column(list, "同比（%）", 1, FD_DOCX_RIGHT);
        items++;
    }
    fd_report__column(list, "新旧", 2.3, FD_DOCX_CENTER);
    if (!items)
        return fd_error_set(FD_EPARSE, "逐月要写数据项", "months of what data item?");
    count = last_periods(periods, most > 60 ? 60 : most, m, item[0]->id);
    for (size_t i = 0; i < count; i++) {
        const char *mark = fd_report__stale(m, periods[i]);
        fd_docx_span *cells;
        fd_value growth[MOST];
        char title[48];

        fd_period_title(periods[i], FD_ZH, title, sizeof title);
        memset(growth, 0, sizeof growth);
        growth[0].state = FD_MISSING;
        cells = fd_report__row(m, list, title, NULL);
        cells[0] = fd_report__plain(m, title);
        for (size_t k = 0; k < items; k++)
            if ((err = put_month(&cells[1 + 2 * k], &mark, &growth[k], m, list, item[k],
                                 periods[i])) < 0)
                return err;
        cells[1 + 2 * items] = fd_report__plain(m, mark);
        list->rows.items[list->rows.count - 1].value = growth[0];
    }
    if (!list->rows.count)
        list->reason = "没有数据";
    return 0;
}

/* ---- 事项: open records of any type that name this enterprise ---- */

static bool is_link(const char *id)
{
    static const char *const ids[] = { "enterprise", "uscc", "firm", "company" };

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(id, ids[i]) == 0)
            return true;
    return false;
}

static bool is_open(const fd_record_type *type, const char *state)
{
    /* The last states of a type are its ends: those that no transition leaves. */
    for (size_t i = 0; i < type->transition_count; i++) {
        int from = type->transitions[i].from;

        if (from >= 0 && strcmp(type->states[from], state) == 0)
            return true;
    }
    return false;
}

/* The field that names the enterprise; NULL unless records of the type are matters that wait for an
 * answer: those with a due day. A parcel or a platform of a firm waits for nobody. */
static const char *link_of(const fd_record_type *type)
{
    const char *link = NULL;
    bool due = false;

    for (size_t k = 0; k < type->field_count; k++) {
        due = due || strcmp(type->fields[k].id, "due") == 0;
        if (!link && is_link(type->fields[k].id))
            link = type->fields[k].id;
    }
    return due ? link : NULL;
}

/* @return whether the register is kept at all: 1, 0, or a negative code */
static int take_matters(fd_composer *m, fd_list *list, const fd_record_type *type, const char *link)
{
    int err, at, title_at, state_at, id_at;
    fd_table *t = NULL;

    if ((err = m->c->source->ops->records(m->c->source, type->id, FD_DATE_MAX, &t)) < 0)
        return err;
    at = fd_table_find(t, link);
    err = t->rows > 0;
    if ((title_at = fd_table_find(t, "title")) < 0)
        title_at = fd_table_find(t, "name");
    state_at = fd_table_find(t, "state");
    id_at = fd_table_find(t, "id");
    for (size_t r = 0; at >= 0 && state_at >= 0 && id_at >= 0 && r < t->rows; r++) {
        const char *who = fd_column_text(t->columns[at], r),
                   *state = fd_column_text(t->columns[state_at], r);
        fd_docx_span *cells;

        if (!who || !state || !is_open(type, state) ||
            (strcmp(who, m->c->place_code) != 0 && strcmp(who, m->c->place_name) != 0))
            continue;
        cells = fd_report__row(m, list, type->name, NULL);
        cells[0] = fd_report__plain(m, type->name);
        cells[1] = fd_report__plain(m, fd_column_text(t->columns[id_at], r));
        cells[2] =
            fd_report__plain(m, title_at >= 0 ? fd_column_text(t->columns[title_at], r) : "");
        cells[3] = fd_report__plain(m, state);
    }
    fd_table_free(t);
    return err;
}

int fd_report__list_matters(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    const fd_decl *decl;
    bool kept = false;
    int err;

    (void)w;
    fd_report__column(list, "类别", 1, FD_DOCX_CENTER);
    fd_report__column(list, "编号", 1.2, FD_DOCX_CENTER);
    fd_report__column(list, "事项", 3.4, FD_DOCX_LEFT);
    fd_report__column(list, "状态", 1, FD_DOCX_CENTER);
    for (size_t i = 0; (decl = fd_program_decl(m->c->program, FD_DECL_RECORD, i)); i++) {
        const fd_record_type *type = fd_program_record(m->c->program, decl->alias);

        const char *link = type ? link_of(type) : NULL;

        if (!link)
            continue;
        if ((err = take_matters(m, list, type, link)) < 0)
            return err;
        kept = kept || err > 0;
    }
    if (!kept)
        list->reason = "城市文件里没有登记企业走访、诉求一类的记录";
    return 0;
}

/* ---- 追问 N: rules over the firm's figures (definitions/papers/questions.txt) ---- */

/*
 * A rule is a line "条件 → 问题".  Conditions, joined by 且: 状态 = TEXT; 原因 = TEXT;
 * ITEM 缺报; ITEM 增速 < N; ITEM 增速 > N; a growth is that of the newest period.
 */
static int meets(bool *out, fd_composer *m, fd_view condition)
{
    ptrdiff_t equals = fd_view_find(condition, " = "), growth = fd_view_find(condition, " 增速 ");
    char name[128];
    fd_period period;
    firm_cell cell;
    const fd_item *item;
    fd_number rate;
    fd_decimal limit;
    fd_view number;
    int err, order;

    *out = false;
    if (equals > 0) {
        fd_view what = fd_view_trim((fd_view){ condition.ptr, (size_t)equals }),
                wanted = fd_view_trim(
                    (fd_view){ condition.ptr + equals + 3, condition.len - (size_t)equals - 3 });

        snprintf(name, sizeof name, "%.*s", (int)what.len, what.ptr);
        item = fd_program_item(m->c->program, name);
        if (!item)
            return fd_error_set(FD_ENOTFOUND, "没有这个数据项:%s", "no such data item: %s", name);
        *out = fd_view_is(wanted, attribute(m, item->id));
        return 0;
    }
    snprintf(name, sizeof name, "%.*s",
             (int)(growth > 0 ? (size_t)growth : strcspn(condition.ptr, " ")), condition.ptr);
    if (!(item = fd_program_item(m->c->program, name)))
        return fd_error_set(FD_ENOTFOUND, "没有这个数据项:%s", "no such data item: %s", name);
    if (!last_periods(&period, 1, m, item->id))
        return 0;
    if ((err = read_cell(&cell, m, item, period)) < 0)
        return err;
    if (cell.is_hidden)
        return 0;
    if (growth < 0) {
        *out = fd_view_ends(condition, "缺报") && cell.now.state == FD_MISSING;
        return 0;
    }
    number = fd_view_trim((fd_view){ condition.ptr + growth + strlen(" 增速 "),
                                     condition.len - (size_t)growth - strlen(" 增速 ") });
    if (number.len < 2 || (number.ptr[0] != '<' && number.ptr[0] != '>') ||
        fd_decimal_parse(&limit, number.ptr + 1, number.len - 1) < 0)
        return fd_error_set(FD_EPARSE, "追问的条件看不懂:%.*s", "cannot read the condition: %.*s",
                            (int)condition.len, condition.ptr);
    rate = growth_of(&cell);
    if (rate.state != FD_HAS && rate.state != FD_DOUBT)
        return 0;
    order = fd_quot_compare(rate.exact, fd_quot_from_decimal(limit));
    *out = number.ptr[0] == '<' ? order < 0 : order > 0;
    return 0;
}

int fd_report__list_questions(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    fd_view rest = m->c->questions, line;
    size_t most = w->count > 1 ? (size_t)atoi(w->words[1].ptr) : 3;
    int err;

    fd_report__column(list, "问题", 1, FD_DOCX_LEFT);
    if (firm(m) < 0)
        return 0;
    while (list->rows.count < most && fd_view_split(&rest, '\n', &line)) {
        ptrdiff_t arrow = fd_view_find(line, "→");
        fd_view conditions, question;
        bool all = true;
        fd_docx_span *cells;

        line = fd_view_trim(line);
        if (!line.len || line.ptr[0] == '#' || (arrow = fd_view_find(line, "→")) < 0)
            continue;
        conditions = fd_view_trim((fd_view){ line.ptr, (size_t)arrow });
        question = fd_view_trim(
            (fd_view){ line.ptr + arrow + strlen("→"), line.len - (size_t)arrow - strlen("→") });
        while (all && conditions.len) {
            ptrdiff_t both = fd_view_find(conditions, " 且 ");
            fd_view one = both < 0 ? conditions : (fd_view){ conditions.ptr, (size_t)both };
            size_t used = both < 0 ? conditions.len : (size_t)both + strlen(" 且 ");

            if (!fd_view_is(fd_view_trim(one), "总是") &&
                (err = meets(&all, m, fd_view_trim(one))) < 0)
                return err;
            conditions = (fd_view){ conditions.ptr + used, conditions.len - used };
        }
        if (!all)
            continue;
        cells = fd_report__row(m, list, fd_report__copy(m, question), NULL);
        cells[0] = fd_report__plain(m, list->rows.items[list->rows.count - 1].name);
    }
    return 0;
}
