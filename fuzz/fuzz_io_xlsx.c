/*
 * Any bytes through the XLSX reader.  An input that begins with "PK" is the archive itself; any
 * other is XML for the parts of a workbook, in the order sheet, shared strings, styles, workbook,
 * separated by lines of "====", and is packed first: so the fuzzer need not learn check sums.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/io/zip_parts.h"
#include "base/utf8.h"
#include "io/rows.h"

#define RELS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int condition)
{
    if (!condition)
        abort();
}

static void read_all(const void *data, size_t size)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    const fd_row *row;
    fd_rows *rows;
    int err;

    options.max_inflated = (uint64_t)64 << 20;
    options.max_merged = 200000;
    options.max_strings = 100000;
    if (fd_rows_open_memory(&rows, data, size, "fuzz", &options) < 0)
        return;
    do {
        long before = 0;

        while ((err = fd_rows_next(rows, &row)) > 0) {
            insist(row->number > before && row->count > 0);
            before = row->number;
            for (size_t i = 0; i < row->count; i++) {
                fd_view text = row->cells[i].text, raw = row->cells[i].raw;

                insist((row->cells[i].kind == FD_CELL_EMPTY) == (text.len == 0));
                insist(fd_utf8_valid(text.ptr, text.len, NULL));
                insist(fd_utf8_valid(raw.ptr, raw.len, NULL));
            }
        }
    } while (err == 0 && (err = fd_rows_next_sheet(rows)) > 0);
    if (err < 0)
        insist(fd_error_last()->code == err && fd_error_last()->message[FD_ZH][0]);
    fd_rows_close(rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zip_part parts[] = {
        { "xl/worksheets/sheet1.xml", NULL, 0 },
        { "xl/sharedStrings.xml", NULL, 0 },
        { "xl/styles.xml", NULL, 0 },
        { "xl/workbook.xml",
          "<workbook><sheets><sheet name=\"a\" r:id=\"rId1\"/><sheet name=\"b\" "
          "r:id=\"rId1\"/></sheets>"
          "</workbook>",
          0 },
        { "xl/_rels/workbook.xml.rels",
          "<Relationships><Relationship Id=\"rId1\" Type=\"" RELS
          "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" RELS
          "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"" RELS
          "/styles\" Target=\"styles.xml\"/></Relationships>",
          0 },
    };
    const char *from = (const char *)data, *end = from + size;
    size_t packed;
    char *bytes;

    if (size >= 2 && data[0] == 'P' && data[1] == 'K') {
        read_all(data, size);
        return 0;
    }
    for (size_t i = 0; i < 4; i++) {
        const char *mark = from < end ? memmem(from, (size_t)(end - from), "\n====\n", 6) : NULL;
        const char *to = mark ? mark : end;

        if (from < to) {
            parts[i].text = from;
            parts[i].size = (size_t)(to - from);
        } else if (!parts[i].text) {
            parts[i].text = "<a/>";
        }
        from = mark ? mark + 6 : end;
    }
    bytes = zip_parts(parts, sizeof parts / sizeof *parts, &packed);
    read_all(bytes, packed);
    free(bytes);
    return 0;
}
