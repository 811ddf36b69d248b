/*
 * Who sees what: every verb × every role × own and foreign rows, against tests/reference/roles.csv;
 * and for limited roles a stronger thing: the answer is the same as that of a city which never had
 * the foreign rows.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "fangding/uscc.h"
#include "fangding/verbs.h"
#include "io/rows.h"
#include "remove_all.h"

/* Order of the columns of the table. */
static const fd_role roles[] = { FD_ROLE_VIEWER,       FD_ROLE_INDUSTRY, FD_ROLE_STATISTICS,
                                 FD_ROLE_DEPARTMENT,   FD_ROLE_COUNTY,   FD_ROLE_ENTERPRISE,
                                 FD_ROLE_ADMINISTRATOR };
#define ROLES (sizeof roles / sizeof *roles)

static const struct {
    const char *name, *county, *chain;
    bool foreign;
    int64_t output; /* 万元 */
} firms[] = {
    { "本县甲厂", "990501", "C01", false, 1000 }, { "本县乙厂", "990501", "C01", false, 1200 },
    { "本县丙厂", "990501", "C02", false, 900 },  { "外县丁厂", "990502", "C01", true, 70000 },
    { "外县戊厂", "990502", "C02", true, 80000 }, { "外县己厂", "990502", "C02", true, 90000 },
};
#define FIRMS        (sizeof firms / sizeof *firms)
#define OWN_FIRM     "本县甲厂"
#define FOREIGN_FIRM "外县丁厂"

typedef struct world {
    char folder[128];
    char full[192], own[192]; /* city files: with and without the foreign rows */
    char codes[FIRMS][FD_USCC_LENGTH + 1];
} world;

/* ---- two cities ---- */

static void put_values(fd_batch *batch, const int32_t *ids, const int64_t *values, size_t n,
                       const char *kind, const char *item, fd_period period, const char *origin,
                       const char *use, int32_t source)
{
    fd_segment s = { 0 };

    s.kind = kind;
    s.item = item;
    s.period = period;
    s.basis = FD_CURRENT;
    s.source = source;
    s.sheet = "";
    s.column = item;
    s.origin = origin;
    s.basis_of_law = "示例";
    s.permitted_use = use;
    s.marks = "示例";
    s.value_kind = FD_DEC;
    s.unit = "万元";
    s.n = n;
    s.subjects = ids;
    s.dec = values;
    assert_int_equal(fd_batch_segment(batch, &s), 0);
}

