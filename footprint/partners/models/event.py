"""Events: what partners send us, and what we send them."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.roles import Permission
from accounts.visibility import TenantManager, TenantQuerySet
from footprint.partners.answers import sentence_of
from footprint.partners.models.connection import Connection
from footprint.partners.models.webhook import Webhook
from footprint.partners.pact.texts import exact_json


class EventQuerySet(TenantQuerySet["PartnerEvent"]):
    """Received by own companies; a partner's system knows what it sent."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | Q(connection_id=actor.partner_id or 0)

    def left_to_people(self) -> Self:
        """Requests without an answer, of partners who are let in and whom no rule answers."""
        return self.filter(
            type=PartnerEvent.Type.REQUESTED,
            state=PartnerEvent.State.NEW,
            connection__state=Connection.State.ACTIVE,
            connection__answers=Connection.Answers.PEOPLE,
        )


class PartnerEvent(models.Model):
    """One event of a partner. A request waits in the inbox until it is answered, exactly once.

    ``event_id`` is any text, echoed byte for byte. The same event sent again is the same row. ``body`` is the
    text it came as. ``missing``: which of the footprints it names could not be had, with the answers; from
    ``ask_at`` on they are asked for again. ``told_at``: when those who may answer were told.
    """

    class State(models.TextChoices):
        """What became of it."""

        NEW = "new", _("Waiting")
        FULFILLED = "fulfilled", _("Fulfilled")
        REJECTED = "rejected", _("Rejected")
        TAKEN = "taken", _("Taken note of")

    class Type(models.TextChoices):
        """What it is about."""

        REQUESTED = "requested", _("Request for footprints")
        FULFILLED = "fulfilled", _("Answer: footprints")
        REJECTED = "rejected", _("Answer: refused")
        PUBLISHED = "published", _("Footprints were published")

    DAYS_TO_ANSWER = 30

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="events")
    event_id = models.CharField(max_length=500)
    source = models.CharField(max_length=1000)
    type = models.CharField(max_length=10, choices=Type.choices)
    speaks = models.PositiveSmallIntegerField(default=3)
    body = models.TextField()
    comment = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    missing = models.JSONField(null=True)
    ask_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    told_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(EventQuerySet)()

    class Meta:
        verbose_name = _("event of a partner")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="partner_event_company_id"),
            models.UniqueConstraint(fields=["connection", "source", "event_id"], name="event_once"),
        ]
        indexes = [
            models.Index(fields=["company", "-received_at"], name="event_by_time"),
            models.Index(fields=["state"], name="event_waiting", condition=Q(state="new")),
        ]

    def __str__(self) -> str:
        return self.event_id

    @cached_property
    def data(self) -> dict[str, Any]:
        """What it says, numbers with their texts."""
        found: dict[str, Any] = exact_json(self.body)["data"]
        return found

    @property
    def is_request(self) -> bool:
        """Whether somebody has to answer it."""
        return self.type == self.Type.REQUESTED


class Delivery(models.Model):
    """One event of ours on its way to a partner or a webhook: tried until it arrived or for three days.

    ``log``: its latest attempts, the first one first, each with ``at``, ``url``, ``status`` (0: no answer),
    ``told``, ``answer`` (its beginning) and ``seconds``.
    """

    HOURS = 72

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("On its way")
        DELIVERED = "delivered", pgettext_lazy("event", "Delivered")
        DEAD = "dead", _("Given up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, related_name="deliveries")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, null=True, related_name="deliveries")
    type = models.CharField(max_length=30)
    answers = models.ForeignKey(PartnerEvent, on_delete=models.CASCADE, null=True, related_name="answers")
    event_id = models.CharField(max_length=500)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    gives_up_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    told = models.CharField(_("last answer"), max_length=200, blank=True)
    log = models.JSONField(default=list, db_default=Value([], output_field=models.JSONField()))
    delivered_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="delivery_company_id"),
            models.UniqueConstraint(fields=["answers"], name="answered_once"),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at"], name="delivery_by_time"),
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return self.event_id

    def get_type_display(self) -> str:
        """What it is about, in words."""
        words = {**dict(PartnerEvent.Type.choices), **dict(Webhook.Kind.choices), Webhook.PING: _("Trial")}
        return str(words.get(self.type, self.type))

    @property
    def last_answer(self) -> str:
        """What came of the latest attempt, in words."""
        return sentence_of(self.told) or "—"

    @property
    def receiver(self) -> str:
        """Whom it is for."""
        return (self.connection or self.webhook).name  # type: ignore[union-attr]  # it is one of them

    @property
    def permission(self) -> Permission:
        """What one may do to send it again."""
        return Permission.MANAGE_CLIENTS if self.webhook_id else Permission.SHARE_PRODUCT
