#include <stdlib.h>

#include "example/data.h"
#include "example/model.h"
#include "fangding/decimal.h"

enum { MAX_FIELDS = 16 };

/* A cursor over one table. The tables hold no quotes: a comma always separates. */
typedef struct table {
    const char *name;
    fd_view rest;
    long row;
    size_t fields;
    const char *field[MAX_FIELDS];
    fd_arena *arena;
} table;

static int fault(const table *t, const char *zh, const char *en)
{
    fd_place place = { t->name, NULL, t->row, 0 };

    fd_error_set(FD_EFORMAT, "示例城市的参数表有误:%s",
                 "a parameter table of the example is wrong: %s", t->name);
    fd_error_detail("%s%.0s", "%.0s%s", zh, en); /* each takes its own of the two */
    fd_error_at(place);
    return FD_EFORMAT;
}

/* The next row into t->field. @return 1, 0 at the end, or negative */
static int next(table *t)
{
    fd_view line, part;

    t->row++;
    if (!t->rest.len || !fd_view_split(&t->rest, '\n', &line) || !line.len)
        return 0;
    t->fields = 0;
    while (fd_view_split(&line, ',', &part)) {
        if (t->fields == MAX_FIELDS)
            return fault(t, "列数过多", "too many columns");
        t->field[t->fields++] = fd_arena_strndup(t->arena, part.ptr, part.len);
    }
    return 1;
}

static int open_table(table *t, fd_arena *arena, const char *name, const char *header)
{
    fd_view line;

    *t = (table){ .name = name, .rest = fd_example__data(name), .row = 1, .arena = arena };
    if (!fd_view_split(&t->rest, '\n', &line) || !fd_view_is(line, header))
        return fault(t, "表头不符", "unexpected header");
    return 0;
}

static int number(double *out, const table *t, size_t field)
{
    fd_decimal value;

    if (field >= t->fields ||
        fd_decimal_parse(&value, t->field[field], strlen(t->field[field])) < 0)
        return fault(t, "应为数字", "a number was expected");
    *out = (double)value.mantissa / (double)fd_pow10(value.scale);
    return 0;
}

static int whole(int64_t *out, const table *t, size_t field)
{
    if (field >= t->fields ||
        fd_decimal_parse_scaled(out, t->field[field], strlen(t->field[field]), 0) < 0)
        return fault(t, "应为整数", "a whole number was expected");
    return 0;
}

static const char **words(size_t *count, fd_arena *arena, const char *text, char separator)
{
    fd_view rest = fd_view_of(text), part;
    const char **out = fd_arena_alloc(arena, (strlen(text) + 1) * sizeof *out);

    *count = 0;
    while (fd_view_split(&rest, separator, &part))
        if (part.len)
            out[(*count)++] = fd_arena_strndup(arena, part.ptr, part.len);
    return out;
}

static int chain_of(const fd_ex_parameters *p, const char *id)
{
    for (size_t i = 0; i < p->chain_count; i++)
        if (!strcmp(p->chains[i].id, id))
            return (int)i;
    return -1;
}

static int line_of(const fd_ex_parameters *p, const char *industry)
{
    for (size_t i = 0; i < p->line_count; i++)
        if (!strcmp(p->lines[i].industry, industry))
            return (int)i;
    return -1;
}

static int read_chains(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    int err =
        open_table(&t, arena, "chains.csv", "id,name,kind,lead,firms,revenue,value_added,emerging");

    while (err >= 0 && (err = next(&t)) > 0) {
        fd_ex_chain *c = &p->chains[p->chain_count];

        if (t.fields != 8 || p->chain_count++ == FD_EX_MAX_CHAINS)
            return fault(&t, "应为 8 列", "8 columns were expected");
        c->id = t.field[0];
        c->name = t.field[1];
        c->kind = t.field[2];
        c->lead = t.field[3];
        if ((err = whole(&c->firms, &t, 4)) < 0 || (err = whole(&c->revenue, &t, 5)) < 0 ||
            (err = whole(&c->value_added, &t, 6)) < 0 || (err = whole(&c->emerging, &t, 7)) < 0)
            return err;
    }
    return err;
}

