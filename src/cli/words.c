/*
 * English for the program's sentences.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/words.h"

#define DAY 86400

static void
cut(struct word *w, const char *text)
{
	(void)snprintf(w->text, sizeof w->text, "%s", text);
}

struct word
cf_plural(unsigned long long n, const char *noun)
{
	const char *end = "s";
	struct word w = { "" };
	size_t len;

	cut(&w, noun);
	len = strlen(w.text);
	if (n == 1 || len < 3 || len + 3 > sizeof w.text)
		return w;
	if (cf_ends(noun, "sis")) {
		len -= 2;
		end = "es";
	} else if (noun[len - 1] == 'y' && !strchr("aeiou", noun[len - 2])) {
		len -= 1;
		end = "ies";
	} else if (cf_ends(noun, "s") || cf_ends(noun, "x") ||
		cf_ends(noun, "ch") || cf_ends(noun, "sh")) {
		end = "es";
	}
	(void)snprintf(w.text + len, sizeof w.text - len, "%s", end);
	return w;
}

/* Digits in groups of three. */
static void
number(char *out, size_t size, unsigned long long n)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%llu", n);
	size_t to = 0;

	for (int i = 0; i < len && to + 2 < size; i++) {
		if (i && (len - i) % 3 == 0)
			out[to++] = ',';
		out[to++] = digits[i];
	}
	out[to] = '\0';
}

struct word
cf_count(unsigned long long n, const char *noun)
{
	struct word plural = cf_plural(n, noun), w = { "" };
	char digits[32];

	number(digits, sizeof digits, n);
	(void)snprintf(w.text, sizeof w.text, "%.31s %.60s",
		n ? digits : "no", plural.text);
	return w;
}

struct word
cf_count_spelt(unsigned long long n, const char *noun)
{
	static const char *const names[] = { "No", "One", "Two", "Three",
		"Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten" };
	struct word w = cf_count(n, noun);

	if (n < sizeof names / sizeof *names)
		(void)snprintf(w.text, sizeof w.text, "%s %.60s", names[n],
			cf_plural(n, noun).text);
	return w;
}

struct word
cf_bytes(unsigned long long n)
{
	static const char *const units[] = { "KB", "MB", "GB", "TB" };
	double value = (double)n / 1000;
	struct word w = { "" };
	size_t unit = 0;

	if (n < 1000) {
		(void)snprintf(w.text, sizeof w.text, "%llu bytes", n);
		return w;
	}
	while (value >= 999.5 && unit < 3) {
		value /= 1000;
		unit++;
	}
	(void)snprintf(w.text, sizeof w.text, value < 9.95 && unit ?
		"%.1f %s" : "%.0f %s", value, units[unit]);
	return w;
}

/* Days since 1970 of "2026-05-01" with anything after it. */
static bool
day_of(int64_t *days, unsigned ymd[3], const char *text)
{
	static const struct { unsigned char at, n; } part[3] = { { 0, 4 },
		{ 5, 2 }, { 8, 2 } };

	if (strlen(text) < 10 || text[4] != '-' || text[7] != '-')
		return false;
	for (size_t i = 0; i < 3; i++) {
		ymd[i] = 0;
		for (size_t k = part[i].at; k < part[i].at + part[i].n; k++) {
			if (text[k] < '0' || text[k] > '9')
				return false;
			ymd[i] = ymd[i] * 10 + (unsigned)(text[k] - '0');
		}
	}
	return cf_date_days(days, ymd[0], ymd[1], ymd[2]);
}

static struct word
date(const char *time, int month_letters)
{
	static const char *const month[] = { "January", "February", "March",
		"April", "May", "June", "July", "August", "September",
		"October", "November", "December" };
	struct word w = { "" };
	unsigned ymd[3];
	int64_t days;

	if (day_of(&days, ymd, time))
		(void)snprintf(w.text, sizeof w.text, "%u %.*s %u", ymd[2],
			month_letters, month[ymd[1] - 1], ymd[0]);
	else
		cut(&w, time);
	return w;
}

struct word
cf_date(const char *time)
{
	return date(time, 9);
}

struct word
cf_date_short(const char *time)
{
	return date(time, 3);
}

struct word
cf_when(const char *time, int64_t now)
{
	struct word w = cf_date(time);
	unsigned ymd[3];
	int64_t days;

	if (!day_of(&days, ymd, time))
		return w;
	days -= now / DAY;
	if (days == 0)
		cut(&w, "today");
	else if (days == -1)
		cut(&w, "yesterday");
	else if (days == 1)
		cut(&w, "tomorrow");
	else if (days < 0 && days > -14)
		(void)snprintf(w.text, sizeof w.text, "%d days ago",
			(int)-days);
	else if (days > 0 && days < 14)
		(void)snprintf(w.text, sizeof w.text, "in %d days", (int)days);
	return w;
}

static struct word
shortened(const char *text, size_t keep, const char *end)
{
	struct word w = { "" };

	if (strlen(text) <= keep)
		cut(&w, text);
	else
		(void)snprintf(w.text, sizeof w.text, "%.*s%s", (int)keep, text,
			end);
	return w;
}

struct word
cf_short_key(const char *key)
{
	struct cf_str rest = cf_str(key);

	(void)cf_str_skip(&rest, "did:key:");
	return shortened(rest.p, 10, "\xe2\x80\xa6");
}

struct word
cf_short_commit(const char *commit)
{
	return shortened(commit, 10, "");
}

void
cf_join(struct cf_buf *out, size_t index, size_t n, const char *item)
{
	if (index)
		cf_buf_puts(out, index + 1 == n ? " and " : ", ");
	cf_buf_puts(out, item);
}

static void
capital(char *text)
{
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
}

char *
cf_spaced(const char *name)
{
	char *out = cf_malloc(2 * strlen(name) + 1), *to = out;

	for (const char *p = name; *p; p++) {
		bool upper = *p >= 'A' && *p <= 'Z';

		if (*p == '_' || *p == '-') {
			*to++ = ' ';
			continue;
		}
		if (upper && p != name && p[-1] >= 'a' && p[-1] <= 'z') {
			*to++ = ' ';
			*to++ = (char)(*p - 'A' + 'a');
			continue;
		}
		*to++ = *p;
	}
	*to = '\0';
	capital(out);
	return out;
}

char *
cf_sentence(const char *text)
{
	size_t n = strlen(text);
	bool ends = n && strchr(".!?:", text[n - 1]);
	char *out = cf_asprintf("%s%s", text, n && !ends ? "." : "");
	size_t word = strcspn(text, " :,");

	/* A file keeps its name. */
	if (!memchr(text, '/', word) && !memchr(text, '.', word))
		capital(out);
	return out;
}

const char *
cf_from_here(const char *path)
{
	char here[PATH_MAX];
	size_t n;

	if (getcwd(here, sizeof here) == NULL)
		return path;
	n = strlen(here);
	return cf_starts(path, here) && path[n] == '/' && path[n + 1] ?
		path + n + 1 : path;
}
