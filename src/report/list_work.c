/*
 * Lists of work: coded reasons, projects behind schedule, returns not in, promises, what changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/internal.h"

static fd_date day_of(const fd_composer *m)
{
    return m->c->at != FD_PERIOD_NONE ? fd_period_end(m->c->at) : m->c->today;
}

static bool is_here(const fd_composer *m, const char *county, const char *chain)
{
    const char *kind = m->c->place_kind;

    if (kind && strcmp(kind, "county") == 0)
        return strcmp(county, m->c->place_code) == 0;
    if (kind && strcmp(kind, "chain") == 0) /* a weighted list "A:0.6;B:0.4" counts as both */
        return strcmp(chain, m->c->place_code) == 0 ||
               (strchr(chain, ':') && strstr(chain, m->c->place_code));
    return true;
}

/* ---- 分组 ATTRIBUTE 当 ATTRIBUTE = TEXT [除 TEXT,…]: enterprises by a coded attribute ---- */

static int compare_groups(const void *a, const void *b)
{
    const fd_list_row *x = a, *y = b;
    int by_count = fd_decimal_compare(y->value.shown, x->value.shown);

    return by_count ? by_count : strcmp(x->name, y->name);
}

int fd_report__list_groups(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    const char *attribute = w->count > 1 ? fd_report__copy(m, w->words[1]) : "",
               *state = fd_report__copy(m, fd_report__option(w, "当")),
               *wanted = fd_report__copy(m, fd_report__option(w, "="));
    const char *names[4] = { attribute, state, "county", "chain" };
    fd_column *c[4] = { 0 };
    fd_map *groups = fd_map_new();
    size_t known = 0;
    int err = 0;

    fd_report__column(list, "原因", 3, FD_DOCX_LEFT);
    fd_report__column(list, "企业（户）", 1, FD_DOCX_RIGHT);
    for (size_t i = 0; i < 4; i++)
        if ((err = m->c->source->ops->attribute(m->c->source, "enterprise", names[i], day_of(m),
                                                &c[i])) < 0)
            goto done;
    for (size_t i = 0; i < c[1]->n; i++) {
        fd_view group = fd_view_of(
            fd_column_text_or(c[0], i, "")[0] ? fd_column_text_or(c[0], i, "") : "原因未报");

        known += fd_column_text_or(c[1], i, "")[0] != 0;
        if (strcmp(fd_column_text_or(c[1], i, ""), wanted) != 0 ||
            !is_here(m, fd_column_text_or(c[2], i, ""), fd_column_text_or(c[3], i, "")))
            continue;
        fd_map_set(groups, group, fd_map_intern(groups, group, 0) + 1);
    }
    for (size_t i = 0; i < fd_map_count(groups); i++) {
        fd_buf key = FD_BUF_INIT;
        const char *name = fd_map_key(groups, i).ptr;
        fd_value v;

        fd_buf_printf(&key, "n.%s.%s", attribute, name);
        v = fd_report__count(m, (size_t)fd_map_value(groups, i), "户",
                             fd_arena_printf(m->arena, "%s:%s", wanted, name), fd_buf_text(&key),
                             m->c->at);
        fd_report__row(m, list, name, &v);
        fd_buf_dispose(&key);
    }
    if (list->rows.count)
        qsort(list->rows.items, list->rows.count, sizeof *list->rows.items, compare_groups);
    for (size_t i = 0; i < list->rows.count; i++) {
        fd_docx_span *cells = fd_arena_alloc(m->arena, 2 * sizeof *cells);

        cells[0] = fd_report__plain(m, list->rows.items[i].name);
        cells[1] = fd_report__span(m, &list->rows.items[i].value, false);
        list->rows.items[i].cells = cells;
    }
    if (!known)
        list->reason = "没有一户报过生产状态";
done:
    for (size_t i = 0; i < 4; i++)
        fd_column_unref(c[i]);
    fd_map_free(groups);
    return err < 0 ? err : 0;
}

/* ---- 项目 滞后|全部 [原因] ---- */

enum { P_STAGE, P_FINISH, P_OWNER, P_REASON, P_COUNTY, P_CHAIN, P_ATTRIBUTES };

typedef struct projects {
    fd_column *attribute[P_ATTRIBUTES], *done, *plan;
    const fd_frame *frame;
    fd_quot schedule;
} projects;

