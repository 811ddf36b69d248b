#include "app/import_report.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/str.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* ---- files and findings
 * ------------------------------------------------------------------------------------- */

void fd_import_report_init(fd_import_report *report, bool coverage)
{
    fd_table *t;

    memset(report, 0, sizeof *report);
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
    t = report->findings = fd_table_new("findings", "发现的问题", "Findings");
    fd_table_add_new(t, "file", "文件", "File", FD_TEXT, "", 0);
    fd_table_add_new(t, "sheet", "工作表", "Sheet", FD_TEXT, "", 0);
    fd_table_add_new(t, "row", "行", "Row", FD_DEC, "", 0);
    fd_table_add_new(t, "column", "列", "Column", FD_TEXT, "", 0);
    fd_table_add_new(t, "rule", "规则", "Rule", FD_TEXT, "", 0);
    fd_table_add_new(t, "severity", "级别", "Severity", FD_TEXT, "", 0);
    fd_table_add_new(t, "message", "说明", "Message", FD_TEXT, "", 0);
    fd_table_add_new(t, "message_en", "英文说明", "Message (en)", FD_TEXT, "", 0);
    fd_table_add_new(t, "found", "现值", "Found", FD_TEXT, "", 0);
    fd_table_add_new(t, "expected", "应为", "Expected", FD_TEXT, "", 0);
    if (!coverage)
        return;
    t = report->coverage = fd_table_new("coverage", "应报与已报", "Coverage");
    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "expected", "应报", "Expected", FD_DEC, "户", 0);
    fd_table_add_new(t, "reported", "已报", "Reported", FD_DEC, "户", 0);
    fd_table_add_new(t, "missing", "缺", "Missing", FD_DEC, "户", 0);
    t = report->missing = fd_table_new("missing", "催报", "Missing returns");
    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "code", "代码", "Code", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);
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
                           const fd_returns_result *result, bool dry_run, const char *returned)
{
    fd_table *t = report->files;
    size_t row = fd_table_add_row(t);
    const char *state = result->state == FD_RETURNS_SAME       ? "同前"
                        : result->state == FD_RETURNS_LEFT_OUT ? "退回"
                        : dry_run                              ? "试读"
                                                               : "入库";

    set_text(t, 0, row, base_name(path));
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
    report->rows += result->rows;
    report->accepted += result->accepted;
    report->rejected += result->rejected;
    report->doubtful += result->doubtful;
    report->faults += result->faults;
    report->warnings += result->warnings;
    report->left_out += result->state == FD_RETURNS_LEFT_OUT;
}

void fd_import_report_finding(fd_import_report *report, const char *path, const fd_finding *f)
{
    static const char *const severities[] = { "提示", "注意", "错误" };
    fd_table *t = report->findings;
    size_t row = fd_table_add_row(t);

    set_text(t, 0, row, base_name(path));
    set_text(t, 1, row, f->sheet);
    if (f->row > 0)
        fd_column_set_dec(t->columns[2], row, f->row);
    set_text(t, 3, row, f->column);
    set_text(t, 4, row, f->rule);
    set_text(t, 5, row, severities[f->severity]);
    set_text(t, 6, row, f->message[FD_ZH]);
    set_text(t, 7, row, f->message[FD_EN]);
    set_text(t, 8, row, f->found);
    set_text(t, 9, row, f->expected[FD_ZH]);
}

void fd_import_report_diags(fd_import_report *report, const fd_diags *diags)
{
    for (size_t i = 0; i < diags->list.count; i++) {
        const fd_diag *d = diags->list.items[i];
        fd_finding f = { (int)d->severity,
                         "form",
                         "",
                         d->error.row,
                         "",
                         { d->error.message[FD_ZH], d->error.message[FD_EN] },
                         "",
                         { d->error.hint[FD_ZH], d->error.hint[FD_EN] } };

        fd_import_report_finding(report, d->error.file, &f);
    }
}

/* ---- coverage
 * --------------------------------------------------------------------------------------------------
 */

typedef struct seen_form {
    const fd_form *form;
    fd_period period;
    uint64_t *bits;
    size_t size;
} seen_form;

struct fd_import_seen {
    fd_map *expected; /* ids of forms that some register expects */
    fd_map *index;    /* "form|period" → list */
    fd_vec(seen_form) list;
};

fd_import_seen *fd_import_seen_new(const fd_forms *forms)
{
    fd_import_seen *seen = fd_alloc(sizeof *seen);

    seen->expected = fd_map_new();
    seen->index = fd_map_new();
    for (size_t i = 0; i < fd_forms_count(forms); i++) {
        size_t count;
        const char *const *ids = fd_form_expects(fd_forms_at(forms, i), &count);

        for (size_t k = 0; k < count; k++)
            fd_map_set(seen->expected, fd_view_of(ids[k]), 1);
    }
    return seen;
}

