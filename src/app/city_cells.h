/*
 * The cells of a city's panel while it is made: by unit, period and quantity, with what disclosure
 * needs to know about each. Used by city_panel.c alone.
 */
#ifndef FD_APP_CITY_CELLS_H
#define FD_APP_CITY_CELLS_H

#include <stdint.h>

#include "app/city_panel.h"
#include "base/map.h"

typedef enum fd_city_state { FD_CITY_ABSENT = 0, FD_CITY_HAS, FD_CITY_MISSING } fd_city_state;

typedef struct fd_city_cell {
    double value;
    fd_city_state state;
    double size; /* as measured: |value| before prices are taken out */
    uint32_t n;  /* contributors, and the largest two of them, in the unit of `size` */
    double top1, top2;
} fd_city_cell;

typedef struct fd_city_unit {
    const char *code[FD_CITY_DIMENSIONS], *label[FD_CITY_DIMENSIONS];
    fd_city_cell *cells; /* [slot × quantities + quantity] */
    bool *hidden;        /* by slot: may not be shown */
    bool gone;           /* merged into another, or left out whole */
} fd_city_unit;

typedef struct fd_city_cells {
    fd_city_panel *p;
    fd_map *index; /* codes of a unit → position */
    fd_city_unit *units;
    size_t count, capacity;
    size_t merged, dropped; /* parts put together; regions left out for disclosure */
} fd_city_cells;

void fd_city__init(fd_city_cells *c, fd_city_panel *p);
void fd_city__dispose(fd_city_cells *c);
/** The slot of a measured row's period; SIZE_MAX when it is none. */
size_t fd_city__slot(const fd_city_panel *p, const fd_table *t, size_t row);
/** Codes of a row and its period as one text, in the call's arena. */
const char *fd_city__key(const fd_city_cells *c, const fd_table *t, size_t row);
/** All rows of a table as fd_measure() gives it, as quantity q. */
void fd_city__take(fd_city_cells *c, const fd_table *t, size_t q);
/** The cell of row `row` may not be shown. */
void fd_city__hide(fd_city_cells *c, const fd_table *t, size_t row, size_t slot);
/** Values of a quantity back to "not there", sizes and contributors kept. */
void fd_city__clear(fd_city_cells *c, size_t q);
/** Add to the value of the unit that the first dimensions of a row name; NAN makes it missing. */
void fd_city__add(fd_city_cells *c, const fd_table *t, size_t row, size_t slot, size_t q,
                  double value);
/** An indicator that has the periods, the unit and the protection of CO2 from the fuels of 205-1:
 * those of total energy. FD_ENOTFOUND without one. */
int fd_city__carbon(const struct fd_indicator **out, fd_call *call);
/** Replace the values of quantity q by sums over fuels × factors (definitions/carbon.csv), 万tCO2e.
 */
int fd_city__read_carbon(fd_city_cells *c, fd_table *notes, size_t q, const struct fd_expr *where);
/** Measure one quantity over the panel's periods. */
int fd_city__measure(fd_table **out, const fd_city_panel *p, const fd_city_quantity *q,
                     const char *const *by, size_t by_count, const struct fd_expr *where);
/** The table that fd_city_read() gives; notes about what was left out or put together go to
 * `notes`. */
int fd_city__table(fd_table **out, fd_city_cells *c, fd_table *notes);

#endif
