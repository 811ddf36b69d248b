/*
 * The child reads model.mps with names R0… and C0…, so that no name of ours can confuse it, and
 * always minimises; what it prints goes to a file of the same folder.
 */
#include "solve/milp.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "solve/mps.h"

extern char **environ;

typedef struct child {
    char folder[256], model[300], start[300], solution[300], output[300];
} child;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int fail_io(const char *what)
{
    return fd_error_set(FD_EIO, "%s:%s", "%s: %s", what, strerror(errno));
}

static int open_folder(child *c)
{
    const char *base = getenv("TMPDIR");

    snprintf(c->folder, sizeof c->folder,
             "%.200s/fangding-milp-"
             "XX"
             "XX"
             "XX",
             base && *base ? base : P_tmpdir);
    if (!mkdtemp(c->folder))
        return fail_io(c->folder);
    snprintf(c->model, sizeof c->model, "%s/model.mps", c->folder);
    snprintf(c->start, sizeof c->start, "%s/start.txt", c->folder);
    snprintf(c->solution, sizeof c->solution, "%s/solution.txt", c->folder);
    snprintf(c->output, sizeof c->output, "%s/output.txt", c->folder);
    return 0;
}

static void close_folder(const child *c)
{
    unlink(c->model);
    unlink(c->start);
    unlink(c->solution);
    unlink(c->output);
    rmdir(c->folder);
}

/* The model as the child sees it: numbered names, a minimum, no constant. */
static int write_model(const child *c, const fd_model *model)
{
    fd_model *plain = fd_model_new("FANGDING");
    fd_buf text = FD_BUF_INIT;
    double sense = model->maximize ? -1 : 1;
    char name[32];
    FILE *file = NULL;
    int err;

    for (size_t r = 0; r < model->row_count; r++) {
        snprintf(name, sizeof name, "R%zu", r);
        fd_model_add_row(plain, NULL, name, model->rows[r].lower, model->rows[r].upper);
    }
    for (size_t k = 0; k < model->column_count; k++) {
        const fd_model_column *column = &model->columns[k];

        snprintf(name, sizeof name, "C%zu", k);
        fd_model_add_column(plain, NULL, name, sense * column->objective, column->lower,
                            column->upper, column->integer);
    }
    for (size_t i = 0; i < model->entry_count; i++)
        fd_model_put(plain, model->entries[i].row, model->entries[i].column,
                     model->entries[i].value);
    if ((err = fd_model_finish(plain)) < 0 || (err = fd_mps_write(&text, plain)) < 0)
        goto done;
    if (!(file = fopen(c->model, "w"))) {
        err = fail_io(c->model);
        goto done;
    }
    /* The word FREE keeps the reader from guessing the fixed form. */
    fprintf(file, "NAME FANGDING FREE\n%s", strchr(fd_buf_text(&text), '\n') + 1);
    if (ferror(file))
        err = fail_io(c->model);
done:
    if (file && fclose(file) != 0 && err >= 0)
        err = fail_io(c->model);
    fd_buf_dispose(&text);
    fd_model_free(plain);
    return err;
}

/* The start as the child prints solutions; columns at zero are left out. */
static int write_start(const child *c, const fd_model *model, const double *x)
{
    FILE *file = fopen(c->start, "w");

    if (!file)
        return fail_io(c->start);
    fprintf(file, "Start\n");
    for (size_t k = 0; k < model->column_count; k++)
        if (x[k] != 0)
            fprintf(file, "%zu C%zu %.17g 0\n", k, k, x[k]);
    return fclose(file) == 0 ? 0 : fail_io(c->start);
}

