#include "app/plan_load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/leg1.h"
#include "app/plan_city.h"
#include "base/str.h"
#include "io/csvtable.h"

static const char *const files[] = { "base.csv", "technologies.csv", "limits.csv", "projects.csv" };
enum { BASE, TECHNOLOGIES, LIMITS, PROJECTS, FILE_COUNT };

/* A parameter that not every verb here has. */
static const char *param(const fd_call *call, const char *name)
{
    for (size_t i = 0; i < call->verb->param_count; i++)
        if (strcmp(call->verb->params[i].name, name) == 0)
            return call->values[i];
    return NULL;
}

int fd_plan_may_see(const fd_call *call)
{
    if (!fd_call_is_limited(call) && fd_leg1_sees_names(call))
        return 0;
    return fd_error_set(FD_EDENIED, "规划要看全市,本角色只看一部分",
                        "a plan looks at the whole city, this role at a part of it");
}

/* A CSV of the scenario's folder; *out stays NULL when there is none. */
static int read_file(fd_table **out, fd_call *call, const char *folder, const char *name)
{
    static const char *const text[] = {
        "chain", "county", "technology", "name", "kind",    "id",
        "limit", "scope",  "year",       "unit", "name_en", "finish"
    };
    const char *path = fd_arena_printf(call->arena, "%s/%s", folder, name);
    struct stat info;

    *out = NULL;
    if (stat(path, &info) != 0)
        return 0;
    return fd_csv_table(out, path, text, sizeof text / sizeof *text, 0);
}

/* A base of one's own has no year but the one that is told. */
static int read_year(const char *text, int *year)
{
    if (text)
        *year = atoi(text);
    return *year >= 1900 && *year <= 2200 ? 0
                                          : fd_error_set(FD_EINVAL, "要写基期年:--base-year",
                                                         "give the base year: --base-year");
}

int fd_plan_load(fd_plan **out, fd_call *call, const char *folder, bool city)
{
    struct stat info;
    fd_table *t[FILE_COUNT] = { NULL };
    fd_plan_tables tables = { .base_year = 0 };
    int err = 0;

    *out = NULL;
    if (folder && (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)))
        return fd_error_set(FD_ENOTFOUND, "%s 不是文件夹", "%s is no folder", folder);
    for (int f = 0; f < FILE_COUNT && err >= 0 && folder; f++)
        err = read_file(&t[f], call, folder, files[f]);
    if (err >= 0 && !t[TECHNOLOGIES])
        err = fd_plan_template(&t[TECHNOLOGIES], files[TECHNOLOGIES]);
    if (err >= 0 && !t[LIMITS])
        err = fd_plan_template(&t[LIMITS], files[LIMITS]);
    if (err >= 0 && !t[BASE] && city)
        err = fd_plan_city_base(&t[BASE], &tables.base_year, call);
    else if (err >= 0 && !t[BASE])
        err =
            fd_error_set(FD_ENOTFOUND, "%s 里没有 base.csv", "there is no base.csv in %s", folder);
    else if (err >= 0)
        err = read_year(param(call, "base-year"), &tables.base_year);
    if (err >= 0 && !t[PROJECTS] && city)
        err = fd_plan_city_projects(&t[PROJECTS], tables.base_year, call);
    if (err < 0)
        goto done;
    tables.base = t[BASE];
    tables.technologies = t[TECHNOLOGIES];
    tables.limits = t[LIMITS];
    tables.projects = t[PROJECTS];
    err = fd_plan_read(out, &tables);
done:
    for (int f = 0; f < FILE_COUNT; f++)
        fd_table_free(t[f]);
    return err;
}

/* ---- changes and options ---- */

/* Comma-separated words, without empty ones. */
static size_t words_of(const char *const **out, fd_arena *arena, const char *text)
{
    fd_view rest = fd_view_of(text), part;
    const char **list = fd_arena_alloc(arena, (strlen(text ? text : "") + 1) * sizeof *list);
    size_t count = 0;

    while (rest.len && fd_view_split(&rest, ',', &part)) {
        part = fd_view_trim(part);
        if (part.len)
            list[count++] = fd_arena_printf(arena, "%.*s", (int)part.len, part.ptr);
    }
    *out = list;
    return count;
}

static const char *const *join(fd_arena *arena, const char *const *a, size_t n,
                               const char *const *b, size_t m)
{
    const char **list = fd_arena_alloc(arena, (n + m + 1) * sizeof *list);

    for (size_t i = 0; i < n + m; i++)
        list[i] = i < n ? a[i] : b[i - n];
    return list;
}

int fd_plan_call_changes(fd_plan_changes *out, fd_call *call)
{
    const char *saved = param(call, "saved"), *const * set, *const * slip;
    fd_plan_scenario scenario;
    size_t sets, slips;
    int err;

    memset(out, 0, sizeof *out);
    if (saved) {
        if ((err = fd_plan_scenario_find(&scenario, call, saved)) < 0)
            return err;
        *out = scenario.changes;
    }
    sets = words_of(&set, call->arena, param(call, "set"));
    slips = words_of(&slip, call->arena, param(call, "slip"));
    out->set = join(call->arena, out->set, out->set_count, set, sets);
    out->slip = join(call->arena, out->slip, out->slip_count, slip, slips);
    out->set_count += sets;
    out->slip_count += slips;
    return 0;
}

