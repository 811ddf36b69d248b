/*
 * import: from the files of senders into the city file, in one batch.
 */
#include "app/import.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "app/assets.h"
#include "app/import_report.h"
#include "app/subjects.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/str.h"
#include "io/file.h"

typedef struct import_file {
    char *path;
    const char *inner; /* the part of path below the folder that was given */
    int64_t bytes;
    const fd_form *form; /* by its name; NULL when that does not tell */
    int rank, period;
    size_t order;
    bool given; /* by name, not found in a folder */
} import_file;

typedef struct importer {
    fd_import_report *report;
    const fd_import_options *options;
    fd_import_city city;
    fd_forms *forms;
    fd_import_seen *seen;
    fd_map *published; /* "digest|form" of earlier imports and of this one */
    fd_map *folders;   /* device and number of those walked */
    fd_vec(import_file) files;
    char *marks;
    fd_date today;
    fd_progress progress;
    uint64_t bytes_done; /* of files read */
    /* the file being read */
    const import_file *file;
    const fd_form *form;
    fd_period period;
    char digest[65];
    int32_t source;
    const char *sheet; /* of the record that comes next, with its row */
    long row;
    size_t changed; /* cells and records that are new or differ from what was stored */
} importer;

/* ---- which files, in which order
 * -------------------------------------------------------------------------------- */

/* Tables, but not those that went back: they are read again under their senders' own names. */
static bool is_table_file(const char *path)
{
    return !strstr(path, ".退回.") &&
           (fd_file_has_extension(path, "csv") || fd_file_has_extension(path, "xlsx") ||
            fd_file_has_extension(path, "txt") || fd_file_has_extension(path, "xls"));
}

/* A folder or file that cannot be read: what was asked for by name is a failure, what lies in a
 * folder is reported and the others are read. */
static int skip_path(importer *im, const char *path, bool given, int err)
{
    if (given)
        return err;
    fd_import_report_failure(im->report, path);
    fd_error_clear();
    return 0;
}

/* Has this folder been walked? Links may lead in circles. */
static bool was_here(importer *im, const struct stat *st)
{
    char key[64];
    int length = snprintf(key, sizeof key, "%llu:%llu", (unsigned long long)st->st_dev,
                          (unsigned long long)st->st_ino);

    return !fd_map_set(im->folders, (fd_view){ key, (size_t)length }, 1);
}

static int walk(importer *im, const char *path, size_t skip, bool given)
{
    struct stat st;
    char **paths = NULL;
    size_t count = 0;
    int err = 0;

    if (stat(path, &st) != 0)
        return !given && !is_table_file(path)
                   ? 0
                   : skip_path(im, path, given, fd_file__errno(path, errno));
    if (!S_ISDIR(st.st_mode)) {
        import_file f = { NULL, NULL, (int64_t)st.st_size, NULL, 0, 0, im->files.count, given };

        im->report->came_back += !given && strstr(path, ".退回.");
        if (!given && !is_table_file(path))
            return 0;
        if (!S_ISREG(st.st_mode)) {
            err =
                fd_error_set(FD_EFORMAT, "%s 不是普通文件(管道或设备不能导入)",
                             "%s is no regular file (pipes and devices cannot be imported)", path);
            fd_error_hint("先存成文件再导入", "save it as a file first");
            return skip_path(im, path, given, err);
        }
        f.path = fd_strdup(path);
        f.inner = f.path + skip;
        fd_vec_push(&im->files, f);
        return 0;
    }
    if (was_here(im, &st))
        return 0;
    if ((err = fd_file_list(&paths, &count, path)) < 0)
        return skip_path(im, path, given, err);
    for (size_t i = 0; i < count; i++) {
        if (err >= 0)
            err = walk(im, paths[i], skip, false);
        free(paths[i]);
    }
    free(paths);
    return err;
}

/* Registers of places and chains, then of enterprises, then everything by period; what looks at
 * others last. */
