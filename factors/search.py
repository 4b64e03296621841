"""Find versions by what people call the thing, in Chinese or English, and by what narrows them down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import (
    Case,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.arrays import among, array_of, array_text
from accounts.visibility import rows
from factors.models import FactorVersion, Source
from factors.models.source import Transcription
from factors.search_words import SPLIT, Term, almost, is_chinese_word, parts, terms, written

MOST_COUNTED = 5_000
"""Above so many hits values are offered without saying how often they occur: nobody reads through those."""
MOST_FACTORS = 250
"""So many factors a question finds, the best ones: whoever asks for more has to ask more narrowly."""
MOST_LOOKED_AT = 1_000
FEWEST = 50
"""Among so many of the best factors those are looked for that have a version that is asked for; among all of
them only where so few do."""
NEWEST = (F("reference_year").desc(), F("number").desc())
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


def search(
    versions: QuerySet[FactorVersion], words: str, *, is_narrowed: bool = True
) -> QuerySet[FactorVersion]:
    """Those whose factor is called so, best first; every word has to be found, by whichever of its names.

    Codes, CAS numbers, places, years and titles of sources count as words. Only when nothing is called
    exactly so, slips of the keys are forgiven. A figure nobody checked comes after those somebody did.
    Narrow ``versions`` first: of very many factors the best ones are found that have some among them.
    ``is_narrowed`` False: they are so many that nearly every factor has some, which is not asked then.
    """
    asked = terms(words)
    if not asked:
        return versions
    question = _Question(versions, asked, words.strip(), is_narrowed)
    found = question.found(guessing=False)
    if found is None:
        found = question.found(guessing=True)
    return versions.none() if found is None else found


def is_cut(found: QuerySet[FactorVersion]) -> bool:
    """Whether what ``search`` found is of so many factors that there may be more."""
    # so few factors have no more versions than that; what has is not looked through
    keys = found.order_by().values_list("factor_id", flat=True)[:MOST_COUNTED]
    return len(set(keys)) == MOST_FACTORS


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


@dataclass(frozen=True)
class _Question:
    """What somebody asked of some versions."""

    versions: QuerySet[FactorVersion]
    asked: Sequence[Term]
    typed: str
    is_narrowed: bool

    def found(self, *, guessing: bool) -> QuerySet[FactorVersion] | None:
        """Factors by words that can only be names; versions of those by years, places and documents."""
        versions, only = self.versions, list[str]()
        either: list[tuple[str, Q]] = []
        titles = list(Source.objects.values_list("pk", "title_zh", "title_en"))
        for term in self.asked:
            name, beside, documents = _named(term, guessing=guessing), _beside(term), _titled(term, titles)
            if beside is not None:
                either.append((name, beside))
            elif documents and not self._best(name, 1):
                versions = versions.filter(source__in=documents)
            else:
                only.append(name)
        if not only:
            found = versions.filter(*(other for _name, other in either))
            found = found.order_by("factor__kind", "factor__code", *NEWEST)
            return found if found.exists() else None
        wanted = " & ".join(f"({name})" for name in only)
        if self.is_narrowed or either or versions is not self.versions:
            return self._of_those_there(versions, wanted, either)
        best = self._best(wanted, MOST_FACTORS)
        return _ordered(versions.filter(among("factor_id", best)), best) if best else None

    def _of_those_there(
        self, versions: QuerySet[FactorVersion], wanted: str, either: Sequence[tuple[str, Q]]
    ) -> QuerySet[FactorVersion] | None:
        """Of the best factors that have some among the versions; None where none has."""
        best = self._best(wanted, MOST_LOOKED_AT)
        found, kept = _there(versions, best, either)
        if len(best) == MOST_LOOKED_AT and len(kept) < FEWEST:
            found, kept = _there(versions, self._best(wanted, None), either)
        return _ordered(found.filter(among("factor_id", kept)), kept) if kept else None

    def _best(self, wanted: str, most: int | None) -> dict[int, int]:
        """Key and rank of factors that are called so, the best first."""
        english = " " + " ".join(SPLIT.split(self.typed.lower())).strip()
        statement = "SELECT id, rank FROM factors_best(%s, %s, %s, %s)"
        return dict(rows(statement, [wanted, self.typed, english, most]))


def _there(
    versions: QuerySet[FactorVersion], best: Mapping[int, int], either: Sequence[tuple[str, Q]]
) -> tuple[QuerySet[FactorVersion], dict[int, int]]:
    """Versions that are what else is asked for, or whose factor is called so; the best that have some."""
    keys = array_text(best)
    for name, other in either:
        called = [key for (key,) in rows(CALLED_AMONG, [name, keys])]
        versions = versions.filter(other | Q(among("factor_id", called)) if called else other)
    found = versions.order_by().filter(among("factor_id", best))
    there = set(found.values_list("factor_id", flat=True).distinct())
    return versions, dict(islice(((key, rank) for key, rank in best.items() if key in there), MOST_FACTORS))


def _ordered(versions: QuerySet[FactorVersion], best: Mapping[int, int]) -> QuerySet[FactorVersion]:
    """In the order of the factors; of equally good ones those first that somebody checked."""
    place = Func(array_of(best), F("factor_id"), function="array_position", output_field=IntegerField())
    groups: dict[int, list[int]] = {}
    for key, rank in best.items():
        groups.setdefault(rank, []).append(key)
    *better, _last = groups.items()
    ranks = [When(among("factor_id", keys), then=Value(rank)) for rank, keys in better]
    order = [Case(*ranks, default=Value(2), output_field=IntegerField())] if ranks else []
    return versions.order_by(*order, _unchecked(), place, *NEWEST)


def _named(term: Term, *, guessing: bool) -> str:
    """What a factor's words have to match where it is called so, one way or the other."""
    ways = [parts(name) for name in term.names]
    if guessing:
        ways += almost(term.typed)
        ways += [parts(word) for word in _guesses(term.typed)]
    return " | ".join(f"({written(way)})" for way in ways)


