/*
 * policy list, check, why, table, push, grants, test.
 */
#include <stdlib.h>
#include <string.h>

#include "app/policy_desk.h"
#include "app/registry.h"
#include "base/str.h"

/* ---- list ---- */

static int run_list(fd_call *call, fd_result *result)
{
    static const char *const columns[][3] = {
        { "policy", "政策", "Policy" },
        { "name", "名称", "Name" },
        { "type", "类型", "Type" },
        { "level", "级别", "Level" },
        { "editions", "版本", "Editions" },
        { "number", "文号", "Number" },
        { "confidence", "核实", "Confidence" },
        { "marks", "标记", "Marks" },
    };
    fd_policy_desk desk;
    fd_table *t;
    int err = fd_policy_desk_open(&desk, call);

    if (err < 0)
        goto done;
    t = fd_table_new("policies", "政策", "Policies");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        fd_table_add_new(t, columns[i][0], columns[i][1], columns[i][2], FD_TEXT, "", 0);
    for (size_t i = 0; i < desk.policy_count; i++) {
        const fd_policy *p = desk.policies[i];
        char letter[2] = { p->confidence, 0 };
        fd_buf editions = FD_BUF_INIT;
        size_t row = fd_table_add_row(t);

        for (size_t v = 0; v < p->version_count; v++)
            fd_buf_printf(&editions, "%s%s", v ? " " : "", p->versions[v].name);
        fd_column_set_text(t->columns[0], row, p->id);
        fd_column_set_text(t->columns[1], row, p->name);
        fd_column_set_text(t->columns[2], row, p->type);
        fd_column_set_text(t->columns[3], row, p->level);
        fd_column_set_text(t->columns[4], row, fd_buf_text(&editions));
        fd_column_set_text(t->columns[5], row, p->versions[p->version_count - 1].number);
        fd_column_set_text(t->columns[6], row, letter);
        fd_column_set_text(t->columns[7], row, p->unverified ? "unverified" : "");
        fd_buf_dispose(&editions);
    }
    fd_result_add(result, t);
done:
    fd_policy_desk_close(&desk);
    return err;
}

/* ---- check ---- */

/* One enterprise and one policy is one answer (户次). */
static void say_counts(fd_result *result, const fd_policy_set *set, bool grants)
{
    size_t n[5];

    fd_policy_count(n, set, grants);
    fd_result_say(result,
                  "符合 %zu 户次,待人工 %zu 户次,待补 %zu 户次(缺数据,不是不符合),不符合 %zu 户次",
                  "%zu yes, %zu by hand, %zu incomplete (data are missing, which is no no), "
                  "%zu no (enterprises × policies)",
                  n[FD_MEETS], n[FD_MANUAL], n[FD_NEEDS], n[FD_FAILS]);
}

static int run_check(fd_call *call, fd_result *result)
{
    fd_policy_check_options options = FD_POLICY_CHECK_INIT;
    fd_policy_desk desk;
    fd_table *t = NULL;
    int err;

    if ((err = fd_policy_desk_open(&desk, call)) < 0 || (err = fd_policy_desk_run(&desk, NULL)) < 0)
        goto done;
    options.enterprise = fd_call_text(call, "enterprise");
    options.lang = call->lang;
    if ((err = fd_policy_check(&t, desk.set, &options)) < 0)
        goto done;
    fd_policy_desk_notes(&desk, t);
    fd_result_add(result, t);
    if (!options.enterprise)
        say_counts(result, desk.set, false);
done:
    fd_policy_desk_close(&desk);
    return err;
}

/* ---- why ---- */

static int run_why(fd_call *call, fd_result *result)
{
    fd_policy_desk desk;
    const fd_policy *policy;
    const fd_policy_slot *slot;
    fd_table *t = NULL;
    char *sentence = NULL;
    size_t row;
    int err;

    if ((err = fd_policy_desk_open(&desk, call)) < 0 ||
        (err = fd_policy_desk_find(&policy, &desk, fd_call_text(call, "id"))) < 0)
        goto done;
    desk.policies = &policy;
    desk.policy_count = 1;
    if ((err = fd_policy_desk_run(&desk, NULL)) < 0 ||
        (err = fd_policy_desk_row(&row, &desk, fd_call_text(call, "firm"))) < 0)
        goto done;
    if (!(slot = fd_policy_set_slot(desk.set, policy, -1))) {
        err = fd_error_set(FD_ENOTFOUND, "关键日当天「%s」没有有效的版本",
                           "no edition of %s is in force on the key date", policy->name);
        goto done;
    }
    if ((err = fd_policy_why(&t, &sentence, desk.set, slot, row, call->lang)) < 0)
        goto done;
    fd_table_add_note(t, sentence, sentence);
    fd_policy_desk_notes(&desk, t);
    fd_result_add(result, t);
done:
    free(sentence);
    fd_policy_desk_close(&desk);
    return err;
}

/* ---- table ---- */