static void rank_file(importer *im, import_file *f)
{
    const fd_import_hint *hint = im->options->hints ? &im->options->hints[f->order] : NULL;
    int year, month;

    f->form = hint && hint->form  ? fd_forms_find(im->forms, hint->form)
              : im->options->form ? fd_forms_find(im->forms, im->options->form)
                                  : fd_forms_guess(im->forms, f->path);
    fd_returns_path_period(f->path, &year, &month);
    f->rank = 3;
    f->period = year * 100 + month;
    if (f->form && fd_form_is_register(f->form)) {
        f->period = 0;
        f->rank = strcmp(fd_form_subject(f->form), "enterprise") == 0 ? 2
                  : strcmp(fd_form_subject(f->form), "county") == 0   ? 0
                                                                      : 1;
    }
}

static int by_order(const void *a, const void *b)
{
    const import_file *x = a, *y = b;
    bool across_x = x->form && fd_form_looks_across(x->form),
         across_y = y->form && fd_form_looks_across(y->form);

    if (x->rank != y->rank)
        return x->rank - y->rank;
    if (x->period != y->period)
        return x->period - y->period;
    if (across_x != across_y)
        return across_x - across_y;
    return (x->order > y->order) - (x->order < y->order);
}

/* ---- look-ups and sinks
 * -------------------------------------------------------------------------------------------- */

static int on_find(void *payload, const char *kind, const char *code, size_t length, int32_t *id)
{
    return fd_import_city_find(&((importer *)payload)->city, kind, code, length, id);
}

static int on_find_name(void *payload, const char *kind, const char *name, int32_t *id,
                        const char **code)
{
    return fd_import_city_find_name(&((importer *)payload)->city, kind, name, id, code);
}

static int on_describe(void *payload, const char *kind, int32_t id, const char **code,
                       const char **name)
{
    return fd_import_city_describe(&((importer *)payload)->city, kind, id, code, name);
}

static int on_only(void *payload, const char *kind, int32_t *id)
{
    return fd_import_city_only(&((importer *)payload)->city, kind, id);
}

static int on_each(void *payload, const char *kind,
                   void (*visit)(void *inner, const char *code, const char *name), void *inner)
{
    return fd_import_city_each(&((importer *)payload)->city, kind, visit, inner);
}

static int on_mapping(void *payload, const char *form, const char *sender, const char *header,
                      const char **target)
{
    return fd_import_city_mapping(&((importer *)payload)->city, form, sender, header, target);
}

static int on_values(void *payload, const char *kind, const char *item, fd_period period,
                     fd_basis basis, fd_returns_values *out)
{
    return fd_import_city_values(&((importer *)payload)->city, kind, item, period, basis, out);
}

static int on_attribute(void *payload, int32_t subject, const char *attribute, const char **value)
{
    return fd_import_city_attribute(&((importer *)payload)->city, subject, attribute, value);
}

static int on_attribute_on(void *payload, int32_t subject, const char *attribute, fd_date day,
                           const char **value)
{
    return fd_import_city_attribute_on(&((importer *)payload)->city, subject, attribute, day,
                                       value);
}

static void on_finding(void *payload, const fd_finding *finding)
{
    importer *im = payload;

    fd_import_report_finding(im->report, im->file->path, finding);
}

static void on_step(void *payload, uint64_t bytes)
{
    importer *im = payload;
    const uint64_t most = (uint64_t)im->file->bytes;

    fd_progress_step(&im->progress, im->bytes_done + (bytes < most ? bytes : most));
}

static void add_key(importer *im, const char *digest, const char *form, bool *is_new)
{
    char key[192];
    int length = snprintf(key, sizeof key, "%s|%s", digest, form);

    *is_new = fd_map_set(im->published, (fd_view){ key, (size_t)length }, 1);
}

