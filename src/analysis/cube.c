/*
 * Reading regions × years × industries from a long or a wide table, and finding their reference.
 */
#include "analysis/cube.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"

enum { REGION, INDUSTRY, YEAR, ROLES };

static const char *const known_names[ROLES][14] = {
    { "region", "地区", "区域", "县区", "county", "location", "loc", "city", "城市", "province",
      "省份", "country", "国家", NULL },
    { "industry", "行业", "产业", "sector", "部门", "division", "门类", "大类", "product", "产品",
      NULL },
    { "year", "年份", "年度", "年", "t", "time", "period", "期间", "时间", NULL },
};

/* ---- which column holds what ---- */

/* The length of a name before the year that it ends in; 0 when it ends in none or is one. */
static bool ends_in_year(const char *name, size_t *before)
{
    const size_t length = strlen(name);

    if (length < 4)
        return false;
    for (size_t i = length - 4; i < length; i++)
        if (name[i] < '0' || name[i] > '9')
            return false;
    *before = length - 4;
    return (name[length - 4] == '1' || name[length - 4] == '2') &&
           (length == 4 || name[length - 5] < '0' || name[length - 5] > '9');
}

static int named_column(const fd_table *in, const char *name)
{
    int at = fd_table_find(in, name);

    if (at < 0) {
        fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", name);
        fd_error_hint("第一行是列名", "the first row names the columns");
    }
    return at;
}

/* Columns by the options and by their names; -1 where neither tells. */
static int by_name(int at[ROLES], const fd_table *in, const fd_regional_options *o)
{
    const char *const asked[ROLES] = { o->region, o->industry, o->year };

    for (int role = 0; role < ROLES; role++) {
        at[role] = -1;
        if (asked[role] && (at[role] = named_column(in, asked[role])) < 0)
            return FD_ENOTFOUND;
        for (size_t k = 0; at[role] < 0 && known_names[role][k]; k++)
            at[role] = fd_table_find(in, known_names[role][k]);
    }
    return 0;
}

int fd_cube_time_column(const fd_table *in)
{
    int at = -1;

    for (size_t k = 0; at < 0 && known_names[YEAR][k]; k++)
        at = fd_table_find(in, known_names[YEAR][k]);
    return at;
}

static bool taken(const int at[ROLES], int column)
{
    return at[REGION] == column || at[INDUSTRY] == column || at[YEAR] == column;
}

/* Columns that nothing named, from the left: a single one holds industries, the first of two
 * regions, of three years, too. */
static void by_position(int at[ROLES], const fd_table *in, int value)
{
    static const int order[3][3] = { { INDUSTRY, -1, -1 },
                                     { REGION, INDUSTRY, -1 },
                                     { REGION, INDUSTRY, YEAR } };
    int open[3], count = 0, missing = 0;

    for (int c = 0; c < (int)in->column_count; c++)
        if (c != value && !taken(at, c)) {
            if (count == 3)
                return;
            open[count++] = c;
        }
    for (int role = 0; role < ROLES; role++)
        missing += at[role] < 0;
    if (missing < count || count == 0)
        return;
    if (count == 1) {
        at[at[INDUSTRY] < 0 ? INDUSTRY : at[REGION] < 0 ? REGION : YEAR] = open[0];
        return;
    }
    for (int k = 0, next = 0; k < 3 && next < count; k++) {
        const int role = missing == count ? order[2][k] : order[count - 1][k];

        if (role >= 0 && at[role] < 0)
            at[role] = open[next++];
    }
}

static size_t year_columns(const fd_table *in, const int at[ROLES])
{
    size_t n = 0, before;

    for (size_t c = 0; c < in->column_count; c++)
        n += !taken(at, (int)c) && ends_in_year(in->columns[c]->id, &before);
    return n;
}

int fd_regional_find(fd_regional_columns *out, const fd_table *in,
                     const fd_regional_options *options)
{
    const char **const names[ROLES] = { &out->region, &out->industry, &out->year };
    int at[ROLES], value = -1, err;

    memset(out, 0, sizeof *out);
    if ((err = by_name(at, in, options)) < 0)
        return err;
    out->wide = at[YEAR] < 0 && !options->value && year_columns(in, at) >= 1;
    if (out->wide) {
        size_t before;

        for (int c = 0; c < (int)in->column_count && at[INDUSTRY] < 0; c++)
            if (!taken(at, c) && !ends_in_year(in->columns[c]->id, &before))
                at[INDUSTRY] = c;
    } else {
        if (options->value && (value = named_column(in, options->value)) < 0)
            return FD_ENOTFOUND;
        for (int c = (int)in->column_count - 1; value < 0 && c >= 0; c--)
            if (!taken(at, c))
                value = c;
        if (value >= 0)
            by_position(at, in, value);
        if (value < 0) {
            fd_error_set(FD_ENOTFOUND, "没有数值的列", "there is no column of values");
            return fd_error_hint("用 --value 写列名", "name it with --value");
        }
        out->value = in->columns[value]->id;
    }
    if (at[INDUSTRY] < 0) {
        fd_error_set(FD_ENOTFOUND, "没有行业的列", "there is no column of industries");
        return fd_error_hint("用 --industry 写列名", "name it with --industry");
    }
    for (int role = 0; role < ROLES; role++)
        *names[role] = at[role] < 0 ? NULL : in->columns[at[role]]->id;
    return 0;
}

