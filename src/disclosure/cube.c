#include "disclosure/cube.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"

static const char *const mark_names[] = { "", "empty", "primary", "dominance", "secondary" };

const char *fd_disclosure__mark_name(fd_cube_mark mark)
{
    return mark_names[mark];
}

/* A word that is not ours counts as suppressed: the table says that the cell is hidden. */
fd_cube_mark fd_disclosure__mark_parse(const char *text)
{
    if (!text)
        return FD_MARK_NONE;
    for (size_t i = 0; i < sizeof mark_names / sizeof *mark_names; i++)
        if (strcmp(text, mark_names[i]) == 0)
            return (fd_cube_mark)i;
    return FD_MARK_SECONDARY;
}

bool fd_disclosure__is_suppressed(const fd_cube_item *item)
{
    return item->mark >= FD_MARK_PRIMARY;
}

bool fd_disclosure__is_sensitive(const fd_cube_item *item)
{
    return item->sensitive >= FD_MARK_PRIMARY;
}

bool fd_disclosure__is_unknown(const fd_cube_item *item)
{
    return fd_disclosure__is_suppressed(item) || item->row == FD_CUBE_NOWHERE ||
           (!item->has_value && item->totals > 0);
}

bool fd_disclosure__can_move(const fd_cube_item *item)
{
    return item->sensitive != FD_MARK_EMPTY && (item->has_value || item->totals > 0);
}

bool fd_disclosure__covers(const fd_cube *cube, const fd_cube_item *item, const fd_cube_item *inner)
{
    for (size_t d = 0; d < cube->dimensions; d++)
        if (item->at[d] != 0 && item->at[d] != inner->at[d])
            return false;
    return true;
}

void fd_disclosure__protection(const fd_cube *cube, const fd_cube_item *item,
                               const fd_disclosure_rules *rules, size_t insider, double *below,
                               double *above)
{
    const fd_cube_item *own = insider == FD_CUBE_NOWHERE ? NULL : &cube->items.items[insider];
    fd_i128 value =
        own && fd_disclosure__covers(cube, item, own) ? item->value - own->value : item->value;
    double size = fabs((double)value), share = size * rules->protection_mille / 1000;

    *above = share > 1 ? share : 1;
    *below = cube->is_signed ? *above : share < size ? share : size;
}

bool fd_disclosure__knows(const fd_cube *cube, const fd_cube_item *insider,
                          const fd_cube_item *item)
{
    return item->n_known && item->n == 1 && fd_disclosure__covers(cube, item, insider);
}

const char *fd_disclosure__key(const fd_table *table, int column, size_t row)
{
    return fd_column_text_or(table->columns[column], row, "");
}

static int find(int *out, const fd_table *t, const char *id)
{
    *out = fd_table_find(t, id);
    if (*out < 0)
        return fd_error_set(FD_ENOTFOUND, "表 %s 没有列 %s", "table %s has no column %s", t->id,
                            id);
    return 0;
}

int fd_disclosure__columns(int *columns, const fd_table *t, const fd_disclosure_cube *spec)
{
    if (spec->dimension_count < 1 || spec->dimension_count > FD_DISCLOSURE_DIMENSIONS)
        return fd_error_set(FD_EINVAL, "发布表要有 1 到 %d 个维度", "a cube has 1 to %d dimensions",
                            FD_DISCLOSURE_DIMENSIONS);
    for (size_t d = 0; d < spec->dimension_count; d++) {
        int err = find(&columns[d], t, spec->dimensions[d]);

        if (err < 0)
            return err;
        if (t->columns[columns[d]]->kind != FD_TEXT && t->columns[columns[d]]->kind != FD_CODE)
            return fd_error_set(FD_EINVAL, "维度列 %s 应是文字或代码",
                                "dimension column %s must be text or code", spec->dimensions[d]);
    }
    return 0;
}

/* ---- categories and places ---- */

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static int read_categories(fd_cube *cube, const fd_table *t)
{
    cube->places = 1;
    for (size_t d = 0; d < cube->dimensions; d++) {
        fd_map *seen = fd_map_new();

        fd_vec_push(&cube->categories[d], fd_strdup(""));
        (void)fd_map_set(seen, FD_VIEW(""), 0);
        for (size_t r = 0; r < t->rows; r++) {
            const char *text = fd_disclosure__key(t, cube->columns[d], r);

            if (fd_map_set(seen, fd_view_of(text), 0))
                fd_vec_push(&cube->categories[d], fd_strdup(text));
        }
        fd_map_free(seen);
        qsort(cube->categories[d].items, cube->categories[d].count, sizeof(char *), compare_texts);
        cube->strides[d] = cube->places;
        cube->places *= cube->categories[d].count;
        if (cube->places > FD_DISCLOSURE_CELLS)
            return fd_error_set(FD_ELIMIT, "发布表超过 %d 格", "the cube has more than %d cells",
                                FD_DISCLOSURE_CELLS);
    }
    cube->place_item = fd_alloc(cube->places * sizeof *cube->place_item);
    for (size_t p = 0; p < cube->places; p++)
        cube->place_item[p] = FD_CUBE_NOWHERE;
    return 0;
}

