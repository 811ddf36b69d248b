/*
 * 鼎言: the definition language. Text → syntax tree → checked program; and back to text.
 *
 * The syntax tree is generic: a declaration has a kind, a name, an alias and clauses; a clause has
 * a keyword, arguments, perhaps an expression, a citation and child lines.  Which clauses a kind
 * has, and of which shape, is one table (src/ding/grammar.c); the parser, the printer in both
 * languages and the Excel form all read that table.  Checked declarations have typed structs below.
 */
#ifndef FANGDING_DING_H
#define FANGDING_DING_H

#include "fangding/arena.h"
#include "fangding/period.h"
#include "fangding/source.h"
#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_decl_kind {
    FD_DECL_ITEM = 1,  /* 数据 data */
    FD_DECL_UNIT,      /* 单位 unit */
    FD_DECL_CLASS,     /* 分类 class */
    FD_DECL_INDICATOR, /* 指标 indicator */
    FD_DECL_TARGET,    /* 目标 target */
    FD_DECL_PARAM,     /* 参数 param */
    FD_DECL_LIGHT,     /* 灯 light */
    FD_DECL_RECORD,    /* 记录 record */
    FD_DECL_FORM,      /* 报表 form */
    FD_DECL_CHAIN,     /* 链 chain */
    FD_DECL_CUBE,      /* 发布表 cube: a declared table for disclosure */
    FD_DECL_POLICY,    /* 政策 policy */
    FD_DECL_LADDER,    /* 梯度 ladder: rungs that are policies */
    FD_DECL_INDEX,     /* 指数 index: a tree of indicators with weights */
    FD_DECL_COMPLETE,  /* 全名单 complete_list: who is not on a list is known not to be */
    FD_DECL_COUNT
} fd_decl_kind;

typedef struct fd_span {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in code points */
    uint32_t length; /* code points */
} fd_span;

/* ---- expressions --------------------------------------------------------------------------- */

typedef enum fd_expr_kind {
    FD_EXPR_NUMBER, /* literal with optional unit */
    FD_EXPR_TEXT,   /* a code or word in 「」 or quotes */
    FD_EXPR_DATE,
    FD_EXPR_NAME,   /* data item, attribute, indicator, parameter, class */
    FD_EXPR_AT,     /* children[0] at a relative or absolute period: 营业收入[上年] */
    FD_EXPR_NEGATE, /* - children[0] */
    FD_EXPR_ADD,
    FD_EXPR_SUB,
    FD_EXPR_MUL,
    FD_EXPR_DIV,
    FD_EXPR_EQ,
    FD_EXPR_NE,
    FD_EXPR_LT,
    FD_EXPR_LE,
    FD_EXPR_GT,
    FD_EXPR_GE,
    FD_EXPR_IN, /* children[0] 属于 a class, or {a, b, c} (the further children) */
    FD_EXPR_AND,
    FD_EXPR_OR,
    FD_EXPR_NOT,
    FD_EXPR_CALL, /* function(children…), with options */
    FD_EXPR_CASE  /* 条件 → 值;…;其余 值: children = cond, value, …, else */
} fd_expr_kind;

typedef enum fd_at_kind {
    FD_AT_NONE = 0,
    FD_AT_YEAR_BEFORE,        /* [上年]: the year before, for years; the same kind of period */
    FD_AT_COMPARATIVE,        /* [上年同期]: basis comparative of this period */
    FD_AT_YEAR_BEFORE_STORED, /* [上年同期 已存]: the stored current value one year earlier */
    FD_AT_STEP,               /* [-1], [-2]: periods earlier */
    FD_AT_PERIOD,             /* [2020], [2024-01..12] */
    FD_AT_VERIFIED            /* [核定]: basis verified of this period */
} fd_at_kind;

