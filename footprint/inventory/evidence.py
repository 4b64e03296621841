"""What a line rests on: its files, and which of them a copy that was handed in names."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.actor import Actor
from footprint.inventory.models import EvidenceContent, EvidenceFile, Exchange, Inventory

MOST_BYTES = 10 * 2**20
MOST_FILES = 20
"""Files of one line."""
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "xlsx": (b"PK\x03\x04",),
    "docx": (b"PK\x03\x04",),
    "csv": (),
    "txt": (),
}
"""What a file of each ending begins with; of text nothing but text."""


def is_what_it_says(name: str, content: bytes) -> bool:
    """Whether a file begins as its ending has it; text is UTF-8 or GB 18030 without control characters."""
    ending = name.rpartition(".")[2].lower()
    if ending not in BEGINNINGS:
        return False
    if BEGINNINGS[ending]:
        return content.startswith(BEGINNINGS[ending])
    return b"\x00" not in content and any(_reads(content, encoding) for encoding in ("utf-8", "gb18030"))


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def evidence_of(actor: Actor, line: Exchange) -> QuerySet[EvidenceFile]:
    """The files of a line, the latest first."""
    found = EvidenceFile.objects.visible_to(actor).filter(line=line.uuid, removed_at__isnull=True)
    return found.select_related("by").order_by("-at", "-pk")


def evidence_file(actor: Actor, uuid: UUID) -> EvidenceFile | None:
    """One file, if it exists for the actor."""
    return EvidenceFile.objects.visible_to(actor).filter(uuid=uuid).first()


def evidence_bytes(actor: Actor, file: EvidenceFile) -> bytes | None:
    """Its content."""
    rows = EvidenceContent.objects.visible_to(actor).filter(company=file.company_id, sha256=file.sha256)
    found = rows.first()
    return bytes(found.content) if found else None


def named_by_line(actor: Actor, inventory: Inventory) -> dict[UUID, list[dict[str, Any]]]:
    """The files of an own inventory as a frozen copy names them, by line."""
    rows = EvidenceFile.objects.visible_to(actor).filter(inventory=inventory, removed_at__isnull=True)
    named: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("line", "sha256"):
        named[row.line].append(
            {"uuid": str(row.uuid), "name": row.name, "sha256": row.sha256, "size": row.size}
        )
    return dict(named)
