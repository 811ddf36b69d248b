/*
 * Reading chains: nodes, what they need, who occupies them; and what can be made all the way.
 */
#include "industry/chains.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fangding/arena.h"
#include "fangding/chain.h"

enum { MOST_WAYS = 256, DEEPEST = 32 };

/* ---- cells ---- */

typedef struct cells {
    const fd_table *t;
    const char *name;
} cells;

static int column(const cells *in, const char *id)
{
    return fd_table_find(in->t, id);
}

static int at(const cells *in, size_t row, int c)
{
    return fd_error_at((fd_place){ in->name, NULL, (long)row + 2, c < 0 ? 0 : (long)c + 1 });
}

static const char *text(const cells *in, int c, size_t row)
{
    if (c < 0 || (in->t->columns[c]->kind != FD_TEXT && in->t->columns[c]->kind != FD_CODE))
        return "";
    return fd_column_text_or(in->t->columns[c], row, "");
}

/* NaN where the cell is empty or the column not there. */
static int number(double *out, const cells *in, int c, size_t row)
{
    const fd_column *col = c < 0 ? NULL : in->t->columns[c];
    char *end = NULL;

    *out = NAN;
    if (!col || fd_column_state(col, row) == FD_MISSING || fd_column_state(col, row) == FD_NA)
        return 0;
    if (col->kind == FD_TEXT || col->kind == FD_CODE) {
        *out = strtod(text(in, c, row), &end);
        if (end != text(in, c, row) && !*end && isfinite(*out) && *out >= 0)
            return 0;
        fd_error_set(FD_EINVAL, "列 %s 应是不小于零的数,见到 %s",
                     "column %s should hold a number of at least zero, found %s", col->id,
                     text(in, c, row));
        return at(in, row, c);
    }
    *out = fd_number_to_double(fd_column_number(col, row));
    if (*out >= 0)
        return 0;
    fd_error_set(FD_EINVAL, "列 %s 不能是负数:%g", "column %s may not be negative: %g", col->id,
                 *out);
    return at(in, row, c);
}

/* Words cut at blanks, ; , and their full-width forms; NULL-terminated. */
static char **split_words(const char *list)
{
    fd_buf b = FD_BUF_INIT;
    char **words = fd_alloc((strlen(list) + 2) * sizeof *words);
    size_t count = 0;

    for (size_t i = 0; list[i];) {
        size_t from = i;
        const uint32_t c = fd_utf8_next(list, strlen(list), &i);

        if (c == ' ' || c == ';' || c == ',' || c == '|' || c == 0xFF1B || c == 0xFF0C ||
            c == 0x3001 || c == 0x3000) {
            if (b.len)
                words[count++] = fd_buf_take(&b);
        } else {
            fd_buf_put(&b, list + from, i - from);
        }
    }
    if (b.len)
        words[count++] = fd_buf_take(&b);
    fd_buf_dispose(&b);
    return words;
}

static void free_words(char **words)
{
    for (size_t i = 0; words && words[i]; i++)
        free(words[i]);
    free(words);
}

/* ---- needs ---- */

typedef struct ways {
    fd_way *items;
    size_t count;
} ways;

static void ways_dispose(ways *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->items[i].nodes);
    free(w->items);
    *w = (ways){ NULL, 0 };
}

typedef struct needing {
    const fd_chains *c;
    size_t chain;
    const char *rest; /* of the expression */
    const char *from; /* of the token at hand */
    size_t length;    /* of the token; 0 at the end */
    int depth;
} needing;

static bool starts(const char *p, const char *with)
{
    return strncmp(p, with, strlen(with)) == 0;
}

static const char *const brackets[] = { "(", ")", "（", "）" };

/* Bytes of a bracket or a blank at p; 0 when it is neither. */
static size_t bracket_at(const char *p)
{
    for (size_t k = 0; k < 4; k++)
        if (starts(p, brackets[k]))
            return strlen(brackets[k]);
    return 0;
}