typedef enum fd_function {
    FD_FN_NONE = 0,
    FD_FN_SUM,   /* 合计(x[, 条件 c]) ; 合计 已报(x) travels with coverage */
    FD_FN_MEAN,  /* 平均 */
    FD_FN_COUNT, /* 计数(c) */
    FD_FN_MAX,
    FD_FN_MIN,          /* 最大 最小: over members, or of several arguments */
    FD_FN_LAST_YEARS,   /* 近N年(x, N): sum of a flow over the N closed years before the period */
    FD_FN_GROWTH,       /* 增速(x[, 可比价 按 deflator]) */
    FD_FN_MEAN_GROWTH,  /* 年均增长(x, 起 YEAR) */
    FD_FN_SHARE,        /* 占比(x, 条件 c) */
    FD_FN_CONTRIBUTION, /* 贡献率(x, 条件 c, 起 YEAR) */
    FD_FN_PULL,         /* 拉动(x, 条件 c, 起 YEAR) */
    FD_FN_RANK,         /* 排名(x) among the groups of the result */
    FD_FN_ROUND,        /* 四舍五入(x, n 位) 修约(x, n 位) 进位(x, n 位) */
    FD_FN_COVERAGE,     /* 覆盖率(x): reported / expected */
    FD_FN_DISTINCT,     /* 种数(attribute[, 条件 c]): how many distinct values */
    FD_FN_SQRT,         /* 开方, an estimate */
    FD_FN_ABS,          /* 绝对值 */
    FD_FN_MONTH_MEAN,   /* 月均(x): the mean of the months of a span; policies only */
    FD_FN_MONTH_MAX,    /* 最大月(x): the largest month of a span; policies only */
    FD_FN_AT_LEAST /* 至少(N 项,c,c…): N of the conditions hold; checked, it is 且 and 或 */
} fd_function;

typedef enum fd_symbol_kind {
    FD_SYM_UNRESOLVED = 0,
    FD_SYM_ITEM, /* also 行业大类 division, 行业中类 group, 企业代码 code: attributes that need no
                    declaration */
    FD_SYM_INDICATOR,
    FD_SYM_PARAM,
    FD_SYM_CLASS,
    FD_SYM_VARIABLE, /* in lights: text is "value" (值), "path" (路径), "target" (目标值), "base"
                       (基期值) or "progress" (完成率 = value ÷ path); in policies "key_date";
                       target NULL */
    FD_SYM_SETTING, /* in policies: a 参数 of the policy itself, fd_policy_param */
    FD_SYM_PART     /* in policies: a condition or value named before, fd_policy_part */
} fd_symbol_kind;

/* What a pure number means; decides where 百分点 may stand. */
typedef enum fd_rate_kind {
    FD_RATE_NONE = 0,
    FD_RATE_LEVEL, /* a share, a growth rate, a quotient of equal dimensions */
    FD_RATE_POINTS /* the difference of two of them: 百分点 */
} fd_rate_kind;

/* Set by the checker. */
typedef struct fd_type {
    bool is_truth; /* a condition, not a number */
    bool is_text;
    bool is_vector;    /* one value per subject of `frame`; else one value per group */
    const char *frame; /* "enterprise", "county", …; NULL for a constant */
    bool is_estimate;  /* double somewhere below, with no written rounding above it */
    bool is_quotient;  /* exact, with a division below */
    int8_t scale;      /* decimals: digits after the point */
    const struct fd_unit *unit;
    bool is_date;
    fd_rate_kind rate;
    int8_t count_power; /* a count of subjects stands in it: 1 times, −1 below the line; fits 户 家
                           个 项 人 */
    int bits; /* bound on the width of the numerator (mantissa); the checker refuses more than 126
               */
    int den_bits; /* the same for the denominator; 0 when there is none */
    bool may_be_na;
    bool is_stock;
} fd_type;

