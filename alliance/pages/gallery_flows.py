"""One site of the gallery on three bases: a cracker, its polymer line and its steam net."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.charts import Link, Node, SankeyChart


def nodes() -> list[Node]:
    return [
        Node("bought", _("Bought"), "outside"),
        Node("grid", _("Power grid"), "outside"),
        Node("cracker", _("Steam cracker"), href="#cracker"),
        Node("polymer", _("Polyethylene line")),
        Node("steam", _("Steam net")),
        Node("sold", _("Sold"), "outside"),
        Node("air", _("To air"), "emission"),
        Node("lost", _("Losses"), "loss"),
    ]


def mass() -> SankeyChart:
    """Closes at every process; fuel gas goes back to the steam net, a loop."""
    links = [
        Link("bought", "cracker", 1020, _("Naphtha"), "purchased", "#naphtha"),
        Link("steam", "cracker", 410, _("Steam 3.5 MPa"), "energy"),
        Link("bought", "steam", 330, _("Feed water"), "purchased"),
        Link("cracker", "steam", 80, _("Fuel gas, own furnaces"), "fossil"),
        Link("cracker", "polymer", 330, _("Ethylene"), "process"),
        Link("cracker", "sold", 592, _("Propylene and others"), "process"),
        Link("cracker", "lost", 428, _("Condensate"), "rest"),
        Link("polymer", "sold", 324, _("High-density polyethylene"), "process"),
        Link("polymer", "lost", 6, _("Off-gas"), "rest"),
    ]
    return _chart("mass", _("Flows of the site by mass"), "kt", links)


def energy() -> SankeyChart:
    """The steam net does not close."""
    links = [
        Link("bought", "cracker", 44.9, _("Naphtha"), "purchased", "#naphtha"),
        Link("grid", "cracker", 0.9, _("Electricity"), "energy"),
        Link("grid", "polymer", 0.6, _("Electricity"), "energy"),
        Link("cracker", "polymer", 15.6, _("Ethylene"), "process"),
        Link("cracker", "sold", 26.1, _("Propylene and others"), "process"),
        Link("cracker", "steam", 4.1, _("Fuel gas, own furnaces"), "fossil"),
        Link("steam", "lost", 2.4, _("Waste heat"), "rest"),
        Link("polymer", "sold", 15.4, _("High-density polyethylene"), "process"),
        Link("polymer", "lost", 0.8, _("Waste heat"), "rest"),
    ]
    return _chart("energy", _("Flows of the site by energy"), "PJ", links)


def carbon() -> SankeyChart:
    links = [
        Link("bought", "cracker", 867, _("Naphtha"), "purchased", "#naphtha"),
        Link("cracker", "polymer", 283, _("Ethylene"), "process"),
        Link("cracker", "sold", 514, _("Propylene and others"), "process"),
        Link("cracker", "steam", 70, _("Fuel gas, own furnaces"), "fossil"),
        Link("steam", "air", 70, _("Flue gas"), "fossil"),
        Link("polymer", "sold", 278, _("High-density polyethylene"), "process"),
        Link("polymer", "lost", 5, _("Off-gas"), "rest"),
    ]
    return _chart("carbon", _("Flows of the site by carbon"), "kt C", links)


def _chart(basis: str, title: str, unit: str, links: list[Link]) -> SankeyChart:
    frame: dict[str, Any] = {
        "boundary": _("Site"),
        "period": "2024",
        "origin": _("Inventory 2024, version 4"),
    }
    return SankeyChart(id=f"c-flows-{basis}", title=title, unit=unit, nodes=nodes(), links=links, **frame)
