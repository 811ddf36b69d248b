/*
 * Records move by declared steps only, and through no gate without its evidence.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "load.h"

static bool has(void *payload, const char *field)
{
    return strstr(payload, field) != NULL;
}

static const char *const declared = "记录 项目 / project\n"
                                    "  状态 谋划 签约 开工 投产 终止\n"
                                    "  转移 谋划 → 签约 → 开工 → 投产;签约 → 终止;投产 → 签约\n"
                                    "  凭据 谋划 plan\n"
                                    "  凭据 签约 contract\n"
                                    "  凭据 开工 permit started\n"
                                    "  凭据 投产 acceptance\n"
                                    "  字段 方案/plan 文本\n"
                                    "  字段 合同/contract 文本\n"
                                    "  字段 许可/permit 文本\n"
                                    "  字段 开工日/started 日期\n"
                                    "  字段 验收/acceptance 文本\n"
                                    "记录 普通 / plain\n"
                                    "  状态 甲 乙 丙\n"
                                    "  转移 甲 → 乙 → 丙\n"
                                    "  字段 名称/name 文本\n";

static void test_gates(void **unused)
{
    static const struct {
        const char *from, *to, *evidence;
        int err;
    } cases[] = {
        { NULL, "谋划", "plan", 0 },
        { NULL, "谋划", "", FD_ECONFLICT },
        { "谋划", "签约", "contract", 0 },
        { "谋划", "开工", "permit started", FD_ECONFLICT }, /* 签约 lacks its contract */
        { "谋划", "开工", "contract permit started", 0 },   /* both at once, both with evidence */
        { "谋划", "开工", "contract permit", FD_ECONFLICT },
        { NULL, "投产", "plan contract permit started acceptance", 0 },
        { NULL, "投产", "plan contract started acceptance", FD_ECONFLICT },
        { "签约", "终止", "", 0 },            /* no evidence asked */
        { "谋划", "终止", "", FD_ECONFLICT }, /* only by way of 签约 */
        { "终止", "签约", "contract", FD_ECONFLICT },
        { "开工", "开工", "", 0 },
        { "投产", "开工", "contract permit started", 0 }, /* back over 签约, as declared */
        { "开工", "完工", "", FD_EINVAL },
        { "没有", "开工", "", FD_EINVAL },
    };
    loaded p;
    const fd_record_type *type;

    (void)unused;
    load(&p, declared, NULL);
    assert_int_equal(p.err, 0);
    type = fd_program_record(p.program, "project");
    assert_non_null(type);
    assert_int_equal(type->gate_count, 5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fd_record_move(type, cases[i].from, cases[i].to, has,
                           (void *)(uintptr_t)cases[i].evidence) != cases[i].err)
            fail_msg("case %zu: %s", i, fd_error_last()->message[FD_EN]);
    assert_int_equal(fd_record_move(type, "谋划", "投产", has, "acceptance contract"),
                     FD_ECONFLICT);
    assert_non_null(strstr(fd_error_last()->message[FD_ZH], "要过「开工」"));
    unload(&p);
}

/* Without 凭据 a record goes one declared step at a time. */
static void test_plain_types_go_one_step(void **unused)
{
    loaded p;
    const fd_record_type *type;

    (void)unused;
    load(&p, declared, NULL);
    assert_int_equal(p.err, 0);
    type = fd_program_record(p.program, "plain");
    assert_int_equal(fd_record_move(type, NULL, "甲", has, ""), 0);
    assert_int_equal(fd_record_move(type, NULL, "乙", has, ""), FD_ECONFLICT);
    assert_int_equal(fd_record_move(type, "甲", "乙", has, ""), 0);
    assert_int_equal(fd_record_move(type, "甲", "丙", has, ""), FD_ECONFLICT);
    assert_int_equal(fd_record_move(type, "乙", "甲", has, ""), FD_ECONFLICT);
    unload(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gates),
        cmocka_unit_test(test_plain_types_go_one_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
