/*
 * A city in memory and a folder of returns for it.
 */
#ifndef TESTS_APP_IMPORT_WORLD_H
#define TESTS_APP_IMPORT_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/assets.h"
#include "app/import.h"
#include "base/diag.h"
#include "base/str.h"
#include "fangding/uscc.h"
#include "io/file.h"
#include "remove_all.h"

typedef struct world {
    fd_script *scripts[32];
    size_t script_count;
    fd_program *program;
    fd_store *store;
    char folder[128];
} world;

static inline int open_world(void **state)
{
    world *w = calloc(1, sizeof *w);
    const char *base = getenv("TMPDIR"), *path;
    fd_diags diags = FD_DIAGS_INIT;
    fd_view bytes;

    for (size_t i = 0; fd_asset_at(i, &path, &bytes); i++)
        if (fd_view_starts(fd_view_of(path), "definitions/") &&
            fd_view_ends(fd_view_of(path), ".ding"))
            assert_int_equal(fd_script_parse(&w->scripts[w->script_count++], bytes.ptr, bytes.len,
                                             path, &diags),
                             0);
    if (fd_program_load(&w->program, (const fd_script *const *)w->scripts, w->script_count,
                        &diags) < 0)
        fail_msg("%s", diags.list.items[0]->error.message[FD_EN]);
    fd_diags_dispose(&diags);
    assert_int_equal(fd_store_open_memory(&w->store), 0);
    snprintf(w->folder, sizeof w->folder, "%.80s/fdimportXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    *state = w;
    return 0;
}

static inline int close_world(void **state)
{
    world *w = *state;

    fd_store_close(w->store);
    fd_program_free(w->program);
    for (size_t i = 0; i < w->script_count; i++)
        fd_script_free(w->scripts[i]);
    remove_all(w->folder);
    free(w);
    return 0;
}

static inline const char *uscc(int i)
{
    static char codes[8][FD_USCC_LENGTH + 1];
    char prefix[17];

    snprintf(prefix, sizeof prefix, "91990500MA%06d", i);
    assert_int_equal(fd_uscc_make(codes[i % 8], prefix), 0);
    return codes[i % 8];
}

/* %1 … stand for credit codes. */
static inline void put(const world *w, const char *name, const char *text)
{
    fd_buf out = FD_BUF_INIT, path = FD_BUF_INIT;
    const char *slash = strchr(name, '/');

    if (slash) {
        fd_buf_printf(&path, "%s/%.*s", w->folder, (int)(slash - name), name);
        (void)mkdir(fd_buf_text(&path), 0777);
        fd_buf_clear(&path);
    }
    for (; *text; text++)
        if (text[0] == '%' && text[1] >= '1' && text[1] <= '7')
            fd_buf_puts(&out, uscc(*++text - '0'));
        else
            fd_buf_putc(&out, *text);
    fd_buf_printf(&path, "%s/%s", w->folder, name);
    assert_int_equal(fd_file_write(fd_buf_text(&path), fd_buf_text(&out), out.len), 0);
    fd_buf_dispose(&out);
    fd_buf_dispose(&path);
}

static inline void import(world *w, fd_import_report *report, const fd_import_options *options)
{
    const char *const paths[] = { w->folder };
    int err = fd_import_store(report, w->store, w->program, paths, 1, options);

    if (err < 0)
        fail_msg("%s", fd_error_last()->message[FD_EN]);
}

#endif
