#include "http/jobs.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/log.h"
#include "base/vec.h"
#include "http/ask.h"
#include "http/server.h"
#include "io/file.h"

typedef struct job {
    char id[17];
    int64_t user;
    fd_server *server;
    fd_arena *arena;
    fd_ask ask;
    fd_scope scope;
    char *folder; /* uploads and output; removed with the job */
    fd_job_state state;
    bool cancel;
    double progress; /* 0 … 1; negative: not known */
    char label[2][128];
    char *result; /* members of the answer's object */
    fd_error problem;
    char *findings; /* members that a failed verb still has to show, or NULL */
    fd_vec(char *) files;
} job;

struct fd_jobs {
    fd_server *server;
    pthread_mutex_t lock;
    fd_vec(job *) list; /* oldest first */
};

fd_jobs *fd_jobs_new(struct fd_server *server)
{
    fd_jobs *jobs = fd_alloc(sizeof *jobs);

    jobs->server = server;
    pthread_mutex_init(&jobs->lock, NULL);
    return jobs;
}

static void free_job(job *j)
{
    fd_folder_remove(j->folder);
    for (size_t i = 0; i < j->files.count; i++)
        free(j->files.items[i]);
    fd_vec_dispose(&j->files);
    free(j->result);
    free(j->findings);
    fd_arena_free(j->arena);
    free(j);
}

void fd_jobs_free(fd_jobs *jobs)
{
    if (!jobs)
        return;
    for (size_t i = 0; i < jobs->list.count; i++)
        free_job(jobs->list.items[i]);
    fd_vec_dispose(&jobs->list);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

static bool is_over(const job *j)
{
    return j->state == FD_JOB_DONE || j->state == FD_JOB_FAILED || j->state == FD_JOB_CANCELLED;
}

void fd_jobs_cancel_all(fd_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < jobs->list.count; i++)
        jobs->list.items[i]->cancel = true;
    pthread_mutex_unlock(&jobs->lock);
}

size_t fd_jobs_open(fd_jobs *jobs)
{
    size_t n = 0;

    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < jobs->list.count; i++)
        n += !is_over(jobs->list.items[i]);
    pthread_mutex_unlock(&jobs->lock);
    return n;
}

/* ---- running ---- */

static bool watch(void *payload, const fd_progress *p)
{
    job *j = payload;
    fd_jobs *jobs = j->server->jobs;
    bool go_on;

    pthread_mutex_lock(&jobs->lock);
    j->progress = p->total ? (double)p->done / (double)p->total : -1;
    snprintf(j->label[FD_ZH], sizeof j->label[FD_ZH], "%s", p->title_zh);
    snprintf(j->label[FD_EN], sizeof j->label[FD_EN], "%s", p->title_en);
    go_on = !j->cancel;
    pthread_mutex_unlock(&jobs->lock);
    return go_on;
}

/* Files below the output folder, as paths relative to it. */
static void list_files(job *j, const char *folder, const char *prefix, int depth)
{
    DIR *d = opendir(folder);
    struct dirent *entry;

    while (d && (entry = readdir(d))) {
        char *path = NULL, *name = NULL;
        struct stat info;

        if (entry->d_name[0] == '.')
            continue;
        if (asprintf(&path, "%s/%s", folder, entry->d_name) < 0 ||
            asprintf(&name, "%s%s%s", prefix, *prefix ? "/" : "", entry->d_name) < 0 ||
            lstat(path, &info) != 0)
            break;
        if (S_ISDIR(info.st_mode) && depth > 0)
            list_files(j, path, name, depth - 1);
        if (S_ISREG(info.st_mode))
            fd_vec_push(&j->files, name);
        else
            free(name);
        free(path);
    }
    if (d)
        closedir(d);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *answer_text(const fd_ask *ask, const fd_city *city, const fd_result *result)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;

    fd_jsonw_init(&w, &out);
    fd_jsonw_object(&w);
    fd_answer_write(&w, ask, city, result);
    fd_jsonw_end_object(&w);
    return fd_buf_take(&out);
}

static void finish(job *j, int err, const fd_city *city, fd_result *result)
{
    fd_jobs *jobs = j->server->jobs;
    char *text = err >= 0 || result->table_count ? answer_text(&j->ask, city, result) : NULL;

    if (j->ask.output_folder) {
        list_files(j, j->ask.output_folder, "", 2);
        if (j->files.count)
            qsort(j->files.items, j->files.count, sizeof *j->files.items, by_text);
    }
    pthread_mutex_lock(&jobs->lock);
    if (err >= 0) {
        j->result = text;
        j->state = FD_JOB_DONE;
        j->progress = 1;
    } else {
        j->problem = *fd_error_last();
        j->findings = text;
        j->state = err == FD_ECANCELLED ? FD_JOB_CANCELLED : FD_JOB_FAILED;
    }
    pthread_mutex_unlock(&jobs->lock);
}

