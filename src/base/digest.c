#include "base/digest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "fangding/arena.h"

struct fd_digest {
    EVP_MD_CTX *context;
};

fd_digest *fd_digest_new(void)
{
    fd_digest *d = fd_alloc(sizeof *d);

    d->context = EVP_MD_CTX_new();
    if (!d->context || EVP_DigestInit_ex(d->context, EVP_sha256(), NULL) != 1)
        abort(); /* libcrypto without SHA-256 or without memory */
    return d;
}

void fd_digest_update(fd_digest *d, const void *data, size_t length)
{
    if (length && EVP_DigestUpdate(d->context, data, length) != 1)
        abort();
}

void fd_digest_finish(fd_digest *d, char out[65])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int n = 0;

    if (EVP_DigestFinal_ex(d->context, bytes, &n) != 1 || n != 32)
        abort();
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
    out[64] = '\0';
    EVP_MD_CTX_free(d->context);
    free(d);
}

void fd_digest_of(const void *data, size_t length, char out[65])
{
    fd_digest *d = fd_digest_new();

    fd_digest_update(d, data, length);
    fd_digest_finish(d, out);
}

int fd_digest_file(const char *path, char out[65])
{
    FILE *f = fopen(path, "rb");
    char chunk[1 << 16];
    fd_digest *d;
    size_t n;
    int err = 0;

    out[0] = '\0';
    if (!f)
        return fd_error_set(errno == ENOENT ? FD_ENOTFOUND : FD_EIO, "打不开文件 %s:%s",
                            "cannot open %s: %s", path, strerror(errno));
    d = fd_digest_new();
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        fd_digest_update(d, chunk, n);
    if (ferror(f))
        err = fd_error_set(FD_EIO, "读文件出错:%s", "cannot read %s", path);
    fd_digest_finish(d, out);
    fclose(f);
    return err;
}
