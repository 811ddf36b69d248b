/*
 * The model put together, and the parts that give firms a face: who stops and who errs in 2024,
 * names, codes.
 */
#include "example/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "example/firms.h"
#include "example/random.h"

enum { T_CAST = 200, T_NAME, T_WORD, T_TOWN, T_PRODUCT, T_RD };

/* A role in the story of 2024: how many firms, from which divisions, counties and with which
 * reason. */
typedef struct role {
    int count;
    const char *divisions; /* "31 30 25", or NULL: any */
    int county;            /* index, or -1: any */
    int reason;
    uint8_t stop_month;
    enum { STOP, FALL, MISSING, NO_POWER, WRONG_UNIT, PAUSE_WINTER, PAUSE_SUMMER } what;
} role;

static const role roles[] = {
    { 4, "31 30 25", -1, 0, 12, STOP },
    { 3, "17 33 34", -1, 1, 11, STOP },
    { 2, "26", -1, 2, 12, STOP },
    { 1, "18", -1, 3, 11, STOP },
    { 1, "13", -1, 4, 12, STOP },
    { 9, "31 30 25", -1, 0, 0, FALL },
    { 14, NULL, -1, 5, 0, FALL },
    { 6, "17 18 26", -1, 6, 0, FALL },
    { 8, NULL, -1, 7, 0, FALL },
    { 4, NULL, 6, 0, 0, MISSING },
    { 3, NULL, 7, 0, 0, MISSING },
    { 2, NULL, 5, 0, 0, MISSING },
    { 8, NULL, -1, 0, 0, NO_POWER },
    { 4, NULL, -1, 0, 0, WRONG_UNIT },
    { 7, "31 30", -1, 0, 12, PAUSE_WINTER },
    { 4, NULL, -1, 2, 7, PAUSE_SUMMER },
};

static bool fits(const fd_ex_model *m, const fd_ex_firm *f, const role *r)
{
    const char *industry = m->parameters->lines[f->line].industry;
    char division[3] = { industry[0], industry[1], 0 };

    return (!r->divisions || strstr(r->divisions, division)) &&
           (r->county < 0 || f->county == r->county);
}

static void play(fd_ex_firm *f, const role *r)
{
    switch (r->what) {
    case STOP:
        f->fate = FD_EX_STOPPED;
        f->reason = (uint8_t)r->reason;
        f->stop_month = r->stop_month;
        break;
    case FALL:
        f->fate = FD_EX_DOWN;
        f->reason = (uint8_t)r->reason;
        break;
    case MISSING:
        f->missing = true;
        break;
    case NO_POWER:
        f->no_power = true;
        break;
    case WRONG_UNIT:
        f->wrong_unit = true;
        break;
    case PAUSE_WINTER:
    case PAUSE_SUMMER:
        f->pause = r->stop_month;
        f->reason = (uint8_t)r->reason;
        break;
    }
}

int fd_example__cast(fd_ex_model *m)
{
    bool *taken = fd_alloc(m->count + 1);
    int fallen[FD_EX_MAX_LINES] = { 0 };
    int64_t others[FD_EX_MAX_LINES] = { 0 };
    int heads[FD_EX_MAX_LINES] = { 0 };
    uint64_t draw = 0;

    for (size_t i = 0; i < m->count; i++)
        if (m->firms[i].kind == FD_EX_OTHER && fd_example__live(&m->firms[i], FD_EX_LAST)) {
            others[m->firms[i].line] += m->firms[i].value_added[FD_EX_LAST];
            heads[m->firms[i].line]++;
        }
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        int left = roles[r].count;

        for (size_t tries = 0; left && tries < 400 * (m->count + 100); tries++) {
            size_t i = fd_example__below(m->seed ^ T_CAST, draw++, m->count);
            fd_ex_firm *f = &m->firms[i];

            /* An old firm, not a giant of its line, and in a line where others can make up for it.
             */
            if (taken[i] || f->kind != FD_EX_OTHER || f->leader || f->leaves != 9999 ||
                f->enters != FD_EX_FIRST_YEAR || heads[f->line] < 8 ||
                f->value_added[FD_EX_LAST] * 12 > others[f->line] || !fits(m, f, &roles[r]) ||
                (roles[r].what == FALL && fallen[f->line] * 10 >= heads[f->line]))
                continue;
            play(f, &roles[r]);
            fallen[f->line] += roles[r].what == FALL;
            taken[i] = true;
            left--;
        }
        if (left) {
            free(taken);
            return fd_error_set(FD_EINFEASIBLE, "企业数太少,凑不齐示例中的停产减产企业",
                                "too few firms for the example's stopped and falling ones");
        }
    }
    free(taken);
    return 0;
}

