/*
 * Tables that say why a program has no solution.
 */
#include "solve/study_internal.h"

int fd_study__run_elastic(fd_table **out, const fd_study_model *models, size_t count,
                          const fd_study_options *options)
{
    static const fd_column_spec specs[] = {
        { "row", "限制", "Row", FD_TEXT, NULL, 0 },
        { "violation", "须放宽", "Violation", FD_EST, NULL, 0 },
        { "weighted", "加权", "Weighted", FD_EST, NULL, 0 },
        { "direction", "方向", "Direction", FD_TEXT, NULL, 0 },
    };
    fd_elastic elastic;
    fd_table *t;
    size_t which = 0;
    fd_study_outcome o;
    int err;

    if ((err = fd_study__find(&which, &o, FD_LP_INFEASIBLE, false, models, count, options)) < 0)
        return err;
    fd_study__dispose(&o);
    if ((err = fd_study__elastic(&elastic, models[which].model, options)) < 0)
        return err;
    if (elastic.status != FD_LP_OPTIMAL) {
        fd_elastic_dispose(&elastic);
        fd_error_set(FD_EINFEASIBLE, "只放宽这些行还不够:其余的行自己就矛盾",
                     "these rows cannot give enough: the others contradict by themselves");
        return fd_error_hint("用 --iis 看是哪些", "--iis says which");
    }
    t = fd_table_new("elastic", "最小放宽", "Least relaxation");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < elastic.count; i++) {
        const fd_relaxed *item = &elastic.items[i];
        size_t row = fd_table_add_row(t);

        fd_study__set_text(t, "row", row, models[which].model->rows[item->row].name);
        fd_study__set(t, "violation", row, item->violation);
        fd_study__set(t, "weighted", row, item->weighted);
        fd_study__set_text(t, "direction", row, item->direction > 0 ? "over" : "under");
    }
    fd_table_add_note(t,
                      "加权 = 放宽量 / max(1, |右端|),合计最小;最小值唯一,放宽在哪一行往往不唯一。",
                      "Weighted = violation / max(1, |rhs|), least in sum; the sum is unique, "
                      "where it falls often is not.");
    if (elastic.proof.holds)
        fd_table_add_note(t, "不可行已由 Farkas 乘数证明,并独立复核。",
                          "Infeasibility is proved by Farkas multipliers, checked independently.");
    fd_elastic_dispose(&elastic);
    *out = t;
    return 0;
}

int fd_study__run_iis(fd_table **out, const fd_study_model *models, size_t count,
                      const fd_study_options *options, bool detailed)
{
    static const fd_column_spec specs[] = {
        { "iis", "序号", "IIS", FD_EST, NULL, 0 },
        { "rows", "互相矛盾的限制", "Rows", FD_TEXT, NULL, 0 },
        { "verified", "已核实", "Verified", FD_BOOL, NULL, 0 },
    };
    static const fd_column_spec by_row[] = {
        { "iis", "序号", "IIS", FD_EST, NULL, 0 },
        { "group", "政策", "Group", FD_TEXT, NULL, 0 },
        { "row", "限制", "Row", FD_TEXT, NULL, 0 },
        { "multiplier", "乘数", "Multiplier", FD_EST, NULL, 0 },
    };
    fd_buf text = FD_BUF_INIT;
    fd_groups groups;
    fd_iis iis = { 0 };
    fd_table *t;
    size_t which = 0;
    fd_study_outcome o;
    int err;

    if ((err = fd_study__find(&which, &o, FD_LP_INFEASIBLE, false, models, count, options)) < 0)
        return err;
    fd_study__dispose(&o);
    if (options->policy_count)
        fd_groups_by_pattern(&groups, models[which].model, options->policies,
                             options->policy_count);
    else
        fd_groups_by_row(&groups, models[which].model);
    if ((err = fd_iis_find(&iis, models[which].model, &groups, options->seconds)) < 0)
        goto done;
    t = detailed ? fd_table_new("iis_rows", "互相矛盾的限制", "Contradiction, row by row")
                 : fd_table_new("iis", "互相矛盾的限制", "Irreducible infeasible set");
    if (detailed) {
        fd_table_add_columns(t, by_row, sizeof by_row / sizeof *by_row);
        for (size_t r = 0; r < models[which].model->row_count; r++) {
            ptrdiff_t g = groups.group[r];
            size_t row;

            if (iis.ray[r] == 0)
                continue;
            row = fd_table_add_row(t);
            fd_study__set(t, "iis", row, 1);
            if (g >= 0)
                fd_study__set_text(t, "group", row, groups.names[g]);
            fd_study__set_text(t, "row", row, models[which].model->rows[r].name);
            fd_study__set(t, "multiplier", row, iis.ray[r]);
        }
    } else {
        fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
        fd_table_add_row(t);
        for (size_t i = 0; i < iis.count; i++)
            fd_buf_printf(&text, "%s%s", i ? ";" : "", groups.names[iis.groups[i]]);
        fd_study__set(t, "iis", 0, 1);
        fd_study__set_text(t, "rows", 0, fd_buf_text(&text));
        fd_column_set_bool(t->columns[2], 0, iis.verified);
    }
    if (iis.count == 0)
        fd_table_add_note(t, "不可放宽的行自己就矛盾。", "The hard rows contradict by themselves.");
    fd_table_add_note(
        t,
        iis.verified
            ? "已核实:整组无解(Farkas 乘数),去掉任何一个即有解(解已复核)。变量的界始终有效。"
            : "未能全部核实。",
        iis.verified ? "Verified: no solution together (Farkas multipliers), a solution without "
                       "any one (checked). Bounds of columns always stand."
                     : "Not all of it could be verified.");
    *out = t;
done:
    fd_buf_dispose(&text);
    fd_iis_dispose(&iis);
    fd_groups_dispose(&groups);
    return err;
}
