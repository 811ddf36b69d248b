/*
 * A plain table of enterprises → figures.
 */
#include <stdlib.h>
#include <string.h>

#include "app/policy_desk.h"
#include "app/definitions.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/utf8.h"
#include "ding/eval/eval.h"
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
    const char *code_header;
    size_t width; /* cells of the header */
    fd_vec(const char *) codes, names;
    fd_buf ignored;
    const char *path;
    int year;      /* of the key date */
    fd_map *taken; /* "id basis period" → index of its column + 1 */
    fd_map *rows;  /* code → number of its row */
    fd_diags diags;
} table_file;

/* A fault of one cell: what was found, what was expected. */
#define FAULT(f, rule, row, at, ...)                                                               \
    fd_diags_add(&(f)->diags, FD_FAULT, rule, (fd_place){ (f)->path, NULL, row, (long)(at) + 1 },  \
                 __VA_ARGS__)

static int view_length(fd_view v)
{
    return (int)(v.len > 40 ? 40 : v.len);
}

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

/* The text between [ ]: -1, 上年, 上年同期, a period. FD_EPARSE, without a record. */
static int read_moment(table_column *c, const char *text)
{
    if (text[0] == '-' && strspn(text + 1, "0123456789") == strlen(text + 1) && text[1] &&
        strlen(text) < 4) {
        c->years_back = atoi(text + 1);
    } else if (!strcmp(text, "上年") || !strcmp(text, "last") || !strcmp(text, "上年同期 已存") ||
               !strcmp(text, "comparative stored")) {
        c->years_back = 1;
    } else if (!strcmp(text, "上年同期") || !strcmp(text, "comparative")) {
        c->comparative = true;
    } else if (fd_period_parse(&c->period, text, strlen(text)) < 0) {
        fd_error_clear();
        return FD_EPARSE;
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

/* The one period that a column names: its own, or so many years before that of the key date. */
static fd_period named_period(const table_file *f, const table_column *c)
{
    return c->item->nature == FD_ATTRIBUTE ? FD_PERIOD_NONE
           : c->period                     ? c->period
                                           : fd_period_year(f->year - c->years_back);
}

static const char *figure_key(table_file *f, const table_column *c, fd_period period)
{
    return fd_arena_printf(f->arena, "%s %d %lld", c->id, c->comparative, (long long)period);
}

/* One column a figure: 营业收入[-1] and 营业收入[2025] may not both stand there, nor a name and its
 * id: which of the two would be right nobody can tell. */
static bool is_second(table_file *f, const table_column *c, long row)
{
    const char *key = figure_key(f, c, named_period(f, c));
    uint64_t before;
    char period[48] = "";

    if (!fd_map_get(f->taken, fd_view_of(key), &before)) {
        fd_map_set(f->taken, fd_view_of(key), f->count + 1);
        return false;
    }
    if (named_period(f, c))
        fd_period_format(named_period(f, c), period, sizeof period);
    fd_error_set_detail(FAULT(f, "column-twice", row, c->at,
                              "「%s」和第 %zu 列「%s」是同一个数:%s%s%s%s",
                              "%s and column %zu, %s, are one figure: %s%s%s%s", c->header,
                              f->columns[before - 1].at + 1, f->columns[before - 1].header,
                              c->item->name, period[0] ? "[" : "", period, period[0] ? "]" : ""),
                        "找到两列;应为一列", "found two columns; expected one");
    return true;
}

static int read_header_cell(table_file *f, size_t at, fd_view text, long row)
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
        f->code_header = fd_arena_strndup(f->arena, text.ptr, text.len);
        return 0;
    }
    if (f->code_header && fd_view_is(text, f->code_header)) {
        fd_error_set_detail(FAULT(f, "column-twice", row, at, "「%s」有两列(还有第 %zu 列)",
                                  "%s stands twice (also in column %zu)", f->code_header,
                                  f->code_at + 1),
                            "找到两列;应为一列", "found two columns; expected one");
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
        if (read_moment(c, fd_arena_strdup(f->arena, open + 1)) < 0) {
            fd_error_set_detail(FAULT(f, "period", row, at, "列名「%s」方括号里不是期间",
                                      "column %s: no period in brackets", c->header),
                                "找到 %.40s;应为 -1、上年、上年同期或期间",
                                "found %.40s; expected -1, last, comparative, or a period",
                                open + 1);
            return 0;
        }
        *open = '\0';
    }
    name = strip_window(f->arena, name, &years);
    name = (char *)(uintptr_t)fd_arena_strdup(f->arena, name);
    {
        fd_view trimmed = fd_view_trim(fd_view_of(name));

        name = fd_arena_strndup(f->arena, trimmed.ptr, trimmed.len);
    }
    c->item = fd_program_item(f->program, name);
    /* an attribute is as of the key date: one of another year would be taken for today's */
    if (!c->item || strcmp(c->item->kind, "enterprise") != 0 ||
        (c->item->nature == FD_ATTRIBUTE && (c->years_back || c->period || c->comparative))) {
        fd_buf_printf(&f->ignored, "%s%s", f->ignored.len ? "、" : "", c->header);
        return 0;
    }
    c->id = c->item->id;
    if (c->item->by && strchr(name, ':'))
        c->id = fd_arena_printf(f->arena, "%s%s", c->item->id, strchr(name, ':'));
    if (years)
        c->id = fd_arena_printf(f->arena, "%s#%d", c->id, years);
    if (is_second(f, c, row))
        return 0;
    if (c->item->nature != FD_ATTRIBUTE &&
        (err = fd_number_plan_make(&c->plan, f->program, unit, c->item->unit, c->item->scale,
                                   FD_NA)) < 0)
        return fd_error_at((fd_place){ f->path, NULL, row, (long)at + 1 });
    c->column = c->item->nature == FD_ATTRIBUTE
                    ? fd_column_new(c->id, FD_TEXT, "", 0, 0)
                    : fd_column_new(c->id, FD_DEC, c->item->unit->name, c->item->scale, 0);
    f->count++;
    return 0;
}

