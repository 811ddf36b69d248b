/*
 * Four eyes: some verbs that write are asked by one person and done when another confirms.
 *
 * Which verbs, the city says (verb four-eyes).  While it says nothing, `publish` takes a second
 * person as soon as more than one user holds the right: an office of one can still publish.  The
 * call runs with the rights of who confirms; the audit chain names both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/foureyes.h"
#include "http/ask.h"
#include "http/body.h"
#include "http/server.h"

enum { EXPIRE_S = 7 * 86400 };

typedef struct holder_count {
    const fd_verb *verb;
    int holders;
} holder_count;

static int count_holder(void *payload, const fd_user *user)
{
    holder_count *c = payload;
    fd_role role;

    if (!user->disabled && fd_role_parse(&role, user->role) >= 0 && fd_role_may(role, c->verb))
        c->holders++;
    return 0;
}

int fd_four_eyes_asked(fd_request *r, const fd_verb *verb)
{
    holder_count count = { verb, 0 };
    char *rule = NULL;
    int err, asked;

    if (!fd_four_eyes_can(verb))
        return 0;
    if ((err = fd_store_meta_get(fd_cities_store(r->server->cities), FD_FOUR_EYES_META, &rule)) < 0)
        return err;
    asked = fd_four_eyes_rule(rule, verb->name);
    free(rule);
    if (asked >= 0)
        return asked;
    if (strcmp(verb->name, "publish") != 0)
        return 0;
    if ((err = fd_user_list(r->server->accounts, count_holder, &count)) < 0)
        return err;
    return count.holders > 1;
}

/* ---- as JSON ---- */

static void put_time(fd_jsonw *w, const char *key, int64_t value)
{
    fd_jsonw_key(w, key);
    if (value)
        fd_jsonw_int(w, value);
    else
        fd_jsonw_null(w);
}

static const char *state_of(const fd_proposal *p, int64_t now)
{
    return strcmp(p->state, "waiting") == 0 && p->expires <= now ? "expired" : p->state;
}

static void put_proposal(fd_jsonw *w, const fd_proposal *p, const fd_request *r)
{
    const bool waits = strcmp(state_of(p, time(NULL)), "waiting") == 0;
    const bool mine = p->user == r->who.user;

    fd_jsonw_object(w);
    fd_jsonw_key(w, "id");
    fd_jsonw_int(w, p->id);
    fd_jsonw_key(w, "verb");
    fd_jsonw_string(w, p->verb);
    fd_jsonw_key(w, "params");
    fd_jsonw_raw(w, p->body);
    fd_jsonw_key(w, "by");
    fd_jsonw_string(w, p->login);
    fd_jsonw_key(w, "snapshot");
    fd_jsonw_int(w, p->snapshot);
    put_time(w, "created", p->created);
    put_time(w, "expires", p->expires);
    fd_jsonw_key(w, "state");
    fd_jsonw_string(w, state_of(p, time(NULL)));
    fd_jsonw_key(w, "decider");
    fd_jsonw_string(w, p->decider);
    put_time(w, "decided", p->decided);
    fd_jsonw_key(w, "reason");
    fd_jsonw_string(w, p->reason);
    fd_jsonw_key(w, "mine");
    fd_jsonw_bool(w, mine);
    fd_jsonw_key(w, "can_decide");
    fd_jsonw_bool(w, waits && !mine && r->who.session);
    fd_jsonw_end_object(w);
}

static void audit(fd_request *r, const char *what, const fd_proposal *p, const char *detail)
{
    char object[96];

    snprintf(object, sizeof object, "%lld %.64s", (long long)p->id, p->verb);
    fd_store_audit(fd_cities_store(r->server->cities), r->who.login, what, object, detail);
}

/* ---- asking ---- */

int fd_propose(fd_request *r, const fd_ask *ask)
{
    fd_proposal p = { .user = r->who.user,
                      .created = time(NULL),
                      .snapshot = fd_cities_newest(r->server->cities) };
    fd_buf body = FD_BUF_INIT, out = FD_BUF_INIT;
    char location[64];
    fd_jsonw w;
    int err;

    if ((err = fd_call_check(&ask->call)) < 0)
        return err;
    fd_jsonw_init(&w, &body);
    fd_jsonw_object(&w);
    for (size_t i = 0; i < ask->verb->param_count; i++)
        if (ask->call.values[i]) {
            fd_jsonw_key(&w, ask->verb->params[i].name);
            fd_jsonw_string(&w, ask->call.values[i]);
        }
    fd_jsonw_end_object(&w);
    p.body = fd_buf_take(&body);
    p.expires = p.created + EXPIRE_S;
    snprintf(p.state, sizeof p.state, "waiting");
    snprintf(p.login, sizeof p.login, "%s", r->who.login);
    snprintf(p.verb, sizeof p.verb, "%s", ask->verb->name);
    if ((err = fd_proposal_add(r->server->accounts, &p)) >= 0) {
        audit(r, "proposed", &p, p.body);
        snprintf(location, sizeof location, "/api/v1/proposals/%lld", (long long)p.id);
        fd_reply_add(r, "Location", location);
        fd_jsonw_init(&w, &out);
        fd_jsonw_object(&w);
        fd_jsonw_key(&w, "proposal");
        put_proposal(&w, &p, r);
        fd_jsonw_end_object(&w);
        err = fd_reply_json(r, 202, &out);
    }
    free(p.body);
    return err;
}

/* ---- looking and deciding ---- */

