/*
 * A repository in a folder of this machine, read as what it is: files that a
 * stranger may have made. Its main, its copies of others and its objects
 * count, nothing else.
 */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <git2/odb_backend.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/fetch.h"
#include "store/gather.h"
#include "store/loose.h"

struct source {
	struct cf_link *link;
	const char *place;		/* the folder, safe to show */
	struct cf_odb odb;
	uint64_t seen;			/* the files of its objects, as they were */
};

static bool
is_folder(const char *dir, const char *name, bool *is_link)
{
	char *path = cf_path_join(dir, name);
	struct stat st;
	bool there = lstat(path, &st) == 0;

	free(path);
	/* git writes a file with the name of a folder, too: git worktree */
	*is_link = there && !S_ISDIR(st.st_mode);
	return there && S_ISDIR(st.st_mode);
}

/* The git folder of a bare repository or of one with a work tree. */
static const struct cf_err *
find_git_dir(char **out, const struct source *s)
{
	const char *dir = s->link->url->path;
	bool is_link = false, other;

	*out = NULL;
	if (!cf_is_dir(dir))
		return cf_err_rule(CF_REMOTE, "remote.missing",
			"there is no folder %s on this machine. Is the disk or "
			"stick that it is on connected? (An address on the web "
			"begins with https://)", s->place);
	if (is_folder(dir, ".git", &is_link))
		*out = cf_path_join(dir, ".git");
	else if (is_folder(dir, "objects", &other) &&
		is_folder(dir, "refs", &other))
		*out = cf_strdup(dir);
	if (*out)
		return NULL;
	if (is_link)
		return cf_err_rule(CF_REMOTE, "remote.missing",
			"%s/.git is a link to another folder. Give the folder "
			"that it leads to", s->place);
	return cf_err_rule(CF_REMOTE, "remote.missing",
		"there is no git repository in the folder %s", s->place);
}

/* Another number for a file that is another or was written to. */
static uint64_t
print_of(const char *path, const struct stat *st)
{
	const uint64_t parts[] = { (uint64_t)st->st_ino, (uint64_t)st->st_size,
		(uint64_t)st->st_mtim.tv_sec, (uint64_t)st->st_mtim.tv_nsec };
	uint64_t h = 5381;

	for (const char *p = path; *p; p++)
		h = h * 33 + (unsigned char)*p;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		h = (h ^ parts[i]) * 0x9e3779b97f4a7c15u;
	return h;
}

/*
 * Links and special files where objects should be would lead us out of the
 * folder, or to a pipe that never ends.
 */
static const struct cf_err *
check_objects(struct source *s, const char *dir, unsigned depth)
{
	const struct cf_err *err = NULL;
	DIR *d = opendir(dir);
	struct dirent *e;

	if (d == NULL)
		return cf_err_sys("cannot read the folder %s", dir);
	while (!err && (e = readdir(d)) != NULL) {
		struct stat st;
		char *path;

		if (e->d_name[0] == '.')
			continue;
		path = cf_path_join(dir, e->d_name);
		if (lstat(path, &st) != 0 ||
			(!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode)))
			err = cf_err_rule(CF_REFUSED, "source.link",
				"the repository in %s has links among its "
				"objects and is not read. Ask its owner for a "
				"whole copy (git clone --bare)", s->place);
		else if (S_ISDIR(st.st_mode) && depth)
			err = check_objects(s, path, depth - 1);
		if (!err)
			s->seen += print_of(path, &st);
		free(path);
		cf_link_tick(s->link);
	}
	(void)closedir(d);
	return err;
}

/* "<id> <ref>" among the lines of packed-refs */
static bool
find_packed(struct cf_oid *out, struct cf_str text, const char *ref)
{
	struct cf_str line, hex, name;

	while (cf_str_cut(&line, &text, text, '\n'))
		if (cf_str_cut(&hex, &name, line, ' ') &&
			cf_str_is(name, ref) && cf_oid_parse(out, hex))
			return true;
	return false;
}

static const struct cf_err *
read_ref(struct cf_oid *out, bool *found, const char *git_dir,
	const char *ref)
{
	struct cf_buf text = CF_BUF(CF_MAX_REFS * 256u);
	char *loose = cf_path_join(git_dir, ref);
	char *packed = cf_path_join(git_dir, "packed-refs");
	const struct cf_err *err = cf_file_read(&text, loose, false);
	struct cf_str hex, rest;

	*found = false;
	if (!err) {
		*found = cf_str_cut(&hex, &rest,
			(struct cf_str){ text.data, text.len }, '\n') &&
			cf_oid_parse(out, hex);
	} else if (err->code == CF_NOT_FOUND) {
		err = cf_file_read(&text, packed, false);
		if (!err)
			*found = find_packed(out,
				(struct cf_str){ text.data, text.len }, ref);
		else if (err->code == CF_NOT_FOUND)
			err = NULL;
	}
	cf_buf_clear(&text);
	free(loose);
	free(packed);
	return err;
}

/* Branches as files; those that are packed are told by tell_packed. */
static const struct cf_err *
tell_loose(const struct source *s, const char *git_dir)
{
	char *dir = cf_path_join(git_dir, CF_COPIES);
	struct cf_names names = { 0 };
	const struct cf_err *err = NULL;

	if (cf_is_dir(dir))
		err = cf_dir_names(&names, dir);
	if (!err && names.n > CF_MAX_REFS)
		err = cf_err_rule(CF_REFUSED, "limit.refs", "the repository in "
			"%s has more than %u branches. Nothing was taken over. "
			"Tell its owner", s->place, CF_MAX_REFS);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *ref = cf_asprintf(CF_COPIES "%s", names.name[i]);
		struct cf_oid head;
		bool found;

		/* What cannot be read is no copy. */
		if (read_ref(&head, &found, git_dir, ref) == NULL && found)
			cf_link_tell_copy(s->link, ref, &head);
		free(ref);
	}
	cf_names_clear(&names);
	free(dir);
	return err;
}

