/*
 * One lane for each version that is still to come, newest first.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/get.h"
#include "cli/lanes.h"

#define WIDTH (64u * 1024)	/* bytes of one line */

struct lanes {
	const char **lane;	/* the version that a lane leads to, or NULL */
	bool *linked;		/* of the row that is being drawn */
	bool *fresh;
	size_t n;
};

static size_t
find(const struct lanes *l, const char *version)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->lane[i] && strcmp(l->lane[i], version) == 0)
			break;
	return i;
}

/* The first lane that is free; there are always enough. */
static size_t
take_lane(struct lanes *l, const char *version)
{
	size_t i = 0;

	while (l->lane[i])
		i++;
	l->lane[i] = version;
	if (i >= l->n)
		l->n = i + 1;
	return i;
}

static void
trim(struct lanes *l)
{
	while (l->n && l->lane[l->n - 1] == NULL)
		l->n--;
}

static json_t *
line_of(struct cf_buf *out)
{
	json_t *line;

	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	line = json_string(out->data);
	cf_buf_clear(out);
	return line;
}

static json_t *
draw_node(const struct lanes *l, size_t at)
{
	struct cf_buf out = CF_BUF(WIDTH);

	for (size_t i = 0; i < l->n || i <= at; i++)
		cf_buf_puts(&out, i == at ? "\xe2\x97\x8f " :
			l->lane[i] ? "\xe2\x94\x82 " : "  ");
	return line_of(&out);
}

/* How a lane looks where lines from lane `at` to all linked ones cross it. */
static const char *
glyph(const struct lanes *l, size_t i, size_t at, size_t left, size_t right)
{
	bool ends = l->lane[at] == NULL;

	if (i == at && left < at && right > at)
		return ends ? "\xe2\x94\xb4" : "\xe2\x94\xbc";
	if (i == at && right > at)
		return ends ? "\xe2\x95\xb0" : "\xe2\x94\x9c";
	if (i == at)
		return ends ? "\xe2\x95\xaf" : "\xe2\x94\xa4";
	if (l->linked[i] && l->lane[i] == NULL)
		return i == left ? "\xe2\x95\xb0" : i == right ?
			"\xe2\x95\xaf" : "\xe2\x94\xb4";
	if (l->linked[i] && l->fresh[i])
		return i == left ? "\xe2\x95\xad" : i == right ?
			"\xe2\x95\xae" : "\xe2\x94\xac";
	if (l->linked[i])
		return i == left ? "\xe2\x94\x9c" : i == right ?
			"\xe2\x94\xa4" : "\xe2\x94\xbc";
	if (l->lane[i])
		return "\xe2\x94\x82";
	return i > left && i < right ? "\xe2\x94\x80" : " ";
}

/* The row in which lines lead from lane `at` to those that are linked; NULL
 * where none is. */
static json_t *
draw_links(const struct lanes *l, size_t at)
{
	struct cf_buf out = CF_BUF(WIDTH);
	size_t left = at, right = at;

	for (size_t i = 0; i < l->n; i++)
		if (l->linked[i]) {
			left = i < left ? i : left;
			right = i > right ? i : right;
		}
	if (left == right)
		return NULL;
	for (size_t i = 0; i < l->n || i <= right; i++) {
		cf_buf_puts(&out, glyph(l, i, at, left, right));
		cf_buf_puts(&out, i >= left && i < right ? "\xe2\x94\x80" :
			" ");
	}
	return line_of(&out);
}

/* Lanes lead on from a version to those that it builds on. */
static json_t *
lead_on(struct lanes *l, size_t at, const json_t *onto, size_t most)
{
	memset(l->linked, 0, most * sizeof *l->linked);
	memset(l->fresh, 0, most * sizeof *l->fresh);
	l->lane[at] = NULL;
	for (size_t i = 0; i < json_array_size(onto); i++) {
		const char *parent = cf_get_text(onto, i);
		size_t to = find(l, parent);

		if (to < l->n) {
			/* The lane further left goes on. */
			if (to > at && l->lane[at] == NULL) {
				l->lane[at] = parent;
				l->lane[to] = NULL;
			}
			l->linked[to] = true;
		} else if (l->lane[at] == NULL) {
			l->lane[at] = parent;
		} else {
			to = take_lane(l, parent);
			l->linked[to] = l->fresh[to] = true;
		}
	}
	return draw_links(l, at);
}

json_t *
cf_lanes_draw(const json_t *versions)
{
	json_t *out = json_array(), *all = (json_t *)(uintptr_t)versions;
	json_t *version, *after, *line;
	struct lanes l = { 0 };
	size_t i, most = 2;

	json_array_foreach(all, i, version) {
		most += 1 + cf_get_size(version, "onto");
	}
	l.lane = cf_calloc(most, sizeof *l.lane);
	l.linked = cf_calloc(most, sizeof *l.linked);
	l.fresh = cf_calloc(most, sizeof *l.fresh);
	json_array_foreach(all, i, version) {
		const char *id = cf_get(version, "version");
		size_t at = find(&l, id);
		json_t *node;

		if (at == l.n)
			at = take_lane(&l, id);
		node = draw_node(&l, at);
		after = json_array();
		line = lead_on(&l, at, cf_get_at(version, "onto"), most);
		if (line)
			json_array_append_new(after, line);
		trim(&l);
		json_array_append_new(out, json_pack("{s:o, s:o}", "node",
			node, "after", after));
	}
	free(l.lane);
	free(l.linked);
	free(l.fresh);
	return out;
}

/* How many versions build on each. */
static json_t *
count_children(const json_t *versions)
{
	json_t *out = json_object();

	for (size_t i = 0; i < json_array_size(versions); i++) {
		const json_t *onto = cf_get_at(json_array_get(versions, i),
			"onto");

		for (size_t k = 0; k < json_array_size(onto); k++) {
			const char *id = cf_get_text(onto, k);

			json_object_set_new(out, id, json_integer(
				(json_int_t)cf_get_number(out, id) + 1));
		}
	}
	return out;
}

/* The latest of those that nothing builds on any more. */
static size_t
latest(const json_t *left, const json_t *children)
{
	size_t n = json_array_size(left), best = n;

	for (size_t i = 0; i < n; i++) {
		const json_t *v = json_array_get(left, i);
		const char *time = cf_get(v, "modified");

		if (cf_get_number(children, cf_get(v, "version")) == 0 &&
			(best == n || strcmp(time, cf_get(json_array_get(left,
			best), "modified")) > 0))
			best = i;
	}
	return best;
}

json_t *
cf_lanes_order(const json_t *versions)
{
	json_t *out = json_array(), *left = json_array(), *children;

	json_array_extend(left, (json_t *)(uintptr_t)versions);
	children = count_children(versions);
	while (json_array_size(left)) {
		size_t at = latest(left, children);
		const json_t *onto;

		if (at == json_array_size(left))
			break;
		onto = cf_get_at(json_array_get(left, at), "onto");
		for (size_t k = 0; k < json_array_size(onto); k++) {
			const char *id = cf_get_text(onto, k);

			json_object_set_new(children, id, json_integer(
				(json_int_t)cf_get_number(children, id) - 1));
		}
		json_array_append(out, json_array_get(left, at));
		json_array_remove(left, at);
	}
	json_decref(children);
	json_decref(left);
	return out;
}
