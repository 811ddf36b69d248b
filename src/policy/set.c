/*
 * A set of policies compiled for one key date, and what may be asked of it after a run.
 */
#include "policy/set.h"

#include <stdlib.h>
#include <string.h>

#include "policy/compile.h"

const char *fd_outcome_name(fd_outcome outcome, fd_lang lang)
{
    static const char *const names[][2] = { { "不在有效期", "not in force" },
                                            { "不符合", "no" },
                                            { "待补", "incomplete" },
                                            { "待人工", "by hand" },
                                            { "符合", "yes" } };

    return names[outcome][lang];
}

fd_period fd_policy_span(const fd_policy *p)
{
    fd_period tries[3];
    int y, m, d, y2, m2, d2;

    if (p->span_from == FD_DATE_NONE)
        return FD_PERIOD_NONE;
    fd_date_split(p->span_from, &y, &m, &d);
    fd_date_split(p->span_to, &y2, &m2, &d2);
    tries[0] = fd_period_year(y);
    tries[1] = fd_period_quarter(y, (m + 2) / 3);
    tries[2] = m == 1 && m2 > 1 ? fd_period_cumulative(y, m2) : fd_period_month(y, m2);
    for (int i = 0; i < 3; i++)
        if (fd_period_start(tries[i]) == p->span_from && fd_period_end(tries[i]) == p->span_to)
            return tries[i];
    return FD_PERIOD_NONE;
}

static bool in_force(const fd_policy_version *v, const fd_policy_options *o)
{
    if (o->edition)
        return strcmp(v->name, o->edition) == 0;
    return (v->from == FD_DATE_NONE || v->from <= o->on) &&
           (o->on <= v->to || (v->until != FD_DATE_NONE && o->on <= v->until));
}

static int add_slot(fd_policy_set *set, const fd_policy *p, size_t edition)
{
    fd_slot *slot = fd_arena_alloc(set->arena, sizeof *slot);
    int y, m, d, err;

    fd_date_split(set->on, &y, &m, &d);
    slot->year = fd_period_year(y);
    slot->base = fd_policy_span(p);
    if (p->span_from != FD_DATE_NONE && !slot->base)
        return fd_error_set(FD_EINVAL, "政策「%s」的期间应为一年、一季,或一月起的几个月",
                            "the span of policy %s is a year, a quarter, or months from January on",
                            p->name);
    slot->roots = fd_arena_alloc(set->arena, (p->part_count + 1) * sizeof *slot->roots);
    slot->pub = (fd_policy_slot){
        .policy = p, .edition = edition, .part_count = p->part_count, .roots = slot->roots
    };
    for (size_t i = 0; i < p->part_count; i++)
        if (p->parts[i].kind == FD_PART_MANUAL && (p->parts[i].versions & 1u << edition))
            slot->pub.has_manual = true;
    slot->pub.fails = fd_alloc((set->words + 1) * sizeof *slot->pub.fails);
    slot->pub.unknown = fd_alloc((set->words + 1) * sizeof *slot->pub.unknown);
    fd_vec_push(&set->slots, slot);
    if ((err = fd_policy__compile(set, slot)) < 0)
        return err;
    for (size_t i = 0; i < p->part_count; i++)
        set->conditions += slot->roots[i] >= 0;
    return 0;
}

static void publish(fd_policy_set *set)
{
    set->pub = fd_arena_alloc(set->arena, (set->slots.count + 1) * sizeof *set->pub);
    for (size_t i = 0; i < set->slots.count; i++)
        set->pub[i] = set->slots.items[i]->pub;
}