typedef struct fd_expr {
    fd_expr_kind kind;
    int height; /* 1 for a leaf; at most 200, so recursion over a tree is safe */
    fd_span span;
    fd_decimal number;     /* NUMBER */
    const char *unit_text; /* NUMBER: as written, or NULL */
    const char *text; /* TEXT, NAME: as written, full-width forms made half; NUMBER: its digits */
    bool quoted;      /* TEXT: stood in quotes (else the checker made it from a name) */
    fd_date date;     /* DATE */
    fd_at_kind at;    /* AT */
    int step;         /* AT with STEP: negative */
    fd_period period; /* AT with PERIOD */
    fd_function function;  /* CALL */
    fd_rounding rounding;  /* CALL of ROUND */
    bool reported_only;    /* CALL of SUM, MEAN: 已报 */
    struct fd_expr *where; /* CALL: 条件, or NULL */
    const char *deflator;  /* CALL of GROWTH …: item id of the price index, or NULL */
    int from_year; /* CALL of MEAN_GROWTH: 0 = the parameter 十四五基期; of CONTRIBUTION, PULL: 0 =
                      the year before */
    int bands; /* CASE: 1 written as 查表 (every condition compares the same left side), 2 as 累进
                  (the checker makes a sum of it) */
    struct fd_expr **children;
    size_t child_count;
    /* set by the checker */
    fd_symbol_kind symbol;
    const void *target;  /* fd_item, fd_indicator, fd_param or fd_class */
    const char *variant; /* NAME of an item with 按: the part after ':', e.g. "33"; else NULL */
    fd_type type;        /* the node's value is in type.unit … */
    fd_quot
        convert; /* … and its parent (or the declaration) works with value × convert; mostly 1 */
} fd_expr;

/* ---- declarations as written ---------------------------------------------------------------- */

typedef struct fd_clause {
    const char *keyword; /* canonical Chinese keyword, e.g. 公式 */
    const char *name;    /* of a condition or value of a policy; else NULL */
    fd_span span;
    const char *text;   /* the argument as written, trimmed (always present) */
    const char **words; /* the argument cut at blanks, commas, semicolons outside 「」 and () */
    size_t word_count;
    fd_expr *expr;       /* for clauses whose shape is an expression */
    const char *cite;    /* inside 〔〕 or after 依据 on the line, or NULL */
    const char *comment; /* after # on its line, or NULL */
    const char *above;   /* comment lines directly above it, each with its #, or NULL */
    fd_span argument;    /* where the argument begins */
    struct fd_clause *children;
    size_t child_count;
} fd_clause;

typedef struct fd_decl {
    fd_decl_kind kind;
    const char *name;     /* Chinese */
    const char *alias;    /* ASCII id; for kinds where it may be left out, equals name */
    const char *replaces; /* 替代 ID, or NULL */
    const char *file;
    fd_span span;
    const char *text;    /* the whole declaration as written */
    const char *comment; /* comment lines between the declaration before and this one, each with its
                            #; or NULL */
    fd_clause *clauses;
    size_t clause_count;
    bool broken; /* a clause did not parse and is left out; the checker does not ask for what is
                    absent */
} fd_decl;

typedef struct fd_script {
    fd_arena *arena;
    fd_decl *decls;
    size_t count;
    const char *comment; /* comment lines after the last declaration, or NULL */
} fd_script;

/* ---- declarations as checked ---------------------------------------------------------------- */

/* A unit is a number of base units: 万元 = 10^4 元. Dimensions are exponents of the bases. */
#define FD_DIMENSIONS 24
typedef struct fd_unit {
    const char *name, *alias;
    int8_t dims[FD_DIMENSIONS]; /* one for each unit declared 基本, in order of declaration */
    fd_quot factor;             /* in base units; % is 1/100 */
    bool is_points;             /* 百分点: only from subtracting two % */
    bool is_base;               /* 基本: opens a dimension of its own */
    const fd_decl *decl;        /* NULL for a composed unit such as 万元/人 */
} fd_unit;

typedef enum fd_nature { FD_FLOW = 1, FD_STOCK, FD_RATIO, FD_ATTRIBUTE } fd_nature;

/* 全名单: days on which every holder stands on the list that an attribute comes from. */
typedef struct fd_complete {
    const fd_decl *decl;
    fd_date from, to; /* inclusive; to is FD_DATE_MAX when the list is kept up */
    const struct fd_complete *next;
} fd_complete;

