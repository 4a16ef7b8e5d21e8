/*
 * PCRE2 behind regex.h: the options that make it agree with ECMA-262, and the
 * limits. No just-in-time compiler: it ignores the depth and memory limits and
 * needs memory that is writable and executable.
 */
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/limits.h"
#include "base/mem.h"
#include "json/regex.h"

#define OPTIONS (PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | \
	PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C)

struct cf_regex {
	pcre2_code *code;
	struct cf_regex_plain *plain;	/* or NULL */
};

struct cf_regex_room {
	pcre2_match_context *context;
	pcre2_match_data *data;
};

const struct cf_err *
cf_regex_new(struct cf_regex **out, struct cf_str pattern)
{
	struct cf_buf text = CF_BUF(CF_MAX_PATTERN);
	const struct cf_err *err;
	pcre2_code *code;
	PCRE2_UCHAR why[128];
	PCRE2_SIZE offset;
	int number;

	*out = NULL;
	err = cf_regex_translate(&text, pattern);
	if (err)
		goto done;
	code = pcre2_compile((PCRE2_SPTR)text.data, text.len, OPTIONS, &number,
		&offset, NULL);
	if (code == NULL) {
		if (pcre2_get_error_message(number, why, sizeof why) < 0)
			why[0] = '\0';
		err = cf_err(CF_INVALID, "the pattern %.*s cannot be used: %s",
			(int)(pattern.n > 200 ? 200 : pattern.n), pattern.p,
			(const char *)why);
		goto done;
	}
	*out = cf_malloc(sizeof **out);
	(*out)->code = code;
	(*out)->plain = cf_regex_plain_new(pattern);
done:
	cf_buf_clear(&text);
	return err;
}

void
cf_regex_free(struct cf_regex *regex)
{
	if (regex == NULL)
		return;
	pcre2_code_free(regex->code);
	free(regex->plain);
	free(regex);
}

struct cf_regex_room *
cf_regex_room_new(void)
{
	struct cf_regex_room *room = cf_malloc(sizeof *room);

	/* One pair of offsets: only the answer is wanted. */
	room->data = pcre2_match_data_create(1, NULL);
	room->context = pcre2_match_context_create(NULL);
	if (room->data == NULL || room->context == NULL)
		cf_bug("out of memory");
	(void)pcre2_set_match_limit(room->context, CF_MAX_PATTERN_STEPS);
	(void)pcre2_set_depth_limit(room->context, CF_MAX_PATTERN_DEPTH);
	(void)pcre2_set_heap_limit(room->context,
		CF_MAX_PATTERN_MEMORY / 1024);
	return room;
}

void
cf_regex_room_free(struct cf_regex_room *room)
{
	if (room == NULL)
		return;
	pcre2_match_data_free(room->data);
	pcre2_match_context_free(room->context);
	free(room);
}

enum cf_regex_answer
cf_regex_match(const struct cf_regex *regex, struct cf_regex_room *room,
	struct cf_str text)
{
	int n;

	/* Only a match is told by the quick way: what else there is to say,
	 * PCRE2 says. */
	if (regex->plain && cf_regex_plain_match(regex->plain, text))
		return CF_REGEX_YES;
	n = pcre2_match(regex->code, (PCRE2_SPTR)text.p, text.n, 0, 0,
		room->data, room->context);

	if (n >= 0)
		return CF_REGEX_YES;
	return n == PCRE2_ERROR_NOMATCH ? CF_REGEX_NO : CF_REGEX_STUCK;
}
