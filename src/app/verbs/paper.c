/*
 * paper monthly|county|chain|firm|promises|weekly|check: the papers, and whether an issued one
 * still says what the city file says.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/assets.h"
#include "app/papers.h"
#include "app/protect.h"
#include "app/registry.h"
#include "app/scope.h"
#include "app/subjects.h"
#include "io/file.h"
#include "report/paper.h"

#define DEFINITION_CAP ((size_t)1 << 20)

/* What the verbs differ in. */
typedef struct paper_kind {
    const char *id;         /* definitions/papers/<id>.txt */
    const char *place_kind; /* or NULL */
    const char *param;      /* the parameter that names the place */
    const char *file_zh;    /* name of the file: %1 place or city, %2 period or date */
    bool has_period;
    bool compares; /* with an earlier snapshot */
} paper_kind;

static const paper_kind kinds[] = {
    { "monthly", NULL, NULL, "工业经济运行分析", true, false },
    { "county", "county", "county", "工业运行通报", true, false },
    { "chain", "chain", "chain", "链长会议材料", true, true },
    { "firm", "enterprise", "code", "走访一页纸", true, false },
    { "promises", NULL, NULL, "规划承诺摘录", false, false },
    { "weekly", NULL, NULL, "每周清单", true, true },
};

typedef struct paper_request {
    const paper_kind *kind;
    fd_paper_context context;
    fd_subject place;
    fd_reader *before;
    fd_scoped *before_scoped; /* what a limited caller sees of it */
    char *city, *note, *definition;
    fd_view text;
    const char *text_name;
} paper_request;

static bool may_show(void *payload, const fd_indicator *indicator, const char *kind)
{
    const fd_call *call = payload;

    /* Subjects that are groups of their own hold what the bureau handed out. */
    if (call->role == FD_ROLE_STATISTICS || strcmp(indicator->kind, kind) == 0)
        return true;
    return !fd_rests_on_statistics(call->city, indicator->total) &&
           !fd_rests_on_statistics(call->city, indicator->formula);
}

static bool may_see(void *payload, const char *origin)
{
    const fd_call *call = payload;

    return fd_role_sees(call->role, origin);
}

/* What the papers may ask of engines: the table of a verb, about the paper's chain. It sees what
 * the paper's own caller sees. */
static int ask_engine(void *payload, fd_table **out, const char *name, const char *place)
{
    static const struct {
        const char *name, *verb, *table; /* table: NULL for the first one */
    } engines[] = {
        { "图谱", "chain map", NULL },
        { "缺口", "chain gaps", NULL },
        { "四链", "chain four", NULL },
        { "路径", "chain-scale", "path" },
    };
    const fd_call *call = payload;
    fd_result result = { 0 };
    const fd_verb *verb = NULL;
    const char *table = NULL;
    fd_call asked = *call;
    int err;

    *out = NULL;
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
        if (strcmp(engines[i].name, name) == 0) {
            verb = fd_verb_find(engines[i].verb);
            table = engines[i].table;
        }
    if (!verb)
        return fd_error_set(FD_ENOTFOUND, "没有这种推算:%s;有 图谱 缺口 四链 路径",
                            "no such engine: %s", name);
    asked.verb = verb;
    asked.values = fd_arena_alloc(call->arena, (verb->param_count + 1) * sizeof *asked.values);
    memset(asked.values, 0, (verb->param_count + 1) * sizeof *asked.values);
    asked.values[fd_call_index(&asked, "chain")] = place;
    asked.rest = NULL;
    asked.rest_count = 0;
    err = verb->run(&asked, &result);
    for (size_t i = 0; err >= 0 && i < result.table_count && !*out; i++)
        if (!table || strcmp(result.tables[i]->id, table) == 0) {
            *out = result.tables[i];
            result.tables[i] = NULL;
        }
    fd_result_dispose(&result);
    /* A chain without a graph, or without a promised scale: the paper says what is missing. */
    if (err == FD_ENOTFOUND || err == FD_EINVAL || err == FD_EDENIED) {
        fd_error_clear();
        err = 0;
    }
    return err;
}

