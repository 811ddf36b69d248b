#include "app/assets.h"

#include <stdio.h>
#include <string.h>

#include "assets_table.h"

bool fd_asset_at(size_t i, const char **path, fd_view *bytes)
{
    if (i + 1 >= sizeof asset_table / sizeof *asset_table)
        return false;
    *path = asset_table[i].path;
    *bytes = (fd_view){ asset_table[i].begin, (size_t)(asset_table[i].end - asset_table[i].begin) };
    return true;
}

bool fd_asset_find(const char *path, fd_view *bytes)
{
    const char *name;

    for (size_t i = 0; fd_asset_at(i, &name, bytes); i++)
        if (strcmp(name, path) == 0)
            return true;
    return false;
}

bool fd_asset_next_definitions(size_t *i, const char **path, fd_view *bytes)
{
    while (fd_asset_at((*i)++, path, bytes))
        if (fd_view_starts(fd_view_of(*path), "definitions/") &&
            fd_view_ends(fd_view_of(*path), ".ding"))
            return true;
    return false;
}

int fd_asset_rows(fd_rows **out, const char *path)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    const fd_row *header;
    fd_view bytes;
    int err;

    *out = NULL;
    if (!fd_asset_find(path, &bytes))
        return fd_error_set(FD_ENOTFOUND, "程序里没有 %s", "%s is not compiled in", path);
    if ((err = fd_rows_open_memory(out, bytes.ptr, bytes.len, path, &options)) < 0)
        return err;
    if ((err = fd_rows_next(*out, &header)) < 0) {
        fd_rows_close(*out);
        *out = NULL;
    }
    return err < 0 ? err : 0;
}

const char *fd_asset_cell(const fd_row *row, size_t column, char *buf, size_t size)
{
    fd_view text = column < row->count ? row->cells[column].text : (fd_view){ "", 0 };

    snprintf(buf, size, "%.*s", (int)text.len, text.ptr);
    return buf;
}
