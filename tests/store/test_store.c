/* The rules of subjects, segments and snapshots, on every back end: the same tests run over a
 * SQLite file (also cut into tiny chunks) and over memory. */
#include "store/world.h"

/* ---- subjects
 * -------------------------------------------------------------------------------------- */

static void subjects_are_found_again(void **state)
{
    world *w = *state;
    fd_batch *b = begin(w->store);
    const int32_t first = subject(b, "enterprise", "A", "甲");
    const int32_t second = subject(b, "enterprise", "B", "乙");
    const int32_t county = subject(b, "county", "A", "甲县");
    const fd_frame *frame;
    fd_reader *r;
    fd_source *source;

    assert_int_equal(subject(b, "enterprise", "A", "甲"), first);
    assert_true(first != second && first != county);
    assert_int_equal(publish(b), 1);
    world_reopen(w);
    b = begin(w->store);
    assert_int_equal(subject(b, "enterprise", "A", "甲改"), first);
    assert_int_equal(subject(b, "enterprise", "B", NULL), second);
    assert_true(subject(b, "enterprise", "C", "丙") > second);
    assert_int_equal(publish(b), 2);

    r = reader_at(w->store, 0);
    source = fd_reader_source(r);
    ok(source->ops->frame(source, "enterprise", &frame));
    assert_int_equal(frame->n, 3);
    assert_int_equal(frame->ids[0], first);
    assert_string_equal(frame->codes[0], "A");
    assert_string_equal(frame->names[0], "甲改");
    assert_string_equal(frame->names[1], "乙");
    assert_string_equal(frame->codes[2], "C");
    for (size_t i = 1; i < frame->n; i++)
        assert_true(frame->ids[i - 1] < frame->ids[i]);
    ok(source->ops->frame(source, "nothing", &frame));
    assert_int_equal(frame->n, 0);
    fd_reader_close(r);

    r = reader_at(w->store, 1); /* the past keeps its name */
    source = fd_reader_source(r);
    ok(source->ops->frame(source, "enterprise", &frame));
    assert_int_equal(frame->n, 2);
    assert_string_equal(frame->names[0], "甲");
    fd_reader_close(r);
}

static void many_subjects_are_loaded_at_once(void **state)
{
    world *w = *state;
    int32_t ids[2000];
    char code[16], name[16];
    fd_batch *b = begin(w->store);
    fd_table *history;
    fd_reader *r;

    for (int i = 0; i < 2000; i++) { /* codes in an order that is not theirs */
        snprintf(code, sizeof code, "E%04d", (i * 7) % 2000);
        snprintf(name, sizeof name, "企业%d", i);
        ids[i] = subject(b, "enterprise", code, name);
    }
    publish(b);
    b = begin(w->store);
    for (int i = 0; i < 2000; i++) {
        snprintf(code, sizeof code, "E%04d", (i * 7) % 2000);
        snprintf(name, sizeof name, i == 400 ? "改名%d" : "企业%d", i);
        assert_int_equal(subject(b, "enterprise", code, name), ids[i]);
    }
    assert_int_equal(publish(b), 2);
    r = reader_at(w->store, 0); /* only the changed name was written */
    ok(fd_reader_attribute_history(r, ids[400], &history));
    assert_int_equal(history->rows, 2);
    assert_string_equal(table_text(history, "value", 1), "改名400");
    fd_table_free(history);
    ok(fd_reader_attribute_history(r, ids[401], &history));
    assert_int_equal(history->rows, 1);
    fd_table_free(history);
    fd_reader_close(r);
}

