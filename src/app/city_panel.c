#include "app/city_panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/city_cells.h"
#include "app/protect.h"
#include "app/subjects.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/utf8.h"
#include "fangding/measure.h"

/* ---- dimensions and quantities ---- */

/* Words between commas, as fd_call_list() gives those of a parameter. */
static size_t split(const char ***out, fd_call *call, const char *text)
{
    const char **words = fd_arena_alloc(call->arena, FD_CITY_QUANTITIES * sizeof *words);
    fd_view rest = fd_view_of(text), piece;
    size_t count = 0;

    while (count < FD_CITY_QUANTITIES && fd_view_split(&rest, ',', &piece))
        words[count++] = fd_arena_printf(call->arena, "%.*s", (int)piece.len, piece.ptr);
    *out = words;
    return count;
}

int fd_city_by(fd_city_panel *p, const char *otherwise, size_t most)
{
    const char **words;
    size_t count = fd_call_list(p->call, "by", &words);
    int err;

    if (!count)
        count = split(&words, p->call, otherwise);
    p->by_count = 0;
    if (count > most || count > FD_CITY_DIMENSIONS)
        return fd_error_set(FD_EINVAL, "--by 最多 %d 个维度", "--by takes at most %d dimensions",
                            (int)most);
    if (count == 1 && (strcmp(words[0], "city") == 0 || strcmp(words[0], "全市") == 0))
        return 0;
    for (size_t k = 0; k < count; k++) {
        p->by[p->by_count++] = words[k];
        if ((strcmp(words[k], "enterprise") == 0 || strcmp(words[k], "企业") == 0) &&
            (err = fd_protect_enterprises(p->call)) < 0)
            return err;
    }
    return 0;
}

/* The subjects that an expression is about: those of its first item. */
static const char *kind_of(const fd_expr *e)
{
    const char *kind = NULL;

    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM)
        return ((const fd_item *)e->target)->kind;
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR)
        return ((const fd_indicator *)e->target)->kind;
    for (size_t k = 0; k < e->child_count && !kind; k++)
        kind = kind_of(e->children[k]);
    return kind;
}

static int unknown_name(const fd_program *program, const char *what)
{
    size_t count;
    const char *const *names = fd_program_names(program, FD_DECL_INDICATOR, &count);
    const char *nearest = fd_nearest(what, names, count);

    fd_error_set(FD_ENOTFOUND, "没有这个指标或数据项:%s", "no such indicator or item: %s", what);
    if (nearest)
        return fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
    return fd_error_hint("fangding show indicators 列出指标,fangding show items 列出数据项",
                         "fangding show indicators and show items list them");
}

/* An item or arithmetic over items, summed over the subjects of a group. */
static int sum_of(const fd_indicator **out, fd_call *call, const char *what)
{
    const fd_program *program = call->city->program;
    const char *text =
        strstr(what, "合计(") ? what : fd_arena_printf(call->arena, "合计(%s)", what);
    fd_indicator *i = fd_arena_alloc(call->arena, sizeof *i);
    fd_expr *total = NULL, *population = NULL;
    int err;

    memset(i, 0, sizeof *i);
    if ((err = fd_expr_parse(&total, program, call->arena, text, false)) < 0) {
        /* A single word that is nothing: say so, not what the grammar missed. */
        return strpbrk(what, "+-*/×÷()( ") ? err : unknown_name(program, what);
    }
    i->id = i->name = fd_arena_strdup(call->arena, what);
    i->kind = kind_of(total);
    if (!i->kind)
        return unknown_name(program, what);
    if (strcmp(i->kind, "enterprise") == 0 &&
        fd_expr_parse(&population, program, call->arena, "规上 = 是", true) < 0) {
        fd_error_clear(); /* a city without that attribute: everybody counts */
        population = NULL;
    }
    i->total = total;
    i->population = population;
    i->unit = total->type.unit;
    i->missing = FD_RULE_MISSING;
    i->digits = 4;
    i->periods[0] = FD_YEAR;
    i->periods[1] = FD_CUMULATIVE;
    i->periods[2] = FD_QUARTER;
    i->periods[3] = FD_MONTH;
    i->period_count = 4;
    *out = i;
    return 0;
}

