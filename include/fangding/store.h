/*
 * The city file behind one interface: SQLite, memory (tests), PostgreSQL later.
 *
 * One clock: the snapshot number.  Whatever is written belongs to a batch; a batch becomes visible
 * all at once when it is published, and gets the next snapshot number then.  A batch never
 * published (a killed import) is never seen, and is swept when the file is next opened for writing.
 * Rows of a batch reach the disk in transactions short enough that no other writer waits longer
 * than 20 ms, and readers never wait at all (WAL).
 *
 * Nothing stored is ever changed or removed: corrections are overlays, attributes are dated,
 * records are chains of transitions.
 *
 * A reader is a view of one snapshot.  It is an fd_source.  One thread uses a reader at a time.
 */
#ifndef FANGDING_STORE_H
#define FANGDING_STORE_H

#include "fangding/arena.h"
#include "fangding/source.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_store fd_store;
typedef struct fd_batch fd_batch;
typedef struct fd_reader fd_reader;

typedef struct fd_store_options {
    int version; /* FD_STORE_OPTIONS_VERSION */
    bool create; /* FD_EEXISTS when the file is there */
    bool read_only;
    size_t chunk_rows;   /* subjects per segment; 0 = 65536 */
    int busy_timeout_ms; /* 0 = 10000 */
} fd_store_options;
#define FD_STORE_OPTIONS_VERSION 1
#define FD_STORE_OPTIONS_INIT                                                                      \
    {                                                                                              \
        FD_STORE_OPTIONS_VERSION, false, false, 0, 0                                               \
    }

/** Open or create a city file. FD_ENOTFOUND, FD_EEXISTS, FD_EFORMAT (not a city file, or newer),
 * FD_EBUSY, FD_EIO. */
FD_API int fd_store_open_sqlite(fd_store **out, const char *path, const fd_store_options *options);
/** The same interface without a file. */
FD_API int fd_store_open_memory(fd_store **out);
FD_API void fd_store_close(fd_store *store);
/** Small settings of the file itself ("city", "schema", "created"); *value is copied, free() it;
 * NULL when absent. */
FD_API int fd_store_meta_get(fd_store *store, const char *key, char **value);

/* ---- writing ------------------------------------------------------------------------------- */

typedef struct fd_batch_info {
    const char *verb;  /* "import", "new", "correct" … */
    const char *actor; /* user name, or "cli:" and the login name */
    const char *note;
    const char *timestamp; /* ISO 8601 UTC; NULL = now. Given explicitly so that generated cities
                              are reproducible */
} fd_batch_info;

FD_API int fd_batch_begin(fd_batch **out, fd_store *store, const fd_batch_info *info);
/** Make everything visible at once. *snapshot receives its number. Frees the batch. An empty batch
 * publishes nothing and gives the newest snapshot. FD_EEXISTS when another batch has published one
 * of its files meanwhile: nothing is visible then. */
FD_API int fd_batch_publish(fd_batch *batch, int64_t *snapshot);
/** What the audit line published with the batch says of it; the batch's note when not given. The
 * text is copied. */
FD_API void fd_batch_detail(fd_batch *batch, const char *text);
/** Forget the batch; frees it. */
FD_API void fd_batch_abandon(fd_batch *batch);

FD_API int fd_batch_meta(fd_batch *batch, const char *key, const char *value);
/** Find or create a subject; names are kept as the dated attribute "name". */
FD_API int fd_batch_subject(fd_batch *batch, const char *kind, const char *code, const char *name,
                            int32_t *id);
/** The snapshot against which the batch checks itself, the newest when it first needs one; 0 while
 * nothing is published. */
FD_API int fd_batch_snapshot(fd_batch *batch, int64_t *snapshot);
/** The subject of a code, published in that snapshot or of this batch. The code need not be
 * terminated.
 * @return 1 found, 0 there is none (*id 0), or a negative code */
FD_API int fd_batch_find(fd_batch *batch, const char *kind, const char *code, size_t length,
                         int32_t *id);
/** The code of a subject that this batch has created, copied into `arena`. O(log n).
 * @return 1, or 0 when it has not created it */
