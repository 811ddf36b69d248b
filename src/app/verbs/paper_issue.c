/*
 * paper issue|history|changed|fetch: papers that went out are kept as bytes in the city file, with
 * who issued what and when; later anybody with the right sees which of their figures have changed.
 *
 * A paper says what the role that drafted it may see.  So it is shown to that role's equals only:
 * one drafted by the statistics role stays there; a county sees the briefings about itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/papers.h"
#include "app/registry.h"
#include "base/digest.h"
#include "io/file.h"
#include "table/jsonw.h"

/* Kept as records of a type of the program's own: no declaration can have a dot in its id. */
#define TYPE   "paper.issued"
#define KEY_AT 16 /* digits of the hash that name a paper */

/* ---- reading what was issued ---- */

/* A county may name its own by code or by name. */
static bool is_own_county(fd_call *call, const char *code)
{
    const fd_frame *counties;
    size_t at;

    if (!call->scope || !call->scope->county || !code[0])
        return false;
    if (strcmp(call->scope->county, code) == 0)
        return true;
    if (call->city->source->ops->frame(call->city->source, "county", &counties) < 0)
        return false;
    at = fd_frame_find(counties, code);
    return at < counties->n && counties->names[at] &&
           strcmp(counties->names[at], call->scope->county) == 0;
}

static bool may_see(fd_call *call, const fd_table *t, size_t row)
{
    const bool by_statistics = strcmp(fd_table_text(t, "role", row), "statistics") == 0;

    switch (call->role) {
    case FD_ROLE_STATISTICS:
        return true;
    case FD_ROLE_INDUSTRY:
    case FD_ROLE_DEPARTMENT:
    case FD_ROLE_ADMINISTRATOR:
        return !by_statistics;
    case FD_ROLE_COUNTY:
        return !by_statistics && strcmp(fd_table_text(t, "paper", row), "county") == 0 &&
               (!call->scope || is_own_county(call, fd_table_text(t, "place", row)));
    case FD_ROLE_VIEWER:
    case FD_ROLE_ENTERPRISE:
    case FD_ROLE_COUNT:
        break;
    }
    return false;
}

static int load(fd_table **out, fd_call *call)
{
    return fd_reader_source(call->city->reader)
        ->ops->records(fd_reader_source(call->city->reader), TYPE, FD_DATE_MAX, out);
}

/* The row of the paper that `id` begins the hash of, or names by its number. FD_ENOTFOUND also for
 * one the caller may not see: what exists is no answer either. */
static int find(size_t *row, fd_call *call, const fd_table *t, const char *id)
{
    size_t found = 0;

    for (size_t i = 0; i < t->rows; i++) {
        const char *hash = fd_table_text(t, "hash", i);

        if (may_see(call, t, i) && ((strlen(id) >= 6 && strncmp(hash, id, strlen(id)) == 0) ||
                                    (id[0] && strcmp(fd_table_text(t, "number", i), id) == 0))) {
            *row = i;
            found++;
        }
    }
    if (found == 1)
        return 0;
    if (found)
        return fd_error_set(FD_ECONFLICT, "「%s」不止一份文稿", "more than one paper is \"%s\"",
                            id);
    fd_error_set(FD_ENOTFOUND, "没有签发过这份文稿:%s", "no such paper was issued: %s", id);
    return fd_error_hint("fangding paper history 列出签发过的文稿",
                         "fangding paper history lists what was issued");
}

/* ---- issue ---- */

static const char *title_of(const fd_docx_doc *document, fd_arena *arena)
{
    for (size_t i = 0; i < document->blocks.count; i++) {
        const fd_docx_block *b = &document->blocks.items[i];
        fd_buf text = FD_BUF_INIT;
        const char *kept = NULL;

        for (size_t k = 0; k < b->spans.count; k++)
            fd_buf_puts(&text, b->spans.items[k].text);
        if (text.len)
            kept = fd_arena_strdup(arena, fd_buf_text(&text));
        fd_buf_dispose(&text);
        if (kept)
            return kept;
    }
    return "";
}

static void put(fd_jsonw *w, const char *key, const char *value)
{
    fd_jsonw_key(w, key);
    fd_jsonw_string(w, value ? value : "");
}

static void put_count(fd_jsonw *w, const char *key, size_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%zu", value);
    put(w, key, text);
}

typedef struct issue {
    fd_docx_doc *document;
    char *bytes;
    size_t length, checked, different;
    char hash[65], time[32];
    fd_date today;
} issue;

