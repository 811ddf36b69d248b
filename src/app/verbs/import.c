/*
 * import: returns into the city file, and what to say about them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/import.h"
#include "app/registry.h"
#include "base/str.h"
#include "base/vec.h"
#include "io/rows.h"
#include "table/print.h"

enum { FILES_LISTED = 40, FINDINGS_LISTED = 200 };

typedef fd_vec(const char *) text_list;

/* ---- --map: pairs, or a file of pairs ----------------------------------------------------------
 */

/* A file of two columns, 表头 and 数据项; a first row of just these words is a heading. */
static int read_map_file(text_list *out, fd_call *call, const char *path)
{
    fd_rows *rows = NULL;
    const fd_row *row;
    int err, more = 0;

    if ((err = fd_rows_open(&rows, path, NULL)) < 0)
        return err;
    while ((more = fd_rows_next(rows, &row)) > 0) {
        fd_view header, item;

        if (row->count < 2)
            continue;
        header = fd_view_trim(row->cells[0].text);
        item = fd_view_trim(row->cells[1].text);
        if (!header.len || !item.len || (fd_view_is(header, "表头") && fd_view_is(item, "数据项")))
            continue;
        fd_vec_push(out, fd_arena_printf(call->arena, "%.*s=%.*s", (int)header.len, header.ptr,
                                         (int)item.len, item.ptr));
    }
    fd_rows_close(rows);
    return more;
}

/* NULL-terminated pairs of --map, checked against the data items. */
static int read_map(text_list *out, fd_call *call)
{
    const char *text = fd_call_text(call, "map");
    const char **pairs;
    size_t count;
    struct stat st;
    int err = 0;

    if (!text)
        return 0;
    if (stat(text, &st) == 0 && S_ISREG(st.st_mode)) {
        err = read_map_file(out, call, text);
    } else {
        count = fd_call_list(call, "map", &pairs);
        for (size_t i = 0; i < count; i++)
            fd_vec_push(out, pairs[i]);
    }
    if (err >= 0 && out->count == 0)
        err =
            fd_error_set(FD_EINVAL, "--map 里没有一对「表头=数据项」", "--map has no HEADER=ITEM");
    if (err >= 0)
        fd_vec_push(out, NULL);
    return err < 0 ? err : 0;
}

/* ---- what a terminal shows ----------------------------------------------------------------------
 */

static int64_t number_at(const fd_table *t, const char *column, size_t row)
{
    const fd_column *c = t->columns[fd_table_find(t, column)];

    return fd_column_state(c, row) == FD_HAS ? c->v.dec[row] : 0;
}

static int print_into(fd_buf *out, const fd_table *table, fd_lang lang)
{
    fd_print_options options = FD_PRINT_OPTIONS_INIT;
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    int err;

    if (!stream)
        return fd_error_set(FD_ENOMEM, "内存不足", "out of memory");
    options.lang = lang;
    options.width = 160;
    err = fd_table_print(table, stream, &options);
    fclose(stream);
    if (err >= 0)
        fd_buf_put(out, text, length);
    free(text);
    return err;
}

/* Of many files only those that need a look. */
static int print_files(fd_buf *out, const fd_table *files, fd_lang lang)
{
    fd_table *few = NULL;
    bool *keep;
    size_t kept = 0;
    int err;

    if (files->rows <= FILES_LISTED)
        return print_into(out, files, lang);
    keep = fd_alloc(files->rows * sizeof *keep);
    for (size_t i = 0; i < files->rows; i++) {
        keep[i] = number_at(files, "rejected", i) > 0 || number_at(files, "warnings", i) > 0 ||
                  strcmp(fd_column_text_or(files->columns[fd_table_find(files, "state")], i, ""),
                         lang == FD_ZH ? "退回" : "left out") == 0;
        kept += keep[i];
    }
    err = fd_table_filter(&few, files, keep);
    if (err >= 0 && kept)
        err = print_into(out, few, lang);
    if (err >= 0)
        fd_buf_printf(out,
                      lang == FD_ZH ? "其余 %zu 件没有要说的,不列\n"
                                    : "%zu more with nothing to note\n",
                      files->rows - kept);
    fd_table_free(few);
    free(keep);
    return err;
}

static void print_part(fd_buf *out, const char *label, const char *text)
{
    if (!text[0])
        return;
    fd_buf_printf(out, "    %s  ", label);
    fd_print__clean(out, text);
    fd_buf_putc(out, '\n');
}

static void print_place(fd_buf *out, const char *label, const char *text)
{
    if (text[0]) {
        fd_buf_puts(out, label);
        fd_print__clean(out, text);
    }
}

