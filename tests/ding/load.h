/*
 * Loading definitions in tests.
 */
#ifndef FD_TESTS_DING_LOAD_H
#define FD_TESTS_DING_LOAD_H

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/str.h"
#include "fangding/ding.h"

/* Scripts and the program over them, released together. */
typedef struct loaded {
    fd_script *scripts[8];
    size_t count;
    fd_program *program;
    fd_diags diags;
    int err;
} loaded;

static inline char *read_file(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    long size;

    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    size = ftell(f);
    rewind(f);
    text = fd_alloc((size_t)size + 1);
    assert_int_equal(fread(text, 1, (size_t)size, f), size);
    fclose(f);
    *length = (size_t)size;
    return text;
}

static inline void add_text(loaded *l, const char *text, size_t length, const char *name)
{
    assert_true(l->count < 8);
    (void)fd_script_parse(&l->scripts[l->count++], text, length, name, &l->diags);
}

static inline void add_shipped(loaded *l, const char *name)
{
    char path[1024];
    size_t length;
    char *text;

    snprintf(path, sizeof path, "%s/definitions/%s", FD_SOURCE_DIR, name);
    text = read_file(path, &length);
    add_text(l, text, length, name);
    free(text);
}

/* Units, the data dictionary, and a text of the test's own. */
static inline void load(loaded *l, const char *text, const fd_load_options *options)
{
    memset(l, 0, sizeof *l);
    add_shipped(l, "units.ding");
    add_shipped(l, "data.ding");
    if (text)
        add_text(l, text, strlen(text), "test.ding");
    l->err = fd_program_load_with(&l->program, (const fd_script *const *)l->scripts, l->count,
                                  options, &l->diags);
}

static inline void unload(loaded *l)
{
    fd_program_free(l->program);
    for (size_t i = 0; i < l->count; i++)
        fd_script_free(l->scripts[i]);
    fd_diags_dispose(&l->diags);
}

/* Print what was found, for a test that did not expect it. */
static inline void show(const loaded *l)
{
    for (size_t i = 0; i < l->diags.list.count; i++) {
        char text[4096];

        fd_error_format(&l->diags.list.items[i]->error, FD_EN, text, sizeof text);
        printf("[%s] %s\n", l->diags.list.items[i]->rule, text);
    }
}

#endif
