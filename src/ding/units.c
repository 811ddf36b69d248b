/*
 * Units: names for products of base dimensions with an exact factor.
 */
#include <string.h>

#include "base/utf8.h"
#include "ding/program.h"

bool fd_unit__same_dims(const fd_unit *a, const fd_unit *b)
{
    return memcmp(a->dims, b->dims, sizeof a->dims) == 0;
}

bool fd_unit__is_plain(const fd_unit *u)
{
    static const int8_t none[FD_DIMENSIONS];

    return memcmp(u->dims, none, sizeof none) == 0;
}

static bool is_countable(const fd_program *p, size_t dimension)
{
    static const char *const names[] = { "户", "项", "人" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dimension < p->dimensions.count &&
            strcmp(p->dimensions.items[dimension], names[i]) == 0)
            return true;
    return false;
}

bool fd_unit__fits_count(const fd_program *p, const fd_unit *counted, int power,
                         const fd_unit *unit)
{
    int differing = 0;

    if (power == 0)
        return false;
    for (size_t d = 0; d < FD_DIMENSIONS; d++) {
        int difference = unit->dims[d] - counted->dims[d];

        if (difference == 0)
            continue;
        if (difference != power || !is_countable(p, d))
            return false;
        differing++;
    }
    return differing == 1;
}

static const char *product_name(fd_arena *arena, const fd_unit *a, const fd_unit *b, bool divide)
{
    const char *left = a->name[0] ? a->name : "1";

    if (!b->name[0])
        return a->name;
    if (!a->name[0] && !divide)
        return b->name;
    if (strlen(left) + strlen(b->name) > 60)
        return "复合单位";
    return fd_arena_printf(arena, "%s%s%s", left, divide ? "/" : "·", b->name);
}

const fd_unit *fd_unit__product(const fd_program *p, fd_arena *arena, const fd_unit *a,
                                const fd_unit *b, bool divide)
{
    fd_unit *u = fd_arena_alloc(arena, sizeof *u);

    for (int i = 0; i < FD_DIMENSIONS; i++) {
        int power = a->dims[i] + (divide ? -b->dims[i] : b->dims[i]);

        u->dims[i] = (int8_t)(power > 100 ? 100 : power < -100 ? -100 : power);
    }
    if ((divide ? fd_quot_div(&u->factor, a->factor, b->factor)
                : fd_quot_mul(&u->factor, a->factor, b->factor)) < 0) {
        fd_error_clear();
        return NULL;
    }
    if (fd_unit__is_plain(u) && u->factor.num == u->factor.den)
        return p->one;
    u->name = u->alias = fd_unit__is_plain(u) ? "" : product_name(arena, a, b, divide);
    return u;
}

/* A unit that is declared; typed[] is filled in order, so one declared later is NULL while units
 * are read. */
static const fd_unit *declared(const fd_program *p, const char *name)
{
    return fd_program_unit(p, name);
}

const fd_unit *fd_unit__named(const fd_program *p, fd_arena *arena, const char *name)
{
    const fd_unit *unit = declared(p, name), *part;
    fd_view rest = fd_view_of(name);
    bool divide = false;
    int parts = 0;

    if (unit || !name[0] || rest.len > 120)
        return unit;
    while (rest.len && parts < 8) {
        size_t end = 0, mark;
        char *piece;

        while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '*' &&
               !fd_view_starts((fd_view){ rest.ptr + end, rest.len - end }, "·"))
            end++;
        mark = end == rest.len ? 0 : rest.ptr[end] == '/' || rest.ptr[end] == '*' ? 1 : strlen("·");
        piece = fd_arena_strndup(arena, rest.ptr, end);
        part = end == 1 && piece[0] == '1' ? p->one : declared(p, piece);
        if (!part)
            return NULL;
        unit = unit ? fd_unit__product(p, arena, unit, part, divide) : part;
        if (!unit)
            return NULL;
        divide = mark && (divide ||
                          rest.ptr[end] == '/'); /* a/b·c has c below the line, as people read it */
        rest = (fd_view){ rest.ptr + end + mark, rest.len - end - mark };
        parts++;
    }
    if (unit && parts > 1 && rest.len == 0) {
        fd_unit *named = fd_arena_alloc(arena, sizeof *named);

        *named = *unit;
        named->name = named->alias = fd_arena_strdup(arena, name);
        named->decl = NULL;
        return named;
    }
    return NULL;
}

