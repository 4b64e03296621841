"""One's own account: details, second factors, sessions, and roles that are lent."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import people, queries, sessions
from accounts.actions import change_details, delegate, revoke_delegation
from accounts.asked import AskedRequest
from accounts.audit import Action, record
from accounts.forms import attempt, named, role_name, status_of
from accounts.models import User


class DetailsForm(forms.Form):
    """What a person says of themselves."""

    needed = ("name",)

    name = forms.CharField(label=gettext_lazy("Your name"), required=False)
    locale = forms.ChoiceField(label=gettext_lazy("Language"), choices=User.Locale.choices)


class DelegationForm(forms.Form):
    """A role, a colleague, a last day."""

    membership = forms.ChoiceField(label=gettext_lazy("Role"))
    to = forms.ChoiceField(
        label=gettext_lazy("Colleague"),
        help_text=gettext_lazy("Somebody who has a role in the same company."),
    )
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, request: AskedRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.own = {str(one.pk): one for one in people.lendable(request.actor)}
        companies = {one.company_id: one.company for one in self.own.values()}
        self.colleagues = {
            str(each.uuid): each
            for company in companies.values()
            for each in queries.colleagues(request.actor, company)
        }
        roles = [(key, f"{role_name(one.role)} · {named(one.company)}") for key, one in self.own.items()]
        cast(forms.ChoiceField, self.fields["membership"]).choices = roles
        named_people = [(key, f"{each} · {each.email}") for key, each in self.colleagues.items()]
        cast(forms.ChoiceField, self.fields["to"]).choices = named_people


@login_required
def account(request: AskedRequest) -> HttpResponse:
    """Everything about oneself on one page."""
    person = cast(User, request.user)
    known = {"name": person.name, "locale": person.locale}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: change_details(person, by=request.actor, **form.cleaned_data))
        if saved is not None:
            messages.success(request, _("Saved."))
            answer = redirect("accounts:account")
            cookie, secure = settings.LANGUAGE_COOKIE_NAME, settings.SESSION_COOKIE_SECURE
            answer.set_cookie(cookie, saved.locale, samesite="Lax", secure=secure)
            return answer
    context = {
        "trail": [(_("Home"), "/"), (_("Your account"), "")],
        "form": form,
        **_factors(person),
        "awaits_second_factor": request.actor.awaits_second_factor,
        "sessions": sessions.open_sessions(request),
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "most_hours": settings.SESSION_COOKIE_AGE // 3600,
        "lent_by": people.lent_by(request.actor),
        "lent_to": people.lent_to(request.actor),
        "may_lend": bool(people.lendable(request.actor)),
    }
    return render(request, "accounts/account/account.html", context, status=status_of(form))


def _factors(person: User) -> dict[str, Any]:
    found = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    codes = next((one.wrap() for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "app": next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        "keys": [one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else None,
    }


@login_required
@require_POST
def end_session(request: AskedRequest, session_id: int) -> HttpResponse:
    """One of one's own other sessions."""
    if not sessions.end_session(request, session_id):
        raise Http404
    record(request.actor, Action.SESSION_ENDED, cast(User, request.user), reason="by its owner")
    messages.success(request, _("That session has ended."))
    return redirect("accounts:account")


@login_required
@require_POST
def end_other_sessions(request: AskedRequest) -> HttpResponse:
    """All but this one."""
    sessions.end_sessions(cast(User, request.user), request=request)
    record(request.actor, Action.SESSION_ENDED, cast(User, request.user), reason="all others by their owner")
    messages.success(request, _("All your other sessions have ended."))
    return redirect("accounts:account")


@login_required
def add_delegation(request: AskedRequest) -> HttpResponse:
    """Lend a role."""
    form = DelegationForm(request)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        own, colleague = form.own[given["membership"]], form.colleagues[given["to"]]
        made = attempt(form, lambda: delegate(own, by=request.actor, to=colleague, ends_on=given["ends_on"]))
        if made is not None:
            words = {"role": role_name(own.role), "person": str(colleague)}
            messages.success(request, _("%(person)s has your role %(role)s for a time.") % words)
            return redirect("accounts:account")
    title = _("Lend a role")
    context = {
        "trail": [(_("Home"), "/"), (_("Your account"), "../"), (title, "")],
        "title": title,
        "lede": _(
            "Your colleague may do what you may in this role, until the last day or until you take it back."
        ),
        "form": form,
        "submit": title,
        "cancel_url": "../",
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


@login_required
@require_POST
def end_delegation(request: AskedRequest, delegation_uuid: UUID) -> HttpResponse:
    """Take a lent role back."""
    found = get_object_or_404(people.revocable(request.actor), uuid=delegation_uuid)
    revoke_delegation(found, by=request.actor)
    messages.success(request, _("The role is taken back."))
    back = request.POST.get("next", "")
    return redirect(back if back.startswith("/companies/") else "accounts:account")
