/*
 * Tables into the plan: every cell checked, every error with table and row.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

/* Where a cell of a table is being read. */
typedef struct place {
    const fd_table *table;
    const char *name;
    size_t row;
} place;

static int fail(const place *p, const char *column, const char *zh, const char *en)
{
    return fd_error_set(FD_EINVAL, "规划的%.0s %s 表第 %zu 行 %s:%s%.0s",
                        "%s: table %s, row %zu, %s: %.0s%s", "plan", p->name, p->row + 2, column,
                        zh, en);
}

static const fd_column *column_of(const place *p, const char *id)
{
    int at = fd_table_find(p->table, id);

    return at < 0 ? NULL : p->table->columns[at];
}

/* The text of a cell in the plan's arena; a number in a text column counts as its digits. */
static int text(fd_plan *plan, const place *p, const char *id, const char *fallback,
                const char **out)
{
    const fd_column *c = column_of(p, id);
    char buf[512];

    *out = fallback;
    if (c && fd_column_state(c, p->row) == FD_HAS) {
        fd_column_format(c, p->row, FD_ZH, buf, sizeof buf);
        if (c->kind == FD_EST)
            snprintf(buf, sizeof buf, "%.15g", c->v.est[p->row]);
        if (buf[0])
            *out = fd_arena_strdup(plan->arena, buf);
    }
    return *out ? 0 : fail(p, id, "要有内容", "must not be empty");
}

/* NaN when the cell is empty or not there; FD_EINVAL outside [least, most]. */
static int number(const place *p, const char *id, double least, double most, double *out)
{
    const fd_column *c = column_of(p, id);

    *out = NAN;
    if (!c || fd_column_state(c, p->row) != FD_HAS)
        return 0;
    if (c->kind == FD_TEXT || c->kind == FD_CODE) {
        char *end;
        const char *word = fd_column_text(c, p->row);

        if (!word || !*word)
            return 0;
        *out = strtod(word, &end);
        if (*end)
            return fail(p, id, "不是数", "is no number");
    } else {
        *out = fd_number_to_double(fd_column_number(c, p->row));
    }
    if (!(*out >= least && *out <= most))
        return fail(p, id, "超出范围", "is out of range");
    return 0;
}

static int number_or(const place *p, const char *id, double least, double most, double fallback,
                     double *out)
{
    int err = number(p, id, least, most, out);

    if (err >= 0 && isnan(*out))
        *out = fallback;
    return err;
}

static size_t find(const char *const *items, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i], code) == 0)
            return i;
    return FD_PLAN_NONE;
}

static int read_cells(fd_plan *plan, const fd_table *t)
{
    place p = { t, "base", 0 };
    int err;

    for (; p.row < t->rows; p.row++) {
        const char *chain, *county;
        fd_plan_cell cell = { 0 };

        if ((err = text(plan, &p, "chain", NULL, &chain)) < 0 ||
            (err = text(plan, &p, "county", NULL, &county)) < 0 ||
            (err = number(&p, "value_added", 0, 1e9, &cell.value_added)) < 0 ||
            (err = number(&p, "emerging", 0, 1e9, &cell.emerging)) < 0)
            return err;
        if (strcmp(chain, "*") == 0 || strcmp(county, "*") == 0)
            continue;
        if (cell.emerging > cell.value_added * (1 + 1e-9))
            return fail(&p, "emerging", "大于增加值", "is more than the value added");
        cell.has_value = !isnan(cell.value_added);
        cell.has_emerging = !isnan(cell.emerging);
        if ((cell.chain = find(plan->chains.items, plan->chains.count, chain)) == FD_PLAN_NONE) {
            cell.chain = plan->chains.count;
            fd_vec_push(&plan->chains, chain);
        }
        if ((cell.county = find(plan->counties.items, plan->counties.count, county)) ==
            FD_PLAN_NONE) {
            cell.county = plan->counties.count;
            fd_vec_push(&plan->counties, county);
        }
        for (size_t i = 0; i < plan->cells.count; i++)
            if (plan->cells.items[i].chain == cell.chain &&
                plan->cells.items[i].county == cell.county)
                return fail(&p, "chain", "同一链和县区出现两次", "chain and county stand twice");
        fd_vec_push(&plan->cells, cell);
    }
    return plan->cells.count ? 0 : fail(&p, "chain", "没有一行", "there is no row");
}

