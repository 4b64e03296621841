"""Find versions by what people call the thing, in Chinese or English, and by what narrows them down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from accounts.visibility import rows
from factors.models import Factor, FactorVersion, Source
from factors.models.source import Transcription
from factors.search_words import Term, almost, is_chinese_word, parts, terms

MOST_COUNTED = 5_000
"""Above so many hits values are offered without saying how often they occur: nobody reads through those."""
MOST_FACTORS = 1_000
"""So many factors a question finds, the best ones: whoever asks for more has to ask more narrowly."""
SHORTEST_GUESSED = 4
ALIKE = 0.75
MOST_GUESSES = 3
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
    Narrow ``versions`` first: of very many factors the best thousand are found that have some among them.
    """
    asked = terms(words)
    if not asked:
        return versions
    titles = list(Source.objects.values_list("pk", "title_zh", "title_en"))
    found = _found(versions, asked, titles, words, guessing=False)
    if not found.exists():
        found = _found(versions, asked, titles, words, guessing=True)
    return found.order_by(
        _rank(words.strip(), "factor__"),
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
    found: Callable[[Mapping[str, object]], QuerySet[FactorVersion]],
    chosen: Mapping[str, object],
    names: Iterable[str] = FACETS,
) -> dict[str, list[Count]]:
    """For each facet its values among the versions, the most frequent first.

    ``found`` answers what is found under some choices; of a chosen facet the other values stay on offer, so
    it is counted without its own.
    """
    wanted = list(names)
    used = [name for name in wanted if chosen.get(name)]
    counted = _counted(found(chosen), [name for name in wanted if name not in used])
    for name in used:
        others = {other: value for other, value in chosen.items() if other != name}
        counted |= _counted(found(others), [name])
    return {name: counted[name] for name in wanted}


def _found(
    versions: QuerySet[FactorVersion],
    asked: Sequence[Term],
    titles: Sequence[Titled],
    words: str,
    *,
    guessing: bool,
) -> QuerySet[FactorVersion]:
    """Factors by the words that can only be their names, versions of those by years, places and documents."""
    only: list[Q] = []
    either: list[tuple[Q, Q]] = []
    for term in asked:
        name, beside, documents = _named(term, guessing=guessing), _beside(term), _titled(term, titles)
        if beside is not None:
            either.append((name, beside))
        elif documents and not Factor.objects.filter(name).exists():
            versions = versions.filter(source__in=documents)
        else:
            only.append(name)
    others = [other for _name, other in either]
    if not only:
        return versions.filter(*others)
    factors = Factor.objects.filter(reduce(and_, only)).order_by(_rank(words.strip()), "code")
    keys = list(factors.values_list("pk", flat=True)[: MOST_FACTORS + 1])
    if len(keys) > MOST_FACTORS:
        some = factors.filter(Exists(versions.order_by().filter(*others, factor=OuterRef("pk"))))
        keys = list(some.values_list("pk", flat=True)[:MOST_FACTORS])
    found = versions.filter(factor__in=keys)
    for name, other in either:
        found = found.filter(other | Q(factor__in=Factor.objects.filter(name, pk__in=keys)))
    return found


def _named(term: Term, *, guessing: bool) -> Q:
    """Factors that are called so, one way or the other.

    A function finds them, past row-level security, which keeps an index of texts from being used; it gives
    the keys of those that are shared or the caller's own.
    """
    ways = [parts(name) for name in term.names]
    if guessing:
        ways += almost(term.typed)
        ways += [parts(word) for word in _guesses(term.typed)]
    called = RawSQL("SELECT factors_called(%s::jsonb)", [json.dumps(ways, ensure_ascii=False)])
    return Q(pk__in=called)


def _beside(term: Term) -> Q | None:
    """Versions of the year or the place that it names; None where it names neither."""
    ways = [Q(reference_year=term.year)] if term.year else []
    ways += [Q(geography__in=term.places)] if term.places else []
    return reduce(or_, ways) if ways else None


def _titled(term: Term, titles: Iterable[Titled]) -> list[int]:
    """The documents with this in their title: few, so they are named rather than joined."""
    if len(term.typed) < 2:
        return []
    return [key for key, *names in titles if any(term.typed in name.lower() for name in names)]


def _guesses(typed: str) -> list[str]:
    """Words that factors are called by and that look like what was typed, one by one."""
    if is_chinese_word(typed):
        return []
    found: list[str] = []
    for word in typed.split():
        if len(word) >= SHORTEST_GUESSED:
            near = [known for known in _vocabulary() if abs(len(known) - len(word)) <= 2]
            found += get_close_matches(word, near, MOST_GUESSES, ALIKE)
    return found


def _vocabulary() -> list[str]:
    """Every English word that occurs in a name; what came in the last hour is found when typed rightly."""

    def read() -> list[str]:
        return [word for (word,) in rows(WORDS, [SHORTEST_GUESSED])]

    return list(cache.get_or_set("factors.words", read, KEPT_SECONDS) or [])


WORDS = """
SELECT DISTINCT word FROM factors_factor
CROSS JOIN LATERAL regexp_split_to_table(lower(name_en), '[^a-z]+') AS word
WHERE length(word) >= %s AND company_id IS NULL
"""
"""Kept for everybody, so nobody's own are among them."""


def _rank(typed: str, of: str = "") -> Case:
    same = Q(**{f"{of}code__iexact": typed}) | Q(**{f"{of}name_zh": typed})
    same |= Q(**{f"{of}name_en__iexact": typed})
    begins = Q(**{f"{of}name_zh__startswith": typed}) | Q(**{f"{of}name_en__istartswith": typed})
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
    found: dict[str, list[Count]] = {name: [] for name in names}
    try:
        sql, parameters = hits.query.sql_with_params()
    except EmptyResultSet:
        return found, 0
    columns = [f"c{place}" for place in range(len(names))]
    listed = ", ".join(columns)
    statement = f"""
        WITH hits ({listed}) AS MATERIALIZED ({sql})
        SELECT {", ".join(f"grouping({c}), {c}::text" for c in columns)}, count(*) FROM hits
        GROUP BY GROUPING SETS ((), {", ".join(f"({c})" for c in columns)}) ORDER BY count(*) DESC"""  # noqa: S608
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
    shared = FactorVersion.objects.filter(company=None)  # kept for everybody
    newest = shared.order_by("-pk").values_list("pk", flat=True).first()

    def read() -> dict[str, list[str]]:
        everything = shared.order_by().values_list(*FACETS.values())
        counted, _total = _grouped(everything, list(FACETS))
        return {name: [count.value for count in counts] for name, counts in counted.items()}

    return dict(cache.get_or_set(f"factors.values.{newest}", read, KEPT_SECONDS) or {})
