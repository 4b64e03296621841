"""Releases of the whole database: what was published on a day, frozen under a name."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.awaited import Awaited
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


class ReleaseFile(Awaited):
    """A long file of a release, written once by a worker for whoever asks.

    It says what held when it was made. Its content lies outside of the database and is removed after
    ``KEPT_DAYS``: until then whoever asks for the same is given the same.
    """

    KEPT_DAYS = 1
    MOST_ATTEMPTS = 3

    class Kind(models.TextChoices):
        """What it is written for."""

        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"
        OPENLCA = "openlca", "openLCA"

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Broken off")
        REMOVED = "removed", _("Removed")

    UNFINISHED = (State.QUEUED, State.RUNNING)
    LIVE = (*UNFINISHED, State.DONE)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    release = models.ForeignKey(
        FactorRelease, verbose_name=_("release of factors"), on_delete=models.PROTECT, related_name="files"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    versions_done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("file of a release of factors")
        constraints = [
            models.UniqueConstraint(
                fields=["release", "kind", "language"],
                condition=Q(state__in=("queued", "running", "done")),
                name="release_file_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.kind}"
