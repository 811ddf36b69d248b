/* The CSV reader: encodings, separators, quotes, damage, caps; and what csvw writes is read back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fangding/arena.h"
#include "io/csvw.h"

/* Bytes with zeros inside. */
#define BYTES(literal) (literal), sizeof(literal) - 1

/*
 * A case lists the cells it expects as text: cells end in '|', rows in '\n', each row begins with
 * its number and ':'; a damaged row with '!' before it.
 */
typedef struct csv_case {
    const char *label;
    const char *text;
    size_t size;
    const char *expect;
    fd_encoding encoding;
    char separator; /* 0: not looked at */
    int err;        /* the code with which reading ends; 0 a sound end */
    long row, column;
} csv_case;

static const csv_case cases[] = {
    { "plain", BYTES("a,b\n1,2\n"), "1:a|b|\n2:1|2|\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "empty file", BYTES(""), "", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "only a mark", BYTES("\xEF\xBB\xBF"), "", FD_ENCODING_UTF8_BOM, ',', 0, 0, 0 },
    { "no line end at the end", BYTES("a,b\n1,2"), "1:a|b|\n2:1|2|\n", FD_ENCODING_UTF8, ',', 0, 0,
      0 },
    { "separator at the end", BYTES("a,b\n1,"), "1:a|b|\n2:1||\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "CR LF", BYTES("a,b\r\n1,2\r\n"), "1:a|b|\n2:1|2|\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "CR", BYTES("a,b\r1,2\r"), "1:a|b|\n2:1|2|\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "CR at the very end", BYTES("a\r"), "1:a|\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "empty lines count", BYTES("\n\na\n\nb\n"), "3:a|\n5:b|\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "rows of unequal length", BYTES("a\nb,c,d\ne,f\n"), "1:a|\n2:b|c|d|\n3:e|f|\n",
      FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "semicolons and decimal commas", BYTES("a;b\n1,5;2,5\n"), "1:a|b|\n2:1,5|2,5|\n",
      FD_ENCODING_UTF8, ';', 0, 0, 0 },
    { "tabs", BYTES("a\tb\n1,5\t2\n"), "1:a|b|\n2:1,5|2|\n", FD_ENCODING_UTF8, '\t', 0, 0, 0 },
    { "header with ;本年", BYTES("产值;本年,产值;上年\n1,2\n3,4\n"),
      "1:产值;本年|产值;上年|\n2:1|2|\n3:3|4|\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "title above", BYTES("表一;单位\na,b,c\n1,2,3\n4,5,6\n"),
      "1:表一;单位|\n2:a|b|c|\n3:1|2|3|\n4:4|5|6|\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "quotes", BYTES("\"a,b\",\"c\"\"d\"\n\"\",\"\"\"\"\n"), "1:a,b|c\"d|\n2:|\"|\n",
      FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "line ends in quotes", BYTES("\"a\nb\r\nc\",d\ne,f\n"), "1:a\nb\r\nc|d|\n2:e|f|\n",
      FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "quote at the end of the file", BYTES("a,\"b\""), "1:a|b|\n", FD_ENCODING_UTF8, ',', 0, 0,
      0 },
    { "blank behind a quote", BYTES("\"a\" ,b\n"), "1:a|b|\n", FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "a quote inside an unquoted cell", BYTES("5\" tube,b\"\n1,2\n"), "1:5\" tube|b\"|\n2:1|2|\n",
      FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "text behind a quote", BYTES("\"a\"b,\"c\"\"d\"e\"f,g\nh,i\n"), "!1:ab|c\"de\"f|g|\n2:h|i|\n",
      FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "unclosed quote", BYTES("a,b\n1,\"2\n3,4\n"), "1:a|b|\n", FD_ENCODING_UTF8, ',', FD_EPARSE, 2,
      2 },
    { "unclosed quote after a doubled one", BYTES("\"a\"\""), "", FD_ENCODING_UTF8, ',', FD_EPARSE,
      1, 1 },
    { "UTF-8", BYTES("县区,产值\n林州市,12.5\n"), "1:县区|产值|\n2:林州市|12.5|\n",
      FD_ENCODING_UTF8, ',', 0, 0, 0 },
    { "UTF-8 with a mark", BYTES("\xEF\xBB\xBF县区,产值\n林州市,12.5\n"),
      "1:县区|产值|\n2:林州市|12.5|\n", FD_ENCODING_UTF8_BOM, ',', 0, 0, 0 },
    /* 县区,产值 / 林州市,12.5 */
    { "GBK", BYTES("\xCF\xD8\xC7\xF8,\xB2\xFA\xD6\xB5\r\n\xC1\xD6\xD6\xDD\xCA\xD0,12.5\r\n"),
      "1:县区|产值|\n2:林州市|12.5|\n", FD_ENCODING_GB18030, ',', 0, 0, 0 },
    /* 㐂 is four bytes in GB18030, 𠀇 too; 喆 is beyond GB2312 */
    { "GB18030 of four bytes", BYTES("\xC1\xD6,\x81\x39\xEF\x31\n\x95\x32\x83\x33,\x86\xB4\n"),
      "1:林|㐂|\n2:𠀇|喆|\n", FD_ENCODING_GB18030, ',', 0, 0, 0 },
    { "GBK in quotes", BYTES("\"\xCF\xD8\"\"\xC7\xF8\",1\n"), "1:县\"区|1|\n", FD_ENCODING_GB18030,
      ',', 0, 0, 0 },
    { "GBK, second bytes that look like letters", BYTES("\x81\x5C\xC1\xD6,\x81\x7C\n"),
      "1:乗林|亅|\n", FD_ENCODING_GB18030, ',', 0, 0, 0 },
    { "GBK with a broken row", BYTES("\xCF\xD8\xC7\xF8,1\n\xC1\xD6\xD6\xDD\xCA,2\n\xC1\xD6,3\n"),
      "1:县区|1|\n!2:林州\xEF\xBF\xBD|2|\n3:林|3|\n", FD_ENCODING_GB18030, ',', 0, 0, 0 },
    { "UTF-8 with a broken row", BYTES("县区,产值\n林州市,12.5\n滑县\xE5,1\n汤阴县,3\n"),
      "1:县区|产值|\n2:林州市|12.5|\n!3:滑县\xEF\xBF\xBD|1|\n4:汤阴县|3|\n", FD_ENCODING_UTF8, ',',
      0, 0, 0 },
    { "UTF-8 cut short", BYTES("县区,产值\n林州市,12.5\n滑县\xE5\xB8"),
      "1:县区|产值|\n2:林州市|12.5|\n!3:滑县\xEF\xBF\xBD\xEF\xBF\xBD|\n", FD_ENCODING_UTF8, ',', 0,
      0, 0 },
    { "a byte in neither encoding", BYTES("a,\xFF\xFF\nb,c\n"),
      "!1:a|\xEF\xBF\xBD\xEF\xBF\xBD|\n2:b|c|\n", FD_ENCODING_GB18030, ',', 0, 0, 0 },
    { "a zero byte", BYTES("a,b\0c\nd,e\n"), "!1:a|b\0c|\n2:d|e|\n", FD_ENCODING_UTF8, ',', 0, 0,
      0 },
    { "UTF-16 little endian",
      BYTES("\xFF\xFE\x9F\x53,\0b\0\r\0\n\0"
            "1\0,\0\x40\xD8\x87\xDC\n\0"),
      "1:原|b|\n2:1|𠂇|\n", FD_ENCODING_UTF16LE, ',', 0, 0, 0 },
    { "UTF-16 big endian", BYTES("\xFE\xFF\x53\x9F\0,\0b\0\n"), "1:原|b|\n", FD_ENCODING_UTF16BE,
      ',', 0, 0, 0 },
    { "UTF-16 with a lone half",
      BYTES("\xFF\xFE"
            "a\0\x40\xD8\n\0b\0\n\0c"),
      "!1:a\xEF\xBF\xBD|\n2:b|\n!3:\xEF\xBF\xBD|\n", FD_ENCODING_UTF16LE, ',', 0, 0, 0 },
};

