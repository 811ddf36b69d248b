/*
 * show, history, records, snapshots, audit: what the city file holds.
 */
#include <stdlib.h>
#include <string.h>

#include "app/figure.h"
#include "app/protect.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "base/str.h"
#include "base/utf8.h"

/* One line per kind of subject, with counts and the extent of its facts. */
static int show_overview(fd_call *call, fd_result *result)
{
    fd_source *source = call->city->source;
    fd_table *items = NULL;
    fd_table *t = fd_table_new("overview", "城市文件里有什么", "What the city file holds");
    fd_column *kind = fd_table_add_new(t, "kind", "对象", "Subjects", FD_TEXT, "", 0);
    fd_column *count = fd_table_add_new(t, "count", "个数", "Count", FD_DEC, "", 0);
    fd_column *item_count = fd_table_add_new(t, "items", "数据项", "Data items", FD_DEC, "", 0);
    fd_column *first = fd_table_add_new(t, "first", "最早期间", "First period", FD_PERIOD, "", 0);
    fd_column *last = fd_table_add_new(t, "last", "最晚期间", "Last period", FD_PERIOD, "", 0);
    int err, item_at, kind_at, period_at;

    if ((err = fd_reader_items(call->city->reader, &items)) < 0)
        goto done;
    item_at = fd_table_find(items, "item");
    kind_at = fd_table_find(items, "kind");
    period_at = fd_table_find(items, "period");
    for (size_t k = 0; k < fd_subject_kind_count; k++) {
        const fd_frame *frame;
        const char *before = "";
        fd_period from = FD_PERIOD_NONE, to = FD_PERIOD_NONE;
        int64_t distinct = 0;
        size_t row;

        if ((err = source->ops->frame(source, fd_subject_kinds[k].id, &frame)) < 0)
            goto done;
        for (size_t i = 0; i < items->rows; i++) {
            const char *name = fd_column_text(items->columns[item_at], i);
            fd_period p = items->columns[period_at]->v.day[i];

            if (strcmp(fd_column_text(items->columns[kind_at], i), fd_subject_kinds[k].id) != 0)
                continue;
            distinct += strcmp(name, before) != 0;
            before = name;
            if (from == FD_PERIOD_NONE || fd_period_compare(p, from) < 0)
                from = p;
            if (to == FD_PERIOD_NONE || fd_period_compare(p, to) > 0)
                to = p;
        }
        row = fd_table_add_row(t);
        fd_column_set_text(kind, row,
                           call->lang == FD_ZH ? fd_subject_kinds[k].zh : fd_subject_kinds[k].en);
        fd_column_set_dec(count, row, (int64_t)frame->n);
        fd_column_set_dec(item_count, row, distinct);
        if (distinct) {
            fd_column_set_day(first, row, from);
            fd_column_set_day(last, row, to);
        }
    }
    fd_result_add(result, t);
    t = NULL;
done:
    fd_table_free(t);
    fd_table_free(items);
    return err < 0 ? err : 0;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Last year's figure, reported beside this year's: not the subject's figure of the period. */
static bool is_comparative(const fd_table *items, int basis_at, size_t row)
{
    const char *basis = fd_column_text(items->columns[basis_at], row);

    return basis && strcmp(basis, "comparative") == 0;
}

/* Attributes of one subject on a day, and its latest value of every item the role may see. */
static int show_subject(fd_call *call, fd_result *result, const fd_subject *subject)
{
    fd_source *source = call->city->source;
    fd_table *attributes = NULL, *items = NULL;
    fd_table *t = fd_table_new("subject", subject->name, subject->name);
    fd_column *what = fd_table_add_new(t, "item", "项目", "Item", FD_TEXT, "", 0);
    fd_column *period = fd_table_add_new(t, "period", "期间", "Period", FD_TEXT, "", 0);
    fd_column *value = fd_table_add_new(t, "value", "值", "Value", FD_TEXT, "", 0);
    fd_column *unit = fd_table_add_new(t, "unit", "单位", "Unit", FD_TEXT, "", 0);
    fd_column *state = fd_table_add_new(t, "state", "状态", "State", FD_TEXT, "", 0);
    fd_column *origin = fd_table_add_new(t, "origin", "来源", "Origin", FD_TEXT, "", 0);
    fd_period at = FD_PERIOD_NONE;
    fd_date day;
    size_t hidden = 0, row;
    int err, c_item, c_kind, c_period, c_basis, c_origin;

    if ((err = fd_call_period(call, "at", &at)) < 0)
        goto done;
    day = at == FD_PERIOD_NONE ? FD_DATE_MAX : fd_period_end(at);
    row = fd_table_add_row(t);
    fd_column_set_text(what, row, call->lang == FD_ZH ? "代码" : "code");
    fd_column_set_text(value, row, subject->code);
    if ((err = fd_reader_attribute_history(call->city->reader, subject->id, &attributes)) < 0)
        goto done;
    for (size_t i = 0; i < attributes->rows; i++) {
        const fd_column *name = attributes->columns[fd_table_find(attributes, "attribute")];
        const fd_column *from = attributes->columns[fd_table_find(attributes, "from")];
        const fd_column *text = attributes->columns[fd_table_find(attributes, "value")];
        const char *attribute = fd_column_text(name, i);
        const fd_item *item = fd_program_item(call->city->program, attribute);
        char date[16];

        bool ever = fd_column_state(from, i) != FD_HAS || from->v.day[i] == FD_DATE_NONE;

        if ((!ever && from->v.day[i] > day) || strncmp(attribute, "expects:", 8) == 0 ||
            (i > 0 && same_text(fd_column_text(name, i - 1), attribute) &&
             same_text(fd_column_text(text, i - 1), fd_column_text(text, i))))
            continue; /* what is said again is no change */
        row = fd_table_add_row(t);
        fd_column_set_text(what, row, item && call->lang == FD_ZH ? item->name : attribute);
        if (ever)
            snprintf(date, sizeof date, "%s", call->lang == FD_ZH ? "自始" : "always");
        else
            fd_date_format(from->v.day[i], date, sizeof date);
        fd_column_set_text(period, row, date);
        if (fd_column_text(text, i))
            fd_column_set_text(value, row, fd_column_text(text, i));
        fd_column_set_text(origin, row, call->lang == FD_ZH ? "登记" : "register");
    }
    if ((err = fd_reader_items(call->city->reader, &items)) < 0)
        goto done;
    c_item = fd_table_find(items, "item");
    c_kind = fd_table_find(items, "kind");
    c_period = fd_table_find(items, "period");
    c_basis = fd_table_find(items, "basis");
    c_origin = fd_table_find(items, "origin");
    for (size_t i = 0; i < items->rows; i++) {
        const char *id = fd_column_text(items->columns[c_item], i);
        fd_period p = items->columns[c_period]->v.day[i];
        const fd_item *item;
        fd_column *column = NULL;
        fd_basis basis;
        char text[64];
        bool newest = true;

        if (strcmp(fd_column_text(items->columns[c_kind], i), subject->kind) != 0 ||
            (at != FD_PERIOD_NONE && p != at) || is_comparative(items, c_basis, i))
            continue;
        for (size_t j = i + 1; at == FD_PERIOD_NONE && j < items->rows && newest; j++)
            newest = strcmp(fd_column_text(items->columns[c_item], j), id) != 0 ||
                     is_comparative(items, c_basis, j) ||
                     fd_period_compare(items->columns[c_period]->v.day[j], p) < 0;
        if (!newest)
            continue;
        if (!fd_role_sees(call->role, fd_column_text(items->columns[c_origin], i))) {
            hidden++;
            continue;
        }
        if ((err = fd_basis_parse(&basis, fd_column_text(items->columns[c_basis], i))) < 0 ||
            (err = source->ops->column(source, subject->kind, id, p, basis, &column)) < 0)
            goto done;
        item = fd_program_item(call->city->program, id);
        row = fd_table_add_row(t);
        fd_column_set_text(what, row, item && call->lang == FD_ZH ? item->name : id);
        fd_period_title(p, call->lang, text, sizeof text);
        fd_column_set_text(period, row, text);
        fd_column_format(column, subject->index, call->lang, text, sizeof text);
        fd_column_set_text(value, row, text);
        fd_column_set_text(unit, row, column->unit);
        fd_column_set_text(state, row,
                           fd_state_name(fd_column_state(column, subject->index), call->lang));
        fd_column_set_text(origin, row, fd_column_text(items->columns[c_origin], i));
        fd_column_unref(column);
    }
    if (hidden) {
        char zh[160], en[160];

        snprintf(zh, sizeof zh, "另有 %zu 项企业统计原始资料:本角色不可见(统计法)", hidden);
        snprintf(en, sizeof en,
                 "%zu items of statistical returns are not visible to this role (Statistics Law)",
                 hidden);
        fd_table_add_note(t, zh, en);
    }
    fd_result_add(result, t);
    t = NULL;
done:
    fd_table_free(t);
    fd_table_free(attributes);
    fd_table_free(items);
    return err < 0 ? err : 0;
}

/* Every indicator with its unit and kinds of period. */
static int show_indicators(fd_call *call, fd_result *result)
{
    fd_table *t = fd_table_new("indicators", "指标", "Indicators");
    fd_column *id = fd_table_add_new(t, "id", "别名", "Id", FD_TEXT, "", 0);
    fd_column *name = fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);
    fd_column *unit = fd_table_add_new(t, "unit", "单位", "Unit", FD_TEXT, "", 0);
    fd_column *sources = fd_table_add_new(t, "sources", "来源", "Sources", FD_TEXT, "", 0);
    const fd_decl *decl;

    for (size_t i = 0; (decl = fd_program_decl(call->city->program, FD_DECL_INDICATOR, i)); i++) {
        const fd_indicator *indicator = fd_program_indicator(call->city->program, decl->alias);
        size_t row = fd_table_add_row(t);
        fd_buf text = FD_BUF_INIT;

        fd_column_set_text(id, row, decl->alias);
        fd_column_set_text(name, row, decl->name);
        fd_column_set_text(unit, row, indicator->unit ? indicator->unit->name : "");
        for (size_t k = 0; k < indicator->source_count; k++)
            fd_buf_printf(&text, "%s%s", k ? "、" : "", indicator->sources[k]);
        fd_column_set_text(sources, row, fd_buf_text(&text));
        fd_buf_dispose(&text);
    }
    fd_result_add(result, t);
    return 0;
}

