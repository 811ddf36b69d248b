/*
 * Lights as they are declared: the rules of a 灯 or of a target's 亮灯, tried in order.
 *
 * Everything is computed in base units and exactly; a rule whose figures are unknown, or known only
 * as an estimate, decides nothing, and what it leaves open is grey.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ding/eval/eval.h"
#include "measure/arith.h"
#include "measure/internal.h"

typedef struct judge {
    const fd_program *program;
    fd_source *source;
    const fd_light_figures *figures;
    fd_eval *eval; /* made when first needed */
    int err;       /* the first failure; the answer is then void */
} judge;

static fd_number in_base_units(fd_number v, const fd_unit *unit)
{
    return unit && fd_number_has(v) ? fd_number_apply(v, '*', fd_number_exact(unit->factor)) : v;
}

static fd_number number(judge *j, const fd_expr *e);

/* ---- leaves ---- */

/* 值 路径 目标值 基期值 完成率. */
static fd_number variable(const judge *j, const char *name)
{
    const fd_light_figures *f = j->figures;
    fd_number v = strcmp(name, "value") == 0    ? f->value
                  : strcmp(name, "path") == 0   ? f->path
                  : strcmp(name, "target") == 0 ? f->target
                  : strcmp(name, "base") == 0   ? f->base
                                                : fd_number_apply(f->value, '/', f->path);

    return strcmp(name, "progress") == 0 ? v : in_base_units(v, f->unit);
}

static fd_number parameter(const judge *j, const fd_param *param)
{
    fd_date at = fd_period_end(j->figures->period);

    for (size_t i = param->count; i > 0; i--)
        if (param->from[i - 1] <= at)
            return in_base_units(fd_number_exact(fd_quot_from_decimal(param->values[i - 1])),
                                 param->unit);
    return fd_number_missing();
}

static fd_number indicator(judge *j, const fd_indicator *i)
{
    fd_measured m;
    int err;

    if (!j->source)
        return fd_number_missing();
    err = fd_measure_one(&m, j->program, j->source, i, j->figures->period, NULL);
    if (err < 0) {
        j->err = err;
        return fd_number_missing();
    }
    return in_base_units(m.value, i->unit);
}

/* Anything without a figure of the light: the evaluator's work. */
static fd_number evaluated(judge *j, const fd_expr *e)
{
    fd_eval_query q = { .period = j->figures->period, .basis = FD_CURRENT, .kind = "enterprise" };
    fd_eval_result r = { 0 };
    fd_number v = fd_number_missing();

    if (!j->source)
        return v;
    if (!j->eval)
        j->err = fd_eval_new(&j->eval, j->program, j->source, NULL);
    if (j->err >= 0)
        j->err = fd_eval_expr(&r, j->eval, e, &q);
    if (j->err >= 0 && r.count)
        v = r.cells[0].value;
    fd_eval_result_dispose(&r);
    return v;
}

static bool has_variable(const fd_expr *e)
{
    bool found = e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_VARIABLE;

    for (size_t i = 0; i < e->child_count && !found; i++)
        found = has_variable(e->children[i]);
    return found || (e->where && has_variable(e->where));
}

/* ---- numbers and truths ---- */

static fd_truth truth(judge *j, const fd_expr *e);

/* The first case that holds; an unknown one before it leaves the value unknown. */
static fd_number cases(judge *j, const fd_expr *e)
{
    for (size_t i = 0; i + 1 < e->child_count; i += 2) {
        fd_truth t = truth(j, e->children[i]);

        if (t == FD_UNKNOWN)
            return fd_number_missing();
        if (t == FD_TRUE)
            return number(j, e->children[i + 1]);
    }
    return number(j, e->children[e->child_count - 1]);
}

/* 绝对值, and 最大 or 最小 of several; other functions take no figure of the light. */
static fd_number call(judge *j, const fd_expr *e)
{
    fd_number best;

    if (e->function != FD_FN_ABS && e->function != FD_FN_MAX && e->function != FD_FN_MIN)
        return fd_number_missing();
    best = number(j, e->children[0]);
    if (e->function == FD_FN_ABS)
        return fd_number_has(best) && fd_number_compare(best, fd_number_int(0)) < 0
                   ? fd_number_apply(fd_number_int(0), '-', best)
                   : best;
    for (size_t i = 1; i < e->child_count; i++) {
        fd_number v = number(j, e->children[i]);

        if (!fd_number_has(v) || !fd_number_has(best))
            return fd_number_missing();
        if ((fd_number_compare(v, best) > 0) == (e->function == FD_FN_MAX))
            best = v;
    }
    return best;
}

