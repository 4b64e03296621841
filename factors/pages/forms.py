"""What a curator fills in."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.figures import is_chinese
from accounts.figures import name as name_of
from factors import queries, units
from factors.content import Emission, VersionContent
from factors.geographies import place_choices
from factors.models import Factor, FactorVersion
from factors.models.source import Transcription
from factors.origins import CO2E, ORIGIN_LABELS, Origin

SPARE_ROWS = 2


class WithdrawForm(forms.Form):
    """Why a version should not be used any more."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=400,
        help_text=gettext_lazy("Everybody who uses this version will read it. It cannot be undone."),
    )


class PublishForm(forms.Form):
    """A new version of one factor. The unit is the factor's and cannot be chosen."""

    geography = forms.ChoiceField(label=gettext_lazy("Place"))
    reference_year = forms.IntegerField(
        label=gettext_lazy("Reference year"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    scope = forms.ChoiceField(label=gettext_lazy("Gases counted"), choices=FactorVersion.Scope.choices)
    boundary = forms.ChoiceField(label=gettext_lazy("Boundary"), choices=FactorVersion.Boundary.choices)
    gwp_set = forms.ChoiceField(
        label=gettext_lazy("GWP set of a CO2e total"),
        required=False,
        help_text=gettext_lazy("Only for a total that the source publishes in CO2e."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Source"))
    source_locator = forms.CharField(
        label=gettext_lazy("Where in the source"),
        max_length=300,
        help_text=gettext_lazy("Table, page or sheet, so that a second person finds the figure."),
    )
    transcription = forms.ChoiceField(label=gettext_lazy("Checked"), choices=Transcription.choices)
    note_zh = forms.CharField(
        label=gettext_lazy("Note in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    note_en = forms.CharField(
        label=gettext_lazy("Note in English"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_jump_checked = forms.BooleanField(
        label=gettext_lazy("I have checked the large change against the source"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, factor: Factor, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.factor = factor
        self.rows = rows
        self.asks_for_check = False
        language = get_language() or "zh-hans"
        self._choices("geography", place_choices(language, self.initial.get("geography", "")))
        self._choices("source", [(s.code, name_of(s, language)) for s in queries.sources(actor)])
        sets = dict.fromkeys(one.code for one in queries.characterization_sets(actor))
        self._choices("gwp_set", [("", _("Not stated")), *((code, code) for code in sets)])
        self._emission_fields(["", CO2E, *(gas.code for gas in queries.gases(actor))], language)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _emission_fields(self, gases: Iterable[str], language: str) -> None:
        index = 0 if is_chinese(language) else 1
        origins = [(origin.value, labels[index]) for origin, labels in ORIGIN_LABELS.items()]
        choices = [(code, code or _("None")) for code in gases]
        for row in range(1, self.rows + 1):
            self.fields[f"gas_{row}"] = forms.ChoiceField(
                label=_("Gas %(row)s") % {"row": row}, choices=choices, required=False
            )
            self.fields[f"origin_{row}"] = forms.ChoiceField(
                label=_("Origin %(row)s") % {"row": row}, choices=origins, required=False
            )
            amount = forms.DecimalField(
                label=_("Amount %(row)s") % {"row": row},
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
            amount.suffix = f"kg / {units.display(self.factor.unit)}"  # type: ignore[attr-defined]
            self.fields[f"kg_{row}"] = amount

    @property
    def stated(self) -> list[forms.BoundField]:
        """The fields about the version as a whole."""
        return [self[name] for name in self.fields if "_" not in name or not name.rsplit("_", 1)[1].isdigit()]

    @property
    def emission_rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Gas, origin and amount, row by row."""
        numbers = range(1, self.rows + 1)
        return [(self[f"gas_{row}"], self[f"origin_{row}"], self[f"kg_{row}"]) for row in numbers]

    def clean(self) -> dict[str, Any]:
        """A row has a gas and an amount, or neither."""
        stated = super().clean() or self.cleaned_data
        for row in range(1, self.rows + 1):
            gas, kg = stated.get(f"gas_{row}"), stated.get(f"kg_{row}")
            if gas and kg is None and f"kg_{row}" not in self.errors:
                self.add_error(f"kg_{row}", _("Enter the amount of %(gas)s.") % {"gas": gas})
            if kg is not None and not gas:
                self.add_error(f"gas_{row}", _("Choose the gas of this amount."))
        return stated

    def content(self) -> VersionContent:
        """What was filled in."""
        stated = self.cleaned_data
        emissions = tuple(
            Emission(stated[f"gas_{row}"], stated[f"origin_{row}"] or Origin.UNSPECIFIED, stated[f"kg_{row}"])
            for row in range(1, self.rows + 1)
            if stated.get(f"gas_{row}")
        )
        words = ("geography", "reference_year", "scope", "boundary", "source", "source_locator")
        return VersionContent(
            emissions=emissions,
            **{name: stated[name] for name in (*words, "transcription", "note_zh", "note_en")},
            gwp_set=stated["gwp_set"] or None,
        )

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Put what the action refused beside the fields it is about."""
        for refusal in refusals:
            self.asks_for_check = self.asks_for_check or refusal.code == "jump"
            field = "kg_1" if refusal.field == "emissions" else refusal.field
            self.add_error(field if field in self.fields else None, str(refusal))


def from_version(version: FactorVersion, emissions: Iterable[Emission]) -> dict[str, Any]:
    """A form filled with an older version, for a correction."""
    names = "geography reference_year scope boundary gwp_set source_locator transcription note_zh note_en"
    filled: dict[str, Any] = {name: getattr(version, name) for name in names.split()}
    filled["source"] = version.source.code
    for row, emission in enumerate(emissions, start=1):
        filled |= {f"gas_{row}": emission.gas, f"origin_{row}": emission.origin}
        filled[f"kg_{row}"] = plain(emission.kg_per_unit)
    return filled


def plain(amount: Decimal) -> str:
    """Digits without an exponent, as one types them."""
    return f"{amount:f}"
