"""Forms of the verification workspace; what may not be is said by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import named
from accounts.models import Company, User
from footprint.verification.models import Engagement, VerificationFinding, VerificationStatement

STANDARDS = ("ISO 14064-3:2019", "GB/T 24067-2024", "ISO 14067:2018", "PACT Methodology v3")
AREA = {"rows": 3}


class EngageForm(forms.Form):
    """Whom to ask, for what, until when."""

    needed = ("verifier", "access_until", "standard")

    verifier = forms.ChoiceField(label=_("Verifier"), required=False)
    level = forms.ChoiceField(label=_("Level of assurance"), choices=Engagement.Level.choices)
    standard = forms.CharField(
        label=_("Against which standard"), required=False, initial=STANDARDS[0], max_length=120
    )
    scope = forms.CharField(
        label=_("Scope"),
        required=False,
        widget=forms.Textarea(attrs=AREA),
        help_text=_("What is to be looked at, and what is not."),
    )
    access_until = forms.DateField(
        label=_("Last day of access"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("After it the verifier reads nothing any more."),
    )

    def __init__(self, data: Any, verifiers: list[tuple[User, Company]]) -> None:
        super().__init__(data)
        chosen = self.fields["verifier"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [
            ("", "—"),
            *((str(person.uuid), f"{person} · {named(body)}") for person, body in verifiers),
        ]


class AcceptForm(forms.Form):
    """A declaration in one's own words."""

    needed = ("declaration",)

    declaration = forms.CharField(
        label=_("Declaration of independence"),
        required=False,
        widget=forms.Textarea(attrs=AREA),
        help_text=_("That neither you nor your body has an interest in the company's group, and why."),
    )


class SampleForm(forms.Form):
    """How many lines, from which seed."""

    needed = ("size",)

    size = forms.IntegerField(label=_("Lines to look at"), required=False, initial=25)
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        help_text=_("Empty: it follows from the frozen copy, so that anybody draws the same lines."),
    )


class MarkForm(forms.Form):
    """What the evidence says about a line."""

    needed = ("verdict", "evidence")

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        required=False,
        choices=[("agrees", _("Agrees")), ("finding", _("Finding"))],
        widget=forms.RadioSelect,
    )
    evidence = forms.CharField(label=_("Evidence"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    severity = forms.ChoiceField(
        label=_("Severity of a finding"),
        required=False,
        choices=[("", "—"), *VerificationFinding.Severity.choices],
    )
    text = forms.CharField(
        label=_("What was found"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class FindingForm(forms.Form):
    """Something about the whole."""

    needed = ("severity", "text")

    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=VerificationFinding.Severity.choices
    )
    text = forms.CharField(label=_("What was found"), required=False, widget=forms.Textarea(attrs=AREA))


class AnswerForm(forms.Form):
    """What the company did about it."""

    needed = ("answer",)

    answer = forms.CharField(label=_("Answer"), required=False, widget=forms.Textarea(attrs=AREA))


class StatementForm(forms.Form):
    """The opinion."""

    needed = ("outcome", "text")

    outcome = forms.ChoiceField(
        label=_("Opinion"), required=False, choices=VerificationStatement.Outcome.choices
    )
    text = forms.CharField(label=_("Statement"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
