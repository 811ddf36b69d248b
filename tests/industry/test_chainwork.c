/*
 * Purchases and chain leaders, meetings, the four chains, gaps with their leads, the steps of a
 * park, future industries: by hand, and what must not matter.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "chain_build.h"
#include "fangding/arena.h"
#include "fangding/chainwork.h"
#include "fangding/error.h"

#define assert_near(a, b) assert_true(fabs((a) - (b)) <= 1e-9)

/* A cart of a frame and a motor; the motor of magnets. */
static const char nodes[] = "chain,chain_name,node,name,stage,importance:n,needs,industries\n"
                            "cart,手推车,magnet,磁钢,上游,2,,2614\n"
                            "cart,手推车,motor,电机,中游,3,磁钢,3812\n"
                            "cart,手推车,frame,车架,中游,1,,3311\n"
                            "cart,手推车,cart,整车,下游,4,motor 且 frame,3771\n"
                            "cart,手推车,shop,门店,下游,1,cart,5299\n";

static const char firms[] = "enterprise,name,territory,industry,capacity:n,active:n,leading:n\n"
                            "M1,一电机,甲县,3812,30,1,1\nM2,二电机,乙县,3812,10,1,0\n"
                            "M3,三电机,乙县,3812,60,1,\nF1,车架厂,甲县,3311,5,1,\n"
                            "C1,整车厂,甲县,3771,100,1,0\n";

/* C1 buys magnets abroad and outside, motors here and outside, frames here; one does not say. */
static const char purchases[] = "buyer,node,supplier,place,amount:n\n"
                                "C1,cart.magnet,S1,境外,20\nC1,cart.magnet,S2,外地,20\n"
                                "C1,motor,M1,本地,30\nC1,电机,S3,outside,10\n"
                                "C1,cart.frame,F1,local,5\nC1,cart.frame,,,7\n"
                                "C1,cart.wheel,S9,本地,900\n";

static fd_chains *graph(const char *bought)
{
    fd_table *n = table_from(nodes), *f = table_from(firms),
             *p = bought ? table_from(bought) : NULL;
    fd_chains *c = NULL;

    assert_int_equal(fd_chains_read(&c, n, "nodes.csv"), 0);
    assert_int_equal(fd_chains_occupy(c, f, "firms.csv"), 0);
    if (p)
        assert_int_equal(fd_chains_supply(c, p, "purchases.csv"), 0);
    fd_table_free(n);
    fd_table_free(f);
    fd_table_free(p);
    return c;
}

static double figure(const fd_table *t, size_t row, const char *column)
{
    const int at = fd_table_find(t, column);

    assert_true(at >= 0);
    assert_int_equal(fd_column_state(t->columns[at], row), FD_HAS);
    return fd_number_to_double(fd_column_number(t->columns[at], row));
}

static const char *text(const fd_table *t, size_t row, const char *column)
{
    assert_true(fd_table_find(t, column) >= 0);
    return fd_column_text_or(t->columns[fd_table_find(t, column)], row, "");
}

static size_t row_of(const fd_table *t, const char *column, const char *word)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(text(t, r, column), word) == 0)
            return r;
    fail_msg("no row with %s %s", column, word);
    return 0;
}

/* ---- purchases ------------------------------------------------------------------------------- */

