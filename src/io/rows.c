#include "io/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "fangding/arena.h"
#include "io/file.h"
#include "io/gzip.h"
#include "io/rows_internal.h"

/* A pipe cannot be passed over twice; more than this through one is no return. */
#define PIPE_CAP ((size_t)256 << 20)

static int resolve(fd_rows_options *o, const fd_rows_options *given)
{
    fd_rows_options defaults = FD_ROWS_OPTIONS_INIT;

    *o = given ? *given : defaults;
    if (o->version != 1)
        return fd_error_set(FD_EINVAL, "读表选项的版本 %d 不认识",
                            "unknown version %d of the options", o->version);
    if (o->separator && o->separator != ',' && o->separator != ';' && o->separator != '\t')
        return fd_error_set(FD_EINVAL, "分隔符只能是逗号、分号或制表符",
                            "the separator must be a comma, a semicolon or a tab");
    if ((int)o->encoding < FD_ENCODING_DETECT || o->encoding > FD_ENCODING_UTF16BE)
        return fd_error_set(FD_EINVAL, "编码 %d 不认识", "unknown encoding %d", (int)o->encoding);
    if (!o->max_row_bytes)
        o->max_row_bytes = (size_t)16 << 20;
    if (!o->max_cells)
        o->max_cells = 16384;
    if (!o->max_inflated)
        o->max_inflated = (uint64_t)1 << 30;
    if (!o->max_ratio)
        o->max_ratio = 200;
    if (!o->max_strings)
        o->max_strings = 5000000;
    if (!o->max_merged)
        o->max_merged = 16000000;
    return 0;
}

static bool has_magic(const void *data, size_t size)
{
    return size >= 4 && (memcmp(data, "PK\3\4", 4) == 0 || memcmp(data, "PK\5\6", 4) == 0);
}

/* A nameless temporary file, which this takes over. */
static int open_spool(fd_rows **out, int fd, const char *path, const fd_rows_options *o)
{
    char link[64], magic[4];
    ssize_t got = pread(fd, magic, sizeof magic, 0);
    int err;

    if (got < 0 || !has_magic(magic, (size_t)got))
        return fd_rows__csv_open(out, fd, NULL, 0, path, o);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    err = fd_rows__xlsx_open(out, link, NULL, 0, path, o);
    close(fd);
    return err;
}

/* A file packed with gzip, which this takes over. */
static int open_packed(fd_rows **out, int fd, const char *path, const fd_rows_options *o)
{
    const int spool = fd_gzip_unpack(fd, path, o->max_inflated, o->max_ratio);

    close(fd);
    return spool < 0 ? spool : open_spool(out, spool, path, o);
}

/* Packed bytes in memory: unpacking reads from a descriptor. */
static int open_packed_memory(fd_rows **out, const char *data, size_t size, const char *name,
                              const fd_rows_options *o)
{
    const int fd = memfd_create("packed", MFD_CLOEXEC);

    if (fd < 0)
        return fd_file__errno(name, errno);
    for (size_t done = 0; done < size;) {
        const ssize_t put = write(fd, data + done, size - done);

        if (put <= 0) {
            const int err = fd_file__errno(name, errno);

            close(fd);
            return err;
        }
        done += (size_t)put;
    }
    if (lseek(fd, 0, SEEK_SET) != 0) {
        close(fd);
        return fd_file__errno(name, errno);
    }
    return open_packed(out, fd, name, o);
}

int fd_rows_open_memory(fd_rows **out, const void *data, size_t size, const char *name,
                        const fd_rows_options *options)
{
    fd_rows_options o;
    int err;

    *out = NULL;
    if (!name)
        name = "";
    if ((err = resolve(&o, options)) < 0)
        return err;
    if (has_magic(data, size))
        err = fd_rows__xlsx_open(out, NULL, data, size, name, &o);
    else if (fd_gzip_is(data, size))
        err = open_packed_memory(out, data, size, name, &o);
    else
        err = fd_rows__csv_open(out, -1, data, size, name, &o);
    return err;
}

/* A pipe: its bytes go to a nameless temporary file first. */
static int open_pipe(fd_rows **out, const char *path, const fd_rows_options *o)
{
    char *text = NULL;
    size_t length;
    int fds[2] = { -1, -1 }, err;
    FILE *spool;

    if ((err = fd_file_read(&text, &length, path, PIPE_CAP)) < 0)
        return err;
    if (!(spool = tmpfile()) || (length && fwrite(text, 1, length, spool) != length) ||
        fflush(spool) != 0 || (fds[0] = dup(fileno(spool))) < 0 ||
        lseek(fds[0], 0, SEEK_SET) != 0) {
        err = fd_file__errno(path, errno);
        if (fds[0] >= 0)
            close(fds[0]);
    } else if (fd_gzip_is(text, length)) {
        err = open_packed(out, fds[0], path, o);
    } else {
        err = open_spool(out, fds[0], path, o);
    }
    if (spool)
        fclose(spool);
    free(text);
    return err;
}

