#include "io/csv_detect.h"

#include <string.h>

#include "base/utf8.h"

#define ONES    0x0101010101010101u
#define HIGHS   0x8080808080808080u
#define RECORDS 64
#define MOST    256 /* separators counted in a record */

/* Bytes of the UTF-8 character at p; 0 for a fault; *unfinished: it is a fault only if nothing
 * follows. */
static size_t character(const unsigned char *p, size_t n, bool *unfinished)
{
    size_t want = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4, at = 0;

    *unfinished = false;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    if (n < want) {
        for (size_t i = 1; i < n; i++)
            if ((p[i] & 0xC0) != 0x80)
                return 0;
        *unfinished = true;
        return 0;
    }
    (void)fd_utf8_next((const char *)p, want, &at);
    return at == want ? want : 0;
}

/* Length of the longest prefix of plain ASCII without zero bytes, up to a few bytes short. */
static size_t plain_prefix(const unsigned char *p, size_t n)
{
    size_t i = 0;

    while (i + 32 <= n) {
        uint64_t w[4], zero;

        memcpy(w, p + i, sizeof w);
        /* w - ONES borrows into the high bit exactly for zero bytes when no byte is high. */
        zero = (w[0] - ONES) | (w[1] - ONES) | (w[2] - ONES) | (w[3] - ONES);
        if ((w[0] | w[1] | w[2] | w[3] | zero) & HIGHS)
            break;
        i += 32;
    }
    return i;
}

static void scan(fd_detect *d, const unsigned char *p, size_t n)
{
    size_t i = 0;

    while (i < n) {
        bool unfinished;
        size_t length;

        if (p[i] < 0x80) {
            size_t skip = plain_prefix(p + i, n - i);

            if (skip) {
                i += skip;
                continue;
            }
            /* A block of 32 with something in it: its ASCII bytes one by one. */
            d->zeros += p[i++] == 0;
            while (i < n && p[i] < 0x80 && p[i] != 0 && (i & 31))
                i++;
            continue;
        }
        length = character(p + i, n - i, &unfinished);
        if (unfinished) {
            memcpy(d->tail, p + i, n - i);
            d->tail_length = n - i;
            return;
        }
        d->utf8_faults += length == 0;
        d->utf8_long += length >= 3;
        i += length ? length : 1;
    }
}

void fd_detect_feed(fd_detect *d, const void *data, size_t size)
{
    const unsigned char *p = data;

    if (d->decided)
        return;
    d->bytes += size;
    if (!d->utf8_faults)
        d->utf8_long = 0;
    /* The character cut by the end of the last feed, completed from this one. */
    while (d->tail_length && size) {
        unsigned char whole[4];
        size_t length = d->tail_length;

        memcpy(whole, d->tail, length);
        whole[length++] = *p++;
        size--;
        d->tail_length = 0;
        scan(d, whole, length);
    }
    scan(d, p, size);
    d->decided = d->utf8_faults >= 1000 && d->utf8_long < d->utf8_faults;
}

fd_encoding fd_detect_finish(fd_detect *d)
{
    d->utf8_faults += d->tail_length;
    d->tail_length = 0;
    if (d->utf8_faults == 0 || (d->utf8_long >= 8 && d->utf8_long / 4 >= d->utf8_faults))
        return FD_ENCODING_UTF8;
    return FD_ENCODING_GB18030;
}

char fd_detect_separator(const char *text, size_t size, bool *crlf)
{
    static const char marks[] = { '\t', ';', ',' };
    unsigned short records[3][MOST + 1];
    unsigned counts[3] = { 0 }, best_agreement = 0;
    bool quoted = false, begun = false, ended = false;
    size_t seen = 0;
    char best = ',';

    memset(records, 0, sizeof records);
    *crlf = false;
    for (size_t i = 0; i <= size && seen < RECORDS; i++) {
        int c = i < size ? text[i] : '\n';

        if (c == '"')
            quoted = !quoted;
        if (!quoted && (c == '\n' || c == '\r' || i == size)) {
            if (!ended && i < size)
                *crlf = c == '\r' && i + 1 < size && text[i + 1] == '\n';
            ended = true;
            for (size_t k = 0; k < 3 && begun; k++)
                records[k][counts[k] < MOST ? counts[k] : MOST]++;
            seen += begun;
            begun = false;
            memset(counts, 0, sizeof counts);
            continue;
        }
        begun = true;
        for (size_t k = 0; k < 3 && !quoted; k++)
            counts[k] += c == marks[k];
    }
    for (size_t k = 0; k < 3; k++)
        for (size_t n = 1; n <= MOST; n++)
            if (records[k][n] > best_agreement) {
                best_agreement = records[k][n];
                best = marks[k];
            }
    return best;
}