/* A finding has nine parts, most of them sentences: one under the other, nothing cut off. */
static void print_findings(fd_buf *out, const fd_table *t, fd_lang lang)
{
    const bool zh = lang == FD_ZH;

    if (t->rows)
        fd_buf_printf(out, "\n%s\n", zh ? "发现的问题" : "Findings");
    for (size_t i = 0; i < t->rows && i < FINDINGS_LISTED; i++) {
        const int64_t row = number_at(t, "row", i);

        print_place(out, "", fd_column_text_or(t->columns[fd_table_find(t, "file")], i, ""));
        print_place(out, zh ? " · 表 " : " · sheet ",
                    fd_column_text_or(t->columns[fd_table_find(t, "sheet")], i, ""));
        if (row)
            fd_buf_printf(out, zh ? " · 第 %lld 行" : " · row %lld", (long long)row);
        print_place(out, zh ? " · 列 " : " · column ",
                    fd_column_text_or(t->columns[fd_table_find(t, "column")], i, ""));
        fd_buf_printf(out, "\n    %s %s  ",
                      fd_column_text_or(t->columns[fd_table_find(t, "severity")], i, ""),
                      fd_column_text_or(t->columns[fd_table_find(t, "rule")], i, ""));
        fd_print__clean(out, fd_column_text_or(t->columns[fd_table_find(t, "message")], i, ""));
        fd_buf_putc(out, '\n');
        print_part(out, zh ? "实得" : "found",
                   fd_column_text_or(t->columns[fd_table_find(t, "found")], i, ""));
        print_part(out, zh ? "应为" : "expected",
                   fd_column_text_or(t->columns[fd_table_find(t, "expected")], i, ""));
        print_part(out, zh ? "建议" : "hint",
                   fd_column_text_or(t->columns[fd_table_find(t, "hint")], i, ""));
    }
    if (t->rows > FINDINGS_LISTED)
        fd_buf_printf(out,
                      zh ? "还有 %zu 条:--format csv 列出全部\n"
                         : "%zu more: --format csv lists them all\n",
                      t->rows - FINDINGS_LISTED);
}

static int make_screen(fd_result *result, const fd_import_report *report, bool missing)
{
    const fd_lang lang = report->lang;
    fd_buf out = FD_BUF_INIT;
    int err = print_files(&out, report->files, lang);

    print_findings(&out, report->findings, lang);
    if (err >= 0 && report->coverage->rows) {
        fd_buf_puts(&out, "\n");
        err = print_into(&out, report->coverage, lang);
    }
    if (err >= 0 && missing && report->missing->rows) {
        fd_buf_puts(&out, "\n");
        err = print_into(&out, report->missing, lang);
    } else if (err >= 0 && report->missing->rows) {
        fd_buf_puts(&out,
                    lang == FD_ZH ? "缺报的是谁:加 --missing\n" : "who is missing: --missing\n");
    }
    if (err >= 0)
        result->screen[lang] = fd_buf_take(&out);
    fd_buf_dispose(&out);
    return err < 0 ? err : 0;
}

static void say(fd_result *result, const fd_import_report *report, bool dry_run)
{
    const size_t files = report->files->rows;

    if (files == 0 && report->came_back)
        fd_result_say(
            result, "没有找到来表;文件夹里有 %zu 件退回文件(*.退回.*),改好后直接写它的路径导入",
            "no returns found; %zu returned files (*.退回.*) lie in the folder: name them "
            "to import what was corrected",
            report->came_back);
    else if (files == 0)
        fd_result_say(result, "没有找到来表(CSV、XLSX)", "no returns found (CSV, XLSX)");
    else if (report->same == files)
        fd_result_say(result, "%zu 件来表此前都已入库,没有变化",
                      "all %zu returns were imported before; nothing changed", files);
    else
        fd_result_say(
            result,
            "%zu 件来表:收 %zu 行(新值 %zu),退 %zu 行,待核 %zu 格;整件退回 %zu,同前 %zu%s%.0s",
            "%zu returns: %zu rows taken (%zu new values), %zu refused, %zu cells in doubt; "
            "%zu left out, %zu read before%.0s%s",
            files, report->accepted, report->changed, report->rejected, report->doubtful,
            report->left_out, report->same, dry_run ? "(试读,没有写入)" : "",
            dry_run ? " (dry run, nothing written)" : "");
}

