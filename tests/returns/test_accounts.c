/* Several accounts of one subject: added when they differ, told when they may be the same. */
#include "returns/city.h"

#include <unistd.h>

#include "io/xlsxw.h"

#define HEAD "户号,统一社会信用代码,本月电量(千瓦时)\n"

typedef struct account_case {
    const char *what, *name, *text;
    size_t accepted, rejected;
    const char *log;  /* must be handed out; NULL: nothing for power */
    const char *said; /* a finding; NULL: none */
} account_case;

static const account_case cases[] = {
    { "two accounts", "分户电量.csv", HEAD "1,%1,1000\n2,%1,234\n", 2, 0, "6=0.1234@2\n", NULL },
    { "two accounts of equal amounts", "分户电量.csv", HEAD "1,%1,1000\n2,%1,1000\n", 2, 0,
      "6=0.2000@2\n", NULL },
    { "one account, the same row again", "分户电量.csv", HEAD "1,%1,1000\n2,%1,234\n1,%1,1000\n", 2,
      1, "6=0.1234@2\n", "fault duplicate 4" },
    { "the same three times", "分户电量.csv", HEAD "1,%1,1000\n1,%1,1000\n1,%1,1000\n", 1, 2,
      "6=0.1000@2\n", "the same account and figures as row 2" },
    { "one account, in full width", "分户电量.csv", HEAD "A1,%1,1000\n１ａ,%1,5\na１,%1,1000\n", 2,
      1, "6=0.1005@2\n", "fault duplicate 4" },
    { "one account, other figures", "分户电量.csv", HEAD "1,%1,1000\n1,%1,234\n", 2, 0,
      "6=0.1234!@2\n",
      "account 1 has more than one row (see row 2) with other figures (0.1000 万千瓦时, 0.0234 "
      "万千瓦时)" },
    { "two meters of one account", "分户电量.csv",
      "户号,表号,统一社会信用代码,本月电量(千瓦时)\n1,甲,%1,1000\n1,乙,%1,234\n", 2, 0,
      "6=0.1234@2\n", NULL },
    { "one meter twice", "分户电量.csv",
      "户号,表号,统一社会信用代码,本月电量(千瓦时)\n1,甲,%1,1000\n1,甲,%1,1000\n", 1, 1,
      "6=0.1000@2\n", "fault duplicate 3" },
    { "one account of two firms", "分户电量.csv", HEAD "1,%1,1000\n1,%2,1000\n", 2, 0,
      "6=0.1000@2 7=0.1000@3\n", NULL },
    { "no account named, other amounts", "分户电量.csv",
      "统一社会信用代码,本月电量(千瓦时)\n%1,1000\n%1,234\n", 2, 0, "6=0.1234@2\n", NULL },
    { "no account named, the same amounts", "分户电量.csv",
      "统一社会信用代码,本月电量(千瓦时)\n%1,1000\n%1,1000\n", 2, 0, "6=0.2000!@2\n",
      "no account is named" },
    { "no account named, nothing used", "分户电量.csv",
      "统一社会信用代码,本月电量(千瓦时)\n%1,0\n%1,0\n", 2, 0, "6=0.0000@2\n", NULL },
    { "a faulty row takes its subject along", "分户电量.csv",
      HEAD "1,%1,1000\n2,%1,abc\n3,%2,500\n", 1, 2, "6=missing@2 7=0.0500@4\n",
      "fault incomplete 2" },
    { "a duplicate that went back, sent again", "分户电量.csv",
      "户号,统一社会信用代码,本月电量(千瓦时),退回原因\n"
      "1,%1,1000,\"与第 2 行是同一户、同样的数,重复的一行不收\"\n2,%2,500,\n",
      1, 1, "power 2024-05 current: 7=0.0500@3\n", "went back as a duplicate" },
    { "one project twice", "2024年研发项目107-1.csv",
      "统一社会信用代码,项目名称,项目经费支出(千元)\n%1,甲,100\n%1,乙,50\n%1,甲,100\n", 2, 1,
      "6=15.0000@2\n", "fault duplicate 4" },
};

static char *fill(const char *text)
{
    fd_buf out = FD_BUF_INIT;

    for (; *text; text++)
        if (text[0] == '%' && text[1] >= '1' && text[1] <= '6')
            fd_buf_puts(&out, city_uscc(*++text - '0'));
        else
            fd_buf_putc(&out, *text);
    return fd_buf_take(&out);
}

