#include "report/paper.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "report/internal.h"

void fd_report__block_dispose(fd_paper_block *b)
{
    fd_vec_dispose(&b->spans);
    fd_vec_dispose(&b->columns);
    fd_vec_dispose(&b->cells);
}

void fd_paper_free(fd_paper *paper)
{
    if (!paper)
        return;
    for (size_t i = 0; i < paper->blocks.count; i++)
        fd_report__block_dispose(&paper->blocks.items[i]);
    fd_vec_dispose(&paper->blocks);
    fd_vec_dispose(&paper->missing);
    fd_vec_dispose(&paper->figures);
    fd_vec_dispose(&paper->kept);
    fd_vec_dispose(&paper->dropped);
    fd_arena_free(paper->arena);
    free(paper);
}

void fd_report__fingerprint(char out[13], fd_view text)
{
    fd_buf bare = FD_BUF_INIT;
    char digest[65];

    /* Editors wrap and re-space; what counts are the characters. */
    for (size_t i = 0; i < text.len; i++)
        if (!isspace((unsigned char)text.ptr[i]))
            fd_buf_putc(&bare, text.ptr[i]);
    fd_digest_of(fd_buf_text(&bare), bare.len, digest);
    memcpy(out, digest, 12);
    out[12] = 0;
    fd_buf_dispose(&bare);
}

void fd_report__block_text(fd_buf *out, const fd_paper_block *b)
{
    fd_docx_spans_text(out, b->spans.items, b->spans.count);
    fd_docx_spans_text(out, b->cells.items, b->cells.count);
}

static const char *bookmark(const fd_paper *paper, const fd_paper_block *b)
{
    fd_buf text = FD_BUF_INIT;
    char print[13];

    if (!b->id)
        return NULL;
    fd_report__block_text(&text, b);
    fd_report__fingerprint(print, (fd_view){ fd_buf_text(&text), text.len });
    fd_buf_dispose(&text);
    return fd_arena_printf(paper->arena, "_fd_%s_%s", b->id,
                           b->fingerprint ? b->fingerprint : print);
}

static void put_table(fd_docx *d, const fd_paper *paper, const fd_paper_block *b)
{
    size_t n = b->columns.count;
    fd_docx_cell *cells = fd_alloc((n + 1) * sizeof *cells);

    fd_docx_table_begin(d, b->columns.items, n, bookmark(paper, b));
    for (size_t from = 0; n && from + n <= b->cells.count; from += n) {
        for (size_t c = 0; c < n; c++)
            cells[c] = (fd_docx_cell){ &b->cells.items[from + c], 1 };
        fd_docx_table_row(d, from == 0, cells);
    }
    fd_docx_table_end(d);
    free(cells);
}

static fd_docx *make(const fd_paper *paper, const char *const *properties)
{
    fd_docx *d = fd_docx_new();
    fd_buf ids = FD_BUF_INIT;

    fd_docx_set_title(d, paper->title);
    fd_docx_set_compact(d, paper->is_compact);
    if (paper->mark[0])
        fd_docx_footer_mark(d, paper->mark);
    for (size_t i = 0; properties && properties[i] && properties[i + 1]; i += 2)
        fd_docx_property(d, properties[i], properties[i + 1]);
    for (size_t i = 0; i < paper->blocks.count; i++) {
        const fd_paper_block *b = &paper->blocks.items[i];

        if (b->id)
            fd_buf_printf(&ids, "%s%s", ids.len ? " " : "", b->id);
        switch (b->kind) {
        case FD_BLOCK_PARAGRAPH:
            fd_docx_paragraph(d, b->style, b->spans.items, b->spans.count, bookmark(paper, b));
            break;
        case FD_BLOCK_TABLE:
            put_table(d, paper, b);
            break;
        case FD_BLOCK_CHART:
            fd_docx_chart_add(d, &b->chart);
            break;
        case FD_BLOCK_BREAK:
            fd_docx_page_break(d);
            break;
        }
    }
    fd_docx_property(d, "fangding.ids", fd_buf_text(&ids));
    fd_buf_dispose(&ids);
    return d;
}

int fd_paper_write(const fd_paper *paper, const char *path, const char *const *properties)
{
    fd_docx *d = make(paper, properties);
    int err = fd_docx_save(d, path);

    fd_docx_free(d);
    return err;
}

int fd_paper_pack(const fd_paper *paper, char **bytes, size_t *length,
                  const char *const *properties)
{
    fd_docx *d = make(paper, properties);
    int err = fd_docx_pack(d, bytes, length);

    fd_docx_free(d);
    return err;
}

void fd_paper_text(fd_buf *out, const fd_paper *paper)
{
    for (size_t i = 0; i < paper->blocks.count; i++) {
        const fd_paper_block *b = &paper->blocks.items[i];
        size_t n = b->columns.count;

        switch (b->kind) {
        case FD_BLOCK_PARAGRAPH:
            fd_docx_spans_text(out, b->spans.items, b->spans.count);
            fd_buf_putc(out, '\n');
            break;
        case FD_BLOCK_TABLE:
            for (size_t c = 0; n && c < b->cells.count; c++)
                fd_buf_printf(out, "%s%s", b->cells.items[c].text, c % n + 1 < n ? "\t" : "\n");
            break;
        case FD_BLOCK_CHART:
            fd_buf_printf(out, "[图 %zu 点]\n", b->chart.category_count);
            break;
        case FD_BLOCK_BREAK:
            break;
        }
    }
}
