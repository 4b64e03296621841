"""Charts of every kind for the gallery: drawn, empty, refused, and with values below zero."""

from __future__ import annotations

import math
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.charts import (
    Branch,
    Bubble,
    BubbleChart,
    Chart,
    ChartChoice,
    Choice,
    Comparison,
    ContributionChart,
    Density,
    Estimate,
    IntervalChart,
    Line,
    ParetoChart,
    Part,
    RadarChart,
    RangeChart,
    Rating,
    SlopeChart,
    Spread,
    Stack,
    StackChart,
    Step,
    StripChart,
    Swing,
    TornadoChart,
    TreeTable,
    WaterfallChart,
)
from alliance.pages.gallery_flows import carbon, energy, mass

UNIT = "kg CO2e / kg"
TREE_TOTAL = 1.7111


def groups() -> list[list[Chart]]:
    """Charts that belong beside each other, row by row."""
    return [contributions(), bridges(), ranges(), quality(), refused(), [empty(), below_zero()]]


def frame() -> dict[str, Any]:
    """What every sample says about itself."""
    return {
        "unit": UNIT,
        "boundary": _("Cradle to gate"),
        "period": "2024",
        "origin": _("Run 2f9c1b7e · engine 1.0 · AR6, 100 years"),
    }


def parts() -> list[Part]:
    """What ethylene is made of, with one credit."""
    return [
        Part(_("Naphtha"), 0.612, "purchased", "#naphtha"),
        Part(_("Fuel gas, own furnaces"), 0.447, "fossil"),
        Part(_("Electricity, national grid"), 0.318, "energy"),
        Part(_("Steam 3.5 MPa"), 0.274, "energy"),
        Part(_("Decoking"), 0.083, "process"),
        Part(_("Pipeline transport"), 0.041, "transport"),
        Part(_("Biogenic feed"), 0.0231, "biogenic"),
        Part(_("Hydrogen, avoided"), -0.0871, "rest"),
    ]


def contributions() -> list[Chart]:
    total = sum(part.value for part in parts())
    years = [
        Stack(
            year,
            fuel + power + feed,
            [Part("", fuel, "fossil"), Part("", power, "energy"), Part("", feed, "purchased")],
        )
        for year, fuel, power, feed in (("2023", 0.52, 0.61, 0.71), ("2024", 0.45, 0.59, 0.67))
    ]
    strip: dict[str, Any] = {"own": 1.798, "own_label": _("Own value"), "median": 1.62}
    return [
        ContributionChart(
            id="c-bar", title=_("What ethylene is made of"), total=total, parts=parts(), **frame()
        ),
        ParetoChart(
            id="c-pareto", title=_("Where the emissions come from"), total=total, parts=parts(), **frame()
        ),
        StackChart(id="c-stack", title=_("Ethylene over the years"), stacks=years, **frame()),
        StripChart(
            id="c-strip", title=_("Own value against the median"), low=1.1, high=2.4, **strip, **frame()
        ),
    ]


def bridges() -> list[Chart]:
    steps = [
        Step(_("Activity data"), -0.041, "#activity"),
        Step(_("Factors"), 0.0235),
        Step(_("Allocation"), 0),
        Step(_("Method profile"), 0.012),
        Step(_("Global warming potentials"), -0.0092),
    ]
    start = 1.7258
    swings = [
        Swing(_("Yield of ethylene"), 1.823, 1.611, "30.1%", "33.4%", "#yield"),
        Swing(_("Electricity, national grid"), 1.662, 1.764, "−15%", "+15%"),
        Swing(_("Methane slip"), 1.7, 1.741, "0.1%", "0.6%"),
        Swing(_("Naphtha"), 1.71, 1.716, "−2%", "+2%"),
    ]
    return [
        WaterfallChart(
            id="c-waterfall",
            title=_("From version 3 to version 4"),
            start=start,
            start_label=_("Version 3"),
            end=start + sum(step.value for step in steps),
            end_label=_("Version 4"),
            steps=steps,
            **frame(),
        ),
        TornadoChart(
            id="c-tornado",
            title=_("What the result hangs on"),
            base=1.7111,
            base_label=_("Base case"),
            swings=swings,
            **frame(),
        ),
        *slopes(),
    ]


def slopes() -> list[Chart]:
    profiles = ["GB/T 24067-2024", "ISO 14067", "PACT v3", "TfS", "Catena-X", "CBAM"]
    return [
        SlopeChart(
            id="c-slope",
            title=_("Ethylene under six method profiles"),
            profiles=profiles,
            lines=[Line(_("Ethylene"), [1.711, 1.698, 1.664, 1.689, 1.664, 1.402])],
            **frame(),
        ),
        SlopeChart(
            id="c-slopes",
            title=_("Co-products under three method profiles"),
            profiles=profiles[:3],
            lines=[
                Line(_("Ethylene"), [1.711, 1.698, 1.664]),
                Line(_("Propylene, polymer grade"), [1.69, 1.702, 1.655]),
                Line(_("Hydrogen"), [2.412, None, 1.204]),
            ],
            **frame(),
        ),
    ]


def methods() -> dict[str, str]:
    """Ways to allocate, as the sample compares them."""
    return {
        "mass": _("By mass"),
        "energy": _("By energy content"),
        "value": _("By value"),
        "carbon": _("By carbon content"),
        "main": _("Main product only"),
    }


