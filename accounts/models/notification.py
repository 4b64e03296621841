"""What somebody is told: that something happened to a thing, never what the thing says."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models.company import Company
from accounts.models.person import User


class Kind(models.TextChoices):
    """Why somebody is told; what they choose about mail is chosen by kind."""

    MOVE_WAITS = "move_waits", _("Your move is waited for")
    MOVED = "moved", _("Something of your company moved")
    QUESTION = "question", _("Questions and answers in a review")
    MENTION = "mention", _("Somebody called you by name")
    SHARED = "shared", _("A partner opened something to your company")
    DUE = "due", _("A published footprint is about to expire, or has moved")
    DEADLINE = "deadline", _("A deadline is near")
    ENDED = "ended", _("Something you started has ended")


class Mail(models.TextChoices):
    """When a kind is sent by mail."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("Never")


USUAL = {
    Kind.MOVE_WAITS: Mail.AT_ONCE,
    Kind.MOVED: Mail.DAILY,
    Kind.QUESTION: Mail.AT_ONCE,
    Kind.MENTION: Mail.AT_ONCE,
    Kind.SHARED: Mail.DAILY,
    Kind.DUE: Mail.DAILY,
    Kind.DEADLINE: Mail.AT_ONCE,
    Kind.ENDED: Mail.AT_ONCE,
}
"""What holds while a person has chosen nothing."""


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications are their recipient's, not a company's."""

    def visible_to(self, actor: Actor) -> Self:
        """The recipient's own; machines have none."""
        return self if actor.is_worker else self.filter(recipient_id=actor.user_id or 0)

    def unread(self) -> Self:
        """Not looked at."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """``event`` happened to the thing ``subject`` names; it is put into words when it is read, from what the
    recipient may see then. ``once`` keeps something that is looked for again and again from being told twice.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    event = models.CharField(max_length=40)
    subject = models.CharField(max_length=20)
    subject_uuid = models.UUIDField()
    once = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=Mail.choices)
    mailed_at = models.DateTimeField(null=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_after = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(NotificationQuerySet)()

    class Meta:
        verbose_name = _("notification")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "once"], condition=~Q(once=""), name="notification_told_once"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notification_by_time"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(
                fields=["mail", "created_at"],
                condition=Q(mailed_at__isnull=True) & ~Q(mail="never"),
                name="notification_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.event}"


class MailChoiceQuerySet(models.QuerySet["MailChoice"]):
    """As notifications."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        return self if actor.is_worker else self.filter(recipient_id=actor.user_id or 0)


class MailChoice(models.Model):
    """When a person wants mail about one kind."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    mail = models.CharField(max_length=10, choices=Mail.choices)

    objects = models.Manager.from_queryset(MailChoiceQuerySet)()

    class Meta:
        verbose_name = _("mail choice")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind"], name="mail_choice_once_for_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.mail}"
