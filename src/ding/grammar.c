#include "ding/grammar.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define K(kind)  (1u << FD_DECL_##kind)
#define EVERY    (~0u)
#define REPEATED FD_CLAUSE_REPEATED
#define WHOLE    FD_CLAUSE_WHOLE
#define CHILDREN FD_CLAUSE_CHILDREN
#define SHORT    FD_CLAUSE_SHORT
#define NEEDED   FD_CLAUSE_NEEDED
#define CITED    FD_CLAUSE_CITED
#define ONE      FD_CLAUSE_ONE

static const fd_kind_rule kinds[] = {
    { FD_DECL_ITEM, "数据", "data", false },
    { FD_DECL_UNIT, "单位", "unit", false },
    { FD_DECL_CLASS, "分类", "class", false },
    { FD_DECL_INDICATOR, "指标", "indicator", false },
    { FD_DECL_TARGET, "目标", "target", false },
    { FD_DECL_PARAM, "参数", "param", false },
    { FD_DECL_LIGHT, "灯", "light", false },
    { FD_DECL_RECORD, "记录", "record", true },
    { FD_DECL_FORM, "报表", "form", true },
    { FD_DECL_CHAIN, "链", "chain", true },
    { FD_DECL_CUBE, "发布表", "cube", true },
    { FD_DECL_POLICY, "政策", "policy", false },
    { FD_DECL_LADDER, "梯度", "ladder", false },
    { FD_DECL_INDEX, "指数", "index", true },
    { FD_DECL_COMPLETE, "全名单", "complete_list", false },
};

static const fd_word subjects[] = {
    { "企业", "enterprise" }, { "县区", "county" },   { "县", "county" },
    { "市", "city" },         { "省", "province" },   { "行业大类", "division" },
    { "产业链", "chain" },    { "项目", "project" },  { "园区", "park" },
    { "乡镇", "town" },       { "平台", "platform" }, { NULL, NULL },
};
static const fd_word value_kinds[] = {
    { "数", "number" }, { "数值", "number" },  { "文本", "text" },    { "代码", "code" },
    { "日期", "date" }, { "是否", "boolean" }, { "是非", "boolean" }, { NULL, NULL },
};
static const fd_word natures[] = {
    { "流量", "flow" },      { "存量", "stock" }, { "比率", "ratio" },
    { "属性", "attribute" }, { NULL, NULL },
};
static const fd_word allowed[] = {
    { "可", "yes" },
    { "可以", "yes" },
    { "不可", "no" },
    { NULL, NULL },
};
static const fd_word period_kinds[] = {
    { "年", "year" },      { "年度", "year" },       { "季", "quarter" },
    { "季度", "quarter" }, { "月", "month" },        { "月度", "month" },
    { "日", "day" },       { "累计", "cumulative" }, { NULL, NULL },
};
static const fd_word series[] = {
    { "核定", "verified" },
    { "测算", "own" },
    { NULL, NULL },
};
static const fd_word directions[] = {
    { "越高越好", "higher" }, { "正", "higher" }, { "高", "higher" },    { "越低越好", "lower" },
    { "逆", "lower" },        { "低", "lower" },  { "中性", "neutral" }, { NULL, NULL },
};
static const fd_word colors[] = {
    { "绿", "green" }, { "黄", "yellow" }, { "红", "red" }, { "灰", "grey" }, { NULL, NULL },
};
static const fd_word missing_results[] = {
    { "缺报", "missing" },      { "不适用", "na" },     { "已报", "reported" },
    { "已报合计", "reported" }, { "跳过", "reported" }, { NULL, NULL },
};
static const fd_word light_variables[] = {
    { "值", "value" },    { "路径", "path" },       { "目标值", "target" },
    { "基期值", "base" }, { "完成率", "progress" }, { NULL, NULL },
};