CALLED_AMONG = "SELECT called FROM factors_called(%s) AS called WHERE called = ANY (%s::bigint[])"
"""Past row-level security, which keeps an index of words from being used: what is shared, and one's own."""


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


def _unchecked() -> Case:
    single = When(transcription=Transcription.SINGLE, then=Value(1))
    return Case(single, default=Value(0), output_field=IntegerField())


def _counted(versions: QuerySet[FactorVersion], names: list[str]) -> dict[str, list[Count]]:
    if not names:
        return {}
    if versions.order_by()[MOST_COUNTED : MOST_COUNTED + 1].exists():
        every = _every_value()
        return {name: [Count(value, None) for value in every[name]] for name in names}
    return _grouped(versions.order_by().values_list(*(FACETS[name] for name in names)), names)


def _grouped(hits: QuerySet[Any, Any], names: list[str]) -> dict[str, list[Count]]:
    """How often each value occurs, for all facets in one pass."""
    found: dict[str, list[Count]] = {name: [] for name in names}
    try:
        sql, parameters = hits.query.sql_with_params()
    except EmptyResultSet:
        return found
    columns = [f"c{place}" for place in range(len(names))]
    statement = f"""
        WITH hits ({", ".join(columns)}) AS MATERIALIZED ({sql})
        SELECT {", ".join(f"grouping({c}), {c}::text" for c in columns)}, count(*) FROM hits
        GROUP BY GROUPING SETS ({", ".join(f"({c})" for c in columns)}) ORDER BY count(*) DESC"""  # noqa: S608
    for *cells, count in rows(statement, list(parameters)):
        grouped = next(place for place in range(len(names)) if cells[2 * place] == 0)
        if cells[2 * grouped + 1]:
            found[names[grouped]].append(Count(cells[2 * grouped + 1], count))
    return found


def _every_value() -> dict[str, list[str]]:
    """The values of every facet, found once for each newest version."""
    shared = FactorVersion.objects.filter(company=None)  # kept for everybody
    newest = shared.order_by("-pk").values_list("pk", flat=True).first()

    def read() -> dict[str, list[str]]:
        everything = shared.order_by().values_list(*FACETS.values())
        counted = _grouped(everything, list(FACETS))
        return {name: [count.value for count in counts] for name, counts in counted.items()}

    return dict(cache.get_or_set(f"factors.values.{newest}", read, KEPT_SECONDS) or {})