int fd_rows_open(fd_rows **out, const char *path, const fd_rows_options *options)
{
    fd_rows_options o;
    struct stat st;
    char magic[4];
    ssize_t got;
    int fd, err;

    *out = NULL;
    if ((err = resolve(&o, options)) < 0)
        return err;
    if (stat(path, &st) != 0)
        return fd_file__errno(path, errno);
    if (S_ISDIR(st.st_mode))
        return fd_file__errno(path, EISDIR);
    if (!S_ISREG(st.st_mode))
        return open_pipe(out, path, &o);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return fd_file__errno(path, errno);
    if ((got = pread(fd, magic, sizeof magic, 0)) < 0) {
        err = fd_file__errno(path, errno);
        close(fd);
        return err;
    }
    if (has_magic(magic, (size_t)got)) {
        close(fd);
        err = fd_rows__xlsx_open(out, path, NULL, 0, path, &o);
    } else if (fd_gzip_is(magic, (size_t)got)) {
        err = open_packed(out, fd, path, &o);
    } else {
        err = fd_rows__csv_open(out, fd, NULL, 0, path, &o);
    }
    return err;
}

void fd_rows_close(fd_rows *rows)
{
    if (rows)
        rows->ops->close(rows);
}

void fd_rows__dispose(fd_rows *rows)
{
    free(rows->name);
    free(rows->failure);
}

const fd_rows_info *fd_rows_info_of(const fd_rows *rows)
{
    return &rows->info;
}

const fd_rows_sheet *fd_rows_sheet_of(const fd_rows *rows)
{
    return &rows->sheet;
}

/* Remember a failure, so that a reader that has lost its way never yields rows again. */
static int remember(fd_rows *rows, int code)
{
    if (rows->failed) {
        fd_error__restore(rows->failure);
        return rows->failed;
    }
    rows->failed = code;
    rows->failure = fd_alloc(sizeof *rows->failure);
    *rows->failure = *fd_error_last();
    return code;
}

int fd_rows_next(fd_rows *rows, const fd_row **row)
{
    int err = rows->failed ? rows->failed : rows->ops->next(rows, row);

    if (err > 0)
        return err;
    *row = NULL;
    return err < 0 ? remember(rows, err) : 0;
}

int fd_rows_next_sheet(fd_rows *rows)
{
    int err = rows->failed ? rows->failed : rows->ops->next_sheet(rows);

    return err < 0 ? remember(rows, err) : err;
}

int fd_rows_describe_damage(const fd_rows *rows, const fd_row *row)
{
    fd_place place = { rows->info.name, rows->sheet.name, row->number,
                       (long)row->damaged_cell + 1 };
    const char *encoding = fd_encoding_name(rows->info.encoding);

    switch (row->damage) {
    case FD_DAMAGE_NONE:
        return 0;
    case FD_DAMAGE_BYTES:
        fd_error_set(FD_EFORMAT, "文件第 %ld 行有不属于 %s 编码的字节",
                     "line %ld of the file has bytes that are not %s", row->line, encoding);
        fd_error_hint(
            "这一行的汉字可能已经丢失,请用原系统重新导出这一行",
            "characters of this row may be lost; export it again from the original system");
        break;
    case FD_DAMAGE_NUL:
        fd_error_set(FD_EFORMAT, "文件第 %ld 行有值为零的字节",
                     "line %ld of the file has a zero byte", row->line);
        break;
    case FD_DAMAGE_QUOTE:
        fd_error_set(FD_EFORMAT, "文件第 %ld 行在右引号之后还有文字",
                     "line %ld of the file has text after a closing quote", row->line);
        fd_error_hint("单元格内的引号要写两遍", "a quote inside a quoted cell is written twice");
        break;
    }
    fd_error_at(place);
    return FD_EFORMAT;
}

const char *fd_encoding_name(fd_encoding encoding)
{
    static const char *const names[] = {
        "", "UTF-8", "UTF-8 BOM", "GB18030", "UTF-16LE", "UTF-16BE"
    };

    return (size_t)encoding < sizeof names / sizeof *names ? names[encoding] : "";
}
