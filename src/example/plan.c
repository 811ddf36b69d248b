/*
 * The plan: what the city's aggregates must be, and value added by line of business that adds up to
 * them.  Nothing here depends on the seed.
 *
 * 1. Closed form.  Let s be the emerging share of 2024, c the contribution of emerging industry to
 * growth 2020 → 2024 and S its real growth factor over those years.  With relative prices that end
 * where they began the contribution is s20 (S − 1) / (T − 1) and the share s = s20 S / T, where T
 * is the real growth factor of all industry; hence T = c S / (c S − s (S − 1)) and s20 = s T / S.
 * The yearly growth factors in years.csv fill 2021 to 2023; 2024 takes the remainder.  Nominal
 * totals follow backwards from 2024 by growth × price.
 *
 * 2. Lines.  Each line has value added in 2024 (exact) and a first guess of its path back to 2020
 * and 2018, apart for its emerging part and the rest.  Three factors a year scale the guesses to
 * three totals: emerging; others in the six high-energy divisions; others elsewhere.  Rounding
 * errors are carried from line to line, so that the sums are exact.
 *
 * 3. Prices.  Divisions have their own price paths around the common one (noise), which would let
 * growth at comparable prices drift from step 1.  The noise is moved the least (Newton on the
 * smallest change in the sense of squares) until, for all industry and for emerging industry, each
 * year's deflated sum and the sum deflated at once over 2021–2024 are what the common price gives:
 * ten equations, 144 unknowns.  Then direct and chained growth agree, and so do contributions
 * computed either way.
 */
#include <math.h>
#include <stdlib.h>

#include "example/model.h"
#include "example/random.h"

enum { FREE_YEARS = FD_EX_LAST - FD_EX_BASE, EQUATIONS = 2 * FREE_YEARS + 2 };

/* Published for 2020 → 2024: average real growth of emerging industry, and its contribution. */
static const double average_growth = 0.105, contribution = 0.426;
/* Any constant: the noise of prices is part of the plan, not of the seed. */
static const uint64_t plan_key = 0x68756E7A686F7501u;

typedef struct state {
    const fd_ex_parameters *p;
    double total[FD_EX_YEARS], potential[FD_EX_YEARS], high[FD_EX_YEARS];
    double emerging[FD_EX_MAX_LINES][FD_EX_YEARS], others[FD_EX_MAX_LINES][FD_EX_YEARS];
    double noise[FD_EX_DIVISIONS]
                [FD_EX_YEARS]; /* logarithm of a division's price ÷ the common one */
} state;

static int totals(state *s, fd_ex_plan *plan, double scale)
{
    const fd_ex_year *years = s->p->years;
    double emerging = pow(1 + average_growth, FREE_YEARS), share = years[FD_EX_LAST].share,
           all = contribution * emerging / (contribution * emerging - share * (emerging - 1)),
           all_left = all, emerging_left = emerging, sum = 0;

    for (size_t c = 0; c < s->p->chain_count; c++)
        sum += (double)s->p->chains[c].value_added * 10;
    for (int y = 1; y < FD_EX_YEARS; y++)
        plan->growth[y] = years[y].growth;
    for (int y = FD_EX_BASE + 1; y < FD_EX_LAST; y++) {
        all_left /= 1 + years[y].growth;
        emerging_left /= 1 + years[y].emerging_growth;
    }
    plan->growth[FD_EX_LAST] = all_left - 1;
    s->total[FD_EX_LAST] = sum * scale;
    for (int y = FD_EX_LAST; y > 0; y--)
        s->total[y - 1] = s->total[y] / ((1 + plan->growth[y]) * years[y].price);
    for (int y = 0; y < FD_EX_BASE; y++)
        plan->share[y] = years[y].share;
    plan->share[FD_EX_BASE] = share * all / emerging;
    for (int y = FD_EX_BASE + 1; y < FD_EX_YEARS; y++) {
        double step = y < FD_EX_LAST ? years[y].emerging_growth : emerging_left - 1;

        plan->share[y] = plan->share[y - 1] * (1 + step) / (1 + plan->growth[y]);
    }
    for (int y = 0; y < FD_EX_YEARS; y++) {
        s->potential[y] = s->total[y] * plan->share[y] / years[y].catalogue;
        s->high[y] = s->total[y] * years[y].high_energy;
    }
    if (!(all > 1) || !(emerging_left > 0))
        return fd_error_set(FD_EINFEASIBLE, "示例城市的增速参数互相矛盾",
                            "the growth parameters of the example contradict each other");
    return 0;
}

