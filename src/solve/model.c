/*
 * Names live in an arena and in two maps; coefficients are a list that is sorted once.
 */
#include "solve/model.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

fd_model *fd_model_new(const char *name)
{
    fd_model *model = fd_alloc(sizeof *model);

    model->arena = fd_arena_new();
    model->name = fd_arena_strdup(model->arena, name ? name : "");
    model->objective = "OBJ";
    model->row_names = fd_map_new();
    model->column_names = fd_map_new();
    return model;
}

void fd_model_free(fd_model *model)
{
    if (!model)
        return;
    fd_map_free(model->row_names);
    fd_map_free(model->column_names);
    free(model->rows);
    free(model->columns);
    free(model->entries);
    free(model->starts);
    fd_arena_free(model->arena);
    free(model);
}

fd_model *fd_model_copy(const fd_model *model)
{
    fd_model *copy = fd_model_new(model->name);

    copy->objective = fd_arena_strdup(copy->arena, model->objective);
    copy->maximize = model->maximize;
    copy->constant = model->constant;
    for (size_t r = 0; r < model->row_count; r++)
        fd_model_add_row(copy, NULL, model->rows[r].name, model->rows[r].lower,
                         model->rows[r].upper);
    for (size_t c = 0; c < model->column_count; c++) {
        const fd_model_column *from = &model->columns[c];

        fd_model_add_column(copy, NULL, from->name, from->objective, from->lower, from->upper,
                            from->integer);
    }
    copy->entries = fd_realloc_array(NULL, model->entry_count + 1, sizeof *copy->entries);
    if (model->entry_count)
        memcpy(copy->entries, model->entries, model->entry_count * sizeof *copy->entries);
    copy->entry_count = model->entry_count;
    copy->entry_capacity = model->entry_count + 1;
    if (model->starts) {
        copy->starts = fd_realloc_array(NULL, model->column_count + 1, sizeof *copy->starts);
        memcpy(copy->starts, model->starts, (model->column_count + 1) * sizeof *copy->starts);
    }
    return copy;
}

static int take_name(fd_map *names, const char *name, size_t number, const char *kind_zh,
                     const char *kind_en)
{
    uint64_t other;

    if (!name || !*name)
        return fd_error_set(FD_EINVAL, "有一%s没有名字%.0s", "%.0sa %s has no name", kind_zh,
                            kind_en);
    if (fd_map_get(names, fd_view_of(name), &other))
        return fd_error_set(FD_EEXISTS, "%s名 %.0s%s 出现两次", "%.0s%s %s is there twice", kind_zh,
                            kind_en, name);
    fd_map_set(names, fd_view_of(name), number);
    return 0;
}

int fd_model_add_row(fd_model *model, size_t *out, const char *name, double lower, double upper)
{
    int err;

    if (isnan(lower) || isnan(upper))
        return fd_error_set(FD_EINVAL, "行 %s 的界不是数", "a bound of row %s is no number", name);
    if ((err = take_name(model->row_names, name, model->row_count, "行", "row")) < 0)
        return err;
    if (model->row_count == model->row_capacity) {
        model->row_capacity = model->row_capacity ? model->row_capacity * 2 : 64;
        model->rows = fd_realloc_array(model->rows, model->row_capacity, sizeof *model->rows);
    }
    model->rows[model->row_count] =
        (fd_model_row){ fd_arena_strdup(model->arena, name), lower, upper };
    if (out)
        *out = model->row_count;
    model->row_count++;
    return 0;
}

int fd_model_add_column(fd_model *model, size_t *out, const char *name, double objective,
                        double lower, double upper, bool integer)
{
    int err;

    if (!isfinite(objective) || isnan(lower) || isnan(upper))
        return fd_error_set(FD_EINVAL, "列 %s 的目标系数或界不是数",
                            "objective or bound of column %s is no number", name);
    if ((err = take_name(model->column_names, name, model->column_count, "列", "column")) < 0)
        return err;
    if (model->column_count == model->column_capacity) {
        model->column_capacity = model->column_capacity ? model->column_capacity * 2 : 64;
        model->columns =
            fd_realloc_array(model->columns, model->column_capacity, sizeof *model->columns);
    }
    model->columns[model->column_count] =
        (fd_model_column){ fd_arena_strdup(model->arena, name), objective, lower, upper, integer };
    model->integers += integer;
    if (out)
        *out = model->column_count;
    model->column_count++;
    return 0;
}