static size_t blank_at(const char *p)
{
    return *p == ' ' || *p == '\t' ? 1 : starts(p, "　") ? strlen("　") : 0;
}

/* Tokens: brackets of either width, and runs of anything else but blanks. */
static void next_token(needing *n)
{
    while (blank_at(n->rest))
        n->rest += blank_at(n->rest);
    n->from = n->rest;
    n->length = bracket_at(n->rest);
    while (!bracket_at(n->from) && n->from[n->length] && !bracket_at(n->from + n->length) &&
           !blank_at(n->from + n->length))
        n->length++;
    n->rest = n->from + n->length;
}

static bool is_token(const needing *n, const char *a, const char *b)
{
    const fd_view t = { n->from, n->length };

    return fd_view_is(t, a) || fd_view_is(t, b);
}

static int parse_or(ways *out, needing *n);

static int parse_one(ways *out, needing *n)
{
    size_t node;

    if (is_token(n, "(", "（")) {
        int err;

        if (++n->depth > DEEPEST)
            return fd_error_set(FD_ELIMIT, "括号太深", "brackets nest too deep");
        next_token(n);
        if ((err = parse_or(out, n)) < 0)
            return err;
        n->depth--;
        if (!is_token(n, ")", "）"))
            return fd_error_set(FD_EPARSE, "需要:括号没有合上", "needs: a bracket is not closed");
        next_token(n);
        return 0;
    }
    if (!n->length || is_token(n, ")", "）") || is_token(n, "且", "and") || is_token(n, "或", "or"))
        return fd_error_set(FD_EPARSE, "需要:这里应是环节,见到“%.*s”",
                            "needs: a node should stand here, found \"%.*s\"", (int)n->length,
                            n->from);
    node = fd_chains__node(n->c, n->chain, (fd_view){ n->from, n->length });
    if (node == SIZE_MAX)
        return fd_error_set(FD_EINVAL, "这条链没有环节“%.*s”", "the chain has no node \"%.*s\"",
                            (int)n->length, n->from);
    out->items = fd_alloc(sizeof *out->items);
    out->items[0] = (fd_way){ fd_alloc(sizeof *out->items[0].nodes), 1 };
    out->items[0].nodes[0] = (uint32_t)node;
    out->count = 1;
    next_token(n);
    return 0;
}

/* Every way of a with every way of b. */
static int cross(ways *a, ways *b)
{
    ways all = { NULL, 0 };

    if (a->count * b->count > MOST_WAYS)
        return fd_error_set(FD_ELIMIT, "需要:展开超过 %d 种组合",
                            "needs: more than %d alternatives", MOST_WAYS);
    all.items = fd_alloc((a->count * b->count + 1) * sizeof *all.items);
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++) {
            const fd_way *x = &a->items[i], *y = &b->items[k];
            fd_way *w = &all.items[all.count++];

            w->count = x->count + y->count;
            w->nodes = fd_alloc(w->count * sizeof *w->nodes);
            memcpy(w->nodes, x->nodes, x->count * sizeof *w->nodes);
            memcpy(w->nodes + x->count, y->nodes, y->count * sizeof *w->nodes);
        }
    ways_dispose(a);
    *a = all;
    return 0;
}

static int parse_and(ways *out, needing *n)
{
    int err = parse_one(out, n);

    while (err >= 0 && is_token(n, "且", "and")) {
        ways more = { NULL, 0 };

        next_token(n);
        if ((err = parse_one(&more, n)) >= 0)
            err = cross(out, &more);
        ways_dispose(&more);
    }
    return err;
}

