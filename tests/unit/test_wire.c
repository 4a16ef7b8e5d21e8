/*
 * The messages between a child and its parent: what is said is heard, and
 * nothing else is taken for a message.
 */
#include "expect.h"

#include <sys/socket.h>
#include <unistd.h>

#include "store/wire.h"

static const struct cf_say samples[] = {
	{ .word = CF_SAY_PROGRESS, .bytes = 1, .objects = UINT64_MAX },
	{ .word = CF_SAY_HEAD, .found = true, .head = { { 1, 2, 3 } } },
	{ .word = CF_SAY_HEAD },
	{ .word = CF_SAY_ASK },
	{ .word = CF_SAY_WELCOME },
	{ .word = CF_SAY_DONE, .bytes = 5, .objects = 6, .found = true },
	{ .word = CF_SAY_FAILED, .error = { CF_REMOTE, "remote.timeout",
		"the host did not answer" } },
	{ .word = CF_SAY_FAILED, .error = { CF_REFUSED, "", "Gr\xc3\xbc\xc3\x9f"
		"e" } },
	{ .word = CF_SAY_LOGIN, .user = "ada", .password = "s\xc3\xa9""cret" },
	{ .word = CF_SAY_LOGIN },
	{ .word = CF_SAY_NO_LOGIN },
	{ .word = CF_SAY_COPY, .head = { { 4 } }, .trust =
		"zQmQy6kEDdhRswNoeaF6AqxZrFXf1sCfpwcbVcwMMJRDfsM" },
};
#define SAMPLES (sizeof samples / sizeof *samples)

static void
test_what_is_said_is_heard(void **state)
{
	unsigned char packet[CF_SAY_MAX];
	struct cf_say got;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t n = cf_say_pack(packet, &samples[i]);

		assert_true(cf_say_unpack(&got, packet, n));
		assert_memory_equal(&got, &samples[i], sizeof got);
	}
}

/* Every shorter packet and every longer one is noise. */
static void
test_lengths_are_exact(void **state)
{
	unsigned char packet[CF_SAY_MAX + 1];
	struct cf_say got;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t n = cf_say_pack(packet, &samples[i]);

		for (size_t less = 0; less < n; less++)
			assert_false(cf_say_unpack(&got, packet, less));
		packet[n] = 0;
		assert_false(cf_say_unpack(&got, packet, n + 1));
	}
}

static void
refuses(const struct cf_say *say)
{
	unsigned char packet[CF_SAY_MAX];
	struct cf_say got;

	assert_false(cf_say_unpack(&got, packet, cf_say_pack(packet, say)));
}

static void
test_refuses_what_a_child_may_not_say(void **state)
{
	static const char *const texts[] = { "", "a\nb", "\x1b[2J", "a\x7f",
		"\xc2\x9b", "\xff", "\xed\xa0\x80" };
	unsigned char packet[] = { 0 };
	struct cf_say say = { .word = CF_SAY_FAILED,
		.error = { CF_REMOTE, "", "" } };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		(void)snprintf(say.error.msg, sizeof say.error.msg, "%s",
			texts[i]);
		refuses(&say);
	}
	(void)snprintf(say.error.msg, sizeof say.error.msg, "fine");
	(void)snprintf(say.error.rule, sizeof say.error.rule, "Not a rule");
	refuses(&say);
	say.error.rule[0] = '\0';
	/* It cannot speak for the person or the program. */
	say.error.code = CF_DECIDE;
	refuses(&say);
	say.error.code = (enum cf_code)0;
	refuses(&say);
	say.error.code = (enum cf_code)200;
	refuses(&say);
	/* a head that is not there has no id, and the other way round */
	say = (struct cf_say){ .word = CF_SAY_HEAD, .found = true };
	refuses(&say);
	say = (struct cf_say){ .word = CF_SAY_HEAD, .head = { { 1 } } };
	refuses(&say);
	for (unsigned i = 0; i < 256; i++) {
		struct cf_say got;
		bool plain = i == CF_SAY_ASK || i == CF_SAY_WELCOME ||
			i == CF_SAY_NO_LOGIN;

		packet[0] = (unsigned char)i;
		assert_int_equal(cf_say_unpack(&got, packet, 1), plain);
	}
}

/* Whatever is taken for a message is written the same way again. */
static void
test_one_form(void **state)
{
	unsigned char packet[CF_SAY_MAX], again[CF_SAY_MAX];
	struct cf_say got;
	unsigned taken = 0;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		size_t n = cf_say_pack(packet, &samples[seed_below(SAMPLES)]);

		packet[seed_below(n)] = (unsigned char)seed_below(256);
		if (!cf_say_unpack(&got, packet, n))
			continue;
		taken++;
		assert_int_equal(cf_say_pack(again, &got), n);
		assert_memory_equal(packet, again, n);
	}
	assert_true(taken > 100);
}

static void
test_over_a_channel(void **state)
{
	static char big[CF_SAY_MAX + 1000];
	struct cf_say got;
	int ends[2];

	(void)state;
	expect_ok(cf_say_pair(ends));
	assert_int_equal(cf_say_receive(&got, ends[0], false),
		CF_HEARD_NOTHING);
	assert_true(cf_say_send(ends[1], &samples[1]));
	assert_true(cf_say_send(ends[1], &samples[0]));
	assert_int_equal(cf_say_receive(&got, ends[0], true), CF_HEARD);
	assert_int_equal(got.word, CF_SAY_HEAD);
	assert_int_equal(cf_say_receive(&got, ends[0], false), CF_HEARD);
	assert_int_equal(got.word, CF_SAY_PROGRESS);
	/* longer than any message, though its beginning is one */
	big[0] = CF_SAY_ASK;
	assert_int_equal(send(ends[1], big, sizeof big, 0), sizeof big);
	assert_int_equal(cf_say_receive(&got, ends[0], true), CF_HEARD_NOISE);
	(void)close(ends[1]);
	assert_int_equal(cf_say_receive(&got, ends[0], false), CF_HEARD_END);
	/* no signal ends us when the other end is gone */
	assert_false(cf_say_send(ends[0], &samples[0]));
	(void)close(ends[0]);
}

static void
test_wipe_leaves_nothing(void **state)
{
	struct cf_say say = { .word = CF_SAY_LOGIN, .user = "ada",
		.password = "secret" };

	(void)state;
	cf_say_wipe(&say);
	for (size_t i = 0; i < sizeof say.password; i++)
		assert_true(say.password[i] == 0 && say.user[i] == 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_said_is_heard),
		cmocka_unit_test(test_lengths_are_exact),
		cmocka_unit_test(test_refuses_what_a_child_may_not_say),
		cmocka_unit_test(test_one_form),
		cmocka_unit_test(test_over_a_channel),
		cmocka_unit_test(test_wipe_leaves_nothing),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
