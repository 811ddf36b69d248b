/*
 * DOCX out and in: official papers in the layout of GB/T 9704-2012.
 *
 * Writing: A4, type area 156 × 225 mm (top 37 mm, binding edge 28 mm), 22 lines of 28 characters,
 * fonts by name with alternatives in the font table and nothing embedded, page numbers "— 1 —" at
 * the outer edge.  A figure is a run-level content control (w:sdt) with a tag and a title, so that
 * it can be found again; a paragraph or table may carry a hidden bookmark.  Charts are native parts
 * with cached values, maps vector pictures (emf.h): nothing is drawn into pixels.  The same calls
 * give the same bytes.
 *
 * Reading: the text of paragraphs and tables, content controls, bookmarks and custom properties;
 * nothing else.  Archives come from outside, so everything is capped.
 */
#ifndef FD_IO_DOCX_H
#define FD_IO_DOCX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"

/* Word refuses longer tags and titles of content controls, and longer bookmark names (characters).
 */
#define FD_DOCX_TAG_MAX      64
#define FD_DOCX_BOOKMARK_MAX 40

typedef enum fd_docx_style {
    FD_DOCX_BODY = 0, /* 仿宋_GB2312 三号, two characters' indent */
    FD_DOCX_TITLE,    /* 方正小标宋简体 二号, centred */
    FD_DOCX_SUBTITLE, /* 楷体_GB2312 三号, centred */
    FD_DOCX_HEADING1, /* 黑体 三号: 一、 */
    FD_DOCX_HEADING2, /* 楷体_GB2312 三号: (一) */
    FD_DOCX_CAPTION, /* 黑体 小四, centred, kept with what follows: names of tables and charts */
    FD_DOCX_NOTE,    /* 仿宋 五号: 口径, 示例, what is missing */
    FD_DOCX_MARK,    /* 楷体 小四, centred: the line under the title of a paper with marks */
    FD_DOCX_SIGNATURE, /* 仿宋 三号, right: who and when */
    FD_DOCX_STYLES
} fd_docx_style;

/* Style ids as they stand in the file, "FdBody" …; FD_DOCX_BODY for an id that is none of ours. */
const char *fd_docx_style_id(fd_docx_style style);
fd_docx_style fd_docx_style_of(const char *id);

enum { FD_DOCX_BOLD = 1, FD_DOCX_ITALIC = 2, FD_DOCX_BREAK = 4 /* a line break before the text */ };

/* A stretch of text. With a tag it is a content control; title is shown above it by the editor. */
typedef struct fd_docx_span {
    const char *text;
    const char *tag;   /* NULL: plain text */
    const char *title; /* NULL: none */
    unsigned flags;
} fd_docx_span;

typedef enum fd_docx_align { FD_DOCX_LEFT, FD_DOCX_CENTER, FD_DOCX_RIGHT } fd_docx_align;

typedef struct fd_docx_column {
    double weight; /* share of the type area's width, in any unit */
    fd_docx_align align;
} fd_docx_column;

typedef struct fd_docx_cell {
    const fd_docx_span *spans;
    size_t count;
} fd_docx_cell;

typedef enum fd_docx_chart_kind {
    FD_DOCX_LINE,
    FD_DOCX_BARS,     /* horizontal bars, the first category on top */
    FD_DOCX_WATERFALL /* one series: rises and falls from a running sum, the last one from zero */
} fd_docx_chart_kind;

typedef struct fd_docx_series {
    const char *name;
    const double *values; /* NAN: a gap */
} fd_docx_series;

typedef struct fd_docx_chart {
    fd_docx_chart_kind kind;
    const char *title; /* also the alternative text */
    const char *unit;
    int digits;
    const char *const *categories;
    size_t category_count;
    const fd_docx_series *series;
    size_t series_count;
} fd_docx_chart;

typedef struct fd_docx fd_docx;

/** A new document. Release with fd_docx_free(). Never fails. */
fd_docx *fd_docx_new(void);
void fd_docx_free(fd_docx *d); /* NULL is fine */

