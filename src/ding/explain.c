/*
 * Declarations → sentences that a reader without training follows.
 */
#include "ding/explain.h"

#include <stdlib.h>

/* ---- declarations ---- */

static const char *kind_name(const fd_teller *t, const char *id)
{
    for (const fd_word *w = fd_grammar_subjects(); w->zh; w++)
        if (strcmp(w->en, id) == 0)
            return fd_teller__either(t, w->zh, w->en);
    return id;
}

static void tell_heading(fd_teller *t, const fd_decl *decl)
{
    const fd_kind_rule *kind = fd_grammar_kind_of(decl->kind);

    fd_buf_printf(&t->out, fd_teller__either(t, "%s「%s」", "The %s \"%s\""),
                  fd_teller__either(t, kind->zh, kind->en), decl->name);
    if (strcmp(decl->name, decl->alias) != 0)
        fd_buf_printf(&t->out, fd_teller__either(t, "(%s)", " (%s)"), decl->alias);
}

/* The clauses that every kind has. */
static void tell_common(fd_teller *t, const fd_decl *decl)
{
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];

        if (strcmp(c->keyword, "说明") == 0)
            fd_buf_printf(&t->out, fd_teller__either(t, "说明:%s。", " Note: %s."), c->text);
        else if (strcmp(c->keyword, "依据") == 0)
            fd_buf_printf(&t->out, fd_teller__either(t, "依据:%s。", " Source: %s."), c->text);
        else if (strcmp(c->keyword, "替代") == 0)
            fd_buf_printf(&t->out, fd_teller__either(t, "它替代原来的 %s。", " It replaces %s."),
                          c->text);
        else if (strcmp(c->keyword, "有效") == 0)
            fd_buf_printf(&t->out, fd_teller__either(t, "有效期:%s。", " In force: %s."), c->text);
        else if (strcmp(c->keyword, "未核实") == 0)
            fd_teller__say(t, "尚未核实。", " It has not been verified.");
        else if (strcmp(c->keyword, "示例") == 0)
            fd_teller__say(t, "这是示例,不是真实数据。", " It is an invented example.");
    }
}

/* "2024-12-31 至 2025-12-31"; open lists end with 起. */
static void tell_days(fd_teller *t, const fd_complete *c)
{
    char from[16], to[16];

    fd_date_format(c->from, from, sizeof from);
    fd_date_format(c->to, to, sizeof to);
    if (c->to == FD_DATE_MAX)
        fd_buf_printf(&t->out, fd_teller__either(t, "自 %s 起", "from %s on"), from);
    else
        fd_buf_printf(&t->out, fd_teller__either(t, "%s 至 %s", "from %s to %s"), from, to);
}

static void tell_item(fd_teller *t, const fd_item *item)
{
    static const char *const natures[][2] = {
        { "流量(可以跨期相加)", "flow (adds up over time)" },
        { "存量(时点数,不能跨期相加)", "stock (of a moment; does not add up over time)" },
        { "比率(不能直接相加)", "ratio (does not add up)" },
        { "属性", "attribute" },
    };

    fd_buf_printf(&t->out, fd_teller__either(t, "是%s的%s", " belongs to %s and is a %s"),
                  kind_name(t, item->kind),
                  fd_teller__either(t, natures[item->nature - 1][0], natures[item->nature - 1][1]));
    if (item->value_kind == FD_DEC)
        fd_buf_printf(&t->out,
                      fd_teller__either(t, ",单位 %s,存 %d 位小数",
                                        ", in %s, kept with %d decimals"),
                      item->unit->name[0] ? item->unit->name : "1", item->scale);
    fd_teller__say(t, "。", ".");
    if (item->may_be_na)
        fd_teller__say(t, "有的企业没有这一项,那时为不适用,不是零。",
                       " Where it does not exist it is n/a, not zero.");
    for (const fd_complete *c = item->complete; c; c = c->next) {
        fd_teller__say(t, "名单是全的:", " Its list is complete ");
        tell_days(t, c);
        fd_teller__say(t, "。", ".");
    }
    if (item->by)
        fd_buf_printf(&t->out,
                      fd_teller__either(t, "按%s分列,写作 %s:代码。",
                                        " It is kept by %s and written %s:CODE."),
                      item->by, item->name);
    if (item->other_count) {
        fd_teller__say(t, "报表里也叫 ", " Returns also call it ");
        for (size_t i = 0; i < item->other_count; i++)
            fd_buf_printf(&t->out, "%s%s", i ? fd_teller__either(t, "、", ", ") : "",
                          item->other_names[i]);
        fd_teller__say(t, "。", ".");
    }
}

