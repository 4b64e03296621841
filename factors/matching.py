"""How well versions of factors fit what somebody looks for: the best first, each with its reasons in words.

Same substance before a like one, then what was checked before what was copied once, then the nearer place,
the nearer year, and what is resolved by gas. A number that was copied once is never called the best.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import Text
from factors.models import Factor, FactorVersion

TAIL = re.compile(r"[,(（:：，].*$")
USE = re.compile(r"(燃烧|供应)$")
WORD = re.compile(r"[a-z0-9]+")
POWER = re.compile(r"电力|购电|网电|用电|\belectric|\bpower\b")
MEAN = re.compile(r"平均|\baverage\b")
GRIDS: dict[str, str] = {
    "CN-GRID-NC": "BJ TJ HE SX SD NM",
    "CN-GRID-NE": "LN JL HL",
    "CN-GRID-EC": "SH JS ZJ AH FJ",
    "CN-GRID-CC": "HA HB HN JX",
    "CN-GRID-NW": "SN GS QH NX XJ",
    "CN-GRID-SG": "GD GX HI GZ YN",
    "CN-GRID-SW": "CQ SC XZ",
}
"""Which provinces a regional grid serves, from memory, unverified: it only puts the nearer first."""
GRID_OF = {f"CN-{province}": grid for grid, served in GRIDS.items() for province in served.split()}


class Likeness(IntEnum):
    """Whether a factor is about the thing."""

    OTHER = 0
    ALIKE = 1
    SAME = 2


@dataclass(frozen=True)
class Wanted:
    """What is looked for: its names, where and when it is used."""

    name_zh: str
    name_en: str
    province: str
    year: int


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for a choice, or against it."""

    code: str
    text: Text
    speaks_for: bool = True


@dataclass(frozen=True)
class Match:
    """A version with what speaks for and against it; a larger ``order`` is better."""

    version: FactorVersion
    reasons: tuple[Reason, ...]
    order: tuple[int, ...]

    @property
    def may_be_best(self) -> bool:
        """Whether it may be proposed: about this very substance, and not copied by one pair of eyes."""
        return self.order[0] == Likeness.SAME and not self.version.is_single_transcription


def matches(wanted: Wanted, versions: Iterable[FactorVersion], resolved: Collection[int]) -> list[Match]:
    """The versions, the best first; ``resolved`` are the keys of those whose single gases are known."""
    found = [_match(wanted, version, version.pk in resolved) for version in versions]
    return sorted(found, key=lambda each: (tuple(-part for part in each.order), each.version.factor.code))


def likeness(wanted: Wanted, factor: Factor) -> Likeness:
    """Whether the names are of one substance; qualities behind a comma or in brackets do not count."""
    names = f"{wanted.name_zh} {wanted.name_en}".lower()
    if factor.kind == Factor.Kind.ELECTRICITY and POWER.search(names):
        return Likeness.SAME if MEAN.search(f"{factor.name_zh} {factor.name_en}".lower()) else Likeness.ALIKE
    return max(_alike(_chinese(wanted.name_zh), _chinese(factor.name_zh)), _alike_words(wanted, factor))


def _alike(one: str, other: str) -> Likeness:
    if not one or not other:
        return Likeness.OTHER
    if one == other:
        return Likeness.SAME
    return Likeness.ALIKE if one in other or other in one else Likeness.OTHER


def _alike_words(wanted: Wanted, factor: Factor) -> Likeness:
    one, other = _words(wanted.name_en), _words(factor.name_en)
    if not one or not other:
        return Likeness.OTHER
    if one == other:
        return Likeness.SAME
    return Likeness.ALIKE if one <= other or other <= one else Likeness.OTHER


def _chinese(name: str) -> str:
    return USE.sub("", TAIL.sub("", name).strip())


def _words(name: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in WORD.findall(TAIL.sub("", name).lower()))


def _match(wanted: Wanted, version: FactorVersion, is_resolved: bool) -> Match:
    alike = likeness(wanted, version.factor)
    near, place = _place(wanted.province, version.geography)
    years = version.reference_year - wanted.year
    is_checked = not version.is_single_transcription
    reasons = [*_substance(alike), place, _year(years), _gases(version, is_resolved)]
    reasons.append(Reason("transcription", version.get_transcription_display(), is_checked))
    # a year that has not come yet is no better than one twice as far back
    order = (alike, is_checked, near, -2 * years if years > 0 else years, is_resolved)
    return Match(version, tuple(reasons), tuple(map(int, order)))


def _substance(alike: Likeness) -> list[Reason]:
    if alike is Likeness.SAME:
        return [Reason("same_substance", _("Same substance"))]
    if alike is Likeness.ALIKE:
        return [Reason("like_substance", _("Similar name"))]
    return [Reason("other_substance", _("Another substance"), False)]


def _place(province: str, geography: str) -> tuple[int, Reason]:
    if province and geography == province:
        return 4, Reason("same_province", _("Same province"))
    if province and geography == GRID_OF.get(province):
        return 3, Reason("same_grid", _("Grid of this region"))
    if geography == "CN":
        return 2, Reason("national", _("Whole country"))
    if geography == "GLO":
        return 1, Reason("world", _("World average"), False)
    return 0, Reason("other_place", _("Another place"), False)


def _year(years: int) -> Reason:
    if years == 0:
        return Reason("same_year", _("Same year"))
    count = abs(years)
    if years < 0:
        words = ngettext("%(count)d year earlier", "%(count)d years earlier", count)
    else:
        words = ngettext("%(count)d year later", "%(count)d years later", count)
    return Reason("year_distance", words % {"count": count}, count <= 3)


def _gases(version: FactorVersion, is_resolved: bool) -> Reason:
    if not is_resolved:
        return Reason("total_only", _("One total in CO2e"), False)
    if version.scope == FactorVersion.Scope.CO2:
        return Reason("co2_only", _("CO2 only"), False)
    return Reason("by_gas", _("Resolved by gas"))
