/*
 * The clauses 列 and 检查 of a 报表.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/utf8.h"
#include "returns/form.h"

static bool word_is(const char *word, const char *zh, const char *en)
{
    return strcmp(word, zh) == 0 || strcmp(word, en) == 0;
}

static fd_role_of role_of(const char *word)
{
    static const struct {
        const char *zh, *en;
        fd_role_of role;
    } roles[] = {
        { "代码", "code", FD_COL_CODE },
        { "名称", "name", FD_COL_NAME },
        { "期间", "period", FD_COL_PERIOD },
        { "指标", "indicator", FD_COL_INDICATOR },
        { "数值", "value", FD_COL_VALUE },
        { "单位", "unit", FD_COL_UNIT },
        { "来源", "source", FD_COL_SOURCE },
        { "状态", "status", FD_COL_STATUS },
        { "范围", "scope", FD_COL_SCOPE },
        { "变体", "variant", FD_COL_VARIANT },
        { "变体名称", "variant-name", FD_COL_VARIANT_NAME },
        { "日期", "date", FD_COL_DATE },
        { "字段", "field", FD_COL_FIELD },
        { "分户", "part", FD_COL_PART },
        { "忽略", "ignore", FD_COL_IGNORE },
    };

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (word_is(word, roles[i].zh, roles[i].en))
            return roles[i].role;
    return (fd_role_of)0;
}

/* ---- lists
 * --------------------------------------------------------------------------------------- */

static size_t cut(fd_arena *arena, fd_view line, const char **fields, size_t most)
{
    fd_view part;
    size_t n = 0;

    while (n < most && fd_view_split(&line, ',', &part)) {
        part = fd_view_trim(part);
        fields[n++] = fd_arena_strndup(arena, part.ptr, part.len);
    }
    return n;
}

/* code,name,unit,… with a header line; lines that begin with # are comments. Lists hold no quotes.
 */
static const fd_code_list *read_list(fd_forms *forms, fd_form *form, const fd_clause *clause,
                                     const char *name, const fd_forms_options *options,
                                     fd_diags *diags)
{
    fd_code_list *list = fd_arena_alloc(forms->arena, sizeof *list);
    const char *text, *fields[8];
    fd_view rest, line;
    size_t length, room = 1;
    bool header = true;

    if (!options || !options->read_list ||
        options->read_list(options->payload, name, &text, &length) < 0) {
        fd_form__fault(diags, form, clause, "读不到目录", "cannot read the list", name);
        return NULL;
    }
    rest = (fd_view){ text, length };
    if (fd_view_starts(rest, "\xEF\xBB\xBF"))
        rest = (fd_view){ text + 3, length - 3 };
    for (size_t i = 0; i < rest.len; i++)
        room += rest.ptr[i] == '\n';
    list->name = name;
    list->entries = fd_arena_alloc(forms->arena, room * sizeof *list->entries);
    while (fd_view_split(&rest, '\n', &line)) {
        line = fd_view_trim(line);
        if (!line.len || line.ptr[0] == '#')
            continue;
        if (header) {
            header = false;
            continue;
        }
        if (cut(forms->arena, line, fields, 8) < 3) {
            fd_form__fault(diags, form, clause, "目录应有 code,name,unit 三列",
                           "a list has code,name,unit", name);
            return NULL;
        }
        list->entries[list->count].code = fields[0];
        list->entries[list->count].name = fields[1];
        list->entries[list->count++].unit = fields[2];
    }
    return list;
}

/* ---- 列 -----------------------------------------------------------------------------------------
 */

static void take_names(fd_forms *forms, fd_form_column *c, const fd_clause *clause, size_t from)
{
    size_t n = 0;

    c->names = fd_arena_alloc(forms->arena, (clause->word_count - from + 1) * sizeof *c->names);
    for (size_t i = from; i < clause->word_count; i++)
        c->names[n++] = fd_returns__fold(forms->arena, clause->words[i], strlen(clause->words[i]));
    c->name_count = n;
}

