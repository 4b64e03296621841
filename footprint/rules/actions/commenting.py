"""Comment on a draft, answer a comment, vote."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.models import Company
from accounts.policy import require, speaks_for
from accounts.roles import Permission
from footprint.rules.actions.moving import tally
from footprint.rules.actions.product_rules import may_edit
from footprint.rules.document.content import rules
from footprint.rules.document.lifecycle import State
from footprint.rules.models import ProductRule, RuleBallot, RuleComment
from footprint.rules.notices import tell_answered, tell_carried, tell_commented

LONGEST = 4000


@transaction.atomic
def comment_on(
    rule: ProductRule, *, by: Actor, text: str, address: str = "", at: datetime | None = None
) -> RuleComment:
    """A comment in the open round, about one rule or about all.

    Raises:
        NotAllowed, Refusal.
    """
    company_id = _as_company(by, Permission.COMMENT_RULE)
    if ProductRule.objects.select_for_update().get(pk=rule.pk).state != State.COMMENTING:
        raise Refusal(_("This draft is not open for comments."), code="not_open")
    said = checks.text(text, field="text", longest=LONGEST, required=True)
    if address:
        checks.choice(address, [each.address for each in rules(rule.content)], field="address")
    made = RuleComment.objects.create(
        rule=rule,
        round=rule.comment_round,
        company_id=company_id,
        author_id=by.user_id,
        address=address,
        text=said,
        created_at=at or timezone.now(),
    )
    tell_commented(made, by=by, at=made.created_at)
    return made


@transaction.atomic
def answer_comment(
    comment: RuleComment, *, by: Actor, disposition: str, answer: str, at: datetime | None = None
) -> RuleComment:
    """Say what became of a comment and why; whoever wrote it does not answer it.

    Raises:
        NotAllowed, Refusal.
    """
    if not may_edit(by, comment.rule) or by.user_id is None:
        raise NotAllowed(_("Those who write a rule answer the comments on it."))
    if comment.author_id == by.user_id:
        raise NotAllowed(_("You wrote this comment: somebody else has to answer it."))
    if comment.rule.state not in (State.COMMENTING, State.DRAFTING):
        raise Refusal(_("The round of comments is closed."), code="not_open")
    comment.disposition = checks.choice(disposition, RuleComment.Disposition.values, field="disposition")
    comment.answer = checks.text(answer, field="answer", longest=LONGEST, required=True)
    comment.answered_by_id = by.user_id
    comment.answered_at = answered_at = at or timezone.now()
    comment.save(update_fields=["disposition", "answer", "answered_by", "answered_at"])
    tell_answered(comment, by=by, at=answered_at)
    return comment


@transaction.atomic
def vote_on(rule: ProductRule, *, by: Actor, choice: str, at: datetime | None = None) -> RuleBallot:
    """The vote of the actor's company in this round; until the round is closed it may be changed.

    Raises:
        NotAllowed, Refusal.
    """
    company_id = _as_company(by, Permission.VOTE_RULE)
    if not Company.objects.filter(pk=company_id, kind=Company.Kind.MEMBER).exists():
        raise NotAllowed(_("Members vote; your company is not one."))
    if ProductRule.objects.select_for_update().get(pk=rule.pk).state != State.VOTING:
        raise Refusal(_("This rule is not put to the vote."), code="not_open")
    chosen = checks.choice(choice, RuleBallot.Choice.values, field="choice")
    voted_at = at or timezone.now()
    ballot, _made = RuleBallot.objects.update_or_create(
        rule=rule,
        round=rule.vote_round,
        company_id=company_id,
        defaults={"choice": chosen, "by_id": by.user_id, "at": voted_at},
    )
    if tally(rule).is_carried:
        tell_carried(rule, by=by, at=voted_at)
    return ballot


def _as_company(by: Actor, permission: Permission) -> int:
    """For which company the actor speaks."""
    require(by, permission)
    if by.user_id is None:
        raise NotAllowed(_("People decide on rules, not machines."))
    company_id = speaks_for(by, permission)
    assert company_id is not None
    return company_id
