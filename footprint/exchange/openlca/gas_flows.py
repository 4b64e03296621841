"""The elementary flows that gases of our own packages are, by identifiers made from gas and origin. Pure.

A name such as "CH4, fossil" is no name of a gas; the identifier says which gas and which origin is meant, so
that a package of ours comes back as it left. A total that was weighed already is a flow as well. Whatever a
flow is called or identified by: filed elsewhere than under emissions to air it is none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from factors.openlca import gas_name, ref
from factors.origins import CO2E, Origin
from footprint.exchange.openlca import compartments
from footprint.exchange.openlca.package import Flow

ORIGINS = tuple(origin.value for origin in Origin)


def flow_of(gas: str, origin: str) -> str:
    """The identifier of a gas's flow."""
    return str(ref("Flow", gas_name(gas, origin))["@id"])


def known_flows(gases: Collection[str]) -> dict[str, tuple[str, str]]:
    """Gas and origin by identifier."""
    found = {flow_of(gas, origin): (gas, origin) for gas in gases for origin in ORIGINS}
    return {**found, TOTAL: (CO2E, Origin.UNSPECIFIED.value)}


def meant(
    flow: Flow, gases: Mapping[str, str], known: Mapping[str, tuple[str, str]]
) -> tuple[str, str] | None:
    """Gas and origin that an elementary flow is identified or called by, wherever it is filed."""
    named = gases.get(flow.name.casefold())
    return known.get(flow.id) or ((named, Origin.UNSPECIFIED.value) if named else None)


def is_into_air(flow: Flow, known: Mapping[str, tuple[str, str]]) -> bool:
    """By its compartment; one of ours that is filed nowhere is an emission to air, too."""
    return compartments.is_air(flow.compartment) or (not flow.compartment and flow.id in known)


TOTAL = flow_of(CO2E, Origin.UNSPECIFIED.value)
"""The flow of what was weighed already, in kg CO2e."""
