/*
 * Reading a return: sheet by sheet, judged as a whole, then handed out.
 *
 * What is small (up to one chunk of rows) waits until everything is known.  A larger table is
 * passed over once more for its subjects as soon as its first chunk is full; from then on chunks
 * leave as they fill.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "returns/read.h"
#include "returns/template.h"

static int open_rows(const fd_reader_state *s, fd_rows **out)
{
    return s->data ? fd_rows_open_memory(out, s->data, s->size, s->path, NULL)
                   : fd_rows_open(out, s->path, NULL);
}

/* The last failure as a fault of the file. */
static void take_failure(fd_reader_state *s, const fd_sheet *sheet)
{
    const fd_error *e = fd_error_last();

    s->file_fault = true;
    s->hint[FD_ZH] = e->hint[FD_ZH];
    s->hint[FD_EN] = e->hint[FD_EN];
    fd_returns__find(s, FD_FAULT, "format", sheet, e->row, NULL, e->message[FD_ZH],
                     e->message[FD_EN], e->detail[FD_ZH], NULL, NULL);
    s->hint[FD_ZH] = s->hint[FD_EN] = NULL;
}

/* ---- the first rows
 * ---------------------------------------------------------------------------------------- */

static void copy_row(fd_arena *arena, fd_row *out, const fd_row *row)
{
    fd_cell *cells = fd_arena_alloc(arena, (row->count + 1) * sizeof *cells);

    *out = *row;
    for (size_t i = 0; i < row->count; i++) {
        cells[i] = row->cells[i];
        cells[i].text.ptr = fd_arena_strndup(arena, row->cells[i].text.ptr, row->cells[i].text.len);
        cells[i].raw = (fd_view){ "", 0 };
    }
    out->cells = cells;
    out->raw = (fd_view){ "", 0 };
}

static int read_head(fd_reader_state *s, fd_head *head)
{
    const fd_row *row;
    int more = 1;

    head->count = 0;
    while (head->count < FD_RETURNS_HEAD_ROWS && (more = fd_rows_next(s->rows, &row)) > 0)
        copy_row(s->arena, &head->rows[head->count++], row);
    return more;
}

/* ---- large tables
 * ------------------------------------------------------------------------------------------- */

/* Who was met while passing over a sheet: known subjects by id, others by position in `fresh`. */
typedef struct seen_subjects {
    fd_bitset known, fresh;
} seen_subjects;

static void see(fd_reader_state *s, seen_subjects *seen, int32_t subject)
{
    char room[FD_CODES_ROOM];

    if (subject >= 0) {
        if (fd_bitset_put(&seen->known, (size_t)subject))
            (void)fd_bitset_put(&s->repeated, (size_t)subject);
    } else {
        const size_t at = (size_t)(-(int64_t)subject - 1);

        if (fd_bitset_put(&seen->fresh, at))
            (void)fd_codes_add(s->repeated_fresh, fd_view_of(fd_codes_text(s->fresh, at, room)),
                               NULL);
    }
}

/* The rows that wait, but for those of `other` (which may be NULL). */
static void see_waiting(fd_reader_state *s, seen_subjects *seen, const fd_sheet *other)
{
    for (size_t k = 0; k < s->sheets.count; k++) {
        const fd_sheet *sheet = s->sheets.items[k];

        for (size_t r = 0; sheet != other && r < sheet->n; r++)
            see(s, seen, sheet->subjects[r]);
    }
}

static void forget_seen(seen_subjects *seen)
{
    free(seen->known.bits);
    free(seen->fresh.bits);
}

/* Pass over the whole sheet for who is in it twice, and whether it can be read to its end.  What
 * stays of the codes met are those of the rows that wait: the others come once more with theirs. */
static int scan_subjects(fd_reader_state *s, fd_sheet *sheet)
{
    fd_rows *rows = NULL, *mine = s->rows;
    const size_t waiting = fd_codes_count(s->fresh);
    seen_subjects seen = { { NULL, 0 }, { NULL, 0 } };
    const fd_row *row;
    int err, more = 0;

    sheet->scanned = true;
    see_waiting(s, &seen, sheet);
    if ((err = open_rows(s, &rows)) < 0)
        goto done;
    while (fd_rows_sheet_of(rows)->index != sheet->index)
        if ((err = fd_rows_next_sheet(rows)) <= 0)
            goto done;
    s->rows = rows;
    while ((more = fd_rows_next(rows, &row)) > 0) {
        int32_t subject;
        int about;

        if (row->number <= sheet->header_to || row->damaged)
            continue;
        about = fd_row_subject(s, sheet, row, false, &subject);
        if (about < 0) {
            err = about;
            goto done;
        }
        if (about == FD_ROW_SUBJECT)
            see(s, &seen, subject);
    }
    if (more < 0)
        take_failure(s, sheet);
    err = 0;
done:
    s->rows = mine;
    fd_rows_close(rows);
    fd_codes_keep(s->fresh, waiting);
    forget_seen(&seen);
    return err < 0 ? err : 0;
}

