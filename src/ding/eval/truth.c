/*
 * Conditions over rows, compiled.
 *
 * Comparisons of numbers cross-multiply.  Conditions on attributes are decided once per distinct
 * text and looked up per row; a subject on two chains (L1:0.6;E2:0.4), or in a class by a declared
 * part, satisfies such a condition in part, and the weight travels beside the truth value.
 */
#include <stdio.h>
#include <string.h>

#include "ding/eval/internal.h"

enum { NO = FD_FALSE, MAYBE = FD_UNKNOWN, YES = FD_TRUE };

/* ---- attributes ---- */

/* What a text must match: a code or word, a class, or a date relation. */
typedef struct matcher {
    const char **words; /* with the codes of the subjects that bear these names */
    size_t word_count;
    const fd_class *class;
    fd_expr_kind relation;
    fd_date date;
    fd_date at;     /* the day for dated membership */
    bool yes_or_no; /* 是 or 否 as the sender spells it */
} matcher;

/* The longest prefix rule that is in force decides; an absent code of an incomplete list is
 * unknown. @return FD_EINVAL when a share has more than six digits */
int fd_eval__class_share(int64_t *share, bool *unknown, const fd_class *class, const char *code,
                         fd_date at)
{
    const fd_class_member *best = NULL;
    size_t length = 0;
    fd_i128 millionths;

    for (size_t i = 0; i < class->member_count; i++) {
        const fd_class_member *m = &class->members[i];
        size_t n = strlen(m->code);

        if ((m->from != FD_DATE_NONE && m->from > at) || m->to < at ||
            strncmp(code, m->code, n) != 0 || (best && n <= length))
            continue;
        best = m;
        length = n;
    }
    *unknown = class->members_unread || (!best && class->partial);
    *share = 0;
    if (!best || *unknown)
        return 0;
    millionths = best->share.num * 1000000;
    if (best->share.den == 0 || millionths % best->share.den)
        return fd_error_set(FD_EINVAL, "分类「%s」里 %s 的比例超过六位小数",
                            "class %s: the share of %s has more than six digits", class->name,
                            code);
    *share = (int64_t)(millionths / best->share.den);
    return 0;
}

/* Truth and weight of one attribute text. */
static int match(uint8_t *truth, int64_t *weight, const matcher *m, fd_arena *arena,
                 const char *text)
{
    fd_eval_part *parts;
    size_t count;
    int err;

    *weight = 0;
    if (m->yes_or_no) {
        *truth = (uint8_t)fd_text_truth(text);
        *weight = *truth == YES ? FD_WEIGHT_ONE : 0;
        return 0;
    }
    if (m->date != FD_DATE_NONE) {
        fd_date d;
        bool holds;

        if (fd_date_parse(&d, text, strlen(text)) < 0) {
            fd_error_clear();
            *truth = MAYBE;
            return 0;
        }
        holds = m->relation == FD_EXPR_EQ   ? d == m->date
                : m->relation == FD_EXPR_NE ? d != m->date
                : m->relation == FD_EXPR_LT ? d < m->date
                : m->relation == FD_EXPR_LE ? d <= m->date
                : m->relation == FD_EXPR_GT ? d > m->date
                                            : d >= m->date;
        *truth = holds ? YES : NO;
        *weight = holds ? FD_WEIGHT_ONE : 0;
        return 0;
    }
    if ((err = fd_eval__parts(&parts, &count, arena, text)) < 0)
        return err;
    *truth = NO;
    for (size_t i = 0; i < count; i++) {
        bool unknown = false;
        int64_t share = 0;

        if (m->class) {
            if ((err = fd_eval__class_share(&share, &unknown, m->class, parts[i].code, m->at)) < 0)
                return err;
        } else {
            for (size_t w = 0; w < m->word_count && !share; w++)
                share = strcmp(parts[i].code, m->words[w]) == 0 ? 1000000 : 0;
        }
        if (unknown) {
            *truth = MAYBE;
            *weight = 0;
            return 0;
        }
        /* 10^-12 × 10^-6 has to come out whole in 10^-12. */
        if ((fd_i128)parts[i].weight * share % 1000000)
            return fd_error_set(FD_EINVAL, "归属比例与分类比例相乘超过十二位小数",
                                "the product of two shares has more than twelve digits");
        *weight += (int64_t)((fd_i128)parts[i].weight * share / 1000000);
    }
    *truth = *weight > 0 ? YES : NO;
    return 0;
}