static void clock_now(issue *x)
{
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(x->time, sizeof x->time, "%Y-%m-%dT%H:%M:%SZ", &tm);
    localtime_r(&now, &tm);
    x->today = fd_date_make(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

/* What the record says of the paper; every value a text. */
static void describe(fd_buf *out, fd_call *call, const issue *x, const char *file)
{
    static const char *const kept[][2] = {
        { "paper", "fangding.paper" },     { "at", "fangding.at" },
        { "place", "fangding.place" },     { "drafted", "fangding.snapshot" },
        { "day", "fangding.today" },       { "definitions", "fangding.definitions" },
        { "program", "fangding.program" },
    };
    const char *role = fd_docx_doc_property(x->document, "fangding.role");
    fd_jsonw w;

    fd_jsonw_init(&w, out);
    fd_jsonw_object(&w);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        put(&w, kept[i][0], fd_docx_doc_property(x->document, kept[i][1]));
    put(&w, "title", title_of(x->document, call->arena));
    put(&w, "file", file);
    put(&w, "hash", x->hash);
    put_count(&w, "bytes", x->length);
    put_count(&w, "figures", x->checked);
    put_count(&w, "differ", x->different);
    put(&w, "number", fd_call_text(call, "number"));
    put(&w, "note", fd_call_text(call, "note"));
    /* The stricter of who drafted and who issues. */
    put(&w, "role",
        call->role == FD_ROLE_STATISTICS || (role && strcmp(role, "statistics") == 0)
            ? "statistics"
            : fd_role_name(call->role, FD_EN));
    put(&w, "by", call->actor);
    put(&w, "time", x->time);
    fd_jsonw_end_object(&w);
}

static int refuse_again(fd_call *call, const issue *x)
{
    const char *number = fd_call_text(call, "number");
    fd_table *t = NULL;
    int err = load(&t, call);

    for (size_t i = 0; err >= 0 && i < t->rows; i++) {
        if (strcmp(fd_table_text(t, "hash", i), x->hash) == 0)
            err = fd_error_set(FD_EEXISTS, "这份文稿已由 %s 签发(%s)",
                               "this paper was issued by %s already (%s)",
                               fd_table_text(t, "by", i), fd_table_text(t, "time", i));
        else if (number && strcmp(fd_table_text(t, "number", i), number) == 0)
            err = fd_error_set(FD_EEXISTS, "文号 %s 已经用过", "the number %s was used before",
                               number);
    }
    fd_table_free(t);
    return err;
}

static int run_issue(fd_call *call, fd_result *result)
{
    const char *path = fd_call_text(call, "file");
    fd_batch_info info = { "paper issue", call->actor, fd_call_text(call, "number"), NULL };
    fd_table *differences = NULL;
    fd_buf fields = FD_BUF_INIT;
    fd_batch *batch = NULL;
    int64_t snapshot = 0;
    char key[KEY_AT + 1];
    issue x = { 0 };
    int err;

    if ((err = fd_file_read(&x.bytes, &x.length, path, FD_BLOB_MAX)) < 0 ||
        (err = fd_paper_read_bytes(&x.document, x.bytes, x.length, fd_file_name(path))) < 0 ||
        (err = fd_papers_compare(&differences, &x.checked, &x.different, call, x.document,
                                 fd_file_name(path), NULL)) < 0)
        goto done;
    fd_digest_of(x.bytes, x.length, x.hash);
    clock_now(&x);
    if ((err = refuse_again(call, &x)) < 0 ||
        (err = fd_batch_begin(&batch, call->city->store, &info)) < 0)
        goto done;
    describe(&fields, call, &x, fd_file_name(path));
    memcpy(key, x.hash, KEY_AT);
    key[KEY_AT] = '\0';
    if ((err = fd_batch_blob(batch, x.bytes, x.length, x.hash)) < 0 ||
        (err = fd_batch_record(batch, TYPE, key, "签发", x.today, fd_buf_text(&fields),
                               call->actor)) < 0) {
        fd_batch_abandon(batch);
        goto done;
    }
    if ((err = fd_batch_publish(batch, &snapshot)) < 0)
        goto done;
    if (x.different) {
        fd_result_add(result, differences);
        differences = NULL;
    }
    fd_result_say(
        result,
        "已签发并存入城市文件(快照 %lld):%s,%zu 字节,SHA-256 %s;%zu 个数中 %zu 个与今天不同",
        "issued and kept in the city file (snapshot %lld): %s, %zu bytes, SHA-256 %s; of "
        "%zu figures %zu differ from today's",
        (long long)snapshot, fd_file_name(path), x.length, x.hash, x.checked, x.different);
done:
    fd_table_free(differences);
    fd_docx_doc_free(x.document);
    fd_buf_dispose(&fields);
    free(x.bytes);
    return err < 0 ? err : 0;
}

/* ---- history, changed, fetch ---- */

static int run_history(fd_call *call, fd_result *result)
{
    static const fd_column_spec columns[] = {
        { "id", "编号", "Id", FD_TEXT, NULL, 0 },
        { "time", "签发时间", "Issued", FD_TEXT, NULL, 0 },
        { "by", "签发人", "By", FD_TEXT, NULL, 0 },
        { "title", "标题", "Title", FD_TEXT, NULL, 0 },
        { "paper", "文稿", "Paper", FD_TEXT, NULL, 0 },
        { "at", "期间", "Period", FD_TEXT, NULL, 0 },
        { "place", "对象", "About", FD_TEXT, NULL, 0 },
        { "number", "文号", "Number", FD_TEXT, NULL, 0 },
        { "note", "说明", "Note", FD_TEXT, NULL, 0 },
        { "file", "文件", "File", FD_TEXT, NULL, 0 },
        { "drafted", "起草时快照", "Drafted at snapshot", FD_DEC, NULL, 0 },
        { "figures", "绑定的数", "Figures", FD_DEC, NULL, 0 },
        { "differ", "签发时已不同", "Differed when issued", FD_DEC, NULL, 0 },
        { "bytes", "字节", "Bytes", FD_DEC, NULL, 0 },
        { "hash", "SHA-256", "SHA-256", FD_TEXT, NULL, 0 },
    };
    enum { COLUMNS = sizeof columns / sizeof *columns };
    const char *kind = fd_call_text(call, "paper");
    fd_table *t, *issued = NULL;
    size_t shown = 0;
    int err = load(&issued, call);

    if (err < 0)
        return err;
    t = fd_table_new("history", "签发过的文稿", "Issued papers");
    fd_table_add_columns(t, columns, COLUMNS);
    for (size_t i = issued->rows; i-- > 0;) { /* newest last in the file, first here */
        size_t row;

        if (!may_see(call, issued, i) ||
            (kind && strcmp(fd_table_text(issued, "paper", i), kind) != 0))
            continue;
        row = fd_table_add_row(t);
        for (size_t c = 0; c < COLUMNS; c++) {
            const char *text =
                c == 0 ? fd_table_text(issued, "hash", i) : fd_table_text(issued, columns[c].id, i);

            if (columns[c].kind == FD_DEC && text[0])
                fd_column_set_dec(t->columns[c], row, strtoll(text, NULL, 10));
            else if (c == 0)
                fd_column_set_text(t->columns[c], row, fd_arena_strndup(call->arena, text, KEY_AT));
            else if (text[0])
                fd_column_set_text(t->columns[c], row, text);
        }
        shown++;
    }
    fd_table_free(issued);
    fd_table_add_note(t, "签发的文稿按原字节存在城市文件里;编号是 SHA-256 的前 16 位",
                      "issued papers are kept byte by byte; the id is how their SHA-256 begins");
    fd_result_add(result, t);
    fd_result_say(result, "签发过 %zu 份文稿", "%zu papers were issued", shown);
    return 0;
}

/* The bytes of an issued paper, its row in *issued. */
static int take(void **bytes, size_t *length, fd_table **issued, size_t *row, fd_call *call)
{
    int err;

    if ((err = load(issued, call)) < 0 ||
        (err = find(row, call, *issued, fd_call_text(call, "id"))) < 0)
        return err;
    return fd_reader_blob(call->city->reader, fd_table_text(*issued, "hash", *row), bytes, length);
}

static int run_changed(fd_call *call, fd_result *result)
{
    fd_docx_doc *document = NULL;
    fd_table *issued = NULL, *t = NULL;
    size_t length, row = 0, checked = 0, different = 0;
    void *bytes = NULL;
    int err;

    if ((err = take(&bytes, &length, &issued, &row, call)) >= 0 &&
        (err = fd_paper_read_bytes(&document, bytes, length, fd_table_text(issued, "file", row))) >=
            0 &&
        (err = fd_papers_compare(&t, &checked, &different, call, document,
                                 fd_table_text(issued, "file", row), NULL)) >= 0) {
        fd_papers_say(call, result, t, checked, different);
        result->exit_code = 0; /* a paper of last month is allowed to be of last month */
    }
    fd_docx_doc_free(document);
    fd_table_free(issued);
    free(bytes);
    return err < 0 ? err : 0;
}

static int run_fetch(fd_call *call, fd_result *result)
{
    const char *out = fd_call_text(call, "out");
    fd_table *issued = NULL;
    void *bytes = NULL;
    size_t length, row = 0;
    int err;

    if ((err = take(&bytes, &length, &issued, &row, call)) >= 0) {
        if (!out)
            out = fd_table_text(issued, "file", row);
        err = fd_file_write(out, bytes, length);
    }
    if (err >= 0)
        fd_result_say(result, "已写 %s:%zu 字节,与签发时逐字节相同(SHA-256 %s)",
                      "wrote %s: %zu bytes, byte by byte as issued (SHA-256 %s)", fd_file_name(out),
                      length, fd_table_text(issued, "hash", row));
    if (err >= 0 && call->audit) /* a paper shows what was known of enterprises */
        err = fd_call_audit(call, "paper fetch", fd_table_text(issued, "place", row),
                            fd_table_text(issued, "hash", row));
    fd_table_free(issued);
    free(bytes);
    return err < 0 ? err : 0;
}

#define ID_PARAM                                                                                   \
    {                                                                                              \
        "id", FD_P_TEXT, true, true, false, "ID", "编号(SHA-256 的开头,至少 6 位)或文号",          \
            "how the SHA-256 begins (6 digits or more), or the number", NULL                       \
    }

static const fd_verb_param issue_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "要签发的文稿 docx", "the paper's docx", NULL },
    { "number", FD_P_TEXT, false, false, false, "NUMBER", "文号", "its number", NULL },
    { "note", FD_P_TEXT, false, false, false, "TEXT", "说明", "a note", NULL },
};
static const char *const issue_examples[] = {
    "paper issue 洹州市2024年1—12月工业经济运行分析.docx --number 洹工信〔2025〕2号 "
    "--city out/huanzhou.fangding",
    NULL
};
const fd_verb fd_verb_paper_issue = {
    .name = "paper issue",
    .zh = "签发文稿:按原字节存进城市文件,记下谁、何时、哪一稿",
    .en = "issue a paper: keep its bytes in the city file, with who, when and which draft",
    .effect = FD_WRITE,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = issue_params,
    .param_count = sizeof issue_params / sizeof *issue_params,
    .examples = issue_examples,
    .run = run_issue,
};

