/*
 * Why it cannot be done, and what binds where it can.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"
#include "solve/mps.h"

/* The program with the target as a row. */
static int with_target(fd_plan_model *m, const fd_plan *plan, const fd_plan_options *options)
{
    size_t row;
    int err;

    if ((err = fd_plan__build(m, plan)) < 0)
        return err;
    err = fd_plan__require(&row, m, plan, fd_plan__target_year(plan, options),
                           fd_plan__target(plan, options));
    if (err < 0)
        fd_plan__model_dispose(m);
    return err;
}

int fd_plan_export(char **text, size_t *length, fd_plan *plan, const fd_plan_options *options)
{
    fd_buf out = FD_BUF_INIT;
    fd_plan_model m;
    int err;

    if ((err = with_target(&m, plan, options)) < 0)
        return err;
    /* As a minimum: not every solver reads a section that says otherwise. */
    m.model->maximize = false;
    for (size_t c = 0; c < m.model->column_count; c++)
        m.model->columns[c].objective = -m.model->columns[c].objective;
    if ((err = fd_mps_write(&out, m.model)) >= 0) {
        *length = out.len;
        *text = fd_buf_take(&out);
    }
    fd_buf_dispose(&out);
    fd_plan__model_dispose(&m);
    return err;
}

int fd_plan__relax(fd_table **out, fd_plan *plan, const fd_plan_options *options)
{
    static const fd_column_spec specs[] = {
        { "limit", "限制", "Limit", FD_TEXT, NULL, 0 },
        { "row", "行", "Row", FD_TEXT, NULL, 0 },
        { "bound", "现在的限", "Bound now", FD_EST, NULL, 0 },
        { "violation", "须放宽", "To give way", FD_EST, NULL, 0 },
        { "weighted", "相对", "Relative", FD_EST, NULL, 0 },
    };
    const char *const *policies;
    fd_elastic elastic = { 0 };
    fd_groups groups;
    fd_plan_model m;
    size_t count;
    fd_table *t;
    int err;

    if ((err = with_target(&m, plan, options)) < 0)
        return err;
    policies = fd_plan__policies(&count);
    fd_groups_by_pattern(&groups, m.model, policies, count - 1); /* the share stays as asked for */
    err = fd_elastic_solve(&elastic, m.model, &groups, options->seconds);
    if (err >= 0 && elastic.status != FD_LP_OPTIMAL)
        err = fd_error_set(FD_EINFEASIBLE, "放宽全部政策限制也达不到:建设能力和建设周期不够",
                           "no relaxation of policies is enough: too little can be built in time");
    if (err < 0)
        goto done;
    t = fd_table_new("relax", "至少放宽多少", "The least relaxation");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < elastic.count; i++) {
        const fd_relaxed *item = &elastic.items[i];
        const fd_model_row *r = &m.model->rows[item->row];
        size_t row = fd_table_add_row(t);
        char words[300];

        fd_plan__words(plan, r->name, FD_ZH, words, sizeof words);
        fd_column_set_text(t->columns[0], row, words);
        fd_column_set_text(t->columns[1], row, r->name);
        fd_column_set_est(t->columns[2], row, item->direction > 0 ? r->upper : r->lower);
        fd_column_set_est(t->columns[3], row, item->violation * item->direction);
        fd_column_set_est(t->columns[4], row, item->weighted);
    }
    if (elastic.count == 0)
        fd_table_add_note(t, "目标可达,什么都不用放宽。",
                          "The target can be reached; nothing has to give way.");
    else
        fd_table_add_note(
            t,
            elastic.proof.holds
                ? "达不到已由 Farkas 乘数证明并独立复核;相对放宽之和最小,落在哪一行不唯一。"
                : "达不到的证明未通过复核。",
            elastic.proof.holds
                ? "That it cannot be reached is proved by Farkas multipliers, checked "
                  "independently; the sum is least, where it falls is not unique."
                : "The proof that it cannot be reached did not pass its check.");
    *out = t;
