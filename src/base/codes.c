/*
 * Codes stand packed in pages, in order of arrival.  The index is open addressing over positions;
 * beside each position stands one byte of its hash, so that a code that is not there, which is the
 * rule in a first import, is told without a look into the pages.
 */
#include "base/codes.h"

#include <assert.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

enum {
    PAGE = 4096, /* codes */
    HALF = 9,    /* characters of a packed code that share a number: 37^9 < 2^47 */
    FIRST_SLOTS = 64
};

/*
 * Two halves of nine characters each, a digit of base 37 a character (0: the text has ended), one
 * after the other in 94 bits, high ones first: comparing words compares texts.
 */
typedef struct packed {
    uint32_t word[3];
} packed;

#define ELSEWHERE                                                                                  \
    UINT32_C(0x80000000) /* in word[2]; the others hold the address of a long_text                 \
                          */

typedef struct long_text {
    size_t length;
    char text[];
} long_text;

struct fd_codes {
    size_t count, payload;
    fd_vec(packed *) pages;
    fd_vec(unsigned char *) payloads; /* a block a page */
    fd_arena *long_texts;
    uint32_t *slots; /* position + 1; 0 empty */
    uint8_t *tags;   /* 0 empty, else of the hash */
    size_t slot_count;
};

/* ---- packing ----------------------------------------------------------------------------------
 */

/* Nine characters from `from`, or what there is of them. False when one is no digit or capital. */
static bool pack_half(fd_view code, size_t from, uint64_t *out)
{
    uint64_t n = 0;

    for (size_t i = from; i < from + HALF; i++) {
        unsigned digit = 0;

        if (i < code.len) {
            const unsigned char c = (unsigned char)code.ptr[i];

            if (c >= '0' && c <= '9')
                digit = c - '0' + 1u;
            else if (c >= 'A' && c <= 'Z')
                digit = c - 'A' + 11u;
            else
                return false;
        }
        n = n * 37 + digit;
    }
    *out = n;
    return true;
}

static bool pack(fd_view code, packed *out)
{
    uint64_t a, b;

    if (code.len > 2 * HALF || !pack_half(code, 0, &a) || !pack_half(code, HALF, &b))
        return false;
    out->word[0] = (uint32_t)(a >> 15);
    out->word[1] = (uint32_t)(a & 0x7FFF) << 17 | (uint32_t)(b >> 30);
    out->word[2] = (uint32_t)(b & 0x3FFFFFFF);
    return true;
}

static char *unpack_half(uint64_t n, char *at)
{
    unsigned digits[HALF];

    for (size_t i = HALF; i-- > 0; n /= 37)
        digits[i] = (unsigned)(n % 37);
    for (size_t i = 0; i < HALF && digits[i]; i++)
        *at++ = (char)(digits[i] <= 10 ? '0' + digits[i] - 1 : 'A' + digits[i] - 11);
    return at;
}

static packed pack_elsewhere(const long_text *text)
{
    const uint64_t address = (uint64_t)(uintptr_t)text;

    return (packed){ { (uint32_t)(address >> 32), (uint32_t)address, ELSEWHERE } };
}

static const long_text *elsewhere(const packed *p)
{
    return p->word[2] == ELSEWHERE
               ? (const long_text *)(uintptr_t)((uint64_t)p->word[0] << 32 | p->word[1])
               : NULL;
}

static const packed *packed_at(const fd_codes *codes, size_t at)
{
    return &codes->pages.items[at / PAGE][at % PAGE];
}

const char *fd_codes_text(const fd_codes *codes, size_t at, char room[FD_CODES_ROOM])
{
    const packed *p = packed_at(codes, at);
    const long_text *other = elsewhere(p);
    char *end;

    if (other)
        return other->text;
    end = unpack_half((uint64_t)p->word[0] << 15 | p->word[1] >> 17, room);
    end = unpack_half((uint64_t)(p->word[1] & 0x1FFFF) << 30 | p->word[2], end);
    *end = '\0';
    return room;
}

int fd_codes_compare(const fd_codes *codes, size_t a, size_t b)
{
    const packed *x = packed_at(codes, a), *y = packed_at(codes, b);
    const long_text *u = elsewhere(x), *v = elsewhere(y);
    char left[FD_CODES_ROOM], right[FD_CODES_ROOM];

    if (u || v)
        return fd_view_compare(
            u ? (fd_view){ u->text, u->length } : fd_view_of(fd_codes_text(codes, a, left)),
            v ? (fd_view){ v->text, v->length } : fd_view_of(fd_codes_text(codes, b, right)));
    for (size_t i = 0; i < 3; i++)
        if (x->word[i] != y->word[i])
            return x->word[i] < y->word[i] ? -1 : 1;
    return 0;
}

/* ---- the index
 * --------------------------------------------------------------------------------- */

static uint64_t hash_of(const packed *p)
{
    const long_text *other = elsewhere(p);

    return other ? fd_hash_bytes(other->text, other->length)
                 : fd_hash_bytes(p->word, sizeof p->word);
}

static uint8_t tag_of(uint64_t hash)
{
    return (uint8_t)(1 + hash % 255);
}

/* Where a hash begins to look: its high bits, so that any number of slots will do. */
static size_t first_slot(const fd_codes *codes, uint64_t hash)
{
    return (size_t)((fd_u128)hash * codes->slot_count >> 64);
}

static size_t next_slot(const fd_codes *codes, size_t slot)
{
    return slot + 1 == codes->slot_count ? 0 : slot + 1;
}

