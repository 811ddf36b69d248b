/* A body of any bytes, in pieces whose sizes come from the first byte: no crash, no read past the
 * end, and the parser never gives out more than came in. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "http/multipart.h"

static int part(void *payload, fd_view name, const fd_view *file_name)
{
    (void)payload;
    return name.ptr && (!file_name || file_name->ptr) ? 0 : -1;
}

static int data(void *payload, const char *bytes, size_t length)
{
    size_t *given = payload;

    (void)bytes;
    *given += length;
    return 0;
}

static int end(void *payload)
{
    (void)payload;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const fd_multipart_handler handler = { part, data, end };
    size_t given = 0, piece;
    fd_multipart *p;
    int err = 0;

    if (!size)
        return 0;
    piece = bytes[0] % 64 + 1;
    p = fd_multipart_new(FD_VIEW("B"), &handler, &given);
    for (size_t at = 1; at < size && err >= 0; at += piece)
        err = fd_multipart_feed(p, (const char *)bytes + at, size - at < piece ? size - at : piece);
    if (err >= 0)
        (void)fd_multipart_finish(p);
    if (given > size)
        abort();
    fd_multipart_free(p);
    return 0;
}
