/*
 * Is a project counted twice, or further than its evidence goes? Findings only; nothing is merged.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "industry/ledger.h"
#include "measure/arith.h"

enum { NEAR_NAME = 85, NEAR_MONEY = 5, NEAR_MONEY_BY_NAME = 20 };

/* ---- names ----------------------------------------------------------------------------------- */

typedef fd_vec(uint64_t) pairs;

/* The next code point of UTF-8 text; 0 at the end. Damaged bytes count as themselves. */
static uint32_t next_point(const char **at)
{
    const unsigned char *p = (const unsigned char *)*at;
    uint32_t c = *p;
    int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

    if (!c)
        return 0;
    p++;
    if (more)
        c &= 0x3Fu >> more;
    for (; more && (*p & 0xC0) == 0x80; more--)
        c = c << 6 | (*p++ & 0x3Fu);
    *at = (const char *)p;
    return c;
}

static bool is_letter(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= 0x3400 && c <= 0x9FFF) || c >= 0x20000;
}

static int compare_pairs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Neighbouring letters of a name, sorted; 项目 and 示例 apart, since they tell nothing. */
static void pairs_of(pairs *out, const char *name)
{
    static const char *const noise[] = { "示例", "项目", "建设" };
    fd_buf text = FD_BUF_INIT;
    uint32_t before = 0, c;
    const char *at = name ? name : "";

    while (*at) {
        bool skipped = false;

        for (size_t i = 0; i < 3 && !skipped; i++)
            if (strncmp(at, noise[i], strlen(noise[i])) == 0) {
                at += strlen(noise[i]);
                skipped = true;
            }
        if (!skipped)
            fd_buf_putc(&text, *at++);
    }
    at = fd_buf_text(&text);
    out->count = 0;
    while ((c = next_point(&at))) {
        if (!is_letter(c))
            continue;
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if (before)
            fd_vec_push(out, (uint64_t)before << 32 | c);
        before = c;
    }
    if (!out->count && before)
        fd_vec_push(out, before);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, compare_pairs);
    fd_buf_dispose(&text);
}

/* Dice: 2 |A ∩ B| ÷ (|A| + |B|) ≥ percent, in whole numbers. */
static bool alike(const pairs *a, const pairs *b, size_t percent)
{
    size_t common = 0, i = 0, k = 0;

    while (i < a->count && k < b->count) {
        if (a->items[i] == b->items[k]) {
            common++;
            i++;
            k++;
        } else if (a->items[i] < b->items[k]) {
            i++;
        } else {
            k++;
        }
    }
    return a->count && b->count && 200 * common >= percent * (a->count + b->count);
}

/* ---- pairs of projects ------------------------------------------------------------------------
 */

typedef struct checker {
    const fd_ledger *l;
    const fd_works_options *o;
    fd_table *out;
    pairs *names;
} checker;

static size_t find(const checker *c, const char *severity, const char *rule, size_t p)
{
    size_t row = fd_table_add_row(c->out);

    fd_column_set_text(c->out->columns[0], row, severity);
    fd_column_set_text(c->out->columns[1], row, rule);
    fd_column_set_text(c->out->columns[2], row, c->l->frame->codes[p]);
    if (c->l->frame->names[p])
        fd_column_set_text(c->out->columns[3], row, c->l->frame->names[p]);
    return row;
}

static void say(const checker *c, size_t row, const char *zh, const char *en)
{
    fd_column_set_text(c->out->columns[6], row, zh);
    fd_column_set_text(c->out->columns[7], row, en);
}

static bool near_money(fd_number a, fd_number b, int percent)
{
    fd_number gap, limit;

    if (a.state != FD_HAS || b.state != FD_HAS || a.is_estimate || b.is_estimate)
        return false;
    if (fd_number_compare(a, b) < 0) {
        fd_number swap = a;

        a = b;
        b = swap;
    }
    gap = fd_number_apply(fd_number_apply(a, '-', b), '*', fd_number_int(100));
    limit = fd_number_apply(a, '*', fd_number_int(percent));
    return fd_number_compare(gap, limit) <= 0;
}

