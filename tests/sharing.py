"""A supplier with a published footprint, and a buyer who asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from factors.models import Factor, FactorEmission, FactorVersion
from footprint.calculation.ledger import drain
from footprint.inventory.models import Product
from footprint.publication.models import Publication
from footprint.sharing import actions
from footprint.sharing.models import SharingRequest, SupplierFigure
from tests import builders as new
from tests.reviewing import Plant, carried, plant, published, settled


def terms(**more: Any) -> dict[str, Any]:
    """What a buyer asks for, the year that the plant's inventory covers."""
    return {
        "wanted": "Naphtha",
        "identifiers": "CAS 64742-48-9",
        "unit": "kg",
        "period_start": date(2025, 1, 1),
        "period_end": date(2025, 12, 31),
        "level": "stage",
        "purpose": "product footprints of 2026",
        "due_on": timezone.localdate() + timedelta(days=20),
        **more,
    }


@dataclass
class Deal:
    """Both sides, and what the supplier has to give."""

    supplier: Plant
    publication: Publication
    company: Company
    person: User
    product: Product

    @property
    def buyer(self) -> Actor:
        return actor_of_user(self.person)

    @property
    def seller(self) -> Actor:
        return self.supplier.owner

    def asked(self, **more: Any) -> SharingRequest:
        with acting_as(self.buyer):
            return actions.ask_for_footprint(
                self.company,
                by=self.buyer,
                at=timezone.now(),
                supplier=self.supplier.company,
                for_product=self.product,
                **terms(**more),
            )

    def moved(
        self, request: SharingRequest, move: str, by: Actor | None = None, **more: Any
    ) -> SharingRequest:
        selling = move in ("acknowledge", "prepare", "decline", "take_up", "stand_by", "revoke")
        by = by or (self.seller if selling else self.buyer)
        with acting_as(by):
            return actions.move_request(request, move, by=by, at=timezone.now(), **more)

    def shared(
        self, request: SharingRequest | None = None, mode: str = "pinned", **more: Any
    ) -> SharingRequest:
        request = request or self.moved(self.asked(), "acknowledge")
        given = {"product": self.supplier.product, "publication": self.publication, **more}
        with acting_as(self.seller):
            return actions.share(request, by=self.seller, at=timezone.now(), mode=mode, **given)

    def judged(self, request: SharingRequest, how: str = "accept", **more: Any) -> SharingRequest:
        act = {"accept": actions.accept, "reserve": actions.reserve, "dispute": actions.dispute}[how]
        given = {"usability": 1} if how != "dispute" else {"code": "allocation", "line": "whole"}
        with acting_as(self.buyer):
            return act(request, by=self.buyer, at=timezone.now(), **{**given, **more})


def linked(company: Company, supplier: Company, **more: Any) -> SharingRequest:
    """A request that the supplier answered with a live link to a product it makes."""
    process = new.process(new.inventory(new.site(supplier)))
    product = new.product(supplier)
    new.output(process, product, is_reference=True)
    new.emits(process, "1")
    drain()
    buyer, seller = new.actor(company, Role.OWNER), new.actor(supplier, Role.OWNER)
    at = timezone.now()
    asked = {"supplier": supplier, "for_product": Product.objects.filter(company=company).first()}
    request = actions.ask_for_footprint(company, by=buyer, at=at, **asked, **terms(**more))
    actions.move_request(request, "acknowledge", by=seller, at=at, reason=more.get("comment", ""))
    return actions.share(request, by=seller, at=at, mode="live", product=product)


def figure_of(request: SharingRequest) -> SupplierFigure:
    """A figure of a supplier, as if this request had been pinned."""
    own = {"company": request.company}
    factor = Factor.objects.create(
        code=f"supplier-{uuid4().hex}", name_zh=request.wanted, name_en=request.wanted, kind="material",
        unit="kg", **own,
    )  # fmt: skip
    with transaction.atomic():
        version = FactorVersion.objects.create(
            factor=factor, number=1, geography="CN", reference_year=2025, scope="co2e",
            boundary="cradle_to_gate", source=new.source(), source_locator="x", transcription="official",
            digest=uuid4().hex, **own,
        )  # fmt: skip
        FactorEmission.objects.create(
            version=version, gas="CO2e", origin="unspecified", kg_per_unit="1", **own
        )
    return SupplierFigure.objects.create(
        version=version, request=request, pf_id=uuid4(), supplier=request.wanted, level=1,
        taken_at=timezone.now(), **own,
    )  # fmt: skip


def deal() -> Deal:
    made = plant()
    carried(made)
    settled()
    publication = published(made, "private")
    company = new.company()
    return Deal(made, publication, company, new.person(company, Role.OWNER), new.product(company))
