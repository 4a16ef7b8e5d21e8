/*
 * Questions on the terminal, progress on stderr. A question clears the progress
 * line first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/page.h"
#include "cli/pass.h"
#include "cli/person.h"
#include "cli/term.h"
#include "cli/words.h"

#define ATTEMPTS 3
#define ANSWER 64		/* bytes of a typed answer */
#define REDRAW_MS 100
#define OUR_LINES 4		/* the head of a sheet, and the question */

static bool
draws(void)
{
	const char *term = getenv("TERM");

	return term && strcmp(term, "dumb") != 0;
}

static void
clear_line(struct person *p)
{
	if (p->drawn)
		(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	p->drawn = false;
}

/* Text that others may have chosen; `lines`: it keeps its line breaks. */
static void
say(const struct person *p, const char *text, bool lines)
{
	char *safe = lines ? cf_printable(text) : cf_one_line(text);

	cf_term_write(p->tty, safe);
	free(safe);
}

static bool
ask(struct person *p, const char *prompt, bool echo, char *out, size_t size)
{
	clear_line(p);
	say(p, prompt, false);
	return cf_term_read(p->tty, echo, out, size);
}

FILE *
cf_person_paper(struct person *p)
{
	int fd = p->tty < 0 ? -1 : dup(p->tty);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");

	if (to == NULL && fd >= 0)
		(void)close(fd);
	clear_line(p);
	return to;
}

/* A sentence, wrapped as everything else is. */
static void
tell(struct person *p, const char *text)
{
	char *sentence = cf_sentence(text);
	FILE *to = cf_person_paper(p);
	struct page page;

	if (to) {
		cf_page_open(&page, to);
		cf_page_text(&page, 0, "%s", sentence);
		(void)fclose(to);
	}
	free(sentence);
}

static bool
ask_new_passphrase(struct person *p, const char *prompt, char *out,
	size_t size)
{
	const struct cf_err *err;
	char *again = cf_malloc(size);
	bool same = false;

	for (int i = 0; i < ATTEMPTS && !same; i++) {
		if (!ask(p, prompt, false, out, size))
			break;
		err = cf_passphrase_check(out);
		if (err) {
			p->failed = *err;
			tell(p, err->msg);
			continue;
		}
		p->failed.code = 0;
		if (!ask(p, "The same again: ", false, again, size))
			break;
		same = strcmp(out, again) == 0;
		if (!same)
			cf_term_write(p->tty, "The two are not the same. "
				"Please type it again.\n");
	}
	explicit_bzero(again, size);
	free(again);
	return same;
}

static bool
passphrase(void *payload, const char *prompt, bool twice, char *out,
	size_t size)
{
	struct person *p = payload;
	const struct cf_err *err;
	char *line;
	bool got;

	if (p->passphrase_file) {
		err = cf_pass_read(out, size, p->passphrase_file);
		if (err)
			p->failed = *err;
		return err == NULL;
	}
	line = cf_asprintf("%s%s", prompt, cf_ends(prompt, " ") ? "" : ": ");
	got = twice ? ask_new_passphrase(p, line, out, size) :
		ask(p, line, false, out, size) && out[0];
	if (!got)
		explicit_bzero(out, size);
	free(line);
	return got;
}

static bool
is_one_of(const char *answer, const char *a, const char *b)
{
	return strcasecmp(answer, a) == 0 || strcasecmp(answer, b) == 0;
}

static bool
confirm(void *payload, const char *text, const char *question)
{
	struct person *p = payload;
	char *line = cf_asprintf("%s (yes or no) ", question);
	char answer[ANSWER];
	bool yes = false;

	clear_line(p);
	say(p, text, true);
	cf_term_write(p->tty, cf_ends(text, "\n") ? "\n" : "\n\n");
	for (int i = 0; i < ATTEMPTS && !yes; i++) {
		if (!ask(p, line, true, answer, sizeof answer) ||
			is_one_of(answer, "n", "no"))
			break;
		yes = is_one_of(answer, "y", "yes");
	}
	free(line);
	return yes;
}

/* Lines that a screen shows beside our own; 0: it does not say. */
static unsigned
room_on(int tty)
{
	struct winsize size;

	return ioctl(tty, TIOCGWINSZ, &size) == 0 && size.ws_row > OUR_LINES ?
		size.ws_row - OUR_LINES : 0;
}

/* The bytes of a text that so many lines have room for. It is cut at an empty
 * line where there is one, so that a key stays together. */
static size_t
fitting(const char *text, unsigned lines)
{
	const char *end = text, *gap = NULL;
	unsigned n;

	for (n = 0; *end && n < lines; n++) {
		if (*end == '\n' && n)
			gap = end + 1;
		end += strcspn(end, "\n");
		end += *end == '\n';
	}
	return (size_t)((*end && gap ? gap : end) - text);
}

/* What has scrolled off a screen of its own cannot be had back: so a sheet is
 * shown in as many parts as it takes. */
static bool
show_parts(struct person *p, const char *text)
{
	unsigned room = draws() ? room_on(p->tty) : 0;
	char answer[ANSWER];

	while (*text) {
		size_t n = room ? fitting(text, room) : strlen(text);
		char *part = cf_asprintf("%.*s", (int)n, text);

		say(p, part, true);
		explicit_bzero(part, n);
		free(part);
		text += n;
		if (*text == '\0')
			break;
		if (!ask(p, "Copy this part, then press Enter for the next: ",
			true, answer, sizeof answer))
			return false;
		cf_term_write(p->tty, CF_TERM_CLEAR);
	}
	return true;
}

static bool
sheet(void *payload, const char *text, unsigned number, unsigned total)
{
	struct person *p = payload;
	char *line = cf_asprintf("Recovery sheet %u of %u. It is shown once, "
		"and kept nowhere on this machine.\n\n", number, total);
	char answer[ANSWER];
	bool kept = false, shown;

	clear_line(p);
	if (draws())
		cf_term_screen(p->tty);
	else
		cf_term_write(p->tty, "\n");
	cf_term_write(p->tty, line);
	shown = show_parts(p, text);
	cf_term_write(p->tty, "\n");
	for (int i = 0; i < ATTEMPTS && shown && !kept; i++) {
		if (!ask(p, "Copy it by hand or print it; then type kept: ",
			true, answer, sizeof answer))
			break;
		kept = is_one_of(answer, "kept", "'kept'");
	}
	cf_term_rest();
	free(line);
	return kept;
}

bool
cf_person_ask(struct person *p, const char *prompt, char *out, size_t size)
{
	return ask(p, prompt, true, out, size);
}

static bool
sheet_line(void *payload, unsigned number, unsigned total, const char *fault,
	char *out, size_t size)
{
	struct person *p = payload;
	char *line;
	bool got;

	if (fault) {
		tell(p, fault);
	} else if (number == 1) {
		cf_term_write(p->tty, "Type the recovery sheet, one line at a "
			"time.\n");
	}
	line = cf_asprintf("Line %u of %u: ", number, total);
	got = ask(p, line, true, out, size);
	free(line);
	return got;
}

static void
forget_login(struct person *p)
{
	free(p->host);
	p->host = NULL;
	explicit_bzero(p->user, sizeof p->user);
	explicit_bzero(p->word, sizeof p->word);
}

static bool
ask_login(struct person *p, const char *url)
{
	char *line = cf_asprintf("User name for %s: ", url);
	bool got = ask(p, line, true, p->user, sizeof p->user) && p->user[0] &&
		ask(p, "Password or access token: ", false, p->word,
			sizeof p->word);

	free(line);
	if (got)
		p->host = cf_strdup(url);
	return got;
}

/* One command may ask a host several times, and a person once. */
static bool
credentials(void *payload, const char *url, bool again, char **user,
	char **password)
{
	struct person *p = payload;

	*user = NULL;
	*password = NULL;
	if (again || p->host == NULL || strcmp(p->host, url) != 0) {
		forget_login(p);
		if (again)
			cf_term_write(p->tty, "That user name and password "
				"were not accepted.\n");
		if (!ask_login(p, url)) {
			forget_login(p);
			return false;
		}
	}
	*user = cf_strdup(p->user);
	*password = cf_strdup(p->word);
	return true;
}

static bool
stopped(void *payload)
{
	(void)payload;
	return cf_term_stopped();
}

static void
progress(void *payload, const char *what, unsigned long long done,
	unsigned long long total)
{
	struct person *p = payload;
	int64_t now = cf_now_ms();
	unsigned percent;
	char *text;

	if (now < p->next_ms && now + REDRAW_MS >= p->next_ms)
		return;
	p->next_ms = now + REDRAW_MS;
	p->drawn = true;
	text = cf_one_line(what);
	cf_clip(text, 48);
	if (total) {
		percent = (unsigned)((double)(done < total ? done : total) /
			(double)total * 100);
		(void)fprintf(stderr, "\r\033[K%s [%-20.*s] %u%%", text,
			(int)(percent / 5), "====================", percent);
	} else if (done) {
		(void)fprintf(stderr, "\r\033[K%s %llu", text, done);
	} else {
		(void)fprintf(stderr, "\r\033[K%s", text);
	}
	(void)fflush(stderr);
	free(text);
}

static void
note(void *payload, const char *text)
{
	char *line = cf_one_line(text);

	clear_line(payload);
	(void)fprintf(stderr, "confer: note: %s\n", line);
	free(line);
}

void
cf_person_start(struct person *p, struct cf_ui *ui,
	const char *passphrase_file, bool quiet)
{
	const char *named = getenv("CONFER_PASSPHRASE_FILE");

	*p = (struct person){ .passphrase_file = passphrase_file };
	if (p->passphrase_file == NULL && named && named[0])
		p->passphrase_file = named;
	p->tty = cf_term_open();
	p->progress = !quiet && isatty(STDERR_FILENO) == 1 && draws();
	*ui = (struct cf_ui){ .payload = p };
	if (p->passphrase_file || p->tty >= 0)
		ui->passphrase = passphrase;
	ui->typed = p->passphrase_file == NULL;
	if (p->tty >= 0) {
		ui->confirm = confirm;
		ui->sheet = sheet;
		ui->sheet_line = sheet_line;
		ui->credentials = credentials;
		ui->stopped = stopped;
	}
	if (p->progress)
		ui->progress = progress;
	if (!quiet)
		ui->note = note;
}

void
cf_person_end(struct person *p)
{
	clear_line(p);
	cf_term_rest();
	forget_login(p);
	if (p->tty >= 0)
		(void)close(p->tty);
	p->tty = -1;
}
