/*
 * Corrections pass the checks of a return: the look-ups of the import over the open city.
 */
#include "app/recheck.h"

#include <stdio.h>

#include "app/import.h"
#include "app/import_city.h"
#include "base/diag.h"
#include "base/str.h"
#include "returns/recheck.h"

typedef struct rechecking {
    fd_import_city look;
    const fd_form *form;
    fd_table *warnings;
    bool refused;
    fd_lang lang;
} rechecking;

static int on_find(void *payload, const char *kind, const char *code, size_t length, int32_t *id)
{
    return fd_import_city_find(&((rechecking *)payload)->look, kind, code, length, id);
}

static int on_find_name(void *payload, const char *kind, const char *name, int32_t *id,
                        const char **code)
{
    return fd_import_city_find_name(&((rechecking *)payload)->look, kind, name, id, code);
}

static int on_describe(void *payload, const char *kind, int32_t id, const char **code,
                       const char **name)
{
    return fd_import_city_describe(&((rechecking *)payload)->look, kind, id, code, name);
}

static int on_only(void *payload, const char *kind, int32_t *id)
{
    return fd_import_city_only(&((rechecking *)payload)->look, kind, id);
}

static int on_values(void *payload, const char *kind, const char *item, fd_period period,
                     fd_basis basis, fd_returns_values *out)
{
    return fd_import_city_values(&((rechecking *)payload)->look, kind, item, period, basis, out);
}

static void refuse(const rechecking *r, const fd_finding *f)
{
    const char *colon[2] = { *f->column ? ":" : "", *f->column ? ": " : "" };
    char said[2][640];

    for (int lang = 0; lang < 2; lang++) {
        const char *wanted = f->expected[lang];

        snprintf(said[lang], sizeof said[lang], "%s%s%.300s%s%.60s%s%.120s", f->column, colon[lang],
                 f->message[lang], lang == FD_ZH ? ",实得 " : ", found ", f->found,
                 !*wanted        ? ""
                 : lang == FD_ZH ? ",应为 "
                                 : ", expected ",
                 wanted);
    }
    fd_error_set(FD_EINVAL, "没有更正,不合「%s」的检查:%s%.0s",
                 "not corrected, %s does not take it: %.0s%s", fd_form_name(r->form), said[FD_ZH],
                 said[FD_EN]);
}

/* The first fault is why the correction is refused; warnings are kept. */
static void on_finding(void *payload, const fd_finding *f)
{
    rechecking *r = payload;
    size_t row;

    if (f->severity >= FD_FAULT) {
        if (r->refused)
            return;
        r->refused = true;
        refuse(r, f);
        fd_error_hint("更正要过报表同样的检查;核对新值和它的单位,或先更正与它有关的数",
                      "a correction passes the checks of a return: look at the figure and its "
                      "unit, or correct first what it is compared with");
        return;
    }
    if (!r->warnings) {
        static const fd_column_spec specs[] = {
            { "form", "报表", "Form", FD_TEXT, NULL, 0 },
            { "rule", "规则", "Rule", FD_TEXT, NULL, 0 },
            { "column", "列", "Column", FD_TEXT, NULL, 0 },
            { "message", "说明", "Message", FD_TEXT, NULL, 0 },
            { "found", "实得", "Found", FD_TEXT, NULL, 0 },
            { "expected", "应为", "Expected", FD_TEXT, NULL, 0 },
        };

        r->warnings = fd_table_new("warnings", "检查的提示", "Warnings of the checks");
        fd_table_add_columns(r->warnings, specs, sizeof specs / sizeof *specs);
    }
    row = fd_table_add_row(r->warnings);
    fd_column_set_text(r->warnings->columns[0], row, fd_form_name(r->form));
    fd_column_set_text(r->warnings->columns[1], row, f->rule);
    fd_column_set_text(r->warnings->columns[2], row, f->column);
    fd_column_set_text(r->warnings->columns[3], row, f->message[r->lang]);
    fd_column_set_text(r->warnings->columns[4], row, f->found);
    fd_column_set_text(r->warnings->columns[5], row, f->expected[r->lang]);
}

/* Where the cell came from; NULL when it was never stored. */
static const char *origin_of(fd_call *call, const fd_overlay *o)
{
    fd_source *source = call->city->source;
    const char *origin = NULL;

    if (source->ops->marks(source, o->item, o->period, o->basis, NULL, &origin) < 0)
        fd_error_clear();
    return origin && *origin ? origin : NULL;
}

static int judge(rechecking *r, fd_forms *forms, const fd_returns_handler *look,
                 const fd_recheck *cell, const char *kind, const char *origin)
{
    int err = 0;

    for (size_t i = 0; i < fd_forms_count(forms) && err >= 0 && !r->refused; i++) {
        r->form = fd_forms_at(forms, i);
        if (strcmp(fd_form_subject(r->form), kind) != 0 ||
            (origin && strcmp(fd_form_origin(r->form), origin) != 0))
            continue;
        r->look.kind = kind;
        err = fd_returns_recheck(forms, r->form, look, cell);
    }
    return err < 0 ? err : 0;
}

int fd_recheck_correction(fd_table **warnings, fd_call *call, const fd_subject *subject,
                          const fd_overlay *o, int scale)
{
    rechecking r = { .lang = call->lang };
    const fd_returns_handler look = { .payload = &r,
                                      .find = on_find,
                                      .find_name = on_find_name,
                                      .describe = on_describe,
                                      .only = on_only,
                                      .values = on_values,
                                      .finding = on_finding };
    const fd_recheck cell = {
        subject->id, subject->code, subject->name, o->item,
        o->period,   o->basis,      o->state,      { o->dec, (int8_t)scale }
    };
    fd_forms_options options = FD_FORMS_OPTIONS_INIT;
    fd_diags diags = FD_DIAGS_INIT;
    fd_forms *forms = NULL;
    int err;

    *warnings = NULL;
    options.read_list = fd_import_read_list;
    err = fd_forms_load(&forms, call->city->program, &options, &diags);
    fd_diags_dispose(&diags);
    if (err == FD_EPARSE && forms) {
        fd_error_clear(); /* one form with a fault leaves the others */
        err = 0;
    }
    if (err < 0)
        goto done;
    if ((err = fd_import_city_open(&r.look, call->city->store, NULL)) >= 0)
        err = judge(&r, forms, &look, &cell, subject->kind, origin_of(call, o));
    fd_import_city_dispose(&r.look);
done:
    fd_forms_free(forms);
    if (r.refused)
        err = FD_EINVAL;
    if (err < 0) {
        fd_table_free(r.warnings);
        return err;
    }
    *warnings = r.warnings;
    return 0;
}
