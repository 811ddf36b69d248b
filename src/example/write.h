/*
 * The parts of the writer. Each writes whole files below the folder it is given.
 */
#ifndef FD_EXAMPLE_WRITE_H
#define FD_EXAMPLE_WRITE_H

#include "example/model.h"
#include "example/sheet.h"
#include "fangding/example.h"

typedef struct fd_ex_writer {
    const fd_ex_model *m;
    const char *folder;
    fd_example_options options;
    fd_ex_sheet errors; /* the list of errors put in */
    double steps, done;
} fd_ex_writer;

/** `folder/name`, made when it is not there. Release with free(). */
int fd_example__folder(char **out, const char *folder, const char *name);
/** Count one step of the work. @return FD_ECANCELLED when the caller wants to stop */
int fd_example__step(fd_ex_writer *w);
/** Note an error that was put in: where, about whom, what kind. */
void fd_example__planted(fd_ex_writer *w, const char *file, const char *who, const char *item,
                         const char *kind);

int fd_example__write_lists(fd_ex_writer *w);  /* 名录 */
int fd_example__write_years(fd_ex_writer *w);  /* 年报: returns of enterprises */
int fd_example__write_energy(fd_ex_writer *w); /* 年报: 205-1 */
int fd_example__write_city(fd_ex_writer *w);   /* 年报: prices, city, published; 承诺 */
int fd_example__write_months(fd_ex_writer *w); /* 月报: returns of enterprises */

/** Growth tables of counties and divisions of one month, into its folder. */
int fd_example__write_growth(fd_ex_writer *w, const char *folder, int year, int month);
/** The ledger of projects as it stood at the end of a month. */
int fd_example__write_projects(fd_ex_writer *w, const char *folder, int year, int month);
/** Registers of works as they stand at the end of 2024: gates of projects, 技改, leads, platforms,
 * services, parks and parcels. */
int fd_example__write_works(fd_ex_writer *w);
/** 要素与事件: the survey of means and factors, self-assessments of maturity, events. */
int fd_example__write_upgrading(fd_ex_writer *w);
/** Registers of the chains, and the list of firms at the leading level. */
int fd_example__write_chains(fd_ex_writer *w);
/** A table that is shipped as it stands, with a mark in front so that spreadsheets read it. */
int fd_example__copy(const char *folder, const char *name, const char *table);

#endif
