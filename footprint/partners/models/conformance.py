"""Trials of partners' endpoints: whether they speak PACT, case by case."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.models.awaited import Awaited
from accounts.visibility import TenantManager
from footprint.partners.models.connection import Connection


class ConformanceRun(Awaited):
    """One run of all cases against the endpoint of a connection; of one connection never two at a time.

    ``results`` are the records of ``conformance/report.py``: what was asked and answered, without secrets.
    """

    MOST_ATTEMPTS = 2
    KEPT = 50
    """Of one connection; older ones are forgotten."""

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Broken off")

    UNFINISHED = (State.QUEUED, State.RUNNING)

    class Verdict(models.TextChoices):
        """What the cases say together."""

        CONFORMS = "conforms", _("Conforms")
        AS_FAR = "as_far", _("Conforms as far as it could be tried")
        FAILS = "fails", _("Does not conform")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="conformance_runs")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    base_url = models.CharField(_("base address"), max_length=500)
    speaks = models.PositiveSmallIntegerField(_("PACT version"))
    is_strict = models.BooleanField(_("with the stricter cases"), default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_all = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    passed = models.PositiveSmallIntegerField(_("passed"), default=0)
    failed = models.PositiveSmallIntegerField(_("failed"), default=0)
    skipped = models.PositiveSmallIntegerField(_("skipped"), default=0)
    results = models.JSONField(default=list)

    objects = TenantManager()

    class Meta:
        verbose_name = _("conformance run")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="conformance_run_company_id"),
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(state__in=["queued", "running"]),
                name="one_conformance_run_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["connection", "-created_at"], name="conformance_run_by_time")]

    def __str__(self) -> str:
        return f"{self.connection} {self.created_at:%Y-%m-%d %H:%M}"