static int run_table(fd_call *call, fd_result *result)
{
    fd_policy_desk desk;
    const fd_policy *policy;
    fd_table *t = NULL;
    int err;

    if ((err = fd_policy_desk_open(&desk, call)) >= 0 &&
        (err = fd_policy_desk_find(&policy, &desk, fd_call_text(call, "id"))) >= 0 &&
        (err = fd_policy_table(&t, desk.program, policy, call->lang)) >= 0)
        fd_result_add(result, t);
    fd_policy_desk_close(&desk);
    return err;
}

/* ---- push ---- */

static int run_push(fd_call *call, fd_result *result)
{
    fd_policy_desk desk;
    fd_table *firms = NULL, *feeds = NULL;
    int err;

    if ((err = fd_policy_desk_open(&desk, call)) >= 0 &&
        (err = fd_policy_desk_run(&desk, NULL)) >= 0 &&
        (err = fd_policy_push(&firms, &feeds, desk.set)) >= 0) {
        fd_policy_desk_notes(&desk, firms);
        fd_result_add(result, firms);
        fd_result_add(result, feeds);
    }
    fd_policy_desk_close(&desk);
    return err;
}

/* ---- grants ---- */

static int pool_of_one(fd_table **out, fd_policy_desk *desk)
{
    const fd_policy *policy = desk->policies[0];
    const fd_policy_slot *slot = fd_policy_set_slot(desk->set, policy, -1);

    return slot && policy->grant
               ? fd_policy_grants(out, desk->set, slot)
               : fd_error_set(FD_ENOTFOUND, "「%s」没有资助,或关键日当天无效",
                              "%s grants nothing, or is not in force", policy->name);
}

static int run_grants(fd_call *call, fd_result *result)
{
    fd_policy_desk desk;
    fd_table *t = NULL;
    int err;

    if ((err = fd_policy_desk_open(&desk, call)) < 0 || (err = fd_policy_desk_run(&desk, NULL)) < 0)
        goto done;
    err = desk.policy_count == 1 ? pool_of_one(&t, &desk) : fd_policy_stack(&t, desk.set);
    if (err < 0)
        goto done;
    fd_policy_desk_notes(&desk, t);
    fd_result_add(result, t);
    say_counts(result, desk.set, true);
done:
    fd_policy_desk_close(&desk);
    return err;
}

/* ---- test ---- */

static int run_test(fd_call *call, fd_result *result)
{
    fd_policy_desk desk;
    fd_table *all = NULL;
    size_t failed = 0, ran = 0;
    int err = fd_policy_desk_open(&desk, call);

    for (size_t i = 0; i < desk.policy_count && err >= 0; i++) {
        fd_table *t = NULL;
        size_t wrong;

        if ((err = fd_policy_samples(&t, &wrong, desk.program, desk.policies[i])) < 0)
            break;
        failed += wrong;
        ran += t->rows;
        if (!all) {
            all = t;
            continue;
        }
        for (size_t r = 0; r < t->rows; r++) {
            size_t row = fd_table_add_row(all);

            for (size_t c = 0; c < 4; c++)
                fd_column_set_text(all->columns[c], row, fd_column_text(t->columns[c], r));
            fd_column_set_bool(all->columns[4], row, t->columns[4]->v.boolean[r] != 0);
        }
        fd_table_free(t);
    }
    if (err < 0) {
        fd_table_free(all);
    } else if (all) {
        fd_result_add(result, all);
        fd_result_say(result, "%zu 个样例,%zu 个不符", "%zu samples, %zu wrong", ran, failed);
        result->exit_code = failed ? 1 : 0;
    }
    fd_policy_desk_close(&desk);
    return err;
}

/* ---- declarations ---- */

static const fd_verb_param list_params[] = { FD_POLICY_CHOSEN, FD_POLICY_DEFINITIONS };
static const char *const list_examples[] = { "policy list", NULL };
const fd_verb fd_verb_policy_list = {
    .name = "policy list",
    .zh = "列出政策:类型、版本、文号、核实程度",
    .en = "list policies: type, editions, document, confidence",
    .purpose = FD_SERVICE,
    .takes_city = true,
    .params = list_params,
    .param_count = sizeof list_params / sizeof *list_params,
    .examples = list_examples,
    .run = run_list,
};

static const fd_verb_param check_params[] = {
    FD_POLICY_DATA, FD_POLICY_CHOSEN, FD_POLICY_ENTERPRISE, FD_POLICY_ON, FD_POLICY_DEFINITIONS,
};
static const char *const check_examples[] = {
    "policy check --city out/huanzhou.fangding",
    "policy check --data enterprises.csv --policy hte --on 2026-06-30 --format csv", NULL
};
const fd_verb fd_verb_policy_check = {
    .name = "policy check",
    .zh = "哪家企业符合哪项政策:符合、不符合、待补、待人工,差多少,得多少",
    .en = "which enterprise meets which policy: yes, no, incomplete, by hand; how far, how much",
    .detail_zh = "缺的数据是待补,不是不符合。列:"
                 "企业、政策、版本、结果、不符合的条件、待补的数据、差、单位、金额(元)。"
                 "表格的列用数据项的名称或代号,名称[-1] 是关键日上一年。",
    .detail_en =
        "What is missing makes an answer incomplete, never a no. Columns of a table are item "
        "names or ids; NAME[-1] is the year before that of the key date.",
    .purpose = FD_SERVICE,
    .takes_city = true,
    .params = check_params,
    .param_count = sizeof check_params / sizeof *check_params,
    .examples = check_examples,
    .run = run_check,
};

