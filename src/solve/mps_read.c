/*
 * One pass over the lines.  A line that begins in the first column opens a section (as in fixed
 * MPS); every other line is split into words, and how many there are says whether the name of a set
 * was left out.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "solve/mps.h"

#define MOST_WORDS 7
#define MOST       ((size_t)2147483645)

typedef enum section {
    BEFORE,
    IN_SENSE,
    IN_ROWS,
    IN_COLUMNS,
    IN_RHS,
    IN_RANGES,
    IN_BOUNDS,
    IN_END
} section;

typedef fd_vec(size_t) mark_list;

typedef struct reading {
    fd_model *model;
    const char *file;
    long line;
    section at;
    char *word[MOST_WORDS];
    size_t words;
    fd_map *skipped; /* N rows after the first */
    bool has_objective, integer;
    char *column_name; /* the column being read */
    size_t column;
    char *set[IN_END];      /* the first set of each section */
    fd_vec(char) sense;     /* per row: E L G */
    fd_vec(bool) has_lower; /* per column: a bound gave it */
    /* what stands already, by row + 1 and 0 for the objective: the column that did so last, + 1; 1
     */
    mark_list last_column, right_side;
    mark_list range; /* by row */
} reading;

static int fail_at(const reading *r, int code)
{
    fd_error_at((fd_place){ .file = r->file, .row = r->line });
    return code;
}

#define FAIL(r, code, ...) fail_at(r, fd_error_set(code, __VA_ARGS__))

static int blanks(const reading *r)
{
    int err = FAIL(r, FD_EPARSE, "这一行的词数(%zu)不合格式", "a line of %zu words does not fit",
                   r->words);

    fd_error_hint("名字里不能有空格;如有,请先把空格换成下划线",
                  "names cannot hold blanks; if they do, replace them by underscores first");
    return err;
}

static int number(const reading *r, const char *word, double *out)
{
    char *end;

    *out = strtod(word, &end);
    if (end == word || *end || isnan(*out))
        return FAIL(r, FD_EPARSE, "「%s」不是数", "%s is no number", word);
    return 0;
}

/* Some writers say 1e30 or 1e31 for infinity. */
static double bound_of(double value)
{
    return value >= 1e30 ? FD_LP_INF : value <= -1e30 ? -FD_LP_INF : value;
}

/* Only the first set of a section counts; a line without a name belongs to it. */
static bool is_other_set(reading *r, const char *name)
{
    if (!*name)
        return false;
    if (!r->set[r->at]) {
        r->set[r->at] = fd_strdup(name);
        return false;
    }
    return strcmp(r->set[r->at], name) != 0;
}

typedef enum row_kind { ROW_UNKNOWN, ROW_REAL, ROW_OBJECTIVE, ROW_SKIPPED } row_kind;

static row_kind find_row(const reading *r, const char *name, size_t *row)
{
    uint64_t ignored;

    if (fd_model_find_row(r->model, name, row))
        return ROW_REAL;
    if (r->has_objective && strcmp(name, r->model->objective) == 0)
        return ROW_OBJECTIVE;
    return fd_map_get(r->skipped, fd_view_of(name), &ignored) ? ROW_SKIPPED : ROW_UNKNOWN;
}

static int unknown_row(const reading *r, const char *name)
{
    int err = FAIL(r, FD_EPARSE, "没有叫 %s 的行", "there is no row %s", name);

    fd_error_hint("名字里不能有空格;行要先在 ROWS 里写出",
                  "names cannot hold blanks; rows are declared under ROWS first");
    return err;
}

/* A second number for the same place, which solvers take for a sum, for the last one, or refuse. */
static int stands_twice(reading *r, mark_list *marks, size_t at, size_t mark, const char *name)
{
    while (marks->count <= at)
        fd_vec_push(marks, 0);
    if (marks->items[at] == mark)
        return FAIL(r, FD_EEXISTS, "%s 在这里写了两次", "%s stands here twice", name);
    marks->items[at] = mark;
    return 0;
}

static int read_row(reading *r)
{
    char kind;
    double lower = -FD_LP_INF, upper = FD_LP_INF;
    int err;

    if (r->words != 2)
        return blanks(r);
    kind = (char)toupper((unsigned char)r->word[0][0]);
    if (r->word[0][1] || !strchr("NLGE", kind))
        return FAIL(r, FD_EPARSE, "行的种类「%s」不认识(应为 N L G E)",
                    "%s is no kind of row (N L G E)", r->word[0]);
    if (kind == 'N') {
        if (r->has_objective) {
            fd_map_set(r->skipped, fd_view_of(r->word[1]), 1);
            return 0;
        }
        r->has_objective = true;
        r->model->objective = fd_arena_strdup(r->model->arena, r->word[1]);
        return 0;
    }
    if (kind != 'L')
        lower = 0;
    if (kind != 'G')
        upper = 0;
    if (r->model->row_count >= MOST)
        return FAIL(r, FD_ELIMIT, "行太多", "too many rows");
    if ((err = fd_model_add_row(r->model, NULL, r->word[1], lower, upper)) < 0)
        return fail_at(r, err);
    fd_vec_push(&r->sense, kind);
    return 0;
}

