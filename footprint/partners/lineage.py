"""Which versions came before a partner's footprint, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.actor import Actor
from footprint.partners.models import PartnerFootprint
from footprint.partners.pact import dialect
from footprint.partners.pact.differences import Difference, differences
from footprint.partners.pact.texts import exact_json
from footprint.partners.queries import received

MOST_VERSIONS = 100


@dataclass(frozen=True)
class Version:
    """One version, ``steps`` before the first of the list; ``row`` is None when it never came here."""

    pf_id: UUID
    steps: int
    row: PartnerFootprint | None


def versions(actor: Actor, of: PartnerFootprint) -> list[Version]:
    """The footprint and all that preceded it at this partner, the latest first and each once."""
    found = [Version(of.pf_id, 0, of)]
    seen, wanted, steps = {of.pf_id}, of.preceding or (), 0
    rows = received(actor).filter(company_id=of.company_id, connection_id=of.connection_id)
    while wanted and len(found) < MOST_VERSIONS:
        steps += 1
        named = [one for one in dict.fromkeys(wanted) if one not in seen][: MOST_VERSIONS - len(found)]
        seen.update(named)
        known = {row.pf_id: row for row in rows.filter(pf_id__in=named)} if named else {}
        found += [Version(one, steps, known.get(one)) for one in named]
        wanted = [before for one in named if one in known for before in known[one].preceding or ()]
    return found


def restated(of: PartnerFootprint) -> Mapping[str, Any]:
    """As version 3 says it, so that versions in either dialect are compared."""
    document = exact_json(of.original)
    return dialect.from_v2(document) if of.speaks == 2 else document


def compared(before: PartnerFootprint, after: PartnerFootprint) -> list[Difference]:
    """What differs between two versions."""
    return differences(restated(before), restated(after))
