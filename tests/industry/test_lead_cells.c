/* Lead cells as declared: names or codes, twice, without owner, too few, too many. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fangding/industry.h"
#include "mock_source.h"

enum { FIELDS = 6 };

static const char *const *given; /* rows of id, state, county, chain, owner, since */
static size_t given_rows;

static int records(fd_source *s, const char *type, fd_date at, fd_table **out)
{
    static const char *const names[FIELDS] = { "id", "state", "county", "chain", "owner", "since" };
    fd_table *t = fd_table_new(type, type, type);

    (void)s;
    assert_string_equal(type, "lead_cell");
    for (size_t c = 0; c < FIELDS; c++)
        fd_table_add_new(t, names[c], names[c], names[c], c == 5 ? FD_DATE : FD_TEXT, "", 0);
    for (size_t i = 0; i < given_rows; i++) {
        const char *const *row = &given[i * FIELDS];
        fd_date since = fd_date_make(atoi(row[5]), 1, 1);
        size_t at_row;

        if (since > at)
            continue;
        at_row = fd_table_add_row(t);
        for (size_t c = 0; c < 5; c++)
            if (row[c])
                fd_column_set_text(t->columns[c], at_row, row[c]);
        fd_column_set_day(t->columns[5], at_row, since);
    }
    *out = t;
    return 0;
}

static fd_source_ops ops;

static fd_source *world(void)
{
    fd_source *s = mock_source_new();

    mock_frame(s, "county", 2, (const char *[]){ "990501", "990502" },
               (const char *[]){ "洹东区", "洹西区" });
    mock_frame(s, "chain", 4, (const char *[]){ "U2", "L1", "L4", "E1" },
               (const char *[]){ "食品制造", "精品钢", "文化旅游", "新材料" });
    ops = *s->ops;
    ops.records = records;
    s->ops = &ops;
    return s;
}

static const char *const good[] = {
    "Z1",       "指定", "990501",   "U2",   "县工信局", "2023", "Z2",       "指定",
    "洹东区",   "L1",   "县工信局", "2023", "Z3",       "指定", "洹西区",   "精品钢",
    "县工信局", "2024", "Z4",       "指定", "990502",   "E1",   "县工信局", "2023",
    "Z5",       "解除", "990502",   "U2",   "县工信局", "2023",
};

static bool found(const fd_lead_cells *all, const char *where, const char *words)
{
    for (size_t i = 0; i < all->findings->rows; i++)
        if (strcmp(fd_column_text(all->findings->columns[0], i), where) == 0 &&
            strstr(fd_column_text(all->findings->columns[1], i), words))
            return true;
    return false;
}

static void make(fd_lead_cells *out, const char *const *rows, size_t n, fd_date at)
{
    fd_source *s = world();

    given = rows;
    given_rows = n;
    assert_int_equal(fd_lead_cells_make(out, s, at), 0);
    mock_source_free(s);
}

static void a_whole_declaration_holds(void **state)
{
    fd_lead_cells all;

    (void)state;
    make(&all, good, 5, FD_DATE_MAX);
    assert_int_equal(all.findings->rows, 0);
    assert_int_equal(all.cells->rows, 4); /* the one taken back does not count */
    assert_string_equal(fd_column_text(all.cells->columns[1], 1), "990501"); /* by name */
    assert_string_equal(fd_column_text(all.cells->columns[3], 2), "L1");
    assert_string_equal(fd_column_text(all.cells->columns[5], 0), "县工信局");
    assert_int_equal(all.cells->columns[6]->v.day[2], fd_date_make(2024, 1, 1));
    fd_lead_cells_dispose(&all);
}

static void it_has_a_date(void **state)
{
    fd_lead_cells all;

    (void)state;
    make(&all, good, 5, fd_date_make(2023, 6, 30));
    assert_int_equal(all.cells->rows, 3);
    assert_true(found(&all, "洹西区", "主导 1 条链"));
    assert_true(found(&all, "", "共 3 个,不在 4 到 6 之间"));
    fd_lead_cells_dispose(&all);
}

static void what_is_wrong_is_named(void **state)
{
    static const char *const rows[] = {
        "A", "指定", "990501", "U2", NULL, "2023", "B", "指定", "990501", "U2", "局", "2023",
        "C", "指定", "990501", "X9", "局", "2023", "D", "指定", "某县",   "U2", "局", "2023",
        "E", "指定", "990502", "U2", "局", "2023", "F", "指定", "990502", "L1", "局", "2023",
        "G", "指定", "990502", "L4", "局", "2023", "H", "指定", "990502", "E1", "局", "2023",
    };
    fd_lead_cells all;

    (void)state;
    make(&all, rows, 8, FD_DATE_MAX);
    assert_true(found(&all, "洹东区", "没有写牵头单位"));
    assert_true(found(&all, "洹东区", "登记了两次"));
    assert_true(found(&all, "X9", "没有这条产业链"));
    assert_true(found(&all, "某县", "没有这个县区"));
    assert_true(found(&all, "洹东区", "主导 1 条链"));
    assert_true(found(&all, "洹西区", "主导 4 条链"));
    assert_int_equal(all.findings->rows, 6); /* five in all lie between four and six */
    fd_lead_cells_dispose(&all);
}

static void nothing_declared_is_no_finding(void **state)
{
    fd_lead_cells all;

    (void)state;
    make(&all, NULL, 0, FD_DATE_MAX);
    assert_int_equal(all.cells->rows + all.findings->rows, 0);
    fd_lead_cells_dispose(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_declaration_holds),
        cmocka_unit_test(it_has_a_date),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(nothing_declared_is_no_finding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
