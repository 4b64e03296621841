"""Every page of the room, with figures and assessments behind it: answers, in one language at a time."""

from __future__ import annotations

import html
import re

import polib
import pytest
from django.core.management import call_command
from django.urls import reverse

from alliance.runtime.environment import ROOT
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, OutputPrice
from tests.footprint.analysis.conftest import Plant, signed_in

CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
OF_PRODUCT = (
    "hotspots", "scenario", "scenarios", "changes", "allocation", "methods", "quality", "uncertainty",
)  # fmt: skip
TEXT = re.compile(r">([^<>]+)<")


@pytest.fixture
def assessed(plant: Plant) -> Plant:
    """With prices whose years disagree, and every built-in profile."""
    call_command("load_rules", verbosity=0)
    lines = Exchange.objects.filter(process=plant.cracker, direction="output", kind="product")
    for line, prices in zip(lines.order_by("pk"), (("8", "60"), ("7", "7")), strict=True):
        for year, price in zip((2024, 2025), prices, strict=True):
            OutputPrice.objects.create(company=plant.company, exchange=line, year=year, price=price)
    drain()
    return plant


def english() -> set[str]:
    """Every sentence of the catalogue that cannot be taken for a name."""
    entries = polib.pofile(str(CATALOGUE))
    return {e.msgid for e in entries if " " in e.msgid and "%(" not in e.msgid and e.msgid != e.msgstr}


def test_every_page_answers_in_one_language(assessed: Plant) -> None:
    places = [reverse(f"analysis:{name}", args=[assessed.ethylene.uuid]) for name in OF_PRODUCT]
    places += [
        reverse("analysis:flows", args=[assessed.inventory.uuid]),
        reverse("inventory:process", args=[assessed.cracker.uuid]),
    ]
    sentences = english()
    assert len(sentences) > 500
    for language, lang in (("zh-hans", "zh-Hans"), ("en", "en")):
        client = signed_in(assessed.owner)
        client.cookies["django_language"] = language
        for place in places:
            answer = client.get(place)
            assert answer.status_code == 200, place
            text = answer.content.decode()
            assert f'<html lang="{lang}"' in text, place
            assert text.count("<h1") == 1, place
            said = {html.unescape(part).strip() for part in TEXT.findall(text)}
            assert language == "en" or said & sentences == set(), place