static fd_number number(judge *j, const fd_expr *e)
{
    static const char operators[] = { '+', '-', '*', '/' };

    if (j->err < 0)
        return fd_number_missing();
    switch (e->kind) {
    case FD_EXPR_NUMBER:
        return in_base_units(fd_number_exact(fd_quot_from_decimal(e->number)), e->type.unit);
    case FD_EXPR_NAME:
        return e->symbol == FD_SYM_VARIABLE    ? variable(j, e->text)
               : e->symbol == FD_SYM_PARAM     ? parameter(j, e->target)
               : e->symbol == FD_SYM_INDICATOR ? indicator(j, e->target)
                                               : evaluated(j, e);
    case FD_EXPR_NEGATE:
        return fd_number_apply(fd_number_int(0), '-', number(j, e->children[0]));
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
    case FD_EXPR_MUL:
    case FD_EXPR_DIV: {
        fd_number a = number(j, e->children[0]), b = number(j, e->children[1]);

        return fd_number_apply(a, operators[e->kind - FD_EXPR_ADD], b);
    }
    case FD_EXPR_CASE:
        return cases(j, e);
    default:
        return !has_variable(e)          ? evaluated(j, e)
               : e->kind == FD_EXPR_CALL ? call(j, e)
                                         : fd_number_missing();
    }
}

static fd_truth compare(judge *j, const fd_expr *e)
{
    fd_number a = number(j, e->children[0]), b = number(j, e->children[1]);
    bool holds;
    int sign;

    if (a.state != FD_HAS || b.state != FD_HAS || a.is_estimate || b.is_estimate)
        return FD_UNKNOWN;
    sign = fd_number_compare(a, b);
    holds = e->kind == FD_EXPR_EQ   ? sign == 0
            : e->kind == FD_EXPR_NE ? sign != 0
            : e->kind == FD_EXPR_LT ? sign < 0
            : e->kind == FD_EXPR_LE ? sign <= 0
            : e->kind == FD_EXPR_GT ? sign > 0
                                    : sign >= 0;
    return holds ? FD_TRUE : FD_FALSE;
}

static fd_truth truth(judge *j, const fd_expr *e)
{
    fd_truth t;

    switch (e->kind) {
    case FD_EXPR_AND:
    case FD_EXPR_OR:
        t = truth(j, e->children[0]);
        for (size_t i = 1; i < e->child_count; i++) {
            fd_truth u = truth(j, e->children[i]);

            if (e->kind == FD_EXPR_AND ? u < t : u > t)
                t = u;
        }
        return t;
    case FD_EXPR_NOT:
        return (fd_truth)(FD_TRUE - truth(j, e->children[0]));
    case FD_EXPR_EQ:
    case FD_EXPR_NE:
    case FD_EXPR_LT:
    case FD_EXPR_LE:
    case FD_EXPR_GT:
    case FD_EXPR_GE:
        return compare(j, e);
    default:
        return FD_UNKNOWN;
    }
}

/* ---- the verdict ---- */

/* 黄:合「值 ≥ 路径 − 2 百分点」, and the declaration's own reason behind it. */
static int explain(fd_verdict *out, fd_color color, const fd_expr *when, const char *reason,
                   bool unknown)
{
    char *text[2] = { NULL, NULL };
    int err = 0;

    out->color = color;
    for (int lang = 0; lang < 2 && when && err >= 0; lang++)
        err = fd_expr_print(&text[lang], when, (fd_lang)lang);
    if (err >= 0) {
        snprintf(out->reason[FD_ZH], sizeof out->reason[FD_ZH], "%s:%s%s%s%s%s",
                 fd_color_name(color, FD_ZH),
                 !when     ? "其余各条不成立"
                 : unknown ? "不明「"
                           : "合「",
                 when ? text[FD_ZH] : "", when ? "」" : "", reason ? "," : "",
                 reason ? reason : "");
        snprintf(out->reason[FD_EN], sizeof out->reason[FD_EN], "%s: %s%s%s%s",
                 fd_color_name(color, FD_EN),
                 !when     ? "no other rule holds"
                 : unknown ? "unknown: "
                           : "",
                 when ? text[FD_EN] : "", reason ? "; " : "", reason ? reason : "");
    }
    free(text[FD_ZH]);
    free(text[FD_EN]);
    return err < 0 ? err : 0;
}

int fd_light_declared(fd_verdict *out, const fd_program *program, fd_source *source,
                      const fd_light *light, const fd_light_figures *figures)
{
    judge j = { program, source, figures, NULL, 0 };
    int err = 0;

    memset(out, 0, sizeof *out);
    out->color = FD_GREY;
    for (size_t i = 0; i < light->rule_count && j.err >= 0; i++) {
        const fd_expr *when = light->rules[i].when;
        fd_truth t = when ? truth(&j, when) : FD_TRUE;

        if (t == FD_FALSE || j.err < 0)
            continue;
        err = t == FD_TRUE ? explain(out, (fd_color)light->rules[i].color, when,
                                     light->rules[i].reason, false)
                           : explain(out, FD_GREY, when, NULL, true);
        break;
    }
    fd_eval_free(j.eval);
    return j.err < 0 ? j.err : err;
}