static int read_coefficient(reading *r, const char *name, const char *text)
{
    double value;
    size_t row;
    int err;

    if ((err = number(r, text, &value)) < 0)
        return err;
    switch (find_row(r, name, &row)) {
    case ROW_REAL:
        if (r->model->entry_count >= MOST)
            return FAIL(r, FD_ELIMIT, "系数太多", "too many coefficients");
        if ((err = stands_twice(r, &r->last_column, row + 1, r->column + 1, name)) < 0)
            return err;
        fd_model_put(r->model, row, r->column, value);
        return 0;
    case ROW_OBJECTIVE:
        if ((err = stands_twice(r, &r->last_column, 0, r->column + 1, name)) < 0)
            return err;
        r->model->columns[r->column].objective = value;
        return isfinite(value) ? 0
                               : FAIL(r, FD_EPARSE, "目标系数不是有限数",
                                      "a coefficient of the objective is not finite");
    case ROW_SKIPPED:
        return 0;
    case ROW_UNKNOWN:
        break;
    }
    return unknown_row(r, name);
}

static int read_column(reading *r)
{
    int err;

    if (r->words >= 3 && strcmp(r->word[1], "'MARKER'") == 0) {
        if (strcmp(r->word[2], "'INTORG'") == 0)
            r->integer = true;
        else if (strcmp(r->word[2], "'INTEND'") == 0)
            r->integer = false;
        else
            return FAIL(r, FD_EPARSE, "标记 %s 不认识", "unknown marker %s", r->word[2]);
        return 0;
    }
    if (r->words != 3 && r->words != 5)
        return blanks(r);
    if (!r->column_name || strcmp(r->column_name, r->word[0]) != 0) {
        if (r->model->column_count >= MOST)
            return FAIL(r, FD_ELIMIT, "列太多", "too many columns");
        if ((err = fd_model_add_column(r->model, &r->column, r->word[0], 0, 0, FD_LP_INF,
                                       r->integer)) < 0)
            return fail_at(r, err);
        fd_vec_push(&r->has_lower, false);
        free(r->column_name);
        r->column_name = fd_strdup(r->word[0]);
    }
    for (size_t i = 1; i < r->words; i += 2)
        if ((err = read_coefficient(r, r->word[i], r->word[i + 1])) < 0)
            return err;
    return 0;
}

static int set_right_side(reading *r, const char *name, const char *text)
{
    fd_model_row *row;
    double value;
    size_t at;
    int err;

    if ((err = number(r, text, &value)) < 0)
        return err;
    switch (find_row(r, name, &at)) {
    case ROW_REAL:
        if ((err = stands_twice(r, &r->right_side, at + 1, 1, name)) < 0)
            return err;
        row = &r->model->rows[at];
        if (r->sense.items[at] != 'L')
            row->lower = bound_of(value);
        if (r->sense.items[at] != 'G')
            row->upper = bound_of(value);
        return 0;
    case ROW_OBJECTIVE:
        if ((err = stands_twice(r, &r->right_side, 0, 1, name)) < 0)
            return err;
        r->model->constant = -value;
        return 0;
    case ROW_SKIPPED:
        return 0;
    case ROW_UNKNOWN:
        break;
    }
    return unknown_row(r, name);
}

static int set_range(reading *r, const char *name, const char *text)
{
    fd_model_row *row;
    double value;
    size_t at;
    int err;

    if ((err = number(r, text, &value)) < 0)
        return err;
    switch (find_row(r, name, &at)) {
    case ROW_REAL:
        if ((err = stands_twice(r, &r->range, at, 1, name)) < 0)
            return err;
        row = &r->model->rows[at];
        if (r->sense.items[at] == 'L' || (r->sense.items[at] == 'E' && value < 0))
            row->lower = row->upper - fabs(value);
        else
            row->upper = row->lower + fabs(value);
        return 0;
    case ROW_OBJECTIVE:
    case ROW_SKIPPED:
        return 0;
    case ROW_UNKNOWN:
        break;
    }
    return unknown_row(r, name);
}

