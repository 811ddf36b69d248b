/*
 * Declarations → sentences that a reader without training follows.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "ding/program.h"

typedef struct teller {
    const fd_program *program;
    fd_buf out;
    fd_lang lang;
} teller;

static void say(teller *t, const char *zh, const char *en)
{
    fd_buf_puts(&t->out, t->lang == FD_ZH ? zh : en);
}

static const char *either(const teller *t, const char *zh, const char *en)
{
    return t->lang == FD_ZH ? zh : en;
}

/* ---- expressions in words ---- */

static void tell(teller *t, const fd_expr *e, int depth);

/* A part that is itself composed stands in parentheses, so that no order of operations is left to
 * guess. */
static void tell_part(teller *t, const fd_expr *e, int depth)
{
    bool composed = e->kind >= FD_EXPR_ADD && e->kind <= FD_EXPR_OR && e->child_count > 1;

    if (composed)
        say(t, "(", "(");
    tell(t, e, depth);
    if (composed)
        say(t, ")", ")");
}

static void tell_infix(teller *t, const fd_expr *e, const char *zh, const char *en, int depth)
{
    bool same =
        e->children[0]->kind == e->kind && (e->kind == FD_EXPR_ADD || e->kind == FD_EXPR_AND ||
                                            e->kind == FD_EXPR_OR || e->kind == FD_EXPR_MUL);

    if (same)
        tell(t, e->children[0], depth);
    else
        tell_part(t, e->children[0], depth);
    say(t, zh, en);
    tell_part(t, e->children[1], depth);
}

/* A date by its looks: the clause as written has no types. */
static bool is_date(const teller *t, const fd_expr *e)
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
static void tell_relation(teller *t, const fd_expr *e, const char *const words[4], int depth)
{
    bool dates = is_date(t, e->children[0]) || is_date(t, e->children[1]);

    tell_infix(t, e, words[dates ? 2 : 0], words[dates ? 3 : 1], depth);
}

static void tell_name(teller *t, const fd_expr *e)
{
    const fd_word *variable = fd_grammar_word(fd_grammar_light_variables(), fd_view_of(e->text));

    if (variable && e->symbol != FD_SYM_ITEM && e->symbol != FD_SYM_INDICATOR)
        say(t, strcmp(variable->en, "value") == 0 ? "实际值" : variable->zh,
            strcmp(variable->en, "value") == 0 ? "the value" : variable->en);
    else
        fd_buf_puts(&t->out, e->text);
}

static void tell_at(teller *t, const fd_expr *e, int depth)
{
    char buf[48];

    switch (e->at) {
    case FD_AT_YEAR_BEFORE:
        say(t, "上年的", "last year's ");
        break;
    case FD_AT_COMPARATIVE:
        say(t, "本期报表所报上年同期的",
            "(as reported for the same period last year with the current return) ");
        break;
    case FD_AT_YEAR_BEFORE_STORED:
        say(t, "库中上年同期的", "(as stored a year earlier) ");
        break;
    case FD_AT_VERIFIED:
        say(t, "核定的", "the verified ");
        break;
    case FD_AT_STEP:
        fd_buf_printf(&t->out, either(t, "前 %d 期的", "(%d periods earlier) "), -e->step);
        break;
    default:
        fd_period_title(e->period, t->lang, buf, sizeof buf);
        fd_buf_printf(&t->out, either(t, "%s的", "(of %s) "), buf);
        break;
    }
    tell_part(t, e->children[0], depth);
}

static void tell_where(teller *t, const fd_expr *e, int depth)
{
    if (!e->where)
        return;
    say(t, "(只算", " (only where ");
    tell(t, e->where, depth);
    say(t, "的)", ")");
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
};

static void tell_rounding(teller *t, const fd_expr *e, int depth)
{
    static const char *const zh[] = { "四舍五入到", "按 GB/T 8170 修约到", "进位到", "舍去到" };
    static const char *const en[] = { ", rounded half up to",
                                      ", rounded half to even (GB/T 8170) to", ", rounded up to",
                                      ", cut off at" };

    tell_part(t, e->children[0], depth);
    fd_buf_printf(&t->out, either(t, "%s %d 位小数", "%s %d decimals"),
                  either(t, zh[e->rounding], en[e->rounding]),
                  (int)e->children[1]->number.mantissa);
}

