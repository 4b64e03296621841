"""Why a method profile cannot be applied to a product, in words, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.forms import named
from factors import queries as factor_queries
from factors.models import FactorVersion
from footprint.analysis.models import ProfileFigure
from footprint.inventory.models import UnitProcess

WORDS = {
    "unanswered": gettext_lazy(
        "A question of the allocation tree has no answer: no year has a price for every co-product. "
        "Complete the prices."
    ),
    "no_basis": gettext_lazy(
        "The allocation that the profile orders has no basis: an amount is missing for a co-product. "
        "Enter what the products are made of, or their prices."
    ),
    "co2e_only": gettext_lazy(
        "A factor is known only as a total in CO2e, and a total cannot be weighed by another GWP set. "
        "Choose a factor that names its gases."
    ),
    "not_characterised": gettext_lazy("A gas has no value in the GWP set of the profile."),
    "out_of_scope": gettext_lazy("The profile is not made for this product."),
    "negative": gettext_lazy("Credits exceed the burden, which the profile does not permit."),
    "supplier_failed": gettext_lazy("A supplier's product has no figure by this profile."),
    "loop": gettext_lazy("By this profile a loop of processes uses up at least what it makes."),
}
"""By the code of the failure."""


@dataclass(frozen=True)
class Refused:
    """The sentence, and the thing to look at where one can be named."""

    words: str
    href: str = ""
    label: str = ""


def refused(actor: Actor, figures: Sequence[ProfileFigure]) -> dict[int, Refused]:
    """The reason of each of the figures that failed, by id; two queries for all of them."""
    failures = {figure.pk: figure.failure for figure in figures if figure.failure is not None}
    versions = _versions(actor, failures.values())
    processes = _processes(actor, failures.values())
    return {pk: _refused(failure, versions, processes) for pk, failure in failures.items()}


def _refused(
    failure: Mapping[str, Any], versions: Mapping[int, FactorVersion], processes: Mapping[int, UnitProcess]
) -> Refused:
    words = str(WORDS[failure["code"]])
    version = versions.get(failure.get("factor_version") or 0)
    if version is not None:
        place = f"{reverse('factors:factor', args=[version.factor.uuid])}?version={version.number}"
        return Refused(words, place, named(version.factor))
    process = processes.get(failure.get("process") or 0)
    if process is not None:
        return Refused(words, reverse("inventory:process", args=[process.uuid]), named(process))
    return Refused(words)


def _versions(actor: Actor, failures: Iterable[Mapping[str, Any]]) -> dict[int, FactorVersion]:
    wanted = {failure["factor_version"] for failure in failures if failure.get("factor_version")}
    return factor_queries.all_versions(actor).select_related("factor").in_bulk(wanted) if wanted else {}


def _processes(actor: Actor, failures: Iterable[Mapping[str, Any]]) -> dict[int, UnitProcess]:
    wanted = {failure["process"] for failure in failures if failure.get("process")}
    return UnitProcess.objects.visible_to(actor).in_bulk(wanted) if wanted else {}