/* "2:3 5:1": county 2 three times as often as county 5. */
static int read_counties_of(fd_ex_line *line, const table *t, const char *text)
{
    fd_view rest = fd_view_of(text), part;

    while (fd_view_split(&rest, ' ', &part)) {
        if (part.len != 3 || part.ptr[0] < '1' || part.ptr[0] > '9' || part.ptr[1] != ':' ||
            part.ptr[2] < '1' || part.ptr[2] > '9' || line->county_count == FD_EX_COUNTIES)
            return fault(t, "县区应写成 2:3 5:1", "counties are written 2:3 5:1");
        line->counties[line->county_count] = part.ptr[0] - '1';
        line->county_weights[line->county_count++] = part.ptr[2] - '0';
    }
    return line->county_count ? 0 : fault(t, "没有县区", "no county");
}

static int read_lines(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    int err = open_table(&t, arena, "lines.csv",
                         "chain,industry,firms,value_added,revenue,emerging,others_2020,"
                         "emerging_2020,kwh,counties,words");

    while (err >= 0 && (err = next(&t)) > 0) {
        fd_ex_line *l = &p->lines[p->line_count];

        if (t.fields != 11 || p->line_count++ == FD_EX_MAX_LINES)
            return fault(&t, "应为 11 列", "11 columns were expected");
        l->chain = chain_of(p, t.field[0]);
        l->industry = t.field[1];
        if (l->chain < 0 || strlen(l->industry) != 4)
            return fault(&t, "没有这条产业链或行业", "no such chain or class");
        l->division = (l->industry[0] - '0') * 10 + (l->industry[1] - '0');
        if (l->division < 6 || l->division >= FD_EX_DIVISIONS)
            return fault(&t, "不是工业行业", "not an industrial class");
        l->high_energy =
            strstr("25 26 30 31 32 44", (char[]){ l->industry[0], l->industry[1], 0 }) != NULL;
        l->words = words(&l->word_count, arena, t.field[10], '|');
        if ((err = whole(&l->firms, &t, 2)) < 0 || (err = whole(&l->value_added, &t, 3)) < 0 ||
            (err = whole(&l->revenue, &t, 4)) < 0 || (err = whole(&l->emerging, &t, 5)) < 0 ||
            (err = number(&l->others_2020, &t, 6)) < 0 ||
            (err = number(&l->emerging_2020, &t, 7)) < 0 || (err = number(&l->kwh, &t, 8)) < 0 ||
            (err = read_counties_of(l, &t, t.field[9])) < 0)
            return err;
    }
    return err;
}

static int read_leaders(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    int64_t county;
    int err = open_table(&t, arena, "leaders.csv", "name,industry,county,share,products");

    while (err >= 0 && (err = next(&t)) > 0) {
        fd_ex_leader *l = &p->leaders[p->leader_count];

        if (t.fields != 5 || p->leader_count++ == sizeof p->leaders / sizeof *p->leaders)
            return fault(&t, "应为 5 列", "5 columns were expected");
        l->name = t.field[0];
        l->line = line_of(p, t.field[1]);
        l->products = t.field[4];
        if ((err = whole(&county, &t, 2)) < 0 || (err = number(&l->share, &t, 3)) < 0)
            return err;
        if (l->line < 0 || county < 1 || county > FD_EX_COUNTIES)
            return fault(&t, "没有这个行业或县区", "no such class or county");
        l->county = (int)county - 1;
    }
    return err;
}

static int read_counties(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    size_t n = 0;
    int err = open_table(&t, arena, "counties.csv", "code,name,short,towns");

    while (err >= 0 && (err = next(&t)) > 0) {
        if (t.fields != 4 || n == FD_EX_COUNTIES)
            return fault(&t, "应为 4 列 9 行", "4 columns and 9 rows were expected");
        p->counties[n] =
            (fd_ex_county){ .code = t.field[0], .name = t.field[1], .brief = t.field[2] };
        p->counties[n].towns = words(&p->counties[n].town_count, arena, t.field[3], '|');
        if (!p->counties[n++].town_count)
            return fault(&t, "没有乡镇", "no town");
    }
    return err < 0 ? err : n == FD_EX_COUNTIES ? 0 : fault(&t, "应为 9 行", "9 rows were expected");
}