/* A line for each published figure, its source not cut off: name, value, period with remarks, who.
 */
static char *published_lines(const fd_table *t)
{
    fd_buf out = FD_BUF_INIT;

    for (size_t r = 0; r < t->rows; r++) {
        static const size_t stops[] = { 36, 54, 80 };
        size_t start = out.len;

        for (size_t stop = 0; stop < sizeof stops / sizeof *stops; stop++) {
            size_t width;

            if (stop == 0)
                fd_buf_puts(&out, fd_column_text_or(t->columns[1], r, ""));
            else if (stop == 1)
                fd_buf_printf(&out, "%s %s", fd_column_text_or(t->columns[4], r, ""),
                              fd_column_text_or(t->columns[5], r, ""));
            else
                fd_buf_printf(&out, "%s %s%s%s", fd_column_text_or(t->columns[2], r, ""),
                              fd_column_text_or(t->columns[3], r, ""),
                              fd_column_text_or(t->columns[6], r, "")[0] ? ";" : "",
                              fd_column_text_or(t->columns[6], r, ""));
            width = fd_utf8_columns((fd_view){ out.ptr + start, out.len - start });
            fd_buf_repeat(&out, " ", width < stops[stop] ? stops[stop] - width : 1);
        }
        fd_buf_printf(&out, "%s\n", fd_column_text_or(t->columns[7], r, ""));
    }
    return fd_buf_take(&out);
}