typedef struct fd_item { /* 数据 */
    const fd_decl *decl;
    const char *id, *name;
    const char
        *kind; /* subject kind it belongs to: "enterprise", "county", "city", "division", … */
    fd_nature nature;
    fd_kind value_kind; /* FD_DEC, FD_TEXT, FD_DATE, FD_BOOL, FD_CODE */
    const fd_unit *unit;
    int8_t scale;
    bool may_be_na;
    const char *classification;
    const char *by; /* 按: the name carries a code after ':', e.g. 能源消费量:33; or NULL */
    const char **other_names; /* 别名: further headers it is known by */
    size_t other_count;
    const char **codes; /* 代码: "B204-1:01@2024" */
    size_t code_count;
    const fd_complete *complete; /* 全名单 about it; NULL: who has no entry is unknown */
} fd_item;

/** The declaration by which the list behind an attribute is complete on a day; NULL when there is
 * none. */
FD_API const fd_complete *fd_item_complete_on(const fd_item *item, fd_date day);
/** May a value of the item be 不适用? By 不适用 可, or as a date of a list that is complete. */
FD_API bool fd_item_may_be_na(const fd_item *item);

/* A dated classification: which subjects (by an attribute's codes) belong, wholly or in part. */
typedef struct fd_class_member {
    const char *code; /* a prefix rule: 31 covers 3110, 3120 … */
    fd_quot share;    /* 1, or a declared part */
    fd_date from, to; /* inclusive; FD_DATE_NONE / FD_DATE_MAX when open */
} fd_class_member;

typedef struct fd_class { /* 分类 */
    const fd_decl *decl;
    const char *id, *name;
    const char *attribute; /* e.g. "industry" */
    fd_class_member *members;
    size_t member_count;
    bool partial; /* 不全: an absent code is unknown, not "no" */
    bool unverified;
    bool members_unread; /* 成员 来自 FILE and nobody gave the file's rows: every code is unknown */
} fd_class;

typedef struct fd_param { /* 参数: dated values */
    const fd_decl *decl;
    const char *id, *name;
    const fd_unit *unit;
    fd_decimal *values;
    fd_date *from;
    size_t count;
} fd_param;

typedef enum fd_missing_rule { FD_RULE_MISSING = 1, FD_RULE_SKIP_REPORTED } fd_missing_rule;

/* 缺数: a condition under which the value has a state of its own, e.g. 营业收入 = 0 → 不适用. Per
 * subject when when->type.is_vector, else per group. */
typedef struct fd_state_rule {
    const fd_expr *when;
    fd_state state; /* FD_NA or FD_MISSING */
} fd_state_rule;

typedef struct fd_indicator { /* 指标 */
    const fd_decl *decl;
    const char *id, *name;
    const char *kind;          /* 对象 */
    fd_period_kind periods[5]; /* 期间 */
    size_t period_count;
    const fd_unit *unit;
    const fd_expr *formula;    /* 公式: per subject, may be NULL when only 汇总 is given */
    const fd_expr *total;      /* 汇总: per group */
    const fd_expr *population; /* 范围: which subjects count, or NULL for all */
    fd_missing_rule missing;
    fd_state_rule *rules;
    size_t rule_count;
    int8_t digits; /* 显示: digits, GB/T 8170 */
    bool verified; /* 核定: the bureau's own figure; else 测算 */
    bool higher_is_better, lower_is_better;
    const char **sources;
    size_t source_count;
    const char **other_names;
    size_t other_count;
} fd_indicator;
/* formula, total: the value in `unit` is the root's value × root->convert (a pure ratio in % has
 * convert 100). */

typedef struct fd_target_point {
    int year;
    fd_decimal value; /* in the target's unit */
    const char *cite;
} fd_target_point;

typedef struct fd_target { /* 目标 */
    const fd_decl *decl;
    const char *id, *name;
    const fd_indicator *indicator;
    const char *scope;     /* 范围: place */
    fd_target_point *base; /* 基线, ascending years */
    size_t base_count;
    int due_year;      /* 到期 */
    int also_years[6]; /* 并列 */
    size_t also_count;
    fd_expr_kind relation; /* GE, LE, EQ */
    fd_decimal value;
    const fd_unit *unit;
    int start_year;    /* 起算年 */
    const char *cite;  /* of 到期, else of the declaration */
    const char *owner; /* 牵头, or NULL */
    const struct fd_light
        *light; /* 亮灯: the rules written there, or the light it names; NULL when absent */
    fd_decimal yellow_margin; /* 亮灯: 黄 ≥ 路径 − this; 0 when the rule has another form */
    bool path_linear;         /* 路径 线性 */
    int path_from, path_to;   /* 路径: years; 起算年 and 到期 when not written */
    bool start_is_param; /* 起算年 …,参数: a choice that may be changed, not part of the source
                            sentence */
} fd_target;