const fd_unit *fd_unit__of_clause(fd_loader *l, const fd_decl *decl, const char *keyword)
{
    const fd_clause *clause = fd_decl__clause(decl, keyword);
    const fd_unit *unit;
    fd_error *e;

    if (!clause || !clause->word_count)
        return l->p->one;
    unit = fd_unit__named(l->p, l->p->arena, clause->words[0]);
    if (unit && clause->word_count == 1)
        return unit;
    if (unit) {
        fd_program__find(l->diags, FD_FAULT, "unit", decl, &clause->argument, "单位只写一个",
                         "one unit only");
        return unit;
    }
    e = fd_program__find(l->diags, FD_FAULT, "unit", decl, &clause->argument, "不认识的单位:%s",
                         "unknown unit: %s", clause->words[0]);
    fd_program__suggest(l->p, l->diags, e, 1u << FD_DECL_UNIT, clause->words[0]);
    return l->p->one;
}

bool fd_unit__convert_decimal(fd_decimal *out, fd_decimal value, const fd_unit *from,
                              const fd_unit *to)
{
    fd_quot factor, q, back;

    if (from == to || fd_quot_compare(from->factor, to->factor) == 0) {
        *out = value;
        return true;
    }
    if (fd_quot_div(&factor, from->factor, to->factor) < 0 ||
        fd_quot_mul(&q, fd_quot_from_decimal(value), factor) < 0)
        goto bad;
    for (int scale = 0; scale <= 18; scale++) {
        if (fd_quot_round(out, q, scale, FD_ROUND_HALF_EVEN) < 0)
            goto bad;
        back = fd_quot_from_decimal(*out);
        if (fd_quot_compare(back, q) == 0)
            return true;
    }
bad:
    fd_error_clear();
    return false;
}

/* ---- loading ---- */

/* 量纲 元 opens a dimension at its first use; 无 is none. */
static void read_dimension(fd_loader *l, fd_unit *unit, const fd_clause *clause)
{
    fd_program *p = l->p;
    size_t at = 0;

    if (clause->word_count != 1) {
        fd_program__find(l->diags, FD_FAULT, "unit", unit->decl, &clause->span, "量纲要写一个词",
                         "dimension takes one word");
        return;
    }
    if (strcmp(clause->words[0], "无") == 0 || strcmp(clause->words[0], "none") == 0)
        return;
    while (at < p->dimensions.count && strcmp(p->dimensions.items[at], clause->words[0]) != 0)
        at++;
    if (at == FD_DIMENSIONS) {
        fd_program__find(l->diags, FD_FAULT, "unit", unit->decl, &clause->span, "量纲超过 %d 个",
                         "more than %d dimensions", FD_DIMENSIONS);
        return;
    }
    if (at == p->dimensions.count)
        fd_vec_push(&p->dimensions, clause->words[0]);
    unit->dims[at] = 1;
    unit->is_base = true;
}

/* "10000" or "2000/3". */
static bool read_factor(fd_quot *out, const char *text)
{
    const char *slash = strchr(text, '/');
    fd_decimal above, below = { 1, 0 };

    if (fd_decimal_parse(&above, text, slash ? (size_t)(slash - text) : strlen(text)) < 0 ||
        (slash && fd_decimal_parse(&below, slash + 1, strlen(slash + 1)) < 0) ||
        above.mantissa <= 0 || below.mantissa <= 0 ||
        fd_quot_div(out, fd_quot_from_decimal(above), fd_quot_from_decimal(below)) < 0) {
        fd_error_clear();
        return false;
    }
    return true;
}

enum { UNSEEN, OPEN, DONE };

static void read_unit(fd_loader *l, size_t at, uint8_t *state, int depth);