static int run_show(fd_call *call, fd_result *result)
{
    const char *what = fd_call_text(call, "what");
    fd_subject subject;
    fd_table *t = NULL;
    int err;

    if (!what)
        return show_overview(call, result);
    if (strcmp(what, "indicators") == 0)
        return show_indicators(call, result);
    if (strcmp(what, "items") == 0)
        err = fd_reader_items(call->city->reader, &t);
    else if (strcmp(what, "sources") == 0)
        err = fd_call_is_limited(call)
                  ? fd_error_set(FD_EDENIED, "来表清单只给全市的角色看",
                                 "the list of files received is for roles of the whole city")
                  : fd_reader_sources(call->city->reader, &t);
    else if (strcmp(what, "figures") == 0)
        err = fd_figures_published(&t, call->city, NULL, call->lang);
    else if (strcmp(what, "definitions") == 0)
        err = fd_reader_definitions(call->city->reader, &t);
    else if ((err = fd_subject_find(&subject, call->city->source, what)) >= 0) {
        if (strcmp(subject.kind, "enterprise") == 0 && (err = fd_protect_enterprises(call)) < 0)
            return err;
        return show_subject(call, result, &subject);
    }
    if (err >= 0 && strcmp(what, "figures") == 0 && t->rows)
        result->screen[call->lang] = published_lines(t);
    if (err >= 0)
        fd_result_add(result, t);
    return err;
}