static fd_date system_date(void)
{
    time_t now = time(NULL);
    struct tm day;

    localtime_r(&now, &day);
    return fd_date_make(day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

static int parse_today(fd_date *out, const char *text)
{
    *out = system_date();
    if (!text)
        return 0;
    if (fd_date_parse(out, text, strlen(text)) < 0)
        return fd_error_set(FD_EINVAL, "--today 应为日期,例如 2025-01-20:%s",
                            "--today takes a day such as 2025-01-20: %s", text);
    return 0;
}

/* Papers are about what has accumulated since January: a month means the span up to it. */
static fd_period span_of(fd_period at)
{
    int year = fd_period_year_of(at);

    switch (fd_period_kind_of(at)) {
    case FD_MONTH:
        return fd_period_cumulative(year,
                                    fd_period_number_of(at) < 2 ? 2 : fd_period_number_of(at));
    case FD_QUARTER:
        return fd_period_cumulative(year, fd_period_number_of(at) * 3);
    case FD_YEAR:
        return fd_period_cumulative(year, 12);
    default:
        return at;
    }
}

static int find_period(fd_period *out, fd_city *city, const char *text)
{
    fd_period at = FD_PERIOD_NONE;

    if (text) {
        if (fd_period_parse(&at, text, strlen(text)) < 0)
            return fd_error_last()->code;
        *out = span_of(at);
        return 0;
    }
    *out = fd_latest_period(city->source, "dispatch_output", FD_CURRENT, FD_CUMULATIVE);
    if (*out == FD_PERIOD_NONE)
        *out = fd_latest_period(city->source, "city_growth", FD_VERIFIED, FD_CUMULATIVE);
    if (*out != FD_PERIOD_NONE)
        return 0;
    fd_error_set(FD_ENOTFOUND, "城市文件里没有月度数据", "the city file holds no monthly data");
    return fd_error_hint("先导入调度表或核定增速,或用 --at 指定期间",
                         "import dispatch tables or verified rates first, or give --at");
}

static int find_place(paper_request *r, fd_city *city, const char *text)
{
    int err;

    if (!r->kind->place_kind)
        return 0;
    assert(text); /* its parameter is required */
    if (strcmp(r->kind->place_kind, "enterprise") == 0) {
        /* A project may carry the enterprise's name: look among enterprises first. */
        const fd_frame *frame;
        size_t found = 0;

        if ((err = city->source->ops->frame(city->source, "enterprise", &frame)) < 0)
            return err;
        for (size_t i = 0; i < frame->n; i++)
            if (strcmp(frame->codes[i], text) == 0 ||
                (frame->names[i] && strstr(frame->names[i], text))) {
                r->place = (fd_subject){ "enterprise", i, frame->ids[i], frame->codes[i],
                                         frame->names[i] };
                found++;
            }
        if (found == 1)
            return 0;
    }
    if ((err = fd_subject_find(&r->place, city->source, text)) < 0)
        return err;
    if (strcmp(r->place.kind, r->kind->place_kind) != 0) {
        fd_error_set(FD_EINVAL, "「%s」不是这份文稿的对象",
                     "\"%s\" is not what this paper is about", text);
        return fd_error_hint("fangding show 列出县区、产业链和企业",
                             "fangding show lists counties, chains and enterprises");
    }
    return 0;
}

/* The earlier snapshot, when one is asked for (or, weekly, the one before). */
static int open_before(paper_request *r, fd_call *call, int64_t since)
{
    int64_t now = fd_reader_snapshot(call->city->reader);
    const fd_frame *frame;
    int err;

    if (since <= 0 || since >= now)
        return 0;
    if ((err = fd_reader_open(&r->before, call->city->store, since)) < 0)
        return err;
    r->context.before = fd_reader_source(r->before);
    if (fd_call_is_limited(call)) {
        err = fd_scoped_new(&r->before_scoped, call, r->context.before);
        r->context.before = r->before_scoped ? fd_scoped_source(r->before_scoped) : NULL;
        if (err == FD_EDENIED) /* the caller's county or enterprise was not there yet */
            return 0;
        if (err < 0)
            return err;
    }
    assert(r->context.before);
    r->context.before_snapshot = since;
    if ((err = r->context.before->ops->frame(r->context.before, "enterprise", &frame)) < 0)
        return err;
    if (!frame->n) /* before the first import there was nothing to compare with */
        r->context.before = NULL;
    return 0;
}

static int load_definition(paper_request *r, const char *path)
{
    char name[64];
    size_t length;
    int err;

    snprintf(name, sizeof name, "definitions/papers/%s.txt", r->kind->id);
    r->text_name = path ? path : "";
    if (path) {
        if ((err = fd_file_read(&r->definition, &length, path, DEFINITION_CAP)) < 0)
            return err;
        r->text = (fd_view){ r->definition, length };
        return 0;
    }
    if (!fd_asset_find(name, &r->text))
        return fd_error_set(FD_ENOTFOUND, "程序里没有 %s", "%s is not compiled in", name);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (r->kind == &kinds[i])
            r->text_name = r->kind->id;
    return 0;
}

/* at, place, since, today and definition as texts: from the command line, or from a paper's own
 * properties. */
static int open_request(paper_request *r, fd_call *call, const char *at, const char *place,
                        int64_t since, const char *today, const char *definition)
{
    fd_paper_context *c = &r->context;
    fd_view bytes;
    int err;

    c->program = call->city->program;
    c->source = call->city->source;
    c->snapshot = fd_reader_snapshot(call->city->reader);
    c->may_show = may_show;
    c->may_see = may_see;
    c->engine = strcmp(r->kind->id, "chain") == 0 ? ask_engine : NULL;
    c->payload = call;
    if (call->role == FD_ROLE_VIEWER) {
        fd_error_set(FD_EDENIED, "浏览角色不能起草文稿", "the viewer role does not draft papers");
        return fd_error_hint("用 --role 工信 或 --role 统计", "use --role industry or statistics");
    }
    if ((err = fd_store_meta_get(call->city->store, "city", &r->city)) < 0 ||
        (err = fd_store_meta_get(call->city->store, "note", &r->note)) < 0 ||
        (err = parse_today(&c->today, today)) < 0 ||
        (r->kind->has_period && (err = find_period(&c->at, call->city, at)) < 0) ||
        (err = find_place(r, call->city, place)) < 0 || (err = load_definition(r, definition)) < 0)
        return err;
    c->city = r->city ? r->city : "";
    c->marks = r->note && (strstr(r->note, "虚构") || strstr(r->note, "示例")) ? "示例" : "";
    if (r->place.kind) {
        c->place_kind = r->place.kind;
        c->place_code = r->place.code;
        c->place_name = r->place.name ? r->place.name : r->place.code;
    }
    if (fd_asset_find("definitions/papers/quotations.csv", &bytes))
        c->quotations = bytes;
    if (fd_asset_find("definitions/papers/questions.txt", &bytes))
        c->questions = bytes;
    if (r->kind->compares) {
        if (!since && strcmp(r->kind->id, "weekly") == 0)
            since = c->snapshot - 1;
        err = open_before(r, call, since);
    }
    return err;
}

static void close_request(paper_request *r)
{
    fd_scoped_free(r->before_scoped);
    fd_reader_close(r->before);
    free(r->city);
    free(r->note);
    free(r->definition);
}

/* 洹州市2024年1—12月工业经济运行分析.docx beside the city file. */
static char *default_name(const paper_request *r, const char *city_path)
{
    const char *slash = strrchr(city_path, '/');
    char period[48] = "", *name;
    fd_buf path = FD_BUF_INIT;

    if (slash)
        fd_buf_put(&path, city_path, (size_t)(slash - city_path) + 1);
    if (strcmp(r->kind->id, "weekly") == 0 || strcmp(r->kind->id, "firm") == 0 ||
        r->context.at == FD_PERIOD_NONE)
        fd_date_format(r->context.today, period, sizeof period);
    else
        fd_period_title(r->context.at, FD_ZH, period, sizeof period);
    fd_buf_printf(&path, "%s%s%s.docx",
                  r->context.place_name ? r->context.place_name : r->context.city, period,
                  r->kind->file_zh);
    name = fd_buf_take(&path);
    for (char *p = name + (slash ? slash - city_path + 1 : 0); *p; p++)
        if (*p == '/' || *p == ':' || *p == '\\')
            *p = '_';
    return name;
}

static int renew(fd_paper *paper, const paper_request *r, const char *path)
{
    fd_docx_doc *old = NULL;
    int err;

    if ((err = fd_paper_read(&old, path)) >= 0)
        err = fd_paper_renew(paper, &r->context, old);
    fd_docx_doc_free(old);
    return err;
}

static fd_table *missing_table(const fd_paper *paper)
{
    fd_table *t = fd_table_new("missing", "缺数据", "Missing");

    fd_table_add_new(t, "sentence", "语句或图表", "Sentence", FD_TEXT, "", 0);
    fd_table_add_new(t, "figure", "缺哪个数", "Figure", FD_TEXT, "", 0);
    fd_table_add_new(t, "reason", "原因", "Reason", FD_TEXT, "", 0);
    for (size_t i = 0; i < paper->missing.count; i++) {
        size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, paper->missing.items[i].sentence);
        fd_column_set_text(t->columns[1], row, paper->missing.items[i].figure);
        fd_column_set_text(t->columns[2], row,
                           paper->missing.items[i].reason ? paper->missing.items[i].reason : "");
    }
    return t;
}

static int write_paper(fd_call *call, fd_result *result, paper_request *r, fd_paper *paper)
{
    const char *out = fd_call_text(call, "out");
    char *name = out ? fd_strdup(out) : default_name(r, call->city->path);
    char at[24] = "", snapshot[24], since[24], today[16];
    const char *properties[] = { "fangding.paper",
                                 r->kind->id,
                                 "fangding.at",
                                 at,
                                 "fangding.place",
                                 r->place.code ? r->place.code : "",
                                 "fangding.snapshot",
                                 snapshot,
                                 "fangding.since",
                                 since,
                                 "fangding.today",
                                 today,
                                 "fangding.definitions",
                                 call->city->definitions_hash,
                                 "fangding.program",
                                 FD_VERSION,
                                 "fangding.role",
                                 fd_role_name(call->role, FD_EN),
                                 NULL };
    int err;

    if (r->context.at != FD_PERIOD_NONE)
        fd_period_format(r->context.at, at, sizeof at);
    fd_date_format(r->context.today, today, sizeof today);
    snprintf(snapshot, sizeof snapshot, "%lld", (long long)r->context.snapshot);
    snprintf(since, sizeof since, "%lld", (long long)r->context.before_snapshot);
    if (fd_file_has_extension(name, "txt")) {
        fd_buf text = FD_BUF_INIT;

        fd_paper_text(&text, paper);
        err = fd_file_write(name, fd_buf_text(&text), text.len);
        fd_buf_dispose(&text);
    } else {
        err = fd_paper_write(paper, name, properties);
    }
    if (err >= 0) {
        if (paper->missing.count)
            fd_result_add(result, missing_table(paper));
        fd_result_say(result, "已写 %s:%zu 个数与城市文件绑定,%zu 处缺数据,保留作者改动 %zu 处",
                      "wrote %s: %zu figures bound to the city file, %zu gaps, %zu of the author's "
                      "changes kept",
                      name, fd_paper_controls(paper), paper->missing.count, paper->kept.count);
    }
    free(name);
    return err;
}

static bool has_param(const fd_verb *verb, const char *name)
{
    for (size_t i = 0; i < verb->param_count; i++)
        if (strcmp(verb->params[i].name, name) == 0)
            return true;
    return false;
}

static const char *optional(const fd_call *call, const char *param)
{
    return has_param(call->verb, param) ? fd_call_text(call, param) : NULL;
}

static int run_kind(fd_call *call, fd_result *result, const paper_kind *kind)
{
    paper_request r = { 0 };
    fd_paper *paper = NULL;
    int64_t since = 0;
    int err;

    r.kind = kind;
    if ((has_param(call->verb, "since") && (err = fd_call_integer(call, "since", &since)) < 0) ||
        (err = open_request(&r, call, optional(call, "at"),
                            kind->param ? fd_call_text(call, kind->param) : NULL, since,
                            fd_call_text(call, "today"), fd_call_text(call, "definition"))) < 0 ||
        (err = fd_paper_compose(&paper, &r.context, r.text, r.text_name)) < 0)
        goto done;
    if (fd_call_text(call, "renew") && (err = renew(paper, &r, fd_call_text(call, "renew"))) < 0)
        goto done;
    err = write_paper(call, result, &r, paper);
done:
    fd_paper_free(paper);
    close_request(&r);
    return err < 0 ? err : 0;
}

static int run_monthly(fd_call *call, fd_result *result)
{
    return run_kind(call, result, &kinds[0]);
}

static int run_county(fd_call *call, fd_result *result)
{
    return run_kind(call, result, &kinds[1]);
}

static int run_chain(fd_call *call, fd_result *result)
{
    return run_kind(call, result, &kinds[2]);
}

static int run_firm(fd_call *call, fd_result *result)
{
    return run_kind(call, result, &kinds[3]);
}

static int run_promises(fd_call *call, fd_result *result)
{
    return run_kind(call, result, &kinds[4]);
}

static int run_weekly(fd_call *call, fd_result *result)
{
    return run_kind(call, result, &kinds[5]);
}

int fd_papers_compare(fd_table **out, size_t *checked, size_t *different, fd_call *call,
                      const fd_docx_doc *document, const char *name, const char *definition)
{
    const char *id = fd_docx_doc_property(document, "fangding.paper");
    const char *at = fd_docx_doc_property(document, "fangding.at");
    const char *place = fd_docx_doc_property(document, "fangding.place");
    const char *since = fd_docx_doc_property(document, "fangding.since");
    const char *today = fd_docx_doc_property(document, "fangding.today");
    paper_request r = { 0 };
    fd_paper *paper = NULL;
    int err;

    *out = NULL;
    for (size_t i = 0; id && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(id, kinds[i].id) == 0)
            r.kind = &kinds[i];
    if (!r.kind)
        return fd_error_set(FD_EFORMAT, "%s 是哪一种文稿,本程序不认识",
                            "%s is a kind of paper that this program does not know", name);
    if ((err = open_request(&r, call, at && at[0] ? at : NULL, place ? place : "",
                            since ? strtoll(since, NULL, 10) : 0, today && today[0] ? today : NULL,
                            definition)) < 0 ||
        (err = fd_paper_compose(&paper, &r.context, r.text, r.text_name)) < 0)
        goto done;
    err = fd_paper_check(out, checked, different, paper, &r.context, document);
done:
    fd_paper_free(paper);
    close_request(&r);
    return err < 0 ? err : 0;
}

void fd_papers_say(fd_call *call, fd_result *result, fd_table *differences, size_t checked,
                   size_t different)
{
    if (different) {
        fd_result_add(result, differences);
        result->exit_code = 1;
    } else {
        fd_table_free(differences);
    }
    fd_result_say(result, "核对 %zu 个数,%zu 个与城市文件(快照 %lld)不同",
                  "checked %zu figures, %zu differ from the city file (snapshot %lld)", checked,
                  different, (long long)fd_reader_snapshot(call->city->reader));
}

static int run_check(fd_call *call, fd_result *result)
{
    const char *path = fd_call_text(call, "file");
    fd_docx_doc *document = NULL;
    size_t checked = 0, different = 0;
    fd_table *t = NULL;
    int err;

    if ((err = fd_paper_read(&document, path)) >= 0 &&
        (err = fd_papers_compare(&t, &checked, &different, call, document, path,
                                 fd_call_text(call, "definition"))) >= 0)
        fd_papers_say(call, result, t, checked, different);
    fd_docx_doc_free(document);
    return err < 0 ? err : 0;
}

#define AT                                                                                         \
    {                                                                                              \
        "at", FD_P_PERIOD, false, false, false, "PERIOD", "截至哪个月;不写取最新",                 \
            "up to which month; the newest by default", NULL                                       \
    }
#define SINCE                                                                                      \
    {                                                                                              \
        "since", FD_P_INTEGER, false, false, false, "SNAPSHOT", "与哪个快照相比",                  \
            "compare with this snapshot", NULL                                                     \
    }
#define COMMON                                                                                     \
    { "out",                                                                                       \
      FD_P_OUTPUT,                                                                                 \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "FILE",                                                                                      \
      "写到哪个文件(docx,或 txt 只要文字);不写放在城市文件旁边",                                   \
      "the file to write (docx, or txt for the text alone); by default beside the city file",      \
      NULL },                                                                                      \
        { "renew",                                                                                 \
          FD_P_PATH,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "FILE",                                                                                  \
          "上一稿:作者改过和加上的段落保留",                                                       \
          "the earlier draft: what its author changed or added is kept",                           \
          NULL },                                                                                  \
        { "definition",                                                                            \
          FD_P_PATH,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "FILE",                                                                                  \
          "用这份文稿定义(docs/papers.md)",                                                        \
          "use this definition of the paper (docs/papers.md)",                                     \
          NULL },                                                                                  \
    {                                                                                              \
        "today", FD_P_TEXT, false, false, false, "DATE", "今天的日期;不写用系统日期",              \
            "today's date; the system's by default", NULL                                          \
    }

static const fd_verb_param monthly_params[] = {
    AT,
    { "topic", FD_P_CHOICE, false, false, false, "TOPIC", "专题", "topic", "industry" },
    COMMON,
};
static const fd_verb_param county_params[] = {
    { "county", FD_P_TEXT, true, true, false, "COUNTY", "县区代码或名称", "county, code or name",
      NULL },
    AT,
    COMMON,
};
static const fd_verb_param chain_params[] = {
    { "chain", FD_P_TEXT, true, true, false, "CHAIN", "产业链代码或名称", "chain, id or name",
      NULL },
    AT,
    SINCE,
    COMMON,
};
static const fd_verb_param firm_params[] = {
    { "code", FD_P_TEXT, true, true, false, "CODE", "统一社会信用代码或名称", "credit code or name",
      NULL },
    AT,
    COMMON,
};
static const fd_verb_param promises_params[] = { COMMON };
static const fd_verb_param weekly_params[] = { AT, SINCE, COMMON };
static const fd_verb_param check_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "文稿 docx", "the paper's docx", NULL },
    { "definition", FD_P_PATH, false, false, false, "FILE", "写它时用的文稿定义",
      "the definition that it was written with", NULL },
};

