/*
 * 重点项目台账: the ledger of one month, from the table of projects.
 *
 * A year's plan is the total times the months of the year between start and finish over all of
 * them.  What is done of it by a month is the part of those months gone by, times the project's
 * pace.  A project that keeps its pace is in production after its finish; one below 90 % of it is
 * still being built then.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "example/data.h"
#include "example/random.h"
#include "example/write.h"

enum {
    FIELDS = 14,
    ID = 0,
    NAME,
    CHAIN,
    COUNTY,
    TYPE,
    ENTERED,
    START,
    FINISH,
    TOTAL,
    OUTPUT,
    EMERGING,
    OWNER,
    PACE,
    REASON
};

enum { TAX = 4 }; /* tax in % of output, as studies assume */

typedef struct project {
    char text[FIELDS][160];
    int start, finish; /* months since year 0 */
} project;

static int month_number(const char *text) /* 2024-05… */
{
    return atoi(text) * 12 + atoi(text + 5) - 1;
}

static bool read(project *p, fd_view *rest)
{
    fd_view line, part;
    size_t n = 0;

    if (!rest->len || !fd_view_split(rest, '\n', &line) || !line.len)
        return false;
    memset(p, 0, sizeof *p);
    while (n < FIELDS && fd_view_split(&line, ',', &part))
        snprintf(p->text[n++], sizeof p->text[0], "%.*s", (int)part.len, part.ptr);
    if (n < FIELDS - 1)
        return false;
    p->start = month_number(p->text[START]);
    p->finish = month_number(p->text[FINISH]);
    return true;
}

/* Months of [from, to] that lie in the project's time. */
static int months_within(const project *p, int from, int to)
{
    int first = p->start > from ? p->start : from, last = p->finish < to ? p->finish : to;

    return last < first ? 0 : last - first + 1;
}

static const char *stage(const project *p, int now, bool late)
{
    if (now < p->start)
        return "签约";
    if (now < p->start + 2)
        return "开工";
    if (now < p->finish || late)
        return "在建";
    return now < p->finish + 6 ? "投产" : "达效";
}

/* 建设单位: the first firm whose name begins as the project's does; NULL when none does. */
static const char *firm_of(const fd_ex_model *m, const project *p)
{
    enum { FOUR_CHARACTERS = 12 };

    for (size_t i = 0; i < m->count; i++)
        if (strncmp(m->firms[i].name, p->text[NAME], FOUR_CHARACTERS) == 0)
            return m->firms[i].uscc;
    return NULL;
}

/* Percent of the study's output in the so-many-th month of production: 14 a month, up to 100, times
 * the project's pace. */
static int ramp_of(const project *p, int months)
{
    int percent = months * 14 < 100 ? months * 14 : 100, pace = atoi(p->text[PACE]);

    return percent * (pace < 100 ? pace : 100) / 100;
}

/* Output of the year up to now, 万元 × 10; -1 before production. */
static int64_t made_of(const project *p, int year, int now)
{
    int64_t made = 0;

    if (now < p->finish)
        return -1;
    for (int month = year * 12; month <= now; month++)
        if (month > p->finish)
            made += atoll(p->text[OUTPUT]) * 10 * ramp_of(p, month - p->finish) / 1200;
    return made;
}

/* The day of a month so many months from another: 2024-03-01. */
static const char *first_day(char *buf, size_t size, int month)
{
    snprintf(buf, size, "%04d-%02d-01", month / 12, month % 12 + 1);
    return buf;
}

static void row(fd_ex_sheet *s, const fd_ex_model *m, const project *p, int year, int month)
{
    int now = year * 12 + month - 1, first = year * 12, all = p->finish - p->start + 1;
    int pace = atoi(p->text[PACE]);
    bool slow = pace < 90, late = slow && now >= p->finish;
    int64_t made = made_of(p, year, now);
    char text[128];
    /* 万元 × 10; a project past its finish has the rest of its money left to spend. */
    double total = atof(p->text[TOTAL]) * 10,
           plan = total * months_within(p, first, first + 11) / all,
           due = total * months_within(p, first, now) / all,
           noise = fd_example__between(m->seed,
                                       fd_ex_tag(p->text[ID][8] * 64 + p->text[ID][7]) * 64 +
                                           (uint64_t)month,
                                       0.99, 1.01),
           done = due * pace / 100 * noise;

    if (!slow && now >= p->finish)
        done = plan;
    if (done > plan)
        done = plan;
    fd_example__text(s, p->text[ID]);
    fd_example__text(s, p->text[NAME]);
    fd_example__text(s, m->parameters->counties[atoi(p->text[COUNTY]) - 1].name);
    fd_example__text(s, p->text[CHAIN]);
    fd_example__text(s, p->text[TYPE]);
    fd_example__text(s, stage(p, now, late));
    fd_example__number(s, llround(total), 1);
    fd_example__number(s, llround(plan), 1);
    fd_example__number(s, llround(done), 1);
    fd_example__text(s, p->text[START]);
    fd_example__text(s, p->text[FINISH]);
    fd_example__text(s, p->text[OWNER]);
    fd_example__text(s, slow && now > p->start ? p->text[REASON] : NULL);
    fd_example__number(s, atoll(p->text[OUTPUT]) * 10, 1);
    fd_example__number(s, atoll(p->text[EMERGING]) * 10, 1);
    fd_example__text(s, firm_of(m, p));
    snprintf(text, sizeof text, "%.60s%.16s地块(示例)",
             m->parameters->counties[atoi(p->text[COUNTY]) - 1].name, p->text[ID] + 6);
    fd_example__text(s, text);
    snprintf(text, sizeof text, "示例-%.16s-04-%.16s", p->text[ENTERED], p->text[ID] + 6);
    fd_example__text(s, text);
    fd_example__number(s, atoll(p->text[OUTPUT]) * 10 * TAX / 100, 1);
    if (made < 0 || late) {
        fd_example__text(s, NULL);
        fd_example__text(s, NULL);
    } else {
        fd_example__number(s, made, 1);
        fd_example__number(s, made * TAX / 100, 1);
    }
    fd_example__row(s);
}

