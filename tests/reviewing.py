"""A plant whose inventory can be submitted, and the three people who carry it through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.inventory.actions import move_submission, open_submission
from footprint.inventory.models import Exchange, Inventory, OutputPrice, Product, Submission, UnitProcess
from footprint.publication.actions import move_publication, prepare_publication
from footprint.publication.models import Publication
from tests import builders as new

WAY = {"internal_review": "hand_in", "submitted": "submit", "under_review": "take", "accepted": "accept"}


@dataclass
class Plant:
    """One inventory, its line and its figure; who hands in, who checks, who reviews."""

    company: Company
    inventory: Inventory
    product: Product
    line: Exchange
    people: dict[str, User]

    @property
    def owner(self) -> Actor:
        return actor_of_user(self.people["owner"])

    @property
    def approver(self) -> Actor:
        return actor_of_user(self.people["approver"])

    @property
    def steward(self) -> Actor:
        return actor_of_user(self.people["steward"])

    @property
    def footprint(self) -> Footprint:
        return Footprint.objects.get(product=self.product)

    def actor_for(self, move: str) -> Actor:
        """Who makes a move in the ordinary course."""
        if move in ("take", "accept", "return", "reject"):
            return self.steward
        return self.approver if move in ("submit", "send_back") else self.owner


def plant(company: Company | None = None, **people: User) -> Plant:
    """Everything computed; nothing submitted."""
    company = company or new.company()
    new.gwp()
    inventory = new.inventory(new.site(company))
    process = new.process(inventory)
    product = new.product(company)
    new.output(process, product, "2", is_reference=True)
    line = new.emits(process, "3")
    drain()
    office = Company.objects.filter(kind=Company.Kind.ASSOCIATION).first() or new.company(
        kind=Company.Kind.ASSOCIATION
    )
    there: dict[str, User] = {
        "owner": people.get("owner") or new.person(company, Role.OWNER),
        "approver": people.get("approver") or new.person(company, Role.APPROVER),
        "steward": people.get("steward") or new.person(office, Role.STEWARD),
    }
    return Plant(company, inventory, product, line, there)


def made_jointly(here: Plant) -> tuple[UnitProcess, list[Exchange]]:
    """As much of another product beside the plant's, shared by mass, for 1 and 3 per kilogram."""
    process = UnitProcess.objects.get(inventory=here.inventory)
    beside = new.product(here.company, lhv_mj_per_unit=Decimal(10))
    lines = [Exchange.objects.get(process=process, product=here.product), new.output(process, beside, "2")]
    for line, price in zip(lines, (1, 3), strict=True):
        OutputPrice.objects.create(company=here.company, exchange=line, year=2025, price=price)
    UnitProcess.objects.filter(pk=process.pk).update(allocation_method="mass")
    return process, lines


def kept(made: Plant) -> Plant:
    """The same plant read anew: for tests that share one, each inside a transaction of its own."""
    for thing in (made.inventory, made.product, made.line):
        thing.refresh_from_db()
    return replace(made, people=dict(made.people))


def carried(here: Plant, until: str = "accepted") -> Submission:
    """A submission that went the ordinary way to a state."""
    with acting_as(here.owner):
        submission = open_submission(here.inventory, by=here.owner)
    for state, move in WAY.items():
        if submission.state == until:
            break
        moved(here, submission, move)
        assert submission.state == state
    return submission


def moved(here: Plant, submission: Submission, move: str, **more: Any) -> Submission:
    """One move by whoever makes it, as the database sees that person."""
    by = more.pop("by", None) or here.actor_for(move)
    with acting_as(by):
        return move_submission(submission, move, by=by, at=timezone.now(), **more)


def changed(here: Plant, amount: int) -> None:
    """Another amount, recalculated."""
    Exchange.objects.filter(pk=here.line.pk).update(amount=amount)
    drain()


def settled() -> None:
    """Figures and assessments as a worker leaves them."""
    drain()
    drain()


def prepared(here: Plant, visibility: str = "public", **more: Any) -> Publication:
    """A snapshot of the plant's figure."""
    with acting_as(here.owner):
        return prepare_publication(
            here.footprint, by=here.owner, at=timezone.now(), visibility=visibility, **more
        )


PUBLISHING = {"self_checked": "self_check", "approved": "approve", "published": "publish"}


def published(here: Plant, visibility: str = "public", until: str = "published", **more: Any) -> Publication:
    """A publication that went the ordinary way to a state."""
    publication = prepared(here, visibility, **more)
    for state, move in PUBLISHING.items():
        if publication.state == until:
            break
        republished(here, publication, move)
        assert publication.state == state
    return publication


def republished(here: Plant, publication: Publication, move: str, **more: Any) -> Publication:
    """One move by whoever makes it, as the database sees that person."""
    own = move in ("self_check", "discard", "withdraw")
    by = more.pop("by", None) or (here.owner if own else here.approver)
    with acting_as(by):
        return move_publication(publication, move, by=by, at=timezone.now(), **more)