/* Of 2024's value, what a line had in year y when 2020's ratio is `ratio`; before 2020 it changed
 * less. */
static double back(double ratio, int y)
{
    double steps = y >= FD_EX_BASE ? (double)(FD_EX_LAST - y) / FREE_YEARS
                                   : 1 + 0.12 * (double)(FD_EX_BASE - y);

    return pow(ratio, steps);
}

static int lines(state *s, double scale)
{
    const fd_ex_parameters *p = s->p;

    for (int y = 0; y < FD_EX_YEARS; y++) {
        double emerging = 0, high = 0, rest = 0, high_emerging = 0, f;

        for (size_t l = 0; l < p->line_count; l++) {
            const fd_ex_line *line = &p->lines[l];

            s->emerging[l][y] = (double)line->emerging * 10 * scale *
                                (line->emerging ? back(line->emerging_2020, y) : 0);
            s->others[l][y] = (double)(line->value_added - line->emerging) * 10 * scale *
                              (line->value_added > line->emerging ? back(line->others_2020, y) : 0);
            emerging += s->emerging[l][y];
            *(line->high_energy ? &high : &rest) += s->others[l][y];
        }
        f = s->potential[y] / emerging;
        for (size_t l = 0; l < p->line_count; l++) {
            s->emerging[l][y] *= f;
            if (p->lines[l].high_energy)
                high_emerging += s->emerging[l][y];
        }
        high = (s->high[y] - high_emerging) / high;
        rest = (s->total[y] - s->high[y] - (s->potential[y] - high_emerging)) / rest;
        if (!(high > 0) || !(rest > 0))
            return fd_error_set(FD_EINFEASIBLE, "示例城市的占比参数互相矛盾",
                                "the share parameters of the example contradict each other");
        for (size_t l = 0; l < p->line_count; l++)
            s->others[l][y] *= p->lines[l].high_energy ? high : rest;
    }
    return 0;
}

/* Whole thousands of yuan, the error of each line handed to the next; 2024 comes out as the table
 * has it. */
static void round_lines(fd_ex_plan *plan, const state *s)
{
    for (int y = 0; y < FD_EX_YEARS; y++) {
        double carry_all = 0, carry_emerging = 0;

        plan->total[y] = 0;
        plan->emerging[y] = 0;
        for (size_t l = 0; l < s->p->line_count; l++) {
            double e = s->emerging[l][y] + carry_emerging, o = s->others[l][y] + carry_all;

            if (s->emerging[l][y] <= 0)
                plan->potential[l][y] = 0;
            else
                carry_emerging = e - (double)(plan->potential[l][y] = llround(e));
            plan->value_added[l][y] = plan->potential[l][y];
            if (s->others[l][y] > 0) {
                int64_t others = llround(o);

                carry_all = o - (double)others;
                plan->value_added[l][y] += others;
            }
            plan->total[y] += plan->value_added[l][y];
            plan->emerging[y] += plan->potential[l][y];
        }
        plan->emerging[y] = llround((double)plan->emerging[y] * s->p->years[y].catalogue);
    }
}

/* Raw price noise: high-energy divisions swing more; each path of 2021–2024 ends near where it
 * began. */
static void draw_noise(state *s)
{
    for (int d = 6; d < FD_EX_DIVISIONS; d++) {
        double swing =
                   d == 25 || d == 26 || d == 30 || d == 31 || d == 32 || d == 44 ? 0.022 : 0.008,
               sum = 0;

        for (int y = 1; y < FD_EX_YEARS; y++)
            s->noise[d][y] = swing * fd_example__bell(plan_key, fd_ex_tag(d * 16 + y)) * 0.7;
        for (int y = FD_EX_BASE + 1; y < FD_EX_LAST; y++)
            sum += s->noise[d][y];
        s->noise[d][FD_EX_LAST] = 0.3 * s->noise[d][FD_EX_LAST] - sum;
    }
}

/* Gauss with row exchanges on a small dense system; the solution replaces b. */
static int solve(double a[EQUATIONS][EQUATIONS], double b[EQUATIONS])
{
    for (int i = 0; i < EQUATIONS; i++) {
        int best = i;

        for (int r = i + 1; r < EQUATIONS; r++)
            if (fabs(a[r][i]) > fabs(a[best][i]))
                best = r;
        if (fabs(a[best][i]) < 1e-14)
            return fd_error_set(FD_ENOCONV, "示例城市的价格方程无解",
                                "the price equations of the example have no solution");
        for (int c = 0; best != i && c < EQUATIONS; c++) {
            double swap = a[i][c];

            a[i][c] = a[best][c];
            a[best][c] = swap;
        }
        if (best != i) {
            double swap = b[i];

            b[i] = b[best];
            b[best] = swap;
        }
        for (int r = 0; r < EQUATIONS; r++) {
            double f = r == i ? 0 : a[r][i] / a[i][i];

            for (int c = i; f != 0 && c < EQUATIONS; c++)
                a[r][c] -= f * a[i][c];
            b[r] -= f * b[i];
        }
    }
    for (int i = 0; i < EQUATIONS; i++)
        b[i] /= a[i][i];
    return 0;
}

