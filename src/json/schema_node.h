#ifndef CF_SCHEMA_NODE_H
#define CF_SCHEMA_NODE_H

/*
 * Inside the schema validator: what a schema is compiled to, and what a
 * validation carries along. Only src/json includes it.
 *
 * A set holds documents; a document holds resources (parts with a URI of their
 * own); a schema object or boolean of a resource becomes a struct cf_schema
 * with one rule for each keyword that decides something. Everything compiled
 * lives in the set's arena.
 */
#include "json/regex.h"
#include "json/schema.h"

/* Types of an instance, as bits. A number without a fraction is an integer. */
enum {
	CF_T_NULL = 1,
	CF_T_BOOLEAN = 2,
	CF_T_INTEGER = 4,
	CF_T_FRACTION = 8,
	CF_T_STRING = 16,
	CF_T_ARRAY = 32,
	CF_T_OBJECT = 64,
	CF_T_NUMBER = CF_T_INTEGER | CF_T_FRACTION,
	CF_T_ANY = 127
};

/* Vocabularies of a dialect, as bits. Annotations decide nothing. */
enum {
	CF_V_CORE = 1,
	CF_V_APPLICATOR = 2,
	CF_V_UNEVALUATED = 4,
	CF_V_VALIDATION = 8,
	CF_V_FORMAT = 16,		/* format, as the set says */
	CF_V_FORMAT_ASSERTION = 32	/* format, always */
};

struct cf_anchor {
	struct cf_anchor *next;
	const char *name;
	json_t *at;
	bool dynamic;
	const struct cf_schema *schema;	/* dynamic ones, once compiled */
};

/* A schema with a URI of its own, and what can be referred to in it. */
struct cf_resource {
	const char *uri;	/* absolute, no fragment */
	const char *dialect;	/* $schema of its document, or NULL */
	json_t *root;
	unsigned vocabularies;	/* 0: not looked up yet */
	bool entered;		/* a schema of it is compiled */
	struct cf_anchor *anchor;
};

/* A decimal number: digits × 10^exponent, the sign left out. */
struct cf_decimal {
	uint64_t digits;
	int exponent;
};

struct cf_rule;
struct cf_run;
struct cf_spot;
struct cf_builder;

/* How a keyword's value holds subschemas. */
enum cf_shape { CF_LEAF, CF_ONE, CF_LIST, CF_MAP };

/*
 * What we know of a keyword. Rules run in the order of the table: what is cheap
 * and explains most comes first, what depends on the others (unevaluated…)
 * last.
 */
struct cf_keyword {
	const char *name;
	unsigned vocabularies;	/* any of them switches it on */
	unsigned on;		/* types of instances that it looks at */
	enum cf_shape shape;
	bool in_place;		/* its subschemas look at the same instance */
	bool settles;		/* after its fault the others say nothing new */
	/* Adds a rule, or none. NULL: another keyword reads it. */
	const struct cf_err *(*build)(struct cf_builder *b, json_t *value);
	bool (*holds)(struct cf_run *run, const struct cf_rule *rule,
		struct cf_spot *at, size_t marks);
	/* Says in words what was expected. NULL where subschemas say it. */
	void (*say)(struct cf_buf *out, const struct cf_rule *rule,
		const struct cf_spot *at, const char *detail);
};
extern const struct cf_keyword cf_keywords[];	/* a NULL name ends it */

/* One entry of `properties`, in a hash table of 2^k places. */
struct cf_property {
	struct cf_str name;
	const struct cf_schema *schema;	/* NULL: an empty place */
};

struct cf_members {
	struct cf_property *table;
	size_t mask;
	size_t n_patterns;
	const struct cf_regex **pattern;
	const struct cf_schema **by_pattern;
	const struct cf_schema *other;	/* additionalProperties, or NULL */
};

struct cf_format {
	const char *name;
	bool core;		/* asserted without a vocabulary that says so */
	bool (*is)(struct cf_str s);
	const char *words;	/* "must be …" */
};

struct cf_rule {
	const struct cf_keyword *keyword;
	const struct cf_schema *schema;	/* the schema that it is a rule of */
	json_t *value;			/* the keyword's value */
	const struct cf_schema **list;	/* subschemas; NULL where one lacks */
	size_t n;
	union {
		size_t count;
		unsigned types;
		size_t dynamic;		/* 1 + number of the name, or 0 */
		struct cf_decimal decimal;
		const struct cf_regex *regex;
		const struct cf_format *format;
		const struct cf_members *members;
		struct {
			size_t min, max;
		} range;
	};
};

struct cf_schema {
	struct cf_schema_set *set;
	struct cf_resource *resource;
	json_t *source;
	const char *place;	/* its URI, for messages */
	const char *title;	/* or NULL */
	bool never;		/* the schema `false` */
	bool tracks;		/* it has a rule on what is unevaluated */
	struct cf_rule *rule;
	size_t n;
};

