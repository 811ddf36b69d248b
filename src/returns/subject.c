/*
 * Whom a row is about: by code, checked; else by exact name. Nobody is guessed.
 */
#include "base/utf8.h"
#include "fangding/uscc.h"
#include "returns/read.h"

static fd_view cell_at(const fd_row *row, size_t role)
{
    return role && role - 1 < row->count ? fd_view_trim(row->cells[role - 1].text)
                                         : (fd_view){ "", 0 };
}

/* Does any column of figures hold something? A row without is a footnote or a blank form. */
static bool has_figures(const fd_sheet *sheet, const fd_row *row)
{
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        size_t at = sheet->bounds.items[i].at;
        int64_t value;
        uint8_t written;

        if (at >= row->count)
            continue;
        if (row->cells[at].kind == FD_CELL_NUMBER ||
            fd_number_fast(row->cells[at].text.ptr, row->cells[at].text.len, 4, &value, &written))
            return true;
    }
    return false;
}

static bool is_footnote(fd_view v)
{
    static const char *const starts[] = { "注",         "说明",       "备注",     "填表",
                                          "单位负责人", "统计负责人", "联系",     "报出",
                                          "审核",       "制表",       "填报",     "统计单位",
                                          "补充",       "审 核",      "数据来源", "资料来源" };

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (fd_view_starts(v, starts[i]))
            return true;
    return false;
}

static bool is_total(fd_reader_state *s, fd_view v)
{
    if (!v.len || s->form->total_count == 0)
        return false;
    fd_returns__fold_into(&s->scratch, v);
    for (size_t i = 0; i < s->form->total_count; i++)
        if (strcmp(fd_buf_text(&s->scratch), s->form->totals[i]) == 0)
            return true;
    return false;
}

/* 洹西区合计, 本页小计, 其中:规上小计: sums of some rows, which nothing can be compared with. */
static bool is_subtotal(fd_view name)
{
    return fd_view_ends(name, "合计") || fd_view_ends(name, "小计") || fd_view_ends(name, "总计");
}

/* Upper case, half width; two digits for divisions, of which C34 is the same as 34. */
static void clean_code(fd_reader_state *s, fd_view v)
{
    bool plain = true;

    fd_buf_clear(&s->code);
    for (size_t i = 0; i < v.len && plain; i++)
        plain = (v.ptr[i] >= '0' && v.ptr[i] <= '9') || (v.ptr[i] >= 'A' && v.ptr[i] <= 'Z');
    if (plain) {
        fd_buf_view(&s->code, v);
    } else {
        fd_returns__fold_into(&s->code, v);
        for (size_t i = 0; i < s->code.len; i++)
            if (s->code.ptr[i] >= 'a' && s->code.ptr[i] <= 'z')
                s->code.ptr[i] = (char)(s->code.ptr[i] - 'a' + 'A');
    }
    if (strcmp(s->form->kind, "division") == 0 && s->code.len == 3 && s->code.ptr[0] >= 'A' &&
        s->code.ptr[0] <= 'T') {
        char digits[2] = { s->code.ptr[1], s->code.ptr[2] };

        fd_buf_clear(&s->code);
        fd_buf_put(&s->code, digits, sizeof digits);
    }
    if (strcmp(s->form->kind, "division") == 0 && s->code.len == 1) {
        char digit = s->code.ptr[0];

        fd_buf_clear(&s->code);
        fd_buf_putc(&s->code, '0');
        fd_buf_putc(&s->code, digit);
    }
}

static int fresh_subject(fd_reader_state *s, int32_t *id)
{
    if (fd_codes_count(s->fresh) >= INT32_MAX - 1)
        return fd_error_set(FD_ELIMIT, "文件里的主体太多", "too many subjects in the file");
    *id = -(int32_t)(fd_codes_add(s->fresh, (fd_view){ s->code.ptr, s->code.len }, NULL) + 1);
    return FD_ROW_SUBJECT;
}

