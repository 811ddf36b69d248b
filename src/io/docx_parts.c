/*
 * The fixed parts of a paper: styles, fonts, settings, footers, the page.
 *
 * GB/T 9704-2012: A4; top 37 mm, binding edge 28 mm, type area 156 × 225 mm, so that 26 mm remain
 * at the right and 35 mm below; 22 lines of 28 characters of 三号 (16 pt): a line every 579
 * twentieths of a point, and 15.79 pt a character, hence a quarter of a point less between
 * characters.  Page numbers 四号 (14 pt) between dashes, 7 mm below the type area, at the outer
 * edge one character in.
 */
#include <string.h>

#include "io/docx_internal.h"

#define FONT_TITLE "方正小标宋简体"
#define FONT_BODY  "仿宋_GB2312"
#define FONT_KAI   "楷体_GB2312"
#define FONT_HEI   "黑体"
#define FONT_SONG  "宋体"
#define FONT_LATIN "Times New Roman"

typedef struct style_row {
    const char *id, *name, *font;
    int half_points;
    const char *align;
    int indent;        /* first line, hundredths of a character */
    int line;          /* exact line, twentieths of a point; 0: single */
    int before, after; /* twentieths of a point */
    int outline;       /* level for the table of contents; -1 none */
    bool keep_next;
    int squeeze; /* twentieths of a point between characters */
} style_row;

static const style_row rows[FD_DOCX_STYLES] = {
    [FD_DOCX_BODY] = { "FdBody", "公文正文", FONT_BODY, 32, "both", 200, 579, 0, 0, -1, false, -5 },
    [FD_DOCX_TITLE] = { "FdTitle", "公文标题", FONT_TITLE, 44, "center", 0, 640, 290, 200, -1, true,
                        0 },
    [FD_DOCX_SUBTITLE] = { "FdSubtitle", "公文副题", FONT_KAI, 32, "center", 0, 579, 0, 0, -1, true,
                           0 },
    [FD_DOCX_HEADING1] = { "FdHeading1", "公文一级标题", FONT_HEI, 32, "left", 200, 579, 0, 0, 0,
                           true, -5 },
    [FD_DOCX_HEADING2] = { "FdHeading2", "公文二级标题", FONT_KAI, 32, "left", 200, 579, 0, 0, 1,
                           true, -5 },
    [FD_DOCX_CAPTION] = { "FdCaption", "公文图表题", FONT_HEI, 24, "center", 0, 0, 160, 80, -1,
                          true, 0 },
    [FD_DOCX_NOTE] = { "FdNote", "公文注", FONT_BODY, 21, "left", 0, 320, 60, 0, -1, false, 0 },
    [FD_DOCX_MARK] = { "FdMark", "公文标记", FONT_KAI, 24, "center", 0, 400, 0, 160, -1, false, 0 },
    [FD_DOCX_SIGNATURE] = { "FdSignature", "公文落款", FONT_BODY, 32, "right", 0, 579, 0, 0, -1,
                            false, -5 },
};

const char *fd_docx_style_id(fd_docx_style style)
{
    return rows[style].id;
}

fd_docx_style fd_docx_style_of(const char *id)
{
    for (size_t i = 0; i < FD_DOCX_STYLES; i++)
        if (strcmp(rows[i].id, id) == 0)
            return (fd_docx_style)i;
    return FD_DOCX_BODY;
}

static void put_fonts(fd_buf *out, const char *font)
{
    fd_buf_printf(out,
                  "<w:rFonts w:ascii=\"" FONT_LATIN "\" w:hAnsi=\"" FONT_LATIN
                  "\" w:cs=\"" FONT_LATIN "\" w:eastAsia=\"%s\"/>",
                  font);
}

/* Three quarters of the type and two thirds of the line. */
static style_row compact(style_row s)
{
    bool is_note = s.half_points <= 21;

    s.half_points = is_note ? 18 : s.half_points * 3 / 4;
    s.line = is_note ? 250 : s.line * 2 / 3;
    s.before = is_note ? 20 : s.before / 2;
    s.after /= 2;
    return s;
}

