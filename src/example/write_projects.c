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

static void row(fd_ex_sheet *s, const fd_ex_model *m, const project *p, int year, int month)
{
    int now = year * 12 + month - 1, first = year * 12, all = p->finish - p->start + 1;
    int pace = atoi(p->text[PACE]);
    bool slow = pace < 90, late = slow && now >= p->finish;
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
                                          NULL };
    fd_view rest = fd_example__data("projects.csv"), first;
    project p;
    char line[64];
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "重点项目台账", FD_EX_XLSX);
    snprintf(line, sizeof line, "%d年%d月    计量单位:万元", year, month);
    fd_example__title(&s, "重点项目台账(示例,虚构数据)", line, 15);
    fd_example__headers(&s, header);
    (void)fd_view_split(&rest, '\n', &first);
    while (read(&p, &rest))
        if (month_number(p.text[ENTERED]) <= year * 12 + month - 1)
            row(&s, w->m, &p, year, month);
    return fd_example__end(&s);
}
