#include "returns/decl_xlsx.h"

#include <stdio.h>
#include <stdlib.h>

#include "ding/grammar.h"
#include "io/rows.h"
#include "io/xlsxw.h"

enum { HEADER_ROW = 7, MOST_ROWS = 20000, MOST_LEVEL = 16 };

typedef enum part {
    LEVEL,   /* 1 for a clause, 2 for a line below it … */
    KEYWORD, /* 子句 */
    CONTENT, /* 内容 */
    WORDS,   /* 值 */
    HEADERS, /* 表头 */
    CITE,    /* 依据 */
    COMMENT, /* 备注: behind # on the line */
    ABOVE,   /* 上方注释: lines of their own above it */
    PARTS
} part;

static const struct {
    const char *title;
    double width;
} columns[PARTS] = {
    { "层级", 6 },  { "子句", 14 }, { "内容", 60 }, { "值", 24 },
    { "表头", 40 }, { "依据", 30 }, { "备注", 24 }, { "上方注释", 30 },
};

/* What stands above the table, in column 1 its name, in column 2 its text. */
static const char *const above_table[] = { "种类", "名称", "代号", "注释" };

/* ---- writing
 * ------------------------------------------------------------------------------------------------
 */

/* "dispatch_output 必填 值 a b 表头 x y" in three, where putting them together gives the same. */
static bool split_column(const char *text, fd_buf out[3])
{
    fd_view v = fd_view_of(text);
    ptrdiff_t header = fd_view_find(v, " 表头 ");
    fd_view left = header < 0 ? v : (fd_view){ v.ptr, (size_t)header };
    ptrdiff_t words = fd_view_find(left, " 值 ");
    fd_buf again = FD_BUF_INIT;
    bool same;

    for (int i = 0; i < 3; i++)
        fd_buf_clear(&out[i]);
    fd_buf_put(&out[0], left.ptr, words < 0 ? left.len : (size_t)words);
    if (words >= 0)
        fd_buf_put(&out[1], left.ptr + words + 5, left.len - (size_t)words - 5);
    if (header >= 0)
        fd_buf_put(&out[2], v.ptr + header + 8, v.len - (size_t)header - 8);
    fd_buf_puts(&again, fd_buf_text(&out[0]));
    if (out[1].len)
        fd_buf_printf(&again, " 值 %s", fd_buf_text(&out[1]));
    if (out[2].len)
        fd_buf_printf(&again, " 表头 %s", fd_buf_text(&out[2]));
    same = strcmp(fd_buf_text(&again), text) == 0;
    for (int i = 0; i < 3; i++) /* blanks at the ends are trimmed when read */
        same &= fd_view_trim((fd_view){ out[i].ptr, out[i].len }).len == out[i].len;
    fd_buf_dispose(&again);
    return same;
}

static int put(fd_xlsxw *w, long row, part at, const char *text)
{
    return text && *text ? fd_xlsxw_text(w, row, (long)at + 1, fd_view_of(text), FD_XLSXW_PLAIN)
                         : 0;
}

static int put_clause(fd_xlsxw *w, long *row, const fd_clause *c, int level, bool is_column)
{
    fd_buf parts[3] = { FD_BUF_INIT, FD_BUF_INIT, FD_BUF_INIT };
    bool split = is_column && split_column(c->text, parts);
    int err = fd_xlsxw_number(w, *row, LEVEL + 1, (fd_decimal){ level, 0 }, FD_XLSXW_PLAIN);

    if (err >= 0)
        err = put(w, *row, KEYWORD, c->keyword);
    for (int i = 0; split && i < 3 && err >= 0; i++)
        err = put(w, *row, (part)(CONTENT + i), fd_buf_text(&parts[i]));
    if (err >= 0 && !split)
        err = put(w, *row, CONTENT, c->text);
    if (err >= 0 && (err = put(w, *row, CITE, c->cite)) >= 0 &&
        (err = put(w, *row, COMMENT, c->comment)) >= 0)
        err = put(w, *row, ABOVE, c->above);
    ++*row;
    for (int i = 0; i < 3; i++)
        fd_buf_dispose(&parts[i]);
    return err;
}

