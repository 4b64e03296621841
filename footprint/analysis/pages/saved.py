"""Scenarios under a name: the list, up to four side by side, saving, renaming, deleting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest
from accounts.charts import Line, SlopeChart
from accounts.errors import Refusal, Refusals, Text
from accounts.forms import attempt, languages, named, say_refused
from accounts.policy import can
from accounts.roles import Permission
from footprint.analysis import queries
from footprint.analysis.actions import change_scenario, delete_scenario, save_scenario
from footprint.analysis.levers import read
from footprint.analysis.models import Scenario
from footprint.analysis.pages import asking
from footprint.analysis.pages.scenario import ground
from footprint.analysis.pages.subject import frame, subject
from footprint.analysis.solved import Solved
from footprint.analysis.what_if import Answer, what_if
from footprint.calculation.pages.showing import Asked

COMPARED = 4
OTHERS_SHOWN = 7


class NameForm(forms.Form):
    """What a scenario is called."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=400)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Compared:
    """A scenario with its figure, or why it has none."""

    scenario: Scenario
    answer: Answer | None
    reason: Text
    before: float
    after: float | None

    @property
    def change(self) -> float | None:
        return None if self.after is None else self.after - self.before

    @property
    def share(self) -> float | None:
        return None if self.change is None or not self.before else self.change / abs(self.before)


@login_required
def scenarios(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The list, and those that were chosen side by side."""
    shown = subject(request, product_uuid)
    saved = list(queries.scenarios(request.actor, shown.product))
    chosen = request.GET.getlist("with")[:COMPARED]
    base = ground(request, shown)
    asked = [each for each in saved if str(each.uuid) in chosen]
    compared = [_compared(request, shown, base, each) for each in asked] if base else []
    context = {
        **frame(shown, _("Saved scenarios")),
        "view": "scenario",
        "saved": saved,
        "chosen": chosen,
        "compared": compared,
        "most": COMPARED,
        "chart": _chart(shown, base, compared) if base and compared else None,
        "may_save": bool(can(request.actor, Permission.EDIT_PRODUCT, company_id=shown.product.company_id)),
    }
    return render(request, "analysis/scenario/saved.html", context)


@login_required
@require_POST
def save(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """Keep the levers of the studio under a name."""
    shown = subject(request, product_uuid)
    form = NameForm(request.POST)
    form.is_valid()
    try:
        levers = json.loads(request.POST.get("levers", "[]"))
    except ValueError:
        levers = None
    done = attempt(
        form,
        lambda: save_scenario(
            shown.product,
            by=request.actor,
            name=form.cleaned_data.get("name", ""),
            year=shown.figure.year if shown.figure else 0,
            levers=levers,
        ),
    )
    if done is None:
        say_refused(request, form)
        link = _link(shown, levers if isinstance(levers, list) else [])
        return redirect(f"{reverse('analysis:scenario', args=[product_uuid])}?{link}")
    messages.success(request, _("The scenario “%(name)s” was saved.") % {"name": done.name})
    return redirect("analysis:open_scenario", done.uuid)


@login_required
def open_scenario(request: AskedRequest, scenario_uuid: UUID) -> HttpResponse:
    """The studio with a scenario's levers."""
    found = _found(request, scenario_uuid)
    rows = asking.written(found.levers)
    link = asking.address(rows, gwp=request.GET.get("gwp", ""), year=str(found.year))
    return redirect(f"{reverse('analysis:scenario', args=[found.product.uuid])}?{link}")


@login_required
@require_POST
def rename(request: AskedRequest, scenario_uuid: UUID) -> HttpResponse:
    """Another name."""
    found = _found(request, scenario_uuid)
    form = NameForm(request.POST)
    form.is_valid()
    name, version = form.cleaned_data.get("name", ""), form.cleaned_data.get("version")
    if attempt(form, lambda: change_scenario(found, by=request.actor, version=version, name=name)) is None:
        say_refused(request, form)
    else:
        messages.success(request, _("Saved."))
    return redirect("analysis:scenarios", found.product.uuid)


@login_required
@require_POST
def delete(request: AskedRequest, scenario_uuid: UUID) -> HttpResponse:
    """Forget a scenario."""
    found = _found(request, scenario_uuid)
    form = NameForm(request.POST)
    form.is_valid()

    def act() -> bool:
        delete_scenario(found, by=request.actor, version=form.cleaned_data.get("version"))
        return True

    if attempt(form, act) is None:
        say_refused(request, form)
    else:
        messages.success(request, _("The scenario “%(name)s” was deleted.") % {"name": found.name})
    return redirect("analysis:scenarios", found.product.uuid)


def _found(request: AskedRequest, uuid: UUID) -> Scenario:
    found = queries.scenario(request.actor, uuid)
    if found is None:
        raise Http404
    return found


def _link(shown: Asked, levers: Sequence[Any]) -> str:
    rows = asking.written([each for each in levers if isinstance(each, dict) and "exchange" in each])
    return asking.address(rows, gwp=shown.gwp, year=str(shown.year or ""))


def _compared(request: AskedRequest, shown: Asked, base: Solved | None, saved: Scenario) -> Compared:
    assert base is not None
    at = base.place(shown.gwp)
    try:
        answer = what_if(request.actor, base, read(saved.levers), gwp=shown.gwp)
    except (Refusal, Refusals) as refused:
        return Compared(saved, None, str(refused), base.figure[at], None)
    return Compared(saved, answer, "", answer.before[at], answer.after[at])


def _chart(shown: Asked, base: Solved, compared: Sequence[Compared]) -> SlopeChart:
    """The product, and the others that move most, now and under each scenario that has figures."""
    at = base.place(shown.gwp)
    told = [(each, each.answer) for each in compared if each.answer is not None]
    figures = [base.figure[at], *(answer.after[at] for _each, answer in told)]
    return SlopeChart(
        id="scenarios",
        title=_("%(product)s under the scenarios") % {"product": named(shown.product)},
        unit=shown.unit,
        boundary=_("Cradle to gate"),
        period=str(shown.figure.year) if shown.figure else "",
        origin=_("%(gwp)s, 100 years") % {"gwp": shown.gwp},
        profiles=[_("Now"), *(each.scenario.name for each, _answer in told)],
        lines=[Line(named(shown.product), figures), *_others(shown, told, at)],
    )


def _others(shown: Asked, told: Sequence[tuple[Compared, Answer]], at: int) -> list[Line]:
    """Other products counted in the same unit that move under any of the scenarios."""
    moved = {
        each.node.key: each
        for _each, answer in told
        for each in answer.moved
        if each.node.uuid != str(shown.product.uuid) and each.node.unit == shown.product.unit
    }
    widest = sorted(moved.values(), key=lambda each: -abs(each.change(at)))[:OTHERS_SHOWN]
    lines = []
    for first in widest:
        values = [first.before[at]]
        for _each, answer in told:
            under = next((each for each in answer.moved if each.node.key == first.node.key), None)
            values.append(under.after[at] if under else first.before[at])
        lines.append(Line(first.node.label(languages()), values))
    return lines
