/*
 * Reading a roll: which column is what, and the words that each person brings.
 */
#include <string.h>

#include "base/limits.h"
#include "check/csv.h"
#include "check/fold.h"
#include "check/roll.h"

#define HEADING_ROWS 10		/* a report may have titles above its headings */
#define LATIN_MORE "\x8a\x8c\x8e\x9a\x9c\x9e\x9f\x92\x91\x96"

enum role { NOTHING, FORENAME, SURNAME, FULL, NUMBER, BIRTH, POSTCODE,
	MAILBOX };

static const struct {
	const char *heading;
	enum role role;
} headings[] = {
	{ "forename", FORENAME }, { "first name", FORENAME },
	{ "firstname", FORENAME }, { "given name", FORENAME },
	{ "known as", FORENAME }, { "preferred name", FORENAME },
	{ "chosen name", FORENAME }, { "surname", SURNAME },
	{ "last name", SURNAME }, { "lastname", SURNAME },
	{ "family name", SURNAME }, { "full name", FULL },
	{ "pupil name", FULL }, { "student name", FULL },
	{ "staff name", FULL }, { "display name", FULL }, { "name", FULL },
	{ "pupil", FULL }, { "student", FULL }, { "upn", NUMBER },
	{ "unique pupil number", NUMBER }, { "uln", NUMBER },
	{ "unique learner number", NUMBER }, { "uci", NUMBER },
	{ "nhs number", NUMBER }, { "ni number", NUMBER },
	{ "national insurance number", NUMBER }, { "teacher number", NUMBER },
	{ "trn", NUMBER }, { "date of birth", BIRTH }, { "dob", BIRTH },
	{ "birth date", BIRTH }, { "birthdate", BIRTH },
	{ "postcode", POSTCODE }, { "post code", POSTCODE },
	{ "email", MAILBOX }, { "e mail", MAILBOX },
	{ "email address", MAILBOX }, { "e mail address", MAILBOX },
	{ "mailbox", MAILBOX },
};

/* One cell in the form of words. Small, so that it lives on the stack, where it
 * is wiped. */
struct cell {
	unsigned char text[CF_MAX_ROLL_FIELD * 2];
	size_t n;
};

struct column {
	enum role role;
	char prefix[40];	/* "parent 1" of "Parent 1 surname" */
};

struct reader {
	struct cf_needles *words;
	struct cf_roll_counts *counts;
	struct column column[CF_MAX_ROLL_COLUMNS];
	struct cf_str field[CF_MAX_ROLL_COLUMNS];
	size_t n;		/* columns */
};

/* --- one form for fields and texts ------------------------------------------ */

static bool
is_letter(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static const char spaces[128] = {
	[' '] = 1, ['-'] = 1, [','] = 1, ['/'] = 1, ['_'] = 1, ['('] = 1,
	[')'] = 1, ['"'] = 1
};

/* What a character that is no letter and no digit is among words; 0: nothing at
 * all. */
static unsigned char
normal(const unsigned char *s, size_t n, size_t i)
{
	unsigned char c = s[i];
	bool next_letter = i + 1 < n && is_letter(s[i + 1]);

	/* O'Brien is one word; of Grace's, grace is one. */
	if (c == '\'')
		return next_letter && !(s[i + 1] == 's' && (i + 2 == n ||
			!is_letter(s[i + 2]))) ? 0 : ' ';
	if (c == '.' && i && i + 1 < n && is_digit(s[i - 1]) &&
		is_digit(s[i + 1]))
		return ' ';
	return c < 128 && spaces[c] ? ' ' : '.';
}

void
cf_roll_normal(struct cf_normal *out, const unsigned char *s, size_t n)
{
	bool gap = false;	/* it ends in one */

	out->n = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = s[i];

		if (!is_letter(c) && !is_digit(c)) {
			c = normal(s, n, i);
			if (c == 0)
				continue;
			if (gap) {
				if (c == '.')
					out->text[out->n - 1] = '.';
				continue;
			}
			gap = true;
		} else {
			gap = false;
		}
		if (out->at)
			out->at[out->n] = i;
		out->text[out->n++] = c;
	}
}

/* Windows writes names such as Zoe with a diaeresis in one byte. */
static int32_t
from_windows(unsigned char c)
{
	static const int32_t more[] = { 0x160, 0x152, 0x17d, 0x161, 0x153,
		0x17e, 0x178, '\'', '\'', '-' };
	const char *at = c ? strchr(LATIN_MORE, c) : NULL;

	return at ? more[at - LATIN_MORE] : c;
}

