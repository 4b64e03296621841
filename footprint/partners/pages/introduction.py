"""The public page on which somebody outside asks to be connected, and the receipt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.asked import AskedRequest
from accounts.forms import attempt, company_choices, languages, status_of
from accounts.limiting import TooMany
from accounts.limits import count, limit_named
from accounts.models import Company
from footprint.partners import actions, queries
from footprint.partners.models import ConnectionRequest


class IntroductionForm(forms.Form):
    """Who asks, whom, and what for."""

    needed = ("company", "name", "contact_name", "contact_mail", "purpose")

    company = forms.ChoiceField(label=gettext_lazy("Company you want to be connected to"), required=False)
    name = forms.CharField(label=gettext_lazy("Your organisation"), required=False)
    lei = forms.CharField(label=gettext_lazy("LEI"), required=False)
    uscc = forms.CharField(label=gettext_lazy("Unified social credit code"), required=False)
    duns = forms.CharField(label=gettext_lazy("D-U-N-S number"), required=False)
    contact_name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_mail = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("The company answers there."),
    )
    base_url = forms.CharField(
        label=gettext_lazy("Address of your PACT endpoint, if you have one"),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Without /3/footprints at its end. Keys and passwords do not belong here."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Which footprints of which products you need, and for what."),
    )

    def __init__(self, data: Any, companies: list[Company], chosen: str) -> None:
        super().__init__(data, initial={"company": chosen})
        field = self.fields["company"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *company_choices(companies)]
        field.error_messages["invalid_choice"] = gettext_lazy(
            "Choose one of the companies that take requests."
        )


@never_cache
@require_http_methods(["GET", "POST"])
def ask_to_be_connected(request: AskedRequest) -> HttpResponse:
    """The same for everybody: whom a company knows is not told, nor which ones take no requests."""
    companies = list(queries.asked_by_anybody())
    given = request.POST if request.method == "POST" else None
    form = IntroductionForm(given, companies, request.GET.get("company", ""))
    if request.method == "POST" and form.is_valid():
        stated = dict(form.cleaned_data)
        chosen = stated.pop("company")
        company = next((each for each in companies if str(each.uuid) == chosen), None)
        made = attempt(form, lambda: _ask(company, stated))
        if made is not None:
            return render(request, "partners/request/receipt.html", {"made": made})
    context = {"form": form, "companies": companies, "days": ConnectionRequest.CONTACT_DAYS}
    return render(request, "partners/request/ask.html", context, status=status_of(form))


def _ask(company: Company | None, stated: dict[str, str]) -> Any:
    """Ask, unless the company was asked so often today that somebody floods it. Raises TooMany, Refusal."""
    made = actions.ask_to_be_connected(company, at=timezone.now(), language=languages(), **stated)
    limit = limit_named("connect-company")
    if limit is not None and not count(limit, str(made.company.uuid)).is_admitted:
        raise TooMany(_("No more requests can be left for this company today. Try again tomorrow."))
    return made