/* Is who has no entry known not to be on the list? A list of which nothing came in closes nothing.
 */
static bool is_complete(const fd_eval_column *column, const fd_item *item, fd_date day)
{
    return fd_item_complete_on(item, day) && fd_bits_count(column->column->has, column->column->n);
}

static int lookup(fd_row_node **out, const fd_row_context *c, const fd_item *item, const matcher *m,
                  fd_period period)
{
    const fd_eval_column *column;
    fd_row_node *n = fd_row__node(c, FD_ROW_LOOKUP, NULL, NULL);
    size_t count;
    int err;

    if ((err = fd_eval__attribute(c->eval, c->kind, item->id, fd_period_end(period), &column)) < 0)
        return err;
    count = fd_dict_count(column->column->dict);
    n->column = column;
    n->doubted = c->closed ? NO : MAYBE;
    n->without = c->closed || is_complete(column, item, fd_period_end(period)) ? NO : MAYBE;
    n->truth = fd_arena_alloc(c->arena, count + 1);
    n->weight = fd_arena_alloc(c->arena, (count + 1) * sizeof *n->weight);
    {
        bool partial = false;

        for (size_t i = 0; i < count; i++) {
            if ((err = match(&n->truth[i], &n->weight[i], m, c->arena,
                             fd_dict_text(column->column->dict, (uint32_t)i))) < 0)
                return err;
            partial = partial || (n->weight[i] != 0 && n->weight[i] != FD_WEIGHT_ONE);
        }
        if (!partial)
            n->weight = NULL;
    }
    *out = n;
    return 0;
}

/* The same lookup the other way round: what was 0.4 is 0.6. */
static fd_row_node *complement(const fd_row_context *c, const fd_row_node *n)
{
    fd_row_node *not_n = fd_row__node(c, FD_ROW_LOOKUP, NULL, NULL);
    size_t count = fd_dict_count(n->column->column->dict);

    not_n->column = n->column;
    not_n->without = (uint8_t)(YES - n->without);
    not_n->doubted = (uint8_t)(YES - n->doubted);
    not_n->truth = fd_arena_alloc(c->arena, count + 1);
    if (n->weight)
        not_n->weight = fd_arena_alloc(c->arena, (count + 1) * sizeof *not_n->weight);
    for (size_t i = 0; i < count; i++) {
        not_n->truth[i] = (uint8_t)(YES - n->truth[i]);
        if (n->weight && n->truth[i] != MAYBE) {
            not_n->weight[i] = FD_WEIGHT_ONE - n->weight[i];
            not_n->truth[i] = not_n->weight[i] > 0 ? YES : NO;
        }
    }
    return not_n;
}

/* The text, and when subjects of that kind are declared, the code of the one that bears it as name:
 * 县区 = 林虑市 finds 990509. */
static int add_word(const fd_row_context *c, const fd_item *item, matcher *m, const char *text)
{
    const fd_frame *frame;
    int err;

    m->words[m->word_count++] = text;
    if ((err = fd_eval__frame(c->eval, item->id, &frame)) < 0)
        return err;
    for (size_t i = 0; i < frame->n; i++)
        if (frame->names && frame->names[i] && strcmp(frame->names[i], text) == 0) {
            m->words[m->word_count++] = frame->codes[i];
            break;
        }
    return 0;
}

static const char *word_of(const fd_row_context *c, const fd_expr *e)
{
    char buf[48];

    if (e->kind == FD_EXPR_TEXT || e->kind == FD_EXPR_NAME)
        return e->text;
    if (e->kind != FD_EXPR_NUMBER)
        return NULL;
    fd_decimal_format(e->number, buf, sizeof buf);
    return fd_arena_strdup(c->arena, buf);
}

