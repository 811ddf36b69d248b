/*
 * The screen's second half: the target, who acts this week, can we trust it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/figure.h"
#include "app/status.h"
#include "app/subjects.h"
#include "app/target.h"
#include "base/map.h"
#include "base/vec.h"
#include "fangding/measure.h"

/* ---- the target ---- */

/* What the works in the ledger will add: output, which is not value added, and is said so. */
static void put_pipeline(fd_status *s)
{
    const fd_indicator *indicator =
        fd_program_indicator(s->city->program, "project_new_sei_output");
    fd_figure f;

    if (!indicator || fd_figure_latest(&f, s->city, indicator, s->lang) < 0) {
        fd_error_clear();
        return;
    }
    if (f.has_value)
        fd_buf_printf(
            &s->text,
            "   在库项目达产新增战新产值%s%s%s(产值,不等于增加值)    works in the ledger, "
            "output\n",
            f.value, f.unit, strstr(f.marks, "示例") ? "【示】" : "");
}

int fd_status__target(fd_status *s)
{
    const fd_target *target = fd_program_target(s->city->program, "emerging_30");
    fd_target_options options = FD_TARGET_OPTIONS_INIT;
    fd_target_result r;
    char value[48];

    fd_status__heading(s, "三 三成目标怎么走", "THE 30 % TARGET");
    if (!target) {
        fd_buf_puts(&s->text, "   没有登记这个目标    no such target is declared\n");
        return 0;
    }
    if (fd_target_facts(&options, s->city, target) < 0 ||
        fd_target_report(&r, s->city->program, s->city->source, target, &options) < 0) {
        fd_buf_printf(&s->text, "   算不出:%s    %s\n", fd_error_last()->message[FD_ZH],
                      fd_error_last()->message[FD_EN]);
        fd_error_clear();
        return 0;
    }
    fd_buf_printf(&s->text, "   %s %s\n", fd_status__shape(r.verdict.color),
                  r.verdict.reason[FD_ZH]);
    if (r.verdict.color == FD_GREY && target->base_count &&
        fd_view_starts(fd_view_of(target->decl->file), "definitions/"))
        fd_buf_printf(
            &s->text,
            "   基线 %d年,出自%s;不是本市的就在定义里写「目标 … 替代 %s」    whose base it is\n",
            target->base[target->base_count - 1].year, target->base[target->base_count - 1].cite,
            target->id);
    fd_decimal_format(options.growth, value, sizeof value);
    fd_buf_printf(&s->text, "   若规上年均增%s%%,战新年均需 ", value);
    for (size_t i = 0; i < r.need_count; i++)
        fd_buf_printf(&s->text, "%s%d年%.1f%%", i ? " | " : "", r.needs[i].year,
                      r.needs[i].needed_growth);
    fd_buf_puts(&s->text, "  【算】 needed growth p.a.\n");
    for (size_t i = 0; i < r.need_count; i++)
        if (r.needs[i].year == target->due_year) {
            const size_t line = s->text.len;

            if (!isnan(r.needs[i].projected_share)) {
                fd_quot_format(fd_quot_from_decimal(options.historic_growth), 1, FD_ROUND_HALF_EVEN,
                               value, sizeof value);
                fd_buf_printf(&s->text, "   按%s%%不变,%d年约%.1f%%【算】", value, r.needs[i].year,
                              r.needs[i].projected_share);
            }
            if (!isnan(r.needs[i].needed_increment))
                fd_buf_printf(&s->text, " 需新增%.1f亿元", r.needs[i].needed_increment);
            if (!isnan(r.needs[i].extra_value))
                fd_buf_printf(&s->text, ",按现速尚缺%.1f亿元(增加值)", r.needs[i].extra_value);
            if (s->text.len > line)
                fd_buf_putc(&s->text, '\n');
        }
    put_pipeline(s);
    for (size_t i = 0; r.summary && i < r.summary->note_count && i < 2; i++)
        fd_buf_printf(&s->text, "   %s\n", r.summary->notes[FD_ZH][i]);
    fd_target_result_dispose(&r);
    return 0;
}

/* ---- returns that are missing ---- */

