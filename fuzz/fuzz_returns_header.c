/*
 * Any bytes as a header (levels parted by line ends), as a text that names a period, as a cell, and
 * as a whole return.  What is handed out must be whole: subjects ascending, nothing of a file that
 * is left out.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "returns/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char definitions[] =
    "单位 元 / yuan\n  量纲 元\n单位 千元 / thousand\n  等于 1000 元\n单位 万元 / wan\n  等于 "
    "10000 元\n"
    "单位 人 / person\n  量纲 人\n单位 % / percent\n  等于 0.01\n单位 吨 / ton\n  量纲 吨\n"
    "数据 名称 / name\n  对象 企业    类型 文本    性质 属性\n  别名 企业名称\n"
    "数据 统一社会信用代码 / uscc\n  对象 企业    类型 文本    性质 属性\n"
    "数据 县区 / county\n  对象 企业    类型 代码    性质 属性\n"
    "数据 工业总产值 / output\n  对象 企业    单位 万元    小数 4    性质 流量\n  代码 B1:01\n"
    "数据 资产总计 / assets\n  对象 企业    单位 万元    小数 4    性质 存量\n  代码 B1:213\n"
    "数据 用工 / staff\n  对象 企业    单位 人    小数 0    性质 存量\n"
    "数据 能源 / energy\n  对象 企业    单位 吨    小数 2    性质 流量    按 能源\n"
    "报表 宽 / wide\n  文件 w*\n  表号 B1\n  主体 企业 按 代码 名称\n  期间 累计\n  单位 千元\n  "
    "合计行 合计\n"
    "  列 output\n  列 assets\n  列 staff\n  列 county 转 县区\n  检查 关系 output ≤ assets 待核\n "
    " 检查 跳变 50 %\n"
    "报表 长 / long\n  文件 l*\n  主体 企业 按 代码 新增\n  期间 行\n  列 变体 表头 代码\n  列 "
    "期间 表头 期间\n"
    "  列 energy 表头 数量\n"
    "报表 加 / sum\n  文件 s*\n  主体 企业 按 代码 名称 新增\n  同主体 相加\n  期间 年\n  单位 "
    "千元\n  列 output\n";

static fd_forms *forms;
static const fd_program *program;

static void insist(int condition)
{
    if (!condition)
        abort();
}

/* Definitions are read once and live as long as the process. */
static void prepare(void)
{
    static fd_script *script;
    static fd_program *checked;
    fd_diags diags = FD_DIAGS_INIT;

    if (forms)
        return;
    insist(fd_script_parse(&script, definitions, sizeof definitions - 1, "fuzz", &diags) == 0);
    insist(fd_program_load(&checked, (const fd_script *const *)&script, 1, &diags) == 0);
    insist(fd_forms_load(&forms, checked, NULL, &diags) == 0);
    fd_diags_dispose(&diags);
    program = checked;
}

typedef struct sink {
    int begins, segments;
    int32_t next;
} sink;

static int on_find(void *payload, const char *kind, const char *code, size_t length, int32_t *id)
{
    (void)payload;
    (void)kind;
    *id = length ? code[length - 1] % 7 + 1 : 0; /* few subjects: duplicates are common */
    return length > 0 && code[0] % 2;
}

static int on_begin(void *payload, const fd_returns_result *result)
{
    sink *s = payload;

    insist(result->form != NULL && s->begins++ == 0);
    return 0;
}

static int on_subject(void *payload, const char *kind, const char *code, const char *name,
                      int32_t *id)
{
    sink *s = payload;

    (void)name;
    insist(kind[0] && code[0] && s->begins == 1);
    *id = 100 + s->next++;
    return 0;
}

static int on_segment(void *payload, const fd_returns_segment *segment)
{
    sink *s = payload;

    insist(s->begins == 1 && segment->n > 0 && segment->period != FD_PERIOD_NONE);
    for (size_t i = 0; i < segment->n; i++) {
        insist(i == 0 || segment->subjects[i] > segment->subjects[i - 1]);
        insist(!segment->states || segment->states[i] == FD_HAS || segment->states[i] == FD_DOUBT ||
               segment->dec[i] == 0);
    }
    s->segments++;
    return 0;
}

static void on_finding(void *payload, const fd_finding *f)
{
    (void)payload;
    insist(f->message[0][0] && f->message[1][0] && f->severity >= 0 && f->severity <= 2);
}

static void whole_file(const uint8_t *data, size_t size)
{
    static const char *const paths[] = { "2024-05/w.csv", "2024/l.csv", "2024年s.csv",
                                         "某年/x.csv" };
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    sink s = { 0 };
    fd_returns_handler handler = { .payload = &s,
                                   .find = on_find,
                                   .begin = on_begin,
                                   .subject = on_subject,
                                   .segment = on_segment,
                                   .finding = on_finding };
    fd_returns_result *result = NULL;

    options.chunk_rows = size % 5 ? 0 : 2;
    if (fd_returns_read_memory(&result, data, size, paths[size % 4], forms, &options, &handler) ==
        0) {
        insist(result->accepted + result->rejected == result->rows);
        if (result->state == FD_RETURNS_LEFT_OUT)
            insist(s.segments == 0 && s.begins == 0);
    }
    fd_returns_free(result);
}

static void header(const char *text, size_t size)
{
    fd_arena *arena = fd_arena_new();
    fd_view rest = { text, size }, levels[3];
    fd_header h;
    size_t n = 0;

    while (n < 3 && fd_view_split(&rest, '\n', &levels[n]))
        n++;
    fd_header_read(&h, arena, program, levels, n);
    insist(h.count <= FD_HEADER_CANDIDATES);
    for (size_t i = 0; i < fd_forms_count(forms); i++) {
        fd_match m;

        fd_header_match(&m, arena, forms, fd_forms_at(forms, i), &h, NULL, 2024);
        insist((m.how == FD_MATCH_NAME || m.how == FD_MATCH_CODE) <= (m.count > 0));
    }
    fd_arena_free(arena);
}

static void cell(const char *text, size_t size)
{
    fd_cell c = { .text = { text, size }, .kind = FD_CELL_TEXT };
    fd_number_plan plan;
    fd_cell_value v;
    int64_t fast = 0, slow = 0;
    fd_buf again = FD_BUF_INIT;
    uint8_t written;

    insist(fd_number_plan_make(&plan, program, fd_program_unit(program, "千元"),
                               fd_program_unit(program, "万元"), 4, FD_NA) == 0);
    fd_number_read(&v, &plan, &c);
    insist(v.state == FD_HAS || v.state == FD_DOUBT || v.dec == 0 || v.fault[0]);
    if (fd_written_text(&again, v.written, v.dec, plan.scale_in))
        insist(again.len == size && memcmp(again.ptr, text, size) == 0);
    fd_buf_dispose(&again);
    if (fd_number_fast(text, size, 3, &fast, &written))
        insist(fd_decimal_parse_scaled(&slow, text, size, 3) == 0 && slow == fast &&
               (written == FD_WRITTEN_SPELLED || written == fd_written_of(c.text, fast, 3)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    int year, month;

    prepare();
    if (size == 0 || size > 1 << 16)
        return 0;
    whole_file(data, size);
    if (!fd_utf8_valid(text, size, NULL) || memchr(text, 0, size))
        return 0;
    header(text, size);
    cell(text, size);
    if (fd_returns__text_period((fd_view){ text, size }, &year, &month))
        insist(year >= 1990 && year <= 2100 && month >= 0 && month <= 12);
    return 0;
}
