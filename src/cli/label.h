#ifndef CF_LABEL_H
#define CF_LABEL_H

/*
 * What people call the fields of a record: titles and labels from the schema of
 * its kind. `root` is that schema (or NULL: field names are used), `schema` the
 * part of it for one value; both borrowed, and so is what comes back.
 */
#include "confer.h"

/* The part for a member of an object, or for the elements of an array. NULL
 * where the schema says nothing. */
json_t *cf_label_member(json_t *root, json_t *schema, const char *member);
json_t *cf_label_items(json_t *root, json_t *schema);

/* The members that the schema knows, in its order: name and part. */
json_t *cf_label_members(json_t *root, json_t *schema);

/* "Unit of assignment"; the caller frees. */
char *cf_label_title(json_t *root, json_t *schema, const char *member);

/* A scalar as people read it: the label of a code, "12 weeks", "yes". The caller
 * frees. */
char *cf_label_value(json_t *root, json_t *schema, const json_t *value);

/*
 * "Milestones (a1): Due" of a JSON Pointer into a body in which elements of keyed
 * lists are named by their keys (/milestones/[a1]/due); "The record" of "". *part
 * becomes the schema's part for what stands there. The caller frees.
 */
char *cf_label_place(json_t **part, json_t *root, const char *pointer);

/* "design.clusters" or "procedure[].text" of a JSON Pointer into a draft or a
 * body, as a guide names the field. The caller frees. */
char *cf_label_path(const char *pointer);

#endif
