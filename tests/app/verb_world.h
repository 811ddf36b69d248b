/*
 * What the tests of verbs share: a folder in which the examples of the help make sense, and a
 * command line read and run as the program does it.
 */
#ifndef TESTS_APP_VERB_WORLD_H
#define TESTS_APP_VERB_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "fangding/verbs.h"
#include "io/file.h"
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

static inline size_t split(char **words, fd_arena *arena, const char *line)
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

static inline bool take_common(request *r, const char *name, const char *value)
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
static inline const fd_verb_param *declared(const fd_verb *verb, const char *name)
{
    for (size_t i = 0; i < verb->param_count; i++)
        if (!verb->params[i].positional && strcmp(verb->params[i].name, name) == 0)
            return &verb->params[i];
    return NULL;
}

/* @return false with the reason printed when the line does not fit the verb's declaration */
static inline bool read_line(request *r, const char *line)
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
static inline int run(char **text, const char *line)
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

static inline void must_run(const char *line)
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

static inline void copy_file(const char *to, const char *from)
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

static inline void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* A panel of plants that is no more than big enough for a production function. */
static inline void write_plants(const char *path)
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
static inline void write_tables(void)
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
static inline int setup(void **state)
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

static inline int teardown(void **state)
{
    world *w = *state;

    assert_int_equal(chdir(w->home), 0);
    (void)unlink("definitions");
    remove_all(w->folder);
    free(w);
    return 0;
}

static inline bool blank(const char *text)
{
    return !text || !*text;
}

#endif
