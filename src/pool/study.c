/*
 * Findings as effects.
 */
#include <math.h>
#include <string.h>

#include "json/json.h"
#include "pool/study.h"

static const struct {
	const char *name, *words, *raw;
} measures[CF_MEASURES] = {
	{ "smd", "standardised mean difference (Hedges g)", "means" },
	{ "log_odds_ratio", "log odds ratio", "counts" },
	{ "log_risk_ratio", "log risk ratio", "counts" },
	{ "risk_difference", "risk difference", "counts" },
	{ "fisher_z", "correlation, as Fisher z", "correlation" },
	{ "mean_difference", "difference of means, in points of the test",
		"means" },
	{ "change", "standardised change in one group", "before_after" },
};

const char *
cf_measure_name(enum cf_measure measure)
{
	return measures[measure].name;
}

const char *
cf_measure_words(enum cf_measure measure)
{
	return measures[measure].words;
}

bool
cf_measure_of(enum cf_measure *out, const char *name)
{
	for (int i = 0; i < CF_MEASURES; i++)
		if (name && strcmp(measures[i].name, name) == 0) {
			*out = (enum cf_measure)i;
			return true;
		}
	return false;
}

static double
number(const json_t *object, const char *member)
{
	return json_number_value(json_object_get(object, member));
}

static bool
has(const json_t *object, const char *member)
{
	return json_is_number(json_object_get(object, member));
}

static bool
is(const json_t *object, const char *member, const char *word)
{
	const char *text = cf_json_str(object, member);

	return text && strcmp(text, word) == 0;
}

/* How the design groups the pupils; not clustered where single pupils were
 * assigned, or there is nothing that says how they sit. */
static void
clusters_of(struct cf_study *s, const json_t *body, double icc)
{
	const json_t *design = json_object_get(body, "design");
	double groups = number(design, "clusters_t") +
		number(design, "clusters_c");

	s->clustered = cf_json_str(design, "unit_of_assignment") &&
		!is(design, "unit_of_assignment", "pupil");
	if (!s->clustered)
		return;
	s->imputed = is(design, "icc_source", "imputed");
	s->icc = s->imputed && icc > 0 ? icc : number(design, "icc");
	s->size = number(design, "avg_cluster_size");
	if (!(s->size >= 1) && groups > 0)
		s->size = fmax(1, (s->n_t + s->n_c) / groups);
}

static double
growth(const struct cf_study *s, double icc)
{
	const struct cf_clusters c = { s->n_t, s->n_c, s->size, icc };

	return s->clustered && s->size >= 1 ? cf_design_effect(&c) : 1;
}

/* Whether E.21 can be worked out: the pupils fill more than two clusters. */
static bool
can_cluster(const struct cf_study *s)
{
	double n = s->n_t + s->n_c;

	return s->size >= 1 && n > 2 * s->size &&
		n - 2 > 2 * (s->size - 1) * s->icc;
}

static void
take(struct cf_study *s, struct cf_effect e)
{
	s->y = e.y;
	s->v = e.v;
}

static const char *
from_means(struct cf_study *s, const char **code, const json_t *raw,
	enum cf_measure measure)
{
	const struct cf_means m = { number(raw, "mean_t"), number(raw, "sd_t"),
		number(raw, "n_t"), number(raw, "mean_c"), number(raw, "sd_c"),
		number(raw, "n_c") };
	const struct cf_clusters c = { m.n_t, m.n_c, s->size, s->icc };

	*code = "too-small";
	if (m.n_t < 2 || m.n_c < 2 || m.n_t + m.n_c < 4)
		return "its groups are too small to work out an effect";
	if (measure == CF_MEAN_DIFFERENCE) {
		take(s, cf_effect_mean_difference(&m));
		s->v *= growth(s, s->icc);
	} else if (!s->clustered) {
		take(s, cf_effect_smd(&m));
	} else if (can_cluster(s)) {
		take(s, cf_effect_clustered(cf_cohen_d(&m), &c));
	} else {
		*code = "clusters";
		return "the size of its classes or schools does not fit its "
			"number of pupils";
	}
	return NULL;
}

static const char *
from_counts(struct cf_study *s, const char **code, const json_t *raw,
	enum cf_measure measure)
{
	const struct cf_counts n = { number(raw, "events_t"),
		number(raw, "n_t"), number(raw, "events_c"),
		number(raw, "n_c") };

	*code = "counts";
	if (n.n_t < 1 || n.n_c < 1 || n.events_t > n.n_t ||
		n.events_c > n.n_c)
		return "more pupils reached the outcome than there were";
	if (measure == CF_LOG_ODDS_RATIO)
		take(s, cf_effect_log_odds_ratio(&n));
	else if (measure == CF_LOG_RISK_RATIO)
		take(s, cf_effect_log_risk_ratio(&n));
	else
		take(s, cf_effect_risk_difference(&n));
	s->v *= growth(s, s->icc);
	return NULL;
}

