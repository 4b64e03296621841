"""Emission factors: a thing, its versions, and the gases each version emits per unit."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.fields import ExactDecimalField
from accounts.models import Company
from accounts.visibility import TenantQuerySet
from factors.models.gas import ORIGIN_VALUES
from factors.models.source import Source, Transcription
from factors.origins import CO2E, Origin


class FactorQuerySet(TenantQuerySet["Factor"]):
    """Shared ones, and those of the actor's companies."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return shared_or_own(actor)


class FactorVersionQuerySet(TenantQuerySet["FactorVersion"]):
    """As factors."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return shared_or_own(actor)


class FactorEmissionQuerySet(TenantQuerySet["FactorEmission"]):
    """As factors."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return shared_or_own(actor)


def shared_or_own(actor: Actor) -> Q:
    """What everybody may read, and what was told to the actor's companies alone."""
    return Q(company=None) | Q(company_id__in=actor.company_ids)


def _company() -> models.ForeignKey[Any, Any]:
    """Whose alone it is; everybody's without."""
    return models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class Factor(models.Model):
    """What is emitted per unit of something; the numbers are in its versions.

    Shared by all members, or ``company``'s alone: a figure that its supplier told it.

    ``search_text`` is written by a trigger from names and codes, see ``factors/search_words.py``.
    """

    class Kind(models.TextChoices):
        """What the factor is for."""

        ELECTRICITY = "electricity", _("Electricity")
        FUEL = "fuel", _("Fuel")
        HEAT = "heat", _("Heat")
        FREIGHT = "freight", _("Freight")
        MATERIAL = "material", _("Material")
        PROCESS = "process", _("Process")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = _company()
    code = models.SlugField(max_length=120, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    unit = models.CharField(max_length=20)
    category = models.CharField(max_length=60, blank=True)
    cas = models.CharField(_("CAS number"), max_length=20, blank=True, default="", db_default="")
    cpc = models.CharField(_("CPC code"), max_length=10, blank=True, default="", db_default="")
    hs = models.CharField(_("HS code"), max_length=12, blank=True, default="", db_default="")
    search_text = models.TextField(default="", db_default="", editable=False)

    objects = models.Manager.from_queryset(FactorQuerySet)()

    class Meta:
        verbose_name = _("factor")
        indexes = [
            models.Index(fields=["kind", "code"], name="factor_by_kind"),
            # few words wait to be sorted in (kB): every question reads through those that do
            GinIndex(
                models.Func(F("search_text"), function="factors_words"),
                name="factor_words",
                gin_pending_list_limit=64,
            ),
        ]

    def __str__(self) -> str:
        return self.code


EXEMPTED_SHARE = "exempted_share"
"""In a version's data quality: the part of the emissions that its maker left out, 0 to 1 (PACT)."""


class FactorVersion(models.Model):
    """One published set of numbers. Only its status ever changes; a correction is a further version.

    ``digest`` identifies the content, so that loading the same row twice makes one version. ``written_in``
    is the database transaction that wrote it (set by a trigger): its emissions join it there or never.
    ``change_number`` grows with every change of a version that all share, in the order in which others see
    them; it is 0 for one company's own, whose changes are nobody else's to count. ``prepared_by`` signs, as
    the audit log does, for the person whose work somebody else published; no command of an operator has it.
    """

    class Scope(models.TextChoices):
        """Which gases are counted."""

        CO2 = "co2", _("CO2 only")
        CO2E = "co2e", _("All greenhouse gases")

    class Boundary(models.TextChoices):
        """Which part of the life cycle is counted."""

        DIRECT = "direct", _("Direct emissions of generation")
        COMBUSTION = "combustion", _("Combustion")
        UPSTREAM = "upstream", _("Supply, well to tank")
        LIFE_CYCLE = "life_cycle", _("Life cycle")
        CRADLE_TO_GATE = "cradle_to_gate", _("Cradle to gate")
        EMBEDDED = "embedded", _("Embedded (CBAM)")

    class Status(models.TextChoices):
        """Where the version stands."""

        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = _company()
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    geography = models.CharField(max_length=20)
    reference_year = models.PositiveSmallIntegerField()
    technology = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    boundary = models.CharField(max_length=20, choices=Boundary.choices)
    gwp_set = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001  (null: not stated)
    data_quality = models.JSONField(default=dict, blank=True)
    uncertainty_gsd2 = ExactDecimalField(null=True, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="versions")
    source_locator = models.CharField(max_length=300)
    transcription = models.CharField(max_length=10, choices=Transcription.choices)
    derivation = models.JSONField(default=dict, blank=True)
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PUBLISHED)
    status_changed_at = models.DateTimeField(null=True, blank=True)
    status_reason = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.CharField(max_length=200, blank=True)
    prepared_by = models.CharField(_("prepared by"), max_length=60, blank=True, default="", db_default="")
    written_in = models.BigIntegerField(null=True, editable=False)
    change_number = models.BigIntegerField(null=True, editable=False)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = models.Manager.from_queryset(FactorVersionQuerySet)()

    class Meta:
        verbose_name = _("factor version")
        constraints = [
            models.UniqueConstraint(fields=["factor", "number"], name="factor_version_number_once"),
            models.UniqueConstraint(fields=["factor", "digest"], name="factor_version_content_once"),
            models.UniqueConstraint(
                "factor",
                "source",
                "geography",
                "reference_year",
                "technology",
                "scope",
                "boundary",
                condition=Q(status="published"),
                name="factor_version_one_published",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="factor_version_number_from_one"),
            models.CheckConstraint(condition=Q(scope__in=["co2", "co2e"]), name="factor_version_scope_known"),
            models.CheckConstraint(
                condition=Q(reference_year__gte=1990, reference_year__lte=2100),
                name="factor_version_year_plausible",
            ),
            models.CheckConstraint(
                condition=~Q(supersedes=F("id")), name="factor_version_not_its_own_successor"
            ),
        ]
        indexes = [
            models.Index(fields=["factor", "status", "reference_year"], name="factor_version_lookup"),
            models.Index(fields=["geography", "reference_year"], name="factor_version_place_year"),
            models.Index(fields=["change_number"], name="factor_version_change"),
            models.Index(fields=["status", "company"], name="factor_version_counted"),
            GinIndex(KeyTransform("parents", "derivation"), name="factor_version_parents"),
        ]

    def __str__(self) -> str:
        return f"{self.factor_id} v{self.number}"

    @property
    def is_single_transcription(self) -> bool:
        """Whether nobody has checked the number against a second copy yet."""
        return self.transcription == Transcription.SINGLE


class FactorEmission(models.Model):
    """kg of one gas of one origin per unit of the factor."""

    company = _company()
    version = models.ForeignKey(FactorVersion, on_delete=models.PROTECT, related_name="emissions")
    gas = models.CharField(max_length=40)
    origin = models.CharField(max_length=20, default=Origin.UNSPECIFIED.value)
    kg_per_unit = ExactDecimalField()

    objects = models.Manager.from_queryset(FactorEmissionQuerySet)()

    class Meta:
        verbose_name = _("factor emission")
        constraints = [
            models.UniqueConstraint(fields=["version", "gas", "origin"], name="factor_emission_once"),
            models.CheckConstraint(
                condition=Q(origin__in=ORIGIN_VALUES), name="factor_emission_origin_known"
            ),
            models.CheckConstraint(condition=Q(kg_per_unit__gte=0), name="factor_emission_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.gas} {self.kg_per_unit}"

    @property
    def is_co2e_only(self) -> bool:
        """Whether this is a total that was characterised by its publisher."""
        return self.gas == CO2E
