"""Files that strangers hand in to hurt: made here, none of them kept. Each with the word it is refused by."""

from __future__ import annotations

import gzip
import io
import json
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

from tests.footprint.exchange.packages import key, small

BOILER = f"processes/{key('Boiler')}.json"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]><x>&j;</x>"
).encode()
ENTITY = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as opened:
        for name, content in members:
            opened.writestr(name, content)
    return out.getvalue()


def entry(kind: int, name: str = "processes/a.json") -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def patched(content: bytes, at: int, value: bytes) -> bytes:
    """The last entry of the directory with other bytes at an offset."""
    changed = bytearray(content)
    start = changed.rindex(b"PK\x01\x02") + at
    changed[start : start + len(value)] = value
    return bytes(changed)


def overlapping(copies: int) -> bytes:
    """Many names for one member: the directory points to the same bytes again and again."""
    one = packed(("processes/a.json", b" " * 90_000))
    start = one.index(b"PK\x01\x02")
    line, end = one[start : one.rindex(b"PK\x05\x06")], one[one.rindex(b"PK\x05\x06") :]
    lines = b"".join(line.replace(b"a.json", b"%06d" % number) for number in range(copies))
    head = end[:8] + struct.pack("<HHLL", copies, copies, len(lines), start) + end[20:]
    return one[:start] + lines + head


def flooded(entries: int) -> bytes:
    """A directory of nothing but names."""
    line = b"PK\x01\x02" + struct.pack("<6H3L5H2L", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    lines = line * entries
    few = min(entries, 65535)
    return lines + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, few, few, len(lines), 0, 0)


def nested(levels: int) -> bytes:
    content = packed(("processes/a.json", b" " * 100_000))
    for level in range(levels):
        content = packed((f"processes/{level}.zip", content))
    return content


def written(text: str | bytes, name: str = BOILER) -> bytes:
    """A sound package but for one file; stored as it is, so that no ratio gives it away."""
    package = small()
    package.files[name] = text
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, content in package.files.items():
            archive.writestr(path, content if isinstance(content, str | bytes) else json.dumps(content))
    return out.getvalue()


def spoiled(**changes: Any) -> bytes:
    package = small()
    package.document("processes", "Boiler").update(changes)
    return written(json.dumps(package.files[BOILER]))


def amount(text: str) -> bytes:
    return written(json.dumps(small().files[BOILER]).replace('"amount": 1.0', f'"amount": {text}'))


