/*
 * Attacks on commits and their signatures. (The numbers are those of
 * tests/attacks.md.)
 */
#include "siege.h"

static struct siege siege;

static int
begin(void **state)
{
	(void)state;
	expect_ok(cf_start());
	siege_begin(&siege);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	siege_end(&siege);
	return 0;
}

static void
try_commit(const char *what, const struct forgery *f, const char *rule)
{
	struct siege *s = &siege;

	attack_begin(s);
	forge_commit(&s->m, &s->m.tree, f);
	EXPECT_REFUSED(s, what, rule);
}

static void
test_without_a_lie_it_passes(void **state)
{
	struct siege *s = &siege;

	(void)state;
	forge_commit(&s->m, &s->m.tree, &(struct forgery){ 0 });
	serve_head(s);
	expect_ok(sync_victim(s));
	assert_string_equal(line_text(s, "verdict"), "updated");
	expect_audit(s, "no lie", "");
}

/* 1 to 3, 7, 19 to 23: the bytes of a commit. */
static void
test_bytes(void **state)
{
	static const struct {
		const char *what, *rule;
		struct forgery f;
	} table[] = {
		{ "1 unsigned", "commit.encoding", { .unsigned_ = true } },
		{ "2 message", "commit.signature",
			{ .raw = { "\n\nPublish", "\n\npublish" } } },
		{ "2 time", "commit.encoding",
			{ .raw = { " +0000\ncommitter", " +0100\ncommitter" } } },
		{ "19 second signature", "commit.encoding",
			{ .raw = { "\n\nPublish", "\ngpgsig x\n\nPublish" } } },
		{ "19 signature twice", "commit.encoding",
			{ .raw = { "gpgsig ", "gpgsig x\ngpgsig " } } },
		{ "20 moved", "commit.encoding", { .unsigned_ = true,
			.raw = { "author", "gpgsig x\nauthor" } } },
		{ "20 other name", "commit.encoding",
			{ .raw = { "gpgsig ", "gpgsig-evil " } } },
		{ "20 sha256 name", "commit.encoding",
			{ .raw = { "gpgsig ", "gpgsig-sha256 " } } },
		{ "21 in the message", "commit.encoding",
			{ .raw = { "gpgsig ", "\ngpgsig " } } },
		{ "22 NUL", "commit.encoding", { .nul = true } },
		{ "23 encoding", "commit.encoding", { .payload =
			{ "\n\nPublish", "\nencoding UTF-8\n\nPublish" } } },
		{ "23 mergetag", "commit.encoding", { .payload =
			{ "\n\nPublish", "\nmergetag object x\n\nPublish" } } },
		{ "23 unknown", "commit.encoding", { .payload =
			{ "\n\nPublish", "\nx-note y\n\nPublish" } } },
		{ "carriage returns", "commit.encoding", { .payload =
			{ "\nauthor", "\r\nauthor" } } },
		{ "capitals", "commit.encoding", { .payload =
			{ "parent ", "Parent " } } },
		{ "two spaces", "commit.encoding", { .payload =
			{ "author ", "author  " } } },
		{ "another time zone", "commit.encoding", { .payload =
			{ "+0000\ncommitter", "-0000\ncommitter" } } },
		{ "a time before 1970", "commit.encoding", { .payload =
			{ "> 17", "> -17" } } },
		{ "a time after 2106", "commit.encoding", { .payload =
			{ "> 17", "> 4294967296" } } },
		{ "a zero in front", "commit.encoding", { .payload =
			{ "> 17", "> 017" } } },
		{ "another author", "commit.encoding", { .payload =
			{ "author N", "author Another N" } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		try_commit(table[i].what, &table[i].f, table[i].rule);
}

/* 14 to 18: a signature in a form that others take. */
static void
test_signatures(void **state)
{
	static const struct {
		const char *what;
		struct sshsig f;
	} table[] = {
		{ "14 another namespace", { .space = "file" } },
		{ "14 no namespace", { .space = "" } },
		{ "14 namespace in capitals", { .space = "GIT" } },
		{ "15 version 0", { .no_version = true } },
		{ "15 version 2", { .version = 2 } },
		{ "15 reserved", { .reserved = "x" } },
		{ "15 a tail", { .tail = "junk" } },
		{ "15 magic", { .magic = "sshsig" } },
		{ "15 sha256", { .hash = "sha256" } },
		{ "16 rsa", { .type = "ssh-rsa" } },
		{ "16 ecdsa", { .type = "ecdsa-sha2-nistp256" } },
		{ "16 security key", { .type = "sk-ssh-ed25519@openssh.com" } },
		{ "16 certificate",
			{ .type = "ssh-ed25519-cert-v01@openssh.com" } },
		{ "16 another type of signature", { .sig_type = "ssh-rsa" } },
		{ "18 S + L", { .s_plus_l = true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		try_commit(table[i].what, &(struct forgery){ .signature =
			table[i].f }, "commit.signature");
}

static void
test_armour(void **state)
{
	static const struct swap table[] = {
		{ "U1NIU0lH", "U1NIU0lH " },
		{ "U1NIU0lH", "U1NI U0lH" },
		{ "U1NIU0lH", "U1NI\n U0lH" },
		{ "U1NIU0lH", "V1NIU0lH" },
		{ "-----END SSH", "\n -----END SSH" },
		{ "-----BEGIN SSH SIGNATURE-----", "-----BEGIN PGP "
			"SIGNATURE-----" },
		{ "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SSH "
			"SIGNATURE-----\n " },
		{ "SIGNATURE-----\n\n", "SIGNATURE-----\n \n\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		try_commit(table[i].to, &(struct forgery){ .raw = table[i] },
			"commit.signature");
}

/* Trailers say the truth, once, in their one form. */
static void
test_trailers(void **state)
{
	static const struct {
		const char *rule;
		struct swap swap;
	} table[] = {
		{ "commit.trust", { "Confer-Trust: ", "Confer-Trust:  " } },
		{ "commit.message", { "Confer-Trust: ", "Confer-Trust:" } },
		{ "commit.message", { "Confer-Trust: ", "confer-trust: " } },
		{ "commit.message", { "Confer-Trust: ", " Confer-Trust: " } },
		{ "commit.message", { "Confer-Trust: ", "Confer-Trust:\t" } },
		{ "commit.message", { "\n\nConfer-Trust", "\nConfer-Trust" } },
		{ "commit.message", { "\n\nConfer-Trust",
			"\n\n\nConfer-Trust" } },
		{ "commit.message", { "\n\nConfer-Trust",
			"\n\nA pupil\n\nConfer-Trust" } },
		{ "commit.message", { "\nConfer-Identity: 1",
			"\nConfer-Identity: 1\nConfer-Identity: 1" } },
		{ "commit.message", { "\nConfer-Identity: 1", "" } },
		{ "commit.message", { "Confer-Identity: 1",
			"Confer-Identity: 01" } },
		{ "commit.message", { "Confer-Identity: 1",
			"Confer-Identity: +1" } },
		{ "commit.message", { "Confer-Identity: 1",
			"Confer-Identity: 1 " } },
		{ "commit.message", { "Confer-Sequence: ",
			"Confer-Sequence: 0" } },
		{ "commit.message", { "Confer-Sequence: ",
			"Confer-Sequence: -" } },
		{ "commit.message", { "Confer-Sequence: ",
			"Confer-Sequence: 9223372036854775807" } },
		{ "commit.message", { "Confer-Sequence: ",
			"Signed-off-by: x\nConfer-Sequence: " } },
		{ "commit.message", { "Publish", "Publish\x1b[2J" } },
		{ "commit.message", { "Publish", "Publish \xc3\xa9" } },
		{ "commit.message", { "Publish\n", "\n" } },
		{ "commit.sequence", { "Confer-Sequence: ",
			"Confer-Sequence: 1" } },
		{ "commit.sequence", { "Confer-Sequence: ",
			"Confer-Sequence: 90071992547" } },
		{ "commit.identity", { "Confer-Identity: 1",
			"Confer-Identity: 2" } },
		{ "commit.message", { "Confer-Identity: 1",
			"Confer-Identity: 4294967297" } },
		{ "commit.trust", { "Confer-Trust: zQm", "Confer-Trust: zQn" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		try_commit(table[i].swap.to, &(struct forgery){ .payload =
			table[i].swap }, table[i].rule);
}

/* 3, 6, 7, and names: who signs, and as whom. */
static void
test_signers(void **state)
{
	struct cf_seckey *thief = cf_seckey_new();
	struct siege *s = &siege;
	const struct {
		const char *what, *rule;
		struct forgery f;
	} table[] = {
		{ "3 unknown key", "commit.key", { .lie.key = thief } },
		{ "3 a root key", "commit.key", { .lie.key = s->m.root } },
		{ "7 unknown key, back-dated", "commit.key", { .lie = {
			.key = thief, .time = 1600000000 } } },
		{ "name", "commit.author", { .lie.name = "Northfield" } },
		{ "email", "commit.author", { .lie.email =
			"head@northfield.example" } },
		{ "31 trust", "commit.trust", { .lie.trust =
			"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		attack_begin(s);
		forge_commit(&s->m, &s->m.tree, &table[i].f);
		EXPECT_REFUSED(s, table[i].what, table[i].rule);
	}
	cf_seckey_free(thief);
}

/* A wrong key is named as such, whatever else the commit does: step 3 comes
 * before step 4. */
static void
test_the_key_comes_before_the_files(void **state)
{
	struct cf_seckey *thief = cf_seckey_new();
	const struct lie lie = { .key = thief };
	struct siege *s = &siege;

	(void)state;
	attack_begin(s);
	commit_file(&s->m, "notes.txt", put_blob(&s->m, "x", 1), &lie);
	EXPECT_REFUSED(s, "a stray file by a thief", "commit.key");
	attack_begin(s);
	commit_file(&s->m, "keys/0001.json", put_blob(&s->m, "x", 1), &lie);
	EXPECT_REFUSED(s, "a changed identity by a thief", "commit.key");
	cf_seckey_free(thief);
}

/* A commit may be older than the one before it: place decides, not time. */
static void
test_time_goes_back(void **state)
{
	struct siege *s = &siege;

	(void)state;
	forge_commit(&s->m, &s->m.tree, &(struct forgery){ .lie.time = 1 });
	serve_head(s);
	expect_ok(sync_victim(s));
	expect_audit(s, "time goes back", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_lie_it_passes),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_armour),
		cmocka_unit_test(test_trailers),
		cmocka_unit_test(test_signers),
		cmocka_unit_test(test_the_key_comes_before_the_files),
		cmocka_unit_test(test_time_goes_back),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
