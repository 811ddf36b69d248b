/*
 * Inside report/: the composer, values, phrases and lists.
 */
#ifndef FD_REPORT_INTERNAL_H
#define FD_REPORT_INTERNAL_H

#include "base/map.h"
#include "report/paper.h"

/* 核定 verified by the bureau, 测算 an own estimate, 公开发表 taken over from a publication because
 * nothing was computed, or none of these. */
typedef enum fd_series_kind {
    FD_SERIES_PLAIN,
    FD_SERIES_VERIFIED,
    FD_SERIES_OWN,
    FD_SERIES_PUBLISHED
} fd_series_kind;

/* A figure, rounded as it is printed: what a reader subtracts must come out. */
typedef struct fd_value {
    fd_state state; /* HAS or DOUBT: shown holds */
    fd_decimal shown;
    fd_decimal level, base; /* of a difference: both ends */
    bool is_difference;
    const char *unit;
    fd_period period;
    fd_series_kind series;
    const char *marks;  /* "" or "示例;unverified" */
    const char *name;   /* for people: indicator, place */
    const char *tag;    /* "fd:…" */
    const char *reason; /* why there is none */
    const char *source; /* of a published figure: the publication; else NULL */
} fd_value;

/* One case of a 用语: which values it is for, and its words. */
typedef struct fd_phrase_case {
    int test; /* see phrase.c */
    fd_decimal limit;
    const char *text;
} fd_phrase_case;

typedef struct fd_phrase {
    const char *name;
    fd_vec(fd_phrase_case) cases;
} fd_phrase;

/* A list: rows with a name, a leading value, and cells for the table. */
typedef struct fd_list_row {
    const char *name;
    fd_value value;
    const fd_docx_span *cells; /* as many as the list has columns */
} fd_list_row;

typedef struct fd_list_column {
    const char *title;
    double weight;
    fd_docx_align align;
} fd_list_column;

typedef struct fd_list {
    const char *name;
    fd_vec(fd_list_column) columns;
    fd_vec(fd_list_row) rows;
    fd_vec(const char *) notes;
    fd_vec(const char *) series_names;    /* for charts: a name and … */
    fd_vec(const double *) series_values; /* … a value per row */
    int chart_digits;
    const char *chart_unit;
    const char *reason;     /* why it is empty */
    double total;           /* of a growth list: its total, for waterfalls; NAN */
    const fd_table *engine; /* of 推算: the whole table, for pictures; borrowed */
} fd_list;

typedef struct fd_composer {
    const fd_paper_context *c; /* `own` */
    fd_paper_context own;      /* the caller's, of January and February with `joined` as source */
    fd_source *joined;         /* or NULL */
    fd_paper *paper;
    fd_arena *arena;  /* the paper's */
    const char *name; /* of the definition, for messages */
    fd_vec(fd_phrase *) phrases;
    fd_vec(fd_list *) lists;
    fd_map *tables;  /* measured: "id@period/kind" → fd_table * */
    fd_map *periods; /* "id" → period_list * of value.c */
    fd_map *marks;   /* every mark met, once */
    fd_map *tags;    /* figures already listed in the paper */
    fd_map *engines; /* asked once: name → fd_table * or 0; NULL until the first is asked */
    int ordinal;     /* of {序} in this section */
} fd_composer;

/* ---- value.c ---- */

/** Evaluate a reference such as city_growth_verified-上期, sei_share@2020, power_growth@月.
 * A figure that is not there is no error: its state and reason say so. FD_ENOTFOUND for names that
 * nobody declared, FD_EPARSE. */
int fd_report__value(fd_value *out, fd_composer *m, fd_view reference);
/** The value of an indicator for one part of the city (code of `kind`; NULL: the paper's own
 * place, or the city). */
int fd_report__indicator(fd_value *out, fd_composer *m, const fd_indicator *indicator,
                         fd_period period, const char *kind, const char *code);
/** The table of an indicator by `kind`, measured once per period. Borrowed. */
int fd_report__measured(const fd_table **out, fd_composer *m, const fd_indicator *indicator,
                        fd_period period, const char *kind, const char *where);
/** The period of an indicator that fits the paper: its span, else its month, else its year. */
fd_period fd_report__period(fd_composer *m, const fd_indicator *indicator);
/** 核定 by its declaration; 测算 when it, or any indicator it is computed from, is declared so. */
fd_series_kind fd_report__series(const fd_indicator *indicator);
/** Fill shown from a number, rounded to digits by GB/T 8170. */
void fd_report__round(fd_value *value, fd_number number, int digits);
/** A count that the list itself made. */
fd_value fd_report__count(fd_composer *m, size_t count, const char *unit, const char *name,
                          const char *key, fd_period period);
/** A tag "fd:WHAT@PERIOD/KIND:CODE", or NULL when an editor would refuse its length. */
const char *fd_report__tag(fd_composer *m, const char *what, fd_period period, const char *kind,
                           const char *code);
/** The figure as a bound span: text without unit; registers the figure. */
fd_docx_span fd_report__span(fd_composer *m, const fd_value *value, bool absolute);
/** Text of a value without unit, "—" when there is none. In the arena. */
const char *fd_report__text(fd_composer *m, const fd_value *value, bool absolute);
/** "" for data of a period that ended at most stale_days before today, else 陈旧(date). */
const char *fd_report__stale(fd_composer *m, fd_period period);
/** Remember marks for the paper. */
void fd_report__mark(fd_composer *m, const char *marks);
bool fd_report__has(const fd_value *value);
/** "个百分点" for 百分点, else the unit. */
const char *fd_report__unit(const char *unit);
/** Name of a subject by code, or the code. */
const char *fd_report__subject(fd_composer *m, const char *kind, const char *code);
/** Position of a code in the frame of a kind; -1. */
ptrdiff_t fd_report__index(fd_composer *m, const char *kind, const char *code);

