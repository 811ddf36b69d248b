/*
 * Papers: from definitions, a program and a source to a document that knows where each figure is
 * from.
 *
 * A paper is composed from a text (definitions/papers/, described in docs/papers.md): sections,
 * paragraphs of sentences with {placeholders}, lists, tables, charts.  Words come from fixed
 * thresholds; a sentence that lacks a figure is left out and named under 缺数据; nothing is
 * invented.  Every figure is a content control whose tag says which figure of which period and
 * place it is, and whose title holds the value as printed and the snapshot; so a paper can be
 * checked against the city file later, and renewed without losing what its author wrote.
 *
 * Pure: no file is opened, no clock read; the date of today is an input.
 */
#ifndef FD_REPORT_PAPER_H
#define FD_REPORT_PAPER_H

#include "fangding/measure.h"
#include "io/docx.h"

/* What a paper is about and what its reader may see. Everything is borrowed. */
typedef struct fd_paper_context {
    const fd_program *program;
    fd_source *source;
    int64_t snapshot;
    fd_source *before; /* the city as it was at an earlier snapshot, or NULL */
    int64_t before_snapshot;
    const char *city;       /* its name */
    const char *marks;      /* marks of the whole city file, "" or "示例" */
    fd_period at;           /* a cumulative span, or FD_PERIOD_NONE for papers without a period */
    const char *place_kind; /* "county", "chain", "enterprise", or NULL: the whole city */
    const char *place_code, *place_name;
    fd_date today;
    int stale_days; /* data older than this are marked 陈旧; 0: 30 */
    /* May the reader see an indicator of parts of the city (kind: "county", "enterprise", …)? */
    bool (*may_show)(void *payload, const fd_indicator *indicator, const char *kind);
    /* May the reader see one respondent's figure of this origin? */
    bool (*may_see)(void *payload, const char *origin);
    void *payload;
    /* A table that an engine gives about the place, by its code (图谱 缺口 四链 路径); *out stays
     * NULL when there is none. The paper frees it. NULL: no engines. */
    int (*engine)(void *payload, fd_table **out, const char *name, const char *place);
    fd_view quotations; /* CSV: id, text, source; "" when there is none */
    fd_view questions;  /* text: rules for questions; "" when there is none */
} fd_paper_context;

typedef enum fd_block_kind {
    FD_BLOCK_PARAGRAPH,
    FD_BLOCK_TABLE,
    FD_BLOCK_CHART,
    FD_BLOCK_PICTURE,
    FD_BLOCK_BREAK
} fd_block_kind;

/* A vector picture; everything belongs to the paper. */
typedef struct fd_paper_picture {
    const void *bytes;
    size_t length;
    double width_mm, height_mm;
    const char *alternative; /* what it shows, for those who cannot see it */
} fd_paper_picture;

/* One piece of a paper. Texts belong to the paper. */
typedef struct fd_paper_block {
    fd_block_kind kind;
    const char *id; /* of paragraphs and tables: stable from draft to draft; NULL: none */
    fd_docx_style style;
    fd_docx_spans spans; /* of a paragraph */
    /* of a table */
    fd_vec(fd_docx_column) columns;
    fd_vec(fd_docx_span) cells; /* row by row; the first row is the header */
    fd_docx_chart chart;        /* of a chart */
    fd_paper_picture picture;   /* of a picture */
    bool by_author;             /* kept from an earlier draft */
    const char *fingerprint;    /* of the text that the program wrote; NULL: of the text here */
} fd_paper_block;

/* What could not be said, and why. */
typedef struct fd_paper_missing {
    const char *sentence; /* its beginning */
    const char *figure;   /* name and period */
    const char *reason;
} fd_paper_missing;

/* A figure of the paper as it is bound. */
typedef struct fd_paper_figure {
    const char *tag;
    const char *text; /* as printed */
    const char *name; /* for people */
} fd_paper_figure;

typedef struct fd_paper {
    fd_arena *arena;
    const char *title;
    const char *mark; /* "" or the line for the footer */
    bool is_compact;  /* smaller type: one page */
    fd_vec(fd_paper_block) blocks;
    fd_vec(fd_paper_missing) missing;
    fd_vec(fd_paper_figure) figures;
    fd_vec(const char *) kept;    /* renewal: ids of paragraphs kept as the author left them */
    fd_vec(const char *) moved;   /* renewal: ids of paragraphs that the author had moved */
    fd_vec(const char *) dropped; /* renewal: ids of paragraphs that the author had deleted */
    size_t unbound;               /* figures whose reference was too long to bind */
} fd_paper;

/**
 * Compose a paper.
 *
 * @param[out] out  release with fd_paper_free()
 * @param text      the definition; `name` is its file, for messages
 * @return 0, FD_EPARSE (the definition: file and line), FD_ENOTFOUND (an indicator, item or
 *         dimension that nobody declared), what the source returns
 */
int fd_paper_compose(fd_paper **out, const fd_paper_context *context, fd_view text,
                     const char *name);
void fd_paper_free(fd_paper *paper); /* NULL is fine */

/**
 * Keep what the author changed in an earlier draft.
 *
 * A paragraph or table of the old file whose text still has the fingerprint in its bookmark is the
 * program's: the new draft's stands.  One that differs, or has no bookmark, is the author's: it
 * stays verbatim, at its place, with a line below that lists the figures in it which the city file
 * knows differently today.  One that the old draft had and the file has no more stays out.
 * Figures in kept paragraphs stay bound.
 */
int fd_paper_renew(fd_paper *paper, const fd_paper_context *context, const fd_docx_doc *old);

/**
 * Read a paper that was written before.  Some editors drop the tags of controls when they save;
 * the titles end in a number that leads to the list of tags in the file's properties.
 * FD_EFORMAT when the document is none of fangding's. Release with fd_docx_doc_free().
 */
int fd_paper_read(fd_docx_doc **out, const char *path);
/** The same from memory; `name` is for messages. data NULL reads the file of that name. */
int fd_paper_read_bytes(fd_docx_doc **out, const void *data, size_t size, const char *name);
/** A text that was cut into several properties (NAME.1, NAME.2 …), joined; NULL when absent. In the
 * document's arena. */
const char *fd_paper_property(const fd_docx_doc *doc, const char *name);

/** The document. `properties` are pairs name, value for the file, NULL-terminated; or NULL. */
int fd_paper_write(const fd_paper *paper, const char *path, const char *const *properties);
/** The same in memory; free() releases *bytes. */
int fd_paper_pack(const fd_paper *paper, char **bytes, size_t *length,
                  const char *const *properties);
/** How many controls the document will hold. */
size_t fd_paper_controls(const fd_paper *paper);
/** The paper as plain text: a line per paragraph, cells separated by tabs. For tests and
 * terminals. */
void fd_paper_text(fd_buf *out, const fd_paper *paper);

/**
 * What differs between a document and the city file today.
 *
 * @param[out] out  columns paragraph (DEC), figure, tag, document, printed, city, state, all TEXT
 *                  but the first; one row per figure that differs from the city file, was edited,
 *                  or is not known any more; *checked receives how many figures were looked at,
 *                  *different how many of the rows differ from the city file. The caller frees.
 * @param paper     the same paper composed today
 */
int fd_paper_check(fd_table **out, size_t *checked, size_t *different, const fd_paper *paper,
                   const fd_paper_context *context, const fd_docx_doc *document);

#endif
