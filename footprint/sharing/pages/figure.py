"""Figures of suppliers: what one calculates with, what became of its source, and taking a further one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, named, status_of
from accounts.listing import Column, Listing
from accounts.roles import Permission
from footprint.calculation import ledger
from footprint.calculation.pages.asking import or_404
from footprint.inventory.models import Exchange
from footprint.sharing import actions, sources
from footprint.sharing.actions.take import Foretold
from footprint.sharing.models import SupplierFigure
from footprint.sharing.sources import News, Source
from footprint.sharing.words import NEWS, PROBLEMS, boundary

COLUMNS = (
    Column("factor", gettext_lazy("Factor"), ("version__factor__name_en",)),
    Column("supplier", gettext_lazy("Supplier"), ("supplier",)),
    Column("way", gettext_lazy("Came by"), (), "tight"),
    Column("level", gettext_lazy("Level"), ("level",), "number"),
    Column("valid", gettext_lazy("Valid until"), ("valid_until",), "tight"),
    Column("news", gettext_lazy("Its source")),
    Column("taken", gettext_lazy("Taken at"), ("taken_at",), "tight"),
)


@dataclass(frozen=True)
class Row:
    """A figure with what became of its source, and where to take the newer one."""

    figure: SupplierFigure
    news: str
    newer_url: str


class TakeForm(forms.Form):
    """Which lines take it."""

    needed = ()

    lines = forms.MultipleChoiceField(
        label=gettext_lazy("Lines that take it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: it is kept among the factors, and lines choose it as their provider."),
    )

    def __init__(self, data: Any, lines: Sequence[Exchange]) -> None:
        super().__init__(data)
        chosen = self.fields["lines"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(str(each.uuid), line_label(each)) for each in lines]


def line_label(line: Exchange) -> str:
    """Which line it is: product, process, site, year, amount."""
    inventory = line.process.inventory
    place = f"{named(inventory.site)} {inventory.period_end.year}"
    return f"{named(line.product)} · {named(line.process)} · {place} · {line.amount:f} {line.unit}"


@login_required
@require_GET
def figure_list(request: AskedRequest) -> HttpResponse:
    """Own ones."""
    listing = Listing(
        request.GET, sources.figures(request.actor), columns=COLUMNS, caption=_("Figures of suppliers")
    )
    shown = list(listing.page.object_list)
    news = sources.news(request.actor, shown, timezone.localdate())
    listing.page.object_list = [_row(each, news.get(each.pk)) for each in shown]
    context = {
        "trail": [(_("Sharing"), reverse("sharing:list")), (_("Figures of suppliers"), "")],
        "listing": listing,
    }
    return render(request, "sharing/figure/list.html", context)


def _row(figure: SupplierFigure, news: News | None) -> Row:
    if news is None:
        return Row(figure, "", "")
    newer = ""
    if news.newer is not None:
        door = "sharing:use_received" if figure.received_id else "sharing:use_pinned"
        newer = reverse(door, args=[news.newer.uuid])
    return Row(figure, str(NEWS[news.code]), newer)


@login_required
@require_http_methods(["GET", "POST"])
def use_received(request: AskedRequest, received_uuid: UUID) -> HttpResponse:
    """Take a footprint that a partner sent."""
    found = or_404(sources.received_source(request.actor, received_uuid))
    return _use(request, found, reverse("partners:received", args=[received_uuid]))


@login_required
@require_http_methods(["GET", "POST"])
def use_pinned(request: AskedRequest, sharing_uuid: UUID) -> HttpResponse:
    """Take a version that a member pinned."""
    found = or_404(sources.pinned_source(request.actor, sharing_uuid))
    return _use(request, found, reverse("sharing:request", args=[sharing_uuid]))


def _use(request: AskedRequest, source: Source, back: str) -> HttpResponse:
    actor = request.actor
    gate(actor, Permission.ADOPT_FACTOR, company_id=source.company.pk)
    form = TakeForm(request.POST if request.method == "POST" else None, sources.takers(actor, source))
    foretold: Foretold | None = None
    if request.method == "POST" and form.is_valid():
        lines = [UUID(each) for each in form.cleaned_data["lines"]]
        if "foretell" in request.POST:
            foretold = attempt(
                form, lambda: actions.foretell(source, by=actor, at=timezone.now(), lines=lines)
            )
        else:
            act = actions.take_figure
            made = attempt(form, lambda: act(source, by=actor, at=timezone.now(), lines=lines))
            if made is not None:
                ledger.wake()
                messages.success(request, _("Taken. It is a factor of your company alone."))
                return redirect("sharing:figures")
    problems = source.problems(timezone.localdate())
    taken = sources.taken(actor, source)
    context = {
        "trail": [(_("Sharing"), reverse("sharing:list")), (_("Calculate with it"), "")],
        "source": source,
        "stated": source.stated,
        "supplier": source.supplier if source.request is None else named(source.request.supplier),
        "boundary": boundary(source.stated.boundary),
        "blocking": [str(PROBLEMS[each.code]) % each.told for each in problems if each.blocks],
        "doubts": [str(PROBLEMS[each.code]) % each.told for each in problems if not each.blocks],
        "form": form,
        "foretold": foretold,
        "taken": taken,
        "earlier": None if taken else sources.predecessor(actor, source),
        "back": back,
    }
    return render(request, "sharing/figure/use.html", context, status=status_of(form))