static const char *suffix(const fd_ex_firm *f)
{
    size_t at = fd_example__below(f->key, T_NAME, 10);

    return at < 7 ? "有限公司" : at < 9 ? "有限责任公司" : "股份有限公司";
}

/* 县区 + two characters + trade + form + (示例); more characters when the name is taken. */
static const char *name_of(const fd_ex_model *m, const fd_ex_firm *f, fd_map *names)
{
    const fd_ex_parameters *p = m->parameters;
    const fd_ex_line *line = &p->lines[f->line];
    const char *county = p->counties[f->county].brief;
    char text[256];

    if (f->leader) {
        snprintf(text, sizeof text, "%s有限公司(示例)", f->name);
        fd_map_set(names, fd_view_of(text), 1);
        return fd_arena_strdup(m->arena, text);
    }
    for (uint64_t attempt = 0;; attempt++) {
        const char *
            first = p->first[fd_example__below(f->key, T_NAME + 1000 + attempt, p->first_count)],
           *second = p->second[fd_example__below(f->key, T_NAME + 3000 + attempt, p->second_count)],
           *third =
               attempt < 4
                   ? ""
                   : p->second[fd_example__below(f->key, T_NAME + 5000 + attempt, p->second_count)],
           *word = line->words[fd_example__below(f->key, T_WORD, line->word_count)];
        char number[24] = "";

        if (attempt > 8) /* the million */
            snprintf(number, sizeof number, "%u",
                     (unsigned)(fd_example__key(f->key, attempt) % 1000000));
        snprintf(text, sizeof text, "%s%s%s%s%s%s%s(示例)", county, first, second, third, number,
                 word, suffix(f));
        if (fd_map_set(names, fd_view_of(text), 1))
            return fd_arena_strdup(m->arena, text);
    }
}