static void tell_call(teller *t, const fd_expr *e, int depth)
{
    const struct phrase *phrase = NULL;

    if (e->function == FD_FN_ROUND) {
        tell_rounding(t, e, depth);
        return;
    }
    if (e->function == FD_FN_LAST_YEARS) {
        fd_buf_printf(&t->out, either(t, "近 %d 年", "the sum over the last %d closed years of "),
                      (int)e->children[1]->number.mantissa);
        tell_part(t, e->children[0], depth);
        say(t, "之和", "");
        return;
    }
    if (e->function == FD_FN_COUNT) {
        if (!e->child_count) {
            say(t, "户数", "how many there are");
            return;
        }
        say(t, "满足「", "how many have: ");
        tell(t, e->children[0], depth);
        say(t, "」的户数", "");
        return;
    }
    if (e->function == FD_FN_AT_LEAST) {
        fd_buf_printf(&t->out,
                      either(t, "以下 %zu 项中至少 %d 项:", "at least %2$d of these %1$zu: "),
                      e->child_count - 1, (int)e->children[0]->number.mantissa);
        for (size_t i = 1; i < e->child_count; i++) {
            if (i > 1)
                say(t, "、", ", ");
            tell_part(t, e->children[i], depth);
        }
        return;
    }
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].function == e->function)
            phrase = &phrases[i];
    say(t, phrase->zh[0], phrase->en[0]);
    for (size_t i = 0; i < e->child_count; i++) {
        if (i)
            say(t, "、", ", ");
        tell_part(t, e->children[i], depth);
    }
    tell_where(t, e, depth);
    if (e->reported_only)
        say(t, "(只加已报的,附覆盖率)", " (answers received only, with their coverage)");
    if (e->deflator)
        fd_buf_printf(&t->out,
                      either(t, "(可比价,按%s缩减)", " (at comparable prices, deflated by %s)"),
                      e->deflator);
    if (e->from_year)
        fd_buf_printf(&t->out, either(t, "(从 %d 年起)", " (from %d)"), e->from_year);
    say(t, phrase->zh[1], phrase->en[1]);
}

static void tell_in(teller *t, const fd_expr *e, bool negated, int depth)
{
    tell_part(t, e->children[0], depth);
    say(t, negated ? "不属于" : "属于", negated ? " not in " : " in ");
    for (size_t i = 1; i < e->child_count; i++) {
        if (i > 1)
            say(t, "、", ", ");
        fd_buf_puts(&t->out, e->children[i]->text);
    }
}

static void tell_case(teller *t, const fd_expr *e, int depth)
{
    if (e->bands == 2)
        say(t, "分段累进(每段按本段的比例算,各段相加):",
            "by bands, each part at its own rate, added up: ");
    for (size_t i = 0; i + 1 < e->child_count; i += 2) {
        say(t, i ? ";" : "", i ? "; " : "");
        say(t, "如果", "if ");
        tell(t, e->children[i], depth);
        say(t, ",就是", " it is ");
        tell(t, e->children[i + 1], depth);
    }
    if (e->child_count % 2) {
        say(t, ";其余是", "; else ");
        tell(t, e->children[e->child_count - 1], depth);
    }
}

/* Trees are at most 200 high; sentences stop making sense long before, so the rest is printed as
 * formula. */
static void tell(teller *t, const fd_expr *e, int depth)
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
        say(t, "负的", "minus ");
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
        say(t, "不是(", "not (");
        tell(t, e->children[0], depth);
        say(t, ")", ")");
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

/* ---- declarations ---- */

static const char *kind_name(const teller *t, const char *id)
{
    for (const fd_word *w = fd_grammar_subjects(); w->zh; w++)
        if (strcmp(w->en, id) == 0)
            return either(t, w->zh, w->en);
    return id;
}

static void tell_heading(teller *t, const fd_decl *decl)
{
    const fd_kind_rule *kind = fd_grammar_kind_of(decl->kind);

    fd_buf_printf(&t->out, either(t, "%s「%s」", "The %s \"%s\""), either(t, kind->zh, kind->en),
                  decl->name);
    if (strcmp(decl->name, decl->alias) != 0)
        fd_buf_printf(&t->out, either(t, "(%s)", " (%s)"), decl->alias);
}

