/*
 * 政策: clauses → typed structs.
 *
 * Parts (前提 计算 评分 条件 人工 直通) are checked in document order; a part may name the ones
 * before it.  A part that names a parameter without a value in some version does not stand in that
 * version; neither does one that says 仅 another version.
 */
#include <stdlib.h>
#include <string.h>

#include "ding/check_expr.h"
#include "ding/policies.h"

/* ---- names inside a policy ---- */

fd_symbol_kind fd_policy__look_up(const fd_policy *policy, const char *name, const void **target)
{
    *target = NULL;
    if (fd_grammar_word(fd_grammar_key_dates(), fd_view_of(name)))
        return FD_SYM_VARIABLE;
    for (size_t i = 0; i < policy->param_count; i++)
        if (strcmp(policy->params[i].name, name) == 0) {
            *target = &policy->params[i];
            return FD_SYM_SETTING;
        }
    for (size_t i = 0; i < policy->part_count; i++)
        if (policy->parts[i].expr && strcmp(policy->parts[i].name, name) == 0) {
            *target = &policy->parts[i];
            return FD_SYM_PART;
        }
    return FD_SYM_UNRESOLVED;
}

static const char *text_of(const fd_decl *decl, const char *keyword)
{
    const fd_clause *c = fd_decl__clause(decl, keyword);

    return c && c->text[0] ? c->text : NULL;
}

/* ---- dates and versions ---- */

/* "2022-06-01" among words; FD_DATE_NONE when it is none. */
static fd_date date_word(const char *word)
{
    fd_date d = FD_DATE_NONE;

    if (word[0] < '0' || word[0] > '9' || strlen(word) < 8 ||
        fd_date_parse(&d, word, strlen(word)) < 0) {
        fd_error_clear();
        return FD_DATE_NONE;
    }
    return d;
}

/* DATE 起, DATE 至 DATE from word `at` on. */
static bool read_span(const char **words, size_t count, size_t at, fd_date *from, fd_date *to)
{
    size_t n = 0;

    *from = FD_DATE_NONE;
    *to = FD_DATE_MAX;
    for (; at < count && n < 2; at++) {
        fd_date d = date_word(words[at]);

        if (d == FD_DATE_NONE)
            continue;
        if (n++ == 0)
            *from = d;
        else
            *to = d;
    }
    return n > 0 && *from <= *to;
}

/* "2022版" → "2022" and "2022" as they stand; with a letter-by-letter suffix cut off. */
static const char *version_name(fd_arena *arena, const char *word)
{
    size_t n = strlen(word), mark = strlen("版");

    return n > mark && strcmp(word + n - mark, "版") == 0 ? fd_arena_strndup(arena, word, n - mark)
                                                          : word;
}

static int find_version(const fd_policy *p, fd_arena *arena, const char *word)
{
    const char *name = version_name(arena, word);

    for (size_t v = 0; v < p->version_count; v++)
        if (strcmp(p->versions[v].name, name) == 0)
            return (int)v;
    return -1;
}

/* 版本 2022 有效 2022-06-01 至 2026-03-31 文号 工信部企业〔2022〕63号 */
static void read_version(fd_loader *l, fd_policy *p, const fd_clause *c)
{
    fd_policy_version *v = &p->versions[p->version_count];
    size_t i;

    if (p->version_count == FD_POLICY_VERSIONS) {
        fd_program__find(l->diags, FD_FAULT, "edition", p->decl, &c->span, "版本超过 %d 个",
                         "more than %d editions", FD_POLICY_VERSIONS);
        return;
    }
    if (!c->word_count || !read_span(c->words, c->word_count, 1, &v->from, &v->to)) {
        fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "edition", p->decl, &c->span,
                                           "版本 写不对", "edition is not well formed"),
                          "应写 版本 2022 有效 2022-06-01 至 2026-03-31 文号 …",
                          "write: edition 2022 valid 2022-06-01 to 2026-03-31 number …");
        return;
    }
    v->name = version_name(l->p->arena, c->words[0]);
    v->cite = c->cite;
    v->until = FD_DATE_NONE;
    for (i = 1; i < c->word_count; i++)
        if (strcmp(c->words[i], "文号") == 0 || strcmp(c->words[i], "number") == 0) {
            const char *from = strstr(c->text, c->words[i]);

            v->number = from + strlen(c->words[i]);
            while (*v->number == ' ')
                v->number++;
            break;
        }
    for (size_t k = 0; k < p->version_count; k++)
        if (strcmp(p->versions[k].name, v->name) == 0)
            fd_program__find(l->diags, FD_FAULT, "edition", p->decl, &c->span, "版本 %s 写了两次",
                             "edition %s stands twice", v->name);
    if (!v->number || !v->number[0])
        fd_program__find(l->diags, FD_FAULT, "cite", p->decl, &c->span, "版本要有文号或文件名",
                         "an edition needs the number or name of its document");
    p->version_count++;
}

