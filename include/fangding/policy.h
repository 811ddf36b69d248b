/*
 * Policies over enterprises: results, amounts, what is missing, the shortest way in, what-if, the
 * ladder.
 *
 * Everything here is pure: a checked program and an fd_source go in, bitmaps and tables come out.
 * Nothing opens a file, prints or reads a clock, and the bytes do not depend on the number of
 * threads.
 *
 *     fd_policy_set_new(&set, program, source, policies, count, &options);
 *     fd_policy_set_run(set);
 *     fd_policy_result(set, slot, enterprise)      // 符合 不符合 待补 待人工
 *
 * Time.  A policy's key date decides its edition and what the figures mean: a figure without
 * brackets is that of the year of the key date (stocks: the newest one known by then), [上年] and
 * [-1] the closed year before, 近N年 the N closed years before.  A policy with 期间 reads figures
 * without brackets over that span.
 *
 * Truth is Kleene's.  缺报 and 待核 are unknown; 不适用 is what the policy says.
 */
#ifndef FANGDING_POLICY_H
#define FANGDING_POLICY_H

#include "fangding/ding.h"

#ifdef __cplusplus
extern "C" {
#endif

struct fd_pool; /* base/pool.h */

typedef enum fd_outcome {
    FD_OUT = 0,    /* no edition in force on the key date */
    FD_FAILS = 1,  /* 不符合 */
    FD_NEEDS = 2,  /* 待补 */
    FD_MANUAL = 3, /* 待人工 */
    FD_MEETS = 4   /* 符合 */
} fd_outcome;

/** 期间 of a policy as a period; FD_PERIOD_NONE without one, or when it is no year, quarter or run
 * of months from January. */
FD_API fd_period fd_policy_span(const fd_policy *policy);

FD_API const char *fd_outcome_name(fd_outcome outcome, fd_lang lang);

/* A parameter set to another value: what-if. */
typedef struct fd_policy_setting {
    const fd_policy *policy;
    const fd_policy_param *param;
    fd_decimal value; /* in the parameter's unit */
} fd_policy_setting;

typedef struct fd_policy_options {
    int version;
    fd_date on;           /* the key date */
    const char *edition;  /* evaluate this edition whatever the date; NULL = by the date */
    struct fd_pool *pool; /* NULL = this thread only */
} fd_policy_options;
#define FD_POLICY_OPTIONS_INIT                                                                     \
    {                                                                                              \
        1, FD_DATE_NONE, NULL, NULL                                                                \
    }

typedef struct fd_policy_set fd_policy_set;

/* One policy in one edition over all enterprises. */
typedef struct fd_policy_slot {
    const fd_policy *policy;
    size_t edition;    /* index into policy->versions */
    size_t part_count; /* of the policy */
    const int
        *roots; /* per part: index of its truth, -1 for values, 人工 and parts of other editions */
    bool has_manual;   /* a person decides something */
    uint64_t *fails;   /* per enterprise: some condition is false */
    uint64_t *unknown; /* per enterprise: none is false and some is unknown */
} fd_policy_slot;

/**
 * Compile policies for one key date.  Conditions that say the same of the same figures are one.
 *
 * @param[out] out  release with fd_policy_set_free(); borrows program, source and pool
 * @return FD_EINVAL without a key date; FD_EOVERFLOW when a figure is so large that a product would
 *         not fit 128 bits; what the source returns
 */
FD_API int fd_policy_set_new(fd_policy_set **out, const fd_program *program, fd_source *source,
                             const fd_policy *const *policies, size_t count,
                             const fd_policy_options *options);
FD_API void fd_policy_set_free(fd_policy_set *set);
/** Change a parameter; the next run computes only what names it. */
FD_API int fd_policy_set_change(fd_policy_set *set, const fd_policy_setting *setting);
/** Evaluate every policy over every enterprise.  O(conditions × enterprises), once per condition.
 */
FD_API int fd_policy_set_run(fd_policy_set *set);

FD_API const fd_frame *fd_policy_set_frame(const fd_policy_set *set);
FD_API const fd_policy_slot *fd_policy_set_slots(const fd_policy_set *set, size_t *count);
/** The slot of a policy (edition -1: the newest in force); NULL when none is. */
FD_API const fd_policy_slot *fd_policy_set_slot(const fd_policy_set *set, const fd_policy *policy,
                                                int edition);
FD_API fd_outcome fd_policy_result(const fd_policy_set *set, const fd_policy_slot *slot,
                                   size_t row);
/** Truth of one part; FD_UNKNOWN for 人工. */
FD_API fd_truth fd_policy_truth(const fd_policy_set *set, const fd_policy_slot *slot, size_t part,
                                size_t row);
/** How many distinct truths and values were compiled, and conditions asked for. */
FD_API void fd_policy_set_size(const fd_policy_set *set, size_t *nodes, size_t *conditions);

/* ---- one enterprise ----------------------------------------------------------------------------
 */

/* A field of the enterprise as a policy reads it. */
typedef struct fd_policy_field {
    const fd_item *item;
    const char *variant;
    fd_period period; /* FD_PERIOD_NONE for attributes */
    fd_basis basis;
    bool held; /* the government holds it */
} fd_policy_field;

/**
 * A smallest set of unknown fields that is enough to decide, in document order: with all of them
 * known every open condition can become true, and none of them can be left out (a field behind a
 * condition that turns out otherwise may prove not to be needed).  Empty unless the result is 待补.
 *
 * @param[out] out  *count fields, the caller's array (free)
 */
FD_API int fd_policy_missing(fd_policy_field **out, size_t *count, fd_policy_set *set,
                             const fd_policy_slot *slot, size_t row);
/** 研发费用[2024]: name and period. @return length */
FD_API size_t fd_policy_field_name(const fd_policy_field *field, fd_lang lang, char *buf,
                                   size_t size);

/* How far a condition is from holding, for one comparison of figures. */
typedef struct fd_policy_gap {
    bool has_value, has_gap;
    fd_quot left, right;   /* both sides, in base units */
    const fd_unit *unit;   /* of left */
    fd_expr_kind relation; /* the one wanted */
    const fd_expr *left_expr, *right_expr;
    const fd_expr *moves;   /* what the gap is about: a numerator, or the whole left side */
    const fd_expr *divisor; /* of a ratio, or NULL */
    fd_quot have, need;     /* of `moves`, in base units */
    fd_quot gap;            /* what is short (or too much), in base units, exact */
    const fd_unit *gap_unit;
} fd_policy_gap;
/** Of a false part; the first comparison in it that is false. has_gap false for texts and dates. */
FD_API int fd_policy_gap_of(fd_policy_gap *out, fd_policy_set *set, const fd_policy_slot *slot,
                            size_t part, size_t row);

/** The grant in fen of an enterprise that meets; state FD_MISSING when it cannot be told. Rounded
 * down to the fen; 0 where the formula gives less than nothing. */
FD_API int fd_policy_amount(fd_state *state, int64_t *fen, fd_policy_set *set,
                            const fd_policy_slot *slot, size_t row);

/** A part, or the amount, of one row by walking the definition: slow, and independent of the
 * vectors (tests compare them). */
FD_API int fd_policy_walk_truth(fd_truth *out, fd_policy_set *set, const fd_policy_slot *slot,
                                size_t part, size_t row);

/* ---- money ------------------------------------------------------------------------------------
 */

/** Split an amount (fen, >= 0) by weights so that the parts add up to it exactly: largest
 * remainders, ties to the first.  FD_EINVAL: no positive weight. O(n log n) */
FD_API int fd_share_out(int64_t *parts, int64_t amount, const int64_t *weights, size_t count);
/** What a pool of fen pays on claims: in order (the first come are paid in full, the one at the end
 * in part) or pro rata (largest remainders). */
FD_API int fd_pool_pay(int64_t *paid, const int64_t *claims, size_t count, int64_t pool,
                       fd_pool_rule rule);

/* ---- tables ------------------------------------------------------------------------------------
 */

typedef struct fd_policy_check_options {
    int version;
    const char *enterprise; /* code or name; NULL = all */
    fd_lang lang;
    const char *snapshot_note; /* printed below: which data answered; or NULL */
} fd_policy_check_options;
#define FD_POLICY_CHECK_INIT                                                                       \
    {                                                                                              \
        1, NULL, FD_ZH, NULL                                                                       \
    }
/** enterprise, policy, version, result, failing, missing, gap, gap_unit, amount (元), and marks
 * when something is unverified. One row per enterprise and slot. */
FD_API int fd_policy_check(fd_table **out, fd_policy_set *set,
                           const fd_policy_check_options *options);
/** Per condition: value, threshold, margin, clause; then the shortest way in. *sentence is the
 * caller's (free). */
FD_API int fd_policy_why(fd_table **out, char **sentence, fd_policy_set *set,
                         const fd_policy_slot *slot, size_t row, fd_lang lang);
struct fd_buf; /* base/str.h */
/** One line per condition that keeps a row out, for all rows in quantity: name, 不符合 or 待补, the
 * figures left and right where there are such, clause; tabs between. */
FD_API int fd_policy_reasons(struct fd_buf *out, const fd_policy_set *set,
                             const fd_policy_slot *slot, size_t row);
/** The policy as a table for the law department: part, what it says, threshold, clause, letter. */
FD_API int fd_policy_table(fd_table **out, const fd_program *program, const fd_policy *policy,
                           fd_lang lang);

/** How many answers there are of each outcome, over all enterprises and, with `grants`, only the
 * policies that grant money: counts[FD_OUT … FD_MEETS]. */
FD_API void fd_policy_count(size_t counts[5], const fd_policy_set *set, bool grants);

typedef struct fd_policy_shift {
    fd_table *firms;  /* enterprise, before, after, change, because, amount_before, amount_after */
    fd_table *budget; /* dimension, group, gains, losses, before, after, change (元), unknown: firms
                         whose amount cannot be told, which the sums leave out */
    size_t gains, losses, undecided; /* enterprises; undecided: 待补 before or after */
    int64_t before, after;           /* 0.01 元, of the amounts that are known */
} fd_policy_shift;
/** Two sets over one source: who gains, who loses, by which condition, what it costs by county and
 * chain. */
FD_API int fd_policy_compare(fd_policy_shift *out, fd_policy_set *before,
                             const fd_policy_slot *slot_before, fd_policy_set *after,
                             const fd_policy_slot *slot_after);
/** Who has it, who nearly, who could be granted it without asking (免申即享), by proof; and which
 * one further feed would unlock most. */
FD_API int fd_policy_push(fd_table **firms, fd_table **feeds, fd_policy_set *set);

/** Amounts, pool and shares of one slot: enterprise, claim, paid, then one column per sharer (元).
 * A claim that cannot be told is blank, and so are the payments that hang on it (pool in order: all
 * later ones; pro rata: all). */
FD_API int fd_policy_grants(fd_table **out, fd_policy_set *set, const fd_policy_slot *slot);

/**
 * What all policies of the set give together, by the rules of their stacking groups (叠加).
 *
 * Of the grants of one group that an enterprise meets: 取高 counts the largest (ties: the first
 * declared), 累加 all, 封顶 all in order of declaration until the cap is reached. A grant without a
 * group counts in full. While one amount of a group is unknown, what the group counts is unknown.
 *
 * @param[out] out  enterprise, group, policy, claim, counted (元), rule; one row per grant that is
 *                  met, enterprises in the frame's order
 * @return FD_ECONFLICT when policies of one group name different rules or caps; O(enterprises ×
 *         policies)
 */
FD_API int fd_policy_stack(fd_table **out, fd_policy_set *set);

/** The columns of fd_policy_changes(), empty: enterprise, policy, version, then, now, amount_then,
 * amount_now (元), cause, detail. The caller frees it. */
FD_API fd_table *fd_policy_changes_table(void);
/**
 * Which answers about one policy differ between two sets that have run, and why.
 *
 * A row per enterprise whose result or amount differs. `cause` is 政策新增, 政策撤下, 政策修订 (its
 * text), 数据 (a figure that it reads), both, 企业新增, 企业退出, or 共用的定义 when neither the
 * text nor a figure of the enterprise differs; `detail` names the conditions that turned, and the
 * figures with both values.
 *
 * @param into        rows are appended
 * @param then, now   sets of the one policy (its newest edition in force), over sources and
 * programs of their own; one of them may be NULL: the policy was not there
 * @param enterprise  code or name; NULL: all
 * @return 0 or what an amount fails with; O(enterprises × figures that the policy reads)
 */
FD_API int fd_policy_changes(fd_table *into, fd_policy_set *then, fd_policy_set *now,
                             const char *enterprise);

/* ---- samples ------------------------------------------------------------------------------------
 */

/** Run the 样例 of a policy: policy, sample, expected, got, ok. *failed counts the wrong ones.
 * FD_EPARSE when a sample cannot be read. */
FD_API int fd_policy_samples(fd_table **out, size_t *failed, const fd_program *program,
                             const fd_policy *policy);

/* ---- ladder ------------------------------------------------------------------------------------
 */

/**
 * Per enterprise: every title held that leads to a next rung, or that has none above it, or that
 * runs out within 90 days; the next rung (empty: none), passed and total, repairs, money short
 * (万元), years that cannot be bought, alert. Who holds none has a line for each first rung. Money
 * is empty while a condition waits for a figure in 元, years while one waits for a figure in 年:
 * unknown is not zero.
 */
FD_API int fd_ladder_table(fd_table **out, fd_policy_set *set, const fd_ladder *ladder,
                           const char *enterprise);
/** Flow between rungs: year, from, to, firms; and the pipeline per rung: holding, ready, nearly. */
FD_API int fd_ladder_flow(fd_table **flow, fd_table **pipeline, fd_policy_set *set,
                          const fd_ladder *ladder);

/* ---- a source in memory ---------------------------------------------------------------------- */

/* Enterprises and their figures, for plain tables, samples and tests. */
typedef struct fd_facts fd_facts;
FD_API fd_facts *fd_facts_new(void);
FD_API void fd_facts_free(fd_facts *facts);
FD_API fd_source *fd_facts_source(fd_facts *facts); /* owned by the facts */
/** Before any column. Copies codes and names (names NULL: the codes). */
FD_API void fd_facts_subjects(fd_facts *facts, size_t n, const char *const *codes,
                              const char *const *names);
/** Take over a column aligned with the subjects. `item` is an item's id, with its variant. */
FD_API void fd_facts_add(fd_facts *facts, const char *item, fd_period period, fd_basis basis,
                         fd_column *column);
/** Take over an attribute (TEXT), the same on every day. */
FD_API void fd_facts_attribute(fd_facts *facts, const char *attribute, fd_column *column);

#ifdef __cplusplus
}
#endif
#endif
