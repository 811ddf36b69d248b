/*
 * What the verbs of projects and works share: the city or a plain file as a source, the tables of
 * rules, records by type.
 */
#ifndef FD_APP_WORKS_H
#define FD_APP_WORKS_H

#include "base/vec.h"
#include "fangding/verbs.h"
#include "fangding/works.h"

typedef struct fd_works_input {
    fd_source *source;        /* of the city, or of --data */
    fd_works_options options; /* period, rules, ramp, gates, preset and filters of the call */
    fd_table *rules, *ramp, *gates, *data;
    fd_source *own;
    fd_date today; /* --today, else the end of the period, else FD_DATE_NONE */
} fd_works_input;

/**
 * Read what a call on the ledger of projects asks for: parameters data, at, preset, rules, stage,
 * light, chain, county, where the verb declares them. FD_ENOTFOUND when there is no ledger,
 * FD_EDENIED for a role that sees no names. Dispose of it also after a failure.
 */
int fd_works_open(fd_works_input *out, fd_call *call);
void fd_works_close(fd_works_input *in);

typedef fd_vec(fd_scale_project) fd_scale_projects;

/* Does a project belong to what is asked? Texts are NULL where the ledger holds none. */
typedef bool fd_works_filter(const void *payload, const char *name, const char *firm,
                             const char *chain);

/**
 * Append the projects of the ledger that `wants` takes and that can be placed on a path: they have
 * a stage, a planned day of production and an output at the period of the call; output in 亿元, no
 * slip. Texts are the source's. fd_vec_dispose() releases *out.
 */
int fd_works_projects(fd_scale_projects *out, const fd_works_input *in, fd_works_filter *wants,
                      const void *payload);

/** The rules of lights: those shipped, or the file of --rules. The caller frees. */
int fd_works_rules(fd_table **out, fd_call *call);
/** A shipped table as texts; `columns` are its headers separated by |. The caller frees. */
int fd_works_asset(fd_table **out, const char *path, const char *columns);
/** Records of a type: of the city, or the file that `param` names (a plain CSV with columns id,
 * state, since, created and fields). An empty table when the city knows no such type. */
int fd_works_records(fd_table **out, fd_call *call, const char *type, const char *param);
/** The value of a parameter, NULL where the verb does not declare it or it is not given. */
const char *fd_works_param(const fd_call *call, const char *name);
/** The code of a subject that a parameter names, in the call's arena; the text itself without a
 * city. */
int fd_works_code(const char **out, fd_call *call, const char *param, const char *kind);

#endif