def ranges() -> list[Chart]:
    spreads = [
        Spread(_("Ethylene"), _values(1.711, 1.694, 1.93, 1.702, 2.95), "mass", "#ethylene"),
        Spread(_("Propylene, polymer grade"), _values(1.711, 1.688, 1.77, 1.705), "mass"),
        Spread(_("Hydrogen"), _values(1.711, 4.21, 2.6, 0.3), "energy"),
    ]
    estimates = [
        Estimate(_("Ethylene, line 1"), 1.52, 1.711, 1.98, _bell(1.711, 0.115)),
        Estimate(_("Ethylene, line 2"), 1.71, 1.864, 2.09, _bell(1.864, 0.1)),
        Estimate(_("Propylene, polymer grade"), 1.41, 1.69, 2.12),
    ]
    return [
        RangeChart(
            id="c-range",
            title=_("What allocation decides"),
            methods=methods(),
            spreads=spreads,
            **frame(),
        ),
        IntervalChart(
            id="c-interval",
            title=_("How sure the figures are"),
            estimates=estimates,
            comparisons=[Comparison(_("Ethylene, line 1"), _("Ethylene, line 2"), 0.874)],
            **frame(),
        ),
    ]


def quality() -> list[Chart]:
    axes = [_("Technology"), _("Time"), _("Geography"), _("Completeness"), _("Reliability")]
    bubbles = [
        Bubble(_("Naphtha"), 0.612, 3.6, "purchased", "#naphtha"),
        Bubble(_("Fuel gas, own furnaces"), 0.447, 1.2, "fossil"),
        Bubble(_("Electricity, national grid"), 0.318, 2.4, "energy"),
        Bubble(_("Steam 3.5 MPa"), 0.274, 3.1, "energy"),
        Bubble(_("Pipeline transport"), 0.041, 4.5, "transport"),
        Bubble(_("Hydrogen, avoided"), -0.0871, 2.9),
    ]
    return [
        RadarChart(
            id="c-radar",
            title=_("Data quality by indicator"),
            axes=axes,
            ratings=[
                Rating(_("Ethylene"), [1.4, 2.0, 1.2, 2.6, 1.8]),
                Rating(_("Last year"), [2.1, 2.0, 1.5, 3.4, 3.0]),
            ],
            **(frame() | {"unit": _("Data quality rating")}),
        ),
        BubbleChart(
            id="c-bubble",
            title=_("Large contributions on poor data"),
            bubbles=bubbles,
            total=sum(bubble.value for bubble in bubbles),
            **frame(),
        ),
    ]


def refused() -> list[Chart]:
    return [
        ContributionChart(
            id="c-refused", title=_("Parts that do not sum"), total=2.0, parts=parts()[:3], **frame()
        ),
        WaterfallChart(
            id="c-refused-waterfall",
            title=_("A bridge that does not arrive"),
            start=1.7,
            start_label=_("Version 3"),
            end=1.9,
            end_label=_("Version 4"),
            steps=[Step(_("Factors"), 0.15)],
            **frame(),
        ),
    ]


def empty() -> Chart:
    nothing = _("No input has been varied yet. Start a sensitivity analysis.")
    title, usual = _("A chart without figures"), _("Base case")
    return TornadoChart(
        id="c-empty", title=title, base=1.7111, base_label=usual, swings=[], nothing=nothing, **frame()
    )


def below_zero() -> Chart:
    """From a burden to a credit: the bridge crosses zero."""
    steps = [
        Step(_("Carbon captured and stored"), -0.92),
        Step(_("Biogenic feed"), -0.55),
        Step(_("Electricity for capture"), 0.21),
    ]
    title, start, end = _("A bridge through zero"), _("Today"), _("Plan 2030")
    return WaterfallChart(
        id="c-below-zero",
        title=title,
        start=0.84,
        start_label=start,
        end=0.84 + sum(s.value for s in steps),
        end_label=end,
        steps=steps,
        **frame(),
    )


def flows(basis: str) -> ChartChoice:
    """The same site by mass, by energy and by carbon; by energy one process does not close."""
    shown = {
        "mass": (_("Mass"), mass()),
        "energy": (_("Energy"), energy()),
        "carbon": (_("Carbon"), carbon()),
    }
    choices = [Choice(key, label, f"?basis={key}#charts", chart) for key, (label, chart) in shown.items()]
    return ChartChoice(_("Basis of the flows"), choices, basis)


def tree() -> TreeTable:
    naphtha = [
        Branch(_("Crude oil"), 0.391, "1.084 kg", "purchased", url=reverse("gallery_branches")),
        Branch(_("Refinery fuel"), 0.182, "0.052 kg", "fossil"),
        Branch(_("Pipeline transport"), 0.039, "0.82 t·km", "transport"),
    ]
    branches = [
        Branch(_("Naphtha"), 0.612, "1.021 kg", "purchased", "#naphtha", naphtha),
        Branch(_("Fuel gas, own furnaces"), 0.447, "0.163 kg", "fossil"),
        Branch(_("Electricity, national grid"), 0.7392, "0.561 kWh", "energy"),
        Branch(_("Hydrogen, avoided"), -0.0871, "0.012 kg"),
    ]
    title = _("Who supplied it, level by level")
    return TreeTable(id="c-tree", title=title, total=TREE_TOTAL, branches=branches, **frame())


def providers() -> list[Branch]:
    """What lies behind the crude oil of the sample tree."""
    return [
        Branch(_("Extraction"), 0.302, "1.084 kg", "fossil"),
        Branch(_("Sea freight"), 0.089, "11.3 t·km", "transport"),
    ]


def _values(*values: float) -> dict[str, float]:
    return dict(zip(methods(), values, strict=False))


def _bell(middle: float, deviation: float) -> Density:
    """A histogram of draws from a normal distribution, three deviations to each side."""
    bins = 36
    counts = [math.exp(-((((n + 0.5) / bins - 0.5) * 6) ** 2) / 2) for n in range(bins)]
    return Density(middle - 3 * deviation, middle + 3 * deviation, counts)
