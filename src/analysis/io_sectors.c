/*
 * One row for each sector: linkages, key sectors, multipliers of type I and II.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "base/vec.h"
#include "fangding/arena.h"

/* A measure by sector: numbers, or words. */
typedef struct measure {
    const char *id, *zh, *en;
    double *v;          /* owned; NaN: undefined */
    const char **words; /* owned array of constants */
} measure;

typedef struct sheet {
    fd_io *io;
    fd_vec(measure) list;
} sheet;

static double *add(sheet *s, const char *id, const char *zh, const char *en)
{
    measure m = { id, zh, en, fd_alloc(s->io->n * sizeof *m.v), NULL };

    fd_vec_push(&s->list, m);
    return m.v;
}

static void add_copy(sheet *s, const char *id, const char *zh, const char *en, const double *v)
{
    memcpy(add(s, id, zh, en), v, s->io->n * sizeof *v);
}

static void sheet_dispose(sheet *s)
{
    for (size_t i = 0; i < s->list.count; i++) {
        free(s->list.items[i].v);
        free(s->list.items[i].words);
    }
    fd_vec_dispose(&s->list);
}

/* n v_j / sum(v): 1 is the average sector. */
static void add_relative(sheet *s, const char *id, const char *zh, const char *en, const double *v)
{
    const size_t n = s->io->n;
    double *to = add(s, id, zh, en), sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += v[i];
    for (size_t i = 0; i < n; i++)
        to[i] = v[i] * (double)n / sum;
}

/* w' m / x: what one unit of final demand calls forth of an amount by sector. */
static double *multiplier_of(const fd_io *io, const double *l, const double *amount)
{
    double *to = fd_alloc(io->n * sizeof *to);

    for (size_t i = 0; i < io->n; i++) {
        const double w = fd_io__per_output(io, i, amount[i]);

        for (size_t j = 0; j < io->n && w != 0; j++)
            to[j] += w * l[i * io->n + j];
    }
    return to;
}

static void add_coefficient(sheet *s, const char *id, const char *zh, const char *en,
                            const double *amount)
{
    double *to = add(s, id, zh, en);

    for (size_t i = 0; i < s->io->n; i++)
        to[i] = fd_io__per_output(s->io, i, amount[i]);
}

static void add_multiplier(sheet *s, const char *id, const char *zh, const char *en,
                           const double *amount)
{
    double *v = multiplier_of(s->io, s->io->l, amount);

    add_copy(s, id, zh, en, v);
    free(v);
}

/* Multiplier / coefficient; undefined where the coefficient is 0. */
static void add_ratio(sheet *s, const char *id, const char *zh, const char *en, const double *upper,
                      const double *amount)
{
    double *to = add(s, id, zh, en);

    for (size_t i = 0; i < s->io->n; i++) {
        const double w = fd_io__per_output(s->io, i, amount[i]);

        to[i] = w != 0 ? upper[i] / w : NAN;
    }
}

static void add_key(sheet *s, const char *id, const char *zh, const char *en,
                    const double *backward, const double *forward)
{
    measure m = { id, zh, en, NULL, fd_alloc(s->io->n * sizeof *m.words) };

    for (size_t i = 0; i < s->io->n; i++)
        m.words[i] = backward[i] >= 1 && forward[i] >= 1 ? "key"
                     : backward[i] >= 1                  ? "backward"
                     : forward[i] >= 1                   ? "forward"
                                                         : "weak";
    fd_vec_push(&s->list, m);
}

static const double *measured(const sheet *s, const char *id)
{
    for (size_t i = 0; i < s->list.count; i++)
        if (strcmp(s->list.items[i].id, id) == 0)
            return s->list.items[i].v;
    return NULL;
}

/* Coefficient of variation of a row or column of L, sample standard deviation. */
static void add_spread(sheet *s, const char *id, const char *zh, const char *en, bool of_columns)
{
    const size_t n = s->io->n;
    const double *sum = of_columns ? s->io->colsum : s->io->rowsum;
    double *to = add(s, id, zh, en);

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const size_t k = of_columns ? j : i;
            const double d = s->io->l[i * n + j] - sum[k] / (double)n;

            to[k] += d * d;
        }
    for (size_t k = 0; k < n; k++)
        to[k] = n > 1 ? sqrt(to[k] / (double)(n - 1)) / (sum[k] / (double)n) : NAN;
}

