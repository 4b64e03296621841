"""Questions about publications: own ones, those meant for the actor, whether they still hold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.models import Company
from accounts.review import Move
from accounts.roles import Permission
from footprint.calculation import queries as figures
from footprint.calculation.models import Footprint
from footprint.calculation.queries import Freshness
from footprint.inventory import submissions
from footprint.inventory.models import FrozenCopy, Product
from footprint.publication.models import Publication, PublicationStep, SigningKey
from footprint.publication.procedure import PUBLICATION, UNPUBLISHED
from footprint.publication.signing import BadSignature, verify

DRIFT = 0.10
"""PACT: a footprint is calculated anew when it has moved by a tenth."""
NEXT = {"calculated": "self_check", "self_checked": "approve", "approved": "publish"}
"""The move that leads on from each state."""
MOST_LISTED = 1000
"""Rows of the page of open data."""


@dataclass(frozen=True)
class Standing:
    """Whether a published figure still says what the data say.

    ``drift`` is how far the live figure is from it, as a share of it; None where there is no current one.
    """

    live: float | None
    drift: float | None
    has_expired: bool

    @property
    def is_due(self) -> bool:
        """Whether it should be calculated and published anew."""
        return self.has_expired or self.has_drifted

    @property
    def has_drifted(self) -> bool:
        """Whether the live figure is a tenth away."""
        return self.drift is not None and abs(self.drift) >= DRIFT


def publications(actor: Actor) -> QuerySet[Publication]:
    """Everything the actor may know of; the latest first."""
    found = Publication.objects.visible_to(actor).select_related("company", "preceding")
    return found.order_by("-created_at", "-pk")


def publication(actor: Actor, uuid: UUID) -> Publication | None:
    """One publication, if it exists for the actor."""
    return publications(actor).filter(uuid=uuid).first()


def of_product(actor: Actor, product: Product) -> QuerySet[Publication]:
    """The publications of a product."""
    return publications(actor).filter(product=product)


def public(uuid: UUID) -> Publication | None:
    """What everybody may read."""
    return publication(Actor.nobody(), uuid)


def withdrawn(actor: Actor) -> QuerySet[Publication]:
    """What was published and holds no longer."""
    found = Publication.objects.visible_to(actor).filter(state__in=("withdrawn", "replaced"))
    return found.exclude(jws="").order_by("ended_at", "pk")


def steps(actor: Actor, publication: Publication) -> QuerySet[PublicationStep]:
    """What was done, the latest first; for the company itself."""
    found = PublicationStep.objects.visible_to(actor).filter(publication=publication)
    return found.select_related("by").order_by("-at", "-pk")


def recipients(actor: Actor, publication: Publication) -> list[Company]:
    """The partners it is meant for, for the company itself."""
    if publication.company_id not in actor.company_ids:
        return []
    rows = publication.recipients.select_related("recipient").order_by("recipient__code")
    return [row.recipient for row in rows]


def chain(actor: Actor, publication: Publication) -> list[Publication]:
    """This one and those before and after it of the same product and inventory, the first one first."""
    found = publications(actor).filter(
        product_id=publication.product_id, inventory_id=publication.inventory_id, number__gt=0
    )
    return list(found.exclude(jws="").order_by("number", "pk"))


@dataclass(frozen=True)
class PublishedYear:
    """What holds of one period; ``change`` is from the period before, as a share of it."""

    publication: Publication
    change: float | None


def years(actor: Actor, publication: Publication) -> list[PublishedYear]:
    """The same product of the same province from period to period, the earliest first, and this one itself.

    Only what holds and what the actor may know of. ``precedingPfIds`` links versions of one period, this
    links periods. A period that several plants of a province tell of is left out: nothing says whose it is.
    """
    place = publication.content["geography"]["subdivision"]
    found = Publication.objects.visible_to(actor).filter(
        product_id=publication.product_id, state=Publication.State.PUBLISHED
    )
    found = found.filter(content__geography__subdivision=place).exclude(period_end=publication.period_end)
    by_period: dict[date, list[Publication]] = defaultdict(list)
    for each in found.select_related("company", "preceding"):
        by_period[each.period_end].append(each)
    others = [rows[0] for rows in by_period.values() if len(rows) == 1]
    told = sorted([publication, *others], key=lambda each: each.period_end)
    return [PublishedYear(each, _moved(told[at - 1], each) if at else None) for at, each in enumerate(told)]


def _moved(before: Publication, now: Publication) -> float | None:
    """As a share of what was before; unknown in other units."""
    if before.unit != now.unit or not before.kg_co2e_ar6:
        return None
    return now.kg_co2e_ar6 / before.kg_co2e_ar6 - 1


def publishable(actor: Actor, product: Product) -> list[tuple[Footprint, FrozenCopy | None, Freshness]]:
    """The own figures of a product, latest year first, each with the accepted copy it was in, if any."""
    rows = list(
        figures.footprints(actor)
        .filter(product=product, company_id__in=actor.company_ids)
        .select_related("inventory__site", "process", "product__company", "run")
        .order_by("-year", "process_id")
    )
    states = figures.freshness(actor, rows)
    return [(row, submissions.accepted_copy(actor, row.inventory), states[row.pk]) for row in rows]


def under_way(actor: Actor, product: Product) -> dict[int, Publication]:
    """By figure what is being prepared of it, or was published and holds."""
    live = publications(actor).filter(product=product, state__in=(*UNPUBLISHED, "published"))
    found = live.filter(company_id__in=actor.company_ids, footprint__isnull=False).order_by("number", "pk")
    return {each.footprint_id: each for each in found if each.footprint_id is not None}


def digest_in(copy: FrozenCopy, footprint: Footprint) -> str:
    """What the column of a figure was made of when it was accepted; empty where it was not there."""
    wanted = (str(footprint.process.uuid), str(footprint.product.uuid))
    rows = {(row["process"], row["product"]): str(row["digest"]) for row in copy.figures}
    return rows.get(wanted, "")


def standing(actor: Actor, publication: Publication, today: date) -> Standing:
    """Whether it still holds, for its owner."""
    has_expired = today > publication.valid_until
    is_own = actor.is_worker or publication.company_id in actor.company_ids
    live = publication.footprint if is_own else None
    if live is None or live.kg_co2e_ar6 is None or live.state != Footprint.State.CURRENT:
        return Standing(None, None, has_expired)
    was = publication.kg_co2e_ar6
    drift = live.kg_co2e_ar6 / was - 1 if was else None
    return Standing(live.kg_co2e_ar6, drift, has_expired)


def signed_content(publication: Publication) -> dict[str, Any] | None:
    """What was signed with one of the platform's keys; None where the signature does not hold."""
    return signed_with(publication.jws, publication.key_id)


