/*
 * Every verb as declared: words in both languages, examples that parse and run, values of the wrong
 * type refused by name, one set of numbers in every format, and what a role may not see never
 * printed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <jansson.h>

#include "base/map.h"
#include "base/str.h"
#include "fangding/verbs.h"
#include "io/file.h"
#include "io/rows.h"
#include "remove_all.h"

enum { MOST_WORDS = 40 };

typedef struct world {
    char folder[128], home[4096];
} world;

/* One command line, read as the program reads it. */
typedef struct request {
    fd_arena *arena;
    fd_call call;
    fd_print_options print;
    const char *output;
} request;

static size_t split(char **words, fd_arena *arena, const char *line)
{
    char *text = fd_arena_strdup(arena, line), *to = text;
    size_t count = 0;

    for (const char *from = line; *from && count < MOST_WORDS;) {
        bool quoted = false;

        while (*from == ' ')
            from++;
        if (!*from)
            break;
        words[count++] = to;
        for (; *from && (quoted || *from != ' '); from++) {
            if (*from == '\'')
                quoted = !quoted;
            else
                *to++ = *from;
        }
        from += *from == ' ';
        *to++ = '\0';
    }
    return count;
}

static bool take_common(request *r, const char *name, const char *value)
{
    int err = 0;

    if (strcmp(name, "city") == 0)
        r->call.city_path = value;
    else if (strcmp(name, "output") == 0)
        r->output = value;
    else if (strcmp(name, "format") == 0)
        err = fd_format_parse(&r->print.format, value);
    else if (strcmp(name, "role") == 0)
        err = fd_role_parse(&r->call.role, value);
    else if (strcmp(name, "as-of") == 0)
        r->call.as_of = atol(value);
    else if (strcmp(name, "lang") == 0)
        r->print.lang = strcmp(value, "en") == 0 ? FD_EN : FD_ZH;
    else
        return false;
    assert_int_equal(err, 0);
    return true;
}

/* The parameter of that name; NULL when the verb does not declare it. */
static const fd_verb_param *declared(const fd_verb *verb, const char *name)
{
    for (size_t i = 0; i < verb->param_count; i++)
        if (!verb->params[i].positional && strcmp(verb->params[i].name, name) == 0)
            return &verb->params[i];
    return NULL;
}

/* @return false with the reason printed when the line does not fit the verb's declaration */
static bool read_line(request *r, const char *line)
{
    char *words[MOST_WORDS];
    size_t count, at = 1, next = 0;
    const fd_verb *verb = NULL;

    memset(r, 0, sizeof *r);
    r->arena = fd_arena_new();
    r->print = (fd_print_options)FD_PRINT_OPTIONS_INIT;
    r->call.arena = r->arena;
    r->call.actor = "test";
    count = split(words, r->arena, line);
    assert_true(count > 0);
    if (count > 1 && (verb = fd_verb_find(fd_arena_printf(r->arena, "%s %s", words[0], words[1]))))
        at = 2;
    if (!verb && !(verb = fd_verb_find(words[0]))) {
        print_error("%s: no such verb\n", line);
        return false;
    }
    r->call.verb = verb;
    r->call.values = fd_arena_alloc(r->arena, (verb->param_count + 1) * sizeof *r->call.values);
    r->call.rest = fd_arena_alloc(r->arena, MOST_WORDS * sizeof *r->call.rest);
    for (; at < count; at++) {
        const fd_verb_param *p;

        if (strncmp(words[at], "--", 2) != 0) {
            while (next < verb->param_count && !verb->params[next].positional)
                next++;
            if (next == verb->param_count) {
                print_error("%s: %s is one word too many\n", line, words[at]);
                return false;
            }
            if (verb->params[next].repeated)
                r->call.rest[r->call.rest_count++] = words[at];
            else
                r->call.values[next++] = words[at];
            continue;
        }
        p = declared(verb, words[at] + 2);
        if (p && p->type == FD_P_FLAG) {
            r->call.values[p - verb->params] = "1";
            continue;
        }
        if (at + 1 >= count) {
            print_error("%s: %s has no value\n", line, words[at]);
            return false;
        }
        if (p)
            r->call.values[p - verb->params] = words[at + 1];
        else if (!take_common(r, words[at] + 2, words[at + 1])) {
            print_error("%s: no option %s\n", line, words[at]);
            return false;
        }
        at++;
    }
    r->call.lang = r->print.lang;
    return true;
}

/* Run a line; *text receives what it prints. The caller frees. */
static int run(char **text, const char *line)
{
    request r;
    fd_result result = { 0 };
    size_t size = 0;
    FILE *stream = open_memstream(text, &size);
    int err;

    assert_non_null(stream);
    assert_true(read_line(&r, line));
    if ((err = fd_call_check(&r.call)) >= 0)
        err = fd_call_run(&r.call, &result);
    if (result.table_count || result.screen[r.print.lang])
        if (fd_result_print(&result, stream, &r.print, r.output) < 0 && err >= 0)
            err = FD_EIO;
    if (result.message[r.print.lang])
        fprintf(stream, "%s\n", result.message[r.print.lang]);
    fclose(stream);
    fd_result_dispose(&result);
    fd_arena_free(r.arena);
    return err;
}

static void must_run(const char *line)
{
    char *text = NULL;
    int err = run(&text, line);

    if (err < 0) {
        char reason[2048];

        fd_error_format(fd_error_last(), FD_EN, reason, sizeof reason);
        free(text);
        fail_msg("%s: %s", line, reason);
    }
    free(text);
}

