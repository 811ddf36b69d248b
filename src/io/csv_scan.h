/*
 * The bytes that matter to CSV, found 64 at a time: a bit for each separator, quote and line end.
 *
 * The comparison loop runs over a constant count of bytes without branches, which compilers turn
 * into vector code; the eight 0/1 bytes of a word are then gathered into eight bits by one
 * multiplication (bit 8i of the word lands on bit 56+i of the product, no two terms meet).
 */
#ifndef FD_IO_CSV_SCAN_H
#define FD_IO_CSV_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Bit i is set when p[i] is the separator, a quote, LF or CR. Reads 64 bytes. */
static inline uint64_t fd_csv_marks(const unsigned char *p, unsigned char separator)
{
    unsigned char hit[64];
    uint64_t mask = 0;

    for (int i = 0; i < 64; i++)
        hit[i] =
            (unsigned char)((p[i] == separator) | (p[i] == '"') | (p[i] == '\n') | (p[i] == '\r'));
    for (int k = 0; k < 8; k++) {
        uint64_t word;

        memcpy(&word, hit + 8 * k, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        mask |= (word * 0x0102040810204080u) >> 56 << (8 * k);
    }
    return mask;
}

/** fd_csv_marks() when fewer than 64 bytes are left. */
static inline uint64_t fd_csv_marks_tail(const unsigned char *p, size_t left,
                                         unsigned char separator)
{
    unsigned char padded[64] = { 0 };

    memcpy(padded, p, left < 64 ? left : 64);
    return fd_csv_marks(padded, separator);
}

#endif
