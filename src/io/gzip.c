#include "io/gzip.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "fangding/arena.h"
#include "fangding/error.h"
#include "io/file.h"

#define BLOCK       ((size_t)256 << 10)
#define ALWAYS_GOOD ((uint64_t)10 << 20) /* below this no ratio is suspicious */

bool fd_gzip_is(const void *data, size_t size)
{
    return size >= 3 && memcmp(data, "\x1f\x8b\x08", 3) == 0;
}

typedef struct unpacking {
    z_stream z;
    const char *name;
    FILE *spool;
    unsigned char *in, *out;
    uint64_t packed, unpacked, most;
    unsigned max_ratio;
} unpacking;

static int damaged(const unpacking *u)
{
    fd_error_set(FD_EFORMAT, "压缩文件损坏或不完整", "the packed file is damaged or cut short");
    return fd_error_at((fd_place){ u->name, NULL, 0, 0 });
}

static int too_large(const unpacking *u)
{
    fd_error_set(FD_ELIMIT, "解压后超过上限(%llu 字节,或压缩比大于 %u)",
                 "unpacked it exceeds the cap (%llu bytes, or a ratio above %u)",
                 (unsigned long long)u->most, u->max_ratio);
    return fd_error_at((fd_place){ u->name, NULL, 0, 0 });
}

/* Take what stands in z.next_in. @return 1 at the end of a member, 0 when more input is needed */
static int take_block(unpacking *u)
{
    for (;;) {
        size_t made;
        int answer;

        u->z.next_out = u->out;
        u->z.avail_out = (uInt)BLOCK;
        answer = inflate(&u->z, Z_NO_FLUSH);
        made = BLOCK - u->z.avail_out;
        u->unpacked += made;
        if (u->unpacked > u->most ||
            (u->unpacked > ALWAYS_GOOD && u->unpacked / u->max_ratio > u->packed))
            return too_large(u);
        if (made && fwrite(u->out, 1, made, u->spool) != made)
            return fd_file__errno(u->name, errno);
        if (answer == Z_STREAM_END)
            return 1;
        if (answer == Z_BUF_ERROR || (answer == Z_OK && u->z.avail_out > 0))
            return 0;
        if (answer != Z_OK)
            return damaged(u);
    }
}

static int unpack_all(unpacking *u, int fd)
{
    bool inside = false;
    int err;

    for (;;) {
        ssize_t got = read(fd, u->in, BLOCK);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fd_file__errno(u->name, errno);
        if (got == 0)
            return inside ? damaged(u) : 0;
        u->packed += (uint64_t)got;
        u->z.next_in = u->in;
        u->z.avail_in = (uInt)got;
        while (u->z.avail_in > 0) {
            if (!inside && inflateReset(&u->z) != Z_OK)
                return damaged(u);
            if ((err = take_block(u)) < 0)
                return err;
            inside = err == 0;
        }
    }
}

int fd_gzip_unpack(int fd, const char *name, uint64_t most, unsigned max_ratio)
{
    unpacking u = { .name = name, .most = most, .max_ratio = max_ratio };
    int err, result = -1;

    if (inflateInit2(&u.z, 15 + 16) != Z_OK)
        return fd_error_set(FD_ENOMEM, "内存不足", "out of memory");
    u.in = fd_alloc(BLOCK);
    u.out = fd_alloc(BLOCK);
    if (!(u.spool = tmpfile())) {
        err = fd_file__errno(name, errno);
        goto done;
    }
    if ((err = unpack_all(&u, fd)) < 0)
        goto done;
    if (fflush(u.spool) != 0 || (result = dup(fileno(u.spool))) < 0 ||
        lseek(result, 0, SEEK_SET) != 0) {
        err = fd_file__errno(name, errno);
        if (result >= 0)
            close(result);
    }
done:
    if (u.spool)
        fclose(u.spool);
    inflateEnd(&u.z);
    free(u.in);
    free(u.out);
    return err < 0 ? err : result;
}