/* ---- parts of the sheet ---- */

static void add_direct(sheet *s)
{
    const fd_io *io = s->io;
    const size_t n = io->n;
    double *backward, *forward;

    add_copy(s, "x", "总产出", "output", io->x);
    if (io->f)
        add_copy(s, "final_demand", "最终使用", "final demand", io->f);
    add_copy(s, "va", "增加值", "value added", io->va);
    add_coefficient(s, "va_coef", "增加值率", "value added per output", io->va);
    backward = add(s, "direct_backward", "直接后向联系", "direct backward");
    forward = add(s, "direct_forward_sales", "直接前向联系", "direct forward (sales)");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            backward[j] += fd_io__per_output(io, j, io->z->v[i * n + j]);
            forward[i] += fd_io__per_output(io, i, io->z->v[i * n + j]);
        }
}

static void add_linkages(sheet *s)
{
    const fd_io *io = s->io;
    const size_t n = io->n;
    double *row, *column;

    add_copy(s, "output_multiplier", "产出乘数(列和)", "output multiplier", io->colsum);
    add_copy(s, "leontief_row_sum", "完全需要系数行和", "row sum of L", io->rowsum);
    row = add(s, "ghosh_row_sum", "完全供给系数行和", "row sum of G");
    column = add(s, "ghosh_col_sum", "完全供给系数列和", "column sum of G");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double g =
                io->x[i] != 0 ? io->l[i * n + j] * io->x[j] / io->x[i] : (double)(i == j);

            row[i] += g;
            column[j] += g;
        }
    add_relative(s, "power_of_dispersion", "影响力系数", "power of dispersion", io->colsum);
    add_relative(s, "sensitivity_of_dispersion", "感应度系数", "sensitivity of dispersion",
                 io->rowsum);
    add_relative(s, "ghosh_forward_norm", "感应度系数(高什)", "forward linkage (Ghosh)", row);
    add_spread(s, "cv_backward", "后向变异系数", "cv backward", true);
    add_spread(s, "cv_forward", "前向变异系数", "cv forward", false);
}

static void add_values(sheet *s)
{
    const fd_io *io = s->io;

    add_multiplier(s, "va_multiplier", "增加值乘数", "value added multiplier", io->va);
    add_ratio(s, "va_type1_ratio", "增加值乘数÷增加值率", "value added, type I ratio",
              measured(s, "va_multiplier"), io->va);
    add_key(s, "key_leontief", "关键部门(列昂惕夫)", "key sector (Leontief)",
            measured(s, "power_of_dispersion"), measured(s, "sensitivity_of_dispersion"));
    add_key(s, "key_ghosh", "关键部门(高什)", "key sector (Ghosh)",
            measured(s, "power_of_dispersion"), measured(s, "ghosh_forward_norm"));
    if (io->employment) {
        add_coefficient(s, "emp_coef", "就业系数", "employment per output", io->employment);
        add_multiplier(s, "emp_multiplier", "就业乘数", "employment multiplier", io->employment);
        add_ratio(s, "emp_type1_ratio", "就业乘数÷就业系数", "employment, type I ratio",
                  measured(s, "emp_multiplier"), io->employment);
    }
}

/* x_leontief = L f, and the losses of taking each sector out (fd_io_extract). */
static void add_extraction(sheet *s)
{
    const fd_io *io = s->io;
    const size_t n = io->n;
    double *full, *backward, *forward, *x;

    if (!io->f)
        return;
    full = add(s, "hem_full", "整体提取损失", "loss, full extraction");
    backward = add(s, "hem_backward", "后向提取损失", "loss, backward extraction");
    forward = add(s, "hem_forward", "前向提取损失", "loss, forward extraction");
    x = add(s, "x_leontief", "Lf", "L f");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            x[i] += io->l[i * n + j] * io->f[j];
    for (size_t k = 0; k < n; k++) {
        const double diagonal = io->l[k * n + k];

        if (io->x[k] == 0)
            continue; /* what is not there cannot be taken out */
        full[k] = x[k] * io->colsum[k] / diagonal;
        backward[k] = x[k] * (io->colsum[k] - 1) / diagonal;
        forward[k] = io->colsum[k] * (x[k] - io->f[k]) / diagonal;
    }
}

