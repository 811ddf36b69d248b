/*
 * status: the one screen.
 */
#include "app/registry.h"
#include "app/status.h"
#include "base/str.h"
#include "fangding/arena.h"

static int run_status(fd_call *call, fd_result *result)
{
    fd_status status;
    int err = fd_status_compose(&status, call->city, call->lang);

    if (err < 0)
        return err;
    result->screen[FD_ZH] = fd_strdup(fd_buf_text(&status.text));
    result->screen[FD_EN] =
        fd_strdup(fd_buf_text(&status.text)); /* both languages stand on each line */
    fd_result_add(result, status.figures);
    status.figures = NULL;
    fd_status_dispose(&status);
    return 0;
}

static const char *const status_examples[] = { "status --city out/huanzhou.fangding",
                                               "status --city out/huanzhou.fangding --format json",
                                               NULL };
const fd_verb fd_verb_status = {
    .name = "status",
    .zh = "一屏:现在怎么样,为什么,目标怎么走,这周谁来办,数据可信吗",
    .en = "one screen: where we stand, why, the target, who acts this week, can we trust it",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .examples = status_examples,
    .run = run_status,
};
