/* Definitions as spreadsheets: every shipped declaration comes back as it was. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/str.h"
#include "fangding/ding.h"
#include "io/file.h"
#include "io/xlsxw.h"
#include "returns/decl_xlsx.h"

static char *temporary(void)
{
    const char *base = getenv("TMPDIR");
    fd_buf path = FD_BUF_INIT;
    int fd;

    fd_buf_printf(&path, "%s/fddeclXXXXXX.xlsx", base ? base : P_tmpdir);
    fd = mkstemps(path.ptr, 5);
    assert_true(fd >= 0);
    close(fd);
    return fd_buf_take(&path);
}

static void round_trip(const fd_decl *decl, const char *path)
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_buf text = FD_BUF_INIT;
    fd_script *script = NULL;

    assert_int_equal(fd_decl_write_xlsx(decl, path), 0);
    if (fd_decl_read_xlsx(&text, path) < 0)
        fail_msg("%s: %s", decl->name, fd_error_last()->message[FD_EN]);
    if (fd_script_parse(&script, fd_buf_text(&text), text.len, "xlsx", &diags) < 0)
        fail_msg("%s: %s\n%s", decl->name, diags.list.items[0]->error.message[FD_EN],
                 fd_buf_text(&text));
    assert_int_equal(script->count, 1);
    if (!fd_decl_equal(decl, &script->decls[0]))
        fail_msg("%s differs:\n%s\nas written:\n%s", decl->name, fd_buf_text(&text), decl->text);
    fd_script_free(script);
    fd_buf_dispose(&text);
    fd_diags_dispose(&diags);
}

static size_t round_trip_file(const char *path, const char *xlsx, size_t kinds[FD_DECL_COUNT])
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *script = NULL;
    size_t length, count;
    char *text;

    assert_int_equal(fd_file_read(&text, &length, path, 1 << 22), 0);
    assert_int_equal(fd_script_parse(&script, text, length, path, &diags), 0);
    count = script->count;
    for (size_t i = 0; i < count; i++) {
        round_trip(&script->decls[i], xlsx);
        kinds[script->decls[i].kind]++;
    }
    fd_script_free(script);
    free(text);
    fd_diags_dispose(&diags);
    return count;
}

static size_t round_trip_folder(const char *folder, const char *xlsx, size_t kinds[FD_DECL_COUNT])
{
    char **paths;
    size_t count, n = 0;

    assert_int_equal(fd_file_list(&paths, &count, folder), 0);
    for (size_t i = 0; i < count; i++) {
        if (fd_file_has_extension(paths[i], "ding"))
            n += round_trip_file(paths[i], xlsx, kinds);
        free(paths[i]);
    }
    free(paths);
    return n;
}

static void every_shipped_declaration(void **state)
{
    size_t kinds[FD_DECL_COUNT] = { 0 };
    char *xlsx = temporary();

    (void)state;
    assert_true(round_trip_folder(FD_SOURCE_DIR "/definitions", xlsx, kinds) > 50);
    assert_true(round_trip_folder(FD_SOURCE_DIR "/definitions/forms", xlsx, kinds) > 15);
    assert_true(round_trip_folder(FD_SOURCE_DIR "/definitions/policies", xlsx, kinds) > 10);
    assert_true(kinds[FD_DECL_FORM] >= 15);
    assert_true(kinds[FD_DECL_POLICY] >= 10);
    assert_true(kinds[FD_DECL_RECORD] >= 3);
    unlink(xlsx);
    free(xlsx);
}

/* What people write that shipped files do not. */
static void hard_cases(void **state)
{
    static const char *const texts[] = {
        "记录 诉求 / ticket\n  状态 新 办结\n  转移 新 → 办结\n  字段 标题/title 文本 必填   # "
        "一句话\n",
        "# 上面\n# 两行\n报表 甲表 / a_form\n  文件 甲*    主体 企业 按 代码 名称\n  期间 累计\n"
        "  # 说明这一列\n  列 output 必填  值 a b  表头 x y    # 尾注\n  列 代码  表头 编号\n",
        "报表 「某 表(试行)」 / some\n  文件 x*\n  列 指标 值 甲=乙 丙\n",
        "报表 乙 / b\n  依据 豫工信联运行〔2026〕5号\n  列 数值 表头 值 表头\n  自定 一  二\n",
        "记录 丙 / c\n  状态 一 二\n  转移 一 → 二;二 → 一\n  字段 名/n 文本\n    提示 写 全称\n   "
        " 例 a、b\n",
        "链 丁 / d\n  环节 上游 原料\n    企业 甲 乙\n      注 〔来源 一〕\n  环节 下游\n",
    };
    char *xlsx = temporary();

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fd_diags diags = FD_DIAGS_INIT;
        fd_script *script = NULL;

        if (fd_script_parse(&script, texts[i], strlen(texts[i]), "case", &diags) < 0)
            fail_msg("%zu: %s", i, diags.list.items[0]->error.message[FD_EN]);
        round_trip(&script->decls[0], xlsx);
        fd_script_free(script);
        fd_diags_dispose(&diags);
    }
    unlink(xlsx);
    free(xlsx);
}

