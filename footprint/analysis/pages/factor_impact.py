"""What a version of a factor would move here, and how far in the alliance; taking it over or not yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import queries as people
from accounts.asked import AskedRequest
from accounts.charts import Step, WaterfallChart
from accounts.errors import Text
from accounts.forms import languages, named, press
from accounts.roles import Permission
from accounts.shown_tables import rows_shown
from factors import queries as factor_queries
from factors import units
from factors.comparability import Obstacle
from factors.content import Emission, VersionContent
from factors.models import Factor, FactorProposal, FactorVersion
from factors.origins import CO2E
from factors.pages.compare import OBSTACLES
from factors.pages.showing import weighing
from footprint.analysis import queries
from footprint.analysis.actions.decide_adoption import decide_adoption
from footprint.analysis.actions.foresee import ask_for_impact, emissions_of, unit_of
from footprint.analysis.impact import Change, Moved, causes, change_between, own_impact
from footprint.analysis.models import AdoptionDecision
from footprint.calculation import ledger

SHOWN = 200


@login_required
def impact(request: AskedRequest, factor_uuid: UUID) -> HttpResponse:
    """``?old=2&new=3`` two versions, ``?old=2&proposal=UUID`` what is proposed, ``?old=2`` a withdrawal."""
    factor, old, new, proposal = _asked(request, factor_uuid)
    actor, unit = request.actor, unit_of(old, new, proposal)
    if not units.same_dimension(old.factor.unit, unit):
        raise Http404
    emitted, proposed = emissions_of(actor, old, None), list(emissions_of(actor, new, proposal))
    change = change_between(actor, old, proposed, unit)
    moved = own_impact(actor, old, change)
    context = {
        "trail": _trail(factor),
        "factor": factor,
        "title": named(factor),
        "old": old,
        "new": new,
        "proposal": proposal,
        "old_unit": _unit(old.scope, old),
        "new_unit": _unit(_scope(old, new, proposal), old),
        "old_weighing": _weighing(old, emitted),
        "new_weighing": _weighing(new or (proposal.stated if proposal else old), proposed),
        "mixed": _mixed(old, new, proposal),
        "before": change.before[-1],
        "after": change.after[-1],
        "moved": moved[: rows_shown(request, SHOWN)],
        "count": len(moved),
        "chart": _waterfall(request, old, change, moved),
        "asked": queries.latest_impact(actor, old, new, proposal),
        "decisions": queries.adoption_decisions(actor, old)[:20],
        "adopters": people.companies(actor).filter(pk__in=actor.companies_with(Permission.ADOPT_FACTOR)),
    }
    return render(request, "analysis/impact/impact.html", context)


@login_required
@require_POST
def ask_impact(request: AskedRequest, factor_uuid: UUID) -> HttpResponse:
    """Have the worker count how far it reaches."""
    factor, old, new, proposal = _asked(request, factor_uuid)
    press(
        request,
        lambda: ask_for_impact(old, by=request.actor, new=new, proposal=proposal),
        done=_("It is being counted. Open this page again in a moment."),
    )
    return redirect(_address(request, factor))


@login_required
@require_POST
def adopt(request: AskedRequest, factor_uuid: UUID) -> HttpResponse:
    """A company's decision."""
    factor, old, new, _proposal = _asked(request, factor_uuid)
    company = people.companies(request.actor).filter(uuid=_uuid(request.POST.get("company", ""))).first()
    if new is None or company is None or not request.actor.roles_in(company.pk):
        raise Http404
    choice, reason = (request.POST.get(name, "") for name in ("choice", "reason"))
    made = press(
        request,
        lambda: decide_adoption(old, new, by=request.actor, company=company, choice=choice, reason=reason),
        done=_decided,
    )
    if made is not None and made.choice == AdoptionDecision.Choice.ACCEPTED:
        ledger.wake()
    return redirect(_address(request, factor))


def _decided(made: AdoptionDecision) -> str:
    if made.choice == AdoptionDecision.Choice.ACCEPTED:
        words = ngettext(
            "%(lines)d line uses the new version now.", "%(lines)d lines use the new version now.", made.lines
        )
        return words % {"lines": made.lines}
    return _("Postponed, with your reason.")


def _scope(old: FactorVersion, new: FactorVersion | None, proposal: FactorProposal | None) -> str:
    if new is not None:
        return new.scope
    return proposal.stated.scope if proposal is not None else old.scope


def _unit(scope: str, old: FactorVersion) -> str:
    """What a figure counts is said beside it: kg CO2 is not kg CO2e."""
    gas = "CO2" if scope == FactorVersion.Scope.CO2 else "CO2e"
    return f"kg {gas} / {units.display(old.factor.unit)}"


def _weighing(of: FactorVersion | VersionContent, emissions: Iterable[Emission]) -> str:
    return weighing(of, is_total=any(each.gas == CO2E for each in emissions))


def _mixed(old: FactorVersion, new: FactorVersion | None, proposal: FactorProposal | None) -> list[Text]:
    """Why the two are no versions of one thing: other gases counted, or another part of the life cycle."""
    other = new or (proposal.stated if proposal is not None else None)
    if other is None:
        return []
    found = [Obstacle.SCOPE] if other.scope != old.scope else []
    found += [Obstacle.BOUNDARY] if other.boundary != old.boundary else []
    return [OBSTACLES[each] for each in found]


def _waterfall(
    request: AskedRequest, old: FactorVersion, change: Change, moved: list[Moved]
) -> WaterfallChart | None:
    """The product asked for, or the one that moves most, from before to after by the processes that do it."""
    asked = request.GET.get("product", "")
    found = next((each for each in moved if each.node.uuid == asked), moved[0] if moved else None)
    if found is None:
        return None
    process, product = found.node.key
    steps = causes(request.actor, old, change, (process, product))
    language = languages()
    return WaterfallChart(
        id="waterfall",
        title=_("Why %(product)s moves") % {"product": found.node.label(language)},
        unit=f"kg CO2e / {units.display(found.node.unit)}",
        start=found.before[-1],
        start_label=_("Now"),
        end=found.after[-1],
        end_label=_("With the new version"),
        steps=[Step(step.node.label(language), step.change[-1]) for step in steps],
        notes=[_("AR6, 100 years. Own lines alone; what suppliers adopt comes on top.")],
    )


def _asked(
    request: AskedRequest, factor_uuid: UUID
) -> tuple[Factor, FactorVersion, FactorVersion | None, FactorProposal | None]:
    factor = factor_queries.factors(request.actor).filter(uuid=factor_uuid).first()
    if factor is None:
        raise Http404
    versions = {str(version.number): version for version in factor_queries.versions(request.actor, factor)}
    old = versions.get(request.GET.get("old", ""))
    new = versions.get(request.GET.get("new", ""))
    proposal = None
    if given := request.GET.get("proposal", ""):
        proposal = factor_queries.proposal(request.actor, _uuid(given))
    unknown = (request.GET.get("new") and new is None) or (given and proposal is None)
    if old is None or unknown or (new is not None and proposal is not None):
        raise Http404
    return factor, old, new, proposal


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise Http404 from error


def _address(request: AskedRequest, factor: Factor) -> str:
    return f"{reverse('analysis:factor_impact', args=[factor.uuid])}?{request.GET.urlencode()}"


def _trail(factor: Factor) -> list[tuple[str, str]]:
    return [
        (_("Home"), "/"),
        (_("Factors"), reverse("factors:factor_list")),
        (named(factor), reverse("factors:factor", args=[factor.uuid])),
        (_("Impact"), ""),
    ]
