"""What a workbook of versions is refused with, in words."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal, Text
from factors.actions.import_table import UNKNOWN_COLUMN
from footprint.exchange.confined.problems import Problem
from footprint.exchange.factor_table.layout import HEADS, chinese_first
from footprint.exchange.workbook.sentences import SENTENCES as OF_WORKBOOKS

SENTENCES: dict[str, Text] = {
    **OF_WORKBOOKS,
    "no_factor_table": _(
        "No sheet has the columns of factor versions in one of its first rows. Fill in the template."
    ),
    "two_factor_tables": _("Several sheets hold factor versions: %(value)s. Hand them in one by one."),
    "unknown_column": UNKNOWN_COLUMN,
    "no_factor_column": _("The column “%(value)s” is missing. Give it back its name, or take the template."),
}


def refusal(problem: Problem) -> Refusal:
    """The problem as the doors answer it: sheet and cell are the row, or the part of the file."""
    values = dict(problem.values)
    if problem.code == "no_factor_column":
        values["value"] = HEADS[values["value"]][chinese_first(get_language() or "zh-hans")]
    place = f"{problem.file}!{problem.field}" if problem.field else problem.file
    return Refusal(str(SENTENCES[problem.code]) % values, field="file", row=place or None, code=problem.code)
