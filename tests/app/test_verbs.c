/*
 * Every verb as declared: words in both languages, examples that parse and run, values of the wrong
 * type and questions that contradict themselves refused by name.
 */
#include "verb_world.h"

/* ---- the declarations ---- */
static void every_verb_says_what_it_does(void **state)
{
    size_t count, bad = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    assert_true(count > 20);
    for (size_t v = 0; v < count; v++) {
        const fd_verb *verb = verbs[v];

        if (blank(verb->zh) || blank(verb->en) || !verb->examples || !verb->examples[0] ||
            !verb->run || (blank(verb->detail_zh) != blank(verb->detail_en))) {
            print_error("%s: a sentence or an example is missing\n", verb->name);
            bad++;
        }
        assert_ptr_equal(fd_verb_find(verb->name), verb);
        for (size_t i = 0; i < verb->param_count; i++) {
            const fd_verb_param *p = &verb->params[i];

            if (blank(p->name) || blank(p->zh) || blank(p->en)) {
                print_error("%s: the help of parameter %s is missing\n", verb->name, p->name);
                bad++;
            }
            if (p->type != FD_P_FLAG && blank(p->value)) {
                print_error("%s: %s has no placeholder\n", verb->name, p->name);
                bad++;
            }
            if ((p->type == FD_P_CHOICE) == blank(p->choices) ||
                (p->repeated && (!p->positional || i + 1 < verb->param_count) &&
                 verb->params[i + 1].positional)) {
                print_error("%s: %s is declared wrongly\n", verb->name, p->name);
                bad++;
            }
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(verb->params[k].name, p->name);
        }
    }
    assert_int_equal(bad, 0);
}

/* Each example is of its verb, parses against what the verb declares, and passes its check. */
static void every_example_parses(void **state)
{
    size_t count, bad = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    for (size_t v = 0; v < count; v++)
        for (const char *const *example = verbs[v]->examples; *example; example++) {
            request r;
            bool good = read_line(&r, *example);

            if (good && r.call.verb != verbs[v]) {
                print_error("%s: an example of %s\n", *example, verbs[v]->name);
                good = false;
            }
            if (good && fd_call_check(&r.call) < 0) {
                print_error("%s: %s\n", *example, fd_error_last()->message[FD_EN]);
                good = false;
            }
            bad += !good;
            fd_arena_free(r.arena);
        }
    assert_int_equal(bad, 0);
}

/* What makes much data in an example makes little here. */
static const char *smaller(char *buf, size_t size, const char *example)
{
    if (strstr(example, "--bench-rows")) {
        snprintf(buf, size, "%.*s --bench-rows 1000",
                 (int)(strstr(example, " --bench-rows") - example), example);
        return buf;
    }
    if (strncmp(example, "collect ", 8) == 0 && !strstr(example, "--today") &&
        strncmp(example, "collect return", 14) != 0) {
        snprintf(buf, size, "%s --today 2025-02-20", example);
        return buf;
    }
    if (strncmp(example, "new ", 4) == 0 || strncmp(example, "generate ", 9) == 0) {
        snprintf(buf, size, "%s --months 1 --light", example);
        return buf;
    }
    return example;
}

/* What an example before it may have written over. */
static void put_back(const char *example)
{
    if (strncmp(example, "import 调度表", strlen("import 调度表")) == 0)
        copy_file("调度表.xlsx", "kept/调度表.xlsx");
    if (strstr(example, "财务状况B103-1.csv"))
        write_file("财务状况B103-1.csv", "统一社会信用代码,厂房原值\n");
    if (strncmp(example, "plan template ", strlen("plan template ")) == 0)
        remove_all(example + strlen("plan template "));
    if (strstr(example, "my.ding") && !strstr(example, "--out"))
        write_file("my.ding", "参数 试一试 / my_trial\n  值 5 % 自 2024-01-01\n  说明 测试用\n");
}

static bool writes(const fd_verb *verb)
{
    return verb->effect != FD_READ;
}

