"""What could provide a line: processes here, products of other sites and partners, factors; with reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.actor import Actor
from factors import queries as factor_queries
from factors import units
from factors.matching import Likeness, Reason, Wanted, matches
from factors.models import Factor, FactorVersion
from footprint.inventory import queries
from footprint.inventory.models import Exchange, Product, UnitProcess
from footprint.inventory.providers import named, nature

SHOWN = 12
LOOKED_AT = 2000
BRACKETED = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")


class Sort(StrEnum):
    """Which of a line's three links a candidate would be."""

    PROCESS = "process"
    PRODUCT = "product"
    FACTOR = "factor"


FIELDS = {
    Sort.PROCESS: "provider_process",
    Sort.PRODUCT: "provider_product",
    Sort.FACTOR: "factor_version",
}


@dataclass(frozen=True)
class Candidate:
    """One possible provider; at most one of a list is the best."""

    sort: Sort
    thing: UnitProcess | Product | FactorVersion
    reasons: tuple[Reason, ...]
    may_be_best: bool
    is_best: bool = False

    @property
    def field(self) -> str:
        """The line's link it would be."""
        return FIELDS[self.sort]

    @property
    def named(self) -> UnitProcess | Product | Factor:
        """What has the names: of a version its factor."""
        return self.thing.factor if isinstance(self.thing, FactorVersion) else self.thing


def candidates(actor: Actor, line: Exchange, search: str = "") -> list[Candidate]:
    """What could provide the line, the best of each sort first, without what does so already."""
    found = [
        *_processes(actor, line, search),
        *_products(actor, line, search),
        *_factors(actor, line, search),
    ]
    taken = {(sort, getattr(line, f"{field}_id")) for sort, field in FIELDS.items()}
    free = [each for each in found if (each.sort, each.thing.pk) not in taken]
    best = next((each for each in free if each.may_be_best), None)
    return [replace(each, is_best=each is best) for each in free]


def _processes(actor: Actor, line: Exchange, search: str) -> list[Candidate]:
    if line.product is None:
        return []
    words = search.lower().split()
    rows = [
        each
        for each in queries.possible_processes(actor, line)[:LOOKED_AT]
        if all(word in f"{each.code} {each.name_zh} {each.name_en}".lower() for word in words)
    ]
    reason = Reason("makes_it_here", _("Makes %(product)s here") % {"product": named(line.product)})
    return [Candidate(Sort.PROCESS, each, (reason,), True) for each in rows[:SHOWN]]


def _products(actor: Actor, line: Exchange, search: str) -> list[Candidate]:
    if line.product is None:
        return []
    found = queries.possible_products(actor, line, search)
    told = [_product(line, line.product, each) for each in found]
    return sorted(told, key=lambda each: (not each.may_be_best, each.thing.pk != line.product_id))[:SHOWN]


def _product(line: Exchange, wanted: Product, offered: Product) -> Candidate:
    if offered.pk == wanted.pk:
        return Candidate(Sort.PRODUCT, offered, (Reason("own_site", _("Your own product")),), True)
    is_same = _folded(offered) & _folded(wanted) != set()
    is_alike = wanted.category_id is not None and offered.category_id == wanted.category_id
    reasons = [Reason("supplier", _("Opened to you by its maker"))]
    if is_same:
        reasons.insert(0, Reason("same_substance", _("Same substance")))
    elif is_alike:
        reasons.insert(0, Reason("same_category", _("Same product category")))
    else:
        reasons.insert(0, Reason("other_substance", _("Another substance"), False))
    return Candidate(Sort.PRODUCT, offered, tuple(reasons), is_same or is_alike)


def _folded(product: Product) -> set[str]:
    """Its names as they are compared: what stands last in brackets is where it comes from, or how."""
    plain = (BRACKETED.sub("", name).strip().casefold() for name in (product.name_zh, product.name_en))
    return {name for name in plain if name}


def _factors(actor: Actor, line: Exchange, search: str) -> list[Candidate]:
    """Published versions whose unit suits the line."""
    dimensions = {units.dimension(line.unit)}
    if line.product:
        dimensions |= nature(line.product).dimensions
    suiting = [unit.code for unit in units.UNITS if unit.dimension in dimensions]
    # units narrow before words: among very many hits only the best factors are looked at
    versions = list(factor_queries.factors_for(actor, search=search, units=suiting)[:LOOKED_AT])
    resolved = factor_queries.resolved_by_gas(actor, [each.pk for each in versions])
    ranked = matches(_wanted(line), versions, resolved)
    if not search:
        # without a word to go by, what merely counts in the same unit is no answer
        ranked = [each for each in ranked if each.order[0] > Likeness.OTHER] or ranked
    return [Candidate(Sort.FACTOR, each.version, each.reasons, each.may_be_best) for each in ranked[:SHOWN]]


def _wanted(line: Exchange) -> Wanted:
    inventory, thing = line.process.inventory, line.product
    return Wanted(
        name_zh=thing.name_zh if thing else line.flow_name,
        name_en=thing.name_en if thing else line.flow_name,
        province=inventory.site.province,
        year=inventory.period_end.year,
    )
