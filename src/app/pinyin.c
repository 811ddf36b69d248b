#include "app/pinyin.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

#include "base/utf8.h"
#include "fangding/arena.h"

/* The first character of each letter in CLDR's pinyin order; i, u and v begin no syllable. */
static const UChar32 firsts[] = { 0x963F, 0x516B, 0x5693, 0x5491, 0x59B8, 0x53D1, 0x65EE, 0x54C8,
                                  0x4E0C, 0x5494, 0x5783, 0x5988, 0x62CF, 0x5662, 0x5991, 0x4E03,
                                  0x5465, 0x4EE8, 0x4ED6, 0x5C72, 0x5915, 0x4E2B, 0x5E00 };
static const char letters[] = "abcdefghjklmnopqrstwxyz";

/* Letters of the basic block, asked once each: names use a few hundred characters. */
#define BLOCK_FROM  0x4E00
#define BLOCK_COUNT (0x9FFF - 0x4E00 + 1)

struct fd_pinyin {
    UCollator *order;
    char known[BLOCK_COUNT]; /* 0 not asked yet */
};

fd_pinyin *fd_pinyin_new(void)
{
    UErrorCode status = U_ZERO_ERROR;
    fd_pinyin *p = fd_alloc(sizeof *p);

    p->order = ucol_open("zh@collation=pinyin", &status);
    if (U_SUCCESS(status))
        return p;
    fd_pinyin_free(p);
    return NULL;
}

void fd_pinyin_free(fd_pinyin *pinyin)
{
    if (!pinyin)
        return;
    if (pinyin->order)
        ucol_close(pinyin->order);
    free(pinyin);
}

static int32_t to_utf16(UChar *out, UChar32 c)
{
    if (c <= 0xFFFF) {
        out[0] = (UChar)c;
        return 1;
    }
    out[0] = (UChar)U16_LEAD(c);
    out[1] = (UChar)U16_TRAIL(c);
    return 2;
}

static char letter_of(fd_pinyin *p, UChar32 c)
{
    bool basic = c >= BLOCK_FROM && c < BLOCK_FROM + BLOCK_COUNT;
    size_t low = 0, high = sizeof firsts / sizeof *firsts; /* firsts[low] ≤ c < firsts[high] */
    UChar text[2], edge[2];
    int32_t length = to_utf16(text, c);

    if (basic && p->known[c - BLOCK_FROM])
        return p->known[c - BLOCK_FROM];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (ucol_strcoll(p->order, text, length, edge, to_utf16(edge, firsts[middle])) == UCOL_LESS)
            high = middle;
        else
            low = middle;
    }
    if (basic)
        p->known[c - BLOCK_FROM] = letters[low];
    return letters[low];
}

size_t fd_pinyin_initials(fd_pinyin *pinyin, const char *text, char *buf, size_t size)
{
    size_t length = strlen(text), i = 0, n = 0;

    while (i < length && n + 1 < size) {
        UErrorCode status = U_ZERO_ERROR;
        UChar32 c = (UChar32)fd_utf8_next(text, length, &i);

        if (c < 0x80) {
            if (isalnum((int)c))
                buf[n++] = (char)tolower((int)c);
        } else if (uscript_getScript(c, &status) == USCRIPT_HAN) {
            buf[n++] = letter_of(pinyin, c);
        }
    }
    if (size)
        buf[n] = 0;
    return n;
}
