/*
 * export enterprises|facts|definitions, doctor, trace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/protect.h"
#include "app/registry.h"
#include "app/scope.h"
#include "app/subjects.h"
#include "app/trace.h"
#include "base/str.h"
#include "base/utf8.h"

/* Enterprises with their attributes on a day, one column per declared attribute. */
static int export_enterprises(fd_call *call, fd_result *result, fd_date day)
{
    fd_city *city = call->city;
    const fd_frame *frame;
    const fd_decl *decl;
    fd_table *t = fd_table_new("enterprises", "企业", "Enterprises");
    fd_column *code =
        fd_table_add_new(t, "uscc", "统一社会信用代码", "Credit code", FD_TEXT, "", 0);
    int err = city->source->ops->frame(city->source, "enterprise", &frame);

    for (size_t i = 0; err >= 0 && i < frame->n; i++)
        fd_column_set_text(code, fd_table_add_row(t), frame->codes[i]);
    for (size_t i = 0; err >= 0 && (decl = fd_program_decl(city->program, FD_DECL_ITEM, i)); i++) {
        const fd_item *item = fd_program_item(city->program, decl->alias);
        fd_column *values = NULL, *target;

        if (!item || item->nature != FD_ATTRIBUTE || strcmp(item->kind, "enterprise") != 0 ||
            strcmp(item->id, "uscc") == 0)
            continue;
        if ((err = city->source->ops->attribute(city->source, "enterprise", item->id, day,
                                                &values)) < 0)
            break;
        target = fd_table_add_new(t, item->id, item->name, item->id, FD_TEXT, "", 0);
        for (size_t r = 0; r < frame->n; r++)
            if (fd_column_text(values, r))
                fd_column_set_text(target, r, fd_column_text(values, r));
        fd_column_unref(values);
    }
    if (err < 0)
        fd_table_free(t);
    else
        fd_result_add(result, t);
    return err < 0 ? err : 0;
}

/* Facts of statistical origin leave only for the statistics role. */
static int export_facts(fd_call *call, fd_result *result, fd_period at)
{
    const char *only = fd_call_text(call, "item");
    fd_table *t = NULL, *visible = NULL;
    bool *keep = NULL;
    const fd_item *item;
    int err, origin, kind;

    if (only) {
        size_t plain = strcspn(only, ":");

        if ((err = fd_item_find(&item, call->city->program,
                                fd_arena_strndup(call->arena, only, plain))) < 0)
            return err;
        only = fd_arena_printf(call->arena, "%s%s", item->id, only + plain);
    }
    if ((err = fd_reader_facts(call->city->reader, only, at, &t)) < 0)
        return err;
    if ((err = fd_scope_facts(call, &t)) < 0) {
        fd_table_free(t);
        return err;
    }
    origin = fd_table_find(t, "origin");
    kind = fd_table_find(t, "kind");
    keep = fd_alloc(t->rows + 1);
    for (size_t i = 0; i < t->rows; i++)
        keep[i] = strcmp(fd_column_text(t->columns[kind], i), "enterprise") != 0 ||
                  fd_role_sees(call->role, fd_column_text(t->columns[origin], i));
    err = fd_table_filter(&visible, t, keep);
    if (err >= 0 && visible->rows < t->rows)
        fd_result_say(
            result, "另有 %zu 条企业统计原始资料:本角色不可见(统计法)",
            "%zu facts of statistical returns are not visible to this role (Statistics Law)",
            t->rows - visible->rows);
    free(keep);
    fd_table_free(t);
    if (err >= 0)
        fd_result_add(result, visible);
    return err;
}

/* Definition texts, ready to be edited and checked. */
static int export_definitions(fd_call *call, fd_result *result)
{
    fd_table *t = NULL;
    fd_buf out = FD_BUF_INIT;
    int err = fd_reader_definitions(call->city->reader, &t);
    int text;

    if (err < 0)
        return err;
    text = fd_table_find(t, "text");
    for (size_t i = 0; i < t->rows; i++)
        fd_buf_printf(&out, "%s\n\n", fd_column_text(t->columns[text], i));
    result->screen[FD_ZH] = fd_strdup(fd_buf_text(&out));
    result->screen[FD_EN] = fd_buf_take(&out);
    fd_result_add(result, t);
    return 0;
}

static int run_export(fd_call *call, fd_result *result)
{
    const char *what = fd_call_text(call, "what");
    fd_period at = FD_PERIOD_NONE;
    int err = fd_call_period(call, "at", &at);

    if (err < 0)
        return err;
    if (strcmp(what, "enterprises") == 0 && (err = fd_protect_enterprises(call)) < 0)
        return err;
    if (strcmp(what, "enterprises") == 0)
        return export_enterprises(call, result,
                                  at == FD_PERIOD_NONE ? FD_DATE_MAX : fd_period_end(at));
    if (strcmp(what, "facts") == 0)
        return export_facts(call, result, at);
    return export_definitions(call, result);
}

