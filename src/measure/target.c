/*
 * Targets: where we stand on the way, what the promise asks for, and under which assumptions.
 *
 * Nothing here hands a number down to an enterprise or a return: shares do not add up, and the
 * lines are scenarios of the whole.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/arith.h"
#include "measure/internal.h"

/* ---- the arithmetic (M10) ---- */

int fd_target_needed_growth(double *x_percent, double s0_percent, double s_percent, int n,
                            double g_percent)
{
    if (n < 1 || !(s0_percent > 0) || !(s_percent > 0))
        return fd_error_set(FD_EINVAL, "年数应不小于 1,占比应大于 0",
                            "years must be at least 1 and shares positive");
    *x_percent = ((1 + g_percent / 100) * pow(s_percent / s0_percent, 1.0 / n) - 1) * 100;
    return 0;
}

double fd_target_projected_share(double s0_percent, int n, double x_percent, double g_percent)
{
    return s0_percent * pow((1 + x_percent / 100) / (1 + g_percent / 100), n);
}

int fd_target_implied_share(double *share_percent, double share_now_percent, double x_percent,
                            int years, double contribution_percent)
{
    double part, total;

    if (years < 1 || !(contribution_percent > 0) || !(x_percent > -100))
        return fd_error_set(FD_EINVAL, "年数、增速或贡献率不合理",
                            "years, growth or contribution out of range");
    part = share_now_percent / pow(1 + x_percent / 100, years);
    total = 100 - (share_now_percent - part) / (contribution_percent / 100);
    if (!(total > 0) || !(part > 0) || part > total)
        return fd_error_set(FD_EINVAL, "增速和贡献率推不出基期占比",
                            "growth and contribution imply no base share");
    *share_percent = part / total * 100;
    return 0;
}

/* ---- where we stand ---- */

typedef struct work {
    fd_target_result *r;
    const fd_program *program;
    fd_source *source;
    const fd_target *t;
    const fd_target_options *o;
    double growth, historic; /* % ; historic NAN when unknown */
    char marks[64];
    bool measured;
} work;

static double real(fd_decimal d)
{
    return fd_quot_to_double(fd_quot_from_decimal(d));
}

static const fd_target_point *start_point(const fd_target *t)
{
    const fd_target_point *best = NULL;

    for (size_t i = 0; i < t->base_count; i++)
        if (t->base[i].year <= t->start_year || !best)
            best = &t->base[i];
    return best;
}

/* The newest value of the indicator that is not after `at`, or the given one. */
static int find_now(work *w)
{
    fd_target_result *r = w->r;
    fd_period *periods = NULL;
    size_t count = 0;
    int err = 0;

    r->now = fd_number_missing();
    if (fd_number_has(w->o->now)) {
        r->now = w->o->now;
        r->now_year = w->o->now_year;
        return 0;
    }
    if (!w->source)
        return 0;
    if ((err = fd_measure_periods(&periods, &count, w->program, w->source, w->t->indicator)) < 0)
        return err;
    for (size_t i = count; i > 0 && !fd_number_has(r->now); i--) {
        fd_measured m;

        if (w->o->at != FD_PERIOD_NONE && fd_period_compare(periods[i - 1], w->o->at) > 0)
            continue;
        if ((err = fd_measure_one(&m, w->program, w->source, w->t->indicator, periods[i - 1],
                                  NULL)) < 0)
            break;
        if (!fd_number_has(m.value))
            continue;
        r->now = m.value;
        r->now_year = fd_period_year_of(periods[i - 1]);
        w->measured = true;
        snprintf(w->marks, sizeof w->marks, "%s", m.marks);
    }
    free(periods);
    return err < 0 ? err : 0;
}

/* The straight path from the start to the due year at one year, held at both ends. */
static fd_number path_at(const work *w, int year)
{
    const fd_target *t = w->t;
    fd_number from = w->r->base, to = fd_number_exact(fd_quot_from_decimal(t->value)), step;

    if (year <= w->r->base_year)
        return from;
    if (year >= t->due_year)
        return to;
    step =
        fd_number_apply(fd_number_apply(to, '-', from), '*', fd_number_int(year - w->r->base_year));
    step = fd_number_apply(step, '/', fd_number_int(t->due_year - w->r->base_year));
    return fd_number_apply(from, '+', step);
}

