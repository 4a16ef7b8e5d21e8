/*
 * Names that stand in books and on the walls of classrooms. A surname or a first
 * name that pupils have as well is one of these in company only.
 */
#include <string.h>

#include "check/phrase.h"

static const char *const famous[] = {
	/* tales */
	"charlotte's web", "goodnight mister tom", "bill and ben",
	"tom and jerry", "jack and the beanstalk", "hansel and gretel",
	"jack and jill", "peter rabbit", "peter pan", "oliver twist",
	"david copperfield", "alice in wonderland", "alice's adventures",
	"billy elliot", "billy goats", "danny the champion",
	"george's marvellous", "james and the giant", "tom sawyer",
	"tom's midnight", "charlie and the chocolate", "alex rider",
	"tracy beaker", "horrid henry", "percy jackson", "dr jekyll",
	"dr. jekyll", "jekyll and hyde", "mr hyde", "mr birling",
	"mrs birling", "eric birling", "sheila birling", "mr men",
	"little miss", "mr fox", "mr bump", "mr gum", "mrs twit",
	"miss trunchbull", "miss honey", "eva smith", "lady macbeth",
	"romeo and juliet", "jane eyre", "anne frank", "harry potter",
	"noah's ark", "matilda by", "dahl's matilda", "the twits",
	"adrian mole", "silas marner", "robinson crusoe", "tom thumb",
	"huckleberry finn", "moses", "jesus", "anne of green", "curley's wife",
	"sir gawain", "sir lancelot", "sir galahad", "sir francis drake",
	"sir walter raleigh",
	/* places, and people */
	"victoria station", "lake victoria", "victoria line",
	"victoria and albert", "tudor", "bronte", "brontes",
	"beatrix potter", "harper lee", "jacqueline wilson", "c.s. lewis",
	"c. s. lewis", "cs lewis", "wilfred owen", "rosa parks",
	"robert frost", "william blake", "isaac newton", "charles darwin",
	"alan turing", "martin luther", "jane austen", "charles dickens",
	"florence nightingale", "mary seacole", "marie curie",
	"ada lovelace", "grace darling", "amelia earhart",
	"winston churchill", "neil armstrong", "christopher columbus",
	"guy fawkes", "samuel pepys", "robin hood", "emily davison",
	"emmeline pankhurst", "maya angelou", "benjamin zephaniah",
	"michael rosen", "malorie blackman", "philip pullman",
	"roald dahl", "david walliams", "julia donaldson",
	"michael morpurgo", "edward jenner", "elizabeth fry",
	"nelson mandela", "mahatma gandhi", "william wilberforce",
	"william shakespeare", "william wordsworth", "seamus heaney",
	"simon armitage", "carol ann duffy", "anthony horowitz",
	"eric carle", "judith kerr", "quentin blake", "enid blyton",
	"george orwell", "john steinbeck", "robert louis stevenson",
	"arthur conan doyle", "arthur miller", "tim berners-lee",
	"stephen hawking", "grace nichols", "conan doyle", "mary i",
	"david attenborough", "greta thunberg",
	"jesse owens", "mo farah", "marcus rashford", "henry moore",
	"martin luther king", "abraham lincoln", "george washington",
	"anne boleyn", "catherine of aragon", "jane seymour", "anne of cleves",
	"catherine howard", "catherine parr", "thomas cromwell", "thomas more",
	"mary tudor", "frida kahlo", "claude monet", "andy warhol",
	"thomas edison", "alexander graham bell", "george stephenson",
	"rosalind franklin", "jane goodall", "mary anning",
	"harriet tubman", "henry ford", "walter tull",
	"little red riding", "little red hen", "uncle tom's cabin", "mr darcy",
	"mrs bennet", "young sherlock holmes", "father christmas",
	/* of whom teachers read */
	"doug lemov", "tom sherrington", "dylan wiliam", "john hattie",
	"daniel willingham", "mary myatt", "carol dweck", "ruth miskin",
	"john sweller", "barak rosenshine", "paul kirschner",
	"jim knight", "sir ken robinson", "david didau", "alex quigley",
	"benjamin bloom", "lev vygotsky", "jean piaget", "pie corbett",
	"robert marzano", "paul black", "professor hattie",
	"christine counsell", "michael young", "tom bennett",
	"jean gross", "sonia blandford", "becky allen", "rob coe",
};

static bool
begins_at(const struct cf_text *text, size_t start, size_t name)
{
	for (size_t k = 0; k < sizeof famous / sizeof *famous; k++) {
		size_t n;

		if (text->l[start] != (unsigned char)famous[k][0])
			continue;
		n = strlen(famous[k]);
		if (start + n <= text->n && start + n > name &&
			memcmp(text->l + start, famous[k], n) == 0 &&
			cf_ends_token(text, start + n))
			return true;
	}
	return false;
}

/* A name that begins at word `i` is that of a tale or a person; the phrase may
 * begin a word or two before it. */
static bool
is_famous(const struct cf_text *text, size_t i)
{
	size_t name = word(text, i)->from;

	for (size_t back = 0; back < 3 && back <= i; back++)
		if (begins_at(text, word(text, i - back)->from, name))
			return true;
	return false;
}

static bool
is_roman(const struct cf_text *text, size_t k)
{
	if (k >= text->words->n)
		return false;
	for (size_t i = word(text, k)->from; i < word(text, k)->to; i++)
		if (text->s[i] == 0 || !strchr("IVX", text->s[i]))
			return false;
	return true;
}

