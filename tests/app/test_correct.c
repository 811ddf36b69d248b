/* correct: refused as a return would be, said what is worth a look, stored where it belongs. */
#include "verb_world.h"

/* Lines against out/huanzhou.fangding; the code of one firm stands for %s. */
typedef struct line {
    const char *text;
    int err;
    const char *says; /* in the answer, or in the error's message; NULL: whatever */
} line;

static void run_lines(const line *lines, size_t n, const char *firm)
{
    for (size_t i = 0; i < n; i++) {
        char command[512], *text = NULL, reason[2048] = "";
        int err;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(command, sizeof command, lines[i].text, firm);
#pragma GCC diagnostic pop
        strncat(command, " --city out/huanzhou.fangding", sizeof command - strlen(command) - 1);
        if ((err = run(&text, command)) < 0)
            fd_error_format(fd_error_last(), FD_ZH, reason, sizeof reason);
        if (err != lines[i].err ||
            (lines[i].says && !strstr(err < 0 ? reason : text, lines[i].says)))
            fail_msg("%s: %d\n%s%s", command, err, text, reason);
        free(text);
    }
}

/* A code of the dispatch table of the last month. */
static void a_firm(char out[19])
{
    char *text = NULL, *at;

    assert_int_equal(run(&text, "show 洹西钢铁 --city out/huanzhou.fangding --format csv"), 0);
    assert_non_null(at = strstr(text, "919905"));
    memcpy(out, at, 18);
    out[18] = '\0';
    free(text);
}

static void a_correction_passes_the_checks_of_a_return(void **state)
{
    static const line lines[] = {
        { "correct %s dispatch_output -5 --at 2024-01..12 --reason 试", FD_EINVAL, "不应为负" },
        { "correct %s dispatch_output -5 --at 2024-01..12 --reason 试 --lang en", FD_EINVAL,
          "重点企业调度表" },
        { "correct %s power -1 --at 2024-12 --reason 试", FD_EINVAL, "分户电量" },
        { "correct %s machines 0 --at 2024 --reason 试", FD_EINVAL, "自动化设备" },
        { "correct %s dispatch_output 不适用 --at 2024-01..12 --reason 试", 0, "已更正" },
        { "correct %s dispatch_output 5000 --at 2024-01..12 --reason 试", 0, "已更正" },
        { "correct 洹东区 county_weight 90 --at 2024-01..12 --reason 试", 0, "weights" },
    };
    char firm[19];

    (void)state;
    a_firm(firm);
    run_lines(lines, sizeof lines / sizeof *lines, firm);
}

/* What was refused changed nothing; a verified rate is corrected as one. */
static void it_is_stored_where_it_belongs(void **state)
{
    static const line lines[] = {
        { "correct %s orders 12.5 --at 2024-01..12 --reason 电话核实", 0, "已更正" },
        { "correct %s orders -1 --at 2024-01..12 --reason 手误", FD_EINVAL, "不应为负" },
        { "history %s orders --format csv", 0, "12.50" },
        { "correct 洹东区 county_growth 3.3 --at 2024-01..12 --reason 核定文件%.0s", 0, "已更正" },
        { "measure county_growth_verified --at 2024-01..12 --by county --format csv%.0s", 0,
          ",3.3" },
    };
    char firm[19], *text = NULL;

    (void)state;
    a_firm(firm);
    run_lines(lines, sizeof lines / sizeof *lines, firm);
    assert_int_equal(run(&text, "history 洹东区 county_growth --city out/huanzhou.fangding "
                                "--format csv"),
                     0);
    assert_null(strstr(text, "current"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_correction_passes_the_checks_of_a_return),
        cmocka_unit_test(it_is_stored_where_it_belongs),
    };

    return cmocka_run_group_tests_name("app: correct", tests, setup, teardown);
}
