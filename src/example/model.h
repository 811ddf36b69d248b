/*
 * The city in memory, before it becomes files.  Money is in thousands of yuan (千元), whole; shares
 * of output that count as emerging are in ten-thousandths; electricity is in kWh.
 *
 *   parameters (tables of examples/huanzhou)
 *   → plan: value added by line and year, and price indices by division   (no seed in it)
 *   → firms: who exists when, and each firm's part of the plan            (seed)
 *   → months, finance, power: functions of a firm, computed when written  (seed)
 */
#ifndef FD_EXAMPLE_MODEL_H
#define FD_EXAMPLE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "fangding/arena.h"
#include "fangding/uscc.h"

enum {
    FD_EX_FIRST_YEAR = 2018,
    FD_EX_YEARS = 7, /* 2018 … 2024, index 0 … 6 */
    FD_EX_LAST = FD_EX_YEARS - 1,
    FD_EX_BASE = 2, /* 2020 */
    FD_EX_COUNTIES = 9,
    FD_EX_MAX_CHAINS = 16,
    FD_EX_MAX_LINES = 160,
    FD_EX_SPANS = 11,    /* reporting months of a year: 1–2 together, 3 … 12 */
    FD_EX_DIVISIONS = 47 /* indexed by the two-digit code, 06 … 46 */
};

typedef struct fd_ex_chain {
    const char *id, *name, *kind, *lead;
    int64_t firms, revenue, value_added, emerging; /* 2024; money in 万元, as the table says */
} fd_ex_chain;

/* A line of business: one four-digit class within one chain. The unit of the plan. */
typedef struct fd_ex_line {
    int chain;            /* index */
    const char *industry; /* four digits */
    int division;
    bool high_energy;
    int64_t firms, value_added, revenue, emerging; /* 2024; 万元 */
    double others_2020, emerging_2020; /* value added of 2020 ÷ 2024 before calibration: the part
                                          that is not emerging, the part that is */
    double kwh;                        /* per 万元 of output */
    int county_count;
    int counties[FD_EX_COUNTIES]; /* indices */
    int county_weights[FD_EX_COUNTIES];
    size_t word_count;
    const char **words;
} fd_ex_line;

typedef struct fd_ex_leader {
    const char *name, *products;
    int line;
    int county;
    double share; /* of the value added of its class of firms in its line */
} fd_ex_leader;

typedef struct fd_ex_county {
    const char *code, *name, *brief;
    size_t town_count;
    const char **towns;
} fd_ex_county;

typedef struct fd_ex_year {
    int year;
    double price;           /* ex-factory price index of all industry, previous year = 1 */
    double growth;          /* real growth of value added, as a ratio (0.045) */
    double emerging_growth; /* the same of emerging industry, from 2021 on */
    double high_energy;     /* share of the six divisions in value added */
    double catalogue;       /* how much of the later catalogue counted in that year (0.46) */
    double share;           /* emerging share; 2021 … 2023 follow from growth */
    int enter, leave;
} fd_ex_year;

/* One row of the monthly parameter table, one of the yearly one. */
typedef struct fd_ex_month {
    int year, month; /* cumulative 1–month */
    const char *city_growth, *province_growth, *investment, *renovation;
} fd_ex_month;
typedef struct fd_ex_city {
    const char *item, *unit;
    const char *values[FD_EX_YEARS];
} fd_ex_city;

typedef struct fd_ex_season {
    int chain;            /* index, -1 any */
    const char *industry; /* NULL any */
    double weights[FD_EX_SPANS];
} fd_ex_season;

typedef struct fd_ex_energy {
    int division; /* 0 any: electricity */
    const char *code, *name, *unit;
    double tce;     /* per 万元 of output */
    int64_t factor; /* tce per unit × 10,000 */
    double price;   /* 千元 per unit */
} fd_ex_energy;

typedef struct fd_ex_parameters {
    size_t chain_count, line_count, leader_count, season_count, energy_count, month_count,
        city_count, first_count, second_count, surname_count;
    fd_ex_chain chains[FD_EX_MAX_CHAINS];
    fd_ex_line lines[FD_EX_MAX_LINES];
    fd_ex_leader leaders[32];
    fd_ex_county counties[FD_EX_COUNTIES];
    fd_ex_year years[FD_EX_YEARS];
    fd_ex_season seasons[16];
    fd_ex_energy energies[64];
    fd_ex_month months[32];
    fd_ex_city city[16];
    double january[3]; /* January's part of January–February, 2022 … 2024 */
    const char **first, **second, **surnames;
} fd_ex_parameters;

/**
 * Read the tables compiled in from examples/huanzhou. Texts live in the arena.
 * @return 0; FD_EFORMAT or FD_EPARSE naming file and row when a table is not what it should be
 */
int fd_example__parameters(fd_ex_parameters **out, fd_arena *arena);

/* Value added by line and year, and the price indices that make nominal and real agree. */
typedef struct fd_ex_plan {
    int64_t total[FD_EX_YEARS], emerging[FD_EX_YEARS]; /* 千元; emerging as counted in that year */
    int64_t value_added[FD_EX_MAX_LINES][FD_EX_YEARS];
    int64_t potential[FD_EX_MAX_LINES][FD_EX_YEARS]; /* emerging by the full catalogue */
    int price[FD_EX_DIVISIONS]
             [FD_EX_YEARS]; /* index × 100, previous year = 10000; 2019 on; 0 none */
    double growth[FD_EX_YEARS], share[FD_EX_YEARS]; /* real growth and emerging share by design */
} fd_ex_plan;

