/*
 * collect import: what came back is told apart first (collect_settle.c), then everything sound is
 * taken in one batch together with its records.
 */
#include <limits.h>
#include <stdlib.h>

#include "app/collect_intake.h"
#include "app/import_report.h"
#include "base/str.h"
#include "io/file.h"
#include "table/jsonw.h"

/* ---- what is in it
 * ------------------------------------------------------------------------------------------- */

static int scope_of(fd_intake *in, size_t collection)
{
    const fd_collection *k = &in->c->collections.items[collection];
    int err;

    if (in->scopes[collection].frame)
        return 0;
    if ((err = fd_collect_scope_of(&in->scopes[collection], in->c, k->form, k->period, k->by)) < 0)
        return err;
    if ((err = fd_collect_reported(&in->reported[collection], in->c, k->form, k->period,
                                   in->scopes[collection].frame)) < 0)
        return err;
    in->missing[collection] = fd_collect_missing(&in->scopes[collection], in->reported[collection]);
    return 0;
}

/* Rows about somebody else's subjects. True when there are none. */
static bool own_rows(fd_intake *in, fd_arrival *a, const fd_collect_peek *peek,
                     const fd_collect_scope *scope)
{
    size_t foreign = 0, first = 0;
    int32_t other = -1;
    size_t whose = 0;

    for (size_t i = 0; i < peek->rows.count; i++) {
        const size_t row = fd_frame_position(scope->frame, peek->rows.items[i].subject);
        int32_t sender = row == SIZE_MAX ? -1 : scope->sender_of[row];

        if (sender < 0 || sender == a->sender)
            continue;
        if (foreign++ == 0) {
            first = i;
            other = sender;
            whose = row;
        }
    }
    if (!foreign)
        return true;
    fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "wrong-sender", scope->senders.items[other].name,
                      a->item->sender_name, "%zu 行不是「%s」的:第 %d 行「%s」属于「%s」,整件不收",
                      "%zu rows are not of %s: row %d, %s, belongs to %s; the file is left out",
                      foreign, a->item->sender_name, peek->rows.items[first].row,
                      scope->frame->names[whose], scope->senders.items[other].name);
    return false;
}

/* 能源品种 outside those that the template asked for: taken as they stand, but named. */
static void name_further_variants(fd_intake *in, const fd_arrival *a, const fd_collect_peek *peek)
{
    fd_arena *arena = in->c->arena;
    fd_buf found = FD_BUF_INIT;
    fd_intake_note n = { (int)FD_WARNING, a->path, "variant", NULL, NULL, NULL, a->mark.variants };

    if (!a->marked || !a->mark.variants[0] || !peek->variants)
        return;
    for (size_t i = 0; i < fd_map_count(peek->variants); i++) {
        const fd_view code = fd_map_key(peek->variants, i);
        fd_view rest = fd_view_of(a->mark.variants), asked;
        bool known = false;

        while (!known && fd_view_split(&rest, ' ', &asked))
            known = fd_view_equal(asked, code);
        if (known)
            continue;
        fd_buf_puts(&found, found.len ? " " : "");
        fd_buf_view(&found, code);
    }
    if (found.len) {
        n.found = fd_arena_strdup(arena, fd_buf_text(&found));
        n.zh = fd_arena_printf(arena,
                               "填了模板没有问的品种 %s(模板问 %s):照收,请核对是新用的还是填错了",
                               n.found, n.expected);
        n.en = fd_arena_printf(arena,
                               "holds %s, which the template did not ask for (%s): taken; new, or "
                               "a slip?",
                               n.found, n.expected);
        fd_vec_push(&in->notes, n);
    }
    fd_buf_dispose(&found);
}

/* A column of the template of which nothing came back: nobody has any, or it was renamed or
 * deleted. Of forms by variant not every sender has every column. */