static const fd_word policy_types[] = {
    { "资质", "title" }, { "奖补", "grant" },    { "减免", "relief" },   { "划型", "sizing" },
    { "监测", "radar" }, { "名单", "register" }, { "模板", "template" }, { NULL, NULL },
};
static const fd_word levels[] = {
    { "国家", "national" }, { "省", "provincial" }, { "市", "municipal" },
    { "县", "county" },     { "样本", "sample" },   { NULL, NULL },
};
static const fd_word letters[] = {
    { "A", "A" }, { "B", "B" }, { "C", "C" }, { "D", "D" }, { NULL, NULL },
};
static const fd_word key_dates[] = {
    { "申请日", "application_date" },
    { "期末日", "period_end" },
    { "评价日", "evaluation_date" },
    { NULL, NULL },
};
static const fd_word na_results[] = {
    { "不符合", "fails" },
    { "符合", "passes" },
    { "跳过", "skips" },
    { NULL, NULL },
};
static const fd_word weighings[] = {
    { "固定", "fixed" },
    { "熵权", "entropy" },
    { "熵权TOPSIS", "topsis" },
    { NULL, NULL },
};
/* Edges of 查表 and 累进, in the order of FD_EXPR_LE LT GE GT as the parser wants them. */
static const fd_word edges[] = {
    { "不超过", "up_to" }, { "至多", "up_to" },   { "不满", "below" },   { "低于", "below" },
    { "小于", "below" },   { "达到", "reaches" }, { "至少", "reaches" }, { "不低于", "reaches" },
    { "超过", "over" },    { "高于", "over" },    { "大于", "over" },    { NULL, NULL },
};