/* Rows with * are totals. */
static int read_totals(fd_plan *plan, const fd_table *t)
{
    size_t chains = plan->chains.count, counties = plan->counties.count;
    double *v = fd_alloc((2 * (chains + counties) + 2) * sizeof *v), *chain_e = v + chains,
           *county_v = chain_e + chains, *county_e = county_v + counties,
           *all = county_e + counties;
    place p = { t, "base", 0 };
    int err = 0;

    for (size_t i = 0; i < 2 * (chains + counties) + 2; i++)
        v[i] = NAN;
    for (; p.row < t->rows && err >= 0; p.row++) {
        const char *chain, *county;
        double value, emerging;
        size_t at;

        if ((err = text(plan, &p, "chain", NULL, &chain)) < 0 ||
            (err = text(plan, &p, "county", NULL, &county)) < 0 ||
            (err = number(&p, "value_added", 0, 1e9, &value)) < 0 ||
            (err = number(&p, "emerging", 0, 1e9, &emerging)) < 0)
            break;
        if (strcmp(chain, "*") == 0 && strcmp(county, "*") == 0) {
            all[0] = value;
            all[1] = emerging;
        } else if (strcmp(county, "*") == 0) {
            if ((at = find(plan->chains.items, chains, chain)) != FD_PLAN_NONE) {
                v[at] = value;
                chain_e[at] = emerging;
            }
        } else if (strcmp(chain, "*") == 0) {
            if ((at = find(plan->counties.items, counties, county)) != FD_PLAN_NONE) {
                county_v[at] = value;
                county_e[at] = emerging;
            }
        }
    }
    if (err >= 0)
        err = fd_plan__fill(plan, v, chain_e, county_v, county_e, all[0], all[1]);
    free(v);
    return err;
}

static int read_technologies(fd_plan *plan, const fd_table *t)
{
    static const char *const uses[FD_USE_COUNT] = { "energy", "carbon", "pollutant", "jobs" };
    place p = { t, "technologies", 0 };
    int err;

    for (; p.row < t->rows; p.row++) {
        fd_plan_technology h = { 0 };
        const char *kind;
        double lag;

        if ((err = text(plan, &p, "chain", "*", &h.chain)) < 0 ||
            (err = text(plan, &p, "technology", NULL, &h.id)) < 0 ||
            (err = text(plan, &p, "name", h.id, &h.name)) < 0 ||
            (err = text(plan, &p, "kind", NULL, &kind)) < 0 ||
            (err = number_or(&p, "emerging", 0, 1, 0, &h.emerging)) < 0 ||
            (err = number_or(&p, "investment", 0, 1e6, 0, &h.investment)) < 0 ||
            (err = number_or(&p, "land", 0, 1e9, 0, &h.land)) < 0 ||
            (err = number_or(&p, "lag", 0, FD_PLAN_MOST_YEARS, 1, &lag)) < 0 ||
            (err = number_or(&p, "first", 0, 1, 1, &h.first)) < 0 ||
            (err = number_or(&p, "build", 0, 1e9, 0, &h.build)) < 0 ||
            (err = number_or(&p, "growth", -50, 50, 0, &h.growth)) < 0 ||
            (err = number_or(&p, "retire", 0, 100, 0, &h.retire)) < 0 ||
            (err = number_or(&p, "deviation", 0, 1, 0, &h.deviation)) < 0 ||
            (err = number_or(&p, "lot", 0, 1e6, 0, &h.lot)) < 0)
            return err;
        for (int u = 0; u < FD_USE_COUNT; u++)
            if ((err = number_or(&p, uses[u], 0, 1e9, 0, &h.use[u])) < 0)
                return err;
        h.lag = (int)lag;
        h.existing = strcmp(kind, "existing") == 0;
        if (!h.existing && strcmp(kind, "new") != 0)
            return fail(&p, "kind", "应为 existing 或 new", "is existing or new");
        if (h.existing && h.emerging != 0 && h.emerging != 1)
            return fail(&p, "emerging", "现有的应为 0 或 1", "of existing ones is 0 or 1");
        fd_vec_push(&plan->technologies, h);
    }
    return plan->technologies.count ? 0 : fail(&p, "technology", "没有一行", "there is no row");
}