FD_API int fd_batch_created(fd_batch *batch, const char *kind, int32_t id, fd_arena *arena,
                            const char **code);
/** A dated attribute: holds from `from` until another value of the same attribute begins. value
 * NULL ends it. What is published with the same day and value is not stored again. */
FD_API int fd_batch_attribute(fd_batch *batch, int32_t subject, const char *attribute, fd_date from,
                              const char *value);

typedef struct fd_source_file {
    const char *name;   /* as received, without folder */
    const char *digest; /* SHA-256 of its bytes */
    int64_t bytes;
    const char *encoding; /* "UTF-8", "GB18030", "XLSX" */
    const char *form;     /* id of the 报表 it was read as */
    const char *sender;   /* county, department; may be NULL */
} fd_source_file;
/** Register a file. FD_EEXISTS (and *id of the earlier one) when a *published* batch holds the same
 * digest and form. */
FD_API int fd_batch_source(fd_batch *batch, const fd_source_file *file, int32_t *id);

/* Values of one item for many subjects, from one column of one sheet. Arrays are read during the
 * call only. */
typedef struct fd_segment {
    const char *kind; /* of the subjects */
    const char *item;
    fd_period period;
    fd_basis basis;
    int32_t source; /* from fd_batch_source() */
    const char *sheet;
    const char *column; /* header as received */
    const char *origin;
    const char *basis_of_law;
    const char *permitted_use;
    const char *marks;
    fd_kind value_kind; /* FD_DEC, FD_EST, FD_TEXT, FD_DATE, FD_BOOL */
    int8_t scale;
    const char *unit;
    size_t n;
    const int32_t *subjects; /* ascending, each once */
    const int64_t *dec;      /* FD_DEC, FD_DATE, FD_BOOL */
    const double *est;       /* FD_EST */
    const char *const *text; /* FD_TEXT */
    const uint8_t *states;   /* fd_state each; NULL = all HAS */
    const int32_t *rows;     /* row of the source for each; NULL = unknown */
    /* FD_DEC alone: how each cell stood in the file (fd_written), as a number with written_scale
     * digits; NULL = unknown. spelled: its text where that byte says so */
    const uint8_t *written;
    const char *const *spelled;
    int8_t written_scale;
} fd_segment;
/** Later snapshots win over earlier ones subject by subject; a segment's MISSING cell wins nothing.
 */
FD_API int fd_batch_segment(fd_batch *batch, const fd_segment *segment);

/* A correction of one cell. */
typedef struct fd_overlay {
    const char *kind;
    const char *item;
    fd_period period;
    fd_basis basis;
    int32_t subject;
    fd_state state;
    int64_t dec; /* at the segment's scale, which must exist */
    const char *reason;
    const char *by;
} fd_overlay;
FD_API int fd_batch_overlay(fd_batch *batch, const fd_overlay *overlay);

/** A definition text. A definition of the same id replaces it only if replaces names that id
 * (替代), else FD_ECONFLICT unless the text is identical. shipped: came with the program (an
 * upgrade may offer a newer one). */
FD_API int fd_batch_definition(fd_batch *batch, const char *kind, const char *id, const char *text,
                               const char *file, bool shipped, const char *replaces);

/** A record's transition: creates the record with its first. fields is a JSON object of what
 * changes. */
FD_API int fd_batch_record(fd_batch *batch, const char *type, const char *key, const char *state,
                           fd_date date, const char *fields, const char *by);

/* One published cell. Dimension texts "" = all. */
typedef struct fd_cube_cell {
    const char *cube; /* the declared cube, e.g. "monthly-county" */
    const char *indicator, *place, *chain, *industry;
    fd_period period;
    fd_number value;
    int32_t n;
    const char *unit;
    const char *suppressed; /* NULL, "primary", "dominance", "secondary" */
} fd_cube_cell;
FD_API int fd_batch_cube(fd_batch *batch, const fd_cube_cell *cells, size_t count);

/** Remember how a sender's header maps to an item of a form. */
FD_API int fd_batch_mapping(fd_batch *batch, const char *form, const char *sender,
                            const char *header, const char *item);

