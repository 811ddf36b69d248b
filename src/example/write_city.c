/*
 * What the bureaus hand out: prices, the city's own figures, verified growth with weights, the
 * published figures.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "example/data.h"
#include "example/random.h"
#include "example/write.h"
#include "io/file.h"

/* 06 … 46, as GB/T 4754-2017 names them. */
static const char *const division_names[FD_EX_DIVISIONS] = {
    [6] = "煤炭开采和洗选业",
    [8] = "黑色金属矿采选业",
    [10] = "非金属矿采选业",
    [13] = "农副食品加工业",
    [14] = "食品制造业",
    [15] = "酒、饮料和精制茶制造业",
    [17] = "纺织业",
    [18] = "纺织服装、服饰业",
    [19] = "皮革、毛皮、羽毛及其制品和制鞋业",
    [20] = "木材加工和木、竹、藤、棕、草制品业",
    [21] = "家具制造业",
    [22] = "造纸和纸制品业",
    [23] = "印刷和记录媒介复制业",
    [24] = "文教、工美、体育和娱乐用品制造业",
    [25] = "石油、煤炭及其他燃料加工业",
    [26] = "化学原料和化学制品制造业",
    [27] = "医药制造业",
    [28] = "化学纤维制造业",
    [29] = "橡胶和塑料制品业",
    [30] = "非金属矿物制品业",
    [31] = "黑色金属冶炼和压延加工业",
    [32] = "有色金属冶炼和压延加工业",
    [33] = "金属制品业",
    [34] = "通用设备制造业",
    [35] = "专用设备制造业",
    [36] = "汽车制造业",
    [37] = "铁路、船舶、航空航天和其他运输设备制造业",
    [38] = "电气机械和器材制造业",
    [39] = "计算机、通信和其他电子设备制造业",
    [40] = "仪器仪表制造业",
    [41] = "其他制造业",
    [42] = "废弃资源综合利用业",
    [43] = "金属制品、机械和设备修理业",
    [44] = "电力、热力生产和供应业",
    [45] = "燃气生产和供应业",
    [46] = "水的生产和供应业",
};

static const fd_ex_month *month_of(const fd_ex_parameters *p, int year, int month)
{
    for (size_t i = 0; i < p->month_count; i++)
        if (p->months[i].year == year && p->months[i].month == month)
            return &p->months[i];
    return NULL;
}

/* A cumulative index of 2023 or 2024 nears the year's as the months go by. Hundredths. */
static int price_to(const fd_ex_plan *plan, int division, int year, int month)
{
    double drift = 120.0 * (12 - month) / 10 *
                   (fd_example__uniform(0x7070690000u, fd_ex_tag(division * 4 + year % 4)) - 0.5);

    return plan->price[division][year - FD_EX_FIRST_YEAR] + (int)lround(drift);
}

static int write_prices(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "行业代码", "行业名称", "时期",
                                          "工业生产者出厂价格指数(上年同期=100)", NULL };
    char text[32];
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "行业价格指数", FD_EX_UTF8);
    fd_example__headers(&s, header);
    for (int d = 6; d < FD_EX_DIVISIONS; d++) {
        for (int year = 2019, month = 0; division_names[d] && year <= 2024;) {
            snprintf(text, sizeof text, "%02d", d);
            fd_example__text(&s, text);
            fd_example__text(&s, division_names[d]);
            if (month)
                snprintf(text, sizeof text, "%d-01..%02d", year, month);
            else
                snprintf(text, sizeof text, "%d", year);
            fd_example__text(&s, text);
            fd_example__number(&s,
                               month ? price_to(&w->m->plan, d, year, month)
                                     : w->m->plan.price[d][year - FD_EX_FIRST_YEAR],
                               2);
            fd_example__row(&s);
            /* After a year its cumulative months, from 2023 on. */
            month = year < 2023 || month == 12 ? 0 : month ? month + 1 : 2;
            year += month == 0;
        }
    }
    return fd_example__end(&s);
}

