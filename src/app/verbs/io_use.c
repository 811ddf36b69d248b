/*
 * io …: what input–output tables are used for. Prices, shocks, demand, paths, footprints, carbon.
 */
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "app/verbs/io_load.h"
#include "base/pool.h"
#include "io/csvtable.h"

static int run_price(fd_call *call, fd_result *result)
{
    const char **parts;
    const size_t count = fd_call_list(call, "parts", &parts);
    fd_pool *pool = fd_pool_new(0);
    fd_labelled *accounts = NULL;
    fd_table *t = NULL;
    fd_io *io = NULL;
    int err;

    if ((err = fd_io_load_matrix(&accounts, call, "accounts")) >= 0 &&
        (err = fd_io_load(&io, call, pool)) >= 0 &&
        (err = fd_io_price(&t, io, fd_io_number(call, "percent", 10), parts, count, accounts,
                           fd_io_number(call, "levy", 1))) >= 0) {
        err = fd_io_answer(result, call, t);
        fd_result_say(result, "成本变动沿产业链全额传导后,各部门价格变多少;数量不变",
                      "how prices move when a cost is passed on in full; quantities unchanged");
    }
    fd_io_free(io);
    fd_io_drop_matrix(accounts);
    fd_pool_free(pool);
    return err;
}

/* "18=1000000" */
static int parse_shock(fd_io_shock *out, fd_call *call, const char *text)
{
    const char *equals = strrchr(text, '=');

    if (!equals || equals == text || !fd_csv_number(&out->amount, equals + 1, strlen(equals + 1)))
        return fd_error_set(FD_EINVAL, "应是 部门=金额,例如 18=1000000:%s",
                            "expected SECTOR=AMOUNT, such as 18=1000000: %s", text);
    out->sector = fd_arena_strndup(call->arena, text, (size_t)(equals - text));
    return 0;
}

static int run_shock(fd_call *call, fd_result *result)
{
    const char **texts;
    const size_t count = fd_call_list(call, "by", &texts);
    fd_io_shock *shocks = fd_arena_alloc(call->arena, (count + 1) * sizeof *shocks);
    fd_table *effects = NULL, *sectors = NULL;
    fd_pool *pool;
    fd_io *io;
    int err = 0;

    for (size_t s = 0; s < count && err >= 0; s++)
        err = parse_shock(&shocks[s], call, texts[s]);
    if (err < 0)
        return err;
    pool = fd_pool_new(0);
    if ((err = fd_io_load(&io, call, pool)) >= 0 &&
        (err = fd_io_shocks(&effects, &sectors, io, shocks, count)) >= 0) {
        const char *wanted = fd_call_text(call, "out");
        const bool by_sector = wanted && strcmp(wanted, "sectors") == 0;

        err = fd_io_answer(result, call, by_sector ? sectors : effects);
        *(by_sector ? &sectors : &effects) = NULL;
        fd_result_say(result, "直接:需求本身;间接:上游配套;诱发:工资再消费",
                      "direct: the demand; indirect: its suppliers; induced: wages spent again");
    }
    fd_table_free(effects);
    fd_table_free(sectors);
    fd_io_free(io);
    fd_pool_free(pool);
    return err;
}

static int run_demand(fd_call *call, fd_result *result)
{
    const char *factor = fd_call_text(call, "factor");
    fd_pool *pool = fd_pool_new(0);
    fd_table *t = NULL;
    fd_io *io;
    int err;

    if ((err = fd_io_load(&io, call, pool)) >= 0 &&
        (err = fd_io_demand(&t, io, factor ? factor : "va")) >= 0) {
        err = fd_io_answer(result, call, t);
        fd_result_say(result, "各部门靠哪类最终需求吃饭:消费、投资,还是出口",
                      "whose demand each sector lives on: consumption, investment or exports");
    }
    fd_io_free(io);
    fd_pool_free(pool);
    return err;
}