static void tell_unit(fd_teller *t, const fd_unit *unit)
{
    const fd_clause *equals = fd_decl__clause(unit->decl, "等于");

    if (unit->is_points)
        fd_teller__say(t, "是两个百分数之差的单位。",
                       " measures the difference of two percentages.");
    else if (equals)
        fd_buf_printf(&t->out, fd_teller__either(t, "等于 %s。", " equals %s."), equals->text);
    else
        fd_teller__say(t, "是基本单位。", " is a base unit.");
}

static void tell_class(fd_teller *t, const fd_class *class)
{
    size_t parts = 0;
    const fd_item *attribute = fd_program_item(t->program, class->attribute);

    for (size_t i = 0; i < class->member_count; i++)
        parts += fd_quot_compare(class->members[i].share, fd_quot_from_int(1)) != 0;
    fd_buf_printf(&t->out,
                  fd_teller__either(t, "按「%s」划分,列了 %zu 个代码(代码包括它下面的各级)",
                                    " goes by %s and lists %zu codes, each "
                                    "with all below it"),
                  attribute ? fd_teller__either(t, attribute->name, attribute->id)
                            : class->attribute,
                  class->member_count);
    if (parts)
        fd_buf_printf(
            &t->out, fd_teller__either(t, ",其中 %zu 个只算一部分", ", of which %zu count in part"),
            parts);
    fd_teller__say(t, "。", ".");
    if (class->partial)
        fd_teller__say(t, "名单不全:没列出的代码是不明,不是不属于。",
                       " The list is incomplete: a code not listed is unknown, not outside.");
    if (class->members_unread)
        fd_teller__say(t, "成员在另外的文件里,这里没有读。",
                       " Its members are in a file that was not read here.");
}

static void tell_missing(fd_teller *t, const fd_indicator *i)
{
    if (i->missing == FD_RULE_SKIP_REPORTED)
        fd_teller__say(
            t, "有缺报时只加已报的,并注明覆盖率。",
            " With answers missing only those received count, and the coverage is shown.");
    else
        fd_teller__say(t, "任何一户缺报,结果就是缺报,不当作零。",
                       " If any answer is missing the result is missing, never zero.");
    for (size_t k = 0; k < i->rule_count; k++) {
        fd_teller__say(t, "", " Where ");
        fd_teller__tell(t, i->rules[k].when, 0);
        fd_buf_printf(&t->out, fd_teller__either(t, "时为%s。", " it is %s."),
                      fd_state_name(i->rules[k].state, t->lang));
    }
}

static void tell_indicator(fd_teller *t, const fd_indicator *i)
{
    const char *unit = i->unit->name[0] ? i->unit->name : fd_teller__either(t, "无单位", "no unit");

    fd_buf_printf(&t->out, fd_teller__either(t, "的对象是%s,单位 %s。", " is about %s, in %s."),
                  kind_name(t, i->kind), unit);
    if (i->formula) {
        fd_buf_printf(&t->out, fd_teller__either(t, "对每个%s:", " For each %s: "),
                      kind_name(t, i->kind));
        fd_teller__tell(t, i->formula, 0);
        fd_teller__say(t, "。", ".");
    }
    if (i->total) {
        fd_teller__say(t,
                       "对全市、县区、产业链等:", " For the city, a county, a chain and so on: ");
        fd_teller__tell(t, i->total, 0);
        fd_teller__say(t, "。", ".");
        if (i->formula && i->formula->kind == FD_EXPR_DIV && i->total->kind == FD_EXPR_DIV)
            fd_teller__say(t, "汇总的值不是各户比率的平均。",
                           " The total is not the mean of the subjects' ratios.");
    }
    if (i->population) {
        fd_teller__say(t, "只包括", " Only those count where ");
        fd_teller__tell(t, i->population, 0);
        fd_teller__say(t, "的。", ".");
    }
    tell_missing(t, i);
    if (i->digits >= 0)
        fd_buf_printf(&t->out,
                      fd_teller__either(t, "显示 %d 位小数,只管显示,不进判定。",
                                        " It shows %d decimals; decisions use the exact value."),
                      i->digits);
    fd_teller__say(t, i->verified ? "采用统计部门核定数。" : "",
                   i->verified ? " It is the statistical bureau's verified figure." : "");
    if (i->higher_is_better || i->lower_is_better)
        fd_teller__say(t, i->higher_is_better ? "越高越好。" : "越低越好。",
                       i->higher_is_better ? " Higher is better." : " Lower is better.");
    if (i->source_count) {
        fd_teller__say(t, "数据来自 ", " Its data come from ");
        for (size_t k = 0; k < i->source_count; k++)
            fd_buf_printf(&t->out, "%s%s", k ? fd_teller__either(t, "、", ", ") : "",
                          i->sources[k]);
        fd_teller__say(t, "。", ".");
    }
}

