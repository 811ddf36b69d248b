/*
 * ding check, ding format, ding explain: definition files outside a city; and define: into one.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/assets.h"
#include "app/definitions.h"
#include "app/members.h"
#include "app/protect.h"
#include "app/registry.h"
#include "base/str.h"
#include "io/file.h"

#define DEFINITION_CAP ((size_t)16 << 20)

/* Scripts read from files and folders, with the shipped definitions beneath unless they are what is
 * checked. */
typedef struct workbench {
    fd_script **scripts;
    size_t count, capacity;
    size_t own; /* index of the first script that the caller named */
    fd_diags diags;
} workbench;

static void workbench_dispose(workbench *w)
{
    for (size_t i = 0; i < w->count; i++)
        fd_script_free(w->scripts[i]);
    free(w->scripts);
    fd_diags_dispose(&w->diags);
}

static void push(workbench *w, fd_script *script)
{
    if (w->count == w->capacity) {
        w->capacity = w->capacity ? w->capacity * 2 : 16;
        w->scripts = fd_realloc_array(w->scripts, w->capacity, sizeof *w->scripts);
    }
    w->scripts[w->count++] = script;
}

static int add_text(workbench *w, const char *text, size_t length, const char *file)
{
    fd_script *script = NULL;
    int err = fd_script_parse(&script, text, length, file, &w->diags);

    if (script)
        push(w, script);
    return err == FD_EPARSE ? 0 : err; /* faults are in the list */
}

static int add_path(workbench *w, const char *path)
{
    char **names = NULL;
    size_t count = 0, length;
    char *text = NULL;
    struct stat st;
    int err;

    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        if ((err = fd_file_list(&names, &count, path)) < 0)
            return err;
        for (size_t i = 0; i < count && err >= 0; i++) {
            struct stat child;

            if ((stat(names[i], &child) == 0 && S_ISDIR(child.st_mode)) ||
                fd_view_ends(fd_view_of(names[i]), ".ding"))
                err = add_path(w, names[i]);
        }
        for (size_t i = 0; i < count; i++)
            free(names[i]);
        free(names);
        return err;
    }
    if ((err = fd_file_read(&text, &length, path, DEFINITION_CAP)) < 0)
        return err;
    err = add_text(w, text, length, path);
    free(text);
    return err;
}

/* Is a shipped file itself what is checked: a named file of the same name that declares something
 * in common? */
static bool is_edition(const workbench *own, const fd_script *shipped)
{
    for (size_t i = 0; i < own->count; i++)
        for (size_t k = 0; k < own->scripts[i]->count; k++) {
            const fd_decl *ours = &own->scripts[i]->decls[k];

            for (size_t n = 0; n < shipped->count; n++)
                if (ours->kind == shipped->decls[n].kind &&
                    strcmp(ours->alias, shipped->decls[n].alias) == 0 &&
                    strcmp(fd_file_name(ours->file), fd_file_name(shipped->decls[n].file)) == 0)
                    return true;
        }
    return false;
}

/* Do the named files declare all that a shipped file declares? Then they stand in its place: the
 * definitions of a city, exported. */
static bool is_covered(const workbench *own, const fd_script *shipped)
{
    for (size_t n = 0; n < shipped->count; n++) {
        bool found = false;

        for (size_t i = 0; i < own->count && !found; i++)
            for (size_t k = 0; k < own->scripts[i]->count && !found; k++)
                found = !own->scripts[i]->decls[k].replaces &&
                        own->scripts[i]->decls[k].kind == shipped->decls[n].kind &&
                        strcmp(own->scripts[i]->decls[k].alias, shipped->decls[n].alias) == 0;
        if (!found)
            return false;
    }
    return shipped->count > 0;
}

/* The shipped definitions go beneath, so that a city's file may name shipped items; a shipped file
 * that is itself among the named ones stays out. */
static int add_shipped(workbench *w)
{
    workbench all = { 0 };
    const char *path;
    fd_view bytes;
    int err = 0;

    for (size_t i = 0; err >= 0 && fd_asset_next_definitions(&i, &path, &bytes);) {
        if ((err = add_text(&all, bytes.ptr, bytes.len, path)) >= 0 &&
            (is_edition(w, all.scripts[all.count - 1]) ||
             is_covered(w, all.scripts[all.count - 1])))
            fd_script_free(all.scripts[--all.count]);
    }
    all.own = all.count;
    for (size_t i = 0; i < w->count; i++)
        push(&all, w->scripts[i]);
    free(w->scripts);
    w->scripts = all.scripts;
    w->count = all.count;
    w->capacity = all.capacity;
    w->own = all.own;
    fd_diags_dispose(&all.diags);
    return err;
}

