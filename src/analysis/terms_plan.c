/*
 * What the options of lmdi say about a table: its factors, its names, its times.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/cube.h"
#include "analysis/terms.h"
#include "fangding/arena.h"

static char *copy_of(fd_view v)
{
    char *out = fd_alloc(v.len + 1);

    memcpy(out, v.ptr, v.len);
    return out;
}

static int no_column(const char *name)
{
    fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", name);
    return fd_error_hint("第一行是列名;带运算符的列名要加双引号",
                         "the first row names the columns; names with operators go in quotes");
}

/* ---- wide tables ---- */

/* Where the suffix of a name begins, after its last '_'; 0 when it has none. */
static size_t suffix_of(const char *name)
{
    const char *bar = strrchr(name, '_');

    return bar && bar > name && bar[1] ? (size_t)(bar - name) + 1 : 0;
}

static int compare_suffixes(const void *a, const void *b)
{
    return fd_cube_compare_times(*(char *const *)a, *(char *const *)b);
}

/* The suffixes that the name with the most of them has; one of them is no time. */
static void find_suffixes(fd_terms_plan *plan, const fd_table *in)
{
    size_t best = 0, most = 1;
    bool numbers = true;

    for (size_t c = 0; c < in->column_count; c++) {
        const size_t at = suffix_of(in->columns[c]->id);
        size_t same = 0;

        for (size_t d = 0; at && d < in->column_count; d++)
            same += suffix_of(in->columns[d]->id) == at &&
                    strncmp(in->columns[c]->id, in->columns[d]->id, at) == 0;
        if (same > most) {
            most = same;
            best = c;
        }
    }
    if (most < 2)
        return;
    plan->suffixes = fd_alloc(most * sizeof *plan->suffixes);
    for (size_t d = 0; d < in->column_count; d++) {
        const char *name = in->columns[d]->id;
        const size_t at = suffix_of(in->columns[best]->id);

        if (suffix_of(name) == at && strncmp(in->columns[best]->id, name, at) == 0) {
            plan->suffixes[plan->suffix_count++] = fd_strdup(name + at);
            numbers = numbers && strspn(name + at, "0123456789") == strlen(name + at);
        }
    }
    if (numbers)
        qsort(plan->suffixes, plan->suffix_count, sizeof *plan->suffixes, compare_suffixes);
    for (size_t d = 0; d < in->column_count; d++)
        for (size_t k = 0; k < plan->suffix_count; k++) {
            const char *name = in->columns[d]->id;

            if (suffix_of(name) && strcmp(name + suffix_of(name), plan->suffixes[k]) == 0)
                plan->melted[d] = true;
        }
}

static bool is_melted_from(const fd_terms_plan *plan, const fd_table *in, size_t c, fd_view name)
{
    const char *id = in->columns[c]->id;

    return plan->melted[c] && suffix_of(id) == name.len + 1 && strncmp(id, name.ptr, name.len) == 0;
}

/* Mark the columns of a name: itself, or of a wide table those with each suffix. */
static int use_column(fd_terms_plan *plan, const fd_table *in, const char *name)
{
    const int at = fd_table_find(in, name);
    bool found = at >= 0 && !plan->melted[at];

    if (found) {
        plan->used[at] = true;
        return 0;
    }
    for (size_t c = 0; c < in->column_count; c++)
        if (is_melted_from(plan, in, c, fd_view_of(name)))
            found = plan->used[c] = true;
    return found ? 0 : no_column(name);
}

/* ---- formulas ---- */

static int use_formula(fd_terms_plan *plan, const fd_table *in, const fd_formula *f)
{
    int err = 0;

    for (size_t i = 0; i < f->count && err >= 0; i++) {
        const fd_formula_step *s = &f->steps[i];

        if (s->column)
            err = use_column(plan, in, s->column);
        for (size_t k = 0; k < s->key_count && err >= 0; k++)
            if (fd_table_find(in, s->keys[k]) < 0)
                err = no_column(s->keys[k]);
    }
    return err;
}

static int add_factor(fd_terms_plan *plan, fd_view name, fd_view formula)
{
    fd_terms_factor f = { 0 };
    int err;

    plan->factors = fd_realloc_array(plan->factors, plan->factor_count + 1, sizeof *plan->factors);
    f.name = copy_of(name);
    err = fd_formula_parse(&f.formula, formula);
    plan->factors[plan->factor_count++] = f;
    for (size_t k = 0; k + 1 < plan->factor_count && err >= 0; k++)
        if (strcmp(plan->factors[k].name, f.name) == 0)
            err = fd_error_set(FD_EINVAL, "因素写了两次:%s", "a factor stands twice: %s", f.name);
    return err;
}