/* RHS and RANGES: an odd number of words begins with the name of a set. */
static int read_pairs(reading *r, int (*set)(reading *, const char *, const char *))
{
    size_t first = r->words % 2;
    int err;

    if (r->words < 2 || r->words > 5)
        return blanks(r);
    if (is_other_set(r, first ? r->word[0] : ""))
        return 0;
    for (size_t i = first; i < r->words; i += 2)
        if ((err = set(r, r->word[i], r->word[i + 1])) < 0)
            return err;
    return 0;
}

static int apply_bound(reading *r, const char *kind, size_t at, double value)
{
    fd_model_column *column = &r->model->columns[at];

    if (strcmp(kind, "UP") == 0 || strcmp(kind, "UI") == 0) {
        column->upper = bound_of(value);
        if (value < 0 && !r->has_lower.items[at])
            column->lower = -FD_LP_INF;
    } else if (strcmp(kind, "LO") == 0 || strcmp(kind, "LI") == 0) {
        column->lower = bound_of(value);
    } else if (strcmp(kind, "FX") == 0) {
        column->lower = column->upper = value;
    } else if (strcmp(kind, "FR") == 0) {
        column->lower = -FD_LP_INF;
        column->upper = FD_LP_INF;
    } else if (strcmp(kind, "MI") == 0) {
        column->lower = -FD_LP_INF;
    } else if (strcmp(kind, "PL") == 0) {
        column->upper = FD_LP_INF;
    } else { /* BV */
        column->lower = 0;
        column->upper = 1;
    }
    if (strcmp(kind, "UP") != 0 && strcmp(kind, "UI") != 0 && strcmp(kind, "PL") != 0)
        r->has_lower.items[at] = true;
    if ((strcmp(kind, "UI") == 0 || strcmp(kind, "LI") == 0 || strcmp(kind, "BV") == 0) &&
        !column->integer) {
        column->integer = true;
        r->model->integers++;
    }
    return 0;
}

/* TYPE [SET] COLUMN [VALUE]; FR MI PL BV need no value, but may have one. */
static int read_bound(reading *r)
{
    static const char *const with[] = { "UP", "LO", "FX", "UI", "LI" }, *const without[] = {
        "FR", "MI", "PL", "BV"
    };
    bool valued = false, known = false;
    const char *set = "", *name;
    double value = 0;
    size_t at;
    int err;

    if (r->words < 2 || r->words > 4)
        return blanks(r);
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        valued = valued || strcmp(r->word[0], with[i]) == 0;
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        known = known || strcmp(r->word[0], without[i]) == 0;
    if (!valued && !known)
        return FAIL(r, FD_EPARSE, "界的种类「%s」不认识", "%s is no kind of bound that is read",
                    r->word[0]);
    if (valued) {
        if (r->words < 3)
            return blanks(r);
        name = r->word[r->words - 2];
        set = r->words == 4 ? r->word[1] : "";
        if ((err = number(r, r->word[r->words - 1], &value)) < 0)
            return err;
    } else if (r->words == 3 && !fd_model_find_column(r->model, r->word[2], &at)) {
        name = r->word[1]; /* no set, but a value */
    } else {
        name = r->words == 2 ? r->word[1] : r->word[2];
        set = r->words > 2 ? r->word[1] : "";
    }
    if (!fd_model_find_column(r->model, name, &at)) {
        err = FAIL(r, FD_EPARSE, "没有叫 %s 的列", "there is no column %s", name);
        fd_error_hint("名字里不能有空格", "names cannot hold blanks");
        return err;
    }
    return is_other_set(r, set) ? 0 : apply_bound(r, r->word[0], at, value);
}

static int read_sense(reading *r, const char *word)
{
    if (strncasecmp(word, "MAX", 3) == 0)
        r->model->maximize = true;
    else if (strncasecmp(word, "MIN", 3) == 0)
        r->model->maximize = false;
    else
        return FAIL(r, FD_EPARSE, "目标方向「%s」不认识(MAX 或 MIN)",
                    "%s is no sense of the objective (MAX or MIN)", word);
    return 0;
}