/* A field as the texts are read: folded, then in the form of words. */
static void
fold_cell(struct cell *out, struct cf_str field)
{
	unsigned char folded[CF_MAX_ROLL_FIELD];
	struct cf_normal form = { out->text, NULL, 0 };
	size_t n = 0;

	while (field.n && n < sizeof folded) {
		struct cf_str rest = field;
		int32_t cp = cf_utf8_next(&rest);

		if (cp < 0) {
			cp = from_windows((unsigned char)*field.p);
			rest = (struct cf_str){ field.p + 1, field.n - 1 };
		}
		field = rest;
		if (cp >= 0x300 && cp < 0x370)
			continue;
		if (cp >= 0x80)
			cp = cf_utf8_unseen(cp) ? ' ' : cf_fold(cp);
		folded[n++] = (unsigned char)(cp >= 'A' && cp <= 'Z' ?
			cp + 32 : cp);
	}
	cf_roll_normal(&form, folded, n);
	out->n = form.n;
	while (out->n && !is_letter(out->text[out->n - 1]) &&
		!is_digit(out->text[out->n - 1]))
		out->n--;
	if (out->n && (out->text[0] == ' ' || out->text[0] == '.'))
		memmove(out->text, out->text + 1, --out->n);
	explicit_bzero(folded, sizeof folded);
}

/* --- headings --------------------------------------------------------------- */

static bool
ends_in(const struct cell *cell, const char *word, size_t *before)
{
	size_t n = strlen(word);

	if (cell->n < n || memcmp(cell->text + cell->n - n, word, n) != 0)
		return false;
	*before = cell->n - n;
	if (*before == 0)
		return true;
	if (cell->text[*before - 1] != ' ')
		return false;
	(*before)--;
	return true;
}

static void
read_heading(struct column *out, struct cf_str field)
{
	struct cell cell;
	size_t before = 0, best = 0;

	*out = (struct column){ .role = NOTHING };
	fold_cell(&cell, field);
	for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
		size_t n = strlen(headings[i].heading);

		if (n <= best || !ends_in(&cell, headings[i].heading, &before))
			continue;
		/* "School name" and "Course name" are no names of people. */
		if (headings[i].role == FULL && before)
			continue;
		best = n;
		out->role = headings[i].role;
		memset(out->prefix, 0, sizeof out->prefix);
		memcpy(out->prefix, cell.text, before < sizeof out->prefix ?
			before : sizeof out->prefix - 1);
	}
}

/* Different words for one person's own name. */
static bool
is_own(const char *prefix)
{
	static const char *const own[] = { "", "legal", "preferred", "chosen",
		"former", "previous", "pupil", "student", "staff" };

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(prefix, own[i]) == 0)
			return true;
	return false;
}

static bool
read_headings(struct reader *r, struct cf_csv *csv)
{
	for (size_t row = 0; row < HEADING_ROWS && cf_csv_row(csv, r->field,
		CF_MAX_ROLL_COLUMNS, &r->n); row++) {
		size_t known = 0;

		if (r->n > CF_MAX_ROLL_COLUMNS)
			r->n = CF_MAX_ROLL_COLUMNS;
		for (size_t i = 0; i < r->n; i++) {
			read_heading(&r->column[i], r->field[i]);
			known += r->column[i].role != NOTHING;
		}
		if (known)
			return true;
	}
	return false;
}

/* --- words ------------------------------------------------------------------ */

static void
add(struct reader *r, enum cf_roll_kind kind, const struct cell *cell)
{
	cf_needles_add(r->words, (unsigned char)kind, (const char *)cell->text,
		cell->n);
}

static size_t
first_word(const struct cell *cell)
{
	const unsigned char *gap = memchr(cell->text, ' ', cell->n);

	return gap ? (size_t)(gap - cell->text) : cell->n;
}

/* "john smith" of "john" and "smith". */
static void
add_joined(struct reader *r, enum cf_roll_kind kind, const struct cell *a,
	size_t a_n, const struct cell *b)
{
	struct cell both = { .n = a_n + 1 + b->n };

	if (both.n <= sizeof both.text) {
		memcpy(both.text, a->text, a_n);
		both.text[a_n] = ' ';
		memcpy(both.text + a_n + 1, b->text, b->n);
		add(r, kind, &both);
	}
	explicit_bzero(&both, sizeof both);
}

static void
add_person(struct reader *r, const struct cell *fore, const struct cell *sur)
{
	size_t first = first_word(fore);

	if (fore->n < 2 || sur->n < 2)
		return;
	add_joined(r, CF_ROLL_PAIR, fore, fore->n, sur);
	if (first != fore->n && first > 1)
		add_joined(r, CF_ROLL_PAIR, fore, first, sur);
	add_joined(r, CF_ROLL_TURNED, sur, sur->n, fore);
	r->counts->names++;
}

static void
add_alone(struct reader *r, enum cf_roll_kind kind, const struct cell *name)
{
	struct cell first = *name;

	if (name->n >= 3)
		add(r, kind, name);
	first.n = first_word(name);
	if (kind == CF_ROLL_FORENAME && first.n >= 3 && first.n != name->n)
		add(r, kind, &first);
	explicit_bzero(&first, sizeof first);
}

