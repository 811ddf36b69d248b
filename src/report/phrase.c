/*
 * Words from figures, and sentences from templates.
 *
 * A 用语 is a list of cases "condition → words", the first that holds wins.  Conditions look at the
 * value as printed: 升, 降, 平 (|x| < 0.05), for differences also 降幅收窄, 降幅扩大, 由降转增,
 * 由增转降, then ≥ ≤ > < = with a number, and 其余.  In the words {~} is the figure without its
 * sign and {=} with it, both with the unit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/internal.h"

enum {
    TEST_UP,
    TEST_DOWN,
    TEST_FLAT,
    TEST_NARROWER,
    TEST_WIDER,
    TEST_TO_RISE,
    TEST_TO_FALL,
    TEST_GE,
    TEST_LE,
    TEST_GT,
    TEST_LT,
    TEST_EQ,
    TEST_ELSE
};

static const struct {
    const char *word;
    int test;
    bool has_limit;
} tests[] = {
    { "升", TEST_UP, false },
    { "降", TEST_DOWN, false },
    { "平", TEST_FLAT, false },
    { "降幅收窄", TEST_NARROWER, false },
    { "降幅扩大", TEST_WIDER, false },
    { "由降转增", TEST_TO_RISE, false },
    { "由增转降", TEST_TO_FALL, false },
    { "≥", TEST_GE, true },
    { "≤", TEST_LE, true },
    { ">", TEST_GT, true },
    { "<", TEST_LT, true },
    { "=", TEST_EQ, true },
    { "其余", TEST_ELSE, false },
};

int fd_report__phrase_case(fd_composer *m, fd_phrase *phrase, fd_view line)
{
    ptrdiff_t arrow = fd_view_find(line, "→");
    fd_view condition, words;
    fd_phrase_case c = { -1, { 0, 0 }, NULL };

    if (arrow < 0)
        return FD_EPARSE;
    condition = fd_view_trim((fd_view){ line.ptr, (size_t)arrow });
    words = (fd_view){ line.ptr + arrow, line.len - (size_t)arrow };
    words = fd_view_trim((fd_view){ words.ptr + strlen("→"), words.len - strlen("→") });
    for (size_t i = 0; i < sizeof tests / sizeof *tests && c.test < 0; i++) {
        size_t length = strlen(tests[i].word);

        if (!tests[i].has_limit && fd_view_is(condition, tests[i].word)) {
            c.test = tests[i].test;
        } else if (tests[i].has_limit && fd_view_starts(condition, tests[i].word)) {
            fd_view number =
                fd_view_trim((fd_view){ condition.ptr + length, condition.len - length });

            if (fd_decimal_parse(&c.limit, number.ptr, number.len) >= 0)
                c.test = tests[i].test;
        }
    }
    if (c.test < 0)
        return FD_EPARSE;
    c.text = fd_report__copy(m, words);
    fd_vec_push(&phrase->cases, c);
    return 0;
}

/* |x| < 0.05 */
static bool is_flat(fd_decimal d)
{
    fd_decimal size = { d.mantissa < 0 ? -d.mantissa : d.mantissa, d.scale };

    return fd_decimal_compare(size, (fd_decimal){ 5, 2 }) < 0;
}

static bool holds(const fd_phrase_case *c, const fd_value *v)
{
    fd_decimal x = v->shown;
    bool is_up = !is_flat(x) && x.mantissa > 0, is_down = !is_flat(x) && x.mantissa < 0;
    bool falls = v->is_difference && v->level.mantissa < 0,
         fell = v->is_difference && v->base.mantissa < 0;

    switch (c->test) {
    case TEST_UP:
        return is_up;
    case TEST_DOWN:
        return is_down;
    case TEST_FLAT:
        return is_flat(x);
    case TEST_NARROWER:
        return falls && fell && is_up;
    case TEST_WIDER:
        return falls && fell && is_down;
    case TEST_TO_RISE:
        return v->is_difference && fell && v->level.mantissa > 0;
    case TEST_TO_FALL:
        return falls && v->base.mantissa > 0;
    case TEST_GE:
        return fd_decimal_compare(x, c->limit) >= 0;
    case TEST_LE:
        return fd_decimal_compare(x, c->limit) <= 0;
    case TEST_GT:
        return fd_decimal_compare(x, c->limit) > 0;
    case TEST_LT:
        return fd_decimal_compare(x, c->limit) < 0;
    case TEST_EQ:
        return fd_decimal_compare(x, c->limit) == 0;
    default:
        return true;
    }
}

