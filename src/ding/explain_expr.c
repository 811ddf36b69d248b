/*
 * Expressions in words.
 */
#include "ding/explain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A part that is itself composed stands in parentheses, so that no order of operations is left to
 * guess. */
static void tell_part(fd_teller *t, const fd_expr *e, int depth)
{
    bool composed = e->kind >= FD_EXPR_ADD && e->kind <= FD_EXPR_OR && e->child_count > 1;

    if (composed)
        fd_teller__say(t, "(", "(");
    fd_teller__tell(t, e, depth);
    if (composed)
        fd_teller__say(t, ")", ")");
}

static void tell_infix(fd_teller *t, const fd_expr *e, const char *zh, const char *en, int depth)
{
    bool same =
        e->children[0]->kind == e->kind && (e->kind == FD_EXPR_ADD || e->kind == FD_EXPR_AND ||
                                            e->kind == FD_EXPR_OR || e->kind == FD_EXPR_MUL);

    if (same)
        fd_teller__tell(t, e->children[0], depth);
    else
        tell_part(t, e->children[0], depth);
    fd_teller__say(t, zh, en);
    tell_part(t, e->children[1], depth);
}

/* A date by its looks: the clause as written has no types. */
static bool is_date(const fd_teller *t, const fd_expr *e)
{
    const fd_item *item;
    int count;

    if (e->kind == FD_EXPR_ADD || e->kind == FD_EXPR_SUB)
        return fd_expr__span(e->children[1], &count) != FD_SPAN_NONE && is_date(t, e->children[0]);
    if (e->kind == FD_EXPR_AT)
        return is_date(t, e->children[0]);
    if (e->kind != FD_EXPR_NAME)
        return e->kind == FD_EXPR_DATE;
    item = fd_program_item(t->program, e->text);
    return item ? item->value_kind == FD_DATE
                : fd_grammar_word(fd_grammar_key_dates(), fd_view_of(e->text)) != NULL;
}

/* Figures are high and low, dates early and late. */
static void tell_relation(fd_teller *t, const fd_expr *e, const char *const words[4], int depth)
{
    bool dates = is_date(t, e->children[0]) || is_date(t, e->children[1]);

    tell_infix(t, e, words[dates ? 2 : 0], words[dates ? 3 : 1], depth);
}

static void tell_name(fd_teller *t, const fd_expr *e)
{
    const fd_word *variable = fd_grammar_word(fd_grammar_light_variables(), fd_view_of(e->text));

    if (variable && e->symbol != FD_SYM_ITEM && e->symbol != FD_SYM_INDICATOR)
        fd_teller__say(t, strcmp(variable->en, "value") == 0 ? "实际值" : variable->zh,
                       strcmp(variable->en, "value") == 0 ? "the value" : variable->en);
    else
        fd_buf_puts(&t->out, e->text);
}

static void tell_at(fd_teller *t, const fd_expr *e, int depth)
{
    char buf[48];

    switch (e->at) {
    case FD_AT_YEAR_BEFORE:
        fd_teller__say(t, "上年的", "last year's ");
        break;
    case FD_AT_COMPARATIVE:
        fd_teller__say(t, "本期报表所报上年同期的",
                       "(as reported for the same period last year with the current return) ");
        break;
    case FD_AT_YEAR_BEFORE_STORED:
        fd_teller__say(t, "库中上年同期的", "(as stored a year earlier) ");
        break;
    case FD_AT_VERIFIED:
        fd_teller__say(t, "核定的", "the verified ");
        break;
    case FD_AT_STEP:
        fd_buf_printf(&t->out, fd_teller__either(t, "前 %d 期的", "(%d periods earlier) "),
                      -e->step);
        break;
    default:
        fd_period_title(e->period, t->lang, buf, sizeof buf);
        fd_buf_printf(&t->out, fd_teller__either(t, "%s的", "(of %s) "), buf);
        break;
    }
    tell_part(t, e->children[0], depth);
}

static void tell_where(fd_teller *t, const fd_expr *e, int depth)
{
    if (!e->where)
        return;
    fd_teller__say(t, "(只算", " (only where ");
    fd_teller__tell(t, e->where, depth);
    fd_teller__say(t, "的)", ")");
}

