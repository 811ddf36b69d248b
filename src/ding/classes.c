/*
 * 分类: dated classifications, members inline or from a file.
 */
#include <string.h>

#include "ding/program.h"

struct fd_member_sink {
    fd_loader *loader;
    fd_class *class;
    size_t room;
    fd_date from, to; /* of the whole class, where a member has none of its own */
};

static bool is_one_of(const char *word, const char *zh, const char *en)
{
    return strcmp(word, zh) == 0 || strcmp(word, en) == 0;
}

int fd_class_add_member(fd_member_sink *sink, const char *code, fd_quot share, fd_date from,
                        fd_date to)
{
    fd_class *class = sink->class;
    fd_quot zero = { 0, 1 }, one = { 1, 1 };
    fd_class_member *member;

    if (!code || !code[0])
        return fd_error_set(FD_EINVAL, "分类 %s 的成员没有代码", "a member of class %s has no code",
                            class->id);
    if (share.den <= 0 || fd_quot_compare(share, zero) < 0 || fd_quot_compare(share, one) > 0)
        return fd_error_set(FD_EINVAL, "分类 %s 的成员 %s 份额不在 0 到 1 之间",
                            "class %s, member %s: the share is not between 0 and 1", class->id,
                            code);
    if (class->member_count == sink->room) {
        fd_class_member *larger;

        sink->room = sink->room ? sink->room * 2 : 16;
        larger = fd_arena_alloc(sink->loader->p->arena, sink->room * sizeof *larger);
        if (class->member_count)
            memcpy(larger, class->members, class->member_count * sizeof *larger);
        class->members = larger;
    }
    member = &class->members[class->member_count++];
    member->code = fd_arena_strdup(sink->loader->p->arena, code);
    member->share = share;
    member->from = from == FD_DATE_NONE ? sink->from : from;
    member->to = to == FD_DATE_MAX ? sink->to : to;
    return 0;
}

static bool read_date(const char *word, fd_date *out)
{
    fd_period year;

    if (fd_date_parse(out, word, strlen(word)) == 0)
        return true;
    fd_error_clear();
    if (fd_period_parse(&year, word, strlen(word)) == 0) {
        *out = fd_period_start(year);
        return true;
    }
    fd_error_clear();
    return false;
}

/* "40", "40%" or "40 %" (then the sign is the next word), or 0.4. */
static bool read_share(const char *word, const char *next, fd_quot *out, size_t *used)
{
    size_t length = strcspn(word, "%");
    bool percent = word[length] == '%';
    fd_decimal number;

    *used = 1;
    if (!percent && next && strcmp(next, "%") == 0) {
        percent = true;
        *used = 2;
    }
    if (fd_decimal_parse(&number, word, length) < 0) {
        fd_error_clear();
        return false;
    }
    *out = fd_quot_from_decimal(number);
    if (percent && fd_quot_div(out, *out, fd_quot_from_int(100)) < 0) {
        fd_error_clear();
        return false;
    }
    return fd_quot_compare(*out, fd_quot_from_int(0)) >= 0 &&
           fd_quot_compare(*out, fd_quot_from_int(1)) <= 0;
}

