/*
 * Every verb, one per file of src/app/verbs (a few closely related ones share a file).
 */
#ifndef FD_APP_REGISTRY_H
#define FD_APP_REGISTRY_H

#include "fangding/verbs.h"

extern const fd_verb fd_verb_new, fd_verb_generate;
extern const fd_verb fd_verb_import;
extern const fd_verb fd_verb_collect_open, fd_verb_collect_import, fd_verb_collect_chase,
    fd_verb_collect_return, fd_verb_collect_status;
extern const fd_verb fd_verb_form_export, fd_verb_form_import;
extern const fd_verb fd_verb_status;
extern const fd_verb fd_verb_measure, fd_verb_why, fd_verb_growth, fd_verb_target;
extern const fd_verb fd_verb_show, fd_verb_history, fd_verb_records, fd_verb_correct,
    fd_verb_export;
extern const fd_verb fd_verb_publish, fd_verb_published, fd_verb_define;
extern const fd_verb fd_verb_paper_monthly, fd_verb_paper_county, fd_verb_paper_chain,
    fd_verb_paper_firm, fd_verb_paper_promises, fd_verb_paper_weekly, fd_verb_paper_check;
extern const fd_verb fd_verb_ding_history, fd_verb_ding_diff, fd_verb_four_eyes, fd_verb_lead_cells;
extern const fd_verb fd_verb_paper_issue, fd_verb_paper_history, fd_verb_paper_changed,
    fd_verb_paper_fetch;
extern const fd_verb fd_verb_ding_check, fd_verb_ding_format, fd_verb_ding_explain;
extern const fd_verb fd_verb_complexity;
extern const fd_verb fd_verb_complexity_city;
extern const fd_verb fd_verb_tfp, fd_verb_prodfun, fd_verb_index, fd_verb_maturity,
    fd_verb_forecast;
extern const fd_verb fd_verb_io_coefficients, fd_verb_io_leontief, fd_verb_io_ghosh,
    fd_verb_io_sectors, fd_verb_io_multipliers, fd_verb_io_extract, fd_verb_io_balance,
    fd_verb_io_region, fd_verb_io_city, fd_verb_io_ras, fd_verb_io_gras, fd_verb_io_dynamic,
    fd_verb_io_price, fd_verb_io_shock, fd_verb_io_demand, fd_verb_io_paths, fd_verb_io_footprint,
    fd_verb_io_carbon;
extern const fd_verb fd_verb_event_study, fd_verb_event_study_city;
extern const fd_verb fd_verb_maturity_city, fd_verb_maturity_answer;
extern const fd_verb fd_verb_index_city, fd_verb_index_freeze, fd_verb_index_couple;
extern const fd_verb fd_verb_dea;
extern const fd_verb fd_verb_dea, fd_verb_malmquist, fd_verb_green_tfp;
extern const fd_verb fd_verb_chain_closure, fd_verb_chain_cascade;
extern const fd_verb fd_verb_chain_leaders, fd_verb_chain_meetings, fd_verb_chain_four,
    fd_verb_chain_steps, fd_verb_chain_block, fd_verb_futures;
extern const fd_verb fd_verb_chain_map, fd_verb_chain_gaps, fd_verb_chain_candidates,
    fd_verb_chain_members, fd_verb_chain_index, fd_verb_chain_overlap, fd_verb_chain_graph;
extern const fd_verb fd_verb_specialise;
extern const fd_verb fd_verb_shift_share;
extern const fd_verb fd_verb_structure;
extern const fd_verb fd_verb_lmdi;
extern const fd_verb fd_verb_lp;
extern const fd_verb fd_verb_plan, fd_verb_plan_file, fd_verb_plan_export, fd_verb_plan_template;
extern const fd_verb fd_verb_tfp_city, fd_verb_prodfun_city, fd_verb_forecast_city,
    fd_verb_dea_city, fd_verb_malmquist_city, fd_verb_green_tfp_city, fd_verb_specialise_city,
    fd_verb_shift_share_city, fd_verb_structure_city, fd_verb_lmdi_city;
extern const fd_verb fd_verb_plan_ask, fd_verb_plan_save, fd_verb_plan_scenarios,
    fd_verb_plan_compare, fd_verb_plan_drop, fd_verb_plan_report;
extern const fd_verb fd_verb_conversion;
extern const fd_verb fd_verb_conversion_city;
extern const fd_verb fd_verb_opportunities;
extern const fd_verb fd_verb_opportunities_city;
extern const fd_verb fd_verb_series, fd_verb_explain, fd_verb_search, fd_verb_home;
extern const fd_verb fd_verb_benchmarks;
extern const fd_verb fd_verb_matrix, fd_verb_cell, fd_verb_projects, fd_verb_peers,
    fd_verb_promises;
extern const fd_verb fd_verb_policy_list, fd_verb_policy_check, fd_verb_policy_why,
    fd_verb_policy_table, fd_verb_policy_push, fd_verb_policy_grants, fd_verb_policy_test,
    fd_verb_policy_what_if, fd_verb_policy_diff, fd_verb_policy_changed, fd_verb_ladder;
extern const fd_verb fd_verb_matrix, fd_verb_cell, fd_verb_projects, fd_verb_peers, fd_verb_project,
    fd_verb_projects_check, fd_verb_renovations, fd_verb_leads, fd_verb_platforms, fd_verb_services,
    fd_verb_parks, fd_verb_chain_scale, fd_verb_record_move, fd_verb_promises;
extern const fd_verb fd_verb_trace, fd_verb_doctor;
extern const fd_verb fd_verb_audit, fd_verb_audit_verify, fd_verb_snapshots;

#endif
