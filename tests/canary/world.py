"""Two rivals and a partner; what one rival entered carries words and numbers found nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.analysis.models import Scenario
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.exchange.models import ImportJob
from footprint.inventory.freezing import frozen
from footprint.inventory.models import (
    AllocationShare,
    FrozenCopy,
    Inventory,
    OutputPrice,
    ReviewRemark,
    ReviewThread,
    Submission,
)
from footprint.publication.models import Publication
from footprint.rules.models import ProductCategory
from footprint.verification.models import Engagement, EngagementRemark, SampledLine, VerificationFinding
from tests import builders as new
from tests.api.conftest import machine_of

MARK = "zqx"
"""Every planted word begins with it."""
NUMBER = 731_000_000
"""Every planted amount lies beyond it, and no other number of this world does."""
SHORTEST = 14
"""A text column must hold this many characters to carry a word."""
MEANING = {"unit", "gas", "compartment", "digest", "input_digest", "status", "language", "province", "kind"}
"""Text that means something to the product and is not free."""


@dataclass
class World:
    """Who attacks, what they own, what is planted, and what the other's rows are called."""

    own: Company
    rival: Company
    people: dict[str, User] = field(default_factory=dict)
    token: str = ""
    words: set[str] = field(default_factory=set)
    own_ids: list[str] = field(default_factory=list)
    rival_ids: list[str] = field(default_factory=list)


def build() -> World:
    """Everything computed; both have the same kinds of rows, so every page of one exists for the other."""
    new.gwp(CH4=("28", "27"))
    for basis in ("mass", "energy", "carbon"):
        new.closure_rule(basis)
    category = ProductCategory.objects.create(code="ethylene", name_zh="乙烯", name_en="Ethylene", unit="t")
    own, rival = new.company("own-company"), new.company("rival-company")
    partner = new.company("partner-company")
    world = World(own, rival)
    for company, scale in ((own, 1), (rival, NUMBER)):
        _plant(company, category, scale, partner)
    world.people = {
        "owner": new.person(own, Role.OWNER, email="owner@own.example"),
        "provider": new.person(own, Role.PLANT_PROVIDER, email="plant@own.example", sites=(own.sites.get(),)),
        "approver": new.person(own, Role.APPROVER, email="approver@own.example"),
        "sharing": new.person(own, Role.SHARING_MANAGER, email="sharing@own.example"),
        "visitor": new.person(partner, Role.PUBLIC, email="visitor@own.example"),
        "rival": new.person(rival, Role.OWNER, email="owner@rival.example"),
    }
    world.token = machine_of(own).token
    for company in (own, rival):
        _submit(company)
    with transaction.atomic(), acting_as(Actor.worker()):
        world.words = _plant_words(rival)
    drain()
    _freeze(rival, world.words)
    world.own_ids, world.rival_ids = _ids(own), _ids(rival)
    world.words |= {
        f"{value:.9g}".replace(".", "")[:8]
        for value in Footprint.objects.filter(company=rival).values_list("kg_co2e_ar6", flat=True)
        if value
    }
    return world


def _plant(company: Company, category: ProductCategory, scale: int, partner: Company) -> None:
    """A cracker with two products and prices, a power house with a loop, a scenario and an import."""
    code = company.code
    site = new.site(company, f"{code}-site")
    inventory = new.inventory(site)
    cracker = new.process(inventory, f"{code}-cracker", "mass")
    ethylene = new.product(company, f"{code}-ethylene", "t", category=category, lhv_mj_per_unit="47000")
    propylene = new.product(company, f"{code}-propylene", "t", lhv_mj_per_unit="45000")
    power = new.product(company, f"{code}-power", "kWh")
    made = new.output(cracker, ethylene, str(scale + 517), is_reference=True)
    new.output(cracker, propylene, str(scale + 211))
    house = new.process(inventory, f"{code}-house")
    new.output(house, power, str(scale + 9_000), is_reference=True)
    new.emits(house, str(scale + 33))
    new.takes(house, power, "10", provider_process=house)
    new.takes(cracker, power, str(scale + 71), provider_process=house)
    new.takes(cracker, power, str(scale + 19), factor_version=new.factor_version("0.5"))
    new.emits(cracker, str(scale + 5), "CH4")
    OutputPrice.objects.create(company=company, exchange=made, year=2025, price=Decimal(scale + 800))
    AllocationShare.objects.create(
        company=company, process=cracker, product=ethylene, method="declared", share=Decimal(1)
    )
    new.grant(ethylene, partner)
    Scenario.objects.create(company=company, product=ethylene, name=f"{code} plan", year=2025, levers=[])
    day = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}
    ImportJob.objects.create(
        company=company, site=site, file_name=f"{code}.zip", size=scale, sha256="0" * 64, **day
    )
    new.workbook_upload(made, str(scale + 900), file_name=f"{code}.xlsx")
    new.evidence(made, f"{code} read by hand", name=f"{code}.txt")
    new.removed_line(made.process, f"{code} removed")
    new.practice(company, f"{code} practised")