static bool has_key(const importer *im, const char *digest, const char *form)
{
    char key[192];
    int length = snprintf(key, sizeof key, "%s|%s", digest, form);
    uint64_t ignored;

    return fd_map_get(im->published, (fd_view){ key, (size_t)length }, &ignored);
}

static const char *after_equals(const char *pair)
{
    const char *at = strrchr(pair, '=');

    return at ? at + 1 : NULL;
}

/* Pairs given with the call are remembered for this form and sender. */
static int remember(importer *im, const fd_returns_result *result)
{
    int err = 0;

    for (const char *const *m = im->options->mappings; m && *m && err >= 0; m++) {
        const char *target = after_equals(*m);
        char *header =
            target ? fd_arena_strndup(im->city.arena, *m, (size_t)(target - *m) - 1) : NULL;
        fd_buf folded = FD_BUF_INIT;

        if (header)
            fd_import_city_fold(&folded, header);
        if (header && im->city.batch)
            err = fd_batch_mapping(im->city.batch, fd_form_id(im->form), result->sender,
                                   fd_buf_text(&folded), target);
        fd_buf_dispose(&folded);
    }
    return err;
}

static int on_begin(void *payload, const fd_returns_result *result)
{
    importer *im = payload;
    fd_source_file file = { .name = fd_file_name(im->file->path),
                            .digest = im->digest,
                            .bytes = im->file->bytes,
                            .encoding = result->encoding,
                            .sender = result->sender };
    bool is_new;
    int err;

    im->form = result->form;
    im->period = result->period;
    im->city.kind = fd_form_subject(im->form);
    file.form = fd_form_id(im->form);
    add_key(im, im->digest, file.form, &is_new);
    if (!is_new)
        return fd_error_set(FD_EEXISTS, "这个文件已经入库", "this file was imported before");
    fd_import_seen_file(im->seen, im->form, im->period);
    if (!im->city.batch)
        return 0;
    if ((err = fd_batch_source(im->city.batch, &file, &im->source)) < 0)
        return err;
    return remember(im, result);
}

static int on_subject(void *payload, const char *kind, const char *code, const char *name,
                      int32_t *id)
{
    return fd_import_city_enter(&((importer *)payload)->city, kind, code, name, id);
}

static int on_segment(void *payload, const fd_returns_segment *s)
{
    importer *im = payload;
    fd_returns_segment left;
    int err = fd_import_city_changed(&im->city, s, fd_form_origin(im->form), &left);
    fd_segment segment = { .kind = s->kind,
                           .item = s->item,
                           .period = s->period,
                           .basis = s->basis,
                           .source = im->source,
                           .sheet = s->sheet,
                           .column = s->column,
                           .origin = fd_form_origin(im->form),
                           .basis_of_law = s->law,
                           .permitted_use = fd_form_use(im->form),
                           .marks = s->marks,
                           .value_kind = FD_DEC,
                           .scale = s->scale,
                           .unit = s->unit,
                           .n = left.n,
                           .subjects = left.subjects,
                           .dec = left.dec,
                           .states = left.states,
                           .rows = left.rows,
                           .written = left.written,
                           .spelled = left.spelled,
                           .written_scale = s->written_scale };

    if (err < 0)
        return err;
    fd_import_seen_segment(im->seen, im->form, im->period, s);
    fd_import_city_keep(&im->city, s);
    im->changed += left.n;
    return im->city.batch && left.n ? fd_batch_segment(im->city.batch, &segment) : 0;
}

static int on_put_attribute(void *payload, int32_t subject, const char *attribute, fd_date from,
                            const char *value)
{
    importer *im = payload;

    im->changed += im->form && fd_form_is_register(im->form); /* it hands out changes only */
    return im->city.batch ? fd_batch_attribute(im->city.batch, subject, attribute, from, value) : 0;
}

static void on_record_at(void *payload, const char *sheet, long row)
{
    importer *im = payload;

    im->sheet = sheet;
    im->row = row;
}

