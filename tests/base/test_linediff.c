/* Two texts line by line: what is printed gives both back, and no shorter account exists. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/linediff.h"

static const struct {
    const char *old_text, *new_text, *expected;
} cases[] = {
    { "", "", "" },
    { "a\n", "", "-a|" },
    { "", "a", "+a|" },
    { "a\nb\nc\n", "a\nb\nc", " a| b| c|" },
    { "a\r\nb\r\n", "a\nb\n", " a| b|" },
    { "a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c|" },
    { "a\nb\n", "b\na\n", "-a| b|+a|" },
    { "一\n二\n三\n", "一\n三\n四\n", " 一|-二| 三|+四|" },
    { "a\n\nb\n", "a\nb\n", " a|-| b|" },
    { "a\na\na\n", "a\na\n", " a| a|-a|" },
};

static void known_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_line_changes changes;
        fd_buf text = FD_BUF_INIT;

        fd_linediff(&changes, fd_view_of(cases[i].old_text), fd_view_of(cases[i].new_text));
        for (size_t k = 0; k < changes.count; k++)
            fd_buf_printf(&text, "%c%.*s|", changes.items[k].op, (int)changes.items[k].text.len,
                          changes.items[k].text.ptr);
        assert_string_equal(text.len ? fd_buf_text(&text) : "", cases[i].expected);
        fd_buf_dispose(&text);
        fd_vec_dispose(&changes);
    }
}

/* Longest common subsequence by trying everything. */
static size_t common(const char *a, size_t n, const char *b, size_t m)
{
    size_t skip_a, skip_b;

    if (!n || !m)
        return 0;
    if (a[0] == b[0])
        return 1 + common(a + 1, n - 1, b + 1, m - 1);
    skip_a = common(a + 1, n - 1, b, m);
    skip_b = common(a, n, b + 1, m - 1);
    return skip_a > skip_b ? skip_a : skip_b;
}

static size_t random_text(char *letters, char *text, uint32_t *seed)
{
    size_t n = (*seed = *seed * 1664525u + 1013904223u) >> 29;

    for (size_t i = 0; i < n; i++) {
        *seed = *seed * 1664525u + 1013904223u;
        letters[i] = (char)('a' + (*seed >> 30));
        text[2 * i] = letters[i];
        text[2 * i + 1] = '\n';
    }
    text[2 * n] = '\0';
    return n;
}

static void random_texts(void **state)
{
    uint32_t seed = 5;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        char a[8], b[8], old_text[17], new_text[17], back[2][17];
        size_t n = random_text(a, old_text, &seed), m = random_text(b, new_text, &seed);
        size_t lengths[2] = { 0, 0 }, kept = 0;
        fd_line_changes changes;

        fd_linediff(&changes, fd_view_of(old_text), fd_view_of(new_text));
        for (size_t k = 0; k < changes.count; k++) {
            const fd_line_change *c = &changes.items[k];

            kept += c->op == ' ';
            if (c->op != '+') {
                back[0][lengths[0]++] = c->text.ptr[0];
                assert_int_equal(c->old_line, lengths[0]);
            }
            if (c->op != '-') {
                back[1][lengths[1]++] = c->text.ptr[0];
                assert_int_equal(c->new_line, lengths[1]);
            }
        }
        assert_int_equal(lengths[0], n);
        assert_int_equal(lengths[1], m);
        assert_memory_equal(back[0], a, n);
        assert_memory_equal(back[1], b, m);
        assert_int_equal(kept, common(a, n, b, m));
        fd_vec_dispose(&changes);
    }
}

/* Past the table's limit the answer is longer, and still right. */
static void huge_texts(void **state)
{
    enum { LINES = 9000 };
    fd_buf a = FD_BUF_INIT, b = FD_BUF_INIT;
    fd_line_changes changes;
    size_t out = 0, in = 0;

    (void)state;
    fd_buf_puts(&a, "same\n");
    fd_buf_puts(&b, "same\n");
    for (int i = 0; i < LINES; i++) {
        fd_buf_printf(&a, "a%d\n", i);
        fd_buf_printf(&b, "b%d\n", i);
    }
    fd_linediff(&changes, (fd_view){ fd_buf_text(&a), a.len }, (fd_view){ fd_buf_text(&b), b.len });
    for (size_t k = 0; k < changes.count; k++) {
        out += changes.items[k].op == '-';
        in += changes.items[k].op == '+';
    }
    assert_int_equal(out, LINES);
    assert_int_equal(in, LINES);
    assert_int_equal(changes.count, 2 * LINES + 1);
    fd_vec_dispose(&changes);
    fd_buf_dispose(&a);
    fd_buf_dispose(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_cases),
        cmocka_unit_test(random_texts),
        cmocka_unit_test(huge_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
