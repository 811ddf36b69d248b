/*
 * Papers: words from thresholds, what is missing is left out and named, marks, lists, errors of
 * definitions, checking and renewing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "load_program.h"
#include "mock_source.h"
#include "report/internal.h"

static const char *const files[] = { "units.ding",   "data.ding",
                                     "classes.ding", "indicators.ding",
                                     "targets.ding", "lights.ding",
                                     "records.ding", NULL };

#define PHRASES                                                                                                            \
    "用语 同比\n平 → 与上年同期持平\n升 → 同比增长{~}\n降 → 同比下降{~}\n"                     \
    "用语 较上期\n平 → 持平\n由降转增 → 由降转增,回升{~}\n由增转降 → 由增转降,回落{~}\n" \
    "降幅收窄 → 降幅收窄{~}\n降幅扩大 → 降幅扩大{~}\n升 → 加快{~}\n降 → 回落{~}\n"

typedef struct world {
    loaded defs;
    fd_source *source;
    fd_paper_context context;
} world;

static fd_source *new_source(const char *now, const char *before)
{
    fd_source *s = mock_source_new();

    mock_frame(s, "enterprise", 4, (const char *[]){ "A", "B", "C", "D" },
               (const char *[]){ "甲厂", "乙厂", "丙厂", "丁厂" });
    mock_frame(s, "county", 2, (const char *[]){ "990501", "990502" },
               (const char *[]){ "洹东区", "洹西区" });
    mock_frame(s, "city", 1, (const char *[]){ "990500" }, (const char *[]){ "洹州市" });
    mock_attribute(s, "enterprise", "county",
                   (const char *[]){ "990501", "990502", "990502", "990502" });
    mock_attribute(s, "enterprise", "run_state",
                   (const char *[]){ "正常", "停产", "停产", "停产" });
    mock_attribute(s, "enterprise", "stop_reason", (const char *[]){ "", "限产", "限产", NULL });
    mock_facts(s, "enterprise", "dispatch_output", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "100", "50", "", "20" });
    mock_facts(s, "enterprise", "dispatch_output", "2024-01..12", FD_COMPARATIVE, 4,
               (const char *[]){ "80", "100", "10", "10" });
    if (now)
        mock_facts(s, "city", "city_growth", "2024-01..12", FD_VERIFIED, 2,
                   (const char *[]){ now });
    if (before)
        mock_facts(s, "city", "city_growth", "2024-01..11", FD_VERIFIED, 2,
                   (const char *[]){ before });
    return s;
}

static void use(world *w, fd_source *s)
{
    if (w->source)
        mock_source_free(w->source);
    w->source = s;
    w->context.source = s;
}

static int setup(void **state)
{
    world *w = fd_alloc(sizeof *w);

    w->defs = load_program(files, NULL);
    w->context.program = w->defs.program;
    w->context.snapshot = 7;
    w->context.city = "洹州市";
    w->context.marks = "";
    w->context.at = fd_period_cumulative(2024, 12);
    w->context.today = fd_date_make(2025, 1, 20);
    use(w, new_source("4.07", "3.90"));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world *w = *state;

    mock_source_free(w->source);
    load_free(&w->defs);
    free(w);
    return 0;
}

static fd_paper *compose(world *w, const char *definition)
{
    fd_paper *paper;

    if (fd_paper_compose(&paper, &w->context, fd_view_of(definition), "test.txt") < 0)
        fail_msg("%s", fd_error_last()->message[FD_ZH]);
    return paper;
}

static void assert_has(const fd_paper *paper, const char *expected)
{
    fd_buf text = FD_BUF_INIT;

    fd_paper_text(&text, paper);
    if (!strstr(fd_buf_text(&text), expected))
        fail_msg("expected %s in\n%s", expected, fd_buf_text(&text));
    fd_buf_dispose(&text);
}

static void assert_lacks(const fd_paper *paper, const char *unexpected)
{
    fd_buf text = FD_BUF_INIT;

    fd_paper_text(&text, paper);
    if (strstr(fd_buf_text(&text), unexpected))
        fail_msg("unexpected %s in\n%s", unexpected, fd_buf_text(&text));
    fd_buf_dispose(&text);
}

static const struct {
    const char *now, *before, *expected;
} words[] = {
    { "4.07", "3.90", "同比增长4.1%,较1—11月加快0.2个百分点（核定）。" },
    { "3.90", "4.07", "同比增长3.9%,较1—11月回落0.2个百分点（核定）。" },
    { "4.04", "4.00", "同比增长4.0%,较1—11月持平（核定）。" },
    { "-1.60", "-2.00", "同比下降1.6%,较1—11月降幅收窄0.4个百分点（核定）。" },
    { "-2.00", "-1.60", "同比下降2.0%,较1—11月降幅扩大0.4个百分点（核定）。" },
    { "0.50", "-0.50", "同比增长0.5%,较1—11月由降转增,回升1.0个百分点（核定）。" },
    { "-0.50", "0.50", "同比下降0.5%,较1—11月由增转降,回落1.0个百分点（核定）。" },
    { "0.04", "0.00", "与上年同期持平,较1—11月持平。" },
    /* Half to even, and the difference is that of the printed figures: 4.2 − 4.0. */
    { "4.15", "4.05", "同比增长4.2%,较1—11月加快0.2个百分点（核定）。" },
};