/* Who wrote the record: the actor, and the place that it was read from. */
static int on_record(void *payload, const char *type, const char *key, const char *state,
                     fd_date date, const char *fields)
{
    importer *im = payload;
    int known =
        fd_import_city_recorded(&im->city, type, key, state, date, date != im->today, fields);
    fd_buf by = FD_BUF_INIT;
    int err;

    if (known < 0)
        return known;
    im->changed += known == 0;
    if (!im->city.batch || known)
        return 0;
    fd_buf_printf(&by, "%s %s", im->options->actor ? im->options->actor : "cli",
                  fd_file_name(im->file->path));
    if (im->sheet && *im->sheet)
        fd_buf_printf(&by, "!%s", im->sheet);
    if (im->row > 0)
        fd_buf_printf(&by, ":%ld", im->row);
    err = fd_batch_record(im->city.batch, type, key, state, date, fields, fd_buf_text(&by));
    fd_buf_dispose(&by);
    return err;
}

static int on_may_move(void *payload, const struct fd_record_type *type, const char *key,
                       const char *state, const char *const *fields)
{
    return fd_import_city_may_move(&((importer *)payload)->city, type, key, state, fields);
}

static int on_may_hold(void *payload, const struct fd_record_type *type, const char *field,
                       const char *value)
{
    return fd_import_city_may_hold(&((importer *)payload)->city, type, field, value);
}

/* ---- one file
 * ----------------------------------------------------------------------------------------------------------
 */

static int make_folders(const char *path)
{
    char *copy = fd_strdup(path);
    int err = 0;

    for (char *p = copy + 1; *p && err == 0; p++)
        if (*p == '/') {
            *p = '\0';
            if (mkdir(copy, 0777) != 0 && errno != EEXIST)
                err = fd_file__errno(copy, errno);
            *p = '/';
        }
    free(copy);
    return err;
}

/* Beside the file, or FOLDER/月报/2024-08/重点企业调度表_内河县.退回.csv. */
static int write_returned(importer *im, const fd_returns_result *result, char **out)
{
    const char *folder = im->options->rejects, *name = folder ? im->file->inner : im->file->path;
    const char *dot = strrchr(name, '.'), *slash = strrchr(name, '/');
    size_t stem = dot && (!slash || dot > slash) ? (size_t)(dot - name) : strlen(name);
    const char *extension = strcmp(result->encoding, "XLSX") == 0 ? ".xlsx"
                            : name[stem]                          ? name + stem
                                                                  : ".csv";
    fd_buf path = FD_BUF_INIT;
    int err;

    *out = NULL;
    if (im->options->dry_run || result->rejected == 0 || result->state != FD_RETURNS_TAKEN ||
        (folder && !*folder))
        return 0;
    fd_buf_printf(&path, "%s%s%.*s.退回%s", folder ? folder : "", folder ? "/" : "", (int)stem,
                  name, extension);
    err = folder ? make_folders(fd_buf_text(&path)) : 0;
    if (err >= 0)
        err = fd_returns_write_rejected(result, fd_buf_text(&path));
    if (err > 0)
        *out = fd_buf_take(&path);
    fd_buf_dispose(&path);
    return err < 0 ? err : 0;
}

/* Two files of one call that hold the same cells: the one read later counts, and it is said. */
static void say_twice(importer *im, fd_returns_result *result)
{
    char zh[256], en[256];
    fd_finding f = { .severity = (int)FD_WARNING,
                     .rule = "twice",
                     .sheet = "",
                     .row = im->city.twice_row,
                     .column = im->city.twice_item,
                     .message = { zh, en },
                     .found = "",
                     .expected = { "", "" },
                     .hint = { "", "" } };

    snprintf(zh, sizeof zh, "有 %zu 格在这一批的另一份来表里已经报过,以后读入的本件为准",
             im->city.twice);
    snprintf(en, sizeof en,
             "%zu cells stand in another return of this batch too; this one, read later, counts",
             im->city.twice);
    result->warnings++;
    fd_import_report_finding(im->report, im->file->path, &f);
}

