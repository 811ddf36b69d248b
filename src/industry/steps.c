/*
 * 不出园区 by steps of the work; the board of future industries.
 */
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/chainwork.h"
#include "industry/chains.h"
#include "industry/works.h"

/* ---- steps ----------------------------------------------------------------------------------- */

typedef struct tally {
    size_t park_firms, park_active, city_firms, city_active;
    bool known; /* somebody could have been seen: a register or a node of the graph */
    bool open;  /* a node of the step has enterprises the list cannot see */
    fd_supply bought;
} tally;

/* Is an enterprise counted already? Codes seen so far, by step. */
static void count_firm(tally *y, fd_map *seen, const char *firm, bool active, bool in_park)
{
    uint64_t flags = 0;
    uint64_t now = 1 | (active ? 2u : 0) | (in_park ? 4u : 0) | (in_park && active ? 8u : 0);

    fd_map_get(seen, fd_view_of(firm), &flags);
    now &= ~flags;
    y->city_firms += (now & 1) != 0;
    y->city_active += (now & 2) != 0;
    y->park_firms += (now & 4) != 0;
    y->park_active += (now & 8) != 0;
    fd_map_set(seen, fd_view_of(firm), flags | now);
}

/* 停产 in a register, or 0 in a plain column active. */
static bool is_active(const fd_table *t, size_t r)
{
    const fd_number n = fd_works__number(t, r, "active");

    if (n.state == FD_HAS)
        return fd_number_to_double(n) > 0;
    return strcmp(fd_works__text_or(t, r, "state", "运行"), "停产") != 0;
}

static bool is_step(const fd_table *steps, size_t s, const char *text)
{
    static const char *const columns[] = { "step", "name_zh", "name", "name_en" };

    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        if (*text && strcmp(fd_works__text_or(steps, s, columns[k], ""), text) == 0)
            return true;
    return false;
}

/* Enterprises of the register on a step. */
static void count_register(tally *y, fd_map *seen, const fd_steps_input *in, size_t s)
{
    const fd_table *t = in->firms;

    for (size_t r = 0; t && r < t->rows; r++) {
        const char *firm = fd_works__text(t, r, "firm"),
                   *park = fd_works__text_or(t, r, "park", "");

        if (!firm)
            firm = fd_works__text_or(t, r, "enterprise", "");
        if (!is_step(in->steps, s, fd_works__text_or(t, r, "step", "")) ||
            strcmp(fd_works__text_or(t, r, "state", ""), "退出") == 0)
            continue;
        y->known = true;
        count_firm(y, seen, firm, is_active(t, r),
                   in->park ? strcmp(park, in->park) == 0 : *park != '\0');
    }
}

/* Enterprises of the graph on the nodes that the step names, and what is bought of these. */
static void count_nodes(tally *y, fd_map *seen, const fd_steps_input *in, size_t s)
{
    fd_view rest = fd_view_of(fd_works__text_or(in->steps, s, "nodes", "")), word;
    const size_t chain =
        in->chains && in->chain ? fd_chains__chain(in->chains, in->chain) : SIZE_MAX;

    while (chain != SIZE_MAX && rest.len && fd_view_split(&rest, ';', &word)) {
        const size_t node = fd_chains__node(in->chains, chain, word);
        const fd_chain_node *n;
        fd_supply one;

        if (node == SIZE_MAX)
            continue;
        n = &in->chains->nodes.items[node];
        y->known = y->known || fd_chains__is_covered(in->chains, n);
        y->open = y->open || !fd_chains__is_covered(in->chains, n);
        for (size_t k = 0; k < n->firms.count; k++) {
            const fd_chain_firm *f = &in->chains->firms.items[n->firms.items[k]];

            count_firm(y, seen, f->code, fd_chain_is_active(f), false);
        }
        fd_chains__supply(&one, in->chains, node, NULL);
        for (int p = 0; p < 4; p++)
            y->bought.by[p] += one.by[p];
        y->bought.total += one.total;
    }
}

static const char *name_of(const fd_table *steps, size_t s, fd_lang lang)
{
    const char *name = fd_works__text(steps, s, lang == FD_ZH ? "name_zh" : "name_en");

    if (!name)
        name = fd_works__text(steps, s, "name");
    return name ? name : fd_works__text_or(steps, s, "step", "");
}