/* One place in an instance, on the stack of the validation. */
struct cf_spot {
	json_t *value;		/* NULL where the name of a member is looked at */
	unsigned type;
	struct cf_str text;	/* of a string */
	struct cf_spot *up;	/* NULL at the root */
	const char *key;	/* in an object, else NULL */
	size_t index;		/* in an array */
	/* While explaining: the first schema here, and the first title. */
	const struct cf_schema *schema;
	const char *title;
};

/* Memory of one validation at a time; the set keeps it for the next one. */
struct cf_room {
	struct cf_regex_room *regex;
	struct cf_resource **scope;	/* resources entered, outermost first */
	size_t n_scope, cap_scope;
	uint64_t *word;			/* bits of what is evaluated */
	size_t n_word, cap_word;
	struct cf_hashed *slot;		/* table of uniqueItems */
	size_t cap_slot;
};

enum cf_mode {
	CF_ASKING,	/* yes or no; stops at the first fault */
	CF_COUNTING,	/* counts the faults of a branch of anyOf */
	CF_EXPLAINING	/* writes them down */
};

/* How far a branch is from what `base` holds. */
struct cf_tally {
	const struct cf_spot *base;
	size_t type;	/* the type of the instance itself */
	size_t choice;	/* const and enum at it or at its members */
	size_t all;
};

struct cf_run {
	struct cf_room *room;
	uint64_t seed;
	enum cf_mode mode;
	struct cf_schema_faults *faults;
	struct cf_tally tally;
	size_t level, steps;
	const char *stuck;	/* why it cannot be decided, or NULL */
};

/* schema_run.c */
bool cf_schema_holds(struct cf_run *run, const struct cf_schema *schema,
	struct cf_spot *at, size_t marks);
/* The same as a question: reports nothing, whatever the mode. */
bool cf_schema_decide(struct cf_run *run, const struct cf_schema *schema,
	struct cf_spot *at, size_t marks);
struct cf_spot cf_spot_of(json_t *value, struct cf_spot *up);
bool cf_run_over(const struct cf_run *run);

/*
 * schema_room.c. Marks are the bits of what is evaluated at one place: a number
 * that names a piece of the room, 0 where nobody asks. The last ones pushed are
 * popped first.
 */
struct cf_room *cf_room_take(struct cf_schema_set *set);
void cf_room_give(struct cf_schema_set *set, struct cf_room *room);
void cf_room_free(struct cf_room *room);
size_t cf_marks_push(struct cf_room *room, const struct cf_spot *at);
void cf_marks_pop(struct cf_room *room, size_t marks);
void cf_mark(struct cf_room *room, size_t marks, size_t i);
bool cf_marked(const struct cf_room *room, size_t marks, size_t i);
void cf_marks_join(struct cf_room *room, size_t into, size_t from,
	const struct cf_spot *at);
void cf_scope_push(struct cf_room *room, struct cf_resource *resource);

/* schema_equal.c: equality of JSON; 1 and 1.0 are equal. */
unsigned cf_json_type(const json_t *value);
bool cf_json_equal(json_t *a, json_t *b);
/* False where two elements are equal; their numbers go to *a and *b. */
bool cf_json_unique(struct cf_run *run, json_t *array, size_t *a, size_t *b);

/* schema_number.c: exact, whatever the representation. */
int cf_json_number_compare(const json_t *a, const json_t *b);
struct cf_decimal cf_decimal_of(const json_t *number);
bool cf_decimal_divides(struct cf_decimal divisor, struct cf_decimal number);

/* schema_explain.c: each does nothing while the run only decides. */
void cf_schema_fault(struct cf_run *run, const struct cf_rule *rule,
	const struct cf_spot *at, const char *detail);
/* The fault of the schema `false`. */
void cf_schema_refused(struct cf_run *run, const struct cf_spot *at);
/* Reports the branch of anyOf or oneOf that comes nearest. */
void cf_schema_nearest(struct cf_run *run, const struct cf_rule *rule,
	struct cf_spot *at, size_t marks);
/* A limit is reached: the instance counts as not valid, whatever else. */
void cf_schema_stuck(struct cf_run *run, const struct cf_spot *at,
	const char *why);

/* schema_members.c. The schema of a property, or NULL. */
const struct cf_schema *cf_members_find(const struct cf_members *members,
	struct cf_str name);
bool cf_rule_has_members(const struct cf_rule *rule);

bool cf_faults_full(const struct cf_schema_faults *faults);

/* schema_suggest.c. The schema of a property that `schema`, or one that looks
 * at the same instance with it, speaks of; or NULL. */
const struct cf_schema *cf_schema_property(const struct cf_schema *schema,
	struct cf_str name);
/* The known name that `name` is a misspelling of, or NULL; none that `object`
 * has already. */
const char *cf_schema_suggest(const struct cf_schema *schema,
	struct cf_str name, const json_t *object);
/* The title of a schema, or of the one that it refers to; or NULL. */
const char *cf_schema_title(const struct cf_schema *schema);

/* A rule's own keyword by name, or NULL. */
const struct cf_rule *cf_schema_rule(const struct cf_schema *schema,
	const char *keyword);

#endif
