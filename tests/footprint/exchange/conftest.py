"""The sentences in one language, the gases, and a company with somebody who may import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from accounts.models import Company
from factors.models import GreenhouseGas
from tests import builders as new


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def gases(db: None) -> None:
    new.gwp(CH4=("28", "27.9"))
    for code, name in (("CO2", "Carbon dioxide"), ("CH4", "Methane")):
        GreenhouseGas.objects.filter(code=code).update(name_en=name)


@pytest.fixture
def acme(gases: None) -> Company:
    return new.company("acme")


@pytest.fixture
def quarantine(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"