static void a_code_created_twice_at_once_is_one_subject(void **state)
{
    world *w = *state;
    fd_batch *one = begin(w->store), *two = begin(w->store);
    const int32_t a = subject(one, "enterprise", "X", "先"),
                  b = subject(two, "enterprise", "X", "后");
    const int32_t other = subject(two, "enterprise", "Y", "另");
    const fd_period year = fd_period_year(2024);
    const int32_t of_two[] = { b < other ? b : other, b < other ? other : b };
    const int64_t va[] = { 100 }, vb[] = { 250, 333 };
    fd_segment s = decimals("output", year, 0, &a, va, 1);
    const fd_frame *frame;
    fd_table *history;
    fd_column *column;
    fd_origin origin;
    fd_source *source;
    fd_reader *r;

    assert_true(a != b);
    ok(fd_batch_segment(one, &s));
    s = decimals("output", year, 0, of_two, vb, 2);
    ok(fd_batch_segment(two, &s));
    publish(one);
    publish(two);
    r = reader_at(w->store, 0);
    source = fd_reader_source(r);
    ok(source->ops->frame(source, "enterprise", &frame));
    assert_int_equal(frame->n, 2); /* b is an alias of a */
    assert_int_equal(frame->ids[0], a);
    assert_string_equal(frame->names[0], "后");
    column = column_of(r, "enterprise", "output", year, FD_CURRENT);
    assert_int_equal(column->v.dec[0], b < other ? 250 : 333);
    assert_int_equal(column->v.dec[1], b < other ? 333 : 250);
    ok(source->ops->origin(source, "enterprise", "output", year, FD_CURRENT, b, &origin));
    assert_int_equal(origin.snapshot, 2);
    ok(fd_reader_history(r, "enterprise", b, "output", &history));
    assert_int_equal(history->rows, 2);
    fd_table_free(history);
    fd_column_unref(column);
    fd_reader_close(r);
    one = begin(w->store);
    assert_int_equal(subject(one, "enterprise", "X", NULL), a);
    fd_batch_abandon(one);
}

/* ---- visibility
 * ------------------------------------------------------------------------------------- */

static void nothing_shows_before_publishing(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    const int64_t value[] = { 5 };
    fd_batch *b = begin(w->store);
    fd_reader *before = reader_at(w->store, 0), *after;
    const fd_frame *frame;
    fd_source *source;
    fd_column *column;
    fd_segment s;
    int32_t id;
    char *text;

    assert_int_equal(fd_reader_snapshot(before), 0);
    id = subject(b, "enterprise", "A", "甲");
    s = decimals("output", year, 0, &id, value, 1);
    ok(fd_batch_segment(b, &s));
    ok(fd_batch_meta(b, "city", "洹州"));
    after = reader_at(w->store, 0);
    source = fd_reader_source(after);
    ok(source->ops->frame(source, "enterprise", &frame));
    assert_int_equal(frame->n, 0);
    ok(fd_store_meta_get(w->store, "city", &text));
    assert_null(text);
    fd_reader_close(after);
    assert_int_equal(publish(b), 1);

    source = fd_reader_source(before); /* still its own snapshot */
    ok(source->ops->frame(source, "enterprise", &frame));
    assert_int_equal(frame->n, 0);
    fd_reader_close(before);
    after = reader_at(w->store, 0);
    column = column_of(after, "enterprise", "output", year, FD_CURRENT);
    assert_int_equal(column->n, 1);
    assert_int_equal(column->v.dec[0], 5);
    fd_column_unref(column);
    fd_reader_close(after);
    ok(fd_store_meta_get(w->store, "city", &text));
    assert_string_equal(text, "洹州");
    free(text);
    ok(fd_store_meta_get(w->store, "schema", &text));
    assert_string_equal(text, "1");
    free(text);
    assert_int_equal(fd_reader_open(&after, w->store, 2), FD_ENOTFOUND);
    assert_int_equal(fd_reader_open(&after, w->store, -1), FD_EINVAL);
}

