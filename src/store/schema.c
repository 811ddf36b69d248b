/*
 * The relations and scans as tables, so that each back end is one interpreter and not twenty
 * functions.
 */
#include "store/store_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fangding/arena.h"

static const char *const batch_columns[] = { "id", "snapshot", "time", "verb", "actor", "note" };
static const char *const meta_columns[] = { "seq", "key", "value" };
static const char *const subject_columns[] = { "kind", "code", "batch", "id" };
static const char *const attribute_columns[] = { "attribute", "subject", "since", "batch",
                                                 "value" };
static const char *const source_columns[] = { "seq",   "id",       "name", "digest",
                                              "bytes", "encoding", "form", "sender" };
static const char *const block_columns[] = { "seq", "hash", "data" };
static const char *const segment_columns[] = {
    "seq",    "item",   "kind",          "period",        "basis",     "source",     "sheet",
    "header", "origin", "basis_of_law",  "permitted_use", "marks",     "value_kind", "scale",
    "unit",   "n",      "subject_block", "row_block",     "cell_block"
};
static const char *const overlay_columns[] = { "seq",   "item",    "kind",  "period",
                                               "basis", "subject", "state", "value",
                                               "scale", "reason",  "actor" };
static const char *const definition_columns[] = { "seq",  "kind", "id",      "hash",
                                                  "text", "file", "shipped", "replaces" };
static const char *const record_columns[] = { "seq",  "type",   "key",  "state",
                                              "date", "fields", "actor" };
static const char *const cube_columns[] = { "seq",       "cube",        "indicator", "place",
                                            "chain",     "industry",    "period",    "state",
                                            "numerator", "denominator", "value",     "n",
                                            "unit",      "suppressed" };
static const char *const mapping_columns[] = { "seq", "form", "sender", "header", "item" };

#define RELATION(name, columns, batch_column)                                                      \
    {                                                                                              \
        name, columns, sizeof(columns) / sizeof((columns)[0]), batch_column                        \
    }

const fd_relation fd_store__relations[FD_REL_COUNT] = {
    [FD_REL_BATCH] = RELATION("batch", batch_columns, FD_BATCH_ID),
    [FD_REL_META] = RELATION("meta", meta_columns, -1),
    [FD_REL_SUBJECT] = RELATION("subject", subject_columns, FD_SUBJECT_BATCH),
    [FD_REL_ATTRIBUTE] = RELATION("attribute", attribute_columns, FD_ATTR_BATCH),
    [FD_REL_SOURCE] = RELATION("source", source_columns, -1),
    [FD_REL_BLOCK] = RELATION("block", block_columns, -1),
    [FD_REL_SEGMENT] = RELATION("segment", segment_columns, -1),
    [FD_REL_OVERLAY] = RELATION("overlay", overlay_columns, -1),
    [FD_REL_DEFINITION] = RELATION("definition", definition_columns, -1),
    [FD_REL_RECORD] = RELATION("record", record_columns, -1),
    [FD_REL_CUBE] = RELATION("cube", cube_columns, -1),
    [FD_REL_MAPPING] = RELATION("mapping", mapping_columns, -1),
};