def sheet(cells: str, **more: bytes) -> bytes:
    """A workbook of one sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
    members = {"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": rows.encode(), **more}
    return packed(*members.items())


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        link = tarfile.TarInfo("processes/a.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return out.getvalue()


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
CALL = '<row r="1"><c r="A1"><f>cmd|\'/c calc\'!A1</f></c></row>'

CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    # no zips
    "nothing": (lambda: b"", "no_zip"),
    "a PDF": (lambda: b"%PDF-1.7\n" + b"x" * 1000, "no_zip"),
    "a program": (lambda: b"\x7fELF" + bytes(1000), "no_zip"),
    "a page with script": (lambda: b"<html><script>alert(1)</script>", "no_zip"),
    "formulas as CSV": (lambda: b"name,amount\r\n=cmd|'/c calc'!A1,1\r\n", "no_zip"),
    "billion laughs": (lambda: LAUGHS, "no_zip"),
    "an outside entity": (lambda: ENTITY, "no_zip"),
    "a gzip bomb": (lambda: gzip.compress(bytes(20_000_000)), "no_zip"),
    "a tar with a link": (tarred, "no_zip"),
    "bare JSON": (lambda: json.dumps(small().files[BOILER]).encode(), "no_zip"),
    "cut off": (lambda: small().zip()[:-200], "no_zip"),
    "half of it": (lambda: (lambda whole: whole[: len(whole) // 2])(small().zip()), "no_zip"),
    # other zips
    "an empty zip": (packed, "no_processes"),
    "a workbook with a far cell": (lambda: sheet(FAR), "no_processes"),
    "a workbook with a call": (lambda: sheet(CALL), "no_processes"),
    "a workbook with macros": (lambda: sheet("", **{"xl/vbaProject.bin": bytes(100)}), "no_processes"),
    "laughs in a zip": (lambda: packed(("processes/a.xml", LAUGHS)), "no_processes"),
    # what unpacks to too much
    "a flat bomb": (lambda: packed(("processes/a.json", bytes(19_000_000))), "packed_too_well"),
    "one giant": (lambda: packed(("flows/a.json", bytes(21_000_000))), "member_too_large"),
    "many giants": (
        lambda: packed(*((f"sources/{number}", bytes(19_000_000)) for number in range(12))),
        "unpacks_too_large",
    ),
    "zips in zips": (lambda: nested(5), "nested_archive"),
    "a gzip inside": (lambda: packed(("processes/a.json.gz", b"\x1f\x8b")), "nested_archive"),
    "one member under many names": (lambda: overlapping(2_000), "overlapping"),
    "one member under two names": (lambda: overlapping(2), "overlapping"),
    "too many members": (lambda: flooded(5_001), "too_many_members"),
    "a flood of members": (lambda: flooded(100_000), "too_many_members"),
    "longer than promised": (
        lambda: patched(packed(("processes/a.json", b" " * 5000)), 24, struct.pack("<L", 100)),
        "longer_than_promised|damaged",
    ),
    "packed by LZMA": (
        lambda: packed(("processes/a.json", b"{}"), packing=zipfile.ZIP_LZMA),
        "other_packing",
    ),
    "packed by bzip2": (lambda: packed(("processes/a.json", bytes(9)), packing=12), "other_packing"),
    "packed by nobody": (lambda: patched(small().zip(), 10, struct.pack("<H", 99)), "other_packing"),
    # members that are no plain files of this zip
    "a link": (lambda: packed((entry(stat.S_IFLNK), b"/etc/passwd")), "not_a_file"),
    "a device": (lambda: packed((entry(stat.S_IFCHR), b"")), "not_a_file"),
    "a pipe": (lambda: packed((entry(stat.S_IFIFO), b"")), "not_a_file"),
    "an absolute path": (lambda: packed(("/etc/cron.d/x", b"")), "unsafe_name"),
    "a path upwards": (lambda: packed(("processes/../../x.json", b"")), "unsafe_name"),
    "a drive": (lambda: packed(("C:/x.json", b"")), "unsafe_name"),
    "backslashes": (lambda: packed(("a\\..\\..\\x.json", b"")), "unsafe_name"),
    "twins by case": (lambda: packed(("flows/A.json", b""), ("Flows/a.json", b"")), "duplicate_member"),
    "encrypted": (lambda: patched(packed(("processes/a.json", b"{}")), 8, b"\x01"), "encrypted"),
    "a false checksum": (lambda: patched(packed((BOILER, b"{}")), 16, b"\xff\xff"), "damaged"),
    # JSON
    "a hundred thousand lists": (lambda: written("[" * 100_000), "too_deep"),
    "a hundred thousand objects": (lambda: written('{"a":' * 100_000), "too_deep"),
    "a string that never ends": (lambda: written('{"a": "' + "\\\\" * 2_000_000), "broken_json"),
    "a million digits": (lambda: amount("1" + "0" * 1_000_000), "bad_number"),
    "four thousand digits": (lambda: amount("9" * 4_000), "bad_number"),
    "beyond every float": (lambda: amount("1e400"), "bad_number"),
    "an exponent of digits": (lambda: amount("1e" + "9" * 50), "bad_number"),
    "not a number": (lambda: amount("NaN"), "bad_number"),
    "infinity": (lambda: amount("-Infinity"), "bad_number"),
    "a name twice": (lambda: written('{"@id": "a", "@id": "b"}'), "duplicate_key"),
    "a list for an object": (lambda: written("[]"), "wrong_type"),
    "a text for a list": (lambda: spoiled(exchanges="many"), "wrong_type"),
    "a number for a text": (lambda: spoiled(name=7), "wrong_type"),
    "a list for a number": (lambda: amount("[1]"), "wrong_type"),
    "true for a number": (lambda: amount("true"), "wrong_type"),
    "a megabyte of name": (lambda: spoiled(name="x" * 1_000_000), "wrong_type"),
    "half a character": (lambda: spoiled(name="\ud800"), "wrong_type"),
    "a million wrong lines": (lambda: written('{"exchanges": [' + "1," * 1_000_000 + "1]}"), "wrong_type"),
    "UTF-16": (lambda: written(json.dumps(small().files[BOILER]).encode("utf-16")), "not_utf8"),
    "GB 18030": (lambda: written('{"name": "锅炉"}'.encode("gb18030")), "not_utf8"),
    "overlong UTF-8": (lambda: written(b'{"name": "\xc0\xaf"}'), "not_utf8"),
}