static void test_leader(void **state)
{
    fd_table *roles =
        table_from("chain,role,firm,state\n手推车,链主,C1,在任\n手推车,链主,M9,离任\n");
    fd_chains *c = graph(purchases);
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_chains_leaders(&t, c, roles, NULL), 0);
    assert_int_equal(t->rows, 1);
    assert_string_equal(text(t, 0, "basis"), "named");
    assert_near(figure(t, 0, "purchases"), 92); /* wheels are no node */
    assert_near(figure(t, 0, "local"), 35);
    assert_near(figure(t, 0, "unknown"), 7);
    assert_near(figure(t, 0, "local_rate"), 100 * 35.0 / 85); /* what is not said is left out */
    assert_near(figure(t, 0, "foreign_rate"), 100 * 20.0 / 85);
    assert_near(figure(t, 0, "pull"), 35); /* of a revenue of 100 */
    assert_near(figure(t, 0, "suppliers"), 5);
    assert_near(figure(t, 0, "local_suppliers"), 2);
    assert_near(figure(t, 0, "nodes"), 3);
    assert_near(figure(t, 0, "local_nodes"), 2);
    fd_table_free(t);
    fd_table_free(roles);
    /* Nobody is named: the largest; nothing is bought: missing, not zero. */
    fd_chains_free(c);
    c = graph(NULL);
    assert_int_equal(fd_chains_leaders(&t, c, NULL, "cart"), 0);
    assert_string_equal(text(t, 0, "firm"), "C1");
    assert_string_equal(text(t, 0, "basis"), "largest");
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "local_rate")], 0), FD_MISSING);
    fd_table_free(t);
    fd_chains_free(c);
}

static void test_sourcing(void **state)
{
    fd_chains *c = graph(purchases);
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_chains_sourcing(&t, c, NULL, "cart", 2), 0);
    assert_string_equal(text(t, 0, "node"), "cart.magnet"); /* 40 elsewhere before 10 */
    assert_near(figure(t, 0, "elsewhere"), 40);
    assert_near(figure(t, 0, "local_rate"), 0);
    for (size_t r = 0; r < t->rows; r++)
        assert_string_not_equal(text(t, r, "candidate"), "C1"); /* never the buyer itself */
    assert_near(figure(t, row_of(t, "node", "cart.motor"), "elsewhere"), 10);
    fd_table_free(t);
    fd_chains_free(c);
}

/* The shop is beyond a list of industry: unknown, left out.  Weights 2 3 1 4.  Security: magnets,
 * nobody here: half abroad, HHI 0.5, no way round: 0.5 × 0.5; motors, HHI 0.46 here against 0.625
 * of suppliers: 0.54; frames by one, and 5 and 7 of two suppliers: HHI 74/144; the cart alone: 0.
 */
static void test_security(void **state)
{
    fd_chains *c = graph(purchases);
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_chains_indices(&t, c), 0);
    assert_near(figure(t, 0, "security"),
                100 * (2 * 0.25 + 3 * 0.54 + 1 * (1 - 74.0 / 144) + 0) / 10);
    assert_near(figure(t, 0, "local_rate"), 100 * 35.0 / 85);
    assert_near(figure(t, 0, "supplied"), 3);
    /* Leading: of the motors 30 of 40 assessed, the cart 0; of motors 40 of 100 are assessed. */
    assert_near(figure(t, 0, "advancedness"), 100 * (3 * 0.75 + 0) / 7);
    assert_near(figure(t, 0, "advancedness_low"), 100 * (3 * 0.3) / 8);
    assert_near(figure(t, 0, "advancedness_high"), 100 * (3 * 0.9 + 1) / 8);
    assert_near(figure(t, 0, "assessed"), 100 * (3 * 0.4 + 4) / 8);
    fd_table_free(t);
    fd_chains_free(c);
}

static const struct {
    const char *table;
    int err;
} bad_purchases[] = {
    { "buyer,node,supplier,place,amount:n\nC1,motor,S,月球,1\n", FD_EINVAL },
    { "buyer,node,supplier,place,amount:n\nC1,motor,S,本地,-1\n", FD_EINVAL },
    { "buyer,node,supplier,place\nC1,motor,S,本地\n", FD_ENOTFOUND },
};

static void test_bad_purchases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_purchases / sizeof *bad_purchases; i++) {
        fd_chains *c = graph(NULL);
        fd_table *p = table_from(bad_purchases[i].table);

        assert_int_equal(fd_chains_supply(c, p, "p.csv"), bad_purchases[i].err);
        fd_error_clear();
        fd_table_free(p);
        fd_chains_free(c);
    }
}

/* ---- meetings -------------------------------------------------------------------------------- */

