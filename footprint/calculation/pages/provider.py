"""The provider picker: what could provide a line, found by search, as a few choices."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.forms import languages, named
from factors import queries as factor_queries
from factors import units
from factors.geographies import place_name
from factors.models import FactorVersion
from footprint.inventory import queries
from footprint.inventory.models import Exchange
from footprint.inventory.providers import nature

SHOWN = 12
LOOKED_AT = 200


@dataclass(frozen=True)
class Choice:
    """One possible provider."""

    value: str
    title: str
    note: str
    href: str = ""


@dataclass(frozen=True)
class Group:
    """Providers of one sort."""

    title: str
    choices: list[Choice]


def present(line: Exchange) -> Choice | None:
    """What provides the line now."""
    if line.provider_process:
        return _process(line.provider_process)
    if line.provider_product:
        return _product(line.provider_product)
    return _factor(line.factor_version) if line.factor_version else None


def value_of(line: Exchange) -> str:
    """The present choice as the form names it."""
    found = present(line)
    return found.value if found else ""


def changes(value: str) -> dict[str, str | None]:
    """What the action takes for a choice: at most one of the three providers."""
    sort, _colon, uuid = value.partition(":")
    fields = {"process": "provider_process", "product": "provider_product", "factor": "factor_version"}
    return {field: uuid if sort == name else None for name, field in fields.items()}


def groups(actor: Actor, line: Exchange, search: str) -> list[Group]:
    """What could provide the line, without what does so already."""
    taken = value_of(line)
    found = [
        Group(_("Processes of this inventory"), _processes(actor, line, search)),
        Group(
            _("Products of other sites and partners"),
            [_product(each) for each in queries.possible_products(actor, line, search)],
        ),
        Group(_("Emission factors"), [_factor(each) for each in _factors(actor, line, search)]),
    ]
    kept = [Group(each.title, [c for c in each.choices if c.value != taken]) for each in found]
    return [each for each in kept if each.choices]


def _processes(actor: Actor, line: Exchange, search: str) -> list[Choice]:
    words = search.lower().split()
    choices = [_process(each) for each in queries.possible_processes(actor, line)[:LOOKED_AT]]
    return [c for c in choices if all(word in f"{c.title} {c.note}".lower() for word in words)][:SHOWN]


def _factors(actor: Actor, line: Exchange, search: str) -> list[FactorVersion]:
    """Published versions whose unit suits the line, the closest year before first."""
    dimensions = {units.dimension(line.unit)}
    if line.product:
        dimensions |= nature(line.product).dimensions
    suiting = [unit.code for unit in units.UNITS if unit.dimension in dimensions]
    found = factor_queries.factors_for(actor, search=search).filter(factor__unit__in=suiting)
    year = line.process.inventory.period_end.year
    versions = list(found[:LOOKED_AT])
    versions.sort(key=lambda each: (each.reference_year > year, abs(year - each.reference_year)))
    return versions[:SHOWN]


def _process(process: object) -> Choice:
    uuid, code = getattr(process, "uuid", ""), getattr(process, "code", "")
    return Choice(f"process:{uuid}", named(process), str(code))


def _product(product: object) -> Choice:
    uuid = getattr(product, "uuid", "")
    owner = named(getattr(product, "company", None))
    return Choice(f"product:{uuid}", named(product), owner, reverse("inventory:product", args=[uuid]))


def _factor(version: FactorVersion) -> Choice:
    place = place_name(version.geography, languages())
    note = f"{place} · {version.reference_year} · {version.get_boundary_display()}"
    note += f" · {units.display(version.factor.unit)}"
    href = f"{reverse('factors:factor', args=[version.factor.uuid])}?version={version.number}"
    return Choice(f"factor:{version.uuid}", named(version.factor), note, href)