/*
 * Type II from the type I inverse, bordered by a household row h (labour income per output) and a
 * column c (consumption / total labour income): with s = 1 - h L c the household row of the larger
 * inverse is h L / s, its block L + L c (h L / s).
 */
static void add_type2(sheet *s)
{
    const fd_io *io = s->io;
    const size_t n = io->n;
    double *income, *spread, *truncated, *total, sum = 0, called = 0, schur = 1;

    if (!io->labour || !io->consumption)
        return;
    for (size_t i = 0; i < n; i++)
        sum += io->labour[i];
    if (sum == 0)
        return;
    income = multiplier_of(io, io->l, io->labour);
    spread = fd_alloc(n * sizeof *spread);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            spread[i] += io->l[i * n + j] * io->consumption[j] / sum;
    for (size_t i = 0; i < n; i++) {
        called += spread[i];
        schur -= fd_io__per_output(io, i, io->labour[i]) * spread[i];
    }
    if (schur > 0) {
        truncated = add(s, "output_multiplier_type2_trunc", "产出乘数Ⅱ(不含居民)",
                        "output multiplier II, truncated");
        total = add(s, "output_multiplier_type2_total", "产出乘数Ⅱ(含居民)",
                    "output multiplier II, total");
        for (size_t j = 0; j < n; j++) {
            truncated[j] = io->colsum[j] + called * income[j] / schur;
            total[j] = truncated[j] + income[j] / schur;
        }
        add_ratio(s, "income_type1_ratio", "收入乘数Ⅰ比", "income, type I ratio", income,
                  io->labour);
        for (size_t j = 0; j < n; j++)
            income[j] /= schur;
        add_ratio(s, "income_type2_ratio", "收入乘数Ⅱ比", "income, type II ratio", income,
                  io->labour);
    }
    free(income);
    free(spread);
}

static int fill_sheet(sheet *s)
{
    fd_io *io = s->io;
    int err;

    if ((err = fd_io__invert(io)) < 0)
        return err;
    add_direct(s);
    add_linkages(s);
    add_values(s);
    add_extraction(s);
    add_copy(s, "upstreamness", "上游度", "upstreamness", measured(s, "ghosh_row_sum"));
    add_copy(s, "downstreamness", "下游度", "downstreamness", io->colsum);
    if (io->import)
        add_multiplier(s, "import_multiplier", "进口乘数", "import multiplier", io->import);
    add_type2(s);
    return 0;
}

/* A competitive table: measures of the inverse with imports inside, and of the domestic one. */
static int fill_competitive(sheet *s)
{
    fd_io *io = s->io;
    const size_t n = io->n;
    double *direct, *whole, *complete, *row, *v;
    int err;

    if ((err = fd_io__invert(io)) < 0 || (err = fd_io__invert_total(io)) < 0)
        return err;
    row = fd_alloc(n * sizeof *row);
    add_copy(s, "x", "总产出", "output", io->x);
    add_copy(s, "import_ratio", "进口占国内使用", "imports per domestic use", io->import_ratio);
    direct = add(s, "direct_coef_colsum", "直接消耗系数列和", "column sum of A");
    whole = add(s, "complete_output_multiplier_competitive", "产出乘数(含进口)",
                "output multiplier with imports");
    complete = add(s, "complete_consumption_colsum", "完全消耗系数列和", "column sum of L - I");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            direct[j] += fd_io__per_output(io, j, io->z_total[i * n + j]);
            whole[j] += io->l_total[i * n + j];
            row[i] += io->l_total[i * n + j];
        }
    for (size_t j = 0; j < n; j++)
        complete[j] = whole[j] - 1;
    add_relative(s, "influence_coef", "影响力系数", "power of dispersion", whole);
    add_relative(s, "response_coef", "感应度系数", "sensitivity of dispersion", row);
    add_copy(s, "output_multiplier_importadj", "产出乘数(扣进口)", "domestic output multiplier",
             io->colsum);
    add_relative(s, "influence_coef_importadj", "影响力系数(扣进口)",
                 "power of dispersion, domestic", io->colsum);
    add_relative(s, "response_coef_importadj", "感应度系数(扣进口)",
                 "sensitivity of dispersion, domestic", io->rowsum);
    add_coefficient(s, "va_coef", "增加值率", "value added per output", io->va);
    v = multiplier_of(io, io->l_total, io->va);
    add_copy(s, "va_multiplier_competitive", "增加值乘数(含进口)", "value added multiplier", v);
    free(v);
    add_multiplier(s, "va_multiplier_importadj", "增加值乘数(扣进口)",
                   "domestic value added multiplier", io->va);
    free(row);
    return 0;
}

