/*
 * Who should have reported, who has, who has not, and whose figures are in doubt: by form and
 * county.
 */
#include <stdlib.h>

#include "app/import_report.h"
#include "base/bits.h"
#include "base/str.h"

void fd_import_coverage_tables(fd_import_report *report)
{
    fd_table *t = report->coverage = fd_table_new("coverage", "应报与已报", "Coverage");

    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "county", "县区", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "expected", "应报", "Expected", FD_DEC, "户", 0);
    fd_table_add_new(t, "reported", "已报", "Reported", FD_DEC, "户", 0);
    fd_table_add_new(t, "missing", "缺", "Missing", FD_DEC, "户", 0);
    fd_table_add_new(t, "doubtful", "待核", "In doubt", FD_DEC, "户", 0);
    t = report->missing = fd_table_new("missing", "催报", "Missing returns");
    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "county", "县区", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "code", "代码", "Code", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);
}

typedef struct seen_form {
    const fd_form *form;
    fd_period period;
    fd_bitset reported, doubtful; /* subjects that have a value; that have one in doubt */
} seen_form;

struct fd_import_seen {
    fd_map *expected; /* ids of forms that some register expects */
    fd_map *index;    /* "form|period" → list */
    fd_vec(seen_form) list;
};

fd_import_seen *fd_import_seen_new(const fd_forms *forms)
{
    fd_import_seen *seen = fd_alloc(sizeof *seen);

    seen->expected = fd_map_new();
    seen->index = fd_map_new();
    for (size_t i = 0; i < fd_forms_count(forms); i++) {
        size_t count;
        const char *const *ids = fd_form_expects(fd_forms_at(forms, i), &count);

        for (size_t k = 0; k < count; k++)
            fd_map_set(seen->expected, fd_view_of(ids[k]), 1);
    }
    return seen;
}

void fd_import_seen_free(fd_import_seen *seen)
{
    if (!seen)
        return;
    for (size_t i = 0; i < seen->list.count; i++) {
        free(seen->list.items[i].reported.bits);
        free(seen->list.items[i].doubtful.bits);
    }
    fd_vec_dispose(&seen->list);
    fd_map_free(seen->expected);
    fd_map_free(seen->index);
    free(seen);
}

static seen_form *entry_of(fd_import_seen *seen, const fd_form *form, fd_period period)
{
    char key[128];
    int length = snprintf(key, sizeof key, "%s|%d", fd_form_id(form), period);
    uint64_t ignored, at, known = seen->list.count;

    if (period == FD_PERIOD_NONE ||
        !fd_map_get(seen->expected, fd_view_of(fd_form_id(form)), &ignored))
        return NULL;
    at = fd_map_intern(seen->index, (fd_view){ key, (size_t)length }, known);
    if (at == known)
        fd_vec_push(&seen->list, ((seen_form){ form, period, { NULL, 0 }, { NULL, 0 } }));
    return &seen->list.items[at];
}

void fd_import_seen_file(fd_import_seen *seen, const fd_form *form, fd_period period)
{
    (void)entry_of(seen, form, period);
}

void fd_import_seen_segment(fd_import_seen *seen, const fd_form *form, fd_period period,
                            const fd_returns_segment *segment)
{
    seen_form *e = segment->basis == FD_COMPARATIVE ? NULL : entry_of(seen, form, period);

    for (size_t i = 0; e && i < segment->n; i++) {
        if (!segment->states || segment->states[i] != FD_MISSING)
            (void)fd_bitset_put(&e->reported, (size_t)segment->subjects[i]);
        if (segment->states && segment->states[i] == FD_DOUBT)
            (void)fd_bitset_put(&e->doubtful, (size_t)segment->subjects[i]);
    }
}

/* One county's line, or the city's. */
typedef struct tally {
    int64_t expected, reported, doubtful;
} tally;

enum { REPORTED = 1, IN_DOUBT = 2 };

/* Those whom the snapshot knows to have reported any of the form's items. */
static int add_stored(uint8_t *flags, const seen_form *e, fd_source *source)
{
    size_t count;
    const char *const *items = fd_form_items(e->form, &count);
    int err = 0;

    for (size_t k = 0; k < count && err >= 0; k++) {
        fd_column *column = NULL;

        err = source->ops->column(source, fd_form_subject(e->form), items[k], e->period, FD_CURRENT,
                                  &column);
        for (size_t i = 0; err >= 0 && i < column->n; i++) {
            fd_state state = fd_column_state(column, i);

            flags[i] |= (uint8_t)((state != FD_MISSING ? REPORTED : 0) |
                                  (state == FD_DOUBT ? IN_DOUBT : 0));
        }
        fd_column_unref(column);
    }
    return err;
}

