"""Questions about imports, and the figures of a company as they leave the house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.models import Company, Site
from accounts.queries import companies, sites
from accounts.roles import Permission
from footprint.calculation.inputs import Thing
from footprint.calculation.models import Footprint
from footprint.calculation.quantities import in_unit
from footprint.calculation.queries import Freshness, failure_text, freshness
from footprint.exchange.models import CompanyExport, ImportJob, UpsertJob, UpsertRow, WorkbookUpload
from footprint.inventory.models import Exchange, Inventory, UnitProcess
from footprint.inventory.providers import MAKES
from footprint.partners.models import OfferedFootprint
from footprint.partners.pact.texts import exact_json
from footprint.partners.queries import offered


@dataclass(frozen=True)
class Column:
    """A product of a process, in the unit its maker declares; it has a figure when it is current."""

    process_uuid: UUID
    flow_uuid: UUID
    product: str
    process: str
    site: str
    year: int
    unit: str
    is_reference: bool
    state: Freshness
    ar5: float | None
    ar6: float | None
    failure: str

    def figure(self, gwp: str) -> float | None:
        """kg CO2e per declared unit under one assessment report; None unless it is current."""
        if self.state is not Freshness.CURRENT:
            return None
        return self.ar5 if gwp == "AR5" else self.ar6


def importing_companies(actor: Actor) -> QuerySet[Company]:
    """The companies the actor may import for."""
    held = actor.companies_with(Permission.IMPORT_INVENTORY)
    return companies(actor).filter(pk__in=held)


def importing_sites(actor: Actor) -> QuerySet[Site]:
    """The sites an import may go to."""
    return sites(actor).filter(company__in=importing_companies(actor))


def jobs(actor: Actor) -> QuerySet[ImportJob]:
    """Imports of the actor's companies, latest first."""
    return (
        ImportJob.objects.visible_to(actor)
        .select_related("company", "created_by", "client", "inventory__site", "site")
        .order_by("-created_at", "-pk")
    )


def inventories(actor: Actor) -> QuerySet[Inventory]:
    """The inventories the actor may take home as workbooks."""
    return Inventory.objects.visible_to(actor).select_related("company", "site__company")


def uploads(actor: Actor) -> QuerySet[WorkbookUpload]:
    """Filled-in workbooks of the actor's companies, latest first."""
    return (
        WorkbookUpload.objects.visible_to(actor)
        .select_related("company", "created_by", "inventory__site__company", "inventory__company")
        .order_by("-created_at", "-pk")
    )


def offered_documents(actor: Actor) -> list[dict[str, Any]]:
    """One's own published footprints that partners may be served, the newest first."""
    own = offered(actor).filter(company_id__in=actor.company_ids, is_served=True).exclude(document="")
    texts = own.filter(status=OfferedFootprint.Status.ACTIVE).values_list("document", flat=True)
    return [exact_json(text) for text in texts]


def upserts(actor: Actor) -> QuerySet[UpsertJob]:
    """Jobs of the actor's companies, latest first."""
    own = UpsertJob.objects.visible_to(actor)
    around = own.select_related("company", "inventory__site", "client", "created_by")
    return around.order_by("-created_at", "-pk")


def is_storing(actor: Actor, company: Company) -> bool:
    """Whether rows that the company sent before are still to be stored."""
    return upserts(actor).filter(company=company, state__in=UpsertJob.UNFINISHED).exists()


def upsert_rows(actor: Actor, job: UpsertJob | None) -> QuerySet[UpsertRow]:
    """What became of the rows of a job."""
    return UpsertRow.objects.visible_to(actor).filter(job=job).order_by("number", "pk")


def exporting_companies(actor: Actor) -> QuerySet[Company]:
    """The companies whose everything the actor may take home."""
    held = actor.companies_with(Permission.EXPORT_COMPANY)
    return companies(actor).filter(pk__in=held)


def exports(actor: Actor) -> QuerySet[CompanyExport]:
    """Files to take home, latest first: everything for who may take everything, packages for every reader."""
    whole = Q(company__in=exporting_companies(actor))
    return (
        CompanyExport.objects.visible_to(actor)
        .filter(whole | Q(kind=CompanyExport.Kind.OPENLCA))
        .select_related("company", "created_by", "client", "inventory__site__company")
        .order_by("-created_at", "-pk")
    )


def packages(actor: Actor, inventory: Inventory) -> QuerySet[CompanyExport]:
    """Those of an inventory for openLCA."""
    return exports(actor).filter(kind=CompanyExport.Kind.OPENLCA, inventory=inventory)


def line_count(actor: Actor, inventory: Inventory) -> int:
    """How long an inventory is."""
    return Exchange.objects.visible_to(actor).filter(process__inventory=inventory).count()


def process_count(actor: Actor, inventory: Inventory) -> int:
    """How many unit processes it has."""
    return UnitProcess.objects.visible_to(actor).filter(inventory=inventory).count()


def columns(actor: Actor, company: Company) -> list[Column]:
    """Every product column of a company, co-products and treated wastes too, by process and line."""
    lines = list(_declaring_lines(actor, company))
    figures = {
        (figure.process_id, figure.product_id): figure
        for figure in Footprint.objects.visible_to(actor).filter(company=company)
    }
    states = freshness(actor, figures.values())
    return [_column(line, figures, states) for line in lines]


def _declaring_lines(actor: Actor, company: Company) -> Iterator[Exchange]:
    """The first output line of each column."""
    rows = (
        Exchange.objects.visible_to(actor)
        .filter(MAKES, company=company)
        .select_related("product", "process__inventory__site")
        .order_by("process__inventory__period_start", "process_id", "position", "pk")
    )
    seen: set[tuple[int, int | None]] = set()
    for line in rows:
        key = (line.process_id, line.product_id)
        if key not in seen:
            seen.add(key)
            yield line


def _column(
    line: Exchange, figures: dict[tuple[int, int], Footprint], states: dict[int, Freshness]
) -> Column:
    process, product = line.process, line.product
    assert product is not None
    figure = figures.get((process.pk, product.pk))
    scale = _per_declared(line, figure) if figure else 1.0
    return Column(
        process_uuid=process.external_uuid or process.uuid,
        flow_uuid=product.external_uuid or product.uuid,
        product=product.name_en or product.name_zh,
        process=process.name_en or process.name_zh,
        site=process.inventory.site.code,
        year=process.inventory.year,
        unit=line.unit,
        is_reference=line.is_reference,
        state=states[figure.pk] if figure else Freshness.PENDING,
        ar5=_times(figure.kg_co2e_ar5, scale) if figure else None,
        ar6=_times(figure.kg_co2e_ar6, scale) if figure else None,
        failure=str(failure_text(figure)) if figure and figure.state == Footprint.State.FAILED else "",
    )


def _per_declared(line: Exchange, figure: Footprint) -> float:
    """How many of the figure's units one unit of the line is."""
    if line.unit == figure.unit:
        return 1.0
    product: Any = line.product
    thing = Thing(product.unit, product.conversions, product.lhv_mj_per_unit)
    return float(in_unit(Decimal(1), line.unit, figure.unit, thing))


def _times(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