static int parse_or(ways *out, needing *n)
{
    int err = parse_and(out, n);

    while (err >= 0 && is_token(n, "或", "or")) {
        ways more = { NULL, 0 };

        next_token(n);
        if ((err = parse_and(&more, n)) >= 0) {
            if (out->count + more.count > MOST_WAYS) {
                err = fd_error_set(FD_ELIMIT, "需要:展开超过 %d 种组合",
                                   "needs: more than %d alternatives", MOST_WAYS);
            } else {
                out->items =
                    fd_realloc_array(out->items, out->count + more.count, sizeof *out->items);
                memcpy(out->items + out->count, more.items, more.count * sizeof *out->items);
                out->count += more.count;
                more.count = 0;
            }
        }
        ways_dispose(&more);
    }
    return err;
}

static int read_needs(fd_chains *c, const cells *in)
{
    const int needs = column(in, "needs");

    for (size_t i = 0; i < c->nodes.count; i++) {
        fd_chain_node *n = &c->nodes.items[i];
        needing x = { c, n->chain, n->needs, NULL, 0, 0 };
        ways w = { NULL, 0 };
        int err;

        next_token(&x);
        if (!x.length)
            continue;
        err = parse_or(&w, &x);
        if (err >= 0 && x.length)
            err = fd_error_set(FD_EPARSE, "需要:多出“%s”", "needs: \"%s\" is too much", x.from);
        if (err < 0) {
            ways_dispose(&w);
            return at(in, n->row, needs);
        }
        n->ways = w.items;
        n->way_count = w.count;
    }
    return 0;
}

/* ---- nodes ---- */

static int stage_of(const char *word)
{
    static const char *const names[3][4] = { { "上游", "up", "upstream", "上" },
                                             { "中游", "mid", "midstream", "中" },
                                             { "下游", "down", "downstream", "下" } };

    for (int i = 0; i < 3; i++)
        for (size_t k = 0; k < 4; k++)
            if (strcmp(word, names[i][k]) == 0)
                return i;
    return -1;
}

size_t fd_chains__chain(const fd_chains *c, const char *code)
{
    for (size_t i = 0; i < c->chains.count; i++)
        if (strcmp(c->chains.items[i].code, code) == 0)
            return i;
    return SIZE_MAX;
}

size_t fd_chains__node(const fd_chains *c, size_t chain, fd_view word)
{
    const fd_chain *x = &c->chains.items[chain];

    for (int by_name = 0; by_name < 2; by_name++)
        for (size_t i = x->first; i < x->first + x->count; i++)
            if (fd_view_is(word, by_name ? c->nodes.items[i].name : c->nodes.items[i].code))
                return i;
    return SIZE_MAX;
}

static int read_node(fd_chains *c, const cells *in, size_t row, size_t chain)
{
    fd_chain_node n = { .chain = chain, .row = row };
    const char *code = text(in, column(in, "node"), row), *name = text(in, column(in, "name"), row);
    const char *stage = text(in, column(in, "stage"), row);
    fd_chain *x = &c->chains.items[chain];

    if (!*code) {
        fd_error_set(FD_EINVAL, "环节没有代码", "the node has no code");
        return at(in, row, column(in, "node"));
    }
    for (size_t i = x->first; i < c->nodes.count; i++)
        if (strcmp(c->nodes.items[i].code, code) == 0) {
            fd_error_set(FD_EINVAL, "环节 %s 出现两次", "node %s stands twice", code);
            return at(in, row, column(in, "node"));
        }
    if ((n.stage = stage_of(stage)) < 0) {
        fd_error_set(FD_EINVAL, "阶段应是上游、中游或下游,见到“%s”",
                     "a stage is up, mid or down, found \"%s\"", stage);
        return at(in, row, column(in, "stage"));
    }
    if (number(&n.importance, in, column(in, "importance"), row) < 0)
        return fd_error_last()->code;
    if (isnan(n.importance))
        n.importance = 1;
    if (n.importance <= 0) {
        fd_error_set(FD_EINVAL, "重要程度应大于零", "importance must be positive");
        return at(in, row, column(in, "importance"));
    }
    n.code = fd_strdup(code);
    n.name = fd_strdup(*name ? name : code);
    n.needs = fd_strdup(text(in, column(in, "needs"), row));
    n.outside = fd_strdup(text(in, column(in, "outside"), row));
    n.note = fd_strdup(text(in, column(in, "note"), row));
    n.industries = split_words(text(in, column(in, "industries"), row));
    n.products = split_words(text(in, column(in, "products"), row));
    fd_vec_push(&c->nodes, n);
    x->count++;
    return 0;
}

