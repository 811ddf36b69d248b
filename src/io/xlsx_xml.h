/*
 * XML out of the parts of a zip archive, as a stream that can pause, with the caps of the reader.
 *
 * Names are given without their namespace prefix.  A document type declaration is refused, so that
 * there are no entities to expand or to fetch; nesting, single tokens, inflated bytes and their
 * ratio to packed bytes are capped.
 */
#ifndef FD_IO_XLSX_XML_H
#define FD_IO_XLSX_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zip.h>

#include "io/rows.h"

typedef struct fd_xlsx_zip {
    zip_t *zip;
    const char *name; /* of the file, for messages; borrowed */
    uint64_t inflated;
    uint64_t max_inflated;
    unsigned max_ratio;
} fd_xlsx_zip;

/** Open an archive: the file at `path`, or `size` bytes at `data` when path is NULL. FD_EFORMAT,
 * FD_EIO … */
int fd_xlsx_zip_open(fd_xlsx_zip *z, const char *path, const void *data, size_t size);
void fd_xlsx_zip_dispose(fd_xlsx_zip *z);
bool fd_xlsx_zip_has(const fd_xlsx_zip *z, const char *part);

/* Each returns 0 to go on, 1 to pause after this event (`end` only), or negative to give up. */
typedef struct fd_xml_handlers {
    int (*start)(void *payload, const char *name, const char *const *attributes);
    int (*end)(void *payload, const char *name);
    int (*text)(void *payload, const char *text, size_t length);
} fd_xml_handlers;

typedef struct fd_xml fd_xml;

/** `handlers` and `part` must outlive the stream. FD_ENOTFOUND when there is no such part. */
int fd_xml_open(fd_xml **out, fd_xlsx_zip *z, const char *part, const fd_xml_handlers *handlers,
                void *payload);
void fd_xml_close(fd_xml *x);
/** Go on until a handler pauses (1), the document ends (0), or something fails (negative). */
int fd_xml_run(fd_xml *x);
/** Open, run to the end, close. */
int fd_xml_read(fd_xlsx_zip *z, const char *part, const fd_xml_handlers *handlers, void *payload);

/** The value of an attribute by its name without prefix, or NULL. */
const char *fd_xml_attribute(const char *const *attributes, const char *name);
/** True for "1", "true" and "on". */
bool fd_xml_true(const char *value);

/** Does the part hold these bytes anywhere? A part in UTF-16 counts as holding everything. */
int fd_xlsx_part_contains(bool *out, fd_xlsx_zip *z, const char *part, const char *needle);

#endif
