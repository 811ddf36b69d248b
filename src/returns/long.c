/*
 * Rows that say themselves what they give: an energy code, a period, an indicator.
 *
 * Values go to buckets, one for each (item with variant, period, basis, source); a bucket becomes a
 * segment.  Such forms are small; what one file may hold is capped.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "returns/read.h"

enum { MOST_CELLS = 8000000, LONGEST_MARK = 24 };

/* What one row says beside its subject. */
typedef struct long_row {
    const char *variant;
    fd_period period;
    int basis; /* or FD_BASIS_ANY */
    const char *law, *marks;
    const char *span; /* years a figure stands for, when more than the period's: "2021-2024" */
    const fd_unit *unit;
    const char *unit_text;
} long_row;

static fd_view role_text(const fd_sheet *sheet, const fd_row *row, fd_role_of role)
{
    size_t at = sheet->roles[role];

    return at && at - 1 < row->count ? fd_view_trim(row->cells[at - 1].text) : (fd_view){ "", 0 };
}

static const char *keep(fd_reader_state *s, fd_view v)
{
    return fd_arena_strndup(s->arena, v.ptr, v.len);
}

static void refuse(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, fd_role_of role,
                   const char *rule, fd_view found, const char *expected_zh,
                   const char *expected_en, const char *zh, const char *en)
{
    fd_returns__reject(s, rule, sheet, row->number, sheet->roles[role], "", keep(s, found),
                       expected_zh, expected_en, "%s%.0s", "%.0s%s", zh, en);
}

/* ---- buckets
 * ---------------------------------------------------------------------------------------------- */

static uint32_t bucket_of(fd_reader_state *s, const fd_bucket *like)
{
    fd_buf key = FD_BUF_INIT;
    uint64_t at, known = s->buckets.count;

    fd_buf_printf(&key, "%s|%s|%d|%d|%s|%s|%s", like->kind, like->item, like->period,
                  (int)like->basis, like->unit, like->law, like->marks);
    at = fd_map_intern(s->bucket_index, (fd_view){ fd_buf_text(&key), key.len }, known);
    if (at == known) {
        fd_vec_push(&s->buckets, *like);
        s->buckets.items[known].item = keep(s, fd_view_of(like->item));
    }
    fd_buf_dispose(&key);
    return (uint32_t)at;
}

/* One figure, and how it stands in the file: `written` against `written_scale`, or as spelled. */
static int put(fd_reader_state *s, uint32_t bucket, int32_t subject, uint32_t ordinal,
               const fd_cell_value *v, int written_scale, fd_view text)
{
    fd_bucket *b = &s->buckets.items[bucket];
    fd_bucket_cell cell = { subject, ordinal, v->dec, (uint8_t)v->state, v->written, 0 };

    if (b->cells.count == 0)
        b->written_scale = (int8_t)written_scale;
    if (cell.written != FD_WRITTEN_UNKNOWN && b->written_scale != written_scale)
        cell.written = FD_WRITTEN_SPELLED; /* rows of one item may have units of their own */
    if (cell.written == FD_WRITTEN_SPELLED) {
        cell.spelled = (uint32_t)s->spelled.count;
        fd_vec_push(&s->spelled, keep(s, text));
    }
    if (++s->bucket_cells > MOST_CELLS)
        return fd_error_set(FD_ELIMIT, "这种报表一个文件最多 %d 个数,请分文件",
                            "a file of this form holds at most %d figures; split it", MOST_CELLS);
    fd_vec_push(&b->cells, cell);
    return 0;
}

/* ---- variants
 * ------------------------------------------------------------------------------------------------
 */

static const struct fd_code_entry *entry_of(const fd_code_list *list, const char *code)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->entries[i].code, code) == 0)
            return &list->entries[i];
    return NULL;
}

/* A name that is nobody's in the list: the code decides, and it is said (沼气 under 天然气's code).
 */
