/*
 * Names of people.
 */
#include <string.h>

#include "base/limits.h"
#include "check/rules.h"
#include "check/token.h"
#include "check/words.h"

/* One place of a text that is asked. */
struct place {
	const struct cf_text *text;
	const struct cf_words *words;
};

static const struct cf_word *
at(const struct place *p, size_t i)
{
	return i < p->words->n ? &p->words->word[i] : NULL;
}

static bool
is(const struct place *p, size_t i, uint64_t kinds)
{
	return cf_word_is(p->words, i, kinds);
}

/* Written as a name would be; in a text of capitals nobody can tell. */
static bool
is_capital(const struct place *p, size_t i)
{
	const struct cf_word *w = at(p, i);

	return w && (w->shape == CF_CAPITAL || (w->shape == CF_CAPITALS &&
		(p->words->capitals || w->to - w->from > 3)));
}

/* How far the next word is from the end of this one. */
static size_t
gap(const struct place *p, size_t i)
{
	const struct cf_word *a = at(p, i), *b = at(p, i + 1);

	return a && b ? b->from - a->to : SIZE_MAX;
}

static size_t
length(const struct place *p, size_t i)
{
	const struct cf_word *w = at(p, i);

	return w ? w->to - w->from : 0;
}

/* Only a space, or a full stop and one, stand before the next word. */
static bool
is_next_to(const struct place *p, size_t i)
{
	const struct cf_word *w = at(p, i);
	size_t n = gap(p, i);

	if (n == SIZE_MAX || n == 0 || n > 2)
		return false;
	return cf_space(p->text->s[w->to + n - 1]) && (n == 1 ||
		p->text->s[w->to] == '.' || cf_space(p->text->s[w->to]));
}

/* The same, or a full stop alone, "Mr.Patel", or what stands for a space in the
 * name of a file, or marks of bold writing. */
static bool
follows_title(const struct place *p, size_t i)
{
	size_t n = gap(p, i);

	if (is_next_to(p, i))
		return true;
	if (n == 0 || n > CF_MAX_MARKS)
		return false;
	for (size_t k = 0; k < n; k++)
		if (!strchr(n == 1 ? "._-" : " *_.", p->text->s[at(p, i)->to +
			k]))
			return false;
	return true;
}

/* What could be a surname after a forename: a name, or a capital that begins
 * no usual word. */
static bool
may_follow(const struct place *p, size_t i)
{
	if (!is_next_to(p, i))
		return false;
	if (is(p, i + 1, W_FUNCTION | W_SAID | W_ORG | W_CALENDAR | W_PERSON |
		W_PEOPLE | W_LABEL | W_SCHOOL) && !is(p, i + 1, W_SURNAME))
		return false;
	return length(p, i + 1) > 1 && (is(p, i + 1, W_SURNAME |
		W_FORENAME) || is_capital(p, i + 1));
}

/* --- what is no person of the school -------------------------------------- */

/* "Ruth Gorse Academy", "Sutton & Cheam", "St Anne's School"; but neither
 * what begins a sentence, nor where somebody works: "Ruth Khan (Ashby Trust)". */
static bool
is_joined(const struct place *p, size_t i)
{
	const struct cf_word *w = at(p, i);
	size_t n = gap(p, i);

	if (n > 3 || w->ends)
		return false;
	for (size_t k = w->to; k < w->to + n; k++)
		if (strchr(",;:(/\n", p->text->s[k]))
			return false;
	return true;
}

/* "School Business Manager", "Library Lead" behind a name: what somebody is. */
static bool
is_job(const struct place *p, size_t i)
{
	for (size_t k = i + 1; k <= i + 2 && is_joined(p, k - 1) &&
		is_capital(p, k); k++)
		if (is(p, k, W_ROLE | W_STAFF) || cf_is_word(p->text->l + at(p,
			k)->from, length(p, k), "|lead|manager|officer|director|"
			"administrator|"))
			return true;
	return false;
}

