"""What would move a figure: the inputs that weigh most, and the studio in which lines are otherwise."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.charts import Swing, TornadoChart
from accounts.errors import Refusal, Refusals, Text
from accounts.figures import signed_percent, significant, unit_text
from accounts.forms import languages, named
from accounts.policy import can
from accounts.roles import Permission
from footprint.analysis import practices, queries
from footprint.analysis.levers import MOST
from footprint.analysis.pages import asking
from footprint.analysis.pages.asking import Typed
from footprint.analysis.pages.sheets import sheet
from footprint.analysis.pages.subject import frame, subject
from footprint.analysis.provider_swaps import ProviderSwap
from footprint.analysis.solved import Solved, solved
from footprint.analysis.swings import Input, Swings, swings
from footprint.analysis.what_if import Answer, Moved, what_if
from footprint.calculation.own_network import GWP_SETS
from footprint.calculation.pages import provider
from footprint.calculation.pages.showing import GWP_SETS as GWP_TABS
from footprint.calculation.pages.showing import Asked
from footprint.engine.part import upstream
from footprint.inventory.beside import Stored
from footprint.inventory.lines import line_name
from footprint.inventory.models import Exchange
from footprint.inventory.providers import referenced, takes_a_provider
from footprint.inventory.queries import lines as stored_lines

MOVED_SHOWN = 50
HEADS = ("product_code", "process", "year", "unit", "gwp", "kg_co2e_now", "kg_co2e_scenario", "change")


@dataclass(frozen=True)
class Row:
    """A lever in the studio: its line, what was typed, and what could provide it."""

    typed: Typed
    line: Exchange
    present: str
    chosen: provider.Choice | None
    groups: list[provider.Group]


@dataclass(frozen=True)
class Shift:
    """A product whose figure moves, worded for a table."""

    label: str
    site: str
    year: int | None
    href: str
    unit: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def share(self) -> str:
        return signed_percent(self.change / abs(self.before)) if self.before else ""


@dataclass(frozen=True)
class Outcome:
    """What the studio answers: the figures, or why there are none."""

    answer: Answer | None
    refusals: list[Text]
    figure: Shift | None = None
    moved: list[Shift] | None = None
    count: int = 0


@login_required
def scenario(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The page; under htmx only what the levers do."""
    shown = subject(request, product_uuid)
    rows = asking.typed(request.GET)
    link = _link(shown, rows)
    if {"add", "remove"} & set(request.GET):
        return redirect(f"{request.path}{link}#studio")
    base = ground(request, shown)
    outcome = evaluated(request, shown, base, rows)
    context = _result(request, shown, rows, outcome)
    if request.headers.get("HX-Target") == "outcome":
        response = render(request, "analysis/scenario/_outcome.html", context)
        response["HX-Replace-Url"] = link
        return response
    tabs = [
        {"label": name, "url": _link(shown, rows, name), "is_current": name == shown.gwp} for name in GWP_TABS
    ]
    context |= frame(shown, _("What would move it")) | {
        "tabs": tabs,
        "view": "scenario",
        "base": base,
        "tornado": tornado(request, shown, base) if base else None,
        "rows": _rows(request, rows),
        "found": _found(request, base, request.GET.get("q", "")) if base else [],
        "q": request.GET.get("q", ""),
        "saved": queries.scenarios(request.actor, shown.product),
        "fitting": practices.fitting(request.actor, processes_behind(base)) if base else [],
        "most": MOST,
    }
    return render(request, "analysis/scenario/scenario.html", context)


