/*
 * The registry of verbs: everything fangding can be asked, declared once.
 *
 * A verb declares its name, a sentence in both languages, typed parameters, effect, purpose and
 * examples.  Command line, help, REST routes and audit lines are made from that declaration.
 * Adding a verb is one file in src/app/verbs/ and one line in src/app/registry.c.
 */
#ifndef FANGDING_VERBS_H
#define FANGDING_VERBS_H

#include "fangding/arena.h"
#include "fangding/ding.h"
#include "fangding/store.h"
#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_effect { FD_READ, FD_WRITE, FD_PROPOSE } fd_effect;

/* What the answer is for. A respondent's statistical return serves FD_STATISTICS only; every other
 * purpose sees it summed, never below the disclosure rules. */
typedef enum fd_purpose { FD_STATISTICS, FD_PLANNING, FD_SERVICE, FD_ADMINISTRATION } fd_purpose;

typedef enum fd_param_type {
    FD_P_TEXT,
    FD_P_FLAG,
    FD_P_INTEGER,
    FD_P_NUMBER, /* decimal, kept as text and checked */
    FD_P_PERIOD,
    FD_P_PATH,   /* a file or folder that is read */
    FD_P_OUTPUT, /* a file or folder that is written */
    FD_P_CHOICE, /* one of choices, "a|b|c" */
    FD_P_LIST    /* comma-separated words */
} fd_param_type;

typedef struct fd_verb_param {
    const char *name; /* without dashes */
    fd_param_type type;
    bool positional; /* in the order declared */
    bool required;
    bool repeated;     /* the last positional may repeat */
    const char *value; /* placeholder in the help, e.g. "PERIOD" */
    const char *zh, *en;
    const char *choices;
} fd_verb_param;

typedef enum fd_role {
    FD_ROLE_INDUSTRY =
        0, /* 工信 industry bureau (default): dispatch, power, projects; statistics only as sums */
    FD_ROLE_STATISTICS,    /* 统计 */
    FD_ROLE_VIEWER,        /* 浏览: published cells only */
    FD_ROLE_DEPARTMENT,    /* 部门: reads as the industry bureau does, writes nothing */
    FD_ROLE_COUNTY,        /* 县区: subjects of its own county, no statistical returns */
    FD_ROLE_ENTERPRISE,    /* 企业: its own rows only, its own returns among them */
    FD_ROLE_ADMINISTRATOR, /* 管理员: users, definitions, audit; reads as the industry bureau */
    FD_ROLE_COUNT
} fd_role;

/* Which rows a signed-in user may see, beside what the role says. Texts are codes or names; NULL or
 * "" where the role needs none. */
typedef struct fd_scope {
    const char *county;
    const char *enterprise;
} fd_scope;

struct fd_map;
struct fd_plan_shelf;

/* A city file opened at a snapshot with its definitions checked. */
typedef struct fd_city {
    fd_store *store;
    fd_reader *reader;
    fd_source *source;
    fd_program *program;
    fd_script **scripts;
    size_t script_count;
    char *path;
    char definitions_hash[65];
    struct fd_map *respondents; /* codes and names of enterprises; made when needed */
} fd_city;

/* What a verb answers. Tables are owned by the result. */
typedef struct fd_result {
    fd_table **tables;
    size_t table_count, table_capacity;
    bool long_form;  /* the tables are one indicator each and print together as a long list */
    bool is_tree;    /* the first table prints as a text tree on a terminal */
    char *screen[2]; /* text for a terminal in place of the tables (they still answer csv and json);
                        or NULL */
    char *message[2]; /* one closing sentence, to standard error; or NULL */
    int exit_code;    /* 0; 1 when the answer is "no" (a check that found faults) */
    char *subjects; /* enterprises whose data the answer shows, as the audit chain names them; NULL
                       when none or nobody keeps a chain of reads */
} fd_result;

/* One request, whoever made it. */
typedef struct fd_call {
    const struct fd_verb *verb;
    fd_arena *arena;       /* lives as long as the call */
    fd_city *city;         /* NULL for verbs without one */
    const char *city_path; /* as given, for verbs that create it */
    const char **values;   /* by parameter index: text, or NULL when not given; flags "1" */
    const char **rest;     /* values of the repeated positional */
    size_t rest_count;
    fd_lang lang;
    fd_role role;
    const char *actor;
    int64_t as_of;
    const fd_scope *scope; /* of a signed-in user; NULL for whoever holds the file itself: no limit
                              but the role's */
    fd_store *audit; /* where lines of the audit chain go, reads of enterprises among them; NULL:
                        the city's own store, and reads are not noted */
    struct fd_plan_shelf *plans; /* plans kept warm between calls (app/plan_warm.h); or NULL */
} fd_call;

