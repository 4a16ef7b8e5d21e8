/*
 * What trusts are called, and whom a person means.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/trust.h"
#include "base/mem.h"

char *
cf_trust_title(struct cf_trust *trust, const char *id)
{
	json_t *row = NULL;
	char *title;

	if (cf_index_trust(&row, trust->index, id) != NULL || row == NULL)
		return cf_strdup(id);
	title = cf_strdup(cf_json_str(row, "name"));
	json_decref(row);
	return title;
}

char *
cf_alike_sentence(const char *title, const char *name)
{
	return cf_asprintf("Take care: this is not '%s', %s%s%s. The names "
		"look alike, and they are two trusts", title, name ? "whom you "
		"follow as '" : "which is your own trust", name ? name : "",
		name ? "'" : "");
}

json_t *
cf_people(struct cf_trust *trust, const json_t *ids)
{
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		char *title = cf_trust_title(trust, id);

		json_array_append_new(out, json_pack("{s:s, s:s}", "trust", id,
			"name", title));
		free(title);
	}
	return out;
}

bool
cf_name_begins(const char *name, const char *words)
{
	return words[0] && strncasecmp(name, words, strlen(words)) == 0;
}

static const struct cf_err *
find_by_words(struct cf_partner **out, struct cf_trust *trust,
	const struct cf_partners *partners, const char *words)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < partners->n && !err; i++) {
		struct cf_partner *p = &partners->partner[i];
		char *title = cf_trust_title(trust, p->trust);

		if (cf_name_begins(p->name, words) ||
			cf_name_begins(title, words)) {
			if (*out)
				err = cf_err(CF_USAGE, "'%s' may be %s or %s; "
					"say which", words, (*out)->name,
					p->name);
			*out = p;
		}
		free(title);
	}
	return err;
}

const struct cf_err *
cf_partner_named(struct cf_partner **out, struct cf_trust *trust,
	const struct cf_partners *partners, const char *name)
{
	const struct cf_err *err = NULL;

	*out = cf_partners_find(partners, name);
	if (*out == NULL)
		err = find_by_words(out, trust, partners, name);
	if (!err && *out == NULL)
		err = cf_err(CF_NOT_FOUND, "there is no partner '%s'; 'confer "
			"partner list' shows them", name);
	return err;
}

const struct cf_err *
cf_trust_named(char **out, struct cf_trust *trust, const char *name)
{
	struct cf_partners partners;
	struct cf_partner *p;
	struct cf_digest id;
	const struct cf_err *err;

	*out = NULL;
	if (name == NULL)
		return NULL;
	if (strcmp(name, "me") == 0 || cf_digest_parse(&id, cf_str(name))) {
		*out = cf_strdup(strcmp(name, "me") == 0 ? trust->id : name);
		return NULL;
	}
	err = cf_partners_read(&partners, trust);
	if (err)
		return err;
	err = cf_partner_named(&p, trust, &partners, name);
	if (!err)
		*out = cf_strdup(p->trust);
	else if (err->code == CF_NOT_FOUND)
		err = cf_err(CF_NOT_FOUND, "there is no partner '%s'; 'confer "
			"partner list' shows them, and 'me' stands for your "
			"own trust", name);
	cf_partners_clear(&partners);
	return err;
}
