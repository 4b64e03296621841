"""Read notifications, and choose when to have mail about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed
from accounts.models import Kind, Mail, MailChoice, Notification
from accounts.visibility import acting_as

KEPT = timedelta(days=400)


def read_notification(notification: Notification, *, by: Actor, at: datetime) -> None:
    """It was looked at; the first time counts."""
    Notification.objects.visible_to(by).unread().filter(pk=notification.pk).update(read_at=at)


def read_all(*, by: Actor, at: datetime) -> int:
    """Everything so far was looked at; how many were unread."""
    return Notification.objects.visible_to(by).unread().filter(created_at__lte=at).update(read_at=at)


def forget_notifications(*, at: datetime) -> int:
    """Remove what was told longer ago than anybody looks back; what is told once only is remembered."""
    with acting_as(Actor.worker()):
        return Notification.objects.filter(created_at__lt=at - KEPT, once="").delete()[0]


@transaction.atomic
def choose_mail(choices: Mapping[str, str], *, by: Actor) -> None:
    """When to send which kind; kinds that are not named stay as they are.

    Raises:
        NotAllowed: a machine gets no mail.
        Refusal: no such kind, no such time.
    """
    if by.user_id is None:
        raise NotAllowed(_("People get notifications, not machines."))
    for kind, mail in choices.items():
        checks.choice(kind, Kind.values, field="kind")
        checks.choice(mail, Mail.values, field=kind)
        MailChoice.objects.update_or_create(recipient_id=by.user_id, kind=kind, defaults={"mail": mail})
