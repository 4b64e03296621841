"""Each footprint by the version it is written in: which one that is, what is found in it, how usable it is.

What only version 3 asks for keeps nothing of version 2 from its level and is no fault of it: a property that
version 2 has no place for, and the sums of version 3, whose totals mean something else there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from footprint.partners.pact import dialect
from footprint.partners.pact.checking import Document, Finding, Severity, findings, schema_findings
from footprint.partners.pact.usability import LEVELS, Usability, reached, usability

NOTHING = Usability(0, {level: [] for level in LEVELS}, [])
NAMES_V2 = {
    **{f"/{name}": f"/{name}" for name in (*dialect.OUTSIDE, "comment", "pcf")},
    **{f"/pcf/{name}": f"/pcf/{name}" for name in dialect.ALIKE_IN_BOTH},
    **{f"/pcf/{name}": f"/pcf/{other}" for name, other in dialect.RENAMED.items()},
    **{f"/pcf/{name}": "/pcf/landManagementGhgEmissions" for name in dialect.LAND},
    "/productClassifications": "/productCategoryCpc",
    "/pcf/declaredUnitOfMeasurement": "/pcf/declaredUnit",
    "/pcf/declaredUnitAmount": "/pcf/unitaryProductAmount",
    "/pcf/ipccCharacterizationFactors": "/pcf/ipccCharacterizationFactorsSources",
    "/pcf/dqi": "/pcf/dqi",
    "/pcf/verification": "/pcf/assurance",
}
"""What version 2 calls the properties of version 3 that it has a place for."""
SUMS = ("uptake_does_not_fit", "parts_do_not_sum")
MASSLESS = ("kilowatt hour", "megajoule", "ton kilometer")
"""Units of version 2 that have no mass; that of a kilogram is known without being said."""


def version_of(document: object) -> int:
    """2 or 3: what it says itself, else what it calls its unit."""
    if not isinstance(document, Mapping):
        return 3
    if (said := str(document.get("specVersion", ""))[:2]) in ("2.", "3."):
        return int(said[0])
    pcf = document.get("pcf")
    return 2 if isinstance(pcf, Mapping) and "declaredUnit" in pcf else 3


def found_in(document: object, *, version: int, at: datetime) -> list[Finding]:
    """Everything wrong with it by its version, the schema's first; pointers are into it as it is written."""
    if version == 3:
        return findings(document, at=at)
    refused = schema_findings(document, version=2)
    if not isinstance(document, Mapping) or not isinstance(pcf := document.get("pcf"), Mapping):
        return refused
    # its figures are per one unit, and so are those that a sentence names
    as_v3 = findings(dialect.from_v2({**document, "pcf": {**pcf, "unitaryProductAmount": "1"}}), at=at)
    asked = [each for each in as_v3 if each.severity is not Severity.SCHEMA and each.code not in SUMS]
    return [*refused, *_renamed(asked, pcf)]


def _renamed(asked: list[Finding], pcf: Document) -> Iterator[Finding]:
    for each in asked:
        whole, rest = _split(each.pointer)
        name = NAMES_V2.get(whole)
        is_there = each.code.startswith("absent") and name is not None and _name(name) in pcf
        if name is not None and not is_there:
            told = dict(each.told) | ({"name": _name(name)} if each.told.get("name") == _name(whole) else {})
            yield replace(each, pointer=name + rest, told=told)


def _split(pointer: str) -> tuple[str, str]:
    """The property, and what is meant within it."""
    steps = pointer.split("/")
    deep = 3 if steps[1:2] == ["pcf"] else 2
    rest = steps[deep:]
    return "/".join(steps[:deep]), "".join(f"/{step}" for step in rest)


def _name(pointer: str) -> str:
    return pointer.rpartition("/")[2]


def graded(document: object, *, version: int) -> Usability:
    """Its usability by its version; of what has no figures, nothing."""
    if not isinstance(document, Mapping) or not isinstance(document.get("pcf"), Mapping):
        return NOTHING
    if version == 3:
        return usability(document)
    as_v3 = usability(_said(document))
    missing = {
        level: sorted({NAMES_V2[name] for name in names if name in NAMES_V2})
        for level, names in as_v3.missing.items()
    }
    placeholders = sorted(NAMES_V2[name] for name in as_v3.placeholders)
    return Usability(reached(missing), missing, placeholders)


def _said(document: Document) -> dict[str, Any]:
    """As version 3 says it, without what it demands and version 2 left unsaid."""
    told, pcf = dialect.from_v2(document), document["pcf"]
    unsaid = {"pcfIncludingBiogenicUptake"} if pcf.get("pCfIncludingBiogenic") is None else set()
    if pcf.get("productMassPerDeclaredUnit") is None and pcf.get("declaredUnit") not in (
        "kilogram",
        *MASSLESS,
    ):
        unsaid.add("productMassPerDeclaredUnit")
    return {**told, "pcf": {name: value for name, value in told["pcf"].items() if name not in unsaid}}