static int read_limits(fd_plan *plan, const fd_table *t)
{
    static const char *const known[] = { "growth",    "county", "market", "energy",       "carbon",
                                         "pollutant", "labour", "land",   "finance",      "build",
                                         "share",     "cost",   "years",  "project_first" };
    place p = { t, "limits", 0 };
    int err;

    for (; p.row < t->rows; p.row++) {
        fd_plan_limit l = { 0 };

        if ((err = text(plan, &p, "limit", NULL, &l.limit)) < 0 ||
            (err = text(plan, &p, "scope", "*", &l.scope)) < 0 ||
            (err = text(plan, &p, "year", "*", &l.year)) < 0 ||
            (err = number(&p, "value", -1e9, 1e9, &l.value)) < 0 ||
            (err = text(plan, &p, "unit", "", &l.unit)) < 0 ||
            (err = text(plan, &p, "name", l.limit, &l.name)) < 0 ||
            (err = text(plan, &p, "name_en", l.limit, &l.name_en)) < 0)
            return err;
        if (find(known, sizeof known / sizeof *known, l.limit) == FD_PLAN_NONE)
            return fail(&p, "limit", "不认识的限制", "is no limit that is known");
        if (!isnan(l.value)) /* an empty one sets no limit */
            fd_vec_push(&plan->limits, l);
    }
    return 0;
}

/* "2025-08-31" or a date: the first full month of production is the one after. */
static int read_finish(fd_plan *plan, const place *p, fd_plan_project *out)
{
    const char *word;
    int err, day = 1;

    if ((err = text(plan, p, "finish", NULL, &word)) < 0)
        return err;
    if (sscanf(word, "%d-%d-%d", &out->year, &out->month, &day) < 2 || out->month < 1 ||
        out->month > 12 || out->year < 1900 || out->year > 2200)
        return fail(p, "finish", "应是日期 YYYY-MM-DD", "is a date, YYYY-MM-DD");
    if (++out->month > 12) {
        out->month = 1;
        out->year++;
    }
    return 0;
}

static int read_projects(fd_plan *plan, const fd_table *t)
{
    place p = { t, "projects", 0 };
    int err;

    for (; t && p.row < t->rows; p.row++) {
        fd_plan_project j = { 0 };
        const char *chain, *county;

        if ((err = text(plan, &p, "id", NULL, &j.id)) < 0 ||
            (err = text(plan, &p, "name", j.id, &j.name)) < 0 ||
            (err = text(plan, &p, "chain", NULL, &chain)) < 0 ||
            (err = text(plan, &p, "county", NULL, &county)) < 0 ||
            (err = read_finish(plan, &p, &j)) < 0 ||
            (err = number_or(&p, "value_added", 0, 1e9, 0, &j.value_added)) < 0 ||
            (err = number_or(&p, "emerging", 0, 1e9, 0, &j.emerging)) < 0 ||
            (err = number_or(&p, "investment", 0, 1e9, 0, &j.investment)) < 0)
            return err;
        if (j.emerging > j.value_added * (1 + 1e-9))
            return fail(&p, "emerging", "大于增加值", "is more than the value added");
        j.chain = find(plan->chains.items, plan->chains.count, chain);
        j.county = find(plan->counties.items, plan->counties.count, county);
        if (j.chain == FD_PLAN_NONE || j.county == FD_PLAN_NONE)
            return fail(&p, "chain", "链或县区不在 base 表里", "chain or county is not in base");
        for (size_t i = 0; i < plan->projects.count; i++)
            if (strcmp(plan->projects.items[i].id, j.id) == 0)
                return fail(&p, "id", "项目出现两次", "the project stands twice");
        fd_vec_push(&plan->projects, j);
    }
    return 0;
}

