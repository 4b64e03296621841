"""People and the roles they hold, or hold for somebody else."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.company import Company, Site
from accounts.roles import ROLES, Role


class People(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A person who signs in with an e-mail address."""
        person = self.model(email=self.normalize_email(email).lower(), **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A technical account for ``manage.py``; it reads no business rows either."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractUser):
    """A person; signs in with an e-mail address."""

    class Locale(models.TextChoices):
        """Languages of the product."""

        CHINESE = "zh-hans", "中文"
        ENGLISH = "en", "English"

    username = None  # type: ignore[assignment]
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120, blank=True)
    locale = models.CharField(max_length=10, choices=Locale.choices, default=Locale.CHINESE)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def signature(self) -> str:
        """As ``Actor.signature`` of the person."""
        return f"person:{self.uuid}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session ends when the password it began with is changed; here also when the epoch is."""
        sign = f"{super()._get_session_auth_hash(secret=secret)}{self.session_epoch}"  # type: ignore[misc]
        return salted_hmac("accounts.session_epoch", sign, secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """One role of one person in one company, for a time; a plant provider's is narrowed to sites."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, ROLES[role].name_en) for role in Role])
    sites = models.ManyToManyField(Site, blank=True, related_name="memberships")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["user", "company", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.company}"


class Delegation(models.Model):
    """A role that its holder lends to a colleague until a day; it ends with the holder's own.

    ``membership`` is the holder's: what it is worth, and at which sites, the delegate has too, never more.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations")
    ends_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delegation")
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "delegate"],
                condition=Q(revoked_at__isnull=True),
                name="delegation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.delegate}"


class Invitation(models.Model):
    """A company asks somebody in, by address, with roles; the link's token is kept as a hash only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    roles = ArrayField(models.CharField(max_length=20))
    sites = models.ManyToManyField(Site, blank=True, related_name="+")
    locale = models.CharField(max_length=10, choices=User.Locale.choices, default=User.Locale.CHINESE)
    ends_on = models.DateField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Neither accepted nor withdrawn; it may have expired."""
        return self.accepted_at is None and self.withdrawn_at is None
