/* Columns, operations and printers of the table. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/source.h"
#include "fangding/table.h"
#include "table/jsonw.h"

/* county, industry, output; one cell of each state */
static fd_table *sample(void)
{
    fd_table *t = fd_table_new("sample", "样表", "Sample");
    static const struct {
        const char *county, *industry;
        int64_t output;
        fd_state state;
    } rows[] = {
        { "林虑市", "31", 125000, FD_HAS }, { "汤源县", "13", 20050, FD_HAS },
        { "林虑市", "30", 0, FD_NA },       { "汤源县", "14", 0, FD_MISSING },
        { "内河县", "27", 300, FD_DOUBT },  { "内河县", "27", 700, FD_HAS },
    };

    fd_table_add_new(t, "county", "县区", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "industry", "行业", "Industry", FD_CODE, "", 0);
    fd_table_add_new(t, "output", "产值", "Output", FD_DEC, "万元", 2);
    for (size_t i = 0; i < 6; i++) {
        size_t r = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], r, rows[i].county);
        fd_column_set_text(t->columns[1], r, rows[i].industry);
        if (rows[i].state == FD_HAS || rows[i].state == FD_DOUBT)
            fd_column_set_dec(t->columns[2], r, rows[i].output);
        fd_column_set_state(t->columns[2], r, rows[i].state);
    }
    return t;
}

static char *printed(const fd_table *t, fd_format format, fd_lang lang)
{
    fd_print_options o = FD_PRINT_OPTIONS_INIT;
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);

    o.format = format;
    o.lang = lang;
    assert_int_equal(fd_table_print(t, f, &o), 0);
    fclose(f);
    return text;
}

static void states_live_beside_values(void **state)
{
    fd_column *c = fd_column_new("x", FD_DEC, "人", 0, 70);

    (void)state;
    assert_int_equal(fd_column_state(c, 69), FD_MISSING);
    fd_column_set_dec(c, 69, 7);
    fd_column_set_state(c, 69, FD_DOUBT);
    assert_int_equal(fd_column_state(c, 69), FD_DOUBT);
    assert_true(c->v.dec[69] == 7);
    fd_column_set_state(c, 69, FD_NA);
    assert_int_equal(fd_column_state(c, 69), FD_NA);
    assert_true(c->v.dec[69] == 0);
    fd_column_resize(c, 500);
    assert_int_equal(fd_column_state(c, 69), FD_NA);
    assert_int_equal(fd_column_state(c, 499), FD_MISSING);
    fd_column_set_dec(c, 499, 1);
    fd_column_set_contributors(c, 499, 3, 2.0, 1.0);
    fd_column_resize(c, 2000);
    assert_int_equal(c->contributors[499], 3);
    fd_column_unref(fd_column_ref(c));
    fd_column_unref(c);
}

static void groups(void **state)
{
    static const char *const keys[] = { "county" };
    static const fd_agg_spec specs[] = { { "output", FD_AGG_SUM, NULL },
                                         { "output", FD_AGG_MEAN, "mean" },
                                         { "output", FD_AGG_COUNT, "n" },
                                         { "output", FD_AGG_MAX, "largest" } };
    fd_table *t = sample(), *g = NULL;
    char *csv;

    (void)state;
    assert_int_equal(fd_table_group(&g, t, keys, 1, specs, 4), 0);
    assert_int_equal(g->rows, 3);
    assert_string_equal(fd_column_text(g->columns[0], 0), "林虑市");
    assert_true(g->columns[1]->v.dec[0] == 125000);                  /* 不适用 is skipped */
    assert_int_equal(fd_column_state(g->columns[1], 1), FD_MISSING); /* 缺报 is not a zero */
    assert_int_equal(fd_column_state(g->columns[1], 2), FD_DOUBT);   /* 待核 travels */
    assert_true(g->columns[1]->v.dec[2] == 1000);
    csv = printed(g, FD_FORMAT_CSV, FD_ZH);
    assert_string_equal(csv, "county,output,mean,n,largest\n林虑市,1250.00,1250,1,1250.00\n汤源县,,"
                             ",1,\n内河县,10.00,5,2,7.00\n");
    free(csv);
    fd_table_free(g);
    assert_int_equal(fd_table_group(&g, t, (const char *const[]){ "nowhere" }, 1, specs, 1),
                     FD_ENOTFOUND);
    assert_null(g);
    fd_table_free(t);
}