/* ---- reading ---- */

/* One value of the file and where it belongs. */
typedef struct entry {
    size_t region, industry, year;
    double value;
    bool unknown;
} entry;

typedef struct reading {
    const fd_table *in;
    fd_regional_columns columns;
    fd_map *codes[ROLES];
    entry *entries;
    size_t count, capacity;
} reading;

/* The code of a cell: text as it stands, a number in its shortest form. */
static const char *code_of(const fd_column *c, size_t row, char *buf, size_t size)
{
    if (c->kind == FD_TEXT || c->kind == FD_CODE)
        return fd_column_text(c, row);
    if (fd_column_state(c, row) != FD_HAS)
        return NULL;
    snprintf(buf, size, "%.15g", fd_number_to_double(fd_column_number(c, row)));
    return buf;
}

static size_t intern(fd_map *map, const char *text)
{
    return (size_t)fd_map_intern(map, fd_view_of(text), fd_map_count(map));
}

static int add_entry(reading *r, size_t row, size_t column, const char *const code[ROLES])
{
    const fd_column *c = r->in->columns[column];
    entry e = { 0 };

    if (c->kind == FD_TEXT || c->kind == FD_CODE)
        return fd_error_set(FD_EINVAL, "列 %s 不是数", "column %s holds no numbers", c->id);
    e.region = intern(r->codes[REGION], code[REGION]);
    e.industry = intern(r->codes[INDUSTRY], code[INDUSTRY]);
    e.year = intern(r->codes[YEAR], code[YEAR]);
    e.unknown = fd_column_state(c, row) != FD_HAS;
    e.value = e.unknown ? 0 : fd_number_to_double(fd_column_number(c, row));
    if (e.value < 0)
        return fd_error_set(FD_EINVAL, "第 %zu 行、列 %s 的值是负的:%g",
                            "row %zu, column %s holds a negative value: %g", row + 2, c->id,
                            e.value);
    if (r->count == r->capacity) {
        r->capacity = r->capacity ? 2 * r->capacity : 256;
        r->entries = fd_realloc_array(r->entries, r->capacity, sizeof *r->entries);
    }
    r->entries[r->count++] = e;
    return 0;
}

/* Codes of the leading columns of a row; "" where the file has no such column. */
static int row_codes(reading *r, size_t row, const char *code[ROLES], char buf[ROLES][32])
{
    const char *const names[ROLES] = { r->columns.region, r->columns.industry, r->columns.year };

    for (int role = 0; role < ROLES; role++) {
        code[role] = "";
        if (!names[role])
            continue;
        code[role] = code_of(r->in->columns[fd_table_find(r->in, names[role])], row, buf[role], 32);
        if (!code[role])
            return fd_error_set(FD_EINVAL, "第 %zu 行的 %s 是空的", "row %zu has no %s", row + 2,
                                names[role]);
    }
    return 0;
}

static int read_long(reading *r)
{
    const size_t value = (size_t)fd_table_find(r->in, r->columns.value);
    int err = 0;

    for (size_t row = 0; row < r->in->rows && err >= 0; row++) {
        const char *code[ROLES];
        char buf[ROLES][32];

        if ((err = row_codes(r, row, code, buf)) >= 0)
            err = add_entry(r, row, value, code);
    }
    return err;
}

/* How much of the beginning all columns with a year share, up to and with the last '_'. */
static size_t shared_beginning(const fd_table *in)
{
    const char *first = NULL;
    size_t shared = 0, before, end = 0;

    for (size_t c = 0; c < in->column_count; c++) {
        const char *name = in->columns[c]->id;
        size_t k = 0;

        if (!ends_in_year(name, &before))
            continue;
        if (!first) {
            first = name;
            shared = before;
            continue;
        }
        while (k < shared && k < before && name[k] == first[k])
            k++;
        shared = k;
    }
    for (size_t k = 0; k < shared; k++)
        if (first[k] == '_')
            end = k + 1;
    return end;
}