/* Columns in another order; line ends inside a cell do not become clauses. */
static void edited_by_hand(void **state)
{
    static const char *const cells[][6] = {
        { "种类", "报表" },
        { "名称", "手填表" },
        { "代号", "by_hand" },
        { "备注", "表头", "值", "内容", "子句" }, /* the table's header */
        { "", "", "", "手填*", "文件" },
        { "试用", "产值\n总产值", "", "dispatch_output", "列" },
        { "", "", "", "", "" },
        { "", "", "", "两行\n  列 orders", "说明" },
    };
    char *xlsx = temporary();
    fd_buf text = FD_BUF_INIT;
    fd_xlsxw *w = NULL;

    (void)state;
    assert_int_equal(fd_xlsxw_new(&w, xlsx), 0);
    assert_int_equal(fd_xlsxw_sheet(w, "手填"), 0);
    for (size_t r = 0; r < sizeof cells / sizeof *cells; r++)
        for (size_t c = 0; c < 6 && cells[r][c]; c++)
            assert_int_equal(fd_xlsxw_text(w, (long)r + 1, (long)c + 1, fd_view_of(cells[r][c]),
                                           FD_XLSXW_PLAIN),
                             0);
    assert_int_equal(fd_xlsxw_finish(w), 0);
    assert_int_equal(fd_decl_read_xlsx(&text, xlsx), 0);
    assert_string_equal(fd_buf_text(&text), "报表 手填表 / by_hand\n"
                                            "  文件 手填*\n"
                                            "  列 dispatch_output 表头 产值 总产值  # 试用\n"
                                            "  说明 两行   列 orders\n");
    fd_buf_dispose(&text);
    unlink(xlsx);
    free(xlsx);
}

static void not_a_definition(void **state)
{
    static const struct {
        const char *cells[3][2];
        int code;
    } cases[] = {
        { { { "a", "b" }, { "1", "2" } }, FD_EFORMAT },
        { { { "子句", "内容" }, { "列", "x" } }, FD_EFORMAT }, /* two of the headers do not do */
        { { { "种类", "什么" }, { "名称", "x" }, { "", "" } }, FD_EFORMAT },
    };
    char *xlsx = temporary();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_buf text = FD_BUF_INIT;
        fd_xlsxw *w = NULL;

        assert_int_equal(fd_xlsxw_new(&w, xlsx), 0);
        assert_int_equal(fd_xlsxw_sheet(w, "x"), 0);
        for (long r = 0; r < 3; r++)
            for (long c = 0; c < 2 && cases[i].cells[r][c]; c++)
                assert_int_equal(fd_xlsxw_text(w, r + 1, c + 1, fd_view_of(cases[i].cells[r][c]),
                                               FD_XLSXW_PLAIN),
                                 0);
        assert_int_equal(fd_xlsxw_finish(w), 0);
        assert_int_equal(fd_decl_read_xlsx(&text, xlsx), cases[i].code);
        fd_buf_dispose(&text);
    }
    unlink(xlsx);
    free(xlsx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_declaration),
        cmocka_unit_test(hard_cases),
        cmocka_unit_test(edited_by_hand),
        cmocka_unit_test(not_a_definition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