static bool same(const checker *c, int attribute, size_t a, size_t b)
{
    const char *x = fd_ledger__attribute(c->l, attribute, a),
               *y = fd_ledger__attribute(c->l, attribute, b);

    return x && y && strcmp(x, y) == 0;
}

/* The strongest reason to think that two entries are one project. */
static void judge_pair(const checker *c, size_t a, size_t b)
{
    fd_number x = fd_ledger__item(c->l, FD_LI_TOTAL, a), y = fd_ledger__item(c->l, FD_LI_TOTAL, b);
    bool approval = same(c, FD_LA_APPROVAL, a, b), firm = same(c, FD_LA_FIRM, a, b),
         site = same(c, FD_LA_SITE, a, b), county = same(c, FD_LA_COUNTY, a, b),
         name = alike(&c->names[a], &c->names[b], NEAR_NAME);
    const char *rule = NULL, *zh = NULL, *en = NULL, *severity = "warning";
    size_t row;

    if (approval) {
        severity = "fault";
        rule = "same-approval";
        zh = "两个代码,备案代码相同";
        en = "two codes, one approval";
    } else if (name && (firm || (county && near_money(x, y, NEAR_MONEY_BY_NAME)))) {
        rule = "near-name";
        zh = firm ? "名称相近,建设单位相同" : "名称相近,县区相同,投资相差不到两成";
        en = firm ? "nearly one name, one firm" : "nearly one name, one county, like investment";
    } else if ((firm || site) && near_money(x, y, NEAR_MONEY)) {
        rule = "same-site";
        zh = firm ? "建设单位相同,投资相差不到 5%" : "建设地点相同,投资相差不到 5%";
        en = firm ? "one firm, investment within 5%" : "one site, investment within 5%";
    }
    if (!rule)
        return;
    row = find(c, severity, rule, a);
    fd_column_set_text(c->out->columns[4], row, c->l->frame->codes[b]);
    if (c->l->frame->names[b])
        fd_column_set_text(c->out->columns[5], row, c->l->frame->names[b]);
    say(c, row, zh, en);
}

/* Pairs are looked for in blocks of one approval, firm, site or county. */
static void check_pairs(const checker *c)
{
    static const int blocks[] = { FD_LA_APPROVAL, FD_LA_FIRM, FD_LA_SITE, FD_LA_COUNTY };
    fd_map *seen = fd_map_new();
    size_t n = c->l->frame->n;

    for (size_t a = 0; a < n; a++)
        for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++)
            for (size_t b = a + 1; b < n; b++) {
                char key[48];
                int length;

                if (!same(c, blocks[k], a, b))
                    continue;
                length = snprintf(key, sizeof key, "%zu|%zu", a, b);
                if (fd_map_set(seen, (fd_view){ key, (size_t)length }, 1))
                    judge_pair(c, a, b);
            }
    fd_map_free(seen);
}

/* ---- gates ----------------------------------------------------------------------------------- */

static void check_gates(const checker *c, size_t p, const fd_gate_row *g)
{
    int stage = fd_project_stage(fd_ledger__attribute(c->l, FD_LA_STAGE, p));
    char zh[300], en[300];

    if (!g->has)
        return;
    for (int s = g->proved + 2; s < FD_STAGES; s++)
        if (g->evident[s]) {
            snprintf(zh, sizeof zh, "有%s的凭据,没有%s的;只算到%s", fd_project_stage_name(s, FD_ZH),
                     fd_project_stage_name(g->proved + 1, FD_ZH),
                     g->proved < 0 ? "未入库" : fd_project_stage_name(g->proved, FD_ZH));
            snprintf(en, sizeof en, "evidence of %s but none of %s: it does not count",
                     fd_project_stage_name(s, FD_EN), fd_project_stage_name(g->proved + 1, FD_EN));
            say(c, find(c, "fault", "gate-skipped", p), zh, en);
            break;
        }
    for (int s = 1; s < FD_STAGES; s++)
        if (g->on[s] != FD_DATE_NONE && g->on[s - 1] != FD_DATE_NONE && g->on[s] < g->on[s - 1]) {
            snprintf(zh, sizeof zh, "%s的日期早于%s", fd_project_stage_name(s, FD_ZH),
                     fd_project_stage_name(s - 1, FD_ZH));
            snprintf(en, sizeof en, "%s is dated before %s", fd_project_stage_name(s, FD_EN),
                     fd_project_stage_name(s - 1, FD_EN));
            say(c, find(c, "fault", "gate-order", p), zh, en);
        }
    if (stage > g->proved) {
        snprintf(zh, sizeof zh, "台账写%s,凭据只到%s", fd_project_stage_name(stage, FD_ZH),
                 g->proved < 0 ? "未入库" : fd_project_stage_name(g->proved, FD_ZH));
        snprintf(en, sizeof en, "the ledger says %s, the evidence goes to %s",
                 fd_project_stage_name(stage, FD_EN),
                 g->proved < 0 ? "nothing" : fd_project_stage_name(g->proved, FD_EN));
        say(c, find(c, "warning", "gate-missing", p), zh, en);
    }
}

