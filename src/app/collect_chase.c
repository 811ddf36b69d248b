/*
 * collect chase, status, return: who is late and whom to call, how far it is, what goes back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/collect.h"
#include "base/digest.h"
#include "base/str.h"
#include "io/file.h"

/* Collections that the call speaks of. */
static bool meant(const fd_collection *k, const char *form, fd_period period)
{
    return (!form || strcmp(k->form_id, form) == 0 ||
            (k->form && strcmp(fd_form_name(k->form), form) == 0)) &&
           (!period || k->period == period);
}

/* Nothing that the call speaks of: an answer without rows, but a failure when a form was named. */
static int nothing_open(fd_table *t, const char *form)
{
    if (!form) {
        fd_table_add_note(t, "没有在收的表;fangding collect open 发表",
                          "nothing is being collected; fangding collect open sends a form out");
        return 0;
    }
    fd_error_set(FD_ENOTFOUND, "没有在收的「%s」", "%s is not being collected", form);
    return fd_error_hint("fangding collect open 发表", "fangding collect open sends a form out");
}

/* One collection with who is asked and who has reported. */
typedef struct progress {
    fd_collect_scope scope;
    uint8_t *reported;
    int64_t *missing; /* by sender */
    fd_map *sender;   /* code → index of the scope */
} progress;

static int progress_of(progress *p, fd_collect *c, const fd_collection *k)
{
    int err;

    memset(p, 0, sizeof *p);
    if (!k->form)
        return fd_error_set(FD_ENOTFOUND, "城市文件里已没有报表「%s」",
                            "the city file no longer has form %s", k->form_id);
    if ((err = fd_collect_scope_of(&p->scope, c, k->form, k->period, k->by)) < 0 ||
        (err = fd_collect_reported(&p->reported, c, k->form, k->period, p->scope.frame)) < 0)
        return err;
    p->missing = fd_collect_missing(&p->scope, p->reported);
    p->sender = fd_map_new();
    for (size_t i = 0; i < p->scope.senders.count; i++)
        fd_map_set(p->sender, fd_view_of(p->scope.senders.items[i].code), i);
    return 0;
}

static void progress_dispose(progress *p)
{
    fd_collect_scope_dispose(&p->scope);
    free(p->reported);
    free(p->missing);
    fd_map_free(p->sender);
}

static int64_t missing_of(const progress *p, const fd_collect_item *item)
{
    uint64_t at;

    return fd_map_get(p->sender, fd_view_of(item->sender), &at) ? p->missing[at] : 0;
}

/* ---- chase
 * --------------------------------------------------------------------------------------------------
 */

static fd_table *late_table(void)
{
    fd_table *t = fd_table_new("late", "催报:哪些单位", "Late: senders");

    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "sender", "单位代码", "Sender", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "单位", "Name", FD_TEXT, "", 0);
    fd_table_add_new(t, "state", "状态", "State", FD_TEXT, "", 0);
    fd_table_add_new(t, "missing", "还缺", "Missing", FD_DEC, "户", 0);
    fd_table_add_new(t, "due", "截止", "Due", FD_DATE, "", 0);
    fd_table_add_new(t, "days", "逾期工作日", "Working days late", FD_DEC, "天", 0);
    return t;
}

static fd_table *phone_table(void)
{
    fd_table *t = fd_table_new("phones", "催报:电话单", "Late: phone list");

    fd_table_add_new(t, "county", "县区", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "code", "代码", "Code", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);
    fd_table_add_new(t, "contact", "联系人", "Contact", FD_TEXT, "", 0);
    fd_table_add_new(t, "phone", "电话", "Phone", FD_TEXT, "", 0);
    fd_table_add_new(t, "days", "逾期工作日", "Working days late", FD_DEC, "天", 0);
    return t;
}

static void put_text(fd_table *t, size_t column, size_t row, const char *text)
{
    if (text && *text)
        fd_column_set_text(t->columns[column], row, text);
}

static void put_days(fd_table *t, size_t column, size_t row, const fd_collect *c, fd_date due,
                     fd_date today)
{
    int days;

    if (fd_collect_days_late(&days, c, due, today) >= 0) {
        fd_column_set_dec(t->columns[column], row, days);
        return;
    }
    fd_error_clear();
    fd_table_add_note(t, "截止到今天之间有节假日安排未知的年份,逾期工作日不明",
                      "the holidays of a year in between are not known: days late are unknown");
}

/* The attributes the phone list takes from the register; columns are NULL where the kind has none.
 */