/* Every example runs: what reads first, then what writes, on cities put back each time. */
static void every_example_runs(void **state)
{
    size_t count, bad = 0, ran = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    for (int pass = 0; pass < 2; pass++)
        for (size_t v = 0; v < count; v++)
            for (const char *const *example = verbs[v]->examples; *example; example++) {
                char line[1024], *text = NULL;
                int err;

                if (writes(verbs[v]) != (pass == 1))
                    continue;
                if (strcmp(verbs[v]->name, "new") == 0) {
                    (void)unlink("out/anyang.fangding");
                    (void)unlink("out/huanzhou.fangding");
                    (void)unlink("ours.fangding");
                } else if (pass == 1) {
                    copy_file("out/huanzhou.fangding", "kept/huanzhou.fangding");
                    copy_file("ours.fangding", "kept/ours.fangding");
                    (void)unlink("out/huanzhou.fangding-wal");
                    (void)unlink("out/huanzhou.fangding-shm");
                    (void)unlink("ours.fangding-wal");
                    (void)unlink("ours.fangding-shm");
                }
                put_back(*example);
                err = run(&text, smaller(line, sizeof line, *example));
                ran++;
                if (err < 0) {
                    char reason[2048];

                    fd_error_format(fd_error_last(), FD_EN, reason, sizeof reason);
                    print_error("%s: %s\n", *example, reason);
                    bad++;
                } else if (blank(text)) {
                    print_error("%s: says nothing\n", *example);
                    bad++;
                }
                free(text);
            }
    assert_true(ran > 30);
    assert_int_equal(bad, 0);
    /* As before for the tests that follow. */
    copy_file("out/huanzhou.fangding", "kept/huanzhou.fangding");
    (void)unlink("out/huanzhou.fangding-wal");
    (void)unlink("out/huanzhou.fangding-shm");
}

/* A value that is not of the declared type is refused, and the parameter is named. */
static void wrong_types_are_refused_by_name(void **state)
{
    static const char *const wrong[] = { "x y", "", "1e999999999", "2024-13-77", "--" };
    size_t count, tried = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    for (size_t v = 0; v < count; v++) {
        const fd_verb *verb = verbs[v];

        for (size_t i = 0; i < verb->param_count; i++) {
            const fd_verb_param *p = &verb->params[i];

            if (p->type != FD_P_INTEGER && p->type != FD_P_NUMBER && p->type != FD_P_PERIOD &&
                p->type != FD_P_CHOICE)
                continue;
            for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
                fd_arena *arena = fd_arena_new();
                fd_call call = { .verb = verb, .arena = arena, .city_path = "city" };

                call.values = fd_arena_alloc(arena, (verb->param_count + 1) * sizeof *call.values);
                call.rest = fd_arena_alloc(arena, sizeof *call.rest);
                for (size_t n = 0; n < verb->param_count; n++)
                    if (verb->params[n].required)
                        call.values[n] = verb->params[n].type == FD_P_PERIOD   ? "2024"
                                         : verb->params[n].type == FD_P_CHOICE ? "enterprises"
                                                                               : "1";
                call.rest[call.rest_count++] = "1";
                call.values[i] = wrong[k];
                if (fd_call_check(&call) != FD_EINVAL)
                    fail_msg("%s takes \"%s\" for %s", verb->name, wrong[k], p->name);
                for (int lang = 0; lang < 2; lang++)
                    if (!strstr(fd_error_last()->message[lang], p->name))
                        fail_msg("%s: the message does not name %s: %s", verb->name, p->name,
                                 fd_error_last()->message[lang]);
                tried++;
                fd_arena_free(arena);
            }
        }
    }
    assert_true(tried > 50);
}

/* What is required is missed by the name that the help shows. */
/* Arguments that are each right and together are not, or that name what is not there: refused with
 * a reason, never answered with an empty table or with what was not asked. */
