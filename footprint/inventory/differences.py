"""What changed between two frozen copies, as people list it. Pure: two contents in, differences out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Content = Mapping[str, Any]
Key = tuple[Any, ...]
UNTOLD = frozenset(("uuid", "lines", "shares", "answers"))
"""What says nothing of its own, or is compared part by part. Another year has other identifiers."""


@dataclass(frozen=True)
class Difference:
    """One field of a line, a process or the inventory; of what came or went, the whole of it.

    ``kind``: "added", "removed" or "changed". ``line`` is the line as it is now, or was. ``units`` are those
    of an amount, before and after.
    """

    kind: str
    process: Content | None
    line: Content | None
    field: str = ""
    before: Any = None
    after: Any = None
    units: tuple[str, str] = ("", "")

    @property
    def ratio(self) -> float | None:
        """How much an amount moved, as a share of what it was; None where that says nothing."""
        if self.units[0] != self.units[1]:
            return None
        try:
            before, after = float(self.before), float(self.after)
        except (TypeError, ValueError):
            return None
        return after / before - 1 if self.field == "amount" and before else None


def differences(before: Content, after: Content) -> list[Difference]:
    """In the order of the later copy; processes match by code, lines by what flows and from where."""
    old, new = _by(before["processes"], _process_key), _by(after["processes"], _process_key)
    found = list(_fields(before, after, ("title", "period_start", "period_end"), None, None))
    for key, process in new.items():
        if key in old:
            found += _process(old[key], process)
        else:
            found.append(Difference("added", process, None))
    found += [Difference("removed", process, None) for key, process in old.items() if key not in new]
    return found


def _process(before: Content, after: Content) -> Iterator[Difference]:
    names = [name for name in after if name not in UNTOLD]
    yield from _fields(before, after, names, after, None)
    for name in ("shares", "answers"):
        if _without_uuids(before[name]) != _without_uuids(after[name]):
            yield Difference("changed", after, None, name, before[name], after[name])
    old, new = _by(before["lines"], _line_key), _by(after["lines"], _line_key)
    for key, line in new.items():
        if key in old:
            yield from _line(old[key], line, after)
        else:
            yield Difference("added", after, line)
    yield from (Difference("removed", before, line) for key, line in old.items() if key not in new)


def _line(before: Content, after: Content, process: Content) -> Iterator[Difference]:
    names = [
        name
        for name in dict.fromkeys([*after, *before])
        if name not in (*UNTOLD, "product", "provider", "evidence")
    ]
    for each in _fields(before, after, names, process, after):
        yield replace(each, units=(before["unit"], after["unit"])) if each.field == "amount" else each
    if _identity(before["provider"]) != _identity(after["provider"]):
        yield Difference("changed", process, after, "provider", before["provider"], after["provider"])
    if _files(before) != _files(after):
        yield Difference("changed", process, after, "evidence", _files(before), _files(after))
    if before["product"] and after["product"]:
        told = [name for name in after["product"] if name not in UNTOLD]
        yield from _fields(before["product"], after["product"], told, process, after)


def _fields(
    before: Content, after: Content, names: Sequence[str], process: Content | None, line: Content | None
) -> Iterator[Difference]:
    for name in names:
        if before.get(name) != after.get(name):
            yield Difference("changed", process, line, name, before.get(name), after.get(name))


def _by(rows: Sequence[Content], key: Any) -> dict[Key, Content]:
    """By key; rows that share one are told apart by their order."""
    found: dict[Key, Content] = {}
    seen: dict[Key, int] = {}
    for row in rows:
        plain = key(row)
        seen[plain] = seen.get(plain, 0) + 1
        found[(*plain, seen[plain])] = row
    return found


def _process_key(process: Content) -> Key:
    return (process["code"],)


def _line_key(line: Content) -> Key:
    product = line["product"]["code"] if line["product"] else ""
    flows = (line["direction"], line["kind"], product, line["gas"], line["origin"], line["flow_name"])
    provider = line["provider"] or {}
    return (*flows, provider.get("kind", ""), provider.get("code", ""))


def _identity(provider: Content | None) -> Key:
    return () if provider is None else (provider["kind"], provider["code"], provider.get("number"))


def _files(line: Content) -> str:
    """The names of a line's files; an earlier copy knows of none."""
    return ", ".join(sorted(f"{file['name']} ({file['sha256'][:8]})" for file in line.get("evidence", ())))


def _without_uuids(rows: Sequence[Content]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "line"} for row in rows]
