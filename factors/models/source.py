"""Where a number comes from, and whether it may be passed on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

OLD_AFTER_YEARS, OLDEST = 3, 100


class Transcription(models.TextChoices):
    """How the number came from the document into this database."""

    SINGLE = "single", _("Single transcription")
    CONFIRMED = "confirmed", _("Confirmed by a second transcription")
    OFFICIAL = "official", _("Read from the official document")


class Source(models.Model):
    """A document or database, with its licence."""

    class Redistribution(models.TextChoices):
        """Whether the numbers may leave the platform."""

        YES = "yes", _("May be passed on")
        NO = "no", _("Must not be passed on")
        LINK_ONLY = "link-only", _("May be linked to only")

    code = models.SlugField(max_length=60, unique=True)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    publisher = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField()
    licence = models.CharField(max_length=300)
    licence_url = models.CharField(max_length=300, blank=True)
    redistribution = models.CharField(max_length=10, choices=Redistribution.choices)
    url = models.CharField(max_length=300, blank=True)
    old_after_years = models.PositiveSmallIntegerField(
        _("years after which it is old"), default=OLD_AFTER_YEARS, db_default=OLD_AFTER_YEARS
    )

    class Meta:
        verbose_name = _("source")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(redistribution__in=["yes", "no", "link-only"]),
                name="source_redistribution_known",
            ),
            models.CheckConstraint(
                condition=models.Q(old_after_years__gte=1, old_after_years__lte=OLDEST),
                name="source_age_plausible",
            ),
        ]

    def __str__(self) -> str:
        return self.title_en

    @property
    def name_zh(self) -> str:
        """The title, for the `name` filter."""
        return self.title_zh

    @property
    def name_en(self) -> str:
        """The title, for the `name` filter."""
        return self.title_en

    @property
    def may_be_passed_on(self) -> bool:
        """Whether an export may contain its numbers."""
        return self.redistribution == self.Redistribution.YES