static void compare_variant_names(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row,
                                  fd_view name, const struct fd_code_entry *e)
{
    const char *given = fd_returns__fold(s->arena, name.ptr, name.len),
               *listed = fd_returns__fold(s->arena, e->name, strlen(e->name));

    if (*given && !strstr(given, listed) && !strstr(listed, given))
        fd_returns__find(s, FD_WARNING, "variant", sheet, row->number, "",
                         "品种名称与目录不同,以代码为准",
                         "the name differs from the list's; the code decides", keep(s, name),
                         e->name, e->name);
}

/* The row's code, in the list's width; and its unit and name against the list's. */
static bool read_variant(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row,
                         long_row *out)
{
    fd_view code = role_text(sheet, row, FD_COL_VARIANT),
            name = role_text(sheet, row, FD_COL_VARIANT_NAME);
    fd_view unit = role_text(sheet, row, FD_COL_UNIT);
    const fd_code_list *list = s->form->list;
    const struct fd_code_entry *e;
    char text[32];

    if (!code.len || code.len >= sizeof text - 1) {
        refuse(s, sheet, row, FD_COL_VARIANT, "variant", code, "代码", "a code", "没有代码",
               "no code is given");
        return false;
    }
    snprintf(text, sizeof text, "%s%.*s", code.len == 1 && list ? "0" : "", (int)code.len,
             code.ptr);
    out->variant = keep(s, fd_view_of(text));
    if (!list)
        return true;
    e = entry_of(list, text);
    if (!e) {
        refuse(s, sheet, row, FD_COL_VARIANT, "variant", code, list->name, list->name,
               "目录里没有这个代码", "the list has no such code");
        return false;
    }
    out->unit_text = e->unit;
    /* A name that belongs to another code: which of them is wrong is not for us to say. */
    if (name.len && !fd_view_is(name, e->name))
        for (size_t i = 0; i < list->count; i++)
            if (fd_view_is(name, list->entries[i].name)) {
                refuse(s, sheet, row, FD_COL_VARIANT, "code-conflict", name, e->name, e->name,
                       "名称和代码对不上", "name and code disagree");
                return false;
            }
    compare_variant_names(s, sheet, row, name, e);
    if (unit.len && e->unit[0] && !fd_view_is(unit, e->unit)) {
        const fd_unit *given = fd_program_unit(s->form->program, keep(s, unit));
        const fd_unit *wanted = fd_program_unit(s->form->program, e->unit);

        if (!given || given != wanted) {
            fd_quot factor;

            if (given && wanted && fd_unit_factor(&factor, given, wanted) == 0 &&
                fd_quot_compare(factor, fd_quot_from_int(1)) == 0)
                return true;
            refuse(s, sheet, row, FD_COL_UNIT, "unit", unit, e->unit, e->unit, "计量单位与目录不符",
                   "the unit differs from the list's");
            return false;
        }
    }
    return true;
}

/* Rows of parts add to the sum, the total row is remembered. */
static void sum_variants(fd_reader_state *s, fd_sheet *sheet, const fd_check *check,
                         const long_row *r, int32_t subject, uint32_t bucket, uint32_t cell,
                         int64_t total)
{
    size_t known = s->variant_sums.count;
    uint64_t at =
        fd_map_intern(s->sums, (fd_view){ (const char *)&subject, sizeof subject }, known);
    const fd_bound *amount = NULL, *factor = NULL;
    fd_variant_sum *sum;
    fd_i128 product;

    if (at == known)
        fd_vec_push(&s->variant_sums, (fd_variant_sum){ 0 });
    sum = &s->variant_sums.items[at];
    if (strcmp(r->variant, check->variant) == 0) {
        sum->seen = true;
        sum->bucket = bucket;
        sum->cell = cell;
        sum->total = total;
        return;
    }
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        const fd_bound *b = &sheet->bounds.items[i];

        if (b->c->variant)
            continue;
        if (b->c->item == check->terms[0].item)
            amount = b;
        if (b->c->item == check->terms[1].item)
            factor = b;
    }
    if (!amount || amount->states[sheet->n] == FD_NA || amount->dec[sheet->n] == 0)
        return;
    if (!factor || factor->states[sheet->n] == FD_MISSING ||
        amount->states[sheet->n] == FD_MISSING) {
        sum->unknown = true;
        return;
    }
    product = (fd_i128)amount->dec[sheet->n] * factor->dec[sheet->n];
    if (fd_i128_add_overflow(sum->sum, product, &sum->sum))
        sum->unknown = true;
}

