"""Footprints side by side: refused with every reason, or under a common method profile on one axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.charts import Part, Stack, StackChart
from factors import units
from footprint.inventory.models import UnitProcess
from footprint.publication.pages.showing import profile_names
from footprint.sharing.comparing import Side, common_profiles, differences, per_unit
from footprint.sharing.sides import choices, sides
from footprint.sharing.words import DIFFERENCES, boundary


class CompareForm(forms.Form):
    """Which footprints."""

    needed = ()

    side = forms.MultipleChoiceField(
        label=gettext_lazy("Footprints to compare"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, offered: list[tuple[str, str]]) -> None:
        super().__init__(data)
        chosen = self.fields["side"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = offered


@login_required
@require_GET
def compare(request: AskedRequest) -> HttpResponse:
    """``?side=…&side=…``, under ``&profile=…`` when one is chosen."""
    found = sides(request.actor, request.GET.getlist("side"))
    common = common_profiles(found) if len(found) > 1 else []
    profile = request.GET.get("profile", "")
    profile = profile if profile in common else ""
    reasons = differences(found, profile) if len(found) > 1 else []
    is_drawn = len(found) > 1 and not reasons
    names = profile_names()
    context = {
        "trail": [(_("Sharing"), reverse("sharing:list")), (_("Compare footprints"), "")],
        "form": CompareForm(request.GET, choices(request.actor)),
        "is_enough": len(found) > 1,
        "profile": profile,
        "profiles": [(each, _called(each, names), _address(found, each)) for each in common],
        "reasons": [f"{DIFFERENCES[each.code]} {each.told}".strip() for each in reasons],
        "rows": [
            _row(side, per_unit(side, found[0].stated.unit, profile) if is_drawn else None, names)
            for side in found
        ],
        "unit": found[0].stated.unit if found else "",
        "chart": _chart(found, profile, names) if is_drawn else None,
    }
    return render(request, "sharing/compare.html", context)


@dataclass(frozen=True)
class Row:
    """One of them, its figure where they share an axis, and its method in words."""

    side: Side
    figure: Decimal | None
    standards: list[str]
    allocation: str
    boundary: str


def _row(side: Side, figure: Decimal | None, names: Mapping[str, str]) -> Row:
    stated = side.stated
    method = stated.allocation
    known = method in UnitProcess.Allocation.values
    return Row(
        side,
        figure,
        [names.get(each, each) for each in stated.standards],
        str(UnitProcess.Allocation(method).label) if known else method,
        boundary(stated.boundary),
    )


def _called(version: str, names: Mapping[str, str]) -> str:
    """A profile's version by the profile's name."""
    code, _v, number = version.rpartition(" v")
    return f"{names.get(code, code)} v{number}"


def _address(found: Sequence[Side], profile: str) -> str:
    return f"?{urlencode([*(('side', side.key) for side in found), ('profile', profile)])}"


def _chart(found: Sequence[Side], profile: str, names: Mapping[str, str]) -> StackChart:
    unit = found[0].stated.unit
    stacks = []
    for side in found:
        figure = float(per_unit(side, unit, profile) or 0)
        stacks.append(Stack(side.label, figure, [Part(side.label, figure, "rest")], side.href))
    told = {"profile": _called(profile, names)}
    notes = [_("Under the method profile %(profile)s.") % told] if profile else []
    return StackChart(
        id="compared",
        title=_("Side by side"),
        unit=f"kg CO2e / {units.display(unit)}",
        boundary=_("Cradle to gate"),
        stacks=stacks,
        notes=notes,
    )
