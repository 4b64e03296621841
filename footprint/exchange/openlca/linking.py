"""Where an input comes from and where a waste goes. Pure.

The default provider if it makes the flow, else the only process of the package that does, else nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from footprint.exchange.openlca.package import FlowType, Package, PackageExchange
from footprint.exchange.openlca.references import is_output


@dataclass(frozen=True)
class Link:
    """A provider, or none; ``reason`` is set when there is none or it is not the one that was named."""

    provider: str = ""
    reason: str = ""


def makers(package: Package) -> dict[str, list[str]]:
    """The processes that make a product or treat a waste, by flow."""
    found: dict[str, list[str]] = defaultdict(list)
    for process in package.processes.values():
        for line in process.exchanges:
            if is_output(package.flows[line.flow], line) and process.id not in found[line.flow]:
                found[line.flow].append(process.id)
    return dict(found)


def wants_provider(package: Package, line: PackageExchange) -> bool:
    """Whether the line is a product taken in or a waste given away."""
    flow = package.flows[line.flow]
    if flow.type is FlowType.WASTE:
        return not line.is_input
    return flow.type is FlowType.PRODUCT and line.is_input


def link(package: Package, made_by: Mapping[str, list[str]], line: PackageExchange) -> Link:
    """The provider of a line that wants one."""
    candidates = made_by.get(line.flow, [])
    named = line.default_provider
    if named in candidates:
        return Link(named)
    reason = ""
    if named:
        reason = "provider_makes_it_not" if named in package.processes else "provider_not_in_package"
    if len(candidates) == 1:
        return Link(candidates[0], reason)
    return Link("", "several_makers" if candidates else "no_maker")
