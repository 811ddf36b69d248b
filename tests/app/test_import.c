/* From files into a store: order, one batch, the same file again, dry run, who has not reported. */
#include "import_world.h"

static const char *state_of(const fd_import_report *report, const char *file)
{
    for (size_t i = 0; i < report->files->rows; i++)
        if (strcmp(fd_column_text(report->files->columns[0], i), file) == 0)
            return fd_column_text(report->files->columns[fd_table_find(report->files, "state")], i);
    return "";
}

static int64_t dec_of(world *w, const char *item, fd_period period, const char *code,
                      fd_state *cell_state)
{
    fd_reader *reader;
    fd_source *source;
    const fd_frame *frame;
    fd_column *column;
    int64_t value = -1;

    *cell_state = FD_MISSING;
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    source = fd_reader_source(reader);
    assert_int_equal(source->ops->frame(source, "enterprise", &frame), 0);
    assert_int_equal(source->ops->column(source, "enterprise", item, period, FD_CURRENT, &column),
                     0);
    for (size_t i = 0; i < frame->n; i++)
        if (strcmp(frame->codes[i], code) == 0) {
            *cell_state = fd_column_state(column, i);
            value = column->v.dec[i];
        }
    fd_column_unref(column);
    fd_reader_close(reader);
    return value;
}

static void put_city(const world *w)
{
    put(w, "县区.csv", "代码,名称\n990501,甲县\n");
    put(w, "企业名录.csv",
        "统一社会信用代码,企业名称,县区代码,规上起\n"
        "%1,东风钢铁有限公司,990501,2020-01-01\n"
        "%2,西岭水泥有限公司,甲县,2020-01-01\n"
        "%3,南湖食品有限公司,990501,\n");
    put(w, "2024-05/重点企业调度表_甲县.csv",
        "统一社会信用代码,工业总产值(万元);本月,工业总产值(万元);1—本月累计\n%1,10,50.5\n%7,1,1\n%"
        "3,2,3\n");
    put(w, "2024-05/分户电量.csv", "统一社会信用代码,本月电量(千瓦时)\n%1,5000\n%3,0\n");
}

static void a_folder_is_one_batch_in_the_right_order(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    char rejects[160], path[256];
    struct stat st;
    fd_state cell;

    put_city(w);
    snprintf(rejects, sizeof rejects, "%s/.退回", w->folder);
    options.rejects = rejects;
    options.coverage = true;
    import(w, &report, &options);
    assert_int_equal(report.snapshot, 1);
    assert_int_equal(report.files->rows, 4);
    assert_string_equal(fd_column_text(report.files->columns[0], 0), "县区.csv");
    assert_string_equal(fd_column_text(report.files->columns[0], 1), "企业名录.csv");
    assert_string_equal(fd_column_text(report.files->columns[0], 2),
                        "分户电量.csv"); /* the dispatch table looks at it */
    assert_int_equal(report.rejected, 1);
    assert_int_equal(report.left_out, 0);
    assert_int_equal(dec_of(w, "dispatch_output", fd_period_cumulative(2024, 5), uscc(1), &cell),
                     505000);
    assert_int_equal(cell, FD_HAS);
    (void)dec_of(w, "dispatch_output", fd_period_month(2024, 5), uscc(3), &cell);
    assert_int_equal(cell, FD_DOUBT); /* output, no power */
    /* 东风 has reported, 西岭 has not; 南湖 is not above scale. */
    assert_int_equal(report.coverage->rows, 2); /* all of the city, then 甲县 */
    for (size_t row = 0; row < 2; row++) {
        static const char *const columns[] = { "expected", "reported", "missing", "doubtful" };
        static const int64_t wanted[] = { 2, 1, 1, 0 };

        for (size_t i = 0; i < 4; i++)
            assert_int_equal(
                report.coverage->columns[fd_table_find(report.coverage, columns[i])]->v.dec[row],
                wanted[i]);
    }
    assert_string_equal(fd_column_text(report.coverage->columns[2], 1), "甲县");
    assert_int_equal(report.missing->rows, 1);
    assert_string_equal(
        fd_column_text(report.missing->columns[fd_table_find(report.missing, "code")], 0), uscc(2));
    snprintf(path, sizeof path, "%s/2024-05/重点企业调度表_甲县.退回.csv", rejects);
    assert_int_equal(stat(path, &st), 0);
    fd_import_report_dispose(&report);
}

