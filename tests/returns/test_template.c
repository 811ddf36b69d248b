/* Templates: every shipped form comes back as it went out; the fingerprint survives or is missed
 * aloud; no target is ever in a template. */
#include "returns/city.h"

#include <unistd.h>

#include "io/csvw.h"
#include "io/rows.h"
#include "io/xlsxw.h"
#include "returns/form.h"
#include "returns/template.h"

static char *temporary(const char *suffix)
{
    const char *base = getenv("TMPDIR");
    fd_buf path = FD_BUF_INIT;
    int fd;

    fd_buf_printf(&path, "%s/fdtemplateXXXXXX%s", base ? base : P_tmpdir, suffix);
    fd = mkstemps(path.ptr, (int)strlen(suffix));
    assert_true(fd >= 0);
    close(fd);
    return fd_buf_take(&path);
}

static fd_template_mark mark_of(const fd_form *form, fd_period period)
{
    fd_template_mark m = { .city = "某市",
                           .by = "county",
                           .sender = "990501",
                           .sender_name = "甲县",
                           .issue = 2,
                           .period = period };

    snprintf(m.form, sizeof m.form, "%s", fd_form_id(form));
    assert_int_equal(fd_template_form_hash(m.form_hash, form), 0);
    m.due = fd_date_make(2025, 3, 10);
    return m;
}

static fd_period period_for(const fd_form *form)
{
    return form->when == FD_WHEN_YEAR    ? fd_period_year(2024)
           : form->when == FD_WHEN_MONTH ? fd_period_month(2025, 2)
           : form->when == FD_WHEN_NONE  ? FD_PERIOD_NONE
                                         : fd_period_cumulative(2025, 2);
}

/* Row and column decide the value, so that a mix-up shows. */
static int64_t made_up(const fd_template_column *c, size_t row)
{
    uint64_t h = 1469598103934665603u;

    for (const char *p = c->item; *p; p++)
        h = (h ^ (uint8_t)*p) * 1099511628211u;
    return (int64_t)(h % 900) * 10000 + (int64_t)row * 1000000 * 10 +
           (c->basis == FD_COMPARATIVE ? 50000 : 0) + 10000;
}

static int known(void *payload, const fd_template_column *c, size_t row, fd_template_value *out)
{
    (void)payload;
    if (c->is_attribute)
        return 0;
    out->state = FD_HAS;
    out->number = (fd_decimal){ made_up(c, row), 4 }; /* whole numbers: fit any item */
    out->source = c->basis == FD_COMPARATIVE ? "上年同期:去年 2 月所报" : row ? "另表" : "又一表";
    if (c->role == FD_TEMPLATE_BESIDE)
        out->number.mantissa += 70000;
    return 1;
}

static int nothing(void *payload, const fd_template_column *c, size_t row, fd_template_value *out)
{
    (void)payload;
    (void)c;
    (void)row;
    (void)out;
    return 0;
}

static size_t subjects_of(city *c, const fd_form *form, fd_template_row *rows, size_t most)
{
    size_t n = 0;

    for (size_t i = 0; i < c->subject_count && n < most; i++)
        if (strcmp(c->subjects[i].kind, fd_form_subject(form)) == 0)
            rows[n++] = (fd_template_row){ c->subjects[i].code, c->subjects[i].name, 0 };
    return n;
}

static int32_t id_of(city *c, const fd_form *form, size_t nth)
{
    for (size_t i = 0; i < c->subject_count; i++)
        if (strcmp(c->subjects[i].kind, fd_form_subject(form)) == 0 && nth-- == 0)
            return (int32_t)i + 1;
    return 0;
}

/* What the importer must hand out for an entry. */
static void expect_entry(city *c, const fd_form *form, const fd_template_column *col, size_t n)
{
    fd_buf want = FD_BUF_INIT;
    const fd_item *item = fd_program_item(c->program, col->item);
    char period[24];

    fd_period_format(col->period, period, sizeof period);
    fd_buf_printf(&want, "%s %s %s:", col->item, period, fd_basis_name(col->basis, FD_EN));
    for (size_t r = 0; r < n; r++) {
        fd_decimal d = { made_up(col, r), 4 };
        char text[48];

        assert_int_equal(fd_decimal_rescale(&d, d, item->scale), 0);
        fd_decimal_format(d, text, sizeof text);
        fd_buf_printf(&want, " %d=%s@", id_of(c, form, r), text);
        city_expect(&c->log, fd_buf_text(&want));
        fd_buf_clear(&want);
    }
    fd_buf_dispose(&want);
}

