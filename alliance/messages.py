"""Translations: compiled when the product starts, without any tool of the operating system."""

from __future__ import annotations

from pathlib import Path

import polib


def compile_messages(locale: Path) -> list[Path]:
    """Writes a .mo beside every .po that is newer than it; returns the catalogues that were written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Another process may be reading: it sees the old catalogue or the new one, never a half.
        fresh = compiled.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        fresh.replace(compiled)
        written.append(compiled)
    return written


def unfinished(source: Path) -> list[str]:
    """The messages of one catalogue that nobody translated, or whose translation is only a guess."""
    catalogue = polib.pofile(str(source))
    open_entries = [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]
    return [entry.msgid for entry in open_entries]
