/*
 * Loose objects that a stranger wrote. libgit2 itself reads one into room for the
 * size that it claims, and goes on past the end of it where the object is longer
 * (its issue 7177): so whoever is given such a folder could be made to run what
 * is in it. Here libgit2 only unpacks, piece by piece, into room that is known.
 */
#include <stdint.h>
#include <stdlib.h>

#include <git2/sys/odb_backend.h>

#include "base/mem.h"
#include "store/loose.h"

struct loose {
	git_odb_backend parent;
	git_odb_backend *inner;
};

static git_odb_backend *
inner_of(git_odb_backend *parent)
{
	return ((struct loose *)parent)->inner;
}

/* All of it, and no more than n bytes. */
static int
unpack(char *to, size_t n, git_odb_stream *stream)
{
	size_t have = 0;
	char more;
	int got = 1;

	while (have < n && got > 0) {
		size_t room = n - have < INT32_MAX ? n - have : INT32_MAX;

		got = stream->read(stream, to + have, room);
		have += got > 0 ? (size_t)got : 0;
	}
	if (got >= 0 && (have < n || stream->read(stream, &more, 1) != 0)) {
		git_error_set_str(GIT_ERROR_ODB, "it is not as long as it says");
		got = -1;
	}
	return got < 0 ? GIT_ERROR : 0;
}

static int
loose_read(void **bytes, size_t *n, git_object_t *type, git_odb_backend *parent,
	const git_oid *id)
{
	git_odb_stream *stream = NULL;
	char *room = NULL;
	int rc = inner_of(parent)->readstream(&stream, n, type,
		inner_of(parent), id);

	if (rc)
		return rc;
	/* libgit2 expects a NUL after the last byte. */
	if (*n < SIZE_MAX)
		room = git_odb_backend_data_alloc(parent, *n + 1);
	rc = room ? unpack(room, *n, stream) : GIT_ERROR;
	git_odb_stream_free(stream);
	if (rc) {
		git_odb_backend_data_free(parent, room);
		return rc;
	}
	room[*n] = '\0';
	*bytes = room;
	return 0;
}

static int
loose_read_header(size_t *n, git_object_t *type, git_odb_backend *parent,
	const git_oid *id)
{
	return inner_of(parent)->read_header(n, type, inner_of(parent), id);
}

static int
loose_exists(git_odb_backend *parent, const git_oid *id)
{
	return inner_of(parent)->exists(inner_of(parent), id);
}

static void
loose_free(git_odb_backend *parent)
{
	inner_of(parent)->free(inner_of(parent));
	free(parent);
}

int
cf_loose_add(git_odb *to, const char *objects, int priority)
{
	struct loose *loose = cf_calloc(1, sizeof *loose);
	int rc = git_odb_backend_loose(&loose->inner, objects, -1, 0, 0, 0);

	if (rc) {
		free(loose);
		return rc;
	}
	(void)git_odb_init_backend(&loose->parent, GIT_ODB_BACKEND_VERSION);
	loose->parent.read = loose_read;
	loose->parent.read_header = loose_read_header;
	loose->parent.exists = loose_exists;
	loose->parent.free = loose_free;
	rc = git_odb_add_backend(to, &loose->parent, priority);
	if (rc)
		loose_free(&loose->parent);
	return rc;
}
