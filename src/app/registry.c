/*
 * The list of verbs, in the order in which the help shows them.
 */
#include <string.h>

#include "app/registry.h"
#include "base/str.h"
#include "base/utf8.h"

static const fd_verb *const verbs[] = {
    &fd_verb_new,
    &fd_verb_import,
    &fd_verb_collect_open,
    &fd_verb_collect_import,
    &fd_verb_collect_chase,
    &fd_verb_collect_return,
    &fd_verb_collect_status,
    &fd_verb_status,
    &fd_verb_measure,
    &fd_verb_why,
    &fd_verb_growth,
    &fd_verb_target,
    &fd_verb_show,
    &fd_verb_history,
    &fd_verb_records,
    &fd_verb_record_move,
    &fd_verb_correct,
    &fd_verb_export,
    &fd_verb_publish,
    &fd_verb_published,
    &fd_verb_define,
    &fd_verb_ding_history,
    &fd_verb_ding_diff,
    &fd_verb_ding_check,
    &fd_verb_ding_format,
    &fd_verb_ding_explain,
    &fd_verb_form_export,
    &fd_verb_form_import,
    &fd_verb_complexity,
    &fd_verb_complexity_city,
    &fd_verb_policy_list,
    &fd_verb_policy_check,
    &fd_verb_policy_why,
    &fd_verb_policy_table,
    &fd_verb_policy_push,
    &fd_verb_policy_grants,
    &fd_verb_policy_test,
    &fd_verb_policy_what_if,
    &fd_verb_policy_diff,
    &fd_verb_policy_changed,
    &fd_verb_ladder,
    &fd_verb_tfp,
    &fd_verb_tfp_city,
    &fd_verb_prodfun,
    &fd_verb_prodfun_city,
    &fd_verb_index,
    &fd_verb_index_city,
    &fd_verb_index_freeze,
    &fd_verb_index_couple,
    &fd_verb_maturity,
    &fd_verb_event_study,
    &fd_verb_event_study_city,
    &fd_verb_maturity_city,
    &fd_verb_maturity_answer,
    &fd_verb_forecast,
    &fd_verb_forecast_city,
    &fd_verb_io_coefficients,
    &fd_verb_io_leontief,
    &fd_verb_io_ghosh,
    &fd_verb_io_sectors,
    &fd_verb_io_multipliers,
    &fd_verb_io_extract,
    &fd_verb_io_price,
    &fd_verb_io_shock,
    &fd_verb_io_demand,
    &fd_verb_io_paths,
    &fd_verb_io_footprint,
    &fd_verb_io_carbon,
    &fd_verb_io_balance,
    &fd_verb_io_region,
    &fd_verb_io_city,
    &fd_verb_io_ras,
    &fd_verb_io_gras,
    &fd_verb_io_dynamic,
    &fd_verb_dea,
    &fd_verb_dea_city,
    &fd_verb_malmquist,
    &fd_verb_malmquist_city,
    &fd_verb_green_tfp,
    &fd_verb_green_tfp_city,
    &fd_verb_chain_closure,
    &fd_verb_chain_cascade,
    &fd_verb_chain_map,
    &fd_verb_chain_gaps,
    &fd_verb_chain_candidates,
    &fd_verb_chain_members,
    &fd_verb_chain_index,
    &fd_verb_chain_overlap,
    &fd_verb_chain_graph,
    &fd_verb_chain_leaders,
    &fd_verb_chain_meetings,
    &fd_verb_chain_four,
    &fd_verb_chain_steps,
    &fd_verb_chain_block,
    &fd_verb_futures,
    &fd_verb_specialise,
    &fd_verb_specialise_city,
    &fd_verb_shift_share,
    &fd_verb_shift_share_city,
    &fd_verb_structure,
    &fd_verb_structure_city,
    &fd_verb_lmdi,
    &fd_verb_lmdi_city,
    &fd_verb_lp,
    &fd_verb_plan,
    &fd_verb_plan_ask,
    &fd_verb_plan_report,
    &fd_verb_plan_save,
    &fd_verb_plan_scenarios,
    &fd_verb_plan_compare,
    &fd_verb_plan_drop,
    &fd_verb_plan_file,
    &fd_verb_plan_export,
    &fd_verb_plan_template,
    &fd_verb_conversion,
    &fd_verb_conversion_city,
    &fd_verb_opportunities,
    &fd_verb_opportunities_city,
    &fd_verb_trace,
    &fd_verb_doctor,
    &fd_verb_audit,
    &fd_verb_audit_verify,
    &fd_verb_snapshots,
    &fd_verb_four_eyes,
    &fd_verb_generate,
    &fd_verb_paper_monthly,
    &fd_verb_paper_county,
    &fd_verb_paper_chain,
    &fd_verb_paper_firm,
    &fd_verb_paper_promises,
    &fd_verb_paper_weekly,
    &fd_verb_paper_check,
    &fd_verb_paper_issue,
    &fd_verb_paper_history,
    &fd_verb_paper_changed,
    &fd_verb_paper_fetch,
    &fd_verb_home,
    &fd_verb_series,
    &fd_verb_explain,
    &fd_verb_search,
    &fd_verb_matrix,
    &fd_verb_cell,
    &fd_verb_lead_cells,
    &fd_verb_projects,
    &fd_verb_projects_check,
    &fd_verb_project,
    &fd_verb_renovations,
    &fd_verb_leads,
    &fd_verb_platforms,
    &fd_verb_services,
    &fd_verb_parks,
    &fd_verb_chain_scale,
    &fd_verb_peers,
    &fd_verb_benchmarks,
    &fd_verb_promises,
};

#define VERB_COUNT (sizeof verbs / sizeof *verbs)

const fd_verb *const *fd_verbs(size_t *count)
{
    *count = VERB_COUNT;
    return verbs;
}

const fd_verb *fd_verb_find(const char *name)
{
    const size_t length = strlen(name);
    const char *names[VERB_COUNT];
    const char *nearest;
    fd_buf family = FD_BUF_INIT;

    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
        names[i] = verbs[i]->name;
    }
    fd_error_set(FD_ENOTFOUND, "没有这个动词:%s", "no such verb: %s", name);
    for (size_t i = 0; i < VERB_COUNT; i++) /* the first of two words: ding, policy, chain … */
        if (strncmp(names[i], name, length) == 0 && names[i][length] == ' ')
            fd_buf_printf(&family, "%s%s", family.len ? ", " : "", names[i]);
    if (family.len) {
        fd_error_hint("有 %s", "there are %s", fd_buf_text(&family));
        fd_buf_dispose(&family);
        return NULL;
    }
    fd_buf_dispose(&family);
    nearest = fd_nearest(name, names, VERB_COUNT);
    if (nearest)
        fd_error_hint("是不是 %s?fangding help 列出全部",
                      "did you mean %s? fangding help lists all", nearest);
    else
        fd_error_hint("fangding help 列出全部", "fangding help lists all");
    return NULL;
}