static int open_projects(projects *p, fd_composer *m)
{
    static const char *const names[P_ATTRIBUTES] = { "project_stage",  "planned_finish",
                                                     "project_owner",  "project_reason",
                                                     "project_county", "project_chain" };
    fd_source *s = m->c->source;
    int err;

    memset(p, 0, sizeof *p);
    if ((err = s->ops->frame(s, "project", &p->frame)) < 0 ||
        (err = s->ops->column(s, "project", "project_done", m->c->at, FD_CURRENT, &p->done)) < 0 ||
        (err = s->ops->column(s, "project", "project_plan_year", m->c->at, FD_CURRENT, &p->plan)) <
            0)
        return err;
    for (size_t i = 0; i < P_ATTRIBUTES; i++)
        if ((err = s->ops->attribute(s, "project", names[i], day_of(m), &p->attribute[i])) < 0)
            return err;
    p->schedule = fd_light_time_share(m->c->at);
    return 0;
}

static void close_projects(projects *p)
{
    fd_column_unref(p->done);
    fd_column_unref(p->plan);
    for (size_t i = 0; i < P_ATTRIBUTES; i++)
        fd_column_unref(p->attribute[i]);
}

static bool is_finished(const char *stage)
{
    return strcmp(stage, "投产") == 0 || strcmp(stage, "达效") == 0;
}

/* Days past the planned finish of a project that is not in production. */
static int days_late(const projects *p, size_t i, fd_date day)
{
    const char *finish = fd_column_text_or(p->attribute[P_FINISH], i, "");
    fd_date due;

    if (is_finished(fd_column_text_or(p->attribute[P_STAGE], i, "")) || !finish[0])
        return 0;
    if (fd_date_parse(&due, finish, strlen(finish)) < 0) {
        fd_error_clear();
        return 0;
    }
    return due < day ? day - due : 0;
}

static void put_project(fd_composer *m, fd_list *list, const projects *p, size_t i,
                        const fd_verdict *verdict, int late)
{
    const char *name = p->frame->names[i] ? p->frame->names[i] : p->frame->codes[i];
    fd_number done = fd_column_number(p->done, i), plan = fd_column_number(p->plan, i), rate;
    fd_docx_span *cells;
    fd_value v;

    memset(&v, 0, sizeof v);
    v.unit = "%";
    v.period = m->c->at;
    v.marks = "";
    v.name = fd_arena_printf(m->arena, "%s 年度投资完成率", name);
    v.tag = fd_report__tag(m, "project_completion", m->c->at, "project", p->frame->codes[i]);
    rate = fd_number_missing();
    if (done.state == FD_HAS && plan.state == FD_HAS && !done.is_estimate && !plan.is_estimate &&
        plan.exact.num > 0 && fd_quot_div(&rate.exact, done.exact, plan.exact) >= 0 &&
        fd_quot_mul(&rate.exact, rate.exact, fd_quot_from_int(100)) >= 0)
        rate = fd_number_exact(rate.exact);
    fd_report__round(&v, rate, 1);
    cells = fd_report__row(m, list, name, &v);
    cells[0] = fd_report__plain(m, name);
    cells[1] =
        fd_report__plain(m, fd_report__subject(m, "county",
                                               fd_column_text_or(p->attribute[P_COUNTY], i, "")));
    cells[2] = fd_report__plain(m, fd_column_text_or(p->attribute[P_STAGE], i, ""));
    cells[3] = fd_report__span(m, &v, false);
    cells[4] = fd_report__plain(m, verdict->color == FD_RED      ? "■红"
                                   : verdict->color == FD_YELLOW ? "▲黄"
                                   : verdict->color == FD_GREEN  ? "●绿"
                                                                 : "○灰");
    v = (fd_value){ .state = FD_HAS,
                    .shown = { late, 0 },
                    .unit = "天",
                    .marks = "",
                    .name = fd_arena_printf(m->arena, "%s 延期", name),
                    .tag =
                        fd_report__tag(m, "n.days_late", m->c->at, "project", p->frame->codes[i]) };
    if (late)
        cells[5] = fd_report__span(m, &v, false);
    else
        cells[5] = fd_report__plain(m, "");
    cells[6] = fd_report__plain(m, fd_column_text_or(p->attribute[P_REASON], i, "")[0]
                                       ? fd_column_text_or(p->attribute[P_REASON], i, "")
                                       : "未报");
    cells[7] = fd_report__plain(m, fd_column_text_or(p->attribute[P_OWNER], i, "")[0]
                                       ? fd_column_text_or(p->attribute[P_OWNER], i, "")
                                       : "未登记");
}

