"""Factors for tests, and what companies decide about them."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Company
from factors.content import Emission, VersionContent
from factors.models import (
    CharacterizationFactor,
    CharacterizationSet,
    Factor,
    FactorEmission,
    FactorImport,
    FactorProposal,
    FactorVersion,
    GreenhouseGas,
    Source,
)
from footprint.analysis.models import AdoptionDecision, AdoptionPolicy

_number = itertools.count(1)


def source() -> Source:
    """Where test factors come from."""
    found, _ = Source.objects.get_or_create(
        code="test",
        defaults={
            "title_zh": "测试",
            "title_en": "Test",
            "publisher": "Test",
            "year": 2025,
            "redistribution": "yes",
        },
    )
    return found


def factor_version(kg: str, unit: str = "kWh", gas: str = "CO2", **more: Any) -> FactorVersion:
    """A published version of a new factor, kg of one gas per unit."""
    code = f"factor-{next(_number)}"
    factor = more.pop("factor", None) or Factor.objects.create(
        code=code, name_zh=code, name_en=code, kind="electricity", unit=unit
    )
    number = factor.versions.count() + 1
    with transaction.atomic():
        version = FactorVersion.objects.create(
            factor=factor,
            number=number,
            geography=more.pop("geography", f"CN-{number}"),
            reference_year=2024,
            scope=more.pop("scope", "co2e"),
            boundary=more.pop("boundary", "life_cycle"),
            source=source(),
            source_locator="table 1",
            transcription="single",
            digest=f"{code}-{number}",
            prepared_by=more.pop("prepared_by", "system:test"),
            **more,
        )
        FactorEmission.objects.create(version=version, gas=gas, origin="unspecified", kg_per_unit=Decimal(kg))
    return version


def factor_proposal(of: Company, version: FactorVersion, kg: str = "0.6") -> FactorProposal:
    """A proposal of a company for another figure of a version's factor."""
    factor, now = version.factor, timezone.now()
    content = VersionContent(
        emissions=(Emission("CO2", "unspecified", Decimal(kg)),), geography="CN", reference_year=2024,
        scope="co2e", boundary="life_cycle", source=source().code, source_locator="table 2",
        transcription="single",
    )  # fmt: skip
    return FactorProposal.objects.create(
        company=of, factor=factor, code=factor.code, name_zh=factor.name_zh, name_en=factor.name_en,
        kind=factor.kind, unit=factor.unit, content=content.as_json(), proposed_at=now, moved_at=now,
    )  # fmt: skip


def adoption(of: Company, version: FactorVersion, reason: str = "later") -> AdoptionDecision:
    """A company's decision to keep what it has for now."""
    return AdoptionDecision.objects.create(
        company=of, old=version, new=version, choice="postponed", reason=reason, at=timezone.now()
    )


def adoption_policy(of: Company, percent: str = "5") -> AdoptionPolicy:
    """What a company takes over without being asked."""
    found, _ = AdoptionPolicy.objects.get_or_create(
        company=of, defaults={"most_percent": Decimal(percent), "set_at": timezone.now()}
    )
    return found


def factor_import() -> FactorImport:
    """A file of factors that nobody has read yet."""
    return FactorImport.objects.create(
        file_name="factors.csv", size=1, sha256="0" * 64, content=b"", lines_all=1, created_at=timezone.now()
    )


def gwp(**values: tuple[str, str]) -> None:
    """GWP100 of gases, as (AR5, AR6); CO2 is always there."""
    for place, code in enumerate(("AR5", "AR6")):
        chosen, _ = CharacterizationSet.objects.get_or_create(
            code=code, horizon=100, defaults={"name_zh": code, "name_en": code}
        )
        for gas, pair in {"CO2": ("1", "1"), **values}.items():
            row, _ = GreenhouseGas.objects.get_or_create(code=gas, defaults={"name_zh": gas, "name_en": gas})
            CharacterizationFactor.objects.get_or_create(
                set=chosen,
                gas=row,
                origin="unspecified",
                defaults={"value": Decimal(pair[place]), "source": source(), "transcription": "single"},
            )
