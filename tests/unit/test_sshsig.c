/*
 * SSH signatures: the same bytes as ssh-keygen makes, one form accepted, and
 * stock ssh-keygen and git agree.
 */
#include "command.h"

#include <sodium.h>

#include "sign/sign.h"

#define TEXT "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----"
#define PRINCIPAL "zQmTrust@confer.invalid"

/* ssh-keygen -Y sign -n git over TEXT, with the first key of RFC 8032. */
static const char armour[] = BEGIN
"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg11qYAYKxCrfVS/7TyWQHOg7hcv\n"
"PapiMlrwIaaPcHURoAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5\n"
"AAAAQIkOaFQ6W+rL7ODWsR/i33+e2qph2uXq/vCbSZYn0pJbpCvt2ny7NMeRulIoeTyzlD\n"
"PS5mAyghe4KuOMaZgYow4=\n" END;

static struct cf_seckey *key;

static void
refuse(const char *text, size_t n)
{
	struct cf_pubkey signer;

	expect_err(cf_sshsig_verify(&signer, (struct cf_str){ text, n }, TEXT,
		strlen(TEXT)), CF_REFUSED, "commit.signature");
	assert_string_equal(signer.did, "");
}

static void
accept(const char *text, size_t n)
{
	struct cf_pubkey signer;

	expect_ok(cf_sshsig_verify(&signer, (struct cf_str){ text, n }, TEXT,
		strlen(TEXT)));
	assert_string_equal(signer.did, cf_seckey_public(key)->did);
}

static void
test_same_bytes_as_ssh_keygen(void **state)
{
	struct cf_buf b = CF_BUF(1024);

	(void)state;
	cf_sshsig_make(&b, key, TEXT, strlen(TEXT));
	assert_string_equal(b.data, armour);
	accept(b.data, b.len);
	cf_buf_clear(&b);
}

static void
test_other_bytes_are_refused(void **state)
{
	struct cf_pubkey signer;

	(void)state;
	expect_err(cf_sshsig_verify(&signer, cf_str(armour), TEXT,
		strlen(TEXT) - 1), CF_REFUSED, "commit.signature");
	expect_err(cf_sshsig_verify(&signer, cf_str(armour), TEXT "\0",
		strlen(TEXT) + 1), CF_REFUSED, "commit.signature");
}

/* Any byte of the armour changed in any bit: refused. */
static void
test_every_changed_bit_is_refused(void **state)
{
	char copy[sizeof armour];

	(void)state;
	memcpy(copy, armour, sizeof armour);
	for (size_t i = 0; i < 8 * (sizeof armour - 1); i++) {
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		refuse(copy, sizeof copy - 1);
		copy[i / 8] = armour[i / 8];
	}
}

static void
test_every_truncation_is_refused(void **state)
{
	(void)state;
	/* Each after a good one, whose key and signature must not count. */
	for (size_t n = 0; n < sizeof armour - 1; n++) {
		accept(armour, sizeof armour - 1);
		refuse(armour, n);
	}
}

/* A signature of any shape, always good for what it says of itself, so that
 * nothing but its shape can be the reason to refuse it. */
struct shape {
	unsigned version;
	const char *magic, *key_type, *space, *reserved, *hash, *sig_type;
	const char *key_tail, *sig_tail, *tail;	/* bytes too many */
};
static const struct shape usual = { 1, "SSHSIG", "ssh-ed25519", "git", "",
	"sha512", "ssh-ed25519", "", "", "" };

static void
add_string(struct cf_buf *b, const void *bytes, size_t n)
{
	unsigned char be[4] = { 0, 0, (unsigned char)(n >> 8),
		(unsigned char)n };

	cf_buf_add(b, be, 4);
	cf_buf_add(b, bytes, n);
}

static void
add_pair(struct cf_buf *b, const char *type, const void *bytes, size_t n,
	const char *tail)
{
	struct cf_buf inner = CF_BUF(512);

	add_string(&inner, type, strlen(type));
	add_string(&inner, bytes, n);
	cf_buf_puts(&inner, tail);
	add_string(b, inner.data, inner.len);
	cf_buf_clear(&inner);
}