/* Enterprises by name and by code in the call that enters or renames them, really and dry: the old
 * name leads to a renamed one too, one name of two enterprises to nobody. */
static void names_of_the_same_call_are_known(void **state)
{
    static const struct {
        const char *registered, *sent;
        size_t accepted, rejected;
    } calls[] = {
        { "%1,东风钢铁有限公司,990501,\n%2,西岭水泥有限公司,990501,\n%3,南湖食品有限公司,990501,\n"
          "%4,南湖食品有限公司,990501,\n",
          "东风钢铁有限公司,,5\n,%2,6\n南湖食品有限公司,,7\n没有这家公司,,8\n", 4 + 2, 2 },
        { "%1,东风新材有限公司,990501,\n%5,北苑纺织有限公司,990501,\n",
          "东风钢铁有限公司,,5\n,%5,6\n西岭水泥有限公司,,7\n", 2 + 3, 0 },
        { "%6,新星电子有限公司,990501,\n",
          "东风新材有限公司,,5\n北苑纺织有限公司,,6\n新星电子有限公司,,7\n", 1 + 3, 0 },
    };
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_state cell;

    put(w, "县区.csv", "代码,名称\n990501,甲县\n");
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        char text[512], name[64];

        snprintf(text, sizeof text, "统一社会信用代码,企业名称,县区代码,规上起\n%s",
                 calls[i].registered);
        put(w, "企业名录.csv", text);
        snprintf(text, sizeof text, "企业名称,统一社会信用代码,工业总产值(万元);1—本月累计\n%s",
                 calls[i].sent);
        snprintf(name, sizeof name, "2024-0%zu/重点企业调度表_甲县.csv", i + 5);
        put(w, name, text);
        for (int dry = 1; dry >= 0; dry--) {
            options.dry_run = dry;
            import(w, &report, &options);
            if (report.accepted != calls[i].accepted + (i == 0) ||
                report.rejected != calls[i].rejected)
                fail_msg("call %zu, dry %d: %zu taken, %zu refused", i, dry, report.accepted,
                         report.rejected);
            fd_import_report_dispose(&report);
        }
    }
    assert_int_equal(dec_of(w, "dispatch_output", fd_period_cumulative(2024, 7), uscc(1), &cell),
                     50000);
    assert_int_equal(dec_of(w, "dispatch_output", fd_period_cumulative(2024, 6), uscc(1), &cell),
                     50000);
    assert_int_equal(dec_of(w, "dispatch_output", fd_period_cumulative(2024, 7), uscc(6), &cell),
                     70000);
}

static size_t twice_said(const fd_import_report *report)
{
    size_t n = 0;

    for (size_t i = 0; i < report->findings->rows; i++)
        n += strcmp(fd_column_text(report->findings->columns[4], i), "twice") == 0;
    return n;
}

/* Two files of one call with the same cells: the later one counts, and somebody hears of it; files
 * about different enterprises say nothing of the kind, blanks neither. */
static void one_cell_in_two_files_is_said(void **state)
{
    static const char header[] = "统一社会信用代码,工业总产值(万元);1—本月累计,在手订单(万元)\n";
    static const struct {
        const char *first, *second, *other;
    } calls[] = { { "%1,60,\n%2,70,3\n", "%1,61,9\n", "%3,1,1\n" },
                  { "%1,62,\n%2,70,3\n", "%1,63,9\n", "%3,1,1\n" } };
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_state cell;

    put_city(w);
    for (size_t i = 0; i < 2; i++) {
        char text[512];

        snprintf(text, sizeof text, "%s%s", header, calls[i].first);
        put(w, "2024-06/重点企业调度表_甲县.csv", text);
        snprintf(text, sizeof text, "%s%s", header, calls[i].second);
        put(w, "2024-06/重点企业调度表_甲县改.csv", text);
        snprintf(text, sizeof text, "%s%s", header, calls[i].other);
        put(w, "2024-06/重点企业调度表_乙县.csv", text);
        import(w, &report, &options);
        assert_int_equal(twice_said(&report), 1);
        fd_import_report_dispose(&report);
    }
    (void)dec_of(w, "dispatch_output", fd_period_cumulative(2024, 6), uscc(1), &cell);
    assert_int_equal(cell, FD_HAS);
    import(w, &report, &options);
    assert_int_equal(twice_said(&report), 0); /* the same files again are not read */
    fd_import_report_dispose(&report);
}

