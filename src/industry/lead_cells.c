/*
 * Lead cells as a city declares them: which county leads which chain, from when, who answers for
 * it; and whether the whole holds.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/industry.h"

enum { LEAST = 2, MOST = 3 };

static const char *const active = "指定";

/* A code, or a name. */
static size_t position(const fd_frame *frame, const char *text)
{
    size_t at = fd_frame_find(frame, text);

    if (at < frame->n)
        return at;
    for (size_t i = 0; i < frame->n; i++)
        if (frame->names[i] && strcmp(frame->names[i], text) == 0)
            return i;
    return frame->n;
}

static void find(fd_table *t, const char *what_zh, const char *what_en, const char *where,
                 const char *key)
{
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, where);
    fd_column_set_text(t->columns[1], row, what_zh);
    fd_column_set_text(t->columns[2], row, what_en);
    fd_column_set_text(t->columns[3], row, key);
}

static const char *name_of(const fd_frame *frame, size_t at)
{
    return frame->names[at] ? frame->names[at] : frame->codes[at];
}

static void put_day(fd_table *out, size_t row, const fd_table *records, const char *id, size_t from)
{
    int at = fd_table_find(records, id);

    if (at >= 0 && records->columns[at]->kind == FD_DATE &&
        fd_column_state(records->columns[at], from) == FD_HAS)
        fd_column_set_day(out->columns[6], row, records->columns[at]->v.day[from]);
}

/* One assignment into the list; false when it names nothing that exists. */
static bool put(fd_lead_cells *out, const fd_table *records, size_t i, const fd_frame *chains,
                const fd_frame *counties, size_t *chain, size_t *county)
{
    const char *key = fd_table_text(records, "id", i);
    const char *chain_text = fd_table_text(records, "chain", i),
               *county_text = fd_table_text(records, "county", i);
    size_t row;

    *chain = position(chains, chain_text);
    *county = position(counties, county_text);
    if (*chain == chains->n)
        find(out->findings, "没有这条产业链", "no such chain", chain_text, key);
    if (*county == counties->n)
        find(out->findings, "没有这个县区", "no such county", county_text, key);
    if (*chain == chains->n || *county == counties->n)
        return false;
    row = fd_table_add_row(out->cells);
    fd_column_set_text(out->cells->columns[0], row, key);
    fd_column_set_text(out->cells->columns[1], row, counties->codes[*county]);
    fd_column_set_text(out->cells->columns[2], row, name_of(counties, *county));
    fd_column_set_text(out->cells->columns[3], row, chains->codes[*chain]);
    fd_column_set_text(out->cells->columns[4], row, name_of(chains, *chain));
    if (fd_table_text(records, "owner", i)[0])
        fd_column_set_text(out->cells->columns[5], row, fd_table_text(records, "owner", i));
    else
        find(out->findings, "没有写牵头单位", "nobody answers for it", name_of(counties, *county),
             key);
    put_day(out->cells, row, records, "since", i);
    return true;
}

static void check_counts(fd_lead_cells *out, const fd_frame *counties, const size_t *count)
{
    char zh[160], en[160];
    size_t all = 0;

    for (size_t c = 0; c < counties->n; c++) {
        all += count[c];
        if (count[c] >= LEAST && count[c] <= MOST)
            continue;
        snprintf(zh, sizeof zh, "主导 %zu 条链,应为 %d 到 %d 条", count[c], LEAST, MOST);
        snprintf(en, sizeof en, "leads %zu chains, should be %d or %d", count[c], LEAST, MOST);
        find(out->findings, zh, en, name_of(counties, c), "");
    }
    if (all >= LEAST * counties->n && all <= MOST * counties->n)
        return;
    snprintf(zh, sizeof zh, "主导格共 %zu 个,不在 %zu 到 %zu 之间", all, LEAST * counties->n,
             MOST * counties->n);
    snprintf(en, sizeof en, "%zu lead cells in all, not within %zu to %zu", all,
             LEAST * counties->n, MOST * counties->n);
    find(out->findings, zh, en, "", "");
}

static void make_tables(fd_lead_cells *out)
{
    static const fd_column_spec cells[] = {
        { "id", "编号", "Id", FD_TEXT, NULL, 0 },
        { "county", "县区代码", "County", FD_TEXT, NULL, 0 },
        { "county_name", "县区", "Name", FD_TEXT, NULL, 0 },
        { "chain", "链代码", "Chain", FD_TEXT, NULL, 0 },
        { "chain_name", "产业链", "Name", FD_TEXT, NULL, 0 },
        { "owner", "牵头单位", "Owner", FD_TEXT, NULL, 0 },
        { "since", "起", "Since", FD_DATE, NULL, 0 },
    };
    static const fd_column_spec findings[] = {
        { "where", "在哪里", "Where", FD_TEXT, NULL, 0 },
        { "finding", "问题", "Finding", FD_TEXT, NULL, 0 },
        { "finding_en", "问题(英文)", "Finding", FD_TEXT, NULL, 0 },
        { "id", "编号", "Id", FD_TEXT, NULL, 0 },
    };

    out->cells = fd_table_new("lead_cells", "主导格", "Lead cells");
    fd_table_add_columns(out->cells, cells, sizeof cells / sizeof *cells);
    out->findings = fd_table_new("findings", "问题", "Findings");
    fd_table_add_columns(out->findings, findings, sizeof findings / sizeof *findings);
}

int fd_lead_cells_make(fd_lead_cells *out, fd_source *source, fd_date at)
{
    const fd_frame *chains, *counties;
    fd_table *records = NULL;
    bool *taken = NULL;
    size_t *count = NULL;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = source->ops->frame(source, "chain", &chains)) < 0 ||
        (err = source->ops->frame(source, "county", &counties)) < 0 ||
        (err = source->ops->records(source, "lead_cell", at, &records)) < 0)
        return err;
    make_tables(out);
    taken = fd_alloc(chains->n * counties->n + 1);
    count = fd_alloc((counties->n + 1) * sizeof *count);
    for (size_t i = 0; i < records->rows; i++) {
        size_t chain, county;

        if (strcmp(fd_table_text(records, "state", i), active) != 0 ||
            !put(out, records, i, chains, counties, &chain, &county))
            continue;
        if (taken[chain * counties->n + county]) {
            find(out->findings, "同一格登记了两次", "the same cell is declared twice",
                 name_of(counties, county), fd_table_text(records, "id", i));
            continue;
        }
        taken[chain * counties->n + county] = true;
        count[county]++;
    }
    if (out->cells->rows)
        check_counts(out, counties, count);
    free(taken);
    free(count);
    fd_table_free(records);
    return 0;
}

void fd_lead_cells_dispose(fd_lead_cells *cells)
{
    fd_table_free(cells->cells);
    fd_table_free(cells->findings);
    memset(cells, 0, sizeof *cells);
}