static const fd_clause_rule clauses[] = {
    { EVERY, "替代", "replaces", FD_SHAPE_WORDS, 0, NULL },
    { EVERY, "依据", "cite", FD_SHAPE_TEXT, REPEATED | WHOLE, NULL },
    { EVERY, "说明", "note", FD_SHAPE_TEXT, REPEATED, NULL },
    { EVERY, "有效", "valid", FD_SHAPE_WORDS, 0, NULL },
    { EVERY, "未核实", "unverified", FD_SHAPE_FLAG, SHORT, NULL },
    { EVERY, "示例", "invented", FD_SHAPE_FLAG, SHORT, NULL },
    { EVERY, "核实", "verification", FD_SHAPE_TEXT, 0, NULL },

    { K(ITEM), "对象", "of", FD_SHAPE_VOCABULARY, SHORT | NEEDED | ONE, subjects },
    { K(ITEM), "类型", "type", FD_SHAPE_VOCABULARY, SHORT | ONE, value_kinds },
    { K(ITEM), "单位", "unit", FD_SHAPE_WORDS, SHORT, NULL },
    { K(ITEM), "小数", "decimals", FD_SHAPE_WORDS, SHORT, NULL },
    { K(ITEM), "性质", "nature", FD_SHAPE_VOCABULARY, SHORT | NEEDED | ONE, natures },
    { K(ITEM), "不适用", "na", FD_SHAPE_VOCABULARY, SHORT | ONE, allowed },
    { K(ITEM), "分类", "class", FD_SHAPE_WORDS, SHORT, NULL },
    { K(ITEM), "按", "by", FD_SHAPE_WORDS, SHORT, NULL },
    { K(ITEM), "取值", "values", FD_SHAPE_WORDS, 0, NULL },
    { K(ITEM), "别名", "aliases", FD_SHAPE_WORDS, REPEATED, NULL },
    { K(ITEM), "代码", "codes", FD_SHAPE_WORDS, REPEATED, NULL },
    { K(ITEM), "敏感", "sensitive", FD_SHAPE_TEXT, 0, NULL },

    { K(UNIT), "量纲", "dimension", FD_SHAPE_WORDS, SHORT, NULL },
    { K(UNIT), "等于", "equals", FD_SHAPE_WORDS, SHORT, NULL },
    { K(UNIT), "别名", "aliases", FD_SHAPE_WORDS, REPEATED, NULL },

    { K(CLASS), "按", "by", FD_SHAPE_WORDS, SHORT, NULL },
    { K(CLASS), "不全", "partial", FD_SHAPE_FLAG, SHORT, NULL },
    { K(CLASS), "版本", "edition", FD_SHAPE_TEXT, SHORT, NULL },
    { K(CLASS), "成员", "members", FD_SHAPE_WORDS, REPEATED | WHOLE | CHILDREN, NULL },
    { K(CLASS), "来源", "sources", FD_SHAPE_TEXT, REPEATED, NULL },

    { K(INDICATOR), "对象", "of", FD_SHAPE_VOCABULARY, SHORT | NEEDED | ONE, subjects },
    { K(INDICATOR), "期间", "period", FD_SHAPE_VOCABULARY, SHORT | NEEDED, period_kinds },
    { K(INDICATOR), "单位", "unit", FD_SHAPE_WORDS, SHORT | NEEDED, NULL },
    { K(INDICATOR), "范围", "population", FD_SHAPE_TRUTH, 0, NULL },
    { K(INDICATOR), "公式", "formula", FD_SHAPE_NUMBER, 0, NULL },
    { K(INDICATOR), "汇总", "total", FD_SHAPE_NUMBER, 0, NULL },
    { K(INDICATOR), "缺数", "missing", FD_SHAPE_MISSING, 0, NULL },
    { K(INDICATOR), "来源", "sources", FD_SHAPE_WORDS, 0, NULL },
    { K(INDICATOR), "显示", "display", FD_SHAPE_TEXT, 0, NULL },
    { K(INDICATOR), "口径", "series", FD_SHAPE_VOCABULARY, SHORT | ONE, series },
    { K(INDICATOR), "核定", "verified", FD_SHAPE_FLAG, SHORT, NULL },
    { K(INDICATOR), "测算", "own", FD_SHAPE_FLAG, SHORT, NULL },
    { K(INDICATOR), "方向", "direction", FD_SHAPE_VOCABULARY, SHORT | ONE, directions },
    { K(INDICATOR), "编号", "number", FD_SHAPE_WORDS, SHORT, NULL },
    { K(INDICATOR), "别名", "aliases", FD_SHAPE_WORDS, REPEATED, NULL },

    { K(TARGET), "指标", "indicator", FD_SHAPE_WORDS, SHORT | NEEDED, NULL },
    { K(TARGET), "范围", "scope", FD_SHAPE_TEXT, SHORT, NULL },
    { K(TARGET), "牵头", "owner", FD_SHAPE_TEXT, SHORT, NULL },
    { K(TARGET), "基线", "base", FD_SHAPE_TEXT, REPEATED | CITED, NULL },
    { K(TARGET), "到期", "due", FD_SHAPE_TEXT, NEEDED | CITED, NULL },
    { K(TARGET), "路径", "path", FD_SHAPE_TEXT, 0, NULL },
    { K(TARGET), "测算", "break_down", FD_SHAPE_TEXT, 0, NULL },
    { K(TARGET), "亮灯", "light", FD_SHAPE_LIGHTS, 0, NULL },
    { K(TARGET), "原文", "wording", FD_SHAPE_TEXT, 0, NULL },

    { K(PARAM), "单位", "unit", FD_SHAPE_WORDS, SHORT, NULL },
    { K(PARAM), "值", "value", FD_SHAPE_TEXT, REPEATED, NULL },

    { K(LIGHT), "单位", "unit", FD_SHAPE_WORDS, SHORT, NULL },
    { K(LIGHT), "绿", "green", FD_SHAPE_LIGHT, REPEATED, NULL },
    { K(LIGHT), "黄", "yellow", FD_SHAPE_LIGHT, REPEATED, NULL },
    { K(LIGHT), "红", "red", FD_SHAPE_LIGHT, REPEATED, NULL },
    { K(LIGHT), "灰", "grey", FD_SHAPE_LIGHT, REPEATED, NULL },
    { K(LIGHT), "理由", "reason", FD_SHAPE_TEXT, REPEATED, NULL },

    { K(RECORD), "状态", "states", FD_SHAPE_WORDS, NEEDED, NULL },
    { K(RECORD), "转移", "moves", FD_SHAPE_TEXT, REPEATED | WHOLE, NULL },
    { K(RECORD), "字段", "field", FD_SHAPE_WORDS, REPEATED | WHOLE | CHILDREN, NULL },
    { K(RECORD), "凭据", "evidence", FD_SHAPE_WORDS, REPEATED | WHOLE, NULL },

    { K(FORM), "文件", "files", FD_SHAPE_WORDS, REPEATED, NULL },
    { K(FORM), "主体", "subject", FD_SHAPE_WORDS, 0, NULL },
    { K(FORM), "同主体", "same_subject", FD_SHAPE_WORDS, 0, NULL },
    { K(FORM), "期间", "period", FD_SHAPE_WORDS, 0, NULL },
    { K(FORM), "单位", "unit", FD_SHAPE_WORDS, SHORT, NULL },
    { K(FORM), "来源类别", "origin", FD_SHAPE_WORDS, SHORT, NULL },
    { K(FORM), "法律依据", "law", FD_SHAPE_TEXT, 0, NULL },
    { K(FORM), "许可用途", "use", FD_SHAPE_WORDS, SHORT, NULL },
    { K(FORM), "制度", "edition", FD_SHAPE_WORDS, 0, NULL },
    { K(FORM), "口径", "basis", FD_SHAPE_WORDS, SHORT, NULL },
    { K(FORM), "列", "column", FD_SHAPE_WORDS, REPEATED | WHOLE | CHILDREN, NULL },
    { K(FORM), "检查", "check", FD_SHAPE_WORDS, REPEATED | WHOLE | CHILDREN, NULL },
    { K(FORM), "表号", "table-no", FD_SHAPE_WORDS, SHORT, NULL },
    { K(FORM), "横线", "dash", FD_SHAPE_WORDS, SHORT, NULL },
    { K(FORM), "合计行", "totals", FD_SHAPE_WORDS, SHORT, NULL },
    { K(FORM), "生效", "effective", FD_SHAPE_WORDS, SHORT, NULL },
    { K(FORM), "应报", "expects", FD_SHAPE_TEXT, 0, NULL },
    { K(FORM), "记录", "record", FD_SHAPE_WORDS, 0, NULL },

    { K(CHAIN), "环节", "node", FD_SHAPE_WORDS, REPEATED | WHOLE | CHILDREN, NULL },
    { K(CHAIN), "牵头", "owner", FD_SHAPE_TEXT, SHORT, NULL },
    { K(CHAIN), "类别", "group", FD_SHAPE_TEXT, SHORT, NULL },

    { K(CUBE), "指标", "indicators", FD_SHAPE_WORDS, REPEATED, NULL },
    { K(CUBE), "维度", "dimensions", FD_SHAPE_WORDS, 0, NULL },
    { K(CUBE), "期间", "period", FD_SHAPE_WORDS, 0, NULL },

    { K(POLICY), "类型", "type", FD_SHAPE_VOCABULARY, SHORT | NEEDED | ONE, policy_types },
    { K(POLICY), "级别", "level", FD_SHAPE_VOCABULARY, SHORT | ONE, levels },
    { K(POLICY), "有效期", "lifetime", FD_SHAPE_WORDS, SHORT, NULL },
    { K(POLICY), "置信", "confidence", FD_SHAPE_VOCABULARY, SHORT | NEEDED | ONE, letters },
    { K(POLICY), "文号", "number", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "发文", "issuer", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "网址", "url", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "扫描", "scan", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "录入", "entered", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "复核", "checked", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "公平竞争审查", "fair_competition", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "对象", "of", FD_SHAPE_VOCABULARY, SHORT | NEEDED | ONE, subjects },
    { K(POLICY), "按", "by", FD_SHAPE_VOCABULARY, SHORT | ONE, key_dates },
    { K(POLICY), "期间", "span", FD_SHAPE_WORDS, 0, NULL },
    { K(POLICY), "按实际期间", "actual_span", FD_SHAPE_FLAG, SHORT, NULL },
    { K(POLICY), "版本", "edition", FD_SHAPE_WORDS, REPEATED | WHOLE, NULL },
    { K(POLICY), "并行", "parallel", FD_SHAPE_FLAG, SHORT, NULL },
    { K(POLICY), "过渡", "transition", FD_SHAPE_WORDS, REPEATED, NULL },
    { K(POLICY), "参数", "param", FD_SHAPE_WORDS, REPEATED | WHOLE, NULL },
    { K(POLICY), "不适用", "na", FD_SHAPE_VOCABULARY, ONE, na_results },
    { K(POLICY), "前提", "given", FD_SHAPE_NAMED_TRUTH, REPEATED, NULL },
    { K(POLICY), "计算", "let", FD_SHAPE_NAMED_NUMBER, REPEATED, NULL },
    { K(POLICY), "评分", "score", FD_SHAPE_NAMED_NUMBER, REPEATED, NULL },
    { K(POLICY), "条件", "where", FD_SHAPE_NAMED_TRUTH, REPEATED, NULL },
    { K(POLICY), "人工", "manual", FD_SHAPE_NAMED_TEXT, REPEATED, NULL },
    { K(POLICY), "直通", "direct", FD_SHAPE_NAMED_TRUTH, REPEATED, NULL },
    { K(POLICY), "资助", "grant", FD_SHAPE_GRANT, 0, NULL },
    { K(POLICY), "封顶", "cap", FD_SHAPE_NUMBER, 0, NULL },
    { K(POLICY), "保底", "floor", FD_SHAPE_NUMBER, 0, NULL },
    { K(POLICY), "叠加", "stack", FD_SHAPE_WORDS, 0, NULL },
    { K(POLICY), "资金池", "pool", FD_SHAPE_WORDS, 0, NULL },
    { K(POLICY), "分担", "shares", FD_SHAPE_WORDS, 0, NULL },
    { K(POLICY), "建议", "advice", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "掌握", "held", FD_SHAPE_WORDS, REPEATED, NULL },
    { K(POLICY), "提示", "notice", FD_SHAPE_TEXT, 0, NULL },
    { K(POLICY), "样例", "case", FD_SHAPE_TEXT, REPEATED | WHOLE, NULL },

    { K(LADDER), "级", "rung", FD_SHAPE_WORDS, REPEATED | WHOLE, NULL },
    { K(LADDER), "晋级", "steps", FD_SHAPE_TEXT, REPEATED, NULL },
    { K(LADDER), "储备", "pool", FD_SHAPE_WORDS, 0, NULL },

    { K(COMPLETE), "项", "items", FD_SHAPE_WORDS, REPEATED | NEEDED | CITED, NULL },

    { K(INDEX), "版本", "edition", FD_SHAPE_WORDS, SHORT, NULL },
    { K(INDEX), "规划期", "plan", FD_SHAPE_WORDS, SHORT, NULL },
    { K(INDEX), "定权", "weights", FD_SHAPE_VOCABULARY, SHORT | ONE, weighings },
    { K(INDEX), "维度", "dimensions", FD_SHAPE_WORDS, SHORT, NULL },
    { K(INDEX), "组合", "combination", FD_SHAPE_WORDS, SHORT, NULL },
    { K(INDEX), "支", "branch", FD_SHAPE_WORDS, REPEATED | WHOLE | CHILDREN, NULL },
    { K(INDEX), "项", "leaf", FD_SHAPE_WORDS, REPEATED | WHOLE | CHILDREN, NULL },
};

