/*
 * A city for tests of the importer: the shipped definitions, a few subjects, and a log of what is
 * handed out, as text.
 */
#ifndef TESTS_RETURNS_CITY_H
#define TESTS_RETURNS_CITY_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/str.h"
#include "fangding/returns.h"
#include "fangding/uscc.h"
#include "io/file.h"

#define CITY_SUBJECTS 64

typedef struct city_member {
    const char *kind;
    char code[24], name[64];
} city_member;

/* What was stored before, for checks that look back. */
typedef struct city_past {
    const char *item;
    fd_period period;
    fd_basis basis;
    size_t n;
    int32_t subjects[16];
    int64_t dec[16];
    int8_t scale;
} city_past;

typedef struct city {
    fd_script *scripts[32];
    size_t script_count;
    fd_program *program;
    fd_forms *forms;
    char *list;
    city_member subjects[CITY_SUBJECTS];
    size_t subject_count;
    city_past past[8];
    size_t past_count;
    const char *mapped_header, *mapped_target;
    fd_buf log;      /* segments, attributes, records, one line each */
    fd_buf findings; /* severity rule row column: message */
    int begins;
} city;

static inline void city_script(city *c, const char *path)
{
    fd_diags diags = FD_DIAGS_INIT;
    char *text;
    size_t length;

    assert_int_equal(fd_file_read(&text, &length, path, 1 << 22), 0);
    if (fd_script_parse(&c->scripts[c->script_count++], text, length, path, &diags) < 0)
        fail_msg("%s: %s", path, diags.list.items[0]->error.message[FD_EN]);
    fd_diags_dispose(&diags);
    free(text);
}

static inline void city_scripts(city *c, const char *folder)
{
    char **paths;
    size_t count;

    assert_int_equal(fd_file_list(&paths, &count, folder), 0);
    for (size_t i = 0; i < count; i++) {
        if (fd_file_has_extension(paths[i], "ding"))
            city_script(c, paths[i]);
        free(paths[i]);
    }
    free(paths);
}

static inline int city_list(void *payload, const char *name, const char **text, size_t *length)
{
    city *c = payload;
    char path[512];

    snprintf(path, sizeof path, FD_SOURCE_DIR "/definitions/%s", name);
    if (!c->list && fd_file_read(&c->list, length, path, 1 << 20) < 0)
        return FD_ENOTFOUND;
    *text = c->list;
    *length = strlen(c->list);
    return 0;
}

static inline int32_t city_add(city *c, const char *kind, const char *code, const char *name)
{
    city_member *s = &c->subjects[c->subject_count++];

    assert_true(c->subject_count <= CITY_SUBJECTS);
    s->kind = kind;
    snprintf(s->code, sizeof s->code, "%s", code);
    snprintf(s->name, sizeof s->name, "%s", name ? name : "");
    return (int32_t)c->subject_count; /* ids from 1 */
}

/* The i-th enterprise's code; each is valid and differs. */
static inline const char *city_uscc(int i)
{
    static char codes[4][FD_USCC_LENGTH + 1];
    static int next;
    char prefix[17], *out = codes[next++ % 4];

    snprintf(prefix, sizeof prefix, "91990500MA%06d", i);
    assert_int_equal(fd_uscc_make(out, prefix), 0);
    return out;
}

/* Counties 甲县 乙县 (1, 2), the city (3), chains L1 E2 (4, 5), enterprises 一厂 … 六厂 (6 … 11).
 */
static inline int city_open(void **state)
{
    static const char *const firms[] = {
        "东风钢铁有限公司", "西岭水泥有限公司", "南湖食品有限公司",
        "北苑纺织有限公司", "中原机床有限公司", "新星电子有限公司"
    };
    city *c = calloc(1, sizeof *c);
    fd_forms_options options = FD_FORMS_OPTIONS_INIT;
    fd_diags diags = FD_DIAGS_INIT;
    int err;

    city_scripts(c, FD_SOURCE_DIR "/definitions");
    city_scripts(c, FD_SOURCE_DIR "/definitions/forms");
    city_scripts(c, FD_SOURCE_DIR "/definitions/policies");
    err =
        fd_program_load(&c->program, (const fd_script *const *)c->scripts, c->script_count, &diags);
    if (err < 0)
        fail_msg("definitions: %s", diags.list.items[0]->error.message[FD_EN]);
    options.read_list = city_list;
    options.payload = c;
    err = fd_forms_load(&c->forms, c->program, &options, &diags);
    if (err < 0)
        fail_msg("forms: %s", diags.list.items[diags.list.count - 1]->error.message[FD_EN]);
    fd_diags_dispose(&diags);
    city_add(c, "county", "990501", "甲县");
    city_add(c, "county", "990502", "乙县");
    city_add(c, "city", "990500", "某市");
    city_add(c, "chain", "L1", "精品钢及深加工");
    city_add(c, "chain", "E2", "新能源");
    for (int i = 0; i < 6; i++)
        city_add(c, "enterprise", city_uscc(i + 1), firms[i]);
    *state = c;
    return 0;
}