/* Run the solver; *killed when our own clock had to end it. */
static int run_child(bool *killed, const child *c, const fd_milp_options *options)
{
    const char *solver = options->solver ? options->solver : "cbc";
    posix_spawn_file_actions_t actions;
    char seconds[40], gap[40], absolute[40];
    double begun = now(), until = begun + options->seconds * 1.1 + 2;
    fd_progress progress;
    int status = 0, failed;
    pid_t pid;

    snprintf(seconds, sizeof seconds, "%.3f", options->seconds);
    snprintf(gap, sizeof gap, "%.9g", options->gap);
    snprintf(absolute, sizeof absolute, "%.9g", options->absolute);
    {
        char *words[20] = {
            (char *)solver, (char *)c->model, "-timeMode", "elapsed",       "-sec",
            seconds,        "-ratio",         gap,         "-allowableGap", absolute
        };
        size_t n = 10;

        if (options->start) {
            words[n++] = "-mipstart";
            words[n++] = (char *)c->start;
        }
        words[n++] = "-solve";
        words[n++] = "-solution";
        words[n++] = (char *)c->solution;
        words[n] = NULL;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, 1, c->output, O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
        posix_spawn_file_actions_adddup2(&actions, 1, 2);
        failed = posix_spawnp(&pid, solver, &actions, NULL, words, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    if (failed) {
        fd_error_set(FD_ENOTFOUND, "整数规划要用 %s,没有找到",
                     "whole-number programs need %s, which is not there", solver);
        return fd_error_hint("安装软件包 coinor-cbc", "install the package coinor-cbc");
    }
    *killed = false;
    fd_progress_start(&progress, "整数规划", "mixed-integer program",
                      (uint64_t)fmax(1, options->seconds), "秒");
    for (;;) {
        pid_t done = waitpid(pid, &status, WNOHANG);

        if (done == pid)
            break;
        if (done < 0 && errno != EINTR)
            return fail_io(solver);
        fd_progress_step(&progress,
                         (uint64_t)fmin(fmax(0, now() - begun), fmax(1, options->seconds)));
        if (!*killed && (now() > until || fd_progress_cancelled())) {
            kill(pid, SIGKILL);
            *killed = true;
        }
        nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
    }
    fd_progress_finish(&progress);
    if (fd_progress_cancelled())
        return fd_error_set(FD_ECANCELLED, "已取消", "cancelled");
    if (!*killed && WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        fd_error_set(FD_ENOTFOUND, "整数规划要用 %s,没有找到",
                     "whole-number programs need %s, which is not there", solver);
        return fd_error_hint("安装软件包 coinor-cbc", "install the package coinor-cbc");
    }
    return 0;
}

/* First line: the outcome; then "index name value reduced-cost", non-zero columns only; ** in front
 * of what the solver itself finds infeasible. */
static int read_solution(fd_milp *out, const child *c, const fd_model *model, bool killed)
{
    FILE *file = fopen(c->solution, "r");
    char line[512], *at;

    if (!file || !fgets(line, sizeof line, file)) {
        if (file)
            fclose(file);
        if (killed) {
            out->timed_out = true;
            out->status = FD_LP_UNSOLVED;
            return 0;
        }
        return fd_error_set(FD_ENOCONV, "整数规划求解器没有给出答案",
                            "the solver of whole-number programs gave no answer");
    }
    out->timed_out = killed || strstr(line, "Stopped") != NULL;
    out->status = strstr(line, "nfeasible")    ? FD_LP_INFEASIBLE
                  : strstr(line, "nbounded")   ? FD_LP_UNBOUNDED
                  : strstr(line, "no integer") ? FD_LP_UNSOLVED
                                               : FD_LP_OPTIMAL;
    out->has_solution = out->status == FD_LP_OPTIMAL;
    out->x = fd_alloc((model->column_count + 1) * sizeof *out->x);
    while (fgets(line, sizeof line, file)) {
        size_t column;
        double value;

        at = line + strspn(line, " *");
        if (sscanf(at, "%*u C%zu %lf", &column, &value) == 2 && column < model->column_count)
            out->x[column] = model->columns[column].integer ? round(value) : value;
    }
    fclose(file);
    return 0;
}

/* The child prints few digits: with the whole numbers held, a linear program gives the other
 * columns in full. What it cannot settle stays as told. */
static void polish(fd_milp *out, const fd_model *model, double seconds)
{
    fd_lp_options options = FD_LP_OPTIONS_INIT;
    fd_lp_status status;
    fd_lp *lp;

    options.method = FD_LP_DUAL;
    options.seconds = seconds;
    lp = fd_model_lp(model, &options);
    for (size_t c = 0; c < model->column_count; c++)
        if (model->columns[c].integer)
            fd_lp_set_column(lp, c, out->x[c], out->x[c]);
    if (fd_lp_solve(&status, lp) >= 0 && status == FD_LP_OPTIMAL) {
        memcpy(out->x, fd_lp_primal(lp), model->column_count * sizeof *out->x);
        for (size_t c = 0; c < model->column_count; c++)
            if (model->columns[c].integer)
                out->x[c] = round(out->x[c]);
    }
    fd_error_clear();
    fd_lp_free(lp);
}

/* "Lower bound:" of the solver's report, when there is one. */
static bool read_bound(double *out, const child *c)
{
    FILE *file = fopen(c->output, "r");
    bool found = false;
    char line[512];

    if (!file)
        return false;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "Lower bound: %lf", out) == 1)
            found = true;
    fclose(file);
    return found;
}