/* Counted once for both sections that say it. */
static int count_returns(fd_status *s)
{
    static const char *const items[] = { "dispatch_output", "dispatch_revenue", "dispatch_staff",
                                         "orders" };
    fd_source *source = s->city->source;
    fd_column *expects = NULL, *county = NULL, *columns[4] = { 0 };
    fd_date day = fd_period_end(s->month);
    int err;

    if (s->returns.counted)
        return 0;
    s->returns.counted = true;
    s->returns.by_county = fd_map_new();
    if ((err = source->ops->attribute(source, "enterprise", "expects:dispatch", day, &expects)) <
            0 ||
        (err = source->ops->attribute(source, "enterprise", "county", day, &county)) < 0)
        goto done;
    for (size_t k = 0; k < 4; k++)
        if ((err = source->ops->column(source, "enterprise", items[k], s->month, FD_CURRENT,
                                       &columns[k])) < 0)
            goto done;
    for (size_t i = 0; i < expects->n; i++) {
        bool reported = false, doubt = false;

        for (size_t k = 0; k < 4; k++) {
            fd_state state = fd_column_state(columns[k], i);

            reported |= state != FD_MISSING;
            doubt |= state == FD_DOUBT;
        }
        if (!fd_column_text(expects, i)) {
            s->returns.unlisted += reported;
            continue;
        }
        s->returns.expected++;
        s->returns.reported += reported;
        s->returns.doubtful += doubt;
        if (!reported) {
            const char *code = fd_column_text(county, i);
            fd_view name = fd_view_of(code ? fd_source_name(source, "county", code) : "?");
            uint64_t before = fd_map_intern(s->returns.by_county, name, 0);

            fd_map_set(s->returns.by_county, name, before + 1);
        }
    }
done:
    fd_column_unref(expects);
    fd_column_unref(county);
    for (size_t k = 0; k < 4; k++)
        fd_column_unref(columns[k]);
    return err < 0 ? err : 0;
}

/* ---- projects ---- */

typedef struct late_project {
    const char *name, *owner;
    int days;
    fd_verdict verdict;
} late_project;

static int compare_late(const void *a, const void *b)
{
    const late_project *x = a, *y = b;

    if (x->verdict.color != y->verdict.color)
        return y->verdict.color == FD_RED ? 1 : x->verdict.color == FD_RED ? -1 : 0;
    return y->days - x->days;
}

static int put_projects(fd_status *s)
{
    static const char *const attributes[] = { "project_stage", "planned_finish", "project_owner" };
    fd_source *source = s->city->source;
    fd_period month = fd_latest_period(source, "project_done", FD_CURRENT, FD_CUMULATIVE);
    fd_column *attribute[3] = { 0 }, *done = NULL, *plan = NULL;
    fd_vec(late_project) late = { 0 };
    const fd_frame *frame;
    size_t yellow = 0, red = 0;
    fd_quot schedule;
    int err = 0;

    if (month == FD_PERIOD_NONE)
        return 0;
    if ((err = source->ops->frame(source, "project", &frame)) < 0 ||
        (err = source->ops->column(source, "project", "project_done", month, FD_CURRENT, &done)) <
            0 ||
        (err = source->ops->column(source, "project", "project_plan_year", month, FD_CURRENT,
                                   &plan)) < 0)
        goto done;
    for (size_t a = 0; a < 3; a++)
        if ((err = source->ops->attribute(source, "project", attributes[a], fd_period_end(month),
                                          &attribute[a])) < 0)
            goto done;
    schedule = fd_light_time_share(month);
    for (size_t i = 0; i < frame->n; i++) {
        const char *stage = fd_column_text_or(attribute[0], i, ""),
                   *finish = fd_column_text_or(attribute[1], i, "");
        late_project p = {
            frame->names[i], fd_column_text_or(attribute[2], i, ""), 0, { FD_GREY, { "", "" } }
        };
        fd_date due;

        if (fd_light_progress(&p.verdict, FD_LIGHT_YINCHUAN, fd_column_number(done, i),
                              fd_column_number(plan, i), schedule) < 0)
            fd_error_clear();
        if (strcmp(stage, "投产") != 0 && strcmp(stage, "达效") != 0 && finish[0] &&
            fd_date_parse(&due, finish, strlen(finish)) >= 0 && due < fd_period_end(month))
            p.days = fd_period_end(month) - due;
        yellow += p.verdict.color == FD_YELLOW;
        red += p.verdict.color == FD_RED;
        if (p.verdict.color == FD_RED || p.verdict.color == FD_YELLOW || p.days > 0)
            fd_vec_push(&late, p);
    }
    fd_error_clear();
    if (late.count)
        qsort(late.items, late.count, sizeof *late.items, compare_late);
    fd_buf_printf(&s->text,
                  "   项目 %zu 个,投资进度 ■红 %zu ▲黄 %zu(规则:银川预设)    projects red, yellow "
                  "by investment\n",
                  frame->n, red, yellow);
    for (size_t i = 0; i < late.count && i < 3; i++) {
        fd_buf_printf(&s->text, "     %s %s", fd_status__shape(late.items[i].verdict.color),
                      late.items[i].name ? late.items[i].name : "?");
        if (late.items[i].days)
            fd_buf_printf(&s->text, " 延期%d天", late.items[i].days);
        fd_buf_printf(&s->text, " → %s\n",
                      late.items[i].owner[0] ? late.items[i].owner : "责任单位未登记");
    }
done:
    fd_column_unref(done);
    fd_column_unref(plan);
    for (size_t a = 0; a < 3; a++)
        fd_column_unref(attribute[a]);
    fd_vec_dispose(&late);
    return err < 0 ? err : 0;
}