/* ---- indicators
 * ----------------------------------------------------------------------------------------------------
 */

/* One word of a status as a mark; 公开, 核定 and the like say no more than the form and basis do.
 */
static void add_status_mark(fd_buf *out, fd_view word)
{
    static const char *const plain[] = { "公开", "核定", "测算", "published", "verified", "初步" };
    static const char *const doubt[] = { "unverified", "未核实", "待核" };
    fd_view have = { fd_buf_text(out), out->len }, piece;

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (fd_view_is(word, plain[i]))
            return;
    for (size_t i = 0; i < sizeof doubt / sizeof *doubt; i++)
        if (fd_view_is(word, doubt[i]))
            word = fd_view_of("unverified");
    if (!word.len || word.len > LONGEST_MARK)
        return;
    while (fd_view_split(&have, ';', &piece))
        if (fd_view_equal(piece, word))
            return;
    if (out->len)
        fd_buf_putc(out, ';');
    fd_buf_view(out, word);
}

/* Status words (示例;期间待核), source and span of a row. The words become marks of the figure. */
static void read_marks(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, long_row *r)
{
    fd_view status = role_text(sheet, row, FD_COL_STATUS),
            source = role_text(sheet, row, FD_COL_SOURCE), word;
    fd_buf out = FD_BUF_INIT, folded = FD_BUF_INIT;

    r->basis = FD_BASIS_ANY;
    if (fd_view_find(status, "核定") >= 0)
        r->basis = FD_VERIFIED;
    if (source.len)
        r->law = keep(s, source);
    if (s->options->marks)
        fd_buf_puts(&out, s->options->marks);
    fd_utf8_fold(&folded, status);
    for (size_t i = 0; i < folded.len; i++)
        if (folded.ptr[i] == ',')
            folded.ptr[i] = ';';
    for (status = (fd_view){ fd_buf_text(&folded), folded.len };
         fd_view_split(&status, ';', &word);)
        add_status_mark(&out, fd_view_trim(word));
    if (r->span)
        add_status_mark(&out, fd_view_of(r->span));
    r->marks = keep(s, (fd_view){ fd_buf_text(&out), out.len });
    fd_buf_dispose(&out);
    fd_buf_dispose(&folded);
}

/* 全市 or nothing is the city; a county's name is that county. */
static bool read_scope(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row,
                       const char **kind, int32_t *subject)
{
    fd_view scope = role_text(sheet, row, FD_COL_SCOPE);
    const char *code, *name;
    int32_t id;

    *kind = s->form->kind;
    if (!scope.len || fd_view_starts(scope, "全市") || fd_view_starts(scope, "市本级")) {
        return true;
    }
    fd_buf_clear(&s->name);
    fd_buf_view(&s->name, scope);
    if (s->handler->describe &&
        s->handler->describe(s->handler->payload, s->form->kind, *subject, &code, &name) == 1 &&
        name && fd_view_is(scope, name))
        return true;
    if (s->handler->find_name && s->handler->find_name(s->handler->payload, "county",
                                                       fd_buf_text(&s->name), &id, &code) == 1) {
        *kind = "county";
        *subject = id;
        return true;
    }
    return false;
}

static bool is_target(const fd_sheet *sheet, const fd_row *row)
{
    fd_view name = role_text(sheet, row, FD_COL_INDICATOR),
            status = role_text(sheet, row, FD_COL_STATUS);

    return sheet->roles[FD_COL_INDICATOR] &&
           (fd_view_starts(status, "target") || fd_view_starts(status, "目标") ||
            fd_view_starts(name, "目标:") || fd_view_starts(name, "目标："));
}

