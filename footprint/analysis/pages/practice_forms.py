"""The form of an own practice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from accounts.forms import amount_field, named
from factors.models import GreenhouseGas
from footprint.analysis.models import Practice, PracticeEvidence
from footprint.rules.models import ProductCategory

AREA = {"rows": 3}


class PracticeForm(forms.Form):
    """What it is, what it acts on, which lever it sets, and how it was measured."""

    needed = ("name_zh", "target", "evidence")

    company = forms.ChoiceField(label=gettext_lazy("On behalf of"), required=False)
    name_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), required=False)
    name_en = forms.CharField(label=gettext_lazy("Title in English"), required=False)
    description_zh = forms.CharField(
        label=gettext_lazy("Description in Chinese"), required=False, widget=forms.Textarea(attrs=AREA)
    )
    description_en = forms.CharField(
        label=gettext_lazy("Description in English"), required=False, widget=forms.Textarea(attrs=AREA)
    )
    makes = forms.ChoiceField(
        label=gettext_lazy("Of processes that make"),
        required=False,
        help_text=gettext_lazy("Empty: of any process."),
    )
    target = forms.ChoiceField(label=gettext_lazy("Acts on"), required=False, choices=Practice.Target.choices)
    category = forms.ChoiceField(label=gettext_lazy("Which product"), required=False)
    gas = forms.ChoiceField(label=gettext_lazy("Which gas"), required=False)
    percent = amount_field(
        gettext_lazy("Change of the amount"), suffix="%", help_text=gettext_lazy("Below 0, for example −5.")
    )
    factor = forms.CharField(
        label=gettext_lazy("Or moved to a factor"),
        required=False,
        help_text=gettext_lazy("The code of the factor that provides it instead."),
    )
    before = amount_field(gettext_lazy("Measured before"))
    after = amount_field(gettext_lazy("Measured after"))
    effect_of = forms.CharField(
        label=gettext_lazy("Measured as"),
        required=False,
        help_text=gettext_lazy("In which unit, for example GJ of steam per t."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Where, when, by which meters, over how long, what else changed meanwhile."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        help_text=gettext_lazy("A publication, where there is one."),
    )
    source_year = forms.CharField(label=gettext_lazy("Year of the source"), required=False)
    source_locator = forms.CharField(label=gettext_lazy("Place in the source"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, companies: list[tuple[str, str]], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        categories = [("", "—"), *((each.code, named(each)) for each in ProductCategory.objects.all())]
        self._choices("makes", categories)
        self._choices("category", categories)
        self._choices("gas", [("", "—"), *_gases()])
        if len(companies) > 1:
            self._choices("company", companies)
        else:
            self.fields["company"].widget = forms.HiddenInput()
            self._choices("company", [("", ""), *companies])

    def stated(self) -> dict[str, Any]:
        """As the actions take it."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("company", "version")
        }

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices


def stored(practice: Practice, evidence: PracticeEvidence | None) -> dict[str, Any]:
    """A practice as the form holds it."""
    numbers = {"percent": practice.percent}
    numbers |= {"before": evidence.before, "after": evidence.after} if evidence else {}
    plain = (
        "name_zh", "name_en", "description_zh", "description_en", "target", "gas", "effect_of", "source",
        "source_year", "source_locator", "version",
    )  # fmt: skip
    return {
        **{name: getattr(practice, name) for name in plain},
        **{name: "" if value is None else format(value, "f") for name, value in numbers.items()},
        "makes": practice.makes.code if practice.makes else "",
        "category": practice.category.code if practice.category else "",
        "factor": practice.factor.code if practice.factor else "",
        "evidence": evidence.text if evidence else "",
    }


def _gases() -> list[tuple[str, str]]:
    name = "name_zh" if (get_language() or "zh-hans").startswith("zh") else "name_en"
    return [(code, f"{code} {label}") for code, label in GreenhouseGas.objects.values_list("code", name)]