static const struct {
    const char *name, *role, *meetings, *today, *due, *state;
    int missed;
} duties[] = {
    { "held this month", "a,牵头单位,月,2024-01-01", "a,牵头单位,2024-12-03,召开", "2024-12-31",
      "2025-01-31", "planned", 0 },
    { "a month without", "a,牵头单位,月,2024-01-01", "a,牵头单位,2024-10-30,召开", "2024-12-15",
      "2024-11-29", "overdue", 1 },
    { "the last working day, 30 November 2024 is a Saturday", "a,链长,月,2024-01-01",
      "a,链长,2024-10-02,召开", "2024-11-25", "2024-11-29", "soon", 0 },
    { "a quarter, the day after", "a,链长,季,2024-01-01", "a,链长,2024-08-31,召开", "2025-01-01",
      "2024-12-31", "overdue", 1 },
    { "half a year", "a,总链长,半年,2024-01-01", "a,总链长,2024-02-01,召开", "2024-10-01",
      "2024-12-31", "planned", 0 },
    { "never met", "a,总链长,半年,2024-01-01", "b,总链长,2024-02-01,召开", "2024-10-01",
      "2024-06-28", "overdue", 1 },
    { "cancelled is no meeting", "a,链长,季,2024-10-08", "a,链长,2024-11-01,取消", "2024-12-27",
      "2024-12-31", "soon", 0 },
    { "planned is none yet", "a,链长,季,2024-10-08", "a,链长,2025-01-01,计划", "2025-01-01",
      "2024-12-31", "overdue", 1 },
    { "since when is not said", "a,链长,季,", "b,链长,2024-11-01,召开", "2024-12-27", "", "unknown",
      0 },
};

static fd_date day(const char *iso)
{
    fd_date d = FD_DATE_NONE;

    assert_int_equal(fd_date_parse(&d, iso, strlen(iso)), 0);
    return d;
}

static void test_meetings(void **state)
{
    fd_calendar *calendar = fd_calendar_new();

    (void)state;
    fd_calendar_set(calendar, day("2024-01-01"), false);
    fd_calendar_set(calendar, day("2025-01-01"), false);
    for (size_t i = 0; i < sizeof duties / sizeof *duties; i++) {
        fd_meeting_options o = FD_MEETING_OPTIONS_INIT;
        fd_buf roles = FD_BUF_INIT, meetings = FD_BUF_INIT;
        fd_table *r, *m, *t = NULL;

        fd_buf_printf(&roles, "chain,role,cadence,started\n%s\n", duties[i].role);
        fd_buf_printf(&meetings, "chain,role,held,state\n%s\n", duties[i].meetings);
        r = table_from(fd_buf_text(&roles));
        m = table_from(fd_buf_text(&meetings));
        o.today = day(duties[i].today);
        o.calendar = calendar;
        assert_int_equal(fd_meetings_make(&t, r, m, &o), 0);
        if (strcmp(text(t, 0, "state"), duties[i].state) != 0)
            fail_msg("%s: %s", duties[i].name, text(t, 0, "state"));
        if (*duties[i].due) {
            assert_int_equal(t->columns[fd_table_find(t, "due")]->v.day[0], day(duties[i].due));
            assert_near(figure(t, 0, "missed"), duties[i].missed);
        }
        fd_table_free(t);
        fd_table_free(r);
        fd_table_free(m);
        fd_buf_dispose(&roles);
        fd_buf_dispose(&meetings);
    }
    fd_calendar_free(calendar);
}

static void test_bad_cadence(void **state)
{
    fd_table *r = table_from("chain,role,cadence,started\na,链长,旬,2024-01-01\n"),
             *m = table_from("chain,role,held\n"), *t = NULL;
    fd_meeting_options o = FD_MEETING_OPTIONS_INIT;

    (void)state;
    assert_int_equal(fd_meetings_make(&t, r, m, &o), FD_EINVAL);
    fd_error_clear();
    fd_table_free(r);
    fd_table_free(m);
}

/* ---- four chains ----------------------------------------------------------------------------- */