static bool is_code(const char *word)
{
    for (const char *c = word; *c; c++)
        if (!((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
              *c == '.' || *c == '-' || *c == '_'))
            return false;
    return word[0] != '\0';
}

static void complain(fd_loader *l, const fd_class *class, const fd_clause *c, const char *zh,
                     const char *en)
{
    const char *texts[2] = { zh, en };
    fd_error *e = fd_program__find(l->diags, FD_FAULT, "member", class->decl,
                                   c->text && *c->text ? &c->argument : &c->span, "%s", "%s", "");

    for (int lang = 0; lang < 2; lang++)
        strncat(e->message[lang], texts[lang],
                sizeof e->message[lang] - strlen(e->message[lang]) - 1);
}

/* 成员 31 33; 成员 2710 份额 40 % 自 2018-01-01 至 2023-12-31; on a line below 成员: a code, then
 * perhaps its title. */
static void read_members(fd_member_sink *sink, const fd_clause *c, bool child)
{
    fd_loader *l = sink->loader;
    fd_quot share = { 1, 1 };
    fd_date from = FD_DATE_NONE, to = FD_DATE_MAX;
    size_t codes = c->word_count, used = 1;

    for (size_t w = 0; w < c->word_count; w += used) {
        const char *word = c->words[w], *value = w + 1 < c->word_count ? c->words[w + 1] : NULL;

        used = 1;
        if (is_one_of(word, "份额", "share")) {
            codes = w < codes ? w : codes;
            if (!value ||
                !read_share(value, w + 2 < c->word_count ? c->words[w + 2] : NULL, &share, &used)) {
                complain(l, sink->class, c, "份额 应为 0 % 到 100 %", "share: 0 % to 100 %");
                return;
            }
            used++;
        } else if (is_one_of(word, "自", "from") || is_one_of(word, "至", "to")) {
            codes = w < codes ? w : codes;
            if (!value || !read_date(value, is_one_of(word, "自", "from") ? &from : &to)) {
                complain(l, sink->class, c, "自、至 后面应为日期",
                         "a date is expected after from and to");
                return;
            }
            used = 2;
        }
    }
    if (from != FD_DATE_NONE && to < from) {
        complain(l, sink->class, c, "起止日期颠倒", "the dates are reversed");
        return;
    }
    if (child)
        (void)fd_class_add_member(sink, c->keyword, share, from, to);
    for (size_t w = 0; w < codes; w++)
        if (!child || is_code(c->words[w]))
            (void)fd_class_add_member(sink, c->words[w], share, from, to);
}

/* 成员 来自 FILE 列 NAME 份额列 NAME 其中 NAME = VALUE */
static void read_member_file(fd_member_sink *sink, const fd_clause *c)
{
    fd_loader *l = sink->loader;
    fd_member_file file = { 0 };
    bool ok = c->word_count >= 2;

    file.file = ok ? c->words[1] : NULL;
    for (size_t w = 2; ok && w < c->word_count; w += 2) {
        const char *value = w + 1 < c->word_count ? c->words[w + 1] : NULL;

        if (value && is_one_of(c->words[w], "列", "column"))
            file.code_column = value;
        else if (value && is_one_of(c->words[w], "份额列", "share_column"))
            file.share_column = value;
        else if (value && is_one_of(c->words[w], "其中", "where") && w + 3 < c->word_count &&
                 strcmp(c->words[w + 2], "=") == 0) {
            file.where_column = value;
            file.where_value = c->words[w + 3];
            w += 2;
        } else
            ok = false;
    }
    if (!ok) {
        complain(l, sink->class, c, "应写 成员 来自 文件 列 名称 其中 名称 = 值",
                 "write: members from FILE column NAME where NAME = VALUE");
        return;
    }
    if (!l->options->read_members) {
        sink->class->members_unread = true;
        return;
    }
    if (l->options->read_members(l->options->payload, sink, sink->class->decl, &file) < 0) {
        const fd_error *last = fd_error_last();
        fd_error *e = fd_program__find(l->diags, FD_FAULT, "member", sink->class->decl, &c->span,
                                       "读不了 %.80s:%.200s%.0s", "cannot read %.80s: %.0s%.200s",
                                       file.file, last->message[FD_ZH], last->message[FD_EN]);

        e->code = last->code ? last->code : FD_ERROR;
        fd_error_clear();
    }
}

/* 有效 2018-11-07 起; 有效 2022-06-01 至 2026-03-31 */
static void read_valid(fd_member_sink *sink, const fd_clause *valid)
{
    fd_date *next = &sink->from;

    for (size_t w = 0; valid && w < valid->word_count; w++) {
        fd_date date;

        if (valid->words[w][0] < '0' || valid->words[w][0] > '9' ||
            !read_date(valid->words[w], &date))
            continue;
        *next = date;
        next = &sink->to;
    }
}

static fd_class *read_class(fd_loader *l, const fd_decl *decl)
{
    fd_class *class = fd_arena_alloc(l->p->arena, sizeof *class);
    fd_member_sink sink = { l, class, 0, FD_DATE_NONE, FD_DATE_MAX };
    const fd_clause *by = fd_decl__clause(decl, "按");
    const char *word = fd_decl__word(decl, "按");
    const fd_item *attribute = word ? fd_program_item(l->p, word) : NULL;
    const fd_clause *verification = fd_decl__clause(decl, "核实");

    class->decl = decl;
    class->id = decl->alias;
    class->name = decl->name;
    class->attribute = attribute ? attribute->id : "industry";
    if (word && (!attribute || attribute->nature != FD_ATTRIBUTE)) {
        fd_error *e = fd_program__find(l->diags, FD_FAULT, "by", decl, &by->argument,
                                       "按 后面应为属性:%s", "by: an attribute: %s", word);

        fd_program__suggest(l->p, l->diags, e, 1u << FD_DECL_ITEM, word);
    }
    class->partial = fd_decl__clause(decl, "不全") != NULL;
    class->unverified = fd_decl__clause(decl, "未核实") != NULL ||
                        (verification && strstr(verification->text, "未"));
    read_valid(&sink, fd_decl__clause(decl, "有效"));
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];

        if (strcmp(c->keyword, "成员") != 0)
            continue;
        if (c->word_count && is_one_of(c->words[0], "来自", "from"))
            read_member_file(&sink, c);
        else
            read_members(&sink, c, false);
        for (size_t k = 0; k < c->child_count; k++)
            read_members(&sink, &c->children[k], true);
    }
    if (!class->member_count && !class->members_unread && !decl->broken)
        fd_program__find(l->diags, FD_WARNING, "member", decl, NULL, "分类没有成员",
                         "the class has no members");
    return class;
}

void fd_load__classes(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_CLASS].count;

    l->p->typed[FD_DECL_CLASS] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        l->p->typed[FD_DECL_CLASS][i] = read_class(l, l->p->decls[FD_DECL_CLASS].items[i]);
}
