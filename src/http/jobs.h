/*
 * Verbs that take long: started by one request, looked after by others.  One thread runs them, one
 * after the other: it is the only long writer of the city file.  Finished jobs are kept for a while
 * in memory; what they wrote is in the city file and its audit chain.
 */
#ifndef FD_HTTP_JOBS_H
#define FD_HTTP_JOBS_H

#include "http/request.h"

struct fd_server;
typedef struct fd_jobs fd_jobs;

typedef enum fd_job_state {
    FD_JOB_WAITING,
    FD_JOB_RUNNING,
    FD_JOB_DONE,
    FD_JOB_FAILED,
    FD_JOB_CANCELLED
} fd_job_state;

enum { FD_JOBS_KEPT = 64, FD_JOBS_WAITING = 16 };

fd_jobs *fd_jobs_new(struct fd_server *server);
/** The writer thread must have ended. */
void fd_jobs_free(fd_jobs *jobs);
/** Ask every job to stop; those that wait are cancelled. */
void fd_jobs_cancel_all(fd_jobs *jobs);

/**
 * Queue a call made from a request. Takes over the request's folder of uploads, whose files the
 * call's values name.
 *
 * @param[out] id  17 bytes
 * @return 0, FD_EBUSY when too many wait
 */
int fd_jobs_add(char id[17], fd_jobs *jobs, fd_request *r, const fd_call *call,
                const char *output_folder);

/** Write all jobs of a user (0: of everybody) as a JSON array, or one as an object. FD_ENOTFOUND
 * also for a job of somebody else. */
void fd_jobs_write_all(fd_jobs *jobs, fd_jsonw *w, int64_t user);
int fd_jobs_write(fd_jobs *jobs, fd_jsonw *w, const char *id, int64_t user);
/** Ask a job to stop. FD_ECONFLICT when it is over. */
int fd_jobs_cancel(fd_jobs *jobs, const char *id, int64_t user);
/** Open the i-th file that a job wrote. @return the descriptor, or FD_ENOTFOUND; *name in `arena`
 */
int fd_jobs_file(fd_jobs *jobs, const char *id, int64_t user, size_t i, fd_arena *arena,
                 const char **name, uint64_t *length);
size_t fd_jobs_open(fd_jobs *jobs);

#endif
