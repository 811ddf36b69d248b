/* Attributes, definitions, records, the cube, mappings, audit: on every back end. */
#include "store/world.h"

/* ---- attributes, definitions, records, cube, mapping
 * ---------------------------------------------------- */

static void attributes_hold_from_a_day(void **state)
{
    world *w = *state;
    const fd_date d1 = fd_date_make(2021, 6, 1), d2 = fd_date_make(2023, 1, 1),
                  d3 = fd_date_make(2024, 1, 1);
    fd_batch *b = begin(w->store);
    const int32_t a = subject(b, "enterprise", "A", "甲"), c = subject(b, "enterprise", "B", "乙");
    static const struct {
        int year, month, day;
        const char *expected;
    } cases[] = {
        { 2021, 5, 31, "安阳县" }, { 2021, 6, 1, "殷都区" }, { 2022, 12, 31, "殷都区" },
        { 2023, 1, 1, "龙安区" },  { 2024, 1, 1, NULL },
    };
    fd_source *source;
    fd_column *column;
    fd_table *t;
    fd_reader *r;

    ok(fd_batch_attribute(b, a, "county", FD_DATE_NONE, "安阳县"));
    ok(fd_batch_attribute(b, a, "county", d1, "殷都"));
    ok(fd_batch_attribute(b, a, "county", d1, "殷都区")); /* within a batch the later word stands */
    ok(fd_batch_attribute(b, c, "county", FD_DATE_NONE, "林州市"));
    publish(b);
    b = begin(w->store);
    ok(fd_batch_attribute(b, a, "county", d2, "龙安区"));
    ok(fd_batch_attribute(b, a, "county", d3, NULL));
    assert_int_equal(fd_batch_attribute(b, 0, "county", d3, "x"), FD_EINVAL);
    publish(b);
    r = reader_at(w->store, 0);
    source = fd_reader_source(r);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ok(source->ops->attribute(source, "enterprise", "county",
                                  fd_date_make(cases[i].year, cases[i].month, cases[i].day),
                                  &column));
        if (cases[i].expected) {
            assert_string_equal(fd_column_text(column, 0), cases[i].expected);
            assert_int_equal(fd_dict_count(column->dict), 2);
        } else {
            assert_int_equal(fd_column_state(column, 0), FD_MISSING);
        }
        assert_string_equal(fd_column_text(column, 1), "林州市");
        fd_column_unref(column);
    }
    ok(fd_reader_attribute_history(r, a, &t));
    assert_int_equal(t->rows, 5);
    assert_string_equal(table_text(t, "attribute", 4), "name");
    assert_string_equal(table_text(t, "value", 2), "龙安区");
    assert_null(table_text(t, "value", 3));
    fd_table_free(t);
    fd_reader_close(r);
    r = reader_at(w->store, 1);
    source = fd_reader_source(r);
    ok(source->ops->attribute(source, "enterprise", "county", d3, &column));
    assert_string_equal(fd_column_text(column, 0), "殷都区");
    fd_column_unref(column);
    fd_reader_close(r);
}