static const fd_verb_param show_params[] = {
    { "what", FD_P_TEXT, true, false, false, "WHAT",
      "企业、县区、项目的代码或名称;indicators、items、figures(公开数字)、sources、definitions;"
      "不写给总览",
      "code or name of an enterprise, county, project; indicators, items, figures, sources, "
      "definitions; nothing for an overview",
      NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "只看这个期间(有效时间)",
      "only this period (valid time)", NULL },
};
static const char *const show_examples[] = {
    "show --city out/huanzhou.fangding", "show 洹西钢铁 --city out/huanzhou.fangding --at 2024-12",
    "show sources --city out/huanzhou.fangding", "show figures --city out/anyang.fangding", NULL
};
const fd_verb fd_verb_show = {
    .name = "show",
    .zh = "看城市文件里有什么,或一个对象的全部事实",
    .en = "what the city file holds, or everything about one subject",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = show_params,
    .param_count = sizeof show_params / sizeof *show_params,
    .examples = show_examples,
    .run = run_show,
};

/* Of one attribute: 县区, 行业 with the day since when. */
static int attribute_history(fd_result *result, fd_reader *reader, int32_t subject, const char *id)
{
    fd_table *all = NULL, *own = NULL;
    bool *keep;
    int err = fd_reader_attribute_history(reader, subject, &all), at;

    if (err < 0)
        return err;
    at = fd_table_find(all, "attribute");
    keep = fd_alloc((all->rows + 1) * sizeof *keep);
    for (size_t i = 0; i < all->rows; i++)
        keep[i] = strcmp(fd_column_text_or(all->columns[at], i, ""), id) == 0;
    if ((err = fd_table_filter(&own, all, keep)) >= 0)
        fd_result_add(result, own);
    free(keep);
    fd_table_free(all);
    return err < 0 ? err : 0;
}

static int run_history(fd_call *call, fd_result *result)
{
    const char *what = fd_call_text(call, "item");
    const fd_item *item;
    fd_subject subject;
    fd_table *t = NULL;
    fd_source *source = call->city->source;
    const char *id;
    bool statistical;
    int err;

    if ((err = fd_subject_find(&subject, source, fd_call_text(call, "subject"))) < 0 ||
        (strcmp(subject.kind, "enterprise") == 0 && (err = fd_protect_enterprises(call)) < 0))
        return err;
    if (!what) {
        if ((err = fd_reader_attribute_history(call->city->reader, subject.id, &t)) >= 0)
            fd_result_add(result, t);
        return err;
    }
    if ((err = fd_item_find(&item, call->city->program, what)) < 0)
        return err;
    if (item->nature == FD_ATTRIBUTE)
        return attribute_history(result, call->city->reader, subject.id, item->id);
    if ((err = fd_item_variant(&id, call->arena, item, what)) < 0 ||
        (err = fd_item_is_statistical(&statistical, call->city->reader, item->id)) < 0)
        return err;
    if (strcmp(subject.kind, "enterprise") == 0 && statistical &&
        !fd_role_sees(call->role, "statistical")) {
        fd_error_set(
            FD_EDENIED, "%s 来自企业统计原始资料,本角色不可见(统计法)",
            "%s comes from statistical returns, which this role may not see (Statistics Law)",
            item->name);
        return fd_error_hint("统计部门用 --role 统计",
                             "the statistics bureau uses --role statistics");
    }
    err = fd_reader_history(call->city->reader, subject.kind, subject.id, id, &t);
    if (err >= 0)
        fd_result_add(result, t);
    return err;
}

static const fd_verb_param history_params[] = {
    { "subject", FD_P_TEXT, true, true, false, "SUBJECT", "代码或名称", "code or name", NULL },
    { "item", FD_P_TEXT, true, false, false, "ITEM", "数据项或属性;不写给全部属性的变更",
      "data item or attribute; nothing for all its attributes", NULL },
};
static const char *const history_examples[] = {
    "history 洹西钢铁 dispatch_output --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_history = {
    .name = "history",
    .zh = "一个对象一个数据项的全部版本:值、快照、文件、行、更正",
    .en = "every version of a value: snapshot, file, row, correction",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = history_params,
    .param_count = sizeof history_params / sizeof *history_params,
    .examples = history_examples,
    .run = run_history,
};

/* ---- records ---- */

