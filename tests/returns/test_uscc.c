/* tests/reference/uscc.csv holds codes with their source and what each check must say. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "fangding/uscc.h"

static fd_uscc_result expected_result(const char *code, const char *mod31, const char *mod11)
{
    if (strcmp(mod31, "format") == 0)
        return strlen(code) == FD_USCC_LENGTH ? FD_USCC_CHARACTER_WRONG : FD_USCC_LENGTH_WRONG;
    if (strcmp(mod11, "checksum") == 0)
        return FD_USCC_ORG_WRONG;
    return strcmp(mod31, "checksum") == 0 ? FD_USCC_CHECK_WRONG : FD_USCC_OK;
}

static void published_codes_are_judged_as_published(void **state)
{
    FILE *f = fopen(FD_SOURCE_DIR "/tests/reference/uscc.csv", "r");
    char line[512];
    int rows = 0, seen[FD_USCC_CHECK_WRONG + 1] = { 0 };

    (void)state;
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    while (fgets(line, sizeof line, f)) {
        char *code = line, *mod31 = strchr(code, ','), *mod11, *rest;
        fd_uscc_result result;

        assert_non_null(mod31);
        *mod31++ = '\0';
        mod11 = strchr(mod31, ',');
        assert_non_null(mod11);
        *mod11++ = '\0';
        rest = strchr(mod11, ',');
        assert_non_null(rest);
        *rest = '\0';
        result = fd_uscc_check(code, NULL);
        if (result != expected_result(code, mod31, mod11))
            fail_msg("%s: got %d", code, (int)result);
        seen[result]++;
        rows++;
    }
    fclose(f);
    assert_true(rows >= 12);
    assert_true(seen[FD_USCC_OK] >= 5 && seen[FD_USCC_CHECK_WRONG] >= 4);
}

static void a_wrong_character_is_pointed_at(void **state)
{
    static const struct {
        const char *code;
        fd_uscc_result result;
        int bad;
    } cases[] = {
        { NULL, FD_USCC_LENGTH_WRONG, 0 },
        { "", FD_USCC_LENGTH_WRONG, 0 },
        { "9111000060003734", FD_USCC_LENGTH_WRONG, 0 },
        { "9111000060003734111", FD_USCC_LENGTH_WRONG, 0 },
        { "9I110000600037341L", FD_USCC_CHARACTER_WRONG, 2 },
        { "91110000600037341l", FD_USCC_CHARACTER_WRONG, 18 },
        { "91110000600037351L", FD_USCC_ORG_WRONG, 17 },
        { "91110001600037341L", FD_USCC_CHECK_WRONG, 18 },
        { "91110000600037341L", FD_USCC_OK, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int bad = -1;

        assert_int_equal(fd_uscc_check(cases[i].code, &bad), cases[i].result);
        assert_int_equal(bad, cases[i].bad);
    }
}

/* Every single changed character of a good code is found, and every neighbouring swap of different
 * ones. */
static void single_errors_are_always_found(void **state)
{
    static const char symbols[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const char good[] = "91350200MA2YJ1XR9G";

    (void)state;
    for (size_t i = 0; i < FD_USCC_LENGTH; i++) {
        for (size_t k = 0; symbols[k]; k++) {
            char code[FD_USCC_LENGTH + 1];

            memcpy(code, good, sizeof code);
            code[i] = symbols[k];
            assert_int_equal(fd_uscc_check(code, NULL) == FD_USCC_OK, good[i] == symbols[k]);
        }
    }
    for (size_t i = 0; i + 1 < FD_USCC_LENGTH; i++) {
        char code[FD_USCC_LENGTH + 1];

        memcpy(code, good, sizeof code);
        code[i] = good[i + 1];
        code[i + 1] = good[i];
        assert_int_equal(fd_uscc_check(code, NULL) == FD_USCC_OK, good[i] == good[i + 1]);
    }
}

static void made_codes_pass(void **state)
{
    char prefix[17], code[FD_USCC_LENGTH + 1];

    (void)state;
    assert_int_equal(fd_uscc_make(code, "9111000060003734"), 0);
    assert_string_equal(code, "91110000600037341L");
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(prefix, sizeof prefix, "91990501%08u", i * 7919u % 100000000u);
        assert_int_equal(fd_uscc_make(code, prefix), 0);
        assert_int_equal(fd_uscc_check(code, NULL), FD_USCC_OK);
    }
    assert_int_equal(fd_uscc_make(code, "short"), FD_EINVAL);
    assert_int_equal(fd_uscc_make(code, "911100006000373O"), FD_EINVAL);
    assert_int_equal(fd_uscc_make(code, NULL), FD_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_codes_are_judged_as_published),
        cmocka_unit_test(a_wrong_character_is_pointed_at),
        cmocka_unit_test(single_errors_are_always_found),
        cmocka_unit_test(made_codes_pass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
