/*
 * series, explain: one indicator over all its periods, and what it means.
 */
#include <stdlib.h>
#include <string.h>

#include "app/protect.h"
#include "app/registry.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/utf8.h"
#include "fangding/measure.h"

static int find_decl(const fd_decl **out, const fd_program *program, const char *name)
{
    static const fd_decl_kind kinds[] = { FD_DECL_INDICATOR, FD_DECL_TARGET, FD_DECL_ITEM,
                                          FD_DECL_CLASS,     FD_DECL_PARAM,  FD_DECL_LIGHT,
                                          FD_DECL_RECORD,    FD_DECL_UNIT,   FD_DECL_FORM,
                                          FD_DECL_CHAIN,     FD_DECL_CUBE,   FD_DECL_INDEX,
                                          FD_DECL_COMPLETE };

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if ((*out = fd_program_find_decl(program, kinds[k], name)))
            return 0;
    fd_error_set(FD_ENOTFOUND, "没有这条定义:%s", "no such definition: %s", name);
    return fd_error_hint("fangding show definitions 列出全部",
                         "fangding show definitions lists all");
}

/* Who and what the series is of, one row. */
static fd_table *about(const fd_indicator *indicator, fd_lang lang)
{
    static const char *const columns[][3] = {
        { "id", "别名", "Id" },       { "name", "名称", "Name" },
        { "unit", "单位", "Unit" },   { "sources", "来源", "Sources" },
        { "basis", "口径", "Basis" }, { "better", "方向", "Better" }
    };
    fd_table *t = fd_table_new("about", indicator->name, indicator->id);
    fd_buf sources = FD_BUF_INIT;
    size_t row;

    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        fd_table_add_new(t, columns[c][0], columns[c][1], columns[c][2], FD_TEXT, "", 0);
    row = fd_table_add_row(t);
    for (size_t i = 0; i < indicator->source_count; i++)
        fd_buf_printf(&sources, "%s%s", i ? "、" : "", indicator->sources[i]);
    fd_column_set_text(t->columns[0], row, indicator->id);
    fd_column_set_text(t->columns[1], row, indicator->name);
    fd_column_set_text(t->columns[2], row, indicator->unit ? indicator->unit->name : "");
    fd_column_set_text(t->columns[3], row, fd_buf_text(&sources));
    fd_column_set_text(t->columns[4], row,
                       indicator->verified ? (lang == FD_ZH ? "核定" : "verified")
                                           : (lang == FD_ZH ? "测算" : "estimated"));
    if (indicator->higher_is_better || indicator->lower_is_better)
        fd_column_set_text(t->columns[5], row, indicator->higher_is_better ? "up" : "down");
    fd_buf_dispose(&sources);
    return t;
}

static int run_series(fd_call *call, fd_result *result)
{
    fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
    const char *name = fd_call_text(call, "id");
    const fd_indicator *indicator = fd_program_indicator(call->city->program, name);
    fd_period *periods = NULL;
    fd_table *t = NULL;
    size_t count = 0;
    int err;

    if (!indicator) {
        const char *const *names;
        const char *nearest;
        size_t n;

        fd_error_set(FD_ENOTFOUND, "没有这个指标:%s", "no such indicator: %s", name);
        names = fd_program_names(call->city->program, FD_DECL_INDICATOR, &n);
        nearest = fd_nearest(name, names, n);
        if (nearest)
            return fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
        return fd_error_hint("fangding show indicators 列出全部指标",
                             "fangding show indicators lists all indicators");
    }
    if ((err = fd_measure_periods(&periods, &count, call->city->program, call->city->source,
                                  indicator)) < 0)
        goto done;
    options.pool = fd_pool_new(0);
    err = fd_measure(&t, call->city->program, call->city->source, &indicator, 1, periods, count,
                     &options);
    fd_pool_free(options.pool);
    if (err < 0 || (err = fd_protect(&t, call, indicator, 0, false)) < 0)
        goto done;
    free(t->id);
    t->id = fd_strdup("series");
    fd_result_add(result, t);
    t = NULL;
    fd_result_add(result, about(indicator, call->lang));
done:
    fd_table_free(t);
    free(periods);
    return err < 0 ? err : 0;
}

static const fd_verb_param series_params[] = {
    { "id", FD_P_TEXT, true, true, false, "ID", "指标", "indicator", NULL },
};
static const char *const series_examples[] = { "series sei_share --city out/huanzhou.fangding",
                                               NULL };
const fd_verb fd_verb_series = {
    .name = "series",
    .zh = "一个指标的全部期间,连同口径和来源",
    .en = "an indicator at every period it can be asked for, with its basis and sources",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = series_params,
    .param_count = 1,
    .examples = series_examples,
    .run = run_series,
};

