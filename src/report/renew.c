/*
 * A new draft that keeps the author's hand.
 *
 * The old file is read from top to bottom.  Its bookmarks tell which paragraph of the program each
 * was and the fingerprint of what the program had written.  The place of a kept paragraph is behind
 * the last one of the program that stood before it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/internal.h"

typedef struct renewing {
    fd_paper *paper;
    fd_composer m;
    size_t at; /* where the next kept block would go */
    fd_map *seen;
    fd_map *order;   /* id → its place among those the program wrote into the old draft */
    fd_map *moved;   /* ids that the author has moved, in this draft or one before */
    uint64_t latest; /* the last of those places met so far */
} renewing;

/* "_fd_ID_0123456789ab" */
static bool parse_bookmark(const char *name, fd_view *id, fd_view *print)
{
    size_t length = strlen(name);

    if (strncmp(name, "_fd_", 4) != 0 || length < 4 + 1 + 1 + 12 || name[length - 13] != '_')
        return false;
    *id = (fd_view){ name + 4, length - 4 - 13 };
    *print = (fd_view){ name + length - 12, 12 };
    return true;
}

static ptrdiff_t find(const fd_paper *paper, fd_view id)
{
    for (size_t i = 0; i < paper->blocks.count; i++)
        if (paper->blocks.items[i].id && fd_view_is(id, paper->blocks.items[i].id))
            return (ptrdiff_t)i;
    return -1;
}

static void insert(fd_paper *paper, size_t at, fd_paper_block block)
{
    fd_vec_push(&paper->blocks, block);
    memmove(paper->blocks.items + at + 1, paper->blocks.items + at,
            (paper->blocks.count - 1 - at) * sizeof block);
    paper->blocks.items[at] = block;
}

static void remove_at(fd_paper *paper, size_t at)
{
    fd_report__block_dispose(&paper->blocks.items[at]);
    memmove(paper->blocks.items + at, paper->blocks.items + at + 1,
            (paper->blocks.count - 1 - at) * sizeof *paper->blocks.items);
    paper->blocks.count--;
}

static void list_ids(fd_map *out, const char *ids)
{
    fd_view rest = fd_view_of(ids ? ids : ""), id;

    while (fd_view_split(&rest, ' ', &id))
        if (id.len)
            fd_map_set(out, id, fd_map_count(out));
}

/* Has the author put this block behind one that stood after it? */
static bool is_moved(renewing *k, fd_view id)
{
    uint64_t place;
    bool moved = fd_map_get(k->moved, id, &(uint64_t){ 0 });

    if (fd_map_get(k->order, id, &place)) {
        moved = moved || place < k->latest;
        k->latest = place > k->latest ? place : k->latest;
    }
    return moved;
}

/* Where today's block stands, after it went behind the last one met if the author had moved it. A
 * chart has no name of its own: it goes with its caption. */
static size_t settle(renewing *k, size_t at, fd_view id)
{
    fd_paper *paper = k->paper;
    size_t count = 1;

    if (!is_moved(k, id) || at == k->at)
        return at;
    if (at + 1 < paper->blocks.count && (paper->blocks.items[at + 1].kind == FD_BLOCK_CHART ||
                                         paper->blocks.items[at + 1].kind == FD_BLOCK_PICTURE))
        count = 2;
    for (size_t i = 0; i < count; i++) {
        size_t from = at < k->at ? at : at + i, to = at < k->at ? k->at - 1 : k->at + i;
        fd_paper_block block = paper->blocks.items[from];

        if (from < to)
            memmove(paper->blocks.items + from, paper->blocks.items + from + 1,
                    (to - from) * sizeof block);
        else
            memmove(paper->blocks.items + to + 1, paper->blocks.items + to,
                    (from - to) * sizeof block);
        paper->blocks.items[to] = block;
    }
    fd_vec_push(&paper->moved, fd_arena_strndup(paper->arena, id.ptr, id.len));
    return at < k->at ? k->at - count : k->at;
}

/* Behind a block, and behind the chart below it when it is a caption. */
static size_t behind(const renewing *k, size_t at)
{
    const fd_paper *paper = k->paper;

    at++;
    return at < paper->blocks.count && (paper->blocks.items[at].kind == FD_BLOCK_CHART ||
                                        paper->blocks.items[at].kind == FD_BLOCK_PICTURE)
               ? at + 1
               : at;
}

static fd_docx_span copy_span(const fd_paper *paper, const fd_docx_span *s)
{
    fd_docx_span c = { fd_arena_strdup(paper->arena, s->text),
                       fd_arena_strdup(paper->arena, s->tag),
                       fd_arena_strdup(paper->arena, s->title), s->flags };

    return c;
}

static void old_text(fd_buf *out, const fd_docx_block *b)
{
    fd_docx_spans_text(out, b->spans.items, b->spans.count);
    for (size_t r = 0; r < b->rows.count; r++)
        for (size_t c = 0; c < b->rows.items[r].cells.count; c++)
            fd_docx_spans_text(out, b->rows.items[r].cells.items[c].spans.items,
                               b->rows.items[r].cells.items[c].spans.count);
}

