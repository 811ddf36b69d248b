/*
 * 名录: the register of every firm that ever was, the titles held, the counties, the chains.
 */
#include <stdio.h>
#include <stdlib.h>

#include "example/random.h"
#include "example/write.h"

enum { T_FOUNDED = 700, T_CONTACT = 701, T_TITLE = 720 };

/* 统计上大中小微: both lower bounds of a size, else one size down. Staff and revenue of the firm's
 * last year. */
static const char *size_of(const fd_ex_model *m, const fd_ex_firm *f)
{
    int year = FD_EX_LAST;
    fd_ex_finance accounts;

    while (year > 0 && !fd_example__live(f, year))
        year--;
    fd_example__finance(&accounts, m, f, year);
    if (accounts.staff >= 1000 && accounts.revenue >= 400000)
        return "大型";
    if (accounts.staff >= 300 && accounts.revenue >= 20000)
        return "中型";
    return accounts.staff >= 20 && accounts.revenue >= 3000 ? "小型" : "微型";
}

static void register_row(fd_ex_sheet *s, const fd_ex_model *m, const fd_ex_firm *f)
{
    const fd_ex_parameters *p = m->parameters;
    const fd_ex_line *line = &p->lines[f->line];
    const char *surname = p->surnames[fd_example__below(f->key, T_CONTACT, p->surname_count)];
    int founded = f->enters > FD_EX_FIRST_YEAR
                      ? f->enters - 1 - (int)fd_example__below(f->key, T_FOUNDED, 5)
                      : 1992 + (int)fd_example__below(f->key, T_FOUNDED, 24);
    char text[64];

    fd_example__text(s, f->uscc);
    fd_example__text(s, f->name);
    fd_example__text(s, p->counties[f->county].name);
    fd_example__text(s, p->counties[f->county].code);
    fd_example__text(s, f->town);
    fd_example__text(s, line->industry);
    fd_example__text(s, p->chains[line->chain].id);
    fd_example__text(s, size_of(m, f));
    snprintf(text, sizeof text, "%d-%02d-%02d", founded,
             1 + (int)fd_example__below(f->key, T_FOUNDED + 10, 12),
             1 + (int)fd_example__below(f->key, T_FOUNDED + 11, 28));
    fd_example__text(s, text);
    snprintf(text, sizeof text, "%d-01-01", f->enters);
    fd_example__text(s, text);
    snprintf(text, sizeof text, "%d-12-31", f->leaves - 1);
    fd_example__text(s, f->leaves < 9999 ? text : NULL);
    snprintf(text, sizeof text, "%s某(示例)", surname);
    fd_example__text(s, text);
    snprintf(text, sizeof text, "000-%08u",
             (unsigned)fd_example__below(f->key, T_CONTACT + 10, 100000000));
    fd_example__text(s, text);
    fd_example__row(s);
}

static int write_register(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = {
        "统一社会信用代码", "企业名称", "县区",   "县区代码", "乡镇",   "行业代码", "产业链",
        "企业规模",         "成立日期", "规上起", "规上止",   "联系人", "联系电话", NULL
    };
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "企业名录", w->options.light ? FD_EX_UTF8 : FD_EX_XLSX);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++)
        register_row(&s, w->m, &w->m->firms[i]);
    return fd_example__end(&s);
}

