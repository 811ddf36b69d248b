#include "app/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/figure.h"
#include "app/subjects.h"
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

static const char *mark_of(const fd_figure *f)
{
    return strstr(f->marks, "示例")         ? "【算·示】"
           : strstr(f->marks, "unverified") ? "【算·未核】"
                                            : "【算】";
}

/* Text of a figure beside another year's: 较2020年−11.5点. */
static void put_comparison(fd_status *s, const fd_indicator *indicator, const fd_figure *now,
                           int year)
{
    fd_figure before;
    fd_number change;
    char text[48];

    if (fd_figure_at(&before, s->city, indicator, fd_period_year(year), s->lang) < 0 ||
        !before.has_value) {
        fd_error_clear();
        return;
    }
    fd_buf_printf(&s->text, " %d年%s%s", year, before.value, before.unit);
    if (now->number.is_estimate || before.number.is_estimate ||
        fd_quot_sub(&change.exact, now->number.exact, before.number.exact) < 0) {
        fd_error_clear();
        return;
    }
    fd_quot_format(change.exact, indicator->digits >= 0 ? indicator->digits : 2, FD_ROUND_HALF_EVEN,
                   text, sizeof text);
    fd_buf_printf(&s->text, "(%s%s%s)", change.exact.num > 0 ? "+" : "", text,
                  strcmp(before.unit, "%") == 0 ? "点" : "");
}

static void put_row(fd_status *s, const char *section, const fd_indicator *indicator,
                    const char *label, const fd_figure *f)
{
    size_t row = fd_table_add_row(s->figures);

    fd_column_set_text(s->figures->columns[0], row, section);
    fd_column_set_text(s->figures->columns[1], row, indicator->id);
    fd_column_set_text(s->figures->columns[2], row, label);
    if (f->has_value)
        fd_column_set_text(s->figures->columns[3], row, f->value);
    fd_column_set_text(s->figures->columns[4], row, f->unit);
    fd_column_set_text(s->figures->columns[5], row, f->period_title);
    fd_column_set_text(s->figures->columns[6], row, f->marks);
}

/* One line: ● 战新占规上  13.9% 【算·示】 2018年4.1%(+9.8点)   emerging share */
static void put_figure(fd_status *s, const char *section, const fd_indicator *indicator,
                       const char *zh, const char *en, int compare)
{
    fd_buf line = FD_BUF_INIT, keep = s->text;
    fd_figure f;

    if (fd_figure_latest(&f, s->city, indicator, s->lang) < 0) {
        fd_error_clear();
        f.has_value = false;
    }
    put_row(s, section, indicator, s->lang == FD_ZH ? zh : en, &f);
    s->text = line;
    fd_buf_puts(&s->text, f.has_value ? " ● " : " ○ ");
    fd_status__pad(&s->text, zh, 18);
    if (f.has_value) {
        fd_buf_printf(&s->text, "%s%s %s %s", f.value, f.unit, mark_of(&f), f.period_title);
        if (compare)
            put_comparison(s, indicator, &f, compare);
    } else {
        fd_buf_puts(&s->text, s->lang == FD_ZH ? "缺数据" : "no data");
    }
    line = s->text;
    s->text = keep;
    fd_status__pad(&s->text, fd_buf_text(&line), 66);
    fd_buf_printf(&s->text, "%s\n", en);
    fd_buf_dispose(&line);
}

/* Two shares that are not complements: the residual is shown. */
static void put_residual(fd_status *s)
{
    const fd_indicator *sei = fd_program_indicator(s->city->program, "sei_share");
    const fd_indicator *old = fd_program_indicator(s->city->program, "traditional_share");
    fd_figure a, b;
    fd_quot sum;
    char text[48];

    if (!sei || !old || fd_figure_latest(&a, s->city, sei, s->lang) < 0 || !a.has_value ||
        fd_figure_at(&b, s->city, old, a.period, s->lang) < 0 || !b.has_value ||
        fd_quot_add(&sum, a.number.exact, b.number.exact) < 0) {
        fd_error_clear();
        return;
    }
    fd_quot_format(sum, 1, FD_ROUND_HALF_EVEN, text, sizeof text);
    if (strcmp(text, "100.0") != 0)
        fd_buf_printf(&s->text,
                      "   注:%s%% + %s%% = %s%%,两类不是互补的分类    not complementary classes\n",
                      a.value, b.value, text);
}