static int read_file(importer *im, const import_file *file)
{
    static const fd_returns_handler calls = {
        NULL,     on_find,     on_find_name, on_describe,      on_only,
        on_each,  on_mapping,  on_values,    on_attribute,     on_finding,
        on_begin, on_subject,  on_segment,   on_put_attribute, on_record,
        on_step,  on_may_move, on_record_at, on_may_hold,      on_attribute_on
    };
    fd_returns_handler handler = calls;
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    fd_returns_result *result = NULL;
    fd_import_hint *hint = im->options->hints ? &im->options->hints[file->order] : NULL;
    char *returned = NULL;
    int err;

    handler.payload = im;
    if (hint)
        hint->row = im->report->files->rows;
    im->file = file;
    im->form = file->form;
    im->city.kind = file->form ? fd_form_subject(file->form) : "enterprise";
    im->changed = 0;
    im->city.file++;
    im->city.twice = 0;
    if ((err = fd_digest_file(file->path, im->digest)) < 0)
        return skip_path(im, file->path, file->given, err);
    if (file->form && has_key(im, im->digest, fd_form_id(file->form))) {
        fd_returns_result same = { .state = FD_RETURNS_SAME, .form = file->form };

        fd_import_report_file(im->report, file->path, &same, 0, im->options->dry_run, NULL);
        return 0;
    }
    options.form = im->options->form;
    options.period = im->options->period;
    options.sender = im->options->sender;
    if (hint) {
        options.form = hint->form ? hint->form : options.form;
        options.period = hint->period ? hint->period : options.period;
        options.sender = hint->sender ? hint->sender : options.sender;
    }
    options.marks = im->marks;
    options.today = im->today;
    options.since = im->options->since;
    options.confirm_units = im->options->confirm_units;
    options.new_subjects = im->options->new_subjects;
    if ((err = fd_returns_read(&result, file->path, im->forms, &options, &handler)) < 0)
        goto done;
    if (im->city.twice)
        say_twice(im, result);
    if ((err = write_returned(im, result, &returned)) < 0)
        goto done;
    fd_import_report_file(im->report, file->path, result, im->changed, im->options->dry_run,
                          returned);
done:
    free(returned);
    fd_returns_free(result);
    return err;
}

/* ---- the whole
 * ------------------------------------------------------------------------------------------------------------
 */

int fd_import_read_list(void *payload, const char *name, const char **text, size_t *length)
{
    char path[256];
    fd_view bytes;

    (void)payload;
    snprintf(path, sizeof path, "definitions/%s", name);
    if (!fd_asset_find(path, &bytes))
        return fd_error_set(FD_ENOTFOUND, "程序里没有目录 %s", "the program has no list %s", name);
    *text = bytes.ptr;
    *length = bytes.len;
    return 0;
}

static int load_forms(importer *im, const fd_program *program)
{
    fd_forms_options options = FD_FORMS_OPTIONS_INIT;
    fd_diags diags = FD_DIAGS_INIT;
    int err;

    options.read_list = fd_import_read_list;
    err = fd_forms_load(&im->forms, program, &options, &diags);
    fd_import_report_diags(im->report, &diags);
    fd_diags_dispose(&diags);
    if (err < 0 && fd_forms_count(im->forms) == 0)
        return err;
    if (im->options->form && !fd_forms_find(im->forms, im->options->form))
        return fd_error_set(FD_ENOTFOUND, "没有报表「%s」", "there is no form %s",
                            im->options->form);
    return 0;
}

