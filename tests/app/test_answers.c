/*
 * What verbs answer: one set of numbers in every format, and what a role may not see never printed.
 */
#include "verb_world.h"

#include <ctype.h>
#include <math.h>
#include <jansson.h>

#include "base/map.h"
#include "io/rows.h"

/* ---- one set of numbers in every format ---- */

enum { MOST_ROWS = 64, MOST_CELLS = 16 };

/* Rows of a growth table whose first cell is a code: texts of their cells. */
typedef struct grid {
    char *cells[MOST_ROWS][MOST_CELLS];
    size_t widths[MOST_ROWS];
    size_t rows;
} grid;

static void put_cell(grid *g, const char *text, size_t length)
{
    assert_true(g->rows < MOST_ROWS && g->widths[g->rows] < MOST_CELLS);
    g->cells[g->rows][g->widths[g->rows]++] = strndup(text, length);
}

static void end_row(grid *g)
{
    g->rows++;
    g->widths[g->rows < MOST_ROWS ? g->rows : 0] = g->rows < MOST_ROWS ? 0 : g->widths[0];
}

static void free_grid(grid *g)
{
    for (size_t r = 0; r < g->rows; r++)
        for (size_t c = 0; c < g->widths[r]; c++)
            free(g->cells[r][c]);
    memset(g, 0, sizeof *g);
}

/* A code of the table: letters, digits, nothing else; not the header. */
static bool is_code(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]))
            return false;
    return length > 0 && (length != 4 || memcmp(text, "part", 4) != 0);
}

static void read_rows(grid *g, const char *path)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows = NULL;
    const fd_row *row;

    assert_int_equal(fd_rows_open(&rows, path, &options), 0);
    while (fd_rows_next(rows, &row) > 0) {
        if (row->count < 5 || !is_code(row->cells[0].text.ptr, row->cells[0].text.len))
            continue;
        for (size_t i = 0; i < row->count; i++)
            put_cell(g, row->cells[i].text.ptr, row->cells[i].text.len);
        end_row(g);
    }
    fd_rows_close(rows);
}

static void read_json(grid *g, const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, 0, &error), *columns, *rows, *row, *column;
    size_t r, c;

    if (!root)
        fail_msg("JSON, line %d: %s", error.line, error.text);
    columns = json_object_get(root, "columns");
    rows = json_object_get(root, "rows");
    assert_true(json_array_size(columns) > 4);
    json_array_foreach(rows, r, row)
    {
        json_array_foreach(columns, c, column)
        {
            const char *id = json_string_value(json_object_get(column, "id"));
            json_t *value = json_object_get(row, id);
            char buf[64];

            if (json_is_number(value)) {
                snprintf(buf, sizeof buf, "%.17g", json_number_value(value));
                put_cell(g, buf, strlen(buf));
            } else {
                const char *word = json_is_string(value) ? json_string_value(value) : "";

                put_cell(g, word, strlen(word));
            }
        }
        end_row(g);
    }
    json_decref(root);
}

static void read_markdown(grid *g, const char *text)
{
    for (const char *line = text; *line;) {
        const char *end = line + strcspn(line, "\n"), *cell = line + 2;
        const char *stop = strstr(line, " |");

        if (strncmp(line, "| ", 2) == 0 && stop && stop < end &&
            is_code(cell, (size_t)(stop - cell))) {
            while (cell < end && (stop = strstr(cell, " |")) && stop < end + 1) {
                put_cell(g, cell, (size_t)(stop - cell));
                cell = stop + (stop[2] == ' ' ? 3 : 2);
            }
            end_row(g);
        }
        line = *end ? end + 1 : end;
    }
}

static bool number_of(double *out, const char *text)
{
    char *end;

    if (!isdigit((unsigned char)text[0]) && text[0] != '-')
        return false;
    *out = strtod(text, &end);
    return *end == '\0';
}

/* The same cells hold numbers, and the same numbers: to the digits printed where they are rounded.
 */
