"""Takes the demo alliance out of the database again."""

from __future__ import annotations

from typing import Any

from django.db import models
from oauth2_provider.models import Application

from accounts.models import Company, CompanyGroup, Site, User
from factors.models import Factor, FactorEmission, FactorVersion
from footprint.benchmark.models import CohortMember, Definition, Participation, Position, Release
from footprint.calculation.models import Footprint
from footprint.inventory.models import (
    ChecklistAnswer,
    EvidenceContent,
    EvidenceFile,
    Exchange,
    FrozenCopy,
    FrozenPrice,
    Inventory,
    Product,
    ProductGrant,
    ReviewRemark,
    ReviewThread,
    Submission,
    SubmissionStep,
    UnitProcess,
)
from footprint.partners.models import Connection, OfferedFootprint, WaitingPublication
from footprint.publication.models import Publication, PublicationRecipient, PublicationStep
from footprint.sharing.models import SharingRemark, SharingRequest, SharingStep, SupplierFigure
from footprint.verification.models import (
    Dossier,
    Engagement,
    EngagementRemark,
    EngagementStep,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)

KEPT_ROWS: tuple[type[models.Model], ...] = (
    SharingRemark,
    SharingStep,
    SharingRequest,
    EngagementRemark,
    VerificationStatement,
    VerificationFinding,
    SampledLine,
    Dossier,
    EngagementStep,
    Engagement,
    PublicationStep,
    PublicationRecipient,
    Publication,
    ChecklistAnswer,
    ReviewRemark,
    ReviewThread,
    SubmissionStep,
    FrozenCopy,
    FrozenPrice,
    Submission,
    EvidenceFile,
    EvidenceContent,
)
# consumers before what they consume
TENANT_ROWS: tuple[type[models.Model], ...] = (
    Footprint,
    ProductGrant,
    Exchange,
    UnitProcess,
    Inventory,
    Product,
    Site,
)


def remove(companies: models.QuerySet[Company]) -> None:
    """Delete these companies with everything that belongs to them, people included.

    Raises:
        django.db.models.ProtectedError: another company's inventory links to one of their products.
    """
    ids = list(companies.values_list("pk", flat=True))
    groups = list(companies.values_list("group_id", flat=True))
    _remove_benchmarks(ids)
    SupplierFigure.objects.filter(company_id__in=ids).delete()
    _remove_partners(ids)
    Application.objects.filter(service_client__company_id__in=ids).delete()
    User.objects.filter(memberships__company_id__in=ids).delete()
    for kept in KEPT_ROWS:  # by one statement each: later versions name earlier ones
        history: models.QuerySet[Any] = kept._default_manager.filter(company_id__in=ids)
        history._raw_delete(history.db)
    for model in TENANT_ROWS:
        rows: models.QuerySet[Any] = model._default_manager.filter(company_id__in=ids)
        rows.delete()
    for own in (FactorEmission, FactorVersion, Factor):
        told: models.QuerySet[Any] = own._default_manager.filter(company_id__in=ids)
        told._raw_delete(told.db)
    Company.objects.filter(pk__in=ids).delete()
    CompanyGroup.objects.filter(pk__in=groups, companies__isnull=True).delete()


def _remove_partners(ids: list[int]) -> None:
    """Partners, and footprints on their way to them."""
    Connection.objects.filter(company_id__in=ids).delete()
    OfferedFootprint.objects.filter(company_id__in=ids).delete()
    WaitingPublication.objects.filter(publication__company_id__in=ids).delete()


def _remove_benchmarks(ids: list[int]) -> None:
    """Comparisons that their people proposed, with their releases and whoever was part of them."""
    definitions = Definition.objects.filter(proposed_by__memberships__company_id__in=ids)
    releases = list(Release.objects.filter(definition__in=definitions).values_list("pk", flat=True))
    for model in (Position, CohortMember):
        frozen: models.QuerySet[Any] = model._default_manager.filter(release__in=releases)
        frozen._raw_delete(frozen.db)
    proposed = list(definitions.values_list("pk", flat=True))
    Release.objects.filter(pk__in=releases).delete()
    Definition.objects.filter(pk__in=proposed).delete()
    Participation.objects.filter(company_id__in=ids).delete()
