"""The flows of a site as diagrams, one for each basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.charts import Link, Node, SankeyChart
from accounts.figures import is_chinese, year_range
from accounts.forms import languages, named
from factors import units
from factors.units import Dimension
from footprint.analysis.pages import naming
from footprint.analysis.site_flows import DrawnFlows, Place, SiteFlows
from footprint.analysis.streams import Stream
from footprint.analysis.upstream import Upstream
from footprint.calculation.own_network import Stage
from footprint.calculation.pages.showing import line_name
from footprint.engine.sankey import Closing, Kind, balances
from footprint.inventory.models import Inventory
from footprint.inventory.places import place_of

TITLES = {
    "mass": gettext_lazy("Flows by mass"),
    "energy": gettext_lazy("Flows by energy"),
    "carbon": gettext_lazy("Flows by carbon"),
    "co2e": gettext_lazy("Flows by CO2e that products carry"),
}
LABELS = {
    "mass": gettext_lazy("Mass"),
    "energy": gettext_lazy("Energy"),
    "carbon": gettext_lazy("Carbon"),
    "co2e": "CO2e",
}
UNITS = {"mass": "t", "energy": "GJ", "carbon": "t C", "co2e": "t CO2e"}
PER_UNIT = 1000.0
"""kg or MJ in one of these."""
KINDS = {Kind.PROCESS: "process", Kind.OUTSIDE: "outside", Kind.EMISSION: "emission", Kind.LOSS: "loss"}
EXACT = 1e-6


@dataclass(frozen=True)
class Picture:
    """What a diagram of an inventory needs: its flows, how well they must close, and names of leaves."""

    inventory: Inventory
    basis: str
    flows: SiteFlows
    tolerance: float
    upstream: Upstream | None = None

    def chart(self, cutoff: float, only: int | None) -> SankeyChart:
        """The diagram."""
        drawn = self.flows.drawn(self.basis, cutoff, only)
        at = drawn.flows.column(self.basis)
        sums = balances(drawn.flows, self.tolerance)
        # where nothing comes in, what is taken from nature is not recorded: there is nothing to compare
        compared = (sums.state[:, at] != Closing.UNKNOWN) & (sums.into[:, at] > 0.0)
        nodes = [self._node(drawn, place, bool(compared[place])) for place in range(len(drawn.places))]
        used = {*drawn.drawing.source.tolist(), *drawn.drawing.target.tolist()}
        return SankeyChart(
            **frame(self.inventory, self.basis),
            nodes=[node for place, node in enumerate(nodes) if place in used],
            links=self._links(drawn),
            tolerance=self.tolerance,
            origin=self._origin(),
        )

    def _node(self, drawn: DrawnFlows, at: int, must_close: bool) -> Node:
        place = drawn.places[at]
        href = place_of(place.process) if place.process else ""
        if place.leaf is not None and self.upstream:
            href = naming.link(self.upstream, place.leaf)
        elif place.product is not None:
            href = reverse("inventory:product", args=[place.product.uuid])
        kind = KINDS[Kind(int(drawn.flows.kind[at]))]
        return Node(str(at), self._label(drawn, at), kind, href, must_close)

    def _label(self, drawn: DrawnFlows, at: int) -> str:
        place = drawn.places[at]
        if place.process is not None or place.product is not None:
            return named(place.process or place.product)
        if place.leaf is not None and self.upstream:
            return naming.label(self.upstream.node(place.leaf))
        if place.role == "processes":
            count = place.count
            return ngettext("%(n)d smaller process", "%(n)d smaller processes", count) % {"n": count}
        air = _("To air") if self.upstream is None else _("Own emissions")
        words = {"air": air, "loss": _("Losses and stock"), "delivery": _("Delivered")}
        return words.get(place.role) or _small_flows(drawn, at)

    def _links(self, drawn: DrawnFlows) -> list[Link]:
        drawing = drawn.drawing
        rows = zip(
            drawing.source.tolist(), drawing.target.tolist(), drawing.amount.tolist(), drawing.flow.tolist(),
            strict=True,
        )  # fmt: skip
        found = []
        for source, target, amount, _flow in rows:
            if source == target:
                continue
            ends = drawn.places[source], drawn.places[target]
            lines = self.flows.streams.get(ends) or self.flows.streams.get(ends[::-1], ())
            href = stream_url(lines[0]) if len(lines) == 1 else ""
            label = _names([stream_name(stream) for stream in lines] or self._carriers(ends))
            group = self._group(ends, lines)
            found.append(Link(str(source), str(target), amount / PER_UNIT, label, group, href))
        return found

    def _carriers(self, ends: tuple[Place, Place]) -> list[str]:
        found = self.flows.carriers.get(ends, ())
        if self.upstream is None:
            return []
        chinese = is_chinese(languages())
        nodes = [self.upstream.own.nodes[at] for at in found]
        return [node.name_zh if chinese else node.name_en for node in nodes]

    def _group(self, ends: tuple[Place, Place], lines: Sequence[Stream]) -> str:
        roles = {place.role for place in ends}
        if "air" in roles:
            return "fossil"
        if "loss" in roles:
            return "rest"
        leaf = next((place.leaf for place in ends if place.leaf is not None), None)
        node = self.upstream.node(leaf) if self.upstream and leaf is not None else None
        if node is not None:
            return node.stage.value
        if lines and all(_is_energy(stream) for stream in lines):
            return Stage.ENERGY.value
        return "purchased" if "supply" in roles else "process"

    def _origin(self) -> str:
        if self.upstream is None:
            return _("Inventory %(inventory)s, version %(version)s") % {
                "inventory": str(self.inventory.uuid)[:8],
                "version": self.inventory.version,
            }
        return _("Current figures, %(gwp)s, 100 years") % {"gwp": self.upstream.gwp}


def frame(inventory: Inventory, basis: str) -> dict[str, Any]:
    """What every diagram says about itself."""
    return {
        "id": f"flows-{basis}",
        "title": str(TITLES[basis]),
        "unit": UNITS[basis],
        "boundary": _("Gate to gate, %(site)s") % {"site": named(inventory.site)}
        if basis != "co2e"
        else _("Cradle to gate"),
        "period": year_range(inventory.period_start, inventory.period_end, languages()),
    }


def nothing(inventory: Inventory, basis: str, words: str) -> SankeyChart:
    """A diagram that cannot be drawn, and why."""
    return SankeyChart(**frame(inventory, basis), nodes=[], links=[], nothing=words)


def stream_url(stream: Stream) -> str:
    """The line to correct; of what is recorded with the process, the process."""
    if stream.line is None:
        return place_of(stream.process)
    return reverse("inventory:exchange", args=[stream.line.uuid])


def stream_name(stream: Stream) -> str:
    """What flows."""
    return line_name(stream.line) if stream.line else _("Recorded loss or change of stock")


def _names(given: Sequence[str]) -> str:
    names = list(dict.fromkeys(given))
    return ", ".join(names[:2]) + (" …" if len(names) > 2 else "")


def _is_energy(stream: Stream) -> bool:
    product = stream.line.product if stream.line else None
    return product is not None and units.dimension(product.unit) is Dimension.ENERGY


def _small_flows(drawn: DrawnFlows, at: int) -> str:
    kind = Kind(int(drawn.flows.kind[at]))
    if kind is Kind.EMISSION:
        return _("To air, small flows")
    if kind is Kind.LOSS:
        return _("Small losses")
    given = drawn.drawing.amount[drawn.drawing.source == at].sum()
    taken = drawn.drawing.amount[drawn.drawing.target == at].sum()
    return _("Small supplies") if given > taken else _("Small deliveries")
