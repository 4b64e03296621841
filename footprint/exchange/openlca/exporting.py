"""Rows of an inventory to an outgoing package: what a line is as a flow, and who provides it.

What is behind a supplier's total stays with its maker: a product of others is a process that emits its total,
where that is open to the reader, and nobody's otherwise. So is one's own product of another inventory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.actor import Actor
from accounts.figures import name
from factors import queries as factor_queries
from factors.origins import CO2E
from footprint.calculation import inputs as calculation
from footprint.calculation import shares
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Inputs
from footprint.calculation.own_network.rows import factors
from footprint.calculation.quantities import in_unit
from footprint.calculation.queries import product_figures
from footprint.exchange.openlca import gas_flows
from footprint.exchange.openlca.flows_out import Flows
from footprint.exchange.openlca.left_out import with_estimate
from footprint.exchange.openlca.outgoing import Note, Outgoing, OutLine, OutProcess, OutShare, Weights
from footprint.exchange.openlca.supplies import Supplies
from footprint.inventory import queries
from footprint.inventory.models import Exchange, Inventory, UnitProcess

METHODS = {"none": "", "full": "", "economic": "economic", "causal": "causal"}
SETS = ("physical", "economic", "causal")


@dataclass
class _Export:
    inventory: Inventory
    language: str
    inputs: Inputs
    flows: Flows
    supplies: Supplies
    lines: Mapping[int, list[Exchange]]
    notes: list[Note] = field(default_factory=list)


def outgoing(actor: Actor, inventory: Inventory, *, gwp: str, language: str) -> Outgoing:
    """The package of an own inventory; totals and weights are those of one set of GWP values."""
    processes = list(queries.processes(actor, [inventory.pk]))
    found = queries.lines(actor).filter(process__inventory=inventory)
    lines: dict[int, list[Exchange]] = defaultdict(list)
    for line in found.select_related("factor_version__source", "process"):
        lines[line.process_id].append(line)
    every = [line for of_one in lines.values() for line in of_one]
    inputs = calculation.read([process.pk for process in processes])
    flows = Flows(language, inputs)
    makers = _makers(flows, processes, lines)
    bought = {line.provider_product_id for line in every if line.provider_product_id}
    supplies = Supplies(
        gwp=gwp,
        language=language,
        year=inventory.year,
        inputs=inputs,
        flows=flows,
        ids={process.pk: _identifier(process, processes) for process in processes if process.pk in makers},
        makers=makers,
        factors=factors({line.factor_version_id for line in every if line.factor_version_id}),
        figures=product_figures(actor, bought),
    )
    export = _Export(inventory, language, inputs, flows, supplies, lines)
    written = [_process(export, process) for process in processes if process.pk in makers]
    left_out = [
        Note("no_output", _called(export, process)) for process in processes if process.pk not in makers
    ]
    return Outgoing(
        flows=flows.known,
        processes=(*written, *supplies.processes),
        weights=(_weights(actor, flows, gwp),),
        notes=(*left_out, *export.notes, *supplies.notes),
    )


def _makers(
    flows: Flows, processes: list[UnitProcess], lines: Mapping[int, list[Exchange]]
) -> dict[int, dict[int, str]]:
    """The flows that processes make or treat, by process and product."""
    made: dict[int, dict[int, str]] = defaultdict(dict)
    for process in processes:
        for line in lines.get(process.pk, []):
            if makes(line) and line.product_id:
                made[process.pk][line.product_id] = flows.of(line)
    return dict(made)


def makes(line: Exchange) -> bool:
    """Whether the line makes a column; nothing of a product is none."""
    if line.kind == Exchange.Kind.PRODUCT:
        return line.direction == Exchange.Direction.OUTPUT and not line.is_avoided and line.amount > 0
    is_taken_in = line.direction == Exchange.Direction.INPUT and line.is_reference
    return line.kind == Exchange.Kind.WASTE and is_taken_in and line.amount > 0


def _identifier(process: UnitProcess, processes: list[UnitProcess]) -> str:
    """As it is known in openLCA, unless two processes say they are the same."""
    shared = sum(other.external_uuid == process.external_uuid for other in processes) > 1
    return str(process.uuid if shared or not process.external_uuid else process.external_uuid)


def _called(export: _Export, process: UnitProcess) -> str:
    return name(process, export.language)


def _process(export: _Export, process: UnitProcess) -> OutProcess:
    rows = [line for line in export.lines[process.pk] if _is_told(line)]
    reference = _reference(rows)
    lines = tuple(_line(export, line, is_reference=line is reference) for line in rows)
    method, split = _shares(export, process, rows)
    inventory = export.inventory
    return OutProcess(
        id=export.supplies.ids[process.pk],
        name=_called(export, process),
        lines=lines,
        method=method,
        shares=split,
        description=process.code,
        technology=process.technology,
        place=inventory.site.province,
        first=inventory.period_start,
        last=inventory.period_end,
    )


def _is_told(line: Exchange) -> bool:
    """A product put out in no amount is none."""
    is_output = line.kind == Exchange.Kind.PRODUCT and line.direction == Exchange.Direction.OUTPUT
    return not is_output or line.is_avoided or line.amount > 0


def _reference(rows: list[Exchange]) -> Exchange:
    """The one line a process is there for: a waste it treats, the one that was marked, the first."""
    made = [line for line in rows if makes(line)]
    wastes = [line for line in made if line.kind == Exchange.Kind.WASTE]
    return next(iter(wastes), None) or next((line for line in made if line.is_reference), made[0])


def _line(export: _Export, line: Exchange, *, is_reference: bool) -> OutLine:
    flow = export.flows.of(line)
    amount, unit = line.amount, line.unit
    if makes(line) and line.product_id:
        unit = export.flows.known[flow].unit
        amount = in_unit(line.amount, line.unit, unit, export.inputs.products[line.product_id])
    if line.gas and line.is_avoided:
        amount = -amount
    return OutLine(
        flow=flow,
        amount=amount,
        unit=unit,
        is_input=line.direction == Exchange.Direction.INPUT or (line.is_avoided and not line.gas),
        is_reference=is_reference,
        is_avoided=line.is_avoided and not line.gas,
        provider="" if makes(line) else export.supplies.provider(line, flow),
        gsd2=line.gsd2,
        comment=with_estimate(line.comment, line.exempted_kg_co2e),
    )


def _shares(export: _Export, process: UnitProcess, rows: list[Exchange]) -> tuple[str, tuple[OutShare, ...]]:
    """The set in force, and the others that are kept with the process."""
    flows = export.supplies.makers[process.pk]
    places = {line.pk: at for at, line in enumerate(rows)}
    method = METHODS.get(process.allocation_method, "physical")
    if process.allocation_method == UnitProcess.Allocation.DECLARED and process.allocation_set in SETS:
        method = process.allocation_set
    stored = [
        OutShare(kept, flows[product], float(share), None if line is None else places[line])
        for (kept, product, line), share in export.inputs.shares.get(process.pk, {}).items()
        if kept in SETS and product in flows and (line is None or line in places)
    ]
    if len(flows) < 2:
        return "", tuple(stored)
    others = [share for share in stored if share.method != method]
    return method, (*(_in_force(export, process, method, places) if method else ()), *others)


def _in_force(
    export: _Export, process: UnitProcess, method: str, places: Mapping[int, int]
) -> list[OutShare]:
    flows = export.supplies.makers[process.pk]
    row = export.inputs.processes[process.pk]
    lines = export.inputs.lines.get(process.pk, [])
    outputs = [line for line in lines if line.is_output]
    try:
        split = shares.of(row, list(flows), outputs, export.inputs)
        if split.causal:
            return [
                OutShare(method, flow, split.of_line(line.id).get(product, 0.0), places[line.id])
                for line in lines
                if not line.is_output and line.id in places
                for product, flow in flows.items()
            ]
    except Fault:
        export.notes.append(Note("shares", _called(export, process)))
        return []
    return [OutShare(method, flows[product], share) for product, share in split.general.items()]


def _weights(actor: Actor, flows: Flows, gwp: str) -> Weights:
    values = factor_queries.characterization(actor, gwp)
    known = gas_flows.known_flows({gas for gas, _origin in values} - {CO2E})
    of_gases = {flow: key for flow in flows.known if (key := known.get(flow)) and key in values}
    return Weights(gwp, {flow: float(values[key]) for flow, key in of_gases.items()})