int fd_example__write_projects(fd_ex_writer *w, const char *folder, int year, int month)
{
    static const char *const header[] = { "项目编号",
                                          "项目名称",
                                          "县区",
                                          "产业链",
                                          "项目类别",
                                          "项目阶段",
                                          "计划总投资(万元)",
                                          "年度计划投资(万元)",
                                          "本年累计完成投资(万元)",
                                          "计划开工",
                                          "计划投产",
                                          "责任单位",
                                          "滞后原因",
                                          "达产新增产值(万元)",
                                          "达产新增战新产值(万元)",
                                          "建设单位代码",
                                          "建设地点",
                                          "备案代码",
                                          "可研年税收(万元)",
                                          "本年累计产值(万元)",
                                          "本年累计税收(万元)",
                                          NULL };
    fd_view rest = fd_example__data("projects.csv"), first;
    project p;
    char line[64];
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "重点项目台账", FD_EX_XLSX);
    snprintf(line, sizeof line, "%d年%d月    计量单位:万元", year, month);
    fd_example__title(&s, "重点项目台账(示例,虚构数据)", line, 21);
    fd_example__headers(&s, header);
    (void)fd_view_split(&rest, '\n', &first);
    while (read(&p, &rest))
        if (month_number(p.text[ENTERED]) <= year * 12 + month - 1)
            row(&s, w->m, &p, year, month);
    return fd_example__end(&s);
}

/* ---- gates ----------------------------------------------------------------------------------- */

enum { GATES = 7 };

/*
 * How far a project's evidence goes at the end of 2024, and the months of its gates.  Every
 * eleventh one lacks its permit, so that the ledger is ahead of what is proved.
 */
static int gates_of(const project *p, size_t index, int now, int month[GATES])
{
    bool slow = atoi(p->text[PACE]) < 90, late = slow && now >= p->finish;
    int passed = 2;

    month[0] = p->start - 6;
    month[1] = p->start - 3;
    month[2] = p->start;
    month[3] = p->start + 2;
    month[4] = p->finish;
    month[5] = p->finish + 6;
    month[6] = p->finish + 9;
    while (passed < GATES && month[passed] <= now && !(late && passed >= 4) && passed < 6)
        passed++;
    return index % 11 == 6 && passed > 2 ? 2 : passed;
}

static int write_gates(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "项目编号", "项目名称", "进程",     "最近变更日期",
                                          "谋划日期", "备案文号", "签约日期", "合同编号",
                                          "开工日期", "施工许可", "入库日期", "入库编号",
                                          "投产日期", "竣工验收", "达效日期", "达产认定",
                                          "入规日期", "入规批次", NULL };
    static const char *const stages[GATES] = { "谋划", "签约", "开工", "在建",
                                               "投产", "达效", "入规" };
    static const char *const papers[GATES] = {
        "备", "合", "施许", "统入", "验", "达产认", "入规批"
    };
    const int now = 2024 * 12 + 11;
    fd_view rest = fd_example__data("projects.csv"), first;
    char day[32], text[160];
    int month[GATES];
    size_t index = 0;
    project p;
    fd_ex_sheet s;

    (void)w;
    fd_example__begin(&s, folder, "项目关口台账", FD_EX_UTF8);
    fd_example__headers(&s, header);
    (void)fd_view_split(&rest, '\n', &first);
    for (; read(&p, &rest); index++) {
        int passed = gates_of(&p, index, now, month);

        fd_example__text(&s, p.text[ID]);
        fd_example__text(&s, p.text[NAME]);
        fd_example__text(&s, stages[passed - 1]);
        fd_example__text(&s, first_day(day, sizeof day, month[passed - 1]));
        for (int g = 0; g < GATES; g++) {
            snprintf(text, sizeof text, "示例%s〔%d〕%.16s号", papers[g], month[g] / 12,
                     p.text[ID] + 6);
            fd_example__text(&s, g < passed ? first_day(day, sizeof day, month[g]) : NULL);
            fd_example__text(&s, g < passed ? text : NULL);
        }
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

int fd_example__write_works(fd_ex_writer *w)
{
    static const char *const files[][2] = {
        { "技改登记.csv", "renovations.csv" },   { "招商线索台账.csv", "leads.csv" },
        { "创新平台登记.csv", "platforms.csv" }, { "助企事项台账.csv", "services.csv" },
        { "园区名录.csv", "parks.csv" },         { "园区地块.csv", "parcels.csv" },
        { "对标数登记.csv", "benchmarks.csv" }
    };
    char *folder = NULL;
    int err = fd_example__folder(&folder, w->folder, "登记");

    if (err == 0)
        err = write_gates(w, folder);
    for (size_t i = 0; err == 0 && i < sizeof files / sizeof *files; i++)
        err = fd_example__copy(folder, files[i][0], files[i][1]);
    free(folder);
    return err;
}