static void copy_file(const char *to, const char *from)
{
    char *bytes;
    size_t length;
    FILE *file;

    assert_int_equal(fd_file_read(&bytes, &length, from, (size_t)1 << 30), 0);
    file = fopen(to, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(bytes);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* A panel of plants that is no more than big enough for a production function. */
static void write_plants(const char *path)
{
    fd_buf lines = FD_BUF_INIT;
    unsigned seed = 5;

    fd_buf_puts(&lines, "id,t,ln_y,ln_l_staff,ln_k,ln_proxy,ln_inv\n");
    for (int i = 0; i < 160; i++) {
        double v[4];

        for (int k = 0; k < 4; k++) {
            seed = seed * 1664525u + 1013904223u;
            v[k] = (double)(seed >> 8) / 16777216.0;
        }
        fd_buf_printf(&lines, "u%d,%d,%.6f,%.6f,%.6f,%.6f,%.6f\n", i / 4, 2020 + i % 4,
                      0.6 * v[0] + 0.3 * v[1] + 0.1 * v[2], v[0], v[1], v[2] + v[1], v[3] + v[1]);
    }
    write_file(path, fd_buf_text(&lines));
    fd_buf_dispose(&lines);
}

/* A balanced table of three sectors; its figures are invented. */
static void write_tables(void)
{
    assert_int_equal(mkdir("投入产出表", 0700), 0);
    write_file("投入产出表/Z_domestic.csv",
               "code,农业,工业,服务业\n农业,10,30,5\n工业,20,120,40\n服务业,10,60,60\n");
    write_file("投入产出表/Z_import.csv",
               "code,农业,工业,服务业\n农业,1,5,1\n工业,4,40,10\n服务业,0,5,4\n");
    write_file("投入产出表/Y_domestic.csv",
               "code,TC,FU,EX\n农业,40,5,10\n工业,60,100,60\n服务业,120,30,20\n");
    write_file("投入产出表/Y_import.csv", "code,TC,FU,EX\n农业,3,0,0\n工业,8,12,0\n服务业,2,1,0\n");
    write_file("投入产出表/output.csv", "code,x\n农业,100\n工业,400\n服务业,300\n");
    write_file("投入产出表/value_added.csv", "code,农业,工业,服务业\nVA001,40,70,100\n"
                                             "VA002,1,15,12\nVA003,14,55,68\n");
    write_file("投入产出表/employment.csv", "code,persons\n农业,30\n工业,40\n服务业,50\n");
    write_file("投入产出表/emissions.csv", "code,农业,工业,服务业\nCO2,10,200,30\n");
    assert_int_equal(mkdir("地区表", 0700), 0);
    write_file(
        "地区表/A.csv",
        "code,农业,工业,服务业\n农业,0.1,0.08,0.02\n工业,0.2,0.35,0.15\n服务业,0.1,0.15,0.2\n");
    write_file("地区表/nation.csv", "code,x\n农业,100\n工业,400\n服务业,300\n");
    write_file("地区表/region.csv", "code,x\n农业,10\n工业,60\n服务业,20\n");
    write_file("地区表/prior.csv", "code,农业,工业\n农业,10,20\n工业,30,40\n");
    write_file("地区表/targets.csv", "code,row_total,col_total\n农业,33,44\n工业,77,66\n");
    write_file("地区表/project.csv",
               "code,build,operate,local_share\n农业,0,2,1\n工业,60,20,0.5\n服务业,20,8,0.9\n");
}

/* A folder in which the examples of the help make sense. */
static int setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    const char *base = getenv("TMPDIR");

    assert_non_null(getcwd(w->home, sizeof w->home));
    snprintf(w->folder, sizeof w->folder, "%.80s/fdverbsXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    assert_int_equal(chdir(w->folder), 0);
    assert_int_equal(mkdir("out", 0700), 0);
    assert_int_equal(mkdir("kept", 0700), 0);
    assert_int_equal(symlink(FD_SOURCE_DIR "/definitions", "definitions"), 0);
    must_run("new out/huanzhou.fangding --example huanzhou --months 1");
    must_run("new out/anyang.fangding --example anyang");
    must_run("new ours.fangding --name 某市 --code 990500");
    must_run("import out/huanzhou-来表/名录 --city ours.fangding");
    must_run(
        "collect open dispatch --at 2025-01..02 --due 2025-03-10 --today 2025-02-20 --out 来件 "
        "--city ours.fangding");
    copy_file("kept/调度表.xlsx", "out/huanzhou-来表/月报/2024-12/重点企业调度表_洹西区.xlsx");
    must_run("paper monthly --at 2024-12 --out 洹州市2024年1—12月工业经济运行分析.docx "
             "--city out/huanzhou.fangding");
    must_run("paper promises --out 承诺.docx --city out/huanzhou.fangding");
    must_run("paper issue 承诺.docx --number 洹工信〔2025〕1号 --city out/huanzhou.fangding");
    must_run("plan save 投资多两成 --set finance+20% --city out/huanzhou.fangding");
    must_run("plan save 试一试 --set finance+5% --city out/huanzhou.fangding");
    copy_file("kept/huanzhou.fangding", "out/huanzhou.fangding");
    copy_file("kept/ours.fangding", "ours.fangding");
    write_file("财务状况B103-1.csv", "2024年财务状况\n统一社会信用代码,厂房原值,资产总计\n");
    write_file("enterprises.csv", "企业,营业收入[-1],规上在库,直供电\n甲厂,5000,是,是\n");
    write_file("items.csv", "item,name,class,unit_cost\nDRONE,drone,final,0\nCELL,cell,part,7\n");
    write_file("recipes.csv", "product,recipe,input,qty\nDRONE,r1,CELL,6\n");
    write_file("makers.csv", "enterprise,name,territory,item,capacity_per_year\n"
                             "E1,maker,park,DRONE,10\nE2,maker,city,CELL,90\n");
    write_file("firms.csv", "firm,sector,final_sales,out_strength\nA,1,2,5\nB,2,4,4\n");
    write_file("links.csv", "supplier,buyer,volume\nA,B,3\n");
    write_file("essential.csv", "code,1,2\n1,0,1\n2,0,0\n");
    write_file("plan.mps", "NAME PLAN\nROWS\n N OBJ\n L land\n G labour\nCOLUMNS\n x OBJ 1\n"
                           " x land 2\n x labour 1\nRHS\n RHS land 6\n RHS labour 4\nENDATA\n");
    assert_int_equal(mkdir("scenario", 0700), 0);
    write_file("scenario/base.csv", "chain,county,value_added,emerging\nA,1,50,8\nA,2,30,2\n"
                                    "B,1,20,3\n");
    write_file("trade.csv", "place,product,value\nA,x,10\nA,y,5\nB,x,3\nB,z,8\nC,y,7\nC,z,1\n");
    write_file("industries.csv", "industry,year,q,k,l,sk,sl\n食品,2022,100,80,50,0.4,0.6\n"
                                 "食品,2023,108,84,50,0.42,0.58\n纺织,2022,60,40,45,0.3,0.7\n"
                                 "纺织,2023,59,41,43,0.31,0.69\n");
    write_plants("plants.csv");
    write_file("counties.csv",
               "county,year,output,patents,energy\n甲,2023,10,3,2.1\n乙,2023,8,5,1.7\n"
               "丙,2023,4,1,2.6\n甲,2024,11,4,2.0\n乙,2024,9,6,1.6\n丙,2024,5,1,2.4\n");
    write_file("weights.csv",
               "code,parent,direction,low,high,weight,method\noutput,,+,4,11,0.5,fixed\n"
               "patents,,+,1,6,0.5,fixed\n");
    write_file("claims.csv",
               "id,item,level,evidence,expires,chain,output\n甲厂,设备,3,证书,2025-12-31,"
               "铝,300\n甲厂,数据,2,,2025-12-31,铝,300\n乙厂,设备,2,照片,2024-12-31,铝,100\n");
    write_file("share.csv", "year,share\n2014,10\n2015,11.2\n2016,11.9\n2017,13.1\n2018,13.8\n"
                            "2019,15.2\n2020,15.9\n2021,17.1\n2022,18\n2023,19.1\n2024,19.9\n");
    write_file("subsystems.csv", "county,industry,green\n甲,0.6,0.4\n乙,0.7,0.8\n");
    write_tables();
    write_file("units.csv", "id,in_k,in_l,out_y,bad_c\nA,1,2,3,1\nB,2,2,3,2\nC,3,1,2,1\n");
    write_file("firms-years.csv",
               "id,time,value,industry\nA,2018,5,26\nA,2019,5,26\nA,2020,6,26\nA,2021,8,26\n"
               "A,2022,8,26\nA,2023,9,26\nA,2024,9,26\nB,2018,5,26\nB,2019,6,26\nB,2020,6,26\n"
               "B,2021,6,26\nB,2022,6,26\nB,2023,7,26\nB,2024,7,26\n");
    write_file("events.csv", "id,time,kind\nA,2021,转型升级\n");
    write_file("panel.csv", "id,t,in_k,out_y,bad_c\nA,1,1,3,1\nB,1,2,3,2\nA,2,1,4,1\nB,2,2,3,1\n");
    write_file("regions.csv", "地区,行业,年份,从业\n甲市,C39,2020,10\n甲市,C26,2020,30\n"
                              "甲市,C39,2024,25\n甲市,C26,2024,28\n全国,C39,2020,900\n"
                              "全国,C26,2020,800\n全国,C39,2024,990\n全国,C26,2024,790\n");
    write_file("carbon.csv",
               "县区,行业,年份,增加值,碳排放\n甲县,C30,2020,20,60\n甲县,C39,2020,30,3\n"
               "甲县,C30,2024,22,50\n甲县,C39,2024,60,5\n");
    write_file("two_years.csv", "企业,年份,产值,可比价,归属,县区\n甲,2020,100,100,0,东县\n"
                                "乙,2020,50.5,50.5,60%,西县\n丙,2020,20,20,是,东县\n"
                                "甲,2024,120,110,0.5,东县\n乙,2024,80,75,60%,西县\n"
                                "丁,2024,30,31,1,西县\n");
    write_file("exclude.csv", "product,location,reason\nz,C,没有土地\n");
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world *w = *state;

    assert_int_equal(chdir(w->home), 0);
    (void)unlink("definitions");
    remove_all(w->folder);
    free(w);
    return 0;
}

static bool blank(const char *text)
{
    return !text || !*text;
}

/* ---- the declarations ---- */

static void every_verb_says_what_it_does(void **state)
{
    size_t count, bad = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    assert_true(count > 20);
    for (size_t v = 0; v < count; v++) {
        const fd_verb *verb = verbs[v];

        if (blank(verb->zh) || blank(verb->en) || !verb->examples || !verb->examples[0] ||
            !verb->run || (blank(verb->detail_zh) != blank(verb->detail_en))) {
            print_error("%s: a sentence or an example is missing\n", verb->name);
            bad++;
        }
        assert_ptr_equal(fd_verb_find(verb->name), verb);
        for (size_t i = 0; i < verb->param_count; i++) {
            const fd_verb_param *p = &verb->params[i];

            if (blank(p->name) || blank(p->zh) || blank(p->en)) {
                print_error("%s: the help of parameter %s is missing\n", verb->name, p->name);
                bad++;
            }
            if (p->type != FD_P_FLAG && blank(p->value)) {
                print_error("%s: %s has no placeholder\n", verb->name, p->name);
                bad++;
            }
            if ((p->type == FD_P_CHOICE) == blank(p->choices) ||
                (p->repeated && (!p->positional || i + 1 < verb->param_count) &&
                 verb->params[i + 1].positional)) {
                print_error("%s: %s is declared wrongly\n", verb->name, p->name);
                bad++;
            }
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(verb->params[k].name, p->name);
        }
    }
    assert_int_equal(bad, 0);
}

/* Each example is of its verb, parses against what the verb declares, and passes its check. */
static void every_example_parses(void **state)
{
    size_t count, bad = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    for (size_t v = 0; v < count; v++)
        for (const char *const *example = verbs[v]->examples; *example; example++) {
            request r;
            bool good = read_line(&r, *example);

            if (good && r.call.verb != verbs[v]) {
                print_error("%s: an example of %s\n", *example, verbs[v]->name);
                good = false;
            }
            if (good && fd_call_check(&r.call) < 0) {
                print_error("%s: %s\n", *example, fd_error_last()->message[FD_EN]);
                good = false;
            }
            bad += !good;
            fd_arena_free(r.arena);
        }
    assert_int_equal(bad, 0);
}

/* What makes much data in an example makes little here. */
static const char *smaller(char *buf, size_t size, const char *example)
{
    if (strstr(example, "--bench-rows")) {
        snprintf(buf, size, "%.*s --bench-rows 1000",
                 (int)(strstr(example, " --bench-rows") - example), example);
        return buf;
    }
    if (strncmp(example, "collect ", 8) == 0 && !strstr(example, "--today") &&
        strncmp(example, "collect return", 14) != 0) {
        snprintf(buf, size, "%s --today 2025-02-20", example);
        return buf;
    }
    if (strncmp(example, "new ", 4) == 0 || strncmp(example, "generate ", 9) == 0) {
        snprintf(buf, size, "%s --months 1 --light", example);
        return buf;
    }
    return example;
}

/* What an example before it may have written over. */
static void put_back(const char *example)
{
    if (strncmp(example, "import 调度表", strlen("import 调度表")) == 0)
        copy_file("调度表.xlsx", "kept/调度表.xlsx");
    if (strstr(example, "财务状况B103-1.csv"))
        write_file("财务状况B103-1.csv", "统一社会信用代码,厂房原值\n");
    if (strncmp(example, "plan template ", strlen("plan template ")) == 0)
        remove_all(example + strlen("plan template "));
    if (strstr(example, "my.ding") && !strstr(example, "--out"))
        write_file("my.ding", "参数 试一试 / my_trial\n  值 5 % 自 2024-01-01\n  说明 测试用\n");
}

static bool writes(const fd_verb *verb)
{
    return verb->effect != FD_READ;
}

/* Every example runs: what reads first, then what writes, on cities put back each time. */
static void every_example_runs(void **state)
{
    size_t count, bad = 0, ran = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    for (int pass = 0; pass < 2; pass++)
        for (size_t v = 0; v < count; v++)
            for (const char *const *example = verbs[v]->examples; *example; example++) {
                char line[1024], *text = NULL;
                int err;

                if (writes(verbs[v]) != (pass == 1))
                    continue;
                if (strcmp(verbs[v]->name, "new") == 0) {
                    (void)unlink("out/anyang.fangding");
                    (void)unlink("out/huanzhou.fangding");
                    (void)unlink("ours.fangding");
                } else if (pass == 1) {
                    copy_file("out/huanzhou.fangding", "kept/huanzhou.fangding");
                    copy_file("ours.fangding", "kept/ours.fangding");
                    (void)unlink("out/huanzhou.fangding-wal");
                    (void)unlink("out/huanzhou.fangding-shm");
                    (void)unlink("ours.fangding-wal");
                    (void)unlink("ours.fangding-shm");
                }
                put_back(*example);
                err = run(&text, smaller(line, sizeof line, *example));
                ran++;
                if (err < 0) {
                    char reason[2048];

                    fd_error_format(fd_error_last(), FD_EN, reason, sizeof reason);
                    print_error("%s: %s\n", *example, reason);
                    bad++;
                } else if (blank(text)) {
                    print_error("%s: says nothing\n", *example);
                    bad++;
                }
                free(text);
            }
    assert_true(ran > 30);
    assert_int_equal(bad, 0);
    /* As before for the tests that follow. */
    copy_file("out/huanzhou.fangding", "kept/huanzhou.fangding");
    (void)unlink("out/huanzhou.fangding-wal");
    (void)unlink("out/huanzhou.fangding-shm");
}

/* A value that is not of the declared type is refused, and the parameter is named. */
static void wrong_types_are_refused_by_name(void **state)
{
    static const char *const wrong[] = { "x y", "", "1e999999999", "2024-13-77", "--" };
    size_t count, tried = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    for (size_t v = 0; v < count; v++) {
        const fd_verb *verb = verbs[v];

        for (size_t i = 0; i < verb->param_count; i++) {
            const fd_verb_param *p = &verb->params[i];

            if (p->type != FD_P_INTEGER && p->type != FD_P_NUMBER && p->type != FD_P_PERIOD &&
                p->type != FD_P_CHOICE)
                continue;
            for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
                fd_arena *arena = fd_arena_new();
                fd_call call = { .verb = verb, .arena = arena, .city_path = "city" };

                call.values = fd_arena_alloc(arena, (verb->param_count + 1) * sizeof *call.values);
                call.rest = fd_arena_alloc(arena, sizeof *call.rest);
                for (size_t n = 0; n < verb->param_count; n++)
                    if (verb->params[n].required)
                        call.values[n] = verb->params[n].type == FD_P_PERIOD   ? "2024"
                                         : verb->params[n].type == FD_P_CHOICE ? "enterprises"
                                                                               : "1";
                call.rest[call.rest_count++] = "1";
                call.values[i] = wrong[k];
                if (fd_call_check(&call) != FD_EINVAL)
                    fail_msg("%s takes \"%s\" for %s", verb->name, wrong[k], p->name);
                for (int lang = 0; lang < 2; lang++)
                    if (!strstr(fd_error_last()->message[lang], p->name))
                        fail_msg("%s: the message does not name %s: %s", verb->name, p->name,
                                 fd_error_last()->message[lang]);
                tried++;
                fd_arena_free(arena);
            }
        }
    }
    assert_true(tried > 50);
}

/* What is required is missed by the name that the help shows. */
/* Arguments that are each right and together are not, or that name what is not there: refused with
 * a reason, never answered with an empty table or with what was not asked. */
static void wrong_questions_are_refused(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        { "measure sei_share --from 2024 --to 2018", "--from 在 --to 之后" },
        { "measure sei_share --at 2024 --from 2020", "不能同时写" },
        { "why sei_share --at 2024 --depth -1", "--depth" },
        { "why sei_share --at 2024 --county 火星区", "没有这个县区:火星区" },
        { "growth sei_share --from 2023 --to 2024 --by county", "不可相加" },
        { "growth value_added_rate --from 2023 --to 2024 --by county", "不可相加" },
        { "growth division_count --from 2023 --to 2024 --by county", "不可相加" },
        { "growth value_added --from 2024 --to 2023 --by county", "基期" },
        { "growth value_added --from 2023-01..12 --to 2024 --by county", "基期" },
        { "target emerging_30 --growth -100", "年均增长" },
        { "target emerging_30 --growth 100000", "年均增长" },
        { "export facts --item nope", "没有这个数据项:nope" },
    };
    struct stat is;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[256], reason[2048] = "", *text = NULL;
        int err;

        snprintf(line, sizeof line, "%s --city out/huanzhou.fangding", cases[i].line);
        err = run(&text, line);
        if (err < 0)
            fd_error_format(fd_error_last(), FD_ZH, reason, sizeof reason);
        if (err >= 0 || !strstr(reason, cases[i].says))
            fail_msg("%s: %s, not %s", line, err < 0 ? reason : "answered", cases[i].says);
        free(text);
        fd_error_clear();
    }
    must_run("why sei_share --at 2024 --county 洹西 --depth 1 --city out/huanzhou.fangding");
    must_run("growth sei_value_added_total --from 2023 --to 2024 --by county --city "
             "out/huanzhou.fangding");
    { /* a city that could not be made leaves no file of its name */
        char *text = NULL;

        assert_true(run(&text, "new small.fangding --example huanzhou --enterprises 60") < 0);
        free(text);
        fd_error_clear();
        assert_int_not_equal(stat("small.fangding", &is), 0);
    }
}

