#include "base/utf8.h"

#include <stdlib.h>

#include "fangding/arena.h"

/* Length of a well-formed sequence at p (Unicode table 3-7), 0 for a fault. */
static size_t sequence(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];

    if (c < 0x80)
        return 1;
    if (c < 0xC2)
        return 0;
    if (c < 0xE0)
        return n >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
    if (c < 0xF0) {
        if (n < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
            return 0;
        if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F))
            return 0;
        return 3;
    }
    if (c > 0xF4 || n < 4 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 ||
        (p[3] & 0xC0) != 0x80)
        return 0;
    if ((c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] > 0x8F))
        return 0;
    return 4;
}

bool fd_utf8_valid(const char *text, size_t length, size_t *bad)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0, n;

    while (i < length) {
        uint64_t word;

        if (length - i >= 8) {
            memcpy(&word, p + i, 8);
            if (!(word & 0x8080808080808080u)) {
                i += 8;
                continue;
            }
        }
        n = sequence(p + i, length - i);
        if (n == 0) {
            if (bad)
                *bad = i;
            return false;
        }
        i += n;
    }
    return true;
}

uint32_t fd_utf8_next(const char *text, size_t length, size_t *offset)
{
    const unsigned char *p = (const unsigned char *)text + *offset;
    size_t n = sequence(p, length - *offset);

    *offset += n ? n : 1;
    switch (n) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3:
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    case 4:
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
               (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default:
        return 0xFFFD;
    }
}

size_t fd_utf8_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

typedef struct range {
    uint32_t from, to;
} range;

static bool in_ranges(const range *ranges, size_t count, uint32_t c)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (c > ranges[middle].to)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && c >= ranges[low].from;
}

/* Wide and full-width blocks (Unicode 15, EastAsianWidth.txt, merged to the blocks that occur in
 * print). */
static const range wide[] = {
    { 0x1100, 0x115F },   { 0x231A, 0x231B },   { 0x2329, 0x232A },   { 0x23E9, 0x23EC },
    { 0x23F0, 0x23F0 },   { 0x23F3, 0x23F3 },   { 0x25FD, 0x25FE },   { 0x2614, 0x2615 },
    { 0x2648, 0x2653 },   { 0x267F, 0x267F },   { 0x2693, 0x2693 },   { 0x26A1, 0x26A1 },
    { 0x26AA, 0x26AB },   { 0x26BD, 0x26BE },   { 0x26C4, 0x26C5 },   { 0x26CE, 0x26CE },
    { 0x26D4, 0x26D4 },   { 0x26EA, 0x26EA },   { 0x26F2, 0x26F3 },   { 0x26F5, 0x26F5 },
    { 0x26FA, 0x26FA },   { 0x26FD, 0x26FD },   { 0x2705, 0x2705 },   { 0x270A, 0x270B },
    { 0x2728, 0x2728 },   { 0x274C, 0x274C },   { 0x274E, 0x274E },   { 0x2753, 0x2755 },
    { 0x2757, 0x2757 },   { 0x2795, 0x2797 },   { 0x27B0, 0x27B0 },   { 0x27BF, 0x27BF },
    { 0x2B1B, 0x2B1C },   { 0x2B50, 0x2B50 },   { 0x2B55, 0x2B55 },   { 0x2E80, 0x303E },
    { 0x3041, 0x33FF },   { 0x3400, 0x4DBF },   { 0x4E00, 0xA4CF },   { 0xA960, 0xA97F },
    { 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE10, 0xFE19 },   { 0xFE30, 0xFE6F },
    { 0xFF01, 0xFF60 },   { 0xFFE0, 0xFFE6 },   { 0x16FE0, 0x18AFF }, { 0x1B000, 0x1B2FF },
    { 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF }, { 0x1F18E, 0x1F18E }, { 0x1F191, 0x1F19A },
    { 0x1F200, 0x1F320 }, { 0x1F32D, 0x1F335 }, { 0x1F337, 0x1F37C }, { 0x1F37E, 0x1F393 },
    { 0x1F3A0, 0x1F3CA }, { 0x1F3CF, 0x1F3D3 }, { 0x1F3E0, 0x1F3F0 }, { 0x1F3F4, 0x1F3F4 },
    { 0x1F3F8, 0x1F43E }, { 0x1F440, 0x1F440 }, { 0x1F442, 0x1F4FC }, { 0x1F4FF, 0x1F53D },
    { 0x1F54B, 0x1F54E }, { 0x1F550, 0x1F567 }, { 0x1F57A, 0x1F57A }, { 0x1F595, 0x1F596 },
    { 0x1F5A4, 0x1F5A4 }, { 0x1F5FB, 0x1F64F }, { 0x1F680, 0x1F6C5 }, { 0x1F6CC, 0x1F6CC },
    { 0x1F6D0, 0x1F6D2 }, { 0x1F6D5, 0x1F6D7 }, { 0x1F6DC, 0x1F6DF }, { 0x1F6EB, 0x1F6EC },
    { 0x1F6F4, 0x1F6FC }, { 0x1F7E0, 0x1F7EB }, { 0x1F7F0, 0x1F7F0 }, { 0x1F90C, 0x1F93A },
    { 0x1F93C, 0x1F945 }, { 0x1F947, 0x1F9FF }, { 0x1FA70, 0x1FAFF }, { 0x20000, 0x2FFFD },
    { 0x30000, 0x3FFFD },
};