static int name_empty_columns(fd_intake *in, const fd_arrival *a, const fd_collect_peek *peek)
{
    fd_arena *arena = in->c->arena;
    fd_template *t = NULL;
    fd_buf found = FD_BUF_INIT;
    int err = a->marked
                  ? fd_template_new(&t, a->collection->form, a->collection->period, FD_PERIOD_NONE)
                  : 0;

    if (err < 0 || !t || fd_template_variants(t) || !peek->items)
        goto done;
    for (size_t i = 0; i < fd_template_count(t); i++) {
        const fd_template_column *c = fd_template_at(t, i);

        if (c->role != FD_TEMPLATE_ENTRY || c->is_attribute || c->basis == FD_COMPARATIVE ||
            !c->item[0] || fd_map_get(peek->items, fd_view_of(c->item), &(uint64_t){ 0 }))
            continue;
        fd_buf_printf(&found, "%s%s", found.len ? "、" : "", c->header);
    }
    if (found.len) {
        const char *columns = fd_arena_strdup(arena, fd_buf_text(&found));

        fd_vec_push(&in->notes,
                    ((fd_intake_note){
                        (int)FD_WARNING, a->path, "empty-column",
                        fd_arena_printf(arena, "模板问的「%s」一格也没有:没有,还是列改了名、删了?",
                                        columns),
                        fd_arena_printf(arena,
                                        "nothing came back under %s: is there none, or was the "
                                        "column renamed or deleted?",
                                        columns),
                        "", columns }));
    }
done:
    fd_buf_dispose(&found);
    fd_template_free(t);
    return err < 0 ? err : 0;
}

static void judge(fd_intake *in, fd_arrival *a, const fd_collect_peek *peek)
{
    size_t at = a->item->collection;
    const fd_collect_scope *scope = &in->scopes[at];

    a->rows = (int64_t)peek->result->rows;
    a->rejected = (int64_t)peek->result->rejected;
    snprintf(a->encoding, sizeof a->encoding, "%s", peek->result->encoding);
    a->sender = -1;
    for (size_t i = 0; i < scope->senders.count; i++)
        if (strcmp(scope->senders.items[i].code, a->item->sender) == 0)
            a->sender = (int32_t)i;
    if (peek->result->state == FD_RETURNS_LEFT_OUT) {
        fd_intake__refuse(in, a, FD_ARRIVAL_BACK, "left-out", NULL, NULL, "整件不收:%s%.0s",
                          "left out: %.0s%s",
                          peek->fault[FD_ZH].len ? fd_buf_text(&peek->fault[FD_ZH]) : "读不出内容",
                          peek->fault[FD_EN].len ? fd_buf_text(&peek->fault[FD_EN]) : "no content");
        return;
    }
    if (!own_rows(in, a, peek, scope))
        return;
    name_further_variants(in, a, peek);
    for (size_t i = 0; i < peek->rows.count; i++) {
        const size_t row = fd_frame_position(scope->frame, peek->rows.items[i].subject);

        a->fresh += row != SIZE_MAX && (peek->rows.items[i].figure || !a->collection->period) &&
                    a->sender >= 0 && scope->sender_of[row] == a->sender && !in->reported[at][row];
    }
}

/* After all are judged: what the item becomes. */
static void conclude(fd_intake *in, fd_arrival *a)
{
    if (a->verdict == FD_ARRIVAL_BACK) {
        /* A good return that is there already is not undone by a bad file. */
        if (strcmp(a->item->state, FD_COLLECT_SENT) == 0 ||
            strcmp(a->item->state, FD_COLLECT_RETURNED) == 0)
            a->state = FD_COLLECT_RETURNED;
        return;
    }
    if (a->sender >= 0)
        a->missing = in->missing[a->item->collection][a->sender] - a->fresh;
    if (a->rejected) {
        a->state = FD_COLLECT_RETURNED;
        a->reason = fd_arena_printf(in->c->arena, "%lld 行有错退回", (long long)a->rejected);
    } else if (a->missing) {
        a->state = FD_COLLECT_RECEIVED;
        a->reason = fd_arena_printf(in->c->arena, "还缺 %lld 户", (long long)a->missing);
    } else {
        a->state = FD_COLLECT_CLEARED;
    }
}

