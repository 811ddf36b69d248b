/*
 * lp: solve, explain and certify any linear program in free MPS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/registry.h"
#include "base/vec.h"
#include "io/file.h"
#include "solve/mps.h"
#include "solve/study.h"

#define MODEL_CAP ((size_t)1 << 30)

typedef struct loaded {
    fd_vec(fd_study_model) models;
    fd_arena *arena;
} loaded;

/* "folder/base.mps" is called base. */
static const char *stem(fd_arena *arena, const char *path)
{
    const char *begin = fd_file_name(path), *dot = strrchr(begin, '.');

    return fd_arena_strndup(arena, begin,
                            dot && dot > begin ? (size_t)(dot - begin) : strlen(begin));
}

static int load_file(loaded *all, const char *path)
{
    fd_model *model = NULL;
    size_t length;
    char *text;
    int err;

    if ((err = fd_file_read(&text, &length, path, MODEL_CAP)) < 0)
        return err;
    err = fd_mps_read(&model, text, length, path);
    free(text);
    if (err < 0)
        return err;
    fd_vec_push(&all->models, ((fd_study_model){ stem(all->arena, path), model }));
    return 0;
}

/* A file, or every *.mps of a folder in byte order. */
static int load_path(loaded *all, const char *path)
{
    struct stat info;
    char **paths;
    size_t count, before = all->models.count;
    int err;

    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return load_file(all, path);
    if ((err = fd_file_list(&paths, &count, path)) < 0)
        return err;
    for (size_t i = 0; i < count; i++) {
        if (err >= 0 && fd_file_has_extension(paths[i], "mps"))
            err = load_file(all, paths[i]);
        free(paths[i]);
    }
    free(paths);
    if (err >= 0 && all->models.count == before)
        err = fd_error_set(FD_ENOTFOUND, "文件夹 %s 里没有 .mps 文件", "no .mps file in folder %s",
                           path);
    return err;
}

/* "--share share/grow": beginnings of the requirement's rows and of the whole's. */
static int read_share(fd_study_options *o, const fd_call *call)
{
    const char *text = fd_call_text(call, "share"), *slash = text ? strchr(text, '/') : NULL;

    if (!text)
        return 0;
    if (!slash || slash == text || !slash[1])
        return fd_error_set(FD_EINVAL, "--share 应写成 占比行/总量行(各写行名的开头),不是「%s」",
                            "--share wants REQUIREMENT/WHOLE (beginnings of row names), not %s",
                            text);
    o->share_part = fd_arena_strndup(call->arena, text, (size_t)(slash - text));
    o->share_whole = slash + 1;
    return 0;
}

static int read_number(const fd_call *call, const char *name, double least, double most,
                       double *out)
{
    const char *text = fd_call_text(call, name);

    if (!text)
        return 0;
    *out = strtod(text, NULL);
    return *out >= least && *out <= most
               ? 0
               : fd_error_set(FD_EINVAL, "--%s 应在 %g 与 %g 之间", "--%s goes from %g to %g", name,
                              least, most);
}

static int read_options(fd_study_options *o, const fd_call *call)
{
    int64_t points = 9;
    const char **words;
    int err;

    o->elastic_count = fd_call_list(call, "elastic", &words);
    o->elastic = words;
    o->policy_count = fd_call_list(call, "policies", &words);
    o->policies = words;
    if ((err = read_share(o, call)) < 0 || (err = fd_call_integer(call, "pareto", &points)) < 0 ||
        (err = read_number(call, "seconds", 0.1, 86400, &o->seconds)) < 0 ||
        (err = read_number(call, "gap", 0, 1, &o->gap)) < 0 ||
        (err = read_number(call, "step", 1e-9, 0.1, &o->step)) < 0)
        return err;
    if (points < 2 || points > 10000)
        return fd_error_set(FD_EINVAL, "--pareto 应在 2 与 10000 之间",
                            "--pareto goes from 2 to 10000");
    o->points = (size_t)points;
    return 0;
}

/* What was asked for: --out, else what the other options point to. */
static fd_study_table wanted_table(const fd_call *call)
{
    const char *out = fd_call_text(call, "out");

    for (int t = 0; out && t < FD_STUDY_COUNT; t++)
        if (strcmp(out, fd_study_name((fd_study_table)t)) == 0)
            return (fd_study_table)t;
    return fd_call_flag(call, "iis")       ? FD_STUDY_IIS
           : fd_call_flag(call, "shadow")  ? FD_STUDY_SHADOW
           : fd_call_text(call, "pareto")  ? FD_STUDY_PARETO
           : fd_call_text(call, "elastic") ? FD_STUDY_ELASTIC
                                           : FD_STUDY_SUMMARY;
}

