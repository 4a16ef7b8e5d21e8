/*
 * Equality of JSON values: numbers by value, objects in any order. Uniqueness
 * of a long list goes through a hash table with a seed that nobody can know,
 * so that it stays linear whatever the list holds.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "json/schema_node.h"

#define FEW 8	/* so many elements are compared pair by pair */

struct cf_hashed {
	uint64_t hash;
	size_t place;	/* 1 + number of the element; 0: empty */
};

unsigned
cf_json_type(const json_t *value)
{
	double d;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return CF_T_OBJECT;
	case JSON_ARRAY:
		return CF_T_ARRAY;
	case JSON_STRING:
		return CF_T_STRING;
	case JSON_INTEGER:
		return CF_T_INTEGER;
	case JSON_REAL:
		d = json_real_value(value);
		return trunc(d) == d ? CF_T_INTEGER : CF_T_FRACTION;
	case JSON_TRUE:
	case JSON_FALSE:
		return CF_T_BOOLEAN;
	case JSON_NULL:
		return CF_T_NULL;
	}
	cf_bug("a value of no type");
}

static bool
equal_objects(json_t *a, json_t *b)
{
	const char *key;
	json_t *value;
	size_t n;

	if (json_object_size(a) != json_object_size(b))
		return false;
	json_object_keylen_foreach(a, key, n, value) {
		json_t *other = json_object_getn(b, key, n);

		if (other == NULL || !cf_json_equal(value, other))
			return false;
	}
	return true;
}

static bool
equal_arrays(json_t *a, json_t *b)
{
	json_t *value;
	size_t i;

	if (json_array_size(a) != json_array_size(b))
		return false;
	json_array_foreach(a, i, value)
		if (!cf_json_equal(value, json_array_get(b, i)))
			return false;
	return true;
}

bool
cf_json_equal(json_t *a, json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return cf_json_number_compare(a, b) == 0;
	if (json_typeof(a) != json_typeof(b))
		return false;
	switch (json_typeof(a)) {
	case JSON_OBJECT:
		return equal_objects(a, b);
	case JSON_ARRAY:
		return equal_arrays(a, b);
	case JSON_STRING:
		return json_string_length(a) == json_string_length(b) &&
			memcmp(json_string_value(a), json_string_value(b),
				json_string_length(a)) == 0;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
	case JSON_INTEGER:
	case JSON_REAL:
		break;
	}
	return true;
}

static uint64_t
mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * 0x9E3779B97F4A7C15u;
	h ^= h >> 29;
	h *= 0xBF58476D1CE4E5B9u;
	return h ^ h >> 32;
}

static uint64_t
hash_bytes(uint64_t h, const char *p, size_t n)
{
	uint64_t word;

	h = mix(h, n);
	for (; n >= sizeof word; n -= sizeof word, p += sizeof word) {
		memcpy(&word, p, sizeof word);
		h = mix(h, word);
	}
	word = 0;
	memcpy(&word, p, n);
	return mix(h, word);
}

/* Equal numbers have one hash: as an integer wherever they are one. */
static uint64_t
hash_number(uint64_t h, const json_t *value)
{
	double d = json_real_value(value);
	uint64_t bits;

	if (json_is_integer(value))
		return mix(h, (uint64_t)json_integer_value(value));
	if (trunc(d) == d && d >= -9223372036854775808.0 &&
		d < 9223372036854775808.0)
		return mix(h, (uint64_t)(json_int_t)d);
	memcpy(&bits, &d, sizeof bits);
	return mix(h, bits);
}

static uint64_t
hash(uint64_t seed, json_t *value)
{
	/* Integers and reals share a type, true and false differ. */
	uint64_t h = mix(seed, json_is_real(value) ? JSON_INTEGER :
		json_typeof(value)), sum = 0;
	const char *key;
	json_t *part;
	size_t i;

	if (json_is_number(value))
		return hash_number(h, value);
	if (json_is_string(value))
		return hash_bytes(h, json_string_value(value),
			json_string_length(value));
	json_array_foreach(value, i, part)
		h = mix(h, hash(seed, part));
	/* A sum, because the order of members means nothing. */
	json_object_keylen_foreach(value, key, i, part)
		sum += mix(hash_bytes(seed, key, i), hash(seed, part));
	return mix(h, sum);
}

static bool
few_unique(json_t *array, size_t *a, size_t *b)
{
	size_t n = json_array_size(array);

	for (*b = 1; *b < n; ++*b)
		for (*a = 0; *a < *b; ++*a)
			if (cf_json_equal(json_array_get(array, *a),
				json_array_get(array, *b)))
				return false;
	return true;
}

/* The table of the room, empty, with at least twice as many places. */
static size_t
empty_table(struct cf_room *room, size_t n)
{
	size_t cap = 64;

	while (cap < 2 * n)
		cap *= 2;
	if (room->cap_slot < cap) {
		room->slot = cf_realloc(room->slot, cap, sizeof *room->slot);
		room->cap_slot = cap;
	}
	memset(room->slot, 0, cap * sizeof *room->slot);
	return cap - 1;
}

bool
cf_json_unique(struct cf_run *run, json_t *array, size_t *a, size_t *b)
{
	size_t n = json_array_size(array), mask;

	if (n <= FEW)
		return few_unique(array, a, b);
	mask = empty_table(run->room, n);
	for (*b = 0; *b < n; ++*b) {
		json_t *value = json_array_get(array, *b);
		uint64_t h = hash(run->seed, value);
		struct cf_hashed *slot = run->room->slot;
		size_t i = h & mask;

		for (; slot[i].place; i = (i + 1) & mask) {
			*a = slot[i].place - 1;
			if (slot[i].hash == h && cf_json_equal(value,
				json_array_get(array, *a)))
				return false;
		}
		slot[i] = (struct cf_hashed){ h, *b + 1 };
	}
	return true;
}