static void add_line(fd_table *t, const seen_form *e, const char *county, const tally *sum)
{
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, fd_form_id(e->form));
    fd_column_set_day(t->columns[1], row, e->period);
    fd_column_set_text(t->columns[2], row, county);
    fd_column_set_dec(t->columns[3], row, sum->expected);
    fd_column_set_dec(t->columns[4], row, sum->reported);
    fd_column_set_dec(t->columns[5], row, sum->expected - sum->reported);
    fd_column_set_dec(t->columns[6], row, sum->doubtful);
}

static void add_missing(fd_import_report *report, const seen_form *e, const char *county,
                        const char *code, const char *name)
{
    fd_table *t = report->missing;
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, fd_form_id(e->form));
    fd_column_set_day(t->columns[1], row, e->period);
    fd_column_set_text(t->columns[2], row, county);
    fd_column_set_text(t->columns[3], row, code);
    fd_column_set_text(t->columns[4], row, name ? name : "");
}

static int cover(fd_import_report *report, const seen_form *e, fd_source *source)
{
    const char *kind = fd_form_subject(e->form);
    const char *all = report->lang == FD_ZH ? "合计" : "all";
    const char *nowhere = report->lang == FD_ZH ? "县区不明" : "no county";
    const fd_date day = fd_period_end(e->period);
    fd_column *expects = NULL, *county = NULL;
    const fd_frame *frame, *counties;
    uint8_t *flags = NULL;
    tally *sums = NULL, whole = { 0 };
    char attribute[96];
    int err;

    snprintf(attribute, sizeof attribute, "expects:%s", fd_form_id(e->form));
    if ((err = source->ops->frame(source, kind, &frame)) < 0 ||
        (err = source->ops->frame(source, "county", &counties)) < 0 ||
        (err = source->ops->attribute(source, kind, attribute, day, &expects)) < 0 ||
        (err = source->ops->attribute(source, kind, "county", day, &county)) < 0)
        goto done;
    flags = fd_alloc(frame->n + 1);
    sums = fd_alloc((counties->n + 1) * sizeof *sums);
    if ((err = add_stored(flags, e, source)) < 0)
        goto done;
    for (size_t i = 0; i < frame->n; i++) {
        const char *text = fd_column_text(expects, i);
        size_t id = (size_t)frame->ids[i], at;
        tally one = { 1, 0, 0 };

        if (fd_text_truth(text) != FD_TRUE)
            continue;
        flags[i] |= (uint8_t)((fd_bitset_has(&e->reported, id) ? REPORTED : 0) |
                              (fd_bitset_has(&e->doubtful, id) ? IN_DOUBT : 0));
        at = fd_frame_find(counties, fd_column_text(county, i));
        at = at == SIZE_MAX ? counties->n : at; /* behind the counties: of none of them */
        one.reported = (flags[i] & REPORTED) != 0;
        one.doubtful = (flags[i] & IN_DOUBT) != 0;
        sums[at].expected += one.expected;
        sums[at].reported += one.reported;
        sums[at].doubtful += one.doubtful;
        whole.expected += one.expected;
        whole.reported += one.reported;
        whole.doubtful += one.doubtful;
        if (!one.reported)
            add_missing(report, e, at < counties->n ? counties->names[at] : nowhere,
                        frame->codes[i], frame->names[i]);
    }
    if (whole.expected == 0)
        goto done; /* nobody is known to be expected: nothing can be said */
    add_line(report->coverage, e, all, &whole);
    for (size_t k = 0; k <= counties->n; k++)
        if (sums[k].expected)
            add_line(report->coverage, e, k < counties->n ? counties->names[k] : nowhere, &sums[k]);
done:
    fd_column_unref(expects);
    fd_column_unref(county);
    free(flags);
    free(sums);
    return err < 0 ? err : 0;
}

/* Is there a later period of the same form? Only the newest is worth chasing. */
static bool is_newest(const fd_import_seen *seen, size_t at)
{
    const seen_form *e = &seen->list.items[at];

    for (size_t i = 0; i < seen->list.count; i++)
        if (seen->list.items[i].form == e->form &&
            fd_period_compare(seen->list.items[i].period, e->period) > 0)
            return false;
    return true;
}

int fd_import_report_coverage(fd_import_report *report, const fd_import_seen *seen,
                              fd_reader *reader)
{
    int err = 0;

    for (size_t i = 0; i < seen->list.count && err >= 0; i++)
        if (is_newest(seen, i))
            err = cover(report, &seen->list.items[i], fd_reader_source(reader));
    return err;
}
