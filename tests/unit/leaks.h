#ifndef LEAKS_H
#define LEAKS_H

/*
 * Leaks to put into records. Nobody is meant by any number, name or address
 * here: numbers are made with right check digits, and all else is made up.
 */
#include "clean.h"

/* --- leaks ------------------------------------------------------------------ */

static inline void
digits(char *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (char)('0' + seed_below(10));
	out[n] = '\0';
}

static inline void
make_upn(char out[40])
{
	static const char letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
	unsigned sum = 0;

	digits(out + 1, 12);
	for (unsigned i = 1; i < 13; i++)
		sum += (i + 1) * (unsigned)(out[i] - '0');
	out[0] = letters[sum % 23];
}

/* Ten digits whose weighted sum leaves `rest`. */
static inline void
make_ten(char out[40], unsigned rest)
{
	unsigned sum = 0, check;

	do {
		digits(out, 9);
		out[0] = (char)('1' + seed_below(9));
		sum = 0;
		for (unsigned i = 0; i < 9; i++)
			sum += (10 - i) * (unsigned)(out[i] - '0');
		check = (11 + rest - sum % 11) % 11;
	} while (check == 10);
	out[9] = (char)('0' + check);
	out[10] = '\0';
}

static inline void
make_nino(char out[40])
{
	char six[8];

	digits(six, 6);
	(void)snprintf(out, 40, "%c%c%s%c", "ABCEJHKLMPRSTWXY"[seed_below(16)],
		"ACEHJLMPRSWXYZ"[seed_below(14)], six,
		"ABCD"[seed_below(4)]);
	if (memcmp(out, "ZZ", 2) == 0)
		out[0] = 'A';
}

static inline void
make_mobile(char out[40])
{
	char six[8];

	digits(six, 6);
	(void)snprintf(out, 40, "07700%s", six);
}

static inline void
make_postcode(char out[40])
{
	static const char *const areas[] = { "LS", "M", "B", "SW", "NE", "CF",
		"EH", "BT", "OX", "TR" };

	(void)snprintf(out, 40, "%s%u %u%c%c", PICK(areas),
		1 + (unsigned)seed_below(9), (unsigned)seed_below(10),
		"ABDEFGH"[seed_below(7)], "JLNPQRS"[seed_below(7)]);
}

static inline void
make_day(char out[40])
{
	static const char *const months[] = { "January", "March", "May",
		"July", "September", "November" };
	unsigned day = 1 + (unsigned)seed_below(28);

	if (seed_below(2))
		(void)snprintf(out, 40, "%u/%u/20%u", day,
			1 + (unsigned)seed_below(12),
			10 + (unsigned)seed_below(8));
	else
		(void)snprintf(out, 40, "%u %s 20%u", day, PICK(months),
			10 + (unsigned)seed_below(8));
}

static const char *const forenames[] = { "Hannah", "Mohammed", "Oliwia",
	"Priya", "Callum", "Zainab", "Jessica", "Kacper", "Siobhan", "Tyrone",
	"Aisha", "Lukas", "Bethany", "Ibrahim", "Megan", "Reuben" };
static const char *const surnames[] = { "Whitfield", "Khan", "Nowak",
	"Sharma", "Okafor", "Hughes", "Rahman", "Doherty", "Patel",
	"Thompson", "Begum", "Fitzgerald" };

static inline void
make_email(char out[40])
{
	(void)snprintf(out, 40, "%c.%s@school%u.sch.uk",
		"ajmks"[seed_below(5)], PICK(surnames),
		(unsigned)seed_below(100));
}

/* A sentence around what is to be found, as somebody would write it. */
static const char *const around_upn[] = { "The pupil (%s) joined in spring.",
	"See UPN %s in the register.", "%s moved up a set." };
static const char *const around_uln[] = { "The learner (ULN %s) withdrew.",
	"Unique learner number: %s." };
static const char *const around_nhs[] = { "Her NHS number is %s.",
	"NHS no. %s is on the care plan." };
static const char *const around_nino[] = { "The tutor's NI number is %s.",
	"Payroll has %s for the tutor." };
static const char *const around_phone[] = { "Ring the office on %s.",
	"Call %s before nine.", "Texts went to %s." };
static const char *const around_post[] = { "Most of them live near %s.",
	"The family moved to %s.", "Postcode %s was left out." };
static const char *const around_birth[] = { "The pupil was born on %s.",
	"DOB %s.", "Date of birth: %s." };
static const char *const around_mail[] = { "Write to %s for the slides.",
	"Contact: %s." };
static const char *const around_name[] = { "We thank %s for the data.",
	"In spring %s moved to the other group.", "The idea came from %s.",
	"After two weeks %s read aloud alone." };

