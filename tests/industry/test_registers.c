/*
 * Registers of works: renovations before and after, the funnel of leads, services, parks; a chain
 * against its scale.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/works.h"
#include "industry/works.h"

static fd_table *table_of(const char *const *lines)
{
    fd_table *t = fd_table_new("t", "t", "t");
    fd_view rest = fd_view_of(lines[0]), part;

    while (fd_view_split(&rest, ',', &part)) {
        char id[64];

        snprintf(id, sizeof id, "%.*s", (int)part.len, part.ptr);
        fd_table_add_new(t, id, id, id, FD_TEXT, "", 0);
    }
    for (size_t l = 1; lines[l]; l++) {
        size_t row = fd_table_add_row(t), c = 0;

        rest = fd_view_of(lines[l]);
        while (c < t->column_count && fd_view_split(&rest, ',', &part)) {
            char text[128];

            snprintf(text, sizeof text, "%.*s", (int)part.len, part.ptr);
            if (part.len)
                fd_column_set_text(t->columns[c], row, text);
            c++;
        }
    }
    return t;
}

static const char *text(const fd_table *t, size_t row, const char *column)
{
    assert_true(fd_table_find(t, column) >= 0);
    return fd_works__text_or(t, row, column, "");
}

static double number(const fd_table *t, size_t row, const char *column)
{
    fd_number n = fd_works__number(t, row, column);

    assert_int_equal(n.state, FD_HAS);
    return fd_number_to_double(n);
}

static bool missing(const fd_table *t, size_t row, const char *column)
{
    return fd_works__number(t, row, column).state == FD_MISSING;
}

static fd_date day(int y, int m, int d)
{
    return fd_date_make(y, m, d);
}

static const char *const rule_lines[] = {
    "preset,name_zh,name_en,kind,color,measure,relation,threshold,unit,source,status",
    "template,模板,template,lead,red,days_overdue,>,0,天,x,template;unverified",
    "template,模板,template,lead,yellow,days_in_stage,>,90,天,x,template;unverified",
    "template,模板,template,lead,green,,,,,x,template;unverified",
    "template,模板,template,service,red,overdue,>,0,件,x,template;unverified",
    "template,模板,template,service,green,,,,,x,template;unverified",
    NULL
};

/* ---- renovations ---- */

static void test_unknown_stays_unknown(void **unused)
{
    fd_table *in = table_of((const char *const[]){
        "id,state,county,chain,kind,invest,output_before,output_after,energy_before,energy_after,"
        "quality_before,quality_after",
        "T1,完工,一县,L1,工艺,100,1000,1200,500,480,95,97", "T2,完工,一县,L1,工艺,50,400,500,,,90,",
        "T3,在建,一县,L2,数字化,80,700,,300,,,", "T4,计划,二县,L2,数字化,,,,,,,", NULL });
    fd_renovations r;

    (void)unused;
    assert_int_equal(fd_renovations_make(&r, in, "county"), 0);
    assert_true(number(r.items, 0, "output_change") == 20);
    assert_true(fabs(number(r.items, 0, "intensity_change") + 20) < 1e-12); /* 0.5 → 0.4 */
    assert_true(number(r.items, 0, "quality_change") == 2);
    assert_true(number(r.items, 0, "added_per_invest") == 2);
    assert_true(missing(r.items, 1, "intensity_change") && missing(r.items, 1, "quality_change"));
    assert_true(missing(r.items, 2, "output_change"));
    assert_int_equal(r.sums->rows, 2);
    /* Three renovations, of which two are known on both sides: (1200 + 500) ÷ (1000 + 400). */
    assert_true(number(r.sums, 0, "count") == 3 && number(r.sums, 0, "finished") == 2);
    assert_true(number(r.sums, 0, "known_output") == 2);
    assert_true(fabs(number(r.sums, 0, "output_change") - (1700.0 / 1400 - 1) * 100) < 1e-9);
    assert_true(number(r.sums, 0, "known_energy") == 1);
    assert_true(number(r.sums, 0, "invest") == 230);
    /* Nothing known is not nothing changed, and no investment reported is not an investment of 0.
     */
    assert_true(missing(r.sums, 1, "output_change") && missing(r.sums, 1, "invest"));
    fd_renovations_dispose(&r);
    assert_int_equal(fd_renovations_make(&r, in, "owner"), FD_EINVAL);
    fd_table_free(in);
}