static int look_into(fd_intake *in, fd_arrival *a)
{
    fd_collect_peek peek = { 0 };
    int err = scope_of(in, a->item->collection);

    if (err >= 0)
        err = fd_collect_peek_file(&peek, in->c, &in->look, a->path, a->collection->form,
                                   a->collection->period, a->item->sender_name,
                                   in->options->confirm_units);
    if (err >= 0) {
        judge(in, a, &peek);
        if (a->verdict == FD_ARRIVAL_TAKE)
            err = name_empty_columns(in, a, &peek);
        if (err >= 0 && (a->verdict == FD_ARRIVAL_TAKE || a->verdict == FD_ARRIVAL_BACK))
            conclude(in, a);
    }
    fd_collect_peek_dispose(&peek);
    return err;
}

/* ---- writing
 * ------------------------------------------------------------------------------------------------
 */

static int write_arrival(fd_intake *in, fd_batch *batch, const fd_arrival *a)
{
    char absolute[PATH_MAX];
    fd_collect_change change = { .state = a->state,
                                 .file = a->name,
                                 .digest = a->digest,
                                 .reason = a->reason ? a->reason : "",
                                 .rows = a->rows,
                                 .rejected = a->rejected };

    change.path = realpath(a->path, absolute) ? absolute : a->path;
    return fd_collect_write_item(in->c, batch, a->item, &change, in->options->today,
                                 in->options->actor);
}

/* A collection is complete when every item of it is. */
static int write_collections(fd_intake *in, fd_batch *batch)
{
    fd_collect *c = in->c;
    int err = 0;

    for (size_t k = 0; k < c->collections.count && err >= 0; k++) {
        const fd_collection *collection = &c->collections.items[k];
        bool complete = true, touched = false;
        const char *state;

        for (size_t i = 0; i < c->items.count; i++) {
            const fd_collect_item *item = &c->items.items[i];
            const char *now = item->state;

            if (item->collection != k)
                continue;
            for (size_t n = 0; n < in->list.count; n++)
                if (in->list.items[n].item == item && in->list.items[n].state) {
                    now = in->list.items[n].state;
                    touched = true;
                }
            complete &= strcmp(now, FD_COLLECT_CLEARED) == 0;
        }
        state = complete ? FD_COLLECT_COMPLETE : FD_COLLECT_OPEN;
        if (!touched || strcmp(state, collection->state) == 0)
            continue;
        if ((err = fd_collect_move(c, FD_COLLECT_TYPE, collection->state, state)) >= 0)
            err = fd_batch_record(batch, FD_COLLECT_TYPE, collection->key, state,
                                  collection->since > in->options->today ? collection->since
                                                                         : in->options->today,
                                  "{}", in->options->actor);
    }
    return err;
}

static int write_records(void *payload, fd_batch *batch, const fd_import_report *report)
{
    fd_intake *in = payload;
    int err = 0;

    /* What the import itself made of each file wins over what the first reading foretold. */
    for (size_t i = 0; report && i < in->taken_count; i++) {
        fd_arrival *a = &in->list.items[in->taken[i]];
        size_t row = in->hints[i].row;
        const char *state =
            fd_column_text(report->files->columns[fd_table_find(report->files, "state")], row);

        a->rejected = report->files->columns[fd_table_find(report->files, "rejected")]->v.dec[row];
        if (state && strcmp(state, "退回") == 0) {
            a->state = FD_COLLECT_RETURNED;
            a->reason = "整件不收";
        }
    }
    for (size_t i = 0; i < in->list.count && err >= 0; i++)
        if (in->list.items[i].state && (in->list.items[i].verdict == FD_ARRIVAL_TAKE ||
                                        in->list.items[i].verdict == FD_ARRIVAL_BACK))
            err = write_arrival(in, batch, &in->list.items[i]);
    return err < 0 ? err : write_collections(in, batch);
}

