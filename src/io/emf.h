/*
 * EMF out: vector pictures for Word, WPS and LibreOffice, which draw their texts with the fonts of
 * the machine that shows them.  A page in hundredths of a millimetre, filled rectangles, curves and
 * lines of text; nothing else.  The same calls give the same bytes.
 *
 * Format: [MS-EMF], version 1 records only.
 */
#ifndef FD_IO_EMF_H
#define FD_IO_EMF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fd_emf fd_emf;

/** An empty picture of a size in millimetres (each at least 1, at most 2000). Never fails. */
fd_emf *fd_emf_new(double width_mm, double height_mm);
void fd_emf_free(fd_emf *e); /* NULL is fine */

/** A rectangle with round corners: colours are 0xRRGGBB, fill negative for none; the line's width
 * in mm; dashed for what is not there. */
void fd_emf_box(fd_emf *e, double x_mm, double y_mm, double width_mm, double height_mm,
                int32_t fill, uint32_t line, double line_mm, bool dashed);
/** A cubic curve through (x, y) pairs: start, two control points, end. */
void fd_emf_curve(fd_emf *e, const double points_mm[8], uint32_t line, double line_mm, bool dashed);
/** One line of text, its baseline at y, its left edge at x; at most width_mm wide, what does not
 * fit is cut and ends in "…". A full-width character is as wide as the type is high, another one
 * half of it. */
void fd_emf_text(fd_emf *e, double x_mm, double y_mm, double width_mm, double type_mm,
                 uint32_t color, bool bold, const char *text);

/** The whole picture; free() releases *bytes. The picture can take no more afterwards. */
void fd_emf_take(fd_emf *e, char **bytes, size_t *length);

#endif