static const fd_verb_param why_params[] = {
    { "firm", FD_P_TEXT, true, true, false, "ENTERPRISE", "企业:代码或名称",
      "the enterprise: code or name", NULL },
    FD_POLICY_ID,
    FD_POLICY_DATA,
    FD_POLICY_ON,
    FD_POLICY_DEFINITIONS,
};
static const char *const why_examples[] = {
    "policy why 甲厂 hte --data enterprises.csv --on 2026-06-30", NULL
};
const fd_verb fd_verb_policy_why = {
    .name = "policy why",
    .zh = "为什么:逐条的实际、门槛、余量、条款;然后是最短的路",
    .en = "why: value, threshold, margin and clause of each condition; then the shortest way in",
    .detail_zh = "按真实发生额测算;不建议压低销售,不得为达标调整归集。",
    .detail_en = "By what actually happens; it never advises to sell less or to report otherwise.",
    .purpose = FD_SERVICE,
    .takes_city = true,
    .params = why_params,
    .param_count = sizeof why_params / sizeof *why_params,
    .examples = why_examples,
    .run = run_why,
};

static const fd_verb_param table_params[] = { FD_POLICY_ID, FD_POLICY_DEFINITIONS };
static const char *const table_examples[] = { "policy table hte", "policy table giant --lang en",
                                              NULL };
const fd_verb fd_verb_policy_table = {
    .name = "policy table",
    .zh = "把一项政策列成表,供法制部门对照原文",
    .en = "a policy as a table, to be read against its document",
    .purpose = FD_SERVICE,
    .takes_city = true,
    .params = table_params,
    .param_count = sizeof table_params / sizeof *table_params,
    .examples = table_examples,
    .run = run_table,
};

static const fd_verb_param push_params[] = { FD_POLICY_DATA, FD_POLICY_CHOSEN, FD_POLICY_ON,
                                             FD_POLICY_DEFINITIONS };
static const char *const push_examples[] = { "policy push --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_policy_push = {
    .name = "policy push",
    .zh = "每家企业已符合、差一点、可免申即享的政策;再接通哪一路数据能多免申多少户",
    .en = "per enterprise: policies met, nearly met, grantable without asking; which feed unlocks "
          "most",
    .detail_zh = "免申即享是算出来的:没有人工条件、用到的数据政府都掌握、这家企业的都有值。",
    .detail_en =
        "Granting without asking is computed: nobody decides by hand, the government holds all "
        "inputs, and all have values.",
    .purpose = FD_SERVICE,
    .takes_city = true,
    .params = push_params,
    .param_count = sizeof push_params / sizeof *push_params,
    .examples = push_examples,
    .run = run_push,
};

static const fd_verb_param grants_params[] = {
    { "policy", FD_P_LIST, true, false, false, "ID,…", "政策;不写是全部",
      "policies; all by default", NULL },
    FD_POLICY_DATA,
    FD_POLICY_ON,
    FD_POLICY_DEFINITIONS,
};
static const char *const grants_examples[] = {
    "policy grants fullload_2026q1 --data enterprises.csv --on 2026-03-31",
    "policy grants --data enterprises.csv --on 2026-03-31", NULL
};
const fd_verb fd_verb_policy_grants = {
    .name = "policy grants",
    .zh = "应得、资金池兑付、各级分担,到分;几项政策一起时按叠加规则合",
    .en = "claims, what the pool pays, who bears it, to the fen; several policies: what stacks",
    .detail_zh =
        "一项政策:应得、兑付、分担。几项政策:每家企业各项应得,按叠加组取高、累加或封顶后计入多少;"
        "组里有一项算不出,计入就是未知。",
    .detail_en = "One policy: claim, payment, shares. Several: what each enterprise may claim of "
                 "each, and what counts by the rules of the stacking groups; while one amount of a "
                 "group is unknown, so is what counts.",
    .purpose = FD_SERVICE,
    .takes_city = true,
    .params = grants_params,
    .param_count = sizeof grants_params / sizeof *grants_params,
    .examples = grants_examples,
    .run = run_grants,
};

static const fd_verb_param test_params[] = { FD_POLICY_CHOSEN, FD_POLICY_DEFINITIONS };
static const char *const test_examples[] = { "policy test", NULL };
const fd_verb fd_verb_policy_test = {
    .name = "policy test",
    .zh = "把政策里的样例当测试跑一遍",
    .en = "run the samples written into policies as tests",
    .purpose = FD_SERVICE,
    .takes_city = true,
    .params = test_params,
    .param_count = sizeof test_params / sizeof *test_params,
    .examples = test_examples,
    .run = run_test,
};