/* Needs that lead back to themselves have no upstream and no downstream. */
static int check_cycles(const fd_chains *c, const cells *in)
{
    uint8_t *state = fd_alloc(c->nodes.count + 1); /* 1 open, 2 done */
    uint32_t *stack = fd_alloc(c->nodes.count * sizeof *stack + 1);
    size_t *way = fd_alloc(c->nodes.count * sizeof *way + 1);
    size_t *member = fd_alloc(c->nodes.count * sizeof *member + 1);
    int err = 0;

    for (size_t root = 0; root < c->nodes.count && err >= 0; root++) {
        size_t depth = 0;

        if (state[root])
            continue;
        state[root] = 1;
        stack[depth++] = (uint32_t)root;
        while (depth && err >= 0) {
            const uint32_t i = stack[depth - 1];
            const fd_chain_node *n = &c->nodes.items[i];
            uint32_t next;

            if (way[i] == n->way_count) {
                state[i] = 2;
                depth--;
                continue;
            }
            if (member[i] == n->ways[way[i]].count) {
                way[i]++;
                member[i] = 0;
                continue;
            }
            next = n->ways[way[i]].nodes[member[i]++];
            if (state[next] == 1) {
                fd_error_set(FD_EINVAL, "环节 %s 的需要绕回自己", "the needs of %s lead back to it",
                             c->nodes.items[next].name);
                err = at(in, n->row, column(in, "needs"));
            } else if (!state[next]) {
                state[next] = 1;
                stack[depth++] = next;
            }
        }
    }
    free(state);
    free(stack);
    free(way);
    free(member);
    return err;
}

int fd_chains_read(fd_chains **out, const fd_table *nodes, const char *name)
{
    static const char *const needed[] = { "chain", "node", "stage" };
    const cells in = { nodes, name };
    fd_chains *c = fd_alloc(sizeof *c);
    int err = 0;

    c->firm_at = fd_map_new();
    for (size_t k = 0; k < 3 && err >= 0; k++)
        if (column(&in, needed[k]) < 0) {
            err = fd_error_set(FD_ENOTFOUND, "缺少列 %s", "there is no column %s", needed[k]);
            fd_error_at((fd_place){ name, NULL, 1, 0 });
        }
    for (size_t r = 0; r < nodes->rows && err >= 0; r++) {
        const char *code = text(&in, column(&in, "chain"), r);
        const char *title = text(&in, column(&in, "chain_name"), r);

        if (fd_chains__chain(c, code) == SIZE_MAX)
            fd_vec_push(&c->chains,
                        ((fd_chain){ fd_strdup(code), fd_strdup(*title ? title : code), 0, 0 }));
    }
    for (size_t k = 0; k < c->chains.count && err >= 0; k++) {
        c->chains.items[k].first = c->nodes.count;
        for (size_t r = 0; r < nodes->rows && err >= 0; r++)
            if (strcmp(text(&in, column(&in, "chain"), r), c->chains.items[k].code) == 0)
                err = read_node(c, &in, r, k);
    }
    if (err >= 0 && (err = read_needs(c, &in)) >= 0)
        err = check_cycles(c, &in);
    if (err < 0) {
        fd_chains_free(c);
        return err;
    }
    *out = c;
    return 0;
}

