/*
 * Rows that add up: several accounts, meters or projects of one subject.
 *
 * What tells them apart stands in the columns 分户 (户号, 计量点, 项目编号).  The same account with
 * the same figures is a row sent twice and goes back.  With other figures it may be a second meter
 * or a second report: nobody can know, so the sum is kept in doubt and both rows are named.
 */
#include "returns/read.h"

/* Subject and 分户, folded, into s->scratch. False when no 分户 column says anything. */
static bool account_of(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, size_t n,
                       fd_buf *key, fd_buf *shown)
{
    bool said = false;

    fd_buf_put(key, (const char *)&sheet->subjects[n], sizeof sheet->subjects[n]);
    for (size_t i = 0; i < sheet->parts.count; i++) {
        const size_t at = sheet->parts.items[i];
        const fd_view v = at < row->count ? fd_view_trim(row->cells[at].text) : (fd_view){ "", 0 };

        fd_returns__fold_into(&s->scratch, v);
        fd_buf_putc(key, '\x1f');
        fd_buf_put(key, fd_buf_text(&s->scratch), s->scratch.len);
        if (!v.len)
            continue;
        if (said)
            fd_buf_putc(shown, ' ');
        fd_buf_view(shown, v);
        said = true;
    }
    return said;
}

static bool same_figures(const fd_account_row *first, const fd_sheet *sheet, size_t n)
{
    if (first->sheet->bounds.count != sheet->bounds.count)
        return false;
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        const fd_bound *a = &first->sheet->bounds.items[i], *b = &sheet->bounds.items[i];

        if (a->c != b->c || a->period != b->period || a->basis != b->basis ||
            first->dec[i] != b->dec[n] || first->states[i] != b->states[n])
            return false;
    }
    return true;
}

static bool has_amount(const fd_sheet *sheet, size_t n)
{
    for (size_t i = 0; i < sheet->bounds.count; i++)
        if (sheet->bounds.items[i].at != SIZE_MAX && sheet->bounds.items[i].dec[n])
            return true;
    return false;
}

static fd_account_row remember(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row,
                               size_t n)
{
    const size_t count = sheet->bounds.count;
    int64_t *dec = fd_arena_alloc(s->arena, (count + 1) * sizeof *dec);
    uint8_t *states = fd_arena_alloc(s->arena, count + 1);

    for (size_t i = 0; i < count; i++) {
        dec[i] = sheet->bounds.items[i].dec[n];
        states[i] = sheet->bounds.items[i].states[n];
    }
    return (fd_account_row){ sheet, row->number, dec, states };
}

/* In the item's unit, which is named where the sender wrote another. */
static void say_figure(char out[64], const fd_bound *b, int64_t value)
{
    const size_t n = fd_decimal_format((fd_decimal){ value, (int8_t)b->plan.scale }, out, 64);

    if (b->unit != b->c->item->unit)
        snprintf(out + n, 64 - n, " %s", b->c->item->unit->name);
}

/* The first figure that differs, for the reader's eye; NULL when none does. */
static const fd_bound *differing(const fd_account_row *first, const fd_sheet *sheet, size_t n,
                                 char found[64], char before[64])
{
    for (size_t i = 0; i < sheet->bounds.count && i < first->sheet->bounds.count; i++) {
        const fd_bound *b = &sheet->bounds.items[i];

        if (b->at == SIZE_MAX || first->dec[i] == b->dec[n])
            continue;
        say_figure(found, b, b->dec[n]);
        say_figure(before, &first->sheet->bounds.items[i], first->dec[i]);
        return b;
    }
    return NULL;
}

static void put_in_doubt(fd_sheet *sheet, size_t n)
{
    for (size_t i = 0; i < sheet->bounds.count; i++)
        if (sheet->bounds.items[i].states[n] == FD_HAS && sheet->bounds.items[i].at != SIZE_MAX) {
            sheet->bounds.items[i].states[n] = FD_DOUBT;
            sheet->bounds.items[i].mixed = true;
        }
}

/* A file that went back holds the repeated rows alone: taken for the whole, they would replace the
 * sum. */
#define NOT_AGAIN "重复的一行不收"

static bool went_back_as_repeated(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row)
{
    if (!sheet->reason || sheet->reason - 1 >= row->count ||
        fd_view_find(row->cells[sheet->reason - 1].text, NOT_AGAIN) < 0)
        return false;
    fd_returns__reject(s, "duplicate", sheet, row->number, sheet->reason, "", "", NULL, NULL,
                       "上次因重复退回,数已在内," NOT_AGAIN ";要改这一户请把同一单位的各行一并报来",
                       "went back as a duplicate, its figure is in the sum already; to change it "
                       "send all rows of the unit");
    return true;
}