static void same_numbers(const grid *exact, const grid *other, const char *format, bool rounded)
{
    size_t compared = 0;

    assert_int_equal(other->rows, exact->rows);
    for (size_t r = 0; r < exact->rows; r++) {
        assert_string_equal(other->cells[r][0], exact->cells[r][0]);
        for (size_t c = 2; c < exact->widths[r]; c++) {
            const char *a = exact->cells[r][c], *b = c < other->widths[r] ? other->cells[r][c] : "";
            const char *point = strchr(b, '.');
            double x = 0, y = 0, limit;

            if (!number_of(&x, a)) {
                if (number_of(&y, b))
                    fail_msg("%s: %s has a number where CSV has none: %s", format,
                             exact->cells[r][0], b);
                continue;
            }
            if (!number_of(&y, b))
                fail_msg("%s: %s, column %zu: \"%s\" for %s", format, exact->cells[r][0], c, b, a);
            /* CSV and JSON give quotients to twelve digits, a spreadsheet all of a double. */
            limit = fabs(x) * 1e-11 +
                    (rounded ? 0.5 * pow(10, point ? -(double)strlen(point + 1) : 0) : 0);
            if (fabs(x - y) > limit)
                fail_msg("%s: %s, column %zu: %s for %s", format, exact->cells[r][0], c, b, a);
            compared++;
        }
    }
    assert_true(compared > 30);
}

static void every_format_gives_the_same_numbers(void **state)
{
    static const char *const lines[] = {
        "growth dispatch_revenue --to 2024-01..12 --by chain --reported",
        "growth county_growth --to 2024-01..12 --by county",
        "growth value_added --from 2023 --to 2024 --by county",
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        static const char *const formats[] = { "csv", "json", "md", "xlsx --output t.xlsx" };
        grid grids[4] = { 0 };

        for (size_t f = 0; f < 4; f++) {
            char line[256], *text = NULL;

            snprintf(line, sizeof line, "%s --city out/huanzhou.fangding --format %s", lines[i],
                     formats[f]);
            assert_int_equal(run(&text, line), 0);
            if (f == 0) {
                write_file("t.csv", text);
                read_rows(&grids[f], "t.csv");
            } else if (f == 1)
                read_json(&grids[f], text);
            else if (f == 2)
                read_markdown(&grids[f], text);
            else
                read_rows(&grids[f], "t.xlsx");
            free(text);
        }
        for (size_t f = 1; f < 4; f++)
            same_numbers(&grids[0], &grids[f], formats[f], f == 2);
        for (size_t f = 0; f < 4; f++)
            free_grid(&grids[f]);
    }
}

/* ---- what a role may not see ---- */

/* A credit code of the example (region 9905) anywhere in a text. */
static bool names_an_enterprise(const char *text)
{
    for (const char *at = text; (at = strstr(at, "919905")); at++) {
        size_t n = 0;

        while (isalnum((unsigned char)at[n]))
            n++;
        if (n == 18)
            return true;
    }
    return strstr(text, "有限公司") != NULL || strstr(text, "有限责任公司") != NULL;
}

