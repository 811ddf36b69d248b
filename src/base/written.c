#include "base/written.h"

#include <string.h>

/* Digits of |mantissa| before the point and behind it, the latter cut or filled to `digits`. */
static size_t render(char *out, int64_t mantissa, int scale, int digits, bool grouped)
{
    char figures[48] = { 0 };
    uint64_t left = mantissa < 0 ? 0 - (uint64_t)mantissa : (uint64_t)mantissa;
    size_t n = 0, whole, used = 0;

    for (; left || n <= (size_t)scale; left /= 10)
        figures[n++] = (char)('0' + left % 10); /* last figure first */
    whole = n - (size_t)scale;
    if (mantissa < 0)
        out[used++] = '-';
    for (size_t i = 0; i < whole; i++) {
        if (grouped && i > 0 && (whole - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = figures[n - 1 - i];
    }
    if (digits > 0)
        out[used++] = '.';
    for (int i = 0; i < digits; i++)
        out[used++] = i < scale ? figures[scale - 1 - i] : '0';
    return used;
}

bool fd_written_text(fd_buf *out, uint8_t written, int64_t mantissa, int scale)
{
    const bool grouped = written >= FD_WRITTEN_GROUPED;
    char text[96];

    if (written < FD_WRITTEN_PLAIN || written >= FD_WRITTEN_END || scale < 0 || scale > 18)
        return false;
    fd_buf_put(out, text,
               render(text, mantissa, scale,
                      written - (grouped ? FD_WRITTEN_GROUPED : FD_WRITTEN_PLAIN), grouped));
    return true;
}

uint8_t fd_written_of(fd_view text, int64_t mantissa, int scale)
{
    const char *point = text.len ? memchr(text.ptr, '.', text.len) : NULL;
    const size_t digits = point ? text.len - 1 - (size_t)(point - text.ptr) : 0;
    const bool grouped = text.len && memchr(text.ptr, ',', text.len);
    char again[96];

    if (text.len == 0)
        return FD_WRITTEN_UNKNOWN;
    if (digits > FD_WRITTEN_DIGITS || (point && digits == 0) || text.len > 60 || scale < 0 ||
        scale > 18 || render(again, mantissa, scale, (int)digits, grouped) != text.len ||
        memcmp(again, text.ptr, text.len) != 0)
        return FD_WRITTEN_SPELLED;
    return (uint8_t)((grouped ? FD_WRITTEN_GROUPED : FD_WRITTEN_PLAIN) + (int)digits);
}
