/*
 * Inside the DOCX writer: the document under construction and the parts made from it.
 */
#ifndef FD_IO_DOCX_INTERNAL_H
#define FD_IO_DOCX_INTERNAL_H

#include "io/docx.h"

/* A file inside the archive. Owned by the document. */
typedef struct fd_docx__part {
    char *name;
    char *bytes;
    size_t length;
} fd_docx__part;

typedef struct fd_docx__property {
    char *name, *value;
} fd_docx__property;

struct fd_docx {
    fd_buf body;
    char *title, *footer_mark;
    fd_vec(fd_docx__property) properties;
    fd_vec(fd_docx__part) charts;   /* word/charts/chartN.xml */
    fd_vec(fd_docx__part) pictures; /* word/media/imageN.png */
    fd_vec(fd_docx_column) columns; /* of the table being written */
    char *pending_bookmark;         /* waits for the first cell */
    bool is_compact;
    bool keep_next; /* the next paragraph stays with the one behind it */
    int next_id;    /* of bookmarks, controls and drawings */
};

#define FD_DOCX__W    "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define FD_DOCX__R    "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define FD_DOCX__HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

/* The type area: 156 mm, in twentieths of a point and in EMU. */
#define FD_DOCX__WIDTH     8844
#define FD_DOCX__WIDTH_EMU 5616000L
#define FD_DOCX__EMU_MM    36000L

/** Append text with the five characters of XML escaped, and without what XML 1.0 cannot hold. */
void fd_docx__escape(fd_buf *out, const char *text);

/** word/styles.xml, word/fontTable.xml, word/settings.xml. */
void fd_docx__styles(fd_buf *out, bool is_compact);
void fd_docx__fonts(fd_buf *out);
void fd_docx__settings(fd_buf *out);
/** word/footerN.xml: the page number at the right (odd pages) or left, and the mark. */
void fd_docx__footer(fd_buf *out, const char *mark, bool is_even);
/** The section at the end of the body. */
void fd_docx__section(fd_buf *out);
/** word/charts/chartN.xml. */
void fd_docx__chart(fd_buf *out, const fd_docx_chart *chart);

#endif