/* An estimate is first rounded to the indicator's digits (GB/T 8170), for a light is a decision. */
static fd_number decided(fd_number v, int digits)
{
    fd_decimal d = { 0, (int8_t)digits };

    if (!v.is_estimate)
        return v;
    d.mantissa = (int64_t)nearbyint(v.estimate * (double)fd_pow10(digits));
    return fd_number_exact(fd_quot_from_decimal(d));
}

/* Does a rule say 值 ≥ 路径 (or ≤), and nothing else? */
static bool is_at_path(const struct fd_light_rule *rule)
{
    const fd_expr *e = rule->when;

    return e && (e->kind == FD_EXPR_GE || e->kind == FD_EXPR_LE) &&
           e->children[0]->symbol == FD_SYM_VARIABLE &&
           strcmp(e->children[0]->text, "value") == 0 &&
           e->children[1]->symbol == FD_SYM_VARIABLE && strcmp(e->children[1]->text, "path") == 0;
}

/* Green at or beyond the path, yellow within a margin, else red: the rule that needs no wording of
 * its own, and the one that stands in when a target declares no light. */
static bool is_usual(const fd_target *t)
{
    const fd_light *l = t->light;

    return !l || (l->rule_count == 3 && l->rules[0].color == FD_GREEN && is_at_path(&l->rules[0]) &&
                  l->rules[1].color == FD_YELLOW && t->yellow_margin.mantissa > 0 &&
                  l->rules[2].color == FD_RED && !l->rules[2].when);
}

/* Rules of another shape are evaluated as they are written. */
static int judge_declared(work *w, fd_number now, int digits)
{
    const fd_target *t = w->t;
    fd_target_result *r = w->r;
    fd_light_figures f = {
        now,     r->path, fd_number_exact(fd_quot_from_decimal(t->value)),
        r->base, t->unit, fd_period_year(r->now_year ? r->now_year : r->base_year)
    };
    const char *unit = t->unit ? t->unit->name : "";
    char a[80], b[80], tail[256];
    int err = fd_light_declared(&r->verdict, w->program, w->source, t->light, &f);

    if (err < 0 || !fd_number_has(now))
        return err;
    fd_number_text(now, digits, FD_ZH, a, sizeof a);
    fd_number_text(r->path, 2, FD_ZH, b, sizeof b);
    snprintf(tail, sizeof tail, ";%d 年 %s%s,路径 %s%s", r->now_year, a, unit, b, unit);
    strncat(r->verdict.reason[FD_ZH], tail,
            sizeof r->verdict.reason[FD_ZH] - strlen(r->verdict.reason[FD_ZH]) - 1);
    snprintf(tail, sizeof tail, "; %s%s in %d, path %s%s", a, unit, r->now_year, b, unit);
    strncat(r->verdict.reason[FD_EN], tail,
            sizeof r->verdict.reason[FD_EN] - strlen(r->verdict.reason[FD_EN]) - 1);
    return 0;
}