/* What why shows of a cell is what the sender wrote, to the last blank. */
static void the_text_of_a_cell_is_kept(void **state)
{
    static const struct {
        const char *item, *texts[3];
    } cells[] = {
        { "dispatch_output", { "1,234.50", "12.5(待核)", "7" } },
        { "dispatch_revenue", { "007.0", " 1234.5 ", "0.00" } },
        { "orders", { "12.50万元", "1234", "1,000" } },
    };
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_reader *reader;
    fd_source *source;
    fd_origin origin;
    const fd_frame *frame;
    char file[1024];
    size_t used = 0, seen = 0;

    put_city(w);
    used += (size_t)snprintf(file, sizeof file,
                             "统一社会信用代码,工业总产值(千元);本月,营业收入(千元);本月,"
                             "在手订单(千元)\n");
    for (int r = 0; r < 3; r++) /* from the last enterprise to the first */
        used += (size_t)snprintf(file + used, sizeof file - used, "%%%d,\"%s\",\"%s\",\"%s\"\n",
                                 3 - r, cells[0].texts[r], cells[1].texts[r], cells[2].texts[r]);
    put(w, "2024-05/重点企业调度表_甲县.csv", file);
    import(w, &report, &options);
    assert_int_equal(report.rejected, 0);
    fd_import_report_dispose(&report);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    source = fd_reader_source(reader);
    assert_int_equal(source->ops->frame(source, "enterprise", &frame), 0);
    for (size_t i = 0; i < frame->n; i++)
        for (int r = 0; r < 3; r++)
            for (size_t c = 0; c < 3 && strcmp(frame->codes[i], uscc(3 - r)) == 0; c++) {
                const fd_period when =
                    c == 2 ? fd_period_cumulative(2024, 5) : fd_period_month(2024, 5);

                assert_int_equal(source->ops->origin(source, "enterprise", cells[c].item, when,
                                                     FD_CURRENT, frame->ids[i], &origin),
                                 0);
                assert_non_null(origin.written);
                assert_string_equal(origin.written, cells[c].texts[r]);
                assert_int_equal(origin.row, r + 2);
                seen++;
            }
    assert_int_equal(seen, 9);
    fd_reader_close(reader);
}

static void the_same_again_changes_nothing(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    char path[256], other[256];

    put_city(w);
    import(w, &report, &options);
    assert_int_equal(report.snapshot, 1);
    fd_import_report_dispose(&report);
    /* Under another name too: it is the bytes that count. Returned files beside them are not read.
     */
    snprintf(path, sizeof path, "%s/企业名录.csv", w->folder);
    snprintf(other, sizeof other, "%s/企业名录2.csv", w->folder);
    assert_int_equal(rename(path, other), 0);
    import(w, &report, &options);
    assert_int_equal(report.snapshot, 1);
    assert_int_equal(report.files->rows, 4);
    assert_string_equal(state_of(&report, "企业名录2.csv"), "同前");
    assert_string_equal(state_of(&report, "分户电量.csv"), "同前");
    assert_int_equal(report.accepted, 0);
    fd_import_report_dispose(&report);
}

static void a_dry_run_reads_everything_and_writes_nothing(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    char path[256];
    struct stat st;
    fd_state cell;

    put_city(w);
    options.dry_run = true;
    import(w, &report, &options);
    assert_int_equal(report.snapshot, 0);
    assert_int_equal(report.rejected, 1);
    assert_int_equal(report.accepted, 8);
    assert_string_equal(state_of(&report, "分户电量.csv"), "试读");
    assert_int_equal(dec_of(w, "power", fd_period_month(2024, 5), uscc(1), &cell),
                     -1); /* nobody there */
    snprintf(path, sizeof path, "%s/2024-05/重点企业调度表_甲县.退回.csv", w->folder);
    assert_int_not_equal(stat(path, &st), 0);
    fd_import_report_dispose(&report);
}