static void
sign_shape(unsigned char sig[64], const struct shape *s)
{
	struct cf_buf data = CF_BUF(512);
	unsigned char hash[64];
	size_t n = 64;

	if (strcmp(s->hash, "sha256") == 0) {
		n = 32;
		cf_sha256(hash, TEXT, strlen(TEXT));
	} else {
		(void)crypto_hash_sha512(hash, (const unsigned char *)TEXT,
			strlen(TEXT));
	}
	cf_buf_puts(&data, s->magic);
	add_string(&data, s->space, strlen(s->space));
	add_string(&data, s->reserved, strlen(s->reserved));
	add_string(&data, s->hash, strlen(s->hash));
	add_string(&data, hash, n);
	cf_sign_bytes(sig, key, data.data, data.len);
	cf_buf_clear(&data);
}

/* Into lines of `width`; the caller frees. */
static char *
shape_text(const struct shape *s, size_t width)
{
	struct cf_buf blob = CF_BUF(1024), text = CF_BUF(1024);
	struct cf_buf out = CF_BUF(2048);
	unsigned char sig[64], version[4] = { 0, 0, 0,
		(unsigned char)s->version };

	sign_shape(sig, s);
	cf_buf_puts(&blob, s->magic);
	cf_buf_add(&blob, version, 4);
	add_pair(&blob, s->key_type, cf_seckey_public(key)->raw, 32,
		s->key_tail);
	add_string(&blob, s->space, strlen(s->space));
	add_string(&blob, s->reserved, strlen(s->reserved));
	add_string(&blob, s->hash, strlen(s->hash));
	add_pair(&blob, s->sig_type, sig, 64, s->sig_tail);
	cf_buf_puts(&blob, s->tail);
	cf_base64_add(&text, blob.data, blob.len);
	cf_buf_puts(&out, BEGIN);
	for (size_t i = 0; i < text.len; i += width)
		cf_buf_printf(&out, "%.*s\n", (int)width, text.data + i);
	cf_buf_puts(&out, END);
	cf_buf_clear(&blob);
	cf_buf_clear(&text);
	return cf_buf_take(&out);
}

static void
test_other_shapes_are_refused(void **state)
{
	struct shape shapes[] = { usual, usual, usual, usual, usual, usual,
		usual, usual, usual, usual, usual, usual, usual, usual };
	size_t n = 0;
	char *text = shape_text(&usual, 70);

	(void)state;
	assert_string_equal(text, armour);
	free(text);
	shapes[n++].version = 0;
	shapes[n++].version = 2;
	shapes[n++].magic = "SSHSIH";
	shapes[n++].space = "file";
	shapes[n++].space = "giT";
	shapes[n++].space = "";
	shapes[n++].reserved = "x";
	shapes[n++].hash = "sha256";
	shapes[n++].key_type = "ecdsa-sha2-nistp256";
	shapes[n++].key_type = "sk-ssh-ed25519@openssh.com";
	shapes[n++].sig_type = "rsa-sha2-512";
	shapes[n++].key_tail = "more";
	shapes[n++].sig_tail = "more";
	shapes[n++].tail = "m";
	assert_int_equal(n, sizeof shapes / sizeof *shapes);
	for (size_t i = 0; i < n; i++) {
		text = shape_text(&shapes[i], 70);
		refuse(text, strlen(text));
		free(text);
	}
}

static void
test_other_line_lengths_are_refused(void **state)
{
	(void)state;
	for (size_t width = 60; width < 250; width++) {
		char *text = shape_text(&usual, width);

		if (width != 70)
			refuse(text, strlen(text));
		free(text);
	}
}

/* `find` in the armour replaced by `with`. */
static void
refuse_edit(const char *find, const char *with)
{
	const char *at = strstr(armour, find);
	char *text;

	assert_non_null(at);
	text = cf_asprintf("%.*s%s%s", (int)(at - armour), armour, with,
		at + strlen(find));
	refuse(text, strlen(text));
	free(text);
}

