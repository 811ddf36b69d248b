/*
 * 指数 declarations as trees, and weights frozen for a plan period.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/index_city.h"
#include "base/str.h"
#include "base/utf8.h"
#include "io/csvtable.h"
#include "io/rows.h"

enum { C_CODE, C_PARENT, C_DIRECTION, C_WEIGHT, C_LOW, C_HIGH, C_NAME };

static const fd_column_spec specs[] = {
    { "code", "指标", "Indicator", FD_TEXT, NULL, 0 },
    { "parent", "上级", "Parent", FD_TEXT, NULL, 0 },
    { "direction", "方向", "Direction", FD_TEXT, NULL, 0 },
    { "weight", "权重", "Weight", FD_EST, NULL, 0 },
    { "low", "下限", "Low", FD_EST, NULL, 0 },
    { "high", "上限", "High", FD_EST, NULL, 0 },
    { "name", "名称", "Name", FD_TEXT, NULL, 0 },
};

/* ---- reading a declaration ---- */

typedef struct reader {
    fd_call *call;
    const fd_decl *decl;
    fd_index_decl *out;
} reader;

static int fault(const reader *r, const fd_clause *clause, const char *zh, const char *en,
                 const char *what)
{
    fd_error_set(FD_EPARSE, "指数「%s」:%s:%s", "index %s: %s: %s", r->decl->name, zh, what);
    (void)en;
    return fd_error_at((fd_place){ r->decl->file, NULL, (long)clause->span.line, 0 });
}

static bool is_word(const char *word, const char *zh, const char *en)
{
    return strcmp(word, zh) == 0 || strcmp(word, en) == 0;
}

/* What stands behind a name: 正 逆, 权重 N, 下限 N, 上限 N. */
static int read_words(reader *r, const fd_clause *clause, size_t k, size_t row)
{
    fd_table *t = r->out->tree;

    for (; k < clause->word_count; k++) {
        const char *word = clause->words[k];
        const int column = is_word(word, "权重", "weight") ? C_WEIGHT
                           : is_word(word, "下限", "low")  ? C_LOW
                           : is_word(word, "上限", "high") ? C_HIGH
                                                           : -1;
        double value;

        if (is_word(word, "正", "higher") || is_word(word, "逆", "lower")) {
            fd_column_set_text(t->columns[C_DIRECTION], row,
                               is_word(word, "逆", "lower") ? "-" : "+");
            continue;
        }
        if (column < 0)
            return fault(r, clause, "不认得这个词", "not a word of an index", word);
        if (k + 1 >= clause->word_count ||
            !fd_csv_number(&value, clause->words[k + 1], strlen(clause->words[k + 1])))
            return fault(r, clause, "后面应是数", "a number should follow", word);
        fd_column_set_est(t->columns[column], row, value);
        k++;
    }
    return 0;
}

static int read_leaf(reader *r, const fd_clause *clause, const char *parent)
{
    const fd_program *program = r->call->city->program;
    const fd_indicator *indicator;
    fd_table *t = r->out->tree;
    const char *const *names, *near;
    size_t row, count;

    if (!clause->word_count)
        return fault(r, clause, "项 要写指标", "a leaf names an indicator", "");
    if (!(indicator = fd_program_indicator(program, clause->words[0]))) {
        int err = fault(r, clause, "没有这个指标", "no such indicator", clause->words[0]);

        names = fd_program_names(program, FD_DECL_INDICATOR, &count);
        if ((near = fd_nearest(clause->words[0], names, count)))
            fd_error_hint("是不是「%s」?", "did you mean %s?", near);
        return err;
    }
    row = fd_table_add_row(t);
    fd_column_set_text(t->columns[C_CODE], row, indicator->id);
    if (parent)
        fd_column_set_text(t->columns[C_PARENT], row, parent);
    fd_column_set_text(t->columns[C_NAME], row, indicator->name);
    fd_column_set_text(t->columns[C_DIRECTION], row, indicator->lower_is_better ? "-" : "+");
    return read_words(r, clause, 1, row);
}

