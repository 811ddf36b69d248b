/*
 * Checks: within a row, against what was stored before, parts against the whole.
 *
 * Suspicion uses doubles: it marks, it decides nothing.  A file whose column is ten or a thousand
 * times what it was for most of its subjects is not taken until somebody confirms it.
 */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "returns/read.h"

enum { LOOK_BACK = 3, SIGMA_PERIODS = 12, SIGMA_LEAST = 6, WHOLE_LEAST = 3 };

/* ---- within a row
 * -------------------------------------------------------------------------------------------- */

static void say_row(fd_reader_state *s, fd_check_effect effect, const char *rule,
                    const fd_sheet *sheet, long number, const fd_bound *b, const char *found,
                    const char *expected, const char *zh, const char *en)
{
    if (effect == FD_EFFECT_REJECT)
        fd_returns__reject(s, rule, sheet, number, b->at == SIZE_MAX ? 0 : b->at + 1, b->header,
                           found, expected, expected, "%s%.0s", "%.0s%s", zh, en);
    else
        fd_returns__find(s, FD_WARNING, rule, sheet, number, b->header, zh, en, found, expected,
                         expected);
}

static void format_value(char *out, size_t size, const fd_bound *b, int64_t value)
{
    size_t n = fd_decimal_format((fd_decimal){ value, (int8_t)b->plan.scale }, out, size);

    if (b->unit != b->c->item->unit) /* the sender wrote another unit: 10.1 is his 101 千元 */
        snprintf(out + n, size - n, " %s", b->c->item->unit->name);
}

/* A = B + C in the words of the sender's columns. */
static void relation_words(fd_buf *out, const fd_sheet *sheet, const fd_bound_check *bound)
{
    const fd_check *check = bound->check;

    for (size_t t = 0; t < bound->count; t++) {
        /* all terms stand on the left side: on the right their signs turn */
        if (t == 1)
            fd_buf_puts(out, check->relation == FD_EXPR_EQ   ? " = "
                             : check->relation == FD_EXPR_LE ? " ≤ "
                                                             : " ≥ ");
        if (t && check->terms[t].sign > 0)
            fd_buf_puts(out, t == 1 ? "−" : " − ");
        else if (t > 1)
            fd_buf_puts(out, " + ");
        fd_buf_puts(out, sheet->bounds.items[bound->columns[t]].header);
    }
}

static bool check_relation(fd_reader_state *s, fd_sheet *sheet, const fd_bound_check *bound,
                           size_t at, long number)
{
    const fd_check *check = bound->check;
    fd_bound *lead = &sheet->bounds.items[bound->columns[0]];
    int scale = 0;
    fd_i128 sum = 0, limit, left = 0;
    bool holds;
    char found[48], expected[64];
    fd_quot exact;

    for (size_t t = 0; t < bound->count; t++)
        if (sheet->bounds.items[bound->columns[t]].plan.scale > scale)
            scale = sheet->bounds.items[bound->columns[t]].plan.scale;
    for (size_t t = 0; t < bound->count; t++) {
        const fd_bound *b = &sheet->bounds.items[bound->columns[t]];
        fd_i128 value;

        if (b->states[at] == FD_MISSING)
            return true; /* unknown: nothing is wrong yet */
        value = (fd_i128)b->dec[at] * fd_pow10(scale - b->plan.scale);
        if (b->states[at] == FD_NA)
            value = 0;
        if (t == 0)
            left = value;
        sum += check->terms[t].sign * value;
    }
    limit = check->tolerance_is_percent ? (left < 0 ? -left : left) * check->tolerance.mantissa /
                                              fd_pow10(check->tolerance.scale) / 100
                                        : (fd_i128)check->tolerance.mantissa * fd_pow10(scale) /
                                              fd_pow10(check->tolerance.scale);
    holds = check->relation == FD_EXPR_EQ   ? (sum < 0 ? -sum : sum) <= limit
            : check->relation == FD_EXPR_LE ? sum <= limit
                                            : sum >= -limit;
    if (holds)
        return true;
    format_value(found, sizeof found, lead, lead->dec[at]);
    expected[0] = '\0';
    if (fd_quot_make(&exact, left - sum, fd_pow10(scale)) == 0) {
        size_t n = (size_t)snprintf(expected, sizeof expected, "%s",
                                    check->relation == FD_EXPR_LE   ? "≤ "
                                    : check->relation == FD_EXPR_GE ? "≥ "
                                                                    : "");

        fd_quot_format(exact, lead->plan.scale, FD_ROUND_HALF_UP, expected + n,
                       sizeof expected - n);
    }
    if (check->effect == FD_EFFECT_DOUBT && lead->states[at] == FD_HAS) {
        lead->states[at] = FD_DOUBT;
        lead->mixed = true;
    }
    {
        char zh[512], en[512];
        fd_buf words = FD_BUF_INIT;

        relation_words(&words, sheet, bound);
        snprintf(zh, sizeof zh, "不符合「%.400s」", fd_buf_text(&words));
        snprintf(en, sizeof en, "does not hold: %.400s", fd_buf_text(&words));
        say_row(s, check->effect, "balance", sheet, number, lead, found, expected, zh, en);
        fd_buf_dispose(&words);
    }
    return check->effect != FD_EFFECT_REJECT;
}