static void append_column(fd_table *out, const fd_table *from, int at, const char *id,
                          const char *zh, fd_lang lang)
{
    fd_column *c;
    char text[4096];

    if (at < 0)
        return;
    c = fd_table_add_new(out, id, zh, id, FD_TEXT, "", 0);
    for (size_t r = 0; r < from->rows; r++) {
        const fd_column *source = from->columns[at];

        if (fd_column_state(source, r) != FD_HAS)
            continue;
        if (source->kind == FD_TEXT) {
            fd_column_set_text(c, r, fd_column_text(source, r));
        } else {
            fd_column_format(source, r, lang, text, sizeof text);
            fd_column_set_text(c, r, text);
        }
    }
}

/* The register with its fields in the order and under the names of their declaration; fields that
 * only older declarations know stand at the end. */
static fd_table *in_order(const fd_table *from, const fd_record_type *type, fd_lang lang)
{
    fd_table *out = fd_table_new(type->id, type->name, type->id);

    for (size_t r = 0; r < from->rows; r++)
        (void)fd_table_add_row(out);
    for (size_t c = 0; c < 3 && c < from->column_count; c++)
        append_column(out, from, (int)c, from->columns[c]->id, from->columns[c]->title[FD_ZH],
                      lang);
    for (size_t f = 0; f < type->field_count; f++)
        append_column(out, from, fd_table_find(from, type->fields[f].id), type->fields[f].id,
                      type->fields[f].name, lang);
    for (size_t c = 3; c < from->column_count; c++)
        if (fd_table_find(out, from->columns[c]->id) < 0)
            append_column(out, from, (int)c, from->columns[c]->id, from->columns[c]->title[FD_ZH],
                          lang);
    return out;
}

enum { WIDE_FIELD = 26, LINE = 100 };

/* The column that names a record: its first required field. */
static int headline_of(const fd_table *t, const fd_record_type *type)
{
    for (size_t f = 0; f < type->field_count; f++)
        if (type->fields[f].required)
            return fd_table_find(t, type->fields[f].id);
    return -1;
}

/* Records with long texts do not fit a line each: key, state and name, then the short fields, then
 * each long field on a line of its own. */
static char *as_cards(const fd_table *t, const fd_record_type *type, fd_lang lang)
{
    int headline = headline_of(t, type);
    fd_buf out = FD_BUF_INIT;

    for (size_t r = 0; r < t->rows; r++) {
        size_t width = 0;

        for (size_t c = 0; c < t->column_count; c++) {
            const char *text = fd_column_text(t->columns[c], r);
            size_t columns = text ? fd_utf8_columns(fd_view_of(text)) : 0;
            const char *title = t->columns[c]->title[lang];

            if (c < 2 && text) {
                fd_buf_printf(&out, "%s%s", c ? "  " : "", text);
                if (c == 1 && headline > 1 && fd_column_text(t->columns[headline], r))
                    fd_buf_printf(&out, "  %s", fd_column_text(t->columns[headline], r));
            } else if ((int)c == headline) {
                continue;
            } else if (columns && columns <= WIDE_FIELD) {
                size_t add = 2 + fd_utf8_columns(fd_view_of(title)) + 1 + columns;

                if (width == 0 || width + add > LINE) {
                    fd_buf_puts(&out, "\n   ");
                    width = 3;
                }
                fd_buf_printf(&out, "%s%s %s", width > 3 ? "  " : "", title, text);
                width += add;
            }
        }
        for (size_t c = 2; c < t->column_count; c++) {
            const char *text = fd_column_text(t->columns[c], r);

            if ((int)c != headline && text && fd_utf8_columns(fd_view_of(text)) > WIDE_FIELD)
                fd_buf_printf(&out, "\n   %s %s", t->columns[c]->title[lang], text);
        }
        fd_buf_putc(&out, '\n');
    }
    fd_buf_printf(&out, lang == FD_ZH ? "共 %zu 条\n" : "%zu records\n", t->rows);
    return fd_buf_take(&out);
}

static bool has_long_text(const fd_table *t)
{
    size_t width = 0;

    for (size_t c = 0; c < t->column_count; c++) {
        size_t widest = 4;

        for (size_t r = 0; r < t->rows; r++) {
            const char *text = fd_column_text(t->columns[c], r);
            size_t columns = text ? fd_utf8_columns(fd_view_of(text)) : 0;

            widest = columns > widest ? columns : widest;
        }
        width += widest + 2;
    }
    return width > (size_t)2 * LINE;
}

