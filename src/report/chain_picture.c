/*
 * The picture of a chain: three columns from upstream to downstream, as the page of the chain draws
 * them, in a vector format that Word, WPS and LibreOffice show.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/emf.h"
#include "report/internal.h"

/* Millimetres: the type area is 156 wide. */
enum { STAGES = 3, MOST_NODES = 60, BOX_WIDTH = 41, BETWEEN = 15, TOP = 10, LEGEND = 8 };

static const double box_height = 11, gap = 3.2, type = 3.2, small = 2.7;

typedef struct node {
    const char *code, *name, *light, *line, *ways;
    int stage, at; /* column and position in it */
    double x, y;
    bool absent; /* nobody here makes it */
} node;

typedef struct drawing {
    fd_emf *e;
    node nodes[MOST_NODES];
    size_t count, in_stage[STAGES];
} drawing;

static const char *text_of(const fd_table *t, const char *column, size_t row)
{
    int at = fd_table_find(t, column);

    return at >= 0 ? fd_column_text_or(t->columns[at], row, "") : "";
}

static const char *shown(fd_arena *arena, const fd_table *t, const char *column, size_t row)
{
    int at = fd_table_find(t, column);
    char text[64] = "";

    if (at >= 0 && fd_column_state(t->columns[at], row) == FD_HAS)
        fd_column_format(t->columns[at], row, FD_ZH, text, sizeof text);
    return fd_arena_strdup(arena, text);
}

static int stage_of(const char *word)
{
    return strcmp(word, "up") == 0 ? 0 : strcmp(word, "down") == 0 ? 2 : 1;
}

/* The row of a node in the table of the four chains; -1. */
static ptrdiff_t row_of(const fd_table *four, const char *code)
{
    for (size_t r = 0; r < four->rows; r++)
        if (code[0] && strcmp(text_of(four, "node", r), code) == 0)
            return (ptrdiff_t)r;
    return -1;
}

static void describe_innovation(node *n, fd_arena *arena, const fd_table *four)
{
    ptrdiff_t r = row_of(four, n->code);
    const char *has = r >= 0 ? text_of(four, "innovation", (size_t)r) : "",
               *count = r >= 0 ? shown(arena, four, "innovation_n", (size_t)r) : "";

    if (strcmp(has, "有") == 0) {
        n->light = "green";
        n->line = fd_arena_printf(arena, "● 创新资源%s%s", count, count[0] ? "项" : "");
    } else if (strcmp(has, "无") == 0) {
        n->light = "red";
        n->line = "■ 核实没有";
    } else {
        n->light = "grey";
        n->line = "○ 未登记";
    }
}

static void describe_light(node *n, fd_arena *arena, const fd_table *map, size_t row)
{
    const char *firms = shown(arena, map, "active", row), *state = text_of(map, "gap", row),
               *word = fd_report__code_word("light", n->light);
    /* The mark before the word of the light: what a black and white print still shows. */
    const char *mark = strncmp(word, "■", 3) == 0   ? "■"
                       : strncmp(word, "▲", 3) == 0 ? "▲"
                       : strncmp(word, "●", 3) == 0 ? "●"
                                                    : "○";

    n->line = fd_arena_printf(arena, "%s %s%s%s%s", mark, firms[0] ? firms : "",
                              firms[0] ? "家在产" : "家数不明", state[0] ? "，" : "",
                              state[0] ? fd_report__code_word("gap", state) : "");
}

static void take_nodes(drawing *d, fd_arena *arena, const fd_table *map, const fd_table *four)
{
    for (size_t r = 0; r < map->rows && d->count < MOST_NODES; r++) {
        node *n = &d->nodes[d->count++];
        const char *state = text_of(map, "gap", r);

        n->code = text_of(map, "node", r);
        n->name = text_of(map, "name", r);
        n->light = text_of(map, "light", r);
        n->ways = text_of(map, "ways", r);
        n->stage = stage_of(text_of(map, "stage", r));
        n->at = (int)d->in_stage[n->stage]++;
        n->absent = strcmp(state, "break") == 0;
        if (four)
            describe_innovation(n, arena, four);
        else
            describe_light(n, arena, map, r);
    }
}

/* Short columns are spread a little and stand in the middle. */
static double place(drawing *d)
{
    const double step = box_height + gap;
    size_t tallest = 1;

    for (int s = 0; s < STAGES; s++)
        if (d->in_stage[s] > tallest)
            tallest = d->in_stage[s];
    for (size_t i = 0; i < d->count; i++) {
        node *n = &d->nodes[i];
        double count = (double)d->in_stage[n->stage], pitch = (double)tallest * step / count;

        if (pitch > step * 1.6)
            pitch = step * 1.6;
        n->x = n->stage * (BOX_WIDTH + BETWEEN) + 0.5;
        n->y = TOP + ((double)tallest * step - count * pitch) / 2 + n->at * pitch +
               (pitch - box_height) / 2;
    }
    return TOP + (double)tallest * step + LEGEND;
}

