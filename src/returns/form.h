/*
 * A 报表 as the reader uses it: compiled from its declaration, names folded, units resolved.
 */
#ifndef FD_RETURNS_FORM_H
#define FD_RETURNS_FORM_H

#include "base/diag.h"
#include "base/map.h"
#include "base/vec.h"
#include "fangding/returns.h"

typedef enum fd_role_of {
    FD_COL_ITEM = 1,     /* a number of an item */
    FD_COL_ATTRIBUTE,    /* a dated attribute of the subject */
    FD_COL_CODE,         /* 代码: whom the row is about */
    FD_COL_NAME,         /* 名称 */
    FD_COL_PERIOD,       /* 期间: of the row */
    FD_COL_INDICATOR,    /* 指标: which item or indicator the row gives */
    FD_COL_VALUE,        /* 数值 */
    FD_COL_UNIT,         /* 单位: of the row */
    FD_COL_SOURCE,       /* 来源: published where */
    FD_COL_STATUS,       /* 状态: 示例, 核定, target …; of a record: its state */
    FD_COL_SCOPE,        /* 范围: 全市, a county */
    FD_COL_VARIANT,      /* 变体: the code after ':' */
    FD_COL_VARIANT_NAME, /* 变体名称: must not be another code's */
    FD_COL_DATE,         /* 日期: of a record's first transition */
    FD_COL_FIELD,        /* 字段: of a record */
    FD_COL_PART,         /* 分户: which account, meter or project of its subject; no figure */
    FD_COL_IGNORE        /* 忽略: known, not used */
} fd_role_of;

/* Which period a column's figures are for. */
typedef enum fd_when {
    FD_WHEN_ANY = 0,
    FD_WHEN_MONTH,      /* 当月 */
    FD_WHEN_CUMULATIVE, /* 累计: January to the month */
    FD_WHEN_YEAR,       /* 年 */
    FD_WHEN_ROW,        /* 行: each row says */
    FD_WHEN_NONE        /* 无: registers */
} fd_when;

enum { FD_BASIS_ANY = -1 };

typedef struct fd_value_word { /* 值 1=大型 */
    const char *from, *to;
} fd_value_word;

typedef struct fd_form_column {
    fd_role_of role;
    const fd_item *item; /* ITEM, ATTRIBUTE (may be NULL there) */
    const char *id;      /* item, attribute or field */
    const char **names;  /* folded header alternatives, best first */
    size_t name_count;
    fd_when when;        /* restriction: a header must not say otherwise */
    int basis;           /* restriction, or FD_BASIS_ANY */
    const fd_unit *unit; /* when neither header nor unit line has one */
    bool required;
    bool count;          /* 计数: no column of the file; every row counts 1 */
    bool from, to;       /* 起, 止: the cell is the day on which the attribute begins, ends */
    int dash;            /* fd_state for "-", or -1: as the form says */
    const char *variant; /* 变体 40: only in rows of this variant; the item has none itself */
    const char *to_kind; /* 转 县区: name or code of a subject, stored as its code */
    fd_value_word *words;
    size_t word_count;
    const struct fd_field *field;
    fd_kind kind;
} fd_form_column;

typedef enum fd_check_kind {
    FD_CHECK_RELATION = 1, /* 关系 A = B + C, A ≤ B: within a row */
    FD_CHECK_VARIANTS,     /* 折标合计 40 A 系数: row 40 is Σ A × factor */
    FD_CHECK_JUMP,         /* 跳变 50 % */
    FD_CHECK_UNITS,        /* 单位疑似 */
    FD_CHECK_NONNEGATIVE,  /* 非负 A B */
    FD_CHECK_TOTAL,        /* 权重合计 A 100 */
    FD_CHECK_COMPANION,    /* 伴随 A B: where A > 0, B must be there and > 0 */
    FD_CHECK_YEAR_AGO      /* 同期 5 %: comparative against what was stored a year ago */
} fd_check_kind;

/* What a failed check does: the row goes back, the cell is in doubt, or a warning only. */
typedef enum fd_check_effect {
    FD_EFFECT_WARN = 1,
    FD_EFFECT_DOUBT,
    FD_EFFECT_REJECT
} fd_check_effect;

typedef struct fd_check_term {
    const fd_item *item;
    int sign; /* 1 or -1 */
} fd_check_term;