static void read_transition(fd_loader *l, fd_policy *p, const fd_clause *c)
{
    fd_date from, until;
    int v = c->word_count ? find_version(p, l->p->arena, c->words[0]) : -1;

    if (v < 0 || !read_span(c->words, c->word_count, 1, &from, &until)) {
        fd_program__find(l->diags, FD_FAULT, "transition", p->decl, &c->span,
                         "应写 过渡 版本 至 日期", "write: transition EDITION to DATE");
        return;
    }
    p->versions[v].until = until == FD_DATE_MAX ? from : until;
}

static int by_start(const void *a, const void *b)
{
    const fd_policy_version *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

/* Two versions do not overlap unless 并行 is written; a hole is worth a warning. */
static void check_versions(fd_loader *l, fd_policy *p)
{
    char a[16], b[16];

    qsort(p->versions, p->version_count, sizeof *p->versions, by_start);
    for (size_t v = 0; v + 1 < p->version_count; v++) {
        fd_policy_version *now = &p->versions[v], *next = &p->versions[v + 1];

        if (now->to >= next->from && !p->parallel) {
            fd_date_format(next->from, a, sizeof a);
            fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "overlap", p->decl, NULL,
                                               "版本 %s 和 %s 自 %s 起重叠",
                                               "editions %s and %s overlap from %s on", now->name,
                                               next->name, a),
                              "确实同时有效时写一行 并行",
                              "write: parallel, when both are in force");
        } else if (now->to != FD_DATE_MAX && now->to + 1 < next->from) {
            fd_date_format(now->to, a, sizeof a);
            fd_date_format(next->from, b, sizeof b);
            fd_program__find(l->diags, FD_WARNING, "hole", p->decl, NULL,
                             "%s 之后到 %s 之前没有有效的版本",
                             "no edition is in force after %s and before %s", a, b);
        }
    }
}

static void read_versions(fd_loader *l, fd_policy *p)
{
    const fd_clause *valid = fd_decl__clause(p->decl, "有效");
    size_t written = 0;

    p->versions = fd_arena_alloc(l->p->arena, FD_POLICY_VERSIONS * sizeof *p->versions);
    for (size_t i = 0; i < p->decl->clause_count; i++)
        if (strcmp(p->decl->clauses[i].keyword, "版本") == 0) {
            written++;
            read_version(l, p, &p->decl->clauses[i]);
        }
    if (!written) {
        fd_policy_version *v = &p->versions[p->version_count++];

        *v = (fd_policy_version){ .name = "", .until = FD_DATE_NONE, .to = FD_DATE_MAX };
        v->number = text_of(p->decl, "文号");
        v->from = FD_DATE_NONE;
        if (valid)
            (void)read_span(valid->words, valid->word_count, 0, &v->from, &v->to);
        if (!p->decl->broken && !valid)
            fd_program__find(l->diags, FD_FAULT, "absent", p->decl, NULL, "政策要写 有效 或 版本",
                             "a policy needs valid or edition");
        if (!p->decl->broken && !v->number)
            fd_program__find(l->diags, FD_FAULT, "cite", p->decl, NULL, "政策要有 文号",
                             "a policy needs the number of its document");
        v->number = v->number ? v->number : "";
    }
    check_versions(l, p);
    for (size_t i = 0; i < p->decl->clause_count; i++)
        if (strcmp(p->decl->clauses[i].keyword, "过渡") == 0)
            read_transition(l, p, &p->decl->clauses[i]);
}

/* ---- parameters ---- */