void fd_import_seen_free(fd_import_seen *seen)
{
    if (!seen)
        return;
    for (size_t i = 0; i < seen->list.count; i++)
        free(seen->list.items[i].bits);
    fd_vec_dispose(&seen->list);
    fd_map_free(seen->expected);
    fd_map_free(seen->index);
    free(seen);
}

static seen_form *entry_of(fd_import_seen *seen, const fd_form *form, fd_period period)
{
    char key[128];
    int length = snprintf(key, sizeof key, "%s|%d", fd_form_id(form), period);
    uint64_t ignored, at, known = seen->list.count;

    if (period == FD_PERIOD_NONE ||
        !fd_map_get(seen->expected, fd_view_of(fd_form_id(form)), &ignored))
        return NULL;
    at = fd_map_intern(seen->index, (fd_view){ key, (size_t)length }, known);
    if (at == known)
        fd_vec_push(&seen->list, ((seen_form){ form, period, NULL, 0 }));
    return &seen->list.items[at];
}

void fd_import_seen_file(fd_import_seen *seen, const fd_form *form, fd_period period)
{
    (void)entry_of(seen, form, period);
}

void fd_import_seen_segment(fd_import_seen *seen, const fd_form *form, fd_period period,
                            const fd_returns_segment *segment)
{
    seen_form *e = segment->basis == FD_COMPARATIVE ? NULL : entry_of(seen, form, period);
    size_t last;

    if (!e || segment->n == 0)
        return;
    last = (size_t)segment->subjects[segment->n - 1];
    if (last >= e->size) {
        size_t words = FD_BITS_WORDS(last + last / 2 + 1024), had = FD_BITS_WORDS(e->size);

        e->bits = fd_realloc_array(e->bits, words, sizeof *e->bits);
        memset(e->bits + had, 0, (words - had) * sizeof *e->bits);
        e->size = words * 64;
    }
    for (size_t i = 0; i < segment->n; i++)
        if (!segment->states || segment->states[i] != FD_MISSING)
            fd_bits_set(e->bits, (size_t)segment->subjects[i]);
}

/* Those whom the snapshot knows to have reported any of the form's items. */
static int add_stored(uint8_t *reported, const seen_form *e, fd_source *source)
{
    size_t count;
    const char *const *items = fd_form_items(e->form, &count);
    int err = 0;

    for (size_t k = 0; k < count && k < 4 && err >= 0; k++) {
        fd_column *column = NULL;

        err = source->ops->column(source, fd_form_subject(e->form), items[k], e->period, FD_CURRENT,
                                  &column);
        for (size_t i = 0; err >= 0 && i < column->n; i++)
            reported[i] |= fd_column_state(column, i) != FD_MISSING;
        fd_column_unref(column);
    }
    return err;
}

static int cover(fd_import_report *report, const seen_form *e, fd_source *source)
{
    fd_column *expects = NULL;
    const fd_frame *frame;
    uint8_t *reported = NULL;
    int64_t expected = 0, there = 0;
    char attribute[96];
    size_t row;
    int err;

    snprintf(attribute, sizeof attribute, "expects:%s", fd_form_id(e->form));
    if ((err = source->ops->frame(source, fd_form_subject(e->form), &frame)) < 0 ||
        (err = source->ops->attribute(source, fd_form_subject(e->form), attribute,
                                      fd_period_end(e->period), &expects)) < 0)
        goto done;
    reported = fd_alloc(frame->n + 1);
    if ((err = add_stored(reported, e, source)) < 0)
        goto done;
    for (size_t i = 0; i < frame->n; i++) {
        const char *text = fd_column_text(expects, i);
        size_t id = (size_t)frame->ids[i];

        if (!text || strcmp(text, "是") != 0)
            continue;
        expected++;
        if (reported[i] || (id < e->size && fd_bits_get(e->bits, id))) {
            there++;
            continue;
        }
        row = fd_table_add_row(report->missing);
        set_text(report->missing, 0, row, fd_form_id(e->form));
        fd_column_set_day(report->missing->columns[1], row, e->period);
        set_text(report->missing, 2, row, frame->codes[i]);
        set_text(report->missing, 3, row, frame->names[i]);
    }
    if (expected == 0)
        goto done; /* nobody is known to be expected: nothing can be said */
    row = fd_table_add_row(report->coverage);
    set_text(report->coverage, 0, row, fd_form_id(e->form));
    fd_column_set_day(report->coverage->columns[1], row, e->period);
    fd_column_set_dec(report->coverage->columns[2], row, expected);
    fd_column_set_dec(report->coverage->columns[3], row, there);
    fd_column_set_dec(report->coverage->columns[4], row, expected - there);
done:
    fd_column_unref(expects);
    free(reported);
    return err < 0 ? err : 0;
}

int fd_import_report_coverage(fd_import_report *report, const fd_import_seen *seen,
                              fd_reader *reader)
{
    int err = 0;

    for (size_t i = 0; i < seen->list.count && err >= 0; i++)
        err = cover(report, &seen->list.items[i], fd_reader_source(reader));
    return err;
}
