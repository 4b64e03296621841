"""The bundle as a file: one way to write it, and nothing else is read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from footprint.engine import bundle as format_of
from footprint.engine.bundle import MEMBERS, pack, unpack
from footprint.engine.errors import BadBundle
from footprint.engine.replay import replay
from footprint.engine.stored_zip import pack_zip, unpack_zip
from tests.footprint.engine.bundles import changed, opened, random_bundle, rewritten, small

ALL = (*MEMBERS, "manifest.json")


def test_equal_content_has_equal_bytes_and_one_root() -> None:
    facts, members = small()
    turned = {name: members[name] for name in reversed(members)}
    raw = pack(facts, members)
    assert pack(dict(reversed(facts.items())), turned) == raw
    assert opened(raw).root == opened(pack(facts, turned)).root
    other = pack({**facts, "title": "another"}, members)
    assert opened(other).root != opened(raw).root


def test_any_tool_opens_it() -> None:
    facts, members = small()
    with zipfile.ZipFile(io.BytesIO(pack(facts, members))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(ALL)
        assert archive.read("columns.jsonl").count(b"\n") == 3


@pytest.mark.parametrize("name", ALL)
def test_a_changed_member_is_refused(name: str) -> None:
    raw = pack(*small())
    content = unpack_zip(raw, 7)[name]
    for place in (1, len(content) // 2, len(content) - 3):
        spoilt = bytearray(content)
        spoilt[place] ^= 1
        with pytest.raises(BadBundle):
            replay(rewritten(raw, name, bytes(spoilt), forged=False))
    with pytest.raises(BadBundle):
        replay(rewritten(raw, name, b"", forged=True))


@pytest.mark.parametrize("name", ALL)
def test_a_missing_or_a_further_member_is_refused(name: str) -> None:
    members = unpack_zip(pack(*small()), 7)
    with pytest.raises(BadBundle, match="seven members"):
        unpack(pack_zip({key: value for key, value in members.items() if key != name}))
    with pytest.raises(BadBundle):
        unpack(pack_zip({**members, f"../{name}": b"x"}))
    with pytest.raises(BadBundle):
        unpack(pack_zip({**{key: value for key, value in members.items() if key != name}, f"/{name}": b"x"}))


def test_every_single_damaged_byte_is_noticed() -> None:
    raw = random_bundle(n=3)
    unpack(raw)
    for place in range(0, len(raw), 7):
        damaged = bytearray(raw)
        damaged[place] ^= 0x20
        with pytest.raises(BadBundle):
            unpack(bytes(damaged))


def test_a_file_cut_short_is_refused() -> None:
    raw = pack(*small())
    for length in [*range(0, len(raw), 97), len(raw) - 1]:
        with pytest.raises(BadBundle):
            unpack(raw[:length])


def _packed_again(raw: bytes, method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in unpack_zip(raw, 7).items():
            archive.writestr(name, content)
    return target.getvalue()


def _bomb() -> bytes:
    """A local header that promises four gigabytes."""
    return (
        struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, 1000, 2**32 - 1, 13, 0) + b"columns.jsonl"
    )


def _inflating(raw: bytes) -> bytes:
    squeezed = zlib.compress(b"0" * 10**8)
    return pack_zip({**unpack_zip(raw, 7), "columns.jsonl": squeezed})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: b"%PDF-1.7 not a zip",
        lambda raw: raw + b"\0",
        lambda raw: b"#!/bin/sh\n" + raw,
        lambda raw: raw + raw,
        lambda raw: raw[:-2] + b"\x05\x00hello",
        lambda raw: _packed_again(raw, zipfile.ZIP_DEFLATED),
        lambda raw: _packed_again(raw, zipfile.ZIP_STORED),
        lambda raw: _bomb(),
        _inflating,
        lambda raw: pack_zip({"a" * 60_000: b""}),
        lambda raw: pack_zip({f"{number}": b"" for number in range(5000)}),
        lambda raw: pack_zip({"数据.json": b"{}"}),
    ],
)
def test_what_is_no_bundle_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadBundle):
        unpack(spoil(pack(*small())))


def test_a_file_too_large_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = pack(*small())
    monkeypatch.setattr(format_of, "MOST_BYTES", len(raw) - 1)
    with pytest.raises(BadBundle, match="larger than"):
        unpack(raw)


@pytest.mark.parametrize(
    "line",
    [
        b'{"place":NaN}',
        b'{"place":1e5}',
        b'{"place":0.5}',
        b'{"place":Infinity}',
        b'{"place":1,"place":1}',
        b'{"place": 1}',
        b'{"z":1,"a":1}',
        b'{"place":123456789012345678901234567890}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\u0061"}',
        b'{"a":"\xff"}',
        b"[" * 100_000,
        b"[1]",
        b"null",
        b"",
        b'{"a":',
    ],
)
def test_only_canonical_json_is_read(line: bytes) -> None:
    raw = rewritten(pack(*small()), "suppliers.jsonl", line + b"\n", forged=True)
    with pytest.raises(BadBundle, match=r"suppliers\.jsonl, line 1"):
        unpack(raw)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format_of, "MOST_ROWS", 2)
    with pytest.raises(BadBundle, match="more than 2 rows"):
        unpack(pack(*small()))


def test_another_format_is_refused() -> None:
    raw = pack(*small())
    manifest = unpack_zip(raw, 7)["manifest.json"].replace(b'"format":1', b'"format":2')
    with pytest.raises(BadBundle, match="format 1"):
        unpack(rewritten(raw, "manifest.json", manifest, forged=False))


def test_names_are_printed_harmlessly() -> None:
    def spoil(facts: dict, members: dict) -> None:
        facts["title"] = "\x1b[2J\x07" + "x" * 500 + "\n"

    title = replay(changed(spoil)).title
    assert title.isprintable()
    assert len(title) <= 80
