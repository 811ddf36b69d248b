/*
 * Files that nobody should send: each is read or refused with a reason, and nothing is half taken.
 */
#include "import_world.h"

typedef struct hostile {
    const char *what, *name, *text;
    size_t length;     /* 0: the text's own */
    int accepted;      /* rows */
    int rejected;      /* rows */
    const char *rule;  /* a finding that must be there, or NULL */
    bool left_out;     /* the whole file */
    const char *value; /* the first enterprise's output at scale 4, or NULL: unknown */
} hostile;

#define HEAD        "统一社会信用代码,工业总产值(万元);本月\n"
#define BYTES(text) text, sizeof(text) - 1

static const hostile cases[] = {
    { "an empty file", "调度表.csv", "", 0, 0, 0, "header", true, NULL },
    { "a header alone", "调度表.csv", "统一社会信用代码,工业总产值\n", 0, 0, 0, NULL, false, NULL },
    { "text that is no table", "调度表.csv", "你好\n世界\n", 0, 0, 0, "header", true, NULL },
    { "a name that lies", "调度表.xlsx", HEAD "%1,5\n", 0, 1, 0, NULL, false, "50000" },
    { "an old Excel file", "调度表.xls", BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0"), 0, 0,
      "format", true, NULL },
    { "half an archive", "调度表.xlsx", BYTES("PK\3\4\24\0\6\0\10\0\0\0!\0"), 0, 0, "format", true,
      NULL },
    { "GBK", "调度表.csv",
      "\xcd\xb3\xd2\xbb\xc9\xe7\xbb\xe1\xd0\xc5\xd3\xc3\xb4\xfa\xc2\xeb,"
      "\xb9\xa4\xd2\xb5\xd7\xdc\xb2\xfa\xd6\xb5;\xb1\xbe\xd4\xc2\n%1,5\n",
      0, 1, 0, NULL, false, "50000" },
    { "the same column twice", "调度表.csv",
      "统一社会信用代码,工业总产值(万元);本月,工业总产值(万元);本月\n%1,1,2\n", 0, 0, 0,
      "ambiguous", true, NULL },
    { "a formula", "调度表.csv", HEAD "%1,=1+1\n%2,5\n", 0, 1, 1, "value", false, NULL },
    { "a command as a number", "调度表.csv", HEAD "%1,=cmd|'/c calc'!A1\n", 0, 0, 1, "value", false,
      NULL },
    { "control characters", "调度表.csv", HEAD "%1,1\x07\x1b[31m2\n", 0, 0, 1, "value", false,
      NULL },
    { "a zero byte", "调度表.csv", BYTES(HEAD "%1,1\0002\n"), 0, 1, "damaged", false, NULL },
    { "10^40", "调度表.csv", HEAD "%1,1e40\n", 0, 0, 1, "value", false, NULL },
    { "forty digits", "调度表.csv", HEAD "%1,1000000000000000000000000000000000000000\n", 0, 0, 1,
      "value", false, NULL },
    { "10^-40", "调度表.csv", HEAD "%1,1e-40\n", 0, 0, 1, "value", false, NULL },
    { "an endless exponent", "调度表.csv", HEAD "%1,1e999999999999\n", 0, 0, 1, "value", false,
      NULL },
    { "NaN", "调度表.csv", HEAD "%1,NaN\n", 0, 0, 1, "value", false, NULL },
    { "Inf", "调度表.csv", HEAD "%1,-inf\n", 0, 0, 1, "value", false, NULL },
    { "hexadecimal", "调度表.csv", HEAD "%1,0x1p3\n", 0, 0, 1, "value", false, NULL },
    { "negative output", "调度表.csv", HEAD "%1,-3\n", 0, 0, 1, "negative", false, NULL },
    { "negative in full width", "调度表.csv", HEAD "%1,−3\n", 0, 0, 1, "negative", false, NULL },
    { "full width digits", "调度表.csv", HEAD "%1,１２.5\n", 0, 1, 0, NULL, false, "125000" },
    { "thousands", "调度表.csv", HEAD "%1,\"1,234.5\"\n", 0, 1, 0, NULL, false, "12345000" },
    { "commas where none belong", "调度表.csv", HEAD "%1,\"1,23\"\n", 0, 0, 1, "value", false,
      NULL },
    { "a percentage of output", "调度表.csv", HEAD "%1,5%\n", 0, 0, 1, "value", false, NULL },
    { "another unit in the cell", "调度表.csv", HEAD "%1,3亿元\n", 0, 1, 0, NULL, false,
      "300000000" },
    { "a date for a number", "调度表.csv", HEAD "%1,2024-05-01\n", 0, 0, 1, "value", false, NULL },
    { "a digit that would be lost", "调度表.csv", HEAD "%1,1.00001\n", 0, 0, 1, "value", false,
      NULL },
    { "the same unit twice", "调度表.csv", HEAD "%1,5\n%1,6\n%2,7\n", 0, 1, 2, "duplicate", false,
      NULL },
    { "a row too long", "调度表.csv", HEAD "%1,1,234\n%2,5\n", 0, 1, 1, "shape", false, NULL },
    { "a code in scientific notation", "调度表.csv", HEAD "9.19905E+17,5\n%2,5\n", 0, 1, 1, "uscc",
      false, NULL },
    { "a code of nobody", "调度表.csv", HEAD "%7,5\n%2,5\n", 0, 1, 1, "subject", false, NULL },
    { "turned writing", "调度表.csv",
      "统一社会信用代码,企业名称,工业总产值(万元);本月\n%1,\xe2\x80\xae东风钢铁\xe2\x81\xa6,5\n", 0,
      1, 0, "name-differs", false, "50000" },
};

