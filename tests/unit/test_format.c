/*
 * Dates, times, identifiers, mailboxes and URIs: what their RFCs take and what
 * they do not.
 */
#include "expect.h"

#include "base/mem.h"
#include "json/format.h"

static void
check(bool (*is)(struct cf_str s), bool want, const char *const *text)
{
	for (; *text; text++)
		if (is(cf_str(*text)) != want)
			fail_msg("%s is %staken", *text, want ? "not " : "");
}
#define takes(is, ...) check((is), true, \
	(const char *const[]){ __VA_ARGS__, NULL })
#define refuses(is, ...) check((is), false, \
	(const char *const[]){ __VA_ARGS__, NULL })

static void
test_dates_exist(void **state)
{
	(void)state;
	takes(cf_is_date, "2026-05-01", "2024-02-29", "2000-02-29",
		"0000-01-01", "9999-12-31");
	refuses(cf_is_date, "", "2023-02-29", "1900-02-29", "2026-13-01",
		"2026-00-01", "2026-01-00", "2026-04-31", "2026-1-01",
		"26-01-01", "2026-01-01 ", "2026-01-01Z", "2026/01/01",
		"+2026-01-01", "2026-01-0\xd9\xa1");
}

static void
test_times_have_an_offset(void **state)
{
	(void)state;
	takes(cf_is_date_time, "2026-05-01T10:00:00Z", "2026-05-01t10:00:00z",
		"2026-05-01T10:00:00.123456789012+23:59",
		"2026-05-01T00:00:00-00:00");
	refuses(cf_is_date_time, "2026-05-01", "2026-05-01T10:00:00",
		"2026-05-01 10:00:00Z", "2026-05-01T24:00:00Z",
		"2026-05-01T10:60:00Z", "2026-05-01T10:00:61Z",
		"2026-05-01T10:00Z", "2026-05-01T10:00:00.Z",
		"2026-05-01T10:00:00+24:00", "2026-05-01T10:00:00+01:60",
		"2026-05-01T10:00:00+0100", "2026-05-01T10:00:00+01",
		"2026-05-01T10:00:00ZZ", "2026-02-30T10:00:00Z");
}

/* Only the last second of a month, in UTC, can be a leap second. */
static void
test_leap_seconds_end_a_month(void **state)
{
	(void)state;
	takes(cf_is_date_time, "1998-12-31T23:59:60Z", "2015-06-30T23:59:60.5Z",
		"1998-12-31T15:59:60-08:00", "1999-01-01T00:59:60+01:00",
		"2016-02-29T23:59:60Z", "1998-12-31T00:00:60-23:59");
	refuses(cf_is_date_time, "1998-12-31T23:58:60Z",
		"1998-12-31T22:59:60Z", "1998-12-30T23:59:60Z",
		"1998-12-31T23:59:60+01:00", "1999-01-02T00:59:60+01:00",
		"1998-12-31T15:59:60+08:00", "2016-02-28T23:59:60Z");
}

static void
test_identifiers(void **state)
{
	(void)state;
	takes(cf_is_uuid, "0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab",
		"0190B1E2-7C3F-8A3A-9F10-5E0C3C0F12AB");
	refuses(cf_is_uuid, "", "0190b1e27c3f8a3a9f105e0c3c0f12ab",
		"0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12a",
		"0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ag",
		"{190b1e2-7c3f-8a3a-9f10-5e0c3c0f12a}",
		"0190b1e2--7c3f-8a3a-9f10-5e0c3c0f12a");
}

static void
test_addresses_of_hosts(void **state)
{
	(void)state;
	takes(cf_is_ipv4, "0.0.0.0", "255.255.255.255", "192.0.2.1");
	refuses(cf_is_ipv4, "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4",
		"1.2.3.", "1..3.4", "1.2.3.4 ", "1.2.3.-4");
	takes(cf_is_ipv6, "::", "::1", "1::", "1:2:3:4:5:6:7:8", "2001:DB8::7",
		"::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "1::3:4:5:6:7:8");
	refuses(cf_is_ipv6, "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
		"1::2::3", "12345::", "1:2:3:4:5:6:7:8::", "::1.2.3", "::g",
		"1.2.3.4", "1.2.3.4::", "::1%eth0", "1:2:3:4:5:6:7:1.2.3.4",
		":1:2:3:4:5:6:7");
}

static void
test_mailboxes(void **state)
{
	char local[80], label[80];

	(void)state;
	takes(cf_is_email, "a@b", "joe.bloggs@example.org",
		"!#$%&'*+-/=?^_`{|}~@x.y", "\"a b\"@c.d", "\"\"@c.d",
		"\"a\\\"b\\\\\"@c", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]",
		"a@[ipv6:::1]", "a@[x-tag:anything]", "a@x-1.example");
	refuses(cf_is_email, "", "a", "@", "a@", "@b", ".a@b", "a.@b", "a..b@c",
		"a b@c", "a@b c", "a@-b", "a@b-", "a@b..c", "a@b.", "a@.b",
		"a@b_c", "a@b@c", "\"a@b", "\"a\"b\"@c", "\"a\\\"@b",
		"a@[192.0.2.256]", "a@[]", "a@[IPv6:1]", "a@[tag:]",
		"a@[tag:a[b]", "a@[1.2.3.4", "\xc3\xa9@b", "a@\xc3\xa9",
		"\"a\tb\"@c", "a@b\n");
	memset(local, 'a', sizeof local);
	memcpy(local + 64, "@b", 3);
	assert_true(cf_is_email(cf_str(local)));
	memcpy(local + 65, "@b", 3);
	local[64] = 'a';
	assert_false(cf_is_email(cf_str(local)));
	memset(label, 'b', sizeof label);
	memcpy(label, "a@", 2);
	label[65] = '\0';
	assert_true(cf_is_email(cf_str(label)));
	label[65] = 'b';
	label[66] = '\0';
	assert_false(cf_is_email(cf_str(label)));
	assert_false(cf_is_email((struct cf_str){ "a@b\0", 4 }));
	assert_false(cf_is_email((struct cf_str){ "a\0@b", 4 }));
}