/* 合计(…) alone, whatever the unit: then values of parts add up to that of the whole. */
static bool is_sum(const fd_indicator *i)
{
    const fd_expr *e = i->total;

    return e && e->kind == FD_EXPR_CALL && e->function == FD_FN_SUM;
}

int fd_city_add(fd_city_panel *p, const char *column, const char *what, fd_city_use use)
{
    fd_city_quantity *q = &p->quantities[p->count];
    const fd_item *item;
    int err;

    if (p->count == FD_CITY_QUANTITIES)
        return fd_error_set(FD_ELIMIT, "最多 %d 个量", "at most %d quantities", FD_CITY_QUANTITIES);
    q->column = fd_arena_strdup(p->call->arena, column);
    q->use = use;
    if (!(q->indicator = fd_program_indicator(p->call->city->program, what)) &&
        strcmp(what, "co2") == 0) {
        if ((err = fd_city__carbon(&q->indicator, p->call)) < 0)
            return err;
        q->carbon = true;
    } else if (!q->indicator) {
        if (fd_item_find(&item, p->call->city->program, what) >= 0 && !item->by)
            what = item->name;
        fd_error_clear();
        if ((err = sum_of(&q->indicator, p->call, what)) < 0)
            return err;
    }
    q->adds = is_sum(q->indicator);
    p->count++;
    return 0;
}

int fd_city_add_list(fd_city_panel *p, const char *param, const char *otherwise, const char *prefix)
{
    const char **words;
    size_t count = fd_call_list(p->call, param, &words);
    int err = 0;

    if (!count && otherwise)
        count = split(&words, p->call, otherwise);
    for (size_t k = 0; k < count && err >= 0; k++) {
        const char *equals = strchr(words[k], '='), *what = equals ? equals + 1 : words[k];
        const int length = equals ? (int)(equals - words[k]) : (int)strlen(words[k]);

        err = fd_city_add(p, fd_arena_printf(p->call->arena, "%s%.*s", prefix, length, words[k]),
                          what, FD_CITY_PLAIN);
    }
    return err;
}

bool fd_city_is_money(const fd_city_quantity *q)
{
    const char *unit = q->indicator->unit ? q->indicator->unit->name : "";
    const size_t length = strlen(unit), yuan = strlen("元");

    return q->adds && length >= yuan && strcmp(unit + length - yuan, "元") == 0;
}

/* ---- periods ---- */

/* What a quantity is asked for where the panel says `at`. */
static fd_period period_for(const fd_city_quantity *q, fd_period at)
{
    return q->months && fd_period_kind_of(at) == FD_YEAR
               ? fd_period_cumulative(fd_period_year_of(at), 12)
               : at;
}

/* Periods with data. Where there are no years, January to December of an item by months stand for
 * them. */
static int periods_of(fd_period **out, size_t *count, const fd_city_panel *p, fd_city_quantity *q)
{
    int err;

    if ((err = fd_measure_periods(out, count, p->call->city->program, p->call->city->source,
                                  q->indicator)) < 0)
        return err;
    q->months = true;
    for (size_t k = 0; k < *count; k++)
        q->months = q->months && fd_period_kind_of((*out)[k]) != FD_YEAR;
    for (size_t k = 0; q->months && k < *count; k++)
        if (fd_period_kind_of((*out)[k]) == FD_CUMULATIVE && fd_period_number_of((*out)[k]) == 12)
            (*out)[k] = fd_period_year(fd_period_year_of((*out)[k]));
    return 0;
}

static bool among(const fd_period *list, size_t count, fd_period at)
{
    for (size_t k = 0; k < count; k++)
        if (list[k] == at)
            return true;
    return false;
}

