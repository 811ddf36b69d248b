#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/map.h"
#include "fangding/arena.h"
#include "fangding/table.h"

struct fd_dict {
    int refs;
    fd_map *map;
};

fd_dict *fd_dict_new(void)
{
    fd_dict *dict = fd_alloc(sizeof *dict);

    dict->refs = 1;
    dict->map = fd_map_new();
    return dict;
}

fd_dict *fd_dict_ref(fd_dict *dict)
{
    if (dict)
        __atomic_add_fetch(&dict->refs, 1, __ATOMIC_RELAXED);
    return dict;
}

void fd_dict_unref(fd_dict *dict)
{
    if (!dict || __atomic_sub_fetch(&dict->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    fd_map_free(dict->map);
    free(dict);
}

uint32_t fd_dict_add(fd_dict *dict, const char *text, size_t length)
{
    return (uint32_t)fd_map_intern(dict->map, (fd_view){ text, length }, fd_map_count(dict->map));
}

bool fd_dict_find(const fd_dict *dict, const char *text, size_t length, uint32_t *index)
{
    uint64_t value;

    if (!fd_map_get(dict->map, (fd_view){ text, length }, &value))
        return false;
    *index = (uint32_t)value;
    return true;
}

const char *fd_dict_text(const fd_dict *dict, uint32_t index)
{
    return fd_map_key(dict->map, index).ptr;
}

size_t fd_dict_count(const fd_dict *dict)
{
    return fd_map_count(dict->map);
}

static size_t value_size(fd_kind kind)
{
    switch (kind) {
    case FD_DEC:
        return sizeof(int64_t);
    case FD_QUOT:
        return sizeof(fd_quot);
    case FD_EST:
        return sizeof(double);
    case FD_DATE:
    case FD_PERIOD:
        return sizeof(int32_t);
    case FD_TEXT:
    case FD_CODE:
        return sizeof(uint32_t);
    case FD_BOOL:
        return 1;
    }
    return 1;
}

fd_column *fd_column_new(const char *id, fd_kind kind, const char *unit, int scale, size_t n)
{
    fd_column *c = fd_alloc(sizeof *c);

    c->refs = 1;
    c->id = fd_strdup(id);
    c->title[FD_ZH] = fd_strdup(id);
    c->title[FD_EN] = fd_strdup(id);
    c->kind = kind;
    c->unit = fd_strdup(unit ? unit : "");
    c->scale = (int8_t)scale;
    c->digits = -1;
    if (kind == FD_TEXT || kind == FD_CODE)
        c->dict = fd_dict_new();
    fd_column_resize(c, n);
    return c;
}

fd_column *fd_column_new_over(const char *id, const char *unit, int digits, double *values,
                              size_t n)
{
    fd_column *c = fd_column_new(id, FD_EST, unit, digits, 0);

    free(c->v.est);
    free(c->has);
    c->v.est = values;
    c->has = fd_alloc((FD_BITS_WORDS(n) + 1) * sizeof *c->has);
    fd_bits_fill(c->has, n);
    c->n = c->capacity = n;
    return c;
}

fd_column *fd_column_ref(fd_column *column)
{
    if (column)
        __atomic_add_fetch(&column->refs, 1, __ATOMIC_RELAXED);
    return column;
}

static void free_text(const char *text)
{
    free((void *)text);
}

void fd_column_unref(fd_column *c)
{
    if (!c || __atomic_sub_fetch(&c->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    free_text(c->id);
    free_text(c->title[FD_ZH]);
    free_text(c->title[FD_EN]);
    free_text(c->unit);
    free_text(c->classification);
    free(c->v.any);
    free(c->has);
    free(c->doubt);
    free(c->na);
    free(c->contributors);
    free(c->top1);
    free(c->top2);
    fd_dict_unref(c->dict);
    free(c);
}

void fd_column_set_title(fd_column *c, const char *zh, const char *en)
{
    free_text(c->title[FD_ZH]);
    free_text(c->title[FD_EN]);
    c->title[FD_ZH] = fd_strdup(zh);
    c->title[FD_EN] = fd_strdup(en);
}

static void *grow(void *memory, size_t old_bytes, size_t new_bytes)
{
    memory = fd_realloc(memory, new_bytes);
    memset((char *)memory + old_bytes, 0, new_bytes - old_bytes);
    return memory;
}

static void grow_bits(uint64_t **bits, size_t old_capacity, size_t capacity)
{
    *bits = grow(*bits, FD_BITS_WORDS(old_capacity) * 8, FD_BITS_WORDS(capacity) * 8);
}

void fd_column_resize(fd_column *c, size_t n)
{
    size_t capacity = c->capacity, size = value_size(c->kind);

    if (n > capacity || !c->has) {
        /* The first size is taken as it is; further growth doubles. */
        size_t wanted = capacity ? capacity * 2 : n;

        if (wanted < n)
            wanted = n;
        if (wanted == 0)
            wanted = 1;
        c->v.any = grow(c->v.any, capacity * size, wanted * size);
        grow_bits(&c->has, capacity, wanted);
        if (c->doubt)
            grow_bits(&c->doubt, capacity, wanted);
        if (c->na)
            grow_bits(&c->na, capacity, wanted);
        if (c->contributors) {
            c->contributors = grow(c->contributors, capacity * sizeof *c->contributors,
                                   wanted * sizeof *c->contributors);
            c->top1 = grow(c->top1, capacity * sizeof *c->top1, wanted * sizeof *c->top1);
            c->top2 = grow(c->top2, capacity * sizeof *c->top2, wanted * sizeof *c->top2);
        }
        c->capacity = wanted;
    }
    for (size_t i = n; i < c->n; i++)
        fd_column_set_state(c, i, FD_MISSING);
    c->n = n;
}

fd_state fd_column_state(const fd_column *c, size_t row)
{
    if (fd_bits_get(c->has, row))
        return c->doubt && fd_bits_get(c->doubt, row) ? FD_DOUBT : FD_HAS;
    return c->na && fd_bits_get(c->na, row) ? FD_NA : FD_MISSING;
}

static uint64_t *need_bits(fd_column *c, uint64_t **bits)
{
    if (!*bits)
        *bits = fd_alloc(FD_BITS_WORDS(c->capacity) * 8);
    return *bits;
}

void fd_column_set_state(fd_column *c, size_t row, fd_state state)
{
    fd_bits_assign(c->has, row, state == FD_HAS || state == FD_DOUBT);
    if (state == FD_DOUBT || c->doubt)
        fd_bits_assign(need_bits(c, &c->doubt), row, state == FD_DOUBT);
    if (state == FD_NA || c->na)
        fd_bits_assign(need_bits(c, &c->na), row, state == FD_NA);
    if (state == FD_MISSING || state == FD_NA)
        memset((char *)c->v.any + row * value_size(c->kind), 0, value_size(c->kind));
}

void fd_column_set_dec(fd_column *c, size_t row, int64_t mantissa)
{
    assert(c->kind == FD_DEC);
    fd_column_set_state(c, row, FD_HAS);
    c->v.dec[row] = mantissa;
}

void fd_column_set_quot(fd_column *c, size_t row, fd_quot value)
{
    assert(c->kind == FD_QUOT);
    fd_column_set_state(c, row, FD_HAS);
    c->v.quot[row] = value;
}

void fd_column_set_est(fd_column *c, size_t row, double value)
{
    assert(c->kind == FD_EST);
    fd_column_set_state(c, row, FD_HAS);
    c->v.est[row] = value;
}

void fd_column_set_day(fd_column *c, size_t row, int32_t value)
{
    assert(c->kind == FD_DATE || c->kind == FD_PERIOD);
    fd_column_set_state(c, row, FD_HAS);
    c->v.day[row] = value;
}

void fd_column_set_text(fd_column *c, size_t row, const char *text)
{
    assert(c->kind == FD_TEXT || c->kind == FD_CODE);
    if (!text) {
        fd_column_set_state(c, row, FD_MISSING);
        return;
    }
    fd_column_set_state(c, row, FD_HAS);
    c->v.text[row] = fd_dict_add(c->dict, text, strlen(text));
}

void fd_column_set_bool(fd_column *c, size_t row, bool value)
{
    assert(c->kind == FD_BOOL);
    fd_column_set_state(c, row, FD_HAS);
    c->v.boolean[row] = value;
}

void fd_column_set_number(fd_column *c, size_t row, fd_number value)
{
    if (value.state == FD_MISSING || value.state == FD_NA) {
        fd_column_set_state(c, row, value.state);
        return;
    }
    if (c->kind == FD_EST) {
        fd_column_set_est(c, row, fd_number_to_double(value));
    } else {
        assert(c->kind == FD_QUOT && !value.is_estimate);
        fd_column_set_quot(c, row, value.exact);
    }
    if (value.state == FD_DOUBT)
        fd_column_set_state(c, row, FD_DOUBT);
}

fd_number fd_column_number(const fd_column *c, size_t row)
{
    fd_state state = fd_column_state(c, row);
    fd_number number;

    if (state == FD_MISSING)
        return fd_number_missing();
    if (state == FD_NA)
        return fd_number_na();
    switch (c->kind) {
    case FD_DEC:
        number = fd_number_exact(fd_quot_from_decimal((fd_decimal){ c->v.dec[row], c->scale }));
        break;
    case FD_QUOT:
        number = fd_number_exact(c->v.quot[row]);
        break;
    case FD_EST:
        number = fd_number_estimate(c->v.est[row]);
        break;
    case FD_BOOL:
        number = fd_number_exact(fd_quot_from_int(c->v.boolean[row]));
        break;
    default:
        return fd_number_na();
    }
    number.state = state;
    return number;
}

const char *fd_column_text(const fd_column *c, size_t row)
{
    if ((c->kind != FD_TEXT && c->kind != FD_CODE) || !fd_bits_get(c->has, row))
        return NULL;
    return fd_dict_text(c->dict, c->v.text[row]);
}

const char *fd_column_text_or(const fd_column *c, size_t row, const char *fallback)
{
    const char *text = c && row < c->n ? fd_column_text(c, row) : NULL;

    return text ? text : fallback;
}

void fd_column_set_contributors(fd_column *c, size_t row, uint32_t n, double top1, double top2)
{
    if (!c->contributors) {
        c->contributors = fd_alloc(c->capacity * sizeof *c->contributors);
        c->top1 = fd_alloc(c->capacity * sizeof *c->top1);
        c->top2 = fd_alloc(c->capacity * sizeof *c->top2);
    }
    c->contributors[row] = n;
    c->top1[row] = top1;
    c->top2[row] = top2;
}

static size_t put(const char *text, char *buf, size_t size)
{
    size_t length = strlen(text);

    if (size) {
        size_t fits = length < size - 1 ? length : size - 1;

        memcpy(buf, text, fits);
        buf[fits] = '\0';
    }
    return length;
}

const char *fd_column_screen(const fd_column *c, const char *text, fd_lang lang)
{
    for (const fd_na_words *w = c->words; w && w->machine; w++)
        if (strcmp(w->machine, text) == 0)
            return w->screen[lang];
    return text;
}

size_t fd_column_format(const fd_column *c, size_t row, fd_lang lang, char *buf, size_t size)
{
    fd_state state = fd_column_state(c, row);
    char number[64];
    int n = 0;

    if (state == FD_NA && c->na_words)
        return put(c->na_words->screen[lang], buf, size);
    if (state == FD_MISSING || state == FD_NA)
        return put(fd_state_name(state, lang), buf, size);
    switch (c->kind) {
    case FD_DEC:
        if (c->digits >= 0 && c->digits < c->scale)
            fd_quot_format(fd_quot_from_decimal((fd_decimal){ c->v.dec[row], c->scale }), c->digits,
                           FD_ROUND_HALF_EVEN, number, sizeof number);
        else
            fd_decimal_format((fd_decimal){ c->v.dec[row], c->scale }, number, sizeof number);
        return put(number, buf, size);
    case FD_QUOT:
        fd_quot_format(c->v.quot[row], c->digits >= 0 ? c->digits : 4, FD_ROUND_HALF_EVEN, number,
                       sizeof number);
        return put(number, buf, size);
    case FD_EST:
        n = c->digits >= 0 ? snprintf(buf, size, "%.*f", c->digits, c->v.est[row])
                           : snprintf(buf, size, "%.6g", c->v.est[row]);
        return n > 0 ? (size_t)n : 0;
    case FD_DATE:
        return fd_date_format(c->v.day[row], buf, size);
    case FD_PERIOD:
        return fd_period_format(c->v.day[row], buf, size);
    case FD_TEXT:
    case FD_CODE:
        return put(fd_column_screen(c, fd_dict_text(c->dict, c->v.text[row]), lang), buf, size);
    case FD_BOOL:
        if (c->digits == 0)
            return put(c->v.boolean[row] ? "1" : "0", buf, size);
        return put(c->v.boolean[row] ? (lang == FD_ZH ? "是" : "yes")
                                     : (lang == FD_ZH ? "否" : "no"),
                   buf, size);
    }
    return put("", buf, size);
}
