"""Why a process has no figure: a code and what it is about, stored with the footprint, worded when shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text

WORDS: dict[str, Text] = {
    "unknown_unit": _("A line uses a unit that is not known."),
    "dimension_mismatch": _(
        "A line's unit does not fit its product or factor, and no conversion is recorded."
    ),
    "no_output": _("The process lists no product with an amount above zero."),
    "no_basis": _("The allocation lacks its basis: a price, a heating value or a mass of a co-product."),
    "shares": _("The declared allocation shares are missing or do not sum to one."),
    "line_shares": _("A line has no allocation shares, and none are declared for what is common to all."),
    "unknown_gas": _("A line names a gas without a characterization factor."),
    "not_made": _("The provider of a line does not make that product."),
    "not_reported": _("The supplier of a line has not reported this product yet."),
    "supplier_failed": _("The figure of a supplier could not be computed."),
    "loop": _("These processes feed each other more than they yield; check the amounts of the loop."),
    "not_finite": _("An amount is too large or too small to calculate with."),
    "unexpected": _("The calculation broke unexpectedly; the operators were told."),
}


class Fault(Exception):
    """One process cannot be calculated.

    Attributes:
        code: a key of ``WORDS``.
        about: ids of what is at fault: "exchange", "process", "processes".
    """

    def __init__(self, code: str, **about: Any) -> None:
        super().__init__(code)
        self.code = code
        self.about = about

    def record(self) -> dict[str, Any]:
        """The JSON stored with the footprint."""
        return {"code": self.code, **self.about}
