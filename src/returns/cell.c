/*
 * Cells → exact numbers and states.
 *
 * 千元 into 万元 with four digits is parsed at three: the mantissa of "12345.6" at scale 3 is that
 * of 1234.56 at scale 4.  No division, no rounding; a digit too many is a fault.
 */
#include "base/utf8.h"
#include "returns/read.h"

static int power_of_ten(fd_i128 n)
{
    int k = 0;

    while (n > 1 && n % 10 == 0) {
        n /= 10;
        k++;
    }
    return n == 1 ? k : -1;
}

int fd_number_plan_make(fd_number_plan *out, const fd_program *program, const fd_unit *from,
                        const fd_unit *to, int scale, int dash)
{
    int up, down, err;

    *out = (fd_number_plan){ .scale = scale, .scale_in = -1, .dash = dash, .program = program };
    out->from = from ? from : to;
    out->to = to;
    out->factor = fd_quot_from_int(1);
    if (out->from && to && out->from != to &&
        (err = fd_unit_factor(&out->factor, out->from, to)) < 0)
        return err;
    up = power_of_ten(out->factor.num);
    down = power_of_ten(out->factor.den);
    if (up >= 0 && down >= 0 && scale + up - down >= 0 && scale + up - down <= 18)
        out->scale_in = scale + up - down;
    return 0;
}

static void fault(fd_cell_value *out, const char *zh, const char *en, const char *expected_zh,
                  const char *expected_en)
{
    out->state = FD_MISSING;
    out->fault[FD_ZH] = zh;
    out->fault[FD_EN] = en;
    out->expected[FD_ZH] = expected_zh;
    out->expected[FD_EN] = expected_en;
}

/* A number in the plan's unit, the exact way for every factor. */
static void convert(fd_cell_value *out, const fd_number_plan *plan, fd_quot factor, fd_view text)
{
    fd_decimal value, rounded;
    fd_quot exact;
    int err = fd_decimal_parse(&value, text.ptr, text.len);

    if (err == FD_EPARSE) {
        fault(out, "不是数", "not a number", "数,或空白、不适用、待核",
              "a number, or blank, 不适用, 待核");
        return;
    }
    if (err < 0 || fd_quot_mul(&exact, fd_quot_from_decimal(value), factor) < 0 ||
        fd_quot_round(&rounded, exact, plan->scale, FD_ROUND_DOWN) < 0) {
        fault(out, "数太大或位数太多", "the number is too large or too long", "18 位以内的数",
              "a number of at most 18 digits");
        return;
    }
    if (fd_quot_compare(fd_quot_from_decimal(rounded), exact) != 0) {
        fault(out, "小数位数太多,不四舍五入", "too many digits; nothing is rounded",
              "小数位数以数据项为准", "no more fraction digits than the item has");
        return;
    }
    out->dec = rounded.mantissa;
}

static bool is_word(fd_view v, const char *const *words)
{
    for (; *words; words++)
        if (fd_view_is(v, *words))
            return true;
    return false;
}

/* The unit that stands behind a number: 12.5万元, 5.3%. Words that are no unit stay where they are:
 * 12.5百万, 100(估) and 100左右 are no numbers. */
static const fd_unit *cut_unit(const fd_number_plan *plan, fd_view *text)
{
    size_t n = text->len;
    char name[32];

    while (n > 0 && !strchr("0123456789.,", text->ptr[n - 1]))
        n--;
    if (n == 0 || n == text->len || text->len - n >= sizeof name)
        return NULL;
    memcpy(name, text->ptr + n, text->len - n);
    name[text->len - n] = '\0';
    {
        const fd_unit *unit = fd_program_unit(plan->program, name);

        if (unit)
            text->len = n;
        return unit;
    }
}

/* (1,234.50): how bookkeeping writes −1234.50. Not taken for it, for brackets may be a remark. */
static bool is_bracketed(fd_view v)
{
    bool digits = false;

    if (v.len < 3 || v.ptr[0] != '(' || v.ptr[v.len - 1] != ')')
        return false;
    for (size_t i = 1; i + 1 < v.len; i++) {
        if (!strchr("0123456789.,", v.ptr[i]))
            return false;
        digits |= v.ptr[i] >= '0' && v.ptr[i] <= '9';
    }
    return digits;
}

static void slow_number(fd_cell_value *out, const fd_number_plan *plan, fd_view cell)
{
    static const char *const missing[] = { "缺报",   "未报", "暂无", "缺",   "...",
                                           "…",      "……",   "n.a.", "保密", "不公开",
                                           "不公布", "*",    "**",   "***",  NULL };
    static const char *const absent[] = { "不适用", "无此项", "不涉及", "n/a", "na", NULL };
    static const char *const doubt[] = { "待核", "?", "待核实", NULL };
    static const char *const dashes[] = { "-", "/", "--", NULL };
    static const char *const doubt_ends[] = { "(待核)", "(?)", "待核", "?" };
    fd_buf folded = FD_BUF_INIT;
    fd_view v;

    fd_returns__fold_into(&folded, cell);
    v = (fd_view){ fd_buf_text(&folded), folded.len };
    if (!v.len || is_word(v, missing)) {
        out->state = FD_MISSING;
    } else if (is_word(v, dashes)) {
        out->state = (fd_state)plan->dash;
    } else if (is_word(v, absent)) {
        out->state = FD_NA;
    } else if (is_bracketed(v)) {
        fault(out, "括号里的数", "a number in brackets", "负数写成 -100 的样子",
              "a negative number as -100");
    } else if (is_word(v, doubt)) {
        fault(out, "写了待核而没有数", "in doubt, but without a number", "数(待核),或空白",
              "a number with (待核), or blank");
    } else {
        const fd_unit *unit;
        fd_quot factor = plan->factor;

        for (size_t i = 0; i < sizeof doubt_ends / sizeof *doubt_ends; i++)
            if (fd_view_ends(v, doubt_ends[i])) {
                v.len -= strlen(doubt_ends[i]);
                out->state = FD_DOUBT;
                break;
            }
        unit = cut_unit(plan, &v);
        if (unit && plan->to && fd_unit_factor(&factor, unit, plan->to) < 0)
            fault(out, "数后面的单位不对", "the unit behind the number does not fit",
                  plan->to->name, plan->to->name);
        else
            convert(out, plan, factor, unit || v.len < folded.len ? v : fd_view_trim(cell));
    }
    fd_buf_dispose(&folded);
}

void fd_number_read(fd_cell_value *out, const fd_number_plan *plan, const fd_cell *cell)
{
    fd_view v = cell->text;

    out->state = FD_HAS;
    out->dec = 0;
    out->fault[FD_ZH] = NULL;
    out->written = FD_WRITTEN_UNKNOWN;
    if (v.len == 0) {
        out->state = FD_MISSING;
        return;
    }
    if (plan->scale_in >= 0 &&
        fd_number_fast(v.ptr, v.len, plan->scale_in, &out->dec, &out->written))
        return;
    if (cell->kind == FD_CELL_ERROR) {
        fault(out, "表格里的公式出错", "the cell holds a formula error", "数", "a number");
        return;
    }
    if (cell->kind == FD_CELL_DATE || cell->kind == FD_CELL_BOOL) {
        fault(out, "单元格是日期或是否值", "the cell is a date or a truth value", "数", "a number");
        return;
    }
    slow_number(out, plan, v);
    out->written = fd_written_of(v, out->dec, plan->scale_in);
}
