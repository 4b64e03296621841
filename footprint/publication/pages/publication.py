"""Publications: the list, one of them with whose move it is, and the form that prepares one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import queries as people
from accounts.asked import AskedRequest, gate
from accounts.exports import batches, number, table_answer
from accounts.figures import significant, unit_text, year_range
from accounts.forms import attempt, company_choices, languages, named, status_of
from accounts.listing import Column, Listing
from accounts.models import Company
from accounts.moving_forms import MoveForm, asked_move, move_panel
from accounts.policy import can
from accounts.roles import Permission
from accounts.trails import Trail
from footprint.calculation.models import Footprint
from footprint.calculation.pages.asking import or_404
from footprint.calculation.queries import Freshness
from footprint.inventory import queries as products
from footprint.inventory.models import FrozenCopy, Product
from footprint.publication import actions, queries, words
from footprint.publication.models import Publication
from footprint.publication.pages import paper
from footprint.publication.pages.showing import facts, profile_names, profiles, stages
from footprint.publication.pages.showing import number as text_number
from footprint.publication.procedure import PUBLICATION, VERIFIABLE
from footprint.publication.statements import stated_of

NEEDED = gettext_lazy("Needed to send back or withdraw.")
COLUMNS = (
    Column("product", gettext_lazy("Product"), ("name_zh",)),
    Column("company", gettext_lazy("Company"), ("company__name_zh",)),
    Column("period", gettext_lazy("Period"), ("period_end",), "tight"),
    Column("number", gettext_lazy("Version"), ("number",), "number"),
    Column("figure", gettext_lazy("Footprint"), (), "number"),
    Column("visibility", gettext_lazy("Meant for"), ("visibility",), "tight"),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
)

EXPORTED = (
    "uuid", "company", "product", "name_zh", "name_en", "period_start", "period_end", "version", "state",
    "visibility", "kg_co2e_ar6", "unit", "primary_data_share", "content_hash", "valid_until", "published_at",
)  # fmt: skip


class PublishForm(forms.Form):
    """Which figure, for whom."""

    footprint = forms.ChoiceField(label=gettext_lazy("Figure"), widget=forms.RadioSelect)
    visibility = forms.ChoiceField(
        label=gettext_lazy("Meant for"), choices=Publication.Visibility.choices, initial="alliance"
    )
    recipients = forms.MultipleChoiceField(
        label=gettext_lazy("Partners"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("Only when it is meant for listed partners."),
    )

    def __init__(self, data: Any, figures: list[tuple[str, str]], partners: list[Company]) -> None:
        super().__init__(data)
        chosen, named_ones = self.fields["footprint"], self.fields["recipients"]
        assert isinstance(chosen, forms.ChoiceField)
        assert isinstance(named_ones, forms.MultipleChoiceField)
        chosen.choices = figures
        named_ones.choices = company_choices(partners)
        if len(figures) == 1:
            chosen.initial = figures[0][0]


@login_required
@require_GET
def publication_list(request: AskedRequest) -> HttpResponse:
    """Own ones, and those that others meant for us."""
    context = {
        "trail": [(_("Home"), "/"), (_("Publications"), "")],
        "listing": _listing(request, caption=_("Publications")),
        "due": queries.due(request.actor, timezone.localdate()),
    }
    return render(request, "publication/list.html", context)


@login_required
@require_GET
def export(request: AskedRequest) -> HttpResponseBase:
    """What the list shows, every page of it."""
    rows = (_exported(row) for batch in batches(_listing(request).rows) for row in batch)
    return table_answer(request, "publications", EXPORTED, rows)


def _listing(request: AskedRequest, **more: Any) -> Listing:
    rows, export_url = queries.publications(request.actor), reverse("publication:export")
    return Listing(request.GET, rows, columns=COLUMNS, export_url=export_url, **more)


def _exported(row: Publication) -> list[str]:
    told = row.content
    return [
        *(str(row.uuid), row.company.code, told["product"]["code"], row.name_zh, row.name_en),
        *(row.period_start.isoformat(), row.period_end.isoformat(), number(row.number), row.state),
        *(
            row.visibility,
            number(row.kg_co2e_ar6),
            row.unit,
            number(text_number(told["primaryDataShare"])),
            row.content_hash,
        ),
        *(row.valid_until.isoformat(), row.published_at.isoformat() if row.published_at else ""),
    ]


@login_required
@require_GET
def publication(request: AskedRequest, publication_uuid: UUID) -> HttpResponse:
    """One publication."""
    return _page(
        request, or_404(queries.publication(request.actor, publication_uuid)), MoveForm(needed=NEEDED)
    )


@login_required
@require_GET
def on_paper(request: AskedRequest, publication_uuid: UUID, language: str) -> HttpResponse:
    """A published one as a PDF, for whom it is meant."""
    found = or_404(queries.publication(request.actor, publication_uuid))
    if not found.is_out:
        raise Http404
    path = reverse("publication:publication", args=[found.uuid])
    address = f"{settings.PUBLIC_URL.rstrip('/')}{path}"
    stated = stated_of(request.actor, found, timezone.localdate())
    return paper.answer(found, language=language, address=address, stated=stated)


@login_required
@require_POST
def move(request: AskedRequest, publication_uuid: UUID) -> HttpResponse:
    """One move; refused with the reasons beside the buttons."""
    found = or_404(queries.publication(request.actor, publication_uuid))
    form, asked = MoveForm(request.POST, needed=NEEDED), asked_move(request.POST)
    form.is_valid()
    done = attempt(
        form, lambda: actions.move_publication(found, by=request.actor, at=timezone.now(), **asked)
    )
    if done is None:
        return _page(request, or_404(queries.publication(request.actor, publication_uuid)), form)
    messages.success(request, str(words.DONE[asked["move"]]))
    return redirect("publication:publication", found.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """Prepare a publication of one of a product's figures."""
    product = _own_product(request, product_uuid)
    figures = queries.publishable(request.actor, product)
    under_way = queries.under_way(request.actor, product)
    standings = [(row, _standing(row, copy, state)) for row, copy, state in figures]
    open_ones = {str(row.uuid): row for row, standing in standings if standing == "accepted"}
    partners = list(people.companies(request.actor).exclude(pk=product.company_id))
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        [(uuid, _figure_name(row)) for uuid, row in open_ones.items()],
        partners,
    )
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.prepare_publication(
                open_ones[stated["footprint"]],
                by=request.actor,
                at=timezone.now(),
                visibility=stated["visibility"],
                recipients=stated["recipients"],
            ),
        )
        if made is not None:
            messages.success(request, _("Prepared. Look it over, then confirm the self-check."))
            return redirect("publication:publication", made.uuid)
    context = {
        "trail": _product_trail(product, _("Publish")),
        "product": product,
        "form": form,
        "figures": [(_figure_name(row), row, standing, under_way.get(row.pk)) for row, standing in standings],
        "may_choose": bool(open_ones),
    }
    return render(request, "publication/publish.html", context, status=status_of(form))


