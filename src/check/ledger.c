/*
 * Exact numbers of people, by the digest of what they count.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "check/ledger.h"

#define NAME 32u
#define ENTRY (NAME + sizeof(int64_t))

static const unsigned char *
entry(const struct cf_ledger *l, size_t i)
{
	return (const unsigned char *)l->room.p + i * ENTRY;
}

static void
name_of(unsigned char out[NAME], const struct cf_stat *s)
{
	char *who = json_dumps(s->who, JSON_COMPACT);
	struct cf_buf text = CF_BUF(CF_MAX_RECORD * 4u);

	cf_buf_printf(&text, "%s\n%s\n%s\n", s->measure, s->time,
		who ? who : "");
	if (s->hidden)
		cf_buf_puts(&text, "c");
	else
		cf_buf_printf(&text, "%lld", (long long)s->value);
	cf_sha256(out, text.data, text.len);
	cf_buf_clear(&text);
	free(who);
}

/* Where the entry is, or where it would stand. */
static bool
find(size_t *at, const struct cf_ledger *l, const unsigned char name[NAME])
{
	size_t low = 0, high = l->used / ENTRY;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = memcmp(entry(l, mid), name, NAME);

		if (order == 0) {
			*at = mid;
			return true;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*at = low;
	return false;
}

bool
cf_ledger_take(struct cf_ledger *out, struct cf_secret *bytes)
{
	*out = (struct cf_ledger){ .used = bytes->n };
	if (bytes->n % ENTRY != 0 || bytes->n > CF_MAX_LEDGER)
		return false;
	for (size_t i = 1; i < bytes->n / ENTRY; i++)
		if (memcmp(bytes->p + (i - 1) * ENTRY, bytes->p + i * ENTRY,
			NAME) >= 0)
			return false;
	out->room = *bytes;
	*bytes = (struct cf_secret){ 0 };
	return true;
}

void
cf_ledger_clear(struct cf_ledger *l)
{
	cf_secret_clear(&l->room);
	*l = (struct cf_ledger){ 0 };
}

bool
cf_ledger_get(int64_t *out, const struct cf_ledger *l,
	const struct cf_stat *stat)
{
	unsigned char name[NAME];
	size_t at;

	if (l == NULL || l->used == 0)
		return false;
	name_of(name, stat);
	if (!find(&at, l, name))
		return false;
	memcpy(out, entry(l, at) + NAME, sizeof *out);
	return true;
}

/* Makes room for one more entry at a place. */
static bool
open_gap(struct cf_ledger *l, size_t at)
{
	struct cf_secret more = { 0 };
	size_t before = at * ENTRY;

	if (l->used + ENTRY > CF_MAX_LEDGER)
		return false;
	if (l->used + ENTRY > l->room.n) {
		cf_secret_room(&more, l->room.n ? l->room.n * 2 : 64 * ENTRY);
		if (l->used)
			memcpy(more.p, l->room.p, l->used);
		cf_secret_clear(&l->room);
		l->room = more;
	}
	memmove(l->room.p + before + ENTRY, l->room.p + before, l->used -
		before);
	l->used += ENTRY;
	return true;
}

static bool
put(struct cf_ledger *l, bool *changed, const struct cf_stat *stat,
	int64_t exact)
{
	unsigned char name[NAME];
	size_t at;
	bool known;

	name_of(name, stat);
	known = find(&at, l, name);
	if (known && memcmp(entry(l, at) + NAME, &exact, sizeof exact) == 0)
		return true;
	if (!known && !open_gap(l, at))
		return false;
	memcpy(l->room.p + at * ENTRY, name, NAME);
	memcpy(l->room.p + at * ENTRY + NAME, &exact, sizeof exact);
	*changed = true;
	return true;
}

static void
drop(struct cf_ledger *l, bool *changed, const struct cf_stat *stat)
{
	unsigned char name[NAME];
	size_t at;

	name_of(name, stat);
	if (!find(&at, l, name))
		return;
	memmove(l->room.p + at * ENTRY, l->room.p + (at + 1) * ENTRY, l->used -
		(at + 1) * ENTRY);
	l->used -= ENTRY;
	memset(l->room.p + l->used, 0, ENTRY);
	*changed = true;
}

/* The two ways in which a number comes to be shown. */
static bool
note_stat(struct cf_ledger *l, bool *changed, const struct cf_stat *stat,
	const struct cf_policy *policy)
{
	struct cf_stat shown = *stat;

	shown.value = cf_round_to(stat->value, policy->rounding);
	if (!put(l, changed, &shown, stat->value))
		return false;
	shown.hidden = true;
	return put(l, changed, &shown, stat->value);
}

bool
cf_ledger_note(struct cf_ledger *l, bool *changed, const json_t *draft,
	const struct cf_policy *policy)
{
	const char *kind = cf_json_str(draft, "kind");
	struct cf_stats stats = { 0 };
	bool room = true;

	if (kind == NULL || strcmp(kind, "finding") != 0)
		return true;
	cf_stats_read(&stats, kind, json_object_get(draft, "body"), 0, true);
	for (size_t i = 0; i < stats.n && room; i++) {
		const struct cf_stat *s = &stats.stat[i];

		if (!s->hidden && s->value > 0 && (s->value <
			policy->least_people || s->value % policy->rounding))
			room = note_stat(l, changed, s, policy);
	}
	cf_stats_clear(&stats);
	return room;
}

void
cf_ledger_forget(struct cf_ledger *l, bool *changed, const char *kind,
	const json_t *body)
{
	struct cf_stats stats = { 0 };

	cf_stats_read(&stats, kind, body, 0, true);
	for (size_t i = 0; i < stats.n; i++) {
		drop(l, changed, &stats.stat[i]);
		stats.stat[i].hidden = true;
		drop(l, changed, &stats.stat[i]);
	}
	cf_stats_clear(&stats);
}
