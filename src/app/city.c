/*
 * A city file opened for a request: store, one reader, and the definitions it holds, checked.
 */
#include <stdlib.h>

#include "app/definitions.h"
#include "app/members.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/str.h"
#include "fangding/verbs.h"

static void drop_program(fd_city *city)
{
    fd_map_free(city->respondents);
    city->respondents = NULL;
    fd_program_free(city->program);
    city->program = NULL;
    for (size_t i = 0; i < city->script_count; i++)
        fd_script_free(city->scripts[i]);
    free(city->scripts);
    city->scripts = NULL;
    city->script_count = 0;
}

/* The reader's definitions, joined again into one script per file they came from. */
static int load_program(fd_city *city)
{
    fd_load_options options = FD_LOAD_OPTIONS_INIT;
    fd_diags diags = FD_DIAGS_INIT;
    fd_table *definitions = NULL;
    int err;

    if ((err = fd_reader_definitions(city->reader, &definitions)) < 0)
        goto done;
    if ((err = fd_definitions_parse(&city->scripts, &city->script_count, definitions, &diags)) < 0)
        goto done;
    options.read_calendar = fd_workdays_read;
    err = fd_program_load_with(&city->program, (const fd_script *const *)city->scripts,
                               city->script_count, &options, &diags);
    if (err < 0 && diags.list.count) {
        const fd_error *first = &diags.list.items[0]->error;

        fd_error_set(FD_EFORMAT, "城市文件里的定义有 %zu 处错误,第一处:%s",
                     "the definitions in the city file have %zu faults; the first: %s",
                     diags.faults, first->message[FD_ZH]);
        fd_error_hint("fangding export definitions 导出后用 fangding ding check 检查",
                      "export them with fangding export definitions and run fangding ding check");
    }
    if (err >= 0)
        err = fd_reader_definitions_hash(city->reader, city->definitions_hash);
done:
    fd_table_free(definitions);
    fd_diags_dispose(&diags);
    return err;
}

int fd_city_refresh(fd_city *city)
{
    int err;

    drop_program(city);
    fd_reader_close(city->reader);
    city->reader = NULL;
    if ((err = fd_reader_open(&city->reader, city->store, 0)) < 0)
        return err;
    city->source = fd_reader_source(city->reader);
    return load_program(city);
}

int fd_city_open(fd_city **out, const char *path, int64_t as_of, bool writable)
{
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_city *city = fd_alloc(sizeof *city);
    int err;

    options.read_only = !writable;
    city->path = fd_strdup(path);
    if ((err = fd_store_open_sqlite(&city->store, path, &options)) < 0)
        goto done;
    if ((err = fd_reader_open(&city->reader, city->store, as_of)) < 0)
        goto done;
    city->source = fd_reader_source(city->reader);
    err = load_program(city);
done:
    if (err < 0) {
        fd_city_free(city);
        city = NULL;
    }
    *out = city;
    return err < 0 ? err : 0;
}

void fd_city_free(fd_city *city)
{
    if (!city)
        return;
    drop_program(city);
    fd_reader_close(city->reader);
    fd_store_close(city->store);
    free(city->path);
    free(city);
}
