#include "store/sqlite/sqlite_query.h"

#include <stdlib.h>
#include <string.h>

#include "store/facts.h"
#include "store/sqlite/sqlite_store.h"

/* ---- the virtual table --------------------------------------------------------------------------
 */

enum {
    ITEM,
    PERIOD,
    BASIS,
    KIND,
    CODE,
    NAME,
    VALUE,
    EXACT,
    UNIT,
    STATE,
    SNAPSHOT,
    FILE_NAME,
    ROW,
    CORRECTED
};
enum { BY_ITEM = 1, BY_PERIOD = 2, BY_BASIS = 4 };

typedef struct facts_table {
    sqlite3_vtab base;
    fd_reader *reader;
} facts_table;

typedef struct facts_cursor {
    sqlite3_vtab_cursor base;
    fd_facts *facts;
    fd_fact fact;
    sqlite3_int64 at;
    bool end;
} facts_cursor;

static int set_error(sqlite3_vtab *table)
{
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("%s", fd_error_last()->message[FD_EN]);
    return SQLITE_ERROR;
}

static int facts_connect(sqlite3 *db, void *payload, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **error)
{
    facts_table *table;
    int rc;

    (void)argc;
    (void)argv;
    (void)error;
    rc = sqlite3_declare_vtab(
        db, "CREATE TABLE facts(item TEXT, period TEXT, basis TEXT, kind TEXT, code TEXT,"
            " name TEXT, value, exact TEXT, unit TEXT, state TEXT, snapshot INTEGER,"
            " file TEXT, row INTEGER, corrected INTEGER)");
    if (rc != SQLITE_OK)
        return rc;
    table = sqlite3_malloc(sizeof *table);
    if (!table)
        return SQLITE_NOMEM;
    memset(table, 0, sizeof *table);
    table->reader = payload;
    *out = &table->base;
    return SQLITE_OK;
}

static int facts_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int facts_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    static const int columns[] = { ITEM, PERIOD, BASIS };
    int argument = 0;

    (void)table;
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < info->nConstraint; i++) {
            if (!info->aConstraint[i].usable || info->aConstraint[i].iColumn != columns[k] ||
                info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
                continue;
            /* SQLite checks the condition again, so a text that is no period may simply find
             * nothing. */
            info->aConstraintUsage[i].argvIndex = ++argument;
            info->idxNum |= 1 << k;
            break;
        }
    }
    info->estimatedCost = info->idxNum & BY_ITEM ? (info->idxNum & BY_PERIOD ? 1e3 : 1e5) : 1e7;
    return SQLITE_OK;
}

static int facts_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    facts_cursor *cursor = sqlite3_malloc(sizeof *cursor);

    (void)table;
    if (!cursor)
        return SQLITE_NOMEM;
    memset(cursor, 0, sizeof *cursor);
    *out = &cursor->base;
    return SQLITE_OK;
}

static int facts_close(sqlite3_vtab_cursor *base)
{
    facts_cursor *cursor = (facts_cursor *)base;

    fd_facts_close(cursor->facts);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int facts_next(sqlite3_vtab_cursor *base)
{
    facts_cursor *cursor = (facts_cursor *)base;
    const int more = fd_facts_next(cursor->facts, &cursor->fact);

    cursor->at++;
    cursor->end = more <= 0;
    return more < 0 ? set_error(base->pVtab) : SQLITE_OK;
}

static const char *text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);

    return text ? text : "";
}

