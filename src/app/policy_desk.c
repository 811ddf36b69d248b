/*
 * Definitions and figures for the policy verbs.
 */
#include "app/policy_desk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/assets.h"
#include "app/definitions.h"
#include "app/members.h"
#include "app/scope.h"
#include "app/subjects.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "io/file.h"

#define DEFINITION_CAP ((size_t)16 << 20)

/* ---- the role's view of a source ---- */

/* Figures that the role may not see of one respondent are not there: statistical returns serve
 * statistics only. */
typedef struct fd_role_filter {
    fd_source source;
    fd_source *inner;
    fd_role role;
    size_t hidden;
} fd_role_filter;

static int filter_frame(fd_source *s, const char *kind, const fd_frame **out)
{
    fd_source *in = ((fd_role_filter *)s)->inner;

    return in->ops->frame(in, kind, out);
}

static bool is_hidden(fd_role_filter *f, const char *item, fd_period period, fd_basis basis)
{
    const char *marks = NULL, *origin = NULL;

    if (!f->inner->ops->marks ||
        f->inner->ops->marks(f->inner, item, period, basis, &marks, &origin) < 0) {
        fd_error_clear();
        return false;
    }
    return origin && origin[0] && !fd_role_sees(f->role, origin);
}

static int filter_column(fd_source *s, const char *kind, const char *item, fd_period period,
                         fd_basis basis, fd_column **out)
{
    fd_role_filter *f = (fd_role_filter *)s;
    int err = f->inner->ops->column(f->inner, kind, item, period, basis, out);
    fd_column *empty;

    if (err < 0 || !is_hidden(f, item, period, basis))
        return err;
    empty = fd_column_new(item, FD_DEC, (*out)->unit, (*out)->scale, (*out)->n);
    fd_column_unref(*out);
    *out = empty;
    f->hidden++;
    return 0;
}

static int filter_attribute(fd_source *s, const char *kind, const char *attribute, fd_date date,
                            fd_column **out)
{
    fd_source *in = ((fd_role_filter *)s)->inner;

    return in->ops->attribute(in, kind, attribute, date, out);
}

static int filter_origin(fd_source *s, const char *kind, const char *item, fd_period period,
                         fd_basis basis, int32_t subject, fd_origin *out)
{
    fd_source *in = ((fd_role_filter *)s)->inner;

    return in->ops->origin(in, kind, item, period, basis, subject, out);
}

static int filter_periods(fd_source *s, const char *item, fd_basis basis, const fd_period **periods,
                          size_t *count)
{
    fd_source *in = ((fd_role_filter *)s)->inner;

    return in->ops->periods(in, item, basis, periods, count);
}

static int filter_marks(fd_source *s, const char *item, fd_period period, fd_basis basis,
                        const char **marks, const char **origin)
{
    fd_source *in = ((fd_role_filter *)s)->inner;

    return in->ops->marks(in, item, period, basis, marks, origin);
}

static int filter_records(fd_source *s, const char *type, fd_date at, fd_table **out)
{
    fd_source *in = ((fd_role_filter *)s)->inner;

    return in->ops->records(in, type, at, out);
}

static fd_role_filter *filter_new(fd_source *inner, fd_role role)
{
    static const fd_source_ops ops = { filter_frame,  filter_column,  filter_attribute,
                                       filter_origin, filter_periods, filter_marks,
                                       filter_records };
    fd_role_filter *f = fd_alloc(sizeof *f);

    f->source.ops = &ops;
    f->inner = inner;
    f->role = role;
    return f;
}

/* ---- definitions ---- */

static int add_script(fd_policy_desk *desk, const char *text, size_t length, const char *file,
                      fd_diags *diags)
{
    fd_script *script = NULL;
    int err = fd_script_parse(&script, text, length, file, diags);

    if (script) {
        desk->scripts =
            fd_realloc_array(desk->scripts, desk->script_count + 1, sizeof *desk->scripts);
        desk->scripts[desk->script_count++] = script;
    }
    return err == FD_EPARSE ? 0 : err;
}

