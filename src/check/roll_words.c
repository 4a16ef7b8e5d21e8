/*
 * Birth dates in the ways in which they are written, and the names that are
 * words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "check/roll.h"

static const char *const months[] = { "january", "february", "march", "april",
	"may", "june", "july", "august", "september", "october", "november",
	"december" };

/* The next word of digits or letters; its length. */
static size_t
next_word(const unsigned char **p, const unsigned char *end)
{
	const unsigned char *at;

	while (*p < end && (**p == ' ' || **p == '.'))
		(*p)++;
	for (at = *p; at < end && *at != ' ' && *at != '.'; at++)
		;
	return (size_t)(at - *p);
}

/* 1 to 12 of "03", "mar" or "march"; 0: none. */
static unsigned
month_of(struct cf_str word)
{
	uint64_t n;

	for (unsigned i = 0; i < 12; i++)
		if (word.n >= 3 && word.n <= strlen(months[i]) &&
			memcmp(word.p, months[i], word.n) == 0)
			return i + 1;
	if (word.n == 2 && word.p[0] == '0')
		word = (struct cf_str){ word.p + 1, 1 };
	return cf_str_u64(word, &n, 12) ? (unsigned)n : 0;
}

static unsigned
number_of(struct cf_str word, unsigned most)
{
	uint64_t n;

	if (word.n == 2 && word.p[0] == '0')
		word = (struct cf_str){ word.p + 1, 1 };
	return cf_str_u64(word, &n, most) ? (unsigned)n : 0;
}

struct birth {
	unsigned year, month, day;
};

/* 12 03 2014, 12 mar 2014, 2014 03 12; what follows (a time) does not count. */
static bool
parse(struct birth *out, const unsigned char *text, size_t n)
{
	const unsigned char *p = text, *end = text + n;
	struct cf_str word[3];
	int64_t days;
	bool turned;

	for (size_t i = 0; i < 3; i++) {
		size_t length = next_word(&p, end);

		word[i] = (struct cf_str){ (const char *)p, length };
		p += length;
	}
	/* 2014-03-12T00:00:00 is folded into one word at its end. */
	turned = word[0].n == 4;
	if (turned && word[2].n > 2)
		word[2].n = 2;
	out->year = number_of(word[turned ? 0 : 2], 2100);
	out->month = month_of(word[1]);
	out->day = number_of(word[turned ? 2 : 0], 31);
	return out->year >= 1900 && cf_date_days(&days, out->year, out->month,
		out->day);
}

CF_PRINTF(2, 3) static void
put(struct cf_needles *words, const char *fmt, ...)
{
	char text[48];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	cf_needles_add(words, CF_ROLL_BIRTH, text, (size_t)n);
	explicit_bzero(text, sizeof text);
}

bool
cf_roll_birth(struct cf_needles *words, const unsigned char *text, size_t n)
{
	struct birth b;
	const char *name, *th;

	if (!parse(&b, text, n))
		return false;
	name = months[b.month - 1];
	th = b.day % 10 == 1 && b.day != 11 ? "st" : b.day % 10 == 2 &&
		b.day != 12 ? "nd" : b.day % 10 == 3 && b.day != 13 ? "rd" :
		"th";
	put(words, "%02u %02u %u", b.day, b.month, b.year);
	put(words, "%u %u %u", b.day, b.month, b.year);
	put(words, "%02u %02u %02u", b.day, b.month, b.year % 100);
	put(words, "%u %u %02u", b.day, b.month, b.year % 100);
	put(words, "%u %02u %02u", b.year, b.month, b.day);
	put(words, "%u %s %u", b.day, name, b.year);
	put(words, "%u%s %s %u", b.day, th, name, b.year);
	put(words, "%u%s of %s %u", b.day, th, name, b.year);
	put(words, "%u %.3s %u", b.day, name, b.year);
	put(words, "%s %u %u", name, b.day, b.year);
	put(words, "%s %u%s %u", name, b.day, th, b.year);
	return true;
}

/* In the order of the alphabet: looked for by halving. */
static const char *const common[] = {
	"abbey", "abbot", "abbott", "amber", "angel", "apple", "april",
	"archer", "art", "ash", "august", "autumn", "baker", "bank", "banks",
	"barber", "barn", "barnes", "bell", "best", "bill", "bird", "bishop",
	"black", "blake", "bloom", "blue", "bond", "book", "booth", "bow",
	"bowl", "bridge", "bridges", "bright", "brook", "brooks", "brown",
	"burn", "burns", "bush", "butler", "camp", "case", "cash", "chance",
	"chase", "child", "christian", "church", "clay", "cliff", "cole",
	"constant", "cook", "cooper", "crane", "cross", "daisy", "dale", "dawn",
	"day", "days", "dean", "dell", "diamond", "drew", "duke", "earl",
	"early", "east", "english", "eve", "faith", "farmer", "fern", "field",
	"fields", "finch", "fish", "fisher", "flower", "ford", "forest", "fox",
	"frank", "freedom", "french", "frost", "garden", "gardner", "garland",
	"glen", "gold", "good", "grace", "grant", "gray", "green", "grey",
	"guy", "hall", "hand", "harbour", "hardy", "harmony", "hart", "hazel",
	"head", "heart", "heath", "heather", "high", "hill", "hills", "holly",
	"home", "hope", "house", "hunt", "hunter", "iris", "ivy", "jade",
	"january", "jewel", "join", "joy", "judge", "june", "justice", "kent",
	"key", "king", "kings", "knight", "lake", "lamb", "land", "lane", "law",
	"light", "lily", "list", "little", "lock", "long", "lord", "love",
	"major", "march", "mark", "marks", "marsh", "marshall", "martin",
	"mason", "may", "mercy", "miles", "mill", "miller", "mills", "monday",
	"moon", "moss", "north", "olive", "page", "paige", "paris", "park",
	"parker", "parks", "parson", "pat", "peace", "pearl", "penny", "pepper",
	"pitt", "pond", "poole", "pope", "poppy", "porter", "potter", "power",
	"price", "prince", "queen", "rain", "ray", "read", "reader", "reading",
	"reed", "rich", "ring", "river", "rivers", "rob", "robin", "rock",
	"rose", "rosemary", "rowan", "ruby", "sage", "sandy", "saunders",
	"school", "scott", "sharp", "shepherd", "shore", "short", "silver",
	"sky", "small", "smart", "snow", "south", "spring", "star", "steel",
	"stone", "storm", "street", "strong", "summer", "summers", "sun",
	"sunny", "swan", "sweet", "swift", "tanner", "taylor", "teal", "thorn",
	"tiger", "town", "true", "turner", "victor", "violet", "walker", "wall",
	"walls", "ward", "waters", "webb", "wells", "west", "white", "wild",
	"will", "winter", "winters", "wise", "wish", "wolf", "wood", "woods",
	"worth", "wren", "wright", "york", "young"
};

bool
cf_roll_common(const unsigned char *word, size_t n)
{
	size_t low = 0, high = sizeof common / sizeof *common;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strncmp((const char *)word, common[middle], n);

		if (order == 0 && common[middle][n] == '\0')
			return true;
		if (order < 0 || (order == 0 && common[middle][n]))
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}