static int take_indicator(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, long_row *r,
                          int32_t subject, uint32_t ordinal, bool *refused)
{
    fd_view name = role_text(sheet, row, FD_COL_INDICATOR),
            unit = role_text(sheet, row, FD_COL_UNIT);
    const fd_program *program = s->form->program;
    const char *figure = fd_forms__figure(s->forms, name);
    const fd_item *item = figure ? fd_program_item(program, figure) : NULL;
    const fd_indicator *indicator = figure && !item ? fd_program_indicator(program, figure) : NULL;
    const fd_unit *to, *from = NULL;
    fd_number_plan plan;
    fd_cell_value v;
    fd_bucket b = { 0 };
    size_t at = sheet->roles[FD_COL_VALUE];
    int32_t place = subject;

    if (!read_scope(s, sheet, row, &b.kind, &place)) {
        refuse(s, sheet, row, FD_COL_SCOPE, "subject", role_text(sheet, row, FD_COL_SCOPE),
               "全市,或县区名称", "全市, or the name of a county", "范围不是本市或它的县区",
               "not about this city or one of its counties");
        *refused = true;
        return 0;
    }
    if (!item && !indicator) {
        refuse(s, sheet, row, FD_COL_INDICATOR, "indicator", name, "数据字典里的名称",
               "a name of the dictionary", "没有这个数据项或指标", "no such item or indicator");
        *refused = true;
        return 0;
    }
    if (item && item->value_kind != FD_DEC) {
        refuse(s, sheet, row, FD_COL_INDICATOR, "indicator", name, "数", "a number", "数据项不是数",
               "the item is no number");
        *refused = true;
        return 0;
    }
    if (item && strcmp(item->kind, b.kind) != 0) {
        refuse(s, sheet, row, FD_COL_SCOPE, "subject", role_text(sheet, row, FD_COL_SCOPE),
               item->kind, item->kind, "数据项不属于这个范围", "the item is not one of this scope");
        *refused = true;
        return 0;
    }
    subject = place;
    to = item ? item->unit : indicator->unit;
    if (unit.len) {
        fd_quot factor;

        from = fd_program_unit(program, keep(s, unit));
        if (!from || fd_unit_factor(&factor, from, to) < 0) {
            refuse(s, sheet, row, FD_COL_UNIT, "unit", unit, to->name, to->name, "单位不对",
                   "the unit does not fit");
            *refused = true;
            return 0;
        }
    }
    b.scale = item ? item->scale : (int8_t)(indicator->digits > 4 ? indicator->digits : 4);
    if (fd_number_plan_make(&plan, program, from, to, b.scale, s->form->dash) < 0 ||
        at - 1 >= row->count)
        v = (fd_cell_value){ .state = FD_MISSING };
    else
        fd_number_read(&v, &plan, &row->cells[at - 1]);
    if (v.fault[FD_ZH]) {
        refuse(s, sheet, row, FD_COL_VALUE, "value", row->cells[at - 1].text, v.expected[FD_ZH],
               v.expected[FD_EN], v.fault[FD_ZH], v.fault[FD_EN]);
        *refused = true;
        return 0;
    }
    if (v.state == FD_MISSING)
        return 0;
    b.item = item ? item->id : indicator->id;
    b.unit = to->name;
    b.law = r->law;
    b.marks = r->marks;
    b.sheet = sheet->name;
    b.column = "数值";
    b.period = r->period;
    b.basis = (fd_basis)(r->basis != FD_BASIS_ANY         ? r->basis
                         : s->form->basis != FD_BASIS_ANY ? s->form->basis
                                                          : FD_CURRENT);
    return put(s, bucket_of(s, &b), subject, ordinal, &v, plan.scale_in, row->cells[at - 1].text);
}

/* ---- one row
 * -----------------------------------------------------------------------------------------------------------
 */

/* 2021-2024 (also — and ~): a figure about several years stands at the last of them; the years
 * travel with it as a mark.  2025H1 is January to June. */
