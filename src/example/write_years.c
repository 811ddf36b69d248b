/*
 * 年报: what each firm returns once a year. B103-1, B104-4, the city's own classification, 107-1,
 * 107-2, 102-1.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "example/random.h"
#include "example/write.h"

/* The columns of B103-1, in its order; `before` is also asked for the year before. */
typedef struct account {
    const char *header;
    size_t offset;
    bool before;
} account;

#define AT(field) offsetof(fd_ex_finance, field)
static const account accounts[] = {
    { "流动资产合计201", AT(current_assets), false },
    { "应收账款202", AT(receivables), false },
    { "存货205", AT(inventories), false },
    { "产成品206", AT(finished_goods), false },
    { "固定资产原价209", AT(fixed_assets), false },
    { "累计折旧210", AT(accumulated_depreciation), false },
    { "其中：本年折旧211", AT(depreciation), true },
    { "资产总计213", AT(assets), false },
    { "负债合计217", AT(liabilities), false },
    { "营业收入301", AT(revenue), true },
    { "营业成本307", AT(operating_cost), false },
    { "税金及附加309", AT(taxes), true },
    { "销售费用312", AT(selling), false },
    { "管理费用313", AT(admin), false },
    { "研发费用", AT(rd), false },
    { "财务费用317", AT(finance), false },
    { "资产减值损失320", AT(asset_impairment), true },
    { "信用减值损失", AT(credit_impairment), true },
    { "公允价值变动收益321", AT(fair_value), true },
    { "投资收益322", AT(investment), true },
    { "资产处置收益", AT(disposal), true },
    { "其他收益", AT(other), true },
    { "净敞口套期收益", AT(hedge), true },
    { "营业利润323", AT(operating_profit), true },
    { "利润总额327", AT(total_profit), true },
    { "应付职工薪酬（本年贷方累计发生额）401", AT(payroll), true },
    { "应交增值税（本年累计发生额）402", AT(vat), true },
    { "平均用工人数(人)", AT(staff), false },
};
enum { ACCOUNTS = sizeof accounts / sizeof *accounts };

static int64_t field(const fd_ex_finance *f, const account *a)
{
    return *(const int64_t *)(const void *)((const char *)f + a->offset);
}

static void subject(fd_ex_sheet *s, const fd_ex_firm *f)
{
    fd_example__text(s, f->uscc);
    fd_example__text(s, f->name);
}

static void title(fd_ex_sheet *s, const char *what, int year, const char *unit, long columns)
{
    char head[128], line[128];

    snprintf(head, sizeof head, "%s(示例,虚构数据)", what);
    snprintf(line, sizeof line, "%d年    %s", year, unit);
    fd_example__title(s, head, line, columns);
}

static int write_b103(fd_ex_writer *w, const char *folder, int year)
{
    bool before = year > 0; /* the year before the first is not known */
    int calendar = FD_EX_FIRST_YEAR + year;
    long columns = 2;
    char text[128];
    fd_ex_sheet s;

    snprintf(text, sizeof text, "%d年财务状况B103-1", calendar);
    fd_example__begin(&s, folder, text, w->options.light ? FD_EX_UTF8 : FD_EX_XLSX);
    for (size_t a = 0; a < ACCOUNTS; a++)
        columns += 1 + (before && accounts[a].before);
    title(&s, "财务状况(B103-1表)", calendar, "计量单位:千元", columns);
    fd_example__heading(&s, true);
    fd_example__text(&s, "统一社会信用代码");
    fd_example__text(&s, "单位详细名称");
    for (size_t a = 0; a < ACCOUNTS; a++)
        for (int back = 0; back < (before && accounts[a].before ? 2 : 1); back++) {
            snprintf(text, sizeof text, "%s;%s", accounts[a].header, back ? "上年" : "本年");
            fd_example__text(&s, text);
        }
    fd_example__row(&s);
    fd_example__heading(&s, false);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];
        fd_ex_finance now, last;

        if (!fd_example__live(f, year))
            continue;
        fd_example__finance(&now, w->m, f, year);
        if (before)
            fd_example__finance(&last, w->m, f, year - 1);
        subject(&s, f);
        for (size_t a = 0; a < ACCOUNTS; a++) {
            fd_example__number(&s, field(&now, &accounts[a]), 0);
            if (before && accounts[a].before)
                fd_example__number(&s, field(&last, &accounts[a]), 0);
        }
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