/* `p` is NULL for a text that does not pack. */
static bool is_at(const fd_codes *codes, size_t at, const packed *p, fd_view code)
{
    const packed *here = packed_at(codes, at);
    const long_text *other;

    if (p)
        return memcmp(here, p, sizeof *p) == 0;
    other = elsewhere(here);
    return other && fd_view_equal((fd_view){ other->text, other->length }, code);
}

/* The slot that holds the code, or the empty one where it belongs. */
static size_t slot_for(const fd_codes *codes, const packed *p, fd_view code, uint64_t hash)
{
    const uint8_t tag = tag_of(hash);
    size_t slot = first_slot(codes, hash);

    while (codes->tags[slot] &&
           (codes->tags[slot] != tag || !is_at(codes, codes->slots[slot] - 1, p, code)))
        slot = next_slot(codes, slot);
    return slot;
}

static void index_all(fd_codes *codes, size_t slot_count)
{
    free(codes->slots);
    free(codes->tags);
    codes->slot_count = slot_count;
    codes->slots = fd_alloc(slot_count * sizeof *codes->slots);
    codes->tags = fd_alloc(slot_count);
    for (size_t at = 0; at < codes->count; at++) {
        const uint64_t hash = hash_of(packed_at(codes, at));
        size_t slot = first_slot(codes, hash);

        while (codes->tags[slot])
            slot = next_slot(codes, slot);
        codes->slots[slot] = (uint32_t)at + 1;
        codes->tags[slot] = tag_of(hash);
    }
}

/* ---- the dictionary
 * ---------------------------------------------------------------------------- */

fd_codes *fd_codes_new(size_t payload)
{
    fd_codes *codes = fd_alloc(sizeof *codes);

    codes->payload = payload;
    index_all(codes, FIRST_SLOTS);
    return codes;
}

/* Give back what lies behind the first n codes. */
static void drop_pages(fd_codes *codes, size_t n)
{
    const size_t pages = (n + PAGE - 1) / PAGE;

    for (size_t i = pages; i < codes->pages.count; i++) {
        free(codes->pages.items[i]);
        if (codes->payload)
            free(codes->payloads.items[i]);
    }
    if (pages < codes->pages.count) {
        codes->pages.count = pages;
        codes->payloads.count = codes->payload ? pages : 0;
    }
}

void fd_codes_free(fd_codes *codes)
{
    if (!codes)
        return;
    drop_pages(codes, 0);
    fd_vec_dispose(&codes->pages);
    fd_vec_dispose(&codes->payloads);
    fd_arena_free(codes->long_texts);
    free(codes->slots);
    free(codes->tags);
    free(codes);
}

size_t fd_codes_count(const fd_codes *codes)
{
    return codes->count;
}

size_t fd_codes_find(const fd_codes *codes, fd_view code)
{
    packed p;
    const bool packs = pack(code, &p);
    const uint64_t hash =
        packs ? fd_hash_bytes(p.word, sizeof p.word) : fd_hash_bytes(code.ptr, code.len);
    const size_t slot = slot_for(codes, packs ? &p : NULL, code, hash);

    return codes->tags[slot] ? codes->slots[slot] - 1 : SIZE_MAX;
}

static packed keep_long(fd_codes *codes, fd_view code)
{
    long_text *text;

    if (!codes->long_texts)
        codes->long_texts = fd_arena_new();
    text = fd_arena_alloc(codes->long_texts, sizeof *text + code.len + 1);
    text->length = code.len;
    memcpy(text->text, code.ptr, code.len);
    text->text[code.len] = '\0';
    return pack_elsewhere(text);
}

size_t fd_codes_add(fd_codes *codes, fd_view code, bool *is_new)
{
    packed p;
    const bool packs = pack(code, &p);
    const uint64_t hash =
        packs ? fd_hash_bytes(p.word, sizeof p.word) : fd_hash_bytes(code.ptr, code.len);
    size_t slot = slot_for(codes, packs ? &p : NULL, code, hash), at = codes->count;

    if (is_new)
        *is_new = !codes->tags[slot];
    if (codes->tags[slot])
        return codes->slots[slot] - 1;
    assert(codes->count < UINT32_MAX - 1);
    if ((codes->count + 1) * 5 > codes->slot_count * 4) {
        index_all(codes, codes->slot_count + codes->slot_count / 2);
        slot = slot_for(codes, packs ? &p : NULL, code, hash);
    }
    if (at / PAGE == codes->pages.count) {
        fd_vec_push(&codes->pages, fd_realloc_array(NULL, PAGE, sizeof(packed)));
        if (codes->payload)
            fd_vec_push(&codes->payloads, fd_alloc(PAGE * codes->payload));
    }
    codes->pages.items[at / PAGE][at % PAGE] = packs ? p : keep_long(codes, code);
    codes->slots[slot] = (uint32_t)at + 1;
    codes->tags[slot] = tag_of(hash);
    codes->count++;
    return at;
}

void *fd_codes_payload(const fd_codes *codes, size_t at)
{
    return codes->payload ? codes->payloads.items[at / PAGE] + at % PAGE * codes->payload : NULL;
}

void fd_codes_keep(fd_codes *codes, size_t n)
{
    size_t slots = FIRST_SLOTS;

    if (n >= codes->count)
        return;
    drop_pages(codes, n);
    for (size_t at = n; codes->payload && at % PAGE && at < codes->count; at++)
        memset(fd_codes_payload(codes, at), 0, codes->payload); /* what is left of the last page */
    codes->count = n;
    if (n == 0) {
        fd_arena_free(codes->long_texts);
        codes->long_texts = NULL;
    }
    while (n * 5 > slots * 4)
        slots += slots / 2;
    index_all(codes, slots);
}
