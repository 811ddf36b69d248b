#include "example/data.h"

/* The assembler takes each file in whole: one source of truth, and no file to find at run time. */
#define TABLE(symbol, file)                                                                        \
    __asm__(".section .rodata\n"                                                                   \
            ".global fd_example_data_" #symbol "\n"                                                \
            "fd_example_data_" #symbol ":\n"                                                       \
            ".incbin \"" FD_EXAMPLE_DATA "/" file "\"\n"                                           \
            ".global fd_example_data_" #symbol "_end\n"                                            \
            "fd_example_data_" #symbol "_end:\n"                                                   \
            ".byte 0\n"                                                                            \
            ".text\n");                                                                            \
    extern const char fd_example_data_##symbol[], fd_example_data_##symbol##_end[]

TABLE(chains, "chains.csv");
TABLE(lines, "lines.csv");
TABLE(leaders, "leaders.csv");
TABLE(counties, "counties.csv");
TABLE(years, "years.csv");
TABLE(months, "months.csv");
TABLE(city, "city.csv");
TABLE(seasons, "seasons.csv");
TABLE(spring, "spring.csv");
TABLE(names, "names.csv");
TABLE(energy, "energy.csv");
TABLE(projects, "projects.csv");
TABLE(promises, "promises.csv");
TABLE(published, "published.csv");
TABLE(renovations, "renovations.csv");
TABLE(leads, "leads.csv");
TABLE(platforms, "platforms.csv");
TABLE(services, "services.csv");
TABLE(parks, "parks.csv");
TABLE(parcels, "parcels.csv");
TABLE(benchmarks, "benchmarks.csv");

fd_view fd_example__data(const char *name)
{
#define ROW(symbol)                                                                                \
    {                                                                                              \
#symbol ".csv", fd_example_data_##symbol, fd_example_data_##symbol##_end                   \
    }
    const struct {
        const char *name, *begin, *end;
    } tables[] = { ROW(chains),    ROW(lines),     ROW(leaders),  ROW(counties),  ROW(years),
                   ROW(months),    ROW(city),      ROW(seasons),  ROW(spring),    ROW(names),
                   ROW(energy),    ROW(projects),  ROW(promises), ROW(published), ROW(renovations),
                   ROW(leads),     ROW(platforms), ROW(services), ROW(parks),     ROW(parcels),
                   ROW(benchmarks) };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (!strcmp(tables[i].name, name))
            return (fd_view){ tables[i].begin, (size_t)(tables[i].end - tables[i].begin) };
    return (fd_view){ "", 0 };
}