/* The attribute on the left of a condition, perhaps at another period; NULL when it is a number. */
static const fd_item *attribute_of(const fd_row_context *c, const fd_expr *e, fd_period *period)
{
    const fd_item *item;

    *period = c->period;
    if (e->kind == FD_EXPR_AT) {
        *period = e->at == FD_AT_YEAR_BEFORE || e->at == FD_AT_YEAR_BEFORE_STORED
                      ? fd_period_years_before(c->period, 1)
                  : e->at == FD_AT_STEP   ? fd_period_step(c->period, e->step)
                  : e->at == FD_AT_PERIOD ? e->period
                                          : c->period;
        e = e->children[0];
    }
    if (e->kind != FD_EXPR_NAME || e->symbol != FD_SYM_ITEM)
        return NULL;
    item = e->target;
    return item->nature == FD_ATTRIBUTE ? item : NULL;
}

static int compare_attribute(fd_row_node **out, const fd_row_context *c, const fd_item *item,
                             const fd_expr *e, fd_period period)
{
    const fd_expr *right = e->children[1];
    matcher m = { .relation = e->kind, .date = FD_DATE_NONE, .at = fd_period_end(period) };
    int err;

    if (right->kind == FD_EXPR_DATE) {
        m.date = right->date;
        return lookup(out, c, item, &m, period);
    }
    m.words = fd_arena_alloc(c->arena, 2 * sizeof *m.words);
    {
        const char *word = word_of(c, right);

        if (!word || (e->kind != FD_EXPR_EQ && e->kind != FD_EXPR_NE))
            return fd_error_set(FD_EINVAL, "属性「%s」只能和文字比较是否相等",
                                "attribute %s compares with texts for equality only", item->name);
        if ((err = add_word(c, item, &m, word)) < 0)
            return err;
    }
    if ((err = lookup(out, c, item, &m, period)) < 0)
        return err;
    if (e->kind == FD_EXPR_NE)
        *out = complement(c, *out);
    return 0;
}

static int member(fd_row_node **out, const fd_row_context *c, const fd_expr *e)
{
    fd_period period;
    const fd_item *item = attribute_of(c, e->children[0], &period);
    matcher m = { .relation = FD_EXPR_EQ, .date = FD_DATE_NONE };
    const fd_expr *right;
    int err;

    if (!item || e->child_count < 2)
        return fd_error_set(FD_EINVAL, "属于 左边应为属性", "an attribute is expected left of in");
    m.at = fd_period_end(period);
    right = e->children[1];
    if (right->kind == FD_EXPR_NAME && right->symbol == FD_SYM_CLASS) {
        m.class = right->target;
    } else {
        m.words = fd_arena_alloc(c->arena, 2 * e->child_count * sizeof *m.words);
        for (size_t i = 1; i < e->child_count; i++) {
            const char *word = word_of(c, e->children[i]);

            if (!word)
                return fd_error_set(FD_EINVAL, "集合里应为代码或文字",
                                    "a set holds codes or words");
            if ((err = add_word(c, item, &m, word)) < 0)
                return err;
        }
    }
    return lookup(out, c, item, &m, period);
}

/* 计数(高技术制造业): a class by itself is membership by its own attribute. 计数(有效小巨人): an
 * attribute that says 是 or 否 is its own condition; who says neither is unknown. */
static int name_alone(fd_row_node **out, const fd_row_context *c, const fd_expr *e)
{
    fd_item attribute = { 0 };
    matcher m = { .relation = FD_EXPR_EQ, .date = FD_DATE_NONE, .at = fd_period_end(c->period) };
    const fd_item *item = e->symbol == FD_SYM_ITEM ? e->target : NULL;

    if (item && item->nature == FD_ATTRIBUTE && item->value_kind == FD_BOOL) {
        m.yes_or_no = true;
        return lookup(out, c, item, &m, c->period);
    }
    if (e->symbol != FD_SYM_CLASS)
        return fd_error_set(FD_EINVAL, "「%s」不是条件", "%s is no condition", e->text);
    m.class = e->target;
    attribute.id = m.class->attribute;
    return lookup(out, c, &attribute, &m, c->period);
}

/* ---- numbers ---- */

static fd_row_node *real_of(const fd_row_context *c, const fd_row_value *v)
{
    fd_row_node *n;

    if (v->is_estimate)
        return v->num;
    n = fd_row__node(c, FD_ROW_REAL, v->num, v->den);
    n->real = fd_quot_to_double(v->factor);
    return n;
}

