"""A zip that can be written in one way only: members in order of name, not compressed, no dates, no comments.

Any tool opens it. What is read is accepted only if writing it again gives the very same bytes, so there is
nothing to hide in: no second directory, no bytes before, between or behind, nothing that unpacks larger.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from footprint.engine.errors import BadBundle

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
LOCAL_MARK, CENTRAL_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
NEEDS, MADE_BY, PLAIN_FILE = 20, 3 << 8 | 20, 0o100644 << 16
NO_TIME, FIRST_DAY = 0, 0x21
"""1 January 1980, the first day a zip can state."""


def pack_zip(members: Mapping[str, bytes]) -> bytes:
    """The members as a zip; equal members give equal bytes.

    Units    bytes
    Errors   none
    Source   PKWARE, APPNOTE.TXT: local headers, central directory, end record
    """
    files, directory, offset = bytearray(), bytearray(), 0
    for name in sorted(members):
        content, label = members[name], name.encode()
        fixed = (NEEDS, 0, 0, NO_TIME, FIRST_DAY, zlib.crc32(content), len(content), len(content), len(label))
        files += LOCAL.pack(LOCAL_MARK, *fixed, 0) + label + content
        directory += CENTRAL.pack(CENTRAL_MARK, MADE_BY, *fixed, 0, 0, 0, 0, PLAIN_FILE, offset) + label
        offset = len(files)
    end = END.pack(END_MARK, 0, 0, len(members), len(members), len(directory), len(files), 0)
    return bytes(files + directory + end)


def unpack_zip(raw: bytes, most_members: int) -> dict[str, bytes]:
    """The members of a zip that ``pack_zip`` wrote.

    Units    bytes
    Errors   BadBundle when the bytes are anything else: no zip, cut short, packed again, added to
    Source   as ``pack_zip``
    """
    members: dict[str, bytes] = {}
    offset = 0
    while raw[offset : offset + 4] == LOCAL_MARK and len(members) <= most_members:
        if offset + LOCAL.size > len(raw):
            raise BadBundle("The file is cut short.")
        header = LOCAL.unpack_from(raw, offset)
        size, name_size = header[8], header[9]
        start = offset + LOCAL.size + name_size
        if start + size > len(raw):
            raise BadBundle("The file is cut short.")
        members[_name(raw[offset + LOCAL.size : start])] = raw[start : start + size]
        offset = start + size
    if not members:
        raise BadBundle("The file is no calculation bundle.")
    if pack_zip(members) != raw:
        raise BadBundle(
            "The file is not as it was written: it is cut short, damaged, added to or packed again."
        )
    return members


def _name(label: bytes) -> str:
    try:
        return label.decode("ascii")
    except UnicodeDecodeError as error:
        raise BadBundle("The name of a member is not one of a bundle's.") from error