static int parse_factors(fd_terms_plan *plan, const char *text)
{
    fd_view rest = fd_view_of(text), part;
    int err = 0;

    while (err >= 0 && fd_view_split(&rest, ';', &part)) {
        const ptrdiff_t equals = fd_view_find(part, "=");
        fd_view name = part, formula = part;

        if (fd_view_trim(part).len == 0)
            continue;
        if (equals >= 0) {
            name = (fd_view){ part.ptr, (size_t)equals };
            formula = (fd_view){ part.ptr + equals + 1, part.len - (size_t)equals - 1 };
        }
        name = fd_view_trim(name);
        if (name.len > 2 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"')
            name = (fd_view){ name.ptr + 1, name.len - 2 };
        if (!name.len)
            return fd_error_set(FD_EPARSE, "因素没有名字:%.*s", "a factor without name: %.*s",
                                (int)part.len, part.ptr);
        err = add_factor(plan, name, formula);
    }
    if (err >= 0 && !plan->factor_count)
        err = fd_error_set(FD_EINVAL, "没有因素", "there are no factors");
    return err;
}

/* Without a word every column of numbers is a factor, but names and the value. */
static int default_factors(fd_terms_plan *plan, const fd_table *in)
{
    int err = 0;

    for (size_t c = 0; c < in->column_count && err >= 0; c++) {
        const char *name = in->columns[c]->id;
        fd_view view = fd_view_of(name);
        fd_formula_step *steps;
        bool again = plan->used[c] || in->columns[c]->kind == FD_TEXT ||
                     (plan->time && strcmp(name, plan->time) == 0);

        if (plan->suffix_count ? !plan->melted[c] : c == 0)
            continue;
        if (plan->melted[c])
            view.len = suffix_of(name) - 1;
        for (size_t k = 0; k < plan->by_count; k++)
            again |= strcmp(plan->by[k], name) == 0;
        for (size_t k = 0; k < plan->factor_count; k++)
            again |= fd_view_is(view, plan->factors[k].name);
        if (again)
            continue;
        plan->factors =
            fd_realloc_array(plan->factors, plan->factor_count + 1, sizeof *plan->factors);
        steps = fd_alloc(sizeof *steps);
        steps->kind = FD_FORMULA_COLUMN;
        steps->column = copy_of(view);
        plan->factors[plan->factor_count++] =
            (fd_terms_factor){ copy_of(view), { steps, 1, 1, 1 } };
    }
    if (!plan->factor_count) {
        fd_error_set(FD_EINVAL, "没有因素", "there are no factors");
        err = fd_error_hint("用 --factors \"名=算式;名=算式\" 写明",
                            "name them with --factors \"name=expression;…\"");
    }
    return err;
}

static int parse_groups(fd_terms_plan *plan, const fd_table *in, const char *text)
{
    fd_view rest = fd_view_of(text), part;

    while (fd_view_split(&rest, ',', &part)) {
        const fd_view name = fd_view_trim(part);

        if (!name.len)
            continue;
        plan->by = fd_realloc_array(plan->by, plan->by_count + 1, sizeof *plan->by);
        plan->by[plan->by_count++] = copy_of(name);
        if (fd_table_find(in, plan->by[plan->by_count - 1]) < 0)
            return no_column(plan->by[plan->by_count - 1]);
    }
    return 0;
}

int fd_terms_plan_make(fd_terms_plan *out, const fd_table *in, const fd_lmdi_options *o)
{
    int at, err;

    memset(out, 0, sizeof *out);
    out->used = fd_alloc(in->column_count + 1);
    out->melted = fd_alloc(in->column_count + 1);
    if (o->time && fd_table_find(in, o->time) < 0) {
        err = no_column(o->time);
        goto done;
    }
    at = o->time ? fd_table_find(in, o->time) : fd_cube_time_column(in);
    out->time = at >= 0 ? in->columns[at]->id : NULL;
    if (at < 0)
        find_suffixes(out, in);
    if (at < 0 && !out->suffix_count) {
        fd_error_set(FD_ENOTFOUND, "没有时间的列", "there is no column of times");
        err = fd_error_hint("用 --time 写列名;宽表的列名是 名_时间",
                            "name it with --time; columns of a wide table are NAME_time");
        goto done;
    }
    if ((err = parse_groups(out, in, o->by)) < 0 ||
        (o->value && ((err = fd_formula_parse(&out->value, fd_view_of(o->value))) < 0 ||
                      (err = use_formula(out, in, &out->value)) < 0)) ||
        (err = o->factors ? parse_factors(out, o->factors) : default_factors(out, in)) < 0)
        goto done;
    for (size_t k = 0; k < out->factor_count && err >= 0; k++)
        err = use_formula(out, in, &out->factors[k].formula);
done:
    if (err < 0)
        fd_terms_plan_dispose(out);
    return err;
}

void fd_terms_plan_dispose(fd_terms_plan *plan)
{
    for (size_t k = 0; k < plan->factor_count; k++) {
        free(plan->factors[k].name);
        fd_formula_dispose(&plan->factors[k].formula);
    }
    for (size_t k = 0; k < plan->by_count; k++)
        free(plan->by[k]);
    for (size_t k = 0; k < plan->suffix_count; k++)
        free(plan->suffixes[k]);
    free(plan->factors);
    fd_formula_dispose(&plan->value);
    free(plan->by);
    free(plan->suffixes);
    free(plan->used);
    free(plan->melted);
    memset(plan, 0, sizeof *plan);
}

bool fd_terms_is_name(const fd_terms_plan *plan, size_t column)
{
    return !plan->used[column] && !plan->melted[column];
}
