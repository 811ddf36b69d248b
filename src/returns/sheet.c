/*
 * The head of a sheet: which rows are its header, what stands above it, what its columns are.
 *
 * Every pair (first row, height 1 to 3) among the first rows is tried; the one that recognises most
 * different columns wins, the flatter one of equals.  A data row never wins: it names no column.
 */
#include "returns/sheet.h"

#include <stdlib.h>

#include "base/utf8.h"

enum { HEADER_TRIES = 20, ROWS_AFTER_FOUND = 3 };

/* ---- levels of a column's header
 * -------------------------------------------------------------------- */

static fd_view cell_text(const fd_head *head, size_t row, size_t column)
{
    if (row >= head->count || column >= head->rows[row].count)
        return (fd_view){ "", 0 };
    return fd_view_trim(head->rows[row].cells[column].text);
}

/* In CSV a group's name stands over its first column only: look left while the row below goes on.
 */
static fd_view group_text(const fd_head *head, size_t row, size_t last, size_t column)
{
    fd_view v = cell_text(head, row, column);

    while (!v.len && column > 0 && row < last && cell_text(head, last, column).len &&
           cell_text(head, last, column - 1).len)
        v = cell_text(head, row, --column);
    return v;
}

size_t fd_head__levels(const fd_head *head, size_t first, size_t height, size_t column, bool merged,
                       fd_view out[3])
{
    size_t n = 0;

    for (size_t k = 0; k < height; k++) {
        fd_view v = merged ? cell_text(head, first + k, column)
                           : group_text(head, first + k, first + height - 1, column);

        if (v.len && (n == 0 || !fd_view_equal(out[n - 1], v)))
            out[n++] = v;
    }
    return n;
}

size_t fd_head__width(const fd_head *head, size_t first, size_t height)
{
    size_t width = 0;

    for (size_t k = 0; k < height && first + k < head->count; k++)
        for (size_t c = head->rows[first + k].count; c > width; c--)
            if (cell_text(head, first + k, c - 1).len) {
                width = c;
                break;
            }
    return width;
}

/* ---- which rows
 * --------------------------------------------------------------------------------------- */

/* How many different columns of the form a header of these rows names; 0 without a subject. */
static size_t score(fd_reader_state *s, const fd_form *form, const fd_head *head, size_t first,
                    size_t height, bool merged)
{
    fd_arena *scratch = fd_arena_new();
    size_t width = fd_head__width(head, first, height), found = 0;
    fd_map *seen = fd_map_new();
    bool subject = form->only || form->record;

    for (size_t c = 0; c < width; c++) {
        fd_view levels[3];
        size_t n = fd_head__levels(head, first, height, c, merged, levels);
        fd_header h;
        const char *target = NULL;
        fd_match m;
        char key[96];
        int length;

        if (!n || levels[n - 1].len > 256)
            continue;
        fd_header_read(&h, scratch, form->program, levels, n);
        if (s->handler->mapping && s->handler->mapping(s->handler->payload, form->id,
                                                       s->result->sender, h.folded, &target) <= 0)
            target = NULL;
        fd_header_match(&m, scratch, s->forms, form, &h, target, 0);
        if (m.how != FD_MATCH_NAME && m.how != FD_MATCH_CODE && m.how != FD_MATCH_CONFLICT &&
            m.how != FD_MATCH_REMEMBERED)
            continue;
        length = snprintf(key, sizeof key, "%p/%d/%d/%d", (const void *)m.columns[0],
                          (int)m.time.when, m.time.basis, m.time.month);
        if (!fd_map_set(seen, (fd_view){ key, (size_t)length }, 1))
            continue;
        found++;
        subject |= m.columns[0]->role == FD_COL_CODE || m.columns[0]->role == FD_COL_NAME;
    }
    fd_map_free(seen);
    fd_arena_free(scratch);
    return subject ? found : 0;
}

typedef struct place {
    size_t first, height, score;
} place;