const char *fd_report__phrase(const fd_phrase *phrase, const fd_value *value)
{
    for (size_t i = 0; i < phrase->cases.count; i++)
        if (holds(&phrase->cases.items[i], value))
            return phrase->cases.items[i].text;
    return NULL;
}

const fd_phrase *fd_report__find_phrase(const fd_composer *m, fd_view name)
{
    for (size_t i = 0; i < m->phrases.count; i++)
        if (fd_view_is(name, m->phrases.items[i]->name))
            return m->phrases.items[i];
    return NULL;
}

/* ---- sentences ---- */

const char *fd_report__ordinal(fd_composer *m, int n)
{
    static const char *const ordinals[] = { "一", "二", "三", "四", "五",
                                            "六", "七", "八", "九", "十" };

    return n >= 1 && n <= 10 ? ordinals[n - 1] : fd_arena_printf(m->arena, "%d", n);
}

static void put_text(fd_sentence *s, fd_composer *m, fd_view text)
{
    if (text.len)
        fd_vec_push(&s->spans, fd_report__plain(m, fd_report__copy(m, text)));
}

static void put_value(fd_sentence *s, fd_composer *m, const fd_value *v, bool absolute,
                      bool with_unit)
{
    fd_sentence_figure figure = { 0, v->series };

    fd_vec_push(&s->spans, fd_report__span(m, v, absolute));
    if (with_unit && v->unit[0])
        put_text(s, m, fd_view_of(fd_report__unit(v->unit)));
    /* On the page that a leader takes along nothing old may pass for new. */
    if (m->c->place_kind && strcmp(m->c->place_kind, "enterprise") == 0 &&
        v->period != FD_PERIOD_NONE)
        put_text(s, m, fd_view_of(fd_report__stale(m, v->period)));
    figure.after = s->spans.count;
    fd_vec_push(&s->figures, figure);
    s->is_doubtful |= v->state == FD_DOUBT;
}

void fd_report__sentence_dispose(fd_sentence *s)
{
    fd_vec_dispose(&s->spans);
    fd_vec_dispose(&s->figures);
}

static void put_missing(fd_sentence *s, fd_composer *m, const char *figure, const char *reason)
{
    fd_paper_missing missing = { "", figure, reason };

    s->is_missing = true;
    fd_vec_push(&m->paper->missing, missing);
}

/* The words of a case, with {~} and {=}. */
static void put_words(fd_sentence *s, fd_composer *m, const char *words, const fd_value *v)
{
    while (*words) {
        const char *open = strstr(words, "{");

        if (!open || (open[1] != '~' && open[1] != '=') || open[2] != '}') {
            put_text(s, m, fd_view_of(words));
            return;
        }
        put_text(s, m, (fd_view){ words, (size_t)(open - words) });
        put_value(s, m, v, open[1] == '~', true);
        words = open + 3;
    }
}