def _own_product(request: AskedRequest, product_uuid: UUID) -> Product:
    product = products.product(request.actor, product_uuid)
    if product is None or product.company_id not in request.actor.company_ids:
        raise Http404
    gate(request.actor, Permission.PREPARE_PUBLICATION, company_id=product.company_id)
    return product


def _standing(row: Footprint, copy: FrozenCopy | None, state: Freshness) -> str:
    """What keeps a figure from being published, if anything that can be told at a glance."""
    if state is not Freshness.CURRENT:
        return "not_current"
    if copy is None:
        return "not_accepted"
    return "accepted" if queries.digest_in(copy, row) == row.input_digest else "changed"


def _figure_name(row: Footprint) -> str:
    period = year_range(row.inventory.period_start, row.inventory.period_end, languages())
    value = f"{significant(row.kg_co2e_ar6)} kg CO2e / {unit_text(row.unit)}"
    return f"{period} · {named(row.inventory.site)} · {value}"


def _page(request: AskedRequest, found: Publication, form: forms.Form) -> HttpResponse:
    actor = request.actor
    is_own = found.company_id in actor.company_ids
    context = {
        "trail": [(_("Publications"), reverse("publication:list")), (str(named(found)), "")],
        "publication": found,
        "period": year_range(found.period_start, found.period_end, languages()),
        "is_own": is_own,
        "form": form,
        **move_panel(actor, PUBLICATION, found, following=queries.NEXT, words=words.MOVES),
        "facts": facts(found.content),
        "profiles": profiles(found.content, profile_names()),
        "stages": stages(found.content),
        "chain": queries.chain(actor, found),
        "years": queries.years(actor, found),
        "steps": [(step, words.DONE[step.move]) for step in queries.steps(actor, found)],
        "recipients": queries.recipients(actor, found),
        "is_genuine": found.is_out and queries.is_genuine(found),
        "standing": queries.standing(actor, found, timezone.localdate()),
        "stated": stated_of(actor, found, timezone.localdate()),
        "may_verify": is_own
        and found.state in VERIFIABLE
        and bool(can(actor, Permission.ENGAGE_VERIFIER, company_id=found.company_id)),
    }
    return render(request, "publication/publication.html", context, status=status_of(form))


def _product_trail(product: Product, last: str) -> Trail:
    return [
        (_("Products"), reverse("inventory:product_list")),
        (named(product), reverse("inventory:product", args=[product.uuid])),
        (last, ""),
    ]
