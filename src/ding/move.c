/*
 * May a record go from one state to another? Declared moves, and gates that ask for evidence.
 */
#include <stdlib.h>
#include <string.h>

#include "fangding/ding.h"

/* Index of a state, -1 for a record that is not there yet, -2 for a name that is none. */
static int state_of(const fd_record_type *type, const char *name)
{
    if (!name || !*name)
        return -1;
    for (size_t i = 0; i < type->state_count; i++)
        if (strcmp(type->states[i], name) == 0)
            return (int)i;
    return -2;
}

/* The first field of evidence that a state still lacks; NULL when it has all. */
static const char *lacking(const fd_record_type *type, int state, fd_record_has has, void *payload)
{
    for (size_t g = 0; g < type->gate_count; g++) {
        const struct fd_field *field = &type->fields[type->gates[g].field];

        if (type->gates[g].state == state && !has(payload, field->id))
            return field->name;
    }
    return NULL;
}

/*
 * Breadth first from `from`: before[s] is the state from which s was reached (type->state_count:
 * the record's beginning), -1 not reached.  With `has`, only through states whose evidence is
 * there.
 */
static void reach(int *before, const fd_record_type *type, int from, fd_record_has has,
                  void *payload, bool one_step)
{
    int *queue = fd_alloc((type->state_count + 2) * sizeof *queue);
    size_t head = 0, tail = 0;

    for (size_t i = 0; i < type->state_count; i++)
        before[i] = -1;
    queue[tail++] = from;
    while (head < tail) {
        int at = queue[head++];

        for (size_t i = 0; i < type->transition_count; i++) {
            int to = type->transitions[i].to;

            if (type->transitions[i].from != at || to < 0 || before[to] >= 0 || to == from ||
                (has && lacking(type, to, has, payload)))
                continue;
            before[to] = at < 0 ? (int)type->state_count : at;
            if (!one_step)
                queue[tail++] = to;
        }
    }
    free(queue);
}

/* The first state on the way to `to` that lacks evidence, and what it lacks. */
static int first_gap(const fd_record_type *type, const int *before, int from, int to,
                     fd_record_has has, void *payload, const char **field)
{
    int found = -1, at = to;

    *field = NULL;
    while (at >= 0 && at < (int)type->state_count && at != from) {
        const char *missing = lacking(type, at, has, payload);

        if (missing) {
            found = at;
            *field = missing;
        }
        at = before[at];
    }
    return found;
}

int fd_record_move(const fd_record_type *type, const char *from, const char *to, fd_record_has has,
                   void *payload)
{
    int a = state_of(type, from), b = state_of(type, to), gap, err = 0;
    int *before = fd_alloc((type->state_count + 1) * sizeof *before);
    const char *field, *start = from && *from ? from : "新建";

    if (b < 0 || a == -2) {
        err = fd_error_set(FD_EINVAL, "记录「%s」没有状态「%s」", "records of %s have no state %s",
                           type->name, b < 0 ? to ? to : "" : from);
        goto done;
    }
    if (a == b)
        goto done;
    if (a == -1 && b == 0 && !lacking(type, b, has, payload))
        goto done; /* a record begins in its first state */
    reach(before, type, a, has, payload, type->gate_count == 0);
    if (before[b] >= 0)
        goto done;
    reach(before, type, a, NULL, NULL, type->gate_count == 0);
    if (before[b] < 0) {
        err = fd_error_set(FD_ECONFLICT, "记录「%s」不能从「%s」转到「%s」",
                           "a record of %s cannot go from %s to %s", type->name, start, to);
        goto done;
    }
    gap = first_gap(type, before, a, b, has, payload, &field);
    err = fd_error_set(FD_ECONFLICT, "从「%s」到「%s」要过「%s」,缺凭据:%s",
                       "from %s to %s leads through %s, which lacks its evidence: %s", start, to,
                       gap >= 0 ? type->states[gap] : to, field ? field : "?");
done:
    free(before);
    return err < 0 ? err : 0;
}
