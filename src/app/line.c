#include "app/line.h"

#include <string.h>

int fd_call__take(fd_call *call, const char *word, size_t *next)
{
    const fd_verb *verb = call->verb;

    while (*next < verb->param_count && !verb->params[*next].positional)
        ++*next;
    if (*next >= verb->param_count)
        return fd_error_set(FD_EINVAL, "多余的参数:%s", "unexpected argument: %s", word);
    if (verb->params[*next].repeated)
        call->rest[call->rest_count++] = word;
    else
        call->values[(*next)++] = word;
    return 0;
}

const fd_verb_param *fd_call__option(const fd_verb *verb, fd_view name)
{
    for (size_t i = 0; i < verb->param_count; i++)
        if (!verb->params[i].positional && fd_view_is(name, verb->params[i].name))
            return &verb->params[i];
    fd_error_set(FD_EINVAL, "%s 没有选项 --%.*s", "%s has no option --%.*s", verb->name,
                 (int)name.len, name.ptr);
    fd_error_hint("fangding help %s 列出全部参数", "fangding help %s lists every parameter",
                  verb->name);
    return NULL;
}

int fd_call_line(fd_call *call, const char *line)
{
    fd_view rest = fd_view_of(line), part;
    const char **words = fd_arena_alloc(call->arena, (strlen(line) + 1) * sizeof *words);
    size_t count = 0, at = 1, next = 0;
    int err;

    while (fd_view_split(&rest, ' ', &part))
        if (part.len)
            words[count++] = fd_arena_strndup(call->arena, part.ptr, part.len);
    call->verb = NULL;
    if (count > 1 &&
        (call->verb = fd_verb_find(fd_arena_printf(call->arena, "%s %s", words[0], words[1]))))
        at = 2;
    if (!call->verb && !(call->verb = fd_verb_find(count ? words[0] : "")))
        return FD_ENOTFOUND;
    fd_error_clear(); /* of the two words that are no verb */
    call->values =
        fd_arena_alloc(call->arena, (call->verb->param_count + 1) * sizeof *call->values);
    call->rest = fd_arena_alloc(call->arena, (count + 1) * sizeof *call->rest);
    call->rest_count = 0;
    for (; at < count; at++) {
        const fd_verb_param *p;

        if (strncmp(words[at], "--", 2) != 0) {
            if ((err = fd_call__take(call, words[at], &next)) < 0)
                return err;
            continue;
        }
        if (!(p = fd_call__option(call->verb, fd_view_of(words[at] + 2))))
            return FD_EINVAL;
        if (p->type != FD_P_FLAG && at + 1 == count)
            return fd_error_set(FD_EINVAL, "--%s 后面少一个值", "--%s lacks a value", p->name);
        call->values[p - call->verb->params] = p->type == FD_P_FLAG ? "1" : words[++at];
    }
    return 0;
}