static bool read_span(fd_reader_state *s, fd_view v, long_row *r)
{
    fd_buf folded = FD_BUF_INIT;
    int first = 0, last = 0, half = 0, used = 0;
    bool good = false;

    fd_utf8_fold(&folded, v);
    if (sscanf(fd_buf_text(&folded), "%4d%*[-~—–至]%4d%n", &first, &last, &used) == 2 &&
        (size_t)used == folded.len && first >= 1900 && first < last && last < 2200) {
        r->period = fd_period_year(last);
        r->span = fd_arena_printf(s->arena, "%d-%d", first, last);
        good = true;
    } else if (sscanf(fd_buf_text(&folded), "%4d%*[Hh]%1d%n", &first, &half, &used) == 2 &&
               (size_t)used == folded.len && first >= 1900 && first < 2200 && half >= 1 &&
               half <= 2) {
        r->period = fd_period_cumulative(first, 6 * half);
        good = true;
    }
    fd_buf_dispose(&folded);
    return good;
}

static bool read_row_period(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row,
                            long_row *r)
{
    fd_view v = role_text(sheet, row, FD_COL_PERIOD);

    if (s->form->when != FD_WHEN_ROW)
        return true;
    if (fd_period_parse(&r->period, v.ptr, v.len) == 0) {
        if (fd_period_kind_of(r->period) != FD_DAY)
            return true;
        refuse(s, sheet, row, FD_COL_PERIOD, "period", v, "2024、2024-05、2024-01..05",
               "2024, 2024-05 or 2024-01..05", "是一天,不是期间(单元格是日期格式?)",
               "a day, not a period (is the cell formatted as a date?)");
        return false;
    }
    fd_error_clear();
    if (read_span(s, v, r))
        return true;
    refuse(s, sheet, row, FD_COL_PERIOD, "period", v, "2024、2024-05、2024-01..05、2021-2024",
           "2024, 2024-05, 2024-01..05 or 2021-2024", "不是期间", "not a period");
    return false;
}

int fd_row_take_long(fd_reader_state *s, fd_sheet *sheet, const fd_row *row, int32_t subject,
                     uint32_t ordinal, bool *refused)
{
    long_row r = { .basis = FD_BASIS_ANY,
                   .law = s->form->law,
                   .marks = s->options->marks ? s->options->marks : "" };
    const fd_check *sum = NULL;
    int err = 0;

    if (is_target(sheet, row)) {
        fd_returns__findf(s, FD_NOTE, "target", sheet, row->number, "",
                          "目标不是数据,不收;请写成「目标」定义",
                          "a target is no figure; left out, declare it as 目标");
        s->result->rows--;
        *refused = true;
        return 0;
    }
    if (!read_row_period(s, sheet, row, &r) ||
        (sheet->roles[FD_COL_VARIANT] && !read_variant(s, sheet, row, &r))) {
        *refused = true;
        return 0;
    }
    read_marks(s, sheet, row, &r);
    if (sheet->roles[FD_COL_INDICATOR])
        return take_indicator(s, sheet, row, &r, subject, ordinal, refused);
    for (size_t i = 0; i < s->form->check_count; i++)
        if (s->form->checks[i].kind == FD_CHECK_VARIANTS && r.variant)
            sum = &s->form->checks[i];
    for (size_t i = 0; err == 0 && i < sheet->bounds.count; i++) {
        const fd_bound *bound = &sheet->bounds.items[i];
        fd_bucket b = { .kind = bound->c->item->kind,
                        .unit = bound->c->item->unit->name,
                        .law = r.law,
                        .marks = r.marks,
                        .sheet = sheet->name,
                        .column = bound->header,
                        .scale = bound->c->item->scale,
                        .basis = (fd_basis)(r.basis != FD_BASIS_ANY ? r.basis : (int)bound->basis),
                        .period = r.period ? r.period : bound->period };
        char item[160];
        fd_cell_value v;
        uint32_t at;

        if (bound->c->variant && (!r.variant || strcmp(bound->c->variant, r.variant) != 0))
            continue;
        if (bound->states[sheet->n] == FD_MISSING)
            continue;
        if (bound->c->item->by && r.variant)
            snprintf(item, sizeof item, "%s:%s", bound->c->id, r.variant);
        else
            snprintf(item, sizeof item, "%s", bound->c->id);
        b.item = item;
        at = bucket_of(s, &b);
        v = (fd_cell_value){ .state = (fd_state)bound->states[sheet->n],
                             .dec = bound->dec[sheet->n],
                             .written = bound->written[sheet->n] };
        err = put(s, at, subject, ordinal, &v, bound->plan.scale_in,
                  bound->at < row->count ? row->cells[bound->at].text : (fd_view){ "", 0 });
        if (err == 0 && sum && !bound->c->variant && bound->c->item == sum->terms[0].item &&
            strcmp(r.variant, sum->variant) == 0)
            sum_variants(s, sheet, sum, &r, subject, at,
                         (uint32_t)s->buckets.items[at].cells.count - 1, bound->dec[sheet->n]);
    }
    if (err == 0 && sum && strcmp(r.variant, sum->variant) != 0)
        sum_variants(s, sheet, sum, &r, subject, 0, 0, 0);
    return err;
}