/* The first word of two names its family; a slip of a finger its nearest. */
static void a_verb_that_is_not_there(void **state)
{
    (void)state;
    assert_null(fd_verb_find("ding"));
    assert_non_null(strstr(fd_error_last()->hint[FD_ZH], "ding check, ding format, ding explain"));
    assert_null(fd_verb_find("mesure"));
    assert_non_null(strstr(fd_error_last()->hint[FD_ZH], "measure"));
    fd_error_clear();
}

static void missing_values_are_named(void **state)
{
    size_t count, tried = 0;
    const fd_verb *const *verbs = fd_verbs(&count);

    (void)state;
    for (size_t v = 0; v < count; v++)
        for (size_t i = 0; i < verbs[v]->param_count; i++) {
            const fd_verb_param *p = &verbs[v]->params[i];
            fd_arena *arena;
            fd_call call;

            if (!p->required)
                continue;
            arena = fd_arena_new();
            call = (fd_call){ .verb = verbs[v], .arena = arena, .city_path = "city" };
            call.values = fd_arena_alloc(arena, (verbs[v]->param_count + 1) * sizeof *call.values);
            for (size_t n = 0; n < i; n++)
                call.values[n] = verbs[v]->params[n].type == FD_P_CHOICE ? "facts" : "2024";
            assert_int_equal(fd_call_check(&call), FD_EINVAL);
            if (i == 0 && !strstr(fd_error_last()->message[FD_ZH], p->value ? p->value : p->name))
                fail_msg("%s: %s", verbs[v]->name, fd_error_last()->message[FD_ZH]);
            tried++;
            fd_arena_free(arena);
        }
    assert_true(tried > 10);
}

