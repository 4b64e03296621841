"""Propose a product category rule, write its draft, keep what a trial found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.policy import can, require, speaks_for
from accounts.roles import Permission
from factors import units
from factors.models import Factor, GreenhouseGas
from footprint.rules.document.content import RuleDocument
from footprint.rules.document.integrity import Known, problems
from footprint.rules.document.lifecycle import EDIT, OPEN_COMMENTS, PROPOSE, State
from footprint.rules.document.reading import BadDocument, Problem, digest, read, texts, written
from footprint.rules.models import MethodProfile, ProductCategory, ProductRule, RuleMove
from footprint.rules.notices import tell_moved
from footprint.rules.problem_words import words_of


@transaction.atomic
def propose_rule(
    category: ProductCategory, *, by: Actor, reason: str, at: datetime | None = None
) -> ProductRule:
    """A further version of a category's rule, beginning with what the last one says.

    Raises:
        NotAllowed, Refusal: there is a draft already, or no earlier version to begin with.
    """
    require(by, Permission.PROPOSE_RULE)
    said = checks.text(reason, field="reason", longest=500, required=True)
    before = category.product_rules.order_by("-number").first()
    if before is None:
        message = _("This category has no rule to begin with. Load the product's built-in rules first.")
        raise Refusal(message, field="category", code="nothing_to_revise")
    with checks.refusing({"product_rule_one_draft_at_a_time": _one_at_a_time()}):
        rule = ProductRule.objects.create(
            category=category,
            number=before.number + 1,
            company_id=speaks_for(by, Permission.PROPOSE_RULE),
            document=before.document,
            digest=before.digest,
        )
    proposed_at = at or timezone.now()
    remember(rule, PROPOSE, by=by, before="", reason=said, at=proposed_at)
    tell_moved(rule, PROPOSE, by=by, at=proposed_at, barred={by.user_id})
    return rule


@transaction.atomic
def edit_rule(
    rule: ProductRule, *, by: Actor, version: int | None, document: Any, at: datetime | None = None
) -> ProductRule:
    """Write the draft anew: the steward, and the owners at the company that proposed it.

    Raises:
        NotAllowed, Stale.
        Refusal: it is not being drafted.
        Refusals: everything wrong with the document, each at its place.
    """
    if not may_edit(by, rule):
        raise NotAllowed(_("The alliance's administrators and the company that proposed a rule write it."))
    if rule.state != State.DRAFTING:
        raise Refusal(_("A rule is written while it is being drafted."), code="not_drafting")
    content = checked(document, category=rule.category.code)
    checks.write(rule, version=version, changes={"document": written(content), "digest": digest(content)})
    remember(rule, EDIT, by=by, before=rule.state, at=at)
    return rule


def may_edit(by: Actor, rule: ProductRule) -> bool:
    """Whether the actor writes this draft."""
    if can(by, Permission.STEER_RULE):
        return True
    return rule.company_id is not None and bool(can(by, Permission.PROPOSE_RULE, company_id=rule.company_id))


def keep_trial(rule: ProductRule, *, by: Actor, found: Mapping[str, Any]) -> ProductRule:
    """That a trial on existing inventories was asked for, by those who write or review the draft.

    Raises:
        NotAllowed, Refusal.
    """
    if not (may_edit(by, rule) or can(by, Permission.REVIEW_RULE)):
        raise NotAllowed(_("Those who write or review a rule try it out."))
    if rule.state in (State.PUBLISHED, State.WITHDRAWN):
        raise Refusal(_("This version is not a draft any more."), code="not_drafting")
    checks.write(rule, version=None, changes={"trial": dict(found)})
    return rule


def checked(given: Any, *, category: str) -> RuleDocument:
    """The document, once it is whole.

    Raises:
        Refusals: everything wrong with it.
    """
    try:
        content = read(given)
    except BadDocument as bad:
        raise Refusals(refusals(bad.problems)) from bad
    found = problems(content, known())
    found += [Problem(path, "invisible") for path, words in texts(content) if checks.CONTROL.search(words)]
    if content.category != category:
        found.append(Problem("category", "other_category", content.category))
    if found:
        raise Refusals(refusals(found))
    return content


def known() -> Known:
    """Every code a document may name."""
    return Known(
        categories=set(ProductCategory.objects.values_list("code", flat=True)),
        gases=set(GreenhouseGas.objects.values_list("code", flat=True)),
        units={each.code for each in units.UNITS},
        profiles=set(MethodProfile.objects.values_list("code", flat=True)),
        factor_kinds=set(Factor.Kind.values),
    )


def refusals(found: list[Problem]) -> list[Refusal]:
    """Problems in words, each with its place as the field."""
    return [Refusal(words_of(each), field=each.path, code=each.code) for each in found]


def remember(
    rule: ProductRule, name: str, *, by: Actor, before: str, reason: str = "", at: datetime | None = None
) -> None:
    """Write a step down; what is opened for comments with the draft that is commented on."""
    RuleMove.objects.create(
        rule=rule,
        name=name,
        before=before,
        after=rule.state,
        reason=reason,
        by_id=by.user_id,
        at=at or timezone.now(),
        document=rule.document if name == OPEN_COMMENTS else None,
    )


def _one_at_a_time() -> Refusal:
    message = _("A version of this rule is in the making already. Take part in that one.")
    return Refusal(message, field="category", code="draft_exists")