static const char links[] = "node,firm,link,state,count:n\n"
                            "cart.motor,,创新,在册,3\ncart.motor,,talent,核实无,\n"
                            ",M1,资金,在册,\nmagnet,,人才,撤销,\nwheel,,创新,在册,\n"
                            "cart.cart,,创新,核实无,\ncart.cart,,人才,在册,2\n";

static const struct {
    const char *node, *words[4];
} fours[] = {
    { "magnet", { "未知", "无", "未知", "未知" } },
    { "motor", { "有", "有", "无", "有" } },
    { "cart", { "无", "有", "有", "未知" } },
    { "shop", { "未知", "未知", "未知", "未知" } },
};

static void test_four(void **state)
{
    static const char *const columns[] = { "innovation", "industry", "talent", "finance" };
    fd_table *l = table_from(links), *leads = table_from("id,state,gap\nZ1,对接,cart.magnet\n"),
             *t = NULL;
    fd_chains *c = graph(NULL);

    (void)state;
    assert_int_equal(fd_chains_four(&t, c, l, leads, NULL), 0);
    assert_int_equal(t->rows, 6);
    assert_int_equal(fd_column_state(t->columns[1], 0), FD_NA); /* the chain itself */
    for (size_t i = 0; i < sizeof fours / sizeof *fours; i++)
        for (size_t k = 0; k < 4; k++)
            assert_string_equal(text(t, row_of(t, "node", fours[i].node), columns[k]),
                                fours[i].words[k]);
    assert_near(figure(t, row_of(t, "node", "motor"), "innovation_n"), 3);
    assert_near(figure(t, row_of(t, "node", "motor"), "talent_n"), 0);
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "finance_n")],
                                     row_of(t, "node", "cart")),
                     FD_MISSING); /* unknown has no number */
    assert_near(figure(t, 0, "innovation_nodes"), 1);
    assert_near(figure(t, 0, "innovation_unknown"), 3);
    assert_non_null(strstr(text(t, row_of(t, "node", "magnet"), "action"), "Z1"));
    assert_non_null(strstr(text(t, row_of(t, "node", "motor"), "action"), "人才"));
    fd_table_free(t);
    /* Without the lead the hole asks for one. */
    assert_int_equal(fd_chains_four(&t, c, l, NULL, "cart"), 0);
    assert_non_null(strstr(text(t, row_of(t, "node", "magnet"), "command"), "gap=cart.magnet"));
    fd_table_free(t);
    fd_table_free(l);
    fd_table_free(leads);
    fd_chains_free(c);
}

/* ---- gaps ------------------------------------------------------------------------------------ */

