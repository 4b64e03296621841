"""From a package to factors: processes that are resolved to elementary flows, each on its own. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from factors import units
from factors.content import Emission
from factors.geographies import nearest_named, place_of
from factors.origins import CO2E
from footprint.exchange.confined.problems import Problem, Problems
from footprint.exchange.openlca.gas_flows import is_into_air, known_flows, meant
from footprint.exchange.openlca.package import FlowType, Package, PackageExchange, PackageProcess
from footprint.exchange.openlca.quantities import Quantities

YEAR = re.compile(r"\s*(\d{4})(?!\d)")
LONGEST_NAME = 200
DIGITS = 20
"""Of an amount per unit: more than any publisher states."""


@dataclass(frozen=True)
class Dataset:
    """A process as a factor: per unit of its reference flow, gas by gas."""

    id: str
    file: str
    name: str
    technology: str
    unit: str
    geography: str
    reference_year: int
    emissions: tuple[Emission, ...]
    not_counted: tuple[Problem, ...]
    """Flows into the air that are no greenhouse gas here, and greenhouse gases that go elsewhere."""


@dataclass(frozen=True)
class Where:
    """What counts for processes that say nothing themselves."""

    geography: str = ""
    reference_year: int | None = None


def datasets(
    package: Package, gases: Mapping[str, str], otherwise: Where
) -> tuple[list[Dataset], list[Problem]]:
    """Every process that can be taken, and all that speaks against the others, by file and field.

    ``gases`` maps names in lower case to the codes of greenhouse gases.
    """
    taken: list[Dataset] = []
    against: list[Problem] = []
    flows = known_flows(set(gases.values()))
    for process in package.processes.values():
        problems = Problems()
        found = _Reading(package, gases, flows, problems).dataset(process, otherwise)
        if found is None:
            against += problems.errors
        else:
            taken.append(found)
    return taken, against


class _Reading:
    """One process, with whatever speaks against it."""

    def __init__(
        self,
        package: Package,
        gases: Mapping[str, str],
        flows: Mapping[str, tuple[str, str]],
        problems: Problems,
    ) -> None:
        self._package, self._gases, self._flows, self._problems = package, gases, flows, problems
        self._quantities = Quantities(package, problems)

    def dataset(self, process: PackageProcess, otherwise: Where) -> Dataset | None:
        """None where something speaks against it."""
        reference = next(line for line in process.exchanges if line.is_reference)
        unit = self._quantities.code(
            reference.property, reference.unit, process.file, f"{reference.path}.unit"
        )
        if len(process.name) > LONGEST_NAME:
            self._problems.error("name_too_long", process.file, "name", most=LONGEST_NAME)
        place, year = self._place(process, otherwise), self._year(process, otherwise)
        emitted = self._emitted(process, reference)
        if not emitted and not self._problems.errors:
            self._problems.error("no_gases", process.file, "exchanges")
        if self._problems.errors or year is None:
            return None
        return Dataset(
            process.id, process.file, process.name, process.technology, unit, place, year,
            emissions=_per_unit(emitted, reference.amount),
            not_counted=tuple(self._problems.warnings),
        )  # fmt: skip

    def _place(self, process: PackageProcess, otherwise: Where) -> str:
        """By the code of its location, else by the location's name."""
        found = self._package.locations.get(process.location)
        if found is None and process.location:
            self._problems.error("missing_location", process.file, "location", value=process.location)
            return ""
        written = (found.code or found.name) if found else ""
        if found is None or not written:
            if not otherwise.geography:
                self._problems.error("no_place", process.file, "location")
            return otherwise.geography
        place = place_of(found.code) or place_of(found.name)
        if not place:
            near = nearest_named(written)
            self._problems.error("unknown_place", process.file, "location", value=written, near=near)
        return place

    def _year(self, process: PackageProcess, otherwise: Where) -> int | None:
        told = YEAR.match(process.valid_from)
        if told is None and otherwise.reference_year is None:
            self._problems.error("no_year", process.file, "processDocumentation.validFrom")
        return int(told[1]) if told else otherwise.reference_year

    def _emitted(self, process: PackageProcess, reference: PackageExchange) -> dict[tuple[str, str], Decimal]:
        """kg by gas and origin, of the whole process."""
        found: dict[tuple[str, str], Decimal] = {}
        for line in process.exchanges:
            if line is reference or not line.amount:
                continue
            gas = self._gas(process, line)
            kg = self._kg(process, line) if gas is not None else None
            if gas is not None and kg is not None:
                found[gas] = found.get(gas, Decimal(0)) + kg
        return found

    def _gas(self, process: PackageProcess, line: PackageExchange) -> tuple[str, str] | None:
        """Gas and origin that a line emits; nothing of a flow that does not count."""
        flow = self._package.flows[line.flow]
        if flow.type is not FlowType.ELEMENTARY:
            self._problems.error("not_elementary", process.file, line.path, value=flow.name)
            return None
        gas, is_air = meant(flow, self._gases, self._flows), is_into_air(flow, self._flows)
        if gas and is_air:
            return gas
        if is_air and not line.is_input:
            self._problems.warning("not_counted", process.file, line.path, value=flow.name)
        elif gas and not line.is_input:
            filed = "/".join(flow.compartment)[:100] or "—"
            self._problems.warning(
                "gas_elsewhere", process.file, line.path, value=flow.name, compartment=filed
            )
        return None

    def _kg(self, process: PackageProcess, line: PackageExchange) -> Decimal | None:
        flow = self._package.flows[line.flow]
        faults = {
            "total_is_no_gas": self._flows.get(flow.id, ("", ""))[0] == CO2E,
            "removal_in_factor": line.is_input,
            "negative_emission": line.amount < 0,
        }
        for code, is_so in faults.items():
            if is_so:
                self._problems.error(code, process.file, line.path, value=flow.name)
                return None
        unit = self._quantities.code(line.property, line.unit, process.file, f"{line.path}.unit")
        if not unit:
            return None
        kg = self._quantities.in_kg(flow, (line.property, unit), line.amount)
        if kg is None:
            self._problems.error("gas_without_mass", process.file, f"{line.path}.unit", value=flow.name)
        return kg


def _per_unit(emitted: Mapping[tuple[str, str], Decimal], amount: Decimal) -> tuple[Emission, ...]:
    with localcontext() as context:
        context.prec = units.PRECISION
        exact = {key: kg / amount for key, kg in emitted.items()}
        context.prec = DIGITS
        return tuple(
            Emission(gas, origin, Decimal(f"{(+kg).normalize():f}")) for (gas, origin), kg in exact.items()
        )
