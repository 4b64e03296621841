"""What to call a node of the own network, and where it is shown."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.figures import is_chinese, significant, unit_text
from accounts.forms import languages
from footprint.analysis.upstream import Upstream
from footprint.calculation.own_network import Node, NodeKind
from footprint.calculation.pages.showing import line_name
from footprint.inventory.places import place_of


def label(node: Node | None) -> str:
    """Name and maker; of a column its site too."""
    if node is None:
        return _("All processes that make it")
    words = node.label(languages())
    site = node.site_zh if is_chinese(languages()) else node.site_en
    return f"{words} · {site}" if site else words


def process_label(upstream: Upstream, place: int) -> str:
    """Process and site of a column; of a leaf its own label."""
    node = upstream.node(place)
    if node is None or node.kind is not NodeKind.COLUMN:
        return label(node)
    chinese = is_chinese(languages())
    maker, site = (node.maker_zh, node.site_zh) if chinese else (node.maker_en, node.site_en)
    return f"{maker} · {site}" if site else maker


def amount(upstream: Upstream, place: int, value: float) -> str:
    """An amount in the node's unit."""
    node = upstream.node(place)
    return f"{significant(value)} {unit_text(node.unit)}" if node and node.unit else significant(value)


def link(upstream: Upstream, place: int, consumer: int | None = None) -> str:
    """Where a node is shown: the product, the factor version; of what is not open, the line that takes it."""
    node = upstream.node(place)
    if node is None:
        return ""
    if node.kind is NodeKind.FACTOR:
        return _factor_link(upstream, place, node)
    if node.uuid:
        return reverse("inventory:product", args=[node.uuid])
    return line_link(upstream, consumer, place)


def line_link(upstream: Upstream, consumer: int | None, supplier: int) -> str:
    """The line by which a node takes from another; where there are several, their process."""
    node = None if consumer is None else upstream.node(consumer)
    if consumer is None or node is None:
        return ""
    line = upstream.line_of(consumer, supplier)
    if line is not None:
        return reverse("inventory:exchange", args=[line.uuid])
    return process_link(upstream, consumer)


def row_label(upstream: Upstream, line: int, node: int, consumer: int) -> str:
    """What flows in a line and which process takes it; without a line, what the node is called."""
    found = upstream.lines.get(line)
    if found is None:
        return process_label(upstream, node)
    taker = upstream.node(consumer)
    if taker is None:
        return line_name(found)
    maker = taker.maker_zh if is_chinese(languages()) else taker.maker_en
    return f"{line_name(found)} → {maker}"


def row_link(upstream: Upstream, line: int, consumer: int) -> str:
    """A line where it is changed; without one, the process it would be in."""
    found = upstream.lines.get(line)
    return reverse("inventory:exchange", args=[found.uuid]) if found else process_link(upstream, consumer)


def process_link(upstream: Upstream, place: int) -> str:
    """The block of a column's unit process in its inventory."""
    node = upstream.node(place)
    if node is None or node.kind is not NodeKind.COLUMN:
        return link(upstream, place)
    process = upstream.processes.get(node.key[0])
    return place_of(process) if process else ""


def _factor_link(upstream: Upstream, place: int, node: Node) -> str:
    version = upstream.versions.get(node.key[0])
    if version is None:
        return ""
    return f"{reverse('factors:factor', args=[version.factor.uuid])}?version={version.number}"
