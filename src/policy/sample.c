/*
 * 样例: examples written into a policy, run as tests.
 *
 *   样例 甲厂  销售收入[上年] 21000 万元;近3年(研发费用) 1680 万元;其余符合 → 不符合 研发强度 差
 * 120 万元
 *
 * What is not given is unknown; 其余符合 takes every condition that stays unknown as met.  Behind
 * the arrow stand the result, the condition that decides, and the gap or the amount (得 20 万元).
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "policy/tables.h"

typedef struct sample {
    fd_arena *arena;
    const fd_program *program;
    const fd_policy *policy;
    const char *name;
    fd_facts *facts;
    fd_date on;
    const char *edition;
    bool rest_met;
    const char *expected; /* behind → */
} sample;

static int bad(const sample *s, const char *what)
{
    fd_error_set(FD_EPARSE, "政策「%s」的样例「%s」看不懂:%s",
                 "policy %s, sample %s: not understood: %s", s->policy->name, s->name, what);
    return fd_error_hint("应写 样例 名称 数据项[上年] 数 单位;… → 结果 条件 差 数 单位",
                         "write: case NAME ITEM[last] NUMBER UNIT; … → RESULT CONDITION gap");
}

static char *copy(sample *s, fd_view v)
{
    v = fd_view_trim(v);
    return fd_arena_strndup(s->arena, v.ptr, v.len);
}

/* Full-width forms made half, so that one set of separators is enough. */
static char *half(fd_arena *arena, const char *text)
{
    fd_buf b = FD_BUF_INIT;
    fd_view v = fd_view_of(text);
    char *out;

    for (size_t at = 0; at < v.len;) {
        size_t from = at;
        uint32_t c = fd_utf8_next(v.ptr, v.len, &at);

        if (c >= 0xFF01 && c <= 0xFF5E)
            fd_buf_putc(&b, (char)(c - 0xFEE0));
        else
            fd_buf_put(&b, v.ptr + from, at - from);
    }
    out = fd_arena_strndup(arena, fd_buf_text(&b), b.len);
    fd_buf_dispose(&b);
    return out;
}

/* "1680 万元" in the item's unit and scale. */
static int read_figure(sample *s, const fd_item *item, const char *text, int64_t *out)
{
    size_t digits = strspn(text, "+-0123456789.");
    fd_view unit_name = fd_view_trim(fd_view_of(text + digits));
    const fd_unit *unit = item->unit;
    fd_decimal d;
    fd_quot q, factor;

    if (!digits || fd_decimal_parse(&d, text, digits) < 0)
        return bad(s, text);
    if (unit_name.len && !(unit = fd_program_unit(s->program, copy(s, unit_name))))
        return bad(s, text);
    if (fd_unit_factor(&factor, unit, item->unit) < 0 ||
        fd_quot_mul(&q, fd_quot_from_decimal(d), factor) < 0 ||
        fd_quot_mul(&q, q, fd_quot_from_int(fd_pow10(item->scale))) < 0 || q.den != 1 ||
        q.num > INT64_MAX || q.num < INT64_MIN)
        return bad(s, text);
    *out = (int64_t)q.num;
    return 0;
}

static int moment(sample *s, const char *text, fd_period *period, fd_basis *basis)
{
    int y, m, d;
    fd_period span = fd_policy_span(s->policy);

    fd_date_split(s->on, &y, &m, &d);
    *basis = FD_CURRENT;
    if (!text) {
        *period = span ? span : fd_period_year(y);
    } else if (!strcmp(text, "上年")) {
        *period = fd_period_year(y - 1);
    } else if (!strcmp(text, "上年同期")) {
        *basis = FD_COMPARATIVE;
        *period = span ? span : fd_period_year(y);
    } else if (!strcmp(text, "上年同期 已存")) {
        *period = fd_period_years_before(span ? span : fd_period_year(y), 1);
    } else if (text[0] == '-' && text[1] >= '1' && text[1] <= '9') {
        *period = fd_period_year(y - atoi(text + 1));
    } else if (fd_period_parse(period, text, strlen(text)) < 0) {
        return bad(s, text);
    }
    return 0;
}