static int run_paths(fd_call *call, fd_result *result)
{
    fd_io_path_options options = { .category = fd_call_text(call, "category"),
                                   .factor = fd_call_text(call, "factor") };
    const char **targets;
    int64_t count = 100, links = 0;
    fd_pool *pool;
    fd_table *t = NULL;
    fd_io *io;
    int err;

    options.target_count = fd_call_list(call, "target", &targets);
    options.targets = targets;
    if ((err = fd_call_integer(call, "count", &count)) < 0 ||
        (err = fd_call_integer(call, "links", &links)) < 0)
        return err;
    if (count < 1 || links < 0)
        return fd_error_set(FD_EINVAL, "条数至少 1,层数不为负",
                            "at least one path, and no negative number of links");
    options.count = (size_t)count;
    options.links = (size_t)links;
    pool = fd_pool_new(0);
    if ((err = fd_io_load(&io, call, pool)) >= 0 && (err = fd_io_paths(&t, io, &options)) >= 0) {
        double sum = 0;

        for (size_t r = 0; r < t->rows; r++)
            if (fd_column_state(t->columns[3], r) == FD_HAS)
                sum += t->columns[3]->v.est[r];
        fd_result_say(result, "前 %zu 条路径合计占 %.1f%%", "the first %zu paths carry %.1f%%",
                      t->rows, sum * 100);
        fd_result_add(result, t);
    }
    fd_io_free(io);
    fd_pool_free(pool);
    return err;
}

static int footprints(fd_io_footprint *out, fd_call *call)
{
    fd_pool *pool = fd_pool_new(0);
    fd_labelled *accounts = NULL, *households = NULL;
    fd_io *io = NULL;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_io_load_matrix(&accounts, call, "accounts")) >= 0 &&
        (err = fd_io_load_matrix(&households, call, "households")) >= 0 &&
        (err = fd_io_load(&io, call, pool)) >= 0)
        err = fd_io_footprints(out, io, accounts, households);
    fd_io_free(io);
    fd_io_drop_matrix(accounts);
    fd_io_drop_matrix(households);
    fd_pool_free(pool);
    return err;
}

static int run_footprint(fd_call *call, fd_result *result)
{
    static const char *const names[] = { "consumption", "production", "imports",
                                         "exports",     "origin",     "by_product",
                                         "by_demand",   "intensity",  "multiplier" };
    fd_io_footprint f;
    int err;

    if ((err = footprints(&f, call)) >= 0) {
        fd_table **const tables[] = { &f.consumption, &f.production, &f.imports,
                                      &f.exports,     &f.origin,     &f.by_product,
                                      &f.by_demand,   &f.intensity,  &f.multiplier };

        err = fd_result_pick(result, fd_call_text(call, "out"), tables, names,
                             sizeof names / sizeof *names);
        if (err < 0)
            fd_error_hint("按地区的表要求部门和最终使用的代码写成 地区.部门 或 地区_部门",
                          "tables by region need codes of the form region.sector or region_sector");
        fd_result_say(result, "消费侧:谁消费算谁的;生产侧:在哪里发生算哪里的;两者在全世界相等",
                      "consumption-based: charged to who consumes; production-based: to where it "
                      "arises; equal for the world");
    }
    fd_io_footprint_dispose(&f);
    return err;
}

static int run_carbon(fd_call *call, fd_result *result)
{
    fd_pool *pool = fd_pool_new(0);
    fd_labelled *accounts = NULL, *households = NULL;
    fd_table *t = NULL;
    fd_io *io = NULL;
    int err;

    if ((err = fd_io_load_matrix(&accounts, call, "accounts")) >= 0 &&
        (err = fd_io_load_matrix(&households, call, "households")) >= 0 &&
        (err = fd_io_load(&io, call, pool)) >= 0 &&
        (err = fd_io_carbon(&t, io, accounts, households)) >= 0) {
        err = fd_io_answer(result, call, t);
        fd_result_say(result, "本地生产排放多少,其中为出口排多少;消费进口品又在外面排多少",
                      "what arises here, how much of it for exports, and what imports cause "
                      "elsewhere");
    }
    fd_io_free(io);
    fd_io_drop_matrix(accounts);
    fd_io_drop_matrix(households);
    fd_pool_free(pool);
    return err;
}

/* ---- declarations ---- */

static const fd_verb_param price_params[] = {
    { "percent", FD_P_NUMBER, false, false, false, "PERCENT", "涨价的百分比(默认 10)",
      "rise in per cent (10)", NULL },
    { "parts", FD_P_LIST, false, false, false, "ROWS", "另算增加值这些行上涨",
      "rows of value added "
      "that rise, too",
      NULL },
    { "accounts", FD_P_PATH, false, false, false, "FILE", "排放或能耗(行)× 部门,按量征费",
      "emissions or energy (rows) by sector, on which a levy is laid", NULL },
    { "levy", FD_P_NUMBER, false, false, false, "AMOUNT", "每单位征费(默认 1)", "levy per unit (1)",
      NULL },
    FD_IO_PARAMS
};
static const char *const price_examples[] = {
    "io price --dir 投入产出表 --percent 5",
    "io price --dir 投入产出表 --accounts 投入产出表/emissions.csv --levy 0.01", NULL
};
FD_IO_VERB(fd_verb_io_price, "io price", "投入产出:价格模型,进口、工资、碳价传导到各部门",
           "price model: how imports, wages and levies reach each sector", price_params,
           price_examples, run_price);

