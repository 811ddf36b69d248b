#include "ding/lexer.h"

#include <stdio.h>

#include "base/utf8.h"
#include "ding/grammar.h"

#define EXCERPT_COLUMNS 100

void fd_lexer_init(fd_lexer *lexer, const fd_piece *pieces, size_t count)
{
    *lexer = (fd_lexer){ pieces, count, 0, 0, count ? pieces[0].column : 1 };
}

static uint32_t half(uint32_t c)
{
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0x3000 || c == 0xA0 || c == '\r' || c == '\n';
}

static bool is_digit(uint32_t c)
{
    return half(c) >= '0' && half(c) <= '9';
}

/* The one-character form of a symbol, 0 when c is none. */
static char symbol_of(uint32_t c)
{
    switch (half(c)) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '(':
    case ')':
    case ',':
    case ';':
    case '{':
    case '}':
    case '=':
    case '<':
    case '>':
    case '%':
        return (char)half(c);
    case 0x00D7: /* × */
        return '*';
    case 0x00F7: /* ÷ */
        return '/';
    case 0x2212: /* − */
    case 0x2013: /* – */
        return '-';
    case 0x2264: /* ≤ */
    case 0x2266:
        return 'L';
    case 0x2265: /* ≥ */
    case 0x2267:
        return 'G';
    case 0x2260: /* ≠ */
        return '!';
    case 0x2192: /* → */
    case 0x21D2: /* ⇒ */
        return 'A';
    case 0x3001: /* 、 separates like a comma */
        return ',';
    default:
        return 0;
    }
}

/* Letters, digits, ideographs, _ . : and whatever else is neither blank, symbol nor punctuation. */
static bool in_name(uint32_t c)
{
    uint32_t h = half(c);

    if (c == 0 || is_blank(c) || symbol_of(c))
        return false;
    if (h < 0x80)
        return (h >= 'a' && h <= 'z') || (h >= 'A' && h <= 'Z') || (h >= '0' && h <= '9') ||
               h == '_' || h == '.' || h == ':' || h == '#';
    if (c == 0x3007 || c == 0x2030)
        return true; /* 〇 ‰ */
    return !((c >= 0x3001 && c <= 0x301F) || (c >= 0x2010 && c <= 0x203A) || c == 0xFFFD ||
             (c >= 0xFF5F && c <= 0xFF65));
}

static uint32_t peek(const fd_lexer *l, size_t *next)
{
    fd_view text;

    if (l->piece >= l->count)
        return 0;
    text = l->pieces[l->piece].text;
    *next = l->at;
    return l->at < text.len ? fd_utf8_next(text.ptr, text.len, next) : 0;
}

static void step(fd_lexer *l, size_t next)
{
    l->at = next;
    l->column++;
}

static fd_view since(const fd_lexer *l, size_t start)
{
    return (fd_view){ l->pieces[l->piece].text.ptr + start, l->at - start };
}

/* Text up to the closing character on the same line; BAD when it never comes. */
static void enclosed(fd_lexer *l, fd_token *t, fd_token_kind kind, uint32_t close, uint32_t other)
{
    size_t start = l->at, next = 0;
    uint32_t c;

    while ((c = peek(l, &next)) != 0 && half(c) != close && c != other)
        step(l, next);
    t->text = since(l, start);
    t->kind = c ? kind : FD_TOKEN_BAD;
    if (c)
        step(l, next);
}

/* 2026-01-01: exactly four, two and two digits. */
static bool is_date(const fd_lexer *l)
{
    fd_view text = l->pieces[l->piece].text;
    const char *s = text.ptr + l->at;
    size_t left = text.len - l->at;

    if (left < 10 || s[4] != '-' || s[7] != '-' || (left > 10 && is_digit((unsigned char)s[10])))
        return false;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && !is_digit((unsigned char)s[i]))
            return false;
    return true;
}

static void number(fd_lexer *l, fd_token *t)
{
    size_t start = l->at, next = 0;
    uint32_t c;

    if (is_date(l)) {
        l->at += 10;
        l->column += 10;
        t->kind = FD_TOKEN_DATE;
        t->text = since(l, start);
        return;
    }
    t->kind = FD_TOKEN_NUMBER;
    while (is_digit(peek(l, &next)))
        step(l, next);
    if (half(c = peek(l, &next)) == '.') {
        fd_lexer ahead = *l;

        step(&ahead, next);
        if (is_digit(peek(&ahead, &next))) {
            *l = ahead;
            while (is_digit(peek(l, &next)))
                step(l, next);
        }
    }
    t->text = since(l, start);
}

static void symbol(fd_lexer *l, fd_token *t)
{
    size_t next = 0;
    uint32_t d = half(peek(l, &next));

    t->kind = FD_TOKEN_SYMBOL;
    if ((t->symbol == '<' && (d == '=' || d == '>')) || (t->symbol == '>' && d == '=') ||
        (t->symbol == '-' && d == '>') || (t->symbol == '=' && d == '=')) {
        t->symbol = t->symbol == '-'   ? 'A'
                    : t->symbol == '>' ? 'G'
                    : t->symbol == '=' ? '='
                    : d == '='         ? 'L'
                                       : '!';
        step(l, next);
    }
}

