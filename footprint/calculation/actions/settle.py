"""Settle unit processes: recompute them and everything downstream, write what moved."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from django.utils import timezone

from footprint.calculation import inputs as rows
from footprint.calculation.assemble import Assembled, assemble
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Column, Inputs
from footprint.calculation.models import CalculationRun, Footprint, FootprintBreakdown
from footprint.engine import ENGINE_VERSION
from footprint.engine.equations import Floats
from footprint.engine.solve import Solution, solve_tolerant

WRITE_BATCH = 2000
CO2E = "CO2e"


@dataclass(frozen=True)
class Figure:
    """One column's result, per declared unit of its product."""

    process: int
    product: int
    production: float
    share: float | None
    digest: str
    fault: Fault | None = None
    ar5: float | None = None
    ar6: float | None = None
    by_gas: tuple[dict[str, Any], ...] = ()
    contributions: tuple[dict[str, Any], ...] = ()


class Weights(NamedTuple):
    """GWP100 of each gas column."""

    ar5: Floats
    ar6: Floats


def settle_processes(process_ids: list[int], gen: int) -> None:
    """Recompute the downstream closure of these processes and write the figures that changed."""
    started = timezone.now()
    inputs = rows.read(rows.closure(process_ids))
    assembled = assemble(inputs)
    solution = solve_tolerant(assembled.network(), certify=False)
    figures = figures_of(assembled, solution)
    _remove_columns_without_output(inputs, assembled)
    changed = _changed(figures)
    if changed:
        run = _record_run(assembled, solution, figures, len(changed), started)
        _write(inputs, changed, run, gen)


def figures_of(assembled: Assembled, solution: Solution) -> list[Figure]:
    """A figure or a fault for every column."""
    faults = assembled.failing()
    for node in np.flatnonzero(solution.refused_by[assembled.place[: len(assembled.columns)]] >= 0):
        faults.setdefault(int(node), _refusal(assembled, solution, int(node)))
    weights = Weights(_weights(assembled, "AR5"), _weights(assembled, "AR6"))
    intensity = solution.intensity[assembled.place]
    fingerprints = _fingerprints(assembled, intensity)
    by_node = _links_by_node(assembled)
    return [
        _fault_figure(assembled, node, faults[node])
        if node in faults
        else _figure(assembled, node, by_node[node], intensity, weights, fingerprints)
        for node in range(len(assembled.columns))
    ]


def _refusal(assembled: Assembled, solution: Solution, node: int) -> Fault:
    reason = solution.reason(int(assembled.place[node]))
    members = assembled.processes_at(reason.nodes) if reason else []
    if assembled.columns[node][0] in members:
        return Fault("loop", processes=members)
    return Fault("supplier_failed")


def _weights(assembled: Assembled, code: str) -> Floats:
    """GWP of each gas column; a CO2e total counts as its publisher made it."""
    table = rows.characterization(code)
    return np.array(
        [
            1.0 if gas == CO2E else table.get((gas, origin), table.get((gas, "unspecified"), 0.0))
            for gas, origin in assembled.gases
        ]
    )


def _links_by_node(assembled: Assembled) -> list[slice]:
    """Links arrive grouped by process; sorted by node they are a slice each."""
    order = np.argsort(assembled.node, kind="stable")
    for name in ("node", "exchange", "supplier", "amount"):
        setattr(assembled, name, getattr(assembled, name)[order])
    edges = np.searchsorted(assembled.node, np.arange(len(assembled.columns) + 1))
    return [slice(int(start), int(end)) for start, end in pairwise(edges)]


def _figure(
    assembled: Assembled,
    node: int,
    links: slice,
    intensity: Floats,
    weights: Weights,
    fingerprints: list[bytes],
) -> Figure:
    process, product = assembled.columns[node]
    own = intensity[node]
    brought = assembled.amount[links, None] * intensity[assembled.supplier[links]]
    parts = _parts(assembled.exchange[links], brought @ weights.ar5, brought @ weights.ar6)
    direct = assembled.direct[node]
    parts.append({"exchange": None, "ar5": float(direct @ weights.ar5), "ar6": float(direct @ weights.ar6)})
    share = assembled.share[node]
    return Figure(
        process=process,
        product=product,
        production=assembled.production[node],
        share=None if np.isnan(share) else share,
        digest=_digest(assembled, node, links, fingerprints),
        ar5=float(own @ weights.ar5),
        ar6=float(own @ weights.ar6),
        by_gas=tuple(
            {"gas": gas, "origin": origin, "kg": float(kg)}
            for (gas, origin), kg in zip(assembled.gases, own, strict=True)
            if kg
        ),
        contributions=tuple(parts),
    )


