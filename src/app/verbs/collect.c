/*
 * collect open, import, chase, return, status: send forms out, take them in, see who is late.
 */
#include <stdio.h>

#include "app/collect.h"
#include "app/registry.h"
#include "base/str.h"

/* 按县区 county … the Chinese words are taken as well. */
static const char *by_word(const char *text)
{
    static const char *const words[][2] = { { "县区", "county" },
                                            { "部门", "department" },
                                            { "企业", "enterprise" } };

    for (size_t i = 0; text && i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i][0]) == 0)
            return words[i][1];
    return text ? text : "county";
}

static int run_open(fd_call *call, fd_result *result)
{
    fd_collect_open_options options = { .form = fd_call_text(call, "form"),
                                        .by = by_word(fd_call_text(call, "by")),
                                        .folder = fd_call_text(call, "out"),
                                        .reissue = fd_call_flag(call, "reissue"),
                                        .actor = call->actor };
    const char *due = fd_call_text(call, "due");
    fd_collect c;
    int err = fd_collect_load(&c, call->city, call->role);

    if (err < 0 || (err = fd_call_period(call, "at", &options.period)) < 0 ||
        (err = fd_collect_today(&options.today, fd_call_text(call, "today"))) < 0 ||
        (err = fd_date_parse(&options.due, due, strlen(due))) < 0)
        goto done;
    if (!options.folder) {
        char period[24] = "-";

        if (options.period)
            fd_period_format(options.period, period, sizeof period);
        options.folder = fd_arena_printf(call->arena, "收表_%s_%s", options.form, period);
    }
    err = fd_collect_open(result, &c, &options);
done:
    fd_collect_dispose(&c);
    return err;
}

static int run_import(fd_call *call, fd_result *result)
{
    fd_collect_import_options options = { .folder = fd_call_text(call, "folder"),
                                          .form = fd_call_text(call, "form"),
                                          .replace = fd_call_flag(call, "replace"),
                                          .dry_run = fd_call_flag(call, "dry-run"),
                                          .confirm_units = fd_call_flag(call, "confirm-units"),
                                          .actor = call->actor };
    const fd_form *form;
    fd_collect c;
    int err = fd_collect_load(&c, call->city, call->role);

    if (err < 0 || (err = fd_call_period(call, "at", &options.period)) < 0 ||
        (err = fd_collect_today(&options.today, fd_call_text(call, "today"))) < 0)
        goto done;
    /* --at 2025-02 means January to February where the form is cumulative. */
    form = options.form ? fd_forms_find(c.forms, options.form)
                        : fd_forms_guess(c.forms, options.folder);
    for (size_t i = 0; !form && i < c.collections.count; i++)
        form = c.collections.items[i].form;
    if (options.period && form && fd_period_kind_of(options.period) == FD_MONTH) {
        fd_period fits;

        if (fd_template_period(&fits, form, options.period) >= 0 && fits)
            options.period = fits;
        fd_error_clear();
    }
    err = fd_collect_import(result, &c, &options);
done:
    fd_collect_dispose(&c);
    return err;
}

/* chase, status and return take the same choice of collections. */
typedef enum what { CHASE, STATUS, RETURN } what;

static int run_over(fd_call *call, fd_result *result, what verb)
{
    const char *form = fd_call_text(call, "form"), *folder;
    fd_period period = FD_PERIOD_NONE;
    fd_date today = FD_DATE_NONE;
    fd_collect c;
    int err = fd_collect_load(&c, call->city, call->role);

    if (err < 0 || (err = fd_call_period(call, "at", &period)) < 0 ||
        (verb != RETURN && (err = fd_collect_today(&today, fd_call_text(call, "today"))) < 0))
        goto done;
    if (verb == CHASE) {
        err = fd_collect_chase(result, &c, form, period, today);
    } else if (verb == STATUS) {
        err = fd_collect_status(result, &c, form, period, today);
    } else {
        folder = fd_call_text(call, "out");
        err = fd_collect_return(result, &c, form, period, folder ? folder : "退回");
    }
done:
    fd_collect_dispose(&c);
    return err;
}

static int run_chase(fd_call *call, fd_result *result)
{
    return run_over(call, result, CHASE);
}

static int run_status(fd_call *call, fd_result *result)
{
    return run_over(call, result, STATUS);
}

static int run_return(fd_call *call, fd_result *result)
{
    return run_over(call, result, RETURN);
}

#define TODAY_PARAM                                                                                \
    {                                                                                              \
        "today", FD_P_TEXT, false, false, false, "DAY", "当作这一天(默认今天)",                    \
            "as if it were this day (default: today)", NULL                                        \
    }

