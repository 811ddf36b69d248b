#include "io/xlsx_xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "io/file.h"

#define CHUNK     65536
#define MAX_DEPTH 100
#define MAX_TOKEN                                                                                  \
    ((size_t)16 << 20) /* bytes without an event: expat rescans an unfinished token                \
                        */
#define FREE_SIZE ((uint64_t)10 << 20) /* the ratio is watched beyond this */

typedef struct part {
    fd_xlsx_zip *z;
    const char *name;
    zip_file_t *file;
    uint64_t packed, read;
    bool charge; /* adds to the archive's total */
} part;

struct fd_xml {
    part part;
    XML_Parser parser;
    const fd_xml_handlers *handlers;
    void *payload;
    int result; /* of the handler that stopped the parser */
    size_t depth, quiet;
    bool suspended, last;
};

static int fail(const fd_xlsx_zip *z, int code)
{
    fd_place place = { z->name, NULL, 0, 0 };

    fd_error_at(place);
    return code;
}

static int fail_zip(const fd_xlsx_zip *z, zip_error_t *error)
{
    int number = zip_error_code_zip(error), code;

    if (number == ZIP_ER_OPEN || number == ZIP_ER_READ || number == ZIP_ER_SEEK)
        return fd_file__errno(z->name, zip_error_code_system(error));
    code = fd_error_set(FD_EFORMAT, "压缩包已损坏:%s", "the zip archive is damaged: %s",
                        zip_error_strerror(error));
    fd_error_hint("请重新保存或重新传送这个文件", "save or send the file again");
    return fail(z, code);
}

int fd_xlsx_zip_open(fd_xlsx_zip *z, const char *path, const void *data, size_t size)
{
    zip_error_t error;
    zip_source_t *source;
    int err = 0;

    zip_error_init(&error);
    source = path ? zip_source_file_create(path, 0, -1, &error)
                  : zip_source_buffer_create(data, size, 0, &error);
    if (!source || !(z->zip = zip_open_from_source(source, ZIP_RDONLY, &error))) {
        err = fail_zip(z, &error);
        if (source)
            zip_source_free(source);
    }
    zip_error_fini(&error);
    return err;
}

void fd_xlsx_zip_dispose(fd_xlsx_zip *z)
{
    if (z->zip)
        zip_discard(z->zip);
    z->zip = NULL;
}

bool fd_xlsx_zip_has(const fd_xlsx_zip *z, const char *name)
{
    return zip_name_locate(z->zip, name, ZIP_FL_NOCASE) >= 0;
}

/* Only plain and deflated parts: other methods can ask for any amount of memory. */
static int part_open(part *p, fd_xlsx_zip *z, const char *name, bool charge)
{
    zip_int64_t index = zip_name_locate(z->zip, name, ZIP_FL_NOCASE);
    zip_stat_t st;

    memset(p, 0, sizeof *p);
    p->z = z;
    p->name = name;
    p->charge = charge;
    if (index < 0)
        return fail(z,
                    fd_error_set(FD_ENOTFOUND, "压缩包里没有 %s", "the archive has no %s", name));
    if (zip_stat_index(z->zip, (zip_uint64_t)index, 0, &st) != 0)
        return fail_zip(z, zip_get_error(z->zip));
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
        return fail(z, fd_error_set(FD_EFORMAT, "%s 已加密", "%s is encrypted", name));
    if (!(st.valid & ZIP_STAT_COMP_METHOD) || !(st.valid & ZIP_STAT_COMP_SIZE) ||
        (st.comp_method != ZIP_CM_STORE && st.comp_method != ZIP_CM_DEFLATE))
        return fail(z, fd_error_set(FD_EFORMAT, "%s 的压缩方法不是 xlsx 所用的",
                                    "%s is not packed as xlsx packs", name));
    p->packed = st.comp_size;
    if (!(p->file = zip_fopen_index(z->zip, (zip_uint64_t)index, 0)))
        return fail_zip(z, zip_get_error(z->zip));
    return 0;
}

static void part_close(part *p)
{
    if (p->file)
        zip_fclose(p->file);
    p->file = NULL;
}

static int part_read(part *p, void *to, size_t n, size_t *got)
{
    fd_xlsx_zip *z = p->z;
    zip_int64_t r = zip_fread(p->file, to, n);

    *got = 0;
    if (r < 0)
        return fail_zip(z, zip_file_get_error(p->file));
    p->read += (uint64_t)r;
    if (p->charge)
        z->inflated += (uint64_t)r;
    if (z->inflated > z->max_inflated || p->read > z->max_inflated) {
        fd_error_set(FD_ELIMIT, "解压后大于 %llu 字节", "inflates to more than %llu bytes",
                     (unsigned long long)z->max_inflated);
        return fail(z, FD_ELIMIT);
    }
    if (p->read > FREE_SIZE && p->read / z->max_ratio > p->packed) {
        fd_error_set(FD_ELIMIT, "%s 的压缩比超过 %u 倍,疑为压缩炸弹",
                     "%s is packed more than %u to 1: a zip bomb, it seems", p->name, z->max_ratio);
        return fail(z, FD_ELIMIT);
    }
    *got = (size_t)r;
    return 0;
}

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');

    return colon ? colon + 1 : name;
}