/* ---- phrase.c ---- */

/** Add a case line "条件 → 文字". */
int fd_report__phrase_case(fd_composer *m, fd_phrase *phrase, fd_view line);
/** 一 to 十, then digits. */
const char *fd_report__ordinal(fd_composer *m, int n);
/** The words for a value; NULL when no case fits. */
const char *fd_report__phrase(const fd_phrase *phrase, const fd_value *value);
const fd_phrase *fd_report__find_phrase(const fd_composer *m, fd_view name);

/* Where a figure of a sentence ends, and whose it is. */
typedef struct fd_sentence_figure {
    size_t after; /* spans before the end of its unit */
    fd_series_kind series;
} fd_sentence_figure;

/* What a sentence turned out to be. Release with fd_report__sentence_dispose(). */
typedef struct fd_sentence {
    fd_docx_spans spans;
    fd_vec(fd_sentence_figure) figures;
    bool is_missing, is_doubtful;
} fd_sentence;

void fd_report__sentence_dispose(fd_sentence *s);

/** Fill the placeholders of a template. A missing figure is recorded in the paper. */
int fd_report__fill(fd_sentence *out, fd_composer *m, fd_view text);

/* ---- list*.c ---- */

/** Make the list that a 名单 line describes (what follows its name). In the composer. */
int fd_report__list(fd_composer *m, const char *name, fd_view description);
fd_list *fd_report__find_list(const fd_composer *m, fd_view name);

/* A description cut at blanks: the kind, then words. */
typedef struct fd_list_words {
    fd_view words[64];
    size_t count;
} fd_list_words;

/** The word after a keyword, or an empty view. */
fd_view fd_report__option(const fd_list_words *w, const char *keyword);
bool fd_report__has_word(const fd_list_words *w, const char *word);
void fd_report__column(fd_list *list, const char *title, double weight, fd_docx_align align);
/** Room for a row's cells, all empty, appended to the list. */
fd_docx_span *fd_report__row(fd_composer *m, fd_list *list, const char *name,
                             const fd_value *value);
fd_docx_span fd_report__plain(fd_composer *m, const char *text);
void fd_report__note(fd_list *list, const char *text);
const char *fd_report__copy(fd_composer *m, fd_view text);

int fd_report__list_growth(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_parts(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_indicators(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_series(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_groups(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_projects(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_late(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_records(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_changes(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_states(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_profile(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_months(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_matters(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_questions(fd_composer *m, fd_list *list, const fd_list_words *w);
int fd_report__list_engine(fd_composer *m, fd_list *list, const fd_list_words *w);

/* ---- list_engine.c ---- */

/** The table that an engine gives under a name, asked once a paper; NULL: there is none. Borrowed.
 */
int fd_report__engine(const fd_table **out, fd_composer *m, const char *name);
/** The name of a node of the place's chain (CHAIN.NODE or NODE), or the code itself. */
const char *fd_report__node_name(fd_composer *m, const char *code);
/** The word for an engine's code in a column (light, gap, stage), or the code itself. */
const char *fd_report__code_word(const char *column, const char *code);

/* ---- joined.c ---- */

/** A source that gives a flow's sum from January on where it came in by month only; everything else
 * as `inner` gives it. Free with fd_report__joined_free(). */
fd_source *fd_report__joined(fd_source *inner, const fd_program *program);
void fd_report__joined_free(fd_source *source);

/* ---- chain_picture.c ---- */

/**
 * Draw a chain from upstream to downstream: a box a node, curves along what it takes.
 *
 * @param map   columns stage, node, name, light, gap, active, ways (fd_chains_map())
 * @param four  columns node, innovation, innovation_n (fd_chains_four()); NULL for the lights
 * @param[out] picture  bytes and size in millimetres, alternative text as well; in the arena
 * @return false when there is nothing to draw
 */
bool fd_report__chain_picture(fd_paper_picture *picture, fd_arena *arena, const fd_table *map,
                              const fd_table *four, const char *title);

/* ---- compose.c ---- */

/** A composer over a paper that is being made or was made; dispose what it gathers. */
void fd_report__composer_init(fd_composer *m, const fd_paper_context *c, fd_paper *paper,
                              const char *name);
void fd_report__composer_dispose(fd_composer *m);
/** A paragraph of plain text at the end of the paper. */
void fd_report__paragraph(fd_paper *paper, fd_docx_style style, const char *id, const char *text);

/* ---- paper.c ---- */

/** The fingerprint (12 hex digits) of a text without its blanks. */
void fd_report__fingerprint(char out[13], fd_view text);
/** The text of a paragraph, or of a table's cells, one after the other. */
void fd_report__block_text(fd_buf *out, const fd_paper_block *block);
void fd_report__block_dispose(fd_paper_block *block);

/* ---- check.c ---- */

/* What the city file says today about a control's figure. */
typedef enum fd_today { FD_TODAY_KNOWN, FD_TODAY_MISSING, FD_TODAY_UNKNOWN } fd_today;

/** The figure of a tag as it would print today: from the paper composed today, else evaluated. */
fd_today fd_report__today(const char **text, const char **name, fd_composer *m, const char *tag);

#endif