static int check_effective(const checker *c, size_t p, const fd_gate_row *g)
{
    const int producing = fd_project_stage("投产"), effective = fd_project_stage("达效");
    fd_rule_measure measure = { "ramp", fd_number_missing() };
    char percent[80], zh[300], en[300];
    fd_ledger_light light;
    fd_ramp_row ramp;
    fd_color color;
    size_t row;
    int err;

    if (fd_project_stage(fd_ledger__attribute(c->l, FD_LA_STAGE, p)) < effective || !c->o->rules ||
        !fd_rules_has(c->o->rules, "template", "effective"))
        return 0;
    if ((err = fd_ledger__ramp(&light, &ramp, c->l, p,
                               g->evident[producing] ? g->on[producing] : FD_DATE_NONE, c->o)) < 0)
        return err;
    measure.value = ramp.percent;
    if ((err = fd_rules_judge(&color, &row, c->o->rules, "template", "effective", &measure, 1)) < 0)
        return err;
    if (color == FD_GREEN)
        return 0;
    if (color == FD_GREY) {
        say(c, find(c, "warning", "effective", p), "台账写达效,达产率不明",
            "the ledger says effective, the ramp is not known");
        return 0;
    }
    fd_works__short(ramp.percent, percent, sizeof percent);
    snprintf(zh, sizeof zh, "台账写达效,达产率 %s%%,不到本口径的达效线(模板,未核实)", percent);
    snprintf(en, sizeof en, "the ledger says effective at %s%% of the study (template, unverified)",
             percent);
    say(c, find(c, "warning", "effective", p), zh, en);
    return 0;
}

/* ---- stages from month to month ----------------------------------------------------------------
 */

static int check_history(const checker *c, fd_source *source)
{
    const fd_period *periods;
    int *last = fd_alloc((c->l->frame->n + 1) * sizeof *last);
    fd_vec(fd_period) months = { 0 };
    size_t count;
    int err = source->ops->periods(source, "project_done", FD_CURRENT, &periods, &count);

    for (size_t i = 0; err >= 0 && i < count; i++)
        if (fd_period_kind_of(periods[i]) == FD_CUMULATIVE && fd_period_end(periods[i]) <= c->l->at)
            fd_vec_push(&months, periods[i]);
    for (size_t p = 0; p < c->l->frame->n; p++)
        last[p] = -1;
    for (size_t i = 0; err >= 0 && i < months.count; i++) {
        fd_column *stage = NULL;

        if ((err = source->ops->attribute(source, "project", "project_stage",
                                          fd_period_end(months.items[i]), &stage)) < 0)
            break;
        for (size_t p = 0; p < c->l->frame->n; p++) {
            int now = fd_project_stage(fd_column_text(stage, p));
            char month[32], zh[300], en[300];
            fd_gate_row g;
            bool evident = true;

            if (now >= 0 && last[p] >= 0 && now != last[p]) {
                fd_period_format(months.items[i], month, sizeof month);
                fd_works__gates(&g, c->o->gates, c->l->frame->codes[p]);
                for (int s = last[p] + 1; s < now; s++)
                    evident = evident && g.evident[s];
                snprintf(zh, sizeof zh, "%s 从%s%s%s", month, fd_project_stage_name(last[p], FD_ZH),
                         now < last[p] ? "退回" : "跳到", fd_project_stage_name(now, FD_ZH));
                snprintf(en, sizeof en, "%s: from %s to %s", month,
                         fd_project_stage_name(last[p], FD_EN), fd_project_stage_name(now, FD_EN));
                if (now < last[p])
                    say(c, find(c, "warning", "stage-back", p), zh, en);
                else if (now > last[p] + 1 && !evident)
                    say(c, find(c, "warning", "stage-jump", p), zh, en);
            }
            if (now >= 0)
                last[p] = now;
        }
        fd_column_unref(stage);
    }
    free(last);
    fd_vec_dispose(&months);
    return err < 0 ? err : 0;
}

