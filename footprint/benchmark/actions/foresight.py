"""Whether a comparison could only ever single somebody out, asked before anybody has given anything."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.errors import Refusal
from accounts.provinces import REGIONS
from accounts.visibility import rows
from footprint.benchmark.models import Definition
from footprint.benchmark.models.definition import LIVE

ASKED = "SELECT benchmark_singles_out(%s, %s, %s, %s::text[], %s, %s::text[])"


def require_enough_makers(proposed: Definition) -> None:
    """Pass unless the year's inventories show that too few company groups fall under it, or beside it.

    Raises:
        Refusal: it falls on fewer groups than may ever be told of, or differs from another comparison by so
        few that the two could be subtracted.
    """
    if _says(proposed, None) == "too_few":
        message = _(
            "Too few company groups make this, so nothing could ever be told without singling one out. Leave "
            "the technology route or the region open, or compare a wider category."
        )
        raise Refusal(message, field="technology", code="too_few_groups")
    for other in _live_beside(proposed):
        if _says(proposed, other) == "differs":
            message = _(
                "Too few company groups tell this from the comparison “%(other)s”: taking one from the other "
                "would single them out. Use that one, or choose a route or region that differs by more."
            )
            raise Refusal(message % {"other": other}, field="technology", code="singles_out")


def _live_beside(proposed: Definition) -> Iterable[Definition]:
    beside = Definition.objects.filter(
        category_id=proposed.category_id, year=proposed.year, state__in=LIVE
    ).exclude(pk=proposed.pk)
    return beside.select_related("category").order_by("pk")


def _says(proposed: Definition, other: Definition | None) -> str:
    beside = other or proposed
    asked = [
        proposed.category_id, proposed.year, proposed.technology, _provinces(proposed),
        beside.technology, _provinces(beside),
    ]  # fmt: skip
    ((found,),) = rows(ASKED, asked)
    return str(found)


def _provinces(of: Definition) -> list[str]:
    """Of its region; none: everywhere."""
    return sorted(REGIONS.get(of.region, ()))