static void stop(fd_xml *x, int result)
{
    x->result = result;
    XML_StopParser(x->parser, result == 1 ? XML_TRUE : XML_FALSE);
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    fd_xml *x = data;
    int err;

    if (x->result < 0)
        return;
    x->quiet = 0;
    if (++x->depth > MAX_DEPTH) {
        stop(x, fail(x->part.z, fd_error_set(FD_ELIMIT, "%s 嵌套过深", "%s is nested too deeply",
                                             x->part.name)));
        return;
    }
    if ((err = x->handlers->start(x->payload, local_name(name), (const char *const *)attributes)) <
        0)
        stop(x, err);
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    fd_xml *x = data;
    int err;

    if (x->result < 0)
        return;
    x->quiet = 0;
    x->depth--;
    if (x->handlers->end && (err = x->handlers->end(x->payload, local_name(name))) != 0)
        stop(x, err);
}

static void XMLCALL on_text(void *data, const XML_Char *text, int length)
{
    fd_xml *x = data;
    int err;

    if (x->result < 0)
        return;
    x->quiet = 0;
    if (x->handlers->text && (err = x->handlers->text(x->payload, text, (size_t)length)) < 0)
        stop(x, err);
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int has_internal_subset)
{
    fd_xml *x = data;

    (void)name, (void)sysid, (void)pubid, (void)has_internal_subset;
    stop(x, fail(x->part.z, fd_error_set(FD_EFORMAT, "%s 含有文档类型声明(DTD),拒绝读取",
                                         "%s has a document type declaration, which is refused",
                                         x->part.name)));
}

int fd_xml_open(fd_xml **out, fd_xlsx_zip *z, const char *name, const fd_xml_handlers *handlers,
                void *payload)
{
    fd_xml *x = fd_alloc(sizeof *x);
    int err;

    *out = NULL;
    x->handlers = handlers;
    x->payload = payload;
    if ((err = part_open(&x->part, z, name, true)) < 0)
        goto done;
    if (!(x->parser = XML_ParserCreate(NULL))) {
        err = fd_error_set(FD_ENOMEM, "内存不足", "out of memory");
        goto done;
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
done:
    if (err < 0)
        fd_xml_close(x);
    else
        *out = x;
    return err;
}

void fd_xml_close(fd_xml *x)
{
    if (!x)
        return;
    if (x->parser)
        XML_ParserFree(x->parser);
    part_close(&x->part);
    free(x);
}

static int fail_xml(const fd_xml *x)
{
    enum XML_Error number = XML_GetErrorCode(x->parser);

    fd_error_set(FD_EFORMAT, "%s 第 %lu 行不是合法的 XML:%s", "%s line %lu is not XML: %s",
                 x->part.name, (unsigned long)XML_GetCurrentLineNumber(x->parser),
                 XML_ErrorString(number));
    return fail(x->part.z, FD_EFORMAT);
}

int fd_xml_run(fd_xml *x)
{
    for (;;) {
        enum XML_Status status;
        size_t got;
        void *buffer;
        int err;

        if (x->suspended) {
            x->suspended = false;
            x->result = 0;
            status = XML_ResumeParser(x->parser);
        } else {
            if (x->last)
                return 0;
            if (!(buffer = XML_GetBuffer(x->parser, CHUNK)))
                return fd_error_set(FD_ENOMEM, "内存不足", "out of memory");
            if ((err = part_read(&x->part, buffer, CHUNK, &got)) < 0)
                return err;
            if ((x->quiet += got) > MAX_TOKEN)
                return fail(x->part.z,
                            fd_error_set(FD_ELIMIT, "%s 里有过长的标记",
                                         "%s has a token that is too long", x->part.name));
            x->last = got == 0;
            status = XML_ParseBuffer(x->parser, (int)got, x->last);
        }
        if (status == XML_STATUS_SUSPENDED) {
            x->suspended = true;
            return 1;
        }
        if (status == XML_STATUS_ERROR)
            return x->result < 0 ? x->result : fail_xml(x);
    }
}

int fd_xml_read(fd_xlsx_zip *z, const char *name, const fd_xml_handlers *handlers, void *payload)
{
    fd_xml *x;
    int err;

    if ((err = fd_xml_open(&x, z, name, handlers, payload)) < 0)
        return err;
    while ((err = fd_xml_run(x)) > 0)
        ;
    fd_xml_close(x);
    return err;
}

const char *fd_xml_attribute(const char *const *attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(local_name(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

bool fd_xml_true(const char *value)
{
    return value &&
           (strcmp(value, "1") == 0 || strcmp(value, "true") == 0 || strcmp(value, "on") == 0);
}

int fd_xlsx_part_contains(bool *out, fd_xlsx_zip *z, const char *name, const char *needle)
{
    size_t length = strlen(needle), kept = 0, got;
    unsigned char *block = NULL;
    part p;
    int err;

    *out = false;
    if ((err = part_open(&p, z, name, false)) < 0)
        goto done;
    block = fd_alloc(CHUNK + length);
    for (bool first = true; !*out; first = false) {
        if ((err = part_read(&p, block + kept, CHUNK, &got)) < 0 || got == 0)
            break;
        if (first && got >= 2 &&
            ((block[0] == 0xFE && block[1] == 0xFF) || block[0] == 0xFF || block[0] == 0 ||
             block[1] == 0))
            *out = true;
        if (memmem(block, kept + got, needle, length))
            *out = true;
        /* Keep as much as could be the beginning of the needle. */
        got += kept;
        kept = got < length - 1 ? got : length - 1;
        memmove(block, block + got - kept, kept);
    }
done:
    part_close(&p);
    free(block);
    return err;
}