static void judge_usual(work *w, fd_number now, int digits)
{
    fd_target_result *r = w->r;
    const fd_target *t = w->t;
    const char *unit = t->unit ? t->unit->name : "";
    bool lower = t->relation == FD_EXPR_LE;
    fd_number gap = lower ? fd_number_apply(now, '-', r->path) : fd_number_apply(r->path, '-', now);
    char a[80], b[80], c[80];

    if (fd_number_compare(gap, fd_number_int(0)) <= 0)
        r->verdict.color = FD_GREEN;
    else if (fd_number_compare(gap, fd_number_exact(fd_quot_from_decimal(t->yellow_margin))) <= 0)
        r->verdict.color = FD_YELLOW;
    else
        r->verdict.color = FD_RED;
    fd_number_text(now, digits, FD_ZH, a, sizeof a);
    fd_number_text(r->path, 2, FD_ZH, b, sizeof b);
    fd_number_text(gap, 2, FD_ZH, c, sizeof c);
    if (r->verdict.color == FD_GREEN) {
        snprintf(r->verdict.reason[FD_ZH], sizeof r->verdict.reason[FD_ZH],
                 "绿:%d 年 %s%s,路径 %s%s", r->now_year, a, unit, b, unit);
        snprintf(r->verdict.reason[FD_EN], sizeof r->verdict.reason[FD_EN],
                 "green: %s%s in %d, path %s%s", a, unit, r->now_year, b, unit);
    } else {
        const char *points = strcmp(unit, "%") == 0 ? "个百分点" : unit;

        snprintf(r->verdict.reason[FD_ZH], sizeof r->verdict.reason[FD_ZH],
                 "%s:%d 年 %s%s,路径 %s%s,差 %s %s", fd_color_name(r->verdict.color, FD_ZH),
                 r->now_year, a, unit, b, unit, c, points);
        snprintf(r->verdict.reason[FD_EN], sizeof r->verdict.reason[FD_EN],
                 "%s: %s%s in %d, path %s%s, %s %s short", fd_color_name(r->verdict.color, FD_EN),
                 a, unit, r->now_year, b, unit, c, strcmp(unit, "%") == 0 ? "points" : unit);
    }
}

static int judge(work *w)
{
    fd_target_result *r = w->r;
    const fd_target *t = w->t;
    int digits = t->indicator && t->indicator->digits >= 0 ? t->indicator->digits : 2;
    fd_number now = r->now;

    if (now.state == FD_HAS) {
        now = decided(now, digits);
        if (!is_usual(t))
            return judge_declared(w, now, digits);
        judge_usual(w, now, digits);
        return 0;
    }
    r->verdict.color = FD_GREY;
    snprintf(r->verdict.reason[FD_ZH], sizeof r->verdict.reason[FD_ZH], "灰:现值%s",
             now.state == FD_DOUBT ? "待核" : "缺报");
    snprintf(r->verdict.reason[FD_EN], sizeof r->verdict.reason[FD_EN],
             "grey: the present value is %s", now.state == FD_DOUBT ? "in doubt" : "missing");
    return 0;
}

static void find_pace(work *w)
{
    fd_target_result *r = w->r;
    const fd_target *t = w->t;
    const fd_target_point *first = t->base_count ? &t->base[0] : NULL;
    const fd_target_point *last = t->base_count ? &t->base[t->base_count - 1] : NULL;

    r->needed_pace = r->reached_pace = r->pace_ratio = NAN;
    if (fd_number_has(r->base) && t->due_year > r->base_year)
        r->needed_pace =
            (real(t->value) - fd_number_to_double(r->base)) / (t->due_year - r->base_year);
    if (first && last && last->year > first->year)
        r->reached_pace = (real(last->value) - real(first->value)) / (last->year - first->year);
    if (r->reached_pace != 0)
        r->pace_ratio = r->needed_pace / r->reached_pace;
}

/* ---- what it asks for ---- */

static bool is_share(const fd_target *t)
{
    return t->unit && strcmp(t->unit->name, "%") == 0;
}

static size_t due_years(int *years, const fd_target *t)
{
    size_t n = 0;
    bool placed = false;

    for (size_t i = 0; i < t->also_count && n < 7; i++) {
        if (!placed && t->due_year < t->also_years[i]) {
            years[n++] = t->due_year;
            placed = true;
        }
        placed = placed || t->also_years[i] == t->due_year;
        years[n++] = t->also_years[i];
    }
    if (!placed)
        years[n++] = t->due_year;
    return n;
}