static void every_shipped_form_comes_back(void **state)
{
    city *c = *state;
    size_t written = 0, refused = 0;

    city_add(c, "division", "31", "黑色金属冶炼和压延加工业");
    city_add(c, "division", "30", "非金属矿物制品业");
    city_add(c, "project", "P001", "一号项目");
    city_add(c, "project", "P002", "二号项目");
    for (size_t i = 0; i < fd_forms_count(c->forms); i++) {
        const fd_form *form = fd_forms_at(c->forms, i);
        fd_template *t = NULL;
        fd_template_row rows[8];
        size_t n = subjects_of(c, form, rows, 8);
        fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
        fd_template_mark m, back;
        fd_returns_result *r;
        fd_returns_handler handler = city_handler(c);
        char *path;

        if ((form->is_long && !form->list) || form->record || form->when == FD_WHEN_ROW) {
            assert_int_equal(fd_template_new(&t, form, period_for(form), FD_PERIOD_NONE),
                             FD_EINVAL);
            refused++;
            continue;
        }
        m = mark_of(form, period_for(form));
        assert_int_equal(fd_template_new(&t, form, m.period,
                                         m.period ? fd_period_step(m.period, -1) : m.period),
                         0);
        path = temporary(".xlsx");
        if (fd_template_write(t, path, &m, "示例", rows, n, known, NULL) < 0)
            fail_msg("%s: %s", form->id, fd_error_last()->message[FD_EN]);
        assert_int_equal(fd_template_mark_read(&back, path), 1);
        assert_true(back.hidden_sheet && !back.altered);
        assert_string_equal(back.form, form->id);
        assert_string_equal(back.form_hash, m.form_hash);
        assert_string_equal(back.city, "某市");
        assert_string_equal(back.sender, "990501");
        assert_string_equal(back.sender_name, "甲县");
        assert_int_equal(back.issue, 2);
        assert_int_equal(back.period, m.period);
        assert_int_equal(back.due, m.due);
        /* The ordinary reader, with nothing but the form given (the temporary name is nobody's). */
        options.form = form->id;
        options.today = fd_date_make(2025, 3, 1);
        options.confirm_units = true; /* made-up values */
        fd_buf_clear(&c->log);
        fd_buf_clear(&c->findings);
        assert_int_equal(fd_returns_read(&r, path, c->forms, &options, &handler), 0);
        if (r->state != FD_RETURNS_TAKEN)
            fail_msg("%s: %s", form->id, fd_buf_text(&c->findings));
        city_expect_not(&c->findings, " column ");
        city_expect_not(&c->findings, "fault header");
        city_expect_not(&c->findings, "hidden sheet");
        for (size_t k = 0; k < fd_template_count(t) && r->rejected == 0 && !form->is_long; k++) {
            const fd_template_column *col = fd_template_at(t, k);

            if (col->role == FD_TEMPLATE_ENTRY && !col->is_attribute)
                expect_entry(c, form, col, n);
        }
        written++;
        fd_returns_free(r);
        fd_template_free(t);
        unlink(path);
        free(path);
    }
    assert_true(written >= 10);
    assert_true(refused >= 3);
}

/* ---- a form by variant: energy by fuel ---- */

static size_t variant_of(const fd_template *t, const char *code)
{
    size_t i = 0;

    while (i < fd_template_variants(t) && strcmp(fd_template_variant(t, i), code) != 0)
        i++;
    assert_true(i < fd_template_variants(t));
    return i;
}

/* 10 bought and used, 8 of it in production. */
static int fuel(void *payload, const fd_template_column *c, size_t row, fd_template_value *out)
{
    static const struct {
        const char *item;
        int64_t number;
    } values[] = {
        { "energy_opening", 0 },      { "energy_bought", 1000 }, { "energy_used", 1000 },
        { "energy_industrial", 800 }, { "energy_other", 200 },   { "energy_closing", 0 }
    };

    (void)payload;
    (void)row;
    for (size_t i = 0; c->role == FD_TEMPLATE_ENTRY && i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i].item, c->item) == 0) {
            out->state = FD_HAS;
            out->number = (fd_decimal){ values[i].number, 2 };
            return 1;
        }
    return 0;
}

static void expect_figure(city *c, const fd_form *form, const char *segment, const char *figure)
{
    fd_buf want = FD_BUF_INIT;

    fd_buf_printf(&want, "%s %d=%s", segment, id_of(c, form, 0), figure);
    city_expect(&c->log, fd_buf_text(&want));
    fd_buf_dispose(&want);
}