/* "70", "70%", then perhaps a unit word. */
static bool read_amount(fd_loader *l, fd_policy_param *param, const char **words, size_t count,
                        size_t *at, fd_decimal *out)
{
    const char *w = words[*at];
    size_t digits = strspn(w, "+-0123456789.");
    const char *name = w[digits] ? w + digits : NULL;
    const fd_unit *unit = l->p->one;

    if (!digits || fd_decimal_parse(out, w, digits) < 0) {
        fd_error_clear();
        return false;
    }
    (*at)++;
    if (!name && *at < count && !(words[*at][0] >= '0' && words[*at][0] <= '9') &&
        fd_unit__named(l->p, l->p->arena, words[*at]))
        name = words[(*at)++];
    if (name && !(unit = fd_unit__named(l->p, l->p->arena, strcmp(name, "%") ? name : "%")))
        return false;
    if (!param->unit)
        param->unit = unit;
    else if (!fd_unit__same_dims(unit, param->unit) ||
             !fd_unit__convert_decimal(out, *out, unit, param->unit))
        return false;
    return true;
}

/* 参数 主营占比下限 2022版 70 % 2026版 90 %, or 参数 增幅 10 % for all versions */
static void read_param(fd_loader *l, fd_policy *p, const fd_clause *c)
{
    fd_policy_param *param = &p->params[p->param_count];
    size_t at = 1;
    const void *target;

    param->clause = c;
    param->name = c->word_count ? c->words[0] : "";
    if (c->word_count < 2)
        goto bad;
    if (fd_policy__look_up(p, param->name, &target) != FD_SYM_UNRESOLVED) {
        fd_program__find(l->diags, FD_FAULT, "twice", p->decl, &c->span, "「%.60s」在本政策里已有",
                         "%.60s is already in this policy", param->name);
        return;
    }
    while (at < c->word_count) {
        int v = -1;
        fd_decimal value;
        const char *w = c->words[at];
        bool named = strlen(w) > strlen("版") && strcmp(w + strlen(w) - strlen("版"), "版") == 0;

        if (!named && at + 1 < c->word_count && c->words[at + 1][0] >= '0' &&
            c->words[at + 1][0] <= '9')
            named = find_version(p, l->p->arena, w) >= 0;
        if (named) {
            v = find_version(p, l->p->arena, w);
            if (v < 0) {
                fd_program__find(l->diags, FD_FAULT, "edition", p->decl, &c->argument,
                                 "没有版本 %.40s", "there is no edition %.40s", w);
                return;
            }
            at++;
        }
        if (at >= c->word_count || !read_amount(l, param, c->words, c->word_count, &at, &value))
            goto bad;
        for (size_t k = 0; k < p->version_count; k++)
            if (v < 0 || (size_t)v == k) {
                param->values[k] = value;
                param->has[k] = true;
            }
        if (v < 0 && at < c->word_count)
            goto bad;
    }
    p->param_count++;
    return;
bad:
    fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "param", p->decl, &c->argument,
                                       "参数 写不对", "param is not well formed"),
                      "应写 参数 名称 数 单位,或 参数 名称 2022版 数 单位 2026版 数 单位",
                      "write: param NAME NUMBER UNIT, or param NAME 2022版 NUMBER UNIT …");
}

/* ---- parts ---- */

/* The letter at the end of 〔115号 八 D〕; 0 without. */
static char letter_of(const char *cite)
{
    size_t n = cite ? strlen(cite) : 0;

    return n > 1 && cite[n - 2] == ' ' && cite[n - 1] >= 'A' && cite[n - 1] <= 'D' ? cite[n - 1]
                                                                                   : (char)0;
}

/* Which versions have all the parameters that an expression names. */
static uint32_t versions_of(const fd_policy *p, const fd_expr *e)
{
    uint32_t all = (1u << p->version_count) - 1;

    if (!e)
        return all;
    if (e->symbol == FD_SYM_SETTING) {
        const fd_policy_param *param = e->target;

        for (size_t v = 0; v < p->version_count; v++)
            if (!param->has[v])
                all &= ~(1u << v);
    } else if (e->symbol == FD_SYM_PART) {
        all &= ((const fd_policy_part *)e->target)->versions;
    }
    for (size_t i = 0; i < e->child_count; i++)
        all &= versions_of(p, e->children[i]);
    return all;
}

