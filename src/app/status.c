#include "app/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/figure.h"
#include "app/subjects.h"
#include "base/map.h"
#include "base/utf8.h"
#include "fangding/measure.h"

void fd_status__pad(fd_buf *out, const char *text, size_t columns)
{
    size_t width = fd_utf8_columns(fd_view_of(text));

    fd_buf_puts(out, text);
    fd_buf_repeat(out, " ", width < columns ? columns - width : 1);
}

void fd_status__heading(fd_status *s, const char *zh, const char *en)
{
    fd_status__pad(&s->text, zh, 44);
    fd_buf_printf(&s->text, "%s\n", en);
}

const char *fd_status__shape(fd_color color)
{
    static const char *const shapes[] = { "●", "▲", "■", "○" };

    return shapes[color];
}

static const char *mark_of(const fd_figure *f, bool verified)
{
    static const char *const marks[3][2] = { { "【算】", "【核定】" },
                                             { "【算·示】", "【核定·示】" },
                                             { "【算·未核】", "【未核】" } };
    int kind = strstr(f->marks, "示例") ? 1 : strstr(f->marks, "unverified") ? 2 : 0;

    return marks[kind][verified];
}

static const char *unit_of(const fd_figure *f)
{
    return strcmp(f->unit, "百分点") == 0 ? "点" : f->unit;
}

/* One figure twice: as the city published it and as its own data give it. */
typedef struct double_figure {
    fd_figure computed, published;
} double_figure;

static void look_up(double_figure *out, fd_status *s, const fd_indicator *indicator,
                    fd_period period)
{
    int err = period == FD_PERIOD_NONE
                  ? fd_figure_latest(&out->computed, s->city, indicator, s->lang)
                  : fd_figure_at(&out->computed, s->city, indicator, period, s->lang);

    if (err < 0) {
        fd_error_clear();
        out->computed.has_value = false;
    }
    if (fd_figure_published(&out->published, s->city, indicator->id, period, s->lang) < 0) {
        fd_error_clear();
        out->published.has_value = false;
    }
}

/* 较2018年+9.8点: against the computed figure of that year, else the published one; like with
 * like. */
static void put_comparison(fd_status *s, const fd_indicator *indicator, const double_figure *now,
                           int year)
{
    double_figure before;
    const fd_figure *a = &now->computed, *b = &before.computed;
    int digits = indicator->digits >= 0 ? indicator->digits : 2;
    fd_quot change;
    char text[48];

    look_up(&before, s, indicator, fd_period_year(year));
    if (!a->has_value || !b->has_value) {
        a = &now->published;
        b = &before.published;
    }
    if (!a->has_value || !b->has_value || a->number.is_estimate || b->number.is_estimate)
        return;
    if (fd_quot_sub(&change, a->number.exact, b->number.exact) < 0) {
        fd_error_clear();
        return;
    }
    fd_quot_format(change, digits, FD_ROUND_HALF_EVEN, text, sizeof text);
    fd_buf_printf(&s->text, " 较%d年%s%s%s", year, change.num > 0 ? "+" : "", text,
                  strcmp(a->unit, "%") == 0 ? "点" : "");
}

static void put_row(fd_status *s, const char *section, const fd_indicator *indicator,
                    const char *label, const double_figure *f)
{
    size_t row = fd_table_add_row(s->figures);
    fd_column **c = s->figures->columns;

    fd_column_set_text(c[0], row, section);
    fd_column_set_text(c[1], row, indicator->id);
    fd_column_set_text(c[2], row, label);
    if (f->computed.has_value) {
        fd_column_set_text(c[3], row, f->computed.value);
        fd_column_set_text(c[4], row, f->computed.unit);
        fd_column_set_text(c[5], row, f->computed.period_title);
        fd_column_set_text(c[6], row, f->computed.marks);
    }
    if (f->published.has_value) {
        fd_column_set_text(c[4], row, f->published.unit);
        fd_column_set_text(c[7], row, f->published.value);
        fd_column_set_text(c[8], row, f->published.period_title);
        fd_column_set_text(c[9], row, f->published.marks);
        fd_column_set_text(c[10], row, f->published.source ? f->published.source : "");
    }
}

