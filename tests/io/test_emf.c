/*
 * EMF: the records add up as [MS-EMF] asks, texts stand in it as UTF-16, and a document takes it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/error.h"
#include "io/docx.h"
#include "io/emf.h"

static uint32_t at(const char *bytes, size_t offset)
{
    const unsigned char *b = (const unsigned char *)bytes + offset;

    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void draw(char **bytes, size_t *length)
{
    fd_emf *e = fd_emf_new(156, 80);
    const double curve[8] = { 0, 0, 10, 0, 20, 30, 30, 30 };

    fd_emf_box(e, 1, 1, 40, 11, 0xE2F2E6, 0x1F7A3D, 0.3, false);
    fd_emf_box(e, 1, 20, 40, 11, -1, 0xB3261E, 0.3, true);
    fd_emf_curve(e, curve, 0x9AA5B1, 0.25, false);
    fd_emf_text(e, 2, 5, 38, 3.2, 0x1F2933, true, "炼钢");
    fd_emf_text(e, 2, 9, 6.4, 3.2, 0x1F2933, false, "钢结构件");
    fd_emf_text(e, 2, 9, 38, 3.2, 0x1F2933, false, "");
    fd_emf_take(e, bytes, length);
    fd_emf_free(e);
}

static void test_records_add_up(void **state)
{
    size_t length, offset = 0;
    uint32_t records = 0, texts = 0, last = 0;
    char *bytes;

    (void)state;
    draw(&bytes, &length);
    assert_int_equal(at(bytes, 0), 1);
    assert_memory_equal(bytes + 40, " EMF", 4);
    assert_int_equal(at(bytes, 16), 15600); /* bounds */
    assert_int_equal(at(bytes, 36), 8000);  /* frame, hundredths of a millimetre */
    assert_int_equal(at(bytes, 48), length);
    while (offset + 8 <= length) {
        uint32_t size = at(bytes, offset + 4);

        last = at(bytes, offset);
        assert_true(size >= 8 && size % 4 == 0 && size <= length - offset);
        texts += last == 84;
        offset += size;
        records++;
    }
    assert_int_equal(offset, length);
    assert_int_equal(at(bytes, 52), records);
    assert_int_equal(last, 14);
    assert_int_equal(texts, 2); /* the empty one is left out */
    free(bytes);
}

static void test_texts_and_cuts(void **state)
{
    static const char steel[] = { (char)0xBC, 0x70, (char)0xA2, (char)0x94 }, /* 炼钢 */
        cut[] = { (char)0xA2, (char)0x94, 0x26, 0x20 };                       /* 钢… */
    size_t length;
    char *bytes;

    (void)state;
    draw(&bytes, &length);
    assert_non_null(memmem(bytes, length, steel, sizeof steel));
    assert_non_null(memmem(bytes, length, cut, sizeof cut));
    free(bytes);
}

static void test_same_bytes(void **state)
{
    char *a, *b;
    size_t n, m;

    (void)state;
    draw(&a, &n);
    draw(&b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
    free(a);
    free(b);
}

static void test_document_takes_it(void **state)
{
    fd_docx *d = fd_docx_new();
    fd_docx_doc *doc;
    size_t length, size;
    char *bytes, *file;
    bool drawn = false;

    (void)state;
    draw(&bytes, &length);
    assert_int_equal(fd_docx_picture(d, bytes, length, 156, 80, "图谱"), 0);
    assert_int_equal(fd_docx_picture(d, "GIF89a", 6, 10, 10, ""), FD_EFORMAT);
    assert_int_equal(fd_docx_picture(d, bytes, 43, 10, 10, ""), FD_EFORMAT);
    assert_int_equal(fd_docx_pack(d, &file, &size), 0);
    assert_int_equal(fd_docx_read(&doc, NULL, file, size, "a.docx"), 0);
    for (size_t i = 0; i < doc->blocks.count; i++)
        drawn |= doc->blocks.items[i].has_drawing;
    assert_true(drawn);
    fd_docx_doc_free(doc);
    free(file);
    fd_docx_free(d);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_add_up),
        cmocka_unit_test(test_texts_and_cuts),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_document_takes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
