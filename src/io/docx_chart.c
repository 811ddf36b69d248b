/*
 * Chart parts of a paper: DrawingML charts with their values cached in the part, so that Word, WPS
 * and LibreOffice draw them without a workbook behind.
 */
#include <math.h>

#include "io/docx_internal.h"

/* Told apart in black and white too: dark, light, mid, hatched order. */
static const char *const colors[] = { "1F4E79", "C55A11", "7F7F7F", "548235", "BF9000", "7030A0" };
#define COLORS     (sizeof colors / sizeof *colors)
#define COLOR_UP   "C00000" /* Chinese usage: red rises */
#define COLOR_DOWN "548235"
#define COLOR_SUM  "1F4E79"

static void put_text_size(fd_buf *out, const char *element, int hundredths, bool is_bold)
{
    fd_buf_printf(out,
                  "<c:%s><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"%d\" b=\"%d\">"
                  "<a:latin typeface=\"Times New Roman\"/><a:ea typeface=\"宋体\"/></a:defRPr>"
                  "</a:pPr><a:endParaRPr lang=\"zh-CN\"/></a:p></c:%s>",
                  element, hundredths, is_bold, element);
}

static void put_categories(fd_buf *out, const fd_docx_chart *c)
{
    fd_buf_printf(out, "<c:cat><c:strLit><c:ptCount val=\"%zu\"/>", c->category_count);
    for (size_t i = 0; i < c->category_count; i++) {
        fd_buf_printf(out, "<c:pt idx=\"%zu\"><c:v>", i);
        fd_docx__escape(out, c->categories[i]);
        fd_buf_puts(out, "</c:v></c:pt>");
    }
    fd_buf_puts(out, "</c:strLit></c:cat>");
}

static void put_values(fd_buf *out, const fd_docx_chart *c, const double *values)
{
    fd_buf_puts(out, "<c:val><c:numLit><c:formatCode>0");
    if (c->digits > 0) {
        fd_buf_putc(out, '.');
        fd_buf_repeat(out, "0", (size_t)c->digits);
    }
    fd_buf_printf(out, "</c:formatCode><c:ptCount val=\"%zu\"/>", c->category_count);
    for (size_t i = 0; i < c->category_count; i++)
        if (isfinite(values[i]))
            fd_buf_printf(out, "<c:pt idx=\"%zu\"><c:v>%.*f</c:v></c:pt>", i, c->digits + 2,
                          values[i]);
    fd_buf_puts(out, "</c:numLit></c:val>");
}

static void put_name(fd_buf *out, size_t index, const char *name)
{
    fd_buf_printf(out, "<c:idx val=\"%zu\"/><c:order val=\"%zu\"/><c:tx><c:v>", index, index);
    fd_docx__escape(out, name);
    fd_buf_puts(out, "</c:v></c:tx>");
}

static void put_labels(fd_buf *out, const fd_docx_chart *c, const char *position)
{
    fd_buf_puts(out, "<c:dLbls><c:numFmt formatCode=\"0");
    if (c->digits > 0) {
        fd_buf_putc(out, '.');
        fd_buf_repeat(out, "0", (size_t)c->digits);
    }
    fd_buf_puts(out, "\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>");
    put_text_size(out, "txPr", 800, false);
    if (position)
        fd_buf_printf(out, "<c:dLblPos val=\"%s\"/>", position);
    fd_buf_puts(out, "<c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/>"
                     "<c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize "
                     "val=\"0\"/></c:dLbls>");
}

static void put_fill(fd_buf *out, const char *color)
{
    if (color)
        fd_buf_printf(out,
                      "<c:spPr><a:solidFill><a:srgbClr val=\"%s\"/></a:solidFill></c:spPr>"
                      "<c:invertIfNegative val=\"0\"/>",
                      color);
    else
        fd_buf_puts(out, "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
                         "<c:invertIfNegative val=\"0\"/>");
}

