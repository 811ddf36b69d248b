/*
 * The command line: fangding VERB [positional…] [--param value…] [global options].
 *
 * Exit status: 0 done; 1 the answer is "no" (a check found faults); 2 the command line is wrong;
 * 3 the request failed.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>

#include "app/line.h"
#include "base/str.h"
#include "cli/help.h"
#include "cli/serve.h"
#include "fangding/verbs.h"

enum { EXIT_NO = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

/* What the command line says beside the verb's own parameters. */
typedef struct globals {
    fd_print_options print;
    const char *output;
    bool help;
} globals;

static int fail(int status, fd_lang lang)
{
    char text[4096];

    fd_error_format(fd_error_last(), lang, text, sizeof text);
    fprintf(stderr, "fangding: %s\n", text);
    return status;
}

/* "--name" or "--name=value"; *value is NULL when it must be the next word. */
static bool is_option(const char *word, fd_view *name, const char **value)
{
    const char *equals;

    if (strncmp(word, "--", 2) != 0 || !word[2])
        return false;
    equals = strchr(word, '=');
    *name = (fd_view){ word + 2, equals ? (size_t)(equals - word - 2) : strlen(word + 2) };
    *value = equals ? equals + 1 : NULL;
    return true;
}

static int need_value(int argc, char **argv, int *i, const char **value)
{
    if (*value)
        return 0;
    if (*i + 1 >= argc) {
        fd_error_set(FD_EINVAL, "选项 %s 缺少值", "option %s needs a value", argv[*i]);
        return FD_EINVAL;
    }
    *value = argv[++*i];
    return 0;
}

static int parse_lang(fd_lang *lang, const char *text)
{
    if (strncmp(text, "zh", 2) == 0)
        *lang = FD_ZH;
    else if (strncmp(text, "en", 2) == 0)
        *lang = FD_EN;
    else
        return fd_error_set(FD_EINVAL, "语言只有 zh 和 en:%s", "languages are zh and en: %s", text);
    return 0;
}

/* Options that every verb has. @return 1 taken, 0 not one of them, negative failed */
static int take_global(fd_call *call, globals *g, fd_view name, int argc, char **argv, int *i,
                       const char *value)
{
    char more;
    int err;

    if (fd_view_is(name, "help")) {
        g->help = true;
        return 1;
    }
    if (fd_view_is(name, "bom")) {
        g->print.bom = true;
        return 1;
    }
    if (!fd_view_is(name, "city") && !fd_view_is(name, "format") && !fd_view_is(name, "lang") &&
        !fd_view_is(name, "role") && !fd_view_is(name, "as-of") && !fd_view_is(name, "output"))
        return 0;
    if ((err = need_value(argc, argv, i, &value)) < 0)
        return err;
    if (fd_view_is(name, "city"))
        call->city_path = value;
    else if (fd_view_is(name, "output"))
        g->output = value;
    else if (fd_view_is(name, "format"))
        err = fd_format_parse(&g->print.format, value);
    else if (fd_view_is(name, "lang"))
        err = parse_lang(&g->print.lang, value);
    else if (fd_view_is(name, "role"))
        err = fd_role_parse(&call->role, value);
    else if (sscanf(value, "%ld%c", &call->as_of, &more) != 1 || call->as_of < 1)
        err = fd_error_set(FD_EINVAL, "--as-of 应为快照号:%s",
                           "--as-of takes a snapshot number: %s", value);
    return err < 0 ? err : 1;
}

static int parse_arguments(fd_call *call, globals *g, int argc, char **argv, int first)
{
    size_t next = 0;
    bool only_positional = false;
    int err;

    for (int i = first; i < argc; i++) {
        const fd_verb_param *p;
        const char *value;
        fd_view name;

        if (only_positional || !is_option(argv[i], &name, &value)) {
            if (!only_positional && strcmp(argv[i], "--") == 0) {
                only_positional = true;
                continue;
            }
            if ((err = fd_call__take(call, argv[i], &next)) < 0)
                return err;
            continue;
        }
        p = fd_call__option(call->verb, name);
        if (p) {
            if (p->type == FD_P_FLAG)
                value = "1";
            else if ((err = need_value(argc, argv, &i, &value)) < 0)
                return err;
            call->values[p - call->verb->params] = value;
            continue;
        }
        if ((err = take_global(call, g, name, argc, argv, &i, value)) < 0)
            return err;
        if (err == 0)
            return FD_EINVAL;
        fd_error_clear(); /* not the verb's, but one of all verbs */
    }
    return 0;
}

