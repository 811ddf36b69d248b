/* Query strings, cookies, types and file names of any bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "http/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fd_arena *arena = fd_arena_new();
    char *text = fd_arena_strndup(arena, (const char *)bytes, size), *name;
    fd_http_pair *pairs;
    size_t count, bad;

    if (fd_http_query(&pairs, &count, arena, (fd_view){ (const char *)bytes, size }) == 0)
        for (size_t i = 0; i < count; i++)
            if (!fd_utf8_valid(pairs[i].value, strlen(pairs[i].value), &bad))
                abort();
    (void)fd_http_cookie(text, "sid");
    (void)fd_http_takes_gzip(text);
    (void)fd_http_tag_matches(text, "\"1-a\"");
    (void)fd_http_boundary(text);
    name = fd_http_file_name(arena, (fd_view){ (const char *)bytes, size });
    if (!*name || *name == '.' || strpbrk(name, "/\\") || !fd_http_header_safe(name))
        abort();
    fd_arena_free(arena);
    return 0;
}