static const char *
from_one_group(struct cf_study *s, const char **code, const json_t *raw,
	enum cf_measure measure)
{
	const struct cf_change c = { number(raw, "mean_before"),
		number(raw, "sd_before"), number(raw, "mean_after"),
		number(raw, "n"), number(raw, "pre_r") };

	*code = "too-small";
	if (measure == CF_FISHER_Z) {
		if (c.n < 4)
			return "it rests on too few for a correlation";
		take(s, cf_effect_fisher_z(number(raw, "r"), c.n));
	} else {
		if (c.n < 3)
			return "it rests on too few to work out a change";
		*code = "no-correlation";
		if (!has(raw, "pre_r"))
			return "it does not say how closely before and after "
				"go together, so its change has no margin";
		take(s, cf_effect_change(&c));
	}
	s->v *= growth(s, s->icc);
	return NULL;
}

static const char *
from_raw(struct cf_study *s, const char **code, const json_t *raw,
	enum cf_measure measure)
{
	if (measure == CF_SMD || measure == CF_MEAN_DIFFERENCE)
		return from_means(s, code, raw, measure);
	if (measure == CF_FISHER_Z || measure == CF_CHANGE)
		return from_one_group(s, code, raw, measure);
	return from_counts(s, code, raw, measure);
}

/*
 * The value that the finding states. Where it does not allow for classes or
 * schools, or another likeness stands in, that is put right: exactly for a d of
 * means, else by the design effect on the variance.
 */
static void
from_stated(struct cf_study *s, const json_t *body, enum cf_measure measure)
{
	const json_t *e = json_object_get(body, "effect");
	const json_t *design = json_object_get(body, "design");
	bool accounted = json_is_true(json_object_get(e,
		"clusters_accounted"));
	double n = s->n_t + s->n_c;

	s->stated = true;
	s->y = number(e, "value");
	s->v = number(e, "v");
	if (!s->clustered)
		return;
	if (accounted) {
		s->v *= growth(s, s->icc) / growth(s, number(design, "icc"));
	} else if (measure == CF_SMD && can_cluster(s)) {
		const struct cf_clusters c = { s->n_t, s->n_c, s->size,
			s->icc };
		double d = is(e, "estimator", "cohen_d") ? s->y :
			s->y / cf_hedges_exact(n - 2);

		take(s, cf_effect_clustered(d, &c));
	} else {
		s->v *= growth(s, s->icc);
	}
}

/* Why the finding has no effect by this measure. */
static const char *
other_measure(const char **code, const json_t *body, enum cf_measure measure)
{
	const char *stated = cf_json_str(json_object_get(body, "effect"),
		"measure");
	const char *raw = cf_json_str(json_object_get(body, "raw"), "type");

	*code = "measure";
	if (raw && strcmp(raw, "before_after") == 0 && measure != CF_CHANGE)
		return "it compares one group before and after, with no other "
			"group beside it";
	if (raw && strcmp(raw, "counts") == 0)
		return "it gives counts; --measure log_odds_ratio pools those";
	if (raw && strcmp(raw, "correlation") == 0)
		return "it gives a correlation; --measure fisher_z pools those";
	if (raw && strcmp(raw, "means") == 0)
		return "it gives means; --measure smd pools those";
	return stated ? "it states its effect by another measure" :
		"it has no effect in numbers";
}

static void
numbers_of(struct cf_study *s, const json_t *raw, const json_t *effect)
{
	const json_t *from = has(raw, "n_t") || has(raw, "n") ? raw : effect;

	s->n_t = has(from, "n") ? number(from, "n") : number(from, "n_t");
	s->n_c = number(from, "n_c");
}

const char *
cf_study_read(struct cf_study *out, const char **code, const json_t *body,
	enum cf_measure measure, double icc)
{
	const json_t *raw = json_object_get(body, "raw");
	const json_t *effect = json_object_get(body, "effect");
	bool stated = is(effect, "measure", measures[measure].name);
	bool plain = is(raw, "type", measures[measure].raw);
	const char *why = NULL;

	*out = (struct cf_study){ 0 };
	*code = "";
	numbers_of(out, raw, effect);
	clusters_of(out, body, icc);
	if (stated && json_is_true(json_object_get(effect,
		"clusters_accounted")))
		plain = plain && out->imputed && icc > 0 &&
			is(effect, "estimator", "cluster_adjusted_g");
	else if (stated && !out->clustered)
		plain = false;
	if (plain)
		why = from_raw(out, code, raw, measure);
	else if (stated)
		from_stated(out, body, measure);
	else
		why = other_measure(code, body, measure);
	if (why)
		return why;
	out->turned = json_is_false(json_object_get(json_object_get(body,
		"outcome"), "higher_is_better"));
	if (out->turned)
		out->y = -out->y;
	*code = "variance";
	if (!isfinite(out->y) || !isfinite(out->v) || !(out->v > 1e-12))
		return "its effect or its variance is not a number that can "
			"be pooled";
	return NULL;
}