/* The clauses that every kind has. */
static void tell_common(teller *t, const fd_decl *decl)
{
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];

        if (strcmp(c->keyword, "说明") == 0)
            fd_buf_printf(&t->out, either(t, "说明:%s。", " Note: %s."), c->text);
        else if (strcmp(c->keyword, "依据") == 0)
            fd_buf_printf(&t->out, either(t, "依据:%s。", " Source: %s."), c->text);
        else if (strcmp(c->keyword, "替代") == 0)
            fd_buf_printf(&t->out, either(t, "它替代原来的 %s。", " It replaces %s."), c->text);
        else if (strcmp(c->keyword, "有效") == 0)
            fd_buf_printf(&t->out, either(t, "有效期:%s。", " In force: %s."), c->text);
        else if (strcmp(c->keyword, "未核实") == 0)
            say(t, "尚未核实。", " It has not been verified.");
        else if (strcmp(c->keyword, "示例") == 0)
            say(t, "这是示例,不是真实数据。", " It is an invented example.");
    }
}

/* "2024-12-31 至 2025-12-31"; open lists end with 起. */
static void tell_days(teller *t, const fd_complete *c)
{
    char from[16], to[16];

    fd_date_format(c->from, from, sizeof from);
    fd_date_format(c->to, to, sizeof to);
    if (c->to == FD_DATE_MAX)
        fd_buf_printf(&t->out, either(t, "自 %s 起", "from %s on"), from);
    else
        fd_buf_printf(&t->out, either(t, "%s 至 %s", "from %s to %s"), from, to);
}

static void tell_item(teller *t, const fd_item *item)
{
    static const char *const natures[][2] = {
        { "流量(可以跨期相加)", "flow (adds up over time)" },
        { "存量(时点数,不能跨期相加)", "stock (of a moment; does not add up over time)" },
        { "比率(不能直接相加)", "ratio (does not add up)" },
        { "属性", "attribute" },
    };

    fd_buf_printf(&t->out, either(t, "是%s的%s", " belongs to %s and is a %s"),
                  kind_name(t, item->kind),
                  either(t, natures[item->nature - 1][0], natures[item->nature - 1][1]));
    if (item->value_kind == FD_DEC)
        fd_buf_printf(&t->out, either(t, ",单位 %s,存 %d 位小数", ", in %s, kept with %d decimals"),
                      item->unit->name[0] ? item->unit->name : "1", item->scale);
    say(t, "。", ".");
    if (item->may_be_na)
        say(t, "有的企业没有这一项,那时为不适用,不是零。",
            " Where it does not exist it is n/a, not zero.");
    for (const fd_complete *c = item->complete; c; c = c->next) {
        say(t, "名单是全的:", " Its list is complete ");
        tell_days(t, c);
        say(t, "。", ".");
    }
    if (item->by)
        fd_buf_printf(
            &t->out, either(t, "按%s分列,写作 %s:代码。", " It is kept by %s and written %s:CODE."),
            item->by, item->name);
    if (item->other_count) {
        say(t, "报表里也叫 ", " Returns also call it ");
        for (size_t i = 0; i < item->other_count; i++)
            fd_buf_printf(&t->out, "%s%s", i ? either(t, "、", ", ") : "", item->other_names[i]);
        say(t, "。", ".");
    }
}

static void tell_unit(teller *t, const fd_unit *unit)
{
    const fd_clause *equals = fd_decl__clause(unit->decl, "等于");

    if (unit->is_points)
        say(t, "是两个百分数之差的单位。", " measures the difference of two percentages.");
    else if (equals)
        fd_buf_printf(&t->out, either(t, "等于 %s。", " equals %s."), equals->text);
    else
        say(t, "是基本单位。", " is a base unit.");
}

