/* A correction passes the checks of a return: every form can be laid out, and each check answers.
 */
#include "returns/city.h"

#include "returns/form.h"
#include "returns/recheck.h"

static fd_returns_handler looking(city *c)
{
    return (fd_returns_handler){ .payload = c,
                                 .find = city_find,
                                 .find_name = city_find_name,
                                 .describe = city_describe,
                                 .only = city_only,
                                 .values = city_values,
                                 .finding = city_finding };
}

/* The first subject of a kind, entered when there is none. */
static int32_t somebody(city *c, const char *kind)
{
    for (size_t i = 0; i < c->subject_count; i++)
        if (strcmp(c->subjects[i].kind, kind) == 0)
            return (int32_t)i + 1;
    return city_add(c, kind, "31", "某某");
}

static int recheck(city *c, const fd_form *form, const char *item, fd_period period, fd_basis basis,
                   fd_state state, int64_t value)
{
    const fd_returns_handler look = looking(c);
    const int32_t id = somebody(c, form->kind);
    const fd_recheck cell = {
        id,          c->subjects[id - 1].code, c->subjects[id - 1].name, item, period, basis, state,
        { value, 0 }
    };

    fd_buf_clear(&c->findings);
    return fd_returns_recheck(c->forms, form, &look, &cell);
}

static fd_period period_of(const fd_form *form, const fd_form_column *c)
{
    fd_when when = form->when == FD_WHEN_YEAR || c->when == FD_WHEN_ANY ? form->when : c->when;

    return when == FD_WHEN_YEAR    ? fd_period_year(2024)
           : when == FD_WHEN_MONTH ? fd_period_month(2024, 5)
                                   : fd_period_cumulative(2024, 5);
}

static bool refuses_negative(const fd_form *form, const fd_item *item)
{
    for (size_t i = 0; i < form->check_count; i++)
        for (size_t k = 0;
             form->checks[i].kind == FD_CHECK_NONNEGATIVE &&
             form->checks[i].effect == FD_EFFECT_REJECT && k < form->checks[i].term_count;
             k++)
            if (form->checks[i].terms[k].item == item)
                return true;
    return false;
}

/* Each item of each form that has a period of its own: 1 is taken, and below zero what must not be
 * is refused. */
static void every_form_judges_every_item(void **state)
{
    city *c = *state;
    size_t judged = 0;

    for (size_t f = 0; f < fd_forms_count(c->forms); f++) {
        const fd_form *form = fd_forms_at(c->forms, f);

        for (size_t i = 0; i < form->column_count; i++) {
            const fd_form_column *col = &form->columns[i];
            const fd_basis basis = col->basis != FD_BASIS_ANY    ? (fd_basis)col->basis
                                   : form->basis != FD_BASIS_ANY ? (fd_basis)form->basis
                                                                 : FD_CURRENT;
            char item[96];

            if (col->role != FD_COL_ITEM || col->count || col->variant ||
                form->when == FD_WHEN_ROW || form->when == FD_WHEN_NONE)
                continue;
            snprintf(item, sizeof item, "%s%s", col->id, form->is_long ? ":33" : "");
            if (recheck(c, form, item, period_of(form, col), basis, FD_HAS, 1) != 1)
                fail_msg("%s: %s is not judged", form->id, item);
            if (c->findings.len && strstr(fd_buf_text(&c->findings), "fault"))
                fail_msg("%s: %s: %s", form->id, item, fd_buf_text(&c->findings));
            assert_int_equal(recheck(c, form, item, period_of(form, col), basis, FD_HAS, -1), 1);
            if (refuses_negative(form, col->item) !=
                (c->findings.len && strstr(fd_buf_text(&c->findings), "fault negative")))
                fail_msg("%s: %s below zero: %s", form->id, item,
                         c->findings.len ? fd_buf_text(&c->findings) : "taken");
            judged++;
        }
    }
    assert_true(judged > 100);
}

static void put_past(city *c, const char *item, fd_period period, fd_basis basis, int64_t value)
{
    city_past *p = &c->past[c->past_count++];

    *p = (city_past){ item, period, basis, 1, { 6 }, { value }, 0 };
}