static void a_wrong_file_leaves_the_others(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_state cell;

    put_city(w);
    put(w, "2024年财务状况B103-1.csv", "统一社会信用代码,本年折旧209\n%1,5\n");
    put(w, "2023年财务状况B103-1.csv", "统一社会信用代码,本年折旧211\n%1,50\n");
    import(w, &report, &options);
    assert_int_equal(report.left_out, 1);
    assert_string_equal(state_of(&report, "2024年财务状况B103-1.csv"), "退回");
    assert_string_equal(state_of(&report, "2023年财务状况B103-1.csv"), "入库");
    (void)dec_of(w, "depreciation", fd_period_year(2024), uscc(1), &cell);
    assert_int_equal(cell, FD_MISSING);
    assert_int_equal(dec_of(w, "depreciation", fd_period_year(2023), uscc(1), &cell), 50000);
    fd_import_report_dispose(&report);
}

static void a_mapping_given_once_is_remembered(void **state)
{
    static const char *const mappings[] = { "厂房原值=fixed_assets", NULL };
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_state cell;

    put_city(w);
    put(w, "2023年财务状况B103-1.csv", "统一社会信用代码,厂房原值,资产总计\n%1,50,90\n");
    options.mappings = mappings;
    import(w, &report, &options);
    assert_int_equal(dec_of(w, "fixed_assets", fd_period_year(2023), uscc(1), &cell), 50000);
    fd_import_report_dispose(&report);
    put(w, "2024年财务状况B103-1.csv", "统一社会信用代码,厂房原值,资产总计\n%1,60,91\n");
    options.mappings = NULL;
    import(w, &report, &options);
    assert_int_equal(dec_of(w, "fixed_assets", fd_period_year(2024), uscc(1), &cell), 60000);
    fd_import_report_dispose(&report);
}

static void a_register_that_changes_holds_from_today(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_reader *reader;
    fd_source *source;
    fd_column *column;
    fd_table *history = NULL;

    put_city(w);
    import(w, &report, &options);
    fd_import_report_dispose(&report);
    put(w, "县区.csv", "代码,名称\n990501,甲县\n990502,乙县\n");
    put(w, "企业名录.csv",
        "统一社会信用代码,企业名称,县区代码,规上起\n%1,东风钢铁有限公司,990502,2020-01-01\n");
    import(w, &report, &options);
    fd_import_report_dispose(&report);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    source = fd_reader_source(reader);
    assert_int_equal(source->ops->attribute(source, "enterprise", "county",
                                            fd_date_make(2021, 1, 1), &column),
                     0);
    assert_string_equal(fd_column_text(column, 0), "990501");
    fd_column_unref(column);
    assert_int_equal(source->ops->attribute(source, "enterprise", "county",
                                            fd_date_make(2099, 1, 1), &column),
                     0);
    assert_string_equal(fd_column_text(column, 0), "990502");
    fd_column_unref(column);
    fd_table_free(history);
    fd_reader_close(reader);
}

/* How often an attribute was written for the enterprise of a code. */
static size_t attribute_rows(world *w, const char *code, const char *attribute)
{
    fd_reader *reader;
    fd_source *source;
    const fd_frame *frame;
    size_t count = 0;

    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    source = fd_reader_source(reader);
    assert_int_equal(source->ops->frame(source, "enterprise", &frame), 0);
    for (size_t i = 0; i < frame->n; i++) {
        fd_table *history;

        if (strcmp(frame->codes[i], code) != 0)
            continue;
        assert_int_equal(fd_reader_attribute_history(reader, frame->ids[i], &history), 0);
        for (size_t r = 0; r < history->rows; r++)
            count += strcmp(fd_column_text(history->columns[0], r), attribute) == 0;
        fd_table_free(history);
    }
    fd_reader_close(reader);
    return count;
}

static void a_register_saved_again_adds_nothing(void **state)
{
    static const char *const attributes[] = { "name", "county", "above_scale", "expects:dispatch" };
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;

    put_city(w);
    import(w, &report, &options);
    fd_import_report_dispose(&report);
    /* The same content in other bytes: a byte order mark, semicolons, CR LF. */
    put(w, "企业名录.csv",
        "\xef\xbb\xbf统一社会信用代码;企业名称;县区代码;规上起\r\n"
        "%1;东风钢铁有限公司;990501;2020-01-01\r\n"
        "%2;西岭水泥有限公司;990501;2020-01-01\r\n");
    import(w, &report, &options);
    assert_string_equal(state_of(&report, "企业名录.csv"), "入库");
    fd_import_report_dispose(&report);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        assert_int_equal(attribute_rows(w, uscc(1), attributes[i]), 1);
}