static void abandoned_batches_leave_nothing(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    const int64_t value[] = { 5 };
    fd_batch *b = begin(w->store);
    int32_t id = subject(b, "enterprise", "A", "甲");
    fd_segment s = decimals("output", year, 0, &id, value, 1);
    fd_table *table;
    fd_reader *r;

    ok(fd_batch_segment(b, &s));
    ok(fd_batch_attribute(b, id, "county", FD_DATE_NONE, "洹东区"));
    fd_batch_abandon(b);
    b = begin(w->store);
    ok(fd_batch_meta(b, "city", "x"));
    assert_int_equal(publish(b), 1);
    r = reader_at(w->store, 0);
    ok(fd_reader_items(r, &table));
    assert_int_equal(table->rows, 0);
    fd_table_free(table);
    ok(fd_reader_snapshots(r, &table));
    assert_int_equal(table->rows, 1);
    assert_string_equal(table_text(table, "verb", 0), "test");
    assert_string_equal(table_text(table, "time", 0), "2025-01-01T00:00:00Z");
    fd_table_free(table);
    fd_reader_close(r);
}

static void an_empty_batch_publishes_nothing(void **state)
{
    world *w = *state;
    fd_batch *b = begin(w->store);

    assert_int_equal(publish(b), 0);
    b = begin(w->store);
    subject(b, "county", "1", NULL);
    assert_int_equal(publish(b), 1);
    b = begin(w->store);
    assert_int_equal(subject(b, "county", "1", NULL), 1);
    assert_int_equal(publish(b), 1);
}

/* ---- columns
 * ------------------------------------------------------------------------------------------ */