/** Title of the file's properties, and any number of custom ones (text). Copied. */
void fd_docx_set_title(fd_docx *d, const char *title);
void fd_docx_property(fd_docx *d, const char *name, const char *value);
/** Body and headings in 小四 with closer lines, for what has to fit on one page. */
void fd_docx_set_compact(fd_docx *d, bool is_compact);
/** A line in the footer of every page, beside the page number. Copied. */
void fd_docx_footer_mark(fd_docx *d, const char *text);

/** Append a paragraph. `bookmark` (NULL: none) stands at its beginning; at most
 * FD_DOCX_BOOKMARK_MAX characters, letters, digits and '_'. Texts are copied; control characters
 * are left out. */
void fd_docx_paragraph(fd_docx *d, fd_docx_style style, const fd_docx_span *spans, size_t count,
                       const char *bookmark);
/** The next paragraph stays on the page of the one that follows it. */
void fd_docx_keep_next(fd_docx *d);
/** A paragraph of plain text. */
void fd_docx_text(fd_docx *d, fd_docx_style style, const char *text);
void fd_docx_page_break(fd_docx *d);

/** A table: begin, rows of as many cells as columns, end. Header rows repeat on every page. */
void fd_docx_table_begin(fd_docx *d, const fd_docx_column *columns, size_t count,
                         const char *bookmark);
void fd_docx_table_row(fd_docx *d, bool is_header, const fd_docx_cell *cells);
void fd_docx_table_end(fd_docx *d);

/** A chart as wide as the type area. A waterfall uses the first series only. */
void fd_docx_chart_add(fd_docx *d, const fd_docx_chart *chart);
/** A PNG or EMF picture of a size in millimetres; the bytes are copied. FD_EFORMAT when it is
 * neither. */
int fd_docx_picture(fd_docx *d, const void *picture, size_t length, double width_mm,
                    double height_mm, const char *alternative);

/** The whole file in memory; free() releases *bytes. FD_EIO, FD_ENOMEM. */
int fd_docx_pack(fd_docx *d, char **bytes, size_t *length);
/** Write the file atomically (codes of fd_file_write()). */
int fd_docx_save(fd_docx *d, const char *path);

/* ---- reading --------------------------------------------------------------------------------- */

typedef fd_vec(fd_docx_span) fd_docx_spans; /* texts belong to the document */

typedef struct fd_docx_read_cell {
    fd_docx_spans spans;
} fd_docx_read_cell;

typedef struct fd_docx_read_row {
    fd_vec(fd_docx_read_cell) cells;
} fd_docx_read_row;

/* A paragraph, or a table (rows.count > 0 or is_table). */
typedef struct fd_docx_block {
    bool is_table;
    const char *style;          /* of a paragraph: its style id, "" when none */
    fd_docx_spans spans;        /* of a paragraph */
    fd_vec(const char *) marks; /* names of the bookmarks that begin in it */
    fd_vec(fd_docx_read_row) rows;
    bool has_drawing; /* a picture or chart stands in it */
} fd_docx_block;

typedef struct fd_docx_read_property {
    const char *name, *value;
} fd_docx_read_property;

typedef struct fd_docx_doc {
    fd_arena *arena; /* every text */
    fd_vec(fd_docx_block) blocks;
    fd_vec(fd_docx_read_property) properties;
} fd_docx_doc;

/**
 * Read a document: the file at `path`, or `size` bytes at `data` when path is NULL; `name` for
 * messages.  Text that was deleted with changes tracked is left out, inserted text is in; tables
 * inside cells become text of the cell; text boxes, headers, footers and notes are not read.
 *
 * @return 0; FD_ENOTFOUND, FD_EFORMAT (no such document), FD_ELIMIT, FD_EIO
 */
int fd_docx_read(fd_docx_doc **out, const char *path, const void *data, size_t size,
                 const char *name);
void fd_docx_doc_free(fd_docx_doc *doc); /* NULL is fine */
/** A custom property's value, or NULL. */
const char *fd_docx_doc_property(const fd_docx_doc *doc, const char *name);
/** The text of spans, joined. */
void fd_docx_spans_text(fd_buf *out, const fd_docx_span *spans, size_t count);

#endif