@login_required
def lines(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The lines behind the figure that match what was typed: a fragment."""
    shown = subject(request, product_uuid)
    base = ground(request, shown)
    found = _found(request, base, request.GET.get("q", "")) if base else []
    context = {"found": found, "product": shown.product, "picked": request.GET.getlist("line")}
    return render(request, "analysis/scenario/_lines.html", context)


@login_required
def providers(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """What could provide one line, by what was typed: the choices of one select."""
    subject(request, product_uuid)
    rows = _rows(request, [Typed(request.GET.get("of", ""), provider=request.GET.get("chosen", ""))])
    context = {"row": rows[0] if rows else None}
    return render(request, "analysis/scenario/_choices.html", context)


@login_required
def export(request: AskedRequest, product_uuid: UUID) -> HttpResponseBase:
    """Every figure that moves, as CSV."""
    shown = subject(request, product_uuid)
    outcome = evaluated(request, shown, ground(request, shown), asking.typed(request.GET))
    return sheet(request, "scenario", HEADS, _sheet_rows(shown, outcome.answer) if outcome.answer else [])


def _sheet_rows(shown: Asked, answer: Answer) -> list[list[Any]]:
    at, product = GWP_SETS.index(shown.gwp), shown.product
    year = shown.figure.year if shown.figure else ""
    told: list[tuple[Any, ...]] = [(product.code, "", year, product.unit, answer.before, answer.after)]
    for each in answer.moved:
        node = each.node
        if node.uuid != str(product.uuid):
            told.append((node.code, node.maker_en, node.year, node.unit, each.before, each.after))
    return [
        [code, maker, year, unit, shown.gwp, before[at], after[at], after[at] - before[at]]
        for code, maker, year, unit, before, after in told
    ]


def ground(request: AskedRequest, shown: Asked) -> Solved | None:
    """The network around the figure asked for, if it has one."""
    parts = shown.figure.footprints if shown.figure else ()
    return solved(request.actor, [(part.process_id, part.product_id) for part in parts])


def evaluated(request: AskedRequest, shown: Asked, base: Solved | None, rows: list[Typed]) -> Outcome:
    """The figures under what was typed; refusals are put beside the levers."""
    if base is None:
        return Outcome(None, [])
    try:
        answer = what_if(request.actor, base, asking.stated(rows), gwp=shown.gwp)
    except (Refusal, Refusals) as refused:
        return Outcome(None, asking.place(rows, refused))
    at = base.place(shown.gwp)
    figure = Shift(
        named(shown.product), "", shown.figure.year if shown.figure else None, "", shown.product.unit,
        answer.before[at], answer.after[at],
    )  # fmt: skip
    others = [each for each in answer.moved if each.node.uuid != str(shown.product.uuid)]
    moved = [_shift(each, at, shown.gwp) for each in others[:MOVED_SHOWN]]
    return Outcome(answer, [], figure, moved, len(others))


def _shift(each: Moved, at: int, gwp: str) -> Shift:
    node = each.node
    href = f"{reverse('inventory:product', args=[node.uuid])}?gwp={gwp}&year={node.year}" if node.uuid else ""
    site = node.site_zh if languages().startswith("zh") else node.site_en
    return Shift(node.label(languages()), site, node.year, href, node.unit, each.before[at], each.after[at])


def _link(shown: Asked, rows: list[Typed], gwp: str = "") -> str:
    return f"?{asking.address(rows, gwp=gwp or shown.gwp, year=str(shown.year or ''))}"


def _result(request: AskedRequest, shown: Asked, rows: list[Typed], outcome: Outcome) -> dict[str, Any]:
    link = _link(shown, rows)
    levers = [each.lever.record() for each in outcome.answer.pulled] if outcome.answer else []
    return {
        "shown": shown,
        "product": shown.product,
        "outcome": outcome,
        "typed": rows,
        "errors": [(at, row.errors) for at, row in enumerate(rows, start=1) if row.errors],
        "is_moved": any(row.amount or row.percent or row.provider for row in rows),
        "link": link,
        "levers": json.dumps(levers),
        "may_save": bool(can(request.actor, Permission.EDIT_PRODUCT, company_id=shown.product.company_id)),
        "export_url": f"{reverse('analysis:scenario_export', args=[shown.product.uuid])}{link}",
    }


def tornado(request: AskedRequest, shown: Asked, base: Solved) -> TornadoChart:
    """The ten inputs that move the figure most."""
    found = swings(request.actor, base, shown.gwp)
    return TornadoChart(
        id="tornado",
        title=_("What the footprint of %(product)s hangs on") % {"product": named(shown.product)},
        unit=shown.unit,
        boundary=_("Cradle to gate"),
        period=str(shown.figure.year) if shown.figure else "",
        origin=_("%(gwp)s, 100 years") % {"gwp": shown.gwp},
        base=found.figure,
        base_label=_("Now"),
        swings=[
            *(_swing(each, shown) for each in found.inputs),
            *(_swap(each, found.figure, shown) for each in found.providers),
        ],
        notes=_notes(found),
        nothing=_("No input moves this figure."),
    )


def _swing(each: Input, shown: Asked) -> Swing:
    spread = each.range
    if each.line is not None:
        unit = unit_text(each.line.unit)
        amount = float(each.line.amount)
        low, high = (f"{significant(amount * by)} {unit}" for by in (spread.low, spread.high))
        href = f"{_link(shown, [Typed(str(each.line.uuid))])}#studio"
    else:
        assert each.leaf is not None
        href = ""
        low, high = (signed_percent(by - 1.0, 0) for by in (spread.low, spread.high))
    return Swing(each.label, each.low, each.high, low, high, href)


def _swap(each: ProviderSwap, figure: float, shown: Asked) -> Swing:
    """From what provides the line now to what could."""
    value = f"{asking.SORTS[each.provider.field]}:{each.provider.uuid}"
    now = provider.present(each.line)
    ends = sorted([(figure, now.title if now else ""), (each.figure, each.provider.name)])
    label = _("%(line)s: provider") % {"line": f"{line_name(each.line)} · {named(each.line.process)}"}
    href = f"{_link(shown, [Typed(str(each.line.uuid), provider=value)])}#studio"
    (low, of_low), (high, of_high) = ends
    return Swing(label, low, high, of_low, of_high, href)


def _notes(found: Swings) -> list[str]:
    notes = [
        _(
            "Each input is moved by itself: over 95 of 100 values where its spread is known, else by a tenth "
            "each way."
        )
    ]
    if found.count > len(found.inputs):
        words = {"shown": len(found.inputs), "count": found.count}
        notes.append(_("The %(shown)d of %(count)d inputs that move it most.") % words)
    if found.providers:
        notes.append(
            _(
                "Another provider takes all of the line over: one of your own, one that a partner opened to "
                "you, or another factor of the same kind and place."
            )
        )
    known = sum(each.range.gsd2 is not None for each in found.inputs)
    if known:
        notes.append(_("Of those shown, the spread of %(known)d is known.") % {"known": known})
    return notes


def _rows(request: AskedRequest, rows: list[Typed]) -> list[Row]:
    known = {
        str(line.uuid): line
        for line in stored_lines(request.actor).filter(
            uuid__in=[row.line for row in rows if _is_uuid(row.line)]
        )
    }
    search = next((words for words in request.GET.getlist("find") if words), "")
    found = []
    for row in rows:
        line = known.get(row.line)
        if line is not None:
            groups = provider.groups(request.actor, line, search) if takes_a_provider(line) else []
            present = provider.present(line)
            chosen = _chosen(request, line, row.provider)
            found.append(Row(row, line, present.title if present else "", chosen, groups))
    return found


def _chosen(request: AskedRequest, line: Exchange, value: str) -> provider.Choice | None:
    """What was chosen to provide a line, whatever is searched for now."""
    asked = {field: uuid for field, uuid in provider.changes(value).items() if uuid}
    other = copy(line)
    other.provider_process = other.provider_product = other.factor_version = None
    for name, uuid in asked.items():
        try:
            setattr(other, name, referenced(line, name, uuid, Stored(request.actor)))
        except Refusal:
            return None
    return provider.present(other)


def _found(request: AskedRequest, base: Solved, search: str) -> list[Exchange]:
    """Lines of the processes behind the figure."""
    return queries.lines_behind(request.actor, processes_behind(base), search)


def processes_behind(base: Solved) -> set[int]:
    """The own processes that the figure hangs on."""
    behind = upstream(base.equations, [base.root])
    return {base.own.nodes[node].key[0] for node in behind.tolist() if node < base.own.columns}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
