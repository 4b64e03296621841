"""Which lines behind a figure a practice acts on, and the levers it sets on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.policy import can
from accounts.roles import Permission
from factors import units
from factors.models import Factor, FactorVersion
from footprint.analysis.levers import MOST, Lever
from footprint.analysis.models import Practice
from footprint.inventory import queries as inventory
from footprint.inventory.models import Exchange
from footprint.inventory.providers import MAKES, takes_a_provider
from footprint.rules.models import ProductCategory

OF_FACTORS = {
    Practice.Target.ELECTRICITY: Factor.Kind.ELECTRICITY,
    Practice.Target.HEAT: Factor.Kind.HEAT,
    Practice.Target.FUEL: Factor.Kind.FUEL,
    Practice.Target.FREIGHT: Factor.Kind.FREIGHT,
}
OF_CATEGORIES = {Practice.Target.ELECTRICITY: "electricity", Practice.Target.HEAT: "steam"}
"""What members make themselves of what is otherwise bought by factor."""


@dataclass(frozen=True)
class Fitting:
    """A practice with the lines behind a figure that it acts on."""

    practice: Practice
    lines: Sequence[Exchange]


def practices(actor: Actor) -> QuerySet[Practice]:
    """All that the actor may read, published ones first."""
    found = Practice.objects.visible_to(actor).select_related("company", "makes", "category", "factor")
    return found.order_by("state", "target", "name_en")


def published(actor: Actor) -> QuerySet[Practice]:
    """Those that may be applied."""
    return practices(actor).filter(state=Practice.State.PUBLISHED)


def waiting(actor: Actor) -> list[Practice]:
    """What was handed in by others, for the office that reads the evidence."""
    if not can(actor, Permission.REVIEW_PRACTICE):
        return []
    return list(practices(actor).filter(state=Practice.State.IN_REVIEW).exclude(written_by_id=actor.user_id))


def acting_on(
    actor: Actor, targets: Collection[str], category: ProductCategory, *, lever: str = ""
) -> list[Practice]:
    """The published practices for makers of a category that act on such lines.

    ``lever``: "percent" those that lower an amount, "factor" those that take it from elsewhere; else both.
    """
    made = Q(makes=None) | Q(makes=category)
    found = published(actor).filter(made, target__in=targets)
    return list(found.filter(**{f"{lever}__isnull": False}) if lever else found)


def fitting(actor: Actor, processes: Iterable[int]) -> list[Fitting]:
    """The published practices that act on lines of these processes."""
    ids = list(processes)
    found = (Fitting(each, lines_of(actor, each, ids)) for each in published(actor))
    return [each for each in found if each.lines]


def lines_of(actor: Actor, practice: Practice, processes: Iterable[int]) -> list[Exchange]:
    """The lines of these processes that the practice acts on, as many as a scenario takes."""
    found = inventory.lines(actor).filter(_target(practice), process_id__in=list(processes))
    if practice.makes_id is not None:
        makers = Exchange.objects.visible_to(actor).filter(MAKES, product__category_id=practice.makes_id)
        found = found.filter(process_id__in=makers.values("process_id"))
    replacement = _replacement(practice)
    return [line for line in found[: 4 * MOST] if practice.factor_id is None or _takes(line, replacement)][
        :MOST
    ]


def levers(practice: Practice, lines: Iterable[Exchange], present: Sequence[Lever] = ()) -> list[Lever]:
    """Those that are there, joined by the practice's: per cents are taken one after the other.

    A line whose amount or provider somebody set already keeps that.
    """
    known = {lever.exchange: lever for lever in present}
    replacement = _replacement(practice)
    for line in lines:
        before = known.get(line.uuid, Lever(line.uuid))
        known[line.uuid] = _joined(before, practice, replacement)
    return [lever for lever in known.values() if lever.changes_something][:MOST]


def _joined(before: Lever, practice: Practice, replacement: FactorVersion | None) -> Lever:
    if replacement is not None:
        is_free = before.provider is None
        return replace(before, provider=("factor_version", replacement.uuid)) if is_free else before
    if practice.percent is None or before.amount is not None:
        return before
    left = (100 + (before.percent or Decimal(0))) * (100 + practice.percent) / 100
    return replace(before, percent=left - 100)


def _target(practice: Practice) -> Q:
    if practice.target == Practice.Target.GAS:
        return Q(direction="output", gas=practice.gas)
    taken = Q(direction="input")
    if practice.target == Practice.Target.PRODUCT:
        return taken & Q(product__category_id=practice.category_id)
    target = Practice.Target(practice.target)
    what = Q(factor_version__factor__kind=OF_FACTORS[target])
    if target in OF_CATEGORIES:
        what |= Q(product__category__code=OF_CATEGORIES[target])
    return taken & what


def _replacement(practice: Practice) -> FactorVersion | None:
    """The version in force of the factor it moves lines to."""
    if practice.factor_id is None:
        return None
    versions = FactorVersion.objects.filter(
        factor_id=practice.factor_id, status=FactorVersion.Status.PUBLISHED
    )
    return versions.select_related("factor").order_by("-reference_year", "-number").first()


def _takes(line: Exchange, replacement: FactorVersion | None) -> bool:
    if replacement is None or not takes_a_provider(line) or line.factor_version_id == replacement.pk:
        return False
    return units.same_dimension(line.unit, replacement.factor.unit)
