/*
 * ding history|diff: every version of a definition that the city file ever held, and what changed
 * between two of them, line by line.
 */
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "base/linediff.h"

static int64_t snapshot_at(const fd_table *t, size_t row)
{
    return t->columns[fd_table_find(t, "snapshot")]->v.dec[row];
}

/* Id of a declaration that was given by its Chinese name. */
static int load(fd_table **out, fd_call *call)
{
    const char *id = fd_call_text(call, "id");
    fd_table *all = NULL;
    int err;

    *out = NULL;
    if ((err = fd_reader_definition_versions(call->city->reader, id, out)) < 0 || (*out)->rows)
        return err;
    fd_table_free(*out);
    *out = NULL;
    if ((err = fd_reader_definitions(call->city->reader, &all)) < 0)
        return err;
    fd_error_set(FD_ENOTFOUND, "没有这条定义:%s", "no such definition: %s", id);
    for (size_t i = 0; i < all->rows; i++)
        if (fd_view_find(fd_view_of(fd_table_text(all, "text", i)), id) >= 0) {
            fd_error_hint("按标识找,例如 %s", "ask by id, for example %s",
                          fd_table_text(all, "id", i));
            break;
        }
    fd_table_free(all);
    return FD_ENOTFOUND;
}

/* Who stored a snapshot, and when. */
static void put_snapshot(fd_table *t, size_t row, const fd_table *snapshots, int64_t number)
{
    for (size_t i = 0; i < snapshots->rows; i++)
        if (snapshot_at(snapshots, i) == number) {
            fd_column_set_text(t->columns[2], row, fd_table_text(snapshots, "time", i));
            fd_column_set_text(t->columns[3], row, fd_table_text(snapshots, "actor", i));
        }
}

static int run_history(fd_call *call, fd_result *result)
{
    static const fd_column_spec columns[] = {
        { "version", "第几版", "Version", FD_DEC, NULL, 0 },
        { "snapshot", "快照", "Snapshot", FD_DEC, NULL, 0 },
        { "time", "时间", "Time", FD_TEXT, NULL, 0 },
        { "by", "谁写入", "By", FD_TEXT, NULL, 0 },
        { "kind", "种类", "Kind", FD_TEXT, NULL, 0 },
        { "file", "文件", "File", FD_TEXT, NULL, 0 },
        { "shipped", "随程序", "Shipped", FD_BOOL, NULL, 0 },
        { "hash", "散列", "Hash", FD_TEXT, NULL, 0 },
        { "text", "文本", "Text", FD_TEXT, NULL, 0 },
    };
    static const char *const same[] = { "kind", "file", "hash", "text" };
    fd_table *versions = NULL, *snapshots = NULL, *t;
    int err;

    if ((err = load(&versions, call)) < 0 ||
        (err = fd_reader_snapshots(call->city->reader, &snapshots)) < 0)
        goto done;
    t = fd_table_new("versions", "版本", "Versions");
    fd_table_add_columns(t, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < versions->rows; i++) {
        const size_t row = fd_table_add_row(t);

        fd_column_set_dec(t->columns[0], row, (int64_t)i + 1);
        fd_column_set_dec(t->columns[1], row, snapshot_at(versions, i));
        put_snapshot(t, row, snapshots, snapshot_at(versions, i));
        for (size_t k = 0; k < sizeof same / sizeof *same; k++)
            fd_column_set_text(t->columns[fd_table_find(t, same[k])], row,
                               fd_table_text(versions, same[k], i));
        fd_column_set_bool(t->columns[fd_table_find(t, "shipped")], row,
                           versions->columns[fd_table_find(versions, "shipped")]->v.boolean[i]);
    }
    fd_result_add(result, t);
    fd_result_say(result, "%s 有 %zu 版", "%s has %zu versions", fd_call_text(call, "id"),
                  versions->rows);
done:
    fd_table_free(versions);
    fd_table_free(snapshots);
    return err < 0 ? err : 0;
}

/* A version by how its hash begins. */
static int pick(size_t *row, const fd_table *versions, const char *hash)
{
    size_t found = 0;

    for (size_t i = 0; i < versions->rows; i++)
        if (strncmp(fd_table_text(versions, "hash", i), hash, strlen(hash)) == 0) {
            /* The same text stored again is the same version to whoever compares. */
            if (found && strcmp(fd_table_text(versions, "hash", *row),
                                fd_table_text(versions, "hash", i)) != 0)
                return fd_error_set(FD_ECONFLICT, "不止一版的散列以 %s 开头",
                                    "more than one version's hash begins with %s", hash);
            *row = i;
            found++;
        }
    if (found && hash[0])
        return 0;
    fd_error_set(FD_ENOTFOUND, "没有散列以 %s 开头的版本", "no version's hash begins with %s",
                 hash);
    return fd_error_hint("fangding ding history 列出各版的散列",
                         "fangding ding history lists the versions and their hashes");
}