static void later_snapshots_win_and_missing_wins_nothing(void **state)
{
    world *w = *state;
    const fd_period month = fd_period_month(2024, 3);
    int32_t ids[5];
    fd_batch *b = begin(w->store);
    fd_segment s;
    fd_column *c;
    fd_reader *r;

    for (int i = 0; i < 5; i++)
        ids[i] = subject(b, "enterprise", (const char *[]){ "A", "B", "C", "D", "E" }[i], NULL);
    {
        const int64_t values[] = { 100, 200, 300, 400, 500 };
        const uint8_t states[] = { FD_HAS, FD_HAS, FD_DOUBT, FD_MISSING, FD_NA };

        s = decimals("output", month, 0, ids, values, 5);
        s.states = states;
        ok(fd_batch_segment(b, &s));
    }
    publish(b);
    b = begin(w->store);
    {
        const int32_t some[] = { ids[1], ids[2], ids[4] };
        const int64_t values[] = { 77, -9, 5 };
        const uint8_t states[] = { FD_MISSING, FD_HAS, FD_HAS };

        s = decimals("output", month, 0, some, values, 3);
        s.states = states;
        s.scale = 3;
        ok(fd_batch_segment(b, &s));
    }
    publish(b);

    r = reader_at(w->store, 1);
    c = column_of(r, "enterprise", "output", month, FD_CURRENT);
    assert_int_equal(c->scale, 2);
    assert_string_equal(c->unit, "万元");
    assert_int_equal(c->v.dec[0], 100);
    assert_int_equal(c->v.dec[2], 300);
    assert_int_equal(fd_column_state(c, 2), FD_DOUBT);
    assert_int_equal(fd_column_state(c, 3), FD_MISSING);
    assert_int_equal(c->v.dec[3], 0);
    assert_int_equal(fd_column_state(c, 4), FD_NA);
    assert_int_equal(c->v.dec[4], 0);
    fd_column_unref(c);
    fd_reader_close(r);

    r = reader_at(w->store, 0);
    c = column_of(r, "enterprise", "output", month, FD_CURRENT);
    assert_int_equal(c->scale, 3); /* one column, one scale: the finest */
    assert_int_equal(c->v.dec[0], 1000);
    assert_int_equal(c->v.dec[1], 2000);
    assert_int_equal(c->v.dec[2], -9);
    assert_int_equal(fd_column_state(c, 2), FD_HAS);
    assert_int_equal(c->v.dec[4], 5);
    assert_int_equal(fd_column_state(c, 4), FD_HAS);
    fd_column_unref(c);
    c = column_of(r, "enterprise", "output", fd_period_month(2024, 4), FD_CURRENT);
    assert_int_equal(c->n, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(fd_column_state(c, i), FD_MISSING);
    fd_column_unref(c);
    c = column_of(r, "enterprise", "output", month, FD_COMPARATIVE);
    assert_int_equal(fd_column_state(c, 0), FD_MISSING);
    fd_column_unref(c);
    fd_reader_close(r);
}

static void every_kind_of_value_comes_back(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2023);
    int32_t ids[7];
    const double est[] = { 0.1, -1e300, 5e-324, 0, 3, 2.5, 1 };
    const char *const text[] = { "正常", "停产", "正常", NULL, "", "减产", "停产" };
    const int64_t day[] = { 19000, -3, 0, 7, 20000, 1, 2 }, truth[] = { 1, 0, 1, 0, 0, 1, 1 };
    const int64_t extreme[] = { INT64_MAX, INT64_MIN, 0, 1, -1, INT64_MAX - 1, INT64_MIN + 1 };
    const uint8_t states[] = { FD_HAS, FD_HAS, FD_DOUBT, FD_NA, FD_HAS, FD_HAS, FD_HAS };
    fd_batch *b = begin(w->store);
    fd_segment s;
    fd_column *c;
    fd_reader *r;
    char code[8];

    for (int i = 0; i < 7; i++) {
        snprintf(code, sizeof code, "%d", i);
        ids[i] = subject(b, "enterprise", code, NULL);
    }
    s = decimals("est", year, 0, ids, NULL, 7);
    s.value_kind = FD_EST;
    s.est = est;
    ok(fd_batch_segment(b, &s));
    s = decimals("text", year, 0, ids, NULL, 7);
    s.value_kind = FD_TEXT;
    s.text = text;
    s.states = states;
    ok(fd_batch_segment(b, &s));
    s = decimals("day", year, 0, ids, day, 7);
    s.value_kind = FD_DATE;
    ok(fd_batch_segment(b, &s));
    s = decimals("truth", year, 0, ids, truth, 7);
    s.value_kind = FD_BOOL;
    ok(fd_batch_segment(b, &s));
    s = decimals("extreme", year, 0, ids, extreme, 7);
    s.scale = 0;
    ok(fd_batch_segment(b, &s));
    publish(b);
    world_reopen(w);

    r = reader_at(w->store, 0);
    c = column_of(r, "enterprise", "est", year, FD_CURRENT);
    assert_memory_equal(c->v.est, est, sizeof est);
    fd_column_unref(c);
    c = column_of(r, "enterprise", "text", year, FD_CURRENT);
    assert_string_equal(fd_column_text(c, 0), "正常");
    assert_string_equal(fd_column_text(c, 2), "正常");
    assert_int_equal(fd_column_state(c, 2), FD_DOUBT);
    assert_int_equal(fd_column_state(c, 3), FD_NA);
    assert_string_equal(fd_column_text(c, 4), "");
    assert_string_equal(fd_column_text(c, 6), "停产");
    assert_int_equal(fd_dict_count(c->dict), 4);
    fd_column_unref(c);
    c = column_of(r, "enterprise", "day", year, FD_CURRENT);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(c->v.day[i], day[i]);
    fd_column_unref(c);
    c = column_of(r, "enterprise", "truth", year, FD_CURRENT);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(c->v.boolean[i], truth[i]);
    fd_column_unref(c);
    c = column_of(r, "enterprise", "extreme", year, FD_CURRENT);
    assert_memory_equal(c->v.dec, extreme, sizeof extreme);
    fd_column_unref(c);
    fd_reader_close(r);
}

