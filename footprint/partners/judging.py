"""Findings about a footprint in words, and its usability, for every door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from footprint.partners.catenax import reading
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
    restated = dialect.from_v2(document) if version == 2 and isinstance(document, Mapping) else document
    found = findings(restated, at=at)
    has_parts = isinstance(restated, Mapping) and isinstance(restated.get("pcf"), Mapping)
    return Judged(
        str(document.get("id", "")) if isinstance(document, Mapping) else "",
        not any(each.severity is Severity.SCHEMA for each in found),
        [told(each.pointer, each.code, each.severity.value, each.told) for each in found],
        usability(restated) if has_parts else Usability(0, {1: [], 2: [], 3: []}, []),
    )


def told(pointer: str, code: str, severity: str, named: Mapping[str, str]) -> Told:
    """A finding in words of the language of the moment."""
    return Told(pointer, code, severity, str(SENTENCES[code]) % {"name": "", **named})