/* From the right edge of what is taken to the left edge of what takes it; within a column around
 * its left side. */
static void connect(drawing *d, const node *from, const node *to)
{
    double y0 = from->y + box_height / 2, y1 = to->y + box_height / 2, x0 = from->x + BOX_WIDTH,
           x1 = to->x, reach = (x1 - x0) / 2;

    if (from->stage == to->stage) {
        const double p[8] = { from->x, y0, from->x - 7, y0, to->x - 7, y1, to->x, y1 };

        fd_emf_curve(d->e, p, 0x9AA5B1, 0.25, from->absent);
    } else if (from->stage < to->stage) {
        const double p[8] = { x0, y0, x0 + reach, y0, x1 - reach, y1, x1, y1 };

        fd_emf_curve(d->e, p, 0x9AA5B1, 0.25, from->absent);
    }
}

static void connect_all(drawing *d)
{
    for (size_t i = 0; i < d->count; i++) {
        fd_view ways = fd_view_of(d->nodes[i].ways), way;
        bool drawn[MOST_NODES] = { false };

        while (ways.len && fd_view_split(&ways, '|', &way)) {
            fd_view code;

            while (way.len && fd_view_split(&way, ';', &code))
                for (size_t k = 0; k < d->count; k++)
                    if (k != i && !drawn[k] && fd_view_is(code, d->nodes[k].code)) {
                        drawn[k] = true;
                        connect(d, &d->nodes[k], &d->nodes[i]);
                    }
        }
    }
}

static void put_node(drawing *d, const node *n)
{
    static const struct {
        const char *light;
        int32_t fill;
        uint32_t line;
    } colors[] = { { "red", 0xFBE3E1, 0xB3261E },
                   { "yellow", 0xFDF1D0, 0x9A6700 },
                   { "green", 0xE2F2E6, 0x1F7A3D },
                   { "", 0xF1F3F5, 0x6B7280 } };
    size_t c = 0;

    while (colors[c].light[0] && strcmp(colors[c].light, n->light) != 0)
        c++;
    fd_emf_box(d->e, n->x, n->y, BOX_WIDTH, box_height, colors[c].fill, colors[c].line, 0.3,
               n->absent);
    fd_emf_text(d->e, n->x + 1.5, n->y + 4.6, BOX_WIDTH - 3, type, 0x1F2933, true, n->name);
    fd_emf_text(d->e, n->x + 1.5, n->y + 9.2, BOX_WIDTH - 3, small, colors[c].line, false, n->line);
}

bool fd_report__chain_picture(fd_paper_picture *picture, fd_arena *arena, const fd_table *map,
                              const fd_table *four, const char *title)
{
    static const char *const heads[STAGES] = { "上游", "中游", "下游" };
    drawing d = { 0 };
    double height;
    char *bytes;

    take_nodes(&d, arena, map, four);
    if (!d.count)
        return false;
    height = ceil(place(&d)); /* the picture's own size is in whole millimetres */
    d.e = fd_emf_new(156, height);
    for (int s = 0; s < STAGES; s++)
        fd_emf_text(d.e, s * (BOX_WIDTH + BETWEEN) + 0.5, 6, BOX_WIDTH, 3.6, 0x52606D, true,
                    heads[s]);
    connect_all(&d);
    for (size_t i = 0; i < d.count; i++)
        put_node(&d, &d.nodes[i]);
    fd_emf_text(d.e, 0.5, height - 2, 155, small, 0x52606D, false,
                four ? "● 有登记的创新平台、项目或成果  ■ 核实过没有  ○ 还没有人登记，不等于没有"
                     : "● 两家以上在产  ▲ 堵点、单一来源或过于集中  ■ 断点（虚框）  ○ 不知道");
    fd_emf_take(d.e, &bytes, &picture->length);
    picture->bytes = memcpy(fd_arena_alloc(arena, picture->length), bytes, picture->length);
    free(bytes);
    fd_emf_free(d.e);
    picture->width_mm = 156;
    picture->height_mm = height;
    picture->alternative =
        fd_arena_printf(arena, "%s：%zu 个环节",
                        strchr(title, ' ') ? strchr(title, ' ') + 1 : title, d.count);
    return true;
}
