#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "blocks are read and written by memcpy");

enum { RAW = 0, FRAME = 1, DIFFERENCES = 2 };
enum { HEAD = 16, WIDEST = 57, TAIL = 8, CELLS_HEAD = 8, TEXT_MAX = 1 << 20 };

static uint64_t load64(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

static uint32_t load32(const uint8_t *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

static void store64(uint8_t *p, uint64_t v)
{
    memcpy(p, &v, sizeof v);
}

static void store32(uint8_t *p, uint32_t v)
{
    memcpy(p, &v, sizeof v);
}

static unsigned bits_for(uint64_t range)
{
    return range ? 64 - (unsigned)__builtin_clzll(range) : 0;
}

static size_t payload_bytes(unsigned width, size_t n)
{
    return (n * width + 7) / 8 + TAIL;
}

void fd_pack__plan(fd_pack_plan *plan, const int64_t *values, size_t n)
{
    int64_t low = n ? values[0] : 0, high = low;
    int64_t dlow = INT64_MAX, dhigh = INT64_MIN;
    unsigned wf, wd;

    for (size_t i = 1; i < n; i++) {
        const int64_t v = values[i];
        const int64_t d = (int64_t)((uint64_t)v - (uint64_t)values[i - 1]);

        low = v < low ? v : low;
        high = v > high ? v : high;
        dlow = d < dlow ? d : dlow;
        dhigh = d > dhigh ? d : dhigh;
    }
    if (n < 2)
        dlow = dhigh = 0;
    wf = bits_for((uint64_t)high - (uint64_t)low);
    wd = bits_for((uint64_t)dhigh - (uint64_t)dlow);
    plan->n = n;
    plan->first = n ? values[0] : 0;
    if (wf <= WIDEST &&
        (wf <= wd || HEAD + payload_bytes(wf, n) <= HEAD + 8 + payload_bytes(wd, n))) {
        plan->method = FRAME;
        plan->width = (uint8_t)wf;
        plan->base = low;
        plan->bytes = HEAD + payload_bytes(wf, n);
    } else if (wd <= WIDEST) {
        plan->method = DIFFERENCES;
        plan->width = (uint8_t)wd;
        plan->base = dlow;
        plan->bytes = HEAD + 8 + payload_bytes(wd, n);
    } else {
        plan->method = RAW;
        plan->width = 64;
        plan->base = 0;
        plan->bytes = HEAD + n * 8;
    }
}

/* Append numbers of `width` bits through a 64-bit accumulator. */
typedef struct bit_writer {
    uint8_t *p;
    uint64_t acc;
    unsigned used;
} bit_writer;

static inline void put_bits(bit_writer *w, uint64_t v, unsigned width)
{
    w->acc |= v << w->used;
    w->used += width;
    if (w->used >= 64) {
        store64(w->p, w->acc);
        w->p += 8;
        w->used -= 64;
        w->acc = w->used ? v >> (width - w->used) : 0;
    }
}

void fd_pack__put(const fd_pack_plan *plan, const int64_t *values, uint8_t *out)
{
    const unsigned width = plan->width;
    const uint64_t base = (uint64_t)plan->base;
    bit_writer w = { out + HEAD, 0, 0 };
    size_t left;

    memset(out, 0, HEAD);
    out[0] = plan->method;
    out[1] = plan->width;
    store32(out + 4, (uint32_t)plan->n);
    store64(out + 8, base);
    if (plan->method == RAW) {
        if (plan->n > 0)
            memcpy(out + HEAD, values, plan->n * 8);
        return;
    }
    if (plan->method == DIFFERENCES) {
        store64(out + HEAD, (uint64_t)plan->first);
        w.p += 8;
    }
    if (width > 0) {
        if (plan->method == FRAME) {
            for (size_t i = 0; i < plan->n; i++)
                put_bits(&w, (uint64_t)values[i] - base, width);
        } else { /* the first number has no difference: it is stored as 0 */
            put_bits(&w, 0, width);
            for (size_t i = 1; i < plan->n; i++)
                put_bits(&w, (uint64_t)values[i] - (uint64_t)values[i - 1] - base, width);
        }
    }
    left = (size_t)(out + plan->bytes - w.p);
    memset(w.p, 0, left);
    for (unsigned i = 0; i * 8 < w.used; i++)
        w.p[i] = (uint8_t)(w.acc >> (8 * i));
}

static int damaged(void)
{
    return fd_error_set(FD_EFORMAT, "城市文件中的数据块已损坏",
                        "a data block of the city file is damaged");
}

int fd_pack__head(const uint8_t *data, size_t length, size_t *n, size_t *bytes)
{
    size_t count, need;

    if (length < HEAD)
        return damaged();
    count = load32(data + 4);
    if (count > FD_PACK_MAX)
        return damaged();
    switch (data[0]) {
    case RAW:
        need = HEAD + count * 8;
        break;
    case FRAME:
        need = HEAD + payload_bytes(data[1], count);
        break;
    case DIFFERENCES:
        need = HEAD + 8 + payload_bytes(data[1], count);
        break;
    default:
        return damaged();
    }
    if ((data[0] != RAW && data[1] > WIDEST) || need > length)
        return damaged();
    *n = count;
    *bytes = need;
    return 0;
}

static void unpack(const uint8_t *p, unsigned width, uint64_t base, size_t n, int64_t *out)
{
    const uint64_t mask = ((uint64_t)1 << width) - 1;
    size_t bit = 0;

    switch (width) {
    case 0:
        for (size_t i = 0; i < n; i++)
            out[i] = (int64_t)base;
        return;
    case 8:
        for (size_t i = 0; i < n; i++)
            out[i] = (int64_t)(base + p[i]);
        return;
    case 16:
        for (size_t i = 0; i < n; i++) {
            uint16_t v;

            memcpy(&v, p + 2 * i, 2);
            out[i] = (int64_t)(base + v);
        }
        return;
    case 32:
        for (size_t i = 0; i < n; i++)
            out[i] = (int64_t)(base + load32(p + 4 * i));
        return;
    default:
        for (size_t i = 0; i < n; i++, bit += width)
            out[i] = (int64_t)(base + ((load64(p + (bit >> 3)) >> (bit & 7)) & mask));
    }
}

void fd_pack__get(const uint8_t *data, int64_t *out)
{
    const size_t n = load32(data + 4);
    const uint64_t base = load64(data + 8);

    if (n == 0)
        return;
    switch (data[0]) {
    case RAW:
        memcpy(out, data + HEAD, n * 8);
        return;
    case FRAME:
        unpack(data + HEAD, data[1], base, n, out);
        return;
    default: {
        uint64_t value = load64(data + HEAD);

        unpack(data + HEAD + 8, data[1], base, n, out);
        out[0] = (int64_t)value;
        for (size_t i = 1; i < n; i++) {
            value += (uint64_t)out[i];
            out[i] = (int64_t)value;
        }
    }
    }
}

/* ---- blocks --------------------------------------------------------------------------------- */

static bool has_value(const uint8_t *states, size_t i)
{
    return !states || states[i] == FD_HAS || states[i] == FD_DOUBT;
}

static size_t states_bytes(size_t n)
{
    return ((n + 3) / 4 + 7) / 8 * 8;
}

/* Head and states of a block with room for `body` more bytes. @return where the body begins */
static uint8_t *begin_block(uint8_t **out, size_t *bytes, fd_block_type type, const uint8_t *states,
                            size_t n, size_t body)
{
    const size_t head = CELLS_HEAD + (states ? states_bytes(n) : 0);
    uint8_t *block = fd_alloc(head + body);

    block[0] = 1;
    block[1] = (uint8_t)type;
    block[2] = states != NULL;
    store32(block + 4, (uint32_t)n);
    if (states)
        for (size_t i = 0; i < n; i++)
            block[CELLS_HEAD + (i >> 2)] |= (uint8_t)((states[i] & 3) << (2 * (i & 3)));
    *out = block;
    *bytes = head + body;
    return block + head;
}

/* States that are all HAS need no room. */
static const uint8_t *needed_states(const uint8_t *states, size_t n)
{
    for (size_t i = 0; states && i < n; i++)
        if (states[i] != FD_HAS)
            return states;
    return NULL;
}

static int too_long(void)
{
    return fd_error_set(FD_ELIMIT, "一个数据块的行数过多", "a block of data has too many rows");
}

int fd_block__from_ints(uint8_t **out, size_t *bytes, const int64_t *values, const uint8_t *states,
                        size_t n, int64_t *scratch)
{
    fd_pack_plan plan;

    if (n > FD_PACK_MAX)
        return too_long();
    states = needed_states(states, n);
    if (states) { /* a cell without value repeats its neighbour: it costs no width */
        int64_t last = 0;
        size_t first = 0;

        while (first < n && !has_value(states, first))
            first++;
        last = first < n ? values[first] : 0;
        for (size_t i = 0; i < n; i++)
            scratch[i] = last = has_value(states, i) ? values[i] : last;
        values = scratch;
    }
    fd_pack__plan(&plan, values, n);
    fd_pack__put(&plan, values, begin_block(out, bytes, FD_BLOCK_INTS, states, n, plan.bytes));
    return 0;
}

int fd_block__from_doubles(uint8_t **out, size_t *bytes, const double *values,
                           const uint8_t *states, size_t n)
{
    uint8_t *body;

    if (n > FD_PACK_MAX)
        return too_long();
    states = needed_states(states, n);
    body = begin_block(out, bytes, FD_BLOCK_DOUBLES, states, n, n * 8);
    for (size_t i = 0; i < n; i++)
        if (has_value(states, i))
            memcpy(body + 8 * i, values + i, 8);
    return 0;
}

int fd_block__from_texts(uint8_t **out, size_t *bytes, const char *const *texts,
                         const uint8_t *states, size_t n, int64_t *scratch)
{
    fd_map *index = NULL;
    size_t length = 0, count;
    fd_pack_plan plan;
    uint8_t *p;
    uint32_t end = 0;
    int err = 0;

    if (n > FD_PACK_MAX)
        return too_long();
    states = needed_states(states, n);
    index = fd_map_new();
    for (size_t i = 0; i < n; i++) {
        size_t before = fd_map_count(index);

        scratch[i] = 0;
        if (!has_value(states, i))
            continue;
        if (!texts[i]) {
            err = fd_error_set(FD_EINVAL, "有值的文本单元格没有文本",
                               "a text cell with a value has no text");
            goto done;
        }
        scratch[i] = (int64_t)fd_map_intern(index, fd_view_of(texts[i]), before);
        if (fd_map_count(index) > before)
            length += strlen(texts[i]);
        if (length > UINT32_MAX) {
            err = too_long();
            goto done;
        }
    }
    count = fd_map_count(index);
    fd_pack__plan(&plan, scratch, n);
    p = begin_block(out, bytes, FD_BLOCK_TEXTS, states, n, 8 + 4 * count + length + plan.bytes);
    store32(p, (uint32_t)count);
    store32(p + 4, (uint32_t)length);
    for (size_t j = 0; j < count; j++) {
        const fd_view text = fd_map_key(index, j);

        if (text.len > 0)
            memcpy(p + 8 + 4 * count + end, text.ptr, text.len);
        end += (uint32_t)text.len;
        store32(p + 8 + 4 * j, end);
    }
    fd_pack__put(&plan, scratch, p + 8 + 4 * count + length);
done:
    fd_map_free(index);
    return err;
}

int fd_block__from_list(uint8_t **out, size_t *bytes, const int32_t *values, size_t n,
                        int64_t *scratch)
{
    fd_pack_plan plan;

    if (n > FD_PACK_MAX)
        return too_long();
    for (size_t i = 0; i < n; i++)
        scratch[i] = values[i];
    fd_pack__plan(&plan, scratch, n);
    *out = fd_alloc(plan.bytes);
    *bytes = plan.bytes;
    fd_pack__put(&plan, scratch, *out);
    return 0;
}

int fd_block__add_written(uint8_t **data, size_t *bytes, int scale, const uint8_t *written,
                          const char *const *spelled, size_t n, int64_t *scratch)
{
    const char **texts = NULL;
    uint8_t *block = NULL, last = FD_WRITTEN_UNKNOWN;
    size_t length = 0, count = 0, at = *bytes;
    fd_pack_plan plan;
    int err = 0;

    for (size_t i = 0; i < n; i++)
        count += written[i] == FD_WRITTEN_SPELLED;
    if (count > 0) {
        texts = fd_alloc(count * sizeof *texts);
        count = 0;
        for (size_t i = 0; i < n; i++)
            if (written[i] == FD_WRITTEN_SPELLED)
                texts[count++] = spelled && spelled[i] ? spelled[i] : "";
        err = fd_block__from_texts(&block, &length, texts, NULL, count, scratch);
        free(texts);
        if (err < 0)
            return err;
    }
    for (size_t i = 0; i < n; i++) /* of an empty cell nothing is to be said: it costs no width */
        scratch[i] = last = written[i] != FD_WRITTEN_UNKNOWN ? written[i] : last;
    fd_pack__plan(&plan, scratch, n);
    *bytes += 4 + plan.bytes + length;
    *data = fd_realloc(*data, *bytes);
    (*data)[3] = 1;
    memset(*data + at, 0, 4);
    (*data)[at] = (uint8_t)scale;
    (*data)[at + 1] = count > 0;
    fd_pack__put(&plan, scratch, *data + at + 4);
    if (length > 0)
        memcpy(*data + at + 4 + plan.bytes, block, length);
    free(block);
    return 0;
}

static int open_texts(fd_cells *out, const uint8_t *p, size_t left)
{
    size_t count, bytes, need, n = 0;
    uint32_t last = 0;

    if (left < 8)
        return damaged();
    count = load32(p);
    bytes = load32(p + 4);
    if (count > FD_PACK_MAX || left - 8 < 4 * count || left - 8 - 4 * count < bytes)
        return damaged();
    out->text_count = count;
    out->text_ends = p + 8;
    out->text_bytes = (const char *)(p + 8 + 4 * count);
    for (size_t j = 0; j < count; j++) {
        const uint32_t end = load32(out->text_ends + 4 * j);

        if (end < last || end > bytes)
            return damaged();
        last = end;
    }
    out->list = p + 8 + 4 * count + bytes;
    if (fd_pack__head(out->list, left - 8 - 4 * count - bytes, &n, &need) < 0 || n != out->n)
        return damaged();
    return 0;
}

int fd_block__open(fd_cells *out, const uint8_t *data, size_t length)
{
    size_t n = 0, need, head = CELLS_HEAD;

    memset(out, 0, sizeof *out);
    if (length < CELLS_HEAD || data[0] != 1 || data[1] > FD_BLOCK_TEXTS)
        return damaged();
    out->type = (fd_block_type)data[1];
    out->n = load32(data + 4);
    if (out->n > FD_PACK_MAX)
        return damaged();
    if (data[2]) {
        out->states = data + CELLS_HEAD;
        head += states_bytes(out->n);
    }
    if (length < head)
        return damaged();
    switch (out->type) {
    case FD_BLOCK_INTS:
        out->list = data + head;
        if (fd_pack__head(out->list, length - head, &n, &need) < 0 || n != out->n)
            return damaged();
        return 0;
    case FD_BLOCK_DOUBLES:
        out->doubles = data + head;
        return length - head < 8 * out->n ? damaged() : 0;
    case FD_BLOCK_TEXTS:
        return open_texts(out, data + head, length - head);
    }
    return damaged();
}

const char *fd_block__text(const fd_cells *cells, size_t j, size_t *length)
{
    const uint32_t begin = j > 0 ? load32(cells->text_ends + 4 * (j - 1)) : 0;

    *length = load32(cells->text_ends + 4 * j) - begin;
    return cells->text_bytes + begin;
}

double fd_block__double(const fd_cells *cells, size_t i)
{
    double v;

    memcpy(&v, cells->doubles + 8 * i, 8);
    return v;
}

int fd_block__written(fd_buf *out, const uint8_t *data, size_t length, size_t i, int64_t *scratch)
{
    size_t n, bytes, at, size, spelled = 0;
    const uint8_t *list;
    const char *text;
    int64_t written;
    fd_cells cells;
    int err;

    if ((err = fd_block__open(&cells, data, length)) < 0)
        return err;
    if (cells.type != FD_BLOCK_INTS || !data[3] || i >= cells.n)
        return 0;
    at = (size_t)(cells.list - data);
    if ((err = fd_pack__head(cells.list, length - at, &n, &bytes)) < 0)
        return err;
    at += bytes;
    if (length - at < 4)
        return damaged();
    list = data + at + 4;
    if ((err = fd_pack__head(list, length - at - 4, &n, &bytes)) < 0)
        return err;
    if (n != cells.n)
        return damaged();
    fd_pack__get(list, scratch);
    written = scratch[i];
    if (written != FD_WRITTEN_SPELLED) {
        fd_pack__get(cells.list, scratch);
        return written >= 0 && written < FD_WRITTEN_END &&
               fd_written_text(out, (uint8_t)written, scratch[i], data[at]);
    }
    for (size_t k = 0; k < i; k++)
        spelled += scratch[k] == FD_WRITTEN_SPELLED;
    at += 4 + bytes;
    if ((err = fd_block__open(&cells, data + at, length - at)) < 0)
        return err;
    if (cells.type != FD_BLOCK_TEXTS || spelled >= cells.n || cells.n > n)
        return damaged();
    fd_pack__get(cells.list, scratch);
    if ((uint64_t)scratch[spelled] >= cells.text_count)
        return damaged();
    text = fd_block__text(&cells, (size_t)scratch[spelled], &size);
    fd_buf_put(out, text, size);
    return 1;
}