static void bad_segments_are_refused(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    fd_batch *b = begin(w->store);
    const int32_t a = subject(b, "enterprise", "A", NULL), c = subject(b, "enterprise", "B", NULL);
    const int32_t good[] = { a, c }, repeated[] = { a, a }, descending[] = { c, a };
    const int64_t values[] = { 1, 2 };
    const uint8_t states[] = { 0, 9 };
    const double est[] = { 1, 2 };
    fd_segment s = decimals("output", year, 0, repeated, values, 2);

    assert_int_equal(fd_batch_segment(b, &s), FD_EINVAL);
    s.subjects = descending;
    assert_int_equal(fd_batch_segment(b, &s), FD_EINVAL);
    s.subjects = good;
    s.period = FD_PERIOD_NONE;
    assert_int_equal(fd_batch_segment(b, &s), FD_EINVAL);
    s.period = year;
    s.scale = 19;
    assert_int_equal(fd_batch_segment(b, &s), FD_EINVAL);
    s.scale = 2;
    s.value_kind = FD_QUOT;
    assert_int_equal(fd_batch_segment(b, &s), FD_EINVAL);
    s.value_kind = FD_DEC;
    ok(fd_batch_segment(b, &s));
    s.unit = "千元"; /* ×10 is caught here at the latest */
    assert_int_equal(fd_batch_segment(b, &s), FD_EUNIT);
    s.unit = "万元";
    s.value_kind = FD_EST;
    s.est = est;
    assert_int_equal(fd_batch_segment(b, &s), FD_ECONFLICT);
    publish(b);
    b = begin(w->store); /* also against what is published */
    assert_int_equal(fd_batch_segment(b, &s), FD_ECONFLICT);
    fd_batch_abandon(b);
    b = begin(w->store);
    s.value_kind = FD_DEC;
    s.states = states;
    assert_int_equal(fd_batch_segment(b, &s), FD_EINVAL);
    fd_batch_abandon(b);
}

static void corrections_come_last(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    fd_batch *b = begin(w->store);
    const int32_t ids[] = { subject(b, "enterprise", "A", NULL),
                            subject(b, "enterprise", "B", NULL) };
    const int64_t values[] = { 100, 200 }, again[] = { 111, 222 };
    fd_overlay o = {
        "enterprise", "output", year, FD_CURRENT, ids[1], FD_HAS, 250, "录入错误", "王"
    };
    fd_segment s = decimals("output", year, 0, ids, values, 2);
    fd_origin origin;
    fd_source *source;
    fd_reader *r;
    fd_column *c;

    assert_int_equal(fd_batch_overlay(b, &o), FD_ENOTFOUND);
    ok(fd_batch_segment(b, &s));
    publish(b);
    b = begin(w->store);
    o.reason = "";
    assert_int_equal(fd_batch_overlay(b, &o), FD_EINVAL);
    o.reason = "录入错误";
    ok(fd_batch_overlay(b, &o));
    assert_int_equal(publish(b), 2);
    b = begin(w->store);
    s.dec = again;
    ok(fd_batch_segment(b, &s));
    publish(b);

    r = reader_at(w->store, 0);
    source = fd_reader_source(r);
    c = column_of(r, "enterprise", "output", year, FD_CURRENT);
    assert_int_equal(c->v.dec[0], 111);
    assert_int_equal(c->v.dec[1], 250);
    fd_column_unref(c);
    ok(source->ops->origin(source, "enterprise", "output", year, FD_CURRENT, ids[1], &origin));
    assert_true(origin.corrected);
    assert_string_equal(origin.reason, "录入错误");
    assert_string_equal(origin.by, "王");
    assert_int_equal(origin.snapshot, 2);
    ok(source->ops->origin(source, "enterprise", "output", year, FD_CURRENT, ids[0], &origin));
    assert_false(origin.corrected);
    assert_int_equal(origin.snapshot, 3);
    fd_reader_close(r);
    r = reader_at(w->store, 1);
    c = column_of(r, "enterprise", "output", year, FD_CURRENT);
    assert_int_equal(c->v.dec[1], 200);
    fd_column_unref(c);
    fd_reader_close(r);
    b = begin(w->store);
    o.state = FD_MISSING;
    ok(fd_batch_overlay(b, &o));
    publish(b);
    r = reader_at(w->store, 0);
    c = column_of(r, "enterprise", "output", year, FD_CURRENT);
    assert_int_equal(fd_column_state(c, 1), FD_MISSING);
    fd_column_unref(c);
    fd_reader_close(r);
}