def _parts(exchanges: Any, ar5: Floats, ar6: Floats) -> list[dict[str, Any]]:
    """What each line brings; a line with several makers is one part."""
    summed: dict[int, list[float]] = {}
    for exchange, five, six in zip(exchanges, ar5, ar6, strict=True):
        part = summed.setdefault(int(exchange), [0.0, 0.0])
        part[0] += float(five)
        part[1] += float(six)
    return [{"exchange": exchange, "ar5": five, "ar6": six} for exchange, (five, six) in summed.items()]


def _fault_figure(assembled: Assembled, node: int, fault: Fault) -> Figure:
    process, product = assembled.columns[node]
    digest = hashlib.sha256(f"{ENGINE_VERSION} {fault.record()}".encode()).hexdigest()
    return Figure(process, product, assembled.production[node], None, digest, fault=fault)


def _fingerprints(assembled: Assembled, intensity: Floats) -> list[bytes]:
    """One hash per node and source, over the gases it has: another batch's columns change nothing."""
    names = [f"{gas}|{origin}|".encode() for gas, origin in assembled.gases]
    return [
        hashlib.sha256(b"".join(names[at] + row[at].tobytes() for at in np.flatnonzero(row))).digest()
        for row in intensity
    ]


def _digest(assembled: Assembled, node: int, links: slice, fingerprints: list[bytes]) -> str:
    """Identifies what the figure was made from: engine, production, amounts, suppliers' vectors, result."""
    content = hashlib.sha256(f"{ENGINE_VERSION} {assembled.production[node]!r}".encode())
    content.update(assembled.exchange[links].tobytes())
    content.update(assembled.amount[links].tobytes())
    for supplier in assembled.supplier[links]:
        content.update(fingerprints[int(supplier)])
    content.update(fingerprints[node])
    return content.hexdigest()


def _remove_columns_without_output(inputs: Inputs, assembled: Assembled) -> None:
    stored = Footprint.objects.filter(process_id__in=inputs.processes).values_list(
        "id", "process_id", "product_id"
    )
    known = set(assembled.columns)
    gone = [pk for pk, process, product in stored if (process, product) not in known]
    if gone:
        Footprint.objects.filter(pk__in=gone).delete()


def _changed(figures: list[Figure]) -> list[Figure]:
    processes = {figure.process for figure in figures}
    stored: dict[Column, str] = {
        (process, product): digest
        for process, product, digest in Footprint.objects.filter(process_id__in=processes).values_list(
            "process_id", "product_id", "input_digest"
        )
    }
    return [figure for figure in figures if stored.get((figure.process, figure.product)) != figure.digest]


def _record_run(
    assembled: Assembled, solution: Solution, figures: list[Figure], changed: int, started: datetime
) -> CalculationRun:
    digest = hashlib.sha256("".join(figure.digest for figure in figures).encode()).hexdigest()
    return CalculationRun.objects.create(
        engine_version=ENGINE_VERSION,
        started_at=started,
        finished_at=timezone.now(),
        columns=len(assembled.columns),
        changed=changed,
        residual=solution.residual,
        input_digest=digest,
    )


def _write(inputs: Inputs, figures: list[Figure], run: CalculationRun, gen: int) -> None:
    now = timezone.now()
    footprints = Footprint.objects.bulk_create(
        [_row(inputs, figure, run, gen, now) for figure in figures],
        batch_size=WRITE_BATCH,
        update_conflicts=True,
        unique_fields=["process", "product"],
        update_fields=[
            "inventory", "year", "unit", "production", "kg_co2e_ar5", "kg_co2e_ar6", "share", "state",
            "error", "input_digest", "generation", "computed_at", "run",
        ],
    )  # fmt: skip
    FootprintBreakdown.objects.bulk_create(
        [
            FootprintBreakdown(
                footprint=footprint,
                company_id=footprint.company_id,
                by_gas=list(figure.by_gas),
                contributions=list(figure.contributions),
            )
            for footprint, figure in zip(footprints, figures, strict=True)
        ],
        batch_size=WRITE_BATCH,
        update_conflicts=True,
        unique_fields=["footprint"],
        update_fields=["by_gas", "contributions"],
    )


def _row(inputs: Inputs, figure: Figure, run: CalculationRun, gen: int, now: datetime) -> Footprint:
    process = inputs.processes[figure.process]
    return Footprint(
        company_id=process.company,
        inventory_id=process.inventory,
        process_id=figure.process,
        product_id=figure.product,
        year=process.year,
        unit=inputs.products[figure.product].unit,
        production=figure.production,
        kg_co2e_ar5=figure.ar5,
        kg_co2e_ar6=figure.ar6,
        share=figure.share,
        state=Footprint.State.FAILED if figure.fault else Footprint.State.CURRENT,
        error=figure.fault.record() if figure.fault else {},
        input_digest=figure.digest,
        generation=gen,
        computed_at=now,
        run=run,
    )
