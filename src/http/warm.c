#include "http/warm.h"

#include <stdatomic.h>

#include "fangding/verbs.h"
#include "http/server.h"

/* What the home page, the matrix and the targets ask. */
static const char *const verbs[] = { "home", "matrix", "target" };

static void ask(fd_server *s, fd_city *city, fd_role role, const char *name)
{
    const fd_verb *verb = fd_verb_find(name);
    fd_result result = { 0 };
    fd_call call = { .verb = verb, .city = city, .role = role, .lang = FD_ZH };

    if (!verb || !verb->needs_city || !fd_role_may(role, verb)) {
        fd_error_clear();
        return;
    }
    call.city_path = fd_cities_path(s->cities);
    call.arena = fd_arena_new();
    call.values = fd_arena_alloc(call.arena, (verb->param_count + 1) * sizeof *call.values);
    for (size_t i = 0; i <= verb->param_count; i++)
        call.values[i] = NULL;
    /* Nobody sees the answer, so no read of an enterprise is noted. */
    if (fd_call_run(&call, &result) < 0)
        fd_error_clear();
    else
        atomic_fetch_add(&s->metrics.warm_answers, 1);
    fd_result_dispose(&result);
    fd_arena_free(call.arena);
}

static void warm(void *payload)
{
    fd_server *s = payload;
    const fd_role roles[] = { FD_ROLE_INDUSTRY, FD_ROLE_VIEWER };
    fd_city *city = NULL;

    if (fd_cities_lease(&city, s->cities, 0) >= 0) {
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
            for (size_t k = 0; k < sizeof roles / sizeof *roles; k++)
                ask(s, city, roles[k], verbs[i]);
        atomic_fetch_add(&s->metrics.warm_rounds, 1);
        atomic_store(&s->metrics.warm_snapshot, fd_reader_snapshot(city->reader));
    }
    fd_cities_return(s->cities, city);
    fd_error_clear();
    atomic_store(&s->warming, false);
}

void fd_warm_watch(fd_server *server)
{
    const int64_t newest = fd_cities_newest(server->cities);

    if (newest == server->warmed || atomic_load(&server->warming) ||
        fd_workers_load(server->workers) > 0)
        return;
    server->warmed = newest;
    atomic_store(&server->warming, true);
    if (fd_workers_add(server->workers, warm, server) < 0) {
        fd_error_clear();
        atomic_store(&server->warming, false);
    }
}
