"""What could answer a request: own footprints, the best fit first, and what is granted already."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from footprint.inventory import identifiers
from footprint.inventory.queries import own_products
from footprint.partners.models import OfferedFootprint, PartnerEvent
from footprint.partners.pact.asking import Asked
from footprint.partners.pact.events import Event, Type
from footprint.partners.pact.values import UUID

MOST = 20
NOTHING = "No footprint that is open to you fits this request."


@dataclass(frozen=True)
class Candidate:
    """One footprint, and which of what was asked for it meets."""

    footprint: OfferedFootprint
    meets: tuple[str, ...]
    misses: tuple[str, ...]


def asked(event: PartnerEvent) -> Asked:
    """What a request asks for."""
    return Event(Type.REQUESTED, event.speaks, event.event_id, event.source, event.data).asked


def wanted_in(event: PartnerEvent) -> str:
    """What a request is about, on one line."""
    return ", ".join(asked(event).product_ids) or event.comment


LOOKUPS = {
    "product_ids": ("product_ids__overlap",),
    "company_ids": ("company_ids__overlap",),
    "classifications": ("classifications__overlap",),
    "geography": ("geography__in",),
    "within": ("country__in",),
    "valid_on": ("valid_from__lte", "valid_until__gte"),
    "valid_after": ("valid_from__gt",),
    "valid_before": ("valid_until__lt",),
}


def condition(wanted: Asked) -> Q:
    """All criteria, as a condition over footprints."""
    found = Q()
    for name, lookups in LOOKUPS.items():
        given = getattr(wanted, name)
        if given:
            value = list(given) if isinstance(given, tuple) else given
            found &= Q(**dict.fromkeys(lookups, value))
    if wanted.statuses is not None:
        known = [each.value for each in OfferedFootprint.Status if each.value.casefold() in wanted.statuses]
        found &= Q(status__in=known)
    return found


def granted(event: PartnerEvent) -> list[OfferedFootprint]:
    """What fits and is open to the partner already, the latest first; active ones unless asked otherwise."""
    wanted = asked(event)
    partner = Actor(name=event.connection.name, partner_id=event.connection_id)
    rows = OfferedFootprint.objects.filter(OfferedFootprint.objects.visibility(partner)).filter(
        condition(wanted)
    )
    if wanted.statuses is None:
        rows = rows.filter(status=OfferedFootprint.Status.ACTIVE)
    if event.speaks == 2:
        rows = rows.exclude(document_v2="")
    # of products that share a CAS number, the one that was asked for by all its names
    named = rows.filter(product_ids__contained_by=list(wanted.product_ids))
    chosen = named if named.exists() else rows
    return list(chosen.order_by("-created", "-pk")[:MOST])


def ranked(
    actor: Actor, event: PartnerEvent, *, search: str = "", chosen: Iterable[str] = ()
) -> list[Candidate]:
    """Own served footprints that meet at least one criterion; those that meet most come first.

    With ``search``, those of products it names instead, by name, code or identifier. What was chosen before
    stays, on top.
    """
    wanted = asked(event)
    own = OfferedFootprint.objects.visible_to(actor).filter(
        company_id=event.company_id, is_served=True, status=OfferedFootprint.Status.ACTIVE
    )
    own = own.select_related("product").order_by("-created", "-pk")
    kept = _judged_all(own.filter(uuid__in=[one for one in chosen if UUID.fullmatch(one)]), wanted)
    found = _searched(own, actor, search) if search else _near(own, wanted)
    others = _judged_all(found.exclude(pk__in=[each.footprint.pk for each in kept]), wanted)
    return [*kept, *others[:MOST]]


def _judged_all(rows: QuerySet[OfferedFootprint], wanted: Asked) -> list[Candidate]:
    judged = [_judged(row, wanted) for row in rows[: 5 * MOST]]
    return sorted(judged, key=lambda each: (len(each.misses), -each.footprint.created.timestamp()))


def _searched(own: QuerySet[OfferedFootprint], actor: Actor, search: str) -> QuerySet[OfferedFootprint]:
    named = own_products(actor, search=search).values("pk")
    known = Q(product__identifiers__has_any_keys=identifiers.spellings(search))
    return own.filter(Q(product__in=named) | Q(product_ids__contains=[search.casefold()]) | known)


def _near(own: QuerySet[OfferedFootprint], wanted: Asked) -> QuerySet[OfferedFootprint]:
    near = Q(product__in=_known_as(own, (*wanted.product_ids, *wanted.classifications)))
    for column in ("product_ids", "classifications"):
        if given := getattr(wanted, column):
            near |= Q(**{f"{column}__overlap": list(given)})
    exact = own.filter(near)
    return exact if exact.exists() else own


def _known_as(own: QuerySet[OfferedFootprint], asked_for: Iterable[str]) -> list[int]:
    """The products that are known by one of these names today, in whichever spelling."""
    if not (wanted := identifiers.keys(asked_for)):
        return []
    named = own.exclude(product__identifiers=[]).order_by("product")
    pairs = named.values_list("product_id", "product__identifiers").distinct()
    return [pk for pk, urns in pairs if pk and wanted & identifiers.keys(urns)]


def _judged(row: OfferedFootprint, wanted: Asked) -> Candidate:
    told = {}
    for name in LOOKUPS:
        if given := getattr(wanted, name):
            told[name] = _fits(row, name, given)
    return Candidate(
        row,
        tuple(name for name, fits in told.items() if fits),
        tuple(name for name, fits in told.items() if not fits),
    )


def _fits(row: OfferedFootprint, name: str, given: Any) -> bool:
    if name in ("product_ids", "classifications"):
        urns = row.product.identifiers if row.product else []
        return bool(identifiers.keys(given) & identifiers.keys((*getattr(row, name), *urns)))
    if name == "company_ids":
        return bool(set(given) & set(row.company_ids))
    single: dict[str, Callable[[], bool]] = {
        "geography": lambda: row.geography in given,
        "within": lambda: row.country in given,
        "valid_on": lambda: row.valid_from <= given <= row.valid_until,
        "valid_after": lambda: row.valid_from > given,
        "valid_before": lambda: row.valid_until < given,
    }
    return single[name]()
