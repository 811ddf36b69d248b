/*
 * One project: what the ledger says, month by month against plan, gate by gate with evidence,
 * output against the feasibility study.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "industry/ledger.h"
#include "measure/arith.h"

void fd_project_page_dispose(fd_project_page *page)
{
    fd_table_free(page->card);
    fd_table_free(page->months);
    fd_table_free(page->gates);
    fd_table_free(page->ramp);
    memset(page, 0, sizeof *page);
}

static void set(fd_table *t, const char *column, size_t row, const char *text)
{
    if (text && *text)
        fd_column_set_text(t->columns[fd_table_find(t, column)], row, text);
}

static void set_number(fd_table *t, const char *column, size_t row, fd_number n)
{
    if (n.state == FD_HAS || n.state == FD_DOUBT)
        fd_column_set_number(t->columns[fd_table_find(t, column)], row, n);
    else
        fd_column_set_state(t->columns[fd_table_find(t, column)], row, n.state);
}

static fd_table *new_months(void)
{
    static const fd_column_spec specs[] = {
        { "period", "期间", "Period", FD_PERIOD, NULL, 0 },
        { "stage", "阶段", "Stage", FD_TEXT, NULL, 0 },
        { "plan", "年度计划", "Planned", FD_QUOT, "万元", 0 },
        { "due", "序时应完成", "Due by now", FD_QUOT, "万元", 0 },
        { "done", "累计完成", "Done", FD_QUOT, "万元", 0 },
        { "percent", "完成率", "Done of plan", FD_QUOT, "%", 0 },
        { "schedule", "序时", "Schedule", FD_QUOT, "%", 0 },
        { "light", "灯", "Light", FD_TEXT, NULL, 0 },
        { "why", "理由", "Reason (zh)", FD_TEXT, NULL, 0 },
        { "why_en", "Reason", "Reason", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("months", "投资序时进度", "Investment by month");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t c = 2; c <= 4; c++)
        t->columns[c]->digits = 0;
    t->columns[5]->digits = t->columns[6]->digits = 1;
    return t;
}

static fd_table *new_ramp(void)
{
    static const fd_column_spec specs[] = {
        { "period", "期间", "Period", FD_PERIOD, NULL, 0 },
        { "made", "本年累计产值", "Output this year", FD_QUOT, "万元", 0 },
        { "annual", "折年产值", "Made annual", FD_QUOT, "万元", 0 },
        { "feasible", "可研年产值", "Of the study", FD_QUOT, "万元", 0 },
        { "percent", "达产率", "Ramp", FD_QUOT, "%", 0 },
        { "tax_percent", "税收达效率", "Ramp of tax", FD_QUOT, "%", 0 },
        { "months", "投产月数", "Months since", FD_DEC, NULL, 0 },
        { "expected", "爬坡曲线", "Curve", FD_QUOT, "%", 0 },
        { "light", "灯", "Light", FD_TEXT, NULL, 0 },
        { "why", "理由", "Reason (zh)", FD_TEXT, NULL, 0 },
        { "why_en", "Reason", "Reason", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("ramp", "投产与达效", "Production and ramp");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t c = 1; c <= 3; c++)
        t->columns[c]->digits = 0;
    for (size_t c = 4; c <= 7; c++)
        t->columns[c]->digits = 1;
    t->columns[6]->digits = 0;
    return t;
}

static void put_card_line(fd_table *t, const char *zh, const char *en, const char *value)
{
    size_t row;

    if (!value || !*value)
        return;
    row = fd_table_add_row(t);
    fd_column_set_text(t->columns[0], row, zh);
    fd_column_set_text(t->columns[1], row, en);
    fd_column_set_text(t->columns[2], row, value);
}

static fd_table *make_card(const fd_ledger *l, size_t p, const fd_gate_row *gate)
{
    static const char *const titles[FD_LA_COUNT][2] = {
        { "县区", "County" },      { "产业链", "Chain" },     { "类别", "Type" },
        { "阶段(台账)", "Stage" }, { "计划开工", "Start" },   { "计划投产", "Finish" },
        { "责任单位", "Owner" },   { "滞后原因", "Reason" },  { "建设单位", "Firm" },
        { "建设地点", "Site" },    { "备案代码", "Approval" }
    };
    static const char *const items[FD_LI_COUNT][2] = {
        { "本年完成(万元)", "Done this year" },     { "本年计划(万元)", "Planned this year" },
        { "计划总投资(万元)", "Planned in all" },   { "可研年产值(万元)", "Output of the study" },
        { "可研年税收(万元)", "Tax of the study" }, { "本年产值(万元)", "Output this year" },
        { "本年税收(万元)", "Tax this year" }
    };
    fd_table *t = fd_table_new("project", "项目", "Project");

    fd_table_add_new(t, "field", "栏目", "Field (zh)", FD_TEXT, "", 0);
    fd_table_add_new(t, "field_en", "Field", "Field", FD_TEXT, "", 0);
    fd_table_add_new(t, "value", "内容", "Value", FD_TEXT, "", 0);
    put_card_line(t, "项目代码", "Code", l->frame->codes[p]);
    put_card_line(t, "项目", "Project", l->frame->names[p]);
    for (int a = 0; a < FD_LA_COUNT; a++)
        put_card_line(t, titles[a][0], titles[a][1], fd_ledger__attribute(l, a, p));
    put_card_line(t, "凭据到", "Evidence up to",
                  gate->has ? gate->proved < 0 ? "没有" : fd_project_stage_name(gate->proved, FD_ZH)
                            : "未登记关口");
    for (int i = 0; i < FD_LI_COUNT; i++) {
        fd_number n = fd_ledger__item(l, i, p);
        char text[80];

        if (n.state == FD_HAS)
            put_card_line(t, items[i][0], items[i][1], fd_works__short(n, text, sizeof text));
        else
            put_card_line(t, items[i][0], items[i][1], fd_state_name(n.state, FD_ZH));
    }
    return t;
}

static void put_month(fd_table *t, const fd_ledger *l, size_t p, const fd_ledger_light *light)
{
    size_t row = fd_table_add_row(t);
    fd_number done = fd_ledger__item(l, FD_LI_DONE, p), plan = fd_ledger__item(l, FD_LI_PLAN, p);
    fd_number schedule = fd_number_exact(fd_light_time_share(l->period));

    fd_column_set_day(t->columns[0], row, l->period);
    set(t, "stage", row, fd_ledger__attribute(l, FD_LA_STAGE, p));
    set_number(t, "plan", row, plan);
    set_number(t, "done", row, done);
    set_number(t, "schedule", row, schedule);
    if (plan.state == FD_HAS && !plan.is_estimate)
        set_number(t, "due", row,
                   fd_number_apply(fd_number_apply(plan, '*', schedule), '/', fd_number_int(100)));
    if (plan.state == FD_HAS && done.state == FD_HAS && !plan.is_estimate && plan.exact.num > 0)
        set_number(t, "percent", row,
                   fd_number_apply(fd_number_apply(done, '/', plan), '*', fd_number_int(100)));
    set(t, "light", row, fd_color_name(light->v.color, FD_EN));
    set(t, "why", row, light->v.reason[FD_ZH]);
    set(t, "why_en", row, light->v.reason[FD_EN]);
}

static void put_ramp(fd_table *t, const fd_ledger *l, size_t p, fd_date produced,
                     const fd_ramp_row *ramp, const fd_ledger_light *light,
                     const fd_works_options *o)
{
    size_t row = fd_table_add_row(t);
    fd_quot expected;

    fd_column_set_day(t->columns[0], row, l->period);
    set_number(t, "made", row, ramp->made);
    set_number(t, "annual", row, ramp->annual);
    set_number(t, "feasible", row, fd_ledger__item(l, FD_LI_OUTPUT, p));
    set_number(t, "percent", row, ramp->percent);
    set_number(t, "tax_percent", row, ramp->tax_percent);
    if (produced != FD_DATE_NONE && produced <= l->at) {
        int since = fd_works__months(produced, l->at);

        fd_column_set_dec(t->columns[fd_table_find(t, "months")], row, since);
        if (fd_works__ramp(&expected, o->ramp, since))
            set_number(t, "expected", row, fd_number_exact(expected));
    }
    if (light->applies) {
        set(t, "light", row, fd_color_name(light->v.color, FD_EN));
        set(t, "why", row, light->v.reason[FD_ZH]);
        set(t, "why_en", row, light->v.reason[FD_EN]);
    }
}

/* Each gate: passed with evidence, next, or claimed by the ledger without it. */
static fd_table *make_gates(const fd_gate_row *g, int stage)
{
    static const fd_column_spec specs[] = {
        { "gate", "关口", "Gate", FD_TEXT, NULL, 0 },
        { "gate_en", "Gate (en)", "Gate (en)", FD_TEXT, NULL, 0 },
        { "state", "状态", "State", FD_TEXT, NULL, 0 },
        { "date", "日期", "Date", FD_DATE, NULL, 0 },
        { "evidence", "凭据", "Evidence", FD_TEXT, NULL, 0 },
        { "said", "说明", "Said (zh)", FD_TEXT, NULL, 0 },
        { "said_en", "Said", "Said", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("gates", "关口", "Gates");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (int s = 0; s < FD_STAGES; s++) {
        size_t row = fd_table_add_row(t);
        const char *state = s <= g->proved       ? "passed"
                            : g->evident[s]      ? "skipped"
                            : s == g->proved + 1 ? s <= stage ? "missing" : "next"
                            : s <= stage         ? "missing"
                                                 : "later";

        set(t, "gate", row, fd_project_stage_name(s, FD_ZH));
        set(t, "gate_en", row, fd_project_stage_name(s, FD_EN));
        set(t, "state", row, state);
        if (g->on[s] != FD_DATE_NONE)
            fd_column_set_day(t->columns[3], row, g->on[s]);
        set(t, "evidence", row, g->evidence[s]);
        if (strcmp(state, "skipped") == 0) {
            set(t, "said", row, "前面的关口没有凭据,这一关不算过");
            set(t, "said_en", row, "an earlier gate has no evidence: this one does not count");
        } else if (strcmp(state, "missing") == 0) {
            set(t, "said", row, "台账已写到这一阶段,凭据没有");
            set(t, "said_en", row, "the ledger claims it, there is no evidence");
        }
    }
    return t;
}

static int walk_months(fd_project_page *out, fd_source *source, const char *code,
                       const fd_works_options *o, fd_date produced)
{
    const fd_period *periods;
    fd_period *kept;
    size_t count, n = 0;
    int err;

    if ((err = source->ops->periods(source, "project_done", FD_CURRENT, &periods, &count)) < 0)
        return err;
    kept = fd_alloc((count + 1) * sizeof *kept); /* the source's array lives until its next call */
    for (size_t i = 0; i < count; i++)
        if (fd_period_kind_of(periods[i]) == FD_CUMULATIVE &&
            fd_period_end(periods[i]) <= fd_period_end(o->period))
            kept[n++] = periods[i];
    for (size_t i = 0; i < n && err >= 0; i++) {
        fd_ledger_light light, ramp_light;
        fd_ramp_row ramp;
        fd_ledger l;

        if ((err = fd_ledger__load(&l, source, kept[i])) < 0) {
            fd_ledger__dispose(&l);
            break;
        }
        for (size_t p = 0; p < l.frame->n && err >= 0; p++) {
            if (strcmp(l.frame->codes[p], code) != 0 || !fd_ledger__attribute(&l, FD_LA_STAGE, p))
                continue;
            if ((err = fd_ledger__investment(&light, &l, p, o)) < 0)
                break;
            put_month(out->months, &l, p, &light);
            if (fd_project_stage(fd_ledger__attribute(&l, FD_LA_STAGE, p)) <
                fd_project_stage("投产"))
                continue;
            if ((err = fd_ledger__ramp(&ramp_light, &ramp, &l, p, produced, o)) >= 0)
                put_ramp(out->ramp, &l, p, produced, &ramp, &ramp_light, o);
        }
        fd_ledger__dispose(&l);
    }
    free(kept);
    return err < 0 ? err : 0;
}

int fd_project_page_make(fd_project_page *out, fd_source *source, const char *code,
                         const fd_works_options *options)
{
    const int producing = fd_project_stage("投产");
    fd_gate_row gate;
    fd_ledger l;
    size_t p;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_ledger__load(&l, source, options->period)) < 0)
        goto done;
    for (p = 0; p < l.frame->n; p++)
        if (strcmp(l.frame->codes[p], code) == 0)
            break;
    if (p == l.frame->n) {
        err = fd_error_set(FD_ENOTFOUND, "没有项目 %s", "there is no project %s", code);
        goto done;
    }
    fd_works__gates(&gate, options->gates, code);
    out->card = make_card(&l, p, &gate);
    out->gates = make_gates(&gate, fd_project_stage(fd_ledger__attribute(&l, FD_LA_STAGE, p)));
    out->months = new_months();
    out->ramp = new_ramp();
    fd_works__note_rules(out->months, options->rules, options->preset);
    fd_works__note_rules(out->ramp, options->rules, "template");
    fd_table_add_note(
        out->ramp,
        "达产率 = 近三个月(投产不足三个月按实际月数)产值折年 ÷ 可研达产年产值;投产和达效是两道关",
        "ramp = output of the last three months made annual ÷ the study's; production "
        "and effect are two gates");
    err = walk_months(out, source, code, options,
                      gate.evident[producing] ? gate.on[producing] : FD_DATE_NONE);
done:
    fd_ledger__dispose(&l);
    if (err < 0)
        fd_project_page_dispose(out);
    return err < 0 ? err : 0;
}
