/*
 * Any bytes through the DOCX reader.  An input that begins with "PK" is the archive itself; any
 * other is the document's XML, then, after a line of "====", that of the custom properties, and is
 * packed first: so the fuzzer need not learn check sums.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/io/zip_parts.h"
#include "base/utf8.h"
#include "io/docx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int condition)
{
    if (!condition)
        abort();
}

static void look(const fd_docx_spans *spans)
{
    for (size_t i = 0; i < spans->count; i++) {
        insist(spans->items[i].text[0] != 0);
        insist(fd_utf8_valid(spans->items[i].text, strlen(spans->items[i].text), NULL));
    }
}

static void read_all(const void *data, size_t size)
{
    fd_docx_doc *doc;
    int err = fd_docx_read(&doc, NULL, data, size, "fuzz");

    if (err < 0) {
        insist(!doc && fd_error_last()->code == err && fd_error_last()->message[FD_ZH][0]);
        return;
    }
    for (size_t i = 0; i < doc->blocks.count; i++) {
        const fd_docx_block *b = &doc->blocks.items[i];

        look(&b->spans);
        for (size_t r = 0; r < b->rows.count; r++)
            for (size_t c = 0; c < b->rows.items[r].cells.count; c++)
                look(&b->rows.items[r].cells.items[c].spans);
    }
    (void)fd_docx_doc_property(doc, "fangding");
    fd_docx_doc_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zip_part parts[] = { { "word/document.xml", NULL, 0 }, { "docProps/custom.xml", NULL, 0 } };
    const char *text = (const char *)data;
    const char *mark = size ? memmem(data, size, "\n====\n", 6) : NULL;
    size_t packed, count = 1;
    char *bytes;

    if (size >= 2 && data[0] == 'P' && data[1] == 'K') {
        read_all(data, size);
        return 0;
    }
    parts[0].text = size ? text : "<a/>";
    parts[0].size = mark ? (size_t)(mark - text) : size;
    if (!parts[0].size)
        parts[0].text = "<a/>";
    if (mark && (size_t)(mark + 6 - text) < size) {
        parts[1].text = mark + 6;
        parts[1].size = size - (size_t)(mark + 6 - text);
        count = 2;
    }
    bytes = zip_parts(parts, count, &packed);
    read_all(bytes, packed);
    free(bytes);
    return 0;
}