typedef struct register_columns {
    fd_column *county, *contact, *phone;
    const fd_frame *counties;
} register_columns;

static int load_register(register_columns *r, fd_collect *c, const char *kind)
{
    fd_source *source = c->city->source;
    int err;

    memset(r, 0, sizeof *r);
    if ((err = source->ops->frame(source, "county", &r->counties)) < 0 ||
        (err = source->ops->attribute(source, kind,
                                      strcmp(kind, "project") == 0 ? "project_county" : "county",
                                      FD_DATE_MAX, &r->county)) < 0 ||
        (err = source->ops->attribute(source, kind, "contact", FD_DATE_MAX, &r->contact)) < 0)
        return err;
    return source->ops->attribute(source, kind, "phone", FD_DATE_MAX, &r->phone);
}

static void add_phones(fd_table *t, fd_collect *c, const fd_collection *k, const progress *p,
                       const register_columns *r, fd_date today)
{
    for (size_t i = 0; i < p->scope.frame->n; i++) {
        size_t row;

        if (p->scope.sender_of[i] < 0 || p->reported[i])
            continue;
        row = fd_table_add_row(t);
        put_text(t, 0, row, fd_frame_name(r->counties, fd_column_text(r->county, i)));
        put_text(t, 1, row, k->form_id);
        if (k->period)
            fd_column_set_day(t->columns[2], row, k->period);
        put_text(t, 3, row, p->scope.frame->codes[i]);
        put_text(t, 4, row, p->scope.frame->names[i]);
        put_text(t, 5, row, fd_column_text(r->contact, i));
        put_text(t, 6, row, fd_column_text(r->phone, i));
        put_days(t, 7, row, c, k->due, today);
    }
}

static int chase_one(fd_table *late, fd_table *phones, fd_collect *c, size_t at, fd_date today)
{
    const fd_collection *k = &c->collections.items[at];
    register_columns r = { 0 };
    progress p;
    int err = progress_of(&p, c, k);

    if (err < 0 || (err = load_register(&r, c, p.scope.frame->kind)) < 0)
        goto done;
    for (size_t i = 0; i < c->items.count; i++) {
        const fd_collect_item *item = &c->items.items[i];
        int64_t missing;
        size_t row;

        if (item->collection != at || strcmp(item->state, FD_COLLECT_CLEARED) == 0)
            continue;
        missing = missing_of(&p, item);
        row = fd_table_add_row(late);
        put_text(late, 0, row, k->form_id);
        if (k->period)
            fd_column_set_day(late->columns[1], row, k->period);
        put_text(late, 2, row, item->sender);
        put_text(late, 3, row, item->sender_name);
        put_text(late, 4, row, strcmp(item->state, FD_COLLECT_SENT) == 0 ? "未报" : item->state);
        fd_column_set_dec(late->columns[5], row, missing);
        fd_column_set_day(late->columns[6], row, item->due);
        put_days(late, 7, row, c, item->due, today);
    }
    add_phones(phones, c, k, &p, &r, today);
done:
    fd_column_unref(r.county);
    fd_column_unref(r.contact);
    fd_column_unref(r.phone);
    progress_dispose(&p);
    return err < 0 ? err : 0;
}

static int sorted(fd_table **t, const fd_sort_key *keys, size_t count)
{
    fd_table *out = NULL;
    int err = fd_table_sort(&out, *t, keys, count);

    if (err < 0)
        return err;
    fd_table_free(*t);
    *t = out;
    return 0;
}

int fd_collect_chase(fd_result *result, fd_collect *c, const char *form, fd_period period,
                     fd_date today)
{
    static const fd_sort_key by_days[] = { { "days", true } },
                             by_county[] = { { "county", false }, { "name", false } };
    fd_table *late = late_table(), *phones = phone_table();
    size_t found = 0;
    int err = 0;

    for (size_t k = 0; k < c->collections.count && err >= 0; k++)
        if (meant(&c->collections.items[k], form, period)) {
            found++;
            if (strcmp(c->collections.items[k].state, FD_COLLECT_OPEN) == 0)
                err = chase_one(late, phones, c, k, today);
        }
    if (err >= 0 && !found)
        err = nothing_open(late, form);
    if (err < 0 || (err = sorted(&late, by_days, 1)) < 0 ||
        (err = sorted(&phones, by_county, 2)) < 0)
        goto done;
    fd_result_say(result, "%zu 个单位没报齐,%zu 户还缺",
                  "%zu senders are not complete, %zu subjects missing", late->rows, phones->rows);
    fd_result_add(result, late);
    fd_result_add(result, phones);
    return 0;
done:
    fd_table_free(late);
    fd_table_free(phones);
    return err;
}

