/*
 * The formats that we can check. Those of the standard that records use assert
 * in every dialect; the others only where the dialect says so.
 */
#include <string.h>

#include "json/format.h"
#include "json/schema_set.h"

static const struct cf_format formats[] = {
	{ "date", true, cf_is_date, "a date such as 2026-05-01" },
	{ "date-time", true, cf_is_date_time,
		"a date and time such as 2026-05-01T10:00:00Z" },
	{ "uuid", true, cf_is_uuid, "an identifier such as "
		"0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab" },
	{ "uri", true, cf_is_uri,
		"a full web address such as https://example.org/page" },
	{ "email", true, cf_is_email,
		"an e-mail address such as office@example.org" },
	{ "ipv4", false, cf_is_ipv4, "an address such as 192.0.2.1" },
	{ "ipv6", false, cf_is_ipv6, "an address such as 2001:db8::1" },
};

const struct cf_format *
cf_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}
