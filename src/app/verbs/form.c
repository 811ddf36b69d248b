/*
 * form export, form import: a definition as a spreadsheet and back, for those who do not edit text.
 */
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/definitions.h"
#include "app/registry.h"
#include "base/str.h"
#include "io/file.h"
#include "returns/decl_xlsx.h"

/* Forms and records first: an id may stand for an item too. */
static const fd_decl_kind order[] = { FD_DECL_FORM,   FD_DECL_RECORD, FD_DECL_ITEM,
                                      FD_DECL_UNIT,   FD_DECL_CLASS,  FD_DECL_INDICATOR,
                                      FD_DECL_TARGET, FD_DECL_PARAM,  FD_DECL_LIGHT,
                                      FD_DECL_CHAIN,  FD_DECL_CUBE,   FD_DECL_POLICY,
                                      FD_DECL_LADDER, FD_DECL_INDEX,  FD_DECL_COMPLETE };
enum { KINDS = sizeof order / sizeof *order };

static int not_found(const char *id)
{
    fd_error_set(FD_ENOTFOUND, "没有叫「%s」的定义", "there is no definition %s", id);
    return fd_error_hint("fangding show definitions 列出城市文件里的定义",
                         "fangding show definitions lists those of the city file");
}

/* Of the city file. */
static int export_held(fd_call *call, const char *id, const char *path)
{
    fd_city *city = NULL;
    const fd_decl *decl = NULL;
    int err = fd_city_open(&city, call->city_path, call->as_of, false);

    for (size_t k = 0; err >= 0 && k < KINDS && !decl; k++)
        decl = fd_program_find_decl(city->program, order[k], id);
    if (err >= 0)
        err = decl ? fd_decl_write_xlsx(decl, path) : not_found(id);
    fd_city_free(city);
    return err;
}

/* Of those shipped with the program, when no city is named. */
static int export_shipped(const char *id, const char *path)
{
    fd_diags diags = FD_DIAGS_INIT;
    const char *file;
    fd_view bytes;
    bool found = false;
    int err = 0;

    for (size_t k = 0; k < KINDS && !found; k++)
        for (size_t i = 0; err >= 0 && !found && fd_asset_at(i, &file, &bytes); i++) {
            fd_script *script = NULL;

            if (!fd_view_starts(fd_view_of(file), "definitions/") ||
                !fd_view_ends(fd_view_of(file), ".ding"))
                continue;
            err = fd_script_parse(&script, bytes.ptr, bytes.len, file, &diags);
            for (size_t d = 0; err >= 0 && d < script->count && !found; d++)
                if (script->decls[d].kind == order[k] && (strcmp(script->decls[d].alias, id) == 0 ||
                                                          strcmp(script->decls[d].name, id) == 0)) {
                    found = true;
                    err = fd_decl_write_xlsx(&script->decls[d], path);
                }
            fd_script_free(script);
        }
    fd_diags_dispose(&diags);
    return err < 0 || found ? err : not_found(id);
}

static int run_export(fd_call *call, fd_result *result)
{
    const char *id = fd_call_text(call, "id"), *path = fd_call_text(call, "out");
    int err = call->city_path ? export_held(call, id, path) : export_shipped(id, path);

    if (err >= 0)
        fd_result_say(result, "「%s」写进 %s", "%s is in %s", id, path);
    return err;
}

static int run_import(fd_call *call, fd_result *result)
{
    const char *path = fd_call_text(call, "out"), *file = fd_call_text(call, "file");
    fd_diags diags = FD_DIAGS_INIT;
    fd_buf text = FD_BUF_INIT, out = FD_BUF_INIT;
    fd_script *script = NULL;
    int err;

    if ((err = fd_decl_read_xlsx(&text, file)) < 0)
        goto done;
    err = fd_script_parse(&script, fd_buf_text(&text), text.len, file, &diags);
    if (diags.list.count)
        fd_result_add(result, fd_diags_table(&diags));
    if (err < 0) {
        result->exit_code = 1;
        err = err == FD_EPARSE ? 0 : err; /* the table of findings is the answer */
        goto done;
    }
    for (size_t i = 0; i < script->count && err >= 0; i++) {
        char *one = NULL;

        if (script->decls[i].comment)
            fd_buf_printf(&out, "%s\n", script->decls[i].comment);
        if ((err = fd_decl_print(&one, &script->decls[i], call->lang)) >= 0)
            fd_buf_puts(&out, one);
        free(one);
    }
    if (err < 0)
        goto done;
    if (path) {
        if ((err = fd_file_write(path, fd_buf_text(&out), out.len)) >= 0)
            fd_result_say(result, "写进 %s;用 fangding define %s 存入城市文件",
                          "in %s; fangding define %s stores it in the city file", path, path);
    } else {
        result->screen[call->lang] = fd_buf_take(&out);
    }
done:
    fd_script_free(script);
    fd_buf_dispose(&text);
    fd_buf_dispose(&out);
    fd_diags_dispose(&diags);
    return err;
}

static const fd_verb_param export_params[] = {
    { "id", FD_P_TEXT, true, true, false, "ID", "报表、记录、政策等定义的别名或名称",
      "id or name of a form, a record type, a policy or another definition", NULL },
    { "out", FD_P_OUTPUT, false, true, false, "FILE", "写到这个 XLSX 文件", "write this XLSX file",
      NULL },
};
static const char *const export_examples[] = { "form export dispatch --out 调度表.xlsx",
                                               "form export hte --out 政策.xlsx", NULL };
const fd_verb fd_verb_form_export = {
    .name = "form export",
    .zh = "把报表、记录或政策写成 Excel 表,不会鼎言也能改",
    .en = "write a form, a record type or a policy as a spreadsheet, to be edited without the "
          "language",
    .purpose = FD_ADMINISTRATION,
    .params = export_params,
    .param_count = sizeof export_params / sizeof *export_params,
    .examples = export_examples,
    .run = run_export,
};

static const fd_verb_param import_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "form export 写出、改过的 XLSX",
      "the XLSX that form export wrote, edited", NULL },
    { "out", FD_P_OUTPUT, false, false, false, "FILE", "写到这个鼎言文件(默认打印)",
      "write this definition file (default: print)", NULL },
};
static const char *const import_examples[] = { "form import 调度表.xlsx --out my.ding", NULL };
const fd_verb fd_verb_form_import = {
    .name = "form import",
    .zh = "把改过的 Excel 定义表读回鼎言",
    .en = "read an edited spreadsheet back into a definition",
    .purpose = FD_ADMINISTRATION,
    .params = import_params,
    .param_count = sizeof import_params / sizeof *import_params,
    .examples = import_examples,
    .run = run_import,
};
