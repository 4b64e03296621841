"""People, the roles they hold, and the machine clients of companies."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

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
    name = models.CharField(_("name"), max_length=120, blank=True)
    locale = models.CharField(max_length=10, choices=Locale.choices, default=Locale.CHINESE)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name or self.email


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


class ServiceClient(models.Model):
    """A company's machine client: OAuth2 client credentials bound to exactly one company."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="service_clients")
    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.CASCADE, related_name="service_client"
    )
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("service client")

    def __str__(self) -> str:
        return self.name