static void put_step(fd_table *t, const fd_steps_input *in, size_t s, const tally *y)
{
    const size_t row = fd_table_add_row(t);
    const char *state = y->park_active              ? "park"
                        : y->city_active            ? "city"
                        : y->city_firms             ? "stopped"
                        : y->open && !y->park_firms ? "unknown"
                                                    : "missing";

    fd_column_set_text(t->columns[0], row, fd_works__text_or(in->steps, s, "step", ""));
    fd_column_set_text(t->columns[1], row, name_of(in->steps, s, FD_ZH));
    fd_column_set_text(t->columns[2], row, name_of(in->steps, s, FD_EN));
    fd_column_set_dec(t->columns[3], row, (int64_t)y->park_firms);
    fd_column_set_dec(t->columns[4], row, (int64_t)y->park_active);
    fd_column_set_dec(t->columns[5], row, (int64_t)y->city_firms);
    fd_column_set_dec(t->columns[6], row, (int64_t)y->city_active);
    fd_column_set_text(t->columns[7], row, state);
    if (y->bought.total > 0) {
        fd_column_set_est(t->columns[8], row, y->bought.total);
        fd_column_set_est(t->columns[9], row, 100 * y->bought.by[FD_LOCAL] / y->bought.total);
    }
}

static void put_summary(fd_table *t, const fd_steps_input *in, const tally *all, bool park)
{
    const size_t row = fd_table_add_row(t), steps = in->steps->rows;
    fd_buf zh = FD_BUF_INIT, en = FD_BUF_INIT;
    size_t covered = 0, unknown = 0;
    double total = 0, local = 0;

    for (size_t s = 0; s < steps; s++) {
        const bool has = park ? all[s].park_active > 0 : all[s].city_active > 0;
        const bool blind = !has && !park && all[s].open && !all[s].city_firms;

        covered += has;
        unknown += blind;
        total += all[s].bought.total;
        local += all[s].bought.by[FD_LOCAL];
        if (has || blind)
            continue;
        fd_buf_printf(&zh, "%s%s", zh.len ? "、" : "", name_of(in->steps, s, FD_ZH));
        fd_buf_printf(&en, "%s%s", en.len ? "; " : "", name_of(in->steps, s, FD_EN));
    }
    fd_column_set_text(t->columns[0], row, park ? "park" : "city");
    fd_column_set_dec(t->columns[1], row, (int64_t)steps);
    fd_column_set_dec(t->columns[2], row, (int64_t)covered);
    fd_column_set_dec(t->columns[3], row, (int64_t)unknown);
    if (steps)
        fd_column_set_est(t->columns[4], row, 100 * (double)covered / (double)steps);
    if (zh.len) {
        fd_column_set_text(t->columns[5], row, fd_buf_text(&zh));
        fd_column_set_text(t->columns[6], row, fd_buf_text(&en));
    } else {
        fd_column_set_state(t->columns[5], row, FD_NA);
        fd_column_set_state(t->columns[6], row, FD_NA);
    }
    if (total > 0) {
        fd_column_set_est(t->columns[7], row, total);
        fd_column_set_est(t->columns[8], row, 100 * local / total);
    }
    fd_buf_dispose(&zh);
    fd_buf_dispose(&en);
}