static bool
is_organisation(const struct place *p, size_t last)
{
	for (size_t k = 1; k <= 4; k++) {
		if (!is_joined(p, last + k - 1) || !is_capital(p, last + k))
			return false;
		if (is(p, last + k, W_ORG | W_SCHOOL | W_STREET))
			return !is_job(p, last + k);
	}
	return false;
}

static bool
is_let_alone(const struct place *p, size_t first, size_t last)
{
	return cf_is_well_known(p->text, first, last) ||
		(is_organisation(p, last) && !(p->words->capitals && first &&
		is(p, first - 1, W_TITLE))) ||
		cf_is_cited(p->text, last);
}

/* --- what makes a name ----------------------------------------------------- */

/* PC Williams. */
static bool
is_rank(const struct place *p, size_t i)
{
	return cf_word_equals(p->text, i, "pc") && at(p, i)->shape ==
		CF_CAPITALS;
}

/* "Mr de Freitas", "Ms van den Broek", but not "de facto": the last small word of
 * such a surname; i where it has none. */
static size_t
after_particles(const struct place *p, size_t i)
{
	size_t last = i;

	while (last < i + 2 && is_next_to(p, last) && at(p, last + 1)->shape ==
		CF_SMALL && cf_is_word(p->text->l + at(p, last + 1)->from,
		length(p, last + 1), "|de|da|di|du|del|della|dos|das|la|le|el|"
		"al|bin|ibn|van|von|der|den|ter|ten|ap|ab|"))
		last++;
	return last > i && is_next_to(p, last) && is_capital(p, last + 1) ?
		last : i;
}

/* Mr Khan, Dr. Kyle Kuefer, mrs khan. Where the name ends; SIZE_MAX: none. */
static size_t
after_title(const struct place *p, size_t i)
{
	bool hard = is(p, i, W_TITLE), soft = is(p, i, W_TITLE_SOFT);
	size_t last = i + 1;

	soft = soft && (is_capital(p, i) || is_rank(p, i));
	if ((!hard && !soft) || !follows_title(p, i))
		return SIZE_MAX;
	if (hard && length(p, last) == 1 && at(p, last)->shape == CF_CAPITAL &&
		may_follow(p, last) && is_capital(p, last + 1))
		last++;		/* Mrs A Whitty: no article */
	else if (hard)
		last = after_particles(p, i) + 1;
	if (is(p, last, W_TITLE | W_FUNCTION | W_CALENDAR))
		return SIZE_MAX;
	if (length(p, last) == 1 && may_follow(p, last))
		last++;		/* Mr J. Khan */
	if (length(p, last) < 2)
		return SIZE_MAX;
	if (!is_capital(p, last) && !(hard && is(p, last, W_SURNAME |
		W_SURNAME_WORD | W_FORENAME)))
		return SIZE_MAX;
	if (is_rank(p, i) && !is(p, last, W_SURNAME))
		return SIZE_MAX;	/* a computer */
	if (soft && !hard && is(p, last, W_THING | W_ORG | W_LABEL |
		W_SCHOOL) && !is(p, last, W_SURNAME | W_SURNAME_WORD))
		return SIZE_MAX;
	while (may_follow(p, last) && is_capital(p, last + 1) && last < i + 3)
		last++;
	return last;
}

#define OF_WHOM "|pupil|child|student|first|last|maiden|full|my|his|her|" \
	"their|learner|parent|teacher|sur|family|given|middle|boy|girl|" \
	"pupil's|child's|student's|mother's|father's|real|"