static void
test_other_armour_is_refused(void **state)
{
	char *text;

	(void)state;
	refuse_edit(END, END "\n");
	refuse_edit(END, END "junk");
	refuse_edit("\n" END, END);
	refuse_edit("\n" END, "\n\n" END);
	refuse_edit(END, "");
	refuse_edit(BEGIN, "");
	refuse_edit(BEGIN, " " BEGIN);
	refuse_edit(BEGIN, "\n" BEGIN);
	refuse_edit(BEGIN, "-----BEGIN SSH SIGNATURE-----\r\n");
	refuse_edit("BEGIN SSH", "BEGIN PGP");
	refuse_edit("END SSH", "END PGP");
	refuse_edit("U1NI", "U1N I");
	refuse_edit("U1NI", " U1NI");
	refuse_edit("hcv\n", "hcv \n");
	refuse_edit("hcv\n", "hcv\n ");
	refuse_edit("hcv\n", "hcv\r\n");
	refuse_edit("hcv\n", "hcv");
	refuse_edit("ow4=\n", "ow4\n");
	refuse_edit("ow4=\n", "ow4==\n");
	refuse_edit("ow4=\n", "ow5=\n");	/* stray bits in the padding */
	refuse_edit("ow4=\n", "ow7=\n");
	text = cf_asprintf("%s\n%s", armour, armour);
	refuse(text, strlen(text));
	free(text);
	refuse("", 0);
	refuse(armour, sizeof armour);		/* with its NUL */
}

/* A small-order key or R makes a signature that any text has. */
static void
test_small_order_key_is_refused(void **state)
{
	struct cf_buf blob = CF_BUF(512), bad = CF_BUF(512), out = CF_BUF(1024);
	const char *p = armour + strlen(BEGIN);

	(void)state;
	for (; *p != '-'; p += strcspn(p, "\n") + 1)
		cf_buf_add(&blob, p, strcspn(p, "\n"));
	assert_true(cf_base64_decode(&bad, cf_str(blob.data)));
	assert_memory_equal(bad.data + 33, cf_seckey_public(key)->raw, 32);
	memset(bad.data + 33, 0, 32);
	memset(bad.data + bad.len - 64, 0, 64);
	cf_buf_reset(&blob);
	cf_base64_add(&blob, bad.data, bad.len);
	cf_buf_puts(&out, BEGIN);
	for (size_t i = 0; i < blob.len; i += 70)
		cf_buf_printf(&out, "%.70s\n", blob.data + i);
	cf_buf_puts(&out, END);
	refuse(out.data, out.len);
	cf_buf_clear(&blob);
	cf_buf_clear(&bad);
	cf_buf_clear(&out);
}

static void
test_allowed_signers_line(void **state)
{
	struct cf_buf b = CF_BUF(1024);

	(void)state;
	cf_allowed_signer(&b, PRINCIPAL, cf_seckey_public(key));
	assert_string_equal(b.data, PRINCIPAL " namespaces=\"git\" ssh-ed25519 "
		"AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGm"
		"j3B1Ea\n");
	cf_buf_clear(&b);
}

static char *
write_signers(void)
{
	struct cf_buf b = CF_BUF(1024);
	char *path;

	cf_allowed_signer(&b, PRINCIPAL, cf_seckey_public(key));
	path = in_folder("allowed_signers", b.data);
	cf_buf_clear(&b);
	return path;
}

static void
test_ssh_keygen_accepts_it(void **state)
{
	char *signers = write_signers(), *sig = in_folder("sig", armour);
	char *good = in_folder("good", TEXT), *bad = in_folder("bad", "tree");

	(void)state;
	if (RUN(NULL, NULL, "ssh-keygen", "-Y", "check-novalidate", "-n", "git",
		"-s", sig) == 127) {
		print_message("no ssh-keygen here\n");
		skip();
	}
	assert_int_equal(RUN(good, NULL, "ssh-keygen", "-Y", "verify", "-f",
		signers, "-I", PRINCIPAL, "-n", "git", "-s", sig), 0);
	assert_int_not_equal(RUN(bad, NULL, "ssh-keygen", "-Y", "verify", "-f",
		signers, "-I", PRINCIPAL, "-n", "git", "-s", sig), 0);
	assert_int_not_equal(RUN(good, NULL, "ssh-keygen", "-Y", "verify", "-f",
		signers, "-I", "another@confer.invalid", "-n", "git", "-s",
		sig), 0);
	free(signers);
	free(sig);
	free(good);
	free(bad);
}

