/*
 * The table of answers: every enterprise, every policy.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/tables.h"

const fd_na_words fd_policy__outcome_words[] = {
    { "不在有效期", { "不在有效期", "not in force" } },
    { "不符合", { "不符合", "no" } },
    { "待补", { "待补", "incomplete" } },
    { "待人工", { "待人工", "by hand" } },
    { "符合", { "符合", "yes" } },
    { "已符合", { "已符合", "met" } },
    { "免申即享", { "免申即享", "grantable without asking" } },
    { "差一项", { "差一项", "one condition short" } },
    { "得", { "得", "gains" } },
    { "失", { "失", "loses" } },
    { "变", { "变", "changes" } },
    { "增", { "增", "more" } },
    { "减", { "减", "less" } },
    { "未入梯度", { "未入梯度", "not on the ladder" } },
    { "30天内到期", { "30天内到期", "runs out within 30 days" } },
    { "90天内到期", { "90天内到期", "runs out within 90 days" } },
    { NULL, { NULL, NULL } },
};
const fd_na_words fd_policy__no_money = { "", { "无资金", "no money" } };
const fd_na_words fd_policy__nothing = { "", { "—", "-" } };

static void join(fd_buf *out, const char *text)
{
    if (out->len)
        fd_buf_putc(out, ';');
    fd_buf_puts(out, text);
}

static bool is_condition(const fd_policy_slot *slot, size_t part)
{
    fd_part_kind kind = slot->policy->parts[part].kind;

    return slot->roots[part] >= 0 && (kind == FD_PART_WHERE || kind == FD_PART_GIVEN);
}

static int set_gap(fd_table *t, size_t at, fd_policy_set *set, const fd_policy_slot *slot,
                   size_t part, size_t row, bool *done)
{
    fd_policy_gap gap;
    fd_decimal d;
    int err = fd_policy_gap_of(&gap, set, slot, part, row);

    if (err < 0 || !gap.has_gap)
        return err;
    if ((err = fd_policy__gap_decimal(&d, &gap)) < 0)
        return err;
    fd_column_set_quot(t->columns[6], at, fd_quot_from_decimal(d));
    if (gap.gap_unit)
        fd_column_set_text(t->columns[7], at, gap.gap_unit->name);
    *done = true;
    return 0;
}

static int add_failing(fd_table *t, size_t at, fd_policy_set *set, const fd_policy_slot *slot,
                       size_t row, fd_buf *text)
{
    bool done = false;
    int err = 0;

    fd_buf_clear(text);
    for (size_t i = 0; i < slot->part_count && err >= 0; i++) {
        if (!is_condition(slot, i) || fd_policy_truth(set, slot, i, row) != FD_FALSE)
            continue;
        join(text, slot->policy->parts[i].name);
        if (!done)
            err = set_gap(t, at, set, slot, i, row, &done);
    }
    fd_column_set_text(t->columns[4], at, fd_buf_text(text));
    return err;
}

static int add_missing(fd_table *t, size_t at, fd_policy_set *set, const fd_policy_slot *slot,
                       size_t row, fd_buf *text)
{
    fd_policy_field *fields;
    size_t count;
    int err = fd_policy_missing(&fields, &count, set, slot, row);
    char name[256];

    fd_buf_clear(text);
    for (size_t i = 0; i < count && err >= 0; i++) {
        fd_policy_field_name(&fields[i], FD_ZH, name, sizeof name);
        join(text, name);
    }
    free(fields);
    if (err >= 0)
        fd_column_set_text(t->columns[5], at, fd_buf_text(text));
    return err;
}

static int add_row(fd_table *t, fd_policy_set *set, const fd_policy_slot *slot, size_t row,
                   fd_buf *text)
{
    fd_outcome result = fd_policy_result(set, slot, row);
    size_t at = fd_table_add_row(t);
    int64_t fen;
    fd_state state;
    int err = 0;

    fd_column_set_text(t->columns[0], at, set->frame->codes[row]);
    fd_column_set_text(t->columns[1], at, slot->policy->id);
    fd_column_set_text(t->columns[2], at, slot->policy->versions[slot->edition].name);
    fd_column_set_text(t->columns[3], at, fd_outcome_name(result, FD_ZH));
    fd_column_set_state(t->columns[6], at, FD_NA);
    if (!slot->policy->grant || result == FD_FAILS)
        fd_column_set_state(t->columns[8], at, FD_NA);
    if (result == FD_FAILS)
        err = add_failing(t, at, set, slot, row, text);
    else if (result == FD_NEEDS)
        err = add_missing(t, at, set, slot, row, text);
    else if ((err = fd_policy_amount(&state, &fen, set, slot, row)) >= 0 && state == FD_HAS)
        fd_column_set_dec(t->columns[8], at, fen);
    if (t->column_count > 9)
        fd_column_set_text(t->columns[9], at, slot->policy->unverified ? "unverified" : "");
    return err;
}

static bool asked(const fd_policy_set *set, const char *enterprise, size_t row)
{
    return !enterprise || strcmp(set->frame->codes[row], enterprise) == 0 ||
           strcmp(set->frame->names[row], enterprise) == 0;
}

fd_table *fd_policy__answer_table(bool marks)
{
    fd_table *t = fd_table_new("policy", "政策符合情况", "Policies");

    fd_table_add_new(t, "enterprise", "企业", "Enterprise", FD_TEXT, "", 0);
    fd_table_add_new(t, "policy", "政策", "Policy", FD_TEXT, "", 0);
    fd_table_add_new(t, "version", "版本", "Version", FD_TEXT, "", 0);
    fd_table_add_new(t, "result", "结果", "Result", FD_TEXT, "", 0);
    fd_table_add_new(t, "failing", "不符合的条件", "Failing", FD_TEXT, "", 0);
    fd_table_add_new(t, "missing", "待补的数据", "Missing", FD_TEXT, "", 0);
    fd_table_add_new(t, "gap", "差", "Gap", FD_QUOT, "", 0);
    fd_table_add_new(t, "gap_unit", "差的单位", "Gap unit", FD_TEXT, "", 0);
    fd_table_add_new(t, "amount", "金额", "Amount", FD_DEC, "元", 2);
    t->columns[3]->words = fd_policy__outcome_words;
    t->columns[6]->na_words = &fd_policy__nothing;
    t->columns[8]->na_words = &fd_policy__no_money;
    if (marks)
        fd_table_add_new(t, "marks", "标记", "Marks", FD_TEXT, "", 0);
    return t;
}

void fd_policy__notes(fd_table *t, const fd_policy *p)
{
    char zh[400], en[400];

    if (p->unverified) {
        snprintf(zh, sizeof zh, "%s:有未核实(unverified)的内容,以正式文件为准", p->name);
        snprintf(en, sizeof en, "%s: parts are unverified; the official text decides", p->id);
        fd_table_add_note(t, zh, en);
    }
    if (p->notice) {
        snprintf(zh, sizeof zh, "%s:%s", p->name, p->notice);
        fd_table_add_note(t, zh, zh);
    }
}

int fd_policy_check(fd_table **out, fd_policy_set *set, const fd_policy_check_options *options)
{
    fd_buf text = FD_BUF_INIT;
    bool marks = false, any = false;
    fd_table *t;
    int err = 0;

    *out = NULL;
    for (size_t s = 0; s < set->slots.count; s++)
        marks = marks || set->pub[s].policy->unverified;
    t = fd_policy__answer_table(marks);
    for (size_t row = 0; row < set->frame->n && err >= 0; row++) {
        if (!asked(set, options->enterprise, row))
            continue;
        any = true;
        for (size_t s = 0; s < set->slots.count && err >= 0; s++)
            err = add_row(t, set, &set->pub[s], row, &text);
    }
    fd_buf_dispose(&text);
    if (err >= 0 && options->enterprise && !any)
        err = fd_error_set(FD_ENOTFOUND, "没有这家企业:%s", "no such enterprise: %s",
                           options->enterprise);
    for (size_t s = 0; s < set->slots.count; s++)
        fd_policy__notes(t, set->pub[s].policy);
    fd_policy__note_lists(t, set);
    if (options->snapshot_note)
        fd_table_add_note(t, options->snapshot_note, options->snapshot_note);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

void fd_policy_count(size_t counts[5], const fd_policy_set *set, bool grants)
{
    memset(counts, 0, 5 * sizeof *counts);
    for (size_t s = 0; s < set->slots.count; s++)
        for (size_t row = 0; row < set->frame->n; row++)
            if (!grants || set->pub[s].policy->grant)
                counts[fd_policy_result(set, &set->pub[s], row)]++;
}