static void fill(const world *w, const char *path, bool with_foreign)
{
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_batch_info info = { "import", "test", "", "2025-01-01T00:00:00Z" };
    fd_source_file file = { "示例.csv", "00", 1, "UTF-8", "dispatch", NULL };
    fd_period year = fd_period_year(2024), months;
    int32_t ids[FIRMS], county, city, source, chain;
    int64_t values[FIRMS], whole = 500000, snapshot;
    fd_store *store;
    fd_batch *batch;
    size_t n = 0;

    assert_int_equal(fd_period_parse(&months, "2024-01..12", 11), 0);
    assert_int_equal(fd_store_open_sqlite(&store, path, &options), 0);
    assert_int_equal(fd_batch_begin(&batch, store, &info), 0);
    assert_int_equal(fd_batch_source(batch, &file, &source), 0);
    assert_int_equal(fd_batch_subject(batch, "city", "990500", "示例市", &city), 0);
    assert_int_equal(fd_batch_subject(batch, "county", "990501", "本县", &county), 0);
    assert_int_equal(fd_batch_subject(batch, "county", "990502", "外县", &county), 0);
    assert_int_equal(fd_batch_subject(batch, "chain", "C01", "甲链", &chain), 0);
    assert_int_equal(fd_batch_subject(batch, "chain", "C02", "乙链", &chain), 0);
    put_values(batch, &city, &whole, 1, "city", "gdp", year, "published", "any", source);
    for (size_t i = 0; i < FIRMS; i++) {
        if (firms[i].foreign && !with_foreign)
            continue;
        assert_int_equal(fd_batch_subject(batch, "enterprise", w->codes[i], firms[i].name, &ids[n]),
                         0);
        fd_batch_attribute(batch, ids[n], "county", FD_DATE_NONE + 1, firms[i].county);
        fd_batch_attribute(batch, ids[n], "chain", FD_DATE_NONE + 1, firms[i].chain);
        fd_batch_attribute(batch, ids[n], "industry", FD_DATE_NONE + 1, "3110");
        fd_batch_attribute(batch, ids[n], "above_scale", FD_DATE_NONE + 1, "是");
        fd_batch_attribute(batch, ids[n], "expects:dispatch", FD_DATE_NONE + 1, "2024-01..12");
        values[n++] = firms[i].output;
        for (int item = 1; item <= 3; item++) {
            char key[64], fields[256];

            snprintf(key, sizeof key, "%s:Z%d", w->codes[i], item);
            snprintf(fields, sizeof fields,
                     "{\"firm\":\"%s\",\"item\":\"Z%d\",\"level\":%d,\"evidence\":\"示例\","
                     "\"dated\":\"2024-01-05\",\"expires\":\"2026-01-04\"}",
                     w->codes[i], item, item + firms[i].foreign);
            assert_int_equal(fd_batch_record(batch, "maturity_claim", key, "已答",
                                             fd_date_make(2024, 5, 1), fields, "test"),
                             0);
        }
    }
    put_values(batch, ids, values, n, "enterprise", "dispatch_output", months, "dispatch",
               "administration", source);
    put_values(batch, ids, values, n, "enterprise", "annual_output", year, "statistical",
               "statistics", source);
    put_values(batch, ids, values, n, "enterprise", "sei_output", year, "statistical", "statistics",
               source);
    for (int foreign = 0; foreign < (with_foreign ? 2 : 1); foreign++) {
        assert_int_equal(fd_batch_subject(batch, "project", foreign ? "P2" : "P1",
                                          foreign ? "外县工程" : "本县工程", &county),
                         0);
        fd_batch_attribute(batch, county, "project_county", FD_DATE_NONE + 1,
                           foreign ? "990502" : "990501");
        fd_batch_attribute(batch, county, "name", FD_DATE_NONE + 1,
                           foreign ? "外县工程" : "本县工程");
        assert_int_equal(fd_batch_record(batch, "promise", foreign ? "K2" : "K1", "在办",
                                         fd_date_make(2024, 5, 1),
                                         foreign ? "{\"title\":\"外县丁厂\",\"sentence\":\"句\","
                                                   "\"reference\":\"处\"}"
                                                 : "{\"title\":\"本县甲厂\",\"sentence\":\"句\","
                                                   "\"reference\":\"处\"}",
                                         "test"),
                         0);
    }
    assert_int_equal(fd_batch_publish(batch, &snapshot), 0);
    fd_store_close(store);
}

static int run_verb(const char *name, fd_call *call, fd_result *result, const char *const *words,
                    size_t count)
{
    size_t next = 0;

    call->verb = fd_verb_find(name);
    assert_non_null(call->verb);
    call->values = fd_arena_alloc(call->arena, (call->verb->param_count + 1) * sizeof(char *));
    call->rest = fd_arena_alloc(call->arena, (count + 1) * sizeof(char *));
    for (size_t i = 0; i < count; i++) {
        const char *equals = words[i][0] == '-' ? strchr(words[i], '=') : NULL;
        fd_view option = { words[i] + 2, equals ? (size_t)(equals - words[i]) - 2 : 0 };

        for (size_t k = 0; equals && k < call->verb->param_count; k++)
            if (fd_view_is(option, call->verb->params[k].name)) {
                call->values[k] = equals + 1;
                option.len = 0;
            }
        if (equals) {
            assert_int_equal(option.len, 0);
            continue;
        }
        while (next < call->verb->param_count && !call->verb->params[next].positional)
            next++;
        assert_true(next < call->verb->param_count);
        if (call->verb->params[next].repeated)
            call->rest[call->rest_count++] = words[i];
        else
            call->values[next++] = words[i];
    }
    return fd_call_run(call, result);
}