static bool category_of(const fd_cube *cube, size_t d, const char *text, uint32_t *out)
{
    char *const *hit = bsearch(&text, cube->categories[d].items, cube->categories[d].count,
                               sizeof(char *), compare_texts);

    if (!hit)
        return false;
    *out = (uint32_t)(hit - cube->categories[d].items);
    return true;
}

static bool place_of(const fd_cube *cube, const fd_table *t, const int *columns, size_t row,
                     size_t *place)
{
    *place = 0;
    for (size_t d = 0; d < cube->dimensions; d++) {
        uint32_t category;

        if (!category_of(cube, d, fd_disclosure__key(t, columns[d], row), &category))
            return false;
        *place += category * cube->strides[d];
    }
    return true;
}

size_t fd_disclosure__lookup(const fd_cube *cube, const fd_table *t, const int *columns, size_t row)
{
    size_t place;

    return place_of(cube, t, columns, row, &place) ? cube->place_item[place] : FD_CUBE_NOWHERE;
}

/* ---- cells ---- */

typedef struct sources {
    const fd_column *value, *n, *top1, *top2; /* n NULL: contributors of value */
} sources;

static int find_decimal(const fd_column **out, const fd_table *t, const char *id)
{
    int at, err = find(&at, t, id);

    if (err < 0)
        return err;
    *out = t->columns[at];
    if ((*out)->kind != FD_DEC)
        return fd_error_set(FD_EINVAL, "列 %s 应是精确小数,才能判定和相加",
                            "column %s must be an exact decimal, to be judged and added", id);
    return 0;
}

static int find_sources(sources *s, const fd_table *t, const fd_disclosure_cube *spec)
{
    int err = find_decimal(&s->value, t, spec->value);

    if (err < 0)
        return err;
    if (!spec->n && !spec->top1 && !spec->top2)
        return 0;
    if (!spec->n || !spec->top1 || !spec->top2)
        return fd_error_set(FD_EINVAL, "n、top1、top2 三列要一起给出",
                            "n, top1 and top2 must be given together");
    if ((err = find_decimal(&s->n, t, spec->n)) < 0 ||
        (err = find_decimal(&s->top1, t, spec->top1)) < 0)
        return err;
    return find_decimal(&s->top2, t, spec->top2);
}

static bool read_scaled(fd_i128 *out, const fd_column *c, size_t row, int scale)
{
    fd_state state = fd_column_state(c, row);

    *out = 0;
    if (state != FD_HAS && state != FD_DOUBT)
        return false;
    *out = (fd_i128)c->v.dec[row] * fd_pow10(scale - c->scale); /* at most 2^63 × 10^18 < 2^127 */
    return true;
}

static void read_contributors(fd_cube_item *item, const sources *s, size_t row, int scale)
{
    fd_i128 n, factor = fd_pow10(scale - s->value->scale);

    if (s->n) {
        item->n_known = read_scaled(&n, s->n, row, s->n->scale);
        n /= fd_pow10(s->n->scale);
        item->n_known = item->n_known && n >= 0 && n <= UINT32_MAX;
        item->n = item->n_known ? (uint32_t)n : 0;
        item->tops_known = read_scaled(&item->top1, s->top1, row, scale);
        item->tops_known = read_scaled(&item->top2, s->top2, row, scale) && item->tops_known;
    } else if (s->value->contributors) {
        double top1 = s->value->top1[row], top2 = s->value->top2[row];

        item->n_known = true;
        item->n = s->value->contributors[row];
        item->tops_known = fabs(top1) < 9e18 && fabs(top2) < 9e18;
        item->top1 = item->tops_known ? (fd_i128)llround(top1) * factor : 0;
        item->top2 = item->tops_known ? (fd_i128)llround(top2) * factor : 0;
    }
}

static fd_i128 magnitude(fd_i128 x)
{
    return x < 0 ? -x : x;
}

/* part / whole > mille / 1000, exactly. Shares of 0 are undefined: no dominance. */
static int exceeds(bool *out, fd_i128 part, fd_i128 whole, int32_t mille)
{
    fd_i128 left, right;

    if (mille >= 1000 || whole == 0) {
        *out = false;
        return 0;
    }
    if (fd_i128_mul_overflow(part, 1000, &left) || fd_i128_mul_overflow(whole, mille, &right))
        return fd_error_set(FD_EOVERFLOW, "占优判定超出 128 位",
                            "the dominance test needs more than 128 bits");
    *out = left > right;
    return 0;
}