/* Firm 6 (东风钢铁): 40 machines of which 30 automated; output of April 1000, power in May. */
static void each_check_answers(void **state)
{
    static const struct {
        const char *form, *item;
        int year, month; /* 0: the year; cumulative else */
        fd_state state;
        int64_t value;
        const char *says; /* NULL: nothing */
    } cases[] = {
        { "equipment", "machines", 2024, 0, FD_HAS, 30, NULL },
        { "equipment", "machines", 2024, 0, FD_HAS, 29, "fault balance" },
        { "equipment", "automated_machines", 2024, 0, FD_HAS, 41, "fault balance" },
        { "equipment", "automated_machines", 2024, 0, FD_HAS, 40, NULL },
        { "equipment", "machines", 2024, 0, FD_MISSING, 0, NULL },
        { "equipment", "machines", 2024, 0, FD_DOUBT, 29, "fault balance" },
        { "dispatch", "dispatch_output", 2024, 5, FD_HAS, 1300, NULL },
        { "dispatch", "dispatch_output", 2024, 5, FD_HAS, 1300000, "warning unit-suspect" },
        { "dispatch", "dispatch_output", 2024, 5, FD_HAS, -1, "fault negative" },
        { "f205_1", "energy_used:33", 2024, 0, FD_HAS, 100, NULL },
        { "f205_1", "energy_used:33", 2024, 0, FD_HAS, 99, "fault balance" },
    };
    city *c = *state;
    const fd_period year = fd_period_year(2024);

    put_past(c, "machines", year, FD_CURRENT, 40);
    put_past(c, "automated_machines", year, FD_CURRENT, 30);
    put_past(c, "dispatch_output", fd_period_cumulative(2024, 4), FD_CURRENT, 1000);
    put_past(c, "dispatch_output", fd_period_cumulative(2024, 5), FD_CURRENT, 1250);
    put_past(c, "energy_used:33", year, FD_CURRENT, 100);
    put_past(c, "energy_industrial:33", year, FD_CURRENT, 90);
    put_past(c, "energy_other:33", year, FD_CURRENT, 10);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fd_period period = cases[i].month
                                     ? fd_period_cumulative(cases[i].year, cases[i].month)
                                     : fd_period_year(cases[i].year);
        const char *said;

        assert_int_equal(recheck(c, fd_forms_find(c->forms, cases[i].form), cases[i].item, period,
                                 FD_CURRENT, cases[i].state, cases[i].value),
                         1);
        said = c->findings.len ? fd_buf_text(&c->findings) : "";
        if (cases[i].says ? !strstr(said, cases[i].says) : *said != '\0')
            fail_msg("%s %lld: %s", cases[i].item, (long long)cases[i].value, said);
    }
    assert_int_equal(c->begins, 0); /* nothing was handed out */
    assert_int_equal(c->log.len, 0);
}

/* Another period, basis or item is no cell of the form. */
static void what_the_form_has_not_is_not_judged(void **state)
{
    city *c = *state;
    const fd_form *form = fd_forms_find(c->forms, "dispatch");

    assert_int_equal(
        recheck(c, form, "dispatch_output", fd_period_year(2024), FD_CURRENT, FD_HAS, -1), 0);
    assert_int_equal(recheck(c, form, "dispatch_output", fd_period_cumulative(2024, 5),
                             FD_PUBLISHED, FD_HAS, -1),
                     0);
    assert_int_equal(
        recheck(c, form, "machines", fd_period_cumulative(2024, 5), FD_CURRENT, FD_HAS, -1), 0);
    assert_int_equal(recheck(c, fd_forms_find(c->forms, "city_year"), "gdp", fd_period_year(2024),
                             FD_CURRENT, FD_HAS, -1),
                     0);
}

int main(void)
{
#define CITY(f) cmocka_unit_test_setup_teardown(f, city_open, city_close)
    const struct CMUnitTest tests[] = { CITY(every_form_judges_every_item),
                                        CITY(each_check_answers),
                                        CITY(what_the_form_has_not_is_not_judged) };
#undef CITY

    return cmocka_run_group_tests_name("returns: corrections", tests, NULL, NULL);
}
