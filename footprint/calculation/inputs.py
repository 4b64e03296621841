"""What a calculation reads: rows of some processes, and of the makers and factors that their lines name.

Everything is read in the snapshot of the caller; nothing here interprets an amount.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.arrays import among
from factors.models import CharacterizationFactor, FactorEmission, FactorVersion
from factors.models.factor import EXEMPTED_SHARE
from footprint.calculation.content import Column, GasKey
from footprint.calculation.line import Line, Rating
from footprint.inventory.models import (
    SCORES,
    AllocationShare,
    Exchange,
    OutputPrice,
    Product,
    UnitProcess,
)

IS_OUTPUT = Q(direction="output", kind="product", is_avoided=False) | Q(
    direction="input", kind="waste", is_reference=True
)
"""``Line.is_output`` as a condition."""
Vector = dict[GasKey, float]
"""kg of each gas."""


@dataclass(frozen=True, slots=True)
class Process:
    """One unit process of one inventory. ``geography`` is the site's province, ISO 3166-2."""

    id: int
    year: int
    method: str
    allocation_set: str
    period_end: date | None = None
    geography: str = ""
    technology: str = ""
    price_years: str = "reference"
    mass_loss_kg: Decimal | None = None
    stock_change_kg: Decimal | None = None
    energy_loss_mj: Decimal | None = None
    ambient_celsius: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A product's declared unit and what else one unit of it is.

    Carbon and hydrogen are kg per kg; ``biogenic_carbon`` is the part of the carbon that is biogenic.
    """

    unit: str
    conversions: dict[str, Any]
    lhv_mj: Decimal | None
    carbon: Decimal | None = None
    hydrogen: Decimal | None = None
    biogenic_carbon: Decimal | None = None
    molar_mass_g_per_mol: Decimal | None = None
    kind: str = "product"


@dataclass(frozen=True, slots=True)
class Made:
    """An output line of a product somebody takes as a provider."""

    process: int
    year: int
    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What a factor version says of itself: how good the number is, and what it stands for."""

    kind: str
    geography: str
    reference_year: int
    technology: str
    boundary: str
    dqr: Rating
    gsd2: Decimal | None
    exempted_share: float = 0.0
    """Which part of the emissions its maker left out, 0 to 1."""


@dataclass
class Inputs:
    """Everything the assembly needs, by key.

    ``outputs`` are the columns of the processes that lines name as providers. ``lenient`` lets suppliers that
    are not to be seen count nothing: enough to ask whether a loop is sound.
    """

    processes: dict[int, Process]
    lines: dict[int, list[Line]] = field(default_factory=dict)
    products: dict[int, Thing] = field(default_factory=dict)
    shares: dict[int, dict[tuple[str, int, int | None], Decimal]] = field(default_factory=dict)
    prices: dict[int, dict[int, Decimal]] = field(default_factory=dict)
    makers: dict[int, list[Made]] = field(default_factory=dict)
    factor_units: dict[int, str] = field(default_factory=dict)
    outputs: set[Column] = field(default_factory=set)
    lenient: bool = False


