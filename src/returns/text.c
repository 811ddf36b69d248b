/*
 * Attributes and fields: codes from names, words, days, weighted chains.
 */
#include "base/utf8.h"
#include "returns/read.h"

static void refuse(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row,
                   const fd_bound_text *t, const char *found, const char *expected_zh,
                   const char *expected_en, const char *zh, const char *en)
{
    fd_returns__reject(s, "value", sheet, row->number, t->at + 1, t->header, found, expected_zh,
                       expected_en, "%s%.0s", "%.0s%s", zh, en);
}

/* One code or name of a subject → its code. 1 found, 0 not, negative. */
static int subject_code(fd_reader_state *s, const char *kind, fd_view text, const char **code)
{
    const fd_returns_handler *h = s->handler;
    const char *name;
    int32_t id;
    int found;

    text = fd_view_trim(text);
    fd_buf_clear(&s->name);
    fd_buf_view(&s->name, text);
    found = h->find ? h->find(h->payload, kind, fd_buf_text(&s->name), s->name.len, &id) : 0;
    if (found == 1 && h->describe && h->describe(h->payload, kind, id, code, &name) == 1)
        return 1;
    if (found < 0)
        return found;
    return h->find_name ? h->find_name(h->payload, kind, fd_buf_text(&s->name), &id, code) : 0;
}

/* L1 or 精品钢及深加工, or several with weights: L1:0.6;E2:0.4. */
static int weighted_codes(fd_reader_state *s, const char *kind, fd_view text, fd_buf *out)
{
    fd_buf marks = FD_BUF_INIT;
    fd_view rest, part;
    int err = 1;

    for (size_t i = 0; i < text.len;) {
        size_t start = i;
        uint32_t c = fd_utf8_next(text.ptr, text.len, &i);

        if (c == 0xFF1B || c == 0x3001 || c == ',' || c == 0xFF0C)
            fd_buf_putc(&marks, ';');
        else if (c == 0xFF1A)
            fd_buf_putc(&marks, ':');
        else
            fd_buf_put(&marks, text.ptr + start, i - start);
    }
    rest = (fd_view){ fd_buf_text(&marks), marks.len };
    while (err == 1 && fd_view_split(&rest, ';', &part)) {
        fd_view name, weight = part;
        const char *code = NULL;

        if (!fd_view_split(&weight, ':', &name) || !fd_view_trim(name).len)
            continue;
        weight = part.len > name.len
                     ? fd_view_trim((fd_view){ part.ptr + name.len + 1, part.len - name.len - 1 })
                     : (fd_view){ "", 0 };
        err = subject_code(s, kind, name, &code);
        if (err != 1)
            break;
        if (out->len)
            fd_buf_putc(out, ';');
        fd_buf_puts(out, code);
        if (weight.len) {
            fd_decimal d;

            if (fd_decimal_parse(&d, weight.ptr, weight.len) < 0 || d.mantissa <= 0) {
                err = 0;
                break;
            }
            fd_buf_putc(out, ':');
            fd_buf_view(out, weight);
        }
    }
    fd_buf_dispose(&marks);
    return err;
}

static bool known_word(fd_reader_state *s, const fd_form_column *c, fd_view v, const char **out)
{
    fd_returns__fold_into(&s->scratch, v);
    for (size_t i = 0; i < c->word_count; i++)
        if (strcmp(c->words[i].from, fd_buf_text(&s->scratch)) == 0) {
            *out = c->words[i].to;
            return true;
        }
    return false;
}

/*
 * A day as a spreadsheet counts it, 45292 for 2024-01-01: what is left of a date whose cell lost
 * its format. Five digits, 1954 to 2119, perhaps with a time of day; nothing else that stands in a
 * column of dates looks like it. Said, so that nobody takes it for a guess.
 */
static bool serial_day(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row,
                       const char *header, fd_view v, fd_date *day)
{
    enum { FROM = 20000, TO = 80000 };
    char text[32], date[16];
    int number = 0;
    size_t i = 0;

    for (; i < v.len && i < 5 && v.ptr[i] >= '0' && v.ptr[i] <= '9'; i++)
        number = number * 10 + (v.ptr[i] - '0');
    if (i != 5 || v.len >= sizeof text || number < FROM || number >= TO)
        return false;
    if (i < v.len && v.ptr[i] != '.')
        return false;
    for (i += i < v.len; i < v.len; i++)
        if (v.ptr[i] < '0' || v.ptr[i] > '9')
            return false;
    *day = fd_date_make(1899, 12, 30) + number;
    fd_date_format(*day, date, sizeof date);
    snprintf(text, sizeof text, "%.*s", (int)v.len, v.ptr);
    fd_returns__findf(s, FD_NOTE, "date", sheet, row->number, header,
                      "「%s」是电子表格的日期序号,读作 %s", "%s is a spreadsheet's day number: %s",
                      text, date);
    return true;
}