static int put_children(fd_xlsxw *w, long *row, const fd_clause *c, int level)
{
    int err = 0;

    for (size_t i = 0; i < c->child_count && err >= 0; i++)
        if ((err = put_clause(w, row, &c->children[i], level, false)) >= 0)
            err = put_children(w, row, &c->children[i], level + 1);
    return err;
}

static int put_declaration(fd_xlsxw *w, const fd_decl *decl)
{
    const char *texts[] = { fd_grammar_kind_of(decl->kind)->zh, decl->name,
                            strcmp(decl->alias, decl->name) != 0 ? decl->alias : "",
                            decl->comment };
    long row = HEADER_ROW + 1;
    int err = fd_xlsxw_sheet(w, decl->name);

    for (long i = 0; i < 4 && err >= 0; i++) {
        err = fd_xlsxw_text(w, i + 1, 1, fd_view_of(above_table[i]), FD_XLSXW_HEADER);
        if (err >= 0 && texts[i] && *texts[i])
            err = fd_xlsxw_text(w, i + 1, 2, fd_view_of(texts[i]), FD_XLSXW_PLAIN);
    }
    for (long p = 0; p < PARTS && err >= 0; p++) {
        err = fd_xlsxw_text(w, HEADER_ROW, p + 1, fd_view_of(columns[p].title), FD_XLSXW_HEADER);
        if (err >= 0)
            err = fd_xlsxw_width(w, p + 1, columns[p].width);
    }
    for (size_t i = 0; i < decl->clause_count && err >= 0; i++) {
        const fd_clause *c = &decl->clauses[i];
        const fd_clause_rule *rule = fd_grammar_clause(decl->kind, fd_view_of(c->keyword));

        err =
            put_clause(w, &row, c, 1, decl->kind == FD_DECL_FORM && strcmp(c->keyword, "列") == 0);
        /* Rules of 缺数 and lights are parts of the argument, not lines. */
        if (err >= 0 && (!rule || (rule->flags & FD_CLAUSE_CHILDREN)))
            err = put_children(w, &row, c, 2);
    }
    return err < 0 ? err : fd_xlsxw_freeze(w, HEADER_ROW);
}

/* The clauses that this kind knows: for whoever fills the form in without the manual. */
static int put_help(fd_xlsxw *w, const fd_decl *decl)
{
    const fd_clause_rule *rule;
    long row = 1;
    int err = fd_xlsxw_sheet(w, "说明");

    if (err < 0 || (err = fd_xlsxw_text(w, row, 1, FD_VIEW("可用的词"), FD_XLSXW_HEADER)) < 0 ||
        (err = fd_xlsxw_text(w, row, 2, FD_VIEW("English"), FD_XLSXW_HEADER)) < 0 ||
        (err = fd_xlsxw_text(w, row, 3, FD_VIEW("可写几次"), FD_XLSXW_HEADER)) < 0)
        return err;
    for (size_t i = 0; (rule = fd_grammar_clause_at(i)) && err >= 0; i++) {
        if (!(rule->kinds & (1u << decl->kind)))
            continue;
        row++;
        if ((err = fd_xlsxw_text(w, row, 1, fd_view_of(rule->zh), FD_XLSXW_PLAIN)) >= 0 &&
            (err = fd_xlsxw_text(w, row, 2, fd_view_of(rule->en), FD_XLSXW_PLAIN)) >= 0)
            err = fd_xlsxw_text(w, row, 3,
                                fd_view_of(rule->flags & FD_CLAUSE_REPEATED ? "多次" : "一次"),
                                FD_XLSXW_PLAIN);
    }
    return err;
}

int fd_decl_write_xlsx(const fd_decl *decl, const char *path)
{
    fd_xlsxw *w = NULL;
    int err = fd_xlsxw_new(&w, path);

    if (err < 0)
        return err;
    if ((err = put_declaration(w, decl)) < 0 || (err = put_help(w, decl)) < 0) {
        fd_xlsxw_abandon(w);
        return err;
    }
    return fd_xlsxw_finish(w);
}