static int write_counties(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "代码", "名称", NULL };
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "县区", FD_EX_UTF8);
    fd_example__headers(&s, header);
    for (int i = 0; i < FD_EX_COUNTIES; i++) {
        fd_example__text(&s, w->m->parameters->counties[i].code);
        fd_example__text(&s, w->m->parameters->counties[i].name);
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

static int write_chains(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "编号", "名称", "类别", "牵头单位", NULL };
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "产业链", FD_EX_UTF8);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->parameters->chain_count; i++) {
        const fd_ex_chain *c = &w->m->parameters->chains[i];

        fd_example__text(&s, c->id);
        fd_example__text(&s, c->name);
        fd_example__text(&s, c->kind);
        fd_example__text(&s, c->lead);
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

/* Titles: of a thousand live firms how many hold one, and for how many years it lasts. A rung of
 * the ladder is held by firms that hold the one before it. */
static const struct title {
    const char *name;
    unsigned per_thousand; /* of all, or of the holders of `needs` */
    int needs;             /* index of the title it builds on, -1 for none */
    int years;
} titles[] = {
    { "科技型中小", 160, -1, 1 }, { "创新型中小", 550, 0, 3 }, { "专精特新", 520, 1, 3 },
    { "小巨人", 170, 2, 3 },      { "高企", 480, 0, 3 },
};
enum { TITLES = sizeof titles / sizeof *titles };

static bool holds(const fd_ex_firm *f, int title)
{
    if (title < 0)
        return true;
    return holds(f, titles[title].needs) &&
           fd_example__below(f->key, T_TITLE + (uint64_t)title, 1000) < titles[title].per_thousand;
}

/* 青苗: small science firms that are not yet high-tech enterprises; a list of the city's own. */
static bool is_seedling(const fd_ex_firm *f)
{
    return holds(f, 0) && !holds(f, TITLES - 1) && !holds(f, 3) &&
           fd_example__below(f->key, T_TITLE + 90, 1000) < 700;
}

/* Given within its years of validity before the end of 2024, so that it holds then. */
static void title_dates(fd_ex_sheet *s, const fd_ex_firm *f, int title)
{
    const uint64_t tag = T_TITLE + 10 * (uint64_t)title;
    const int last = FD_EX_FIRST_YEAR + FD_EX_LAST;
    const int year = last - (int)fd_example__below(f->key, tag + 1, (size_t)titles[title].years);
    const int month = 1 + (int)fd_example__below(f->key, tag + 2, 12);
    char text[32];

    if (!holds(f, title)) {
        fd_example__text(s, NULL);
        fd_example__text(s, NULL);
        return;
    }
    snprintf(text, sizeof text, "%d-%02d-15", year, month);
    fd_example__text(s, text);
    snprintf(text, sizeof text, "%d-%02d-14", year + titles[title].years, month);
    fd_example__text(s, text);
}

static int write_titles(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "统一社会信用代码",
                                          "企业名称",
                                          "科技型中小认定日",
                                          "科技型中小有效期至",
                                          "创新型中小认定日",
                                          "创新型中小有效期至",
                                          "专精特新认定日",
                                          "专精特新有效期至",
                                          "小巨人认定日",
                                          "小巨人有效期至",
                                          "高企认定日",
                                          "高企有效期至",
                                          "有效专精特新",
                                          "有效小巨人",
                                          "有效高新技术企业",
                                          "入选青苗企业",
                                          NULL };
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "资质名单", FD_EX_GBK);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];

        if (!fd_example__live(f, FD_EX_LAST) || !holds(f, 0))
            continue;
        fd_example__text(&s, f->uscc);
        fd_example__text(&s, f->name);
        for (int t = 0; t < TITLES; t++)
            title_dates(&s, f, t);
        for (int t = 2; t < TITLES; t++)
            fd_example__text(&s, holds(f, t) ? "是" : "否");
        fd_example__text(&s, is_seedling(f) ? "是" : "否");
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

int fd_example__write_lists(fd_ex_writer *w)
{
    char *folder = NULL;
    int err;

    if ((err = fd_example__folder(&folder, w->folder, "名录")) == 0 &&
        (err = write_register(w, folder)) == 0 && (err = write_titles(w, folder)) == 0 &&
        (err = write_counties(w, folder)) == 0)
        err = write_chains(w, folder);
    for (int i = 0; err == 0 && w->m->namesakes[1] && i < 2; i++)
        fd_example__planted(w, "名录/企业名录", w->m->firms[w->m->namesakes[i]].uscc, "企业名称",
                            "重名");
    free(folder);
    return err;
}
