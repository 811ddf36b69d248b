/*
 * The fingerprint of a template: made, and found again in what comes back.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "io/rows.h"
#include "returns/form.h"
#include "returns/template.h"

enum { LINE_TRIES = 12, SHEET_ROWS = 64 };

static const char line_word[] = "收表编号";

/* ---- made
 * ---------------------------------------------------------------------------------------------------
 */

int fd_template_form_hash(char out[20], const fd_form *form)
{
    char *text = NULL, hex[65];
    int err = fd_decl_print(&text, form->decl, FD_ZH);

    if (err < 0)
        return err;
    fd_digest_of(text, strlen(text), hex);
    free(text);
    snprintf(out, 20, "%.16s", hex);
    return 0;
}

void fd_template_seal(char out[16], const fd_template_mark *mark)
{
    fd_buf text = FD_BUF_INIT;
    char hex[65];

    fd_buf_printf(&text, "%s|%s|%s|%d|%s|%s|%d|%d", mark->city, mark->form, mark->form_hash,
                  mark->period, mark->by, mark->sender, mark->issue, mark->due);
    if (mark->variants[0])
        fd_buf_printf(&text, "|%s", mark->variants);
    fd_digest_of(fd_buf_text(&text), text.len, hex);
    fd_buf_dispose(&text);
    snprintf(out, 16, "%.12s", hex);
}

void fd_template__line(fd_buf *out, const fd_template_mark *mark)
{
    char period[24] = "";

    if (mark->period)
        fd_period_format(mark->period, period, sizeof period);
    fd_buf_printf(out, "%s|%s|%s|%s|%d|%s", mark->form, period, mark->by, mark->sender, mark->issue,
                  mark->seal);
}

/* ---- read
 * ---------------------------------------------------------------------------------------------------
 */

/* False when it is longer than the room. */
static bool take(char *out, size_t size, fd_view v)
{
    v = fd_view_trim(v);
    if (v.len >= size || memchr(v.ptr, '\0', v.len))
        return false;
    if (v.len)
        memcpy(out, v.ptr, v.len);
    out[v.len] = '\0';
    return true;
}

static bool take_period(fd_period *out, fd_view v)
{
    v = fd_view_trim(v);
    *out = FD_PERIOD_NONE;
    return !v.len || fd_period_parse(out, v.ptr, v.len) == 0;
}

static bool take_issue(int *out, fd_view v)
{
    int64_t n;

    v = fd_view_trim(v);
    if (fd_decimal_parse_scaled(&n, v.ptr, v.len, 0) < 0 || n < 1 || n > 100000)
        return false;
    *out = (int)n;
    return true;
}

/* dispatch|2025-01..02|county|990501|1|0123456789ab — the sender may hold blanks, no bar. */
static bool parse_line(fd_template_mark *out, fd_view line)
{
    fd_view parts[6], part;
    size_t n = 0;
    ptrdiff_t at = fd_view_find(line, line_word);

    memset(out, 0, sizeof *out);
    out->due = FD_DATE_NONE;
    if (at < 0)
        return false;
    line.ptr += (size_t)at + sizeof line_word - 1;
    line.len -= (size_t)at + sizeof line_word - 1;
    if (fd_view_starts(line, ":"))
        line = (fd_view){ line.ptr + 1, line.len - 1 };
    else if (fd_view_starts(line, "："))
        line = (fd_view){ line.ptr + 3, line.len - 3 };
    else
        return false;
    while (n < 6 && fd_view_split(&line, '|', &part))
        parts[n++] = part;
    return n == 6 && !fd_view_split(&line, '|', &part) &&
           take(out->form, sizeof out->form, parts[0]) && out->form[0] &&
           take_period(&out->period, parts[1]) && take(out->by, sizeof out->by, parts[2]) &&
           take(out->sender, sizeof out->sender, parts[3]) && out->sender[0] &&
           take_issue(&out->issue, parts[4]) && take(out->seal, sizeof out->seal, parts[5]);
}

static bool find_line(fd_template_mark *out, fd_rows *rows)
{
    const fd_row *row;

    for (int r = 0; r < LINE_TRIES && fd_rows_next(rows, &row) > 0; r++)
        for (size_t c = 0; c < row->count; c++)
            if (fd_view_find(row->cells[c].text, line_word) >= 0 &&
                parse_line(out, row->cells[c].text))
                return true;
    return false;
}