/* ---- one set of numbers in every format ---- */

enum { MOST_ROWS = 64, MOST_CELLS = 16 };

/* Rows of a growth table whose first cell is a code: texts of their cells. */
typedef struct grid {
    char *cells[MOST_ROWS][MOST_CELLS];
    size_t widths[MOST_ROWS];
    size_t rows;
} grid;

static void put_cell(grid *g, const char *text, size_t length)
{
    assert_true(g->rows < MOST_ROWS && g->widths[g->rows] < MOST_CELLS);
    g->cells[g->rows][g->widths[g->rows]++] = strndup(text, length);
}

static void end_row(grid *g)
{
    g->rows++;
    g->widths[g->rows < MOST_ROWS ? g->rows : 0] = g->rows < MOST_ROWS ? 0 : g->widths[0];
}

static void free_grid(grid *g)
{
    for (size_t r = 0; r < g->rows; r++)
        for (size_t c = 0; c < g->widths[r]; c++)
            free(g->cells[r][c]);
    memset(g, 0, sizeof *g);
}

/* A code of the table: letters, digits, nothing else; not the header. */
static bool is_code(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]))
            return false;
    return length > 0 && (length != 4 || memcmp(text, "part", 4) != 0);
}

static void read_rows(grid *g, const char *path)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows = NULL;
    const fd_row *row;

    assert_int_equal(fd_rows_open(&rows, path, &options), 0);
    while (fd_rows_next(rows, &row) > 0) {
        if (row->count < 5 || !is_code(row->cells[0].text.ptr, row->cells[0].text.len))
            continue;
        for (size_t i = 0; i < row->count; i++)
            put_cell(g, row->cells[i].text.ptr, row->cells[i].text.len);
        end_row(g);
    }
    fd_rows_close(rows);
}