static void put_axes(fd_buf *out, const fd_docx_chart *c, bool is_horizontal)
{
    const char *category = is_horizontal ? "l" : "b", *value = is_horizontal ? "b" : "l";

    fd_buf_printf(out,
                  "<c:catAx><c:axId val=\"1\"/><c:scaling><c:orientation val=\"%s\"/></c:scaling>"
                  "<c:delete val=\"0\"/><c:axPos val=\"%s\"/><c:numFmt formatCode=\"General\" "
                  "sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark "
                  "val=\"none\"/><c:tickLblPos val=\"low\"/>",
                  is_horizontal ? "maxMin" : "minMax", category);
    put_text_size(out, "txPr", 900, false);
    fd_buf_printf(out,
                  "<c:crossAx val=\"2\"/><c:crosses val=\"autoZero\"/></c:catAx><c:valAx><c:axId "
                  "val=\"2\"/><c:scaling><c:orientation val=\"minMax\"/></c:scaling><c:delete "
                  "val=\"0\"/><c:axPos val=\"%s\"/><c:majorGridlines><c:spPr><a:ln w=\"3175\">"
                  "<a:solidFill><a:srgbClr val=\"D9D9D9\"/></a:solidFill></a:ln></c:spPr>"
                  "</c:majorGridlines><c:title><c:tx><c:rich><a:bodyPr rot=\"0\"/><a:p><a:pPr>"
                  "<a:defRPr sz=\"900\" b=\"0\"/></a:pPr><a:r><a:rPr lang=\"zh-CN\" sz=\"900\" "
                  "b=\"0\"/><a:t>",
                  value);
    fd_docx__escape(out, c->unit ? c->unit : "");
    fd_buf_puts(out, "</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title><c:numFmt "
                     "formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/>"
                     "<c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/>");
    put_text_size(out, "txPr", 900, false);
    fd_buf_printf(out, "<c:crossAx val=\"1\"/><c:crosses val=\"%s\"/></c:valAx>",
                  is_horizontal ? "max" : "autoZero");
}

static void put_line(fd_buf *out, const fd_docx_chart *c)
{
    static const char *const symbols[] = { "circle", "square", "triangle", "diamond" };

    fd_buf_puts(out, "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>");
    for (size_t s = 0; s < c->series_count; s++) {
        const char *color = colors[s % COLORS];

        fd_buf_puts(out, "<c:ser>");
        put_name(out, s, c->series[s].name);
        fd_buf_printf(
            out,
            "<c:spPr><a:ln w=\"22225\"><a:solidFill><a:srgbClr val=\"%s\"/></a:solidFill>"
            "%s</a:ln></c:spPr><c:marker><c:symbol val=\"%s\"/><c:size val=\"5\"/><c:spPr>"
            "<a:solidFill><a:srgbClr val=\"%s\"/></a:solidFill></c:spPr></c:marker>",
            color, s % 2 ? "<a:prstDash val=\"dash\"/>" : "", symbols[s % 4], color);
        put_categories(out, c);
        put_values(out, c, c->series[s].values);
        fd_buf_puts(out, "<c:smooth val=\"0\"/></c:ser>");
    }
    fd_buf_puts(out, "<c:marker val=\"1\"/><c:axId val=\"1\"/><c:axId val=\"2\"/></c:lineChart>");
    put_axes(out, c, false);
}

static void put_bars(fd_buf *out, const fd_docx_chart *c)
{
    fd_buf_puts(out, "<c:barChart><c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/>"
                     "<c:varyColors val=\"0\"/>");
    for (size_t s = 0; s < c->series_count; s++) {
        fd_buf_puts(out, "<c:ser>");
        put_name(out, s, c->series[s].name);
        put_fill(out, colors[s % COLORS]);
        put_labels(out, c, "outEnd");
        put_categories(out, c);
        put_values(out, c, c->series[s].values);
        fd_buf_puts(out, "</c:ser>");
    }
    fd_buf_puts(out, "<c:gapWidth val=\"40\"/><c:axId val=\"1\"/><c:axId val=\"2\"/></c:barChart>");
    put_axes(out, c, true);
}

