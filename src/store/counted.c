/*
 * libgit2's transports with a counter in between: so that the parent hears of
 * every byte, and a list of refs that does not end is cut off while it comes.
 * libgit2 itself keeps that list in memory, however long it grows. It also asks
 * for packs that leave out what we have: a host could find out by them what we
 * hold of others, so that request is taken away.
 */
#include <stdlib.h>
#include <string.h>

#include <git2/sys/transport.h>

#include "base/mem.h"
#include "store/link.h"

struct counted;

struct stream {
	git_smart_subtransport_stream parent;
	git_smart_subtransport_stream *inner;
	struct counted *owner;
};

struct counted {
	git_smart_subtransport parent;
	git_smart_subtransport *inner;
	struct cf_link *link;
	struct stream *stream;		/* the one in use */
};

static int
stream_read(git_smart_subtransport_stream *parent, char *buffer, size_t size,
	size_t *got)
{
	struct stream *s = (struct stream *)parent;
	struct cf_link *link = s->owner->link;
	int rc = s->inner->read(s->inner, buffer, size, got);

	if (rc)
		return rc;
	link->bytes += *got;
	if (link->listing)
		link->advertised += *got;
	if (link->advertised > CF_MAX_ADVERTISED)
		return cf_link_stop(link, cf_err_rule(CF_REFUSED, "limit.refs",
			"the list of branches at %s does not end. Nothing was "
			"taken over. Tell its owner", link->url->host));
	cf_link_tick(link);
	return 0;
}

/* "0098want <id> multi_ack … thin-pack …", the line that a request begins with. */
static bool
ask_for_whole(struct cf_buf *out, const char *buffer, size_t n)
{
	static const char thin[] = " thin-pack";
	const size_t cut = sizeof thin - 1;
	const char *end = n > 9 && memcmp(buffer + 4, "want ", 5) == 0 ?
		memchr(buffer, '\n', n) : NULL;
	const char *at = buffer;

	while (end && (size_t)(end - at) > cut && memcmp(at, thin, cut) != 0)
		at++;
	if (end == NULL || (size_t)(end - at) <= cut)
		return false;
	cf_buf_printf(out, "%04zx", (size_t)(end + 1 - buffer) - cut);
	cf_buf_add(out, buffer + 4, (size_t)(at - buffer) - 4);
	cf_buf_add(out, at + cut, n - (size_t)(at - buffer) - cut);
	return true;
}

static int
stream_write(git_smart_subtransport_stream *parent, const char *buffer,
	size_t n)
{
	struct stream *s = (struct stream *)parent;
	struct cf_buf whole = CF_BUF(n);
	int rc;

	if (ask_for_whole(&whole, buffer, n)) {
		buffer = whole.data;
		n = whole.len;
	}
	rc = s->inner->write(s->inner, buffer, n);
	cf_buf_clear(&whole);

	/* What is sent counts as a sign of life only. */
	if (!rc)
		cf_link_tick(s->owner->link);
	return rc;
}

static void
stream_free(git_smart_subtransport_stream *parent)
{
	struct stream *s = (struct stream *)parent;

	s->inner->free(s->inner);
	s->owner->stream = NULL;
	free(s);
}

static int
counted_action(git_smart_subtransport_stream **out,
	git_smart_subtransport *parent, const char *url,
	git_smart_service_t action)
{
	struct counted *c = (struct counted *)parent;
	git_smart_subtransport_stream *inner = NULL;
	int rc = c->inner->action(&inner, c->inner, url, action);

	*out = NULL;
	if (rc)
		return rc;
	/* Over ssh the same stream goes on. */
	if (c->stream == NULL || c->stream->inner != inner) {
		c->stream = cf_calloc(1, sizeof *c->stream);
		c->stream->parent.subtransport = parent;
		c->stream->parent.read = stream_read;
		c->stream->parent.write = stream_write;
		c->stream->parent.free = stream_free;
		c->stream->inner = inner;
		c->stream->owner = c;
	}
	*out = &c->stream->parent;
	cf_link_tick(c->link);
	return 0;
}

static int
counted_close(git_smart_subtransport *parent)
{
	struct counted *c = (struct counted *)parent;

	return c->inner->close(c->inner);
}

static void
counted_free(git_smart_subtransport *parent)
{
	struct counted *c = (struct counted *)parent;

	c->inner->free(c->inner);
	free(c);
}

static int
counted_new(git_smart_subtransport **out, git_transport *owner, void *link)
{
	struct counted *c = cf_calloc(1, sizeof *c);
	bool ssh;
	int rc;

	c->link = link;
	c->parent.action = counted_action;
	c->parent.close = counted_close;
	c->parent.free = counted_free;
	ssh = c->link->url->scheme == CF_SCHEME_SSH;
	rc = ssh ? git_smart_subtransport_ssh(&c->inner, owner, NULL) :
		git_smart_subtransport_http(&c->inner, owner, NULL);
	if (rc) {
		free(c);
		return rc;
	}
	*out = &c->parent;
	return 0;
}

int
cf_counted_transport(git_transport **out, git_remote *owner, void *link)
{
	const struct cf_link *l = link;
	git_smart_subtransport_definition definition = {
		.callback = counted_new,
		.rpc = l->url->scheme != CF_SCHEME_SSH,
		.param = link,
	};

	return git_transport_smart(out, owner, &definition);
}
