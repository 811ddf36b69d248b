#include "returns/header.h"

#include <stdlib.h>

#include "base/utf8.h"

/* ---- phrases of time
 * ----------------------------------------------------------------------------- */

static const struct {
    const char *text;
    fd_when when;
    int basis;
} phrases[] = {
    { "本月", FD_WHEN_MONTH, FD_CURRENT },
    { "当月", FD_WHEN_MONTH, FD_CURRENT },
    { "本月实际", FD_WHEN_MONTH, FD_CURRENT },
    { "本月数", FD_WHEN_MONTH, FD_CURRENT },
    { "上年同月", FD_WHEN_MONTH, FD_COMPARATIVE },
    { "去年同月", FD_WHEN_MONTH, FD_COMPARATIVE },
    { "上年本月", FD_WHEN_MONTH, FD_COMPARATIVE },
    { "上年同期本月", FD_WHEN_MONTH, FD_COMPARATIVE },
    { "上年同期当月", FD_WHEN_MONTH, FD_COMPARATIVE },
    { "1-本月", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "1-本月累计", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "1至本月", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "1至本月累计", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "年初至本月", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "本年1-本月", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "累计", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "本年累计", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "自年初累计", FD_WHEN_CUMULATIVE, FD_CURRENT },
    { "上年同期累计", FD_WHEN_CUMULATIVE, FD_COMPARATIVE },
    { "去年同期累计", FD_WHEN_CUMULATIVE, FD_COMPARATIVE },
    { "上年1-本月", FD_WHEN_CUMULATIVE, FD_COMPARATIVE },
    { "上年同期1-本月", FD_WHEN_CUMULATIVE, FD_COMPARATIVE },
    { "上年累计", FD_WHEN_CUMULATIVE, FD_COMPARATIVE },
    { "上年同期", FD_WHEN_ANY, FD_COMPARATIVE },
    { "去年同期", FD_WHEN_ANY, FD_COMPARATIVE },
    { "本年", FD_WHEN_ANY, FD_CURRENT },
    { "本期", FD_WHEN_ANY, FD_CURRENT },
    { "本年实际", FD_WHEN_ANY, FD_CURRENT },
    { "上年", FD_WHEN_ANY, FD_COMPARATIVE },
    { "上期", FD_WHEN_ANY, FD_COMPARATIVE },
    { "去年", FD_WHEN_ANY, FD_COMPARATIVE },
    { "上年实际", FD_WHEN_ANY, FD_COMPARATIVE },
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 1-5月, 1-12月累计, 2024年1-5月, 5月; perhaps 上年 in front. */
static bool month_phrase(fd_header_time *out, fd_view text)
{
    const char *p = text.ptr, *end = p + text.len;
    int first = 0, last = 0, year = 0, basis = FD_BASIS_ANY;
    bool span = false;

    if (fd_view_starts(text, "上年") || fd_view_starts(text, "去年") ||
        fd_view_starts(text, "本年")) {
        basis = fd_view_starts(text, "本年") ? FD_CURRENT : FD_COMPARATIVE;
        p += 6;
    } else if (end - p > 7 && is_digit(p[0]) && is_digit(p[1]) && is_digit(p[2]) &&
               is_digit(p[3]) && memcmp(p + 4, "年", 3) == 0) {
        year = atoi((char[]){ p[0], p[1], p[2], p[3], 0 });
        p += 7;
    }
    while (p < end && is_digit(*p) && first < 100)
        first = first * 10 + (*p++ - '0');
    if (!first)
        return false;
    if (p < end && *p == '-') {
        span = true;
        for (p++; p < end && is_digit(*p) && last < 100; p++)
            last = last * 10 + (*p - '0');
    }
    if (end - p < 3 || memcmp(p, "月", 3) != 0)
        return false;
    p += 3;
    if (end - p == 6 && memcmp(p, "累计", 6) == 0)
        p += 6;
    if (p != end || (span && (first != 1 || !last)) || (span ? last : first) > 12)
        return false;
    *out = (fd_header_time){ span ? FD_WHEN_CUMULATIVE : FD_WHEN_MONTH, basis, year,
                             span ? last : first };
    return true;
}

bool fd_header_time_phrase(fd_header_time *out, fd_view text)
{
    /* Asked for every header of every pair of rows: two bytes settle nearly all of them. No phrase
     * is shorter than two characters. */
    for (size_t i = 0; text.len >= 6 && i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].text[0] == text.ptr[0] && phrases[i].text[2] == text.ptr[2] &&
            fd_view_is(text, phrases[i].text)) {
            *out = (fd_header_time){ phrases[i].when, phrases[i].basis, 0, 0 };
            return true;
        }
    return month_phrase(out, text);
}

