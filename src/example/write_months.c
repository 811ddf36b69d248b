/*
 * 月报: the dispatch tables of nine counties, B204-1, electricity by account, month by month, with
 * the errors that honest people make.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "example/random.h"
#include "example/write.h"

enum { T_ORDERS = 1700, T_STAFF = 1800, T_RATIO = 1900, T_ACCOUNTS = 1950 };
/* Where the three wrong files lie. */
enum { BROKEN_COUNTY = 6, BROKEN_MONTH = 8, TENFOLD_COUNTY = 7, TENFOLD_MONTH = 10 };

/* Cumulative output to the month, and of the month alone (of 1–2 for February). */
static int64_t output_to(int64_t *alone, const fd_ex_model *m, const fd_ex_firm *f, int year,
                         int month)
{
    int64_t spans[FD_EX_SPANS], sum = 0;

    fd_example__months(spans, m, f, year);
    for (int i = 0; i <= month - 2; i++)
        sum += spans[i];
    if (alone)
        *alone = spans[month - 2];
    return sum;
}

static int64_t orders_of(const fd_ex_firm *f, int year, int month)
{
    double base = (double)f->output[year - FD_EX_FIRST_YEAR] / 12 *
                  fd_example__between(f->key, T_ORDERS, 0.8, 2.4),
           bend = f->fate == FD_EX_DOWN && year == 2024 ? 1 - 0.03 * month : 1;

    if (month == 2) /* around the Spring Festival */
        bend *= 0.92;
    return llround(
        base * bend *
        fd_example__between(f->key, fd_ex_tag(T_ORDERS + (year - 2022) * 16 + month), 0.95, 1.05));
}

static int64_t staff_of(const fd_ex_model *m, const fd_ex_firm *f, int year, int month)
{
    fd_ex_finance a;

    fd_example__finance(&a, m, f, year - FD_EX_FIRST_YEAR);
    return llround((double)a.staff *
                   fd_example__between(f->key, fd_ex_tag(T_STAFF + month), 0.98, 1.02));
}

/* One table of one county. */
typedef struct dispatch {
    int county, year, month;
    fd_ex_format format;
    char folder[64], file[96];
} dispatch;

static void dispatch_header(fd_ex_sheet *s, const fd_ex_writer *w, const dispatch *d)
{
    static const char *const flat[] = { "统一社会信用代码", "企业名称", "生产经营状态",
                                        "停减产原因" };
    static const char *const spans[] = { "本月", "1—本月累计", "上年同期累计" };
    bool alone = d->month > 2;
    long outputs = alone ? 3 : 2;
    char line[160];

    if (d->format != FD_EX_XLSX) {
        for (size_t i = 0; i < 4; i++)
            fd_example__text(s, flat[i]);
        for (int i = alone ? 0 : 1; i < 3; i++) {
            snprintf(line, sizeof line, "工业总产值(万元);%s", spans[i]);
            fd_example__text(s, line);
        }
        for (int i = 1; i < 3; i++) {
            snprintf(line, sizeof line, "营业收入(万元);%s", spans[i]);
            fd_example__text(s, line);
        }
        fd_example__text(s, "期末用工人数(人)");
        fd_example__text(s, "在手订单(万元)");
        fd_example__row(s);
        return;
    }
    snprintf(line, sizeof line, "填报单位:%s工信部门    %d年1—%d月    计量单位:万元",
             w->m->parameters->counties[d->county].name, d->year, d->month);
    fd_example__title(s, "重点企业调度表(示例,虚构数据)", line, 4 + outputs + 4);
    for (size_t i = 0; i < 4; i++)
        fd_example__merged(s, flat[i], 2, 1);
    fd_example__merged(s, "工业总产值(万元)", 1, outputs);
    fd_example__merged(s, "营业收入(万元)", 1, 2);
    fd_example__merged(s, "期末用工人数(人)", 2, 1);
    fd_example__merged(s, "在手订单(万元)", 2, 1);
    fd_example__row(s);
    s->column = 5;
    fd_example__heading(s, true);
    for (int i = alone ? 0 : 1; i < 3; i++)
        fd_example__text(s, spans[i]);
    for (int i = 1; i < 3; i++)
        fd_example__text(s, spans[i]);
    fd_example__heading(s, false);
    fd_example__row(s);
}

