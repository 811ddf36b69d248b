/*
 * new: a city file with the shipped definitions, empty or filled with an example; generate: the
 * example's files alone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/assets.h"
#include "app/definitions.h"
#include "app/import.h"
#include "app/registry.h"
#include "base/log.h"
#include "base/str.h"
#include "fangding/example.h"
#include "io/file.h"

/* Subjects that every city has from the start: the industrial divisions by their national codes. */
static int put_divisions(fd_batch *batch)
{
    fd_view text, line, code, name, level, rest;
    int err = 0;

    if (!fd_asset_find("definitions/classes/gbt4754_2017.csv", &text))
        return fd_error_set(FD_ENOTFOUND, "程序里没有国民经济行业分类",
                            "the classification of industries is not compiled in");
    while (err >= 0 && fd_view_split(&text, '\n', &line)) {
        char code_text[8], name_text[128];
        int32_t id, number;

        rest = line;
        if (!fd_view_split(&rest, ',', &code) || !fd_view_split(&rest, ',', &name) ||
            !fd_view_split(&rest, ',', &level) || !fd_view_is(level, "2") || code.len != 2)
            continue;
        snprintf(code_text, sizeof code_text, "%.*s", (int)code.len, code.ptr);
        snprintf(name_text, sizeof name_text, "%.*s", (int)name.len, name.ptr);
        number = atoi(code_text);
        if (number >= 6 && number <= 46)
            err = fd_batch_subject(batch, "division", code_text, name_text, &id);
    }
    return err;
}

/* What a city is called, and what is said of it beside its name; notes and marks may be NULL. */
typedef struct naming {
    const char *name, *code, *note, *note_en;
    const char *register_marks; /* what everything computed from its registers carries: 示例 */
} naming;

/* The file itself: definitions, divisions, and what the city is called. */
static int create(const char *path, fd_call *call, const naming *city)
{
    const char *const meta[][2] = { { "city", city->name },
                                    { "note", city->note },
                                    { "note_en", city->note_en },
                                    { "register_marks", city->register_marks } };
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_batch_info info = { "new", call->actor, city->name, NULL };
    fd_diags diags = FD_DIAGS_INIT;
    fd_store *store = NULL;
    fd_batch *batch = NULL;
    int64_t snapshot;
    int32_t id;
    int err;

    options.create = true;
    if ((err = fd_store_open_sqlite(&store, path, &options)) < 0)
        return err;
    if ((err = fd_batch_begin(&batch, store, &info)) < 0)
        goto done;
    if ((err = fd_definitions_ship(batch, &diags)) < 0 || (err = put_divisions(batch)) < 0 ||
        (err = fd_batch_subject(batch, "city", city->code, city->name, &id)) < 0) {
        fd_batch_abandon(batch);
        goto done;
    }
    for (size_t i = 0; i < sizeof meta / sizeof *meta; i++)
        if (meta[i][1] && (err = fd_batch_meta(batch, meta[i][0], meta[i][1])) < 0) {
            fd_batch_abandon(batch);
            goto done;
        }
    fd_batch_detail(batch, city->name);
    if ((err = fd_store_audit_with_next(store, call->actor, "new", path)) < 0) {
        fd_batch_abandon(batch);
        goto done;
    }
    err = fd_batch_publish(batch, &snapshot);
done:
    fd_diags_dispose(&diags);
    fd_store_close(store);
    if (err < 0)
        (void)unlink(path);
    return err < 0 ? err : 0;
}

static int make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return 0;
    return fd_error_set(FD_EIO, "不能建文件夹 %s:%s", "cannot make the folder %s: %s", path,
                        strerror(errno));
}

/* Write the compiled-in files of an example below a folder, as files to import. */
static int unpack(const char *prefix, const char *folder)
{
    const char *path;
    fd_view bytes;
    char target[1024];
    int err = make_folder(folder);

    for (size_t i = 0; err >= 0 && fd_asset_at(i, &path, &bytes); i++) {
        if (strncmp(path, prefix, strlen(prefix)) != 0 || !fd_view_ends(fd_view_of(path), ".csv"))
            continue;
        snprintf(target, sizeof target, "%s/%s", folder, path + strlen(prefix));
        err = fd_file_write(target, bytes.ptr, bytes.len);
    }
    return err;
}