/* Stopped enterprises by coded reason, from the dispatch tables. */
static int put_stopped(fd_status *s)
{
    fd_source *source = s->city->source;
    fd_column *run = NULL, *reason = NULL;
    fd_map *reasons = fd_map_new();
    size_t stopped = 0;
    int err;

    if ((err = source->ops->attribute(source, "enterprise", "run_state", fd_period_end(s->month),
                                      &run)) < 0 ||
        (err = source->ops->attribute(source, "enterprise", "stop_reason", fd_period_end(s->month),
                                      &reason)) < 0)
        goto done;
    for (size_t i = 0; i < run->n; i++) {
        fd_view why;

        if (strcmp(fd_column_text_or(run, i, ""), "停产") != 0)
            continue;
        stopped++;
        why = fd_view_of(fd_column_text_or(reason, i, "")[0] ? fd_column_text_or(reason, i, "")
                                                             : "原因未报");
        fd_map_set(reasons, why, fd_map_intern(reasons, why, 0) + 1);
    }
    if (stopped) {
        fd_buf_printf(&s->text, "   停产走访 %zu 户(", stopped);
        for (size_t i = 0; i < fd_map_count(reasons); i++)
            fd_buf_printf(&s->text, "%s%s%llu", i ? "、" : "", fd_map_key(reasons, i).ptr,
                          (unsigned long long)fd_map_value(reasons, i));
        fd_buf_puts(&s->text, ") → 包联干部    visit the stopped\n");
    }
done:
    fd_column_unref(run);
    fd_column_unref(reason);
    fd_map_free(reasons);
    return err < 0 ? err : 0;
}

int fd_status__actions(fd_status *s)
{
    int err;

    fd_status__heading(s, "四 这周谁来办", "WHO ACTS THIS WEEK");
    if (s->month == FD_PERIOD_NONE) {
        fd_buf_puts(&s->text, "   还没有月报:fangding import 文件夹    no monthly returns yet\n");
        return 0;
    }
    if ((err = count_returns(s)) < 0)
        return err;
    if (s->returns.expected > s->returns.reported) {
        fd_buf_printf(&s->text, "   催报 %zu户:", s->returns.expected - s->returns.reported);
        for (size_t i = 0; i < fd_map_count(s->returns.by_county); i++)
            fd_buf_printf(&s->text, "%s%s%llu户", i ? "、" : "",
                          fd_map_key(s->returns.by_county, i).ptr,
                          (unsigned long long)fd_map_value(s->returns.by_county, i));
        fd_buf_puts(&s->text, "    chase the missing returns\n");
    }
    if ((err = put_projects(s)) < 0)
        return err;
    return put_stopped(s);
}

int fd_status__trust(fd_status *s)
{
    int err;

    fd_status__heading(s, "五 数据可信吗", "CAN WE TRUST IT");
    if (s->month != FD_PERIOD_NONE) {
        char title[48];

        if ((err = count_returns(s)) < 0)
            return err;
        fd_period_title(s->month, FD_ZH, title, sizeof title);
        fd_buf_printf(&s->text,
                      "   %s调度表:应报%zu户 已报%zu 缺%zu 待核%zu    due, in, missing, in doubt\n",
                      title, s->returns.expected, s->returns.reported,
                      s->returns.expected - s->returns.reported, s->returns.doubtful);
        if (s->returns.unlisted)
            fd_buf_printf(&s->text,
                          "   不在应报名单而报来 "
                          "%zu户:名录里没有写它们是规上(企业名录的「规上起」或「是否规上」)"
                          "    filed, not on the list\n",
                          s->returns.unlisted);
    }
    fd_buf_puts(&s->text, "   企业统计原始资料:本角色不可见(统计法)    statistical returns: not "
                          "visible to this role\n");
    fd_buf_printf(&s->text, "   快照 %lld  定义 %.12s  程序 %s    snapshot, definitions, program\n",
                  (long long)fd_reader_snapshot(s->city->reader), s->city->definitions_hash,
                  FD_VERSION);
    fd_buf_printf(&s->text, "   下一步 NEXT  fangding why sei_share --city %s\n", s->city->path);
    return 0;
}
