"""Whom to tell of comments on product category rules, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator

from accounts.actor import Actor
from accounts.calling import called
from accounts.forms import named
from accounts.holders import holders
from accounts.models import Kind, Notification
from accounts.notices import Told, in_words, notify
from accounts.roles import Permission
from footprint.rules.models import RuleComment
from footprint.rules.queries import comments

TAKING_PART = (
    Permission.PROPOSE_RULE,
    Permission.STEER_RULE,
    Permission.COMMENT_RULE,
    Permission.REVIEW_RULE,
    Permission.VOTE_RULE,
)
LONGEST = 160
ANSWERED = "answered"


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


def told_of_comments(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What was said, or answered."""
    return in_words(
        rows,
        comments(actor),
        lambda row, comment: Told(
            named(comment.rule.category),
            Truncator(comment.answer if row.event == ANSWERED else comment.text).chars(LONGEST),
            f"{reverse('rules:rule', args=[comment.rule.category.code])}"
            f"?version={comment.rule.number}&tab=comments",
        ),
    )