/* The viewer: published cells and sums; no enterprise by any verb. */
static void the_viewer_sees_no_enterprise(void **state)
{
    static const char *const answered[] = {
        "measure dispatch_revenue_total --at 2024-01..12 --by county --format csv",
        "measure sei_share --at 2024 --by county,chain --format csv",
        "why dispatch_revenue_total --at 2024-01..12 --largest 50 --format csv",
        "why sei_share --at 2024 --largest 50 --format csv",
        "growth dispatch_revenue --to 2024-01..12 --by industry --reported --format csv",
        "export facts --format csv",
        "status",
        "status --format csv",
        "show",
        "show items",
        "show sources",
        "published",
        "target",
        "trace",
    };
    static const char *const refused[] = {
        "measure dispatch_revenue_total --at 2024-01..12 --by enterprise",
        "measure dispatch_revenue_total --at 2024-01..12 --by county,企业",
        "why dispatch_revenue_total --at 2024-01..12 --by enterprise",
        "growth dispatch_revenue --to 2024-01..12 --by enterprise --reported",
        "export enterprises",
        "show 洹西钢铁",
        "history 洹西钢铁",
        "history 洹西钢铁 dispatch_output",
        "correct 洹西钢铁 dispatch_output 1 --at 2024-01..12 --reason 试",
        "publish va_county_chain --at 2024",
    };

    (void)state;
    for (size_t i = 0; i < sizeof answered / sizeof *answered; i++) {
        char line[256], *text = NULL;

        snprintf(line, sizeof line, "%s --role 浏览 --city out/huanzhou.fangding", answered[i]);
        if (run(&text, line) < 0)
            fail_msg("%s: %s", answered[i], fd_error_last()->message[FD_EN]);
        /* trace prints commands to type, and one of them is typed with a firm's name. */
        if (strcmp(answered[i], "trace") != 0 && names_an_enterprise(text))
            fail_msg("%s names an enterprise", answered[i]);
        free(text);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char line[256], *text = NULL;
        int err;

        snprintf(line, sizeof line, "%s --role 浏览 --city out/huanzhou.fangding", refused[i]);
        err = run(&text, line);
        if (err != FD_EDENIED || !blank(text))
            fail_msg("%s: answered %d: %.80s", refused[i], err, text);
        free(text);
    }
}

/* Items of statistical origin, each walked through every verb that shows facts. */
static void statistical_cells_stay_closed(void **state)
{
    static const char code[] = "代码";
    fd_city *city = NULL;
    fd_table *items = NULL;
    char *text = NULL, firm[19] = "", *at;
    size_t walked = 0;
    const char *last = "";

    (void)state;
    assert_int_equal(run(&text, "show 洹西钢铁 --city out/huanzhou.fangding --format csv"), 0);
    assert_non_null(at = strstr(text, code));
    at = strstr(at, "919905");
    assert_non_null(at);
    memcpy(firm, at, 18);
    assert_int_equal(fd_city_open(&city, "out/huanzhou.fangding", 0, false), 0);
    assert_int_equal(fd_reader_items(city->reader, &items), 0);
    for (size_t i = 0; i < items->rows; i++) {
        const char *id = fd_column_text(items->columns[fd_table_find(items, "item")], i);
        const char *origin = fd_column_text(items->columns[fd_table_find(items, "origin")], i);
        const fd_item *item = fd_program_item(city->program, id);
        char line[256], cell[96], *answer = NULL;

        if (strcmp(origin, "statistical") != 0 || strcmp(id, last) == 0)
            continue;
        last = id;
        walked++;
        /* show of the firm: no line of the item */
        snprintf(cell, sizeof cell, "\n%s,", item ? item->name : id);
        if (strstr(text, cell))
            fail_msg("show gives %s", id);
        snprintf(line, sizeof line,
                 "export facts --item %s --city out/huanzhou.fangding --format csv", id);
        assert_int_equal(run(&answer, line), 0);
        if (strstr(answer, ",enterprise,"))
            fail_msg("%s gives cells", line);
        free(answer);
        if (!item)
            continue; /* a variant of an item: history and growth take the item */
        snprintf(line, sizeof line, "history %s %s --city out/huanzhou.fangding", firm, id);
        if (run(&answer, line) != FD_EDENIED || !blank(answer))
            fail_msg("%s answers %s", line, answer);
        free(answer);
        snprintf(line, sizeof line, "growth %s --from 2023 --to 2024 --by enterprise --city %s", id,
                 "out/huanzhou.fangding");
        if (run(&answer, line) >= 0 && names_an_enterprise(answer))
            fail_msg("%s answers %s", line, answer);
        free(answer);
    }
    assert_true(walked > 60);
    free(text);
    fd_table_free(items);
    fd_city_free(city);
}

/* Every listed subject stands below an unconditional count, never below a sum or a count with a
 * condition. Columns of the CSV: id, parent, order, label, label_en, … kind …; ids run from 1. */