static const fd_verb_param history_params[] = {
    { "paper", FD_P_CHOICE, false, false, false, "PAPER", "只看哪一种文稿",
      "one kind of paper only", "monthly|county|chain|firm|promises|weekly" },
};
static const char *const history_examples[] = { "paper history --city out/huanzhou.fangding",
                                                NULL };
const fd_verb fd_verb_paper_history = {
    .name = "paper history",
    .zh = "签发过哪些文稿:谁、何时、散列",
    .en = "which papers were issued: by whom, when, their hash",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = history_params,
    .param_count = sizeof history_params / sizeof *history_params,
    .examples = history_examples,
    .run = run_history,
};

static const fd_verb_param changed_params[] = { ID_PARAM };
static const char *const changed_examples[] = {
    "paper changed 洹工信〔2025〕1号 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_paper_changed = {
    .name = "paper changed",
    .zh = "签发过的文稿里哪些数后来变了",
    .en = "which figures of an issued paper have changed since",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = changed_params,
    .param_count = 1,
    .examples = changed_examples,
    .run = run_changed,
};

static const fd_verb_param fetch_params[] = {
    ID_PARAM,
    { "out", FD_P_OUTPUT, false, false, false, "FILE", "写到哪个文件;不写用签发时的名字",
      "the file to write; its name when issued by default", NULL },
};
static const char *const fetch_examples[] = {
    "paper fetch 洹工信〔2025〕1号 --out 签发稿.docx --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_paper_fetch = {
    .name = "paper fetch",
    .zh = "取出签发过的文稿,与签发时逐字节相同",
    .en = "take out an issued paper, byte by byte as it was",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = fetch_params,
    .param_count = 2,
    .examples = fetch_examples,
    .run = run_fetch,
};
