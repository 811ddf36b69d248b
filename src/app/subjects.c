#include "app/subjects.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

const fd_subject_kind fd_subject_kinds[] = {
    { "enterprise", "企业", "enterprise" },
    { "county", "县区", "county" },
    { "city", "市", "city" },
    { "division", "行业大类", "division" },
    { "chain", "产业链", "chain" },
    { "project", "项目", "project" },
};
const size_t fd_subject_kind_count = sizeof fd_subject_kinds / sizeof *fd_subject_kinds;

static void take(fd_subject *out, const fd_frame *frame, size_t i)
{
    *out = (fd_subject){ frame->kind, i, frame->ids[i], frame->codes[i], frame->names[i] };
}

/* Exact code or name in one frame. */
static bool find_exact(fd_subject *out, const fd_frame *frame, const char *text)
{
    for (size_t i = 0; i < frame->n; i++)
        if (strcmp(frame->codes[i], text) == 0 ||
            (frame->names[i] && strcmp(frame->names[i], text) == 0)) {
            take(out, frame, i);
            return true;
        }
    return false;
}

/* Is text the name without its legal form: 洹西钢铁 for 洹西钢铁有限公司(示例)? */
static bool is_short_name(const char *name, const char *text)
{
    static const char *const forms[] = { "有限公司", "有限责任公司", "股份有限公司", "集团有限公司",
                                         "集团股份有限公司" };
    size_t length = strlen(text);

    if (!length || strncmp(name, text, length) != 0)
        return false;
    name += length;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t form = strlen(forms[i]);

        if (strncmp(name, forms[i], form) == 0 &&
            (!name[form] || strcmp(name + form, "(示例)") == 0))
            return true;
    }
    return false;
}

/* The one enterprise of that short name; false when there are none or several. */
static bool find_short(fd_subject *out, const fd_frame *frame, const char *text)
{
    size_t found = 0;

    for (size_t i = 0; i < frame->n; i++)
        if (frame->names[i] && is_short_name(frame->names[i], text) && found++ == 0)
            take(out, frame, i);
    return found == 1;
}

int fd_subject_find(fd_subject *out, fd_source *source, const char *text)
{
    fd_buf matches = FD_BUF_INIT;
    const fd_frame *frame;
    size_t found = 0;
    int err = 0;

    for (size_t k = 0; k < fd_subject_kind_count; k++) {
        if ((err = source->ops->frame(source, fd_subject_kinds[k].id, &frame)) < 0)
            return err;
        if (find_exact(out, frame, text))
            return 0;
    }
    if ((err = source->ops->frame(source, "enterprise", &frame)) < 0)
        return err;
    if (find_short(out, frame, text))
        return 0;
    for (size_t k = 0; k < fd_subject_kind_count; k++) {
        if ((err = source->ops->frame(source, fd_subject_kinds[k].id, &frame)) < 0)
            return err;
        for (size_t i = 0; i < frame->n; i++) {
            if (!frame->names[i] || !strstr(frame->names[i], text))
                continue;
            if (found++ == 0)
                take(out, frame, i);
            if (found <= 5)
                fd_buf_printf(&matches, "%s%s(%s)", found > 1 ? "、" : "", frame->names[i],
                              frame->codes[i]);
        }
    }
    if (found == 1)
        goto done;
    if (found == 0) {
        err = fd_error_set(FD_ENOTFOUND, "没有这个对象:%s", "no such subject: %s", text);
        fd_error_hint(
            "用统一社会信用代码、县区代码或名称;fangding export enterprises 列出企业",
            "give a credit code, a county code or a name; fangding export enterprises lists them");
    } else {
        err = fd_error_set(FD_ECONFLICT, "「%s」对应 %zu 个对象:%s%s",
                           "\"%s\" matches %zu subjects: %s%s", text, found, fd_buf_text(&matches),
                           found > 5 ? " …" : "");
        fd_error_hint("请写全称或代码", "give the full name or the code");
    }
done:
    fd_buf_dispose(&matches);
    return err;
}

