/*
 * The parameter tables as compiled in: bytes of the files of examples/huanzhou.
 */
#ifndef FD_EXAMPLE_DATA_H
#define FD_EXAMPLE_DATA_H

#include "base/str.h"

/** The bytes of a table by its file name ("lines.csv"); the empty view when there is none. */
fd_view fd_example__data(const char *name);

#endif