/* ---- leads ---- */

static void test_funnel_never_rises(void **unused)
{
    fd_table *rules = table_of(rule_lines),
             *in = table_of((const char *const[]){
                 "id,state,since,name,gap,chain,county,due,lost_at",
                 "A,线索,2024-12-01,a,g1,L1,c1,,", "B,对接,2024-09-01,b,g1,L1,c1,,",
                 "C,在谈,2024-12-01,c,g2,L1,c2,2024-12-20,", "D,签约,2024-12-01,d,g2,L1,c2,,",
                 "E,落地,2020-01-01,e,g2,L1,c1,2020-02-01,", "F,流失,2024-12-01,f,g2,L1,c1,,在谈",
                 "G,流失,2024-12-01,g,g2,L1,c1,,", "H,在谈,2024-12-01,h,,L1,c1,,",
                 "I,线索,,i,g3,L2,c1,,", NULL });
    fd_works_options o = FD_WORKS_OPTIONS_INIT;
    static const double reached[] = { 8, 5, 4, 2, 1 }, now[] = { 2, 1, 1, 1, 1 };
    fd_leads leads;

    (void)unused;
    o.rules = rules;
    o.preset = "template";
    assert_int_equal(fd_leads_make(&leads, in, day(2024, 12, 31), &o), 0);
    for (size_t s = 0; s < 5; s++) {
        assert_true(number(leads.funnel, s, "reached") == reached[s]);
        assert_true(number(leads.funnel, s, "now") == now[s]);
        assert_true(s == 0 || reached[s] <= reached[s - 1]);
    }
    assert_true(number(leads.funnel, 1, "conversion") == 62.5);
    assert_true(number(leads.funnel, 4, "overall") == 12.5);
    /* H names no gap: listed apart, counted nowhere. */
    assert_int_equal(leads.unassigned->rows, 1);
    assert_string_equal(text(leads.unassigned, 0, "id"), "H");
    assert_int_equal(leads.items->rows, 8);
    assert_true(number(leads.items, 0, "days") == 30);
    assert_string_equal(text(leads.items, 0, "light"), "green");
    assert_string_equal(text(leads.items, 1, "light"), "yellow"); /* 121 days */
    assert_string_equal(text(leads.items, 2, "light"), "red");
    assert_true(number(leads.items, 2, "overdue") == 11);
    assert_string_equal(text(leads.items, 4, "light"), "");     /* landed: waits for nobody */
    assert_string_equal(text(leads.items, 7, "light"), "grey"); /* since when? */
    fd_leads_dispose(&leads);
    o.chain = "L2";
    assert_int_equal(fd_leads_make(&leads, in, day(2024, 12, 31), &o), 0);
    assert_int_equal(leads.items->rows, 1);
    fd_leads_dispose(&leads);
    fd_table_free(in);
    in = table_of((const char *const[]){ "id,state,gap", "A,想想,g", NULL });
    assert_int_equal(fd_leads_make(&leads, in, day(2024, 12, 31), &o), FD_EFORMAT);
    fd_table_free(in);
    fd_table_free(rules);
}