static void run(void *payload)
{
    job *j = payload;
    fd_jobs *jobs = j->server->jobs;
    fd_result result = { 0 };
    fd_city *city = NULL;
    bool cancelled;
    int err;

    pthread_mutex_lock(&jobs->lock);
    cancelled = j->cancel;
    j->state = cancelled ? FD_JOB_CANCELLED : FD_JOB_RUNNING;
    if (cancelled)
        fd_error_set(FD_ECANCELLED, "已取消", "cancelled");
    if (cancelled)
        j->problem = *fd_error_last();
    pthread_mutex_unlock(&jobs->lock);
    if (cancelled)
        return;
    fd_error_clear();
    fd_progress_watch(watch, j);
    err = j->ask.verb->needs_city
              ? fd_city_open(&city, j->ask.call.city_path, 0, j->ask.verb->effect != FD_READ)
              : 0;
    j->ask.call.city = city;
    if (err >= 0)
        err = fd_call_run(&j->ask.call, &result);
    if (err >= 0 && city && j->ask.verb->effect != FD_READ)
        err = fd_city_refresh(city);
    fd_progress_watch(NULL, NULL);
    fd_cities_look(j->server->cities);
    finish(j, err, city, &result);
    fd_result_dispose(&result);
    fd_city_free(city);
}

/* ---- adding ---- */

/* Room for one more: the oldest that is over goes. */
static job *make_room(fd_jobs *jobs)
{
    job *gone = NULL;

    if (jobs->list.count < FD_JOBS_KEPT)
        return NULL;
    for (size_t i = 0; i < jobs->list.count; i++) {
        if (!is_over(jobs->list.items[i]))
            continue;
        gone = jobs->list.items[i];
        memmove(&jobs->list.items[i], &jobs->list.items[i + 1],
                (jobs->list.count - i - 1) * sizeof(job *));
        jobs->list.count--;
        break;
    }
    return gone;
}

static void copy_call(job *j, const fd_call *call, const fd_request *r)
{
    fd_call *c = &j->ask.call;

    *c = *call;
    c->arena = j->arena;
    c->values = fd_arena_alloc(j->arena, (call->verb->param_count + 1) * sizeof *c->values);
    for (size_t i = 0; i < call->verb->param_count; i++)
        c->values[i] = fd_arena_strdup(j->arena, call->values[i]);
    c->rest = fd_arena_alloc(j->arena, (call->rest_count + 1) * sizeof *c->rest);
    for (size_t i = 0; i < call->rest_count; i++)
        c->rest[i] = fd_arena_strdup(j->arena, call->rest[i]);
    c->actor = fd_arena_strdup(j->arena, call->actor);
    j->scope.county = fd_arena_strdup(j->arena, r->who.scope.county);
    j->scope.enterprise = fd_arena_strdup(j->arena, r->who.scope.enterprise);
    c->scope = &j->scope;
    c->city = NULL;
}

int fd_jobs_add(char id[17], fd_jobs *jobs, fd_request *r, const fd_call *call,
                const char *output_folder)
{
    job *j = fd_alloc(sizeof *j), *gone;
    unsigned char random[8];
    int err;

    randombytes_buf(random, sizeof random);
    sodium_bin2hex(j->id, sizeof j->id, random, sizeof random);
    memcpy(id, j->id, 17);
    j->server = jobs->server;
    j->user = r->who.user;
    j->arena = fd_arena_new();
    j->progress = -1;
    j->ask.verb = call->verb;
    j->ask.limit = -1;
    j->ask.is_json = true;
    j->ask.format = FD_FORMAT_JSON;
    copy_call(j, call, r);
    j->ask.output_folder = fd_arena_strdup(j->arena, output_folder);
    pthread_mutex_lock(&jobs->lock);
    gone = make_room(jobs);
    err = jobs->list.count >= FD_JOBS_KEPT
              ? fd_error_set(FD_EBUSY, "排队的作业太多", "too many jobs are waiting")
              : fd_workers_add(jobs->server->writer, run, j);
    if (err >= 0) {
        fd_vec_push(&jobs->list, j);
        j->folder = fd_arena_strdup(j->arena, r->folder);
        r->folder = NULL;
    }
    pthread_mutex_unlock(&jobs->lock);
    if (gone)
        free_job(gone);
    if (err < 0)
        free_job(j);
    return err;
}

/* ---- looking ---- */

static job *find(fd_jobs *jobs, const char *id, int64_t user)
{
    for (size_t i = 0; i < jobs->list.count; i++)
        if (strcmp(jobs->list.items[i]->id, id) == 0 && jobs->list.items[i]->user == user)
            return jobs->list.items[i];
    fd_error_set(FD_ENOTFOUND, "没有这个作业:%s", "no such job: %s", id);
    return NULL;
}

