"""Which set of declared shares is in force, and whether it is whole. Pure.

All sets are kept with the process. Where none is declared, each co-product carries the full burden, as the
references of this format calculate; the other sets stay for the allocation band.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from footprint.engine.allocation import SUM_TOLERANCE
from footprint.exchange.confined.problems import Problems
from footprint.exchange.openlca.package import FlowType, Package, PackageExchange, PackageProcess
from footprint.exchange.openlca.references import is_output

MAY_MISS_ONE_BY = Decimal(repr(SUM_TOLERANCE))


@dataclass(frozen=True)
class ShareRow:
    """A declared share; ``position`` is the line it is for, None for the whole process."""

    process: str
    flow: str
    method: str
    position: int | None
    share: Decimal


def method(package: Package, process: PackageProcess, problems: Problems) -> tuple[str, str]:
    """The allocation method of a process and the set in force; an incomplete set in force is an error."""
    products = _products(package, process)
    if len(products) < 2:
        return "none", ""
    if not process.allocation:
        return "full", ""
    if process.allocation == "causal":
        _check_causal(package, process, products, problems)
        return "causal", "causal"
    shares = [f for f in process.factors if f.method == process.allocation and f.position is None]
    declared = {factor.product: factor.value for factor in shares}
    _check_sum(process, "allocationFactors", products, declared, problems)
    return "declared", process.allocation


def rows(process: PackageProcess) -> list[ShareRow]:
    """Every share of every set."""
    found: dict[tuple[str, str, int | None], ShareRow] = {}
    for factor in process.factors:
        row = ShareRow(process.id, factor.product, factor.method, factor.position, factor.value)
        found.setdefault((row.method, row.flow, row.position), row)
    return list(found.values())


def unused(process: PackageProcess) -> list[str]:
    """The sets that are stored and not in force."""
    return sorted({factor.method for factor in process.factors} - {process.allocation})


def _products(package: Package, process: PackageProcess) -> set[str]:
    return {line.flow for line in process.exchanges if is_output(package.flows[line.flow], line)}


def _check_causal(package: Package, process: PackageProcess, products: set[str], problems: Problems) -> None:
    """Every line that can carry a burden has shares that sum to one."""
    declared: dict[int | None, dict[str, Decimal]] = defaultdict(dict)
    for factor in process.factors:
        if factor.method == "causal":
            declared[factor.position][factor.product] = factor.value
    for position, line in enumerate(process.exchanges):
        if _carries_burden(package, line):
            _check_sum(process, line.path, products, declared.get(position, {}), problems)


def _carries_burden(package: Package, line: PackageExchange) -> bool:
    flow = package.flows[line.flow]
    return flow.type is FlowType.ELEMENTARY or not is_output(flow, line)


def _check_sum(
    process: PackageProcess, field: str, products: set[str], declared: dict[str, Decimal], problems: Problems
) -> None:
    if products - set(declared):
        problems.error("shares_missing", process.file, field, value=process.allocation)
    elif abs(sum(declared.values(), Decimal(0)) - 1) > MAY_MISS_ONE_BY or min(declared.values()) < 0:
        total = format(sum(declared.values(), Decimal(0)).normalize(), "f")
        problems.error("shares_do_not_sum", process.file, field, value=process.allocation, total=total)