void fd_account_check(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, size_t n, bool *again)
{
    fd_buf key = FD_BUF_INIT, shown = FD_BUF_INIT;
    const fd_account_row *first;
    bool told = account_of(s, sheet, row, n, &key, &shown);
    char found[64] = "", before[64] = "";
    const fd_bound *b;
    uint64_t at;

    if (!s->accounts)
        s->accounts = fd_map_new();
    if ((*again = went_back_as_repeated(s, sheet, row)))
        goto done;
    at = fd_map_intern(s->accounts, (fd_view){ key.ptr, key.len }, s->account_rows.count);
    if (at == s->account_rows.count) {
        fd_vec_push(&s->account_rows, remember(s, sheet, row, n));
        goto done;
    }
    first = &s->account_rows.items[at];
    if (same_figures(first, sheet, n)) {
        if (told) {
            *again = true;
            fd_returns__reject(s, "duplicate", sheet, row->number, sheet->parts.items[0] + 1, "",
                               fd_buf_text(&shown), NULL, NULL,
                               "与第 %ld 行是同一户、同样的数," NOT_AGAIN,
                               "the same account and figures as row %ld; the row is not taken "
                               "again",
                               first->row);
        } else if (has_amount(sheet, n)) {
            fd_returns__findf(s, FD_WARNING, "duplicate", sheet, row->number, NULL,
                              "没有户号,数与第 %ld 行全同:分不清是两户还是重复,相加后存为待核",
                              "no account is named and the figures are those of row %ld: two "
                              "accounts or one row twice; added, in doubt",
                              first->row);
            put_in_doubt(sheet, n);
        }
        goto done;
    }
    if (!told || !(b = differing(first, sheet, n, found, before)))
        goto done; /* accounts without a name: added, as the form says */
    fd_returns__findf(s, FD_WARNING, "same-account", sheet, row->number, b->header,
                      "户号 %s 不止一行(另见第 %ld 行),数不同(%s、%s):相加后存为待核",
                      "account %s has more than one row (see row %ld) with other figures (%s, "
                      "%s): added, in doubt",
                      fd_buf_text(&shown), first->row, before, found);
    put_in_doubt(sheet, n);
done:
    fd_buf_dispose(&key);
    fd_buf_dispose(&shown);
}

/* The column of another sheet that holds the same figures. */
static fd_bound *same_column(fd_sheet *sheet, const fd_bound *b)
{
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        fd_bound *other = &sheet->bounds.items[i];

        if (other->c == b->c && other->period == b->period && other->basis == b->basis)
            return other;
    }
    return NULL;
}

static bool add_cell(fd_bound *to, size_t slot, const fd_bound *from, size_t n)
{
    fd_state state = fd_state_combine((fd_state)to->states[slot], (fd_state)from->states[n]);

    if (to->states[slot] == FD_NA || from->states[n] == FD_NA) /* a sum passes over what is not */
        state = to->states[slot] == FD_NA ? (fd_state)from->states[n] : (fd_state)to->states[slot];
    to->written[slot] = FD_WRITTEN_UNKNOWN; /* a sum stands in no cell */
    if (__builtin_add_overflow(to->dec[slot], from->dec[n], &to->dec[slot])) {
        to->dec[slot] = 0;
        to->states[slot] = FD_MISSING;
        to->mixed = true;
        return false;
    }
    to->states[slot] = (uint8_t)state;
    to->mixed |= state != FD_HAS;
    if (state == FD_MISSING || state == FD_NA)
        to->dec[slot] = 0;
    return true;
}

bool fd_account_add(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, size_t n,
                    bool *is_first)
{
    const int32_t subject = sheet->subjects[n];
    const uint64_t here = ((uint64_t)(s->sheets.count - 1) << 32) | n,
                   at = fd_map_intern(s->sums, (fd_view){ (const char *)&subject, sizeof subject },
                                      here);
    fd_sheet *home = s->sheets.items[at >> 32];
    const size_t slot = (size_t)(at & 0xffffffffu);
    bool fits = true;

    *is_first = at == here;
    if (*is_first)
        return true;
    for (size_t i = 0; home != sheet && i < sheet->bounds.count; i++)
        if (!same_column(home, &sheet->bounds.items[i])) {
            fd_returns__reject(s, "duplicate", sheet, row->number, 0, "", "", NULL, NULL,
                               "同一主体在工作表「%s」里已有行,那里没有「%s」,没法相加",
                               "the same subject has rows in sheet %s, which has no %s: they "
                               "cannot be added",
                               home->name, sheet->bounds.items[i].header);
            for (size_t k = 0; k < home->bounds.count; k++) { /* the sum is not known */
                home->bounds.items[k].dec[slot] = 0;
                home->bounds.items[k].states[slot] = FD_MISSING;
                home->bounds.items[k].mixed = true;
            }
            return false;
        }
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        const fd_bound *b = &sheet->bounds.items[i];

        fits &=
            add_cell(home == sheet ? &sheet->bounds.items[i] : same_column(home, b), slot, b, n);
    }
    if (!fits)
        fd_returns__reject(s, "value", sheet, row->number, 0, "", "", NULL, NULL,
                           "同一主体的各行相加,数太大",
                           "the rows of one subject add up to too large a number");
    return fits;
}

void fd_account_finish(fd_reader_state *s)
{
    for (size_t i = 0; s->incomplete && i < s->added.count; i++) {
        const fd_added_row *a = &s->added.items[i];

        if (!fd_map_get(s->incomplete, (fd_view){ (const char *)&a->subject, sizeof a->subject },
                        &(uint64_t){ 0 }))
            continue;
        fd_returns__reject(s, "incomplete", s->sheets.items[a->sheet], a->row, 0, "", "", NULL,
                           NULL, "同一主体另有一行退回,合计不知道;改好后各行一并报来",
                           "another row of the same subject went back, so the sum is not known; "
                           "send all its rows again");
        s->result->accepted--;
    }
}

void fd_account_lost(fd_reader_state *s, int32_t subject)
{
    if (!s->incomplete)
        s->incomplete = fd_map_new();
    fd_map_set(s->incomplete, (fd_view){ (const char *)&subject, sizeof subject }, 1);
}