static int draw_progress(double done, void *payload)
{
    fd_progress_step(payload, (uint64_t)(done * 1000));
    return 0;
}

static int generate(fd_call *call, const char *folder)
{
    fd_example_options options = FD_EXAMPLE_OPTIONS_INIT;
    int64_t enterprises = 0, seed = 0, months = 0;
    fd_progress progress;
    int err;

    if ((err = fd_call_integer(call, "enterprises", &enterprises)) < 0 ||
        (err = fd_call_integer(call, "seed", &seed)) < 0 ||
        (err = fd_call_integer(call, "months", &months)) < 0)
        return err;
    options.seed = (uint64_t)seed;
    options.enterprises = (size_t)enterprises;
    options.months = (int)months;
    options.light = fd_call_flag(call, "light");
    options.progress = draw_progress;
    options.payload = &progress;
    fd_progress_start(&progress, "生成来表", "generating returns", 1000, "‰");
    err = fd_example_write(folder, &options);
    fd_progress_finish(&progress);
    return err;
}

/* A folder beside the city file that keeps the example's files: out/x.fangding → out/x-来表. */
static char *folder_beside(fd_arena *arena, const char *path)
{
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
    size_t length = dot && (!slash || dot > slash) ? (size_t)(dot - path) : strlen(path);

    return fd_arena_printf(arena, "%.*s-来表", (int)length, path);
}

static int fill(fd_call *call, const char *path, const char *folder, fd_result *result)
{
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    const char *const paths[] = { folder };
    fd_import_report report = { 0 };
    fd_city *city = NULL;
    int err;

    if ((err = fd_city_open(&city, path, 0, true)) < 0)
        return err;
    options.actor = call->actor;
    options.rejects = fd_arena_printf(call->arena, "%s-退回", folder);
    err = fd_import(&report, city, paths, 1, &options);
    if (report.files) {
        size_t accepted = 0, rejected = 0;
        int a = fd_table_find(report.files, "accepted"),
            r = fd_table_find(report.files, "rejected");

        for (size_t i = 0; i < report.files->rows; i++) {
            accepted += a >= 0 ? (size_t)report.files->columns[a]->v.dec[i] : 0;
            rejected += r >= 0 ? (size_t)report.files->columns[r]->v.dec[i] : 0;
        }
        fd_result_say(result, "%zu 个来表在 %s:收 %zu 行,退 %zu 行(退回文件在 %s-退回)",
                      "%zu returns in %s: %zu rows taken, %zu refused (returned files in %s-退回)",
                      report.files->rows, folder, accepted, rejected, folder);
        if (err >= 0)
            err = fd_store_audit(city->store, call->actor, "import", path, result->message[FD_EN]);
    }
    fd_import_report_dispose(&report);
    fd_city_free(city);
    return err;
}

static int run_new(fd_call *call, fd_result *result)
{
    static const naming anyang = { "安阳市", "410500", "只有公开发表的数字",
                                   "published figures only", NULL };
    static const naming huanzhou = { "洹州市", "990500", "虚构,总量依据安阳公开数字",
                                     "fictional city", "示例" };
    const char *path = fd_call_text(call, "file"), *example = fd_call_text(call, "example");
    const char *name = fd_call_text(call, "name"), *code = fd_call_text(call, "code");
    char *folder;
    int err;

    if (!example) {
        const naming own = { name ? name : "未命名", code ? code : "000000", NULL, NULL, NULL };

        if ((err = create(path, call, &own)) >= 0)
            fd_result_say(result, "新城市文件 %s", "new city file %s", path);
        return err;
    }
    folder = folder_beside(call->arena, path);
    if (strcmp(example, "anyang") == 0) {
        if ((err = create(path, call, &anyang)) < 0)
            return err;
        err = unpack("examples/anyang/", folder);
    } else {
        if ((err = create(path, call, &huanzhou)) < 0)
            return err;
        err = generate(call, folder);
    }
    if (err < 0) {
        (void)unlink(path); /* nothing is in it yet: the next try may have its name */
        return err;
    }
    return fill(call, path, folder, result);
}

