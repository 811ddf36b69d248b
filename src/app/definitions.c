#include "app/definitions.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/members.h"
#include "base/map.h"

static const char *const kind_names[FD_DECL_COUNT] = {
    [FD_DECL_ITEM] = "数据",      [FD_DECL_UNIT] = "单位",   [FD_DECL_CLASS] = "分类",
    [FD_DECL_INDICATOR] = "指标", [FD_DECL_TARGET] = "目标", [FD_DECL_PARAM] = "参数",
    [FD_DECL_LIGHT] = "灯",       [FD_DECL_RECORD] = "记录", [FD_DECL_FORM] = "报表",
    [FD_DECL_CHAIN] = "链",       [FD_DECL_CUBE] = "发布表", [FD_DECL_POLICY] = "政策",
    [FD_DECL_LADDER] = "梯度",    [FD_DECL_INDEX] = "指数",  [FD_DECL_COMPLETE] = "全名单",
};

int fd_definitions_parse(fd_script ***out, size_t *count, const fd_table *definitions,
                         fd_diags *diags)
{
    const fd_column *text = definitions->columns[fd_table_find(definitions, "text")];
    const fd_column *file = definitions->columns[fd_table_find(definitions, "file")];
    fd_map *files = fd_map_new();
    fd_buf *joined = NULL;
    size_t n;
    int err = 0;

    for (size_t i = 0; i < definitions->rows; i++) {
        fd_view name = fd_view_of(fd_column_text(file, i));
        size_t known = fd_map_count(files);
        size_t at = (size_t)fd_map_intern(files, name, known);

        if (at == known) {
            joined = fd_realloc_array(joined, known + 1, sizeof *joined);
            joined[known] = (fd_buf)FD_BUF_INIT;
        }
        fd_buf_puts(&joined[at], fd_column_text(text, i));
        fd_buf_puts(&joined[at], "\n");
    }
    n = fd_map_count(files);
    *out = fd_alloc((n ? n : 1) * sizeof **out);
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        assert(joined);
        int one = fd_script_parse(&(*out)[*count], fd_buf_text(&joined[i]), joined[i].len,
                                  fd_map_key(files, i).ptr, diags);

        if ((*out)[*count])
            ++*count;
        if (one < 0 && err >= 0)
            err = one;
    }
    for (size_t i = 0; i < n; i++)
        fd_buf_dispose(&joined[i]);
    free(joined);
    fd_map_free(files);
    return err;
}

int fd_definitions_add(fd_batch *batch, const char *text, size_t length, const char *file,
                       bool shipped, fd_diags *diags)
{
    fd_script *script = NULL;
    int err = fd_script_parse(&script, text, length, file, diags);

    for (size_t i = 0; err >= 0 && i < script->count; i++) {
        const fd_decl *d = &script->decls[i];
        fd_buf whole = FD_BUF_INIT;

        if (d->comment) {
            fd_buf_puts(&whole, d->comment);
            if (whole.len && whole.ptr[whole.len - 1] != '\n')
                fd_buf_putc(&whole, '\n');
        }
        if (d->kind == FD_DECL_CLASS)
            err = fd_members_expand(&whole, d);
        else
            fd_buf_puts(&whole, d->text);
        if (err >= 0)
            err = fd_batch_definition(batch, kind_names[d->kind], d->alias, fd_buf_text(&whole),
                                      file, shipped, d->replaces);
        fd_buf_dispose(&whole);
    }
    fd_script_free(script);
    return err;
}

int fd_definitions_ship(fd_batch *batch, fd_diags *diags)
{
    const char *path;
    fd_view bytes;
    int err = 0;

    for (size_t i = 0; err >= 0 && fd_asset_next_definitions(&i, &path, &bytes);)
        err = fd_definitions_add(batch, bytes.ptr, bytes.len, path, true, diags);
    return err;
}