void fd_chains_free(fd_chains *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->chains.count; i++) {
        free(c->chains.items[i].code);
        free(c->chains.items[i].name);
    }
    for (size_t i = 0; i < c->nodes.count; i++) {
        fd_chain_node *n = &c->nodes.items[i];

        ways_dispose(&(ways){ n->ways, n->way_count });
        free(n->code);
        free(n->name);
        free(n->needs);
        free(n->outside);
        free(n->note);
        free_words(n->industries);
        free_words(n->products);
        fd_vec_dispose(&n->firms);
    }
    for (size_t i = 0; i < c->firms.count; i++) {
        fd_chain_firm *f = &c->firms.items[i];

        free(f->code);
        free(f->name);
        free(f->territory);
        free(f->industry);
        free(f->products);
    }
    for (size_t i = 0; i < c->purchases.count; i++) {
        free(c->purchases.items[i].buyer);
        free(c->purchases.items[i].supplier);
    }
    fd_vec_dispose(&c->purchases);
    fd_vec_dispose(&c->chains);
    fd_vec_dispose(&c->nodes);
    fd_vec_dispose(&c->firms);
    fd_map_free(c->firm_at);
    free(c);
}

const char *fd_chains_find(const fd_chains *c, const char *word)
{
    size_t found = SIZE_MAX, hits = 0;

    for (size_t i = 0; i < c->chains.count; i++)
        if (strcmp(c->chains.items[i].code, word) == 0 ||
            strcmp(c->chains.items[i].name, word) == 0)
            return c->chains.items[i].code;
    for (size_t i = 0; i < c->chains.count; i++)
        if (strstr(c->chains.items[i].name, word)) {
            found = i;
            hits++;
        }
    if (hits == 1)
        return c->chains.items[found].code;
    if (hits)
        fd_error_set(FD_ECONFLICT, "有 %zu 条链叫“%s”", "%zu chains are called \"%s\"", hits, word);
    else
        fd_error_set(FD_ENOTFOUND, "没有这条链:%s", "there is no such chain: %s", word);
    if (c->chains.count) {
        fd_buf names = FD_BUF_INIT;

        for (size_t i = 0; i < c->chains.count; i++)
            fd_buf_printf(&names, "%s%s %s", i ? ", " : "", c->chains.items[i].code,
                          c->chains.items[i].name);
        fd_error_hint("有:%s", "there are: %s", fd_buf_text(&names));
        fd_buf_dispose(&names);
    }
    return NULL;
}

/* ---- enterprises ---- */

bool fd_chains__is_word_in(const char *in, const char *word)
{
    return *word && strstr(in, word) != NULL;
}

static bool fits(const fd_chain_node *n, const fd_chain_firm *f)
{
    bool industry = false, product = !n->products[0];

    for (size_t k = 0; n->industries[k]; k++)
        industry |= *f->industry && starts(f->industry, n->industries[k]);
    for (size_t k = 0; n->products[k]; k++)
        product |= fd_chains__is_word_in(f->name, n->products[k]) ||
                   fd_chains__is_word_in(f->products, n->products[k]);
    return industry && product;
}

static void put_on(fd_chain_node *n, uint32_t firm)
{
    for (size_t k = 0; k < n->firms.count; k++)
        if (n->firms.items[k] == firm)
            return;
    fd_vec_push(&n->firms, firm);
}

/* "uav.fc" or "fc", which may stand in several chains. @return how many nodes that were */
static size_t put_on_named(fd_chains *c, const char *word, uint32_t firm)
{
    const char *dot = strchr(word, '.');
    size_t hits = 0;

    for (size_t k = 0; k < c->chains.count; k++) {
        const fd_chain *x = &c->chains.items[k];
        const bool same = !dot || fd_view_is((fd_view){ word, (size_t)(dot - word) }, x->code);
        const size_t node =
            same ? fd_chains__node(c, k, fd_view_of(dot ? dot + 1 : word)) : SIZE_MAX;

        if (node == SIZE_MAX)
            continue;
        put_on(&c->nodes.items[node], firm);
        hits++;
    }
    return hits;
}