#define EXAMPLE_PARAMS                                                                             \
    { "enterprises",                                                                               \
      FD_P_INTEGER,                                                                                \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "N",                                                                                         \
      "规上企业数(默认 1180)",                                                                     \
      "above-scale enterprises (1180)",                                                            \
      NULL },                                                                                      \
        { "seed", FD_P_INTEGER, false, false, false, "S", "种子(默认 1)", "seed (1)", NULL },      \
        { "months",                                                                                \
          FD_P_INTEGER,                                                                            \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "N",                                                                                     \
          "最近几个月(默认全部)",                                                                  \
          "how many newest months (all)",                                                          \
          NULL },                                                                                  \
    {                                                                                              \
        "light", FD_P_FLAG, false, false, false, NULL, "少几种表,全用 CSV",                        \
            "fewer returns, all CSV", NULL                                                         \
    }

static const fd_verb_param new_params[] = {
    { "file", FD_P_OUTPUT, true, true, false, "FILE", "新城市文件", "the new city file", NULL },
    { "example", FD_P_CHOICE, false, false, false, "E", "用例子填满", "fill with an example",
      "anyang|huanzhou" },
    { "name", FD_P_TEXT, false, false, false, "NAME", "城市名称", "name of the city", NULL },
    { "code", FD_P_TEXT, false, false, false, "CODE", "行政区划代码", "administrative code", NULL },
    EXAMPLE_PARAMS,
};
static const char *const new_examples[] = { "new out/anyang.fangding --example anyang",
                                            "new out/huanzhou.fangding --example huanzhou --seed 7",
                                            "new ours.fangding --name 某市 --code 410500", NULL };
const fd_verb fd_verb_new = {
    .name = "new",
    .zh = "新建城市文件:带随附定义;可以用例子填满",
    .en = "a new city file with the shipped definitions, perhaps filled with an example",
    .effect = FD_WRITE,
    .purpose = FD_ADMINISTRATION,
    .is_job = true,
    .params = new_params,
    .param_count = sizeof new_params / sizeof *new_params,
    .examples = new_examples,
    .run = run_new,
};

static int run_generate(fd_call *call, fd_result *result)
{
    const char *folder = fd_call_text(call, "folder");
    int64_t rows = 0, columns = 20, seed = 1;
    int err;

    if ((err = fd_call_integer(call, "bench-rows", &rows)) < 0 ||
        (err = fd_call_integer(call, "bench-columns", &columns)) < 0 ||
        (err = fd_call_integer(call, "seed", &seed)) < 0)
        return err;
    err = rows > 0 ? fd_example_bench_csv(folder, (size_t)rows, (size_t)columns, (uint64_t)seed)
                   : generate(call, folder);
    if (err >= 0)
        fd_result_say(result, "写好了 %s", "written: %s", folder);
    return err;
}

static const fd_verb_param generate_params[] = {
    { "folder", FD_P_OUTPUT, true, true, false, "FOLDER", "写到这个文件夹",
      "write into this folder", NULL },
    { "bench-rows", FD_P_INTEGER, false, false, false, "N", "改写一个 N 行的 CSV(测速用)",
      "instead one CSV of N rows (for benches)", NULL },
    { "bench-columns", FD_P_INTEGER, false, false, false, "N", "它的数值列(默认 20)",
      "its numeric columns (20)", NULL },
    EXAMPLE_PARAMS,
};
static const char *const generate_examples[] = { "generate out/来表 --seed 7",
                                                 "generate out/bench.csv --bench-rows 1000000",
                                                 NULL };
const fd_verb fd_verb_generate = {
    .name = "generate",
    .zh = "只写例子城市的来表文件,不导入",
    .en = "write the example city's returns as files, without importing",
    .effect = FD_READ,
    .purpose = FD_ADMINISTRATION,
    .is_job = true,
    .params = generate_params,
    .param_count = sizeof generate_params / sizeof *generate_params,
    .examples = generate_examples,
    .run = run_generate,
};