static inline int city_close(void **state)
{
    city *c = *state;

    fd_forms_free(c->forms);
    fd_program_free(c->program);
    for (size_t i = 0; i < c->script_count; i++)
        fd_script_free(c->scripts[i]);
    free(c->list);
    fd_buf_dispose(&c->log);
    fd_buf_dispose(&c->findings);
    free(c);
    return 0;
}

/* ---- look-ups and sinks ---- */

static inline int city_find(void *payload, const char *kind, const char *code, size_t length,
                            int32_t *id)
{
    city *c = payload;

    for (size_t i = 0; i < c->subject_count; i++)
        if (strcmp(c->subjects[i].kind, kind) == 0 && strlen(c->subjects[i].code) == length &&
            memcmp(c->subjects[i].code, code, length) == 0) {
            *id = (int32_t)i + 1;
            return 1;
        }
    return 0;
}

static inline int city_find_name(void *payload, const char *kind, const char *name, int32_t *id,
                                 const char **code)
{
    city *c = payload;
    int found = 0;

    for (size_t i = 0; i < c->subject_count; i++)
        if (strcmp(c->subjects[i].kind, kind) == 0 && strcmp(c->subjects[i].name, name) == 0) {
            *id = (int32_t)i + 1;
            *code = c->subjects[i].code;
            found++;
        }
    return found > 2 ? 2 : found;
}

static inline int city_describe(void *payload, const char *kind, int32_t id, const char **code,
                                const char **name)
{
    city *c = payload;

    if (id < 1 || (size_t)id > c->subject_count || strcmp(c->subjects[id - 1].kind, kind) != 0)
        return 0;
    if (code)
        *code = c->subjects[id - 1].code;
    *name = c->subjects[id - 1].name;
    return 1;
}

static inline int city_only(void *payload, const char *kind, int32_t *id)
{
    city *c = payload;
    int found = 0;

    for (size_t i = 0; i < c->subject_count; i++)
        if (strcmp(c->subjects[i].kind, kind) == 0) {
            *id = (int32_t)i + 1;
            found++;
        }
    return found > 1 ? 2 : found;
}

static inline int city_each(void *payload, const char *kind,
                            void (*visit)(void *inner, const char *code, const char *name),
                            void *inner)
{
    city *c = payload;

    for (size_t i = 0; i < c->subject_count; i++)
        if (strcmp(c->subjects[i].kind, kind) == 0)
            visit(inner, c->subjects[i].code, c->subjects[i].name);
    return 0;
}

static inline int city_mapping(void *payload, const char *form, const char *sender,
                               const char *header, const char **target)
{
    city *c = payload;

    (void)form;
    (void)sender;
    if (!c->mapped_header || strcmp(header, c->mapped_header) != 0)
        return 0;
    *target = c->mapped_target;
    return 1;
}

static inline int city_values(void *payload, const char *kind, const char *item, fd_period period,
                              fd_basis basis, fd_returns_values *out)
{
    city *c = payload;

    (void)kind;
    for (size_t i = 0; i < c->past_count; i++) {
        const city_past *p = &c->past[i];

        if (strcmp(p->item, item) == 0 && p->period == period && p->basis == basis) {
            *out = (fd_returns_values){ p->n, p->subjects, p->dec, NULL, p->scale };
            return 1;
        }
    }
    return 0;
}

static inline void city_finding(void *payload, const fd_finding *f)
{
    city *c = payload;

    assert_true(f->message[FD_ZH][0] && f->message[FD_EN][0]); /* both languages, always */
    fd_buf_printf(&c->findings, "%s %s %ld %s: %s | %s | %s\n",
                  f->severity == 2   ? "fault"
                  : f->severity == 1 ? "warning"
                                     : "note",
                  f->rule, f->row, f->column, f->message[FD_EN], f->found, f->expected[FD_EN]);
}