/* What two phrases say together; the later one wins where both speak. */
static fd_header_time join(fd_header_time a, fd_header_time b)
{
    if (b.when != FD_WHEN_ANY)
        a.when = b.when;
    if (b.basis == FD_COMPARATIVE || a.basis == FD_BASIS_ANY)
        a.basis = b.basis == FD_BASIS_ANY ? a.basis : b.basis;
    if (b.year)
        a.year = b.year;
    if (b.month)
        a.month = b.month;
    return a;
}

/* ---- taking apart
 * ---------------------------------------------------------------------------------- */

typedef struct stripper {
    fd_header *h;
    fd_arena *arena;
    const fd_program *program;
    fd_view name;
    fd_header_time time;
    const char *aside; /* words taken off that nobody knows */
} stripper;

/* Words in brackets or behind a semicolon that say no more than the item does. Anything else may
 * make it another figure: 营业收入(计划), 资产总计(年初), 平均用工人数(女). */
static bool says_no_more(fd_view text)
{
    static const char *const whole[] = { "当年价格",       "当年价",         "现价",
                                         "现行价格",       "本年累计发生额", "本年贷方累计发生额",
                                         "贷方累计发生额", "累计发生额",     "本年发生额",
                                         "期末",           "期末数",         "期末余额",
                                         "年末",           "年末数",         "年末余额",
                                         "合计",           "总计",           "不含税",
                                         "必填",           "选填",           "可不填",
                                         "自动计算",       "示例",           "上年同期=100",
                                         "上年同月=100",   "上年=100" },
                             *const part[] = { "号记", "号填", "位小数" };
    bool formula = text.len > 0;

    for (size_t i = 0; i < text.len && formula; i++) /* (1), (4=5+7) */
        formula = strchr("0123456789=+-*/", text.ptr[i]) != NULL;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (fd_view_is(text, whole[i]))
            return true;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        if (fd_view_find(text, part[i]) >= 0)
            return true;
    return formula;
}