static void read_json(grid *g, const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, 0, &error), *columns, *rows, *row, *column;
    size_t r, c;

    if (!root)
        fail_msg("JSON, line %d: %s", error.line, error.text);
    columns = json_object_get(root, "columns");
    rows = json_object_get(root, "rows");
    assert_true(json_array_size(columns) > 4);
    json_array_foreach(rows, r, row)
    {
        json_array_foreach(columns, c, column)
        {
            const char *id = json_string_value(json_object_get(column, "id"));
            json_t *value = json_object_get(row, id);
            char buf[64];

            if (json_is_number(value)) {
                snprintf(buf, sizeof buf, "%.17g", json_number_value(value));
                put_cell(g, buf, strlen(buf));
            } else {
                const char *word = json_is_string(value) ? json_string_value(value) : "";

                put_cell(g, word, strlen(word));
            }
        }
        end_row(g);
    }
    json_decref(root);
}

static void read_markdown(grid *g, const char *text)
{
    for (const char *line = text; *line;) {
        const char *end = line + strcspn(line, "\n"), *cell = line + 2;
        const char *stop = strstr(line, " |");

        if (strncmp(line, "| ", 2) == 0 && stop && stop < end &&
            is_code(cell, (size_t)(stop - cell))) {
            while (cell < end && (stop = strstr(cell, " |")) && stop < end + 1) {
                put_cell(g, cell, (size_t)(stop - cell));
                cell = stop + (stop[2] == ' ' ? 3 : 2);
            }
            end_row(g);
        }
        line = *end ? end + 1 : end;
    }
}