static void test_words(void **state)
{
    world *w = *state;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        fd_paper *paper;

        use(w, new_source(words[i].now, words[i].before));
        paper = compose(w, PHRASES "题 T\n段 甲\n句 {期短},{city_growth_verified:同比},较{上期短}"
                                   "{city_growth_verified-上期:较上期}。\n");
        assert_has(paper, words[i].expected);
        assert_int_equal(paper->missing.count, 0);
        fd_paper_free(paper);
    }
}

static void test_missing(void **state)
{
    world *w = *state;
    fd_paper *paper;

    use(w, new_source("4.07", NULL));
    paper = compose(w, PHRASES
                    "题 T\n节 一、空的\n段 甲\n句 较上期{city_growth_verified-上期:较上期}。\n"
                    "节 二、有的\n段 乙\n句 全省{province_growth_verified}。\n"
                    "句 全市{city_growth_verified}。\n");
    assert_has(paper, "二、有的\n全市4.1%（核定）。");
    assert_lacks(paper, "一、空的"); /* a heading of nothing */
    assert_lacks(paper, "全省0");
    assert_int_equal(paper->missing.count, 2);
    assert_has(paper, "缺数据");
    assert_has(paper, "2024年1—12月 全省规上工业增速");
    fd_paper_free(paper);
    /* 缺 says itself what is missing; 另 is for empty lists and does not speak then. */
    paper = compose(
        w,
        "题 T\n段 甲\n句 全省{province_growth_verified}。\n另 全省没有增长。\n缺 全省数未到。\n");
    assert_has(paper, "全省数未到。");
    assert_lacks(paper, "没有增长");
    assert_int_equal(paper->missing.count, 0);
    fd_paper_free(paper);
}

/* Nothing to compute from, but published: it stands in and says so. */
static void test_published(void **state)
{
    world *w = *state;
    fd_paper *paper;

    mock_facts(w->source, "city", "sei_share", "2024", FD_PUBLISHED, 1, (const char *[]){ "13.9" });
    paper =
        compose(w, "题 T\n段 甲\n句 {sei_share.期},占比{sei_share},增速{city_growth_verified}。\n");
    assert_has(paper, "2024年,占比13.9%（公开发表）,增速4.1%（核定）。");
    fd_paper_free(paper);
}

static void test_lists(void **state)
{
    world *w = *state;
    fd_paper *paper = compose(
        w,
        "名单 原因 分组 stop_reason 当 run_state = 停产\n名单 没有 分组 stop_reason 当 run_state = "
        "减产\n名单 停产 分项 dispatch_output_total 按 企业 当 「生产状态 = 停产」 属性 "
        "county,stop_reason\n名单 县 分项 dispatch_output_total 按 县区\n题 T\n段 甲\n"
        "句 停产{停产.数}户:{原因.名值}。\n若 没有 不该有{没有.名值}。\n段 乙\n句 {序}是甲。\n"
        "句 {序}是{province_growth_verified}。\n句 {序}是丙。\n表 丁 表1 停产企业 | 停产\n"
        "表 戊 表2 分县区 | 县\n");

    assert_has(paper, "停产3户:限产2户、原因未报1户。");
    assert_lacks(paper, "不该有");
    assert_has(paper, "一是甲。二是丙。"); /* no number for what was left out */
    assert_has(paper, "乙厂\t洹西区\t限产\t");
    assert_lacks(paper, "甲厂");    /* it runs */
    assert_has(paper, "洹东区\t…"); /* one enterprise: its own figure */
    fd_paper_free(paper);
}

