"""The one-time link: who you are, a password, a language; or the roles for somebody we know."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import accept
from accounts.actions.invitation import Unusable, invitation_of
from accounts.asked import AskedRequest
from accounts.forms import attempt, named, role_name, status_of
from accounts.models import User


class NewPersonForm(forms.Form):
    """What somebody new says of themselves."""

    needed = ("name", "password")

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html,
    )
    locale = forms.ChoiceField(label=gettext_lazy("Language"), choices=User.Locale.choices)


def accept_invitation(request: AskedRequest, token: str) -> HttpResponse:
    """Whoever has the link has the mailbox: nobody else is asked to sign in first."""
    try:
        invitation = invitation_of(token, at=timezone.now())
    except Unusable as refusal:
        return render(request, "accounts/invitation/unusable.html", {"said": str(refusal)}, status=404)
    known = User.objects.filter(email=invitation.email).first()
    given = request.POST if request.method == "POST" else None
    form = NewPersonForm(given, initial={"locale": invitation.locale}) if known is None else forms.Form(given)
    is_theirs = known is None or request.actor.user_id == known.pk
    if request.method == "POST" and is_theirs and form.is_valid():
        person = attempt(form, lambda: accept(token, by=request.actor, **form.cleaned_data))
        if person is not None:
            messages.success(request, _("You are in. Sign in with your address and your password."))
            return redirect("home" if known else "account_login")
    context = {
        "invitation": invitation,
        "company_name": named(invitation.company),
        "roles": [role_name(role) for role in invitation.roles],
        "form": form,
        "is_known": known is not None,
        "is_theirs": is_theirs,
    }
    return render(request, "accounts/invitation/accept.html", context, status=status_of(form))
