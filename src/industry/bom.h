/*
 * The graph behind fangding/chain.h, as arrays.
 */
#ifndef FD_INDUSTRY_BOM_H
#define FD_INDUSTRY_BOM_H

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/chain.h"

/* An enterprise that offers an item in a territory. */
typedef struct fd_offer {
    uint32_t enterprise, item;
    uint8_t level;
    double capacity; /* a year; NaN: unknown */
    size_t row;      /* of the table */
} fd_offer;

/* Lists by CSR: those of x are list[start[x] .. start[x + 1]). */
typedef struct fd_csr {
    size_t *start;
    uint32_t *list;
} fd_csr;

struct fd_bom {
    fd_map *item_at, *enterprise_at;
    size_t items, recipes, enterprises, offers;
    char **item_class; /* entries may be NULL */
    double *unit_cost; /* NaN: unknown */
    uint8_t *stock;    /* marked initial_stock */
    /* recipes in order of first appearance */
    uint32_t *product;
    char **recipe_name;
    fd_csr inputs;  /* of a recipe: items */
    double *qty;    /* beside inputs.list */
    size_t *row;    /* beside inputs.list: row of the table */
    fd_csr made_by; /* of an item: its recipes */
    fd_csr used_in; /* of an item: recipes that need it */
    fd_offer *offer;
    fd_csr offered; /* of an item: offers */
    char **level;   /* territories, innermost first */
    size_t levels;
    uint32_t *finals;
    size_t final_count;
    uint32_t *order;    /* items so that what goes into an item stands before it, while acyclic */
    size_t order_count; /* < items: the rest lies on or behind a cycle */
    char *file[3];      /* items, recipes, enterprises, as errors name them */
};

static inline bool fd_offer_counts(const fd_offer *o, uint64_t set)
{
    return (set >> o->level & 1) && !(o->capacity <= 0);
}

static inline const char *fd_bom__code(const fd_bom *bom, size_t item)
{
    return fd_map_key(bom->item_at, item).ptr;
}

/** CSR of n lists from count pairs (key[i], value i or value[i]); stable. */
void fd_csr_build(fd_csr *out, size_t n, const uint32_t *key, const uint32_t *value, size_t count);
void fd_csr_dispose(fd_csr *csr);

/* What all tables of the closure need: the set, its name, the final good, what is reachable. */
typedef struct fd_scene {
    const fd_bom *bom;
    uint64_t set;
    char *place;      /* "park" or "park+province" */
    size_t next;      /* first level that may be added: those past it are wider */
    uint32_t final;   /* the final good where one is needed */
    char *final_slug; /* its code in lower case */
    bool several;     /* there were others, and none was asked for */
    uint8_t *reach;   /* by item: goes into a final good asked for */
} fd_scene;

int fd_scene_init(fd_scene *s, const fd_bom *bom, const fd_closure_options *o);
void fd_scene_dispose(fd_scene *s);
/** Add the next wider level to *set and to the name; false when there is none. The name is
 * replaced. */
bool fd_scene_widen(fd_scene *s);
/** Mark what may go into an item, itself included. */
void fd_bom__reach(uint8_t *reach, const fd_bom *bom, uint32_t item);
/** fd_bom_closure() without what one enterprise offers. */
void fd_bom__closure_without(uint8_t *makeable, const fd_bom *bom, uint64_t set,
                             uint32_t enterprise);
/** A note that the first of several final goods was taken. */
void fd_scene_note(const fd_scene *s, fd_table *t);
/** FD_EINVAL naming a cycle among the items marked (NULL: all), with file and row; 0 without one.
 */
int fd_bom__acyclic(const fd_bom *bom, const uint8_t *reach);
/** FD_EINVAL naming a circle among the items `used`, less the `count` of them that have a place in
 * order[], by the recipes chosen[] alone; there is one. */
int fd_bom__report_circle(const fd_bom *bom, const uint8_t *used, const uint32_t *order,
                          size_t count, const uint32_t *chosen);
/** The format with its first %s replaced by the word. Free with free(). */
char *fd_bom__format(const char *format, const char *word);
/** The code of an item in lower case, for names of columns. Free with free(). */
char *fd_bom__slug(const fd_bom *bom, uint32_t item);
/** Offers by enterprise. */
void fd_bom__by_enterprise(fd_csr *out, const fd_bom *bom);
/** The items that an enterprise offers in the set, joined by ";"; empty when it offers none. */
void fd_bom__items_of(fd_buf *items, const fd_bom *bom, uint32_t enterprise, uint64_t set,
                      const fd_csr *by_enterprise);
/** Items by code. Free with free(). */
uint32_t *fd_bom__by_code(const fd_bom *bom);
/** To 12 significant digits, so that equal results of different routes print alike. */
double fd_bom__round(double value);

#endif