/* "Smith, John Paul", "John Paul Smith". */
static void
add_full(struct reader *r, struct cf_str field)
{
	struct cf_str sur, fore;
	struct cell a, b;

	if (cf_str_cut(&sur, &fore, field, ',')) {
		fold_cell(&a, sur);
		fold_cell(&b, fore);
	} else {
		fold_cell(&a, field);
		b = a;
		b.n = first_word(&a);
		for (size_t i = a.n; i-- > 0;)
			if (a.text[i] == ' ') {
				memmove(a.text, a.text + i + 1, a.n - i - 1);
				a.n -= i + 1;
				break;
			}
		if (b.n == a.n && memcmp(a.text, b.text, a.n) == 0)
			a.n = 0;	/* one word is no full name */
	}
	if (a.n && b.n) {
		add_person(r, &b, &a);
		add_alone(r, CF_ROLL_SURNAME, &a);
		add_alone(r, CF_ROLL_FORENAME, &b);
	}
	explicit_bzero(&a, sizeof a);
	explicit_bzero(&b, sizeof b);
}

/* Every forename with every surname that can be of the same person. */
static void
add_names(struct reader *r)
{
	struct cell fore, sur;

	for (size_t i = 0; i < r->n; i++) {
		if (r->column[i].role == FULL)
			add_full(r, r->field[i]);
		if (r->column[i].role == SURNAME) {
			fold_cell(&sur, r->field[i]);
			add_alone(r, CF_ROLL_SURNAME, &sur);
		}
		if (r->column[i].role != FORENAME)
			continue;
		fold_cell(&fore, r->field[i]);
		add_alone(r, CF_ROLL_FORENAME, &fore);
		for (size_t j = 0; j < r->n; j++) {
			if (r->column[j].role != SURNAME ||
				(strcmp(r->column[i].prefix, r->column[j].prefix)
				!= 0 && !(is_own(r->column[i].prefix) &&
				is_own(r->column[j].prefix))))
				continue;
			fold_cell(&sur, r->field[j]);
			add_person(r, &fore, &sur);
		}
	}
	explicit_bzero(&fore, sizeof fore);
	explicit_bzero(&sur, sizeof sur);
}

static void
add_number(struct reader *r, struct cell *cell)
{
	size_t n = 0;

	for (size_t i = 0; i < cell->n; i++)
		if (cell->text[i] != ' ')
			cell->text[n++] = cell->text[i];
	cell->n = n;
	if (n < 6)
		return;
	add(r, CF_ROLL_NUMBER, cell);
	r->counts->numbers++;
}

/* With and without its space. */
static void
add_postcode(struct reader *r, struct cell *cell)
{
	struct cell tight = { .n = 0 };

	for (size_t i = 0; i < cell->n; i++)
		if (cell->text[i] != ' ')
			tight.text[tight.n++] = cell->text[i];
	if (tight.n >= 5 && tight.n <= 7) {
		struct cell wide = tight;

		add(r, CF_ROLL_POSTCODE, &tight);
		memmove(wide.text + wide.n - 2, wide.text + wide.n - 3, 3);
		wide.text[wide.n - 3] = ' ';
		wide.n++;
		add(r, CF_ROLL_POSTCODE, &wide);
		r->counts->postcodes++;
		explicit_bzero(&wide, sizeof wide);
	}
	explicit_bzero(&tight, sizeof tight);
}

static void
add_row(struct reader *r)
{
	struct cell cell;
	bool any = false;

	for (size_t i = 0; i < r->n; i++) {
		any = any || (r->column[i].role != NOTHING && r->field[i].n);
		fold_cell(&cell, r->field[i]);
		if (r->column[i].role == NUMBER)
			add_number(r, &cell);
		if (r->column[i].role == POSTCODE)
			add_postcode(r, &cell);
		if (r->column[i].role == BIRTH)
			r->counts->births += cf_roll_birth(r->words, cell.text,
				cell.n);
		if (r->column[i].role == MAILBOX && memchr(r->field[i].p, '@',
			r->field[i].n)) {
			add(r, CF_ROLL_MAILBOX, &cell);
			r->counts->mailboxes++;
		}
	}
	add_names(r);
	r->counts->people += any;
	explicit_bzero(&cell, sizeof cell);
}

const struct cf_err *
cf_roll_read(struct cf_needles *words, struct cf_roll_counts *counts,
	struct cf_secret *csv)
{
	struct reader r = { .words = words, .counts = counts };
	struct cf_csv in;
	size_t columns;

	*counts = (struct cf_roll_counts){ 0 };
	if (csv->n)
		cf_csv_start(&in, csv->p, csv->n);
	if (csv->n == 0 || !read_headings(&r, &in))
		return cf_err_rule(CF_INVALID, "roll.columns", "no column of "
			"the file has a heading that says what it is, such as "
			"Forename, Surname, UPN, Date of birth, Postcode, "
			"Email. Export it with headings in the first row, as "
			"CSV");
	columns = r.n;
	while (cf_csv_row(&in, r.field, CF_MAX_ROLL_COLUMNS, &r.n)) {
		for (; r.n < columns; r.n++)
			r.field[r.n] = (struct cf_str){ "", 0 };
		r.n = columns;
		add_row(&r);
	}
	explicit_bzero(r.field, sizeof r.field);
	return NULL;
}
