/*
 * The checked program, as the parts of the checker share it.
 */
#ifndef FD_DING_PROGRAM_H
#define FD_DING_PROGRAM_H

#include "base/diag.h"
#include "base/map.h"
#include "base/vec.h"
#include "ding/expr_parse.h"
#include "fangding/ding.h"

struct fd_program {
    fd_arena *arena;
    fd_vec(const fd_decl *) decls[FD_DECL_COUNT]; /* in force, in order of loading */
    fd_vec(const char *) names[FD_DECL_COUNT];    /* ids and names, each once */
    fd_map *index[FD_DECL_COUNT];    /* id, name, folded forms, other names → position + 1; 0 =
                                        ambiguous */
    void **typed[FD_DECL_COUNT];     /* fd_item *, fd_unit * …; NULL for forms, chains, cubes */
    fd_vec(const char *) dimensions; /* names of the base dimensions, by index */
    const fd_unit *one, *percent, *points;
    fd_calendar *calendar; /* working days; NULL: none was given */
};

/* What one loading shares. */
typedef struct fd_loader {
    fd_program *p;
    fd_diags *diags;
    const fd_load_options *options;
} fd_loader;

/* The tightest bounds that the shipped items need: wider ones do not load. Documented in
 * docs/language.md. */
#define FD_BITS_MOST    126 /* of a numerator or denominator */
#define FD_BITS_ITEM    53  /* one figure of one subject */
#define FD_BITS_SUM     60  /* a sum over subjects: the evaluator refuses more at run time */
#define FD_BITS_ROUNDED 59  /* a rounded figure: the evaluator refuses more at run time */
#define FD_BITS_MEMBERS 21

/** A clause of a declaration by Chinese keyword, NULL when it has none. */
const fd_clause *fd_decl__clause(const fd_decl *decl, const char *keyword);
/** The clause's first word, or NULL. */
const char *fd_decl__word(const fd_decl *decl, const char *keyword);
/** All words of every clause of one keyword; in the arena. */
const char **fd_decl__words(fd_arena *arena, const fd_decl *decl, const char *keyword,
                            size_t *count);

/** A finding at a clause or declaration, with the source line. span NULL: the declaration. @return
 * the record, for a hint */
fd_error *fd_program__find(fd_diags *diags, fd_severity severity, const char *rule,
                           const fd_decl *decl, const fd_span *span, const char *zh, const char *en,
                           ...) FD_PRINTF2(6, 7, 8);
/** "did you mean" for a name of these kinds (bit 1 << kind). */
void fd_program__suggest(const fd_program *p, const fd_diags *diags, fd_error *e, unsigned kinds,
                         const char *name);

/* The stages of loading, in this order. */
void fd_load__units(fd_loader *l);
void fd_load__items(fd_loader *l);
/** 全名单: after the items, whose `complete` it sets. */
void fd_load__complete(fd_loader *l);
void fd_load__params(fd_loader *l);
void fd_load__classes(fd_loader *l);
void fd_load__records(fd_loader *l);
void fd_load__indicators(fd_loader *l);
void fd_load__lights(fd_loader *l);
void fd_load__targets(fd_loader *l);
void fd_load__policies(fd_loader *l);
void fd_load__ladders(fd_loader *l);
void fd_load__indices(fd_loader *l);

/** A unit by name, or composed of names by / and ·: 万元/人. NULL when a part is unknown. In the
 * arena when composed. */
const fd_unit *fd_unit__named(const fd_program *p, fd_arena *arena, const char *name);
/** The unit a clause names; a finding and `one` when it is unknown, `one` when there is no clause.
 */
const fd_unit *fd_unit__of_clause(fd_loader *l, const fd_decl *decl, const char *keyword);
/** a × b or a ÷ b. */
const fd_unit *fd_unit__product(const fd_program *p, fd_arena *arena, const fd_unit *a,
                                const fd_unit *b, bool divide);