int fd_policy_set_new(fd_policy_set **out, const fd_program *program, fd_source *source,
                      const fd_policy *const *policies, size_t count,
                      const fd_policy_options *options)
{
    fd_policy_set *set;
    int err;

    *out = NULL;
    if (options->on == FD_DATE_NONE)
        return fd_error_set(FD_EINVAL, "要写关键日:--on 2026-06-30",
                            "a key date is needed: --on 2026-06-30");
    set = fd_alloc(sizeof *set);
    set->arena = fd_arena_new();
    set->program = program;
    set->source = source;
    set->pool = options->pool;
    set->on = options->on;
    set->leaf_index = fd_map_new();
    set->place_index = fd_map_new();
    set->node_index = fd_map_new();
    if ((err = source->ops->frame(source, "enterprise", &set->frame)) < 0)
        goto done;
    set->words = FD_BITS_WORDS(set->frame->n);
    for (size_t i = 0; i < count; i++)
        for (size_t v = 0; v < policies[i]->version_count; v++)
            if (!policies[i]->is_template && in_force(&policies[i]->versions[v], options) &&
                (err = add_slot(set, policies[i], v)) < 0)
                goto done;
    publish(set);
done:
    if (err < 0)
        fd_policy_set_free(set);
    else
        *out = set;
    return err < 0 ? err : 0;
}

void fd_policy_set_free(fd_policy_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->nodes.count; i++) {
        free(set->nodes.items[i]->t);
        free(set->nodes.items[i]->u);
    }
    for (size_t i = 0; i < set->leaves.count; i++)
        fd_policy__leaf_free(set->leaves.items[i]);
    for (size_t i = 0; i < set->slots.count; i++) {
        free(set->slots.items[i]->pub.fails);
        free(set->slots.items[i]->pub.unknown);
    }
    fd_vec_dispose(&set->nodes);
    fd_vec_dispose(&set->leaves);
    fd_vec_dispose(&set->slots);
    fd_vec_dispose(&set->settings);
    fd_map_free(set->leaf_index);
    fd_map_free(set->place_index);
    fd_map_free(set->node_index);
    fd_arena_free(set->arena);
    free(set);
}

int fd_policy_set_change(fd_policy_set *set, const fd_policy_setting *setting)
{
    bool known = false;
    int err;

    for (size_t i = 0; i < set->settings.count; i++)
        if (set->settings.items[i].param == setting->param) {
            set->settings.items[i] = *setting;
            known = true;
        }
    if (!known)
        fd_vec_push(&set->settings, *setting);
    for (size_t i = 0; i < set->slots.count; i++)
        if (set->slots.items[i]->pub.policy == setting->policy &&
            (err = fd_policy__compile(set, set->slots.items[i])) < 0)
            return err;
    return 0;
}

int fd_policy_set_run(fd_policy_set *set)
{
    return fd_policy__run(set);
}

const fd_frame *fd_policy_set_frame(const fd_policy_set *set)
{
    return set->frame;
}

const fd_policy_slot *fd_policy_set_slots(const fd_policy_set *set, size_t *count)
{
    *count = set->slots.count;
    return set->pub;
}

const fd_policy_slot *fd_policy_set_slot(const fd_policy_set *set, const fd_policy *policy,
                                         int edition)
{
    for (size_t i = set->slots.count; i-- > 0;)
        if (set->pub[i].policy == policy && (edition < 0 || set->pub[i].edition == (size_t)edition))
            return &set->pub[i];
    return NULL;
}

fd_slot *fd_policy__slot(const fd_policy_set *set, const fd_policy_slot *pub)
{
    return set->slots.items[pub - set->pub];
}

fd_outcome fd_policy_result(const fd_policy_set *set, const fd_policy_slot *slot, size_t row)
{
    (void)set;
    if (fd_bits_get(slot->fails, row))
        return FD_FAILS;
    if (fd_bits_get(slot->unknown, row))
        return FD_NEEDS;
    return slot->has_manual ? FD_MANUAL : FD_MEETS;
}

fd_truth fd_policy_truth(const fd_policy_set *set, const fd_policy_slot *slot, size_t part,
                         size_t row)
{
    int root = slot->roots[part];
    const fd_node *n = root < 0 ? NULL : set->nodes.items[root];

    if (!n)
        return FD_UNKNOWN;
    return fd_bits_get(n->t, row) ? FD_TRUE : fd_bits_get(n->u, row) ? FD_UNKNOWN : FD_FALSE;
}

void fd_policy_set_size(const fd_policy_set *set, size_t *nodes, size_t *conditions)
{
    *nodes = set->nodes.count;
    *conditions = set->conditions;
}