static int read_branch(reader *r, const fd_clause *clause, const char *parent)
{
    fd_table *t = r->out->tree;
    const size_t row = fd_table_add_row(t);
    const char *code;
    size_t k = 1;
    int err;

    if (!clause->word_count)
        return fault(r, clause, "支 没有名称", "a branch has no name", "");
    code = clause->words[0];
    if (clause->word_count > 2 && strcmp(clause->words[1], "/") == 0) {
        code = clause->words[2];
        k = 3;
    }
    fd_column_set_text(t->columns[C_CODE], row, code);
    fd_column_set_text(t->columns[C_NAME], row, clause->words[0]);
    if (parent)
        fd_column_set_text(t->columns[C_PARENT], row, parent);
    if ((err = read_words(r, clause, k, row)) < 0)
        return err;
    for (size_t i = 0; i < clause->child_count && err >= 0; i++) {
        const fd_clause *child = &clause->children[i];

        if (is_word(child->keyword, "项", "leaf"))
            err = read_leaf(r, child, code);
        else if (is_word(child->keyword, "支", "branch"))
            err = read_branch(r, child, code);
        else
            err = fault(r, child, "支 下面只有 项 和 支",
                        "below a branch stand leaves and branches", child->keyword);
    }
    return err;
}

/* "2021..2025" or "2021"; false when it is neither. */
static bool read_plan(int *from, int *to, const char *text)
{
    char *end;

    *from = *to = (int)strtol(text, &end, 10);
    if (strncmp(end, "..", 2) == 0)
        *to = (int)strtol(end + 2, &end, 10);
    return !*end && *from >= 1900 && *to >= *from && *to <= 2200;
}

static int read_clause(reader *r, const fd_clause *c)
{
    fd_index_decl *o = r->out;
    const char *first = c->word_count ? c->words[0] : c->text ? c->text : "";

    if (strcmp(c->keyword, "示例") == 0)
        o->is_example = true;
    else if (strcmp(c->keyword, "版本") == 0)
        o->edition = atoi(first);
    else if (strcmp(c->keyword, "规划期") == 0 && !read_plan(&o->plan_from, &o->plan_to, first))
        return fault(r, c, "规划期应写成 2021..2025", "a plan is written 2021..2025", first);
    else if (strcmp(c->keyword, "定权") == 0)
        o->method = strcmp(first, "熵权") == 0         ? FD_INDEX_ENTROPY
                    : strcmp(first, "熵权TOPSIS") == 0 ? FD_INDEX_TOPSIS
                                                       : FD_INDEX_FIXED;
    else if (strcmp(c->keyword, "维度") == 0) {
        o->by_county = is_word(first, "县区", "county");
        if (!o->by_county && !is_word(first, "市", "city"))
            return fault(r, c, "维度应为 县区 或 市", "dimensions are county or city", first);
    } else if (strcmp(c->keyword, "组合") == 0) {
        double percent;

        if (!fd_csv_number(&percent, first, strcspn(first, "%")) || percent < 0 || percent > 100)
            return fault(r, c, "组合应为 0 % 到 100 %", "a combination is 0 % to 100 %", first);
        o->combination = percent / 100;
    } else if (strcmp(c->keyword, "支") == 0) {
        return read_branch(r, c, NULL);
    } else if (strcmp(c->keyword, "项") == 0) {
        return read_leaf(r, c, NULL);
    }
    return 0;
}

static int not_found(const fd_program *program, const char *name)
{
    fd_buf names = FD_BUF_INIT;
    const fd_decl *decl;

    for (size_t i = 0; (decl = fd_program_decl(program, FD_DECL_INDEX, i)); i++)
        fd_buf_printf(&names, "%s%s", i ? " " : "", decl->alias);
    fd_error_set(FD_ENOTFOUND, "没有这个指数:%s", "no such index: %s", name);
    fd_error_hint("有:%s", "there are: %s", names.len ? fd_buf_text(&names) : "-");
    fd_buf_dispose(&names);
    return FD_ENOTFOUND;
}

int fd_index_decl_read(fd_index_decl *out, fd_call *call, const char *name)
{
    const fd_decl *decl = fd_program_find_decl(call->city->program, FD_DECL_INDEX, name);
    reader r = { call, decl, out };
    int err = 0;

    memset(out, 0, sizeof *out);
    if (!decl)
        return not_found(call->city->program, name);
    out->id = fd_arena_strdup(call->arena, decl->alias);
    out->name = fd_arena_strdup(call->arena, decl->name);
    out->by_county = true;
    out->edition = 1;
    out->tree = fd_table_new("tree", "指标树", "Tree");
    fd_table_add_columns(out->tree, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < decl->clause_count && err >= 0; i++)
        err = read_clause(&r, &decl->clauses[i]);
    if (err >= 0 && !out->tree->rows)
        err = fd_error_set(FD_EPARSE, "指数「%s」没有 支 或 项", "index %s has no branch or leaf",
                           decl->name);
    return err;
}

void fd_index_decl_dispose(fd_index_decl *decl)
{
    fd_table_free(decl->tree);
    decl->tree = NULL;
}

/* ---- frozen weights ---- */

