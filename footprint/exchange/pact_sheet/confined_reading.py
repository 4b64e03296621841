"""Read a stranger's sheet of footprints, inside the confined process."""

from __future__ import annotations

from footprint.exchange.workbook.reading import Say, tell


def answer(content: bytes, say: Say) -> None:
    """Say every cell; which sheet has the layout is found out outside."""
    tell(content, say, lambda name: True)
