/*
 * A connection in the child: what libgit2 is told, and what it asks.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/link.h"

#define TELL_MS 100		/* how often the parent hears of progress */
#define SYSTEM_KNOWN_HOSTS "/etc/ssh/ssh_known_hosts"

static char *
absolute(const char *path)
{
	return path && path[0] ? cf_path_absolute(path) : NULL;
}

void
cf_route_init(struct cf_route *out, const struct cf_transport *t)
{
	static const char *const usual[] = { ".ssh/id_ed25519",
		".ssh/id_ecdsa", ".ssh/id_rsa" };
	static const struct cf_transport none;
	const char *home = getenv("HOME");
	size_t n = 0;

	if (t == NULL)
		t = &none;
	*out = (struct cf_route){
		.proxy = t->proxy && t->proxy[0] ? cf_strdup(t->proxy) : NULL,
		.ca_file = absolute(t->ca_file),
		.ssh_key = absolute(t->ssh_key),
	};
	out->known_hosts[0] = absolute(t->known_hosts);
	if (out->known_hosts[0] == NULL) {
		if (home)
			out->known_hosts[0] = cf_path_join(home,
				".ssh/known_hosts");
		out->known_hosts[1] = cf_strdup(SYSTEM_KNOWN_HOSTS);
	}
	for (size_t i = 0; home && i < sizeof usual / sizeof *usual; i++) {
		char *path = cf_path_join(home, usual[i]);

		if (access(path, R_OK) == 0)
			out->keys[n++] = path;
		else
			free(path);
	}
}

void
cf_route_clear(struct cf_route *route)
{
	free(route->proxy);
	free(route->ca_file);
	free(route->ssh_key);
	for (size_t i = 0; i < 2; i++)
		free(route->known_hosts[i]);
	for (size_t i = 0; i < 3; i++)
		free(route->keys[i]);
	*route = (struct cf_route){ 0 };
}

void
cf_route_allow(struct cf_allow *out, const struct cf_route *route,
	const struct cf_url *url, const char *dir, const char *objects,
	bool pushing)
{
	const char *const ssh[] = { route->ssh_key, route->known_hosts[0],
		route->known_hosts[1], route->keys[0], route->keys[1],
		route->keys[2] };
	bool local = url->scheme == CF_SCHEME_FILE;
	size_t n = 0;

	*out = (struct cf_allow){ .network = !local, .write = { dir,
		local && pushing ? url->path : NULL } };
	if (objects)
		out->read[n++] = objects;
	if (local)
		out->read[n++] = url->path;
	else if (route->ca_file)
		out->read[n++] = route->ca_file;
	for (size_t i = 0; url->scheme == CF_SCHEME_SSH && i < 6; i++)
		if (ssh[i])
			out->read[n++] = ssh[i];
}

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Nobody is left to work for when the parent does not listen. */
static void
say(const struct cf_link *link, const struct cf_say *words)
{
	if (!cf_say_send(link->fd, words))
		_exit(0);
}

void
cf_link_tick(struct cf_link *link)
{
	struct cf_say words = { .word = CF_SAY_PROGRESS,
		.bytes = link->bytes, .objects = link->objects };
	int64_t now = now_ms();

	if (now - link->told < TELL_MS)
		return;
	link->told = now;
	say(link, &words);
}

void
cf_link_tell_head(const struct cf_link *link, bool found,
	const struct cf_oid *head)
{
	struct cf_say words = { .word = CF_SAY_HEAD, .found = found };

	if (found)
		words.head = *head;
	say(link, &words);
}

void
cf_link_tell_copy(struct cf_link *link, const char *ref,
	const struct cf_oid *head)
{
	struct cf_say words = { .word = CF_SAY_COPY, .head = *head };
	struct cf_digest id;

	if (link->copies >= CF_MAX_REFS || !cf_starts(ref, CF_COPIES) ||
		cf_oid_is_zero(head) ||
		!cf_digest_parse(&id, cf_str(ref + strlen(CF_COPIES))))
		return;
	memcpy(words.trust, id.text, sizeof words.trust);
	link->copies++;
	say(link, &words);
}

void
cf_link_done(struct cf_link *link, bool found)
{
	struct cf_say words = { .word = CF_SAY_DONE, .bytes = link->bytes,
		.objects = link->objects, .found = found };

	say(link, &words);
}

/* A host's words may be in the text, and cutting may have split a letter. */
static void
tidy(char *text)
{
	struct cf_str rest = cf_str(text);

	while (rest.n) {
		char *at = text + (rest.p - text);
		int32_t c = cf_utf8_next(&rest);

		if (c < 0) {
			*at = '?';
			rest.p++;
			rest.n--;
		} else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
			memset(at, ' ', (size_t)(rest.p - at));
		}
	}
}