#define WHERE    FD_OPTION_WHERE
#define REPORTED FD_OPTION_REPORTED
#define DEFLATOR FD_OPTION_DEFLATOR
#define FROM     FD_OPTION_FROM
#define PLAIN    FD_ROUND_HALF_UP
static const fd_function_rule functions[] = {
    { FD_FN_SUM, "合计", "sum", 1, 1, WHERE | REPORTED, PLAIN },
    { FD_FN_MEAN, "平均", "mean", 1, 1, WHERE | REPORTED, PLAIN },
    { FD_FN_COUNT, "计数", "count", 0, 1, 0, PLAIN },
    { FD_FN_MAX, "最大", "max", 1, 8, WHERE, PLAIN },
    { FD_FN_MIN, "最小", "min", 1, 8, WHERE, PLAIN },
    { FD_FN_GROWTH, "增速", "growth", 1, 1, WHERE | DEFLATOR, PLAIN },
    { FD_FN_MEAN_GROWTH, "年均增长", "mean_growth", 1, 1, WHERE | DEFLATOR | FROM, PLAIN },
    { FD_FN_SHARE, "占比", "share", 1, 2, WHERE, PLAIN },
    { FD_FN_CONTRIBUTION, "贡献率", "contribution", 1, 2, WHERE | DEFLATOR | FROM, PLAIN },
    { FD_FN_PULL, "拉动", "pull", 1, 2, WHERE | DEFLATOR | FROM, PLAIN },
    { FD_FN_RANK, "排名", "rank", 1, 1, 0, PLAIN },
    { FD_FN_ROUND, "四舍五入", "round", 2, 2, 0, FD_ROUND_HALF_UP },
    { FD_FN_ROUND, "修约", "round_even", 2, 2, 0, FD_ROUND_HALF_EVEN },
    { FD_FN_ROUND, "进位", "round_up", 2, 2, 0, FD_ROUND_UP },
    { FD_FN_ROUND, "舍去", "round_down", 2, 2, 0, FD_ROUND_DOWN },
    { FD_FN_COVERAGE, "覆盖率", "coverage", 1, 1, WHERE, PLAIN },
    { FD_FN_DISTINCT, "种数", "distinct", 1, 1, WHERE, PLAIN },
    { FD_FN_SQRT, "开方", "sqrt", 1, 1, 0, PLAIN },
    { FD_FN_ABS, "绝对值", "abs", 1, 1, 0, PLAIN },
    { FD_FN_MONTH_MEAN, "月均", "month_mean", 1, 1, 0, PLAIN },
    { FD_FN_MONTH_MAX, "最大月", "month_max", 1, 1, 0, PLAIN },
    { FD_FN_AT_LEAST, "至少", "at_least", 2, 13, 0, PLAIN },
};