static int run_import(fd_call *call, fd_result *result)
{
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report = { 0 };
    text_list map = { 0 };
    const char *since = fd_call_text(call, "since");
    int err;

    if (since && (err = fd_date_parse(&options.since, since, strlen(since))) < 0)
        return err;
    options.form = fd_call_text(call, "form");
    options.sender = fd_call_text(call, "sender");
    options.marks = fd_call_text(call, "marks");
    options.dry_run = fd_call_flag(call, "dry-run");
    options.confirm_units = fd_call_flag(call, "confirm-units");
    options.new_subjects = fd_call_flag(call, "new-subjects");
    options.rejects = fd_call_text(call, "rejects");
    options.actor = call->actor;
    options.coverage = true;
    options.lang = call->lang;
    if ((err = fd_call_period(call, "period", &options.period)) < 0 ||
        (err = read_map(&map, call)) < 0)
        goto done;
    if (map.count)
        options.mappings = map.items;
    err = fd_import(&report, call->city, call->rest, call->rest_count, &options);
    if (!report.files || (err < 0 && report.files->rows + report.findings->rows == 0))
        goto done;
    if (err >= 0) {
        say(result, &report, options.dry_run);
        err = make_screen(result, &report, fd_call_flag(call, "missing"));
        result->exit_code = report.rejected || report.left_out;
    }
    fd_result_add(result, report.files);
    fd_result_add(result, report.findings);
    fd_result_add(result, report.coverage);
    report.files = report.findings = report.coverage = NULL;
    if (fd_call_flag(call, "missing")) {
        fd_result_add(result, report.missing);
        report.missing = NULL;
    }
done:
    fd_import_report_dispose(&report);
    fd_vec_dispose(&map);
    return err < 0 ? err : 0;
}

static const fd_verb_param params[] = {
    { "paths", FD_P_PATH, true, true, true, "PATH", "文件或文件夹(CSV、XLSX)",
      "files or folders (CSV, XLSX)", NULL },
    { "form", FD_P_TEXT, false, false, false, "FORM", "当作哪种报表(默认从文件名和表头认)",
      "read as this form (told from name and header)", NULL },
    { "period", FD_P_PERIOD, false, false, false, "PERIOD", "期间(默认从标题、文件名认)",
      "period (told from title and name)", NULL },
    { "map", FD_P_TEXT, false, false, false, "MAP",
      "表头=数据项,…;或两列的文件(表头、数据项)。记住:这个报表、这个报送单位以后都这样认",
      "HEADER=ITEM,… or a file of two columns; remembered for this form and sender", NULL },
    { "sender", FD_P_TEXT, false, false, false, "SENDER",
      "报送单位(默认取文件名 '_' 之后:重点企业调度表_洹东区)",
      "who sent it (what follows '_' in the file name)", NULL },
    { "marks", FD_P_TEXT, false, false, false, "MARKS", "给全部数值加标记,例如 示例、unverified",
      "marks for every figure, e.g. 示例, unverified", NULL },
    { "dry-run", FD_P_FLAG, false, false, false, NULL, "只看不写", "read and check only", NULL },
    { "confirm-units", FD_P_FLAG, false, false, false, NULL, "单位看着不对也收(记为待核)",
      "take files whose unit looks wrong (in doubt)", NULL },
    { "new-subjects", FD_P_FLAG, false, false, false, NULL, "代码有效的新企业直接进名录",
      "enter unknown enterprises with a valid code", NULL },
    { "rejects", FD_P_OUTPUT, false, false, false, "FOLDER",
      "退回文件放这里(默认在来表旁边,名为 原名.退回.csv)",
      "folder for returned files (beside the file, as NAME.退回.csv)", NULL },
    { "since", FD_P_TEXT, false, false, false, "DAY",
      "名录里变了的(县区、行业……)从这天起,如 2024-07-01;行里有「变更日期」的以行为准(默认今天)",
      "what registers say holds from this day on; a row's own 变更日期 comes first (today)", NULL },
    { "missing", FD_P_FLAG, false, false, false, NULL, "另列催报名单", "also the chase list",
      NULL },
};
static const char *const examples[] = {
    "import out/huanzhou-来表 --city out/huanzhou.fangding --dry-run",
    "import 调度表.xlsx --form dispatch --period 2024-12 --missing --city ours.fangding",
    "import 财务状况B103-1.csv --map 厂房原值=fixed_assets --sender 甲县 --city ours.fangding", NULL
};
const fd_verb fd_verb_import = {
    .name = "import",
    .zh = "导入来表:认表头、换单位、查错;退回的行写成文件,带原因",
    .en = "import returns: headers matched, units converted, checked; refused rows become a file "
          "with the reason",
    .detail_zh =
        "一次调用是一批:或全部生效,或(出错时)全不生效。同一个文件再来一次没有变化;改过的文件只存"
        "变了的格。退出码:0 全收,1 有行或文件被退回,3 失败。",
    .detail_en = "One call is one batch: it counts whole or, after an error, not at all. The same "
                 "file again changes nothing; a corrected one stores only the cells that differ. "
                 "Exit status: 0 all taken, 1 rows or files were refused, 3 failed.",
    .effect = FD_WRITE,
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .is_job = true,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .examples = examples,
    .run = run_import,
};