typedef struct fd_light { /* 灯: rules in order, the first that holds wins */
    const fd_decl *decl;
    const char *id, *name;
    struct fd_light_rule {
        int color;           /* 0 green 1 yellow 2 red 3 grey */
        const fd_expr *when; /* NULL = otherwise */
        const char *reason;
    } * rules;
    size_t rule_count;
} fd_light;

typedef struct fd_record_type { /* 记录 */
    const fd_decl *decl;
    const char *id, *name;
    const char **states;
    size_t state_count;
    struct fd_transition {
        int from, to;
    } * transitions; /* from -1: at creation */
    size_t transition_count;
    struct fd_field {
        const char *id, *name;
        fd_kind kind;
        const fd_unit *unit;
        bool required;
        int8_t scale; /* FD_DEC */
    } * fields;
    size_t field_count;
    /* 凭据 STATE FIELD…: what a record must show before it enters the state. */
    struct fd_gate {
        int state;
        size_t field;
    } * gates;
    size_t gate_count;
} fd_record_type;

/* ---- policies ---- */

typedef enum fd_part_kind {
    FD_PART_GIVEN = 1, /* 前提: whom the policy is for */
    FD_PART_WHERE,     /* 条件 */
    FD_PART_MANUAL,    /* 人工: a person decides */
    FD_PART_DIRECT,    /* 直通: makes other conditions true */
    FD_PART_VALUE      /* 计算, 评分: a number with a name */
} fd_part_kind;

typedef struct fd_policy_part {
    fd_part_kind kind;
    const char *name;
    const fd_clause *clause;
    const fd_expr *expr; /* checked; NULL for 人工 */
    const char *cite;    /* clause of the document */
    char confidence;     /* A to D: its own letter, else the policy's */
    uint32_t versions;   /* bit v: it stands in version v */
    size_t *waives;      /* DIRECT: indexes of the parts it makes true */
    size_t waive_count;
} fd_policy_part;

typedef struct fd_policy_version {
    const char *name;   /* "2022"; "" when the policy has one version without a name */
    const char *number; /* 文号 */
    const char *cite;
    fd_date from, to; /* in force, inclusive; FD_DATE_MAX open */
    fd_date until;    /* 过渡: may still be chosen up to this day; FD_DATE_NONE without */
} fd_policy_version;

#define FD_POLICY_VERSIONS 16
typedef struct fd_policy_param { /* 参数 of a policy, by version */
    const char *name;
    const fd_unit *unit;
    fd_decimal values[FD_POLICY_VERSIONS];
    bool has[FD_POLICY_VERSIONS];
    const fd_clause *clause;
} fd_policy_param;

typedef enum fd_na_rule { FD_NA_UNKNOWN = 0, FD_NA_FAILS, FD_NA_PASSES, FD_NA_SKIPS } fd_na_rule;
typedef enum fd_stack_rule {
    FD_STACK_NONE = 0,
    FD_STACK_HIGHEST,
    FD_STACK_SUM,
    FD_STACK_CAP
} fd_stack_rule;
typedef enum fd_pool_rule { FD_POOL_NONE = 0, FD_POOL_ORDER, FD_POOL_RATA } fd_pool_rule;

typedef struct fd_policy_advice { /* 建议: how an input may move */
    const fd_item *item;
    bool may_rise, may_fall;
    const fd_item *within; /* 并入: it is part of this one, which rises with it; or NULL */
} fd_policy_advice;