/* Without 表头: the item's own names. */
static void own_names(fd_forms *forms, fd_form_column *c)
{
    const fd_item *item = c->item;
    size_t n = 0;

    c->names =
        fd_arena_alloc(forms->arena, ((item ? item->other_count : 0) + 3) * sizeof *c->names);
    if (item) {
        c->names[n++] = fd_returns__fold(forms->arena, item->name, strlen(item->name));
        for (size_t i = 0; i < item->other_count; i++)
            c->names[n++] =
                fd_returns__fold(forms->arena, item->other_names[i], strlen(item->other_names[i]));
    } else if (c->field) {
        c->names[n++] = fd_returns__fold(forms->arena, c->field->name, strlen(c->field->name));
    }
    if (c->id[0])
        c->names[n++] = c->id;
    c->name_count = n;
}

/* 值 正常 减产 1=大型: up to the next keyword. @return the index after it */
static size_t take_words(fd_forms *forms, fd_form_column *c, const fd_clause *clause, size_t i)
{
    c->words = fd_arena_alloc(forms->arena, (clause->word_count + 1) * sizeof *c->words);
    for (; i < clause->word_count; i++) {
        const char *w = clause->words[i], *equals;
        fd_value_word *out = &c->words[c->word_count];

        assert(w);
        if (word_is(w, "表头", "header"))
            break;
        c->word_count++;
        equals = strchr(w, '=');
        out->from = fd_returns__fold(forms->arena, w, equals ? (size_t)(equals - w) : strlen(w));
        out->to = equals ? equals + 1 : w;
    }
    return i;
}

/* One option of a 列; *i is its index and moves over its arguments. False for an unknown word. */
static bool take_option(fd_forms *forms, fd_form *form, fd_form_column *c, const fd_clause *clause,
                        size_t *i)
{
    const char *w = clause->words[*i];
    const char *next = *i + 1 < clause->word_count ? clause->words[*i + 1] : NULL;
    fd_basis basis;

    if (word_is(w, "累计", "cumulative"))
        c->when = FD_WHEN_CUMULATIVE;
    else if (word_is(w, "当月", "month") || word_is(w, "本月", "month"))
        c->when = FD_WHEN_MONTH;
    else if (word_is(w, "年", "year"))
        c->when = FD_WHEN_YEAR;
    else if (word_is(w, "必填", "required"))
        c->required = true;
    else if (word_is(w, "计数", "count"))
        c->count = true;
    else if (word_is(w, "起", "begins"))
        c->from = true;
    else if (word_is(w, "止", "ends"))
        c->to = true;
    else if (word_is(w, "横线不适用", "dash-na"))
        c->dash = FD_NA;
    else if (word_is(w, "横线缺报", "dash-missing"))
        c->dash = FD_MISSING;
    else if (word_is(w, "变体", "variant") && next)
        c->variant = clause->words[++*i];
    else if (word_is(w, "转", "to") && next && fd_returns__kind(next))
        c->to_kind = fd_returns__kind(clause->words[++*i]);
    else if (word_is(w, "值", "values"))
        *i = take_words(forms, c, clause, *i + 1) - 1;
    else if (fd_basis_parse(&basis, w) == 0)
        c->basis = (int)basis;
    else if (!(c->unit = fd_program_unit(form->program, w)))
        return false;
    return true;
}

static bool find_field(const fd_form *form, fd_form_column *c, const char *name)
{
    for (size_t i = 0; form->record && i < form->record->field_count; i++) {
        const struct fd_field *f = &form->record->fields[i];

        if (strcmp(f->id, name) == 0 || strcmp(f->name, name) == 0) {
            c->field = f;
            c->id = f->id;
            c->kind = f->kind;
            return true;
        }
    }
    return false;
}

static bool fail_word(const fd_form *form, const fd_clause *clause, fd_diags *diags,
                      const char *word)
{
    size_t count;
    const char *const *names = fd_program_names(form->program, FD_DECL_ITEM, &count);
    const char *nearest = fd_nearest(word, names, count);
    fd_error *e =
        fd_form__fault(diags, form, clause, "列 里不认识的词", "unknown word in a column", word);

    if (nearest)
        fd_error_set_hint(e, "是不是「%s」?", "did you mean %s?", nearest);
    return false;
}