static void renew(char **slot, const char *now)
{
    if (*slot && !*now)
        return;
    free(*slot);
    *slot = fd_strdup(now);
}

/* Divisions of GB/T 4754: 06 to 46 are industry. */
static bool is_industry(const char *code)
{
    const int division = code[0] >= '0' && code[0] <= '9' && code[1] >= '0' && code[1] <= '9'
                             ? (code[0] - '0') * 10 + code[1] - '0'
                             : 0;

    return division >= 6 && division <= 46;
}

int fd_chains_occupy(fd_chains *c, const fd_table *enterprises, const char *name)
{
    const cells in = { enterprises, name };
    const int code = column(&in, "enterprise"), node = column(&in, "node");
    static const char *const texts[] = { "name", "territory", "industry", "products" };

    if (code < 0) {
        fd_error_set(FD_ENOTFOUND, "缺少列 enterprise", "there is no column enterprise");
        return fd_error_at((fd_place){ name, NULL, 1, 0 });
    }
    for (size_t r = 0; r < enterprises->rows; r++) {
        const char *who = text(&in, code, r);
        const uint64_t next = c->firms.count,
                       firm = fd_map_intern(c->firm_at, fd_view_of(who), next);
        double numbers[3];
        char **words;
        fd_chain_firm *f;
        int err = 0;

        if (!*who) {
            fd_error_set(FD_EINVAL, "企业没有代码", "the enterprise has no code");
            return at(&in, r, code);
        }
        if (firm == next)
            fd_vec_push(&c->firms, ((fd_chain_firm){ .code = fd_strdup(who),
                                                     .capacity = NAN,
                                                     .active = -1,
                                                     .leading = -1 }));
        f = &c->firms.items[firm];
        for (size_t k = 0; k < 4; k++)
            renew(k == 0   ? &f->name
                  : k == 1 ? &f->territory
                  : k == 2 ? &f->industry
                           : &f->products,
                  text(&in, column(&in, texts[k]), r));
        if ((err = number(&numbers[0], &in, column(&in, "capacity"), r)) < 0 ||
            (err = number(&numbers[1], &in, column(&in, "active"), r)) < 0 ||
            (err = number(&numbers[2], &in, column(&in, "leading"), r)) < 0)
            return err;
        f->capacity = isnan(numbers[0]) ? f->capacity : numbers[0];
        f->active = isnan(numbers[1]) ? f->active : numbers[1] > 0;
        f->leading = isnan(numbers[2]) ? f->leading : numbers[2] > 0;
        c->beyond_industry |= *f->industry && !is_industry(f->industry);
        words = split_words(text(&in, node, r));
        for (size_t k = 0; words[k] && err >= 0; k++)
            if (!put_on_named(c, words[k], (uint32_t)firm)) {
                fd_error_set(FD_EINVAL, "没有这个环节:%s", "there is no such node: %s", words[k]);
                err = at(&in, r, node);
            }
        for (size_t i = 0; !words[0] && i < c->nodes.count; i++)
            if (fits(&c->nodes.items[i], f))
                put_on(&c->nodes.items[i], (uint32_t)firm);
        free_words(words);
        if (err < 0)
            return err;
    }
    return 0;
}

bool fd_chains__is_covered(const fd_chains *c, const fd_chain_node *n)
{
    bool covered = c->beyond_industry || n->firms.count > 0 || !n->industries[0];

    for (size_t k = 0; n->industries[k]; k++)
        covered |= is_industry(n->industries[k]);
    return covered;
}

size_t fd_chains__active(const fd_chains *c, const fd_chain_node *n)
{
    size_t active = 0;

    for (size_t k = 0; k < n->firms.count; k++)
        active += fd_chain_is_active(&c->firms.items[n->firms.items[k]]);
    return active;
}