/* "Henry VIII", "William the Conqueror". */
static bool
is_numbered(const struct cf_text *text, size_t last)
{
	if (is_roman(text, last))
		return true;
	if (word(text, last)->ends || last + 1 >= text->words->n)
		return false;
	return is_roman(text, last + 1) || (cf_word_equals(text, last + 1,
		"the") && is_capital(text, last + 2));
}

/* "the poet Kae Tempest", "a novel by R. J. Palacio", "the character Eric": right
 * before the name, or with words of a title and "by" between. Pupils enjoy plays
 * and write poems: a work elsewhere in the sentence says nothing. */
static bool
is_of_a_work(const struct cf_text *text, size_t first)
{
	bool by = false;

	for (size_t k = first; k-- > 0 && first - k <= 6;) {
		if (word(text, k)->ends)
			return false;
		if (is_one_of(text, k, "|poet|composer|character|prophet|"
			"playwright|novelist|painter|"))
			return k + 1 == first || by;
		if (is_one_of(text, k, "|bible|quran|gospel|parable|story|tale|"
			"legend|novel|novels|poem|poems|play|plays|picture|"
			"book|author|"))
			return by && !(k && is(text, k - 1, W_WHOSE));
		if (is_one_of(text, k, "|by|of|about|called|and|"))
			by = true;
		else if (!is_capital(text, k) && !is(text, k, W_FUNCTION))
			return false;
	}
	return false;
}

/* "Hattie's synthesis": what an author wrote, and no child. */
static bool
is_of_an_author(const struct cf_text *text, size_t last)
{
	return is(text, last, W_KNOWN) && is_possessive(text, last) &&
		is_one_of(text, last + 1, "|meta-analysis|meta-analyses|"
		"synthesis|syntheses|research|studies|study|theory|model|"
		"framework|taxonomy|principles|work|book|findings|review|");
}

/* "(Year 9)", "in Year 9", "aged nine" right behind: a pupil. */
static bool
has_class(const struct cf_text *text, size_t last)
{
	for (size_t k = last + 1; k <= last + 2 && k < text->words->n &&
		!word(text, k - 1)->ends; k++)
		if (is(text, k, W_LABEL) || cf_word_equals(text, k, "aged") ||
			cf_digit(text->s[word(text, k)->from]))
			return true;
	return false;
}

/* "Goodnight Mister Tom and Matilda": in a row of such names. */
static bool
is_in_a_row(const struct cf_text *text, size_t first)
{
	size_t before = first;

	if (first < 2 || !is(text, first, W_KNOWN))
		return false;
	before -= is_one_of(text, first - 1, "|and|or|") ? 2 : 1;
	if (word(text, before)->ends || !is_capital(text, before) ||
		(before + 1 == first && text->s[word(text, before)->to] != ','))
		return false;
	return is_famous(text, before) || (before && is_famous(text, before -
		1)) || (is(text, before, W_KNOWN) && !is(text, before,
		W_ANY_FORENAME | W_SURNAME | W_SURNAME_WORD));
}

bool
cf_is_well_known(const struct cf_text *text, size_t first, size_t last)
{
	static const char ranks[] = "|st|saint|king|queen|prince|princess|"
		"pope|emperor|prophet|";

	/* "Emma by Jane Austen" is a book */
	if (cf_word_equals(text, last + 1, "by") && is_capital(text, last + 2) &&
		(is(text, last + 2, W_KNOWN) || is(text, last + 3, W_KNOWN)))
		return true;
	if (is_famous(text, first) || is_in_a_row(text, first) ||
		is_of_an_author(text, last))
		return true;
	for (size_t k = first; k <= last; k++)
		if (is(text, k, W_KNOWN) && is_capital(text, k) && (!is(text, k,
			W_ANY_FORENAME | W_SURNAME | W_SURNAME_WORD) ||
			is_numbered(text, last)))
			return true;
	if (first && is_one_of(text, first - 1, ranks))
		return true;
	return is_of_a_work(text, first) && !has_class(text, last);
}

/* A word in small letters begins: the sentence goes on, and no year of a
 * publication follows. */
static bool
goes_on(const struct cf_text *text, size_t i)
{
	size_t to = i;

	if (!cf_lower(text->s[i]) || !cf_starts_token(text, i))
		return false;
	while (to < text->n && cf_letter(text->s[to]))
		to++;
	return !cf_is_word(text->l + i, to - i, "|and|et|al|ed|eds|with|s|");
}

/* "(2018)", ", 2012", "et al.": a publication is cited, in this sentence. */
bool
cf_is_cited(const struct cf_text *t, size_t last)
{
	size_t to = word(t, last)->to;
	size_t end = to + 40 < t->n ? to + 40 : t->n, i = to;

	if (strstr(t->path, "/sources/") != NULL)
		return true;
	if (word(t, last)->ends && last + 1 < t->words->n &&
		word(t, last + 1)->shape != CF_NUMERAL)
		return false;
	if (i + 6 < end && memcmp(t->l + i, " et al", 6) == 0)
		return true;
	for (; i + 4 <= end && t->s[i] != '\n' && t->s[i] != ';'; i++) {
		if (goes_on(t, i))
			return false;
		if (!cf_digit(t->s[i]) || !cf_starts_token(t, i))
			continue;
		if (i == to + 1 && t->s[to] == ' ')
			return cf_digit(t->s[i + 3]);	/* Jackson 2017 */
		return (memcmp(t->s + i, "19", 2) == 0 || memcmp(t->s + i, "20",
			2) == 0) && cf_digit(t->s[i + 2]) && cf_digit(t->s[i +
			3]) && (i + 4 == t->n || !cf_digit(t->s[i + 4])) && i &&
			(t->s[i - 1] == '(' || (t->s[i - 1] == ' ' && i > 1 &&
			t->s[i - 2] == ','));
	}
	return false;
}