void fd_model_put(fd_model *model, size_t row, size_t column, double value)
{
    if (value == 0)
        return;
    if (model->entry_count == model->entry_capacity) {
        model->entry_capacity = model->entry_capacity ? model->entry_capacity * 2 : 256;
        model->entries =
            fd_realloc_array(model->entries, model->entry_capacity, sizeof *model->entries);
    }
    model->entries[model->entry_count++] = (fd_model_entry){ row, column, value };
}

static int compare_entries(const void *left, const void *right)
{
    const fd_model_entry *a = left, *b = right;

    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

int fd_model_finish(fd_model *model)
{
    size_t at = 0;

    if (model->entry_count)
        qsort(model->entries, model->entry_count, sizeof *model->entries, compare_entries);
    for (size_t i = 0; i < model->entry_count; i++) {
        const fd_model_entry *e = &model->entries[i];

        if (!isfinite(e->value))
            return fd_error_set(FD_EINVAL, "行 %s 列 %s 的系数不是有限数",
                                "the coefficient of row %s, column %s is not finite",
                                model->rows[e->row].name, model->columns[e->column].name);
        if (i && compare_entries(e - 1, e) == 0)
            return fd_error_set(FD_EEXISTS, "行 %s 列 %s 的系数出现两次",
                                "row %s, column %s has two coefficients", model->rows[e->row].name,
                                model->columns[e->column].name);
    }
    free(model->starts);
    model->starts = fd_realloc_array(NULL, model->column_count + 1, sizeof *model->starts);
    for (size_t c = 0; c < model->column_count; c++) {
        model->starts[c] = at;
        while (at < model->entry_count && model->entries[at].column == c)
            at++;
    }
    model->starts[model->column_count] = at;
    return 0;
}

bool fd_model_find_row(const fd_model *model, const char *name, size_t *out)
{
    uint64_t found;

    if (!fd_map_get(model->row_names, fd_view_of(name), &found))
        return false;
    *out = (size_t)found;
    return true;
}

bool fd_model_find_column(const fd_model *model, const char *name, size_t *out)
{
    uint64_t found;

    if (!fd_map_get(model->column_names, fd_view_of(name), &found))
        return false;
    *out = (size_t)found;
    return true;
}

double *fd_model_at(const fd_model *model, size_t row, size_t column)
{
    fd_model_entry key = { row, column, 0 }, *found;
    size_t begin = model->starts[column], count = model->starts[column + 1] - begin;

    if (count == 0)
        return NULL;
    found = bsearch(&key, model->entries + begin, count, sizeof key, compare_entries);
    return found ? &found->value : NULL;
}

void fd_model_row_vector(const fd_model *model, size_t row, double *out)
{
    memset(out, 0, model->column_count * sizeof *out);
    for (size_t i = 0; i < model->entry_count; i++)
        if (model->entries[i].row == row)
            out[model->entries[i].column] = model->entries[i].value;
}

void fd_model_activity(const fd_model *model, const double *x, double *activity)
{
    memset(activity, 0, model->row_count * sizeof *activity);
    for (size_t i = 0; i < model->entry_count; i++) {
        const fd_model_entry *e = &model->entries[i];

        activity[e->row] += e->value * x[e->column];
    }
}

double fd_model_objective(const fd_model *model, const double *x)
{
    double sum = model->constant;

    for (size_t c = 0; c < model->column_count; c++)
        sum += model->columns[c].objective * x[c];
    return sum;
}

fd_lp *fd_model_lp(const fd_model *model, const fd_lp_options *options)
{
    fd_lp *lp = fd_lp_new(model->maximize);

    if (options)
        fd_lp_set_options(lp, options);
    for (size_t r = 0; r < model->row_count; r++)
        fd_lp_add_row(lp, model->rows[r].lower, model->rows[r].upper);
    for (size_t c = 0; c < model->column_count; c++) {
        const fd_model_column *column = &model->columns[c];

        fd_lp_add_column(lp, column->objective, column->lower, column->upper);
    }
    for (size_t i = 0; i < model->entry_count; i++)
        fd_lp_put(lp, model->entries[i].row, model->entries[i].column, model->entries[i].value);
    return lp;
}

ptrdiff_t fd_model_match(const char *name, const char *const *patterns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(patterns[i]);

        if (strpbrk(patterns[i], "*?[")) {
            if (fnmatch(patterns[i], name, 0) == 0)
                return (ptrdiff_t)i;
        } else if (strncmp(name, patterns[i], length) == 0 &&
                   !isalpha((unsigned char)name[length]) && !(name[length] & 0x80)) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}