def closure(process_ids: Iterable[int]) -> list[int]:
    """The processes and everything downstream of them, ascending."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT calculation_closure(%s::bigint[])", [list(process_ids)])
        return sorted(row[0] for row in cursor.fetchall())


def consumers(process_ids: Iterable[int], product_ids: Iterable[int]) -> set[int]:
    """Processes with a line that names one of these processes, or one of these products, as its provider."""
    provided = among("provider_process_id", process_ids), among("provider_product_id", product_ids)
    found = (Exchange.objects.filter(one).values_list("process_id", flat=True) for one in provided)
    return {process for consumers in found for process in consumers}


def read(process_ids: list[int], instead: Mapping[int, Line] | None = None) -> Inputs:
    """Rows of these processes, and of the suppliers and factors they name.

    ``instead`` are lines, by id, as somebody would have them rather than as they are stored.
    """
    inputs = Inputs(processes=_processes(process_ids))
    inputs.lines = _lines(process_ids)
    for line in (instead or {}).values():
        stored = inputs.lines.setdefault(line.process, [])
        inputs.lines[line.process] = [line if each.id == line.id else each for each in stored]
        if all(each.id != line.id for each in stored):
            inputs.lines[line.process].append(line)
    every = [line for lines in inputs.lines.values() for line in lines]
    bought = {line.provider_product for line in every if line.provider_product}
    inputs.makers = _makers(bought)
    inputs.products = _products({line.product for line in every if line.product} | bought)
    inputs.shares = _shares(process_ids)
    inputs.prices = _prices(process_ids)
    inputs.factor_units = _factor_units({line.factor_version for line in every if line.factor_version})
    inputs.outputs = _outputs({line.provider_process for line in every if line.provider_process})
    return inputs


def characterization(codes: tuple[str, ...], horizon: int = 100) -> dict[str, dict[GasKey, float]]:
    """GWP by gas and origin, of each of these sets."""
    found: dict[str, dict[GasKey, float]] = {code: {} for code in codes}
    rows = CharacterizationFactor.objects.filter(set__code__in=codes, set__horizon=horizon)
    for code, gas, origin, value in rows.values_list("set__code", "gas__code", "origin", "value"):
        found[code][gas, origin] = float(value)
    return found


def _processes(ids: list[int]) -> dict[int, Process]:
    rows: Iterable[Any] = UnitProcess.objects.filter(among("pk", ids)).values_list(
        "id",
        "allocation_method",
        "allocation_set",
        "inventory__period_end",
        "inventory__site__province",
        "technology",
        "price_years",
        "mass_loss_kg",
        "stock_change_kg",
        "energy_loss_mj",
        "ambient_celsius",
    )
    # asked for a part of a date, the ORM keeps this very call, and all that is read, until the next search
    # for garbage
    return {
        pk: Process(pk, end.year, method, declared, end, *more) for pk, method, declared, end, *more in rows
    }


def _lines(ids: list[int]) -> dict[int, list[Line]]:
    rows = (
        Exchange.objects.filter(among("process_id", ids))
        .order_by("process_id", "position", "id")
        .values_list(
            "id",
            "process_id",
            "direction",
            "kind",
            "product_id",
            "gas",
            "origin",
            "amount",
            "unit",
            "is_reference",
            "is_avoided",
            "provider_process_id",
            "provider_product_id",
            "factor_version_id",
            "data_type",
            "stage",
            "gsd2",
            "allocation_basis",
            "allocation_basis_unit",
            "carrier",
            "reference_efficiency",
            "heat_celsius",
            "exempted_kg_co2e",
            "factor_version__factor__kind",
            *SCORES,
        )
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for row in rows.iterator(chunk_size=5000):
        line = Line._make(row)
        # a flow without a gas, a product or a factor carries nothing into a carbon footprint
        if line.product or line.gas or line.factor_version:
            found[line.process].append(line)
    return dict(found)


def _products(ids: set[int]) -> dict[int, Thing]:
    rows: Iterable[Any] = Product.objects.filter(among("pk", ids)).values_list(
        "id",
        "unit",
        "conversions",
        "lhv_mj_per_unit",
        "carbon_fraction",
        "hydrogen_fraction",
        "biogenic_carbon_fraction",
        "molar_mass_g_per_mol",
        "kind",
    )
    return {pk: Thing(unit, conversions or {}, *more) for pk, unit, conversions, *more in rows}


def _makers(products: set[int]) -> dict[int, list[Made]]:
    rows = (
        Exchange.objects.filter(
            among("product_id", products), direction="output", kind="product", is_avoided=False
        )
        .order_by("process_id", "position", "id")
        .values_list("product_id", "process_id", "process__inventory__period_end", "amount", "unit")
    )
    found: dict[int, list[Made]] = defaultdict(list)
    for product, process, end, amount, unit in rows:
        found[product].append(Made(process, end.year, amount, unit))
    return dict(found)


def _shares(ids: list[int]) -> dict[int, dict[tuple[str, int, int | None], Decimal]]:
    rows = AllocationShare.objects.filter(among("process_id", ids)).values_list(
        "process_id", "method", "product_id", "exchange_id", "share"
    )
    found: dict[int, dict[tuple[str, int, int | None], Decimal]] = defaultdict(dict)
    for process, method, product, exchange, share in rows:
        found[process][(method, product, exchange)] = share
    return dict(found)


def _prices(ids: list[int]) -> dict[int, dict[int, Decimal]]:
    rows = OutputPrice.objects.filter(among("exchange__process_id", ids)).values_list(
        "exchange_id", "year", "price"
    )
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for exchange, year, price in rows:
        found[exchange][year] = price
    return dict(found)


def _factor_units(ids: set[int]) -> dict[int, str]:
    return dict(FactorVersion.objects.filter(among("pk", ids)).values_list("id", "factor__unit"))


def references(version_ids: Iterable[int]) -> dict[int, Reference]:
    """What these factor versions say of themselves."""
    rows: Iterable[Any] = FactorVersion.objects.filter(pk__in=list(version_ids)).values_list(
        "id",
        "factor__kind",
        "geography",
        "reference_year",
        "technology",
        "boundary",
        "data_quality",
        "uncertainty_gsd2",
    )
    return {
        pk: Reference(*(*about, _rating(quality), gsd2, quality.get(EXEMPTED_SHARE, 0.0)))
        for pk, *about, quality, gsd2 in rows
    }


def _rating(quality: dict[str, Any]) -> Rating:
    technology, time, geography = (quality.get(name) for name in ("technology", "time", "geography"))
    return technology, time, geography


def vectors(version_ids: Iterable[int]) -> dict[int, Vector]:
    """kg of each gas per unit of these factor versions, which never change."""
    found: dict[int, Vector] = {version: {} for version in version_ids}
    rows = FactorEmission.objects.filter(version_id__in=list(found)).values_list(
        "version_id", "gas", "origin", "kg_per_unit", "version__gwp_set"
    )
    for version, gas, origin, kg, gwp_set in rows:
        # a total that its publisher characterised keeps the set it was made with in place of an origin
        found[version][(gas, (gwp_set or "") if gas == "CO2e" else origin)] = float(kg)
    return found


def _outputs(ids: set[int]) -> set[Column]:
    rows = Exchange.objects.filter(among("process_id", ids)).filter(IS_OUTPUT)
    return {
        (process, product) for process, product in rows.values_list("process_id", "product_id") if product
    }