static size_t versions(world *w, const char *item, const char *code)
{
    fd_reader *reader;
    fd_source *source;
    const fd_frame *frame;
    size_t count = 0;

    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    source = fd_reader_source(reader);
    assert_int_equal(source->ops->frame(source, "enterprise", &frame), 0);
    for (size_t i = 0; i < frame->n; i++) {
        fd_table *history;

        if (strcmp(frame->codes[i], code) != 0)
            continue;
        assert_int_equal(fd_reader_history(reader, "enterprise", frame->ids[i], item, &history), 0);
        count = history->rows;
        fd_table_free(history);
    }
    fd_reader_close(reader);
    return count;
}

static void a_corrected_file_stores_only_what_differs(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_state cell;

    put_city(w);
    put(w, "2024年财务状况B103-1.csv",
        "统一社会信用代码,资产总计,负债合计\n%1,900,50\n%2,700,60\n%3,10,-\n");
    import(w, &report, &options);
    fd_import_report_dispose(&report);
    put(w, "2024年财务状况B103-1.csv",
        "统一社会信用代码,资产总计,负债合计\n%1,900,50\n%2,710,60\n%3,10,-\n");
    import(w, &report, &options);
    assert_string_equal(state_of(&report, "2024年财务状况B103-1.csv"), "入库");
    assert_int_equal(report.changed, 1);
    assert_int_equal(report.accepted, 3);
    fd_import_report_dispose(&report);
    assert_int_equal(dec_of(w, "assets", fd_period_year(2024), uscc(2), &cell), 710000);
    assert_int_equal(dec_of(w, "assets", fd_period_year(2024), uscc(1), &cell), 900000);
    assert_int_equal(versions(w, "assets", uscc(2)), 2);
    assert_int_equal(versions(w, "assets", uscc(1)), 1);
    assert_int_equal(versions(w, "liabilities", uscc(2)), 1);
    /* And back again: the old value is a third version, not a return to the first. */
    put(w, "2024年财务状况B103-1.csv",
        "统一社会信用代码,资产总计,负债合计\n%1,900,50\n%2,700.0,60\n");
    import(w, &report, &options);
    assert_int_equal(report.changed, 1);
    fd_import_report_dispose(&report);
    assert_int_equal(dec_of(w, "assets", fd_period_year(2024), uscc(2), &cell), 700000);
    assert_int_equal(versions(w, "assets", uscc(2)), 3);
}

/* Within one call the last file counts, even when it only repeats what was stored before the call.
 */
static void the_last_file_of_a_call_counts(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_state cell;

    put_city(w);
    put(w, "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计\n%1,900\n");
    import(w, &report, &options);
    fd_import_report_dispose(&report);
    put(w, "2024年财务状况B103-1_甲.csv", "统一社会信用代码,资产总计\n%1,901\n");
    put(w, "2024年财务状况B103-1_乙.csv", "统一社会信用代码,资产总计\n%1,900\n");
    import(w, &report, &options);
    fd_import_report_dispose(&report);
    /* 乙 (e4 b9 99) sorts before 甲 (e7 94 b2). */
    assert_int_equal(dec_of(w, "assets", fd_period_year(2024), uscc(1), &cell), 901000);
    put(w, "2024年财务状况B103-1_丁.csv", "统一社会信用代码,资产总计\n%1,902\n");
    put(w, "2024年财务状况B103-1_甲.csv", "统一社会信用代码,资产总计\n%1,901.0\n");
    import(w, &report, &options);
    fd_import_report_dispose(&report);
    assert_int_equal(dec_of(w, "assets", fd_period_year(2024), uscc(1), &cell), 901000);
}