static bool declares(const fd_call *call, const char *name)
{
    for (size_t k = 0; k < call->verb->param_count; k++)
        if (strcmp(call->verb->params[k].name, name) == 0)
            return true;
    return false;
}

static int by_time(const void *a, const void *b)
{
    return fd_period_compare(*(const fd_period *)a, *(const fd_period *)b);
}

/* "固定资产净额 2018…2024;能耗 无": who holds what, for the message. */
static const char *who_has_what(const fd_city_panel *p, fd_period *const *known,
                                const size_t *counts)
{
    const char *text = "";

    for (size_t q = 0; q < p->count; q++) {
        char first[32] = "无", last[32] = "";

        if (counts[q]) {
            fd_period_format(known[q][0], first, sizeof first);
            fd_period_format(known[q][counts[q] - 1], last, sizeof last);
        }
        text = fd_arena_printf(p->call->arena, "%s%s%s %s%s%s", text, q ? ";" : "",
                               p->quantities[q].indicator->name, first, counts[q] ? "…" : "", last);
    }
    return text;
}

/* Which kind: years where all have one, else that of the newest period. */
static fd_period_kind kind_of_panel(const fd_period *all, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (fd_period_kind_of(all[k]) == FD_YEAR)
            return FD_YEAR;
    return count ? fd_period_kind_of(all[count - 1]) : FD_YEAR;
}

static int read_limits(fd_period limit[3], const fd_city_panel *p)
{
    static const char *const names[] = { "from", "to", "at" };
    int err = 0;

    for (int k = 0; k < 3; k++) {
        limit[k] = FD_PERIOD_NONE;
        if (declares(p->call, names[k]) && (err = fd_call_period(p->call, names[k], &limit[k])) < 0)
            return err;
        if (limit[k] != FD_PERIOD_NONE && fd_period_kind_of(limit[k]) == FD_CUMULATIVE &&
            fd_period_number_of(limit[k]) == 12)
            limit[k] = fd_period_year(fd_period_year_of(limit[k]));
    }
    if (limit[2] != FD_PERIOD_NONE)
        limit[0] = limit[1] = limit[2];
    if (limit[0] != FD_PERIOD_NONE && limit[1] != FD_PERIOD_NONE &&
        (fd_period_kind_of(limit[0]) != fd_period_kind_of(limit[1]) ||
         fd_period_compare(limit[0], limit[1]) > 0))
        return fd_error_set(FD_EINVAL, "--from 和 --to 应是同一种期间,先后为序",
                            "--from and --to are of one kind of period, in order");
    return 0;
}

int fd_city_find_periods(fd_city_panel *p, size_t least)
{
    fd_period *known[FD_CITY_QUANTITIES] = { NULL }, limit[3], shared[FD_CITY_PERIODS];
    size_t counts[FD_CITY_QUANTITIES] = { 0 }, count = 0;
    const fd_period_kind *asked = NULL;
    fd_period_kind kind;
    int err;

    if ((err = read_limits(limit, p)) < 0)
        return err;
    for (size_t q = 0; q < p->count && err >= 0; q++)
        err = periods_of(&known[q], &counts[q], p, &p->quantities[q]);
    if (err < 0)
        goto done;
    for (size_t k = 0; k < counts[0] && count < FD_CITY_PERIODS; k++) {
        bool all = true;

        for (size_t q = 1; q < p->count; q++)
            all = all && (p->quantities[q].use == FD_CITY_OPTIONAL ||
                          among(known[q], counts[q], known[0][k]));
        if (all)
            shared[count++] = known[0][k];
    }
    qsort(shared, count, sizeof *shared, by_time);
    kind = limit[0] != FD_PERIOD_NONE   ? fd_period_kind_of(limit[0])
           : limit[1] != FD_PERIOD_NONE ? fd_period_kind_of(limit[1])
                                        : kind_of_panel(shared, count);
    asked = &kind;
    p->period_count = 0;
    for (size_t k = 0; k < count; k++)
        if (fd_period_kind_of(shared[k]) == *asked &&
            (limit[0] == FD_PERIOD_NONE || fd_period_compare(shared[k], limit[0]) >= 0) &&
            (limit[1] == FD_PERIOD_NONE || fd_period_compare(shared[k], limit[1]) <= 0))
            p->periods[p->period_count++] = shared[k];
    if (p->period_count < least || !p->period_count)
        err = fd_error_set(p->period_count ? FD_EINVAL : FD_ENOTFOUND,
                           "各量都有数的期间只有 %d 个,至少要 %d 个:%s",
                           "%d periods have all quantities, at least %d are needed: %s",
                           (int)p->period_count, (int)(least ? least : 1),
                           who_has_what(p, known, counts));
done:
    for (size_t q = 0; q < p->count; q++)
        free(known[q]);
    return err < 0 ? err : 0;
}