typedef struct fd_policy { /* 政策 */
    const fd_decl *decl;
    const char *id, *name;
    const char *type; /* 资质 奖补 减免 划型 监测 名单 模板, as in the grammar's table */
    const char *level;    /* 国家 省 市 县 */
    const char *issuer;   /* 发文, or NULL */
    const char *key_name; /* 申请日 期末日 评价日 */
    const char *lifetime; /* 有效期, or NULL */
    int lifetime_months;  /* 0 unknown */
    const char *notice;   /* 提示, or NULL */
    char confidence;      /* A to D */
    bool unverified;      /* letter D somewhere, 未核实 or 示例 */
    bool is_template;     /* 模板: no amounts, no decisions */
    fd_policy_version *versions;
    size_t version_count;
    fd_policy_param *params;
    size_t param_count;
    fd_policy_part *parts; /* in document order */
    size_t part_count;
    fd_na_rule na;
    bool parallel; /* 并行 */
    bool actual_span; /* 按实际期间: years before the firm was founded count as nothing in 近N年 */
    fd_date span_from, span_to; /* 期间: figures without brackets are of this span; or NONE */
    const fd_expr *grant, *cap, *floor; /* 资助 封顶 保底, in base units; or NULL */
    const char *grant_cite;
    const char *stack; /* 叠加: name of the group, or NULL */
    fd_stack_rule stack_rule;
    fd_decimal stack_cap; /* 元 */
    fd_pool_rule pool_rule;
    fd_decimal pool;      /* 元 */
    const char **sharers; /* 分担 */
    fd_decimal *shares;
    size_t sharer_count;
    fd_policy_advice *advice;
    size_t advice_count;
    const fd_item **held; /* 掌握: items that the government holds */
    size_t held_count;
    const char *fair; /* 公平竞争审查: conclusion and date, or NULL */
} fd_policy;

typedef struct fd_ladder { /* 梯度 */
    const fd_decl *decl;
    const char *id, *name;
    struct fd_rung {
        const char *name;
        const fd_policy *policy;
        const fd_item *certificate; /* a date attribute: until when the title is held; or NULL */
        const fd_item *since;       /* since when, or NULL */
    } * rungs;
    size_t rung_count;
    size_t (*steps)[2]; /* from rung, to rung */
    size_t step_count;
    const fd_indicator *pool; /* how many stand on the list of those to be raised; or NULL */
} fd_ladder;
typedef bool (*fd_record_has)(void *payload, const char *field);
/**
 * May a record go from `from` (NULL or "": it is new) to `to`?
 *
 * Without 凭据: by one declared move; staying is allowed. With 凭据: by a way of declared moves on
 * which every state entered has all its evidence, as `has` says; so a gate is passed or the record
 * stays before it, and one row may bring evidence of several gates at once.
 *
 * @return FD_ECONFLICT no such move, or a gate without evidence (the message names both); FD_EINVAL
 *         no such state. Time: O(states × moves).
 */
FD_API int fd_record_move(const fd_record_type *type, const char *from, const char *to,
                          fd_record_has has, void *payload);

/* Everything declared, resolved and checked. Immutable after fd_program_load(); safe to share
 * between threads. */
typedef struct fd_program fd_program;

/* ---- functions ------------------------------------------------------------------------------ */

struct fd_diags; /* base/diag.h */

/** Parse one text. Findings go to diags (line, column, caret text in detail, nearest name in hint);
 * the script holds every declaration that parsed. FD_EPARSE when any did not. The text may be CRLF,
 * full-width, with a BOM. */
FD_API int fd_script_parse(fd_script **out, const char *text, size_t length, const char *file,
                           struct fd_diags *diags);
FD_API void fd_script_free(fd_script *script);

/** Check scripts together: names, units and dimensions, flow and stock, dates, cycles, widths,
 * citations, 替代. The program keeps references into the scripts, which must live as long and are
 * not changed. A script with a broken declaration does not load. FD_EPARSE/FD_EUNIT/… when faults
 * were found. */
FD_API int fd_program_load(fd_program **out, const fd_script *const *scripts, size_t count,
                           struct fd_diags *diags);
FD_API void fd_program_free(fd_program *program);

/* 成员 来自 FILE [列 NAME] [份额列 NAME] [其中 NAME = VALUE]: what the clause asks for. */
typedef struct fd_member_file {
    const char *file;                       /* as written, relative to the definitions */
    const char *code_column;                /* NULL: the first column */
    const char *share_column;               /* NULL: every share is 1 */
    const char *where_column, *where_value; /* NULL: every row */
} fd_member_file;
typedef struct fd_member_sink fd_member_sink;
/** Called by the reader once for each row. from FD_DATE_NONE and to FD_DATE_MAX when open.
 * FD_EINVAL for an empty code or a share outside 0 to 1. */