/* Before and after the argument of a function, in both languages. */
static const struct phrase {
    fd_function function;
    const char *zh[2], *en[2];
} phrases[] = {
    { FD_FN_SUM, { "", "的合计" }, { "the sum of ", "" } },
    { FD_FN_MEAN, { "", "的平均数" }, { "the mean of ", "" } },
    { FD_FN_MAX, { "", "的最大值" }, { "the largest of ", "" } },
    { FD_FN_MIN, { "", "的最小值" }, { "the smallest of ", "" } },
    { FD_FN_GROWTH, { "", "比上年同期的增速" }, { "the growth over a year of ", "" } },
    { FD_FN_MEAN_GROWTH,
      { "", "的年均增长(估计值)" },
      { "the mean yearly growth (an estimate) of ", "" } },
    { FD_FN_SHARE, { "", "占全部的比重" }, { "the share in the whole of ", "" } },
    { FD_FN_CONTRIBUTION,
      { "", "对全部增量的贡献率" },
      { "the contribution to total growth of ", "" } },
    { FD_FN_PULL,
      { "", "对全部增速的拉动(百分点)" },
      { "the pull on total growth (points) of ", "" } },
    { FD_FN_RANK, { "", "的位次" }, { "the rank of ", "" } },
    { FD_FN_COVERAGE, { "", "的已报比例" }, { "the share of answers received for ", "" } },
    { FD_FN_DISTINCT, { "不同的", "有几种" }, { "how many different values there are of ", "" } },
    { FD_FN_SQRT, { "", "的平方根(估计值)" }, { "the root (an estimate) of ", "" } },
    { FD_FN_ABS, { "", "的绝对值" }, { "the magnitude of ", "" } },
    { FD_FN_MONTH_MEAN, { "", "的月均" }, { "the monthly mean of ", "" } },
    { FD_FN_MONTH_MAX, { "", "最大的一个月" }, { "the largest month of ", "" } },
};

static void tell_rounding(fd_teller *t, const fd_expr *e, int depth)
{
    static const char *const zh[] = { "四舍五入到", "按 GB/T 8170 修约到", "进位到", "舍去到" };
    static const char *const en[] = { ", rounded half up to",
                                      ", rounded half to even (GB/T 8170) to", ", rounded up to",
                                      ", cut off at" };

    tell_part(t, e->children[0], depth);
    fd_buf_printf(&t->out, fd_teller__either(t, "%s %d 位小数", "%s %d decimals"),
                  fd_teller__either(t, zh[e->rounding], en[e->rounding]),
                  (int)e->children[1]->number.mantissa);
}

static void tell_call(fd_teller *t, const fd_expr *e, int depth)
{
    const struct phrase *phrase = NULL;

    if (e->function == FD_FN_ROUND) {
        tell_rounding(t, e, depth);
        return;
    }
    if (e->function == FD_FN_LAST_YEARS) {
        fd_buf_printf(&t->out,
                      fd_teller__either(t, "近 %d 年", "the sum over the last %d closed years of "),
                      (int)e->children[1]->number.mantissa);
        tell_part(t, e->children[0], depth);
        fd_teller__say(t, "之和", "");
        return;
    }
    if (e->function == FD_FN_COUNT) {
        if (!e->child_count) {
            fd_teller__say(t, "户数", "how many there are");
            return;
        }
        fd_teller__say(t, "满足「", "how many have: ");
        fd_teller__tell(t, e->children[0], depth);
        fd_teller__say(t, "」的户数", "");
        return;
    }
    if (e->function == FD_FN_AT_LEAST) {
        fd_buf_printf(
            &t->out,
            fd_teller__either(t, "以下 %zu 项中至少 %d 项:", "at least %2$d of these %1$zu: "),
            e->child_count - 1, (int)e->children[0]->number.mantissa);
        for (size_t i = 1; i < e->child_count; i++) {
            if (i > 1)
                fd_teller__say(t, "、", ", ");
            tell_part(t, e->children[i], depth);
        }
        return;
    }
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].function == e->function)
            phrase = &phrases[i];
    assert(phrase); /* tools/check_definitions.sh has every shipped text explained */
    fd_teller__say(t, phrase->zh[0], phrase->en[0]);
    for (size_t i = 0; i < e->child_count; i++) {
        if (i)
            fd_teller__say(t, "、", ", ");
        tell_part(t, e->children[i], depth);
    }
    tell_where(t, e, depth);
    if (e->reported_only)
        fd_teller__say(t, "(只加已报的,附覆盖率)", " (answers received only, with their coverage)");
    if (e->deflator)
        fd_buf_printf(&t->out,
                      fd_teller__either(t, "(可比价,按%s缩减)",
                                        " (at comparable prices, deflated by %s)"),
                      e->deflator);
    if (e->from_year)
        fd_buf_printf(&t->out, fd_teller__either(t, "(从 %d 年起)", " (from %d)"), e->from_year);
    fd_teller__say(t, phrase->zh[1], phrase->en[1]);
}

