"""The built-in factors, loaded once, and people who may and may not publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.actor import Actor, Holding
from accounts.roles import Role
from factors.actions.load_seed import load_seed
from factors.content import Emission, VersionContent
from factors.models import Factor, FactorVersion
from factors.seed.reading import Seed, read


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The tests read the sentences in one language."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def seed() -> Seed:
    return read()


@pytest.fixture
def loaded(db: None, seed: Seed) -> Seed:
    load_seed(seed)
    return seed


@pytest.fixture
def small(db: None, seed: Seed) -> Seed:
    """Enough to publish on, without the other six hundred versions."""
    codes = {"grid-cn-national-average", "fuel-natural-gas-nm3", "electricity-cn-footprint-average"}
    part = replace(seed, versions=tuple(v for v in seed.versions if v.factor.code in codes))
    load_seed(part)
    return part


@pytest.fixture
def curator() -> Actor:
    return Actor(name="Cao Lin", user_id=1, holdings=(Holding(1, Role.CURATOR),))


@pytest.fixture
def owner() -> Actor:
    return Actor(name="Alice", user_id=2, holdings=(Holding(2, Role.OWNER),))


@pytest.fixture
def grid(small: Seed) -> Factor:
    return Factor.objects.get(code="grid-cn-national-average")


ANOTHER = "person:another"
"""Who prepared what a test publishes at once."""

Contents = Callable[..., VersionContent]


@pytest.fixture
def content() -> Contents:
    """A faultless grid content; say what should differ."""

    def make(kg: str = "0.5", gas: str = "CO2", origin: str = "fossil", **changes: object) -> VersionContent:
        good = VersionContent(
            emissions=(Emission(gas, origin, Decimal(kg)),),
            geography="CN",
            reference_year=2023,
            scope=FactorVersion.Scope.CO2,
            boundary=FactorVersion.Boundary.DIRECT,
            source="mee-grid-co2-2023",
            source_locator="table 9",
            transcription="single",
        )
        return replace(good, **changes)  # type: ignore[arg-type]

    return make
