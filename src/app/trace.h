/*
 * The state of each of the article's 105 things, computed from what a city file holds.
 */
#ifndef FD_APP_TRACE_H
#define FD_APP_TRACE_H

#include "fangding/verbs.h"

/**
 * One row per line of definitions/trace.csv: id, group, phrase, title, state, figure, command.
 *
 * state is computed 算出 when every need is met with a value; data 有数据 when some facts or
 * records are there; template 模板 when the definitions are there without data; none 未做 when
 * a verb or definition that it needs does not exist.  A need is verb:, indicator:, item:, class:,
 * target: or record: and an id.
 */
int fd_trace(fd_table **out, fd_city *city, fd_lang lang);

#endif