static void findings_say_where_what_and_what_to_do(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    const fd_table *t;
    bool seen = false;

    put_city(w);
    put(w, "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计\n%1,一百\n");
    for (int lang = 0; lang < 2; lang++) {
        options.lang = (fd_lang)lang;
        options.dry_run = true;
        import(w, &report, &options);
        t = report.findings;
        for (size_t i = 0; i < t->rows; i++) {
            if (strcmp(fd_column_text(t->columns[fd_table_find(t, "rule")], i), "value") != 0)
                continue;
            seen = true;
            assert_string_equal(fd_column_text(t->columns[0], i), "2024年财务状况B103-1.csv");
            assert_int_equal(t->columns[fd_table_find(t, "row")]->v.dec[i], 2);
            assert_string_equal(fd_column_text(t->columns[fd_table_find(t, "column")], i),
                                "资产总计");
            assert_string_equal(fd_column_text(t->columns[fd_table_find(t, "found")], i), "一百");
            assert_non_null(fd_column_text(t->columns[fd_table_find(t, "expected")], i));
            assert_non_null(fd_column_text(t->columns[fd_table_find(t, "hint")], i));
        }
        fd_import_report_dispose(&report);
    }
    assert_true(seen);
}

static void what_is_asked_for_wrongly_fails(void **state)
{
    static const char *const bad[] = { "厂房原值", NULL };
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    const char *const nowhere[] = { "/nonexistent/folder" }, *const here[] = { w->folder };

    assert_int_equal(fd_import_store(&report, w->store, w->program, nowhere, 1, &options),
                     FD_ENOTFOUND);
    fd_import_report_dispose(&report);
    options.form = "no_such_form";
    assert_int_equal(fd_import_store(&report, w->store, w->program, here, 1, &options),
                     FD_ENOTFOUND);
    fd_import_report_dispose(&report);
    options.form = NULL;
    options.mappings = bad;
    assert_int_equal(fd_import_store(&report, w->store, w->program, here, 1, &options), FD_EINVAL);
    fd_import_report_dispose(&report);
}

/* A lead must close a gap of a chain: what names none goes back with the nearest. */
static void a_lead_names_a_gap_of_a_chain(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_reader *reader = NULL;
    fd_table *history = NULL;
    char path[200], *returned = NULL;
    size_t length = 0;

    put_city(w);
    put(w, "招商线索台账.csv",
        "编号,阶段,进入阶段日期,名称,缺口\nZS1,线索,2024-11-01,甲,uav.fc\n"
        "ZS2,线索,2024-11-01,乙,uav.fcx\nZS3,线索,2024-11-01,丙,\n");
    import(w, &report, &options);
    assert_string_equal(state_of(&report, "招商线索台账.csv"), "入库");
    fd_import_report_dispose(&report);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    assert_int_equal(fd_reader_record_history(reader, "lead", "ZS1", &history), 0);
    assert_int_equal(history->rows, 1);
    fd_table_free(history);
    history = NULL;
    assert_true(fd_reader_record_history(reader, "lead", "ZS2", &history) == FD_ENOTFOUND ||
                !history->rows);
    fd_table_free(history);
    fd_reader_close(reader);
    snprintf(path, sizeof path, "%s/招商线索台账.退回.csv", w->folder);
    assert_int_equal(fd_file_read(&returned, &length, path, 65536), 0);
    assert_non_null(strstr(returned, "ZS2"));
    assert_non_null(strstr(returned, "uav.fc 飞控"));
    assert_non_null(strstr(returned, "ZS3"));
    assert_null(strstr(returned, "ZS1"));
    free(returned);
}

int main(void)
{
#define CITY(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
    const struct CMUnitTest tests[] = {
        CITY(a_folder_is_one_batch_in_the_right_order),
        CITY(names_of_the_same_call_are_known),
        CITY(one_cell_in_two_files_is_said),
        CITY(the_text_of_a_cell_is_kept),
        CITY(the_same_again_changes_nothing),
        CITY(a_dry_run_reads_everything_and_writes_nothing),
        CITY(a_wrong_file_leaves_the_others),
        CITY(a_mapping_given_once_is_remembered),
        CITY(a_register_that_changes_holds_from_today),
        CITY(a_register_saved_again_adds_nothing),
        CITY(a_corrected_file_stores_only_what_differs),
        CITY(the_last_file_of_a_call_counts),
        CITY(findings_say_where_what_and_what_to_do),
        CITY(what_is_asked_for_wrongly_fails),
        CITY(a_lead_names_a_gap_of_a_chain),
    };

    return cmocka_run_group_tests_name("app: import", tests, NULL, NULL);
}