static void test_services_confirm_themselves(void **unused)
{
    fd_table *rules = table_of(rule_lines),
             *in = table_of((const char *const[]){
                 "id,state,chain,county,due", "1,登记,L1,c1,2024-12-01", "2,办理,L1,c1,2025-02-01",
                 "3,办结,L1,c1,2024-01-01", "4,企业确认,L1,c1,2024-01-01", "5,办理,L2,c1,", NULL });
    fd_works_options o = FD_WORKS_OPTIONS_INIT;
    fd_table *t = NULL;

    (void)unused;
    o.rules = rules;
    o.preset = "template";
    assert_int_equal(fd_services_sum(&t, in, day(2024, 12, 31), &o), 0);
    assert_int_equal(t->rows, 2);
    assert_true(number(t, 0, "open") == 2 && number(t, 0, "overdue") == 1);
    assert_true(number(t, 0, "solved") == 2 && number(t, 0, "confirmed") == 1);
    assert_string_equal(text(t, 0, "light"), "red");
    assert_string_equal(text(t, 1, "light"), "green"); /* without a due day nothing is late */
    fd_table_free(t);
    fd_table_free(in);
    fd_table_free(rules);
}

/* ---- parks ---- */

static void test_per_mu_of_what_is_known(void **unused)
{
    fd_table *parks = table_of((const char *const[]){ "id,name,total", "P,甲园,100", "Q,乙园,20",
                                                      "R,丙园,50", "S,丁园,", NULL });
    fd_table *parcels = table_of((const char *const[]){
        "id,state,park,firm,area,output,tax,invest", "1,在用,P,F1,30,3000,150,",
        "2,在用,P,F1,20,,,", "3,空置,P,,10,,,", "4,在建,P,F2,15,,,", "5,待供,P,,25,,,",
        "6,在用,Q,F3,21,100,,", "7,在用,R,F4,,10,,", "8,在用,X,F5,1,1,,", NULL });
    fd_parks out;

    (void)unused;
    assert_int_equal(fd_parks_make(&out, parks, parcels), 0);
    assert_true(number(out.parks, 0, "supplied") == 75 && number(out.parks, 0, "used") == 50);
    assert_true(number(out.parks, 0, "firms") == 2 && number(out.parks, 0, "parcels") == 5);
    /* 3000 ÷ 30: the parcel without output is neither 0 nor in the area. */
    assert_true(number(out.parks, 0, "output_per_mu") == 100);
    assert_true(number(out.parks, 0, "known") == 60);
    assert_true(missing(out.parks, 0, "invest_per_mu"));
    assert_true(fabs(number(out.parks, 0, "vacancy") - 1000.0 / 75) < 1e-9);
    assert_true(missing(out.parks, 2, "used")); /* an area is not known: no sum of areas */
    assert_true(missing(out.parks, 3, "used")); /* no parcel reported: not an empty park */
    assert_int_equal(out.parcels->rows, 7);
    assert_int_equal(out.findings->rows, 3);
    assert_string_equal(text(out.findings, 0, "severity"), "fault"); /* Q: 21 of 20 mu */
    assert_string_equal(text(out.findings, 0, "park"), "Q");
    fd_parks_dispose(&out);
    fd_table_free(parks);
    fd_table_free(parcels);
}

/* ---- scale ---- */

/* Two used parcels with output and one without, one vacant, one of another park. */
static void test_why_of_a_park(void **unused)
{
    static const char *const lines[] = { "id,park,state,area,output,source",
                                         "A,P,在用,10,100,a.csv:2",
                                         "B,P,在用,30.5,50,a.csv:3",
                                         "C,P,在用,7,,a.csv:4",
                                         "D,P,空置,2,,a.csv:5",
                                         "E,Q,在用,99,99,a.csv:6",
                                         "F,P,待供,5,,a.csv:7",
                                         NULL };
    fd_table *in = table_of(lines), *t = NULL;
    size_t rows = 0;

    (void)unused;
    assert_int_equal(fd_parks_why(&t, in, "P"), 0);
    for (size_t r = 0; r < t->rows; r++) {
        const bool total = fd_column_state(t->columns[3], r) == FD_NA;

        assert_string_not_equal(text(t, r, "parcel"), "E");
        assert_string_not_equal(text(t, r, "parcel"), "F");
        if (strcmp(text(t, r, "figure"), "output_per_mu") == 0) {
            rows++;
            if (total) {
                assert_true(number(t, r, "area") == 40.5 && number(t, r, "value") == 150);
            } else {
                assert_non_null(strstr(text(t, r, "source"), "a.csv:"));
            }
        }
        if (strcmp(text(t, r, "figure"), "supplied") == 0 && total)
            assert_true(number(t, r, "area") == 49.5);
    }
    assert_int_equal(rows, 3); /* A, B, the total */
    fd_table_free(t);
    fd_table_free(in);
}