static bool listed(const fd_check *check, const fd_item *item)
{
    for (size_t i = 0; i < check->term_count; i++)
        if (check->terms[i].item == item)
            return true;
    return check->term_count == 0;
}

static bool check_signs(fd_reader_state *s, fd_sheet *sheet, const fd_check *check, size_t at,
                        long number)
{
    bool ok = true;

    for (size_t i = 0; i < sheet->bounds.count; i++) {
        fd_bound *b = &sheet->bounds.items[i];
        char found[48];

        if (b->dec[at] >= 0 || !listed(check, b->c->item))
            continue;
        format_value(found, sizeof found, b, b->dec[at]);
        say_row(s, check->effect, "negative", sheet, number, b, found, "≥ 0", "不应为负",
                "must not be negative");
        if (check->effect == FD_EFFECT_DOUBT && b->states[at] == FD_HAS) {
            b->states[at] = FD_DOUBT;
            b->mixed = true;
        }
        ok &= check->effect != FD_EFFECT_REJECT;
    }
    return ok;
}

bool fd_check_row(fd_reader_state *s, fd_sheet *sheet, size_t at, long number)
{
    bool ok = true;

    for (size_t i = 0; i < sheet->checks.count; i++)
        ok &= check_relation(s, sheet, &sheet->checks.items[i], at, number);
    for (size_t i = 0; i < s->form->check_count; i++)
        if (s->form->checks[i].kind == FD_CHECK_NONNEGATIVE)
            ok &= check_signs(s, sheet, &s->form->checks[i], at, number);
    return ok;
}

/* ---- what was stored before
 * ------------------------------------------------------------------------------------ */

static int stored(fd_reader_state *s, const fd_bound *b, const char *item, fd_period period,
                  fd_basis basis, fd_returns_values *out)
{
    *out = (fd_returns_values){ 0 };
    if (!s->handler->values || period == FD_PERIOD_NONE)
        return 0;
    return s->handler->values(s->handler->payload, b->c->item->kind, item, period, basis, out);
}

static bool find_stored(const fd_returns_values *v, int32_t subject, double *out)
{
    size_t low = 0, high = v->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (v->subjects[mid] < subject)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == v->n || v->subjects[low] != subject || (v->states && v->states[low] != FD_HAS))
        return false;
    *out = (double)v->dec[low] / (double)fd_pow10(v->scale);
    return true;
}

/* A flow that adds up over the year is compared by its mean month. */
static double months_of(fd_period period, const fd_item *item)
{
    if (item->nature != FD_FLOW || fd_period_kind_of(period) != FD_CUMULATIVE)
        return 1;
    return fd_period_number_of(period);
}

static double value_at(const fd_bound *b, size_t row)
{
    return (double)b->dec[row] / (double)fd_pow10(b->plan.scale);
}

static bool has_value(const fd_sheet *sheet, const fd_bound *b, size_t row)
{
    return !sheet->rejected[row] && sheet->subjects[row] >= 0 && b->states[row] == FD_HAS;
}

/* The nearest earlier period of the same kind that is stored. 1 found. */
static int before(fd_reader_state *s, const fd_bound *b, fd_returns_values *out, fd_period *period)
{
    for (int back = 1; back <= LOOK_BACK; back++) {
        int err;

        *period = fd_period_step(b->period, -back);
        if ((err = stored(s, b, b->c->item->id, *period, b->basis, out)) < 0)
            return err;
        if (err > 0 && out->n > 0)
            return 1;
    }
    return 0;
}

static const int factors[] = { 10, 100, 1000, 10000 };

/* Which of ×10, ×100, ×1000, ×10000 (negative: divided by) a ratio looks like; 0 none. */
static int suspicious(double ratio)
{
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        if (ratio > 0.8 * factors[i] && ratio < 1.25 * factors[i])
            return factors[i];
        if (ratio > 0.8 / factors[i] && ratio < 1.25 / factors[i])
            return -factors[i];
    }
    return 0;
}