/* That nobody reported is not that nobody stopped. */
static void test_unknown(void **state)
{
    static const char definition[] =
        "名单 原因 分组 stop_reason 当 run_state = 停产\n名单 缺 缺报 dispatch_output 按 县区\n"
        "名单 县 分项 county_growth_verified 按 县区 高 前 3\n题 T\n节 #、甲\n段 甲\n"
        "若 原因 停产:{原因.名值}。\n另 没有停产的。\n若 缺 {缺.名值}未报。\n另 全部报齐。\n"
        "句 居前的是{县.名}。\n节 #、乙\n落款 某局\n";
    world *w = *state;
    fd_source *s = mock_source_new();
    fd_paper *paper;

    mock_frame(s, "enterprise", 1, (const char *[]){ "A" }, (const char *[]){ "甲厂" });
    mock_frame(s, "county", 1, (const char *[]){ "990501" }, (const char *[]){ "洹东区" });
    use(w, s);
    paper = compose(w, definition);
    assert_lacks(paper, "没有停产的");
    assert_lacks(paper, "全部报齐");
    assert_lacks(paper, "居前的是洹");
    assert_lacks(paper, "#");
    assert_lacks(paper, "、乙"); /* a heading above a signature only */
    assert_has(paper, "没有一户报过生产状态");
    assert_has(paper, "没有应报名单");
    fd_paper_free(paper);
    mock_attribute(s, "enterprise", "run_state", (const char *[]){ "正常" });
    mock_attribute(s, "enterprise", "expects:dispatch", (const char *[]){ "是" });
    mock_facts(s, "enterprise", "dispatch_output", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "1" });
    paper = compose(w, definition);
    assert_has(paper, "一、甲\n没有停产的。全部报齐。");
    fd_paper_free(paper);
}

static void test_marks(void **state)
{
    world *w = *state;
    fd_paper *paper = compose(w, "名单 表 指标 city_growth_verified\n题 T\n表 甲 表1 主要 | 表\n");

    assert_has(paper, "T\n（示例：含虚构数据，不得引用）\n");
    assert_has(paper, "注：示例：含虚构数据，不得引用。");
    assert_string_equal(paper->mark, "示例：含虚构数据，不得引用");
    fd_paper_free(paper);
}

static bool refuse(void *payload, const fd_indicator *indicator, const char *kind)
{
    (void)payload, (void)indicator, (void)kind;
    return false;
}

static void test_hidden(void **state)
{
    world *w = *state;
    fd_paper *paper;

    w->context.may_show = refuse;
    paper = compose(w, "名单 县 分项 dispatch_output_total 按 县区\n题 T\n表 甲 表1 分县区 | 县\n");
    assert_has(paper, "本角色不可见（统计法）");
    assert_lacks(paper, "洹西区");
    fd_paper_free(paper);
    w->context.may_show = NULL;
}

static const struct {
    const char *definition;
    int code;
    long line;
} faults[] = {
    { "题 T\n什么\n", FD_EPARSE, 2 },
    { "题 T\n句 没有段\n", FD_EPARSE, 2 },
    { "题 T\n段 a-b\n", FD_EPARSE, 2 },
    { "题 T\n段 甲\n句 {没有这个指标}。\n", FD_ENOTFOUND, 3 },
    { "题 T\n段 甲\n句 {city_growth_verified。\n", FD_EPARSE, 3 },
    { "题 T\n段 甲\n句 {city_growth_verified:没有}。\n", FD_EPARSE, 3 },
    { "题 T\n段 甲\n句 {city_growth_verified 吨}。\n", FD_EUNIT, 3 },
    { "名单 甲 乙\n", FD_EPARSE, 1 },
    { "题 T\n表 甲 标题 | 没有\n", FD_EPARSE, 2 },
    { "用语 甲\n大概 → 乙\n", FD_EPARSE, 2 },
};

