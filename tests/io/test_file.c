/* Whole files: reading with a cap, atomic writing, folders, extensions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"

static char folder[64], path[512];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/fd_file.XXXXXX", P_tmpdir);
    return mkdtemp(folder) ? 0 : -1;
}

static const char *in(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static size_t entries(void)
{
    char **paths;
    size_t count;

    assert_int_equal(fd_file_list(&paths, &count, folder), 0);
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    free(paths);
    return count;
}

static int remove_folder(void **state)
{
    char **paths;
    size_t count;

    (void)state;
    if (fd_file_list(&paths, &count, folder) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        unlink(paths[i]);
        free(paths[i]);
    }
    free(paths);
    return rmdir(folder);
}

static void test_write_and_read(void **state)
{
    char *text;
    size_t length;
    struct stat st;

    (void)state;
    assert_int_equal(fd_file_write(in("a"), "one\0two", 7), 0);
    assert_int_equal(fd_file_read(&text, &length, path, 7), 0);
    assert_int_equal(length, 7);
    assert_memory_equal(text, "one\0two", 8);
    free(text);
    assert_int_equal(fd_file_read(&text, &length, path, 6), FD_ELIMIT);
    assert_null(text);
    assert_string_equal(fd_error_last()->file, path);
    /* The mode of a file that was there stays. */
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(fd_file_write(path, "", 0), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(fd_file_read(&text, &length, path, 0), 0);
    assert_int_equal(length, 0);
    assert_string_equal(text, "");
    free(text);
    assert_int_equal(entries(), 1); /* nothing temporary is left */
}

static void test_read_faults(void **state)
{
    char *text;
    size_t length;

    (void)state;
    assert_int_equal(fd_file_read(&text, &length, in("none"), 10), FD_ENOTFOUND);
    assert_int_equal(fd_file_read(&text, &length, folder, 10), FD_EIO);
    assert_int_equal(fd_file_write("no/such/folder/x", "a", 1), FD_ENOTFOUND);
    assert_true(fd_error_last()->message[FD_ZH][0] && fd_error_last()->message[FD_EN][0]);
    /* A source without an end stops at the cap. */
    assert_int_equal(fd_file_read(&text, &length, "/dev/zero", 200000), FD_ELIMIT);
    assert_null(text);
}

static void test_abandon(void **state)
{
    fd_file_out *out;
    char *text;
    size_t length;

    (void)state;
    assert_int_equal(fd_file_write(in("kept"), "old", 3), 0);
    assert_int_equal(fd_file_begin(&out, path), 0);
    fputs("new", fd_file_stream(out));
    assert_int_equal(fd_file_read(&text, &length, path, 10), 0);
    assert_string_equal(text, "old");
    free(text);
    fd_file_abandon(out);
    fd_file_abandon(NULL);
    assert_int_equal(fd_file_read(&text, &length, path, 10), 0);
    assert_string_equal(text, "old");
    free(text);
    assert_int_equal(fd_file_begin(&out, path), 0);
    fputs("new", fd_file_stream(out));
    assert_int_equal(fd_file_commit(out), 0);
    assert_int_equal(fd_file_read(&text, &length, path, 10), 0);
    assert_string_equal(text, "new");
    free(text);
}

static void test_errno(void **state)
{
    static const struct {
        int number, code;
    } list[] = {
        { ENOSPC, FD_ENOSPC }, { EDQUOT, FD_ENOSPC }, { ENOENT, FD_ENOTFOUND },
        { EACCES, FD_EIO },    { EISDIR, FD_EIO },    { EIO, FD_EIO },
    };

    (void)state;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        assert_int_equal(fd_file__errno("f", list[i].number), list[i].code);
        assert_int_equal(fd_error_last()->code, list[i].code);
        assert_string_equal(fd_error_last()->file, "f");
    }
}

static void test_list(void **state)
{
    static const char *const names[] = { "b.csv", "B.csv", "a10", "a9", ".hidden" };
    static const char *const order[] = { "B.csv", "a10", "a9", "b.csv" };
    char **paths, sub[256];
    size_t count;

    (void)state;
    snprintf(sub, sizeof sub, "%s/sub", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", sub, names[i]);
        assert_int_equal(fd_file_write(path, "", 0), 0);
    }
    assert_int_equal(fd_file_list(&paths, &count, sub), 0);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", sub, order[i]);
        assert_string_equal(paths[i], path);
        unlink(paths[i]);
        free(paths[i]);
    }
    free(paths);
    snprintf(path, sizeof path, "%s/.hidden", sub);
    unlink(path);
    assert_int_equal(rmdir(sub), 0);
    assert_int_equal(fd_file_list(&paths, &count, sub), FD_ENOTFOUND);
    assert_null(paths);
}

static void test_extension(void **state)
{
    static const struct {
        const char *path, *extension;
    } list[] = {
        { "a.csv", "csv" }, { "x/a.b.XLSX", "XLSX" },
        { "a", "" },        { "x.y/a", "" },
        { ".hidden", "" },  { "a.", "" },
        { "x/.h.d", "d" },  { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        assert_true(fd_view_is(fd_file_extension(list[i].path), list[i].extension));
    assert_true(fd_file_has_extension("报表.XlsX", "xlsx"));
    assert_false(fd_file_has_extension("a.xls", "xlsx"));
    assert_false(fd_file_has_extension("a.xlsxx", "xlsx"));
    assert_true(fd_file_has_extension("a", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_read), cmocka_unit_test(test_read_faults),
        cmocka_unit_test(test_abandon),        cmocka_unit_test(test_errno),
        cmocka_unit_test(test_list),           cmocka_unit_test(test_extension),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
