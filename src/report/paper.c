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
    fd_vec_dispose(&paper->moved);
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

#define CUT 240 /* bytes of a property: editors show and keep 255 characters */

/* A text of any length as properties NAME.1, NAME.2 …, cut at blanks. */
static void put_long(fd_docx *d, const char *name, const char *text)
{
    size_t length = strlen(text), from = 0;

    for (int n = 1; n == 1 || from < length; n++) {
        size_t to = length - from > CUT ? from + CUT : length;
        fd_buf key = FD_BUF_INIT, part = FD_BUF_INIT;

        while (to < length && to > from && text[to] != ' ')
            to--;
        if (to == from)
            to = length; /* one word longer than a property: keep it whole */
        fd_buf_printf(&key, "%s.%d", name, n);
        fd_buf_put(&part, text + from, to - from);
        fd_docx_property(d, fd_buf_text(&key), fd_buf_text(&part));
        fd_buf_dispose(&key);
        fd_buf_dispose(&part);
        from = to;
    }
}

const char *fd_paper_property(const fd_docx_doc *doc, const char *name)
{
    fd_buf text = FD_BUF_INIT, key = FD_BUF_INIT;
    const char *part, *whole = NULL;

    for (int n = 1; n < 100000; n++) {
        fd_buf_clear(&key);
        fd_buf_printf(&key, "%s.%d", name, n);
        if (!(part = fd_docx_doc_property(doc, fd_buf_text(&key))))
            break;
        /* The blank at which the text was cut may be lost at either end. */
        if (text.len && text.ptr[text.len - 1] != ' ')
            fd_buf_putc(&text, ' ');
        fd_buf_view(&text, fd_view_trim(fd_view_of(part)));
        whole = "";
    }
    if (whole)
        whole = fd_arena_strdup(doc->arena, fd_buf_text(&text));
    fd_buf_dispose(&text);
    fd_buf_dispose(&key);
    return whole;
}

/* The tags of a paper in the order met; a control's title ends in the number of its tag. */
typedef struct numbering {
    fd_map *numbers;
    fd_buf list;
    fd_arena *arena;
} numbering;

static fd_docx_span numbered(numbering *n, fd_docx_span span)
{
    size_t count = fd_map_count(n->numbers);
    const char *old = span.title ? strstr(span.title, "|#") : NULL;
    uint64_t number;

    if (!span.tag)
        return span;
    number = fd_map_intern(n->numbers, fd_view_of(span.tag), count + 1);
    if (fd_map_count(n->numbers) > count)
        fd_buf_printf(&n->list, "%s%s", n->list.len ? " " : "", span.tag);
    span.title =
        fd_arena_printf(n->arena, "%.*s|#%llu",
                        old ? (int)(old - span.title) : (int)(span.title ? strlen(span.title) : 0),
                        span.title ? span.title : "", (unsigned long long)number);
    return span;
}

static void put_table(fd_docx *d, const fd_paper *paper, const fd_paper_block *b, numbering *n)
{
    size_t columns = b->columns.count;
    fd_docx_cell *cells = fd_alloc((columns + 1) * sizeof *cells);
    fd_docx_span *spans = fd_alloc((columns + 1) * sizeof *spans);

    fd_docx_table_begin(d, b->columns.items, columns, bookmark(paper, b));
    for (size_t from = 0; columns && from + columns <= b->cells.count; from += columns) {
        for (size_t c = 0; c < columns; c++) {
            spans[c] = numbered(n, b->cells.items[from + c]);
            cells[c] = (fd_docx_cell){ &spans[c], 1 };
        }
        fd_docx_table_row(d, from == 0, cells);
    }
    fd_docx_table_end(d);
    free(cells);
    free(spans);
}

static void put_paragraph(fd_docx *d, const fd_paper *paper, const fd_paper_block *b, numbering *n)
{
    fd_docx_spans spans = { 0 };

    for (size_t i = 0; i < b->spans.count; i++)
        fd_vec_push(&spans, numbered(n, b->spans.items[i]));
    fd_docx_paragraph(d, b->style, spans.items, spans.count, bookmark(paper, b));
    fd_vec_dispose(&spans);
}

