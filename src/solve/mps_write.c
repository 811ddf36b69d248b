/*
 * Rows keep their order, so that duals of another solver stand in the same place.
 */
#include <ctype.h>
#include <string.h>

#include "solve/mps.h"
#include "table/jsonw.h"

/* A name is one word that is not taken for a comment. */
static int check_name(const char *name)
{
    bool good = *name && *name != '$' && *name != '*' && strcmp(name, "'MARKER'") != 0;

    for (const char *p = name; *p; p++)
        good = good && !isspace((unsigned char)*p) && !iscntrl((unsigned char)*p);
    return good ? 0
                : fd_error_set(FD_EINVAL, "名字「%s」不能写进 MPS(空格、$ 或 * 开头)",
                               "the name %s cannot be written as MPS (blanks, $ or * in front)",
                               name);
}

static void put_number(fd_buf *out, double value)
{
    char text[40];

    fd_double_shortest(value, text, sizeof text);
    fd_buf_puts(out, text);
}

static void put_line(fd_buf *out, const char *first, const char *second, double value)
{
    fd_buf_printf(out, " %s %s ", first, second);
    put_number(out, value);
    fd_buf_putc(out, '\n');
}

static char kind_of(const fd_model_row *row)
{
    if (isinf(row->lower) && isinf(row->upper))
        return 'N';
    if (row->lower == row->upper)
        return 'E';
    return isinf(row->lower) ? 'L' : 'G'; /* a range is written from below */
}

static void put_columns(fd_buf *out, const fd_model *model)
{
    bool integer = false;
    size_t markers = 0;

    fd_buf_puts(out, "COLUMNS\n");
    for (size_t c = 0; c < model->column_count; c++) {
        const fd_model_column *column = &model->columns[c];

        if (column->integer != integer) {
            integer = column->integer;
            fd_buf_printf(out, " MARKER%zu 'MARKER' '%s'\n", markers++,
                          integer ? "INTORG" : "INTEND");
        }
        /* A column without entries must be named, too. */
        if (column->objective != 0 || model->starts[c] == model->starts[c + 1])
            put_line(out, column->name, model->objective, column->objective);
        for (size_t i = model->starts[c]; i < model->starts[c + 1]; i++)
            put_line(out, column->name, model->rows[model->entries[i].row].name,
                     model->entries[i].value);
    }
    if (integer)
        fd_buf_printf(out, " MARKER%zu 'MARKER' 'INTEND'\n", markers);
}

static void put_sides(fd_buf *out, const fd_model *model)
{
    fd_buf_puts(out, "RHS\n");
    if (model->constant != 0)
        put_line(out, "RHS", model->objective, -model->constant);
    for (size_t r = 0; r < model->row_count; r++) {
        const fd_model_row *row = &model->rows[r];
        double side = isinf(row->lower) ? row->upper : row->lower;

        if (kind_of(row) != 'N' && side != 0)
            put_line(out, "RHS", row->name, side);
    }
    fd_buf_puts(out, "RANGES\n");
    for (size_t r = 0; r < model->row_count; r++) {
        const fd_model_row *row = &model->rows[r];

        if (kind_of(row) == 'G' && isfinite(row->upper))
            put_line(out, "RNG", row->name, row->upper - row->lower);
    }
}

static void put_bounds(fd_buf *out, const fd_model *model)
{
    fd_buf_puts(out, "BOUNDS\n");
    for (size_t c = 0; c < model->column_count; c++) {
        const fd_model_column *column = &model->columns[c];
        double lower = column->lower, upper = column->upper;

        if (lower == upper) {
            put_line(out, "FX BND", column->name, lower);
            continue;
        }
        if (isinf(lower) && isinf(upper))
            fd_buf_printf(out, " FR BND %s\n", column->name);
        else if (isinf(lower))
            fd_buf_printf(out, " MI BND %s\n", column->name);
        else if (lower != 0 || upper < 0)
            put_line(out, "LO BND", column->name, lower);
        if (isfinite(upper))
            put_line(out, "UP BND", column->name, upper);
        else if (column->integer)
            fd_buf_printf(out, " PL BND %s\n", column->name);
    }
}

int fd_mps_write(fd_buf *out, const fd_model *model)
{
    int err = 0;

    if ((err = check_name(model->objective)) < 0)
        return err;
    for (size_t r = 0; r < model->row_count; r++)
        if ((err = check_name(model->rows[r].name)) < 0)
            return err;
    for (size_t c = 0; c < model->column_count; c++)
        if ((err = check_name(model->columns[c].name)) < 0)
            return err;
    fd_buf_printf(out, "NAME %s\n", check_name(model->name) < 0 ? "FANGDING" : model->name);
    fd_error_clear();
    if (model->maximize)
        fd_buf_puts(out, "OBJSENSE\n MAX\n");
    fd_buf_printf(out, "ROWS\n N %s\n", model->objective);
    for (size_t r = 0; r < model->row_count; r++)
        fd_buf_printf(out, " %c %s\n", kind_of(&model->rows[r]), model->rows[r].name);
    put_columns(out, model);
    put_sides(out, model);
    put_bounds(out, model);
    fd_buf_puts(out, "ENDATA\n");
    return 0;
}