FD_API int fd_class_add_member(fd_member_sink *sink, const char *code, fd_quot share, fd_date from,
                               fd_date to);
typedef struct fd_load_options {
    int version; /* 1 */
    /** Read a member file and call fd_class_add_member() for its rows; 0 or a code with the error
     * set. NULL: files are not read, the class has members_unread. */
    int (*read_members)(void *payload, fd_member_sink *sink, const fd_decl *decl,
                        const fd_member_file *file);
    void *payload;
    /** Fill the calendar that 工作日 in policies is counted by; NULL: policies cannot count working
     * days. */
    int (*read_calendar)(void *payload, fd_calendar *into);
} fd_load_options;
#define FD_LOAD_OPTIONS_INIT                                                                       \
    {                                                                                              \
        1, NULL, NULL, NULL                                                                        \
    }
/** fd_program_load() with options; NULL gives the defaults. */
FD_API int fd_program_load_with(fd_program **out, const fd_script *const *scripts, size_t count,
                                const fd_load_options *options, struct fd_diags *diags);

/* Look-ups by ASCII id, Chinese name or other name; NULL when absent. */
FD_API const fd_item *fd_program_item(const fd_program *p, const char *name);
FD_API const fd_unit *fd_program_unit(const fd_program *p, const char *name);
FD_API const fd_class *fd_program_class(const fd_program *p, const char *name);
FD_API const fd_indicator *fd_program_indicator(const fd_program *p, const char *name);
FD_API const fd_target *fd_program_target(const fd_program *p, const char *name);
FD_API const fd_param *fd_program_param(const fd_program *p, const char *name);
FD_API const fd_light *fd_program_light(const fd_program *p, const char *name);
FD_API const fd_record_type *fd_program_record(const fd_program *p, const char *name);
FD_API const fd_policy *fd_program_policy(const fd_program *p, const char *name);
FD_API const fd_ladder *fd_program_ladder(const fd_program *p, const char *name);
/** The i-th declaration of a kind in order of loading (fd_decl of every kind, also forms, chains,
 * cubes); NULL past the end. */
FD_API const fd_decl *fd_program_decl(const fd_program *p, fd_decl_kind kind, size_t i);
FD_API const fd_decl *fd_program_find_decl(const fd_program *p, fd_decl_kind kind,
                                           const char *name);
/** All names of a kind, for "did you mean": ids and names of what is in force (replaced ones are
 * not). */
FD_API const char *const *fd_program_names(const fd_program *p, fd_decl_kind kind, size_t *count);

/** A condition or number typed by a user (--where), resolved against the program. Lives in the
 * arena. */
FD_API int fd_expr_parse(fd_expr **out, const fd_program *p, fd_arena *arena, const char *text,
                         bool is_condition);

/** A declaration in canonical layout, keywords in Chinese or English; parsing the print gives the
 * same tree. */
FD_API int fd_decl_print(char **out, const fd_decl *decl, fd_lang lang);
/** An expression on one line. */
FD_API int fd_expr_print(char **out, const fd_expr *expr, fd_lang lang);
/** Do two declarations say the same? Compares kind, names, 替代, clauses, words, expressions,
 * citations and comments; not places, files or layout. */
FD_API bool fd_decl_equal(const fd_decl *a, const fd_decl *b);
/** The same for expressions; what the checker has set is not compared. */
FD_API bool fd_expr_equal(const fd_expr *a, const fd_expr *b);
/** A declaration in a few sentences a reader without training follows. */
FD_API int fd_decl_explain(char **out, const fd_program *p, const fd_decl *decl, fd_lang lang);

/** Convert between units of one dimension: factor such that value_in_to = value_in_from × factor.
 * FD_EUNIT otherwise. */
FD_API int fd_unit_factor(fd_quot *out, const fd_unit *from, const fd_unit *to);

#ifdef __cplusplus
}
#endif
#endif