static void test_faults(void **state)
{
    world *w = *state;

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        fd_paper *paper;
        int err = fd_paper_compose(&paper, &w->context, fd_view_of(faults[i].definition), "t.txt");

        if (err != faults[i].code || fd_error_last()->row != faults[i].line)
            fail_msg("%s: %d at line %ld", faults[i].definition, err, fd_error_last()->row);
        assert_null(paper);
        assert_string_equal(fd_error_last()->file, "t.txt");
    }
}

#define DRAFT                                                                                             \
    PHRASES "题 T\n段 甲\n句 {期短}{city_growth_verified:同比}。\n段 乙\n句 乙段,较上期" \
            "{city_growth_verified-上期:较上期}。\n段 丙\n句 丙段。\n"

static fd_docx_doc *through_file(const fd_paper *paper)
{
    fd_docx_doc *doc;
    char *bytes;
    size_t length;

    assert_int_equal(fd_paper_pack(paper, &bytes, &length, NULL), 0);
    assert_int_equal(fd_docx_read(&doc, NULL, bytes, length, "memory"), 0);
    free(bytes);
    return doc;
}

static void test_check(void **state)
{
    world *w = *state;
    fd_paper *paper = compose(w, DRAFT);
    fd_docx_doc *doc = through_file(paper);
    size_t checked, different;
    fd_table *t;

    assert_int_equal(fd_paper_check(&t, &checked, &different, paper, &w->context, doc), 0);
    assert_int_equal(checked, 2);
    assert_int_equal(different, 0);
    fd_table_free(t);
    fd_paper_free(paper);

    use(w, new_source("5.00", "3.90")); /* the city file moves on */
    paper = compose(w, DRAFT);
    assert_int_equal(fd_paper_check(&t, &checked, &different, paper, &w->context, doc), 0);
    assert_int_equal(different, 2);
    assert_string_equal(fd_column_text(t->columns[3], 0), "4.1");
    assert_string_equal(fd_column_text(t->columns[5], 0), "5.0");
    assert_string_equal(fd_column_text(t->columns[6], 0), "城市文件已变");
    fd_table_free(t);

    for (size_t i = 0; i < doc->blocks.count; i++) /* the author's own figure */
        for (size_t k = 0; k < doc->blocks.items[i].spans.count; k++)
            if (doc->blocks.items[i].spans.items[k].tag)
                doc->blocks.items[i].spans.items[k].text = "6.6";
    assert_int_equal(fd_paper_check(&t, &checked, &different, paper, &w->context, doc), 0);
    assert_string_equal(fd_column_text(t->columns[6], 0), "作者改过，与城市文件不同");
    fd_table_free(t);
    fd_paper_free(paper);
    fd_docx_doc_free(doc);
}

/* As an author leaves it: one paragraph changed, one added, one deleted. */
static void edit(fd_paper *paper)
{
    for (size_t i = 0; i < paper->blocks.count; i++) {
        fd_paper_block *b = &paper->blocks.items[i];
        fd_buf text = FD_BUF_INIT;
        char print[13];

        if (!b->id || strcmp(b->id, "乙") != 0)
            continue;
        fd_report__block_text(&text, b);
        fd_report__fingerprint(print, fd_view_of(fd_buf_text(&text)));
        fd_buf_dispose(&text);
        b->fingerprint = fd_arena_strdup(paper->arena, print);
        b->spans.items[0].text = "作者改过的乙段,";
    }
    fd_report__paragraph(paper, FD_DOCX_BODY, NULL, "作者加的一段。");
}