/* Common options may also stand before the verb: they are taken and the words move up. */
static int take_leading(fd_call *call, globals *g, int *argc, char ***argv)
{
    char *program = (*argv)[0];
    const char *value;
    fd_view name;
    int i = 1, err;

    for (; i < *argc && is_option((*argv)[i], &name, &value); i++) {
        if (fd_view_is(name, "help") || fd_view_is(name, "version"))
            break;
        if ((err = take_global(call, g, name, *argc, *argv, &i, value)) < 0)
            return err;
        if (err == 0) {
            fd_error_set(FD_EINVAL, "动词之前没有选项 %s", "no option %s before the verb",
                         (*argv)[i]);
            return fd_error_hint("fangding help 列出动词和通用选项",
                                 "fangding help lists the verbs and the common options");
        }
    }
    *argv += i - 1;
    *argc -= i - 1;
    (*argv)[0] = program;
    return 0;
}

/* The verb is the first word, or the first two ("ding check"). *used receives how many. */
static const fd_verb *find_verb(int argc, char **argv, int *used)
{
    char two[128];
    const fd_verb *verb;

    if (argc > 2) {
        snprintf(two, sizeof two, "%s %s", argv[1], argv[2]);
        if ((verb = fd_verb_find(two))) {
            *used = 2;
            return verb;
        }
    }
    *used = 1;
    if (strcmp(argv[1], fd_verb_serve.name) == 0)
        return &fd_verb_serve;
    return fd_verb_find(argv[1]);
}

static int terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col;
    return 0;
}

static void defaults(fd_call *call, globals *g)
{
    const char *lang = getenv("FANGDING_LANG");
    const char *user = getenv("USER");

    g->print = (fd_print_options)FD_PRINT_OPTIONS_INIT;
    g->print.width = terminal_width();
    g->print.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    if (lang && strncmp(lang, "en", 2) == 0)
        g->print.lang = FD_EN;
    call->city_path = getenv("FANGDING_CITY");
    if (call->city_path && !*call->city_path)
        call->city_path = NULL;
    call->actor = fd_arena_printf(call->arena, "cli:%s", user ? user : "?");
}

static int run(int argc, char **argv, fd_arena *arena)
{
    fd_call call = { 0 };
    fd_result result = { 0 };
    globals g = { 0 };
    int used, err, status;

    call.arena = arena;
    defaults(&call, &g);
    if (take_leading(&call, &g, &argc, &argv) < 0)
        return fail(EXIT_USAGE, g.print.lang);
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        for (int i = 2; i + 1 < argc; i++)
            if (strcmp(argv[i], "--lang") == 0)
                (void)parse_lang(&g.print.lang, argv[i + 1]);
        return fd_help(argc, argv, g.print.lang) < 0 ? fail(EXIT_USAGE, g.print.lang) : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("fangding " FD_VERSION);
        return 0;
    }
    if (!(call.verb = find_verb(argc, argv, &used)))
        return fail(EXIT_USAGE, g.print.lang);
    call.values = fd_arena_alloc(arena, (call.verb->param_count + 1) * sizeof *call.values);
    call.rest = fd_arena_alloc(arena, (size_t)argc * sizeof *call.rest);
    err = parse_arguments(&call, &g, argc, argv, used + 1);
    call.lang = g.print.lang;
    if (err < 0)
        return fail(EXIT_USAGE, g.print.lang);
    if (g.help) {
        fd_help_verb(call.verb, g.print.lang);
        return 0;
    }
    if ((err = fd_call_check(&call)) < 0)
        return fail(EXIT_USAGE, g.print.lang);
    err = fd_call_run(&call, &result);
    status = result.exit_code;
    /* A verb that failed may still have findings to show. */
    if (result.table_count || result.screen[g.print.lang])
        if (fd_result_print(&result, stdout, &g.print, g.output) < 0 && err >= 0)
            err = FD_EIO;
    fflush(stdout);
    if (err < 0)
        status = fail(EXIT_FAILED, g.print.lang);
    else if (result.message[g.print.lang])
        fprintf(stderr, "%s\n", result.message[g.print.lang]);
    fd_result_dispose(&result);
    return status;
}

int main(int argc, char **argv)
{
    fd_arena *arena = fd_arena_new();
    int status = run(argc, argv, arena);

    fd_arena_free(arena);
    if (fflush(stdout) != 0 || ferror(stdout))
        return EXIT_FAILED;
    return status;
}
