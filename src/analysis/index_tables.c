/*
 * Composite indices: the tables, how ranks move with weights, coupling.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/index.h"
#include "fangding/arena.h"
#include "table/put.h"

/* ---- coupling ---- */

void fd_index_couple(double *classic, double *corrected, const double *u, size_t n)
{
    double sum = 0, logs = 0, ratio = 0, spread = 0, most = 0;
    bool zero = false;

    *classic = *corrected = NAN;
    for (size_t i = 0; i < n; i++) {
        sum += u[i];
        most = fmax(most, u[i]);
        zero |= u[i] <= 0;
    }
    if (!(sum > 0))
        return;
    for (size_t i = 0; i < n; i++) {
        logs += zero ? 0 : log(u[i]);
        ratio += zero ? 0 : log(u[i] / most);
        for (size_t k = 0; k < i; k++)
            spread += fabs(u[i] - u[k]);
    }
    spread /= (double)n * (double)(n - 1) / 2;
    *classic = zero ? 0 : (double)n * exp(logs / (double)n) / sum;
    *corrected = zero ? 0 : sqrt(fmax(1 - spread, 0) * exp(ratio / (double)(n - 1)));
}

const char *fd_index_grade(double d, fd_lang lang)
{
    static const char *const names[2][10] = {
        { "极度失调", "严重失调", "中度失调", "轻度失调", "濒临失调", "勉强协调", "初级协调",
          "中级协调", "良好协调", "优质协调" },
        { "extreme imbalance", "severe imbalance", "moderate imbalance", "mild imbalance",
          "near imbalance", "barely coordinated", "primary coordination",
          "intermediate coordination", "good coordination", "quality coordination" },
    };
    const int tenth = d >= 1 ? 9 : d > 0 ? (int)floor(d * 10 + 1e-9) : 0;

    return names[lang][tenth > 9 ? 9 : tenth];
}

/* ---- tables ---- */

/* A table that begins with the unit and, where there are periods, the period. */
static fd_table *new_table(const char *id, const char *zh, const char *en, const fd_index__work *w)
{
    fd_table *t = fd_table_new(id, zh, en);

    fd_table_add_new(t, w->panel.id_name, w->panel.id_name, w->panel.id_name, FD_TEXT, "", 0);
    if (w->panel.time_name[0])
        fd_table_add_new(t, w->panel.time_name, w->panel.time_name, w->panel.time_name, FD_TEXT, "",
                         0);
    return t;
}

/* @return the first column after unit and period */
static size_t begin_row(fd_table *t, size_t *row, const fd_index__work *w, size_t unit, size_t i)
{
    *row = fd_table_add_row(t);
    fd_column_set_text(t->columns[0], *row, w->panel.unit[unit]);
    if (!w->panel.time_name[0])
        return 1;
    fd_column_set_text(t->columns[1], *row, w->panel.label[i]);
    return 2;
}

static void add_number(fd_table *t, const char *prefix, const char *code, const char *zh,
                       const char *en)
{
    char id[160], title[2][200];

    snprintf(id, sizeof id, "%s%.128s", prefix, code);
    snprintf(title[FD_ZH], sizeof title[FD_ZH], "%s%.128s", zh, code);
    snprintf(title[FD_EN], sizeof title[FD_EN], "%s%.128s", en, code);
    fd_table_add_new(t, id, title[FD_ZH], title[FD_EN], FD_EST, "", 0);
}

static bool first_level(const fd_index__node *node)
{
    return node->parent < 0 && !node->dropped;
}