static void put_bytes(const world *w, const hostile *c)
{
    char name[64];

    snprintf(name, sizeof name, "2024-05/%s", c->name);
    if (c->length == 0) {
        put(w, name, c->text);
    } else { /* zero bytes: put() would stop at them */
        fd_buf out = FD_BUF_INIT, path = FD_BUF_INIT;

        put(w, name, "");
        for (size_t i = 0; i < c->length; i++)
            if (c->text[i] == '%' && i + 1 < c->length && c->text[i + 1] == '1') {
                fd_buf_puts(&out, uscc(1));
                i++;
            } else {
                fd_buf_putc(&out, c->text[i]);
            }
        fd_buf_printf(&path, "%s/%s", w->folder, name);
        assert_int_equal(fd_file_write(fd_buf_text(&path), fd_buf_text(&out), out.len), 0);
        fd_buf_dispose(&out);
        fd_buf_dispose(&path);
    }
}

static bool has_rule(const fd_import_report *report, const char *rule)
{
    const fd_table *t = report->findings;
    const int at = fd_table_find(t, "rule");

    for (size_t i = 0; i < t->rows; i++)
        if (strcmp(fd_column_text(t->columns[at], i), rule) == 0)
            return true;
    return false;
}

/* A fault says what, what was found or expected, and what to do. */
static void faults_are_complete(const fd_import_report *report, const char *what)
{
    const fd_table *t = report->findings;

    for (size_t i = 0; i < t->rows; i++)
        if (strcmp(fd_column_text(t->columns[fd_table_find(t, "severity")], i), "错误") == 0 &&
            (!fd_column_text(t->columns[fd_table_find(t, "message")], i) ||
             !fd_column_text(t->columns[fd_table_find(t, "hint")], i)))
            fail_msg("%s: a fault without message or hint", what);
}