static int open_section(reading *r)
{
    static const struct {
        const char *name;
        section at;
    } sections[] = { { "ROWS", IN_ROWS },     { "COLUMNS", IN_COLUMNS }, { "RHS", IN_RHS },
                     { "RANGES", IN_RANGES }, { "BOUNDS", IN_BOUNDS },   { "ENDATA", IN_END } };

    if (strcmp(r->word[0], "NAME") == 0) {
        r->model->name = fd_arena_strdup(r->model->arena, r->words > 1 ? r->word[1] : "");
        return 0;
    }
    if (strcmp(r->word[0], "OBJSENSE") == 0 && r->at <= IN_SENSE) {
        r->at = IN_SENSE;
        return r->words > 1 ? read_sense(r, r->word[1]) : 0;
    }
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        if (strcmp(r->word[0], sections[i].name) != 0)
            continue;
        /* RANGES may follow BOUNDS; everything else has its place. */
        if (sections[i].at <= r->at && !(sections[i].at == IN_RANGES && r->at == IN_BOUNDS))
            return FAIL(r, FD_EPARSE, "段 %s 的次序不对或出现两次",
                        "section %s is out of order or there twice", r->word[0]);
        r->at = sections[i].at;
        return 0;
    }
    return FAIL(r, FD_EPARSE, "段 %s 不认识(二次项、SOS 等不支持)",
                "section %s is not read (no quadratic terms, no SOS)", r->word[0]);
}

static int read_line(reading *r)
{
    switch (r->at) {
    case IN_SENSE:
        return read_sense(r, r->word[0]);
    case IN_ROWS:
        return read_row(r);
    case IN_COLUMNS:
        return read_column(r);
    case IN_RHS:
        return read_pairs(r, set_right_side);
    case IN_RANGES:
        return read_pairs(r, set_range);
    case IN_BOUNDS:
        return read_bound(r);
    case BEFORE:
    case IN_END:
        break;
    }
    return FAIL(r, FD_EPARSE, "这一行不在任何段里", "this line is in no section");
}

/* $ begins a remark, but for names that begin so. */
static bool is_remark(const reading *r, const char *word)
{
    size_t at;

    switch (r->at) {
    case IN_ROWS:
        return r->words != 1;
    case IN_COLUMNS:
        return r->words > 0 && find_row(r, word, &at) == ROW_UNKNOWN;
    case IN_RHS:
    case IN_RANGES:
        return find_row(r, word, &at) == ROW_UNKNOWN;
    case IN_BOUNDS:
        return !fd_model_find_column(r->model, word, &at);
    default:
        return true;
    }
}

/* Words of a line, in place; one more than fits counts as too many. */
static void split_words(reading *r, char *line)
{
    r->words = 0;
    for (char *p = line; *p && r->words < MOST_WORDS;) {
        char *word;

        while (isspace((unsigned char)*p))
            p++;
        if (!*p)
            break;
        for (word = p; *p && !isspace((unsigned char)*p);)
            p++;
        if (*p)
            *p++ = '\0';
        if (*word == '$' && is_remark(r, word))
            break;
        r->word[r->words++] = word;
    }
}

static int read_all(reading *r, char *text, size_t length)
{
    int err;

    for (size_t at = 0; at < length && r->at != IN_END; r->line++) {
        char *line = text + at, *end = memchr(line, '\n', length - at);
        bool opens;

        at = end ? (size_t)(end - text) + 1 : length;
        if (end)
            *end = '\0';
        opens = !isspace((unsigned char)*line);
        if (*line == '*')
            continue;
        split_words(r, line);
        if (r->words == 0)
            continue;
        err = opens ? open_section(r) : read_line(r);
        if (err < 0)
            return err;
    }
    if (r->at != IN_END)
        return FAIL(r, FD_EPARSE, "没有 ENDATA:文件不完整,或不是 MPS",
                    "there is no ENDATA: the file is cut short, or no MPS");
    if (!r->has_objective)
        r->model->objective = "OBJ";
    if ((err = fd_model_finish(r->model)) < 0)
        fd_error_at((fd_place){ .file = r->file });
    return err;
}

int fd_mps_read(fd_model **out, const char *text, size_t length, const char *file)
{
    reading r = { .file = file, .line = 1 };
    char *copy;
    int err;

    *out = NULL;
    if (memchr(text, '\0', length)) {
        err = fd_error_set(FD_EPARSE, "文件里有零字节,不是 MPS", "zero bytes: this is no MPS");
        fd_error_at((fd_place){ .file = file });
        return err;
    }
    if ((err = fd_try_alloc((void **)&copy, length + 1, 1, (size_t)4 << 30)) < 0)
        return err;
    memcpy(copy, text, length);
    r.model = fd_model_new("");
    r.skipped = fd_map_new();
    err = read_all(&r, copy, length);
    free(copy);
    free(r.column_name);
    for (size_t i = 0; i < IN_END; i++)
        free(r.set[i]);
    fd_vec_dispose(&r.sense);
    fd_vec_dispose(&r.has_lower);
    fd_vec_dispose(&r.last_column);
    fd_vec_dispose(&r.right_side);
    fd_vec_dispose(&r.range);
    fd_map_free(r.skipped);
    if (err < 0)
        fd_model_free(r.model);
    else
        *out = r.model;
    return err;
}