static int read_wide(reading *r)
{
    const size_t shared = shared_beginning(r->in);
    int err = 0;

    for (size_t row = 0; row < r->in->rows && err >= 0; row++) {
        const char *code[ROLES];
        char buf[ROLES][32], region[256];

        if ((err = row_codes(r, row, code, buf)) < 0)
            break;
        for (size_t c = 0; c < r->in->column_count && err >= 0; c++) {
            const char *name = r->in->columns[c]->id;
            size_t before, to;

            if (!ends_in_year(name, &before))
                continue;
            for (to = before; to > shared && strchr("_-. ", name[to - 1]); to--)
                ;
            if (!r->columns.region) {
                snprintf(region, sizeof region, "%.*s", (int)(to - (to > shared ? shared : to)),
                         name + (to > shared ? shared : to));
                code[REGION] = region;
            }
            code[YEAR] = name + before;
            err = add_entry(r, row, c, code);
        }
    }
    return err;
}

typedef struct order {
    const char *text;
    size_t at;
} order;

/* 9 before 10, 2024-01 before 2024-02. */
int fd_cube_compare_times(const char *x, const char *y)
{
    const size_t m = strlen(x), n = strlen(y);

    if (m != n && strspn(x, "0123456789") == m && strspn(y, "0123456789") == n)
        return m < n ? -1 : 1;
    return strcmp(x, y);
}

static int by_time(const void *a, const void *b)
{
    return fd_cube_compare_times(((const order *)a)->text, ((const order *)b)->text);
}

static char **texts_of(const fd_map *map, size_t *count)
{
    const size_t n = *count = fd_map_count(map);
    char **out = fd_alloc((n + 1) * sizeof *out);

    for (size_t i = 0; i < n; i++)
        out[i] = fd_strdup(fd_map_key(map, i).ptr);
    return out;
}

static int fill(fd_cube *c, reading *r)
{
    size_t cells, seen = 0, *rank;
    order *years;
    uint8_t *state = NULL; /* 1: has a row */
    int err;

    c->region = texts_of(r->codes[REGION], &c->regions);
    c->industry = texts_of(r->codes[INDUSTRY], &c->industries);
    c->year = texts_of(r->codes[YEAR], &c->years);
    if (!r->count)
        return fd_error_set(FD_EINVAL, "表里没有数据行", "the table has no rows of data");
    if (c->regions > SIZE_MAX / c->years / c->industries / 64)
        return fd_error_set(FD_ELIMIT, "组合太多", "too many combinations");
    cells = c->regions * c->years * c->industries;
    if ((err = fd_try_alloc((void **)&c->v, cells, sizeof *c->v, (size_t)1 << 32)) < 0 ||
        (err = fd_try_alloc((void **)&c->unknown, cells, sizeof *c->unknown, (size_t)1 << 32)) <
            0 ||
        (err = fd_try_alloc((void **)&state, cells, sizeof *state, (size_t)1 << 32)) < 0)
        return err;
    c->there = fd_alloc(c->regions * c->years + 1);
    years = fd_alloc((c->years + 1) * sizeof *years);
    rank = fd_alloc((c->years + 1) * sizeof *rank);
    for (size_t t = 0; t < c->years; t++)
        years[t] = (order){ c->year[t], t };
    qsort(years, c->years, sizeof *years, by_time);
    for (size_t t = 0; t < c->years; t++)
        rank[years[t].at] = t;
    for (size_t k = 0; k < r->count; k++) {
        const entry *e = &r->entries[k];
        const size_t block = e->region * c->years + rank[e->year];
        const size_t i = block * c->industries + e->industry;

        c->v[i] += e->value;
        c->unknown[i] |= e->unknown;
        c->there[block] = true;
        c->added += state[i];
        seen += !state[i];
        state[i] = 1;
    }
    for (size_t b = 0; b < c->regions * c->years; b++)
        c->absent += c->there[b] ? c->industries : 0;
    c->absent -= seen;
    for (size_t t = 0; t < c->years; t++)
        c->year[t] = (char *)(uintptr_t)years[t].text;
    free(years);
    free(rank);
    free(state);
    return 0;
}

/* ---- the reference ---- */

/* Does a region hold, in each industry and year, at least what all others do together? */
static bool holds_the_others(const fd_cube *c, size_t region)
{
    for (size_t t = 0; t < c->years; t++)
        for (size_t i = 0; i < c->industries; i++) {
            const double own = fd_cube_at(c, region, t)[i];
            double others = 0;

            for (size_t k = 0; k < c->regions; k++)
                others += k == region ? 0 : fd_cube_at(c, k, t)[i];
            if (own < others * 0.995)
                return false;
        }
    return true;
}

