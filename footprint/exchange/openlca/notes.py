"""What leaves a package out, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text

NOTES: dict[str, Text] = {
    "no_output": _("The process makes no product and treats no waste, so the format has no place for it."),
    "no_total": _("No current total of the supplier's product is open to you; the line has no provider."),
    "licence": _("The source of the factor does not let its numbers be passed on; the line has no provider."),
    "shares": _("The shares of the co-products cannot be calculated; none are in the package."),
    "units": _("The amount cannot be converted to the provider's unit; the line has no provider."),
    "not_made": _("The process named as provider does not make this product; the line has no provider."),
}
