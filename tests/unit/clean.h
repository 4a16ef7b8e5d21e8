#ifndef CLEAN_H
#define CLEAN_H

/*
 * Records as schools write them, in which nothing points to anybody.
 */
#include "expect.h"

#include "base/buf.h"
#include "base/mem.h"
#include "check/rule.h"

static inline const char *
pick(const char *const *list, size_t n)
{
	return list[seed_below(n)];
}
#define PICK(list) pick(list, sizeof(list) / sizeof *(list))

static const char *const sentences[] = {
	"Class teachers read a short text aloud and the class reads it back.",
	"The routine takes 20 minutes and runs three times a week.",
	"We used it in Years 3 to 6 in four primary schools of the trust.",
	"Pupils work in pairs; one reads while the other follows.",
	"About a third of pupils were below the expected standard in autumn.",
	"Teachers found the text bank easy to use and asked for more texts.",
	"The school leads meet once each half-term to look at the checklist.",
	"Attendance in the sessions was 92% over the spring term.",
	"The gain was small and the margin wide; we would run it again.",
	"Sessions were lost in assessment weeks, so plan for them.",
	"The standardised score rose from 98.2 to 101.6 in 310 pupils.",
	"A teaching assistant takes a small group of four pupils each time.",
	"Training is one twilight session of 90 minutes and a coached lesson.",
	"Parents' evening was used to show families how to read together.",
	"Disadvantaged pupils gained as much as the others, within the margin.",
	"The Education Endowment Foundation guidance recommends it.",
	"See Rosenshine (2012) for the principles behind the routine.",
	"In Year 8 we set the texts by subject: history, then science.",
	"Staff workload did not grow: planning fell by half an hour a week.",
	"Marking was done by others than the class teachers.",
	"The draw was made by the university in May 2025.",
	"Data were collected in March 2025 and again in July 2025.",
	"Behaviour in form time improved, said most form tutors we asked.",
	"Pupil premium funding paid for the books in the first year.",
	"Every class had the same number of sessions.",
	"All pupils in the year group took part.",
	"Use two texts a week at first, and move to one longer text later.",
	"Work begins with phonics, then fluency, then comprehension.",
	"Some classes needed large print and coloured paper.",
	"The lead practitioner visits at least three times in a term.",
	"Children with SEND joined in with a shorter text.",
	"EAL learners rehearsed the words before the lesson.",
	"Half of the schools are in towns, the rest in villages.",
	"Governors were told of the plan and of what came of it.",
	"We compared 22 classes: 11 with the routine and 11 without.",
	"Pupils read Macbeth in summer and wrote about ambition.",
	"It cost 4 pounds a pupil in the first year and 1 after that.",
	"The effect size was 0.19 with a 95% interval from -0.14 to 0.51.",
	"Teachers said the slot after lunch works best.",
	"Lessons follow the same five steps, from model to performance.",
	"At the end of each unit pupils sit a quiz of ten questions.",
	"The senior leader for teaching keeps the timetable.",
	"Nobody is timed in front of others.",
	"A visit to a school that runs it already helps a lot.",
	"It did not work where sessions were shorter than ten minutes.",
	"The heads of department agreed the order of topics.",
	"We would not use it with pupils who already read at speed.",
	"Materials are on the website of the trust and free to use.",
	"Two classes shared a hall, which was too loud.",
	"Mathematics fluency was not measured.",
	"Numbers are rounded to the nearest five.",
	"The survey had 140 answers from staff.",
	"Feedback was given within two days.",
	"The plan was written down before the results were known.",
};

static const struct {
	const char *kind, *field;
} fields[] = {
	{ "practice", "summary" }, { "practice", "problem" },
	{ "practice", "tailoring" }, { "finding", "summary" },
	{ "finding", "conclusion" }, { "finding", "learned" },
	{ "need", "summary" }, { "need", "problem" },
	{ "adoption", "summary" }, { "adoption", "learned" },
	{ "offer", "summary" }, { "project", "summary" },
};

/* `n` sentences, in one paragraph or two. */
static inline void
write_sentences(struct cf_buf *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cf_buf_printf(out, "%s%s", i == 0 ? "" : seed_below(5) ? " " :
			"\n\n", PICK(sentences));
}

/* An example of a random kind, its texts written anew; `path` leads to one of
 * them. */
static inline json_t *
clean_record(char *path, size_t size)
{
	size_t k = seed_below(sizeof fields / sizeof *fields);
	json_t *draft = json_deep_copy(cf_kind_example(fields[k].kind));

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct cf_buf text = CF_BUF(4096);

		if (strcmp(fields[i].kind, fields[k].kind) != 0)
			continue;
		write_sentences(&text, 3 + seed_below(5));
		json_object_set_new(json_object_get(draft, "body"),
			fields[i].field, json_string(text.data));
		cf_buf_clear(&text);
	}
	(void)snprintf(path, size, "/body/%s", fields[k].field);
	return draft;
}

#endif
