#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/serve.h"

/* Pad text to a number of terminal columns. */
static void pad(const char *text, size_t columns)
{
    size_t width = fd_utf8_columns(fd_view_of(text));

    printf("%s%*s", text, width < columns ? (int)(columns - width) : 1, "");
}

static const char *pick(fd_lang lang, const char *zh, const char *en)
{
    return lang == FD_ZH ? zh : en;
}

static void print_usage(const fd_verb *verb)
{
    printf("  fangding %s", verb->name);
    for (size_t i = 0; i < verb->param_count; i++) {
        const fd_verb_param *p = &verb->params[i];

        if (!p->positional)
            continue;
        printf(p->required ? " %s%s" : " [%s%s]", p->value, p->repeated ? "…" : "");
    }
    if (verb->needs_city)
        printf(" --city FILE");
    for (size_t i = 0; i < verb->param_count; i++) {
        const fd_verb_param *p = &verb->params[i];

        if (p->positional)
            continue;
        if (p->type == FD_P_FLAG)
            printf(" [--%s]", p->name);
        else
            printf(p->required ? " --%s %s" : " [--%s %s]", p->name, p->value);
    }
    putchar('\n');
}

void fd_help_verb(const fd_verb *verb, fd_lang lang)
{
    char left[160];

    printf("fangding %s — %s\n\n", verb->name, pick(lang, verb->zh, verb->en));
    print_usage(verb);
    if (verb->param_count)
        printf("\n%s\n", pick(lang, "参数", "Parameters"));
    for (size_t i = 0; i < verb->param_count; i++) {
        const fd_verb_param *p = &verb->params[i];

        if (p->positional)
            snprintf(left, sizeof left, "  %s", p->value);
        else if (p->type == FD_P_FLAG)
            snprintf(left, sizeof left, "  --%s", p->name);
        else
            snprintf(left, sizeof left, "  --%s %s", p->name, p->value);
        pad(left, 26);
        printf("%s", pick(lang, p->zh, p->en));
        if (p->choices)
            printf(" (%s)", p->choices);
        putchar('\n');
    }
    if (verb->detail_zh)
        printf("\n%s\n", pick(lang, verb->detail_zh, verb->detail_en));
    if (verb->examples)
        printf("\n%s\n", pick(lang, "例子", "Examples"));
    for (const char *const *e = verb->examples; e && *e; e++)
        printf("  fangding %s\n", *e);
}

static void list_verbs(fd_lang lang)
{
    const fd_verb *const *verbs;
    size_t count;

    verbs = fd_verbs(&count);
    printf("%s\n\n",
           pick(lang,
                "方鼎 fangding " FD_VERSION ":一座城市的指标、目标、产业链和政策,算得出,说得清",
                "fangding " FD_VERSION
                ": a city's indicators, targets, chains and policies, computed and explained"));
    for (size_t i = 0; i < count; i++) {
        printf("  ");
        pad(verbs[i]->name, 18);
        printf("%s\n", pick(lang, verbs[i]->zh, verbs[i]->en));
    }
    printf("  ");
    pad(fd_verb_serve.name, 18);
    printf("%s\n", pick(lang, fd_verb_serve.zh, fd_verb_serve.en));
    printf("\n%s\n", pick(lang, "通用选项", "Options of every verb"));
    printf("  --city FILE             %s\n",
           pick(lang, "城市文件(或环境变量 FANGDING_CITY)",
                "the city file (or the environment variable FANGDING_CITY)"));
    printf("  --format F              table|csv|json|xlsx|md;%s\n",
           pick(lang, "xlsx 要 --output", " xlsx needs --output"));
    printf("  --output FILE           %s\n",
           pick(lang, "写到文件(xlsx)", "write to a file (xlsx)"));
    printf("  --lang zh|en            %s\n",
           pick(lang, "语言(或环境变量 FANGDING_LANG)",
                "language (or the environment variable FANGDING_LANG)"));
    printf("  --role R                %s\n",
           pick(lang, "工信(默认)、统计、浏览:能看到哪一层",
                "industry (default), statistics, viewer: how deep one may look"));
    printf("  --as-of N               %s\n",
           pick(lang, "按第 N 号快照回答", "answer from snapshot N"));
    printf("\n%s\n", pick(lang, "fangding help 动词 给出参数和例子。",
                          "fangding help VERB shows parameters and examples."));
}

/* Verbs of two words by their first: help ding. @return how many */
static size_t list_family(const char *first, fd_lang lang)
{
    const fd_verb *const *verbs;
    const size_t length = strlen(first);
    size_t count, found = 0;

    verbs = fd_verbs(&count);
    for (size_t i = 0; i < count; i++) {
        if (strncmp(verbs[i]->name, first, length) != 0 || verbs[i]->name[length] != ' ')
            continue;
        printf("  ");
        pad(verbs[i]->name, 18);
        printf("%s\n", pick(lang, verbs[i]->zh, verbs[i]->en));
        found++;
    }
    return found;
}

int fd_help(int argc, char **argv, fd_lang lang)
{
    const fd_verb *verb;
    char two[128];

    if (argc < 3 || strncmp(argv[2], "--", 2) == 0) {
        list_verbs(lang);
        return 0;
    }
    if (argc > 3 && strncmp(argv[3], "--", 2) != 0) {
        snprintf(two, sizeof two, "%s %s", argv[2], argv[3]);
        verb = fd_verb_find(two);
    } else {
        verb = strcmp(argv[2], fd_verb_serve.name) == 0 ? &fd_verb_serve : fd_verb_find(argv[2]);
    }
    if (!verb && list_family(argv[2], lang))
        return 0;
    if (!verb)
        return FD_ENOTFOUND;
    fd_help_verb(verb, lang);
    return 0;
}