static int take_all(fd_intake *in, fd_import_report *report)
{
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_batch_info info = { "collect import", in->options->actor, in->options->folder, NULL };
    const char **paths = fd_alloc((in->list.count + 1) * sizeof *paths);
    fd_batch *batch = NULL;
    int64_t snapshot;
    bool any = false;
    int err = 0;

    in->hints = fd_alloc((in->list.count + 1) * sizeof *in->hints);
    in->taken = fd_alloc((in->list.count + 1) * sizeof *in->taken);
    for (size_t i = 0; i < in->list.count; i++) {
        const fd_arrival *a = &in->list.items[i];

        any |= a->verdict == FD_ARRIVAL_BACK;
        if (a->verdict != FD_ARRIVAL_TAKE)
            continue;
        in->hints[in->taken_count] =
            (fd_import_hint){ a->collection->form_id, a->collection->period, a->item->sender_name,
                              0 };
        paths[in->taken_count] = a->path;
        in->taken[in->taken_count++] = i;
    }
    options.actor = in->options->actor;
    options.rejects = "";
    options.dry_run = in->options->dry_run;
    options.confirm_units = in->options->confirm_units;
    options.hints = in->hints;
    options.before_publish = write_records;
    options.payload = in;
    if (in->taken_count)
        err = fd_import(report, in->c->city, paths, in->taken_count, &options);
    else
        fd_import_report_init(report, false, options.lang);
    if (err >= 0 && !in->taken_count && any && !in->options->dry_run &&
        (err = fd_batch_begin(&batch, in->c->city->store, &info)) >= 0) {
        if ((err = write_records(in, batch, NULL)) >= 0)
            err = fd_batch_publish(batch, &snapshot);
        else
            fd_batch_abandon(batch);
    }
    free(paths);
    return err;
}

/* ---- the answer
 * ---------------------------------------------------------------------------------------------- */

static void add_notes(fd_intake *in, fd_import_report *report)
{
    for (size_t i = 0; i < in->notes.count; i++) {
        const fd_intake_note *n = &in->notes.items[i];
        fd_finding f = { n->severity, n->rule,          "",       0,
                         "",          { n->zh, n->en }, n->found, { n->expected, n->expected },
                         { "", "" } };

        fd_import_report_finding(report, n->path, &f);
    }
}

