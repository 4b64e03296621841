"""Questions about the rules: they are open to everybody who signed in."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.actor import Actor
from footprint.rules.models import ClosureRule, MethodProfile, MethodProfileVersion, ProductCategory

T = TypeVar("T", bound=Model)


def categories(actor: Actor) -> QuerySet[ProductCategory]:
    """The categories along the chain."""
    return _open(actor, ProductCategory.objects.order_by("position", "code"))


def method_profiles(actor: Actor) -> QuerySet[MethodProfile]:
    """Every profile, the product's own default first."""
    return _open(actor, MethodProfile.objects.order_by("position", "code"))


def versions_in_force(actor: Actor, on: date) -> list[MethodProfileVersion]:
    """Of each profile the latest version that is valid on a day, in the order of the profiles."""
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    rows = _open(actor, MethodProfileVersion.objects.filter(started)).select_related("profile")
    latest = {row.profile_id: row for row in rows.order_by("profile__position", "profile_id", "number")}
    return list(latest.values())


def version_before(actor: Actor, version: MethodProfileVersion) -> MethodProfileVersion | None:
    """The version of the same profile that this one replaced."""
    rows = MethodProfileVersion.objects.filter(profile_id=version.profile_id, number__lt=version.number)
    return _open(actor, rows).select_related("profile").order_by("-number").first()


def closure_rules(actor: Actor) -> QuerySet[ClosureRule]:
    """Every threshold there ever was, the newest of each kind first."""
    rules = ClosureRule.objects.select_related("category")
    return _open(actor, rules.order_by("basis", "category_id", "-number"))


def closure_rules_in_force(actor: Actor, on: date) -> dict[tuple[str, int | None], ClosureRule]:
    """The latest threshold valid on a day, by basis and category (None: the default)."""
    started = closure_rules(actor).filter(valid_from__lte=on).order_by("number")
    return {(rule.basis, rule.category_id): rule for rule in started}


def _open(actor: Actor, rows: QuerySet[T]) -> QuerySet[T]:
    return rows if actor.is_known or actor.is_worker else rows.none()