static void put_scores(fd_index *out, const fd_index__work *w)
{
    static const fd_column_spec specs[] = {
        { "score", "得分", "Score", FD_EST, NULL, 0 },
        { "rank", "名次", "Rank", FD_EST, NULL, 0 },
        { "coverage", "已知权重", "Coverage", FD_EST, NULL, 0 },
        { "score_low", "得分下限", "Lowest", FD_EST, NULL, 0 },
        { "score_high", "得分上限", "Highest", FD_EST, NULL, 0 },
    };
    const size_t n = w->panel.n;
    fd_table *t = out->scores = new_table("scores", "综合指数", "Composite index", w);
    double *rank = fd_alloc((n + 1) * sizeof *rank);

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t k = 0; k < w->tree.count; k++)
        if (first_level(&w->tree.node[k]))
            add_number(t, "c_", w->tree.node[k].code, "贡献 ", "From ");
    fd_index__rank(rank, w->score, &w->panel);
    for (size_t u = 0; u < w->panel.units; u++)
        for (size_t i = w->panel.start[u]; i < w->panel.start[u + 1]; i++) {
            size_t row, c = begin_row(t, &row, w, u, i);

            fd_table__put_est(t, c++, row, w->score[i]);
            fd_table__put_est(t, c++, row, rank[i] > 0 ? rank[i] : NAN);
            fd_table__put_est(t, c++, row, w->coverage[i]);
            if (w->method != FD_INDEX_TOPSIS || !isnan(w->score[i])) {
                fd_table__put_est(t, c, row, w->low[i]);
                fd_table__put_est(t, c + 1, row, w->high[i]);
            }
            c += 2;
            for (size_t k = 0; k < w->tree.count; k++)
                if (first_level(&w->tree.node[k]))
                    fd_table__put_est(t, c++, row, w->part[k * n + i]);
        }
    free(rank);
}

static void put_cells(fd_index *out, const fd_index__work *w)
{
    static const fd_column_spec specs[] = {
        { "code", "指标", "Indicator", FD_TEXT, NULL, 0 },
        { "value", "值", "Value", FD_EST, NULL, 0 },
        { "normalised", "标准化", "Normalised", FD_EST, NULL, 0 },
        { "weight", "权重", "Weight", FD_EST, NULL, 0 },
        { "contribution", "贡献", "Contribution", FD_EST, NULL, 0 },
    };
    const size_t n = w->panel.n;
    fd_table *t = out->cells = new_table("cells", "逐格贡献", "Every cell's contribution", w);

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t u = 0; u < w->panel.units; u++)
        for (size_t i = w->panel.start[u]; i < w->panel.start[u + 1]; i++)
            for (size_t k = 0; k < w->tree.count; k++) {
                const fd_index__node *node = &w->tree.node[k];
                size_t row, c;

                if (!fd_index__is_leaf(node) || node->dropped)
                    continue;
                c = begin_row(t, &row, w, u, i);
                fd_column_set_text(t->columns[c], row, node->code);
                if (node->column >= 0)
                    fd_table__put_est(t, c + 1, row,
                                      fd_prodpanel_column(&w->panel, (size_t)node->column)[i]);
                fd_table__put_est(t, c + 2, row, w->norm[k * n + i]);
                fd_table__put_est(t, c + 3, row, node->global);
                fd_table__put_est(t, c + 4, row, w->part[k * n + i]);
            }
}

static void put_weights(fd_index *out, const fd_index__work *w)
{
    static const char *const methods[] = { "fixed", "entropy", "topsis" };
    static const fd_column_spec specs[] = {
        { "code", "指标", "Indicator", FD_TEXT, NULL, 0 },
        { "parent", "上级", "Parent", FD_TEXT, NULL, 0 },
        { "direction", "方向", "Direction", FD_TEXT, NULL, 0 },
        { "low", "下限", "Low", FD_EST, NULL, 0 },
        { "high", "上限", "High", FD_EST, NULL, 0 },
        { "weight", "同级权重", "Weight among siblings", FD_EST, NULL, 0 },
        { "global", "总权重", "Weight in all", FD_EST, NULL, 0 },
        { "entropy", "熵", "Entropy", FD_EST, NULL, 0 },
        { "method", "方法", "Method", FD_TEXT, NULL, 0 },
        { "plan", "规划期", "Plan", FD_TEXT, NULL, 0 },
    };
    fd_table *t = out->weights = fd_table_new("weights", "指标树与权重", "Tree and weights");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t k = 0; k < w->tree.count; k++) {
        const fd_index__node *node = &w->tree.node[k];
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, node->code);
        if (node->parent >= 0)
            fd_column_set_text(t->columns[1], row, w->tree.node[node->parent].code);
        fd_column_set_text(t->columns[2], row, node->negative ? "-" : "+");
        fd_table__put_est(t, 3, row, node->low);
        fd_table__put_est(t, 4, row, node->high);
        fd_table__put_est(t, 5, row, node->local);
        fd_table__put_est(t, 6, row, node->global);
        fd_table__put_est(t, 7, row, node->entropy);
        fd_column_set_text(t->columns[8], row, methods[w->method]);
        if (w->plan)
            fd_column_set_text(t->columns[9], row, w->plan);
    }
}