/* "Pupil name: Aisha B.", "her maiden name is Clark", "a boy called Will". */
static size_t
after_label(const struct place *p, size_t i)
{
	const struct cf_word *w = at(p, i), *before = i ? at(p, i - 1) : NULL;
	size_t name = i + 1;
	bool line, of;

	if (!is(p, i, W_NAMELY))
		return SIZE_MAX;
	if (cf_is_word(p->text->l + w->from, w->to - w->from,
		"|named|called|nicknamed|"))
		return is_next_to(p, i) && is(p, name, W_ANY_FORENAME) &&
			is_capital(p, name) ? name : SIZE_MAX;
	line = w->from == 0 || p->text->s[w->from - 1] == '\n';
	of = before && cf_is_word(p->text->l + before->from,
		before->to - before->from, OF_WHOM);
	if (!line && !of && cf_is_word(p->text->l + w->from, w->to - w->from,
		"|name|names|"))
		return SIZE_MAX;
	if (cf_word_equals(p->text, name, "is") || cf_word_equals(p->text,
		name, "was"))
		name++;
	else if (w->to >= p->text->n || (p->text->s[w->to] != ':' &&
		p->text->s[w->to] != '=' && !(is_next_to(p, i) &&
		is_capital(p, name) && cf_is_word(p->text->l + w->from,
		w->to - w->from, "|surname|forename|"))))
		return SIZE_MAX;
	if (name >= p->words->n || is(p, name, W_FUNCTION) ||
		length(p, name) < 2 || (!is_capital(p, name) && !is(p, name,
		W_FORENAME | W_SURNAME)))
		return SIZE_MAX;
	return is_organisation(p, name) ? SIZE_MAX : name;
}

/* "the head teacher (Sue Barker)", "Deputy Head - Paul Grainger". */
static bool
follows_role(const struct place *p, size_t i)
{
	size_t to = i ? at(p, i - 1)->to : 0, n = i ? gap(p, i - 1) : 0;

	if (n < 2 || n > 3 || !is(p, i - 1, W_ROLE | W_STAFF) ||
		!is_capital(p, i + 1) || !is_next_to(p, i))
		return false;
	for (size_t k = to; k < to + n; k++)
		if (strchr("(:-", p->text->s[k]))
			return true;
	return false;
}

/* "Tyler, Year 9,", "Grace (Y7)": which pupil stands right behind; but "Summer,
 * Year 8" is a term. */
static bool
is_of_class(const struct place *p, size_t i)
{
	const struct cf_text *t = p->text;
	const struct cf_word *w = at(p, i), *next = at(p, i + 1);
	size_t n = gap(p, i);

	if (!next || n < 2 || n > 3 || is(p, i, W_CALENDAR) ||
		(i && !at(p, i - 1)->ends && is(p, i - 1, W_FUNCTION)))
		return false;
	if (t->s[w->to] != ',' && t->s[next->from - 1] != '(')
		return false;
	if (t->l[next->from] == 'y' && next->to - next->from <= 3 &&
		cf_digit(t->s[next->from + 1]))
		return true;
	return cf_word_equals(t, i + 1, "year") && at(p, i + 2) &&
		at(p, i + 2)->shape == CF_NUMERAL && !(at(p, i + 2)->to < t->n &&
		t->s[at(p, i + 2)->to] == '\'');
}

/* What says that a word that is also a name is one here: a surname, or who
 * spoke, or which pupil. */
static bool
has_cue(const struct place *p, size_t i)
{
	if (is(p, i + 1, W_SURNAME | W_SURNAME_WORD) && is_next_to(p, i) &&
		is_capital(p, i + 1) && (is(p, i + 1, W_SURNAME) || (!is(p, i,
		W_CALENDAR) && !is(p, i + 1, W_FUNCTION | W_STREET | W_STREET_WORD |
		W_THING))))
		return true;
	if (is(p, i + 1, W_SAID) && is_next_to(p, i))
		return true;
	if (i && is_next_to(p, i - 1) && is(p, i - 1, W_PUPIL | W_KIN |
		W_PARENT | W_ROLE) && at(p, i - 1)->shape == CF_SMALL)
		return true;
	if (is_of_class(p, i) || (i && is_next_to(p, i - 1) && cf_is_word(
		p->text->l + at(p, i - 1)->from, length(p, i - 1),
		"|little|young|") && may_follow(p, i)))
		return true;
	if (cf_word_equals(p->text, i + 1, "in") && is_next_to(p, i) &&
		is(p, i + 2, W_LABEL) && at(p, i + 3) && at(p, i + 3)->shape ==
		CF_NUMERAL)
		return true;	/* Beth in Year 4 */
	if (is(p, i + 1, W_KIN) && gap(p, i) == 3 &&
		p->text->s[at(p, i)->to] == '\'')
		return true;	/* Lewis's mum */
	if (is_next_to(p, i) && !is(p, i, W_CALENDAR) && at(p, i + 1) &&
		cf_is_word(p->text->l + at(p, i + 1)->from, length(p, i + 1),
		"|improved|made|read|finished|struggled|joined|arrived|"
		"enjoyed|needed|found|refused|cried|"))
		return true;
	return follows_role(p, i);
}