static int write_b104(fd_ex_writer *w, const char *folder, int year)
{
    static const char *const header[] = { "统一社会信用代码",
                                          "单位详细名称",
                                          "工业总产值;本年",
                                          "工业总产值;上年",
                                          "战略性新兴产业总产值;本年",
                                          "战略性新兴产业总产值;上年",
                                          NULL };
    char name[96];
    fd_ex_sheet s;

    snprintf(name, sizeof name, "%d年战略性新兴产业B104-4", FD_EX_FIRST_YEAR + year);
    fd_example__begin(&s, folder, name, w->options.light ? FD_EX_UTF8 : FD_EX_GBK);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];

        if (!fd_example__live(f, year))
            continue;
        subject(&s, f);
        fd_example__number(&s, f->output[year], 0);
        if (year > 0)
            fd_example__number(&s, f->output[year - 1], 0);
        else
            fd_example__text(&s, NULL);
        fd_example__number(&s, fd_example__emerging(w->m, f, year), 0);
        if (year > 0)
            fd_example__number(&s, fd_example__emerging(w->m, f, year - 1), 0);
        else
            fd_example__text(&s, NULL);
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

static int write_traditional(fd_ex_writer *w, const char *folder, int year)
{
    static const char *const header[] = { "统一社会信用代码", "企业名称", "行业代码",
                                          "传统产业产值(万元)", NULL };
    char name[96];
    fd_ex_sheet s;

    snprintf(name, sizeof name, "%d年产业分类认定表", FD_EX_FIRST_YEAR + year);
    fd_example__begin(&s, folder, name, FD_EX_XLSX);
    title(&s, "产业分类认定表", FD_EX_FIRST_YEAR + year, "计量单位:万元", 4);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];

        if (!fd_example__live(f, year))
            continue;
        subject(&s, f);
        fd_example__text(&s, w->m->parameters->lines[f->line].industry);
        fd_example__number(&s, fd_example__traditional(w->m, f, year), 1);
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

static int write_f107_2(fd_ex_writer *w, const char *folder, int year)
{
    static const char *const header[] = { "统一社会信用代码",       "单位详细名称",
                                          "研究开发人员合计1(人)",  "研究开发费用合计7(千元)",
                                          "期末机构数22(个)",       "期末有效发明专利32(件)",
                                          "新产品销售收入36(千元)", NULL };
    char name[96];
    fd_ex_sheet s;

    snprintf(name, sizeof name, "%d年研发活动107-2", FD_EX_FIRST_YEAR + year);
    fd_example__begin(&s, folder, name, FD_EX_XLSX);
    title(&s, "企业研究开发活动及相关情况(107-2表)", FD_EX_FIRST_YEAR + year,
          "计量单位:千元、人、个、件", 7);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];
        fd_ex_finance a;

        if (!fd_example__live(f, year))
            continue;
        fd_example__finance(&a, w->m, f, year);
        if (!a.rd_total)
            continue;
        subject(&s, f);
        fd_example__number(&s, a.rd_staff, 0);
        fd_example__number(&s, a.rd_total, 0);
        fd_example__number(&s, a.rd_units, 0);
        fd_example__number(&s, a.patents, 0);
        fd_example__number(&s, a.new_product_sales, 0);
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

/* One to three projects for each firm with R&D; their money is the part of 107-2 that projects
 * carry. */
