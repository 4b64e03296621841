"""openLCA packages made to measure: fictional flows and processes, faultless until a test spoils them."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

UNITS = {
    "Mass": {"kg": 1.0, "Mg": 1000.0, "mg": 1e-6},
    "Volume": {"m3": 1.0, "l": 0.001},
    "Energy": {"MJ": 1.0, "kWh": 3.6},
    "Goods transport": {"t*km": 1.0, "kg*km": 0.001},
}
REFERENCE = {"Mass": "kg", "Volume": "m3", "Energy": "MJ", "Goods transport": "t*km"}
AIR = ("Elementary flows", "emission", "air")


def key(name: str) -> str:
    """The UUID of a thing of this name."""
    return str(uuid5(NAMESPACE_URL, name))


def group_of(unit: str) -> str:
    return next(quantity for quantity, units in UNITS.items() if unit in units)


def takes(flow: str, amount: float, unit: str, provider: str = "", **more: Any) -> dict[str, Any]:
    """An input line."""
    return _line(flow, amount, unit, input=True, **({"provider": provider} if provider else {}), **more)


def gives(flow: str, amount: float, unit: str, **more: Any) -> dict[str, Any]:
    """An output line."""
    return _line(flow, amount, unit, input=False, **more)


def _line(flow: str, amount: float, unit: str, **more: Any) -> dict[str, Any]:
    line: dict[str, Any] = {
        "@type": "Exchange",
        "amount": amount,
        "flow": {"@type": "Flow", "@id": key(flow), "name": flow},
        "unit": {"@type": "Unit", "@id": key(f"unit {unit}"), "name": unit},
        "flowProperty": {"@type": "FlowProperty", "@id": key(group_of(unit))},
        "input": more["input"],
        "avoidedProduct": more.get("avoided", False),
    }
    if more.get("reference"):
        line["quantitativeReference"] = True
    if "provider" in more:
        line["defaultProvider"] = {"@type": "Process", "@id": key(more["provider"])}
    return line


def share(method: str, product: str, value: float, line: int | None = None) -> dict[str, Any]:
    """An allocation factor; of the line with this internal id when one is given."""
    factor: dict[str, Any] = {
        "allocationType": f"{method}_ALLOCATION",
        "product": {"@type": "Flow", "@id": key(product)},
        "value": value,
    }
    if line is not None:
        factor["exchange"] = {"@type": "Exchange", "internalId": line}
    return factor


@dataclass
class Package:
    """Files by path; ``zip`` packs them."""

    files: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for quantity, units in UNITS.items():
            self.files[f"unit_groups/{key(f'units of {quantity}')}.json"] = {
                "@type": "UnitGroup",
                "@id": key(f"units of {quantity}"),
                "units": [
                    {
                        "@id": key(f"unit {unit}"),
                        "name": unit,
                        "conversionFactor": factor,
                        "referenceUnit": unit == REFERENCE[quantity],
                    }
                    for unit, factor in units.items()
                ],
            }
            self.files[f"flow_properties/{key(quantity)}.json"] = {
                "@type": "FlowProperty",
                "@id": key(quantity),
                "name": quantity,
                "unitGroup": {"@id": key(f"units of {quantity}")},
            }

    def flow(
        self,
        name: str,
        quantity: str = "Mass",
        kind: str = "PRODUCT",
        path: tuple[str, ...] = (),
        **also: float,
    ) -> str:
        """A flow counted in ``quantity``; ``also`` says what one reference unit is in other quantities."""
        factors = {quantity: 1.0, **also}
        self.files[self.path("flows", name)] = {
            "@type": "Flow",
            "@id": key(name),
            "name": name,
            "flowType": f"{kind}_FLOW",
            "category": {"name": path[-1], "categoryPath": list(path[:-1])} if path else None,
            "flowProperties": [
                {
                    "flowProperty": {"@id": key(other)},
                    "conversionFactor": factor,
                    "referenceFlowProperty": other == quantity,
                }
                for other, factor in factors.items()
            ],
        }
        return name

    def emission(self, name: str, path: tuple[str, ...] = AIR) -> str:
        """An elementary flow to the air."""
        return self.flow(name, kind="ELEMENTARY", path=path)

    def process(
        self, name: str, *lines: dict[str, Any], allocation: str = "NO", factors: Any = ()
    ) -> dict[str, Any]:
        """A process; its lines get internal ids 1, 2, 3, ..."""
        document = {
            "@type": "Process",
            "@id": key(name),
            "name": name,
            "defaultAllocationMethod": f"{allocation}_ALLOCATION",
            "exchanges": [{**line, "internalId": place} for place, line in enumerate(lines, start=1)],
            "allocationFactors": list(factors),
        }
        self.files[self.path("processes", name)] = document
        return document

    def path(self, folder: str, name: str) -> str:
        return f"{folder}/{key(name)}.json"

    def document(self, folder: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.files[self.path(folder, name)]
        return found

    def zip(self) -> bytes:
        """The package as openLCA would export it; a file given as text or bytes goes in as it is."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in self.files.items():
                archive.writestr(path, content if isinstance(content, str | bytes) else json.dumps(content))
        return out.getvalue()


def small() -> Package:
    """One boiler: 2 kg of CO2 for each MJ of steam, and 0.1 kg of coal that nobody provides."""
    package = Package()
    package.flow("Steam", "Energy")
    package.flow("Coal")
    package.emission("Carbon dioxide")
    package.process(
        "Boiler",
        gives("Steam", 1.0, "MJ", reference=True),
        takes("Coal", 0.1, "kg"),
        gives("Carbon dioxide", 2.0, "kg"),
    )
    return package