static int find_reference(fd_cube *c, const fd_regional_options *o)
{
    c->nation = -1;
    for (size_t k = 0; o->reference && k < c->regions; k++)
        if (strcmp(c->region[k], o->reference) == 0)
            c->nation = (ptrdiff_t)k;
    if (o->reference && c->nation < 0 && strcmp(o->reference, "sum") != 0) {
        fd_error_set(FD_ENOTFOUND, "没有这个地区:%s", "no such region: %s", o->reference);
        return fd_error_hint("--reference 写表里的地区,或 sum(全部之和)",
                             "--reference is a region of the table, or sum (of all)");
    }
    for (size_t k = c->regions; !o->reference && c->regions > 1 && k-- > 0;)
        if (holds_the_others(c, k)) {
            c->nation = (ptrdiff_t)k;
            c->found_nation = true;
            break;
        }
    c->reference = fd_alloc(c->years * c->industries * sizeof *c->reference + 1);
    c->ref_unknown = fd_alloc(c->years * c->industries + 1);
    for (size_t k = 0; k < c->regions; k++)
        for (size_t j = 0; j < c->years * c->industries; j++)
            if (c->nation < 0 || (size_t)c->nation == k) {
                c->reference[j] += c->v[k * c->years * c->industries + j];
                c->ref_unknown[j] |= c->unknown[k * c->years * c->industries + j];
            }
    for (size_t t = 0; t < c->years; t++)
        for (size_t k = 0; k <= c->regions; k++)
            if (!isfinite(fd_cube_sum(k < c->regions ? fd_cube_at(c, k, t)
                                                     : c->reference + t * c->industries,
                                      c->industries)))
                return fd_error_set(FD_EOVERFLOW, "数太大,合计超出范围",
                                    "the values are too large to be summed");
    return 0;
}

static int choose_shown(fd_cube *c, const fd_regional_options *o)
{
    c->shown = fd_alloc(c->regions + 1);
    for (size_t k = 0; k < c->regions; k++) {
        c->shown[k] = o->only ? strcmp(c->region[k], o->only) == 0 : (ptrdiff_t)k != c->nation;
        c->shown_count += c->shown[k];
    }
    c->has_region = c->regions - (c->nation >= 0) > 1 && !o->only;
    if (o->only && !c->shown_count)
        return fd_error_set(FD_ENOTFOUND, "没有这个地区:%s", "no such region: %s", o->only);
    return 0;
}

int fd_cube_read(fd_cube *out, const fd_table *in, const fd_regional_options *options)
{
    reading r = { .in = in };
    int err;

    memset(out, 0, sizeof *out);
    for (int role = 0; role < ROLES; role++)
        r.codes[role] = fd_map_new();
    if ((err = fd_regional_find(&r.columns, in, options)) < 0 ||
        (err = r.columns.wide ? read_wide(&r) : read_long(&r)) < 0 || (err = fill(out, &r)) < 0 ||
        (err = find_reference(out, options)) < 0 || (err = choose_shown(out, options)) < 0)
        goto done;
    out->name[REGION] = r.columns.region ? r.columns.region : "region";
    out->name[INDUSTRY] = r.columns.industry;
    out->name[YEAR] = r.columns.wide ? "year" : r.columns.year;
done:
    for (int role = 0; role < ROLES; role++)
        fd_map_free(r.codes[role]);
    free(r.entries);
    if (err < 0)
        fd_cube_dispose(out);
    return err;
}

static void free_texts(char **texts, size_t n)
{
    for (size_t i = 0; texts && i < n; i++)
        free(texts[i]);
    free(texts);
}

void fd_cube_dispose(fd_cube *c)
{
    free_texts(c->region, c->regions);
    free_texts(c->industry, c->industries);
    free_texts(c->year, c->years);
    free(c->v);
    free(c->unknown);
    free(c->there);
    free(c->reference);
    free(c->ref_unknown);
    free(c->shown);
    memset(c, 0, sizeof *c);
}

/* ---- what the results share ---- */

bool fd_cube_known(const fd_cube *c, ptrdiff_t region, size_t year)
{
    const bool *unknown = region < 0
                              ? c->ref_unknown + year * c->industries
                              : c->unknown + ((size_t)region * c->years + year) * c->industries;

    for (size_t i = 0; i < c->industries; i++)
        if (unknown[i])
            return false;
    return true;
}

