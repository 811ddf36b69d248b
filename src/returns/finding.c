/*
 * What the reader has to say: findings, faults of the file, refused rows.
 */
#include <stdio.h>

#include "returns/read.h"

enum { KEPT_PER_RULE = 200 };

void fd_returns__find(fd_reader_state *s, fd_severity severity, const char *rule,
                      const fd_sheet *sheet, long row, const char *column, const char *zh,
                      const char *en, const char *found, const char *expected_zh,
                      const char *expected_en)
{
    fd_finding f = { (int)severity,
                     rule,
                     sheet ? sheet->name : "",
                     row,
                     column ? column : "",
                     { zh, en },
                     found ? found : "",
                     { expected_zh ? expected_zh : "", expected_en ? expected_en : "" },
                     { s->hint[FD_ZH] ? s->hint[FD_ZH] : "",
                       s->hint[FD_EN] ? s->hint[FD_EN] : "" } };
    uint64_t count = fd_map_intern(s->finding_counts, fd_view_of(rule), 0);

    fd_map_set(s->finding_counts, fd_view_of(rule), count + 1);
    s->result->faults += severity == FD_FAULT;
    s->result->warnings += severity == FD_WARNING;
    if (!s->handler->finding || count > KEPT_PER_RULE)
        return;
    if (count == KEPT_PER_RULE) {
        f.message[FD_ZH] = "同类问题还有更多,不再逐条列出";
        f.message[FD_EN] = "more of the same kind; not listed one by one";
        f.row = 0;
        f.column = f.found = f.expected[0] = f.expected[1] = "";
    }
    s->handler->finding(s->handler->payload, &f);
}

/* Both sentences of one format pair; the arguments are the same. */
static void format_pair(char zh[512], char en[512], const char *zh_format, const char *en_format,
                        va_list args)
{
    va_list again;

    va_copy(again, args);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    vsnprintf(zh, 512, zh_format, args);
    vsnprintf(en, 512, en_format, again);
#pragma GCC diagnostic pop
    va_end(again);
}

void fd_returns__findf(fd_reader_state *s, fd_severity severity, const char *rule,
                       const fd_sheet *sheet, long row, const char *column, const char *zh,
                       const char *en, ...)
{
    char both[2][512];
    va_list args;

    va_start(args, en);
    format_pair(both[0], both[1], zh, en, args);
    va_end(args);
    fd_returns__find(s, severity, rule, sheet, row, column, both[0], both[1], NULL, NULL, NULL);
}

void fd_returns__file_fault(fd_reader_state *s, const char *rule, const fd_sheet *sheet, long row,
                            const char *column, const char *zh, const char *en, ...)
{
    char both[2][512];
    va_list args;

    va_start(args, en);
    format_pair(both[0], both[1], zh, en, args);
    va_end(args);
    s->file_fault = true;
    fd_returns__find(s, FD_FAULT, rule, sheet, row, column, both[0], both[1], NULL, NULL, NULL);
}

void fd_returns__reject(fd_reader_state *s, const char *rule, const fd_sheet *sheet, long row,
                        size_t column, const char *header, const char *found,
                        const char *expected_zh, const char *expected_en, const char *zh,
                        const char *en, ...)
{
    fd_reject r = { sheet->index, row, column, { NULL, NULL } };
    char both[2][512];
    va_list args;

    va_start(args, en);
    format_pair(both[0], both[1], zh, en, args);
    va_end(args);
    for (int lang = 0; lang < 2; lang++) {
        const char *wanted = lang == FD_ZH ? expected_zh : expected_en;

        r.reason[lang] =
            fd_arena_printf(s->arena, "%s%s%s%s%s%s", header && *header ? header : "",
                            header && *header ? (lang == FD_ZH ? ":" : ": ") : "", both[lang],
                            wanted && *wanted ? (lang == FD_ZH ? "(应为" : " (expected ") : "",
                            wanted && *wanted ? wanted : "", wanted && *wanted ? ")" : "");
    }
    fd_vec_push(&s->rejects, r);
    fd_returns__find(s, FD_FAULT, rule, sheet, row, header, both[FD_ZH], both[FD_EN], found,
                     expected_zh, expected_en);
}
