"""One concept, one name: every model and role is in the glossary, in the words the pages use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import polib
from django.apps import apps
from django.db.models import Model

from accounts.roles import ROLES
from alliance.runtime.environment import ROOT
from tests.house.tree import STOREYS, text

CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


class Term(NamedTuple):
    zh: str
    en: str
    source: str
    meaning: str


def terms() -> list[Term]:
    rows = [
        line.strip().strip("|").split("|")
        for line in text(Path("GLOSSARY.md")).splitlines()
        if line.startswith("|")
    ]
    return [
        Term(*(cell.strip() for cell in row))
        for row in rows
        if row[0].strip() != "中文" and not set(row[0].strip()) <= set("-:")
    ]


def spelled(name: str) -> str:
    """UnitProcess as people say it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def names(model: type[Model]) -> set[str]:
    return {spelled(model.__name__), str(model._meta.verbose_name_raw)}


def test_every_term_has_both_languages_a_source_and_a_meaning() -> None:
    assert [term.en for term in terms() if not all(term)] == []
    assert len(terms()) > 50


def test_no_term_is_there_twice() -> None:
    words = [term.en.lower() for term in terms()]
    assert sorted({word for word in words if words.count(word) > 1}) == []
    chinese = [term.zh for term in terms()]
    assert sorted({word for word in chinese if chinese.count(word) > 1}) == []


def test_every_model_is_a_term() -> None:
    known = {term.en.lower() for term in terms()}
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in STOREYS]
    assert sorted(m.__name__ for m in models if not names(m) & known) == []


def test_every_role_is_a_term() -> None:
    known = {(term.zh, term.en.lower()) for term in terms()}
    assert [
        role for role, meaning in ROLES.items() if (meaning.name_zh, meaning.name_en.lower()) not in known
    ] == []


def test_pages_say_the_words_of_the_glossary() -> None:
    """Where a sentence of the pages is a term and nothing else, its Chinese is the glossary's."""
    chinese = {term.en.lower(): term.zh for term in terms()}
    other = {
        f"{entry.msgid}: {entry.msgstr} / {chinese[entry.msgid.lower()]}"
        for entry in polib.pofile(str(CATALOGUE))
        if not entry.obsolete and entry.msgstr and entry.msgid.lower() in chinese
        if entry.msgstr != chinese[entry.msgid.lower()]
    }
    assert sorted(other) == []