/* A year that a return can speak of: 24/1/5 is not the year 24. */
static bool is_likely(fd_date day)
{
    enum { FIRST = 1800, LAST = 2199 };
    int year, month, date;

    fd_date_split(day, &year, &month, &date);
    return year >= FIRST && year <= LAST;
}

/* What a day may stand for in a month or year: nothing, its first or its last day. */
typedef enum { NO_MONTH, FIRST_DAY, LAST_DAY } month_as;

/* A day as people and spreadsheets write it: a cell of a date with its time, a day number whose
 * format is lost; perhaps a month. */
static bool read_day(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, size_t at,
                     const char *header, month_as as, fd_date *day)
{
    fd_view v = fd_view_trim(row->cells[at].text);
    fd_period month;

    if (v.len > 10 && v.ptr[10] == ' ' && row->cells[at].kind == FD_CELL_DATE)
        v.len = 10;
    if (fd_date_parse(day, v.ptr, v.len) >= 0)
        return is_likely(*day);
    if (as != NO_MONTH && fd_period_parse(&month, v.ptr, v.len) == 0) {
        *day = as == LAST_DAY ? fd_period_end(month) : fd_period_start(month);
        return is_likely(*day);
    }
    fd_error_clear();
    return serial_day(s, sheet, row, header, v, day);
}

static bool is_absent(fd_view v)
{
    return !v.len || fd_view_is(v, "-") || fd_view_is(v, "—") || fd_view_is(v, "——") ||
           fd_view_is(v, "/") || fd_view_is(v, "无") || fd_view_is(v, "不适用") ||
           fd_view_is(v, "缺报");
}

/* The words a column allows, for a message. */
static void list_words(fd_buf *out, const fd_form_column *c)
{
    for (size_t i = 0; i < c->word_count; i++)
        fd_buf_printf(out, "%s%s", i ? "、" : "", c->words[i].from);
}