static void mark(fd_bound *b, size_t row)
{
    b->states[row] = FD_DOUBT;
    b->mixed = true;
}

static int check_units(fd_reader_state *s, fd_sheet *sheet, fd_bound *b, const fd_check *check)
{
    size_t compared = 0, most = 0,
           *counts = fd_alloc(2 * sizeof factors / sizeof *factors * sizeof *counts);
    int *guess = NULL, whole = 0, err;
    fd_returns_values past;
    fd_period period;

    if ((err = before(s, b, &past, &period)) <= 0)
        goto done;
    guess = fd_alloc((sheet->n + 1) * sizeof *guess);
    for (size_t r = 0; r < sheet->n; r++) {
        double old, now;

        if (!has_value(sheet, b, r) || !find_stored(&past, sheet->subjects[r], &old) || old == 0)
            continue;
        now = value_at(b, r);
        if (now == 0)
            continue;
        compared++;
        guess[r] = suspicious(now / months_of(b->period, b->c->item) /
                              (old / months_of(period, b->c->item)));
        for (size_t k = 0; guess[r] && k < sizeof factors / sizeof *factors; k++) {
            size_t slot = 2 * k + (guess[r] < 0);

            if (abs(guess[r]) == factors[k] && ++counts[slot] > most) {
                most = counts[slot];
                whole = guess[r];
            }
        }
    }
    if (!s->begun && compared >= WHOLE_LEAST && most * 10 >= compared * 6) {
        const char *zh = "「%s」多数企业是上一期的 %s%d 倍,单位像是弄错了(%zu 户里 %zu 户)";
        const char *en = "%s is %s%d times the period before for most subjects; the unit looks "
                         "wrong (of %zu, %zu)";
        const char *sign = whole < 0 ? "1/" : "";

        if (!s->options->confirm_units) {
            fd_returns__file_fault(s, "unit-suspect", sheet, 0, b->header,
                                   "「%s」多数是上一期的 %s%d 倍,单位像是弄错了(可比 %zu 户,其中 "
                                   "%zu 户)。核对后可用 --confirm-units 照收",
                                   "%s is %s%d times the period before for most; the unit looks "
                                   "wrong (%zu comparable, %zu so). "
                                   "Once checked, --confirm-units takes it",
                                   b->header, sign, abs(whole), compared, most);
            goto done;
        }
        fd_returns__findf(s, FD_WARNING, "unit-suspect", sheet, 0, b->header, zh, en, b->header,
                          sign, abs(whole), compared, most);
    }
    for (size_t r = 0; r < sheet->n; r++) {
        char found[48], expected[64];
        double old;

        if (!guess[r] || !find_stored(&past, sheet->subjects[r], &old))
            continue;
        format_value(found, sizeof found, b, b->dec[r]);
        snprintf(expected, sizeof expected, "上一期 %.10g", old);
        if (check->effect == FD_EFFECT_DOUBT)
            mark(b, r);
        fd_returns__find(s, FD_WARNING, "unit-suspect", sheet, sheet->rows[r], b->header,
                         check->effect == FD_EFFECT_DOUBT ? "像是差了单位(×10 或 ×1000),存为待核"
                                                          : "像是差了单位(×10 或 ×1000)",
                         "looks as if the unit were wrong (×10 or ×1000)", found, expected,
                         expected + strlen("上一期 "));
    }
done:
    free(guess);
    free(counts);
    return err < 0 ? err : 0;
}

/* More than p % away from the period before and, once six periods are known, more than three
 * standard deviations from their mean. */