static bool number_of(double *out, const char *text)
{
    char *end;

    if (!isdigit((unsigned char)text[0]) && text[0] != '-')
        return false;
    *out = strtod(text, &end);
    return *end == '\0';
}

/* The same cells hold numbers, and the same numbers: to the digits printed where they are rounded.
 */
static void same_numbers(const grid *exact, const grid *other, const char *format, bool rounded)
{
    size_t compared = 0;

    assert_int_equal(other->rows, exact->rows);
    for (size_t r = 0; r < exact->rows; r++) {
        assert_string_equal(other->cells[r][0], exact->cells[r][0]);
        for (size_t c = 2; c < exact->widths[r]; c++) {
            const char *a = exact->cells[r][c], *b = c < other->widths[r] ? other->cells[r][c] : "";
            const char *point = strchr(b, '.');
            double x = 0, y = 0, limit;

            if (!number_of(&x, a)) {
                if (number_of(&y, b))
                    fail_msg("%s: %s has a number where CSV has none: %s", format,
                             exact->cells[r][0], b);
                continue;
            }
            if (!number_of(&y, b))
                fail_msg("%s: %s, column %zu: \"%s\" for %s", format, exact->cells[r][0], c, b, a);
            /* CSV and JSON give quotients to twelve digits, a spreadsheet all of a double. */
            limit = fabs(x) * 1e-11 +
                    (rounded ? 0.5 * pow(10, point ? -(double)strlen(point + 1) : 0) : 0);
            if (fabs(x - y) > limit)
                fail_msg("%s: %s, column %zu: %s for %s", format, exact->cells[r][0], c, b, a);
            compared++;
        }
    }
    assert_true(compared > 30);
}

static void every_format_gives_the_same_numbers(void **state)
{
    static const char *const lines[] = {
        "growth dispatch_revenue --to 2024-01..12 --by chain --reported",
        "growth county_growth --to 2024-01..12 --by county",
        "growth value_added --from 2023 --to 2024 --by county",
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        static const char *const formats[] = { "csv", "json", "md", "xlsx --output t.xlsx" };
        grid grids[4] = { 0 };

        for (size_t f = 0; f < 4; f++) {
            char line[256], *text = NULL;

            snprintf(line, sizeof line, "%s --city out/huanzhou.fangding --format %s", lines[i],
                     formats[f]);
            assert_int_equal(run(&text, line), 0);
            if (f == 0) {
                write_file("t.csv", text);
                read_rows(&grids[f], "t.csv");
            } else if (f == 1)
                read_json(&grids[f], text);
            else if (f == 2)
                read_markdown(&grids[f], text);
            else
                read_rows(&grids[f], "t.xlsx");
            free(text);
        }
        for (size_t f = 1; f < 4; f++)
            same_numbers(&grids[0], &grids[f], formats[f], f == 2);
        for (size_t f = 0; f < 4; f++)
            free_grid(&grids[f]);
    }
}

/* ---- what a role may not see ---- */

/* A credit code of the example (region 9905) anywhere in a text. */
static bool names_an_enterprise(const char *text)
{
    for (const char *at = text; (at = strstr(at, "919905")); at++) {
        size_t n = 0;

        while (isalnum((unsigned char)at[n]))
            n++;
        if (n == 18)
            return true;
    }
    return strstr(text, "有限公司") != NULL || strstr(text, "有限责任公司") != NULL;
}

/* The viewer: published cells and sums; no enterprise by any verb. */
static void the_viewer_sees_no_enterprise(void **state)
{
    static const char *const answered[] = {
        "measure dispatch_revenue_total --at 2024-01..12 --by county --format csv",
        "measure sei_share --at 2024 --by county,chain --format csv",
        "why dispatch_revenue_total --at 2024-01..12 --largest 50 --format csv",
        "why sei_share --at 2024 --largest 50 --format csv",
        "growth dispatch_revenue --to 2024-01..12 --by industry --reported --format csv",
        "export facts --format csv",
        "status",
        "status --format csv",
        "show",
        "show items",
        "show sources",
        "published",
        "target",
        "trace",
    };
    static const char *const refused[] = {
        "measure dispatch_revenue_total --at 2024-01..12 --by enterprise",
        "measure dispatch_revenue_total --at 2024-01..12 --by county,企业",
        "why dispatch_revenue_total --at 2024-01..12 --by enterprise",
        "growth dispatch_revenue --to 2024-01..12 --by enterprise --reported",
        "export enterprises",
        "show 洹西钢铁",
        "history 洹西钢铁",
        "history 洹西钢铁 dispatch_output",
        "correct 洹西钢铁 dispatch_output 1 --at 2024-01..12 --reason 试",
        "publish va_county_chain --at 2024",
    };

    (void)state;
    for (size_t i = 0; i < sizeof answered / sizeof *answered; i++) {
        char line[256], *text = NULL;

        snprintf(line, sizeof line, "%s --role 浏览 --city out/huanzhou.fangding", answered[i]);
        if (run(&text, line) < 0)
            fail_msg("%s: %s", answered[i], fd_error_last()->message[FD_EN]);
        /* trace prints commands to type, and one of them is typed with a firm's name. */
        if (strcmp(answered[i], "trace") != 0 && names_an_enterprise(text))
            fail_msg("%s names an enterprise", answered[i]);
        free(text);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char line[256], *text = NULL;
        int err;

        snprintf(line, sizeof line, "%s --role 浏览 --city out/huanzhou.fangding", refused[i]);
        err = run(&text, line);
        if (err != FD_EDENIED || !blank(text))
            fail_msg("%s: answered %d: %.80s", refused[i], err, text);
        free(text);
    }
}

