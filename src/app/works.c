#include "app/works.h"

#include <string.h>

#include "app/assets.h"
#include "app/leg1.h"
#include "app/subjects.h"
#include "base/str.h"
#include "io/csvtable.h"
#include "table/tablesource.h"

static const fd_source_alias aliases[] = {
    { "code", "项目编号|编号|项目代码|代码" },
    { "name", "项目名称|名称|项目" },
    { "period", "期间|月份|统计月份" },
    { "project_county", "county|县区|所在县区" },
    { "project_chain", "chain|产业链|所属产业链" },
    { "project_type", "type|项目类别|类别|建设性质" },
    { "project_stage", "stage|项目阶段|阶段|当前阶段" },
    { "planned_start", "start|计划开工|计划开工日期" },
    { "planned_finish", "finish|计划投产|计划投产日期" },
    { "project_owner", "owner|责任单位|牵头单位" },
    { "project_reason", "reason|滞后原因" },
    { "project_firm", "firm|建设单位代码|统一社会信用代码|建设单位" },
    { "project_site", "site|建设地点" },
    { "project_approval", "approval|备案代码|投资项目代码" },
    { "project_total", "total|计划总投资" },
    { "project_plan_year", "plan|年度计划投资" },
    { "project_done", "done|本年累计完成投资|累计完成投资" },
    { "project_output", "output|达产新增产值|可研年产值" },
    { "project_tax", "tax|可研年税收|达产新增税收" },
    { "project_made", "made|本年累计产值|本年累计实现产值" },
    { "project_paid", "paid|本年累计税收|本年累计实缴税收" },
};

const char *fd_works_param(const fd_call *call, const char *name)
{
    for (size_t i = 0; i < call->verb->param_count; i++)
        if (strcmp(call->verb->params[i].name, name) == 0)
            return call->values[i];
    return NULL;
}

int fd_works_asset(fd_table **out, const char *path, const char *columns)
{
    fd_table *t = fd_table_new("rules", path, path);
    fd_view rest = fd_view_of(columns), name;
    fd_rows *rows = NULL;
    const fd_row *row;
    int err;

    while (fd_view_split(&rest, '|', &name)) {
        char id[48];

        snprintf(id, sizeof id, "%.*s", (int)name.len, name.ptr);
        fd_table_add_new(t, id, id, id, FD_TEXT, "", 0);
    }
    if ((err = fd_asset_rows(&rows, path)) < 0)
        goto done;
    while ((err = fd_rows_next(rows, &row)) > 0) {
        size_t at = fd_table_add_row(t);

        for (size_t c = 0; c < t->column_count; c++) {
            char buf[512];
            const char *text = fd_asset_cell(row, c, buf, sizeof buf);

            if (*text)
                fd_column_set_text(t->columns[c], at, text);
        }
    }
    fd_rows_close(rows);
done:
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err < 0 ? err : 0;
}

int fd_works_records(fd_table **out, fd_call *call, const char *type, const char *param)
{
    const char *file = param ? fd_works_param(call, param) : NULL;

    *out = NULL;
    if (file)
        return fd_csv_table(out, file, NULL, 0, SIZE_MAX);
    if (!call->city || !fd_program_record(call->city->program, type)) {
        *out = fd_table_new(type, type, type);
        fd_table_add_new(*out, "id", "编号", "Id", FD_TEXT, "", 0);
        fd_table_add_new(*out, "state", "状态", "State", FD_TEXT, "", 0);
        return 0;
    }
    return call->city->source->ops->records(call->city->source, type, FD_DATE_MAX, out);
}

int fd_works_code(const char **out, fd_call *call, const char *param, const char *kind)
{
    const char *text = fd_works_param(call, param);
    fd_subject found;
    int err;

    *out = text;
    if (!text || !call->city || fd_works_param(call, "data"))
        return 0;
    if ((err = fd_subject_find(&found, call->city->source, text)) < 0)
        return err;
    if (strcmp(found.kind, kind) != 0)
        return fd_error_set(FD_EINVAL, "「%s」不是%s", "%s is no %s", text, kind);
    *out = fd_arena_strdup(call->arena, found.code);
    return 0;
}

int fd_works_rules(fd_table **out, fd_call *call)
{
    static const char columns[] = "preset|name_zh|name_en|kind|color|measure|relation|threshold|"
                                  "unit|source|status";
    const char *file = fd_works_param(call, "rules");

    if (file)
        return fd_csv_table(out, file, NULL, 0, SIZE_MAX);
    return fd_works_asset(out, "definitions/project_rules.csv", columns);
}

static int read_rules(fd_works_input *in, fd_call *call)
{
    const char *preset = fd_works_param(call, "preset");
    int err;

    if ((err = fd_works_rules(&in->rules, call)) < 0 ||
        (err = fd_works_asset(&in->ramp, "definitions/project_ramp.csv",
                              "curve|months|percent|source|status")) < 0)
        return err;
    in->options.rules = in->rules;
    in->options.ramp = in->ramp;
    if (!preset)
        preset = fd_works_param(call, "rule");
    return fd_rules_preset(&in->options.preset, in->rules, preset ? preset : "yinchuan");
}

