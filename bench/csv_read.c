/*
 * How fast CSV is read: csv_read [FILE | ROWS COLUMNS]
 *
 * Without a file, a file of ROWS × COLUMNS numbers (1,000,000 × 20) is made in the folder for
 * temporary files and removed afterwards.  Three readings, each of the whole file with every cell
 * touched; the median is printed as megabytes and cells a second.  The sum over the lengths of all
 * cells is printed too, so that the work cannot be left out.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/rows.h"

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int generate(char *path, size_t size, long rows, long columns)
{
    const char *folder = getenv("TMPDIR");
    uint64_t state = 1;
    FILE *f;
    int fd;

    snprintf(path, size, "%s/csv_read.XXXXXX", folder ? folder : P_tmpdir);
    if ((fd = mkstemp(path)) < 0 || !(f = fdopen(fd, "w"))) {
        perror(path);
        return 1;
    }
    for (long c = 0; c < columns; c++)
        fprintf(f, "%sc%ld", c ? "," : "", c + 1);
    fputc('\n', f);
    for (long r = 0; r < rows; r++)
        for (long c = 0; c < columns; c++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            fprintf(f, "%u.%02u%c", (unsigned)(state >> 33) % 10000, (unsigned)(state >> 13) % 100,
                    c + 1 < columns ? ',' : '\n');
        }
    if (fclose(f) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

static int read_all(const char *path, uint64_t *cells, uint64_t *bytes, double *seconds)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows = NULL;
    const fd_row *row;
    double from = now_s();
    int err;

    *cells = *bytes = 0;
    if ((err = fd_rows_open(&rows, path, &options)) == 0)
        while ((err = fd_rows_next(rows, &row)) > 0) {
            for (size_t i = 0; i < row->count; i++)
                *bytes += row->cells[i].text.len;
            *cells += row->count;
        }
    fd_rows_close(rows);
    *seconds = now_s() - from;
    if (err < 0) {
        char text[2048];

        fd_error_format(fd_error_last(), FD_EN, text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    return err;
}

int main(int argc, char **argv)
{
    long rows = argc == 3 ? atol(argv[1]) : 1000000, columns = argc == 3 ? atol(argv[2]) : 20;
    char made[512] = "";
    const char *path = argc == 2 ? argv[1] : made;
    uint64_t cells = 0, bytes = 0;
    double seconds[3];
    struct stat st;
    int err = 0;

    if (path == made && generate(made, sizeof made, rows, columns) != 0)
        return 1;
    if (stat(path, &st) != 0) {
        perror(path);
        return 1;
    }
    for (int i = 0; i < 3 && err == 0; i++)
        err = read_all(path, &cells, &bytes, &seconds[i]);
    if (*made)
        unlink(made);
    if (err < 0)
        return 1;
    qsort(seconds, 3, sizeof *seconds, by_value);
    printf("bytes,cells,seconds,MB_per_s,Mcells_per_s,cell_bytes\n%lld,%llu,%.3f,%.0f,%.1f,%llu\n",
           (long long)st.st_size, (unsigned long long)cells, seconds[1],
           (double)st.st_size / seconds[1] / 1e6, (double)cells / seconds[1] / 1e6,
           (unsigned long long)bytes);
    return 0;
}