static int classify(fd_cube_item *item, const fd_disclosure_rules *rules)
{
    bool one = false, two = false;
    int err;

    item->sensitive = FD_MARK_NONE;
    if (!item->has_value)
        return 0;
    if (!item->n_known) {
        item->sensitive = FD_MARK_PRIMARY;
        return 0;
    }
    if (item->n == 0 && item->value == 0) {
        item->sensitive = FD_MARK_EMPTY;
        return 0;
    }
    if (item->n < rules->min_contributors) {
        item->sensitive = FD_MARK_PRIMARY;
        return 0;
    }
    if (!item->tops_known) {
        item->sensitive = FD_MARK_DOMINANCE;
        return 0;
    }
    if ((err = exceeds(&one, magnitude(item->top1), magnitude(item->value), rules->top1_mille)) <
            0 ||
        (err = exceeds(&two, magnitude(item->top1) + magnitude(item->top2), magnitude(item->value),
                       rules->top2_mille)) < 0)
        return err;
    if (one || two)
        item->sensitive = FD_MARK_DOMINANCE;
    return 0;
}

static int compare_places(const void *left, const void *right)
{
    const size_t *a = left, *b = right;

    return a[0] < b[0] ? -1 : a[0] > b[0];
}

static void put_position(fd_cube_item *item, const fd_cube *cube, size_t place)
{
    item->totals = 0;
    for (size_t d = 0; d < cube->dimensions; d++) {
        item->at[d] = (uint32_t)(place / cube->strides[d] % cube->categories[d].count);
        item->totals += item->at[d] == 0;
    }
}

static int read_item(fd_cube *cube, const fd_table *t, const sources *s, size_t place, size_t row,
                     const fd_disclosure_rules *rules)
{
    fd_cube_item item = { .row = row };
    fd_state state = fd_column_state(s->value, row);
    int err;

    put_position(&item, cube, place);
    if (cube->place_item[place] != FD_CUBE_NOWHERE)
        return fd_error_set(FD_ECONFLICT, "表 %s 第 %zu 行与第 %zu 行是同一格",
                            "table %s: rows %zu and %zu are the same cell", t->id, row + 1,
                            cube->items.items[cube->place_item[place]].row + 1);
    item.has_value = read_scaled(&item.value, s->value, row, cube->scale);
    read_contributors(&item, s, row, cube->scale);
    if ((err = classify(&item, rules)) < 0)
        return err;
    if (state == FD_NA) {
        item.has_value = true; /* does not exist: known to be nothing */
        item.sensitive = FD_MARK_EMPTY;
    }
    item.mark = item.sensitive;
    cube->is_signed = cube->is_signed || item.value < 0;
    cube->place_item[place] = cube->items.count;
    fd_vec_push(&cube->items, item);
    return 0;
}

/* Rows in the order of their keys, so that no decision depends on how the table was sorted. */
static int read_items(fd_cube *cube, const fd_table *t, const sources *s,
                      const fd_disclosure_rules *rules)
{
    size_t(*order)[2] = fd_alloc((t->rows + 1) * sizeof *order);
    int err = 0;

    for (size_t r = 0; r < t->rows; r++) {
        order[r][1] = r;
        (void)place_of(cube, t, cube->columns, r, &order[r][0]);
    }
    qsort(order, t->rows, sizeof *order, compare_places);
    for (size_t i = 0; i < t->rows && err == 0; i++)
        err = read_item(cube, t, s, order[i][0], order[i][1], rules);
    free(order);
    return err;
}

/* ---- sums ---- */

/* The parts of the place along dimension d that have an item; adds up value and state. */
static size_t gather(const fd_cube *cube, size_t place, size_t d, size_t *parts, fd_i128 *sum,
                     bool *complete)
{
    size_t count = 0;

    *sum = 0;
    *complete = true;
    for (size_t k = 1; k < cube->categories[d].count; k++) {
        size_t item = cube->place_item[place + k * cube->strides[d]];

        if (item == FD_CUBE_NOWHERE)
            continue;
        parts[count++] = item;
        *sum += cube->items.items[item].value;
        *complete = *complete && cube->items.items[item].has_value;
    }
    return count;
}

/* A total that no row holds still ties its parts to the totals above it. */
static void add_absent_total(fd_cube *cube, size_t place, size_t *parts)
{
    fd_cube_item item = { .row = FD_CUBE_NOWHERE };

    put_position(&item, cube, place);
    for (size_t d = 0; d < cube->dimensions; d++) {
        if (item.at[d] == 0 && gather(cube, place, d, parts, &item.value, &item.has_value) > 0) {
            cube->place_item[place] = cube->items.count;
            fd_vec_push(&cube->items, item);
            return;
        }
    }
}