/* Hannah, hannah whitfield, Grace Khan. */
static size_t
forename(const struct place *p, size_t i)
{
	bool capital = is_capital(p, i);

	if ((is(p, i, W_FUNCTION) && !capital) || (is(p, i, W_RELIGION) &&
		!has_cue(p, i)))
		return SIZE_MAX;
	if (!is(p, i, W_FORENAME) && !(is(p, i, W_FORENAME_CAP) && capital &&
		!p->words->capitals) && !(is(p, i, W_FORENAME_CAP |
		W_FORENAME_WORD) && capital && has_cue(p, i)))
		return SIZE_MAX;
	if (may_follow(p, i) && (is_capital(p, i + 1) || !capital ||
		p->words->capitals))
		i++;
	return i;
}

/* J. R. Pemberton: two initials, and a word that is no usual one. */
static size_t
after_initials(const struct place *p, size_t i)
{
	for (size_t k = i; k < i + 2; k++)
		if (length(p, k) != 1 || at(p, k)->shape != CF_CAPITAL ||
			at(p, k)->ends || p->text->s[at(p, k)->to] != '.' ||
			gap(p, k) > 2 || gap(p, k) == 0)
			return SIZE_MAX;
	return length(p, i + 2) > 3 && at(p, i + 2)->shape == CF_CAPITAL &&
		!is(p, i + 2, ~(uint64_t)(W_SURNAME | W_SURNAME_WORD)) ? i + 2 :
		SIZE_MAX;
}

/* "Tutor: P. Hollinrake", "(D. Askwith)", "F. Quennell, Principal": an initial and
 * a word that is no usual one, where one says who it was. */
static bool
is_said_who(const struct place *p, size_t i)
{
	const struct cf_text *t = p->text;
	size_t from = at(p, i)->from, to;

	if (length(p, i) != 1 || at(p, i)->shape != CF_CAPITAL || !is_next_to(p,
		i) || t->s[at(p, i)->to] != '.' || !at(p, i + 1) ||
		at(p, i + 1)->shape != CF_CAPITAL || at(p, i + 1)->is ||
		length(p, i + 1) < 4)
		return false;
	to = at(p, i + 1)->to;
	if (from && t->s[from - 1] == '(' && to < t->n && t->s[to] == ')')
		return true;
	if (i && is(p, i - 1, W_ROLE | W_STAFF | W_PUPIL) && gap(p, i - 1) == 2 &&
		t->s[at(p, i - 1)->to] == ':')
		return true;
	return gap(p, i + 1) == 2 && t->s[to] == ',' && is(p, i + 2, W_ROLE) &&
		is_capital(p, i + 2);
}