/* Items of statistical origin, each walked through every verb that shows facts. */
static void statistical_cells_stay_closed(void **state)
{
    static const char code[] = "代码";
    fd_city *city = NULL;
    fd_table *items = NULL;
    char *text = NULL, firm[19] = "", *at;
    size_t walked = 0;
    const char *last = "";

    (void)state;
    assert_int_equal(run(&text, "show 洹西钢铁 --city out/huanzhou.fangding --format csv"), 0);
    assert_non_null(at = strstr(text, code));
    at = strstr(at, "919905");
    assert_non_null(at);
    memcpy(firm, at, 18);
    assert_int_equal(fd_city_open(&city, "out/huanzhou.fangding", 0, false), 0);
    assert_int_equal(fd_reader_items(city->reader, &items), 0);
    for (size_t i = 0; i < items->rows; i++) {
        const char *id = fd_column_text(items->columns[fd_table_find(items, "item")], i);
        const char *origin = fd_column_text(items->columns[fd_table_find(items, "origin")], i);
        const fd_item *item = fd_program_item(city->program, id);
        char line[256], cell[96], *answer = NULL;

        if (strcmp(origin, "statistical") != 0 || strcmp(id, last) == 0)
            continue;
        last = id;
        walked++;
        /* show of the firm: no line of the item */
        snprintf(cell, sizeof cell, "\n%s,", item ? item->name : id);
        if (strstr(text, cell))
            fail_msg("show gives %s", id);
        snprintf(line, sizeof line,
                 "export facts --item %s --city out/huanzhou.fangding --format csv", id);
        assert_int_equal(run(&answer, line), 0);
        if (strstr(answer, ",enterprise,"))
            fail_msg("%s gives cells", line);
        free(answer);
        if (!item)
            continue; /* a variant of an item: history and growth take the item */
        snprintf(line, sizeof line, "history %s %s --city out/huanzhou.fangding", firm, id);
        if (run(&answer, line) != FD_EDENIED || !blank(answer))
            fail_msg("%s answers %s", line, answer);
        free(answer);
        snprintf(line, sizeof line, "growth %s --from 2023 --to 2024 --by enterprise --city %s", id,
                 "out/huanzhou.fangding");
        if (run(&answer, line) >= 0 && names_an_enterprise(answer))
            fail_msg("%s answers %s", line, answer);
        free(answer);
    }
    assert_true(walked > 60);
    free(text);
    fd_table_free(items);
    fd_city_free(city);
}

/* Every listed subject stands below an unconditional count, never below a sum or a count with a
 * condition. Columns of the CSV: id, parent, order, label, label_en, … kind …; ids run from 1. */
/* One hidden cell in a line whose sum another table shows is no secret: by subtraction it is one
 * enterprise's figure. */
static void no_cell_is_hidden_alone(void **state)
{
    static const struct {
        const char *by;
        size_t columns[2]; /* of the codes */
        size_t prefix;     /* the first dimension's lines: of its first bytes, 0 the whole */
    } cases[] = { { "county,chain", { 1, 3 }, 0 },
                  { "county,division", { 1, 3 }, 0 },
                  { "county,size", { 1, 3 }, 0 },
                  { "industry", { 1, 1 }, 2 } };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (size_t side = 0; side < 2; side++) {
            fd_map *hidden = fd_map_new();
            char line[160], *text = NULL;
            fd_view rest, row;
            size_t all = 0;

            snprintf(line, sizeof line,
                     "measure value_added_total --at 2024 --by %s --format csv --city "
                     "out/huanzhou.fangding",
                     cases[k].by);
            assert_true(run(&text, line) >= 0);
            rest = fd_view_of(text);
            (void)fd_view_split(&rest, '\n', &row);
            assert_non_null(strstr(text, "suppressed"));
            while (fd_view_split(&rest, '\n', &row) && row.len) {
                fd_view cell, key = { "", 0 }, last = { "", 0 };
                uint64_t n;

                for (size_t c = 0; fd_view_split(&row, ',', &cell); c++) {
                    if (c == cases[k].columns[side])
                        key = cell;
                    last = cell;
                }
                last = fd_view_trim(last);
                if (cases[k].prefix && key.len > cases[k].prefix)
                    key.len = cases[k].prefix;
                /* the number of hidden cells, and 1000 for each that is shown */
                n = fd_map_intern(hidden, key, 0) + (last.len ? 1 : 1000);
                fd_map_set(hidden, key, n);
                all += last.len > 0;
            }
            assert_true(all > 1);
            for (size_t i = 0; i < fd_map_count(hidden); i++)
                if (fd_map_value(hidden, i) % 1000 == 1 && fd_map_value(hidden, i) > 1000)
                    fail_msg("by %s: one cell alone is hidden in line %.*s", cases[k].by,
                             (int)fd_map_key(hidden, i).len, fd_map_key(hidden, i).ptr);
            fd_map_free(hidden);
            free(text);
        }
}

