/*
 * A plain table of enterprises → figures.
 */
#include <stdlib.h>
#include <string.h>

#include "app/policy_desk.h"
#include "base/utf8.h"
#include "returns/read.h"

#define COLUMN_CAP 2000

/* One column of the file. */
typedef struct table_column {
    const fd_item *item;
    const char *id; /* of the item, with its variant and window */
    const char *header;
    size_t at;
    int years_back;   /* [-k] */
    fd_period period; /* written in the header; NONE: by years_back */
    bool comparative;
    fd_number_plan plan;
    fd_column *column;
} table_column;

typedef struct table_file {
    fd_arena *arena;
    const fd_program *program;
    table_column *columns;
    size_t count;
    size_t code_at, name_at; /* SIZE_MAX: none */
    fd_vec(const char *) codes, names;
    fd_buf ignored;
    const char *path;
} table_file;

static bool is_one_of(fd_view v, const char *const *words)
{
    for (; *words; words++)
        if (fd_view_is(v, *words))
            return true;
    return false;
}

static char *half_width(fd_arena *arena, fd_view v)
{
    fd_buf b = FD_BUF_INIT;
    char *out;

    for (size_t at = 0; at < v.len;) {
        size_t from = at;
        uint32_t c = fd_utf8_next(v.ptr, v.len, &at);

        if (c >= 0xFF01 && c <= 0xFF5E)
            fd_buf_putc(&b, (char)(c - 0xFEE0));
        else if (c == 0x2212)
            fd_buf_putc(&b, '-');
        else
            fd_buf_put(&b, v.ptr + from, at - from);
    }
    out = fd_arena_strndup(arena, fd_buf_text(&b), b.len);
    fd_buf_dispose(&b);
    return out;
}

/* The text between [ ]: -1, 上年, 上年同期, a period. */
static int read_moment(table_column *c, const char *text)
{
    if (text[0] == '-' && strspn(text + 1, "0123456789") == strlen(text + 1) && text[1] &&
        strlen(text) < 4) {
        c->years_back = atoi(text + 1);
    } else if (!strcmp(text, "上年") || !strcmp(text, "last")) {
        c->years_back = 1;
    } else if (!strcmp(text, "上年同期") || !strcmp(text, "comparative")) {
        c->comparative = true;
    } else if (fd_period_parse(&c->period, text, strlen(text)) < 0) {
        return fd_error_set(FD_EPARSE, "列名「%s」方括号里应为 -1、上年、上年同期或期间",
                            "column %s: in brackets -1, last, comparative, or a period", c->header);
    }
    return 0;
}

/* 近3年(研发费用) → the item and the suffix of its window. */
static char *strip_window(fd_arena *arena, char *name, int *years)
{
    size_t n = strlen(name);
    int used = 0;

    *years = 0;
    if (n && name[n - 1] == ')' && sscanf(name, "近%2d年(%n", years, &used) == 1 && used > 0)
        return fd_arena_strndup(arena, name + used, n - (size_t)used - 1);
    *years = 0;
    return name;
}

