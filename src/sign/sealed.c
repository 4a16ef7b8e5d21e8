/*
 * Files that only the holder of a secret key can read: what a trust knows of its
 * people, kept beside its keys. A line that anybody may read, then the rest
 * sealed with XChaCha20-Poly1305 under a key made from the secret key, with that
 * line bound to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "sign/secret.h"
#include "sign/sign.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define MAGIC "confer sealed 1 "

void
cf_secret_room(struct cf_secret *s, size_t n)
{
	cf_secret_clear(s);
	s->p = cf_locked(n ? n : 1);
	memset(s->p, 0, n ? n : 1);
	s->n = n;
}

static void
sealing_key(unsigned char out[32], const struct cf_seckey *key)
{
	static const char purpose[] = "confer: what this trust knows of its "
		"people";
	unsigned char seed[32];

	cf_seckey_seed(key, seed);
	(void)crypto_generichash(out, 32, (const unsigned char *)purpose,
		sizeof purpose - 1, seed, sizeof seed);
	sodium_memzero(seed, sizeof seed);
}

char *
cf_sealed_next(const char *path)
{
	return cf_asprintf("%s.next", path);
}

const struct cf_err *
cf_sealed_write(const char *path, const struct cf_seckey *key,
	const char *line, struct cf_str bytes)
{
	char *head = cf_asprintf(MAGIC "%s\n", line);
	char *next = cf_sealed_next(path);
	size_t n = strlen(head);
	struct cf_buf text = CF_BUF(n + NONCE + TAG + bytes.n);
	unsigned char nonce[NONCE], secret[32];
	unsigned char *box = cf_malloc(bytes.n + TAG);
	const struct cf_err *err;

	cf_random(nonce, sizeof nonce);
	sealing_key(secret, key);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(box, NULL,
		(const unsigned char *)bytes.p, bytes.n,
		(const unsigned char *)head, n, NULL, nonce, secret);
	sodium_memzero(secret, sizeof secret);
	cf_buf_add(&text, head, n);
	cf_buf_add(&text, nonce, sizeof nonce);
	cf_buf_add(&text, box, bytes.n + TAG);
	err = cf_buf_check(&text, path);
	if (!err)
		err = cf_file_write(path, text.data, text.len, 0600);
	if (!err)
		(void)unlink(next);
	cf_buf_clear(&text);
	free(box);
	free(head);
	free(next);
	return err;
}

/* The first line without its mark; false where the file has another form. */
static bool
cut_line(struct cf_str *line, struct cf_str *rest, struct cf_str text)
{
	return cf_str_cut(line, rest, text, '\n') &&
		cf_str_skip(line, MAGIC);
}

static const struct cf_err *
damaged(const char *path)
{
	return cf_err_rule(CF_INVALID, "roll.damaged", "%s is damaged, or "
		"another version of Confer wrote it. Import the file from your "
		"information system again", path);
}

const struct cf_err *
cf_sealed_line(char **line, const char *path, size_t max)
{
	struct cf_buf text = CF_BUF(max);
	struct cf_str first, rest;
	const struct cf_err *err = cf_file_read(&text, path, false);

	*line = NULL;
	if (!err && !cut_line(&first, &rest, (struct cf_str){ text.data,
		text.len }))
		err = damaged(path);
	if (!err)
		*line = cf_strndup(first.p, first.n);
	cf_buf_clear(&text);
	return err;
}

/* Errors name `path`, whose bytes are in `file`. */
static const struct cf_err *
read_sealed(struct cf_secret *out, const char *file, const char *path,
	size_t max, const struct cf_seckey *key)
{
	struct cf_buf text = CF_BUF(max);
	struct cf_str line, rest;
	unsigned char secret[32];
	const struct cf_err *err = cf_file_read(&text, file, false);

	*out = (struct cf_secret){ 0 };
	if (!err && (!cut_line(&line, &rest, (struct cf_str){ text.data,
		text.len }) || rest.n < NONCE + TAG))
		err = damaged(path);
	if (err)
		goto done;
	cf_secret_room(out, rest.n - NONCE - TAG);
	sealing_key(secret, key);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)out->p,
		NULL, NULL, (const unsigned char *)rest.p + NONCE,
		rest.n - NONCE, (const unsigned char *)text.data,
		text.len - rest.n, (const unsigned char *)rest.p, secret) != 0) {
		cf_secret_clear(out);
		err = cf_err_rule(CF_INVALID, "roll.key", "%s was sealed with "
			"another key of this machine. Import the file from "
			"your information system again", path);
	}
	sodium_memzero(secret, sizeof secret);
done:
	cf_buf_clear(&text);
	return err;
}

const struct cf_err *
cf_sealed_read(struct cf_secret *out, const char *path, size_t max,
	const struct cf_seckey *key)
{
	const struct cf_err *err = read_sealed(out, path, path, max, key);
	char *next = cf_sealed_next(path);

	/* A change of the key was cut short once the new one was in force. */
	if (err && err->code == CF_INVALID && cf_file_exists(next)) {
		err = read_sealed(out, next, path, max, key);
		if (!err && rename(next, path) != 0) {
			err = cf_err_sys("cannot rename %s", next);
			cf_secret_clear(out);
		}
	}
	free(next);
	return err;
}

const struct cf_err *
cf_secret_load(struct cf_secret *out, const char *path, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const struct cf_err *err = NULL;
	struct stat st;
	size_t have = 0;
	ssize_t n = 1;

	*out = (struct cf_secret){ 0 };
	if (fd < 0 && errno == ENOENT)
		return cf_err(CF_NOT_FOUND, "there is no file %s", path);
	if (fd < 0 || fstat(fd, &st) != 0) {
		err = cf_err_sys("cannot open %s", path);
	} else if (!S_ISREG(st.st_mode)) {
		err = cf_err(CF_INVALID, "%s is not a file", path);
	} else if ((uintmax_t)st.st_size > max) {
		err = cf_err(CF_TOO_BIG, "%s is larger than %zu MiB", path,
			max >> 20);
	} else {
		cf_secret_room(out, (size_t)st.st_size);
		while (have < out->n && n > 0) {
			n = read(fd, out->p + have, out->n - have);
			if (n > 0)
				have += (size_t)n;
			else if (n < 0 && errno == EINTR)
				n = 1;
		}
		if (n < 0)
			err = cf_err_sys("cannot read %s", path);
		out->n = have;
	}
	if (fd >= 0)
		(void)close(fd);
	if (err)
		cf_secret_clear(out);
	return err;
}