static int refuse(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, bool report,
                  size_t role, const char *rule, fd_view found, const char *zh, const char *en,
                  const char *detail_zh, const char *detail_en)
{
    if (report) {
        fd_buf text = FD_BUF_INIT;

        fd_buf_view(&text, found);
        fd_returns__reject(s, rule, sheet, row->number, role, "", fd_buf_text(&text), detail_zh,
                           detail_en, "%s%.0s", "%.0s%s", zh, en);
        fd_buf_dispose(&text);
    }
    return FD_ROW_REFUSED;
}

/* The name of a row against that of the register: another name is worth a look, nothing more. */
static void compare_names(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row,
                          fd_view name, int32_t id)
{
    const char *known = NULL;
    fd_buf folded = FD_BUF_INIT;

    if (!name.len || !s->handler->describe || s->form->creates || id < 0 ||
        s->handler->describe(s->handler->payload, s->form->kind, id, NULL, &known) <= 0 || !known ||
        fd_view_is(name, known))
        return;
    fd_returns__fold_into(&folded, name);
    fd_returns__fold_into(&s->scratch, fd_view_of(known));
    if (strcmp(fd_buf_text(&folded), fd_buf_text(&s->scratch)) != 0) {
        fd_buf_clear(&folded);
        fd_buf_view(&folded, name);
        fd_returns__find(s, FD_WARNING, "name-differs", sheet, row->number, "",
                         "名称与名录不同,以代码为准",
                         "the name differs from the register; the code decides",
                         fd_buf_text(&folded), known, known);
    }
    fd_buf_dispose(&folded);
}

static int by_code(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, bool report,
                   fd_view code, fd_view name, int32_t *id)
{
    bool enterprise = strcmp(s->form->kind, "enterprise") == 0, early = false;
    size_t role = sheet->roles[FD_COL_CODE];
    int found;

    clean_code(s, code);
    if (enterprise) {
        int bad;
        fd_uscc_result check = fd_uscc_check(fd_buf_text(&s->code), &bad);

        if (check == FD_USCC_CHECK_WRONG) {
            early = true;
        } else if (check != FD_USCC_OK) {
            if (!has_figures(sheet, row) && (is_footnote(code) || row->count <= 2))
                return FD_ROW_PASSED;
            if (row->cells[role - 1].kind == FD_CELL_NUMBER)
                return refuse(s, sheet, row, report, role, "uscc", code,
                              "信用代码被存成了数值,位数已丢失",
                              "the credit code is stored as a number; its digits are lost",
                              "文本格式的 18 位代码", "18 characters, as text");
            return refuse(s, sheet, row, report, role, "uscc", code, fd_uscc_text(check, FD_ZH),
                          fd_uscc_text(check, FD_EN), "有效的统一社会信用代码",
                          "a valid unified social credit code");
        }
    }
    found = s->handler->find ? s->handler->find(s->handler->payload, s->form->kind,
                                                fd_buf_text(&s->code), s->code.len, id)
                             : 0;
    if (found < 0)
        return found;
    if (found) {
        if (early && report)
            fd_returns__find(s, FD_WARNING, "uscc", sheet, row->number, "",
                             "信用代码校验位不符,名录中有此代码,照收",
                             "the code's check digit is wrong, but the register has it; taken",
                             fd_buf_text(&s->code), NULL, NULL);
        if (report)
            compare_names(s, sheet, row, name, *id);
        return FD_ROW_SUBJECT;
    }
    if (s->form->creates || (s->options->new_subjects && !early && enterprise)) {
        if (early && report)
            fd_returns__find(
                s, FD_WARNING, "uscc", sheet, row->number, "",
                "信用代码校验位不符(早期试点码也会如此),请核对",
                "the code's check digit is wrong (so are some codes of early pilots); please check",
                fd_buf_text(&s->code), NULL, NULL);
        return fresh_subject(s, id);
    }
    if (early)
        return refuse(s, sheet, row, report, role, "uscc", code,
                      fd_uscc_text(FD_USCC_CHECK_WRONG, FD_ZH),
                      fd_uscc_text(FD_USCC_CHECK_WRONG, FD_EN), "名录中的代码",
                      "a code of the register");
    if (!has_figures(sheet, row) && is_footnote(code))
        return FD_ROW_PASSED;
    if (name.len && s->handler->find_name) {
        const char *other = NULL;
        int32_t id2;

        fd_buf_clear(&s->name);
        fd_buf_view(&s->name, name);
        if (s->handler->find_name(s->handler->payload, s->form->kind, fd_buf_text(&s->name), &id2,
                                  &other) == 1)
            return refuse(s, sheet, row, report, role, "subject", code,
                          "名录里没有这个代码;同名单位的代码不同",
                          "the register has no such code; the unit of that name has another", other,
                          other);
    }
    return refuse(s, sheet, row, report, role, "subject", code, "名录里没有这个代码",
                  "the register has no such code", "名录中的代码", "a code of the register");
}