/* Words that make a figure another one, wherever they stand. */
static const char *changes_meaning(fd_view text)
{
    static const char *const words[] = { "计划", "目标", "任务", "预计", "预测", "预算", "上月",
                                         "上季", "年初", "期初", "增速", "增幅", "增长", "同比",
                                         "环比", "占比", "比重", "排名", "位次", "差额" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (fd_view_find(text, words[i]) >= 0)
            return words[i];
    return NULL;
}

static void put_candidate(fd_header *h, fd_arena *arena, fd_view name, fd_header_time time,
                          const char *aside)
{
    if (!name.len || h->count == FD_HEADER_CANDIDATES)
        return;
    for (size_t i = 0; i < h->count; i++)
        if (fd_view_is(name, h->candidates[i].name))
            return;
    h->candidates[h->count++] =
        (fd_header_candidate){ fd_arena_strndup(arena, name.ptr, name.len), time, aside };
}

static const fd_unit *unit_of(const fd_program *program, fd_view text)
{
    char name[64];
    fd_view v = text;

    if (fd_view_starts(v, "单位:")) {
        v.ptr += 7;
        v.len -= 7;
    }
    if (!v.len || v.len >= sizeof name)
        return NULL;
    memcpy(name, v.ptr, v.len);
    name[v.len] = '\0';
    if (strcmp(name, "kwh") == 0) /* folding made it lower case */
        memcpy(name, "kWh", 4);
    return fd_program_unit(program, name);
}

/* The bracket group at the end, without its brackets; empty when there is none. */
static fd_view last_brackets(fd_view name, size_t *start)
{
    int depth = 0;

    if (name.len < 3 || name.ptr[name.len - 1] != ')')
        return (fd_view){ NULL, 0 };
    for (size_t i = name.len; i-- > 0;) {
        depth += (name.ptr[i] == ')') - (name.ptr[i] == '(');
        if (depth == 0) {
            *start = i;
            return i ? (fd_view){ name.ptr + i + 1, name.len - i - 2 } : (fd_view){ NULL, 0 };
        }
    }
    return (fd_view){ NULL, 0 };
}

static bool all_digits(fd_view v)
{
    for (size_t i = 0; i < v.len; i++)
        if (!is_digit(v.ptr[i]))
            return false;
    return v.len > 0;
}

static void set_code(stripper *s, fd_view digits)
{
    if (!s->h->code && digits.len <= 4)
        s->h->code = fd_arena_strndup(s->arena, digits.ptr, digits.len);
}

static bool strip_brackets(stripper *s)
{
    size_t start = 0;
    fd_view inner = last_brackets(s->name, &start);
    fd_header_time time;
    const fd_unit *unit;

    if (!inner.len)
        return false;
    if ((unit = unit_of(s->program, inner))) {
        if (!s->h->unit)
            s->h->unit = unit;
    } else if (fd_header_time_phrase(&time, inner)) {
        s->time = join(s->time, time);
    } else if (all_digits(inner)) {
        set_code(s, inner);
    } else if (!says_no_more(inner)) {
        s->aside = fd_arena_strndup(s->arena, inner.ptr, inner.len);
    }
    s->name.len = start;
    return true;
}

/* ;本年  ;上年  _上年同期  /本月 at the end. */
static bool strip_suffix(stripper *s)
{
    for (size_t i = s->name.len; i-- > 1;) {
        char c = s->name.ptr[i];
        const fd_view rest = { s->name.ptr + i + 1, s->name.len - i - 1 };
        fd_header_time time;

        if (c != ';' && c != '_' && c != '/' && c != ':' && c != ',')
            continue;
        if (fd_header_time_phrase(&time, rest))
            s->time = join(s->time, time);
        else if (c != ';' || !says_no_more(rest) || all_digits(rest))
            return false;
        s->name.len = i;
        return true;
    }
    return false;
}

static bool strip_digits(stripper *s)
{
    size_t n = 0;

    while (n < s->name.len && is_digit(s->name.ptr[s->name.len - 1 - n]))
        n++;
    if (n == 0 || n > 4 || n == s->name.len)
        return false;
    {
        char before = s->name.ptr[s->name.len - n - 1];

        if ((before >= 'a' && before <= 'z') || before == '-' || before == '.' || before == '=')
            return false;
    }
    set_code(s, (fd_view){ s->name.ptr + s->name.len - n, n });
    s->name.len -= n;
    return true;
}

static bool strip_front(stripper *s)
{
    static const char *const prefixes[] = { "其中:", "#", "其中", "合计中:", "减:", "加:" };

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i]);

        if (fd_view_starts(s->name, prefixes[i]) && s->name.len > n) {
            s->name.ptr += n;
            s->name.len -= n;
            return true;
        }
    }
    return false;
}

/* A phrase of time that is simply joined on: 工业总产值本月, 本月电量, 上年同月电量. The longest
 * fits. */
static bool strip_phrase(stripper *s, bool front)
{
    size_t best = 0;
    fd_header_time time = { 0 }, t;

    for (size_t n = 6; n + 3 <= s->name.len; n++) {
        fd_view part =
            front ? (fd_view){ s->name.ptr, n } : (fd_view){ s->name.ptr + s->name.len - n, n };

        if (fd_header_time_phrase(&t, part)) {
            best = n;
            time = t;
        }
    }
    if (!best)
        return false;
    s->time = join(s->time, time);
    if (front)
        s->name.ptr += best;
    s->name.len -= best;
    while (s->name.len && strchr("_-:/,;", s->name.ptr[front ? 0 : s->name.len - 1])) {
        if (front)
            s->name.ptr++;
        s->name.len--;
    }
    return true;
}