const fd_scan_spec fd_store__scans[FD_SCAN_COUNT] = {
    [FD_SCAN_BATCHES] = { FD_REL_BATCH, { 0 }, 0, 0, false },
    [FD_SCAN_META] = { FD_REL_META, { FD_META_KEY }, 1, 0, false },
    [FD_SCAN_SUBJECT_KIND] = { FD_REL_SUBJECT, { FD_SUBJECT_KIND }, 1, 0, false },
    [FD_SCAN_SUBJECT_CODE] = { FD_REL_SUBJECT, { FD_SUBJECT_KIND, FD_SUBJECT_CODE }, 2, 0, false },
    [FD_SCAN_ATTRIBUTE] = { FD_REL_ATTRIBUTE, { FD_ATTR_NAME }, 1, 0, false },
    [FD_SCAN_ATTRIBUTE_SUBJECT] = { FD_REL_ATTRIBUTE,
                                    { FD_ATTR_NAME, FD_ATTR_SUBJECT },
                                    2,
                                    0,
                                    false },
    [FD_SCAN_ATTRIBUTE_NAMES] = { FD_REL_ATTRIBUTE, { 0 }, 0, 1, true },
    [FD_SCAN_SOURCES] = { FD_REL_SOURCE, { 0 }, 0, 0, false },
    [FD_SCAN_SOURCE_DIGEST] = { FD_REL_SOURCE, { FD_SRC_DIGEST }, 1, 0, false },
    [FD_SCAN_BLOCK] = { FD_REL_BLOCK, { FD_BLOCK_SEQ }, 1, 0, false },
    [FD_SCAN_BLOCK_HASH] = { FD_REL_BLOCK, { FD_BLOCK_HASH }, 1, 1, false },
    [FD_SCAN_SEGMENTS] = { FD_REL_SEGMENT, { 0 }, 0, 0, false },
    [FD_SCAN_SEGMENT_ITEM] = { FD_REL_SEGMENT, { FD_SEG_ITEM }, 1, 0, false },
    [FD_SCAN_OVERLAY_ITEM] = { FD_REL_OVERLAY, { FD_OVER_ITEM }, 1, 0, false },
    [FD_SCAN_DEFINITIONS] = { FD_REL_DEFINITION, { 0 }, 0, 0, false },
    [FD_SCAN_DEFINITION_ID] = { FD_REL_DEFINITION, { FD_DEF_KIND, FD_DEF_ID }, 2, 0, false },
    [FD_SCAN_RECORD_TYPE] = { FD_REL_RECORD, { FD_REC_TYPE }, 1, 0, false },
    [FD_SCAN_RECORD_KEY] = { FD_REL_RECORD, { FD_REC_TYPE, FD_REC_KEY }, 2, 0, false },
    [FD_SCAN_CUBE] = { FD_REL_CUBE, { FD_CUBE_CUBE }, 1, 0, false },
    [FD_SCAN_MAPPING] = { FD_REL_MAPPING, { FD_MAP_FORM, FD_MAP_SENDER }, 2, 0, false },
};

int64_t fd_store__row_batch(fd_rel rel, const fd_cell *cells)
{
    const int column = fd_store__relations[rel].batch_column;

    return column < 0 ? FD_SEQ_BATCH(cells[0].as.integer) : cells[column].as.integer;
}

fd_cell fd_cell_real(double value)
{
    fd_cell c = { FD_CELL_REAL, 0, { 0 } };

    c.as.real = value;
    return c;
}

fd_cell fd_cell_text(const char *text)
{
    fd_cell c = fd_cell_null();

    if (text) {
        c.type = FD_CELL_TEXT;
        c.length = strlen(text);
        c.as.text = text;
    }
    return c;
}

fd_cell fd_cell_blob(const void *data, size_t length)
{
    fd_cell c = { FD_CELL_BLOB, length, { 0 } };

    c.as.blob = data;
    return c;
}

const char *fd_cell_text_or(const fd_cell *cell, const char *fallback)
{
    return cell->type == FD_CELL_TEXT ? cell->as.text : fallback;
}

bool fd_cell_equal(const fd_cell *a, const fd_cell *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case FD_CELL_INT:
        return a->as.integer == b->as.integer;
    case FD_CELL_REAL:
        return !(a->as.real < b->as.real) && !(a->as.real > b->as.real);
    case FD_CELL_TEXT:
    case FD_CELL_BLOB:
        return a->length == b->length &&
               (a->length == 0 || memcmp(a->as.blob, b->as.blob, a->length) == 0);
    case FD_CELL_NULL:
        break;
    }
    return true;
}

void fd_store__now(char out[32])
{
    struct timespec ts;
    struct tm tm;
    size_t n;
    int ms;

    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    n = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
    ms = (int)(ts.tv_nsec / 1000000);
    out[n++] = '.';
    out[n++] = (char)('0' + ms / 100);
    out[n++] = (char)('0' + ms / 10 % 10);
    out[n++] = (char)('0' + ms % 10);
    out[n++] = 'Z';
    out[n] = '\0';
}

int64_t fd_store__monotonic_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

char *fd_store__double_text(double value)
{
    char buf[40];

    for (int digits = 15; digits <= 17; digits++) {
        double back;

        snprintf(buf, sizeof buf, "%.*g", digits, value);
        back = strtod(buf, NULL);
        if (!(back < value) && !(back > value))
            break;
    }
    return fd_strdup(buf);
}