/* ---- status
 * -------------------------------------------------------------------------------------------------
 */

static int status_one(fd_table *t, fd_collect *c, size_t at, fd_date today)
{
    static const char *const states[] = { FD_COLLECT_SENT, FD_COLLECT_RECEIVED, FD_COLLECT_RETURNED,
                                          FD_COLLECT_CLEARED };
    const fd_collection *k = &c->collections.items[at];
    int64_t counts[4] = { 0 }, senders = 0, expected = 0, reported = 0;
    size_t row;
    progress p;
    int err = progress_of(&p, c, k);

    if (err < 0)
        goto done;
    for (size_t i = 0; i < c->items.count; i++) {
        const fd_collect_item *item = &c->items.items[i];

        if (item->collection != at)
            continue;
        senders++;
        for (size_t s = 0; s < 4; s++)
            counts[s] += strcmp(item->state, states[s]) == 0;
    }
    for (size_t i = 0; i < p.scope.frame->n; i++) {
        expected += p.scope.sender_of[i] >= 0;
        reported += p.scope.sender_of[i] >= 0 && p.reported[i];
    }
    row = fd_table_add_row(t);
    put_text(t, 0, row, k->form_id);
    if (k->period)
        fd_column_set_day(t->columns[1], row, k->period);
    put_text(t, 2, row, k->state);
    fd_column_set_dec(t->columns[3], row, k->issue);
    fd_column_set_day(t->columns[4], row, k->due);
    put_days(t, 5, row, c, k->due, today);
    fd_column_set_dec(t->columns[6], row, senders);
    for (size_t s = 0; s < 4; s++)
        fd_column_set_dec(t->columns[7 + s], row, counts[s]);
    fd_column_set_dec(t->columns[11], row, expected);
    fd_column_set_dec(t->columns[12], row, reported);
    fd_column_set_dec(t->columns[13], row, expected - reported);
done:
    progress_dispose(&p);
    return err < 0 ? err : 0;
}

int fd_collect_status(fd_result *result, fd_collect *c, const char *form, fd_period period,
                      fd_date today)
{
    fd_table *t = fd_table_new("collections", "收表进度", "Collections");
    int err = 0;

    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "state", "状态", "State", FD_TEXT, "", 0);
    fd_table_add_new(t, "issue", "期次", "Issue", FD_DEC, "", 0);
    fd_table_add_new(t, "due", "截止", "Due", FD_DATE, "", 0);
    fd_table_add_new(t, "days", "逾期工作日", "Working days late", FD_DEC, "天", 0);
    fd_table_add_new(t, "senders", "单位", "Senders", FD_DEC, "个", 0);
    fd_table_add_new(t, "sent", "已发未报", "Sent", FD_DEC, "个", 0);
    fd_table_add_new(t, "received", "已收未齐", "Received", FD_DEC, "个", 0);
    fd_table_add_new(t, "returned", "退回", "Returned", FD_DEC, "个", 0);
    fd_table_add_new(t, "cleared", "已清", "Cleared", FD_DEC, "个", 0);
    fd_table_add_new(t, "expected", "应报", "Expected", FD_DEC, "户", 0);
    fd_table_add_new(t, "reported", "已报", "Reported", FD_DEC, "户", 0);
    fd_table_add_new(t, "missing", "缺", "Missing", FD_DEC, "户", 0);
    for (size_t k = 0; k < c->collections.count && err >= 0; k++)
        if (meant(&c->collections.items[k], form, period))
            err = status_one(t, c, k, today);
    if (err >= 0 && !t->rows)
        err = nothing_open(t, form);
    if (err < 0) {
        fd_table_free(t);
        return err;
    }
    fd_result_add(result, t);
    return 0;
}

/* ---- return
 * -------------------------------------------------------------------------------------------------
 */

