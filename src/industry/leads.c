/*
 * 招商: leads with their age, the funnel and its conversions; services still open.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "industry/works.h"
#include "measure/arith.h"
#include "table/put.h"

enum { STAGES = 5, LOST = 5 };
static const char *const stages[STAGES + 1][2] = { { "线索", "lead" },        { "对接", "contact" },
                                                   { "在谈", "negotiation" }, { "签约", "signed" },
                                                   { "落地", "landed" },      { "流失", "lost" } };

static int stage_of(const char *name)
{
    for (int i = 0; name && i <= STAGES; i++)
        if (strcmp(name, stages[i][0]) == 0 || strcmp(name, stages[i][1]) == 0)
            return i;
    return -1;
}

/* Which preset has rules of a kind: the one asked for, else the template. */
static const char *preset_for(const fd_works_options *o, const char *kind)
{
    if (!o->rules)
        return NULL;
    if (fd_rules_has(o->rules, o->preset, kind))
        return o->preset;
    return fd_rules_has(o->rules, "template", kind) ? "template" : NULL;
}

static const fd_column_spec item_specs[] = {
    { "id", "编号", "Id", FD_TEXT, NULL, 0 },
    { "name", "线索", "Lead", FD_TEXT, NULL, 0 },
    { "state", "阶段", "Stage", FD_TEXT, NULL, 0 },
    { "gap", "对应缺口", "Gap", FD_TEXT, NULL, 0 },
    { "chain", "产业链", "Chain", FD_TEXT, NULL, 0 },
    { "county", "县区", "County", FD_TEXT, NULL, 0 },
    { "investor", "来源", "Investor", FD_TEXT, NULL, 0 },
    { "amount", "意向投资", "Amount", FD_QUOT, "万元", 0 },
    { "owner", "牵头", "Owner", FD_TEXT, NULL, 0 },
    { "since", "进入阶段", "Since", FD_DATE, NULL, 0 },
    { "days", "在本阶段", "Days in stage", FD_DEC, "天", 0 },
    { "due", "约定回复", "Due", FD_DATE, NULL, 0 },
    { "overdue", "超期", "Days overdue", FD_DEC, "天", 0 },
    { "light", "灯", "Light", FD_TEXT, NULL, 0 },
    { "why", "理由", "Reason (zh)", FD_TEXT, NULL, 0 },
    { "why_en", "Reason", "Reason", FD_TEXT, NULL, 0 },
};

static int judge(fd_table *t, size_t row, fd_date since, fd_date due, fd_date today,
                 const fd_works_options *o)
{
    const char *preset = preset_for(o, "lead");
    fd_rule_measure m[2] = { { "days_in_stage", fd_number_missing() },
                             { "days_overdue", fd_number_int(0) } };
    char zh[300], en[300], late_zh[80] = "", late_en[80] = "";
    int days = since == FD_DATE_NONE ? -1 : today - since;
    int overdue = due != FD_DATE_NONE && due < today ? today - due : 0;
    fd_color color;
    size_t rule;
    int err;

    if (days >= 0) {
        fd_column_set_dec(t->columns[fd_table_find(t, "days")], row, days);
        m[0].value = fd_number_int(days);
    }
    if (overdue > 0)
        fd_column_set_dec(t->columns[fd_table_find(t, "overdue")], row, overdue);
    if (!preset)
        return 0;
    m[1].value = fd_number_int(overdue);
    if ((err = fd_rules_judge(&color, &rule, o->rules, preset, "lead", m, 2)) < 0)
        return err;
    if (overdue > 0) {
        snprintf(late_zh, sizeof late_zh, ",约定回复超期 %d 天", overdue);
        snprintf(late_en, sizeof late_en, ", the answer is %d days late", overdue);
    }
    if (days < 0) {
        snprintf(zh, sizeof zh, "%s:进入阶段的日期不明%s", fd_color_name(color, FD_ZH), late_zh);
        snprintf(en, sizeof en, "%s: since when is not known%s", fd_color_name(color, FD_EN),
                 late_en);
    } else {
        snprintf(zh, sizeof zh, "%s:在本阶段 %d 天%s", fd_color_name(color, FD_ZH), days, late_zh);
        snprintf(en, sizeof en, "%s: %d days in this stage%s", fd_color_name(color, FD_EN), days,
                 late_en);
    }
    fd_table__put_text(t, "light", row, fd_color_name(color, FD_EN));
    fd_table__put_text(t, "why", row, zh);
    fd_table__put_text(t, "why_en", row, en);
    return 0;
}

static bool wanted(const fd_table *in, size_t r, const fd_works_options *o)
{
    return (!o->chain || strcmp(fd_works__text_or(in, r, "chain", ""), o->chain) == 0) &&
           (!o->county || strcmp(fd_works__text_or(in, r, "county", ""), o->county) == 0);
}

