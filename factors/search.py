"""Find versions by what people call the thing, in Chinese or English, and by what narrows them down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.cache import cache
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from accounts.visibility import rows
from factors.models import Factor, FactorVersion, Source
from factors.models.source import Transcription
from factors.search_words import Term, almost, is_chinese_word, parts, terms

MOST_COUNTED = 20_000
"""Above so many hits values are offered without saying how often they occur: nobody reads through those."""
SHORTEST_GUESSED = 4
KEPT_SECONDS = 3600
FACETS: Mapping[str, str] = {
    "kind": "factor__kind",
    "category": "factor__category",
    "cpc": "factor__cpc",
    "hs": "factor__hs",
    "geography": "geography",
    "year": "reference_year",
    "technology": "technology",
    "boundary": "boundary",
    "scope": "scope",
    "source": "source__code",
    "transcription": "transcription",
    "redistribution": "source__redistribution",
}
"""What versions can be narrowed by, and where it stands."""


def search(versions: QuerySet[FactorVersion], words: str) -> QuerySet[FactorVersion]:
    """Those whose factor is called so, best first; every word has to be found, by whichever of its names.

    Codes, CAS numbers, places, years and titles of sources count as words. Only when nothing is called
    exactly so, slips of the keys are forgiven. A figure nobody checked comes after those somebody did.
    """
    asked = terms(words)
    if not asked:
        return versions
    titles = list(Source.objects.values_list("pk", "title_zh", "title_en"))
    exact = versions.filter(_all(asked, titles, guessing=False))
    found = exact if exact.exists() else versions.filter(_all(asked, titles, guessing=True))
    return found.order_by(
        _rank(words.strip()),
        _unchecked(),
        Length("factor__name_zh"),
        "factor__code",
        F("reference_year").desc(),
        F("number").desc(),
    )


Titled = tuple[int, str, str]
"""A source: key, title in Chinese, in English."""


@dataclass(frozen=True)
class Count:
    """A value versions can be narrowed by; ``versions`` is None when there are too many to count."""

    value: str
    versions: int | None


def facets(
    versions: QuerySet[FactorVersion], chosen: Mapping[str, object], names: Iterable[str] = FACETS
) -> dict[str, list[Count]]:
    """For each facet its values among the versions, the most frequent first.

    ``versions`` are those found before narrowing; of a chosen facet the other values stay on offer, so it is
    counted without its own filter.
    """
    wanted = list(names)
    used = [name for name in wanted if chosen.get(name)]
    narrowed = {FACETS[name]: value for name, value in chosen.items() if value and name in FACETS}
    free = [name for name in wanted if name not in used]
    found = _counted(versions.filter(**narrowed), free)
    for name in used:
        others = {field: value for field, value in narrowed.items() if field != FACETS[name]}
        found |= _counted(versions.filter(**others), [name])
    return {name: found[name] for name in wanted}


def _all(asked: Iterable[Term], titles: Iterable[Titled], *, guessing: bool) -> Q:
    return reduce(and_, (_any(term, titles, guessing=guessing) for term in asked))


def _any(term: Term, titles: Iterable[Titled], *, guessing: bool) -> Q:
    ways = [_stands(parts(name)) for name in term.names]
    if guessing:
        ways += [_stands(rest) for rest in almost(term.typed)]
        if not is_chinese_word(term.typed) and len(term.typed) >= SHORTEST_GUESSED:
            ways.append(Q(search_text__trigram_word_similar=term.typed))
    found = Q(factor__in=Factor.objects.filter(reduce(or_, ways)))
    if term.year:
        found |= Q(reference_year=term.year)
    if term.places:
        found |= Q(geography__in=term.places)
    # few documents, so they are named rather than joined
    sources = [key for key, *names in titles if any(_is_titled(name, term) for name in names)]
    return found | Q(source__in=sources) if sources else found


def _is_titled(title: str, term: Term) -> bool:
    return len(term.typed) > 1 and term.typed in title.lower()


def _stands(words: Iterable[str]) -> Q:
    return reduce(and_, (Q(search_text__contains=word) for word in words))


def _rank(typed: str) -> Case:
    same = Q(factor__code__iexact=typed) | Q(factor__name_zh=typed) | Q(factor__name_en__iexact=typed)
    begins = Q(factor__name_zh__startswith=typed) | Q(factor__name_en__istartswith=typed)
    ranks = [When(same, then=Value(0)), When(begins, then=Value(1))]
    return Case(*ranks, default=Value(2), output_field=IntegerField())


def _unchecked() -> Case:
    single = When(transcription=Transcription.SINGLE, then=Value(1))
    return Case(single, default=Value(0), output_field=IntegerField())


def _counted(versions: QuerySet[FactorVersion], names: list[str]) -> dict[str, list[Count]]:
    if not names:
        return {}
    hits = versions.order_by().values_list(*(FACETS[name] for name in names))
    found, total = _grouped(hits[: MOST_COUNTED + 1], names)
    if total <= MOST_COUNTED:
        return found
    every = _every_value()
    return {name: [Count(value, None) for value in every[name]] for name in names}


def _grouped(hits: QuerySet[Any, Any], names: list[str]) -> tuple[dict[str, list[Count]], int]:
    """How often each value occurs, for all facets in one pass, and how many hits there are."""
    sql, parameters = hits.query.sql_with_params()
    columns = [f"c{place}" for place in range(len(names))]
    listed = ", ".join(columns)
    statement = f"""
        WITH hits ({listed}) AS MATERIALIZED ({sql})
        SELECT {", ".join(f"grouping({c}), {c}::text" for c in columns)}, count(*) FROM hits
        GROUP BY GROUPING SETS ((), {", ".join(f"({c})" for c in columns)}) ORDER BY count(*) DESC"""  # noqa: S608
    found: dict[str, list[Count]] = {name: [] for name in names}
    total = 0
    for *cells, count in rows(statement, list(parameters)):
        grouped = [place for place in range(len(names)) if cells[2 * place] == 0]
        if not grouped:
            total = count
        elif cells[2 * grouped[0] + 1]:
            found[names[grouped[0]]].append(Count(cells[2 * grouped[0] + 1], count))
    return found, total


def _every_value() -> dict[str, list[str]]:
    """The values of every facet, found once for each newest version."""
    newest = FactorVersion.objects.order_by("-pk").values_list("pk", flat=True).first()

    def read() -> dict[str, list[str]]:
        everything = FactorVersion.objects.order_by().values_list(*FACETS.values())
        counted, _total = _grouped(everything, list(FACETS))
        return {name: [count.value for count in counts] for name, counts in counted.items()}

    return dict(cache.get_or_set(f"factors.values.{newest}", read, KEPT_SECONDS) or {})