/* As a table for programs, as lines with a caret for people. */
static void add_findings(fd_result *result, const fd_diags *diags, fd_lang lang)
{
    fd_result_add(result, fd_diags_table(diags));
    free(result->screen[lang]);
    result->screen[lang] = fd_diags_text(diags, lang);
}

static int load(fd_call *call, workbench *w, fd_program **program)
{
    int err = 0;

    for (size_t i = 0; i < call->rest_count && err >= 0; i++)
        err = add_path(w, call->rest[i]);
    if (err >= 0)
        err = add_shipped(w);
    if (err >= 0) {
        fd_load_options options = FD_LOAD_OPTIONS_INIT;

        options.read_members = fd_members_read;
        options.read_calendar = fd_workdays_read;
        err = fd_program_load_with(program, (const fd_script *const *)w->scripts, w->count,
                                   &options, &w->diags);
        if (w->diags.faults)
            err = 0; /* the table of findings is the answer */
    }
    return err;
}

static size_t own_declarations(const workbench *w)
{
    size_t n = 0;

    for (size_t i = w->own; i < w->count; i++)
        n += w->scripts[i]->count;
    return n;
}

static int run_check(fd_call *call, fd_result *result)
{
    workbench w = { 0 };
    fd_program *program = NULL;
    int err = load(call, &w, &program);

    if (err >= 0) {
        if (w.diags.list.count)
            add_findings(result, &w.diags, call->lang);
        result->exit_code = w.diags.faults ? 1 : 0;
        fd_result_say(result, "%zu 条声明,%zu 处错误,%zu 处注意",
                      "%zu declarations, %zu faults, %zu warnings", own_declarations(&w),
                      w.diags.faults, w.diags.warnings);
    }
    fd_program_free(program);
    workbench_dispose(&w);
    return err;
}

static int run_format(fd_call *call, fd_result *result)
{
    workbench w = { 0 };
    fd_buf out = FD_BUF_INIT;
    int err = 0;

    for (size_t i = 0; i < call->rest_count && err >= 0; i++)
        err = add_path(&w, call->rest[i]);
    for (size_t i = 0; err >= 0 && i < w.count; i++)
        for (size_t d = 0; err >= 0 && d < w.scripts[i]->count; d++) {
            char *text = NULL;

            if (w.scripts[i]->decls[d].comment)
                fd_buf_printf(&out, "%s\n", w.scripts[i]->decls[d].comment);
            if ((err = fd_decl_print(&text, &w.scripts[i]->decls[d], call->lang)) >= 0)
                fd_buf_printf(&out, "%s\n", text);
            free(text);
        }
    if (err >= 0 && w.diags.faults) {
        add_findings(result, &w.diags, call->lang);
        result->exit_code = 1;
    } else if (err >= 0) {
        result->screen[call->lang] = fd_buf_take(&out);
    }
    fd_buf_dispose(&out);
    workbench_dispose(&w);
    return err;
}

static int run_explain(fd_call *call, fd_result *result)
{
    workbench w = { 0 };
    fd_program *program = NULL;
    fd_buf out = FD_BUF_INIT;
    int err = load(call, &w, &program);

    if (err >= 0 && w.diags.faults) {
        add_findings(result, &w.diags, call->lang);
        result->exit_code = 1;
        goto done;
    }
    for (size_t i = w.own; err >= 0 && i < w.count; i++)
        for (size_t d = 0; err >= 0 && d < w.scripts[i]->count; d++) {
            char *text = NULL;

            if ((err = fd_decl_explain(&text, program, &w.scripts[i]->decls[d], call->lang)) >= 0)
                fd_buf_printf(&out, "%s\n\n", text);
            free(text);
        }
    if (err >= 0)
        result->screen[call->lang] = fd_buf_take(&out);
done:
    fd_buf_dispose(&out);
    fd_program_free(program);
    workbench_dispose(&w);
    return err;
}

/* The city's definitions as they would stand: one that says 替代 and has the id of one held takes
 * its place in the file. */