/* ---- reading ---- */

int fd_city__measure(fd_table **out, const fd_city_panel *p, const fd_city_quantity *q,
                     const char *const *by, size_t by_count, const fd_expr *where)
{
    const fd_indicator *i = q->indicator;
    fd_measure_options o = FD_MEASURE_OPTIONS_INIT;
    fd_period *periods = fd_alloc(p->period_count * sizeof *periods);
    fd_indicator those;
    int err;

    if (where) { /* who did not return what the condition reads is outside it, not a gap */
        those = *i;
        those.missing = FD_RULE_SKIP_REPORTED;
        i = &those;
    }
    for (size_t k = 0; k < p->period_count; k++)
        periods[k] = period_for(q, p->periods[k]);
    o.by = by;
    o.by_count = by_count;
    o.where = where;
    o.pool = fd_pool_new(0);
    err = fd_measure(out, p->call->city->program, p->call->city->source, &i, 1, periods,
                     p->period_count, &o);
    fd_pool_free(o.pool);
    free(periods);
    return err;
}

/* Price levels of the divisions at each period, the first = 1; NAN where an index is missing. */
static int read_prices(double **levels, const fd_frame **divisions, const fd_city_panel *p)
{
    fd_source *source = p->call->city->source;
    int err;
    double *level;

    if ((err = source->ops->frame(source, "division", divisions)) < 0)
        return err;
    level = fd_arena_alloc(p->call->arena, (p->period_count * (*divisions)->n + 1) * sizeof *level);
    for (size_t d = 0; d < (*divisions)->n; d++)
        level[d] = 1;
    for (size_t k = 1; k < p->period_count && err >= 0; k++) {
        const int first = fd_period_year_of(p->periods[k - 1]) + 1,
                  last = fd_period_year_of(p->periods[k]);
        double *to = level + k * (*divisions)->n;

        memcpy(to, to - (*divisions)->n, (*divisions)->n * sizeof *to);
        for (int y = first; y <= last && err >= 0; y++) {
            fd_column *c = NULL;

            if ((err = source->ops->column(source, "division", p->deflator, fd_period_year(y),
                                           FD_CURRENT, &c)) < 0)
                break;
            for (size_t d = 0; d < (*divisions)->n; d++)
                to[d] *= fd_column_state(c, d) == FD_HAS
                             ? fd_number_to_double(fd_column_number(c, d)) / 100
                             : NAN;
            fd_column_unref(c);
        }
    }
    *levels = level;
    return err;
}