static void tell_class(teller *t, const fd_class *class)
{
    size_t parts = 0;
    const fd_item *attribute = fd_program_item(t->program, class->attribute);

    for (size_t i = 0; i < class->member_count; i++)
        parts += fd_quot_compare(class->members[i].share, fd_quot_from_int(1)) != 0;
    fd_buf_printf(&t->out,
                  either(t, "按「%s」划分,列了 %zu 个代码(代码包括它下面的各级)",
                         " goes by %s and lists %zu codes, each "
                         "with all below it"),
                  attribute ? either(t, attribute->name, attribute->id) : class->attribute,
                  class->member_count);
    if (parts)
        fd_buf_printf(&t->out, either(t, ",其中 %zu 个只算一部分", ", of which %zu count in part"),
                      parts);
    say(t, "。", ".");
    if (class->partial)
        say(t, "名单不全:没列出的代码是不明,不是不属于。",
            " The list is incomplete: a code not listed is unknown, not outside.");
    if (class->members_unread)
        say(t, "成员在另外的文件里,这里没有读。",
            " Its members are in a file that was not read here.");
}

static void tell_missing(teller *t, const fd_indicator *i)
{
    if (i->missing == FD_RULE_SKIP_REPORTED)
        say(t, "有缺报时只加已报的,并注明覆盖率。",
            " With answers missing only those received count, and the coverage is shown.");
    else
        say(t, "任何一户缺报,结果就是缺报,不当作零。",
            " If any answer is missing the result is missing, never zero.");
    for (size_t k = 0; k < i->rule_count; k++) {
        say(t, "", " Where ");
        tell(t, i->rules[k].when, 0);
        fd_buf_printf(&t->out, either(t, "时为%s。", " it is %s."),
                      fd_state_name(i->rules[k].state, t->lang));
    }
}

static void tell_indicator(teller *t, const fd_indicator *i)
{
    const char *unit = i->unit->name[0] ? i->unit->name : either(t, "无单位", "no unit");

    fd_buf_printf(&t->out, either(t, "的对象是%s,单位 %s。", " is about %s, in %s."),
                  kind_name(t, i->kind), unit);
    if (i->formula) {
        fd_buf_printf(&t->out, either(t, "对每个%s:", " For each %s: "), kind_name(t, i->kind));
        tell(t, i->formula, 0);
        say(t, "。", ".");
    }
    if (i->total) {
        say(t, "对全市、县区、产业链等:", " For the city, a county, a chain and so on: ");
        tell(t, i->total, 0);
        say(t, "。", ".");
        if (i->formula && i->formula->kind == FD_EXPR_DIV && i->total->kind == FD_EXPR_DIV)
            say(t, "汇总的值不是各户比率的平均。",
                " The total is not the mean of the subjects' ratios.");
    }
    if (i->population) {
        say(t, "只包括", " Only those count where ");
        tell(t, i->population, 0);
        say(t, "的。", ".");
    }
    tell_missing(t, i);
    if (i->digits >= 0)
        fd_buf_printf(&t->out,
                      either(t, "显示 %d 位小数,只管显示,不进判定。",
                             " It shows %d decimals; decisions use the exact value."),
                      i->digits);
    say(t, i->verified ? "采用统计部门核定数。" : "",
        i->verified ? " It is the statistical bureau's verified figure." : "");
    if (i->higher_is_better || i->lower_is_better)
        say(t, i->higher_is_better ? "越高越好。" : "越低越好。",
            i->higher_is_better ? " Higher is better." : " Lower is better.");
    if (i->source_count) {
        say(t, "数据来自 ", " Its data come from ");
        for (size_t k = 0; k < i->source_count; k++)
            fd_buf_printf(&t->out, "%s%s", k ? either(t, "、", ", ") : "", i->sources[k]);
        say(t, "。", ".");
    }
}

static void tell_decimal(teller *t, fd_decimal value, const fd_unit *unit)
{
    char buf[48];

    fd_decimal_format(value, buf, sizeof buf);
    fd_buf_printf(&t->out, "%s %s", buf, unit->name);
}

static const char *pace_unit(const fd_unit *unit)
{
    return strcmp(unit->name, "%") == 0 ? "百分点" : unit->name;
}

