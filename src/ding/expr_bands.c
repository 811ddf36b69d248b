/*
 * 查表 and 累进: text → cases that compare one left side; and copies of trees.
 */
#include "ding/expr_parser.h"

/* The relation that an edge word or sign stands for; false for neither. */
static bool take_edge(fd_parser *p, fd_expr_kind *kind)
{
    static const struct {
        const char *en;
        char symbol;
        fd_expr_kind kind;
    } rows[] = { { "up_to", 'L', FD_EXPR_LE },
                 { "below", '<', FD_EXPR_LT },
                 { "reaches", 'G', FD_EXPR_GE },
                 { "over", '>', FD_EXPR_GT } };
    const fd_word *w = fd_parse__edge_of(&p->token);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((w && strcmp(w->en, rows[i].en) == 0) || fd_parse__is_symbol(p, rows[i].symbol)) {
            *kind = rows[i].kind;
            fd_parse__advance(p);
            return true;
        }
    return false;
}

static size_t node_count(const fd_expr *e, bool *has_case)
{
    size_t n = 1;

    *has_case = *has_case || e->kind == FD_EXPR_CASE;
    for (size_t i = 0; i < e->child_count; i++)
        n += node_count(e->children[i], has_case);
    return n;
}

/* Every band compares a copy of the left side; copies count like what is written. */
static fd_expr *copy_subject(fd_parser *p, const fd_token *at, const fd_expr *subject)
{
    bool has_case = false;

    p->nodes += node_count(subject, &has_case);
    if (p->nodes > FD_EXPR_NODES)
        fd_parse__fault(p, at, "一个子句里的算式太长", "the expression of one clause is too long");
    if (has_case)
        fd_parse__fault(p, at, "查表的左边不能再查表", "no bands inside the left side of bands");
    return p->failed ? (fd_expr *)subject : fd_expr__clone(p->arena, subject);
}

/* 查表 x 不超过 5000 万元 5 % 不超过 2 亿元 4 % 其余 3 %: cases that compare one left side.  A band
 * may name both its edges: 超过 5000 万元 不超过 2 亿元 4 %. */
fd_expr *fd_parse__bands(fd_parser *p, int bands)
{
    fd_token at = p->token, edge;
    expr_list list = { 0 };
    fd_expr *subject, *e;
    fd_expr_kind kind;
    bool closed = false;

    fd_parse__advance(p);
    subject = fd_parse__sum(p);
    while (!p->failed && !closed) {
        fd_expr *when = NULL;

        (void)fd_parse__take_symbol(p, ';');
        edge = p->token;
        if (fd_parse__take_word(p, "其余", "else")) {
            closed = true;
        } else if (take_edge(p, &kind)) {
            when = fd_parse__node(p, kind, &edge, subject, fd_parse__sign(p));
            edge = p->token;
            if (!p->failed && take_edge(p, &kind))
                when =
                    fd_parse__node(p, FD_EXPR_AND, &edge, when,
                                   fd_parse__node(p, kind, &edge, copy_subject(p, &edge, subject),
                                                  fd_parse__sign(p)));
            fd_vec_push(&list, when);
        } else {
            fd_parse__hint(
                fd_parse__fault(p, &p->token, "这里应为一档:不超过、不满、达到、超过,或 其余",
                                "a band is expected: up_to, below, reaches, over, or else"),
                "最后一档写 其余", "the last band is else");
            break;
        }
        if (!p->failed)
            fd_vec_push(&list, fd_parse__product(p));
        subject = closed || p->failed ? subject : copy_subject(p, &at, subject);
    }
    if (!p->failed && list.count < 3)
        fd_parse__fault(p, &at, "查表至少有一档和 其余", "bands have at least one band and else");
    e = fd_parse__make(p, FD_EXPR_CASE, &at);
    e->bands = bands;
    fd_parse__set_children(p, e, &list, &at);
    return e;
}

fd_expr *fd_expr__clone(fd_arena *arena, const fd_expr *e)
{
    fd_expr *out;

    if (!e)
        return NULL;
    out = fd_arena_alloc(arena, sizeof *out);
    *out = *e;
    out->where = fd_expr__clone(arena, e->where);
    out->children = fd_arena_alloc(arena, (e->child_count + 1) * sizeof *out->children);
    for (size_t i = 0; i < e->child_count; i++)
        out->children[i] = fd_expr__clone(arena, e->children[i]);
    return out;
}