/*
 * A waterfall in stacked columns.  A bar from `low` to `high` that crosses zero needs a part on
 * either side, so each colour has two series; an invisible one lifts a bar that does not touch
 * zero.  Stacking adds positives upward and negatives downward, each from zero.
 */
static void put_waterfall(fd_buf *out, const fd_docx_chart *c)
{
    enum { HIDDEN, UP, DOWN, SUM, KINDS };
    static const char *const names[KINDS] = { "基线", "拉动", "下拉", "合计" };
    static const char *const fills[KINDS] = { NULL, COLOR_UP, COLOR_DOWN, COLOR_SUM };
    const double *v = c->series_count ? c->series[0].values : NULL;
    size_t n = v ? c->category_count : 0;
    double *part = fd_alloc((2 * KINDS * n + 1) * sizeof *part);
    double running = 0;

    for (size_t i = 0; i < 2 * KINDS * n; i++)
        part[i] = NAN;
    for (size_t i = 0; i < n; i++) {
        bool is_sum = i + 1 == n;
        double from = is_sum ? 0 : running, to, low, high;
        int kind = is_sum ? SUM : v[i] >= 0 ? UP : DOWN;

        if (!isfinite(v[i]))
            continue;
        to = from + v[i];
        low = fmin(from, to);
        high = fmax(from, to);
        if (low > 0)
            part[2 * HIDDEN * n + i] = low;
        else if (high < 0)
            part[(2 * HIDDEN + 1) * n + i] = high;
        if (high > 0)
            part[(size_t)(2 * kind) * n + i] = high - fmax(low, 0);
        if (low < 0)
            part[(size_t)(2 * kind + 1) * n + i] = low - fmin(high, 0);
        running = to;
    }
    fd_buf_puts(out, "<c:barChart><c:barDir val=\"col\"/><c:grouping val=\"stacked\"/>"
                     "<c:varyColors val=\"0\"/>");
    for (size_t k = 0; k < 2 * KINDS; k++) {
        fd_buf_puts(out, "<c:ser>");
        put_name(out, k, names[k / 2]);
        put_fill(out, fills[k / 2]);
        put_categories(out, c);
        put_values(out, c, part + k * n);
        fd_buf_puts(out, "</c:ser>");
    }
    fd_buf_puts(out, "<c:gapWidth val=\"40\"/><c:overlap val=\"100\"/><c:axId val=\"1\"/><c:axId "
                     "val=\"2\"/></c:barChart>");
    put_axes(out, c, false);
    free(part);
}

void fd_docx__chart(fd_buf *out, const fd_docx_chart *c)
{
    fd_buf_puts(out, FD_DOCX__HEAD
                "<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" "
                "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
                "xmlns:r=\"" FD_DOCX__R "\"><c:roundedCorners val=\"0\"/><c:chart>"
                "<c:autoTitleDeleted val=\"1\"/><c:plotArea><c:layout/>");
    if (c->kind == FD_DOCX_LINE)
        put_line(out, c);
    else if (c->kind == FD_DOCX_BARS)
        put_bars(out, c);
    else
        put_waterfall(out, c);
    fd_buf_puts(out, "</c:plotArea>");
    if (c->kind != FD_DOCX_WATERFALL && c->series_count > 1) {
        fd_buf_puts(out, "<c:legend><c:legendPos val=\"b\"/><c:overlay val=\"0\"/>");
        put_text_size(out, "txPr", 900, false);
        fd_buf_puts(out, "</c:legend>");
    }
    fd_buf_puts(out, "<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart><c:spPr>"
                     "<a:solidFill><a:srgbClr val=\"FFFFFF\"/></a:solidFill><a:ln><a:noFill/>"
                     "</a:ln></c:spPr></c:chartSpace>");
}