/* NAME[MOMENT] VALUE */
static int read_fact(sample *s, char *text)
{
    char *space = strchr(text, ' '), *open = strchr(text, '['),
         *close = open ? strchr(open, ']') : NULL;
    char *name = text, *at = NULL, *value;
    const fd_item *item;
    fd_column *c;
    fd_period period;
    fd_basis basis;
    int64_t number = 0;
    int years = 0, used = 0, err;

    if (close && (!space || open < space)) {
        *open = *close = '\0';
        at = open + 1;
        value = close + 1;
    } else if (space) {
        *space = '\0';
        value = space + 1;
    } else {
        return bad(s, text);
    }
    value = copy(s, fd_view_of(value));
    if (sscanf(name, "近%2d年(%n", &years, &used) == 1 && used > 0 && name[strlen(name) - 1] == ')')
        name = fd_arena_strndup(s->arena, name + used, strlen(name) - (size_t)used - 1);
    else
        years = 0;
    if (!(item = fd_program_item(s->program, name)))
        return bad(s, name);
    if (item->nature == FD_ATTRIBUTE) {
        c = fd_column_new(item->id, FD_TEXT, "", 0, 1);
        fd_column_set_text(c, 0, value);
        fd_facts_attribute(s->facts, item->id, c);
        return 0;
    }
    if ((err = moment(s, at, &period, &basis)) < 0)
        return err;
    c = fd_column_new(item->id, FD_DEC, item->unit->name, item->scale, 1);
    if (strcmp(value, "不适用") == 0) {
        fd_column_set_state(c, 0, FD_NA);
    } else if (strcmp(value, "待核") == 0) {
        fd_column_set_state(c, 0, FD_DOUBT);
    } else if ((err = read_figure(s, item, value, &number)) < 0) {
        fd_column_unref(c);
        return err;
    } else {
        fd_column_set_dec(c, 0, number);
    }
    fd_facts_add(s->facts, years ? fd_arena_printf(s->arena, "%s#%d", item->id, years) : item->id,
                 period, basis, c);
    return 0;
}

static int read_facts(sample *s, const char *text)
{
    fd_view rest = fd_view_of(text), part;
    int err = 0;

    while (err >= 0 && fd_view_split(&rest, ';', &part)) {
        char *one = copy(s, part);

        if (!one[0])
            continue;
        if (strcmp(one, "其余符合") == 0)
            s->rest_met = true;
        else if (strncmp(one, "版本 ", strlen("版本 ")) == 0)
            s->edition = one + strlen("版本 ");
        else if (strncmp(one, s->policy->key_name, strlen(s->policy->key_name)) == 0)
            continue; /* read before */
        else
            err = read_fact(s, one);
    }
    return err;
}

/* The key date of a sample: written, or a day on which its edition is in force. */
static fd_date day_of(const sample *s, const char *text)
{
    const char *at = strstr(text, s->policy->key_name);
    const fd_policy_version *v = &s->policy->versions[s->policy->version_count - 1];
    fd_date day;

    if (at) {
        at += strlen(s->policy->key_name);
        while (*at == ' ')
            at++;
        if (fd_date_parse(&day, at, strcspn(at, "; ")) >= 0)
            return day;
        fd_error_clear();
    }
    if (s->policy->span_to != FD_DATE_NONE)
        return s->policy->span_to;
    return v->from == FD_DATE_NONE ? fd_date_make(2026, 6, 30) : v->from + 30;
}