static int facts_filter(sqlite3_vtab_cursor *base, int number, const char *name, int argc,
                        sqlite3_value **argv)
{
    facts_cursor *cursor = (facts_cursor *)base;
    fd_reader *reader = ((facts_table *)base->pVtab)->reader;
    fd_period period = FD_PERIOD_NONE;
    const char *item = NULL, *text;
    fd_basis basis = FD_CURRENT;
    int at = 0;

    (void)name;
    (void)argc;
    fd_facts_close(cursor->facts);
    cursor->facts = NULL;
    cursor->at = 0;
    cursor->end = true;
    if (number & BY_ITEM)
        item = text_of(argv[at++]);
    if (number & BY_PERIOD) {
        text = text_of(argv[at++]);
        if (fd_period_parse(&period, text, strlen(text)) < 0)
            return SQLITE_OK;
    }
    if ((number & BY_BASIS) && fd_basis_parse(&basis, text_of(argv[at])) < 0)
        return SQLITE_OK;
    if (fd_facts_open(&cursor->facts, reader, item, period, number & BY_BASIS ? (int)basis : -1) <
        0)
        return set_error(base->pVtab);
    return facts_next(base);
}

static int facts_eof(sqlite3_vtab_cursor *base)
{
    return ((facts_cursor *)base)->end;
}

static void result_text(sqlite3_context *context, const char *text)
{
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void result_value(sqlite3_context *context, const fd_fact *fact)
{
    const fd_column *c = fact->column;

    if (fact->state == FD_NA)
        return;
    switch (c->kind) {
    case FD_DEC:
        if (c->scale == 0)
            sqlite3_result_int64(context, c->v.dec[fact->index]);
        else
            sqlite3_result_double(context, fd_number_to_double(fd_column_number(c, fact->index)));
        break;
    case FD_EST:
        sqlite3_result_double(context, c->v.est[fact->index]);
        break;
    case FD_BOOL:
        sqlite3_result_int(context, c->v.boolean[fact->index] != 0);
        break;
    default:
        sqlite3_result_text(context, fd_facts_value_text(c, fact->index), -1, free);
        break;
    }
}

static int facts_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const fd_fact *fact = &((facts_cursor *)base)->fact;
    char buf[32];

    switch (column) {
    case ITEM:
        result_text(context, fact->item);
        break;
    case PERIOD:
        fd_period_format(fact->period, buf, sizeof buf);
        result_text(context, buf);
        break;
    case BASIS:
        result_text(context, fd_basis_name(fact->basis, FD_EN));
        break;
    case KIND:
        result_text(context, fact->kind);
        break;
    case CODE:
        result_text(context, fact->code);
        break;
    case NAME:
        result_text(context, fact->name);
        break;
    case VALUE:
        result_value(context, fact);
        break;
    case EXACT:
        sqlite3_result_text(context, fd_facts_value_text(fact->column, fact->index), -1, free);
        break;
    case UNIT:
        result_text(context, fact->column->unit ? fact->column->unit : "");
        break;
    case STATE:
        result_text(context, fact->state == FD_HAS ? "" : fd_state_name(fact->state, FD_EN));
        break;
    case SNAPSHOT:
        sqlite3_result_int64(context, fact->snapshot);
        break;
    case FILE_NAME:
        result_text(context, fact->file);
        break;
    case ROW:
        if (fact->row > 0)
            sqlite3_result_int64(context, fact->row);
        break;
    default:
        sqlite3_result_int(context, fact->corrected);
        break;
    }
    return SQLITE_OK;
}

static int facts_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = ((facts_cursor *)base)->at;
    return SQLITE_OK;
}

/* Eponymous: the table is there without being created. */
static const sqlite3_module facts_module = {
    .iVersion = 0,
    .xCreate = NULL,
    .xConnect = facts_connect,
    .xBestIndex = facts_best_index,
    .xDisconnect = facts_disconnect,
    .xDestroy = facts_disconnect,
    .xOpen = facts_open,
    .xClose = facts_close,
    .xFilter = facts_filter,
    .xNext = facts_next,
    .xEof = facts_eof,
    .xColumn = facts_column,
    .xRowid = facts_rowid,
};

/* ---- queries
 * -------------------------------------------------------------------------------------- */

static int sql_error(sqlite3 *db)
{
    fd_error_set(FD_EPARSE, "SQL 语句有误", "the SQL statement is not valid");
    return fd_error_detail("%s", "%s", sqlite3_errmsg(db));
}

