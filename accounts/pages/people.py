"""A company's people: who has which role, until when, and who was asked in."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import people, queries
from accounts.actions import (
    add_role,
    close_account,
    end_role,
    invite,
    open_account,
    reset_second_factor,
    send_again,
    withdraw,
)
from accounts.actions.invitation import Sent
from accounts.actions.membership import roles_for
from accounts.actions.person import may_close
from accounts.asked import AskedRequest, admit
from accounts.errors import Refusal
from accounts.forms import attempt, named, press, role_name, status_of
from accounts.models import Company, User
from accounts.policy import can, may_manage_people
from accounts.roles import Permission
from accounts.trails import company_trail


class RoleForm(forms.Form):
    """Which role, at which sites, until when."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sites = forms.MultipleChoiceField(
        label=gettext_lazy("Sites"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Where a plant data provider may enter data."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The roles end after it by themselves."),
    )
    needed: tuple[str, ...] = ("roles",)

    def __init__(self, request: AskedRequest, company: Company) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.own_sites = {str(one.uuid): one for one in queries.sites(request.actor).filter(company=company)}
        choices = [(str(role), role_name(role)) for role in roles_for(company)]
        cast(forms.ChoiceField, self.fields["roles"]).choices = choices
        if self.own_sites:
            sites = [(key, named(one)) for key, one in self.own_sites.items()]
            cast(forms.ChoiceField, self.fields["sites"]).choices = sites
        else:
            del self.fields["sites"]

    def chosen(self) -> dict[str, Any]:
        """As the actions take it."""
        sites = [self.own_sites[key] for key in self.cleaned_data.pop("sites", [])]
        return {**self.cleaned_data, "sites": sites}


class InvitationForm(RoleForm):
    """Whom to ask in."""

    email = forms.CharField(label=gettext_lazy("E-mail address"), required=False)
    locale = forms.ChoiceField(label=gettext_lazy("Language of the message"), choices=User.Locale.choices)
    field_order = ("email", "roles", "sites", "ends_on", "locale")
    needed = ("email", "roles")


@login_required
def people_list(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """Members, lent roles and open invitations."""
    company = _company(request, company_uuid)
    members = people.members(request.actor, company)
    for one in members:
        one.may_close = may_close(request.actor, one.person)  # type: ignore[attr-defined]
    return render(request, "accounts/people/list.html", _context(request, company, members=members))


@login_required
def invite_person(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """The form for an invitation; without outgoing mail the link is shown to be handed over."""
    company = _company(request, company_uuid)
    form = InvitationForm(request, company)
    if request.method == "POST" and form.is_valid():
        sent = attempt(form, lambda: invite(company, by=request.actor, **form.chosen()))
        if sent is not None:
            return _sent(request, company, sent)
    return _form(request, company, form, title=_("Invite somebody"), submit=_("Send the invitation"))


@login_required
@require_POST
def invitation_again(request: AskedRequest, invitation_uuid: UUID) -> HttpResponse:
    """A new link."""
    found = get_object_or_404(people.invitations(request.actor), uuid=invitation_uuid)
    sent = press(request, lambda: send_again(found, by=request.actor), done="")
    if sent is None:
        return redirect("accounts:people", found.company.uuid)
    return _sent(request, found.company, sent)


@login_required
@require_POST
def invitation_withdraw(request: AskedRequest, invitation_uuid: UUID) -> HttpResponse:
    """No link any more."""
    found = get_object_or_404(people.invitations(request.actor), uuid=invitation_uuid)
    try:
        withdraw(found, by=request.actor)
    except Refusal as refusal:
        return _back(request, found.company, str(refusal), is_bad=True)
    return _back(request, found.company, _("The invitation is withdrawn."))


@login_required
def give_role(request: AskedRequest, company_uuid: UUID, person_uuid: UUID) -> HttpResponse:
    """Further roles for a member."""
    company = _company(request, company_uuid)
    person = get_object_or_404(people.of_company(request.actor, company), uuid=person_uuid)
    form = RoleForm(request, company)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        roles = chosen.pop("roles")

        def give() -> int:
            given = [add_role(person, by=request.actor, company=company, role=one, **chosen) for one in roles]
            if not given:
                raise Refusal(_("Choose at least one role."), field="roles", code="required")
            return len(given)

        if attempt(form, give) is not None:
            return _back(
                request, company, _("The roles of %(person)s are changed.") % {"person": str(person)}
            )
    title = _("Further roles for %(person)s") % {"person": str(person)}
    return _form(request, company, form, title=title, submit=_("Give the roles"))


@login_required
@require_POST
def take_role(request: AskedRequest, membership_id: int) -> HttpResponse:
    """End one role at once."""
    found = get_object_or_404(people.memberships(request.actor), pk=membership_id)
    words = {"person": str(found.user), "role": role_name(found.role)}
    try:
        end_role(found, by=request.actor)
    except Refusal as refusal:
        return _back(request, found.company, str(refusal), is_bad=True)
    return _back(request, found.company, _("%(person)s no longer has the role %(role)s.") % words)


ACCOUNT_DEEDS = {
    "close": (close_account, gettext_lazy("The account of %(person)s is closed; every session has ended.")),
    "open": (open_account, gettext_lazy("The account of %(person)s is open again.")),
    "reset": (reset_second_factor, gettext_lazy("%(person)s can sign in and add a new second factor.")),
}


@login_required
@require_POST
def person_account(request: AskedRequest, company_uuid: UUID, person_uuid: UUID, deed: str) -> HttpResponse:
    """Close or open an account, or reset its second factor."""
    company = _company(request, company_uuid)
    person = get_object_or_404(people.of_company(request.actor, company), uuid=person_uuid)
    act, said = ACCOUNT_DEEDS[deed]
    try:
        act(person, by=request.actor)
    except Refusal as refusal:
        return _back(request, company, str(refusal), is_bad=True)
    return _back(request, company, str(said) % {"person": str(person)})


def _company(request: AskedRequest, company_uuid: UUID) -> Company:
    company = get_object_or_404(queries.companies(request.actor), uuid=company_uuid)
    admit(may_manage_people(request.actor, company))
    return company


def _context(request: AskedRequest, company: Company, **more: Any) -> dict[str, Any]:
    title = _("People")
    return {
        "trail": [*company_trail(company), (title, "")],
        "company_shown": company,
        "may_reset": bool(can(request.actor, Permission.SECURE_ACCOUNTS)),
        "invitations": people.open_invitations(request.actor, company),
        "is_second_factor_required": settings.SECOND_FACTOR_REQUIRED,
        **more,
    }


def _sent(request: AskedRequest, company: Company, sent: Sent) -> HttpResponse:
    context = _context(request, company, members=people.members(request.actor, company))
    address = {"address": sent.invitation.email}
    messages.success(request, _("The invitation to %(address)s is on its way.") % address)
    if settings.EMAIL_HOST:
        return redirect("accounts:people", company.uuid)
    return render(request, "accounts/people/link.html", {**context, "sent": sent})


def _back(request: AskedRequest, company: Company, said: str, *, is_bad: bool = False) -> HttpResponse:
    (messages.error if is_bad else messages.success)(request, said)
    return redirect("accounts:people", company.uuid)


def _form(
    request: AskedRequest, company: Company, form: RoleForm, *, title: str, submit: str
) -> HttpResponse:
    back = reverse("accounts:people", args=[company.uuid])
    context = {
        "trail": [*company_trail(company), (_("People"), back), (title, "")],
        "title": title,
        "form": form,
        "submit": submit,
        "cancel_url": back,
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))