static int check_jump(fd_reader_state *s, fd_sheet *sheet, fd_bound *b, const fd_check *check)
{
    fd_returns_values past, series[SIGMA_PERIODS];
    double limit = (double)check->value.mantissa / (double)fd_pow10(check->value.scale) / 100;
    fd_period period, at[SIGMA_PERIODS];
    size_t known = 0;
    int err;

    if ((err = before(s, b, &past, &period)) <= 0)
        return err;
    for (int back = 1; back <= SIGMA_PERIODS; back++) {
        fd_period p = fd_period_step(b->period, -back);

        if ((err = stored(s, b, b->c->item->id, p, b->basis, &series[known])) < 0)
            return err;
        at[known] = p;
        known += err > 0 && series[known].n > 0;
    }
    for (size_t r = 0; r < sheet->n; r++) {
        double old, now, mean = 0, square = 0, x;
        size_t n = 0;
        char found[48], expected[64];

        if (!has_value(sheet, b, r) || !find_stored(&past, sheet->subjects[r], &old) || old == 0)
            continue;
        old /= months_of(period, b->c->item);
        now = value_at(b, r) / months_of(b->period, b->c->item);
        if (fabs(now / old - 1) <= limit)
            continue;
        for (size_t k = 0; k < known; k++)
            if (find_stored(&series[k], sheet->subjects[r], &x)) {
                x /= months_of(at[k], b->c->item);
                mean += x;
                square += x * x;
                n++;
            }
        if (n >= SIGMA_LEAST) {
            double deviation;

            mean /= (double)n;
            deviation = sqrt(fmax(0, square / (double)n - mean * mean));
            if (fabs(now - mean) <= 3 * deviation)
                continue;
        }
        if (check->effect == FD_EFFECT_DOUBT)
            mark(b, r);
        format_value(found, sizeof found, b, b->dec[r]);
        snprintf(expected, sizeof expected, "%+.1f %%", (now / old - 1) * 100);
        fd_returns__findf(s, FD_WARNING, "jump", sheet, sheet->rows[r], b->header,
                          "比上一期变动 %s,现值 %s", "moved by %s against the period before, to %s",
                          expected, found);
    }
    return 0;
}

/* 上年同期 against what was stored as current a year before. */
static int check_year_ago(fd_reader_state *s, fd_sheet *sheet, fd_bound *b, const fd_check *check)
{
    double limit = (double)check->value.mantissa / (double)fd_pow10(check->value.scale) / 100;
    fd_returns_values past;
    int err = stored(s, b, b->c->item->id, fd_period_years_before(b->period, 1), FD_CURRENT, &past);

    if (err <= 0 || past.n == 0)
        return err < 0 ? err : 0;
    for (size_t r = 0; r < sheet->n; r++) {
        double old;
        char found[48], expected[48];

        if (!has_value(sheet, b, r) || !find_stored(&past, sheet->subjects[r], &old) || old == 0 ||
            fabs(value_at(b, r) / old - 1) <= limit)
            continue;
        format_value(found, sizeof found, b, b->dec[r]);
        snprintf(expected, sizeof expected, "%.10g", old);
        fd_returns__find(s, FD_WARNING, "year-ago", sheet, sheet->rows[r], b->header,
                         "上年同期数与去年所报不同",
                         "the year-ago figure differs from what was returned then", found, expected,
                         expected);
    }
    return 0;
}

/* Where A > 0, B (another return, same period) must be there and above zero. */
static int check_companion(fd_reader_state *s, fd_sheet *sheet, fd_bound *b, const fd_check *check)
{
    fd_returns_values other;
    int err = stored(s, b, check->terms[1].item->id, b->period, FD_CURRENT, &other);

    if (err <= 0 || other.n == 0)
        return err < 0 ? err : 0; /* that return has not come: nothing can be said */
    for (size_t r = 0; r < sheet->n; r++) {
        char found[48], zh[160], en[160];
        double value;

        if (!has_value(sheet, b, r) || b->dec[r] <= 0 ||
            (find_stored(&other, sheet->subjects[r], &value) && value > 0))
            continue;
        if (check->effect == FD_EFFECT_DOUBT) {
            mark(b, r);
            /* What the month says is part of what January to the month says. */
            for (size_t i = 0; i < sheet->bounds.count; i++) {
                fd_bound *sum = &sheet->bounds.items[i];

                if (sum->c->item == b->c->item && sum->basis == FD_CURRENT && sum != b &&
                    fd_period_kind_of(sum->period) == FD_CUMULATIVE && sum->states[r] == FD_HAS)
                    mark(sum, r);
            }
        }
        format_value(found, sizeof found, b, b->dec[r]);
        snprintf(zh, sizeof zh, "有%s而没有%s", check->terms[0].item->name,
                 check->terms[1].item->name);
        snprintf(en, sizeof en, "%s without %s", check->terms[0].item->id,
                 check->terms[1].item->id);
        fd_returns__find(s, FD_WARNING, "companion", sheet, sheet->rows[r], b->header, zh, en,
                         found, "> 0", "> 0");
    }
    return 0;
}

/* ---- parts and whole
 * -----------------------------------------------------------------------------------------------
 */

static fd_i128 sum_of(const fd_sheet *sheet, const fd_bound *b, bool *complete)
{
    fd_i128 sum = 0;

    *complete = true;
    for (size_t r = 0; r < sheet->n; r++) {
        *complete &= !sheet->rejected[r] && b->states[r] != FD_MISSING;
        if (b->states[r] == FD_HAS || b->states[r] == FD_DOUBT)
            sum += b->dec[r];
    }
    return sum;
}