bool fd_form__read_column(fd_forms *forms, fd_form *form, fd_form_column *out,
                          const fd_clause *clause, const fd_forms_options *options, fd_diags *diags)
{
    fd_form_column c = { .basis = FD_BASIS_ANY, .dash = -1, .id = "", .kind = FD_TEXT };
    size_t i = 1;
    bool named = false;

    if (!clause->word_count)
        return fail_word(form, clause, diags, "");
    c.role = role_of(clause->words[0]);
    if (c.role == FD_COL_FIELD) {
        if (clause->word_count < 2 || !find_field(form, &c, clause->words[1])) {
            fd_form__fault(diags, form, clause, "记录没有这个字段", "the record has no such field",
                           clause->word_count > 1 ? clause->words[1] : "");
            return false;
        }
        i = 2;
    } else if (!c.role) {
        c.item = fd_program_item(form->program, clause->words[0]);
        if (!c.item)
            return fail_word(form, clause, diags, clause->words[0]);
        c.id = c.item->id;
        c.kind = c.item->value_kind;
        c.role = c.item->nature == FD_ATTRIBUTE ? FD_COL_ATTRIBUTE : FD_COL_ITEM;
        if (c.role == FD_COL_ITEM && c.kind != FD_DEC) {
            fd_form__fault(diags, form, clause, "数据项不是数", "the item is no number", c.id);
            return false;
        }
    }
    for (; i < clause->word_count && !named; i++) {
        if (word_is(clause->words[i], "表头", "header")) {
            take_names(forms, &c, clause, i + 1);
            named = true;
        } else if (c.role == FD_COL_VARIANT && word_is(clause->words[i], "目录", "list") &&
                   i + 1 < clause->word_count) {
            if (!(form->list = read_list(forms, form, clause, clause->words[++i], options, diags)))
                return false;
        } else if (!take_option(forms, form, &c, clause, &i)) {
            return fail_word(form, clause, diags, clause->words[i]);
        }
    }
    if (!named && !c.count)
        own_names(forms, &c);
    if (!c.name_count && !c.count) {
        fd_form__fault(diags, form, clause, "缺少 表头", "a header is missing", clause->words[0]);
        return false;
    }
    *out = c;
    return true;
}

/* ---- 检查
 * ----------------------------------------------------------------------------------------- */

static bool fail_check(const fd_form *form, const fd_clause *clause, fd_diags *diags,
                       const char *word)
{
    fd_form__fault(diags, form, clause, "检查 写法不对", "a check is not written right", word);
    return false;
}

static bool number_word(const char *word, fd_decimal *out)
{
    return fd_decimal_parse(out, word, strlen(word)) == 0;
}

static bool add_term(const fd_form *form, fd_check *check, const char *word, int sign)
{
    const fd_item *item = fd_program_item(form->program, word);

    if (!item)
        return false;
    check->terms[check->term_count++] = (fd_check_term){ item, sign };
    return true;
}

/* A = B + C − D, A ≤ B: one item, a relation, items with signs. */
static bool read_relation(const fd_form *form, fd_check *check, const fd_clause *clause,
                          size_t from, size_t to)
{
    int sign = -1;

    if (to < from + 3 || !add_term(form, check, clause->words[from], 1))
        return false;
    if (word_is(clause->words[from + 1], "=", "＝"))
        check->relation = FD_EXPR_EQ;
    else if (word_is(clause->words[from + 1], "≤", "<="))
        check->relation = FD_EXPR_LE;
    else if (word_is(clause->words[from + 1], "≥", ">="))
        check->relation = FD_EXPR_GE;
    else
        return false;
    for (size_t i = from + 2; i < to; i++) {
        if (word_is(clause->words[i], "+", "＋"))
            sign = -1;
        else if (word_is(clause->words[i], "-", "−"))
            sign = 1;
        else if (!add_term(form, check, clause->words[i], sign))
            return false;
    }
    return true;
}

