/*
 * Any bytes through the CSV reader.  Every cell must be valid UTF-8 and within bounds; a file that
 * is read without damage is written again and must come back cell by cell.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/utf8.h"
#include "io/csvw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int condition)
{
    if (!condition)
        abort();
}

/* A number that stands for all cells; 0 with *sound false when reading ended early or met damage.
 */
static uint64_t summary(const void *data, size_t size, const fd_rows_options *options,
                        fd_csvw *copy, int *sound)
{
    uint64_t sum = 1;
    const fd_row *row;
    fd_rows *rows;
    long before = 0, line = 0;
    int err;

    *sound = 0;
    if (fd_rows_open_memory(&rows, data, size, "fuzz", options) < 0)
        return 0;
    *sound = 1;
    while ((err = fd_rows_next(rows, &row)) > 0) {
        insist(row->number > before && row->line > line && row->count > 0);
        before = row->number;
        line = row->line;
        if (row->damaged) {
            *sound = 0;
            insist(row->damaged_cell < row->count);
            insist(fd_rows_describe_damage(rows, row) == FD_EFORMAT);
        }
        for (size_t i = 0; i < row->count; i++) {
            fd_view text = row->cells[i].text;

            insist(fd_utf8_valid(text.ptr, text.len, NULL));
            sum = sum * 31 + fd_hash_bytes(text.ptr, text.len);
            if (copy)
                fd_csvw_cell(copy, text);
        }
        sum = sum * 31 + 7;
        if (copy)
            fd_csvw_end_row(copy);
    }
    if (err < 0)
        *sound = 0;
    fd_rows_close(rows);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const fd_encoding encodings[] = { FD_ENCODING_UTF8_BOM, FD_ENCODING_GB18030,
                                             FD_ENCODING_UTF16LE };
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_csvw_options form = { encodings[size % 2 * 2], ";,"[size % 2], size % 3 == 0 };
    char *bytes = NULL;
    size_t length = 0;
    FILE *stream;
    uint64_t first, second;
    fd_csvw *copy = NULL;
    int sound, again;

    if (size >= 2 && data[0] == 'P' && data[1] == 'K')
        return 0;
    stream = open_memstream(&bytes, &length);
    insist(stream && fd_csvw_new(&copy, stream, &form) == 0);
    first = summary(data, size, &options, copy, &sound);
    insist(fd_csvw_finish(copy) == 0);
    fclose(stream);
    options.separator = form.separator;
    second = summary(bytes, length, &options, NULL, &again);
    if (sound)
        insist(again && first == second);
    free(bytes);
    return 0;
}
