/*
 * What a verb answers, and how it prints.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/long.h"
#include "base/str.h"
#include "fangding/verbs.h"

void fd_result_dispose(fd_result *result)
{
    for (size_t i = 0; i < result->table_count; i++)
        fd_table_free(result->tables[i]);
    free(result->tables);
    free(result->subjects);
    for (int lang = 0; lang < 2; lang++) {
        free(result->screen[lang]);
        free(result->message[lang]);
    }
    memset(result, 0, sizeof *result);
}

void fd_result_add(fd_result *result, fd_table *table)
{
    if (result->table_count == result->table_capacity) {
        result->table_capacity = result->table_capacity ? result->table_capacity * 2 : 4;
        result->tables =
            fd_realloc_array(result->tables, result->table_capacity, sizeof *result->tables);
    }
    result->tables[result->table_count++] = table;
}

int fd_result_pick(fd_result *result, const char *wanted, fd_table **const *tables,
                   const char *const *names, size_t count)
{
    bool found = false;

    for (size_t i = 0; i < count; i++) {
        if (*tables[i] && !found && (!wanted || strcmp(wanted, names[i]) == 0)) {
            fd_result_add(result, *tables[i]);
            found = true;
        } else {
            fd_table_free(*tables[i]);
        }
        *tables[i] = NULL;
    }
    return found ? 0
                 : fd_error_set(FD_ENOTFOUND, "没有叫 %s 的表", "there is no table called %s",
                                wanted ? wanted : "?");
}

void fd_result_say(fd_result *result, const char *zh, const char *en, ...)
{
    const char *formats[2] = { zh, en };

    for (int lang = 0; lang < 2; lang++) {
        va_list args;

        free(result->message[lang]);
        result->message[lang] = NULL;
        va_start(args, en);
        if (vasprintf(&result->message[lang], formats[lang], args) < 0)
            result->message[lang] = NULL;
        va_end(args);
    }
}

/* JSON of several tables is one array; the other formats print table after table. */
static int print_tables(fd_table *const *tables, size_t count, bool is_tree, FILE *stream,
                        const fd_print_options *options)
{
    int err = 0;

    if (options->format == FD_FORMAT_JSON && count != 1)
        fputs("[", stream);
    for (size_t i = 0; i < count && err >= 0; i++) {
        if (i)
            fputs(options->format == FD_FORMAT_JSON ? ",\n" : "\n", stream);
        if (is_tree && i == 0 && options->format == FD_FORMAT_TABLE)
            err = fd_table_print_tree(tables[i], stream, options);
        else
            err = fd_table_print(tables[i], stream, options);
    }
    if (options->format == FD_FORMAT_JSON && count != 1)
        fputs("]\n", stream);
    return err;
}

int fd_result_print(const fd_result *result, FILE *stream, const fd_print_options *options,
                    const char *path)
{
    fd_table *together = NULL;
    int err;

    if (options->format == FD_FORMAT_XLSX) {
        if (!path) {
            fd_error_set(FD_EINVAL, "XLSX 要写到文件", "XLSX is written to a file");
            return fd_error_hint("加上 --output 文件.xlsx", "add --output FILE.xlsx");
        }
        return fd_table_write_xlsx((const fd_table *const *)result->tables, result->table_count,
                                   path, options->lang);
    }
    if (options->format == FD_FORMAT_TABLE && result->screen[options->lang]) {
        fputs(result->screen[options->lang], stream);
        return 0;
    }
    if (result->long_form && result->table_count > 0 &&
        (options->format == FD_FORMAT_CSV || options->format == FD_FORMAT_JSON)) {
        if ((err = fd_long_join(&together, result->tables, result->table_count)) < 0)
            return err;
        err = print_tables(&together, 1, false, stream, options);
        fd_table_free(together);
        return err;
    }
    return print_tables(result->tables, result->table_count, result->is_tree, stream, options);
}