/* J. Smith, and Zbigniew said. */
static size_t
unknown(const struct place *p, size_t i)
{
	const struct cf_word *w = at(p, i);
	bool first = i == 0 || at(p, i - 1)->ends;
	size_t last = after_initials(p, i);

	if (last != SIZE_MAX)
		return last;
	if (is_said_who(p, i))
		return i + 1;
	if (length(p, i) == 1 && w->shape == CF_CAPITAL && is_next_to(p, i) &&
		is(p, i + 1, W_SURNAME) && is_capital(p, i + 1) &&
		(p->text->s[w->to] == '.' || (p->text->s[w->from] != 'A' &&
		p->text->s[w->from] != 'I')))
		return i + 1;
	if (length(p, i) == 1 && w->shape == CF_CAPITAL && i && is_next_to(p,
		i) && p->text->s[w->to] == '.' && is_capital(p, i + 1) &&
		at(p, i + 1)->is == 0 && length(p, i + 1) > 3 && cf_is_word(
		p->text->l + at(p, i - 1)->from, length(p, i - 1),
		"|by|with|from|to|thanks|and|"))
		return i + 1;	/* by J. Blackwood */
	if (w->shape == CF_CAPITAL && w->is == 0 && length(p, i) > 2 &&
		is(p, i + 1, W_KIN) && gap(p, i) == 3 &&
		p->text->s[w->to] == '\'')
		return i;	/* Xiomara's mum */
	if (w->shape != CF_CAPITAL || w->is || length(p, i) < 3 ||
		p->text->l[w->to - 1] == 's' || !is_next_to(p, i - (i > 0)))
		return SIZE_MAX;
	if (!first && is(p, i + 1, W_SAID) && is_next_to(p, i))
		return i;
	return i && is(p, i - 1, W_PUPIL) && is_next_to(p, i - 1) &&
		at(p, i - 1)->shape == CF_SMALL ? i : SIZE_MAX;
}

/* "Quennell, Mr J": as a register has it; the name stands before the title. */
static bool
is_registered(const struct place *p, size_t i)
{
	const struct cf_word *name = i ? at(p, i - 1) : NULL;
	size_t to = at(p, i)->to;

	while (to < p->text->n && (p->text->s[to] == '.' ||
		p->text->s[to] == ' '))
		to++;
	if (to < p->text->n && !strchr("(;\n", p->text->s[to]) &&
		!(length(p, i + 1) == 1 && at(p, i + 1)->shape == CF_CAPITAL))
		return false;
	return name && is(p, i, W_TITLE) && is_capital(p, i) && gap(p, i - 1) ==
		2 && p->text->s[name->to] == ',' && name->shape == CF_CAPITAL &&
		name->to - name->from > 3 && (name->is == 0 ||
		(name->is & W_SURNAME));
}

/* Most words say neither that a name follows nor that they are one. */
static bool
may_begin(const struct cf_word *word)
{
	return word->shape == CF_CAPITAL || (word->is & (W_TITLE |
		W_TITLE_SOFT | W_NAMELY | W_ANY_FORENAME));
}

static void
name_text(struct cf_probe *probe, const struct cf_text *text)
{
	const struct place p = { text, text->words };

	for (size_t i = 0; i < p.words->n; i++) {
		size_t last, first = i + 1;

		if (!may_begin(&p.words->word[i]))
			continue;
		last = after_title(&p, i);
		if (last == SIZE_MAX && (last = after_label(&p, i)) !=
			SIZE_MAX)
			first = last;
		if (last == SIZE_MAX && is_registered(&p, i))
			first = last = i - 1;
		if (last == SIZE_MAX) {
			first = i;
			last = forename(&p, i);
		}
		if (last == SIZE_MAX)
			last = unknown(&p, i);
		if (last == SIZE_MAX)
			continue;
		if (!is_let_alone(&p, first, last))
			cf_report_text(probe, CF_WAIVABLE, text,
				at(&p, first)->from, at(&p, last)->to);
		i = last > i ? last : i;
	}
}

const struct cf_rule cf_rule_name = {
	.id = "T-NAME",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.title = "Name of a person",
	.found = "this looks like the name of a person",
	.detects = "A title with a surname, a label such as \"pupil name\", a "
		"known forename, also in small letters or in capitals. Authors "
		"with a year, people of the curriculum, organisations, and "
		"\"Pupil A\" are left alone.",
	.why = "Whoever reads a first name beside a year group knows which "
		"child it is.",
	.remedy = "Write \"Pupil A\", or the role: \"a teacher\". Cite an author "
		"with the year, \"Carter (2018)\", or in the field Sources.",
	.instead = "[name removed]",
	.example = "Thanks to Sarah Whitfield for the data.",
	.text = name_text
};
