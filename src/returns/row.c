/*
 * One row of data → the chunk of its sheet, or back to its sender.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "returns/read.h"

void fd_sheet_grow(fd_sheet *sheet)
{
    size_t capacity;

    if (sheet->n < sheet->capacity)
        return;
    capacity = sheet->capacity ? sheet->capacity * 2 : 256;
    sheet->subjects = fd_realloc_array(sheet->subjects, capacity, sizeof *sheet->subjects);
    sheet->rows = fd_realloc_array(sheet->rows, capacity, sizeof *sheet->rows);
    sheet->rejected = fd_realloc_array(sheet->rejected, capacity, sizeof *sheet->rejected);
    sheet->names = fd_realloc_array(sheet->names, capacity, sizeof *sheet->names);
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        fd_bound *b = &sheet->bounds.items[i];

        b->dec = fd_realloc_array(b->dec, capacity, sizeof *b->dec);
        b->states = fd_realloc_array(b->states, capacity, sizeof *b->states);
        b->written = fd_realloc_array(b->written, capacity, sizeof *b->written);
        if (b->spelled)
            b->spelled = fd_realloc_array(b->spelled, capacity, sizeof *b->spelled);
    }
    sheet->capacity = capacity;
}

/* What does not follow from the number is kept as it stands. */
static void spell(fd_sheet *sheet, fd_bound *b, size_t n, fd_view text)
{
    if (!b->spelled)
        b->spelled = fd_alloc(sheet->capacity * sizeof *b->spelled);
    b->spelled[n] = fd_arena_strndup(sheet->row_arena, text.ptr, text.len);
}

/* One number into slot n. False when the cell is at fault (said). */
static bool read_cell(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, fd_bound *b, size_t n)
{
    static const fd_cell empty = { { "", 0 }, { "", 0 }, 0,     FD_CELL_EMPTY, 0,
                                   false,     false,     false, false };
    const fd_cell *cell;
    fd_cell_value v;

    if (b->at == SIZE_MAX) {
        b->dec[n] = fd_pow10(b->plan.scale);
        b->states[n] = FD_HAS;
        b->written[n] = FD_WRITTEN_UNKNOWN;
        b->values++;
        return true;
    }
    cell = b->at < row->count ? &row->cells[b->at] : &empty;
    if (b->plan.scale_in >= 0 && fd_number_fast(cell->text.ptr, cell->text.len, b->plan.scale_in,
                                                &b->dec[n], &b->written[n])) {
        if (b->written[n] == FD_WRITTEN_SPELLED)
            spell(sheet, b, n, cell->text);
        b->states[n] = FD_HAS;
        b->values++;
        return true;
    }
    fd_number_read(&v, &b->plan, cell);
    if (cell->formula && cell->kind == FD_CELL_EMPTY)
        fd_returns__find(s, FD_WARNING, "formula", sheet, row->number, b->header,
                         "公式没有存下结果,当作缺报",
                         "the formula has no stored result; taken as not reported", NULL, NULL,
                         NULL);
    b->dec[n] = v.dec;
    b->states[n] = (uint8_t)v.state;
    b->written[n] = v.written;
    if (v.written == FD_WRITTEN_SPELLED)
        spell(sheet, b, n, cell->text);
    b->mixed |= v.state != FD_HAS;
    b->values += v.state == FD_HAS || v.state == FD_DOUBT;
    if (v.fault[FD_ZH]) {
        fd_buf found = FD_BUF_INIT;

        fd_buf_view(&found, cell->text);
        fd_returns__reject(s, "value", sheet, row->number, b->at + 1, b->header,
                           fd_buf_text(&found), v.expected[FD_ZH], v.expected[FD_EN], "%s%.0s",
                           "%.0s%s", v.fault[FD_ZH], v.fault[FD_EN]);
        fd_buf_dispose(&found);
        return false;
    }
    return true;
}

/* The row of sums: kept, for parts that do not add up. */
static void keep_total(fd_reader_state *s, fd_sheet *sheet, const fd_row *row)
{
    (void)s;
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        fd_bound *b = &sheet->bounds.items[i];
        fd_cell_value v;

        if (b->at >= row->count)
            continue;
        fd_number_read(&v, &b->plan, &row->cells[b->at]);
        if (v.state == FD_HAS && !v.fault[FD_ZH]) {
            b->has_total = true;
            b->total = v.dec;
            b->total_row = row->number;
        }
    }
}

/* A CSV row must have as many cells as the header: one too few is a row cut short, one too many a
 * stray comma. */
static bool shape_fits(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row)
{
    bool csv = fd_rows_info_of(s->rows)->format == FD_ROWS_CSV;
    size_t extra = 0;

    for (size_t c = sheet->width; c < row->count; c++)
        extra += fd_view_trim(row->cells[c].text).len > 0;
    if (extra) {
        fd_returns__reject(s, "shape", sheet, row->number, sheet->width + 1, "", "", NULL, NULL,
                           "比表头多 %zu 格(多了逗号?)",
                           "%zu cells more than the header (a stray comma?)", extra);
        return false;
    }
    if (csv && row->count < sheet->width) {
        fd_returns__reject(s, "shape", sheet, row->number, row->count, "", "", NULL, NULL,
                           "只有 %zu 格,表头有 %zu 格,行不完整",
                           "%zu cells, the header has %zu: the row is cut short", row->count,
                           sheet->width);
        return false;
    }
    return true;
}

