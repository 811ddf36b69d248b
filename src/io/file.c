#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "fangding/arena.h"

struct fd_file_out {
    FILE *stream;
    char *path;
    char *temporary;
};

int fd_file__errno(const char *path, int number)
{
    fd_place place = { path, NULL, 0, 0 };
    int code = number == ENOSPC || number == EDQUOT ? FD_ENOSPC
               : number == ENOENT                   ? FD_ENOTFOUND
                                                    : FD_EIO;

    if (code == FD_ENOSPC) {
        fd_error_set(code, "磁盘已满,没有写入,原有内容不变",
                     "the disk is full; nothing was written, what was there is unchanged");
        fd_error_hint("清理磁盘后重试", "free some space and try again");
    } else if (code == FD_ENOTFOUND) {
        fd_error_set(code, "找不到这个文件或文件夹", "no such file or folder");
    } else if (number == EISDIR) {
        fd_error_set(code, "这是文件夹,不是文件", "this is a folder, not a file");
    } else if (number == EACCES || number == EPERM || number == EROFS) {
        fd_error_set(code, "没有权限读写这个文件", "no permission to read or write this file");
    } else {
        fd_error_set(code, "读写失败:%s", "reading or writing failed: %s", strerror(number));
    }
    fd_error_at(place);
    return code;
}

int fd_file_read(char **out, size_t *length, const char *path, size_t cap)
{
    fd_place place = { path, NULL, 0, 0 };
    struct stat st;
    char *text = NULL;
    size_t capacity, used = 0;
    int fd, err = 0;

    *out = NULL;
    *length = 0;
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || fstat(fd, &st) != 0) {
        err = fd_file__errno(path, errno);
        goto done;
    }
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > cap)
        goto too_long;
    /* One byte beyond, so that the end is seen without another allocation. */
    capacity = S_ISREG(st.st_mode) ? (size_t)st.st_size + 2 : 65536;
    text = fd_realloc(NULL, capacity);
    for (;;) {
        ssize_t got;

        if (used + 1 == capacity) {
            capacity *= 2;
            text = fd_realloc(text, capacity);
        }
        got = read(fd, text + used, capacity - used - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            err = fd_file__errno(path, errno);
            goto done;
        }
        if (got == 0)
            break;
        used += (size_t)got;
        if (used > cap)
            goto too_long;
    }
    text[used] = 0;
    *out = text;
    *length = used;
    text = NULL;
    goto done;
too_long:
    err = fd_error_set(FD_ELIMIT, "文件大于 %zu 字节", "the file is larger than %zu bytes", cap);
    fd_error_at(place);
done:
    if (fd >= 0)
        close(fd);
    free(text);
    return err;
}

static void release(fd_file_out *out)
{
    if (out->stream)
        fclose(out->stream);
    free(out->path);
    free(out->temporary);
    free(out);
}

int fd_file__temporary(char **name, const char *path)
{
    size_t size = strlen(path) + 32;
    int fd;

    *name = fd_alloc(size);
    /* Not mkstemp(), which makes private files: a new file is to follow the umask. */
    for (unsigned attempt = 0;; attempt++) {
        snprintf(*name, size, "%s.%lx-%x", path, (unsigned long)getpid(), attempt);
        fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST || attempt == 9999)
            break;
    }
    if (fd >= 0)
        return fd;
    fd = fd_file__errno(path, errno);
    free(*name);
    *name = NULL;
    return fd;
}

int fd_file_begin(fd_file_out **out, const char *path)
{
    fd_file_out *o = fd_alloc(sizeof *o);
    struct stat st;
    int fd, err;

    *out = NULL;
    o->path = fd_strdup(path);
    if ((fd = fd_file__temporary(&o->temporary, path)) < 0) {
        release(o);
        return fd;
    }
    if (stat(path, &st) == 0 && fchmod(fd, st.st_mode & 07777) != 0)
        errno = 0; /* a file of somebody else: the mode of a new file will do */
    if (!(o->stream = fdopen(fd, "wb"))) {
        err = fd_file__errno(path, errno);
        close(fd);
        unlink(o->temporary);
        release(o);
        return err;
    }
    *out = o;
    return 0;
}

FILE *fd_file_stream(fd_file_out *out)
{
    return out->stream;
}

/* So that the new name survives a power cut. Some file systems cannot, which is no failure of ours.
 */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? fd_strdup(path) : fd_strdup(".");
    int fd;

    if (slash)
        folder[slash == path ? 1 : slash - path] = 0;
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

int fd_file_commit(fd_file_out *out)
{
    int err = 0, failed;

    errno = 0;
    failed = ferror(out->stream) || fflush(out->stream) != 0 || fsync(fileno(out->stream)) != 0;
    if (failed)
        /* A failed earlier write leaves only its flag; a full disk is the one cause worth naming.
         */
        err = fd_file__errno(out->path, errno ? errno : ENOSPC);
    failed = fclose(out->stream) != 0;
    out->stream = NULL;
    if (!err && failed)
        err = fd_file__errno(out->path, errno);
    if (!err && rename(out->temporary, out->path) != 0)
        err = fd_file__errno(out->path, errno);
    if (err)
        unlink(out->temporary);
    else
        sync_folder(out->path);
    release(out);
    return err;
}

void fd_file_abandon(fd_file_out *out)
{
    if (!out)
        return;
    unlink(out->temporary);
    release(out);
}

int fd_file_write(const char *path, const void *data, size_t length)
{
    fd_file_out *out;
    int err;

    if ((err = fd_file_begin(&out, path)) < 0)
        return err;
    if (length && fwrite(data, 1, length, out->stream) != length) {
        err = fd_file__errno(path, errno);
        fd_file_abandon(out);
        return err;
    }
    return fd_file_commit(out);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int fd_file_list(char ***paths, size_t *count, const char *folder)
{
    fd_vec(char *) found = { 0 };
    size_t length = strlen(folder);
    struct dirent *entry;
    DIR *dir;

    *paths = NULL;
    *count = 0;
    if (!(dir = opendir(folder)))
        return fd_file__errno(folder, errno);
    while ((entry = readdir(dir))) {
        fd_buf path = FD_BUF_INIT;

        if (entry->d_name[0] == '.')
            continue;
        fd_buf_puts(&path, folder);
        if (length && folder[length - 1] != '/')
            fd_buf_putc(&path, '/');
        fd_buf_puts(&path, entry->d_name);
        fd_vec_push(&found, fd_buf_take(&path));
    }
    closedir(dir);
    if (found.count)
        qsort(found.items, found.count, sizeof *found.items, by_bytes);
    *paths = found.items;
    *count = found.count;
    return 0;
}

const char *fd_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

fd_view fd_file_extension(const char *path)
{
    const char *name = fd_file_name(path);
    const char *dot = strrchr(name, '.');

    return dot && dot != name ? fd_view_of(dot + 1) : (fd_view){ "", 0 };
}

bool fd_file_has_extension(const char *path, const char *extension)
{
    fd_view have = fd_file_extension(path);
    size_t i = 0;

    for (; i < have.len && extension[i]; i++) {
        unsigned char a = (unsigned char)have.ptr[i], b = (unsigned char)extension[i];

        a = (unsigned char)(a >= 'A' && a <= 'Z' ? a + 32 : a);
        b = (unsigned char)(b >= 'A' && b <= 'Z' ? b + 32 : b);
        if (a != b)
            return false;
    }
    return i == have.len && !extension[i];
}