def _submit(company: Company) -> None:
    """A submission under review, with a thread and what was said in it."""
    inventory = Inventory.objects.get(company=company)
    days = {"period_start": inventory.period_start, "period_end": inventory.period_end}
    names = {"site_name_zh": f"{company.code}-site", "site_name_en": f"{company.code}-site"}
    submission = Submission.objects.create(company=company, inventory=inventory, **names, **days)
    now = timezone.now()
    thread = ReviewThread.objects.create(company=company, submission=submission, round=1, opened_at=now)
    ReviewRemark.objects.create(company=company, thread=thread, text=f"{MARK}-{company.code}-remark", at=now)
    new.checked_point(submission, f"{MARK}-{company.code}-point")


def _freeze(company: Company, words: set[str]) -> None:
    """Its frozen copy, with every word that was planted, and a publication that is nobody else's."""
    inventory, worker, now = Inventory.objects.get(company=company), Actor.worker(), timezone.now()
    submission = Submission.objects.get(company=company)
    told = frozen(worker, inventory)
    FrozenCopy.objects.create(
        company=company, submission=submission, round=1, content=told, content_hash="0" * 64,
        figures=[], findings=[], at=now,
    )  # fmt: skip
    for state in ("internal_review", "submitted", "under_review"):
        Submission.objects.filter(pk=submission.pk).update(state=state, round=1, sent_round=1)
    figure = Footprint.objects.filter(company=company).earliest("pk")
    publication = Publication.objects.create(
        company=company, product=figure.product, inventory=inventory, footprint=figure, number=1,
        name_zh=figure.product.name_zh, name_en=figure.product.name_en, unit=figure.unit,
        period_start=inventory.period_start, period_end=inventory.period_end,
        kg_co2e_ar6=figure.kg_co2e_ar6, input_digest=figure.input_digest, visibility="private",
        content=told, content_hash="0" * 64, valid_until=inventory.period_end,
    )  # fmt: skip
    words |= {f"{MARK}-{company.code}-remark", f"{MARK}-{company.code}-point"}
    _verify(publication, words)


def _verify(publication: Publication, words: set[str]) -> None:
    """A verification at work, with a word in everything that people write there."""
    company, now = publication.company, timezone.now()
    body = new.company(f"{company.code}-body", kind=Company.Kind.VERIFIER)
    said = {
        name: f"{MARK}-{company.code}-{name}" for name in ("scope", "evidence", "finding", "answer", "said")
    }
    engagement = Engagement.objects.create(
        company=company, publication=publication, body=body, verifier=new.person(body, Role.VERIFIER),
        name_zh=publication.name_zh, name_en=publication.name_en, period_start=publication.period_start,
        period_end=publication.period_end, level="limited", standard="x", scope=said["scope"],
        access_until=now.date() + timedelta(days=30),
    )  # fmt: skip
    parts = {"company": company, "engagement": engagement}
    SampledLine.objects.create(
        line=publication.uuid, risk=1, reasons=[], verdict="agrees", evidence=said["evidence"], **parts
    )
    VerificationFinding.objects.create(
        severity="note", text=said["finding"], answer=said["answer"], raised_at=now, **parts
    )
    EngagementRemark.objects.create(text=said["said"], at=now, **parts)
    words |= set(said.values())


def tenant_models() -> list[type[models.Model]]:
    """Every model whose rows belong to a company."""
    return [
        model
        for model in apps.get_models()
        if (
            any(f.name == "company" and f.related_model is Company for f in model._meta.concrete_fields)
            and model._meta.app_label != "accounts"
        )
        or model._meta.label == "accounts.Site"
    ]


def free_texts(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns in which people write what they like."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and column.name not in MEANING
        and (column.max_length or SHORTEST) >= SHORTEST
    ]


def _plant_words(rival: Company) -> set[str]:
    """A word of its own in every free text of every row of the rival's, where constraints allow it."""
    words: set[str] = set()
    for model in tenant_models():
        for row in model._default_manager.filter(company=rival):
            for column in free_texts(model):
                word = f"{MARK}{len(words):05d}{column.name[:3]}"[: column.max_length]
                try:
                    with transaction.atomic():
                        changed = model._default_manager.filter(pk=row.pk).update(**{column.name: word})
                except Exception:
                    continue
                words |= {word} if changed else set()
    return words


def _ids(company: Company) -> list[str]:
    return [
        str(uuid)
        for model in tenant_models()
        if any(f.name == "uuid" for f in model._meta.concrete_fields)
        for uuid in model._default_manager.filter(company=company).values_list("uuid", flat=True)
    ]
