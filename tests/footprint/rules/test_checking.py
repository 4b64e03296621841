"""An inventory against a rule: exactly the faults that were planted are found, each at its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.rules.document.checking import (
    Coproduct,
    Line,
    Severity,
    Subject,
    Verdict,
    check,
    findings,
    ordered_method,
)
from footprint.rules.document.content import Balance, Direction, Method, Stage, Within, rules
from tests.footprint.rules.documents import FEW, documents, small

IN, OUT = Direction.INPUT, Direction.OUTPUT
BOTH = frozenset({Method.MASS, Method.ENERGY})
RATED = {"technology": 2, "time": 2, "geography": 2}
FEED = Line("feed", IN, "product", category="naphtha", stage=Stage.RAW_MATERIAL, mass_kg=Decimal(150),
            amounts={"kg": Decimal(150)}, **RATED)  # type: ignore[arg-type]  # fmt: skip
POWER = Line("power", IN, "product", category="power", stage=Stage.ENERGY, factor_kind="electricity",
             factor_year=2024, **RATED)  # type: ignore[arg-type]  # fmt: skip
CO2 = Line("co2", OUT, "elementary", gas="CO2", **RATED)  # type: ignore[arg-type]
GOOD = Subject(
    year=2025,
    method="none",
    made=Decimal(100),
    own_methods=BOTH,
    coproducts=(),
    lines=(FEED, POWER, CO2),
    footprint=Decimal("1.5"),
    gaps={Balance.MASS: 0.005, Balance.CARBON: 0.0},
    limits={Balance.CARBON: (0.02, 0.05)},
)

Plant = Callable[[Subject], Subject]


def lines(**of: Line | None) -> Plant:
    """Lines in place of others, further ones, or (None) some taken away."""

    def planted(subject: Subject) -> Subject:
        kept = [of.get(line.key, line) for line in subject.lines]
        new = [line for key, line in of.items() if line and key not in {each.key for each in subject.lines}]
        return replace(subject, lines=tuple(line for line in (*kept, *new) if line))

    return planted


def beside(method: str, *coproducts: Coproduct) -> Plant:
    return lambda subject: replace(subject, method=method, coproducts=coproducts)


def extra(key: str, **more: object) -> Line:
    return replace(FEED, key=key, category="", **more)  # type: ignore[arg-type]


FAULTS: dict[str, tuple[Plant, str, Severity, str]] = {
    "other_unit": (lambda s: replace(s, made=None), "unit", Severity.ERROR, ""),
    "outside": (lines(x=replace(POWER, key="x", stage=Stage.USE)), "boundary.use", Severity.ERROR, "x"),
    "forbidden": (lines(credit=Line("credit", OUT, "product", is_avoided=True)), "exchange.no-credit",
                  Severity.ERROR, "credit"),
    "deviation": (beside("energy", Coproduct("", BOTH)), "allocation.mass", Severity.ERROR, ""),
    "no_basis": (beside("mass", Coproduct("", frozenset())), "allocation.mass", Severity.WARNING, ""),
    "cut_off_flow": (lines(loose=extra("loose", has_provider=False, mass_kg=Decimal(3))), "cut_off",
                     Severity.ERROR, "loose"),
    "cut_off_unweighed": (lines(loose=extra("loose", has_provider=False, mass_kg=None)), "cut_off",
                          Severity.WARNING, "loose"),
    "cut_off_total": (lines(**{f"l{at}": extra(f"l{at}", has_provider=False, mass_kg=Decimal("1.5"))
                               for at in range(4)}), "cut_off", Severity.ERROR, ""),
    "gap": (lambda s: replace(s, gaps={**s.gaps, Balance.MASS: -0.02}), "closure.mass", Severity.WARNING, ""),
    "footprint_high": (lambda s: replace(s, footprint=Decimal(3)), "band.footprint", Severity.WARNING, ""),
    "footprint_low": (lambda s: replace(s, footprint=Decimal(0)), "band.footprint", Severity.WARNING, ""),
    "input_low": (lines(feed=replace(FEED, amounts={"kg": Decimal(50)})), "band.feed", Severity.WARNING, ""),
    "rating": (lines(feed=replace(FEED, time=5)), "quality", Severity.WARNING, "feed"),
    "old_factor": (lines(power=replace(POWER, factor_year=2019)), "quality", Severity.WARNING, "power"),
    "proxy": (lines(power=replace(POWER, data_type="proxy")), "quality", Severity.WARNING, "power"),
    "gas_missing": (lines(co2=None), "gas.CO2", Severity.ERROR, ""),
    "gas_not_covered": (lines(power=replace(POWER, only_gases=frozenset({"CO2"}))), "gas.CH4",
                        Severity.NOTE, "power"),
}  # fmt: skip


def found(subject: Subject) -> list[tuple[str, str, Severity, str]]:
    return [(each.code, each.address, each.severity, each.line) for each in findings(check(small(), subject))]


def test_a_good_inventory_meets_every_rule() -> None:
    outcomes = {each.address: each.verdict for each in check(small(), GOOD)}
    idle = {address for address, verdict in outcomes.items() if verdict is Verdict.IDLE}
    assert idle == {"boundary.transport", "boundary.waste", "allocation.heat", "allocation.mass"}
    assert set(outcomes.values()) == {Verdict.MET, Verdict.IDLE}


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_alone_is_found_alone(code: str) -> None:
    plant, *wanted = FAULTS[code]
    assert found(plant(GOOD)) == [(code, *wanted)]


APART = [
    "other_unit",
    "outside",
    "forbidden",
    "deviation",
    "gap",
    "footprint_high",
    "old_factor",
    "gas_missing",
]
"""Faults of which none hides or makes another one."""


@FEW
@given(st.sets(st.sampled_from(APART)))
def test_exactly_what_was_planted_is_found(codes: set[str]) -> None:
    subject = GOOD
    for code in codes:
        subject = FAULTS[code][0](subject)
    assert {each[0] for each in found(subject)} == codes
    severities = [each[2] for each in found(subject)]
    assert severities == sorted(severities, key=list(Severity).index)


@FEW
@given(documents())
def test_every_rule_gets_a_verdict(document: object) -> None:
    outcomes = check(document, GOOD)  # type: ignore[arg-type]
    addresses = [each.address for each in outcomes]
    assert addresses[: len(rules(document))] == [each.address for each in rules(document)]  # type: ignore[arg-type]
    assert len(addresses) == len(set(addresses))
    for outcome in outcomes:
        is_broken = any(each.severity is Severity.ERROR for each in outcome.findings)
        assert (outcome.verdict is Verdict.BROKEN) is is_broken
        assert (outcome.verdict is Verdict.ASKED) is (bool(outcome.findings) and not is_broken)


def test_red_gaps_fail_and_the_platforms_thresholds_hold_where_the_rule_has_none() -> None:
    wide = replace(GOOD, gaps={Balance.MASS: 0.04, Balance.CARBON: 0.03, Balance.ENERGY: 0.9})
    assert {(each[1], each[2]) for each in found(wide)} == {
        ("closure.mass", Severity.ERROR),
        ("closure.carbon", Severity.WARNING),
    }


def test_a_flow_elsewhere_at_the_site_counts_only_where_the_rule_says_so() -> None:
    elsewhere = lines(feed=replace(FEED, in_process=False))(GOOD)
    assert [each[0] for each in found(elsewhere)] == ["missing"]
    feed, *rest = small().exchanges
    wide = small(exchanges=(replace(feed, within=Within.SITE), *rest))
    assert findings(check(wide, elsewhere)) == []


def test_the_rule_of_a_coproduct_goes_before_the_general_one() -> None:
    document, energy = small(), frozenset({Method.ENERGY})
    steam, other = Coproduct("steam", BOTH), Coproduct("", BOTH)

    def order(*coproducts: Coproduct) -> tuple[str, Method | None]:
        ordered = ordered_method(document, BOTH, coproducts)
        assert ordered is not None
        return ordered[0].code, ordered[1]

    assert order(steam, other) == ("heat", Method.ENERGY)
    assert order(other) == ("mass", Method.MASS)
    assert order(other, Coproduct("", energy)) == ("mass", Method.ENERGY)
    assert order(Coproduct("steam", frozenset({Method.MASS}))) == ("heat", None)
    assert ordered_method(small(allocation=()), BOTH, (other,)) is None
