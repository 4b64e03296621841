"""The elementary flows that gases of our own packages are, by identifiers made from gas and origin. Pure.

A name such as "CH4, fossil" is no name of a gas; the identifier says which gas and which origin is meant, so
that a package of ours comes back as it left. A total that was weighed already is a flow as well.
"""

from __future__ import annotations

from collections.abc import Collection

from factors.openlca import gas_name, ref
from factors.origins import CO2E, Origin

ORIGINS = tuple(origin.value for origin in Origin)


def flow_of(gas: str, origin: str) -> str:
    """The identifier of a gas's flow."""
    return str(ref("Flow", gas_name(gas, origin))["@id"])


def known_flows(gases: Collection[str]) -> dict[str, tuple[str, str]]:
    """Gas and origin by identifier."""
    found = {flow_of(gas, origin): (gas, origin) for gas in gases for origin in ORIGINS}
    return {**found, TOTAL: (CO2E, Origin.UNSPECIFIED.value)}


TOTAL = flow_of(CO2E, Origin.UNSPECIFIED.value)
"""The flow of what was weighed already, in kg CO2e."""