static bool is_repeated(const fd_reader_state *s, int32_t subject)
{
    char room[FD_CODES_ROOM];
    const char *code;

    if (subject >= 0)
        return fd_bitset_has(&s->repeated, (size_t)subject);
    if (fd_codes_count(s->repeated_fresh) == 0)
        return false;
    code = fd_codes_text(s->fresh, (size_t)(-(int64_t)subject - 1), room);
    return fd_codes_find(s->repeated_fresh, fd_view_of(code)) != SIZE_MAX;
}

static void refuse_repeated(fd_reader_state *s, fd_sheet *sheet)
{
    for (size_t r = 0; r < sheet->n; r++) {
        const int32_t subject = sheet->subjects[r];

        if (is_repeated(s, subject))
            fd_returns__reject(s, "duplicate", sheet, sheet->rows[r], 0, "", "", NULL, NULL,
                               "同一主体在文件里不止一行,都不收",
                               "the same subject has more than one row; none is taken");
        else if (subject >= 0 && fd_bitset_has(&s->before, (size_t)subject))
            fd_returns__reject(s, "duplicate", sheet, sheet->rows[r], 0, "", "", NULL, NULL,
                               "同一主体在前面的工作表里已有一行,这一行不收",
                               "the same subject has a row in a sheet before; this one is not "
                               "taken");
        else
            continue;
        sheet->rejected[r] = 1;
    }
}

/* A chunk is full: it leaves, behind what waits of the sheets before. */
static int chunk_full(fd_reader_state *s, fd_sheet *sheet)
{
    int err;

    if (!s->large)
        s->repeated_fresh = fd_codes_new(0);
    if (!sheet->scanned && ((err = scan_subjects(s, sheet)) < 0 || s->file_fault))
        return err;
    s->large = true;
    for (size_t k = 0; k < s->sheets.count; k++)
        if (s->sheets.items[k]->n > 0 &&
            ((err = fd_check_sheet(s, s->sheets.items[k])) < 0 || s->file_fault))
            return err;
    if ((err = fd_emit_begin(s)) < 0)
        return err;
    for (size_t k = 0; k < s->sheets.count; k++) {
        refuse_repeated(s, s->sheets.items[k]);
        if ((err = fd_emit_sheet(s, s->sheets.items[k])) < 0)
            return err;
    }
    fd_codes_keep(s->fresh, 0); /* no row waits */
    return 0;
}

/* ---- the whole
 * --------------------------------------------------------------------------------------------------
 */

static bool can_be_large(const fd_form *form)
{
    return !form->is_long && !form->adds_up && !form->record;
}

/* For XLSX the texts of the cells stand for the packed bytes: near enough for a bar. */
static void count_bytes(fd_reader_state *s, const fd_row *row)
{
    if (row->raw.len)
        s->bytes_read += row->raw.len + 1;
    else
        s->bytes_read += row->count * 4;
    if (s->handler->step && row->number % 4096 == 0)
        s->handler->step(s->handler->payload, s->bytes_read);
}

static int take_row(fd_reader_state *s, fd_sheet *sheet, const fd_row *row)
{
    int err = fd_row_take(s, sheet, row);

    count_bytes(s, row);
    if (err >= 0 && sheet->n >= s->chunk_rows && can_be_large(s->form))
        err = chunk_full(s, sheet);
    return err;
}

