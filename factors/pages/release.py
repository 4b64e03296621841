"""Releases: the list, one with what differs from another, its files, and making one."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from accounts.asked import AskedRequest
from accounts.exports import ARCHIVE_TYPE, csv_answer, written_answer, xlsx_answer
from accounts.figures import name as name_of
from accounts.forms import press
from accounts.policy import can
from accounts.roles import Permission
from factors import openlca, queries
from factors.actions.release import difference, is_intact, release_factors
from factors.models import FactorRelease, FactorVersion
from factors.pages.factor_list import EXPORTED, lines

CHUNK = 2000
CHECKED_AT_ONCE = 5000
"""Above so many versions the checksum is worked out again when somebody asks for it."""
SHOWN = 200


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
        "differs": differs,
        "shown": SHOWN,
        "is_intact": is_intact(found)
        if found.versions <= CHECKED_AT_ONCE or "check" in request.GET
        else None,
    }
    return render(request, "factors/release/release.html", context)


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
def release_csv(request: AskedRequest, name: str) -> HttpResponseBase:
    """One line for each gas."""
    found, _others = _found(request, name)
    return csv_answer(f"factors-{found.name}.csv", EXPORTED, _lines(request.actor, found))


@login_required
def release_xlsx(request: AskedRequest, name: str) -> HttpResponseBase:
    """The same as a workbook."""
    found, _others = _found(request, name)
    return xlsx_answer(f"factors-{found.name}.xlsx", EXPORTED, _lines(request.actor, found))


@login_required
def release_openlca(request: AskedRequest, name: str) -> HttpResponseBase:
    """A package for openLCA, without what may not be passed on."""
    found, _others = _found(request, name)
    datasets = _datasets(request.actor, found)
    return written_answer(
        lambda file: openlca.write_package(datasets, file), f"factors-{found.name}.zip", ARCHIVE_TYPE
    )


def _lines(actor: Actor, found: FactorRelease) -> Iterator[list[str]]:
    for versions in _chunks(actor, found):
        yield from lines(actor, versions)


def _datasets(actor: Actor, found: FactorRelease) -> Iterator[openlca.Dataset]:
    language = get_language() or "zh-hans"
    for versions in _chunks(actor, found):
        free = [version for version in versions if version.source.may_be_passed_on]
        emissions = queries.emissions_of(actor, [version.pk for version in free])
        for version in free:
            yield openlca.Dataset(
                uuid=str(version.uuid),
                name=name_of(version.factor, language),
                unit=version.factor.unit,
                geography=version.geography,
                year=version.reference_year,
                boundary=str(version.get_boundary_display()),
                description=f"{version.source.title_en}; {version.source_locator}; {version.source.licence}",
                emissions=tuple(emissions[version.pk]),
            )


def _chunks(actor: Actor, found: FactorRelease) -> Iterator[list[FactorVersion]]:
    """Its versions, so many at a time."""
    rows, last = queries.all_versions(actor).filter(releases__release=found).order_by("pk"), 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


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
