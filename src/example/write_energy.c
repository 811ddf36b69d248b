/*
 * 年报: 205-1, energy bought, used and in store, for the 120 largest users of 2024; years 2023 and
 * 2024.
 *
 * Amounts are in hundredths of the physical unit.  4 = 5 + 7 and 9 = 1 + 2 − 4 hold in every row
 * but one, and row 40 is the sum of the firm's rows in tons of standard coal.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "example/random.h"
#include "example/write.h"

enum { USERS = 120, T_ENERGY = 1500 };

typedef struct amounts {
    int64_t opening, bought, money, used, industrial, material, other, transport, closing;
} amounts;

static double demand(const fd_ex_model *m, const fd_ex_firm *f, const fd_ex_energy *e, int year)
{
    double output = (double)f->output[year] / 10; /* 万元 */
    uint64_t tag = fd_ex_tag(T_ENERGY + atoi(e->code) * 8 + year);
    double kwh = 0;

    if (e->division) {
        if (e->division != m->parameters->lines[f->line].division)
            return 0;
        return output * e->tce / ((double)e->factor / 10000) *
               fd_example__between(f->key, fd_ex_tag(T_ENERGY + 800 + atoi(e->code)), 0.8, 1.2) *
               fd_example__between(f->key, tag, 0.97, 1.01);
    }
    for (int month = 1; month <= 12; month++)
        kwh += (double)fd_example__power(m, f, FD_EX_FIRST_YEAR + year, month);
    return kwh / 10000;
}

/* What is stored at the end of a year; gas, heat and electricity are not. */
static int64_t stored(const fd_ex_model *m, const fd_ex_firm *f, const fd_ex_energy *e, int year)
{
    if (!strstr("01 02 04 06 09 21", e->code))
        return 0;
    return llround(
        demand(m, f, e, year) * 100 *
        fd_example__between(f->key, fd_ex_tag(T_ENERGY + 900 + year * 64) + (uint64_t)atoi(e->code),
                            0.02, 0.08));
}

static bool work_out(amounts *a, const fd_ex_model *m, const fd_ex_firm *f, const fd_ex_energy *e,
                     int year)
{
    int64_t used = llround(demand(m, f, e, year) * 100);

    *a = (amounts){ .used = used };
    if (used <= 0)
        return false;
    a->other = llround((double)used * fd_example__between(f->key, T_ENERGY + 1000, 0, 0.01));
    a->industrial = used - a->other;
    a->material = strcmp(e->code, "06") ? 0 : llround((double)a->industrial * 0.9);
    a->transport = strcmp(e->code, "21") ? 0 : llround((double)used * 0.6);
    a->opening = stored(m, f, e, year - 1);
    a->closing = stored(m, f, e, year);
    a->bought = a->closing - a->opening + used;
    a->money = llround((double)a->bought / 100 * e->price);
    return true;
}

static void put(fd_ex_sheet *s, const fd_ex_firm *f, const char *name, const char *unit,
                const char *code, const amounts *a, int64_t factor)
{
    const int64_t hundredths[] = { a->opening, a->bought }, rest[] = { a->used,      a->industrial,
                                                                       a->material,  a->other,
                                                                       a->transport, a->closing };

    fd_example__text(s, f->uscc);
    fd_example__text(s, f->name);
    fd_example__text(s, name);
    fd_example__text(s, unit);
    fd_example__text(s, code);
    for (size_t i = 0; i < 2; i++)
        fd_example__number(s, hundredths[i], 2);
    fd_example__number(s, a->money, 0);
    for (size_t i = 0; i < 6; i++)
        fd_example__number(s, rest[i], 2);
    if (factor)
        fd_example__number(s, factor, 4);
    else
        fd_example__text(s, NULL);
    fd_example__row(s);
}

/* Hundredths of a unit × ten-thousandths of tce → hundredths of tce, added up. */
static void add(amounts *sum, const amounts *a, int64_t factor)
{
    const int64_t *from = (const int64_t *)(const void *)a;
    int64_t *to = (int64_t *)(void *)sum;

    for (size_t i = 0; i < sizeof *a / sizeof *from; i++)
        to[i] += from[i] * factor; /* money too, put right by the caller */
}