static fd_docx *make(const fd_paper *paper, const char *const *properties)
{
    fd_docx *d = fd_docx_new();
    numbering n = { fd_map_new(), FD_BUF_INIT, paper->arena };
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
            /* a page with a signature alone is none: it stands below a paragraph of the body */
            if (i + 1 < paper->blocks.count && b[1].kind == FD_BLOCK_PARAGRAPH &&
                b[1].style == FD_DOCX_SIGNATURE)
                fd_docx_keep_next(d);
            put_paragraph(d, paper, b, &n);
            break;
        case FD_BLOCK_TABLE:
            put_table(d, paper, b, &n);
            break;
        case FD_BLOCK_CHART:
            fd_docx_chart_add(d, &b->chart);
            break;
        case FD_BLOCK_PICTURE:
            if (fd_docx_picture(d, b->picture.bytes, b->picture.length, b->picture.width_mm,
                                b->picture.height_mm, b->picture.alternative) < 0)
                fd_error_clear(); /* drawn here: it is always a picture */
            break;
        case FD_BLOCK_BREAK:
            fd_docx_page_break(d);
            break;
        }
    }
    /* What the author deleted stays known, so that it stays out of the draft after this one. */
    for (size_t i = 0; i < paper->dropped.count; i++)
        fd_buf_printf(&ids, " %s", paper->dropped.items[i]);
    put_long(d, "fangding.ids", fd_buf_text(&ids));
    fd_buf_clear(&ids);
    for (size_t i = 0; i < paper->moved.count; i++)
        fd_buf_printf(&ids, "%s%s", i ? " " : "", paper->moved.items[i]);
    if (ids.len)
        put_long(d, "fangding.moved", fd_buf_text(&ids));
    put_long(d, "fangding.refs", fd_buf_text(&n.list));
    fd_buf_dispose(&ids);
    fd_buf_dispose(&n.list);
    fd_map_free(n.numbers);
    return d;
}

/* ---- reading one back ---- */

static void bind(fd_docx_spans *spans, const char *const *tags, size_t count)
{
    for (size_t i = 0; i < spans->count; i++) {
        fd_docx_span *s = &spans->items[i];
        const char *number = s->title ? strstr(s->title, "|#") : NULL;
        unsigned long n = number ? strtoul(number + 2, NULL, 10) : 0;

        if (!s->tag && n >= 1 && n <= count)
            s->tag = tags[n - 1];
    }
}

int fd_paper_read(fd_docx_doc **out, const char *path)
{
    return fd_paper_read_bytes(out, NULL, 0, path);
}

int fd_paper_read_bytes(fd_docx_doc **out, const void *data, size_t size, const char *path)
{
    fd_vec(const char *) tags = { 0 };
    const char *refs;
    fd_docx_doc *doc;
    fd_view rest, tag;
    int err;

    *out = NULL;
    if ((err = fd_docx_read(&doc, data ? NULL : path, data, size, path)) < 0)
        return err;
    if (!fd_docx_doc_property(doc, "fangding.paper")) {
        fd_docx_doc_free(doc);
        fd_error_set(FD_EFORMAT, "%s 不是方鼎写的文稿", "%s is not a paper of fangding", path);
        return fd_error_hint("要 fangding paper 写的 docx",
                             "give a docx that fangding paper wrote");
    }
    refs = fd_paper_property(doc, "fangding.refs");
    for (rest = fd_view_of(refs); rest.len && fd_view_split(&rest, ' ', &tag);)
        if (tag.len)
            fd_vec_push(&tags, fd_arena_strndup(doc->arena, tag.ptr, tag.len));
    for (size_t i = 0; i < doc->blocks.count; i++) {
        fd_docx_block *b = &doc->blocks.items[i];

        bind(&b->spans, tags.items, tags.count);
        for (size_t r = 0; r < b->rows.count; r++)
            for (size_t c = 0; c < b->rows.items[r].cells.count; c++)
                bind(&b->rows.items[r].cells.items[c].spans, tags.items, tags.count);
    }
    fd_vec_dispose(&tags);
    *out = doc;
    return 0;
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

size_t fd_paper_controls(const fd_paper *paper)
{
    size_t count = 0;

    for (size_t i = 0; i < paper->blocks.count; i++) {
        const fd_paper_block *b = &paper->blocks.items[i];

        for (size_t s = 0; s < b->spans.count; s++)
            count += b->spans.items[s].tag != NULL;
        for (size_t c = 0; c < b->cells.count; c++)
            count += b->cells.items[c].tag != NULL;
    }
    return count;
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
        case FD_BLOCK_PICTURE:
            fd_buf_printf(out, "[图 %s]\n", b->picture.alternative);
            break;
        case FD_BLOCK_BREAK:
            break;
        }
    }
}