static void numbers_lead_back_to_their_cell(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    const fd_source_file file = { "调度表.xlsx", "d1", 1234, "XLSX", "dispatch", "洹东区" };
    fd_batch *b = begin(w->store);
    const int32_t ids[] = { subject(b, "enterprise", "A", "甲"),
                            subject(b, "enterprise", "B", "乙"),
                            subject(b, "enterprise", "C", "丙"),
                            subject(b, "enterprise", "D", "丁") };
    const int32_t some[] = { ids[0], ids[1], ids[3] };
    const int64_t values[] = { 100, 200, 300 };
    const int32_t rows[] = { 9, 5, 12 };
    fd_segment s;
    fd_table *table;
    fd_origin origin;
    fd_source *source;
    const fd_period *periods;
    const char *marks, *class;
    fd_reader *r;
    size_t n;
    int32_t id;

    ok(fd_batch_source(b, &file, &id));
    s = decimals("output", year, id, some, values, 3);
    s.rows = rows;
    ok(fd_batch_segment(b, &s));
    s.item = "profit";
    s.period = fd_period_cumulative(2024, 2);
    s.marks = "unverified;示例";
    ok(fd_batch_segment(b, &s));
    s.period = fd_period_month(2023, 5);
    ok(fd_batch_segment(b, &s));
    s.origin = "statistical";
    s.marks = "示例";
    ok(fd_batch_segment(b, &s));
    s.origin = "dispatch";
    ok(fd_batch_segment(b, &s));
    publish(b);
    world_reopen(w);

    r = reader_at(w->store, 0);
    source = fd_reader_source(r);
    ok(source->ops->origin(source, "enterprise", "output", year, FD_CURRENT, ids[3], &origin));
    assert_string_equal(origin.file, "调度表.xlsx");
    assert_string_equal(origin.digest, "d1");
    assert_string_equal(origin.sheet, "表1");
    assert_string_equal(origin.column, "产值");
    assert_int_equal(origin.row, 12);
    assert_string_equal(origin.origin, "dispatch");
    assert_string_equal(origin.permitted_use, "administration");
    assert_string_equal(origin.marks, "示例");
    assert_int_equal(source->ops->origin(source, "enterprise", "output", year, FD_CURRENT, ids[2],
                                         &origin),
                     FD_ENOTFOUND);
    assert_int_equal(source->ops->origin(source, "enterprise", "output", year, FD_VERIFIED, ids[0],
                                         &origin),
                     FD_ENOTFOUND);
    assert_int_equal(source->ops->origin(source, "enterprise", "output", year, FD_CURRENT, 9999,
                                         &origin),
                     FD_ENOTFOUND);
    ok(source->ops->periods(source, "profit", FD_CURRENT, &periods, &n));
    assert_int_equal(n, 2);
    assert_int_equal(periods[0], fd_period_month(2023, 5));
    assert_int_equal(periods[1], fd_period_cumulative(2024, 2));
    ok(source->ops->periods(source, "nothing", FD_CURRENT, &periods, &n));
    assert_int_equal(n, 0);
    ok(source->ops->marks(source, "profit", fd_period_month(2023, 5), FD_CURRENT, &marks, &class));
    assert_string_equal(marks, "unverified;示例");
    assert_string_equal(class, "statistical"); /* any statistical return locks the column */
    ok(source->ops->marks(source, "nothing", year, FD_CURRENT, &marks, NULL));
    assert_string_equal(marks, "");

    ok(fd_reader_sources(r, &table));
    assert_int_equal(table->rows, 1);
    assert_string_equal(table_text(table, "sender", 0), "洹东区");
    fd_table_free(table);
    ok(fd_reader_items(r, &table));
    assert_int_equal(table->rows, 3);
    assert_string_equal(table_text(table, "item", 0), "output");
    assert_int_equal(table_dec(table, "subjects", 0), 3);
    fd_table_free(table);
    ok(fd_reader_facts(r, "output", FD_PERIOD_NONE, &table));
    assert_int_equal(table->rows, 3);
    assert_string_equal(table_text(table, "code", 2), "D");
    assert_string_equal(table_text(table, "value", 2), "3.00");
    assert_string_equal(table_text(table, "file", 2), "调度表.xlsx");
    assert_int_equal(table_dec(table, "row", 2), 12);
    assert_string_equal(table_text(table, "origin", 2), "dispatch");
    fd_table_free(table);
    ok(fd_reader_facts(r, NULL, fd_period_month(2023, 5), &table));
    assert_int_equal(table->rows, 3);
    fd_table_free(table);
    fd_reader_close(r);

    b = begin(w->store); /* the same file twice */
    assert_int_equal(fd_batch_source(b, &file, &id), FD_EEXISTS);
    assert_int_equal(id, 1);
    {
        fd_source_file other = file;

        other.form = "b104_4";
        ok(fd_batch_source(b, &other, &id));
        assert_int_equal(id, 2);
    }
    fd_batch_abandon(b);
}

