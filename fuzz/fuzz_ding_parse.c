/*
 * Any bytes as a definition file: nothing crashes; what parses prints, in both languages, to a text
 * that parses to the same tree; what loads explains itself.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/str.h"
#include "fangding/ding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_and_compare(const fd_decl *decl, fd_lang lang)
{
    fd_buf text = FD_BUF_INIT;
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *again = NULL;
    char *printed = NULL;

    if (fd_decl_print(&printed, decl, lang) < 0)
        abort();
    if (decl->comment)
        fd_buf_printf(&text, "%s\n", decl->comment);
    fd_buf_puts(&text, printed);
    (void)fd_script_parse(&again, fd_buf_text(&text), text.len, "again", &diags);
    if (diags.faults || again->count != 1 || !fd_decl_equal(decl, &again->decls[0])) {
        fprintf(stderr, "not the same again:\n%s--\n%s\n", decl->text, fd_buf_text(&text));
        abort();
    }
    fd_script_free(again);
    fd_diags_dispose(&diags);
    fd_buf_dispose(&text);
    free(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *script = NULL;
    fd_program *program = NULL;

    (void)fd_script_parse(&script, (const char *)data, size, "fuzz", &diags);
    for (size_t i = 0; i < script->count; i++)
        for (int lang = 0; lang < 2 && !script->decls[i].broken; lang++)
            print_and_compare(&script->decls[i], (fd_lang)lang);
    (void)fd_program_load(&program, (const fd_script *const *)&script, 1, &diags);
    for (size_t i = 0; program && i < script->count; i++)
        for (int lang = 0; lang < 2; lang++) {
            char *text = NULL;

            if (fd_decl_explain(&text, program, &script->decls[i], (fd_lang)lang) < 0)
                abort();
            free(text);
        }
    fd_program_free(program);
    fd_script_free(script);
    fd_diags_dispose(&diags);
    return 0;
}
