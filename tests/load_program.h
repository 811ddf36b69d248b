/*
 * A checked program for tests: shipped definition files and a text of the test's own.
 */
#ifndef FD_TESTS_LOAD_PROGRAM_H
#define FD_TESTS_LOAD_PROGRAM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "fangding/ding.h"

typedef struct loaded {
    fd_script *scripts[24];
    size_t count;
    fd_program *program;
} loaded;

static inline char *load__file(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    size_t n = 0, room = 1 << 16, got;
    char *text;

    if (!f) {
        perror(path);
        abort();
    }
    text = fd_alloc(room);
    while ((got = fread(text + n, 1, room - n, f)) > 0)
        if ((n += got) == room)
            text = fd_realloc(text, room *= 2);
    fclose(f);
    *length = n;
    return text;
}

static inline void load__report(const fd_diags *diags)
{
    char line[2048];

    for (size_t i = 0; i < diags->list.count; i++) {
        fd_error_format(&diags->list.items[i]->error, FD_ZH, line, sizeof line);
        fprintf(stderr, "%s\n", line);
    }
}

/* The working days as shipped; other years from 1990 to 2040 with a New Year's day only. */
static inline int load__workdays(void *payload, fd_calendar *into)
{
    char path[512], *text, *line, *rest = NULL;
    size_t length;

    (void)payload;
    snprintf(path, sizeof path, "%s/definitions/workdays.csv", FD_SOURCE_DIR);
    text = load__file(path, &length);
    text[length] = '\0';
    for (int y = 1990; y <= 2040; y++)
        if (y < 2023 || y > 2026)
            fd_calendar_set(into, fd_date_make(y, 1, 1), false);
    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        int y, m, d;

        if (sscanf(line, "%d-%d-%d,", &y, &m, &d) == 3)
            fd_calendar_set(into, fd_date_make(y, m, d), strncmp(line + 11, "working", 7) == 0);
    }
    free(text);
    return 0;
}

/** files: names under definitions/, NULL-terminated; text: further declarations or NULL. Aborts
 * with the findings. */
static inline loaded load_program(const char *const *files, const char *text)
{
    loaded l = { 0 };
    fd_diags diags = FD_DIAGS_INIT;
    fd_load_options options = FD_LOAD_OPTIONS_INIT;
    char path[512];
    int err = 0;

    options.read_calendar = load__workdays;
    for (size_t i = 0; files[i] && err >= 0; i++) {
        size_t length;
        char *content;

        snprintf(path, sizeof path, "%s/definitions/%s", FD_SOURCE_DIR, files[i]);
        content = load__file(path, &length);
        err = fd_script_parse(&l.scripts[l.count++], content, length, files[i], &diags);
        free(content);
    }
    if (text && err >= 0)
        err = fd_script_parse(&l.scripts[l.count++], text, strlen(text), "test.ding", &diags);
    if (err >= 0)
        err = fd_program_load_with(&l.program, (const fd_script *const *)l.scripts, l.count,
                                   &options, &diags);
    if (err < 0) {
        load__report(&diags);
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
        abort();
    }
    fd_diags_dispose(&diags);
    return l;
}

static inline void load_free(loaded *l)
{
    fd_program_free(l->program);
    for (size_t i = 0; i < l->count; i++)
        fd_script_free(l->scripts[i]);
}

#endif