typedef struct lister {
    fd_jsonw *w;
    const fd_request *r;
} lister;

/* What a role may not do itself it need not see. */
static bool is_for(const fd_request *r, const fd_proposal *p)
{
    const fd_verb *verb = fd_verb_find(p->verb);

    return p->user == r->who.user || r->who.role == FD_ROLE_ADMINISTRATOR ||
           (verb && fd_role_may(r->who.role, verb));
}

static int put_each(void *payload, const fd_proposal *p)
{
    const lister *l = payload;

    if (is_for(l->r, p))
        put_proposal(l->w, p, l->r);
    return 0;
}

int fd_handle_proposals(fd_request *r)
{
    fd_buf out = FD_BUF_INIT;
    lister l = { NULL, r };
    fd_jsonw w;
    int err;

    fd_jsonw_init(&w, &out);
    l.w = &w;
    fd_jsonw_array(&w);
    err = fd_proposal_list(r->server->accounts, put_each, &l);
    fd_jsonw_end_array(&w);
    if (err >= 0)
        return fd_reply_json(r, 200, &out);
    fd_buf_dispose(&out);
    return err;
}

static int answer_decided(fd_request *r, int64_t id)
{
    fd_buf out = FD_BUF_INIT;
    fd_proposal p;
    fd_jsonw w;
    int err;

    if ((err = fd_proposal_get(r->server->accounts, id, &p)) < 0)
        return err;
    fd_jsonw_init(&w, &out);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "proposal");
    put_proposal(&w, &p, r);
    fd_jsonw_end_object(&w);
    free(p.body);
    return fd_reply_json(r, 200, &out);
}

/* The change itself, in the name of both. */
static int carry_out(fd_request *r, const fd_proposal *p, const fd_verb *verb)
{
    fd_ask ask;
    int err;

    if ((err = fd_ask_from_kept(&ask, r, verb, p->body)) < 0)
        return err;
    ask.call.actor = fd_arena_printf(r->arena, "%s + %s", p->login, r->who.login);
    return fd_verb_do(r, &ask);
}

/* Who asked has to be somebody who could still ask. */
static int check_asker(fd_request *r, const fd_proposal *p, const fd_verb *verb)
{
    fd_user user;
    fd_role role;

    if (fd_user_by_id(r->server->accounts, p->user, &user) >= 0 && !user.disabled &&
        fd_role_parse(&role, user.role) >= 0 && fd_role_may(role, verb))
        return 0;
    return fd_error_set(FD_ECONFLICT, "提出人 %s 已没有这项权限",
                        "%s, who asked, has no such right now", p->login);
}

static int decide(fd_request *r, const fd_proposal *p, const char *decision, const char *reason)
{
    static const char *const words[][2] = { { "confirm", "confirmed" },
                                            { "refuse", "refused" },
                                            { "withdraw", "withdrawn" } };
    const fd_verb *verb = fd_verb_find(p->verb);
    const bool withdraws = strcmp(decision, "withdraw") == 0;
    const bool confirms = strcmp(decision, "confirm") == 0;
    const char *state = NULL;
    int err;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(decision, words[i][0]) == 0)
            state = words[i][1];
    if (!state)
        return fd_error_set(FD_EINVAL, "decision 应为 confirm、refuse 或 withdraw",
                            "decision is confirm, refuse or withdraw");
    if (withdraws != (p->user == r->who.user))
        return fd_reply_problem(
            r, 403, withdraws ? "只有提出人能撤回" : "要另一个人来确认,不能是提出人自己",
            withdraws ? "only who asked withdraws" : "another person confirms, not who asked");
    if (!withdraws && (!verb || !fd_role_may(r->who.role, verb)))
        return fd_reply_problem(r, 403, "你的角色没有 %s 的权限", "your role has no right to %s",
                                p->verb);
    if ((confirms && (err = check_asker(r, p, verb)) < 0) ||
        (err = fd_proposal_decide(r->server->accounts, p->id, time(NULL), state, r->who.user,
                                  r->who.login, reason)) < 0)
        return err;
    audit(r, state, p, fd_arena_printf(r->arena, "asked by %s: %s %s", p->login, p->body, reason));
    return confirms ? carry_out(r, p, verb) : answer_decided(r, p->id);
}

int fd_handle_proposal_decide(fd_request *r)
{
    static const char *const known[] = { "decision", "reason", NULL };
    char decision[16] = "", reason[501] = "", *end;
    const char *text = fd_request_value(r, "id");
    long long id = strtoll(text, &end, 10);
    fd_proposal p = { 0 };
    json_t *body = NULL;
    int err;

    if (!r->who.session)
        return fd_reply_problem(r, 403, "令牌不能确认:要人登录来看",
                                "a token cannot confirm: a person signs in and looks");
    if ((err = fd_body_object(&body, r)) < 0 || (err = fd_body_only(body, known)) < 0 ||
        (err = fd_body_text(body, "decision", true, decision, sizeof decision - 1)) < 0 ||
        (err = fd_body_text(body, "reason", false, reason, sizeof reason - 1)) < 0)
        goto done;
    if (end == text || *end || fd_proposal_get(r->server->accounts, id, &p) < 0 || !is_for(r, &p))
        err = fd_error_set(FD_ENOTFOUND, "没有这件待确认的事", "no such proposal");
    else
        err = decide(r, &p, decision, reason);
done:
    free(p.body);
    json_decref(body);
    return err < 0 ? err : 0;
}
