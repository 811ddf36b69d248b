/*
 * A test's own folder, with all that it holds, is gone.
 */
#ifndef FD_TESTS_REMOVE_ALL_H
#define FD_TESTS_REMOVE_ALL_H

#include <stdlib.h>
#include <unistd.h>

#include "io/file.h"

static inline void remove_all(const char *path)
{
    char **paths;
    size_t count;

    if (fd_file_list(&paths, &count, path) == 0) {
        for (size_t i = 0; i < count; i++) {
            if (unlink(paths[i]) != 0)
                remove_all(paths[i]);
            free(paths[i]);
        }
        free(paths);
    }
    (void)rmdir(path);
}

#endif