fd_token fd_lexer_next(fd_lexer *l)
{
    fd_token t = { FD_TOKEN_END, 0, false, { "", 0 }, { "", 0 }, { 0, 1, 1 } };
    size_t next = 0, start;
    uint32_t c;

    for (;;) {
        while ((c = peek(l, &next)) != 0 && is_blank(c))
            step(l, next);
        if (c || l->piece + 1 >= l->count)
            break;
        l->piece++;
        l->at = 0;
        l->column = l->pieces[l->piece].column;
    }
    if (l->piece < l->count) {
        t.whole = l->pieces[l->piece].whole;
        t.span.line = l->pieces[l->piece].line;
        t.span.column = l->column;
    }
    if (c == 0)
        return t;
    start = l->at;
    if (is_digit(c)) {
        number(l, &t);
        goto done;
    }
    step(l, next);
    if (c == 0x300C) {
        enclosed(l, &t, FD_TOKEN_NAME, 0x300D, 0x300D);
        t.bracketed = true;
    } else if (half(c) == '"' || c == 0x201C) {
        enclosed(l, &t, FD_TOKEN_TEXT, '"', 0x201D);
    } else if (half(c) == '[') {
        enclosed(l, &t, FD_TOKEN_AT, ']', ']');
    } else if (half(c) == '!' && half(peek(l, &next)) == '=') {
        step(l, next);
        t.kind = FD_TOKEN_SYMBOL;
        t.symbol = '!';
    } else if ((t.symbol = symbol_of(c)) != 0) {
        symbol(l, &t);
    } else if (!in_name(c) || half(c) == '.' || half(c) == ':' || half(c) == '#') {
        t.kind = FD_TOKEN_BAD;
        t.text = since(l, start);
    } else {
        while (in_name(peek(l, &next)))
            step(l, next);
        t.kind = FD_TOKEN_NAME;
        t.text = since(l, start);
    }
done:
    t.span.length = l->column - t.span.column;
    return t;
}

char *fd_ding__half(fd_arena *arena, fd_view text)
{
    char *out = fd_arena_alloc(arena, text.len + 1);
    size_t at = 0, n = 0;

    while (at < text.len) {
        size_t from = at;
        uint32_t c = half(fd_utf8_next(text.ptr, text.len, &at));

        if (c < 0x80)
            out[n++] = (char)c;
        else {
            memcpy(out + n, text.ptr + from, at - from);
            n += at - from;
        }
    }
    out[n] = '\0';
    return out;
}

bool fd_ding__is_bare_name(const char *text)
{
    fd_piece piece = { fd_view_of(text), { "", 0 }, 1, 1 };
    fd_lexer l;
    fd_token t;

    fd_lexer_init(&l, &piece, 1);
    t = fd_lexer_next(&l);
    return t.kind == FD_TOKEN_NAME && !t.bracketed && t.text.len == piece.text.len &&
           !fd_grammar_is_operator(t.text);
}

size_t fd_ding__blank(fd_view v, unsigned *columns)
{
    *columns = 1;
    if (v.len && (v.ptr[0] == ' ' || v.ptr[0] == '\t')) {
        *columns = v.ptr[0] == '\t' ? 4 : 1;
        return 1;
    }
    if (v.len >= 3 && memcmp(v.ptr, "\xE3\x80\x80", 3) == 0) {
        *columns = 2;
        return 3;
    }
    return v.len >= 2 && memcmp(v.ptr, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

uint32_t fd_ding__code_points(fd_view v)
{
    uint32_t n = 0;

    for (size_t i = 0; i < v.len; i++)
        n += ((unsigned char)v.ptr[i] & 0xC0) != 0x80;
    return n;
}

/* The line, tabs as one blank, and a caret under the column; both cut to a window around it. */
static void put_excerpt(fd_error *e, fd_view line, fd_span span)
{
    fd_buf text = FD_BUF_INIT, caret = FD_BUF_INIT;
    uint32_t first = span.column > 60 ? span.column - 40 : 1, i = 1;
    size_t at = 0, used = 0, under = 0;

    if (first > 1)
        fd_buf_puts(&text, "…");
    under = first > 1 ? 1 : 0;
    used = under;
    for (; at < line.len && used < EXCERPT_COLUMNS; i++) {
        size_t from = at;
        uint32_t c = fd_utf8_next(line.ptr, line.len, &at);
        size_t width = c < 0x20 ? 1 : (size_t)fd_utf8_width(c);

        if (i < first)
            continue;
        if (c < 0x20)
            fd_buf_putc(&text, ' ');
        else
            fd_buf_put(&text, line.ptr + from, at - from);
        used += width;
        if (i < span.column)
            under += width;
        else if (i < span.column + (span.length ? span.length : 1))
            fd_buf_repeat(&caret, "^", width);
    }
    if (at < line.len)
        fd_buf_puts(&text, "…");
    if (!caret.len)
        fd_buf_puts(&caret, "^");
    {
        fd_buf pad = FD_BUF_INIT;

        fd_buf_repeat(&pad, " ", under);
        fd_error_set_detail(e, "%s\n  %s%s", "%s\n  %s%s", fd_buf_text(&text), fd_buf_text(&pad),
                            fd_buf_text(&caret));
        fd_buf_dispose(&pad);
    }
    fd_buf_dispose(&text);
    fd_buf_dispose(&caret);
}

fd_error *fd_ding__finding(fd_diags *diags, fd_severity severity, const char *rule,
                           const char *file, fd_span span, fd_view whole, const char *zh,
                           const char *en, ...)
{
    fd_place place = { file, NULL, (long)span.line, (long)span.column };
    fd_error *e = fd_diags_add(diags, severity, rule, place, "%s", "%s", "");
    va_list args, again;

    va_start(args, en);
    va_copy(again, args);
    vsnprintf(e->message[FD_ZH], sizeof e->message[FD_ZH], zh, args);
    vsnprintf(e->message[FD_EN], sizeof e->message[FD_EN], en, again);
    va_end(again);
    va_end(args);
    if (whole.len)
        put_excerpt(e, whole, span);
    return e;
}