static int take_text(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, uint32_t index,
                     uint32_t column, fd_date since, bool *refused)
{
    const fd_bound_text *t = &sheet->texts.items[column];
    const fd_form_column *c = t->c;
    fd_view v = t->at < row->count ? fd_view_trim(row->cells[t->at].text) : (fd_view){ "", 0 };
    fd_row_text out = { index, column, NULL, since };
    fd_buf text = FD_BUF_INIT, list = FD_BUF_INIT;
    char date[16];
    int err = 0;

    if (is_absent(v))
        goto done;
    fd_buf_view(&text, v);
    if (c->from || c->to || c->kind == FD_DATE) {
        fd_date day;

        if (!read_day(s, sheet, row, t->at, t->header, c->to ? LAST_DAY : FIRST_DAY, &day)) {
            refuse(s, sheet, row, t, fd_buf_text(&text), "日期,例如 2024-03-05",
                   "a date such as 2024-03-05", "不是日期", "not a date");
            *refused = true;
            goto done;
        }
        if (c->from || c->to) {
            out.date = c->to ? day + 1 : day;
            out.value = c->to ? NULL : "是";
            fd_vec_push(&sheet->row_texts, out);
            goto done;
        }
        fd_date_format(day, date, sizeof date);
        out.value = fd_arena_strdup(sheet->row_arena, date);
    } else if (c->to_kind) {
        int found = weighted_codes(s, c->to_kind, v, &list);

        if (found < 0) {
            err = found;
            goto done;
        }
        if (found != 1) {
            refuse(s, sheet, row, t, fd_buf_text(&text),
                   "登记过的代码或名称;还没有的先导入它的名录(县区、产业链……)",
                   "a registered code or name; import its register (counties, chains …) first",
                   found == 2 ? "名称对应不止一个" : "没有登记过",
                   found == 2 ? "several have this name" : "not registered");
            *refused = true;
            goto done;
        }
        out.value = fd_arena_strdup(sheet->row_arena, fd_buf_text(&list));
    } else if (c->word_count) {
        if (!known_word(s, c, v, &out.value)) {
            list_words(&list, c);
            refuse(s, sheet, row, t, fd_buf_text(&text), fd_buf_text(&list), fd_buf_text(&list),
                   "不在允许的取值里", "not one of the values allowed");
            *refused = true;
            goto done;
        }
    } else if (c->kind == FD_DEC && c->field) {
        fd_number_plan plan;
        fd_cell_value value;
        fd_decimal d;
        char number[48];

        if (fd_number_plan_make(&plan, s->form->program, c->unit, c->field->unit, c->field->scale,
                                FD_MISSING) < 0)
            fd_number_plan_make(&plan, s->form->program, NULL, c->field->unit, c->field->scale,
                                FD_MISSING);
        fd_number_read(&value, &plan, &row->cells[t->at]);
        if (value.fault[FD_ZH]) {
            refuse(s, sheet, row, t, fd_buf_text(&text), value.expected[FD_ZH],
                   value.expected[FD_EN], value.fault[FD_ZH], value.fault[FD_EN]);
            *refused = true;
            goto done;
        }
        d = (fd_decimal){ value.dec, c->field->scale };
        fd_decimal_format(d, number, sizeof number);
        out.value = fd_arena_strdup(sheet->row_arena, number);
    } else if (strcmp(c->id, "industry") == 0) {
        /* C3110 and 3110 are the same class. */
        fd_view code =
            v.len > 1 && v.ptr[0] >= 'A' && v.ptr[0] <= 'T' ? (fd_view){ v.ptr + 1, v.len - 1 } : v;
        size_t digits = 0;

        while (digits < code.len && code.ptr[digits] >= '0' && code.ptr[digits] <= '9')
            digits++;
        if (digits < 2 || digits > 4 || digits != code.len) {
            refuse(s, sheet, row, t, fd_buf_text(&text), "2 至 4 位行业代码",
                   "an industry code of 2 to 4 digits", "不是行业代码", "not an industry code");
            *refused = true;
            goto done;
        }
        out.value = fd_arena_strndup(sheet->row_arena, code.ptr, code.len);
    } else {
        out.value = fd_arena_strndup(sheet->row_arena, v.ptr, v.len);
    }
    fd_vec_push(&sheet->row_texts, out);
done:
    fd_buf_dispose(&text);
    fd_buf_dispose(&list);
    return err;
}

static fd_view role_text(const fd_sheet *sheet, const fd_row *row, fd_role_of role)
{
    size_t at = sheet->roles[role];

    return at && at - 1 < row->count ? fd_view_trim(row->cells[at - 1].text) : (fd_view){ "", 0 };
}

/* 变更日期 of a register's row: the unit is as the row says from that day on. NONE when blank. */
static bool row_since(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, fd_date *since)
{
    const size_t at = sheet->roles[FD_COL_DATE] - 1;
    const fd_view v = role_text(sheet, row, FD_COL_DATE);

    if (is_absent(v) || read_day(s, sheet, row, at, "", FIRST_DAY, since))
        return true;
    *since = FD_DATE_NONE;
    fd_returns__reject(s, "value", sheet, row->number, at + 1, "",
                       fd_arena_strndup(s->arena, v.ptr, v.len), "日期,例如 2024-03-05",
                       "a date such as 2024-03-05", "变更日期不是日期",
                       "the day of the change is no date");
    return false;
}

int fd_row_texts(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, uint32_t index,
                 bool *refused)
{
    size_t before = sheet->row_texts.count;
    fd_date since = FD_DATE_NONE;
    int err = 0;

    if (!s->form->record && sheet->roles[FD_COL_DATE])
        *refused |= !row_since(s, sheet, row, &since);
    for (uint32_t i = 0; err == 0 && i < sheet->texts.count; i++)
        err = take_text(s, sheet, row, index, i, since, refused);
    if (*refused)
        sheet->row_texts.count = before;
    return err;
}