static void make_city(const world *w, const char *path, bool with_foreign)
{
    fd_arena *arena = fd_arena_new();
    const char *words[] = { path, "--name=示例市", "--code=990500" };
    fd_call call = { .arena = arena, .actor = "test" };
    fd_result result = { 0 };

    assert_int_equal(run_verb("new", &call, &result, words, 3), 0);
    fd_result_dispose(&result);
    fd_arena_free(arena);
    fill(w, path, with_foreign);
}

/* A round of collecting, so that there is somebody to chase. */
static void open_round(const char *path)
{
    fd_arena *arena = fd_arena_new();
    const char *words[] = { "dispatch", "--at=2024-01..12", "--due=2025-01-10", "--out=forms",
                            "--today=2025-01-02" };
    fd_call call = { .arena = arena, .actor = "test", .city_path = path };
    fd_result result = { 0 };

    if (run_verb("collect open", &call, &result, words, 5) < 0)
        fail_msg("%s", fd_error_last()->message[FD_EN]);
    fd_result_dispose(&result);
    fd_arena_free(arena);
}

static int open_world(void **state)
{
    world *w = calloc(1, sizeof *w);
    const char *base = getenv("TMPDIR");

    snprintf(w->folder, sizeof w->folder, "%.80s/fdscopeXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    assert_int_equal(chdir(w->folder), 0);
    snprintf(w->full, sizeof w->full, "%s/full.fangding", w->folder);
    snprintf(w->own, sizeof w->own, "%s/own.fangding", w->folder);
    for (size_t i = 0; i < FIRMS; i++) {
        char prefix[18];

        snprintf(prefix, sizeof prefix, "91990500MA%06zu", i);
        assert_int_equal(fd_uscc_make(w->codes[i], prefix), 0);
    }
    make_city(w, w->full, true);
    make_city(w, w->own, false);
    open_round(w->full);
    open_round(w->own);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    world *w = *state;

    (void)!chdir("/");
    remove_all(w->folder);
    free(w);
    return 0;
}

/* ---- asking ---- */

/* Everything that an answer or a failure says, as one text. *err receives what the call gave. */
static char *ask(const char *path, fd_role role, const char *verb, const char *arguments, int *err)
{
    fd_arena *arena = fd_arena_new();
    fd_scope scope = { role == FD_ROLE_COUNTY ? "本县" : NULL,
                       role == FD_ROLE_ENTERPRISE ? OWN_FIRM : NULL };
    fd_call call = {
        .arena = arena, .actor = "test", .role = role, .scope = &scope, .city_path = path
    };
    fd_print_options options = FD_PRINT_OPTIONS_INIT;
    fd_result result = { 0 };
    const char *words[16];
    char *text = NULL, line[4096];
    fd_view rest = fd_view_of(arguments), word;
    size_t count = 0, length;
    FILE *out = open_memstream(&text, &length), *written;

    while (fd_view_split(&rest, ' ', &word))
        if (word.len)
            words[count++] = fd_arena_strndup(arena, word.ptr, word.len);
    fd_error_clear();
    *err = run_verb(verb, &call, &result, words, count);
    options.format = FD_FORMAT_JSON;
    fd_result_print(&result, out, &options, NULL);
    for (int lang = 0; lang < 2; lang++) {
        fputs(result.screen[lang] ? result.screen[lang] : "", out);
        fputs(result.message[lang] ? result.message[lang] : "", out);
        if (*err < 0) {
            fd_error_format(fd_error_last(), (fd_lang)lang, line, sizeof line);
            fputs(line, out);
        }
    }
    /* What a verb wrote beside its answer says something, too. */
    if ((written = fopen("paper.txt", "rb"))) {
        while ((length = fread(line, 1, sizeof line, written)) > 0)
            fwrite(line, 1, length, out);
        fclose(written);
        unlink("paper.txt");
    }
    fclose(out);
    fd_result_dispose(&result);
    fd_arena_free(arena);
    return text;
}

static bool names_any(const world *w, const char *text, bool foreign)
{
    for (size_t i = 0; i < FIRMS; i++)
        if (firms[i].foreign == foreign &&
            (strstr(text, firms[i].name) || strstr(text, w->codes[i])))
            return true;
    return strstr(text, foreign ? "外县工程" : "本县工程") != NULL;
}

/* What came, in the words of the table. An argument that repeats a name is no leak: the firm asked
 * for is named in "no such subject". */
static const char *outcome(const world *w, const char *text, int err)
{
    bool own, foreign;

    if (err == FD_EDENIED)
        return "denied";
    if (err == FD_ENOTFOUND)
        return "not found";
    if (err < 0)
        return "failed";
    own = names_any(w, text, false);
    foreign = names_any(w, text, true);
    return own && foreign ? "own+foreign" : own ? "own" : foreign ? "foreign" : "sums";
}

static void with_names(char *out, size_t size, const char *arguments)
{
    fd_buf text = FD_BUF_INIT;

    for (const char *c = arguments; *c; c++) {
        if (strncmp(c, "{own}", 5) == 0) {
            fd_buf_puts(&text, OWN_FIRM);
            c += 4;
        } else if (strncmp(c, "{foreign}", 9) == 0) {
            fd_buf_puts(&text, FOREIGN_FIRM);
            c += 8;
        } else {
            fd_buf_putc(&text, *c);
        }
    }
    snprintf(out, size, "%s", fd_buf_text(&text));
    fd_buf_dispose(&text);
}

typedef struct line {
    char verb[64], arguments[256], expected[ROLES][16];
} line;

static size_t read_table(line *lines, size_t room)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    const fd_row *row;
    fd_rows *rows;
    size_t n = 0;

    assert_int_equal(fd_rows_open(&rows, FD_SOURCE_DIR "/tests/reference/roles.csv", &options), 0);
    assert_true(fd_rows_next(rows, &row) > 0);
    while (fd_rows_next(rows, &row) > 0 && n < room) {
        assert_int_equal(row->count, 2 + ROLES);
        snprintf(lines[n].verb, sizeof lines[n].verb, "%.*s", (int)row->cells[0].text.len,
                 row->cells[0].text.ptr);
        snprintf(lines[n].arguments, sizeof lines[n].arguments, "%.*s", (int)row->cells[1].text.len,
                 row->cells[1].text.ptr);
        for (size_t k = 0; k < ROLES; k++)
            snprintf(lines[n].expected[k], sizeof lines[n].expected[k], "%.*s",
                     (int)row->cells[2 + k].text.len, row->cells[2 + k].text.ptr);
        n++;
    }
    fd_rows_close(rows);
    return n;
}