static void put_files(fd_jsonw *w, const job *j)
{
    char href[80];

    fd_jsonw_key(w, "files");
    fd_jsonw_array(w);
    for (size_t i = 0; i < j->files.count; i++) {
        snprintf(href, sizeof href, "/api/v1/jobs/%s/files/%zu", j->id, i);
        fd_jsonw_object(w);
        fd_jsonw_key(w, "name");
        fd_jsonw_string(w, j->files.items[i]);
        fd_jsonw_key(w, "href");
        fd_jsonw_string(w, href);
        fd_jsonw_end_object(w);
    }
    fd_jsonw_end_array(w);
}

static void write_job(fd_jsonw *w, const job *j, bool whole)
{
    static const char *const states[] = { "waiting", "running", "done", "failed", "cancelled" };

    fd_jsonw_object(w);
    fd_jsonw_key(w, "id");
    fd_jsonw_string(w, j->id);
    fd_jsonw_key(w, "verb");
    fd_jsonw_string(w, j->ask.verb->name);
    fd_jsonw_key(w, "state");
    fd_jsonw_string(w, states[j->state]);
    fd_jsonw_key(w, "progress");
    if (j->progress < 0)
        fd_jsonw_null(w);
    else
        fd_jsonw_double(w, j->progress);
    fd_jsonw_key(w, "label");
    fd_jsonw_object(w);
    fd_jsonw_key(w, "zh");
    fd_jsonw_string(w, j->label[FD_ZH]);
    fd_jsonw_key(w, "en");
    fd_jsonw_string(w, j->label[FD_EN]);
    fd_jsonw_end_object(w);
    if (whole && j->result) {
        fd_jsonw_key(w, "result");
        fd_jsonw_raw(w, j->result);
    }
    if (whole && j->state >= FD_JOB_FAILED) {
        fd_jsonw_key(w, "problem");
        fd_jsonw_object(w);
        fd_problem_write(w, &j->problem, fd_status_of(j->problem.code), j->id);
        if (j->findings) {
            fd_jsonw_key(w, "answer");
            fd_jsonw_raw(w, j->findings);
        }
        fd_jsonw_end_object(w);
    }
    if (is_over(j))
        put_files(w, j);
    fd_jsonw_end_object(w);
}

void fd_jobs_write_all(fd_jobs *jobs, fd_jsonw *w, int64_t user)
{
    pthread_mutex_lock(&jobs->lock);
    fd_jsonw_array(w);
    for (size_t i = jobs->list.count; i > 0; i--)
        if (jobs->list.items[i - 1]->user == user)
            write_job(w, jobs->list.items[i - 1], false);
    fd_jsonw_end_array(w);
    pthread_mutex_unlock(&jobs->lock);
}

int fd_jobs_write(fd_jobs *jobs, fd_jsonw *w, const char *id, int64_t user)
{
    const job *j;

    pthread_mutex_lock(&jobs->lock);
    j = find(jobs, id, user);
    if (j)
        write_job(w, j, true);
    pthread_mutex_unlock(&jobs->lock);
    return j ? 0 : FD_ENOTFOUND;
}

int fd_jobs_cancel(fd_jobs *jobs, const char *id, int64_t user)
{
    int err = 0;
    job *j;

    pthread_mutex_lock(&jobs->lock);
    j = find(jobs, id, user);
    if (!j)
        err = FD_ENOTFOUND;
    else if (is_over(j))
        err = fd_error_set(FD_ECONFLICT, "作业已经结束", "the job is over");
    else
        j->cancel = true;
    pthread_mutex_unlock(&jobs->lock);
    return err;
}

int fd_jobs_file(fd_jobs *jobs, const char *id, int64_t user, size_t i, fd_arena *arena,
                 const char **name, uint64_t *length)
{
    int descriptor = FD_ENOTFOUND;
    struct stat info;
    const job *j;

    pthread_mutex_lock(&jobs->lock);
    j = find(jobs, id, user);
    if (j && is_over(j) && i < j->files.count) {
        char *path = fd_arena_printf(arena, "%s/%s", j->ask.output_folder, j->files.items[i]);

        *name = fd_arena_strdup(arena, fd_file_name(j->files.items[i]));
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (descriptor < 0 || fstat(descriptor, &info) != 0)
            descriptor = fd_error_set(FD_ENOTFOUND, "文件已不在", "the file is gone");
        else
            *length = (uint64_t)info.st_size;
    } else if (j) {
        fd_error_set(FD_ENOTFOUND, "这个作业没有第 %zu 个文件", "the job has no file %zu", i);
    }
    pthread_mutex_unlock(&jobs->lock);
    return descriptor;
}
