"""The values a list of versions can be narrowed by, each with the link that does so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy

from accounts.actor import Actor
from accounts.errors import Text
from accounts.figures import name as name_of
from factors import queries
from factors.geographies import place_name
from factors.models import Factor, FactorVersion, Source
from factors.models.source import Transcription
from factors.pages.words import table_name
from factors.search import FACETS, Count, facets

LABELS: Mapping[str, Text] = {
    "kind": gettext_lazy("Kind"),
    "geography": gettext_lazy("Place"),
    "year": gettext_lazy("Year"),
    "boundary": gettext_lazy("Boundary"),
    "scope": gettext_lazy("Gases"),
    "source": gettext_lazy("Source"),
    "transcription": gettext_lazy("Checked"),
    "redistribution": gettext_lazy("Licence"),
    "technology": gettext_lazy("Technology"),
    "category": gettext_lazy("Table"),
    "cpc": gettext_lazy("CPC code"),
    "hs": gettext_lazy("HS code"),
}
OPEN = ("kind", "geography", "year", "scope")
SHOWN = 8
CHOICES: Mapping[str, Mapping[str, Text]] = {
    "kind": dict(Factor.Kind.choices),
    "boundary": dict(FactorVersion.Boundary.choices),
    "scope": dict(FactorVersion.Scope.choices),
    "transcription": dict(Transcription.choices),
    "redistribution": dict(Source.Redistribution.choices),
}


@dataclass(frozen=True)
class Value:
    """One value: choosing it narrows the list, choosing it again takes that back."""

    label: Text
    count: int | None
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """Values of one kind, the frequent ones in sight."""

    name: str
    label: Text
    values: tuple[Value, ...]
    is_open: bool

    @property
    def first(self) -> tuple[Value, ...]:
        """What is in sight."""
        return self.values[:SHOWN]

    @property
    def more(self) -> tuple[Value, ...]:
        """What unfolds."""
        return self.values[SHOWN:]


def shown(
    actor: Actor, rows: QuerySet[FactorVersion], wanted: Mapping[str, str], query: QueryDict
) -> list[Facet]:
    """Every facet that has something to choose; ``rows``: what is found, ``wanted``: words and status."""
    chosen = chosen_in(query)

    def narrowed(others: Mapping[str, object]) -> QuerySet[FactorVersion]:
        return rows if others == chosen else queries.factors_for(actor, **{**wanted, **others})  # type: ignore[arg-type]

    language = get_language() or "zh-hans"
    sources = {source.code: name_of(source, language) for source in queries.sources(actor)}
    found = []
    for name, counts in facets(narrowed, chosen).items():
        asked = str(chosen.get(name) or "")
        values = tuple(
            _value(name, count, asked, query, sources, language) for count in _sorted(name, counts)
        )
        if len(values) > 1 or asked:
            found.append(Facet(name, LABELS[name], values, name in OPEN or bool(asked)))
    order = list(LABELS)
    return sorted(found, key=lambda facet: order.index(facet.name))


def _sorted(name: str, counts: list[Count]) -> list[Count]:
    """Years run downwards; all else by how often it occurs."""
    return sorted(counts, key=lambda count: count.value, reverse=True) if name == "year" else counts


def _value(
    name: str, count: Count, asked: str, query: QueryDict, sources: Mapping[str, str], language: str
) -> Value:
    changed = query.copy()
    changed.pop("page", None)
    changed.pop(name, None)
    if count.value != asked:
        changed[name] = count.value
    label = CHOICES.get(name, {}).get(count.value, count.value)
    if name == "geography":
        label = place_name(count.value, language)
    elif name == "source":
        label = sources.get(count.value, count.value)
    elif name == "category":
        label = table_name(count.value)
    return Value(label, count.versions, changed.urlencode(), count.value == asked)


def chosen_in(query: QueryDict) -> dict[str, object]:
    """What narrows the list; what cannot be understood narrows nothing."""
    found: dict[str, object] = {}
    for name in FACETS:
        given = query.get(name, "").strip()
        if name == "year":
            if given.isascii() and given.isdigit() and len(given) == 4:
                found[name] = int(given)
        elif given and (name not in CHOICES or given in CHOICES[name]) and "\x00" not in given:
            found[name] = given[:120]
    return found