static void by_variant(void **state)
{
    city *c = *state;
    const fd_form *form = fd_forms_find(c->forms, "f205_1");
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    fd_returns_handler handler = city_handler(c);
    fd_template_mark m = mark_of(form, fd_period_year(2024)), back;
    fd_arena *arena = fd_arena_new();
    fd_template_row rows[2], firm[8];
    fd_returns_result *r;
    fd_template *t;
    char seal[16], *path = temporary(".xlsx");

    assert_int_equal(fd_template_new(&t, form, m.period, fd_period_year(2023)), 0);
    assert_true(fd_template_variants(t) >= 39);
    assert_true(subjects_of(c, form, firm, 8) > 0);
    rows[0] = (fd_template_row){ firm[0].code, firm[0].name, variant_of(t, "33") };
    rows[1] = (fd_template_row){ firm[0].code, firm[0].name, variant_of(t, "40") };
    assert_true(fd_template_variant_always(t, rows[1].variant));
    assert_false(fd_template_variant_always(t, rows[0].variant));
    for (size_t i = 0; i < fd_template_count(t); i++) {
        const fd_template_column *e = fd_template_at(t, i);

        if (e->role == FD_TEMPLATE_ENTRY && strcmp(e->item, "energy_industrial") == 0) {
            assert_string_equal(fd_template_item(arena, t, e, rows[0].variant),
                                "energy_industrial:33");
            assert_string_equal(fd_template_item(arena, t, e, rows[1].variant), "energy_tce");
        }
    }
    /* The fingerprint names the variants, and the seal is over them, too. */
    snprintf(m.variants, sizeof m.variants, "33 40");
    fd_template_seal(m.seal, &m);
    assert_int_equal(fd_template_write(t, path, &m, NULL, rows, 2, fuel, NULL), 0);
    assert_int_equal(fd_template_mark_read(&back, path), 1);
    assert_string_equal(back.variants, "33 40");
    assert_false(back.altered);
    snprintf(back.variants, sizeof back.variants, "33");
    fd_template_seal(seal, &back);
    assert_string_not_equal(seal, m.seal);

    options.form = form->id;
    options.today = fd_date_make(2025, 3, 1);
    options.confirm_units = true;
    fd_buf_clear(&c->log);
    fd_buf_clear(&c->findings);
    assert_int_equal(fd_returns_read(&r, path, c->forms, &options, &handler), 0);
    if (r->state != FD_RETURNS_TAKEN || r->rejected)
        fail_msg("%s", fd_buf_text(&c->findings));
    expect_figure(c, form, "energy_used:33 2024 current:", "10.00@");
    expect_figure(c, form, "energy_industrial:33 2024 current:", "8.00@");
    expect_figure(c, form, "energy_tce 2024 current:", "8.00@");
    fd_returns_free(r);
    fd_template_free(t);
    fd_arena_free(arena);
    unlink(path);
    free(path);
}

/* ---- saved as CSV in GBK, columns and rows in another order ---- */

typedef struct grid {
    char *cells[64][64];
    size_t rows, columns[64];
} grid;

static void grid_read(grid *g, const char *path)
{
    fd_rows *rows = NULL;
    const fd_row *row;

    memset(g, 0, sizeof *g);
    assert_int_equal(fd_rows_open(&rows, path, NULL), 0);
    while (fd_rows_next(rows, &row) > 0) {
        assert_true(g->rows < 64 && row->count <= 64);
        for (size_t c = 0; c < row->count; c++) {
            const fd_cell *cell = &row->cells[c];
            bool repeated = cell->merged && c > 0;

            g->cells[g->rows][c] = fd_alloc(cell->text.len + 1);
            if (!repeated)
                memcpy(g->cells[g->rows][c], cell->text.ptr, cell->text.len);
        }
        g->columns[g->rows++] = row->count;
    }
    fd_rows_close(rows);
}

static void grid_write_gbk(const grid *g, const char *path, const size_t *order, size_t width)
{
    FILE *f = fopen(path, "wb");
    fd_csvw_options options = { FD_ENCODING_GB18030, ',', true };
    fd_csvw *w = NULL;

    assert_non_null(f);
    assert_int_equal(fd_csvw_new(&w, f, &options), 0);
    for (size_t i = 0; i < g->rows; i++) {
        /* header and titles stay, data goes from the last to the first */
        size_t r = i < 5 ? i : g->rows - 1 - (i - 5);

        for (size_t c = 0; c < width; c++) {
            size_t from = i < 4 ? c : order[c];

            fd_csvw_text(w, from < g->columns[r] ? g->cells[r][from] : "");
        }
        fd_csvw_end_row(w);
    }
    assert_int_equal(fd_csvw_finish(w), 0);
    fclose(f);
}