typedef struct fd_check {
    fd_check_kind kind;
    fd_check_effect effect;
    fd_check_term *terms; /* RELATION: all moved to the left side; terms[0] is A */
    size_t term_count;
    fd_expr_kind relation; /* FD_EXPR_EQ, LE, GE */
    fd_decimal tolerance;  /* absolute, or a share in % */
    bool tolerance_is_percent;
    const char *variant;
    fd_decimal value; /* 50 (%), 100 */
    const char *text; /* as written, for messages */
} fd_check;

/* A code list such as energy.csv: code, name, unit. */
typedef struct fd_code_list {
    const char *name;
    struct fd_code_entry {
        const char *code, *name, *unit;
    } * entries;
    size_t count;
} fd_code_list;

typedef struct fd_dated_unit {
    const fd_unit *unit;
    int from_year; /* 千元@2011 */
} fd_dated_unit;

struct fd_form {
    const fd_decl *decl;
    const fd_program *program;
    const char *id, *name, *kind;
    const char *table_no; /* 表号 B103-1: which codes of items count */
    const char **files;   /* folded patterns with * */
    size_t file_count;
    bool creates; /* 新增: unknown subjects are entered */
    bool only;    /* 唯一: all rows are about the only subject of the kind */
    bool by_code, by_name;
    bool adds_up; /* 同主体 相加 */
    fd_when when;
    bool from_folder, from_header; /* where the period may come from */
    fd_dated_unit *units;
    size_t unit_count;
    const char *origin, *law, *use;
    int basis;           /* 口径, or FD_BASIS_ANY = current */
    int dash;            /* 横线: fd_state */
    bool since_ever;     /* 生效 自始; else at the period's first day */
    const char **totals; /* 合计行: folded */
    size_t total_count;
    fd_form_column *columns;
    size_t column_count;
    fd_map *by_header; /* folded name → first column + 1; chain through next_same */
    uint32_t *name_column, *name_next;
    size_t name_entries;
    fd_check *checks;
    size_t check_count;
    const char **expects; /* 应报 */
    size_t expect_count;
    const char *expects_from; /* 随 ATTRIBUTE */
    const fd_record_type *record;
    const fd_code_list *list; /* of the variant column */
    const char **items;
    size_t item_count;
    bool is_long; /* rows name item, variant or period: values go to buckets */
};

struct fd_forms {
    fd_arena *arena;
    const fd_program *program;
    fd_vec(fd_form *) list;
    fd_map *codes;   /* "B103-1:211" → const fd_item * */
    fd_map *figures; /* folded name of an item or indicator → its id */
};

/** Id of the item or indicator that a published name means, NULL when there is none. */
const char *fd_forms__figure(const fd_forms *forms, fd_view name);
/** Fold for headers: width, brackets, blanks, letters (fd_utf8_fold), and every dash to '-'. In the
 * arena. */
const char *fd_returns__fold(fd_arena *arena, const char *text, size_t length);
/** The same into a buffer, replacing its content. */
void fd_returns__fold_into(fd_buf *out, fd_view text);
/** Does a folded name fit a folded pattern with '*'? */
bool fd_returns__fits(const char *pattern, const char *name);
/** First column that a folded header name stands for, and the next one after `entry`; 0 when there
 * is none. */
uint32_t fd_form__first(const fd_form *form, fd_view name);
uint32_t fd_form__next(const fd_form *form, uint32_t entry);
const fd_form_column *fd_form__column_of(const fd_form *form, uint32_t entry);
/** The header that names this column, as somebody writes it: the item's own name where the form
 * reads it, else the first one that the form names; never one that means another column too. */
const char *fd_form__header(fd_arena *arena, const fd_form *form, const fd_form_column *c);
/** Compile one 列 clause. False after a finding. */
bool fd_form__read_column(fd_forms *forms, fd_form *form, fd_form_column *out,
                          const fd_clause *clause, const fd_forms_options *options,
                          fd_diags *diags);
/** Compile one 检查 clause. False after a finding. */
bool fd_form__read_check(fd_forms *forms, fd_form *form, fd_check *out, const fd_clause *clause,
                         fd_diags *diags);
/** A finding at a clause. @return the record, for a hint */
fd_error *fd_form__fault(fd_diags *diags, const fd_form *form, const fd_clause *clause,
                         const char *zh, const char *en, const char *word);
/** Subject kind by either name; NULL when unknown. */
const char *fd_returns__kind(const char *word);

#endif