/* One Newton step. Weights: the divisions' parts of all industry and of emerging industry, by year.
 */
static int adjust_noise(state *s, double weights[2][FD_EX_YEARS][FD_EX_DIVISIONS])
{
    static const int first = FD_EX_BASE + 1;
    double j[EQUATIONS][FREE_YEARS * FD_EX_DIVISIONS] = { { 0 } }, normal[EQUATIONS][EQUATIONS],
                                     r[EQUATIONS];
    int err;

    for (int q = 0; q < EQUATIONS; q++)
        r[q] = -1;
    for (int d = 6; d < FD_EX_DIVISIONS; d++) {
        double sum = 0;

        for (int y = first; y < FD_EX_YEARS; y++)
            sum += s->noise[d][y];
        for (int part = 0; part < 2; part++) {
            double at_once = weights[part][FD_EX_LAST][d] * exp(-sum);

            for (int y = first; y < FD_EX_YEARS; y++) {
                double term = weights[part][y][d] * exp(-s->noise[d][y]);
                int column = d * FREE_YEARS + (y - first), q = part * FREE_YEARS + (y - first);

                r[q] += term;
                j[q][column] = -term;
                j[EQUATIONS - 2 + part][column] = -at_once;
            }
            r[EQUATIONS - 2 + part] += at_once;
        }
    }
    for (int a = 0; a < EQUATIONS; a++)
        for (int b = 0; b < EQUATIONS; b++) {
            normal[a][b] = 0;
            for (int c = 0; c < FREE_YEARS * FD_EX_DIVISIONS; c++)
                normal[a][b] += j[a][c] * j[b][c];
        }
    if ((err = solve(normal, r)) < 0)
        return err;
    for (int d = 6; d < FD_EX_DIVISIONS; d++)
        for (int y = first; y < FD_EX_YEARS; y++)
            for (int q = 0; q < EQUATIONS; q++)
                s->noise[d][y] -= j[q][d * FREE_YEARS + (y - first)] * r[q];
    return 0;
}

static int prices(fd_ex_plan *plan, state *s)
{
    double weights[2][FD_EX_YEARS][FD_EX_DIVISIONS] = { { { 0 } } };
    bool present[FD_EX_DIVISIONS] = { false };
    int err;

    for (int y = 0; y < FD_EX_YEARS; y++)
        for (size_t l = 0; l < s->p->line_count; l++) {
            int d = s->p->lines[l].division;

            present[d] = true;
            weights[0][y][d] += (s->emerging[l][y] + s->others[l][y]) / s->total[y];
            weights[1][y][d] += s->emerging[l][y] / s->potential[y];
        }
    draw_noise(s);
    for (int y = 1; y <= FD_EX_BASE; y++) { /* before 2021 only all industry must fit */
        double sum = 0;

        for (int d = 6; d < FD_EX_DIVISIONS; d++)
            sum += weights[0][y][d] * exp(-s->noise[d][y]);
        for (int d = 6; d < FD_EX_DIVISIONS; d++)
            s->noise[d][y] += log(sum);
    }
    for (int step = 0; step < 8; step++)
        if ((err = adjust_noise(s, weights)) < 0)
            return err;
    for (int d = 6; d < FD_EX_DIVISIONS; d++)
        for (int y = 1; y < FD_EX_YEARS; y++)
            plan->price[d][y] =
                present[d] ? (int)lround(s->p->years[y].price * exp(s->noise[d][y]) * 10000) : 0;
    return 0;
}

int fd_example__plan(fd_ex_plan *plan, const fd_ex_parameters *p, double scale)
{
    state *s = fd_alloc(sizeof *s);
    int err;

    s->p = p;
    *plan = (fd_ex_plan){ .price = { { 0 } } };
    if ((err = totals(s, plan, scale)) < 0 || (err = lines(s, scale)) < 0)
        goto done;
    round_lines(plan, s);
    err = prices(plan, s);
done:
    free(s);
    return err;
}