/* The rows in the form of csv_case.expect. @return how reading ended */
static int render(fd_buf *out, fd_rows *rows)
{
    const fd_row *row;
    int err;

    while ((err = fd_rows_next(rows, &row)) > 0) {
        fd_buf_printf(out, "%s%ld:", row->damaged ? "!" : "", row->number);
        for (size_t i = 0; i < row->count; i++) {
            const fd_cell *cell = &row->cells[i];

            assert_int_equal(cell->kind, cell->text.len ? FD_CELL_TEXT : FD_CELL_EMPTY);
            assert_int_equal(cell->raw.len, 0);
            fd_buf_view(out, cell->text);
            fd_buf_putc(out, '|');
        }
        fd_buf_putc(out, '\n');
    }
    return err;
}

static size_t expected_length(const csv_case *c)
{
    /* One case has a zero byte within. */
    return strcmp(c->label, "a zero byte") == 0 ? sizeof "!1:a|b\0c|\n2:d|e|\n" - 1
                                                : strlen(c->expect);
}

static void check_case(const csv_case *c, fd_rows *rows, const char *how)
{
    fd_buf got = FD_BUF_INIT;
    const fd_row *row;
    int err = render(&got, rows);
    size_t want = expected_length(c);

    if (err != c->err || got.len != want || memcmp(fd_buf_text(&got), c->expect, want) != 0)
        fail_msg("%s (%s): %d, got\n%s\nexpected\n%s", c->label, how, err, fd_buf_text(&got),
                 c->expect);
    assert_int_equal(fd_rows_info_of(rows)->encoding, c->encoding);
    assert_int_equal(fd_rows_info_of(rows)->separator, c->separator);
    if (err < 0) {
        assert_int_equal(fd_error_last()->row, c->row);
        assert_int_equal(fd_error_last()->column, c->column);
        assert_string_equal(fd_error_last()->file, fd_rows_info_of(rows)->name);
        fd_error_clear();
        assert_int_equal(fd_rows_next(rows, &row), c->err); /* and again the same */
        assert_int_equal(fd_error_last()->row, c->row);
    } else {
        assert_int_equal(fd_rows_next(rows, &row), 0);
        assert_int_equal(fd_rows_next_sheet(rows), 0);
    }
    fd_buf_dispose(&got);
}