/* ---- how ranks move ---- */

/* Ranks when the weights are those of another method. */
static void rank_by(double *rank, fd_index__work *v, double *score, fd_index_method method)
{
    const fd_index__work *w = v;

    if (method == FD_INDEX_FIXED)
        (void)fd_index__fixed_weights(&v->tree); /* the tree was weighed so before, or is level */
    else
        fd_index__entropy_weights(&v->tree);
    fd_index__score(score, NULL, w, method);
    fd_index__rank(rank, score, &w->panel);
}

/* Each weight alone up and down by a share: the best and the worst rank that gives. */
static void perturb(double *best, double *worst, fd_index__work *v, const fd_index__work *w,
                    double *score, double *rank)
{
    const size_t n = w->panel.n, m = w->tree.count;

    fd_index__rank(best, w->score, &w->panel);
    memcpy(worst, best, n * sizeof *worst);
    for (size_t j = 0; j < 2 * m; j++) {
        const double by = w->tree.node[j / 2].global * w->o->perturbation * (j % 2 ? -1 : 1);

        if (!fd_index__is_leaf(&w->tree.node[j / 2]) || by == 0)
            continue;
        for (size_t k = 0; k < m; k++)
            v->tree.node[k].global = (w->tree.node[k].global + (k == j / 2 ? by : 0)) / (1 + by);
        fd_index__score(score, NULL, v, w->method);
        fd_index__rank(rank, score, &w->panel);
        for (size_t i = 0; i < n; i++) {
            best[i] = fmin(best[i], rank[i]);
            worst[i] = fmax(worst[i], rank[i]);
        }
    }
}

static void put_sensitivity(fd_index *out, const fd_index__work *w)
{
    static const fd_column_spec specs[] = {
        { "rank", "名次", "Rank", FD_EST, NULL, 0 },
        { "rank_fixed", "固定权重", "Fixed weights", FD_EST, NULL, 0 },
        { "rank_entropy", "熵权", "Entropy weights", FD_EST, NULL, 0 },
        { "rank_topsis", "熵权 TOPSIS", "Entropy TOPSIS", FD_EST, NULL, 0 },
        { "rank_best", "最好名次", "Best", FD_EST, NULL, 0 },
        { "rank_worst", "最差名次", "Worst", FD_EST, NULL, 0 },
    };
    const size_t n = w->panel.n;
    double *ranks = fd_alloc((8 * n + 1) * sizeof *ranks), *score = ranks + 7 * n;
    fd_table *t = out->sensitivity =
        new_table("sensitivity", "名次敏感性", "How ranks move with weights", w);
    fd_index__work v = *w;
    char note[2][200];

    v.tree.node = fd_alloc(w->tree.count * sizeof *v.tree.node);
    memcpy(v.tree.node, w->tree.node, w->tree.count * sizeof *v.tree.node);
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    fd_index__rank(ranks, w->score, &w->panel);
    for (int k = 0; k < 3; k++)
        rank_by(ranks + (size_t)(k + 1) * n, &v, score, (fd_index_method)k);
    memcpy(v.tree.node, w->tree.node, w->tree.count * sizeof *v.tree.node);
    perturb(ranks + 4 * n, ranks + 5 * n, &v, w, score, ranks + 6 * n);
    for (size_t u = 0; u < w->panel.units; u++)
        for (size_t i = w->panel.start[u]; i < w->panel.start[u + 1]; i++) {
            size_t row;
            const size_t c = begin_row(t, &row, w, u, i);

            for (size_t k = 0; k < 6; k++)
                fd_table__put_est(t, c + k, row, ranks[k * n + i] > 0 ? ranks[k * n + i] : NAN);
        }
    snprintf(note[FD_ZH], sizeof note[FD_ZH], "最好、最差:每个权重单独上下 %g%%(其余按比例)",
             100 * w->o->perturbation);
    snprintf(note[FD_EN], sizeof note[FD_EN],
             "best and worst: each weight alone up and down by %g%%, the others in proportion",
             100 * w->o->perturbation);
    fd_table_add_note(t, note[FD_ZH], note[FD_EN]);
    free(v.tree.node);
    free(ranks);
}