/* Subjects by code, one by one and, beyond the first thousand, all at once. */
static void subjects_are_found_by_their_codes(void **state)
{
    enum { MANY = 1500 };
    world *w = *state;
    fd_batch *b = begin(w->store);
    fd_arena *arena = fd_arena_new();
    int32_t ids[MANY], id, other;
    const char *code = NULL;
    char text[32];
    int64_t snapshot;
    fd_reader *r;
    const fd_frame *frame;
    fd_source *source;
    fd_table *t;

    ok(fd_batch_snapshot(b, &snapshot));
    assert_int_equal(snapshot, 0);
    for (int i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, i % 3 ? "91990500MA%08d" : "项目-%d", i);
        ids[i] = subject(b, "enterprise", text, i % 2 ? "某企业" : NULL);
        assert_int_equal(fd_batch_find(b, "enterprise", text, strlen(text), &id), 1);
        assert_int_equal(id, ids[i]);
        assert_int_equal(fd_batch_created(b, "enterprise", id, arena, &code), 1);
        assert_string_equal(code, text);
    }
    assert_int_equal(fd_batch_find(b, "enterprise", "91990500MA000000019", 18, &id), 1);
    assert_int_equal(id, ids[1]); /* so long and no longer */
    assert_int_equal(fd_batch_find(b, "enterprise", "91990500MA0000000", 17, &id), 0);
    assert_int_equal(id, 0);
    assert_int_equal(fd_batch_find(b, "county", "91990500MA00000001", 18, &id), 0);
    assert_int_equal(fd_batch_created(b, "county", ids[1], arena, &code), 0);
    assert_int_equal(fd_batch_created(b, "enterprise", ids[MANY - 1] + 1, arena, &code), 0);
    publish(b);
    r = reader_at(w->store, 0);
    source = fd_reader_source(r);
    ok(source->ops->frame(source, "enterprise", &frame));
    assert_int_equal(frame->n, MANY);
    assert_string_equal(frame->codes[3], "项目-3");
    assert_string_equal(frame->names[3], "某企业");
    assert_true(!frame->names[4] || !*frame->names[4]);
    fd_reader_close(r);

    b = begin(w->store);
    ok(fd_batch_snapshot(b, &snapshot));
    assert_int_equal(snapshot, 1);
    for (int i = MANY - 1; i >= 0; i--) {
        snprintf(text, sizeof text, i % 3 ? "91990500MA%08d" : "项目-%d", i);
        assert_int_equal(fd_batch_find(b, "enterprise", text, strlen(text), &id), 1);
        assert_int_equal(id, ids[i]);
        assert_int_equal(fd_batch_created(b, "enterprise", id, arena, &code), 0);
        /* the name it has, but for four: two told anew, early and late, and two that had none */
        other = subject(b, "enterprise", text,
                        i == 5 || i == MANY - 3   ? "新名"
                        : i == 8 || i == MANY - 2 ? "有名"
                        : i % 2                   ? "某企业"
                                                  : NULL);
        assert_int_equal(other, id);
    }
    other = subject(b, "enterprise", "NEW", NULL);
    assert_int_equal(fd_batch_created(b, "enterprise", other, arena, &code), 1);
    assert_string_equal(code, "NEW");
    publish(b);
    r = reader_at(w->store, 0);
    source = fd_reader_source(r);
    ok(source->ops->frame(source, "enterprise", &frame));
    assert_int_equal(frame->n, MANY + 1);
    for (size_t i = 0; i < MANY; i++) {
        const char *name = i == 5 || i == MANY - 3   ? "新名"
                           : i == 8 || i == MANY - 2 ? "有名"
                           : i % 2                   ? "某企业"
                                                     : "";

        assert_string_equal(frame->names[i] ? frame->names[i] : "", name);
    }
    ok(fd_reader_attribute_history(r, ids[7], &t));
    assert_int_equal(t->rows, 1); /* the same name is not stored again */
    fd_table_free(t);
    fd_reader_close(r);
    fd_arena_free(arena);
}

static void definitions_are_replaced_only_on_purpose(void **state)
{
    world *w = *state;
    fd_batch *b = begin(w->store);
    char first[65], second[65], again[65];
    fd_table *t;
    fd_reader *r;

    ok(fd_batch_definition(b, "指标", "m1", "指标 m1 = 1", "a.ding", true, NULL));
    ok(fd_batch_definition(b, "指标", "m1", "指标 m1 = 1", "a.ding", true, NULL));
    assert_int_equal(fd_batch_definition(b, "指标", "m1", "指标 m1 = 2", "b.ding", false, NULL),
                     FD_ECONFLICT);
    ok(fd_batch_definition(b, "目标", "m1", "目标 m1", "a.ding", true, NULL));
    publish(b);
    b = begin(w->store);
    ok(fd_batch_definition(b, "指标", "m1", "指标 m1 = 1", "a.ding", true, NULL));
    assert_int_equal(fd_batch_definition(b, "指标", "m1", "指标 m1 = 2", "b.ding", false, "m2"),
                     FD_ECONFLICT);
    ok(fd_batch_definition(b, "指标", "m1", "指标 m1 = 2", "b.ding", false, "m1"));
    assert_int_equal(publish(b), 2);
    r = reader_at(w->store, 1);
    ok(fd_reader_definitions_hash(r, first));
    fd_reader_close(r);
    r = reader_at(w->store, 0);
    ok(fd_reader_definitions_hash(r, second));
    ok(fd_reader_definitions_hash(r, again));
    assert_string_equal(second, again);
    assert_string_not_equal(first, second);
    ok(fd_reader_definitions(r, &t));
    assert_int_equal(t->rows, 2);
    assert_string_equal(table_text(t, "text", 0), "指标 m1 = 2");
    assert_string_equal(table_text(t, "file", 0), "b.ding");
    assert_int_equal(table_dec(t, "snapshot", 0), 2);
    fd_table_free(t);
    fd_reader_close(r);
}