static void wrong_questions_are_refused(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        { "measure sei_share --from 2024 --to 2018", "--from 在 --to 之后" },
        { "measure sei_share --at 2024 --from 2020", "不能同时写" },
        { "why sei_share --at 2024 --depth -1", "--depth" },
        { "why sei_share --at 2024 --county 火星区", "没有这个县区:火星区" },
        { "growth sei_share --from 2023 --to 2024 --by county", "不可相加" },
        { "growth value_added_rate --from 2023 --to 2024 --by county", "不可相加" },
        { "growth division_count --from 2023 --to 2024 --by county", "不可相加" },
        { "growth value_added --from 2024 --to 2023 --by county", "基期" },
        { "growth value_added --from 2023-01..12 --to 2024 --by county", "基期" },
        { "target emerging_30 --growth -100", "年均增长" },
        { "target emerging_30 --growth 100000", "年均增长" },
        { "export facts --item nope", "没有这个数据项:nope" },
    };
    struct stat is;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[256], reason[2048] = "", *text = NULL;
        int err;

        snprintf(line, sizeof line, "%s --city out/huanzhou.fangding", cases[i].line);
        err = run(&text, line);
        if (err < 0)
            fd_error_format(fd_error_last(), FD_ZH, reason, sizeof reason);
        if (err >= 0 || !strstr(reason, cases[i].says))
            fail_msg("%s: %s, not %s", line, err < 0 ? reason : "answered", cases[i].says);
        free(text);
        fd_error_clear();
    }
    must_run("why sei_share --at 2024 --county 洹西 --depth 1 --city out/huanzhou.fangding");
    must_run("growth sei_value_added_total --from 2023 --to 2024 --by county --city "
             "out/huanzhou.fangding");
    { /* a city that could not be made leaves no file of its name */
        char *text = NULL;

        assert_true(run(&text, "new small.fangding --example huanzhou --enterprises 60") < 0);
        free(text);
        fd_error_clear();
        assert_int_not_equal(stat("small.fangding", &is), 0);
    }
}

/* The first word of two names its family; a slip of a finger its nearest. */
static void a_verb_that_is_not_there(void **state)
{
    (void)state;
    assert_null(fd_verb_find("ding"));
    assert_non_null(strstr(fd_error_last()->hint[FD_ZH], "ding check, ding format, ding explain"));
    assert_null(fd_verb_find("mesure"));
    assert_non_null(strstr(fd_error_last()->hint[FD_ZH], "measure"));
    fd_error_clear();
}

static void missing_values_are_named(void **state)
{
    size_t count, tried = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    for (size_t v = 0; v < count; v++)
        for (size_t i = 0; i < verbs[v]->param_count; i++) {
            const fd_verb_param *p = &verbs[v]->params[i];
            fd_arena *arena;
            fd_call call;

            if (!p->required)
                continue;
            arena = fd_arena_new();
            call = (fd_call){ .verb = verbs[v], .arena = arena, .city_path = "city" };
            call.values = fd_arena_alloc(arena, (verbs[v]->param_count + 1) * sizeof *call.values);
            for (size_t n = 0; n < i; n++)
                call.values[n] = verbs[v]->params[n].type == FD_P_CHOICE ? "facts" : "2024";
            assert_int_equal(fd_call_check(&call), FD_EINVAL);
            if (i == 0 && !strstr(fd_error_last()->message[FD_ZH], p->value ? p->value : p->name))
                fail_msg("%s: %s", verbs[v]->name, fd_error_last()->message[FD_ZH]);
            tried++;
            fd_arena_free(arena);
        }
    assert_true(tried > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verb_says_what_it_does),
        cmocka_unit_test(every_example_parses),
        cmocka_unit_test(wrong_types_are_refused_by_name),
        cmocka_unit_test(wrong_questions_are_refused),
        cmocka_unit_test(a_verb_that_is_not_there),
        cmocka_unit_test(missing_values_are_named),
        cmocka_unit_test(every_example_runs),
    };

    return cmocka_run_group_tests_name("app: verbs", tests, setup, teardown);
}
