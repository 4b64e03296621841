"""Where figures come from: a received document or a pinned statement, read as what it states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.models import Company
from accounts.roles import Permission
from footprint.inventory.measures import converts
from footprint.inventory.models import Exchange
from footprint.inventory.providers import nature
from footprint.inventory.queries import lines as stored_lines
from footprint.partners.models import PartnerFootprint
from footprint.partners.pact import dialect
from footprint.partners.pact.texts import exact_json
from footprint.partners.queries import received
from footprint.sharing import queries
from footprint.sharing.models import SharingRequest, SupplierFigure
from footprint.sharing.procedure import GIVEN
from footprint.sharing.stated import Problem, Stated, from_content, from_pact, problems

MOST_LINES = 200
ENDINGS = {"over": "over", "revoked": "revoked"}
"""What became of a figure's source, by the state of the request it came with."""


@dataclass(frozen=True)
class Source:
    """One footprint that could become a figure of the company."""

    company: Company
    supplier: str
    stated: Stated
    may_pass_on: bool
    received: PartnerFootprint | None = None
    request: SharingRequest | None = None

    def problems(self, today: date) -> list[Problem]:
        """What stands in the way, and what one should know."""
        return problems(self.stated, today)

    @property
    def told_at(self) -> datetime | None:
        """When it was last received or shared."""
        if self.received is not None:
            return self.received.received_at
        return self.request.shared_at if self.request is not None else None


def received_source(actor: Actor, received_uuid: UUID) -> Source | None:
    """A footprint of a partner outside."""
    found = received(actor).filter(uuid=received_uuid).first()
    if found is None:
        return None
    return Source(found.company, found.connection.name, _received(found), False, received=found)


def _received(found: PartnerFootprint) -> Stated:
    """What it states, in either version."""
    document = exact_json(found.original)
    return from_pact(dialect.from_v2(document) if found.speaks == 2 else document)


def pinned_source(actor: Actor, sharing_uuid: UUID) -> Source | None:
    """A version that a member pinned for one's own company."""
    found = queries.asked_by_us(actor).filter(uuid=sharing_uuid).first()
    if found is None or found.content is None or not found.is_given:
        return None
    return Source(found.company, str(found.supplier), _pinned(found), found.may_pass_on, request=found)


def _pinned(request: SharingRequest) -> Stated:
    """What was pinned, as far as it still holds: its publication in force, its use not over."""
    assert request.content is not None
    stated = from_content(request.content)
    ends = [day for day in (stated.valid_until, request.ends_on) if day is not None]
    return replace(stated, is_active=request.outdated_at is None, valid_until=min(ends, default=None))


def figures(actor: Actor) -> QuerySet[SupplierFigure]:
    """Own ones, the latest first."""
    found = (
        SupplierFigure.objects.visible_to(actor)
        .select_related("company", "version__factor", "received__connection", "request__supplier")
        .prefetch_related("version__emissions")
    )
    return found.order_by("-taken_at", "-pk")


def current_figures(actor: Actor) -> list[SupplierFigure]:
    """Those that came from partners outside, of each factor the latest: what was followed is not news."""
    sent = figures(actor).filter(received__isnull=False).order_by("version__factor", "-version__number")
    return list(sent.distinct("version__factor"))


def taken(actor: Actor, source: Source) -> SupplierFigure | None:
    """The figure that it became, while it says the same."""
    found = _of_its_maker(actor, source).filter(pf_id=source.stated.pf_id).first()
    return found if found is not None and _says(found, source.stated) else None


def predecessor(actor: Actor, source: Source) -> SupplierFigure | None:
    """The figure it takes the place of: of its own maker, named by it or what the source said before."""
    before = Q(received=source.received) if source.received is not None else Q(request=source.request)
    named = Q(pf_id__in=source.stated.preceding)
    return _of_its_maker(actor, source).filter(before | named).first()


def _says(figure: SupplierFigure, stated: Stated) -> bool:
    """Whether the figure is what is stated; a maker corrects a footprint under its old identifier."""
    version = figure.version
    taken_kg = [each.kg_per_unit for each in version.emissions.all()]
    told = (version.factor.unit, version.reference_year, version.geography, version.gwp_set)
    year = stated.period_end.year if stated.period_end else None
    return (figure.pf_id, taken_kg, told) == (
        stated.pf_id,
        [stated.kg_per_unit],
        (stated.unit, year, stated.geography, max(stated.gwp, default=None)),
    )


def _of_its_maker(actor: Actor, source: Source) -> QuerySet[SupplierFigure]:
    """Whoever names the identifier of another's footprint says nothing about that one."""
    own = figures(actor).filter(company=source.company)
    if source.received is not None:
        return own.filter(received__connection_id=source.received.connection_id)
    assert source.request is not None
    return own.filter(request__supplier_id=source.request.supplier_id)