static void check_whole(fd_reader_state *s, const fd_sheet *sheet, const fd_bound *b, fd_i128 whole,
                        long row, fd_i128 limit, const char *rule)
{
    bool complete;
    fd_i128 sum = sum_of(sheet, b, &complete), difference = sum - whole;
    char found[64], expected[64], residual[64];
    fd_quot q;

    if (!complete || (difference < 0 ? -difference : difference) <= limit)
        return;
    (void)fd_quot_make(&q, sum, fd_pow10(b->plan.scale));
    fd_quot_format(q, b->plan.scale, FD_ROUND_HALF_UP, found, sizeof found);
    (void)fd_quot_make(&q, whole, fd_pow10(b->plan.scale));
    fd_quot_format(q, b->plan.scale, FD_ROUND_HALF_UP, expected, sizeof expected);
    (void)fd_quot_make(&q, difference, fd_pow10(b->plan.scale));
    fd_quot_format(q, b->plan.scale, FD_ROUND_HALF_UP, residual, sizeof residual);
    {
        char zh[160], en[160];

        snprintf(zh, sizeof zh, "各部分之和不等于整体,差 %s", residual);
        snprintf(en, sizeof en, "the parts do not add up to the whole; residual %s", residual);
        fd_returns__find(s, FD_WARNING, rule, sheet, row, b->header, zh, en, found, expected,
                         expected);
    }
}

static void check_totals(fd_reader_state *s, const fd_sheet *sheet)
{
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        const fd_bound *b = &sheet->bounds.items[i];

        if (b->has_total && b->c->item->nature != FD_RATIO)
            check_whole(s, sheet, b, b->total, b->total_row, 0, "parts-whole");
        for (size_t k = 0; k < s->form->check_count; k++) {
            const fd_check *check = &s->form->checks[k];

            if (check->kind == FD_CHECK_TOTAL && check->terms[0].item == b->c->item && b->values)
                check_whole(s, sheet, b,
                            (fd_i128)check->value.mantissa * fd_pow10(b->plan.scale) /
                                fd_pow10(check->value.scale),
                            0,
                            (fd_i128)check->tolerance.mantissa * fd_pow10(b->plan.scale) /
                                fd_pow10(check->tolerance.scale),
                            "weights");
        }
    }
}

int fd_check_sheet(fd_reader_state *s, fd_sheet *sheet)
{
    static const fd_check always = { .kind = FD_CHECK_UNITS, .effect = FD_EFFECT_DOUBT };
    bool units = false;
    int err = 0;

    if (!s->form->is_long)
        check_totals(s, sheet);
    for (size_t k = 0; k < s->form->check_count; k++)
        units |= s->form->checks[k].kind == FD_CHECK_UNITS;
    for (size_t i = 0; i < sheet->bounds.count && err >= 0 && !s->form->is_long && !s->file_fault;
         i++) {
        fd_bound *b = &sheet->bounds.items[i];

        if (b->c->variant || b->period == FD_PERIOD_NONE || b->c->count)
            continue;
        /* Money and amounts have units that people mix up; heads and rates do not. */
        if (!units && b->c->item->nature != FD_RATIO && b->plan.from != NULL &&
            b->c->item->scale > 0 && b->basis == FD_CURRENT)
            err = check_units(s, sheet, b, &always);
        for (size_t k = 0; err >= 0 && k < s->form->check_count && !s->file_fault; k++) {
            const fd_check *check = &s->form->checks[k];

            switch (check->kind) {
            case FD_CHECK_UNITS:
                if (listed(check, b->c->item) && b->basis == FD_CURRENT &&
                    b->c->item->nature != FD_RATIO)
                    err = check_units(s, sheet, b, check);
                break;
            case FD_CHECK_JUMP:
                if (listed(check, b->c->item) && b->basis == FD_CURRENT)
                    err = check_jump(s, sheet, b, check);
                break;
            case FD_CHECK_YEAR_AGO:
                if (listed(check, b->c->item) && b->basis == FD_COMPARATIVE)
                    err = check_year_ago(s, sheet, b, check);
                break;
            case FD_CHECK_COMPANION:
                if (check->terms[0].item == b->c->item && b->basis == FD_CURRENT)
                    err = check_companion(s, sheet, b, check);
                break;
            default:
                break;
            }
        }
    }
    return err < 0 ? err : 0;
}