int fd_steps_make(fd_steps *out, const fd_steps_input *in)
{
    static const fd_column_spec sums[] = {
        { "territory", "地域", "Territory", FD_TEXT, "", 0 },
        { "steps", "工序", "Steps", FD_DEC, "道", 0 },
        { "covered", "有在产企业", "Covered", FD_DEC, "道", 0 },
        { "unknown", "不知道", "Unknown", FD_DEC, "道", 0 },
        { "coverage", "覆盖率", "Coverage", FD_EST, "%", 0 },
        { "missing", "缺的工序", "Missing (Chinese)", FD_TEXT, "", 0 },
        { "missing_en", "英文缺的工序", "Missing", FD_TEXT, "", 0 },
        { "purchases", "申报采购", "Purchases", FD_EST, "万元", 0 },
        { "local_rate", "本地配套率", "Local sourcing", FD_EST, "%", 0 },
    };
    static const fd_column_spec rows[] = {
        { "step", "代码", "Step", FD_TEXT, "", 0 },
        { "name", "工序", "Name (Chinese)", FD_TEXT, "", 0 },
        { "name_en", "英文工序", "Name", FD_TEXT, "", 0 },
        { "park_firms", "园区企业", "In the park", FD_DEC, "户", 0 },
        { "park_active", "园区在产", "Active in the park", FD_DEC, "户", 0 },
        { "city_firms", "全市企业", "In the city", FD_DEC, "户", 0 },
        { "city_active", "全市在产", "Active in the city", FD_DEC, "户", 0 },
        { "state", "状态", "State", FD_TEXT, "", 0 },
        { "purchases", "申报采购", "Purchases", FD_EST, "万元", 0 },
        { "local_rate", "本地配套率", "Local sourcing", FD_EST, "%", 0 },
    };
    tally *all;

    memset(out, 0, sizeof *out);
    if (fd_table_find(in->steps, "step") < 0)
        return fd_error_set(FD_ENOTFOUND, "工序表缺少列 step", "steps have no column step");
    all = fd_alloc((in->steps->rows + 1) * sizeof *all);
    out->summary = fd_table_new("summary", "不出园区:工序覆盖", "Inside the park: steps covered");
    out->steps = fd_table_new("steps", "工序", "Steps");
    fd_table_add_columns(out->summary, sums, sizeof sums / sizeof *sums);
    fd_table_add_columns(out->steps, rows, sizeof rows / sizeof *rows);
    out->summary->columns[4]->digits = out->summary->columns[8]->digits = 1;
    out->summary->columns[7]->digits = out->steps->columns[8]->digits = 0;
    out->steps->columns[9]->digits = 1;
    for (size_t s = 0; s < in->steps->rows; s++) {
        fd_map *seen = fd_map_new();

        count_register(&all[s], seen, in, s);
        count_nodes(&all[s], seen, in, s);
        fd_map_free(seen);
        put_step(out->steps, in, s, &all[s]);
    }
    put_summary(out->summary, in, all, true);
    put_summary(out->summary, in, all, false);
    fd_table_add_note(
        out->summary,
        "覆盖率 = 有在产企业的工序 ÷ 全部工序;园区按园区工序登记,全市另加图谱上的企业;"
        "名单看不到的服务业工序算不知道,不算缺;本地配套率 = 本地采购 ÷ 写明来源的采购",
        "coverage: steps with an active enterprise ÷ all; the park by its register, "
        "the city with the enterprises of the graph as well; steps the list cannot "
        "see are unknown, not missing; local sourcing: bought here ÷ bought with a "
        "place");
    free(all);
    return 0;
}

void fd_steps_dispose(fd_steps *steps)
{
    fd_table_free(steps->summary);
    fd_table_free(steps->steps);
    memset(steps, 0, sizeof *steps);
}

/* ---- future industries ----------------------------------------------------------------------- */

enum { STATES = 4, FEW = 3 };

typedef struct board {
    const char *field;
    size_t entries, state[STATES], policies, with_orders;
    double trl_low, trl_high, pilots, orders;
    bool has_trl, hidden;
} board;

static void add_entry(board *b, const fd_table *t, size_t r)
{
    static const char *const states[STATES] = { "观察", "试点", "首单", "成链" };
    const char *state = fd_works__text_or(t, r, "state", "");
    const fd_number trl = fd_works__number(t, r, "trl"), pilots = fd_works__number(t, r, "pilots"),
                    orders = fd_works__number(t, r, "orders");

    b->entries++;
    for (size_t k = 0; k < STATES; k++)
        b->state[k] += strcmp(state, states[k]) == 0;
    b->policies += fd_works__text(t, r, "policy") != NULL;
    if (trl.state == FD_HAS) {
        const double level = fd_number_to_double(trl);

        b->trl_low = !b->has_trl || level < b->trl_low ? level : b->trl_low;
        b->trl_high = !b->has_trl || level > b->trl_high ? level : b->trl_high;
        b->has_trl = true;
    }
    if (pilots.state == FD_HAS)
        b->pilots += fd_number_to_double(pilots);
    if (orders.state == FD_HAS) {
        b->orders += fd_number_to_double(orders);
        b->with_orders++;
    }
}