static void tell_in(fd_teller *t, const fd_expr *e, bool negated, int depth)
{
    tell_part(t, e->children[0], depth);
    fd_teller__say(t, negated ? "不属于" : "属于", negated ? " not in " : " in ");
    for (size_t i = 1; i < e->child_count; i++) {
        if (i > 1)
            fd_teller__say(t, "、", ", ");
        fd_buf_puts(&t->out, e->children[i]->text);
    }
}

static void tell_case(fd_teller *t, const fd_expr *e, int depth)
{
    if (e->bands == 2)
        fd_teller__say(t, "分段累进(每段按本段的比例算,各段相加):",
                       "by bands, each part at its own rate, added up: ");
    for (size_t i = 0; i + 1 < e->child_count; i += 2) {
        fd_teller__say(t, i ? ";" : "", i ? "; " : "");
        fd_teller__say(t, "如果", "if ");
        fd_teller__tell(t, e->children[i], depth);
        fd_teller__say(t, ",就是", " it is ");
        fd_teller__tell(t, e->children[i + 1], depth);
    }
    if (e->child_count % 2) {
        fd_teller__say(t, ";其余是", "; else ");
        fd_teller__tell(t, e->children[e->child_count - 1], depth);
    }
}

/* Trees are at most 200 high; sentences stop making sense long before, so the rest is printed as
 * formula. */
void fd_teller__tell(fd_teller *t, const fd_expr *e, int depth)
{
    char *text = NULL;

    if (depth > 8) {
        fd_expr_print(&text, e, t->lang);
        fd_buf_puts(&t->out, text);
        free(text);
        return;
    }
    depth++;
    switch (e->kind) {
    case FD_EXPR_NAME:
        tell_name(t, e);
        break;
    case FD_EXPR_TEXT:
        fd_buf_puts(&t->out, e->text);
        break;
    case FD_EXPR_AT:
        tell_at(t, e, depth);
        break;
    case FD_EXPR_NEGATE:
        fd_teller__say(t, "负的", "minus ");
        tell_part(t, e->children[0], depth);
        break;
    case FD_EXPR_ADD:
        tell_infix(t, e, "加", " plus ", depth);
        break;
    case FD_EXPR_SUB:
        tell_infix(t, e, "减", " minus ", depth);
        break;
    case FD_EXPR_MUL:
        tell_infix(t, e, "乘以", " times ", depth);
        break;
    case FD_EXPR_DIV:
        tell_infix(t, e, "除以", " divided by ", depth);
        break;
    case FD_EXPR_EQ:
        tell_infix(t, e, "等于", " is ", depth);
        break;
    case FD_EXPR_NE:
        tell_infix(t, e, "不等于", " is not ", depth);
        break;
    case FD_EXPR_LT:
        tell_relation(t, e, (const char *[]){ "小于", " is below ", "早于", " is before " }, depth);
        break;
    case FD_EXPR_LE:
        tell_relation(t, e,
                      (const char *[]){ "不超过", " is at most ", "不晚于", " is no later than " },
                      depth);
        break;
    case FD_EXPR_GT:
        tell_relation(t, e, (const char *[]){ "大于", " is above ", "晚于", " is after " }, depth);
        break;
    case FD_EXPR_GE:
        tell_relation(
            t, e, (const char *[]){ "不低于", " is at least ", "不早于", " is no earlier than " },
            depth);
        break;
    case FD_EXPR_AND:
        tell_infix(t, e, "并且", " and ", depth);
        break;
    case FD_EXPR_OR:
        tell_infix(t, e, "或者", " or ", depth);
        break;
    case FD_EXPR_IN:
        tell_in(t, e, false, depth);
        break;
    case FD_EXPR_NOT:
        if (e->children[0]->kind == FD_EXPR_IN) {
            tell_in(t, e->children[0], true, depth);
            break;
        }
        fd_teller__say(t, "不是(", "not (");
        fd_teller__tell(t, e->children[0], depth);
        fd_teller__say(t, ")", ")");
        break;
    case FD_EXPR_CALL:
        tell_call(t, e, depth);
        break;
    case FD_EXPR_CASE:
        tell_case(t, e, depth);
        break;
    default:
        fd_expr_print(&text, e, t->lang);
        fd_buf_puts(&t->out, text);
        free(text);
        break;
    }
}
