/*
 * One large CSV: what import benches read.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "example/random.h"
#include "fangding/example.h"
#include "fangding/uscc.h"
#include "io/file.h"

static const char *const columns[] = {
    "流动资产合计", "应收账款",         "存货",           "产成品",           "固定资产原价",
    "累计折旧",     "本年折旧",         "资产总计",       "负债合计",         "营业收入",
    "营业成本",     "税金及附加",       "销售费用",       "管理费用",         "研发费用",
    "财务费用",     "资产减值损失",     "信用减值损失",   "公允价值变动收益", "投资收益",
    "资产处置收益", "其他收益",         "净敞口套期收益", "营业利润",         "利润总额",
    "应付职工薪酬", "应交增值税",       "平均用工人数",   "工业总产值",       "新产品产值",
    "工业销售产值", "出口交货值",       "工资总额",       "期末从业人数",     "平均从业人数",
    "研究开发人员", "研究开发费用合计", "研究开发机构数", "有效发明专利",     "新产品销售收入"
};
enum { MAX_COLUMNS = sizeof columns / sizeof *columns };

/* 16 characters that differ for different numbers below 31^6. */
static int code_of(char out[FD_USCC_LENGTH + 1], size_t index)
{
    static const char symbols[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char prefix[17] = "91990500MA";
    uint64_t number = (index * 104729u) % 887503681u;

    for (size_t i = 0; i < 6; i++, number /= 31)
        prefix[10 + i] = symbols[number % 31];
    prefix[16] = 0;
    return fd_uscc_make(out, prefix);
}

/* Digits of value, and one fraction digit in every third amount. @return characters written */
static size_t put_amount(char *out, uint64_t draw)
{
    uint64_t value = (draw >> 8) % 9000000;
    char digits[24];
    size_t n = 0, length = 0;

    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (n)
        out[length++] = digits[--n];
    if (draw % 3 == 0) {
        out[length++] = '.';
        out[length++] = (char)('0' + (draw >> 40) % 10);
    }
    return length;
}

int fd_example_bench_csv(const char *path, size_t rows, size_t numeric_columns, uint64_t seed)
{
    FILE *stream = NULL;
    char line[64 * (MAX_COLUMNS + 1)];
    uint64_t key = fd_example__mix(seed);
    int err = 0;

    if (rows < 1 || rows > 10000000 || numeric_columns < 1 || numeric_columns > MAX_COLUMNS)
        return fd_error_set(FD_EINVAL, "行数应在 1 到 10000000 之间,列数应在 1 到 40 之间",
                            "rows lie between 1 and 10,000,000, columns between 1 and 40");
    if (!(stream = fopen(path, "wb")))
        return fd_file__errno(path, errno);
    fputs("统一社会信用代码", stream);
    for (size_t c = 0; c < numeric_columns; c++)
        fprintf(stream, ",%s", columns[c]);
    fputc('\n', stream);
    for (size_t r = 0; r < rows && err == 0; r++) {
        char code[FD_USCC_LENGTH + 1];
        size_t length = FD_USCC_LENGTH;

        if ((err = code_of(code, r)) < 0)
            break;
        memcpy(line, code, length);
        for (size_t c = 0; c < numeric_columns; c++) {
            line[length++] = ',';
            length += put_amount(line + length, fd_example__key(key, r * MAX_COLUMNS + c));
        }
        line[length++] = '\n';
        if (fwrite(line, 1, length, stream) != length)
            err = fd_file__errno(path, errno);
    }
    if (fclose(stream) != 0 && err == 0)
        err = fd_file__errno(path, errno);
    return err;
}
