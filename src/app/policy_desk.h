/*
 * What the policy verbs work on: definitions and figures, out of a city file or a plain table.
 */
#ifndef FD_APP_POLICY_DESK_H
#define FD_APP_POLICY_DESK_H

#include "base/pool.h"
#include "fangding/policy.h"
#include "fangding/verbs.h"

typedef struct fd_policy_desk {
    fd_call *call;
    fd_city *city; /* the call's; NULL for a plain table */
    fd_facts *facts;
    fd_script **scripts;
    size_t script_count;
    fd_program *own; /* of a plain table */
    const fd_program *program;
    fd_source *source;
    struct fd_role_filter *filter;
    struct fd_scoped *scoped; /* of another snapshot */
    fd_pool *pool;
    fd_date on;
    const fd_policy **policies;
    size_t policy_count;
    fd_policy_set *set;
    char note[320], note_en[320]; /* which data and definitions answered */
    const char *ignored;          /* columns of the table that no policy reads; NULL: none */
} fd_policy_desk;

/**
 * Definitions, figures and the policies asked for, by the parameters `data`, `policy`, `on` and
 * `definitions` of the call (a verb need not declare all of them).
 *
 * Without --data the call's city file is read, without the figures that the role may not see.
 * Without --policy it is every policy; without --on the day after the newest closed period of the
 * city.  FD_EINVAL, FD_ENOTFOUND with the nearest name.
 */
int fd_policy_desk_open(fd_policy_desk *desk, fd_call *call);
/** All policies over another city, an earlier snapshot say, which stays the caller's, for a key
 * date. The caller's role and scope hold there, too. */
int fd_policy_desk_open_then(fd_policy_desk *desk, fd_call *call, fd_city *then, fd_date on);
/** Compile and run the policies chosen. */
int fd_policy_desk_run(fd_policy_desk *desk, const char *edition);
void fd_policy_desk_close(fd_policy_desk *desk);

/** Below a table: which data and definitions answered, which columns of the table were not used. */
void fd_policy_desk_notes(const fd_policy_desk *desk, fd_table *t);

/** A policy by id or name. */
int fd_policy_desk_find(const fd_policy **out, const fd_policy_desk *desk, const char *name);
/** The row of an enterprise by code, name or a unique part of it. */
int fd_policy_desk_row(size_t *row, const fd_policy_desk *desk, const char *text);

/**
 * A CSV or XLSX of enterprises → figures.  Columns by item id or Chinese name; 名称[-1] is the year
 * before the key date's, 名称[2024] a period, 名称[上年同期] the comparative figure; a unit may
 * stand in parentheses behind; blank is missing.  Columns that no item is called are left out and
 * named in *ignored (the caller's arena).
 *
 * Two columns for one figure, an enterprise in two rows, a row without one, a text where a number,
 * a date or yes or no is expected: FD_EPARSE with the first; its detail lists the others.
 */
int fd_policy_read_table(fd_facts **out, const char **ignored, fd_arena *arena,
                         const fd_program *program, const char *path, fd_date on,
                         const fd_policy *const *policies, size_t policy_count);

/* Parameters that these verbs share. */
#define FD_POLICY_DATA                                                                             \
    {                                                                                              \
        "data", FD_P_PATH, false, false, false, "TABLE", "企业表(CSV 或 XLSX),代替城市文件",       \
            "a table of enterprises (CSV or XLSX) instead of a city file", NULL                    \
    }
#define FD_POLICY_CHOSEN                                                                           \
    {                                                                                              \
        "policy", FD_P_LIST, false, false, false, "ID,…", "政策;不写是全部",                       \
            "policies; all by default", NULL                                                       \
    }
#define FD_POLICY_ON                                                                               \
    {                                                                                              \
        "on", FD_P_TEXT, false, false, false, "DATE", "关键日(申请日、期末日、评价日)",            \
            "the key date", NULL                                                                   \
    }
#define FD_POLICY_DEFINITIONS                                                                      \
    {                                                                                              \
        "definitions", FD_P_PATH, false, false, false, "FILE", "另加的鼎言文件",                   \
            "a further definition file", NULL                                                      \
    }
#define FD_POLICY_ID                                                                               \
    {                                                                                              \
        "id", FD_P_TEXT, true, true, false, "POLICY", "政策", "the policy", NULL                   \
    }
#define FD_POLICY_ENTERPRISE                                                                       \
    {                                                                                              \
        "enterprise", FD_P_TEXT, false, false, false, "CODE", "一家企业(代码或名称);不写是全部",   \
            "one enterprise, by code or name; all by default", NULL                                \
    }

#endif