static void grid_free(grid *g)
{
    for (size_t r = 0; r < g->rows; r++)
        for (size_t c = 0; c < g->columns[r]; c++)
            free(g->cells[r][c]);
}

static void reordered_and_saved_as_gbk_csv(void **state)
{
    city *c = *state;
    const fd_form *form = fd_forms_find(c->forms, "dispatch");
    fd_period period = fd_period_cumulative(2025, 2);
    fd_template_mark m = mark_of(form, period), back;
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    fd_returns_handler handler = city_handler(c);
    fd_template *t = NULL;
    fd_template_row rows[8];
    size_t n = subjects_of(c, form, rows, 8), order[64], width;
    char *path = temporary(".xlsx"), *csv = temporary(".csv");
    fd_returns_result *r;
    grid g;

    assert_int_equal(fd_template_new(&t, form, period, fd_period_cumulative(2024, 12)), 0);
    assert_int_equal(fd_template_write(t, path, &m, NULL, rows, n, known, NULL), 0);
    grid_read(&g, path);
    width = fd_template_count(t);
    for (size_t i = 0; i < width; i++)
        order[i] = width - 1 - i;
    grid_write_gbk(&g, csv, order, width);
    grid_free(&g);
    assert_int_equal(fd_template_mark_read(&back, csv), 1);
    assert_false(back.hidden_sheet);
    assert_string_equal(back.form, "dispatch");
    assert_string_equal(back.sender, "990501");
    assert_int_equal(back.period, period);
    assert_int_equal(back.issue, 2);
    {
        char seal[16];

        fd_template_seal(seal, &m);
        assert_string_equal(back.seal, seal);
    }
    options.form = "dispatch";
    options.confirm_units = true;
    fd_buf_clear(&c->log);
    fd_buf_clear(&c->findings);
    assert_int_equal(fd_returns_read(&r, csv, c->forms, &options, &handler), 0);
    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_string_equal(r->encoding, "GB18030");
    assert_int_equal(r->accepted, n);
    for (size_t k = 0; k < width; k++) {
        const fd_template_column *col = fd_template_at(t, k);

        if (col->role == FD_TEMPLATE_ENTRY && !col->is_attribute)
            expect_entry(c, form, col, n);
    }
    fd_returns_free(r);
    fd_template_free(t);
    unlink(path);
    unlink(csv);
    free(path);
    free(csv);
}

/* ---- the fingerprint ---- */

static void write_file(const char *path, const char *text)
{
    assert_int_equal(fd_file_write(path, text, strlen(text)), 0);
}

static void the_line_alone(void **state)
{
    static const struct {
        const char *text;
        int found;
    } cases[] = {
        { "收表编号:dispatch|2025-01..02|county|990501|1|abcdef012345\n", 1 },
        { "x,收表编号：dispatch|2025-01..02|county|990501|12|abcdef012345\n", 1 },
        { "a\nb\n收表编号:f||enterprise|91990500MA0000011X|1|abcdef012345\n", 1 },
        { "收表编号:dispatch|2025-01..02|county|990501|1\n", 0 },          /* no seal */
        { "收表编号:dispatch|2025-01..02|county|990501|0|abc\n", 0 },      /* issue 0 */
        { "收表编号:dispatch|2025-13|county|990501|1|abc\n", 0 },          /* no month */
        { "收表编号:dispatch|2025-01..02|county||1|abc\n", 0 },            /* nobody */
        { "收表编号:|2025-01..02|county|990501|1|abc\n", 0 },              /* nothing */
        { "收表编号:dispatch|2025-01..02|county|990501|1|abc|more\n", 0 }, /* too many */
        { "收表编号:dispatch|2025-01..02|county|990501|1|0123456789abcdef0123\n", 0 },
        { "编号,名称\n1,x\n", 0 },
        { "", 0 },
    };
    char *path = temporary(".csv");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_template_mark m;

        write_file(path, cases[i].text);
        if (fd_template_mark_read(&m, path) != cases[i].found)
            fail_msg("case %zu", i);
        if (cases[i].found)
            assert_false(m.hidden_sheet);
    }
    unlink(path);
    free(path);
}

