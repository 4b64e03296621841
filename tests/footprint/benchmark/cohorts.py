"""Cohorts for tests: what companies would give, as the ledger would have settled it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.test import override_settings
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.benchmark.actions import (
    ask_for_release,
    move_definition,
    move_release,
    prepare_waiting,
    propose_definition,
)
from footprint.benchmark.models import Contribution, Definition, Participation, Release
from footprint.calculation.models import RecomputeMark
from footprint.inventory.models import Product
from footprint.rules.models import MethodProfile, MethodProfileVersion, ProductCategory
from tests import builders as new

STARTS = datetime(2024, 1, 15, tzinfo=UTC)
"""An epoch long ago, so that games have a future."""
WHY = {"purpose": "Members see where saving pays.", "necessity": "A median is the least that tells it."}

SIGNING_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
AS_RECORDED = {
    **dict.fromkeys(("recycling", "waste", "electricity", "ccs", "ccu"), "as_recorded"),
    "gwp_set": "AR6", "boundary": "cradle_to_gate", "cut_off": "reported", "substitution": "permitted",
    "biogenic": "as_characterised", "quality_scheme": "none", "allocation_tree": ["as_recorded"],
    "required_outputs": ["total"], "facts": {}, "digest": "here-1", "valid_from": date(2026, 1, 1),
}  # fmt: skip


class Office:
    """Who proposes, prepares and signs, and who approves; two people of the alliance's office."""

    def __init__(self) -> None:
        self.company = new.company("alliance-office", kind=Company.Kind.ASSOCIATION)
        self.steward = actor_of_user(new.person(self.company, Role.STEWARD))
        self.compliance = actor_of_user(new.person(self.company, Role.COMPLIANCE))

    def define(self, category: ProductCategory, profile: MethodProfileVersion, **more: Any) -> Definition:
        """Proposed and approved."""
        at = more.pop("at", timezone.now())
        with acting_as(self.steward):
            made = propose_definition(
                by=self.steward, at=at, category=category, profile_version=profile,
                year=more.pop("year", 2024), **{**WHY, **more},
            )  # fmt: skip
        with acting_as(self.compliance):
            return move_definition(made, "approve", by=self.compliance, at=at)

    def prepare(self, definition: Definition, at: datetime | None = None) -> Release:
        """Asked for by the steward, taken through the gates by the worker."""
        RecomputeMark.objects.all().delete()
        with acting_as(self.steward):
            asked = ask_for_release(definition, by=self.steward, at=at or timezone.now())
        prepare_waiting()
        asked.refresh_from_db()
        return asked

    def release(self, definition: Definition, at: datetime | None = None) -> Release:
        """As far as it goes: released, or blocked."""
        found = self.prepare(definition, at)
        if found.state == "cleared":
            for move, by in (("sign", self.steward), ("release", self.compliance)):
                with acting_as(by):
                    move_release(found, move, by=by, at=at or timezone.now())
        return found


def profile(code: str = "here", **more: Any) -> MethodProfileVersion:
    """The platform's own method, or one like it, and the category of ethylene; none of the other rules."""
    names = {"name_zh": "本平台", "name_en": "Here"}
    ProductCategory.objects.get_or_create(
        code="ethylene", defaults={"name_zh": "乙烯", "name_en": "Ethylene", "unit": "kg"}
    )
    method, _ = MethodProfile.objects.get_or_create(code=code, defaults=names)
    stated = {**AS_RECORDED, "digest": f"{code}-1", **more}
    version, _ = MethodProfileVersion.objects.get_or_create(profile=method, number=1, defaults=stated)
    return version


def give(
    definition: Definition,
    values: Sequence[float],
    companies: Sequence[Company],
    volumes: Sequence[float] | None = None,
    parts: Sequence[Mapping[str, float]] | None = None,
) -> None:
    """What these companies would give from now on; nobody else gives anything."""
    with acting_as(Actor.worker()):
        Contribution.objects.filter(definition=definition).delete()
        Contribution.objects.bulk_create(
            Contribution(
                definition=definition,
                company=company,
                group_id=company.group_id,
                value=value,
                volume=volume,
                parts=taken_apart,
            )
            for company, value, volume, taken_apart in zip(
                companies, values, volumes or [100.0] * len(values), parts or [{}] * len(values), strict=True
            )
        )


def apart(values: Sequence[float], seed: int = 1) -> list[dict[str, float]]:
    """Parts of these values, another mix each; energy at 0.06 kg CO2e per MJ."""
    rng, found = np.random.default_rng(seed), []
    for value in values:
        feed, energy, chemistry, rest = (value * rng.dirichlet((10, 6, 3, 1))).tolist()
        found.append(
            {
                "feed": feed, "energy": energy, "chemistry": chemistry, "rest": rest,
                "allocation": value - feed - energy - chemistry - rest, "energy_mj": energy / 0.06,
            }
        )  # fmt: skip
    return found


def spread(n: int, seed: int = 1) -> list[float]:
    """Values of rivals, around 1.6."""
    return [float(value) for value in 1.6 * np.random.default_rng(seed).lognormal(0, 0.3, n)]


def compared(company: Company, products: Iterable[Product], rivals: Sequence[Company] = ()) -> Release:
    """A comparison that the company takes part in with its products, released an epoch ago."""
    for product in products:
        Participation.objects.create(company=company, product=product)
    method = profile()
    others = [*rivals, *(new.company() for _ in range(6 - len(rivals)))]
    before, office = timezone.now() - timedelta(days=100), Office()
    with override_settings(PUBLICATION_SIGNING_KEY=SIGNING_KEY):
        cell = office.define(ProductCategory.objects.get(code="ethylene"), method, at=before)
        give(cell, spread(7), [company, *others])
        made = office.release(cell, at=before)
    assert made.state == "released"
    return made
