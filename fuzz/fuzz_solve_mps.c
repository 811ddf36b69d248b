/* Free MPS of any bytes: read or refused; what was read writes, and reads back as the same size. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "solve/mps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fd_model *model = NULL, *again = NULL;
    fd_buf text = FD_BUF_INIT;

    if (fd_mps_read(&model, (const char *)bytes, size, "fuzz") < 0)
        return 0;
    if (fd_mps_write(&text, model) == 0) {
        if (fd_mps_read(&again, fd_buf_text(&text), text.len, "again") < 0 ||
            again->column_count != model->column_count || again->entry_count > model->entry_count)
            abort();
        fd_model_free(again);
    }
    fd_buf_dispose(&text);
    fd_model_free(model);
    return 0;
}