/* The month asked for, else the newest of the ledger. */
static int read_month(fd_works_input *in, fd_call *call)
{
    const fd_period *periods;
    size_t count;
    int err;

    if (fd_works_param(call, "at") && (err = fd_call_period(call, "at", &in->options.period)) < 0)
        return err;
    if (in->options.period == FD_PERIOD_NONE) {
        if ((err = in->source->ops->periods(in->source, "project_done", FD_CURRENT, &periods,
                                            &count)) < 0)
            return err;
        for (size_t i = 0; i < count; i++)
            if (fd_period_kind_of(periods[i]) == FD_CUMULATIVE)
                in->options.period = periods[i];
    }
    if (in->options.period != FD_PERIOD_NONE)
        return 0;
    fd_error_set(FD_ENOTFOUND, "没有项目台账", "there is no ledger of projects");
    return fd_error_hint("文件里要有期间列(2024-01..12),或写 --at",
                         "a file needs a column of periods (2024-01..12), or write --at");
}

int fd_works_open(fd_works_input *out, fd_call *call)
{
    const char *data = fd_works_param(call, "data"), *today = fd_works_param(call, "today");
    int err;

    memset(out, 0, sizeof *out);
    out->options = (fd_works_options)FD_WORKS_OPTIONS_INIT;
    out->today = FD_DATE_NONE;
    if (!fd_leg1_sees_names(call))
        return fd_error_set(FD_EDENIED, "项目台账本角色不可见",
                            "the ledger of projects is not visible to this role");
    if (data) {
        if ((err = fd_csv_table(&out->data, data, NULL, 0, SIZE_MAX)) < 0 ||
            (err = fd_table_source_new(&out->own, "project", out->data, aliases,
                                       sizeof aliases / sizeof *aliases)) < 0)
            return err;
        out->source = out->own;
    } else {
        out->source = call->city->source;
    }
    if ((err = read_rules(out, call)) < 0 || (err = read_month(out, call)) < 0 ||
        (err = fd_works_records(&out->gates, call, "project", "gates")) < 0 ||
        (err = fd_works_code(&out->options.chain, call, "chain", "chain")) < 0 ||
        (err = fd_works_code(&out->options.county, call, "county", "county")) < 0)
        return err;
    out->options.gates = out->gates;
    out->options.stage = fd_works_param(call, "stage");
    out->options.light = fd_works_param(call, "light");
    out->today = fd_period_end(out->options.period);
    if (today && (err = fd_date_parse(&out->today, today, strlen(today))) < 0)
        return err;
    return 0;
}

void fd_works_close(fd_works_input *in)
{
    fd_table_free(in->rules);
    fd_table_free(in->ramp);
    fd_table_free(in->gates);
    fd_table_source_free(in->own);
    fd_table_free(in->data);
    memset(in, 0, sizeof *in);
}

int fd_works_projects(fd_scale_projects *out, const fd_works_input *in, fd_works_filter *wants,
                      const void *payload)
{
    enum { FIRM, CHAIN, STAGE, FINISH, TEXTS };
    static const char *const ids[TEXTS] = { "project_firm", "project_chain", "project_stage",
                                            "planned_finish" };
    fd_source *s = in->source;
    fd_column *a[TEXTS] = { 0 }, *output = NULL;
    const fd_frame *frame;
    int err;

    if ((err = s->ops->frame(s, "project", &frame)) < 0)
        goto done;
    for (int i = 0; i < TEXTS; i++)
        if ((err = s->ops->attribute(s, "project", ids[i], in->today, &a[i])) < 0)
            goto done;
    if ((err = s->ops->column(s, "project", "project_output", in->options.period, FD_CURRENT,
                              &output)) < 0)
        goto done;
    for (size_t i = 0; i < frame->n; i++) {
        const fd_number n = fd_column_number(output, i);
        const char *finish = fd_column_text(a[FINISH], i);
        fd_scale_project x = { frame->codes[i], frame->names[i], 0, FD_DATE_NONE, 0 };

        if (!fd_column_text(a[STAGE], i) || n.state != FD_HAS || !finish ||
            !wants(payload, x.name, fd_column_text(a[FIRM], i), fd_column_text(a[CHAIN], i)))
            continue;
        if (fd_date_parse(&x.produces, finish, strlen(finish)) < 0) {
            fd_error_clear();
            continue;
        }
        x.output = fd_number_to_double(n) / 10000;
        fd_vec_push(out, x);
    }
done:
    for (int i = 0; i < TEXTS; i++)
        fd_column_unref(a[i]);
    fd_column_unref(output);
    return err < 0 ? err : 0;
}
