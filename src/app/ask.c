/*
 * Asking before what cannot be taken back.
 */
#include "app/trust.h"

const struct cf_err *
cf_ask_final(const struct cf_ui *ui, bool yes, const struct cf_final *what)
{
	if (yes)
		return NULL;
	if (ui->confirm == NULL)
		return cf_err(CF_DECIDE, "%s cannot be undone, and nobody is "
			"here to ask. Look first with %s; then add --yes",
			what->deed, what->look);
	return ui->confirm(ui->payload, what->text, what->question) ? NULL :
		cf_err(CF_CANCELLED, "nothing was changed");
}
