/*
 * 技改: each renovation before and after, and sums over those of which both sides are known.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "industry/works.h"
#include "measure/arith.h"
#include "table/put.h"

static bool known(fd_number n)
{
    return n.state == FD_HAS && !n.is_estimate;
}

static fd_number ratio(fd_number a, fd_number b)
{
    return known(a) && known(b) && b.exact.num > 0 ? fd_number_apply(a, '/', b)
                                                   : fd_number_missing();
}

static fd_number difference(fd_number a, fd_number b)
{
    return known(a) && known(b) ? fd_number_apply(a, '-', b) : fd_number_missing();
}

/* (after ÷ before − 1) × 100 */
static fd_number change(fd_number before, fd_number after)
{
    fd_number r = ratio(after, before);

    return known(r)
               ? fd_number_apply(fd_number_apply(r, '-', fd_number_int(1)), '*', fd_number_int(100))
               : r;
}

static const fd_column_spec item_specs[] = {
    { "id", "编号", "Id", FD_TEXT, NULL, 0 },
    { "name", "名称", "Name", FD_TEXT, NULL, 0 },
    { "project", "项目代码", "Project", FD_TEXT, NULL, 0 },
    { "firm", "企业", "Firm", FD_TEXT, NULL, 0 },
    { "county", "县区", "County", FD_TEXT, NULL, 0 },
    { "chain", "产业链", "Chain", FD_TEXT, NULL, 0 },
    { "kind", "改造内容", "Kind", FD_TEXT, NULL, 0 },
    { "state", "状态", "State", FD_TEXT, NULL, 0 },
    { "invest", "投资", "Invested", FD_QUOT, "万元", 0 },
    { "equipment", "更新设备", "Equipment", FD_QUOT, "台", 0 },
    { "output_before", "前产值", "Output before", FD_QUOT, "万元", 0 },
    { "output_after", "后产值", "Output after", FD_QUOT, "万元", 0 },
    { "output_change", "产值变化", "Change of output", FD_QUOT, "%", 0 },
    { "intensity_before", "前单耗", "Energy per output before", FD_QUOT, "tce/万元", 0 },
    { "intensity_after", "后单耗", "Energy per output after", FD_QUOT, "tce/万元", 0 },
    { "intensity_change", "单耗变化", "Change of it", FD_QUOT, "%", 0 },
    { "quality_change", "合格率变化", "Change of quality", FD_QUOT, "百分点", 0 },
    { "maturity_change", "成熟度变化", "Change of maturity", FD_QUOT, "级", 0 },
    { "added_per_invest", "每万元新增产值", "Added output per 万元", FD_QUOT, "万元", 0 },
    { "what", "变化", "What changed", FD_TEXT, NULL, 0 },
};

static fd_table *make_items(const fd_table *in)
{
    static const char *const texts[] = { "id",    "name", "project", "firm", "county",
                                         "chain", "kind", "state",   "what" };
    static const char *const copied[] = { "invest", "equipment", "output_before", "output_after" };
    fd_table *t = fd_table_new("renovations", "技改登记", "Renovations");

    fd_table_add_columns(t, item_specs, sizeof item_specs / sizeof *item_specs);
    for (size_t c = 0; c < t->column_count; c++)
        t->columns[c]->digits = t->columns[c]->kind == FD_QUOT ? 1 : -1;
    t->columns[fd_table_find(t, "intensity_before")]->digits = 3;
    t->columns[fd_table_find(t, "intensity_after")]->digits = 3;
    t->columns[fd_table_find(t, "added_per_invest")]->digits = 2;
    for (size_t r = 0; r < in->rows; r++) {
        fd_number out0 = fd_works__number(in, r, "output_before"),
                  out1 = fd_works__number(in, r, "output_after");
        fd_number per0 = ratio(fd_works__number(in, r, "energy_before"), out0),
                  per1 = ratio(fd_works__number(in, r, "energy_after"), out1);
        size_t row = fd_table_add_row(t);

        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            fd_table__put_text(t, texts[i], row, fd_works__text(in, r, texts[i]));
        for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
            fd_table__put_exact(t, copied[i], row, fd_works__number(in, r, copied[i]));
        fd_table__put_exact(t, "output_change", row, change(out0, out1));
        fd_table__put_exact(t, "intensity_before", row, per0);
        fd_table__put_exact(t, "intensity_after", row, per1);
        fd_table__put_exact(t, "intensity_change", row, change(per0, per1));
        fd_table__put_exact(t, "quality_change", row,
                            difference(fd_works__number(in, r, "quality_after"),
                                       fd_works__number(in, r, "quality_before")));
        fd_table__put_exact(t, "maturity_change", row,
                            difference(fd_works__number(in, r, "maturity_after"),
                                       fd_works__number(in, r, "maturity_before")));
        fd_table__put_exact(t, "added_per_invest", row,
                            ratio(difference(out1, out0), fd_works__number(in, r, "invest")));
    }
    fd_table_add_note(t, "改造前后缺一边的不比较;单耗按产值,未扣价格变动",
                      "what lacks a side is not compared; energy per output at current prices");
    return t;
}

