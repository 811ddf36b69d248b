/*
 * Subjects by code and by id, and their names.
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

size_t fd_frame_position(const fd_frame *frame, int32_t id)
{
    size_t low = 0, high = frame->n;

    if (frame->n == 0 || id < frame->ids[0] || id > frame->ids[frame->n - 1])
        return SIZE_MAX;
    if ((size_t)(frame->ids[frame->n - 1] - frame->ids[0]) == frame->n - 1)
        return (size_t)(id - frame->ids[0]);
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (frame->ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return frame->ids[low] == id ? low : SIZE_MAX;
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
