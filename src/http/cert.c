/*
 * The certificate: given, or self-signed at the first start.
 *
 * The self-signed one holds ECDSA P-256, is good for ten years, names localhost, the host and the
 * loopback addresses, and stays beside the city file so that a browser is asked once.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "http/server.h"
#include "io/file.h"

enum { PEM_CAP = 1 << 20, YEARS = 10 };

static int write_secret(const char *path, const gnutls_datum_t *pem)
{
    int descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    ssize_t written = descriptor < 0 ? -1 : write(descriptor, pem->data, pem->size);

    if (descriptor >= 0)
        close(descriptor);
    if (written == (ssize_t)pem->size)
        return 0;
    if (descriptor >= 0)
        unlink(path);
    return fd_error_set(FD_EIO, "不能写证书文件:%s", "cannot write the certificate: %s", path);
}

static int sign(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key)
{
    static const unsigned char v4[4] = { 127, 0, 0, 1 };
    static const unsigned char v6[16] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
    const time_t now = time(NULL);
    unsigned char serial[16];
    char host[128] = "";
    int rc;

    randombytes_buf(serial, sizeof serial);
    serial[0] &= 0x7f;
    gethostname(host, sizeof host - 1);
    if ((rc = gnutls_x509_privkey_generate(
             key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0)) < 0 ||
        (rc = gnutls_x509_crt_set_version(crt, 3)) < 0 ||
        (rc = gnutls_x509_crt_set_serial(crt, serial, sizeof serial)) < 0 ||
        (rc = gnutls_x509_crt_set_activation_time(crt, now - 86400)) < 0 ||
        (rc = gnutls_x509_crt_set_expiration_time(crt, now + (time_t)YEARS * 365 * 86400)) < 0 ||
        (rc = gnutls_x509_crt_set_dn(crt, "CN=fangding", NULL)) < 0 ||
        (rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, "localhost", 9,
                                                   GNUTLS_FSAN_SET)) < 0 ||
        (rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v4, sizeof v4,
                                                   GNUTLS_FSAN_APPEND)) < 0 ||
        (rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v6, sizeof v6,
                                                   GNUTLS_FSAN_APPEND)) < 0)
        return rc;
    if (host[0] &&
        (rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, host,
                                                   (unsigned)strlen(host), GNUTLS_FSAN_APPEND)) < 0)
        return rc;
    if ((rc = gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE)) < 0 ||
        (rc = gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0)) < 0 ||
        (rc = gnutls_x509_crt_set_key(crt, key)) < 0)
        return rc;
    return gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
}

static int make_pair(const char *cert_path, const char *key_path)
{
    gnutls_datum_t cert_pem = { NULL, 0 }, key_pem = { NULL, 0 };
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t crt = NULL;
    int rc, err = 0;

    if ((rc = gnutls_x509_privkey_init(&key)) < 0 || (rc = gnutls_x509_crt_init(&crt)) < 0 ||
        (rc = sign(crt, key)) < 0 ||
        (rc = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &cert_pem)) < 0 ||
        (rc = gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &key_pem)) < 0)
        err = fd_error_set(FD_ERROR, "不能生成证书:%s", "cannot make a certificate: %s",
                           gnutls_strerror(rc));
    unlink(key_path); /* left by a start that was interrupted between the two */
    if (err >= 0 && (err = write_secret(key_path, &key_pem)) >= 0)
        err = write_secret(cert_path, &cert_pem);
    if (key_pem.data)
        sodium_memzero(key_pem.data, key_pem.size);
    gnutls_free(cert_pem.data);
    gnutls_free(key_pem.data);
    if (crt)
        gnutls_x509_crt_deinit(crt);
    if (key)
        gnutls_x509_privkey_deinit(key);
    return err;
}

int fd_cert_load(fd_server *server)
{
    const fd_serve_options *o = &server->options;
    char cert_path[4096], key_path[4096];
    size_t length;
    int err;

    if (!o->cert != !o->key)
        return fd_error_set(FD_EINVAL, "--cert 和 --key 要一起给", "--cert and --key go together");
    snprintf(cert_path, sizeof cert_path, "%s.cert.pem", o->city);
    snprintf(key_path, sizeof key_path, "%s.key.pem", o->city);
    if (!o->cert && access(cert_path, F_OK) != 0 && (err = make_pair(cert_path, key_path)) < 0)
        return err;
    if ((err = fd_file_read(&server->cert_pem, &length, o->cert ? o->cert : cert_path, PEM_CAP)) <
            0 ||
        (err = fd_file_read(&server->key_pem, &length, o->key ? o->key : key_path, PEM_CAP)) < 0)
        return err;
    return 0;
}
