/*
 * search: everything with a name, by name, code or pinyin initials.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/pinyin.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "base/str.h"
#include "base/vec.h"

/* How well a name fits; smaller is better. */
enum { FITS_EXACTLY, FITS_FROM_START, FITS_INSIDE, FITS_INITIALS_START, FITS_INITIALS, FITS_NOT };

typedef struct hit {
    const char *kind, *kind_zh, *kind_en, *code, *name;
    size_t row; /* in the frame */
    int fit;
} hit;

typedef fd_vec(hit) hits;

static int fit_of(fd_pinyin *pinyin, const char *text, const char *lower, const char *code,
                  const char *name)
{
    char initials[256];
    const char *found;

    if (strcmp(code, text) == 0 || strcmp(name, text) == 0)
        return FITS_EXACTLY;
    if ((found = strstr(name, text)))
        return found == name ? FITS_FROM_START : FITS_INSIDE;
    if (strlen(text) >= 4 && strstr(code, text))
        return FITS_INSIDE;
    if (!pinyin || !*lower)
        return FITS_NOT;
    fd_pinyin_initials(pinyin, name, initials, sizeof initials);
    if ((found = strstr(initials, lower)))
        return found == initials ? FITS_INITIALS_START : FITS_INITIALS;
    return FITS_NOT;
}

static int compare_hits(const void *a, const void *b)
{
    const hit *x = a, *y = b;

    if (x->fit != y->fit)
        return x->fit - y->fit;
    if (strlen(x->name) != strlen(y->name))
        return strlen(x->name) < strlen(y->name) ? -1 : 1;
    return strcmp(x->code, y->code);
}

/* Letters of what was typed in lower case; empty unless all of it is ASCII letters and digits. */
static const char *lower_of(fd_arena *arena, const char *text)
{
    char *lower = fd_arena_strdup(arena, text);

    for (char *c = lower; *c; c++) {
        if (!isalnum((unsigned char)*c))
            return "";
        *c = (char)tolower((unsigned char)*c);
    }
    return lower;
}

static void look(hits *out, fd_pinyin *pinyin, const char *text, const char *lower, hit h)
{
    if (!h.name)
        return;
    h.fit = fit_of(pinyin, text, lower, h.code, h.name);
    if (h.fit != FITS_NOT)
        fd_vec_push(out, h);
}

/* County and chain of an enterprise, as a reader tells two of one name apart. */
static int put_detail(fd_column *out, size_t row, fd_call *call, const hit *h)
{
    static const char *const attributes[] = { "county", "chain" };
    fd_source *source = call->city->source;
    fd_buf text = FD_BUF_INIT;
    int err = 0;

    for (size_t a = 0; a < 2 && err >= 0 && strcmp(h->kind, "enterprise") == 0; a++) {
        fd_column *codes = NULL;
        const fd_frame *frame;
        const char *code;

        if ((err = source->ops->attribute(source, "enterprise", attributes[a], FD_DATE_MAX,
                                          &codes)) < 0 ||
            (err = source->ops->frame(source, attributes[a], &frame)) < 0) {
            fd_column_unref(codes);
            break;
        }
        code = fd_column_text(codes, h->row);
        if (fd_frame_find(frame, code) != SIZE_MAX)
            fd_buf_printf(&text, "%s%s", text.len ? " · " : "", fd_frame_name(frame, code));
        fd_column_unref(codes);
    }
    if (text.len)
        fd_column_set_text(out, row, fd_buf_text(&text));
    fd_buf_dispose(&text);
    return err;
}

static int run_search(fd_call *call, fd_result *result)
{
    const char *text = fd_call_text(call, "text"), *lower = lower_of(call->arena, text);
    fd_source *source = call->city->source;
    fd_pinyin *pinyin = fd_pinyin_new();
    hits found = { 0 };
    int64_t limit = 30;
    const fd_decl *decl;
    fd_table *t = fd_table_new("search", "查到的", "Found");
    int err;

    for (size_t c = 0; c < 5; c++) {
        static const char *const columns[][3] = { { "kind", "类别", "Kind" },
                                                  { "kind_name", "类别名", "Kind name" },
                                                  { "code", "代码", "Code" },
                                                  { "name", "名称", "Name" },
                                                  { "detail", "说明", "Detail" } };

        fd_table_add_new(t, columns[c][0], columns[c][1], columns[c][2], FD_TEXT, "", 0);
    }
    if ((err = fd_call_integer(call, "limit", &limit)) < 0)
        goto done;
    for (size_t k = 0; k < fd_subject_kind_count; k++) {
        const fd_subject_kind *kind = &fd_subject_kinds[k];
        const fd_frame *frame;

        if (strcmp(kind->id, "city") == 0)
            continue;
        /* Who may see nothing but what was published has no list of enterprises and projects. */
        if (call->role == FD_ROLE_VIEWER &&
            (strcmp(kind->id, "enterprise") == 0 || strcmp(kind->id, "project") == 0))
            continue;
        if ((err = source->ops->frame(source, kind->id, &frame)) < 0)
            goto done;
        for (size_t i = 0; i < frame->n; i++)
            look(&found, pinyin, text, lower,
                 (hit){ kind->id, kind->zh, kind->en, frame->codes[i], frame->names[i], i, 0 });
    }
    for (size_t i = 0; (decl = fd_program_decl(call->city->program, FD_DECL_INDICATOR, i)); i++)
        look(&found, pinyin, text, lower,
             (hit){ "indicator", "指标", "indicator", decl->alias, decl->name, 0, 0 });
    if (found.count)
        qsort(found.items, found.count, sizeof *found.items, compare_hits);
    for (size_t i = 0; i < found.count && (int64_t)i < limit && err >= 0; i++) {
        const hit *h = &found.items[i];
        size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, h->kind);
        fd_column_set_text(t->columns[1], row, call->lang == FD_ZH ? h->kind_zh : h->kind_en);
        fd_column_set_text(t->columns[2], row, h->code);
        fd_column_set_text(t->columns[3], row, h->name);
        err = put_detail(t->columns[4], row, call, h);
    }
    if (err >= 0) {
        fd_result_add(result, t);
        t = NULL;
    }
done:
    fd_table_free(t);
    fd_vec_dispose(&found);
    fd_pinyin_free(pinyin);
    return err < 0 ? err : 0;
}

static const fd_verb_param search_params[] = {
    { "text", FD_P_TEXT, true, true, false, "TEXT", "名称或代码的一部分,或拼音首字母",
      "part of a name or code, or pinyin initials", NULL },
    { "limit", FD_P_INTEGER, false, false, false, "N", "最多几个(默认 30)", "how many (30)", NULL },
};
static const char *const search_examples[] = { "search hxgt --city out/huanzhou.fangding",
                                               "search 汤源 --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_search = {
    .name = "search",
    .zh = "查企业、县区、产业链、项目、指标:名称、代码、拼音首字母",
    .en = "find enterprises, counties, chains, projects, indicators by name, code, pinyin initials",
    .purpose = FD_SERVICE,
    .needs_city = true,
    .params = search_params,
    .param_count = sizeof search_params / sizeof *search_params,
    .examples = search_examples,
    .run = run_search,
};