void fd_row_record_head(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, bool *refused)
{
    const fd_record_type *type = s->form->record;
    fd_view key = role_text(sheet, row, FD_COL_CODE), state = role_text(sheet, row, FD_COL_STATUS);
    fd_view day = role_text(sheet, row, FD_COL_DATE);
    fd_row_record r = { NULL, type->state_count ? type->states[0] : "", s->options->today,
                        row->number };
    bool known = !state.len;

    for (size_t i = 0; i < type->state_count && !known; i++)
        if (fd_view_is(state, type->states[i])) {
            r.state = type->states[i];
            known = true;
        }
    if (!*refused && !key.len) {
        *refused = true;
        fd_returns__reject(s, "subject", sheet, row->number, sheet->roles[FD_COL_CODE], "", "",
                           "编号", "a key", "没有编号", "no key is given");
    } else if (!*refused && !known) {
        *refused = true;
        fd_returns__reject(s, "value", sheet, row->number, sheet->roles[FD_COL_STATUS], "",
                           fd_arena_strndup(s->arena, state.ptr, state.len), r.state, r.state,
                           "不认识的状态", "unknown state");
    } else if (!*refused && day.len &&
               !read_day(s, sheet, row, sheet->roles[FD_COL_DATE] - 1, "", NO_MONTH, &r.date)) {
        *refused = true;
        fd_returns__reject(s, "value", sheet, row->number, sheet->roles[FD_COL_DATE], "",
                           fd_arena_strndup(s->arena, day.ptr, day.len), "日期", "a date",
                           "不是日期", "not a date");
    }
    r.key = fd_arena_strndup(sheet->row_arena, key.ptr, key.len);
    fd_vec_push(&sheet->records, r);
}

static bool is_given(void *payload, const char *field)
{
    for (const char *const *f = payload; *f; f++)
        if (strcmp(*f, field) == 0)
            return true;
    return false;
}

int fd_row_record_move(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, uint32_t index,
                       bool *refused)
{
    const fd_record_type *type = s->form->record;
    const fd_row_record *record = &sheet->records.items[sheet->records.count - 1];
    const char **given = fd_alloc((type->field_count + 1) * sizeof *given);
    size_t n = 0, first = sheet->row_texts.count;
    int err;

    while (first > 0 && sheet->row_texts.items[first - 1].row == index)
        first--;
    for (size_t i = first; i < sheet->row_texts.count; i++) {
        const fd_row_text *text = &sheet->row_texts.items[i];
        const fd_form_column *c = sheet->texts.items[text->column].c;

        if (c->role == FD_COL_FIELD && text->value && *text->value && n < type->field_count)
            given[n++] = c->id;
    }
    err = s->handler->may_move
              ? s->handler->may_move(s->handler->payload, type, record->key, record->state, given)
              : fd_record_move(type, NULL, record->state, is_given, given);
    if (err == FD_ECONFLICT) {
        const fd_error *e = fd_error_last();

        fd_returns__reject(s, "gate", sheet, row->number, sheet->roles[FD_COL_STATUS], "",
                           record->state, "凭据齐全、不跳关", "evidence of every gate on the way",
                           "%s%.0s", "%.0s%s", fd_arena_strdup(s->arena, e->message[FD_ZH]),
                           fd_arena_strdup(s->arena, e->message[FD_EN]));
        fd_error_clear();
        *refused = true;
        sheet->row_texts.count = first;
        err = 0;
    }
    free(given);
    return err < 0 ? err : 0;
}

int fd_row_record_fields(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, uint32_t index,
                         bool *refused)
{
    size_t first = sheet->row_texts.count;
    int err = 0;

    while (first > 0 && sheet->row_texts.items[first - 1].row == index)
        first--;
    for (size_t i = first; s->handler->may_hold && i < sheet->row_texts.count && err >= 0; i++) {
        const fd_row_text *text = &sheet->row_texts.items[i];
        const fd_bound_text *t = &sheet->texts.items[text->column];

        if (t->c->role != FD_COL_FIELD || !text->value || !*text->value)
            continue;
        err = s->handler->may_hold(s->handler->payload, s->form->record, t->c->id, text->value);
        if (err == FD_ENOTFOUND) {
            const fd_error *e = fd_error_last();

            refuse(s, sheet, row, t, text->value, fd_arena_strdup(s->arena, e->hint[FD_ZH]),
                   fd_arena_strdup(s->arena, e->hint[FD_EN]),
                   fd_arena_strdup(s->arena, e->message[FD_ZH]),
                   fd_arena_strdup(s->arena, e->message[FD_EN]));
            fd_error_clear();
            *refused = true;
            err = 0;
        }
    }
    if (*refused)
        sheet->row_texts.count = first;
    return err < 0 ? err : 0;
}
