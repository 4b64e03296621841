"""CloudEvents as PACT uses them: what an envelope must hold, and what each type says.

The caller is known by its credentials; ``source`` is only compared with them, never called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from footprint.partners.pact import asking, values

V3 = "org.wbcsd.pact.ProductFootprint"
V2 = "org.wbcsd.pathfinder.ProductFootprint"
LONGEST_ID = 500
LONGEST_SOURCE = 1000
LONGEST_COMMENT = 4000
MOST_IDS = 1000
REFERENCE = re.compile(r"[^\s\x00-\x1f\x7f<>\"{}|\\^`]+", re.ASCII)


class Type(StrEnum):
    """What an event is about."""

    REQUESTED = "requested"
    FULFILLED = "fulfilled"
    REJECTED = "rejected"
    PUBLISHED = "published"


TYPES: dict[int, dict[str, Type]] = {
    3: {
        f"{V3}.RequestCreatedEvent.3": Type.REQUESTED,
        f"{V3}.RequestFulfilledEvent.3": Type.FULFILLED,
        f"{V3}.RequestRejectedEvent.3": Type.REJECTED,
        f"{V3}.PublishedEvent.3": Type.PUBLISHED,
    },
    2: {
        f"{V2}Request.Created.v1": Type.REQUESTED,
        f"{V2}Request.Fulfilled.v1": Type.FULFILLED,
        f"{V2}Request.Rejected.v1": Type.REJECTED,
        f"{V2}.Published.v1": Type.PUBLISHED,
    },
}
NAMES = {(version, kind): name for version, known in TYPES.items() for name, kind in known.items()}
VERSIONS = {name: version for version, known in TYPES.items() for name in known}


class BadEvent(ValueError):
    """An event that cannot be taken; ``code`` and ``name`` say why."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{code} {name}")
        self.code, self.name = code, name


@dataclass(frozen=True)
class Event:
    """One that was read."""

    type: Type
    version: int
    id: str
    source: str
    data: Mapping[str, Any]

    @property
    def asked(self) -> asking.Asked:
        """Which footprints a request is about. Raises Unreadable."""
        if self.version == 3:
            return asking.from_fragment(self.data)
        fragment = self.data["pf"]
        named = {"productIds": "productId", "companyIds": "companyId"}
        told = {named[name]: fragment[name] for name in named if name in fragment}
        pcf = fragment.get("pcf")
        places = [str(pcf[name]) for name in PLACES if pcf.get(name)] if isinstance(pcf, Mapping) else []
        return asking.from_fragment({**told, "geography": places})

    @property
    def comment(self) -> str:
        """What the sender says in words."""
        found = self.data.get("comment")
        return found[:LONGEST_COMMENT].replace("\0", "") if isinstance(found, str) else ""


PLACES = ("geographyRegionOrSubregion", "geographyCountry", "geographyCountrySubdivision")


def read(body: object, version: int) -> Event:
    """The event in a body of JSON.

    Raises:
        BadEvent: no envelope, of another version, or with data that its type does not allow.
    """
    if not isinstance(body, Mapping):
        raise BadEvent("not_object")
    _envelope(body)
    kind = TYPES[version].get(body["type"])
    if kind is None:
        raise BadEvent("type", str(body["type"])[:100])
    _DATA[kind](body["data"], version)
    return Event(kind, version, body["id"], body["source"], body["data"])


def _envelope(body: Mapping[str, Any]) -> None:
    for name, most in (("type", 200), ("id", LONGEST_ID), ("source", LONGEST_SOURCE)):
        given = body.get(name)
        if not isinstance(given, str) or not given or len(given) > most or "\0" in given:
            raise BadEvent("envelope", name)
    fits = {
        "specversion": body.get("specversion") == "1.0",
        "time": values.moment(body.get("time")) is not None,
        "source": REFERENCE.fullmatch(body["source"]) is not None and _is_reference(body["source"]),
        "data": isinstance(body.get("data"), Mapping),
    }
    for name, is_right in fits.items():
        if not is_right:
            raise BadEvent("envelope", name)


def _requested(data: Mapping[str, Any], version: int) -> None:
    if version == 2 and not isinstance(data.get("pf"), Mapping):
        raise BadEvent("data", "pf")
    try:
        Event(Type.REQUESTED, version, "", "", data).asked  # noqa: B018
    except asking.Unreadable as error:
        raise BadEvent("data", error.name) from error
    if not isinstance(data.get("comment"), str | None):
        raise BadEvent("data", "comment")


def _fulfilled(data: Mapping[str, Any], version: int) -> None:
    _answers(data)
    given = data.get("pfs")
    if not isinstance(given, list) or (version == 3 and not given):
        raise BadEvent("data", "pfs")
    if not all(isinstance(one, Mapping) for one in given):
        raise BadEvent("data", "pfs")


def _rejected(data: Mapping[str, Any], version: int) -> None:
    _answers(data)
    error = data.get("error")
    if not isinstance(error, Mapping) or not all(isinstance(error.get(n), str) for n in ("code", "message")):
        raise BadEvent("data", "error")


def _published(data: Mapping[str, Any], version: int) -> None:
    given = data.get("pfIds")
    if not isinstance(given, list) or not 0 < len(given) <= MOST_IDS:
        raise BadEvent("data", "pfIds")
    if not all(isinstance(one, str) and values.UUID.fullmatch(one) for one in given):
        raise BadEvent("data", "pfIds")


def _answers(data: Mapping[str, Any]) -> None:
    given = data.get("requestEventId")
    if not isinstance(given, str) or not given or len(given) > LONGEST_ID:
        raise BadEvent("data", "requestEventId")


_DATA = {
    Type.REQUESTED: _requested,
    Type.FULFILLED: _fulfilled,
    Type.REJECTED: _rejected,
    Type.PUBLISHED: _published,
}


def host_of(source: str) -> str:
    """The host a source names, with its port; empty for a relative reference."""
    return urlsplit(source).netloc.rpartition("@")[2].lower()


def _is_reference(source: str) -> bool:
    try:
        urlsplit(source).port  # noqa: B018
    except ValueError:
        return False
    return True


def envelope(kind: Type, version: int, *, id: str, source: str, time: str, data: Any) -> dict[str, Any]:
    """An event of ours."""
    return {
        "type": NAMES[version, kind],
        "specversion": "1.0",
        "id": id,
        "source": source,
        "time": time,
        "data": data,
    }