/* Words by which a cell says that it has nothing. */
static bool is_absent(fd_view v)
{
    static const char *const words[] = { "-", "—", "——", "/", "缺报", "不详", NULL };

    return !v.len || is_one_of(v, words);
}

/* A text as it is kept: yes or no and dates in one spelling; what is neither is a fault. */
static void read_attribute(table_file *f, table_column *c, const fd_row *row, const fd_cell *cell,
                           size_t n)
{
    fd_view text = fd_view_trim(cell->text);
    const char *kept;
    fd_date day;
    char date[16];

    if (fd_view_is(text, "不适用")) {
        if (c->item->may_be_na)
            fd_column_set_state(c->column, n, FD_NA);
        return;
    }
    if (is_absent(text))
        return;
    kept = fd_arena_strndup(f->arena, text.ptr, text.len);
    if (c->item->value_kind == FD_BOOL) {
        fd_truth t = fd_text_truth(half_width(f->arena, text));

        if (t == FD_UNKNOWN) {
            fd_error_set_detail(FAULT(f, "yes-or-no", row->number, c->at, "「%s」不是 是 或 否",
                                      "%s: neither yes nor no", c->header),
                                "找到 %.*s;应为 是 或 否(空白是不知道)",
                                "found %.*s; expected yes or no (blank is unknown)",
                                view_length(text), text.ptr);
            return;
        }
        kept = t == FD_TRUE ? "是" : "否";
    } else if (c->item->value_kind == FD_DATE) {
        if (text.len > 10 && text.ptr[10] == ' ' && cell->kind == FD_CELL_DATE)
            text.len = 10;
        if (fd_date_parse(&day, text.ptr, text.len) < 0) {
            fd_error_clear();
            fd_error_set_detail(
                FAULT(f, "date", row->number, c->at, "「%s」不是日期", "%s: no date", c->header),
                "找到 %.*s;应为日期,例如 2024-03-05", "found %.*s; expected a date, as 2024-03-05",
                view_length(text), text.ptr);
            return;
        }
        fd_date_format(day, date, sizeof date);
        kept = fd_arena_strdup(f->arena, date);
    }
    fd_column_set_text(c->column, n, kept);
}

static void read_cell(table_file *f, table_column *c, const fd_row *row, size_t n)
{
    static const fd_cell blank = { 0 };
    const fd_cell *cell = c->at < row->count ? &row->cells[c->at] : &blank;
    fd_cell_value value;

    if (c->column->n <= n)
        fd_column_resize(c->column, n * 2 + 64);
    if (c->item->nature == FD_ATTRIBUTE) {
        read_attribute(f, c, row, cell, n);
        return;
    }
    fd_number_read(&value, &c->plan, cell);
    if (value.fault[FD_ZH]) {
        fd_error *e = FAULT(f, "number", row->number, c->at, "「%s」%s:%.*s", "%s: %s: %.*s",
                            c->header, value.fault[FD_ZH], view_length(cell->text), cell->text.ptr);

        /* the fault has a text for each language, which the formats above cannot choose between */
        snprintf(e->message[FD_EN], sizeof e->message[FD_EN], "%s: %s: %.*s", c->header,
                 value.fault[FD_EN], view_length(cell->text), cell->text.ptr);
        snprintf(e->detail[FD_ZH], sizeof e->detail[FD_ZH], "找到 %.*s;应为%s",
                 view_length(cell->text), cell->text.ptr,
                 value.expected[FD_ZH] ? value.expected[FD_ZH] : "数");
        snprintf(e->detail[FD_EN], sizeof e->detail[FD_EN], "found %.*s; expected %s",
                 view_length(cell->text), cell->text.ptr,
                 value.expected[FD_EN] ? value.expected[FD_EN] : "a number");
        return;
    }
    if (value.state == FD_HAS || value.state == FD_DOUBT)
        fd_column_set_dec(c->column, n, value.dec);
    /* the dictionary knows no 不适用 of this item: what the cell says is no answer */
    if (value.state == FD_NA && !c->item->may_be_na)
        value.state = FD_MISSING;
    if (value.state != FD_HAS)
        fd_column_set_state(c->column, n, value.state);
}