static int read_sheet(fd_reader_state *s)
{
    fd_head *head = fd_arena_alloc(s->arena, sizeof *head);
    const fd_rows_sheet *info = fd_rows_sheet_of(s->rows);
    fd_sheet *sheet = NULL;
    const fd_row *row;
    size_t from = 0;
    int more = read_head(s, head), err = 0;

    if (more < 0) {
        take_failure(s, NULL);
        return 0;
    }
    if (strcmp(info->name, FD_TEMPLATE_SHEET) == 0)
        return 0;
    if (info->hidden) {
        fd_returns__findf(s, FD_NOTE, "sheet", NULL, 0, NULL, "隐藏的工作表「%s」不读",
                          "hidden sheet %s is not read", info->name);
        return 0;
    }
    if (head->count == 0 || (err = fd_sheet_open(&sheet, s, head, &from)) <= 0)
        return err;
    for (size_t i = from; i < head->count && err >= 0 && !s->file_fault; i++)
        err = take_row(s, sheet, &head->rows[i]);
    while (err >= 0 && !s->file_fault && more > 0 && (more = fd_rows_next(s->rows, &row)) > 0)
        err = take_row(s, sheet, row);
    if (err < 0)
        return err;
    if (sheet->hidden)
        fd_returns__findf(s, FD_WARNING, "hidden", sheet, sheet->first_hidden, NULL,
                          "有 %zu 行是隐藏的(筛选或手工隐藏,第一行是第 %ld 行),一并读了",
                          "%zu rows are hidden by a filter or by hand (the first: %ld); they were "
                          "read with the others",
                          sheet->hidden, sheet->first_hidden);
    if (more < 0) {
        if (s->begun)
            return more; /* part of it has left: the caller gives the whole call up */
        take_failure(s, sheet);
    }
    return 0;
}

/* Everything has been read; judge what waits and hand it out. */
static int finish(fd_reader_state *s)
{
    int err = 0;

    if (s->file_fault)
        return 0;
    if (s->sheets.count == 0) {
        if (s->form || s->result->faults == 0)
            fd_returns__file_fault(s, "header", NULL, 0, NULL, "没有可读的工作表或内容",
                                   "no sheet that can be read, or no content");
        return 0;
    }
    if (s->large) { /* what is left of the last sheets */
        seen_subjects seen = { { NULL, 0 }, { NULL, 0 } };

        see_waiting(s, &seen, NULL);
        forget_seen(&seen);
    } else if ((err = fd_check_names(s)) < 0 || (err = fd_emit_duplicates(s)) < 0) {
        return err;
    }
    if (s->form->is_long && (err = fd_long_finish(s)) < 0)
        return err;
    for (size_t k = 0; k < s->sheets.count && !s->file_fault; k++) {
        if (s->large)
            refuse_repeated(s, s->sheets.items[k]);
        if ((err = fd_check_sheet(s, s->sheets.items[k])) < 0)
            return err;
    }
    if (s->file_fault)
        return 0;
    if ((err = fd_emit_begin(s)) < 0)
        return err;
    if (s->form->is_long)
        return fd_long_emit(s);
    for (size_t k = 0; k < s->sheets.count && err >= 0; k++)
        err = fd_emit_sheet(s, s->sheets.items[k]);
    return err;
}

static int read_all(fd_reader_state *s)
{
    const fd_rows_info *info;
    int err, more;

    if ((err = open_rows(s, &s->rows)) < 0) {
        if (err == FD_ENOTFOUND || err == FD_EIO || err == FD_ENOMEM)
            return err;
        take_failure(s, NULL);
        return 0;
    }
    info = fd_rows_info_of(s->rows);
    snprintf(s->result->encoding, sizeof s->result->encoding, "%s",
             info->format == FD_ROWS_XLSX ? "XLSX" : fd_encoding_name(info->encoding));
    s->result->separator = info->separator;
    do {
        if ((err = read_sheet(s)) < 0)
            return err;
    } while (!s->file_fault && (more = fd_rows_next_sheet(s->rows)) > 0);
    if (!s->file_fault && more < 0) {
        if (s->begun)
            return more;
        take_failure(s, NULL);
    }
    return finish(s);
}

/* What follows the last '_' of the file's name: 重点企业调度表_洹东区. */
static const char *sender_of(fd_reader_state *s)
{
    const char *dot = strrchr(s->file_name, '.'), *line = strrchr(s->file_name, '_');
    const char *end = dot ? dot : s->file_name + strlen(s->file_name);

    if (s->options->sender)
        return fd_arena_strdup(s->arena, s->options->sender);
    return line && line < end ? fd_arena_strndup(s->arena, line + 1, (size_t)(end - line - 1)) : "";
}

