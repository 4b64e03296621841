"""Benchmarks of the demo alliance: inventories accepted, products that joined, comparisons, releases."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from alliance.demo.people import actor_called
from alliance.demo.reviews import answer_all
from footprint.benchmark.actions import (
    ask_for_release,
    join,
    move_definition,
    move_release,
    prepare_waiting,
    propose_definition,
)
from footprint.benchmark.models import Definition, Release
from footprint.calculation import ledger
from footprint.inventory.actions import move_submission, open_submission
from footprint.inventory.models import Inventory, Product
from footprint.publication.signing import NoKey, private_key
from footprint.rules.models import MethodProfileVersion, ProductCategory

STEWARD, COMPLIANCE = "chu.mingde@alliance.example", "liang.zhengyi@alliance.example"
YEAR = 2024
WAY = ("hand_in", "submit", "take", "accept")
CATEGORIES = (
    "gasoline", "diesel", "jet-fuel", "naphtha", "ethylene", "propylene", "benzene", "hydrogen",
    "polyethylene", "polypropylene", "ammonia",
)  # fmt: skip
PURPOSE = "成员了解自身产品所处的位置和减排重点。 Members see where they stand and where saving pays."
NECESSITY = "中位数是回答该问题所需的最少信息。 A median is the least that answers the question."


def accept_inventories(*, at: datetime) -> int:
    """Handed in by the owner, checked by the approver, accepted by the steward: what passes the gate."""
    steward, accepted = actor_called(STEWARD), 0
    inventories = Inventory.objects.filter(
        company__kind=Company.Kind.MEMBER, company__is_demonstration=True, period_end__year=YEAR
    )
    for inventory in inventories.exclude(submissions__state="accepted").order_by("pk"):
        owner, approver = (_holder(inventory.company, role) for role in (Role.OWNER, Role.APPROVER))
        try:
            with transaction.atomic():
                with acting_as(owner):
                    submission = open_submission(inventory, by=owner)
                for move, by in zip(WAY, (owner, approver, steward, steward), strict=True):
                    with acting_as(by):
                        if move == "accept":
                            answer_all(submission, by=by, at=at)
                        move_submission(submission, move, by=by, at=at)
        except (Refusal, Refusals):
            continue  # a mistake that the demonstration left in
        accepted += 1
    return accepted


def _holder(company: Company, role: Role) -> Actor:
    return actor_of_user(
        User.objects.filter(memberships__company=company, memberships__role=role).earliest("pk")
    )


def join_products() -> int:
    """Every product of the compared categories."""
    products = Product.objects.filter(
        category__code__in=CATEGORIES, company__kind=Company.Kind.MEMBER, company__is_demonstration=True
    )
    for product in products.select_related("company"):
        join(product, by=Actor.worker())
    return products.count()


def define(*, at: datetime) -> list[Definition]:
    """Proposed by the steward, approved by the compliance reviewer; but what too few make is refused."""
    steward, compliance = actor_called(STEWARD), actor_called(COMPLIANCE)
    profile = MethodProfileVersion.objects.filter(profile__code="here").latest("number")
    made = []
    for category in ProductCategory.objects.filter(code__in=CATEGORIES).order_by("position"):
        try:
            with transaction.atomic(), acting_as(steward):
                one = propose_definition(
                    by=steward, at=at, category=category, profile_version=profile, year=YEAR,
                    purpose=PURPOSE, necessity=NECESSITY,
                )  # fmt: skip
        except Refusal:
            continue
        with acting_as(compliance):
            made.append(move_definition(one, "approve", by=compliance, at=at))
    return made


def release_all(definitions: list[Definition], *, at: datetime) -> int:
    """Through the gates, signed twice; nothing without a key. How many were released."""
    ledger.finish()  # what was defined and published leaves marks
    try:
        private_key()
    except NoKey:
        return 0
    steward, compliance = actor_called(STEWARD), actor_called(COMPLIANCE)
    for definition in definitions:
        with acting_as(steward):
            ask_for_release(definition, by=steward, at=at)
    prepare_waiting()
    released = 0
    for release in Release.objects.filter(definition__in=definitions, state="cleared").order_by("pk"):
        for move, by in (("sign", steward), ("release", compliance)):
            with acting_as(by):
                move_release(release, move, by=by, at=at)
        released += 1
    return released
