/*
 * Which parcels a park's figures rest on, and where these were read.
 */
#include <string.h>

#include "industry/works.h"

typedef struct figure {
    const char *id, *formula, *formula_en;
    const char *states; /* of the parcels that count, separated by | */
    const char *value;  /* column that is divided by the area; NULL: the area itself */
} figure;

static const figure figures[] = {
    { "supplied", "已供 = Σ 面积(在用、空置、闲置、在建)",
      "supplied = Σ area (used, vacant, idle, being built)", "在用|空置|闲置|在建", NULL },
    { "used", "在用 = Σ 面积(在用)", "used = Σ area (used)", "在用", NULL },
    { "vacant", "空置闲置 = Σ 面积(空置、闲置)", "vacant = Σ area (vacant, idle)", "空置|闲置",
      NULL },
    { "output_per_mu", "亩均产值 = Σ 年产值 ÷ Σ 面积(在用且有数)",
      "output per mu = Σ output ÷ Σ area (used, output known)", "在用", "output" },
    { "tax_per_mu", "亩均税收 = Σ 年税收 ÷ Σ 面积(在用且有数)",
      "tax per mu = Σ tax ÷ Σ area (used, tax known)", "在用", "tax" },
    { "invest_per_mu", "亩均投资 = Σ 固定资产投资 ÷ Σ 面积(在用且有数)",
      "investment per mu = Σ invested ÷ Σ area (used, investment known)", "在用", "invest" },
};

static bool is_one_of(const char *list, const char *state)
{
    fd_view rest = fd_view_of(list), part;

    while (rest.len && fd_view_split(&rest, '|', &part))
        if (fd_view_is(part, state))
            return true;
    return false;
}

static void begin_row(fd_table *t, size_t *row, const figure *f)
{
    *row = fd_table_add_row(t);
    fd_column_set_text(t->columns[0], *row, f->id);
    fd_column_set_text(t->columns[1], *row, f->formula);
    fd_column_set_text(t->columns[2], *row, f->formula_en);
}

/* The parcels of one figure, then its total. */
static int put_figure(fd_table *t, const fd_table *in, const char *park, const figure *f)
{
    fd_quot area = fd_quot_from_int(0), value = fd_quot_from_int(0);
    size_t row, count = 0;
    int err;

    for (size_t r = 0; r < in->rows; r++) {
        const fd_number mu = fd_works__number(in, r, "area"),
                        n = f->value ? fd_works__number(in, r, f->value) : fd_number_missing();

        if (strcmp(fd_works__text_or(in, r, "park", ""), park) != 0 ||
            !is_one_of(f->states, fd_works__text_or(in, r, "state", "")) || mu.state != FD_HAS ||
            mu.is_estimate || (f->value && (n.state != FD_HAS || n.is_estimate)))
            continue;
        begin_row(t, &row, f);
        fd_column_set_text(t->columns[3], row, fd_works__text_or(in, r, "id", ""));
        fd_column_set_number(t->columns[4], row, mu);
        if (f->value)
            fd_column_set_number(t->columns[5], row, n);
        if (fd_works__text(in, r, "source"))
            fd_column_set_text(t->columns[6], row, fd_works__text(in, r, "source"));
        if ((err = fd_quot_add(&area, area, mu.exact)) < 0 ||
            (f->value && (err = fd_quot_add(&value, value, n.exact)) < 0))
            return err;
        count++;
    }
    begin_row(t, &row, f);
    fd_column_set_state(t->columns[3], row, FD_NA);
    if (count) {
        fd_column_set_number(t->columns[4], row, fd_number_exact(area));
        if (f->value)
            fd_column_set_number(t->columns[5], row, fd_number_exact(value));
    }
    return 0;
}

int fd_parks_why(fd_table **out, const fd_table *parcels, const char *park)
{
    static const fd_column_spec specs[] = {
        { "figure", "数", "Figure", FD_TEXT, "", 0 },
        { "formula", "算法", "Formula (Chinese)", FD_TEXT, "", 0 },
        { "formula_en", "英文算法", "Formula", FD_TEXT, "", 0 },
        { "parcel", "地块", "Parcel", FD_TEXT, "", 0 },
        { "area", "面积", "Area", FD_QUOT, "亩", 0 },
        { "value", "金额", "Value", FD_QUOT, "万元", 0 },
        { "source", "来源", "Source", FD_TEXT, "", 0 },
    };
    static const char *const needed[] = { "park", "state", "area" };
    fd_table *t;
    int err = 0;

    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
        if (parcels->rows && fd_table_find(parcels, needed[k]) < 0)
            return fd_error_set(FD_ENOTFOUND, "地块表缺少列 %s", "parcels have no column %s",
                                needed[k]);
    t = fd_table_new("why", "这些数从哪来", "Where the figures come from");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[4]->digits = t->columns[5]->digits = 1;
    for (size_t k = 0; k < sizeof figures / sizeof *figures && err >= 0; k++)
        err = put_figure(t, parcels, park, &figures[k]);
    fd_table_add_note(t, "地块空着的一行是合计;来源写 谁 文件:行",
                      "the row without a parcel is the total; a source says who, file and row");
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