const fd_kind_rule *fd_grammar_kind(fd_view word)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (fd_view_is(word, kinds[i].zh) || fd_view_is(word, kinds[i].en))
            return &kinds[i];
    return NULL;
}

const fd_kind_rule *fd_grammar_kind_of(fd_decl_kind kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (kinds[i].kind == kind)
            return &kinds[i];
    return NULL;
}

const fd_clause_rule *fd_grammar_clause(fd_decl_kind kind, fd_view word)
{
    if (word.len == 0 || word.len > 24)
        return NULL;
    for (size_t i = 0; i < COUNT(clauses); i++)
        if ((clauses[i].kinds & 1u << kind) &&
            (fd_view_is(word, clauses[i].zh) || fd_view_is(word, clauses[i].en)))
            return &clauses[i];
    return NULL;
}

const fd_clause_rule *fd_grammar_clause_at(size_t i)
{
    return i < COUNT(clauses) ? &clauses[i] : NULL;
}

size_t fd_grammar_clause_names(fd_decl_kind kind, const char **out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < COUNT(clauses); i++) {
        if (!(clauses[i].kinds & 1u << kind))
            continue;
        if (n < size)
            out[n++] = clauses[i].zh;
        if (n < size)
            out[n++] = clauses[i].en;
    }
    return n;
}