static void
tell_packed(const struct source *s, const char *git_dir)
{
	struct cf_buf text = CF_BUF(CF_MAX_REFS * 256u);
	char *packed = cf_path_join(git_dir, "packed-refs");
	struct cf_str rest, line, hex, name;
	struct cf_oid head;
	unsigned n = 0;

	if (cf_file_read(&text, packed, false) == NULL) {
		rest = (struct cf_str){ text.data, text.len };
		while (cf_str_cut(&line, &rest, rest, '\n') &&
			n++ < CF_MAX_REFS)
			if (cf_str_cut(&hex, &name, line, ' ') &&
				cf_oid_parse(&head, hex)) {
				char *ref = cf_strndup(name.p, name.n);

				cf_link_tell_copy(s->link, ref, &head);
				free(ref);
			}
	}
	cf_buf_clear(&text);
	free(packed);
}

/* Packs and loose objects, and no alternates: each backend alone does not look
 * for any. */
static int
open_objects(struct cf_odb *odb)
{
	git_odb_backend *packs = NULL;
	int rc = git_odb_new(&odb->git);

	if (!rc)
		rc = git_odb_backend_pack(&packs, odb->objects);
	if (!rc)
		rc = git_odb_add_backend(odb->git, packs, 2);
	if (!rc)
		rc = cf_loose_add(odb->git, odb->objects, 1);
	return rc;
}

/* What is missing there because somebody is writing there, or has taken the
 * stick away, says nothing of the trust whose repository it is. */
static const struct cf_err *
changed(void *source)
{
	struct source now = *(const struct source *)source;
	const uint64_t before = now.seen;
	const struct cf_err *err;
	char *git_dir;

	now.seen = 0;
	if (check_objects(&now, now.odb.objects, 1) == NULL &&
		now.seen == before)
		return NULL;
	err = find_git_dir(&git_dir, &now);
	free(git_dir);
	return err ? err : cf_err_rule(CF_REMOTE, "remote.changed",
		"the repository in %s was changed while Confer read it. Try "
		"again when nobody is writing there", now.place);
}

/* *found: there is something to be sent. */
static const struct cf_err *
pack(bool *found, struct source *s, const struct cf_oid *head,
	const struct cf_oid *pin)
{
	char *to = cf_path_join(s->link->dir, "objects/pack");
	struct cf_gather gather;
	const struct cf_err *err;

	err = cf_gather_open(&gather, s->link, s->odb.git, s->place);
	gather.foreign = true;
	if (!err)
		err = cf_gather_history(&gather, head, pin);
	*found = !err && gather.n > 0;
	if (*found)
		err = cf_mkdirs(to, 0700);
	if (*found && !err)
		err = cf_gather_write(&gather, to);
	if (gather.lacks || (err && err->code != CF_REFUSED)) {
		const struct cf_err *why = changed(s);

		err = why ? why : err;
	}
	cf_gather_close(&gather);
	free(to);
	return err;
}

static void
tick(void *payload, uint64_t done)
{
	struct cf_link *link = payload;

	link->objects = done;
	cf_link_tick(link);
}

/* Nothing is taken from here: somebody works here instead. */
static const struct cf_err *
work_there(bool *found, struct source *s, const struct cf_oid *head,
	const struct cf_fetch *fetch)
{
	const struct cf_there place = { .arg = fetch->there_arg, .odb = &s->odb,
		.head = *head, .dir = s->link->dir, .tick = tick,
		.link = s->link, .changed = changed, .source = s };
	const struct cf_err *err = fetch->there(&place);

	*found = !err;
	return err;
}

/* What cannot be read there is no failure of this machine. */
static const struct cf_err *
theirs(const struct source *s, const struct cf_err *err)
{
	struct cf_err why;

	if (err == NULL || err->code == CF_REMOTE || err->code == CF_REFUSED)
		return err;
	why = *err;
	return cf_err_rule(CF_REMOTE, "remote.unreadable", "the repository in "
		"%s cannot be read: %s", s->place, why.msg);
}

const struct cf_err *
cf_source_fetch(bool *found, struct cf_link *link, const struct cf_job *job)
{
	char *place = cf_url_place(link->url), *git_dir = NULL;
	struct source s = { .link = link, .place = place,
		.odb.open = open_objects };
	const struct cf_fetch *fetch = job->fetch;
	struct cf_oid head = { 0 };
	const struct cf_err *err;
	int rc;

	*found = false;
	err = find_git_dir(&git_dir, &s);
	if (!err) {
		s.odb.objects = cf_path_join(git_dir, "objects");
		err = read_ref(&head, found, git_dir, link->ref);
	}
	if (!err)
		err = tell_loose(&s, git_dir);
	err = theirs(&s, err);
	if (err)
		goto done;
	tell_packed(&s, git_dir);
	cf_link_tell_head(link, *found, &head);
	if (!*found || fetch->look || (job->known && cf_oid_eq(&head, &fetch->have))) {
		*found = false;
		goto done;
	}
	err = theirs(&s, check_objects(&s, s.odb.objects, 1));
	if (!err && (rc = s.odb.open(&s.odb)) != 0)
		err = cf_link_error(link, rc);
	if (!err && fetch->there)
		err = work_there(found, &s, &head, fetch);
	else if (!err)
		err = pack(found, &s, &head, job->share ? &fetch->have : NULL);
done:
	git_odb_free(s.odb.git);
	free(s.odb.objects);
	free(git_dir);
	free(place);
	return err;
}
