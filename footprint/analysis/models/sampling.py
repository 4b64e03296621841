"""Monte Carlo studies: the whole network many times over, in chunks, and what comes out for each product."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from accounts.visibility import TenantManager
from footprint.calculation.models import Footprint


class UncertaintyRun(models.Model):
    """One study of all products at once; at most one is unfinished. It names nobody.

    The first worker that takes it up freezes the network (``study``, for workers only) and cuts the samples
    into chunks; from then on the numbers are fixed, whoever computes which chunk, and how often.
    """

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Broken off")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seed = models.BigIntegerField(default=0)
    samples = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    chunks = models.PositiveIntegerField(default=0)
    chunks_done = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    engine_version = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("uncertainty run")
        constraints = [
            models.UniqueConstraint(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
                name="one_unfinished_uncertainty_run",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, state__in=["queued", "running"])
                | Q(finished_at__isnull=False, state__in=["done", "failed"]),
                name="uncertainty_run_finished_or_not",
            ),
            models.CheckConstraint(condition=Q(samples__gte=2), name="uncertainty_run_has_samples"),
            models.CheckConstraint(
                condition=Q(chunks_done__lte=F("chunks")), name="uncertainty_run_chunks_done"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def progress(self) -> float:
        """The part of the chunks that is done, 0 to 1."""
        return self.chunks_done / self.chunks if self.chunks else float(self.state == self.State.DONE)


class Study(models.Model):
    """The frozen network of an unfinished run, as arrays. Read by the worker alone."""

    run = models.OneToOneField(UncertaintyRun, on_delete=models.CASCADE, related_name="study")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.run_id)


class SampleChunk(models.Model):
    """Samples ``first`` to ``first + count`` of an unfinished run. Read by the worker alone.

    ``values`` are float64, little-endian, columns by samples; null as long as nobody has computed them.
    """

    run = models.ForeignKey(UncertaintyRun, on_delete=models.CASCADE, related_name="sample_chunks")
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    values = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "first"], name="sample_chunk_once")]

    def __str__(self) -> str:
        return f"{self.run_id} from {self.first}"


class SampledFigure(models.Model):
    """What the samples of one column look like, kg CO2e (AR6) per unit; for the owner only.

    ``low`` and ``high`` are the 2.5 and 97.5 % quantiles. ``refused`` of the ``samples`` have no figure,
    because a loop yields nothing in them; they are left out. ``values`` are all samples in their order,
    float64, little-endian, NaN where refused: those of two columns of one run belong together pair by pair.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(UncertaintyRun, on_delete=models.CASCADE, related_name="figures")
    footprint = models.ForeignKey(Footprint, on_delete=models.CASCADE, related_name="sampled_figures")
    kg_co2e = models.FloatField()
    mean = models.FloatField(null=True)
    sd = models.FloatField(null=True)
    low = models.FloatField(null=True)
    median = models.FloatField(null=True)
    high = models.FloatField(null=True)
    samples = models.PositiveIntegerField()
    refused = models.PositiveIntegerField(default=0)
    values = models.BinaryField()

    objects = TenantManager()

    class Meta:
        verbose_name = _("sampled figure")
        constraints = [models.UniqueConstraint(fields=["run", "footprint"], name="one_sampled_figure")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.footprint_id}"