/* Sums of fewer than three stay hidden, and never one alone: it would follow from the total. */
static void hide_small(board *all, size_t count)
{
    size_t hidden = 0, smallest = SIZE_MAX;

    for (size_t k = 0; k < count; k++) {
        all[k].hidden = all[k].with_orders > 0 && all[k].with_orders < FEW;
        hidden += all[k].hidden;
        if (!all[k].hidden && all[k].with_orders &&
            (smallest == SIZE_MAX || all[k].orders < all[smallest].orders))
            smallest = k;
    }
    if (hidden == 1 && smallest != SIZE_MAX)
        all[smallest].hidden = true;
}

int fd_futures_make(fd_table **out, const fd_table *in)
{
    static const fd_column_spec specs[] = {
        { "field", "领域", "Field", FD_TEXT, "", 0 },
        { "entries", "条目", "Entries", FD_DEC, "条", 0 },
        { "watching", "观察", "Watching", FD_DEC, "条", 0 },
        { "pilot", "试点", "Pilot", FD_DEC, "条", 0 },
        { "order", "首单", "First order", FD_DEC, "条", 0 },
        { "chain", "成链", "A chain", FD_DEC, "条", 0 },
        { "trl_low", "成熟度最低", "TRL from", FD_EST, "", 0 },
        { "trl_high", "成熟度最高", "TRL to", FD_EST, "", 0 },
        { "pilots", "试点数", "Pilots", FD_EST, "个", 0 },
        { "orders", "首单金额", "First orders", FD_EST, "万元", 0 },
        { "suppressed", "不公开", "Not shown", FD_DEC, "", 0 },
        { "policies", "有政策", "With a policy", FD_DEC, "条", 0 },
    };
    board *all = fd_alloc((in->rows + 1) * sizeof *all);
    fd_map *at = fd_map_new();
    fd_table *t;
    int err = 0;

    for (size_t r = 0; r < in->rows; r++) {
        const char *field = fd_works__text_or(in, r, "field", "");
        const fd_number trl = fd_works__number(in, r, "trl");
        const double level = trl.state == FD_HAS ? fd_number_to_double(trl) : 1;
        board *b;

        if (level < 1 || level > 9) {
            fd_error_set(FD_EINVAL, "成熟度应在 1 到 9 之间", "a TRL lies between 1 and 9");
            err = fd_error_at((fd_place){ NULL, NULL, (long)r + 2, 0 });
            goto done;
        }
        if (strcmp(fd_works__text_or(in, r, "state", ""), "退出") == 0)
            continue;
        b = &all[fd_map_intern(at, fd_view_of(field), fd_map_count(at))];
        b->field = field;
        add_entry(b, in, r);
    }
    hide_small(all, fd_map_count(at));
    t = fd_table_new("futures", "未来产业观察", "Future industries");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[9]->digits = 0;
    for (size_t k = 0; k < fd_map_count(at); k++) {
        const board *b = &all[k];
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, b->field);
        fd_column_set_dec(t->columns[1], row, (int64_t)b->entries);
        for (size_t s = 0; s < STATES; s++)
            fd_column_set_dec(t->columns[2 + s], row, (int64_t)b->state[s]);
        if (b->has_trl) {
            fd_column_set_est(t->columns[6], row, b->trl_low);
            fd_column_set_est(t->columns[7], row, b->trl_high);
        }
        fd_column_set_est(t->columns[8], row, b->pilots);
        if (b->with_orders && !b->hidden)
            fd_column_set_est(t->columns[9], row, b->orders);
        fd_column_set_dec(t->columns[10], row, b->hidden);
        fd_column_set_dec(t->columns[11], row, (int64_t)b->policies);
    }
    fd_table_add_note(
        t, "首单不足三家的不显示金额,只差一个领域没显示时再藏一个最小的;没有首单金额是没有登记",
        "sums of fewer than three orders are not shown, nor one field alone hidden; "
        "without a sum nothing is registered");
    *out = t;
done:
    fd_map_free(at);
    free(all);
    return err;
}