bool fd_unit__same_dims(const fd_unit *a, const fd_unit *b);
/** No dimension: %, 系数, 指数 … */
bool fd_unit__is_plain(const fd_unit *u);
/** Do dimensions differ by `power` counts of something countable (户, 项, 人)? A count of subjects
 * has no unit of its own: it fits 户, 家, 个; money by a count fits 万元/户. */
bool fd_unit__fits_count(const fd_program *p, const fd_unit *counted, int power,
                         const fd_unit *unit);
/** A number written in one unit, exactly in another. False (with no finding) when it is not a
 * finite decimal there. */
bool fd_unit__convert_decimal(fd_decimal *out, fd_decimal value, const fd_unit *from,
                              const fd_unit *to);

/** Subject kinds by either name: "企业" or "enterprise" → "enterprise"; NULL for an unknown one. */
const char *fd_subject_kind_id(const char *word);
/** Kinds with many subjects, of which groups are made: enterprise, project. Others stand for a
 * group each. */
bool fd_subject_kind_is_listed(const char *id);

/** What an indicator is computed by on a level: its formula per subject, or its total per group
 * (for kinds whose subjects are groups themselves the formula serves). NULL when it has none. */
const fd_expr *fd_indicator__body(const fd_indicator *i, bool vector);

/* What a literal counts when it is added to a date. */
typedef enum fd_span_kind {
    FD_SPAN_NONE = 0,
    FD_SPAN_MONTHS, /* 年, 月 */
    FD_SPAN_DAYS,
    FD_SPAN_WORKING
} fd_span_kind;
/** Of a whole number with a unit, 1 to 1200 of it; *count in months, days or working days. */
fd_span_kind fd_expr__span(const fd_expr *e, int *count);

/* Where an expression stands. */
typedef struct fd_check {
    const fd_program *program;
    fd_arena *arena;
    const fd_decl *decl;
    fd_diags *diags;
    const fd_unit *light_unit; /* lights: the unit of 值 and 路径; else NULL */
    const fd_policy *policy; /* policies: its parts and parameters so far may be named; else NULL */
} fd_check;

/** Resolve names in an expression and set its types; `vector`: one value per subject of `frame`.
 * The tree may be changed (a class alone becomes 属于, a bare word a text).  False after a finding.
 */
bool fd_expr__check(fd_check *c, fd_expr *e, const char *frame, bool vector);
/** Check that a checked expression fits a unit and set its root's convert. False after a finding.
 */
bool fd_expr__assign(fd_check *c, fd_expr *e, const fd_unit *unit);
/** Call visit for every indicator named, with the level it is needed on. */
void fd_expr__indicators(const fd_program *p, const fd_expr *e, bool vector,
                         void (*visit)(void *payload, const fd_indicator *i, bool vector),
                         void *payload);
/** The frame an expression without context runs over: enterprises when any occurs, else projects,
 * else the first. */
const char *fd_expr__frame(const fd_program *p, const fd_expr *e);

/* Reading an argument of figures and words token by token. */
typedef struct fd_reading {
    fd_loader *loader;
    const fd_decl *decl;
    const fd_clause *clause;
    fd_piece piece;
    fd_lexer lexer;
    fd_token token;
} fd_reading;
void fd_reading_start(fd_reading *r, fd_loader *l, const fd_decl *decl, const fd_clause *clause);
void fd_reading_next(fd_reading *r);
bool fd_reading_symbol(fd_reading *r, char symbol);
bool fd_reading_word(fd_reading *r, const char *zh, const char *en);
/** A year with or without 年. */
bool fd_reading_year(fd_reading *r, int *year);
/** A number, perhaps negative, with its unit (NULL when none is written), into the unit wanted. */
bool fd_reading_amount(fd_reading *r, fd_decimal *out, const fd_unit *wanted);
fd_error *fd_reading_fault(fd_reading *r, const char *rule, const char *zh, const char *en);

#endif
