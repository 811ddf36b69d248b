#include "app/verbs/io_load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/assets.h"
#include "base/str.h"
#include "base/map.h"
#include "fangding/arena.h"
#include "io/csvmatrix.h"
#include "io/csvtable.h"
#include "io/rows.h"

/* Where each table is looked for: names without extension, the first that exists. */
static const struct {
    const char *param;
    const char *names[4];
} sources[] = {
    { "z", { "Z_domestic", "Z_total", "Z", NULL } },
    { "y", { "Y_domestic", "Y_total", "Y", NULL } },
    { "z-import", { "Z_import", NULL } },
    { "y-import", { "Y_import", NULL } },
    { "x", { "output", "output_row", "x", NULL } },
    { "imports", { "imports", NULL } },
    { "va", { "value_added", NULL } },
    { "employment", { "employment", NULL } },
};
enum { SOURCES = sizeof sources / sizeof *sources };

static const char *find_file(const fd_call *call, const char *folder, const char *const *names)
{
    static const char *const extensions[] = { ".csv", ".csv.gz", ".xlsx" };

    for (; *names; names++)
        for (size_t e = 0; e < sizeof extensions / sizeof *extensions; e++) {
            const char *path =
                fd_arena_printf(call->arena, "%s/%s%s", folder, *names, extensions[e]);

            if (access(path, F_OK) == 0)
                return path;
        }
    return NULL;
}

static int read_matrix(fd_labelled **out, const char *path)
{
    int err;

    *out = fd_alloc(sizeof **out);
    if ((err = fd_csv_matrix(*out, path)) < 0) {
        free(*out);
        *out = NULL;
    }
    return err;
}

int fd_io_load_matrix(fd_labelled **out, const fd_call *call, const char *param)
{
    const char *path = fd_call_text(call, param);

    *out = NULL;
    return path ? read_matrix(out, path) : 0;
}

void fd_io_drop_matrix(fd_labelled *m)
{
    if (m)
        fd_labelled_dispose(m);
    free(m);
}

double fd_io_number(const fd_call *call, const char *param, double otherwise)
{
    const char *text = fd_call_text(call, param);
    double value;

    return text && fd_csv_number(&value, text, strlen(text)) ? value : otherwise;
}

static int read_options(fd_io_options *o, const fd_call *call)
{
    const char *imbalance = fd_call_text(call, "imbalance");
    double percent;

    o->value_added = fd_call_text(call, "va-row");
    o->labour = fd_call_text(call, "labour");
    o->tax = fd_call_text(call, "tax");
    o->import_row = fd_call_text(call, "import-row");
    o->consumption = fd_call_text(call, "consumption");
    o->exports = fd_call_text(call, "exports");
    o->employment = fd_call_text(call, "employment-row");
    if (!imbalance)
        return 0;
    if (strcmp(imbalance, "any") == 0)
        o->most_imbalance = -1;
    else if (fd_csv_number(&percent, imbalance, strlen(imbalance)) && percent >= 0)
        o->most_imbalance = percent / 100;
    else
        return fd_error_set(FD_EINVAL, "--imbalance 应是百分数或 any:%s",
                            "--imbalance takes a percentage or any: %s", imbalance);
    return 0;
}

/* A file of a table that is built in. @return 1 when it is there */
static int read_built_in(fd_labelled **out, const fd_call *call, const char *table,
                         const char *const *names)
{
    fd_view bytes;
    int err;

    for (; *names; names++) {
        const char *path = fd_arena_printf(call->arena, "definitions/io/%s/%s.csv", table, *names);

        if (!fd_asset_find(path, &bytes))
            continue;
        *out = fd_alloc(sizeof **out);
        if ((err = fd_csv_matrix_memory(*out, bytes.ptr, bytes.len, path)) < 0) {
            free(*out);
            *out = NULL;
        }
        return err < 0 ? err : 1;
    }
    return 0;
}

int fd_io_load_built_in(fd_labelled **out, const fd_call *call, const char *table, const char *name)
{
    const char *const names[] = { name, NULL };
    int err = read_built_in(out, call, table, names);

    return err == 1  ? 0
           : err < 0 ? err
                     : fd_error_set(FD_ENOTFOUND, "程序没有自带的表 %s/%s",
                                    "no built-in table %s/%s", table, name);
}

static int no_tables(const char *built_in)
{
    if (built_in) {
        fd_error_set(FD_ENOTFOUND, "程序没有自带的表 %s", "no built-in table is called %s",
                     built_in);
        return fd_error_hint("自带的有 cn2020(全国2020年42部门)",
                             "there is cn2020 (China 2020, 42 sectors)");
    }
    fd_error_set(FD_ENOTFOUND, "没有找到中间使用表", "there is no table of intermediate use");
    return fd_error_hint("文件夹里应有 Z_domestic.csv、Z_total.csv 或 Z.csv,或用 --z 说明;"
                         "--table cn2020 用自带的全国表",
                         "the folder should hold Z_domestic.csv, Z_total.csv or Z.csv; or name it "
                         "with --z; --table cn2020 takes the built-in table of China");
}

