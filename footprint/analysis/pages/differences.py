"""In words, why a figure under one method profile is not the one under another."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from footprint.analysis.models import ProfileFigure
from footprint.inventory.models import UnitProcess
from footprint.rules.models import MethodProfileVersion

KINDS = {
    "direct": gettext_lazy("own emissions"),
    "electricity": gettext_lazy("electricity"),
    "heat": gettext_lazy("steam and heat"),
    "precursor": gettext_lazy("precursors"),
    "material": gettext_lazy("materials"),
    "fuel_supply": gettext_lazy("supply of fuels"),
    "packaging": gettext_lazy("packaging"),
    "inbound": gettext_lazy("transport to the plant"),
    "outbound": gettext_lazy("transport to customers"),
    "waste": gettext_lazy("waste treatment"),
    "capital": gettext_lazy("plant and machinery"),
    "capture": gettext_lazy("credit for stored carbon dioxide"),
    "utilisation": gettext_lazy("credit for used carbon dioxide"),
    "offset": gettext_lazy("credits from outside the product system"),
}
METHODS = {
    **dict(UnitProcess.Allocation.choices),
    "volume": gettext_lazy("By volume"),
    "single": gettext_lazy("Single product"),
    "subdivision": gettext_lazy("Subdivision of the process"),
    "substitution": gettext_lazy("Substitution"),
    "other": gettext_lazy("Another method, to be explained"),
}
"""Bases, and what a tree can end in."""


def method_name(method: str) -> str:
    """An allocation method in words."""
    return str(METHODS.get(method, method))


def differences(each: ProfileFigure, here: ProfileFigure) -> list[str]:
    """What the profile does otherwise, a sentence for each cause; what it leaves out comes last."""
    theirs, ours = each.profile_version, here.profile_version
    found = []
    if (theirs.gwp_set, theirs.gwp_horizon) != (ours.gwp_set, ours.gwp_horizon):
        words = _("GWP values: %(theirs)s instead of %(ours)s")
        found.append(words % {"theirs": _gwp(theirs), "ours": _gwp(ours)})
    if theirs.boundary != ours.boundary:
        found.append(_("Boundary: %(theirs)s") % {"theirs": theirs.get_boundary_display()})
    if each.method and here.method and each.method != here.method:
        words = _("Allocation of the process: %(theirs)s instead of %(ours)s")
        methods = {"theirs": method_name(each.method), "ours": method_name(here.method)}
        found.append(words % methods)
    if theirs.cut_off != ours.cut_off:
        found.append(_("Cut-off: %(theirs)s") % {"theirs": theirs.get_cut_off_display()})
    if theirs.biogenic != ours.biogenic and _moves_with_uptake(each):
        found.append(_("Biogenic carbon: %(theirs)s") % {"theirs": theirs.get_biogenic_display()})
    return [*found, *left_out(each)]


def left_out(each: ProfileFigure) -> list[str]:
    """What the profile does not count at the process itself, with how much that is."""
    words = _("Left out: %(what)s, %(kg)s kg CO2e")
    return [
        words % {"what": KINDS.get(row["what"], row["what"]), "kg": figures.significant(row["kg_co2e"], 3)}
        for row in each.left_out
    ]


def _gwp(version: MethodProfileVersion) -> str:
    return _("%(set)s, %(years)d years") % {"set": version.gwp_set, "years": version.gwp_horizon}


def _moves_with_uptake(each: ProfileFigure) -> bool:
    return each.including_uptake != each.excluding_uptake