void
cf_link_fail(struct cf_link *link, const struct cf_err *err)
{
	struct cf_say words = { .word = CF_SAY_FAILED, .error = *err };

	/* What is missing or invalid on the way is this machine's matter. */
	if (err->code != CF_REMOTE && err->code != CF_REFUSED &&
		err->code != CF_BUSY)
		words.error.code = CF_SYS;
	tidy(words.error.msg);
	say(link, &words);
}

int
cf_link_stop(struct cf_link *link, const struct cf_err *err)
{
	if (!link->has_why)
		link->why = *err;
	link->has_why = true;
	git_error_set_str(GIT_ERROR_CALLBACK, "stopped");
	return -1;
}

int
cf_link_received(const git_indexer_progress *stats, void *payload)
{
	struct cf_link *link = payload;
	char *place;
	int rc = 0;

	link->objects = stats->received_objects;
	if (stats->received_bytes > CF_MAX_PACK ||
		stats->total_objects > CF_MAX_PACK_OBJECTS) {
		bool bytes = stats->received_bytes > CF_MAX_PACK;

		place = cf_url_place(link->url);
		rc = cf_link_stop(link, cf_err_rule(CF_REFUSED,
			bytes ? "limit.pack" : "limit.objects",
			"%s sends more in one update than Confer takes (%llu "
			"%s at most). Nothing was taken over. Tell its owner",
			place, bytes ? CF_MAX_PACK / 1024 / 1024 :
			(unsigned long long)CF_MAX_PACK_OBJECTS,
			bytes ? "MB" : "objects"));
		free(place);
	}
	cf_link_tick(link);
	return rc;
}

/* Asks the parent, who asks git credential or a person. */
static int
ask_login(git_credential **out, struct cf_link *link)
{
	struct cf_say words = { .word = CF_SAY_ASK };
	int rc;

	link->logins++;
	say(link, &words);
	if (cf_say_receive(&words, link->fd, true) != CF_HEARD)
		_exit(0);
	if (words.word != CF_SAY_LOGIN) {
		link->no_login = true;
		return GIT_EAUTH;
	}
	rc = git_credential_userpass_plaintext_new(out, words.user,
		words.password);
	cf_say_wipe(&words);
	return rc;
}

static int
login(git_credential **out, const char *text, const char *user,
	unsigned allowed, void *payload)
{
	struct cf_link *link = payload;
	struct cf_url asking;
	bool same;

	if (link->url->scheme == CF_SCHEME_SSH)
		return cf_ssh_login(out, link, user, allowed);
	/* After a redirect another host may ask; it gets nothing. */
	same = cf_url_parse(&asking, text) == NULL &&
		cf_url_same_host(&asking, link->url);
	cf_url_clear(&asking);
	if (!same) {
		link->elsewhere = true;
		return GIT_EAUTH;
	}
	if (!(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT)) {
		link->other_login = true;
		return GIT_EAUTH;
	}
	return ask_login(out, link);
}

static int
certificate(git_cert *cert, int valid, const char *host, void *payload)
{
	struct cf_link *link = payload;

	(void)host;
	if (cert->cert_type == GIT_CERT_HOSTKEY_LIBSSH2)
		return cf_ssh_check_host(link, (git_cert_hostkey *)cert);
	if (!valid)
		link->bad_certificate = true;
	/* libgit2's own verdict stands. */
	return GIT_PASSTHROUGH;
}

static int
packing(int stage, uint32_t current, uint32_t total, void *payload)
{
	(void)stage;
	(void)current;
	(void)total;
	cf_link_tick(payload);
	return 0;
}

/* Keeps the end of what the host prints while it takes a push. */
static int
host_says(const char *text, int n, void *payload)
{
	struct cf_link *link = payload;
	size_t have = strlen(link->words), room = sizeof link->words - 1;
	size_t more = n < 0 ? 0 : (size_t)n;

	if (more > room) {
		text += more - room;
		more = room;
	}
	if (have + more > room) {
		memmove(link->words, link->words + (have + more - room),
			room - more);
		have = room - more;
	}
	memcpy(link->words + have, text, more);
	link->words[have + more] = '\0';
	cf_link_tick(link);
	return 0;
}

void
cf_link_callbacks(git_remote_callbacks *out, struct cf_link *link)
{
	(void)git_remote_init_callbacks(out, GIT_REMOTE_CALLBACKS_VERSION);
	out->credentials = login;
	out->certificate_check = certificate;
	out->transfer_progress = cf_link_received;
	out->pack_progress = packing;
	if (link->pushing)
		out->sideband_progress = host_says;
	out->transport = cf_counted_transport;
	out->payload = link;
}