static void answer(fd_intake *in, fd_result *result)
{
    fd_table *t = fd_table_new("arrivals", "来表", "Arrivals");
    size_t counts[4] = { 0 };

    fd_table_add_new(t, "file", "文件", "File", FD_TEXT, "", 0);
    fd_table_add_new(t, "sender", "单位代码", "Sender", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "单位", "Name", FD_TEXT, "", 0);
    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "encoding", "编码", "Encoding", FD_TEXT, "", 0);
    fd_table_add_new(t, "rows", "行数", "Rows", FD_DEC, "", 0);
    fd_table_add_new(t, "rejected", "退回行", "Refused rows", FD_DEC, "", 0);
    fd_table_add_new(t, "missing", "还缺", "Missing", FD_DEC, "户", 0);
    fd_table_add_new(t, "state", "结果", "Outcome", FD_TEXT, "", 0);
    fd_table_add_new(t, "reason", "说明", "Reason", FD_TEXT, "", 0);
    for (size_t i = 0; i < in->list.count; i++) {
        const fd_arrival *a = &in->list.items[i];
        size_t row = fd_table_add_row(t);

        counts[a->verdict]++;
        fd_column_set_text(t->columns[0], row, a->name);
        if (a->item) {
            fd_column_set_text(t->columns[1], row, a->item->sender);
            fd_column_set_text(t->columns[2], row, a->item->sender_name);
        }
        if (a->collection) {
            fd_column_set_text(t->columns[3], row, a->collection->form_id);
            if (a->collection->period)
                fd_column_set_day(t->columns[4], row, a->collection->period);
        }
        if (a->encoding[0])
            fd_column_set_text(t->columns[5], row, a->encoding);
        if (a->verdict == FD_ARRIVAL_TAKE) {
            fd_column_set_dec(t->columns[6], row, a->rows);
            fd_column_set_dec(t->columns[7], row, a->rejected);
            fd_column_set_dec(t->columns[8], row, a->missing);
        }
        fd_column_set_text(t->columns[9], row,
                           a->verdict == FD_ARRIVAL_SAME      ? "同前"
                           : a->verdict == FD_ARRIVAL_REFUSED ? "拒收"
                           : a->verdict == FD_ARRIVAL_BACK    ? "退回"
                                                              : a->state);
        if (a->reason)
            fd_column_set_text(t->columns[10], row, a->reason);
    }
    fd_result_say(result, "来表 %zu 件:收 %zu,退回整件 %zu,拒收 %zu,同前 %zu%s",
                  "%zu files: %zu taken, %zu returned whole, %zu refused, %zu seen before%s",
                  in->list.count, counts[FD_ARRIVAL_TAKE], counts[FD_ARRIVAL_BACK],
                  counts[FD_ARRIVAL_REFUSED], counts[FD_ARRIVAL_SAME],
                  in->options->dry_run ? " (--dry-run)" : "");
    result->exit_code = counts[FD_ARRIVAL_REFUSED] || counts[FD_ARRIVAL_BACK] ? 1 : 0;
    fd_result_add(result, t);
}

int fd_collect_import(fd_result *result, fd_collect *c, const fd_collect_import_options *options)
{
    fd_intake in = { .c = c, .options = options };
    fd_import_report report = { 0 };
    int err;

    if (options->form && !fd_forms_find(c->forms, options->form))
        return fd_error_set(FD_ENOTFOUND, "没有报表「%s」", "there is no form %s", options->form);
    in.scopes = fd_alloc((c->collections.count + 1) * sizeof *in.scopes);
    in.reported = fd_alloc((c->collections.count + 1) * sizeof *in.reported);
    in.missing = fd_alloc((c->collections.count + 1) * sizeof *in.missing);
    if ((err = fd_intake__walk(&in, options->folder, 0)) < 0 ||
        (err = fd_import_city_open(&in.look, c->city->store, NULL)) < 0)
        goto done;
    for (size_t i = 0; i < in.list.count && err >= 0; i++)
        err = fd_intake__settle(&in, &in.list.items[i]);
    if (err < 0)
        goto done;
    fd_intake__settle_versions(&in);
    for (size_t i = 0; i < in.list.count && err >= 0; i++)
        if (in.list.items[i].verdict == FD_ARRIVAL_TAKE)
            err = look_into(&in, &in.list.items[i]);
    if (err < 0 || (err = take_all(&in, &report)) < 0)
        goto done;
    add_notes(&in, &report);
    answer(&in, result);
    if (report.findings && report.findings->rows) {
        fd_result_add(result, report.findings);
        report.findings = NULL;
    }
done:
    fd_import_report_dispose(&report);
    if (in.look.subjects)
        fd_import_city_dispose(&in.look);
    for (size_t i = 0; i < c->collections.count; i++) {
        fd_collect_scope_dispose(&in.scopes[i]);
        free(in.reported[i]);
        free(in.missing[i]);
    }
    for (size_t i = 0; i < in.list.count; i++)
        free(in.list.items[i].path);
    fd_vec_dispose(&in.list);
    fd_vec_dispose(&in.notes);
    free(in.scopes);
    free(in.reported);
    free(in.missing);
    free(in.hints);
    free(in.taken);
    return err < 0 ? err : 0;
}
