#include "example/write.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "io/file.h"

int fd_example__folder(char **out, const char *folder, const char *name)
{
    fd_buf path = FD_BUF_INIT;

    if (*name)
        fd_buf_printf(&path, "%s/%s", folder, name);
    else
        fd_buf_puts(&path, folder);
    *out = fd_buf_take(&path);
    if (mkdir(*out, 0777) == 0 || errno == EEXIST)
        return 0;
    return fd_file__errno(*out, errno);
}

int fd_example__step(fd_ex_writer *w)
{
    w->done += 1;
    if (w->options.progress &&
        w->options.progress(w->done < w->steps ? w->done / w->steps : 1, w->options.payload) != 0)
        return fd_error_set(FD_ECANCELLED, "已按要求停止", "stopped on request");
    return 0;
}

void fd_example__planted(fd_ex_writer *w, const char *file, const char *who, const char *item,
                         const char *kind)
{
    fd_example__text(&w->errors, file);
    fd_example__text(&w->errors, who);
    fd_example__text(&w->errors, item);
    fd_example__text(&w->errors, kind);
    fd_example__row(&w->errors);
}

static int check(fd_example_options *o)
{
    if (!o->seed)
        o->seed = 1;
    if (!o->enterprises)
        o->enterprises = FD_EXAMPLE_ENTERPRISES;
    if (!o->months)
        o->months = 2 * FD_EX_SPANS;
    if (o->enterprises < 400 || o->enterprises > 1000000)
        return fd_error_set(FD_EINVAL, "企业数应在 400 到 1000000 之间",
                            "the number of enterprises lies between 400 and 1,000,000");
    if (o->months < 1 || o->months > 2 * FD_EX_SPANS)
        return fd_error_set(FD_EINVAL, "月份数应在 1 到 22 之间",
                            "the number of months lies between 1 and 22");
    if (o->enterprises > 100000 && !o->light)
        return fd_error_set(FD_EINVAL, "企业数超过 100000 时只能写精简文件(light)",
                            "more than 100,000 enterprises need the light form");
    return 0;
}

int fd_example_write(const char *folder, const fd_example_options *options)
{
    static const char *const header[] = { "文件", "对象", "数据项", "差错", NULL };
    fd_ex_writer w = { .folder = folder };
    fd_ex_model *model = NULL;
    char *made = NULL;
    int err, ended;

    if (options)
        w.options = *options;
    if ((err = check(&w.options)) < 0 ||
        (err = fd_example__model(&model, w.options.seed, w.options.enterprises)) < 0 ||
        (err = fd_example__folder(&made, folder, "")) < 0)
        goto done;
    w.m = model;
    w.steps = 4 + w.options.months;
    fd_example__begin(&w.errors, folder, ".预置差错", FD_EX_UTF8);
    fd_example__headers(&w.errors, header);
    if ((err = fd_example__write_lists(&w)) == 0 && (err = fd_example__step(&w)) == 0 &&
        (err = fd_example__write_years(&w)) == 0 && (err = fd_example__step(&w)) == 0 &&
        (w.options.light || (err = fd_example__write_energy(&w)) == 0) &&
        (err = fd_example__step(&w)) == 0 && (err = fd_example__write_city(&w)) == 0 &&
        (w.options.light || (err = fd_example__write_works(&w)) == 0) &&
        (w.options.light || (err = fd_example__write_upgrading(&w)) == 0) &&
        (w.options.light || (err = fd_example__write_chains(&w)) == 0) &&
        (err = fd_example__step(&w)) == 0)
        err = fd_example__write_months(&w);
    ended = fd_example__end(&w.errors);
    if (err == 0)
        err = ended;
done:
    free(made);
    fd_example__model_free(model);
    return err;
}
