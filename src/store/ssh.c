/*
 * ssh: which keys a host may show, and which of the person's keys we offer.
 * What counts is known_hosts, as for ssh itself; libgit2 and libssh2 read no
 * ssh_config.
 */
#include <libssh2.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/link.h"

#define SSH_PORT 22u
#define PLAIN (LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_RAW)

/* In the order of our liking: the first that a host is known by is asked for. */
static const struct {
	const char *name, *word;
	int mask;
} types[] = {
	{ "ssh-ed25519", "ed25519", LIBSSH2_KNOWNHOST_KEY_ED25519 },
	{ "ecdsa-sha2-nistp256", "ecdsa", LIBSSH2_KNOWNHOST_KEY_ECDSA_256 },
	{ "ecdsa-sha2-nistp384", "ecdsa", LIBSSH2_KNOWNHOST_KEY_ECDSA_384 },
	{ "ecdsa-sha2-nistp521", "ecdsa", LIBSSH2_KNOWNHOST_KEY_ECDSA_521 },
	{ "ssh-rsa", "rsa", LIBSSH2_KNOWNHOST_KEY_SSHRSA },
};
#define TYPES (sizeof types / sizeof *types)

struct cf_ssh {
	LIBSSH2_SESSION *session;
	LIBSSH2_KNOWNHOSTS *known, *revoked;
	char *name;			/* the host as known_hosts has it */
	char *user;
};

/* The name of the type is the first field of a key in its raw form. */
static size_t
type_of(const char *key, size_t n)
{
	const unsigned char *p = (const unsigned char *)key;

	for (size_t i = 0; i < TYPES; i++) {
		size_t len = strlen(types[i].name);

		if (n > 4 + len && p[0] == 0 && p[1] == 0 && p[2] == 0 &&
			p[3] == len && memcmp(key + 4, types[i].name, len) == 0)
			return i;
	}
	return TYPES;
}

/*
 * Which type of key the one host in `hosts` has, as an index of `types`; TYPES
 * where it is not our host. A key that cannot be makes libssh2 tell.
 */
static size_t
type_known(const struct cf_ssh *ssh, LIBSSH2_KNOWNHOSTS *hosts)
{
	struct libssh2_knownhost *found = NULL;
	int rc = libssh2_knownhost_checkp(hosts, ssh->name, -1, "", 1, PLAIN,
		&found);

	for (size_t i = 0; rc == LIBSSH2_KNOWNHOST_CHECK_MISMATCH && i < TYPES;
		i++)
		if ((found->typemask & LIBSSH2_KNOWNHOST_KEY_MASK) ==
			types[i].mask)
			return i;
	return TYPES;
}

/*
 * Looks at one line: one that names our host goes into `ssh` and into the text
 * of its type. One that libssh2 cannot read would spoil a whole file for it, so
 * each is tried alone.
 */
static void
take_line(struct cf_ssh *ssh, struct cf_buf text[TYPES], struct cf_str line)
{
	LIBSSH2_KNOWNHOSTS *one, *into = ssh->known;
	char *copy;
	size_t type = TYPES;

	if (cf_str_skip(&line, "@revoked "))
		into = ssh->revoked;
	if (line.n == 0 || line.p[0] == '@' || line.p[0] == '#')
		return;
	copy = cf_strndup(line.p, line.n);
	one = libssh2_knownhost_init(ssh->session);
	if (one && libssh2_knownhost_readline(one, copy, line.n,
		LIBSSH2_KNOWNHOST_FILE_OPENSSH) == 0)
		type = type_known(ssh, one);
	if (type < TYPES) {
		(void)libssh2_knownhost_readline(into, copy, line.n,
			LIBSSH2_KNOWNHOST_FILE_OPENSSH);
		if (into == ssh->known)
			cf_buf_printf(&text[type], "%s\n", copy);
	}
	if (one)
		libssh2_knownhost_free(one);
	free(copy);
}