static int add_file(fd_policy_desk *desk, const char *path, fd_diags *diags)
{
    char *text = NULL;
    size_t length;
    int err = fd_file_read(&text, &length, path, DEFINITION_CAP);

    if (err >= 0)
        err = add_script(desk, text, length, path, diags);
    free(text);
    return err;
}

static bool declares(const fd_call *call, const char *param)
{
    for (size_t i = 0; i < call->verb->param_count; i++)
        if (strcmp(call->verb->params[i].name, param) == 0)
            return true;
    return false;
}

static const char *value_of(const fd_call *call, const char *param)
{
    return declares(call, param) ? fd_call_text(call, param) : NULL;
}

/* Those of the city, or for a plain table those that are shipped, and the file of --definitions. */
static int load_definitions(fd_policy_desk *desk)
{
    fd_load_options options = FD_LOAD_OPTIONS_INIT;
    fd_diags diags = FD_DIAGS_INIT;
    const char *path, *own = value_of(desk->call, "definitions");
    fd_view bytes;
    int err = 0;

    for (size_t i = 0; !desk->city && err >= 0 && fd_asset_next_definitions(&i, &path, &bytes);)
        err = add_script(desk, bytes.ptr, bytes.len, path, &diags);
    if (err >= 0 && own)
        err = add_file(desk, own, &diags);
    options.read_members = fd_members_read;
    options.read_calendar = fd_workdays_read;
    if (err >= 0) {
        size_t held = desk->city ? desk->city->script_count : 0, count = held + desk->script_count;
        const fd_script **all = fd_alloc((count + 1) * sizeof *all);

        for (size_t i = 0; i < count; i++)
            all[i] = i < held ? desk->city->scripts[i] : desk->scripts[i - held];
        err = fd_program_load_with(&desk->own, all, count, &options, &diags);
        free(all);
    }
    if (err < 0 && diags.list.count) {
        char *text = fd_diags_text(&diags, desk->call->lang);

        for (size_t i = 0; i < diags.list.count; i++)
            if (diags.list.items[i]->severity == FD_FAULT) {
                fd_error__restore(&diags.list.items[i]->error);
                break;
            }
        fprintf(stderr, "%s", text); /* every fault, not the first alone */
        free(text);
    }
    desk->program = desk->own;
    fd_diags_dispose(&diags);
    return err;
}

/* ---- what is asked ---- */

int fd_policy_desk_find(const fd_policy **out, const fd_policy_desk *desk, const char *name)
{
    const char *const *names;
    const char *nearest;
    size_t count;

    if ((*out = fd_program_policy(desk->program, name)))
        return 0;
    names = fd_program_names(desk->program, FD_DECL_POLICY, &count);
    nearest = fd_nearest(name, names, count);
    fd_error_set(FD_ENOTFOUND, "没有这项政策:%s", "no such policy: %s", name);
    if (nearest)
        return fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
    return fd_error_hint("fangding policy list 列出全部政策",
                         "fangding policy list lists all policies");
}

int fd_policy_desk_row(size_t *row, const fd_policy_desk *desk, const char *text)
{
    const fd_frame *f;
    size_t found = 0;
    int err = desk->source->ops->frame(desk->source, "enterprise", &f);

    if (err < 0)
        return err;
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->codes[i], text) == 0 || strcmp(f->names[i], text) == 0) {
            *row = i;
            return 0;
        }
    for (size_t i = 0; i < f->n; i++)
        if (strstr(f->names[i], text)) {
            *row = i;
            found++;
        }
    if (found == 1)
        return 0;
    return found ? fd_error_set(FD_ECONFLICT, "「%s」符合 %zu 家企业", "%s matches %zu enterprises",
                                text, found)
                 : fd_error_set(FD_ENOTFOUND, "没有这家企业:%s", "no such enterprise: %s", text);
}