static const fd_verb_param shock_params[] = {
    { "by", FD_P_LIST, false, true, false, "SECTOR=AMOUNT,…", "哪些部门的最终需求各变动多少",
      "which final demands change by how much", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "effects 按影响(默认),sectors 按部门",
      "effects (default) or sectors", "effects|sectors" },
    FD_IO_PARAMS
};
static const char *const shock_examples[] = { "io shock --dir 投入产出表 --by 工业=100",
                                              "io shock --dir 投入产出表 --by 工业=100,服务业=50 "
                                              "--out sectors --format csv",
                                              NULL };
FD_IO_VERB(fd_verb_io_shock, "io shock", "投入产出:需求变动的直接、间接、诱发影响",
           "a change of demand: direct, indirect and induced effects", shock_params, shock_examples,
           run_shock);

static const fd_verb_param demand_params[] = {
    { "factor", FD_P_CHOICE, false, false, false, "NAME", "看什么(默认 va 增加值)",
      "of what (va, value added)", "output|va|income|employment|tax|import" },
    FD_IO_PARAMS
};
static const char *const demand_examples[] = { "io demand --dir 投入产出表", NULL };
FD_IO_VERB(fd_verb_io_demand, "io demand", "投入产出:各部门增加值由哪类最终需求带动",
           "whose final demand each sector lives on", demand_params, demand_examples, run_demand);

static const fd_verb_param paths_params[] = {
    { "target", FD_P_LIST, false, false, false, "CODES", "最终使用在这些部门(默认全部)",
      "final demand of these sectors (all)", NULL },
    { "count", FD_P_INTEGER, false, false, false, "N", "要多少条(默认 100)", "how many (100)",
      NULL },
    { "links", FD_P_INTEGER, false, false, false, "N", "最多几个环节(默认不限)",
      "most links (no limit)", NULL },
    { "factor", FD_P_CHOICE, false, false, false, "NAME", "看什么(默认 va 增加值)",
      "of what (va, value added)", "output|va|income|employment|tax|import" },
    { "category", FD_P_TEXT, false, false, false, "COLUMN", "只看最终使用的这一列",
      "only this column of final demand", NULL },
    FD_IO_PARAMS
};
static const char *const paths_examples[] = {
    "io paths --dir 投入产出表 --target 工业 --count 20 --links 4", NULL
};
FD_IO_VERB(fd_verb_io_paths, "io paths", "投入产出:结构路径,从源头到最终使用按大小排列",
           "structural paths from source to final demand, the largest first", paths_params,
           paths_examples, run_paths);

#define ACCOUNT_PARAMS(required_)                                                                  \
    { "accounts",                                                                                  \
      FD_P_PATH,                                                                                   \
      false,                                                                                       \
      required_,                                                                                   \
      false,                                                                                       \
      "FILE",                                                                                      \
      "账户(行)× 部门:排放、能耗 …",                                                               \
      "accounts (rows) by sector: emissions, energy …",                                            \
      NULL },                                                                                      \
    {                                                                                              \
        "households", FD_P_PATH, false, false, false, "FILE", "居民直接发生的(行)× 最终使用列",    \
            "households' own (rows) by column of final demand", NULL                               \
    }

static const fd_verb_param footprint_params[] = {
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 consumption)",
      "which table (consumption)",
      "consumption|production|imports|exports|origin|by_product|by_demand|intensity|multiplier" },
    ACCOUNT_PARAMS(false),
    FD_IO_PARAMS
};
static const char *const footprint_examples[] = {
    "io footprint --dir 投入产出表 --accounts 投入产出表/emissions.csv --out by_demand", NULL
};
FD_IO_VERB(fd_verb_io_footprint, "io footprint",
           "投入产出:多地区足迹(强度、乘数、消费侧、生产侧、进出口隐含)",
           "multi-region footprints: intensity, multipliers, consumption, production, trade",
           footprint_params, footprint_examples, run_footprint);

static const fd_verb_param carbon_params[] = { ACCOUNT_PARAMS(true), FD_IO_PARAMS };
static const char *const carbon_examples[] = {
    "io carbon --dir 投入产出表 --accounts 投入产出表/emissions.csv", NULL
};
FD_IO_VERB(fd_verb_io_carbon, "io carbon", "投入产出:隐含碳、隐含能:生产侧、出口、进口、消费侧",
           "embodied carbon and energy: production, exports, imports, consumption", carbon_params,
           carbon_examples, run_carbon);
