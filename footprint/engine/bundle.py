"""The calculation bundle: all a figure was made of, in one file that checks itself.

A bundle is a zip of canonical JSON. Numbers that are not counts are texts: decimals as they were entered,
float64 by ``repr``, which gives back the same bits. So equal content has equal bytes and one root hash.
What the fields mean is in docs/bundle.md; what they weigh is in ``bundle_rows``.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numba
import numpy as np
import scipy

from footprint.engine.errors import BadBundle
from footprint.engine.stored_zip import pack_zip, unpack_zip

FORMAT = 1
MOST_BYTES = 64 * 2**20
MOST_ROWS = 50_000
"""Rows of one member."""
MOST_DIGITS = 18
"""Of a whole number."""
MANIFEST = "manifest.json"
DOCUMENTS = ("characterization.json", "rules.json")
TABLES = ("columns.jsonl", "factors.jsonl", "results.jsonl", "suppliers.jsonl")
MEMBERS = (*DOCUMENTS, *TABLES)

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Bundle:
    """What a bundle holds, every hash checked; the rows are not looked into yet."""

    manifest: Row
    characterization: Row
    rules: Row
    columns: Sequence[Row]
    factors: Sequence[Row]
    suppliers: Sequence[Row]
    results: Sequence[Row]

    @property
    def root(self) -> str:
        """The hash of everything: it names this bundle and no other."""
        return str(self.manifest["root"])


def pack(facts: Row, members: Mapping[str, Any]) -> bytes:
    """The bytes of a bundle: ``facts`` join the manifest, ``members`` are its documents and tables.

    Shapes   members: every name of MEMBERS; a document is an object, a table a sequence of objects
    Units    none: numbers are texts or whole
    Errors   ValueError for what JSON cannot say
    Source   RFC 8785 in spirit: sorted keys, no spaces, UTF-8
    """
    written = {name: canonical(members[name]) + b"\n" for name in DOCUMENTS}
    written |= {name: b"".join(canonical(row) + b"\n" for row in members[name]) for name in TABLES}
    manifest = {**facts, "format": FORMAT, "members": {name: sha256(written[name]) for name in MEMBERS}}
    manifest["root"] = sha256(canonical(manifest))
    return pack_zip({**written, MANIFEST: canonical(manifest) + b"\n"})


def unpack(raw: bytes) -> Bundle:
    """The bundle in these bytes.

    Units    none
    Errors   BadBundle: too large, not a bundle, of another format, changed after it was written
    Source   docs/bundle.md
    """
    if len(raw) > MOST_BYTES:
        raise BadBundle(f"The file is larger than {MOST_BYTES // 2**20} MB.")
    written = unpack_zip(raw, len(MEMBERS) + 1)
    if strange := set(written) ^ {*MEMBERS, MANIFEST}:
        raise BadBundle(f"A bundle has exactly seven members; the difference is {shown(sorted(strange)[0])}.")
    manifest = _object(MANIFEST, written[MANIFEST])
    _check_hashes(manifest, written)
    characterization, rules = (_object(name, written[name]) for name in DOCUMENTS)
    columns, factors, results, suppliers = (_rows(name, written[name]) for name in TABLES)
    return Bundle(manifest, characterization, rules, columns, factors, suppliers, results)


def canonical(value: Any) -> bytes:
    """JSON in the one way a bundle writes it.

    Units    none
    Errors   ValueError for what JSON cannot say
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def platform_facts() -> dict[str, str]:
    """What the bits of a result can depend on beside the engine.

    Units    none
    Errors   none
    """
    return {
        "machine": platform.machine(),
        "byte_order": sys.byteorder,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "numba": numba.__version__,
    }


def shown(text: object) -> str:
    """A stranger's text as it can be printed on a terminal: short, one line, no control characters.

    Units    none
    Errors   none
    """
    plain = "".join(sign if sign.isprintable() else "?" for sign in str(text)[:81])
    return plain if len(plain) <= 80 else plain[:79] + "…"


def sha256(content: bytes) -> str:
    """The hash a bundle names its members and rows by, in hexadecimal.

    Units    none
    Errors   none
    """
    return hashlib.sha256(content).hexdigest()


def _check_hashes(manifest: Row, written: Mapping[str, bytes]) -> None:
    if manifest.get("format") != FORMAT:
        raise BadBundle(f"This is no bundle of format {FORMAT}; newer formats need a newer replay.")
    stated = manifest.get("members")
    if not isinstance(stated, dict) or set(stated) != set(MEMBERS):
        raise BadBundle("The manifest does not name every member.")
    for name in MEMBERS:
        if stated[name] != sha256(written[name]):
            raise BadBundle(f"{name} was changed: it does not have the hash its manifest states.")
    without = {key: value for key, value in manifest.items() if key != "root"}
    if manifest.get("root") != sha256(canonical(without)):
        raise BadBundle("The manifest was changed: it does not have the root hash it states.")


def _object(name: str, content: bytes) -> Row:
    rows = _rows(name, content)
    if len(rows) != 1:
        raise BadBundle(f"{name} must hold one object.")
    return rows[0]


def _rows(name: str, content: bytes) -> list[Row]:
    if content.count(b"\n") > MOST_ROWS:
        raise BadBundle(f"{name} has more than {MOST_ROWS} rows.")
    lines = content.split(b"\n")
    if lines.pop() != b"":
        raise BadBundle(f"{name} does not end with its last line.")
    return [_row(f"{name}, line {number}", line) for number, line in enumerate(lines, 1)]


def _row(where: str, line: bytes) -> Row:
    """One object, if it is written as a bundle writes it: that leaves no second way to read it."""
    try:
        row = json.loads(line, parse_float=_no_float, parse_constant=_no_float, parse_int=_whole)
        if isinstance(row, dict) and canonical(row) == line:
            return row
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"{where} is no JSON that a bundle may hold.") from error
    raise BadBundle(f"{where} is not one object of canonical JSON.")


def _no_float(_text: str) -> NoReturn:
    raise ValueError("only whole numbers may stand outside quotes")


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError("too many digits")
    return int(text)