static void dispatch_row(fd_ex_writer *w, fd_ex_sheet *s, const dispatch *d, const fd_ex_firm *f,
                         bool broken)
{
    const fd_ex_model *m = w->m;
    int64_t alone = 0, now = output_to(&alone, m, f, d->year, d->month),
            before = output_to(NULL, m, f, d->year - 1, d->month),
            orders = orders_of(f, d->year, d->month);
    bool december = d->year == 2024 && d->month == 12;
    int64_t times = d->year == 2024 && d->month == TENFOLD_MONTH && d->county == TENFOLD_COUNTY
                        ? 10 /* filled in 千元 */
                        : 1;
    const char *reason, *state = fd_example__state(&reason, m, f, d->year, d->month);

    if (december && f->wrong_unit) {
        orders *= 10;
        fd_example__planted(w, d->file, f->uscc, "在手订单", "单位疑似千元(×10)");
    }
    if (december && f->no_power)
        fd_example__planted(w, d->file, f->uscc, "工业总产值", "有产值无用电");
    if (broken)
        fd_example__planted(w, d->file, f->uscc, "企业名称", "行内字节损坏");
    fd_example__text(s, f->uscc);
    if (broken && s->csv) {
        fd_csvw_raw(s->csv,
                    (fd_view){ "\xBA\xD3\xFF\xFE\xC4", 5 }); /* a name cut amid characters */
        s->column++;
    } else {
        fd_example__text(s, f->name);
    }
    fd_example__text(s, state);
    fd_example__text(s, reason);
    if (d->month > 2)
        fd_example__number(s, alone * times, 1);
    fd_example__number(s, now * times, 1);
    fd_example__number(s, before * times, 1);
    fd_example__number(s, llround((double)now / f->output_ratio) * times, 1);
    fd_example__number(s, llround((double)before / f->output_ratio) * times, 1);
    fd_example__number(s, staff_of(m, f, d->year, d->month), 0);
    fd_example__number(s, orders * times, 1);
    fd_example__row(s);
}

static int write_dispatch(fd_ex_writer *w, const char *folder, int year, int month, int serial)
{
    int err = 0;

    for (int c = 0; c < FD_EX_COUNTIES && err == 0; c++) {
        dispatch d = { .county = c, .year = year, .month = month };
        bool spoil = year == 2024 && month == BROKEN_MONTH && c == BROKEN_COUNTY, spoilt = false;
        char name[64];
        fd_ex_sheet s;

        /* The counties of the south send what their spreadsheet saves as CSV, every other month. */
        d.format = w->options.light                  ? FD_EX_UTF8
                   : c >= 5 && (c + serial) % 2 == 1 ? FD_EX_GBK
                                                     : FD_EX_XLSX;
        snprintf(name, sizeof name, "重点企业调度表_%s", w->m->parameters->counties[c].name);
        snprintf(d.file, sizeof d.file, "月报/%d-%02d/%s", year, month, name);
        if (year == 2024 && month == TENFOLD_MONTH && c == TENFOLD_COUNTY)
            fd_example__planted(w, d.file, NULL, "全部金额", "按千元填报(×10)");
        fd_example__begin(&s, folder, name, d.format);
        dispatch_header(&s, w, &d);
        for (size_t i = 0; i < w->m->count; i++) {
            const fd_ex_firm *f = &w->m->firms[i];

            if (f->county != c || !fd_example__live(f, year - FD_EX_FIRST_YEAR))
                continue;
            if (f->missing && year == 2024 && month == 12) {
                fd_example__planted(w, d.file, f->uscc, NULL, "缺报");
                continue;
            }
            dispatch_row(w, &s, &d, f, spoil && !spoilt && !f->leader && f->fate == FD_EX_STEADY);
            spoilt |= spoil && !f->leader && f->fate == FD_EX_STEADY;
        }
        err = fd_example__end(&s);
    }
    return err;
}

/* The four figures of B204-1 as parts of output. */
static double ratio_of(const fd_ex_firm *f, int item)
{
    double draw = fd_example__uniform(f->key, fd_ex_tag(T_RATIO + item));

    switch (item) {
    case 1: /* new products */
        return f->kind == FD_EX_OTHER && draw < 0.6 ? 0 : 0.05 + 0.4 * draw * draw;
    case 2: /* sales */
        return 0.955 + 0.045 * draw;
    case 3: /* exports */
        return draw < 0.82 ? 0 : 0.05 + 0.3 * (draw - 0.82);
    default:
        return 1;
    }
}