static bool strip_leading_digits(stripper *s)
{
    size_t n = 0;

    while (n < s->name.len && is_digit(s->name.ptr[n]))
        n++;
    if (n < 2 || n > 4 || n == s->name.len || s->name.ptr[n] == '-')
        return false;
    set_code(s, (fd_view){ s->name.ptr, n });
    s->name.ptr += n;
    s->name.len -= n;
    while (s->name.len && strchr("._:-", s->name.ptr[0])) {
        s->name.ptr++;
        s->name.len--;
    }
    return s->name.len > 0;
}

/* One text, step by step; every stage is a candidate. */
static void strip(stripper *s)
{
    if (all_digits(s->name)) /* nothing but a code */
        set_code(s, s->name);
    put_candidate(s->h, s->arena, s->name, s->time, s->aside);
    while (strip_suffix(s) || strip_brackets(s) || strip_digits(s) || strip_front(s) ||
           strip_phrase(s, false) || strip_phrase(s, true) || strip_leading_digits(s))
        put_candidate(s->h, s->arena, s->name, s->time, s->aside);
}

void fd_header_read(fd_header *out, fd_arena *arena, const fd_program *program,
                    const fd_view *levels, size_t count)
{
    fd_buf text = FD_BUF_INIT, folded = FD_BUF_INIT, name = FD_BUF_INIT, loose = FD_BUF_INIT;
    stripper s = { out, arena, program, { NULL, 0 }, { FD_WHEN_ANY, FD_BASIS_ANY, 0, 0 }, NULL };
    fd_header_time around = s.time;
    fd_view last = { NULL, 0 };
    size_t cores = 0;

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        fd_header_time time;
        const fd_unit *unit;
        fd_view v = fd_view_trim(levels[i]);

        if (!v.len)
            continue;
        if (text.len)
            fd_buf_putc(&text, '/');
        fd_buf_view(&text, v);
        fd_returns__fold_into(&folded, v);
        v = (fd_view){ folded.ptr, folded.len };
        if (v.len && fd_header_time_phrase(&time, v)) {
            around = join(around, time);
            continue;
        }
        /* A level that is a unit alone: (千元) or 千元. */
        if (v.len &&
            (unit = unit_of(
                 program, v.ptr[0] == '(' && v.len > 2 ? (fd_view){ v.ptr + 1, v.len - 2 } : v)) &&
            count > 1) {
            out->unit = unit;
            continue;
        }
        if (!v.len)
            continue;
        if (cores++) {
            fd_buf_putc(&name, '/');
        }
        fd_buf_view(&name, v);
        fd_buf_view(&loose, v);
        last = (fd_view){ fd_arena_strndup(arena, v.ptr, v.len), v.len };
    }
    out->text = fd_arena_strndup(arena, fd_buf_text(&text), text.len);
    fd_returns__fold_into(&folded, (fd_view){ fd_buf_text(&text), text.len });
    out->folded = fd_arena_strndup(arena, fd_buf_text(&folded), folded.len);
    if (cores > 0) {
        /* 消费量/工业生产消费: the whole path, then the levels joined (购进量实物量), then the
         * lowest. */
        s.name = (fd_view){ fd_arena_strndup(arena, name.ptr, name.len), name.len };
        s.time = around;
        strip(&s);
        out->time = s.time;
        if (cores > 1) {
            const fd_view upper = { name.ptr, name.len - last.len };

            s.name = (fd_view){ fd_arena_strndup(arena, loose.ptr, loose.len), loose.len };
            s.time = around;
            s.aside = NULL;
            strip(&s);
            s.name = last;
            s.time = around;
            s.aside = changes_meaning(upper); /* 计划 above 营业收入 */
            strip(&s);
        }
        /* Units of an upper level hold for what is below: 工业总产值(万元) above 本月. */
        for (size_t i = 0; i + 1 < count && !out->unit; i++) {
            fd_header scratch = { 0 };
            stripper inner = { &scratch, arena, program, { NULL, 0 }, around, NULL };

            fd_returns__fold_into(&folded, levels[i]);
            inner.name = (fd_view){ fd_buf_text(&folded), folded.len };
            strip(&inner);
            out->unit = scratch.unit;
            if (!out->code)
                out->code = scratch.code;
        }
    } else {
        out->time = around;
    }
    fd_buf_dispose(&text);
    fd_buf_dispose(&folded);
    fd_buf_dispose(&name);
    fd_buf_dispose(&loose);
}

