/* Bytes kept under their hash: on every back end, seen from their snapshot on, never half. */
#include "store/world.h"

#include "base/digest.h"

static uint8_t *some_bytes(size_t n, uint32_t seed)
{
    uint8_t *bytes = fd_alloc(n + 1);

    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(seed >> 24);
    }
    return bytes;
}

static void expect(fd_reader *r, const char *hash, const uint8_t *bytes, size_t n)
{
    void *data;
    size_t length;

    ok(fd_reader_blob(r, hash, &data, &length));
    assert_int_equal(length, n);
    if (n)
        assert_memory_equal(data, bytes, n);
    free(data);
}

/* Around the size of a piece, less one head, and several pieces. */
static const size_t sizes[] = { 0, 1, 262135, 262136, 262143, 262144, 262145, 524288, 1000003 };
enum { SIZES = sizeof sizes / sizeof *sizes };

static void bytes_come_back(void **state)
{
    world *w = *state;
    char hashes[SIZES][65], again[65];
    fd_reader *before, *r;
    fd_batch *b = begin(w->store);
    void *data;
    size_t n;

    for (size_t i = 0; i < SIZES; i++) {
        uint8_t *bytes = some_bytes(sizes[i], (uint32_t)i);
        char expected[65];

        ok(fd_batch_blob(b, bytes, sizes[i], hashes[i]));
        fd_digest_of(bytes, sizes[i], expected);
        assert_string_equal(hashes[i], expected);
        free(bytes);
    }
    before = reader_at(w->store, 0);
    assert_int_equal(fd_reader_blob(before, hashes[4], &data, &n), FD_ENOTFOUND);
    assert_int_equal(publish(b), 1);
    world_reopen(w);
    fd_reader_close(before);
    r = reader_at(w->store, 0);
    for (size_t i = 0; i < SIZES; i++) {
        uint8_t *bytes = some_bytes(sizes[i], (uint32_t)i);

        expect(r, hashes[i], bytes, sizes[i]);
        free(bytes);
    }
    assert_int_equal(fd_reader_blob(r, "00", &data, &n), FD_EINVAL);
    assert_int_equal(fd_reader_blob(r, NULL, &data, &n), FD_EINVAL);
    fd_digest_of("never kept", 10, again);
    assert_int_equal(fd_reader_blob(r, again, &data, &n), FD_ENOTFOUND);
    again[3] = 'G';
    assert_int_equal(fd_reader_blob(r, again, &data, &n), FD_EINVAL);
    fd_reader_close(r);
}

static void the_same_bytes_are_kept_once(void **state)
{
    world *w = *state;
    uint8_t *bytes = some_bytes(300000, 7);
    char one[65], two[65];
    int64_t first;
    fd_batch *b = begin(w->store);
    fd_reader *r;

    ok(fd_batch_blob(b, bytes, 300000, one));
    ok(fd_batch_blob(b, bytes, 300000, two));
    assert_string_equal(one, two);
    first = publish(b);
    b = begin(w->store);
    ok(fd_batch_blob(b, bytes, 300000, two));
    assert_string_equal(one, two);
    assert_int_equal(publish(b), first); /* nothing new: no snapshot */
    r = reader_at(w->store, first);
    expect(r, one, bytes, 300000);
    fd_reader_close(r);
    free(bytes);
}

static void an_abandoned_batch_keeps_none(void **state)
{
    world *w = *state;
    uint8_t *bytes = some_bytes(3000000, 9); /* more than what waits in memory */
    char hash[65];
    fd_batch *b = begin(w->store);
    fd_reader *r;
    void *data;
    size_t n;

    ok(fd_batch_blob(b, bytes, 3000000, hash));
    fd_batch_abandon(b);
    r = reader_at(w->store, 0);
    assert_int_equal(fd_reader_blob(r, hash, &data, &n), FD_ENOTFOUND);
    fd_reader_close(r);
    b = begin(w->store); /* and may be kept later */
    ok(fd_batch_blob(b, bytes, 3000000, hash));
    publish(b);
    r = reader_at(w->store, 0);
    expect(r, hash, bytes, 3000000);
    fd_reader_close(r);
    free(bytes);
}

static void too_much_is_refused(void **state)
{
    world *w = *state;
    fd_batch *b = begin(w->store);
    char hash[65];

    assert_int_equal(fd_batch_blob(b, "x", FD_BLOB_MAX + 1, hash), FD_ELIMIT);
    fd_batch_abandon(b);
}

static void lists_and_blobs_do_not_meet(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    int64_t values[3] = { 1, 2, 3 };
    int32_t ids[3];
    char hash[65];
    fd_batch *b = begin(w->store);
    fd_segment s;
    fd_column *c;
    fd_reader *r;

    for (int i = 0; i < 3; i++) {
        char code[2] = { (char)('A' + i), '\0' };

        ids[i] = subject(b, "enterprise", code, code);
    }
    ok(fd_batch_blob(b, ids, sizeof ids, hash));
    s = decimals("output", year, 0, ids, values, 3);
    ok(fd_batch_segment(b, &s));
    publish(b);
    r = reader_at(w->store, 0);
    expect(r, hash, (const uint8_t *)ids, sizeof ids);
    c = column_of(r, "enterprise", "output", year, FD_CURRENT);
    assert_int_equal(c->v.dec[2], 3);
    fd_column_unref(c);
    fd_reader_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERYWHERE(bytes_come_back),
        EVERYWHERE(the_same_bytes_are_kept_once),
        EVERYWHERE(an_abandoned_batch_keeps_none),
        EVERYWHERE(too_much_is_refused),
        EVERYWHERE(lists_and_blobs_do_not_meet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
