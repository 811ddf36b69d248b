#include <string.h>

#include "fangding/industry.h"

static bool has(fd_number n)
{
    return n.state == FD_HAS && !n.is_estimate;
}

/* Is weight × counted ≥ total, that is at least the mean? */
static int is_large(bool *out, fd_quot weight, fd_quot total, size_t counted)
{
    fd_quot scaled;
    int err = fd_quot_mul(&scaled, weight, fd_quot_from_int((int64_t)counted));

    if (err >= 0)
        *out = fd_quot_compare(scaled, total) >= 0;
    return err;
}

static int total_weight(fd_quot *total, size_t *counted, const fd_peer *peers, size_t count)
{
    int err = 0;

    *total = fd_quot_from_int(0);
    *counted = 0;
    for (size_t i = 0; i < count && err >= 0; i++)
        if (has(peers[i].weight)) {
            err = fd_quot_add(total, *total, peers[i].weight.exact);
            ++*counted;
        }
    return err;
}

static int put_figures(fd_table *t, size_t row, const fd_peer *p)
{
    fd_quot value;
    int err;

    fd_column_set_number(t->columns[3], row, p->weight);
    fd_column_set_number(t->columns[4], row, p->rate);
    fd_column_set_number(t->columns[5], row, p->before);
    if (has(p->rate) && has(p->before)) {
        if ((err = fd_quot_sub(&value, p->rate.exact, p->before.exact)) < 0)
            return err;
        fd_column_set_quot(t->columns[6], row, value);
    }
    if (has(p->rate) && has(p->weight)) {
        if ((err = fd_quot_mul(&value, p->rate.exact, p->weight.exact)) < 0 ||
            (err = fd_quot_div(&value, value, fd_quot_from_int(100))) < 0)
            return err;
        fd_column_set_quot(t->columns[7], row, value);
    }
    return 0;
}

/* Rank by growth among those of one group, and the group's size. */
static void put_rank(fd_table *t, const fd_peer *peers, size_t count, size_t row)
{
    const char *group = fd_column_text(t->columns[2], row);
    int64_t rank = 1, size = 0;

    for (size_t i = 0; group && i < count; i++) {
        const char *other = fd_column_text(t->columns[2], i);

        if (!other || strcmp(other, group) != 0)
            continue;
        size++;
        if (has(peers[i].rate) && has(peers[row].rate))
            rank += fd_quot_compare(peers[i].rate.exact, peers[row].rate.exact) > 0;
    }
    if (group && has(peers[row].rate))
        fd_column_set_dec(t->columns[8], row, rank);
    if (group)
        fd_column_set_dec(t->columns[9], row, size);
}

int fd_peers(fd_table **out, const fd_peer *peers, size_t count)
{
    static const struct {
        const char *id, *zh, *en, *unit;
    } figures[] = { { "weight", "权重", "Weight", "%" },
                    { "growth", "增速", "Growth", "%" },
                    { "before", "上年同期增速", "Growth a year before", "%" },
                    { "improvement", "改善", "Improvement", "百分点" },
                    { "pull", "拉动", "Pull", "百分点" } };
    fd_table *t = fd_table_new("peers", "同组比较", "Peers");
    fd_quot total;
    size_t counted;
    int err;

    fd_table_add_new(t, "county", "县区代码", "County code", FD_TEXT, "", 0);
    fd_table_add_new(t, "county_name", "县区", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "group", "组", "Group", FD_TEXT, "", 0);
    for (size_t c = 0; c < sizeof figures / sizeof *figures; c++)
        fd_table_add_new(t, figures[c].id, figures[c].zh, figures[c].en, FD_QUOT, figures[c].unit,
                         0)
            ->digits = 2;
    fd_table_add_new(t, "rank", "组内位次", "Rank in the group", FD_DEC, "", 0);
    fd_table_add_new(t, "size", "组内个数", "Size of the group", FD_DEC, "", 0);
    if ((err = total_weight(&total, &counted, peers, count)) < 0)
        goto done;
    for (size_t i = 0; i < count; i++) {
        size_t row = fd_table_add_row(t);
        bool large;

        fd_column_set_text(t->columns[0], row, peers[i].code);
        fd_column_set_text(t->columns[1], row, peers[i].name ? peers[i].name : peers[i].code);
        if (has(peers[i].weight)) {
            if ((err = is_large(&large, peers[i].weight.exact, total, counted)) < 0)
                goto done;
            fd_column_set_text(t->columns[2], row, large ? "large" : "other");
        }
        if ((err = put_figures(t, row, &peers[i])) < 0)
            goto done;
    }
    for (size_t i = 0; i < count; i++)
        put_rank(t, peers, count, i);
    fd_table_add_note(t, "分组:权重不低于平均的为一组,其余为一组;只在组内比位次",
                      "groups: weight at least the mean, and the others; ranks are inside a group");
    *out = t;
    t = NULL;
done:
    fd_table_free(t);
    return err < 0 ? err : 0;
}
