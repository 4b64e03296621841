"""Whom to tell of product category rules in the making and of comments on them, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.calling import called
from accounts.errors import Text
from accounts.forms import named
from accounts.holders import holders
from accounts.models import Kind, Notification
from accounts.notices import Told, in_words, notify, was_made
from accounts.roles import Permission
from footprint.rules.document.lifecycle import NEXT, PROPOSE, RULE, State
from footprint.rules.models import ProductRule, RuleComment
from footprint.rules.queries import comments, product_rules

TAKING_PART = (
    Permission.PROPOSE_RULE,
    Permission.STEER_RULE,
    Permission.COMMENT_RULE,
    Permission.REVIEW_RULE,
    Permission.VOTE_RULE,
)
LONGEST = 160
ANSWERED = "answered"
ASKED = {
    State.DRAFTING: Permission.STEER_RULE,
    State.COMMENTING: Permission.COMMENT_RULE,
    State.VOTING: Permission.VOTE_RULE,
}
"""Whose turn it is where several act; a draft of the product's own is the office's to write."""
CARRIED = "carried"
HAPPENED: dict[str, Text] = {
    PROPOSE: _("A version was proposed; the project is to be approved."),
    "begin": _("It is being drafted: write the rules."),
    "open_comments": _("A round of comments is open: say what your company thinks of the draft."),
    "revise": _("The comments are in; the draft is written anew."),
    "close_comments": _("It was handed to review: run it on inventories and say whether it is fit."),
    "find_fit": _("It is put to the vote: each member company has one."),
    "send_back": _("The review sent it back to drafting."),
    CARRIED: _("The vote is carried so far; close it once the members had their time."),
    "adopt": _("The members adopted it; it is to be published."),
    "decline": _("The vote did not carry it; it is drafted anew."),
    "publish": _("It is published. Inventories are checked against it from the day it is in force."),
    "withdraw": _("It was withdrawn."),
}
TABS = {"open_comments": "comments", "revise": "comments", "publish": "text"}
"""Where to look, if not at how it is made."""


def tell_moved(rule: ProductRule, name: str, *, by: Actor, at: datetime, barred: set[int | None]) -> None:
    """Those whose turn it is; everybody who takes part in making rules, where it came to an end.

    ``barred``: who proposed or wrote it, and does not decide on it.
    """
    about = _of_rule(rule, name, by, at)
    if rule.state in (State.PUBLISHED, State.WITHDRAWN):
        notify(holders(*TAKING_PART), kind=Kind.MOVED, **about)
    else:
        notify(_acting(rule, barred), kind=Kind.MOVE_WAITS, **about)


def tell_carried(rule: ProductRule, *, by: Actor, at: datetime) -> None:
    """Those who close the vote, once a round."""
    once = f"{CARRIED} {rule.uuid} {rule.vote_round}"
    closing = holders(Permission.STEER_RULE)
    notify(closing, kind=Kind.MOVE_WAITS, once=once, **_of_rule(rule, CARRIED, by, at))


def _of_rule(rule: ProductRule, event: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "event": event, "subject": "product_rule", "subject_uuid": rule.uuid,
        "company_id": rule.company_id, "at": at, "by": by,
    }  # fmt: skip


def _acting(rule: ProductRule, barred: set[int | None]) -> set[int]:
    state = State(rule.state)
    following = RULE.move(NEXT[state]) if state in NEXT and state not in ASKED else None
    if following is not None and following.permission is not None:
        return holders(following.permission) - (barred if following.other_than else set())
    if state is State.DRAFTING and rule.company_id is not None:
        return holders(Permission.PROPOSE_RULE, company_id=rule.company_id)
    return holders(ASKED[state])


def tell_commented(comment: RuleComment, *, by: Actor, at: datetime) -> None:
    """Whoever is called by name, of those who take part in making rules."""
    notify(_called(comment.text), kind=Kind.MENTION, **_about(comment, "commented", by, at))


def tell_answered(comment: RuleComment, *, by: Actor, at: datetime) -> None:
    """Whoever wrote the comment, and whoever the answer calls."""
    named = _called(comment.answer)
    about = _about(comment, ANSWERED, by, at)
    notify(named, kind=Kind.MENTION, **about)
    author = {comment.author_id} if comment.author_id is not None else set()
    notify(author - named, kind=Kind.QUESTION, **about)


def _called(text: str) -> set[int]:
    return called(text, holders(*TAKING_PART))


def _about(comment: RuleComment, event: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "event": event, "subject": "rule_comment", "subject_uuid": comment.uuid,
        "company_id": comment.company_id, "at": at, "by": by,
    }  # fmt: skip


def told_of_rules(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """How far a version has come."""
    return in_words(
        rows,
        product_rules(actor),
        lambda row, rule: Told(
            f"{named(rule.category)} v{rule.number}",
            str(HAPPENED.get(row.event, "")),
            _page(rule, TABS.get(row.event, "making")),
            is_over=was_made(row, RULE, rule.state, propose=State.PROPOSED, carried=State.VOTING),
        ),
    )


def told_of_comments(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What was said, or answered."""
    return in_words(
        rows,
        comments(actor),
        lambda row, comment: Told(
            named(comment.rule.category),
            Truncator(comment.answer if row.event == ANSWERED else comment.text).chars(LONGEST),
            _page(comment.rule, "comments"),
        ),
    )


def _page(rule: ProductRule, tab: str) -> str:
    return f"{reverse('rules:rule', args=[rule.category.code])}?version={rule.number}&tab={tab}"