static void test_pace_and_path(void **unused)
{
    fd_table *ramp = table_of((const char *const[]){ "curve,months,percent,source,status",
                                                     "c,0,0,,", "c,12,100,,", NULL });
    const int years[] = { 2024, 2026, 2028 };
    fd_scale_project project = { "P", "甲", 20, day(2025, 3, 15), 0 };
    fd_scale_input in = { 80, 2024, 100, 0, years, 3, &project, 1, ramp };
    fd_scale s;
    int before;

    (void)unused;
    assert_int_equal(fd_scale_make(&s, &in), 0);
    assert_int_equal(s.pace->rows, 2); /* 2024 is no year ahead */
    assert_true(fabs(number(s.pace, 0, "needed") - (sqrt(1.25) - 1) * 100) < 1e-9);
    assert_true(number(s.pace, 0, "added") == 20);
    /* Months since production at the ends of quarters: 0, 3, 6, 9, 12. */
    assert_true(number(s.path, 0, "total") == 80 && number(s.path, 1, "total") == 85);
    assert_true(number(s.path, 4, "total") == 100);
    assert_string_equal(text(s.path, 0, "producing"), "P");
    assert_int_equal(s.reached, 2026 * 4 + 0);
    before = s.reached;
    fd_scale_dispose(&s);
    /* Slip one project by two quarters and the date moves by two quarters. */
    project.slip = 6;
    assert_int_equal(fd_scale_make(&s, &in), 0);
    assert_int_equal(s.reached, before + 2);
    fd_scale_dispose(&s);
    /* What produces already is in the present figure with its share then. */
    project.slip = 0;
    project.produces = day(2024, 6, 30);
    assert_int_equal(fd_scale_make(&s, &in), 0);
    assert_true(number(s.path, 3, "projects") == 10); /* from 50 % on */
    assert_int_equal(s.reached, 0);
    fd_scale_dispose(&s);
    in.target = 0;
    assert_int_equal(fd_scale_make(&s, &in), FD_EINVAL);
    in.target = NAN;
    assert_int_equal(fd_scale_make(&s, &in), FD_EINVAL);
    fd_table_free(ramp);
}