static const char *kind_name(fd_decl_kind kind, fd_lang lang)
{
    static const char *const names[FD_DECL_COUNT][2] = {
        [FD_DECL_ITEM] = { "数据", "data item" },
        [FD_DECL_UNIT] = { "单位", "unit" },
        [FD_DECL_CLASS] = { "分类", "class" },
        [FD_DECL_INDICATOR] = { "指标", "indicator" },
        [FD_DECL_TARGET] = { "目标", "target" },
        [FD_DECL_PARAM] = { "参数", "parameter" },
        [FD_DECL_LIGHT] = { "灯", "light" },
        [FD_DECL_RECORD] = { "记录", "record" },
        [FD_DECL_FORM] = { "报表", "form" },
        [FD_DECL_CHAIN] = { "链", "chain" },
        [FD_DECL_CUBE] = { "发布表", "cube" },
        [FD_DECL_INDEX] = { "指数", "index" },
        [FD_DECL_COMPLETE] = { "全名单", "complete list" },
    };

    return names[kind][lang] ? names[kind][lang] : "";
}

/* One row: what the declaration says, in words and as written. */
static int put_definition(fd_table *t, const fd_program *program, const fd_decl *decl, fd_lang lang)
{
    char *words = NULL, *text = NULL;
    size_t row;
    int err;

    if ((err = fd_decl_explain(&words, program, decl, lang)) < 0 ||
        (err = fd_decl_print(&text, decl, lang)) < 0)
        goto done;
    row = fd_table_add_row(t);
    fd_column_set_text(t->columns[0], row, kind_name(decl->kind, lang));
    fd_column_set_text(t->columns[1], row, decl->alias);
    fd_column_set_text(t->columns[2], row, decl->name);
    fd_column_set_text(t->columns[3], row, words);
    fd_column_set_text(t->columns[4], row, text);
    fd_column_set_text(t->columns[5], row, decl->file);
done:
    free(words);
    free(text);
    return err;
}

/* The declarations that an expression names, each once, in order of appearance. */
static int put_operands(fd_table *t, const fd_program *program, const fd_expr *e, fd_lang lang)
{
    int err = 0;

    if (!e)
        return 0;
    if (e->kind == FD_EXPR_NAME && e->text) {
        const fd_decl *decl = NULL;
        fd_decl_kind kinds[] = { FD_DECL_INDICATOR, FD_DECL_ITEM, FD_DECL_CLASS, FD_DECL_PARAM };

        for (size_t k = 0; k < sizeof kinds / sizeof *kinds && !decl; k++)
            decl = fd_program_find_decl(program, kinds[k], e->text);
        for (size_t r = 0; decl && r < t->rows; r++)
            if (strcmp(fd_column_text(t->columns[1], r), decl->alias) == 0)
                decl = NULL;
        if (decl && (err = put_definition(t, program, decl, lang)) < 0)
            return err;
    }
    for (size_t i = 0; i < e->child_count && err >= 0; i++)
        err = put_operands(t, program, e->children[i], lang);
    return err < 0 ? err : put_operands(t, program, e->where, lang);
}

static int run_explain(fd_call *call, fd_result *result)
{
    static const char *const columns[][3] = {
        { "kind", "种类", "Kind" },           { "id", "别名", "Id" },
        { "name", "名称", "Name" },           { "words", "用话说", "In words" },
        { "text", "用鼎言写", "In Dingyan" }, { "file", "文件", "File" }
    };
    const fd_program *program = call->city->program;
    const fd_indicator *indicator;
    const fd_decl *decl;
    fd_table *t;
    int err;

    if ((err = find_decl(&decl, program, fd_call_text(call, "id"))) < 0)
        return err;
    t = fd_table_new("definition", decl->name, decl->alias);
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        fd_table_add_new(t, columns[c][0], columns[c][1], columns[c][2], FD_TEXT, "", 0);
    err = put_definition(t, program, decl, call->lang);
    indicator = decl->kind == FD_DECL_INDICATOR ? fd_program_indicator(program, decl->alias) : NULL;
    if (err >= 0 && indicator)
        err = put_operands(t, program, indicator->formula, call->lang);
    if (err >= 0 && indicator)
        err = put_operands(t, program, indicator->total, call->lang);
    if (err < 0)
        fd_table_free(t);
    else
        fd_result_add(result, t);
    return err;
}

static const fd_verb_param explain_params[] = {
    { "id", FD_P_TEXT, true, true, false, "ID", "指标、目标、数据项、分类……的别名或名称",
      "id or name of an indicator, target, item, class …", NULL },
};
static const char *const explain_examples[] = { "explain sei_share --city out/huanzhou.fangding",
                                                NULL };
const fd_verb fd_verb_explain = {
    .name = "explain",
    .zh = "一条定义是什么意思:用话说、用鼎言写,连同它用到的定义",
    .en = "what a definition means, in words and in Dingyan, with the definitions it uses",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = explain_params,
    .param_count = 1,
    .examples = explain_examples,
    .run = run_explain,
};