static void write_temporary(char path[64], const void *data, size_t size)
{
    int fd;

    snprintf(path, 64, "%s/fd_csv.XXXXXX", P_tmpdir);
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, size), (ssize_t)size);
    close(fd);
}

/* Every case from memory and from a file, which go different ways through the reader. */
static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const csv_case *c = &cases[i];
        char *exact = malloc(c->size ? c->size : 1); /* so that ASan sees a step too far */
        char path[64];
        fd_rows *rows;

        memcpy(exact, c->text, c->size);
        if (fd_rows_open_memory(&rows, exact, c->size, "memory.csv", NULL) < 0)
            fail_msg("%s: %s", c->label, fd_error_last()->message[FD_EN]);
        check_case(c, rows, "memory");
        fd_rows_close(rows);
        free(exact);

        write_temporary(path, c->text, c->size);
        assert_int_equal(fd_rows_open(&rows, path, NULL), 0);
        check_case(c, rows, "file");
        fd_rows_close(rows);
        unlink(path);
    }
}

typedef struct refused_case {
    const char *label, *text;
    size_t size;
    fd_rows_options options;
    int err;
} refused_case;

static const refused_case refused[] = {
    { "old Excel", BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xxxx"), FD_ROWS_OPTIONS_INIT,
      FD_EFORMAT },
    { "a web page", BYTES(" \r\n<HTML><table>"), FD_ROWS_OPTIONS_INIT, FD_EFORMAT },
    { "a web page with a mark", BYTES("\xEF\xBB\xBF<table border=1>"), FD_ROWS_OPTIONS_INIT,
      FD_EFORMAT },
    { "XML", BYTES("<?xml version=\"1.0\"?>"), FD_ROWS_OPTIONS_INIT, FD_EFORMAT },
    { "binary", BYTES("\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\6\0\0\0\7\0\0\0"),
      FD_ROWS_OPTIONS_INIT, FD_EFORMAT },
    { "separator", BYTES("a|b"), { 1, '|', 0, 0, 0, 0, 0, 0, 0 }, FD_EINVAL },
    { "version", BYTES("a"), { 7, 0, 0, 0, 0, 0, 0, 0, 0 }, FD_EINVAL },
    { "encoding", BYTES("a"), { 1, 0, (fd_encoding)9, 0, 0, 0, 0, 0, 0 }, FD_EINVAL },
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        fd_rows *rows = (fd_rows *)(uintptr_t)1;

        if (fd_rows_open_memory(&rows, refused[i].text, refused[i].size, "x",
                                &refused[i].options) != refused[i].err)
            fail_msg("%s is not refused", refused[i].label);
        assert_null(rows);
        assert_true(fd_error_last()->message[FD_ZH][0] && fd_error_last()->message[FD_EN][0]);
    }
}

