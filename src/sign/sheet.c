/*
 * The page that people print and put away. Plain words for whoever keeps the
 * safe, ASCII and at most 66 columns for whatever printer there is.
 */
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sign/secret.h"
#include "sign/sheet_code.h"

#define PAGE 4096
#define NAME_COLUMNS 56
#define RULER "-----------------------------------------------------------" \
	"-------\n"

/* The page is put together in locked memory and handed over in one piece, so
 * that no half of it stays behind where a buffer grew. */
struct page {
	char *p;
	size_t n;
};

CF_PRINTF(2, 3) static void
print(struct page *page, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(page->p + page->n, PAGE - page->n, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= PAGE - page->n)
		cf_bug("recovery sheet larger than its page");
	page->n += (size_t)n;
}

/* Letters with marks lose them; what else is not ASCII becomes '?'. */
static char
plain(int32_t c)
{
	/* U+00C0 to U+017F */
	static const char base[] =
		"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
		"aaaaaaaceeeeiiiidnooooo?ouuuuyty"
		"AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
		"GgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
		"lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSs"
		"SsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

	if (c >= 0x20 && c < 0x7f)
		return (char)c;
	if (c >= 0xc0 && c < 0x180)
		return base[c - 0xc0];
	if (c == 0x2018 || c == 0x2019)
		return '\'';
	return c == 0x2013 || c == 0x2014 ? '-' : '?';
}

/* At most NAME_COLUMNS; a longer name is cut and ends in dots. */
static void
plain_name(char out[NAME_COLUMNS + 1], const char *name)
{
	struct cf_str s = cf_str(name);
	size_t n = 0;

	while (s.n && n < NAME_COLUMNS) {
		int32_t c = cf_utf8_next(&s);

		out[n++] = plain(c);
		if (c < 0) {
			s.p++;
			s.n--;
		}
	}
	out[n] = '\0';
	if (s.n)
		memcpy(out + NAME_COLUMNS - 3, "...", 3);
}

static void
print_head(struct page *page, const struct cf_pubkey *key,
	const struct cf_sheet *sheet)
{
	char name[NAME_COLUMNS + 1];

	plain_name(name, sheet->trust_name);
	print(page, RULER "CONFER RECOVERY SHEET %u OF %u          "
		"SECRET: KEEP IN A SAFE\n" RULER "\n", sheet->number,
		sheet->total);
	print(page, "Trust:    %s\n", name);
	print(page, "Trust id: %s\n", sheet->trust_id);
	print(page, "Key:      %s\n", key->did);
	print(page, "Made on:  %.10s\n\n", sheet->created);
}

static void
print_lines(struct page *page, const struct cf_seckey *key)
{
	struct cf_sheet_code code;
	unsigned char seed[32];

	cf_seckey_seed(key, seed);
	cf_sheet_encode(&code, seed);
	for (int i = 0; i < CF_SHEET_LINES; i++) {
		print(page, "          %d  ", i + 1);
		for (int j = 0; j < CF_SHEET_SYMBOLS; j++)
			print(page, "%s%c", j % 3 ? "" : " ",
				cf_sheet_letter(code.symbol[i][j]));
		print(page, "\n");
	}
	sodium_memzero(seed, sizeof seed);
	sodium_memzero(&code, sizeof code);
}

static void
print_purpose(struct page *page, unsigned total)
{
	print(page,
		"WHAT THIS SHEET IS\n"
		"It holds a spare key to this trust's place in Confer, where\n"
		"trusts share what they have learned. The key is needed to\n"
		"let a new computer publish for the trust, and to shut out\n"
		"one that was lost or stolen. No computer keeps a copy of it.\n"
		"Whoever has this sheet can act in the trust's name.\n"
		"\n"
		"WHAT TO DO WITH IT\n"
		"Put it into a closed envelope and into a safe. Do not\n"
		"photograph or e-mail it, and delete the file that it was\n"
		"printed from.\n");
	if (total > 1)
		print(page, "Keep each of the %u sheets in a different "
			"building: any one\nof them is enough.\n", total);
	print(page, "\n");
}

static void
print_use(struct page *page, unsigned total)
{
	print(page, "\n"
		"HOW TO USE IT\n"
		"When Confer asks for a recovery sheet, type the eight lines\n"
		"above with their numbers. Small letters will do, and spaces\n"
		"make no difference. There is no letter I, L, O or U in them:\n"
		"what looks like an O is a zero, what looks like an I or an L\n"
		"is a one. If a line is mistyped, Confer says which.\n"
		"\n"
		"IF IT IS LOST, OR SOMEBODY MAY HAVE SEEN IT\n"
		"Tell the person who looks after Confer in your trust on the\n"
		"same day. ");
	print(page, "%s", total > 1 ?
		"With another sheet they can make new ones, and this\n"
		"one stops working.\n" :
		"They will say what to do next.\n");
}

void
cf_sheet_write(struct cf_buf *out, const struct cf_seckey *key,
	const struct cf_sheet *sheet)
{
	struct page page = { .p = cf_locked(PAGE) };

	print_head(&page, cf_seckey_public(key), sheet);
	print_purpose(&page, sheet->total);
	print(&page, "THE KEY\n");
	print_lines(&page, key);
	print_use(&page, sheet->total);
	print(&page, RULER);
	cf_buf_add(out, page.p, page.n);
	sodium_free(page.p);
}