static int read_lines(fd_status *s, const char *section)
{
    fd_rows *rows = NULL;
    const fd_row *row;
    int err;

    if ((err = fd_asset_rows(&rows, "definitions/status.csv")) < 0)
        return err;
    while ((err = fd_rows_next(rows, &row)) > 0) {
        char cells[5][96];
        const fd_indicator *indicator;

        if (row->count < 5 || !fd_view_is(row->cells[0].text, section))
            continue;
        for (int c = 0; c < 5; c++)
            fd_asset_cell(row, (size_t)c, cells[c], sizeof cells[c]);
        indicator = fd_program_indicator(s->city->program, cells[1]);
        if (indicator)
            put_figure(s, section, indicator, cells[2], cells[3], atoi(cells[4]));
    }
    fd_rows_close(rows);
    return err;
}

/* 拉动前三、下拉前三, from the verified rates and weights by division. */
static void put_pulls(fd_status *s)
{
    fd_growth_options options = FD_GROWTH_OPTIONS_INIT;
    const fd_item *rate = fd_program_item(s->city->program, "division_growth");
    fd_table *t = NULL;
    int name, pull;
    size_t shown = 0;

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
        for (size_t r = 0; r < parts && shown < 3; r++, shown++)
            fd_buf_printf(&s->text, "%s%s %+.2f", shown ? "、" : "",
                          fd_column_text(t->columns[name], r),
                          fd_number_to_double(fd_column_number(t->columns[pull], r)));
        fd_buf_puts(&s->text, " 百分点\n   下拉前三 ");
        for (size_t k = 0; k < 3; k++)
            fd_buf_printf(&s->text, "%s%s %+.2f", k ? "、" : "",
                          fd_column_text(t->columns[name], parts - 1 - k),
                          fd_number_to_double(fd_column_number(t->columns[pull], parts - 1 - k)));
        fd_buf_puts(&s->text, " 百分点    largest pulls up and down, points\n");
    }
    fd_table_free(t);
}

int fd_status__figures(fd_status *s)
{
    int err;

    fd_status__heading(s, "一 现在怎么样", "WHERE WE STAND");
    if ((err = read_lines(s, "stand")) < 0)
        return err;
    put_residual(s);
    fd_status__heading(s, "二 为什么", "WHY");
    if ((err = read_lines(s, "why")) < 0)
        return err;
    put_pulls(s);
    return 0;
}

static void put_title(fd_status *s)
{
    char *name = NULL, *note = NULL, title[48] = "";

    if (fd_store_meta_get(s->city->store, "city", &name) < 0 ||
        fd_store_meta_get(s->city->store, "note", &note) < 0)
        fd_error_clear();
    if (s->month != FD_PERIOD_NONE)
        fd_period_title(s->month, s->lang, title, sizeof title);
    fd_buf_printf(&s->text, "方鼎 · %s%s%s%s%s\n", name ? name : s->city->path, note ? "(" : "",
                  note ? note : "", note ? ")" : "", title[0] ? "  截至" : "");
    if (title[0]) {
        s->text.len--;
        fd_buf_printf(&s->text, "%s\n", title);
    }
    fd_buf_puts(&s->text,
                "【公】公开发表 published  【算】推算 computed  【示】虚构 synthetic, NOT real\n");
    free(name);
    free(note);
}

int fd_status_compose(fd_status *out, fd_city *city, fd_lang lang)
{
    static const char *const columns[][3] = {
        { "section", "部分", "Section" }, { "indicator", "指标", "Indicator" },
        { "label", "名称", "Label" },     { "value", "值", "Value" },
        { "unit", "单位", "Unit" },       { "period", "期间", "Period" },
        { "marks", "标记", "Marks" }
    };
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
    fd_table_free(s->figures);
    s->figures = NULL;
}