static void test_no_file(void **state)
{
    fd_rows *rows;

    (void)state;
    assert_int_equal(fd_rows_open(&rows, "no/such/file.csv", NULL), FD_ENOTFOUND);
    assert_null(rows);
    assert_int_equal(fd_rows_open(&rows, FD_SOURCE_DIR, NULL), FD_EIO);
    fd_rows_close(NULL);
}

static void test_forced(void **state)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_buf got = FD_BUF_INIT;
    fd_rows *rows;

    (void)state;
    options.separator = ';';
    assert_int_equal(fd_rows_open_memory(&rows, "a,b;c\n", 6, "x", &options), 0);
    assert_int_equal(render(&got, rows), 0);
    assert_string_equal(fd_buf_text(&got), "1:a,b|c|\n");
    fd_rows_close(rows);
    /* Bytes that are valid UTF-8 (ä) and GBK (盲). */
    fd_buf_clear(&got);
    options.encoding = FD_ENCODING_GB18030;
    assert_int_equal(fd_rows_open_memory(&rows, "\xC3\xA4\n", 3, "x", &options), 0);
    assert_int_equal(render(&got, rows), 0);
    assert_string_equal(fd_buf_text(&got), "1:盲|\n");
    fd_rows_close(rows);
    /* UTF-16 that says nothing of itself. */
    fd_buf_clear(&got);
    options.encoding = FD_ENCODING_UTF16BE;
    assert_int_equal(fd_rows_open_memory(&rows, "\0a\0;\0b", 6, "x", &options), 0);
    assert_int_equal(render(&got, rows), 0);
    assert_string_equal(fd_buf_text(&got), "1:a|b|\n");
    fd_rows_close(rows);
    fd_buf_dispose(&got);
}

static void test_caps(void **state)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    const fd_row *row;
    fd_rows *rows;

    (void)state;
    options.max_cells = 3;
    assert_int_equal(fd_rows_open_memory(&rows, "1,2,3\n1,2,3,4\n", 14, "x", &options), 0);
    assert_int_equal(fd_rows_next(rows, &row), 1);
    assert_int_equal(row->count, 3);
    assert_int_equal(fd_rows_next(rows, &row), FD_ELIMIT);
    assert_null(row);
    assert_int_equal(fd_error_last()->row, 2);
    assert_int_equal(fd_error_last()->column, 4);
    fd_rows_close(rows);
    options.max_cells = 0;
    options.max_row_bytes = 5;
    assert_int_equal(fd_rows_open_memory(&rows, "1,2,3\n1,2,34\n", 13, "x", &options), 0);
    assert_int_equal(fd_rows_next(rows, &row), 1);
    assert_int_equal(fd_rows_next(rows, &row), FD_ELIMIT);
    fd_rows_close(rows);
}

