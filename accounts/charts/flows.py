"""What passes through a site: streams between nodes, and where a node does not close."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.charts.chart import Cell, Chart, Table, groups_of

#: What a node can be. Only a process must give what it takes.
KINDS = {
    "process": gettext_lazy("Unit process"),
    "outside": gettext_lazy("Outside the site"),
    "emission": gettext_lazy("Emission"),
    "loss": gettext_lazy("Loss"),
}


@dataclass(frozen=True)
class Node:
    """Where streams begin, meet or end. One that need not close has a stream of unknown size."""

    key: str
    label: str
    kind: str = "process"
    href: str = ""
    must_close: bool = True


@dataclass(frozen=True)
class Link:
    """One stream from a node to a node, by their keys; `label` is what flows."""

    source: str
    target: str
    value: float
    label: str = ""
    group: str = "rest"
    href: str = ""

    @property
    def text(self) -> str:
        return figures.significant(self.value)


@dataclass(frozen=True)
class Balance:
    """What a node takes and gives, and whether both agree within the tolerance."""

    taken: float
    given: float
    closes: bool

    @property
    def gap(self) -> float:
        """Positive: more comes in than goes out."""
        return self.taken - self.given


@dataclass(frozen=True, kw_only=True)
class SankeyChart(Chart):
    """Streams as wide as they are large. A process that does not close within the tolerance is drawn red."""

    nodes: Sequence[Node]
    links: Sequence[Link]
    tolerance: float = 0.01
    kind: ClassVar[str] = "sankey"

    @property
    def refusal(self) -> str:
        known = {node.key for node in self.nodes}
        for link in self.links:
            if strange := next((key for key in (link.source, link.target) if key not in known), ""):
                return _("A stream leads to %(key)s, which is no node of this chart.") % {"key": strange}
            if not math.isfinite(link.value) or link.value < 0:
                words = _("The stream %(label)s is %(value)s. A stream below zero flows the other way.")
                return words % {"label": self._named(link), "value": figures.significant(link.value)}
        return ""

    @property
    def is_wide(self) -> bool:
        return True

    @property
    def groups(self) -> list[tuple[str, str]]:
        return groups_of(link.group for link in self.links)

    @property
    def remarks(self) -> list[str]:
        if not self.is_drawn:
            return list(self.notes)
        opened = [node for node in self.nodes if not self.balances[node.key].closes]
        told = [self._gap_sentence(node) for node in opened]
        if self.returns:
            told.append(_("Hollow nodes (↩) are where a loop leads back to a unit process further left."))
        return [*told, *self.notes]

    @property
    def is_empty(self) -> bool:
        return not self.links

    @cached_property
    def balances(self) -> dict[str, Balance]:
        """By node. A node with no stream closes; so does whatever is not a process."""
        taken: dict[str, float] = defaultdict(float)
        given: dict[str, float] = defaultdict(float)
        for link in self.links:
            given[link.source] += link.value
            taken[link.target] += link.value
        return {node.key: self._balance(node, taken[node.key], given[node.key]) for node in self.nodes}

    @cached_property
    def returns(self) -> set[int]:
        """The links, by place, that must be cut so that no loop is left: of each loop the smallest."""
        ahead: dict[str, set[str]] = defaultdict(set)
        cut = set()
        for at in sorted(range(len(self.links)), key=lambda at: (-self.links[at].value, at)):
            link = self.links[at]
            if _reaches(ahead, link.target, link.source):
                cut.add(at)
            else:
                ahead[link.source].add(link.target)
        return cut

    @property
    def tables(self) -> list[Table]:
        labels = {node.key: node for node in self.nodes}
        streams = [
            [
                Cell(labels[link.source].label if link.source in labels else link.source),
                Cell(labels[link.target].label if link.target in labels else link.target),
                Cell(self._named(link), link.href, link.group),
                Cell(link.text),
            ]
            for link in sorted(self.links, key=lambda link: -link.value)
        ]
        heads = [_("From node"), _("To node"), _("Stream"), self.unit]
        nodes = [self._node_row(node) for node in self.nodes] if self.links else []
        sides = [_("Node"), _("Kind"), _("Flows in"), _("Flows out"), _("Difference"), _("Closes")]
        return [
            Table(heads, streams, caption=_("Streams"), words=3),
            Table(sides, nodes, caption=_("Balances, %(unit)s") % {"unit": self.unit}, words=2),
        ]

    def payload(self) -> dict[str, Any]:
        nodes = [self._drawn_node(node) for node in self.nodes if self._has_streams(node)]
        links: list[dict[str, Any]] = []
        for at, link in enumerate(self.links):
            if not link.value:
                continue
            for end, hollow in self._pieces(at, link):
                links.append(end)
                nodes += hollow
        columns = _columns(links)
        rows = max((columns.count(column) for column in set(columns)), default=1)
        shape = {"rows": rows, "columns": len(set(columns))}
        return {**super().payload(), "nodes": nodes, "links": links, **shape}

    def _has_streams(self, node: Node) -> bool:
        return bool(self.balances[node.key].taken or self.balances[node.key].given)

    def _balance(self, node: Node, taken: float, given: float) -> Balance:
        apart = abs(taken - given) <= self.tolerance * max(taken, given)
        return Balance(taken, given, node.kind != "process" or not node.must_close or apart)

    def _gap_sentence(self, node: Node) -> str:
        balance = self.balances[node.key]
        return _("%(node)s does not close: %(taken)s in, %(given)s out, difference %(gap)s %(unit)s.") % {
            "node": node.label,
            "taken": figures.significant(balance.taken),
            "given": figures.significant(balance.given),
            "gap": figures.signed(balance.gap, 3),
            "unit": self.unit,
        }

    def _node_row(self, node: Node) -> list[Cell]:
        balance = self.balances[node.key]
        must = node.kind == "process" and node.must_close
        answer = Cell(_("yes")) if balance.closes else Cell(_("no"), tone="bad")
        return [
            Cell(node.label, node.href),
            Cell(str(KINDS[node.kind])),
            Cell(figures.significant(balance.taken)),
            Cell(figures.significant(balance.given)),
            Cell(figures.signed(balance.gap) if must else figures.NOTHING),
            answer if must else Cell(figures.NOTHING),
        ]

    def _drawn_node(self, node: Node) -> dict[str, Any]:
        balance = self.balances[node.key]
        gap = "" if balance.closes else _("gap %(gap)s") % {"gap": figures.signed(balance.gap, 3)}
        tone = node.kind if balance.closes else "open"
        through = figures.significant(max(balance.taken, balance.given))
        return {"key": node.key, "label": node.label, "text": through, "gap": gap, "tone": tone} | {
            "href": node.href
        }

    def _pieces(self, at: int, link: Link) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """The link as it is drawn: whole, or cut into its two ends, each with a hollow node."""
        drawn = {
            "from": link.source,
            "to": link.target,
            "value": link.value,
            "text": link.text,
            "label": self._named(link),
            "group": link.group,
            "href": link.href,
        }
        if at not in self.returns:
            yield drawn, []
            return
        named = {node.key: node for node in self.nodes}
        for end, other in (("to", "target"), ("from", "source")):
            meant = named[getattr(link, other)]
            key, words = f"↩{at}{end}", f"↩ {meant.label}"
            hollow = {"key": key, "label": words, "text": link.text, "gap": "", "tone": "return"}
            yield {**drawn, end: key}, [{**hollow, "href": meant.href}]

    def _named(self, link: Link) -> str:
        if link.label:
            return link.label
        names = {node.key: node.label for node in self.nodes}
        return f"{names.get(link.source, link.source)} → {names.get(link.target, link.target)}"


@dataclass(frozen=True)
class Choice:
    """One way to look at the same thing: its words, the address that shows it first, and its chart.

    Without a chart it is fetched from that address when somebody chooses it.
    """

    key: str
    label: str
    url: str
    chart: Chart | None


@dataclass(frozen=True)
class ChartChoice:
    """Charts of the same thing on several bases, one shown at a time."""

    label: str
    choices: Sequence[Choice]
    chosen: str = ""

    @property
    def current(self) -> str:
        """The key of the choice to show: the one asked for, else the first."""
        keys = [choice.key for choice in self.choices]
        return self.chosen if self.chosen in keys else next(iter(keys), "")


def _reaches(ahead: dict[str, set[str]], start: str, goal: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        new = ahead.get(here, set()) - seen
        seen |= new
        waiting += new
    return False


def _columns(links: Sequence[dict[str, Any]]) -> list[int]:
    """How far right each node stands, sinks at the right edge: one number for each node."""
    ahead: dict[str, list[str]] = defaultdict(list)
    entering: dict[str, int] = defaultdict(int)
    for link in links:
        ahead[link["from"]].append(link["to"])
        entering[link["to"]] += 1
    keys = {*ahead, *entering}
    depth = dict.fromkeys(keys, 0)
    ready = [key for key in keys if not entering[key]]
    while ready:
        here = ready.pop()
        for there in ahead.get(here, ()):
            depth[there] = max(depth[there], depth[here] + 1)
            entering[there] -= 1
            if not entering[there]:
                ready.append(there)
    edge = max(depth.values(), default=0)
    return [edge if key not in ahead else depth[key] for key in keys]
