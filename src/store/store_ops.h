/*
 * What a place to keep a city in must be able to do: a dozen operations on rows of eleven
 * relations.
 *
 * Everything above this line (encodings, who wins, caches, tables, the audit chain's hash) is
 * written once and runs on every back end; everything below it (SQL, files, locks) is known to one
 * back end alone.  A row belongs to a batch.  Rows are only ever added; whether a reader sees a row
 * is decided above, by the snapshot number that the row's batch got when it was published.  A back
 * end therefore needs no long read transaction and no notion of versions.
 */
#ifndef FD_STORE_OPS_H
#define FD_STORE_OPS_H

#include "fangding/store.h"

/* ---- rows ----------------------------------------------------------------------------------- */

typedef enum fd_cell_type {
    FD_CELL_NULL,
    FD_CELL_INT,
    FD_CELL_REAL,
    FD_CELL_TEXT, /* terminated; length without the terminator */
    FD_CELL_BLOB
} fd_cell_type;

typedef struct fd_cell {
    fd_cell_type type;
    size_t length;
    union {
        int64_t integer;
        double real;
        const char *text;
        const uint8_t *blob;
    } as;
} fd_cell;

/* The relations. Column numbers below are positions in a row; docs/city-file.md explains each. */
typedef enum fd_rel {
    FD_REL_BATCH,
    FD_REL_META,
    FD_REL_SUBJECT,
    FD_REL_ATTRIBUTE,
    FD_REL_SOURCE,
    FD_REL_BLOCK,
    FD_REL_SEGMENT,
    FD_REL_OVERLAY,
    FD_REL_DEFINITION,
    FD_REL_RECORD,
    FD_REL_CUBE,
    FD_REL_MAPPING,
    FD_REL_COUNT
} fd_rel;

#define FD_REL_WIDTH_MAX 20

/* Column 0 of most relations is `seq`: the batch in the upper 32 bits, a number within it in the
 * lower. */
#define FD_SEQ(batch, n)  ((int64_t)(((uint64_t)(batch) << 32) | (uint32_t)(n)))
#define FD_SEQ_BATCH(seq) ((int64_t)((uint64_t)(seq) >> 32))
/* Batch 0 writes what the file is born with; it is visible in every snapshot. */
#define FD_BATCH_BIRTH 0

enum {
    FD_BATCH_ID,
    FD_BATCH_SNAPSHOT,
    FD_BATCH_TIME,
    FD_BATCH_VERB,
    FD_BATCH_ACTOR,
    FD_BATCH_NOTE
};
enum { FD_META_SEQ, FD_META_KEY, FD_META_VALUE };
enum { FD_SUBJECT_KIND, FD_SUBJECT_CODE, FD_SUBJECT_BATCH, FD_SUBJECT_ID };
enum { FD_ATTR_NAME, FD_ATTR_SUBJECT, FD_ATTR_SINCE, FD_ATTR_BATCH, FD_ATTR_VALUE };
enum {
    FD_SRC_SEQ,
    FD_SRC_ID,
    FD_SRC_NAME,
    FD_SRC_DIGEST,
    FD_SRC_BYTES,
    FD_SRC_ENCODING,
    FD_SRC_FORM,
    FD_SRC_SENDER
};
enum { FD_BLOCK_SEQ, FD_BLOCK_HASH, FD_BLOCK_DATA };
enum {
    FD_SEG_SEQ,
    FD_SEG_ITEM,
    FD_SEG_KIND,
    FD_SEG_PERIOD,
    FD_SEG_BASIS,
    FD_SEG_SOURCE,
    FD_SEG_SHEET,
    FD_SEG_HEADER,
    FD_SEG_ORIGIN,
    FD_SEG_LAW,
    FD_SEG_USE,
    FD_SEG_MARKS,
    FD_SEG_VALUE_KIND,
    FD_SEG_SCALE,
    FD_SEG_UNIT,
    FD_SEG_N,
    FD_SEG_SUBJECTS,
    FD_SEG_ROWS,
    FD_SEG_CELLS
};
enum {
    FD_OVER_SEQ,
    FD_OVER_ITEM,
    FD_OVER_KIND,
    FD_OVER_PERIOD,
    FD_OVER_BASIS,
    FD_OVER_SUBJECT,
    FD_OVER_STATE,
    FD_OVER_VALUE,
    FD_OVER_SCALE,
    FD_OVER_REASON,
    FD_OVER_ACTOR
};
enum {
    FD_DEF_SEQ,
    FD_DEF_KIND,
    FD_DEF_ID,
    FD_DEF_HASH,
    FD_DEF_TEXT,
    FD_DEF_FILE,
    FD_DEF_SHIPPED,
    FD_DEF_REPLACES
};
enum {
    FD_REC_SEQ,
    FD_REC_TYPE,
    FD_REC_KEY,
    FD_REC_STATE,
    FD_REC_DATE,
    FD_REC_FIELDS,
    FD_REC_ACTOR
};
enum {
    FD_CUBE_SEQ,
    FD_CUBE_CUBE,
    FD_CUBE_INDICATOR,
    FD_CUBE_PLACE,
    FD_CUBE_CHAIN,
    FD_CUBE_INDUSTRY,
    FD_CUBE_PERIOD,
    FD_CUBE_STATE,
    FD_CUBE_NUM,
    FD_CUBE_DEN,
    FD_CUBE_VALUE,
    FD_CUBE_N,
    FD_CUBE_UNIT,
    FD_CUBE_SUPPRESSED
};
enum { FD_MAP_SEQ, FD_MAP_FORM, FD_MAP_SENDER, FD_MAP_HEADER, FD_MAP_ITEM };

