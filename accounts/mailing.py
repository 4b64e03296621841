"""Notifications by mail: what is due, one message a person, in their language, as they may see it then.

PostgreSQL says what is still to be sent, so a lost wake-up loses nothing; a message goes out before the row
says so, so that a crash in between sends it twice rather than never.
"""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.checks import one_line
from accounts.models import Mail, Notification, User
from accounts.notices import Told, told
from accounts.queries import actor_awake
from accounts.visibility import acting_as

logger = logging.getLogger(__name__)

DAILY_AT = time(7, 0)
MOST_TRIES = 6
MOST_LINES = 50


def send_due(*, at: datetime) -> int:
    """Send everybody what is due by now; how many messages went out. A failure waits, longer each time."""
    with acting_as(Actor.worker()):
        waiting = due(at).filter(recipient__is_active=True)
        people = list(waiting.order_by().values_list("recipient_id", flat=True).distinct())
    return sum(_send_to(person_id, at) for person_id in people)


def due(at: datetime) -> QuerySet[Notification]:
    """What is to be sent now: at once, or of the days before this morning's hour."""
    local = timezone.localtime(at)
    morning = local.replace(hour=DAILY_AT.hour, minute=DAILY_AT.minute, second=0, microsecond=0)
    if local < morning:
        morning -= timedelta(days=1)
    when = Q(mail=Mail.AT_ONCE) | Q(mail=Mail.DAILY, created_at__lt=morning)
    ready = Q(mail_after__isnull=True) | Q(mail_after__lte=at)
    return Notification.objects.filter(when, ready, mailed_at__isnull=True, mail_tries__lt=MOST_TRIES)


def _send_to(person_id: int, at: datetime) -> int:
    """One message with everything; whoever else is at work on this person's is left alone."""
    with acting_as(Actor.worker()):
        found = due(at).filter(recipient_id=person_id).order_by("created_at", "pk")
        rows = list(found.select_for_update(skip_locked=True, of=("self",)))
        if not rows:
            return 0
        kept = Notification.objects.filter(pk__in=[row.pk for row in rows])
        person = User.objects.get(pk=person_id)
        try:
            sent = _mail(person, rows)
        except Exception:  # whatever breaks one person's message keeps nobody else's
            logger.exception("a message of notifications was not sent")
            later = at + timedelta(minutes=2 ** (rows[0].mail_tries + 1))
            kept.update(mail_tries=F("mail_tries") + 1, mail_after=later)
            return 0
        kept.update(mailed_at=at)
        return int(sent)


def _mail(person: User, rows: list[Notification]) -> bool:
    """Whether there was anything the person may see, has not read, and is still asked for."""
    actor = actor_awake(person)
    with translation.override(person.locale), acting_as(actor):
        lines = [
            (row, words)
            for row, words in told(actor, rows)
            if words and not words.is_over and row.read_at is None
        ]
        if not lines:
            return False
        subject, body = subject_of(lines), body_of(lines)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])
    return True


def subject_of(lines: list[tuple[Notification, Told]]) -> str:
    """One line: the only thing there is, or how many."""
    if len(lines) == 1:
        row, words = lines[0]
        text = f"{row.get_kind_display()}: {words.title}"
    else:
        text = ngettext("%(count)d notification", "%(count)d notifications", len(lines)) % {
            "count": len(lines)
        }
    return one_line(text)


def body_of(lines: list[tuple[Notification, Told]]) -> str:
    """Each with its link; the first fifty."""
    parts = [
        f"{row.get_kind_display()}: {one_line(words.title)}\n{words.words}\n{link_to(row)}"
        for row, words in lines[:MOST_LINES]
    ]
    if len(lines) > MOST_LINES:
        more = len(lines) - MOST_LINES
        parts.append(ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more})
    chosen = settings.PUBLIC_URL + reverse("accounts:notification_settings")
    parts.append(_("When you get mail is chosen here: %(link)s") % {"link": chosen})
    return "\n\n".join(parts)


def link_to(row: Notification) -> str:
    """Marks it as read and goes on to the thing."""
    return settings.PUBLIC_URL + reverse("accounts:notification", args=[row.uuid])
