#include "measure/arith.h"

#include <math.h>
#include <stdio.h>

fd_number fd_number_int(int64_t v)
{
    return fd_number_exact(fd_quot_from_int(v));
}

bool fd_number_has(fd_number v)
{
    return v.state == FD_HAS || v.state == FD_DOUBT;
}

static bool exactly(fd_quot *out, fd_quot a, char op, fd_quot b)
{
    int err = op == '+'   ? fd_quot_add(out, a, b)
              : op == '-' ? fd_quot_sub(out, a, b)
              : op == '*' ? fd_quot_mul(out, a, b)
                          : fd_quot_div(out, a, b);

    if (err < 0)
        fd_error_clear();
    return err >= 0;
}

fd_number fd_number_apply(fd_number a, char op, fd_number b)
{
    fd_number r = { .state = fd_state_combine(a.state, b.state), .exact = { 0, 1 } };
    double x, y;

    if (r.state == FD_DOUBT && (!fd_number_has(a) || !fd_number_has(b)))
        r.state = FD_MISSING; /* a doubtful number without a partner carries nothing */
    if (!fd_number_has(r))
        return r;
    if (op == '/' && (b.is_estimate ? b.estimate == 0 : b.exact.num == 0)) {
        r.state = r.state == FD_DOUBT ? FD_MISSING : FD_NA;
        return r;
    }
    if (!a.is_estimate && !b.is_estimate && exactly(&r.exact, a.exact, op, b.exact))
        return r;
    x = fd_number_to_double(a);
    y = fd_number_to_double(b);
    r.is_estimate = true;
    r.exact = (fd_quot){ 0, 1 };
    r.estimate = op == '+' ? x + y : op == '-' ? x - y : op == '*' ? x * y : x / y;
    return r;
}

int fd_number_compare(fd_number a, fd_number b)
{
    double x, y;

    if (!a.is_estimate && !b.is_estimate)
        return fd_quot_compare(a.exact, b.exact);
    x = fd_number_to_double(a);
    y = fd_number_to_double(b);
    return x < y ? -1 : x > y;
}

const char *fd_number_text(fd_number v, int digits, fd_lang lang, char *buf, size_t size)
{
    if (!fd_number_has(v))
        snprintf(buf, size, "%s", fd_state_name(v.state, lang));
    else if (v.is_estimate)
        snprintf(buf, size, "%.*f", digits, v.estimate);
    else
        (void)fd_quot_format(v.exact, digits, FD_ROUND_HALF_EVEN, buf, size);
    return buf;
}

void fd_column_put(fd_column *column, size_t row, fd_number v)
{
    if (fd_number_has(v))
        fd_column_set_number(column, row, v);
    if (v.state != FD_HAS)
        fd_column_set_state(column, row, v.state);
}

static int each_name(const fd_expr *e, const fd_expr *at,
                     int (*visit)(void *payload, const fd_expr *name, const fd_expr *at),
                     void *payload)
{
    int err = 0;

    if (!e)
        return 0;
    if (e->kind == FD_EXPR_NAME)
        return visit(payload, e, at);
    for (size_t i = 0; i < e->child_count && err >= 0; i++)
        err = each_name(e->children[i], e->kind == FD_EXPR_AT ? e : at, visit, payload);
    if (err >= 0)
        err = each_name(e->where, at, visit, payload);
    return err < 0 ? err : 0;
}

int fd_expr_each_name(const fd_expr *e,
                      int (*visit)(void *payload, const fd_expr *name, const fd_expr *at),
                      void *payload)
{
    return each_name(e, NULL, visit, payload);
}
