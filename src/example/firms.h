/*
 * The steps of building the model that live in files of their own.
 */
#ifndef FD_EXAMPLE_FIRMS_H
#define FD_EXAMPLE_FIRMS_H

#include "example/model.h"
#include "fangding/example.h"

/** Fill m->firms and m->count: kinds, dates, money of all years. m->plan and m->scale are set. */
int fd_example__make_firms(fd_ex_model *m, size_t enterprises);

/**
 * Choose, among the firms of 2024, who stops, who falls, who does not report and whose return is
 * wrong. FD_EINFEASIBLE when there are too few to choose from.
 */
int fd_example__cast(fd_ex_model *m);

/** What a firm would spend on R&D in a year, before the city's total is met; 0 for firms without.
 */
double fd_example__rd_want(const fd_ex_firm *f, int year);

/** Names, credit codes, towns. No two firms have the same name but the one pair that is meant to.
 */
int fd_example__christen(fd_ex_model *m);

#endif