/* Later is never earlier, whatever slips. */
/* B4: the path's projects are the sum of each one's ramp, in whatever order they stand. */
static void test_projects_add_up(void **unused)
{
    fd_table *ramp = table_of((const char *const[]){ "curve,months,percent,source,status",
                                                     "c,0,0,,", "c,6,50,,", "c,18,100,,", NULL });
    fd_scale_project projects[4] = { { "A", "A", 9, day(2025, 2, 1), 0 },
                                     { "B", "B", 14, day(2025, 8, 1), 4 },
                                     { "C", "C", 11, day(2026, 1, 1), 0 },
                                     { "D", "D", 5, day(2023, 11, 1), 0 } };
    fd_scale_project turned[4] = { projects[2], projects[0], projects[3], projects[1] };
    fd_scale_input in = { 70, 2024, 100, 1, NULL, 0, projects, 4, ramp };
    fd_scale all, other, one[4];

    (void)unused;
    assert_int_equal(fd_scale_make(&all, &in), 0);
    in.projects = turned;
    assert_int_equal(fd_scale_make(&other, &in), 0);
    for (size_t p = 0; p < 4; p++) {
        in.projects = &projects[p];
        in.project_count = 1;
        assert_int_equal(fd_scale_make(&one[p], &in), 0);
    }
    assert_int_equal(all.reached, other.reached);
    for (size_t r = 0; r < all.path->rows; r++) {
        double sum = 0;

        for (size_t p = 0; p < 4; p++)
            sum += r < one[p].path->rows ? number(one[p].path, r, "projects") : NAN;
        if (!isnan(sum))
            assert_true(fabs(sum - number(all.path, r, "projects")) < 1e-9);
        assert_true(fabs(number(all.path, r, "projects") - number(other.path, r, "projects")) <
                    1e-9);
        assert_true(fabs(number(all.path, r, "base") + number(all.path, r, "projects") -
                         number(all.path, r, "total")) < 1e-9);
    }
    for (size_t p = 0; p < 4; p++)
        fd_scale_dispose(&one[p]);
    fd_scale_dispose(&all);
    fd_scale_dispose(&other);
    fd_table_free(ramp);
}

static void test_a_slip_never_brings_the_date_forward(void **unused)
{
    fd_table *ramp = table_of((const char *const[]){ "curve,months,percent,source,status",
                                                     "c,0,0,,", "c,6,50,,", "c,18,100,,", NULL });
    fd_scale_project projects[3] = { { "A", "A", 9, day(2025, 2, 1), 0 },
                                     { "B", "B", 14, day(2025, 8, 1), 0 },
                                     { "C", "C", 11, day(2026, 1, 1), 0 } };
    fd_scale_input in = { 70, 2024, 100, 1, NULL, 0, projects, 3, ramp };
    fd_scale s;

    (void)unused;
    for (int p = 0; p < 3; p++) {
        int last = 0;

        for (int slip = 0; slip <= 36; slip++) {
            projects[p].slip = slip;
            assert_int_equal(fd_scale_make(&s, &in), 0);
            assert_true(s.reached > 0 && s.reached >= last);
            last = s.reached;
            fd_scale_dispose(&s);
        }
        projects[p].slip = 0;
    }
    fd_table_free(ramp);
}

/* ---- degenerate ---- */

static void test_empty_registers(void **unused)
{
    fd_table *none = table_of((const char *const[]){ "id,state", NULL });
    fd_works_options o = FD_WORKS_OPTIONS_INIT;
    fd_renovations r;
    fd_leads leads;
    fd_parks parks;
    fd_table *t = NULL;

    (void)unused;
    assert_int_equal(fd_renovations_make(&r, none, "chain"), 0);
    assert_int_equal(r.items->rows + r.sums->rows, 0);
    fd_renovations_dispose(&r);
    assert_int_equal(fd_leads_make(&leads, none, day(2024, 12, 31), &o), 0);
    assert_true(missing(leads.funnel, 0, "overall") && missing(leads.funnel, 1, "conversion"));
    fd_leads_dispose(&leads);
    assert_int_equal(fd_services_sum(&t, none, day(2024, 12, 31), &o), 0);
    assert_int_equal(t->rows, 0);
    fd_table_free(t);
    assert_int_equal(fd_parks_make(&parks, none, none), 0);
    fd_parks_dispose(&parks);
    fd_table_free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unknown_stays_unknown),
        cmocka_unit_test(test_funnel_never_rises),
        cmocka_unit_test(test_services_confirm_themselves),
        cmocka_unit_test(test_per_mu_of_what_is_known),
        cmocka_unit_test(test_why_of_a_park),
        cmocka_unit_test(test_pace_and_path),
        cmocka_unit_test(test_projects_add_up),
        cmocka_unit_test(test_a_slip_never_brings_the_date_forward),
        cmocka_unit_test(test_empty_registers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
