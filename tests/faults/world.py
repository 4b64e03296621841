"""A small alliance for fault storms: loops, co-products, links between companies, a comparison."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.roles import Role
from footprint.benchmark.models import Definition, Estimate, Participation
from footprint.calculation.gate import frozen_figures
from footprint.calculation.ledger import finish
from footprint.inventory.freezing import frozen
from footprint.inventory.models import Exchange, FrozenCopy, Inventory, Product, Submission, UnitProcess
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import profile
from tests.reviewing import WAY

COMPANIES = 7
STEPS = 6
COMPARED = "compared"
"""The process whose product is compared: it takes nothing, so that its figure is its emission alone."""
ACCEPTED = (Decimal(60), Decimal(90))
"""What that emission may be. Both figures were accepted, for a comparison counts no others."""


def build() -> None:
    """Seven groups, each with a utility loop and a chain of steps, each selling to the next."""
    new.gwp(CH4=("28", "27.9"))
    category = ProductCategory.objects.create(code="product", name_zh="产品", name_en="Product", unit="kg")
    grid = new.factor_version("0.58")
    sold: Product | None = None
    for number in range(COMPANIES):
        company = new.company(f"storm-{number}")
        inventory = new.inventory(new.site(company))
        steam, power = new.product(company, "steam"), new.product(company, "power")
        boiler, turbine = new.process(inventory, "boiler"), new.process(inventory, "turbine")
        new.output(boiler, steam, "100")
        new.output(turbine, power, "100")
        new.emits(boiler, "250")
        new.emits(turbine, "1", "CH4")
        new.takes(boiler, power, "5", provider_process=turbine)
        new.takes(turbine, steam, "40", provider_process=boiler)
        before: tuple[Product, UnitProcess] = (steam, boiler)
        for step in range(STEPS):
            made, beside = new.product(company, f"made-{step}"), new.product(company, f"beside-{step}")
            process = new.process(inventory, f"step-{step}", method="mass")
            new.output(process, made, "80")
            new.output(process, beside, "20")
            new.emits(process, "30")
            new.takes(process, before[0], "90", provider_process=before[1])
            new.takes(process, power, "10", provider_process=turbine)
            new.takes(process, None, "12", "kWh", factor_version=grid)
            if step == 0 and sold is not None:
                new.grant(sold, company)
                new.takes(process, new.product(company, "bought"), "15", "kg", provider_product=sold)
            before = (made, process)
        sold = before[0]
        process, rival = new.process(inventory, COMPARED), new.product(company, COMPARED, category=category)
        new.output(process, rival, "100", is_reference=True)
        new.emits(process, str(ACCEPTED[0] + number))
        Participation.objects.create(company=company, product=rival)
    year = Inventory.objects.latest("period_end").period_end.year
    Definition.objects.create(
        category=category, profile_version=profile(), year=year, purpose="-", necessity="-"
    )
    _accept()


def _accept() -> None:
    """Every inventory went the ordinary way, once with each of the figures; one copy holds both."""
    figures: dict[int, list[Any]] = {}
    for turn in range(len(ACCEPTED)):
        for line, amounts in accepted_amounts():
            Exchange.objects.filter(pk=line.pk).update(amount=amounts[turn])
        finish()
        for inventory in Inventory.objects.all():
            figures.setdefault(inventory.pk, []).extend(frozen_figures(Actor.worker(), inventory))
    reviewer = new.person(new.company(kind=Company.Kind.ASSOCIATION), Role.STEWARD)
    for inventory in Inventory.objects.all():
        _accepted(inventory, figures[inventory.pk], reviewer)
    finish()
    compared = Estimate.objects.get().groups
    assert compared == COMPANIES, f"{compared} figures are compared: a storm would prove nothing of them"


def accepted_amounts() -> list[tuple[Exchange, tuple[Decimal, ...]]]:
    """The emissions of the compared processes, company by company, and what each may be."""
    lines = Exchange.objects.filter(process__code=COMPARED, kind="elementary").order_by("company_id")
    return [(line, tuple(amount + number for amount in ACCEPTED)) for number, line in enumerate(lines)]


def _accepted(inventory: Inventory, figures: list[Any], reviewer: User) -> None:
    company, site = inventory.company, inventory.site
    owner, approver = new.person(company, Role.OWNER), new.person(company, Role.APPROVER)
    submission = Submission.objects.create(
        company=company, inventory=inventory, site_name_zh=site.name_zh, site_name_en=site.name_en,
        period_start=inventory.period_start, period_end=inventory.period_end,
    )  # fmt: skip
    content = frozen(Actor.worker(), inventory)  # without its processes nothing would be compared
    copied = {"content": content, "content_hash": "0" * 64, "figures": figures, "findings": []}
    FrozenCopy.objects.create(
        company=company, submission=submission, round=1, by=owner, at=timezone.now(), **copied
    )
    by = ({"handed_in_by": owner}, {"checked_by": approver}, {}, {"decided_by": reviewer})
    for state, who in zip(WAY, by, strict=True):
        Submission.objects.filter(pk=submission.pk).update(state=state, round=1, sent_round=1, **who)
