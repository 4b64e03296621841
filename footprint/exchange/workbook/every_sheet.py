"""Read every sheet of a stranger's workbook, inside the confined process."""

from __future__ import annotations

from footprint.exchange.workbook.reading import Say, tell


def answer(content: bytes, say: Say) -> None:
    """Say every cell; which sheet has the layout that is looked for is found out outside."""
    tell(content, say, lambda name: True)
