/*
 * What a partner is called here, and where it is asked once it has moved.
 */
#include <stdlib.h>
#include <string.h>

#include "app/address.h"
#include "base/mem.h"

/* The plain letter under a Latin letter with an accent, from U+00C0 on; others
 * as they are. */
static int32_t
plain_letter(int32_t c)
{
	static const char plain[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
		"aaaaaaaceeeeiiiidnooooo ouuuuyty";

	if (c >= 0xc0 && c <= 0xff)
		return plain[c - 0xc0];
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

char *
cf_partner_slug(const char *title)
{
	struct cf_buf out = CF_BUF(40);
	struct cf_str rest = cf_str(title);

	while (rest.n) {
		int32_t c = plain_letter(cf_utf8_next(&rest));

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			cf_buf_putc(&out, (char)c);
		else if (out.len && out.data[out.len - 1] != '-')
			cf_buf_putc(&out, '-');
	}
	while (out.len && out.data[out.len - 1] == '-')
		out.data[--out.len] = '\0';
	if (out.len == 0)
		cf_buf_puts(&out, "partner");
	return cf_buf_take(&out);
}

bool
cf_partner_name_ok(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= 40 && name[0] != '-' && name[strspn(name,
		"abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

const struct cf_err *
cf_partner_set_url(struct cf_trust *trust, const struct cf_partner *partner,
	const char *url)
{
	char *key = cf_asprintf("confer-partner.%s.url", partner->name);
	const struct cf_err *err = cf_config_set(trust->store, key, url);

	free(key);
	return err;
}

/* The k-th address of an identity, as settings have it; NULL: there is none, or
 * it cannot be used. */
static char *
address(const struct cf_identity *identity, size_t k)
{
	const char *url = json_string_value(json_array_get(json_object_get(
		identity->doc, "urls"), k));
	char *normal = NULL;
	bool local;

	if (url && cf_url_check(&normal, &local, url)) {
		free(normal);
		return NULL;
	}
	return normal;
}

static bool
names(const struct cf_identity *identity, const char *url)
{
	size_t n = json_array_size(json_object_get(identity->doc, "urls"));
	bool same = false;

	for (size_t k = 0; k < n && !same; k++) {
		char *text = address(identity, k);

		same = text && strcmp(text, url) == 0;
		free(text);
	}
	return same;
}

bool
cf_chain_names(const struct cf_chain *chain, const char *url)
{
	bool named = false;

	for (size_t i = 0; i < chain->n && !named; i++)
		named = names(&chain->link[i], url);
	return named;
}

char *
cf_partner_moved(const struct cf_partner *partner,
	const struct cf_chain *chain)
{
	return !names(cf_chain_now(chain), partner->url) &&
		cf_chain_names(chain, partner->url) ?
		address(cf_chain_now(chain), 0) : NULL;
}