static int by_name(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, bool report,
                   fd_view name, int32_t *id)
{
    size_t role = sheet->roles[FD_COL_NAME];
    const char *code = NULL;
    int found;

    fd_buf_clear(&s->name);
    fd_buf_view(&s->name, name);
    found = s->handler->find_name ? s->handler->find_name(s->handler->payload, s->form->kind,
                                                          fd_buf_text(&s->name), id, &code)
                                  : 0;
    if (found < 0)
        return found;
    if (found == 1)
        return FD_ROW_SUBJECT;
    if (found == 0 && !has_figures(sheet, row) && (is_footnote(name) || row->count <= 2))
        return FD_ROW_PASSED;
    if (found == 0 && s->form->total_count && is_subtotal(name)) {
        if (report) {
            fd_buf text = FD_BUF_INIT;

            fd_buf_view(&text, name);
            fd_returns__find(s, FD_NOTE, "total", sheet, row->number, "", "合计行,不当作单位",
                             "a row of sums, not a subject", fd_buf_text(&text), NULL, NULL);
            fd_buf_dispose(&text);
        }
        return FD_ROW_PASSED;
    }
    if (found == 0)
        return refuse(s, sheet, row, report, role, "subject", name,
                      "名录里没有这个名称,也没有填代码",
                      "the register has no such name, and no code is given", "代码,或名录中的全称",
                      "a code, or the full name of the register");
    return refuse(s, sheet, row, report, role, "subject", name, "名录里有几个同名单位,请填代码",
                  "several units have this name; give the code", "代码", "a code");
}

int fd_row_subject(fd_reader_state *s, const fd_sheet *sheet, const fd_row *row, bool report,
                   int32_t *id)
{
    fd_view code = cell_at(row, sheet->roles[FD_COL_CODE]),
            name = cell_at(row, sheet->roles[FD_COL_NAME]);
    uint64_t ignored;

    if (s->form->only) {
        int found = s->handler->only ? s->handler->only(s->handler->payload, s->form->kind, id) : 0;

        if (found < 0)
            return found;
        if (found != 1) {
            fd_returns__file_fault(s, "subject", sheet, 0, NULL, "城市文件里没有唯一的「%s」",
                                   "the city file has not exactly one subject of kind %s",
                                   s->form->kind);
            return FD_ROW_PASSED;
        }
        return FD_ROW_SUBJECT;
    }
    if (!code.len && !name.len) {
        if (!has_figures(sheet, row))
            return FD_ROW_PASSED;
        return refuse(s, sheet, row, report,
                      sheet->roles[FD_COL_CODE] ? sheet->roles[FD_COL_CODE] : 1, "subject", code,
                      "没有代码也没有名称", "neither code nor name", "代码或名称",
                      "a code or a name");
    }
    if (is_total(s, code) || is_total(s, name))
        return FD_ROW_TOTAL;
    if ((code.len == 0 || fd_map_get(sheet->headers, code, &ignored)) &&
        (name.len == 0 || fd_map_get(sheet->headers, name, &ignored)))
        return FD_ROW_PASSED; /* a page's header again */
    if (code.len && s->form->by_code)
        return by_code(s, sheet, row, report, code, name, id);
    if (name.len)
        return by_name(s, sheet, row, report, name, id);
    return refuse(s, sheet, row, report, sheet->roles[FD_COL_CODE], "subject", code, "没有名称",
                  "no name is given", "名称", "a name");
}