void
cf_link_proxy(git_proxy_options *out, const struct cf_link *link)
{
	if (link->route->proxy && !cf_url_is_loopback(link->url)) {
		out->type = GIT_PROXY_SPECIFIED;
		out->url = link->route->proxy;
	}
}

/*
 * The machine's authorities and one file more. libgit2 with mbedTLS forgets the
 * first when it is given the second, so both are given.
 */
static const struct cf_err *
trust_authorities(const struct cf_link *link)
{
	static const char *const bundles[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem" };
	const char *file = link->route->ca_file;
	char *dir = cf_path_join(link->dir, "ca");
	char *to = cf_path_join(dir, "system.pem");
	const struct cf_err *err = cf_mkdirs(dir, 0700);
	int rc = 0;

	for (size_t i = 0; i < sizeof bundles / sizeof *bundles && !err; i++)
		if (access(bundles[i], R_OK) == 0) {
			if (symlink(bundles[i], to) != 0)
				err = cf_err_sys("cannot write %s", to);
			break;
		}
	if (!err && access(file, R_OK) != 0)
		err = cf_err_sys("cannot read %s, which the setting "
			"confer.caFile names", file);
	if (!err)
		rc = git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file,
			dir);
	if (rc)
		err = cf_err(CF_SYS, "there is no certificate in %s, which the "
			"setting confer.caFile names. It must be in the PEM "
			"form", file);
	free(dir);
	free(to);
	return err;
}

static const struct cf_err *
prepare(struct cf_link *link)
{
	if (link->url->scheme == CF_SCHEME_SSH)
		return cf_ssh_load(link);
	if (link->url->scheme == CF_SCHEME_HTTPS && link->route->ca_file)
		return trust_authorities(link);
	return NULL;
}

bool
cf_link_head(struct cf_oid *out, git_remote *remote, const char *ref)
{
	const git_remote_head **heads = NULL;
	size_t n = 0;

	*out = (struct cf_oid){ 0 };
	if (git_remote_ls(&heads, &n, remote))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(heads[i]->name, ref) == 0) {
			cf_oid_from_git(out, &heads[i]->oid);
			return !cf_oid_is_zero(out);
		}
	return false;
}

static const struct cf_err *
check_refs(struct cf_link *link, git_remote *remote)
{
	const git_remote_head **heads = NULL;
	size_t n = 0;
	int rc = git_remote_ls(&heads, &n, remote);

	if (rc)
		return cf_link_error(link, rc);
	if (n > CF_MAX_REFS)
		return cf_err_rule(CF_REFUSED, "limit.refs",
			"%s lists more than %u branches and tags. Nothing was "
			"taken over. Tell its owner", link->url->host,
			CF_MAX_REFS);
	return NULL;
}

/* What was listed, to the parent. */
static void
tell_listed(struct cf_link *link, git_remote *remote)
{
	const git_remote_head **heads = NULL;
	struct cf_oid head;
	size_t n = 0;
	bool found;

	if (!link->pushing && git_remote_ls(&heads, &n, remote) == 0)
		for (size_t i = 0; i < n; i++) {
			cf_oid_from_git(&head, &heads[i]->oid);
			cf_link_tell_copy(link, heads[i]->name, &head);
		}
	found = cf_link_head(&head, remote, link->ref);
	cf_link_tell_head(link, found, &head);
}

const struct cf_err *
cf_link_open(git_remote **out, struct cf_link *link, git_repository *repo)
{
	git_remote_create_options how = GIT_REMOTE_CREATE_OPTIONS_INIT;
	git_remote_connect_options opts = GIT_REMOTE_CONNECT_OPTIONS_INIT;
	const struct cf_say welcome = { .word = CF_SAY_WELCOME };
	const struct cf_err *err;
	/* A user name in https is for the parent: libgit2 would first try it
	 * with an empty password. */
	char *text = cf_url_text(link->url, link->url->scheme ==
		CF_SCHEME_SSH);
	int rc;

	*out = NULL;
	err = prepare(link);
	if (err)
		goto done;
	how.repository = repo;
	how.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF |
		GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
	cf_link_callbacks(&opts.callbacks, link);
	opts.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	cf_link_proxy(&opts.proxy_opts, link);
	link->listing = true;
	rc = git_remote_create_with_opts(out, text, &how);
	if (!rc)
		rc = git_remote_connect_ext(*out, link->pushing ?
			GIT_DIRECTION_PUSH : GIT_DIRECTION_FETCH, &opts);
	err = rc ? cf_link_error(link, rc) : check_refs(link, *out);
	link->listing = false;
	if (err)
		goto done;
	if (link->logins)
		say(link, &welcome);
	tell_listed(link, *out);
done:
	free(text);
	return err;
}