int fd_plan_read(fd_plan **out, const fd_plan_tables *tables)
{
    fd_plan *plan = fd_alloc(sizeof *plan);
    double years;
    int err;

    plan->arena = fd_arena_new();
    plan->base_year = tables->base_year;
    if ((err = read_cells(plan, tables->base)) < 0 || (err = read_totals(plan, tables->base)) < 0 ||
        (err = read_technologies(plan, tables->technologies)) < 0 ||
        (err = read_limits(plan, tables->limits)) < 0 ||
        (err = read_projects(plan, tables->projects)) < 0)
        goto done;
    years = fd_plan__value(plan, "years", "*", 0, 3);
    plan->years = (int)years;
    if (plan->years < 1 || plan->years > FD_PLAN_MOST_YEARS)
        err = fd_error_set(FD_EINVAL, "规划年数应在 1 与 %d 之间", "a plan has 1 to %d years",
                           FD_PLAN_MOST_YEARS);
done:
    if (err < 0)
        fd_plan_free(plan);
    *out = err < 0 ? NULL : plan;
    return err;
}

void fd_plan_free(fd_plan *plan)
{
    if (!plan)
        return;
    fd_vec_dispose(&plan->chains);
    fd_vec_dispose(&plan->counties);
    fd_vec_dispose(&plan->cells);
    fd_vec_dispose(&plan->technologies);
    fd_vec_dispose(&plan->limits);
    fd_vec_dispose(&plan->projects);
    fd_arena_free(plan->arena);
    free(plan);
}

/* ---- limits ---- */

const fd_plan_limit *fd_plan__limit(const fd_plan *plan, const char *limit, const char *scope,
                                    int year)
{
    const fd_plan_limit *best = NULL;
    int best_rank = -1;

    for (size_t i = 0; i < plan->limits.count; i++) {
        const fd_plan_limit *l = &plan->limits.items[i];
        bool any_scope = strcmp(l->scope, "*") == 0, any_year = strcmp(l->year, "*") == 0;
        int rank = 2 * !any_scope + !any_year;

        if (strcmp(l->limit, limit) != 0 || (!any_scope && strcmp(l->scope, scope) != 0) ||
            (!any_year && atoi(l->year) != year) || rank < best_rank)
            continue;
        best = l;
        best_rank = rank;
    }
    return best;
}

double fd_plan__value(const fd_plan *plan, const char *limit, const char *scope, int year,
                      double fallback)
{
    const fd_plan_limit *l = fd_plan__limit(plan, limit, scope, year);

    return l ? l->value : fallback;
}

int fd_plan__target_year(const fd_plan *plan, const fd_plan_options *options)
{
    int year = options->year;

    for (size_t i = 0; i < plan->limits.count && !year; i++)
        if (strcmp(plan->limits.items[i].limit, "share") == 0)
            year = atoi(plan->limits.items[i].year);
    if (year <= plan->base_year || year > plan->base_year + plan->years)
        year = plan->base_year + plan->years;
    return year;
}

double fd_plan__target(const fd_plan *plan, const fd_plan_options *options)
{
    double target = fd_plan__value(plan, "share", "*", fd_plan__target_year(plan, options), NAN);

    for (size_t i = 0; i < plan->limits.count && isnan(target); i++)
        if (strcmp(plan->limits.items[i].limit, "share") == 0)
            target = plan->limits.items[i].value;
    return isnan(target) ? 0.3 : target / 100;
}