/* One span for a cell: its text, bound when it is a single figure. */
static fd_docx_span cell_span(const fd_paper *paper, const fd_docx_spans *spans)
{
    fd_buf text = FD_BUF_INIT;
    fd_docx_span s = { "", NULL, NULL, 0 };

    if (spans->count == 1)
        return copy_span(paper, &spans->items[0]);
    fd_docx_spans_text(&text, spans->items, spans->count);
    s.text = fd_arena_strdup(paper->arena, fd_buf_text(&text));
    fd_buf_dispose(&text);
    return s;
}

static fd_paper_block take_old(const fd_paper *paper, const fd_docx_block *old,
                               const fd_paper_block *like)
{
    fd_paper_block b;
    size_t columns = 0;

    memset(&b, 0, sizeof b);
    b.by_author = true;
    if (!old->is_table) {
        b.kind = FD_BLOCK_PARAGRAPH;
        b.style = fd_docx_style_of(old->style);
        for (size_t i = 0; i < old->spans.count; i++)
            fd_vec_push(&b.spans, copy_span(paper, &old->spans.items[i]));
        return b;
    }
    b.kind = FD_BLOCK_TABLE;
    for (size_t r = 0; r < old->rows.count; r++)
        if (old->rows.items[r].cells.count > columns)
            columns = old->rows.items[r].cells.count;
    for (size_t c = 0; c < columns; c++) {
        fd_docx_column column = { 1, FD_DOCX_LEFT };

        if (like && like->columns.count == columns)
            column = like->columns.items[c];
        fd_vec_push(&b.columns, column);
    }
    for (size_t r = 0; r < old->rows.count; r++)
        for (size_t c = 0; c < columns; c++) {
            fd_docx_span empty = { "", NULL, NULL, 0 };

            fd_vec_push(&b.cells, c < old->rows.items[r].cells.count
                                      ? cell_span(paper, &old->rows.items[r].cells.items[c].spans)
                                      : empty);
        }
    return b;
}

/* "fd:sei_share-2022@2023": where the name of the figure ends, before what it is a difference from.
 */
static size_t stem_length(const char *tag, const char *at)
{
    for (const char *c = tag; c < at; c++)
        if (*c == '-' && c[1] >= '0' && c[1] <= '9')
            return (size_t)(c - tag) + 1;
    return (size_t)(at - tag);
}

/* The figure with the same name and place in today's paper, whatever its period. */
static const fd_paper_figure *same_stem(const fd_paper *paper, const char *tag)
{
    const char *at = strchr(tag, '@'), *place = at ? strchr(at, '/') : NULL;
    size_t length = at ? stem_length(tag, at) : 0;

    for (size_t i = 0; at && i < paper->figures.count; i++) {
        const char *other = paper->figures.items[i].tag, *b = strchr(other, '@'),
                   *other_place = b ? strchr(b, '/') : NULL;

        if (b && stem_length(other, b) == length && strncmp(tag, other, length) == 0 &&
            strcmp(place ? place : "", other_place ? other_place : "") == 0)
            return &paper->figures.items[i];
    }
    return NULL;
}

static void compare_span(fd_buf *out, renewing *k, const fd_docx_span *s)
{
    const fd_paper_figure *newer;
    const char *today, *name;

    if (!s->tag || strncmp(s->tag, "fd:", 3) != 0)
        return;
    newer = same_stem(k->paper, s->tag);
    if (newer && strcmp(newer->tag, s->tag) != 0) {
        if (strcmp(newer->text, s->text) == 0)
            return;
        fd_buf_printf(out, "%s%s 原稿 %s，现为 %s", out->len ? "；" : "", newer->name, s->text,
                      newer->text);
        return;
    }
    switch (fd_report__today(&today, &name, &k->m, s->tag)) {
    case FD_TODAY_KNOWN:
        if (strcmp(today, s->text) != 0)
            fd_buf_printf(out, "%s%s 原稿 %s，现为 %s", out->len ? "；" : "", name, s->text, today);
        break;
    case FD_TODAY_MISSING:
    case FD_TODAY_UNKNOWN:
        fd_buf_printf(out, "%s%s 原稿 %s，现查不到", out->len ? "；" : "", name[0] ? name : s->tag,
                      s->text);
        break;
    }
}

