#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/industry.h"

enum { A_COUNTY, A_CHAIN, A_TYPE, A_STAGE, A_START, A_FINISH, A_OWNER, A_REASON, ATTRIBUTES };
enum { I_DONE, I_PLAN, I_TOTAL, ITEMS };

static const char *const attribute_ids[ATTRIBUTES] = { "project_county", "project_chain",
                                                       "project_type",   "project_stage",
                                                       "planned_start",  "planned_finish",
                                                       "project_owner",  "project_reason" };
static const char *const item_ids[ITEMS] = { "project_done", "project_plan_year", "project_total" };

typedef struct line {
    size_t subject;
    fd_verdict verdict;
    int days;
} line;

static const char *color_id(fd_color color)
{
    return fd_color_name(color, FD_EN);
}

static int severity(fd_color color)
{
    return color == FD_RED ? 3 : color == FD_YELLOW ? 2 : color == FD_GREY ? 1 : 0;
}

static int compare_lines(const void *a, const void *b)
{
    const line *x = a, *y = b;

    if (severity(x->verdict.color) != severity(y->verdict.color))
        return severity(y->verdict.color) - severity(x->verdict.color);
    if (x->days != y->days)
        return y->days - x->days;
    return x->subject < y->subject ? -1 : 1;
}

static bool is_producing(const char *stage)
{
    return stage && (strcmp(stage, "投产") == 0 || strcmp(stage, "达效") == 0);
}

static int days_late(const char *stage, const char *finish, fd_date at)
{
    fd_date due;

    if (is_producing(stage) || !finish)
        return 0;
    if (fd_date_parse(&due, finish, strlen(finish)) < 0) {
        fd_error_clear();
        return 0;
    }
    return due < at ? at - due : 0;
}

static fd_table *new_table(void)
{
    static const char *const texts[][3] = {
        { "code", "项目代码", "Project code" },
        { "name", "项目", "Project" },
        { "county", "县区", "County" },
        { "chain", "产业链", "Chain" },
        { "type", "类别", "Type" },
        { "stage", "阶段", "Stage" },
        { "start", "计划开工", "Start" },
        { "finish", "计划投产", "Finish" },
        { "owner", "责任单位", "Owner" },
        { "reason", "滞后原因", "Reason" },
    };
    fd_table *t = fd_table_new("projects", "项目", "Projects");

    for (size_t c = 0; c < sizeof texts / sizeof *texts; c++)
        fd_table_add_new(t, texts[c][0], texts[c][1], texts[c][2], FD_TEXT, "", 0);
    fd_table_add_new(t, "done", "本年完成", "Done this year", FD_DEC, "万元", 4)->digits = 0;
    fd_table_add_new(t, "plan", "本年计划", "Planned this year", FD_DEC, "万元", 4)->digits = 0;
    fd_table_add_new(t, "total", "计划总投资", "Planned in all", FD_DEC, "万元", 4)->digits = 0;
    fd_table_add_new(t, "light", "灯", "Light", FD_TEXT, "", 0);
    fd_table_add_new(t, "why", "理由", "Reason (zh)", FD_TEXT, "", 0);
    fd_table_add_new(t, "why_en", "Reason", "Reason", FD_TEXT, "", 0);
    fd_table_add_new(t, "days", "超期", "Days late", FD_DEC, "天", 0);
    return t;
}

/* A stored amount in the table's scale of four digits. */
static int set_amount(fd_column *out, size_t row, const fd_column *in, size_t subject)
{
    fd_state state = fd_column_state(in, subject);
    fd_decimal value;
    int err;

    if (state == FD_HAS || state == FD_DOUBT) {
        if ((err = fd_decimal_rescale(&value, (fd_decimal){ in->v.dec[subject], in->scale }, 4)) <
            0)
            return err;
        fd_column_set_dec(out, row, value.mantissa);
    }
    if (state != FD_HAS)
        fd_column_set_state(out, row, state);
    return 0;
}

static int put(fd_table *t, const fd_frame *frame, fd_column *const *attributes,
               fd_column *const *items, const line *l)
{
    size_t row = fd_table_add_row(t), c = 2;
    int err;

    fd_column_set_text(t->columns[0], row, frame->codes[l->subject]);
    fd_column_set_text(t->columns[1], row,
                       frame->names[l->subject] ? frame->names[l->subject]
                                                : frame->codes[l->subject]);
    for (size_t a = 0; a < ATTRIBUTES; a++, c++) {
        const char *text = fd_column_text(attributes[a], l->subject);

        if (text && text[0])
            fd_column_set_text(t->columns[c], row, text);
    }
    for (size_t i = 0; i < ITEMS; i++, c++)
        if ((err = set_amount(t->columns[c], row, items[i], l->subject)) < 0)
            return err;
    fd_column_set_text(t->columns[c++], row, color_id(l->verdict.color));
    fd_column_set_text(t->columns[c++], row, l->verdict.reason[FD_ZH]);
    fd_column_set_text(t->columns[c++], row, l->verdict.reason[FD_EN]);
    if (l->days > 0)
        fd_column_set_dec(t->columns[c], row, l->days);
    return 0;
}

int fd_projects(fd_table **out, fd_source *source, fd_period period, fd_light_preset preset)
{
    fd_column *attributes[ATTRIBUTES] = { 0 }, *items[ITEMS] = { 0 };
    const fd_frame *frame;
    fd_table *t = new_table();
    fd_quot schedule = fd_light_time_share(period);
    fd_date at = fd_period_end(period);
    line *lines = NULL;
    size_t count = 0;
    int err;

    if ((err = source->ops->frame(source, "project", &frame)) < 0)
        goto done;
    for (size_t a = 0; a < ATTRIBUTES; a++)
        if ((err = source->ops->attribute(source, "project", attribute_ids[a], at,
                                          &attributes[a])) < 0)
            goto done;
    for (size_t i = 0; i < ITEMS; i++)
        if ((err = source->ops->column(source, "project", item_ids[i], period, FD_CURRENT,
                                       &items[i])) < 0)
            goto done;
    lines = fd_alloc((frame->n + 1) * sizeof *lines);
    for (size_t i = 0; i < frame->n; i++) {
        line *l = &lines[count];

        /* Not yet in the ledger on that day. */
        if (!fd_column_text(attributes[A_STAGE], i))
            continue;
        l->subject = i;
        if ((err = fd_light_progress(&l->verdict, preset, fd_column_number(items[I_DONE], i),
                                     fd_column_number(items[I_PLAN], i), schedule)) < 0)
            goto done;
        l->days = days_late(fd_column_text(attributes[A_STAGE], i),
                            fd_column_text(attributes[A_FINISH], i), at);
        count++;
    }
    qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++)
        if ((err = put(t, frame, attributes, items, &lines[i])) < 0)
            goto done;
    *out = t;
    t = NULL;
done:
    free(lines);
    for (size_t a = 0; a < ATTRIBUTES; a++)
        fd_column_unref(attributes[a]);
    for (size_t i = 0; i < ITEMS; i++)
        fd_column_unref(items[i]);
    fd_table_free(t);
    return err < 0 ? err : 0;
}