static inline int city_begin(void *payload, const fd_returns_result *result)
{
    city *c = payload;

    assert_non_null(result->form);
    c->begins++;
    return 0;
}

static inline int city_subject(void *payload, const char *kind, const char *code, const char *name,
                               int32_t *id)
{
    city *c = payload;

    if (city_find(c, kind, code, strlen(code), id) != 1)
        *id = city_add(c, kind, code, name);
    fd_buf_printf(&c->log, "subject %s %s %s\n", kind, code, name ? name : "");
    return 0;
}

static inline int city_segment(void *payload, const fd_returns_segment *s)
{
    static const char *const states[] = { "", "missing", "na", "doubt" };
    city *c = payload;
    char period[32];

    fd_period_format(s->period, period, sizeof period);
    fd_buf_printf(&c->log, "%s %s %s:", s->item, period, fd_basis_name(s->basis, FD_EN));
    for (size_t i = 0; i < s->n; i++) {
        char text[48];
        fd_state state = s->states ? (fd_state)s->states[i] : FD_HAS;

        assert_true(i == 0 || s->subjects[i] > s->subjects[i - 1]);
        fd_decimal_format((fd_decimal){ s->dec[i], s->scale }, text, sizeof text);
        fd_buf_printf(&c->log, " %d=%s%s%s@%d", s->subjects[i],
                      state == FD_HAS || state == FD_DOUBT ? text : "",
                      state == FD_DOUBT ? "!" : "",
                      state == FD_HAS || state == FD_DOUBT ? "" : states[state], s->rows[i]);
    }
    if (s->basis == FD_PUBLISHED)
        fd_buf_printf(&c->log, " [%s] %s", s->marks, s->law);
    fd_buf_puts(&c->log, "\n");
    return 0;
}

static inline int city_put_attribute(void *payload, int32_t subject, const char *attribute,
                                     fd_date from, const char *value)
{
    city *c = payload;
    char day[16] = "ever";

    if (from != FD_DATE_NONE)
        fd_date_format(from, day, sizeof day);
    fd_buf_printf(&c->log, "attribute %d %s %s=%s\n", subject, attribute, day,
                  value ? value : "(ends)");
    return 0;
}

static inline int city_record(void *payload, const char *type, const char *key, const char *state,
                              fd_date date, const char *fields)
{
    city *c = payload;
    char day[16];

    fd_date_format(date, day, sizeof day);
    fd_buf_printf(&c->log, "record %s %s %s %s %s\n", type, key, state, day, fields);
    return 0;
}

static inline fd_returns_handler city_handler(city *c)
{
    return (fd_returns_handler){ .payload = c,
                                 .find = city_find,
                                 .find_name = city_find_name,
                                 .describe = city_describe,
                                 .only = city_only,
                                 .each = city_each,
                                 .mapping = city_mapping,
                                 .values = city_values,
                                 .finding = city_finding,
                                 .begin = city_begin,
                                 .subject = city_subject,
                                 .segment = city_segment,
                                 .put_attribute = city_put_attribute,
                                 .record = city_record };
}

/* Read a text as a file of that path. The caller frees the result. */
static inline fd_returns_result *city_read(city *c, const char *path, const void *data, size_t size,
                                           const fd_returns_options *given)
{
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    fd_returns_handler handler = city_handler(c);
    fd_returns_result *result = NULL;
    int err;

    fd_buf_clear(&c->log);
    fd_buf_clear(&c->findings);
    c->begins = 0;
    if (!given) {
        options.today = fd_date_make(2025, 1, 15);
        given = &options;
    }
    err = fd_returns_read_memory(&result, data, size, path, c->forms, given, &handler);
    if (err < 0)
        fail_msg("%s: %s", path, fd_error_last()->message[FD_EN]);
    return result;
}

static inline void city_expect(const fd_buf *text, const char *part)
{
    if (!strstr(fd_buf_text(text), part))
        fail_msg("not found: %s\nin:\n%s", part, fd_buf_text(text));
}

static inline void city_expect_not(const fd_buf *text, const char *part)
{
    if (strstr(fd_buf_text(text), part))
        fail_msg("found: %s\nin:\n%s", part, fd_buf_text(text));
}

#endif
