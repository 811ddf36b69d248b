/*
 * 产业链登记: purchases, offices and meetings of chains, which county leads which chain, what nodes
 * have in the four chains, who is at the leading level, steps of the park, future industries.
 *
 * The tables are shipped as they stand; a cell may point at a firm of the model, because its code
 * depends on the seed: "@洹西钢铁" is the code of the first firm whose name begins so, "@3120#2" of
 * the second one of an industry; "=" instead of "@" is the name.  A firm that the model lacks
 * leaves the cell empty.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "example/random.h"
#include "example/write.h"

enum { T_LEADING = 9100 }; /* a stream of its own: nothing else moves */

#define TABLE(symbol, file)                                                                        \
    __asm__(".section .rodata\n"                                                                   \
            "fd_example_chains_" #symbol ":\n"                                                     \
            ".incbin \"" FD_EXAMPLE_DATA "/" file "\"\n"                                           \
            "fd_example_chains_" #symbol "_end:\n"                                                 \
            ".byte 0\n"                                                                            \
            ".text\n");                                                                            \
    extern const char fd_example_chains_##symbol[], fd_example_chains_##symbol##_end[]

TABLE(purchases, "purchases.csv");
TABLE(roles, "chain_roles.csv");
TABLE(meetings, "meetings.csv");
TABLE(links, "node_links.csv");
TABLE(steps, "park_steps.csv");
TABLE(futures, "futures.csv");
TABLE(lead_cells, "lead_cells.csv");

/* The firm that a pointing cell means; NULL. */
static const fd_ex_firm *pointed(const fd_ex_model *m, fd_view what)
{
    const ptrdiff_t hash = fd_view_find(what, "#");
    const size_t length = hash < 0 ? what.len : (size_t)hash;
    int nth = hash < 0 ? 1 : atoi(what.ptr + hash + 1);

    for (size_t i = 0; i < m->count; i++) {
        const fd_ex_firm *f = &m->firms[i];
        const char *text = hash < 0 ? f->name : m->parameters->lines[f->line].industry;

        if (fd_example__live(f, FD_EX_LAST) && strncmp(text, what.ptr, length) == 0 && --nth == 0)
            return f;
    }
    return NULL;
}

static int write_table(fd_ex_writer *w, const char *folder, const char *name, const char *begin,
                       const char *end)
{
    fd_view rest = { begin, (size_t)(end - begin) }, line, cell;
    fd_ex_sheet s;

    fd_example__begin(&s, folder, name, FD_EX_UTF8);
    while (rest.len && fd_view_split(&rest, '\n', &line) && line.len) {
        while (fd_view_split(&line, ',', &cell)) {
            const bool points = cell.len > 1 && (cell.ptr[0] == '@' || cell.ptr[0] == '=');
            const fd_ex_firm *f =
                points ? pointed(w->m, (fd_view){ cell.ptr + 1, cell.len - 1 }) : NULL;
            char text[200];

            snprintf(text, sizeof text, "%.*s", (int)cell.len, cell.ptr);
            fd_example__text(&s, f ? cell.ptr[0] == '@' ? f->uscc : f->name : points ? NULL : text);
        }
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

/* Firms that were assessed, about two fifths and all the large ones: is their main product at the
 * leading level of its trade, and on what paper does that rest. */
static int write_leading(fd_ex_writer *w, const char *folder)
{
    static const char *const header[] = { "统一社会信用代码", "企业名称", "领先水平", "领先依据",
                                          NULL };
    static const char *const grounds[] = { "首台套名单(示例)", "制造业单项冠军(示例)",
                                           "国际先进鉴定证书(示例)" };
    fd_ex_sheet s;

    fd_example__begin(&s, folder, "领先水平名单", FD_EX_UTF8);
    fd_example__headers(&s, header);
    for (size_t i = 0; i < w->m->count; i++) {
        const fd_ex_firm *f = &w->m->firms[i];
        const bool large = f->leader || f->revenue[FD_EX_LAST] > 400000;
        const bool leading = fd_example__below(f->key, T_LEADING + 1, 100) < (large ? 45 : 18);

        if (!fd_example__live(f, FD_EX_LAST) ||
            (!large && fd_example__below(f->key, T_LEADING, 100) >= 40))
            continue;
        fd_example__text(&s, f->uscc);
        fd_example__text(&s, f->name);
        fd_example__text(&s, leading ? "是" : "否");
        fd_example__text(&s, leading ? grounds[fd_example__below(f->key, T_LEADING + 2, 3)]
                                     : "专家评估未达领先(示例)");
        fd_example__row(&s);
    }
    return fd_example__end(&s);
}

int fd_example__write_chains(fd_ex_writer *w)
{
    const struct {
        const char *name, *begin, *end;
    } tables[] = {
        { "采购申报", fd_example_chains_purchases, fd_example_chains_purchases_end },
        { "链长制分工", fd_example_chains_roles, fd_example_chains_roles_end },
        { "链长制会议", fd_example_chains_meetings, fd_example_chains_meetings_end },
        { "环节四链登记", fd_example_chains_links, fd_example_chains_links_end },
        { "园区工序登记", fd_example_chains_steps, fd_example_chains_steps_end },
        { "未来产业观察", fd_example_chains_futures, fd_example_chains_futures_end },
        { "主导分工", fd_example_chains_lead_cells, fd_example_chains_lead_cells_end },
    };
    char *folder = NULL;
    int err = fd_example__folder(&folder, w->folder, "产业链");

    for (size_t i = 0; err == 0 && i < sizeof tables / sizeof *tables; i++)
        err = write_table(w, folder, tables[i].name, tables[i].begin, tables[i].end);
    if (err == 0)
        err = write_leading(w, folder);
    free(folder);
    return err;
}