/* Σ of one column over rows of a group in which all of `need` are known. */
static int sum(fd_number *out, size_t *n, const fd_table *in, const char *by, const char *group,
               const char *column, const char *const *need, size_t needs)
{
    fd_quot total = fd_quot_from_int(0);
    int err;

    *n = 0;
    for (size_t r = 0; r < in->rows; r++) {
        bool fits = strcmp(fd_works__text_or(in, r, by, ""), group) == 0;

        for (size_t i = 0; fits && i < needs; i++)
            fits = known(fd_works__number(in, r, need[i]));
        if (!fits)
            continue;
        if ((err = fd_quot_add(&total, total, fd_works__number(in, r, column).exact)) < 0)
            return err;
        (*n)++;
    }
    *out = *n ? fd_number_exact(total) : fd_number_missing();
    return 0;
}

static int put_group(fd_table *t, const fd_table *in, const char *by, const char *group)
{
    static const char *const outputs[] = { "output_before", "output_after" };
    static const char *const energies[] = { "energy_before", "energy_after", "output_before",
                                            "output_after" };
    static const char *const invest[] = { "invest" };
    fd_number o0, o1, e0, e1, p0, p1, money;
    size_t row = fd_table_add_row(t), n, with_output, with_energy, count = 0, finished = 0;
    int err;

    for (size_t r = 0; r < in->rows; r++)
        if (strcmp(fd_works__text_or(in, r, by, ""), group) == 0) {
            count++;
            finished += strcmp(fd_works__text_or(in, r, "state", ""), "完工") == 0;
        }
    if ((err = sum(&money, &n, in, by, group, "invest", invest, 1)) < 0 ||
        (err = sum(&o0, &with_output, in, by, group, "output_before", outputs, 2)) < 0 ||
        (err = sum(&o1, &with_output, in, by, group, "output_after", outputs, 2)) < 0 ||
        (err = sum(&e0, &with_energy, in, by, group, "energy_before", energies, 4)) < 0 ||
        (err = sum(&e1, &with_energy, in, by, group, "energy_after", energies, 4)) < 0 ||
        (err = sum(&p0, &with_energy, in, by, group, "output_before", energies, 4)) < 0 ||
        (err = sum(&p1, &with_energy, in, by, group, "output_after", energies, 4)) < 0)
        return err;
    fd_table__put_text(t, "group", row, *group ? group : "未写明");
    fd_column_set_dec(t->columns[1], row, (int64_t)count);
    fd_column_set_dec(t->columns[2], row, (int64_t)finished);
    fd_table__put_exact(t, "invest", row, money);
    fd_column_set_dec(t->columns[4], row, (int64_t)with_output);
    fd_table__put_exact(t, "output_change", row, change(o0, o1));
    fd_column_set_dec(t->columns[6], row, (int64_t)with_energy);
    fd_table__put_exact(t, "intensity_change", row, change(ratio(e0, p0), ratio(e1, p1)));
    return 0;
}

static int make_sums(fd_table **out, const fd_table *in, const char *by)
{
    static const fd_column_spec specs[] = {
        { "group", "分组", "Group", FD_TEXT, NULL, 0 },
        { "count", "项数", "Renovations", FD_DEC, "项", 0 },
        { "finished", "完工", "Finished", FD_DEC, "项", 0 },
        { "invest", "投资", "Invested", FD_QUOT, "万元", 0 },
        { "known_output", "产值可比", "Output known", FD_DEC, "项", 0 },
        { "output_change", "产值变化", "Change of output", FD_QUOT, "%", 0 },
        { "known_energy", "能耗可比", "Energy known", FD_DEC, "项", 0 },
        { "intensity_change", "单耗变化", "Change of energy per output", FD_QUOT, "%", 0 },
    };
    fd_table *t = fd_table_new("sums", "技改汇总", "Renovations by group");
    int err = 0;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[3]->digits = 0;
    t->columns[5]->digits = t->columns[7]->digits = 1;
    for (size_t r = 0; r < in->rows && err >= 0; r++) {
        const char *group = fd_works__text_or(in, r, by, "");
        bool seen = false;

        for (size_t b = 0; b < r && !seen; b++)
            seen = strcmp(fd_works__text_or(in, b, by, ""), group) == 0;
        if (!seen)
            err = put_group(t, in, by, group);
    }
    if (err < 0) {
        fd_table_free(t);
        return err;
    }
    fd_table_add_note(t, "变化只算前后都有数的几项(项数见「可比」),其余不推算",
                      "changes rest on those known on both sides only; the rest is not guessed");
    *out = t;
    return 0;
}

int fd_renovations_make(fd_renovations *out, const fd_table *records, const char *by)
{
    int err;

    memset(out, 0, sizeof *out);
    if (strcmp(by, "county") != 0 && strcmp(by, "chain") != 0 && strcmp(by, "kind") != 0)
        return fd_error_set(FD_EINVAL, "技改按 county、chain 或 kind 汇总,没有 %s",
                            "renovations group by county, chain or kind, not %s", by);
    if ((err = make_sums(&out->sums, records, by)) < 0)
        return err;
    out->items = make_items(records);
    return 0;
}

void fd_renovations_dispose(fd_renovations *r)
{
    fd_table_free(r->items);
    fd_table_free(r->sums);
    memset(r, 0, sizeof *r);
}