/* What the engine says, in the words of a sample: 不符合 研发强度 差 120 万元. */
static int answer(fd_buf *out, sample *s)
{
    fd_policy_options options = FD_POLICY_OPTIONS_INIT;
    fd_policy_set *set = NULL;
    const fd_policy_slot *slot;
    bool fails = false, open = false;
    fd_outcome result;
    int64_t fen;
    fd_state state;
    int err;

    options.on = s->on;
    options.edition = s->edition;
    if ((err = fd_policy_set_new(&set, s->program, fd_facts_source(s->facts), &s->policy, 1,
                                 &options)) < 0 ||
        (err = fd_policy_set_run(set)) < 0)
        goto done;
    if (!(slot = fd_policy_set_slot(set, s->policy, -1))) {
        fd_buf_puts(out, fd_outcome_name(FD_OUT, FD_ZH));
        goto done;
    }
    for (size_t i = 0; i < slot->part_count; i++)
        if (slot->roots[i] >= 0 && s->policy->parts[i].kind != FD_PART_DIRECT) {
            fails = fails || fd_policy_truth(set, slot, i, 0) == FD_FALSE;
            open = open || fd_policy_truth(set, slot, i, 0) == FD_UNKNOWN;
        }
    result = fails                              ? FD_FAILS
             : open && !s->rest_met             ? FD_NEEDS
             : slot->has_manual && !s->rest_met ? FD_MANUAL
                                                : FD_MEETS;
    fd_buf_puts(out, fd_outcome_name(result, FD_ZH));
    for (size_t i = 0; i < slot->part_count && err >= 0; i++) {
        fd_policy_gap g;
        fd_decimal d;

        if (slot->roots[i] < 0 || fd_policy_truth(set, slot, i, 0) != FD_FALSE ||
            s->policy->parts[i].kind == FD_PART_DIRECT)
            continue;
        fd_buf_printf(out, " %s", s->policy->parts[i].name);
        if ((err = fd_policy_gap_of(&g, set, slot, i, 0)) >= 0 && g.has_gap &&
            (err = fd_policy__gap_decimal(&d, &g)) >= 0) {
            fd_quot q = fd_quot_from_decimal(d);

            fd_buf_puts(out,
                        g.relation == FD_EXPR_GE || g.relation == FD_EXPR_GT ? " 差 " : " 多 ");
            if (g.gap_unit)
                err = fd_quot_mul(&q, q, g.gap_unit->factor);
            fd_policy__number_text(out, q, g.gap_unit, 4);
        }
    }
    if (err >= 0 && result == FD_MEETS &&
        (err = fd_policy_amount(&state, &fen, set, slot, 0)) >= 0 && state == FD_HAS) {
        fd_quot q;

        fd_buf_puts(out, " 得 ");
        if ((err = fd_quot_make(&q, fen, 100)) >= 0)
            fd_policy__number_text(out, q, fd_program_unit(s->program, "万元"), 6);
    }
done:
    fd_policy_set_free(set);
    return err;
}

static int run_sample(fd_table *t, size_t *failed, sample *s, const fd_clause *c)
{
    char *text = half(s->arena, c->text), *arrow = strstr(text, "→"), *space;
    static const char *const code[] = { "样例" };
    fd_buf got = FD_BUF_INIT;
    size_t row;
    bool ok;
    int err;

    s->name = c->word_count ? c->words[0] : "";
    s->edition = NULL;
    s->rest_met = false;
    if (!arrow || !(space = strchr(text, ' ')))
        return bad(s, c->text);
    *arrow = '\0';
    s->expected = copy(s, fd_view_of(arrow + strlen("→")));
    s->on = day_of(s, text);
    s->facts = fd_facts_new();
    fd_facts_subjects(s->facts, 1, code, NULL);
    if ((err = read_facts(s, space + 1)) >= 0 && (err = answer(&got, s)) >= 0) {
        ok = strcmp(fd_buf_text(&got), s->expected) == 0;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, s->policy->id);
        fd_column_set_text(t->columns[1], row, s->name);
        fd_column_set_text(t->columns[2], row, s->expected);
        fd_column_set_text(t->columns[3], row, fd_buf_text(&got));
        fd_column_set_bool(t->columns[4], row, ok);
        *failed += !ok;
    }
    fd_buf_dispose(&got);
    fd_facts_free(s->facts);
    return err;
}

int fd_policy_samples(fd_table **out, size_t *failed, const fd_program *program,
                      const fd_policy *policy)
{
    sample s = { .program = program, .policy = policy };
    fd_table *t = fd_table_new("samples", "样例", "Samples");
    int err = 0;

    *out = NULL;
    *failed = 0;
    s.arena = fd_arena_new();
    fd_table_add_new(t, "policy", "政策", "Policy", FD_TEXT, "", 0);
    fd_table_add_new(t, "sample", "样例", "Sample", FD_TEXT, "", 0);
    fd_table_add_new(t, "expected", "应为", "Expected", FD_TEXT, "", 0);
    fd_table_add_new(t, "got", "算得", "Got", FD_TEXT, "", 0);
    fd_table_add_new(t, "ok", "相符", "OK", FD_BOOL, "", 0);
    for (size_t i = 0; i < policy->decl->clause_count && err >= 0; i++)
        if (strcmp(policy->decl->clauses[i].keyword, "样例") == 0)
            err = run_sample(t, failed, &s, &policy->decl->clauses[i]);
    fd_arena_free(s.arena);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