/* ---- renovations that may stand in the ledger, too ----------------------------------------------
 */

static void check_renovations(const checker *c, const fd_table *renovations)
{
    pairs name = { 0 };

    for (size_t r = 0; renovations && r < renovations->rows; r++) {
        const char *firm = fd_works__text(renovations, r, "firm");

        if (fd_works__text(renovations, r, "project") || !firm)
            continue;
        pairs_of(&name, fd_works__text(renovations, r, "name"));
        for (size_t p = 0; p < c->l->frame->n; p++) {
            const char *of = fd_ledger__attribute(c->l, FD_LA_FIRM, p);
            size_t row;

            if (!of || strcmp(of, firm) != 0 || !alike(&name, &c->names[p], 70))
                continue;
            row = find(c, "warning", "twice", p);
            fd_column_set_text(c->out->columns[4], row,
                               fd_works__text_or(renovations, r, "id", ""));
            fd_column_set_text(c->out->columns[5], row,
                               fd_works__text_or(renovations, r, "name", ""));
            say(c, row, "技改登记没有写项目代码,像是台账里的这一个",
                "a renovation without a project code looks like this one of the ledger");
        }
    }
    fd_vec_dispose(&name);
}

int fd_project_check(fd_table **out, fd_source *source, const fd_table *renovations,
                     const fd_works_options *options)
{
    static const fd_column_spec specs[] = {
        { "severity", "级别", "Severity", FD_TEXT, NULL, 0 },
        { "rule", "规则", "Rule", FD_TEXT, NULL, 0 },
        { "code", "项目代码", "Code", FD_TEXT, NULL, 0 },
        { "name", "项目", "Project", FD_TEXT, NULL, 0 },
        { "other", "另一代码", "Other code", FD_TEXT, NULL, 0 },
        { "other_name", "另一项目", "Other project", FD_TEXT, NULL, 0 },
        { "said", "说明", "Said (zh)", FD_TEXT, NULL, 0 },
        { "said_en", "Said", "Said", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("findings", "项目核对", "Check of projects");
    fd_ledger l;
    checker c = { &l, options, t, NULL };
    size_t n = 0;
    int err;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    if ((err = fd_ledger__load(&l, source, options->period)) < 0)
        goto done;
    n = l.frame->n;
    c.names = fd_alloc((n + 1) * sizeof *c.names);
    for (size_t p = 0; p < n; p++) {
        c.names[p] = (pairs){ 0 };
        pairs_of(&c.names[p], l.frame->names[p]);
    }
    check_pairs(&c);
    check_renovations(&c, renovations);
    for (size_t p = 0; p < n && err >= 0; p++) {
        fd_gate_row g;

        if (!fd_ledger__attribute(&l, FD_LA_STAGE, p))
            continue;
        fd_works__gates(&g, options->gates, l.frame->codes[p]);
        check_gates(&c, p, &g);
        err = check_effective(&c, p, &g);
    }
    if (err >= 0)
        err = check_history(&c, source);
    fd_table_add_note(t, "只列出,不合并;哪一个留下由责任单位定",
                      "listed, never merged: the owner decides which one stays");
    if (err >= 0) {
        *out = t;
        t = NULL;
    }
done:
    for (size_t p = 0; c.names && p < n; p++)
        fd_vec_dispose(&c.names[p]);
    free(c.names);
    fd_ledger__dispose(&l);
    fd_table_free(t);
    return err < 0 ? err : 0;
}