/* OUT/STEM.退回.EXT; a second file of that name gets its sender's code. */
static int returned_path(fd_buf *out, const char *folder, const fd_collect_item *item, bool xlsx,
                         fd_map *used)
{
    const char *dot = strrchr(item->file, '.');
    size_t stem = dot ? (size_t)(dot - item->file) : strlen(item->file);
    const char *extension = xlsx ? ".xlsx" : dot ? dot : ".csv";

    for (int again = 0; again < 2; again++) {
        fd_buf_clear(out);
        fd_buf_printf(out, "%s/%.*s%s%s.退回%s", folder, (int)stem, item->file, again ? "_" : "",
                      again ? item->sender : "", extension);
        if (fd_map_set(used, (fd_view){ out->ptr, out->len }, 1))
            return 0;
    }
    return fd_error_set(FD_EEXISTS, "退回文件重名:%s", "returned files of the same name: %s",
                        fd_buf_text(out));
}

/* The refused rows in the sender's own format; a file that was left out goes back as it came. */
static int return_one(fd_collect *c, fd_import_city *look, const fd_collect_item *item,
                      const char *folder, fd_map *used, fd_buf *path, const char **lost)
{
    const fd_collection *k = &c->collections.items[item->collection];
    fd_collect_peek peek = { 0 };
    char digest[65], *bytes = NULL;
    size_t length;
    int err;

    *lost = NULL;
    if (fd_digest_file(item->path, digest) < 0 || strcmp(digest, item->digest) != 0) {
        fd_error_clear();
        *lost = "原件已不在收表时的位置,或内容已变";
        return 0;
    }
    if (!k->form) {
        *lost = "报表已不在城市文件里";
        return 0;
    }
    if ((err = fd_collect_peek_file(&peek, c, look, item->path, k->form, k->period,
                                    item->sender_name, true)) < 0)
        goto done;
    if ((err = returned_path(path, folder, item, strcmp(peek.result->encoding, "XLSX") == 0,
                             used)) < 0)
        goto done;
    err = peek.result->rejected ? fd_returns_write_rejected(peek.result, fd_buf_text(path)) : 0;
    if (err == 0 && (err = fd_file_read(&bytes, &length, item->path, (size_t)256 << 20)) >= 0)
        err = fd_file_write(fd_buf_text(path), bytes, length);
done:
    free(bytes);
    fd_collect_peek_dispose(&peek);
    return err < 0 ? err : 0;
}

int fd_collect_return(fd_result *result, fd_collect *c, const char *form, fd_period period,
                      const char *folder)
{
    fd_table *t = fd_table_new("returned", "退回", "Returned");
    fd_import_city look = { 0 };
    fd_map *used = fd_map_new();
    fd_buf path = FD_BUF_INIT;
    size_t written = 0;
    int err;

    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "sender", "单位代码", "Sender", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "单位", "Name", FD_TEXT, "", 0);
    fd_table_add_new(t, "file", "来件", "File", FD_TEXT, "", 0);
    fd_table_add_new(t, "rejected", "退回行", "Refused rows", FD_DEC, "", 0);
    fd_table_add_new(t, "reason", "原因", "Reason", FD_TEXT, "", 0);
    fd_table_add_new(t, "returned", "退回文件", "Returned file", FD_TEXT, "", 0);
    err = mkdir(folder, 0777) != 0 && errno != EEXIST ? fd_file__errno(folder, errno) : 0;
    if (err >= 0)
        err = fd_import_city_open(&look, c->city->store, NULL);
    for (size_t i = 0; i < c->items.count && err >= 0; i++) {
        const fd_collect_item *item = &c->items.items[i];
        const fd_collection *k = &c->collections.items[item->collection];
        const char *lost;
        size_t row;

        if (strcmp(item->state, FD_COLLECT_RETURNED) != 0 || !meant(k, form, period))
            continue;
        if ((err = return_one(c, &look, item, folder, used, &path, &lost)) < 0)
            break;
        row = fd_table_add_row(t);
        put_text(t, 0, row, k->form_id);
        if (k->period)
            fd_column_set_day(t->columns[1], row, k->period);
        put_text(t, 2, row, item->sender);
        put_text(t, 3, row, item->sender_name);
        put_text(t, 4, row, item->file);
        fd_column_set_dec(t->columns[5], row, item->rejected);
        put_text(t, 6, row, lost ? lost : item->reason);
        put_text(t, 7, row, lost ? NULL : fd_buf_text(&path));
        written += !lost;
    }
    if (err >= 0) {
        fd_result_say(result, "%zu 件退回,文件在 %s", "%zu returns go back, in %s", written,
                      folder);
        fd_result_add(result, t);
        t = NULL;
    }
    if (look.subjects)
        fd_import_city_dispose(&look);
    fd_map_free(used);
    fd_buf_dispose(&path);
    fd_table_free(t);
    return err < 0 ? err : 0;
}
