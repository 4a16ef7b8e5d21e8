/*
 * Which URLs pass, and in what form they are stored.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "store/remote.h"
#include "store/url.h"

struct good {
	const char *given, *normal;
	bool local, public;
};

static const struct good good[] = {
	{ "https://git.example.org/a.git", "https://git.example.org/a.git",
		false, true },
	{ "HTTPS://Git.Example.ORG/Team/A.git/",
		"https://git.example.org/Team/A.git", false, true },
	{ "https://git.example.org:443/a///", "https://git.example.org/a",
		false, true },
	{ "https://git.example.org:8443/a", "https://git.example.org:8443/a",
		false, true },
	{ "https://ada@git.example.org/a", "https://ada@git.example.org/a",
		false, false },
	{ "https://git.example.org/a%20b", "https://git.example.org/a%20b",
		false, true },
	{ "https://[2001:DB8::1]:8443/a", "https://[2001:db8::1]:8443/a",
		false, true },
	{ "ssh://git@git.example.org/a.git", "ssh://git@git.example.org/a.git",
		false, true },
	{ "ssh://git.example.org:22/~ada/a", "ssh://git.example.org/~ada/a",
		false, true },
	{ "ssh://git@git.example.org:2222/a", "ssh://git@git.example.org:2222/a",
		false, true },
	{ "git@git.example.org:team/a.git", "git@git.example.org:team/a.git",
		false, true },
	{ "git.example.org:/srv/a.git/", "git.example.org:/srv/a.git",
		false, true },
	{ "http://localhost:8080/a", "http://localhost:8080/a", false, false },
	{ "http://127.0.0.1/a", "http://127.0.0.1/a", false, false },
	{ "http://127.255.0.9:80/a", "http://127.255.0.9/a", false, false },
	{ "http://[::1]:8080/a", "http://[::1]:8080/a", false, false },
	{ "/no/such/place/a.git/", "/no/such/place/a.git", true, false },
	{ "/no/such/a:b", "/no/such/a:b", true, false },
	{ "file:///no/such/a%20b/", "/no/such/a b", true, false },
	{ "file://localhost/no/such/a", "/no/such/a", true, false },
	{ "/no/such/Sch\xc3\xbcler", "/no/such/Sch\xc3\xbcler", true, false },
};

struct bad {
	const char *given, *rule;
};

#define FORM "url.form"
#define TRANSPORT "url.transport"
static const struct bad bad[] = {
	{ "", FORM },
	{ "ext::sh -c whoami", TRANSPORT },
	{ "ext::ssh", TRANSPORT },
	{ "git://git.example.org/a", TRANSPORT },
	{ "git+ssh://git.example.org/a", TRANSPORT },
	{ "ssh+git://git.example.org/a", TRANSPORT },
	{ "ftp://git.example.org/a", TRANSPORT },
	{ "ssh://-oProxyCommand=whoami/a", FORM },
	{ "ssh://git@-oProxyCommand=whoami/a", FORM },
	{ "ssh://-x@git.example.org/a", FORM },
	{ "-oProxyCommand=whoami:a", FORM },
	{ "git.example.org:-x", FORM },
	{ "ssh://git.example.org/a';whoami;'", FORM },
	{ "ssh://git.example.org/a`whoami`", FORM },
	{ "ssh://git.example.org/$(whoami)", FORM },
	{ "ssh://git.example.org/a b", FORM },
	{ "ssh://git.example.org/a\\b", FORM },
	{ "https://git.example.org/a\r\nX: y", FORM },
	{ "https://git.example.org/a\nb", FORM },
	{ "https://git.example.org/a\x7f", FORM },
	{ "https://git.example.org/a\x1b[31m", FORM },
	{ "https://git.example.org/a\xc2\x9b", FORM },
	{ "https://git.example.org/a\xff", FORM },
	{ "https://git.example.org/a%0d%0a", FORM },
	{ "https://git.example.org/a%00", FORM },
	{ "https://git.example.org/a%", FORM },
	{ "https://git.example.org/a%2", FORM },
	{ "https://git.example.org/a%zz", FORM },
	{ "https://git.example.org/a?token=secret", FORM },
	{ "https://git.example.org/a#b", FORM },
	{ "https://git.example.org", FORM },
	{ "https://git.example.org//", FORM },
	{ "https:///a", FORM },
	{ "https://@git.example.org/a", FORM },
	{ "https://ada:secret@git.example.org/a", FORM },
	{ "https://ada:@git.example.org/a", FORM },
	{ "https://ada:sec/ret@git.example.org/a", FORM },
	{ "ada:secret@git.example.org/a", FORM },
	{ "ftp://ada:secret@git.example.org/a", TRANSPORT },
	{ "https://git..example.org/a", FORM },
	{ "https://.example.org/a", FORM },
	{ "https://example.org./a", FORM },
	{ "https://exa%6dple.org/a", FORM },
	{ "https://ex\xc3\xa4mple.org/a", FORM },
	{ "https://git.example.org:0/a", FORM },
	{ "https://git.example.org:65536/a", FORM },
	{ "https://git.example.org:080/a", FORM },
	{ "https://git.example.org:-1/a", FORM },
	{ "https://[::1/a", FORM },
	{ "https://[::1]x/a", FORM },
	{ "https://[::1%25eth0]/a", FORM },
	{ "[git.example.org]:a", FORM },
	{ "http://git.example.org/a", TRANSPORT },
	{ "http://127.0.0.1.example.org/a", TRANSPORT },
	{ "http://127.0.0.256/a", TRANSPORT },
	{ "http://127.1/a", TRANSPORT },
	{ "http://localhost.example.org/a", TRANSPORT },
	{ "file://elsewhere/a", FORM },
	{ "file:///a%00b", FORM },
	{ "file:///a%0ab", FORM },
	{ "/a\nb", FORM },
	{ "/a\xff", FORM },
};

static void
test_accepts_and_normalises(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		const struct cf_err *err;
		char *normal, *again;
		bool local;

		err = cf_url_check(&normal, &local, good[i].given);
		if (err)
			fail_msg("%s: %s", good[i].given, err->msg);
		assert_string_equal(normal, good[i].normal);
		assert_int_equal(local, good[i].local);
		assert_int_equal(cf_url_is_public(good[i].given),
			good[i].public);
		/* what is stored is stored the same way again */
		assert_null(cf_url_check(&again, &local, normal));
		assert_string_equal(again, normal);
		free(again);
		free(normal);
	}
}