static int find_needs(work *w)
{
    fd_target_result *r = w->r;
    double s0 = fd_number_to_double(r->base), s = real(w->t->value);
    double total = fd_number_has(w->o->total_value) ? fd_number_to_double(w->o->total_value) : NAN;
    int years[8];
    size_t count = due_years(years, w->t);
    int err;

    for (size_t i = 0; i < count; i++) {
        fd_target_need *need = &r->needs[r->need_count];
        double total_then;

        need->year = years[i];
        need->n = years[i] - r->base_year;
        if (need->n < 1)
            continue;
        need->share_wanted = s;
        if ((err = fd_target_needed_growth(&need->needed_growth, s0, s, need->n, w->growth)) < 0)
            return err;
        need->projected_share = fd_target_projected_share(s0, need->n, w->historic, w->growth);
        total_then = total * pow(1 + w->growth / 100, need->n);
        need->needed_increment = total_then * s / 100 - total * s0 / 100;
        need->extra_value = total_then * (s - need->projected_share) / 100;
        r->need_count++;
    }
    return 0;
}

/* ---- tables ---- */

static void say(fd_table *t, const char *zh, const char *en, fd_number value, int digits,
                const char *unit, const char *note)
{
    size_t row = fd_table_add_row(t);
    char buf[80];

    fd_column_set_text(t->columns[0], row, zh);
    fd_column_set_text(t->columns[1], row, en);
    fd_column_set_text(t->columns[2], row, fd_number_text(value, digits, FD_ZH, buf, sizeof buf));
    fd_column_set_text(t->columns[3], row, unit);
    if (note)
        fd_column_set_text(t->columns[4], row, note);
}

static fd_number known(double v)
{
    return isfinite(v) ? fd_number_estimate(v) : fd_number_na();
}

static void make_summary(work *w)
{
    fd_target_result *r = w->r;
    const fd_target *t = w->t;
    const char *unit = t->unit ? t->unit->name : "";
    const char *pace_unit = is_share(t) ? "百分点/年" : unit;
    fd_table *table = fd_table_new(t->id, t->name, t->id);
    char note[128];

    (void)fd_table_add_new(table, "item", "项目", "Item", FD_TEXT, "", 0);
    (void)fd_table_add_new(table, "item_en", "Item", "Item (en)", FD_TEXT, "", 0);
    (void)fd_table_add_new(table, "value", "值", "Value", FD_TEXT, "", 0);
    (void)fd_table_add_new(table, "unit", "单位", "Unit", FD_TEXT, "", 0);
    (void)fd_table_add_new(table, "note", "说明", "Note", FD_TEXT, "", 0);
    snprintf(note, sizeof note, "%d 年", r->base_year);
    say(table, "起点", "start", r->base, 2, unit, note);
    if (fd_number_has(r->now))
        snprintf(note, sizeof note, "%d 年%s", r->now_year, w->measured ? ",由数据算出" : ",给定");
    else
        note[0] = '\0';
    say(table, "现值", "now", r->now, 2, unit, note);
    say(table, "路径值", "path", r->path, 2, unit, r->verdict.reason[FD_ZH]);
    snprintf(note, sizeof note, "%d 年%s", t->due_year, t->start_is_param ? ";起算年为参数" : "");
    say(table, "目标", "target", fd_number_exact(fd_quot_from_decimal(t->value)), 2, unit, note);
    say(table, "需要的速度", "pace needed", known(r->needed_pace), 2, pace_unit, NULL);
    if (t->base_count > 1)
        snprintf(note, sizeof note, "%d—%d 年", t->base[0].year, t->base[t->base_count - 1].year);
    say(table, "达到过的速度", "pace reached", known(r->reached_pace), 2, pace_unit,
        t->base_count > 1 ? note : NULL);
    say(table, "倍数", "ratio", known(r->pace_ratio), 1, "倍", NULL);
    r->summary = table;
}

static void make_path(work *w)
{
    fd_table *table = fd_table_new("path", "路径", "Path");
    fd_column *year = fd_table_add_new(table, "year", "年", "Year", FD_PERIOD, "", 0);
    fd_column *path = fd_table_add_new(table, "path", "路径", "Path", FD_QUOT,
                                       w->t->unit ? w->t->unit->name : "", 0);

    path->digits = 2;
    for (int y = w->r->base_year; y <= w->t->due_year; y++) {
        size_t row = fd_table_add_row(table);

        fd_column_set_day(year, row, fd_period_year(y));
        fd_column_put(path, row, path_at(w, y));
    }
    w->r->path_table = table;
}

