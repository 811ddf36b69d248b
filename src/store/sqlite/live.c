#include "store/sqlite/live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "fangding/arena.h"
#include "store/store_ops.h"

enum { GATE = 0, FIRST_BATCH = 16, POLL_US = 400 };

struct fd_live {
    int fd;
};

int fd_live_open(fd_live **out, const char *city_path)
{
    fd_buf path = FD_BUF_INIT;
    fd_live *live = NULL;
    int fd, err = 0;

    fd_buf_printf(&path, "%s-lock", city_path);
    fd = open(fd_buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        err = fd_error_set(errno == ENOSPC ? FD_ENOSPC : FD_EIO, "无法打开锁文件“%s”",
                           "cannot open the lock file \"%s\"", fd_buf_text(&path));
        goto done;
    }
    live = fd_alloc(sizeof *live);
    live->fd = fd;
    *out = live;
done:
    fd_buf_dispose(&path);
    return err;
}

void fd_live_close(fd_live *live)
{
    if (!live)
        return;
    close(live->fd);
    free(live);
}

static bool set_lock(fd_live *live, short type, int64_t at)
{
    struct flock lock = { 0 };

    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = at;
    lock.l_len = 1;
    return fcntl(live->fd, F_OFD_SETLK, &lock) == 0;
}

bool fd_live_own(fd_live *live, int64_t batch)
{
    return set_lock(live, F_WRLCK, FIRST_BATCH + batch);
}

void fd_live_disown(fd_live *live, int64_t batch)
{
    set_lock(live, F_UNLCK, FIRST_BATCH + batch);
}

int fd_live_enter(fd_live *live, int64_t deadline_us)
{
    const struct timespec pause = { 0, POLL_US * 1000L };

    while (!set_lock(live, F_WRLCK, GATE)) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return 0; /* a file system without locks: SQLite's own lock still keeps the file whole
                       */
        if (fd_store__monotonic_us() > deadline_us)
            return fd_error_set(FD_EBUSY, "另一个程序正在写城市文件",
                                "another program is writing to the city file");
        nanosleep(&pause, NULL);
    }
    return 0;
}

void fd_live_leave(fd_live *live)
{
    set_lock(live, F_UNLCK, GATE);
}
