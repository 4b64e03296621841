"""Two reports on paper: the alliance's of a year, and a member's own. Released values only, and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.figures import co2e_unit, quantity, signed, signed_percent, significant
from accounts.forms import named
from accounts.models import Company
from footprint.benchmark import paths, queries, words
from footprint.benchmark.models import Release
from footprint.benchmark.queries import Average, Standing, TrendYear
from footprint.publication.typesetting import LANGUAGES, typeset

TEMPLATE = Path(__file__).with_name("report.typ")
DIGITS = 2
Sections = list[dict[str, Any]]


@dataclass(frozen=True)
class File:
    """A PDF and what it is called."""

    content: bytes
    name: str


def alliance_report(actor: Actor, *, year: int, language: str, on: date) -> File:
    """What every member may know of a year: counts, released averages, the ledger.

    The latest count stands for the alliance as it is; averages and releases are those of the year's figures.
    """
    with translation.override(LANGUAGES[language]):
        sheet = {
            **_frame(language, on),
            "kind": _("Report of the alliance"),
            "title": _("Product carbon footprints %(year)d") % {"year": year},
            "author": _("Alliance"),
            "notice": _notice(Company.objects.filter(kind=Company.Kind.MEMBER)),
            "basis": _("From counts and released values alone: nobody's figure is in it."),
            "sections": [*_counted(actor), _averages(actor, year), _ledger(actor, year)],
        }
    return File(typeset(TEMPLATE, sheet, on), f"alliance-{year}-{language}.pdf")


def member_report(actor: Actor, *, language: str, on: date) -> File:
    """Where the actor's companies stand, comparison by comparison."""
    companies = Company.objects.filter(pk__in=actor.company_ids).order_by("code")
    with translation.override(LANGUAGES[language]):
        found = queries.standings(actor)
        shown = [each for each in found if each.is_open]
        sections = [section for each in shown for section in _compared(actor, found, each)]
        nothing = _section(_("Comparisons"), _("No released comparison has a figure of yours in it."))
        sheet = {
            **_frame(language, on),
            "kind": _("Confidential: for this company alone"),
            "title": _("Where we stand"),
            "author": ", ".join(named(each) for each in companies),
            "notice": _notice(companies),
            "basis": _("Own figures as they were frozen, against released values."),
            "sections": sections or [nothing],
        }
    return File(typeset(TEMPLATE, sheet, on), f"comparisons-{language}.pdf")


def _frame(language: str, on: date) -> dict[str, Any]:
    made = _("Made on %(day)s") % {"day": on.isoformat()}
    return {"lang": language, "created": [on.year, on.month, on.day], "footer": made}


def _notice(companies: QuerySet[Company]) -> str:
    """Paper leaves the platform, and with it the line on every page that says what is invented."""
    told = companies.filter(is_demonstration=True).exists()
    return _("Demonstration data: fictional companies, plausible figures.") if told else ""


def _section(
    title: str, said: str = "", head: Sequence[str] = (), rows: Sequence[Sequence[str]] = ()
) -> dict[str, Any]:
    return {"title": str(title), "words": said, "head": list(head), "rows": [list(row) for row in rows]}


def _counted(actor: Actor) -> Sections:
    latest = queries.overview(actor)
    if latest is None:
        return [_section(_("In numbers"), _("Not counted yet"))]
    content = latest.content
    accepted = content["accepted"]
    rows = [
        (_("Member companies"), quantity(content["members"])),
        (_("Company groups"), quantity(content["groups"])),
        (_("Product category rules in force"), _of_goal(content["rules_published"])),
        (_("Factors"), quantity(content["factors"])),
    ]
    rows += [
        (str(label), significant(content[name], DIGITS))
        for name, label in words.MEDIANS.items()
        if content.get(name) is not None
    ]
    counted = _("Counted %(when)s.") % {"when": timezone.localdate(latest.counted_at).isoformat()}
    inventories = [(year, quantity(number)) for year, number in sorted(accepted.items())]
    return [
        _section(_("In numbers"), counted, (_("What is counted"), _("Number")), rows),
        _section(_("Accepted inventories"), "", (_("Year"), _("Number")), inventories),
    ]


def _of_goal(published: int) -> str:
    said = _("%(published)d of %(goal)d wanted by %(year)d")
    return said % {"published": published, "goal": words.GOAL, "year": words.GOAL_YEAR}


def _averages(actor: Actor, year: int) -> dict[str, Any]:
    found = [each for each in queries.released_averages(actor) if each.year == year]
    said = _("By volume, where nobody has too large a share; rounded as they were released.")
    if not found:
        said = _("No average of this year passed the gates.")
    head = (_("Category"), _("Groups"), _("Mean by volume"), _("Unit"))
    return _section(_("Averages of the alliance"), said, head, [_average(each) for each in found])


def _average(each: Average) -> Sequence[str]:
    return words.comparison(each), each.groups, str(each.kg_co2e), co2e_unit(each.unit)


def _ledger(actor: Actor, year: int) -> dict[str, Any]:
    released = queries.releases(actor).filter(definition__year=year, state=Release.State.RELEASED)
    rows = [
        (words.comparison(each.definition), each.epoch, str(each.number), each.content_hash[:16])
        for each in released.order_by("number")
    ]
    said = "" if rows else _("Nothing was released yet.")
    head = (_("Comparison"), _("Epoch"), _("No."), _("Content hash"))
    return _section(_("Ledger of releases"), said, head, rows)


def _compared(actor: Actor, found: list[Standing], of: Standing) -> Sections:
    years = queries.trend(found, of)
    if years[-1].standing is not of:
        return []  # it is a row of the latest year's trend
    definition, position = of.definition, of.position
    unit = co2e_unit(definition.category.unit)
    figures = [(_("Own figure"), significant(of.own)), *_released(of)]
    where = str(words.STANDINGS[position]) if position else ""
    title = f"{words.comparison(definition)} · {definition.year}"
    sections = [_section(title, where, (_("Figure"), unit), figures)]
    apart = queries.taken_apart(years)
    if apart and (gap := apart.gap):
        causes = [(str(words.CAUSES[cause]), signed(kg)) for cause, kg in gap.causes.items()]
        causes.append((_("Own figure less median"), signed(gap.total)))
        why = f"{_('Why the own figure is not the median')} · {apart.definition.year}"
        sections.append(_section(why, "", (_("Cause"), unit), causes))
    if len(years) > 1:
        head = (_("Year"), _("Own figure"), _("Median"), _("Change of the same groups"))
        sections.append(_section(_("Over the years"), "", head, [_year(each) for each in years]))
    return [*sections, *_targets(actor, of, years)]


def _released(of: Standing) -> list[tuple[str, str]]:
    known = [(str(label), of.figure(name)) for name, label in words.FIGURES.items()]
    return [(label, significant(figure, DIGITS)) for label, figure in known if figure is not None]


def _year(each: TrendYear) -> Sequence[str]:
    standing = each.standing
    median = significant(standing.median, DIGITS)
    return str(each.year), significant(standing.own), median, signed_percent(each.change)


def _targets(actor: Actor, of: Standing, years: list[TrendYear]) -> Sections:
    own = list(queries.own_products(actor, of.definition.category))
    rows = [
        (
            named(path.product),
            f"−{path.target.less} % · {path.target.base_year}–{path.target.target_year}",
            signed_percent(path.ahead),
        )
        for path in paths.paths(actor, own, years)
        if path.target
    ]
    head = (_("Product"), _("Target"), _("From the path"))
    return [_section(_("Own target"), "", head, rows)] if rows else []