static void choose_all(fd_policy_desk *desk)
{
    const fd_decl *decl;
    size_t count = 0;

    while (fd_program_decl(desk->program, FD_DECL_POLICY, count))
        count++;
    desk->policies = fd_arena_alloc(desk->call->arena, (count + 1) * sizeof *desk->policies);
    for (size_t i = 0; (decl = fd_program_decl(desk->program, FD_DECL_POLICY, i)); i++)
        if ((desk->policies[desk->policy_count] = fd_program_policy(desk->program, decl->alias)))
            desk->policy_count++;
}

static int choose_policies(fd_policy_desk *desk)
{
    const char **names = NULL;
    size_t count = declares(desk->call, "policy") && value_of(desk->call, "policy")
                       ? fd_call_list(desk->call, "policy", &names)
                       : 0;
    int err;

    if (!count)
        choose_all(desk);
    else
        desk->policies = fd_arena_alloc(desk->call->arena, (count + 1) * sizeof *desk->policies);
    for (size_t i = 0; i < count; i++)
        if ((err = fd_policy_desk_find(&desk->policies[desk->policy_count++], desk, names[i])) < 0)
            return err;
    return 0;
}

/* The day after the newest year, or month, that any figure of a policy is of. */
static fd_date newest_day(fd_policy_desk *desk)
{
    static const char *const items[] = { "revenue", "dispatch_revenue", "dispatch_output", "output",
                                         "power",   "rd_total" };
    fd_date day = FD_DATE_NONE;

    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        const fd_period *periods;
        size_t count;

        if (desk->source->ops->periods(desk->source, items[i], FD_CURRENT, &periods, &count) < 0) {
            fd_error_clear();
            continue;
        }
        if (count && fd_period_end(periods[count - 1]) + 1 > day)
            day = fd_period_end(periods[count - 1]) + 1;
    }
    return day;
}

static int read_day(fd_policy_desk *desk)
{
    const char *on = value_of(desk->call, "on");

    if (on) {
        if (fd_date_parse(&desk->on, on, strlen(on)) < 0)
            return fd_error_set(FD_EINVAL, "--on 应为日期,例如 2026-06-30:%s",
                                "--on is a date such as 2026-06-30: %s", on);
        return 0;
    }
    desk->on = desk->source ? newest_day(desk) : FD_DATE_NONE;
    if (desk->on == FD_DATE_NONE)
        return fd_error_set(FD_EINVAL, "要写关键日:--on 2026-06-30",
                            "a key date is needed: --on 2026-06-30");
    return 0;
}

/* Policies' text and the data's snapshot: the same answer can be asked for again. */
static void write_note(fd_policy_desk *desk)
{
    fd_buf all = FD_BUF_INIT;
    char day[16], hex[65];

    for (size_t i = 0; i < desk->policy_count; i++)
        fd_buf_puts(&all, desk->policies[i]->decl->text);
    fd_digest_of(fd_buf_text(&all), all.len, hex);
    fd_buf_dispose(&all);
    hex[16] = '\0';
    fd_date_format(desk->on, day, sizeof day);
    if (desk->city) {
        long long snapshot = (long long)fd_reader_snapshot(desk->city->reader);

        snprintf(desk->note, sizeof desk->note, "关键日 %s;数据快照 %lld;政策文本 %s", day,
                 snapshot, hex);
        snprintf(desk->note_en, sizeof desk->note_en, "key date %s; snapshot %lld; policy text %s",
                 day, snapshot, hex);
    } else {
        snprintf(desk->note, sizeof desk->note, "关键日 %s;政策文本 %s", day, hex);
        snprintf(desk->note_en, sizeof desk->note_en, "key date %s; policy text %s", day, hex);
    }
}

