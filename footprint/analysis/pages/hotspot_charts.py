"""Hotspots as charts: each with unit, boundary, period and run, each summing to the figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import figures
from accounts.charts import Branch, ContributionChart, ParetoChart, Part, TreeTable
from accounts.figures import is_chinese
from accounts.forms import languages, named
from factors.origins import ORIGIN_LABELS, Origin
from footprint.analysis.hotspots import GasPart, Hotspots
from footprint.analysis.pages import naming
from footprint.calculation.own_network import NodeKind, Stage
from footprint.calculation.pages.showing import Asked
from footprint.engine.tree import ProviderTree

STAGES = {
    Stage.PROCESS: gettext_lazy("Processing in own plants"),
    Stage.ENERGY: gettext_lazy("Fuels, power and heat"),
    Stage.TRANSPORT: gettext_lazy("Transport"),
    Stage.PURCHASED: gettext_lazy("Raw materials and other purchases"),
}
GROUP_OF_ORIGIN = {Origin.FOSSIL: "fossil", Origin.BIOGENIC: "biogenic"}


def described(shown: Asked) -> dict[str, Any]:
    """What every chart of a figure says about itself."""
    main, figure = shown.main, shown.figure
    assert main is not None and figure is not None
    return {
        "unit": shown.unit,
        "boundary": _("Cradle to gate"),
        "period": str(figure.year),
        "origin": _("Run %(run)s · engine %(engine)s · %(gwp)s, 100 years")
        % {"run": str(main.run.uuid)[:8], "engine": main.run.engine_version, "gwp": shown.gwp},
    }


def sources(shown: Asked, found: Hotspots) -> ParetoChart:
    """By emitting process or leaf."""
    upstream = found.upstream
    parts = [
        Part(
            naming.process_label(upstream, source.node),
            source.value,
            source.stage.value,
            naming.process_link(upstream, source.node),
        )
        for source in found.sources
    ]
    title = _("Who emits what is in %(product)s") % {"product": named(shown.product)}
    return ParetoChart(id="sources", title=title, total=found.total, parts=parts, **described(shown))


def stages(shown: Asked, found: Hotspots) -> ContributionChart:
    """By life-cycle stage."""
    parts = [Part(str(STAGES[stage]), value, stage.value) for stage, value in found.stages]
    title = _("By life-cycle stage")
    return ContributionChart(id="stages", title=title, total=found.total, parts=parts, **described(shown))


def gases(shown: Asked, found: Hotspots) -> ContributionChart:
    """By gas and origin."""
    parts = [Part(gas_label(gas), gas.value, _group_of(gas)) for gas in found.gases]
    title = _("By gas and origin")
    return ContributionChart(id="gases", title=title, total=found.total, parts=parts, **described(shown))


def boundary(shown: Asked, found: Hotspots) -> ContributionChart:
    """What the company emits itself, and what comes in at its gate."""
    upstream, gate = found.upstream, found.boundary
    parts = [
        Part(_("Own processes, recorded emissions"), gate.processes, "fossil"),
        Part(_("Own processes, fuels burnt"), gate.burnt, "process"),
    ]
    parts = [part for part in parts if part.value]
    for leaf, value in gate.bought:
        node = upstream.node(leaf)
        stage = node.stage.value if node else "rest"
        parts.append(Part(naming.label(node), value, stage, naming.link(upstream, leaf)))
    words = _("Own company %(own)s, purchased %(bought)s of the figure.") % {
        "own": _share(gate.own, found.total),
        "bought": _share(gate.purchased, found.total),
    }
    title = _("Own company and purchases")
    return ContributionChart(
        id="gate", title=title, total=found.total, parts=parts, notes=[words], **described(shown)
    )


def tree(shown: Asked, found: Hotspots) -> TreeTable:
    """Providers of providers, down to the cut-off."""
    unfolded = found.tree
    cut = figures.percent(found.cut, 2 if found.cut < 0.01 else 0)
    notes = [_("Providers below %(cut)s of the figure are summed up.") % {"cut": cut}]
    if not unfolded.complete:
        notes.append(_("The tree ends here although more lies above the cut-off; choose a coarser one."))
    return TreeTable(
        id="providers",
        title=_("Providers of %(product)s, and theirs") % {"product": named(shown.product)},
        total=float(unfolded.score[0]),
        branches=_Unfolding(found).below(0),
        notes=notes,
        **described(shown),
    )


def gas_label(part: GasPart) -> str:
    """The gas and where its carbon comes from."""
    if not part.gas:
        return _("Suppliers' totals, not known by gas")
    if part.origin not in list(Origin):
        return f"{part.gas} · {part.origin}"
    return f"{part.gas} · {ORIGIN_LABELS[Origin(part.origin)][0 if is_chinese(languages()) else 1]}"


def _group_of(part: GasPart) -> str:
    if not part.gas:
        return "purchased"
    return GROUP_OF_ORIGIN.get(Origin(part.origin), "rest") if part.origin in list(Origin) else "rest"


def _share(value: float, total: float) -> str:
    return figures.percent(value / total) if total else figures.NOTHING


class _Unfolding:
    """A provider tree as branches."""

    def __init__(self, found: Hotspots) -> None:
        self.upstream = found.upstream
        self.tree: ProviderTree = found.tree
        self.children: Mapping[int, list[int]] = defaultdict(list)
        for occurrence, parent in enumerate(self.tree.parent.tolist()):
            self.children[parent].append(occurrence)

    def below(self, occurrence: int) -> list[Branch]:
        """What makes up an occurrence: itself, its providers, and those below the cut-off."""
        tree, children = self.tree, self.children.get(occurrence, [])
        branches = [self._branch(child) for child in children]
        direct, cut = float(tree.direct[occurrence]), float(tree.cut[occurrence])
        count = int(tree.cut_count[occurrence])
        if direct:
            branches.append(Branch(_("Emits itself"), direct, group="fossil"))
        if cut:
            words = ngettext("%(n)d smaller provider", "%(n)d smaller providers", count) % {"n": count}
            branches.append(Branch(words, cut))
        return branches

    def _branch(self, occurrence: int) -> Branch:
        place = int(self.tree.product[occurrence])
        node = self.upstream.node(place)
        consumer = int(self.tree.product[self.tree.parent[occurrence]])
        is_column = node is not None and node.kind is NodeKind.COLUMN
        return Branch(
            label=naming.label(node),
            value=float(self.tree.score[occurrence]),
            amount=naming.amount(self.upstream, place, float(self.tree.amount[occurrence])),
            group=node.stage.value if node else "rest",
            href=naming.link(self.upstream, place, consumer),
            children=self.below(occurrence) if is_column else (),
        )