void fd_cube_note(fd_table *t, const fd_cube *c)
{
    char zh[320], en[320];

    if (c->nation >= 0) {
        snprintf(zh, sizeof zh, "参照:%.120s%s", c->region[c->nation],
                 c->found_nation ? "(它每个行业每年都不小于其余之和;要换,用 --reference)" : "");
        snprintf(en, sizeof en, "reference: %.120s%s", c->region[c->nation],
                 c->found_nation
                     ? " (in each industry and year at least the others together; --reference "
                       "names another)"
                     : "");
    } else {
        snprintf(zh, sizeof zh, "参照:%zu 个地区之和", c->regions);
        snprintf(en, sizeof en, "reference: the sum of %zu regions", c->regions);
    }
    fd_table_add_note(t, zh, en);
    if (c->absent) {
        snprintf(zh, sizeof zh, "%zu 个地区、行业、年份的组合没有行,按 0 计", c->absent);
        snprintf(en, sizeof en, "%zu combinations without a row count as 0", c->absent);
        fd_table_add_note(t, zh, en);
    }
    if (c->added) {
        snprintf(zh, sizeof zh, "%zu 行与别的行是同一组合,已相加", c->added);
        snprintf(en, sizeof en, "%zu rows repeat a combination and were added", c->added);
        fd_table_add_note(t, zh, en);
    }
    for (size_t i = 0; i < c->regions * c->years * c->industries; i++)
        if (c->unknown[i]) {
            fd_table_add_note(t, "空格是缺报:用到它的结果留空",
                              "empty cells are not reported; what needs them stays empty");
            break;
        }
}

/* What the usual columns are called for people; any other column keeps its name. */
static const char *title_of(const char *name, fd_lang lang)
{
    static const char *const titles[][3] = { { "region", "地区", "Region" },
                                             { "industry", "行业", "Industry" },
                                             { "year", "年份", "Year" },
                                             { "t0", "从", "From" },
                                             { "t1", "到", "To" } };

    for (size_t k = 0; k < sizeof titles / sizeof *titles; k++)
        if (strcmp(titles[k][0], name) == 0)
            return titles[k][1 + lang];
    return name;
}

fd_table *fd_cube_table(const char *id, const char *zh, const char *en, const char *const *names,
                        size_t count)
{
    fd_table *t = fd_table_new(id, zh, en);

    for (size_t k = 0; k < count; k++)
        if (names[k])
            fd_table_add_new(t, names[k], title_of(names[k], FD_ZH), title_of(names[k], FD_EN),
                             FD_TEXT, "", 0);
    return t;
}

size_t fd_cube_row(fd_table *t, const char *const *leading, size_t count)
{
    const size_t row = fd_table_add_row(t);
    size_t column = 0;

    for (size_t k = 0; k < count; k++)
        if (leading[k])
            fd_column_set_text(t->columns[column++], row, leading[k]);
    return row;
}

double fd_cube_sum(const double *v, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum;
}

bool fd_cube_shift(fd_shift *out, const double *e0, const double *e1, size_t n)
{
    const double total0 = fd_cube_sum(e0, n), total1 = fd_cube_sum(e1, n);
    double average = 0, end = 0, dot = 0, norm0 = 0, norm1 = 0, apart = 0, along = 0, growth;

    memset(out, 0, sizeof *out);
    if (!(total0 > 0) || !(total1 > 0))
        return false;
    growth = log(total1 / total0);
    for (size_t i = 0; i < n; i++) {
        const double s0 = e0[i] / total0, s1 = e1[i] / total1;

        if (e0[i] > 0 && e1[i] > 0) {
            const double d = log(e1[i] / e0[i]) - growth;

            average += (s0 + s1) / 2 * d * d;
            end += s1 * d * d;
        } else if (e0[i] > 0 || e1[i] > 0) {
            out->left_out++;
        }
        dot += s0 * s1;
        norm0 += s0 * s0;
        norm1 += s1 * s1;
        out->nav += fabs(s1 - s0) / 2;
    }
    norm0 = sqrt(norm0);
    norm1 = sqrt(norm1);
    /* The angle by Kahan's formula: the arc cosine loses half of the digits where it is small. */
    for (size_t i = 0; i < n; i++) {
        const double u = e0[i] / total0 / norm0, w = e1[i] / total1 / norm1;

        apart += (u - w) * (u - w);
        along += (u + w) * (u + w);
    }
    out->lilien_avg = sqrt(average);
    out->lilien_end = sqrt(end);
    out->moore_cos = fmin(dot / norm0 / norm1, 1);
    out->moore_deg = 2 * atan2(sqrt(apart), sqrt(along)) * 180 / M_PI;
    return true;
}