static void one_file_of_two_batches_is_published_once(void **state)
{
    world *w = *state;
    const fd_source_file file = { "a.csv", "d1", 10, "UTF-8", "dispatch", "" };
    fd_batch *first = begin(w->store), *second = begin(w->store);
    fd_table *sources;
    fd_reader *reader;
    int64_t snapshot = 0;
    int32_t id;

    ok(fd_batch_source(first, &file, &id));
    ok(fd_batch_source(second, &file, &id)); /* neither is published yet */
    ok(fd_batch_meta(second, "trace", "second"));
    ok(fd_batch_publish(first, &snapshot));
    assert_int_equal(fd_batch_publish(second, NULL), FD_EEXISTS);
    ok(fd_reader_open(&reader, w->store, 0));
    assert_int_equal(fd_reader_snapshot(reader), snapshot);
    ok(fd_reader_sources(reader, &sources));
    assert_int_equal(sources->rows, 1);
    fd_table_free(sources);
    fd_reader_close(reader);
}

static void history_tells_all(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    fd_batch *b = begin(w->store);
    const int32_t ids[] = { subject(b, "enterprise", "A", NULL),
                            subject(b, "enterprise", "B", NULL) };
    const int64_t values[] = { 100, 200 }, second[] = { 150 };
    const fd_overlay o = { "enterprise", "output", year,   FD_CURRENT, ids[1],
                           FD_DOUBT,     199,      "待查", "李" };
    fd_segment s = decimals("output", year, 0, ids, values, 2);
    fd_table *t;
    fd_reader *r;

    ok(fd_batch_segment(b, &s));
    s.period = fd_period_year(2022);
    ok(fd_batch_segment(b, &s));
    publish(b);
    b = begin(w->store);
    s = decimals("output", year, 0, ids + 1, second, 1);
    ok(fd_batch_segment(b, &s));
    ok(fd_batch_overlay(b, &o));
    publish(b);
    r = reader_at(w->store, 0);
    ok(fd_reader_history(r, "enterprise", ids[1], "output", &t));
    assert_int_equal(t->rows, 4);
    assert_string_equal(table_text(t, "value", 0), "2.00");
    assert_int_equal(t->columns[fd_table_find(t, "period")]->v.day[0], fd_period_year(2022));
    assert_string_equal(table_text(t, "value", 1), "2.00");
    assert_string_equal(table_text(t, "value", 2), "1.50");
    assert_int_equal(table_dec(t, "snapshot", 2), 2);
    assert_string_equal(table_text(t, "value", 3), "1.99");
    assert_string_equal(table_text(t, "reason", 3), "待查");
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "value")], 3), FD_DOUBT);
    fd_table_free(t);
    assert_int_equal(fd_reader_history(r, "enterprise", 99, "output", &t), FD_ENOTFOUND);
    fd_reader_close(r);
}

