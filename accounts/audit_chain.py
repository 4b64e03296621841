"""The hash chain of an audit log, and how to find out whether somebody tampered with it.

Pure: no Django and no database, so that whoever holds an exported chain can check it with this file,
`audit_checkpoint.py` and `merkle.py` alone:

    python -m accounts.audit_chain FILE --checkpoint FILE [--checkpoint FILE …] [--keys FILE]

hash = SHA-256(previous hash || canonical text), where the canonical text of an entry is its fields, a line
each, in the order of ``FIELDS``. The first entry follows the hash of the chain's own name.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from accounts.audit_checkpoint import BadCheckpoint, Held, held, read_key_set

FORMAT = "pcf-audit-chain-1"
FIELDS = ("position", "at", "actor", "request", "action", "subject", "about", "facts")
"""What is hashed. ``about`` is uuids with commas between; ``facts`` is JSON as the database writes it."""
MOST_FINDINGS = 20


@dataclass(frozen=True)
class Entry:
    """One entry as it was stored: every field a text but its position."""

    position: int
    at: str
    actor: str
    request: str
    action: str
    subject: str
    about: str
    facts: str
    previous: str
    hash: str

    @property
    def canonical(self) -> bytes:
        """What is hashed; only ``facts`` may hold any character, and JSON holds no bare line end."""
        return "\n".join(str(getattr(self, name)) for name in FIELDS).encode()


@dataclass(frozen=True)
class Head:
    """How far a chain says it goes."""

    position: int
    hash: str


@dataclass(frozen=True)
class Finding:
    """One thing that cannot be if nobody tampered."""

    position: int
    what: str

    def __str__(self) -> str:
        return f"entry {self.position}: {self.what}" if self.position else self.what


def genesis(chain: str) -> str:
    """What the first entry of a chain follows, so that no entry fits into another chain."""
    return hashlib.sha256(f"{FORMAT}\n{chain}".encode()).hexdigest()


def link(previous: str, entry: Entry) -> str:
    """The hash of an entry behind another."""
    return hashlib.sha256(bytes.fromhex(previous) + entry.canonical).hexdigest()


class Verification:
    """Walks along a chain once and keeps what is wrong."""

    def __init__(self, chain: str, *, after: Head | None = None, held: Sequence[Held] = ()) -> None:
        """From the beginning, or ``after`` a head that was verified before."""
        start = after or Head(0, genesis(chain))
        self.chain, self.position, self.hash = chain, start.position, start.hash
        self.findings: list[Finding] = []
        self.held: dict[int, list[Held]] = {}
        for one in held:
            if one.chain != chain:
                self._find(0, f"the checkpoint of {one.at} is about another chain")
            elif one.position > start.position:
                self.held.setdefault(one.position, []).append(one)
            elif one.position == 0 and one.head != genesis(chain):
                self._find(0, f"the checkpoint of {one.at} knows another beginning")

    def take(self, entries: Iterable[Entry]) -> None:
        """Go on along these entries."""
        for entry in entries:
            self._step(entry)
            if len(self.findings) >= MOST_FINDINGS:
                self._find(0, "there is more; the rest is not listed")
                return

    def finish(self, head: Head | None = None) -> list[Finding]:
        """At the end: what the head and the checkpoints say must have been met."""
        if len(self.findings) > MOST_FINDINGS:
            return self.findings
        if head is not None and head != Head(self.position, self.hash):
            self._find(
                0, f"the head says {head.position} entries, the chain ends differently at {self.position}"
            )
        for position, several in sorted(self.held.items()):
            if position > self.position:
                when = several[0].at
                missing = position - self.position
                self._find(
                    position, f"missing: the checkpoint of {when} saw it; {missing} entries were cut off"
                )
        return self.findings

    def _step(self, entry: Entry) -> None:
        expected = self.position + 1
        if entry.position != expected:
            self._find(expected, f"missing or out of order; entry {entry.position} stands in its place")
        if entry.previous != self.hash:
            self._find(entry.position, "does not follow the entry before it")
        if not _is_hash(entry.previous) or link(entry.previous, entry) != entry.hash:
            self._find(entry.position, "its content does not fit its hash: it was edited")
        for one in self.held.get(entry.position, ()):
            if one.head != entry.hash:
                self._find(
                    entry.position, f"not what the checkpoint of {one.at} saw: the chain was rewritten"
                )
        self.position, self.hash = entry.position, entry.hash

    def _find(self, position: int, what: str) -> None:
        self.findings.append(Finding(position, what))


def verify(
    chain: str, entries: Iterable[Entry], *, head: Head | None = None, held: Sequence[Held] = ()
) -> list[Finding]:
    """Everything that is wrong with a chain; nothing, if it is as it was written."""
    walk = Verification(chain, held=held)
    walk.take(entries)
    return walk.finish(head)


# -- the exported file -------------------------------------------------------------------------------------
def header_line(chain: str, company: str, head: Head) -> str:
    """The first line of an exported chain."""
    told = {"format": FORMAT, "chain": chain, "company": company, "entries": head.position, "head": head.hash}
    return json.dumps(told, ensure_ascii=False)


def entry_line(entry: Entry) -> str:
    """An entry of an exported chain."""
    return json.dumps(vars(entry), ensure_ascii=False)


def read_header(line: str) -> dict[str, Any]:
    """The first line.

    Raises:
        ValueError: this is no exported chain.
    """
    header: dict[str, Any] = json.loads(line)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError("this is no exported chain")
    return header


def read_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of an exported chain. Raises ValueError."""
    names = {*FIELDS, "previous", "hash"}
    for number, line in enumerate(lines, 2):
        told = json.loads(line)
        if not isinstance(told, Mapping) or set(told) != names or not isinstance(told["position"], int):
            raise ValueError(f"line {number} is no entry")
        yield Entry(**told)


