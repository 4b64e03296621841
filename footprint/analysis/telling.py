"""Answers of analyses as plain values, for doors that write them down."""

from __future__ import annotations

from typing import Any

from accounts.forms import languages
from footprint.analysis.changes import Change, Reason


def told_pair(pair: tuple[float, float]) -> dict[str, float]:
    """A figure under both GWP sets."""
    return {"kg_co2e_ar5": pair[0], "kg_co2e_ar6": pair[1]}


def told_change(found: Change) -> dict[str, Any]:
    """A bridge by cause and row."""
    return {
        "before": found.before,
        "after": found.after,
        "causes": [{"cause": cause.name.lower(), "change": value} for cause, value in found.causes.items()],
        "rows": [_told_reason(reason) for reason in found.reasons],
    }


def _told_reason(reason: Reason) -> dict[str, Any]:
    language = languages()
    gas = " ".join(filter(None, reason.gas)) if reason.gas else None
    return {
        "cause": reason.cause.name.lower(),
        "change": reason.change,
        "exchange": reason.line.uuid if reason.line else None,
        "before": reason.previous.label(language) if reason.previous else None,
        "after": reason.supplier.label(language) if reason.supplier else gas,
    }