def takers(actor: Actor, source: Source) -> list[Exchange]:
    """Own lines that could take it: what is bought in a unit that converts, the likeliest first."""
    if not source.stated.unit or not actor.companies_with(Permission.EDIT_INVENTORY):
        return []
    bought = Q(kind="product", direction="input", is_avoided=False, company=source.company)
    rows = stored_lines(actor).filter(bought).order_by("-process__inventory__period_end", "pk")
    wanted = source.request.for_product_id if source.request else None
    fitting = [each for each in rows[: 10 * MOST_LINES] if _fits(each, source.stated.unit)]
    return sorted(fitting, key=lambda each: not _is_alike(each, source, wanted))[:MOST_LINES]


def _fits(line: Exchange, unit: str) -> bool:
    return line.product is not None and converts(line.unit, unit, nature(line.product))


def _is_alike(line: Exchange, source: Source, wanted: int | None) -> bool:
    product = line.product
    assert product is not None
    names = {product.name_zh.strip().casefold(), product.name_en.strip().casefold()}
    return product.pk == wanted or source.stated.product.strip().casefold() in names


@dataclass(frozen=True)
class News:
    """What became of the source of a figure: withdrawn, over, corrected, or followed by another."""

    code: str
    newer: PartnerFootprint | SharingRequest | None = None


def news(actor: Actor, of: Sequence[SupplierFigure], today: date) -> dict[int, News]:
    """Why figures should not be calculated with any longer, by their keys; nothing while a source holds."""
    sent, pinned = _sent_after(actor, of), _pinned_after(actor, of)
    found: dict[int, News] = {}
    for each in of:
        newer = (sent if each.received else pinned).get((each.company_id, _maker(each), each.pf_id))
        told = News("newer", newer) if newer is not None else _news(each, today)
        if told is not None:
            found[each.pk] = told
    return found


def _maker(figure: SupplierFigure) -> int:
    """The partner or the member, by its key."""
    if figure.received is not None:
        return figure.received.connection_id
    assert figure.request is not None
    return figure.request.supplier_id


def _news(figure: SupplierFigure, today: date) -> News | None:
    if figure.received is not None and figure.received.status != "Active":
        return News("deprecated")
    if figure.received is not None and figure.received.gone_at is not None:
        return News("gone")
    if figure.request is not None and (not figure.request.is_given or figure.request.outdated_at):
        return News(_ending(figure.request))
    if not _still_says(figure):
        return News("changed", _again(figure))
    if figure.valid_until is not None and figure.valid_until < today:
        return News("expired")
    return None


def _ending(request: SharingRequest) -> str:
    if request.state in ENDINGS:
        return ENDINGS[request.state]
    if request.is_past_use:
        return "over"
    return "deprecated" if request.is_given else "revoked"


def _still_says(figure: SupplierFigure) -> bool:
    if figure.received is not None:
        return _says(figure, _received(figure.received))
    request = figure.request
    return request is not None and request.content is not None and _says(figure, _pinned(request))


def _again(figure: SupplierFigure) -> PartnerFootprint | SharingRequest | None:
    """Where it can be taken anew; what became a live link cannot."""
    if figure.received is not None:
        return figure.received
    return figure.request if figure.request is not None and figure.request.content is not None else None


Following = dict[tuple[int, int, UUID], PartnerFootprint | SharingRequest]
"""The latest that follows a footprint, by whose it is, who made both and the identifier of the earlier."""


def _sent_after(actor: Actor, of: Sequence[SupplierFigure]) -> Following:
    """What partners sent that follows what they had sent."""
    known = [(_maker(each), each.pf_id) for each in of if each.received is not None]
    rows = received(actor).filter(
        status="Active",
        connection_id__in={connection for connection, _id in known},
        preceding__overlap=[pf_id for _connection, pf_id in known],
    )
    found: Following = {}
    for row in rows.defer("original", "findings") if known else ():
        for pf_id in row.preceding or ():
            found.setdefault((row.company_id, row.connection_id, pf_id), row)
    return found


def _pinned_after(actor: Actor, of: Sequence[SupplierFigure]) -> Following:
    """What suppliers pinned that follows what they had pinned."""
    known = [(_maker(each), str(each.pf_id)) for each in of if each.request is not None]
    rows = queries.asked_by_us(actor).filter(
        state__in=GIVEN,
        supplier_id__in={supplier for supplier, _id in known},
        content__precedingPfIds__has_any_keys=[pf_id for _supplier, pf_id in known],
    )
    found: Following = {}
    for row in rows if known else ():
        for pf_id in (row.content or {})["precedingPfIds"]:
            found.setdefault((row.company_id, row.supplier_id, UUID(pf_id)), row)
    return found