static void test_gap_leads(void **state)
{
    fd_table *leads = table_from("id,name,state,since,gap\n"
                                 "Z1,a,线索,2024-12-01,cart.magnet\n"
                                 "Z2,b,在谈,2024-12-11,cart.magnet\n"
                                 "Z3,c,落地,2024-12-11,cart.magnet\nZ4,d,对接,2024-12-11,motor\n"
                                 "Z5,e,对接,2024-12-11,L3-飞控\nZ6,f,流失,2024-12-11,\n"
                                 "Z7,g,线索,2024-12-11,\n"),
             *t = NULL, *unlinked = NULL;
    fd_chains *c = graph(NULL);
    size_t r;

    (void)state;
    assert_int_equal(fd_chains_gap_leads(&t, &unlinked, c, leads, day("2024-12-31"), NULL), 0);
    r = row_of(t, "id", "cart.magnet");
    assert_string_equal(text(t, r, "lead"), "Z2"); /* the furthest that is open */
    assert_near(figure(t, r, "leads"), 2);
    assert_near(figure(t, r, "lead_days"), 20);
    r = row_of(t, "id", "cart.frame");
    assert_string_equal(text(t, r, "lead"), "");
    assert_string_equal(text(t, r, "command"),
                        "record move lead ZS-cart.frame 线索 name=车架招商线索 gap=cart.frame");
    assert_int_equal(unlinked->rows, 2); /* Z5, Z7: the motor is a choke, a gap */
    assert_string_equal(text(unlinked, 0, "id"), "Z5");
    assert_int_equal(fd_chains_check_gap(c, "cart.magnet"), 0);
    assert_int_equal(fd_chains_check_gap(c, "L3-飞控"), FD_ENOTFOUND);
    assert_null(strstr(fd_error_last()->hint[FD_EN], "nearest"));
    assert_int_equal(fd_chains_check_gap(c, "cart.magnets"), FD_ENOTFOUND);
    assert_non_null(strstr(fd_error_last()->hint[FD_EN], "cart.magnet 磁钢"));
    assert_int_equal(fd_chains_check_gap(c, "轮毂电机"), FD_ENOTFOUND);
    assert_non_null(strstr(fd_error_last()->hint[FD_ZH], "cart.motor 电机"));
    assert_int_equal(fd_chains_check_gap(c, ""), FD_ENOTFOUND);
    fd_error_clear();
    fd_table_free(t);
    fd_table_free(unlinked);
    fd_table_free(leads);
    fd_chains_free(c);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static const char nine[] = "step,name_zh,name_en,nodes\nrd,研发,R&D,\nengine,动力,Engine,motor\n"
                           "fc,飞控,Flight control,\nbattery,电池,Battery,\nparts,零部件,Parts,"
                           "frame;magnet\nassembly,总装,Assembly,cart\ntest,检测,Test,shop\n"
                           "training,培训,Training,\nservice,服务,Service,\n";
static const char at_steps[] = "step,firm,park,state\nrd,A,P1,运行\nfc,A,P1,运行\nfc,B,P2,运行\n"
                               "battery,B,P1,停产\nassembly,A,P1,运行\n总装,A,P1,运行\n"
                               "service,C,,运行\ntraining,D,P1,退出\n";

static void test_nine_steps(void **state)
{
    fd_table *steps = table_from(nine), *f = table_from(at_steps);
    fd_chains *c = graph(purchases);
    fd_steps_input in = { steps, f, "P1", NULL, NULL };
    fd_steps out;

    (void)state;
    /* Plain: rd, fc, assembly in the park; service in the city besides. */
    assert_int_equal(fd_steps_make(&out, &in), 0);
    assert_near(figure(out.summary, 0, "coverage"), 100 * 3.0 / 9);
    assert_near(figure(out.summary, 1, "coverage"), 100 * 4.0 / 9);
    assert_string_equal(text(out.summary, 0, "missing"), "动力、电池、零部件、检测、培训、服务");
    assert_string_equal(text(out.steps, 3, "state"), "stopped");
    assert_near(figure(out.steps, 5, "park_active"), 1); /* one enterprise is one */
    fd_steps_dispose(&out);
    /* With the graph: motors, frames, the cart; the shop nobody can see. */
    in.chains = c;
    in.chain = "cart";
    assert_int_equal(fd_steps_make(&out, &in), 0);
    assert_near(figure(out.summary, 0, "covered"), 3);
    assert_near(figure(out.summary, 1, "covered"), 6);
    assert_near(figure(out.summary, 1, "unknown"), 1);
    assert_string_equal(text(out.steps, 6, "state"), "unknown");
    assert_near(figure(out.summary, 1, "local_rate"), 100 * 35.0 / 85);
    assert_near(figure(out.steps, 1, "local_rate"), 75);
    fd_steps_dispose(&out);
    fd_table_free(steps);
    fd_table_free(f);
    fd_chains_free(c);
}

/* ---- future industries ----------------------------------------------------------------------- */

static void test_futures(void **state)
{
    fd_table *in =
                 table_from("field,state,trl:n,pilots:n,orders:n\na,首单,6,1,10\na,首单,7,1,20\n"
                            "a,首单,8,,30\nb,首单,5,2,40\nc,观察,3,,\nd,首单,9,1,1\nd,首单,9,1,1\n"
                            "d,首单,9,1,1\n"),
             *t = NULL;

    (void)state;
    assert_int_equal(fd_futures_make(&t, in), 0);
    assert_int_equal(t->rows, 4);
    assert_near(figure(t, 0, "orders"), 60);
    assert_near(figure(t, 0, "trl_high"), 8);
    assert_near(figure(t, 1, "suppressed"), 1); /* one order alone */
    assert_near(figure(t, 3, "suppressed"), 1); /* or b would follow from the total */
    assert_near(figure(t, 2, "suppressed"), 0); /* nothing there to hide */
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "orders")], 2), FD_MISSING);
    fd_table_free(t);
    fd_table_free(in);
    in = table_from("field,state,trl:n\na,观察,10\n");
    assert_int_equal(fd_futures_make(&t, in), FD_EINVAL);
    fd_error_clear();
    fd_table_free(in);
}