/* (value − base) ÷ years, between two figures. */
static void tell_pace(teller *t, fd_decimal from, int from_year, fd_decimal to, int to_year,
                      const fd_unit *unit)
{
    fd_quot pace;
    char buf[64];

    if (to_year <= from_year ||
        fd_quot_sub(&pace, fd_quot_from_decimal(to), fd_quot_from_decimal(from)) < 0 ||
        fd_quot_div(&pace, pace, fd_quot_from_int(to_year - from_year)) < 0) {
        fd_error_clear();
        return;
    }
    fd_quot_format(pace, 2, FD_ROUND_HALF_EVEN, buf, sizeof buf);
    fd_buf_printf(&t->out, "%s%s %s", buf[0] == '-' ? "" : "+", buf, pace_unit(unit));
}

static void tell_lights(teller *t, const fd_light *light)
{
    static const char *const colors[][2] = {
        { "绿灯", "green" }, { "黄灯", "yellow" }, { "红灯", "red" }, { "灰灯", "grey" }
    };

    for (size_t i = 0; i < light->rule_count; i++) {
        const struct fd_light_rule *rule = &light->rules[i];

        if (rule->when) {
            say(t, "", " It is ");
            say(t, "", colors[rule->color][FD_EN]);
            say(t, "", " when ");
            tell(t, rule->when, 0);
            fd_buf_printf(&t->out, either(t, ",亮%s", "%.0s"), colors[rule->color][FD_ZH]);
        } else {
            fd_buf_printf(&t->out, either(t, "其余亮%s", " Else it is %s"),
                          either(t, colors[rule->color][0], colors[rule->color][1]));
        }
        if (rule->reason)
            fd_buf_printf(&t->out, either(t, "(%s)", " (%s)"), rule->reason);
        say(t, "。", ".");
    }
    say(t, "数不明时为灰灯,不算红。", " With a figure unknown it is grey, not red.");
}

static void tell_target(teller *t, const fd_target *target)
{
    const fd_target_point *last = target->base_count ? &target->base[target->base_count - 1] : NULL;

    fd_buf_printf(&t->out, either(t, "承诺:到 %d 年,%s%s的「%s」", " promises that by %d %s%s%s "),
                  target->due_year, target->scope ? target->scope : "",
                  either(t, "", target->scope ? "'s " : ""),
                  either(t, target->indicator->name, target->indicator->name));
    say(t,
        target->relation == FD_EXPR_GE   ? "不低于 "
        : target->relation == FD_EXPR_LE ? "不高于 "
                                         : "为 ",
        target->relation == FD_EXPR_GE   ? "is at least "
        : target->relation == FD_EXPR_LE ? "is at most "
                                         : "is ");
    tell_decimal(t, target->value, target->unit);
    say(t, "。", ".");
    if (target->base_count) {
        say(t, "基线:", " Base: ");
        for (size_t i = 0; i < target->base_count; i++) {
            fd_buf_printf(&t->out, either(t, "%s%d 年 ", "%s%d "), i ? either(t, ",", ", ") : "",
                          target->base[i].year);
            tell_decimal(t, target->base[i].value, target->unit);
        }
        say(t, "。", ".");
    }
    if (last && last->year < target->due_year) {
        say(t, "从最近的基线算起,平均每年需 ", " From the latest base it takes a year ");
        tell_pace(t, last->value, last->year, target->value, target->due_year, target->unit);
        if (target->base_count > 1) {
            say(t, ",此前平均每年 ", ", against ");
            tell_pace(t, target->base[0].value, target->base[0].year, last->value, last->year,
                      target->unit);
            say(t, "", " before");
        }
        say(t, "。", ".");
    }
    if (target->also_count) {
        say(t, "原文没有写死年份,另按 ", " The text leaves the year open; also shown for ");
        for (size_t i = 0; i < target->also_count; i++)
            fd_buf_printf(&t->out, "%s%d", i ? either(t, "、", ", ") : "", target->also_years[i]);
        say(t, " 年列出。", ".");
    }
    if (target->path_linear)
        fd_buf_printf(&t->out,
                      either(t, "路径是 %d 到 %d 年的直线。",
                             " The path is a straight line from %d to %d."),
                      target->path_from, target->path_to);
    if (target->light)
        tell_lights(t, target->light);
    if (target->owner)
        fd_buf_printf(&t->out, either(t, "牵头:%s。", " Lead: %s."), target->owner);
    if (target->cite)
        fd_buf_printf(&t->out, either(t, "出处:%s。", " Source of the promise: %s."), target->cite);
}

