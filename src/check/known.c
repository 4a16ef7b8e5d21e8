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
	"thomas edison", "alexander graham bell", "george stephenson",
	"rosalind franklin", "jane goodall", "mary anning",
	"harriet tubman", "henry ford", "walter tull",
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

bool
cf_is_famous(const struct cf_text *text, size_t i)
{
	size_t name = word(text, i)->from;

	for (size_t back = 0; back < 3 && back <= i; back++)
		if (begins_at(text, word(text, i - back)->from, name))
			return true;
	return false;
}