/* ---- the table ---- */

static const fd_na_words keys[] = {
    { "key", { "关键", "key" } },
    { "backward", { "后向强", "backward" } },
    { "forward", { "前向强", "forward" } },
    { "weak", { "都弱", "weak" } },
    { NULL, { NULL, NULL } },
};

static void put(fd_table *t, const measure *m, const char *as)
{
    if (m->v) {
        fd_io__numbers(t, as ? as : m->id, m->zh, m->en, m->v, 1);
    } else {
        fd_column *c = fd_table_add_new(t, as ? as : m->id, m->zh, m->en, FD_TEXT, "", 0);

        c->words = keys;
        for (size_t i = 0; i < t->rows; i++)
            fd_column_set_text(c, i, m->words[i]);
    }
}

/* One column of an inverse: "leontief.CODE" or "ghosh.CODE". @return 1 when it was one */
static int put_cell_column(fd_table *t, const fd_io *io, const char *name, const char *as)
{
    const bool leontief = strncmp(name, "leontief.", 9) == 0;
    ptrdiff_t at;
    double *v;

    if (!leontief && strncmp(name, "ghosh.", 6) != 0)
        return 0;
    if ((at = fd_io__sector(io, name + (leontief ? 9 : 6))) < 0)
        return FD_ENOTFOUND;
    v = fd_alloc(io->n * sizeof *v);
    for (size_t i = 0; i < io->n; i++) {
        const double l = io->l[i * io->n + (size_t)at];

        v[i] = leontief ? l : io->x[i] != 0 ? l * io->x[at] / io->x[i] : (double)(i == (size_t)at);
    }
    fd_io__numbers(t, as, as, as, v, 1);
    free(v);
    return 1;
}

/* "name" or "as=name" */
static int put_wanted(fd_table *t, const sheet *s, const char *wanted)
{
    const char *equals = strchr(wanted, '=');
    const char *name = equals ? equals + 1 : wanted;
    char *as = fd_strdup(wanted);
    int err = 0;

    if (equals)
        as[equals - wanted] = '\0';
    if (fd_table_find(t, as) >= 0 && t->column_count)
        err = fd_error_set(FD_EINVAL, "列名重复:%s", "a column stands twice: %s", as);
    else if (strcmp(name, "code") == 0)
        fd_io__codes(t, s->io->z->row, s->io->n, as);
    else if (!t->column_count)
        err = fd_error_set(FD_EINVAL, "第一列应是 code", "the first column should be code");
    else if ((err = put_cell_column(t, s->io, name, as)) == 0) {
        size_t i = 0;

        while (i < s->list.count && strcmp(s->list.items[i].id, name) != 0)
            i++;
        if (i < s->list.count)
            put(t, &s->list.items[i], as);
        else
            err = fd_error_set(FD_ENOTFOUND, "没有指标 %s,或表里缺它要的数据",
                               "no measure %s, or the table lacks what it needs", name);
    }
    free(as);
    return err < 0 ? err : 0;
}