static void write_number(fd_i128 value, int scale, char *buf, size_t size)
{
    fd_quot q;

    if (fd_quot_make(&q, value, fd_pow10(scale)) < 0) {
        buf[0] = '\0';
        return;
    }
    fd_quot_format(q, scale, FD_ROUND_HALF_EVEN, buf, size);
}

static int does_not_add_up(const fd_cube *cube, const fd_cube_item *total, size_t d, fd_i128 sum,
                           const fd_table *t)
{
    char is[64], parts[64], residual[64];

    write_number(total->value, cube->scale, is, sizeof is);
    write_number(sum, cube->scale, parts, sizeof parts);
    write_number(total->value - sum, cube->scale, residual, sizeof residual);
    fd_error_set(FD_ECONFLICT, "表 %s 第 %zu 行的合计 %s 不等于各部分之和 %s(相差 %s)",
                 "table %s, row %zu: the total %s is not the sum %s of its parts (residual %s)",
                 t->id, total->row + 1, is, parts, residual);
    return fd_error_hint("按维度 %s 补全各类(例如“其他”),或不把它声明为合计",
                         "complete the categories of %s (for example with a remainder), or do not "
                         "declare it a total",
                         t->columns[cube->columns[d]]->id);
}

static int add_sums(fd_cube *cube, const fd_table *t, size_t place, size_t *parts)
{
    size_t item = cube->place_item[place];

    if (item == FD_CUBE_NOWHERE)
        return 0;
    for (size_t d = 0; d < cube->dimensions; d++) {
        const fd_cube_item *total = &cube->items.items[item];
        fd_cube_sum sum = { .total = item };
        bool complete;
        fd_i128 value;

        if (total->at[d] != 0 ||
            (sum.count = gather(cube, place, d, parts, &value, &complete)) == 0)
            continue;
        if (complete && total->has_value && total->value != value)
            return does_not_add_up(cube, total, d, value, t);
        sum.parts = fd_alloc(sum.count * sizeof *sum.parts);
        memcpy(sum.parts, parts, sum.count * sizeof *parts);
        fd_vec_push(&cube->sums, sum);
    }
    return 0;
}

static int tie(fd_cube *cube, const fd_table *t)
{
    size_t *parts = fd_alloc(cube->places * sizeof *parts);
    int err = 0;

    /* Totals over one dimension before those over two: each is made of the level below it. */
    for (int totals = 1; totals <= (int)cube->dimensions; totals++)
        for (size_t place = 0; place < cube->places; place++) {
            fd_cube_item at = { .row = 0 };

            if (cube->place_item[place] != FD_CUBE_NOWHERE)
                continue;
            put_position(&at, cube, place);
            if (at.totals == totals)
                add_absent_total(cube, place, parts);
        }
    for (size_t place = 0; place < cube->places && err == 0; place++)
        err = add_sums(cube, t, place, parts);
    free(parts);
    return err;
}

static int check_rules(const fd_disclosure_rules *rules)
{
    if (rules->top1_mille <= 0 || rules->top2_mille <= 0 || rules->protection_mille <= 0 ||
        rules->protection_mille > 1000)
        return fd_error_set(FD_EINVAL, "保密规则的千分数应大于 0(保护幅度不超过 1000)",
                            "disclosure rules are per mille above 0 (protection at most 1000)");
    return 0;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

int fd_disclosure__read(fd_cube *cube, const fd_table *t, const fd_disclosure_cube *spec,
                        const fd_disclosure_rules *rules)
{
    sources s = { 0 };
    int err;

    cube->dimensions = spec->dimension_count;
    cube->is_signed = spec->may_be_negative;
    if ((err = check_rules(rules)) < 0 ||
        (err = fd_disclosure__columns(cube->columns, t, spec)) < 0 ||
        (err = find_sources(&s, t, spec)) < 0)
        return err;
    cube->scale = s.n ? larger(s.value->scale, larger(s.top1->scale, s.top2->scale))
                      : larger(s.value->scale, 0);
    if ((err = read_categories(cube, t)) < 0 || (err = read_items(cube, t, &s, rules)) < 0)
        return err;
    return tie(cube, t);
}

void fd_disclosure__dispose(fd_cube *cube)
{
    for (size_t d = 0; d < FD_DISCLOSURE_DIMENSIONS; d++) {
        for (size_t k = 0; k < cube->categories[d].count; k++)
            free(cube->categories[d].items[k]);
        fd_vec_dispose(&cube->categories[d]);
    }
    for (size_t i = 0; i < cube->sums.count; i++)
        free(cube->sums.items[i].parts);
    fd_vec_dispose(&cube->sums);
    fd_vec_dispose(&cube->items);
    free(cube->place_item);
    cube->place_item = NULL;
}