/* Random segments against a plain array: whatever the chunks, blocks and caches, the column is what
 * was said last. */
static void random_segments_agree_with_a_plain_array(void **state)
{
    enum { SUBJECTS = 90, ITEMS = 3, ROUNDS = 40 };
    world *w = *state;
    static int64_t expected[ITEMS][SUBJECTS];
    static uint8_t has[ITEMS][SUBJECTS];
    static const char *const items[] = { "i0", "i1", "i2" };
    const fd_period year = fd_period_year(2024);
    int32_t ids[SUBJECTS];
    uint64_t seed = 12345;
    fd_batch *b = begin(w->store);
    char code[8];

    memset(has, 0, sizeof has);
    for (int i = 0; i < SUBJECTS; i++) {
        snprintf(code, sizeof code, "%d", i);
        ids[i] = subject(b, "enterprise", code, NULL);
    }
    for (int round = 0; round < ROUNDS; round++) {
        int32_t chosen[SUBJECTS];
        int64_t values[SUBJECTS];
        uint8_t states[SUBJECTS];
        size_t n = 0;
        const size_t item = (size_t)round % ITEMS;
        fd_segment s;

        for (int i = 0; i < SUBJECTS; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            if ((seed >> 60) < 5)
                continue;
            chosen[n] = ids[i];
            values[n] = (int64_t)(seed >> (8 + seed % 50)) - 1000;
            states[n] = (seed >> 33) % 7 == 0 ? FD_MISSING : FD_HAS;
            if (states[n] == FD_HAS) {
                expected[item][i] = values[n];
                has[item][i] = 1;
            }
            n++;
        }
        s = decimals(items[item], year, 0, chosen, values, n);
        s.states = states;
        ok(fd_batch_segment(b, &s));
        if (round % 7 == 6) {
            publish(b);
            b = begin(w->store);
        }
    }
    publish(b);
    for (size_t item = 0; item < ITEMS; item++) {
        fd_reader *r = reader_at(w->store, 0);
        fd_column *c = column_of(r, "enterprise", items[item], year, FD_CURRENT);
        fd_column *again = column_of(r, "enterprise", items[item], year, FD_CURRENT);

        assert_ptr_equal(c, again); /* cached */
        for (size_t i = 0; i < SUBJECTS; i++) {
            assert_int_equal(fd_column_state(c, i), has[item][i] ? FD_HAS : FD_MISSING);
            if (has[item][i])
                assert_int_equal(c->v.dec[i], expected[item][i]);
        }
        fd_column_unref(c);
        fd_column_unref(again);
        fd_reader_close(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERYWHERE(subjects_are_found_again),
        EVERYWHERE(many_subjects_are_loaded_at_once),
        EVERYWHERE(a_code_created_twice_at_once_is_one_subject),
        EVERYWHERE(nothing_shows_before_publishing),
        EVERYWHERE(abandoned_batches_leave_nothing),
        EVERYWHERE(an_empty_batch_publishes_nothing),
        EVERYWHERE(later_snapshots_win_and_missing_wins_nothing),
        EVERYWHERE(every_kind_of_value_comes_back),
        EVERYWHERE(bad_segments_are_refused),
        EVERYWHERE(corrections_come_last),
        EVERYWHERE(numbers_lead_back_to_their_cell),
        EVERYWHERE(one_file_of_two_batches_is_published_once),
        EVERYWHERE(history_tells_all),
        EVERYWHERE(random_segments_agree_with_a_plain_array),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