int fd_io_sectors(fd_table **out, fd_io *io, const char *const *columns, size_t count)
{
    sheet s = { io, { 0 } };
    fd_table *t = NULL;
    int err = io->competitive ? fill_competitive(&s) : fill_sheet(&s);

    *out = NULL;
    if (err >= 0) {
        t = fd_io__table(io, "sectors", "部门:联系、乘数、关键部门",
                         "sectors: linkages, multipliers, key sectors");
        if (!count)
            fd_io__codes(t, io->z->row, io->n, "code");
        for (size_t i = 0; i < s.list.count && !count; i++)
            put(t, &s.list.items[i], NULL);
        for (size_t i = 0; i < count && err >= 0; i++)
            err = put_wanted(t, &s, columns[i]);
    }
    sheet_dispose(&s);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* ---- multipliers, also without an inverse ---- */

int fd_io_multipliers(fd_table **out, fd_io *io)
{
    static const struct {
        const char *simple, *zh, *en, *ratio, *ratio_zh, *ratio_en;
    } kinds[] = {
        { "va", "增加值乘数", "value added", "va_type1", "增加值Ⅰ型比", "value added, type I" },
        { "income", "收入乘数", "income", "income_type1", "收入Ⅰ型比", "income, type I" },
        { "employment", "就业乘数", "employment", "employment_type1", "就业Ⅰ型比",
          "employment, type I" },
        { "tax", "税收乘数", "tax", "tax_type1", "税收Ⅰ型比", "tax, type I" },
        { "import", "进口乘数", "import", "import_type1", "进口Ⅰ型比", "import, type I" },
    };
    enum { KINDS = sizeof kinds / sizeof *kinds, WIDTH = KINDS + 1 };
    const size_t n = io->n;
    double *w = fd_alloc(n * WIDTH * sizeof *w), *m = fd_alloc(n * WIDTH * sizeof *m);
    const double *amount[KINDS] = { io->va, io->labour, io->employment, io->tax, io->import };
    fd_table *t = NULL;
    double worst = 0;
    int err;

    *out = NULL;
    for (size_t i = 0; i < n; i++) {
        w[i * WIDTH] = 1;
        for (size_t k = 0; k < KINDS; k++)
            w[i * WIDTH + 1 + k] = amount[k] ? fd_io__per_output(io, i, amount[k][i]) : 0;
    }
    if ((err = fd_io__apply(io, true, w, m, WIDTH)) < 0)
        goto done;
    t = fd_io__table(io, "multipliers", "乘数:每单位最终使用带动多少",
                     "multipliers: what a unit of final demand calls forth");
    fd_io__codes(t, io->z->row, n, "code");
    fd_io__numbers(t, "output", "产出乘数", "output", m, WIDTH);
    for (size_t k = 0; k < KINDS; k++)
        if (amount[k])
            fd_io__numbers(t, kinds[k].simple, kinds[k].zh, kinds[k].en, m + 1 + k, WIDTH);
    for (size_t k = 0; k < KINDS; k++) {
        fd_column *c;

        if (!amount[k])
            continue;
        c = fd_table_add_new(t, kinds[k].ratio, kinds[k].ratio_zh, kinds[k].ratio_en, FD_EST, "",
                             12);
        for (size_t i = 0; i < n; i++)
            if (w[i * WIDTH + 1 + k] != 0)
                fd_column_set_est(c, i, m[i * WIDTH + 1 + k] / w[i * WIDTH + 1 + k]);
    }
    if (io->import) {
        fd_column *c = fd_table_add_new(t, "va_plus_import", "增加值+进口", "value added + import",
                                        FD_EST, "", 12);
        char zh[160], en[160];

        for (size_t i = 0; i < n; i++) {
            const double sum = m[i * WIDTH + 1] + m[i * WIDTH + KINDS];

            fd_column_set_est(c, i, sum);
            if (io->x[i] != 0)
                worst = fmax(worst, fabs(sum - 1));
        }
        snprintf(zh, sizeof zh, "恒等式 增加值乘数+进口乘数=1,最大偏差 %.2g", worst);
        snprintf(en, sizeof en, "identity value added + import = 1 holds to %.2g", worst);
        fd_table_add_note(t, zh, en);
    }
    *out = t;
done:
    free(w);
    free(m);
    return err;
}