/* One hidden cell in a line whose sum another table shows is no secret: by subtraction it is one
 * enterprise's figure. */
static void no_cell_is_hidden_alone(void **state)
{
    static const struct {
        const char *by;
        size_t columns[2]; /* of the codes */
        size_t prefix;     /* the first dimension's lines: of its first bytes, 0 the whole */
    } cases[] = { { "county,chain", { 1, 3 }, 0 },
                  { "county,division", { 1, 3 }, 0 },
                  { "county,size", { 1, 3 }, 0 },
                  { "industry", { 1, 1 }, 2 } };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (size_t side = 0; side < 2; side++) {
            fd_map *hidden = fd_map_new();
            char line[160], *text = NULL;
            fd_view rest, row;
            size_t all = 0;

            snprintf(line, sizeof line,
                     "measure value_added_total --at 2024 --by %s --format csv --city "
                     "out/huanzhou.fangding",
                     cases[k].by);
            assert_true(run(&text, line) >= 0);
            rest = fd_view_of(text);
            (void)fd_view_split(&rest, '\n', &row);
            assert_non_null(strstr(text, "suppressed"));
            while (fd_view_split(&rest, '\n', &row) && row.len) {
                fd_view cell, key = { "", 0 }, last = { "", 0 };
                uint64_t n;

                for (size_t c = 0; fd_view_split(&row, ',', &cell); c++) {
                    if (c == cases[k].columns[side])
                        key = cell;
                    last = cell;
                }
                last = fd_view_trim(last);
                if (cases[k].prefix && key.len > cases[k].prefix)
                    key.len = cases[k].prefix;
                /* the number of hidden cells, and 1000 for each that is shown */
                n = fd_map_intern(hidden, key, 0) + (last.len ? 1 : 1000);
                fd_map_set(hidden, key, n);
                all += last.len > 0;
            }
            assert_true(all > 1);
            for (size_t i = 0; i < fd_map_count(hidden); i++)
                if (fd_map_value(hidden, i) % 1000 == 1 && fd_map_value(hidden, i) > 1000)
                    fail_msg("by %s: one cell alone is hidden in line %.*s", cases[k].by,
                             (int)fd_map_key(hidden, i).len, fd_map_key(hidden, i).ptr);
            fd_map_free(hidden);
            free(text);
        }
}

static void listed_by_condition(const char *answer, const char *line)
{
    enum { MOST = 4096 };
    static long parents[MOST];
    static bool plain[MOST], sums[MOST];

    memset(parents, 0, sizeof parents);
    memset(plain, 0, sizeof plain);
    memset(sums, 0, sizeof sums);
    for (const char *row = strchr(answer, '\n'); row && row[1]; row = strchr(row + 1, '\n')) {
        const char *end = row + 1 + strcspn(row + 1, "\n");
        char text[1024];
        long id = atol(row + 1), up;

        if (id <= 0 || id >= MOST)
            continue;
        snprintf(text, sizeof text, "%.*s", (int)(end - row - 1), row + 1);
        parents[id] = atol(strchr(text, ',') + 1);
        sums[id] = strstr(text, ",sum,") != NULL;
        plain[id] = strstr(text, ",count(),") != NULL;
        if (!strstr(text, ",subject,"))
            continue;
        for (up = parents[id]; up > 0 && !sums[up]; up = parents[up])
            ;
        if (up <= 0 || !plain[up])
            fail_msg("%s lists whom a condition picked: %s", line, text);
    }
}