static fd_docx_doc *edited(world *w)
{
    fd_paper *paper = compose(w, DRAFT);
    fd_docx_doc *doc;

    edit(paper);
    doc = through_file(paper);
    for (size_t i = 0; i < doc->blocks.count; i++) {
        fd_buf text = FD_BUF_INIT;

        fd_docx_spans_text(&text, doc->blocks.items[i].spans.items,
                           doc->blocks.items[i].spans.count);
        if (strcmp(fd_buf_text(&text), "丙段。") == 0) { /* deleted: the block goes */
            doc->blocks.items[i].marks.count = 0;
            doc->blocks.items[i].spans.count = 0;
        }
        fd_buf_dispose(&text);
    }
    fd_paper_free(paper);
    return doc;
}

static void test_renew(void **state)
{
    world *w = *state;
    fd_docx_doc *doc = edited(w), *again;
    fd_paper *paper, *third;

    use(w, new_source("5.00", "3.90"));
    paper = compose(w, DRAFT);
    assert_int_equal(fd_paper_renew(paper, &w->context, doc), 0);
    assert_has(paper, "同比增长5.0%");       /* renewed */
    assert_has(paper, "作者改过的乙段,");    /* kept */
    assert_has(paper, "原稿 0.2，现为 1.1"); /* and its figure is named */
    assert_has(paper, "作者加的一段。");
    assert_lacks(paper, "丙段");
    assert_int_equal(paper->kept.count, 2);
    assert_int_equal(paper->dropped.count, 1);

    /* A second renewal keeps the same and adds nothing. */
    again = through_file(paper);
    third = compose(w, DRAFT);
    assert_int_equal(fd_paper_renew(third, &w->context, again), 0);
    {
        fd_buf a = FD_BUF_INIT, b = FD_BUF_INIT;

        fd_paper_text(&a, paper);
        fd_paper_text(&b, third);
        assert_string_equal(fd_buf_text(&b), fd_buf_text(&a));
        fd_buf_dispose(&a);
        fd_buf_dispose(&b);
    }
    fd_paper_free(paper);
    fd_paper_free(third);
    fd_docx_doc_free(again);
    fd_docx_doc_free(doc);
}

/* The block whose text begins like this. */
static size_t block_of(const fd_docx_doc *doc, const char *text)
{
    for (size_t i = 0; i < doc->blocks.count; i++) {
        fd_buf all = FD_BUF_INIT;
        bool found;

        fd_docx_spans_text(&all, doc->blocks.items[i].spans.items,
                           doc->blocks.items[i].spans.count);
        found = strncmp(fd_buf_text(&all), text, strlen(text)) == 0;
        fd_buf_dispose(&all);
        if (found)
            return i;
    }
    fail();
    return 0;
}

/* 丙 in front of 甲: it stays there, in the draft after next as well. */
static void test_moved(void **state)
{
    world *w = *state;
    fd_paper *paper = compose(w, DRAFT), *second;
    fd_docx_doc *doc = through_file(paper), *again;
    size_t from = block_of(doc, "丙段。"), to = block_of(doc, "1—12月");
    fd_docx_block block = doc->blocks.items[from];
    fd_buf a = FD_BUF_INIT, b = FD_BUF_INIT;

    assert_true(to < from);
    memmove(doc->blocks.items + to + 1, doc->blocks.items + to, (from - to) * sizeof block);
    doc->blocks.items[to] = block;
    fd_paper_free(paper);
    paper = compose(w, DRAFT);
    assert_int_equal(fd_paper_renew(paper, &w->context, doc), 0);
    fd_paper_text(&a, paper);
    assert_true(strstr(fd_buf_text(&a), "丙段。") < strstr(fd_buf_text(&a), "1—12月"));
    assert_int_equal(paper->kept.count, 0);
    again = through_file(paper);
    second = compose(w, DRAFT);
    assert_int_equal(fd_paper_renew(second, &w->context, again), 0);
    fd_paper_text(&b, second);
    assert_string_equal(fd_buf_text(&b), fd_buf_text(&a));
    fd_buf_dispose(&a);
    fd_buf_dispose(&b);
    fd_docx_doc_free(again);
    fd_docx_doc_free(doc);
    fd_paper_free(second);
    fd_paper_free(paper);
}

