/* A zip archive in memory out of named texts, for workbooks no library would write. */
#ifndef TESTS_IO_ZIP_PARTS_H
#define TESTS_IO_ZIP_PARTS_H

#include <stdlib.h>
#include <string.h>
#include <zip.h>

typedef struct zip_part {
    const char *name;
    const char *text;
    size_t size; /* 0: strlen(text) */
} zip_part;

/* free() releases the result. Parts without a name are left out. */
static inline char *zip_parts(const zip_part *parts, size_t count, size_t *size)
{
    zip_error_t error;
    zip_source_t *whole;
    zip_stat_t st;
    zip_t *zip;
    char *out = NULL;

    zip_error_init(&error);
    whole = zip_source_buffer_create(NULL, 0, 0, &error);
    zip = zip_open_from_source(whole, ZIP_TRUNCATE, &error);
    zip_source_keep(whole);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *part;
        zip_int64_t index;

        if (!parts[i].name)
            continue;
        part = zip_source_buffer(zip, parts[i].text,
                                 parts[i].size ? parts[i].size : strlen(parts[i].text), 0);
        index = zip_file_add(zip, parts[i].name, part, ZIP_FL_ENC_UTF_8);
        zip_file_set_mtime(zip, (zip_uint64_t)index, 946684800, 0);
        zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 9);
    }
    *size = 0;
    if (zip_close(zip) == 0 && zip_source_open(whole) == 0) {
        zip_source_stat(whole, &st);
        out = malloc(st.size ? (size_t)st.size : 1);
        *size = (size_t)zip_source_read(whole, out, st.size);
        zip_source_close(whole);
    }
    zip_source_free(whole);
    zip_error_fini(&error);
    return out;
}

#endif
