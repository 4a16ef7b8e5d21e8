/*
 * Which word is of which kind, and the table in which they are found.
 */
#include <pthread.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check/lexicon.h"

static const struct {
	uint64_t kind;
	const char *words;
} lists[] = {
	{ W_PUPIL, "pupil student child boy girl learner kid lad lass "
		"youngster toddler teenager infant newcomer classmate son "
		"daughter youth" },
	{ W_PUPILS, "pupils students children boys girls learners kids lads "
		"youngsters teenagers infants newcomers classmates peers "
		"arrivals refugees siblings twins triplets leavers refusers" },
	{ W_STAFF, "teacher headteacher head principal senco sendco ta tutor "
		"governor assistant practitioner colleague nurse caretaker "
		"counsellor mentor leader coach librarian technician staff "
		"man woman adult person lecturer member" },
	{ W_STAFFS, "teachers headteachers heads principals sencos sendcos tas "
		"tutors governors assistants practitioners colleagues nurses "
		"mentors leaders coaches men women adults people persons "
		"trainees ects nqts "
		"participants respondents" },
	{ W_PARENT, "parent mother father mum mam dad carer guardian mummy "
		"daddy stepfather stepmother stepdad stepmum" },
	{ W_PARENTS, "parents mothers fathers mums dads carers guardians "
		"families" },
	{ W_KIN, "mother father mum mam dad mummy daddy sister brother twin "
		"sibling siblings gran nan nana grandma grandmother grandad "
		"grandfather grandparent grandparents uncle aunt auntie "
		"cousin stepfather stepmother stepdad stepmum stepsister "
		"stepbrother sisters brothers twins husband wife partner "
		"daughter son niece nephew fiance girlfriend boyfriend "
		"triplets carer" },
	{ W_ROLE, "senco sendco headteacher head principal caretaker chaplain "
		"dsl receptionist librarian ceo nurse bursar deputy chair "
		"coordinator counsellor technician cook executive" },
	{ W_NUMBER, "one two three four five six seven eight nine" },
	{ W_FRACTION, "half third thirds quarter quarters" },
	{ W_TITLE, "mr mrs ms mx dr prof messrs" },
	{ W_TITLE_SOFT, "miss sir professor rev revd reverend dame madam mister "
		"master canon coach nurse sister father aunt auntie aunty uncle pc pcso "
		"lord lady sgt mme mlle monsieur frau herr senor senora senorita "
		"signor signora" },
	{ W_SAID, "said told wrote asked explained reported replied answered "
		"commented remarked admitted complained shouted whispered "
		"cried laughed recalled added confided disclosed exclaimed "
		"insisted noted stated" },
	{ W_FUNCTION, "a an and are as at be been but by can could did do does "
		"for from had has have he her here his how i if in into is it "
		"its just may might more most must my no nor not of on or our "
		"out over shall she should so some such than that the their "
		"them then there these they this those to too under until up "
		"us was we were what when where which while who whom why will "
		"with would you your yours also both after before because "
		"during between against about above below again once only own "
		"same very im ive please hello thanks thank dear maybe yes "
		"however although since though whether either neither every "
		"each all any many much several few other another one two "
		"three four five six seven eight nine ten first second third "
		"next last new old he's she's i'm we're they're don't it's" },
	{ W_TRAIT, "eal fsm pp send sen disadvantaged new mobile gifted "
		"transferred suspended reluctant weakest strongest lowest "
		"highest slowest fastest shy quiet disruptive struggling "
		"summer tall short overweight vulnerable persistently "
		"persistent absent excluded premium phobic refuser ehcp ehcps "
		"lac cla laptop left-handed bilingual trilingual homeless "
		"pregnant bereaved" },
	{ W_RELIGION, "muslim christian jewish hindu sikh buddhist catholic "
		"atheist islamic mormon quaker jehovah jehovah's pagan rastafarian "
		"orthodox hijab turban" },
	{ W_ETHNIC, "traveller gypsy roma romany black asian white mixed-race "
		"african caribbean pakistani indian bangladeshi chinese "
		"polish romanian somali nigerian afghan syrian ukrainian "
		"arab turkish kurdish albanian vietnamese lithuanian "
		"slovak latvian hungarian portuguese brazilian ghanaian "
		"eritrean iraqi iranian irish filipino" },
	{ W_HEALTH, "epilepsy epileptic autism autistic asd adhd asthma "
		"diabetes diabetic cancer leukaemia anorexia anorexic bulimia "
		"depression depressed anxiety deaf blind wheelchair disabled "
		"disability dyslexia dyslexic dyspraxia dyspraxic tourette "
		"tourette's cerebral palsy downs syndrome psychosis hiv "
		"allergy anaphylaxis selective mutism mute stammer "
		"pregnant pregnancy amputee "
		"hearing-impaired self-harm self-harms incontinent "
		"eczema arthritis dystrophy fibrosis ptsd ocd bipolar "
		"haemophilia coeliac schizophrenia" },
	{ W_CARE, "looked-after adopted fostered foster protection "
		"care-experienced orphan orphaned carer young-carer cin lac "
		"guardianship placement" },
	{ W_SEXUAL, "gay lesbian bisexual transgender trans queer non-binary "
		"nonbinary gender-fluid lgbt lgbtq homosexual" },
	{ W_MIGRATION, "refugee asylum asylum-seeking asylum-seeker "
		"unaccompanied migrant undocumented deported uasc" },
	{ W_OFFENCE, "offender convicted arrested tagged yot caution gang "
		"exploited trafficked radicalised" },
	{ W_SENSITIVE, "truanted truant truanting truants bullied bully "
		"bullying excluded suspended expelled failed failing "
		"arrested abused abuse self-harmed self-harm self-harming "
		"drugs drug alcohol smoked smoking vaped vaping pregnant "
		"offended stole stolen cheated cheating hungry neglected "
		"neglect depressed suicidal homeless illiterate unfed lied "
		"violent assaulted attacked fought intoxicated drunk poor "
		"obese overweight unwashed poverty hated dirty" },
	{ W_BEFELL, "sick ill resigned left leaving maternity pregnant absent "
		"refused complained disliked hated opposed quit dismissed "
		"suspended retired retiring divorced unwell hospital cried "
		"stressed stress burnout bullied argued bereaved off "
		"arrested charged convicted grievance stepped died "
		"disciplinary redundant sacked moaned struggled overwhelmed "
		"incompetent breakdown disagreed sceptical resisted objected "
		"criticised blamed sued fired demoted tearful furious "
		"capability misconduct harassment investigated miscarriage "
		"cancer surgery alcoholic affair waste pointless useless "
		"rubbish nonsense" },
	{ W_STREET, "street road avenue lane drive close crescent terrace "
		"gardens grove mews rd ave cul-de-sac boulevard" },
	{ W_STREET_WORD, "way court place square hill walk row park green rise "
		"view parade st house cottage farm flats" },
	{ W_SCHOOL_TYPE, "primary secondary junior juniors infant infants high grammar "
		"nursery special community catholic cofe rc middle prep "
		"preparatory first voluntary aided controlled church england "
		"comprehensive technical studio free academy girls boys girls' "
		"boys' all-through form upper lower sixth independent c.e ce "
		"roman methodist jewish muslim hindu sikh islamic" },
	{ W_SCHOOL, "school academy college nursery kindergarten pru ysgol" },
	{ W_ORG, "trust trusts foundation university federation association "
		"institute institution council society company ltd limited "
		"centre center hub network charity press publishers education "
		"school academy college schools academies programme project "
		"scheme award prize library museum church cathedral parish "
		"hospital theatre club league department ministry group team "
		"toolkit test tests scale model method approach framework" },
	{ W_COMPOUND, "premium voice voices council councils progress "
		"outcomes outcome work books book led teacher teachers "
		"referral support development protection care welfare "
		"centred numbers number population loans union services "
		"training assistants assistant leadership data asset "
		"attitudes survey surveys questionnaire questionnaires "
		"level levels places place interviews interview responses "
		"response observations benefit" },
	{ W_WHOSE, "his her my" },
	{ W_OUR, "our the their his her my your its" },
	{ W_ONLY, "only sole lone youngest oldest eldest tallest smallest "
		"solitary single" },
	{ W_CIRCUMSTANCE, "divorced separated separating divorcing prison jail died "
		"death dead dying left remarried alcoholic addict addicted "
		"cancer deported arrested violent violence unemployed "
		"redundant affair custody evicted bankrupt terminal abusive "
		"walked suicide rehab split" },
	{ W_BOUND, "fewer less more than up least most per each every any "
		"about around approximately between over under to groups "
		"group pairs pair sets teams ratio maximum minimum max min "
		"whichever tables trios" },
	{ W_CALENDAR, "monday tuesday wednesday thursday friday saturday sunday "
		"january february march april may june july august september "
		"october november december spring summer autumn winter easter "
		"christmas term" },
	{ W_KNOWN, "shakespeare macbeth romeo juliet hamlet othello eyre "
		"dickens austen bronte newton darwin einstein galileo "
		"rosenshine vygotsky piaget bloom bloom's hattie wiliam dweck "
		"sweller kirschner willingham ebbinghaus bandura maslow "
		"bach mozart beethoven tudor tudors victoria elizabeth "
		"churchill parks luther gandhi mandela nightingale seacole "
		"dahl rosen potter hobbit twist scrooge cratchit birling gatsby "
		"jekyll hyde frankenstein orwell priestley steinbeck lee "
		"heaney duffy blake wordsworth keats owen frost armitage "
		"angelou walliams pullman rowling lewis tolkien morpurgo "
		"wilson anne frank tubman curie lovelace turing brunel "
		"columbus hitler stalin lenin caesar cleopatra boudicca "
		"alfred harold william henry edward charles frayer isabella "
		"tolkien forster eliot auden milne wodehouse yeats nesbit "
		"eef ofsted pearson cornell bjork jesus moses muhammad "
		"abraham noah buddha guru nanak gruffalo matilda seuss "
		"dalloway havisham trunchbull tumnus utterson gradgrind "
		"micawber holle" },
	{ W_LABEL, "year years y yr ks stage class set group unit week step "
		"phase age ages aged level tier grade stage band room page "
		"chapter lesson figure table question cohort tables term "
		"day form part section number version point reception" },
	{ W_DOCUMENT, "report guidance paper study policy document handbook "
		"ofsted eef evidence standards book article review text "
		"poster script framework curriculum specification research "
		"author authors literature sutton nfer dfe department prompt "
		"sentence question stem title" },
	{ W_ALL, "all every none everyone everybody nobody" },
	{ W_THING, "rich text format rate director discussion reading writing "
		"maths english science history geography art music drama "
		"computing phonics routine fluency programme evaluation "
		"attendance behaviour data results summary method methods "
		"introduction conclusion background teaching learning "
		"assessment edexcel eduqas aqa ocr wjec key stage year week "
		"day bill" },
	{ W_NAMELY, "name names named surname forename called nickname "
		"nicknamed" },
	{ W_NETWORK, "snap snapchat insta instagram tiktok discord xbox "
		"gamertag psn roblox username usernames login" },
};

