#ifndef CF_POOL_PLOT_H
#define CF_POOL_PLOT_H

/*
 * Plots of a pooled result (what cf_pool_findings gives) as SVG that stands in a
 * paper: black on white, fonts that every machine has, a title and a description
 * for those who cannot see it. The same result gives the same bytes. Rows stand
 * in the order of the inputs, which is that of the record ids: nothing is sorted
 * by what was found.
 */
#include <jansson.h>

#include "base/buf.h"

const struct cf_err *cf_plot_forest(struct cf_buf *out, const json_t *result)
	CF_MUST;
/* CF_INVALID below 10 findings: their funnel says nothing. */
const struct cf_err *cf_plot_funnel(struct cf_buf *out, const json_t *result)
	CF_MUST;
/* The estimate without each finding in turn. CF_INVALID below 4 findings. */
const struct cf_err *cf_plot_left_out(struct cf_buf *out,
	const json_t *result) CF_MUST;

#endif