static int convert(fd_value *v, fd_composer *m, fd_view unit)
{
    char name[64];
    const fd_unit *to, *from = fd_program_unit(m->c->program, v->unit);
    fd_number number;
    fd_quot factor;
    int err;

    snprintf(name, sizeof name, "%.*s", (int)unit.len, unit.ptr);
    to = fd_program_unit(m->c->program, name);
    if (!to || !from)
        return fd_error_set(FD_EUNIT, "没有单位「%s」", "no unit \"%s\"", name);
    if ((err = fd_unit_factor(&factor, from, to)) < 0)
        return err;
    v->unit = to->name;
    if (!fd_report__has(v))
        return 0;
    number = fd_number_exact(fd_quot_from_decimal(v->shown));
    if ((err = fd_quot_mul(&number.exact, number.exact, factor)) < 0)
        return err;
    number.state = v->state;
    fd_report__round(v, number, 2);
    return 0;
}

/* {NAME.名} {NAME.值} {NAME.名值} {NAME.数} {NAME.分别} of a list. */
static int put_list(fd_sentence *s, fd_composer *m, const fd_list *list, fd_view part)
{
    if (!list->rows.count && !fd_view_is(part, "数")) {
        /* An empty list is an answer, not a gap: the sentence is left out without a word. */
        s->is_missing = true;
        if (list->reason)
            put_missing(s, m, list->name, list->reason);
        return 0;
    }
    if (fd_view_is(part, "分别")) {
        put_text(s, m, fd_view_of(list->rows.count > 1 ? "分别" : ""));
    } else if (fd_view_is(part, "数")) {
        fd_buf key = FD_BUF_INIT;
        fd_value v;

        if (list->reason) {
            put_missing(s, m, list->name, list->reason);
            return 0;
        }
        fd_buf_printf(&key, "n.%s", list->name);
        v = fd_report__count(m, list->rows.count, "", list->name, fd_buf_text(&key), m->c->at);
        put_value(s, m, &v, false, false);
        fd_buf_dispose(&key);
    } else if (fd_view_is(part, "名") || fd_view_is(part, "值") || fd_view_is(part, "名值")) {
        for (size_t i = 0; i < list->rows.count; i++) {
            const fd_list_row *row = &list->rows.items[i];

            if (i)
                put_text(s, m, FD_VIEW("、"));
            if (!fd_view_is(part, "值"))
                put_text(s, m, fd_view_of(row->name));
            if (i && s->figures.count && !fd_view_is(part, "名"))
                s->figures.count--; /* a row of figures is marked once, behind the last */
            if (!fd_view_is(part, "名"))
                put_value(s, m, &row->value, fd_view_is(part, "值"),
                          fd_view_is(part, "名值") ||
                              i + 1 == list->rows.count); /* the unit once, at the end */
        }
    } else {
        return FD_EPARSE;
    }
    return 0;
}

static void put_period(fd_sentence *s, fd_composer *m, fd_period period, bool is_short)
{
    char title[48] = "";
    const char *from = title;

    if (period != FD_PERIOD_NONE)
        fd_period_title(period, FD_ZH, title, sizeof title);
    if (is_short && strstr(title, "年") && strstr(title, "年")[strlen("年")])
        from = strstr(title, "年") + strlen("年");
    put_text(s, m, fd_view_of(fd_arena_strdup(m->arena, from)));
}

/* Words about the paper itself. @return false when it is none of them */
static bool put_word(fd_sentence *s, fd_composer *m, fd_view name)
{
    const fd_paper_context *c = m->c;
    fd_period before = c->at == FD_PERIOD_NONE ? c->at : fd_period_step(c->at, -1);
    char text[64];
    int year, month, day;

    if (fd_view_is(name, "市"))
        put_text(s, m, fd_view_of(c->city));
    else if (fd_view_is(name, "地方"))
        put_text(s, m, fd_view_of(c->place_name ? c->place_name : c->city));
    else if (fd_view_is(name, "代码"))
        put_text(s, m, fd_view_of(c->place_code ? c->place_code : ""));
    else if (fd_view_is(name, "期"))
        put_period(s, m, c->at, false);
    else if (fd_view_is(name, "期短"))
        put_period(s, m, c->at, true);
    else if (fd_view_is(name, "上期短"))
        put_period(s, m, before,
                   c->at != FD_PERIOD_NONE &&
                       fd_period_year_of(before) == fd_period_year_of(c->at));
    else if (fd_view_is(name, "序")) {
        put_text(s, m, fd_view_of(fd_report__ordinal(m, ++m->ordinal)));
    } else if (fd_view_is(name, "今日")) {
        fd_date_split(c->today, &year, &month, &day);
        snprintf(text, sizeof text, "%d年%d月%d日", year, month, day);
        put_text(s, m, fd_view_of(text));
    } else if (fd_view_is(name, "快照")) {
        snprintf(text, sizeof text, "%lld", (long long)c->snapshot);
        put_text(s, m, fd_view_of(text));
    } else if (fd_view_is(name, "上次快照")) {
        if (!c->before)
            put_missing(s, m, "上次快照", "没有指定上次会议的快照（--since）");
        snprintf(text, sizeof text, "%lld", (long long)c->before_snapshot);
        put_text(s, m, fd_view_of(text));
    } else {
        return false;
    }
    return true;
}