static const struct cf_err *
read_known(struct cf_ssh *ssh, struct cf_buf text[TYPES], const char *path)
{
	struct cf_buf file = CF_BUF(CF_MAX_KNOWN_HOSTS);
	const struct cf_err *err = cf_file_read(&file, path, true);
	struct cf_str rest = { file.data, file.len }, line;

	while (!err && rest.n) {
		if (!cf_str_cut(&line, &rest, rest, '\n')) {
			line = rest;
			rest.n = 0;
		}
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		take_line(ssh, text, line);
	}
	cf_buf_clear(&file);
	return err && err->code == CF_NOT_FOUND ? NULL : err;
}

/*
 * libgit2 reads $HOME/.ssh/known_hosts to decide which type of key to ask the
 * host for, and takes the first. There it finds ours.
 */
static const struct cf_err *
write_known(const struct cf_link *link, const struct cf_buf text[TYPES])
{
	char *dir = cf_path_join(link->dir, ".ssh");
	char *path = cf_path_join(dir, "known_hosts");
	struct cf_buf all = CF_BUF(CF_MAX_KNOWN_HOSTS);
	const struct cf_err *err;

	for (size_t i = 0; i < TYPES; i++)
		cf_buf_add(&all, text[i].data, text[i].len);
	err = cf_mkdirs(dir, 0700);
	if (!err)
		err = cf_file_write(path, all.data, all.len, 0600);
	cf_buf_clear(&all);
	free(dir);
	free(path);
	return err;
}

const struct cf_err *
cf_ssh_load(struct cf_link *link)
{
	const struct cf_url *url = link->url;
	struct cf_ssh *ssh = cf_calloc(1, sizeof *ssh);
	struct cf_buf text[TYPES];
	const struct passwd *person;
	const struct cf_err *err = NULL;

	link->ssh = ssh;
	for (size_t i = 0; i < TYPES; i++)
		cf_buf_init(&text[i], CF_MAX_KNOWN_HOSTS);
	if (!(git_libgit2_features() & GIT_FEATURE_SSH))
		return cf_err(CF_SYS, "the libgit2 of this machine cannot use "
			"ssh. Use an https address, or ask the person who "
			"looks after this computer");
	if (link->route->ssh_key && access(link->route->ssh_key, R_OK) != 0)
		return cf_err_sys("cannot read %s, which the setting "
			"confer.sshKey names", link->route->ssh_key);
	person = url->user ? NULL : getpwuid(getuid());
	ssh->user = cf_strdup(url->user ? url->user :
		person ? person->pw_name : "git");
	ssh->name = url->port ? cf_asprintf("[%s]:%u", url->host, url->port) :
		cf_strdup(url->host);
	ssh->session = libssh2_session_init();
	if (ssh->session) {
		ssh->known = libssh2_knownhost_init(ssh->session);
		ssh->revoked = libssh2_knownhost_init(ssh->session);
	}
	if (ssh->known == NULL || ssh->revoked == NULL)
		return cf_err(CF_SYS, "ssh cannot be started");
	for (size_t i = 0; i < 2 && !err; i++)
		if (link->route->known_hosts[i])
			err = read_known(ssh, text, link->route->known_hosts[i]);
	if (!err)
		err = write_known(link, text);
	for (size_t i = 0; i < TYPES; i++)
		cf_buf_clear(&text[i]);
	return err;
}

/* "SHA256:…", as ssh shows it */
static void
fingerprint(struct cf_buf *out, const git_cert_hostkey *cert)
{
	unsigned char hash[32];

	cf_sha256(hash, cert->hostkey, cert->hostkey_len);
	cf_buf_puts(out, "SHA256:");
	cf_base64_add(out, hash, sizeof hash);
	while (out->len && out->data[out->len - 1] == '=')
		out->data[--out->len] = '\0';
}

