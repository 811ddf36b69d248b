#include "io/emf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "fangding/arena.h"

/* Record types of [MS-EMF] 2.1.1. */
enum {
    EMR_HEADER = 1,
    EMR_POLYBEZIER = 2,
    EMR_SETWINDOWEXTEX = 9,
    EMR_SETWINDOWORGEX = 10,
    EMR_SETVIEWPORTEXTEX = 11,
    EMR_SETVIEWPORTORGEX = 12,
    EMR_EOF = 14,
    EMR_SETMAPMODE = 17,
    EMR_SETBKMODE = 18,
    EMR_SETTEXTALIGN = 22,
    EMR_SETTEXTCOLOR = 24,
    EMR_SELECTOBJECT = 37,
    EMR_CREATEPEN = 38,
    EMR_CREATEBRUSHINDIRECT = 39,
    EMR_DELETEOBJECT = 40,
    EMR_ROUNDRECT = 44,
    EMR_EXTCREATEFONTINDIRECTW = 82,
    EMR_EXTTEXTOUTW = 84
};

enum {
    HEADER_SIZE = 88,
    FONT_SIZE = 320, /* LogFontPanose */
    PER_MM = 100,
    BASELINE = 24, /* TA_BASELINE */
    HANDLE = 1,    /* the one object that is made, used and deleted */
    NO_BRUSH = (int)0x80000005,
    NO_PEN = (int)0x80000008
};

struct fd_emf {
    fd_buf out;
    uint32_t records;
    int32_t width, height;
};

static void put32(fd_emf *e, int64_t value)
{
    uint32_t v = (uint32_t)value;
    char bytes[4] = { (char)(v & 255), (char)(v >> 8 & 255), (char)(v >> 16 & 255),
                      (char)(v >> 24) };

    fd_buf_put(&e->out, bytes, sizeof bytes);
}

static void put16(fd_emf *e, uint32_t v)
{
    char bytes[2] = { (char)(v & 255), (char)(v >> 8 & 255) };

    fd_buf_put(&e->out, bytes, sizeof bytes);
}

static void begin(fd_emf *e, int type, uint32_t size)
{
    put32(e, type);
    put32(e, size);
    e->records++;
}

static void record(fd_emf *e, int type, const int32_t *words, size_t count)
{
    begin(e, type, (uint32_t)(8 + 4 * count));
    for (size_t i = 0; i < count; i++)
        put32(e, words[i]);
}

static int32_t units(double mm)
{
    return isfinite(mm) && fabs(mm) < 2e4 ? (int32_t)lround(mm * PER_MM) : 0;
}

/* COLORREF is 0x00BBGGRR. */
static int32_t color_of(uint32_t rgb)
{
    return (int32_t)((rgb & 255) << 16 | (rgb & 0xFF00) | (rgb >> 16 & 255));
}

static void put_header(fd_emf *e)
{
    begin(e, EMR_HEADER, HEADER_SIZE);
    for (int i = 0; i < 2; i++) { /* bounds, then frame: both in hundredths of a millimetre */
        put32(e, 0);
        put32(e, 0);
        put32(e, e->width);
        put32(e, e->height);
    }
    put32(e, 0x464D4520); /* " EMF" */
    put32(e, 0x10000);
    for (int i = 0; i < 3; i++) /* bytes, records, handles: fd_emf_take() */
        put32(e, 0);
    for (int i = 0; i < 3; i++) /* description and palette: none */
        put32(e, 0);
    put32(e, e->width); /* the device: one pixel is a hundredth of a millimetre */
    put32(e, e->height);
    put32(e, e->width / PER_MM);
    put32(e, e->height / PER_MM);
}

fd_emf *fd_emf_new(double width_mm, double height_mm)
{
    fd_emf *e = fd_alloc(sizeof *e);
    double w = width_mm >= 1 && width_mm <= 2000 ? ceil(width_mm) : 1,
           h = height_mm >= 1 && height_mm <= 2000 ? ceil(height_mm) : 1;

    e->width = units(w);
    e->height = units(h);
    put_header(e);
    record(e, EMR_SETMAPMODE, (const int32_t[]){ 8 }, 1); /* MM_ANISOTROPIC */
    record(e, EMR_SETWINDOWORGEX, (const int32_t[]){ 0, 0 }, 2);
    record(e, EMR_SETWINDOWEXTEX, (const int32_t[]){ e->width, e->height }, 2);
    record(e, EMR_SETVIEWPORTORGEX, (const int32_t[]){ 0, 0 }, 2);
    record(e, EMR_SETVIEWPORTEXTEX, (const int32_t[]){ e->width, e->height }, 2);
    record(e, EMR_SETBKMODE, (const int32_t[]){ 1 }, 1);
    record(e, EMR_SETTEXTALIGN, (const int32_t[]){ BASELINE }, 1);
    return e;
}

void fd_emf_free(fd_emf *e)
{
    if (!e)
        return;
    fd_buf_dispose(&e->out);
    free(e);
}

static void select_object(fd_emf *e, int32_t object)
{
    record(e, EMR_SELECTOBJECT, &object, 1);
}

static void drop_object(fd_emf *e, int32_t stock)
{
    select_object(e, stock);
    record(e, EMR_DELETEOBJECT, (const int32_t[]){ HANDLE }, 1);
}

static void use_pen(fd_emf *e, uint32_t line, double line_mm, bool dashed)
{
    record(e, EMR_CREATEPEN,
           (const int32_t[]){ HANDLE, dashed ? 1 : 0, units(line_mm), 0, color_of(line) }, 5);
    select_object(e, HANDLE);
}

static void round_rectangle(fd_emf *e, const int32_t edges[4])
{
    record(e, EMR_ROUNDRECT,
           (const int32_t[]){ edges[0], edges[1], edges[2], edges[3], 2 * PER_MM, 2 * PER_MM }, 6);
}