/* The relaxation's optimum, certified, bounds the program; false when there is none. */
static bool relaxation_bound(double *out, const fd_model *model, double seconds)
{
    fd_lp_options options = FD_LP_OPTIONS_INIT;
    fd_certificate certificate;
    fd_lp_status status;
    bool good = false;
    fd_lp *lp;

    options.method = FD_LP_DUAL;
    options.presolve = true;
    options.seconds = seconds;
    lp = fd_model_lp(model, &options);
    if (fd_lp_solve(&status, lp) >= 0 && status == FD_LP_OPTIMAL) {
        fd_certify_optimal(&certificate, model, fd_lp_primal(lp), fd_lp_dual(lp));
        good = certificate.dual <= FD_CERTIFY_TOLERANCE;
        *out = certificate.bound;
    }
    fd_lp_free(lp);
    return good;
}

static void judge(fd_milp *out, const child *c, const fd_model *model, double seconds)
{
    double sense = model->maximize ? -1 : 1, relaxed, told;
    bool has_relaxed = relaxation_bound(&relaxed, model, seconds), has_told = read_bound(&told, c);

    fd_certify_optimal(&out->certificate, model, out->x, NULL);
    out->objective = out->certificate.objective;
    out->bound = sense * -HUGE_VAL;
    if (has_relaxed)
        out->bound = relaxed;
    if (has_told)
        told = sense * told + model->constant;
    else if (!out->timed_out)
        told = out->objective; /* the search was completed */
    if ((has_told || !out->timed_out) && (!has_relaxed || sense * told > sense * out->bound))
        out->bound = told;
    if (sense * out->bound > sense * out->objective)
        out->bound = out->objective;
    out->gap = fabs(out->objective - out->bound) / fmax(fabs(out->objective), 1e-10);
}

/* Solvers call a program infeasible that has no bound, or the other way round. Where the relaxation
 * has none, it is the bound that is missing if some whole numbers fulfil the rows (numbers being
 * rational), and the solution if none do. */
static int tell_unbounded(fd_milp *out, const fd_model *model, const fd_milp_options *options)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    fd_milp_options again = *options;
    fd_lp_status status;
    fd_model *any;
    fd_milp feasible;
    fd_lp *lp;
    int err;

    how.seconds = options->seconds;
    lp = fd_model_lp(model, &how);
    err = fd_lp_solve(&status, lp);
    fd_lp_free(lp);
    if (err < 0 || status != FD_LP_UNBOUNDED)
        return err;
    any = fd_model_copy(model);
    for (size_t c = 0; c < any->column_count; c++)
        any->columns[c].objective = 0;
    again.start = NULL;
    if ((err = fd_milp_solve(&feasible, any, &again)) >= 0) {
        if (feasible.has_solution && feasible.certificate.holds)
            out->status = FD_LP_UNBOUNDED;
        else if (feasible.status == FD_LP_INFEASIBLE)
            out->status = FD_LP_INFEASIBLE;
        fd_milp_dispose(&feasible);
    }
    fd_model_free(any);
    return err;
}

int fd_milp_solve(fd_milp *out, const fd_model *model, const fd_milp_options *options)
{
    fd_milp_options o = options ? *options : (fd_milp_options)FD_MILP_OPTIONS_INIT;
    double begun = now();
    bool killed = false;
    child c = { .folder = "" };
    int err;

    memset(out, 0, sizeof *out);
    if ((err = open_folder(&c)) < 0)
        return err;
    if ((err = write_model(&c, model)) >= 0 &&
        (!o.start || (err = write_start(&c, model, o.start)) >= 0) &&
        (err = run_child(&killed, &c, &o)) >= 0 &&
        (err = read_solution(out, &c, model, killed)) >= 0 && out->has_solution) {
        polish(out, model, o.seconds);
        judge(out, &c, model, o.seconds);
    }
    close_folder(&c);
    if (err >= 0 && (out->status == FD_LP_INFEASIBLE || out->status == FD_LP_UNBOUNDED))
        err = tell_unbounded(out, model, &o);
    out->seconds = now() - begun;
    if (err < 0)
        fd_milp_dispose(out);
    return err;
}

void fd_milp_dispose(fd_milp *milp)
{
    free(milp->x);
    memset(milp, 0, sizeof *milp);
}