/* Leaks that are sentences of their own. */
static const char *const told[] = {
	"The only Traveller pupil in Year 6 made the most progress.",
	"Two pupils with EHCPs withdrew after a week.",
	"Our SENCO was off sick for a term, so checks were missed.",
	"\"I hate reading since my dad left,\" said one boy.",
	"He sat with his twin sister in the same class.",
	"One pupil was a Muslim girl with epilepsy.",
	"The pupil was excluded on 14 March 2024.",
	"All of the Year 10 boys had truanted.",
	"Three of the children were suspended, and four pupils failed.",
	"St Example's CofE Primary School piloted it.",
	"Most families live in NE69 7.",
	"The family lives at 12 Acacia Avenue.",
	"See CPOMS incident 48213 for the rest.",
	"Pupil J.S. did not finish.",
	"Results are in C:\\Users\\jsmith\\Documents\\y9.csv.",
	"Follow @example_pupil07 for clips.",
	"The school (URN 123456) took part.",
	"participant P-7f3a9c left after week two.",
	"The mentor (teacher ref 12/34567) led it.",
	"Mrs Khan's class read the most.",
	"The car, reg AB51 ABC, waited outside.",
	"Costs were paid with card 4111 1111 1111 1111.",
	"The page shows <!-- Hannah B, 7C --> nothing.",
	"ref 4829103847561 has the rest.",
};

static inline void
say(char *out, size_t size, const char *around, const char *what)
{
	const char *mark = strstr(around, "%s");

	(void)snprintf(out, size, "%.*s%s%s", (int)(mark - around), around,
		what, mark + 2);
}

/* --- disguises --------------------------------------------------------------- */

static inline void
put_wide(struct cf_buf *out, char c)
{
	unsigned cp = 0xff00u + (unsigned)(unsigned char)c - 0x20;

	if (c <= ' ' || c > '~') {
		cf_buf_putc(out, c);
		return;
	}
	cf_buf_putc(out, (char)(0xe0 | cp >> 12));
	cf_buf_putc(out, (char)(0x80 | (cp >> 6 & 0x3f)));
	cf_buf_putc(out, (char)(0x80 | (cp & 0x3f)));
}

static inline void
put_base64(struct cf_buf *out, const char *s)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)s[i] << 16;
		unsigned have = n - i < 3 ? (unsigned)(n - i) : 3;

		if (have > 1)
			v |= (uint32_t)(unsigned char)s[i + 1] << 8;
		if (have > 2)
			v |= (unsigned char)s[i + 2];
		for (unsigned k = 0; k < 4; k++)
			cf_buf_putc(out, k <= have ?
				set[v >> (18 - 6 * k) & 63] : '=');
	}
}

/* The same to a person, another to a machine. */
static inline void
disguise(struct cf_buf *out, const char *s, unsigned how)
{
	if (how == 1) {
		put_base64(out, s);
		return;
	}
	for (size_t i = 0; s[i]; i++) {
		if (how == 2)
			put_wide(out, s[i]);
		else if (how == 3)
			cf_buf_printf(out, "&#%u;", (unsigned)(unsigned char)
				s[i]);
		else if (how == 4)
			cf_buf_putc(out, s[i] >= 'a' && s[i] <= 'z' ?
				(char)(s[i] - 32) : s[i]);
		else
			cf_buf_putc(out, s[i]);
		if (how == 5 && i == 2)
			cf_buf_puts(out, "\xe2\x80\x8b");
	}
}
#define DISGUISES 6u

/* A leak of the kind `i` modulo what there is; `shown` is what it looks like
 * before the disguise. */
static inline void
make_leak(struct cf_buf *out, unsigned i)
{
	char what[64], sentence[512];
	struct cf_buf hidden = CF_BUF(1024);
	const char *around;
	unsigned kind = i % 18;

	if (kind >= 9) {
		cf_buf_puts(out, PICK(told));
		return;
	}
	switch (kind) {
	case 0: make_upn(what); around = PICK(around_upn); break;
	case 1: make_ten(what, 10); around = PICK(around_uln); break;
	case 2: make_ten(what, 0); around = PICK(around_nhs); break;
	case 3: make_nino(what); around = PICK(around_nino); break;
	case 4: make_mobile(what); around = PICK(around_phone); break;
	case 5: make_postcode(what); around = PICK(around_post); break;
	case 6: make_day(what); around = PICK(around_birth); break;
	case 7: make_email(what); around = PICK(around_mail); break;
	default:
		(void)snprintf(what, 64, "%s %s", PICK(forenames),
			PICK(surnames));
		around = PICK(around_name);
		break;
	}
	disguise(&hidden, what, (unsigned)seed_below(DISGUISES));
	say(sentence, sizeof sentence, around, hidden.data);
	cf_buf_puts(out, sentence);
	cf_buf_clear(&hidden);
}

#endif
