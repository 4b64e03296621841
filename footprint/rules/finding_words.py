"""What a finding says, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy

from accounts.errors import Text
from accounts.figures import significant
from footprint.rules.document.checking import Finding, Severity
from footprint.rules.document.wording import BALANCES, METHODS, STAGES, Names, percent

SEVERITIES: dict[Severity, tuple[Text, str]] = {
    Severity.ERROR: (gettext_lazy("Broken"), "bad"),
    Severity.WARNING: (gettext_lazy("Explain"), "wait"),
    Severity.NOTE: (gettext_lazy("Note"), ""),
}
"""What a severity is called, and how it looks."""

MESSAGES: dict[str, tuple[Text, Text]] = {
    "other_unit": (
        gettext_lazy("The product cannot be counted in %(unit)s, the declared unit of the rule."),
        gettext_lazy("Enter with the product how much %(unit)s one of its units is."),
    ),
    "outside": (
        gettext_lazy("This line belongs to a stage outside the system boundary: %(stage)s."),
        gettext_lazy("Remove the line, or correct its stage."),
    ),
    "missing": (
        gettext_lazy("A line that the rule requires is not there."),
        gettext_lazy("Add the line, or give a line that is there its product with a category."),
    ),
    "forbidden": (
        gettext_lazy("The rule does not allow this line."),
        gettext_lazy("Remove the line; a credit needs a rule that recognises it."),
    ),
    "deviation": (
        gettext_lazy("The process shares by %(method)s; the rule orders %(ordered)s."),
        gettext_lazy("Choose the method of the rule at the process."),
    ),
    "no_basis": (
        gettext_lazy("None of the methods of the rule can be followed: %(methods)s."),
        gettext_lazy("Enter for every co-product what the first method weighs by."),
    ),
    "cut_off_flow": (
        gettext_lazy("%(share)s of the mass taken in has no provider on this line; %(limit)s may."),
        gettext_lazy("Choose a provider for the line."),
    ),
    "cut_off_total": (
        gettext_lazy("%(share)s of the mass taken in has no provider; %(limit)s may, all lines together."),
        gettext_lazy("Choose providers, beginning with the largest line."),
    ),
    "cut_off_unweighed": (
        gettext_lazy("This input has no provider, and nothing says how much it weighs."),
        gettext_lazy("Choose a provider, or enter with its product how much it weighs."),
    ),
    "gap": (
        gettext_lazy("The %(balance)s balance is open by %(gap)s; the limit is %(limit)s."),
        gettext_lazy("Look at the flows of the site: they name the line most likely off."),
    ),
    "footprint_low": (
        gettext_lazy("The footprint of %(figure)s is below the plausible %(low)s %(unit)s."),
        gettext_lazy("Check amounts, units and what is missing; else explain it at submission."),
    ),
    "footprint_high": (
        gettext_lazy("The footprint of %(figure)s is above the plausible %(high)s %(unit)s."),
        gettext_lazy("Check amounts, units and providers; else explain it at submission."),
    ),
    "input_low": (
        gettext_lazy("Of %(category)s %(figure)s %(unit)s go into one unit; at least %(low)s are plausible."),
        gettext_lazy("Check the amounts of this input and of the product."),
    ),
    "input_high": (
        gettext_lazy("Of %(category)s %(figure)s %(unit)s go into one unit; at most %(high)s are plausible."),
        gettext_lazy("Check the amounts of this input and of the product."),
    ),
    "rating": (
        gettext_lazy("The rating of %(indicator)s is %(rating)s; at worst %(worst)s is accepted."),
        gettext_lazy("Use better data for this line, or explain why there are none."),
    ),
    "old_factor": (
        gettext_lazy("The factor is %(age)s years older than the inventory; %(years)s years are accepted."),
        gettext_lazy("Choose a newer version of the factor."),
    ),
    "proxy": (
        gettext_lazy("The amount is a proxy; the rule does not accept any."),
        gettext_lazy("Measure or calculate the amount, or explain why it cannot be."),
    ),
    "gas_missing": (
        gettext_lazy("The process has no direct emission of %(gas)s."),
        gettext_lazy("Add it as an emission; enter 0 where there is none."),
    ),
    "gas_not_covered": (
        gettext_lazy("The factor of this line covers carbon dioxide alone, not %(gas)s."),
        gettext_lazy("Choose a factor for all greenhouse gases where there is one."),
    ),
}
INDICATORS: dict[str, Text] = {
    "technology": gettext_lazy("technology"),
    "time": gettext_lazy("time"),
    "geography": gettext_lazy("geography"),
}
PLAIN_METHODS: dict[str, Text] = {
    "none": gettext_lazy("no method"),
    "full": gettext_lazy("full burden for each"),
}


@dataclass(frozen=True)
class Told:
    """A finding in words."""

    message: str
    hint: str


def told(finding: Finding, names: Names) -> Told:
    """In the language of the moment; stages, methods and categories as the rule calls them."""
    message, hint = MESSAGES[finding.code]
    words = _worded(finding.figures, names)
    return Told(str(message) % words, str(hint) % words)


def _worded(figures: Mapping[str, str], names: Names) -> dict[str, str]:
    return {
        key: SAID[key](value, names) if value and key in SAID else value for key, value in figures.items()
    }


def _method(value: str, names: Names) -> str:
    return names.pick(METHODS[value]) if value in METHODS else str(PLAIN_METHODS[value])


def _share(value: str, names: Names) -> str:
    return percent(Decimal(f"{Decimal(value):.3g}"))


SAID: dict[str, Callable[[str, Names], str]] = {
    "stage": lambda value, names: names.pick(STAGES[value]),
    "method": _method,
    "ordered": _method,
    "methods": lambda value, names: " → ".join(_method(each, names) for each in value.split(",")),
    "share": _share,
    "gap": _share,
    "limit": _share,
    "balance": lambda value, names: names.pick(BALANCES[value]),
    "category": lambda value, names: names.category(value),
    "indicator": lambda value, names: str(INDICATORS[value]),
    "figure": lambda value, names: significant(float(value)),
    "low": lambda value, names: significant(float(value)),
    "high": lambda value, names: significant(float(value)),
}