static bool is_renewed(fd_script *const *scripts, size_t count, const char *kind, const char *id)
{
    for (size_t i = 0; i < count; i++)
        for (size_t d = 0; d < scripts[i]->count; d++)
            if (scripts[i]->decls[d].replaces &&
                strcmp(kind_names[scripts[i]->decls[d].kind], kind) == 0 &&
                strcmp(scripts[i]->decls[d].alias, id) == 0)
                return true;
    return false;
}

int fd_definitions_beside(fd_table **out, const fd_table *held, fd_script *const *scripts,
                          size_t count)
{
    const fd_column *kind = held->columns[fd_table_find(held, "kind")];
    const fd_column *id = held->columns[fd_table_find(held, "id")];
    bool *keep = fd_alloc((held->rows + 1) * sizeof *keep);
    int err;

    for (size_t r = 0; r < held->rows; r++)
        keep[r] = !is_renewed(scripts, count, fd_column_text_or(kind, r, ""),
                              fd_column_text_or(id, r, ""));
    err = fd_table_filter(out, held, keep);
    free(keep);
    return err;
}

static const char *const severities[2][3] = { { "提示", "注意", "错误" },
                                              { "note", "warning", "fault" } };

char *fd_diags_text(const fd_diags *diags, fd_lang lang)
{
    fd_buf out = FD_BUF_INIT;

    for (size_t i = 0; i < diags->list.count; i++) {
        const fd_diag *d = diags->list.items[i];
        const fd_error *e = &d->error;

        fd_buf_printf(&out, "%s:%ld:%ld: %s: %s [%s]\n", e->file, e->row, e->column,
                      severities[lang][d->severity], e->message[lang], d->rule);
        if (e->detail[lang][0])
            fd_buf_printf(&out, "  %s\n", e->detail[lang]);
        if (e->hint[lang][0])
            fd_buf_printf(&out, "  %s%s\n", lang == FD_ZH ? "建议:" : "hint: ", e->hint[lang]);
    }
    return fd_buf_take(&out);
}

fd_table *fd_diags_table(const fd_diags *diags)
{
    fd_table *t = fd_table_new("findings", "检查结果", "Findings");
    fd_column *severity = fd_table_add_new(t, "severity", "级别", "Severity", FD_TEXT, "", 0);
    fd_column *file = fd_table_add_new(t, "file", "文件", "File", FD_TEXT, "", 0);
    fd_column *line = fd_table_add_new(t, "line", "行", "Line", FD_DEC, "", 0);
    fd_column *column = fd_table_add_new(t, "column", "列", "Column", FD_DEC, "", 0);
    fd_column *rule = fd_table_add_new(t, "rule", "规则", "Rule", FD_TEXT, "", 0);
    fd_column *zh = fd_table_add_new(t, "message", "说明", "Message", FD_TEXT, "", 0);
    fd_column *en = fd_table_add_new(t, "message_en", "英文说明", "Message (en)", FD_TEXT, "", 0);
    fd_column *detail = fd_table_add_new(t, "detail", "细节", "Detail", FD_TEXT, "", 0);
    fd_column *hint = fd_table_add_new(t, "hint", "建议", "Hint", FD_TEXT, "", 0);

    for (size_t i = 0; i < diags->list.count; i++) {
        const fd_diag *d = diags->list.items[i];
        size_t row = fd_table_add_row(t);

        fd_column_set_text(severity, row, severities[FD_ZH][d->severity]);
        fd_column_set_text(file, row, d->error.file);
        if (d->error.row)
            fd_column_set_dec(line, row, d->error.row);
        if (d->error.column)
            fd_column_set_dec(column, row, d->error.column);
        fd_column_set_text(rule, row, d->rule);
        fd_column_set_text(zh, row, d->error.message[FD_ZH]);
        fd_column_set_text(en, row, d->error.message[FD_EN]);
        if (d->error.detail[FD_ZH][0])
            fd_column_set_text(detail, row, d->error.detail[FD_ZH]);
        if (d->error.hint[FD_ZH][0])
            fd_column_set_text(hint, row, d->error.hint[FD_ZH]);
    }
    return t;
}
