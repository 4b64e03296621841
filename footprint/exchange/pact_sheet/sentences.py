"""What a sheet of footprints is refused with, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text
from footprint.exchange.workbook.sentences import SENTENCES as OF_WORKBOOKS

OF_FILES: dict[str, Text] = {
    **OF_WORKBOOKS,
    "no_pact_sheet": _(
        "No sheet has a head “%(value)s”. Download the sheet here, or take PACT's simplified data model."
    ),
    "no_footprints": _("No column holds a footprint. Fill in one to the right of the accepted values."),
    "too_many_footprints": _("There are more than %(most)s footprints. Send them in several sheets."),
}
OF_CELLS: dict[str, Text] = {
    "formula": _("There is a formula here. Paste its value."),
    "error": _("There is an error of the spreadsheet here. Correct it."),
    "twice": _("This property has a value in an earlier row. Keep one of them."),
    "too_deep": _("It is nested too deep."),
    "no_id": _("The footprint has no sound id. Give it a UUID."),
    "same_id": _("An earlier column has the same id. Each footprint has its own."),
}