static void city_row(fd_ex_sheet *s, const char *item, const char *period, const char *value,
                     const char *unit, const char *status)
{
    fd_example__text(s, item);
    fd_example__text(s, period);
    fd_example__text(s, value);
    fd_example__text(s, unit);
    fd_example__text(s, "洹州市示例数据(虚构)");
    fd_example__text(s, status);
    fd_example__row(s);
}

static int write_figures(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "指标", "年份", "数值", "单位", "来源", "状态", NULL };
    const fd_ex_parameters *p = w->m->parameters;
    char text[32];
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "全市主要指标", FD_EX_UTF8);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < p->city_count; i++)
        for (int y = 0; y < FD_EX_YEARS; y++) {
            snprintf(text, sizeof text, "%d", FD_EX_FIRST_YEAR + y);
            city_row(&s, p->city[i].item, text, p->city[i].values[y], p->city[i].unit, "示例");
        }
    for (int y = 1; y < FD_EX_YEARS; y++) {
        char growth[32];

        snprintf(text, sizeof text, "%d", FD_EX_FIRST_YEAR + y);
        snprintf(growth, sizeof growth, "%.2f", 100 * w->m->plan.growth[y]);
        city_row(&s, "规上工业增加值增速", text, growth, "%", "示例,核定");
    }
    for (size_t i = 0; i < p->month_count; i++) {
        const fd_ex_month *m = &p->months[i];

        snprintf(text, sizeof text, "%d-01..%02d", m->year, m->month);
        city_row(&s, "规上工业增加值增速", text, m->city_growth, "%", "示例,核定");
        city_row(&s, "全省规上工业增加值增速", text, m->province_growth, "%", "示例,核定");
        city_row(&s, "工业投资", text, m->investment, "亿元", "示例");
        city_row(&s, "技改投资", text, m->renovation, "亿元", "示例");
    }
    return fd_example__end(&s);
}

int fd_example__copy(const char *folder, const char *name, const char *table)
{
    fd_view bytes = fd_example__data(table);
    fd_buf path = FD_BUF_INIT;
    FILE *stream;
    int err = 0;

    fd_buf_printf(&path, "%s/%s", folder, name);
    stream = fopen(fd_buf_text(&path), "wb");
    if (!stream) {
        err = fd_file__errno(fd_buf_text(&path), errno);
    } else {
        bool ok = fwrite("\xEF\xBB\xBF", 1, 3, stream) == 3 &&
                  fwrite(bytes.ptr, 1, bytes.len, stream) == bytes.len;

        if (fclose(stream) != 0 || !ok)
            err = fd_file__errno(fd_buf_text(&path), errno ? errno : EIO);
    }
    fd_buf_dispose(&path);
    return err;
}

int fd_example__write_city(fd_ex_writer *w)
{
    char *folder = NULL, *promises = NULL;
    int err;

    if ((err = fd_example__folder(&folder, w->folder, "年报")) == 0 &&
        (err = write_prices(w, folder)) == 0 && (err = write_figures(w, folder)) == 0 &&
        (err = fd_example__copy(folder, "公开数字.csv", "published.csv")) == 0 &&
        (err = fd_example__folder(&promises, w->folder, "承诺")) == 0)
        err = fd_example__copy(promises, "承诺登记.csv", "promises.csv");
    free(folder);
    free(promises);
    return err;
}

/* One unit (county or division) of a growth table: its part of the base, its growth over the year.
 */
typedef struct unit {
    const char *code, *name;
    double base, now; /* value added of the year before; of the year at its prices */
    int64_t weight;   /* % × 10,000 */
    int64_t growth;   /* % × 100 */
} unit;

/*
 * Growth and weights that agree with the city's: the year's own growth by unit, bent toward the
 * month's figure, less the weighted mean deviation; what rounding leaves goes to the heaviest unit,
 * so that Σ weight × growth rounds to the city's figure.  Weights add up to 100 exactly.
 */