/* ---- what must not matter --------------------------------------------------------------------
 */

/* Rows of purchases, of leads, of links in another order give the same bytes. */
static void test_order(void **state)
{
    char *before[4] = { NULL };

    (void)state;
    for (uint64_t turn = 0; turn < 6; turn++) {
        fd_table *p = table_from(purchases), *l = table_from(links), *mixed, *t[4] = { NULL };
        fd_chains *c = graph(NULL);

        mixed = shuffled(p, turn + 1);
        fd_table_free(p);
        p = mixed;
        mixed = shuffled(l, turn + 7);
        fd_table_free(l);
        l = mixed;
        assert_int_equal(fd_chains_supply(c, p, NULL), 0);
        assert_int_equal(fd_chains_leaders(&t[0], c, NULL, NULL), 0);
        assert_int_equal(fd_chains_indices(&t[1], c), 0);
        assert_int_equal(fd_chains_sourcing(&t[2], c, NULL, NULL, 3), 0);
        assert_int_equal(fd_chains_four(&t[3], c, l, NULL, NULL), 0);
        for (size_t k = 0; k < 4; k++) {
            char *now = printed(t[k]);

            if (before[k])
                assert_string_equal(now, before[k]);
            free(before[k]);
            before[k] = now;
            fd_table_free(t[k]);
        }
        fd_table_free(p);
        fd_table_free(l);
        fd_chains_free(c);
    }
    for (size_t k = 0; k < 4; k++)
        free(before[k]);
}

/* Adding an enterprise never lowers completeness, security or the steps covered, whatever it is. */
static void test_more_is_never_less(void **state)
{
    static const char *const industries[] = { "2614", "3812", "3311", "3771" };
    uint64_t seed = 41;

    (void)state;
    for (int turn = 0; turn < 40; turn++) {
        fd_chains *c = graph(turn % 2 ? purchases : NULL);
        double complete = -1;

        for (int k = 0; k < 12; k++) {
            fd_buf row = FD_BUF_INIT;
            fd_table *f, *t = NULL;

            assert_int_equal(fd_chains_indices(&t, c), 0);
            assert_true(figure(t, 0, "completeness") >= complete);
            assert_true(figure(t, 0, "advancedness_low") <= figure(t, 0, "advancedness_high"));
            assert_true(figure(t, 0, "security") >= 0 && figure(t, 0, "security") <= 100);
            complete = figure(t, 0, "completeness");
            fd_table_free(t);
            fd_buf_printf(&row,
                          "enterprise,industry,capacity:n,active:n,leading:n\nX%d,%s,%d,1,%s\n", k,
                          industries[next_random(&seed) % 4], (int)(next_random(&seed) % 90) + 1,
                          next_random(&seed) % 2 ? "1" : "");
            f = table_from(fd_buf_text(&row));
            assert_int_equal(fd_chains_occupy(c, f, NULL), 0);
            fd_table_free(f);
            fd_buf_dispose(&row);
        }
        fd_chains_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leader),     cmocka_unit_test(test_sourcing),
        cmocka_unit_test(test_security),   cmocka_unit_test(test_bad_purchases),
        cmocka_unit_test(test_meetings),   cmocka_unit_test(test_bad_cadence),
        cmocka_unit_test(test_four),       cmocka_unit_test(test_gap_leads),
        cmocka_unit_test(test_nine_steps), cmocka_unit_test(test_futures),
        cmocka_unit_test(test_order),      cmocka_unit_test(test_more_is_never_less),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
