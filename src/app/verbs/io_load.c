#include "app/verbs/io_load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "fangding/arena.h"
#include "io/csvmatrix.h"
#include "io/csvtable.h"

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

int fd_io_load(fd_io **out, const fd_call *call, struct fd_pool *pool)
{
    const char *folder = fd_call_text(call, "dir");
    fd_io_options options = FD_IO_OPTIONS_INIT;
    fd_io_tables t = { 0 };
    fd_labelled **const places[SOURCES] = { &t.z,      &t.y,       &t.z_import,    &t.y_import,
                                            &t.output, &t.imports, &t.value_added, &t.employment };
    int err;

    *out = NULL;
    options.pool = pool;
    if ((err = read_options(&options, call)) < 0)
        return err;
    /* Whoever names files wants those; and a server's own folder is nobody's to ask for. */
    if (!folder && !fd_call_text(call, "z") && !call->scope)
        folder = ".";
    for (size_t s = 0; s < SOURCES && err >= 0; s++) {
        const char *path = fd_call_text(call, sources[s].param);

        if (!path && folder)
            path = find_file(call, folder, sources[s].names);
        if (path)
            err = read_matrix(places[s], path);
    }
    if (err >= 0 && !t.z) {
        err = fd_error_set(FD_ENOTFOUND, "没有找到中间使用表",
                           "there is no table of intermediate use");
        fd_error_hint("文件夹里应有 Z_domestic.csv、Z_total.csv 或 Z.csv,或用 --z 说明",
                      "the folder should hold Z_domestic.csv, Z_total.csv or Z.csv; or name it "
                      "with --z");
    }
    if (err >= 0)
        err = fd_io_new(out, &t, &options);
    for (size_t s = 0; s < SOURCES; s++)
        fd_io_drop_matrix(*places[s]);
    return err;
}
