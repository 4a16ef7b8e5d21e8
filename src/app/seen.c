/*
 * Drafts that were published and not touched since: thousands of them may lie in
 * drafts/, and reading each again would take status seconds. Kept in the index,
 * by inode, so that it is only a cache: what is not known is read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/draft.h"

#define STAMP 160

/* What changes whenever somebody writes in the file or puts another there. */
static bool
stamp_of(char key[STAMP], char stamp[STAMP], const char *file)
{
	struct stat st;

	if (stat(file, &st) != 0)
		return false;
	(void)snprintf(key, STAMP, CF_DRAFT_KEY "%llu:%llu",
		(unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	(void)snprintf(stamp, STAMP, "%lld %lld.%09ld %lld.%09ld",
		(long long)st.st_size, (long long)st.st_mtim.tv_sec,
		st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec,
		st.st_ctim.tv_nsec);
	return true;
}

bool
cf_draft_seen(struct cf_trust *trust, const char *file)
{
	char key[STAMP], stamp[STAMP], *known = NULL;
	bool same;

	if (!stamp_of(key, stamp, file) ||
		cf_index_get(&known, trust->index, key))
		return false;
	same = known && strcmp(known, stamp) == 0;
	free(known);
	return same;
}

static const struct cf_err *
is_published(bool *out, struct cf_trust *trust, const char *file)
{
	const struct cf_err *err = NULL;
	json_t *draft = NULL;

	*out = cf_draft_seen(trust, file);
	if (!*out && cf_draft_read(&draft, file) == NULL)
		err = cf_draft_published(out, trust, draft);
	json_decref(draft);
	return err;
}

const struct cf_err *
cf_drafts_open(struct cf_names *out, struct cf_trust *trust)
{
	const struct cf_err *err = cf_draft_names(out, trust);
	size_t n = 0;

	for (size_t i = 0; !err && i < out->n; i++) {
		bool published;

		err = is_published(&published, trust, out->name[i]);
		if (err || published) {
			free(out->name[i]);
			out->name[i] = NULL;
		}
	}
	for (size_t i = 0; !err && i < out->n; i++)
		if (out->name[i])
			out->name[n++] = out->name[i];
	if (!err)
		out->n = n;
	return err;
}

/* The stamp is taken first: who writes meanwhile makes it another. */
static const struct cf_err *
see(struct cf_trust *trust, const char *file)
{
	char key[STAMP], stamp[STAMP];
	const struct cf_err *err;
	json_t *draft = NULL;
	bool published = false;

	if (!stamp_of(key, stamp, file))
		return NULL;
	err = cf_draft_read(&draft, file);
	if (!err)
		err = cf_draft_published(&published, trust, draft);
	if (!err && published)
		err = cf_index_set(trust->index, key, stamp);
	json_decref(draft);
	return err;
}

void
cf_drafts_see(struct cf_trust *trust, const char *const *files, size_t n)
{
	const struct cf_err *err = cf_index_begin(trust->index);

	if (err)
		return;
	for (size_t i = 0; i < n && !err; i++)
		err = see(trust, files[i]);
	if (err || cf_index_commit(trust->index))
		cf_index_rollback(trust->index);
}
