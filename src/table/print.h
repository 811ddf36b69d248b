/*
 * What the printers share.
 */
#ifndef FD_TABLE_PRINT_H
#define FD_TABLE_PRINT_H

#include "base/str.h"
#include "fangding/table.h"

/** The cell in its machine form: exact decimals in full, quotients exact when finite and short,
 * else to 12 significant digits, estimates shortest round trip; cells without value give "". */
void fd_print__machine(fd_buf *out, const fd_column *c, size_t row);
/** Append a text with a blank for each control character and each mark that turns the direction of
 * writing: what came in a file must neither break a line nor reach a terminal as a command. */
void fd_print__clean(fd_buf *out, const char *text);
/** Is the column right-aligned and a number in JSON? */
bool fd_print__is_number(const fd_column *c);
/** Header with its unit: 营业收入(万元). */
void fd_print__header(fd_buf *out, const fd_column *c, fd_lang lang);
/** The cell as people read it; a cell in doubt carries a mark. */
void fd_print__cell(fd_buf *out, const fd_column *c, size_t row, fd_lang lang);

#endif