/* A pipe cannot be read twice; it is kept aside first. */
static void test_pipe(void **state)
{
    static const char text[] = "\xCF\xD8,\xB2\xFA\n1,2\n";
    fd_buf got = FD_BUF_INIT;
    fd_rows *rows;
    char path[32];
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], text, sizeof text - 1), sizeof text - 1);
    close(fds[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", fds[0]);
    assert_int_equal(fd_rows_open(&rows, path, NULL), 0);
    close(fds[0]);
    assert_int_equal(render(&got, rows), 0);
    assert_string_equal(fd_buf_text(&got), "1:县|产|\n2:1|2|\n");
    assert_string_equal(fd_rows_info_of(rows)->name, path);
    fd_rows_close(rows);
    fd_buf_dispose(&got);
}

/* What a row says beside its cells, and how its damage is described. */
static void test_row(void **state)
{
    static const char text[] = "a,\"b\nb\"\r\n\r\n\xD6\xD0,\xD6,\xB9\xFA\r\n";
    const fd_row *row;
    fd_rows *rows;

    (void)state;
    assert_int_equal(fd_rows_open_memory(&rows, text, sizeof text - 1, "x.csv", NULL), 0);
    assert_true(fd_rows_info_of(rows)->crlf);
    assert_int_equal(fd_rows_info_of(rows)->format, FD_ROWS_CSV);
    assert_int_equal(fd_rows_info_of(rows)->sheets, 1);
    assert_int_equal(fd_rows_next(rows, &row), 1);
    assert_int_equal(row->line, 1);
    assert_true(row->cells[1].quoted && !row->cells[0].quoted);
    assert_int_equal(fd_rows_describe_damage(rows, row), 0);
    assert_int_equal(fd_rows_next(rows, &row), 1);
    assert_int_equal(row->number, 3);
    assert_int_equal(row->line, 4);
    assert_int_equal(row->raw.len, 7);
    assert_memory_equal(row->raw.ptr, "\xD6\xD0,\xD6,\xB9\xFA", 7);
    assert_int_equal(row->damage, FD_DAMAGE_BYTES);
    assert_int_equal(row->damaged_cell, 1);
    assert_true(row->cells[1].damaged && !row->cells[0].damaged && !row->cells[2].damaged);
    assert_int_equal(fd_rows_describe_damage(rows, row), FD_EFORMAT);
    assert_string_equal(fd_error_last()->file, "x.csv");
    assert_int_equal(fd_error_last()->row, 3);
    assert_int_equal(fd_error_last()->column, 2);
    assert_non_null(strstr(fd_error_last()->message[FD_ZH], "4"));
    fd_rows_close(rows);
}

/* Rows of all lengths around the window's edges: a file much larger than it, compared with memory.
 */
static void test_windows(void **state)
{
    fd_buf text = FD_BUF_INIT, a = FD_BUF_INIT, b = FD_BUF_INIT;
    unsigned seed = 7;
    char path[64];
    fd_rows *rows;

    (void)state;
    while (text.len < (size_t)5 << 20) {
        unsigned cells = (seed = seed * 1103515245 + 12345) >> 16 & 31;

        for (unsigned i = 0; i <= cells; i++) {
            unsigned kind = (seed = seed * 1103515245 + 12345) >> 16 & 15;

            fd_buf_puts(&text, i ? "," : "");
            if (kind == 0)
                fd_buf_puts(&text, "\"quoted \"\" , \n\r\n cell\"");
            else if (kind == 1)
                fd_buf_puts(&text, "林州市");
            else
                fd_buf_printf(&text, "%u", seed);
        }
        if (cells == 31 && (seed >> 20 & 15) == 0) {
            fd_buf_puts(&text, ",\"");
            fd_buf_repeat(&text, "long,", 100000);
            fd_buf_puts(&text, "\"");
        }
        fd_buf_puts(&text, seed & 0x10000 ? "\r\n" : "\n");
    }
    write_temporary(path, text.ptr, text.len);
    assert_int_equal(fd_rows_open_memory(&rows, text.ptr, text.len, "m", NULL), 0);
    assert_int_equal(render(&a, rows), 0);
    fd_rows_close(rows);
    assert_int_equal(fd_rows_open(&rows, path, NULL), 0);
    assert_int_equal(render(&b, rows), 0);
    fd_rows_close(rows);
    unlink(path);
    assert_true(a.len > text.len);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr, b.ptr, a.len);
    fd_buf_dispose(&text);
    fd_buf_dispose(&a);
    fd_buf_dispose(&b);
}