static void check(world *w, const hostile *c)
{
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    fd_reader *reader;
    fd_source *source;
    const fd_frame *frame;
    fd_column *column;
    char folder[160];
    const char *const paths[] = { folder };

    put_bytes(w, c);
    options.period = fd_period_month(2024, 5);
    options.form = "dispatch";
    snprintf(folder, sizeof folder, "%s/2024-05", w->folder);
    assert_int_equal(fd_import_store(&report, w->store, w->program, paths, 1, &options), 0);
    if (report.accepted != (size_t)c->accepted || report.rejected != (size_t)c->rejected ||
        (report.left_out > 0) != c->left_out)
        fail_msg("%s: %zu taken, %zu refused, %zu left out", c->what, report.accepted,
                 report.rejected, report.left_out);
    if (c->rule && !has_rule(&report, c->rule))
        fail_msg("%s: no finding %s", c->what, c->rule);
    faults_are_complete(&report, c->what);
    fd_import_report_dispose(&report);
    assert_int_equal(fd_reader_open(&reader, w->store, 0), 0);
    source = fd_reader_source(reader);
    assert_int_equal(source->ops->frame(source, "enterprise", &frame), 0);
    assert_int_equal(source->ops->column(source, "enterprise", "dispatch_output",
                                         fd_period_month(2024, 5), FD_CURRENT, &column),
                     0);
    for (size_t i = 0; i < frame->n; i++)
        if (strcmp(frame->codes[i], uscc(1)) == 0) {
            if ((fd_column_state(column, i) == FD_MISSING) != (c->value == NULL) ||
                (c->value && column->v.dec[i] != atoll(c->value)))
                fail_msg("%s: %lld is stored", c->what, (long long)column->v.dec[i]);
        }
    fd_column_unref(column);
    fd_reader_close(reader);
}

static void each_is_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_import_options options = FD_IMPORT_OPTIONS_INIT;
        fd_import_report report;
        void *own = NULL;
        world *w;

        open_world(&own);
        w = own;
        put(w, "县区.csv", "代码,名称\n990501,甲县\n");
        put(w, "企业名录.csv",
            "统一社会信用代码,企业名称,县区代码,规上起\n%1,东风钢铁有限公司,990501,2020-01-01\n"
            "%2,西岭水泥有限公司,990501,2020-01-01\n%3,南湖食品有限公司,990501,\n");
        import(w, &report, &options);
        fd_import_report_dispose(&report);
        check(w, &cases[i]);
        close_world(&own);
    }
}

/* Links in circles, links to nothing, pipes: reported, and what can be read is read. */
static void a_folder_with_traps_is_walked(void **state)
{
    world *w = *state;
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report;
    char path[256];
    const char *pipe_path[1];

    put(w, "企业名录.csv", "统一社会信用代码,企业名称\n%1,东风钢铁有限公司\n");
    put(w, "2024-05/调度表.csv", HEAD "%1,5\n");
    snprintf(path, sizeof path, "%s/2024-05/loop", w->folder);
    assert_int_equal(symlink("..", path), 0);
    snprintf(path, sizeof path, "%s/2024-05/断.csv", w->folder);
    assert_int_equal(symlink("nowhere.csv", path), 0);
    snprintf(path, sizeof path, "%s/2024-05/己.csv", w->folder);
    assert_int_equal(symlink("己.csv", path), 0);
    snprintf(path, sizeof path, "%s/2024-05/管.csv", w->folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    import(w, &report, &options);
    assert_int_equal(report.files->rows, 5);
    assert_int_equal(report.left_out, 3);
    assert_int_equal(report.accepted, 2);
    fd_import_report_dispose(&report);
    pipe_path[0] = path; /* asked for by name it is a failure, and nothing waits for a writer */
    assert_int_equal(fd_import_store(&report, w->store, w->program, pipe_path, 1, &options),
                     FD_EFORMAT);
    fd_import_report_dispose(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_read_or_refused),
        cmocka_unit_test_setup_teardown(a_folder_with_traps_is_walked, open_world, close_world),
    };

    return cmocka_run_group_tests_name("app: hostile files", tests, NULL, NULL);
}