static void records_are_chains_of_transitions(void **state)
{
    world *w = *state;
    const fd_date d1 = fd_date_make(2024, 1, 5), d2 = fd_date_make(2024, 2, 1),
                  d3 = fd_date_make(2024, 3, 1);
    fd_batch *b = begin(w->store);
    fd_source *source;
    fd_table *t;
    fd_reader *r;

    ok(fd_batch_record(b, "project", "P1", "开工", d1,
                       "{\"投资\": 12.50, \"单位\": \"甲\\u4e59\", \"好\": true}", "张"));
    ok(fd_batch_record(b, "project", "P2", "谋划", d2, "{\"投资\": 3}", "张"));
    assert_int_equal(fd_batch_record(b, "project", "P3", "谋划", d2, "{\"投资\": }", "张"),
                     FD_EPARSE);
    publish(b);
    b = begin(w->store);
    ok(fd_batch_record(b, "project", "P1", "开工", d2, "{\"投资\": 0.1234567890123456}", "李"));
    ok(fd_batch_record(b, "project", "P1", "竣工", d3, NULL, "李"));
    publish(b);
    r = reader_at(w->store, 0);
    source = fd_reader_source(r);
    ok(source->ops->records(source, "project", FD_DATE_MAX, &t));
    assert_int_equal(t->rows, 2);
    assert_string_equal(table_text(t, "id", 0), "P1");
    assert_string_equal(table_text(t, "state", 0), "竣工");
    assert_int_equal(t->columns[fd_table_find(t, "since")]->v.day[0], d3);
    assert_int_equal(t->columns[fd_table_find(t, "created")]->v.day[0], d1);
    assert_int_equal(t->columns[fd_table_find(t, "投资")]->scale, 16);
    assert_int_equal(table_dec(t, "投资", 0), 1234567890123456);
    assert_string_equal(table_text(t, "单位", 0), "甲乙");
    assert_int_equal(t->columns[fd_table_find(t, "好")]->kind, FD_BOOL);
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "单位")], 1), FD_MISSING);
    fd_table_free(t);
    ok(source->ops->records(source, "project", d2, &t));
    assert_string_equal(table_text(t, "state", 0), "开工");
    assert_int_equal(t->columns[fd_table_find(t, "since")]->v.day[0], d1);
    fd_table_free(t);
    ok(source->ops->records(source, "visit", d2, &t));
    assert_int_equal(t->rows, 0);
    assert_true(fd_table_find(t, "state") >= 0);
    fd_table_free(t);
    ok(fd_reader_record_history(r, "project", "P1", &t));
    assert_int_equal(t->rows, 3);
    assert_string_equal(table_text(t, "by", 2), "李");
    fd_table_free(t);
    fd_reader_close(r);
}