/* Replace the values of q by sums over divisions at prices of the first period. */
static int deflate(fd_city_cells *cells, const fd_city_panel *p, size_t q, const fd_expr *where)
{
    const char *by[FD_CITY_DIMENSIONS + 1];
    const char *coded = NULL; /* the column that begins with the division's code */
    size_t by_count = p->by_count;
    const fd_frame *divisions;
    fd_table *t = NULL;
    double *level;
    int err, value, codes;

    for (size_t k = 0; k < p->by_count; k++) {
        by[k] = p->by[k];
        if (strcmp(by[k], "industry") == 0 || strcmp(by[k], "行业") == 0)
            coded = "industry";
        else if (strcmp(by[k], "division") == 0 || strcmp(by[k], "行业大类") == 0)
            coded = "division";
    }
    if (!coded)
        by[by_count++] = coded = "division";
    if ((err = read_prices(&level, &divisions, p)) < 0 ||
        (err = fd_city__measure(&t, p, &p->quantities[q], by, by_count, where)) < 0)
        return err;
    value = fd_table_find(t, "value");
    codes = fd_table_find(t, coded);
    fd_city__clear(cells, q);
    for (size_t r = 0; r < t->rows; r++) {
        const fd_number v = fd_column_number(t->columns[value], r);
        const char *code = fd_column_text_or(t->columns[codes], r, "");
        const size_t slot = fd_city__slot(p, t, r);
        size_t d = 0;

        if (v.state == FD_NA || slot == SIZE_MAX || (where && v.state == FD_MISSING))
            continue; /* under a condition: nobody of this division meets it */
        while (d < divisions->n && strncmp(divisions->codes[d], code, 2) != 0)
            d++;
        fd_city__add(cells, t, r, slot, q,
                     v.state == FD_MISSING || d == divisions->n
                         ? NAN
                         : fd_number_to_double(v) / level[slot * divisions->n + d]);
    }
    fd_table_free(t);
    return 0;
}

static void copy_notes(fd_table *to, const fd_table *from)
{
    for (size_t k = 0; k < from->note_count; k++)
        fd_table_add_note(to, from->notes[0][k], from->notes[1][k]);
}

/* A condition leaves a remainder: with the figures of all, published elsewhere, one or two
 * enterprises outside it could be told by difference. */
static int hide_remainders(fd_city_cells *cells, const fd_city_panel *p, const fd_city_quantity *q,
                           const fd_table *within)
{
    fd_table *all = NULL;
    fd_map *counts = fd_map_new();
    const int n = fd_table_find(within, "n");
    int err;

    if ((err = fd_city__measure(&all, p, q, p->by, p->by_count, NULL)) < 0)
        goto done;
    for (size_t r = 0; r < all->rows; r++)
        fd_map_set(counts, fd_view_of(fd_city__key(cells, all, r)),
                   fd_column_state(all->columns[n], r) == FD_HAS
                       ? (uint64_t)all->columns[n]->v.dec[r]
                       : 0);
    for (size_t r = 0; r < within->rows; r++) {
        const size_t slot = fd_city__slot(p, within, r);
        const uint64_t here = fd_column_state(within->columns[n], r) == FD_HAS
                                  ? (uint64_t)within->columns[n]->v.dec[r]
                                  : 0;
        uint64_t whole;

        if (here && fd_map_get(counts, fd_view_of(fd_city__key(cells, within, r)), &whole) &&
            whole > here && whole - here < 3)
            fd_city__hide(cells, within, r, slot);
    }
done:
    fd_table_free(all);
    fd_map_free(counts);
    return err;
}

static int read_quantity(fd_city_cells *cells, fd_table *notes, fd_city_panel *p, size_t q,
                         const fd_expr *where)
{
    const fd_indicator *i = p->quantities[q].indicator;
    fd_table *t = NULL, *whole;
    int err, suppressed;

    if ((err = fd_city__measure(&t, p, &p->quantities[q], p->by, p->by_count, where)) < 0)
        return err;
    fd_city__take(cells, t, q);
    p->statistical = p->statistical || (p->call->role != FD_ROLE_STATISTICS &&
                                        (fd_rests_on_statistics(p->call->city, i->total) ||
                                         fd_rests_on_statistics(p->call->city, i->formula)));
    whole = t;
    if (where && !p->unprotected && p->statistical && p->by_count &&
        (err = hide_remainders(cells, p, &p->quantities[q], t)) < 0)
        goto done;
    if (!p->unprotected && (err = fd_protect(&t, p->call, i, p->by_count, false)) < 0)
        goto done;
    suppressed = fd_table_find(t, "suppressed");
    for (size_t r = 0; suppressed >= 0 && r < t->rows; r++)
        if (fd_column_text(t->columns[suppressed], r))
            fd_city__hide(cells, t, r, fd_city__slot(p, t, r));
    if (p->quantities[q].use == FD_CITY_REAL && p->period_count > 1)
        err = deflate(cells, p, q, where);
    if (err >= 0 && p->quantities[q].carbon)
        err = fd_city__read_carbon(cells, notes, q, where);
    copy_notes(notes, whole);
done:
    fd_table_free(t);
    return err < 0 ? err : 0;
}

