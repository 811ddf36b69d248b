/* The text of a cell from its number and one byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/written.h"

static const struct {
    const char *text;
    int64_t mantissa;
    int scale;
    uint8_t written;
} cases[] = {
    { "1234.5", 123450, 2, FD_WRITTEN_PLAIN + 1 },
    { "1234.50", 123450, 2, FD_WRITTEN_PLAIN + 2 },
    { "1234.5000", 123450, 2, FD_WRITTEN_PLAIN + 4 },
    { "1,234.50", 123450, 2, FD_WRITTEN_GROUPED + 2 },
    { "-1,234,567", -1234567, 0, FD_WRITTEN_GROUPED },
    { "0", 0, 4, FD_WRITTEN_PLAIN },
    { "0.0", 0, 4, FD_WRITTEN_PLAIN + 1 },
    { "0.05", 5, 2, FD_WRITTEN_PLAIN + 2 },
    { "-9223372036854775808", INT64_MIN, 0, FD_WRITTEN_PLAIN },
    { "9.223372036854775807", INT64_MAX, 18, FD_WRITTEN_PLAIN + 18 },
    { "1.00000000000000000000000000000", 1, 0, FD_WRITTEN_PLAIN + 29 },
    { "1.000000000000000000000000000000", 1, 0, FD_WRITTEN_SPELLED },
    { "007", 7, 0, FD_WRITTEN_SPELLED },
    { "-0", 0, 0, FD_WRITTEN_SPELLED },
    { "1.", 1, 0, FD_WRITTEN_SPELLED },
    { ".5", 5, 1, FD_WRITTEN_SPELLED },
    { "12,34", 1234, 0, FD_WRITTEN_SPELLED },
    { "1,234", 1234, -1, FD_WRITTEN_SPELLED },
    { " 12", 12, 0, FD_WRITTEN_SPELLED },
    { "12.5万元", 125, 1, FD_WRITTEN_SPELLED },
    { "1.25", 12, 1, FD_WRITTEN_SPELLED }, /* another number */
    { "", 0, 0, FD_WRITTEN_UNKNOWN },
};

static void a_text_comes_back_or_is_spelled(void **state)
{
    fd_buf out = FD_BUF_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint8_t written =
            fd_written_of(fd_view_of(cases[i].text), cases[i].mantissa, cases[i].scale);

        if (written != cases[i].written)
            fail_msg("%s: %d, not %d", cases[i].text, written, cases[i].written);
        fd_buf_clear(&out);
        assert_int_equal(fd_written_text(&out, written, cases[i].mantissa, cases[i].scale),
                         written >= FD_WRITTEN_PLAIN);
        if (written >= FD_WRITTEN_PLAIN)
            assert_string_equal(fd_buf_text(&out), cases[i].text);
    }
    fd_buf_dispose(&out);
}

static void every_byte_of_every_number_is_recognised_again(void **state)
{
    uint64_t seed = 20241231;
    fd_buf out = FD_BUF_INIT;

    (void)state;
    for (int n = 0; n < 20000; n++) {
        int scale;
        int64_t mantissa;
        uint8_t written;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        scale = (int)(seed >> 33) % 19;
        mantissa = (int64_t)seed >> (seed >> 40) % 60;
        written = (uint8_t)(seed >> 50) % FD_WRITTEN_END;
        fd_buf_clear(&out);
        if (!fd_written_text(&out, written, mantissa, scale)) {
            assert_true(written < FD_WRITTEN_PLAIN);
            continue;
        }
        /* Digits that were cut make another number, whose text is spelled out. */
        const uint8_t again = fd_written_of((fd_view){ out.ptr, out.len }, mantissa, scale);
        const char *comma = strchr(fd_buf_text(&out), ',');

        if (written >= FD_WRITTEN_GROUPED && !comma)
            assert_int_equal(again, written - FD_WRITTEN_GROUPED + FD_WRITTEN_PLAIN);
        else
            assert_int_equal(again, written);
    }
    fd_buf_clear(&out);
    assert_false(fd_written_text(&out, 200, 1, 0)); /* from a damaged file */
    assert_false(fd_written_text(&out, FD_WRITTEN_PLAIN, 1, 40));
    assert_int_equal(out.len, 0);
    fd_buf_dispose(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_comes_back_or_is_spelled),
        cmocka_unit_test(every_byte_of_every_number_is_recognised_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
