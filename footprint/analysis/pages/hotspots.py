"""Where a product's figure comes from: the page, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import figures
from accounts.asked import AskedRequest
from accounts.exports import number, table_answer
from footprint.analysis.hotspots import COARSEST, CUT, FINEST, Hotspots
from footprint.analysis.pages import hotspot_charts as charts
from footprint.analysis.pages import naming
from footprint.analysis.pages.subject import frame, subject
from footprint.analysis.upstream import behind_product
from footprint.calculation.pages.product import figure_shown
from footprint.calculation.pages.showing import Asked
from footprint.engine.errors import EngineError

CUTS = (0.05, 0.02, 0.01, 0.005, 0.001)
EXPORTED = ("part", "rank", "name", "amount", "unit", "kg_co2e_per_unit", "share", "running_share")


@dataclass(frozen=True)
class Step:
    """One node of a path."""

    label: str
    href: str


@dataclass(frozen=True)
class PathRow:
    """A chain from the product to one emission, with what it alone carries."""

    rank: int
    steps: list[Step]
    amount: str
    value: float
    share: float


@login_required
def hotspots(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The page."""
    shown = subject(request, product_uuid)
    cut = asked_cut(request.GET.get("cut", ""))
    context = {
        **frame(shown, _("Hotspots")),
        **figure_shown(request, shown),
        **_answers(request, shown, cut),
        "here": f"{request.path}?{shown.query}&cut={cut:g}",
        "export_url": f"{reverse('analysis:hotspots_export', args=[product_uuid])}?{shown.query}&cut={cut:g}",
        "cuts": [_cut_link(shown, each, cut) for each in CUTS],
    }
    return render(request, "analysis/hotspots/hotspots.html", context)


@login_required
def export(request: AskedRequest, product_uuid: UUID) -> HttpResponseBase:
    """What the page shows, as CSV."""
    shown = subject(request, product_uuid)
    found = _found(request, shown, asked_cut(request.GET.get("cut", "")))
    if found is None:
        raise Http404
    return table_answer(request, "hotspots", EXPORTED, _rows(shown, found))


def asked_cut(text: str) -> float:
    """The cut-off asked for, as a share; what cannot be one is the usual one."""
    try:
        cut = float(text)
    except ValueError:
        return CUT
    return cut if FINEST <= cut <= COARSEST else CUT


def _found(request: AskedRequest, shown: Asked, cut: float) -> Hotspots | None:
    figure = shown.figure
    if figure is None or figure.value(shown.gwp) is None:
        return None
    upstream = behind_product(request.actor, shown.product, figure.year, shown.gwp)
    return Hotspots(upstream, cut) if upstream else None


def _answers(request: AskedRequest, shown: Asked, cut: float) -> dict[str, Any]:
    try:
        found = _found(request, shown, cut)
        if found is None:
            return {}
        return {
            "sources": charts.sources(shown, found),
            "stages": charts.stages(shown, found),
            "gases": charts.gases(shown, found),
            "gate": charts.boundary(shown, found),
            "tree": charts.tree(shown, found),
            "paths": path_rows(found),
            "covered": found.paths.covered,
            "path_frame": charts.described(shown),
        }
    except EngineError:
        # the parts do not make up the stored figure: say so rather than draw what is not true
        return {"is_apart": True}


def path_rows(found: Hotspots) -> list[PathRow]:
    """The heaviest chains, each step with its place."""
    upstream, paths = found.upstream, found.paths
    rows = []
    for at, nodes in enumerate(paths.products):
        steps = [
            Step(naming.label(upstream.node(node)), naming.link(upstream, node, consumer))
            for consumer, node in zip((None, *nodes), nodes, strict=False)
            if upstream.node(node) is not None
        ]
        amount = naming.amount(upstream, nodes[-1], float(paths.amount[at]))
        rows.append(PathRow(at + 1, steps, amount, float(paths.emitted[at]), float(paths.share[at])))
    return rows


def _cut_link(shown: Asked, cut: float, current: float) -> dict[str, Any]:
    label = figures.percent(cut, 1 if cut < 0.01 else 0)
    return {"label": label, "url": f"?{shown.query}&cut={cut:g}#paths", "is_current": cut == current}


def _rows(shown: Asked, found: Hotspots) -> Iterator[list[str]]:
    """Every part of the page as rows of one table."""
    yield ["total", "", shown.product.code, "1", shown.product.unit, number(found.total), "1.0", ""]
    emitted = sorted(
        ((naming.process_label(found.upstream, each.node), each.value) for each in found.sources),
        key=lambda pair: -pair[1],
    )
    running = accumulate(value for _name, value in emitted)
    for rank, ((name, value), so_far) in enumerate(zip(emitted, running, strict=True), start=1):
        yield [*_part("source", rank, name, value, found.total), number(so_far / found.total)]
    for rank, (stage, value) in enumerate(found.stages, start=1):
        yield [*_part("stage", rank, charts.stage_label(stage), value, found.total), ""]
    for rank, gas in enumerate(found.gases, start=1):
        row = _part("gas", rank, charts.gas_label(gas), gas.value, found.total)
        yield [*row[:3], number(gas.kg), "kg" if gas.kg is not None else "", *row[5:], ""]
    gate = charts.boundary(shown, found)
    for rank, part in enumerate(gate.parts, start=1):
        yield [*_part("gate", rank, part.label, part.value, found.total), ""]
    for path in path_rows(found):
        name = " < ".join(step.label for step in path.steps)
        yield [*_part("path", path.rank, name, path.value, found.total), ""]
    yield from _tree_rows(found)


def _tree_rows(found: Hotspots) -> Iterator[list[str]]:
    tree = found.tree
    for at in range(1, len(tree)):
        node = found.upstream.node(int(tree.product[at]))
        names = [found.upstream.node(int(tree.product[each])) for each in tree.route(at)[1:]]
        row = _part("tree", at, " < ".join(map(naming.label, names)), float(tree.score[at]), found.total)
        yield [*row[:3], number(float(tree.amount[at])), node.unit if node else "", *row[5:], ""]


def _part(part: str, rank: int, name: str, value: float, total: float) -> list[str]:
    return [part, str(rank), name, "", "", number(value), number(value / total) if total else ""]