void fd_policy_desk_notes(const fd_policy_desk *desk, fd_table *t)
{
    fd_buf zh = FD_BUF_INIT, en = FD_BUF_INIT;

    if (desk->ignored) {
        fd_buf_printf(&zh, "表里没有用到的列:%s", desk->ignored);
        fd_buf_printf(&en, "columns of the table that are not used: %s", desk->ignored);
        fd_table_add_note(t, fd_buf_text(&zh), fd_buf_text(&en));
    }
    if (desk->note[0])
        fd_table_add_note(t, desk->note, desk->note_en);
    fd_buf_dispose(&zh);
    fd_buf_dispose(&en);
}

int fd_policy_desk_open(fd_policy_desk *desk, fd_call *call)
{
    const char *data = value_of(call, "data"), *ignored = NULL;
    int err;

    *desk = (fd_policy_desk){ .call = call, .on = FD_DATE_NONE };
    if (!data && call->city) {
        desk->city = call->city;
        desk->program = desk->city->program;
        desk->filter = filter_new(desk->city->source, call->role);
        desk->source = &desk->filter->source;
    }
    if ((!desk->city || value_of(call, "definitions")) && (err = load_definitions(desk)) < 0)
        return err;
    if ((err = choose_policies(desk)) < 0 ||
        (declares(call, "on") && (data || desk->source) && (err = read_day(desk)) < 0))
        return err;
    if (data) {
        if ((err = fd_policy_read_table(&desk->facts, &ignored, call->arena, desk->program, data,
                                        desk->on, desk->policies, desk->policy_count)) < 0)
            return err;
        desk->source = fd_facts_source(desk->facts);
        desk->ignored = ignored;
    }
    if (desk->source && desk->on != FD_DATE_NONE)
        write_note(desk);
    return 0;
}

int fd_policy_desk_open_then(fd_policy_desk *desk, fd_call *call, fd_city *then, fd_date on)
{
    fd_source *source = then->source;
    int err;

    *desk = (fd_policy_desk){ .call = call, .city = then, .program = then->program, .on = on };
    if (fd_call_is_limited(call)) {
        err = fd_scoped_new(&desk->scoped, call, source);
        if (err == FD_EDENIED) { /* the caller's county or enterprise was not there yet */
            fd_error_clear();
            desk->facts = fd_facts_new();
            fd_facts_subjects(desk->facts, 0, NULL, NULL);
            source = fd_facts_source(desk->facts);
        } else if (err < 0) {
            return err;
        } else {
            source = fd_scoped_source(desk->scoped);
        }
    }
    desk->filter = filter_new(source, call->role);
    desk->source = &desk->filter->source;
    choose_all(desk); /* what is asked for may not have been there then */
    return 0;
}

int fd_policy_desk_run(fd_policy_desk *desk, const char *edition)
{
    fd_policy_options options = FD_POLICY_OPTIONS_INIT;
    int err;

    if (!desk->source) {
        fd_error_set(FD_EINVAL, "没有数据", "there is no data");
        return fd_error_hint("加上 --city 文件,或 --data 企业表.csv",
                             "add --city FILE, or --data TABLE.csv");
    }
    options.on = desk->on;
    options.edition = edition;
    if (!desk->pool)
        desk->pool = fd_pool_new(0);
    options.pool = desk->pool;
    if ((err = fd_policy_set_new(&desk->set, desk->program, desk->source, desk->policies,
                                 desk->policy_count, &options)) < 0)
        return err;
    return fd_policy_set_run(desk->set);
}

void fd_policy_desk_close(fd_policy_desk *desk)
{
    fd_policy_set_free(desk->set);
    fd_facts_free(desk->facts);
    fd_program_free(desk->own);
    for (size_t i = 0; i < desk->script_count; i++)
        fd_script_free(desk->scripts[i]);
    free(desk->scripts);
    free(desk->filter);
    fd_scoped_free(desk->scoped);
    fd_pool_free(desk->pool);
}
