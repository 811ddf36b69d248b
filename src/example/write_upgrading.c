/*
 * 要素与事件: the survey of means and factors (2022 to 2024), the firms' self-assessments, the
 * ledger of events.  All of it is invented; every draw has a tag of its own, so that nothing else
 * moves.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "example/random.h"
#include "example/write.h"

enum {
    T_SURVEY = 4200, /* and the numbers above it, one hundred a year */
    T_CLAIM = 4800,
    T_EVENT = 5200,
    FIRST_SURVEY = 2022,
    ITEMS = 12,
    EVENTS = 36
};

static const char *const no_computing = "内河县"; /* did not answer that question in 2024 */

/* ---- the survey ---- */

static bool answers(const fd_ex_firm *f)
{
    return f->leader || fd_example__below(f->key, T_SURVEY, 100) < 34;
}

static int64_t part_of(int64_t whole, double share)
{
    const double p = share < 0 ? 0 : share > 0.95 ? 0.95 : share;

    return llround((double)whole * p);
}

static double draw(const fd_ex_firm *f, int year, int what, double low, double high)
{
    return fd_example__between(f->key, fd_ex_tag(T_SURVEY + what), low, high) +
           fd_example__between(f->key, fd_ex_tag(T_SURVEY + 100 * (year - 2021) + what), -0.01,
                               0.01);
}

/* What a firm answers; emerging firms have more of the new, and every year a little is added. */
static void survey_row(fd_ex_sheet *s, const fd_ex_model *m, const fd_ex_firm *f, int year)
{
    const int y = year - FD_EX_FIRST_YEAR;
    const double lead = f->kind == FD_EX_PURE    ? 0.16
                        : f->kind == FD_EX_MIXED ? 0.08
                                                 : 0,
                 later = 0.02 * (year - FIRST_SURVEY);
    const fd_ex_county *county = &m->parameters->counties[f->county];
    fd_ex_finance a;
    int64_t staff, machines, materials, power = 0;

    fd_example__finance(&a, m, f, y);
    staff = a.staff > 4 ? a.staff : 5;
    machines = 3 + part_of(staff, draw(f, year, 1, 0.2, 0.5));
    materials = a.operating_cost / 10 * 6 / 10; /* 万元, six tenths of cost */
    for (int month = 1; month <= 12; month++)
        power += fd_example__power(m, f, year, month);
    fd_example__text(s, f->uscc);
    fd_example__text(s, f->name);
    fd_example__number(s, part_of(staff, draw(f, year, 2, 0.08, 0.24) + lead + later), 0);
    fd_example__number(s, staff, 0);
    fd_example__number(s, machines, 0);
    fd_example__number(s, part_of(machines, draw(f, year, 3, 0.15, 0.5) + lead + 1.5 * later), 0);
    fd_example__number(s, part_of(machines, draw(f, year, 4, 0.04, 0.3) + lead + 1.5 * later), 0);
    if (year == 2024 && strcmp(county->name, no_computing) == 0)
        fd_example__text(s, NULL);
    else
        fd_example__number(
            s, llround((double)staff / 1000 * (draw(f, year, 5, 0.2, 2.4) + 8 * lead + 5 * later)),
            0);
    fd_example__number(s, part_of(materials, draw(f, year, 6, 0.01, 0.14) + lead + later) * 100, 2);
    fd_example__number(s, materials * 100, 2);
    fd_example__number(s,
                       part_of(power, draw(f, year, 7, 0.05, 0.2) + 0.5 * lead + 2 * later) / 100,
                       2);
    fd_example__number(s, power / 100, 2);
    fd_example__row(s);
}

static int write_survey(fd_ex_writer *w, const char *folder, int year)
{
    static const char *const header[] = { "统一社会信用代码",
                                          "企业名称",
                                          "技能人才",
                                          "期末用工人数",
                                          "生产设备",
                                          "自动化设备",
                                          "联网采集设备",
                                          "可用算力(标准机架)",
                                          "新材料采购额",
                                          "原材料采购额",
                                          "绿色电力消费(万千瓦时)",
                                          "全年用电量(万千瓦时)",
                                          NULL };
    fd_ex_sheet s;
    char name[64];

    snprintf(name, sizeof name, "%d年劳动资料与要素调查", year);
    fd_example__begin(&s, folder, name, FD_EX_XLSX);
    fd_example__title(&s, "劳动资料与要素调查表(示例,虚构数据)", "金额单位:万元", 12);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];

        if (fd_example__live(f, year - FD_EX_FIRST_YEAR) && answers(f))
            survey_row(&s, w->m, f, year);
    }
    return fd_example__end(&s);
}

/* ---- self-assessments ---- */

static void day_text(char *buf, size_t size, int months, int day)
{
    snprintf(buf, size, "%04d-%02d-%02d", months / 12, months % 12 + 1, day);
}

/* One claim: a level about the firm's own, evidence most of the time, good for one to three years.
 */