static int put_lead(fd_table *t, const fd_table *in, size_t r, fd_date today,
                    const fd_works_options *o)
{
    static const char *const texts[] = { "id",    "name",   "state",    "gap",
                                         "chain", "county", "investor", "owner" };
    fd_date since = fd_works__date(in, r, "since"), due = fd_works__date(in, r, "due");
    fd_number amount = fd_works__number(in, r, "amount");
    int stage = stage_of(fd_works__text(in, r, "state"));
    size_t row = fd_table_add_row(t);

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        fd_table__put_text(t, texts[i], row, fd_works__text(in, r, texts[i]));
    if (amount.state == FD_HAS)
        fd_column_set_number(t->columns[fd_table_find(t, "amount")], row, amount);
    if (since != FD_DATE_NONE)
        fd_column_set_day(t->columns[fd_table_find(t, "since")], row, since);
    if (due != FD_DATE_NONE)
        fd_column_set_day(t->columns[fd_table_find(t, "due")], row, due);
    /* What has landed or gone waits for nobody. */
    if (stage == STAGES - 1 || stage == LOST)
        return 0;
    return judge(t, row, since, due, today, o);
}

static fd_table *make_funnel(const size_t *reached, const size_t *now, size_t lost,
                             size_t lost_unknown)
{
    static const fd_column_spec specs[] = {
        { "stage", "阶段", "Stage", FD_TEXT, NULL, 0 },
        { "stage_en", "Stage (en)", "Stage (en)", FD_TEXT, NULL, 0 },
        { "reached", "到过", "Reached", FD_DEC, "条", 0 },
        { "now", "现在", "Now", FD_DEC, "条", 0 },
        { "conversion", "比上一阶段", "Of the stage before", FD_QUOT, "%", 0 },
        { "overall", "比线索", "Of all leads", FD_QUOT, "%", 0 },
    };
    fd_table *t = fd_table_new("funnel", "招商漏斗", "Funnel of leads");
    char zh[160], en[160];

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[4]->digits = t->columns[5]->digits = 1;
    for (int s = 0; s < STAGES; s++) {
        size_t row = fd_table_add_row(t);
        fd_quot q;

        fd_column_set_text(t->columns[0], row, stages[s][0]);
        fd_column_set_text(t->columns[1], row, stages[s][1]);
        fd_column_set_dec(t->columns[2], row, (int64_t)reached[s]);
        fd_column_set_dec(t->columns[3], row, (int64_t)now[s]);
        if (s > 0 && reached[s - 1] &&
            fd_quot_make(&q, (fd_i128)reached[s] * 100, (fd_i128)reached[s - 1]) >= 0)
            fd_column_set_quot(t->columns[4], row, q);
        if (reached[0] && fd_quot_make(&q, (fd_i128)reached[s] * 100, (fd_i128)reached[0]) >= 0)
            fd_column_set_quot(t->columns[5], row, q);
    }
    snprintf(zh, sizeof zh, "流失 %zu 条,其中 %zu 条没有写在哪个阶段流失,只算到线索", lost,
             lost_unknown);
    snprintf(en, sizeof en, "%zu lost; of %zu the stage is not known: counted as leads only", lost,
             lost_unknown);
    fd_table_add_note(t, zh, en);
    return t;
}

int fd_leads_make(fd_leads *out, const fd_table *in, fd_date today, const fd_works_options *o)
{
    static const fd_column_spec apart[] = { { "id", "编号", "Id", FD_TEXT, NULL, 0 },
                                            { "name", "线索", "Lead", FD_TEXT, NULL, 0 },
                                            { "state", "阶段", "Stage", FD_TEXT, NULL, 0 } };
    size_t reached[STAGES] = { 0 }, now[STAGES] = { 0 }, lost = 0, lost_unknown = 0;
    int err = 0;

    memset(out, 0, sizeof *out);
    out->items = fd_table_new("leads", "招商线索", "Leads");
    fd_table_add_columns(out->items, item_specs, sizeof item_specs / sizeof *item_specs);
    out->items->columns[fd_table_find(out->items, "amount")]->digits = 0;
    out->unassigned = fd_table_new("unassigned", "没有对上缺口", "Without a gap");
    fd_table_add_columns(out->unassigned, apart, 3);
    for (size_t r = 0; r < in->rows && err >= 0; r++) {
        const char *state = fd_works__text_or(in, r, "state", stages[0][0]);
        int stage = stage_of(state), at;

        if (stage < 0) {
            err = fd_error_set(FD_EFORMAT, "线索 %s 的阶段看不懂:%s", "lead %s is in no stage: %s",
                               fd_works__text_or(in, r, "id", "?"), state);
            break;
        }
        if (!wanted(in, r, o))
            continue;
        if (!fd_works__text(in, r, "gap")) {
            size_t row = fd_table_add_row(out->unassigned);

            for (size_t c = 0; c < 3; c++)
                fd_table__put_text(out->unassigned, apart[c].id, row,
                                   fd_works__text(in, r, apart[c].id));
            continue;
        }
        at = stage;
        if (stage == LOST) {
            at = stage_of(fd_works__text(in, r, "lost_at"));
            lost++;
            lost_unknown += at < 0 || at == LOST;
            at = at < 0 || at == LOST ? 0 : at;
        } else {
            now[stage]++;
        }
        for (int s = 0; s <= at; s++)
            reached[s]++;
        err = put_lead(out->items, in, r, today, o);
    }
    if (err < 0) {
        fd_leads_dispose(out);
        return err;
    }
    out->funnel = make_funnel(reached, now, lost, lost_unknown);
    fd_works__note_rules(out->items, o->rules, preset_for(o, "lead") ? preset_for(o, "lead") : "");
    return 0;
}