/* 等于 10000 元: a number and a unit, which may be declared further down. */
static void read_equals(fd_loader *l, fd_unit *unit, const fd_clause *clause, uint8_t *state,
                        int depth)
{
    fd_program *p = l->p;
    const fd_unit *base = p->one;
    uint64_t at;

    if (clause->word_count < 1 || clause->word_count > 2 ||
        !read_factor(&unit->factor, clause->words[0])) {
        unit->factor = (fd_quot){ 1, 1 };
        fd_program__find(l->diags, FD_FAULT, "unit", unit->decl, &clause->argument,
                         "应写 等于 数 单位", "write: equals NUMBER UNIT");
        return;
    }
    if (clause->word_count == 1)
        return; /* a plain number, such as % */
    if (fd_map_get(p->index[FD_DECL_UNIT], fd_view_of(clause->words[1]), &at) && at)
        read_unit(l, (size_t)at - 1, state, depth + 1);
    base = fd_unit__named(p, p->arena, clause->words[1]);
    if (!base) {
        fd_error *e = fd_program__find(l->diags, FD_FAULT, "unit", unit->decl, &clause->argument,
                                       "不认识的单位:%s", "unknown unit: %s", clause->words[1]);

        fd_program__suggest(p, l->diags, e, 1u << FD_DECL_UNIT, clause->words[1]);
        return;
    }
    memcpy(unit->dims, base->dims, sizeof unit->dims);
    if (fd_quot_mul(&unit->factor, unit->factor, base->factor) < 0) {
        fd_error_clear();
        unit->factor = (fd_quot){ 1, 1 };
        fd_program__find(l->diags, FD_FAULT, "unit", unit->decl, &clause->argument, "换算数太大",
                         "the factor is too large");
    }
}

static void read_unit(fd_loader *l, size_t at, uint8_t *state, int depth)
{
    fd_program *p = l->p;
    fd_unit *unit = p->typed[FD_DECL_UNIT][at];
    const fd_clause *equals = fd_decl__clause(unit->decl, "等于"),
                    *dimension = fd_decl__clause(unit->decl, "量纲");

    if (state[at] == DONE)
        return;
    if (state[at] == OPEN || depth > 50) {
        fd_program__find(l->diags, FD_FAULT, "cycle", unit->decl, NULL, "单位换算成环,或超过 50 层",
                         "units refer to each other in a circle, or 50 deep");
        return;
    }
    state[at] = OPEN;
    unit->factor = (fd_quot){ 1, 1 };
    if (dimension)
        read_dimension(l, unit, dimension);
    if (equals && dimension)
        fd_program__find(l->diags, FD_FAULT, "unit", unit->decl, &equals->span,
                         "量纲 和 等于 只写一个", "either dimension or equals");
    else if (equals)
        read_equals(l, unit, equals, state, depth);
    else if (!dimension && !unit->decl->broken)
        fd_program__find(l->diags, FD_FAULT, "unit", unit->decl, NULL, "单位要写 等于 或 量纲",
                         "a unit needs equals or dimension");
    state[at] = DONE;
}

void fd_load__units(fd_loader *l)
{
    fd_program *p = l->p;
    size_t count = p->decls[FD_DECL_UNIT].count;
    uint8_t *state = fd_alloc(count + 1);
    fd_unit *one = fd_arena_alloc(p->arena, sizeof *one);

    one->name = one->alias = "";
    one->factor = (fd_quot){ 1, 1 };
    p->one = one;
    p->typed[FD_DECL_UNIT] = fd_arena_alloc(p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        fd_unit *unit = fd_arena_alloc(p->arena, sizeof *unit);

        unit->decl = p->decls[FD_DECL_UNIT].items[i];
        unit->name = unit->decl->name;
        unit->alias = unit->decl->alias;
        unit->factor = (fd_quot){ 1, 1 };
        unit->is_points = strcmp(unit->name, "百分点") == 0;
        p->typed[FD_DECL_UNIT][i] = unit;
    }
    for (size_t i = 0; i < count; i++)
        read_unit(l, i, state, 0);
    free(state);
    p->percent = fd_program_unit(p, "%");
    p->points = fd_program_unit(p, "百分点");
}

int fd_unit_factor(fd_quot *out, const fd_unit *from, const fd_unit *to)
{
    if (!fd_unit__same_dims(from, to))
        return fd_error_set(FD_EUNIT, "单位不能换算:%s → %s", "units do not convert: %s → %s",
                            from->name[0] ? from->name : "1", to->name[0] ? to->name : "1");
    return fd_quot_div(out, from->factor, to->factor);
}