static int check_whole(fd_call *call, fd_result *result)
{
    workbench w = { 0 };
    fd_program *program = NULL;
    fd_load_options options = FD_LOAD_OPTIONS_INIT;
    fd_table *held = NULL, *beside = NULL;
    fd_script **scripts = NULL;
    size_t count = 0, own;
    int err = fd_reader_definitions(call->city->reader, &held);

    for (size_t i = 0; i < call->rest_count && err >= 0; i++)
        err = add_path(&w, call->rest[i]);
    own = w.count;
    if (err >= 0 && (err = fd_definitions_beside(&beside, held, w.scripts, w.count)) >= 0)
        err = fd_definitions_parse(&scripts, &count, beside, &w.diags);
    for (size_t i = 0; i < count; i++)
        push(&w, scripts[i]);
    free(scripts);
    options.read_calendar = fd_workdays_read;
    if (err >= 0)
        err = fd_program_load_with(&program, (const fd_script *const *)w.scripts, w.count, &options,
                                   &w.diags);
    if (w.diags.list.count)
        add_findings(result, &w.diags, call->lang);
    if (err >= 0)
        err = fd_protect_definitions(call, program, w.scripts, own);
    fd_table_free(held);
    fd_table_free(beside);
    fd_program_free(program);
    workbench_dispose(&w);
    return err;
}

/* Check first against what the city holds, then store. */
static int run_define(fd_call *call, fd_result *result)
{
    fd_batch_info info = { "define", call->actor, NULL, NULL };
    fd_diags diags = FD_DIAGS_INIT;
    fd_batch *batch = NULL;
    int64_t snapshot = 0;
    int err = 0;

    info.note = call->rest[0];
    if ((err = fd_batch_begin(&batch, call->city->store, &info)) < 0)
        return err;
    for (size_t i = 0; i < call->rest_count && err >= 0; i++) {
        char *text = NULL;
        size_t length;

        if ((err = fd_file_read(&text, &length, call->rest[i], DEFINITION_CAP)) >= 0)
            err = fd_definitions_add(batch, text, length, call->rest[i], false, &diags);
        free(text);
    }
    if (diags.faults)
        add_findings(result, &diags, call->lang);
    if (err >= 0)
        err = check_whole(call, result);
    if (err < 0) {
        fd_batch_abandon(batch);
    } else if ((err = fd_batch_publish(batch, &snapshot)) >= 0) {
        fd_result_say(result, "已写入,快照 %lld", "stored, snapshot %lld", (long long)snapshot);
    }
    fd_diags_dispose(&diags);
    return err;
}

static const fd_verb_param files[] = {
    { "files", FD_P_PATH, true, true, true, "FILE", "鼎言文件或文件夹(*.ding)",
      "definition files or folders (*.ding)", NULL },
};
static const char *const check_examples[] = { "ding check definitions",
                                              "ding check my.ding --lang en", NULL };
const fd_verb fd_verb_ding_check = {
    .name = "ding check",
    .zh = "检查鼎言:名称、单位、流量存量、日期、循环、位宽",
    .en = "check definitions: names, units, flow and stock, dates, cycles, widths",
    .purpose = FD_ADMINISTRATION,
    .params = files,
    .param_count = 1,
    .examples = check_examples,
    .run = run_check,
};

static const char *const format_examples[] = { "ding format my.ding",
                                               "ding format my.ding --lang en", NULL };
const fd_verb fd_verb_ding_format = {
    .name = "ding format",
    .zh = "按统一版式打印鼎言,中文或英文关键字",
    .en = "print definitions in canonical layout, with Chinese or English keywords",
    .purpose = FD_ADMINISTRATION,
    .params = files,
    .param_count = 1,
    .examples = format_examples,
    .run = run_format,
};

static const char *const explain_examples[] = { "ding explain definitions/targets.ding", NULL };
const fd_verb fd_verb_ding_explain = {
    .name = "ding explain",
    .zh = "把每条定义说成几句话",
    .en = "say every definition in a few sentences",
    .purpose = FD_ADMINISTRATION,
    .params = files,
    .param_count = 1,
    .examples = explain_examples,
    .run = run_explain,
};

static const char *const define_examples[] = { "define my.ding --city out/huanzhou.fangding",
                                               NULL };
const fd_verb fd_verb_define = {
    .name = "define",
    .zh = "把城市自己的定义写进城市文件(改写随附定义要写「替代 ID」)",
    .en = "store the city's own definitions (overriding a shipped one takes 替代 ID)",
    .effect = FD_PROPOSE,
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = files,
    .param_count = 1,
    .examples = define_examples,
    .run = run_define,
};
