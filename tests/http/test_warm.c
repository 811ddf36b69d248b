/*
 * Warming: after a publication the first reads find their columns read already; one round a
 * snapshot, none while readers wait.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http/server.h"
#include "base/map.h"
#include "http/warm.h"
#include "remove_all.h"
#include "store/reader.h"

typedef struct world {
    char folder[128], city[192];
    fd_server server;
} world;

/* One call with "name=value" pairs, on a city that is given or opened for it. */
static void ask(const char *path, fd_city *city, const char *verb, const char *const pairs[])
{
    const fd_verb *v = fd_verb_find(verb);
    const char *values[32] = { NULL };
    fd_call call = { .verb = v,
                     .city = city,
                     .arena = fd_arena_new(),
                     .city_path = path,
                     .values = values,
                     .role = FD_ROLE_INDUSTRY,
                     .actor = "test" };
    fd_result result = { 0 };

    assert_non_null(v);
    for (size_t i = 0; pairs && pairs[i]; i += 2)
        values[fd_call_index(&call, pairs[i])] = pairs[i + 1];
    if (v->needs_city && !city)
        assert_int_equal(fd_city_open(&call.city, path, 0, v->effect != FD_READ), 0);
    assert_true(fd_call_run(&call, &result) >= 0);
    fd_result_dispose(&result);
    if (!city)
        fd_city_free(call.city);
    fd_arena_free(call.arena);
}

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    const char *base = getenv("TMPDIR");
    const char *pairs[] = { "file", w->city, "example", "huanzhou", "months", "1", NULL };

    snprintf(w->folder, sizeof w->folder, "%.80s/fdwarmXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->city, sizeof w->city, "%s/city.fangding", w->folder);
    ask(w->city, NULL, "new", pairs);
    assert_int_equal(fd_cities_new(&w->server.cities, w->city), 0);
    w->server.workers = fd_workers_new(1, 4);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;

    fd_workers_free(w->server.workers);
    fd_cities_free(w->server.cities);
    remove_all(w->folder);
    free(w);
    return 0;
}

static void rest(void)
{
    nanosleep(&(struct timespec){ 0, 5 * 1000 * 1000 }, NULL);
}

/* One tick of the server, and the end of the round that it began, if any. @return rounds so far */
static uint64_t tick(fd_server *s)
{
    assert_int_equal(fd_cities_look(s->cities), 0);
    fd_warm_watch(s);
    while (atomic_load(&s->warming) || fd_workers_load(s->workers))
        rest();
    return atomic_load(&s->metrics.warm_rounds);
}

/* Items whose columns `home` still had to look up in this city. */
static size_t read_by_home(const world *w, fd_city *city)
{
    const size_t before = fd_map_count(city->reader->items);

    ask(w->city, city, "home", NULL);
    return fd_map_count(city->reader->items) - before;
}

static void test_first_read_is_warm(void **state)
{
    const char *table[] = { "cube", "va_county_chain", "at", "2024", NULL };
    world *w = *state;
    fd_server *s = &w->server;
    fd_city *cold, *city;
    int64_t newest;

    assert_int_equal(tick(s), 1);
    assert_int_equal(tick(s), 1); /* nothing new: no second round */
    newest = fd_cities_newest(s->cities);
    assert_int_equal(atomic_load(&s->metrics.warm_snapshot), newest);
    assert_true(atomic_load(&s->metrics.warm_answers) >= 4);

    ask(w->city, NULL, "publish", table);
    assert_int_equal(tick(s), 2);
    assert_true(fd_cities_newest(s->cities) > newest);
    assert_int_equal(atomic_load(&s->metrics.warm_snapshot), fd_cities_newest(s->cities));

    /* What the first page of the new snapshot needs has been read; a fresh reader has nothing. */
    assert_int_equal(fd_city_open(&cold, w->city, 0, false), 0);
    assert_true(read_by_home(w, cold) > 0);
    fd_city_free(cold);
    assert_int_equal(fd_cities_lease(&city, s->cities, 0), 0);
    assert_int_equal(fd_reader_snapshot(city->reader), fd_cities_newest(s->cities));
    assert_int_equal(read_by_home(w, city), 0);
    fd_cities_return(s->cities, city);
}

/* Work that is held until it is let go. */
static void hold(void *payload)
{
    while (atomic_load((atomic_bool *)payload))
        rest();
}

static void test_busy_is_left_alone(void **state)
{
    world *w = *state;
    fd_server *s = &w->server;
    atomic_bool held = true;

    assert_int_equal(fd_cities_look(s->cities), 0);
    assert_int_equal(fd_workers_add(s->workers, hold, &held), 0);
    fd_warm_watch(s);
    assert_false(atomic_load(&s->warming));
    assert_int_equal(atomic_load(&s->metrics.warm_rounds), 0);
    atomic_store(&held, false);
    while (fd_workers_load(s->workers))
        rest();
    assert_int_equal(tick(s), 1); /* and warmed once it has time */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_first_read_is_warm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_busy_is_left_alone, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