static int write_f107_1(fd_ex_writer *w, const char *folder, int year)
{
    static const char *const header[] = { "统一社会信用代码", "单位详细名称",       "项目编号",
                                          "项目名称",         "起始日期",           "完成日期",
                                          "参加项目人员(人)", "项目经费支出(千元)", NULL };
    static const char *const aims[] = { "节能改造", "质量提升", "工艺优化",
                                        "新品试制", "智能检测", "余热利用" };
    int calendar = FD_EX_FIRST_YEAR + year;
    char text[128];
    fd_ex_sheet s;

    snprintf(text, sizeof text, "%d年研发项目107-1", calendar);
    fd_example__begin(&s, folder, text, FD_EX_GBK);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];
        size_t projects = 1 + fd_example__below(f->key, 810, 3);
        fd_ex_finance a;
        int64_t left;

        if (!fd_example__live(f, year))
            continue;
        fd_example__finance(&a, w->m, f, year);
        left = a.rd * 9 / 10;
        for (size_t k = 0; a.rd_total && k < projects; k++) {
            int64_t money = k + 1 == projects ? left : left / (int64_t)(projects - k);
            const fd_ex_line *line = &w->m->parameters->lines[f->line];

            left -= money;
            subject(&s, f);
            snprintf(text, sizeof text, "RD%d-%02zu", calendar, k + 1);
            fd_example__text(&s, text);
            snprintf(text, sizeof text, "%s%s(示例)", line->words[k % line->word_count],
                     aims[fd_example__below(f->key, 820 + k + (uint64_t)year, 6)]);
            fd_example__text(&s, text);
            snprintf(text, sizeof text, "%d-03-01", calendar);
            fd_example__text(&s, text);
            snprintf(text, sizeof text, "%d-%02d-28", calendar + (k == 2), 6 + (int)(k * 2) % 6);
            fd_example__text(&s, text);
            fd_example__number(&s, 1 + a.rd_staff / (int64_t)projects, 0);
            fd_example__number(&s, money, 0);
            fd_example__row(&s);
        }
    }
    return fd_example__end(&s);
}

static int write_f102(fd_ex_writer *w, const char *folder, int year)
{
    static const char *const header[] = { "统一社会信用代码",
                                          "单位详细名称",
                                          "期末人数01(人)",
                                          "其中：女性02(人)",
                                          "平均人数08(人)",
                                          "工资总额12(千元)",
                                          NULL };
    char name[96];
    fd_ex_sheet s;

    snprintf(name, sizeof name, "%d年从业人员102-1", FD_EX_FIRST_YEAR + year);
    fd_example__begin(&s, folder, name, FD_EX_XLSX);
    title(&s, "从业人员及工资总额(102-1表)", FD_EX_FIRST_YEAR + year, "计量单位:人、千元", 6);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];
        fd_ex_finance a;
        int64_t end;

        if (!fd_example__live(f, year))
            continue;
        fd_example__finance(&a, w->m, f, year);
        end =
            a.staff + (int64_t)fd_example__between(f->key, 830 + (uint64_t)year,
                                                   -0.03 * (double)a.staff, 0.03 * (double)a.staff);
        subject(&s, f);
        fd_example__number(&s, end, 0);
        fd_example__number(&s,
                           (int64_t)((double)end * fd_example__between(f->key, 840, 0.15, 0.55)),
                           0);
        fd_example__number(&s, a.staff, 0);
        fd_example__number(&s, a.payroll * 78 / 100, 0);
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

int fd_example__write_years(fd_ex_writer *w)
{
    char *folder = NULL;
    int err = fd_example__folder(&folder, w->folder, "年报");

    for (int y = w->options.light ? FD_EX_LAST - 1 : 0; err == 0 && y < FD_EX_YEARS; y++) {
        if ((err = write_b103(w, folder, y)) < 0 || (err = write_b104(w, folder, y)) < 0)
            break;
        if (w->options.light)
            continue;
        if ((err = write_traditional(w, folder, y)) < 0)
            break;
        if (y >= FD_EX_BASE &&
            ((err = write_f107_2(w, folder, y)) < 0 || (err = write_f107_1(w, folder, y)) < 0 ||
             (err = write_f102(w, folder, y)) < 0))
            break;
    }
    free(folder);
    return err;
}
