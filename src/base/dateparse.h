/*
 * What dates and periods share when they are read: one ASCII form of the many ways to write them.
 */
#ifndef FD_BASE_DATEPARSE_H
#define FD_BASE_DATEPARSE_H

#include <stdbool.h>
#include <stddef.h>

/** 年月日季 become Y M D Q, 度 and 第 vanish, 一二三四 become digits, dashes and 至 become '-',
 * full width half, blanks go. False for any other character or when it does not fit. */
bool fd_dateparse_ascii(const char *text, size_t length, char *out, size_t size,
                        size_t *out_length);

#endif