/* ---- coupling of the first level ---- */

/* u of each first-level node in row i: what it has of what it could have. Columns without a tree
 * that all lie in 0..1 already are subsystems' scores and stay as they are. @return false when one
 * is missing */
static bool subsystems(double *u, double *share, const fd_index__work *w, size_t i, bool as_is)
{
    const size_t n = w->panel.n;
    size_t at = 0;
    bool known = true;

    for (size_t k = 0; k < w->tree.count; k++) {
        const fd_index__node *node = &w->tree.node[k];

        if (node->parent >= 0 || (!as_is && !(node->global > 0)))
            continue;
        u[at] = as_is ? fd_prodpanel_column(&w->panel, (size_t)node->column)[i]
                      : w->part[k * n + i] / node->global;
        known &= !isnan(u[at]);
        u[at] = fmin(fmax(u[at], 0), 1);
        share[at++] = node->global;
    }
    return known;
}

static bool all_between(const fd_index__work *w)
{
    for (size_t k = 0; k < w->panel.columns; k++)
        for (size_t i = 0; i < w->panel.n; i++) {
            const double x = fd_prodpanel_column(&w->panel, k)[i];

            if (x < 0 || x > 1)
                return false;
        }
    return true;
}

static void put_coupling(fd_index *out, const fd_index__work *w)
{
    static const fd_column_spec specs[] = {
        { "t", "综合发展 T", "Development T", FD_EST, NULL, 0 },
        { "c_classic", "耦合度 C(经典)", "Coupling C (classic)", FD_EST, NULL, 0 },
        { "d_classic", "协调度 D(经典)", "Coordination D (classic)", FD_EST, NULL, 0 },
        { "grade_classic", "等级(经典)", "Grade (classic)", FD_TEXT, NULL, 0 },
        { "c", "耦合度 C(修正)", "Coupling C (corrected)", FD_EST, NULL, 0 },
        { "d", "协调度 D(修正)", "Coordination D (corrected)", FD_EST, NULL, 0 },
        { "grade", "等级(修正)", "Grade (corrected)", FD_TEXT, NULL, 0 },
    };
    const bool as_is = !w->o->tree && all_between(w);
    double *u, *share;
    size_t count = 0;
    fd_table *t;

    for (size_t k = 0; k < w->tree.count; k++)
        count += w->tree.node[k].parent < 0 && (as_is || w->tree.node[k].global > 0);
    if (count < 2 || w->method == FD_INDEX_TOPSIS)
        return;
    t = out->coupling = new_table("coupling", "耦合协调度", "Coupling coordination", w);
    for (size_t k = 0; k < w->tree.count; k++)
        if (w->tree.node[k].parent < 0 && (as_is || w->tree.node[k].global > 0))
            add_number(t, "u_", w->tree.node[k].code, "U ", "U ");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    u = fd_alloc(2 * count * sizeof *u);
    share = u + count;
    for (size_t unit = 0; unit < w->panel.units; unit++)
        for (size_t i = w->panel.start[unit]; i < w->panel.start[unit + 1]; i++) {
            size_t row, c = begin_row(t, &row, w, unit, i);
            const bool known = subsystems(u, share, w, i, as_is);
            double classic, corrected, develop = 0, whole = 0;

            for (size_t k = 0; k < count; k++) {
                if (known)
                    fd_table__put_est(t, c, row, u[k]);
                c++;
                whole += as_is ? 1 : share[k];
                develop += (as_is ? 1 : share[k]) * u[k];
            }
            if (!known)
                continue;
            develop /= whole;
            fd_index_couple(&classic, &corrected, u, count);
            fd_table__put_est(t, c, row, develop);
            fd_table__put_est(t, c + 1, row, classic);
            fd_table__put_est(t, c + 2, row, sqrt(classic * develop));
            fd_table__put_est(t, c + 4, row, corrected);
            fd_table__put_est(t, c + 5, row, sqrt(corrected * develop));
            if (isnan(classic))
                continue;
            fd_column_set_text(t->columns[c + 3], row,
                               fd_index_grade(sqrt(classic * develop), FD_ZH));
            fd_column_set_text(t->columns[c + 6], row,
                               fd_index_grade(sqrt(corrected * develop), FD_ZH));
        }
    fd_table_add_note(
        t, "经典式集中在 1 附近,修正式(王淑佳等 2021)用满 0 到 1;等级按 0.1 一档",
        "the classic form crowds near 1, the corrected one (Wang et al. 2021) uses all of "
        "0..1; grades by tenths");
    if (as_is)
        fd_table_add_note(
            t, "各列都在 0 到 1 之间:当作子系统得分,不再标准化,权重相等",
            "all columns lie in 0..1: taken as subsystems' scores, as they stand, with "
            "equal weights");
    free(u);
}