static int read_years(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    size_t n = 0;
    int64_t year, enter, leave;
    int err = open_table(&t, arena, "years.csv",
                         "year,price,growth,emerging_growth,high_energy,catalogue,emerging_share,"
                         "enter,leave");

    while (err >= 0 && (err = next(&t)) > 0) {
        fd_ex_year *y = &p->years[n];

        if (t.fields != 9 || n++ == FD_EX_YEARS)
            return fault(&t, "应为 9 列 7 行", "9 columns and 7 rows were expected");
        if ((err = whole(&year, &t, 0)) < 0 || (err = number(&y->price, &t, 1)) < 0 ||
            (err = number(&y->growth, &t, 2)) < 0 ||
            (err = number(&y->emerging_growth, &t, 3)) < 0 ||
            (err = number(&y->high_energy, &t, 4)) < 0 ||
            (err = number(&y->catalogue, &t, 5)) < 0 || (err = number(&y->share, &t, 6)) < 0 ||
            (err = whole(&enter, &t, 7)) < 0 || (err = whole(&leave, &t, 8)) < 0)
            return err;
        if (year != FD_EX_FIRST_YEAR + (int64_t)n - 1)
            return fault(&t, "年份应连续", "the years must follow each other");
        y->year = (int)year;
        y->growth /= 100;
        y->emerging_growth /= 100;
        y->high_energy /= 100;
        y->catalogue /= 100;
        y->share /= 100;
        y->enter = (int)enter;
        y->leave = (int)leave;
    }
    return err < 0 ? err : n == FD_EX_YEARS ? 0 : fault(&t, "应为 7 行", "7 rows were expected");
}

static int read_months(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    int err = open_table(&t, arena, "months.csv",
                         "period,city_growth,province_growth,industrial_investment,"
                         "renovation_investment");

    while (err >= 0 && (err = next(&t)) > 0) {
        fd_ex_month *m = &p->months[p->month_count];

        if (t.fields != 5 || strlen(t.field[0]) != 7 ||
            p->month_count++ == sizeof p->months / sizeof *p->months)
            return fault(&t, "应为 5 列", "5 columns were expected");
        m->year = atoi(t.field[0]);
        m->month = atoi(t.field[0] + 5);
        m->city_growth = t.field[1];
        m->province_growth = t.field[2];
        m->investment = t.field[3];
        m->renovation = t.field[4];
    }
    if (err == 0 && p->month_count != (size_t)2 * FD_EX_SPANS)
        err = fault(&t, "应为 22 行", "22 rows were expected");
    return err;
}

static int read_city(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    int err = open_table(&t, arena, "city.csv", "item,unit,2018,2019,2020,2021,2022,2023,2024");

    while (err >= 0 && (err = next(&t)) > 0) {
        fd_ex_city *c = &p->city[p->city_count];

        if (t.fields != 9 || p->city_count++ == sizeof p->city / sizeof *p->city)
            return fault(&t, "应为 9 列", "9 columns were expected");
        c->item = t.field[0];
        c->unit = t.field[1];
        for (int y = 0; y < FD_EX_YEARS; y++)
            c->values[y] = t.field[2 + y];
    }
    return err;
}

static int read_seasons(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    size_t n = 0;
    int err = open_table(&t, arena, "seasons.csv", "chain,1-2,3,4,5,6,7,8,9,10,11,12");

    while (err >= 0 && (err = next(&t)) > 0) {
        fd_ex_season *s = &p->seasons[p->season_count];
        char *colon;

        if (t.fields != 1 + FD_EX_SPANS ||
            p->season_count++ == sizeof p->seasons / sizeof *p->seasons)
            return fault(&t, "应为 12 列", "12 columns were expected");
        colon = strchr(fd_arena_strdup(arena, t.field[0]), ':');
        s->industry = colon ? colon + 1 : NULL;
        s->chain = chain_of(p, colon ? fd_arena_strndup(arena, t.field[0], strcspn(t.field[0], ":"))
                                     : t.field[0]);
        for (size_t i = 0; i < FD_EX_SPANS; i++)
            if ((err = number(&s->weights[i], &t, 1 + i)) < 0)
                return err;
    }
    if (err < 0 || (err = open_table(&t, arena, "spring.csv", "year,festival,january")) < 0)
        return err;
    while ((err = next(&t)) > 0) {
        if (n == 3)
            return fault(&t, "应为 3 行", "3 rows were expected");
        if ((err = number(&p->january[n++], &t, 2)) < 0)
            return err;
    }
    return err;
}

