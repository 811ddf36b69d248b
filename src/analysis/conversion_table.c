/*
 * Reading enterprises at two times from a table, without losing a digit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cube.h"
#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"
#include "fangding/conversion.h"

enum { ID, TIME, VALUE, COMPARABLE, MEMBER, GROUP, EVIDENCE, ROLES };

static const char *const known_names[ROLES][9] = {
    { "id", "enterprise", "uscc", "统一社会信用代码", "信用代码", "企业", "企业名称", "name",
      NULL },
    { NULL },
    { "value", "output", "value_added", "产值", "总产值", "增加值", "工业总产值", NULL },
    { "comparable", "可比价", "可比价产值", "可比价增加值", NULL },
    { "member", "归属", "属于", "战新占比", "membership", NULL },
    { NULL },
    { "evidence", "依据", "认定依据", "decision", NULL },
};

static const char *const option_names[ROLES] = { "--id",     "--time", "--value",   "--comparable",
                                                 "--member", "--by",   "--evidence" };

static int find_columns(int at[ROLES], const fd_table *in, const fd_conversion_options *o)
{
    const char *const asked[ROLES] = { o->id,     o->time, o->value,   o->comparable,
                                       o->member, o->by,   o->evidence };

    for (int role = 0; role < ROLES; role++) {
        at[role] = asked[role] ? fd_table_find(in, asked[role]) : -1;
        if (asked[role] && at[role] < 0)
            return fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", asked[role]);
        for (size_t k = 0; at[role] < 0 && known_names[role][k]; k++)
            at[role] = fd_table_find(in, known_names[role][k]);
        if (role == TIME && at[role] < 0)
            at[role] = fd_cube_time_column(in);
        if (at[role] < 0 && role != COMPARABLE && role < GROUP) {
            fd_error_set(FD_ENOTFOUND, "没有认出%s的列", "no column was recognised for %s",
                         option_names[role] + 2);
            return fd_error_hint("用 %s 写列名", "name it with %s", option_names[role]);
        }
    }
    return 0;
}

/* A cell as an exact number. @return 1 when it is empty */
static int read_decimal(fd_decimal *out, const fd_column *c, size_t row)
{
    const char *text;

    if (fd_column_state(c, row) != FD_HAS)
        return 1;
    if (c->kind == FD_DEC) {
        *out = (fd_decimal){ c->v.dec[row], c->scale };
        return 0;
    }
    if (c->kind != FD_TEXT && c->kind != FD_CODE)
        return fd_error_set(FD_EINVAL, "列 %s 应按文本读入,才不丢位数",
                            "column %s should be read as text, so that no digit is lost", c->id);
    text = fd_column_text(c, row);
    if (fd_decimal_parse(out, text, strlen(text)) < 0) {
        fd_error_set(FD_EINVAL, "第 %zu 行的 %s 不是数:%s", "row %zu, %s: not a number: %s",
                     row + 2, c->id, text);
        return FD_EINVAL;
    }
    return 0;
}

/* 0.6, 60%, 是, no … @return 1 when it is empty */
static int read_member(fd_decimal *out, const fd_column *c, size_t row)
{
    const char *text = c->kind == FD_TEXT || c->kind == FD_CODE ? fd_column_text(c, row) : NULL;
    size_t length = text ? strlen(text) : 0;

    if (fd_text_truth(text) != FD_UNKNOWN) {
        *out = (fd_decimal){ fd_text_truth(text) == FD_TRUE, 0 };
        return 0;
    }
    if (length > 1 && text[length - 1] == '%') {
        if (fd_decimal_parse(out, text, length - 1) < 0 || out->scale > 16)
            return fd_error_set(FD_EINVAL, "第 %zu 行的 %s 不是归属:%s",
                                "row %zu, %s: not a membership: %s", row + 2, c->id, text);
        out->scale = (int8_t)(out->scale + 2);
        return 0;
    }
    return read_decimal(out, c, row);
}

/* The times asked for, or the first and last of the table. */
static int find_times(const char *out[2], const fd_column *c, const fd_conversion_options *o)
{
    const char *least = NULL, *most = NULL;

    if (c->kind != FD_TEXT && c->kind != FD_CODE)
        return fd_error_set(FD_EINVAL, "列 %s 应按文本读入", "column %s should be read as text",
                            c->id);
    for (size_t r = 0; r < c->n; r++) {
        const char *t = fd_column_text(c, r);

        if (!t)
            return fd_error_set(FD_EINVAL, "第 %zu 行的 %s 是空的", "row %zu has no %s", r + 2,
                                c->id);
        least = !least || fd_cube_compare_times(t, least) < 0 ? t : least;
        most = !most || fd_cube_compare_times(t, most) > 0 ? t : most;
    }
    out[0] = o->from ? o->from : least;
    out[1] = o->to ? o->to : most;
    if (!out[0] || !out[1] || strcmp(out[0], out[1]) == 0) {
        fd_error_set(FD_EINVAL, "要两个时间", "two times are needed");
        return fd_error_hint("用 --from、--to 写明", "name them with --from and --to");
    }
    return 0;
}

typedef struct reading {
    const fd_table *in;
    const fd_conversion_options *options;
    int at[ROLES];
    const char *times[2];
    fd_map *ids;
    fd_conversion_firm *firms;
    bool *dropped;
    size_t empty; /* enterprises left out for an empty cell */
    bool seen[2];
} reading;