static void the_cube_keeps_exact_numbers(void **state)
{
    world *w = *state;
    fd_quot third, huge;
    fd_cube_cell cells[] = {
        { .cube = "c",
          .indicator = "m1",
          .place = "990501",
          .chain = "",
          .industry = "",
          .period = 0,
          .n = 5,
          .unit = "%" },
        { .cube = "c",
          .indicator = "m1",
          .place = "990502",
          .chain = "",
          .industry = "",
          .n = 2,
          .unit = "%",
          .suppressed = "primary" },
        { .cube = "c",
          .indicator = "m2",
          .place = "",
          .chain = "L1",
          .industry = "",
          .n = 9,
          .unit = "%" },
        { .cube = "d",
          .indicator = "m2",
          .place = "",
          .chain = "",
          .industry = "",
          .n = 9,
          .unit = "" },
    };
    fd_batch *b = begin(w->store);
    fd_table *t;
    fd_reader *r;
    int value;

    for (size_t i = 0; i < 4; i++)
        cells[i].period = fd_period_year(2024);
    ok(fd_quot_make(&third, 1, 3));
    ok(fd_quot_make(&huge, -((fd_i128)1 << 120), 7));
    cells[0].value = fd_number_exact(third);
    cells[1].value = fd_number_missing();
    cells[2].value = fd_number_estimate(0.25);
    cells[3].value = fd_number_exact(huge);
    ok(fd_batch_cube(b, cells, 4));
    publish(b);
    b = begin(w->store);
    cells[0].n = 6;
    ok(fd_batch_cube(b, cells, 1));
    publish(b);
    r = reader_at(w->store, 0);
    ok(fd_reader_cube(r, "c", &t));
    assert_int_equal(t->rows, 3);
    assert_int_equal(table_dec(t, "n", 0), 6);
    value = fd_table_find(t, "value");
    assert_int_equal(fd_quot_compare(t->columns[value]->v.quot[0], third), 0);
    assert_int_equal(fd_column_state(t->columns[value], 1), FD_MISSING);
    assert_string_equal(table_text(t, "suppressed", 1), "primary");
    assert_null(table_text(t, "suppressed", 0));
    assert_true(t->columns[fd_table_find(t, "estimate")]->v.est[2] == 0.25);
    fd_table_free(t);
    ok(fd_reader_cube(r, "d", &t));
    assert_int_equal(fd_quot_compare(t->columns[fd_table_find(t, "value")]->v.quot[0], huge), 0);
    fd_table_free(t);
    fd_reader_close(r);
}

static void headers_are_remembered_per_sender(void **state)
{
    world *w = *state;
    fd_batch *b = begin(w->store);
    fd_table *t;
    fd_reader *r;

    ok(fd_batch_mapping(b, "dispatch", "洹东区", "产值", "profit"));
    ok(fd_batch_mapping(b, "dispatch", "洹东区", "用工", "staff"));
    ok(fd_batch_mapping(b, "dispatch", NULL, "产值", "other"));
    publish(b);
    b = begin(w->store);
    ok(fd_batch_mapping(b, "dispatch", "洹东区", "产值", "output"));
    publish(b);
    r = reader_at(w->store, 0);
    ok(fd_reader_mapping(r, "dispatch", "洹东区", &t));
    assert_int_equal(t->rows, 2);
    assert_string_equal(table_text(t, "item", 0), "output");
    fd_table_free(t);
    ok(fd_reader_mapping(r, "dispatch", NULL, &t));
    assert_int_equal(t->rows, 1);
    fd_table_free(t);
    fd_reader_close(r);
}

static void the_audit_chain_holds(void **state)
{
    world *w = *state;
    int64_t lines;
    fd_table *t;
    fd_reader *r;
    char detail[16];

    ok(fd_store_audit_verify(w->store, &lines));
    assert_int_equal(lines, 0);
    for (int i = 0; i < 25; i++) {
        snprintf(detail, sizeof detail, "%d", i);
        ok(fd_store_audit(w->store, "王", "import", "调度表", detail));
    }
    ok(fd_store_audit_verify(w->store, &lines));
    assert_int_equal(lines, 25);
    ok(fd_store_audit(w->store, "王", "show", NULL, NULL));
    world_reopen(w); /* closing writes what waits */
    ok(fd_store_audit_verify(w->store, &lines));
    assert_int_equal(lines, 26);
    r = reader_at(w->store, 0);
    ok(fd_reader_audit(r, 3, &t));
    assert_int_equal(t->rows, 3);
    assert_int_equal(table_dec(t, "id", 0), 24);
    assert_string_equal(table_text(t, "detail", 1), "24");
    assert_string_equal(table_text(t, "verb", 2), "show");
    fd_table_free(t);
    fd_reader_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERYWHERE(attributes_hold_from_a_day),
        EVERYWHERE(subjects_are_found_by_their_codes),
        EVERYWHERE(definitions_are_replaced_only_on_purpose),
        EVERYWHERE(records_are_chains_of_transitions),
        EVERYWHERE(the_cube_keeps_exact_numbers),
        EVERYWHERE(headers_are_remembered_per_sender),
        EVERYWHERE(the_audit_chain_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
