/*
 * Catch what a printer writes.
 */
#ifndef TESTS_TABLE_CAPTURE_H
#define TESTS_TABLE_CAPTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "fangding/table.h"

/** The text printed, NULL when the printer failed (*err says how). free() releases. */
static inline char *capture(const fd_table *t, const fd_print_options *o, bool as_tree, int *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    *err = as_tree ? fd_table_print_tree(t, stream, o) : fd_table_print(t, stream, o);
    fclose(stream);
    return text;
}

#endif