/* A stored table `weights` (lines of CSV separated by semicolons) as fd_csv_table() would read it.
 */
static int read_weights(fd_table **out, fd_arena *arena, const char *text)
{
    static const fd_column_spec columns[] = {
        { "code", "", "", FD_TEXT, NULL, 0 },      { "parent", "", "", FD_TEXT, NULL, 0 },
        { "direction", "", "", FD_TEXT, NULL, 0 }, { "low", "", "", FD_EST, NULL, 0 },
        { "high", "", "", FD_EST, NULL, 0 },       { "weight", "", "", FD_EST, NULL, 0 },
        { "global", "", "", FD_EST, NULL, 0 },     { "entropy", "", "", FD_EST, NULL, 0 },
        { "method", "", "", FD_TEXT, NULL, 0 },    { "plan", "", "", FD_TEXT, NULL, 0 },
    };
    enum { COLUMNS = sizeof columns / sizeof *columns };
    fd_table *t = fd_table_new("weights", "冻结的权重", "Frozen weights");
    fd_rows *rows = NULL;
    const fd_row *row;
    char *lines = fd_arena_strdup(arena, text);
    int err;

    for (char *c = lines; *c; c++)
        if (*c == ';')
            *c = '\n';
    err = fd_rows_open_memory(&rows, lines, strlen(lines), "index_weights", NULL);
    fd_table_add_columns(t, columns, COLUMNS);
    for (size_t line = 0; err >= 0 && (err = fd_rows_next(rows, &row)) > 0; line++) {
        const size_t at = line ? fd_table_add_row(t) : 0;

        if (row->count != COLUMNS) {
            err = fd_error_set(FD_EFORMAT, "冻结的权重第 %zu 行应有 %d 列",
                               "row %zu of the frozen weights should have %d columns", line + 1,
                               COLUMNS);
            break;
        }
        for (size_t c = 0; line && c < COLUMNS; c++) {
            const fd_view cell = row->cells[c].text;
            double value;

            if (!cell.len)
                continue;
            if (t->columns[c]->kind == FD_EST) {
                if (!fd_csv_number(&value, cell.ptr, cell.len))
                    err = fd_error_set(FD_EFORMAT, "冻结的权重第 %zu 行第 %zu 列应是数",
                                       "row %zu, column %zu of the frozen weights: a number",
                                       line + 1, c + 1);
                else
                    fd_column_set_est(t->columns[c], at, value);
            } else {
                fd_column_set_text(t->columns[c], at, fd_arena_strndup(arena, cell.ptr, cell.len));
            }
        }
        if (err < 0)
            break;
    }
    if (rows)
        fd_rows_close(rows);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err < 0 ? err : 0;
}

/* A cell of any kind as text. */
static const char *field(fd_call *call, const fd_table *t, size_t row, const char *name)
{
    const int at = fd_table_find(t, name);
    const char *text = fd_table_text(t, name, row);
    char buf[64] = "";

    if (!*text && at >= 0 && fd_column_state(t->columns[at], row) == FD_HAS) {
        fd_column_format(t->columns[at], row, FD_ZH, buf, sizeof buf);
        text = buf;
    }
    return fd_arena_strdup(call->arena, text);
}

int fd_index_frozen_read(fd_index_frozen *out, fd_call *call, const char *id, int year)
{
    fd_table *t = NULL;
    int err = 0;

    memset(out, 0, sizeof *out);
    if (!fd_program_record(call->city->program, "index_weights"))
        return 0;
    if ((err = call->city->source->ops->records(call->city->source, "index_weights", FD_DATE_MAX,
                                                &t)) < 0)
        return err;
    for (size_t r = 0; r < t->rows && err >= 0 && !out->there; r++) {
        int from, to;

        if (strcmp(field(call, t, r, "state"), "生效") != 0 ||
            strcmp(field(call, t, r, "index"), id) != 0 ||
            !read_plan(&from, &to, field(call, t, r, "plan")) || year < from || year > to)
            continue;
        out->there = true;
        out->from = from;
        out->to = to;
        out->key = field(call, t, r, "id");
        out->plan = field(call, t, r, "plan");
        out->reason = field(call, t, r, "reason");
        out->batch = field(call, t, r, "batch");
        out->since = field(call, t, r, "since");
        out->edition = atoi(field(call, t, r, "edition"));
        err = read_weights(&out->tree, call->arena, field(call, t, r, "tree"));
    }
    fd_table_free(t);
    return err < 0 ? err : 0;
}

void fd_index_frozen_dispose(fd_index_frozen *frozen)
{
    fd_table_free(frozen->tree);
    frozen->tree = NULL;
}