/* Projects become their reasons, with counts. */
static void by_reason(fd_composer *m, fd_list *list, const fd_map *reasons)
{
    for (size_t i = 0; i < fd_map_count(reasons); i++) {
        const char *name = fd_map_key(reasons, i).ptr;
        fd_buf key = FD_BUF_INIT;
        fd_value v;

        fd_buf_printf(&key, "n.project_reason.%s", name);
        v = fd_report__count(m, (size_t)fd_map_value(reasons, i), "个",
                             fd_arena_printf(m->arena, "滞后项目：%s", name), fd_buf_text(&key),
                             m->c->at);
        fd_report__row(m, list, name, &v);
        fd_buf_dispose(&key);
    }
    if (list->rows.count)
        qsort(list->rows.items, list->rows.count, sizeof *list->rows.items, compare_groups);
}

int fd_report__list_projects(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    bool only_late = fd_report__has_word(w, "滞后"), reasons_only = fd_report__has_word(w, "原因");
    bool only_open = fd_report__has_word(w, "未投产");
    fd_map *reasons = fd_map_new();
    const char *marks = NULL;
    projects p;
    int err;

    fd_report__column(list, "项目", 3.1, FD_DOCX_LEFT);
    fd_report__column(list, "县区", 1.1, FD_DOCX_CENTER);
    fd_report__column(list, "阶段", 0.8, FD_DOCX_CENTER);
    fd_report__column(list, "完成率（%）", 1, FD_DOCX_RIGHT);
    fd_report__column(list, "灯", 0.8, FD_DOCX_CENTER);
    fd_report__column(list, "延期（天）", 1.1, FD_DOCX_RIGHT);
    fd_report__column(list, "滞后原因", 1.2, FD_DOCX_CENTER);
    fd_report__column(list, "责任单位", 1.7, FD_DOCX_LEFT);
    err = m->c->at == FD_PERIOD_NONE ? 0 : open_projects(&p, m);
    if (m->c->at == FD_PERIOD_NONE || err < 0) {
        list->reason = "没有数据";
        fd_map_free(reasons);
        return err;
    }
    for (size_t pass = FD_RED; pass < 4 + (size_t)FD_RED; pass++) { /* red, grey, green, yellow */
        static const fd_color order[] = { FD_RED, FD_YELLOW, FD_GREY, FD_GREEN };
        fd_color color = order[pass - FD_RED];

        for (size_t i = 0; i < p.frame->n; i++) {
            fd_verdict verdict;
            int days = days_late(&p, i, day_of(m));
            fd_view reason;

            if (fd_light_progress(&verdict, FD_LIGHT_YINCHUAN, fd_column_number(p.done, i),
                                  fd_column_number(p.plan, i), p.schedule) < 0) {
                fd_error_clear();
                verdict.color = FD_GREY;
            }
            if (verdict.color != color ||
                !is_here(m, fd_column_text_or(p.attribute[P_COUNTY], i, ""),
                         fd_column_text_or(p.attribute[P_CHAIN], i, "")))
                continue;
            if (only_late && color != FD_RED && color != FD_YELLOW && !days)
                continue;
            if (only_open && is_finished(fd_column_text_or(p.attribute[P_STAGE], i, "")))
                continue;
            reason = fd_view_of(fd_column_text_or(p.attribute[P_REASON], i, "")[0]
                                    ? fd_column_text_or(p.attribute[P_REASON], i, "")
                                    : "原因未报");
            fd_map_set(reasons, reason, fd_map_intern(reasons, reason, 0) + 1);
            if (!reasons_only)
                put_project(m, list, &p, i, &verdict, days);
        }
    }
    if (reasons_only)
        by_reason(m, list, reasons);
    if (!p.frame->n)
        list->reason = "没有项目台账";
    if (m->c->source->ops->marks(m->c->source, "project_done", m->c->at, FD_CURRENT, &marks,
                                 NULL) >= 0 &&
        marks)
        fd_report__mark(m, marks);
    fd_report__note(list,
                    "灯：投资完成率低于序时进度 10 个百分点以内为绿，10 至 30 为黄，30 以上为红"
                    "（银川预设）；延期按计划投产日期");
    close_projects(&p);
    fd_map_free(reasons);
    return 0;
}

