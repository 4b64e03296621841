"""Requests for footprints: inbox and outbox, one of them with everything about it, and the form that asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import queries as people
from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.figures import long_date, unit_text, year_range
from accounts.forms import attempt, for_whom, languages, named, press, status_of
from accounts.listing import Column, Listing
from accounts.moving import moves_for
from accounts.moving_forms import MoveForm, asked_move, move_panel, seen_version
from accounts.roles import Permission
from footprint.calculation.pages.asking import or_404
from footprint.inventory.models import Exchange, Product
from footprint.publication.pages.showing import PARTS, called, period, profile_names, profiles
from footprint.sharing import actions, queries, words
from footprint.sharing.actions.judge import reached
from footprint.sharing.disputed import lines
from footprint.sharing.models import SharingRequest
from footprint.sharing.notices import callable_in
from footprint.sharing.pages.forms import AcceptForm, AskForm, DisputeForm, ShareForm
from footprint.sharing.procedure import NEXT, REQUEST

NEEDED = gettext_lazy("Needed to decline, to take up a dispute, to stand by, to settle and to revoke.")
OWN_FORMS = {"share": ShareForm, "accept": AcceptForm, "reserve": AcceptForm, "dispute": DisputeForm}
"""Moves that need more than a reason."""
COLUMNS = (
    Column("wanted", gettext_lazy("Product"), ("wanted",)),
    Column("company", pgettext_lazy("sharing", "Asked by"), ("company__name_zh",)),
    Column("supplier", gettext_lazy("Supplier"), ("supplier__name_zh",)),
    Column("period", gettext_lazy("Period"), ("period_end",), "tight"),
    Column("due", gettext_lazy("Answer expected by"), ("due_on",), "tight"),
    Column("mode", gettext_lazy("How it is given"), ("mode",), "tight"),
    Column("until", gettext_lazy("Last day of use"), ("ends_on",), "tight"),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
)


@login_required
@require_GET
def request_list(request: AskedRequest) -> HttpResponse:
    """What others ask of us; with ``?box=out`` what we ask of others."""
    is_out = request.GET.get("box") == "out"
    find = queries.asked_by_us if is_out else queries.asked_of_us
    may_ask = bool(request.actor.companies_with(Permission.SHARE_PRODUCT))
    context = {
        "trail": [(_("Home"), "/"), (_("Sharing"), "")],
        "may_ask": may_ask,
        "today": timezone.localdate(),
        "tabs": _boxes(request.actor, is_out=is_out),
        "listing": Listing(
            request.GET,
            find(request.actor),
            columns=COLUMNS,
            caption=_("Asked of others") if is_out else _("Asked of us"),
        ),
    }
    return render(request, "sharing/list.html", context)


def _boxes(actor: Actor, *, is_out: bool) -> list[dict[str, Any]]:
    """The two sides; the count is of what is under way."""
    boxes = (
        (_("Asked of us"), queries.asked_of_us, "", not is_out),
        (_("Asked of others"), queries.asked_by_us, "?box=out", is_out),
    )
    return [
        {
            "label": label,
            "url": reverse("sharing:list") + query,
            "is_current": is_current,
            "count": find(actor).filter(state__in=NEXT).count(),
        }
        for label, find, query, is_current in boxes
    ]


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: AskedRequest) -> HttpResponse:
    """Ask a member for a footprint."""
    gate(request.actor, Permission.SHARE_PRODUCT)
    held = request.actor.companies_with(Permission.SHARE_PRODUCT)
    companies = list(people.own_companies(request.actor).filter(pk__in=held).order_by("pk"))
    products = Product.objects.own(request.actor).filter(company__in=companies)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        queries.suppliers(request.actor),
        products.select_related("company").order_by("company_id", "code")[:2000],
        companies,
    )
    if request.method == "POST" and form.is_valid():
        company, given = for_whom(form, companies), form.cleaned_data
        made = attempt(
            form,
            lambda: actions.ask_for_footprint(company, by=request.actor, at=timezone.now(), **given),
        )
        if made is not None:
            messages.success(request, _("Asked. You are told when the supplier answers."))
            return redirect("sharing:request", made.uuid)
    context = {
        "trail": [(_("Sharing"), reverse("sharing:list")), (_("Ask for a footprint"), "")],
        "title": _("Ask for a footprint"),
        "lede": _("The terms stay as you send them. The supplier gives a live link or a signed version."),
        "form": form,
        "submit": _("Send the request"),
        "cancel_url": reverse("sharing:list"),
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


@login_required
@require_GET
def one(request: AskedRequest, sharing_uuid: UUID) -> HttpResponse:
    """Everything about one of them."""
    return page(request, or_404(queries.request(request.actor, sharing_uuid)))


@login_required
@require_POST
def move(request: AskedRequest, sharing_uuid: UUID) -> HttpResponse:
    """One of the moves that need a reason at most."""
    found = or_404(queries.request(request.actor, sharing_uuid))
    form, asked = MoveForm(request.POST, needed=NEEDED), asked_move(request.POST)
    form.is_valid()
    done = attempt(form, lambda: actions.move_request(found, by=request.actor, at=timezone.now(), **asked))
    if done is None:
        return page(request, or_404(queries.request(request.actor, sharing_uuid)), move=form)
    messages.success(request, str(words.DONE[asked["move"]]))
    return redirect("sharing:request", found.uuid)


@login_required
@require_POST
def share(request: AskedRequest, sharing_uuid: UUID) -> HttpResponse:
    """Give what was asked for."""
    found = or_404(queries.request(request.actor, sharing_uuid))
    gate(request.actor, Permission.SHARE_PRODUCT, company_id=found.supplier_id)
    form = _share_form(request.actor, found, request.POST)
    return _done(request, found, "share", form, actions.share)


@login_required
@require_POST
def accept(request: AskedRequest, sharing_uuid: UUID) -> HttpResponse:
    """Accept at a level, with a reservation when one is given by its button."""
    found = or_404(queries.request(request.actor, sharing_uuid))
    gate(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id)

    if "reserve" in request.POST:
        return _done(request, found, "reserve", AcceptForm(request.POST), actions.reserve)

    def accept_it(one: SharingRequest, *, reason: str, **given: Any) -> SharingRequest:
        return actions.accept(one, **given)

    return _done(request, found, "accept", AcceptForm(request.POST), accept_it)


@login_required
@require_POST
def dispute(request: AskedRequest, sharing_uuid: UUID) -> HttpResponse:
    """Say what is wrong."""
    found = or_404(queries.request(request.actor, sharing_uuid))
    gate(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id)
    return _done(request, found, "dispute", _dispute_form(found, request.POST), actions.dispute)


@login_required
@require_POST
def say(request: AskedRequest, sharing_uuid: UUID) -> HttpResponse:
    """Something to the other side."""
    found = or_404(queries.request(request.actor, sharing_uuid))
    text = request.POST.get("text", "")
    press(
        request,
        lambda: actions.remark_on(found, by=request.actor, at=timezone.now(), text=text),
        done=_("Sent. The other side is told."),
    )
    return redirect(f"{reverse('sharing:request', args=[found.uuid])}#remarks")


@login_required
@require_GET
def signed(request: AskedRequest, sharing_uuid: UUID) -> HttpResponse:
    """What was signed for the recipient, to be verified elsewhere."""
    found = or_404(queries.request(request.actor, sharing_uuid))
    if not found.jws or not found.is_given:
        raise Http404
    answer = HttpResponse(found.jws, content_type="application/jose")
    answer["Content-Disposition"] = f'attachment; filename="{found.uuid}.jws"'
    return answer


def _done(
    request: AskedRequest, found: SharingRequest, name: str, form: forms.Form, act: Any
) -> HttpResponse:
    """Act on the version that was on the page: nobody judges what they have not seen."""

    def deed() -> SharingRequest:
        seen = {"by": request.actor, "at": timezone.now(), "version": seen_version(request.POST)}
        done: SharingRequest = act(found, **seen, **form.cleaned_data)
        return done

    if form.is_valid() and attempt(form, deed) is not None:
        messages.success(request, str(words.DONE[name]))
        return redirect("sharing:request", found.uuid)
    return page(request, or_404(queries.request(request.actor, found.uuid)), **{name: form})


def _share_form(actor: Actor, found: SharingRequest, data: Any = None) -> ShareForm:
    return ShareForm(
        data, queries.products_to_give(actor, found), queries.publications_to_give(actor, found), found.level
    )


def _dispute_form(found: SharingRequest, data: Any = None) -> DisputeForm:
    names = profile_names()
    return DisputeForm(data, [(each, line_words(each, names)) for each in lines(found)])


def line_words(line: str, names: Mapping[str, str]) -> str:
    """What a disputed part is called; what somebody once wrote freely, as it is."""
    head, _slash, rest = line.partition("/")
    name, _slash, part = rest.partition("/parts/")
    if head == "stages":
        return f"{_('Life-cycle stage')} · {dict(Exchange.Stage.choices).get(rest, rest)}"
    if head == "byProfile":
        told = f"{_('Method profile')} · {names.get(name, name)}"
        return f"{told} · {PARTS.get(part, part)}" if part else told
    return str(words.LINES.get(line, line))


def page(request: AskedRequest, found: SharingRequest, **given: forms.Form) -> HttpResponse:
    """The whole request; ``given`` are forms that were refused, by the move they are for."""
    actor = request.actor
    panel = move_panel(actor, REQUEST, found, following=NEXT, words=words.MOVES)
    panel["buttons"] = [each for each in panel["buttons"] if each.name not in OWN_FORMS]
    may = {each.name for each in moves_for(actor, REQUEST, found)}
    side = queries.speaking_side(found, actor)
    content, names = found.content if found.is_given else None, profile_names()
    context = {
        "trail": [(_("Sharing"), reverse("sharing:list")), (found.wanted, "")],
        "sharing": found,
        "period": year_range(found.period_start, found.period_end, languages()),
        "tone": words.STATE_TONES.get(found.state, "wait"),
        "is_recipient": found.company_id in actor.company_ids,
        "is_late": found.is_unanswered and found.due_on < timezone.localdate(),
        **panel,
        "form": given.get("move") or MoveForm(needed=NEEDED),
        "share_form": given.get("share") or _share_form(actor, found) if "share" in may else None,
        "accept_form": given.get("accept") or given.get("reserve") or AcceptForm()
        if "accept" in may
        else None,
        "may_reserve": "reserve" in may,
        "dispute_form": given.get("dispute") or _dispute_form(found) if "dispute" in may else None,
        "facts": _terms(found),
        "given_product": queries.given_product(actor, found) if found.shared_at else None,
        "figures": queries.linked_figures(actor, found),
        "stated": _stated(content) if content else [],
        "profiles": profiles(content, names) if content else [],
        "reached": reached(found),
        "unmet": queries.unmet(actor, found),
        "remarks": queries.remarks(actor, found),
        "may_say": side is not None,
        "callable": callable_in(side) if side is not None else [],
        "steps": [
            (step, words.DONE[step.move], line_words(step.line, names))
            for step in queries.steps(actor, [found])
        ],
    }
    refused = next(iter(given.values()), None)
    return render(
        request, "sharing/request.html", context, status=status_of(refused) if refused is not None else 200
    )


def _stated(content: dict[str, Any]) -> list[tuple[str, str]]:
    """What a pinned version says, as it was signed."""
    per = f"{content['declaredUnitAmount']} {unit_text(content['declaredUnit'])}"
    until = date.fromisoformat(content["validityPeriodEnd"])
    return [
        (_("Publication"), f"{called(content['product'])} v{content['number']}"),
        (_("Footprint"), f"{content['pcf']['AR6']} kg CO2e / {per} (AR6)"),
        (_("Reference period"), period(content)),
        (_("Valid until"), long_date(until, languages())),
    ]


def _terms(found: SharingRequest) -> list[tuple[str, Any]]:
    return [
        (pgettext("sharing", "Asked by"), named(found.company)),
        (_("Supplier"), named(found.supplier)),
        (_("Identifiers"), found.identifiers or "—"),
        (_("Declared unit"), found.unit),
        (_("Method profile"), found.profile or _("Any")),
        (_("Detail"), found.get_level_display()),
        (_("Purpose"), found.purpose),
        (_("Onward rule"), _("May be passed on") if found.may_pass_on else _("Not to be passed on")),
    ]