static void
test_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct cf_err *err;
		char *normal;
		bool local;

		err = cf_url_check(&normal, &local, bad[i].given);
		if (err == NULL)
			fail_msg("accepted %s", bad[i].given);
		assert_null(normal);
		assert_int_equal(err->code, CF_INVALID);
		if (strcmp(err->rule, bad[i].rule) != 0)
			fail_msg("%s: rule %s, not %s", bad[i].given, err->rule,
				bad[i].rule);
		/* safe to show, and no password in it */
		for (const char *p = err->msg; *p; p++)
			assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
		assert_null(strstr(err->msg, "ada:"));
		assert_false(cf_url_is_public(bad[i].given));
	}
}

static void
test_refuses_what_is_too_long(void **state)
{
	static const char head[] = "https://git.example.org/";
	char text[CF_MAX_URL + 2], *normal;
	bool local;

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(text, head, sizeof head - 1);
	text[CF_MAX_URL] = '\0';
	assert_null(cf_url_check(&normal, &local, text));
	assert_string_equal(normal, text);
	free(normal);
	text[CF_MAX_URL] = 'a';
	text[CF_MAX_URL + 1] = '\0';
	assert_non_null(cf_url_check(&normal, &local, text));
}

static void
test_path_becomes_absolute(void **state)
{
	char *here = cf_path_absolute("."), *want, *normal;
	bool local;

	(void)state;
	want = cf_path_join(here, "no-such-repository.git");
	assert_null(cf_url_check(&normal, &local, "no-such-repository.git//"));
	assert_true(local);
	assert_string_equal(normal, want);
	free(normal);
	free(want);
	free(here);
}

/* A login for one host never goes to another, nor to another port of it. */
static void
test_same_host(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
		{ "https://a.org/x", "https://a.org/y", true },
		{ "https://a.org/x", "https://A.ORG:443/y", true },
		{ "https://a.org/x", "https://ada@a.org/x", true },
		{ "https://a.org/x", "https://a.org:8443/x", false },
		{ "https://a.org/x", "https://b.org/x", false },
		{ "https://a.org/x", "ssh://a.org/x", false },
		{ "http://localhost/x", "https://localhost/x", false },
		{ "/x", "/x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct cf_url a, b;

		assert_null(cf_url_parse(&a, pairs[i].a));
		assert_null(cf_url_parse(&b, pairs[i].b));
		assert_int_equal(cf_url_same_host(&a, &b), pairs[i].same);
		cf_url_clear(&a);
		cf_url_clear(&b);
	}
}

static void
test_text_and_place(void **state)
{
	struct cf_url url;
	char *text;

	(void)state;
	assert_null(cf_url_parse(&url, "https://ada@a.org:8443/x%20y"));
	text = cf_url_text(&url, false);
	assert_string_equal(text, "https://a.org:8443/x%20y");
	free(text);
	text = cf_url_place(&url);
	assert_string_equal(text, "a.org:8443");
	free(text);
	cf_url_clear(&url);
	assert_null(cf_url_parse(&url, "git@a.org:x/y"));
	text = cf_url_text(&url, true);
	assert_string_equal(text, "git@a.org:x/y");
	free(text);
	cf_url_clear(&url);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepts_and_normalises),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_refuses_what_is_too_long),
		cmocka_unit_test(test_path_becomes_absolute),
		cmocka_unit_test(test_same_host),
		cmocka_unit_test(test_text_and_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