#define COMMIT_HEAD TEXT \
	"author Name <zQmTrust@confer.invalid> 1777629600 +0000\n" \
	"committer Name <zQmTrust@confer.invalid> 1777629600 +0000\n"
#define COMMIT_BODY "\nPublish 1 finding\n\nConfer-Sequence: 1\n"

/* Stores a commit with this signature and has git verify it. */
static int
git_verifies(const struct cf_buf *sig, const char *signers)
{
	char *setting = cf_asprintf("gpg.ssh.allowedSignersFile=%s", signers);
	struct cf_buf commit = CF_BUF(4096), id = CF_BUF(128);
	char *in, *out = in_folder("id", NULL);
	int status;

	cf_buf_puts(&commit, COMMIT_HEAD "gpgsig ");
	for (size_t i = 0; i < sig->len; i++) {
		cf_buf_putc(&commit, sig->data[i]);
		if (sig->data[i] == '\n')
			cf_buf_putc(&commit, ' ');
	}
	cf_buf_puts(&commit, "\n" COMMIT_BODY);
	in = in_folder("commit", commit.data);
	assert_int_equal(RUN(in, out, "git", "-C", folder, "hash-object", "-t",
		"commit", "-w", "--stdin"), 0);
	expect_ok(cf_file_read(&id, out, false));
	assert_true(id.len > 40);
	id.data[id.len - 1] = '\0';
	status = RUN(NULL, NULL, "git", "-C", folder, "-c", setting,
		"verify-commit", id.data);
	cf_buf_clear(&commit);
	cf_buf_clear(&id);
	free(setting);
	free(in);
	free(out);
	return status;
}

static void
test_git_verifies_a_commit_that_carries_it(void **state)
{
	struct cf_buf sig = CF_BUF(1024);
	char *signers = write_signers();
	int status = RUN(NULL, NULL, "ssh-keygen", "-Y", "check-novalidate");

	(void)state;
	if (status == 127 || RUN(NULL, NULL, "git", "init", "-q", folder) ||
		RUN(NULL, NULL, "git", "-C", folder, "hash-object", "-t",
		"tree", "-w", "--stdin")) {
		print_message("no git or no ssh-keygen here\n");
		skip();
	}
	cf_sshsig_make(&sig, key, COMMIT_HEAD COMMIT_BODY,
		strlen(COMMIT_HEAD COMMIT_BODY));
	assert_int_equal(git_verifies(&sig, signers), 0);
	cf_buf_reset(&sig);
	cf_sshsig_make(&sig, key, COMMIT_HEAD, strlen(COMMIT_HEAD));
	assert_int_not_equal(git_verifies(&sig, signers), 0);
	cf_buf_clear(&sig);
	free(signers);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes_as_ssh_keygen),
		cmocka_unit_test(test_other_bytes_are_refused),
		cmocka_unit_test(test_every_changed_bit_is_refused),
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(test_other_shapes_are_refused),
		cmocka_unit_test(test_other_line_lengths_are_refused),
		cmocka_unit_test(test_other_armour_is_refused),
		cmocka_unit_test(test_small_order_key_is_refused),
		cmocka_unit_test(test_allowed_signers_line),
		cmocka_unit_test_setup_teardown(test_ssh_keygen_accepts_it,
			make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			test_git_verifies_a_commit_that_carries_it, make_folder,
			remove_folder),
	};
	unsigned char seed[32];
	int failed;

	(void)argc, (void)argv;
	expect_ok(cf_sign_start());
	assert_true(cf_unhex(seed, 32, cf_str("9d61b19deffd5a60ba844af492ec2cc4"
		"4449c5697b326919703bac031cae7f60")));
	key = cf_seckey_from_seed(seed);
	failed = cmocka_run_group_tests_name("sshsig", tests, NULL, NULL);
	cf_seckey_free(key);
	return failed;
}