/* What a published figure says beside its value: 期间待核, 以上, 2021-2024. */
static void put_remarks(fd_status *s, const fd_figure *f)
{
    fd_view rest = fd_view_of(f->marks), mark;

    while (fd_view_split(&rest, ';', &mark))
        if (!fd_view_is(mark, "示例") && mark.len) {
            fd_buf_putc(&s->text, ' ');
            fd_buf_view(&s->text, mark);
        }
}

/* Pads what was written since `start` to so many terminal columns; one blank at least. */
static void pad_from(fd_status *s, size_t start, size_t columns)
{
    size_t width = fd_utf8_columns((fd_view){ s->text.ptr + start, s->text.len - start });

    fd_buf_repeat(&s->text, " ", width < columns ? columns - width : 1);
}

/* One line, published before computed:
 * ● 战新占规上    13.9%【公】     13.9%【算·示】  较2018年+9.8点      emerging share */
static void put_figure(fd_status *s, const char *section, const fd_indicator *indicator,
                       const char *zh, const char *en, int compare)
{
    size_t line = s->text.len;
    double_figure f;
    const fd_figure *own;

    look_up(&f, s, indicator, FD_PERIOD_NONE);
    own = f.computed.has_value ? &f.computed : &f.published;
    put_row(s, section, indicator, s->lang == FD_ZH ? zh : en, &f);
    if (s->stand == FD_PERIOD_NONE && own->has_value)
        s->stand = own->period;
    fd_buf_puts(&s->text, own->has_value ? " ● " : " ○ ");
    fd_status__pad(&s->text, zh, 16);
    if (f.published.has_value)
        fd_buf_printf(&s->text, "%s%s%s", f.published.value, unit_of(&f.published),
                      strstr(f.published.marks, "示例") ? "【公·示】" : "【公】");
    if (f.published.has_value && f.computed.has_value)
        pad_from(s, line, 36);
    if (f.computed.has_value)
        fd_buf_printf(&s->text, "%s%s%s", f.computed.value, unit_of(&f.computed),
                      mark_of(&f.computed, indicator->verified));
    if (!own->has_value)
        fd_buf_puts(&s->text, s->lang == FD_ZH ? "缺数据" : "no data");
    else if (own->period != s->stand)
        fd_buf_printf(&s->text, " %s", own->period_title);
    if (f.published.has_value && f.published.period != own->period)
        fd_buf_printf(&s->text, "(公 %s)", f.published.period_title);
    if (f.published.has_value)
        put_remarks(s, &f.published);
    if (compare && own->has_value)
        put_comparison(s, indicator, &f, compare);
    pad_from(s, line, 70);
    fd_buf_printf(&s->text, "%s\n", en);
}

/* Pieces of one line: 规上增加值640.00亿元 战新拉动+1.55点 其他拉动+2.51点【算·示】. */
static void put_piece(fd_status *s, const fd_indicator *indicator, const char *zh, const char *en)
{
    double_figure f;
    bool points;

    look_up(&f, s, indicator, FD_PERIOD_NONE);
    put_row(s, "why", indicator, s->lang == FD_ZH ? zh : en, &f);
    if (!f.computed.has_value)
        return;
    points = strcmp(f.computed.unit, "百分点") == 0;
    fd_buf_printf(&s->text, " %s%s%s%s%s", zh,
                  points && fd_number_to_double(f.computed.number) > 0 ? "+" : "", f.computed.value,
                  unit_of(&f.computed), points ? "" : mark_of(&f.computed, indicator->verified));
}

/* Two shares of one year, both computed or both published, that are not complements: the residual
 * is shown. */