static int run_records(fd_call *call, fd_result *result)
{
    const char *key = fd_call_text(call, "key");
    const char *type_text = fd_call_text(call, "type");
    const fd_record_type *type = fd_program_record(call->city->program, type_text);
    fd_period at = FD_PERIOD_NONE;
    fd_table *t = NULL, *listed;
    int err;

    if (!type) {
        fd_error_set(FD_ENOTFOUND, "没有这种记录:%s", "no such record type: %s", type_text);
        return fd_error_hint("fangding show definitions 列出记录类型",
                             "fangding show definitions lists record types");
    }
    if ((err = fd_call_period(call, "at", &at)) < 0)
        return err;
    if (key && fd_call_is_limited(call))
        return fd_error_set(FD_EDENIED, "一条记录的流转只给全市的角色看",
                            "the transitions of a record are for roles of the whole city");
    if (key) {
        err = fd_reader_record_history(call->city->reader, type->id, key, &t);
        if (err >= 0)
            fd_result_add(result, t);
        return err;
    }
    if ((err = call->city->source->ops->records(
             call->city->source, type->id, at == FD_PERIOD_NONE ? FD_DATE_MAX : fd_period_end(at),
             &t)) < 0)
        return err;
    listed = in_order(t, type, call->lang);
    fd_table_free(t);
    if (has_long_text(listed))
        result->screen[call->lang] = as_cards(listed, type, call->lang);
    fd_result_add(result, listed);
    return 0;
}

static const fd_verb_param records_params[] = {
    { "type", FD_P_TEXT, true, true, false, "TYPE", "记录类型,例如 promise",
      "record type, e.g. promise", NULL },
    { "key", FD_P_TEXT, true, false, false, "KEY", "一条记录:给它的全部变更",
      "one record: all its transitions", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "到这个期间末的状态",
      "the state at the end of this period", NULL },
};
static const char *const records_examples[] = { "records promise --city out/anyang.fangding",
                                                NULL };
const fd_verb fd_verb_records = {
    .name = "records",
    .zh = "登记册:承诺、诉求、走访……及其流转",
    .en = "registers: promises, tickets, visits … and their transitions",
    .purpose = FD_SERVICE,
    .needs_city = true,
    .params = records_params,
    .param_count = sizeof records_params / sizeof *records_params,
    .examples = records_examples,
    .run = run_records,
};

static int run_snapshots(fd_call *call, fd_result *result)
{
    fd_table *t = NULL;
    int err = fd_reader_snapshots(call->city->reader, &t);

    if (err >= 0)
        fd_result_add(result, t);
    return err;
}

static const char *const snapshots_examples[] = { "snapshots --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_snapshots = {
    .name = "snapshots",
    .zh = "快照:什么时候、谁、写了什么",
    .en = "snapshots: when, who, what was written",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .examples = snapshots_examples,
    .run = run_snapshots,
};

static int run_audit(fd_call *call, fd_result *result)
{
    int64_t last = 50;
    fd_table *t = NULL;
    int err;

    if ((err = fd_call_integer(call, "last", &last)) < 0)
        return err;
    if ((err = fd_reader_audit(call->city->reader, last, &t)) >= 0)
        fd_result_add(result, t);
    return err;
}

static const fd_verb_param audit_params[] = {
    { "last", FD_P_INTEGER, false, false, false, "N", "最近几条(默认 50)", "how many (default 50)",
      NULL },
};
static const char *const audit_examples[] = { "audit --city out/huanzhou.fangding --last 20",
                                              NULL };
const fd_verb fd_verb_audit = {
    .name = "audit",
    .zh = "审计链的最近几条",
    .en = "the newest lines of the audit chain",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = audit_params,
    .param_count = 1,
    .examples = audit_examples,
    .run = run_audit,
};

static int run_audit_verify(fd_call *call, fd_result *result)
{
    int64_t lines = 0;
    int err = fd_store_audit_verify(call->city->store, &lines);

    if (err >= 0)
        fd_result_say(result, "审计链完整:%lld 条", "the audit chain is whole: %lld lines",
                      (long long)lines);
    return err;
}

static const char *const audit_verify_examples[] = { "audit verify --city out/huanzhou.fangding",
                                                     NULL };
const fd_verb fd_verb_audit_verify = {
    .name = "audit verify",
    .zh = "逐条核对审计链的散列",
    .en = "check the hash of every line of the audit chain",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .examples = audit_verify_examples,
    .run = run_audit_verify,
};