void fd_leads_dispose(fd_leads *leads)
{
    fd_table_free(leads->items);
    fd_table_free(leads->funnel);
    fd_table_free(leads->unassigned);
    memset(leads, 0, sizeof *leads);
}

/* ---- services -------------------------------------------------------------------------------- */

typedef struct tally {
    const char *chain, *county;
    int open, overdue, solved, confirmed;
} tally;

static int put_tally(fd_table *t, const tally *y, const fd_works_options *o)
{
    const char *preset = preset_for(o, "service");
    const fd_rule_measure m[] = { { "open", fd_number_int(y->open) },
                                  { "overdue", fd_number_int(y->overdue) } };
    size_t row = fd_table_add_row(t), rule;
    char zh[200], en[200];
    fd_color color;
    int err;

    fd_table__put_text(t, "chain", row, y->chain);
    fd_table__put_text(t, "county", row, y->county);
    fd_column_set_dec(t->columns[2], row, y->open);
    fd_column_set_dec(t->columns[3], row, y->overdue);
    fd_column_set_dec(t->columns[4], row, y->solved);
    fd_column_set_dec(t->columns[5], row, y->confirmed);
    if (!preset)
        return 0;
    if ((err = fd_rules_judge(&color, &rule, o->rules, preset, "service", m, 2)) < 0)
        return err;
    snprintf(zh, sizeof zh, "%s:未结 %d 件,超期 %d 件;办结 %d 件,企业确认 %d 件",
             fd_color_name(color, FD_ZH), y->open, y->overdue, y->solved, y->confirmed);
    snprintf(en, sizeof en, "%s: %d open, %d overdue; %d solved, %d confirmed by the firm",
             fd_color_name(color, FD_EN), y->open, y->overdue, y->solved, y->confirmed);
    fd_table__put_text(t, "light", row, fd_color_name(color, FD_EN));
    fd_table__put_text(t, "why", row, zh);
    fd_table__put_text(t, "why_en", row, en);
    return 0;
}

int fd_services_sum(fd_table **out, const fd_table *in, fd_date today, const fd_works_options *o)
{
    static const fd_column_spec specs[] = {
        { "chain", "产业链", "Chain", FD_TEXT, NULL, 0 },
        { "county", "县区", "County", FD_TEXT, NULL, 0 },
        { "open", "未结", "Open", FD_DEC, "件", 0 },
        { "overdue", "超期", "Overdue", FD_DEC, "件", 0 },
        { "solved", "办结", "Solved", FD_DEC, "件", 0 },
        { "confirmed", "企业确认", "Confirmed", FD_DEC, "件", 0 },
        { "light", "灯", "Light", FD_TEXT, NULL, 0 },
        { "why", "理由", "Reason (zh)", FD_TEXT, NULL, 0 },
        { "why_en", "Reason", "Reason", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("services", "助企事项", "Services");
    tally *all = fd_alloc((in->rows + 1) * sizeof *all);
    size_t n = 0;
    int err = 0;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; r < in->rows; r++) {
        const char *chain = fd_works__text_or(in, r, "chain", ""),
                   *county = fd_works__text_or(in, r, "county", ""),
                   *state = fd_works__text_or(in, r, "state", "登记");
        bool confirmed = strcmp(state, "企业确认") == 0,
             solved = confirmed || strcmp(state, "办结") == 0;
        fd_date due = fd_works__date(in, r, "due");
        size_t at = 0;

        if (!wanted(in, r, o))
            continue;
        while (at < n && (strcmp(all[at].chain, chain) != 0 || strcmp(all[at].county, county) != 0))
            at++;
        if (at == n)
            all[n++] = (tally){ chain, county, 0, 0, 0, 0 };
        all[at].open += !solved;
        all[at].overdue += !solved && due != FD_DATE_NONE && due < today;
        all[at].solved += solved;
        all[at].confirmed += confirmed;
    }
    for (size_t i = 0; i < n && err >= 0; i++)
        err = put_tally(t, &all[i], o);
    free(all);
    if (err < 0) {
        fd_table_free(t);
        return err;
    }
    fd_table_add_note(t, "办结由办理单位写,企业确认由企业写,两个数分开",
                      "solved is the office's word, confirmed is the firm's: two figures");
    *out = t;
    return 0;
}
