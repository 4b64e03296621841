"""Product systems: what leaves the works, each with everything that it stands on. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footprint.exchange.openlca.outgoing import OutFlow, OutProcess
from footprint.exchange.openlca.package import FlowType

MOST_SYSTEMS = 50


@dataclass(frozen=True)
class Link:
    """A line of a process and who provides it; ``line`` is its place."""

    process: OutProcess
    line: int
    provider: str


@dataclass(frozen=True)
class System:
    """The product of a process's reference line, and the links behind it."""

    process: OutProcess
    reference: int
    links: tuple[Link, ...]
    processes: tuple[str, ...]


def systems(processes: Sequence[OutProcess], flows: Mapping[str, OutFlow]) -> list[System]:
    """A system for each product of one's own that no other process of the package takes, the first fifty."""
    by_id = {process.id: process for process in processes}
    taken = {(line.provider, line.flow) for process in processes for line in process.lines if line.provider}
    found: list[System] = []
    for process in processes:
        at = next(place for place, line in enumerate(process.lines) if line.is_reference)
        flow = process.lines[at].flow
        is_final = flows[flow].type is FlowType.PRODUCT and (process.id, flow) not in taken
        if is_final and not process.is_total and len(found) < MOST_SYSTEMS:
            found.append(_system(by_id, process, at))
    return found


def _system(by_id: Mapping[str, OutProcess], process: OutProcess, reference: int) -> System:
    links: list[Link] = []
    reached = {process.id: None}
    waiting = [process]
    while waiting:
        consumer = waiting.pop()
        for place, line in enumerate(consumer.lines):
            if not line.provider:
                continue
            links.append(Link(consumer, place, line.provider))
            if line.provider not in reached:
                reached[line.provider] = None
                waiting.append(by_id[line.provider])
    return System(process, reference, tuple(links), tuple(reached))
