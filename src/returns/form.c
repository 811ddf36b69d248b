/*
 * Compiling 报表: clauses → what the reader needs, so that reading asks no text twice.
 */
#include "returns/form.h"

#include <stdlib.h>

#include "base/str.h"
#include "io/file.h"
#include "base/utf8.h"

/* ---- folding --------------------------------------------------------------------------------- */

void fd_returns__fold_into(fd_buf *out, fd_view text)
{
    size_t at = 0, to = 0;

    fd_buf_clear(out);
    fd_utf8_fold(out, text);
    /* Dashes of every length become one '-', line ends go. */
    while (at < out->len) {
        size_t start = at;
        uint32_t c = fd_utf8_next(out->ptr, out->len, &at);
        bool dash = (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == '-' || c == '~' ||
                    c == 0x301C || c == 0xFF5E || c == 0x2500;

        if (c == '\n' || c == '\r' || c == '\t' || c == 0xFEFF || c == 0x200B)
            continue;
        if (dash) {
            if (to == 0 || out->ptr[to - 1] != '-')
                out->ptr[to++] = '-';
            continue;
        }
        memmove(out->ptr + to, out->ptr + start, at - start);
        to += at - start;
    }
    if (out->ptr)
        out->ptr[to] = '\0';
    out->len = to;
}

const char *fd_returns__fold(fd_arena *arena, const char *text, size_t length)
{
    fd_buf b = FD_BUF_INIT;
    const char *out;

    fd_returns__fold_into(&b, (fd_view){ text, length });
    out = fd_arena_strndup(arena, fd_buf_text(&b), b.len);
    fd_buf_dispose(&b);
    return out;
}

bool fd_returns__fits(const char *pattern, const char *name)
{
    const char *star = NULL, *retry = NULL;

    /* One remembered star suffices: a later star makes earlier choices irrelevant. */
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            retry = name;
        } else if (*pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

const char *fd_returns__kind(const char *word)
{
    static const char *const kinds[][2] = {
        { "企业", "enterprise" }, { "县区", "county" },       { "县", "county" },
        { "市", "city" },         { "行业大类", "division" }, { "产业链", "chain" },
        { "项目", "project" },    { "园区", "park" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(word, kinds[i][0]) == 0 || strcmp(word, kinds[i][1]) == 0)
            return kinds[i][1];
    return NULL;
}

/* ---- clauses --------------------------------------------------------------------------------- */

fd_error *fd_form__fault(fd_diags *diags, const fd_form *form, const fd_clause *clause,
                         const char *zh, const char *en, const char *word)
{
    fd_place place = { form->decl->file, NULL, clause ? clause->span.line : form->decl->span.line,
                       clause ? clause->span.column : form->decl->span.column };
    fd_error *e =
        fd_diags_add(diags, FD_FAULT, "form", place, "报表 %s:%s", "form %s: %s", form->name, "");

    /* The two texts differ by language, which one argument list cannot give. */
    snprintf(e->message[FD_ZH], sizeof e->message[FD_ZH], "报表 %s:%s%s%s", form->name, zh,
             word ? ":" : "", word ? word : "");
    snprintf(e->message[FD_EN], sizeof e->message[FD_EN], "form %s: %s%s%s", form->id, en,
             word ? ": " : "", word ? word : "");
    return e;
}

static bool word_is(const char *word, const char *zh, const char *en)
{
    return word && (strcmp(word, zh) == 0 || strcmp(word, en) == 0);
}

static const char **fold_words(fd_arena *arena, const fd_clause *clause, const char **more,
                               size_t *count)
{
    const char **out = fd_arena_alloc(arena, (*count + clause->word_count + 1) * sizeof *out);

    for (size_t i = 0; i < *count; i++)
        out[i] = more[i];
    for (size_t i = 0; i < clause->word_count; i++)
        out[(*count)++] = fd_returns__fold(arena, clause->words[i], strlen(clause->words[i]));
    return out;
}

static bool read_subject(fd_form *form, const fd_clause *clause, fd_diags *diags)
{
    if (clause->word_count)
        form->kind = fd_returns__kind(clause->words[0]);
    if (!form->kind) {
        fd_form__fault(diags, form, clause,
                       "主体 应为 企业、县区、市、行业大类、产业链、项目、园区",
                       "subject: enterprise, county, city, division, chain, project or park", NULL);
        return false;
    }
    for (size_t i = 1; i < clause->word_count; i++) {
        const char *w = clause->words[i];

        if (word_is(w, "按", "by"))
            continue;
        if (word_is(w, "新增", "new"))
            form->creates = true;
        else if (word_is(w, "唯一", "only"))
            form->only = true;
        else if (word_is(w, "名称", "name") || word_is(w, "企业名称", "names"))
            form->by_name = true;
        else if (word_is(w, "代码", "code") || word_is(w, "统一社会信用代码", "uscc") ||
                 word_is(w, "编号", "number"))
            form->by_code = true;
        else {
            fd_form__fault(diags, form, clause, "主体 不认识的词", "unknown word in subject", w);
            return false;
        }
    }
    if (!form->by_code && !form->by_name)
        form->by_code = form->by_name = true;
    return true;
}

static bool read_period(fd_form *form, const fd_clause *clause, fd_diags *diags)
{
    bool limited = false, folder = false, header = false;

    for (size_t i = 0; i < clause->word_count; i++) {
        const char *w = clause->words[i];

        if (word_is(w, "年", "year"))
            form->when = FD_WHEN_YEAR;
        else if (word_is(w, "累计", "cumulative"))
            form->when = FD_WHEN_CUMULATIVE;
        else if (word_is(w, "当月", "month") || word_is(w, "月", "month"))
            form->when = FD_WHEN_MONTH;
        else if (word_is(w, "行", "row"))
            form->when = FD_WHEN_ROW;
        else if (word_is(w, "无", "none"))
            form->when = FD_WHEN_NONE;
        else if (word_is(w, "来自", "from"))
            limited = true;
        else if (word_is(w, "文件夹", "folder"))
            folder = true;
        else if (word_is(w, "表头", "header"))
            header = true;
        else if (!word_is(w, "或", "or") && !word_is(w, "选项", "option")) {
            fd_form__fault(diags, form, clause, "期间 不认识的词", "unknown word in period", w);
            return false;
        }
    }
    form->from_folder = !limited || folder;
    form->from_header = !limited || header;
    return true;
}

static bool read_units(fd_forms *forms, fd_form *form, const fd_clause *clause, fd_diags *diags)
{
    form->units = fd_arena_alloc(forms->arena, (clause->word_count + 1) * sizeof *form->units);
    for (size_t i = 0; i < clause->word_count; i++) {
        const char *at = strchr(clause->words[i], '@');
        size_t length = at ? (size_t)(at - clause->words[i]) : strlen(clause->words[i]);
        const char *name = fd_arena_strndup(forms->arena, clause->words[i], length);
        const fd_unit *unit = fd_program_unit(form->program, name);

        if (!unit) {
            fd_form__fault(diags, form, clause, "不认识的单位", "unknown unit", name);
            return false;
        }
        form->units[form->unit_count++] = (fd_dated_unit){ unit, at ? atoi(at + 1) : 0 };
    }
    return true;
}

static const char *one_word(const fd_clause *clause, const char *otherwise)
{
    return clause->word_count ? clause->words[0] : otherwise;
}

static bool read_expects(fd_forms *forms, fd_form *form, const fd_clause *clause)
{
    form->expects = fd_arena_alloc(forms->arena, (clause->word_count + 1) * sizeof *form->expects);
    for (size_t i = 0; i < clause->word_count; i++) {
        if (word_is(clause->words[i], "随", "with")) {
            const fd_item *item = i + 1 < clause->word_count
                                      ? fd_program_item(form->program, clause->words[i + 1])
                                      : NULL;

            form->expects_from = item ? item->id : NULL;
            break;
        }
        form->expects[form->expect_count++] = clause->words[i];
    }
    return true;
}

static bool read_clause(fd_forms *forms, fd_form *form, const fd_clause *c, fd_diags *diags)
{
    if (strcmp(c->keyword, "文件") == 0) {
        form->files = fold_words(forms->arena, c, form->files, &form->file_count);
    } else if (strcmp(c->keyword, "主体") == 0) {
        return read_subject(form, c, diags);
    } else if (strcmp(c->keyword, "同主体") == 0) {
        form->adds_up = word_is(one_word(c, NULL), "相加", "add");
    } else if (strcmp(c->keyword, "期间") == 0) {
        return read_period(form, c, diags);
    } else if (strcmp(c->keyword, "单位") == 0) {
        return read_units(forms, form, c, diags);
    } else if (strcmp(c->keyword, "来源类别") == 0) {
        form->origin = one_word(c, "");
    } else if (strcmp(c->keyword, "法律依据") == 0) {
        form->law = c->text;
    } else if (strcmp(c->keyword, "许可用途") == 0) {
        form->use = one_word(c, "");
    } else if (strcmp(c->keyword, "表号") == 0) {
        form->table_no = one_word(c, NULL);
    } else if (strcmp(c->keyword, "横线") == 0) {
        form->dash = word_is(one_word(c, ""), "不适用", "na") ? FD_NA : FD_MISSING;
    } else if (strcmp(c->keyword, "合计行") == 0) {
        form->totals = fold_words(forms->arena, c, form->totals, &form->total_count);
    } else if (strcmp(c->keyword, "生效") == 0) {
        form->since_ever = word_is(one_word(c, ""), "自始", "ever");
    } else if (strcmp(c->keyword, "应报") == 0) {
        return read_expects(forms, form, c);
    } else if (strcmp(c->keyword, "口径") == 0) {
        fd_basis basis;

        if (fd_basis_parse(&basis, one_word(c, "")) < 0) {
            fd_form__fault(diags, form, c, "不认识的口径", "unknown basis", c->text);
            return false;
        }
        form->basis = (int)basis;
    } else if (strcmp(c->keyword, "记录") == 0) {
        form->record = fd_program_record(form->program, one_word(c, ""));
        if (!form->record) {
            fd_form__fault(diags, form, c, "没有这种记录", "no such record type", c->text);
            return false;
        }
    }
    return true;
}

/* ---- names of columns -------------------------------------------------------------------------
 */

uint32_t fd_form__first(const fd_form *form, fd_view name)
{
    uint64_t entry;

    return fd_map_get(form->by_header, name, &entry) ? (uint32_t)entry : 0;
}

uint32_t fd_form__next(const fd_form *form, uint32_t entry)
{
    return form->name_next[entry - 1];
}

const fd_form_column *fd_form__column_of(const fd_form *form, uint32_t entry)
{
    return &form->columns[form->name_column[entry - 1]];
}

static void index_names(fd_forms *forms, fd_form *form)
{
    size_t total = 0;
    uint32_t n = 0;

    for (size_t i = 0; i < form->column_count; i++)
        total += form->columns[i].name_count;
    form->name_column = fd_arena_alloc(forms->arena, (total + 1) * sizeof *form->name_column);
    form->name_next = fd_arena_alloc(forms->arena, (total + 1) * sizeof *form->name_next);
    form->by_header = fd_map_new();
    for (size_t i = form->column_count; i-- > 0;)
        for (size_t k = form->columns[i].name_count; k-- > 0;) {
            fd_view name = fd_view_of(form->columns[i].names[k]);
            uint64_t before = 0;

            (void)fd_map_get(form->by_header, name, &before);
            if (before && form->name_column[before - 1] == i)
                continue; /* the same name twice on one column */
            form->name_column[n] = (uint32_t)i;
            form->name_next[n] = (uint32_t)before;
            fd_map_set(form->by_header, name, ++n);
        }
    form->name_entries = n;
}

/* Columns that every form of its kind has, unless it declares them itself. */
static void add_default(fd_forms *forms, fd_form *form, fd_role_of role, const char *const *names,
                        size_t count, const char *item_name)
{
    const fd_item *item = item_name ? fd_program_item(form->program, item_name) : NULL;
    fd_form_column *c;
    size_t n = 0;

    for (size_t i = 0; i < form->column_count; i++)
        if (form->columns[i].role == role)
            return;
    c = &form->columns[form->column_count++];
    *c = (fd_form_column){ .role = role, .basis = FD_BASIS_ANY, .dash = -1, .id = "" };
    c->names = fd_arena_alloc(forms->arena,
                              (count + (item ? item->other_count + 2 : 0) + 1) * sizeof *c->names);
    if (item) {
        c->names[n++] = fd_returns__fold(forms->arena, item->name, strlen(item->name));
        c->names[n++] = item->id;
        for (size_t i = 0; i < item->other_count; i++)
            c->names[n++] =
                fd_returns__fold(forms->arena, item->other_names[i], strlen(item->other_names[i]));
    }
    for (size_t i = 0; i < count; i++)
        c->names[n++] = fd_returns__fold(forms->arena, names[i], strlen(names[i]));
    c->name_count = n;
}

static void add_defaults(fd_forms *forms, fd_form *form)
{
    static const char *const codes[] = { "代码", "编号", "编码" };
    static const char *const county_codes[] = { "代码",     "编号",         "编码",
                                                "县区代码", "行政区划代码", "区划代码" };
    static const char *const county_names[] = { "名称",     "县区", "县(市、区)",
                                                "县(市区)", "地区", "县区名称" };
    static const char *const division_codes[] = { "代码", "行业代码", "行业大类代码" };
    static const char *const division_names[] = { "名称", "行业", "行业名称", "行业大类",
                                                  "行业大类名称" };
    static const char *const chain_names[] = { "名称", "产业链", "产业链名称" };
    static const char *const project_codes[] = { "项目编号", "编号", "项目代码", "代码" };
    static const char *const project_names[] = { "项目名称", "名称" };
    static const char *const names[] = { "名称" };

    if (form->only || form->record)
        return;
#define ADD(role, list, item)                                                                      \
    add_default(forms, form, role, list, sizeof(list) / sizeof *(list), item)
    if (strcmp(form->kind, "enterprise") == 0) {
        add_default(forms, form, FD_COL_CODE, NULL, 0, "uscc");
        if (form->by_name) /* else what is called a name may be an account's */
            add_default(forms, form, FD_COL_NAME, NULL, 0, "name");
    } else if (strcmp(form->kind, "county") == 0) {
        ADD(FD_COL_CODE, county_codes, NULL);
        ADD(FD_COL_NAME, county_names, NULL);
    } else if (strcmp(form->kind, "division") == 0) {
        ADD(FD_COL_CODE, division_codes, NULL);
        ADD(FD_COL_NAME, division_names, NULL);
    } else if (strcmp(form->kind, "project") == 0) {
        ADD(FD_COL_CODE, project_codes, NULL);
        ADD(FD_COL_NAME, project_names, NULL);
    } else if (strcmp(form->kind, "chain") == 0) {
        ADD(FD_COL_CODE, codes, NULL);
        ADD(FD_COL_NAME, chain_names, NULL);
    } else {
        ADD(FD_COL_CODE, codes, NULL);
        ADD(FD_COL_NAME, names, NULL);
    }
#undef ADD
}

/* 列 全部: every numeric item of the kind, by its own names (a plain wide table). */
static size_t count_all(const fd_form *form)
{
    size_t n = 0;

    for (size_t i = 0; fd_program_decl(form->program, FD_DECL_ITEM, i); i++)
        n++;
    return n;
}

static void add_all(fd_forms *forms, fd_form *form)
{
    const fd_decl *decl;

    for (size_t i = 0; (decl = fd_program_decl(form->program, FD_DECL_ITEM, i)); i++) {
        const fd_item *item = fd_program_item(form->program, decl->alias);
        fd_form_column *c;
        size_t n = 0;

        if (!item || item->decl != decl || item->value_kind != FD_DEC || item->by ||
            item->nature == FD_ATTRIBUTE || strcmp(item->kind, form->kind) != 0)
            continue;
        c = &form->columns[form->column_count++];
        *c = (fd_form_column){ .role = FD_COL_ITEM,
                               .item = item,
                               .id = item->id,
                               .basis = FD_BASIS_ANY,
                               .dash = -1,
                               .kind = FD_DEC };
        c->names = fd_arena_alloc(forms->arena, (item->other_count + 2) * sizeof *c->names);
        c->names[n++] = fd_returns__fold(forms->arena, item->name, strlen(item->name));
        c->names[n++] = item->id;
        for (size_t k = 0; k < item->other_count; k++)
            c->names[n++] =
                fd_returns__fold(forms->arena, item->other_names[k], strlen(item->other_names[k]));
        c->name_count = n;
    }
}

/* Every field of a record type that no 列 names. */
static void add_fields(fd_forms *forms, fd_form *form)
{
    for (size_t f = 0; form->record && f < form->record->field_count; f++) {
        const struct fd_field *field = &form->record->fields[f];
        bool known = false;
        fd_form_column *c;

        for (size_t i = 0; i < form->column_count; i++)
            known |= form->columns[i].role == FD_COL_FIELD &&
                     strcmp(form->columns[i].id, field->id) == 0;
        if (known)
            continue;
        c = &form->columns[form->column_count++];
        *c = (fd_form_column){ .role = FD_COL_FIELD,
                               .id = field->id,
                               .field = field,
                               .kind = field->kind,
                               .basis = FD_BASIS_ANY,
                               .dash = -1 };
        c->names = fd_arena_alloc(forms->arena, 2 * sizeof *c->names);
        c->names[0] = fd_returns__fold(forms->arena, field->name, strlen(field->name));
        c->names[1] = field->id;
        c->name_count = 2;
    }
}

static void list_items(fd_forms *forms, fd_form *form)
{
    form->items = fd_arena_alloc(forms->arena, (form->column_count + 1) * sizeof *form->items);
    for (size_t i = 0; i < form->column_count; i++) {
        const fd_form_column *c = &form->columns[i];
        bool known = false;

        if (c->role != FD_COL_ITEM || c->basis == FD_COMPARATIVE || (c->item && c->item->by))
            continue;
        for (size_t k = 0; k < form->item_count; k++)
            known |= strcmp(form->items[k], c->id) == 0;
        if (!known)
            form->items[form->item_count++] = c->id;
    }
}

static bool has_role(const fd_form *form, fd_role_of role)
{
    for (size_t i = 0; i < form->column_count; i++)
        if (form->columns[i].role == role)
            return true;
    return false;
}

static bool compile(fd_forms *forms, fd_form *form, const fd_forms_options *options,
                    fd_diags *diags)
{
    const fd_decl *decl = form->decl;
    size_t columns = 8, checks = 0;
    bool ok = !decl->broken, all = false;

    for (size_t i = 0; i < decl->clause_count; i++) {
        columns += strcmp(decl->clauses[i].keyword, "列") == 0;
        checks += strcmp(decl->clauses[i].keyword, "检查") == 0;
        ok &= read_clause(forms, form, &decl->clauses[i], diags);
    }
    if (!ok)
        return false;
    if (!form->kind && !form->record) {
        fd_form__fault(diags, form, NULL, "缺少 主体", "subject is missing", NULL);
        return false;
    }
    if (!form->kind)
        form->kind = "record";
    columns += count_all(form) + (form->record ? form->record->field_count : 0);
    form->columns = fd_arena_alloc(forms->arena, columns * sizeof *form->columns);
    form->checks = fd_arena_alloc(forms->arena, (checks + 1) * sizeof *form->checks);
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];

        if (strcmp(c->keyword, "列") == 0) {
            if (c->word_count && word_is(c->words[0], "全部", "all"))
                all = true;
            else if (fd_form__read_column(forms, form, &form->columns[form->column_count], c,
                                          options, diags))
                form->column_count++;
            else
                ok = false;
        } else if (strcmp(c->keyword, "检查") == 0) {
            if (fd_form__read_check(forms, form, &form->checks[form->check_count], c, diags))
                form->check_count++;
            else
                ok = false;
        }
    }
    if (!ok)
        return false;
    if (all)
        add_all(forms, form);
    add_fields(forms, form);
    add_defaults(forms, form);
    index_names(forms, form);
    list_items(forms, form);
    form->is_long = form->when == FD_WHEN_ROW || has_role(form, FD_COL_VARIANT) ||
                    has_role(form, FD_COL_INDICATOR);
    return true;
}

static void index_codes(fd_forms *forms)
{
    const fd_decl *decl;

    for (size_t i = 0; (decl = fd_program_decl(forms->program, FD_DECL_ITEM, i)); i++) {
        const fd_item *item = fd_program_item(forms->program, decl->alias);

        for (size_t k = 0; item && k < item->code_count; k++)
            fd_map_set(forms->codes, fd_view_of(item->codes[k]), (uint64_t)(uintptr_t)item);
    }
}

static void index_figure(fd_forms *forms, const char *name, const char *id, fd_buf *folded)
{
    fd_returns__fold_into(folded, fd_view_of(name));
    if (folded->len)
        (void)fd_map_intern(forms->figures, (fd_view){ folded->ptr, folded->len },
                            (uint64_t)(uintptr_t)id);
}

/* Items first: where an item and an indicator share a name, the figure is the item's. */
static void index_figures(fd_forms *forms)
{
    const fd_decl *decl;
    fd_buf folded = FD_BUF_INIT;

    for (size_t i = 0; (decl = fd_program_decl(forms->program, FD_DECL_ITEM, i)); i++) {
        const fd_item *item = fd_program_item(forms->program, decl->alias);

        if (!item || item->value_kind != FD_DEC)
            continue;
        index_figure(forms, item->name, item->id, &folded);
        index_figure(forms, item->id, item->id, &folded);
        for (size_t k = 0; k < item->other_count && strcmp(item->kind, "enterprise") != 0; k++)
            index_figure(forms, item->other_names[k], item->id, &folded);
    }
    for (size_t i = 0; (decl = fd_program_decl(forms->program, FD_DECL_INDICATOR, i)); i++) {
        const fd_indicator *x = fd_program_indicator(forms->program, decl->alias);

        if (!x)
            continue;
        index_figure(forms, x->name, x->id, &folded);
        index_figure(forms, x->id, x->id, &folded);
        for (size_t k = 0; k < x->other_count; k++)
            index_figure(forms, x->other_names[k], x->id, &folded);
    }
    fd_buf_dispose(&folded);
}

const char *fd_forms__figure(const fd_forms *forms, fd_view name)
{
    fd_buf folded = FD_BUF_INIT;
    uint64_t id = 0;

    fd_returns__fold_into(&folded, name);
    if (!fd_map_get(forms->figures, (fd_view){ fd_buf_text(&folded), folded.len }, &id))
        id = 0;
    fd_buf_dispose(&folded);
    return (const char *)(uintptr_t)id;
}

int fd_forms_load(fd_forms **out, const fd_program *program, const fd_forms_options *options,
                  fd_diags *diags)
{
    fd_forms *forms = fd_alloc(sizeof *forms);
    const fd_decl *decl;
    int err = 0;

    forms->arena = fd_arena_new();
    forms->program = program;
    forms->codes = fd_map_new();
    forms->figures = fd_map_new();
    index_codes(forms);
    index_figures(forms);
    for (size_t i = 0; (decl = fd_program_decl(program, FD_DECL_FORM, i)); i++) {
        fd_form *form;

        if (fd_program_find_decl(program, FD_DECL_FORM, decl->alias) != decl)
            continue; /* replaced by the city's own */
        form = fd_arena_alloc(forms->arena, sizeof *form);
        form->decl = decl;
        form->program = program;
        form->id = decl->alias;
        form->name = decl->name;
        form->basis = FD_BASIS_ANY;
        form->dash = FD_MISSING;
        form->origin = form->law = form->use = "";
        form->from_folder = form->from_header = true;
        form->when = FD_WHEN_NONE;
        if (compile(forms, form, options, diags)) {
            fd_vec_push(&forms->list, form);
        } else {
            fd_map_free(form->by_header);
            err = FD_EPARSE;
        }
    }
    *out = forms;
    if (err < 0)
        fd_error_set(err, "有报表定义不能用", "a form cannot be used");
    return err;
}

void fd_forms_free(fd_forms *forms)
{
    if (!forms)
        return;
    for (size_t i = 0; i < forms->list.count; i++)
        fd_map_free(forms->list.items[i]->by_header);
    fd_vec_dispose(&forms->list);
    fd_map_free(forms->codes);
    fd_map_free(forms->figures);
    fd_arena_free(forms->arena);
    free(forms);
}

/* ---- asking ------------------------------------------------------------------------------------
 */

size_t fd_forms_count(const fd_forms *forms)
{
    return forms->list.count;
}

const fd_form *fd_forms_at(const fd_forms *forms, size_t i)
{
    return i < forms->list.count ? forms->list.items[i] : NULL;
}

const fd_form *fd_forms_find(const fd_forms *forms, const char *name)
{
    for (size_t i = 0; name && i < forms->list.count; i++)
        if (strcmp(forms->list.items[i]->id, name) == 0 ||
            strcmp(forms->list.items[i]->name, name) == 0)
            return forms->list.items[i];
    return NULL;
}

const fd_form *fd_forms_guess(const fd_forms *forms, const char *path)
{
    const char *name = fd_file_name(path), *dot = strrchr(name, '.');
    const fd_form *found = NULL;
    fd_buf folded = FD_BUF_INIT;
    size_t n = 0;

    fd_returns__fold_into(&folded, (fd_view){ name, dot ? (size_t)(dot - name) : strlen(name) });
    for (size_t i = 0; i < forms->list.count; i++) {
        const fd_form *form = forms->list.items[i];

        for (size_t k = 0; k < form->file_count; k++)
            if (fd_returns__fits(form->files[k], fd_buf_text(&folded))) {
                found = form;
                n++;
                break;
            }
    }
    fd_buf_dispose(&folded);
    return n == 1 ? found : NULL;
}

const char *fd_form_id(const fd_form *form)
{
    return form->id;
}

const char *fd_form_name(const fd_form *form)
{
    return form->name;
}

const char *fd_form_subject(const fd_form *form)
{
    return form->kind;
}

const char *fd_form_origin(const fd_form *form)
{
    return form->origin;
}

const char *fd_form_use(const fd_form *form)
{
    return form->use;
}

bool fd_form_is_register(const fd_form *form)
{
    return form->creates && form->when == FD_WHEN_NONE;
}

bool fd_form_is_record(const fd_form *form)
{
    return form->record != NULL;
}

bool fd_form_looks_across(const fd_form *form)
{
    for (size_t i = 0; i < form->check_count; i++)
        if (form->checks[i].kind == FD_CHECK_COMPANION)
            return true;
    return false;
}

const char *const *fd_form_expects(const fd_form *form, size_t *count)
{
    *count = form->expect_count;
    return form->expects;
}

const char *const *fd_form_items(const fd_form *form, size_t *count)
{
    *count = form->item_count;
    return form->items;
}