/* The line below a kept block. */
static void put_note(renewing *k, const fd_paper_block *kept, size_t at, const char *id)
{
    fd_buf out = FD_BUF_INIT;
    fd_paper_block note;
    fd_docx_span span = { NULL, NULL, NULL, FD_DOCX_ITALIC };

    for (size_t i = 0; i < kept->spans.count; i++)
        compare_span(&out, k, &kept->spans.items[i]);
    for (size_t i = 0; i < kept->cells.count; i++)
        compare_span(&out, k, &kept->cells.items[i]);
    memset(&note, 0, sizeof note);
    note.kind = FD_BLOCK_PARAGRAPH;
    note.style = FD_DOCX_NOTE;
    note.id = fd_arena_printf(k->paper->arena, "k%s", id);
    span.text = fd_arena_printf(k->paper->arena, "〔上文为作者改过，原样保留。%s〕",
                                out.len ? fd_buf_text(&out) : "其中的数与城市文件一致");
    fd_vec_push(&note.spans, span);
    insert(k->paper, at, note);
    fd_buf_dispose(&out);
}

/* A paragraph of the program that the author changed. */
static void keep_changed(renewing *k, const fd_docx_block *old, fd_view id, fd_view print)
{
    ptrdiff_t at = find(k->paper, id);
    fd_paper_block kept = take_old(k->paper, old, at >= 0 ? &k->paper->blocks.items[at] : NULL);
    const char *name = fd_arena_strndup(k->paper->arena, id.ptr, id.len);

    kept.id = name;
    kept.fingerprint = fd_arena_strndup(k->paper->arena, print.ptr, print.len);
    if (at >= 0) {
        at = (ptrdiff_t)settle(k, (size_t)at, id);
        fd_report__block_dispose(&k->paper->blocks.items[at]);
        k->paper->blocks.items[at] = kept;
        k->at = (size_t)at + 1;
    } else {
        insert(k->paper, k->at, kept);
        k->at++;
    }
    fd_vec_push(&k->paper->kept, name);
    put_note(k, &kept, k->at, name);
    k->at++;
}

static void take_block(renewing *k, const fd_docx_block *old)
{
    fd_buf text = FD_BUF_INIT;
    fd_view id = { NULL, 0 }, print = { NULL, 0 };
    char now[13];
    bool is_ours = false;
    ptrdiff_t at;

    for (size_t i = 0; i < old->marks.count && !is_ours; i++)
        is_ours = parse_bookmark(old->marks.items[i], &id, &print);
    old_text(&text, old);
    if (is_ours && fd_map_get(k->seen, id, &(uint64_t){ 0 }))
        is_ours = false; /* a copy that the author made of one of ours */
    if (is_ours) {
        fd_map_set(k->seen, id, 1);
        fd_report__fingerprint(now, (fd_view){ fd_buf_text(&text), text.len });
        if (fd_view_is(print, now)) {
            if ((at = find(k->paper, id)) >= 0)
                k->at = behind(k, settle(k, (size_t)at, id));
        } else {
            keep_changed(k, old, id, print);
        }
    } else if (fd_view_trim((fd_view){ fd_buf_text(&text), text.len }).len) {
        insert(k->paper, k->at++, take_old(k->paper, old, NULL));
        fd_vec_push(&k->paper->kept, "+");
    }
    fd_buf_dispose(&text);
}

/* Marks, gaps and notes belong to the figures, not to the author. */
static bool may_go(fd_view id)
{
    return !fd_view_is(id, "mark") && !fd_view_starts(id, "gap") && !fd_view_starts(id, "k");
}

static void drop_deleted(renewing *k, const char *ids)
{
    fd_view rest = fd_view_of(ids), id;

    while (fd_view_split(&rest, ' ', &id)) {
        ptrdiff_t at;

        if (!id.len || !may_go(id) || fd_map_get(k->seen, id, &(uint64_t){ 0 }) ||
            (at = find(k->paper, id)) < 0)
            continue;
        fd_vec_push(&k->paper->dropped, fd_arena_strndup(k->paper->arena, id.ptr, id.len));
        remove_at(k->paper, (size_t)at);
        /* A chart has no name of its own: it goes with its caption. */
        if (fd_view_starts(id, "c") && (size_t)at < k->paper->blocks.count &&
            (k->paper->blocks.items[at].kind == FD_BLOCK_CHART ||
             k->paper->blocks.items[at].kind == FD_BLOCK_PICTURE))
            remove_at(k->paper, (size_t)at);
    }
}

int fd_paper_renew(fd_paper *paper, const fd_paper_context *context, const fd_docx_doc *old)
{
    const char *ids = fd_paper_property(old, "fangding.ids");
    renewing k;

    memset(&k, 0, sizeof k);
    k.paper = paper;
    k.seen = fd_map_new();
    k.order = fd_map_new();
    k.moved = fd_map_new();
    list_ids(k.order, ids);
    list_ids(k.moved, fd_paper_property(old, "fangding.moved"));
    fd_report__composer_init(&k.m, context, paper, "");
    for (size_t i = 0; i < old->blocks.count; i++)
        take_block(&k, &old->blocks.items[i]);
    if (ids)
        drop_deleted(&k, ids);
    fd_report__composer_dispose(&k.m);
    fd_map_free(k.seen);
    fd_map_free(k.order);
    fd_map_free(k.moved);
    return 0;
}