static void test_untouched(void **state)
{
    world *w = *state;
    fd_paper *paper = compose(w, DRAFT);
    fd_docx_doc *doc = through_file(paper);
    fd_buf before = FD_BUF_INIT, after = FD_BUF_INIT;

    fd_paper_text(&before, paper);
    assert_int_equal(fd_paper_renew(paper, &w->context, doc), 0);
    fd_paper_text(&after, paper);
    assert_string_equal(fd_buf_text(&after), fd_buf_text(&before));
    assert_int_equal(paper->kept.count, 0);
    fd_buf_dispose(&before);
    fd_buf_dispose(&after);
    fd_docx_doc_free(doc);
    fd_paper_free(paper);
}

/* Months that came in one by one, read together: a firm with a gap has none. */
static void test_joined(void **state)
{
    world *w = *state;
    fd_source *joined = fd_report__joined(w->source, w->defs.program);
    const fd_period span = fd_period_cumulative(2024, 2), *periods;
    fd_column *c;
    size_t count;

    mock_facts(w->source, "enterprise", "power", "2024-01", FD_CURRENT, 2,
               (const char *[]){ "1.50", "2", "3", "4" });
    mock_facts(w->source, "enterprise", "power", "2024-02", FD_CURRENT, 2,
               (const char *[]){ "2", "", "1?", "-" });
    assert_int_equal(joined->ops->column(joined, "enterprise", "power", span, FD_CURRENT, &c), 0);
    assert_int_equal(c->v.dec[0], 350);
    assert_int_equal(fd_column_state(c, 0), FD_HAS);
    assert_int_equal(fd_column_state(c, 1), FD_MISSING);
    assert_int_equal(fd_column_state(c, 2), FD_DOUBT);
    assert_int_equal(c->v.dec[2], 400);
    assert_int_equal(fd_column_state(c, 3), FD_NA);
    fd_column_unref(c);
    assert_int_equal(joined->ops->periods(joined, "power", FD_CURRENT, &periods, &count), 0);
    assert_int_equal(count, 3);
    assert_int_equal(periods[2], span);
    /* what is stored as a span stays as it is */
    assert_int_equal(joined->ops->column(joined, "enterprise", "dispatch_output",
                                         fd_period_cumulative(2024, 12), FD_CURRENT, &c),
                     0);
    assert_int_equal(fd_column_state(c, 2), FD_MISSING);
    fd_column_unref(c);
    fd_report__joined_free(joined);
}

/* Shipped definitions cut off anywhere, and with a byte changed: an answer or a named fault. */
static void test_broken(void **state)
{
    static const char *const names[] = {
        "monthly", "county", "chain", "firm", "promises", "weekly"
    };
    world *w = *state;

    w->context.place_kind = "enterprise";
    w->context.place_code = "B";
    w->context.place_name = "乙厂";
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        char path[512];
        size_t length;
        char *text;

        snprintf(path, sizeof path, "%s/definitions/papers/%s.txt", FD_SOURCE_DIR, names[n]);
        text = load__file(path, &length);
        for (size_t cut = 1; cut < length; cut += 61) {
            fd_paper *paper;
            char kept = text[cut];
            int err;

            err = fd_paper_compose(&paper, &w->context, (fd_view){ text, cut }, path);
            assert_true((err < 0) == (paper == NULL));
            if (err < 0)
                assert_true(fd_error_last()->message[FD_ZH][0]);
            fd_paper_free(paper);
            text[cut] = "{}:|@-/ \n"[cut % 9];
            err = fd_paper_compose(&paper, &w->context, (fd_view){ text, length }, path);
            assert_true((err < 0) == (paper == NULL));
            fd_paper_free(paper);
            text[cut] = kept;
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_words, setup, teardown),
        cmocka_unit_test_setup_teardown(test_missing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_published, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unknown, setup, teardown),
        cmocka_unit_test_setup_teardown(test_marks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hidden, setup, teardown),
        cmocka_unit_test_setup_teardown(test_faults, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broken, setup, teardown),
        cmocka_unit_test_setup_teardown(test_check, setup, teardown),
        cmocka_unit_test_setup_teardown(test_renew, setup, teardown),
        cmocka_unit_test_setup_teardown(test_moved, setup, teardown),
        cmocka_unit_test_setup_teardown(test_joined, setup, teardown),
        cmocka_unit_test_setup_teardown(test_untouched, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
