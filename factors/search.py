"""Find versions by what people call the thing, in Chinese or English, and by what narrows them down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    Lookup,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Length

from accounts.visibility import rows
from factors.models import Factor, FactorVersion, Source
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


@TextField.register_lookup
class Words(Lookup[bool]):
    """Whether a searchable text has the words of a tsquery: answered by an index alone."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """As the index ``factor_words`` is made."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"factors_words({column}) @@ %s::tsquery", (*parameters, self.rhs)


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
        versions, only = self.versions, list[Q]()
        either: list[tuple[Q, Q]] = []
        titles = list(Source.objects.values_list("pk", "title_zh", "title_en"))
        for term in self.asked:
            name, beside, documents = _named(term, guessing=guessing), _beside(term), _titled(term, titles)
            if beside is not None:
                either.append((name, beside))
            elif documents and not Factor.objects.filter(name).exists():
                versions = versions.filter(source__in=documents)
            else:
                only.append(name)
        others = [other for _name, other in either]
        if not only:
            rows = versions.filter(*others).order_by("factor__kind", "factor__code", *NEWEST)
            return rows if rows.exists() else None
        is_narrowed = self.is_narrowed or versions is not self.versions
        return self._of_the_best(versions, reduce(and_, only), either, is_narrowed=is_narrowed)

    def _of_the_best(
        self,
        versions: QuerySet[FactorVersion],
        called: Q,
        either: Sequence[tuple[Q, Q]],
        *,
        is_narrowed: bool,
    ) -> QuerySet[FactorVersion] | None:
        """Of the best factors that are called so; None where there are none."""
        factors = Factor.objects.filter(called).annotate(rank=_rank(self.typed))
        factors = factors.order_by("rank", Length("name_zh"), "code")

        def rows(keys: Sequence[int]) -> QuerySet[FactorVersion]:
            found = versions.order_by().filter(_among(keys))
            for name, other in either:
                found = found.filter(
                    other | Q(factor__in=Factor.objects.filter(name).filter(_among(keys, "pk")))
                )
            return found

        best = _ranks(factors[: MOST_LOOKED_AT if is_narrowed or either else MOST_FACTORS])
        if is_narrowed or either:
            there = set(rows(list(best)).values_list("factor_id", flat=True).distinct())
            kept = {key: rank for key, rank in best.items() if key in there}
            if len(best) == MOST_LOOKED_AT and len(kept) < FEWEST:
                some = versions.order_by().filter(*(other for _name, other in either), factor=OuterRef("pk"))
                kept = _ranks(factors.filter(Exists(some))[:MOST_FACTORS])
            best = dict(list(kept.items())[:MOST_FACTORS])
        return _ordered(rows(list(best)), best) if best else None


def _ranks(factors: QuerySet[Any]) -> dict[int, int]:
    """Key and rank of factors, in their order."""
    return dict(factors.values_list("pk", "rank"))


def _ordered(versions: QuerySet[FactorVersion], best: Mapping[int, int]) -> QuerySet[FactorVersion]:
    """In the order of the factors; of equally good ones those first that somebody checked."""
    place = Func(Value(list(best)), F("factor_id"), function="array_position", output_field=IntegerField())
    same = sum(rank == 0 for rank in best.values())
    begin = same + sum(rank == 1 for rank in best.values())
    rank = Case(
        When(found_at__lte=same, then=Value(0)), When(found_at__lte=begin, then=Value(1)), default=Value(2)
    )
    return versions.alias(found_at=place).order_by(rank, _unchecked(), "found_at", *NEWEST)


def _among(keys: Sequence[int], field: str = "factor_id") -> Func:
    """Versions of these factors, or factors, in one parameter: hundreds of keys cost nothing to write."""
    listed = Value(list(keys))  # given a field, Django would look at every single key
    return Func(
        F(field),
        listed,
        template="%(expressions)s)",
        arg_joiner=" = ANY (",
        output_field=BooleanField(),
    )


def _named(term: Term, *, guessing: bool) -> Q:
    """Factors that are called so."""
    ways = [parts(name) for name in term.names]
    if guessing:
        ways += almost(term.typed)
        ways += [parts(word) for word in _guesses(term.typed)]
    return Q(search_text__words=" | ".join(f"({written(way)})" for way in ways))


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
CROSS JOIN LATERAL regexp_split_to_table(lower(name_en), '[^a-z]+') AS word WHERE length(word) >= %s
"""


def _rank(typed: str) -> Case:
    """Called exactly so, then what begins so. Thousands are ranked: what is compared has no case to fold."""
    english = Q(search_text__startswith=" " + " ".join(SPLIT.split(typed.lower())).strip())
    same = Q(code=typed.lower()) | Q(name_zh=typed) | (english & Q(name_en__iexact=typed))
    ranks = [When(same, then=Value(0)), When(english | Q(name_zh__startswith=typed), then=Value(1))]
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
    newest = FactorVersion.objects.order_by("-pk").values_list("pk", flat=True).first()

    def read() -> dict[str, list[str]]:
        everything = FactorVersion.objects.order_by().values_list(*FACETS.values())
        counted, _total = _grouped(everything, list(FACETS))
        return {name: [count.value for count in counts] for name, counts in counted.items()}

    return dict(cache.get_or_set(f"factors.values.{newest}", read, KEPT_SECONDS) or {})
