"""Balances as people read them: gaps with their colour, what is most likely off, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.figures import percent, signed_percent, significant
from accounts.forms import named
from footprint.analysis.pages.flow_charts import LABELS, PER_UNIT, UNITS, stream_name, stream_url
from footprint.analysis.site_balance import BasisBalance, Finding, ProcessBalance, SiteBalance
from footprint.analysis.streams import Stream
from footprint.engine.closure import BASES, Verdict
from footprint.engine.suspicion import Slip
from footprint.inventory.places import place_of

TONES = {
    Verdict.CLOSED: "good",
    Verdict.AMBER: "wait",
    Verdict.RED: "bad",
    Verdict.NOT_ASSESSABLE: "wait",
}
ROUNDED = 5e-4
SHOWN = 30
SLIPS = {
    Slip.THOUSAND_TOO_MUCH: gettext_lazy("a thousand times too much, as of kilograms entered as tonnes"),
    Slip.THOUSAND_TOO_LITTLE: gettext_lazy("a thousand times too little, as of tonnes entered as kilograms"),
    Slip.KWH_AS_MJ: gettext_lazy("kilowatt hours entered as megajoules"),
    Slip.MJ_AS_KWH: gettext_lazy("megajoules entered as kilowatt hours"),
    Slip.CARBON_AS_CO2: gettext_lazy("carbon entered as carbon dioxide"),
    Slip.CO2_AS_CARBON: gettext_lazy("carbon dioxide entered as carbon"),
    Slip.ENERGY_AS_MASS: gettext_lazy("multiplied by its heating value"),
    Slip.MASS_AS_ENERGY: gettext_lazy("not multiplied by its heating value"),
    Slip.NONE: gettext_lazy("the largest stream on the heavier side; no common slip explains the gap"),
}


@dataclass(frozen=True)
class StreamLink:
    """A stream and where to correct it."""

    name: str
    href: str


@dataclass(frozen=True)
class Told:
    """What is most likely off on one basis, in words."""

    basis: str
    stream: StreamLink
    slip: str
    recorded: str
    corrected: str
    remaining: str
    others: Sequence[StreamLink]


@dataclass(frozen=True)
class Cell:
    """One basis of one row. ``missing`` are the streams not known; the gap leaves them out."""

    basis: str
    inflow: str
    outflow: str
    gap: str
    tone: str
    missing: Sequence[StreamLink]
    is_there: bool


@dataclass(frozen=True)
class Row:
    """A unit process, or the site, with its three balances and what to do about them."""

    name: str
    href: str
    cells: Sequence[Cell]
    findings: Sequence[Told]


@dataclass(frozen=True)
class BalanceTable:
    """The rows that are shown, how many more there are, and the limits that colour them."""

    site: Row
    rows: Sequence[Row]
    hidden: int
    open_count: int
    limits: Sequence[tuple[str, str, str]]


def balance_rows(found: SiteBalance, *, show_all: bool) -> BalanceTable:
    """The worst first; those that close are cut after a while unless all are asked for."""
    open_count = sum(each.worst in (Verdict.AMBER, Verdict.RED) for each in found.processes)
    shown = found.processes if show_all else found.processes[: max(SHOWN, open_count)]
    limits = [
        (str(LABELS[basis]), percent(found.limits.amber[at]), percent(found.limits.red[at]))
        for at, basis in enumerate(BASES)
    ]
    rows = [balance_row(each) for each in shown]
    return BalanceTable(balance_row(found.site), rows, len(found.processes) - len(shown), open_count, limits)


def balance_row(found: ProcessBalance) -> Row:
    """One process, or the site, in words."""
    process = found.process
    return Row(
        name=named(process) if process else _("The whole site"),
        href=place_of(process) if process else "",
        cells=[_cell(each) for each in found.bases],
        findings=[_told(each.basis, each.finding) for each in found.bases if each.finding],
    )


def _cell(found: BasisBalance) -> Cell:
    return Cell(
        basis=str(LABELS[found.basis]),
        inflow=_measure(found.inflow, found.basis),
        outflow=_measure(found.outflow, found.basis),
        gap=_gap(found.gap) if found.inflow else _("nothing comes in"),
        tone=TONES[found.verdict],
        missing=[_link(stream) for stream in found.missing],
        is_there=found.is_there,
    )


def _told(basis: str, finding: Finding) -> Told:
    suspect = finding.suspect
    is_slip = suspect.slip is not Slip.NONE
    return Told(
        basis=str(LABELS[basis]),
        stream=_link(finding.stream),
        slip=str(SLIPS[suspect.slip]),
        recorded=_measure(suspect.recorded, basis),
        corrected=_measure(suspect.corrected, basis) if is_slip else "",
        remaining=percent(suspect.remaining) if is_slip else "",
        others=[_link(stream) for stream in finding.others[:3]],
    )


def _measure(amount: float, basis: str) -> str:
    return f"{significant(amount / PER_UNIT)} {UNITS[basis]}"


def _gap(value: float) -> str:
    return signed_percent(0.0 if abs(value) < ROUNDED else value)


def _link(stream: Stream) -> StreamLink:
    return StreamLink(stream_name(stream), stream_url(stream))