int fd_subject_find_kind(fd_subject *out, fd_source *source, const char *kind, const char *text)
{
    enum { FEW = 60 };
    fd_buf names = FD_BUF_INIT;
    const fd_frame *frame;
    const char *zh = kind;
    size_t found = 0;
    int err;

    if ((err = source->ops->frame(source, kind, &frame)) < 0)
        return err;
    if (find_exact(out, frame, text))
        return 0;
    for (size_t k = 0; k < fd_subject_kind_count; k++)
        if (strcmp(fd_subject_kinds[k].id, kind) == 0)
            zh = fd_subject_kinds[k].zh;
    for (size_t i = 0; i < frame->n; i++) {
        if (!frame->names[i])
            continue;
        if (frame->n <= FEW)
            fd_buf_printf(&names, "%s%s", names.len ? "、" : "", frame->names[i]);
        if (*text && strstr(frame->names[i], text) && found++ == 0)
            take(out, frame, i);
    }
    if (found != 1) {
        err = found ? fd_error_set(FD_ECONFLICT, "「%s」对应 %zu 个%s", "\"%s\" matches %zu (%s)",
                                   text, found, zh)
                    : fd_error_set(FD_ENOTFOUND, "没有这个%s:%s", "no such %s: %s", zh, text);
        if (names.len)
            fd_error_hint("有:%s", "there are: %s", fd_buf_text(&names));
    }
    fd_buf_dispose(&names);
    return err;
}

int fd_item_find(const fd_item **out, const fd_program *program, const char *text)
{
    const char *const *names;
    const char *nearest;
    size_t count;

    if ((*out = fd_program_item(program, text)))
        return 0;
    fd_error_set(FD_ENOTFOUND, "没有这个数据项:%s", "no such data item: %s", text);
    names = fd_program_names(program, FD_DECL_ITEM, &count);
    nearest = fd_nearest(text, names, count);
    if (nearest)
        fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
    else
        fd_error_hint("fangding show items 列出全部数据项",
                      "fangding show items lists all data items");
    return FD_ENOTFOUND;
}

int fd_item_variant(const char **out, fd_arena *arena, const fd_item *item, const char *text)
{
    const char *colon = strrchr(text, ':');

    *out = item->id;
    if (!item->by)
        return 0;
    if (!colon || !colon[1]) {
        fd_error_set(FD_EINVAL, "「%s」按%s分列,要写明是哪一种", "%s is kept by %s: say which one",
                     item->name, item->by);
        return fd_error_hint("例如 %s:33", "for example %s:33", item->id);
    }
    *out = fd_arena_printf(arena, "%s:%s", item->id, colon + 1);
    return 0;
}

int fd_item_is_statistical(bool *out, fd_reader *reader, const char *item)
{
    fd_table *items = NULL;
    const size_t length = strcspn(item, ":");
    int err, id, origin;

    *out = false;
    if ((err = fd_reader_items(reader, &items)) < 0)
        return err;
    id = fd_table_find(items, "item");
    origin = fd_table_find(items, "origin");
    for (size_t i = 0; i < items->rows && !*out; i++) {
        const char *name = fd_column_text(items->columns[id], i);
        const char *class = fd_column_text(items->columns[origin], i);

        *out = name && class && strncmp(name, item, length) == 0 &&
               (name[length] == '\0' || name[length] == ':') && strstr(class, "statistical") &&
               strcmp(class, "statistical-aggregate") != 0;
    }
    fd_table_free(items);
    return 0;
}

fd_period fd_latest_period(fd_source *source, const char *item, fd_basis basis, fd_period_kind kind)
{
    const fd_period *periods;
    fd_period latest = FD_PERIOD_NONE;
    size_t count;

    if (source->ops->periods(source, item, basis, &periods, &count) < 0)
        return FD_PERIOD_NONE;
    for (size_t i = 0; i < count; i++)
        if ((!kind || fd_period_kind_of(periods[i]) == kind) &&
            (latest == FD_PERIOD_NONE || fd_period_compare(periods[i], latest) > 0))
            latest = periods[i];
    return latest;
}

bool fd_role_sees(fd_role role, const char *origin)
{
    /* What an enterprise sees at all is its own. */
    if (role == FD_ROLE_STATISTICS || role == FD_ROLE_ENTERPRISE)
        return true;
    if (role == FD_ROLE_VIEWER)
        return origin && strcmp(origin, "published") == 0;
    return !origin || strcmp(origin, "statistical") != 0;
}