/* ---- matching
 * --------------------------------------------------------------------------------------- */

static bool agrees(const fd_form_column *c, const fd_header_time *time)
{
    if (c->role != FD_COL_ITEM)
        return true;
    if (c->when != FD_WHEN_ANY && time->when != FD_WHEN_ANY && c->when != time->when)
        return false;
    /* 本年 and 本期 say "not the year before"; a column of rates handed out by the bureau is that
     * too. */
    if (c->basis == FD_COMPARATIVE)
        return time->basis == FD_COMPARATIVE;
    if (c->basis != FD_BASIS_ANY && time->basis == FD_COMPARATIVE)
        return false;
    return true;
}

static size_t rank_of(const fd_form_column *c, const char *name)
{
    for (size_t i = 0; i < c->name_count; i++)
        if (strcmp(c->names[i], name) == 0)
            return i;
    return c->name_count;
}

static bool take_column(fd_match *m, const fd_form_column *c)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->columns[i] == c)
            return true;
    if (m->count == sizeof m->columns / sizeof *m->columns)
        return false;
    m->columns[m->count++] = c;
    return true;
}

/* Columns of certain variants may share a header with one general column. */
static bool one_meaning(const fd_match *m)
{
    size_t general = 0;

    for (size_t i = 0; i < m->count; i++)
        general += m->columns[i]->variant == NULL;
    return general <= 1;
}

static void by_name(fd_match *m, const fd_form *form, const fd_header *h)
{
    for (size_t i = 0; i < h->count && m->count == 0; i++) {
        const fd_header_candidate *c = &h->candidates[i];

        for (uint32_t e = fd_form__first(form, fd_view_of(c->name)); e;
             e = fd_form__next(form, e)) {
            const fd_form_column *column = fd_form__column_of(form, e);

            if (column->role == FD_COL_IGNORE) { /* the form's author has decided */
                m->columns[0] = column;
                m->count = 1;
                m->how = FD_MATCH_NAME;
                return;
            }
            if (c->aside && column->role == FD_COL_ITEM) {
                m->aside = c->aside;
                continue;
            }
            if (agrees(column, &c->time) && take_column(m, column)) {
                m->how = FD_MATCH_NAME;
                m->rank = rank_of(column, c->name);
                m->time = c->time;
            }
        }
    }
}

/* Does a mapping's target, an item by id or name or a role by name, mean this column? */
static bool is_target(const fd_form_column *c, const char *target)
{
    switch (c->role) {
    case FD_COL_ITEM:
    case FD_COL_ATTRIBUTE:
    case FD_COL_FIELD:
        return strcmp(c->id, target) == 0 || (c->item && strcmp(c->item->name, target) == 0);
    case FD_COL_CODE:
        return strcmp(target, "代码") == 0;
    case FD_COL_NAME:
        return strcmp(target, "名称") == 0;
    default:
        return false;
    }
}

static void by_target(fd_match *m, const fd_form *form, const fd_header *h, const char *target)
{
    if (strcmp(target, "忽略") == 0) {
        m->how = FD_MATCH_IGNORED;
        return;
    }
    for (size_t i = 0; i < form->column_count; i++) {
        const fd_form_column *c = &form->columns[i];

        if (is_target(c, target) && agrees(c, &h->time) && take_column(m, c)) {
            m->how = FD_MATCH_REMEMBERED;
            m->time = h->time;
        }
    }
}