static void firm_rows(fd_ex_writer *w, fd_ex_sheet *s, const char *file, const fd_ex_firm *f,
                      int year, bool wrong)
{
    const fd_ex_parameters *p = w->m->parameters;
    amounts sum = { 0 }, a;
    int64_t money = 0;

    for (size_t i = 0; i < p->energy_count; i++) {
        const fd_ex_energy *e = &p->energies[i];

        if (!work_out(&a, w->m, f, e, year))
            continue;
        add(&sum, &a, e->factor);
        money += a.money;
        if (wrong && !strcmp(e->code, "33")) {
            a.other += 50000; /* 5 + 7 is now 500 more than 4 */
            fd_example__planted(w, file, f->uscc, "能源非工业消费:33", "4≠5+7");
        }
        put(s, f, e->name, e->unit, e->code, &a, e->factor);
    }
    sum.industrial = llround((double)sum.industrial / 10000);
    sum.other = llround((double)sum.other / 10000);
    sum.used = sum.industrial + sum.other;
    sum.opening = llround((double)sum.opening / 10000);
    sum.closing = llround((double)sum.closing / 10000);
    sum.bought = sum.closing - sum.opening + sum.used;
    sum.material = llround((double)sum.material / 10000);
    sum.transport = llround((double)sum.transport / 10000);
    sum.money = money;
    put(s, f, "能源合计", "吨标准煤", "40", &sum, 0);
}

static double all_energy(const fd_ex_model *m, const fd_ex_firm *f)
{
    const fd_ex_parameters *p = m->parameters;
    double tce = 0;

    for (size_t i = 0; i < p->energy_count; i++)
        tce += demand(m, f, &p->energies[i], FD_EX_LAST) * (double)p->energies[i].factor / 10000;
    return tce;
}

typedef struct user {
    size_t firm;
    double tce;
} user;

static int larger(const void *a, const void *b)
{
    const user *x = a, *y = b;

    if (x->tce != y->tce)
        return x->tce > y->tce ? -1 : 1;
    return x->firm < y->firm ? -1 : 1;
}

int fd_example__write_energy(fd_ex_writer *w)
{
    static const char *const header[] = { "统一社会信用代码",
                                          "单位详细名称",
                                          "能源名称",
                                          "计量单位",
                                          "代码",
                                          "期初库存量",
                                          "购进量实物量",
                                          "购进量金额(千元)",
                                          "消费量合计",
                                          "工业生产消费",
                                          "用于原材料",
                                          "非工业生产消费",
                                          "合计中:运输工具消费",
                                          "期末库存量",
                                          "采用折标系数",
                                          NULL };
    const fd_ex_model *m = w->m;
    user *users = fd_alloc((m->count + 1) * sizeof *users);
    size_t count = 0;
    char *folder = NULL;
    int err;

    for (size_t i = 0; i < m->count; i++) /* users of both years */
        if (fd_example__live(&m->firms[i], FD_EX_LAST) && m->firms[i].enters < 2023)
            users[count++] = (user){ i, all_energy(m, &m->firms[i]) };
    qsort(users, count, sizeof *users, larger);
    err = fd_example__folder(&folder, w->folder, "年报");
    for (int y = FD_EX_LAST - 1; err == 0 && y < FD_EX_YEARS; y++) {
        fd_ex_sheet s;
        char name[64], line[64], file[96];

        snprintf(name, sizeof name, "%d年能源205-1", FD_EX_FIRST_YEAR + y);
        snprintf(file, sizeof file, "年报/%s", name);
        fd_example__begin(&s, folder, name, FD_EX_XLSX);
        snprintf(line, sizeof line, "%d年", FD_EX_FIRST_YEAR + y);
        fd_example__title(&s, "能源购进、消费与库存(205-1表)(示例,虚构数据)", line, 15);
        fd_example__headers(&s, header);
        for (size_t i = 0; i < count && i < USERS; i++)
            firm_rows(w, &s, file, &m->firms[users[i].firm], y, y == FD_EX_LAST && i == 37);
        err = fd_example__end(&s);
    }
    free(users);
    free(folder);
    return err;
}
