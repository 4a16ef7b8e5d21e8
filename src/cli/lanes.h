#ifndef CF_LANES_H
#define CF_LANES_H

/*
 * Versions and what they were built on, drawn as lines that part and meet.
 */
#include <jansson.h>

/*
 * `versions` are [{version, onto: [version]}], each before all that it builds on.
 * [{node, after: [line]}] in the same order: the drawing beside a version, and
 * the lines that lead on from it. The caller owns it.
 */
json_t *cf_lanes_draw(const json_t *versions);

/* The same list, each before all that it builds on, the later `modified` first.
 * The caller owns it. */
json_t *cf_lanes_order(const json_t *versions);

#endif