static fd_column *estimate_column(fd_table *t, const char *id, const char *zh, const char *en,
                                  const char *unit, int digits)
{
    fd_column *c = fd_table_add_new(t, id, zh, en, FD_EST, unit, 0);

    c->digits = (int8_t)digits;
    return c;
}

static void make_needs(work *w)
{
    const fd_target_result *r = w->r;
    fd_table *t = fd_table_new("needs", "到期各年需要的增速", "Growth needed by due year");
    fd_column *year = fd_table_add_new(t, "year", "到期年", "Due year", FD_PERIOD, "", 0);
    fd_column *n = fd_table_add_new(t, "n", "年数", "Years", FD_DEC, "年", 0);
    fd_column *needed = estimate_column(t, "needed_growth", "需年均增长", "Growth needed", "%", 1);
    fd_column *share =
        estimate_column(t, "projected_share", "按现增速占比", "Share at present growth", "%", 1);
    fd_column *increment =
        estimate_column(t, "needed_increment", "达标需新增", "Increment needed", "亿元", 1);
    fd_column *extra =
        estimate_column(t, "extra_value", "尚差", "Beyond present growth", "亿元", 1);

    for (size_t i = 0; i < r->need_count; i++) {
        const fd_target_need *x = &r->needs[i];
        size_t row = fd_table_add_row(t);

        fd_column_set_day(year, row, fd_period_year(x->year));
        fd_column_set_dec(n, row, x->n);
        fd_column_set_est(needed, row, x->needed_growth);
        fd_column_put(share, row, known(x->projected_share));
        fd_column_put(increment, row, known(x->needed_increment));
        fd_column_put(extra, row, known(x->extra_value));
    }
    w->r->needs_table = t;
}

static int make_matrix(work *w)
{
    fd_target_result *r = w->r;
    fd_table *t = fd_table_new("matrix", "总量增速与需年均增长", "Total growth and growth needed");
    fd_column *g = fd_table_add_new(t, "growth", "总量年增速", "Total growth", FD_DEC, "%", 0);
    double s0 = fd_number_to_double(r->base), s = real(w->t->value), x;
    fd_column *years[8];
    int err;

    for (size_t i = 0; i < r->need_count; i++) {
        char id[16], zh[24];

        snprintf(id, sizeof id, "y%d", r->needs[i].year);
        snprintf(zh, sizeof zh, "%d年", r->needs[i].year);
        years[i] = estimate_column(t, id, zh, id + 1, "%", 1);
    }
    for (int growth = 4; growth <= 7; growth++) {
        size_t row = fd_table_add_row(t);

        fd_column_set_dec(g, row, growth);
        for (size_t i = 0; i < r->need_count; i++) {
            if ((err = fd_target_needed_growth(&x, s0, s, r->needs[i].n, growth)) < 0) {
                fd_table_free(t);
                return err;
            }
            fd_column_set_est(years[i], row, x);
        }
    }
    r->matrix = t;
    return 0;
}

