/*
 * lead-cells: which county leads which chain as the city declares it, and whether that holds.
 */
#include "app/registry.h"
#include "fangding/industry.h"

static int run(fd_call *call, fd_result *result)
{
    fd_period period = FD_PERIOD_NONE;
    fd_lead_cells all;
    size_t cells, findings;
    int err;

    if ((err = fd_call_period(call, "at", &period)) < 0 ||
        (err = fd_lead_cells_make(&all, call->city->source,
                                  period == FD_PERIOD_NONE ? FD_DATE_MAX : fd_period_end(period))) <
            0)
        return err;
    cells = all.cells->rows;
    findings = all.findings->rows;
    fd_table_add_note(all.cells, "每县区主导 2—3 条链;九个县区共 18—27 格",
                      "each county leads two or three chains; nine counties have 18 to 27 cells");
    fd_result_add(result, all.cells);
    if (findings) {
        fd_result_add(result, all.findings);
        all.findings = NULL;
        result->exit_code = 1;
    }
    all.cells = NULL;
    fd_lead_cells_dispose(&all);
    if (!cells && !findings)
        fd_result_say(result, "没有登记主导格;矩阵按调度营收推定",
                      "no lead cell is declared; the matrix computes them from dispatch revenue");
    else
        fd_result_say(result, "登记主导格 %zu 个,%zu 处问题",
                      "%zu lead cells declared, %zu findings", cells, findings);
    return 0;
}

static const fd_verb_param params[] = {
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "截至哪个期间;不写取现在",
      "as of this period; now by default", NULL },
};
static const char *const examples[] = { "lead-cells --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_lead_cells = {
    .name = "lead-cells",
    .zh = "登记的主导格:哪个县区主导哪条链、谁牵头、从何时起;总数和每县区条数对不对",
    .en = "lead cells as declared: which county leads which chain, who answers, since when; do the "
          "numbers hold",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = params,
    .param_count = 1,
    .examples = examples,
    .run = run,
};
