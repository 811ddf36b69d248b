/*
 * Collecting returns: 发表 — 收表 — 催表 — 退回 — 汇总.
 *
 * A collection is a form for one period; each sender (county, department or enterprise) has one
 * item of it.  Both are records of the city file (记录 收表, 收表件 in definitions/records.ding);
 * there is no other state.  An item goes 已发 → 已收 (some subjects still missing) or 退回 (rows
 * were refused, or the file as a whole) → 已清 (everything expected is there).
 */
#ifndef FD_APP_COLLECT_H
#define FD_APP_COLLECT_H

#include "app/import_city.h"
#include "base/map.h"
#include "base/vec.h"
#include "fangding/returns.h"
#include "fangding/verbs.h"
#include "returns/template.h"

#define FD_COLLECT_TYPE      "collection"
#define FD_COLLECT_ITEM_TYPE "collection_item"

/* States as the records name them. */
#define FD_COLLECT_OPEN     "在收"
#define FD_COLLECT_COMPLETE "收齐"
#define FD_COLLECT_SENT     "已发"
#define FD_COLLECT_RECEIVED "已收"
#define FD_COLLECT_RETURNED "退回"
#define FD_COLLECT_CLEARED  "已清"

/* Who has to report within one collection: for each subject of the form's kind its sender. */
typedef struct fd_collect_sender {
    const char *code, *name;
    size_t expected;
} fd_collect_sender;

typedef struct fd_collect_scope {
    const fd_frame *frame;
    int32_t *sender_of; /* by row of the frame: index of senders, -1 when not asked */
    fd_vec(fd_collect_sender) senders;
    size_t unplaced; /* asked, but nobody knows of which county or department */
    bool everybody;  /* no register says who owes the form: all of the kind are asked */
} fd_collect_scope;

/* One 收表 record. Texts live in the arena. */
typedef struct fd_collection {
    const char *key, *state, *form_id, *by, *form_hash;
    const fd_form *form; /* NULL when the definitions lost it */
    fd_period period;
    fd_date due;
    fd_date since;
    int issue;
} fd_collection;

/* One 收表件 record. */
typedef struct fd_collect_item {
    const char *key, *state, *sender, *sender_name, *seal;
    const char *file, *path, *digest, *reason; /* "" before it arrived */
    size_t collection;
    fd_date since, due;
    int issue;
    int64_t expected, rows, rejected;
} fd_collect_item;

typedef struct fd_collect {
    fd_city *city;
    fd_role role;
    fd_arena *arena;
    fd_forms *forms;
    fd_vec(fd_collection) collections;
    fd_vec(fd_collect_item) items;
    fd_map *item_by_key; /* → index */
    fd_calendar *calendar;
    char *city_name;
    char *marks; /* "示例,虚构数据" when the city says so of itself, else "" */
} fd_collect;

/** Read the state. FD_ENOTFOUND with a hint when the city file has no such record types (made by an
 * earlier version), FD_EDENIED for the viewer role. Dispose also after a failure. */
int fd_collect_load(fd_collect *out, fd_city *city, fd_role role);
void fd_collect_dispose(fd_collect *c);

/** The collection of a form and period, NULL when there is none. */
fd_collection *fd_collect_find(const fd_collect *c, const char *form, fd_period period);
fd_collect_item *fd_collect_find_item(const fd_collect *c, const fd_collection *collection,
                                      const char *sender);
/** "dispatch@2025-01..02", "dispatch@2025-01..02@990501": in the arena. */
const char *fd_collect_key(fd_arena *arena, const char *form, fd_period period, const char *sender);

/**
 * Who is asked: subjects that owe the form (应报) on the period's last day; all of the kind when
 * nobody is known to owe it.  by county: their attribute of that kind; department: the owner of
 * their chain, or of their project; enterprise: each for itself.  A kind of which a subject is its
 * own sender (县区 by county, 市) is not grouped.
 */
int fd_collect_scope_of(fd_collect_scope *out, fd_collect *c, const fd_form *form, fd_period period,
                        const char *by);