done:
    fd_elastic_dispose(&elastic);
    fd_groups_dispose(&groups);
    fd_plan__model_dispose(&m);
    return err;
}

int fd_plan__why(fd_table **out, fd_plan *plan, const fd_plan_options *options)
{
    static const fd_column_spec specs[] = {
        { "policy", "政策", "Policy", FD_TEXT, NULL, 0 },
        { "name", "名称", "Name", FD_TEXT, NULL, 0 },
        { "rows", "起作用的行", "Rows at work", FD_TEXT, NULL, 0 },
        { "verified", "已核实", "Verified", FD_BOOL, NULL, 0 },
    };
    const char *const *policies;
    fd_groups groups;
    fd_plan_model m;
    fd_iis iis = { 0 };
    size_t count;
    fd_table *t;
    int err;

    if ((err = with_target(&m, plan, options)) < 0)
        return err;
    policies = fd_plan__policies(&count);
    fd_groups_by_pattern(&groups, m.model, policies, count);
    if ((err = fd_iis_find(&iis, m.model, &groups, options->seconds)) < 0)
        goto done;
    t = fd_table_new("why", "哪些政策放在一起做不到", "Policies that contradict each other");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < iis.count; i++) {
        const char *policy = groups.names[iis.groups[i]], *name = policy;
        size_t row = fd_table_add_row(t), listed = 0;
        fd_buf rows = FD_BUF_INIT;

        for (size_t k = 0; k < plan->limits.count && name == policy; k++)
            if (strcmp(plan->limits.items[k].limit, policy) == 0)
                name = plan->limits.items[k].name;
        for (size_t r = 0; r < m.model->row_count; r++)
            if (groups.group[r] == (ptrdiff_t)iis.groups[i] && iis.ray[r] != 0 && listed++ < 5)
                fd_buf_printf(&rows, "%s%s", rows.len ? ";" : "", m.model->rows[r].name);
        if (listed > 5)
            fd_buf_printf(&rows, ";… %zu", listed);
        fd_column_set_text(t->columns[0], row, policy);
        fd_column_set_text(t->columns[1], row, name);
        fd_column_set_text(t->columns[2], row, fd_buf_text(&rows));
        fd_column_set_bool(t->columns[3], row, iis.verified);
        fd_buf_dispose(&rows);
    }
    if (iis.feasible)
        fd_table_add_note(t, "目标可达,没有矛盾。",
                          "The target can be reached: nothing contradicts.");
    else if (iis.count == 0)
        fd_table_add_note(t, "去掉全部政策限制也达不到:建设能力和建设周期不够。",
                          "Not even without the policies: too little can be built in time.");
    else
        fd_table_add_note(
            t,
            "这些政策合在一起无解,去掉任何一项即有解;两条性质都已复核。建设能力和周期视为不可改。",
            "Together they have no solution, without any one they have; both were checked. What "
            "can be built in time counts as given.");
    *out = t;
done:
    fd_iis_dispose(&iis);
    fd_groups_dispose(&groups);
    fd_plan__model_dispose(&m);
    return err;
}

/* ---- what binds ---- */

static void sentence(const fd_shadow *s, fd_lang lang, char *buf, size_t size)
{
    char plus[48] = "", minus[48] = "";

    if (s->has_plus)
        snprintf(plus, sizeof plus, "%+.4g", s->plus);
    if (s->has_minus)
        snprintf(minus, sizeof minus, "%+.4g", -s->minus);
    if (lang == FD_ZH)
        snprintf(buf, size, "限值加一单位,目标%s%s;减一单位,%s%s", s->has_plus ? "变动" : "无解",
                 plus, s->has_minus ? "变动" : "无解", minus);
    else
        snprintf(buf, size, "one unit more: %s%s; one unit less: %s%s",
                 s->has_plus ? "" : "no plan", plus, s->has_minus ? "" : "no plan", minus);
}

