/*
 * Names that nearly equal another's: reported, never merged.
 *
 * Two names are near when they are equal after folding (width, brackets, 有限责任公司 = 有限公司),
 * or when one character differs.  The second is found without comparing all pairs: every name is
 * hashed with each of its characters left out, and near names share a hash.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "returns/read.h"

enum { MOST_NAMES = 100000, SHORT_NAME = 6, LONG_NAME = 40 };

typedef struct known_name {
    const char *code, *name, *key;
    long row; /* 0: of the register */
    const fd_sheet *sheet;
} known_name;

typedef struct omission {
    uint64_t hash;
    uint32_t name;
} omission;

typedef struct collector {
    fd_reader_state *s;
    fd_vec(known_name) names;
    fd_vec(omission) omissions;
} collector;

/* Folded, with the forms of company that are often mixed up made one. */
static const char *key_of(fd_reader_state *s, const char *name)
{
    static const char *const longer = "有限责任公司", *const shorter = "有限公司";
    fd_buf out = FD_BUF_INIT;
    const char *key;
    ptrdiff_t at;

    fd_returns__fold_into(&s->scratch, fd_view_of(name));
    at = fd_view_find((fd_view){ fd_buf_text(&s->scratch), s->scratch.len }, longer);
    if (at >= 0) {
        fd_buf_put(&out, s->scratch.ptr, (size_t)at);
        fd_buf_puts(&out, shorter);
        fd_buf_puts(&out, s->scratch.ptr + at + strlen(longer));
        key = fd_arena_strdup(s->arena, fd_buf_text(&out));
    } else {
        key = fd_arena_strdup(s->arena, fd_buf_text(&s->scratch));
    }
    fd_buf_dispose(&out);
    return key;
}

static void add_name(collector *c, const char *code, const char *name, long row,
                     const fd_sheet *sheet)
{
    known_name n = { fd_arena_strdup(c->s->arena, code), fd_arena_strdup(c->s->arena, name), NULL,
                     row, sheet };

    n.key = key_of(c->s, name);
    fd_vec_push(&c->names, n);
}

static void visit(void *inner, const char *code, const char *name)
{
    collector *c = inner;

    if (name && *name && c->names.count <= MOST_NAMES)
        add_name(c, code, name, 0, NULL);
}

static int by_key(const void *a, const void *b, void *names)
{
    const known_name *n = names;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = strcmp(n[x].key, n[y].key);

    return order ? order : (x > y) - (x < y);
}