static bool take_pair(fd_template_mark *m, fd_view key, fd_view value)
{
    if (fd_view_is(key, "city"))
        return take(m->city, sizeof m->city, value);
    if (fd_view_is(key, "form"))
        return take(m->form, sizeof m->form, value);
    if (fd_view_is(key, "form_hash"))
        return take(m->form_hash, sizeof m->form_hash, value);
    if (fd_view_is(key, "period"))
        return take_period(&m->period, value);
    if (fd_view_is(key, "by"))
        return take(m->by, sizeof m->by, value);
    if (fd_view_is(key, "sender"))
        return take(m->sender, sizeof m->sender, value);
    if (fd_view_is(key, "sender_name"))
        return take(m->sender_name, sizeof m->sender_name, value);
    if (fd_view_is(key, "issue"))
        return take_issue(&m->issue, value);
    if (fd_view_is(key, "due"))
        return !value.len || fd_date_parse(&m->due, value.ptr, value.len) == 0;
    if (fd_view_is(key, "variants"))
        return take(m->variants, sizeof m->variants, value);
    if (fd_view_is(key, "seal"))
        return take(m->seal, sizeof m->seal, value);
    return true; /* a later edition may hold more */
}

/* 1 a fingerprint, whole or altered; 0 none. */
static int read_sheet(fd_template_mark *out, fd_rows *rows)
{
    const fd_row *row;
    bool begun = false, sound = true;
    char seal[16];

    memset(out, 0, sizeof *out);
    out->due = FD_DATE_NONE;
    for (int r = 0; r < SHEET_ROWS && fd_rows_next(rows, &row) > 0; r++) {
        fd_view key, value = { "", 0 };

        if (!row->count)
            continue;
        key = fd_view_trim(row->cells[0].text);
        if (row->count > 1)
            value = fd_view_trim(row->cells[1].text);
        if (fd_view_is(key, "fangding"))
            begun = true;
        else
            sound &= take_pair(out, key, value);
    }
    if (!begun || !out->form[0] || !out->sender[0])
        return 0;
    fd_template_seal(seal, out);
    out->hidden_sheet = true;
    out->altered = !sound || strcmp(seal, out->seal) != 0;
    return 1;
}

/* Another's rows pasted with their line under this fingerprint, or the other way round. */
static bool disagree(const fd_template_mark *a, const fd_template_mark *b)
{
    return strcmp(a->form, b->form) != 0 || a->period != b->period ||
           strcmp(a->sender, b->sender) != 0 || a->issue != b->issue ||
           strcmp(a->seal, b->seal) != 0;
}

static int find_mark(fd_template_mark *out, fd_rows *rows)
{
    fd_template_mark line, sheet;
    bool has_line = false, has_sheet = false;

    do {
        const fd_rows_sheet *info = fd_rows_sheet_of(rows);

        if (strcmp(info->name, FD_TEMPLATE_SHEET) == 0)
            has_sheet = has_sheet || read_sheet(&sheet, rows) > 0;
        else if (!has_line)
            has_line = find_line(&line, rows);
    } while (fd_rows_next_sheet(rows) > 0);
    fd_error_clear();
    if (has_sheet) {
        *out = sheet;
        out->altered |= has_line && disagree(&sheet, &line);
    } else if (has_line) {
        *out = line;
    }
    return has_sheet || has_line;
}

static int read_mark(fd_template_mark *out, fd_rows *rows, int err)
{
    memset(out, 0, sizeof *out);
    out->due = FD_DATE_NONE;
    if (err < 0)
        return err;
    err = find_mark(out, rows);
    fd_rows_close(rows);
    return err;
}

int fd_template_mark_read(fd_template_mark *out, const char *path)
{
    fd_rows *rows = NULL;
    int err = fd_rows_open(&rows, path, NULL);

    return read_mark(out, rows, err);
}

int fd_template_mark_read_memory(fd_template_mark *out, const void *data, size_t size,
                                 const char *name)
{
    fd_rows *rows = NULL;
    int err = fd_rows_open_memory(&rows, data, size, name, NULL);

    return read_mark(out, rows, err);
}