static const fd_verb_param open_params[] = {
    { "form", FD_P_TEXT, true, true, false, "FORM", "报表的别名或名称", "id or name of the form",
      NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "收哪一期,如 2025-01..02(登记册没有期间)",
      "the period to collect, e.g. 2025-01..02 (registers have none)", NULL },
    { "due", FD_P_TEXT, false, true, false, "DAY", "截止日期,如 2025-03-10",
      "due day, e.g. 2025-03-10", NULL },
    { "by", FD_P_CHOICE, false, false, false, "WHO", "一个单位一件:县区(默认)、部门、企业",
      "one template for each county (default), department or enterprise",
      "county|department|enterprise|县区|部门|企业" },
    { "out", FD_P_OUTPUT, false, false, false, "FOLDER", "模板放这里", "folder for the templates",
      NULL },
    { "reissue", FD_P_FLAG, false, false, false, NULL, "作废已发的,重新发",
      "replace the templates that are out", NULL },
    TODAY_PARAM,
};
static const char *const open_examples[] = {
    "collect open dispatch --at 2025-01..02 --due 2025-03-10 --out out/模板 --city "
    "out/huanzhou.fangding",
    "collect open dispatch --at 2025-03 --due 2025-04-10 --by enterprise --city ours.fangding", NULL
};
const fd_verb fd_verb_collect_open = {
    .name = "collect open",
    .zh = "发表:给每个县区、部门或企业一份预填的模板(XLSX),带指纹",
    .en = "send a form out: a prefilled template (XLSX) for each county, department or enterprise",
    .detail_zh = "上期数在旁边的灰格,别的表已报过的数填好并注明来源,不再要;目标从不出现在填报旁。",
    .detail_en = "Last values stand grey beside the entries, figures known from other forms are "
                 "filled in with their source; no target ever stands beside an entry.",
    .effect = FD_WRITE,
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .is_job = true,
    .params = open_params,
    .param_count = sizeof open_params / sizeof *open_params,
    .examples = open_examples,
    .run = run_open,
};

static const fd_verb_param import_params[] = {
    { "folder", FD_P_PATH, true, true, false, "DIR", "来件的文件夹,或一个文件",
      "folder of what came back, or one file", NULL },
    { "form", FD_P_TEXT, false, false, false, "FORM", "没有指纹的文件当作这种报表",
      "files without a fingerprint are of this form", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "只收这一期;别期的点名拒收",
      "this period only; files of another are refused by name", NULL },
    { "replace", FD_P_FLAG, false, false, false, NULL, "同一单位的新版替换旧版(取较新的)",
      "a newer version of a return replaces the older", NULL },
    { "dry-run", FD_P_FLAG, false, false, false, NULL, "只看不写", "read and check only", NULL },
    { "confirm-units", FD_P_FLAG, false, false, false, NULL, "单位看着不对也收",
      "take files whose unit looks wrong", NULL },
    TODAY_PARAM,
};
static const char *const import_examples[] = {
    "collect import 来件 --at 2025-01..02 --city ours.fangding", NULL
};
const fd_verb fd_verb_collect_import = {
    .name = "collect import",
    .zh = "收表:认指纹,查期间、单位、期次和重份,合格的一批入库",
    .en = "take templates in: fingerprint, period, sender, issue and versions are checked first",
    .effect = FD_WRITE,
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .is_job = true,
    .params = import_params,
    .param_count = sizeof import_params / sizeof *import_params,
    .examples = import_examples,
    .run = run_import,
};

static const fd_verb_param over_params[] = {
    { "form", FD_P_TEXT, true, false, false, "FORM", "只看这种报表", "this form only", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "只看这一期", "this period only", NULL },
    TODAY_PARAM,
};
static const char *const chase_examples[] = {
    "collect chase --city ours.fangding",
    "collect chase dispatch --today 2025-03-12 --city ours.fangding", NULL
};
const fd_verb fd_verb_collect_chase = {
    .name = "collect chase",
    .zh = "催表:谁没报、逾期几个工作日、按县区的电话单",
    .en = "who is late, by how many working days, and a phone list by county",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = over_params,
    .param_count = sizeof over_params / sizeof *over_params,
    .examples = chase_examples,
    .run = run_chase,
};

static const char *const status_examples[] = { "collect status --city ours.fangding", NULL };
const fd_verb fd_verb_collect_status = {
    .name = "collect status",
    .zh = "收表进度:应报、已报、退回、已清",
    .en = "how far each collection is",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = over_params,
    .param_count = sizeof over_params / sizeof *over_params,
    .examples = status_examples,
    .run = run_status,
};

static const fd_verb_param return_params[] = {
    { "form", FD_P_TEXT, true, false, false, "FORM", "只看这种报表", "this form only", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "只看这一期", "this period only", NULL },
    { "out", FD_P_OUTPUT, false, false, false, "FOLDER", "退回文件放这里(默认 退回)",
      "folder for the returned files", NULL },
};
static const char *const return_examples[] = { "collect return --out out/退回 --city ours.fangding",
                                               NULL };
const fd_verb fd_verb_collect_return = {
    .name = "collect return",
    .zh = "退表:有错的行按来件原格式写回,带原因",
    .en = "refused rows go back in the sender's own format, with the reason",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = return_params,
    .param_count = sizeof return_params / sizeof *return_params,
    .examples = return_examples,
    .run = run_return,
};