def read_checkpoint(path: Path, keys: Mapping[str, bytes] | None = None) -> Held:
    """What a checkpoint file proves.

    Raises:
        BadCheckpoint: nothing.
    """
    document = _json(path)
    if not isinstance(document, dict):
        raise BadCheckpoint(f"{path}: this is no checkpoint file")
    try:
        return held(document, keys)
    except BadCheckpoint as bad:
        raise BadCheckpoint(f"{path}: {bad}") from bad


def read_keys(path: Path | None) -> dict[str, bytes] | None:
    """The public keys of a downloaded key set; None without one. Raises BadCheckpoint."""
    return read_key_set(_json(path)) if path else None


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadCheckpoint(f"{path}: cannot be read ({error})") from error


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(digit in "0123456789abcdef" for digit in text)


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """0: nothing is wrong; 1: something is, a line for each; 2: the files cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m accounts.audit_chain", description=__doc__.split("\n")[0]
    )
    parser.add_argument("file", type=Path, help="an exported chain")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint file")
    parser.add_argument("--keys", type=Path, help="public keys, in place of the one in the checkpoint file")
    asked = parser.parse_args(arguments)
    try:
        keys = read_keys(asked.keys)
        kept = [read_checkpoint(path, keys) for path in asked.checkpoint]
        with asked.file.open(encoding="utf-8") as lines:
            header = read_header(next(lines, ""))
            head = Head(int(header["entries"]), str(header["head"]))
            findings = verify(str(header["chain"]), read_entries(lines), head=head, held=kept)
    except (OSError, ValueError, KeyError, BadCheckpoint) as error:
        print(f"cannot verify: {error}", file=out)
        return 2
    for finding in findings:
        print(finding, file=out)
    if not findings:
        against = f", {len(kept)} checkpoint(s)" if kept else "; without a checkpoint a cut tail stays unseen"
        print(f"{header['company']}: {head.position} entries are as they were written{against}", file=out)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