static int by_hash(const void *a, const void *b)
{
    const omission *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

/* One of the pair is new; the same code with two names is the same unit. */
static void report(fd_reader_state *s, const known_name *a, const known_name *b, bool equal)
{
    const known_name *fresh = a->row ? a : b, *other = a->row ? b : a;

    if ((!a->row && !b->row) || strcmp(a->code, b->code) == 0)
        return;
    fd_returns__find(
        s, FD_WARNING, "near-name", fresh->sheet, fresh->row, "",
        equal ? "名称与另一主体相同(代码不同),不合并,请核对"
              : "名称与另一主体只差一个字,不合并,请核对",
        equal
            ? "the name equals another subject's (codes differ); not merged, please check"
            : "the name differs by one character from another subject's; not merged, please check",
        fd_arena_printf(s->arena, "%s %s", fresh->code, fresh->name),
        fd_arena_printf(s->arena, "%s %s", other->code, other->name),
        fd_arena_printf(s->arena, "%s %s", other->code, other->name));
}

static void add_omissions(collector *c, uint32_t at)
{
    const char *key = c->names.items[at].key;
    size_t length = strlen(key), offset = 0, points = 0;

    while (offset < length) {
        (void)fd_utf8_next(key, length, &offset);
        points++;
    }
    if (points < SHORT_NAME || points > LONG_NAME)
        return;
    fd_vec_push(&c->omissions, ((omission){ fd_hash_bytes(key, length), at }));
    for (offset = 0; offset < length;) {
        size_t start = offset;

        (void)fd_utf8_next(key, length, &offset);
        fd_buf_clear(&c->s->scratch);
        fd_buf_put(&c->s->scratch, key, start);
        fd_buf_put(&c->s->scratch, key + offset, length - offset);
        fd_vec_push(&c->omissions,
                    ((omission){ fd_hash_bytes(c->s->scratch.ptr, c->s->scratch.len), at }));
    }
}

/* Digits tell plants and branches apart (一厂, 2 号): one differing digit is no typing error. */
static bool differ_by_number(const char *a, const char *b)
{
    static const char *const marks = "0123456789一二三四五六七八九十甲乙丙丁东南西北新老大小上下";
    size_t x = strlen(a), y = strlen(b), i = 0, j = 0, front = 0;

    while (front < x && front < y && a[front] == b[front])
        front++;
    while (front > 0 && ((unsigned char)a[front] & 0xC0) == 0x80)
        front--;
    i = front;
    j = front;
    for (int side = 0; side < 2; side++) {
        const char *p = side ? b + j : a + i;
        size_t n = 0, at = 0;

        if (!*p)
            continue;
        (void)fd_utf8_next(p, strlen(p), &n);
        while (marks[at]) {
            size_t start = at;

            (void)fd_utf8_next(marks, strlen(marks), &at);
            if (at - start == n && memcmp(marks + start, p, n) == 0)
                return true;
        }
    }
    return false;
}

int fd_check_names(fd_reader_state *s)
{
    collector c = { .s = s };
    uint32_t *order = NULL;
    int err = 0;

    if (!fd_form_is_register(s->form) || strcmp(s->form->kind, "enterprise") != 0)
        return 0;
    if (s->handler->each)
        err = s->handler->each(s->handler->payload, s->form->kind, visit, &c);
    for (size_t k = 0; err >= 0 && k < s->sheets.count; k++) {
        const fd_sheet *sheet = s->sheets.items[k];
        char room[FD_CODES_ROOM];

        for (size_t r = 0; r < sheet->n && c.names.count <= MOST_NAMES; r++)
            if (sheet->names[r] && sheet->subjects[r] < 0 && !sheet->rejected[r])
                add_name(&c, fd_codes_text(s->fresh, (size_t)(-sheet->subjects[r] - 1), room),
                         sheet->names[r], sheet->rows[r], sheet);
    }
    if (err < 0 || c.names.count > MOST_NAMES)
        goto done;
    order = fd_alloc((c.names.count + 1) * sizeof *order);
    for (uint32_t i = 0; i < c.names.count; i++)
        order[i] = i;
    qsort_r(order, c.names.count, sizeof *order, by_key, c.names.items);
    for (size_t i = 1; i < c.names.count; i++)
        if (strcmp(c.names.items[order[i]].key, c.names.items[order[i - 1]].key) == 0)
            report(s, &c.names.items[order[i]], &c.names.items[order[i - 1]], true);
    for (uint32_t i = 0; i < c.names.count; i++)
        add_omissions(&c, i);
    if (c.omissions.count)
        qsort(c.omissions.items, c.omissions.count, sizeof *c.omissions.items, by_hash);
    for (size_t i = 1; i < c.omissions.count; i++) {
        const known_name *a = &c.names.items[c.omissions.items[i].name];
        const known_name *b = &c.names.items[c.omissions.items[i - 1].name];

        if (c.omissions.items[i].hash == c.omissions.items[i - 1].hash && a != b &&
            strcmp(a->key, b->key) != 0 &&
            fd_utf8_distance(fd_view_of(a->key), fd_view_of(b->key), 1) <= 1 &&
            !differ_by_number(a->key, b->key))
            report(s, a, b, false);
    }
done:
    fd_vec_dispose(&c.names);
    fd_vec_dispose(&c.omissions);
    free(order);
    return err < 0 ? err : 0;
}