static void a_sum_past_64_bits_is_an_error(void **state)
{
    fd_table *t = fd_table_new("t", "", ""), *g = NULL;
    fd_column *c = fd_table_add_new(t, "x", "x", "x", FD_DEC, "", 0);

    (void)state;
    for (int i = 0; i < 2; i++)
        fd_column_set_dec(c, fd_table_add_row(t), INT64_MAX);
    assert_int_equal(fd_table_group(&g, t, NULL, 0,
                                    (const fd_agg_spec[]){ { "x", FD_AGG_SUM, NULL } }, 1),
                     FD_EOVERFLOW);
    assert_null(g);
    fd_table_free(t);
}

static void sorts_stably_with_gaps_last(void **state)
{
    fd_table *t = sample(), *s = NULL;
    char *csv;

    (void)state;
    assert_int_equal(fd_table_sort(&s, t, (const fd_sort_key[]){ { "output", true } }, 1), 0);
    csv = printed(s, FD_FORMAT_CSV, FD_ZH);
    assert_string_equal(csv, "county,industry,output\n林虑市,31,1250.00\n汤源县,13,200.50\n内河县,"
                             "27,7.00\n内河县,27,3.00\n"
                             "林虑市,30,\n汤源县,14,\n");
    free(csv);
    fd_table_free(s);
    fd_table_free(t);
}

static void joins(void **state)
{
    fd_table *left = sample(), *right = fd_table_new("names", "", ""), *j = NULL;
    fd_column *code = fd_table_add_new(right, "industry", "行业", "Industry", FD_CODE, "", 0);
    fd_column *name = fd_table_add_new(right, "name", "名称", "Name", FD_TEXT, "", 0);
    static const char *const keys[] = { "industry" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        size_t r = fd_table_add_row(right);

        fd_column_set_text(code, r, i ? "13" : "31");
        fd_column_set_text(name, r, i ? "农副食品" : "钢铁");
    }
    assert_int_equal(fd_table_join(&j, left, right, keys, 1), 0);
    assert_string_equal(fd_column_text(j->columns[3], 0), "钢铁");
    assert_string_equal(fd_column_text(j->columns[3], 1), "农副食品");
    assert_null(fd_column_text(j->columns[3], 2));
    fd_table_free(j);
    fd_column_set_text(code, 1, "31");
    assert_int_equal(fd_table_join(&j, left, right, keys, 1), FD_ECONFLICT);
    fd_table_free(left);
    fd_table_free(right);
}

static void pivots(void **state)
{
    fd_table *t = sample(), *p = NULL, *some = NULL;
    static const bool keep[] = { true, true, true, true, true, false };
    char *csv;

    (void)state;
    assert_int_equal(fd_table_pivot(&p, t, "county", "industry", "output"), FD_ECONFLICT);
    assert_int_equal(fd_table_filter(&some, t, keep), 0);
    assert_int_equal(fd_table_pivot(&p, some, "county", "industry", "output"), 0);
    csv = printed(p, FD_FORMAT_CSV, FD_ZH);
    assert_string_equal(
        csv, "county,31,13,30,14,27\n林虑市,1250.00,,,,\n汤源县,,200.50,,,\n内河县,,,,,3.00\n");
    free(csv);
    fd_table_free(p);
    fd_table_free(some);
    fd_table_free(t);
}

