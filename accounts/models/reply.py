"""What was answered to a request that may be sent again."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor


class ReplyQuerySet(models.QuerySet["KeptReply"]):
    """Replies are their caller's, not a company's."""

    def visible_to(self, actor: Actor) -> Self:
        """The caller's own."""
        return self if actor.is_worker else self.filter(caller=actor.signature)


class KeptReply(models.Model):
    """The reply to a POST with an Idempotency-Key, stored in the transaction of what the POST did.

    ``digest`` is that of the request: the same key with another request is a mistake. ``status`` is null only
    inside the transaction that is at work.
    """

    caller = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = models.Manager.from_queryset(ReplyQuerySet)()

    class Meta:
        verbose_name = _("kept reply")
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="reply_once_for_a_key")]

    def __str__(self) -> str:
        return self.key