static void test_table(void **state)
{
    static line lines[256];
    const world *w = *state;
    size_t n = read_table(lines, 256), wrong = 0;

    for (size_t i = 0; i < n; i++) {
        char arguments[512];
        bool differs = false;
        fd_buf got = FD_BUF_INIT;

        with_names(arguments, sizeof arguments, lines[i].arguments);
        fd_buf_printf(&got, "%s,%s", lines[i].verb, lines[i].arguments);
        for (size_t k = 0; k < ROLES; k++) {
            const fd_verb *verb = fd_verb_find(lines[i].verb);
            bool writes = verb && verb->effect != FD_READ;
            int err;
            char *text;
            const char *what;

            assert_non_null(verb);
            /* A verb that writes is tried for its right alone: what it does has its own tests. */
            if (writes) {
                what = fd_role_may(roles[k], verb) ? "may" : "denied";
            } else {
                text = ask(w->full, roles[k], lines[i].verb, arguments, &err);
                what = outcome(w, text, err);
                free(text);
            }
            fd_buf_printf(&got, ",%s", what);
            differs = differs || strcmp(what, lines[i].expected[k]) != 0;
        }
        if (differs)
            print_error("now: %s\n", fd_buf_text(&got));
        wrong += differs;
        fd_buf_dispose(&got);
    }
    assert_int_equal(wrong, 0);
}

