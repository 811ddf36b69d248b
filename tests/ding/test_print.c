/* Canonical layout in both languages, round trips of everything shipped, sentences. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <string.h>

#include "ding/load.h"

static const char sample[] =
    "指标 研发投入强度 / rd_intensity\n"
    "  对象  企业      期间 年      单位 %\n"
    "  公式  研发费用 ÷ 营业收入\n"
    "  汇总  合计(研发费用) ÷ 合计(营业收入)        # 县、市、链的值不是企业比率的平均\n"
    "  缺数  任一缺报 → 缺报;营业收入 = 0 → 不适用\n"
    "  来源  一套表 107-1;税务加计扣除备案\n"
    "  显示  保留 2 位(GB/T 8170)                # 只管显示,不进判定\n"
    "目标 战新占比三成 / emerging_30\n"
    "  指标  研发投入强度      范围 安阳市\n"
    "  基线  2018 年 4.1 %;2024 年 13.9 %        依据 《习近平经济思想研究》2025年第8期 二(一)\n"
    "  到期  2027 年 ≥ 30 %(起算年 2024,参数;并列 2026、2028)   依据 同上 三(一)「2—3年」\n"
    "  路径  线性 2024 → 2027                     # 2025 19.27 %,2026 24.63 %(引擎算出)\n"
    "  测算  新增量 到 链、项目                    # 占比不可加;不对企业、不对报表下达数\n"
    "  亮灯  绿 ≥ 路径;黄 ≥ 路径 − 2 百分点;红 其余\n";

/* Print, parse, compare; true when nothing was lost. */
static bool survives(const fd_decl *decl, fd_lang lang)
{
    fd_buf text = FD_BUF_INIT;
    fd_diags d = FD_DIAGS_INIT;
    fd_script *again = NULL;
    char *printed = NULL, *twice = NULL;
    bool same;

    assert_int_equal(fd_decl_print(&printed, decl, lang), 0);
    if (decl->comment)
        fd_buf_printf(&text, "%s\n", decl->comment);
    fd_buf_puts(&text, printed);
    (void)fd_script_parse(&again, fd_buf_text(&text), text.len, "again", &d);
    same = d.faults == 0 && again->count == 1 && fd_decl_equal(decl, &again->decls[0]);
    if (same) {
        /* and the layout is a fixed point */
        assert_int_equal(fd_decl_print(&twice, &again->decls[0], lang), 0);
        same = strcmp(printed, twice) == 0;
    }
    if (!same)
        printf("%s\n--\n%s\n", printed,
               twice      ? twice
               : d.faults ? d.list.items[0]->error.message[FD_EN]
                          : "");
    free(printed);
    free(twice);
    fd_script_free(again);
    fd_diags_dispose(&d);
    fd_buf_dispose(&text);
    return same;
}

static void round_trip_text(const char *text, size_t length, const char *file, size_t *count)
{
    fd_diags d = FD_DIAGS_INIT;
    fd_script *s = NULL;

    assert_int_equal(fd_script_parse(&s, text, length, file, &d), 0);
    for (size_t i = 0; i < s->count; i++)
        for (int lang = 0; lang < 2; lang++)
            if (!survives(&s->decls[i], (fd_lang)lang))
                fail_msg("%s: %s does not survive printing", file, s->decls[i].name);
    *count += s->count;
    fd_script_free(s);
    fd_diags_dispose(&d);
}

static void walk(const char *folder, size_t *count)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        char path[2048];
        DIR *below;

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if ((below = opendir(path))) {
            closedir(below);
            walk(path, count);
        } else if (fd_view_ends(fd_view_of(path), ".ding")) {
            size_t length;
            char *text = read_file(path, &length);

            round_trip_text(text, length, path, count);
            free(text);
        }
    }
    closedir(dir);
}

static void everything_shipped_survives(void **state)
{
    size_t count = 0;

    (void)state;
    walk(FD_SOURCE_DIR "/definitions", &count);
    assert_true(count > 140);
}

static void the_samples_survive(void **state)
{
    static const char others[] =
        "# 上面的注释\n分类 「高技术 制造业」 / high_tech\n  按 行业    不全 只收了一部分\n  # "
        "药\n  成员 27 3562 份额 40 % 自 2018-01-01  〔甲;乙〕\n"
        "  成员\n    「2710 a」 标题    # x\n      再下\n    #不是注释吗\n    3825 别的\n"
        "记录 承诺 / promise\n  状态 登记 办理 办结\n  转移 登记 → 办理 → 办结;办理 → 登记\n  字段 "
        "名称 / name 文本 必填\n"
        "    金额 / amount 万元 小数 4\n  自定子句 一  二    # 注\n"
        "灯 进度 / progress_light\n  单位 %\n  绿 ≥ 路径\n  黄 值 ≥ 路径 − 10 百分点 且 路径 > 0   "
        " 理由 落后不多\n  红 其余\n"
        "参数 下限 / floor\n  单位 %\n  值 70 %;2026-04-01 起 90 %  〔工信部企业〔2022〕63号〕\n"
        "目标 用灯 / t\n  指标 a\n  亮灯 用 进度\n  基线 2024 年 1 %  〔〕\n"
        "单位 元/人 / yuan_per_person\n  等于 1 「元/人」\n"
        "链 精品钢 / L1\n  环节 上游    焦化\n    焦炭\n      冶金焦\n    化产\n  环节 中游\n"
        "指标 分情况 / cases\n  对象 市    期间 年、累计    单位 亿元\n  公式 地区生产总值 > 0 → 1 "
        "亿元;其余 2 亿元\n  缺数 任一缺报 → 已报\n  核定    方向 高\n";
    size_t count = 0;

    (void)state;
    round_trip_text(sample, sizeof sample - 1, "sample", &count);
    round_trip_text(others, sizeof others - 1, "others", &count);
    assert_int_equal(count, 10);
}

