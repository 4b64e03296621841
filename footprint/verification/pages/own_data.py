"""Test data of the verifier's own: amounts of sampled lines, what the calculation makes of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, named, status_of
from accounts.roles import Permission
from footprint.calculation.pages.asking import or_404
from footprint.inventory import submission_words
from footprint.verification import actions, queries
from footprint.verification.models import Engagement

MOST_DIGITS, MOST_PLACES = 60, 24


class OwnDataForm(forms.Form):
    """An amount for each line of the sample, as far as one is to be another; and what should come out."""

    def __init__(self, data: Any, lines: list[tuple[str, str, str, str]]) -> None:
        super().__init__(data)
        for key, name, entered, unit in lines:
            field = forms.DecimalField(
                label=name,
                required=False,
                help_text=_("entered: %(amount)s") % {"amount": entered},
                max_digits=MOST_DIGITS,
                decimal_places=MOST_PLACES,
            )
            field.suffix = unit  # type: ignore[attr-defined]  # as components/form.html asks
            self.fields[f"amount-{key}"] = field
        self.fields["expected"] = forms.DecimalField(
            label=gettext_lazy("Expected figure, kg CO2e per declared unit"),
            required=False,
            help_text=gettext_lazy(
                "What you worked out yourself; empty: the figure is told without a verdict."
            ),
            max_digits=MOST_DIGITS,
            decimal_places=MOST_PLACES,
        )

    @property
    def amounts(self) -> dict[str, Decimal]:
        """By line, of those that are another."""
        given = {key: value for key, value in self.cleaned_data.items() if key.startswith("amount-")}
        return {key.removeprefix("amount-"): value for key, value in given.items() if value is not None}


@login_required
@require_http_methods(["GET", "POST"])
def own_data(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """Run the calculation with test data."""
    found = or_404(queries.engagement(request.actor, engagement_uuid))
    gate(request.actor, Permission.VERIFY, company_id=found.body_id)
    form = OwnDataForm(request.POST if request.method == "POST" else None, _lines(request.actor, found))
    if request.method == "POST" and form.is_valid() and _run(request, found, form):
        messages.success(request, _("Calculated with your amounts."))
        return redirect(f"{_address(found)}#test-data")
    context = {
        "trail": [
            (_("Verifications"), reverse("verification:list")),
            (str(named(found)), _address(found)),
            (_("Test data"), ""),
        ],
        "title": _("Test data"),
        "lede": _(
            "Enter amounts of your own for lines of the sample. The frozen calculation is solved with them; "
            "nothing of the company's changes."
        ),
        "form": form,
        "submit": _("Calculate with these"),
        "cancel_url": _address(found),
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


def _run(request: AskedRequest, found: Engagement, form: OwnDataForm) -> bool:
    given: dict[str, Any] = {"amounts": form.amounts, "expected": form.cleaned_data["expected"]}
    done = attempt(form, lambda: actions.run_own_data(found, by=request.actor, at=timezone.now(), **given))
    return done is not None


def _lines(actor: Actor, found: Engagement) -> list[tuple[str, str, str, str]]:
    """Of the sample: identifier, name, what was entered, unit."""
    kept = queries.dossier(actor, found)
    if kept is None:
        return []
    known = queries.lines_of(kept)
    rows = []
    for sampled in queries.sample(actor, found):
        process, line = known[str(sampled.line)]
        name = f"{submission_words.line_name(line)} · {named(process)}"
        rows.append(
            (str(sampled.line), name, submission_words.value_text("amount", line["amount"]), line["unit"])
        )
    return rows


def cases(actor: Actor, found: Engagement) -> list[dict[str, Any]]:
    """What was tried so far, in words, the last one first."""
    kept = queries.dossier(actor, found)
    tried = (found.test_run or {}).get("cases", ()) if kept else ()
    known = queries.lines_of(kept) if kept and tried else {}
    return [
        {
            "lines": [_tried(known, line, amount) for line, amount in each["amounts"].items()],
            "figure": float(each["figure"]),
            "expected": None if each["expected"] is None else float(each["expected"]),
            "agrees": each["agrees"],
            "at": parse_datetime(each["at"]),
        }
        for each in reversed(tried)
    ]


def _tried(known: dict[str, Any], line: str, amount: str) -> str:
    _process, told = known[line]
    entered = submission_words.value_text("amount", told["amount"])
    given = submission_words.value_text("amount", amount)
    return f"{submission_words.line_name(told)}: {entered} → {given} {told['unit']}"


def _address(found: Engagement) -> str:
    return reverse("verification:engagement", args=[found.uuid])
