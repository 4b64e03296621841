"""A zip from a stranger: its directory is checked before anything in it is opened. Pure."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from footprint.exchange.confined.problems import Problems

MOST_BYTES = 50 * 2**20
MOST_MEMBERS = 5_000
MOST_UNPACKED = 200 * 2**20
MOST_RATIO = 200
MOST_MEMBER = 20 * 2**20
LEAST_HEADER = 30
LAST_RECORD, LONGEST_END = b"PK\x05\x06", 22 + 2**16 - 1
RATIO_MATTERS_FROM = 100 * 2**10
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
NESTED = (".zip", ".zolca", ".jar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst")


def ends_as_a_zip(content: bytes) -> bool:
    """Whether a zip's closing record is there: a file of another sort or one cut short is told at once."""
    return LAST_RECORD in content[-LONGEST_END:]


class Archive:
    """The members of a checked zip, by name.

    Raises:
        Unreadable: it is no zip, is cut short, or its directory promises something unsafe.
    """

    def __init__(self, content: bytes, problems: Problems) -> None:
        self._problems = problems
        if len(content) > MOST_BYTES:
            problems.error("too_large", most=MOST_BYTES // 2**20)
        problems.raise_if_any()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._members = [info for info in self._zip.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, OverflowError):
            problems.error("no_zip")
            problems.raise_if_any()
        self._check_directory()
        problems.raise_if_any()

    def names(self, folder: str) -> Iterator[str]:
        """The JSON files of a folder, in order of name."""
        for info in sorted(self._members, key=lambda member: member.filename):
            parent, _, name = info.filename.rpartition("/")
            if parent == folder and name.endswith(".json"):
                yield info.filename

    def read(self, name: str) -> bytes | None:
        """A member's bytes; None with a problem noted when it is damaged or longer than it promised."""
        info = self._zip.getinfo(name)
        try:
            with self._zip.open(info) as member:
                content = member.read(info.file_size + 1)
                if len(content) > info.file_size or member.read(1):
                    self._problems.error("longer_than_promised", name)
                    return None
                return content
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            self._problems.error("damaged", name)
            return None

    def _check_directory(self) -> None:
        if len(self._members) > MOST_MEMBERS:
            self._problems.error("too_many_members", most=MOST_MEMBERS, found=len(self._members))
            return
        unpacked = sum(info.file_size for info in self._members)
        if unpacked > MOST_UNPACKED:
            self._problems.error("unpacks_too_large", most=MOST_UNPACKED // 2**20, found=unpacked // 2**20)
            return
        self._check_overlap()
        seen: set[str] = set()
        for info in self._members:
            self._check_name(info.filename, seen)
            self._check_member(info)

    def _check_overlap(self) -> None:
        """Members that share bytes unpack to more than any of them promises by itself."""
        free_from = 0
        for info in sorted(self._members, key=lambda member: member.header_offset):
            if info.header_offset < free_from:
                self._problems.error("overlapping", info.filename)
                return
            free_from = info.header_offset + LEAST_HEADER + info.compress_size

    def _check_name(self, name: str, seen: set[str]) -> None:
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in name:
            self._problems.error("unsafe_name", name)
        if name.casefold() in seen:
            self._problems.error("duplicate_member", name)
        seen.add(name.casefold())
        if name.lower().endswith(NESTED):
            self._problems.error("nested_archive", name)

    def _check_member(self, info: zipfile.ZipInfo) -> None:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            self._problems.error("not_a_file", info.filename)
        if info.flag_bits & 0x1:
            self._problems.error("encrypted", info.filename)
        if info.compress_type not in PACKINGS:
            self._problems.error("other_packing", info.filename)
        if info.file_size > MOST_MEMBER:
            self._problems.error("member_too_large", info.filename, most=MOST_MEMBER // 2**20)
        if info.file_size > RATIO_MATTERS_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            self._problems.error("packed_too_well", info.filename, most=MOST_RATIO)
