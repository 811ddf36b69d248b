/*
 * The chain graph as it is read: nodes, what they need, who is there.
 */
#ifndef FD_INDUSTRY_CHAINS_H
#define FD_INDUSTRY_CHAINS_H

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/chainmap.h"

/* One way to supply a node: all of these. */
typedef struct fd_way {
    uint32_t *nodes;
    size_t count;
} fd_way;

typedef struct fd_chain_node {
    size_t chain;
    char *code, *name, *needs, *outside, *note;
    char **industries, **products; /* NULL-terminated */
    int stage;                     /* 0 up, 1 mid, 2 down */
    double importance;
    fd_way *ways; /* none: needs nothing */
    size_t way_count;
    size_t row;
    fd_vec(uint32_t) firms; /* who is there, in order of first appearance */
} fd_chain_node;

typedef struct fd_chain_firm {
    char *code, *name, *territory, *industry, *products;
    double capacity;     /* NaN: unknown */
    int active, leading; /* -1: unknown */
} fd_chain_firm;

typedef struct fd_chain {
    char *code, *name;
    size_t first, count; /* its nodes: contiguous, in the order of the table */
} fd_chain;

/* What an enterprise bought of a node's goods. */
typedef enum fd_place_kind { FD_LOCAL, FD_OUTSIDE, FD_FOREIGN, FD_NOWHERE } fd_place_kind;
typedef struct fd_purchase {
    uint32_t node;
    char *buyer, *supplier;
    fd_place_kind place; /* NOWHERE: not said */
    double amount;       /* 万元; NaN: unknown */
} fd_purchase;

/* Purchases of some goods added up, 万元. */
typedef struct fd_supply {
    double by[4], total; /* by fd_place_kind; total without NOWHERE */
    double hhi;          /* of suppliers by amount, whatever their place; 0 without any */
    size_t rows, unknown, suppliers, local_suppliers;
} fd_supply;

struct fd_chains {
    fd_vec(fd_chain) chains;
    fd_vec(fd_chain_node) nodes; /* chain by chain */
    fd_vec(fd_chain_firm) firms;
    fd_map *firm_at;
    fd_vec(fd_purchase) purchases;
    size_t unplaced;      /* purchases of no node of the graph */
    bool beyond_industry; /* some enterprise is outside the divisions 06 to 46 */
};

/* Computed by chain: by node from its first on. */
typedef struct fd_chain_state {
    uint8_t *local; /* can be made here by active enterprises all the way up */
    uint32_t *lost; /* end products that cannot do without it */
    size_t finals;
} fd_chain_state;

int fd_chain_state_init(fd_chain_state *s, const fd_chains *c, size_t chain);
void fd_chain_state_dispose(fd_chain_state *s);

/** Position of a node of a chain by code or name; SIZE_MAX. */
size_t fd_chains__node(const fd_chains *c, size_t chain, fd_view text);
/** Position of a chain by code; SIZE_MAX. */
size_t fd_chains__chain(const fd_chains *c, const char *code);
static inline bool fd_chain_is_active(const fd_chain_firm *f)
{
    return f->active != 0;
}
/** Would enterprises of the node be on the list at all?  A list of industry knows nothing of
 * hotels: a node of other divisions without enterprises is then unknown, not empty. */
bool fd_chains__is_covered(const fd_chains *c, const fd_chain_node *n);
size_t fd_chains__active(const fd_chains *c, const fd_chain_node *n);
/** HHI of the active: by capacity where all are known, else in equal parts; 0 without any.
 * *by_capacity says which. */
double fd_chains__hhi(bool *by_capacity, const fd_chains *c, const fd_chain_node *n);
bool fd_chains__is_word_in(const char *text, const char *word);
/** The one node that "uav.fc", "fc" or a name means; SIZE_MAX when none or several do. No error is
 * set. */
size_t fd_chains__place(const fd_chains *c, const char *text);
/** The chain by code, name or the only one whose name holds the text; SIZE_MAX. No error is set. */
size_t fd_chains__chain_like(const fd_chains *c, const char *text);
/** Add up purchases: of one node (SIZE_MAX: all), by one buyer (NULL: all). */
void fd_chains__supply(fd_supply *out, const fd_chains *c, size_t node, const char *buyer);
/** "break", "single" … or ""; *red: nobody is active. */
const char *fd_chains__gap(const fd_chains *c, const fd_chain_node *n, bool local, bool *red);

#endif