static void put_style(fd_buf *out, style_row s, bool is_default)
{
    fd_buf_printf(out,
                  "<w:style w:type=\"paragraph\" %sw:styleId=\"%s\"><w:name w:val=\"%s\"/>"
                  "<w:qFormat/><w:pPr>",
                  is_default ? "w:default=\"1\" " : "w:customStyle=\"1\" ", s.id, s.name);
    if (s.keep_next)
        fd_buf_puts(out, "<w:keepNext/><w:keepLines/>");
    fd_buf_printf(out,
                  "<w:overflowPunct w:val=\"0\"/><w:snapToGrid w:val=\"0\"/><w:spacing "
                  "w:before=\"%d\" w:after=\"%d\"",
                  s.before, s.after);
    if (s.line)
        fd_buf_printf(out, " w:line=\"%d\" w:lineRule=\"exact\"", s.line);
    fd_buf_puts(out, "/>");
    if (s.indent) /* characters for editors that know them, else twentieths of a point */
        fd_buf_printf(out, "<w:ind w:firstLineChars=\"%d\" w:firstLine=\"%d\"/>", s.indent,
                      s.indent * s.half_points / 10);
    fd_buf_printf(out, "<w:jc w:val=\"%s\"/>", s.align);
    if (s.outline >= 0)
        fd_buf_printf(out, "<w:outlineLvl w:val=\"%d\"/>", s.outline);
    fd_buf_puts(out, "</w:pPr><w:rPr>");
    put_fonts(out, s.font);
    if (s.squeeze)
        fd_buf_printf(out, "<w:spacing w:val=\"%d\"/>", s.squeeze);
    fd_buf_printf(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr></w:style>",
                  s.half_points, s.half_points);
}

void fd_docx__styles(fd_buf *out, bool is_compact)
{
    fd_buf_puts(out, FD_DOCX__HEAD "<w:styles xmlns:w=\"" FD_DOCX__W "\"><w:docDefaults>"
                                   "<w:rPrDefault><w:rPr>");
    put_fonts(out, FONT_BODY);
    fd_buf_puts(out,
                "<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" "
                "w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>");
    for (size_t i = 0; i < FD_DOCX_STYLES; i++)
        put_style(out, is_compact ? compact(rows[i]) : rows[i], i == FD_DOCX_BODY);
    /* Text of table cells, and the table itself: 五号, thin lines. */
    fd_buf_puts(out, "<w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"FdCell\">"
                     "<w:name w:val=\"公文表文\"/><w:pPr><w:snapToGrid w:val=\"0\"/><w:spacing "
                     "w:before=\"20\" w:after=\"20\"/></w:pPr><w:rPr>");
    put_fonts(out, FONT_SONG);
    fd_buf_puts(out, "<w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/></w:rPr></w:style>"
                     "<w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"FdFooter\">"
                     "<w:name w:val=\"公文页码\"/><w:rPr>");
    put_fonts(out, FONT_SONG);
    fd_buf_puts(out, "<w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr></w:style>"
                     "<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"FdTable\"><w:name "
                     "w:val=\"公文表格\"/><w:tblPr><w:tblBorders>");
    for (size_t i = 0; i < 6; i++) {
        static const char *const sides[] = {
            "top", "left", "bottom", "right", "insideH", "insideV"
        };

        fd_buf_printf(out, "<w:%s w:val=\"single\" w:sz=\"%d\" w:space=\"0\" w:color=\"000000\"/>",
                      sides[i], i == 0 || i == 2 ? 8 : 4);
    }
    fd_buf_puts(out, "</w:tblBorders><w:tblCellMar><w:left w:w=\"57\" w:type=\"dxa\"/><w:right "
                     "w:w=\"57\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style></w:styles>");
}