#define VERB(id, verb_name, chinese, english, parameters, command)                                 \
    static const char *const id##_examples[] = { command, NULL };                                  \
    const fd_verb fd_verb_paper_##id = {                                                           \
        .name = verb_name,                                                                         \
        .zh = chinese,                                                                             \
        .en = english,                                                                             \
        .purpose = FD_PLANNING,                                                                    \
        .needs_city = true,                                                                        \
        .params = parameters,                                                                      \
        .param_count = sizeof parameters / sizeof *parameters,                                     \
        .examples = id##_examples,                                                                 \
        .run = run_##id,                                                                           \
    }

VERB(monthly, "paper monthly", "工业经济运行分析(月)的 Word 稿:每个数与城市文件绑定",
     "the monthly analysis of industry in Word, every figure bound to the city file",
     monthly_params, "paper monthly --at 2024-12 --city out/huanzhou.fangding");
VERB(county, "paper county", "一个县区的运行通报", "the briefing of one county", county_params,
     "paper county 洹西区 --at 2024-12 --city out/huanzhou.fangding");
VERB(chain, "paper chain", "链长会议材料:现状、清单、较上次会议的变化",
     "the chain chief's pack: where it stands, lists, what changed since the last meeting",
     chain_params, "paper chain L1 --since 2 --city out/huanzhou.fangding");
VERB(firm, "paper firm", "走访一页纸:概况、近十二个月、未办结事项、三个问题",
     "one page about one enterprise: profile, twelve months, open matters, three questions",
     firm_params, "paper firm 洹西钢铁 --city out/huanzhou.fangding");
VERB(promises, "paper promises", "规划承诺摘录:原句、出处、目标、现值",
     "extract of promises: sentence, source, target, present values", promises_params,
     "paper promises --city out/huanzhou.fangding");
VERB(weekly, "paper weekly", "每周清单:变了什么,谁超期,谁停减产",
     "the weekly list: what changed, what is late, who stopped or slowed", weekly_params,
     "paper weekly --city out/huanzhou.fangding");
VERB(check, "paper check", "核对文稿:哪些数与今天的城市文件不同",
     "check a paper: which figures differ from the city file today", check_params,
     "paper check 洹州市2024年1—12月工业经济运行分析.docx --city out/huanzhou.fangding");