/* Digests of everything that is published. */
static int read_published(importer *im)
{
    fd_table *sources = NULL;
    int err = fd_reader_sources(im->city.reader, &sources), digest, form;

    if (err < 0)
        return err;
    digest = fd_table_find(sources, "digest");
    form = fd_table_find(sources, "form");
    for (size_t i = 0; digest >= 0 && form >= 0 && i < sources->rows; i++) {
        const char *d = fd_column_text(sources->columns[digest], i),
                   *f = fd_column_text(sources->columns[form], i);
        bool is_new;

        if (d && f)
            add_key(im, d, f, &is_new);
    }
    fd_table_free(sources);
    return 0;
}

/* A city that says of itself that it is invented marks all its figures. */
static int read_marks(importer *im, fd_store *store)
{
    char *note = NULL;
    int err;

    if (im->options->marks) {
        im->marks = fd_strdup(im->options->marks);
        return 0;
    }
    if ((err = fd_store_meta_get(store, "note", &note)) < 0)
        return err;
    if (note && (strstr(note, "虚构") || strstr(note, "示例")))
        im->marks = fd_strdup("示例");
    free(note);
    return 0;
}

static fd_date this_day(void)
{
    time_t now = time(NULL);
    struct tm tm;

    if (!localtime_r(&now, &tm))
        return FD_DATE_NONE;
    return fd_date_make(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static int read_files(importer *im)
{
    uint64_t total = 0;
    int err = 0;

    for (size_t i = 0; i < im->files.count; i++)
        total += (uint64_t)im->files.items[i].bytes;
    im->city.several = im->files.count > 1;
    fd_progress_start(&im->progress, "导入", "importing", total ? total : 1, "B");
    for (size_t i = 0; i < im->files.count && err >= 0; i++) {
        err = read_file(im, &im->files.items[i]);
        im->bytes_done += (uint64_t)im->files.items[i].bytes;
        fd_progress_step(&im->progress, im->bytes_done);
        if (err >= 0 && fd_progress_cancelled())
            err = fd_error_set(FD_ECANCELLED, "导入已取消,没有写入",
                               "the import was cancelled, nothing was written");
    }
    fd_progress_finish(&im->progress);
    return err;
}

/* How a batch remembers where its files came from: a path of this machine is nobody's business. */
static const char *note_of(const char *path)
{
    return *path == '/' && fd_file_name(path)[0] ? fd_file_name(path) : path;
}

/* A mapping leads to a data item, or says 代码, 名称 or 忽略. */
static int check_target(const fd_program *program, const char *target)
{
    static const char *const roles[] = { "代码", "名称", "忽略" };
    const fd_item *ignored;

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(roles[i], target) == 0)
            return 0;
    return fd_item_find(&ignored, program, target);
}

static int take_mappings(importer *im, const fd_program *program)
{
    int err = 0;

    for (const char *const *m = im->options->mappings; m && *m && err >= 0; m++) {
        const char *target = after_equals(*m);

        if (!target || target - *m < 2 || !*target)
            return fd_error_set(FD_EINVAL, "列的对应应写成「表头=数据项」:%s",
                                "a mapping is HEADER=ITEM: %s", *m);
        if ((err = check_target(program, target)) >= 0)
            fd_import_city_map(&im->city,
                               fd_arena_strndup(im->city.arena, *m, (size_t)(target - *m) - 1),
                               target);
    }
    return err;
}

static int begin(importer *im, fd_store *store, const fd_program *program, const char *const *paths,
                 size_t count)
{
    fd_batch_info info = { "import", im->options->actor ? im->options->actor : "cli",
                           count ? note_of(paths[0]) : "", im->options->timestamp };
    fd_batch *batch = NULL;
    int err;

    if ((err = load_forms(im, program)) < 0)
        return err;
    for (size_t i = 0; i < count && err >= 0; i++) {
        const char *slash = strrchr(paths[i], '/');
        struct stat st;
        bool folder = stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode);
        size_t length = strlen(paths[i]);

        err = walk(im, paths[i],
                   folder  ? length + (length && paths[i][length - 1] != '/')
                   : slash ? (size_t)(slash + 1 - paths[i])
                           : 0,
                   true);
    }
    if (err < 0)
        return err;
    for (size_t i = 0; i < im->files.count; i++)
        rank_file(im, &im->files.items[i]);
    if (im->files.count)
        qsort(im->files.items, im->files.count, sizeof *im->files.items, by_order);
    if (!im->options->dry_run && (err = fd_batch_begin(&batch, store, &info)) < 0)
        return err;
    im->seen = fd_import_seen_new(im->forms);
    if ((err = fd_import_city_open(&im->city, store, batch)) < 0 || (err = read_published(im)) < 0)
        return err;
    im->city.program = program;
    if ((err = take_mappings(im, program)) < 0)
        return err;
    return read_marks(im, store);
}