static void tell_param(teller *t, const fd_param *param)
{
    char date[16];

    say(t, "的值:", " is ");
    for (size_t i = 0; i < param->count; i++) {
        say(t, i ? ";" : "", i ? "; " : "");
        if (param->from[i] != FD_DATE_NONE) {
            fd_date_format(param->from[i], date, sizeof date);
            fd_buf_printf(&t->out, either(t, "%s 起 ", "from %s "), date);
        }
        tell_decimal(t, param->values[i], param->unit);
    }
    say(t, "。", ".");
}

static void tell_record(teller *t, const fd_record_type *type)
{
    say(t, "有这些状态:", " has these states: ");
    for (size_t i = 0; i < type->state_count; i++)
        fd_buf_printf(&t->out, "%s%s", i ? either(t, "、", ", ") : "", type->states[i]);
    say(t, "。可以从", ". Moves: ");
    for (size_t i = 0; i < type->transition_count; i++)
        fd_buf_printf(&t->out, either(t, "%s%s到%s", "%s%s to %s"), i ? either(t, "、", ", ") : "",
                      type->transitions[i].from < 0 ? either(t, "新建", "new")
                                                    : type->states[type->transitions[i].from],
                      type->states[type->transitions[i].to]);
    say(t, "。字段:", ". Fields: ");
    for (size_t i = 0; i < type->field_count; i++)
        fd_buf_printf(&t->out, "%s%s%s", i ? either(t, "、", ", ") : "", type->fields[i].name,
                      type->fields[i].required ? either(t, "(必填)", " (required)") : "");
    say(t, "。", ".");
}

static void tell_part_of(teller *t, const fd_policy_part *part)
{
    static const char *const zh[] = { "", "前提", "条件", "人工判断", "直通", "计算" };
    static const char *const en[] = {
        "", "scope", "condition", "decided by a person", "direct pass", "value"
    };

    fd_buf_printf(&t->out, either(t, "%s「%s」:", " %s %s: "),
                  either(t, zh[part->kind], en[part->kind]), part->name);
    if (part->clause->expr)
        tell(t, part->clause->expr, 0);
    else
        fd_buf_puts(&t->out, part->clause->text);
    if (part->cite)
        fd_buf_printf(&t->out, "〔%s〕", part->cite);
    if (part->confidence == 'D')
        say(t, "(未核实)", " (unverified)");
    say(t, "。", ".");
}

static void tell_policy(teller *t, const fd_policy *p)
{
    char from[16], to[16];

    fd_buf_printf(&t->out, either(t, "是一项%s政策,", " is a policy (%s); "), p->type);
    for (size_t v = 0; v < p->version_count; v++) {
        const fd_policy_version *version = &p->versions[v];

        fd_date_format(version->from, from, sizeof from);
        fd_date_format(version->to, to, sizeof to);
        if (version->to == FD_DATE_MAX)
            fd_buf_printf(&t->out, either(t, "%s%s 自 %s 起有效;", "%s%s in force from %s on; "),
                          version->number, version->name[0] ? version->name : "", from);
        else
            fd_buf_printf(&t->out, either(t, "%s%s 自 %s 至 %s 有效;", "%s%s in force %s to %s; "),
                          version->number, version->name[0] ? version->name : "", from, to);
    }
    fd_buf_printf(&t->out, either(t, "核实程度 %c%s。", "confidence %c%s."), p->confidence,
                  p->unverified ? either(t, ",未核实(unverified)", ", unverified") : "");
    for (size_t i = 0; i < p->part_count; i++)
        tell_part_of(t, &p->parts[i]);
    if (p->grant) {
        say(t, "资助:", " Grant: ");
        tell(t, fd_decl__clause(p->decl, "资助")->expr, 0);
        if (p->cap) {
            say(t, ",最高 ", ", at most ");
            tell(t, fd_decl__clause(p->decl, "封顶")->expr, 0);
        }
        if (fd_decl__clause(p->decl, "保底")) {
            say(t, ",最低 ", ", at least ");
            tell(t, fd_decl__clause(p->decl, "保底")->expr, 0);
        }
        say(t, "。", ".");
    }
    if (p->notice)
        fd_buf_printf(&t->out, "%s。", p->notice);
}