static void accounts_are_told_apart(void **state)
{
    city *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = fill(cases[i].text), path[96];
        fd_returns_result *r;

        fd_buf_clear(&c->log);
        fd_buf_clear(&c->findings);
        snprintf(path, sizeof path, "月报/2024-05/%s", cases[i].name);
        r = city_read(c, path, text, strlen(text), NULL);
        if (r->accepted != cases[i].accepted || r->rejected != cases[i].rejected)
            fail_msg("%s: %zu taken, %zu refused", cases[i].what, r->accepted, r->rejected);
        if (!c->log.len || !strstr(fd_buf_text(&c->log), cases[i].log))
            fail_msg("%s: %s", cases[i].what, c->log.len ? fd_buf_text(&c->log) : "nothing");
        if (cases[i].said ? !c->findings.len || !strstr(fd_buf_text(&c->findings), cases[i].said)
                          : c->findings.len > 0)
            fail_msg("%s: said %s", cases[i].what,
                     c->findings.len ? fd_buf_text(&c->findings) : "");
        fd_returns_free(r);
        free(text);
    }
}

static char *temporary(void)
{
    const char *base = getenv("TMPDIR");
    fd_buf path = FD_BUF_INIT;
    int fd;

    fd_buf_printf(&path, "%s/fdaccountsXXXXXX.xlsx", base ? base : P_tmpdir);
    fd = mkstemps(path.ptr, 5);
    assert_true(fd >= 0);
    close(fd);
    return fd_buf_take(&path);
}

static void put_account(fd_xlsxw *w, long row, const char *account, int firm, int64_t amount)
{
    fd_xlsxw_text(w, row, 1, fd_view_of(account), FD_XLSXW_PLAIN);
    fd_xlsxw_text(w, row, 2, fd_view_of(city_uscc(firm & 7)), FD_XLSXW_PLAIN);
    fd_xlsxw_number(w, row, 3, (fd_decimal){ amount, 0 }, FD_XLSXW_PLAIN);
}

static void put_head(fd_xlsxw *w, const char *sheet, const char *amount)
{
    assert_int_equal(fd_xlsxw_sheet(w, sheet), 0);
    fd_xlsxw_text(w, 1, 1, FD_VIEW("户号"), FD_XLSXW_HEADER);
    fd_xlsxw_text(w, 1, 2, FD_VIEW("统一社会信用代码"), FD_XLSXW_HEADER);
    fd_xlsxw_text(w, 1, 3, fd_view_of(amount), FD_XLSXW_HEADER);
}

static fd_returns_result *read_book(city *c, char **bytes, const char *path)
{
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    size_t length;

    assert_int_equal(fd_file_read(bytes, &length, path, 1 << 22), 0);
    options.form = "power";
    options.period = fd_period_month(2024, 5);
    unlink(path);
    return city_read(c, "分户电量.xlsx", *bytes, length, &options);
}

/* 高压 and 低压: a firm has accounts in both, at other places of the sheets. */
static void accounts_on_two_sheets_add_up(void **state)
{
    city *c = *state;
    char *path = temporary(), *bytes = NULL;
    fd_returns_result *r;
    fd_xlsxw *w = NULL;

    assert_int_equal(fd_xlsxw_new(&w, path), 0);
    put_head(w, "高压", "本月电量(千瓦时)");
    for (int i = 1; i <= 5; i++)
        put_account(w, i + 1, i == 1 ? "11" : "12", i, 1000 * i);
    put_head(w, "低压", "本月电量(万千瓦时)");
    put_account(w, 2, "21", 4, 7);
    put_account(w, 3, "22", 6, 9);
    assert_int_equal(fd_xlsxw_finish(w), 0);
    r = read_book(c, &bytes, path);
    assert_int_equal(r->accepted, 7);
    city_expect(&c->log, "6=0.1000@2 7=0.2000@3 8=0.3000@4 9=7.4000@5 10=0.5000@6\n");
    city_expect(&c->log, "11=9.0000@3\n");
    fd_returns_free(r);
    free(bytes);
    free(path);
}

/* A second sheet without the column: its rows of the same firm cannot be added. */
static void sheets_that_differ_are_not_added(void **state)
{
    city *c = *state;
    char *path = temporary(), *bytes = NULL;
    fd_returns_result *r;
    fd_xlsxw *w = NULL;

    assert_int_equal(fd_xlsxw_new(&w, path), 0);
    put_head(w, "本月", "本月电量(千瓦时)");
    put_account(w, 2, "11", 1, 1000);
    put_account(w, 3, "12", 2, 500);
    put_head(w, "去年", "上年同月电量(千瓦时)");
    put_account(w, 2, "21", 1, 7);
    assert_int_equal(fd_xlsxw_finish(w), 0);
    r = read_book(c, &bytes, path);
    assert_int_equal(r->accepted, 1); /* of the firm with both, neither row */
    city_expect(&c->log, "6=missing@2 7=0.0500@3\n");
    city_expect(&c->findings, "cannot be added");
    fd_returns_free(r);
    free(bytes);
    free(path);
}

int main(void)
{
#define CITY(f) cmocka_unit_test_setup_teardown(f, city_open, city_close)
    const struct CMUnitTest tests[] = { CITY(accounts_are_told_apart),
                                        CITY(accounts_on_two_sheets_add_up),
                                        CITY(sheets_that_differ_are_not_added) };
#undef CITY

    return cmocka_run_group_tests_name("returns: accounts", tests, NULL, NULL);
}