static void put_residual(fd_status *s)
{
    const fd_indicator *sei = fd_program_indicator(s->city->program, "sei_share");
    const fd_indicator *old = fd_program_indicator(s->city->program, "traditional_share");
    double_figure x, y;
    const fd_figure *a, *b;
    fd_quot sum;
    char text[48];

    if (!sei || !old)
        return;
    look_up(&x, s, sei, FD_PERIOD_NONE);
    a = x.computed.has_value ? &x.computed : &x.published;
    if (!a->has_value)
        return;
    look_up(&y, s, old, a->period);
    b = x.computed.has_value ? &y.computed : &y.published;
    if (!b->has_value || a->number.is_estimate || b->number.is_estimate ||
        fd_quot_add(&sum, a->number.exact, b->number.exact) < 0) {
        fd_error_clear();
        return;
    }
    fd_quot_format(sum, 1, FD_ROUND_HALF_EVEN, text, sizeof text);
    if (strcmp(text, "100.0") != 0)
        fd_buf_printf(&s->text,
                      "   注:%s%% + %s%% = %s%%,两类不是互补的分类    not complementary classes\n",
                      a->value, b->value, text);
}

/* A line of definitions/status.csv for each figure; "pieces" stand together on one line. */
static int read_lines(fd_status *s, const char *section)
{
    bool pieces = strcmp(section, "pieces") == 0;
    size_t before;
    fd_rows *rows = NULL;
    const fd_row *row;
    int err;

    if ((err = fd_asset_rows(&rows, "definitions/status.csv")) < 0)
        return err;
    if (pieces)
        fd_buf_puts(&s->text, "  ");
    before = s->text.len;
    while ((err = fd_rows_next(rows, &row)) > 0) {
        char cells[5][96];
        const fd_indicator *indicator;

        if (row->count < 5 || !fd_view_is(row->cells[0].text, section))
            continue;
        for (int c = 0; c < 5; c++)
            fd_asset_cell(row, (size_t)c, cells[c], sizeof cells[c]);
        indicator = fd_program_indicator(s->city->program, cells[1]);
        if (!indicator) {
            err = fd_error_set(FD_ENOTFOUND, "现状表里没有这个指标:%s",
                               "the status table names no indicator: %s", cells[1]);
            break;
        }
        if (pieces)
            put_piece(s, indicator, cells[2], cells[3]);
        else
            put_figure(s, section, indicator, cells[2], cells[3], atoi(cells[4]));
    }
    if (pieces && s->text.len > before)
        fd_buf_puts(&s->text, "【算】 value added, pulls in points\n");
    else if (pieces)
        s->text.len = before - 2;
    fd_rows_close(rows);
    return err;
}

/* Up to three divisions from one end of the table, sorted by pull; what prints as 0.00 pulls
 * nothing. */
static void put_pull_names(fd_status *s, const fd_table *t, int name, int pull, size_t parts,
                           bool down)
{
    size_t shown = 0;

    for (size_t k = 0; k < parts && shown < 3; k++) {
        size_t r = down ? parts - 1 - k : k;
        double points = fd_number_to_double(fd_column_number(t->columns[pull], r));

        if (down ? points > -0.005 : points < 0.005)
            break;
        fd_buf_printf(&s->text, "%s%s%+.2f", shown++ ? " " : "",
                      fd_column_text(t->columns[name], r), points);
    }
    fd_buf_puts(&s->text, shown ? " 点" : "无");
}

/* 拉动前三、主要下拉, from the verified rates and weights by division. */
static void put_pulls(fd_status *s)
{
    fd_growth_options options = FD_GROWTH_OPTIONS_INIT;
    const fd_item *rate = fd_program_item(s->city->program, "division_growth");
    fd_table *t = NULL;
    int name, pull;

    options.weight = fd_program_item(s->city->program, "division_weight");
    options.mode = FD_GROWTH_RATES;
    options.by = "division";
    if (rate)
        options.to = fd_latest_period(s->city->source, rate->id, FD_VERIFIED, FD_CUMULATIVE);
    if (!rate || !options.weight || options.to == FD_PERIOD_NONE ||
        fd_growth(&t, s->city->program, s->city->source, rate, NULL, &options) < 0) {
        fd_error_clear();
        return;
    }
    name = fd_table_find(t, "part_name");
    pull = fd_table_find(t, "pull");
    if (name >= 0 && pull >= 0 && t->rows > 8) {
        size_t parts = t->rows - 2; /* residual and total close the table */

        fd_buf_puts(&s->text, "   拉动前三 ");
        put_pull_names(s, t, name, pull, parts, false);
        fd_buf_puts(&s->text, "\n   主要下拉 ");
        put_pull_names(s, t, name, pull, parts, true);
        fd_buf_puts(&s->text, "【核定·算】 largest pulls up and down\n");
    }
    fd_table_free(t);
}

