#include "app/import_report.h"

#include <stdlib.h>

#include "base/str.h"
#include "io/file.h"

/* ---- files and findings
 * ------------------------------------------------------------------------------------- */

void fd_import_report_init(fd_import_report *report, bool coverage, fd_lang lang)
{
    fd_table *t;

    memset(report, 0, sizeof *report);
    report->lang = lang;
    t = report->files = fd_table_new("files", "来表", "Files");
    fd_table_add_new(t, "file", "文件", "File", FD_TEXT, "", 0);
    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "encoding", "编码", "Encoding", FD_TEXT, "", 0);
    fd_table_add_new(t, "read", "行数", "Read", FD_DEC, "", 0);
    fd_table_add_new(t, "accepted", "收", "Accepted", FD_DEC, "", 0);
    fd_table_add_new(t, "rejected", "退", "Rejected", FD_DEC, "", 0);
    fd_table_add_new(t, "doubtful", "待核", "In doubt", FD_DEC, "", 0);
    fd_table_add_new(t, "state", "状态", "State", FD_TEXT, "", 0);
    fd_table_add_new(t, "warnings", "注意", "Warnings", FD_DEC, "", 0);
    fd_table_add_new(t, "returned", "退回文件", "Returned", FD_TEXT, "", 0);
    fd_table_add_new(t, "changed", "新值", "Changed", FD_DEC, "", 0);
    t = report->findings = fd_table_new("findings", "发现的问题", "Findings");
    fd_table_add_new(t, "file", "文件", "File", FD_TEXT, "", 0);
    fd_table_add_new(t, "sheet", "表", "Sheet", FD_TEXT, "", 0);
    fd_table_add_new(t, "row", "行", "Row", FD_DEC, "", 0);
    fd_table_add_new(t, "column", "列", "Column", FD_TEXT, "", 0);
    fd_table_add_new(t, "rule", "规则", "Rule", FD_TEXT, "", 0);
    fd_table_add_new(t, "severity", "级别", "Severity", FD_TEXT, "", 0);
    fd_table_add_new(t, "message", "说明", "Message", FD_TEXT, "", 0);
    fd_table_add_new(t, "found", "实得", "Found", FD_TEXT, "", 0);
    fd_table_add_new(t, "expected", "应为", "Expected", FD_TEXT, "", 0);
    fd_table_add_new(t, "hint", "建议", "Hint", FD_TEXT, "", 0);
    if (coverage)
        fd_import_coverage_tables(report);
}

void fd_import_report_dispose(fd_import_report *report)
{
    fd_table_free(report->files);
    fd_table_free(report->findings);
    fd_table_free(report->coverage);
    fd_table_free(report->missing);
    memset(report, 0, sizeof *report);
}

static void set_text(fd_table *t, size_t column, size_t row, const char *text)
{
    if (text && *text)
        fd_column_set_text(t->columns[column], row, text);
}

void fd_import_report_file(fd_import_report *report, const char *path,
                           const fd_returns_result *result, size_t changed, bool dry_run,
                           const char *returned)
{
    fd_table *t = report->files;
    size_t row = fd_table_add_row(t);
    static const char *const states[][2] = {
        { "入库", "taken" }, { "试读", "dry run" }, { "同前", "same" }, { "退回", "left out" }
    };
    const char *state = states[result->state == FD_RETURNS_SAME       ? 2
                               : result->state == FD_RETURNS_LEFT_OUT ? 3
                                                                      : dry_run][report->lang];

    set_text(t, 0, row, fd_file_name(path));
    set_text(t, 1, row, result->form ? fd_form_id(result->form) : NULL);
    if (result->period)
        fd_column_set_day(t->columns[2], row, result->period);
    set_text(t, 3, row, result->encoding);
    fd_column_set_dec(t->columns[4], row, (int64_t)result->rows);
    fd_column_set_dec(t->columns[5], row, (int64_t)result->accepted);
    fd_column_set_dec(t->columns[6], row, (int64_t)result->rejected);
    fd_column_set_dec(t->columns[7], row, (int64_t)result->doubtful);
    set_text(t, 8, row, state);
    fd_column_set_dec(t->columns[9], row, (int64_t)result->warnings);
    set_text(t, 10, row, returned);
    fd_column_set_dec(t->columns[11], row, (int64_t)changed);
    report->changed += changed;
    report->rows += result->rows;
    report->accepted += result->accepted;
    report->rejected += result->rejected;
    report->doubtful += result->doubtful;
    report->faults += result->faults;
    report->warnings += result->warnings;
    report->left_out += result->state == FD_RETURNS_LEFT_OUT;
    report->same += result->state == FD_RETURNS_SAME;
}

void fd_import_report_finding(fd_import_report *report, const char *path, const fd_finding *f)
{
    static const char *const severities[][2] = { { "提示", "note" },
                                                 { "注意", "warning" },
                                                 { "错误", "fault" } };
    const fd_lang lang = report->lang;
    fd_table *t = report->findings;
    size_t row = fd_table_add_row(t);

    set_text(t, 0, row, fd_file_name(path));
    set_text(t, 1, row, f->sheet);
    if (f->row > 0)
        fd_column_set_dec(t->columns[2], row, f->row);
    set_text(t, 3, row, f->column);
    set_text(t, 4, row, f->rule);
    set_text(t, 5, row, severities[f->severity][lang]);
    set_text(t, 6, row, f->message[lang]);
    set_text(t, 7, row, f->found);
    set_text(t, 8, row, f->expected[lang]);
    set_text(t, 9, row,
             f->hint[lang] && f->hint[lang][0] ? f->hint[lang]
                                               : fd_import_advice(f->rule, f->severity, lang));
}

/* A file that could not even be opened: it is left out, the others are read. */
void fd_import_report_failure(fd_import_report *report, const char *path)
{
    const fd_error *e = fd_error_last();
    fd_finding f = { .severity = (int)FD_FAULT,
                     .rule = "file",
                     .sheet = "",
                     .row = e->row,
                     .column = "",
                     .message = { e->message[FD_ZH], e->message[FD_EN] },
                     .found = e->detail[report->lang],
                     .expected = { "", "" },
                     .hint = { e->hint[FD_ZH], e->hint[FD_EN] } };
    fd_returns_result left_out = { .state = FD_RETURNS_LEFT_OUT, .faults = 1 };

    fd_import_report_finding(report, path, &f);
    fd_import_report_file(report, path, &left_out, 0, false, NULL);
}

void fd_import_report_diags(fd_import_report *report, const fd_diags *diags)
{
    for (size_t i = 0; i < diags->list.count; i++) {
        const fd_diag *d = diags->list.items[i];
        fd_finding f = { .severity = (int)d->severity,
                         .rule = "form",
                         .sheet = "",
                         .row = d->error.row,
                         .column = "",
                         .message = { d->error.message[FD_ZH], d->error.message[FD_EN] },
                         .found = d->error.detail[report->lang],
                         .expected = { "", "" },
                         .hint = { d->error.hint[FD_ZH], d->error.hint[FD_EN] } };

        fd_import_report_finding(report, d->error.file, &f);
    }
}