/* ---- 缺报 ITEM,ITEM… [按 县区]: who was due and sent nothing ---- */

int fd_report__list_late(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    enum { MOST = 8 };
    fd_view items = w->count > 1 ? w->words[1] : (fd_view){ "", 0 }, id;
    bool by_county = fd_report__has_word(w, "县区");
    fd_source *s = m->c->source;
    fd_column *expects = NULL, *county = NULL, *phone = NULL, *contact = NULL, *c[MOST] = { 0 };
    const fd_frame *frame;
    fd_map *counties = fd_map_new();
    size_t count = 0, due = 0;
    int err = 0;

    if (by_county) {
        fd_report__column(list, "县（市、区）", 2, FD_DOCX_LEFT);
        fd_report__column(list, "缺报（户）", 1, FD_DOCX_RIGHT);
    } else {
        fd_report__column(list, "企业", 3.2, FD_DOCX_LEFT);
        fd_report__column(list, "县（市、区）", 1.2, FD_DOCX_CENTER);
        fd_report__column(list, "联系人", 1.2, FD_DOCX_CENTER);
        fd_report__column(list, "电话", 1.4, FD_DOCX_CENTER);
    }
    if (m->c->at == FD_PERIOD_NONE) {
        list->reason = "没有数据";
        goto done;
    }
    if ((err = s->ops->frame(s, "enterprise", &frame)) < 0 ||
        (err = s->ops->attribute(s, "enterprise", "expects:dispatch", day_of(m), &expects)) < 0 ||
        (err = s->ops->attribute(s, "enterprise", "county", day_of(m), &county)) < 0 ||
        (err = s->ops->attribute(s, "enterprise", "contact", day_of(m), &contact)) < 0 ||
        (err = s->ops->attribute(s, "enterprise", "phone", day_of(m), &phone)) < 0)
        goto done;
    while (fd_view_split(&items, ',', &id) && count < MOST)
        if ((err = s->ops->column(s, "enterprise", fd_report__copy(m, id), m->c->at, FD_CURRENT,
                                  &c[count++])) < 0)
            goto done;
    for (size_t i = 0; i < frame->n; i++) {
        bool reported = false;
        const char *place = fd_report__subject(m, "county", fd_column_text_or(county, i, ""));

        if (!fd_column_text_or(expects, i, "")[0] ||
            !is_here(m, fd_column_text_or(county, i, ""), ""))
            continue;
        for (size_t k = 0; k < count; k++)
            reported |= fd_column_state(c[k], i) != FD_MISSING;
        due++;
        if (reported)
            continue;
        if (by_county) {
            fd_map_set(counties, fd_view_of(place),
                       fd_map_intern(counties, fd_view_of(place), 0) + 1);
        } else {
            fd_docx_span *cells = fd_report__row(m, list, frame->names[i], NULL);

            cells[0] = fd_report__plain(m, frame->names[i]);
            cells[1] = fd_report__plain(m, place);
            cells[2] = fd_report__plain(m, fd_column_text_or(contact, i, ""));
            cells[3] = fd_report__plain(m, fd_column_text_or(phone, i, ""));
        }
    }
    if (!due)
        list->reason = "没有应报名单";
    for (size_t i = 0; i < fd_map_count(counties); i++) {
        const char *name = fd_map_key(counties, i).ptr;
        fd_value v = fd_report__count(m, (size_t)fd_map_value(counties, i), "户",
                                      fd_arena_printf(m->arena, "缺报 %s", name),
                                      fd_arena_printf(m->arena, "n.late.%s", name), m->c->at);
        fd_docx_span *cells = fd_report__row(m, list, name, &v);

        cells[0] = fd_report__plain(m, name);
        cells[1] = fd_report__span(m, &v, false);
    }
done:
    fd_column_unref(expects);
    fd_column_unref(county);
    fd_column_unref(phone);
    fd_column_unref(contact);
    for (size_t k = 0; k < MOST; k++)
        fd_column_unref(c[k]);
    fd_map_free(counties);
    return err < 0 ? err : 0;
}

/* ---- 记录 TYPE 列 FIELD,… [当 FIELD = TEXT] ---- */

