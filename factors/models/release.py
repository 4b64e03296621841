"""Releases of the whole database: what was published on a day, frozen under a name."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from factors.models.factor import FactorVersion


class FactorRelease(models.Model):
    """A named state of the database; ``digest`` is the SHA-256 over its versions. Nothing of it changes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.SlugField(_("name"), max_length=40, unique=True)
    note = models.TextField(_("note"), blank=True, default="")
    versions = models.PositiveIntegerField(_("versions"))
    digest = models.CharField(_("checksum"), max_length=64)
    released_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField(_("released at"))

    class Meta:
        verbose_name = _("release of factors")

    def __str__(self) -> str:
        return self.name


class ReleasedVersion(models.Model):
    """A version that was published when the release was made."""

    release = models.ForeignKey(FactorRelease, on_delete=models.PROTECT, related_name="members")
    version = models.ForeignKey(FactorVersion, on_delete=models.PROTECT, related_name="releases")

    class Meta:
        verbose_name = _("version in a release")
        constraints = [
            models.UniqueConstraint(fields=["release", "version"], name="released_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.version_id}"
