/*
 * Any bytes as a returned template: the fingerprint, and the same bytes as the spreadsheet of a
 * definition.  What is found must be whole: a form and a sender, texts that end, an issue from 1; a
 * definition's text must parse or be refused, and no cell may become a line of column one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/str.h"
#include "returns/decl_xlsx.h"
#include "returns/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int condition)
{
    if (!condition)
        abort();
}

static void fingerprint(const uint8_t *data, size_t size)
{
    fd_template_mark m, again;
    int found = fd_template_mark_read_memory(&m, data, size, "fuzz");
    fd_buf line = FD_BUF_INIT;

    insist(found <= 1);
    if (found <= 0)
        return;
    insist(m.form[0] && m.sender[0]);
    insist(memchr(m.form, 0, sizeof m.form) && memchr(m.sender, 0, sizeof m.sender) &&
           memchr(m.seal, 0, sizeof m.seal) && memchr(m.city, 0, sizeof m.city));
    if (m.hidden_sheet)
        return;
    /* The line alone: written and read again it says the same. */
    insist(m.issue >= 1 && !m.altered);
    fd_buf_puts(&line, "x\n收表编号:");
    fd_template__line(&line, &m);
    if (!strpbrk(fd_buf_text(&line) + 2, "\",;\t\r\n")) {
        fd_buf_putc(&line, '\n');
        insist(fd_template_mark_read_memory(&again, line.ptr, line.len, "again") == 1);
        insist(strcmp(m.form, again.form) == 0 && strcmp(m.sender, again.sender) == 0 &&
               m.period == again.period && m.issue == again.issue);
    }
    fd_buf_dispose(&line);
}

static void definition(const uint8_t *data, size_t size)
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *script = NULL;
    fd_buf text = FD_BUF_INIT;

    if (fd_decl_read_xlsx_memory(&text, data, size, "fuzz") == 0) {
        fd_view rest = { text.ptr, text.len }, line;
        size_t headers = 0;

        while (fd_view_split(&rest, '\n', &line))
            headers += line.len && line.ptr[0] != ' ' && line.ptr[0] != '#';
        insist(headers <= 1);
        (void)fd_script_parse(&script, fd_buf_text(&text), text.len, "fuzz", &diags);
        insist(!script || script->count <= 1);
        fd_script_free(script);
    }
    fd_diags_dispose(&diags);
    fd_buf_dispose(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 20)
        return 0;
    fingerprint(data, size);
    definition(data, size);
    return 0;
}