static int finish(importer *im, fd_store *store)
{
    fd_reader *reader = NULL;
    int err = 0;

    im->report->snapshot = fd_reader_snapshot(im->city.reader);
    if (im->city.batch) {
        fd_batch *batch = im->city.batch;

        if (im->options->before_publish &&
            (err = im->options->before_publish(im->options->payload, batch, im->report)) < 0)
            return err;
        im->city.batch = NULL;
        fd_batch_detail(
            batch,
            fd_arena_printf(im->city.arena,
                            "%zu files: %zu rows taken (%zu new values), %zu refused, %zu cells in "
                            "doubt; %zu left out, %zu read before",
                            im->report->files->rows, im->report->accepted, im->report->changed,
                            im->report->rejected, im->report->doubtful, im->report->left_out,
                            im->report->same));
        if ((err = fd_batch_publish(batch, &im->report->snapshot)) < 0)
            return err;
        if ((err = fd_reader_open(&reader, store, 0)) < 0)
            return err;
    }
    if (im->options->coverage)
        err = fd_import_report_coverage(im->report, im->seen, reader ? reader : im->city.reader);
    if (reader)
        fd_reader_close(reader);
    return err;
}

static int import_once(fd_import_report *report, fd_store *store, const fd_program *program,
                       const char *const *paths, size_t count, const fd_import_options *options)
{
    importer im = { .report = report, .options = options };
    int err;

    fd_import_report_init(report, options->coverage, options->lang);
    im.published = fd_map_new();
    im.folders = fd_map_new();
    im.today = this_day();
    if ((err = begin(&im, store, program, paths, count)) >= 0 && (err = read_files(&im)) >= 0)
        err = finish(&im, store);
    if (im.city.batch)
        fd_batch_abandon(im.city.batch);
    if (im.city.subjects)
        fd_import_city_dispose(&im.city);
    fd_import_seen_free(im.seen);
    fd_forms_free(im.forms);
    fd_map_free(im.published);
    fd_map_free(im.folders);
    for (size_t i = 0; i < im.files.count; i++)
        free(im.files.items[i].path);
    fd_vec_dispose(&im.files);
    free(im.marks);
    return err < 0 ? err : 0;
}

/* Two imports of one file at the same time: the second to finish finds it published, and reads
 * everything once more to see what is left to take. A caller with before_publish() decides itself.
 */
int fd_import_store(fd_import_report *report, fd_store *store, const fd_program *program,
                    const char *const *paths, size_t count, const fd_import_options *options)
{
    enum { TRIES = 5 };
    int err = import_once(report, store, program, paths, count, options);

    for (int i = 1; i < TRIES && err == FD_EEXISTS && !options->before_publish; i++) {
        fd_import_report_dispose(report);
        err = import_once(report, store, program, paths, count, options);
    }
    return err;
}

int fd_import(fd_import_report *report, fd_city *city, const char *const *paths, size_t count,
              const fd_import_options *options)
{
    int err = fd_import_store(report, city->store, city->program, paths, count, options);

    if (err >= 0 && !options->dry_run)
        err = fd_city_refresh(city);
    return err;
}
