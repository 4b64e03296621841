"""What is stale: the truth, in the database."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class RecomputeMark(models.Model):
    """One reason to recompute, written by a trigger in the very transaction that changed the data.

    Marks are only ever added and deleted: ``gen`` comes from a sequence and never repeats, and a calculation
    deletes exactly the generations it read. A newer change is a newer mark and survives. ``key`` is the id of
    a unit process or of a benchmark cell.
    """

    gen = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    key = models.BigIntegerField()
    since = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "key"], name="mark_by_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class RecomputeFailure(models.Model):
    """A key whose calculation broke unexpectedly: it backs off, then waits in quarantine.

    Only a mark newer than ``gen`` (its data were changed) or an operator brings a quarantined key back.
    """

    QUARANTINE_AFTER = 5

    kind = models.CharField(max_length=12)
    key = models.BigIntegerField()
    gen = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    last_error = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_failure_per_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.last_error}"

    @property
    def is_quarantined(self) -> bool:
        """Tried often enough."""
        return self.attempts >= self.QUARANTINE_AFTER