static int price(fd_table *t, const fd_plan *plan, const fd_plan_model *m, double seconds)
{
    const double noise = 1e-7; /* 亿元 a unit: below what two solves tell apart */
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    const char *const *policies;
    size_t count, n = 0, *rows = fd_alloc((m->model->row_count + 1) * sizeof *rows);
    fd_shadow *prices = fd_alloc((m->model->row_count + 1) * sizeof *prices);
    fd_lp_status status;
    fd_lp *lp;
    int err;

    how.method = FD_LP_DUAL;
    how.presolve = true;
    how.seconds = seconds;
    lp = fd_model_lp(m->model, &how);
    policies = fd_plan__policies(&count);
    for (size_t r = 0; r < m->model->row_count; r++)
        if (fd_model_match(m->model->rows[r].name, policies, count) >= 0)
            rows[n++] = r;
    if ((err = fd_lp_solve(&status, lp)) >= 0 && status == FD_LP_OPTIMAL)
        err = fd_shadow_prices(prices, m->model, lp, rows, n, FD_SHADOW_STEP);
    for (size_t i = 0; i < n && err >= 0; i++) {
        const char *name = m->model->rows[prices[i].row].name;
        char words[300];
        size_t row;

        if (fabs(prices[i].dual) < noise && fabs(prices[i].plus) < noise &&
            fabs(prices[i].minus) < noise && prices[i].has_plus && prices[i].has_minus)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, name);
        fd_plan__words(plan, name, FD_ZH, words, sizeof words);
        fd_column_set_text(t->columns[1], row, words);
        fd_column_set_est(t->columns[2], row, prices[i].dual);
        if (prices[i].has_plus)
            fd_column_set_est(t->columns[3], row, prices[i].plus);
        if (prices[i].has_minus)
            fd_column_set_est(t->columns[4], row, prices[i].minus);
        fd_column_set_bool(t->columns[5], row, prices[i].degenerate);
        sentence(&prices[i], FD_ZH, words, sizeof words);
        fd_column_set_text(t->columns[6], row, words);
        sentence(&prices[i], FD_EN, words, sizeof words);
        fd_column_set_text(t->columns[7], row, words);
    }
    fd_lp_free(lp);
    free(rows);
    free(prices);
    return err;
}

int fd_plan__binds(fd_table **out, fd_plan *plan, const fd_plan_options *options)
{
    static const fd_column_spec specs[] = {
        { "row", "行", "Row", FD_TEXT, NULL, 0 },
        { "limit", "限制", "Limit", FD_TEXT, NULL, 0 },
        { "dual", "影子价格", "Dual", FD_EST, "亿元", 0 },
        { "plus", "放大一侧", "Plus", FD_EST, "亿元", 0 },
        { "minus", "缩小一侧", "Minus", FD_EST, "亿元", 0 },
        { "degenerate", "两侧不同", "Degenerate", FD_BOOL, NULL, 0 },
        { "words", "说明", "In words (Chinese)", FD_TEXT, NULL, 0 },
        { "words_en", "英文说明", "In words", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("binds", "什么在卡脖子", "What binds");
    fd_plan_solution s = { 0 };
    fd_plan_model m;
    int err;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    if ((err = fd_plan__build(&m, plan)) < 0)
        goto done;
    if ((err = fd_plan__solve(&s, &m, plan, options)) >= 0)
        err = price(t, plan, &m, options->seconds);
    if (err >= 0) {
        fd_table_add_note(
            t,
            "目标 = 累计增加值减投资年费(亿元);两侧差分得出,两侧不同时没有单一价格;share "
            "行的单位是亿元战新增加值。",
            "Objective: value added summed less the yearly cost of investment, 亿元; by one-sided "
            "differences; where the sides differ there is no single price; the share's row is in "
            "亿元 of emerging value added.");
        if (!s.reachable && !plan->frozen)
            fd_table_add_note(t, "目标达不到:价格取自占比最大的方案,那里代价陡增。",
                              "The target cannot be reached: prices are those of the plan with the "
                              "largest share, where they are steep.");
    }
    fd_plan__solution_dispose(&s);
    fd_plan__model_dispose(&m);
done:
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
