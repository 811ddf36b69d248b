#include "io/gb18030.h"

#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fangding/arena.h"

#define LEADS   126 /* 0x81 to 0xFE */
#define TRAILS  191 /* 0x40 to 0xFE; 0x7F is none */
#define NOTHING 0xFFFFFFFFu

struct fd_gb {
    iconv_t cd;
    uint32_t pairs[LEADS][TRAILS]; /* code point; 0 not looked up yet; NOTHING: assigned to none */
};

int fd_gb_new(fd_gb **out)
{
    iconv_t cd = iconv_open("UTF-8", "GB18030");

    *out = NULL;
    if (cd == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr)
        return fd_error_set(FD_ERROR, "本机的字符转换库没有 GB18030",
                            "the character conversion of this system lacks GB18030");
    *out = fd_alloc(sizeof **out);
    (*out)->cd = cd;
    return 0;
}

void fd_gb_free(fd_gb *gb)
{
    if (!gb)
        return;
    iconv_close(gb->cd);
    free(gb);
}

size_t fd_gb_sequence(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] == 0x80 || p[0] == 0xFF || n < 2)
        return 0;
    if (p[1] >= 0x40)
        return p[1] == 0x7F || p[1] == 0xFF ? 0 : 2;
    if (n < 4 || p[1] < 0x30 || p[1] > 0x39 || p[2] < 0x81 || p[2] == 0xFF || p[3] < 0x30 ||
        p[3] > 0x39)
        return 0;
    return 4;
}

/* The code point of one well-formed character, NOTHING when none is assigned. */
static uint32_t look_up(fd_gb *gb, const char *p, size_t n)
{
    char in[4], utf8[16];
    char *from = in, *to = utf8;
    size_t in_left = n, out_left = sizeof utf8, at = 0;

    memcpy(in, p, n);
    iconv(gb->cd, NULL, NULL, NULL, NULL);
    if (iconv(gb->cd, &from, &in_left, &to, &out_left) == (size_t)-1 || in_left || to == utf8)
        return NOTHING;
    return fd_utf8_next(utf8, (size_t)(to - utf8), &at);
}

size_t fd_gb_decode(fd_gb *gb, char *out, const char *text, size_t length, bool *damaged)
{
    const unsigned char *p = (const unsigned char *)text;
    char *o = out;
    size_t i = 0;

    while (i < length) {
        size_t n = fd_gb_sequence(p + i, length - i);
        uint32_t c;

        if (n == 1) {
            *o++ = text[i++];
            continue;
        }
        if (n == 2) {
            uint32_t *slot = &gb->pairs[p[i] - 0x81][p[i + 1] - 0x40];

            if (*slot == 0)
                *slot = look_up(gb, text + i, 2);
            c = *slot;
        } else {
            c = n == 4 ? look_up(gb, text + i, 4) : NOTHING;
        }
        if (c == NOTHING) {
            *damaged = true;
            c = 0xFFFD;
            n = 1;
        }
        o += fd_utf8_encode(c, o);
        i += n;
    }
    return (size_t)(o - out);
}