static void put_notes(fd_index *out, const fd_index__work *w)
{
    char zh[400], en[400];

    for (size_t k = 0; k < w->tree.count; k++) {
        const fd_index__node *node = &w->tree.node[k];

        if (!fd_index__is_leaf(node))
            continue;
        if (node->dropped) {
            snprintf(zh, sizeof zh, "%.100s 处处相同,未计入,权重由同级分担", node->code);
            snprintf(en, sizeof en,
                     "%.100s is the same everywhere and left out; its siblings share its weight",
                     node->code);
            fd_table_add_note(out->scores, zh, en);
        } else if (node->column < 0 || isnan(node->low)) {
            snprintf(zh, sizeof zh, "%.100s 没有数据:不知道,不是 0", node->code);
            snprintf(en, sizeof en, "%.100s has no data: unknown, which is not 0", node->code);
            fd_table_add_note(out->scores, zh, en);
        }
    }
    if (w->beyond) {
        snprintf(zh, sizeof zh, "%zu 格超出上下限:标准化值小于 0 或大于 1", w->beyond);
        snprintf(en, sizeof en, "%zu cells lie beyond the bounds: below 0 or above 1", w->beyond);
        fd_table_add_note(out->scores, zh, en);
    }
    if (w->plan) {
        snprintf(zh, sizeof zh, "权重冻结于规划期 %.60s,期外勿用", w->plan);
        snprintf(en, sizeof en, "weights frozen for %.60s: not for use outside", w->plan);
        fd_table_add_note(out->scores, zh, en);
    }
    if (!w->o->frozen)
        fd_table_add_note(
            out->scores,
            "上下限和(熵)权重取自这份数据:换一份数据就变;跨年比较请冻结(--out weights,再 "
            "--weights)",
            "bounds and entropy weights come from this file and change with it: freeze them "
            "(--out weights, then --weights) to compare years");
}

void fd_index__tables(fd_index *out, const fd_index__work *w)
{
    put_scores(out, w);
    put_cells(out, w);
    put_weights(out, w);
    put_sensitivity(out, w);
    put_coupling(out, w);
    put_notes(out, w);
}
