"""What the own network reads: the versions of own columns, and what stands behind them as far as it is open.

Every question goes through ``visible_to``, so nothing of a partner's comes in but a total it opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.models import Company
from factors import queries as factor_queries
from factors.models import FactorEmission, FactorVersion
from factors.origins import CO2E
from footprint.calculation import columns
from footprint.calculation.content import Column, GasKey
from footprint.calculation.models import FigureVersion, Footprint
from footprint.calculation.own_network.arrays import GWP_SETS
from footprint.inventory.models import Product, UnitProcess


@dataclass(frozen=True, slots=True)
class Figure:
    """A column's figure, kg CO2e per unit under AR5 and AR6; ``footprint`` is its uuid, as of now only."""

    co2e: tuple[float, float]
    production: float
    year: int
    unit: str
    footprint: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """What an own column is made of, and its figure."""

    column: Column
    inventory: int
    year: int
    codes: tuple[str, str]
    content: Mapping[str, Any]
    """The record as ``ColumnVersion`` describes it; thousands of burdens are not made into objects."""
    figure: Figure

    def suppliers(self) -> Iterator[Column]:
        """The columns it takes from, others' too."""
        for burden in self.content["burdens"]:
            if burden["kind"] == "column":
                yield burden["process"], burden["product"]


@dataclass(frozen=True, slots=True)
class Emitted:
    """A factor version with its exact gases."""

    version: FactorVersion
    gases: Mapping[GasKey, Decimal]


class ProductNames(NamedTuple):
    """What a product and its company are called."""

    uuid: UUID
    code: str
    name_zh: str
    name_en: str
    company_zh: str
    company_en: str


class ProcessNames(NamedTuple):
    """What a unit process and its site are called."""

    name_zh: str
    name_en: str
    site_zh: str
    site_en: str


@dataclass(frozen=True)
class OwnRows:
    """Everything the assembly needs, by key; products and processes that are gone are missing."""

    versions: Mapping[Column, Version]
    open_figures: Mapping[Column, Figure]
    factors: Mapping[int, Emitted]
    products: Mapping[int, ProductNames]
    processes: Mapping[int, ProcessNames]
    gwp: tuple[Mapping[GasKey, Decimal], ...]


def versions(actor: Actor, *, company: Company | None, run_id: int | None) -> dict[Column, Version]:
    """Own columns that have a figure, now or as of a run, by column."""
    known = columns.current(actor) if run_id is None else columns.as_of(actor, run_id)
    figures = _own_figures(actor, company, run_id)
    if company is not None:
        known = known.filter(company=company)
    rows = known.filter(content__isnull=False).values_list(
        "process_id", "product_id", "inventory_id", "year", "process_code", "product_code", "content"
    )
    return {
        (process, product): Version(
            (process, product), inventory, year, (process_code, product_code), content, figure
        )
        for process, product, inventory, year, process_code, product_code, content in rows
        if content and (figure := figures.get((process, product)))
    }


def read(actor: Actor, kept: Mapping[Column, Version], *, run_id: int | None) -> OwnRows:
    """What these versions name."""
    bought = {supplier for version in kept.values() for supplier in version.suppliers()} - set(kept)
    used = {
        burden["version"]
        for version in kept.values()
        for burden in version.content["burdens"]
        if burden["kind"] == "factor"
    }
    return OwnRows(
        versions=kept,
        open_figures=_open_figures(actor, bought, run_id),
        factors=factors(used),
        products=_products(actor, {product for _, product in (*kept, *bought)}),
        processes=_processes(actor, {process for process, _ in kept}),
        gwp=tuple(factor_queries.characterization(actor, name) for name in GWP_SETS) if kept else ({}, {}),
    )


def _products(actor: Actor, ids: set[int]) -> dict[int, ProductNames]:
    rows = (
        Product.objects.visible_to(actor)
        .filter(pk__in=ids)
        .values_list("id", "uuid", "code", "name_zh", "name_en", "company__name_zh", "company__name_en")
    )
    return {row[0]: ProductNames(*row[1:]) for row in rows}


def _processes(actor: Actor, ids: set[int]) -> dict[int, ProcessNames]:
    rows = (
        UnitProcess.objects.visible_to(actor)
        .filter(pk__in=ids)
        .values_list("id", "name_zh", "name_en", "inventory__site__name_zh", "inventory__site__name_en")
    )
    return {row[0]: ProcessNames(*row[1:]) for row in rows}


def _own_figures(actor: Actor, company: Company | None, run_id: int | None) -> dict[Column, Figure]:
    if run_id is None:
        return _figures(Footprint.objects.visible_to(actor), company)
    newest = ("product_id", "process_id")
    latest = (
        FigureVersion.objects.visible_to(actor)
        .filter(run_id__lte=run_id, **({"company": company} if company else {}))
        .order_by(*newest, "-run_id")
        .distinct(*newest)
    )
    return {
        (figure.process_id, figure.product_id): Figure(
            (figure.kg_co2e_ar5, figure.kg_co2e_ar6), figure.production, figure.year, ""
        )
        for figure in latest
        if figure.kg_co2e_ar5 is not None and figure.kg_co2e_ar6 is not None
    }


def _open_figures(actor: Actor, bought: set[Column], run_id: int | None) -> dict[Column, Figure]:
    """Figures of others that the actor may see; as of a run, those that have not moved since."""
    found = Footprint.objects.visible_to(actor).filter(process_id__in={process for process, _ in bought})
    if run_id is not None:
        found = found.filter(run_id__lte=run_id)
    return {column: figure for column, figure in _figures(found).items() if column in bought}


def _figures(footprints: QuerySet[Footprint], company: Company | None = None) -> dict[Column, Figure]:
    if company is not None:
        footprints = footprints.filter(company=company)
    rows = footprints.filter(state=Footprint.State.CURRENT).values_list(
        "process_id", "product_id", "kg_co2e_ar5", "kg_co2e_ar6", "production", "year", "unit", "uuid"
    )
    return {
        (process, product): Figure((ar5, ar6), production, year, unit, str(uuid))
        for process, product, ar5, ar6, production, year, unit, uuid in rows
        if ar5 is not None and ar6 is not None
    }


def factors(ids: set[int]) -> dict[int, Emitted]:
    """Factor versions; they are shared."""
    gases: dict[int, dict[GasKey, Decimal]] = defaultdict(dict)
    emissions = FactorEmission.objects.filter(version_id__in=ids).order_by("id")
    for version, gas, origin, kg, gwp_set in emissions.values_list(
        "version_id", "gas", "origin", "kg_per_unit", "version__gwp_set"
    ):
        # as the calculation reads them: a total keeps the set it was made with in place of an origin
        gases[version][gas, (gwp_set or "") if gas == CO2E else origin] = kg
    found = FactorVersion.objects.select_related("factor", "source").in_bulk(list(ids))
    return {pk: Emitted(version, gases[pk]) for pk, version in found.items()}