/* --- the table ------------------------------------------------------------ */

#define SLOTS 16384u	/* a power of two, four times the words and more */

static struct {
	struct cf_str word;
	uint64_t kinds;
} table[SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t
slot_of(const unsigned char *word, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ word[i]) * 16777619u;
	h ^= h >> 15;
	for (h &= SLOTS - 1; table[h].word.p; h = (h + 1) & (SLOTS - 1))
		if (table[h].word.n == n && memcmp(table[h].word.p, word, n) ==
			0)
			break;
	return h;
}

static size_t used;

static void
add(uint64_t kind, const char *words)
{
	while (*words) {
		size_t n = strcspn(words, " ");
		size_t slot = slot_of((const unsigned char *)words, n);

		if (table[slot].word.p == NULL && ++used > SLOTS / 2)
			cf_bug("the lexicon outgrew its table");
		table[slot].word = (struct cf_str){ words, n };
		table[slot].kinds |= kind;
		words += n + (words[n] == ' ');
	}
}

static void
add_all(uint64_t kind, const char *const *lines)
{
	for (; *lines; lines++)
		add(kind, *lines);
}

static void
fill(void)
{
	for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
		add(lists[k].kind, lists[k].words);
	add_all(W_FORENAME, cf_forenames);
	add_all(W_FORENAME_CAP, cf_forenames_capital);
	add_all(W_FORENAME_WORD, cf_forenames_common);
	add_all(W_SURNAME, cf_surnames);
	add_all(W_SURNAME_WORD, cf_surnames_common);
}

uint64_t
cf_kinds_of(const unsigned char *word, size_t n)
{
	(void)pthread_once(&once, fill);
	return table[slot_of(word, n)].kinds;
}