/* The item whose 代码 is that of the header: TABLE:CODE, or TABLE:CODE@YEAR from that edition on.
 */
static const fd_item *code_item(const fd_forms *forms, const fd_form *form, const char *code,
                                int year)
{
    const fd_item *found = NULL;
    int best = -1;

    if (!form->table_no || !code)
        return NULL;
    for (size_t i = 0; i < fd_map_count(forms->codes); i++) {
        fd_view key = fd_map_key(forms->codes, i), left = key, table;
        ptrdiff_t at;
        int from = 0;

        if (!fd_view_split(&left, ':', &table) || !fd_view_is(table, form->table_no))
            continue;
        at = fd_view_find(left, "@");
        if (at >= 0) {
            from = atoi(left.ptr + at + 1);
            left.len = (size_t)at;
        }
        if (fd_view_is(left, code) && from > best && (from == 0 || year == 0 || from <= year)) {
            best = from;
            found = (const fd_item *)(uintptr_t)fd_map_value(forms->codes, i);
        }
    }
    return found;
}

/* Is the header's name close enough to the item's that a code may decide? */
static bool resembles(const fd_header *h, const fd_item *item, fd_arena *arena)
{
    fd_view name = fd_view_of(fd_returns__fold(arena, item->name, strlen(item->name)));

    if (h->count == 0)
        return true; /* nothing but a code */
    if (changes_meaning(fd_view_of(h->folded)) && !changes_meaning(name))
        return false; /* 年初资产总计213 */
    for (size_t i = 0; i < h->count; i++) {
        fd_view c = fd_view_of(h->candidates[i].name);
        size_t longer = (c.len > name.len ? c.len : name.len) / 3, limit = longer / 3 + 1;

        if (all_digits(c) || fd_view_find(c, name.ptr) >= 0 ||
            fd_view_find(name, h->candidates[i].name) >= 0 ||
            fd_utf8_distance(c, name, limit) <= limit)
            return true;
    }
    return false;
}

void fd_header_match(fd_match *out, fd_arena *arena, const fd_forms *forms, const fd_form *form,
                     const fd_header *header, const char *target, int year)
{
    const fd_item *coded = code_item(forms, form, header->code, year);

    memset(out, 0, sizeof *out);
    if (fd_view_starts(fd_view_of(header->folded), FD_HEADER_BESIDE)) {
        out->how = FD_MATCH_IGNORED;
        return;
    }
    if (target)
        by_target(out, form, header, target);
    if (!out->count)
        by_name(out, form, header);
    if (out->count && out->how == FD_MATCH_NAME) {
        const fd_form_column *c = out->columns[0];

        if (!one_meaning(out)) {
            fd_buf others = FD_BUF_INIT;

            for (size_t i = 0; i < out->count; i++)
                fd_buf_printf(&others, "%s%s", i ? "、" : "",
                              out->columns[i]->item ? out->columns[i]->item->name
                                                    : out->columns[i]->names[0]);
            out->others = fd_arena_strdup(arena, fd_buf_text(&others));
            fd_buf_dispose(&others);
            out->how = FD_MATCH_AMBIGUOUS;
            return;
        }
        if (coded && c->item && coded != c->item && c->role == FD_COL_ITEM) {
            out->how = FD_MATCH_CONFLICT;
            out->by_name = c->item;
            out->by_code = coded;
        } else if (c->role == FD_COL_IGNORE) {
            out->how = FD_MATCH_IGNORED;
        }
        return;
    }
    if (out->count || !coded)
        return;
    out->by_code = coded;
    if (out->aside || !resembles(header, coded, arena))
        return; /* reported; never mapped by a bare number */
    by_target(out, form, header, coded->id);
    if (out->count)
        out->how = one_meaning(out) ? FD_MATCH_CODE : FD_MATCH_AMBIGUOUS;
}