static int read_header_cell(table_file *f, size_t at, fd_view text)
{
    static const char *const codes[] = { "enterprise",       "code",     "uscc", "企业", "企业代码",
                                         "统一社会信用代码", "信用代码", NULL };
    static const char *const names[] = {
        "name", "名称", "企业名称", "单位详细名称", "企业名", NULL
    };
    table_column *c = &f->columns[f->count];
    const fd_unit *unit = NULL;
    char *name, *open, *close;
    int years, err;

    text = fd_view_trim(text);
    if (!text.len)
        return 0;
    if (is_one_of(text, codes) && f->code_at == SIZE_MAX) {
        f->code_at = at;
        return 0;
    }
    if (is_one_of(text, names) && f->name_at == SIZE_MAX) {
        f->name_at = at;
        return 0;
    }
    *c = (table_column){ .at = at };
    c->header = fd_arena_strndup(f->arena, text.ptr, text.len);
    name = half_width(f->arena, text);
    /* a unit at the very end: 营业收入(亿元), 营业收入[-1](亿元); a name may hold parentheses
     * itself */
    if (!(c->item = fd_program_item(f->program, name)) && (open = strrchr(name, '(')) &&
        name[strlen(name) - 1] == ')' && strncmp(name, "近", strlen("近")) != 0) {
        name[strlen(name) - 1] = '\0';
        if ((unit = fd_program_unit(f->program, open + 1)))
            *open = '\0';
        else
            name[strlen(name)] = ')';
    }
    if ((open = strchr(name, '[')) && (close = strchr(open, ']'))) {
        *close = '\0';
        if ((err = read_moment(c, fd_arena_strdup(f->arena, open + 1))) < 0)
            return fd_error_at((fd_place){ f->path, NULL, 1, (long)at + 1 });
        *open = '\0';
    }
    name = strip_window(f->arena, name, &years);
    name = (char *)(uintptr_t)fd_arena_strdup(f->arena, name);
    {
        fd_view trimmed = fd_view_trim(fd_view_of(name));

        name = fd_arena_strndup(f->arena, trimmed.ptr, trimmed.len);
    }
    c->item = fd_program_item(f->program, name);
    if (!c->item || strcmp(c->item->kind, "enterprise") != 0) {
        fd_buf_printf(&f->ignored, "%s%s", f->ignored.len ? "、" : "", c->header);
        return 0;
    }
    c->id = c->item->id;
    if (c->item->by && strchr(name, ':'))
        c->id = fd_arena_printf(f->arena, "%s%s", c->item->id, strchr(name, ':'));
    if (years)
        c->id = fd_arena_printf(f->arena, "%s#%d", c->id, years);
    if (c->item->nature != FD_ATTRIBUTE &&
        (err = fd_number_plan_make(&c->plan, f->program, unit, c->item->unit, c->item->scale,
                                   FD_NA)) < 0)
        return fd_error_at((fd_place){ f->path, NULL, 1, (long)at + 1 });
    c->column = c->item->nature == FD_ATTRIBUTE
                    ? fd_column_new(c->id, FD_TEXT, "", 0, 0)
                    : fd_column_new(c->id, FD_DEC, c->item->unit->name, c->item->scale, 0);
    f->count++;
    return 0;
}

static int read_cell(table_file *f, table_column *c, const fd_row *row, size_t n)
{
    static const fd_cell blank = { 0 };
    const fd_cell *cell = c->at < row->count ? &row->cells[c->at] : &blank;
    fd_cell_value value;

    if (c->column->n <= n)
        fd_column_resize(c->column, n * 2 + 64);
    if (c->item->nature == FD_ATTRIBUTE) {
        fd_view text = fd_view_trim(cell->text);

        if (fd_view_is(text, "不适用"))
            fd_column_set_state(c->column, n, FD_NA);
        else if (text.len)
            fd_column_set_text(c->column, n, fd_arena_strndup(f->arena, text.ptr, text.len));
        return 0;
    }
    fd_number_read(&value, &c->plan, cell);
    if (value.fault[FD_ZH]) {
        fd_error_set(FD_EPARSE, "「%s」%s:%.*s", "%s: %s: %.*s", c->header, value.fault[FD_ZH],
                     (int)(cell->text.len > 40 ? 40 : cell->text.len), cell->text.ptr);
        return fd_error_at((fd_place){ f->path, NULL, row->number, (long)c->at + 1 });
    }
    if (value.state == FD_HAS || value.state == FD_DOUBT)
        fd_column_set_dec(c->column, n, value.dec);
    if (value.state != FD_HAS)
        fd_column_set_state(c->column, n, value.state);
    return 0;
}