static void layout(void **state)
{
    static const char *const wanted[2] = {
        "指标 研发投入强度 / rd_intensity\n"
        "  对象 企业    期间 年    单位 %\n"
        "  公式 研发费用 ÷ 营业收入\n"
        "  汇总 合计(研发费用) ÷ 合计(营业收入)  # 县、市、链的值不是企业比率的平均\n"
        "  缺数 任一缺报 → 缺报;营业收入 = 0 → 不适用\n"
        "  来源 一套表 107-1;税务加计扣除备案\n"
        "  显示 保留 2 位(GB/T 8170)  # 只管显示,不进判定\n",
        "indicator 研发投入强度 / rd_intensity\n"
        "  of enterprise    period year    unit %\n"
        "  formula 研发费用 / 营业收入\n"
        "  total sum(研发费用) / sum(营业收入)  # 县、市、链的值不是企业比率的平均\n"
        "  missing any_missing -> missing; 营业收入 = 0 -> na\n"
        "  sources 一套表 107-1;税务加计扣除备案\n"
        "  display 保留 2 位(GB/T 8170)  # 只管显示,不进判定\n",
    };
    fd_diags d = FD_DIAGS_INIT;
    fd_script *s = NULL;

    (void)state;
    assert_int_equal(fd_script_parse(&s, sample, sizeof sample - 1, "sample", &d), 0);
    for (int lang = 0; lang < 2; lang++) {
        char *text = NULL;

        assert_int_equal(fd_decl_print(&text, &s->decls[0], (fd_lang)lang), 0);
        assert_string_equal(text, wanted[lang]);
        free(text);
    }
    fd_script_free(s);
    fd_diags_dispose(&d);
}

/* Equality of declarations notices each part. */
static void equality(void **state)
{
    static const char *const variants[] = {
        "数据 甲 / a\n  对象 企业\n",
        "数据 乙 / a\n  对象 企业\n",
        "数据 甲 / b\n  对象 企业\n",
        "单位 甲 / a\n  量纲 企业\n",
        "数据 甲 / a\n  对象 市\n",
        "数据 甲 / a\n  对象 企业  〔x〕\n",
        "数据 甲 / a\n  对象 企业  # x\n",
        "# x\n数据 甲 / a\n  对象 企业\n",
        "数据 甲 / a\n  # x\n  对象 企业\n",
        "数据 甲 / a\n  对象 企业\n  替代 c\n",
        "数据 甲 / a\n",
        "指标 甲 / a\n  缺数 任一缺报 → 缺报\n",
        "指标 甲 / a\n  缺数 任一缺报 → 已报\n",
        "指标 甲 / a\n  公式 1\n",
        "指标 甲 / a\n  公式 2\n",
    };
    const size_t n = sizeof variants / sizeof *variants;
    fd_script *s[sizeof variants / sizeof *variants] = { NULL };
    fd_diags d = FD_DIAGS_INIT;

    (void)state;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(fd_script_parse(&s[i], variants[i], strlen(variants[i]), "v", &d), 0);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (fd_decl_equal(&s[i]->decls[0], &s[k]->decls[0]) != (i == k))
                fail_msg("%s\n%s", variants[i], variants[k]);
    for (size_t i = 0; i < n; i++)
        fd_script_free(s[i]);
    fd_diags_dispose(&d);
}

static void sentences(void **state)
{
    static const char *const needles[][2] = {
        { "对每个企业:研发费用除以营业收入。",
          "For each enterprise: 研发费用 divided by 营业收入." },
        { "研发费用的合计除以营业收入的合计",
          "the sum of 研发费用 divided by the sum of 营业收入" },
        { "任何一户缺报,结果就是缺报,不当作零。", "the result is missing, never zero" },
        { "营业收入等于0时为不适用。", "Where 营业收入 is 0 it is n/a." },
        { "平均每年需 +5.37 百分点,此前平均每年 +1.63 百分点",
          "a year +5.37 百分点, against +1.63 百分点 before" },
        { "另按 2026、2028 年列出", "also shown for 2026, 2028" },
        { "出处:同上 三(一)「2—3年」", "Source of the promise: 同上" },
    };
    loaded l;

    (void)state;
    load(&l, sample, NULL);
    if (l.err < 0)
        show(&l);
    assert_int_equal(l.err, 0);
    for (int lang = 0; lang < 2; lang++) {
        fd_buf all = FD_BUF_INIT;

        for (size_t s = 0; s < l.count; s++)
            for (size_t i = 0; i < l.scripts[s]->count; i++) {
                char *text = NULL;

                assert_int_equal(
                    fd_decl_explain(&text, l.program, &l.scripts[s]->decls[i], (fd_lang)lang), 0);
                assert_true(strlen(text) > 20);
                fd_buf_puts(&all, text);
                free(text);
            }
        for (size_t i = 0; i < sizeof needles / sizeof *needles; i++)
            if (!strstr(fd_buf_text(&all), needles[i][lang]))
                fail_msg("not said: %s", needles[i][lang]);
        fd_buf_dispose(&all);
    }
    unload(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_shipped_survives),
        cmocka_unit_test(the_samples_survive),
        cmocka_unit_test(layout),
        cmocka_unit_test(equality),
        cmocka_unit_test(sentences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