static place find_header(fd_reader_state *s, const fd_form *form, const fd_head *head, bool merged)
{
    place best = { 0, 0, 0 };

    for (size_t r = 0; r < head->count && r < HEADER_TRIES; r++) {
        if (best.score >= 2 && r > best.first + ROWS_AFTER_FOUND)
            break;
        for (size_t h = 1; h <= FD_HEADER_LEVELS && r + h <= head->count; h++) {
            size_t n = score(s, form, head, r, h, merged);

            if (n > best.score || (n == best.score && n > 0 && h < best.height))
                best = (place){ r, h, n };
        }
    }
    return best;
}

static size_t value_columns(const fd_form *form)
{
    size_t n = 0;

    for (size_t i = 0; i < form->column_count; i++)
        n += form->columns[i].role == FD_COL_ITEM || form->columns[i].role == FD_COL_ATTRIBUTE ||
             form->columns[i].role == FD_COL_VALUE || form->columns[i].role == FD_COL_FIELD;
    return n ? n : 1;
}

static bool name_fits(const fd_form *form, const char *stem)
{
    for (size_t i = 0; i < form->file_count; i++)
        if (fd_returns__fits(form->files[i], stem))
            return true;
    return false;
}

/* By the file's name; when several or none fit, by the header that is recognised best; never by a
 * toss. */
static bool choose_form(fd_reader_state *s, const fd_head *head, bool merged)
{
    const char *dot = strrchr(s->file_name, '.');
    size_t named = 0, best = 0, second = 0;
    const fd_form *best_form = NULL, *second_form = NULL;
    fd_buf stem = FD_BUF_INIT;

    fd_returns__fold_into(&stem, (fd_view){ s->file_name, dot ? (size_t)(dot - s->file_name)
                                                              : strlen(s->file_name) });
    for (size_t i = 0; i < s->forms->list.count; i++)
        if (name_fits(s->forms->list.items[i], fd_buf_text(&stem))) {
            named++;
            s->form = s->forms->list.items[i];
        }
    for (size_t i = 0; named != 1 && i < s->forms->list.count; i++) {
        const fd_form *form = s->forms->list.items[i];
        size_t n;

        if (named > 1 && !name_fits(form, fd_buf_text(&stem)))
            continue;
        if (named == 0 && form->file_count == 0)
            continue; /* only when asked for */
        n = find_header(s, form, head, merged).score * 1000;
        n -= n ? n / 1000 * 1000 / (1000 * value_columns(form)) : 0;
        if (n > best) {
            second = best;
            second_form = best_form;
            best = n;
            best_form = form;
        } else if (n > second) {
            second = n;
            second_form = form;
        }
    }
    fd_buf_dispose(&stem);
    if (named == 1)
        return true;
    s->form = NULL;
    if (best < 3000) {
        fd_returns__file_fault(s, "form", NULL, 0, NULL, "认不出是哪种报表;请用 --form 指明",
                               "it cannot be told which form this is; say it with --form");
        return false;
    }
    if (second_form && second / 1000 == best / 1000) {
        fd_returns__file_fault(s, "form", NULL, 0, NULL, "像「%s」也像「%s」;请用 --form 指明",
                               "it looks like %s and like %s; say which with --form",
                               best_form->name, second_form->name);
        return false;
    }
    s->form = best_form;
    return true;
}

/* ---- what stands above
 * ---------------------------------------------------------------------------------- */

static const fd_unit *unit_named(const fd_reader_state *s, fd_view v)
{
    char name[48];

    v = fd_view_trim(v);
    if (!v.len || v.len >= sizeof name)
        return NULL;
    memcpy(name, v.ptr, v.len);
    name[v.len] = '\0';
    return fd_program_unit(s->form->program, name);
}

/* Is what stands behind 单位: meant as a unit of measure? 填报单位:甲县 is not; 单位:甲厂 neither.
 */
static bool means_measure(fd_view before, fd_view word)
{
    static const char *const kinds[] = { "计量", "金额", "货币", "数量" };

    if (fd_view_find(word, "见") >= 0)
        return false; /* 见表头 */
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fd_view_ends(before, kinds[i]))
            return true;
    before = fd_view_trim(before);
    return (!before.len || fd_view_ends(before, "(") || fd_view_ends(before, "（")) &&
           (fd_view_ends(word, "元") || fd_view_ends(word, "币"));
}

