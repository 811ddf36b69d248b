#include "io/json.h"

#include <stdbool.h>
#include <string.h>

#include "fangding/error.h"

static int fail(int code, const char *file, long line, long column)
{
    fd_place place = { file, NULL, line, column };

    fd_error_at(place);
    return code;
}

/* jansson recurses to its own, larger, limit; count brackets outside strings before it sees them.
 */
static int check_depth(const char *text, size_t length, const char *file)
{
    size_t depth = 0;
    long line = 1, column = 1;
    bool quoted = false;

    for (size_t i = 0; i < length; i++, column++) {
        char c = text[i];

        if (c == '\n') {
            line++;
            column = 0;
        }
        if (quoted) {
            if (c == '\\')
                i++, column++;
            else if (c == '"')
                quoted = false;
            continue;
        }
        if (c == '"')
            quoted = true;
        else if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && depth)
            depth--;
        if (depth > FD_JSON_MAX_DEPTH)
            return fail(fd_error_set(FD_ELIMIT, "JSON 嵌套超过 %d 层", "JSON nested deeper than %d",
                                     FD_JSON_MAX_DEPTH),
                        file, line, column);
    }
    return 0;
}

int fd_json_read(json_t **out, const char *text, size_t length, const char *file)
{
    json_error_t error;
    int err;

    *out = NULL;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (length > FD_JSON_MAX_BYTES)
        return fail(fd_error_set(FD_ELIMIT, "JSON 大于 %zu 字节", "JSON larger than %zu bytes",
                                 FD_JSON_MAX_BYTES),
                    file, 0, 0);
    if ((err = check_depth(text, length, file)) < 0)
        return err;
    *out = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (*out)
        return 0;
    fd_error_set(FD_EPARSE, "JSON 第 %d 行第 %d 列有错:%s", "JSON line %d column %d: %s",
                 error.line, error.column, error.text);
    return fail(FD_EPARSE, file, error.line, error.column);
}