/* 本地: what the paper is about, by code or name; a field may name several, "L3;E1". */
static bool is_wanted(const fd_composer *m, const char *text, const char *wanted)
{
    fd_view rest = fd_view_of(text), part;

    if (strcmp(wanted, "本地") != 0)
        return strcmp(text, wanted) == 0;
    while (rest.len && fd_view_split(&rest, ';', &part)) {
        part = fd_view_trim(part);
        if ((m->c->place_code && fd_view_is(part, m->c->place_code)) ||
            (m->c->place_name && fd_view_is(part, m->c->place_name)))
            return true;
    }
    return false;
}

int fd_report__list_records(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    static const struct {
        const char *field;
        double weight;
        bool is_text;
    } widths[] = {
        { "sentence", 3.8, true }, { "title", 3, true },     { "reference", 3, true },
        { "metric", 2.6, true },   { "target", 1.2, false }, { "owner", 1.7, false },
        { "base", 1.2, false },    { "id", 1, false },       { "name", 3, true },
        { "gap", 1.2, true },      { "firm", 2.4, true },
    };
    const double day_width = 1.5; /* 2024-11-30 on one line */
    const char *type_name = w->count > 1 ? fd_report__copy(m, w->words[1]) : "";
    const fd_record_type *type = fd_program_record(m->c->program, type_name);
    fd_view fields = fd_report__option(w, "列"), field, rest;
    const char *when = fd_report__copy(m, fd_report__option(w, "当")),
               *wanted = fd_report__copy(m, fd_report__option(w, "="));
    fd_table *t = NULL;
    int err, when_at;

    if (!type)
        return fd_error_set(FD_ENOTFOUND, "没有这种记录:%s", "no such record type: %s", type_name);
    for (rest = fields; fd_view_split(&rest, ',', &field);) {
        const char *title = fd_view_is(field, "id")      ? "编号"
                            : fd_view_is(field, "state") ? "状态"
                                                         : fd_report__copy(m, field);
        double weight = 0.9;
        bool is_text = false;

        for (size_t i = 0; i < type->field_count; i++)
            if (fd_view_is(field, type->fields[i].id)) {
                title = type->fields[i].name;
                weight = type->fields[i].kind == FD_DATE ? day_width : weight;
            }
        for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
            if (fd_view_is(field, widths[i].field)) {
                weight = widths[i].weight;
                is_text = widths[i].is_text;
            }
        fd_report__column(list, title, weight, is_text ? FD_DOCX_LEFT : FD_DOCX_CENTER);
    }
    if ((err = m->c->source->ops->records(m->c->source, type->id, FD_DATE_MAX, &t)) < 0)
        return err;
    when_at = when[0] ? fd_table_find(t, when) : -1;
    for (size_t r = 0; r < t->rows; r++) {
        int id_at = fd_table_find(t, "id");
        fd_docx_span *cells;
        size_t column = 0;

        if (when[0] &&
            (when_at < 0 || !is_wanted(m, fd_column_text_or(t->columns[when_at], r, ""), wanted)))
            continue;
        cells = fd_report__row(m, list,
                               id_at >= 0 ? fd_column_text_or(t->columns[id_at], r, "") : "", NULL);
        for (rest = fields; fd_view_split(&rest, ',', &field);) {
            int at = fd_table_find(t, fd_report__copy(m, field));
            char text[2048] = "";

            if (at >= 0 && fd_column_state(t->columns[at], r) != FD_MISSING)
                fd_column_format(t->columns[at], r, FD_ZH, text, sizeof text);
            cells[column++] =
                fd_report__plain(m, fd_view_is(field, "county")
                                        ? fd_report__subject(m, "county", text)
                                    : fd_view_is(field, "gap") ? fd_report__node_name(m, text)
                                                               : text);
        }
    }
    fd_table_free(t);
    return 0;
}

/* ---- 变动 ID,…: indicators now and at the earlier snapshot ---- */

static const char *no_earlier(const fd_composer *m)
{
    return m->c->before ? NULL : "没有可比的快照（用 --since 指定）";
}