static void claim_row(fd_ex_sheet *s, const fd_ex_firm *f, int item)
{
    static const char *const items[ITEMS] = { "G1", "G2", "G3", "Z1", "Z2", "Z3",
                                              "L1", "L2", "L3", "R1", "R2", "R3" };
    static const char *const proofs[] = { "验收报告", "检测报告", "合同", "认证证书", "系统截图" };
    const uint64_t tag = fd_ex_tag(T_CLAIM + 10 * (item + 1));
    const double own = 1.6 + 0.5 * f->kind + fd_example__between(f->key, T_CLAIM + 1, -0.8, 1.2);
    const int level = (int)lround(
        fmin(5, fmax(0, own + fd_example__between(f->key, tag, -1.2, 1.2) - 0.1 * (item % 3))));
    const int dated = 2023 * 12 + 2 + (int)fd_example__below(f->key, tag + 1, 22),
              months = 12 * (1 + (int)fd_example__below(f->key, tag + 2, 3));
    char text[96], day[40];

    if (fd_example__below(f->key, tag + 3, 100) < 4)
        return; /* a question left out */
    snprintf(text, sizeof text, "%s:%s", f->uscc, items[item]);
    fd_example__text(s, text);
    fd_example__text(s, "已答");
    fd_example__text(s, "2024-12-20");
    fd_example__text(s, f->uscc);
    fd_example__text(s, items[item]);
    fd_example__number(s, level, 0);
    if (fd_example__below(f->key, tag + 4, 100) < 88) {
        snprintf(text, sizeof text, "示例%s%s-%u.pdf",
                 proofs[fd_example__below(f->key, tag + 5, 5)], items[item],
                 (unsigned)fd_example__below(f->key, tag + 6, 900) + 100);
        fd_example__text(s, text);
        day_text(day, sizeof day, dated, 15);
        fd_example__text(s, day);
        day_text(day, sizeof day, dated + months, 14);
        fd_example__text(s, day);
    } else {
        for (int k = 0; k < 3; k++)
            fd_example__text(s, NULL);
    }
    fd_example__row(s);
}

static int write_claims(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "编号", "状态",     "填报日期", "企业",     "题号",
                                          "等级", "凭据文件", "凭据日期", "有效期至", NULL };
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "成熟度自评", FD_EX_UTF8);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];

        if (!fd_example__live(f, FD_EX_LAST) ||
            fd_example__below(f->key, T_CLAIM, 100) >= (f->leader ? 90u : 15u))
            continue;
        for (int item = 0; item < ITEMS; item++)
            claim_row(&s, f, item);
    }
    return fd_example__end(&s);
}

/* ---- events ---- */

static int compare_draws(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (x[0] > y[0]) - (x[0] < y[0]);
}

static void event_row(fd_ex_sheet *s, const fd_ex_model *m, const fd_ex_firm *f, int number)
{
    static const char *const kinds[] = { "技术突破", "要素配置", "转型升级" };
    static const char *const names[3][3] = {
        { "发明专利产业化(示例)", "首台套通过验收(示例)", "关键材料替代(示例)" },
        { "用能指标流转到位(示例)", "并购重组完成(示例)", "设备融资租赁到位(示例)" },
        { "智能车间投用(示例)", "产线绿色改造(示例)", "产品结构升级(示例)" },
    };
    static const char *const proofs[] = { "示例专利公告", "示例合同", "示例验收单" };
    const int kind = (int)fd_example__below(f->key, T_EVENT + 1, 3),
              month = 2023 * 12 + 6 + (int)fd_example__below(f->key, T_EVENT + 2, 11);
    char text[64], day[40];

    snprintf(text, sizeof text, "EV%03d", number);
    fd_example__text(s, text);
    fd_example__text(s, "核实");
    day_text(day, sizeof day, month, 28);
    fd_example__text(s, day);
    fd_example__text(s, names[kind][fd_example__below(f->key, T_EVENT + 3, 3)]);
    fd_example__text(s, kinds[kind]);
    fd_example__text(s, f->uscc);
    day_text(day, sizeof day, month, 1 + (int)fd_example__below(f->key, T_EVENT + 4, 27));
    fd_example__text(s, day);
    fd_example__text(s, m->parameters->counties[f->county].code);
    fd_example__text(s, m->parameters->chains[m->parameters->lines[f->line].chain].id);
    snprintf(text, sizeof text, "%s%03d号", proofs[kind], number);
    fd_example__text(s, text);
    fd_example__row(s);
}

/* The firms with the smallest draw: no figure of theirs has anything to do with it. */
static int write_events(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "编号",     "状态", "登记日期", "名称", "类别", "企业",
                                          "发生日期", "县区", "产业链",   "依据", NULL };
    double(*draws)[2] = fd_alloc((w->m->count + 1) * sizeof *draws);
    size_t count = 0;
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "事件台账", FD_EX_UTF8);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];

        if (!fd_example__live(f, FD_EX_LAST) || f->enters > 2022 || f->fate == FD_EX_STOPPED)
            continue;
        draws[count][0] = fd_example__uniform(f->key, T_EVENT);
        draws[count++][1] = (double)i;
    }
    qsort(draws, count, sizeof *draws, compare_draws);
    for (size_t k = 0; k < count && k < EVENTS; k++)
        event_row(&s, w->m, &w->m->firms[(size_t)draws[k][1]], (int)k + 1);
    free(draws);
    return fd_example__end(&s);
}

int fd_example__write_upgrading(fd_ex_writer *w)
{
    char *folder = NULL;
    int err = fd_example__folder(&folder, w->folder, "要素与事件");

    for (int year = FIRST_SURVEY; err == 0 && year <= FD_EX_FIRST_YEAR + FD_EX_LAST; year++)
        err = write_survey(w, folder, year);
    if (err == 0 && (err = write_claims(w, folder)) == 0)
        err = write_events(w, folder);
    free(folder);
    return err;
}