/* No line of a long list by enterprise has a value; a why lists nobody and no cell. */
static void indicators_of_returns_give_no_enterprise(void **state)
{
    fd_city *city = NULL;
    const fd_decl *decl;
    size_t walked = 0;

    (void)state;
    assert_int_equal(fd_city_open(&city, "out/huanzhou.fangding", 0, false), 0);
    for (size_t i = 0; (decl = fd_program_decl(city->program, FD_DECL_INDICATOR, i)); i++) {
        const fd_indicator *indicator = fd_program_indicator(city->program, decl->alias);
        char line[256], *answer = NULL;
        bool returns = false;

        for (size_t k = 0; k < indicator->source_count; k++)
            returns = returns || strncmp(indicator->sources[k], "B103", 4) == 0 ||
                      strncmp(indicator->sources[k], "B104", 4) == 0;
        if (!returns || strcmp(indicator->kind, "enterprise") != 0)
            continue;
        walked++;
        snprintf(line, sizeof line,
                 "measure %s --at 2024 --by enterprise --city out/huanzhou.fangding --format csv",
                 decl->alias);
        assert_int_equal(run(&answer, line), 0);
        for (char *row = answer; row && *row;) {
            char *end = strchr(row, '\n'), *value = strstr(row, ",2024,");

            if (value && value < end && value[6] != ',')
                fail_msg("%s: %.*s", line, (int)(end - row), row);
            row = end ? end + 1 : NULL;
        }
        free(answer);
        snprintf(line, sizeof line,
                 "why %s --at 2024 --city out/huanzhou.fangding --largest 3 --format csv",
                 decl->alias);
        assert_int_equal(run(&answer, line), 0);
        if (strstr(answer, ",cell,") || strstr(answer, ".xlsx"))
            fail_msg("%s reaches a cell", line);
        /* 计数() counts the register: its members may be listed, what a condition picked may not.
         */
        if (strstr(answer, ",subject,") && !strstr(answer, ",count(),"))
            fail_msg("%s lists enterprises", line);
        listed_by_condition(answer, line);
        free(answer);
    }
    assert_true(walked > 20);
    fd_city_free(city);
}

/* "profit > X" asked of one firm again and again would tell its profit; by whatever verb or
 * breakdown, and through an indicator as well as an item. Attributes of the register may filter. */
static void no_filter_asks_a_return(void **state)
{
    static const char *const refused[] = {
        "measure firm_count --at 2024 --by enterprise --where '利润总额 > 80000 万元'",
        "measure firm_count --at 2024 --by county --where '利润总额 > 80000 万元'",
        "measure firm_count --at 2024 --where '工业增加值 > 1000 万元'",
        "measure dispatch_revenue_total --at 2024-01..12 --where '规模 = 大型 且 利润总额[2024] > "
        "1 "
        "万元'",
        "why firm_count --at 2024 --where '利润总额 > 80000 万元'",
        "growth dispatch_revenue --to 2024-01..12 --by enterprise --reported --where "
        "'利润总额[2024] "
        "> 1 万元'",
    };
    static const char *const allowed[] = {
        "measure firm_count --at 2024 --by county --where '规模 = 大型'",
        "measure sei_share --at 2024 --where '规模 = 大型'",
        "measure dispatch_revenue_total --at 2024-01..12 --where '调度产值 > 1000 万元'",
        "measure firm_count --at 2024 --where '利润总额 > 80000 万元' --role 统计",
    };

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char line[512], *text = NULL;
        int err;

        snprintf(line, sizeof line, "%s --city out/huanzhou.fangding", refused[i]);
        err = run(&text, line);
        if (err != FD_EDENIED || !blank(text))
            fail_msg("%s: answered %d (%s): %.80s", line, err, fd_error_last()->message[FD_EN],
                     text);
        free(text);
    }
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        char line[512];

        snprintf(line, sizeof line, "%s --city out/huanzhou.fangding", allowed[i]);
        must_run(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_gives_the_same_numbers),
        cmocka_unit_test(the_viewer_sees_no_enterprise),
        cmocka_unit_test(statistical_cells_stay_closed),
        cmocka_unit_test(no_cell_is_hidden_alone),
        cmocka_unit_test(indicators_of_returns_give_no_enterprise),
        cmocka_unit_test(no_filter_asks_a_return),
    };

    return cmocka_run_group_tests_name("app: answers", tests, setup, teardown);
}
