/*
 * policy changed: what was answered at a snapshot, what is answered now, and why they differ.
 */
#include <string.h>

#include "app/policy_desk.h"
#include "app/registry.h"

/* One policy in one of the two cities; NULL where it is not there. */
static int answer(fd_policy_set **out, const fd_policy_desk *desk, const char *id)
{
    fd_policy_options options = FD_POLICY_OPTIONS_INIT;
    const fd_policy *policy = fd_program_policy(desk->program, id);
    int err;

    *out = NULL;
    if (!policy)
        return 0;
    options.on = desk->on;
    if ((err = fd_policy_set_new(out, desk->program, desk->source, &policy, 1, &options)) < 0)
        return err;
    return fd_policy_set_run(*out);
}

static int compare_one(fd_table *t, const fd_policy_desk *then, const fd_policy_desk *now,
                       const char *id, const char *enterprise)
{
    fd_policy_set *a = NULL, *b = NULL;
    int err;

    if ((err = answer(&a, then, id)) >= 0 && (err = answer(&b, now, id)) >= 0)
        err = fd_policy_changes(t, a, b, enterprise);
    fd_policy_set_free(a);
    fd_policy_set_free(b);
    return err;
}

/* Policies of today that were asked for; then, when all are, those that are gone. */
static int compare_all(fd_table *t, const fd_policy_desk *then, const fd_policy_desk *now,
                       bool chosen, const char *enterprise)
{
    int err = 0;

    for (size_t i = 0; i < now->policy_count && err >= 0; i++)
        err = compare_one(t, then, now, now->policies[i]->id, enterprise);
    for (size_t i = 0; !chosen && i < then->policy_count && err >= 0; i++)
        if (!fd_program_policy(now->program, then->policies[i]->id))
            err = compare_one(t, then, now, then->policies[i]->id, enterprise);
    return err;
}

static int run_changed(fd_call *call, fd_result *result)
{
    const char *enterprise = fd_call_text(call, "enterprise");
    fd_policy_desk now = { 0 }, then = { 0 };
    fd_city *earlier = NULL;
    fd_table *t = NULL;
    int64_t since;
    int err;

    if ((err = fd_call_integer(call, "since", &since)) < 0 ||
        (err = fd_policy_desk_open(&now, call)) < 0)
        goto done;
    if (since < 1 || since > fd_reader_snapshot(call->city->reader)) {
        err = fd_error_set(FD_ENOTFOUND, "没有快照 %lld", "there is no snapshot %lld",
                           (long long)since);
        fd_error_hint("fangding snapshots 列出全部快照", "fangding snapshots lists them");
        goto done;
    }
    if ((err = fd_city_open(&earlier, call->city->path, since, false)) < 0 ||
        (err = fd_policy_desk_open_then(&then, call, earlier, now.on)) < 0)
        goto done;
    t = fd_policy_changes_table();
    if ((err = compare_all(t, &then, &now, fd_call_text(call, "policy") != NULL, enterprise)) < 0)
        goto done;
    fd_table_add_note(t, now.note, now.note);
    fd_result_say(result, "快照 %lld 以来,%zu 条答复变了",
                  "since snapshot %lld, %zu answers changed", (long long)since, t->rows);
    fd_result_add(result, t);
    t = NULL;
done:
    fd_table_free(t);
    fd_policy_desk_close(&then);
    fd_policy_desk_close(&now);
    fd_city_free(earlier);
    return err;
}

static const fd_verb_param changed_params[] = {
    { "since", FD_P_INTEGER, false, true, false, "SNAPSHOT", "和这个快照比",
      "compare with this one", NULL },
    FD_POLICY_CHOSEN,
    FD_POLICY_ENTERPRISE,
    FD_POLICY_ON,
};
static const char *const changed_examples[] = {
    "policy changed --city out/huanzhou.fangding --since 2 --on 2025-01-01", NULL
};
const fd_verb fd_verb_policy_changed = {
    .name = "policy changed",
    .zh = "当时怎么答复,现在为什么不同:数据、政策文本、企业名单",
    .en = "what was answered then and why it differs now: figures, the policy's text, enterprises",
    .purpose = FD_SERVICE,
    .needs_city = true,
    .params = changed_params,
    .param_count = sizeof changed_params / sizeof *changed_params,
    .examples = changed_examples,
    .run = run_changed,
};
