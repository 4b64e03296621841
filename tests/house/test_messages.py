"""Every sentence a person can read is there in Chinese."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from alliance.demo import words as demo_words
from alliance.runtime.environment import ROOT
from alliance.runtime.translations import compile_catalogues
from factors import words as factor_words
from footprint.rules import words as rule_words

CATALOGUE = Path("zh_Hans") / "LC_MESSAGES" / "django.po"
SPEAKING = ("accounts", "alliance", "factors", "footprint", "templates", "locale")
LICENCE_TEXT = "Open Government Licence"


def column(table: str, name: str) -> set[str]:
    with (ROOT / table).open(encoding="utf-8", newline="") as file:
        return {row[name] for row in csv.DictReader(file)} - {""}


def own_decisions() -> set[str]:
    """The profile of the product itself has no standard to name."""
    rows = json.loads((ROOT / "footprint/rules/seed/profiles.json").read_text(encoding="utf-8"))
    return {row["source"] for row in rows if row["code"] == "here"}


def unfinished(catalogue: polib.POFile) -> list[str]:
    return [e.msgid for e in (*catalogue.untranslated_entries(), *catalogue.fuzzy_entries())]


def test_catalogue_is_complete() -> None:
    assert unfinished(polib.pofile(str(ROOT / "locale" / CATALOGUE))) == []


def test_placeholders_survive_translation() -> None:
    for entry in polib.pofile(str(ROOT / "locale" / CATALOGUE)):
        wanted = set(re.findall(r"%\(\w+\)[sd]", entry.msgid + entry.msgid_plural))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            found = set(re.findall(r"%\(\w+\)[sd]", text))
            assert not text or found == wanted, entry.msgid


def test_built_in_records_speak_chinese() -> None:
    """Built-in records hold one language; every sentence of theirs that pages show is named."""
    factors = ("chemicals", "electricity", "freight", "fuels", "heat", "materials")
    locators = set[str]().union(*(column(f"factors/seed/{name}.csv", "locator") for name in factors))
    licences = column("factors/seed/sources.csv", "licence")
    quoted = {licence for licence in licences if licence.startswith(LICENCE_TEXT)}
    assert set(factor_words.BUILT_IN) == locators | licences - quoted
    assert set(rule_words.RULES) == column("footprint/rules/seed/closure.csv", "source") | own_decisions()
    assert set(demo_words.BUILT_IN) == column("alliance/demo/tables/processes.csv", "technology")


@pytest.mark.skipif(not shutil.which("xgettext"), reason="the extraction tool is for development only")
def test_nothing_in_the_code_is_missing_from_the_catalogue(tmp_path: Path) -> None:
    """A fresh extraction finds no sentence that the catalogue lacks, and none that nobody says any more."""
    for name in SPEAKING:
        skipped = shutil.ignore_patterns("__pycache__", "*.mo", "seed")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skipped)
    command = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-obsolete", "-v0"]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    extracted = polib.pofile(str(tmp_path / "locale" / CATALOGUE))
    fresh = {(entry.msgid, entry.msgctxt or "") for entry in extracted}
    entries = polib.pofile(str(ROOT / "locale" / CATALOGUE))
    known = {(entry.msgid, entry.msgctxt or "") for entry in entries if not entry.obsolete}
    assert sorted(fresh - known) == []
    assert sorted(known - fresh) == []


def test_compiling_writes_a_catalogue_once(tmp_path: Path) -> None:
    target = tmp_path / CATALOGUE
    target.parent.mkdir(parents=True)
    shutil.copy(ROOT / "locale" / CATALOGUE, target)
    assert compile_catalogues(tmp_path) == 1
    assert polib.mofile(str(target.with_suffix(".mo"))).find("Sign in").msgstr == "登录"
    assert compile_catalogues(tmp_path) == 0
