"""What is wrong with a rule document, and what contradicts what, in words a drafter can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Text
from footprint.rules.document.conflicts import Conflict
from footprint.rules.document.reading import Problem

WORDS: dict[str, Text] = {
    "not_an_object": gettext_lazy("Give this part with all its fields."),
    "not_a_list": gettext_lazy("Give a list here."),
    "too_many": gettext_lazy("These are more rows than a rule can have."),
    "unknown_name": gettext_lazy("A rule has no field of this name."),
    "missing": gettext_lazy("This must not be empty."),
    "wrong_value": gettext_lazy("“%(value)s” cannot stand here."),
    "invisible": gettext_lazy("This contains invisible control characters."),
    "not_a_number": gettext_lazy("“%(value)s” is not a number that can stand here."),
    "not_a_fraction": gettext_lazy("This is a fraction between 0 and 1; write 85.6 percent as 0.856."),
    "not_a_rating": gettext_lazy("A rating lies between 1 (best) and 5."),
    "out_of_order": gettext_lazy("The second figure has to be above the first."),
    "unknown_code": gettext_lazy("“%(value)s” is not known here. Choose one from the list."),
    "unknown_source": gettext_lazy("“%(value)s” is not among the sources. Add it there first."),
    "twice": gettext_lazy("“%(value)s” is there twice. Keep one of them."),
    "stage_missing": gettext_lazy("Say of every stage whether it is inside or outside; this one is missing."),
    "other_category": gettext_lazy("This is the rule of another category."),
}
CONFLICTS: dict[str, Text] = {
    "required_and_forbidden": gettext_lazy("%(first)s requires what %(second)s forbids."),
    "required_and_outside": gettext_lazy("%(first)s requires a flow of a stage that %(second)s leaves out."),
    "gas_and_forbidden": gettext_lazy("%(first)s asks for a direct emission that %(second)s forbids."),
    "two_orders": gettext_lazy("%(first)s and %(second)s order different methods for the same co-product."),
    "bands_apart": gettext_lazy("No figure can lie in both %(first)s and %(second)s."),
    "more_than_all": gettext_lazy("%(first)s lets one line leave out more than all lines together may."),
}


def words_of(problem: Problem) -> str:
    """One problem."""
    return str(WORDS[problem.code]) % {"value": problem.value}


def conflict_words(conflict: Conflict) -> str:
    """One contradiction."""
    named = {"first": _quoted(conflict.first), "second": _quoted(conflict.second)}
    return str(CONFLICTS[conflict.code]) % named


def _quoted(address: str) -> str:
    return _("Rule “%(address)s”") % {"address": address}