static void test_every_verb_stands_in_the_table(void **state)
{
    static line lines[256];
    const fd_verb *const *verbs;
    size_t n = read_table(lines, 256), count, missing = 0;

    (void)state;
    verbs = fd_verbs(&count);
    for (size_t i = 0; i < count; i++) {
        bool found = false;

        for (size_t k = 0; k < n && !found; k++)
            found = strcmp(lines[k].verb, verbs[i]->name) == 0;
        if (!found)
            print_error("add a line for \"%s\" to tests/reference/roles.csv\n", verbs[i]->name);
        missing += !found;
    }
    assert_int_equal(missing, 0);
}

/* Left out is "show items" alone: it says how many rows an item has, and no value of any. */
static void test_foreign_rows_have_no_effect(void **state)
{
    static const fd_role limited[] = { FD_ROLE_VIEWER, FD_ROLE_COUNTY, FD_ROLE_ENTERPRISE };
    static line lines[256];
    const world *w = *state;
    size_t n = read_table(lines, 256), wrong = 0;

    for (size_t i = 0; i < n; i++) {
        const fd_verb *verb = fd_verb_find(lines[i].verb);
        char arguments[512];

        if (verb->effect != FD_READ || strcmp(lines[i].arguments, "items") == 0)
            continue;
        with_names(arguments, sizeof arguments, lines[i].arguments);
        for (size_t k = 0; k < sizeof limited / sizeof *limited; k++) {
            int err_full, err_own;
            char *full = ask(w->full, limited[k], lines[i].verb, arguments, &err_full);
            char *own = ask(w->own, limited[k], lines[i].verb, arguments, &err_own);
            char *name;

            /* Both files have names of their own. */
            while ((name = strstr(full, "full.fangding")))
                memcpy(name, "own_.fangding", 13);
            while ((name = strstr(own, "/own.fangding")))
                memcpy(name, "=own.fangding", 13);
            if (err_full != err_own || (strcmp(full, own) != 0 && !strstr(full, "own_.fangding"))) {
                print_error("%s %s as %s differs by rows it may not see:\n%s\n---\n%s\n",
                            lines[i].verb, arguments, fd_role_name(limited[k], FD_EN), full, own);
                wrong++;
            }
            free(full);
            free(own);
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_no_scope_sees_nothing(void **state)
{
    const world *w = *state;
    fd_arena *arena = fd_arena_new();
    const fd_scope nowhere[] = { { NULL, NULL }, { "无此县", NULL } };

    for (size_t i = 0; i < 2; i++) {
        fd_call call = { .arena = arena,
                         .actor = "test",
                         .role = FD_ROLE_COUNTY,
                         .scope = &nowhere[i],
                         .city_path = w->full };
        fd_result result = { 0 };

        assert_int_equal(run_verb("show", &call, &result, NULL, 0), FD_EDENIED);
        fd_result_dispose(&result);
    }
    fd_arena_free(arena);
}

static void test_reads_of_enterprises_are_audited(void **state)
{
    const world *w = *state;
    const struct {
        const char *verb, *arguments;
        bool noted;
    } cases[] = { { "show", OWN_FIRM, true }, { "show", "indicators", false } };
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_arena *arena = fd_arena_new();
    fd_scope scope = { NULL, NULL };
    fd_store *store;
    int64_t before, after;

    assert_int_equal(fd_store_open_sqlite(&store, w->full, &options), 0);
    for (size_t i = 0; i < 2; i++) {
        fd_call call = { .arena = arena,
                         .actor = "读者",
                         .role = FD_ROLE_INDUSTRY,
                         .scope = &scope,
                         .audit = store,
                         .city_path = w->full };
        fd_result result = { 0 };

        assert_int_equal(fd_store_audit_verify(store, &before), 0);
        assert_int_equal(run_verb(cases[i].verb, &call, &result, &cases[i].arguments, 1), 0);
        assert_int_equal(fd_store_audit_verify(store, &after), 0);
        assert_int_equal(after - before, cases[i].noted);
        assert_true(!result.subjects == !cases[i].noted);
        fd_result_dispose(&result);
    }
    fd_store_close(store);
    fd_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_every_verb_stands_in_the_table),
        cmocka_unit_test(test_foreign_rows_have_no_effect),
        cmocka_unit_test(test_no_scope_sees_nothing),
        cmocka_unit_test(test_reads_of_enterprises_are_audited),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
