#include "base/linediff.h"

#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"

typedef fd_vec(fd_view) lines;

static void cut(lines *out, fd_view text)
{
    while (text.len) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t length = end ? (size_t)(end - text.ptr) : text.len;
        fd_view line = { text.ptr, length };

        if (line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        fd_vec_push(out, line);
        length += end != NULL;
        text = (fd_view){ text.ptr + length, text.len - length };
    }
}

static bool equal(fd_view a, fd_view b)
{
    return a.len == b.len && (!a.len || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static void put(fd_line_changes *out, char op, size_t old_line, size_t new_line, fd_view text)
{
    fd_vec_push(out, ((fd_line_change){ op, old_line, new_line, text }));
}

/* Lines [a0, a1) of the old and [b0, b1) of the new text. length[i][j]: how many lines those from
 * i and from j on have in common. */
static void middle(fd_line_changes *out, const lines *a, size_t a0, size_t a1, const lines *b,
                   size_t b0, size_t b1)
{
    const size_t n = a1 - a0, m = b1 - b0, width = m + 1;
    uint32_t *length = NULL;
    size_t i = 0, j = 0;

    if (n && m && n < FD_LINEDIFF_CELLS / width) {
        length = fd_alloc((n + 1) * width * sizeof *length);
        for (size_t x = n; x-- > 0;)
            for (size_t y = m; y-- > 0;) {
                uint32_t *at = &length[x * width + y];

                if (equal(a->items[a0 + x], b->items[b0 + y]))
                    *at = at[width + 1] + 1;
                else
                    *at = at[width] >= at[1] ? at[width] : at[1];
            }
    }
    while (i < n || j < m) {
        if (length && i < n && j < m && equal(a->items[a0 + i], b->items[b0 + j])) {
            put(out, ' ', a0 + i + 1, b0 + j + 1, a->items[a0 + i]);
            i++;
            j++;
        } else if (i < n && (j == m || !length ||
                             length[(i + 1) * width + j] >= length[i * width + j + 1])) {
            put(out, '-', a0 + i + 1, 0, a->items[a0 + i]);
            i++;
        } else {
            put(out, '+', 0, b0 + j + 1, b->items[b0 + j]);
            j++;
        }
    }
    free(length);
}

void fd_linediff(fd_line_changes *out, fd_view old_text, fd_view new_text)
{
    lines a = { 0 }, b = { 0 };
    size_t head = 0, tail = 0, most;

    memset(out, 0, sizeof *out);
    cut(&a, old_text);
    cut(&b, new_text);
    most = a.count < b.count ? a.count : b.count;
    while (head < most && equal(a.items[head], b.items[head]))
        head++;
    while (tail < most - head && equal(a.items[a.count - tail - 1], b.items[b.count - tail - 1]))
        tail++;
    for (size_t i = 0; i < head; i++)
        put(out, ' ', i + 1, i + 1, a.items[i]);
    middle(out, &a, head, a.count - tail, &b, head, b.count - tail);
    for (size_t i = tail; i > 0; i--)
        put(out, ' ', a.count - i + 1, b.count - i + 1, a.items[a.count - i]);
    fd_vec_dispose(&a);
    fd_vec_dispose(&b);
}