typedef struct fd_relation {
    const char *name;
    const char *const *columns;
    size_t width;
    int batch_column; /* -1: column 0 is seq */
} fd_relation;
extern const fd_relation fd_store__relations[FD_REL_COUNT];

/** The batch that a full row of `rel` belongs to. */
int64_t fd_store__row_batch(fd_rel rel, const fd_cell *cells);

/* A row to be added. The writer owns cells, texts and blobs. */
typedef struct fd_row {
    fd_rel rel;
    const fd_cell *cells;
    size_t bytes; /* rough size, for pacing */
    void *owned;  /* freed by the batch after writing, or NULL */
} fd_row;

/* ---- scans ---------------------------------------------------------------------------------- */

/* Rows whose key columns equal the given cells, in no particular order, of all batches, published
 * or not. */
typedef enum fd_scan {
    FD_SCAN_BATCHES,
    FD_SCAN_META,              /* key */
    FD_SCAN_SUBJECT_KIND,      /* kind */
    FD_SCAN_SUBJECT_CODE,      /* kind, code */
    FD_SCAN_ATTRIBUTE,         /* attribute */
    FD_SCAN_ATTRIBUTE_SUBJECT, /* attribute, subject */
    FD_SCAN_ATTRIBUTE_NAMES,   /* each attribute name once */
    FD_SCAN_SOURCES,
    FD_SCAN_SOURCE_DIGEST, /* digest */
    FD_SCAN_BLOCK,         /* seq */
    FD_SCAN_BLOCK_HASH,    /* hash; gives seq alone */
    FD_SCAN_SEGMENTS,
    FD_SCAN_SEGMENT_ITEM, /* item */
    FD_SCAN_OVERLAY_ITEM, /* item */
    FD_SCAN_DEFINITIONS,
    FD_SCAN_DEFINITION_ID, /* kind, id */
    FD_SCAN_RECORD_TYPE,   /* type */
    FD_SCAN_RECORD_KEY,    /* type, key */
    FD_SCAN_CUBE,          /* cube */
    FD_SCAN_MAPPING,       /* form, sender */
    FD_SCAN_COUNT
} fd_scan;

typedef struct fd_scan_spec {
    fd_rel rel;
    uint8_t keys[2]; /* columns compared */
    uint8_t key_count;
    uint8_t width; /* how many leading columns are given; 0 = all */
    bool distinct; /* equal rows once */
} fd_scan_spec;
extern const fd_scan_spec fd_store__scans[FD_SCAN_COUNT];

/* Cells are valid during the call. A negative return ends the scan and is given back; so is
 * FD_SCAN_STOP, as 0. The callback must not use the same link. */
#define FD_SCAN_STOP 1
typedef int (*fd_scan_row)(void *payload, const fd_cell *cells);

/* ---- audit ---------------------------------------------------------------------------------- */

typedef struct fd_audit_line {
    int64_t id; /* from 1, without gaps */
    const char *time, *actor, *verb, *object, *detail;
    char hash[65];
} fd_audit_line;
typedef int (*fd_audit_row)(void *payload, const fd_audit_line *line);

