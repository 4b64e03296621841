"""What is released of a comparison: once an epoch, signed by two people, kept as it was."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.visibility import TenantManager
from footprint.benchmark.models.definition import Definition


class Release(models.Model):
    """One release of one comparison for one epoch, and its entry in the ledger.

    ``figures``: {name: rounded decimal, as text}; ``parts``: the median's, that sum to it, in the same way;
    ``trend``: {"release", "year", "before", "now", "groups"}, the medians of those who gave to this and to a
    release of an earlier year; both empty where they give somebody away. ``groups``: how many stand behind
    it, as a band; ``outcomes``: [{"gate", "passed", "on"}]; ``blocked``: the gate that let nothing through.
    A released one has a ``number``, and ``content`` that is hashed with the hash of the entry before, and
    signed (``jws``).
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", _("Being prepared")
        BLOCKED = "blocked", _("Blocked")
        CLEARED = "cleared", _("Gates passed")
        SIGNED = "signed", _("Signed by the steward")
        RELEASED = "released", _("Released")
        DISCARDED = "discarded", _("Discarded")

    company_id: int | None = None  # the alliance's: of no company

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="releases")
    epoch = models.CharField(max_length=6)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    figures = models.JSONField(default=dict)
    parts = models.JSONField(default=dict, db_default={})
    trend = models.JSONField(default=dict, db_default={})
    groups = models.CharField(max_length=5, blank=True, default="")
    outcomes = models.JSONField(default=list)
    blocked = models.CharField(max_length=20, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    prepared_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(null=True, unique=True)
    content = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    key_id = models.CharField(max_length=60, blank=True, default="")
    jws = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("benchmark release")
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "epoch"],
                condition=Q(state__in=["asked", "cleared", "signed", "released"]),
                name="benchmark_released_once_an_epoch",
            ),
            models.CheckConstraint(
                condition=~Q(released_by=F("signed_by")) & ~Q(released_by=F("prepared_by")),
                name="benchmark_release_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state="released")
                | (Q(number__isnull=False, content__isnull=False, released_at__isnull=False) & ~Q(jws="")),
                name="benchmark_release_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["definition", "-number"], name="benchmark_release_latest")]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.epoch}"

    def figure(self, name: str) -> float | None:
        """One of the released figures."""
        return float(self.figures[name]) if name in self.figures else None

    @property
    def gates_told(self) -> list[dict[str, Any]]:
        """The gates that what is told passed: of what was kept back nobody learns which gate stopped it."""
        kept_back = {each["on"] for each in self.outcomes if not each["passed"]}
        return [each for each in self.outcomes if each["passed"] and each["on"] not in kept_back]

    @property
    def median(self) -> float | None:
        """The one figure that every release has."""
        return self.figure("median")


class CohortMember(models.Model):
    """What one company gave to a release, frozen with it. Read by the worker alone."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="cohort")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("accounts.CompanyGroup", on_delete=models.PROTECT, related_name="+")
    value = models.FloatField()
    volume = models.FloatField()
    parts = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "company"], name="one_member_per_release")]

    def __str__(self) -> str:
        return f"{self.release_id}"


class Position(models.Model):
    """A company's own figure in a cohort it was part of, as it was frozen; for that company alone."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="positions")
    own = models.FloatField()
    parts = models.JSONField(default=dict, db_default={})

    objects = TenantManager()

    class Meta:
        verbose_name = _("position in a benchmark")
        constraints = [
            models.UniqueConstraint(fields=["release", "company"], name="one_position_per_release")
        ]

    def __str__(self) -> str:
        return f"{self.release_id}"