static int write_b204(fd_ex_writer *w, const char *folder, int year, int month)
{
    static const char *const items[] = { "工业总产值（当年价格）01", "新产品产值02",
                                         "工业销售产值（当年价格）03", "出口交货值04" };
    static const char *const spans[] = { "本月", "1-本月", "上年同期" };
    char text[96];
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "工业产销B204-1", FD_EX_UTF8);
    fd_example__text(&s, "统一社会信用代码");
    fd_example__text(&s, "单位详细名称");
    for (int item = 0; item < 4; item++)
        for (int k = month > 2 ? 0 : 1; k < 3; k++) {
            snprintf(text, sizeof text, "%s;%s", items[item], spans[k]);
            fd_example__text(&s, text);
        }
    fd_example__row(&s);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];
        int64_t alone = 0, now, before;

        if (!fd_example__live(f, year - FD_EX_FIRST_YEAR))
            continue;
        now = output_to(&alone, w->m, f, year, month);
        before = output_to(NULL, w->m, f, year - 1, month);
        fd_example__text(&s, f->uscc);
        fd_example__text(&s, f->name);
        for (int item = 0; item < 4; item++) {
            double ratio = ratio_of(f, item);
            int64_t to = llround((double)now * ratio);

            if (month > 2)
                fd_example__number(&s, to - llround((double)(now - alone) * ratio), 0);
            fd_example__number(&s, to, 0);
            fd_example__number(&s, llround((double)before * ratio), 0);
        }
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

/* Split an amount over a firm's accounts: the first takes most. */
static int64_t account_part(int64_t total, size_t account, size_t accounts)
{
    static const int shares[3][3] = { { 100, 0, 0 }, { 72, 28, 0 }, { 60, 27, 13 } };
    int64_t given = 0;

    for (size_t a = 0; a < account; a++)
        given += total * shares[accounts - 1][a] / 100;
    return account + 1 == accounts ? total - given : total * shares[accounts - 1][account] / 100;
}

static int write_power(fd_ex_writer *w, const char *folder, int year, int month)
{
    static const char *const header[] = {
        "户号", "户名", "统一社会信用代码", "本月电量(千瓦时)", "上年同月电量(千瓦时)", NULL
    };
    static const char *const suffixes[] = { "", "二厂区", "办公及宿舍" };
    bool december = year == 2024 && month == 12;
    char text[256];
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "分户电量", w->options.light ? FD_EX_UTF8 : FD_EX_GBK);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];
        size_t accounts = 1 + fd_example__below(f->key, T_ACCOUNTS, 3);
        int64_t now, before;

        if (!fd_example__live(f, year - FD_EX_FIRST_YEAR))
            continue;
        now = december && f->no_power ? 0 : fd_example__power(w->m, f, year, month);
        before = fd_example__power(w->m, f, year - 1, month);
        for (size_t a = 0; a < accounts && a < 3; a++) {
            snprintf(text, sizeof text, "%010zu", 9900000000u + i * 4 + a);
            fd_example__text(&s, text);
            snprintf(text, sizeof text, "%s%s", f->name, suffixes[a]);
            fd_example__text(&s, text);
            fd_example__text(&s, f->uscc);
            fd_example__number(&s, account_part(now, a, accounts), 0);
            fd_example__number(&s, account_part(before, a, accounts), 0);
            fd_example__row(&s);
        }
    }
    return fd_example__end(&s);
}

/* One reporting month; February brings January's electricity in a folder of its own. */
static int write_month(fd_ex_writer *w, const char *root, int year, int month, int serial)
{
    char name[16], *folder = NULL, *january = NULL;
    int err;

    snprintf(name, sizeof name, "%d-%02d", year, month);
    if ((err = fd_example__folder(&folder, root, name)) < 0)
        return err;
    if (month == 2) {
        snprintf(name, sizeof name, "%d-01", year);
        if ((err = fd_example__folder(&january, root, name)) == 0)
            err = write_power(w, january, year, 1);
        free(january);
    }
    if (err == 0 && (err = write_dispatch(w, folder, year, month, serial)) == 0 &&
        (err = write_power(w, folder, year, month)) == 0)
        err = write_b204(w, folder, year, month);
    if (err == 0 && !w->options.light &&
        (err = fd_example__write_growth(w, folder, year, month)) == 0)
        err = fd_example__write_projects(w, folder, year, month);
    free(folder);
    return err;
}

int fd_example__write_months(fd_ex_writer *w)
{
    char *root = NULL;
    int err = fd_example__folder(&root, w->folder, "月报");

    for (int k = 2 * FD_EX_SPANS - w->options.months; err == 0 && k < 2 * FD_EX_SPANS; k++) {
        err = write_month(w, root, 2023 + k / FD_EX_SPANS, 2 + k % FD_EX_SPANS, k);
        if (err == 0)
            err = fd_example__step(w);
    }
    free(root);
    return err;
}
