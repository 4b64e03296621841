"""What may be compared and what was released: open to members, moved by steward and compliance reviewer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.asked import AskedRequest, gate
from accounts.errors import Text
from accounts.figures import co2e_unit
from accounts.forms import attempt, named, status_of
from accounts.moving_forms import MoveForm, asked_move, move_panel
from accounts.policy import can
from accounts.roles import Permission
from accounts.trails import Trail
from footprint.benchmark import actions, queries, words
from footprint.benchmark.models import Definition, Region, Release
from footprint.benchmark.procedure import DEFINITION, RELEASE
from footprint.calculation.pages.asking import or_404
from footprint.rules import queries as rules
from footprint.rules.models.profile import Boundary

NAMED = words.FIGURES | words.BESIDE
NEEDED = gettext_lazy("Needed to reject, retire or send back.")


class ProposeForm(forms.Form):
    """A comparison, and why it is needed."""

    category = forms.ChoiceField(label=gettext_lazy("Category"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    profile = forms.ChoiceField(label=gettext_lazy("Method profile"))
    boundary = forms.ChoiceField(
        label=gettext_lazy("Boundary"),
        required=False,
        choices=[("", gettext_lazy("As the method profile has it")), *Boundary.choices],
        help_text=gettext_lazy("Another one than the profile's is refused: methods are never mixed."),
    )
    technology = forms.CharField(
        label=gettext_lazy("Technology route"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As plants call it; empty: every route."),
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False, choices=Region.choices)
    purpose = forms.CharField(label=gettext_lazy("Purpose"), widget=forms.Textarea(attrs={"rows": 3}))
    necessity = forms.CharField(
        label=gettext_lazy("Necessity"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why less detail would not serve the purpose."),
    )

    def __init__(self, data: Any, categories: dict[str, Any], profiles: dict[str, Any]) -> None:
        super().__init__(data)
        for field, things in (("category", categories), ("profile", profiles)):
            chosen = self.fields[field]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [(key, words_of) for key, (words_of, _thing) in things.items()]


@login_required
@require_GET
def benchmark_list(request: AskedRequest) -> HttpResponse:
    """Every comparison, and the ledger."""
    actor = request.actor
    context = {
        "trail": [(_("Home"), "/"), (_("Benchmarks"), "")],
        "definitions": [(each, words.STATE_TONES.get(each.state, "")) for each in queries.definitions(actor)],
        "releases": _rows(queries.releases(actor)),
        "may_propose": bool(can(actor, Permission.PREPARE_BENCHMARK)),
    }
    return render(request, "benchmark/steering/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: AskedRequest) -> HttpResponse:
    """Propose a comparison."""
    gate(request.actor, Permission.PREPARE_BENCHMARK)
    categories = {each.code: (named(each), each) for each in rules.categories(request.actor)}
    versions = rules.versions_in_force(request.actor, timezone.localdate())
    profiles = {each.profile.code: (named(each.profile), each) for each in versions}
    form = ProposeForm(request.POST if request.method == "POST" else None, categories, profiles)
    if request.method == "POST" and form.is_valid():
        stated = dict(form.cleaned_data)
        stated["category"] = categories[stated["category"]][1]
        stated["profile_version"] = profiles[stated.pop("profile")][1]
        made = attempt(
            form, lambda: actions.propose_definition(by=request.actor, at=timezone.now(), **stated)
        )
        if made is not None:
            messages.success(request, _("Proposed. The compliance reviewer decides on it."))
            return redirect("benchmark:definition", made.uuid)
    context = {"trail": _trail(_("Propose a comparison")), "form": form}
    return render(request, "benchmark/steering/propose.html", context, status=status_of(form))


@login_required
@require_GET
def definition(request: AskedRequest, definition_uuid: UUID) -> HttpResponse:
    """One comparison."""
    found = or_404(queries.definition(request.actor, definition_uuid))
    return _definition_page(request, found, MoveForm(needed=NEEDED))


@login_required
@require_POST
def move_definition(request: AskedRequest, definition_uuid: UUID) -> HttpResponse:
    """Approve, reject or retire it."""
    found = or_404(queries.definition(request.actor, definition_uuid))
    form, asked = MoveForm(request.POST, needed=NEEDED), asked_move(request.POST)
    form.is_valid()
    act = attempt(form, lambda: actions.move_definition(found, by=request.actor, at=timezone.now(), **asked))
    if act is None:
        return _definition_page(request, or_404(queries.definition(request.actor, definition_uuid)), form)
    messages.success(request, str(words.DONE[asked["move"]]))
    return redirect("benchmark:definition", found.uuid)


@login_required
@require_POST
def prepare(request: AskedRequest, definition_uuid: UUID) -> HttpResponse:
    """Have a release of it prepared."""
    found = or_404(queries.definition(request.actor, definition_uuid))
    form = MoveForm(request.POST, needed=NEEDED)
    form.is_valid()
    asked = attempt(form, lambda: actions.ask_for_release(found, by=request.actor, at=timezone.now()))
    if asked is None:
        return _definition_page(request, found, form)
    messages.success(request, _("Asked for. The gates are passed within a minute; look again then."))
    return redirect("benchmark:release", asked.uuid)


@login_required
@require_GET
def release(request: AskedRequest, release_uuid: UUID) -> HttpResponse:
    """One release: the gates it passed, who signed, its place in the ledger."""
    found = or_404(queries.release(request.actor, release_uuid))
    return _release_page(request, found, MoveForm(needed=NEEDED))


@login_required
@require_POST
def move_release(request: AskedRequest, release_uuid: UUID) -> HttpResponse:
    """Sign it, release it, send it back or discard it."""
    found = or_404(queries.release(request.actor, release_uuid))
    form, asked = MoveForm(request.POST, needed=NEEDED), asked_move(request.POST)
    form.is_valid()
    act = attempt(form, lambda: actions.move_release(found, by=request.actor, at=timezone.now(), **asked))
    if act is None:
        return _release_page(request, or_404(queries.release(request.actor, release_uuid)), form)
    messages.success(request, str(words.DONE[asked["move"]]))
    return redirect("benchmark:release", found.uuid)


def _definition_page(request: AskedRequest, found: Definition, form: MoveForm) -> HttpResponse:
    own = queries.releases(request.actor).filter(definition=found)
    may_prepare = found.state == "approved" and bool(can(request.actor, Permission.PREPARE_BENCHMARK))
    context = {
        "trail": _trail(_name(found)),
        "definition": found,
        "name": _name(found),
        "facts": _facts(found),
        "tone": words.STATE_TONES.get(found.state, ""),
        "form": form,
        **move_panel(
            request.actor, DEFINITION, found, following=words.FOLLOWING_DEFINITION, words=words.MOVES
        ),
        "may_prepare": may_prepare,
        "releases": _rows(own),
    }
    return render(request, "benchmark/steering/definition.html", context, status=status_of(form))


def _release_page(request: AskedRequest, found: Release, form: MoveForm) -> HttpResponse:
    definition = found.definition
    told = queries.may_see_figures(request.actor, found)
    context = {
        "trail": _trail(f"{_name(definition)} {found.epoch}"),
        "release": found,
        "name": _name(definition),
        "unit": co2e_unit(definition.category.unit),
        "facts": _facts(definition),
        "tone": words.STATE_TONES.get(found.state, ""),
        "form": form,
        **move_panel(request.actor, RELEASE, found, following=words.FOLLOWING_RELEASE, words=words.MOVES),
        "figures": [
            (label, found.figure(name)) for name, label in words.FIGURES.items() if found.figure(name)
        ]
        if told
        else [],
        "parts": [
            (label, found.parts[name]) for name, label in words.PARTS_OF_MEDIAN.items() if name in found.parts
        ]
        if told
        else [],
        "moved": found.trend if told else {},
        "is_hidden": not told,
        "why_blocked": words.WHY_BLOCKED.get(found.blocked, ""),
        **(_merging(request, definition) if found.blocked in words.MERGING_HELPS else {}),
        "gates": [
            (words.GATES[each["gate"]], each["passed"], NAMED.get(each["on"], ""))
            for each in (found.outcomes if queries.is_office(request.actor) else found.gates_told)
        ],
    }
    return render(request, "benchmark/steering/release.html", context, status=status_of(form))


def _merging(request: AskedRequest, found: Definition) -> dict[str, Any]:
    beside = queries.beside(request.actor, found)
    return {"to_merge": words.what_to_merge(found), "beside": [(_name(each), each) for each in beside]}


def _name(found: Definition) -> str:
    return f"{words.comparison(found)} · {found.year}"


def _rows(releases: QuerySet[Release]) -> list[tuple[Release, str, str]]:
    return [(each, words.STATE_TONES.get(each.state, ""), _name(each.definition)) for each in releases]


def _facts(found: Definition) -> list[tuple[Text, Any]]:
    version = found.profile_version
    return [
        (_("Category"), named(found.category)),
        (_("Technology route"), found.technology or _("every route")),
        (_("Region"), found.get_region_display()),
        (_("Boundary"), found.get_boundary_display()),
        (_("Method profile"), f"{named(version.profile)} ({version.number})"),
        (_("Year"), found.year),
        (_("Purpose"), found.purpose),
        (_("Necessity"), found.necessity),
        (_("Proposed by"), str(found.proposed_by or "—")),
        (_("Decided by"), str(found.decided_by or "—")),
        *([(_("Reason"), found.reason)] if found.reason else []),
    ]


def _trail(last: str) -> Trail:
    return [(_("Home"), "/"), (_("Benchmarks"), "/benchmarks/"), (last, "")]