double fd_chains__hhi(bool *by_capacity, const fd_chains *c, const fd_chain_node *n)
{
    const size_t active = fd_chains__active(c, n);
    double total = 0, squares = 0;

    *by_capacity = active >= 3;
    for (size_t k = 0; k < n->firms.count; k++) {
        const fd_chain_firm *f = &c->firms.items[n->firms.items[k]];

        if (!fd_chain_is_active(f))
            continue;
        *by_capacity &= !isnan(f->capacity);
        total += f->capacity;
        squares += f->capacity * f->capacity;
    }
    *by_capacity &= total > 0;
    if (*by_capacity)
        return squares / (total * total);
    return active ? 1 / (double)active : 0;
}

/* ---- what can be made all the way ---- */

/* Nodes as items, ways as recipes; offers: of every node by itself (who = 0), or of those with an
 * active enterprise. */
static int closure_of(fd_bom **out, const fd_chains *c, size_t chain, bool active_only)
{
    const fd_chain *x = &c->chains.items[chain];
    fd_table *items = fd_table_new("items", "", ""), *recipes = fd_table_new("recipes", "", "");
    fd_table *offers = fd_table_new("enterprises", "", "");
    static const char *const names[] = { "item",       "product",   "recipe", "input",
                                         "enterprise", "territory", "item" };
    int err;

    for (size_t k = 0; k < 7; k++)
        fd_table_add_new(k < 1   ? items
                         : k < 4 ? recipes
                                 : offers,
                         names[k], "", "", FD_TEXT, "", 0);
    fd_table_add_new(recipes, "qty", "", "", FD_EST, "", 0);
    fd_table_add_new(offers, "capacity", "", "", FD_EST, "", 0);
    for (size_t i = x->first; i < x->first + x->count; i++) {
        const fd_chain_node *n = &c->nodes.items[i];
        size_t row;

        fd_column_set_text(items->columns[0], fd_table_add_row(items), n->code);
        for (size_t w = 0; w < n->way_count; w++)
            for (size_t m = 0; m < n->ways[w].count; m++) {
                char recipe[24];

                row = fd_table_add_row(recipes);
                snprintf(recipe, sizeof recipe, "%zu", w);
                fd_column_set_text(recipes->columns[0], row, n->code);
                fd_column_set_text(recipes->columns[1], row, recipe);
                fd_column_set_text(recipes->columns[2], row,
                                   c->nodes.items[n->ways[w].nodes[m]].code);
                fd_column_set_est(recipes->columns[3], row, 1);
            }
        if (active_only && !fd_chains__active(c, n) && fd_chains__is_covered(c, n))
            continue;
        row = fd_table_add_row(offers);
        fd_column_set_text(offers->columns[0], row, n->code);
        fd_column_set_text(offers->columns[1], row, "city");
        fd_column_set_text(offers->columns[2], row, n->code);
        fd_column_set_est(offers->columns[3], row, 1);
    }
    err = fd_bom_read(out, &(fd_bom_input){ items, recipes, offers, NULL, NULL, NULL });
    fd_table_free(items);
    fd_table_free(recipes);
    fd_table_free(offers);
    return err;
}

int fd_chain_state_init(fd_chain_state *s, const fd_chains *c, size_t chain)
{
    const size_t count = c->chains.items[chain].count;
    const uint32_t *finals;
    fd_bom *all = NULL, *here = NULL;
    int err;

    s->local = fd_alloc(count + 1);
    s->lost = fd_alloc(count * sizeof *s->lost + 1);
    if ((err = closure_of(&here, c, chain, true)) >= 0 &&
        (err = closure_of(&all, c, chain, false)) >= 0) {
        fd_bom_closure(s->local, here, UINT64_MAX);
        err = fd_bom_lost(s->lost, all, UINT64_MAX, NULL); /* enterprises are nodes here */
        s->finals = fd_bom_finals(all, &finals);
    }
    fd_bom_free(all);
    fd_bom_free(here);
    return err;
}

void fd_chain_state_dispose(fd_chain_state *s)
{
    free(s->local);
    free(s->lost);
}
