"""Releases: the list, one with what differs from another, its files, and making one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from accounts.asked import AskedRequest
from accounts.exports import written_answer
from accounts.forms import press
from accounts.policy import can
from accounts.roles import Permission
from factors import queries, released
from factors.actions.release import Difference, difference, is_intact, release_factors
from factors.actions.release_file import is_long
from factors.models import FactorRelease, ReleaseFile
from factors.pages.showing import Shown, shown

CHECKED_AT_ONCE = 5000
"""Above so many versions the checksum is worked out again when somebody asks for it."""
SHOWN = 200
"""Of each list; REST has all."""


@login_required
def release_list(request: AskedRequest) -> HttpResponse:
    """All of them, the latest first."""
    context = {
        "trail": _trail(),
        "releases": queries.releases(request.actor),
        "may_release": bool(can(request.actor, Permission.PUBLISH_FACTOR)),
    }
    return render(request, "factors/release/list.html", context)


@login_required
def release(request: AskedRequest, name: str) -> HttpResponse:
    """One of them; ``?against=NAME`` says what differs, else against the one before."""
    found, others = _found(request, name)
    against = request.GET.get("against", "")
    earlier = [each for each in others if each.released_at < found.released_at]
    before = next((each for each in others if each.name == against), earlier[0] if earlier else None)
    if against and (before is None or before.name != against):
        raise Http404
    differs = difference(request.actor, before, found) if before else None
    context = {
        "trail": _trail(found.name),
        "release": found,
        "others": others,
        "before": before,
        "lists": _lists(request.actor, differs) if differs else (),
        "kinds": ReleaseFile.Kind.choices,
        "is_long": is_long(found),
        "is_intact": is_intact(found)
        if found.versions <= CHECKED_AT_ONCE or "check" in request.GET
        else None,
    }
    return render(request, "factors/release/release.html", context)


def _lists(actor: Actor, differs: Difference) -> list[tuple[str, int, list[tuple[Shown | None, Shown]]]]:
    """What came, what changed from what, what went: how many, and the first of them with their figures."""
    came, went = shown(actor, differs.added[:SHOWN]), shown(actor, differs.withdrawn[:SHOWN])
    before, after = (shown(actor, [pair[at] for pair in differs.changed[:SHOWN]]) for at in (0, 1))
    return [
        (_("Added"), len(differs.added), [(None, each) for each in came]),
        (_("Changed"), len(differs.changed), list(zip(before, after, strict=True))),
        (_("No longer in it"), len(differs.withdrawn), [(None, each) for each in went]),
    ]


@login_required
@require_POST
def make_release(request: AskedRequest) -> HttpResponse:
    """Freeze what is published."""
    given = request.POST
    name, note = given.get("name", ""), given.get("note", "")
    made = press(
        request, lambda: release_factors(by=request.actor, name=name, note=note), done=_("Released.")
    )
    return redirect("factors:release", made.name) if made else redirect("factors:release_list")


@login_required
def release_file(request: AskedRequest, name: str, kind: str) -> HttpResponseBase:
    """Its versions as a table, one line for each gas, or for openLCA; long ones are a worker's."""
    found, _others = _found(request, name)
    if is_long(found):
        words = _("This release is too long to be written while you wait. Ask for its file here.")
        messages.info(request, words)
        return redirect("factors:release", found.name)
    language = get_language() or "zh-hans"
    return written_answer(
        lambda file: released.write(file, kind, by=request.actor, release=found, language=language),
        released.filename(found, kind),
        released.TYPES[kind],
    )


def _found(request: AskedRequest, name: str) -> tuple[FactorRelease, list[FactorRelease]]:
    every = list(queries.releases(request.actor))
    found = next((each for each in every if each.name == name), None)
    if found is None:
        raise Http404
    return found, [each for each in every if each != found]


def _trail(here: str = "") -> list[tuple[str, str]]:
    start = [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list"))]
    if not here:
        return [*start, (_("Releases"), "")]
    return [*start, (_("Releases"), reverse("factors:release_list")), (here, "")]