static bool names_na(const fd_expr *e)
{
    if (e->symbol == FD_SYM_ITEM && fd_item_may_be_na(e->target))
        return true;
    for (size_t i = 0; i < e->child_count; i++)
        if (names_na(e->children[i]))
            return true;
    return false;
}

static size_t find_part(const fd_policy *p, const char *name)
{
    for (size_t i = 0; i < p->part_count; i++)
        if (strcmp(p->parts[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

/* 仅 and 免 of a part. */
static void read_limits(fd_loader *l, fd_policy *p, fd_policy_part *part, const fd_clause *c)
{
    uint32_t only = 0;

    part->waives = fd_arena_alloc(l->p->arena, (c->child_count + 1) * sizeof *part->waives);
    for (size_t i = 0; i < c->child_count; i++) {
        const char *text = c->children[i].text;

        if (strcmp(c->children[i].keyword, "仅") == 0) {
            int v = find_version(p, l->p->arena, text);

            if (v < 0)
                fd_program__find(l->diags, FD_FAULT, "edition", p->decl, &c->children[i].span,
                                 "没有版本 %.40s", "there is no edition %.40s", text);
            else
                only |= 1u << v;
        } else if (strcmp(c->children[i].keyword, "免") == 0) {
            size_t at = find_part(p, text);

            if (part->kind != FD_PART_DIRECT || at == SIZE_MAX)
                fd_program__find(l->diags, FD_FAULT, "waives", p->decl, &c->children[i].span,
                                 "「%.60s」不是前面的条件,或这里不能免",
                                 "%.60s is no condition above, or nothing is waived here", text);
            else
                part->waives[part->waive_count++] = at;
        }
    }
    if (only)
        part->versions &= only;
}

static void read_part(fd_loader *l, fd_policy *p, const fd_clause *c, fd_part_kind kind)
{
    fd_policy_part *part = &p->parts[p->part_count];
    fd_check check = { l->p, l->p->arena, p->decl, l->diags, NULL, p };
    fd_expr *expr = NULL;
    bool ok = true;

    *part = (fd_policy_part){ .kind = kind, .name = c->name ? c->name : "", .clause = c };
    part->versions = (1u << p->version_count) - 1;
    part->cite = c->cite;
    part->confidence = letter_of(c->cite) ? letter_of(c->cite) : p->confidence;
    if (!part->name[0]) {
        fd_program__find(l->diags, FD_FAULT, "name", p->decl, &c->span, "这里要写名称",
                         "a name is missing");
        return;
    }
    if (kind != FD_PART_VALUE && (!c->cite || !c->cite[0]))
        fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "cite", p->decl, &c->span,
                                           "「%.60s」没有写明条款",
                                           "%.60s names no clause of its document", part->name),
                          "在行末写〔文号 条款〕",
                          "write 〔NUMBER CLAUSE〕 at the end of the line");
    if (find_part(p, part->name) != SIZE_MAX) {
        fd_program__find(l->diags, FD_FAULT, "twice", p->decl, &c->span, "「%.60s」在本政策里已有",
                         "%.60s is already in this policy", part->name);
        return;
    }
    if (kind != FD_PART_MANUAL) {
        expr = fd_expr__clone(l->p->arena, c->expr);
        ok = expr && fd_expr__check(&check, expr, "enterprise", true);
        if (ok && expr->type.is_truth != (kind != FD_PART_VALUE)) {
            fd_program__find(l->diags, FD_FAULT, "type", p->decl, &c->argument,
                             kind == FD_PART_VALUE ? "「%.60s」应为数" : "「%.60s」应为条件",
                             kind == FD_PART_VALUE ? "%.60s is a number" : "%.60s is a condition",
                             part->name);
            ok = false;
        }
        if (!ok)
            return;
        if (p->na == FD_NA_UNKNOWN && kind != FD_PART_VALUE && names_na(expr))
            fd_error_set_hint(
                fd_program__find(l->diags, FD_FAULT, "na", p->decl, &c->argument,
                                 "「%.60s」用到可能不适用的数据,政策没有说不适用怎么算",
                                 "%.60s uses what may be not applicable and the policy "
                                 "does not say what then",
                                 part->name),
                "写一行 不适用 不符合(或 符合、跳过)", "write: na fails (or passes, skips)");
        part->expr = expr;
        part->versions &= versions_of(p, expr);
    }
    read_limits(l, p, part, c);
    /* 人工 名称 仅 2026 …: text, of which the first words may name an edition */
    if (kind == FD_PART_MANUAL && c->word_count > 2 &&
        (!strcmp(c->words[1], "仅") || !strcmp(c->words[1], "only"))) {
        int v = find_version(p, l->p->arena, c->words[2]);

        if (v < 0)
            fd_program__find(l->diags, FD_FAULT, "edition", p->decl, &c->argument, "没有版本 %.40s",
                             "there is no edition %.40s", c->words[2]);
        else
            part->versions = 1u << v;
    }
    if (!part->versions && p->version_count)
        fd_program__find(l->diags, FD_WARNING, "unreachable", p->decl, &c->span,
                         "「%.60s」在任何版本里都用不上", "%.60s stands in no edition", part->name);
    p->part_count++;
}

static void read_parts(fd_loader *l, fd_policy *p)
{
    static const struct {
        const char *keyword;
        fd_part_kind kind;
    } kinds[] = {
        { "前提", FD_PART_GIVEN },  { "条件", FD_PART_WHERE }, { "人工", FD_PART_MANUAL },
        { "直通", FD_PART_DIRECT }, { "计算", FD_PART_VALUE }, { "评分", FD_PART_VALUE }
    };

    p->params = fd_arena_alloc(l->p->arena, (p->decl->clause_count + 1) * sizeof *p->params);
    p->parts = fd_arena_alloc(l->p->arena, (p->decl->clause_count + 1) * sizeof *p->parts);
    for (size_t i = 0; i < p->decl->clause_count; i++)
        if (strcmp(p->decl->clauses[i].keyword, "参数") == 0)
            read_param(l, p, &p->decl->clauses[i]);
    for (size_t i = 0; i < p->decl->clause_count; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (strcmp(p->decl->clauses[i].keyword, kinds[k].keyword) == 0)
                read_part(l, p, &p->decl->clauses[i], kinds[k].kind);
}

/* ---- money ---- */

static const fd_unit *money(fd_loader *l)
{
    return fd_program_unit(l->p, "元");
}

static const fd_expr *read_money(fd_loader *l, fd_policy *p, const char *keyword)
{
    const fd_clause *c = fd_decl__clause(p->decl, keyword);
    fd_check check = { l->p, l->p->arena, p->decl, l->diags, NULL, p };
    fd_expr *e;

    if (!c || !c->expr)
        return NULL;
    e = fd_expr__clone(l->p->arena, c->expr);
    if (!fd_expr__check(&check, e, "enterprise", true))
        return NULL;
    if (e->type.is_truth || e->type.is_date || e->type.is_text || !money(l) ||
        (e->type.is_estimate)) {
        fd_program__find(l->diags, FD_FAULT, "type", p->decl, &c->argument, "%s 应为精确的金额",
                         "%.0san exact amount of money is expected", keyword);
        return NULL;
    }
    return fd_expr__assign(&check, e, money(l)) ? e : NULL;
}

/* The amount "500 万元" among words, in 元. */
static bool money_words(fd_loader *l, const char **words, size_t count, size_t at, fd_decimal *out)
{
    fd_policy_param scratch = { 0 };

    scratch.unit = money(l);
    return scratch.unit && at < count && read_amount(l, &scratch, words, count, &at, out);
}

/* 叠加 组名 取高 | 累加 | 封顶 500 万元;资金池 500 万元 先后 | 按比例;分担 省 1 : 受益财政 1 */
static void read_sharing(fd_loader *l, fd_policy *p)
{
    const fd_clause *stack = fd_decl__clause(p->decl, "叠加"),
                    *pool = fd_decl__clause(p->decl, "资金池"),
                    *share = fd_decl__clause(p->decl, "分担");
    bool ok = true;

    if (stack && stack->word_count >= 2) {
        const char *rule = stack->words[1];

        p->stack = stack->words[0];
        p->stack_rule = !strcmp(rule, "取高") || !strcmp(rule, "highest") ? FD_STACK_HIGHEST
                        : !strcmp(rule, "累加") || !strcmp(rule, "sum")   ? FD_STACK_SUM
                        : !strcmp(rule, "封顶") || !strcmp(rule, "cap")   ? FD_STACK_CAP
                                                                          : FD_STACK_NONE;
        ok = p->stack_rule != FD_STACK_NONE &&
             (p->stack_rule != FD_STACK_CAP ||
              money_words(l, stack->words, stack->word_count, 2, &p->stack_cap));
    } else if (stack) {
        ok = false;
    }
    if (!ok)
        fd_program__find(l->diags, FD_FAULT, "stack", p->decl, &stack->span,
                         "应写 叠加 组名 取高,或 累加,或 封顶 数 万元",
                         "write: stack GROUP highest, or sum, or cap AMOUNT");
    if (pool) {
        const char *last = pool->word_count ? pool->words[pool->word_count - 1] : "";

        p->pool_rule = !strcmp(last, "先后") || !strcmp(last, "order")        ? FD_POOL_ORDER
                       : !strcmp(last, "按比例") || !strcmp(last, "pro_rata") ? FD_POOL_RATA
                                                                              : FD_POOL_NONE;
        if (!p->pool_rule || !money_words(l, pool->words, pool->word_count, 0, &p->pool))
            fd_program__find(l->diags, FD_FAULT, "pool", p->decl, &pool->span,
                             "应写 资金池 数 万元 先后,或 按比例",
                             "write: pool AMOUNT order, or pro_rata");
    }
    if (!share)
        return;
    p->sharers = fd_arena_alloc(l->p->arena, (share->word_count + 1) * sizeof *p->sharers);
    p->shares = fd_arena_alloc(l->p->arena, (share->word_count + 1) * sizeof *p->shares);
    for (size_t i = 0; i < share->word_count; i++) {
        const char *w = share->words[i];

        if (!strcmp(w, ":") || !strcmp(w, "："))
            continue;
        if (i + 1 == share->word_count ||
            fd_decimal_parse(&p->shares[p->sharer_count], share->words[i + 1],
                             strlen(share->words[i + 1])) < 0 ||
            p->shares[p->sharer_count].mantissa <= 0) {
            fd_error_clear();
            fd_program__find(l->diags, FD_FAULT, "shares", p->decl, &share->span,
                             "应写 分担 省 1 : 市 1", "write: shares PROVINCE 1 : CITY 1");
            p->sharer_count = 0;
            return;
        }
        p->sharers[p->sharer_count++] = w;
        i++;
    }
}

/* ---- advice ---- */

static const fd_item *item_named(fd_loader *l, fd_policy *p, const fd_clause *c, fd_view name)
{
    char *text = fd_arena_strndup(l->p->arena, name.ptr, name.len);
    const fd_item *item = fd_program_item(l->p, text);

    if (!item)
        fd_program__suggest(l->p, l->diags,
                            fd_program__find(l->diags, FD_FAULT, "name", p->decl, &c->argument,
                                             "没有叫「%.80s」的数据项", "no item is called %.80s",
                                             text),
                            1u << FD_DECL_ITEM, text);
    return item;
}

/* 建议 研发费用 可增;科技人员 可增(并入 职工总数);销售收入 不作建议 */
static void read_advice(fd_loader *l, fd_policy *p)
{
    const fd_clause *c = fd_decl__clause(p->decl, "建议");
    size_t room = 2;
    char *copy;

    if (!c)
        return;
    copy = fd_ding__half(l->p->arena, fd_view_of(c->text));
    for (const char *t = copy; *t; t++)
        room += *t == ';';
    p->advice = fd_arena_alloc(l->p->arena, room * sizeof *p->advice);
    for (char *part = strtok(copy, ";"); part; part = strtok(NULL, ";")) {
        fd_view v = fd_view_trim(fd_view_of(part)), name = v;
        fd_policy_advice *a = &p->advice[p->advice_count];
        ptrdiff_t within = fd_view_find(v, "并入");
        size_t end = 0;

        while (end < v.len && v.ptr[end] != ' ')
            end++;
        name.len = end;
        if (!(a->item = item_named(l, p, c, name)))
            continue;
        a->may_rise = fd_view_find(v, "可增") >= 0 || fd_view_find(v, "may_rise") >= 0;
        a->may_fall = fd_view_find(v, "可减") >= 0 || fd_view_find(v, "may_fall") >= 0;
        if (within >= 0) {
            fd_view rest = { v.ptr + within + strlen("并入"),
                             v.len - (size_t)within - strlen("并入") };

            while (rest.len && rest.ptr[rest.len - 1] == ')')
                rest.len--;
            a->within = item_named(l, p, c, fd_view_trim(rest));
        }
        p->advice_count++;
    }
}

static void read_held(fd_loader *l, fd_policy *p)
{
    size_t count;
    const char **words = fd_decl__words(l->p->arena, p->decl, "掌握", &count);
    const fd_clause *c = fd_decl__clause(p->decl, "掌握");

    p->held = fd_arena_alloc(l->p->arena, (count + 1) * sizeof *p->held);
    for (size_t i = 0; i < count; i++)
        if ((p->held[p->held_count] = item_named(l, p, c, fd_view_of(words[i]))))
            p->held_count++;
}

/* ---- the whole ---- */

static fd_policy *read_policy(fd_loader *l, const fd_decl *decl)
{
    fd_policy *p = fd_arena_alloc(l->p->arena, sizeof *p);
    const fd_clause *span = fd_decl__clause(decl, "期间"), *life = fd_decl__clause(decl, "有效期");
    const char *letter = fd_decl__word(decl, "置信"), *na = fd_decl__word(decl, "不适用");

    p->decl = decl;
    p->id = decl->alias;
    p->name = decl->name;
    p->type = fd_decl__word(decl, "类型") ? fd_decl__word(decl, "类型") : "资质";
    p->level = fd_decl__word(decl, "级别") ? fd_decl__word(decl, "级别") : "";
    p->issuer = text_of(decl, "发文");
    p->key_name = fd_decl__word(decl, "按") ? fd_decl__word(decl, "按") : "申请日";
    p->lifetime = life ? life->text : NULL;
    if (life && life->word_count >= 2)
        p->lifetime_months = atoi(life->words[0]) * (strcmp(life->words[1], "年") == 0 ? 12 : 1);
    p->notice = text_of(decl, "提示");
    p->fair = text_of(decl, "公平竞争审查");
    p->confidence = letter ? letter[0] : 'D';
    p->is_template = strcmp(p->type, "模板") == 0;
    p->parallel = fd_decl__clause(decl, "并行") != NULL;
    p->actual_span = fd_decl__clause(decl, "按实际期间") != NULL;
    p->na = !na                       ? FD_NA_UNKNOWN
            : strcmp(na, "符合") == 0 ? FD_NA_PASSES
            : strcmp(na, "跳过") == 0 ? FD_NA_SKIPS
                                      : FD_NA_FAILS;
    p->span_from = p->span_to = FD_DATE_NONE;
    if (span && (!read_span(span->words, span->word_count, 0, &p->span_from, &p->span_to) ||
                 p->span_to == FD_DATE_MAX))
        fd_program__find(l->diags, FD_FAULT, "date", decl, &span->span, "期间 应写 日期 至 日期",
                         "span: DATE to DATE");
    if (strcmp(fd_decl__word(decl, "对象") ? fd_subject_kind_id(fd_decl__word(decl, "对象"))
                                           : "enterprise",
               "enterprise") != 0)
        fd_program__find(l->diags, FD_FAULT, "of", decl, NULL, "政策的对象现在只能是企业",
                         "a policy is about enterprises");
    read_versions(l, p);
    read_parts(l, p);
    p->grant = read_money(l, p, "资助");
    p->cap = read_money(l, p, "封顶");
    p->floor = read_money(l, p, "保底");
    if (fd_decl__clause(decl, "资助"))
        p->grant_cite = fd_decl__clause(decl, "资助")->cite;
    read_sharing(l, p);
    read_advice(l, p);
    read_held(l, p);
    p->unverified =
        p->confidence == 'D' || fd_decl__clause(decl, "未核实") || fd_decl__clause(decl, "示例");
    for (size_t i = 0; i < p->part_count; i++)
        p->unverified = p->unverified || p->parts[i].confidence == 'D';
    fd_policy__check(l, p);
    return p;
}

void fd_load__policies(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_POLICY].count;

    l->p->typed[FD_DECL_POLICY] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        l->p->typed[FD_DECL_POLICY][i] = read_policy(l, l->p->decls[FD_DECL_POLICY].items[i]);
}