size_t fd_grammar_kind_names(const char **out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (n < size)
            out[n++] = kinds[i].zh;
        if (n < size)
            out[n++] = kinds[i].en;
    }
    return n;
}

const fd_word *fd_grammar_word(const fd_word *list, fd_view word)
{
    for (const fd_word *w = list; w->zh; w++)
        if (fd_view_is(word, w->zh) || fd_view_is(word, w->en))
            for (const fd_word *first = list;; first++)
                if (strcmp(first->en, w->en) == 0)
                    return first;
    return NULL;
}

const fd_word *fd_grammar_subjects(void)
{
    return subjects;
}

const fd_word *fd_grammar_colors(void)
{
    return colors;
}

const fd_word *fd_grammar_missing_results(void)
{
    return missing_results;
}

const fd_word *fd_grammar_light_variables(void)
{
    return light_variables;
}

const fd_word *fd_grammar_edges(void)
{
    return edges;
}

const fd_word *fd_grammar_key_dates(void)
{
    return key_dates;
}

const fd_function_rule *fd_grammar_function(fd_view word)
{
    for (size_t i = 0; i < COUNT(functions); i++)
        if (fd_view_is(word, functions[i].zh) || fd_view_is(word, functions[i].en))
            return &functions[i];
    return NULL;
}

const fd_function_rule *fd_grammar_function_of(const fd_expr *call)
{
    for (size_t i = 0; i < COUNT(functions); i++)
        if (functions[i].function == call->function &&
            (call->function != FD_FN_ROUND || functions[i].rounding == call->rounding))
            return &functions[i];
    return NULL;
}

size_t fd_grammar_function_names(const char **out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < COUNT(functions); i++) {
        if (n < size)
            out[n++] = functions[i].zh;
        if (n < size)
            out[n++] = functions[i].en;
    }
    return n;
}

bool fd_grammar_is_operator(fd_view word)
{
    static const char *const words[] = { "且",   "and", "或",     "or",   "非",  "not",
                                         "属于", "in",  "不属于", "其余", "else" };

    for (size_t i = 0; i < COUNT(words); i++)
        if (fd_view_is(word, words[i]))
            return true;
    return false;
}
