/*
 * A firm's accounts from its value added and revenue: components drawn as parts, operating profit
 * and operating cost as what remains, so that the formulas of the accounts hold to the thousand.
 */
#include "example/model.h"

#include <math.h>
#include <stdbool.h>

#include "example/firms.h"
#include "example/random.h"

enum { T_PART = 1000, T_YEARLY = 1100 };

/* A part of x: a habit of the firm and a little of the year. */
static int64_t part(const fd_ex_firm *f, int year, uint64_t tag, int64_t x, double low, double high)
{
    return llround((double)x * fd_example__between(f->key, T_PART + tag, low, high) *
                   fd_example__between(f->key, T_YEARLY + tag * 16 + (uint64_t)year, 0.97, 1.03));
}

static bool has(const fd_ex_firm *f, uint64_t tag, double probability)
{
    return fd_example__uniform(f->key, 2000 + tag) < probability;
}

int64_t fd_example__value_added(const fd_ex_finance *f)
{
    return f->depreciation + f->taxes + f->vat + f->payroll + f->operating_profit -
           f->asset_impairment - f->credit_impairment - f->investment - f->fair_value -
           f->disposal - f->other - f->hedge;
}

/* What stands on the balance sheet; none of it enters value added. */
static void balance_sheet(fd_ex_finance *o, const fd_ex_firm *f, int year, bool power)
{
    int64_t revenue = o->revenue;

    o->assets = part(f, year, 20, revenue, power ? 3.0 : 0.8, power ? 4.5 : 1.5);
    o->fixed_assets = part(f, year, 21, o->depreciation, 10, 14);
    if (o->fixed_assets > o->assets)
        o->fixed_assets = o->assets;
    o->accumulated_depreciation = part(f, year, 22, o->fixed_assets, 0.25, 0.6);
    o->current_assets = part(f, year, 23, o->assets, 0.35, 0.55);
    o->receivables = part(f, year, 24, o->current_assets, 0.15, 0.4);
    o->inventories = part(f, year, 25, o->current_assets, 0.1, 0.35);
    o->finished_goods = part(f, year, 26, o->inventories, 0.2, 0.5);
    o->liabilities = part(f, year, 27, o->assets, 0.35, 0.75);
}

static void innovation(fd_ex_finance *o, const fd_ex_model *m, const fd_ex_firm *f, int year)
{
    o->rd_total = llround(fd_example__rd_want(f, year) * m->rd_rate[year]);
    o->rd = part(f, year, 12, o->rd_total, 0.84, 0.94);
    if (o->rd_total <= 0) {
        o->rd_total = o->rd = 0;
        return;
    }
    o->rd_staff = 2 + o->rd_total / (int64_t)fd_example__between(f->key, T_PART + 40, 180, 320);
    if (o->rd_staff > o->staff / 3 + 1)
        o->rd_staff = o->staff / 3 + 1;
    o->rd_units = has(f, 41, 0.4) ? 1 : 0;
    o->patents = o->rd_staff / 4 + (int64_t)fd_example__below(f->key, T_PART + 42, 6) + year;
    o->new_product_sales = part(f, year, 43, o->revenue, 0.05, f->kind == FD_EX_OTHER ? 0.2 : 0.6);
}

void fd_example__finance(fd_ex_finance *out, const fd_ex_model *m, const fd_ex_firm *firm, int year)
{
    const fd_ex_line *line = &m->parameters->lines[firm->line];
    bool power = line->division == 44;
    int64_t va = firm->value_added[year], revenue = firm->revenue[year];
    fd_ex_finance o = { .revenue = revenue };

    o.depreciation = part(firm, year, 1, va,
                          power               ? 0.26
                          : line->high_energy ? 0.13
                                              : 0.09,
                          power               ? 0.36
                          : line->high_energy ? 0.20
                                              : 0.16);
    o.taxes = part(firm, year, 2, va, 0.02, 0.05);
    o.vat = part(firm, year, 3, va, 0.08, 0.13);
    o.payroll = part(firm, year, 4, va, power ? 0.12 : 0.22, power ? 0.18 : 0.44);
    /* Losses are entered with a minus. */
    o.asset_impairment = has(firm, 5, 0.3) ? -part(firm, year, 5, va, 0.001, 0.012) : 0;
    o.credit_impairment = has(firm, 6, 0.4) ? -part(firm, year, 6, va, 0.001, 0.010) : 0;
    o.fair_value = has(firm, 7, 0.05) ? part(firm, year, 7, va, -0.01, 0.01) : 0;
    o.investment = has(firm, 8, 0.2) ? part(firm, year, 8, va, 0.001, 0.02) : 0;
    o.disposal = has(firm, 9, 0.15) ? part(firm, year, 9, va, -0.004, 0.006) : 0;
    o.other = has(firm, 10, 0.6) ? part(firm, year, 10, va, 0.001, 0.03) : 0;
    o.hedge = has(firm, 11, 0.01) ? part(firm, year, 11, va, -0.01, 0.01) : 0;
    o.operating_profit = va - (fd_example__value_added(&o));
    o.total_profit = o.operating_profit + part(firm, year, 13, va, -0.004, 0.008);
    o.staff = o.payroll / (int64_t)fd_example__between(firm->key, T_PART + 14, 66, 92);
    if (o.staff < 12)
        o.staff = 12;
    innovation(&o, m, firm, year);
    o.selling = part(firm, year, 15, revenue, 0.006, 0.03);
    o.admin = part(firm, year, 16, revenue, 0.012, 0.035);
    o.finance = part(firm, year, 17, revenue, 0.002, 0.012);
    o.operating_cost = revenue - o.taxes - o.selling - o.admin - o.rd - o.finance + o.other +
                       o.investment + o.hedge + o.fair_value + o.credit_impairment +
                       o.asset_impairment + o.disposal - o.operating_profit;
    balance_sheet(&o, firm, year, power);
    *out = o;
}