/* The most bytes of one blob. */
#define FD_BLOB_MAX ((size_t)64 << 20)
/** Keep bytes as they are (an issued paper) under their SHA-256, which `hash` receives. Bytes that
 * are kept already, published or in this batch, are not kept twice. FD_ELIMIT. */
FD_API int fd_batch_blob(fd_batch *batch, const void *data, size_t bytes, char hash[65]);

/** Append one line to the audit chain, at once and durably with the next group commit (at most 50
 * ms later). */
FD_API int fd_store_audit(fd_store *store, const char *actor, const char *verb, const char *object,
                          const char *detail);
/** Say beforehand what is about to be done: the line joins the chain in the very transaction that
 * publishes this store's next batch, so that nothing is ever visible without its line. */
FD_API int fd_store_audit_with_next(fd_store *store, const char *actor, const char *verb,
                                    const char *object);
/** Forget that line. True when a batch was published with it. */
FD_API bool fd_store_audit_settled(fd_store *store);
/** Walk the hash chain. FD_ECONFLICT names the first broken line. *lines receives how many were
 * checked. */
FD_API int fd_store_audit_verify(fd_store *store, int64_t *lines);

/* ---- reading ------------------------------------------------------------------------------- */

/** A view of snapshot `as_of` (0 = newest). */
FD_API int fd_reader_open(fd_reader **out, fd_store *store, int64_t as_of);
FD_API void fd_reader_close(fd_reader *reader);
FD_API int64_t fd_reader_snapshot(const fd_reader *reader);
FD_API fd_source *fd_reader_source(fd_reader *reader);

/** SHA-256 over all definitions visible, in id order: the "definitions' hash" an answer records. */
FD_API int fd_reader_definitions_hash(fd_reader *reader, char out[65]);

/* Tables for people and for the layers above; the caller frees each. */
FD_API int fd_reader_snapshots(fd_reader *reader,
                               fd_table **out); /* snapshot, time, verb, actor, note */
FD_API int
fd_reader_definitions(fd_reader *reader,
                      fd_table **out); /* kind, id, text, file, shipped, hash, snapshot */
/** Every text an id ever had, oldest first: kind, id, snapshot, hash, file, shipped, text. */
FD_API int fd_reader_definition_versions(fd_reader *reader, const char *id, fd_table **out);
FD_API int
fd_reader_sources(fd_reader *reader,
                  fd_table **out); /* id, name, digest, bytes, encoding, form, sender, snapshot */
FD_API int fd_reader_items(fd_reader *reader,
                           fd_table **out); /* item, kind, period, basis, subjects, snapshot,
                                               origin, marks: one row per (item, period, basis) */
FD_API int fd_reader_history(fd_reader *reader, const char *kind, int32_t subject, const char *item,
                             fd_table **out);
/* every value ever stored: period, basis, value, state, snapshot, file, sheet, column, row,
 * corrected, reason */
FD_API int fd_reader_attribute_history(fd_reader *reader, int32_t subject,
                                       fd_table **out); /* attribute, from, value, snapshot */
FD_API int fd_reader_record_history(fd_reader *reader, const char *type, const char *key,
                                    fd_table **out);
/** Facts as rows, for export: the winning cell of each subject: item, period, basis, kind, code,
 * name, value (exact text), unit, state ("" = has a value), snapshot, file, sheet, column, row,
 * corrected, origin. One item or all (NULL), one period or all (0). */
FD_API int fd_reader_facts(fd_reader *reader, const char *item, fd_period period, fd_table **out);
FD_API int fd_reader_cube(fd_reader *reader, const char *cube, fd_table **out);
/** Bytes kept by fd_batch_blob(), checked against their hash; free() them. FD_EINVAL (no hash),
 * FD_ENOTFOUND (not in this snapshot), FD_EFORMAT (damaged). */
FD_API int fd_reader_blob(fd_reader *reader, const char *hash, void **data, size_t *bytes);
FD_API int fd_reader_mapping(fd_reader *reader, const char *form, const char *sender,
                             fd_table **out); /* header, item */
FD_API int
fd_reader_audit(fd_reader *reader, int64_t last,
                fd_table **out); /* newest lines: id, time, actor, verb, object, detail, hash */

#ifdef __cplusplus
}
#endif
#endif
