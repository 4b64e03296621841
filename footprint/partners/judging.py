"""Findings about a footprint in words, and its usability, for every door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from footprint.partners.catenax import reading
from footprint.partners.lineage import restated
from footprint.partners.models import PartnerFootprint
from footprint.partners.pact import dialect
from footprint.partners.pact.checking import Severity, findings
from footprint.partners.pact.usability import Usability, usability
from footprint.partners.sentences import SENTENCES


@dataclass(frozen=True)
class Told:
    """One finding as it is shown."""

    pointer: str
    code: str
    severity: str
    sentence: str


@dataclass(frozen=True)
class Judged:
    """One footprint with everything that was found."""

    id: str
    is_valid: bool
    findings: list[Told]
    usability: Usability
    is_catenax: bool = False
    left_out: tuple[str, ...] = ()
    """What a Pcf of Catena-X states and PACT has no place for."""

    @property
    def level(self) -> int:
        """The usability level."""
        return self.usability.level


def judged(document: Any, *, at: datetime, version: int = 3) -> Judged:
    """Check one, in either version or as Catena-X has it, and grade it."""
    if reading.is_pcf(document):
        as_pact = judged(reading.read(document), at=at)
        return replace(as_pact, is_catenax=True, left_out=tuple(reading.left_out(document)))
    as_v3 = dialect.from_v2(document) if version == 2 and isinstance(document, Mapping) else document
    found = dialect.findings_v2(document, at=at) if version == 2 else findings(as_v3, at=at)
    return Judged(
        str(document.get("id", "")) if isinstance(document, Mapping) else "",
        not any(each.severity is Severity.SCHEMA for each in found),
        [told(each.pointer, each.code, each.severity.value, each.told) for each in found],
        _graded(as_v3),
    )


def as_received(footprint: PartnerFootprint) -> Judged:
    """One that a partner sent, with the findings that were made when it came."""
    return Judged(
        str(footprint.pf_id),
        not any(each["severity"] == Severity.SCHEMA for each in footprint.findings),
        [told(each["pointer"], each["code"], each["severity"], each["told"]) for each in footprint.findings],
        _graded(restated(footprint)),
    )


def _graded(document: Any) -> Usability:
    has_parts = isinstance(document, Mapping) and isinstance(document.get("pcf"), Mapping)
    return usability(document) if has_parts else Usability(0, {1: [], 2: [], 3: []}, [])


def told(pointer: str, code: str, severity: str, named: Mapping[str, str]) -> Told:
    """A finding in words of the language of the moment."""
    return Told(pointer, code, severity, str(SENTENCES[code]) % {"name": "", **named})
