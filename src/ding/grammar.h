/*
 * The grammar as a table: kinds of declarations, their clauses, the words a clause chooses from,
 * functions and operators, each in Chinese and English.  Parser, printer, checker and explainer
 * read nothing else; a form in a spreadsheet can be made from the same table.
 */
#ifndef FD_DING_GRAMMAR_H
#define FD_DING_GRAMMAR_H

#include "base/str.h"
#include "fangding/ding.h"

typedef enum fd_shape {
    FD_SHAPE_FLAG,        /* no argument */
    FD_SHAPE_TEXT,        /* the argument as it stands */
    FD_SHAPE_WORDS,       /* cut at blanks, commas and semicolons */
    FD_SHAPE_VOCABULARY,  /* words, each from a list; kept in Chinese */
    FD_SHAPE_NUMBER,      /* an expression that yields a number */
    FD_SHAPE_TRUTH,       /* an expression that yields a truth value */
    FD_SHAPE_MISSING,     /* 任一缺报 → 缺报;条件 → 不适用: one child per rule */
    FD_SHAPE_LIGHT,       /* a condition whose left side may be left out (值), or 其余 */
    FD_SHAPE_LIGHTS,      /* 绿 条件;黄 条件;红 其余: one child per rule */
    FD_SHAPE_NAMED_TRUTH, /* a name, perhaps 仅 VERSIONS or 免 NAMES (one child each), a condition
                           */
    FD_SHAPE_NAMED_NUMBER, /* a name, then a number */
    FD_SHAPE_NAMED_TEXT,   /* a name, then text */
    FD_SHAPE_GRANT         /* a number; cases may end without 其余, which is then nothing */
} fd_shape;

enum {
    FD_CLAUSE_REPEATED = 1, /* may stand more than once */
    FD_CLAUSE_WHOLE = 2,    /* takes the rest of its line: no further clause follows, only 依据 */
    FD_CLAUSE_CHILDREN = 4, /* deeper lines are children, not a continuation */
    FD_CLAUSE_SHORT = 8,    /* printed on one line with its neighbours */
    FD_CLAUSE_NEEDED = 16,
    FD_CLAUSE_CITED = 32, /* needs a citation, its own or the declaration's */
    FD_CLAUSE_ONE = 64    /* a vocabulary of which one word is chosen */
};

/* A pair of words. Rows with the same English word are synonyms; the first is canonical. */
typedef struct fd_word {
    const char *zh, *en;
} fd_word;

typedef struct fd_clause_rule {
    unsigned kinds; /* bit 1 << fd_decl_kind */
    const char *zh, *en;
    fd_shape shape;
    unsigned flags;
    const fd_word *words; /* VOCABULARY: ends with {NULL, NULL} */
} fd_clause_rule;

typedef struct fd_kind_rule {
    fd_decl_kind kind;
    const char *zh, *en;
    bool open; /* clauses that the table does not know are kept as words */
} fd_kind_rule;

enum { FD_OPTION_WHERE = 1, FD_OPTION_REPORTED = 2, FD_OPTION_DEFLATOR = 4, FD_OPTION_FROM = 8 };

typedef struct fd_function_rule {
    fd_function function;
    const char *zh, *en;
    int least, most;  /* arguments beside the options */
    unsigned options; /* FD_OPTION_… */
    fd_rounding rounding;
} fd_function_rule;

/** The kind that a word in column one declares, in either language; NULL for none. */
const fd_kind_rule *fd_grammar_kind(fd_view word);
const fd_kind_rule *fd_grammar_kind_of(fd_decl_kind kind);
/** The rule of a clause keyword for a kind; NULL when the kind has no such clause. */
const fd_clause_rule *fd_grammar_clause(fd_decl_kind kind, fd_view word);
/** The i-th rule of the table, for whoever walks it; NULL past the end. */
const fd_clause_rule *fd_grammar_clause_at(size_t i);
/** Chinese clause keywords of a kind, for "did you mean". @return how many were written */
size_t fd_grammar_clause_names(fd_decl_kind kind, const char **out, size_t size);
/** All declaration keywords. @return how many were written */
size_t fd_grammar_kind_names(const char **out, size_t size);

/** The canonical row for a word of a list, NULL when it is not in it. */
const fd_word *fd_grammar_word(const fd_word *list, fd_view word);
/** Kinds of subjects: 企业 enterprise … */
const fd_word *fd_grammar_subjects(void);
/** Colours of a light, in the order of fd_light_rule.color. */
const fd_word *fd_grammar_colors(void);
/** Results of a 缺数 rule: 缺报 missing, 不适用 na, 已报 reported. */
const fd_word *fd_grammar_missing_results(void);
/** What a light speaks of: 值 value, 路径 path, 目标值 target, 基期值 base, 完成率 progress. */
const fd_word *fd_grammar_light_variables(void);

/** Edges of a band: 不超过 up_to, 不满 below, 达到 reaches, 超过 over, and synonyms. */
const fd_word *fd_grammar_edges(void);
/** The names of a policy's key date: 申请日, 期末日, 评价日. */
const fd_word *fd_grammar_key_dates(void);

const fd_function_rule *fd_grammar_function(fd_view word);
const fd_function_rule *fd_grammar_function_of(const fd_expr *call);
size_t fd_grammar_function_names(const char **out, size_t size);
/** Is the whole token an operator word: 且 或 非 属于 不属于 其余 and or not in else? */
bool fd_grammar_is_operator(fd_view word);

#endif