static int read_rows(table_file *f, fd_rows *rows)
{
    const fd_row *row;
    char number[24];
    int err = 0;
    bool header = true;

    while (err >= 0 && (err = fd_rows_next(rows, &row)) > 0) {
        size_t n = f->codes.count;
        fd_view code = { "", 0 }, name = { "", 0 };

        if (row->damaged) {
            err = fd_rows_describe_damage(rows, row);
            break;
        }
        if (header) {
            f->columns = fd_arena_alloc(f->arena, (row->count + 1) * sizeof *f->columns);
            if (row->count > COLUMN_CAP)
                err = fd_error_set(FD_ELIMIT, "列太多", "too many columns");
            for (size_t i = 0; i < row->count && err >= 0; i++)
                if ((err = read_header_cell(f, i, row->cells[i].text)) > 0)
                    err = 0;
            header = false;
            continue;
        }
        if (f->code_at < row->count)
            code = fd_view_trim(row->cells[f->code_at].text);
        if (f->name_at < row->count)
            name = fd_view_trim(row->cells[f->name_at].text);
        if (!code.len)
            code = name;
        if (!code.len) {
            snprintf(number, sizeof number, "%ld", row->number);
            code = fd_view_of(number);
        }
        fd_vec_push(&f->codes, fd_arena_strndup(f->arena, code.ptr, code.len));
        fd_vec_push(&f->names,
                    name.len ? fd_arena_strndup(f->arena, name.ptr, name.len) : f->codes.items[n]);
        for (size_t i = 0; i < f->count && err >= 0; i++)
            err = read_cell(f, &f->columns[i], row, n);
        err = err < 0 ? err : 1;
    }
    if (err >= 0 && header)
        err = fd_error_set(FD_EFORMAT, "%s 是空的:第一行应是列名",
                           "%s is empty: its first line should name the columns", f->path);
    return err;
}

/* A column without a period counts from the year of the key date, and from every span that a policy
 * reads. */
static void hand_out(table_file *f, fd_facts *facts, fd_date on, const fd_policy *const *policies,
                     size_t policy_count)
{
    int y, m, d;

    fd_date_split(on, &y, &m, &d);
    for (size_t i = 0; i < f->count; i++) {
        table_column *c = &f->columns[i];
        fd_basis basis = c->comparative ? FD_COMPARATIVE : FD_CURRENT;

        fd_column_resize(c->column, f->codes.count);
        if (c->item->nature == FD_ATTRIBUTE) {
            fd_facts_attribute(facts, c->id, fd_column_ref(c->column));
            continue;
        }
        if (c->period) {
            fd_facts_add(facts, c->id, c->period, basis, fd_column_ref(c->column));
            continue;
        }
        fd_facts_add(facts, c->id, fd_period_year(y - c->years_back), basis,
                     fd_column_ref(c->column));
        for (size_t k = 0; k < policy_count; k++) {
            fd_period span;

            if (policies[k]->span_from == FD_DATE_NONE ||
                (span = fd_policy_span(policies[k])) == FD_PERIOD_NONE)
                continue;
            fd_facts_add(facts, c->id,
                         c->years_back ? fd_period_years_before(span, c->years_back) : span, basis,
                         fd_column_ref(c->column));
        }
    }
}

int fd_policy_read_table(fd_facts **out, const char **ignored, fd_arena *arena,
                         const fd_program *program, const char *path, fd_date on,
                         const fd_policy *const *policies, size_t policy_count)
{
    table_file f = {
        .arena = arena, .program = program, .code_at = SIZE_MAX, .name_at = SIZE_MAX, .path = path
    };
    fd_rows *rows = NULL;
    fd_facts *facts = NULL;
    int err;

    *out = NULL;
    *ignored = NULL;
    if ((err = fd_rows_open(&rows, path, NULL)) < 0)
        return err;
    if ((err = read_rows(&f, rows)) < 0)
        goto done;
    facts = fd_facts_new();
    fd_facts_subjects(facts, f.codes.count, f.codes.items, f.names.items);
    hand_out(&f, facts, on, policies, policy_count);
    if (f.ignored.len)
        *ignored = fd_arena_strdup(arena, fd_buf_text(&f.ignored));
    *out = facts;
done:
    for (size_t i = 0; i < f.count; i++)
        fd_column_unref(f.columns[i].column);
    fd_vec_dispose(&f.codes);
    fd_vec_dispose(&f.names);
    fd_buf_dispose(&f.ignored);
    fd_rows_close(rows);
    return err < 0 ? err : 0;
}
