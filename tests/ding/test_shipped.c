/*
 * The shipped definitions load together, and there are enough of them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "load_program.h"

static const char *const files[] = { "units.ding",      "data.ding",    "classes.ding",
                                     "indicators.ding", "targets.ding", "lights.ding",
                                     "published.ding",  "records.ding", NULL };

static void test_load(void **state)
{
    loaded l = load_program(files, NULL);
    size_t indicators = 0;

    (void)state;
    while (fd_program_decl(l.program, FD_DECL_INDICATOR, indicators))
        indicators++;
    assert_true(indicators >= 50);
    load_free(&l);
}

/* Every indicator states its rule for missing data and where its figures come from. */
static void test_rules(void **state)
{
    loaded l = load_program(files, NULL);
    const fd_decl *d;

    (void)state;
    for (size_t i = 0; (d = fd_program_decl(l.program, FD_DECL_INDICATOR, i)); i++) {
        const fd_indicator *indicator = fd_program_indicator(l.program, d->alias);

        if (!indicator || indicator->missing == 0 || indicator->source_count == 0 ||
            indicator->digits < 0 || !(indicator->formula || indicator->total))
            print_error("%s\n", d->alias);
        assert_non_null(indicator);
        assert_true(indicator->missing != 0);
        assert_true(indicator->source_count > 0);
        assert_true(indicator->digits >= 0);
    }
    load_free(&l);
}

/* Every indicator stands in the page of methods, with its id as a word. */
static void test_documented(void **state)
{
    loaded l = load_program(files, NULL);
    size_t length;
    char *page = load__file(FD_SOURCE_DIR "/docs/methods/indicators.md", &length);
    const fd_decl *d;
    int absent = 0;

    (void)state;
    page = fd_realloc(page, length + 1);
    page[length] = '\0';
    for (size_t i = 0; (d = fd_program_decl(l.program, FD_DECL_INDICATOR, i)); i++) {
        const size_t n = strlen(d->alias);
        const char *at = page;
        bool found = false;

        while (!found && (at = strstr(at, d->alias))) {
            found = !strchr("abcdefghijklmnopqrstuvwxyz_0123456789", at[n]) &&
                    !strchr("abcdefghijklmnopqrstuvwxyz_0123456789", at[-1]);
            at += n;
        }
        if (!found)
            print_error("not in docs/methods/indicators.md: %s\n", d->alias);
        absent += !found;
    }
    assert_int_equal(absent, 0);
    free(page);
    load_free(&l);
}

static void test_target(void **state)
{
    loaded l = load_program(files, NULL);
    const fd_target *t = fd_program_target(l.program, "emerging_30");

    (void)state;
    assert_non_null(t);
    assert_string_equal(t->indicator->id, "sei_share");
    assert_int_equal(t->base_count, 2);
    assert_int_equal(t->base[0].year, 2018);
    assert_int_equal(t->due_year, 2027);
    assert_int_equal(t->start_year, 2024);
    assert_int_equal(t->also_count, 2);
    assert_int_equal(t->also_years[0], 2026);
    assert_int_equal(t->also_years[1], 2028);
    assert_int_equal(t->yellow_margin.mantissa, 2);
    load_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_documented),
        cmocka_unit_test(test_target),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
