/*
 * What a plan starts from in a city file: value added by chain and county as this role may see it,
 * and projects that do not produce yet.
 */
#ifndef FD_APP_PLAN_CITY_H
#define FD_APP_PLAN_CITY_H

#include "fangding/plan.h"
#include "fangding/verbs.h"

/**
 * The base of the newest year with value added, as fd_plan_tables wants it: cells the role may not
 * see stay empty, their totals by chain, county and city stand beside them.  Indicators are those
 * of definitions/plan/measures.csv.
 *
 * @return FD_ENOTFOUND there is no value added; FD_EDENIED the role sees a part of the city only.
 *         The caller frees *out.
 */
int fd_plan_city_base(fd_table **out, int *year, fd_call *call);

/** Projects of the ledger with a finish after the base year that do not produce yet: value added =
 * output at full production × the city's rate of value added. The caller frees *out; it has no row
 * where there is no ledger. */
int fd_plan_city_projects(fd_table **out, int base_year, fd_call *call);

/** A compiled-in CSV of definitions/plan as a table of texts. The caller frees *out. */
int fd_plan_template(fd_table **out, const char *name);

#endif