typedef struct fd_verb {
    const char *name; /* "measure", "ding check" */
    const char *zh, *en;
    const char *detail_zh, *detail_en; /* a paragraph for the help, or NULL */
    fd_effect effect;
    fd_purpose purpose;
    bool needs_city; /* unless the parameter `data`, a plain file, stands in for it */
    bool takes_city; /* opens the city file when one is given, unless `data` stands in for it */
    bool is_job;     /* may take longer than a second */
    const fd_verb_param *params;
    size_t param_count;
    const char *const *examples; /* NULL-terminated command lines without "fangding " */
    int (*run)(fd_call *call, fd_result *result);
} fd_verb;

/** All verbs, in the order of the help. */
FD_API const fd_verb *const *fd_verbs(size_t *count);
/** A verb by name; NULL, with the nearest name in fd_error_last()'s hint, when there is none. */
FD_API const fd_verb *fd_verb_find(const char *name);

/** Index of a declared parameter; asserts that it is declared. */
FD_API size_t fd_call_index(const fd_call *call, const char *param);
FD_API const char *fd_call_text(const fd_call *call, const char *param); /* NULL when not given */
FD_API bool fd_call_flag(const fd_call *call, const char *param);
/** FD_EINVAL names the parameter when the text is not of its type; *out keeps its value when not
 * given. */
FD_API int fd_call_integer(const fd_call *call, const char *param, int64_t *out);
FD_API int fd_call_period(const fd_call *call, const char *param, fd_period *out);
/** Comma-separated words of a LIST parameter, in the call's arena. */
FD_API size_t fd_call_list(const fd_call *call, const char *param, const char ***out);
/** Check every value given against its declared type. */
FD_API int fd_call_check(const fd_call *call);
/** Check parameters and rights, open the city when the verb needs one, filter what it holds by role
 * and scope (app/scope.h), run, and write the audit line of a write, or of a read that shows
 * enterprises when call->audit is given. FD_EDENIED when the role may not use the verb. */
FD_API int fd_call_run(fd_call *call, fd_result *result);
/** Write a line into the chain, also from a verb that reads. */
FD_API int fd_call_audit(fd_call *call, const char *verb, const char *object, const char *detail);
/** May a signed-in user of this role use the verb? The command line may use all. */
FD_API bool fd_role_may(fd_role role, const fd_verb *verb);
/** Does the caller see some rows only? */
FD_API bool fd_call_is_limited(const fd_call *call);

FD_API void fd_result_dispose(fd_result *result);
FD_API void fd_result_add(fd_result *result, fd_table *table); /* takes the table over */
/** Of a verb with several tables (`--out NAME`): add the one called `wanted` (NULL: the first),
 * free the others. Takes over all of them; entries of `tables` may be NULL and are set to NULL.
 * FD_ENOTFOUND when the wanted table is not there. */
FD_API int fd_result_pick(fd_result *result, const char *wanted, fd_table **const *tables,
                          const char *const *names, size_t count);
FD_API void fd_result_say(fd_result *result, const char *zh, const char *en, ...)
    FD_PRINTF2(2, 3, 4);
/** Print in any format; XLSX needs a path. */
FD_API int fd_result_print(const fd_result *result, FILE *stream, const fd_print_options *options,
                           const char *path);

/** Open a city file at a snapshot (0 newest) and check its definitions. */
FD_API int fd_city_open(fd_city **out, const char *path, int64_t as_of, bool writable);
FD_API void fd_city_free(fd_city *city);
/** Read the definitions again after a write. */
FD_API int fd_city_refresh(fd_city *city);

/** A role by name in either language: 工信 industry, 统计 statistics, 浏览 viewer, 部门 department,
 * 县区 county, 企业 enterprise, 管理员 administrator. */
FD_API int fd_role_parse(fd_role *out, const char *name);
FD_API const char *fd_role_name(fd_role role, fd_lang lang);

#ifdef __cplusplus
}
#endif
#endif