/* Whoever names files wants those; and a server's own folder is nobody's to ask for. */
static const char *folder_of(const fd_call *call)
{
    if (fd_call_text(call, "dir"))
        return fd_call_text(call, "dir");
    return fd_call_text(call, "z") || fd_call_text(call, "table") || call->scope ? NULL : ".";
}

int fd_io_load(fd_io **out, const fd_call *call, struct fd_pool *pool)
{
    const char *folder = folder_of(call), *built_in = fd_call_text(call, "table");
    fd_io_options options = FD_IO_OPTIONS_INIT;
    fd_io_tables t = { 0 };
    fd_labelled **const places[SOURCES] = { &t.z,      &t.y,       &t.z_import,    &t.y_import,
                                            &t.output, &t.imports, &t.value_added, &t.employment };
    bool domestic = false;
    int err;

    *out = NULL;
    options.pool = pool;
    if ((err = read_options(&options, call)) < 0)
        return err;
    for (size_t s = 0; s < SOURCES && err >= 0; s++) {
        const char *path = fd_call_text(call, sources[s].param);

        /* A domestic table has its imports taken out already. */
        if (!path && folder && !(domestic && places[s] == &t.imports))
            path = find_file(call, folder, sources[s].names);
        domestic |= s == 0 && path && strstr(path, "/Z_domestic.");
        if (path)
            err = read_matrix(places[s], path);
        else if (built_in)
            err = read_built_in(places[s], call, built_in, sources[s].names);
    }
    if (err >= 0 && !t.z)
        err = no_tables(built_in);
    if (err >= 0)
        err = fd_io_new(out, &t, &options);
    for (size_t s = 0; s < SOURCES; s++)
        fd_io_drop_matrix(*places[s]);
    return err;
}

/* ---- names ---- */

static int open_names(fd_rows **out, const fd_call *call, const char **path)
{
    static const char *const names[] = { "sectors", NULL };
    const char *folder = folder_of(call), *built_in = fd_call_text(call, "table");
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_view bytes;

    *out = NULL;
    if (folder && (*path = find_file(call, folder, names)))
        return fd_rows_open(out, *path, &options);
    if (built_in) {
        *path = fd_arena_printf(call->arena, "definitions/io/%s/sectors.csv", built_in);
        if (fd_asset_find(*path, &bytes))
            return fd_rows_open_memory(out, bytes.ptr, bytes.len, *path, &options);
    }
    return fd_error_set(FD_ENOTFOUND, "没有 sectors.csv,不知道部门名称",
                        "there is no sectors.csv to name the sectors");
}

/* code → position in `names`; the column name_zh or name_en, else the second. */
static int read_names(fd_map *map, const char ***names, const fd_call *call)
{
    const char *wanted = call->lang == FD_EN ? "name_en" : "name_zh", *path = NULL;
    size_t column = 1, count = 0, capacity = 0;
    const fd_row *row;
    fd_rows *rows;
    int err;

    if ((err = open_names(&rows, call, &path)) < 0)
        return err;
    if ((err = fd_rows_next(rows, &row)) > 0)
        for (size_t c = 1; c < row->count; c++)
            if (fd_view_is(fd_view_trim(row->cells[c].text), wanted))
                column = c;
    while (err > 0 && (err = fd_rows_next(rows, &row)) > 0) {
        const fd_view code = fd_view_trim(row->cells[0].text);

        if (!code.len || column >= row->count)
            continue;
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            *names = fd_realloc_array(*names, capacity, sizeof **names);
        }
        (*names)[count] =
            fd_arena_strndup(call->arena, row->cells[column].text.ptr, row->cells[column].text.len);
        (void)fd_map_set(map, code, count++);
    }
    fd_rows_close(rows);
    return err;
}

int fd_io_answer(fd_result *result, const fd_call *call, fd_table *t)
{
    fd_map *map = NULL;
    const char **names = NULL;
    fd_column *added, *codes = t->columns[0];
    int err = 0;

    if (!fd_call_flag(call, "names") || codes->kind != FD_TEXT)
        goto done;
    map = fd_map_new();
    if ((err = read_names(map, &names, call)) < 0)
        goto done;
    added = fd_table_add_new(t, "name", "名称", "name", FD_TEXT, "", 0);
    for (size_t r = 0; r < t->rows; r++) {
        const char *code = fd_column_text(codes, r);
        uint64_t at;

        if (code && names && fd_map_get(map, fd_view_of(code), &at))
            fd_column_set_text(added, r, names[at]);
    }
    memmove(t->columns + 2, t->columns + 1, (t->column_count - 2) * sizeof *t->columns);
    t->columns[1] = added;
done:
    fd_map_free(map);
    free(names);
    if (err < 0)
        fd_table_free(t);
    else
        fd_result_add(result, t);
    return err;
}
