/*
 * Bytes kept as they are: issued papers.
 *
 * They are blocks like any other, so that batch, snapshot, sweeping and killing at any moment need
 * no rule of their own.  The first piece carries the whole SHA-256 as its hash (32 bytes; shared
 * lists carry 16) and begins with the length of all (8 bytes, little endian); the pieces after it
 * follow in seq and carry none.  Pieces are small because a write transaction is.
 */
#include <string.h>

#include "base/digest.h"
#include "store/batch.h"

enum { HEAD = 8, PIECE = 256 << 10, HASH = 32 };

static int raw_hash(uint8_t out[HASH], const char *hex)
{
    size_t length = hex ? strspn(hex, "0123456789abcdef") : 0;

    if (length != 2 * HASH || hex[length])
        return fd_error_set(FD_EINVAL, "不是 SHA-256(64 位小写十六进制):%s",
                            "not a SHA-256 (64 lower-case hex digits): %s", hex ? hex : "");
    for (size_t i = 0; i < HASH; i++) {
        const char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return 0;
}

typedef struct blob_finder {
    const fd_reader *reader;
    int64_t seq;
} blob_finder;

static int find_blob(void *payload, const fd_cell *cells)
{
    blob_finder *finder = payload;

    if (fd_reader__snapshot_of(finder->reader, FD_SEQ_BATCH(cells[FD_BLOCK_SEQ].as.integer)) < 0)
        return 0;
    finder->seq = cells[FD_BLOCK_SEQ].as.integer;
    return FD_SCAN_STOP;
}

static int find(int64_t *seq, const fd_reader *reader, const uint8_t hash[HASH])
{
    const fd_cell key = fd_cell_blob(hash, HASH);
    blob_finder finder = { reader, 0 };
    int err = reader->ops->scan(reader->link, FD_SCAN_BLOCK_HASH, &key, find_blob, &finder);

    *seq = finder.seq;
    return err;
}

/* One piece; the first has head and hash. The batch frees the piece after writing it. */
static int add_piece(fd_batch *b, int64_t *seq, const uint8_t *hash, uint64_t total,
                     const uint8_t *data, size_t bytes)
{
    const size_t head = hash ? HEAD : 0;
    uint8_t *piece = fd_alloc(head + bytes + HASH);
    fd_cell cells[FD_REL_WIDTH_MAX];
    int err;

    if ((err = fd_batch__seq(b, seq)) < 0) {
        free(piece);
        return err;
    }
    for (size_t i = 0; i < head; i++)
        piece[i] = (uint8_t)(total >> (8 * i));
    if (bytes)
        memcpy(piece + head, data, bytes);
    if (hash)
        memcpy(piece + head + bytes, hash, HASH);
    cells[FD_BLOCK_SEQ] = fd_cell_int(*seq);
    cells[FD_BLOCK_HASH] = hash ? fd_cell_blob(piece + head + bytes, HASH) : fd_cell_null();
    cells[FD_BLOCK_DATA] = fd_cell_blob(piece, head + bytes);
    return fd_batch__add(b, FD_REL_BLOCK, cells, piece);
}

int fd_batch_blob(fd_batch *b, const void *data, size_t bytes, char hash[65])
{
    const uint8_t *from = data;
    uint8_t raw[HASH];
    fd_reader *reader;
    uint64_t own;
    int64_t first = 0, seq = 0;
    int err;

    if (bytes > FD_BLOB_MAX)
        return fd_error_set(FD_ELIMIT, "文件有 %zu 字节,城市文件里最多存 %zu 字节",
                            "the file has %zu bytes, a city file keeps at most %zu", bytes,
                            FD_BLOB_MAX);
    fd_digest_of(data, bytes, hash);
    if ((err = raw_hash(raw, hash)) < 0 || (err = fd_batch__usable(b)) < 0 ||
        fd_map_get(b->blocks, (fd_view){ (const char *)raw, HASH }, &own))
        return err;
    if ((err = fd_batch__reader(b, &reader)) < 0 || (err = find(&first, reader, raw)) < 0)
        return err;
    if (!first) {
        size_t n = bytes < PIECE ? bytes : PIECE;

        err = add_piece(b, &first, raw, bytes, from, n);
        for (size_t at = n; err == 0 && at < bytes; at += n) {
            n = bytes - at < PIECE ? bytes - at : PIECE;
            err = add_piece(b, &seq, NULL, 0, from + at, n);
        }
        if (err < 0)
            return err;
    }
    fd_map_set(b->blocks, (fd_view){ (const char *)raw, HASH }, (uint64_t)first);
    return 0;
}

typedef struct gatherer {
    uint8_t *data;
    size_t total, at;
    bool started;
} gatherer;

static int gather(void *payload, const uint8_t *data, size_t length)
{
    gatherer *g = payload;

    if (!g->started) {
        uint64_t total = 0;

        if (length < HEAD)
            return FD_EFORMAT;
        for (size_t i = 0; i < HEAD; i++)
            total |= (uint64_t)data[i] << (8 * i);
        if (total > FD_BLOB_MAX)
            return FD_EFORMAT;
        g->started = true;
        g->total = (size_t)total;
        g->data = fd_alloc(g->total + 1);
        data += HEAD;
        length -= HEAD;
    }
    if (length > g->total - g->at || (!length && g->at < g->total))
        return FD_EFORMAT;
    if (length)
        memcpy(g->data + g->at, data, length);
    g->at += length;
    return 0;
}

int fd_reader_blob(fd_reader *reader, const char *hash, void **data, size_t *bytes)
{
    gatherer g = { 0 };
    uint8_t raw[HASH];
    char again[65];
    int64_t seq = 0;
    int err;

    *data = NULL;
    *bytes = 0;
    if ((err = raw_hash(raw, hash)) < 0 || (err = find(&seq, reader, raw)) < 0)
        return err;
    if (!seq)
        return fd_error_set(FD_ENOTFOUND, "城市文件里没有这份字节:%s",
                            "the city file keeps no bytes %s", hash);
    do {
        err = fd_reader__block(reader, seq++, gather, &g);
    } while (err == 0 && g.at < g.total);
    if (err == 0) {
        fd_digest_of(g.data, g.total, again);
        if (strcmp(again, hash) != 0)
            err = FD_EFORMAT;
    }
    if (err < 0) {
        free(g.data);
        return err == FD_EFORMAT
                   ? fd_error_set(FD_EFORMAT, "存下的字节 %.12s… 已损坏,与它的散列不符",
                                  "the bytes kept as %.12s… are damaged: they no longer give that "
                                  "hash",
                                  hash)
                   : err;
    }
    *data = g.data;
    *bytes = g.total;
    return 0;
}
