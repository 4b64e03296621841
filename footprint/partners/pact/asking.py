"""What a list is narrowed by: the query of v3, the fragment of a request, and `$filter` of v2."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from footprint.partners.pact import values

LISTS = {
    "productid": "product_ids",
    "companyid": "company_ids",
    "geography": "geography",
    "classification": "classifications",
    "x-pcf-geography-within": "within",
}
MOMENTS = {"validon": "valid_on", "validafter": "valid_after", "validbefore": "valid_before"}
SPELLED = {name.lower(): name for name in ("productId", "companyId", "validOn", "validAfter", "validBefore")}
"""As the standard writes them, for whoever reads a refusal."""
MOST_VALUES = 100
MOST_LENGTH = 1000


class Unreadable(ValueError):
    """A query, a fragment or an expression that says nothing; ``code`` and ``name`` say why."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{code} {name}")
        self.code, self.name = code, name


@dataclass(frozen=True)
class Condition:
    """One comparison of v2: a column, an operator, a value."""

    column: str
    operator: str
    value: str


@dataclass(frozen=True)
class Asked:
    """All of it; texts case-folded. Within one list any value fits, across them all must.

    ``statuses`` None asks for both; ``within`` are countries including their subdivisions.
    """

    product_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()
    geography: tuple[str, ...] = ()
    classifications: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    valid_on: datetime | None = None
    valid_after: datetime | None = None
    valid_before: datetime | None = None
    statuses: tuple[str, ...] | None = None
    conditions: tuple[Condition, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for in particular."""
        return self == Asked()


def from_query(pairs: Iterable[tuple[str, str]]) -> Asked:
    """The criteria of an address; names in any case, empty values as if absent, other names ignored.

    Raises:
        Unreadable: a moment that is none, or more values than a list takes.
    """
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value and not value.isspace():
            found.setdefault(name.lower(), []).append(value)
    return _asked(found)


def from_fragment(fragment: Mapping[str, Any]) -> Asked:
    """The criteria of a RequestCreatedEvent; null as if absent, one text as a list of one.

    Raises:
        Unreadable: a value that is neither text nor a list of texts, or a moment that is none.
    """
    found: dict[str, list[str]] = {}
    for name, value in fragment.items():
        key = name.lower()
        if key not in LISTS and key not in MOMENTS and key != "status":
            continue
        given = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(one, str) for one in given):
            raise Unreadable("not_texts", name)
        found[key] = [one for one in given if one]
    return _asked(found)


def _asked(found: Mapping[str, Sequence[str]]) -> Asked:
    told: dict[str, Any] = {}
    for name, column in LISTS.items():
        given = found.get(name, ())
        if len(given) > MOST_VALUES or any(len(one) > MOST_LENGTH or "\0" in one for one in given):
            raise Unreadable("too_many", SPELLED.get(name, name))
        told[column] = tuple(dict.fromkeys(values.folded(one) for one in given))
    for name, column in MOMENTS.items():
        if given := found.get(name, ()):
            told[column] = _moment(given, name)
    if given := found.get("status", ()):
        told["statuses"] = tuple(dict.fromkeys(one.casefold() for one in given))
    return Asked(**told)


def _moment(given: Sequence[str], name: str) -> datetime:
    found = values.lenient_moment(given[-1]) if len(set(given)) == 1 else None
    if found is None:
        raise Unreadable("not_moment", SPELLED.get(name, name))
    return found


# -- $filter -------------------------------------------------------------------------------------------------
TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[()]|[A-Za-z][\w/]*:?|:)")
COLUMNS = {
    "created": "created",
    "updated": "created",
    "productcategorycpc": "cpc",
    "pcf/geographycountry": "country",
    "pcf/referenceperiodstart": "period_start",
    "pcf/referenceperiodend": "period_end",
}
ANY = {"productids/any": "product_ids", "companyids/any": "company_ids"}
OPERATORS = ("eq", "lt", "le", "gt", "ge")
MOMENT_COLUMNS = ("created", "period_start", "period_end")
MOST_FILTER = 2000
DEEPEST = 20


def from_filter(text: str) -> Asked:
    """The subset of OData that v2 names: comparisons, `and`, parentheses, and `any` over identifiers.

    Raises:
        Unreadable: anything else; the host then answers NotImplemented or BadRequest.
    """
    if len(text) > MOST_FILTER:
        raise Unreadable("too_long", "$filter")
    reader = _Reader(_tokens(text))
    found = reader.conjunction(0)
    if reader.rest():
        raise Unreadable("filter", reader.rest()[0])
    return Asked(conditions=tuple(found))


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise Unreadable("filter", text[place : place + 20])
        found.append(match[1])
        place = match.end()
    return found


class _Reader:
    """One pass over the tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._place = tokens, 0

    def rest(self) -> list[str]:
        return self._tokens[self._place :]

    def _take(self, *wanted: str) -> str:
        token = self._tokens[self._place] if self._place < len(self._tokens) else ""
        if not token or (wanted and token.lower() not in wanted):
            raise Unreadable("filter", token)
        self._place += 1
        return token

    def _next_is(self, word: str) -> bool:
        return self.rest()[:1] != [] and self.rest()[0].lower() == word

    def conjunction(self, depth: int) -> list[Condition]:
        found = self._term(depth)
        while self._next_is("and"):
            self._take()
            found += self._term(depth)
        return found

    def _term(self, depth: int) -> list[Condition]:
        if depth > DEEPEST:
            raise Unreadable("filter", "(")
        if self._next_is("("):
            self._take()
            found = self.conjunction(depth + 1)
            self._take(")")
            return found
        name = self._take().lower()
        if name in ANY:
            return [self._any(ANY[name])]
        if name not in COLUMNS:
            raise Unreadable("filter_property", name)
        return [self._comparison(COLUMNS[name], OPERATORS)]

    def _any(self, column: str) -> Condition:
        self._take("(")
        variable = self._take()
        if not variable.endswith(":"):
            self._take(":")
        depth = 0
        while self._next_is("("):
            self._take()
            depth += 1
        if depth > DEEPEST:
            raise Unreadable("filter", "(")
        self._take(variable.rstrip(":").lower())
        found = self._comparison(column, ("eq",))
        for _ in range(depth + 1):
            self._take(")")
        return found

    def _comparison(self, column: str, operators: Sequence[str]) -> Condition:
        operator = self._take(*operators).lower()
        literal = self._take()
        if not literal.startswith("'"):
            raise Unreadable("filter", literal)
        value = literal[1:-1].replace("''", "'")
        if "\0" in value or (column in MOMENT_COLUMNS and values.lenient_moment(value) is None):
            raise Unreadable("not_moment", column)
        return Condition(column, operator, value)
