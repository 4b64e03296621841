"""What partners would get of a publication: at each level of detail, in both versions, and who gets which."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from footprint.partners.actions.answering import level_for, text_of
from footprint.partners.actions.offering import compact, stated_of
from footprint.partners.judging import Judged, judged
from footprint.partners.models import Connection, OfferedFootprint
from footprint.partners.pact import dialect
from footprint.partners.pact.differences import Difference, differences
from footprint.partners.pact.levels import Level, narrowed
from footprint.publication.models import Publication

Document = Mapping[str, Any]
VERSIONS = (3, 2)


@dataclass(frozen=True)
class Whole:
    """A publication as PACT says it: what is or would be sent, and what it lacks to be sent."""

    publication: Publication
    row: OfferedFootprint | None
    document: Document
    lacks: list[str]


@dataclass(frozen=True)
class Preview:
    """One level in one version; without a document, the codes of why version 2 has none.

    ``withheld``: what the level keeps back; ``left_out``: what version 2 has no place for.
    """

    level: Level
    version: int
    document: Document | None
    judged: Judged
    reasons: list[str]
    withheld: list[str]
    left_out: list[str]


@dataclass(frozen=True)
class Access:
    """What one partner gets: a level, or the code of why nothing."""

    connection: Connection
    level: Level | None
    why: str


def whole(publication: Publication, *, at: datetime) -> Whole:
    """As it is offered, byte for byte; as it would be, where it is not out or lacks something."""
    row = OfferedFootprint.objects.filter(publication=publication).order_by("-pk").first()
    if row is not None and row.is_served:
        return Whole(publication, row, json.loads(row.document), [])
    document, lacks = stated_of(publication, at=at)
    return Whole(publication, row, document, lacks)


def preview(of: Whole, level: Level, version: int, *, at: datetime) -> Preview:
    """What a partner with this level reads in this version; what version 2 cannot say is judged as 3."""
    shown = narrowed(of.document, level)
    reasons = _reasons(of, shown) if version == 2 else []
    document: Document | None = None if reasons else shown
    if version == 2 and not reasons:
        document = json.loads(text_of(compact(dict(of.document)), _v2(of.document), level, version))
    return Preview(
        level,
        version,
        document,
        judged(shown if document is None else document, at=at),
        reasons,
        sorted(_pointers(of.document) - _pointers(shown)),
        sorted(dialect.left_out(shown)) if version == 2 and document is not None else [],
    )


def changed(of: Whole, level: Level, *, at: datetime) -> list[Difference] | None:
    """What differs from the version before, at a level, as version 3 says it; None where there is none."""
    before = of.publication.preceding
    if before is None:
        return None
    return differences(narrowed(whole(before, at=at).document, level), narrowed(of.document, level))


def access(of: Whole, connection: Connection) -> Access:
    """What a partner gets of it today."""
    row = of.row
    why = ""
    if not of.publication.is_out:
        why = "not_out"
    elif of.publication.visibility == Publication.Visibility.PRIVATE:
        why = "private"
    elif of.lacks:
        why = "lacking"
    elif not connection.is_active:
        why = "shut_out"
    elif row is not None and row.only_for is not None and connection.partner_id not in row.only_for:
        why = "not_meant"
    level = None if why or row is None else level_for(connection.pk, row)
    return Access(connection, level, why or ("" if level else "not_granted" if row else "not_out"))


def _reasons(of: Whole, shown: Document) -> list[str]:
    return ["lacking"] if of.lacks else dialect.to_v2(shown).reasons


def _v2(document: Document) -> str:
    return compact(dict(dialect.to_v2(document).document or {}))


def _pointers(document: Document) -> set[str]:
    """The properties that are there, of the footprint and of its figures."""
    return {f"/{name}" for name in document} | {f"/pcf/{name}" for name in document["pcf"]}
