/* The line above a table that names its unit: followed when it can be, never replaced by another.
 */
#include "returns/city.h"

static const struct {
    const char *line; /* CSV cells of the first row */
    const char *header;
    bool taken;
    const char *log; /* output and staff of firm 6 from the cells 12 and 30 */
} cases[] = {
    { "重点企业调度表,,", "工业总产值;1—本月", true, "6=12.0000" }, /* the form's own: 万元 */
    { ",,计量单位:千元", "工业总产值;1—本月", true, "6=1.2000" },
    { ",,单位：亿元", "工业总产值;1—本月", true, "6=120000.0000" },
    { ",,计量单位:千元、人", "工业总产值;1—本月", true, "6=1.2000" },
    { ",,计量单位:美元", "工业总产值;1—本月", false, NULL },
    { ",,单位:美元", "工业总产值;1—本月", false, NULL },
    { ",,(金额单位:百元)", "工业总产值;1—本月", false, NULL },
    { ",,计量单位:箱", "工业总产值;1—本月", false, NULL },
    { ",,计量单位:美元", "工业总产值(万元);1—本月", true, "6=12.0000" }, /* its own comes first */
    { ",,\"计量单位:万元,千元\"", "工业总产值;1—本月", false, NULL },
    { "单位:万元,,计量单位:千元", "工业总产值;1—本月", false, NULL },
    { "计量单位:万元,,单位:万元", "工业总产值;1—本月", true, "6=12.0000" },
    { "填报单位:甲县工信局,,", "工业总产值;1—本月", true, "6=12.0000" },
    { "单位:东风钢铁有限公司,,", "工业总产值;1—本月", true, "6=12.0000" },
    { ",,计量单位:见表头", "工业总产值;1—本月", true, "6=12.0000" },
};

static void a_unit_is_followed_or_asked_for(void **state)
{
    city *c = *state;
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;

    options.form = "dispatch";
    options.period = fd_period_cumulative(2024, 5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_buf text = FD_BUF_INIT;
        fd_returns_result *r;

        fd_buf_printf(&text, "%s\n统一社会信用代码,%s,调度用工\n%s,12,30\n", cases[i].line,
                      cases[i].header, city_uscc(1));
        r = city_read(c, "调度表.csv", text.ptr, text.len, &options);
        if ((r->state == FD_RETURNS_TAKEN) != cases[i].taken)
            fail_msg("%s: %s", cases[i].line, c->findings.len ? fd_buf_text(&c->findings) : "");
        if (cases[i].taken && !strstr(fd_buf_text(&c->log), cases[i].log))
            fail_msg("%s: %s", cases[i].line, fd_buf_text(&c->log));
        if (cases[i].taken)
            city_expect(&c->log, "dispatch_staff 2024-01..05 current: 6=30@3\n");
        else
            city_expect(&c->findings, "fault unit 0");
        fd_returns_free(r);
        fd_buf_dispose(&text);
    }
}

/* The row of units under the header. */
static void a_row_of_units_is_followed_or_asked_for(void **state)
{
    static const struct {
        const char *row;
        bool taken;
        const char *log;
    } rows[] = {
        { ",千元,人", true, "6=1.2000" },   { "计量单位,亿元,人", true, "6=120000.0000" },
        { ",美元,人", false, NULL },        { "计量单位,美元,人", false, NULL },
        { "计量单位,百元,—", false, NULL }, { "—,万元,—", true, "6=12.0000" },
    };
    city *c = *state;
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;

    options.form = "dispatch";
    options.period = fd_period_cumulative(2024, 5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fd_buf text = FD_BUF_INIT;
        fd_returns_result *r;

        fd_buf_printf(&text, "统一社会信用代码,工业总产值;1—本月,调度用工\n%s\n%s,12,30\n",
                      rows[i].row, city_uscc(1));
        r = city_read(c, "调度表.csv", text.ptr, text.len, &options);
        if ((r->state == FD_RETURNS_TAKEN) != rows[i].taken ||
            (rows[i].taken && !strstr(fd_buf_text(&c->log), rows[i].log)))
            fail_msg("%s: %s%s", rows[i].row, c->findings.len ? fd_buf_text(&c->findings) : "",
                     c->log.len ? fd_buf_text(&c->log) : "");
        fd_returns_free(r);
        fd_buf_dispose(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_unit_is_followed_or_asked_for, city_open, city_close),
        cmocka_unit_test_setup_teardown(a_row_of_units_is_followed_or_asked_for, city_open,
                                        city_close),
    };

    return cmocka_run_group_tests_name("returns: unit lines", tests, NULL, NULL);
}
