"""A connection to a partner's system: who they are, what they may see, and the secrets of both sides."""

from __future__ import annotations

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.today import Today
from accounts.visibility import TenantQuerySet
from footprint.inventory.models import Product
from footprint.partners.pact.levels import Level


class ConnectionQuerySet(TenantQuerySet["Connection"]):
    """Own ones; a partner's system knows its own."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | Q(pk=actor.partner_id or 0)


class Connection(models.Model):
    """One partner of one company, by PACT.

    They call us with ``application`` and their secrets; we call them at ``base_url`` with ``callback_id`` and
    the sealed ``callback_secret``. ``answers`` says who decides on their requests. ``partner`` is their
    company when the directory has it. ``networks`` are the addresses they may call from, in CIDR notation;
    none says from anywhere. ``pull_due_at``: their footprints shall be fetched from then on, and at
    ``pull_gives_up_at`` for the last time; ``pull_page`` comes next (empty: the first one) and ``pull_found``
    came before. ``pull_limit`` are asked for on a page: fewer where a page is too long to be read.
    """

    class State(models.TextChoices):
        """Where it stands."""

        REQUESTED = "requested", _("Requested")
        ACTIVE = "active", _("Active")
        REVOKED = "revoked", _("Revoked")

    class Answers(models.TextChoices):
        """Who answers requests for footprints."""

        PEOPLE = "people", _("A person decides")
        GRANTED = "granted", _("At once, from what is granted")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.PROTECT, null=True, related_name="partner_connection"
    )
    base_url = models.CharField(_("base address"), max_length=500, blank=True)
    auth_url = models.CharField(_("token address"), max_length=500, blank=True)
    callback_id = models.CharField(max_length=255, blank=True)
    callback_secret = models.TextField(blank=True)
    networks = ArrayField(models.CharField(max_length=43), default=list, db_default=[], blank=True)
    speaks = models.PositiveSmallIntegerField(_("PACT version"), default=3)
    answers = models.CharField(max_length=10, choices=Answers.choices, default=Answers.PEOPLE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    pull_due_at = models.DateTimeField(null=True)
    pull_attempts = models.PositiveIntegerField(default=0, db_default=0)
    pull_gives_up_at = models.DateTimeField(null=True)
    pull_page = models.TextField(blank=True, default="", db_default="")
    pull_found = models.PositiveIntegerField(default=0, db_default=0)
    pull_limit = models.PositiveSmallIntegerField(default=100, db_default=100)
    pulled_at = models.DateTimeField(null=True)
    pull_told = models.CharField(_("last answer"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = models.Manager.from_queryset(ConnectionQuerySet)()

    class Meta:
        verbose_name = _("connection")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="connection_company_id"),
            models.UniqueConstraint(fields=["company", "name"], name="connection_name_in_company"),
            models.CheckConstraint(condition=Q(speaks__in=(2, 3)), name="connection_speaks_pact"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether it works in both directions."""
        return self.state == self.State.ACTIVE

    @property
    def can_be_called(self) -> bool:
        """Whether we know where and as whom to call."""
        return bool(self.base_url and self.callback_id and self.callback_secret)


class SecretQuerySet(TenantQuerySet["PartnerSecret"]):
    """Secrets of own connections."""


class PartnerSecret(models.Model):
    """One of at most two secrets of a partner; only its hash is kept."""

    SLOTS = (1, 2)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="secrets")
    slot = models.PositiveSmallIntegerField()
    hashed = models.CharField(max_length=255)
    hint = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(SecretQuerySet)()

    class Meta:
        verbose_name = _("secret of a partner")
        constraints = [
            models.CheckConstraint(condition=Q(slot__in=(1, 2)), name="partner_secret_slots"),
            models.UniqueConstraint(
                fields=["connection", "slot"],
                condition=Q(revoked_at__isnull=True),
                name="partner_secret_two_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.hint}"


class GrantQuerySet(TenantQuerySet["FootprintGrant"]):
    """Grants given; a partner's system knows those it received."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | Q(connection_id=actor.partner_id or 0)

    def in_force(self) -> Self:
        """Neither revoked nor over: the last day counts whole."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=Today()), revoked_at__isnull=True)


class FootprintGrant(models.Model):
    """What a partner may see: the footprints of one product, or (``product`` null) of the whole company."""

    LEVELS = (
        (Level.TOTAL.value, _("Total only")),
        (Level.STAGE.value, _("Total by life-cycle stage")),
        (Level.FULL.value, _("Everything published")),
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="grants")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    level = models.CharField(_("detail"), max_length=10, choices=LEVELS, default=Level.TOTAL.value)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    may_pass_on = models.BooleanField(_("may be passed on"), default=False)
    ends_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(GrantQuerySet)()

    class Meta:
        verbose_name = _("footprint grant")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "product"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="one_grant_per_product",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="grant_level_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.connection} ← {self.product or self.company}"

    @property
    def is_over(self) -> bool:
        """Whether its last day is past, though nobody closed it."""
        return self.ends_on is not None and self.ends_on < timezone.localdate()