static void tell_decimal(fd_teller *t, fd_decimal value, const fd_unit *unit)
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
static void tell_pace(fd_teller *t, fd_decimal from, int from_year, fd_decimal to, int to_year,
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

static void tell_lights(fd_teller *t, const fd_light *light)
{
    static const char *const colors[][2] = {
        { "绿灯", "green" }, { "黄灯", "yellow" }, { "红灯", "red" }, { "灰灯", "grey" }
    };

    for (size_t i = 0; i < light->rule_count; i++) {
        const struct fd_light_rule *rule = &light->rules[i];

        if (rule->when) {
            fd_teller__say(t, "", " It is ");
            fd_teller__say(t, "", colors[rule->color][FD_EN]);
            fd_teller__say(t, "", " when ");
            fd_teller__tell(t, rule->when, 0);
            fd_buf_printf(&t->out, fd_teller__either(t, ",亮%s", "%.0s"),
                          colors[rule->color][FD_ZH]);
        } else {
            fd_buf_printf(&t->out, fd_teller__either(t, "其余亮%s", " Else it is %s"),
                          fd_teller__either(t, colors[rule->color][0], colors[rule->color][1]));
        }
        if (rule->reason)
            fd_buf_printf(&t->out, fd_teller__either(t, "(%s)", " (%s)"), rule->reason);
        fd_teller__say(t, "。", ".");
    }
    fd_teller__say(t, "数不明时为灰灯,不算红。", " With a figure unknown it is grey, not red.");
}

static void tell_target(fd_teller *t, const fd_target *target)
{
    const fd_target_point *last = target->base_count ? &target->base[target->base_count - 1] : NULL;

    fd_buf_printf(
        &t->out, fd_teller__either(t, "承诺:到 %d 年,%s%s的「%s」", " promises that by %d %s%s%s "),
        target->due_year, target->scope ? target->scope : "",
        fd_teller__either(t, "", target->scope ? "'s " : ""),
        fd_teller__either(t, target->indicator->name, target->indicator->name));
    fd_teller__say(t,
                   target->relation == FD_EXPR_GE   ? "不低于 "
                   : target->relation == FD_EXPR_LE ? "不高于 "
                                                    : "为 ",
                   target->relation == FD_EXPR_GE   ? "is at least "
                   : target->relation == FD_EXPR_LE ? "is at most "
                                                    : "is ");
    tell_decimal(t, target->value, target->unit);
    fd_teller__say(t, "。", ".");
    if (target->base_count) {
        fd_teller__say(t, "基线:", " Base: ");
        for (size_t i = 0; i < target->base_count; i++) {
            fd_buf_printf(&t->out, fd_teller__either(t, "%s%d 年 ", "%s%d "),
                          i ? fd_teller__either(t, ",", ", ") : "", target->base[i].year);
            tell_decimal(t, target->base[i].value, target->unit);
        }
        fd_teller__say(t, "。", ".");
    }
    if (last && last->year < target->due_year) {
        fd_teller__say(t, "从最近的基线算起,平均每年需 ", " From the latest base it takes a year ");
        tell_pace(t, last->value, last->year, target->value, target->due_year, target->unit);
        if (target->base_count > 1) {
            fd_teller__say(t, ",此前平均每年 ", ", against ");
            tell_pace(t, target->base[0].value, target->base[0].year, last->value, last->year,
                      target->unit);
            fd_teller__say(t, "", " before");
        }
        fd_teller__say(t, "。", ".");
    }
    if (target->also_count) {
        fd_teller__say(t, "原文没有写死年份,另按 ",
                       " The text leaves the year open; also shown for ");
        for (size_t i = 0; i < target->also_count; i++)
            fd_buf_printf(&t->out, "%s%d", i ? fd_teller__either(t, "、", ", ") : "",
                          target->also_years[i]);
        fd_teller__say(t, " 年列出。", ".");
    }
    if (target->path_linear)
        fd_buf_printf(&t->out,
                      fd_teller__either(t, "路径是 %d 到 %d 年的直线。",
                                        " The path is a straight line from %d to %d."),
                      target->path_from, target->path_to);
    if (target->light)
        tell_lights(t, target->light);
    if (target->owner)
        fd_buf_printf(&t->out, fd_teller__either(t, "牵头:%s。", " Lead: %s."), target->owner);
    if (target->cite)
        fd_buf_printf(&t->out, fd_teller__either(t, "出处:%s。", " Source of the promise: %s."),
                      target->cite);
}

static void tell_param(fd_teller *t, const fd_param *param)
{
    char date[16];

    fd_teller__say(t, "的值:", " is ");
    for (size_t i = 0; i < param->count; i++) {
        fd_teller__say(t, i ? ";" : "", i ? "; " : "");
        if (param->from[i] != FD_DATE_NONE) {
            fd_date_format(param->from[i], date, sizeof date);
            fd_buf_printf(&t->out, fd_teller__either(t, "%s 起 ", "from %s "), date);
        }
        tell_decimal(t, param->values[i], param->unit);
    }
    fd_teller__say(t, "。", ".");
}

static void tell_record(fd_teller *t, const fd_record_type *type)
{
    fd_teller__say(t, "有这些状态:", " has these states: ");
    for (size_t i = 0; i < type->state_count; i++)
        fd_buf_printf(&t->out, "%s%s", i ? fd_teller__either(t, "、", ", ") : "", type->states[i]);
    fd_teller__say(t, "。可以从", ". Moves: ");
    for (size_t i = 0; i < type->transition_count; i++)
        fd_buf_printf(&t->out, fd_teller__either(t, "%s%s到%s", "%s%s to %s"),
                      i ? fd_teller__either(t, "、", ", ") : "",
                      type->transitions[i].from < 0 ? fd_teller__either(t, "新建", "new")
                                                    : type->states[type->transitions[i].from],
                      type->states[type->transitions[i].to]);
    fd_teller__say(t, "。字段:", ". Fields: ");
    for (size_t i = 0; i < type->field_count; i++)
        fd_buf_printf(&t->out, "%s%s%s", i ? fd_teller__either(t, "、", ", ") : "",
                      type->fields[i].name,
                      type->fields[i].required ? fd_teller__either(t, "(必填)", " (required)")
                                               : "");
    fd_teller__say(t, "。", ".");
}

static void tell_part_of(fd_teller *t, const fd_policy_part *part)
{
    static const char *const zh[] = { "", "前提", "条件", "人工判断", "直通", "计算" };
    static const char *const en[] = {
        "", "scope", "condition", "decided by a person", "direct pass", "value"
    };

    fd_buf_printf(&t->out, fd_teller__either(t, "%s「%s」:", " %s %s: "),
                  fd_teller__either(t, zh[part->kind], en[part->kind]), part->name);
    if (part->clause->expr)
        fd_teller__tell(t, part->clause->expr, 0);
    else
        fd_buf_puts(&t->out, part->clause->text);
    if (part->cite)
        fd_buf_printf(&t->out, "〔%s〕", part->cite);
    if (part->confidence == 'D')
        fd_teller__say(t, "(未核实)", " (unverified)");
    fd_teller__say(t, "。", ".");
}

static void tell_policy(fd_teller *t, const fd_policy *p)
{
    char from[16], to[16];

    fd_buf_printf(&t->out, fd_teller__either(t, "是一项%s政策,", " is a policy (%s); "), p->type);
    for (size_t v = 0; v < p->version_count; v++) {
        const fd_policy_version *version = &p->versions[v];

        fd_date_format(version->from, from, sizeof from);
        fd_date_format(version->to, to, sizeof to);
        if (version->to == FD_DATE_MAX)
            fd_buf_printf(&t->out,
                          fd_teller__either(t, "%s%s 自 %s 起有效;", "%s%s in force from %s on; "),
                          version->number, version->name[0] ? version->name : "", from);
        else
            fd_buf_printf(
                &t->out, fd_teller__either(t, "%s%s 自 %s 至 %s 有效;", "%s%s in force %s to %s; "),
                version->number, version->name[0] ? version->name : "", from, to);
    }
    fd_buf_printf(&t->out, fd_teller__either(t, "核实程度 %c%s。", "confidence %c%s."),
                  p->confidence,
                  p->unverified ? fd_teller__either(t, ",未核实(unverified)", ", unverified") : "");
    for (size_t i = 0; i < p->part_count; i++)
        tell_part_of(t, &p->parts[i]);
    if (p->grant) {
        fd_teller__say(t, "资助:", " Grant: ");
        fd_teller__tell(t, fd_decl__clause(p->decl, "资助")->expr, 0);
        if (p->cap) {
            fd_teller__say(t, ",最高 ", ", at most ");
            fd_teller__tell(t, fd_decl__clause(p->decl, "封顶")->expr, 0);
        }
        if (fd_decl__clause(p->decl, "保底")) {
            fd_teller__say(t, ",最低 ", ", at least ");
            fd_teller__tell(t, fd_decl__clause(p->decl, "保底")->expr, 0);
        }
        fd_teller__say(t, "。", ".");
    }
    if (p->notice)
        fd_buf_printf(&t->out, "%s。", p->notice);
}

static void tell_complete(fd_teller *t, const fd_decl *decl, const fd_complete *c)
{
    size_t count;
    const char **names = fd_decl__words(t->program->arena, decl, "项", &count);

    fd_teller__say(t, "说明这些名单是全的:", " says that these lists are complete: ");
    for (size_t i = 0; i < count; i++)
        fd_buf_printf(&t->out, "%s%s", i ? fd_teller__either(t, "、", ", ") : "", names[i]);
    fd_teller__say(t, ",", ", ");
    tell_days(t, c);
    fd_teller__say(
        t, "。那些日子里名单上没有的就是「否」(日期是不适用);别的日子里没有就是不知道。",
        ". On these days who is not on a list is a \"no\" (n/a, of a date); on others, unknown.");
}

static void tell_ladder(fd_teller *t, const fd_ladder *g)
{
    fd_teller__say(t, "的各级:", " has the rungs ");
    for (size_t i = 0; i < g->rung_count; i++)
        fd_buf_printf(&t->out, "%s%s", i ? fd_teller__either(t, "、", ", ") : "", g->rungs[i].name);
    fd_teller__say(t, "。可以从", ". Steps: ");
    for (size_t i = 0; i < g->step_count; i++)
        fd_buf_printf(&t->out, fd_teller__either(t, "%s%s到%s", "%s%s to %s"),
                      i ? fd_teller__either(t, "、", ", ") : "", g->rungs[g->steps[i][0]].name,
                      g->rungs[g->steps[i][1]].name);
    fd_teller__say(t, "。", ".");
    if (g->pool)
        fd_buf_printf(&t->out,
                      fd_teller__either(t, "储备按「%s」数。", " The pool is counted by %s."),
                      fd_teller__either(t, g->pool->name, g->pool->id));
}

/* Kinds that other parts of the program interpret: their clauses, one by one. */
static void tell_clauses(fd_teller *t, const fd_decl *decl)
{
    fd_teller__say(t, "。", ".");
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];
        const fd_clause_rule *rule = fd_grammar_clause(decl->kind, fd_view_of(c->keyword));

        fd_buf_printf(&t->out, fd_teller__either(t, "%s:%s", " %s: %s"),
                      fd_teller__either(t, c->keyword, rule ? rule->en : c->keyword), c->text);
        if (c->child_count)
            fd_buf_printf(&t->out, fd_teller__either(t, "(%zu 项)", " (%zu entries)"),
                          c->child_count);
        fd_teller__say(t, "。", ".");
    }
}

int fd_decl_explain(char **out, const fd_program *p, const fd_decl *decl, fd_lang lang)
{
    fd_teller t = { p, FD_BUF_INIT, lang };
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
        fd_teller__say(&t, ":", ":");
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