int fd_report__list_changes(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    fd_view ids = w->count > 1 ? w->words[1] : (fd_view){ "", 0 }, id;
    fd_paper_context earlier = *m->c;
    fd_composer old = *m;
    int err = 0;

    fd_report__column(list, "指标", 3.2, FD_DOCX_LEFT);
    fd_report__column(list, "单位", 1, FD_DOCX_CENTER);
    fd_report__column(list, "上次", 1.2, FD_DOCX_RIGHT);
    fd_report__column(list, "本次", 1.2, FD_DOCX_RIGHT);
    if ((list->reason = no_earlier(m)))
        return 0;
    /* The same questions to the earlier snapshot; nothing that was measured today may answer. */
    earlier.source = m->c->before;
    old.c = &earlier;
    old.tables = fd_map_new();
    old.periods = fd_map_new();
    while (fd_view_split(&ids, ',', &id) && err >= 0) {
        fd_value now, before;
        fd_docx_span *cells;

        if ((err = fd_report__value(&now, m, id)) < 0 ||
            (err = fd_report__value(&before, &old, id)) < 0)
            break;
        if (now.state == before.state &&
            (!fd_report__has(&now) ||
             (now.period == before.period && fd_decimal_compare(now.shown, before.shown) == 0)))
            continue;
        cells = fd_report__row(m, list, now.name, &now);
        cells[0] = fd_report__plain(m, now.name);
        cells[1] = fd_report__plain(m, now.unit);
        cells[2] = fd_report__plain(m, fd_report__text(m, &before, false));
        cells[3] = fd_report__span(m, &now, false);
    }
    for (size_t i = 0; i < fd_map_count(old.tables); i++)
        fd_table_free((fd_table *)(uintptr_t)fd_map_value(old.tables, i));
    fd_map_free(old.tables);
    for (size_t i = 0; i < fd_map_count(old.periods); i++) {
        void *periods = (void *)(uintptr_t)fd_map_value(old.periods, i);

        free(*(void **)periods); /* the first member of a period list is its array */
        free(periods);
    }
    fd_map_free(old.periods);
    return err < 0 ? err : 0;
}

/* ---- 状态变动 KIND ATTRIBUTE: subjects whose coded state differs from the earlier snapshot ----
 */

int fd_report__list_states(fd_composer *m, fd_list *list, const fd_list_words *w)
{
    const char *kind = w->count > 1 ? fd_report__copy(m, w->words[1]) : "",
               *attribute = w->count > 2 ? fd_report__copy(m, w->words[2]) : "";
    bool is_project = strcmp(kind, "project") == 0;
    fd_column *now = NULL, *before = NULL, *county = NULL, *chain = NULL;
    const fd_frame *frame, *earlier;
    int err = 0;

    fd_report__column(list, is_project ? "项目" : "企业", 3.4, FD_DOCX_LEFT);
    fd_report__column(list, "上次", 1, FD_DOCX_CENTER);
    fd_report__column(list, "本次", 1, FD_DOCX_CENTER);
    if ((list->reason = no_earlier(m)))
        return 0;
    if ((err = m->c->source->ops->frame(m->c->source, kind, &frame)) < 0 ||
        (err = m->c->source->ops->attribute(m->c->source, kind, attribute, day_of(m), &now)) < 0 ||
        (err = m->c->source->ops->attribute(m->c->source, kind,
                                            is_project ? "project_county" : "county", day_of(m),
                                            &county)) < 0 ||
        (err = m->c->source->ops->attribute(
             m->c->source, kind, is_project ? "project_chain" : "chain", day_of(m), &chain)) < 0 ||
        (err = m->c->before->ops->frame(m->c->before, kind, &earlier)) < 0 ||
        (err = m->c->before->ops->attribute(m->c->before, kind, attribute, day_of(m), &before)) < 0)
        goto done;
    for (size_t i = 0, k = 0; i < frame->n; i++) {
        const char *was = "未登记",
                   *is = fd_column_text_or(now, i, "")[0] ? fd_column_text_or(now, i, "") : "未报";
        fd_docx_span *cells;

        while (k < earlier->n && earlier->ids[k] < frame->ids[i])
            k++;
        if (k < earlier->n && earlier->ids[k] == frame->ids[i])
            was = fd_column_text_or(before, k, "")[0] ? fd_column_text_or(before, k, "") : "未报";
        if (strcmp(was, is) == 0 ||
            !is_here(m, fd_column_text_or(county, i, ""), fd_column_text_or(chain, i, "")))
            continue;
        cells = fd_report__row(m, list, frame->names[i], NULL);
        cells[0] = fd_report__plain(m, frame->names[i] ? frame->names[i] : frame->codes[i]);
        cells[1] = fd_report__plain(m, was);
        cells[2] = fd_report__plain(m, is);
    }
done:
    fd_column_unref(now);
    fd_column_unref(before);
    fd_column_unref(county);
    fd_column_unref(chain);
    return err < 0 ? err : 0;
}
