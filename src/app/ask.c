/*
 * Asking before what cannot be taken back.
 */
#include "app/ask.h"

const struct cf_err *
cf_ask_final(const struct cf_ui *ui, bool yes, const struct cf_final *what)
{
	if (yes || (ui->confirm == NULL && what->unasked == NULL))
		return NULL;
	if (ui->confirm == NULL)
		return cf_err(CF_DECIDE, "%s", what->unasked);
	return ui->confirm(ui->payload, what->text, what->question) ? NULL :
		cf_err(CF_CANCELLED, "nothing was changed");
}
