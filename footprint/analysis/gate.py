"""Whether balances close and cut-offs are small enough, asked at the gate of a submission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accounts.actor import Actor
from accounts.figures import percent, signed_percent
from footprint.analysis import queries
from footprint.analysis.profiles import cut_off_rule
from footprint.analysis.site_balance import BasisBalance, ProcessBalance, SiteBalance, balance_of, limits_for
from footprint.analysis.streams import streams_of
from footprint.engine.closure import BASES, Verdict
from footprint.inventory.gate import BLOCKS, WARNS, Finding
from footprint.inventory.models import Exchange, Inventory


def closure_findings(actor: Actor, inventory: Inventory) -> Iterable[Finding]:
    """What is open blocks, what is loose warns; what cannot be assessed is no finding.

    An open balance of the site alone has no process to look at; it blocks as well.
    """
    found = balance_of(streams_of(actor, inventory), limits_for(actor, inventory.period_end))
    for part in (*found.processes, found.site):
        yield from _findings(part, found)


def cut_off_findings(actor: Actor, inventory: Inventory) -> Iterable[Finding]:
    """What the cut-off rules of method profiles do not let pass: a warning, for people to judge."""
    for figure in queries.beyond_cut_off(actor, inventory):
        version, footprint = figure.profile_version, figure.footprint
        is_flow = figure.cut_off == "flow"
        share = figure.largest_exempted if is_flow else figure.exempted_share
        rule = cut_off_rule(version)
        yield Finding(
            "cut_off",
            f"cut_off_{figure.cut_off}",
            severity=WARNS,
            process=footprint.process,
            field="provider",
            words={
                "product": {"name_zh": footprint.product.name_zh, "name_en": footprint.product.name_en},
                "profile": {"name_zh": version.profile.name_zh, "name_en": version.profile.name_en},
                "share": percent(share),
                "limit": percent(rule.per_flow if is_flow else rule.total),
            },
        )


def _findings(part: ProcessBalance, found: SiteBalance) -> Iterator[Finding]:
    for basis in part.bases:
        if not basis.is_assessed or basis.verdict not in (Verdict.AMBER, Verdict.RED):
            continue
        is_open = basis.verdict is Verdict.RED
        limits = found.limits.red if is_open else found.limits.amber
        yield Finding(
            "closure",
            "open_balance" if is_open else "loose_balance",
            severity=BLOCKS if is_open else WARNS,
            process=part.process,
            line=_suspected(basis),
            field="amount",
            words={
                "basis": basis.basis,
                "gap": signed_percent(basis.gap),
                "limit": percent(limits[BASES.index(basis.basis)]),
            },
        )


def _suspected(basis: BasisBalance) -> Exchange | None:
    return basis.finding.stream.line if basis.finding else None