static int run_diff(fd_call *call, fd_result *result)
{
    static const fd_column_spec columns[] = {
        { "op", "变化", "Change", FD_TEXT, NULL, 0 },
        { "old", "旧行", "Old line", FD_DEC, NULL, 0 },
        { "new", "新行", "New line", FD_DEC, NULL, 0 },
        { "text", "文本", "Text", FD_TEXT, NULL, 0 },
    };
    const char *from = fd_call_text(call, "from"), *to = fd_call_text(call, "to");
    size_t a, b, out = 0, in = 0;
    fd_table *versions = NULL, *t;
    fd_line_changes changes;
    int err;

    if ((err = load(&versions, call)) < 0)
        return err;
    b = versions->rows - 1;
    a = b ? b - 1 : 0;
    if ((from && (err = pick(&a, versions, from)) < 0) ||
        (to && (err = pick(&b, versions, to)) < 0))
        goto done;
    fd_linediff(&changes, fd_view_of(fd_table_text(versions, "text", a)),
                fd_view_of(fd_table_text(versions, "text", b)));
    t = fd_table_new("diff", "两版之间", "Between two versions");
    fd_table_add_columns(t, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < changes.count; i++) {
        const fd_line_change *c = &changes.items[i];
        const size_t row = fd_table_add_row(t);
        const char op[2] = { c->op, '\0' };

        fd_column_set_text(t->columns[0], row, op);
        if (c->old_line)
            fd_column_set_dec(t->columns[1], row, (int64_t)c->old_line);
        else
            fd_column_set_state(t->columns[1], row, FD_NA);
        if (c->new_line)
            fd_column_set_dec(t->columns[2], row, (int64_t)c->new_line);
        else
            fd_column_set_state(t->columns[2], row, FD_NA);
        fd_column_set_text(t->columns[3], row,
                           fd_arena_strndup(call->arena, c->text.ptr, c->text.len));
        out += c->op == '-';
        in += c->op == '+';
    }
    fd_vec_dispose(&changes);
    fd_result_add(result, t);
    fd_result_say(result, "%s:%.12s(快照 %lld)→ %.12s(快照 %lld),去 %zu 行,添 %zu 行",
                  "%s: %.12s (snapshot %lld) to %.12s (snapshot %lld), %zu lines out, %zu in",
                  fd_call_text(call, "id"), fd_table_text(versions, "hash", a),
                  (long long)snapshot_at(versions, a), fd_table_text(versions, "hash", b),
                  (long long)snapshot_at(versions, b), out, in);
done:
    fd_table_free(versions);
    return err < 0 ? err : 0;
}

static const fd_verb_param history_params[] = {
    { "id", FD_P_TEXT, true, true, false, "ID", "定义的标识", "the definition's id", NULL },
};
static const char *const history_examples[] = { "ding history sei_share --city "
                                                "out/huanzhou.fangding",
                                                NULL };
const fd_verb fd_verb_ding_history = {
    .name = "ding history",
    .zh = "一条定义的各版文本:谁、何时、散列",
    .en = "every version of a definition: by whom, when, its hash",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = history_params,
    .param_count = 1,
    .examples = history_examples,
    .run = run_history,
};

static const fd_verb_param diff_params[] = {
    { "id", FD_P_TEXT, true, true, false, "ID", "定义的标识", "the definition's id", NULL },
    { "from", FD_P_TEXT, false, false, false, "HASH", "旧版散列的开头;不写取倒数第二版",
      "how the older one's hash begins; the last but one by default", NULL },
    { "to", FD_P_TEXT, false, false, false, "HASH", "新版散列的开头;不写取最新版",
      "how the newer one's hash begins; the newest by default", NULL },
};
static const char *const diff_examples[] = { "ding diff sei_share --city out/huanzhou.fangding",
                                             NULL };
const fd_verb fd_verb_ding_diff = {
    .name = "ding diff",
    .zh = "一条定义两版之间逐行的增删",
    .en = "what was taken out of and put into a definition between two versions",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = diff_params,
    .param_count = 3,
    .examples = diff_examples,
    .run = run_diff,
};