static const fd_verb_param export_params[] = {
    { "what", FD_P_CHOICE, true, true, false, "WHAT", "导出什么", "what to export",
      "enterprises|facts|definitions" },
    { "item", FD_P_TEXT, false, false, false, "ID", "只要这个数据项(facts)",
      "only this data item (facts)", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "只要这个期间", "only this period", NULL },
};
static const char *const export_examples[] = {
    "export enterprises --city out/huanzhou.fangding --at 2024 --format csv",
    "export facts --item sei_output --at 2024 --city out/huanzhou.fangding --role 统计 --format "
    "csv",
    "export definitions --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_export = {
    .name = "export",
    .zh = "导出企业、事实(带来源文件和行)、定义",
    .en = "export enterprises, facts (with source file and row), definitions",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = export_params,
    .param_count = sizeof export_params / sizeof *export_params,
    .examples = export_examples,
    .run = run_export,
};

static int run_trace(fd_call *call, fd_result *result)
{
    fd_table *t = NULL;
    int err = fd_trace(&t, call);

    if (err >= 0) {
        result->screen[call->lang] = fd_trace_screen(t, call->lang);
        fd_result_add(result, t);
    }
    return err;
}

static const char *const trace_examples[] = { "trace --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_trace = {
    .name = "trace",
    .zh = "文章里的 105 件事:算出、有数据、模板、未做,各看哪条命令",
    .en =
        "the article's 105 things: computed, has data, template, not yet, and the command for each",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .examples = trace_examples,
    .run = run_trace,
};

static void doctor_line(fd_table *t, const char *what, bool ok, const char *finding)
{
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, what);
    fd_column_set_text(t->columns[1], row, ok ? "●" : "■");
    fd_column_set_text(t->columns[2], row, finding);
}

static int run_doctor(fd_call *call, fd_result *result)
{
    bool zh = call->lang == FD_ZH;
    fd_table *t = fd_table_new("doctor", "体检", "Check-up"), *sources = NULL;
    char text[256];
    int64_t lines = 0;
    fd_city *city = NULL;
    int err;

    fd_table_add_new(t, "what", "项目", "What", FD_TEXT, "", 0);
    fd_table_add_new(t, "ok", "状态", "State", FD_TEXT, "", 0);
    fd_table_add_new(t, "finding", "情况", "Finding", FD_TEXT, "", 0);
    doctor_line(t, zh ? "程序" : "program", true, "fangding " FD_VERSION);
    snprintf(text, sizeof text, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    doctor_line(t, zh ? "处理器" : "processors", true, text);
    if (!call->city_path) {
        fd_result_add(result, t);
        return 0;
    }
    err = fd_city_open(&city, call->city_path, call->as_of, false);
    if (err < 0) {
        fd_error_format(fd_error_last(), call->lang, text, sizeof text);
        doctor_line(t, zh ? "城市文件" : "city file", false, text);
        result->exit_code = 1;
        fd_result_add(result, t);
        return 0;
    }
    snprintf(text, sizeof text, zh ? "%s,快照 %lld" : "%s, snapshot %lld", call->city_path,
             (long long)fd_reader_snapshot(city->reader));
    doctor_line(t, zh ? "城市文件" : "city file", true, text);
    snprintf(text, sizeof text, "%.12s…", city->definitions_hash);
    doctor_line(t, zh ? "定义" : "definitions", true, text);
    if (fd_store_audit_verify(city->store, &lines) < 0) {
        doctor_line(t, zh ? "审计链" : "audit chain", false, fd_error_last()->message[call->lang]);
        result->exit_code = 1;
    } else {
        snprintf(text, sizeof text, zh ? "完整,%lld 条" : "whole, %lld lines", (long long)lines);
        doctor_line(t, zh ? "审计链" : "audit chain", true, text);
    }
    if (fd_reader_sources(city->reader, &sources) >= 0) {
        snprintf(text, sizeof text, zh ? "%zu 个文件" : "%zu files", sources->rows);
        doctor_line(t, zh ? "来源" : "sources", true, text);
    }
    fd_table_free(sources);
    fd_city_free(city);
    fd_result_add(result, t);
    return 0;
}

static const char *const doctor_examples[] = { "doctor", "doctor --city out/huanzhou.fangding",
                                               NULL };
const fd_verb fd_verb_doctor = {
    .name = "doctor",
    .zh = "体检:程序、城市文件、定义、审计链",
    .en = "check-up: program, city file, definitions, audit chain",
    .purpose = FD_ADMINISTRATION,
    .examples = doctor_examples,
    .run = run_doctor,
};