static int code_of(fd_ex_firm *f, const fd_ex_parameters *p, size_t index)
{
    static const char symbols[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    /* 31^6 numbers; the factor is prime to 31, so that different firms get different codes. */
    uint64_t number = (index * 7919u + 123456789u) % 887503681u;
    char prefix[17];

    snprintf(prefix, sizeof prefix, "91%sMA", p->counties[f->county].code);
    for (size_t i = 0; i < 6; i++, number /= 31)
        prefix[10 + i] = symbols[number % 31];
    prefix[16] = 0;
    return fd_uscc_make(f->uscc, prefix);
}

/* A firm that left and one that entered in 2024 with the same name: registered again under a new
 * code. In the same county when there is such a pair. */
static void same_name(fd_ex_model *m)
{
    int year = FD_EX_FIRST_YEAR + FD_EX_LAST;
    fd_ex_firm *gone = NULL, *come = NULL;

    for (size_t i = 0; i < m->count && !(gone && gone->county == come->county); i++)
        for (size_t j = 0; m->firms[i].leaves == year && j < m->count; j++)
            if (m->firms[j].enters == year && (!gone || m->firms[i].county == m->firms[j].county)) {
                gone = &m->firms[i];
                come = &m->firms[j];
                if (gone->county == come->county)
                    break;
            }
    if (gone) {
        come->name = gone->name;
        come->town = gone->county == come->county ? gone->town : come->town;
        m->namesakes[0] = (size_t)(gone - m->firms);
        m->namesakes[1] = (size_t)(come - m->firms);
    }
}

int fd_example__christen(fd_ex_model *m)
{
    fd_map *names = fd_map_new();
    int err = 0;

    for (size_t i = 0; i < m->count && err == 0; i++) {
        fd_ex_firm *f = &m->firms[i];
        const fd_ex_county *county = &m->parameters->counties[f->county];

        f->name = name_of(m, f, names);
        f->town = county->towns[fd_example__below(f->key, T_TOWN, county->town_count)];
        err = code_of(f, m->parameters, i);
    }
    if (err == 0)
        same_name(m);
    fd_map_free(names);
    return err;
}

int64_t fd_example__emerging(const fd_ex_model *m, const fd_ex_firm *firm, int year)
{
    return (firm->output[year] * fd_example__part(m, firm, year) + 5000) / 10000;
}

/* Wind power is emerging and, to a fifth, traditional (it is power): the two classes overlap. */
static double overlap(const fd_ex_model *m, const fd_ex_firm *f, int year)
{
    return strcmp(m->parameters->lines[f->line].industry, "4415")
               ? 0
               : 0.2 * fd_example__part(m, f, year) / 10000.0;
}

static double traditional_part(const fd_ex_model *m, const fd_ex_firm *f, int year)
{
    double rest = 1 - fd_example__part(m, f, year) / 10000.0;

    return rest * (f->trades_traditional ? 1 : m->traditional_rate[year]) + overlap(m, f, year);
}

int64_t fd_example__traditional(const fd_ex_model *m, const fd_ex_firm *firm, int year)
{
    return llround((double)firm->output[year] * traditional_part(m, firm, year));
}

/* Emerging and traditional together are 99.7 %: some lines are neither, and how far follows from
 * that. */
static int set_traditional(fd_ex_model *m)
{
    for (int y = 0; y < FD_EX_YEARS; y++) {
        double target = (1 - 0.003 - m->plan.share[y]) * (double)m->plan.total[y], sure = 0,
               open = 0;

        m->traditional_rate[y] = 0;
        for (size_t i = 0; i < m->count; i++) {
            const fd_ex_firm *f = &m->firms[i];

            if (!fd_example__live(f, y))
                continue;
            sure += (double)f->value_added[y] * traditional_part(m, f, y);
            if (!f->trades_traditional)
                open += (double)f->value_added[y] * (1 - fd_example__part(m, f, y) / 10000.0);
        }
        m->traditional_rate[y] = (target - sure) / open;
        if (!(m->traditional_rate[y] >= 0 && m->traditional_rate[y] <= 1))
            return fd_error_set(FD_EINFEASIBLE, "传统产业占比无法凑出(%d 年)",
                                "the traditional share of %d cannot be met", FD_EX_FIRST_YEAR + y);
    }
    return 0;
}

double fd_example__rd_want(const fd_ex_firm *f, int year)
{
    double intensity = f->kind == FD_EX_PURE ? 3.4 : f->kind == FD_EX_MIXED ? 2.2 : 1;

    if (f->kind == FD_EX_OTHER && fd_example__uniform(f->key, T_RD) < 0.45)
        return 0;
    return (double)f->revenue[year] * intensity *
           fd_example__between(f->key, T_RD + 10 + (uint64_t)year, 0.8, 1.2) *
           fd_example__between(f->key, T_RD + 1, 0.4, 1.8);
}

/* Above-scale industry does 76 % of the city's R&D. */
static int set_rd(fd_ex_model *m)
{
    const fd_ex_city *rd = NULL;

    for (size_t i = 0; i < m->parameters->city_count; i++)
        if (!strcmp(m->parameters->city[i].item, "全社会研发经费"))
            rd = &m->parameters->city[i];
    if (!rd)
        return fd_error_set(FD_EFORMAT, "city.csv 缺少全社会研发经费",
                            "city.csv lacks the R&D row");
    for (int y = 0; y < FD_EX_YEARS; y++) {
        double sum = 0;

        for (size_t i = 0; i < m->count; i++)
            if (fd_example__live(&m->firms[i], y))
                sum += fd_example__rd_want(&m->firms[i], y);
        m->rd_rate[y] = 0.76 * atof(rd->values[y]) * 100000 * m->scale / sum;
    }
    return 0;
}

int fd_example__model(fd_ex_model **out, uint64_t seed, size_t enterprises)
{
    fd_ex_model *m = fd_alloc(sizeof *m);
    fd_ex_parameters *p = NULL;
    int err;

    *out = NULL;
    m->seed = fd_example__mix(seed);
    m->arena = fd_arena_new();
    m->scale = (double)enterprises / FD_EXAMPLE_ENTERPRISES;
    if ((err = fd_example__parameters(&p, m->arena)) < 0)
        goto done;
    m->parameters = p;
    if ((err = fd_example__plan(&m->plan, p, m->scale)) < 0 ||
        (err = fd_example__make_firms(m, enterprises)) < 0 || (err = fd_example__christen(m)) < 0 ||
        (err = set_traditional(m)) < 0 || (err = set_rd(m)) < 0)
        goto done;
    *out = m;
done:
    if (err < 0)
        fd_example__model_free(m);
    return err;
}

void fd_example__model_free(fd_ex_model *model)
{
    if (!model)
        return;
    free(model->firms);
    fd_arena_free(model->arena);
    free(model);
}