/* ---- reading
 * ------------------------------------------------------------------------------------------------
 */

typedef struct reading {
    fd_buf *out;
    size_t at[PARTS]; /* index in the row + 1; 0: no such column */
    fd_buf above[4];  /* kind, name, id, comment */
    bool in_table;
} reading;

static fd_view cell_of(const fd_row *row, size_t at)
{
    return at && at <= row->count ? fd_view_trim(row->cells[at - 1].text) : (fd_view){ "", 0 };
}

/* One cell on one line: line ends become blanks. */
static void put_line(fd_buf *out, fd_view v)
{
    for (size_t i = 0; i < v.len; i++) {
        if (v.ptr[i] == '\n' || v.ptr[i] == '\r')
            fd_buf_putc(out, ' ');
        else
            fd_buf_putc(out, v.ptr[i]);
    }
}

/* Lines of comment, each with its #, indented. */
static void put_comments(fd_buf *out, fd_view v, size_t indent)
{
    fd_view line;

    while (fd_view_split(&v, '\n', &line)) {
        line = fd_view_trim(line);
        while (line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (!line.len)
            continue;
        fd_buf_repeat(out, " ", indent);
        if (line.ptr[0] != '#')
            fd_buf_puts(out, "# ");
        put_line(out, line);
        fd_buf_putc(out, '\n');
    }
}

static bool is_title_row(reading *r, const fd_row *row)
{
    size_t found = 0;

    memset(r->at, 0, sizeof r->at);
    for (size_t c = 0; c < row->count; c++)
        for (int p = 0; p < PARTS; p++)
            if (!r->at[p] && fd_view_is(fd_view_trim(row->cells[c].text), columns[p].title)) {
                r->at[p] = c + 1;
                found++;
            }
    return r->at[KEYWORD] && r->at[CONTENT] && found >= 3;
}

static void take_above(reading *r, const fd_row *row)
{
    for (size_t i = 0; row->count && i < 4; i++)
        if (fd_view_is(fd_view_trim(row->cells[0].text), above_table[i])) {
            fd_buf_clear(&r->above[i]);
            fd_buf_view(&r->above[i], cell_of(row, 2));
        }
}

/* Words that the layout of a line would tear apart stand in 「」. */
static bool needs_brackets(fd_view word)
{
    if (!word.len || fd_view_starts(word, "「"))
        return word.len > 0;
    for (size_t i = 0; i < word.len; i++)
        if (strchr(" \t#", word.ptr[i]))
            return true;
    return fd_view_find(word, "　") >= 0;
}

static void take_clause(reading *r, const fd_row *row)
{
    fd_view keyword = cell_of(row, r->at[KEYWORD]), level = cell_of(row, r->at[LEVEL]), v;
    int64_t depth = 1;

    if (!keyword.len)
        return;
    if (level.len && (fd_decimal_parse_scaled(&depth, level.ptr, level.len, 0) < 0 || depth < 1 ||
                      depth > MOST_LEVEL)) {
        fd_error_clear();
        depth = 1;
    }
    put_comments(r->out, cell_of(row, r->at[ABOVE]), (size_t)depth * 2);
    fd_buf_repeat(r->out, " ", (size_t)depth * 2);
    if (needs_brackets(keyword) && !fd_view_starts(keyword, "「")) {
        fd_buf_puts(r->out, "「");
        put_line(r->out, keyword);
        fd_buf_puts(r->out, "」");
    } else {
        put_line(r->out, keyword);
    }
    if ((v = cell_of(row, r->at[CONTENT])).len) {
        fd_buf_putc(r->out, ' ');
        put_line(r->out, v);
    }
    if ((v = cell_of(row, r->at[WORDS])).len) {
        fd_buf_puts(r->out, " 值 ");
        put_line(r->out, v);
    }
    if ((v = cell_of(row, r->at[HEADERS])).len) {
        fd_buf_puts(r->out, " 表头 ");
        put_line(r->out, v);
    }
    if ((v = cell_of(row, r->at[CITE])).len) {
        fd_buf_puts(r->out, "  〔");
        put_line(r->out, v);
        fd_buf_puts(r->out, "〕");
    }
    if ((v = cell_of(row, r->at[COMMENT])).len) {
        fd_buf_puts(r->out, "  # ");
        put_line(r->out, v);
    }
    fd_buf_putc(r->out, '\n');
}

static int put_header(reading *r, const char *name_of_file)
{
    fd_view kind = { r->above[0].ptr, r->above[0].len },
            name = { r->above[1].ptr, r->above[1].len };
    fd_place place = { name_of_file, NULL, 0, 0 };
    bool wrap = false;

    if (!kind.len || !name.len || !fd_grammar_kind(kind)) {
        fd_error_set(
            FD_EFORMAT, "表上方缺少「种类」或「名称」,或种类不认识:%.60s",
            "above the table 种类 (kind) or 名称 (name) is missing, or the kind unknown: %.60s",
            fd_buf_text(&r->above[0]));
        fd_error_at(place);
        return FD_EFORMAT;
    }
    put_comments(r->out, (fd_view){ r->above[3].ptr, r->above[3].len }, 0);
    put_line(r->out, kind);
    for (size_t i = 0; i < name.len; i++)
        wrap |= strchr(" \t/#(", name.ptr[i]) != NULL;
    wrap |= fd_view_find(name, "　") >= 0 || fd_view_find(name, "\xC2\xA0") >= 0;
    fd_buf_puts(r->out, wrap ? " 「" : " ");
    put_line(r->out, name);
    if (wrap)
        fd_buf_puts(r->out, "」");
    if (r->above[2].len) {
        fd_buf_puts(r->out, " / ");
        put_line(r->out, (fd_view){ r->above[2].ptr, r->above[2].len });
    }
    fd_buf_putc(r->out, '\n');
    return 0;
}

static int read_sheet(reading *r, fd_rows *rows, const char *name)
{
    const fd_row *row;
    int more, err = 0, n = 0;

    while (err >= 0 && (more = fd_rows_next(rows, &row)) > 0) {
        if (++n > MOST_ROWS)
            return fd_error_set(FD_ELIMIT, "行数太多", "too many rows");
        if (r->in_table) {
            take_clause(r, row);
        } else if (is_title_row(r, row)) {
            r->in_table = true;
            err = put_header(r, name);
        } else {
            take_above(r, row);
        }
    }
    return err < 0 ? err : more;
}

static int read_book(fd_buf *text, fd_rows *rows, const char *name)
{
    reading r = { .out = text };
    fd_place place = { name, NULL, 0, 0 };
    int err, more = 0;

    do
        err = read_sheet(&r, rows, name);
    while (err >= 0 && !r.in_table && (more = fd_rows_next_sheet(rows)) > 0);
    if (err >= 0 && more < 0)
        err = more;
    if (err >= 0 && !r.in_table) {
        err = fd_error_set(FD_EFORMAT, "没有「子句、内容」这一行表头,不是定义表",
                           "no header row 子句, 内容: this is no sheet of a definition");
        fd_error_at(place);
    }
    for (int i = 0; i < 4; i++)
        fd_buf_dispose(&r.above[i]);
    fd_rows_close(rows);
    return err < 0 ? err : 0;
}

int fd_decl_read_xlsx(fd_buf *text, const char *path)
{
    fd_rows *rows = NULL;
    int err = fd_rows_open(&rows, path, NULL);

    return err < 0 ? err : read_book(text, rows, path);
}

int fd_decl_read_xlsx_memory(fd_buf *text, const void *data, size_t size, const char *name)
{
    fd_rows *rows = NULL;
    int err = fd_rows_open_memory(&rows, data, size, name, NULL);

    return err < 0 ? err : read_book(text, rows, name);
}