static int
refuse_host(struct cf_link *link, const git_cert_hostkey *cert, bool is_known)
{
	const struct cf_ssh *ssh = link->ssh;
	const char *file = link->route->known_hosts[0];
	size_t type = type_of(cert->hostkey, cert->hostkey_len);
	struct cf_buf print = CF_BUF(100);
	unsigned port = link->url->port ? link->url->port : SSH_PORT;
	int rc;

	fingerprint(&print, cert);
	if (is_known)
		rc = cf_link_stop(link, cf_err_rule(CF_REFUSED, "ssh.host-key",
			"%s shows another key than the one this computer knows "
			"it by (%s). Somebody may be listening in, or the host "
			"has a new key. Ask the people who run it; if they "
			"confirm the new key, run: ssh-keygen -R '%s'%s%s - "
			"and try again", ssh->name, print.data, ssh->name,
			file ? " -f " : "", file ? file : ""));
	else
		rc = cf_link_stop(link, cf_err_rule(CF_REMOTE,
			"ssh.unknown-host",
			"this computer does not know the ssh host %s yet. Its "
			"key is %s. If the people who run it publish the same, "
			"run: ssh-keyscan -p %u -t %s %s >> %s - and try again",
			ssh->name, print.data, port,
			type < TYPES ? types[type].word : "ed25519",
			link->url->host, file ? file : "~/.ssh/known_hosts"));
	cf_buf_clear(&print);
	return rc;
}

int
cf_ssh_check_host(struct cf_link *link, const git_cert_hostkey *cert)
{
	const struct cf_ssh *ssh = link->ssh;
	size_t type;
	int mask;

	if (!(cert->type & GIT_CERT_SSH_RAW) || cert->hostkey == NULL)
		return cf_link_stop(link, cf_err_rule(CF_REMOTE,
			"ssh.unknown-host", "%s shows no key of its own. Ask "
			"the people who run it", ssh->name));
	type = type_of(cert->hostkey, cert->hostkey_len);
	mask = PLAIN | (type < TYPES ? types[type].mask :
		LIBSSH2_KNOWNHOST_KEY_UNKNOWN);
	if (libssh2_knownhost_checkp(ssh->revoked, ssh->name, -1,
		cert->hostkey, cert->hostkey_len, mask, NULL) ==
		LIBSSH2_KNOWNHOST_CHECK_MATCH)
		return refuse_host(link, cert, true);
	if (libssh2_knownhost_checkp(ssh->known, ssh->name, -1, cert->hostkey,
		cert->hostkey_len, mask, NULL) == LIBSSH2_KNOWNHOST_CHECK_MATCH)
		return 0;
	return refuse_host(link, cert, type_known(ssh, ssh->known) < TYPES);
}

/* The n-th thing to try: the key of the settings and no other; else the agent's
 * keys, then those that ssh would try. NULL, true: the agent. */
static const char *
key_to_try(const struct cf_route *route, unsigned n, bool *agent)
{
	*agent = false;
	if (route->ssh_key)
		return n == 0 ? route->ssh_key : NULL;
	if (getenv("SSH_AUTH_SOCK")) {
		if (n == 0) {
			*agent = true;
			return NULL;
		}
		n--;
	}
	return n < 3 ? route->keys[n] : NULL;
}

int
cf_ssh_login(git_credential **out, struct cf_link *link, const char *user,
	unsigned allowed)
{
	const char *key;
	bool agent;

	if (user == NULL)
		user = link->ssh->user;
	if (allowed & GIT_CREDENTIAL_USERNAME)
		return git_credential_username_new(out, user);
	if (!(allowed & GIT_CREDENTIAL_SSH_KEY)) {
		link->other_login = true;
		return GIT_EAUTH;
	}
	key = key_to_try(link->route, link->keys++, &agent);
	if (agent)
		return git_credential_ssh_key_from_agent(out, user);
	if (key)
		return git_credential_ssh_key_new(out, user, NULL, key, NULL);
	link->no_login = true;
	return GIT_EAUTH;
}
