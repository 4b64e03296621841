"""Requests to be connected, as the company's people see them; and whether it can be asked at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts import queries as people
from accounts.asked import AskedRequest
from accounts.forms import attempt, company_choices, named, press, status_of
from accounts.listing import Column, Listing
from accounts.models import Company
from accounts.policy import can
from accounts.roles import Permission
from accounts.templatetags.figures import local_time
from footprint.partners import actions, queries
from footprint.partners.addresses import asking_address
from footprint.partners.models import ConnectionRequest

COLUMNS = (
    Column("received", gettext_lazy("Received"), ("received_at",), "tight"),
    Column("name", gettext_lazy("Organisation"), ("name",)),
    Column("purpose", gettext_lazy("Purpose")),
    Column("company", gettext_lazy("Asks"), ("company__name_en",)),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
)


class AcceptForm(forms.Form):
    """What the connection is called, and who it is in the directory."""

    needed = ("name",)

    name = forms.CharField(label=gettext_lazy("Name"), required=False)
    partner = forms.ChoiceField(
        label=gettext_lazy("Company in the directory"),
        required=False,
        help_text=gettext_lazy(
            "Choose it only once you know that it is them: nothing stated here is proven."
        ),
    )

    def __init__(self, data: Any, asked: ConnectionRequest, partners: Any) -> None:
        super().__init__(data, initial={"name": asked.name})
        chosen = self.fields["partner"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "—"), *company_choices(partners)]


class RefuseForm(forms.Form):
    """Why not."""

    needed = ("reason",)

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The asker reads it."),
    )


@login_required
@require_GET
def request_list(request: AskedRequest) -> HttpResponse:
    """Everybody who asked, and which of one's companies can be asked."""
    found = queries.requests(request.actor)
    deciding = request.actor.companies_with(Permission.SHARE_PRODUCT)
    context = {
        "trail": _trail(),
        "listing": Listing(request.GET, found, columns=COLUMNS, caption=_("Requests to be connected")),
        "receptions": [
            {
                "company": each,
                "may_change": each.pk in deciding,
                "link": asking_address(each),
            }
            for each in queries.receptions(request.actor)
        ],
    }
    return render(request, "partners/request/list.html", context)


@login_required
@require_POST
def reception(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """Let a company be asked by anybody, or no longer."""
    company = get_object_or_404(people.own_companies(request.actor), uuid=company_uuid)
    is_open = request.POST.get("is_open") == "yes"
    done = _("Anybody can ask to be connected now.") if is_open else _("Nobody can ask any more.")
    press(
        request,
        lambda: actions.open_reception(company, by=request.actor, is_open=is_open, at=timezone.now()),
        done=done,
    )
    return redirect("partners:request_list")


@login_required
@require_GET
def one_request(request: AskedRequest, connection_request_uuid: UUID) -> HttpResponse:
    """What somebody stated, and the two answers."""
    return _page(request, _found(request, connection_request_uuid))


@login_required
@require_POST
def accept(request: AskedRequest, connection_request_uuid: UUID) -> HttpResponse:
    """Take it up: it becomes a connection, which is let in as every other one."""
    found = _found(request, connection_request_uuid)
    form = AcceptForm(request.POST, found, _partners(request, found.company))
    if form.is_valid():
        given = dict(form.cleaned_data)
        chosen = given.pop("partner")
        partner = _partners(request, found.company).filter(uuid=chosen).first() if chosen else None
        made = attempt(
            form,
            lambda: actions.accept_request(
                found, by=request.actor, at=timezone.now(), partner=partner, **given
            ),
        )
        if made is not None:
            messages.success(request, _("Taken up. Let the partner in to give it its first secret."))
            return redirect("partners:connection", made.uuid)
    return _page(request, found, accepting=form)


@login_required
@require_POST
def refuse(request: AskedRequest, connection_request_uuid: UUID) -> HttpResponse:
    """Say no, and why."""
    found = _found(request, connection_request_uuid)
    form = RefuseForm(request.POST)
    if form.is_valid():
        act = actions.refuse_request
        reason = form.cleaned_data["reason"]
        done = attempt(form, lambda: (act(found, by=request.actor, at=timezone.now(), reason=reason), True))
        if done is not None:
            messages.success(request, _("Refused. The asker is told by mail."))
            return redirect("partners:request_list")
    return _page(request, found, refusing=form)


def _page(
    request: AskedRequest,
    found: ConnectionRequest,
    *,
    accepting: AcceptForm | None = None,
    refusing: RefuseForm | None = None,
) -> HttpResponse:
    given = accepting or refusing
    context = {
        "trail": [*_trail(), (found.name, "")],
        "asked": found,
        "facts": _facts(found),
        "may_decide": can(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id),
        "accept_form": accepting or AcceptForm(None, found, _partners(request, found.company)),
        "refuse_form": refusing or RefuseForm(),
    }
    status = status_of(given) if given is not None else 200
    return render(request, "partners/request/request.html", context, status=status)


def _facts(found: ConnectionRequest) -> list[tuple[str, Any]]:
    stated = {"lei": found.lei, "uscc": found.uscc, "duns": found.duns}
    known = queries.companies_with_numbers(stated)
    return [
        (_("Asks"), named(found.company)),
        (_("State"), found.get_state_display()),
        (_("Received"), local_time(found.received_at)),
        (_("LEI"), found.lei or "—"),
        (_("Unified social credit code"), found.uscc or "—"),
        (_("D-U-N-S number"), found.duns or "—"),
        (_("These numbers in the directory"), "、".join(map(named, known)) or "—"),
        (_("Contact"), _("Erased") if found.is_erased else found.contact_name),
        (_("E-mail address"), found.contact_mail or "—"),
        (_("PACT endpoint"), found.base_url or "—"),
        (_("Purpose"), found.purpose or "—"),
        *([(_("Decided by"), found.decided_by or "—")] if not found.is_waiting else []),
        *([(_("Reason"), found.reason)] if found.reason else []),
    ]


def _partners(request: AskedRequest, company: Company) -> Any:
    return people.companies(request.actor).exclude(pk=company.pk)


def _found(request: AskedRequest, connection_request_uuid: UUID) -> ConnectionRequest:
    return get_object_or_404(queries.requests(request.actor), uuid=connection_request_uuid)


def _trail() -> list[tuple[str, str]]:
    return [
        (_("Partners"), reverse("partners:connection_list")),
        (_("Requests to be connected"), reverse("partners:request_list")),
    ]
