"""Rule documents for tests: any that is whole, by hypothesis, and a small one to break on purpose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from footprint.rules.document.content import (
    AllocationRule,
    Balance,
    Band,
    Closure,
    CutOff,
    Direction,
    ExchangeRule,
    Flow,
    FlowBy,
    GasRule,
    Mark,
    Measured,
    Method,
    Presence,
    Quality,
    RuleDocument,
    Source,
    Stage,
    StageRule,
    Within,
)
from footprint.rules.document.integrity import Known

CATEGORIES = ("ethylene", "naphtha", "hydrogen", "steam", "power")
GASES = ("CO2", "CH4", "N2O")
KNOWN = Known(CATEGORIES, GASES, ("kg", "MJ"), ("here",), ("electricity", "fuel"))
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A whole document is much to draw."""
BASIS: dict[str, Any] = {"source": "here", "mark": Mark.DECISION}
SOURCES = (Source("here", "本产品的建议", "Proposal of this product"),)


def small(**changes: Any) -> RuleDocument:
    """A rule for ethylene from naphtha."""
    document = RuleDocument(
        category="ethylene",
        unit="kg",
        unit_source="here",
        unit_mark=Mark.DECISION,
        profile="here",
        scope_zh="适用于乙烯。",
        scope_en="For ethylene.",
        sources=SOURCES,
        boundary=tuple(StageRule(stage, stage in list(Stage)[:5], **BASIS) for stage in Stage),
        exchanges=(
            ExchangeRule("feed", Presence.REQUIRED, Within.PROCESS, (taking("naphtha"),), **BASIS),
            ExchangeRule(
                "no-credit",
                Presence.FORBIDDEN,
                Within.PROCESS,
                (Flow(Direction.OUTPUT, FlowBy.AVOIDED),),
                **BASIS,
            ),
        ),
        allocation=(
            AllocationRule("heat", "steam", (Method.ENERGY,), **BASIS),
            AllocationRule("mass", "", (Method.MASS, Method.ENERGY), **BASIS),
        ),
        cut_off=CutOff(Decimal("0.01"), Decimal("0.03"), **BASIS),
        closure=(Closure(Balance.MASS, Decimal("0.01"), Decimal("0.03"), **BASIS),),
        bands=(
            Band("footprint", Measured.FOOTPRINT, Decimal(1), Decimal(2), "kg CO2e/kg", **BASIS),
            Band("feed", Measured.INPUT, Decimal(1), None, "kg", category="naphtha", **BASIS),
        ),
        quality=Quality(3, 3, 3, 5, False, **BASIS),
        gases=(GasRule("CO2", True, **BASIS), GasRule("CH4", False, **BASIS)),
    )
    return replace(document, **changes)


def taking(category: str) -> Flow:
    """An input of a category."""
    return Flow(Direction.INPUT, FlowBy.CATEGORY, category)


def _flows() -> st.SearchStrategy[Flow]:
    categories = st.sampled_from(CATEGORIES).map(taking)
    gases = st.sampled_from(GASES).map(lambda gas: Flow(Direction.OUTPUT, FlowBy.GAS, gas))
    stages = st.sampled_from(Stage).map(lambda stage: Flow(Direction.INPUT, FlowBy.STAGE, stage))
    factors = st.sampled_from(("electricity", "fuel"))
    return st.one_of(
        categories, gases, stages, factors.map(lambda kind: Flow(Direction.INPUT, FlowBy.FACTOR, kind))
    )


NOTES = st.text("abc 甲乙丙", max_size=12).map(str.strip)
CODES = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
FRACTIONS = st.decimals(0, 1, places=3)
SOME = st.fixed_dictionaries({"source": st.just("here"), "mark": st.sampled_from(Mark)})


def _rows(kind: Any, key: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    rows = st.builds(lambda basis, **rest: kind(**rest, **basis), basis=SOME, **parts)
    return st.lists(rows, max_size=3, unique_by=lambda row: getattr(row, key)).map(tuple)


@st.composite
def _band(draw: st.DrawFn) -> Band:
    low, high = sorted(draw(st.lists(st.decimals(0, 100, places=2), min_size=2, max_size=2, unique=True)))
    measured = draw(st.sampled_from(Measured))
    is_input = measured is Measured.INPUT
    return Band(
        draw(CODES),
        measured,
        draw(st.sampled_from((low, None))),
        high,
        "kg" if is_input else "kg CO2e/kg",
        category=draw(st.sampled_from(CATEGORIES)) if is_input else "",
        note_zh=draw(NOTES),
        **draw(SOME),
    )


@st.composite
def documents(draw: st.DrawFn) -> RuleDocument:
    """Whole, though its rules may contradict each other."""
    codes = {"code": CODES}
    inside = draw(st.lists(st.booleans(), min_size=len(Stage), max_size=len(Stage)))
    limits = [sorted(draw(st.lists(st.decimals("0.001", 1, places=3), min_size=2, max_size=2, unique=True)))
              for _balance in Balance]  # fmt: skip
    return small(
        boundary=tuple(
            StageRule(stage, is_in, **draw(SOME)) for stage, is_in in zip(Stage, inside, strict=True)
        ),
        exchanges=draw(
            _rows(
                ExchangeRule,
                "code",
                **codes,
                presence=st.sampled_from(Presence),
                within=st.sampled_from(Within),
                any_of=st.lists(_flows(), min_size=1, max_size=3).map(tuple),
                note_en=NOTES,
            )
        ),
        allocation=draw(
            _rows(
                AllocationRule,
                "code",
                **codes,
                coproduct=st.sampled_from(("", *CATEGORIES)),
                methods=st.lists(st.sampled_from(Method), min_size=1, max_size=3, unique=True).map(tuple),
            )
        ),
        cut_off=CutOff(draw(FRACTIONS), draw(FRACTIONS), **draw(SOME)),
        closure=tuple(
            Closure(balance, *pair, **draw(SOME))
            for balance, pair in zip(Balance, limits, strict=True)
            if draw(st.booleans())
        ),
        bands=tuple(draw(st.lists(_band(), max_size=3, unique_by=lambda band: band.code))),
        gases=draw(_rows(GasRule, "gas", gas=st.sampled_from(GASES), is_direct=st.booleans())),
    )