static int empty_cell(reading *r, size_t row, int role, size_t firm)
{
    if (r->options->reported_only) {
        r->empty += !r->dropped[firm];
        r->dropped[firm] = true;
        return 0;
    }
    fd_error_set(FD_EINVAL, "第 %zu 行的 %s 是空的", "row %zu has no %s", row + 2,
                 r->in->columns[r->at[role]]->id);
    return fd_error_hint("缺报不当作零;用 --reported 只算两端都报齐的企业",
                         "missing is not zero; --reported counts enterprises that are complete");
}

static int read_row(reading *r, size_t row)
{
    const fd_table *in = r->in;
    const char *time = fd_column_text(in->columns[r->at[TIME]], row);
    const char *id = fd_column_text(in->columns[r->at[ID]], row);
    const int t = strcmp(time, r->times[0]) == 0 ? 0 : strcmp(time, r->times[1]) == 0 ? 1 : -1;
    fd_conversion_firm *f;
    size_t at;
    int err;

    if (t < 0)
        return 0;
    if (!id)
        return fd_error_set(FD_EINVAL, "第 %zu 行的 %s 是空的", "row %zu has no %s", row + 2,
                            in->columns[r->at[ID]]->id);
    r->seen[t] = true;
    at = (size_t)fd_map_intern(r->ids, fd_view_of(id), fd_map_count(r->ids));
    f = &r->firms[at];
    f->id = id;
    if (f->there[t])
        return fd_error_set(FD_EINVAL, "第 %zu 行:%s 在 %s 有两行",
                            "row %zu: %s stands twice at %s", row + 2, id, time);
    f->there[t] = true;
    if (r->at[GROUP] >= 0 && (t == 1 || !f->group)) {
        const fd_column *c = in->columns[r->at[GROUP]];

        f->group = c->kind == FD_TEXT || c->kind == FD_CODE ? fd_column_text(c, row) : NULL;
    }
    if (r->at[EVIDENCE] >= 0 && fd_column_text(in->columns[r->at[EVIDENCE]], row))
        f->evidence = fd_column_text(in->columns[r->at[EVIDENCE]], row);
    if ((err = read_decimal(&f->value[t], in->columns[r->at[VALUE]], row)) != 0)
        return err < 0 ? err : empty_cell(r, row, VALUE, at);
    if ((err = read_member(&f->member[t], in->columns[r->at[MEMBER]], row)) != 0)
        return err < 0 ? err : empty_cell(r, row, MEMBER, at);
    f->comparable = t == 1 && r->at[COMPARABLE] < 0 ? f->value[1] : f->comparable;
    if (t == 1 && r->at[COMPARABLE] >= 0 &&
        (err = read_decimal(&f->comparable, in->columns[r->at[COMPARABLE]], row)) != 0)
        return err < 0 ? err : empty_cell(r, row, COMPARABLE, at);
    return 0;
}

int fd_conversion_table(fd_conversion *out, const fd_table *in,
                        const fd_conversion_options *options)
{
    const fd_conversion_options defaults = FD_CONVERSION_OPTIONS_INIT;
    reading r = { .in = in, .options = options ? options : &defaults };
    size_t count;
    int err;

    memset(out, 0, sizeof *out);
    r.ids = fd_map_new();
    r.firms = fd_alloc((in->rows + 1) * sizeof *r.firms);
    r.dropped = fd_alloc(in->rows + 1);
    if ((err = find_columns(r.at, in, r.options)) < 0 ||
        (err = find_times(r.times, in->columns[r.at[TIME]], r.options)) < 0)
        goto done;
    if (in->columns[r.at[ID]]->kind != FD_TEXT && in->columns[r.at[ID]]->kind != FD_CODE) {
        err = fd_error_set(FD_EINVAL, "列 %s 应是代码或名称",
                           "column %s should hold codes or names", in->columns[r.at[ID]]->id);
        goto done;
    }
    for (size_t row = 0; row < in->rows && err >= 0; row++)
        err = read_row(&r, row);
    for (int t = 0; t < 2 && err >= 0; t++)
        if (!r.seen[t])
            err = fd_error_set(FD_ENOTFOUND, "没有这个时间:%s", "no such time: %s", r.times[t]);
    if (err < 0)
        goto done;
    count = fd_map_count(r.ids);
    for (size_t i = 0; i < count; i++)
        if (r.dropped[i])
            r.firms[i].there[0] = r.firms[i].there[1] = false;
    if ((err = fd_conversion_run(out, r.firms, count, r.times)) < 0)
        goto done;
    if (r.at[COMPARABLE] < 0)
        fd_table_add_note(out->summary, "没有可比价:价格的作用没有分出,混在增长里",
                          "without comparable prices the part of prices hides in growth");
    if (r.empty) {
        char zh[128], en[128];

        snprintf(zh, sizeof zh, "%zu 户有缺报,两端都未计入", r.empty);
        snprintf(en, sizeof en, "%zu enterprises with empty cells left out at both ends", r.empty);
        fd_table_add_note(out->summary, zh, en);
    }
done:
    fd_map_free(r.ids);
    free(r.firms);
    free(r.dropped);
    return err;
}
