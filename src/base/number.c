#include <math.h>

#include "fangding/decimal.h"

const char *fd_state_name(fd_state state, fd_lang lang)
{
    static const char *const names[4][2] = {
        [FD_HAS] = { "", "" },
        [FD_MISSING] = { "缺报", "missing" },
        [FD_NA] = { "不适用", "n/a" },
        [FD_DOUBT] = { "待核", "in doubt" },
    };

    return names[state][lang];
}

fd_state fd_state_combine(fd_state a, fd_state b)
{
    if (a == FD_MISSING || b == FD_MISSING)
        return FD_MISSING;
    if (a == FD_DOUBT || b == FD_DOUBT)
        return FD_DOUBT;
    if (a == FD_NA || b == FD_NA)
        return FD_NA;
    return FD_HAS;
}

fd_number fd_number_missing(void)
{
    return (fd_number){ .state = FD_MISSING, .exact = { 0, 1 } };
}

fd_number fd_number_na(void)
{
    return (fd_number){ .state = FD_NA, .exact = { 0, 1 } };
}

fd_number fd_number_exact(fd_quot value)
{
    return (fd_number){ .state = FD_HAS, .exact = value };
}

fd_number fd_number_estimate(double value)
{
    return (
        fd_number){ .state = FD_HAS, .is_estimate = true, .exact = { 0, 1 }, .estimate = value };
}

double fd_number_to_double(fd_number value)
{
    if (value.state == FD_MISSING || value.state == FD_NA)
        return NAN;
    return value.is_estimate ? value.estimate : fd_quot_to_double(value.exact);
}