void fd_collect_scope_dispose(fd_collect_scope *scope);

/** Which rows of the frame have any figure of the form in this period, current basis. Registers and
 * forms of attributes alone: those with any of its attributes. @return free() it; by row */
int fd_collect_reported(uint8_t **out, fd_collect *c, const fd_form *form, fd_period period,
                        const fd_frame *frame);

/** For each sender of the scope how many of its subjects are not among the reported ones. free()
 * it.
 */
int64_t *fd_collect_missing(const fd_collect_scope *scope, const uint8_t *reported);

/** Working days after due up to today; 0 when not late; FD_ENOTFOUND when the holidays of a year
 * are not known. */
int fd_collect_days_late(int *out, const fd_collect *c, fd_date due, fd_date today);
/** The day given with --today, else this one. */
int fd_collect_today(fd_date *out, const char *text);
/** May a record of this type go from one state to the other? Staying is allowed. FD_ECONFLICT says
 * which move is not declared. */
int fd_collect_move(const fd_collect *c, const char *type, const char *from, const char *to);

/* What is to be written of an item; NULL and negative: as it was. */
typedef struct fd_collect_change {
    const char *state;
    const char *file, *path, *digest, *reason;
    int64_t rows, rejected;
} fd_collect_change;
/** One transition of an item, after asking fd_collect_move(). Dated today, or the day of its state
 * when that is later (a clock that went back must not hide it). */
int fd_collect_write_item(const fd_collect *c, fd_batch *batch, const fd_collect_item *item,
                          const fd_collect_change *change, fd_date today, const char *actor);

/* ---- one file (collect_read.c) ---- */

typedef struct fd_collect_row {
    int32_t subject;
    int32_t row; /* of the file, 0 unknown */
    bool figure; /* a current value, not a mere row */
} fd_collect_row;

/* A file read without writing anything. */
typedef struct fd_collect_peek {
    fd_returns_result *result;
    fd_vec(fd_collect_row) rows; /* by subject, each once */
    fd_buf fault[2];             /* the first fault of the whole file */
    fd_map *variants;            /* codes of variants with a figure, in the file's order; or NULL */
    fd_map *items;               /* with a current figure, without variants; or NULL */
} fd_collect_peek;

/**
 * Read a file as a return of this form, period and sender.
 *
 * @param look  look-ups, opened once for many files (fd_import_city_open without a batch)
 */
int fd_collect_peek_file(fd_collect_peek *out, fd_collect *c, fd_import_city *look,
                         const char *path, const fd_form *form, fd_period period,
                         const char *sender, bool confirm_units);
void fd_collect_peek_dispose(fd_collect_peek *peek);

/* ---- the verbs ---- */

typedef struct fd_collect_open_options {
    const char *form, *by, *folder;
    fd_period period;
    fd_date due, today;
    bool reissue;
    const char *actor;
} fd_collect_open_options;
/** Write templates and record them: table of sender, expected, prefilled, file. */
int fd_collect_open(fd_result *result, fd_collect *c, const fd_collect_open_options *options);

typedef struct fd_collect_import_options {
    const char *folder;
    const char *form; /* for files without a fingerprint; or NULL */
    fd_period period; /* what is being collected; NONE: told by each file */
    bool replace, dry_run, confirm_units;
    fd_date today;
    const char *actor;
} fd_collect_import_options;
/** Take in what came back: tables arrivals and findings. Files that do not fit are refused by name,
 * the others count in one batch with their records. */
int fd_collect_import(fd_result *result, fd_collect *c, const fd_collect_import_options *options);

/** Who is late: tables late (senders) and phones (subjects still missing, by county). form NULL and
 * period NONE: every open collection. */
int fd_collect_chase(fd_result *result, fd_collect *c, const char *form, fd_period period,
                     fd_date today);
int fd_collect_status(fd_result *result, fd_collect *c, const char *form, fd_period period,
                      fd_date today);
/** Write the files that go back into a folder. */
int fd_collect_return(fd_result *result, fd_collect *c, const char *form, fd_period period,
                      const char *folder);

#endif