/* Kinds follow the values: integers alone DEC, numbers EST, anything else TEXT; so the rows are
 * read twice. */
static int find_kinds(sqlite3 *db, sqlite3_stmt *stmt, fd_kind *kinds, int width)
{
    int rc;

    for (int i = 0; i < width; i++)
        kinds[i] = FD_BOOL; /* nothing seen yet */
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < width; i++) {
            switch (sqlite3_column_type(stmt, i)) {
            case SQLITE_NULL:
                break;
            case SQLITE_INTEGER:
                kinds[i] = kinds[i] == FD_BOOL ? FD_DEC : kinds[i];
                break;
            case SQLITE_FLOAT:
                kinds[i] = kinds[i] == FD_TEXT ? FD_TEXT : FD_EST;
                break;
            default:
                kinds[i] = FD_TEXT;
                break;
            }
        }
    }
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE ? 0 : sql_error(db);
}

static int read_rows(sqlite3 *db, sqlite3_stmt *stmt, fd_table *table, int width)
{
    int rc;

    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const size_t row = fd_table_add_row(table);

        for (int i = 0; i < width; i++) {
            fd_column *column = table->columns[i];
            const char *text;

            if (sqlite3_column_type(stmt, i) == SQLITE_NULL)
                continue;
            switch (column->kind) {
            case FD_DEC:
                fd_column_set_dec(column, row, sqlite3_column_int64(stmt, i));
                break;
            case FD_EST:
                fd_column_set_est(column, row, sqlite3_column_double(stmt, i));
                break;
            default:
                text = (const char *)sqlite3_column_text(stmt, i);
                fd_column_set_text(column, row, text ? text : "");
                break;
            }
        }
    }
    return rc == SQLITE_DONE ? 0 : sql_error(db);
}

int fd_sqlite_query(fd_reader *reader, const char *sql, fd_table **out)
{
    fd_sqlite *s = (fd_sqlite *)reader->link->backend;
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    fd_table *table = NULL;
    fd_kind *kinds = NULL;
    int width, err;

    if (!fd_sqlite__is(reader->ops))
        return fd_error_set(FD_EINVAL, "这个城市不在 SQLite 文件中",
                            "this city is not kept in a SQLite file");
    /* A connection of its own: the reader's is in use while the virtual table decodes. */
    if ((err = fd_sqlite__error(NULL,
                                sqlite3_open_v2(s->path, &db,
                                                s->options.read_only ? SQLITE_OPEN_READONLY
                                                                     : SQLITE_OPEN_READWRITE,
                                                NULL),
                                s->path)) < 0 ||
        (err = fd_sqlite__exec(db, "PRAGMA query_only=1", s->path)) < 0)
        goto done;
    sqlite3_busy_timeout(db, s->options.busy_timeout_ms);
    if (sqlite3_create_module(db, "facts", &facts_module, reader) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        err = sql_error(db);
        goto done;
    }
    if (!stmt || !sqlite3_stmt_readonly(stmt)) {
        err = fd_error_set(FD_EINVAL, "只能执行查询语句", "only a query can be run");
        goto done;
    }
    width = sqlite3_column_count(stmt);
    kinds = fd_alloc((size_t)width * sizeof *kinds + 1);
    if ((err = find_kinds(db, stmt, kinds, width)) < 0)
        goto done;
    table = fd_table_new("query", "查询", "Query");
    for (int i = 0; i < width; i++) {
        const char *name = sqlite3_column_name(stmt, i);

        fd_table_add_new(table, name, name, name, kinds[i] == FD_BOOL ? FD_TEXT : kinds[i], "", 0);
    }
    err = read_rows(db, stmt, table, width);
done:
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    free(kinds);
    if (err < 0)
        fd_table_free(table);
    else
        *out = table;
    return err;
}