/* 计量单位:千元、人 — each unit once. */
static void read_unit_line(fd_reader_state *s, fd_view text)
{
    fd_buf line = FD_BUF_INIT;
    fd_view rest, part;
    ptrdiff_t at;

    /* Blanks end the list, so only marks are folded here. */
    for (size_t i = 0; i < text.len;) {
        size_t start = i;
        uint32_t c = fd_utf8_next(text.ptr, text.len, &i);

        if (c == 0xFF1A)
            fd_buf_putc(&line, ':');
        else if (c == 0x3001 || c == 0xFF0C || c == ';' || c == 0xFF1B)
            fd_buf_putc(&line, ',');
        else if (c == 0xFF09 || c == ')' || c == 0x3000 || c == '\t')
            fd_buf_putc(&line, ' ');
        else
            fd_buf_put(&line, text.ptr + start, i - start);
    }
    rest = (fd_view){ fd_buf_text(&line), line.len };
    while ((at = fd_view_find(rest, "单位:")) >= 0) {
        fd_view list = { rest.ptr + at + 7, rest.len - (size_t)at - 7 };
        const fd_view before = { rest.ptr, (size_t)at };

        rest = list;
        list = fd_view_trim(list);
        at = fd_view_find(list, " ");
        if (at >= 0)
            list.len = (size_t)at;
        while (fd_view_split(&list, ',', &part)) {
            const fd_unit *unit = unit_named(s, part);

            if (unit && s->line_unit_count < sizeof s->line_units / sizeof *s->line_units)
                s->line_units[s->line_unit_count++] = unit;
            part = fd_view_trim(part);
            if (!unit && part.len && means_measure(before, part))
                s->line_unknown = fd_arena_strndup(s->arena, part.ptr, part.len);
        }
    }
    fd_buf_dispose(&line);
}

static void read_lines(fd_reader_state *s, const fd_head *head, size_t end, int *year, int *month)
{
    for (size_t r = 0; r < end; r++)
        for (size_t c = 0; c < head->rows[r].count; c++) {
            fd_view v = cell_text(head, r, c);
            int y, m;

            if (!v.len || (c > 0 && fd_view_equal(v, cell_text(head, r, c - 1))))
                continue;
            read_unit_line(s, v);
            if (*year == 0 && fd_returns__text_period(v, &y, &m)) {
                *year = y;
                *month = m;
            }
        }
}

/* ---- which period
 * ------------------------------------------------------------------------------------------ */

typedef struct period_source {
    const char *zh, *en;
    int year, month;
    bool weak; /* a folder of another year does not contradict an annual return */
} period_source;

static bool settle_period(fd_reader_state *s, const fd_sheet *sheet, int title_year,
                          int title_month)
{
    const fd_returns_options *o = s->options;
    period_source sources[5] = { { "选项", "option", 0, 0, false },
                                 { "表题", "title", title_year, title_month, false },
                                 { "工作表名", "sheet name", 0, 0, false },
                                 { "文件名", "file name", 0, 0, false },
                                 { "文件夹", "folder", 0, 0, true } };
    bool monthly = s->form->when == FD_WHEN_MONTH || s->form->when == FD_WHEN_CUMULATIVE;
    static const period_source earlier = { "前面的工作表", "an earlier sheet", 0, 0, false };
    const period_source *by = s->year ? &earlier : NULL;
    const char *dot = strrchr(s->file_name, '.');

    if (s->form->when == FD_WHEN_NONE || s->form->when == FD_WHEN_ROW)
        return true;
    if (o->period) {
        sources[0].year = fd_period_year_of(o->period);
        if (fd_period_kind_of(o->period) == FD_MONTH ||
            fd_period_kind_of(o->period) == FD_CUMULATIVE)
            sources[0].month = fd_period_number_of(o->period);
    }
    if (!s->form->from_header)
        sources[1].year = 0;
    (void)fd_returns__text_period(fd_view_of(sheet->name), &sources[2].year, &sources[2].month);
    (void)fd_returns__text_period((fd_view){ s->file_name, dot ? (size_t)(dot - s->file_name)
                                                               : strlen(s->file_name) },
                                  &sources[3].year, &sources[3].month);
    if (s->form->from_folder && s->file_name > s->path) {
        char *folder = fd_arena_strndup(s->arena, s->path, (size_t)(s->file_name - s->path) - 1);

        fd_returns_path_period(folder, &sources[4].year, &sources[4].month);
    }
    for (size_t i = 0; i < 5; i++) {
        const period_source *p = &sources[i];

        if (!p->year || (p->weak && !monthly && s->year))
            continue;
        if ((s->year && p->year != s->year) ||
            (monthly && s->month && p->month && p->month != s->month)) {
            fd_returns__file_fault(s, "period", sheet, 0, NULL,
                                   "期间矛盾:%s是 %d 年 %d 月,%s是 %d 年 %d 月%.0s%.0s",
                                   "periods disagree: %.0s%d-%d%.0s, %d-%d (%s against %s)",
                                   by ? by->zh : "", s->year, s->month, p->zh, p->year, p->month,
                                   by ? by->en : "", p->en);
            return false;
        }
        if (!s->year)
            by = p;
        s->year = p->year;
        if (monthly && p->month)
            s->month = p->month;
    }
    if (!s->year || (monthly && !s->month)) {
        fd_returns__file_fault(s, "period", sheet, 0, NULL,
                               "不知道是哪一期:表题、文件名、文件夹里都没有;请用 --period 指明",
                               "no period in title, file name or folder; say it with --period");
        return false;
    }
    return true;
}