static int export_first(const fd_call *call, const loaded *all)
{
    const char *path = fd_call_text(call, "export");
    fd_buf text = FD_BUF_INIT;
    int err;

    if (!path)
        return 0;
    if ((err = fd_mps_write(&text, all->models.items[0].model)) >= 0)
        err = fd_file_write(path, text.ptr, text.len);
    fd_buf_dispose(&text);
    return err;
}

static int run_lp(fd_call *call, fd_result *result)
{
    fd_study_options options = FD_STUDY_OPTIONS_INIT;
    loaded all = { .arena = call->arena };
    fd_table *table = NULL;
    int err = read_options(&options, call);

    for (size_t i = 0; i < call->rest_count && err >= 0; i++)
        err = load_path(&all, call->rest[i]);
    if (err >= 0 && all.models.count == 0)
        err = fd_error_set(FD_EINVAL, "没有给出 MPS 文件", "no MPS file was given");
    if (err >= 0)
        err = export_first(call, &all);
    if (err >= 0)
        err =
            fd_study_run(&table, wanted_table(call), all.models.items, all.models.count, &options);
    if (err >= 0)
        fd_result_add(result, table);
    for (size_t i = 0; i < all.models.count; i++)
        fd_model_free((fd_model *)all.models.items[i].model);
    fd_vec_dispose(&all.models);
    return err;
}

static const fd_verb_param lp_params[] = {
    { "file", FD_P_PATH, true, true, true, "FILE",
      "自由格式 MPS 文件,可多个;写文件夹则读其中全部 .mps(按文件名次序)",
      "free MPS files; of a folder every .mps in the order of names", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认随其他选项)",
      "which table (by the other options)",
      "summary|optima|objectives|solution|rows|shadow|pareto|elastic|iis|iis_rows" },
    { "iis", FD_P_FLAG, false, false, false, NULL, "无解时:哪些限制互相矛盾(已核实)",
      "no solution: which rows contradict each other (verified)", NULL },
    { "elastic", FD_P_LIST, false, false, false, "PATTERNS",
      "可以放宽的行(名字的开头,逗号分开):最小放宽;与 --shadow 同用时只列这些行",
      "rows that may give way (beginnings of names): the least relaxation; with --shadow: only "
      "these rows",
      NULL },
    { "policies", FD_P_LIST, false, false, false, "PATTERNS",
      "--iis 按政策说话:每个开头为一组,其余的行不可放宽",
      "--iis by policies: a group a beginning, all other rows hard", NULL },
    { "shadow", FD_P_FLAG, false, false, false, NULL, "两侧影子价格", "shadow prices of both sides",
      NULL },
    { "share", FD_P_TEXT, false, false, false, "PART/WHOLE",
      "占比行与总量行名字的开头,如 share/grow;占比从系数里认出来",
      "beginnings of the rows that require a share and hold the whole, say share/grow", NULL },
    { "pareto", FD_P_INTEGER, false, false, false, "N", "占比与目标的前沿,N 个点",
      "front of share and objective, N points", NULL },
    { "step", FD_P_NUMBER, false, false, false, "H", "影子价格的步长,相对右端(默认 0.0001)",
      "step of shadow prices, relative to the right-hand side (0.0001)", NULL },
    { "seconds", FD_P_NUMBER, false, false, false, "T", "每次求解的时限(默认 60)",
      "limit of each solve (60)", NULL },
    { "gap", FD_P_NUMBER, false, false, false, "G", "整数规划的相对差距(默认 0.01)",
      "relative gap of programs with whole numbers (0.01)", NULL },
    { "export", FD_P_OUTPUT, false, false, false, "FILE", "把第一个模型写成自由格式 MPS",
      "write the first model as free MPS", NULL },
};
static const char *const lp_examples[] = {
    "lp plan.mps",
    "lp plan.mps --iis",
    "lp plan.mps --elastic land,labour",
    NULL,
};
const fd_verb fd_verb_lp = {
    .name = "lp",
    .zh = "线性规划:求解并给出可复核的证书;无解时说明为什么、至少放宽多少",
    .en = "linear programs: solve with a certificate; explain why there is no solution",
    .detail_zh = "多个文件时:summary、optima、objectives 说全部;front "
                 "取第一个有解的,影子价格取最后一个有解的,"
                 "放宽与矛盾取第一个无解的;占比从第一个写有占比行的文件认出,"
                 "按列名用到其他文件。整数列由子进程里的 CBC 求解,到时限即停,给出界与差距。",
    .detail_en =
        "Whole-number columns go to CBC in a child process with a time limit; bound and gap "
        "are reported.",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = lp_params,
    .param_count = sizeof lp_params / sizeof *lp_params,
    .examples = lp_examples,
    .run = run_lp,
};