static void tell_complete(teller *t, const fd_decl *decl, const fd_complete *c)
{
    size_t count;
    const char **names = fd_decl__words(t->program->arena, decl, "项", &count);

    say(t, "说明这些名单是全的:", " says that these lists are complete: ");
    for (size_t i = 0; i < count; i++)
        fd_buf_printf(&t->out, "%s%s", i ? either(t, "、", ", ") : "", names[i]);
    say(t, ",", ", ");
    tell_days(t, c);
    say(t, "。那些日子里名单上没有的就是「否」(日期是不适用);别的日子里没有就是不知道。",
        ". On these days who is not on a list is a \"no\" (n/a, of a date); on others, unknown.");
}

static void tell_ladder(teller *t, const fd_ladder *g)
{
    say(t, "的各级:", " has the rungs ");
    for (size_t i = 0; i < g->rung_count; i++)
        fd_buf_printf(&t->out, "%s%s", i ? either(t, "、", ", ") : "", g->rungs[i].name);
    say(t, "。可以从", ". Steps: ");
    for (size_t i = 0; i < g->step_count; i++)
        fd_buf_printf(&t->out, either(t, "%s%s到%s", "%s%s to %s"), i ? either(t, "、", ", ") : "",
                      g->rungs[g->steps[i][0]].name, g->rungs[g->steps[i][1]].name);
    say(t, "。", ".");
    if (g->pool)
        fd_buf_printf(&t->out, either(t, "储备按「%s」数。", " The pool is counted by %s."),
                      either(t, g->pool->name, g->pool->id));
}

/* Kinds that other parts of the program interpret: their clauses, one by one. */
static void tell_clauses(teller *t, const fd_decl *decl)
{
    say(t, "。", ".");
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];
        const fd_clause_rule *rule = fd_grammar_clause(decl->kind, fd_view_of(c->keyword));

        fd_buf_printf(&t->out, either(t, "%s:%s", " %s: %s"),
                      either(t, c->keyword, rule ? rule->en : c->keyword), c->text);
        if (c->child_count)
            fd_buf_printf(&t->out, either(t, "(%zu 项)", " (%zu entries)"), c->child_count);
        say(t, "。", ".");
    }
}

int fd_decl_explain(char **out, const fd_program *p, const fd_decl *decl, fd_lang lang)
{
    teller t = { p, FD_BUF_INIT, lang };
    const void *typed = NULL;

    *out = NULL;
    /* the declaration may have been replaced since; what is in force is explained */
    for (size_t i = 0; i < p->decls[decl->kind].count; i++)
        if (p->decls[decl->kind].items[i] == decl && p->typed[decl->kind])
            typed = p->typed[decl->kind][i];
    tell_heading(&t, decl);
    switch (typed ? decl->kind : FD_DECL_FORM) {
    case FD_DECL_ITEM:
        tell_item(&t, typed);
        break;
    case FD_DECL_UNIT:
        tell_unit(&t, typed);
        break;
    case FD_DECL_CLASS:
        tell_class(&t, typed);
        break;
    case FD_DECL_INDICATOR:
        tell_indicator(&t, typed);
        break;
    case FD_DECL_TARGET:
        tell_target(&t, typed);
        break;
    case FD_DECL_PARAM:
        tell_param(&t, typed);
        break;
    case FD_DECL_LIGHT:
        say(&t, ":", ":");
        tell_lights(&t, typed);
        break;
    case FD_DECL_RECORD:
        tell_record(&t, typed);
        break;
    case FD_DECL_POLICY:
        tell_policy(&t, typed);
        break;
    case FD_DECL_LADDER:
        tell_ladder(&t, typed);
        break;
    case FD_DECL_COMPLETE:
        tell_complete(&t, decl, typed);
        break;
    default:
        tell_clauses(&t, decl);
        break;
    }
    if (typed)
        tell_common(&t, decl);
    *out = fd_buf_take(&t.out);
    return 0;
}