/* ---- opening
 * -------------------------------------------------------------------------------------------------
 */

/* A whole number of one or two digits; 0 for anything else. */
static int small_number(fd_view v)
{
    int n = 0;

    if (v.len < 1 || v.len > 2)
        return 0;
    for (size_t i = 0; i < v.len; i++) {
        if (v.ptr[i] < '0' || v.ptr[i] > '9')
            return 0;
        n = n * 10 + (v.ptr[i] - '0');
    }
    return n;
}

/* 甲 乙 丙 1 2 3 under the header: stems, then numbers that rise (a form may leave some out). */
static bool is_code_row(const fd_head *head, size_t row)
{
    static const char *const stems[] = { "甲", "乙", "丙", "丁", "戊", "己", "庚" };
    size_t stem = 0, numbers = 0;
    int last = 0;

    if (row >= head->count)
        return false;
    for (size_t c = 0; c < head->rows[row].count; c++) {
        fd_view v = cell_text(head, row, c);
        bool known = !v.len || fd_view_is(v, "-") || fd_view_is(v, "—");
        int number = small_number(v);

        for (size_t k = 0; k < sizeof stems / sizeof *stems; k++)
            if (fd_view_is(v, stems[k])) {
                stem++;
                known = true;
            }
        if (number > last) {
            last = number;
            numbers++;
            known = true;
        }
        if (!known)
            return false;
    }
    return stem + numbers >= 3 && (stem > 0 || last == (int)numbers);
}

/* 千元 人 — under the header. */
static bool is_unit_row(const fd_reader_state *s, const fd_head *head, size_t row)
{
    size_t units = 0;

    if (row >= head->count)
        return false;
    for (size_t c = 0; c < head->rows[row].count; c++) {
        fd_view v = cell_text(head, row, c);

        if (!v.len || fd_view_is(v, "-") || fd_view_is(v, "—") || fd_view_is(v, "计量单位"))
            continue;
        if (!unit_named(s, v))
            return false;
        units++;
    }
    return units > 0;
}

/* A row of units under the header with one that nobody declared: that word, else NULL. Such a row
 * has no digit in it, a unit that is known or its name, and words that are money's. */
static const char *odd_unit(fd_reader_state *s, const fd_head *head, size_t row)
{
    const char *odd = NULL;
    size_t units = 0;

    if (row >= head->count)
        return NULL;
    for (size_t c = 0; c < head->rows[row].count; c++) {
        const fd_view v = cell_text(head, row, c);

        for (size_t i = 0; i < v.len; i++)
            if (v.ptr[i] >= '0' && v.ptr[i] <= '9')
                return NULL;
        if (!v.len)
            continue;
        if (fd_view_is(v, "计量单位") || fd_view_is(v, "单位") || unit_named(s, v))
            units++;
        else if (!odd && (fd_view_ends(v, "元") || fd_view_ends(v, "币")))
            odd = fd_arena_strndup(s->arena, v.ptr, v.len);
    }
    return units ? odd : NULL;
}