/** hash = SHA-256 of: previous hash, then id, time, actor, verb, object, detail, each as decimal
 * byte length, ':' and bytes. The hash before the first line is 64 zeros. Fills line->hash. */
void fd_audit__chain(fd_audit_line *line, const char previous[65]);

/* ---- the back end --------------------------------------------------------------------------- */

/* How long the write lock was held by this store, per transaction. */
typedef struct fd_write_stats {
    uint64_t transactions;
    uint64_t slow; /* of them, longer than 20 ms */
    int64_t longest_us;
    uint64_t bytes;
} fd_write_stats;

typedef struct fd_backend fd_backend;
typedef struct fd_link fd_link; /* a connection for reading, used by one thread at a time */

typedef struct fd_backend_ops {
    void (*close)(fd_backend *backend);
    int (*link_open)(fd_link **out, fd_backend *backend);
    void (*link_close)(fd_link *link);
    /** Give every matching row to `row`; as many key cells as the spec says. */
    int (*scan)(fd_link *link, fd_scan scan, const fd_cell *keys, fd_scan_row row, void *payload);
    /** Audit lines with id >= first, ascending. */
    int (*audit_scan)(fd_link *link, int64_t first, fd_audit_row row, void *payload);
    int (*audit_last)(fd_link *link, int64_t *id); /* 0 when there is none */

    /** A new batch that belongs to this process until it is published or dropped. */
    int (*batch_create)(fd_backend *backend, const fd_batch_info *info, int64_t *batch);
    /** Add as many leading rows as fit into one short transaction, all or none of them; *done > 0
     * unless it fails. */
    int (*write)(fd_backend *backend, const fd_row *rows, size_t count, size_t *done);
    /** Durably give the batch the next snapshot number. FD_EEXISTS when it holds a source (digest
     * and form) that another batch has published; FD_ECONFLICT when it is gone. `line` (or NULL;
     * id and hash are filled) joins the audit chain in the same transaction. */
    int (*batch_publish)(fd_backend *backend, int64_t batch, const char *time, int64_t *snapshot,
                         fd_audit_line *line);
    /** Remove every row of an unpublished batch, in short transactions. */
    int (*batch_drop)(fd_backend *backend, int64_t batch);
    /** n consecutive numbers nobody else gets, from *first on, of counter "subject" or "source". */
    int (*reserve)(fd_backend *backend, const char *counter, int32_t n, int32_t *first);
    /** Chain and append lines (id and hash are filled) durably, in one transaction. */
    int (*audit_append)(fd_backend *backend, fd_audit_line *lines, size_t count);
    void (*stats)(fd_backend *backend, fd_write_stats *out);
} fd_backend_ops;

struct fd_backend {
    const fd_backend_ops *ops;
};
struct fd_link {
    fd_backend *backend;
};

/* ---- small helpers --------------------------------------------------------------------------- */

static inline fd_cell fd_cell_null(void)
{
    return (fd_cell){ FD_CELL_NULL, 0, { 0 } };
}

static inline fd_cell fd_cell_int(int64_t value)
{
    return (fd_cell){ FD_CELL_INT, 0, { value } };
}

fd_cell fd_cell_real(double value);
fd_cell fd_cell_text(const char *text); /* borrowed; NULL gives the null cell */
fd_cell fd_cell_blob(const void *data, size_t length);
/** The text, or `fallback` for a null cell. */
const char *fd_cell_text_or(const fd_cell *cell, const char *fallback);
bool fd_cell_equal(const fd_cell *a, const fd_cell *b);

/** The shortest of 15, 16 or 17 digits that reads back as the same double. free() it. */
char *fd_store__double_text(double value);
/** Seconds and milliseconds of now as ISO 8601 UTC. */
void fd_store__now(char out[32]);
int64_t fd_store__monotonic_us(void);

/** Wrap a back end; takes it over, also on failure. */
int fd_store__new(fd_store **out, fd_backend *backend, const fd_store_options *options);
fd_backend *fd_store__backend(fd_store *store);
size_t fd_store__chunk_rows(const fd_store *store);
bool fd_store__read_only(const fd_store *store);
/** The line that waits for the next publication; false when none does. Texts are borrowed. */
bool fd_store__audit_waiting(fd_store *store, fd_audit_line *line);
/** A batch was published with it. */
void fd_store__audit_took(fd_store *store);
/** Where the audit lines waiting in memory are made durable now. */
int fd_store__audit_flush(fd_store *store);

#endif
