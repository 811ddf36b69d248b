/*
 * Member files of classes: 成员 来自 FILE. When a class goes into a city file its members go with
 * it, written out, so that the file stays whole without the program that made it.
 */
#ifndef FD_APP_MEMBERS_H
#define FD_APP_MEMBERS_H

#include "base/str.h"
#include "fangding/ding.h"

/** A reader for fd_load_options: looks below definitions/ among the files compiled in, then in the
 * file system. */
int fd_members_read(void *payload, fd_member_sink *sink, const fd_decl *decl,
                    const fd_member_file *file);

/** The working days as shipped, for fd_load_options. */
int fd_workdays_read(void *payload, fd_calendar *into);

/** The declaration's text with every 成员 来自 line replaced by the codes themselves. FD_ENOTFOUND
 * … for a bad file. */
int fd_members_expand(fd_buf *out, const fd_decl *decl);

#endif
