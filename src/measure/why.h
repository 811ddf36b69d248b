/*
 * The walk of why, as its parts share it: the tree table, expressions made on the way, subjects and
 * cells.
 */
#ifndef FD_MEASURE_WHY_H
#define FD_MEASURE_WHY_H

#include "base/vec.h"
#include "ding/eval/eval.h"
#include "measure/internal.h"

typedef struct fd_why_walker {
    const fd_program *program;
    fd_source *source;
    const fd_why_options *o;
    fd_eval *eval;
    fd_arena *arena;
    fd_table *t;
    int next;  /* id of the next node */
    int depth; /* of nodes allowed; INT_MAX = all */
    int largest;
    int digits;
    int nested; /* indicators inside indicators */
} fd_why_walker;

/* What is evaluated for whom at one place of the walk. */
typedef struct fd_why_scope {
    fd_eval_query q;
    const fd_indicator *indicator;
    const char *group; /* code of the group looked at (indicators of places), or NULL */
    int level;
} fd_why_scope;

enum {
    FD_WHY_ID,
    FD_WHY_PARENT,
    FD_WHY_ORDER,
    FD_WHY_LABEL,
    FD_WHY_LABEL_EN,
    FD_WHY_VALUE,
    FD_WHY_UNIT,
    FD_WHY_STATE,
    FD_WHY_KIND,
    FD_WHY_NOTE,
    FD_WHY_FILE,
    FD_WHY_SHEET,
    FD_WHY_COLUMN,
    FD_WHY_ROW,
    FD_WHY_SUBJECT
};

/* Every item of facts in a row expression, with the period and basis it is read at. */
typedef struct fd_why_fact {
    const fd_item *item;
    const fd_expr *name; /* as it stands in the formula */
    const char *id;
    fd_period period;
    fd_basis basis;
} fd_why_fact;

typedef struct fd_why_facts {
    fd_why_walker *w;
    const fd_why_scope *s;
    fd_vec(fd_why_fact) list;
    int nested;
} fd_why_facts;

/* why_node.c */

void fd_why__add_columns(fd_table *t);
/** Set a text cell; nothing for NULL and "". */
void fd_why__put_text(fd_why_walker *w, size_t row, int column, const char *text);
/** @return the row; its id is the row's number plus one */
size_t fd_why__add_node(fd_why_walker *w, int parent, const char *kind, const char *label,
                        const char *label_en);
/** Exact decimals of up to four digits print in full, everything else with the indicator's digits
 * and two more. */
void fd_why__put_value(fd_why_walker *w, size_t row, fd_number v, const char *unit);
/** An expression in the walk's arena. */
fd_expr *fd_why__make(fd_why_walker *w, fd_expr_kind kind, size_t children);
/** a ∧ b; the other one when one is NULL. */
const fd_expr *fd_why__both(fd_why_walker *w, const fd_expr *a, const fd_expr *b);
/** Subjects of one group of a dimension, NULL for groups that no condition describes. */
const fd_expr *fd_why__group_condition(fd_why_walker *w, const char *kind, const char *dim,
                                       const char *code);
/** "" for NULL. */
const char *fd_why__unit_name(const fd_unit *unit);

/* why_subject.c */

/** fd_expr_each_name callback: gather facts, through indicators, each once. */
int fd_why__collect(void *facts, const fd_expr *name, const fd_expr *at);
/** One fact of the subject in a row of its frame, with the cell it was read from. */
int fd_why__add_cell(fd_why_walker *w, int parent, const fd_why_fact *fact, const fd_frame *frame,
                     size_t row);
/** May the asker see this subject's figures of these facts? *refused receives the origin of the
 * first that it may not. */
bool fd_why__may_see(fd_why_walker *w, const fd_why_facts *facts, const char *kind,
                     const fd_frame *frame, size_t row, fd_origin *refused);
/** The line that stands for what the asker may not see; names the law. */
void fd_why__add_hidden(fd_why_walker *w, int parent, const fd_origin *refused);
/** The largest subjects of a sum in one group, then what the others add. */
int fd_why__add_subjects(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *row,
                         const fd_expr *condition, const fd_unit *unit);
/** The members of a count in one group: by the first figure that the condition speaks of, else in
 * order of code. */
int fd_why__add_members(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *count,
                        const fd_expr *condition);
#endif
