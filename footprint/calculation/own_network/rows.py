"""What the own network reads: the versions of own columns, and what stands behind them as far as it is open.

Every question goes through ``visible_to``, so nothing of a partner's comes in but a total it opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.models import Company
from factors import queries as factor_queries
from factors.models import FactorEmission, FactorVersion
from factors.origins import CO2E
from footprint.calculation import columns
from footprint.calculation.content import Column, Content, GasKey
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
    content: Content
    figure: Figure

    def suppliers(self) -> Iterator[Column]:
        """The columns it takes from, others' too."""
        for burden in self.content.burdens:
            kind, process, product = burden.supplier
            if kind == "column":
                yield process, product


@dataclass(frozen=True, slots=True)
class Emitted:
    """A factor version with its exact gases."""

    version: FactorVersion
    gases: Mapping[GasKey, Decimal]


@dataclass(frozen=True)
class OwnRows:
    """Everything the assembly needs, by key; products and processes that are gone are missing."""

    versions: Mapping[Column, Version]
    open_figures: Mapping[Column, Figure]
    factors: Mapping[int, Emitted]
    products: Mapping[int, Product]
    processes: Mapping[int, UnitProcess]
    gwp: tuple[Mapping[GasKey, Decimal], ...]


def versions(actor: Actor, *, company: Company | None, run_id: int | None) -> dict[Column, Version]:
    """Own columns that have a figure, now or as of a run, by column."""
    known = columns.current(actor) if run_id is None else columns.as_of(actor, run_id)
    figures = _own_figures(actor, company, run_id)
    if company is not None:
        known = known.filter(company=company)
    return {
        (version.process_id, version.product_id): Version(
            column=(version.process_id, version.product_id),
            inventory=version.inventory_id,
            year=version.year,
            codes=(version.process_code, version.product_code),
            content=Content.of(version.content),
            figure=figures[version.process_id, version.product_id],
        )
        for version in known
        if version.content is not None and (version.process_id, version.product_id) in figures
    }


def read(actor: Actor, kept: Mapping[Column, Version], *, run_id: int | None) -> OwnRows:
    """What these versions name."""
    bought = {supplier for version in kept.values() for supplier in version.suppliers()} - set(kept)
    used = {
        burden.supplier[1]
        for version in kept.values()
        for burden in version.content.burdens
        if burden.supplier[0] == "factor"
    }
    named = {product for _, product in (*kept, *bought)}
    own = UnitProcess.objects.visible_to(actor).select_related("inventory__site")
    return OwnRows(
        versions=kept,
        open_figures=_open_figures(actor, bought, run_id),
        factors=factors(used),
        products=Product.objects.visible_to(actor).select_related("company").in_bulk(list(named)),
        processes=own.in_bulk([process for process, _ in kept]),
        gwp=tuple(factor_queries.characterization(actor, name) for name in GWP_SETS) if kept else ({}, {}),
    )


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