static void
test_uris(void **state)
{
	(void)state;
	takes(cf_is_uri, "https://example.org", "a:", "a:b", "a:/", "a:?#",
		"http://u:p@h:8080/p?q#f", "http://h:/", "http://[::1]:80/",
		"http://[v1.a:b]/", "urn:x:y", "mailto:a@b.c", "a+b-c.1:x",
		"http:///x", "http://%41%42/", "http://h/;a=1,2!$&'()*",
		"file:///c:/x", "a://@:");
	refuses(cf_is_uri, "", "a", "/a", "//a/b", ":a", "1a:b", "a_b:c",
		"a:b c", "a:%", "a:%4", "a:%4g", "a:\\", "a:b#c#d", "a:[",
		"http://h:8x/", "http://[::1", "http://[::1]x/", "http://[]/",
		"http://[v1]/", "http://[v.a]/", "http://[vg.a]/",
		"http://a[b]/", "http://a@b@c/", "http://[v1.%41]/",
		"a:\xc3\xa9", "http://h/<>", "a:b\n");
	assert_false(cf_is_uri((struct cf_str){ "a:\0", 3 }));
}

/* The examples of RFC 3986, 5.4, and a few of our own. */
static void
test_references_resolve(void **state)
{
	static const char *const pair[][2] = {
		{ "g:h", "g:h" }, { "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" }, { "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" }, { "//g", "http://g" },
		{ "?y", "http://a/b/c/d;p?y" }, { "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q#s" }, { "g#s", "http://a/b/c/g#s" },
		{ "g?y#s", "http://a/b/c/g?y#s" }, { ";x", "http://a/b/c/;x" },
		{ "g;x", "http://a/b/c/g;x" },
		{ "g;x?y#s", "http://a/b/c/g;x?y#s" },
		{ "", "http://a/b/c/d;p?q" }, { ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" }, { "..", "http://a/b/" },
		{ "../", "http://a/b/" }, { "../g", "http://a/b/g" },
		{ "../..", "http://a/" }, { "../../", "http://a/" },
		{ "../../g", "http://a/g" }, { "../../../g", "http://a/g" },
		{ "../../../../g", "http://a/g" }, { "/./g", "http://a/g" },
		{ "/../g", "http://a/g" }, { "g.", "http://a/b/c/g." },
		{ ".g", "http://a/b/c/.g" }, { "g..", "http://a/b/c/g.." },
		{ "..g", "http://a/b/c/..g" }, { "./../g", "http://a/b/g" },
		{ "./g/.", "http://a/b/c/g/" }, { "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/./y", "http://a/b/c/g;x=1/y" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/./x", "http://a/b/c/g?y/./x" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "g#s/./x", "http://a/b/c/g#s/./x" },
		{ "g#s/../x", "http://a/b/c/g#s/../x" }, { "http:g", "http:g" },
	};
	static const char *const other[][3] = {
		{ "urn:a:b", "#x", "urn:a:b#x" },
		{ "http://h", "x", "http://h/x" },
		{ "http://h?q", "x", "http://h/x" },
		{ "file:///a/b", "../../c", "file:///c" },
		{ "", "x/../y", "y" },
		{ "", "", "" },
	};
	char *got;

	(void)state;
	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
		got = cf_uri_resolve("http://a/b/c/d;p?q", pair[i][0]);
		assert_string_equal(got, pair[i][1]);
		free(got);
	}
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		got = cf_uri_resolve(other[i][0], other[i][1]);
		assert_string_equal(got, other[i][2]);
		free(got);
	}
	assert_true(cf_uri_has_scheme("urn:x"));
	assert_false(cf_uri_has_scheme("x/y:z"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates_exist),
		cmocka_unit_test(test_times_have_an_offset),
		cmocka_unit_test(test_leap_seconds_end_a_month),
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_addresses_of_hosts),
		cmocka_unit_test(test_mailboxes),
		cmocka_unit_test(test_uris),
		cmocka_unit_test(test_references_resolve),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