int fd_plan_set(fd_plan *plan, const char *change)
{
    size_t name = strcspn(change, "@=+-"), at = name;
    char limit[64], scope[64] = "*", year[8] = "";
    bool found = false, is_year;
    double value;
    char sign, *end;

    if (name == 0 || name >= sizeof limit)
        goto bad;
    memcpy(limit, change, name);
    limit[name] = '\0';
    if (change[at] == '@') {
        size_t length = strcspn(change + at + 1, "@=+-");

        if (length == 0 || length >= sizeof scope)
            goto bad;
        memcpy(scope, change + at + 1, length);
        scope[length] = '\0';
        at += 1 + length;
    }
    if (change[at] == '@') { /* scope and year */
        if (strspn(change + at + 1, "0123456789") != 4)
            goto bad;
        memcpy(year, change + at + 1, 4);
        at += 5;
    }
    sign = change[at];
    if (!sign)
        goto bad;
    value = strtod(change + at + 1, &end);
    if (end == change + at + 1 || (*end && strcmp(end, "%") != 0))
        goto bad;
    is_year = strspn(scope, "0123456789") == 4 && strlen(scope) == 4;
    /* There is one target: another year moves it. */
    for (size_t i = 0; i < plan->limits.count && is_year && strcmp(limit, "share") == 0; i++)
        if (strcmp(plan->limits.items[i].limit, "share") == 0)
            plan->limits.items[i].year = fd_arena_strdup(plan->arena, scope);
    for (size_t i = 0; i < plan->limits.count; i++) {
        fd_plan_limit *l = &plan->limits.items[i];

        if (strcmp(l->limit, limit) != 0 ||
            (strcmp(scope, "*") != 0 && strcmp(is_year ? l->year : l->scope, scope) != 0) ||
            (year[0] && strcmp(l->year, year) != 0))
            continue;
        found = true;
        l->value = sign == '='   ? value
                   : sign == '+' ? l->value * (1 + value / 100)
                                 : l->value * (1 - value / 100);
    }
    if (!found && sign == '=') { /* one more limit, for that scope or year */
        fd_plan_limit l = { .unit = "", .value = value };

        l.limit = l.name = l.name_en = fd_arena_strdup(plan->arena, limit);
        l.scope = is_year ? "*" : fd_arena_strdup(plan->arena, scope);
        l.year = year[0]   ? fd_arena_strdup(plan->arena, year)
                 : is_year ? fd_arena_strdup(plan->arena, scope)
                           : "*";
        fd_vec_push(&plan->limits, l);
        found = true;
    }
    if (found)
        return 0;
    return fd_error_set(FD_ENOTFOUND, "没有可改的限制:%s", "there is no limit to change: %s",
                        change);
bad:
    fd_error_set(FD_EINVAL, "看不懂的改动:%s", "this change is not understood: %s", change);
    return fd_error_hint("例:energy=105、finance+10%%、share@2028=25",
                         "say energy=105, finance+10%%, share@2028=25");
}

int fd_plan_slip(fd_plan *plan, const char *change)
{
    const char *equals = strchr(change, '=');
    char *end;
    long months;

    if (!equals || equals == change || (months = strtol(equals + 1, &end, 10), *end) ||
        end == equals + 1 || months < -600 || months > 600)
        return fd_error_set(FD_EINVAL, "推迟应写成 项目编号=月数,不是 %s",
                            "a slip is PROJECT=MONTHS, not %s", change);
    for (size_t i = 0; i < plan->projects.count; i++) {
        fd_plan_project *p = &plan->projects.items[i];
        long month = p->month - 1 + months;

        if (strlen(p->id) != (size_t)(equals - change) ||
            strncmp(p->id, change, strlen(p->id)) != 0)
            continue;
        p->year += (int)(month >= 0 ? month / 12 : -((11 - month) / 12));
        p->month = (int)(((month % 12) + 12) % 12) + 1;
        return 0;
    }
    return fd_error_set(FD_ENOTFOUND, "没有这个项目:%.*s", "no such project: %.*s",
                        (int)(equals - change), change);
}

void fd_plan_whole(fd_plan *plan, double lot)
{
    for (size_t i = 0; i < plan->technologies.count; i++) {
        fd_plan_technology *h = &plan->technologies.items[i];

        if (!h->existing && h->lot <= 0 && lot > 0)
            h->lot = fmin(lot, h->build); /* one plant a year can always be begun */
    }
}

void fd_plan_freeze(fd_plan *plan)
{
    plan->frozen = true;
}