void fd_long_refused(fd_reader_state *s, int32_t subject)
{
    size_t known = s->variant_sums.count;
    uint64_t at =
        fd_map_intern(s->sums, (fd_view){ (const char *)&subject, sizeof subject }, known);

    if (at == known)
        fd_vec_push(&s->variant_sums, (fd_variant_sum){ 0 });
    s->variant_sums.items[at].unknown = true;
}

/* ---- the whole file
 * -----------------------------------------------------------------------------------------------------
 */

static int by_subject(const void *a, const void *b)
{
    const fd_bucket_cell *x = a, *y = b;

    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

static const fd_sheet *sheet_of(const fd_reader_state *s, size_t index)
{
    for (size_t i = 0; i < s->sheets.count; i++)
        if (s->sheets.items[i]->index == index)
            return s->sheets.items[i];
    return s->sheets.items[0];
}

static void refuse_twice(fd_reader_state *s, uint32_t ordinal, uint32_t other)
{
    fd_ordinal *o = &s->ordinals.items[ordinal];

    if (o->rejected)
        return;
    o->rejected = true;
    fd_returns__reject(s, "duplicate", sheet_of(s, o->sheet), o->number, 0, "", "", NULL, NULL,
                       "同一主体、同一项目在文件里不止一行(另见第 %d 行),都不收",
                       "the same subject and item come more than once (see row %d); none is taken",
                       s->ordinals.items[other].number);
}

/* Row 40 against Σ amount × factor, at the product's scale. */
static void check_sums(fd_reader_state *s, const fd_check *check)
{
    int scale = check->terms[1].item->scale;

    for (size_t i = 0; i < s->variant_sums.count; i++) {
        const fd_variant_sum *sum = &s->variant_sums.items[i];
        fd_i128 total = (fd_i128)sum->total * fd_pow10(scale), difference = sum->sum - total, limit;
        fd_bucket_cell *cell;
        char computed[48], given[48];

        if (!sum->seen || sum->unknown)
            continue;
        limit = check->tolerance_is_percent
                    ? (total < 0 ? -total : total) * check->tolerance.mantissa /
                          fd_pow10(check->tolerance.scale) / 100
                    : (fd_i128)check->tolerance.mantissa *
                          fd_pow10(scale + check->terms[0].item->scale) /
                          fd_pow10(check->tolerance.scale);
        if ((difference < 0 ? -difference : difference) <= limit)
            continue;
        cell = &s->buckets.items[sum->bucket].cells.items[sum->cell];
        fd_quot_format((fd_quot){ sum->sum, 1 }, 0, FD_ROUND_HALF_UP, computed, sizeof computed);
        fd_decimal_format((fd_decimal){ sum->total, check->terms[0].item->scale }, given,
                          sizeof given);
        {
            fd_quot exact;

            if (fd_quot_make(&exact, sum->sum,
                             (fd_i128)fd_pow10(scale) * fd_pow10(check->terms[0].item->scale)) == 0)
                fd_quot_format(exact, 2, FD_ROUND_HALF_UP, computed, sizeof computed);
        }
        if (check->effect == FD_EFFECT_DOUBT && cell->state == FD_HAS)
            cell->state = FD_DOUBT;
        fd_returns__find(s, FD_WARNING, "sum", sheet_of(s, s->ordinals.items[cell->ordinal].sheet),
                         s->ordinals.items[cell->ordinal].number,
                         s->buckets.items[sum->bucket].column, "合计行不等于各行折标之和,存为待核",
                         "the total row is not the sum of the rows × factor; kept in doubt", given,
                         computed, computed);
    }
}

int fd_long_finish(fd_reader_state *s)
{
    for (size_t i = 0; i < s->form->check_count; i++)
        if (s->form->checks[i].kind == FD_CHECK_VARIANTS)
            check_sums(s, &s->form->checks[i]);
    for (size_t i = 0; i < s->buckets.count; i++) {
        fd_bucket *b = &s->buckets.items[i];

        qsort(b->cells.items, b->cells.count, sizeof *b->cells.items, by_subject);
        for (size_t k = 1; k < b->cells.count; k++)
            if (b->cells.items[k].subject == b->cells.items[k - 1].subject) {
                refuse_twice(s, b->cells.items[k - 1].ordinal, b->cells.items[k].ordinal);
                refuse_twice(s, b->cells.items[k].ordinal, b->cells.items[k - 1].ordinal);
            }
    }
    for (size_t i = 0; i < s->ordinals.count; i++)
        s->result->accepted += !s->ordinals.items[i].rejected;
    return 0;
}

int fd_long_emit(fd_reader_state *s)
{
    int err = 0;

    for (size_t i = 0; err == 0 && i < s->buckets.count; i++) {
        fd_bucket *b = &s->buckets.items[i];
        size_t n = 0, room = b->cells.count;
        int32_t *subjects = fd_alloc(room * sizeof *subjects + 1),
                *rows = fd_alloc(room * sizeof *rows + 1);
        int64_t *dec = fd_alloc(room * sizeof *dec + 1);
        uint8_t *states = fd_alloc(room + 1), *written = fd_alloc(room + 1);
        const char **spelled = fd_alloc(room * sizeof *spelled + 1);
        bool mixed = false;

        for (size_t k = 0; err == 0 && k < room; k++)
            if (b->cells.items[k].subject < 0)
                err =
                    fd_emit_subject(s, b->cells.items[k].subject, NULL, &b->cells.items[k].subject);
        qsort(b->cells.items, room, sizeof *b->cells.items, by_subject);
        for (size_t k = 0; k < room; k++) {
            const fd_bucket_cell *c = &b->cells.items[k];

            if (s->ordinals.items[c->ordinal].rejected)
                continue;
            subjects[n] = c->subject;
            rows[n] = s->ordinals.items[c->ordinal].number;
            dec[n] = c->dec;
            states[n] = c->state;
            written[n] = c->written;
            spelled[n] = c->written == FD_WRITTEN_SPELLED ? s->spelled.items[c->spelled] : NULL;
            mixed |= c->state != FD_HAS;
            s->result->doubtful += c->state == FD_DOUBT;
            n++;
        }
        if (err == 0 && n > 0 && s->handler->segment) {
            fd_returns_segment segment = { b->kind,   b->item,
                                           b->period, b->basis,
                                           b->sheet,  b->column,
                                           b->law,    b->marks,
                                           b->scale,  b->unit,
                                           n,         subjects,
                                           dec,       mixed ? states : NULL,
                                           rows,      written,
                                           spelled,   b->written_scale };

            err = s->handler->segment(s->handler->payload, &segment);
        }
        free(subjects);
        free(rows);
        free(dec);
        free(states);
        free(written);
        free(spelled);
    }
    return err;
}
