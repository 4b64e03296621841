"""Whether balances close, rules are met and cut-offs are small enough, asked at the gate of a submission."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.utils import timezone
from django.utils.translation import override

from accounts.actor import Actor
from accounts.figures import percent, signed_percent
from footprint.analysis import queries
from footprint.analysis.conformity import Conformity, conformity_on, ground_of
from footprint.analysis.profiles import cut_off_rule
from footprint.analysis.site_balance import BasisBalance, ProcessBalance, SiteBalance
from footprint.engine.closure import BASES, Verdict
from footprint.inventory.gate import BLOCKS, WARNS, Finding
from footprint.inventory.models import Exchange, Inventory
from footprint.rules.document.checking import Finding as Broken
from footprint.rules.document.checking import Severity
from footprint.rules.document.wording import CHINESE, Names
from footprint.rules.finding_words import told
from footprint.rules.queries import applicable_rules, names_in

ASKED_BEFORE = {"footprint_low", "footprint_high"}
"""The plausible range of a figure is asked where figures are: ``footprint.calculation.gate``."""


def rule_findings(actor: Actor, inventory: Inventory) -> Iterable[Finding]:
    """What breaks a rule in force blocks; what it asks about, and all that a draft finds, warns.

    A balance that a rule in force has thresholds for is judged by these, in place of the platform's.
    """
    on = timezone.localdate()
    ground = ground_of(actor, inventory)
    asked = conformity_on(ground, applicable_rules(actor, on), on)
    names = names_in(actor, is_chinese=True), names_in(actor, is_chinese=False)
    ruled = {
        (each.process.pk, row.balance)
        for each in asked
        if not each.is_trial
        for row in each.rule.content.closure
    }
    yield from closure_findings(ground.balance, ruled)
    for each in asked:
        own = {f"closure.{row.balance}" for row in each.rule.content.closure}
        for finding in each.findings:
            if finding.code in ASKED_BEFORE or (finding.code == "gap" and finding.address not in own):
                continue
            yield _broken(each, finding, names)


def _broken(asked: Conformity, finding: Broken, names: tuple[Names, Names]) -> Finding:
    category = asked.rule.category
    is_error = finding.severity is Severity.ERROR
    return Finding(
        "rules",
        "rule_on_trial" if asked.is_trial else "rule_broken" if is_error else "rule_asks",
        severity=BLOCKS if is_error and not asked.is_trial else WARNS,
        process=asked.process,
        line=asked.lines.get(finding.line),
        words={
            "product": _both(asked.product.name_zh, asked.product.name_en),
            "rule": _both(category.name_zh, category.name_en),
            "category": category.code,
            "version": asked.rule.number,
            "address": finding.address,
            "said": _both(*(_said(finding, each) for each in names)),
        },
    )


def _said(finding: Broken, names: Names) -> str:
    """What is wrong and how to mend it, for a copy that people of both languages read."""
    with override("zh-hans" if names.language == CHINESE else "en"):
        words = told(finding, names)
    return f"{words.message} {words.hint}".strip()


def _both(zh: str, en: str) -> dict[str, str]:
    return {"name_zh": zh, "name_en": en}


def closure_findings(found: SiteBalance, ruled: Collection[tuple[int, str]] = ()) -> Iterable[Finding]:
    """What is open blocks, what is loose warns; what cannot be assessed is no finding.

    An open balance of the site alone has no process to look at; it blocks as well. ``ruled`` are balances
    by process that a category rule judges; the site's is judged here unless all of its processes' are ruled.
    """
    for part in (*found.processes, found.site):
        yield from _findings(part, found, ruled)


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


def _findings(
    part: ProcessBalance, found: SiteBalance, ruled: Collection[tuple[int, str]]
) -> Iterator[Finding]:
    for basis in part.bases:
        if not basis.is_assessed or basis.verdict not in (Verdict.AMBER, Verdict.RED):
            continue
        judged = [part] if part.process else found.processes
        if all(each.process and (each.process.pk, basis.basis) in ruled for each in judged):
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
