"""Why a method profile cannot be applied to a product, and the factor to look at where one is the cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from factors import queries as factor_queries
from footprint.analysis.models import ProfileFigure
from footprint.analysis.words import failure_text


@dataclass(frozen=True)
class Refused:
    """The sentence, and the thing to look at where one can be named."""

    words: str
    href: str = ""
    label: str = ""


def refused(actor: Actor, figures: Sequence[ProfileFigure]) -> dict[int, Refused]:
    """The reason of each of the figures that failed, by id."""
    failures = {figure.pk: figure.failure for figure in figures if figure.failure is not None}
    wanted = {failure["factor_version"] for failure in failures.values() if failure.get("factor_version")}
    rows = factor_queries.all_versions(actor).select_related("factor").in_bulk(wanted) if wanted else {}
    found = {}
    for pk, failure in failures.items():
        version = rows.get(failure.get("factor_version") or 0)
        if version is None:
            found[pk] = Refused(failure_text(failure))
            continue
        place = f"{reverse('factors:factor', args=[version.factor.uuid])}?version={version.number}"
        found[pk] = Refused(failure_text(failure), place, _("Open the factor"))
    return found