static void prints_aligned_by_east_asian_width(void **state)
{
    fd_table *t = sample();
    char *text;

    (void)state;
    fd_table_add_note(t, "示例", "synthetic");
    fd_table_add_note(t, "示例", "synthetic");
    text = printed(t, FD_FORMAT_TABLE, FD_ZH);
    assert_string_equal(text, "样表\n"
                              "县区    行业  产值(万元)\n"
                              "────────────────────────\n"
                              "林虑市  31      1250.00\n"
                              "汤源县  13       200.50\n"
                              "林虑市  30        不适用\n"
                              "汤源县  14          缺报\n"
                              "内河县  27         3.00?\n"
                              "内河县  27         7.00\n"
                              "注:示例\n");
    free(text);
    text = printed(t, FD_FORMAT_MD, FD_EN);
    assert_non_null(strstr(text, "| 林虑市 | 30 | n/a |"));
    assert_non_null(strstr(text, "> note: synthetic"));
    free(text);
    text = printed(t, FD_FORMAT_JSON, FD_ZH);
    assert_non_null(strstr(text, "{\"county\":\"林虑市\",\"industry\":\"31\",\"output\":1250.00}"));
    assert_non_null(strstr(text, "\"output\":null,\"_states\":{\"output\":\"missing\"}"));
    free(text);
    fd_table_free(t);
}

static void csv_quotes_and_exact_quotients(void **state)
{
    fd_table *t = fd_table_new("t", "", "");
    fd_column *text = fd_table_add_new(t, "a", "a", "a", FD_TEXT, "", 0);
    fd_column *q = fd_table_add_new(t, "q", "q", "q", FD_QUOT, "", 0);
    fd_column *e = fd_table_add_new(t, "e", "e", "e", FD_EST, "", 0);
    static const char *const texts[] = { "a,b", "say \"x\"", "two\nlines", "plain" };
    static const int64_t parts[][2] = { { 1, 8 }, { 1, 3 }, { 200000, 3 }, { 1, 30000 } };
    char *csv;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        size_t r = fd_table_add_row(t);
        fd_quot v;

        fd_column_set_text(text, r, texts[i]);
        assert_int_equal(fd_quot_make(&v, parts[i][0], parts[i][1]), 0);
        fd_column_set_quot(q, r, v);
        fd_column_set_est(e, r, i == 3 ? (double)NAN : 0.1 * (double)i);
    }
    csv = printed(t, FD_FORMAT_CSV, FD_ZH);
    assert_string_equal(csv, "a,q,e\n\"a,b\",0.125,0\n\"say \"\"x\"\"\",0.333333333333,0.1\n"
                             "\"two\nlines\",66666.6666667,0.2\nplain,0.0000333333333333,\n");
    free(csv);
    fd_table_free(t);
}

static void trees_print_with_branches(void **state)
{
    fd_table *t = fd_table_new("why", "", "");
    static const char *const rows[][3] = {
        { "1", "", "占比" }, { "2", "1", "分子" }, { "3", "1", "分母" }, { "4", "2", "企业甲" }
    };
    fd_print_options o = FD_PRINT_OPTIONS_INIT;
    char *text = NULL;
    size_t size;
    FILE *f;

    (void)state;
    fd_table_add_new(t, "id", "编号", "Id", FD_TEXT, "", 0);
    fd_table_add_new(t, "parent", "上级", "Parent", FD_TEXT, "", 0);
    fd_table_add_new(t, "label", "项", "Label", FD_TEXT, "", 0);
    fd_table_add_new(t, "value", "值", "Value", FD_DEC, "%", 1);
    for (size_t i = 0; i < 4; i++) {
        size_t r = fd_table_add_row(t);

        for (size_t c = 0; c < 3; c++)
            fd_column_set_text(t->columns[c], r, rows[i][c]);
        fd_column_set_dec(t->columns[3], r, (int64_t)i);
    }
    t->parent_column = 1;
    f = open_memstream(&text, &size);
    assert_int_equal(fd_table_print_tree(t, f, &o), 0);
    fclose(f);
    assert_string_equal(
        text,
        "占比          0.0 %\n├ 分子        0.1 %\n│ └ 企业甲    0.3 %\n└ 分母        0.2 %\n");
    free(text);
    fd_column_set_text(t->columns[1], 3, "nowhere");
    f = open_memstream(&text, &size);
    assert_int_equal(fd_table_print_tree(t, f, &o), FD_ECONFLICT);
    fclose(f);
    free(text);
    fd_table_free(t);
}

