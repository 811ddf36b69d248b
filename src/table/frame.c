/*
 * Subjects by code, and their names.
 */
#include <string.h>

#include "fangding/error.h"
#include "fangding/source.h"

size_t fd_frame_find(const fd_frame *frame, const char *code)
{
    for (size_t i = 0; frame && code && i < frame->n; i++)
        if (strcmp(frame->codes[i], code) == 0)
            return i;
    return SIZE_MAX;
}

const char *fd_frame_name(const fd_frame *frame, const char *code)
{
    const size_t at = fd_frame_find(frame, code);

    return at != SIZE_MAX && frame->names && frame->names[at] ? frame->names[at] : code;
}

const char *fd_source_name(fd_source *source, const char *kind, const char *code)
{
    const fd_frame *frame;

    if (!code)
        return NULL;
    if (source->ops->frame(source, kind, &frame) < 0) {
        fd_error_clear();
        return code;
    }
    return fd_frame_name(frame, code);
}
