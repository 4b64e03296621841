"""Compile the catalogues without gettext's own compiler, when they changed."""

from __future__ import annotations

from pathlib import Path

from alliance.runtime.environment import ROOT


def stale(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < catalogue.stat().st_mtime_ns


def compile_catalogues(root: Path = ROOT / "locale") -> int:
    """Compile every catalogue that is newer than its compiled form; say how many."""
    import polib

    due = [catalogue for catalogue in sorted(root.rglob("*.po")) if stale(catalogue)]
    for catalogue in due:
        polib.pofile(str(catalogue), encoding="utf-8").save_as_mofile(str(catalogue.with_suffix(".mo")))
    return len(due)