static void note_columns(fd_table *t, const fd_city_panel *p)
{
    for (size_t q = 0; q < p->count; q++) {
        const fd_city_quantity *c = &p->quantities[q];
        const char *real = c->use == FD_CITY_REAL ? p->deflator : NULL;
        const char *unit = c->indicator->unit ? c->indicator->unit->name : "";
        char zh[400], en[400], base[32];

        fd_period_format(p->periods[0], base, sizeof base);
        snprintf(zh, sizeof zh, "%s = %s(%s%s%s%s)", c->column, c->indicator->name, unit,
                 real ? ",各大类按 " : "", real ? real : "", real ? " 折成首期价格" : "");
        snprintf(en, sizeof en, "%s = %s (%s%s%s%s%s)", c->column, c->indicator->id, unit,
                 real ? ", at prices of " : "", real ? base : "", real ? " by " : "",
                 real ? real : "");
        fd_table_add_note(t, zh, en);
    }
}

int fd_city_read(fd_table **out, fd_city_panel *p)
{
    fd_city_cells cells;
    fd_table *notes = fd_table_new("notes", "", "");
    fd_expr *where = NULL;
    int err = 0;

    *out = NULL;
    fd_city__init(&cells, p);
    p->statistical = false;
    note_columns(notes, p);
    if (p->where) {
        err = fd_expr_parse(&where, p->call->city->program, p->call->arena, p->where, true);
        fd_table_add_note(
            notes, fd_arena_printf(p->call->arena, "各量只含满足条件的企业:%s", p->where),
            fd_arena_printf(p->call->arena, "all quantities are of enterprises with %s", p->where));
    }
    for (size_t q = 0; q < p->count && err >= 0; q++)
        err = read_quantity(&cells, notes, p, q, where);
    if (err >= 0)
        err = fd_city__table(out, &cells, notes);
    if (err >= 0)
        copy_notes(*out, notes);
    fd_city__dispose(&cells);
    fd_table_free(notes);
    return err < 0 ? err : 0;
}

void fd_city_note(fd_result *result, const fd_table *read)
{
    if (result->table_count)
        copy_notes(result->tables[0], read);
}

static bool is_merged(const fd_city_panel *p, const char *region, const char *industry)
{
    for (size_t k = 0; k < p->merged_count; k++)
        if (strcmp(p->merged[k][0], region) == 0 && strcmp(p->merged[k][1], industry) == 0)
            return true;
    return false;
}

void fd_city_blank_merged(fd_table *t, const fd_city_panel *p, const char *region)
{
    const int at = fd_table_find(t, "region"), industry = fd_table_find(t, "industry");

    if (industry < 0 || (at < 0 && !region))
        return;
    for (size_t r = 0; p->merged_count && r < t->rows; r++) {
        const char *where = at < 0 ? region : fd_column_text_or(t->columns[at], r, "");

        if (!is_merged(p, where, fd_column_text_or(t->columns[industry], r, "")))
            continue;
        for (size_t c = 0; c < t->column_count; c++)
            if (t->columns[c]->kind == FD_EST)
                fd_column_set_state(t->columns[c], r, FD_NA);
    }
}

bool fd_city_gives_data(fd_result *result, fd_call *call, fd_table **in)
{
    const char *wanted = declares(call, "out") ? fd_call_text(call, "out") : NULL;

    if (!wanted || strcmp(wanted, "data") != 0)
        return false;
    fd_result_add(result, *in);
    *in = NULL;
    return true;
}