void fd_emf_box(fd_emf *e, double x_mm, double y_mm, double width_mm, double height_mm,
                int32_t fill, uint32_t line, double line_mm, bool dashed)
{
    const int32_t edges[4] = { units(x_mm), units(y_mm), units(x_mm + width_mm),
                               units(y_mm + height_mm) };

    if (fill >= 0) {
        record(e, EMR_CREATEBRUSHINDIRECT,
               (const int32_t[]){ HANDLE, 0, color_of((uint32_t)fill), 0 }, 4);
        select_object(e, HANDLE);
        select_object(e, NO_PEN);
        round_rectangle(e, edges);
        drop_object(e, NO_BRUSH);
    }
    select_object(e, NO_BRUSH);
    use_pen(e, line, line_mm, dashed);
    round_rectangle(e, edges);
    drop_object(e, NO_PEN);
}

void fd_emf_curve(fd_emf *e, const double points_mm[8], uint32_t line, double line_mm, bool dashed)
{
    int32_t words[13] = { 0, 0, e->width, e->height, 4 };

    for (size_t i = 0; i < 8; i++)
        words[5 + i] = units(points_mm[i]);
    use_pen(e, line, line_mm, dashed);
    record(e, EMR_POLYBEZIER, words, 13);
    drop_object(e, NO_PEN);
}

/* A font by name; programs without it take one of the same kind (a Chinese sans-serif). */
static void use_font(fd_emf *e, double type_mm, bool bold)
{
    static const uint16_t face[] = { 0x9ED1, 0x4F53 }; /* 黑体 */
    size_t at;

    begin(e, EMR_EXTCREATEFONTINDIRECTW, 12 + FONT_SIZE);
    put32(e, HANDLE);
    at = e->out.len;
    put32(e, -units(type_mm)); /* of the characters, without leading */
    for (int i = 0; i < 3; i++)
        put32(e, 0);
    put32(e, bold ? 700 : 400);
    put32(e, (int64_t)134 << 24); /* GB2312_CHARSET */
    put32(e, 0x00000000);
    for (size_t i = 0; i < sizeof face / sizeof *face; i++)
        put16(e, face[i]);
    while (e->out.len < at + FONT_SIZE)
        fd_buf_putc(&e->out, 0);
    select_object(e, HANDLE);
}

/* What fits into `columns` half-width columns, with "…" when something is left out. */
static void cut(fd_buf *out, const char *text, size_t columns)
{
    fd_view v = fd_view_of(text);

    if (fd_utf8_columns(v) <= columns) {
        fd_buf_view(out, v);
        return;
    }
    fd_buf_put(out, v.ptr, fd_utf8_fit(v, columns > 2 ? columns - 2 : 0));
    fd_buf_puts(out, "…");
}

void fd_emf_text(fd_emf *e, double x_mm, double y_mm, double width_mm, double type_mm,
                 uint32_t color, bool bold, const char *text)
{
    int32_t type = units(type_mm), half = type / 2 > 0 ? type / 2 : 1;
    fd_buf fits = FD_BUF_INIT;
    uint32_t count = 0, padded, size;
    size_t at = 0;

    if (!fd_utf8_valid(text, strlen(text), NULL))
        return;
    cut(&fits, text, width_mm > 0 ? (size_t)(units(width_mm) / half) : 0);
    while (at < fits.len)
        count += fd_utf8_next(fits.ptr, fits.len, &at) > 0xFFFF ? 2 : 1;
    if (!count)
        goto done;
    use_font(e, type_mm, bold);
    record(e, EMR_SETTEXTCOLOR, (const int32_t[]){ color_of(color) }, 1);
    padded = (count * 2 + 3) / 4 * 4;
    size = 76 + padded + 4 * count;
    begin(e, EMR_EXTTEXTOUTW, size);
    put32(e, 0);
    put32(e, 0);
    put32(e, e->width);
    put32(e, e->height);
    put32(e, 2);          /* GM_ADVANCED: the two scales are not looked at */
    put32(e, 0x3F800000); /* 1.0f */
    put32(e, 0x3F800000);
    put32(e, units(x_mm));
    put32(e, units(y_mm));
    put32(e, count);
    put32(e, 76);
    for (int i = 0; i < 5; i++) /* options, and no rectangle */
        put32(e, 0);
    put32(e, 76 + padded);
    for (at = 0; at < fits.len;) {
        uint32_t c = fd_utf8_next(fits.ptr, fits.len, &at);

        if (c > 0xFFFF) {
            put16(e, 0xD800 + ((c - 0x10000) >> 10));
            put16(e, 0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            put16(e, c);
        }
    }
    if (count % 2)
        put16(e, 0);
    for (at = 0; at < fits.len;) {
        uint32_t c = fd_utf8_next(fits.ptr, fits.len, &at);

        put32(e, fd_utf8_width(c) == 2 ? 2 * half : half);
        if (c > 0xFFFF)
            put32(e, 0);
    }
    drop_object(e, (int32_t)0x8000000D); /* the system's font */
done:
    fd_buf_dispose(&fits);
}

static void patch(fd_emf *e, size_t at, uint32_t v)
{
    for (size_t i = 0; i < 4; i++)
        e->out.ptr[at + i] = (char)(v >> (8 * i) & 255);
}

void fd_emf_take(fd_emf *e, char **bytes, size_t *length)
{
    record(e, EMR_EOF, (const int32_t[]){ 0, 16, 20 }, 3);
    patch(e, 48, (uint32_t)e->out.len);
    patch(e, 52, e->records);
    patch(e, 56, 2); /* handles: the reserved one and ours */
    *length = e->out.len;
    *bytes = fd_buf_take(&e->out);
}