/* 口径提示: what the arithmetic rests on. Plain sentences, no verdict. */
static void add_notes(work *w)
{
    fd_target_result *r = w->r;
    const fd_target *t = w->t;
    char zh[400], en[400];

    snprintf(zh, sizeof zh, "测算情景:总量年均增长 %.4g%%,价格变动相同(同增减),起算年 %d",
             w->growth, r->base_year);
    snprintf(en, sizeof en,
             "scenario: the total grows by %.4g%% a year, prices move alike, counted from %d",
             w->growth, r->base_year);
    fd_table_add_note(r->summary, zh, en);
    if (t->base_count > 1) {
        const fd_target_point *a = &t->base[0], *b = &t->base[t->base_count - 1];

        snprintf(zh, sizeof zh,
                 "口径提示:%.4g%% 与 %.4g%% 的目录、价格口径和样本可能不同,不宜直接外推",
                 real(b->value), real(a->value));
        snprintf(
            en, sizeof en,
            "%.4g%% and %.4g%% may differ in catalogue, price basis and sample: do not extrapolate",
            real(b->value), real(a->value));
        fd_table_add_note(r->summary, zh, en);
    }
    if (isfinite(r->implied_2020)) {
        snprintf(zh, sizeof zh,
                 "口径提示:年均增长 %.4g%%、贡献率 %.4g%% 若都指 2020—%d 年且相对价格平稳,则 2020 "
                 "年占比约 %.2f%%",
                 w->historic, fd_number_to_double(w->o->contribution), r->base_year,
                 r->implied_2020);
        snprintf(en, sizeof en,
                 "growth of %.4g%% a year and a contribution of %.4g%%, if both cover 2020-%d at "
                 "steady relative "
                 "prices, imply about %.2f%% in 2020",
                 w->historic, fd_number_to_double(w->o->contribution), r->base_year,
                 r->implied_2020);
        fd_table_add_note(r->summary, zh, en);
    }
    if (isfinite(w->historic)) {
        snprintf(zh, sizeof zh,
                 "按年均 %.4g%% 不变推算;占比不可加,只测算全市新增量,不对企业、不对报表下达数",
                 w->historic);
        snprintf(
            en, sizeof en,
            "projection at %.4g%% a year; shares do not add up: increments of the whole city only, "
            "nothing is handed down to firms or returns",
            w->historic);
    } else {
        snprintf(zh, sizeof zh, "占比不可加,只测算全市新增量,不对企业、不对报表下达数");
        snprintf(en, sizeof en,
                 "shares do not add up: increments of the whole city only, nothing is handed down "
                 "to firms "
                 "or returns");
    }
    fd_table_add_note(r->summary, zh, en);
    if (w->marks[0]) {
        snprintf(zh, sizeof zh, "数据标记:%s", w->marks);
        snprintf(en, sizeof en, "marks of the data: %s", w->marks);
        fd_table_add_note(r->summary, zh, en);
    }
}

int fd_target_report(fd_target_result *out, const fd_program *program, fd_source *source,
                     const fd_target *target, const fd_target_options *options)
{
    static const fd_target_options defaults = FD_TARGET_OPTIONS_INIT;
    const fd_target_point *start = start_point(target);
    work w = { .r = out, .program = program, .source = source, .t = target };
    int err;

    memset(out, 0, sizeof *out);
    w.o = options ? options : &defaults;
    w.growth = real(w.o->growth);
    w.historic = w.o->historic_growth.scale < 0 ? NAN : real(w.o->historic_growth);
    if (!start)
        return fd_error_set(FD_EINVAL, "目标「%s」没有基线", "target %s has no base", target->name);
    out->base = fd_number_exact(fd_quot_from_decimal(start->value));
    out->base_year = target->start_year ? target->start_year : start->year;
    if ((err = find_now(&w)) < 0)
        goto done;
    out->path = path_at(&w, out->now_year ? out->now_year : out->base_year);
    if ((err = judge(&w)) < 0)
        goto done;
    find_pace(&w);
    out->implied_2020 = NAN;
    if (is_share(target) && isfinite(w.historic) && fd_number_has(w.o->contribution) &&
        out->base_year > 2020 &&
        fd_target_implied_share(&out->implied_2020, fd_number_to_double(out->base), w.historic,
                                out->base_year - 2020,
                                fd_number_to_double(w.o->contribution)) < 0) {
        fd_error_clear();
        out->implied_2020 = NAN;
    }
    make_summary(&w);
    make_path(&w);
    if (is_share(target) && (err = find_needs(&w)) < 0)
        goto done;
    make_needs(&w);
    if ((err = make_matrix(&w)) < 0)
        goto done;
    add_notes(&w);
done:
    if (err < 0)
        fd_target_result_dispose(out);
    return err < 0 ? err : 0;
}

void fd_target_result_dispose(fd_target_result *r)
{
    fd_table_free(r->summary);
    fd_table_free(r->path_table);
    fd_table_free(r->needs_table);
    fd_table_free(r->matrix);
    r->summary = r->path_table = r->needs_table = r->matrix = NULL;
}
