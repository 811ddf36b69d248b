#include "app/members.h"

#include <stdio.h>
#include <string.h>

#include "app/assets.h"
#include "io/rows.h"

/* One row's code and share. */
typedef int (*member_taker)(void *payload, const char *code, fd_quot share);

static int column_at(const fd_row *header, const char *name, int fallback)
{
    for (size_t i = 0; name && i < header->count; i++)
        if (fd_view_is(header->cells[i].text, name))
            return (int)i;
    return name ? -1 : fallback;
}

static int open_member_file(fd_rows **rows, const char *file)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    char path[512];
    fd_view bytes;

    snprintf(path, sizeof path, "definitions/%s", file);
    if (fd_asset_find(path, &bytes))
        return fd_rows_open_memory(rows, bytes.ptr, bytes.len, file, &options);
    return fd_rows_open(rows, file, &options);
}

/* Walk the rows that the clause asks for. */
static int walk(const fd_member_file *file, member_taker take, void *payload)
{
    int code_at = -1, share_at = -1, where_at = -1, err;
    fd_rows *rows = NULL;
    const fd_row *row;

    if ((err = open_member_file(&rows, file->file)) < 0)
        return err;
    for (bool header = true; (err = fd_rows_next(rows, &row)) > 0; header = false) {
        fd_quot share = { 1, 1 };
        fd_decimal d;
        char code[64];

        if (header) {
            code_at = column_at(row, file->code_column, 0);
            share_at = column_at(row, file->share_column, -1);
            where_at = column_at(row, file->where_column, -1);
            if (code_at < 0 || (file->share_column && share_at < 0) ||
                (file->where_column && where_at < 0)) {
                err = fd_error_set(FD_EFORMAT, "成员文件 %s 没有要用的列",
                                   "the member file %s lacks a column asked for", file->file);
                break;
            }
            continue;
        }
        if ((size_t)code_at >= row->count || row->cells[code_at].text.len == 0 ||
            row->cells[code_at].text.len >= sizeof code)
            continue;
        if (where_at >= 0 && ((size_t)where_at >= row->count ||
                              !fd_view_is(row->cells[where_at].text, file->where_value)))
            continue;
        if (share_at >= 0 && (size_t)share_at < row->count && row->cells[share_at].text.len) {
            if ((err = fd_decimal_parse(&d, row->cells[share_at].text.ptr,
                                        row->cells[share_at].text.len)) < 0)
                break;
            share = fd_quot_from_decimal(d);
        }
        snprintf(code, sizeof code, "%.*s", (int)row->cells[code_at].text.len,
                 row->cells[code_at].text.ptr);
        if ((err = take(payload, code, share)) < 0)
            break;
    }
    fd_rows_close(rows);
    return err < 0 ? err : 0;
}

static int into_sink(void *payload, const char *code, fd_quot share)
{
    return fd_class_add_member(payload, code, share, FD_DATE_NONE, FD_DATE_MAX);
}

int fd_members_read(void *payload, fd_member_sink *sink, const fd_decl *decl,
                    const fd_member_file *file)
{
    (void)payload;
    (void)decl;
    return walk(file, into_sink, sink);
}

/* ---- expanding ---- */

static int into_text(void *payload, const char *code, fd_quot share)
{
    fd_buf *out = payload;
    char text[64];

    if (share.num == share.den) {
        fd_buf_printf(out, " %s", code);
        return 0;
    }
    share.num *= 100;
    fd_quot_format(share, 6, FD_ROUND_HALF_EVEN, text, sizeof text);
    fd_buf_printf(out, "\n  成员 %s 份额 %s %%\n  成员", code, text);
    return 0;
}

static bool is_word(const char *word, const char *zh, const char *en)
{
    return strcmp(word, zh) == 0 || strcmp(word, en) == 0;
}

static void read_clause(fd_member_file *file, const fd_clause *c)
{
    memset(file, 0, sizeof *file);
    file->file = c->words[1];
    for (size_t w = 2; w + 1 < c->word_count; w++) {
        if (is_word(c->words[w], "列", "column"))
            file->code_column = c->words[w + 1];
        else if (is_word(c->words[w], "份额列", "share_column"))
            file->share_column = c->words[w + 1];
        else if (is_word(c->words[w], "其中", "where")) {
            bool equals = w + 3 < c->word_count && strcmp(c->words[w + 2], "=") == 0;

            file->where_column = c->words[w + 1];
            file->where_value = equals                  ? c->words[w + 3]
                                : w + 2 < c->word_count ? c->words[w + 2]
                                                        : "";
        }
    }
}

int fd_members_expand(fd_buf *out, const fd_decl *decl)
{
    fd_view rest = fd_view_of(decl->text), line;
    uint32_t number = decl->span.line;
    int err = 0;

    for (; err >= 0 && fd_view_split(&rest, '\n', &line); number++) {
        const fd_clause *from_file = NULL;

        for (size_t i = 0; i < decl->clause_count; i++)
            if (decl->clauses[i].span.line == number && decl->clauses[i].word_count > 1 &&
                strcmp(decl->clauses[i].keyword, "成员") == 0 &&
                is_word(decl->clauses[i].words[0], "来自", "from"))
                from_file = &decl->clauses[i];
        if (!from_file) {
            fd_buf_view(out, line);
            fd_buf_putc(out, '\n');
            continue;
        }
        {
            fd_member_file file;

            read_clause(&file, from_file);
            fd_buf_puts(out, "  成员");
            err = walk(&file, into_text, out);
            fd_buf_putc(out, '\n');
        }
    }
    return err;
}

int fd_workdays_read(void *payload, fd_calendar *into)
{
    fd_rows *rows = NULL;
    const fd_row *row;
    char text[32], kind[32];
    fd_date date;
    int err = fd_asset_rows(&rows, "definitions/workdays.csv"), more = 0;

    (void)payload;
    while (err >= 0 && (more = fd_rows_next(rows, &row)) > 0) {
        const char *at = fd_asset_cell(row, 0, text, sizeof text);

        if ((err = fd_date_parse(&date, at, strlen(at))) >= 0)
            fd_calendar_set(into, date,
                            strcmp(fd_asset_cell(row, 1, kind, sizeof kind), "holiday") != 0);
    }
    fd_rows_close(rows);
    return err < 0 ? err : more < 0 ? more : 0;
}