static int whole(int64_t *out, const fd_call *call, const char *name)
{
    return param(call, name) ? fd_call_integer(call, name, out) : 0;
}

int fd_plan_call_options(fd_plan_options *o, const fd_call *call)
{
    int64_t year = 0, points = 9, draws = 10000, seed = 1;
    const char *gamma = param(call, "gamma"), *seconds = param(call, "seconds");
    int err;

    if ((err = whole(&year, call, "year")) < 0 || (err = whole(&points, call, "points")) < 0 ||
        (err = whole(&draws, call, "draws")) < 0 || (err = whole(&seed, call, "seed")) < 0)
        return err;
    if (points < 2 || points > 1000 || draws < 0 || draws > 10000000)
        return fd_error_set(FD_EINVAL, "--points 应在 2 与 1000 之间,--draws 不超过一千万",
                            "--points goes from 2 to 1000, --draws to ten million");
    o->year = (int)year;
    o->points = (size_t)points;
    o->draws = (size_t)draws;
    o->seed = (uint64_t)seed;
    if (gamma)
        o->gamma = fmax(0, strtod(gamma, NULL));
    if (seconds)
        o->seconds = fmin(86400, fmax(0.1, strtod(seconds, NULL)));
    return 0;
}

/* ---- scenarios that were saved ---- */

static const char *field(fd_arena *arena, const fd_table *t, const char *name, size_t row)
{
    return fd_arena_strdup(arena, fd_table_text(t, name, row));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const fd_plan_scenario *)a)->name, ((const fd_plan_scenario *)b)->name);
}

int fd_plan_scenarios(fd_plan_scenario **out, size_t *count, fd_call *call)
{
    fd_table *t = NULL;
    int err;

    *out = NULL;
    *count = 0;
    if ((err = fd_plan_may_see(call)) < 0)
        return err;
    if ((err = call->city->source->ops->records(call->city->source, "scenario", FD_DATE_MAX, &t)) <
        0)
        return err;
    *out = fd_arena_alloc(call->arena, (t->rows + 1) * sizeof **out);
    for (size_t r = 0; r < t->rows; r++) {
        fd_plan_scenario *s = &(*out)[*count];

        if (strcmp(field(call->arena, t, "state", r), "保存") != 0)
            continue;
        *s = (fd_plan_scenario){ .name = field(call->arena, t, "id", r),
                                 .author = field(call->arena, t, "author", r),
                                 .saved = field(call->arena, t, "saved", r),
                                 .note = field(call->arena, t, "note", r),
                                 .set = field(call->arena, t, "set", r),
                                 .slip = field(call->arena, t, "slip", r),
                                 .target = field(call->arena, t, "target", r),
                                 .year = field(call->arena, t, "year", r),
                                 .largest = field(call->arena, t, "largest", r),
                                 .date = field(call->arena, t, "reached", r),
                                 .snapshot = field(call->arena, t, "snapshot", r) };
        s->changes.set_count = words_of(&s->changes.set, call->arena, s->set);
        s->changes.slip_count = words_of(&s->changes.slip, call->arena, s->slip);
        ++*count;
    }
    if (*count)
        qsort(*out, *count, sizeof **out, by_name);
    fd_table_free(t);
    return 0;
}

int fd_plan_scenario_find(fd_plan_scenario *out, fd_call *call, const char *name)
{
    fd_plan_scenario *list;
    size_t count;
    int err = fd_plan_scenarios(&list, &count, call);

    if (err < 0)
        return err;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0) {
            *out = list[i];
            return 0;
        }
    fd_error_set(FD_ENOTFOUND, "没有保存过的情景:%s", "no scenario was saved as %s", name);
    return fd_error_hint("fangding plan scenarios 列出全部", "fangding plan scenarios lists them");
}

/* ---- the sentence ---- */

void fd_plan_say(fd_result *result, const fd_plan_summary *s, bool relaxed)
{
    const char *zh = relaxed ? "(线性松弛)" : "", *en = relaxed ? " (linear relaxation)" : "";
    char date[2][96] = { "", "" };

    if (s->date[0]) {
        snprintf(date[0], sizeof date[0], ",按年占比连线最早约在 %s", s->date);
        snprintf(date[1], sizeof date[1], ", first about %s along the line of yearly shares",
                 s->date);
    }
    if (s->reachable)
        fd_result_say(result,
                      "按本情景%6$s%7$.0s,%1$d 年战新占比 %2$g%% 可以达到(现值 "
                      "%3$.4g%%)%4$s%5$.0s。",
                      "In this scenario%6$.0s%7$s %2$g %% in %1$d can be reached (now %3$.4g "
                      "%%)%4$.0s%5$s.",
                      s->year, s->target, s->base_share, date[0], date[1], zh, en);
    else
        fd_result_say(result,
                      "按本情景%7$s%8$.0s,%1$d 年战新占比达不到 %2$g%%,最多 %3$.4g%%(现值 "
                      "%4$.4g%%)%5$s%6$.0s。",
                      "In this scenario%7$.0s%8$s %2$g %% in %1$d cannot be reached: %3$.4g %% at "
                      "most (now %4$.4g %%)%5$.0s%6$s.",
                      s->year, s->target, s->largest_share, s->base_share, date[0], date[1], zh,
                      en);
}
