"""Findings about a footprint in words, and its usability, for every door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from footprint.partners.catenax import reading
from footprint.partners.models import PartnerFootprint
from footprint.partners.pact import versions
from footprint.partners.pact.checking import Severity
from footprint.partners.pact.texts import exact_json
from footprint.partners.pact.usability import Usability
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
    version: int
    """Of PACT, by which it is judged."""
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


def judged(document: Any, *, at: datetime, version: int | None = None) -> Judged:
    """Check and grade one by the version it is in, or is said to be in, or as Catena-X has it."""
    if reading.is_pcf(document):
        as_pact = judged(reading.read(document), at=at)
        return replace(as_pact, is_catenax=True, left_out=tuple(reading.left_out(document)))
    version = version or versions.version_of(document)
    found = versions.found_in(document, version=version, at=at)
    return Judged(
        str(document.get("id", "")) if isinstance(document, Mapping) else "",
        version,
        not any(each.severity is Severity.SCHEMA for each in found),
        [told(each.pointer, each.code, each.severity.value, each.told) for each in found],
        versions.graded(document, version=version),
    )


def as_received(footprint: PartnerFootprint) -> Judged:
    """One that a partner sent, with the findings that were made when it came."""
    return Judged(
        str(footprint.pf_id),
        footprint.speaks,
        not any(each["severity"] == Severity.SCHEMA for each in footprint.findings),
        [told(each["pointer"], each["code"], each["severity"], each["told"]) for each in footprint.findings],
        versions.graded(exact_json(footprint.original), version=footprint.speaks),
    )


def told(pointer: str, code: str, severity: str, named: Mapping[str, str]) -> Told:
    """A finding in words of the language of the moment."""
    return Told(pointer, code, severity, str(SENTENCES[code]) % {"name": "", **named})
