/* Users, sessions, tokens, keys of requests; passwords. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fangding/accounts.h"
#include "http/password.h"

static fd_user user(const char *login, const char *role)
{
    fd_user u = { .created = 100 };

    snprintf(u.login, sizeof u.login, "%s", login);
    snprintf(u.role, sizeof u.role, "%s", role);
    snprintf(u.password, sizeof u.password, "hash");
    return u;
}

static int open_accounts(void **state)
{
    fd_accounts *a;

    assert_int_equal(fd_accounts_open(&a, ":memory:"), 0);
    *state = a;
    return 0;
}

static int close_accounts(void **state)
{
    fd_accounts_close(*state);
    return 0;
}

static void test_users(void **state)
{
    fd_accounts *a = *state;
    fd_user first = user("admin", "administrator"), again = user("ADMIN", "viewer"), found;
    fd_user stale;
    int64_t n, locked;

    assert_int_equal(fd_user_count(a, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(fd_user_add_first(a, &first), 0);
    assert_int_equal(fd_user_add_first(a, &again), FD_EEXISTS);
    assert_int_equal(fd_user_add(a, &again), FD_EEXISTS);
    assert_int_equal(fd_user_by_login(a, "Admin", &found), 0);
    assert_int_equal(found.id, first.id);
    assert_int_equal(fd_user_by_login(a, "admin' OR '1'='1", &found), FD_ENOTFOUND);
    stale = found;
    snprintf(found.name, sizeof found.name, "<b>'; DROP TABLE user; --");
    assert_int_equal(fd_user_update(a, &found), FD_OK);
    assert_int_equal(fd_user_update(a, &stale), FD_ECONFLICT);
    assert_int_equal(fd_user_by_id(a, first.id, &found), 0);
    assert_string_equal(found.name, "<b>'; DROP TABLE user; --");
    for (int i = 1; i <= 4; i++) {
        assert_int_equal(fd_user_note_sign_in(a, first.id, false, 5, 900, &locked), 0);
        assert_int_equal(locked, 0);
    }
    assert_int_equal(fd_user_note_sign_in(a, first.id, false, 5, 900, &locked), 0);
    assert_int_equal(locked, 900);
    assert_int_equal(fd_user_note_sign_in(a, first.id, true, 5, 900, &locked), 0);
    assert_int_equal(locked, 0);
}

static void test_sessions(void **state)
{
    /* born at 1000, last seen at 1500 */
    static const struct {
        int64_t idle_before, born_before;
        int err;
    } cases[] = {
        { 1400, 900, 0 },
        { 1501, 900, FD_ENOTFOUND },
        { 1400, 1001, FD_ENOTFOUND },
    };
    fd_accounts *a = *state;
    fd_user u = user("li", "industry"), found;
    fd_session s = { .created = 1000, .seen = 1000 }, got;
    int64_t n;

    assert_int_equal(fd_user_add(a, &u), 0);
    s.user = u.id;
    snprintf(s.hash, sizeof s.hash, "%064d", 1);
    snprintf(s.csrf, sizeof s.csrf, "csrf");
    assert_int_equal(fd_session_add(a, &s), 0);
    assert_int_equal(fd_session_touch(a, s.hash, 1500), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(fd_session_get(a, s.hash, cases[i].idle_before, cases[i].born_before, &got,
                                        &found),
                         cases[i].err);
    assert_int_equal(fd_session_get(a, "x", 0, 0, &got, &found), FD_ENOTFOUND);
    assert_int_equal(fd_user_by_id(a, u.id, &found), 0);
    found.disabled = true;
    assert_int_equal(fd_user_update(a, &found), 0);
    assert_int_equal(fd_session_get(a, s.hash, 0, 0, &got, &found), FD_ENOTFOUND);
    found.disabled = false;
    assert_int_equal(fd_session_remove_user(a, u.id, s.hash), 0);
    assert_int_equal(fd_session_count(a, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(fd_user_remove(a, u.id), 0);
    assert_int_equal(fd_session_count(a, &n), 0);
    assert_int_equal(n, 0);
}

static void test_tokens(void **state)
{
    fd_accounts *a = *state;
    fd_user u = user("wang", "industry"), found;
    fd_token t = { .name = "抽数", .read_only = true, .created = 10, .expires = 100 }, got;

    assert_int_equal(fd_user_add(a, &u), 0);
    t.user = u.id;
    snprintf(t.hash, sizeof t.hash, "%064d", 2);
    assert_int_equal(fd_token_add(a, &t), 0);
    assert_int_equal(fd_token_get(a, t.hash, 99, &got, &found), 0);
    assert_true(got.read_only);
    assert_int_equal(fd_token_get(a, t.hash, 100, &got, &found), FD_ENOTFOUND);
    assert_int_equal(fd_token_remove(a, t.id, u.id + 1), FD_ENOTFOUND); /* somebody else's */
    assert_int_equal(fd_token_remove(a, t.id, u.id), 0);
    assert_int_equal(fd_token_get(a, t.hash, 50, &got, &found), FD_ENOTFOUND);
}

static void test_keys(void **state)
{
    fd_accounts *a = *state;
    char *body, location[128];
    int status;

    assert_int_equal(fd_key_begin(a, 1, "k", "r1", 10, &status, &body, location), 0);
    assert_int_equal(status, 0);
    assert_int_equal(fd_key_begin(a, 1, "k", "r1", 10, &status, &body, location), 0);
    assert_int_equal(status, -1);
    free(body);
    assert_int_equal(fd_key_finish(a, 1, "k", 202, "{}", 2, "/x"), 0);
    assert_int_equal(fd_key_begin(a, 1, "k", "r1", 10, &status, &body, location), 0);
    assert_int_equal(status, 202);
    assert_string_equal(body, "{}");
    assert_string_equal(location, "/x");
    free(body);
    assert_int_equal(fd_key_begin(a, 1, "k", "r2", 10, &status, &body, location), FD_ECONFLICT);
    assert_int_equal(fd_key_begin(a, 2, "k", "r2", 10, &status, &body, location), 0);
    assert_int_equal(status, 0); /* another user's key is another key */
    assert_int_equal(fd_key_forget(a, 2, "k"), 0);
    assert_int_equal(fd_accounts_sweep(a, 0, 0, 0, 11), 0);
    assert_int_equal(fd_key_begin(a, 1, "k", "r2", 10, &status, &body, location), 0);
    assert_int_equal(status, 0);
}

static void test_file_mode(void **state)
{
    char path[] = P_tmpdir "/fdusersXXXXXX", side[64];
    int descriptor = mkstemp(path);
    struct stat info;
    fd_accounts *a;

    (void)state;
    close(descriptor);
    unlink(path);
    assert_int_equal(fd_accounts_open(&a, path), 0);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    snprintf(side, sizeof side, "%s-wal", path);
    if (stat(side, &info) == 0)
        assert_int_equal(info.st_mode & 0077, 0);
    fd_accounts_close(a);
    unlink(path);
}

static void test_passwords(void **state)
{
    static const struct {
        const char *login, *password;
        int err;
    } cases[] = {
        { "li", "correct horse", 0 },
        { "li", "鼎鼎有名的一个密码呀", 0 },
        { "li", "短密码", FD_EINVAL },
        { "li", "aaaaaaaaaaaa", FD_EINVAL },
        { "horse", "correct horse", FD_EINVAL },
    };
    char kept[160];

    (void)state;
    assert_true(sodium_init() >= 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(fd_password_set(kept, cases[i].password, cases[i].login), cases[i].err);
        if (cases[i].err)
            continue;
        assert_non_null(strstr(kept, "$argon2id$"));
        assert_true(fd_password_holds(kept, cases[i].password));
        assert_false(fd_password_holds(kept, "something else"));
        assert_false(fd_password_holds(NULL, cases[i].password));
    }
    assert_int_equal(fd_login_check("李四"), 0);
    assert_int_equal(fd_login_check("li.si@ay"), 0);
    assert_int_equal(fd_login_check(""), FD_EINVAL);
    assert_int_equal(fd_login_check("a b"), FD_EINVAL);
    assert_int_equal(fd_login_check("<script>"), FD_EINVAL);
}

static int count_each(void *payload, const fd_proposal *p)
{
    int *n = payload;

    assert_non_null(p->body);
    ++*n;
    return 0;
}

/* Another person confirms, once, in time; only who asked withdraws. */
static void test_proposals(void **state)
{
    static const struct {
        const char *state;
        int64_t user, now;
        int expected;
    } tries[] = {
        { "confirmed", 1, 150, FD_ECONFLICT }, /* the same person */
        { "refused", 1, 150, FD_ECONFLICT },
        { "withdrawn", 2, 150, FD_ECONFLICT }, /* another one */
        { "confirmed", 2, 200, FD_ECONFLICT }, /* over time */
        { "confirmed", 2, 199, 0 },
        { "confirmed", 3, 199, FD_ECONFLICT }, /* decided */
        { "withdrawn", 1, 199, FD_ECONFLICT },
    };
    fd_accounts *a = *state;
    char body[] = "{\"cube\":\"x\"}";
    fd_proposal p = {
        .user = 1,
        .login = "wang",
        .verb = "publish",
        .body = body,
        .snapshot = 7,
        .created = 100,
        .expires = 200,
    };
    fd_proposal got;
    int n = 0;

    assert_int_equal(fd_proposal_add(a, &p), 0);
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        assert_int_equal(fd_proposal_decide(a, p.id, tries[i].now, tries[i].state, tries[i].user,
                                            "li", "看过"),
                         tries[i].expected);
    assert_int_equal(fd_proposal_get(a, p.id, &got), 0);
    assert_string_equal(got.state, "confirmed");
    assert_string_equal(got.decider, "li");
    assert_string_equal(got.login, "wang");
    assert_string_equal(got.body, body);
    assert_string_equal(got.reason, "看过");
    assert_int_equal(got.snapshot, 7);
    assert_int_equal(got.decided, 199);
    free(got.body);
    assert_int_equal(fd_proposal_add(a, &p), 0);
    assert_int_equal(fd_proposal_decide(a, p.id, 150, "withdrawn", 1, "wang", ""), 0);
    assert_int_equal(fd_proposal_get(a, 99, &got), FD_ENOTFOUND);
    assert_int_equal(fd_proposal_decide(a, 99, 150, "confirmed", 2, "li", ""), FD_ECONFLICT);
    assert_int_equal(fd_proposal_list(a, count_each, &n), 0);
    assert_int_equal(n, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_users, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(test_sessions, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(test_tokens, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(test_keys, open_accounts, close_accounts),
        cmocka_unit_test_setup_teardown(test_proposals, open_accounts, close_accounts),
        cmocka_unit_test(test_file_mode),
        cmocka_unit_test(test_passwords),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