static void json_escapes_and_shortest_doubles(void **state)
{
    static const double values[] = { 0.1, 1.0 / 3, 1e300, 5e-324, 123456789012345680.0 };
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;

    (void)state;
    fd_jsonw_init(&w, &out);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "a\"\\\n\x01");
    fd_jsonw_array(&w);
    fd_jsonw_int(&w, INT64_MIN);
    fd_jsonw_double(&w, (double)INFINITY);
    fd_jsonw_bool(&w, true);
    fd_jsonw_string(&w, NULL);
    fd_jsonw_end_array(&w);
    fd_jsonw_end_object(&w);
    assert_string_equal(fd_buf_text(&out),
                        "{\"a\\\"\\\\\\n\\u0001\":[-9223372036854775808,null,true,null]}");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char text[32];

        fd_double_shortest(values[i], text, sizeof text);
        assert_true(strtod(text, NULL) == values[i]);
    }
    fd_buf_dispose(&out);
}

static void text_by_column_name(void **state)
{
    fd_table *t = fd_table_new("t", "t", "t");

    (void)state;
    fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);
    fd_table_add_new(t, "n", "数", "Number", FD_DEC, "", 0);
    fd_table_add_row(t);
    fd_table_add_row(t);
    fd_column_set_text(t->columns[0], 0, "甲");
    fd_column_set_dec(t->columns[1], 0, 3);
    assert_string_equal(fd_table_text(t, "name", 0), "甲");
    assert_string_equal(fd_table_text(t, "name", 1), "");
    assert_string_equal(fd_table_text(t, "name", 2), "");
    assert_string_equal(fd_table_text(t, "n", 0), "");
    assert_string_equal(fd_table_text(t, "nobody", 0), "");
    fd_table_free(t);
}

static void subjects_by_id(void **state)
{
    static const int32_t close_ids[] = { 7, 8, 9, 10 }, far_ids[] = { 3, 7, 8, 200, 2147483647 };
    const fd_frame none = { .n = 0 }, close = { .n = 4, .ids = close_ids },
                   far = { .n = 5, .ids = far_ids };

    (void)state;
    assert_int_equal(fd_frame_position(&none, 1), SIZE_MAX);
    for (int32_t id = -1; id < 300; id++) {
        assert_int_equal(fd_frame_position(&close, id),
                         id >= 7 && id <= 10 ? (size_t)id - 7 : SIZE_MAX);
        assert_int_equal(fd_frame_position(&far, id), id == 3     ? 0
                                                      : id == 7   ? 1
                                                      : id == 8   ? 2
                                                      : id == 200 ? 3
                                                                  : SIZE_MAX);
    }
    assert_int_equal(fd_frame_position(&far, 2147483647), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_by_id),
        cmocka_unit_test(states_live_beside_values),
        cmocka_unit_test(groups),
        cmocka_unit_test(a_sum_past_64_bits_is_an_error),
        cmocka_unit_test(sorts_stably_with_gaps_last),
        cmocka_unit_test(joins),
        cmocka_unit_test(pivots),
        cmocka_unit_test(prints_aligned_by_east_asian_width),
        cmocka_unit_test(csv_quotes_and_exact_quotients),
        cmocka_unit_test(trees_print_with_branches),
        cmocka_unit_test(text_by_column_name),
        cmocka_unit_test(json_escapes_and_shortest_doubles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
