"""The provider picker: what could provide a line, found by search, as a few choices with their reasons."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.forms import languages, named
from factors import units
from factors.geographies import place_name
from factors.matching import Reason
from factors.models import FactorVersion
from footprint.inventory.candidates import FIELDS, Candidate, Sort, candidates
from footprint.inventory.models import Exchange, Product, UnitProcess


@dataclass(frozen=True)
class Choice:
    """One possible provider."""

    value: str
    title: str
    note: str
    href: str = ""
    reasons: tuple[Reason, ...] = ()
    is_best: bool = False


@dataclass(frozen=True)
class Group:
    """Providers of one sort."""

    title: str
    choices: list[Choice]


def present(line: Exchange) -> Choice | None:
    """What provides the line now."""
    if line.provider_process:
        return choice_of(line.provider_process)
    if line.provider_product:
        return choice_of(line.provider_product)
    return choice_of(line.factor_version) if line.factor_version else None


def value_of(line: Exchange) -> str:
    """The present choice as the form names it."""
    found = present(line)
    return found.value if found else ""


def changes(value: str) -> dict[str, str | None]:
    """What the action takes for a choice: at most one of the three providers."""
    sort, _colon, uuid = value.partition(":")
    return {field: uuid if sort == name else None for name, field in FIELDS.items()}


def groups(actor: Actor, line: Exchange, search: str) -> list[Group]:
    """What could provide the line, without what does so already; the group of the best match first."""
    titles = {
        Sort.PROCESS: _("Processes of this inventory"),
        Sort.PRODUCT: _("Products of other sites and partners"),
        Sort.FACTOR: _("Emission factors"),
    }
    found = candidates(actor, line, search)
    by_sort = {sort: [_candidate(each) for each in found if each.sort is sort] for sort in titles}
    kept = [Group(titles[sort], choices) for sort, choices in by_sort.items() if choices]
    return sorted(kept, key=lambda group: not any(each.is_best for each in group.choices))


def _candidate(each: Candidate) -> Choice:
    plain = choice_of(each.thing)
    return Choice(plain.value, plain.title, plain.note, plain.href, each.reasons, each.is_best)


def choice_of(thing: UnitProcess | Product | FactorVersion) -> Choice:
    """A provider as a choice, without reasons."""
    if isinstance(thing, UnitProcess):
        return Choice(f"process:{thing.uuid}", named(thing), thing.code)
    if isinstance(thing, Product):
        href = reverse("inventory:product", args=[thing.uuid])
        return Choice(f"product:{thing.uuid}", named(thing), named(thing.company), href)
    place = place_name(thing.geography, languages())
    note = f"{place} · {thing.reference_year} · {thing.get_boundary_display()}"
    note += f" · {units.display(thing.factor.unit)}"
    href = f"{reverse('factors:factor', args=[thing.factor.uuid])}?version={thing.number}"
    return Choice(f"factor:{thing.uuid}", named(thing.factor), note, href)