static bool sheet_is_merged(const fd_reader_state *s)
{
    return fd_rows_info_of(s->rows)->format == FD_ROWS_XLSX &&
           fd_rows_sheet_of(s->rows)->merged_count > 0;
}

int fd_sheet_open(fd_sheet **out, fd_reader_state *s, const fd_head *head, size_t *data_from)
{
    const fd_rows_sheet *info = fd_rows_sheet_of(s->rows);
    bool merged = sheet_is_merged(s), first = s->sheets.count == 0;
    fd_sheet *sheet;
    place p;
    size_t next;
    int year = 0, month = 0;

    *out = NULL;
    if (!s->form && !choose_form(s, head, merged))
        return 0;
    p = find_header(s, s->form, head, merged);
    sheet = fd_alloc(sizeof *sheet);
    sheet->name = fd_arena_strdup(s->arena, info->name);
    sheet->index = info->index;
    if (p.score < 2) {
        if (first && fd_rows_info_of(s->rows)->sheets == 1)
            fd_returns__file_fault(s, "header", sheet, 0, NULL,
                                   "找不到「%s」的表头(应有主体一列和至少一个指标列)",
                                   "no header of %s was found (whom a row is about, and a figure)",
                                   s->form->name);
        else
            fd_returns__findf(s, FD_NOTE, "header", sheet, 0, NULL,
                              "工作表「%s」里没有「%s」的表头,略过",
                              "sheet %s has no header of %s; passed over", sheet->name,
                              s->form->name);
        fd_sheet_free(sheet);
        return 0;
    }
    sheet->headers = fd_map_new();
    sheet->row_arena = fd_arena_new();
    sheet->width = fd_head__width(head, p.first, p.height);
    sheet->header_from = head->rows[p.first].number;
    next = p.first + p.height;
    s->line_unit_count = 0;
    s->line_unknown = NULL;
    read_lines(s, head, p.first, &year, &month);
    if (!settle_period(s, sheet, year, month)) {
        fd_sheet_free(sheet);
        return 0;
    }
    {
        size_t unit_row = SIZE_MAX;
        const char *odd;

        for (int k = 0; k < 2; k++) {
            if (is_unit_row(s, head, next))
                unit_row = next++;
            else if (is_code_row(head, next))
                next++;
        }
        if (unit_row == SIZE_MAX && (odd = odd_unit(s, head, next)))
            fd_returns__file_fault(s, "unit", sheet, head->rows[next].number, NULL,
                                   "表头下面写的单位「%s」不认识",
                                   "the unit %s under the header is unknown", odd);
        sheet->header_to = head->rows[next - 1].number;
        sheet->label_row = head->rows[p.first + p.height - 1].number;
        fd_sheet__bind(s, sheet, head, p.first, p.height, unit_row, merged);
    }
    if (s->file_fault) {
        fd_sheet_free(sheet);
        return 0;
    }
    *data_from = next;
    fd_vec_push(&s->sheets, sheet);
    *out = sheet;
    return 1;
}

void fd_sheet_free(fd_sheet *sheet)
{
    if (!sheet)
        return;
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        free(sheet->bounds.items[i].dec);
        free(sheet->bounds.items[i].states);
        free(sheet->bounds.items[i].written);
        free(sheet->bounds.items[i].spelled);
    }
    fd_vec_dispose(&sheet->bounds);
    fd_vec_dispose(&sheet->texts);
    fd_vec_dispose(&sheet->parts);
    fd_vec_dispose(&sheet->checks);
    fd_vec_dispose(&sheet->row_texts);
    fd_vec_dispose(&sheet->records);
    fd_map_free(sheet->headers);
    fd_arena_free(sheet->row_arena);
    free(sheet->subjects);
    free(sheet->rows);
    free(sheet->rejected);
    free(sheet->names);
    free(sheet);
}