/* Every cell, written in every form and read back. */
static void test_round_trip(void **state)
{
    static const char *const cells[] = { "a",          "",        "1,5;2\t3", "say \"no\"",
                                         "two\nlines", " blank ", "洹州市",   "𠂇 and €",
                                         "\r\n",       "\"",      "-0.05",    "",
                                         "末" };
    static const char separators[] = { ',', ';', '\t' };
    size_t count = sizeof cells / sizeof *cells;

    (void)state;
    for (int encoding = FD_ENCODING_UTF8; encoding <= FD_ENCODING_UTF16BE; encoding++)
        for (size_t form = 0; form < 6; form++) {
            fd_csvw_options options = { (fd_encoding)encoding, separators[form % 3], form >= 3 };
            fd_rows_options forced = FD_ROWS_OPTIONS_INIT;
            char *bytes = NULL;
            size_t size = 0, i = 0;
            FILE *stream = open_memstream(&bytes, &size);
            const fd_row *row;
            fd_csvw *w;
            fd_rows *rows;

            assert_int_equal(fd_csvw_new(&w, stream, &options), 0);
            for (size_t k = 0; k < count; k++) { /* rows of one and of three cells */
                fd_csvw_text(w, cells[k]);
                fd_csvw_end_row(w);
            }
            for (size_t k = 0; k + 3 <= count; k++) {
                for (size_t j = 0; j < 3; j++)
                    fd_csvw_text(w, cells[k + j]);
                fd_csvw_end_row(w);
            }
            assert_int_equal(fd_csvw_finish(w), 0);
            fclose(stream);
            forced.separator = options.separator;
            assert_int_equal(fd_rows_open_memory(&rows, bytes, size, "x", &forced), 0);
            assert_int_equal(fd_rows_info_of(rows)->encoding, encoding);
            assert_int_equal(fd_rows_info_of(rows)->crlf, options.crlf);
            for (; i < count; i++) {
                assert_int_equal(fd_rows_next(rows, &row), 1);
                assert_int_equal(row->count, 1);
                assert_true(fd_view_is(row->cells[0].text, cells[i]));
            }
            for (size_t k = 0; k + 3 <= count; k++) {
                assert_int_equal(fd_rows_next(rows, &row), 1);
                assert_int_equal(row->count, 3);
                for (size_t j = 0; j < 3; j++)
                    assert_true(fd_view_is(row->cells[j].text, cells[k + j]));
            }
            assert_int_equal(fd_rows_next(rows, &row), 0);
            fd_rows_close(rows);
            free(bytes);
        }
}

/* A rejected row goes back in the sender's bytes, with the reason behind it. */
static void test_sent_back(void **state)
{
    static const char sent[] = "\xCF\xD8\xC7\xF8;1\r\n\xC1\xD6\xD6;2\r\n";
    static const char back[] = "\xC1\xD6\xD6;2;\xBB\xB5\xD7\xD6\r\n"; /* 坏字 */
    fd_csvw_options options;
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    const fd_row *row;
    fd_rows *rows;
    fd_csvw *w;

    (void)state;
    assert_int_equal(fd_rows_open_memory(&rows, sent, sizeof sent - 1, "x", NULL), 0);
    options = fd_csvw_like(fd_rows_info_of(rows));
    assert_int_equal(fd_csvw_new(&w, stream, &options), 0);
    while (fd_rows_next(rows, &row) > 0)
        if (row->damaged) {
            fd_csvw_raw(w, row->raw);
            fd_csvw_text(w, "坏字");
            fd_csvw_end_row(w);
        }
    assert_int_equal(fd_csvw_finish(w), 0);
    fclose(stream);
    fd_rows_close(rows);
    assert_int_equal(size, sizeof back - 1);
    assert_memory_equal(bytes, back, size);
    free(bytes);
}

static void test_writer_faults(void **state)
{
    fd_csvw_options options = { FD_ENCODING_UTF8, '|', false };
    FILE *full = fopen("/dev/full", "w");
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    fd_csvw *w;

    (void)state;
    assert_int_equal(fd_csvw_new(&w, stream, &options), FD_EINVAL);
    options.separator = ',';
    assert_int_equal(fd_csvw_new(&w, stream, &options), 0);
    fd_csvw_text(w, "a\xFFz");
    fd_csvw_end_row(w);
    assert_int_equal(fd_csvw_finish(w), 0);
    fclose(stream);
    assert_string_equal(bytes, "a\xEF\xBF\xBDz\n");
    free(bytes);
    if (full) {
        assert_int_equal(fd_csvw_new(&w, full, &options), 0);
        fd_csvw_text(w, "lost");
        fd_csvw_end_row(w);
        assert_int_equal(fd_csvw_finish(w), FD_ENOSPC);
        fclose(full);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),         cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_file),       cmocka_unit_test(test_forced),
        cmocka_unit_test(test_caps),          cmocka_unit_test(test_row),
        cmocka_unit_test(test_pipe),          cmocka_unit_test(test_windows),
        cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_sent_back),
        cmocka_unit_test(test_writer_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
