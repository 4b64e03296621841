"""Questions about requests: own ones, those one was asked, what waits, how what was given meets the terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.actor import Actor
from accounts.errors import Text
from accounts.forms import named
from accounts.models import Company
from accounts.review import Move
from accounts.roles import Permission
from factors.units import same_dimension
from footprint.calculation.models import Footprint
from footprint.inventory.models import Product, ProductGrant
from footprint.partners.pact.levels import Level
from footprint.publication.models import Publication
from footprint.sharing.models import SharingRemark, SharingRequest, SharingStep
from footprint.sharing.procedure import NEXT, REQUEST, SUPPLIER
from footprint.sharing.words import UNMET

ASKED = (Company.Kind.MEMBER, Company.Kind.SUPPLIER)
"""Whom one can ask: members, and suppliers around them."""
ORDER = [level.value for level in Level]


def requests(actor: Actor) -> QuerySet[SharingRequest]:
    """Both sides', the latest first; ``revoked_at`` is when what was given was taken back."""
    revoked = SharingStep.objects.filter(request=OuterRef("pk"), move="revoke").order_by("-at")
    found = SharingRequest.objects.visible_to(actor).select_related("company", "supplier")
    return found.annotate(revoked_at=Subquery(revoked.values("at")[:1])).order_by("-created_at", "-pk")


def request(actor: Actor, uuid: UUID) -> SharingRequest | None:
    """One of them."""
    return requests(actor).filter(uuid=uuid).first()


def asked_of_us(actor: Actor) -> QuerySet[SharingRequest]:
    """The inbox."""
    return requests(actor).filter(supplier_id__in=actor.company_ids)


def asked_by_us(actor: Actor) -> QuerySet[SharingRequest]:
    """The outbox."""
    return requests(actor).filter(company_id__in=actor.company_ids)


def steps(actor: Actor, of: Iterable[SharingRequest]) -> QuerySet[SharingStep]:
    """What was done, the latest first. Of the other side one learns when and why, not who."""
    found = SharingStep.objects.visible_to(actor).filter(request__in=[each.pk for each in of])
    return found.select_related("by").order_by("-at", "-pk")


def speaking_side(request: SharingRequest, actor: Actor) -> int | None:
    """The company that this person speaks for, the one that asked first; none: they only read."""
    speaks = actor.companies_with(Permission.SHARE_PRODUCT)
    return next((side for side in (request.company_id, request.supplier_id) if side in speaks), None)


def remarks(actor: Actor, request: SharingRequest) -> list[dict[str, Any]]:
    """What was said, the first one first: of the other side which company, not who."""
    found = SharingRemark.objects.visible_to(actor).filter(request=request).select_related("by", "side")
    return [
        {"text": each.text, "at": each.at, "who": _speaker(actor, each)}
        for each in found.order_by("at", "pk")
    ]


def _speaker(actor: Actor, remark: SharingRemark) -> str:
    return str(remark.by or "") if remark.side_id in actor.company_ids else named(remark.side)


def waiting(actor: Actor) -> list[tuple[SharingRequest, Move]]:
    """Requests whose next move is this person's, the earliest deadline first."""
    own = actor.companies_with(Permission.SHARE_PRODUCT)
    mine = Q(pk__in=[])
    for state, name in NEXT.items():
        move = REQUEST.move(name)
        side = "supplier_id__in" if move is not None and move.held_at == SUPPLIER else "company_id__in"
        mine |= Q(state=state, **{side: own})
    found = requests(actor).filter(mine).order_by("due_on", "pk")
    return [(each, move) for each in found if (move := REQUEST.move(NEXT[each.state])) is not None]


def suppliers(actor: Actor) -> QuerySet[Company]:
    """Members one can ask."""
    found = Company.objects.filter(kind__in=ASKED).exclude(pk__in=actor.company_ids)
    return found.order_by("code") if actor.is_known else found.none()


def products_to_give(actor: Actor, of: SharingRequest) -> QuerySet[Product]:
    """The supplier's own products that something was calculated for."""
    own = Product.objects.own(actor).filter(company_id=of.supplier_id, footprints__isnull=False)
    return own.distinct().order_by("code")


def publications_to_give(actor: Actor, of: SharingRequest) -> QuerySet[Publication]:
    """The supplier's publications in force, those of the period first."""
    own = Publication.objects.visible_to(actor).filter(company_id=of.supplier_id, state="published")
    return own.order_by("-period_end", "name_en", "pk")


def linked_figures(actor: Actor, of: SharingRequest) -> list[Footprint]:
    """What a live link shows: the totals of the product by year, as long as it is open."""
    if of.mode != SharingRequest.Mode.LIVE or not of.is_given or of.product_id is None:
        return []
    rows = Footprint.objects.visible_to(actor).filter(product_id=of.product_id)
    return list(rows.order_by("-year", "pk")[:50])


def given_product(actor: Actor, of: SharingRequest) -> Product | None:
    """The product that was given, for its owner and for whom it is open."""
    return Product.objects.visible_to(actor).filter(pk=of.product_id or 0).first()


def own_products(actor: Actor, keys: Iterable[int | None]) -> dict[int | None, UUID]:
    """The public identifiers of own products among these; nothing of another's."""
    return _identifiers(Product.objects.own(actor), keys)


def open_products(actor: Actor, keys: Iterable[int | None]) -> dict[int | None, UUID]:
    """The public identifiers of those that are one's own or open."""
    return _identifiers(Product.objects.visible_to(actor), keys)


def _identifiers(products: QuerySet[Product], keys: Iterable[int | None]) -> dict[int | None, UUID]:
    wanted = {key for key in keys if key is not None}
    return dict(products.filter(pk__in=wanted).values_list("pk", "uuid"))


@dataclass(frozen=True)
class Unmet:
    """A term that what was given does not meet."""

    code: str
    asked: str = ""
    given: str = ""

    @property
    def words(self) -> str:
        """As a sentence."""
        sentence: Text = UNMET[self.code]
        return str(sentence) % {"asked": self.asked, "given": self.given}


def unmet(actor: Actor, of: SharingRequest) -> list[Unmet]:
    """What the recipient should know before judging; nothing of it is a refusal."""
    if not of.is_given:
        return []
    found = [Unmet("level")] if ORDER.index(of.given_level) < ORDER.index(of.level) else []
    if of.content is None:
        open_ones = ProductGrant.objects.visible_to(actor).in_force()
        held = open_ones.filter(product_id=of.product_id or 0, recipient_id=of.company_id)
        return [*found, *([] if held.exists() else [Unmet("closed")])]
    return [*found, *_of_content(of, of.content)]


def _of_content(of: SharingRequest, content: dict[str, Any]) -> list[Unmet]:
    found = [Unmet("withdrawn")] if of.outdated_at else []
    unit = content["declaredUnit"]
    if not same_dimension(unit, of.unit):
        found.append(Unmet("unit", of.unit, unit))
    start, end = content["referencePeriodStart"], content["referencePeriodEnd"]
    if (start, end) != (of.period_start.isoformat(), of.period_end.isoformat()):
        found.append(Unmet("period", f"{of.period_start} – {of.period_end}", f"{start} – {end}"))
    applied = {each["profile"] for each in content["byProfile"] if "pcf" in each}
    if of.profile and of.profile not in applied:
        found.append(Unmet("profile", of.profile))
    return found