static void dispose(fd_reader_state *s)
{
    fd_rows_close(s->rows);
    for (size_t i = 0; i < s->sheets.count; i++)
        fd_sheet_free(s->sheets.items[i]);
    for (size_t i = 0; i < s->buckets.count; i++)
        fd_vec_dispose(&s->buckets.items[i].cells);
    fd_vec_dispose(&s->sheets);
    fd_vec_dispose(&s->buckets);
    fd_vec_dispose(&s->ordinals);
    fd_vec_dispose(&s->variant_sums);
    fd_vec_dispose(&s->rejects);
    fd_codes_free(s->fresh);
    fd_map_free(s->bucket_index);
    fd_vec_dispose(&s->spelled);
    fd_map_free(s->sums);
    fd_map_free(s->accounts);
    fd_vec_dispose(&s->account_rows);
    fd_vec_dispose(&s->added);
    fd_map_free(s->incomplete);
    fd_codes_free(s->repeated_fresh);
    fd_map_free(s->finding_counts);
    free(s->repeated.bits);
    free(s->before.bits);
    fd_buf_dispose(&s->scratch);
    fd_buf_dispose(&s->code);
    fd_buf_dispose(&s->name);
}

/* What is needed to send rows back later. */
static void keep_rejects(fd_reader_state *s, struct fd_returns_inner *inner)
{
    for (size_t i = 0; i < s->rejects.count; i++)
        fd_vec_push(&inner->rejects, s->rejects.items[i]);
    for (size_t i = 0; i < s->sheets.count; i++) {
        const fd_sheet *sheet = s->sheets.items[i];
        fd_sheet_head head = { sheet->index, sheet->width, sheet->header_to, sheet->label_row };

        fd_vec_push(&inner->heads, head);
    }
}

static int read_return(fd_returns_result **out, const void *data, size_t size, const char *path,
                       const fd_forms *forms, const fd_returns_options *options,
                       const fd_returns_handler *handler)
{
    fd_returns_result *result = fd_alloc(sizeof *result);
    struct fd_returns_inner *inner = fd_alloc(sizeof *inner);
    fd_reader_state s = {
        .result = result, .forms = forms, .options = options, .handler = handler
    };
    const char *slash;
    int err;

    *out = result;
    result->inner = inner;
    inner->arena = fd_arena_new();
    inner->path = fd_strdup(path);
    inner->data = data;
    inner->size = size;
    s.arena = inner->arena;
    s.path = inner->path;
    slash = strrchr(inner->path, '/');
    s.file_name = slash ? slash + 1 : inner->path;
    s.data = data;
    s.size = size;
    s.chunk_rows = options->chunk_rows ? options->chunk_rows : FD_RETURNS_CHUNK;
    s.fresh = fd_codes_new(sizeof(int32_t));
    s.bucket_index = fd_map_new();
    s.sums = fd_map_new();
    s.finding_counts = fd_map_new();
    result->sender = sender_of(&s);
    if (options->form && !(s.form = fd_forms_find(forms, options->form))) {
        err = fd_error_set(FD_ENOTFOUND, "没有报表「%s」", "there is no form %s", options->form);
        goto done;
    }
    err = read_all(&s);
    fd_returns__describe(&s);
    if (err == FD_EEXISTS) {
        result->state = FD_RETURNS_SAME;
        result->accepted = 0;
        err = 0;
    } else if (s.file_fault) {
        result->state = FD_RETURNS_LEFT_OUT;
        result->accepted = 0;
    }
    result->rejected = result->state == FD_RETURNS_SAME       ? 0
                       : result->state == FD_RETURNS_LEFT_OUT ? result->rows
                                                              : result->rows - result->accepted;
    keep_rejects(&s, inner);
done:
    dispose(&s);
    return err;
}

int fd_returns_read(fd_returns_result **out, const char *path, const fd_forms *forms,
                    const fd_returns_options *options, const fd_returns_handler *handler)
{
    return read_return(out, NULL, 0, path, forms, options, handler);
}

int fd_returns_read_memory(fd_returns_result **out, const void *data, size_t size, const char *path,
                           const fd_forms *forms, const fd_returns_options *options,
                           const fd_returns_handler *handler)
{
    return read_return(out, data ? data : "", size, path, forms, options, handler);
}

void fd_returns_free(fd_returns_result *result)
{
    if (!result)
        return;
    fd_vec_dispose(&result->inner->rejects);
    fd_vec_dispose(&result->inner->heads);
    fd_arena_free(result->inner->arena);
    free(result->inner->path);
    free(result->inner);
    free(result);
}