static bool is_blank(const fd_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (fd_view_trim(row->cells[i].text).len)
            return false;
    return true;
}

/* More cells than columns: a comma inside a number, say, has moved all that follows. */
static bool is_too_long(table_file *f, const fd_row *row)
{
    for (size_t i = f->width; i < row->count; i++)
        if (fd_view_trim(row->cells[i].text).len) {
            fd_error_set_detail(FAULT(f, "width", row->number, i, "这一行的格子比列名多",
                                      "this row has more cells than there are columns"),
                                "找到 %zu 格;应为 %zu 格(数里的逗号要用引号括起来)",
                                "found %zu cells; expected %zu (quote a number with commas)",
                                row->count, f->width);
            return true;
        }
    return false;
}

/*
 * The enterprise of a row: its code, else its name; the row's number in a table without such a
 * column.  The same one twice is a fault: which row is the newer one nobody can tell, and to add
 * them up or to pay both would be wrong.
 */
static void read_subject(table_file *f, const fd_row *row)
{
    fd_view code = { "", 0 }, name = { "", 0 };
    const char *key;
    uint64_t before;
    size_t at = f->code_at != SIZE_MAX ? f->code_at : f->name_at;

    if (f->code_at < row->count)
        code = fd_view_trim(row->cells[f->code_at].text);
    if (f->name_at < row->count)
        name = fd_view_trim(row->cells[f->name_at].text);
    if (!code.len)
        code = name;
    if (!code.len && at != SIZE_MAX)
        fd_error_set_detail(FAULT(f, "subject", row->number, at, "这一行没有写是哪家企业",
                                  "this row names no enterprise"),
                            "找到空白;应为代码或名称", "found a blank; expected a code or a name");
    if (!code.len)
        code = fd_view_of(fd_arena_printf(f->arena, "%ld", row->number));
    key = half_width(f->arena, code);
    if (fd_map_get(f->rows, fd_view_of(key), &before))
        fd_error_set_detail(FAULT(f, "enterprise-twice", row->number, at == SIZE_MAX ? 0 : at,
                                  "企业「%.*s」有两行(还有第 %lld 行)",
                                  "enterprise %.*s stands twice (also in row %lld)",
                                  view_length(code), code.ptr, (long long)before),
                            "找到两行;应为一家一行", "found two rows; expected one an enterprise");
    else
        fd_map_set(f->rows, fd_view_of(key), (uint64_t)row->number);
    fd_vec_push(&f->codes, fd_arena_strndup(f->arena, code.ptr, code.len));
    fd_vec_push(&f->names, name.len ? fd_arena_strndup(f->arena, name.ptr, name.len)
                                    : f->codes.items[f->codes.count - 1]);
}

static int read_header(table_file *f, const fd_row *row)
{
    int err = 0;

    f->width = row->count;
    f->columns = fd_arena_alloc(f->arena, (row->count + 1) * sizeof *f->columns);
    if (row->count > COLUMN_CAP)
        return fd_error_set(FD_ELIMIT, "列太多:%zu 列,最多 %d 列",
                            "too many columns: %zu of at most %d", row->count, COLUMN_CAP);
    for (size_t i = 0; i < row->count && err >= 0; i++)
        err = read_header_cell(f, i, row->cells[i].text, row->number);
    if (err >= 0 && !f->count && f->ignored.len && !f->diags.faults) {
        fd_error_set(FD_EFORMAT, "第一行没有一列是数据项", "no column of the first row is an item");
        fd_error_detail("找到 %s;应为数据项的名称或代号",
                        "found %s; expected names or ids of items", fd_buf_text(&f->ignored));
        err = fd_error_at((fd_place){ f->path, NULL, row->number, 0 });
    }
    return err;
}

