/*
 * The list of projects at the end of a month, worst first, with every light and its reason.
 */
#include <stdlib.h>
#include <string.h>

#include "industry/ledger.h"

typedef struct line {
    size_t subject;
    fd_ledger_light investment, start, ramp;
    fd_ramp_row made;
    fd_gate_row gate;
    fd_color overall;
    int days;
} line;

static int compare_lines(const void *a, const void *b)
{
    const line *x = a, *y = b;
    int sx = fd_works__severity(x->overall), sy = fd_works__severity(y->overall);

    if (sx != sy)
        return sy - sx;
    if (x->days != y->days)
        return y->days - x->days;
    return x->subject < y->subject ? -1 : 1;
}

static int days_late(const fd_ledger *l, size_t project)
{
    fd_date due = fd_works__day_of(fd_ledger__attribute(l, FD_LA_FINISH, project));
    bool producing =
        fd_project_stage(fd_ledger__attribute(l, FD_LA_STAGE, project)) >= fd_project_stage("投产");

    return !producing && due != FD_DATE_NONE && due < l->at ? l->at - due : 0;
}

/* The worst of the lights that concern the project; grey is worse than green, since nobody knows.
 */
static fd_color worst_of(const line *l)
{
    const fd_ledger_light *lights[] = { &l->investment, &l->start, &l->ramp };
    fd_color worst = FD_GREEN;

    for (size_t i = 0; i < 3; i++)
        if (lights[i]->applies &&
            fd_works__severity(lights[i]->v.color) > fd_works__severity(worst))
            worst = lights[i]->v.color;
    return worst;
}