static void settle(unit *units, size_t n, uint64_t tag, double city, double city_year, int month)
{
    double base = 0, mean = 0, growth[FD_EX_DIVISIONS];
    int64_t weights = 0;
    size_t heaviest = 0;

    for (size_t i = 0; i < n; i++)
        base += units[i].base;
    for (size_t i = 0; i < n; i++) {
        units[i].weight = llround(units[i].base / base * 1000000);
        weights += units[i].weight;
        if (units[i].weight > units[heaviest].weight)
            heaviest = i;
        growth[i] =
            (units[i].now / units[i].base - 1) * 100 + city - city_year +
            (12 - month) * 0.25 * fd_example__bell(tag + (uint64_t)month / 4, 7000 + (uint64_t)i);
    }
    units[heaviest].weight += 1000000 - weights;
    for (size_t i = 0; i < n; i++)
        mean += (double)units[i].weight / 1000000 * growth[i];
    for (size_t i = 0; i < n; i++)
        units[i].growth = llround((growth[i] - mean + city) * 100);
    mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += (double)units[i].weight / 1000000 * (double)units[i].growth;
    units[heaviest].growth +=
        llround((city * 100 - mean) / ((double)units[heaviest].weight / 1000000));
}

static int write_units(const char *folder, const char *file, const char *head,
                       const char *const *header, const unit *units, size_t n, int year, int month)
{
    char line[96];
    fd_ex_sheet s;

    fd_example__begin(&s, folder, file, FD_EX_XLSX);
    snprintf(line, sizeof line, "%d年1—%d月    计量单位:%%", year, month);
    fd_example__title(&s, head, line, 4);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < n; i++) {
        fd_example__text(&s, units[i].name);
        fd_example__text(&s, units[i].code);
        fd_example__number(&s, units[i].growth, 2);
        fd_example__number(&s, units[i].weight, 4);
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

int fd_example__write_growth(fd_ex_writer *w, const char *folder, int year, int month)
{
    static const char *const county_header[] = { "县区", "县区代码", "增速(%)", "权重(%)", NULL };
    static const char *const division_header[] = { "行业名称", "行业代码", "增速(%)", "权重(%)",
                                                   NULL };
    const fd_ex_model *m = w->m;
    const fd_ex_month *row = month_of(m->parameters, year, month),
                      *last = month_of(m->parameters, year, 12);
    unit counties[FD_EX_COUNTIES] = { 0 }, divisions[FD_EX_DIVISIONS] = { 0 };
    char codes[FD_EX_DIVISIONS][16];
    size_t n = 0;
    int y = year - FD_EX_FIRST_YEAR, err;

    for (int i = 0; i < FD_EX_COUNTIES; i++) {
        counties[i].code = m->parameters->counties[i].code;
        counties[i].name = m->parameters->counties[i].name;
    }
    for (size_t i = 0; i < m->count; i++) {
        const fd_ex_firm *f = &m->firms[i];
        int d = m->parameters->lines[f->line].division;
        double now;

        if (!fd_example__live(f, y))
            continue;
        now = (double)f->value_added[y] * 10000 / m->plan.price[d][y];
        counties[f->county].base += (double)f->value_added[y - 1];
        counties[f->county].now += now;
        divisions[d].base += (double)f->value_added[y - 1];
        divisions[d].now += now;
    }
    for (int d = 6; d < FD_EX_DIVISIONS; d++)
        if (divisions[d].base > 0) {
            snprintf(codes[n], sizeof codes[n], "%02d", d);
            divisions[n] = divisions[d];
            divisions[n].code = codes[n];
            divisions[n++].name = division_names[d];
        }
    settle(counties, FD_EX_COUNTIES, m->seed + 1, atof(row->city_growth), atof(last->city_growth),
           month);
    settle(divisions, n, m->seed + 2, atof(row->city_growth), atof(last->city_growth), month);
    err = write_units(folder, "分县区增加值增速", "分县区规模以上工业增加值增速(示例,核定)",
                      county_header, counties, FD_EX_COUNTIES, year, month);
    if (err == 0)
        err = write_units(folder, "分行业增加值增速", "分行业规模以上工业增加值增速(示例,核定)",
                          division_header, divisions, n, year, month);
    return err;
}