static int compare_numbers(fd_row_node **out, const fd_row_context *c, const fd_expr *e)
{
    fd_row_value a, b;
    fd_row_node *n, *left, *right;
    fd_quot ratio;
    int err;

    if ((err = fd_row__compile(&a, c, e->children[0])) < 0 ||
        (err = fd_row__compile(&b, c, e->children[1])) < 0)
        return err;
    if (a.is_estimate || b.is_estimate) {
        n = fd_row__node(c, FD_ROW_REAL_COMPARE, real_of(c, &a), real_of(c, &b));
        n->relation = e->kind;
        *out = n;
        return 0;
    }
    left = b.den ? fd_row__node(c, FD_ROW_MUL, a.num, b.den) : a.num;
    right = a.den ? fd_row__node(c, FD_ROW_MUL, b.num, a.den) : b.num;
    n = fd_row__node(c, FD_ROW_COMPARE, left, right);
    n->relation = e->kind;
    n->c = a.den && b.den ? fd_row__node(c, FD_ROW_MUL, a.den, b.den) : a.den ? a.den : b.den;
    /* a·fa ? b·fb: the quotient of the factors in lowest terms gives the two multipliers. */
    if ((err = fd_quot_div(&ratio, a.factor, b.factor)) < 0)
        return err;
    if (ratio.num > INT64_MAX || ratio.den > INT64_MAX)
        return fd_error_set(FD_EOVERFLOW, "比较两边的换算系数超出 64 位",
                            "the conversion factor of a comparison needs more than 64 bits");
    n->ka = (int64_t)ratio.num;
    n->kb = (int64_t)ratio.den;
    *out = n;
    return 0;
}

bool fd_row__is_partial(const fd_row_node *n)
{
    return n && ((n->op == FD_ROW_LOOKUP && n->weight) || fd_row__is_partial(n->a) ||
                 fd_row__is_partial(n->b));
}

int fd_row__compile_truth(fd_row_node **out, const fd_row_context *c, const fd_expr *e)
{
    fd_row_node *a, *b;
    int err;

    switch (e->kind) {
    case FD_EXPR_NAME:
        return name_alone(out, c, e);
    case FD_EXPR_AND:
    case FD_EXPR_OR:
        if ((err = fd_row__compile_truth(&a, c, e->children[0])) < 0)
            return err;
        for (size_t i = 1; i < e->child_count; i++) {
            if ((err = fd_row__compile_truth(&b, c, e->children[i])) < 0)
                return err;
            if (e->kind == FD_EXPR_OR && (fd_row__is_partial(a) || fd_row__is_partial(b)))
                return fd_error_set(
                    FD_EINVAL, "部分归属的条件不能用 或 连接,请写成 属于 { … } 或用 且",
                    "a condition met in part cannot be joined by or: write in { … }");
            a = fd_row__node(c, e->kind == FD_EXPR_AND ? FD_ROW_AND : FD_ROW_OR, a, b);
        }
        *out = a;
        return 0;
    case FD_EXPR_NOT:
        if ((err = fd_row__compile_truth(&a, c, e->children[0])) < 0)
            return err;
        if (a->op == FD_ROW_LOOKUP) {
            *out = complement(c, a);
            return 0;
        }
        if (fd_row__is_partial(a))
            return fd_error_set(FD_EINVAL, "部分归属的条件组合不能整体取非",
                                "a compound condition met in part cannot be negated");
        *out = fd_row__node(c, FD_ROW_NOT, a, NULL);
        return 0;
    case FD_EXPR_IN:
        return member(out, c, e);
    case FD_EXPR_EQ:
    case FD_EXPR_NE:
    case FD_EXPR_LT:
    case FD_EXPR_LE:
    case FD_EXPR_GT:
    case FD_EXPR_GE: {
        fd_period period;
        const fd_item *item = attribute_of(c, e->children[0], &period);

        return item ? compare_attribute(out, c, item, e, period) : compare_numbers(out, c, e);
    }
    default:
        return fd_error_set(FD_EINVAL, "这里应为条件", "a condition is expected here");
    }
}