static void keep_name(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, size_t n)
{
    size_t role = sheet->roles[FD_COL_NAME];

    sheet->names[n] = NULL;
    if ((s->form->creates || sheet->subjects[n] < 0) && role && role - 1 < row->count) {
        fd_view v = fd_view_trim(row->cells[role - 1].text);

        if (v.len)
            sheet->names[n] = fd_arena_strndup(sheet->row_arena, v.ptr, v.len);
    }
}

/* A row about nobody known goes back whole: what else is wrong with it is said with it. */
static int say_other_faults(fd_reader_state *s, fd_sheet *sheet, const fd_row *row)
{
    const size_t n = sheet->n;
    bool refused = true;

    if (!shape_fits(s, sheet, row))
        return 0;
    fd_sheet_grow(sheet);
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        fd_bound *b = &sheet->bounds.items[i];
        const size_t values = b->values;
        const bool mixed = b->mixed;

        if (b->at < row->count)
            (void)read_cell(s, sheet, row, b, n);
        b->values = values; /* the slot is used again */
        b->mixed = mixed;
    }
    return sheet->texts.count && !s->form->is_long && !s->form->adds_up
               ? fd_row_texts(s, sheet, row, (uint32_t)n, &refused)
               : 0;
}

int fd_row_take(fd_reader_state *s, fd_sheet *sheet, const fd_row *row)
{
    bool refused, misshapen;
    size_t n = sheet->n;
    int32_t subject = 0;
    int about = FD_ROW_SUBJECT, err = 0;
    uint32_t ordinal = 0;

    if (row->damaged) {
        const fd_error *e;

        (void)fd_rows_describe_damage(s->rows, row);
        e = fd_error_last();
        s->result->rows++;
        fd_returns__reject(s, "damaged", sheet, row->number, row->damaged_cell + 1, "", "", NULL,
                           NULL, "%s%.0s", "%.0s%s", e->message[FD_ZH], e->message[FD_EN]);
        return 0;
    }
    if (!s->form->record) {
        about = fd_row_subject(s, sheet, row, true, &subject);
        if (about < 0)
            return about;
        if (about == FD_ROW_TOTAL)
            keep_total(s, sheet, row);
        if (about == FD_ROW_PASSED)
            s->footnotes++;
        if (about == FD_ROW_TOTAL || about == FD_ROW_PASSED)
            return 0;
        s->result->rows++;
        if (row->hidden && sheet->hidden++ == 0)
            sheet->first_hidden = row->number;
        if (about == FD_ROW_REFUSED)
            return say_other_faults(s, sheet, row);
    } else {
        s->result->rows++;
    }
    fd_sheet_grow(sheet);
    sheet->subjects[n] = subject;
    sheet->rows[n] = (int32_t)row->number;
    keep_name(s, sheet, row, n);
    refused = misshapen = !shape_fits(s, sheet, row);
    if (s->form->is_long) {
        fd_ordinal o = { (int32_t)row->number, (uint16_t)sheet->index, false };

        ordinal = (uint32_t)s->ordinals.count;
        fd_vec_push(&s->ordinals, o);
    }
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        fd_bound *b = &sheet->bounds.items[i];

        b->dec[n] = 0;
        b->states[n] = FD_MISSING;
        b->written[n] = FD_WRITTEN_UNKNOWN;
        if (!misshapen)
            refused |= !read_cell(s, sheet, row, b, n);
    }
    if (!misshapen) /* a sender wants to hear of all faults of a row at once */
        refused |= !fd_check_row(s, sheet, n, row->number);
    if (s->form->record)
        fd_row_record_head(s, sheet, row, &refused);
    if (!misshapen && sheet->texts.count && !s->form->is_long && !s->form->adds_up)
        err = fd_row_texts(s, sheet, row, (uint32_t)n, &refused);
    if (!refused && err >= 0 && s->form->record && s->form->record->gate_count)
        err = fd_row_record_move(s, sheet, row, (uint32_t)n, &refused);
    if (!refused && err >= 0 && s->form->record)
        err = fd_row_record_fields(s, sheet, row, (uint32_t)n, &refused);
    if (err < 0)
        return err;
    if (s->form->is_long) {
        if (!refused)
            err = fd_row_take_long(s, sheet, row, subject, ordinal, &refused);
        s->ordinals.items[ordinal].rejected = refused;
        if (refused)
            fd_long_refused(s, subject);
        return err < 0 ? err : 0; /* the slot is used again */
    }
    sheet->rejected[n] = refused;
    if (s->form->adds_up) {
        bool again = false, is_first = false;

        if (!refused)
            fd_account_check(s, sheet, row, n, &again);
        if (again)
            return 0; /* the same row twice: the sum is known without it */
        for (size_t i = 0; refused && i < sheet->bounds.count; i++) {
            sheet->bounds.items[i].states[n] =
                FD_MISSING; /* one account unknown: the sum is unknown */
            sheet->bounds.items[i].dec[n] = 0;
            sheet->bounds.items[i].mixed = true;
        }
        sheet->rejected[n] = false;
        refused |= !fd_account_add(s, sheet, row, n, &is_first);
        if (refused)
            fd_account_lost(s, subject);
        else
            fd_vec_push(&s->added,
                        ((fd_added_row){ subject, (uint32_t)s->sheets.count - 1, row->number }));
        s->result->accepted += !refused;
        sheet->n += is_first;
        return 0;
    }
    sheet->n++;
    return 0;
}