void fd_docx__fonts(fd_buf *out)
{
    /* The alternatives are what Windows, macOS, WPS and free systems ship. */
    static const char *const fonts[][3] = {
        { FONT_TITLE, "小标宋,FZXiaoBiaoSong-B05S,华文中宋,Noto Serif CJK SC,宋体", "roman" },
        { FONT_BODY, "仿宋,FangSong,FangSong_GB2312,方正仿宋_GBK,华文仿宋,Noto Serif CJK SC",
          "modern" },
        { FONT_KAI, "楷体,KaiTi,KaiTi_GB2312,方正楷体_GBK,华文楷体,Noto Serif CJK SC", "modern" },
        { FONT_HEI, "SimHei,方正黑体_GBK,华文黑体,Noto Sans CJK SC", "swiss" },
        { FONT_SONG, "SimSun,方正书宋_GBK,华文宋体,Noto Serif CJK SC", "auto" },
    };

    fd_buf_puts(out, FD_DOCX__HEAD "<w:fonts xmlns:w=\"" FD_DOCX__W "\">");
    for (size_t i = 0; i < sizeof fonts / sizeof *fonts; i++)
        fd_buf_printf(out,
                      "<w:font w:name=\"%s\"><w:altName w:val=\"%s\"/><w:charset w:val=\"86\"/>"
                      "<w:family w:val=\"%s\"/><w:pitch w:val=\"variable\"/></w:font>",
                      fonts[i][0], fonts[i][1], fonts[i][2]);
    fd_buf_puts(out, "<w:font w:name=\"" FONT_LATIN "\"><w:charset w:val=\"00\"/><w:family "
                     "w:val=\"roman\"/><w:pitch w:val=\"variable\"/></w:font></w:fonts>");
}

void fd_docx__settings(fd_buf *out)
{
    fd_buf_puts(out, FD_DOCX__HEAD
                "<w:settings xmlns:w=\"" FD_DOCX__W
                "\"><w:zoom w:percent=\"100\"/><w:evenAndOddHeaders/>"
                "<w:characterSpacingControl w:val=\"doNotCompress\"/><w:compat><w:compatSetting "
                "w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" "
                "w:val=\"15\"/></w:compat></w:settings>");
}

void fd_docx__footer(fd_buf *out, const char *mark, bool is_even)
{
    fd_buf_printf(out,
                  FD_DOCX__HEAD "<w:ftr xmlns:w=\"" FD_DOCX__W
                                "\"><w:p><w:pPr><w:pStyle w:val=\"FdFooter\"/><w:ind w:%s=\"280\"/>"
                                "<w:jc w:val=\"%s\"/></w:pPr><w:r><w:t xml:space=\"preserve\">— "
                                "</w:t></w:r>",
                  is_even ? "left" : "right", is_even ? "left" : "right");
    fd_buf_puts(out, "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText "
                     "xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar "
                     "w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar "
                     "w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\"> —</w:t></w:r>"
                     "</w:p>");
    if (mark) {
        fd_buf_puts(out, "<w:p><w:pPr><w:pStyle w:val=\"FdFooter\"/><w:jc w:val=\"center\"/>"
                         "</w:pPr><w:r><w:rPr><w:color w:val=\"808080\"/><w:sz w:val=\"18\"/>"
                         "</w:rPr><w:t>");
        fd_docx__escape(out, mark);
        fd_buf_puts(out, "</w:t></w:r></w:p>");
    }
    fd_buf_puts(out, "</w:ftr>");
}

void fd_docx__section(fd_buf *out)
{
    fd_buf_puts(out, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/>"
                     "<w:footerReference w:type=\"even\" r:id=\"rId5\"/>"
                     "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
                     "<w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\" "
                     "w:header=\"851\" w:footer=\"1134\" w:gutter=\"0\"/>"
                     "<w:docGrid w:type=\"lines\" w:linePitch=\"579\"/></w:sectPr>");
}