/**
 * Work out the plan; the method stands in plan.c. `scale` multiplies all money.
 * @return 0; FD_EINFEASIBLE when the tables contradict each other; FD_ENOCONV
 */
int fd_example__plan(fd_ex_plan *plan, const fd_ex_parameters *p, double scale);

typedef enum fd_ex_kind {
    FD_EX_OTHER = 0, /* no emerging output */
    FD_EX_MIXED = 1, /* `part` of its output is emerging */
    FD_EX_PURE = 2   /* all of it is */
} fd_ex_kind;

typedef enum fd_ex_fate { FD_EX_STEADY = 0, FD_EX_DOWN = 1, FD_EX_STOPPED = 2 } fd_ex_fate;

typedef struct fd_ex_firm {
    uint64_t key;
    const char *name, *town, *products;
    int16_t line;
    int8_t county;
    uint8_t kind;           /* fd_ex_kind */
    int16_t part;           /* MIXED: ten-thousandths */
    int16_t enters, leaves; /* first year above scale; first year no longer (9999 never) */
    uint8_t fate;           /* fd_ex_fate, in 2024 */
    uint8_t reason;         /* index into fd_ex_reasons, for DOWN and STOPPED */
    uint8_t stop_month;     /* STOPPED: from this month of 2024 to the end */
    uint8_t pause;          /* 0, 12: paused in 2023-12, 7: paused in 2024-07 */
    bool leader, missing, no_power, wrong_unit; /* the last three: errors of 2024-12 */
    bool trades_traditional;                    /* belongs to a line that counts as neither class */
    double weight, revenue_ratio, output_ratio; /* revenue ÷ value added, output ÷ revenue */
    /* 千元, by year index; the year before it enters is what it reports as 上年. */
    int64_t value_added[FD_EX_YEARS], revenue[FD_EX_YEARS], output[FD_EX_YEARS];
    char uscc[FD_USCC_LENGTH + 1];
} fd_ex_firm;

enum { FD_EX_REASONS = 8 };
/* 限产 无订单 检修 破产 搬迁, then two of firms that only slow down. */
extern const char *const fd_ex_reasons[FD_EX_REASONS];

typedef struct fd_ex_model {
    uint64_t seed;
    const fd_ex_parameters *parameters;
    fd_arena *arena;
    fd_ex_plan plan;
    size_t count;
    fd_ex_firm *firms;
    double scale;
    size_t namesakes[2];         /* the pair of firms with one name; both 0 when there is none */
    double rd_rate[FD_EX_YEARS]; /* makes the firms' R&D add up to its part of the city's */
    double traditional_rate[FD_EX_YEARS]; /* of output, in lines that are neither class */
} fd_ex_model;

/** Build the city. Release with fd_example__model_free(). Codes as fd_example_write(). */
int fd_example__model(fd_ex_model **out, uint64_t seed, size_t enterprises);
void fd_example__model_free(fd_ex_model *model);

/** Is the firm above scale in the year (index)? */
bool fd_example__live(const fd_ex_firm *firm, int year);
/** Emerging part of its output in the year, in ten-thousandths. */
int fd_example__part(const fd_ex_model *m, const fd_ex_firm *firm, int year);
/** Emerging output in the year, 千元. */
int64_t fd_example__emerging(const fd_ex_model *m, const fd_ex_firm *firm, int year);
/** Output counted as traditional in the year, 千元. */
int64_t fd_example__traditional(const fd_ex_model *m, const fd_ex_firm *firm, int year);

/**
 * Share `total` among n members in units of `unit`: value i is about s × want[i], at least
 * floor[i]; the sum is exact. Floors that cannot all be met are lowered alike. want > 0 (a total of
 * 0 gives zeros).
 */
void fd_example__spread(int64_t *out, int64_t total, int64_t unit, const double *want,
                        const double *floor, size_t n);

/** Output of the reporting months of a year (calendar year 2022 … 2024): they add up to the annual
 * figure. */
void fd_example__months(int64_t out[FD_EX_SPANS], const fd_ex_model *m, const fd_ex_firm *firm,
                        int year);
/** Electricity of month 1 … 12 of 2022 … 2024, kWh. */
int64_t fd_example__power(const fd_ex_model *m, const fd_ex_firm *firm, int year, int month);
/** 正常 减产 停产, and the reason or NULL, as the dispatch table of a month says. */
const char *fd_example__state(const char **reason, const fd_ex_model *m, const fd_ex_firm *firm,
                              int year, int month);

/* What B103-1, 102-1 and 107-2 ask, by the order of the columns of B103-1. */
typedef struct fd_ex_finance {
    int64_t current_assets, receivables, inventories, finished_goods, fixed_assets,
        accumulated_depreciation, depreciation, assets, liabilities, revenue, operating_cost, taxes,
        selling, admin, rd, finance, asset_impairment, credit_impairment, fair_value, investment,
        disposal, other, hedge, operating_profit, total_profit, payroll, vat, staff;
    int64_t rd_staff, rd_total, rd_units, patents, new_product_sales;
} fd_ex_finance;

/** The accounts of a firm in a year (index); value added by the formula of the accounts is exactly
 * its own. */
void fd_example__finance(fd_ex_finance *out, const fd_ex_model *m, const fd_ex_firm *firm,
                         int year);
/** The formula: 折旧 + 税金及附加 + 增值税 + 薪酬 + 营业利润 − 减值 − … (base variant). */
int64_t fd_example__value_added(const fd_ex_finance *f);

#endif