/* 一 现在怎么样(2024年): the heading says the period that its lines then need not repeat. */
static void put_stand_heading(fd_status *s, size_t at)
{
    char *lines = fd_strdup(fd_buf_text(&s->text) + at), title[48] = "", heading[96];

    s->text.len = at;
    if (s->stand != FD_PERIOD_NONE)
        fd_period_title(s->stand, s->lang, title, sizeof title);
    snprintf(heading, sizeof heading, "一 现在怎么样%s%s%s", title[0] ? "(" : "", title,
             title[0] ? ")" : "");
    fd_status__heading(s, heading, "WHERE WE STAND");
    fd_buf_puts(&s->text, lines);
    free(lines);
}

int fd_status__figures(fd_status *s)
{
    size_t stand;
    int err;

    stand = s->text.len;
    if ((err = read_lines(s, "stand")) < 0)
        return err;
    put_stand_heading(s, stand);
    put_residual(s);
    fd_status__heading(s, "二 为什么", "WHY");
    if ((err = read_lines(s, "pieces")) < 0)
        return err;
    put_pulls(s);
    return read_lines(s, "why");
}

static void put_title(fd_status *s)
{
    char *name = NULL, *note = NULL, *note_en = NULL, to[16] = "", title[48] = "";
    int year = fd_period_year_of(s->month), month = fd_period_number_of(s->month);

    if (fd_store_meta_get(s->city->store, "city", &name) < 0 ||
        fd_store_meta_get(s->city->store, "note", &note) < 0 ||
        fd_store_meta_get(s->city->store, "note_en", &note_en) < 0)
        fd_error_clear();
    if (s->month != FD_PERIOD_NONE) {
        snprintf(title, sizeof title, " 截至%d年%d月", year, month);
        snprintf(to, sizeof to, "to %d-%02d", year, month);
    }
    fd_buf_printf(&s->text, "方鼎 · %s%s%s%s%s", name ? name : s->city->path, note ? "(" : "",
                  note ? note : "", note ? ")" : "", title);
    if (note_en || to[0])
        fd_buf_printf(&s->text, " | %s%s%s", note_en ? note_en : "",
                      note_en && to[0] ? ", data " : "", to);
    fd_buf_puts(
        &s->text,
        "\n【公】公开发表 published  【算】推算 computed  【示】虚构 synthetic, NOT real\n");
    free(name);
    free(note);
    free(note_en);
}

int fd_status_compose(fd_status *out, fd_city *city, fd_lang lang)
{
    static const char *const columns[][3] = { { "section", "部分", "Section" },
                                              { "indicator", "指标", "Indicator" },
                                              { "label", "名称", "Label" },
                                              { "value", "值", "Value" },
                                              { "unit", "单位", "Unit" },
                                              { "period", "期间", "Period" },
                                              { "marks", "标记", "Marks" },
                                              { "published", "公开", "Published" },
                                              { "published_period", "公开期间",
                                                "Published period" },
                                              { "published_marks", "公开标记", "Published marks" },
                                              { "published_source", "出处", "Source" } };
    int err;

    memset(out, 0, sizeof *out);
    out->city = city;
    out->lang = lang;
    out->month = fd_latest_period(city->source, "dispatch_output", FD_CURRENT, FD_CUMULATIVE);
    out->figures = fd_table_new("status", "现状", "Where we stand");
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        fd_table_add_new(out->figures, columns[c][0], columns[c][1], columns[c][2], FD_TEXT, "", 0);
    put_title(out);
    if ((err = fd_status__figures(out)) < 0 || (err = fd_status__target(out)) < 0 ||
        (err = fd_status__actions(out)) < 0 || (err = fd_status__trust(out)) < 0)
        fd_status_dispose(out);
    return err < 0 ? err : 0;
}

void fd_status_dispose(fd_status *s)
{
    fd_buf_dispose(&s->text);
    fd_map_free(s->returns.by_county);
    s->returns.by_county = NULL;
    fd_table_free(s->figures);
    s->figures = NULL;
}