static int read_rows(table_file *f, fd_rows *rows)
{
    const fd_row *row;
    int err = 0;
    bool header = true;

    while (err >= 0 && (err = fd_rows_next(rows, &row)) > 0) {
        if (row->damaged) {
            err = fd_rows_describe_damage(rows, row);
            break;
        }
        if (is_blank(row))
            continue;
        if (header) {
            err = read_header(f, row);
            err = err < 0 ? err : 1;
            header = false;
            continue;
        }
        if (is_too_long(f, row))
            continue;
        read_subject(f, row);
        for (size_t i = 0; i < f->count; i++)
            read_cell(f, &f->columns[i], row, f->codes.count - 1);
    }
    if (err >= 0 && header)
        err = fd_error_set(FD_EFORMAT, "%s 是空的:第一行应是列名",
                           "%s is empty: its first line should name the columns", f->path);
    return err;
}

/* The first fault is the failure; the others stand in its detail, as many as it holds. */
static int report(table_file *f)
{
    fd_error first;

    if (!f->diags.faults)
        return 0;
    first = f->diags.list.items[0]->error;
    for (size_t i = 1; i < f->diags.list.count; i++) {
        const fd_error *e = &f->diags.list.items[i]->error;
        const size_t zh = strlen(first.detail[FD_ZH]), en = strlen(first.detail[FD_EN]);

        if (zh + strlen(e->message[FD_ZH]) + 64 > sizeof first.detail[FD_ZH] ||
            en + strlen(e->message[FD_EN]) + 64 > sizeof first.detail[FD_EN])
            break;
        snprintf(first.detail[FD_ZH] + zh, sizeof first.detail[FD_ZH] - zh,
                 "\n  第 %ld 行第 %ld 列:%s", e->row, e->column, e->message[FD_ZH]);
        snprintf(first.detail[FD_EN] + en, sizeof first.detail[FD_EN] - en,
                 "\n  row %ld, column %ld: %s", e->row, e->column, e->message[FD_EN]);
    }
    fd_error__restore(&first);
    if (f->diags.faults > 1)
        fd_error_hint("这张表共有 %zu 处错", "this table has %zu faults", f->diags.faults);
    return first.code;
}

/* A column without a period counts from the year of the key date, and from every span that a policy
 * reads, unless another column names that span. */
static void hand_out(table_file *f, fd_facts *facts, const fd_policy *const *policies,
                     size_t policy_count)
{
    for (size_t i = 0; i < f->count; i++) {
        table_column *c = &f->columns[i];
        fd_basis basis = c->comparative ? FD_COMPARATIVE : FD_CURRENT;

        fd_column_resize(c->column, f->codes.count);
        if (c->item->nature == FD_ATTRIBUTE) {
            fd_facts_attribute(facts, c->id, fd_column_ref(c->column));
            continue;
        }
        fd_facts_add(facts, c->id, named_period(f, c), basis, fd_column_ref(c->column));
        for (size_t k = 0; k < policy_count && !c->period; k++) {
            fd_period span;
            const char *key;
            uint64_t before;

            if (policies[k]->span_from == FD_DATE_NONE ||
                (span = fd_policy_span(policies[k])) == FD_PERIOD_NONE)
                continue;
            span = c->years_back ? fd_period_years_before(span, c->years_back) : span;
            key = figure_key(f, c, span);
            if (fd_map_get(f->taken, fd_view_of(key), &before))
                continue;
            fd_map_set(f->taken, fd_view_of(key), i + 1);
            fd_facts_add(facts, c->id, span, basis, fd_column_ref(c->column));
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
    int err, month, day;

    *out = NULL;
    *ignored = NULL;
    if ((err = fd_rows_open(&rows, path, NULL)) < 0)
        return err;
    f.taken = fd_map_new();
    f.rows = fd_map_new();
    fd_date_split(on, &f.year, &month, &day);
    if ((err = read_rows(&f, rows)) < 0 || (err = report(&f)) < 0)
        goto done;
    facts = fd_facts_new();
    fd_facts_subjects(facts, f.codes.count, f.codes.items, f.names.items);
    hand_out(&f, facts, policies, policy_count);
    if (f.ignored.len)
        *ignored = fd_arena_strdup(arena, fd_buf_text(&f.ignored));
    *out = facts;
done:
    for (size_t i = 0; i < f.count; i++)
        fd_column_unref(f.columns[i].column);
    fd_vec_dispose(&f.codes);
    fd_vec_dispose(&f.names);
    fd_buf_dispose(&f.ignored);
    fd_map_free(f.taken);
    fd_map_free(f.rows);
    fd_diags_dispose(&f.diags);
    fd_rows_close(rows);
    return err < 0 ? err : 0;
}
