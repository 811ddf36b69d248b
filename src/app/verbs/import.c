/*
 * import: returns into the city file.
 */
#include "app/import.h"
#include "app/registry.h"

static int run_import(fd_call *call, fd_result *result)
{
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_import_report report = { 0 };
    size_t accepted = 0, rejected = 0;
    int err;

    options.form = fd_call_text(call, "form");
    options.dry_run = fd_call_flag(call, "dry-run");
    options.confirm_units = fd_call_flag(call, "confirm-units");
    options.rejects = fd_call_text(call, "rejects");
    options.actor = call->actor;
    if ((err = fd_call_period(call, "period", &options.period)) < 0)
        return err;
    err = fd_import(&report, call->city, call->rest, call->rest_count, &options);
    for (size_t i = 0; report.files && i < report.files->rows; i++) {
        accepted +=
            (size_t)report.files->columns[fd_table_find(report.files, "accepted")]->v.dec[i];
        rejected +=
            (size_t)report.files->columns[fd_table_find(report.files, "rejected")]->v.dec[i];
    }
    if (report.files)
        fd_result_say(result, "%zu 件来表:收 %zu 行,退 %zu 行%s",
                      "%zu returns: %zu rows taken, %zu refused%s", report.files->rows, accepted,
                      rejected, options.dry_run ? "(试读,没有写入)" : "");
    if (report.left_out)
        result->exit_code = 1; /* a file was sent back whole */
    fd_result_add(result, report.files);
    fd_result_add(result, report.findings);
    return err;
}

static const fd_verb_param params[] = {
    { "paths", FD_P_PATH, true, true, true, "PATH", "文件或文件夹(CSV、XLSX)",
      "files or folders (CSV, XLSX)", NULL },
    { "form", FD_P_TEXT, false, false, false, "FORM", "当作哪种报表(默认从文件名和表头认)",
      "read as this form (told from name and header)", NULL },
    { "period", FD_P_PERIOD, false, false, false, "PERIOD", "期间(默认从标题、文件名认)",
      "period (told from title and name)", NULL },
    { "dry-run", FD_P_FLAG, false, false, false, NULL, "只看不写", "read and check only", NULL },
    { "confirm-units", FD_P_FLAG, false, false, false, NULL, "单位看着不对也收",
      "take files whose unit looks wrong", NULL },
    { "rejects", FD_P_OUTPUT, false, false, false, "FOLDER", "退回文件放这里",
      "folder for returned files", NULL },
};
static const char *const examples[] = {
    "import out/huanzhou-来表 --city out/huanzhou.fangding --dry-run",
    "import 调度表.xlsx --form dispatch --period 2024-12 --city ours.fangding", NULL
};
const fd_verb fd_verb_import = {
    .name = "import",
    .zh = "导入来表:认表头、换单位、查错;退回的行写成文件,带原因",
    .en = "import returns: headers matched, units converted, checked; refused rows become a file "
          "with the reason",
    .effect = FD_WRITE,
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .is_job = true,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .examples = examples,
    .run = run_import,
};