static void listed_by_condition(const char *answer, const char *line)
{
    enum { MOST = 4096 };
    static long parents[MOST];
    static bool plain[MOST], sums[MOST];

    memset(parents, 0, sizeof parents);
    memset(plain, 0, sizeof plain);
    memset(sums, 0, sizeof sums);
    for (const char *row = strchr(answer, '\n'); row && row[1]; row = strchr(row + 1, '\n')) {
        const char *end = row + 1 + strcspn(row + 1, "\n");
        char text[1024];
        long id = atol(row + 1), up;

        if (id <= 0 || id >= MOST)
            continue;
        snprintf(text, sizeof text, "%.*s", (int)(end - row - 1), row + 1);
        parents[id] = atol(strchr(text, ',') + 1);
        sums[id] = strstr(text, ",sum,") != NULL;
        plain[id] = strstr(text, ",count(),") != NULL;
        if (!strstr(text, ",subject,"))
            continue;
        for (up = parents[id]; up > 0 && !sums[up]; up = parents[up])
            ;
        if (up <= 0 || !plain[up])
            fail_msg("%s lists whom a condition picked: %s", line, text);
    }
}

/* No line of a long list by enterprise has a value; a why lists nobody and no cell. */
static void indicators_of_returns_give_no_enterprise(void **state)
{
    fd_city *city = NULL;
    const fd_decl *decl;
    size_t walked = 0;

    (void)state;
    assert_int_equal(fd_city_open(&city, "out/huanzhou.fangding", 0, false), 0);
    for (size_t i = 0; (decl = fd_program_decl(city->program, FD_DECL_INDICATOR, i)); i++) {
        const fd_indicator *indicator = fd_program_indicator(city->program, decl->alias);
        char line[256], *answer = NULL;
        bool returns = false;

        for (size_t k = 0; k < indicator->source_count; k++)
            returns = returns || strncmp(indicator->sources[k], "B103", 4) == 0 ||
                      strncmp(indicator->sources[k], "B104", 4) == 0;
        if (!returns || strcmp(indicator->kind, "enterprise") != 0)
            continue;
        walked++;
        snprintf(line, sizeof line,
                 "measure %s --at 2024 --by enterprise --city out/huanzhou.fangding --format csv",
                 decl->alias);
        assert_int_equal(run(&answer, line), 0);
        for (char *row = answer; row && *row;) {
            char *end = strchr(row, '\n'), *value = strstr(row, ",2024,");

            if (value && value < end && value[6] != ',')
                fail_msg("%s: %.*s", line, (int)(end - row), row);
            row = end ? end + 1 : NULL;
        }
        free(answer);
        snprintf(line, sizeof line,
                 "why %s --at 2024 --city out/huanzhou.fangding --largest 3 --format csv",
                 decl->alias);
        assert_int_equal(run(&answer, line), 0);
        if (strstr(answer, ",cell,") || strstr(answer, ".xlsx"))
            fail_msg("%s reaches a cell", line);
        /* 计数() counts the register: its members may be listed, what a condition picked may not.
         */
        if (strstr(answer, ",subject,") && !strstr(answer, ",count(),"))
            fail_msg("%s lists enterprises", line);
        listed_by_condition(answer, line);
        free(answer);
    }
    assert_true(walked > 20);
    fd_city_free(city);
}

/* "profit > X" asked of one firm again and again would tell its profit; by whatever verb or
 * breakdown, and through an indicator as well as an item. Attributes of the register may filter. */
static void no_filter_asks_a_return(void **state)
{
    static const char *const refused[] = {
        "measure firm_count --at 2024 --by enterprise --where '利润总额 > 80000 万元'",
        "measure firm_count --at 2024 --by county --where '利润总额 > 80000 万元'",
        "measure firm_count --at 2024 --where '工业增加值 > 1000 万元'",
        "measure dispatch_revenue_total --at 2024-01..12 --where '规模 = 大型 且 利润总额[2024] > "
        "1 "
        "万元'",
        "why firm_count --at 2024 --where '利润总额 > 80000 万元'",
        "growth dispatch_revenue --to 2024-01..12 --by enterprise --reported --where "
        "'利润总额[2024] "
        "> 1 万元'",
    };
    static const char *const allowed[] = {
        "measure firm_count --at 2024 --by county --where '规模 = 大型'",
        "measure sei_share --at 2024 --where '规模 = 大型'",
        "measure dispatch_revenue_total --at 2024-01..12 --where '调度产值 > 1000 万元'",
        "measure firm_count --at 2024 --where '利润总额 > 80000 万元' --role 统计",
    };

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char line[512], *text = NULL;
        int err;

        snprintf(line, sizeof line, "%s --city out/huanzhou.fangding", refused[i]);
        err = run(&text, line);
        if (err != FD_EDENIED || !blank(text))
            fail_msg("%s: answered %d (%s): %.80s", line, err, fd_error_last()->message[FD_EN],
                     text);
        free(text);
    }
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        char line[512];

        snprintf(line, sizeof line, "%s --city out/huanzhou.fangding", allowed[i]);
        must_run(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verb_says_what_it_does),
        cmocka_unit_test(every_example_parses),
        cmocka_unit_test(wrong_types_are_refused_by_name),
        cmocka_unit_test(wrong_questions_are_refused),
        cmocka_unit_test(a_verb_that_is_not_there),
        cmocka_unit_test(missing_values_are_named),
        cmocka_unit_test(every_format_gives_the_same_numbers),
        cmocka_unit_test(the_viewer_sees_no_enterprise),
        cmocka_unit_test(statistical_cells_stay_closed),
        cmocka_unit_test(no_cell_is_hidden_alone),
        cmocka_unit_test(indicators_of_returns_give_no_enterprise),
        cmocka_unit_test(no_filter_asks_a_return),
        cmocka_unit_test(every_example_runs),
    };

    return cmocka_run_group_tests_name("app: verbs", tests, setup, teardown);
}