/* 容差 1 %, 错误 待核 提示 at the end. @return how many words remain */
static size_t take_tail(fd_check *check, const fd_clause *clause)
{
    size_t n = clause->word_count;

    for (bool more = true; more && n > 1;) {
        const char *w = clause->words[n - 1];

        more = true;
        if (word_is(w, "错误", "fault"))
            check->effect = FD_EFFECT_REJECT;
        else if (word_is(w, "待核", "doubt"))
            check->effect = FD_EFFECT_DOUBT;
        else if (word_is(w, "提示", "warn"))
            check->effect = FD_EFFECT_WARN;
        else if (n > 3 && word_is(w, "%", "％") &&
                 word_is(clause->words[n - 3], "容差", "tolerance") &&
                 number_word(clause->words[n - 2], &check->tolerance)) {
            check->tolerance_is_percent = true;
            n -= 2;
        } else if (n > 2 && word_is(clause->words[n - 2], "容差", "tolerance") &&
                   number_word(w, &check->tolerance))
            n -= 1;
        else
            more = false;
        n -= more;
    }
    return n;
}

bool fd_form__read_check(fd_forms *forms, fd_form *form, fd_check *out, const fd_clause *clause,
                         fd_diags *diags)
{
    fd_check c = { .text = clause->text };
    const char *rule = clause->word_count ? clause->words[0] : "";
    size_t n;
    bool ok = true;

    c.terms = fd_arena_alloc(forms->arena, (clause->word_count + 1) * sizeof *c.terms);
    n = take_tail(&c, clause);
#define EFFECT(e) c.effect = c.effect ? c.effect : (e)
    if (word_is(rule, "关系", "relation") || word_is(rule, "平衡", "balance")) {
        c.kind = FD_CHECK_RELATION;
        EFFECT(FD_EFFECT_REJECT);
        ok = read_relation(form, &c, clause, 1, n);
    } else if (word_is(rule, "折标合计", "converted-total")) {
        c.kind = FD_CHECK_VARIANTS;
        EFFECT(FD_EFFECT_DOUBT);
        ok = n == 4 && add_term(form, &c, clause->words[2], 1) &&
             add_term(form, &c, clause->words[3], 1);
        c.variant = ok ? clause->words[1] : NULL;
    } else if (word_is(rule, "跳变", "jump") || word_is(rule, "同期", "year-ago")) {
        c.kind = word_is(rule, "跳变", "jump") ? FD_CHECK_JUMP : FD_CHECK_YEAR_AGO;
        EFFECT(FD_EFFECT_WARN);
        ok = n >= 2 && number_word(clause->words[1], &c.value);
        for (size_t i = 2; ok && i < n; i++)
            ok = word_is(clause->words[i], "%", "％") || add_term(form, &c, clause->words[i], 1);
    } else if (word_is(rule, "单位疑似", "unit-suspect")) {
        c.kind = FD_CHECK_UNITS;
        EFFECT(FD_EFFECT_DOUBT);
        for (size_t i = 1; ok && i < n; i++)
            ok = add_term(form, &c, clause->words[i], 1);
    } else if (word_is(rule, "非负", "nonnegative")) {
        c.kind = FD_CHECK_NONNEGATIVE;
        EFFECT(FD_EFFECT_REJECT);
        for (size_t i = 1; ok && i < n; i++)
            ok = add_term(form, &c, clause->words[i], 1);
    } else if (word_is(rule, "权重合计", "weights-total")) {
        c.kind = FD_CHECK_TOTAL;
        EFFECT(FD_EFFECT_WARN);
        ok = n == 3 && add_term(form, &c, clause->words[1], 1) &&
             number_word(clause->words[2], &c.value);
    } else if (word_is(rule, "伴随", "companion")) {
        c.kind = FD_CHECK_COMPANION;
        EFFECT(FD_EFFECT_WARN);
        ok = n == 3 && add_term(form, &c, clause->words[1], 1) &&
             add_term(form, &c, clause->words[2], 1);
    } else {
        ok = false;
    }
#undef EFFECT
    if (!ok)
        return fail_check(form, clause, diags, clause->text);
    *out = c;
    return true;
}
