/*
 * A test's own folder, with all that it holds, is gone: hidden files too.
 */
#ifndef FD_TESTS_REMOVE_ALL_H
#define FD_TESTS_REMOVE_ALL_H

#include <ftw.h>
#include <stdio.h>

static inline int remove_entry(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline void remove_all(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
