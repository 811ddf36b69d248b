/*
 * four-eyes: which changes take a second person over the network.
 */
#include "app/foureyes.h"

#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "base/str.h"

bool fd_four_eyes_can(const fd_verb *verb)
{
    if (verb->effect == FD_READ || strcmp(verb->name, "four-eyes") == 0)
        return false;
    for (size_t i = 0; i < verb->param_count; i++)
        if (verb->params[i].type == FD_P_PATH || verb->params[i].type == FD_P_OUTPUT ||
            verb->params[i].repeated)
            return false;
    return true;
}

int fd_four_eyes_rule(const char *setting, const char *verb)
{
    fd_view rest = fd_view_of(setting), part;

    if (!setting || !*setting)
        return -1;
    while (rest.len && fd_view_split(&rest, ',', &part))
        if (fd_view_is(fd_view_trim(part), verb))
            return 1;
    return 0;
}

static int check(const char **words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const fd_verb *verb;

        if (count == 1 && (strcmp(words[0], "none") == 0 || strcmp(words[0], "default") == 0))
            return 0;
        if (!(verb = fd_verb_find(words[i])))
            return FD_ENOTFOUND;
        if (!fd_four_eyes_can(verb)) {
            fd_error_set(FD_EINVAL, "%s 不能等第二人确认:它只读,或要带文件",
                         "%s cannot wait for a second person: it only reads, or takes files",
                         words[i]);
            return fd_error_hint("例如 publish,correct;none 表示都不要;default 恢复默认",
                                 "such as publish,correct; none; default");
        }
    }
    return 0;
}

static int store(fd_call *call, const char *setting, int64_t *snapshot)
{
    fd_batch_info info = { "four-eyes", call->actor, setting, NULL };
    fd_batch *batch = NULL;
    int err;

    if ((err = fd_batch_begin(&batch, call->city->store, &info)) < 0)
        return err;
    if ((err = fd_batch_meta(batch, FD_FOUR_EYES_META, setting)) < 0) {
        fd_batch_abandon(batch);
        return err;
    }
    return fd_batch_publish(batch, snapshot);
}

static int run(fd_call *call, fd_result *result)
{
    const char **words, *asked = fd_call_text(call, "verbs");
    size_t count = fd_call_list(call, "verbs", &words), all;
    const fd_verb *const *verbs = fd_verbs(&all);
    int64_t snapshot = 0;
    char *setting = NULL;
    fd_table *t;
    int err;

    if ((err = check(words, count)) < 0 ||
        (asked && (err = store(call, strcmp(asked, "default") == 0 ? "" : asked, &snapshot)) < 0) ||
        (err = fd_store_meta_get(call->city->store, FD_FOUR_EYES_META, &setting)) < 0)
        return err;
    t = fd_table_new("four_eyes", "双人复核", "Four eyes");
    fd_table_add_new(t, "verb", "操作", "Verb", FD_TEXT, "", 0);
    fd_table_add_new(t, "rule", "经网络时", "Over the network", FD_TEXT, "", 0);
    for (size_t i = 0; i < all; i++) {
        const int rule = fd_four_eyes_rule(setting, verbs[i]->name);
        size_t row;

        if (!fd_four_eyes_can(verbs[i]) || strcmp(verbs[i]->name, "new") == 0 ||
            strcmp(verbs[i]->name, "generate") == 0)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, verbs[i]->name);
        fd_column_set_text(t->columns[1], row,
                           rule > 0 ? "要第二人确认"
                           : rule < 0 && !strcmp(verbs[i]->name, "publish")
                               ? "有权的不止一人时要第二人确认"
                               : "一人即可");
    }
    fd_table_add_note(
        t, "在本机用命令行直接操作城市文件的人不受此限,照样进审计链",
        "whoever works on the file itself by command line is not bound, and is in the "
        "audit chain all the same");
    fd_result_add(result, t);
    if (asked)
        fd_result_say(result, "双人复核已改为:%s(快照 %lld)",
                      "four eyes now for: %s (snapshot %lld)", asked, (long long)snapshot);
    free(setting);
    return 0;
}

static const fd_verb_param params[] = {
    { "verbs", FD_P_LIST, true, false, false, "VERBS",
      "要第二人确认的操作,逗号分隔;none 都不要;default 恢复默认;不写只看",
      "verbs that take a second person, separated by commas; none; default; without it, show",
      NULL },
};
static const char *const examples[] = { "four-eyes publish,correct --city out/huanzhou.fangding",
                                        NULL };
const fd_verb fd_verb_four_eyes = {
    .name = "four-eyes",
    .zh = "双人复核:哪些改动要第二人确认",
    .en = "four eyes: which changes take a second person",
    .effect = FD_WRITE,
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = params,
    .param_count = 1,
    .examples = examples,
    .run = run,
};
