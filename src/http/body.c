#include "http/body.h"

#include <stdio.h>

int fd_body_object(json_t **out, fd_request *r)
{
    int err = fd_json_read(out, fd_buf_text(&r->body), r->body.len, NULL);

    if (err < 0)
        return err;
    if (json_is_object(*out))
        return 0;
    json_decref(*out);
    *out = NULL;
    return fd_error_set(FD_EINVAL, "应为一个 JSON 对象", "expected a JSON object");
}

int fd_body_text(const json_t *object, const char *name, bool required, char *out, size_t max)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);

    if (!value && !required)
        return 0;
    if (!text || (required && !*text))
        return fd_error_set(FD_EINVAL, "缺少 %s,或不是文本", "%s is missing or no text", name);
    if (strlen(text) > max)
        return fd_error_set(FD_EINVAL, "%s 太长(最多 %zu 字节)", "%s is longer than %zu bytes",
                            name, max);
    if (!fd_http_header_safe(text))
        return fd_error_set(FD_EINVAL, "%s 含有控制字符", "%s holds control characters", name);
    snprintf(out, max + 1, "%s", text);
    return 0;
}

int fd_body_bool(const json_t *object, const char *name, bool *out)
{
    const json_t *value = json_object_get(object, name);

    if (!value)
        return 0;
    if (!json_is_boolean(value))
        return fd_error_set(FD_EINVAL, "%s 应为 true 或 false", "%s is true or false", name);
    *out = json_is_true(value);
    return 0;
}

int fd_body_integer(const json_t *object, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(object, name);

    if (!value)
        return 0;
    if (!json_is_integer(value))
        return fd_error_set(FD_EINVAL, "%s 应为整数", "%s is a whole number", name);
    *out = json_integer_value(value);
    return 0;
}

int fd_body_only(const json_t *object, const char *const *known)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        bool found = false;

        for (size_t i = 0; known[i] && !found; i++)
            found = strcmp(known[i], name) == 0;
        if (!found)
            return fd_error_set(FD_EINVAL, "不认识的成员 %s", "unknown member %s", name);
    }
    return 0;
}