/* Somebody edits the hidden sheet, or carries rows with their line into another's template. */
static void an_altered_fingerprint_is_seen(void **state)
{
    static const char *const pairs[][2] = { { "fangding", "template 1" }, { "city", "某市" },
                                            { "form", "dispatch" },       { "form_hash", "00" },
                                            { "period", "2025-01..02" },  { "by", "county" },
                                            { "sender", "990502" },       { "issue", "1" },
                                            { "seal", "000000000000" } };
    city *c = *state;
    char *path = temporary(".xlsx");
    fd_template_mark m;
    fd_xlsxw *w = NULL;

    (void)c;
    assert_int_equal(fd_xlsxw_new(&w, path), 0);
    assert_int_equal(fd_xlsxw_sheet(w, "表"), 0);
    assert_int_equal(fd_xlsxw_text(w, 1, 1, FD_VIEW("x"), FD_XLSXW_PLAIN), 0);
    assert_int_equal(fd_xlsxw_sheet(w, FD_TEMPLATE_SHEET), 0);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (long k = 0; k < 2; k++)
            assert_int_equal(
                fd_xlsxw_text(w, (long)i + 1, k + 1, fd_view_of(pairs[i][k]), FD_XLSXW_PLAIN), 0);
    assert_int_equal(fd_xlsxw_finish(w), 0);
    assert_int_equal(fd_template_mark_read(&m, path), 1);
    assert_true(m.hidden_sheet && m.altered);
    assert_string_equal(m.sender, "990502");
    unlink(path);
    free(path);
}

static void the_form_hash_follows_the_form(void **state)
{
    city *c = *state;
    char a[20], b[20], again[20];

    assert_int_equal(fd_template_form_hash(a, fd_forms_find(c->forms, "dispatch")), 0);
    assert_int_equal(fd_template_form_hash(again, fd_forms_find(c->forms, "dispatch")), 0);
    assert_int_equal(fd_template_form_hash(b, fd_forms_find(c->forms, "power")), 0);
    assert_string_equal(a, again);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), 16);
}

/* ---- what must never be in it ---- */

/* Empty templates of every form hold no number of any target: neither as a number nor in a text. */
static void no_target_beside_an_entry(void **state)
{
    city *c = *state;
    size_t targets = 0;

    for (size_t i = 0; i < fd_forms_count(c->forms); i++) {
        const fd_form *form = fd_forms_at(c->forms, i);
        fd_template_mark m = mark_of(form, period_for(form));
        fd_template *t = NULL;
        fd_template_row rows[8];
        size_t n = subjects_of(c, form, rows, 8);
        char *path;
        fd_rows *reader = NULL;
        const fd_row *row;

        if (fd_template_new(&t, form, m.period,
                            m.period ? fd_period_step(m.period, -1) : m.period) < 0)
            continue;
        path = temporary(".xlsx");
        assert_int_equal(fd_template_write(t, path, &m, NULL, rows, n, nothing, NULL), 0);
        assert_int_equal(fd_rows_open(&reader, path, NULL), 0);
        while (fd_rows_next(reader, &row) > 0)
            for (size_t k = 0; k < row->count; k++) {
                fd_view text = row->cells[k].text;
                const fd_decl *decl;

                assert_int_not_equal(row->cells[k].kind, FD_CELL_NUMBER);
                assert_true(fd_view_find(text, "目标") < 0);
                for (size_t d = 0; (decl = fd_program_decl(c->program, FD_DECL_TARGET, d)); d++) {
                    const fd_target *target = fd_program_target(c->program, decl->alias);

                    assert_true(fd_view_find(text, decl->name) < 0);
                    assert_true(target != NULL);
                    targets++;
                }
            }
        fd_rows_close(reader);
        fd_template_free(t);
        unlink(path);
        free(path);
    }
    assert_true(targets > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_shipped_form_comes_back, city_open, city_close),
        cmocka_unit_test_setup_teardown(by_variant, city_open, city_close),
        cmocka_unit_test_setup_teardown(reordered_and_saved_as_gbk_csv, city_open, city_close),
        cmocka_unit_test(the_line_alone),
        cmocka_unit_test_setup_teardown(an_altered_fingerprint_is_seen, city_open, city_close),
        cmocka_unit_test_setup_teardown(the_form_hash_follows_the_form, city_open, city_close),
        cmocka_unit_test_setup_teardown(no_target_beside_an_entry, city_open, city_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
