/* Days and periods in cells: what people write is read, what cannot be is refused, no year 24. */
#include "returns/city.h"

static const struct {
    const char *path, *text;
    size_t accepted;
    const char *log;  /* must be handed out; NULL: nothing */
    const char *said; /* NULL: whatever */
} cases[] = {
#define PROMISE "编号,承诺,登记日期\nP1,甲,"
    { "承诺登记.csv", PROMISE "2024-01-05\n", 1, "2024-01-05", NULL },
    { "承诺登记.csv", PROMISE "2024年1月5日\n", 1, "2024-01-05", NULL },
    { "承诺登记.csv", PROMISE "45292\n", 1, "2024-01-01", "note date 2" },
    { "承诺登记.csv", PROMISE "24/1/5\n", 0, NULL, "fault value 2" },
    { "承诺登记.csv", PROMISE "2024-13-01\n", 0, NULL, "fault value 2" },
    { "承诺登记.csv", PROMISE "0024-01-05\n", 0, NULL, "fault value 2" },
#define FIRM "统一社会信用代码,企业名称,成立日期\n%1,东风钢铁有限公司,"
    { "企业名录.csv", FIRM "1958-10-01\n", 1, "1958-10-01", NULL },
    { "企业名录.csv", FIRM "1958年10月\n", 1, "1958-10-01", NULL },
    { "企业名录.csv", FIRM "58/10/1\n", 0, NULL, "fault value 2" },
    { "企业名录.csv", FIRM "9999-12-31\n", 0, NULL, "fault value 2" },
#define INDEX "行业代码,时期,价格指数\n"
    { "行业价格指数.csv", INDEX "31,2024,99.5\n", 1, "ppi 2024 current", NULL },
    { "行业价格指数.csv", INDEX "31,2024-05,99.5\n", 1, "ppi 2024-05 current", NULL },
    { "行业价格指数.csv", INDEX "31,2024-01-01,99.5\n", 0, NULL, "a day, not a period" },
    { "行业价格指数.csv", INDEX "31,45292,99.5\n", 0, NULL, "not a period" },
};

static void days_and_periods(void **state)
{
    city *c = *state;

    city_add(c, "division", "31", "黑色金属冶炼和压延加工业");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_buf text = FD_BUF_INIT;
        fd_returns_result *r;

        for (const char *p = cases[i].text; *p; p++)
            if (p[0] == '%' && p[1] == '1') {
                fd_buf_puts(&text, city_uscc(1));
                p++;
            } else {
                fd_buf_putc(&text, *p);
            }
        r = city_read(c, cases[i].path, text.ptr, text.len, NULL);
        if (r->accepted != cases[i].accepted)
            fail_msg("%s: %s", cases[i].text, c->findings.len ? fd_buf_text(&c->findings) : "");
        if (cases[i].log && (!c->log.len || !strstr(fd_buf_text(&c->log), cases[i].log)))
            fail_msg("%s: %s", cases[i].text, c->log.len ? fd_buf_text(&c->log) : "nothing");
        if (cases[i].said &&
            (!c->findings.len || !strstr(fd_buf_text(&c->findings), cases[i].said)))
            fail_msg("%s: said %s", cases[i].text,
                     c->findings.len ? fd_buf_text(&c->findings) : "nothing");
        fd_returns_free(r);
        fd_buf_dispose(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(days_and_periods, city_open, city_close),
    };

    return cmocka_run_group_tests_name("returns: days", tests, NULL, NULL);
}