static int read_energies(fd_ex_parameters *p, fd_arena *arena)
{
    table t;
    double factor;
    int err = open_table(&t, arena, "energy.csv",
                         "division,code,tce_per_10k_yuan,factor,unit,name,price");

    while (err >= 0 && (err = next(&t)) > 0) {
        fd_ex_energy *e = &p->energies[p->energy_count];

        if (t.fields != 7 || p->energy_count++ == sizeof p->energies / sizeof *p->energies)
            return fault(&t, "应为 7 列", "7 columns were expected");
        e->division = *t.field[0] == '*' ? 0 : atoi(t.field[0]);
        e->code = t.field[1];
        e->unit = t.field[4];
        e->name = t.field[5];
        if ((err = number(&e->tce, &t, 2)) < 0 || (err = number(&factor, &t, 3)) < 0 ||
            (err = number(&e->price, &t, 6)) < 0)
            return err;
        e->factor = (int64_t)(factor * 10000 + 0.5);
    }
    return err;
}

static int read_names(fd_ex_parameters *p, fd_arena *arena)
{
    struct {
        const char *key;
        const char ***out;
        size_t *count;
    } lists[] = { { "first,", &p->first, &p->first_count },
                  { "second,", &p->second, &p->second_count },
                  { "surname,", &p->surnames, &p->surname_count } };
    table t = { .name = "names.csv", .rest = fd_example__data("names.csv"), .arena = arena };
    fd_view line;

    for (size_t i = 0; i < 3; i++) {
        t.row++;
        if (!fd_view_split(&t.rest, '\n', &line) || !fd_view_starts(line, lists[i].key))
            return fault(&t, "缺少一行", "a row is missing");
        *lists[i].out = words(lists[i].count, arena,
                              fd_arena_strndup(arena, line.ptr + strlen(lists[i].key),
                                               line.len - strlen(lists[i].key)),
                              ' ');
    }
    return 0;
}

/* Lines and chains must tell the same story to the last 万元. */
static int reconcile(const fd_ex_parameters *p)
{
    for (size_t c = 0; c < p->chain_count; c++) {
        fd_ex_chain sum = { 0 };

        for (size_t l = 0; l < p->line_count; l++)
            if (p->lines[l].chain == (int)c) {
                sum.firms += p->lines[l].firms;
                sum.revenue += p->lines[l].revenue;
                sum.value_added += p->lines[l].value_added;
                sum.emerging += p->lines[l].emerging;
            }
        if (sum.firms != p->chains[c].firms || sum.revenue != p->chains[c].revenue ||
            sum.value_added != p->chains[c].value_added || sum.emerging != p->chains[c].emerging)
            return fd_error_set(FD_EINFEASIBLE, "产业链 %s 与其行业之和不一致",
                                "chain %s and its lines do not add up", p->chains[c].id);
    }
    return 0;
}

int fd_example__parameters(fd_ex_parameters **out, fd_arena *arena)
{
    fd_ex_parameters *p = fd_arena_alloc(arena, sizeof *p);
    int err;

    if ((err = read_chains(p, arena)) < 0 || (err = read_lines(p, arena)) < 0 ||
        (err = read_leaders(p, arena)) < 0 || (err = read_counties(p, arena)) < 0 ||
        (err = read_years(p, arena)) < 0 || (err = read_months(p, arena)) < 0 ||
        (err = read_city(p, arena)) < 0 || (err = read_seasons(p, arena)) < 0 ||
        (err = read_energies(p, arena)) < 0 || (err = read_names(p, arena)) < 0 ||
        (err = reconcile(p)) < 0)
        return err;
    *out = p;
    return 0;
}
