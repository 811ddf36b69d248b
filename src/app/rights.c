/*
 * Which role may use which verb over the network.
 *
 * Reading is open to every role, because what a role reads is filtered before (scope.c); writing is
 * for the bureaus that answer for the data.  The exceptions stand in the table.
 */
#include <string.h>

#include "base/diag.h"
#include "base/str.h"
#include "fangding/verbs.h"

#define BIT(role) (1u << (role))

enum {
    BUREAUS = BIT(FD_ROLE_INDUSTRY) | BIT(FD_ROLE_STATISTICS),
    ADMINISTRATOR = BIT(FD_ROLE_ADMINISTRATOR),
    DEPARTMENT = BIT(FD_ROLE_DEPARTMENT),
    NOBODY = 0 /* only whoever holds the file */
};

static const struct {
    const char *verb;
    unsigned roles;
} exceptions[] = {
    { "new", NOBODY },
    { "generate", NOBODY },
    { "import", BUREAUS | ADMINISTRATOR },
    { "maturity answer", BUREAUS | BIT(FD_ROLE_ENTERPRISE) },
    { "define", BUREAUS | ADMINISTRATOR },
    { "audit", ADMINISTRATOR },
    { "audit verify", ADMINISTRATOR },
    { "doctor", ADMINISTRATOR },
    { "four-eyes", ADMINISTRATOR },
    { "paper history", BUREAUS | DEPARTMENT | ADMINISTRATOR | BIT(FD_ROLE_COUNTY) },
    { "paper changed", BUREAUS | DEPARTMENT | ADMINISTRATOR | BIT(FD_ROLE_COUNTY) },
    { "paper fetch", BUREAUS | DEPARTMENT | ADMINISTRATOR | BIT(FD_ROLE_COUNTY) },
    { "ding history", BUREAUS | DEPARTMENT | ADMINISTRATOR },
    { "ding diff", BUREAUS | DEPARTMENT | ADMINISTRATOR },
    /* A scenario is a planner's note, not data: whoever plans may keep one. Who may replace or
     * delete it is decided there, by its author. */
    { "plan save", BUREAUS | DEPARTMENT | ADMINISTRATOR },
    { "plan drop", BUREAUS | DEPARTMENT | ADMINISTRATOR },
    { "snapshots", BUREAUS | DEPARTMENT | ADMINISTRATOR },
};

bool fd_role_may(fd_role role, const fd_verb *verb)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (strcmp(exceptions[i].verb, verb->name) == 0)
            return exceptions[i].roles & BIT(role);
    return verb->effect == FD_READ || (BUREAUS & BIT(role));
}

static const char *const names[FD_ROLE_COUNT][2] = {
    [FD_ROLE_INDUSTRY] = { "工信", "industry" },
    [FD_ROLE_STATISTICS] = { "统计", "statistics" },
    [FD_ROLE_VIEWER] = { "浏览", "viewer" },
    [FD_ROLE_DEPARTMENT] = { "部门", "department" },
    [FD_ROLE_COUNTY] = { "县区", "county" },
    [FD_ROLE_ENTERPRISE] = { "企业", "enterprise" },
    [FD_ROLE_ADMINISTRATOR] = { "管理员", "administrator" },
};

const char *fd_role_name(fd_role role, fd_lang lang)
{
    return names[role][lang];
}

int fd_role_parse(fd_role *out, const char *name)
{
    for (int i = 0; i < FD_ROLE_COUNT; i++)
        if (strcmp(name, names[i][FD_ZH]) == 0 || strcmp(name, names[i][FD_EN]) == 0) {
            *out = (fd_role)i;
            return 0;
        }
    fd_error_set(FD_EINVAL, "没有这个角色:%s", "no such role: %s", name);
    return fd_error_hint("角色有 工信、统计、浏览、部门、县区、企业、管理员",
                         "the roles are industry, statistics, viewer, department, county, "
                         "enterprise, administrator");
}