def signed_with(jws: str, key_id: str) -> dict[str, Any] | None:
    """As ``signed_content``, of any signature of the platform."""
    key = SigningKey.objects.filter(key_id=key_id).first()
    if key is None:
        return None
    try:
        return verify(jws, key.public)
    except BadSignature:
        return None


def is_genuine(publication: Publication) -> bool:
    """Whether the signature is of one of the platform's keys and over what is shown."""
    return bool(signed_content(publication) == publication.content)


def signing_keys() -> list[SigningKey]:
    """Every public key that ever signed, the latest first."""
    return list(SigningKey.objects.order_by("-first_used_at", "-pk"))


def waiting(actor: Actor) -> list[tuple[Publication, Move]]:
    """Publications whose next move is this person's."""
    prepares = actor.companies_with(Permission.PREPARE_PUBLICATION)
    approves = actor.companies_with(Permission.APPROVE_PUBLICATION)
    mine = Q(state="calculated", company_id__in=prepares)
    mine |= Q(state__in=("self_checked", "approved"), company_id__in=approves) & ~Q(
        prepared_by_id=actor.user_id
    )
    found = publications(actor).filter(mine).order_by("pk")
    return [(each, move) for each in found if (move := PUBLICATION.move(NEXT[each.state])) is not None]


def in_force(actor: Actor) -> QuerySet[Publication]:
    """What is published and neither replaced nor withdrawn, each with its live figure."""
    return publications(actor).filter(state="published").select_related("company", "footprint").order_by("pk")


def due(actor: Actor, today: date) -> list[tuple[Publication, Standing]]:
    """Own publications that should be calculated and published anew."""
    prepares = actor.companies_with(Permission.PREPARE_PUBLICATION)
    found = publications(actor).filter(state="published", company_id__in=prepares)
    each_standing = [(each, standing(actor, each, today)) for each in found.select_related("footprint")]
    return [(each, how) for each, how in each_standing if how.is_due]


def open_to_everybody() -> QuerySet[Publication]:
    """What is published to everybody and holds, as a visitor may see it; the latest first."""
    rows = Publication.objects.visible_to(Actor.nobody()).filter(state="published", visibility="public")
    return rows.select_related("company").order_by("-published_at", "-pk")[:MOST_LISTED]