static const range zero[] = {
    { 0x0000, 0x001F },   { 0x007F, 0x009F },   { 0x0300, 0x036F },   { 0x0483, 0x0489 },
    { 0x0591, 0x05BD },   { 0x0610, 0x061A },   { 0x064B, 0x065F },   { 0x06D6, 0x06DC },
    { 0x0900, 0x0902 },   { 0x1AB0, 0x1AFF },   { 0x1DC0, 0x1DFF },   { 0x200B, 0x200F },
    { 0x202A, 0x202E },   { 0x2060, 0x2064 },   { 0x20D0, 0x20F0 },   { 0x302A, 0x302D },
    { 0x3099, 0x309A },   { 0xFE00, 0xFE0F },   { 0xFE20, 0xFE2F },   { 0xFEFF, 0xFEFF },
    { 0xE0001, 0xE0001 }, { 0xE0020, 0xE007F }, { 0xE0100, 0xE01EF },
};

static const range ambiguous[] = {
    { 0x2014, 0x2016 }, { 0x2018, 0x2019 }, { 0x201C, 0x201D }, { 0x2026, 0x2026 },
    { 0x203B, 0x203B }, { 0x2103, 0x2103 }, { 0x2160, 0x216B }, { 0x2190, 0x2199 },
    { 0x2460, 0x24E9 }, { 0x25A0, 0x25A1 }, { 0x25B2, 0x25B3 }, { 0x25BC, 0x25BD },
    { 0x25C6, 0x25C8 }, { 0x25CB, 0x25CB }, { 0x25CE, 0x25D1 }, { 0x2605, 0x2606 },
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

int fd_utf8_width(uint32_t c)
{
    if (c >= 0x20 && c < 0x7F)
        return 1;
    if (in_ranges(zero, COUNT(zero), c))
        return 0;
    if (in_ranges(wide, COUNT(wide), c))
        return 2;
    if (in_ranges(ambiguous, COUNT(ambiguous), c)) {
        const char *setting = getenv("FANGDING_AMBIGUOUS_WIDE");

        return setting && setting[0] == '1' ? 2 : 1;
    }
    return 1;
}

size_t fd_utf8_columns(fd_view text)
{
    size_t at = 0, columns = 0;

    while (at < text.len)
        columns += (size_t)fd_utf8_width(fd_utf8_next(text.ptr, text.len, &at));
    return columns;
}

size_t fd_utf8_fit(fd_view text, size_t columns)
{
    size_t at = 0, used = 0;

    while (at < text.len) {
        size_t next = at;

        used += (size_t)fd_utf8_width(fd_utf8_next(text.ptr, text.len, &next));
        if (used > columns)
            break;
        at = next;
    }
    return at;
}

/* Punctuation that returns write in several ways, as one ASCII character; 0 drops it. */
static uint32_t fold_mark(uint32_t c)
{
    switch (c) {
    case 0x3000:
    case 0x00A0:
    case 0xFEFF:
        return 0;
    case 0x3001: /* 、 */
        return ',';
    case 0x3002:
        return '.';
    case 0x3010: /* 【】 */
    case 0x3014:
        return '(';
    case 0x3011:
    case 0x3015:
        return ')';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return '-';
    case 0x2018:
    case 0x2019:
        return '\'';
    case 0x201C:
    case 0x201D:
        return '"';
    default:
        return c;
    }
}

void fd_utf8_fold(fd_buf *out, fd_view text)
{
    size_t at = 0;

    while (at < text.len) {
        uint32_t c = fd_utf8_next(text.ptr, text.len, &at);
        char bytes[4];

        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        c = fold_mark(c);
        if (c <= ' ')
            continue;
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        fd_buf_put(out, bytes, fd_utf8_encode(c, bytes));
    }
}

static size_t decode(fd_view text, uint32_t *out, size_t capacity)
{
    size_t at = 0, n = 0;

    while (at < text.len && n < capacity)
        out[n++] = fd_utf8_next(text.ptr, text.len, &at);
    return n;
}

size_t fd_utf8_distance(fd_view a, fd_view b, size_t limit)
{
    enum { LONGEST = 128 };
    uint32_t x[LONGEST], y[LONGEST];
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *previous = rows[1], *current = rows[2];
    size_t n = decode(a, x, LONGEST), m = decode(b, y, LONGEST);

    if ((n > m ? n - m : m - n) > limit)
        return limit + 1;
    for (size_t j = 0; j <= m; j++)
        previous[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t least = current[0] = i, *t;

        for (size_t j = 1; j <= m; j++) {
            size_t best = previous[j - 1] + (x[i - 1] != y[j - 1]);

            if (previous[j] + 1 < best)
                best = previous[j] + 1;
            if (current[j - 1] + 1 < best)
                best = current[j - 1] + 1;
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            current[j] = best;
            if (best < least)
                least = best;
        }
        if (least > limit)
            return limit + 1;
        t = before;
        before = previous;
        previous = current;
        current = t;
    }
    return previous[m] > limit ? limit + 1 : previous[m];
}

const char *fd_nearest(const char *name, const char *const *candidates, size_t count)
{
    fd_view v = fd_view_of(name);
    const char *best = NULL;
    size_t length = 0, at = 0, limit;

    while (at < v.len) {
        (void)fd_utf8_next(v.ptr, v.len, &at);
        length++;
    }
    limit = length / 3 > 0 ? length / 3 : 1;
    for (size_t i = 0; i < count; i++) {
        size_t d = fd_utf8_distance(v, fd_view_of(candidates[i]), limit);

        if (d <= limit) {
            best = candidates[i];
            if (d == 0)
                break;
            limit = d - 1;
        }
    }
    return best;
}
