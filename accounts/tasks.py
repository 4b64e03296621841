"""The clock's door: sign how the audit log stands, forget what is old, send notifications by mail."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from accounts.actions.checkpoint import make_checkpoint
from accounts.actions.forget_replies import forget_replies
from accounts.actions.forget_sessions import forget_sessions
from accounts.actions.forget_tokens import forget_tokens
from accounts.actions.notification import forget_notifications
from accounts.audit_keys import signing_key
from accounts.mailing import send_due
from accounts.notices import MAIL_TASK

logger = logging.getLogger(__name__)


@shared_task(name="accounts.checkpoint", ignore_result=True)
def checkpoint() -> None:
    """A checkpoint; chains that do not verify are named in the log of errors."""
    made = make_checkpoint(at=timezone.now(), key=signing_key())
    for part in made.parts.exclude(finding=""):
        logger.error("audit log of %s: %s", part.chain, part.finding)


@shared_task(name="accounts.forget_replies", ignore_result=True)
def forget() -> None:
    """Replies to repeated requests are kept for two days, access tokens for a week after their end.

    Sessions go when they have run out, notifications are kept for some more than a year.
    """
    now = timezone.now()
    counted = {"replies": forget_replies(at=now), "notifications": forget_notifications(at=now)}
    counted["sessions"] = forget_sessions(at=now)
    counted["access_tokens"] = forget_tokens(at=now)
    logger.info("forgotten", extra={"facts": counted})


@shared_task(name=MAIL_TASK, ignore_result=True)
def mail_notifications() -> None:
    """Woken when somebody was told something, and every minute for what waits or failed."""
    send_due(at=timezone.now())