static fd_table *new_table(bool full)
{
    static const fd_column_spec plain[] = {
        { "code", "项目代码", "Project code", FD_TEXT, NULL, 0 },
        { "name", "项目", "Project", FD_TEXT, NULL, 0 },
        { "county", "县区", "County", FD_TEXT, NULL, 0 },
        { "chain", "产业链", "Chain", FD_TEXT, NULL, 0 },
        { "type", "类别", "Type", FD_TEXT, NULL, 0 },
        { "stage", "阶段", "Stage", FD_TEXT, NULL, 0 },
        { "start", "计划开工", "Start", FD_TEXT, NULL, 0 },
        { "finish", "计划投产", "Finish", FD_TEXT, NULL, 0 },
        { "owner", "责任单位", "Owner", FD_TEXT, NULL, 0 },
        { "reason", "滞后原因", "Reason", FD_TEXT, NULL, 0 },
        { "done", "本年完成", "Done this year", FD_DEC, "万元", 4 },
        { "plan", "本年计划", "Planned this year", FD_DEC, "万元", 4 },
        { "total", "计划总投资", "Planned in all", FD_DEC, "万元", 4 },
        { "light", "灯", "Light", FD_TEXT, NULL, 0 },
        { "why", "理由", "Reason (zh)", FD_TEXT, NULL, 0 },
        { "why_en", "Reason", "Reason", FD_TEXT, NULL, 0 },
        { "days", "超期", "Days late", FD_DEC, "天", 0 },
    };
    static const fd_column_spec more[] = {
        { "gate", "凭据到", "Evidence up to", FD_TEXT, NULL, 0 },
        { "overall", "总灯", "Worst light", FD_TEXT, NULL, 0 },
        { "start_light", "开工灯", "Light of start", FD_TEXT, NULL, 0 },
        { "start_why", "开工理由", "Start (zh)", FD_TEXT, NULL, 0 },
        { "start_why_en", "Start", "Start", FD_TEXT, NULL, 0 },
        { "ramp", "达产率", "Ramp", FD_QUOT, "%", 0 },
        { "ramp_tax", "税收达效率", "Ramp of tax", FD_QUOT, "%", 0 },
        { "ramp_light", "达产灯", "Light of ramp", FD_TEXT, NULL, 0 },
        { "ramp_why", "达产理由", "Ramp (zh)", FD_TEXT, NULL, 0 },
        { "ramp_why_en", "Ramp", "Ramp", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("projects", "项目", "Projects");

    fd_table_add_columns(t, plain, sizeof plain / sizeof *plain);
    for (size_t c = 10; c < 13; c++)
        t->columns[c]->digits = 0;
    if (full) {
        fd_table_add_columns(t, more, sizeof more / sizeof *more);
        t->columns[fd_table_find(t, "ramp")]->digits = 1;
        t->columns[fd_table_find(t, "ramp_tax")]->digits = 1;
    }
    return t;
}

/* A stored amount in the table's scale of four digits. */
static int set_amount(fd_column *out, size_t row, const fd_column *in, size_t subject)
{
    fd_state state = fd_column_state(in, subject);
    fd_decimal value;
    int err;

    if (state == FD_HAS || state == FD_DOUBT) {
        if ((err = fd_decimal_rescale(&value, (fd_decimal){ in->v.dec[subject], in->scale }, 4)) <
            0)
            return err;
        fd_column_set_dec(out, row, value.mantissa);
    }
    if (state != FD_HAS)
        fd_column_set_state(out, row, state);
    return 0;
}

static void set(fd_table *t, const char *column, size_t row, const char *text)
{
    if (text && *text)
        fd_column_set_text(t->columns[fd_table_find(t, column)], row, text);
}

static void set_light(fd_table *t, size_t row, const fd_ledger_light *l, const char *light,
                      const char *zh, const char *en)
{
    if (!l->applies)
        return;
    set(t, light, row, fd_color_name(l->v.color, FD_EN));
    set(t, zh, row, l->v.reason[FD_ZH]);
    set(t, en, row, l->v.reason[FD_EN]);
}

static int put(fd_table *t, const fd_ledger *ledger, const line *l, bool full)
{
    size_t row = fd_table_add_row(t), c = 2;
    const fd_frame *frame = ledger->frame;
    int err;

    fd_column_set_text(t->columns[0], row, frame->codes[l->subject]);
    fd_column_set_text(t->columns[1], row,
                       frame->names[l->subject] ? frame->names[l->subject]
                                                : frame->codes[l->subject]);
    for (int a = 0; a <= FD_LA_REASON; a++, c++) {
        const char *text = fd_ledger__attribute(ledger, a, l->subject);

        if (text)
            fd_column_set_text(t->columns[c], row, text);
    }
    for (int i = FD_LI_DONE; i <= FD_LI_TOTAL; i++, c++)
        if ((err = set_amount(t->columns[c], row, ledger->i[i], l->subject)) < 0)
            return err;
    set_light(t, row, &l->investment, "light", "why", "why_en");
    if (l->days > 0)
        fd_column_set_dec(t->columns[fd_table_find(t, "days")], row, l->days);
    if (!full)
        return 0;
    set(t, "gate", row, fd_project_stage_name(l->gate.proved, FD_ZH));
    set(t, "overall", row, fd_color_name(l->overall, FD_EN));
    set_light(t, row, &l->start, "start_light", "start_why", "start_why_en");
    set_light(t, row, &l->ramp, "ramp_light", "ramp_why", "ramp_why_en");
    fd_column_set_number(t->columns[fd_table_find(t, "ramp")], row, l->made.percent);
    fd_column_set_number(t->columns[fd_table_find(t, "ramp_tax")], row, l->made.tax_percent);
    return 0;
}

static bool kept(const char *wanted, const char *found)
{
    return !wanted || (found && strcmp(wanted, found) == 0);
}

/* A light by either name; -1 when there is none of it. */
static int light_named(const char *name)
{
    for (int c = 0; c < 4; c++)
        if (strcmp(name, fd_color_name((fd_color)c, FD_EN)) == 0 ||
            strcmp(name, fd_color_name((fd_color)c, FD_ZH)) == 0)
            return c;
    return -1;
}

static int check_options(const fd_works_options *o)
{
    if (o->stage && fd_project_stage(o->stage) < 0)
        return fd_error_set(FD_EINVAL, "没有阶段「%s」:谋划 签约 开工 在建 投产 达效 入规",
                            "no stage %s: 谋划 签约 开工 在建 投产 达效 入规", o->stage);
    if (o->light && light_named(o->light) < 0)
        return fd_error_set(FD_EINVAL, "没有灯「%s」:红 黄 绿 灰",
                            "no light %s: red yellow green grey", o->light);
    return 0;
}

static int judge(line *l, const fd_ledger *ledger, size_t i, const fd_works_options *o, bool full)
{
    int err;

    memset(l, 0, sizeof *l);
    l->subject = i;
    l->days = days_late(ledger, i);
    if ((err = fd_ledger__investment(&l->investment, ledger, i, o)) < 0)
        return err;
    if (full) {
        fd_works__gates(&l->gate, o->gates, ledger->frame->codes[i]);
        if ((err = fd_ledger__start(&l->start, ledger, i, o)) < 0 ||
            (err = fd_ledger__ramp(&l->ramp, &l->made, ledger, i,
                                   l->gate.evident[fd_project_stage("投产")]
                                       ? l->gate.on[fd_project_stage("投产")]
                                       : FD_DATE_NONE,
                                   o)) < 0)
            return err;
    }
    l->overall = worst_of(l);
    return 0;
}

static int list(fd_table **out, fd_source *source, const fd_works_options *o, bool full)
{
    const char *stage = o->stage ? fd_project_stage_name(fd_project_stage(o->stage), FD_ZH) : NULL;
    int light = o->light ? light_named(o->light) : -1;
    fd_ledger ledger;
    fd_table *t = new_table(full);
    line *lines = NULL;
    size_t count = 0;
    int err;

    if ((err = fd_ledger__load(&ledger, source, o->period)) < 0)
        goto done;
    lines = fd_alloc((ledger.frame->n + 1) * sizeof *lines);
    for (size_t i = 0; i < ledger.frame->n; i++) {
        /* Not yet in the ledger on that day: no stage. */
        if (!fd_ledger__attribute(&ledger, FD_LA_STAGE, i) ||
            !kept(stage, fd_ledger__attribute(&ledger, FD_LA_STAGE, i)) ||
            !kept(o->chain, fd_ledger__attribute(&ledger, FD_LA_CHAIN, i)) ||
            !kept(o->county, fd_ledger__attribute(&ledger, FD_LA_COUNTY, i)))
            continue;
        if ((err = judge(&lines[count], &ledger, i, o, full)) < 0)
            goto done;
        count += light < 0 || (int)lines[count].overall == light;
    }
    qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++)
        if ((err = put(t, &ledger, &lines[i], full)) < 0)
            goto done;
    if (full) {
        fd_works__note_rules(t, o->rules, o->preset);
        if (o->preset && strcmp(o->preset, "template") != 0)
            fd_works__note_rules(t, o->rules, "template");
    }
    *out = t;
    t = NULL;
done:
    free(lines);
    fd_ledger__dispose(&ledger);
    fd_table_free(t);
    return err < 0 ? err : 0;
}

int fd_project_list(fd_table **out, fd_source *source, const fd_works_options *options)
{
    int err = check_options(options);

    return err < 0 ? err : list(out, source, options, true);
}

int fd_projects(fd_table **out, fd_source *source, fd_period period, fd_light_preset preset)
{
    fd_works_options options = FD_WORKS_OPTIONS_INIT;

    options.period = period;
    options.builtin = preset;
    return list(out, source, &options, false);
}