static int put_placeholder(fd_sentence *s, fd_composer *m, fd_view inner)
{
    ptrdiff_t colon = fd_view_find(inner, ":"), dot = fd_view_find(inner, "."),
              blank = fd_view_find(inner, " ");
    fd_view reference = inner, phrase = { NULL, 0 };
    const fd_list *list;
    bool with_unit = true;
    fd_value v;
    int err;

    if (put_word(s, m, inner))
        return 0;
    if (dot > 0 && (list = fd_report__find_list(m, (fd_view){ inner.ptr, (size_t)dot })))
        return put_list(s, m, list, (fd_view){ inner.ptr + dot + 1, inner.len - (size_t)dot - 1 });
    if (colon > 0) {
        phrase = (fd_view){ inner.ptr + colon + 1, inner.len - (size_t)colon - 1 };
        reference.len = (size_t)colon;
    }
    if (fd_view_ends(reference, "!")) {
        with_unit = false;
        reference.len--;
    }
    if (fd_view_ends(reference, ".期")) {
        reference.len -= strlen(".期");
        if ((err = fd_report__value(&v, m, reference)) < 0)
            return err;
        put_period(s, m, v.period, false);
        return 0;
    }
    if (blank > 0 && (size_t)blank < reference.len)
        reference.len = (size_t)blank;
    if ((err = fd_report__value(&v, m, reference)) < 0)
        return err;
    if (blank > 0) {
        fd_view unit = { inner.ptr + blank + 1,
                         (colon > blank ? (size_t)colon : inner.len) - (size_t)blank - 1 };

        if ((err = convert(&v, m, fd_view_trim(unit))) < 0)
            return err;
    }
    if (!fd_report__has(&v)) {
        put_missing(s, m, v.name, v.reason);
        return 0;
    }
    if (phrase.len) {
        const fd_phrase *p = fd_report__find_phrase(m, phrase);
        const char *words = p ? fd_report__phrase(p, &v) : NULL;

        if (!p)
            return FD_EPARSE;
        if (words)
            put_words(s, m, words, &v);
        else
            put_missing(s, m, v.name, "用语里没有合适的一条");
    } else {
        put_value(s, m, &v, false, with_unit);
    }
    return 0;
}

int fd_report__fill(fd_sentence *out, fd_composer *m, fd_view text)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    int err = 0;

    memset(out, 0, sizeof *out);
    while (at < end) {
        const char *open = memchr(at, '{', (size_t)(end - at)), *close;

        if (!open) {
            put_text(out, m, (fd_view){ at, (size_t)(end - at) });
            break;
        }
        put_text(out, m, (fd_view){ at, (size_t)(open - at) });
        if (!(close = memchr(open, '}', (size_t)(end - open))))
            return FD_EPARSE;
        if ((err = put_placeholder(
                 out, m, fd_view_trim((fd_view){ open + 1, (size_t)(close - open) - 1 }))) < 0)
            return err;
        at = close + 1;
    }
    return 0;
}
